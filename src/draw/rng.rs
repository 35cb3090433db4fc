//! Random words and what is made of them: `below` and `shuffle` (PROTOCOL, Random words).

use crate::canon::Hash;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// The ChaCha20 key stream as 64-bit little-endian words.
pub struct Rng(ChaCha20Rng);

impl Rng {
    pub fn new(key: Hash) -> Self {
        Self(ChaCha20Rng::from_seed(key.0))
    }

    /// A uniform integer below `n`; `n` of 0 is taken as 1.
    pub fn below(&mut self, n: u64) -> u64 {
        let n = n.max(1);
        loop {
            let word = self.0.next_u64();
            // The bound 2^64 − (2^64 mod n) is above 2^64 − n, so nearly every word is seen at once to be below it;
            // words at or above it would favour small remainders.
            if word <= u64::MAX - n || word <= u64::MAX - (u64::MAX % n + 1) % n {
                return word % n;
            }
        }
    }

    /// Fisher and Yates, from the end.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = self.below(i as u64 + 1);
            // `j` is at most `i`, an index of this list.
            list.swap(i, usize::try_from(j).unwrap_or(i));
        }
    }
}
