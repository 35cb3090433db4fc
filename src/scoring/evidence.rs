//! The rows that a signal's value comes from: lessons, dates, weeks, other classes. Computed only when somebody asks why.

use super::city::City;
use super::days::date_of;
use super::{hours, institution, places, system, timeliness};
use crate::canon::Result;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows shown at most per signal and class.
pub const EVIDENCE_ROWS: usize = 5;

/// One row behind a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceRow {
    /// What it is: a field of the ledger, `lesson`, `record`, `week`, `visit` …
    pub what: &'static str,
    /// When: a date, a moment or a span, in the written form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The code of the other class that it clashes with, and when that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_at: Option<String>,
    /// Numbers: hours, seats, points of a thousand.
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

    /// One line: `2026-12-01 08:00–11:30 ~ xixia-2026-0002 2026-12-01 09:00–12:00`. `units` names classes by their code.
    pub fn line(&self, units: &BTreeMap<u32, String>) -> String {
        let mut parts = Vec::new();
        if self.what != "lesson" {
            parts.push(self.what.to_owned());
        }
        parts.extend(self.at.clone());
        if let Some(class) = self.class {
            parts.push(format!("~ {}", units.get(&class).cloned().unwrap_or_else(|| class.to_string())));
        }
        parts.extend(self.other_at.clone());
        parts.extend(self.numbers.iter().map(ToString::to_string));
        parts.join(" ")
    }
}

/// `2026-12-01 08:00`
fn moment(minute: i64) -> String {
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

/// Rows behind a signal of the frame's classes that are wanted; a signal of another family has none here.
pub fn evidence(city: &City, id: &str, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let is_wanted = |class: usize| city.classes().in_frame.get(class).copied().unwrap_or(false) && is_wanted(class);
    match id {
        "T1" | "T2" | "T3" | "T4" => timeliness::evidence(city, id, &is_wanted),
        "S1" => Ok(system::evidence(city, &is_wanted)),
        "H1" | "H2" => hours::evidence(city, id, &is_wanted),
        "P1" | "P2" | "P3" => places::evidence(city, id, &is_wanted),
        "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" => institution::evidence(city, id, &is_wanted),
        _ => Ok(Evidence::new()),
    }
}
