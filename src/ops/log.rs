//! Writing to the log: the rules that judge a bundle also guard every new leaf.

use super::Office;
use crate::bundle::history::History;
use crate::bundle::opening::LogProof;
use crate::canon::{Code, Hash, Refusal, Result, Time, merkle};
use crate::store;
use crate::tlog::{Act, Leaf, NoteKey, Signature};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// The whole log as a history, for looking only.
pub async fn read_history(connection: &mut AnyConnection) -> Result<History> {
    let leaves = store::log::list_leaves(connection).await?;
    History::read(&leaves.iter().map(String::as_bytes).collect::<Vec<_>>())
}

/// The log as anybody may see it.
pub struct LogView {
    pub leaves: Vec<Leaf>,
    /// Of the whole tree, with the cosignatures that came in; blank for an empty log.
    pub checkpoint: String,
    /// With which the checkpoint is verified.
    pub key: String,
}

pub async fn view(office: &Office) -> Result<LogView> {
    let mut connection = office.store.read().await?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let checkpoint = super::witness::cosigned(&mut connection, leaves.len() as u64, None).await?.unwrap_or_default();
    let leaves = leaves.iter().map(|leaf| Leaf::parse(leaf.as_bytes())).collect::<Result<Vec<_>>>()?;
    Ok(LogView { leaves, checkpoint, key: office.log_key.verifier().to_string() })
}

/// One leaf with the proof that it stands in the tree of the newest checkpoint.
pub async fn prove(office: &Office, index: u64) -> Result<LogProof> {
    let absent = || Refusal::new("not_found");
    let mut connection = office.store.read().await?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let at = usize::try_from(index).map_err(|_| absent())?;
    let leaf = leaves.get(at).cloned().ok_or_else(absent)?;
    let checkpoint = super::witness::cosigned(&mut connection, leaves.len() as u64, None).await?.ok_or_else(absent)?;
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect();
    Ok(LogProof { checkpoint, index, key: office.log_key.verifier().to_string(), leaf, proof: merkle::inclusion_proof(&hashes, at) })
}

/// The log as it stands inside one transaction.
pub struct LogWriter<'a> {
    key: &'a NoteKey,
    at: Time,
    leaves: Vec<String>,
    pub history: History,
}

impl<'a> LogWriter<'a> {
    /// Reads the log. A clock that stands before the last leaf is refused: leaves never go back in time.
    pub async fn load(office: &'a Office, connection: &mut AnyConnection) -> Result<Self> {
        let leaves = store::log::list_leaves(connection).await?;
        let data: Vec<&[u8]> = leaves.iter().map(String::as_bytes).collect();
        let history = History::read(&data)?;
        let at = office.clock.now();
        if let Some(last) = history.times.last().filter(|last| at < **last) {
            return Err(Refusal::new("clock_before_log").with("now", at).with("last", last));
        }
        Ok(Self { key: &office.log_key, at, leaves, history })
    }

    pub fn now(&self) -> Time {
        self.at
    }

    /// Appends an act that nobody signs. Answers the leaf's index.
    pub async fn append(&mut self, connection: &mut AnyConnection, act: Act) -> Result<u64> {
        self.append_leaf(connection, act, None).await
    }

    /// Appends an act with its parties' signatures, which the history verifies.
    pub async fn append_signed(&mut self, connection: &mut AnyConnection, act: Act, signatures: BTreeMap<Code, Signature>) -> Result<u64> {
        self.append_leaf(connection, act, Some(signatures)).await
    }

    /// Appends one leaf and signs the grown tree.
    ///
    /// If the power fails before the commit, neither the act nor its leaf nor the checkpoint is there; after it, all
    /// are. A checkpoint is never shown before its commit, so no two trees of one size are ever signed in sight.
    async fn append_leaf(&mut self, connection: &mut AnyConnection, act: Act, signatures: Option<BTreeMap<Code, Signature>>) -> Result<u64> {
        let index = self.leaves.len();
        let leaf = Leaf { at: self.at, act, signatures };
        let data = leaf.to_record();
        // What was written must be readable under the same rules as everybody else reads it.
        self.history.add(index, Leaf::parse(&data)?, &data).map_err(|refusal| refusal.with("leaf", index))?;
        let text = String::from_utf8(data).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
        store::log::add_leaf(connection, index as u64, &text).await?;
        self.leaves.push(text);
        let size = self.leaves.len() as u64;
        let note = self.key.sign(size, &merkle::root(&self.leaf_hashes()));
        store::log::add_checkpoint(connection, size, &note).await?;
        Ok(index as u64)
    }

    fn leaf_hashes(&self) -> Vec<Hash> {
        self.leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect()
    }
}
