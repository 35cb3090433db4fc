//! Reporting units and classes.

use super::{failed, to_bigint};
use crate::canon::{Code, Refusal, Result};
use crate::domain::ReportingUnit;
use sqlx::AnyConnection;

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
    let known: Option<String> = sqlx::query_scalar("select unit from class where county = $1 and identity = $2")
        .bind(county.to_string())
        .bind(identity.to_owned())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    if let Some(unit) = known {
        return Code::parse(&unit);
    }
    let last: Option<i64> = sqlx::query_scalar("select max(number) from class where county = $1 and year = $2")
        .bind(county.to_string())
        .bind(i64::from(year))
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    let number = last.unwrap_or(0) + 1;
    let unit = Code::parse(&format!("{county}-{year}-{number:04}"))?;
    let sql = "insert into class (unit, county, identity, year, number) values ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(unit.to_string()).bind(county.to_string()).bind(identity.to_owned());
    query.bind(i64::from(year)).bind(number).execute(connection).await.map_err(failed)?;
    Ok(unit)
}
