//! Checks of lessons alone.

use super::at_row;
use super::index::names;
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{Finding, Lesson};
use std::collections::BTreeMap;

/// Eight clock hours a day (commonly practised, its source to be confirmed).
const DAY_MINUTES: u32 = 8 * 60;

pub fn check_t1101_ends_before_start(lessons: &[Lesson]) -> Vec<Finding> {
    let finding = |lesson: &Lesson| {
        let (start, end) = (lesson.start?, lesson.end?);
        let values = vec![("start", start.to_string()), ("end", end.to_string())];
        (end <= start).then(|| at_row("T1101", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values))
    };
    lessons.iter().filter_map(finding).collect()
}

/// More than eight clock hours of one class on one day.
pub fn check_t1102_long_day(lessons: &[Lesson]) -> Vec<Finding> {
    let mut days: BTreeMap<(String, String, Date), (u32, &Lesson)> = BTreeMap::new();
    for lesson in lessons {
        let (Some(date), Some(start), Some(end)) = (lesson.date, lesson.start, lesson.end) else { continue };
        let minutes = u32::from(end.minutes().saturating_sub(start.minutes()));
        let (institution, class) = names(lesson);
        days.entry((institution, class, date)).or_insert((0, lesson)).0 += minutes;
    }
    let long = days.into_iter().filter(|(_, (minutes, _))| *minutes > DAY_MINUTES);
    let finding = |((_, class, date), (minutes, lesson)): ((String, String, Date), (u32, &Lesson))| {
        let values = vec![("class", class), ("date", date.to_string()), ("minutes", minutes.to_string())];
        at_row("T1102", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values)
    };
    long.map(finding).collect()
}

/// Before six in the morning or after ten at night: mostly an afternoon written as 2:30.
pub fn check_t1103_odd_hours(lessons: &[Lesson]) -> Vec<Finding> {
    let finding = |lesson: &Lesson| {
        let (start, end) = (lesson.start?, lesson.end?);
        let values = vec![("start", start.to_string()), ("end", end.to_string())];
        let is_odd = start.minutes() < 6 * 60 || end.minutes() > 22 * 60;
        is_odd.then(|| at_row("T1103", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values))
    };
    lessons.iter().filter_map(finding).collect()
}

/// Minutes of a lesson and the periods stated for it.
fn length(lesson: &Lesson) -> Option<(i64, i64)> {
    let (start, end) = (lesson.start?, lesson.end?);
    let minutes = i64::from(end.minutes()) - i64::from(start.minutes());
    lesson.hours.filter(|hours| (1..=24).contains(hours) && minutes > 0).map(|hours| (minutes, hours))
}

/// More periods of 45 minutes stated than the time of the lesson holds.
pub fn check_t1104_more_periods_than_time(lessons: &[Lesson]) -> Vec<Finding> {
    let finding = |lesson: &Lesson| {
        let (minutes, hours) = length(lesson)?;
        let values = vec![("hours", hours.to_string()), ("minutes", minutes.to_string())];
        (hours * 45 > minutes).then(|| at_row("T1104", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values))
    };
    lessons.iter().filter_map(finding).collect()
}

/// A timetable that mostly counts 60 minutes as one period: said once, not rejected.
pub fn check_t1105_long_periods(lessons: &[Lesson]) -> Vec<Finding> {
    let lengths: Vec<(&Lesson, i64, i64)> =
        lessons.iter().filter_map(|lesson| length(lesson).map(|(minutes, hours)| (lesson, minutes, hours))).collect();
    let long: Vec<&Lesson> = lengths.iter().filter(|(_, minutes, hours)| *minutes == hours * 60).map(|(lesson, _, _)| *lesson).collect();
    match long.first() {
        Some(first) if long.len() * 2 > lengths.len() => {
            let values = vec![("count", long.len().to_string())];
            vec![at_row("T1105", Information, first.sheet.as_ref(), first.row, values)]
        }
        _ => Vec::new(),
    }
}

/// One class in two lessons at the same time: named at the later row.
pub fn check_t1106_same_class_twice_at_once(lessons: &[Lesson]) -> Vec<Finding> {
    type Slot<'a> = (u16, u16, &'a Lesson);
    let mut days: BTreeMap<(String, String, Date), Vec<Slot>> = BTreeMap::new();
    let mut findings = Vec::new();
    for lesson in lessons.iter().filter(|lesson| lesson.class_name.is_some()) {
        let (Some(date), Some(start), Some(end)) = (lesson.date, lesson.start, lesson.end) else { continue };
        let (institution, class) = names(lesson);
        let slots = days.entry((institution, class.clone(), date)).or_default();
        if let Some((_, _, earlier)) = slots.iter().find(|(from, to, _)| start.minutes() < *to && *from < end.minutes()) {
            let values = vec![("class", class), ("date", date.to_string()), ("start", start.to_string()), ("earlier", earlier.row.to_string())];
            findings.push(at_row("T1106", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values));
        }
        slots.push((start.minutes(), end.minutes(), lesson));
    }
    findings
}
