//! Dossiers as they are shown: a line each, or one with its whole story.

use super::catalogue::Catalogue;
use super::computed::{Basis, Computed, Due, compute, review_due};
use super::{Dossier, Facts, Outcome, PaperState, State, get, import, kept, record};
use crate::canon::{Code, Date, Result, Time};
use crate::ops::Office;
use crate::ops::rules::Rules;
use crate::store;
use crate::store::application::{Added, Application, Entry};
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// Which dossiers are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub county: Option<Code>,
    pub state: Option<State>,
    pub is_overdue: bool,
}

/// One dossier in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub dossier: Code,
    pub county: Code,
    pub unit: Option<Code>,
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub applied_on: Option<Date>,
    pub opens_on: Option<Date>,
    pub state: State,
    pub due: Option<Due>,
    pub papers_received: usize,
    pub papers_required: usize,
    /// Codes of computed checks that fail, advisory ones too.
    pub failed: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PaperView {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub required: bool,
    pub source: String,
    pub state: PaperState,
    pub at: Option<Time>,
    pub by: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct TickedView {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub source: String,
    /// None where nobody has looked yet.
    pub outcome: Option<Outcome>,
    pub at: Option<Time>,
    pub by: Option<String>,
    pub note: Option<String>,
}

/// One thing that happened, in the order of time.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    pub at: Time,
    /// `facts`, `paper`, `check`, `plan` or `decision`.
    pub kind: &'static str,
    /// What it is about: a source, a paper, a check, a file, a decision.
    pub about: String,
    /// What it became, where that is said beside it.
    pub state: Option<String>,
    pub on: Option<Date>,
    pub by: Option<String>,
    pub note: Option<String>,
}

/// One dossier with its whole story.
#[derive(Clone, Debug, Serialize)]
pub struct ApplicationView {
    #[serde(flatten)]
    pub summary: Summary,
    pub name_zh: String,
    pub name_en: String,
    pub opened_at: Time,
    pub facts: Facts,
    pub papers: Vec<PaperView>,
    pub computed: Vec<Computed>,
    pub ticked: Vec<TickedView>,
    pub timeline: Vec<Event>,
    pub lead_reading: &'static str,
    pub is_counted_from_receipt: bool,
    pub is_after_hours_next_day: bool,
}

/// The dossiers asked for; those most pressing first.
pub async fn list_applications(office: &Office, filter: &Filter) -> Result<Vec<Summary>> {
    let mut connection = office.store.read().await?;
    let (catalogue, rules) = (Catalogue::of(office)?, Rules::load(&mut connection).await?);
    let mut list = Vec::new();
    for dossier in all(&mut connection).await? {
        let basis =
            Basis { calendar: &office.calendar, rules: &rules, catalogue: &catalogue, dossier: &dossier, now: office.clock.now(), lessons: None };
        let summary = summarise(&basis, &compute(&basis)?);
        let is_asked = filter.county.as_ref().is_none_or(|county| summary.county == *county)
            && filter.state.is_none_or(|state| summary.state == state)
            && (!filter.is_overdue || summary.due.as_ref().is_some_and(|due| due.state == "overdue"));
        if is_asked {
            list.push(summary);
        }
    }
    list.sort_by_key(|summary| {
        let open = summary.due.as_ref().filter(|due| due.decided_on.is_none()).map(|due| due.on);
        (open.is_none(), open, summary.dossier.clone())
    });
    Ok(list)
}

/// Every dossier with its rows, each table read once.
async fn all(connection: &mut AnyConnection) -> Result<Vec<Dossier>> {
    let mut facts = grouped::<kept::Fact>(connection).await?;
    let mut papers = grouped::<kept::Paper>(connection).await?;
    let mut checks = grouped::<kept::Check>(connection).await?;
    let mut decisions = grouped::<kept::Decision>(connection).await?;
    let mut plans = grouped::<kept::Plan>(connection).await?;
    let mut list = Vec::new();
    for application in kept::list(connection).await? {
        let code = &application.dossier;
        let fact_rows = facts.remove(code).unwrap_or_default();
        list.push(Dossier {
            facts: fact_rows.last().map_or_else(|| Ok(Facts::default()), |last| record(&last.row.record))?,
            papers: papers.remove(code).unwrap_or_default(),
            checks: checks.remove(code).unwrap_or_default(),
            decisions: decisions.remove(code).unwrap_or_default(),
            plans: plans.remove(code).unwrap_or_default(),
            fact_rows,
            application,
        });
    }
    Ok(list)
}

async fn grouped<T: Entry>(connection: &mut AnyConnection) -> Result<BTreeMap<Code, Vec<Added<T>>>> {
    let mut groups: BTreeMap<Code, Vec<Added<T>>> = BTreeMap::new();
    for row in kept::entries(connection, None).await? {
        groups.entry(row.dossier.clone()).or_default().push(row);
    }
    Ok(groups)
}

fn summarise(basis: &Basis, computed: &[Computed]) -> Summary {
    let Dossier { application, facts, .. } = basis.dossier;
    let Application { dossier, county, unit, .. } = application.clone();
    Summary {
        dossier,
        county,
        unit,
        institution: facts.institution.clone(),
        class_name: facts.class_name.clone(),
        applied_on: facts.applied_on,
        opens_on: facts.opens_on,
        state: basis.dossier.state(),
        due: review_due(basis),
        papers_received: basis.catalogue.required().filter(|paper| basis.dossier.paper_state(&paper.code) == PaperState::Received).count(),
        papers_required: basis.catalogue.required().count(),
        failed: computed.iter().filter(|check| check.outcome == Outcome::Fail).map(|check| check.code).collect(),
    }
}

/// One dossier, by its code or its class's unit code.
pub async fn show_application(office: &Office, code: &Code) -> Result<ApplicationView> {
    let mut connection = office.store.read().await?;
    let (catalogue, rules) = (Catalogue::of(office)?, Rules::load(&mut connection).await?);
    let dossier = get(&mut connection, code).await?;
    let lessons = import::lessons_of(office, &mut connection, &dossier).await?;
    let units = store::unit::list_reporting_units(&mut connection).await?;
    let unit = units.into_iter().find(|unit| unit.county == dossier.application.county);
    let now = office.clock.now();
    let basis = Basis { calendar: &office.calendar, rules: &rules, catalogue: &catalogue, dossier: &dossier, now, lessons: Some(&lessons) };
    let computed = compute(&basis)?;
    let county = dossier.application.county.to_string();
    let (name_zh, name_en) = unit.map_or_else(|| (county.clone(), county.clone()), |unit| (unit.name_zh, unit.name_en));
    Ok(ApplicationView {
        summary: summarise(&basis, &computed),
        name_zh,
        name_en,
        opened_at: dossier.application.opened_at,
        facts: dossier.facts.clone(),
        papers: papers(&catalogue, &dossier),
        computed,
        ticked: ticked(&catalogue, &dossier),
        timeline: timeline(&dossier),
        lead_reading: rules.lead_reading_name(),
        is_counted_from_receipt: rules.is_counted_from_receipt,
        is_after_hours_next_day: rules.is_after_hours_next_day,
    })
}

fn papers(catalogue: &Catalogue, dossier: &Dossier) -> Vec<PaperView> {
    let view = |paper: &super::catalogue::Paper| {
        let last = dossier.paper(&paper.code);
        PaperView {
            code: paper.code.clone(),
            name_zh: paper.name_zh.clone(),
            name_en: paper.name_en.clone(),
            required: paper.required,
            source: paper.source.clone(),
            state: dossier.paper_state(&paper.code),
            at: last.map(|row| row.at),
            by: last.map(|row| row.row.by.clone()),
            note: last.and_then(|row| row.row.note.clone()),
        }
    };
    catalogue.papers.iter().map(view).collect()
}

fn ticked(catalogue: &Catalogue, dossier: &Dossier) -> Vec<TickedView> {
    let view = |check: &super::catalogue::Check| {
        let last = dossier.ticked(&check.code);
        TickedView {
            code: check.code.clone(),
            name_zh: check.name_zh.clone(),
            name_en: check.name_en.clone(),
            source: check.source.clone(),
            outcome: last.and_then(|row| Outcome::parse(&row.row.outcome)),
            at: last.map(|row| row.at),
            by: last.and_then(|row| row.row.by.clone()),
            note: last.and_then(|row| row.row.note.clone()),
        }
    };
    catalogue.checks.iter().map(view).collect()
}

fn timeline(dossier: &Dossier) -> Vec<Event> {
    let event = |at: Time, kind: &'static str, about: &str| Event { at, kind, about: about.to_owned(), state: None, on: None, by: None, note: None };
    let mut events = Vec::new();
    for row in &dossier.fact_rows {
        let who = if row.row.source == "entered" { (Some(row.row.origin.clone()), None) } else { (None, Some(row.row.origin.clone())) };
        events.push(Event { by: who.0, note: who.1, ..event(row.at, "facts", &row.row.source) });
    }
    for Added { at, row, .. } in &dossier.papers {
        events.push(Event { state: Some(row.state.clone()), by: Some(row.by.clone()), note: row.note.clone(), ..event(*at, "paper", &row.paper) });
    }
    for Added { at, row, .. } in dossier.checks.iter().filter(|check| check.row.kind == "ticked") {
        events.push(Event { state: Some(row.outcome.clone()), by: row.by.clone(), note: row.note.clone(), ..event(*at, "check", &row.code) });
    }
    for Added { at, row, .. } in &dossier.plans {
        events.push(Event { by: Some(row.by.clone()), ..event(*at, "plan", &row.file_name) });
    }
    for Added { at, row, .. } in &dossier.decisions {
        events.push(Event { on: row.stated_on, by: Some(row.by.clone()), note: row.reasons.clone(), ..event(*at, "decision", &row.decision) });
    }
    // Stable: what came in one second stays in the order facts, papers, checks, plan, decisions.
    events.sort_by_key(|event| event.at);
    events
}
