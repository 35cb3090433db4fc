//! Trainee rosters（花名册）. The ID number is judged here and goes no further.

use super::Notes;
use super::header::{Header, find_header, is_header_row};
use super::ledger::{RowKind, note_others, row_kind};
use super::place::row_number;
use super::sheet::{Cell, Sheet};
use super::values::{self, is_blank, squeeze};
use crate::canon::Date;
use crate::domain::Severity::{Information, MustMend, ShouldExplain};
use crate::domain::{DocumentKind, IdStatus, RosterRow, mask};
use std::collections::BTreeSet;

pub fn read(sheets: &[&Sheet], notes: &mut Notes, columns: &mut Vec<(&'static str, String)>) -> Vec<RosterRow> {
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for sheet in &sheets.iter().flat_map(|sheet| side_by_side(sheet)).collect::<Vec<Sheet>>() {
        let Some(mut header) = find_header(sheet, DocumentKind::Roster) else { continue };
        columns.extend(header.columns.iter().map(|(name, (_, text))| (*name, text.clone())));
        let mut row = header.last_row + 1;
        let mut others = Vec::new();
        while row < sheet.rows.len() {
            if let Some(again) = is_header_row(sheet, row, DocumentKind::Roster) {
                row = again.last_row + 1;
                header.columns = again.columns;
                continue;
            }
            match row_kind(sheet, row, header.column("seq")) {
                RowKind::Data => rows.extend(read_row(sheet, row, &header, &mut seen, notes)),
                RowKind::Blank => {}
                RowKind::Total(_) | RowKind::Remark => others.push(row),
            }
            row += 1;
        }
        note_others(sheet, &header, &["name", "id"], &others, notes);
    }
    rows
}

/// The tables of a sheet that has two beside each other to save paper: each alone, its cells where they were.
fn side_by_side(sheet: &Sheet) -> Vec<Sheet> {
    let heads = || {
        let header = find_header(sheet, DocumentKind::Roster)?;
        let first = header.columns.values().min_by_key(|(column, _)| *column)?.1.clone();
        let cells = sheet.rows.get(header.last_row)?.iter().enumerate();
        let starts: Vec<usize> = cells.filter(|(_, cell)| squeeze(&cell.text) == squeeze(&first)).map(|(column, _)| column).collect();
        (starts.len() > 1).then_some((header.first_row, starts))
    };
    let Some((head, starts)) = heads() else { return vec![sheet.clone()] };
    let alone = |(index, start): (usize, &usize)| {
        let end = starts.get(index + 1).copied().unwrap_or(usize::MAX);
        let mut table = sheet.clone();
        for cells in table.rows.iter_mut().skip(head) {
            cells.iter_mut().enumerate().filter(|(column, _)| column < start || *column >= end).for_each(|(_, cell)| *cell = Cell::default());
        }
        table
    };
    starts.iter().enumerate().map(alone).collect()
}

fn read_row(sheet: &Sheet, row: usize, header: &Header, seen: &mut BTreeSet<String>, notes: &mut Notes) -> Option<RosterRow> {
    let cell = |name: &str| header.column(name).and_then(|column| sheet.cell(row, column)).cloned().unwrap_or_default();
    let text = |name: &str| {
        let text = cell(name).text;
        (!is_blank(&text)).then(|| squeeze(&text))
    };
    let id = cell("id");
    if text("name").is_none() && id.is_empty() {
        notes.add("L1010", Information, &sheet.name, Some((row, None)), None);
        return None;
    }
    let id_status = status(&id, seen);
    let at = Some((row, header.column("id")));
    let shown = (!id.is_empty()).then(|| mask(&squeeze(&id.text)));
    match id_status {
        IdStatus::Valid => {}
        IdStatus::Missing => _ = notes.add("R1001", MustMend, &sheet.name, at, None),
        IdStatus::Damaged => _ = notes.add("R1002", MustMend, &sheet.name, at, shown),
        IdStatus::Checksum => _ = notes.add("R1003", MustMend, &sheet.name, at, shown),
        IdStatus::Duplicate => _ = notes.add("R1004", ShouldExplain, &sheet.name, at, shown),
    }
    let seq = values::read_integer(&cell("seq").text).flatten();
    Some(RosterRow {
        seq,
        name: text("name"),
        sex: text("sex"),
        id_status,
        sheet: (!sheet.name.is_empty()).then(|| sheet.name.clone()),
        row: row_number(row),
    })
}

/// Judges an ID number by GB 11643: form, birth date, check character; then whether it stood higher up.
fn status(cell: &Cell, seen: &mut BTreeSet<String>) -> IdStatus {
    let text = squeeze(&cell.text).trim_start_matches('\'').to_uppercase();
    if is_blank(&text) {
        return IdStatus::Missing;
    }
    // A spreadsheet number keeps 15 digits; the rest were replaced by zeros and can't be known.
    let is_long_number = cell.number.is_some() && text.len() > 15;
    let digits = text.as_bytes();
    let well_formed = digits.len() == 18 && digits[..17].iter().all(u8::is_ascii_digit) && (digits[17].is_ascii_digit() || digits[17] == b'X');
    if values::is_scientific(&text) || is_long_number || !well_formed {
        return IdStatus::Damaged;
    }
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let expected = b"10X98765432"[usize::try_from(sum % 11).unwrap_or(0)];
    let born = format!("{}-{}-{}", &text[6..10], &text[10..12], &text[12..14]);
    if expected != digits[17] || Date::parse(&born).is_err() {
        return IdStatus::Checksum;
    }
    if seen.insert(text) { IdStatus::Valid } else { IdStatus::Duplicate }
}
