//! One class with all that happened to it: what each version said, lessons, and whether it was drawn.

use super::Office;
use super::class::history;
use super::freeze::read_plan;
use crate::canon::json::parse_record;
use crate::canon::{Code, DrawKind, Refusal, Result, Time, Week};
use crate::checks::{Change, ChangeKind, changes};
use crate::domain::{LedgerRow, Lesson};
use crate::draw::Transcript;
use crate::store;

/// A version in which the class stands.
pub struct VersionLine {
    pub week: Week,
    pub version: u64,
    pub at: Time,
    pub owed: Option<String>,
    pub is_first: bool,
    /// What it says otherwise than the one before.
    pub changes: Vec<Change>,
}

/// The class was drawn for inspection.
pub struct Drawn {
    /// The week reported; visits are in the week after.
    pub week: Week,
    pub at: Time,
    pub is_certain: bool,
    pub team: Option<u64>,
}

pub struct Story {
    pub unit: Code,
    pub county: Code,
    /// As last reported.
    pub row: LedgerRow,
    pub owed: Option<String>,
    pub last_seen: Week,
    pub versions: Vec<VersionLine>,
    /// Of its last timetable.
    pub lessons: Vec<Lesson>,
    pub drawn: Vec<Drawn>,
    pub dossier: Option<Code>,
}

/// Tells a class's story. A list that isn't published yet is told only to those who may see it.
pub async fn story(office: &Office, unit: &Code, sees_list: bool) -> Result<Story> {
    let views = history(office, unit).await?;
    let last = views.last().cloned().ok_or_else(|| Refusal::new("not_found"))?;
    let mut versions = Vec::with_capacity(views.len());
    for (at, view) in views.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| views.get(before));
        let mut found = before.map_or_else(Vec::new, |before| changes(std::slice::from_ref(&before.row), std::slice::from_ref(&view.row)));
        // A class whose name's spelling changed is the same class still.
        found.retain(|change| matches!(change.kind, ChangeKind::Field { .. }));
        versions.push(VersionLine {
            week: view.week,
            version: view.version,
            at: view.at,
            owed: view.owed.clone(),
            is_first: before.is_none(),
            changes: found,
        });
    }
    let mut connection = office.store.read().await?;
    let submissions = store::submission::list(&mut connection).await?;
    let mut lessons = Vec::new();
    for submission in submissions.iter().rev().filter(|s| s.county == last.county) {
        let Some(hash) = &submission.lessons else { continue };
        let all = office.facts.read_lessons(submission.week, &submission.county, hash)?;
        lessons = all.into_iter().filter(|(of, _)| of.as_ref() == Some(unit)).map(|(_, lesson)| lesson).collect();
        if !lessons.is_empty() {
            break;
        }
    }
    let first = views.first().map_or(last.week, |view| view.week);
    let (mut drawn, mut week) = (Vec::new(), first);
    // A class stands in frames for some weeks after its last row.
    let until = office.clock.now().date().week();
    while week <= until {
        drawn.extend(drawn_in(&mut connection, unit, week, sees_list).await?);
        week = week.next();
    }
    let dossier = store::application::find(&mut connection, unit).await?.map(|application| application.dossier);
    let (county, row, owed) = (last.county, last.row, last.owed);
    Ok(Story { unit: unit.clone(), county, row, owed, last_seen: last.week, versions, lessons, drawn, dossier })
}

async fn drawn_in(connection: &mut sqlx::AnyConnection, unit: &Code, week: Week, sees_list: bool) -> Result<Option<Drawn>> {
    let Some(plan) = store::ceremony::find_plan(connection, DrawKind::Weekly, week.next()).await? else { return Ok(None) };
    let Some(drawn) = store::ceremony::find_drawn(connection, plan.key).await? else { return Ok(None) };
    if !sees_list && store::ceremony::find_publication(connection, plan.key).await?.is_none() {
        return Ok(None);
    }
    let transcript: Transcript = parse_record("transcript.json", drawn.transcript.as_bytes())?;
    let found = transcript.assignments.iter().find(|assigned| assigned.unit == *unit);
    let at = read_plan(&plan)?.frozen_at;
    let is_certain = transcript.strata.iter().any(|stratum| stratum.certain.contains(unit));
    Ok(found.map(|found| Drawn { week, at, is_certain, team: found.team }))
}
