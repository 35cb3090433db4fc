//! All SQL, one file per table family, the schema inside. Answers rows; decides nothing.

pub mod account;
pub mod application;
pub mod ceremony;
pub mod copy;
pub mod fact;
pub mod log;
pub mod model;
pub mod pending;
pub mod submission;
pub mod unit;
pub mod witness;

use crate::canon::{Code, Refusal, Result};
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, Pool, Transaction};
use sqlx::{AnyConnection, Connection};

/// The schema's steps. A step that any office has taken is never changed: what is new is a further one.
const SCHEMA: [(i64, &str); 5] = [
    (1, include_str!("schema.sql")),
    (2, include_str!("schema_2.sql")),
    (3, include_str!("schema_3.sql")),
    (4, include_str!("schema_4.sql")),
    (5, include_str!("schema_5.sql")),
];

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

/// What every connection is told first. On PostgreSQL a writer must see what was committed while it waited for its lock, and
/// one whose machine has vanished must not hold that lock for hours.
const PREPARE_SQLITE: &[&str] =
    &["pragma busy_timeout = 10000", "pragma journal_mode = WAL", "pragma synchronous = FULL", "pragma foreign_keys = on"];
const PREPARE_POSTGRES: &[&str] = &[
    "set client_min_messages = warning",
    "set default_transaction_isolation = 'read committed'",
    "set lock_timeout = '30s'",
    "set idle_in_transaction_session_timeout = '5min'",
    "set tcp_keepalives_idle = 60",
    "set tcp_keepalives_interval = 15",
];

/// The lock that a writer holds on PostgreSQL: any number, the same for all instances.
const WRITER: i64 = 7_182_024;

impl Store {
    /// Opens `sqlite:PATH`, making the file where it doesn't exist, or `postgres://…`, and brings the schema up to date.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_at(url, newest_step()).await
    }

    /// The same with the schema's first steps only: for a backup that an earlier build made.
    pub async fn open_at(url: &str, step: i64) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let dialect = if url.starts_with("sqlite:") { Dialect::Sqlite } else { Dialect::Postgres };
        let (connections, prepare): (u32, &[&'static str]) = match dialect {
            // Each connection to a database in memory would have one of its own.
            Dialect::Sqlite if url == copy::MEMORY => (1, PREPARE_SQLITE),
            Dialect::Sqlite => (4, PREPARE_SQLITE),
            Dialect::Postgres => (16, PREPARE_POSTGRES),
        };
        let connect = AnyPoolOptions::new().max_connections(connections).after_connect(move |connection, _| {
            Box::pin(async move {
                for statement in prepare {
                    sqlx::query(*statement).execute(&mut *connection).await?;
                }
                Ok(())
            })
        });
        let unreachable = |error: sqlx::Error| Refusal::new("store_unreachable").with("reason", error);
        if dialect == Dialect::Postgres {
            // The pool would try for half a minute; a wrong address is told at once.
            AnyConnection::connect(url).await.map_err(unreachable)?.close().await.map_err(unreachable)?;
        }
        let pool = connect.connect(url).await.map_err(unreachable)?;
        let store = Self { pool, dialect };
        store.refuse_other_order().await?;
        store.take_steps(step).await?;
        Ok(store)
    }

    /// Takes the steps of the schema that weren't taken yet.
    async fn take_steps(&self, newest: i64) -> Result<()> {
        let step = |version, text| Migration::new(version, "schema".into(), MigrationType::Simple, sqlx::SqlStr::from_static(text), false);
        let steps = SCHEMA.iter().filter(|(version, _)| *version <= newest).map(|(version, text)| step(*version, *text)).collect();
        let steps = Migrator::with_migrations(steps);
        let mut taken = steps.run(&self.pool).await;
        // On SQLite another process may take the same steps at the same moment. Once it has, nothing is left to do.
        for _ in 0..SCHEMA.len() {
            if taken.is_ok() || self.dialect == Dialect::Postgres {
                break;
            }
            taken = steps.run(&self.pool).await;
        }
        taken.map_err(|error| Refusal::new("store_schema").with("reason", error))
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

    /// A transaction for reading everything as it stands at one moment, however long that takes and whatever others write.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Any>> {
        match self.dialect {
            Dialect::Sqlite => self.pool.begin_with("BEGIN DEFERRED").await.map_err(failed),
            Dialect::Postgres => self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(failed),
        }
    }

    /// Closes all connections; an SQLite file is then whole by itself.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<sqlx::pool::PoolConnection<Any>> {
        self.pool.acquire().await.map_err(failed)
    }
}

/// The database's own failures, as a refusal.
pub fn failed(error: sqlx::Error) -> Refusal {
    let known = error.as_database_error();
    let code = match known.and_then(|error| error.code()).as_deref() {
        _ if known.is_some_and(|error| error.is_unique_violation()) => "store_taken",
        // Somebody else wrote for too long: `lock_timeout`, SQLITE_BUSY and its kin.
        Some("55P03" | "5" | "261" | "517") => "store_busy",
        // A NUL in a text, which PostgreSQL doesn't keep.
        Some("22021") => "store_text",
        _ if matches!(error, sqlx::Error::PoolTimedOut) => "store_busy",
        _ => "store_failed",
    };
    Refusal::new(code).with("reason", error)
}

/// The newest step of the schema.
pub fn newest_step() -> i64 {
    SCHEMA.last().map_or(0, |(step, _)| *step)
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
