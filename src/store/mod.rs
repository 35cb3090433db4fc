//! All SQL, one file per table family, the schema inside. Answers rows; decides nothing.

pub mod account;
pub mod application;
pub mod ceremony;
pub mod fact;
pub mod log;
pub mod model;
pub mod pending;
pub mod submission;
pub mod unit;
pub mod witness;

use crate::canon::{Code, Refusal, Result};
use sqlx::AnyConnection;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, Pool, Transaction};

/// The schema's steps. A step that any office has taken is never changed: what is new is a further one.
const SCHEMA: [(i64, &str); 4] =
    [(1, include_str!("schema.sql")), (2, include_str!("schema_2.sql")), (3, include_str!("schema_3.sql")), (4, include_str!("schema_4.sql"))];

/// A pool of connections to the one database of an office.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Any>,
    dialect: Dialect,
}

/// The two databases that serve. One SQL text serves both; they differ in how a writer is alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// The lock that a writer holds on PostgreSQL: any number, the same for all instances.
const WRITER: i64 = 7_182_024;

impl Store {
    /// Opens `sqlite:PATH`, making the file where it doesn't exist, or `postgres://…`, and brings the schema up to date.
    pub async fn open(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let dialect = if url.starts_with("sqlite:") { Dialect::Sqlite } else { Dialect::Postgres };
        let (connections, prepare): (u32, &[&'static str]) = match dialect {
            Dialect::Sqlite => {
                (4, &["pragma journal_mode = WAL", "pragma synchronous = FULL", "pragma busy_timeout = 10000", "pragma foreign_keys = on"])
            }
            Dialect::Postgres => (16, &["set client_min_messages = warning", "set lock_timeout = '30s'"]),
        };
        let connect = AnyPoolOptions::new().max_connections(connections).after_connect(move |connection, _| {
            Box::pin(async move {
                for statement in prepare {
                    sqlx::query(*statement).execute(&mut *connection).await?;
                }
                Ok(())
            })
        });
        let pool = connect.connect(url).await.map_err(|error| Refusal::new("store_unreachable").with("reason", error))?;
        let store = Self { pool, dialect };
        store.refuse_other_order().await?;
        let step = |version, text| Migration::new(version, "schema".into(), MigrationType::Simple, sqlx::SqlStr::from_static(text), false);
        let steps = SCHEMA.iter().map(|(version, text)| step(*version, *text)).collect();
        Migrator::with_migrations(steps).run(&store.pool).await.map_err(|error| Refusal::new("store_schema").with("reason", error))?;
        Ok(store)
    }

    /// Codes are ordered by their bytes everywhere; a database with a language's order would answer rows in another.
    async fn refuse_other_order(&self) -> Result<()> {
        let is_bytes: i64 = sqlx::query_scalar("select cast(count(*) as bigint) from (select 'a' as one, 'B' as two) as pair where two < one")
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
        if is_bytes == 1 { Ok(()) } else { Err(Refusal::new("store_order")) }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Begins a transaction that already holds the right to write: one that became a writer later could fail half-way.
    ///
    /// On PostgreSQL the lock is given back at the end of the transaction, however it ends.
    pub async fn begin(&self) -> Result<Transaction<'static, Any>> {
        match self.dialect {
            Dialect::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed),
            Dialect::Postgres => {
                let mut transaction = self.pool.begin().await.map_err(failed)?;
                sqlx::query("select pg_advisory_xact_lock($1)").bind(WRITER).execute(&mut *transaction).await.map_err(failed)?;
                Ok(transaction)
            }
        }
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
