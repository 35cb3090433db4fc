//! Reporting units and their changes, classes, readings of rules.

use super::{Place, failed, to_bigint};
use crate::canon::{Code, Refusal, Result, Time, Week};
use crate::domain::ReportingUnit;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

pub async fn add_reporting_unit(connection: &mut AnyConnection, position: u64, unit: &ReportingUnit) -> Result<()> {
    let sql = "insert into reporting_unit (county, position, record) values ($1, $2, $3)";
    let record = serde_json::to_string(unit).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    let query = sqlx::query(sql).bind(unit.county.to_string()).bind(to_bigint(position)).bind(record);
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn list_reporting_units(connection: &mut AnyConnection) -> Result<Vec<ReportingUnit>> {
    let records: Vec<String> =
        sqlx::query_scalar("select record from reporting_unit order by position").fetch_all(connection).await.map_err(failed)?;
    records.iter().map(|record| serde_json::from_str(record).map_err(|error| Refusal::new("store_failed").with("reason", error))).collect()
}

/// The unit code of a class, given now if it has none yet: county, year, and the next number of both.
pub async fn unit_code_of(connection: &mut AnyConnection, county: &Code, identity: &str, year: i32) -> Result<Code> {
    let find = "select unit from class where county = $1 and identity = $2";
    let last = "select max(number) from class where county = $1 and year = $2";
    let number = match super::place_of(connection, (find, last), county, identity, year).await? {
        Place::Known(unit) => return Ok(unit),
        Place::Next(number) => number,
    };
    let unit = Code::parse(&format!("{county}-{year}-{number:04}"))?;
    let sql = "insert into class (unit, county, identity, year, number) values ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(unit.to_string()).bind(county.to_string()).bind(identity.to_owned());
    query.bind(i64::from(year)).bind(number).execute(connection).await.map_err(failed)?;
    Ok(unit)
}

/// The county of a class; none where there is no such class.
pub async fn county_of(connection: &mut AnyConnection, unit: &Code) -> Result<Option<Code>> {
    let query = sqlx::query_scalar("select county from class where unit = $1").bind(unit.to_string());
    let county: Option<String> = query.fetch_optional(connection).await.map_err(failed)?;
    county.map(|county| Code::parse(&county)).transpose()
}

/// One change of a reporting unit.
#[derive(Clone, Debug)]
pub struct UnitChange {
    pub county: Code,
    /// `added`, `changed` or `retired`.
    pub act: String,
    pub from_week: Week,
    pub at: Time,
    pub by: String,
}

pub async fn add_unit_change(connection: &mut AnyConnection, change: &UnitChange, unit: &ReportingUnit) -> Result<()> {
    let last: Option<i64> = sqlx::query_scalar("select max(number) from reporting_unit_change where county = $1")
        .bind(change.county.to_string())
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    let sql = "insert into reporting_unit_change (county, number, act, from_week, at, by_person, record) values ($1, $2, $3, $4, $5, $6, $7)";
    let record = serde_json::to_string(unit).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    let query = sqlx::query(sql).bind(change.county.to_string()).bind(last.unwrap_or(0) + 1).bind(change.act.clone());
    let query = query.bind(change.from_week.to_string()).bind(change.at.to_string()).bind(change.by.clone()).bind(record);
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// All changes, each unit's in the order in which they were made.
pub async fn list_unit_changes(connection: &mut AnyConnection) -> Result<Vec<UnitChange>> {
    let rows = sqlx::query("select * from reporting_unit_change order by county, number").fetch_all(connection).await.map_err(failed)?;
    let read = |row: &AnyRow| {
        let text = |name: &str| row.try_get::<String, _>(name).map_err(failed);
        Ok(UnitChange {
            county: Code::parse(&text("county")?)?,
            act: text("act")?,
            from_week: Week::parse(&text("from_week")?)?,
            at: Time::parse(&text("at")?)?,
            by: text("by_person")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Puts another record in a unit's place; what it was stands in its changes.
pub async fn set_reporting_unit(connection: &mut AnyConnection, unit: &ReportingUnit) -> Result<()> {
    let record = serde_json::to_string(unit).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    let query = sqlx::query("update reporting_unit set record = $1 where county = $2").bind(record).bind(unit.county.to_string());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// Writes down which reading of a rule was chosen.
pub async fn add_rule_change(connection: &mut AnyConnection, name: &str, value: &str, at: Time, by: &str) -> Result<()> {
    let last: Option<i64> = sqlx::query_scalar("select max(number) from rule_change where name = $1")
        .bind(name.to_owned())
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    let sql = "insert into rule_change (name, number, value, at, by_person) values ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(name.to_owned()).bind(last.unwrap_or(0) + 1).bind(value.to_owned());
    query.bind(at.to_string()).bind(by.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// The value of each rule that was ever chosen: the newest.
pub async fn list_rules(connection: &mut AnyConnection) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query("select name, value from rule_change order by name, number").fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(|row| Ok((row.try_get("name").map_err(failed)?, row.try_get("value").map_err(failed)?))).collect()
}
