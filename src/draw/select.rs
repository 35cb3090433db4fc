//! Selection in one stratum: certainty units, then randomised systematic sampling proportional to size.

use super::{Frame, rng::Rng};

/// What the draw gives for one stratum, as positions in the frame.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// In code order.
    pub certain: Vec<usize>,
    /// In comb order.
    pub selected: Vec<usize>,
    /// Oversize ones in code order, then the comb's.
    pub reserve: Vec<usize>,
    pub points: u64,
    pub interval: u64,
    pub start: Option<u64>,
}

/// Draws `visits` of the stratum's `members` (positions in code order) and up to `reserves` more.
pub fn select(frame: &Frame, members: &[usize], visits: u64, reserves: u64, rng: &mut Rng) -> Selection {
    let units = frame.units();
    let mut order = members.to_vec();
    rng.shuffle(&mut order);
    let (mut certain, rest): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|&index| units[index].certain);
    let open = visits.saturating_sub(certain.len() as u64);
    let comb = comb(frame, rest, open, rng);
    certain.extend(&comb.oversize);
    certain.sort_unstable();
    // The comb chose in the order of the layout, so one walk leaves out the chosen.
    let mut chosen = comb.chosen.iter().peekable();
    let rest: Vec<usize> = comb.laid_out.into_iter().filter(|index| chosen.next_if_eq(&index).is_none()).collect();
    let reserve_count = reserves.min(rest.len() as u64);
    let mut second = self::comb(frame, rest, reserve_count, rng);
    second.oversize.sort_unstable();
    second.oversize.append(&mut second.chosen);
    Selection { certain, selected: comb.chosen, reserve: second.oversize, points: comb.points, interval: comb.interval, start: comb.start }
}

/// The units that the comb of a stratum lies over, as positions in the frame, in the order in which they lie: what a
/// picture of the draw shows. The numbers of the same `Rng` give the same order as in `select`.
pub fn layout(frame: &Frame, members: &[usize], visits: u64, rng: &mut Rng) -> Vec<usize> {
    let units = frame.units();
    let mut order = members.to_vec();
    rng.shuffle(&mut order);
    let (certain, rest): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|&index| units[index].certain);
    comb(frame, rest, visits.saturating_sub(certain.len() as u64), rng).laid_out
}

struct Comb {
    oversize: Vec<usize>,
    chosen: Vec<usize>,
    points: u64,
    interval: u64,
    start: Option<u64>,
    laid_out: Vec<usize>,
}

/// Steps 3 and 4: moves out the units that would be hit at least once anyway, then lays the comb over the rest.
fn comb(frame: &Frame, mut rest: Vec<usize>, mut n: u64, rng: &mut Rng) -> Comb {
    let size = |index: usize| frame.units()[index].size;
    let mut total: u64 = rest.iter().map(|&index| size(index)).sum();
    let mut oversize = Vec::new();
    while n > 0 {
        let is_oversize = |&&index: &&usize| n * size(index) >= total;
        if !rest.iter().any(|index| is_oversize(&index)) {
            break;
        }
        let (out, kept): (Vec<usize>, Vec<usize>) = rest.iter().partition(is_oversize);
        // At most n units can each hold an n-th of the total.
        n -= out.len() as u64;
        total -= out.iter().map(|&index| size(index)).sum::<u64>();
        oversize.extend(out);
        rest = kept;
    }
    if n == 0 {
        return Comb { oversize, chosen: Vec::new(), points: 0, interval: 0, start: None, laid_out: rest };
    }
    let start = rng.below(total);
    let mut chosen = Vec::new();
    let (mut low, mut tooth) = (0, start);
    for &index in &rest {
        let high = low + n * size(index);
        // Less than one interval long, a unit is met by one tooth at most.
        if tooth < high {
            chosen.push(index);
            tooth += total;
        }
        low = high;
    }
    Comb { oversize, chosen, points: n, interval: total, start: Some(start), laid_out: rest }
}

/// A probability as a percentage with two decimals, cut off, for people; the exact fraction stands beside it.
pub fn percent(numerator: u64, denominator: u64) -> String {
    let hundredths = u128::from(numerator) * 10_000 / u128::from(denominator.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
