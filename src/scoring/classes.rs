//! The class table as vectors, by class code.

use super::tables::{Numbers, Part, Tables, wrong};
use crate::canon::{Date, Result};

/// All classes known at the freeze: index = class code. Dates are days since 1970-01-01.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    pub known: Vec<bool>,
    pub in_frame: Vec<bool>,
    pub one_employer: Vec<bool>,
    pub county: Vec<u32>,
    pub institution: Vec<Option<u32>>,
    pub occupation: Vec<Option<u32>>,
    pub level: Vec<Option<u32>>,
    pub applied_on: Vec<Option<i32>>,
    pub reviewed_on: Vec<Option<i32>>,
    pub opens_on: Vec<Option<i32>>,
    pub ends_on: Vec<Option<i32>>,
    pub lead_days: Vec<Option<i64>>,
    pub hours: Vec<Option<i64>>,
    pub planned: Vec<Option<i64>>,
    pub actual: Vec<Option<i64>>,
    pub in_system: Vec<Option<bool>>,
    pub standard: Vec<Option<i64>>,
    pub amount: Vec<Option<i64>>,
    pub first_seen: Vec<i32>,
}

/// Codes may leave holes, for a class that became known later is none; but not so many that memory is spent on nothing.
const HOLES: usize = 1 << 20;

const COLUMNS: [&str; 19] = [
    "class",
    "county",
    "institution",
    "occupation",
    "level",
    "applied_on",
    "reviewed_on",
    "opens_on",
    "ends_on",
    "lead_days",
    "hours",
    "planned",
    "actual",
    "in_system",
    "standard",
    "amount",
    "one_employer",
    "in_frame",
    "first_seen",
];

impl Classes {
    pub fn read(tables: &Tables) -> Result<Self> {
        let (mut rows, mut length) = (0, 0);
        tables.read("class", &["class"], |part| {
            rows += part.rows();
            length = part.codes("class")?.values.iter().map(|&class| index(class) + 1).fold(length, usize::max);
            Ok(())
        })?;
        if length > rows.saturating_mul(16).saturating_add(HOLES) {
            return Err(wrong("class", "class", "0…", &(length - 1).to_string()));
        }
        let mut classes = Self::of(length);
        tables.read("class", &COLUMNS, |part| classes.fill(part))?;
        Ok(classes)
    }

    /// Room for so many classes, of which nothing is known.
    fn of(length: usize) -> Self {
        Self {
            known: vec![false; length],
            in_frame: vec![false; length],
            one_employer: vec![false; length],
            county: vec![0; length],
            institution: vec![None; length],
            occupation: vec![None; length],
            level: vec![None; length],
            applied_on: vec![None; length],
            reviewed_on: vec![None; length],
            opens_on: vec![None; length],
            ends_on: vec![None; length],
            lead_days: vec![None; length],
            hours: vec![None; length],
            planned: vec![None; length],
            actual: vec![None; length],
            in_system: vec![None; length],
            standard: vec![None; length],
            amount: vec![None; length],
            first_seen: vec![0; length],
        }
    }

    fn fill(&mut self, part: &Part) -> Result<()> {
        let classes = part.codes("class")?;
        let classes = classes.values;
        for &class in classes {
            if std::mem::replace(&mut self.known[index(class)], true) {
                return Err(wrong("class", "class", "once", &class.to_string()));
            }
        }
        put(&mut self.county, classes, part.codes("county")?.values);
        put(&mut self.first_seen, classes, part.days("first_seen")?.values);
        put_known(&mut self.institution, classes, &part.codes("institution")?);
        put_known(&mut self.occupation, classes, &part.codes("occupation")?);
        put_known(&mut self.level, classes, &part.codes("level")?);
        put_known(&mut self.applied_on, classes, &part.days("applied_on")?);
        put_known(&mut self.reviewed_on, classes, &part.days("reviewed_on")?);
        put_known(&mut self.opens_on, classes, &part.days("opens_on")?);
        put_known(&mut self.ends_on, classes, &part.days("ends_on")?);
        put_known(&mut self.lead_days, classes, &part.integers("lead_days")?);
        put_known(&mut self.hours, classes, &part.integers("hours")?);
        put_known(&mut self.planned, classes, &part.integers("planned")?);
        put_known(&mut self.actual, classes, &part.integers("actual")?);
        put_known(&mut self.standard, classes, &part.integers("standard")?);
        put_known(&mut self.amount, classes, &part.integers("amount")?);
        put(&mut self.in_system, classes, &part.bools("in_system")?);
        for (into, column) in [(&mut self.one_employer, "one_employer"), (&mut self.in_frame, "in_frame")] {
            let values: Vec<bool> = part.bools(column)?.into_iter().map(|value| value == Some(true)).collect();
            put(into, classes, &values);
        }
        Ok(())
    }

    /// How many codes there are: the length of a signal.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Codes of the classes to be scored.
    pub fn frame(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(|&class| self.in_frame[class])
    }

    /// The index of a class that is known; rows of any other don't count.
    #[inline]
    pub fn find(&self, class: u32) -> Option<usize> {
        let class = index(class);
        self.known.get(class).copied().unwrap_or(false).then_some(class)
    }
}

fn put<T: Copy>(into: &mut [T], classes: &[u32], values: &[T]) {
    for (&class, &value) in classes.iter().zip(values) {
        into[index(class)] = value;
    }
}

fn put_known<T: Copy>(into: &mut [Option<T>], classes: &[u32], values: &Numbers<'_, T>) {
    for (row, &class) in classes.iter().enumerate() {
        into[index(class)] = values.get(row);
    }
}

#[inline]
pub(super) fn index(code: u32) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

/// Days since 1970-01-01.
pub fn days_of(date: Date) -> i32 {
    let epoch = Date(chrono::NaiveDate::default());
    i32::try_from(date.days_since(epoch)).unwrap_or(i32::MAX)
}

/// The first day of the calendar year in which a day lies; both in days since 1970-01-01.
pub(super) fn year_begins(day: i32) -> i32 {
    let date = Date(chrono::NaiveDate::default()).plus_days(i64::from(day));
    Date::from_ymd(date.year(), 1, 1).map_or(day, days_of)
}
