//! Witnesses: who is asked, what each is asked for, and the cosignatures that came back.

use super::Office;
use super::log::read_history;
use crate::canon::{Code, Hash, Refusal, Result, Time, merkle};
use crate::draw::DrawPlan;
use crate::store::ceremony::{DrawKey, StoredPlan};
use crate::store::witness::StoredCosignature;
use crate::store::{self};
use crate::tlog::witness::Request;
use crate::tlog::{Checkpoint, DrawRef, KeyType, VerifierKey};
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};

/// The setting's name.
const POLICY: &str = "witness_policy";

/// A witness with the largest tree it has cosigned.
pub struct WitnessState {
    pub owner: Code,
    pub key: VerifierKey,
    pub seen: u64,
}

/// Adds a witness that is asked from now on.
pub async fn add_witness(office: &Office, owner: &Code, key: &VerifierKey) -> Result<bool> {
    let mut transaction = office.store.begin().await?;
    let known = list(&mut transaction).await?;
    if let Some(known) = known.iter().find(|known| known.key.key == key.key) {
        return if known.owner == *owner && known.key == *key { Ok(false) } else { Err(Refusal::new("keys_twice").with("key", key.key)) };
    }
    // What a bundle's keys.json may not hold is not let in here: nothing could take it out again.
    let history = read_history(&mut transaction).await?;
    let log = office.log_key.verifier();
    let is_twin = |other: &VerifierKey| other.name == key.name && other.id() == key.id();
    if log.key == key.key || history.keys.used.contains(&key.key) || is_twin(&log) || known.iter().any(|known| is_twin(&known.key)) {
        return Err(Refusal::new("keys_twice").with("key", key.key));
    }
    store::witness::add_witness(&mut transaction, owner.as_str(), &key.to_string()).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

/// How many owners outside the parties are asked to cosign before each public draw.
pub async fn policy(office: &Office) -> Result<u64> {
    let mut connection = office.store.read().await?;
    let text = store::find_setting(&mut connection, POLICY).await?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(1))
}

pub async fn set_policy(office: &Office, owners: u64) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    store::set_setting(&mut transaction, POLICY, &owners.to_string()).await?;
    transaction.commit().await.map_err(store::failed)
}

/// How many owners outside the parties cosigned between the last commitment and the public value, where they are fewer
/// than asked for.
pub async fn unmet(office: &Office, draw: &DrawRef) -> Result<Option<(usize, u64)>> {
    let asked = policy(office).await?;
    let mut connection = office.store.read().await?;
    let key = DrawKey { kind: draw.kind, period: draw.period, attempt: draw.attempt };
    let Some(stored) = store::ceremony::find_attempt(&mut connection, key).await? else { return Ok(None) };
    let plan = super::freeze::read_plan(&stored)?;
    let owners = outside(&mut connection, &stored, &plan).await?;
    let count = owners.values().collect::<BTreeSet<_>>().len();
    Ok(((count as u64) < asked).then_some((count, asked)))
}

/// Refuses a party's key that is the log's or a witness's: every bundle from then on would fail.
pub(super) async fn refuse_taken(office: &Office, connection: &mut AnyConnection, key: &Hash) -> Result<()> {
    let is_witness = list(connection).await?.iter().any(|known| known.key.key == *key);
    if is_witness || office.log_key.verifier().key == *key { Err(Refusal::new("keys_twice").with("key", key)) } else { Ok(()) }
}

/// All witnesses and how far each has seen.
pub async fn list_witnesses(office: &Office) -> Result<(u64, Vec<WitnessState>)> {
    let mut connection = office.store.read().await?;
    Ok((store::log::leaf_count(&mut connection).await?, list(&mut connection).await?))
}

async fn list(connection: &mut AnyConnection) -> Result<Vec<WitnessState>> {
    let cosignatures = store::witness::list_cosignatures(connection).await?;
    let read = |(owner, vkey): (String, String)| {
        let seen = cosignatures.iter().filter(|known| known.vkey == vkey).map(|known| known.size).max().unwrap_or(0);
        Ok(WitnessState { owner: Code::parse(&owner)?, key: VerifierKey::parse(&vkey, KeyType::Witness)?, seen })
    };
    store::witness::list_witnesses(connection).await?.into_iter().map(read).collect()
}

/// What to carry to a witness: the newest checkpoint with the proof that it grew out of what the witness saw.
/// `old` is what the witness answered where it remembers another size than the office.
pub async fn request(office: &Office, name: &str, old: Option<u64>) -> Result<Request> {
    let mut connection = office.store.read().await?;
    let witness = list(&mut connection).await?.into_iter().find(|known| known.key.name == name);
    let witness = witness.ok_or_else(|| Refusal::new("witness_unknown").with("name", crate::canon::code::clip(name)))?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect();
    let size = hashes.len() as u64;
    let checkpoint = store::log::find_checkpoint(&mut connection, size).await?;
    let checkpoint = checkpoint.ok_or_else(|| Refusal::new("checkpoint_missing").with("size", size))?;
    let old_size = old.unwrap_or(witness.seen);
    if old_size > size {
        return Err(Refusal::new("witness_shrunk").with("known", old_size).with("found", size));
    }
    let proof = match usize::try_from(old_size) {
        Ok(old) if 0 < old && old < hashes.len() => merkle::consistency_proof(&hashes, old),
        _ => Vec::new(),
    };
    Ok(Request { old_size, proof, checkpoint })
}

/// Takes a witness's answer: a signature line under one of the log's checkpoints. Answers the size it saw.
pub async fn take(office: &Office, line: &str) -> Result<u64> {
    let mut transaction = office.store.begin().await?;
    let witnesses = list(&mut transaction).await?;
    let keys: Vec<&VerifierKey> = witnesses.iter().map(|known| &known.key).collect();
    let log = office.log_key.verifier();
    let line = format!("{}\n", line.trim_end());
    // One witness, one line: whatever else stood there would stand in the bundle, too.
    if line.lines().count() != 1 {
        return Err(Refusal::new("witness_answer"));
    }
    let times = read_history(&mut transaction).await?.times;
    let mut size = store::log::leaf_count(&mut transaction).await?;
    while size > 0 {
        let Some(note) = store::log::find_checkpoint(&mut transaction, size).await? else { break };
        let found = Checkpoint::parse(&format!("{note}{line}")).and_then(|checkpoint| checkpoint.verify(&log, &keys));
        if let Some(cosignature) = found.ok().and_then(|list| list.into_iter().next()) {
            if cosignature.time < last_time(&times, size) {
                return Err(Refusal::new("witness_clock"));
            }
            let vkey = keys.iter().find(|key| key.key == cosignature.key).map(|key| key.to_string()).unwrap_or_default();
            let stored = StoredCosignature { size, vkey, time: cosignature.time, line };
            store::witness::add_cosignature(&mut transaction, &stored).await?;
            transaction.commit().await.map_err(store::failed)?;
            return Ok(size);
        }
        size -= 1;
    }
    Err(Refusal::new("witness_answer"))
}

/// A checkpoint of a size with the cosignatures it has, one for each key: the last one, or the last before a time.
pub(super) async fn cosigned(connection: &mut AnyConnection, size: u64, before: Option<u64>) -> Result<Option<String>> {
    let Some(note) = store::log::find_checkpoint(connection, size).await? else { return Ok(None) };
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    for known in store::witness::list_cosignatures(connection).await? {
        if known.size == size && before.is_none_or(|before| known.time < before) {
            lines.insert(known.vkey, known.line);
        }
    }
    Ok(Some(note + &lines.into_values().collect::<String>()))
}

/// When the last leaf of a tree of that size came, in seconds: no cosignature on it that counts is older.
fn last_time(times: &[Time], size: u64) -> u64 {
    usize::try_from(size).ok().and_then(|size| times.get(size.checked_sub(1)?)).map_or(0, |at| at.seconds())
}

/// Cosignatures by owners outside the parties, between the last commitment and the public draw: by size and key.
async fn outside(connection: &mut AnyConnection, stored: &StoredPlan, plan: &DrawPlan) -> Result<BTreeMap<(u64, String), Code>> {
    let commitments = store::ceremony::list_commitments(connection, stored.key).await?;
    let committed = commitments.values().map(|commitment| commitment.leaf_index + 1).max().unwrap_or(u64::MAX);
    let entered = store::ceremony::find_entropy_leaf(connection, stored.key).await?.unwrap_or(u64::MAX);
    let after = plan.entropy.after.seconds();
    let owners: BTreeMap<String, Code> = list(connection).await?.into_iter().map(|known| (known.key.to_string(), known.owner)).collect();
    let cosignatures = store::witness::list_cosignatures(connection).await?;
    let times = read_history(connection).await?.times;
    let fits =
        |known: &StoredCosignature| (committed..=entered).contains(&known.size) && (last_time(&times, known.size)..after).contains(&known.time);
    let owned = |known: StoredCosignature| Some(((known.size, known.vkey.clone()), owners.get(&known.vkey)?.clone()));
    Ok(cosignatures.into_iter().filter(fits).filter_map(owned).filter(|(_, owner)| !plan.parties.contains(owner)).collect())
}

/// The checkpoint that a witness outside the parties cosigned between the last commitment and the public draw; empty
/// where there is none.
pub(super) async fn witnessed(connection: &mut AnyConnection, stored: &StoredPlan, plan: &DrawPlan) -> Result<String> {
    // The tree that most owners saw, so that one unknown to a reader does not hide one whom he trusts.
    let mut owners: BTreeMap<u64, BTreeSet<Code>> = BTreeMap::new();
    for ((size, _), owner) in outside(connection, stored, plan).await? {
        owners.entry(size).or_default().insert(owner);
    }
    match owners.iter().max_by_key(|(size, owners)| (owners.len(), **size)).map(|(size, _)| *size) {
        Some(size) => Ok(cosigned(connection, size, Some(plan.entropy.after.seconds())).await?.unwrap_or_default()),
        None => Ok(String::new()),
    }
}
