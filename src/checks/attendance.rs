//! Checks of attendance sheets: alone, and against ledger, timetable and roster of the same class.

use super::index::{Classes, Group, Matched, by_class};
use super::{Settings, at_source, count, key, row_list};
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{AttendanceRow, Finding, HalfDay, IdNumber, IdStatus, LedgerRow, Lesson, Mark, RosterRow};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// One class's attendance with everything else that is known of the class.
pub struct ClassAttendance<'a> {
    pub class: String,
    pub ledger: Option<&'a LedgerRow>,
    pub rows: Vec<&'a AttendanceRow>,
    /// Days on which a timetable has a lesson; empty without a timetable.
    pub lesson_days: BTreeSet<Date>,
    /// Trainees of the class; empty without a roster.
    pub roster: Vec<&'a RosterRow>,
}

/// Puts attendance beside ledger, lessons and rosters of the same classes.
pub fn class_attendances<'a>(
    attendance: &'a [AttendanceRow],
    roster: &'a [RosterRow],
    ledger: &'a [LedgerRow],
    lessons: &'a [Lesson],
) -> Vec<ClassAttendance<'a>> {
    let mut classes = Classes::new(ledger);
    let rosters = classes.group(roster);
    let rosters = by_class(&rosters);
    let mut days: HashMap<usize, BTreeSet<Date>> = HashMap::new();
    for (class, _, lesson) in Matched::new(ledger, lessons).iter().filter(|(_, row, _)| row.is_some()) {
        days.entry(class).or_default().extend(lesson.date);
    }
    let class = |group: Group<'a, AttendanceRow>| ClassAttendance {
        class: group.shown(),
        ledger: group.ledger,
        lesson_days: days.remove(&group.class).unwrap_or_default(),
        roster: rosters.get(&group.class).map(|group| group.rows.clone()).unwrap_or_default(),
        rows: group.rows,
    };
    classes.group(attendance).into_iter().map(class).collect()
}

/// Half-days attended and half-days told, of a class: by the marks, or where there are none by the counts.
fn attended(class: &ClassAttendance) -> (i64, i64) {
    let marks = || class.rows.iter().filter_map(|row| row.mark);
    let present = marks().filter(|mark| matches!(mark, Mark::Present | Mark::Late | Mark::LeftEarly)).count();
    if marks().next().is_some() {
        return (count(present), count(marks().count()));
    }
    let both = class.rows.iter().filter_map(|row| row.present.zip(row.expected)).filter(|(present, expected)| *present >= 0 && *expected > 0);
    both.fold((0, 0), |(present, expected), (p, e)| (present.saturating_add(p), expected.saturating_add(e)))
}

/// Attendance of a class between two bounds in permille, told at its first row.
fn below(classes: &[ClassAttendance], bounds: std::ops::Range<i64>, finding: impl Fn(&ClassAttendance, i64) -> Option<Finding>) -> Vec<Finding> {
    let rate = |class: &ClassAttendance| {
        let (present, expected) = attended(class);
        let permille = i128::from(present) * 1000 / i128::from(expected.max(1));
        i64::try_from(permille).ok().filter(|_| expected > 0)
    };
    let low = classes.iter().filter_map(|class| Some((class, rate(class).filter(|rate| bounds.contains(rate))?)));
    low.filter_map(|(class, rate)| finding(class, rate)).collect()
}

fn rate_values(class: &ClassAttendance, rate: i64, bound: i64) -> Vec<(&'static str, String)> {
    let percent = |permille: i64| format!("{}.{}%", permille / 10, permille % 10);
    vec![("class", class.class.clone()), ("rate", percent(rate)), ("bound", percent(bound))]
}

/// Attendance below the bound of a warning.
pub fn check_a1101_low_attendance(classes: &[ClassAttendance], settings: &Settings) -> Vec<Finding> {
    below(classes, settings.attendance_grave..settings.attendance_warning, |class, rate| {
        Some(at_source("A1101", Information, &class.rows.first()?.source, rate_values(class, rate, settings.attendance_warning)))
    })
}

/// Attendance so low that it is grave.
pub fn check_a1102_grave_attendance(classes: &[ClassAttendance], settings: &Settings) -> Vec<Finding> {
    below(classes, i64::MIN..settings.attendance_grave, |class, rate| {
        Some(at_source("A1102", ShouldExplain, &class.rows.first()?.source, rate_values(class, rate, settings.attendance_grave)))
    })
}

/// Every trainee has the same marks in all half-days of a long sheet: nobody was ever late or ill.
pub fn check_a1103_same_marks(classes: &[ClassAttendance], settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for class in classes {
        let mut sheets: BTreeMap<Option<&String>, Vec<&AttendanceRow>> = BTreeMap::new();
        for row in class.rows.iter().filter(|row| row.mark.is_some()) {
            sheets.entry(row.source.sheet.as_ref()).or_default().push(row);
        }
        findings.extend(sheets.values().filter_map(|rows| same_marks(&class.class, rows, settings)));
    }
    findings
}

fn same_marks(class: &str, rows: &[&AttendanceRow], settings: &Settings) -> Option<Finding> {
    type Half = (Option<Date>, Option<HalfDay>);
    // Trainees stand in rows of their own.
    let mut trainees: BTreeMap<u32, Vec<(Half, Option<Mark>)>> = BTreeMap::new();
    for row in rows {
        trainees.entry(row.source.row).or_default().push(((row.date, row.half), row.mark));
    }
    let first = trainees.values().next()?;
    let is_long = first.len() >= settings.same_marks_halves && trainees.len() >= settings.same_marks_trainees;
    if !is_long || trainees.values().any(|marks| marks != first) {
        return None;
    }
    let values = vec![("class", class.to_owned()), ("count", trainees.len().to_string()), ("halves", first.len().to_string())];
    Some(at_source("A1103", Information, &rows.first()?.source, values))
}

/// A sheet of a class that the ledger lacks, or of none: named once.
pub fn check_a1301_class_not_in_ledger(classes: &[ClassAttendance]) -> Vec<Finding> {
    let unknown = classes.iter().filter(|class| class.ledger.is_none());
    unknown.filter_map(|class| Some(at_source("A1301", Information, &class.rows.first()?.source, vec![("class", class.class.clone())]))).collect()
}

/// Someone attended on days before the opening or after the end: how many days, and the first.
pub fn check_a1302_outside_class(classes: &[ClassAttendance]) -> Vec<Finding> {
    let finding = |class: &ClassAttendance| {
        let (opens, ends) = class.ledger.map(|row| (row.opens_on, row.ends_on))?;
        let is_outside = |day: Date| opens.is_some_and(|opens| day < opens) || ends.is_some_and(|ends| day > ends);
        let (first, mut values) = days_with(class, is_outside)?;
        let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        values.extend([("opens", text(opens)), ("ends", text(ends))]);
        Some(at_source("A1302", ShouldExplain, &first.source, values))
    };
    classes.iter().filter_map(finding).collect()
}

/// Attendance on days without a lesson, among those that the class's timetable tells.
pub fn check_a1303_without_lesson(classes: &[ClassAttendance]) -> Vec<Finding> {
    let finding = |class: &ClassAttendance| {
        let (first, last) = class.lesson_days.first().zip(class.lesson_days.last())?;
        let (row, values) = days_with(class, |day| (*first..=*last).contains(&day) && !class.lesson_days.contains(&day))?;
        Some(at_source("A1303", ShouldExplain, &row.source, values))
    };
    classes.iter().filter_map(finding).collect()
}

/// The first row on such a day, and values that say on how many. A day when nobody came is no day of attendance.
fn days_with<'a>(class: &ClassAttendance<'a>, is_wrong: impl Fn(Date) -> bool) -> Option<(&'a AttendanceRow, Vec<(&'static str, String)>)> {
    let is_attended = |row: &&&AttendanceRow| match row.mark {
        Some(mark) => matches!(mark, Mark::Present | Mark::Late | Mark::LeftEarly),
        None => row.present.is_none_or(|present| present > 0),
    };
    let wrong = || class.rows.iter().filter(is_attended).filter(|row| row.date.is_some_and(&is_wrong));
    let first = wrong().min_by_key(|row| (row.date, row.source.row))?;
    let days: BTreeSet<Date> = wrong().filter_map(|row| row.date).collect();
    let values = vec![("class", class.class.clone()), ("count", days.len().to_string()), ("first", days.first()?.to_string())];
    Some((first, values))
}

/// People who attend and stand on no roster of the class: by number, or by name where one of the two has no number.
pub fn check_a1304_not_on_roster(classes: &[ClassAttendance]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for class in classes.iter().filter(|class| !class.roster.is_empty()) {
        let ids: HashSet<&IdNumber> = class.roster.iter().filter_map(|row| row.person.id.as_ref()).collect();
        let names = |rows: &mut dyn Iterator<Item = &&RosterRow>| -> HashSet<String> {
            rows.filter_map(|row| row.person.name.as_ref()).map(|name| key(name.reveal())).collect()
        };
        let all = names(&mut class.roster.iter());
        let unnumbered = names(&mut class.roster.iter().filter(|row| row.person.id.is_none()));
        let is_known = |row: &AttendanceRow| {
            let name = row.person.name.as_ref().map(|name| key(name.reveal()));
            match &row.person.id {
                Some(id) => ids.contains(id) || name.is_some_and(|name| unnumbered.contains(&name)),
                None => name.is_none_or(|name| all.contains(&name)),
            }
        };
        let mut seen = BTreeSet::new();
        let mut strangers: Vec<&AttendanceRow> = class.rows.iter().filter(|row| !is_known(row)).copied().collect();
        strangers.retain(|row| seen.insert((row.source.sheet.as_ref(), row.source.row)));
        if let Some(first) = strangers.first() {
            let rows = row_list(strangers.iter().map(|row| row.source.row));
            let values = vec![("class", class.class.clone()), ("count", strangers.len().to_string()), ("rows", rows)];
            findings.push(at_source("A1304", ShouldExplain, &first.source, values));
        }
    }
    findings
}

/// A sheet expects more or fewer than the roster has: the first day on which it does.
pub fn check_a1305_expected_against_roster(classes: &[ClassAttendance]) -> Vec<Finding> {
    let finding = |class: &ClassAttendance| {
        let trainees = count(class.roster.iter().filter(|row| row.person.id_status != IdStatus::Duplicate).count());
        let of_class = |row: &&&AttendanceRow| row.person.name.is_none() && row.person.id.is_none();
        let differs = |row: &&AttendanceRow| row.expected.is_some_and(|expected| expected != trainees);
        let row = class.rows.iter().filter(of_class).find(|row| differs(row)).filter(|_| trainees > 0)?;
        let values = vec![("class", class.class.clone()), ("expected", row.expected.unwrap_or(0).to_string()), ("count", trainees.to_string())];
        Some(at_source("A1305", ShouldExplain, &row.source, values))
    };
    classes.iter().filter_map(finding).collect()
}
