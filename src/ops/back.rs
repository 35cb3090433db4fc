//! What goes back to a county with each document: its own workbook with the cells marked, and the sheet of findings.

use crate::canon::Result;
use crate::ingest;
use crate::report::mark::{PlainSheet, copy_workbook, mark_workbook};

pub use crate::report::mark::{FindingsRow, FindingsTable, Mark};

/// The names of a file's sheets; none where it can't be read.
pub fn sheet_names(bytes: &[u8]) -> Vec<String> {
    ingest::sheets_of(bytes).into_iter().map(|sheet| sheet.name).collect()
}

/// The county's own workbook with its cells marked. What can't be patched (xls, ods, csv, odd packages) comes back as an
/// xlsx copy of its texts.
pub fn marked(bytes: &[u8], marks: &[Mark], table: &FindingsTable) -> Result<Vec<u8>> {
    mark_workbook(bytes, marks, table).or_else(|_| {
        let plain = |sheet: ingest::sheet::Sheet| PlainSheet {
            name: if sheet.name.is_empty() { "Sheet1".to_owned() } else { sheet.name },
            rows: sheet.rows.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect(),
            merges: sheet.merges.iter().copied().collect(),
        };
        let mut marks = marks.to_vec();
        for mark in marks.iter_mut().filter(|mark| mark.row.is_some()) {
            mark.sheet = mark.sheet.take().or_else(|| Some("Sheet1".to_owned()));
        }
        copy_workbook(&ingest::sheets_of(bytes).into_iter().map(plain).collect::<Vec<_>>(), &marks, table)
    })
}
