//! Submissions: their versions, documents, ledger rows and findings.

use super::{failed, from_bigint, to_bigint};
use crate::canon::{Code, Hash, Refusal, Result, Time, Week};
use crate::domain::{DocumentKind, LedgerRow};
use sqlx::AnyConnection;
use sqlx::Row;
use sqlx::any::AnyRow;

/// One version of what a county sent for a week.
#[derive(Clone, Debug)]
pub struct Submission {
    pub county: Code,
    pub week: Week,
    pub version: u64,
    pub at: Time,
    pub rows: u64,
    pub salt: String,
    pub leaf_index: u64,
    pub lessons: Option<Hash>,
    /// The county said that it has nothing to report.
    pub is_zero: bool,
}

/// A document in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub sha256: Hash,
    pub kind: DocumentKind,
    pub file_name: String,
}

/// A ledger row with the class it was taken to be.
#[derive(Clone, Debug)]
pub struct StoredRow {
    pub unit: Code,
    pub row: LedgerRow,
    pub owed: Option<String>,
}

pub async fn add(connection: &mut AnyConnection, s: &Submission, documents: &[Document], rows: &[StoredRow]) -> Result<()> {
    let (county, week, version) = (s.county.to_string(), s.week.to_string(), to_bigint(s.version));
    let sql = "insert into submission (county, week, version, at, row_count, salt, leaf_index, lessons, zero_report) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(sql)
        .bind(county.clone())
        .bind(week.clone())
        .bind(version)
        .bind(s.at.to_string())
        .bind(to_bigint(s.rows))
        .bind(s.salt.clone())
        .bind(to_bigint(s.leaf_index))
        .bind(s.lessons.map(|hash| hash.to_string()))
        .bind(s.is_zero.then(|| "yes".to_owned()))
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    for document in documents {
        let sql = "insert into document (county, week, version, sha256, kind, file_name) values ($1, $2, $3, $4, $5, $6)";
        sqlx::query(sql)
            .bind(county.clone())
            .bind(week.clone())
            .bind(version)
            .bind(document.sha256.to_string())
            .bind(document.kind.as_str())
            .bind(document.file_name.clone())
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
    }
    for (position, stored) in rows.iter().enumerate() {
        let sql = "insert into ledger_row (county, week, version, position, unit, record, owed) values ($1, $2, $3, $4, $5, $6, $7)";
        let record = serde_json::to_string(&stored.row).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
        sqlx::query(sql)
            .bind(county.clone())
            .bind(week.clone())
            .bind(version)
            .bind(to_bigint(position as u64))
            .bind(stored.unit.to_string())
            .bind(record)
            .bind(stored.owed.clone())
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
    }
    Ok(())
}

/// Keeps the findings of a version as they were told to the county.
pub async fn add_finding(connection: &mut AnyConnection, s: &Submission, position: u64, record: &str) -> Result<()> {
    let sql = "insert into finding (county, week, version, position, record) values ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(s.county.to_string()).bind(s.week.to_string()).bind(to_bigint(s.version));
    query.bind(to_bigint(position)).bind(record.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Findings of a version as they were told, in their order.
pub async fn list_findings(connection: &mut AnyConnection, s: &Submission) -> Result<Vec<String>> {
    let sql = "select record from finding where county = $1 and week = $2 and version = $3 order by position";
    let query = sqlx::query_scalar(sql).bind(s.county.to_string()).bind(s.week.to_string()).bind(to_bigint(s.version));
    query.fetch_all(connection).await.map_err(failed)
}

/// How many versions were ever accepted.
pub async fn count(connection: &mut AnyConnection) -> Result<u64> {
    sqlx::query_scalar("select count(*) from submission").fetch_one(connection).await.map(from_bigint).map_err(failed)
}

pub async fn count_findings(connection: &mut AnyConnection, s: &Submission) -> Result<u64> {
    let sql = "select count(*) from finding where county = $1 and week = $2 and version = $3";
    let query = sqlx::query_scalar(sql).bind(s.county.to_string()).bind(s.week.to_string()).bind(to_bigint(s.version));
    query.fetch_one(connection).await.map(from_bigint).map_err(failed)
}

/// All versions ever accepted, in the order of the log.
pub async fn list(connection: &mut AnyConnection) -> Result<Vec<Submission>> {
    let rows = sqlx::query("select * from submission order by leaf_index").fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read).collect()
}

/// The newest version of a county's week.
pub async fn find_newest(connection: &mut AnyConnection, county: &Code, week: Week) -> Result<Option<Submission>> {
    let sql = "select * from submission where county = $1 and week = $2 order by version desc limit 1";
    find(sql, connection, county, week).await
}

/// What a county sent last for any week before this one.
pub async fn find_last_before(connection: &mut AnyConnection, county: &Code, week: Week) -> Result<Option<Submission>> {
    let sql = "select * from submission where county = $1 and week < $2 order by leaf_index desc limit 1";
    find(sql, connection, county, week).await
}

async fn find(sql: &'static str, connection: &mut AnyConnection, county: &Code, week: Week) -> Result<Option<Submission>> {
    let query = sqlx::query(sql).bind(county.to_string()).bind(week.to_string());
    query.fetch_optional(connection).await.map_err(failed)?.as_ref().map(read).transpose()
}

/// The newest version of every county for a week, by county.
pub async fn list_newest(connection: &mut AnyConnection, week: Week) -> Result<Vec<Submission>> {
    let sql = "select * from submission where week = $1 and version =
               (select max(version) from submission as later where later.week = submission.week and later.county = submission.county)
               order by county";
    let rows = sqlx::query(sql).bind(week.to_string()).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Submission> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failed);
    let number = |name: &str| row.try_get::<i64, _>(name).map(from_bigint).map_err(failed);
    let lessons: Option<String> = row.try_get("lessons").map_err(failed)?;
    let zero: Option<String> = row.try_get("zero_report").map_err(failed)?;
    Ok(Submission {
        county: Code::parse(&text("county")?)?,
        week: Week::parse(&text("week")?)?,
        version: number("version")?,
        at: Time::parse(&text("at")?)?,
        rows: number("row_count")?,
        salt: text("salt")?,
        leaf_index: number("leaf_index")?,
        lessons: lessons.map(|hash| Hash::parse(&hash)).transpose()?,
        is_zero: zero.is_some(),
    })
}

/// Documents in force for a version, by their hash.
pub async fn list_documents(connection: &mut AnyConnection, s: &Submission) -> Result<Vec<Document>> {
    let sql = "select sha256, kind, file_name from document where county = $1 and week = $2 and version = $3 order by sha256";
    let query = sqlx::query(sql).bind(s.county.to_string()).bind(s.week.to_string()).bind(to_bigint(s.version));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let read = |row: &AnyRow| {
        let kind: String = row.try_get("kind").map_err(failed)?;
        let sha256: String = row.try_get("sha256").map_err(failed)?;
        Ok(Document {
            sha256: Hash::parse(&sha256)?,
            kind: DocumentKind::parse(&kind).ok_or_else(|| Refusal::new("store_failed").with("reason", kind))?,
            file_name: row.try_get("file_name").map_err(failed)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Ledger rows of a version, in the order of the document.
pub async fn list_rows(connection: &mut AnyConnection, s: &Submission) -> Result<Vec<StoredRow>> {
    let sql = "select unit, record, owed from ledger_row where county = $1 and week = $2 and version = $3 order by position";
    let query = sqlx::query(sql).bind(s.county.to_string()).bind(s.week.to_string()).bind(to_bigint(s.version));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read_row).collect()
}

/// What every version says of one class: week, version, row.
pub async fn list_rows_of(connection: &mut AnyConnection, unit: &Code) -> Result<Vec<(Week, u64, StoredRow)>> {
    let sql = "select week, version, unit, record, owed from ledger_row where unit = $1 order by week, version, position";
    let rows = sqlx::query(sql).bind(unit.to_string()).fetch_all(connection).await.map_err(failed)?;
    let read = |row: &AnyRow| {
        let week: String = row.try_get("week").map_err(failed)?;
        Ok((Week::parse(&week)?, row.try_get("version").map(from_bigint).map_err(failed)?, read_row(row)?))
    };
    rows.iter().map(read).collect()
}

fn read_row(row: &AnyRow) -> Result<StoredRow> {
    let unit: String = row.try_get("unit").map_err(failed)?;
    let record: String = row.try_get("record").map_err(failed)?;
    Ok(StoredRow {
        unit: Code::parse(&unit)?,
        row: serde_json::from_str(&record).map_err(|error| Refusal::new("store_failed").with("reason", error))?,
        owed: row.try_get("owed").map_err(failed)?,
    })
}
