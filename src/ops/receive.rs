//! Receives what a county sends for a week: documents in, one more version of its submission.

use super::office::{file_failed, write_whole};
use super::{LogWriter, Office};
use crate::calendar::Calendar;
use crate::canon::{Code, Hash, Refusal, Result, Week};
use crate::checks;
use crate::domain::{DocumentKind, Finding, LedgerRow, Lesson, ReportingUnit, Severity};
use crate::ingest::{self, Context, Reading, Rows};
use crate::store::submission::{Document, StoredRow, Submission};
use crate::store::{self, unit::unit_code_of};
use crate::tlog::{Act, leaf};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A file as it was handed over.
pub struct HandedIn {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What became of a submission.
pub struct Received {
    pub submission: Submission,
    /// False when exactly this had been received before.
    pub is_new: bool,
    pub documents: Vec<Document>,
    pub findings: Vec<Finding>,
    pub owed: usize,
    pub lessons: usize,
}

/// Everything read from the documents in force for a county and week.
#[derive(Default)]
struct Contents {
    rows: Vec<LedgerRow>,
    /// Per row, the codes of what must be mended in it.
    owed: Vec<Option<String>>,
    lessons: Vec<Lesson>,
    findings: Vec<Finding>,
}

/// Takes documents for a week. A document replaces all earlier ones of its kind for that county and week.
///
/// Originals and lessons are files written before the transaction that names them: if the power fails between, they
/// lie there unreferenced and the same command succeeds later.
pub async fn receive_submission(office: &mut Office, week: Week, county: Option<Code>, files: Vec<HandedIn>) -> Result<Received> {
    let salt = office.chance.secret()?;
    let mut transaction = office.store.begin().await?;
    let units = store::unit::list_reporting_units(&mut transaction).await?;
    let (county, given) = identify(week, county, &units, &files)?;
    let submissions = store::submission::list(&mut transaction).await?;
    let previous = submissions.iter().rfind(|s| s.county == county && s.week == week);
    let mut in_force = match previous {
        Some(previous) => store::submission::list_documents(&mut transaction, previous).await?,
        None => Vec::new(),
    };
    let before = in_force.clone();
    let replaced: BTreeSet<DocumentKind> = given.iter().map(|document| document.kind).collect();
    in_force.retain(|document| !replaced.contains(&document.kind));
    in_force.extend(given);
    in_force.sort_by_key(|document| document.sha256);
    in_force.dedup_by_key(|document| document.sha256);
    for file in &files {
        write_original(office, file)?;
    }
    let contents = read_all(office, week, &units, &in_force)?;
    let is_same = before.iter().map(|d| d.sha256).eq(in_force.iter().map(|d| d.sha256));
    if let (Some(previous), true) = (previous, is_same) {
        let owed = store::submission::list_rows(&mut transaction, previous).await?.iter().filter(|row| row.owed.is_some()).count();
        let lessons = contents.lessons.len();
        return Ok(Received { submission: previous.clone(), is_new: false, documents: in_force, findings: contents.findings, owed, lessons });
    }

    let mut rows = Vec::with_capacity(contents.rows.len());
    for (row, owed) in contents.rows.iter().zip(contents.owed) {
        let year = row.opens_on.map_or(week.year, crate::canon::Date::year);
        let unit = unit_code_of(&mut transaction, &county, &identity(row), year).await?;
        rows.push(StoredRow { unit, row: row.clone(), owed });
    }
    let lessons = assign_lessons(&rows, contents.lessons);
    let lessons_fact = if lessons.is_empty() { None } else { Some(office.facts.write_lessons(week, &county, &lessons)?) };

    let mut log = LogWriter::load(office, &mut transaction).await?;
    let sealed = leaf::seal(&salt, &leaf::documents_record(in_force.iter().map(|d| d.sha256).collect()));
    let version = previous.map_or(1, |previous| previous.version + 1);
    let act = Act::Submission { county: county.clone(), period: week, version, rows: rows.len() as u64, sealed };
    let leaf_index = log.append(&mut transaction, act).await?;
    let submission =
        Submission { county, week, version, at: log.now(), rows: rows.len() as u64, salt: salt.to_hex(), leaf_index, lessons: lessons_fact };
    store::submission::add(&mut transaction, &submission, &in_force, &rows).await?;
    for (position, finding) in contents.findings.iter().enumerate() {
        store::submission::add_finding(&mut transaction, &submission, position as u64, &finding_record(finding)).await?;
    }
    transaction.commit().await.map_err(store::failed)?;
    let owed = rows.iter().filter(|row| row.owed.is_some()).count();
    Ok(Received { submission, is_new: true, documents: in_force, findings: contents.findings, owed, lessons: lessons.len() })
}

/// Says whose the files are and what each is; refuses what can't be taken, before anything is kept.
fn identify(week: Week, stated: Option<Code>, units: &[ReportingUnit], files: &[HandedIn]) -> Result<(Code, Vec<Document>)> {
    if files.is_empty() {
        return Err(Refusal::new("receive_nothing"));
    }
    if let Some(unknown) = stated.as_ref().filter(|county| !units.iter().any(|unit| unit.county == **county)) {
        return Err(Refusal::new("receive_unknown_county").with("county", unknown));
    }
    let mut county = stated;
    let mut documents = Vec::new();
    for file in files {
        let reading = ingest::read_document(&file.name, &file.bytes, &Context { week, kind: None, units });
        let kind = reading.kind.ok_or_else(|| unreadable(file, &reading))?;
        if !matches!(kind, DocumentKind::Ledger | DocumentKind::Timetable) {
            return Err(Refusal::new("receive_personal").with("file", &file.name));
        }
        refuse_other_week(file, week, &reading)?;
        match (&county, &reading.county) {
            (Some(known), Some(found)) if known != found => {
                return Err(Refusal::new("receive_other_county").with("file", &file.name).with("expected", known).with("found", found));
            }
            (None, Some(found)) => county = Some(found.clone()),
            _ => {}
        }
        documents.push(Document { sha256: Hash::of(&file.bytes), kind, file_name: file.name.clone() });
    }
    let county = county.ok_or_else(|| Refusal::new("receive_no_county").with("file", &files[0].name))?;
    Ok((county, documents))
}

/// A document that names its week, or the day it was filled in, must fit the week it is handed in for.
fn refuse_other_week(file: &HandedIn, week: Week, reading: &Reading) -> Result<()> {
    let refusal = |found: String| Err(Refusal::new("receive_other_week").with("file", &file.name).with("expected", week).with("found", found));
    if reading.kind != Some(DocumentKind::Ledger) {
        return Ok(());
    }
    match (reading.stated_week, reading.filled_on) {
        (Some(stated), _) if stated != week => refusal(stated.to_string()),
        // A county that is late fills in its ledger after the week is over, but before the next Friday.
        (None, Some(day)) if day < week.monday() || day > week.sunday().plus_days(4) => refusal(day.to_string()),
        _ => Ok(()),
    }
}

/// Names the finding that says why; whoever prints the refusal knows the language.
fn unreadable(file: &HandedIn, reading: &Reading) -> Refusal {
    let finding = reading.findings.first().map_or("D1010", |finding| finding.code);
    Refusal::new("receive_unreadable").with("file", &file.name).with("finding", finding)
}

fn write_original(office: &Office, file: &HandedIn) -> Result<()> {
    let path = office.folder.join("originals").join(Hash::of(&file.bytes).to_string());
    if path.exists() { Ok(()) } else { write_whole(&path, &file.bytes) }
}

/// Reads every document in force from the originals, and checks ledger and timetables together.
fn read_all(office: &Office, week: Week, units: &[ReportingUnit], documents: &[Document]) -> Result<Contents> {
    let mut contents = Contents::default();
    for document in documents {
        let path = office.folder.join("originals").join(document.sha256.to_string());
        let bytes = fs::read(&path).map_err(|error| file_failed(&path, &error))?;
        if Hash::of(&bytes) != document.sha256 {
            return Err(Refusal::new("original_altered").with("path", path.display()));
        }
        let reading = ingest::read_document(&document.file_name, &bytes, &Context { week, kind: Some(document.kind), units });
        let mut findings = reading.findings.clone();
        if let Rows::Ledger(rows) = &reading.rows {
            findings.extend(named(&document.file_name, checks_of_ledger(&reading, rows, week, &office.calendar)));
        }
        match reading.rows {
            Rows::Ledger(rows) => {
                // Judged by this document's findings alone: another may have a sheet and row of the same name.
                contents.owed.extend(rows.iter().map(|row| owed_codes(row, &findings)));
                contents.rows.extend(rows);
            }
            Rows::Timetable(lessons) => {
                findings.extend(named(&document.file_name, checks::check_timetable(&lessons)));
                contents.lessons.extend(lessons);
            }
            _ => {}
        }
        contents.findings.extend(findings);
    }
    contents.findings.extend(checks::check_together(&contents.rows, &contents.lessons, &office.calendar, &checks::Settings::default()));
    Ok(contents)
}

/// Findings of checks, which know rows and not files, with the file they are of.
fn named(file: &str, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.iter_mut().for_each(|finding| finding.place.file = file.to_owned());
    findings
}

/// What makes a class the same class from week to week: its institution and name, or what is known where these are missing.
pub fn identity(row: &LedgerRow) -> String {
    let institution = row.institution.as_deref().map(squeeze).unwrap_or_default();
    match row.class_name.as_deref().map(squeeze).filter(|name| !name.is_empty()) {
        Some(name) if !institution.is_empty() => format!("{institution}\n{name}"),
        name => {
            let known = [name, row.class_code.clone(), row.occupation.clone(), row.opens_on.map(|d| d.to_string()), row.venue.clone()];
            let known: Vec<String> = known.into_iter().flatten().map(|text| squeeze(&text)).collect();
            format!("{institution}\n?{}", known.join("|"))
        }
    }
}

/// Without blanks and with half-width letters and digits: how two spellings of a name are compared.
pub fn squeeze(text: &str) -> String {
    let half = |c: char| match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// Codes of what must be mended in a row.
fn owed_codes(row: &LedgerRow, findings: &[Finding]) -> Option<String> {
    let concerns = |f: &&Finding| f.severity == Severity::MustMend && f.place.row == Some(row.row) && f.place.sheet == row.sheet;
    let codes: BTreeSet<&str> = findings.iter().filter(concerns).map(|f| f.code).collect();
    (!codes.is_empty()).then(|| codes.into_iter().collect::<Vec<_>>().join(" "))
}

/// Gives each lesson the unit of its class: by institution and name, or by a name that only one class has.
fn assign_lessons(rows: &[StoredRow], lessons: Vec<Lesson>) -> Vec<(Option<Code>, Lesson)> {
    let mut by_identity: BTreeMap<String, &Code> = BTreeMap::new();
    let mut by_name: BTreeMap<String, BTreeSet<&Code>> = BTreeMap::new();
    for stored in rows {
        by_identity.insert(identity(&stored.row), &stored.unit);
        if let Some(name) = &stored.row.class_name {
            by_name.entry(squeeze(name)).or_default().insert(&stored.unit);
        }
    }
    let unit_of = |lesson: &Lesson| {
        let name = squeeze(lesson.class_name.as_deref()?);
        let institution = lesson.institution.as_deref().map(squeeze).unwrap_or_default();
        let exact = by_identity.get(&format!("{institution}\n{name}")).copied();
        let only = by_name.get(&name).filter(|units| units.len() == 1).and_then(|units| units.first().copied());
        exact.or(only).cloned()
    };
    lessons.into_iter().map(|lesson| (unit_of(&lesson), lesson)).collect()
}

/// The checks of a ledger; a missing approval counts only where the ledger has a column for it.
fn checks_of_ledger(reading: &Reading, rows: &[LedgerRow], week: Week, calendar: &Calendar) -> Vec<Finding> {
    let settings = checks::Settings::default();
    let mut findings = checks::check_ledger(rows, calendar, &settings);
    findings.extend(checks::check_ledger_at(rows, week.friday(), &settings));
    if reading.columns.iter().any(|(name, _)| *name == "reviewed_on") {
        // By the Friday reported: what opens later may still be approved in time.
        findings.extend(checks::check_l1108_review_missing(rows, week.friday()));
    }
    findings
}

/// What can be checked of one document alone.
pub fn check_reading(reading: &Reading, week: Week) -> Result<Vec<Finding>> {
    Ok(match &reading.rows {
        Rows::Ledger(rows) => checks_of_ledger(reading, rows, week, &super::init::default_calendar()?),
        Rows::Timetable(lessons) => checks::check_timetable(lessons),
        _ => Vec::new(),
    })
}

fn finding_record(finding: &Finding) -> String {
    let place = &finding.place;
    let values: BTreeMap<&str, &str> = finding.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    serde_json::json!({
        "cell": place.cell, "code": finding.code, "file": place.file, "row": place.row,
        "severity": finding.severity, "sheet": place.sheet, "value": finding.value, "values": values,
    })
    .to_string()
}
