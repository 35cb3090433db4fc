//! Applications（开班申报）: dossiers, and the rows that were added to each.

use super::{Place, failed, from_bigint, to_bigint};
use crate::canon::{Code, Date, Result, Time};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

#[derive(Clone, Debug)]
pub struct Application {
    pub dossier: Code,
    pub county: Code,
    pub identity: String,
    pub opened_at: Time,
    /// The unit code of its class, where a ledger has named the class.
    pub unit: Option<Code>,
}

/// A row that was added to a dossier: its number in its table counts from 1.
#[derive(Clone, Debug)]
pub struct Added<T> {
    pub dossier: Code,
    pub number: u64,
    pub at: Time,
    pub row: T,
}

/// What is kept of a dossier in one of its tables.
pub trait Entry: Sized {
    const TABLE: &'static str;
    /// Columns after dossier, number and time.
    const COLUMNS: &'static [&'static str];
    fn values(&self) -> Vec<Option<String>>;
    fn read(row: &AnyRow) -> Result<Self>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub source: String,
    pub origin: String,
    pub record: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub paper: String,
    pub state: String,
    pub by: String,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub code: String,
    pub kind: String,
    pub outcome: String,
    pub numbers: String,
    pub by: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub decision: String,
    pub stated_on: Option<Date>,
    pub by: String,
    pub reasons: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub sha256: String,
    pub file_name: String,
    pub by: String,
    pub record: String,
}

fn text(row: &AnyRow, name: &str) -> Result<String> {
    row.try_get(name).map_err(failed)
}

fn optional(row: &AnyRow, name: &str) -> Result<Option<String>> {
    row.try_get(name).map_err(failed)
}

impl Entry for Fact {
    const TABLE: &'static str = "application_fact";
    const COLUMNS: &'static [&'static str] = &["source", "origin", "record"];
    fn values(&self) -> Vec<Option<String>> {
        vec![Some(self.source.clone()), Some(self.origin.clone()), Some(self.record.clone())]
    }
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self { source: text(row, "source")?, origin: text(row, "origin")?, record: text(row, "record")? })
    }
}

impl Entry for Paper {
    const TABLE: &'static str = "application_paper";
    const COLUMNS: &'static [&'static str] = &["paper", "state", "by_person", "note"];
    fn values(&self) -> Vec<Option<String>> {
        vec![Some(self.paper.clone()), Some(self.state.clone()), Some(self.by.clone()), self.note.clone()]
    }
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self { paper: text(row, "paper")?, state: text(row, "state")?, by: text(row, "by_person")?, note: optional(row, "note")? })
    }
}

impl Entry for Check {
    const TABLE: &'static str = "application_check";
    const COLUMNS: &'static [&'static str] = &["code", "kind", "outcome", "numbers", "by_person", "note"];
    fn values(&self) -> Vec<Option<String>> {
        let own = [&self.code, &self.kind, &self.outcome, &self.numbers].map(|value| Some(value.clone()));
        own.into_iter().chain([self.by.clone(), self.note.clone()]).collect()
    }
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            code: text(row, "code")?,
            kind: text(row, "kind")?,
            outcome: text(row, "outcome")?,
            numbers: text(row, "numbers")?,
            by: optional(row, "by_person")?,
            note: optional(row, "note")?,
        })
    }
}

impl Entry for Decision {
    const TABLE: &'static str = "application_decision";
    const COLUMNS: &'static [&'static str] = &["decision", "stated_on", "by_person", "reasons"];
    fn values(&self) -> Vec<Option<String>> {
        vec![Some(self.decision.clone()), self.stated_on.map(|on| on.to_string()), Some(self.by.clone()), self.reasons.clone()]
    }
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            decision: text(row, "decision")?,
            stated_on: optional(row, "stated_on")?.map(|on| Date::parse(&on)).transpose()?,
            by: text(row, "by_person")?,
            reasons: optional(row, "reasons")?,
        })
    }
}

impl Entry for Plan {
    const TABLE: &'static str = "application_plan";
    const COLUMNS: &'static [&'static str] = &["sha256", "file_name", "by_person", "record"];
    fn values(&self) -> Vec<Option<String>> {
        [&self.sha256, &self.file_name, &self.by, &self.record].map(|value| Some(value.clone())).into()
    }
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self { sha256: text(row, "sha256")?, file_name: text(row, "file_name")?, by: text(row, "by_person")?, record: text(row, "record")? })
    }
}

/// The dossier of a class, opened now if it has none yet; whether it is new.
pub async fn open(connection: &mut AnyConnection, county: &Code, identity: &str, year: i32, at: Time) -> Result<(Code, bool)> {
    let find = "select dossier from application where county = $1 and identity = $2";
    let last = "select max(number) from application where county = $1 and year = $2";
    let number = match super::place_of(connection, (find, last), county, identity, year).await? {
        Place::Known(dossier) => return Ok((dossier, false)),
        Place::Next(number) => number,
    };
    let dossier = Code::parse(&format!("{county}-{year}-A{number:04}"))?;
    let sql = "insert into application (dossier, county, identity, year, number, opened_at) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(dossier.to_string()).bind(county.to_string()).bind(identity.to_owned());
    query.bind(i64::from(year)).bind(number).bind(at.to_string()).execute(connection).await.map_err(failed)?;
    Ok((dossier, true))
}

/// The dossiers, in order of their codes.
pub async fn list(connection: &mut AnyConnection) -> Result<Vec<Application>> {
    let sql = "select a.dossier, a.county, a.identity, a.opened_at, c.unit from application a \
               left join class c on c.county = a.county and c.identity = a.identity order by a.dossier";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read).collect()
}

/// The dossier of that code, or of the class of that unit code.
pub async fn find(connection: &mut AnyConnection, code: &Code) -> Result<Option<Application>> {
    let sql = "select a.dossier, a.county, a.identity, a.opened_at, c.unit from application a \
               left join class c on c.county = a.county and c.identity = a.identity where a.dossier = $1 or c.unit = $1";
    let row = sqlx::query(sql).bind(code.to_string()).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(read).transpose()
}

fn read(row: &AnyRow) -> Result<Application> {
    Ok(Application {
        dossier: Code::parse(&text(row, "dossier")?)?,
        county: Code::parse(&text(row, "county")?)?,
        identity: text(row, "identity")?,
        opened_at: Time::parse(&text(row, "opened_at")?)?,
        unit: optional(row, "unit")?.map(|unit| Code::parse(&unit)).transpose()?,
    })
}

/// Adds a row to a dossier under the next number.
pub async fn add<T: Entry>(connection: &mut AnyConnection, dossier: &Code, at: Time, entry: &T) -> Result<()> {
    // Names of tables and columns are constants of this file; only values are bound.
    let sql = format!("select max(number) from {} where dossier = $1", T::TABLE);
    let last: Option<i64> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(dossier.to_string()).fetch_one(&mut *connection).await.map_err(failed)?;
    let places: Vec<String> = (0..T::COLUMNS.len()).map(|index| format!("${}", index + 4)).collect();
    let sql = format!("insert into {} (dossier, number, at, {}) values ($1, $2, $3, {})", T::TABLE, T::COLUMNS.join(", "), places.join(", "));
    let number = from_bigint(last.unwrap_or(0)) + 1;
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(dossier.to_string()).bind(to_bigint(number)).bind(at.to_string());
    for value in entry.values() {
        query = query.bind(value);
    }
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// Rows of one dossier, or of all, in the order in which they were added.
pub async fn entries<T: Entry>(connection: &mut AnyConnection, dossier: Option<&Code>) -> Result<Vec<Added<T>>> {
    let filter = if dossier.is_some() { "where dossier = $1" } else { "" };
    let sql = format!("select * from {} {filter} order by dossier, number", T::TABLE);
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    if let Some(dossier) = dossier {
        query = query.bind(dossier.to_string());
    }
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let read = |row: &AnyRow| {
        Ok(Added {
            dossier: Code::parse(&text(row, "dossier")?)?,
            number: from_bigint(row.try_get("number").map_err(failed)?),
            at: Time::parse(&text(row, "at")?)?,
            row: T::read(row)?,
        })
    };
    rows.iter().map(read).collect()
}
