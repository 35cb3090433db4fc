//! Which classes stand in the frame: everything whose dates meet the window, whatever a county sent, withheld or garbled.

use super::Office;
use super::receive::squeeze;
use super::tables::{Changed, Punctuality, Sources, tables};
use super::unit::DueWeeks;
use crate::canon::{Code, Date, Refusal, Result, Time, Week};
use crate::domain::{LedgerRow, Lesson, ReportingUnit};
use crate::scoring::Tables;
use crate::store;
use crate::store::submission::{StoredRow, Submission};
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};

/// Why a class stands in the frame although its county's papers are not in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The county sent nothing for the week; the class stands as it was last reported.
    SilentCounty,
    /// Was in an earlier ledger and is missing from the newest one.
    DroppedFromLedger,
    /// Its row has something that must be mended.
    RowOwed,
    NoTimetable,
    /// Opening or closing date unknown: it can't be shown that the class is not running.
    DatesUnknown,
}

/// One class that the office knows, with everything known of it at a moment.
#[derive(Clone, Debug)]
pub struct KnownClass {
    pub unit: Code,
    pub county: Code,
    pub stratum: Code,
    pub row: LedgerRow,
    pub lessons: Vec<Lesson>,
    pub first_seen: Week,
    pub last_seen: Week,
    /// When its newest row was received.
    pub known_at: Time,
    pub flags: BTreeSet<Flag>,
}

/// What is known for a week as of a moment.
pub struct Known {
    pub units: Vec<ReportingUnit>,
    /// In order of unit codes.
    pub in_frame: Vec<KnownClass>,
    /// Classes whose timetable spans the window without a lesson in it.
    pub left_out: Vec<KnownClass>,
    /// The institution of every class known, in the frame or not.
    pub institutions: BTreeMap<Code, String>,
    /// The submission taken for the week, per reporting county; none where none was accepted.
    pub taken: BTreeMap<Code, Option<Submission>>,
    /// The same, and all that bears on it, as scoring reads it.
    pub tables: Tables,
}

/// Last version per county and week, in order of the log.
fn newest_versions(submissions: &[Submission], week: Week, as_of: Time) -> Vec<&Submission> {
    let mut newest: BTreeMap<(&Code, Week), &Submission> = BTreeMap::new();
    for submission in submissions.iter().filter(|s| s.week <= week && s.at <= as_of) {
        newest.insert((&submission.county, submission.week), submission);
    }
    let mut list: Vec<&Submission> = newest.into_values().collect();
    // Reports of later weeks say more than late corrections of earlier ones.
    list.sort_by_key(|s| (s.week, s.leaf_index));
    list
}

/// Gathers all that was known at `as_of`, from what was reported until `week`, about the classes that may run in the window.
/// `before` is the index of the plan's leaf where there is one: what entered the log after it was not known.
pub async fn gather(
    office: &Office,
    connection: &mut AnyConnection,
    week: Week,
    window: (Date, Date),
    as_of: Time,
    before: Option<u64>,
) -> Result<Known> {
    gather_for(office, connection, week, window, as_of, before, true).await
}

/// The same for those who only need the classes: nothing of people is read, and the tables stay empty.
pub async fn gather_classes(
    office: &Office,
    connection: &mut AnyConnection,
    week: Week,
    window: (Date, Date),
    as_of: Time,
    before: Option<u64>,
) -> Result<Known> {
    gather_for(office, connection, week, window, as_of, before, false).await
}

async fn gather_for(
    office: &Office,
    connection: &mut AnyConnection,
    week: Week,
    window: (Date, Date),
    as_of: Time,
    before: Option<u64>,
    for_scoring: bool,
) -> Result<Known> {
    let units = store::unit::list_reporting_units(connection).await?;
    let mut submissions = store::submission::list(connection).await?;
    // What came in the same second as a freeze, but after it, was not known to it.
    submissions.retain(|submission| before.is_none_or(|index| submission.leaf_index < index));
    let newest = newest_versions(&submissions, week, as_of);
    let mut classes: BTreeMap<Code, KnownClass> = BTreeMap::new();
    for submission in &newest {
        let rows = store::submission::list_rows(connection, submission).await?;
        let lessons = read_lessons(office, submission)?;
        for stored in rows {
            merge(&mut classes, submission, stored, &units);
        }
        for (unit, lessons) in lessons {
            if let Some(class) = classes.get_mut(&unit) {
                class.lessons = lessons;
            }
        }
    }
    let due = DueWeeks::load(connection).await?;
    let due_now = units.iter().filter(|unit| due.is_due(&unit.county, week));
    let mut taken: BTreeMap<Code, Option<Submission>> = due_now.map(|unit| (unit.county.clone(), None)).collect();
    for submission in &submissions {
        // Named even when it is no longer a reporting unit: the log shows that it sent something.
        taken.entry(submission.county.clone()).or_default();
    }
    for submission in newest.iter().filter(|s| s.week == week) {
        taken.insert(submission.county.clone(), Some((*submission).clone()));
    }
    let mut all = Vec::with_capacity(classes.len());
    for (_, mut class) in classes {
        flag(&mut class, week, &taken);
        let is_in_frame = meets(&class.row, window) && !spans_without_lesson(&class.lessons, window);
        all.push((class, is_in_frame));
    }
    let mut scored = Tables::new(as_of);
    if for_scoring {
        let sources = Sources {
            as_of,
            week,
            classes: &all,
            changes: changes(connection, &submissions, as_of).await?,
            punctuality: punctuality(office, (&taken, &due), &submissions, week, as_of),
            newest: &newest,
            units: &units,
        };
        scored = tables(office, connection, &sources).await?;
    }
    let named = |(class, _): &(KnownClass, bool)| Some((class.unit.clone(), class.row.institution.clone()?));
    let institutions = all.iter().filter_map(named).collect();
    let (in_frame, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, is_in_frame)| *is_in_frame);
    let left_out = others.into_iter().map(|(class, _)| class).filter(|class| meets(&class.row, window)).collect();
    let in_frame = in_frame.into_iter().map(|(class, _)| class).collect();
    Ok(Known { units, in_frame, left_out, institutions, taken, tables: scored })
}

/// A newer row replaces an older one, but a date that it lost stays as it was last known.
fn merge(classes: &mut BTreeMap<Code, KnownClass>, submission: &Submission, stored: StoredRow, units: &[ReportingUnit]) {
    let StoredRow { unit, mut row, owed } = stored;
    let older = classes.get(&unit);
    if let Some(older) = older {
        row.opens_on = row.opens_on.or(older.row.opens_on);
        row.ends_on = row.ends_on.or(older.row.ends_on);
    }
    let stratum = units.iter().find(|known| known.county == submission.county).map_or(&submission.county, |known| &known.stratum);
    let class = KnownClass {
        first_seen: older.map_or(submission.week, |older| older.first_seen),
        lessons: older.map(|older| older.lessons.clone()).unwrap_or_default(),
        unit: unit.clone(),
        county: submission.county.clone(),
        stratum: stratum.clone(),
        row,
        last_seen: submission.week,
        known_at: submission.at,
        flags: if owed.is_some() { BTreeSet::from([Flag::RowOwed]) } else { BTreeSet::new() },
    };
    classes.insert(unit, class);
}

fn read_lessons(office: &Office, submission: &Submission) -> Result<BTreeMap<Code, Vec<Lesson>>> {
    let mut by_unit: BTreeMap<Code, Vec<Lesson>> = BTreeMap::new();
    if let Some(hash) = &submission.lessons {
        for (unit, lesson) in office.facts.read_lessons(submission.week, &submission.county, hash)? {
            if let Some(unit) = unit {
                by_unit.entry(unit).or_default().push(lesson);
            }
        }
    }
    Ok(by_unit)
}

/// Whether a class's dates meet the window. An unknown date keeps it in: silence is no shelter.
fn meets(row: &LedgerRow, (first, last): (Date, Date)) -> bool {
    row.opens_on.is_none_or(|opens| opens <= last) && row.ends_on.is_none_or(|ends| ends >= first)
}

/// Whether a timetable has lessons before and after the window and none inside.
fn spans_without_lesson(lessons: &[Lesson], (first, last): (Date, Date)) -> bool {
    let dates = || lessons.iter().filter_map(|lesson| lesson.date);
    // A lesson whose date could not be read might be inside.
    lessons.iter().all(|lesson| lesson.date.is_some())
        && dates().any(|date| date < first)
        && dates().any(|date| date > last)
        && !dates().any(|date| (first..=last).contains(&date))
}

fn flag(class: &mut KnownClass, week: Week, taken: &BTreeMap<Code, Option<Submission>>) {
    let is_silent = taken.get(&class.county).is_none_or(Option::is_none);
    if is_silent {
        class.flags.insert(Flag::SilentCounty);
    } else if class.last_seen < week {
        class.flags.insert(Flag::DroppedFromLedger);
    }
    if class.lessons.is_empty() {
        class.flags.insert(Flag::NoTimetable);
    }
    if class.row.opens_on.is_none() || class.row.ends_on.is_none() {
        class.flags.insert(Flag::DatesUnknown);
    }
}

/// Fields of a row whose change counts (T3), each as text.
fn tracked(row: &LedgerRow) -> Vec<(&'static str, String)> {
    let date = |date: &Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    vec![
        ("opens_on", date(&row.opens_on)),
        ("ends_on", date(&row.ends_on)),
        ("hours", row.hours.map(|h| h.to_string()).unwrap_or_default()),
        ("venue", row.venue.as_deref().map(squeeze).unwrap_or_default()),
        ("teachers", row.teachers.join("、")),
        ("planned", row.planned.map(|p| p.to_string()).unwrap_or_default()),
    ]
}

/// Every change of a tracked field from one accepted version to the next, at the time of the version that made it.
async fn changes(connection: &mut AnyConnection, submissions: &[Submission], as_of: Time) -> Result<Vec<Changed>> {
    let mut last: BTreeMap<Code, LedgerRow> = BTreeMap::new();
    let mut found = Vec::new();
    for submission in submissions.iter().filter(|s| s.at <= as_of) {
        for StoredRow { unit, row, .. } in store::submission::list_rows(connection, submission).await? {
            if let Some(before) = last.get(&unit) {
                let differing = tracked(before).into_iter().zip(tracked(&row)).filter(|(a, b)| a != b && !b.1.is_empty());
                found.extend(differing.map(|((field, _), _)| Changed { unit: unit.clone(), at: submission.at, field }));
            }
            last.insert(unit, row);
        }
    }
    Ok(found)
}

/// Every county's punctuality in each week since anyone first reported: due, first received, how many versions.
fn punctuality(
    office: &Office,
    (taken, due): (&BTreeMap<Code, Option<Submission>>, &DueWeeks),
    submissions: &[Submission],
    week: Week,
    as_of: Time,
) -> Vec<Punctuality> {
    let mut rows = Vec::new();
    let Some(mut at) = submissions.iter().map(|submission| submission.week).min() else { return rows };
    while at <= week {
        for county in taken.keys() {
            let ours = || submissions.iter().filter(|s| s.county == *county && s.week == at && s.at <= as_of);
            let (received_at, versions) = (ours().map(|s| s.at).min(), i64::try_from(ours().count()).unwrap_or(i64::MAX));
            // A unit added later, or retired, was not silent in weeks in which nothing was asked of it.
            if versions == 0 && !due.is_due(county, at) {
                continue;
            }
            rows.push(Punctuality { county: county.clone(), week: at, due_at: office.deadline(at), received_at, versions });
        }
        at = at.next();
    }
    rows
}

/// Refuses a week in which nothing could be drawn.
pub fn require_classes(known: &Known, week: Week) -> Result<()> {
    if known.in_frame.is_empty() { Err(Refusal::new("frame_empty").with("week", week)) } else { Ok(()) }
}
