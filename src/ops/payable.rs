//! 凡补必进: no subsidy without an entry in the provincial system. Which classes and trainees can't be paid as things stand.

use super::Office;
use super::receive::squeeze;
use crate::canon::{Code, Result, Week};
use crate::domain::{DocumentKind, LedgerRow};
use crate::facts::people_read::PersonFact;
use crate::report::payable::{PayableLine, PayableSheet, write_payable};
use crate::store;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Why a class or a trainee can't be paid. Each is a word of `i18n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The county itself says that the class isn't entered.
    NotEntered,
    /// Nobody says whether it is, and no export shows it.
    NotShown,
    /// Entered without the system's number for the class.
    NoNumber,
    /// The county's export of the system has other classes, but not this one.
    NotInExport,
    /// Paid by person, and no roster tells who.
    NoRoster,
    /// On the roster and not among the class's people in the export.
    TraineeNotInExport,
    /// The roster has no whole number, so nobody can be found in the system.
    TraineeWithoutNumber,
}

impl Reason {
    pub fn word(self) -> &'static str {
        match self {
            Self::NotEntered => "payable_not_entered",
            Self::NotShown => "payable_not_shown",
            Self::NoNumber => "payable_no_number",
            Self::NotInExport => "payable_not_in_export",
            Self::NoRoster => "payable_no_roster",
            Self::TraineeNotInExport => "payable_trainee_not_in_export",
            Self::TraineeWithoutNumber => "payable_trainee_without_number",
        }
    }
}

/// One class or, with a row of its roster, one trainee that can't be paid.
#[derive(Clone, Debug, Serialize)]
pub struct NotPayable {
    pub county: Code,
    pub county_name: String,
    pub unit: Code,
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub class_code: Option<String>,
    pub system: Option<String>,
    pub reason: Reason,
    /// Where the trainee stands on the roster: sheet and row; nobody is named.
    pub sheet: Option<String>,
    pub row: Option<u32>,
    /// The first six digits of the trainee's number.
    pub masked: Option<String>,
}

/// The system's classes and people as a county's exports in force show them.
#[derive(Default)]
struct Exported {
    codes: BTreeSet<String>,
    names: BTreeSet<String>,
    units: BTreeSet<Code>,
    people: BTreeMap<Code, BTreeSet<String>>,
    is_any: bool,
    has_people: bool,
}

/// All that can't be paid by the newest version of each county for a week.
pub async fn not_payable(office: &Office, week: Week, county: Option<&Code>) -> Result<Vec<NotPayable>> {
    let mut connection = office.store.read().await?;
    let submissions = store::submission::list(&mut connection).await?;
    let mut list = Vec::new();
    for unit in store::unit::list_reporting_units(&mut connection).await? {
        let Some(newest) = submissions.iter().rfind(|s| s.county == unit.county && s.week == week && county.is_none_or(|c| *c == s.county)) else {
            continue;
        };
        let rows = store::submission::list_rows(&mut connection, newest).await?;
        let facts = store::fact::list(&mut connection, newest).await?;
        let read = |kind: DocumentKind| match facts.iter().find(|fact| fact.kind == kind) {
            Some(fact) => office.facts.read_people(kind, week, &unit.county, &fact.sha256),
            None => Ok(Vec::new()),
        };
        let exported = exported(&read(DocumentKind::Export)?);
        let rosters = read(DocumentKind::Roster)?;
        for stored in rows {
            let about = |reason: Reason| NotPayable {
                county: unit.county.clone(),
                county_name: unit.name_zh.clone(),
                unit: stored.unit.clone(),
                institution: stored.row.institution.clone(),
                class_name: stored.row.class_name.clone(),
                class_code: stored.row.class_code.clone(),
                system: stored.row.system_name.clone(),
                reason,
                sheet: None,
                row: None,
                masked: None,
            };
            let reasons = class_reasons(&stored.unit, &stored.row, &exported);
            let people: Vec<&PersonFact> = rosters.iter().filter(|fact| fact.unit.as_ref() == Some(&stored.unit)).collect();
            let is_entered = reasons.is_empty();
            list.extend(reasons.into_iter().map(&about));
            if is_entered && people.is_empty() && !rosters.is_empty() {
                list.push(about(Reason::NoRoster));
            }
            for (fact, reason) in people.into_iter().filter(|_| is_entered).filter_map(|fact| trainee_reason(&stored.unit, fact, &exported)) {
                list.push(NotPayable { sheet: fact.sheet.clone(), row: Some(fact.row), masked: fact.masked.clone(), ..about(reason) });
            }
        }
    }
    Ok(list)
}

fn exported(facts: &[PersonFact]) -> Exported {
    let mut exported = Exported { is_any: !facts.is_empty(), ..Exported::default() };
    for fact in facts {
        exported.codes.extend(fact.class_code.as_deref().map(squeeze));
        exported.names.extend(fact.class_name.as_deref().map(squeeze));
        exported.units.extend(fact.unit.clone());
        if let (Some(unit), Some(person)) = (&fact.unit, &fact.person) {
            exported.people.entry(unit.clone()).or_default().insert(person.clone());
            exported.has_people = true;
        }
    }
    exported
}

fn class_reasons(unit: &Code, row: &LedgerRow, exported: &Exported) -> Vec<Reason> {
    let is_exported = exported.units.contains(unit)
        || row.class_code.as_deref().is_some_and(|code| exported.codes.contains(&squeeze(code)))
        || row.class_code.is_none() && row.class_name.as_deref().is_some_and(|name| exported.names.contains(&squeeze(name)));
    match row.in_system {
        _ if is_exported => Vec::new(),
        Some(false) => vec![Reason::NotEntered],
        _ if exported.is_any => vec![Reason::NotInExport],
        None => vec![Reason::NotShown],
        Some(true) if row.class_code.is_none() => vec![Reason::NoNumber],
        Some(true) => Vec::new(),
    }
}

fn trainee_reason<'a>(unit: &Code, fact: &'a PersonFact, exported: &Exported) -> Option<(&'a PersonFact, Reason)> {
    let Some(person) = &fact.person else { return Some((fact, Reason::TraineeWithoutNumber)) };
    let is_there = !exported.has_people || exported.people.get(unit).is_some_and(|people| people.contains(person));
    (!is_there).then_some((fact, Reason::TraineeNotInExport))
}

/// The list as the workbook that is filed with the payment.
pub async fn printed(office: &Office, week: Week, list: &[NotPayable]) -> Result<Vec<u8>> {
    let line = |entry: &NotPayable| PayableLine {
        county: entry.county_name.clone(),
        institution: entry.institution.clone().unwrap_or_default(),
        class: entry.class_name.clone().unwrap_or_default(),
        number: entry.class_code.clone().unwrap_or_default(),
        trainee: entry.row.map(|row| (entry.sheet.clone().unwrap_or_default(), row, entry.masked.clone().unwrap_or_default())),
        reason: entry.reason.word(),
    };
    let is_demonstration = office.is_demonstration().await?;
    write_payable(&PayableSheet { week: super::receipt::week_in_words(week), lines: list.iter().map(line).collect(), is_demonstration })
}
