//! Checks of ledger rows.

use super::{at_row, key};
use crate::calendar::{Calendar, LEAD_DAYS, LeadReading};
use crate::canon::Date;
use crate::domain::Severity::{Information, MustMend, ShouldExplain};
use crate::domain::{Finding, LedgerRow};
use std::collections::BTreeMap;

/// The same institution and class name twice in one ledger.
pub fn check_l1100_duplicate_class(rows: &[LedgerRow]) -> Vec<Finding> {
    let mut first: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let (Some(institution), Some(name)) = (&row.institution, &row.class_name) else { continue };
        let class = (key(institution), key(name));
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
pub fn check_l1103_late_application(rows: &[LedgerRow], calendar: &Calendar) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let (applied, opens) = (row.applied_on?, row.opens_on?);
        let lead = calendar.lead_days(applied, opens, LeadReading::Inclusive);
        let values =
            vec![("applied", applied.to_string()), ("opens", opens.to_string()), ("lead", lead.to_string()), ("needed", LEAD_DAYS.to_string())];
        (lead < LEAD_DAYS).then(|| at_row("L1103", ShouldExplain, row.sheet.as_ref(), row.row, values))
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
        (!is_uscc(code)).then(|| at_row("L1105", ShouldExplain, row.sheet.as_ref(), row.row, vec![("uscc", code.clone())]))
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
