//! Receiving what counties send, what they get back, headers told, and the soundness of what is kept.

use super::office::Desk;
use super::{Exit, Printer, progress::Working, read, table::Table};
use crate::canon::{Code, Refusal, Result, Week};
use crate::domain::{DocumentKind, Finding};
use crate::http::shape;
use crate::ops::office::write_whole;
use crate::ops::receive::{ChangeKind, HandedIn, Manner, Received, receive_submission};
use crate::ops::{self, Office};
use clap::Args;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub struct ReceiveArgs {
    #[arg(long)]
    pub week: String,
    #[arg(long)]
    pub county: Option<String>,
    /// Says everything, keeps nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Nothing to report.
    #[arg(long)]
    pub zero: bool,
    /// Where the marked workbooks, the findings and the receipt go.
    #[arg(long, value_name = "DIR")]
    pub back: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

pub fn hand_in(paths: &[PathBuf]) -> Result<Vec<HandedIn>> {
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).map_err(|error| ops::office::file_failed(path, &error))?;
        Ok(HandedIn { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes })
    };
    paths.iter().map(read).collect()
}

pub async fn receive(desk: &Desk, args: &ReceiveArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let week = Week::parse(&args.week)?;
    let county = args.county.as_deref().map(Code::parse).transpose()?;
    let files = hand_in(&args.files)?;
    let office = desk.open().await?;
    let manner = Manner { is_dry_run: args.dry_run, is_zero: args.zero };
    let working = Working::on(printer.text("working_reading", &[]));
    let received = receive_submission(&office, week, county, files, manner).await?;
    drop(working);
    if !args.dry_run {
        ops::tiles::write_tiles(&office).await?;
    }
    let receipt = if args.dry_run { None } else { Some(ops::receipt::receipt(&office, &received.submission).await?) };
    if let Some(folder) = &args.back {
        give_back(&office, &received, &receipt, folder, &args.files, printer).await?;
    }
    if args.json {
        let mut value = shape::received(&received, printer.lang);
        value["dry_run"] = json!(args.dry_run);
        value["receipt"] = serde_json::to_value(&receipt).unwrap_or_default();
        printer.json(&value);
        return Ok(Exit::Done);
    }
    print_received(&received, args, printer);
    if let Some(folder) = &args.back {
        printer.say("receive_back", &[("folder", folder.display().to_string())]);
    }
    Ok(Exit::Done)
}

/// Writes what goes back to the county into a folder: findings, receipt, and each document at hand with its cells marked.
async fn give_back(
    office: &Office,
    received: &Received,
    receipt: &Option<crate::bundle::Receipt>,
    folder: &Path,
    files: &[PathBuf],
    printer: &Printer<'_>,
) -> Result<()> {
    let written = |path: PathBuf, bytes: &[u8]| write_whole(&path, bytes);
    let findings = serde_json::to_vec_pretty(&shape::received(received, printer.lang)).unwrap_or_default();
    written(folder.join("核验意见.json"), &findings)?;
    if let Some(receipt) = receipt {
        written(folder.join("回执.json"), &receipt.to_bytes())?;
        written(folder.join("回执.xlsx"), &ops::receipt::printed(office, receipt, received.owed, received.lessons).await?)?;
    }
    for file in hand_in(files)? {
        let sheets = ops::back::sheet_names(&file.bytes);
        let findings: Vec<&Finding> = received.findings.iter().filter(|finding| shape::concerns(finding, &file.name, &sheets)).collect();
        // 台账.xls and 台账.xlsx both come back.
        let end = if file.name.to_lowercase().ends_with(".xlsx") { "" } else { ".xlsx" };
        written(folder.join(format!("标注_{}{end}", file.name)), &shape::marked(&file.name, &file.bytes, &findings, printer.lang)?)?;
    }
    Ok(())
}

fn print_received(received: &Received, args: &ReceiveArgs, printer: &mut Printer) {
    let s = &received.submission;
    let values = [
        ("county", s.county.to_string()),
        ("week", s.week.to_string()),
        ("version", s.version.to_string()),
        ("rows", s.rows.to_string()),
        ("lessons", received.lessons.to_string()),
    ];
    let code = match received.is_new {
        _ if args.dry_run => "receive_dry_run",
        true if args.zero && s.rows == 0 => "receive_zero",
        true => "receive_done",
        false => "receive_again",
    };
    printer.say(code, &values);
    for fact in &received.facts {
        let kind = printer.text(&format!("kind_{}", fact.kind.as_str()), &[]);
        printer.say("receive_fact", &[("kind", kind), ("rows", fact.rows.to_string())]);
    }
    // One document needs no name at each finding.
    let names_files = received.documents.len() > 1;
    for finding in &received.findings {
        read::print_finding(finding, names_files, printer);
    }
    print_changes(received, printer);
    for total in &received.totals {
        let values = [("what", format!("@{}", total.what)), ("ours", total.ours.to_string()), ("theirs", total.theirs.to_string())];
        printer.say(if total.ours == total.theirs { "receive_total_same" } else { "receive_total_other" }, &values);
    }
    if received.owed > 0 {
        printer.say("receive_owed", &[("count", received.owed.to_string())]);
    }
}

/// The difference from what the county sent before, by class and field.
fn print_changes(received: &Received, printer: &mut Printer) {
    const SHOWN: usize = 20;
    let Some((previous, _)) = &received.previous else { return };
    let values = [("week", previous.week.to_string()), ("version", previous.version.to_string()), ("count", received.changes.len().to_string())];
    printer.say("receive_changes", &values);
    for change in received.changes.iter().take(SHOWN) {
        let class = change.class.class_name.clone().unwrap_or_else(|| printer.text("class_unnamed", &[]));
        let unknown = || "—".to_owned();
        match &change.kind {
            ChangeKind::Added => printer.say("change_added", &[("class", class)]),
            ChangeKind::Removed => printer.say("change_removed", &[("class", class)]),
            ChangeKind::Field { name, before, after } => {
                let values = [
                    ("class", class),
                    ("field", format!("@column_{name}")),
                    ("before", before.clone().unwrap_or_else(unknown)),
                    ("after", after.clone().unwrap_or_else(unknown)),
                ];
                printer.say("change_field", &values);
            }
        }
    }
    if received.changes.len() > SHOWN {
        printer.say("change_more", &[("count", (received.changes.len() - SHOWN).to_string())]);
    }
}

#[derive(Args, Debug)]
pub struct MappingArgs {
    #[arg(long)]
    pub county: Option<String>,
    #[arg(long, value_parser = ["ledger", "timetable", "roster", "attendance", "checks", "export", "history", "plan"])]
    pub kind: Option<String>,
    /// The header as it stands in the document.
    #[arg(long, value_name = "TEXT")]
    pub header: Option<String>,
    /// The canonical column; `-` leaves the header's column out.
    #[arg(long, value_name = "COLUMN")]
    pub field: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Takes one back by its number.
    #[arg(long, value_name = "N")]
    pub undo: Option<u64>,
    #[arg(long)]
    pub json: bool,
}

/// Shows, tells or takes back what a county's headers mean.
pub async fn mapping(desk: &Desk, args: &MappingArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    if let Some(id) = args.undo {
        ops::mapping::undo(&office, id).await?;
        printer.say("mapping_undone", &[("id", id.to_string())]);
        return Ok(Exit::Done);
    }
    let county = args.county.as_deref().map(Code::parse).transpose()?;
    if let Some(header) = &args.header {
        let incomplete = || Refusal::new("mapping_incomplete");
        let kind = args.kind.as_deref().and_then(DocumentKind::parse).ok_or_else(incomplete)?;
        let field = args.field.clone().ok_or_else(incomplete)?;
        let field = Some(field).filter(|field| field != "-");
        let by = args.by.as_deref().unwrap_or_default();
        let told = ops::mapping::tell(&office, county.ok_or_else(incomplete)?, kind, header, field, by).await?;
        let field = told.field.unwrap_or_else(|| "@mapping_nothing".to_owned());
        printer.say("mapping_told", &[("id", told.id.to_string()), ("header", told.header), ("field", field)]);
        return Ok(Exit::Done);
    }
    let mut all = ops::mapping::list(&office).await?;
    all.retain(|mapping| county.as_ref().is_none_or(|county| *county == mapping.county));
    if args.json {
        let list = all.iter().map(|m| {
            json!({"id": m.id, "county": m.county, "kind": m.kind.as_str(), "header": m.header, "field": m.field, "at": m.at, "by": m.by, "undone_at": m.undone_at})
        });
        printer.json(&Value::Array(list.collect()));
        return Ok(Exit::Done);
    }
    let heads = ["mapping_id", "status_county", "mapping_kind", "mapping_header", "mapping_field", "mapping_at", "mapping_by", "mapping_undone_at"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    let time = |at: crate::canon::Time| at.0.format("%Y-%m-%d %H:%M").to_string();
    for m in &all {
        let field = m.field.clone().unwrap_or_else(|| printer.text("mapping_nothing", &[]));
        let kind = printer.text(&format!("kind_{}", m.kind.as_str()), &[]);
        let undone = m.undone_at.map(time).unwrap_or_default();
        table.row(vec![m.id.to_string(), m.county.to_string(), kind, m.header.clone(), field, time(m.at), m.by.clone(), undone]);
    }
    printer.line(&table.render());
    Ok(Exit::Done)
}

#[derive(Args, Debug)]
pub struct FsckArgs {
    /// Removes what nothing names, if nothing is wrong.
    #[arg(long)]
    pub sweep: bool,
    #[arg(long)]
    pub json: bool,
}

/// Proves that all that submissions name is there and unaltered.
pub async fn fsck(desk: &Desk, args: &FsckArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let report = ops::fsck::fsck(&office, args.sweep).await?;
    let exit = if report.faults.is_empty() { Exit::Done } else { Exit::Refused };
    if args.json {
        let faults: Vec<_> = report.faults.iter().map(|fault| json!({"code": fault.code, "message": printer.sentence(fault)})).collect();
        let orphans: Vec<_> = report.orphans.iter().map(|path| path.display().to_string()).collect();
        printer.json(&json!({
            "ok": report.faults.is_empty(), "submissions": report.submissions, "originals": report.originals, "facts": report.facts,
            "leaves": report.leaves, "faults": faults, "orphans": orphans, "swept": args.sweep && report.faults.is_empty(),
        }));
        return Ok(exit);
    }
    let values = [
        ("submissions", report.submissions.to_string()),
        ("originals", report.originals.to_string()),
        ("facts", report.facts.to_string()),
        ("leaves", report.leaves.to_string()),
    ];
    printer.say("fsck_seen", &values);
    for fault in &report.faults {
        let text = printer.sentence(fault);
        printer.line(&format!("  ✗ {text}"));
    }
    for path in &report.orphans {
        printer.say(if args.sweep && report.faults.is_empty() { "fsck_swept" } else { "fsck_orphan" }, &[("path", path.display().to_string())]);
    }
    printer.say(if report.faults.is_empty() { "fsck_sound" } else { "fsck_unsound" }, &[("count", report.faults.len().to_string())]);
    Ok(exit)
}

#[derive(Args, Debug)]
pub struct RotateArgs {}

/// Seals all originals anew under a new key.
pub async fn rotate(desk: &Desk, _args: &RotateArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let mut office = desk.open().await?;
    let count = ops::vault::rotate(&mut office).await?;
    printer.say("rotate_done", &[("count", count.to_string())]);
    Ok(Exit::Done)
}

#[derive(Args, Debug)]
pub struct PayableArgs {
    #[arg(long)]
    pub week: String,
    #[arg(long)]
    pub county: Option<String>,
    /// Also writes the list as a workbook.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

/// Lists the classes and trainees that can't be paid as things stand.
pub async fn payable(desk: &Desk, args: &PayableArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let week = Week::parse(&args.week)?;
    let county = args.county.as_deref().map(Code::parse).transpose()?;
    let list = ops::payable::not_payable(&office, week, county.as_ref()).await?;
    if let Some(path) = &args.out {
        write_whole(path, &ops::payable::printed(&office, week, &list).await?)?;
    }
    if args.json {
        printer.json(&serde_json::to_value(&list).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let heads = ["status_county", "list_institution", "list_class", "read_class_code", "payable_trainee", "payable_reason"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
    for entry in &list {
        let place = entry.row.map(|row| {
            let values = [("sheet", entry.sheet.clone().unwrap_or_default()), ("row", row.to_string()), ("masked", text(&entry.masked))];
            printer.text("payable_place", &values)
        });
        let place = place.unwrap_or_else(|| printer.text("payable_whole_class", &[]));
        let reason = printer.text(entry.reason.word(), &[]);
        table.row(vec![entry.county_name.clone(), text(&entry.institution), text(&entry.class_name), text(&entry.class_code), place, reason]);
    }
    printer.line(&table.render());
    printer.say("payable_count", &[("week", week.to_string()), ("count", list.len().to_string())]);
    Ok(Exit::Done)
}

#[derive(Args, Debug)]
pub struct UnframedArgs {
    #[arg(long)]
    pub json: bool,
}

/// Lists classes that ended without ever having stood in a frame.
pub async fn unframed(desk: &Desk, args: &UnframedArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let list = ops::unframed::never_framed(&office).await?;
    if args.json {
        printer.json(&serde_json::to_value(&list).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let heads = ["unframed_unit", "list_institution", "list_class", "read_opens", "read_ends", "unframed_known"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
    for class in &list {
        let opens = class.opens_on.map_or_else(|| "—".to_owned(), |day| day.to_string());
        let known = class.known_at.0.format("%Y-%m-%d %H:%M").to_string();
        table.row(vec![class.unit.to_string(), text(&class.institution), text(&class.class_name), opens, class.ends_on.to_string(), known]);
    }
    printer.line(&table.render());
    printer.say("unframed_count", &[("count", list.len().to_string())]);
    Ok(Exit::Done)
}
