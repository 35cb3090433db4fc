//! Checks over rows already read: one function per code, rows in, findings out. `docs/CODES.md` explains each.

mod ledger;
mod plan;
mod timetable;

pub use ledger::*;
pub use plan::*;
pub use timetable::*;

use crate::calendar::Calendar;
use crate::domain::{Finding, LedgerRow, Lesson, Place, Severity, mask_inside};

/// What a county's ledgers and timetables say of each other.
pub fn check_together(rows: &[LedgerRow], lessons: &[Lesson]) -> Vec<Finding> {
    if rows.is_empty() || lessons.is_empty() {
        return Vec::new();
    }
    let mut findings = check_t1301_lesson_outside_class(rows, lessons);
    findings.extend(check_t1302_class_without_timetable(rows, lessons));
    findings.extend(check_t1303_timetable_without_class(rows, lessons));
    findings
}

/// The checks that a ledger alone allows.
pub fn check_ledger(rows: &[LedgerRow], calendar: &Calendar) -> Vec<Finding> {
    let mut findings = check_l1100_duplicate_class(rows);
    findings.extend(check_l1101_missing_identity(rows));
    findings.extend(check_l1102_ends_before_opening(rows));
    findings.extend(check_l1103_late_application(rows, calendar));
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
    findings
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

/// A finding about a whole row. A value that begins with @ is the code of a word.
fn at_row(code: &'static str, severity: Severity, sheet: Option<&String>, row: u32, values: Vec<(&'static str, String)>) -> Finding {
    let place = Place { file: String::new(), sheet: sheet.cloned(), row: Some(row), cell: None };
    // A telephone number may have strayed into any text; codes are long numbers by nature.
    let shown = |name: &str, value: String| if ["class_code", "uscc", "first"].contains(&name) { value } else { mask_inside(&value) };
    let values = values.into_iter().map(|(name, value)| (name, shown(name, value))).collect();
    Finding { code, severity, place, value: None, values }
}

/// The name by which a class is compared across documents: without blanks, half-width.
fn key(text: &str) -> String {
    let half = |c: char| match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).filter(|c| !c.is_whitespace()).collect()
}
