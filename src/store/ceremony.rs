//! Plans, commitments, public values, reveals, drawn lists, publications: one row each, guarded by its key.

use super::{failed, from_bigint, to_bigint};
use crate::canon::{Code, DrawKind, Hash, Result, Secret, Week};
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

pub async fn add_plan(connection: &mut AnyConnection, plan: &StoredPlan, parties: &[Code]) -> Result<()> {
    let sql =
        "insert into plan (kind, period, attempt, hash, input, record, roster, frame, frame_key, facts_key, facts, left_out, leaf_index, after_void)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
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
        .bind((plan.key.attempt > 1).then(|| to_bigint(plan.key.attempt - 1)))
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    for party in parties {
        let sql = "insert into plan_party (kind, period, attempt, party) values ($1, $2, $3, $4)";
        keyed(sql, plan.key).bind(party.to_string()).execute(&mut *connection).await.map_err(failed)?;
    }
    let sql = "insert into stage (kind, period, attempt, step, previous) values ($1, $2, $3, 1, null)";
    keyed(sql, plan.key).execute(connection).await.map(|_| ()).map_err(failed)
}

/// The steps of an attempt; see the table `stage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Committed = 2,
    Entropy = 3,
    Revealed = 4,
    Drawn = 5,
    Published = 6,
}

/// Takes an attempt to a step; refused by the database unless the one before was taken.
async fn advance(connection: &mut AnyConnection, key: DrawKey, step: Step) -> Result<()> {
    let sql = "insert into stage (kind, period, attempt, step, previous) values ($1, $2, $3, $4, $5)";
    keyed(sql, key).bind(step as i64).bind(step as i64 - 1).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Takes an attempt to a step once a row of every party is there.
async fn advance_when_all(connection: &mut AnyConnection, key: DrawKey, step: Step, rows: &'static str) -> Result<()> {
    let parties: i64 = counted("select count(*) from plan_party where kind = $1 and period = $2 and attempt = $3", connection, key).await?;
    if counted(rows, connection, key).await? == parties { advance(connection, key, step).await } else { Ok(()) }
}

async fn counted(sql: &'static str, connection: &mut AnyConnection, key: DrawKey) -> Result<i64> {
    keyed(sql, key).fetch_one(connection).await.and_then(|row| row.try_get(0)).map_err(failed)
}

/// The newest attempt at a draw.
pub async fn find_plan(connection: &mut AnyConnection, kind: DrawKind, period: Week) -> Result<Option<StoredPlan>> {
    let sql = "select * from plan where kind = $1 and period = $2 order by attempt desc limit 1";
    let row = sqlx::query(sql).bind(kind.to_string()).bind(period.to_string()).fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| read_plan(&row, kind, period)).transpose()
}

/// The frames of all plans ever made.
pub async fn list_frames(connection: &mut AnyConnection) -> Result<Vec<String>> {
    sqlx::query_scalar("select frame from plan order by leaf_index").fetch_all(connection).await.map_err(failed)
}

/// One attempt at a draw.
pub async fn find_attempt(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<StoredPlan>> {
    let sql = "select * from plan where kind = $1 and period = $2 and attempt = $3";
    let row = keyed(sql, key).fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| read_plan(&row, key.kind, key.period)).transpose()
}

fn read_plan(row: &AnyRow, kind: DrawKind, period: Week) -> Result<StoredPlan> {
    let text = |name: &str| row.try_get::<String, _>(name).map_err(failed);
    let number = |name: &str| row.try_get::<i64, _>(name).map(from_bigint).map_err(failed);
    Ok(StoredPlan {
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
    })
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
    let sql = "insert into commitment (kind, period, attempt, party, value, leaf_index, step) values ($1, $2, $3, $4, $5, $6, 1)";
    let query = keyed(sql, key).bind(party.to_owned()).bind(value.to_string()).bind(to_bigint(leaf_index));
    query.execute(&mut *connection).await.map_err(failed)?;
    advance_when_all(connection, key, Step::Committed, "select count(*) from commitment where kind = $1 and period = $2 and attempt = $3").await
}

pub async fn add_reveal(connection: &mut AnyConnection, key: DrawKey, party: &str, nonce: &Secret, salt: &Secret, leaf_index: u64) -> Result<()> {
    let sql = "insert into reveal (kind, period, attempt, party, nonce, salt, leaf_index, step) values ($1, $2, $3, $4, $5, $6, $7, 3)";
    let query = keyed(sql, key).bind(party.to_owned()).bind(nonce.to_hex()).bind(salt.to_hex());
    query.bind(to_bigint(leaf_index)).execute(&mut *connection).await.map_err(failed)?;
    advance_when_all(connection, key, Step::Revealed, "select count(*) from reveal where kind = $1 and period = $2 and attempt = $3").await
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
    let sql = "insert into entropy (kind, period, attempt, value, leaf_index, step) values ($1, $2, $3, $4, $5, 2)";
    keyed(sql, key).bind(text.to_owned()).bind(to_bigint(leaf_index)).execute(&mut *connection).await.map_err(failed)?;
    advance(connection, key, Step::Entropy).await
}

pub async fn find_entropy(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<String>> {
    let sql = "select value from entropy where kind = $1 and period = $2 and attempt = $3";
    let row = keyed(sql, key).fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| row.try_get("value").map_err(failed)).transpose()
}

/// Index of the public value's leaf.
pub async fn find_entropy_leaf(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<u64>> {
    find_index("select leaf_index from entropy where kind = $1 and period = $2 and attempt = $3", connection, key).await
}

async fn find_index(sql: &'static str, connection: &mut AnyConnection, key: DrawKey) -> Result<Option<u64>> {
    let row = keyed(sql, key).fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| row.try_get::<i64, _>("leaf_index").map(from_bigint).map_err(failed)).transpose()
}

/// A drawn list, sealed.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub transcript: String,
    pub salt: String,
    pub leaf_index: u64,
}

pub async fn add_drawn(connection: &mut AnyConnection, key: DrawKey, transcript: &str, salt: &Secret, leaf_index: u64) -> Result<()> {
    let sql = "insert into drawn (kind, period, attempt, transcript, salt, leaf_index, step) values ($1, $2, $3, $4, $5, $6, 4)";
    let query = keyed(sql, key).bind(transcript.to_owned()).bind(salt.to_hex()).bind(to_bigint(leaf_index));
    query.execute(&mut *connection).await.map_err(failed)?;
    advance(connection, key, Step::Drawn).await
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
    let sql = "insert into publication (kind, period, attempt, bundle, leaf_index, step) values ($1, $2, $3, $4, $5, 5)";
    keyed(sql, key).bind(bundle.to_string()).bind(to_bigint(leaf_index)).execute(&mut *connection).await.map_err(failed)?;
    advance(connection, key, Step::Published).await
}

/// Index of the publication's leaf.
pub async fn find_publication(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<u64>> {
    find_index("select leaf_index from publication where kind = $1 and period = $2 and attempt = $3", connection, key).await
}

/// A substitution or borrowed team, sealed until publication.
#[derive(Clone, Debug)]
pub struct Change {
    pub leaf_index: u64,
    /// `substitution` or `borrowed`.
    pub act: String,
    pub salt: String,
    pub record: String,
}

pub async fn add_change(connection: &mut AnyConnection, key: DrawKey, change: &Change) -> Result<()> {
    let sql = "insert into change (kind, period, attempt, leaf_index, act, salt, record, step) values ($1, $2, $3, $4, $5, $6, $7, 5)";
    let query = keyed(sql, key).bind(to_bigint(change.leaf_index)).bind(change.act.clone()).bind(change.salt.clone()).bind(change.record.clone());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// Changes after a draw, in log order.
pub async fn list_changes(connection: &mut AnyConnection, key: DrawKey) -> Result<Vec<Change>> {
    let sql = "select leaf_index, act, salt, record from change where kind = $1 and period = $2 and attempt = $3 order by leaf_index";
    let read = |row: AnyRow| {
        Ok(Change {
            leaf_index: row.try_get::<i64, _>("leaf_index").map(from_bigint).map_err(failed)?,
            act: row.try_get("act").map_err(failed)?,
            salt: row.try_get("salt").map_err(failed)?,
            record: row.try_get("record").map_err(failed)?,
        })
    };
    keyed(sql, key).fetch_all(connection).await.map_err(failed)?.into_iter().map(read).collect()
}

pub async fn add_void(connection: &mut AnyConnection, key: DrawKey, reason: &str, leaf_index: u64) -> Result<()> {
    let sql = "insert into void (kind, period, attempt, reason, leaf_index) values ($1, $2, $3, $4, $5)";
    keyed(sql, key).bind(reason.to_owned()).bind(to_bigint(leaf_index)).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Why an attempt was voided.
pub async fn find_void(connection: &mut AnyConnection, key: DrawKey) -> Result<Option<String>> {
    let sql = "select reason from void where kind = $1 and period = $2 and attempt = $3";
    let row = keyed(sql, key).fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| row.try_get("reason").map_err(failed)).transpose()
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
