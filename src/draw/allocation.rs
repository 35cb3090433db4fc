//! Sample size per stratum (样本量分配): a floor for each, then the highest averages.

use super::{Frame, plan::Stratum};
use crate::canon::{Refusal, Result};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A claim on the next visit: the greater size / (2a + 1) first, then the smaller position.
#[derive(PartialEq, Eq)]
struct Claim {
    size: u64,
    /// 2a + 1.
    divisor: u64,
    index: usize,
}

impl Ord for Claim {
    fn cmp(&self, other: &Self) -> Ordering {
        // size ≤ 10^12 and divisor < 2^18: the products stay below 2^63.
        let ours = self.size * other.divisor;
        let theirs = other.size * self.divisor;
        ours.cmp(&theirs).then_with(|| other.index.cmp(&self.index))
    }
}

impl PartialOrd for Claim {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Allocates `visits` (1…100 000) to the strata of a frame, in order of their codes.
///
/// Refuses when the floors alone need more, naming the smallest number that would do. Source: PROTOCOL, Allocation
/// (Webster's method with floors).
pub fn allocate(frame: &Frame, visits: u64, min_per_stratum: u64) -> Result<Vec<Stratum>> {
    let units = frame.units();
    let mut strata = Vec::new();
    for (code, members) in frame.strata() {
        let certain = members.iter().filter(|&&index| units[index].certain).count() as u64;
        let count = members.len() as u64;
        let floor = count.min(min_per_stratum.max(certain + 1));
        let size = members.iter().map(|&index| units[index].size).sum();
        strata.push(Stratum { size, stratum: code.clone(), units: count, visits: floor });
    }
    let mut given: u64 = strata.iter().map(|s| s.visits).sum();
    if given > visits {
        // Must-visit classes are at most half of the visits, so a plan with too few of these would fail next.
        let needed = given.max(2 * frame.certain_count());
        return Err(Refusal::new("plan_too_few_visits").with("needed", needed).with("found", visits));
    }
    let claim = |index: usize, s: &Stratum| Claim { size: s.size, divisor: 2 * s.visits + 1, index };
    let mut claims: BinaryHeap<Claim> = strata.iter().enumerate().filter(|(_, s)| s.visits < s.units).map(|(index, s)| claim(index, s)).collect();
    while given < visits {
        let Some(Claim { index, .. }) = claims.pop() else { break };
        let stratum = &mut strata[index];
        stratum.visits += 1;
        given += 1;
        if stratum.visits < stratum.units {
            claims.push(claim(index, stratum));
        }
    }
    Ok(strata)
}
