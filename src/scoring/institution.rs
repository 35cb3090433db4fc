//! I3, I7: the institution's growth, the county's reporting.

use super::inputs::{ClassInput, Inputs, SubmissionInput};
use super::signal::{Value, Values, ramp};
use crate::canon::{Code, Date};
use chrono::Datelike;
use std::collections::BTreeMap;

/// I3: seats of this quarter against the median of the four before, in permille; a new institution has half.
const GROWTH_FROM: i64 = 2000;
const GROWTH_TO: i64 = 5000;
const NEW: i64 = 500;
/// I7: the deadlines looked back upon, and what each kind of fault weighs, in permille.
const SUBMISSIONS: usize = 8;
const SUBMISSION_MISSING: i64 = 1000;
const SUBMISSION_LATE: i64 = 500;
const CORRECTION: i64 = 125;
const CORRECTIONS: i64 = 2;

/// I3, new institution, sudden growth: `ramp(seats this quarter / median of the last 4; 2, 5)`, 500 for an institution
/// without classes in those four or with a median of nothing.
///
/// The quarter is that of the freeze; seats are of classes opening in it, as known. Missing without the institution's
/// name, or while the classes known of all institutions don't reach back over the four quarters: then nobody is new.
/// Limits: an institution is its name; a burst over a quarter's end is halved.
pub fn i3(inputs: &Inputs) -> Values {
    let this = quarter(inputs.frozen_at.date());
    let mut seats: BTreeMap<(&str, i64), i64> = BTreeMap::new();
    let mut earliest = this;
    for class in inputs.known_classes().into_values() {
        let Some(opens_on) = class.opens_on else { continue };
        earliest = earliest.min(quarter(opens_on));
        if let (Some(institution), Some(n)) = (class.institution.as_deref(), class.seats()) {
            let sum = seats.entry((institution, quarter(opens_on))).or_default();
            *sum = sum.saturating_add(n);
        }
    }
    let value = |class: &ClassInput| {
        let Some(institution) = class.institution.as_deref().filter(|_| earliest <= this - 4) else { return Value::missing() };
        let of = |quarter: i64| seats.get(&(institution, quarter)).copied().unwrap_or(0);
        let mut before = [of(this - 4), of(this - 3), of(this - 2), of(this - 1)];
        let evidence = vec![format!("{} | {}", of(this), before.map(|n| n.to_string()).join(" "))];
        before.sort_unstable();
        let twice_median = before[1].saturating_add(before[2]);
        let permille = if twice_median == 0 { NEW } else { ramp(of(this).saturating_mul(2), twice_median, GROWTH_FROM, GROWTH_TO) };
        Value::new(permille, of(this), evidence)
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

/// Quarters since the year 0.
fn quarter(date: Date) -> i64 {
    i64::from(date.year()) * 4 + i64::from(date.0.month0() / 3)
}

/// I7, ledger late, missing or often corrected: over the county's last eight deadlines, the mean of 1000 for a missing
/// list, 500 for a late one, and 125 for each correction up to two, at most 1000 (our own ramp).
/// The same for all classes of a county. Missing before the first deadline. Limit: an honest correction costs too,
/// so its weight is small.
pub fn i7(inputs: &Inputs) -> Values {
    let mut by_county: BTreeMap<&Code, Vec<&SubmissionInput>> = BTreeMap::new();
    for submission in inputs.submissions.iter().filter(|submission| submission.due_at.is_some()) {
        by_county.entry(&submission.county).or_default().push(submission);
    }
    let by_county: BTreeMap<&Code, Value> = by_county.into_iter().map(|(county, rows)| (county, reporting(rows))).collect();
    let value = |class: &ClassInput| by_county.get(&class.county).cloned().unwrap_or_default();
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

fn reporting(mut submissions: Vec<&SubmissionInput>) -> Value {
    submissions.sort_by_key(|submission| std::cmp::Reverse((submission.due_at, submission.week)));
    submissions.truncate(SUBMISSIONS);
    let (mut sum, mut n, mut evidence) = (0, 0, Vec::new());
    for submission in &submissions {
        let fault = fault(submission);
        sum += fault;
        if fault > 0 {
            n += 1;
            evidence.push(submission.week.to_string());
        }
    }
    Value::new(ramp(sum, super::signal::count(submissions.len()) * 1000, 0, 1000), n, evidence)
}

/// 0…1000 for one submission.
fn fault(submission: &SubmissionInput) -> i64 {
    let Some(received) = submission.received_at else { return SUBMISSION_MISSING };
    let late = if submission.due_at.is_some_and(|due| received > due) { SUBMISSION_LATE } else { 0 };
    late + submission.versions.saturating_sub(1).clamp(0, CORRECTIONS) * CORRECTION
}
