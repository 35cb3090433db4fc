//! T1–T4: when papers came, changed and passed.

use super::city::{City, Signal};
use super::classes::index;
use super::days::{DaysOff, midnight};
use super::evidence::{Collected, Evidence, EvidenceRow};
use super::institution::submissions;
use crate::canon::Result;
use std::collections::BTreeMap;

/// Working days by which an application must precede the opening, and in which it must be reviewed.
const LEAD_DAYS: i64 = 5;
const REVIEW_DAYS: i64 = 5;
/// Minutes after a lesson in which its papers are to be complete, and the rows in order that are added to every class's.
const RECORD_MINUTES: i64 = 2880;
const SHRINK: i64 = 10;
/// Minutes before the opening day in which a change counts.
const CLOSE_MINUTES: i64 = 4320;

/// T1, late application: `ramp(5 − lead working days; 0, 5)`. Missing without the lead, which is counted by the
/// caller's calendar and reading; a lead of five or more is 0, an application on the opening day 1000.
pub fn t1(city: &City) -> Result<Signal> {
    let classes = city.classes();
    Ok(Signal::of_frame(classes, |class| {
        let lead = classes.lead_days[class]?;
        let late = LEAD_DAYS.saturating_sub(lead).clamp(0, LEAD_DAYS);
        Some((city.ramp("T1").at(late, 1), lead))
    }))
}

/// T2, papers completed after the fact: the shrunken share of records made more than 48 hours after their lesson ended.
/// Missing without a record.
pub fn t2(city: &City) -> Result<Signal> {
    let classes = city.classes();
    let mut records = vec![(0i64, 0i64); classes.len()];
    city.tables().read("record", &["class", "ends", "recorded"], |part| {
        let (of, ends, recorded) = (part.codes("class")?, part.integers("ends")?, part.integers("recorded")?);
        for ((&class, &ends), &recorded) in of.values.iter().zip(ends.values).zip(recorded.values) {
            if let Some((late, all)) = classes.find(class).and_then(|class| records.get_mut(class)) {
                *late += i64::from(recorded.saturating_sub(ends) > RECORD_MINUTES);
                *all += 1;
            }
        }
        Ok(())
    })?;
    Ok(Signal::of_frame(classes, |class| {
        let (late, all) = records[class];
        (all > 0).then(|| (city.ramp("T2").at(late, all + SHRINK), late))
    }))
}

/// T3, changed close to the start, or after the Friday list: `ramp(changes; 0, 3)`, of changes from the third day
/// before the opening on, or after the last deadline of the county's list before the opening. Missing without an
/// opening date. Limit: a county that corrects a mistake and one that hides a class look the same.
pub fn t3(city: &City) -> Result<Signal> {
    let classes = city.classes();
    let from = late_from(city)?;
    let mut changes = vec![0i64; classes.len()];
    let known = city.tables().read("change", &["class", "at"], |part| {
        for (&class, &at) in part.codes("class")?.values.iter().zip(part.integers("at")?.values) {
            if let Some(class) = classes.find(class)
                && from[class].is_some_and(|from| at >= from)
            {
                changes[class] += 1;
            }
        }
        Ok(())
    })?;
    let value = |class: usize| from[class].filter(|_| known).map(|_| (city.ramp("T3").at(changes[class], 1), changes[class]));
    Ok(Signal::of_frame(classes, value))
}

/// Per class the first minute of which a change is late: three days before the opening, or just after the last deadline.
fn late_from(city: &City) -> Result<Vec<Option<i64>>> {
    let mut deadlines: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for submission in submissions(city)? {
        deadlines.entry(submission.county).or_default().extend(submission.due);
    }
    deadlines.values_mut().for_each(|of| of.sort_unstable());
    let classes = city.classes();
    let from = |class: usize| {
        let opens = midnight(classes.opens_on[class]?);
        let listed = deadlines.get(&classes.county[class]).and_then(|of| {
            let before = of.partition_point(|&due| due < opens);
            of.get(before.checked_sub(1)?)
        });
        let close = opens - CLOSE_MINUTES;
        Some(listed.map_or(close, |due| close.min(due + 1)))
    };
    Ok((0..classes.len()).map(from).collect())
}

/// T4, approved late, opened without or before approval: 0, 500 or 1000.
///
/// 1000 when the class opened before its review, or has opened at the freeze and the review is missing; 500 when the
/// review took (or, still missing, has taken) more than five working days after the application, that day not counted;
/// missing without an opening date or, where lateness must be judged, without an application date.
pub fn t4(city: &City) -> Result<Signal> {
    let classes = city.classes();
    let (off, today) = (DaysOff::read(city.tables())?, city.frozen_days());
    Ok(Signal::of_frame(classes, |class| {
        let (opens_on, reviewed_on) = (classes.opens_on[class]?, classes.reviewed_on[class]);
        if reviewed_on.map_or(opens_on <= today, |reviewed_on| opens_on < reviewed_on) {
            return Some((1000, 1));
        }
        let taken = off.working_days(classes.applied_on[class]?, reviewed_on.unwrap_or(today));
        Some((if taken > REVIEW_DAYS { 500 } else { 0 }, taken))
    }))
}

/// Names of the fields whose changes are counted, by their code in the table.
pub const FIELDS: [&str; 6] = ["opens_on", "ends_on", "hours", "venue", "teachers", "planned"];
/// What evidence calls their changes.
const CHANGES: [&str; 6] = ["change_opens_on", "change_ends_on", "change_hours", "change_venue", "change_teachers", "change_planned"];

/// The dates, records or changes that the values come from.
pub(super) fn evidence(city: &City, id: &str, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    match id {
        "T2" => late_records(city, is_wanted),
        "T3" => late_changes(city, is_wanted),
        _ => Ok(city.classes().frame().filter(|&class| is_wanted(class)).map(|class| (class, dates(city, id, class))).collect()),
    }
}

/// The dates in which the papers of a class stand, as far as known.
fn dates(city: &City, id: &str, class: usize) -> Vec<EvidenceRow> {
    let classes = city.classes();
    let named = [("applied_on", &classes.applied_on), ("reviewed_on", &classes.reviewed_on), ("opens_on", &classes.opens_on)];
    let mut rows: Vec<EvidenceRow> = named.into_iter().filter_map(|(name, days)| days[class].map(|day| EvidenceRow::on(name, day))).collect();
    if id == "T4" && classes.reviewed_on[class].is_none() {
        rows.push(EvidenceRow::of("not_reviewed"));
    }
    rows
}

fn late_records(city: &City, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let mut found = Collected::new();
    city.tables().read("record", &["class", "ends", "recorded"], |part| {
        let (of, ends, recorded) = (part.codes("class")?, part.integers("ends")?, part.integers("recorded")?);
        for ((&class, &ends), &recorded) in of.values.iter().zip(ends.values).zip(recorded.values) {
            if let Some(class) = city.classes().find(class).filter(|&class| is_wanted(class))
                && recorded.saturating_sub(ends) > RECORD_MINUTES
            {
                found.add(class, (ends, recorded), EvidenceRow::span("record", (ends, recorded)));
            }
        }
        Ok(())
    })?;
    Ok(found.finish())
}

fn late_changes(city: &City, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let (from, mut found) = (late_from(city)?, Collected::new());
    city.tables().read("change", &["class", "at", "field"], |part| {
        let (of, at, field) = (part.codes("class")?, part.integers("at")?, part.codes("field")?);
        for ((&class, &at), &field) in of.values.iter().zip(at.values).zip(field.values) {
            if let Some(class) = city.classes().find(class).filter(|&class| is_wanted(class))
                && from[class].is_some_and(|from| at >= from)
            {
                let what = CHANGES.get(index(field)).copied().unwrap_or("change");
                found.add(class, (at, field), EvidenceRow::at(what, at));
            }
        }
        Ok(())
    })?;
    Ok(found.finish())
}
