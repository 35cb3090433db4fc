//! T1, T3, T4: when papers came, changed and passed.

use super::inputs::{ChangeInput, ClassInput, Inputs};
use super::signal::{Value, Values, count, ramp};
use crate::canon::{Code, Date, Time};
use std::collections::BTreeMap;

/// Working days by which an application must precede the opening, and in which it must be reviewed.
const LEAD_DAYS: i64 = 5;
const REVIEW_DAYS: i64 = 5;
/// Days before the opening in which a change counts, and the changes that give the full value.
const CLOSE_DAYS: i64 = 3;
const CHANGES_FULL: i64 = 3;

/// T1, late application: `ramp(5 − lead working days; 0, 5)`. Missing without the lead. The lead is
/// counted by the caller's calendar and reading; a lead of five or more is 0, an application on the opening day 1000.
pub fn t1(inputs: &Inputs) -> Values {
    let value = |class: &ClassInput| {
        let Some(lead) = class.lead_days else { return Value::missing() };
        let late = LEAD_DAYS.saturating_sub(lead).clamp(0, LEAD_DAYS);
        Value::new(ramp(late, 1, 0, LEAD_DAYS * 1000), lead, dates(class))
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

/// T3, changed close to the start, or after the Friday list: `ramp(changes; 0, 3)`, of changes from the third day
/// before the opening on, or after the last deadline of the county's list before the opening. Missing
/// without an opening date. Limit: a county that corrects a mistake and one that hides a class look the same.
pub fn t3(inputs: &Inputs) -> Values {
    let mut changes: BTreeMap<&Code, Vec<&ChangeInput>> = BTreeMap::new();
    for change in &inputs.changes {
        changes.entry(&change.unit).or_default().push(change);
    }
    let value = |class: &ClassInput| {
        let Some(opens_on) = class.opens_on else { return Value::missing() };
        let from = Time::midnight(opens_on.plus_days(-CLOSE_DAYS));
        let listed = last_deadline(inputs, &class.county, Time::midnight(opens_on));
        let late = |change: &&&ChangeInput| change.at >= from || listed.is_some_and(|due| change.at > due);
        let late: Vec<_> = changes.get(&class.unit).into_iter().flatten().filter(late).collect();
        let n = count(late.len());
        let evidence = late.iter().map(|change| format!("{} {}", change.at, change.what)).collect();
        Value::new(ramp(n, 1, 0, CHANGES_FULL * 1000), n, evidence)
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

/// T4, approved late, opened without or before approval: 0, 500 or 1000.
///
/// 1000 when `opens_on < reviewed_on`, or the class has opened at the freeze and the review is missing; 500 when the
/// review took (or, still missing, has taken) more than five working days after the application, that day not counted;
/// missing without an opening date or, where lateness must be judged, without an application date.
pub fn t4(inputs: &Inputs) -> Values {
    let today = inputs.frozen_at.date();
    let value = |class: &ClassInput| {
        let Some(opens_on) = class.opens_on else { return Value::missing() };
        let unapproved = match class.reviewed_on {
            Some(reviewed_on) => opens_on < reviewed_on,
            None => opens_on <= today,
        };
        if unapproved {
            return Value::new(1000, 1, dates(class));
        }
        let Some(applied_on) = class.applied_on else { return Value::missing() };
        let taken = inputs.working_days(applied_on, class.reviewed_on.unwrap_or(today));
        Value::new(if taken > REVIEW_DAYS { 500 } else { 0 }, taken, dates(class))
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

/// The last deadline of a county's list before a moment.
fn last_deadline(inputs: &Inputs, county: &Code, before: Time) -> Option<Time> {
    let own = inputs.submissions.iter().filter(|submission| submission.county == *county);
    own.filter_map(|submission| submission.due_at).filter(|&due| due < before).max()
}

/// The dates in which the papers of a class stand, as far as known.
fn dates(class: &ClassInput) -> Vec<String> {
    let named = [("applied_on", class.applied_on), ("reviewed_on", class.reviewed_on), ("opens_on", class.opens_on)];
    let row = |(name, date): (&str, Option<Date>)| date.map(|date| format!("{name} {date}"));
    named.into_iter().filter_map(row).collect()
}
