//! Shows one class its own row after the window, with the proofs that it stood in the frame and the frame in the log.

use super::Office;
use super::ceremony::{DrawName, get_plan};
use crate::bundle::UnitOpening;
use crate::bundle::opening::{FactsOpening, LogProof};
use crate::canon::{Code, Hash, Refusal, Result, merkle};
use crate::draw::Frame;
use crate::draw::frame::facts_salt;
use crate::store;

/// The opening of a unit; with its facts only for those who may see them. Refused until the window has closed.
pub async fn open_unit(office: &Office, name: DrawName, unit: &Code, with_facts: bool) -> Result<UnitOpening> {
    let mut connection = office.store.read().await?;
    let (stored, plan) = get_plan(&mut connection, name).await?;
    let now = office.clock.now();
    if now.date() <= plan.window.1 {
        return Err(Refusal::new("open_early").with("last", plan.window.1).with("now", now));
    }
    let frame = Frame::parse(stored.frame.as_bytes())?;
    let index = frame.find(unit).ok_or_else(|| Refusal::new("open_unknown").with("unit", unit))?;
    let row = &frame.units()[index];
    let facts = stored.facts.lines().nth(index).filter(|_| with_facts);
    let facts = facts.map(|record| FactsOpening { record: record.to_owned(), salt: facts_salt(&stored.facts_key, unit) });
    let leaves = store::log::list_leaves(&mut connection).await?;
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect();
    let size = leaves.len() as u64;
    let checkpoint = store::log::find_checkpoint(&mut connection, size).await?;
    let checkpoint = checkpoint.ok_or_else(|| Refusal::new("checkpoint_missing").with("size", size))?;
    let planned = usize::try_from(stored.leaf_index).unwrap_or(usize::MAX);
    let leaf = leaves.get(planned).cloned().ok_or_else(|| Refusal::new("log_no_plan").with("plan", stored.hash))?;
    Ok(UnitOpening {
        facts,
        index: index as u64,
        log: LogProof {
            checkpoint,
            index: stored.leaf_index,
            key: office.log_key.verifier().to_string(),
            leaf,
            proof: merkle::inclusion_proof(&hashes, planned),
        },
        plan: stored.record.clone(),
        proof: merkle::inclusion_proof(&frame.leaf_hashes(&stored.frame_key), index),
        row: String::from_utf8(row.to_record()).unwrap_or_default(),
        salt: row.salt(&stored.frame_key),
    })
}
