//! Checks of a timetable against the approved teaching plan（教学计划）of one class.

use super::{at_row, key};
use crate::domain::Severity::ShouldExplain;
use crate::domain::{Finding, Lesson, PlanRow};
use std::collections::BTreeMap;

/// What plan and timetable of one class say of each other.
pub fn check_plan(plan: &[PlanRow], lessons: &[Lesson]) -> Vec<Finding> {
    if plan.is_empty() || lessons.is_empty() {
        return Vec::new();
    }
    let mut findings = check_t1320_course_not_taught(plan, lessons);
    findings.extend(check_t1321_course_not_planned(plan, lessons));
    findings.extend(check_t1322_hours_differ(plan, lessons));
    findings
}

/// A course of the plan that no lesson teaches: named at its first row.
pub fn check_t1320_course_not_taught(plan: &[PlanRow], lessons: &[Lesson]) -> Vec<Finding> {
    let courses = Courses::of(plan);
    let taught = courses.taught(lessons);
    let missing = courses.rows.iter().filter(|(course, _)| !taught.contains_key(course.as_str()));
    let finding = |(_, rows): (&String, &Vec<&PlanRow>)| {
        let first = rows.first()?;
        let values = vec![("course", first.course.clone().unwrap_or_default())];
        Some(at_row("T1320", ShouldExplain, first.source.sheet.as_ref(), first.source.row, values))
    };
    missing.filter_map(finding).collect()
}

/// A course in the timetable that the plan does not have: named once. A lesson without a course says nothing.
pub fn check_t1321_course_not_planned(plan: &[PlanRow], lessons: &[Lesson]) -> Vec<Finding> {
    let courses = Courses::of(plan);
    let mut found: BTreeMap<String, &Lesson> = BTreeMap::new();
    for lesson in lessons {
        if let Some(course) = lesson.course.as_deref().map(course_key).filter(|course| !course.is_empty() && courses.find(course).is_none()) {
            found.entry(course).or_insert(lesson);
        }
    }
    let finding = |lesson: &&Lesson| {
        let values = vec![("course", lesson.course.clone().unwrap_or_default())];
        at_row("T1321", ShouldExplain, lesson.sheet.as_ref(), lesson.row, values)
    };
    found.values().map(finding).collect()
}

/// A course taught for more or fewer periods than planned, where both are known wholly.
pub fn check_t1322_hours_differ(plan: &[PlanRow], lessons: &[Lesson]) -> Vec<Finding> {
    let courses = Courses::of(plan);
    let taught = courses.taught(lessons);
    let finding = |(course, rows): (&String, &Vec<&PlanRow>)| {
        let planned = sum(rows.iter().map(|row| planned_hours(row)))?;
        let lessons = taught.get(course.as_str())?;
        let given = sum(lessons.iter().map(|lesson| given_hours(lesson)))?;
        let first = rows.first()?;
        let name = first.course.clone().unwrap_or_default();
        let values = vec![("course", name), ("planned", planned.to_string()), ("taught", given.to_string())];
        (planned != given).then(|| at_row("T1322", ShouldExplain, first.source.sheet.as_ref(), first.source.row, values))
    };
    courses.rows.iter().filter_map(finding).collect()
}

/// The courses of a plan by their compared names; one course may stand in several rows.
struct Courses<'a> {
    rows: BTreeMap<String, Vec<&'a PlanRow>>,
}

impl<'a> Courses<'a> {
    fn of(plan: &'a [PlanRow]) -> Self {
        let mut rows: BTreeMap<String, Vec<&PlanRow>> = BTreeMap::new();
        for row in plan {
            if let Some(course) = row.course.as_deref().map(course_key).filter(|course| !course.is_empty()) {
                rows.entry(course).or_default().push(row);
            }
        }
        Self { rows }
    }

    /// The planned course that a taught one is: the same name, else the longest planned name that stands inside it
    /// （“面点制作实操” is “面点制作”）; none where two are equally long.
    fn find(&self, course: &str) -> Option<&str> {
        if let Some((same, _)) = self.rows.get_key_value(course) {
            return Some(same);
        }
        let inside = || self.rows.keys().filter(|planned| planned.chars().count() >= 2 && course.contains(planned.as_str()));
        let longest = inside().map(|planned| planned.chars().count()).max()?;
        let mut best = inside().filter(|planned| planned.chars().count() == longest);
        best.next().filter(|_| best.next().is_none()).map(String::as_str)
    }

    fn taught<'l>(&self, lessons: &'l [Lesson]) -> BTreeMap<&str, Vec<&'l Lesson>> {
        let mut taught: BTreeMap<&str, Vec<&Lesson>> = BTreeMap::new();
        for lesson in lessons {
            if let Some(course) = lesson.course.as_deref().map(course_key).as_deref().and_then(|course| self.find(course)) {
                taught.entry(course).or_default().push(lesson);
            }
        }
        taught
    }
}

/// Without blanks and title marks.
fn course_key(course: &str) -> String {
    key(course).chars().filter(|c| !matches!(c, '《' | '》' | '“' | '”' | '"')).collect::<String>().to_lowercase()
}

fn planned_hours(row: &PlanRow) -> Option<i64> {
    row.hours.or(match (row.theory_hours, row.practice_hours) {
        (None, None) => None,
        (theory, practice) => Some(theory.unwrap_or(0).saturating_add(practice.unwrap_or(0))),
    })
}

/// Periods as stated, else whole periods of 45 minutes.
fn given_hours(lesson: &Lesson) -> Option<i64> {
    lesson.hours.or_else(|| {
        let minutes = i64::from(lesson.end?.minutes()) - i64::from(lesson.start?.minutes());
        (minutes > 0).then_some(minutes / 45)
    })
}

/// The sum, where every part is known.
fn sum(mut parts: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    parts.try_fold(0_i64, |sum, part| sum.checked_add(part?))
}
