//! From where to where each signal rises. The thresholds are a model's: a scorecard states its own, or has the starting ones.

use serde::Serialize;
use std::collections::BTreeMap;

/// Thresholds in permille of a signal's quantity (`docs/SIGNALS.md`): 0 up to `from`, 1000 from `to` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ramp {
    pub from: i64,
    pub to: i64,
}

impl Ramp {
    /// `⌊1000·(1000·count/of − from)/(to − from)⌋` held to 0…1000; 0 where nothing can rise (`of` or the width not positive).
    pub fn at(self, count: i64, of: i64) -> i64 {
        let [count, of, from, to] = [count, of, self.from, self.to].map(i128::from);
        let width = of * (to - from);
        if width <= 0 {
            return 0;
        }
        let value = ((1000 * count - from * of) * 1000).div_euclid(width).clamp(0, 1000);
        i64::try_from(value).unwrap_or(1000)
    }
}

/// P3 has a second ramp: of heads by a room's capacity.
pub const HEADS: &str = "P3_heads";

/// The ramps that a model has where it states none: those of the signals that have one. T4, S1 and I6 are steps.
const STARTING: [(&str, i64, i64); 28] = [
    ("T1", 0, 5000),
    ("T2", 0, 1000),
    ("T3", 0, 3000),
    ("R1", 0, 100),
    ("R2", 0, 100),
    ("R3", 100, 500),
    ("R4", 0, 200),
    ("R5", 0, 50),
    ("R6", 50, 400),
    ("R7", 2000, 5000),
    ("R8", 200, 600),
    ("A1", 800, 1000),
    ("A2", 0, 1000),
    ("A3", 10, 100),
    ("A4", 100, 500),
    ("A5", 20, 200),
    ("H1", 50, 300),
    ("H2", 0, 200),
    ("P1", 0, 50),
    ("P2", 40_000, 60_000),
    ("P3", 0, 50),
    (HEADS, 1000, 1500),
    ("I1", 50, 400),
    ("I2", 1000, 2000),
    ("I3", 2000, 5000),
    ("I4", 0, 3000),
    ("I5", 0, 200),
    ("I7", 0, 1000),
];

/// The ramp of every signal that has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ramps(BTreeMap<&'static str, Ramp>);

impl Default for Ramps {
    fn default() -> Self {
        Self(STARTING.iter().map(|&(id, from, to)| (id, Ramp { from, to })).collect())
    }
}

impl Ramps {
    /// A step has none; it is given one that never rises.
    pub fn of(&self, id: &str) -> Ramp {
        self.find(id).unwrap_or(Ramp { from: 0, to: 0 })
    }

    pub fn find(&self, id: &str) -> Option<Ramp> {
        self.0.get(id).copied()
    }

    /// Puts a model's own in the place of the starting one; false where the signal has none.
    pub fn set(&mut self, id: &str, ramp: Ramp) -> bool {
        self.0.get_mut(id).map(|of| *of = ramp).is_some()
    }
}
