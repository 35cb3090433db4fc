//! Signals: tables worked out by hand, and small random towns against the definitions read literally.

mod attendance;
mod evidence;
mod feeding;
mod institutions;
mod literal;
mod papers;
mod random;
mod rosters;
mod sets;
mod tables;
mod timetables;
mod weights;

use mingchou::canon::{Date, Time};
use mingchou::scoring::tables::{Kind, SCHEMA};
use mingchou::scoring::{Signal, Tables, signals};
use polars::prelude::*;
use std::collections::BTreeMap;

/// A row; columns that aren't named are null, or 0 where they may not be. Bools are 0 and 1.
pub type Row = BTreeMap<&'static str, i64>;

/// Permille and n, as `Town::value` has them.
pub type Found = (Option<i16>, i64);

/// Rows of tables, before they become frames.
#[derive(Clone, Default)]
pub struct Town {
    pub rows: BTreeMap<&'static str, Vec<Row>>,
}

pub fn frozen_at() -> Time {
    Time::parse("2026-11-20T18:00:00+08:00").expect("a time")
}

/// Minutes of the freeze, and its day; both since 1970.
pub const FREEZE: i64 = 20_777 * 1440 + 18 * 60;
pub const TODAY: i64 = 20_777;

impl Town {
    pub fn add(&mut self, table: &'static str, cells: &[(&'static str, i64)]) -> &mut Self {
        self.rows.entry(table).or_default().push(cells.iter().copied().collect());
        self
    }

    /// A class of the frame, unless said otherwise: of institution 1 and occupation 1, level 1, from day 100 to day 120.
    pub fn class(&mut self, class: i64, cells: &[(&'static str, i64)]) -> &mut Self {
        let usual = [("class", class), ("in_frame", 1), ("institution", 1), ("occupation", 1), ("level", 1), ("opens_on", 100), ("ends_on", 120)];
        let mut row: Row = usual.into_iter().collect();
        row.extend(cells.iter().copied());
        // −1 stands for null.
        row.retain(|_, value| *value != -1);
        self.rows.entry("class").or_default().push(row);
        self
    }

    /// Persons of a class, each in a row that says no more.
    pub fn persons(&mut self, class: i64, persons: std::ops::Range<i64>) -> &mut Self {
        for person in persons {
            self.add("roster", &[("class", class), ("row", person), ("person", person)]);
        }
        self
    }

    pub fn of(&self, table: &str) -> &[Row] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }

    pub fn tables(&self) -> Tables {
        let mut tables = Tables::new(frozen_at());
        for (table, rows) in &self.rows {
            tables.add(table, frame(table, rows).lazy()).expect("a table of the schema");
        }
        tables
    }

    /// The same rows in another order, in frames of two chunks of at most so many rows.
    pub fn scattered(&self, seed: u64, at_most: usize) -> Tables {
        let mut tables = Tables::new(frozen_at());
        for (table, rows) in &self.rows {
            let mut rows = rows.clone();
            shuffle(&mut rows, seed);
            for some in rows.chunks(at_most.max(1) * 2) {
                let (first, second) = some.split_at(some.len() / 2);
                let mut both = frame(table, first);
                both.vstack_mut(&frame(table, second)).expect("the same columns");
                tables.add(table, both.lazy()).expect("a table of the schema");
            }
        }
        tables
    }

    /// Permille and n of a signal for a class.
    pub fn value(&self, id: &str, class: usize) -> Found {
        let values = signals(&self.tables(), &[id]).expect("a signal");
        (values[id].permille[class], values[id].n[class])
    }
}

/// A date as days since 1970.
pub fn day(text: &str) -> i64 {
    Date::parse(text).expect("a date").days_since(Date::parse("1970-01-01").expect("a date"))
}

/// A moment as minutes since 1970.
pub fn minute(text: &str) -> i64 {
    let time = Time::parse(&format!("{text}:00+08:00")).expect("a time");
    (time.unix() + 8 * 3600) / 60
}

/// The signals of persons.
pub const IDS: [&str; 13] = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "A1", "A2", "A3", "A4", "A5"];

pub fn all(tables: &Tables) -> BTreeMap<&'static str, Signal> {
    signals(tables, &IDS).expect("signals")
}

pub fn frame(table: &str, rows: &[Row]) -> DataFrame {
    let (_, columns) = SCHEMA.iter().find(|(name, _)| *name == table).expect("a table");
    let column = |(name, kind, nullable): &(&'static str, Kind, bool)| {
        let values = rows.iter().map(|row| row.get(name).copied().or((!nullable).then_some(0)));
        let name = PlSmallStr::from(*name);
        match kind {
            Kind::Text => Column::new(name, values.map(|value| value.map(|value| format!("U{value}"))).collect::<Vec<_>>()),
            Kind::Code => Column::new(name, values.map(|value| value.map(|value| u32::try_from(value).expect("a code"))).collect::<Vec<_>>()),
            Kind::Key => Column::new(name, values.map(|value| value.map(|value| u64::try_from(value).expect("a key"))).collect::<Vec<_>>()),
            Kind::Number => Column::new(name, values.collect::<Vec<_>>()),
            Kind::Bool => Column::new(name, values.map(|value| value.map(|value| value != 0)).collect::<Vec<_>>()),
            Kind::Day => {
                let days: Vec<_> = values.map(|value| value.map(|value| i32::try_from(value).expect("a day"))).collect();
                Column::new(name, days).cast(&DataType::Date).expect("days are dates")
            }
        }
    };
    DataFrame::new(rows.len(), columns.iter().map(column).collect()).expect("columns of one length")
}

/// A small generator, the same everywhere (Steele and Vigna's splitmix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((z ^ (z >> 31)) % u64::try_from(bound.max(1)).expect("positive")).expect("below a bound")
    }
}

pub fn shuffle<T>(rows: &mut [T], seed: u64) {
    let mut chance = Chance(seed);
    for at in (1..rows.len()).rev() {
        let other = usize::try_from(chance.below(i64::try_from(at).expect("a length") + 1)).expect("an index");
        rows.swap(at, other);
    }
}
