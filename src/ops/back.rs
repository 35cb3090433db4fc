//! What goes back to a county with each document: its own workbook with the cells marked, and the sheet of findings.

use crate::canon::Result;
use crate::ingest::{self, values::squeeze};
use crate::report::mark::{PlainSheet, copy_workbook, mark_workbook};

pub use crate::report::mark::{FindingsRow, FindingsTable, Mark};

/// The names of a file's sheets; none where it can't be read.
pub fn sheet_names(bytes: &[u8]) -> Vec<String> {
    ingest::sheets_of(bytes).into_iter().map(|sheet| sheet.name).collect()
}

/// The sheet of findings that a workbook brings back from last time: by its name, and by the heads in its second row.
fn findings_sheet(bytes: &[u8], table: &FindingsTable) -> Option<String> {
    let heads: Vec<String> = table.head.iter().map(|head| squeeze(head)).collect();
    let is_head = |row: &Vec<ingest::sheet::Cell>| row.iter().map(|cell| squeeze(&cell.text)).take(heads.len()).eq(heads.iter().cloned());
    let sheets = ingest::sheets_of(bytes);
    let ours = sheets.into_iter().rfind(|sheet| sheet.name.starts_with(&table.name) && sheet.rows.iter().take(3).any(is_head));
    ours.map(|sheet| sheet.name)
}

/// The county's own workbook with its cells marked; marks and findings of last time are taken out first. What can't be patched (xls, ods, csv, odd packages) comes back as an
/// xlsx copy of its texts.
pub fn marked(bytes: &[u8], marks: &[Mark], table: &FindingsTable) -> Result<Vec<u8>> {
    let replaces = findings_sheet(bytes, table);
    let is_old = |sheet: &ingest::sheet::Sheet| replaces.as_ref() == Some(&sheet.name);
    mark_workbook(bytes, marks, &FindingsTable { replaces: replaces.clone(), ..table.clone() }).or_else(|_| {
        let plain = |sheet: ingest::sheet::Sheet| PlainSheet {
            name: if sheet.name.is_empty() { "Sheet1".to_owned() } else { sheet.name },
            rows: sheet.rows.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect(),
            merges: sheet.merges.iter().copied().collect(),
        };
        let mut marks = marks.to_vec();
        for mark in marks.iter_mut().filter(|mark| mark.row.is_some()) {
            mark.sheet = mark.sheet.take().or_else(|| Some("Sheet1".to_owned()));
        }
        copy_workbook(&ingest::sheets_of(bytes).into_iter().filter(|sheet| !is_old(sheet)).map(plain).collect::<Vec<_>>(), &marks, table)
    })
}
