//! The rows that a signal's value comes from: lessons, dates, weeks, other classes. Computed only when somebody asks why.

mod attendance;
mod elsewhere;
mod exams;
mod roster;

use super::city::City;
use super::days::date_of;
use super::{hours, institution, places, system, timeliness};
use crate::canon::Result;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows shown at most per signal and class.
pub const EVIDENCE_ROWS: usize = 5;

/// One row behind a value: data, of which `i18n` has the sentence `evidence_<what>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceRow {
    /// What it is: a date of the ledger, `lesson`, `record`, `visit` …
    pub what: &'static str,
    /// When: a date, a moment or a span, in the written form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The code of another class, and when that is.
    #[serde(skip)]
    pub class: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_at: Option<String>,
    /// The other class, and its institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// Rows of the class's roster, the first few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<u32>,
    /// Who stands in them, masked; empty where nobody could tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// How many such rows there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    #[serde(skip)]
    pub teacher_key: Option<u64>,
    /// The teacher, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<String>,
    /// Numbers in the order in which the sentence names them: hours, seats, points of a thousand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<i64>,
}

impl EvidenceRow {
    pub fn of(what: &'static str) -> Self {
        Self { what, ..Self::default() }
    }

    pub fn on(what: &'static str, day: i32) -> Self {
        Self { at: Some(date_of(i64::from(day)).to_string()), ..Self::of(what) }
    }

    pub fn at(what: &'static str, minute: i64) -> Self {
        Self { at: Some(moment(minute)), ..Self::of(what) }
    }

    pub fn span(what: &'static str, span: (i64, i64)) -> Self {
        Self { at: Some(span_text(span)), ..Self::of(what) }
    }

    pub fn against(self, class: u32, span: (i64, i64)) -> Self {
        Self { class: Some(class), other_at: Some(span_text(span)), ..self }
    }

    pub fn number(mut self, number: i64) -> Self {
        self.numbers.push(number);
        self
    }

    /// The other class that it is about.
    pub fn in_class(self, class: usize) -> Self {
        Self { class: u32::try_from(class).ok(), ..self }
    }

    /// With the name of the other class.
    pub fn named(&self, units: &BTreeMap<u32, String>) -> Self {
        Self { unit: self.class.and_then(|class| units.get(&class)).cloned(), ..self.clone() }
    }

    pub fn by_teacher(self, teacher: u64) -> Self {
        Self { teacher_key: Some(teacher), ..self }
    }
}

/// `2026-12-01 08:00`
pub(super) fn moment(minute: i64) -> String {
    format!("{} {}", date_of(minute.div_euclid(super::days::DAY)), clock(minute))
}

fn clock(minute: i64) -> String {
    let minute = minute.rem_euclid(super::days::DAY);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `2026-12-01 08:00–11:30`; a span that ends on another day names it.
fn span_text((starts, ends): (i64, i64)) -> String {
    let day = |minute: i64| minute.div_euclid(super::days::DAY);
    match ends {
        ends if day(starts) == day(ends) => format!("{}–{}", moment(starts), clock(ends)),
        // A lesson that lasts until midnight is still of its day.
        ends if day(starts) == day(ends.saturating_sub(1)) => format!("{}–24:00", moment(starts)),
        ends => format!("{}–{}", moment(starts), moment(ends)),
    }
}

/// `2026-12-01–2026-12-12`
fn days_text((first, last): (i32, i32)) -> String {
    format!("{}–{}", date_of(i64::from(first)), date_of(i64::from(last)))
}

/// Which classes somebody asks about.
type Wanted<'a> = &'a dyn Fn(usize) -> bool;

/// Rows behind the values of a signal, by class.
pub type Evidence = BTreeMap<usize, Vec<EvidenceRow>>;

/// Rows found in passing, in order and bounded per class once all are there.
#[derive(Default)]
pub(super) struct Collected<K>(BTreeMap<usize, Vec<(K, EvidenceRow)>>);

impl<K: Ord> Collected<K> {
    pub fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub fn add(&mut self, class: usize, key: K, row: EvidenceRow) {
        self.0.entry(class).or_default().push((key, row));
    }

    pub fn finish(self) -> Evidence {
        let in_order = |mut rows: Vec<(K, EvidenceRow)>| {
            rows.sort_by(|a, b| a.0.cmp(&b.0));
            rows.truncate(EVIDENCE_ROWS);
            rows.into_iter().map(|(_, row)| row).collect()
        };
        self.0.into_iter().map(|(class, rows)| (class, in_order(rows))).collect()
    }
}

/// Rows behind a signal of the frame's classes that are wanted; an id that is none has none.
pub fn evidence(city: &City, id: &str, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let is_wanted = |class: usize| city.classes().in_frame.get(class).copied().unwrap_or(false) && is_wanted(class);
    match id {
        "T1" | "T2" | "T3" | "T4" => timeliness::evidence(city, id, &is_wanted),
        "S1" => system::evidence(city, &is_wanted),
        "H1" | "H2" => hours::evidence(city, id, &is_wanted),
        "P1" | "P2" | "P3" => places::evidence(city, id, &is_wanted),
        "R1" | "R2" | "R3" => elsewhere::evidence(city, id, &is_wanted),
        "R4" | "R5" | "R6" | "R7" | "R8" => roster::evidence(city, id, &is_wanted),
        "A1" | "A2" | "A3" | "A4" | "A5" => attendance::evidence(city, id, &is_wanted),
        "I5" => exams::exams(city, &is_wanted),
        "I6" => exams::sharing(city, &is_wanted),
        "I1" | "I2" | "I3" | "I4" | "I7" => institution::evidence(city, id, &is_wanted),
        _ => Ok(Evidence::new()),
    }
}
