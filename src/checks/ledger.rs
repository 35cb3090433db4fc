//! Checks of ledger rows.

use super::{Settings, at_row, bare};
use crate::calendar::{Calendar, LEAD_DAYS, LeadReading};
use crate::canon::Date;
use crate::domain::Severity::{Information, MustMend, ShouldExplain};
use crate::domain::{Finding, LedgerRow, mask_inside};
use std::borrow::Cow;
use std::collections::HashMap;

/// The same institution and class name twice in one ledger.
pub fn check_l1100_duplicate_class(rows: &[LedgerRow]) -> Vec<Finding> {
    let mut first: HashMap<(Cow<str>, Cow<str>), u32> = HashMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let (Some(institution), Some(name)) = (&row.institution, &row.class_name) else { continue };
        let class = (bare(institution), bare(name));
        match first.get(&class) {
            Some(earlier) => {
                findings.push(at_row("L1100", MustMend, row.sheet.as_ref(), row.row, vec![("class", name.clone()), ("earlier", earlier.to_string())]))
            }
            None => _ = first.insert(class, row.row),
        }
    }
    findings
}

/// A class that can't be told from others: no institution or no name.
pub fn check_l1101_missing_identity(rows: &[LedgerRow]) -> Vec<Finding> {
    let missing = |row: &LedgerRow| match (&row.institution, &row.class_name) {
        (None, None) => Some("@field_institution_class"),
        (None, _) => Some("@field_institution"),
        (_, None) => Some("@field_class"),
        _ => None,
    };
    rows.iter()
        .filter_map(|row| missing(row).map(|fields| at_row("L1101", MustMend, row.sheet.as_ref(), row.row, vec![("fields", fields.to_owned())])))
        .collect()
}

pub fn check_l1102_ends_before_opening(rows: &[LedgerRow]) -> Vec<Finding> {
    let wrong = |row: &LedgerRow| row.opens_on.zip(row.ends_on).filter(|(opens, ends)| ends < opens);
    let finding = |row: &LedgerRow| {
        wrong(row).map(|(opens, ends)| {
            at_row("L1102", MustMend, row.sheet.as_ref(), row.row, vec![("opens", opens.to_string()), ("ends", ends.to_string())])
        })
    };
    rows.iter().filter_map(finding).collect()
}

/// Applied for less than 5 working days before the opening (clause 一(一)).
pub fn check_l1103_late_application(rows: &[LedgerRow], calendar: &Calendar, settings: &Settings) -> Vec<Finding> {
    let reading = if settings.lead_reading == LeadReading::Strict { "@lead_strict" } else { "@lead_inclusive" };
    let finding = |row: &LedgerRow| {
        let (applied, opens) = (row.applied_on?, row.opens_on?);
        let lead = calendar.lead_days(applied, opens, settings.lead_reading);
        let values = || {
            vec![
                ("applied", applied.to_string()),
                ("opens", opens.to_string()),
                ("lead", lead.to_string()),
                ("needed", LEAD_DAYS.to_string()),
                ("reading", reading.to_owned()),
            ]
        };
        (lead < LEAD_DAYS).then(|| at_row("L1103", ShouldExplain, row.sheet.as_ref(), row.row, values()))
    };
    rows.iter().filter_map(finding).collect()
}

/// Opened before it was approved（先开班后审核）.
pub fn check_l1104_opened_before_review(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let (reviewed, opens) = (row.reviewed_on?, row.opens_on?);
        let values = vec![("reviewed", reviewed.to_string()), ("opens", opens.to_string())];
        (opens < reviewed).then(|| at_row("L1104", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// Unified social credit codes by GB 32100: 18 characters, the last a check character.
pub fn check_l1105_uscc_checksum(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let code = row.uscc.as_ref()?;
        (!is_uscc(code)).then(|| at_row("L1105", ShouldExplain, row.sheet.as_ref(), row.row, vec![("uscc", mask_inside(code))]))
    };
    rows.iter().filter_map(finding).collect()
}

/// Whether a code has the form and check character of GB 32100.
pub fn is_uscc(code: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Option<Vec<usize>> = code.chars().map(|c| ALPHABET.find(c)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31 == values[17]
}

/// Numbers no class has.
pub fn check_l1106_number_range(rows: &[LedgerRow]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for row in rows {
        let fields = [
            ("@field_planned", row.planned, 1, 1000),
            ("@field_actual", row.actual, 0, 1000),
            ("@field_hours", row.hours, 1, 3000),
            ("@field_days", row.days, 1, 1000),
            ("@field_subsidy_standard", row.subsidy_standard, 1, 20_000),
            ("@field_subsidy_amount", row.subsidy_amount, 0, 20_000_000),
        ];
        for (field, value, min, max) in fields {
            if let Some(value) = value.filter(|value| !(min..=max).contains(value)) {
                let values = vec![("field", field.to_owned()), ("found", value.to_string()), ("min", min.to_string()), ("max", max.to_string())];
                findings.push(at_row("L1106", ShouldExplain, row.sheet.as_ref(), row.row, values));
            }
        }
    }
    findings
}

/// Without an opening or a closing day the class stays in the frame until the county tells.
pub fn check_l1107_missing_dates(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let fields = match (row.opens_on, row.ends_on) {
            (None, None) => "@field_opens_ends",
            (None, _) => "@field_opens",
            (_, None) => "@field_ends",
            _ => return None,
        };
        Some(at_row("L1107", Information, row.sheet.as_ref(), row.row, vec![("fields", fields.to_owned())]))
    };
    rows.iter().filter_map(finding).collect()
}

/// Has opened by a day, and nobody wrote when it was approved. Only for ledgers that have the column.
pub fn check_l1108_review_missing(rows: &[LedgerRow], as_of: Date) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let opens = row.opens_on.filter(|opens| row.reviewed_on.is_none() && *opens <= as_of)?;
        Some(at_row("L1108", ShouldExplain, row.sheet.as_ref(), row.row, vec![("opens", opens.to_string())]))
    };
    rows.iter().filter_map(finding).collect()
}

/// More trainees than the class was approved for.
pub fn check_l1109_more_than_planned(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let (planned, actual) = row.planned.zip(row.actual).filter(|(planned, actual)| actual > planned)?;
        let values = vec![("planned", planned.to_string()), ("actual", actual.to_string())];
        Some(at_row("L1109", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// More than 8 periods a day, by the days the ledger states or by those between opening and end (to confirm: a setting later).
pub fn check_l1110_hours_against_days(rows: &[LedgerRow]) -> Vec<Finding> {
    const MAX_A_DAY: i64 = 8;
    let finding = |row: &LedgerRow| {
        let span = row.opens_on.zip(row.ends_on).map(|(opens, ends)| ends.days_since(opens) + 1).filter(|span| *span > 0);
        let days = match (row.days.filter(|days| *days > 0), span) {
            (Some(days), Some(span)) => Some(days.min(span)),
            (days, span) => days.or(span),
        };
        let (hours, days) = row.hours.zip(days).filter(|(hours, days)| *hours > days.saturating_mul(MAX_A_DAY))?;
        let values = vec![("hours", hours.to_string()), ("days", days.to_string()), ("max", MAX_A_DAY.to_string())];
        Some(at_row("L1110", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// More days of teaching than lie between opening and end.
pub fn check_l1111_days_against_dates(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let span = row.opens_on.zip(row.ends_on).map(|(opens, ends)| ends.days_since(opens) + 1).filter(|span| *span > 0)?;
        let days = row.days.filter(|days| *days > span)?;
        Some(at_row("L1111", ShouldExplain, row.sheet.as_ref(), row.row, vec![("days", days.to_string()), ("span", span.to_string())]))
    };
    rows.iter().filter_map(finding).collect()
}

/// An amount that is the standard times neither the actual nor the planned number of trainees.
pub fn check_l1112_subsidy_amount(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let (standard, amount) = row.subsidy_standard.zip(row.subsidy_amount)?;
        let counts = [row.actual, row.planned];
        let is_explained = counts.iter().flatten().any(|count| standard.checked_mul(*count) == Some(amount));
        if is_explained || counts.iter().all(Option::is_none) {
            return None;
        }
        let count = row.actual.or(row.planned).unwrap_or(0);
        let values = vec![("amount", amount.to_string()), ("standard", standard.to_string()), ("count", count.to_string())];
        Some(at_row("L1112", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// The same class number on two rows.
pub fn check_l1113_duplicate_code(rows: &[LedgerRow]) -> Vec<Finding> {
    let mut first: HashMap<Cow<str>, u32> = HashMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let Some(code) = &row.class_code else { continue };
        match first.get(&bare(code)) {
            Some(earlier) => {
                let values = vec![("class_code", code.clone()), ("earlier", earlier.to_string())];
                findings.push(at_row("L1113", ShouldExplain, row.sheet.as_ref(), row.row, values));
            }
            None => _ = first.insert(bare(code), row.row),
        }
    }
    findings
}

/// One institution under two credit codes: named at the first row that differs.
pub fn check_l1115_two_credit_codes(rows: &[LedgerRow]) -> Vec<Finding> {
    let mut known: HashMap<Cow<str>, (&String, u32)> = HashMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let Some((institution, uscc)) = row.institution.as_ref().zip(row.uscc.as_ref()) else { continue };
        let (first, earlier) = known.entry(bare(institution)).or_insert((uscc, row.row));
        if *first != uscc {
            let values =
                vec![("institution", institution.clone()), ("uscc", uscc.clone()), ("first", (*first).clone()), ("earlier", earlier.to_string())];
            findings.push(at_row("L1115", ShouldExplain, row.sheet.as_ref(), row.row, values));
        }
    }
    findings
}

/// Approved before it was applied for.
pub fn check_l1116_reviewed_before_application(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let (applied, reviewed) = row.applied_on.zip(row.reviewed_on).filter(|(applied, reviewed)| reviewed < applied)?;
        let values = vec![("applied", applied.to_string()), ("reviewed", reviewed.to_string())];
        Some(at_row("L1116", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}
