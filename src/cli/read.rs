//! `mingchou read FILE`: shows what was understood of a document and stores nothing.

use super::{Exit, Printer, table::Table};
use crate::canon::Week;
use crate::domain::{DocumentKind, Finding, IdStatus, Severity};
use crate::ingest::{Context, Reading, Rows, read_document};
use crate::ops;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[arg(long, value_parser = ["ledger", "timetable", "roster"])]
    pub kind: Option<String>,
    #[arg(long)]
    pub week: String,
    #[arg(long)]
    pub json: bool,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

pub fn run(args: &Args, printer: &mut Printer) -> crate::canon::Result<Exit> {
    let week = Week::parse(&args.week)?;
    let bytes = std::fs::read(&args.file).map_err(|error| ops::office::file_failed(&args.file, &error))?;
    let units = ops::init::default_units()?;
    let kind = args.kind.as_deref().and_then(DocumentKind::parse);
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut reading = read_document(&name, &bytes, &Context { week, kind, units: &units });
    reading.findings.extend(ops::receive::check_reading(&reading, week)?);
    if args.json {
        printer.json(&to_json(&reading, printer));
    } else {
        print_reading(&reading, printer);
    }
    Ok(if reading.kind.is_some() { Exit::Done } else { Exit::Unreadable })
}

fn to_json(reading: &Reading, printer: &Printer) -> Value {
    let rows: Vec<Value> = match &reading.rows {
        Rows::Ledger(rows) => rows.iter().filter_map(|row| serde_json::to_value(row).ok()).collect(),
        Rows::Timetable(lessons) => lessons.iter().filter_map(|lesson| serde_json::to_value(lesson).ok()).collect(),
        Rows::Roster(rows) => rows.iter().filter_map(|row| serde_json::to_value(row).ok()).collect(),
        Rows::None => Vec::new(),
    };
    let columns: serde_json::Map<String, Value> = reading.columns.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
    let findings: Vec<Value> = reading.findings.iter().map(|finding| finding_json(finding, printer)).collect();
    json!({
        "kind": reading.kind.map(DocumentKind::as_str), "county": reading.county, "week": reading.stated_week,
        "filled_on": reading.filled_on, "columns": columns, "rows": rows, "findings": findings,
    })
}

/// A finding with its sentence.
pub fn finding_json(finding: &Finding, printer: &Printer) -> Value {
    let place = &finding.place;
    json!({
        "code": finding.code, "severity": finding.severity, "sheet": place.sheet, "row": place.row, "cell": place.cell,
        "value": finding.value, "message": message(finding, printer),
    })
}

/// The finding's sentence, with its place's and its value's names filled in.
pub fn message(finding: &Finding, printer: &Printer) -> String {
    let mut values = finding.values.clone();
    values.push(("value", finding.value.clone().unwrap_or_default()));
    values.push(("row", finding.place.row.map(|row| row.to_string()).unwrap_or_default()));
    values.push(("sheet", finding.place.sheet.clone().unwrap_or_default()));
    printer.text(finding.code, &values)
}

pub fn print_finding(finding: &Finding, printer: &mut Printer) {
    let place = &finding.place;
    let cell = place.cell.clone().or_else(|| place.row.map(|row| printer.text("finding_row", &[("row", row.to_string())])));
    let place: Vec<String> = [place.sheet.clone(), cell].into_iter().flatten().collect();
    let severity = match finding.severity {
        Severity::MustMend => "severity_must_mend",
        Severity::ShouldExplain => "severity_should_explain",
        Severity::Information => "severity_information",
    };
    let text = format!("  [{}] {} {}  {}", finding.code, printer.text(severity, &[]), place.join(" "), message(finding, printer));
    printer.line(&text);
}

fn print_reading(reading: &Reading, printer: &mut Printer) {
    if let Some(kind) = reading.kind {
        let kind = printer.text(&format!("kind_{}", kind.as_str()), &[]);
        let county = reading.county.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string);
        let count = match &reading.rows {
            Rows::Ledger(rows) => rows.len(),
            Rows::Timetable(lessons) => lessons.len(),
            Rows::Roster(rows) => rows.len(),
            Rows::None => 0,
        };
        printer.say("read_done", &[("kind", kind), ("county", county), ("rows", count.to_string())]);
        let columns: Vec<String> = reading.columns.iter().map(|(name, text)| format!("{name}←{text}")).collect();
        if !columns.is_empty() {
            printer.say("read_columns", &[("columns", columns.join("  "))]);
        }
        printer.line(&table(reading, printer).render());
    }
    for finding in &reading.findings {
        print_finding(finding, printer);
    }
}

/// The columns that tell at a glance whether the document was understood.
fn table(reading: &Reading, printer: &Printer) -> Table {
    let heads = |codes: &[&str]| Table::new(codes.iter().map(|code| printer.text(code, &[])).collect());
    let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "—".to_owned());
    let date = |date: &Option<crate::canon::Date>| date.map_or_else(|| "—".to_owned(), |date| date.to_string());
    match &reading.rows {
        Rows::Ledger(rows) => {
            let mut table = heads(&["list_institution", "list_class", "read_occupation", "read_opens", "read_ends"]);
            rows.iter()
                .for_each(|r| table.row(vec![text(&r.institution), text(&r.class_name), text(&r.occupation), date(&r.opens_on), date(&r.ends_on)]));
            table
        }
        Rows::Timetable(lessons) => {
            let mut table = heads(&["list_class", "read_date", "read_time", "read_course", "read_teachers"]);
            let time = |l: &crate::domain::Lesson| l.start.zip(l.end).map_or_else(|| "—".to_owned(), |(start, end)| format!("{start}-{end}"));
            lessons.iter().for_each(|l| table.row(vec![text(&l.class_name), date(&l.date), time(l), text(&l.course), l.teachers.join("、")]));
            table
        }
        Rows::Roster(rows) => {
            let mut table = heads(&["read_name", "read_sex", "read_id"]);
            let status = |status: IdStatus| serde_json::to_value(status).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
            rows.iter().for_each(|r| table.row(vec![text(&r.name), text(&r.sex), printer.text(&format!("id_{}", status(r.id_status)), &[])]));
            table
        }
        Rows::None => Table::new(Vec::new()),
    }
}
