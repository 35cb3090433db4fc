//! `mingchou read FILE`: shows what was understood of a document and stores nothing.

use super::{Exit, Printer, table::Table};
use crate::canon::Week;
use crate::domain::{DocumentKind, Finding, Person, PersonalText, ReportingUnit};
use crate::http::shape;
use crate::ingest::{Context, Reading, Rows};
use crate::ops::{self, mapping::Told};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[arg(long, value_parser = ["ledger", "timetable", "roster", "attendance", "checks", "export", "history", "plan"])]
    pub kind: Option<String>,
    #[arg(long)]
    pub week: String,
    #[arg(long)]
    pub json: bool,
    /// Writes the workbook back with its cells marked.
    #[arg(long, value_name = "FILE")]
    pub marked: Option<PathBuf>,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `units` are those of the data folder that was named, else those a new folder begins with; `told` what it knows of headers.
pub fn run(args: &Args, units: &[ReportingUnit], told: &Told, printer: &mut Printer) -> crate::canon::Result<Exit> {
    let week = Week::parse(&args.week)?;
    let bytes = std::fs::read(&args.file).map_err(|error| ops::office::file_failed(&args.file, &error))?;
    let kind = args.kind.as_deref().and_then(DocumentKind::parse);
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut reading = told.read(&name, &bytes, &Context { week, kind, units, headers: &[] }, None);
    reading.findings.extend(ops::receive::check_reading(&reading, week)?);
    if let Some(path) = &args.marked {
        let file = ops::receive::HandedIn { name: name.clone(), bytes };
        let bytes = shape::marked(&file.name, &file.bytes, &reading.findings.iter().collect::<Vec<_>>(), printer.lang)?;
        ops::office::write_whole(path, &bytes)?;
    }
    if args.json {
        printer.json(&to_json(&reading, printer));
    } else {
        print_reading(&reading, printer);
    }
    Ok(if reading.kind.is_some() { Exit::Done } else { Exit::Unreadable })
}

fn to_json(reading: &Reading, printer: &Printer) -> Value {
    let rows = rows_json(&reading.rows);
    let columns: serde_json::Map<String, Value> = reading.columns.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
    let findings: Vec<Value> = reading.findings.iter().map(|finding| shape::finding(finding, printer.lang)).collect();
    json!({
        "kind": reading.kind.map(DocumentKind::as_str), "county": reading.county, "week": reading.stated_week,
        "filled_on": reading.filled_on, "columns": columns, "rows": rows, "findings": findings,
    })
}

fn rows_json(rows: &Rows) -> Vec<Value> {
    fn plain<T: serde::Serialize>(rows: &[T]) -> Vec<Value> {
        rows.iter().filter_map(|row| serde_json::to_value(row).ok()).collect()
    }
    /// Only here do names leave: whoever reads a file holds it.
    fn named<T: serde::Serialize>(rows: &[T], person: impl Fn(&T) -> &Person) -> Vec<Value> {
        let with_name = |(value, row): (Value, &T)| {
            let mut value = value;
            value["name"] = json!(person(row).name.as_ref().map(PersonalText::reveal));
            value
        };
        plain(rows).into_iter().zip(rows).map(with_name).collect()
    }
    match rows {
        Rows::Ledger(rows) => plain(rows),
        Rows::Timetable(rows) => plain(rows),
        Rows::Roster(rows) => named(rows, |row| &row.person),
        Rows::Attendance(rows) => named(rows, |row| &row.person),
        Rows::Checks(rows) => named(rows, |row| &row.person),
        Rows::Export(rows) => named(rows, |row| &row.person),
        Rows::History(rows) => named(rows, |row| &row.person),
        Rows::TeachingPlan(rows) => plain(rows),
        Rows::None => Vec::new(),
    }
}

pub fn print_finding(finding: &Finding, names_file: bool, printer: &mut Printer) {
    let place = &finding.place;
    let cell = place.cell.clone().or_else(|| place.row.map(|row| printer.text("finding_row", &[("row", row.to_string())])));
    let place: Vec<String> =
        [Some(place.file.clone()).filter(|file| names_file && !file.is_empty()), place.sheet.clone(), cell].into_iter().flatten().collect();
    let severity = shape::severity_word(finding.severity);
    let text = format!("  [{}] {} {}  {}", finding.code, printer.text(severity, &[]), place.join(" "), shape::message(finding, printer.lang));
    printer.line(&text);
}

fn print_reading(reading: &Reading, printer: &mut Printer) {
    if let Some(kind) = reading.kind {
        let kind = printer.text(&format!("kind_{}", kind.as_str()), &[]);
        let county = reading.county.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string);
        let count = reading.rows.len();
        printer.say("read_done", &[("kind", kind), ("county", county), ("rows", count.to_string())]);
        let columns: Vec<String> = reading.columns.iter().map(|(name, text)| format!("{name}←{text}")).collect();
        if !columns.is_empty() {
            printer.say("read_columns", &[("columns", columns.join("  "))]);
        }
        printer.line(&table(reading, printer).render());
    }
    for finding in &reading.findings {
        print_finding(finding, false, printer);
    }
}

/// The columns that tell at a glance whether the document was understood.
fn table(reading: &Reading, printer: &Printer) -> Table {
    let heads = |codes: &[&str]| Table::new(codes.iter().map(|code| printer.text(code, &[])).collect());
    let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "—".to_owned());
    let date = |date: &Option<crate::canon::Date>| date.map_or_else(|| "—".to_owned(), |date| date.to_string());
    let number = |number: Option<i64>| number.map_or_else(|| "—".to_owned(), |number| number.to_string());
    let name = |person: &Person| person.name.as_ref().map_or_else(|| "—".to_owned(), |name| name.reveal().to_owned());
    let id = |person: &Person| printer.text(&format!("id_{}", person.id_status.as_str()), &[]);
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
            let mut table = heads(&["list_class", "read_name", "read_sex", "read_id"]);
            rows.iter().for_each(|r| table.row(vec![text(&r.class.class_name), name(&r.person), text(&r.sex), id(&r.person)]));
            table
        }
        Rows::Attendance(rows) => {
            let mut table = heads(&["list_class", "read_date", "read_half", "read_name", "read_mark", "read_counts"]);
            rows.iter().for_each(|r| {
                let half = r.half.map_or_else(|| "—".to_owned(), |half| printer.text(&format!("half_{}", half.as_str()), &[]));
                let mark = r.mark.map_or_else(|| "—".to_owned(), |mark| printer.text(&format!("mark_{}", mark.as_str()), &[]));
                let counts = [r.expected, r.present, r.leave, r.absent].map(number).join("/");
                table.row(vec![text(&r.class.class_name), date(&r.date), half, name(&r.person), mark, counts]);
            });
            table
        }
        Rows::Checks(rows) => {
            let mut table = heads(&["read_name", "read_id", "read_result", "read_date"]);
            rows.iter().for_each(|r| table.row(vec![name(&r.person), id(&r.person), text(&r.result), date(&r.checked_on)]));
            table
        }
        Rows::Export(rows) => {
            let mut table = heads(&["read_class_code", "list_class", "read_name", "read_opens", "read_ends", "read_state"]);
            rows.iter().for_each(|r| {
                let class = &r.class;
                table.row(vec![
                    text(&class.class_code),
                    text(&class.class_name),
                    name(&r.person),
                    date(&r.opens_on),
                    date(&r.ends_on),
                    text(&r.state),
                ]);
            });
            table
        }
        Rows::History(rows) => {
            let mut table = heads(&["read_name", "read_id", "read_occupation", "read_year", "read_amount"]);
            rows.iter().for_each(|r| table.row(vec![name(&r.person), id(&r.person), text(&r.occupation), number(r.year), number(r.amount)]));
            table
        }
        Rows::TeachingPlan(rows) => {
            let mut table = heads(&["list_class", "read_course", "read_hours", "read_teachers"]);
            rows.iter().for_each(|r| table.row(vec![text(&r.class.class_name), text(&r.course), number(r.hours), r.teachers.join("、")]));
            table
        }
        Rows::None => Table::new(Vec::new()),
    }
}
