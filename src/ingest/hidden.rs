//! What a reader of the screen might not see, or might see otherwise: hidden rows and columns, strike-through, formulas
//! without a result. Nothing of it is decided here; each is told at its place.

use super::Notes;
use super::place::{cell_name, row_number};
use super::sheet::Sheet;
use crate::domain::Severity::{Information, ShouldExplain};

/// More hidden rows than this are told together.
const MANY: usize = 50;

/// Tells what is hidden or struck in the sheets that are read.
pub fn note(sheets: &[&Sheet], notes: &mut Notes) {
    if sheets.iter().any(|sheet| !sheet.tells_strikes) {
        notes.add("D1029", Information, "", None, None);
    }
    for sheet in sheets {
        let is_filled = |row: usize| sheet.rows.get(row).is_some_and(|cells| cells.iter().any(|cell| !cell.is_empty()));
        let rows: Vec<usize> = sheet.hidden_rows.iter().copied().filter(|row| is_filled(*row)).collect();
        if rows.len() <= MANY {
            for row in &rows {
                let finding = notes.add("D1027", ShouldExplain, &sheet.name, Some((*row, None)), None);
                finding.values = vec![("rows", row_number(*row).to_string())];
            }
        } else {
            notes.add("D1027", ShouldExplain, &sheet.name, None, None).values = vec![("rows", spans(&rows, |row| row_number(row).to_string()))];
        }
        let is_used = |column: usize| sheet.rows.iter().any(|cells| cells.get(column).is_some_and(|cell| !cell.is_empty()));
        let columns: Vec<usize> = sheet.hidden_columns.iter().copied().filter(|column| is_used(*column)).collect();
        if !columns.is_empty() {
            let letters = |column: usize| cell_name(0, column).trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
            notes.add("D1028", Information, &sheet.name, None, None).values = vec![("columns", spans(&columns, letters))];
        }
        for (row, column) in &sheet.partly_struck {
            notes.add("L1016", ShouldExplain, &sheet.name, Some((*row, Some(*column))), None);
        }
        for (row, column) in &sheet.struck_cells {
            notes.add("L1017", ShouldExplain, &sheet.name, Some((*row, Some(*column))), None);
        }
        for (row, column) in &sheet.uncomputed {
            notes.add("L1213", ShouldExplain, &sheet.name, Some((*row, Some(*column))), None);
        }
    }
}

/// `3、5–9`: ascending numbers with runs drawn together.
fn spans(numbers: &[usize], name: impl Fn(usize) -> String) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => parts.push((*number, *number)),
        }
    }
    let part = |(first, last): &(usize, usize)| if first == last { name(*first) } else { format!("{}–{}", name(*first), name(*last)) };
    parts.iter().map(part).collect::<Vec<_>>().join("、")
}
