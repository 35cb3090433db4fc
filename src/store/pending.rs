//! Signatures of acts that several parties sign, until all are there.

use super::ceremony::DrawKey;
use super::{failed, to_bigint};
use crate::canon::{Result, Time};
use sqlx::{AnyConnection, Row};

/// One party's signed act, waiting for the others'.
#[derive(Clone, Debug)]
pub struct PendingRow {
    /// `entropy`, `void`, `substitution` or `borrowed`.
    pub act: String,
    pub party: String,
    /// The act's file as the party signed it.
    pub record: String,
    pub at: Time,
}

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;

fn keyed(sql: &'static str, key: DrawKey) -> Query {
    sqlx::query(sql).bind(key.kind.to_string()).bind(key.period.to_string()).bind(to_bigint(key.attempt))
}

/// Takes what a party signed in the place of what it signed before.
pub async fn put(connection: &mut AnyConnection, key: DrawKey, row: &PendingRow) -> Result<()> {
    let sql = "insert into pending_signature (kind, period, attempt, act, party, record, at) values ($1, $2, $3, $4, $5, $6, $7) \
               on conflict (kind, period, attempt, act, party) do update set record = excluded.record, at = excluded.at";
    let query = keyed(sql, key).bind(row.act.clone()).bind(row.party.clone()).bind(row.record.clone()).bind(row.at.to_string());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// All that wait in an attempt, by act and party.
pub async fn list(connection: &mut AnyConnection, key: DrawKey) -> Result<Vec<PendingRow>> {
    let sql = "select act, party, record, at from pending_signature where kind = $1 and period = $2 and attempt = $3 order by act, party";
    let rows = keyed(sql, key).fetch_all(connection).await.map_err(failed)?;
    let text = |row: &sqlx::any::AnyRow, name: &str| row.try_get::<String, _>(name).map_err(failed);
    let read = |row: &sqlx::any::AnyRow| {
        Ok(PendingRow { act: text(row, "act")?, party: text(row, "party")?, record: text(row, "record")?, at: Time::parse(&text(row, "at")?)? })
    };
    rows.iter().map(read).collect()
}

/// Forgets what waits of one act: it was entered, or can't be any more.
pub async fn clear(connection: &mut AnyConnection, key: DrawKey, act: &str) -> Result<()> {
    let sql = "delete from pending_signature where kind = $1 and period = $2 and attempt = $3 and act = $4";
    keyed(sql, key).bind(act.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Gives a party its own signature back.
pub async fn withdraw(connection: &mut AnyConnection, key: DrawKey, act: &str, party: &str) -> Result<bool> {
    let sql = "delete from pending_signature where kind = $1 and period = $2 and attempt = $3 and act = $4 and party = $5";
    let done = keyed(sql, key).bind(act.to_owned()).bind(party.to_owned()).execute(connection).await.map_err(failed)?;
    Ok(done.rows_affected() > 0)
}
