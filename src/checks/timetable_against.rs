//! Checks of lessons against the ledger's classes.

use super::index::{Matched, names};
use super::{Settings, at_row, is_name, key};
use crate::calendar::Calendar;
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{Finding, LedgerRow, Lesson};
use std::collections::BTreeSet;

/// A venue's text of so many characters is an address; a shorter one is a room somewhere inside.
pub const ADDRESS_CHARS: usize = 8;

/// Lessons before a class opens or after it ends.
pub fn check_t1301_lesson_outside_class(matched: &Matched) -> Vec<Finding> {
    let finding = |(_, row, lesson): (usize, Option<&LedgerRow>, &Lesson)| {
        let (row, date) = (row?, lesson.date?);
        let outside = row.opens_on.is_some_and(|opens| date < opens) || row.ends_on.is_some_and(|ends| date > ends);
        let text = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
        let values = || {
            vec![
                ("class", lesson.class_name.clone().unwrap_or_default()),
                ("date", date.to_string()),
                ("opens", text(row.opens_on)),
                ("ends", text(row.ends_on)),
            ]
        };
        outside.then(|| at_row("T1301", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values()))
    };
    matched.iter().filter_map(finding).collect()
}

/// A class of the ledger for which no timetable has a lesson.
pub fn check_t1302_class_without_timetable(matched: &Matched) -> Vec<Finding> {
    let missing = matched.rows.iter().zip(matched.lesson_counts()).filter(|(row, lessons)| row.class_name.is_some() && *lessons == 0);
    let values = |row: &LedgerRow| vec![("class", row.class_name.clone().unwrap_or_default())];
    missing.map(|(row, _)| at_row("T1302", ShouldExplain, row.sheet.as_ref(), row.row, values(row))).collect()
}

/// A class that has a timetable and stands in no ledger row: named once.
pub fn check_t1303_timetable_without_class(matched: &Matched) -> Vec<Finding> {
    let mut named = BTreeSet::new();
    let mut findings = Vec::new();
    for (_, _, lesson) in matched.iter().filter(|(_, row, _)| row.is_none()) {
        if named.insert(names(lesson)) {
            let class = lesson.class_name.clone().unwrap_or_else(|| "@class_unnamed".to_owned());
            findings.push(at_row("T1303", Information, lesson.sheet.as_ref(), lesson.row, vec![("class", class)]));
        }
    }
    findings
}

/// First and last day of a class's lessons.
fn days(lessons: &[&Lesson]) -> Option<(Date, Date)> {
    let dates = || lessons.iter().filter_map(|lesson| lesson.date);
    dates().min().zip(dates().max())
}

/// Whether a timetable tells a class from its opening to its end, not only a week of it.
fn is_whole(row: &LedgerRow, lessons: &[&Lesson], settings: &Settings) -> bool {
    let both = row.opens_on.zip(row.ends_on).zip(days(lessons));
    both.is_some_and(|((opens, ends), (first, last))| first.days_since(opens) <= settings.edge_days && ends.days_since(last) <= settings.edge_days)
}

/// The ledger's hours, if sensible, and by how many another sum may differ.
fn hours_with_tolerance(row: &LedgerRow, settings: &Settings) -> Option<(i64, i64)> {
    let hours = row.hours.filter(|hours| (1..=3000).contains(hours))?;
    Some((hours, hours.saturating_mul(settings.hours_tolerance_percent.max(0)) / 100))
}

/// The 学时 of a timetable that states them for every lesson.
fn stated_hours(lessons: &[&Lesson]) -> Option<i64> {
    lessons.iter().map(|lesson| lesson.hours.filter(|hours| (0..=24).contains(hours))).sum()
}

/// The 学时 that a timetable states add up to more than the ledger's, or, where it tells the whole class, to fewer.
pub fn check_t1304_hours_against_ledger(matched: &Matched, settings: &Settings) -> Vec<Finding> {
    let finding = |(row, lessons): (&LedgerRow, &[&Lesson])| {
        let (hours, tolerance) = hours_with_tolerance(row, settings)?;
        let stated = stated_hours(lessons)?;
        let is_off = stated > hours + tolerance || stated < hours - tolerance && is_whole(row, lessons, settings);
        let values = vec![("stated", stated.to_string()), ("hours", hours.to_string())];
        is_off.then(|| at_row("T1304", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    matched.by_row().filter_map(finding).collect()
}

/// The clock time of a timetable that tells the whole class holds fewer periods of 45 minutes than the ledger has hours.
/// More time is no fault: breaks lie within, and some count 60 minutes. A timetable that states too few has T1304.
pub fn check_t1305_clock_time_against_ledger(matched: &Matched, settings: &Settings) -> Vec<Finding> {
    let finding = |(row, lessons): (&LedgerRow, &[&Lesson])| {
        let (hours, tolerance) = hours_with_tolerance(row, settings)?;
        let length = |lesson: &&Lesson| Some(i64::from(lesson.end?.minutes()) - i64::from(lesson.start?.minutes())).filter(|minutes| *minutes > 0);
        let minutes: i64 = lessons.iter().map(length).sum::<Option<i64>>()?;
        let periods = minutes / 45;
        let values = vec![("minutes", minutes.to_string()), ("periods", periods.to_string()), ("hours", hours.to_string())];
        let is_told = stated_hours(lessons).is_some_and(|stated| stated < hours - tolerance);
        let is_short = periods < hours - tolerance && !is_told && is_whole(row, lessons, settings);
        is_short.then(|| at_row("T1305", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    matched.by_row().filter_map(finding).collect()
}

/// The first lesson is days after the opening, in a timetable that tells the week of the opening: one that begins later
/// says nothing of it, for counties send the coming weeks only.
pub fn check_t1306_late_first_lesson(matched: &Matched, settings: &Settings) -> Vec<Finding> {
    let finding = |(row, lessons): (&LedgerRow, &[&Lesson])| {
        let opens = row.opens_on?;
        let (first, _) = days(lessons).filter(|(first, _)| first.week() == opens.week() && first.days_since(opens) > settings.edge_days)?;
        let values = vec![("opens", opens.to_string()), ("first", first.to_string())];
        Some(at_row("T1306", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    matched.by_row().filter_map(finding).collect()
}

/// The last lesson is days before the end, in a timetable that tells the week of the end.
pub fn check_t1307_early_last_lesson(matched: &Matched, settings: &Settings) -> Vec<Finding> {
    let finding = |(row, lessons): (&LedgerRow, &[&Lesson])| {
        let ends = row.ends_on?;
        let (_, last) = days(lessons).filter(|(_, last)| last.week() == ends.week() && ends.days_since(*last) > settings.edge_days)?;
        let values = vec![("ends", ends.to_string()), ("last", last.to_string())];
        Some(at_row("T1307", Information, row.sheet.as_ref(), row.row, values))
    };
    matched.by_row().filter_map(finding).collect()
}

/// Teachers of lessons whom the ledger does not name for the class: each once.
pub fn check_t1308_teacher_not_in_ledger(matched: &Matched) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (row, lessons) in matched.by_row() {
        let named: Vec<String> = row.teachers.iter().filter(|name| is_name(name)).map(|name| key(name)).collect();
        let mut seen = BTreeSet::new();
        for lesson in lessons.iter().filter(|_| !named.is_empty()) {
            for teacher in lesson.teachers.iter().filter(|name| is_name(name)) {
                let name = key(teacher);
                // 张三老师 and 张三（高级技师）are 张三.
                let is_known = named.iter().any(|known| name.contains(known.as_str()) || known.contains(&name));
                if !is_known && seen.insert(name) {
                    let values = vec![("class", row.class_name.clone().unwrap_or_default()), ("teacher", teacher.clone())];
                    findings.push(at_row("T1308", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values));
                }
            }
        }
    }
    findings
}

/// Lessons at an address that is neither the ledger's venue nor its practice venue: each address once.
pub fn check_t1309_venue_not_in_ledger(matched: &Matched) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (row, lessons) in matched.by_row() {
        let known: Vec<String> = [&row.venue, &row.practice_venue].into_iter().flatten().map(|venue| plain(venue)).collect();
        let mut seen = BTreeSet::new();
        for lesson in lessons.iter().filter(|_| !known.is_empty()) {
            let Some(venue) = lesson.venue.as_ref() else { continue };
            let there = plain(venue);
            let is_known =
                there.chars().count() < ADDRESS_CHARS || known.iter().any(|known| known.contains(&there) || there.contains(known.as_str()));
            if !is_known && seen.insert(there) {
                let values = vec![("class", row.class_name.clone().unwrap_or_default()), ("venue", venue.clone())];
                findings.push(at_row("T1309", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values));
            }
        }
    }
    findings
}

/// A place without blanks, brackets and signs.
fn plain(venue: &str) -> String {
    key(venue).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Lessons on days off: how many of a class, and the first.
pub fn check_t1312_lessons_on_days_off(matched: &Matched, calendar: &Calendar) -> Vec<Finding> {
    let finding = |(row, lessons): (&LedgerRow, &[&Lesson])| {
        let off: BTreeSet<Date> = lessons.iter().filter_map(|lesson| lesson.date).filter(|date| !calendar.is_working_day(*date)).collect();
        let first = off.first()?;
        let values = vec![("class", row.class_name.clone().unwrap_or_default()), ("count", off.len().to_string()), ("first", first.to_string())];
        Some(at_row("T1312", Information, row.sheet.as_ref(), row.row, values))
    };
    matched.by_row().filter_map(finding).collect()
}
