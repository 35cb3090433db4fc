//! Risk models that were proposed, and what was decided on each.

use super::{failed, from_bigint, to_bigint};
use crate::canon::{Date, Hash, Result, Time};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

/// A model as it was proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredModel {
    pub sha256: Hash,
    pub name: String,
    pub valid_from: Date,
    pub valid_until: Date,
    /// Canonical JSON, whose hash is `sha256`.
    pub record: String,
    /// The file as it was proposed.
    pub source: String,
}

/// What someone did about a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelAct {
    /// Counts all acts on all models, from 1.
    pub number: u64,
    pub sha256: Hash,
    /// `proposed`, `approved` or `withdrawn`.
    pub act: String,
    pub by: String,
    /// `bureau` or `discipline`; only an approval has one.
    pub role: Option<String>,
    pub at: Time,
    pub note: Option<String>,
}

pub async fn add(connection: &mut AnyConnection, model: &StoredModel) -> Result<()> {
    let sql = "insert into model (sha256, name, valid_from, valid_until, record, source) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(model.sha256.to_string()).bind(model.name.clone());
    let query = query.bind(model.valid_from.to_string()).bind(model.valid_until.to_string());
    query.bind(model.record.clone()).bind(model.source.clone()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Adds an act under the next number, whatever number it came with.
pub async fn add_act(connection: &mut AnyConnection, act: &ModelAct) -> Result<()> {
    let last: Option<i64> = sqlx::query_scalar("select max(number) from model_act").fetch_one(&mut *connection).await.map_err(failed)?;
    let number = from_bigint(last.unwrap_or(0)) + 1;
    let sql = "insert into model_act (number, sha256, act, by_person, role, at, note) values ($1, $2, $3, $4, $5, $6, $7)";
    let query = sqlx::query(sql).bind(to_bigint(number)).bind(act.sha256.to_string()).bind(act.act.clone()).bind(act.by.clone());
    query.bind(act.role.clone()).bind(act.at.to_string()).bind(act.note.clone()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// All models, by name.
pub async fn list(connection: &mut AnyConnection) -> Result<Vec<StoredModel>> {
    let rows = sqlx::query("select * from model order by name").fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read).collect()
}

pub async fn count(connection: &mut AnyConnection) -> Result<u64> {
    sqlx::query_scalar("select count(*) from model").fetch_one(connection).await.map(from_bigint).map_err(failed)
}

/// All acts, in their order.
pub async fn list_acts(connection: &mut AnyConnection) -> Result<Vec<ModelAct>> {
    let rows = sqlx::query("select * from model_act order by number").fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read_act).collect()
}

fn read(row: &AnyRow) -> Result<StoredModel> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failed);
    Ok(StoredModel {
        sha256: Hash::parse(&text("sha256")?)?,
        name: text("name")?,
        valid_from: Date::parse(&text("valid_from")?)?,
        valid_until: Date::parse(&text("valid_until")?)?,
        record: text("record")?,
        source: text("source")?,
    })
}

fn read_act(row: &AnyRow) -> Result<ModelAct> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failed);
    Ok(ModelAct {
        number: from_bigint(row.try_get("number").map_err(failed)?),
        sha256: Hash::parse(&text("sha256")?)?,
        act: text("act")?,
        by: text("by_person")?,
        role: row.try_get("role").map_err(failed)?,
        at: Time::parse(&text("at")?)?,
        note: row.try_get("note").map_err(failed)?,
    })
}
