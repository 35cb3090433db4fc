//! Leaves and checkpoints.

use super::{failed, from_bigint, to_bigint};
use crate::canon::Result;
use sqlx::AnyConnection;

/// All leaves' data, in order.
pub async fn list_leaves(connection: &mut AnyConnection) -> Result<Vec<String>> {
    sqlx::query_scalar("select data from leaf order by leaf_index").fetch_all(connection).await.map_err(failed)
}

/// Leaves' data from an index on, in order.
pub async fn list_leaves_from(connection: &mut AnyConnection, index: u64) -> Result<Vec<String>> {
    let sql = "select data from leaf where leaf_index >= $1 order by leaf_index";
    sqlx::query_scalar(sql).bind(to_bigint(index)).fetch_all(connection).await.map_err(failed)
}

pub async fn find_leaf(connection: &mut AnyConnection, index: u64) -> Result<Option<String>> {
    let sql = "select data from leaf where leaf_index = $1";
    sqlx::query_scalar(sql).bind(to_bigint(index)).fetch_optional(connection).await.map_err(failed)
}

pub async fn leaf_count(connection: &mut AnyConnection) -> Result<u64> {
    let count: i64 = sqlx::query_scalar("select count(*) from leaf").fetch_one(connection).await.map_err(failed)?;
    Ok(from_bigint(count))
}

/// Adds a leaf at its index; the primary key lets only one writer have it.
pub async fn add_leaf(connection: &mut AnyConnection, index: u64, data: &str) -> Result<()> {
    let sql = "insert into leaf (leaf_index, data) values ($1, $2)";
    sqlx::query(sql).bind(to_bigint(index)).bind(data.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn add_checkpoint(connection: &mut AnyConnection, size: u64, note: &str) -> Result<()> {
    let sql = "insert into checkpoint (size, note) values ($1, $2)";
    sqlx::query(sql).bind(to_bigint(size)).bind(note.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn find_checkpoint(connection: &mut AnyConnection, size: u64) -> Result<Option<String>> {
    let sql = "select note from checkpoint where size = $1";
    sqlx::query_scalar(sql).bind(to_bigint(size)).fetch_optional(connection).await.map_err(failed)
}
