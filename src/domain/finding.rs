//! What a check finds in the world: never an error of ours, never a sentence.

use serde::Serialize;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Blocks the row concerned until it is mended; the row is owed.
    MustMend,
    /// Accepted, but the county should explain it.
    ShouldExplain,
    Information,
}

/// Where something stands in a document. `row` and the number in `cell` count from 1, as the spreadsheet shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    pub file: String,
    pub sheet: Option<String>,
    /// Spreadsheet row, from 1.
    pub row: Option<u32>,
    /// Like `C7`; a row alone has none.
    pub cell: Option<String>,
}

/// One finding: a code, a place, the value seen (masked where it is personal) and the values for its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Like `L1203`; its sentences stand in `i18n`, its explanation in `docs/CODES.md`.
    pub code: &'static str,
    pub severity: Severity,
    pub place: Place,
    pub value: Option<String>,
    pub values: Vec<(&'static str, String)>,
}
