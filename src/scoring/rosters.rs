//! The rosters of all classes, decoded once for the signals that look at them.

use super::city::City;
use crate::canon::Result;

/// What is known of a row, as bits.
const PERSON: u16 = 1;
const NEAR: u16 = 1 << 4;
const OUTSIDE_KNOWN: u16 = 1 << 5;
const OUTSIDE: u16 = 1 << 6;
const FIT_KNOWN: u16 = 1 << 7;
const FIT: u16 = 1 << 8;
/// A gap to the next number that is near.
const NEAR_GAP: std::ops::RangeInclusive<i64> = 1..=3;

/// What trainees may share, each in a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    Phone,
    Account,
    Address,
}

impl Shared {
    pub const ALL: [Self; 3] = [Self::Phone, Self::Account, Self::Address];
    const COLUMNS: [&'static str; 3] = ["phone", "account", "address"];

    fn at(self) -> usize {
        match self {
            Self::Phone => 0,
            Self::Account => 1,
            Self::Address => 2,
        }
    }

    fn bit(self) -> u16 {
        PERSON << (1 + self.at())
    }
}

/// Rows of classes that are known, in the order of the table: 38 bytes each.
#[derive(Default)]
pub struct Rosters {
    pub classes: Vec<u32>,
    persons: Vec<u64>,
    shared: [Vec<u64>; 3],
    known: Vec<u16>,
}

impl Rosters {
    pub fn read(city: &City) -> Result<Self> {
        let mut rosters = Self::default();
        let columns = ["class", "person", "phone", "account", "address", "id_gap", "outside", "fit"];
        city.tables().read("roster", &columns, |part| {
            let (codes, persons) = (part.codes("class")?, part.keys("person")?);
            let [phones, accounts, addresses] = Shared::COLUMNS.map(|column| part.keys(column));
            let (shared, gaps) = ([phones?, accounts?, addresses?], part.integers("id_gap")?);
            let (outside, fit) = (part.bools("outside")?, part.bools("fit")?);
            let rows: Vec<usize> = (0..part.rows()).filter(|&row| city.classes().find(codes.values[row]).is_some()).collect();
            rosters.classes.extend(rows.iter().map(|&row| codes.values[row]));
            rosters.persons.extend(rows.iter().map(|&row| persons.values[row]));
            for (into, keys) in rosters.shared.iter_mut().zip(&shared) {
                into.extend(rows.iter().map(|&row| keys.values[row]));
            }
            let bit = |is: bool, bit: u16| if is { bit } else { 0 };
            rosters.known.extend(rows.iter().map(|&row| {
                let of_keys = Shared::ALL.into_iter().map(|of| bit(shared[of.at()].is_known(row), of.bit())).sum::<u16>();
                let is_near = gaps.get(row).is_some_and(|gap| NEAR_GAP.contains(&gap));
                bit(persons.is_known(row), PERSON)
                    | of_keys
                    | bit(is_near, NEAR)
                    | bit(outside[row].is_some(), OUTSIDE_KNOWN)
                    | bit(outside[row] == Some(true), OUTSIDE)
                    | bit(fit[row].is_some(), FIT_KNOWN)
                    | bit(fit[row] == Some(true), FIT)
            }));
            Ok(())
        })?;
        Ok(rosters)
    }

    pub fn len(&self) -> usize {
        self.classes.len()
    }

    fn has(&self, row: usize, bit: u16) -> bool {
        self.known[row] & bit != 0
    }

    #[inline]
    pub fn person(&self, row: usize) -> Option<u64> {
        self.has(row, PERSON).then(|| self.persons[row])
    }

    #[inline]
    pub fn key(&self, of: Shared, row: usize) -> Option<u64> {
        self.has(row, of.bit()).then(|| self.shared[of.at()][row])
    }

    /// Whether a row has any of what may be shared.
    pub fn has_any_key(&self, row: usize) -> bool {
        self.has(row, Shared::ALL.into_iter().map(Shared::bit).sum())
    }

    /// Whether the next number of the class follows closely.
    pub fn is_near(&self, row: usize) -> bool {
        self.has(row, NEAR)
    }

    pub fn outside(&self, row: usize) -> Option<bool> {
        self.has(row, OUTSIDE_KNOWN).then(|| self.has(row, OUTSIDE))
    }

    pub fn fit(&self, row: usize) -> Option<bool> {
        self.has(row, FIT_KNOWN).then(|| self.has(row, FIT))
    }
}
