//! A ranking held against the truth. Exact: counts, and fractions of counts; ties are never broken by order or chance.

use serde::Serialize;

/// A fraction that is not reduced; of nothing it is 0 of 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fraction {
    pub count: u128,
    pub of: u128,
}

impl Fraction {
    pub fn new(count: u128, of: u128) -> Self {
        Self { count, of }
    }

    /// In permille, rounded to the nearest; none of nothing.
    pub fn permille(self) -> Option<i64> {
        let rounded = (2000 * self.count + self.of).checked_div(2 * self.of)?;
        i64::try_from(rounded).ok()
    }

    /// How many times the other, in permille; none where the other is nothing.
    pub fn times(self, other: Self) -> Option<i64> {
        Self::new(self.count * other.of, self.of * other.count).permille()
    }
}

impl Serialize for Fraction {
    /// As its permille.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.permille().serialize(serializer)
    }
}

/// Something ranked, and whether it is what is looked for.
pub type Ranked = (i64, bool);

/// The area under the curve: how often one that is looked for stands above one that isn't, a tie counting half.
///
/// Source: J. A. Hanley, B. J. McNeil 1982, by the ranks of Mann and Whitney. 0 of 0 where there are only ones or only others.
pub fn auc(ranked: &[Ranked]) -> Fraction {
    let mut sorted = ranked.to_vec();
    sorted.sort_unstable();
    let (mut halves, mut others_below) = (0u128, 0u128);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let hits = tied.iter().filter(|(_, hit)| *hit).count() as u128;
        let others = tied.len() as u128 - hits;
        halves += hits * (2 * others_below + others);
        others_below += others;
    }
    let hits = sorted.len() as u128 - others_below;
    Fraction::new(halves, 2 * hits * others_below)
}

/// The share of what is looked for among the first `places`, on average over all orders of those that tie at the last place.
pub fn precision_at(ranked: &[Ranked], places: usize) -> Fraction {
    let mut sorted = ranked.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let places = places.min(sorted.len());
    let Some(last) = places.checked_sub(1).and_then(|last| sorted.get(last)) else { return Fraction::default() };
    let above = sorted.partition_point(|(score, _)| *score > last.0);
    let tied = sorted.iter().filter(|(score, _)| *score == last.0).count();
    let hits = |from: usize, to: usize| sorted[from..to].iter().filter(|(_, hit)| *hit).count() as u128;
    let open = (places - above) as u128;
    Fraction::new(hits(0, above) * tied as u128 + hits(above, above + tied) * open, places as u128 * tied as u128)
}

/// The share of all that is looked for that the first `places` hold.
pub fn recall_at(ranked: &[Ranked], places: usize) -> Fraction {
    let precision = precision_at(ranked, places);
    let all = ranked.iter().filter(|(_, hit)| *hit).count() as u128;
    Fraction::new(precision.count * places.min(ranked.len()) as u128, precision.of * all)
}

/// The share of hits that a draw with chances in proportion to the weights finds on average.
pub fn weighted_rate(weighted: &[(u64, bool)]) -> Fraction {
    let sum = |hit_only: bool| weighted.iter().filter(|(_, hit)| *hit || !hit_only).map(|(weight, _)| u128::from(*weight)).sum();
    Fraction::new(sum(true), sum(false))
}
