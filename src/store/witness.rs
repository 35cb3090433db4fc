//! Witnesses that are asked for, and their cosignatures.

use super::{failed, from_bigint, to_bigint};
use crate::canon::Result;
use sqlx::{AnyConnection, Row};

/// A witness's verifier key and whose it is.
pub async fn add_witness(connection: &mut AnyConnection, owner: &str, vkey: &str) -> Result<()> {
    let sql = "insert into witness (vkey, owner) values ($1, $2)";
    sqlx::query(sql).bind(vkey.to_owned()).bind(owner.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Pairs of owner and verifier key, by owner.
pub async fn list_witnesses(connection: &mut AnyConnection) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query("select owner, vkey from witness order by owner, vkey").fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(|row| Ok((row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?))).collect()
}

/// A line under the checkpoint of a size.
#[derive(Clone, Debug)]
pub struct StoredCosignature {
    pub size: u64,
    pub vkey: String,
    /// Seconds after 1970.
    pub time: u64,
    pub line: String,
}

/// Keeps a cosignature; the same one again is no further one.
pub async fn add_cosignature(connection: &mut AnyConnection, cosignature: &StoredCosignature) -> Result<()> {
    let sql = "insert into cosignature (size, vkey, time, line) values ($1, $2, $3, $4) on conflict (size, vkey, time) do nothing";
    let query = sqlx::query(sql).bind(to_bigint(cosignature.size)).bind(cosignature.vkey.clone()).bind(to_bigint(cosignature.time));
    query.bind(cosignature.line.clone()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// All cosignatures, by size, key and time.
pub async fn list_cosignatures(connection: &mut AnyConnection) -> Result<Vec<StoredCosignature>> {
    let rows = sqlx::query("select size, vkey, time, line from cosignature order by size, vkey, time").fetch_all(connection).await.map_err(failed)?;
    let number = |row: &sqlx::any::AnyRow, at: usize| row.try_get::<i64, _>(at).map(from_bigint).map_err(failed);
    let read = |row: &sqlx::any::AnyRow| {
        Ok(StoredCosignature {
            size: number(row, 0)?,
            vkey: row.try_get(1).map_err(failed)?,
            time: number(row, 2)?,
            line: row.try_get(3).map_err(failed)?,
        })
    };
    rows.iter().map(read).collect()
}
