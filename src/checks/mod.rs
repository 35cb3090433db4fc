//! Checks over rows already read: one function per code, rows in, findings out. `docs/CODES.md` explains each.
//!
//! What may be chosen is in `Settings`. Cross-document checks find classes by key, so that a county with thousands of
//! classes is checked in one pass. No value of a finding is a trainee's name, number or telephone.

mod attendance;
mod changes;
mod clash;
mod export;
mod history;
mod index;
mod ledger;
mod ledger_fields;
mod ledger_table;
mod plan;
mod results;
mod retirement;
mod roster;
mod settings;
mod timetable;
mod timetable_against;

pub use attendance::*;
pub use changes::*;
pub use clash::*;
pub use export::*;
pub use history::*;
pub use index::{ClassIndex, Classes, Group, Matched};
pub use ledger::*;
pub use ledger_fields::*;
pub use ledger_table::*;
pub use plan::*;
pub use results::*;
pub use retirement::*;
pub use roster::*;
pub use settings::Settings;
pub use timetable::*;
pub use timetable_against::*;

use crate::calendar::Calendar;
use crate::canon::Date;
use crate::domain::{AttendanceRow, CheckRow, ExportRow, Finding, HistoryRow, LedgerRow, Lesson, Place, RosterRow, Severity, Source, mask_inside};
use std::borrow::Cow;

/// What a county's ledgers and timetables say of each other.
pub fn check_together(rows: &[LedgerRow], lessons: &[Lesson], calendar: &Calendar, settings: &Settings) -> Vec<Finding> {
    if rows.is_empty() || lessons.is_empty() {
        return Vec::new();
    }
    let matched = Matched::new(rows, lessons);
    let mut findings = check_t1301_lesson_outside_class(&matched);
    findings.extend(check_t1302_class_without_timetable(&matched));
    findings.extend(check_t1303_timetable_without_class(&matched));
    findings.extend(check_t1304_hours_against_ledger(&matched, settings));
    findings.extend(check_t1305_clock_time_against_ledger(&matched, settings));
    findings.extend(check_t1306_late_first_lesson(&matched, settings));
    findings.extend(check_t1307_early_last_lesson(&matched, settings));
    findings.extend(check_t1308_teacher_not_in_ledger(&matched));
    findings.extend(check_t1309_venue_not_in_ledger(&matched));
    findings.extend(check_t1310_teacher_in_two_classes(&matched));
    findings.extend(check_t1311_room_in_two_classes(&matched));
    findings.extend(check_t1312_lessons_on_days_off(&matched, calendar));
    findings
}

/// The checks that a ledger alone allows.
pub fn check_ledger(rows: &[LedgerRow], calendar: &Calendar, settings: &Settings) -> Vec<Finding> {
    let mut findings = check_l1100_duplicate_class(rows);
    findings.extend(check_l1101_missing_identity(rows));
    findings.extend(check_l1102_ends_before_opening(rows));
    findings.extend(check_l1103_late_application(rows, calendar, settings));
    findings.extend(check_l1104_opened_before_review(rows));
    findings.extend(check_l1105_uscc_checksum(rows));
    findings.extend(check_l1106_number_range(rows));
    findings.extend(check_l1107_missing_dates(rows));
    findings.extend(check_l1109_more_than_planned(rows));
    findings.extend(check_l1110_hours_against_days(rows));
    findings.extend(check_l1111_days_against_dates(rows));
    findings.extend(check_l1112_subsidy_amount(rows));
    findings.extend(check_l1113_duplicate_code(rows));
    findings.extend(check_l1115_two_credit_codes(rows));
    findings.extend(check_l1116_reviewed_before_application(rows));
    findings.extend(check_l1117_level_of_entrepreneurship(rows));
    findings.extend(check_l1118_hours_below_minimum(rows, settings));
    findings.extend(check_l1119_opening_on_day_off(rows, calendar));
    findings.extend(check_l1120_opening_far_ahead(rows, settings));
    findings.extend(check_l1121_missing_occupation(rows));
    findings.extend(check_l1123_shared_phone(rows, settings));
    findings.extend(check_l1124_same_class_by_two_names(rows));
    findings.extend(check_l1125_same_teacher_and_venue(rows));
    findings.extend(check_l1126_late_review(rows, calendar, settings));
    findings.extend(check_l1127_several_classes(rows));
    findings.extend(check_l1128_cancelled_in_words(rows));
    findings
}

/// The checks of a ledger that need a day of reference, mostly the Friday reported. L1108 is for ledgers that have a
/// column of approvals only, which the caller knows.
pub fn check_ledger_at(rows: &[LedgerRow], as_of: Date, settings: &Settings) -> Vec<Finding> {
    check_l1122_count_before_opening(rows, as_of, settings)
}

/// The checks that timetables alone allow.
pub fn check_timetable(lessons: &[Lesson]) -> Vec<Finding> {
    let mut findings = check_t1101_ends_before_start(lessons);
    findings.extend(check_t1102_long_day(lessons));
    findings.extend(check_t1103_odd_hours(lessons));
    findings.extend(check_t1104_more_periods_than_time(lessons));
    findings.extend(check_t1105_long_periods(lessons));
    findings.extend(check_t1106_same_class_twice_at_once(lessons));
    findings
}

/// A county's ledger against those of other counties, each with the name to print.
pub fn check_other_counties(ours: &[LedgerRow], others: &[(&str, &[LedgerRow])]) -> Vec<Finding> {
    check_l1301_one_class_in_two_counties(ours, others)
}

/// A ledger against the one before it: of the week before, or an earlier version of the same week. `as_of` is the day on
/// which this one is received.
pub fn check_against_previous(previous: &[LedgerRow], now: &[LedgerRow], as_of: Date, settings: &Settings) -> Vec<Finding> {
    let paired = Paired::new(previous, now);
    let mut findings = check_l1320_class_dropped(&paired, as_of);
    findings.extend(check_l1321_opening_moved_afterwards(&paired, as_of));
    findings.extend(check_l1322_changed_just_before_opening(&paired, as_of, settings));
    findings.extend(check_l1323_planned_raised_after_review(&paired));
    findings.extend(check_l1324_content_changed_after_review(&paired));
    findings
}

/// Rosters alone, against each other, and against the ledger: all rosters of a county together, for one class's may
/// stand in several documents and one person in several classes.
pub fn check_rosters(rows: &[RosterRow], ledger: &[LedgerRow], settings: &Settings) -> Vec<Finding> {
    let rosters = class_rosters(rows, ledger);
    let mut findings = check_r1101_stated_sex(rows);
    findings.extend(check_r1102_stated_age(&rosters));
    findings.extend(check_r1103_adjacent_ids(&rosters, settings));
    findings.extend(check_r1104_shared_phone(&rosters, settings));
    findings.extend(check_r1105_stated_subsidies(rows, settings));
    findings.extend(check_r1301_class_not_in_ledger(&rosters));
    findings.extend(check_r1302_headcount(&rosters));
    findings.extend(check_r1303_more_than_planned(&rosters));
    findings.extend(check_r1304_too_young(&rosters, settings));
    findings.extend(check_r1305_retired(&rosters, settings));
    findings.extend(check_r1306_age_to_judge(&rosters, settings));
    findings.extend(check_r1310_person_in_two_classes(&rosters));
    findings.extend(check_r1311_staff_as_trainee(&rosters, ledger));
    findings
}

/// Attendance alone, and against whatever else is known; `roster` and `lessons` may be empty.
pub fn check_attendance(
    attendance: &[AttendanceRow],
    roster: &[RosterRow],
    ledger: &[LedgerRow],
    lessons: &[Lesson],
    settings: &Settings,
) -> Vec<Finding> {
    let classes = class_attendances(attendance, roster, ledger, lessons);
    let mut findings = check_a1101_low_attendance(&classes, settings);
    findings.extend(check_a1102_grave_attendance(&classes, settings));
    findings.extend(check_a1103_same_marks(&classes, settings));
    if !ledger.is_empty() {
        findings.extend(check_a1301_class_not_in_ledger(&classes));
    }
    findings.extend(check_a1302_outside_class(&classes));
    findings.extend(check_a1303_without_lesson(&classes));
    findings.extend(check_a1304_not_on_roster(&classes));
    findings.extend(check_a1305_expected_against_roster(&classes));
    findings
}

/// Answers of the insurance side against the roster.
pub fn check_results(checks: &[CheckRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut findings = check_p1301_dead(checks, roster);
    findings.extend(check_p1302_serving(checks, roster));
    findings.extend(check_p1303_retired(checks, roster));
    findings.extend(check_p1304_employed(checks, roster, ledger));
    findings.extend(check_p1305_without_check(checks, roster, ledger));
    findings.extend(check_p1306_doubtful(checks, roster));
    findings.extend(check_p1307_unknown(checks, roster));
    findings
}

/// A system's export against ledger and rosters; all exports of the county together.
pub fn check_export(export: &[ExportRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut findings = check_x1301_not_in_export(export, ledger);
    findings.extend(check_x1302_not_in_ledger(export, ledger));
    findings.extend(check_x1303_field_differs(export, ledger));
    findings.extend(check_x1304_trainee_not_in_export(export, roster, ledger));
    findings.extend(check_x1305_trainee_not_on_roster(export, roster, ledger));
    findings
}

/// Earlier subsidies against roster and ledger.
pub fn check_history(history: &[HistoryRow], roster: &[RosterRow], ledger: &[LedgerRow], settings: &Settings) -> Vec<Finding> {
    let mut findings = check_h1301_same_training_before(history, roster, ledger);
    findings.extend(check_h1302_subsidies_in_year(history, roster, ledger, settings));
    findings.extend(check_h1303_amount_against_standard(history, ledger));
    findings.extend(check_h1304_paid_without_roster(history, roster, ledger));
    findings
}

/// A finding about a whole row. A value that begins with @ is the code of a word.
fn at_row(code: &'static str, severity: Severity, sheet: Option<&String>, row: u32, values: Vec<(&'static str, String)>) -> Finding {
    let place = Place { file: String::new(), sheet: sheet.cloned(), row: Some(row), cell: None };
    // A telephone number may have strayed into any text; codes are long numbers by nature.
    let shown = |name: &str, value: String| if ["class_code", "uscc", "first"].contains(&name) { value } else { mask_inside(&value) };
    let values = values.into_iter().map(|(name, value)| (name, shown(name, value))).collect();
    Finding { code, severity, place, value: None, values }
}

/// A finding about a row of a document about people.
fn at_source(code: &'static str, severity: Severity, source: &Source, values: Vec<(&'static str, String)>) -> Finding {
    at_row(code, severity, source.sheet.as_ref(), source.row, values)
}

/// Numbers of rows as a sentence names them: the first twenty in order.
fn row_list(rows: impl Iterator<Item = u32>) -> String {
    const SHOWN: usize = 20;
    let mut rows: Vec<u32> = rows.collect();
    rows.sort_unstable();
    let text = rows.iter().take(SHOWN).map(u32::to_string).collect::<Vec<_>>().join("、");
    if rows.len() > SHOWN { format!("{text} …") } else { text }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The name by which a class is compared across documents: without blanks, half-width.
fn key(text: &str) -> String {
    bare(text).into_owned()
}

/// A `key` that copies only what differs, for checks that ask of every row of a ledger.
fn bare(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_whitespace() || matches!(u32::from(c), 0xFF01..=0xFF5E)) {
        return Cow::Borrowed(text);
    }
    let half = |c: char| match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let mut key = String::with_capacity(text.len());
    key.extend(text.chars().map(half).filter(|c| !c.is_whitespace()));
    Cow::Owned(key)
}

/// Whether a teacher's name names someone; what stands in place of one does not.
fn is_name(text: &str) -> bool {
    const NOBODY: [&str; 16] =
        ["无", "待定", "未定", "暂无", "暂定", "外聘", "外聘教师", "外聘老师", "外请", "待聘", "待安排", "老师", "教师", "专家", "自习", "线上"];
    let text = bare(text);
    text.chars().count() > 1 && !NOBODY.contains(&text.as_ref())
}
