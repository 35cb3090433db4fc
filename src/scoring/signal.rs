//! The value of a signal and the arithmetic all signals share: integers, permille, rounded down.

use crate::canon::Code;
use std::collections::BTreeMap;

/// Rows of evidence shown at most per signal.
pub const EVIDENCE_ROWS: usize = 5;

/// What one signal says of one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// 0…1000; None when an input is missing.
    pub permille: Option<i64>,
    /// The number that stands for `{n}` in the signal's reason.
    pub n: i64,
    /// Dates, lessons and other units it comes from, in order, at most `EVIDENCE_ROWS`.
    pub evidence: Vec<String>,
}

impl Value {
    pub fn missing() -> Self {
        Self::default()
    }

    pub fn new(permille: i64, n: i64, mut evidence: Vec<String>) -> Self {
        evidence.truncate(EVIDENCE_ROWS);
        Self { permille: Some(permille.clamp(0, 1000)), n, evidence }
    }
}

/// A signal's value for each unit of the frame.
pub type Values = BTreeMap<Code, Value>;

/// `ramp(count/of; from, to)`: `⌊1000·(1000·count/of − from)/(to − from)⌋` held to 0…1000, with `from`
/// and `to` in permille. Callers give `of > 0` and `from < to`.
pub fn ramp(count: i64, of: i64, from: i64, to: i64) -> i64 {
    let (count, of, from, to) = (i128::from(count), i128::from(of), i128::from(from), i128::from(to));
    let width = of * (to - from);
    if width <= 0 {
        return 0;
    }
    let value = ((1000 * count - from * of) * 1000).div_euclid(width).clamp(0, 1000);
    i64::try_from(value).unwrap_or(1000)
}

/// A list's length as the integer type of scores.
pub fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
