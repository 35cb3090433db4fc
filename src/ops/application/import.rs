//! How dossiers come to be: from ledgers in force, from a provincial system's export, or typed in.

use super::{Dossier, Facts, kept, note, person, record, to_text};
use crate::canon::{Code, Refusal, Result, Week};
use crate::domain::{DocumentKind, ExportRow, LedgerRow, Lesson, PlanRow, mask_inside};
use crate::ingest::{Context, Rows};
use crate::ops::Office;
use crate::ops::mapping::Told;
use crate::ops::receive::{HandedIn, identity, squeeze};
use crate::store;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Opened {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// Rows that name no class: they are owed by their county first.
    pub skipped: usize,
}

/// Where facts come from.
struct Origin<'a> {
    source: &'static str,
    name: &'a str,
}

/// Opens a dossier for each class of the ledgers in force for a week, and brings known ones up to date.
///
/// One transaction: a crash leaves all or none, and the same command again changes nothing.
pub async fn open_dossiers(office: &Office, week: Week) -> Result<Opened> {
    let mut opened = Opened::default();
    let mut transaction = office.store.begin().await?;
    let submissions = store::submission::list(&mut transaction).await?;
    let newest: BTreeMap<&Code, _> = submissions.iter().filter(|s| s.week == week).map(|s| (&s.county, s)).collect();
    if newest.is_empty() {
        return Err(Refusal::new("application_no_ledger").with("week", week));
    }
    let name = week.to_string();
    for submission in newest.into_values() {
        for stored in store::submission::list_rows(&mut transaction, submission).await? {
            let origin = Origin { source: "ledger", name: &name };
            put(office, &mut transaction, &submission.county, facts_of(&stored.row), origin, &mut opened).await?;
        }
    }
    transaction.commit().await.map_err(store::failed)?;
    Ok(opened)
}

/// The same from an export of a provincial system; lines about trainees give their class and nothing else.
pub async fn open_from_export(office: &Office, county: &Code, rows: &[ExportRow]) -> Result<Opened> {
    let mut opened = Opened::default();
    let mut transaction = office.store.begin().await?;
    require_county(&mut transaction, county).await?;
    let mut seen = BTreeSet::new();
    for row in rows {
        let facts = facts_of_export(row);
        if seen.insert((facts.institution.clone(), facts.class_name.clone())) {
            let origin = Origin { source: "export", name: row.system.as_deref().unwrap_or("—") };
            put(office, &mut transaction, county, facts, origin, &mut opened).await?;
        }
    }
    transaction.commit().await.map_err(store::failed)?;
    Ok(opened)
}

/// The same typed in by a person.
pub async fn open_entered(office: &Office, county: &Code, facts: Facts, by: &str) -> Result<Opened> {
    let by = person(by)?;
    let mut opened = Opened::default();
    let mut transaction = office.store.begin().await?;
    require_county(&mut transaction, county).await?;
    put(office, &mut transaction, county, masked(facts)?, Origin { source: "entered", name: &by }, &mut opened).await?;
    if opened.skipped > 0 {
        return Err(Refusal::new("application_unnamed"));
    }
    transaction.commit().await.map_err(store::failed)?;
    Ok(opened)
}

/// Reads an application as a person wrote it.
pub fn parse_facts(text: &str) -> Result<Facts> {
    serde_json::from_str(text).map_err(|error| Refusal::new("application_file").with("reason", error))
}

async fn require_county(connection: &mut AnyConnection, county: &Code) -> Result<()> {
    let units = store::unit::list_reporting_units(connection).await?;
    if units.iter().any(|unit| unit.county == *county) { Ok(()) } else { Err(Refusal::new("receive_unknown_county").with("county", county)) }
}

/// Opens or updates one dossier. What a newer source leaves empty stays as it was known.
async fn put(office: &Office, connection: &mut AnyConnection, county: &Code, facts: Facts, origin: Origin<'_>, opened: &mut Opened) -> Result<()> {
    if facts.institution.is_none() || facts.class_name.is_none() {
        opened.skipped += 1;
        return Ok(());
    }
    let now = office.clock.now();
    let year = facts.opens_on.or(facts.applied_on).unwrap_or(now.date()).year();
    let (dossier, is_new) = kept::open(connection, county, &identity_of(&facts), year, now).await?;
    let rows: Vec<kept::Added<kept::Fact>> = kept::entries(connection, Some(&dossier)).await?;
    let last = rows.last();
    // An older week's ledger says nothing about what a newer one said already.
    let is_older = origin.source == "ledger" && rows.iter().any(|row| row.row.source == "ledger" && row.row.origin.as_str() > origin.name);
    let before: Facts = last.map_or_else(|| Ok(Facts::default()), |last| record(&last.row.record))?;
    let merged = merge(&before, facts);
    if !is_new && (is_older || merged == before) {
        opened.unchanged += 1;
        return Ok(());
    }
    let row = kept::Fact { source: origin.source.to_owned(), origin: mask_inside(origin.name), record: to_text(&merged)? };
    kept::add(connection, &dossier, now, &row).await?;
    if is_new {
        opened.new += 1
    } else {
        opened.changed += 1
    }
    Ok(())
}

fn merge(before: &Facts, now: Facts) -> Facts {
    Facts {
        institution: now.institution.or_else(|| before.institution.clone()),
        uscc: now.uscc.or_else(|| before.uscc.clone()),
        class_name: now.class_name.or_else(|| before.class_name.clone()),
        class_code: now.class_code.or_else(|| before.class_code.clone()),
        occupation: now.occupation.or_else(|| before.occupation.clone()),
        level: now.level.or(before.level),
        training_type: now.training_type.or_else(|| before.training_type.clone()),
        applied_on: now.applied_on.or(before.applied_on),
        reviewed_on: now.reviewed_on.or(before.reviewed_on),
        opens_on: now.opens_on.or(before.opens_on),
        ends_on: now.ends_on.or(before.ends_on),
        hours: now.hours.or(before.hours),
        planned: now.planned.or(before.planned),
    }
}

/// The identity by which ledgers know the class, so that dossier and unit code meet.
fn identity_of(facts: &Facts) -> String {
    identity(&LedgerRow { institution: facts.institution.clone(), class_name: facts.class_name.clone(), ..LedgerRow::default() })
}

fn text(value: Option<&String>) -> Option<String> {
    value.map(|text| mask_inside(text.trim())).filter(|text| !text.is_empty())
}

/// What a ledger says of the class itself: no contact, no telephone.
fn facts_of(row: &LedgerRow) -> Facts {
    Facts {
        institution: text(row.institution.as_ref()),
        uscc: row.uscc.clone(),
        class_name: text(row.class_name.as_ref()),
        class_code: row.class_code.clone(),
        occupation: text(row.occupation.as_ref()),
        level: row.level,
        training_type: text(row.training_type.as_ref()),
        applied_on: row.applied_on,
        reviewed_on: row.reviewed_on,
        opens_on: row.opens_on,
        ends_on: row.ends_on,
        hours: row.hours,
        planned: row.planned,
    }
}

fn facts_of_export(row: &ExportRow) -> Facts {
    Facts {
        institution: text(row.class.institution.as_ref()),
        uscc: row.uscc.clone(),
        class_name: text(row.class.class_name.as_ref()),
        class_code: row.class.class_code.clone(),
        occupation: text(row.occupation.as_ref()),
        level: row.level,
        training_type: None,
        applied_on: row.applied_on,
        reviewed_on: row.reviewed_on,
        opens_on: row.opens_on,
        ends_on: row.ends_on,
        hours: row.hours,
        planned: row.planned,
    }
}

/// Typed texts, bounded and without numbers of persons.
fn masked(facts: Facts) -> Result<Facts> {
    let text = |value: &Option<String>| note(value.as_deref());
    Ok(Facts {
        institution: text(&facts.institution)?,
        class_name: text(&facts.class_name)?,
        occupation: text(&facts.occupation)?,
        training_type: text(&facts.training_type)?,
        ..facts
    })
}

/// The rows of a teaching plan that are of the dossier's class; a plan that names no class is of the one it is given for.
pub async fn read_plan(office: &Office, connection: &mut AnyConnection, file: &HandedIn, dossier: &Dossier) -> Result<Vec<PlanRow>> {
    let units = store::unit::list_reporting_units(connection).await?;
    let context = Context { week: office.clock.now().date().week(), kind: Some(DocumentKind::TeachingPlan), units: &units, headers: &[] };
    let told = Told::all(connection).await?;
    let reading = told.read(&file.name, &file.bytes, &context, Some(&dossier.application.county));
    let refusal = crate::ops::receive::unreadable(file, &reading);
    let Rows::TeachingPlan(mut rows) = reading.rows else {
        return Err(refusal);
    };
    let ours = dossier.facts.class_name.as_deref().map(squeeze);
    rows.retain(|row| row.class.class_name.as_deref().map(squeeze).is_none_or(|theirs| Some(theirs) == ours));
    if rows.is_empty() {
        return Err(Refusal::new("application_plan_other").with("file", &file.name));
    }
    Ok(rows)
}

/// An export as classes and lines, for `open_from_export`; whose it is may be stated.
pub async fn read_export(office: &Office, file: &HandedIn, county: Option<&Code>) -> Result<(Option<Code>, Vec<ExportRow>)> {
    let mut connection = office.store.read().await?;
    let units = store::unit::list_reporting_units(&mut connection).await?;
    let context = Context { week: office.clock.now().date().week(), kind: Some(DocumentKind::Export), units: &units, headers: &[] };
    let reading = Told::all(&mut connection).await?.read(&file.name, &file.bytes, &context, county);
    let refusal = crate::ops::receive::unreadable(file, &reading);
    match reading.rows {
        Rows::Export(rows) => Ok((reading.county, rows)),
        _ => Err(refusal),
    }
}

/// The class's lessons as last reported: for each week taught, those of the newest submission that has any of it.
pub async fn lessons_of(office: &Office, connection: &mut AnyConnection, dossier: &Dossier) -> Result<Vec<Lesson>> {
    let Some(unit) = &dossier.application.unit else { return Ok(Vec::new()) };
    if dossier.plans.is_empty() {
        return Ok(Vec::new());
    }
    let mut by_week: BTreeMap<Option<Week>, Vec<Lesson>> = BTreeMap::new();
    let mut submissions = store::submission::list(connection).await?;
    submissions.retain(|submission| submission.county == dossier.application.county);
    // Reports of later weeks say more than late corrections of earlier ones.
    submissions.sort_by_key(|submission| (submission.week, submission.leaf_index));
    for submission in &submissions {
        let Some(hash) = &submission.lessons else { continue };
        let mut found: BTreeMap<Option<Week>, Vec<Lesson>> = BTreeMap::new();
        for (_, lesson) in
            office.facts.read_lessons(submission.week, &submission.county, hash)?.into_iter().filter(|(of, _)| of.as_ref() == Some(unit))
        {
            found.entry(lesson.date.map(crate::canon::Date::week)).or_default().push(lesson);
        }
        by_week.extend(found);
    }
    Ok(by_week.into_values().flatten().collect())
}
