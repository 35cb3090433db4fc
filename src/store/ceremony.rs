//! Plans, commitments, public values, reveals, drawn lists, publications: one row each, guarded by its key.

use super::{failed, from_bigint, to_bigint};
use crate::canon::{DrawKind, Hash, Result, Secret, Week};
use sqlx::AnyConnection;
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// Which draw: kind, period (the week visited) and attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DrawKey {
    pub kind: DrawKind,
    pub period: Week,
    pub attempt: u64,
}

/// A plan as it was frozen, with everything that stays sealed until publication.
#[derive(Clone, Debug)]
pub struct StoredPlan {
    pub key: DrawKey,
    pub hash: Hash,
    /// SHA-256 of what was asked for, to recognise the same freeze asked for again.
    pub input: Hash,
    pub record: String,
    pub roster: String,
    pub frame: String,
    pub frame_key: Secret,
    pub facts_key: Secret,
    /// One facts record per line, in frame order.
    pub facts: String,
    /// JSON list of the classes that a timetable without lessons in the window leaves out.
    pub left_out: String,
    pub leaf_index: u64,
}

pub async fn add_plan(connection: &mut AnyConnection, plan: &StoredPlan) -> Result<()> {
    let sql = "insert into plan (kind, period, attempt, hash, input, record, roster, frame, frame_key, facts_key, facts, left_out, leaf_index)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    sqlx::query(sql)
        .bind(plan.key.kind.to_string())
        .bind(plan.key.period.to_string())
        .bind(to_bigint(plan.key.attempt))
        .bind(plan.hash.to_string())
        .bind(plan.input.to_string())
        .bind(plan.record.clone())
        .bind(plan.roster.clone())
        .bind(plan.frame.clone())
        .bind(plan.frame_key.to_hex())
        .bind(plan.facts_key.to_hex())
        .bind(plan.facts.clone())
        .bind(plan.left_out.clone())
        .bind(to_bigint(plan.leaf_index))
        .execute(connection)
        .await
        .map(|_| ())
        .map_err(failed)
}

/// The newest attempt at a draw.
pub async fn find_plan(connection: &mut AnyConnection, kind: DrawKind, period: Week) -> Result<Option<StoredPlan>> {
    let sql = "select * from plan where kind = $1 and period = $2 order by attempt desc limit 1";
    let row = sqlx::query(sql).bind(kind.to_string()).bind(period.to_string()).fetch_optional(connection).await.map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failed);
    let number = |name: &str| row.try_get::<i64, _>(name).map(from_bigint).map_err(failed);
    Ok(Some(StoredPlan {
        key: DrawKey { kind, period, attempt: number("attempt")? },
        hash: Hash::parse(&text("hash")?)?,
        input: Hash::parse(&text("input")?)?,
        record: text("record")?,
        roster: text("roster")?,
        frame: text("frame")?,
        frame_key: Secret::parse(&text("frame_key")?)?,
        facts_key: Secret::parse(&text("facts_key")?)?,
        facts: text("facts")?,
        left_out: text("left_out")?,
        leaf_index: number("leaf_index")?,
    }))
}

/// A party's commitment or a revealed nonce, with the leaf that has it.
#[derive(Clone, Debug)]
pub struct PartyValue {
    pub value: String,
    /// Empty for a commitment, which seals nothing.
    pub salt: String,
    pub leaf_index: u64,
}

pub async fn add_commitment(connection: &mut AnyConnection, key: DrawKey, party: &str, value: &Hash, leaf_index: u64) -> Result<()> {
    let sql = "insert into commitment (kind, period, attempt, party, value, leaf_index) values ($1, $2, $3, $4, $5, $6)";
    keyed(sql, key).bind(party.to_owned()).bind(value.to_string()).bind(to_bigint(leaf_index)).execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn add_reveal(connection: &mut AnyConnection, key: DrawKey, party: &str, nonce: &Secret, salt: &Secret, leaf_index: u64) -> Result<()> {
    let sql = "insert into reveal (kind, period, attempt, party, nonce, salt, leaf_index) values ($1, $2, $3, $4, $5, $6, $7)";
    let query = keyed(sql, key).bind(party.to_owned()).bind(nonce.to_hex()).bind(salt.to_hex());
    query.bind(to_bigint(leaf_index)).execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn list_commitments(connection: &mut AnyConnection, key: DrawKey) -> Result<BTreeMap<String, PartyValue>> {
    let sql = "select party, value, '' as salt, leaf_index from commitment where kind = $1 and period = $2 and attempt = $3";
    by_party(keyed(sql, key).fetch_all(connection).await.map_err(failed)?)
}

pub async fn list_reveals(connection: &mut AnyConnection, key: DrawKey) -> Result<BTreeMap<String, PartyValue>> {
    let sql = "select party, nonce as value, salt, leaf_index from reveal where kind = $1 and period = $2 and attempt = $3";
    by_party(keyed(sql, key).fetch_all(connection).await.map_err(failed)?)
}

pub async fn add_entropy(connection: &mut AnyConnection, key: DrawKey, text: &str, leaf_index: u64) -> Result<()> {
    let sql = "insert into entropy (kind, period, attempt, value, leaf_index) values ($1, $2, $3, $4, $5)";
    keyed(sql, key).bind(text.to_owned()).bind(to_bigint(leaf_index)).execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn find_entropy(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<String>> {
    let sql = "select value from entropy where kind = $1 and period = $2 and attempt = $3";
    let row = keyed(sql, key).fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| row.try_get("value").map_err(failed)).transpose()
}

/// A drawn list, sealed.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub transcript: String,
    pub salt: String,
    pub leaf_index: u64,
}

pub async fn add_drawn(connection: &mut AnyConnection, key: DrawKey, transcript: &str, salt: &Secret, leaf_index: u64) -> Result<()> {
    let sql = "insert into drawn (kind, period, attempt, transcript, salt, leaf_index) values ($1, $2, $3, $4, $5, $6)";
    let query = keyed(sql, key).bind(transcript.to_owned()).bind(salt.to_hex()).bind(to_bigint(leaf_index));
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn find_drawn(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<Drawn>> {
    let sql = "select transcript, salt, leaf_index from drawn where kind = $1 and period = $2 and attempt = $3";
    let Some(row) = keyed(sql, key).fetch_optional(connection).await.map_err(failed)? else { return Ok(None) };
    Ok(Some(Drawn {
        transcript: row.try_get("transcript").map_err(failed)?,
        salt: row.try_get("salt").map_err(failed)?,
        leaf_index: row.try_get::<i64, _>("leaf_index").map(from_bigint).map_err(failed)?,
    }))
}

pub async fn add_publication(connection: &mut AnyConnection, key: DrawKey, bundle: &Hash, leaf_index: u64) -> Result<()> {
    let sql = "insert into publication (kind, period, attempt, bundle, leaf_index) values ($1, $2, $3, $4, $5)";
    keyed(sql, key).bind(bundle.to_string()).bind(to_bigint(leaf_index)).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Index of the publication's leaf.
pub async fn find_publication(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<u64>> {
    let sql = "select leaf_index from publication where kind = $1 and period = $2 and attempt = $3";
    let row = keyed(sql, key).fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| row.try_get::<i64, _>("leaf_index").map(from_bigint).map_err(failed)).transpose()
}

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;

/// A query whose first three values name the draw.
fn keyed(sql: &'static str, key: DrawKey) -> Query {
    sqlx::query(sql).bind(key.kind.to_string()).bind(key.period.to_string()).bind(to_bigint(key.attempt))
}

fn by_party(rows: Vec<AnyRow>) -> Result<BTreeMap<String, PartyValue>> {
    let read = |row: &AnyRow| {
        let party: String = row.try_get("party").map_err(failed)?;
        let value = PartyValue {
            value: row.try_get("value").map_err(failed)?,
            salt: row.try_get("salt").map_err(failed)?,
            leaf_index: row.try_get::<i64, _>("leaf_index").map(from_bigint).map_err(failed)?,
        };
        Ok((party, value))
    };
    rows.iter().map(read).collect()
}
