//! Reads what counties really send: bytes of xlsx, xls, ods or csv into rows and findings. Bad rows are data, never an error.
//!
//! Reading order: `sheet` makes any file a grid of cells, `header` finds what the columns mean, `values` reads single
//! cells, and `ledger`, `timetable`, `grid`, `roster` put rows together.

mod across;
pub mod attendance;
pub mod clocks;
mod compound;
pub mod dates;
pub mod grid;
mod grid_cell;
pub mod header;
mod hidden;
pub mod ledger;
pub mod lookup;
mod merges;
mod month_day;
mod ods;
mod ods_styles;
mod ods_text;
mod package;
pub mod people;
pub mod people_words;
pub mod place;
pub mod privacy;
pub mod rows;
pub mod sheet;
pub mod synonyms;
pub mod timetable;
pub mod told;
pub mod values;
pub mod week;
mod xls;
mod xls_text;
mod xlsx;
pub mod xml;

use crate::canon::{Code, Date, Week};
use crate::domain::{
    AttendanceRow, CheckRow, DocumentKind, ExportRow, Finding, HistoryRow, LedgerRow, Lesson, Place, PlanRow, ReportingUnit, RosterRow, Severity,
};
use sheet::Sheet;

/// What the caller knows about a document beforehand.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The week reported: dates without a year are those nearest to it.
    pub week: Week,
    /// The kind asked for; none lets the document speak for itself.
    pub kind: Option<DocumentKind>,
    pub units: &'a [ReportingUnit],
    /// What a clerk said some of the county's own headers mean.
    pub headers: &'a [HeaderMeaning],
}

/// A header, without blanks and in half-width, and the column it stands for; none where it is to be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderMeaning {
    pub kind: DocumentKind,
    pub header: String,
    pub field: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rows {
    Ledger(Vec<LedgerRow>),
    Timetable(Vec<Lesson>),
    Roster(Vec<RosterRow>),
    Attendance(Vec<AttendanceRow>),
    Checks(Vec<CheckRow>),
    Export(Vec<ExportRow>),
    History(Vec<HistoryRow>),
    TeachingPlan(Vec<PlanRow>),
    #[default]
    None,
}

impl Rows {
    pub fn len(&self) -> usize {
        match self {
            Self::Ledger(rows) => rows.len(),
            Self::Timetable(rows) => rows.len(),
            Self::Roster(rows) => rows.len(),
            Self::Attendance(rows) => rows.len(),
            Self::Checks(rows) => rows.len(),
            Self::Export(rows) => rows.len(),
            Self::History(rows) => rows.len(),
            Self::TeachingPlan(rows) => rows.len(),
            Self::None => 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What was understood of a document.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// None where the bytes could not be read or nothing in them was recognised.
    pub kind: Option<DocumentKind>,
    pub county: Option<Code>,
    pub stated_week: Option<Week>,
    pub filled_on: Option<Date>,
    pub rows: Rows,
    pub findings: Vec<Finding>,
    /// Canonical column and the header it was read from.
    pub columns: Vec<(&'static str, String)>,
}

/// Collects findings of one document.
pub struct Notes<'a> {
    file: &'a str,
    pub list: Vec<Finding>,
}

impl Notes<'_> {
    /// Adds a finding at a cell (row and column from 0, as the spreadsheet has them), or at no cell.
    pub fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        sheet: &str,
        at: Option<(usize, Option<usize>)>,
        value: Option<String>,
    ) -> &mut Finding {
        let place = Place {
            file: self.file.to_owned(),
            sheet: (!sheet.is_empty()).then(|| sheet.to_owned()),
            row: at.map(|(row, _)| place::row_number(row)),
            cell: at.and_then(|(row, column)| column.map(|column| place::cell_name(row, column))),
        };
        let at = self.list.len();
        self.list.push(Finding { code, severity, place, value, values: Vec::new() });
        &mut self.list[at]
    }
}

/// Reads a document. Never fails: what can't be read is a finding with a remedy, and the kind is then none.
pub fn read_document(file_name: &str, bytes: &[u8], context: &Context) -> Reading {
    let mut notes = Notes { file: file_name, list: Vec::new() };
    let mut sheets = match sheet::read_sheets(bytes, &mut notes) {
        Ok(sheets) => told::apply(sheets, context, &mut notes),
        Err(code) => {
            notes.add(code, Severity::MustMend, "", None, None);
            return Reading { findings: notes.list, ..Reading::default() };
        }
    };
    month_day::join(&mut sheets);
    let kinds: Vec<Option<DocumentKind>> = sheets
        .iter()
        .map(|sheet| context.kind.filter(|kind| header::can_be(sheet, *kind)).or_else(|| header::recognise(sheet, context.week)))
        .collect();
    let found: Vec<(DocumentKind, &Sheet)> = kinds.iter().zip(&sheets).filter_map(|(kind, sheet)| kind.map(|kind| (kind, sheet))).collect();
    let is_attendance =
        sheets.iter().any(|sheet| (0..3).any(|row| ["签到", "考勤"].iter().any(|word| values::squeeze(&sheet.line(row)).contains(word))));
    let Some(kind) = choose_kind(&found, is_attendance, context.kind, &mut notes) else {
        return Reading { findings: privacy::masked(notes.list), ..Reading::default() };
    };
    note_left_out(&sheets, &kinds, kind, &mut notes);
    let mut sheets: Vec<Sheet> = sheets.into_iter().zip(kinds).filter(|(_, known)| *known == Some(kind)).map(|(sheet, _)| sheet).collect();
    if matches!(kind, DocumentKind::Ledger | DocumentKind::Timetable | DocumentKind::TeachingPlan) {
        privacy::hide_ids(&mut sheets, &mut notes);
    }
    let mut current: Vec<&Sheet> = sheets.iter().collect();
    week::keep_current(&mut current, kind, context.week, &mut notes);
    if kind == DocumentKind::Ledger {
        week::keep_versions(&mut current, &mut notes);
    }
    hidden::note(&current, &mut notes);
    let mut reading = Reading { kind: Some(kind), ..Reading::default() };
    reading.stated_week = week::stated_week(&current, file_name, context.week);
    reading.filled_on = current.iter().find_map(|sheet| week::filled_on(sheet, context.week));
    reading.rows = match kind {
        DocumentKind::Ledger => Rows::Ledger(ledger::read(&current, context, &mut notes, &mut reading.columns)),
        DocumentKind::Timetable => Rows::Timetable(timetable::read(&current, context, &mut notes, &mut reading.columns)),
        DocumentKind::Roster => Rows::Roster(people::read_roster(&current, context, &mut notes, &mut reading.columns)),
        DocumentKind::Attendance => Rows::Attendance(attendance::read(&current, context, &mut notes, &mut reading.columns)),
        DocumentKind::Checks => Rows::Checks(people::read_checks(&current, context, &mut notes, &mut reading.columns)),
        DocumentKind::Export => Rows::Export(people::read_export(&current, context, &mut notes, &mut reading.columns)),
        DocumentKind::History => Rows::History(people::read_history(&current, context, &mut notes, &mut reading.columns)),
        DocumentKind::TeachingPlan => Rows::TeachingPlan(people::read_teaching_plan(&current, context, &mut notes, &mut reading.columns)),
    };
    reading.county = place::county_of(&current, file_name, &reading.rows, context.units);
    reading.findings = privacy::masked(notes.list);
    reading
}

/// The sheets of a file as they stand, for a copy of them; none where it can't be read.
pub fn sheets_of(bytes: &[u8]) -> Vec<Sheet> {
    sheet::read_sheets(bytes, &mut Notes { file: "", list: Vec::new() }).unwrap_or_default()
}

/// Names the visible sheets that are not read as this kind: what each is, or that no table was recognised in it.
fn note_left_out(sheets: &[Sheet], kinds: &[Option<DocumentKind>], kind: DocumentKind, notes: &mut Notes) {
    for (sheet, known) in sheets.iter().zip(kinds).filter(|(sheet, known)| **known != Some(kind) && !sheet.is_hidden && !week::is_form(sheet)) {
        let is_filled = |row: &&Vec<sheet::Cell>| row.iter().filter(|cell| !cell.is_empty()).nth(1).is_some();
        match known {
            Some(known) => {
                let finding = notes.add(OTHER_KIND, Severity::Information, &sheet.name, None, None);
                finding.values = vec![("kind", format!("@kind_{}", known.as_str())), ("read", format!("@kind_{}", kind.as_str()))];
            }
            None if sheet.rows.iter().filter(is_filled).nth(1).is_some() => _ = notes.add("D1033", Severity::Information, &sheet.name, None, None),
            None => {}
        }
    }
}

/// A sheet of another kind than the one that was read.
pub const OTHER_KIND: &str = "D1032";

/// The kinds that a reading names as left out, in the order of the sheets.
pub fn kinds_left_out(reading: &Reading) -> Vec<DocumentKind> {
    let left_out = reading.findings.iter().filter(|finding| finding.code == OTHER_KIND);
    let mut kinds: Vec<DocumentKind> = Vec::new();
    for (_, value) in left_out.flat_map(|finding| &finding.values).filter(|(name, _)| *name == "kind") {
        let kind = value.strip_prefix("@kind_").and_then(DocumentKind::parse).filter(|kind| !kinds.contains(kind));
        kinds.extend(kind);
    }
    kinds
}

/// The kind asked for where a sheet has it; else what the document is, with a word about the difference.
fn choose_kind(found: &[(DocumentKind, &Sheet)], is_attendance: bool, asked: Option<DocumentKind>, notes: &mut Notes) -> Option<DocumentKind> {
    let Some((first, sheet)) = found.first() else {
        notes.add(if is_attendance { "D1012" } else { "D1010" }, Severity::MustMend, "", None, None);
        return None;
    };
    match asked {
        Some(asked) if found.iter().any(|(kind, _)| *kind == asked) => Some(asked),
        Some(asked) => {
            let finding = notes.add("D1011", Severity::MustMend, &sheet.name, None, None);
            finding.values = vec![("expected", format!("@kind_{}", asked.as_str())), ("found", format!("@kind_{}", first.as_str()))];
            None
        }
        None => Some(*first),
    }
}
