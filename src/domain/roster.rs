//! A row of a trainee roster (花名册). The ID number itself never gets this far.

use serde::Serialize;

/// One trainee as a roster states them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RosterRow {
    pub seq: Option<i64>,
    pub name: Option<String>,
    pub sex: Option<String>,
    pub id_status: IdStatus,
    pub sheet: Option<String>,
    /// Spreadsheet row, from 1.
    pub row: u32,
}

/// What can be said of an ID number without keeping it (GB 11643).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdStatus {
    Valid,
    /// Well formed but the check digit or the date does not fit.
    Checksum,
    /// Not a whole number any more: digits lost or strange characters.
    Damaged,
    #[default]
    Missing,
    /// A valid number that stood higher up already.
    Duplicate,
}
