//! Headers whose meaning a clerk told once: they win over every word we know.

use super::lookup::synonyms;
use super::sheet::Sheet;
use super::values::squeeze;
use super::{Context, HeaderMeaning, Notes};
use crate::canon::code::clip;
use crate::domain::{DocumentKind, Severity};

/// Stands around a told column's name in a header's cell; no file has this character of the private use area by chance.
const MARK: char = '\u{F8F0}';
/// The name of a header that is to be left out.
const NOTHING: &str = "-";
/// Headers stand in the first rows, and again on printed pages.
const HEADS: usize = 40;

/// Puts told columns' names before the words of their headers.
pub fn apply(mut sheets: Vec<Sheet>, context: &Context, notes: &mut Notes) -> Vec<Sheet> {
    let told: Vec<&HeaderMeaning> = context.headers.iter().filter(|told| context.kind.is_none_or(|kind| kind == told.kind)).collect();
    if told.is_empty() {
        return sheets;
    }
    for sheet in &mut sheets {
        apply_to_pairs(sheet, &told, notes);
        let mut found: Vec<(usize, usize, &HeaderMeaning)> = Vec::new();
        for (row, cells) in sheet.rows.iter().enumerate().take(HEADS) {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let text = squeeze(&cell.text);
                found.extend(told.iter().find(|told| told.header == text).map(|told| (row, column, *told)));
            }
        }
        for (row, column, told) in found {
            mark(sheet, row, column, told, notes);
        }
    }
    sheets
}

/// A header of two rows is told as it is named: what stands above and what stands below, which here gets the mark.
fn apply_to_pairs(sheet: &mut Sheet, told: &[&HeaderMeaning], notes: &mut Notes) {
    let pairs: Vec<(usize, usize, &HeaderMeaning)> = (1..sheet.rows.len().min(HEADS))
        .flat_map(|row| (0..sheet.rows[row].len().min(super::header::WIDEST)).map(move |column| (row, column)))
        .filter_map(|(row, column)| {
            let (above, below) = (squeeze(sheet.merged_text(row - 1, column)), squeeze(&sheet.cell(row, column)?.text));
            let is_pair = |told: &&&HeaderMeaning| !above.is_empty() && !below.is_empty() && told.header == format!("{above}{below}");
            told.iter().find(is_pair).map(|told| (row, column, *told))
        })
        .collect();
    for (row, column, told) in pairs {
        mark(sheet, row, column, told, notes);
    }
}

fn mark(sheet: &mut Sheet, row: usize, column: usize, told: &HeaderMeaning, notes: &mut Notes) {
    let Some(cell) = sheet.rows.get_mut(row).and_then(|cells| cells.get_mut(column)) else { return };
    let field = told.field.as_deref().unwrap_or(NOTHING);
    let finding = notes.add("D1031", Severity::Information, &sheet.name, Some((row, Some(column))), Some(clip(&cell.text)));
    finding.values = vec![("field", if told.field.is_some() { field.to_owned() } else { "@mapping_nothing".to_owned() })];
    cell.text = format!("{MARK}{field}{MARK}{}", cell.text);
}

/// The column that a clerk told for this header: none where it was not told, an empty name where it is to be left out.
pub fn column(kind: DocumentKind, text: &str) -> Option<&'static str> {
    let (name, _) = text.trim().strip_prefix(MARK)?.split_once(MARK)?;
    Some(synonyms(kind).iter().map(|(known, _)| *known).find(|known| *known == name).unwrap_or(""))
}

/// The header as the county wrote it.
pub fn written(text: &str) -> &str {
    text.rsplit(MARK).next().unwrap_or(text)
}
