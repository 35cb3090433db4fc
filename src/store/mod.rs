//! All SQL, one file per table family, the schema inside. Answers rows; decides nothing.

pub mod application;
pub mod ceremony;
pub mod fact;
pub mod log;
pub mod model;
pub mod submission;
pub mod unit;
pub mod witness;

use crate::canon::{Code, Refusal, Result};
use sqlx::AnyConnection;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, Pool, Transaction};
use std::path::Path;

/// The schema's steps. A step that any office has taken is never changed: what is new is a further one.
const SCHEMA: [(i64, &str); 3] = [(1, include_str!("schema.sql")), (2, include_str!("schema_2.sql")), (3, include_str!("schema_3.sql"))];

/// A pool of connections to the one database of an office.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Any>,
}

impl Store {
    /// Opens the SQLite database in a data folder, making it where it doesn't exist, and brings its schema up to date.
    pub async fn open(folder: &Path) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}?mode=rwc", folder.join("mingchou.db").display());
        let connect = AnyPoolOptions::new().max_connections(4).after_connect(|connection, _| {
            Box::pin(async move {
                for pragma in ["pragma journal_mode = WAL", "pragma synchronous = FULL", "pragma busy_timeout = 10000", "pragma foreign_keys = on"] {
                    sqlx::query(pragma).execute(&mut *connection).await?;
                }
                Ok(())
            })
        });
        let pool = connect.connect(&url).await.map_err(failed)?;
        let step = |version, text| Migration::new(version, "schema".into(), MigrationType::Simple, sqlx::SqlStr::from_static(text), false);
        let steps = SCHEMA.iter().map(|(version, text)| step(*version, *text)).collect();
        Migrator::with_migrations(steps).run(&pool).await.map_err(|error| Refusal::new("store_schema").with("reason", error))?;
        Ok(Self { pool })
    }

    /// Begins a transaction that already holds the right to write: one that became a writer later could fail half-way.
    pub async fn begin(&self) -> Result<Transaction<'static, Any>> {
        self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<sqlx::pool::PoolConnection<Any>> {
        self.pool.acquire().await.map_err(failed)
    }
}

/// The database's own failures, as a refusal.
pub fn failed(error: sqlx::Error) -> Refusal {
    let is_taken = error.as_database_error().is_some_and(|e| e.is_unique_violation());
    Refusal::new(if is_taken { "store_taken" } else { "store_failed" }).with("reason", error)
}

/// Reads a setting.
pub async fn find_setting(connection: &mut AnyConnection, name: &str) -> Result<Option<String>> {
    sqlx::query_scalar("select value from setting where name = $1").bind(name.to_owned()).fetch_optional(connection).await.map_err(failed)
}

/// Writes a setting.
pub async fn set_setting(connection: &mut AnyConnection, name: &str, value: &str) -> Result<()> {
    let sql = "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
    sqlx::query(sql).bind(name.to_owned()).bind(value.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// A count or position for a `bigint` column.
pub fn to_bigint(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A `bigint` column that holds a count or position.
pub fn from_bigint(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// The code of something numbered within county and year: the one it has, or the number for the next.
enum Place {
    Known(Code),
    Next(i64),
}

/// `find` and `last` select the code by county and identity, and the greatest number by county and year.
async fn place_of(
    connection: &mut AnyConnection,
    (find, last): (&'static str, &'static str),
    county: &Code,
    identity: &str,
    year: i32,
) -> Result<Place> {
    let query = sqlx::query_scalar(find).bind(county.to_string()).bind(identity.to_owned());
    let known: Option<String> = query.fetch_optional(&mut *connection).await.map_err(failed)?;
    if let Some(code) = known {
        return Code::parse(&code).map(Place::Known);
    }
    let query = sqlx::query_scalar(last).bind(county.to_string()).bind(i64::from(year));
    let last: Option<i64> = query.fetch_one(&mut *connection).await.map_err(failed)?;
    Ok(Place::Next(last.unwrap_or(0) + 1))
}
