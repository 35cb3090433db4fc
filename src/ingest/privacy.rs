//! Personal numbers that strayed: hidden before anything of a ledger or timetable is kept, masked wherever one is shown.

use super::Notes;
use super::sheet::Sheet;
use super::values::narrow;
use crate::canon::Date;
use crate::checks::is_uscc;
use crate::domain::{Finding, Severity, mask_inside};

/// Masks ID numbers in all cells: ledgers and timetables have no place for them, so none is stored. Each is told.
pub fn hide_ids(sheets: &mut [Sheet], notes: &mut Notes) {
    for sheet in sheets {
        let name = sheet.name.clone();
        for (row, cells) in sheet.rows.iter_mut().enumerate() {
            for (column, cell) in cells.iter_mut().enumerate().filter(|(_, cell)| has_id(&cell.text)) {
                cell.text = mask_inside(&cell.text);
                cell.number = None;
                notes.add("D1026", Severity::ShouldExplain, &name, Some((row, Some(column))), Some(cell.text.clone()));
            }
        }
    }
}

/// Whether a text holds an ID number: 18 characters by GB 11643 with a possible date of birth, and no credit code.
fn has_id(text: &str) -> bool {
    // Most texts are short or have few digits, whichever width.
    let digits = |text: &str| text.chars().filter(|c| matches!(c, '0'..='9' | '０'..='９')).count();
    if text.len() < 18 || digits(text) < 17 {
        return false;
    }
    let text = narrow(text).to_ascii_uppercase();
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_id)
}

fn is_id(word: &str) -> bool {
    let digits = word.as_bytes();
    if digits.len() != 18 || !digits[..17].iter().all(u8::is_ascii_digit) || !(digits[17].is_ascii_digit() || digits[17] == b'X') {
        return false;
    }
    let born = format!("{}-{}-{}", &word[6..10], &word[10..12], &word[12..14]);
    ("1900".."2100").contains(&&word[6..10]) && Date::parse(&born).is_ok() && !is_uscc(word)
}

/// No telephone or ID number leaves in a finding, whichever column it strayed into.
pub fn masked(mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        finding.value = finding.value.take().map(|value| mask_inside(&value));
        for (_, value) in &mut finding.values {
            *value = mask_inside(value);
        }
    }
    findings
}
