//! The log as it is looked at: its size and checkpoint, leaves, and the proofs of both kinds.

use super::Office;
use crate::canon::{Hash, Refusal, Result, merkle};
use crate::store;
use crate::tlog::tiles;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct LogView {
    pub origin: String,
    pub key: String,
    pub size: u64,
    /// With the cosignatures that it has.
    pub checkpoint: String,
}

/// A leaf with the proof that it stands in the tree of a size.
#[derive(Debug, Serialize)]
pub struct LeafView {
    pub index: u64,
    pub size: u64,
    /// The record as it was written.
    pub leaf: String,
    pub proof: Vec<Hash>,
    pub checkpoint: String,
}

#[derive(Debug, Serialize)]
pub struct Consistency {
    pub from: u64,
    pub to: u64,
    pub proof: Vec<Hash>,
}

pub async fn log_view(office: &Office) -> Result<LogView> {
    let mut connection = office.store.read().await?;
    let size = store::log::leaf_count(&mut connection).await?;
    let checkpoint = super::witness::cosigned(&mut connection, size, None).await?.unwrap_or_default();
    let key = office.log_key.verifier();
    Ok(LogView { origin: key.name.clone(), key: key.to_string(), size, checkpoint })
}

/// The newest checkpoint with its cosignatures; none while the log is empty.
pub async fn checkpoint(office: &Office) -> Result<Option<String>> {
    let mut connection = office.store.read().await?;
    let size = store::log::leaf_count(&mut connection).await?;
    super::witness::cosigned(&mut connection, size, None).await
}

/// A tile by its path below the log's prefix; none where there is no such tile, or not yet.
pub async fn tile(office: &Office, path: &str) -> Result<Option<Vec<u8>>> {
    let Some(asked) = tiles::Asked::parse(path) else { return Ok(None) };
    let leaves = store::log::list_leaves(&mut *office.store.read().await?).await?;
    Ok(asked.of(&leaves.iter().map(String::as_bytes).collect::<Vec<_>>()))
}

/// Leaves from an index on.
pub async fn leaves(office: &Office, from: usize, at_most: usize) -> Result<Vec<String>> {
    let leaves = store::log::list_leaves(&mut *office.store.read().await?).await?;
    Ok(leaves.into_iter().skip(from).take(at_most).collect())
}

pub async fn leaf(office: &Office, index: u64) -> Result<LeafView> {
    let (leaves, hashes) = read(office).await?;
    let at = usize::try_from(index).unwrap_or(usize::MAX);
    let leaf = leaves.get(at).cloned().ok_or_else(|| Refusal::new("not_found"))?;
    let checkpoint = checkpoint(office).await?.unwrap_or_default();
    Ok(LeafView { index, size: leaves.len() as u64, leaf, proof: merkle::inclusion_proof(&hashes, at), checkpoint })
}

/// That the tree of one size grew into that of another.
pub async fn consistency(office: &Office, from: u64, to: u64) -> Result<Consistency> {
    let (_, hashes) = read(office).await?;
    let place = |size: u64| usize::try_from(size).ok().filter(|size| *size <= hashes.len());
    let (Some(old), Some(new)) = (place(from), place(to)) else { return Err(Refusal::new("not_found")) };
    if old == 0 || old > new {
        return Err(Refusal::new("proof_sizes").with("from", from).with("to", to));
    }
    let tree = hashes.get(..new).unwrap_or_default();
    let proof = if old == new { Vec::new() } else { merkle::consistency_proof(tree, old) };
    Ok(Consistency { from, to, proof })
}

async fn read(office: &Office) -> Result<(Vec<String>, Vec<Hash>)> {
    let leaves = store::log::list_leaves(&mut *office.store.read().await?).await?;
    let hashes = leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect();
    Ok((leaves, hashes))
}
