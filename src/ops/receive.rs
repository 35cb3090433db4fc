//! Receives what a county sends for a week: documents in, one more version of its submission.

use super::contents::{Classes, Contents, ReadAs, check_alone};
use super::{LogWriter, Office};
use crate::canon::{Code, Hash, Refusal, Result, Week};
use crate::domain::{DocumentKind, Finding, LedgerRow, ReportingUnit};
use crate::ingest::{Context, Reading};
use crate::store::fact::Fact;
use crate::store::submission::{Document, StoredRow, Submission};
use crate::store::{self, unit::unit_code_of};
use crate::tlog::{Act, leaf};
use serde::Serialize;
use std::collections::BTreeMap;

pub use crate::checks::{Change, ChangeKind};

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
    /// What else became facts.
    pub facts: Vec<Fact>,
    /// The rows of this version and of the one before, for the difference.
    pub rows: Vec<LedgerRow>,
    pub previous: Option<(Submission, Vec<LedgerRow>)>,
    pub changes: Vec<Change>,
    /// The ledger's figures against independent ones.
    pub totals: Vec<Total>,
}

/// One figure of the ledger and the same by someone else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// A word's code: what is counted and who else counted it.
    pub what: &'static str,
    pub ours: i64,
    pub theirs: i64,
}

/// How a submission is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Looks and says everything, keeps nothing.
    pub is_dry_run: bool,
    /// There is nothing to report（零报告）: no file is needed.
    pub is_zero: bool,
}

/// Takes documents for a week. A ledger or timetable replaces all earlier ones of its kind for that county and week, any
/// other document the one of the same kind and name.
///
/// Originals and facts are files written before the transaction that names them: if the power fails between, they
/// lie there unreferenced and the same command succeeds later.
pub async fn receive_submission(office: &Office, week: Week, county: Option<Code>, files: Vec<HandedIn>, manner: Manner) -> Result<Received> {
    let salt = office.chance.secret()?;
    let mut transaction = office.store.begin().await?;
    let units = store::unit::list_reporting_units(&mut transaction).await?;
    let (county, given) = identify(&mut transaction, week, county, &units, &files, manner).await?;
    let headers = super::mapping::in_force(&mut transaction, &county).await?;
    let previous = store::submission::find_newest(&mut transaction, &county, week).await?;
    let before = match &previous {
        Some(previous) => store::submission::list_documents(&mut transaction, previous).await?,
        None => Vec::new(),
    };
    let in_force = documents_in_force(&before, given, manner);
    let known = ReadAs { week, units: &units, headers: &headers, calendar: &office.calendar };
    let mut contents = read_all(office, &known, &in_force, &files)?;
    // The version before, or the newest of an earlier week: what the county said last.
    let last = match &previous {
        Some(previous) => Some(previous.clone()),
        None => store::submission::find_last_before(&mut transaction, &county, week).await?,
    };
    let last = match last {
        Some(last) => {
            let rows = store::submission::list_rows(&mut transaction, &last).await?.into_iter().map(|stored| stored.row).collect();
            Some((last, rows))
        }
        None => None,
    };
    let others = rows_of_others(&mut transaction, &units, &county, week).await?;
    let others: Vec<(&str, &[LedgerRow])> = others.iter().map(|(name, rows)| (name.as_str(), rows.as_slice())).collect();
    contents.check_together(&known, &others, last.as_ref().map(|(_, rows): &(_, Vec<LedgerRow>)| rows.as_slice()), office.clock.now().date());
    let is_same = before.iter().map(|d| d.sha256).eq(in_force.iter().map(|d| d.sha256));
    let is_same = is_same && previous.as_ref().is_some_and(|previous| previous.is_zero == manner.is_zero);
    if let (Some(previous), true, false) = (&previous, is_same, manner.is_dry_run) {
        let facts = store::fact::list(&mut transaction, previous).await?;
        return Ok(received(previous.clone(), false, in_force, contents, facts, last));
    }

    let mut rows = Vec::with_capacity(contents.rows.len());
    for (row, owed) in contents.rows.iter().zip(&contents.owed) {
        let year = row.opens_on.map_or(week.year, crate::canon::Date::year);
        let unit = unit_code_of(&mut transaction, &county, &identity(row), year).await?;
        rows.push(StoredRow { unit, row: row.clone(), owed: owed.clone() });
    }
    let version = previous.as_ref().map_or(1, |previous| previous.version + 1);
    let mut submission = Submission {
        county: county.clone(),
        week,
        version,
        at: office.clock.now(),
        rows: rows.len() as u64,
        salt: salt.to_hex(),
        leaf_index: 0,
        lessons: None,
        is_zero: manner.is_zero,
    };
    if manner.is_dry_run {
        return Ok(received(submission, true, in_force, contents, Vec::new(), last));
    }
    for file in &files {
        office.vault.keep(&file.bytes)?;
    }
    let lessons = Classes::of(&rows).place_lessons(contents.lessons.clone());
    submission.lessons = if lessons.is_empty() { None } else { Some(office.facts.write_lessons(week, &county, &lessons)?) };
    let facts = contents.write_people(office, week, &county, &rows)?;

    let mut log = LogWriter::load(office, &mut transaction).await?;
    let sealed = leaf::seal(&salt, &leaf::documents_record(in_force.iter().map(|d| d.sha256).collect()));
    submission.at = log.now();
    let act = Act::Submission { county, period: week, version, rows: rows.len() as u64, sealed };
    submission.leaf_index = log.append(&mut transaction, act).await?;
    store::submission::add(&mut transaction, &submission, &in_force, &rows).await?;
    for fact in &facts {
        store::fact::add(&mut transaction, &submission, fact).await?;
    }
    for (position, finding) in contents.findings.iter().enumerate() {
        store::submission::add_finding(&mut transaction, &submission, position as u64, &finding_record(finding)).await?;
    }
    transaction.commit().await.map_err(store::failed)?;
    Ok(received(submission, true, in_force, contents, facts, last))
}

fn received(
    submission: Submission,
    is_new: bool,
    documents: Vec<Document>,
    contents: Contents,
    facts: Vec<Fact>,
    previous: Option<(Submission, Vec<LedgerRow>)>,
) -> Received {
    let owed = contents.owed.iter().flatten().count();
    let changes = previous.as_ref().map(|(_, rows)| crate::checks::changes(rows, &contents.rows)).unwrap_or_default();
    let totals = contents.totals();
    Received {
        changes,
        totals,
        submission,
        is_new,
        documents,
        findings: contents.findings,
        owed,
        lessons: contents.lessons.len(),
        facts,
        rows: contents.rows,
        previous,
    }
}

/// What other counties' newest versions of the same week say.
async fn rows_of_others(
    connection: &mut sqlx::AnyConnection,
    units: &[ReportingUnit],
    county: &Code,
    week: Week,
) -> Result<Vec<(String, Vec<LedgerRow>)>> {
    let mut others = Vec::new();
    let newest = store::submission::list_newest(connection, week).await?;
    for unit in units.iter().filter(|unit| unit.county != *county) {
        if let Some(newest) = newest.iter().find(|s| s.county == unit.county) {
            let rows = store::submission::list_rows(connection, newest).await?;
            others.push((unit.name_zh.clone(), rows.into_iter().map(|stored| stored.row).collect()));
        }
    }
    Ok(others)
}

/// Which documents count from now on; a zero report takes the place of a ledger and timetables.
fn documents_in_force(before: &[Document], given: Vec<Document>, manner: Manner) -> Vec<Document> {
    let is_weekly = |kind: DocumentKind| matches!(kind, DocumentKind::Ledger | DocumentKind::Timetable);
    let replaces = |new: &Document, old: &Document| new.kind == old.kind && (is_weekly(old.kind) || new.file_name == old.file_name);
    let is_left = |old: &&Document| !(given.iter().any(|new| replaces(new, old)) || manner.is_zero && is_weekly(old.kind));
    let mut in_force: Vec<Document> = before.iter().filter(is_left).cloned().collect();
    in_force.extend(given);
    in_force.sort_by_key(|document| document.sha256);
    in_force.dedup_by_key(|document| document.sha256);
    in_force
}

/// Says whose the files are and what each is; refuses what can't be taken, before anything is kept.
async fn identify(
    connection: &mut sqlx::AnyConnection,
    week: Week,
    stated: Option<Code>,
    units: &[ReportingUnit],
    files: &[HandedIn],
    manner: Manner,
) -> Result<(Code, Vec<Document>)> {
    if files.is_empty() && !manner.is_zero {
        return Err(Refusal::new("receive_nothing"));
    }
    if let Some(unknown) = stated.as_ref().filter(|county| !units.iter().any(|unit| unit.county == **county)) {
        return Err(Refusal::new("receive_unknown_county").with("county", unknown));
    }
    let told = super::mapping::Told::all(connection).await?;
    let context = Context { week, kind: None, units, headers: &[] };
    let mut county = stated;
    let mut documents = Vec::new();
    for file in files {
        let reading = told.read(&file.name, &file.bytes, &context, county.as_ref());
        let kind = reading.kind.ok_or_else(|| unreadable(file, &reading))?;
        if manner.is_zero && matches!(kind, DocumentKind::Ledger | DocumentKind::Timetable) && !reading.rows.is_empty() {
            return Err(Refusal::new("receive_not_zero").with("file", &file.name).with("rows", reading.rows.len()));
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
    let first = files.first().map_or("", |file| file.name.as_str());
    let county = county.ok_or_else(|| Refusal::new("receive_no_county").with("file", first))?;
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

/// Names the finding that says why, with its values; whoever prints the refusal knows the language. Notes of the reader
/// （此列按更正记录读作…）come before it in the list and are no reason.
pub(super) fn unreadable(file: &HandedIn, reading: &Reading) -> Refusal {
    let refusal = Refusal::new("receive_unreadable").with("file", &file.name);
    let Some(finding) = reading.findings.iter().min_by_key(|finding| finding.severity) else { return refusal.with("finding", "D1010") };
    finding.values.iter().fold(refusal.with("finding", finding.code), |refusal, (name, value)| refusal.with(name, value))
}

/// Reads every document in force: those at hand from their bytes, the others from the originals.
fn read_all(office: &Office, known: &ReadAs, documents: &[Document], files: &[HandedIn]) -> Result<Contents> {
    let at_hand: BTreeMap<Hash, &HandedIn> = files.iter().map(|file| (Hash::of(&file.bytes), file)).collect();
    let mut contents = Contents::default();
    for document in documents {
        match at_hand.get(&document.sha256) {
            Some(file) => contents.add(document, &file.bytes, known, documents),
            None => contents.add(document, &office.vault.read(&document.sha256)?, known, documents),
        }
    }
    Ok(contents)
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

/// What can be checked of one document alone, by the calendar that a new folder begins with.
pub fn check_reading(reading: &Reading, week: Week) -> Result<Vec<Finding>> {
    Ok(check_alone(reading, week, &super::init::default_calendar()?))
}

/// A finding as it is stored and handed out: its code and values, no sentence.
pub fn finding_record(finding: &Finding) -> String {
    let place = &finding.place;
    let values: BTreeMap<&str, &str> = finding.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    serde_json::json!({
        "cell": place.cell, "code": finding.code, "file": place.file, "row": place.row,
        "severity": finding.severity, "sheet": place.sheet, "value": finding.value, "values": values,
    })
    .to_string()
}
