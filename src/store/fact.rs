//! Facts that submissions name, and headers whose meaning a clerk corrected.

use super::submission::Submission;
use super::{failed, from_bigint, to_bigint};
use crate::canon::{Code, Hash, Refusal, Result, Time};
use crate::domain::DocumentKind;
use sqlx::AnyConnection;
use sqlx::Row;
use sqlx::any::AnyRow;

/// A file of facts that a version names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: DocumentKind,
    pub sha256: Hash,
    pub rows: u64,
}

pub async fn add(connection: &mut AnyConnection, s: &Submission, fact: &Fact) -> Result<()> {
    let sql = "insert into fact (county, week, version, kind, sha256, row_count) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(s.county.to_string()).bind(s.week.to_string()).bind(to_bigint(s.version));
    let query = query.bind(fact.kind.as_str()).bind(fact.sha256.to_string()).bind(to_bigint(fact.rows));
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// Facts of a version, by kind.
pub async fn list(connection: &mut AnyConnection, s: &Submission) -> Result<Vec<Fact>> {
    let sql = "select kind, sha256, row_count from fact where county = $1 and week = $2 and version = $3 order by kind";
    let query = sqlx::query(sql).bind(s.county.to_string()).bind(s.week.to_string()).bind(to_bigint(s.version));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let read = |row: &AnyRow| {
        Ok(Fact {
            kind: kind(row)?,
            sha256: Hash::parse(&row.try_get::<String, _>("sha256").map_err(failed)?)?,
            rows: row.try_get("row_count").map(from_bigint).map_err(failed)?,
        })
    };
    rows.iter().map(read).collect()
}

fn kind(row: &AnyRow) -> Result<DocumentKind> {
    let kind: String = row.try_get("kind").map_err(failed)?;
    DocumentKind::parse(&kind).ok_or_else(|| Refusal::new("store_failed").with("reason", kind))
}

/// A header and the column it stands for in one county's documents of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub id: u64,
    pub county: Code,
    pub kind: DocumentKind,
    pub header: String,
    /// The canonical column; none where the header is to be left out.
    pub field: Option<String>,
    pub at: Time,
    pub by: String,
    pub undone_at: Option<Time>,
}

/// Mappings ever made, in order; those undone have a time.
pub async fn list_mappings(connection: &mut AnyConnection) -> Result<Vec<Mapping>> {
    let rows = sqlx::query("select * from mapping order by id").fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read_mapping).collect()
}

/// The same of one county.
pub async fn list_mappings_of(connection: &mut AnyConnection, county: &Code) -> Result<Vec<Mapping>> {
    let query = sqlx::query("select * from mapping where county = $1 order by id").bind(county.to_string());
    query.fetch_all(connection).await.map_err(failed)?.iter().map(read_mapping).collect()
}

fn read_mapping(row: &AnyRow) -> Result<Mapping> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failed);
    let undone: Option<String> = row.try_get("undone_at").map_err(failed)?;
    Ok(Mapping {
        id: row.try_get("id").map(from_bigint).map_err(failed)?,
        county: Code::parse(&text("county")?)?,
        kind: kind(row)?,
        header: text("header")?,
        field: Some(text("field")?).filter(|field| !field.is_empty()),
        at: Time::parse(&text("at")?)?,
        by: text("by_whom")?,
        undone_at: undone.map(|at| Time::parse(&at)).transpose()?,
    })
}

pub async fn add_mapping(connection: &mut AnyConnection, m: &Mapping) -> Result<()> {
    let sql = "insert into mapping (id, county, kind, header, field, at, by_whom) values ($1, $2, $3, $4, $5, $6, $7)";
    let query = sqlx::query(sql).bind(to_bigint(m.id)).bind(m.county.to_string()).bind(m.kind.as_str()).bind(m.header.clone());
    let query = query.bind(m.field.clone().unwrap_or_default()).bind(m.at.to_string()).bind(m.by.clone());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// Marks a mapping as undone; one that was is left as it is.
pub async fn undo_mapping(connection: &mut AnyConnection, id: u64, at: Time) -> Result<bool> {
    let sql = "update mapping set undone_at = $2 where id = $1 and undone_at is null";
    let done = sqlx::query(sql).bind(to_bigint(id)).bind(at.to_string()).execute(connection).await.map_err(failed)?;
    Ok(done.rows_affected() == 1)
}
