//! One class's score and size, step by step: nothing here decides anything, everything adds up to what was scored.

use super::evidence::EvidenceRow;
use super::ramps::Ramp;
use super::score::{SIZE_MAX, Scored};
use super::scorecard::{Scorecard, Signal};
use serde::Serialize;

/// Why a class has its score and its size measure.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    pub score: i64,
    pub score_max: i64,
    pub band: char,
    pub bands: BandStarts,
    /// In the scorecard's order; their points sum to the score.
    pub signals: Vec<SignalLine>,
    pub groups: Vec<GroupLine>,
    pub size: SizeSteps,
}

/// The score from which each band begins.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct BandStarts {
    #[serde(rename = "A")]
    pub a: i64,
    #[serde(rename = "B")]
    pub b: i64,
    #[serde(rename = "C")]
    pub c: i64,
    #[serde(rename = "D")]
    pub d: i64,
}

#[derive(Clone, Debug, Serialize)]
pub struct SignalLine {
    pub signal: String,
    pub group: String,
    /// None when an input was missing; then the points are those for a missing input.
    pub permille: Option<i64>,
    pub is_missing: bool,
    /// From where to where it rises; a step has none.
    pub ramp: Option<Ramp>,
    /// The bin that the permille fell in; none when missing.
    pub bin: Option<BinLine>,
    /// The most that this signal can give.
    pub points_most: i64,
    /// What bin or missing input gave.
    pub points_before_cap: i64,
    /// What the group's cap took from that.
    pub cut: i64,
    pub points: i64,
    /// Code of the sentence that says why it is missing.
    pub missing_reason: Option<String>,
    pub reason_zh: String,
    pub reason_en: String,
    pub evidence: Vec<EvidenceRow>,
    /// Against the frame's classes of the same occupation, and of the same county; none where that isn't known.
    pub occupation: Option<Usual>,
    pub county: Option<Usual>,
}

/// A bin by its place from 1: `from` ≤ permille < `below`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BinLine {
    pub number: usize,
    pub count: usize,
    pub from: i64,
    pub below: Option<i64>,
}

/// What is usual among classes like this one, itself among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Usual {
    pub classes: usize,
    /// Of them, those with a value.
    pub known: usize,
    /// The lower median of the known permilles.
    pub median: Option<i64>,
    /// How many known values stand below, at and above this class's; none when its own is missing.
    pub standing: Option<Standing>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    pub lower: usize,
    pub equal: usize,
    pub higher: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct GroupLine {
    pub group: String,
    pub cap: i64,
    pub points_before_cap: i64,
    pub cut: i64,
    pub points: i64,
}

/// `max(1, ⌊m·(λ·S + (1000−λ)·N·s)/(1000·N·score_max)⌋)`, at most 2000, with the numbers put in.
#[derive(Clone, Debug, Serialize)]
pub struct SizeSteps {
    /// `m`
    pub money_permille: i64,
    pub money_from_yuan: i64,
    pub money_to_yuan: i64,
    pub money_max_permille: i64,
    /// `λ`
    pub lambda_permille: i64,
    /// `S`
    pub score_sum: i64,
    /// `N`
    pub units: i64,
    /// `s`
    pub score: i64,
    pub score_max: i64,
    /// `λ·S`: the same for every class.
    pub floor_part: i64,
    /// `(1000−λ)·N·s`
    pub own_part: i64,
    /// `m·(floor_part + own_part)`
    pub product: i64,
    /// `1000·N·score_max`
    pub divisor: i64,
    pub quotient: i64,
    pub size_max: i64,
    pub size: u64,
}

/// Permilles of the classes like this one, by signal in the scorecard's order.
pub type Peers = Vec<Vec<Option<i64>>>;

/// Puts together what was scored, the model and the values of the classes like this one.
///
/// `sums` are `S` and `N` of the frame. What isn't in the scorecard's order is left out, so a contribution of another
/// model explains nothing.
pub fn explain(scored: &Scored, sums: (i64, i64), card: &Scorecard, occupation: Option<&Peers>, county: Option<&Peers>) -> Explanation {
    let mut signals = Vec::with_capacity(card.signals.len());
    for (index, (signal, given)) in card.signals.iter().zip(&scored.contributions).enumerate() {
        let of = |peers: Option<&Peers>| peers.and_then(|peers| peers.get(index)).map(|values| usual(given.permille, values));
        let before = signal.points(given.permille);
        let is_missing = given.permille.is_none();
        let reason = |text: &String| if is_missing { String::new() } else { text.clone() };
        signals.push(SignalLine {
            signal: signal.id.clone(),
            group: card.groups.get(signal.group).map_or_else(String::new, |group| group.id.clone()),
            permille: given.permille,
            is_missing,
            ramp: card.ramps.find(&signal.id),
            bin: given.permille.map(|permille| bin(signal, permille)),
            points_most: signal.bins.last().map_or(0, |bin| bin.points).max(signal.missing_points),
            points_before_cap: before,
            cut: before - given.points,
            points: given.points,
            missing_reason: is_missing.then(|| signal.missing_reason.to_string()),
            reason_zh: reason(&given.reason_zh),
            reason_en: reason(&given.reason_en),
            evidence: given.evidence.clone(),
            occupation: of(occupation),
            county: of(county),
        });
    }
    Explanation {
        score: scored.score,
        score_max: card.score_max,
        band: scored.band,
        bands: BandStarts { a: 0, b: card.bands.b, c: card.bands.c, d: card.bands.d },
        groups: groups(card, &signals),
        signals,
        size: size_steps(scored, sums, card),
    }
}

fn bin(signal: &Signal, permille: i64) -> BinLine {
    let count = signal.bins.len();
    let index = signal.bins.iter().position(|bin| bin.below.is_none_or(|below| permille < below)).unwrap_or(count.saturating_sub(1));
    let from = index.checked_sub(1).and_then(|before| signal.bins.get(before)).and_then(|bin| bin.below).unwrap_or(0);
    BinLine { number: index + 1, count, from, below: signal.bins.get(index).and_then(|bin| bin.below) }
}

/// The lower median of what is known, and where one value stands.
pub fn usual(own: Option<i64>, values: &[Option<i64>]) -> Usual {
    let mut known: Vec<i64> = values.iter().flatten().copied().collect();
    known.sort_unstable();
    let median = known.len().checked_sub(1).and_then(|last| known.get(last / 2)).copied();
    let standing = own.map(|own| Standing {
        lower: known.iter().filter(|&&value| value < own).count(),
        equal: known.iter().filter(|&&value| value == own).count(),
        higher: known.iter().filter(|&&value| value > own).count(),
    });
    Usual { classes: values.len(), known: known.len(), median, standing }
}

fn groups(card: &Scorecard, signals: &[SignalLine]) -> Vec<GroupLine> {
    let line = |group: &super::scorecard::Group| {
        let of = |part: fn(&SignalLine) -> i64| signals.iter().filter(|line| line.group == group.id).map(part).sum();
        GroupLine {
            group: group.id.clone(),
            cap: group.cap,
            points_before_cap: of(|l| l.points_before_cap),
            cut: of(|l| l.cut),
            points: of(|l| l.points),
        }
    };
    card.groups.iter().map(line).collect()
}

fn size_steps(scored: &Scored, (score_sum, units): (i64, i64), card: &Scorecard) -> SizeSteps {
    let (m, lambda, n) = (scored.money_permille, card.lambda_permille, units.max(1));
    let floor_part = lambda.saturating_mul(score_sum);
    let own_part = (1000 - lambda).saturating_mul(n).saturating_mul(scored.score);
    let product = m.saturating_mul(floor_part.saturating_add(own_part));
    let divisor = 1000i64.saturating_mul(n).saturating_mul(card.score_max.max(1));
    SizeSteps {
        money_permille: m,
        money_from_yuan: card.money.from_yuan,
        money_to_yuan: card.money.to_yuan,
        money_max_permille: card.money.max_permille,
        lambda_permille: lambda,
        score_sum,
        units: n,
        score: scored.score,
        score_max: card.score_max,
        floor_part,
        own_part,
        product,
        divisor,
        quotient: product.div_euclid(divisor),
        size_max: i64::try_from(SIZE_MAX).unwrap_or(i64::MAX),
        size: scored.size,
    }
}
