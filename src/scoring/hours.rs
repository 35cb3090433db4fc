//! H1, H2: the hours of a class's timetable.

use super::city::{City, Signal};
use super::days::{DAY, DaysOff, monday, week_of_day, week_of_minute};
use super::evidence::{Collected, Evidence, EvidenceRow};
use super::timetable::{ClassLesson, Timetable};
use crate::canon::Result;

/// Minutes of one 学时.
const PERIOD_MINUTES: i64 = 45;
/// Days beyond which a class's dates are a slip of the pen.
const RUNS_AT_MOST: i64 = 731;
/// H2: a day's start and end, and its greatest length in minutes.
const DAY_STARTS: i64 = 7 * 60;
const DAY_ENDS: i64 = 21 * 60;
const DAY_MINUTES: i64 = 8 * 60;

/// H1, hours cut: `ramp(1 − delivered/approved; .05, .30)`.
///
/// Delivered hours are those stated; where a lesson states none, its minutes by 45. Missing without approved hours,
/// without both dates, or unless every ISO week of the class with a working day has a lesson of it: a timetable sent
/// week by week says nothing of weeks to come. Limit: parallel groups of one class add up.
pub fn h1(city: &City) -> Result<Signal> {
    let classes = city.classes();
    let (timetable, off) = (city.shared().timetable(city)?, DaysOff::read(city.tables())?);
    Ok(Signal::of_frame(classes, |class| {
        let (minutes, approved) = delivered(city, timetable, &off, class)?;
        let due = approved.saturating_mul(PERIOD_MINUTES);
        let lacking = due.saturating_sub(minutes).max(0);
        Some((city.ramp("H1").at(lacking, due), lacking.div_euclid(PERIOD_MINUTES)))
    }))
}

/// Minutes delivered and 学时 approved, where the timetable can be held against them.
fn delivered(city: &City, timetable: &Timetable, off: &DaysOff, class: usize) -> Option<(i64, i64)> {
    let classes = city.classes();
    let approved = classes.hours[class].filter(|&hours| hours > 0)?;
    let (opens_on, ends_on) = (classes.opens_on[class]?, classes.ends_on[class]?);
    let lessons = timetable.of(class);
    let minutes = |lesson: &ClassLesson| lesson.hours().map_or(lesson.minutes(), |hours| hours * PERIOD_MINUTES);
    covers(off, (opens_on, ends_on), lessons).then(|| (lessons.iter().map(minutes).sum(), approved))
}

/// Whether a class's lessons reach over its whole running time, week by week.
fn covers(off: &DaysOff, (opens_on, ends_on): (i32, i32), lessons: &[ClassLesson]) -> bool {
    let (first, last) = (i64::from(opens_on), i64::from(ends_on));
    if lessons.is_empty() || !(0..=RUNS_AT_MOST).contains(&(last - first)) {
        return false;
    }
    let is_taught = |week: i64| lessons.binary_search_by_key(&week, |lesson| week_of_minute(lesson.starts())).is_ok();
    let has_work = |week: i64| (monday(week).max(first)..=(monday(week) + 6).min(last)).any(|day| !off.is_off(day));
    (week_of_day(first)..=week_of_day(last)).all(|week| is_taught(week) || !has_work(week))
}

/// H2, impossible timetable: `ramp(share of time at night, beyond 8 hours a day, or on a day off; 0, .20)`. Night is
/// before 07:00 or after 21:00; a lesson that crosses midnight is cut there. Overlapping lessons of the class count once.
/// Missing without lessons that last. Limit: weekend and evening classes for working people are lawful; the reason asks,
/// the points are few.
pub fn h2(city: &City) -> Result<Signal> {
    let (timetable, off) = (city.shared().timetable(city)?, DaysOff::read(city.tables())?);
    Ok(Signal::of_frame(city.classes(), |class| {
        let (mut all, mut bad) = (0, 0);
        let spans = spans_by_day(timetable.of(class));
        for day in spans.chunk_by(|a, b| a.0.div_euclid(DAY) == b.0.div_euclid(DAY)) {
            let (minutes, impossible) = judge_day(&off, day);
            all += minutes;
            bad += impossible;
        }
        (all > 0).then(|| (city.ramp("H2").at(bad, all), bad))
    }))
}

/// The time of lessons in order, each minute once, cut at midnight.
fn spans_by_day(lessons: &[ClassLesson]) -> Vec<(i64, i64)> {
    let (mut spans, mut until) = (Vec::with_capacity(lessons.len()), i64::MIN);
    for lesson in lessons {
        let (mut from, ends) = (lesson.starts().max(until), lesson.ends());
        until = until.max(ends);
        while from < ends {
            let midnight = (from.div_euclid(DAY) + 1) * DAY;
            spans.push((from, ends.min(midnight)));
            from = midnight;
        }
    }
    spans
}

/// Minutes of a day and those of them that are impossible; a minute is impossible once.
fn judge_day(off: &DaysOff, spans: &[(i64, i64)]) -> (i64, i64) {
    let Some(day) = spans.first().map(|(starts, _)| starts.div_euclid(DAY)) else { return (0, 0) };
    let (from, to) = (day * DAY + DAY_STARTS, day * DAY + DAY_ENDS);
    let all: i64 = spans.iter().map(|(start, end)| end - start).sum();
    if off.is_off(day) {
        return (all, all);
    }
    let daytime: i64 = spans.iter().map(|(start, end)| (end.min(&to) - start.max(&from)).max(0)).sum();
    (all, all - daytime + (daytime - DAY_MINUTES).max(0))
}

/// H1: hours delivered and approved; H2: the lessons of days with impossible minutes.
pub(super) fn evidence(city: &City, id: &str, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let (timetable, off) = (city.shared().timetable(city)?, DaysOff::read(city.tables())?);
    let mut found = Collected::new();
    for class in city.classes().frame().filter(|&class| is_wanted(class)) {
        if id == "H1" {
            if let Some((minutes, approved)) = delivered(city, timetable, &off, class) {
                let row = EvidenceRow::of("hours").number(minutes.div_euclid(PERIOD_MINUTES)).number(approved);
                found.add(class, (0, 0), row);
            }
            continue;
        }
        let spans = spans_by_day(timetable.of(class));
        for day in spans.chunk_by(|a, b| a.0.div_euclid(DAY) == b.0.div_euclid(DAY)).filter(|day| judge_day(&off, day).1 > 0) {
            day.iter().for_each(|&span| found.add(class, span, EvidenceRow::span("lesson", span)));
        }
    }
    Ok(found.finish())
}
