//! Reporting units as data: which there are, which are due in a week, added, changed and retired by a named person.

use super::Office;
use super::application::person;
use super::receive::squeeze;
use crate::canon::{Code, Refusal, Result, Week};
use crate::domain::ReportingUnit;
use crate::store;
use crate::store::unit::UnitChange;
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};

/// From which weeks on each unit was due, and from which not.
pub struct DueWeeks {
    turns: BTreeMap<Code, Vec<(Week, bool)>>,
}

impl DueWeeks {
    pub async fn load(connection: &mut AnyConnection) -> Result<Self> {
        let mut turns: BTreeMap<Code, Vec<(Week, bool)>> = BTreeMap::new();
        for change in store::unit::list_unit_changes(connection).await?.iter().filter(|change| change.act != "changed") {
            turns.entry(change.county.clone()).or_default().push((change.from_week, change.act == "added"));
        }
        Ok(Self { turns })
    }

    /// Whether the unit reports for the week. One that the folder began with is due until it retires.
    pub fn is_due(&self, county: &Code, week: Week) -> bool {
        let Some(turns) = self.turns.get(county) else { return true };
        let began = turns.first().is_some_and(|(_, added)| !added);
        turns.iter().rfind(|(from, _)| *from <= week).map_or(began, |(_, added)| *added)
    }

    /// The last turn: the week, and whether the unit is due from it on.
    fn last(&self, county: &Code) -> Option<(Week, bool)> {
        self.turns.get(county).and_then(|turns| turns.last().copied())
    }
}

/// A unit as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct UnitView {
    #[serde(flatten)]
    pub unit: ReportingUnit,
    pub is_due: bool,
    /// The week from which it is due, where it was added later; or from which it is not.
    pub added_from: Option<Week>,
    pub retired_from: Option<Week>,
}

/// Every unit that was ever known, and whether it is due in the week.
pub async fn list_units(office: &Office, week: Week) -> Result<Vec<UnitView>> {
    let mut connection = office.store.read().await?;
    let weeks = DueWeeks::load(&mut connection).await?;
    let view = |unit: ReportingUnit| {
        let last = weeks.last(&unit.county);
        UnitView {
            is_due: weeks.is_due(&unit.county, week),
            added_from: last.filter(|(_, added)| *added).map(|(from, _)| from),
            retired_from: last.filter(|(_, added)| !added).map(|(from, _)| from),
            unit,
        }
    };
    Ok(store::unit::list_reporting_units(&mut connection).await?.into_iter().map(view).collect())
}

/// Reads a unit's record as a person wrote it.
pub fn parse_unit(text: &str) -> Result<ReportingUnit> {
    serde_json::from_str(text).map_err(|error| Refusal::new("unit_file").with("reason", error))
}

/// Adds a unit that is due from a week on; a retired one comes back. Known and due already: nothing changes.
///
/// Unit and change are one transaction: a crash leaves both or neither.
pub async fn add_unit(office: &Office, unit: &ReportingUnit, from: Week, by: &str) -> Result<bool> {
    let by = person(by)?;
    let mut transaction = office.store.begin().await?;
    let known = store::unit::list_reporting_units(&mut transaction).await?;
    let weeks = DueWeeks::load(&mut transaction).await?;
    match known.iter().find(|other| other.county == unit.county) {
        Some(same) if same != unit => return Err(Refusal::new("unit_differs").with("county", &unit.county)),
        Some(_) if weeks.last(&unit.county).is_none_or(|(_, added)| added) => return Ok(false),
        Some(_) => require_later(&weeks, &unit.county, from)?,
        None => {
            check_names(unit, &known)?;
            store::unit::add_reporting_unit(&mut transaction, known.len() as u64, unit).await?;
        }
    }
    finish(office, transaction, unit, "added", from, by).await
}

/// Gives a unit other names, aliases or another stratum; its county code stays.
pub async fn change_unit(office: &Office, unit: &ReportingUnit, by: &str) -> Result<bool> {
    let by = person(by)?;
    let mut transaction = office.store.begin().await?;
    let known = store::unit::list_reporting_units(&mut transaction).await?;
    let before = known.iter().find(|other| other.county == unit.county).ok_or_else(|| unknown(&unit.county))?;
    if before == unit {
        return Ok(false);
    }
    check_names(unit, &known)?;
    store::unit::set_reporting_unit(&mut transaction, unit).await?;
    finish(office, transaction, unit, "changed", office.clock.now().date().week(), by).await
}

/// Lets a unit be no longer due from a week on. It stays known: its classes that still run stay in the frame.
pub async fn retire_unit(office: &Office, county: &Code, from: Week, by: &str) -> Result<bool> {
    let by = person(by)?;
    let mut transaction = office.store.begin().await?;
    let known = store::unit::list_reporting_units(&mut transaction).await?;
    let unit = known.iter().find(|other| other.county == *county).ok_or_else(|| unknown(county))?;
    let weeks = DueWeeks::load(&mut transaction).await?;
    if weeks.last(county).is_some_and(|(_, added)| !added) {
        return Ok(false);
    }
    require_later(&weeks, county, from)?;
    finish(office, transaction, unit, "retired", from, by).await
}

async fn finish(
    office: &Office,
    mut transaction: sqlx::Transaction<'static, sqlx::Any>,
    unit: &ReportingUnit,
    act: &str,
    from_week: Week,
    by: String,
) -> Result<bool> {
    let change = UnitChange { county: unit.county.clone(), act: act.to_owned(), from_week, at: office.clock.now(), by };
    store::unit::add_unit_change(&mut transaction, &change, unit).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

fn unknown(county: &Code) -> Refusal {
    Refusal::new("receive_unknown_county").with("county", county)
}

/// Turns follow each other in time, so that “due in week W” has one answer.
fn require_later(weeks: &DueWeeks, county: &Code, from: Week) -> Result<()> {
    match weeks.last(county) {
        Some((last, _)) if from < last => Err(Refusal::new("unit_earlier").with("county", county).with("week", from).with("last", last)),
        _ => Ok(()),
    }
}

/// Names that documents are recognised by: none blank, none that another unit goes by.
fn check_names(unit: &ReportingUnit, known: &[ReportingUnit]) -> Result<()> {
    let ours: Vec<&String> = unit.aliases.iter().chain([&unit.name_zh]).collect();
    let is_odd = |name: &String| !(2..=40).contains(&name.trim().chars().count()) || name.chars().any(char::is_control);
    if let Some(odd) = ours.iter().copied().chain([&unit.name_en]).find(|name| is_odd(name)) {
        return Err(Refusal::new("unit_name").with("name", crate::canon::code::clip(odd)));
    }
    let names: BTreeSet<String> = ours.iter().map(|name| squeeze(name)).collect();
    for other in known.iter().filter(|other| other.county != unit.county) {
        if let Some(taken) = other.aliases.iter().chain([&other.name_zh]).find(|name| names.contains(&squeeze(name))) {
            return Err(Refusal::new("unit_name_taken").with("name", taken).with("county", &other.county));
        }
    }
    Ok(())
}
