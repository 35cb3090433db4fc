//! Documents with one person a row: rosters（花名册）, checks by the insurance side, systems' exports, subsidy history; and
//! teaching plans, which are read the same way. An ID number is judged here by GB 11643 and from here on shows itself masked.

use super::header::{Header, is_header_row};
use super::place::row_number;
use super::rows::{RowKind, first_header, note_others, note_unknown, row_kind, side_by_side};
use super::sheet::{Cell, Sheet};
use super::timetable::{Heading, above, heading_in};
use super::values::{self, is_blank, squeeze};
use super::{Context, Notes};
use crate::canon::Date;
use crate::domain::Severity::{Information, MustMend, ShouldExplain};
use crate::domain::{
    CheckRow, ClassName, DocumentKind, ExportRow, HistoryRow, IdNumber, IdStatus, Level, Person, PersonalText, PlanRow, RosterRow, Source, mask,
    person,
};
use std::borrow::Cow;
use std::collections::BTreeSet;

pub type Columns = Vec<(&'static str, String)>;

/// One row of a table with what its header and the lines above it mean.
pub struct Spot<'a> {
    pub sheet: &'a Sheet,
    pub row: usize,
    header: &'a Header,
    /// The row above as it was understood, for 同上.
    above: &'a [&'a Cell],
    heading: &'a Heading,
    context: &'a Context<'a>,
}

impl Spot<'_> {
    fn cell(&self, name: &str) -> Cell {
        let column = self.header.column(name);
        column.map(|column| self.sheet.resolved(self.row, column, self.header.last_row, self.above)).cloned().unwrap_or_default()
    }

    pub fn at(&self, name: &str) -> Option<(usize, Option<usize>)> {
        Some((self.row, self.header.column(name)))
    }

    fn text(&self, name: &str) -> Option<String> {
        let text = self.cell(name).text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!is_blank(&text)).then_some(text)
    }

    fn personal(&self, name: &str) -> Option<PersonalText> {
        self.text(name).map(|text| PersonalText::new(squeeze(&text)))
    }

    fn note(&self, name: &str, code: &'static str, shown: String, notes: &mut Notes) {
        notes.add(code, ShouldExplain, &self.sheet.name, self.at(name), Some(shown));
    }

    fn integer(&self, name: &str, notes: &mut Notes) -> Option<i64> {
        let text = self.cell(name).text;
        let read = if name == "amount" { values::read_yuan(&text) } else { values::read_integer(&text) };
        if read == Some(None) {
            self.note(name, "P1202", text, notes);
        }
        read.flatten()
    }

    fn date(&self, name: &str, notes: &mut Notes) -> Option<Date> {
        let cell = self.cell(name);
        match values::read_date_cell(&cell, self.context.week) {
            values::DateRead::Bad => {
                self.note(name, "P1201", cell.text, notes);
                None
            }
            // History reaches back for years: no date is too far.
            read => read.date(),
        }
    }

    fn level(&self, notes: &mut Notes) -> Option<Level> {
        let text = self.cell("level").text;
        let level = values::read_level(&text);
        if level == Some(None) {
            self.note("level", "L1205", text, notes);
        }
        level.flatten()
    }

    fn class(&self) -> ClassName {
        ClassName {
            institution: self.text("institution").or_else(|| self.heading.institution.clone()),
            class_name: self.text("class_name").or_else(|| self.heading.class_name.clone()),
            class_code: self.text("class_code").map(|code| squeeze(&code)),
        }
    }

    pub fn source(&self) -> Source {
        Source { sheet: (!self.sheet.name.is_empty()).then(|| self.sheet.name.clone()), row: row_number(self.row) }
    }

    fn person(&self, seen: Option<&mut BTreeSet<IdNumber>>) -> Person {
        let (id_status, id) = judge(&self.cell("id"), seen);
        Person { name: self.personal("name"), id, id_status, phone: self.personal("phone") }
    }

    fn is_empty(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.header.column(name).and_then(|column| self.sheet.cell(self.row, column)).is_none_or(|c| is_blank(&c.text)))
    }
}

/// Walks all tables of a kind: lines above them name the class, repeated headers, sums and notes are no rows.
/// `names` are the columns of which a row needs one.
fn walk(
    sheets: &[&Sheet],
    kind: DocumentKind,
    names: &[&str],
    context: &Context,
    notes: &mut Notes,
    columns: &mut Columns,
    mut take: impl FnMut(&Spot, &mut Notes),
) {
    let tables: Vec<Cow<Sheet>> = sheets.iter().flat_map(|sheet| side_by_side(sheet, kind)).collect();
    for sheet in tables.iter().map(Cow::as_ref) {
        let Some(mut header) = first_header(sheet, kind) else { continue };
        for (name, (_, text)) in &header.columns {
            if !columns.iter().any(|(known, _)| known == name) {
                columns.push((name, text.clone()));
            }
        }
        note_unknown(sheet, &header, notes);
        let mut heading = lines_above(sheet, 0..header.first_row, Heading::default());
        let mut row = header.last_row + 1;
        let mut others = Vec::new();
        let mut above_cells: Vec<&Cell> = Vec::new();
        while row < sheet.rows.len() {
            if let Some(again) = is_header_row(sheet, row, kind) {
                row = again.last_row + 1;
                header = again;
                continue;
            }
            if let Some(found) = heading_in(sheet, row).filter(|_| filled(sheet, row) <= 4) {
                heading = super::timetable::take(heading, found);
                row += 1;
                continue;
            }
            let spot = Spot { sheet, row, header: &header, above: &above_cells, heading: &heading, context };
            let kind_of_row = row_kind(sheet, row, header.column("seq"));
            match kind_of_row {
                RowKind::Data if sheet.struck_rows.contains(&row) => {
                    notes.add("L1013", ShouldExplain, &sheet.name, Some((row, None)), None);
                }
                RowKind::Data if spot.is_empty(names) => {
                    let lines = lines_above(sheet, row..row + 1, heading.clone());
                    if lines == heading {
                        notes.add("L1010", Information, &sheet.name, Some((row, None)), None);
                    }
                    heading = lines;
                }
                RowKind::Data => {
                    take(&spot, notes);
                    above_cells = sheet.resolved_row(row, header.last_row, &above_cells);
                }
                RowKind::Blank => {}
                RowKind::Total(_) | RowKind::Remark => others.push(row),
            }
            row += 1;
        }
        note_others(sheet, &header, &["name", "id"], &others, notes);
    }
}

fn filled(sheet: &Sheet, row: usize) -> usize {
    sheet.rows.get(row).map_or(0, |cells| cells.iter().filter(|cell| !cell.is_empty()).count())
}

/// The class that labelled lines and titles above a table name.
fn lines_above(sheet: &Sheet, rows: std::ops::Range<usize>, heading: Heading) -> Heading {
    let labelled = rows.clone().filter_map(|row| heading_in(sheet, row)).fold(heading.clone(), super::timetable::take);
    let titled = above(sheet, rows, heading);
    Heading {
        institution: labelled.institution.or(titled.institution),
        class_name: labelled.class_name.or(titled.class_name),
        venue: labelled.venue,
        teacher: labelled.teacher,
    }
}

/// Judges an ID number by GB 11643: form, birth date, check character; then whether it stood higher up.
pub fn judge(cell: &Cell, seen: Option<&mut BTreeSet<IdNumber>>) -> (IdStatus, Option<IdNumber>) {
    let text = squeeze(&cell.text).trim_start_matches('\'').to_uppercase();
    if is_blank(&text) {
        return (IdStatus::Missing, None);
    }
    if text.contains('*') {
        return (IdStatus::Masked, None);
    }
    // A spreadsheet number keeps 15 digits; the rest were replaced by zeros and can't be known.
    let is_long_number = cell.number.is_some() && text.len() > 15;
    let text =
        ["身份证号码", "身份证号", "身份证"].iter().find_map(|label| text.strip_prefix(label)).unwrap_or(&text).trim_start_matches([':', '：']);
    if is_other_document(text) {
        return (IdStatus::Other, None);
    }
    if values::is_scientific(text) || is_long_number || !person::is_well_formed(text) {
        return (IdStatus::Damaged, None);
    }
    let Some(id) = IdNumber::parse(text) else { return (IdStatus::Checksum, None) };
    let is_first = seen.is_none_or(|seen| seen.insert(id.clone()));
    (if is_first { IdStatus::Valid } else { IdStatus::Duplicate }, Some(id))
}

/// A passport, a permit of Hong Kong, Macao or Taiwan, or an ID number of the first generation: right as it is, and not to be
/// judged by GB 11643.
fn is_other_document(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let rest = text.get(letters..).unwrap_or_default();
    (1..=2).contains(&letters) && (6..=10).contains(&rest.len()) && is_number(rest) || text.len() == 15 && is_number(text)
}

/// Tells what is wrong with a row's ID number; only a roster must have one.
fn note_id(spot: &Spot, status: IdStatus, severity: crate::domain::Severity, notes: &mut Notes) {
    let cell = spot.cell("id");
    let shown = (!cell.is_empty()).then(|| mask(&squeeze(&cell.text)));
    let (code, severity) = match status {
        IdStatus::Valid => return,
        IdStatus::Missing => ("R1001", severity),
        IdStatus::Damaged => ("R1002", severity),
        IdStatus::Checksum => ("R1003", severity),
        IdStatus::Duplicate => ("R1004", ShouldExplain),
        IdStatus::Masked => ("R1005", severity),
        IdStatus::Other => ("R1006", ShouldExplain),
    };
    notes.add(code, severity, &spot.sheet.name, spot.at("id"), shown);
}

pub fn read_roster(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Columns) -> Vec<RosterRow> {
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
    walk(sheets, DocumentKind::Roster, &["name", "id"], context, notes, columns, |spot, notes| {
        let person = spot.person(Some(&mut seen));
        note_id(spot, person.id_status, MustMend, notes);
        rows.push(RosterRow {
            seq: values::read_integer(&spot.cell("seq").text).flatten(),
            class: spot.class(),
            person,
            sex: spot.text("sex").map(|text| squeeze(&text)),
            age: spot.integer("age", notes),
            category: spot.text("category").map(|text| squeeze(&text)),
            address: spot.personal("address"),
            certificate: spot.personal("certificate"),
            insured: values::read_bool(&spot.cell("insured").text).flatten(),
            subsidies: spot.integer("subsidies", notes),
            source: spot.source(),
        });
    });
    rows
}

pub fn read_checks(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Columns) -> Vec<CheckRow> {
    let mut rows = Vec::new();
    walk(sheets, DocumentKind::Checks, &["name", "id"], context, notes, columns, |spot, notes| {
        let person = spot.person(None);
        note_id(spot, person.id_status, ShouldExplain, notes);
        let result = spot.text("result").or_else(|| answers(spot));
        if result.is_none() {
            notes.add("P1203", ShouldExplain, &spot.sheet.name, spot.at("result"), None);
        }
        let mut class = spot.class();
        if spot.header.column("insurance").is_some() {
            // The unit of an insurance record is an employer.
            class.institution = spot.heading.institution.clone();
        }
        rows.push(CheckRow { class, person, result, checked_on: spot.date("checked_on", notes), source: spot.source() });
    });
    rows
}

/// Answers that stand in columns of their own, in the words of one answer; none where no column says anything.
fn answers(spot: &Spot) -> Option<String> {
    let mut said = Vec::new();
    let mut is_answered = false;
    for (name, word) in [("dead", "已死亡"), ("serving", "服刑"), ("retired", "已退休")] {
        match values::read_bool(&spot.cell(name).text) {
            Some(Some(true)) => said.push(word.to_owned()),
            Some(Some(false)) => is_answered = true,
            Some(None) => said.extend(spot.text(name)),
            None => {}
        }
    }
    said.extend(spot.text("insured_state"));
    match (said.is_empty(), is_answered) {
        (false, _) => Some(said.join("、")),
        (true, true) => Some("正常".to_owned()),
        (true, false) => None,
    }
}

pub fn read_export(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Columns) -> Vec<ExportRow> {
    let mut rows = Vec::new();
    let names = ["name", "id", "class_name", "class_code"];
    let stated: Option<String> = sheets.iter().find_map(|sheet| system_named(sheet));
    walk(sheets, DocumentKind::Export, &names, context, notes, columns, |spot, notes| {
        let person = spot.person(None);
        // A line about a class has no person, and that is no fault.
        if person.name.is_some() {
            note_id(spot, person.id_status, ShouldExplain, notes);
        }
        rows.push(ExportRow {
            system: spot.text("system").or_else(|| stated.clone()),
            class: spot.class(),
            person,
            uscc: spot.text("uscc").map(|code| squeeze(&code).to_uppercase()),
            occupation: spot.text("occupation"),
            level: spot.level(notes),
            planned: spot.integer("planned", notes),
            actual: spot.integer("actual", notes),
            hours: spot.integer("hours", notes),
            applied_on: spot.date("applied_on", notes),
            reviewed_on: spot.date("reviewed_on", notes),
            opens_on: spot.date("opens_on", notes),
            ends_on: spot.date("ends_on", notes),
            state: spot.text("state"),
            source: spot.source(),
        });
    });
    rows
}

/// The system that a title names: `河南省职业培训信息管理系统班级信息导出`.
fn system_named(sheet: &Sheet) -> Option<String> {
    let lines = (0..sheet.rows.len().min(3)).map(|row| squeeze(&sheet.line(row)));
    lines.filter_map(|line| line.find("系统").map(|at| line[..at + "系统".len()].to_owned())).find(|name| name.chars().count() > 3)
}

pub fn read_history(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Columns) -> Vec<HistoryRow> {
    let mut rows = Vec::new();
    walk(sheets, DocumentKind::History, &["name", "id"], context, notes, columns, |spot, notes| {
        let person = spot.person(None);
        note_id(spot, person.id_status, ShouldExplain, notes);
        let year_text = squeeze(&spot.cell("year").text);
        let paid = spot.cell("paid_on");
        // 2025 or 2025年 where a day belongs says the year and no more.
        let lone_year = |text: &str| text.trim_end_matches(['年', '度']).parse().ok().filter(|year| (1990..2100).contains(year));
        let only_year = lone_year(&squeeze(&paid.text));
        let paid_on = if only_year.is_some() { None } else { spot.date("paid_on", notes) };
        rows.push(HistoryRow {
            class: spot.class(),
            person,
            occupation: spot.text("occupation"),
            level: spot.level(notes),
            training_type: spot.text("training_type"),
            paid_on,
            year: lone_year(&year_text).or(only_year).or(paid_on.map(|day| i64::from(day.year()))),
            amount: spot.integer("amount", notes),
            source: spot.source(),
        });
    });
    rows
}

pub fn read_teaching_plan(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Columns) -> Vec<PlanRow> {
    let mut rows = Vec::new();
    walk(sheets, DocumentKind::TeachingPlan, &["course", "module"], context, notes, columns, |spot, notes| {
        let (theory, practice) = (spot.integer("theory_hours", notes), spot.integer("practice_hours", notes));
        let hours = spot.integer("hours", notes).or_else(|| match (theory, practice) {
            (None, None) => None,
            (theory, practice) => Some(theory.unwrap_or(0) + practice.unwrap_or(0)),
        });
        rows.push(PlanRow {
            class: spot.class(),
            occupation: spot.text("occupation"),
            course: spot.text("course").or_else(|| spot.text("module")),
            theory_hours: theory,
            practice_hours: practice,
            hours,
            teachers: values::read_names(&spot.cell("teachers").text),
            source: spot.source(),
        });
    });
    rows
}
