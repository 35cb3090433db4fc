//! Chance from a seed, in integers: every class, institution and county has streams of its own, so that any part of the set can
//! be made alone, in any order, on any number of threads, with the same bytes.

use crate::canon::tagged;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// What a stream is for; streams of different purposes know nothing of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    County = 1,
    Institution,
    Trade,
    Plan,
    Pattern,
    Place,
    Partner,
    Papers,
    Record,
    Change,
    System,
    Roster,
    Check,
    History,
    Attendance,
    SignIn,
    Visit,
    Complaint,
    Exam,
    Register,
    Submission,
    Lesson,
}

/// The seed of a set of tables.
#[derive(Clone, Copy)]
pub struct Seed {
    key: [u8; 32],
    salt: u64,
}

impl Seed {
    pub fn new(seed: u64) -> Self {
        let key = tagged("simulation", &[&seed.to_be_bytes()]).0;
        let mut head = [0; 8];
        head.copy_from_slice(&key[..8]);
        Self { key, salt: u64::from_be_bytes(head) }
    }

    /// The stream of one purpose for one class, institution, county or trade.
    pub fn dice(&self, purpose: Purpose, index: u64) -> Dice {
        let mut stream = ChaCha8Rng::from_seed(self.key);
        stream.set_stream((purpose as u64) << 48 | index);
        Dice(stream)
    }

    /// A key as a keyed digest would give it: one to one within a kind, so that two things never share one by accident.
    pub fn key(&self, kind: KeyKind, number: u64) -> u64 {
        scramble(scramble(number ^ self.salt) ^ (kind as u64) << 56)
    }
}

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum KeyKind {
    Person = 1,
    Phone,
    Account,
    Address,
    SharedPhone,
    SharedAccount,
    Dormitory,
    Teacher,
    Room,
    Site,
    Contact,
    InstitutionAccount,
    Source,
}

/// The finaliser of SplitMix64: a permutation of all 64-bit words.
pub fn scramble(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// One stream of chance.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// An integer below `n` (0 is taken as 1). Multiply and shift: the bias is below n/2^64, of no matter here.
    pub fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(n.max(1));
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// An integer from `low` to `high`, both included; `low` where they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0).unsigned_abs();
        low + i64::try_from(self.below(span + 1)).unwrap_or(0)
    }

    pub fn permille(&mut self, chance: u64) -> bool {
        self.below(1000) < chance
    }

    /// An index by weight; 0 where nothing weighs anything.
    pub fn pick(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// Fisher and Yates, from the end.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }
}
