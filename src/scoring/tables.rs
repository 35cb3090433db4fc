//! The tables that scoring reads, held to `docs/SIGNALS.md` at the door.

use crate::canon::{Date, Refusal, Result, Time};
use polars::prelude::*;
use std::collections::BTreeMap;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, for people.
    Text,
    /// uint32: a class, institution, county or occupation of this set of tables, or a small number out of a list.
    Code,
    /// uint64: the first eight bytes of a keyed digest.
    Key,
    /// int64: a number, minutes of Beijing time since 1970, or seconds.
    Number,
    /// Parquet's DATE.
    Day,
    Bool,
}

impl Kind {
    fn data_type(self) -> DataType {
        match self {
            Kind::Text => DataType::String,
            Kind::Code => DataType::UInt32,
            Kind::Key => DataType::UInt64,
            Kind::Number => DataType::Int64,
            Kind::Day => DataType::Date,
            Kind::Bool => DataType::Boolean,
        }
    }
}

/// A column: its name, what it holds, and whether it may be null (not known).
pub type ColumnKind = (&'static str, Kind, bool);

const CODE: Kind = Kind::Code;
const KEY: Kind = Kind::Key;
const NUMBER: Kind = Kind::Number;
const DAY: Kind = Kind::Day;
const BOOL: Kind = Kind::Bool;
const KNOWN_AT: ColumnKind = ("known_at", NUMBER, false);

/// Every table and its columns. Small codes (level, field, result) are uint32 as well: the engine is built without uint8.
pub const SCHEMA: &[(&str, &[ColumnKind])] = &[
    (
        "class",
        &[
            ("class", CODE, false),
            ("unit", Kind::Text, false),
            ("county", CODE, false),
            ("institution", CODE, true),
            ("occupation", CODE, true),
            ("level", CODE, true),
            ("applied_on", DAY, true),
            ("reviewed_on", DAY, true),
            ("opens_on", DAY, true),
            ("ends_on", DAY, true),
            ("lead_days", NUMBER, true),
            ("hours", NUMBER, true),
            ("planned", NUMBER, true),
            ("actual", NUMBER, true),
            ("in_system", BOOL, true),
            ("standard", NUMBER, true),
            ("amount", NUMBER, true),
            ("one_employer", BOOL, false),
            ("in_frame", BOOL, false),
            ("first_seen", DAY, false),
            KNOWN_AT,
        ],
    ),
    ("change", &[("class", CODE, false), ("at", NUMBER, false), ("field", CODE, false), KNOWN_AT]),
    ("record", &[("class", CODE, false), ("ends", NUMBER, false), ("recorded", NUMBER, false), KNOWN_AT]),
    (
        "submission",
        &[("county", CODE, false), ("week", DAY, false), ("due", NUMBER, true), ("received", NUMBER, true), ("versions", NUMBER, false), KNOWN_AT],
    ),
    ("system", &[("class", CODE, false), ("found", BOOL, false), ("compared", NUMBER, false), ("differing", NUMBER, false), KNOWN_AT]),
    (
        "roster",
        &[
            ("class", CODE, false),
            ("row", CODE, false),
            ("person", KEY, true),
            ("phone", KEY, true),
            ("account", KEY, true),
            ("address", KEY, true),
            ("id_gap", NUMBER, true),
            ("outside", BOOL, true),
            ("fit", BOOL, true),
            KNOWN_AT,
        ],
    ),
    ("lesson", &[("class", CODE, false), ("starts", NUMBER, false), ("ends", NUMBER, false), ("hours", NUMBER, true), ("room", KEY, true), KNOWN_AT]),
    (
        "teaching",
        &[("class", CODE, false), ("teacher", KEY, false), ("starts", NUMBER, false), ("ends", NUMBER, false), ("room", KEY, true), KNOWN_AT],
    ),
    ("attendance", &[("class", CODE, false), ("starts", NUMBER, false), ("expected", NUMBER, false), ("present", NUMBER, false), KNOWN_AT]),
    (
        "sign_in",
        &[
            ("class", CODE, false),
            ("starts", NUMBER, false),
            ("person", KEY, true),
            ("at", NUMBER, false),
            ("metres", NUMBER, true),
            ("matched", BOOL, true),
            KNOWN_AT,
        ],
    ),
    ("check", &[("class", CODE, false), ("person", KEY, false), ("result", CODE, false), KNOWN_AT]),
    (
        "history",
        &[("person", KEY, false), ("occupation", CODE, true), ("level", CODE, true), ("institution", CODE, true), ("paid_on", DAY, false), KNOWN_AT],
    ),
    ("visit", &[("institution", CODE, false), ("class", CODE, true), ("on", DAY, false), ("severity", NUMBER, false), KNOWN_AT]),
    ("complaint", &[("institution", CODE, false), ("source", KEY, false), ("on", DAY, false), ("weight", NUMBER, false), KNOWN_AT]),
    (
        "exam",
        &[
            ("institution", CODE, false),
            ("occupation", CODE, false),
            ("on", DAY, false),
            ("taken", NUMBER, false),
            ("passed", NUMBER, false),
            KNOWN_AT,
        ],
    ),
    ("teacher", &[("teacher", KEY, false), ("occupation", CODE, false), ("qualified", BOOL, false), KNOWN_AT]),
    ("room", &[("room", KEY, false), ("capacity", NUMBER, true), ("site", KEY, true), ("x", NUMBER, true), ("y", NUMBER, true), KNOWN_AT]),
    ("register", &[("institution", CODE, false), ("contact", KEY, true), ("account", KEY, true), ("site", KEY, true), KNOWN_AT]),
    ("day_off", &[("date", DAY, false)]),
];

/// The tables of `docs/SIGNALS.md`, as known at the freeze. A table that is absent is not known.
pub struct Tables {
    frozen_at: Time,
    parts: BTreeMap<&'static str, Vec<LazyFrame>>,
}

impl Tables {
    pub fn new(frozen_at: Time) -> Self {
        Self { frozen_at, parts: BTreeMap::new() }
    }

    /// Adds a table, or more rows of one.
    ///
    /// Columns and types are checked at once; columns that are not of the schema are left out, and so are, here and
    /// nowhere else, rows that became known after the freeze. A null where none may be is refused when it is read.
    pub fn add(&mut self, name: &str, mut frame: LazyFrame) -> Result<()> {
        let (name, columns) = find_columns(name)?;
        let found = frame.collect_schema().map_err(failed)?;
        for (column, kind, _) in columns {
            let found = found.get(column);
            if found != Some(&kind.data_type()) {
                let found = found.map_or_else(|| "-".to_owned(), ToString::to_string);
                return Err(wrong(name, column, &kind.data_type().to_string(), &found));
            }
        }
        let mut known = frame;
        if columns.contains(&KNOWN_AT) {
            known = known.filter(col("known_at").lt_eq(lit(self.frozen_minute())));
        }
        let named: Vec<Expr> = columns.iter().map(|(column, _, _)| col(*column)).collect();
        self.parts.entry(name).or_default().push(known.select(named));
        Ok(())
    }

    /// The whole table as known at the freeze, for expressions.
    pub fn get(&self, name: &str) -> Option<Result<LazyFrame>> {
        let parts = self.parts.get(name)?;
        Some(concat(parts, UnionArgs::default()).map_err(failed))
    }

    pub fn has(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }

    /// Hands over a table part by part, with these columns only: memory is held for one part at a time. False if the
    /// table is absent.
    pub fn read(&self, name: &str, columns: &[&str], mut each: impl FnMut(&Part) -> Result<()>) -> Result<bool> {
        let Some(parts) = self.parts.get(name) else { return Ok(false) };
        let (name, _) = find_columns(name)?;
        for part in parts {
            let named: Vec<Expr> = columns.iter().map(|column| col(*column)).collect();
            let mut frame = part.clone().select(named).collect().map_err(failed)?;
            frame.rechunk_mut();
            each(&Part { table: name, frame })?;
        }
        Ok(true)
    }

    pub fn frozen_at(&self) -> Time {
        self.frozen_at
    }

    /// Minutes of Beijing time since 1970.
    pub fn frozen_minute(&self) -> i64 {
        self.frozen_at.0.and_utc().timestamp().div_euclid(60)
    }

    pub fn frozen_day(&self) -> Date {
        self.frozen_at.date()
    }
}

/// Rows of a table in memory, in one chunk.
pub struct Part {
    table: &'static str,
    frame: DataFrame,
}

/// A column of numbers; the value behind a null is anything.
pub struct Numbers<'a, T> {
    pub values: &'a [T],
    known: Option<Vec<bool>>,
}

impl<T: Copy> Numbers<'_, T> {
    #[inline]
    pub fn get(&self, row: usize) -> Option<T> {
        if self.is_known(row) { self.values.get(row).copied() } else { None }
    }

    #[inline]
    pub fn is_known(&self, row: usize) -> bool {
        self.known.as_ref().is_none_or(|known| known.get(row).copied().unwrap_or(false))
    }
}

impl Part {
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    pub fn codes(&self, column: &'static str) -> Result<Numbers<'_, u32>> {
        self.numbers(column, self.column(column)?.u32().map_err(failed)?)
    }

    pub fn keys(&self, column: &'static str) -> Result<Numbers<'_, u64>> {
        self.numbers(column, self.column(column)?.u64().map_err(failed)?)
    }

    pub fn integers(&self, column: &'static str) -> Result<Numbers<'_, i64>> {
        self.numbers(column, self.column(column)?.i64().map_err(failed)?)
    }

    /// Days since 1970-01-01.
    pub fn days(&self, column: &'static str) -> Result<Numbers<'_, i32>> {
        self.numbers(column, self.column(column)?.date().map_err(failed)?.physical())
    }

    pub fn bools(&self, column: &'static str) -> Result<Vec<Option<bool>>> {
        let found = self.column(column)?.bool().map_err(failed)?;
        self.refuse_nulls(column, found.null_count())?;
        Ok(found.iter().collect())
    }

    pub fn texts(&self, column: &'static str) -> Result<Vec<String>> {
        let found = self.column(column)?.str().map_err(failed)?;
        self.refuse_nulls(column, found.null_count())?;
        Ok(found.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
    }

    fn column(&self, column: &str) -> Result<&Column> {
        self.frame.column(column).map_err(failed)
    }

    fn numbers<'a, T: PolarsNumericType>(&self, column: &'static str, found: &'a ChunkedArray<T>) -> Result<Numbers<'a, T::Native>> {
        self.refuse_nulls(column, found.null_count())?;
        let chunk = found.downcast_iter().next();
        let known = chunk.and_then(|chunk| chunk.validity()).map(|known| known.iter().collect());
        let values = chunk.map_or(&[][..], |chunk| chunk.values().as_slice());
        if values.len() == found.len() { Ok(Numbers { values, known }) } else { Err(Refusal::new("scoring_failed").with("reason", column)) }
    }

    fn refuse_nulls(&self, column: &'static str, nulls: usize) -> Result<()> {
        let may_be_null = find_columns(self.table)?.1.iter().any(|(name, _, nullable)| *name == column && *nullable);
        if nulls == 0 || may_be_null { Ok(()) } else { Err(wrong(self.table, column, "not null", "null")) }
    }
}

fn find_columns(name: &str) -> Result<(&'static str, &'static [ColumnKind])> {
    let found = SCHEMA.iter().find(|(table, _)| *table == name);
    found.map(|(table, columns)| (*table, *columns)).ok_or_else(|| Refusal::new("facts_table_unknown").with("table", name))
}

/// Refuses a column that isn't what `SCHEMA` says.
pub(super) fn wrong(table: &str, column: &str, expected: &str, found: &str) -> Refusal {
    Refusal::new("facts_table_schema").with("table", table).with("column", column).with("expected", expected).with("found", found)
}

pub(super) fn failed(error: PolarsError) -> Refusal {
    Refusal::new("scoring_failed").with("reason", error)
}
