//! Writing to the log: the rules that judge a bundle also guard every new leaf.

use super::Office;
use crate::bundle::history::History;
use crate::bundle::opening::LogProof;
use crate::canon::merkle::{self, Frontier};
use crate::canon::{Code, Hash, Refusal, Result, Time};
use crate::store;
use crate::tlog::{Act, Leaf, Signature};
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The whole log as a history, for looking only.
pub async fn read_history(connection: &mut AnyConnection) -> Result<History> {
    let leaves = store::log::list_leaves(connection).await?;
    History::read(&leaves.iter().map(String::as_bytes).collect::<Vec<_>>())
}

/// What an office has read and judged of the log, kept for the next act, which reads only what came since.
///
/// It may hold a leaf whose transaction was given up after all; such a leaf is never built on, for the next act first asks
/// the database whether all that is kept here stands there.
#[derive(Default)]
pub struct LogCache(Mutex<Option<Known>>);

impl LogCache {
    /// Takes it out: while an act is under way nobody else has it, and whoever comes meanwhile reads for himself.
    fn take(&self) -> Option<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, known: Known) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

/// A log as far as it was read. Bounded by what the rules must remember of each leaf: leaves themselves are not kept.
#[derive(Default)]
struct Known {
    history: History,
    tree: Frontier,
    /// The last leaf and the signed checkpoint of this size, which binds all leaves before; none of an empty log.
    last: Option<(String, String)>,
}

impl Known {
    /// Whether the database still has these leaves. Checkpoints are signed without chance: another log has another one.
    async fn stands(&self, connection: &mut AnyConnection) -> Result<bool> {
        let Some((leaf, checkpoint)) = &self.last else { return Ok(self.tree.size() == 0) };
        let stored = store::log::find_checkpoint(connection, self.tree.size()).await?;
        Ok(stored.as_ref() == Some(checkpoint) && store::log::find_leaf(connection, self.tree.size() - 1).await?.as_ref() == Some(leaf))
    }

    /// Reads what came since.
    async fn read_on(mut self, connection: &mut AnyConnection) -> Result<Self> {
        let leaves = store::log::list_leaves_from(connection, self.tree.size()).await?;
        for leaf in &leaves {
            self.add(leaf)?;
        }
        if let Some(leaf) = leaves.last() {
            let checkpoint = store::log::find_checkpoint(connection, self.tree.size()).await?;
            self.last = Some((leaf.clone(), checkpoint.unwrap_or_default()));
        }
        Ok(self)
    }

    /// Takes one more leaf under the rules by which everybody reads it.
    fn add(&mut self, data: &str) -> Result<()> {
        let index = usize::try_from(self.tree.size()).unwrap_or(usize::MAX);
        let step = Leaf::parse(data.as_bytes()).and_then(|leaf| self.history.add(index, leaf, data.as_bytes()));
        step.map_err(|refusal| refusal.with("leaf", index))?;
        self.tree.push(merkle::leaf_hash(data.as_bytes()));
        Ok(())
    }
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
    office: &'a Office,
    at: Time,
    known: Known,
    /// A leaf was refused half-way: what is known is of no more use.
    is_spoilt: bool,
}

impl<'a> LogWriter<'a> {
    /// Reads the log. A clock that stands before the last leaf is refused: leaves never go back in time.
    ///
    /// The transaction holds the right to write, so that what is read here is what will be built on.
    pub async fn load(office: &'a Office, connection: &mut AnyConnection) -> Result<Self> {
        let known = match office.log_cache.take() {
            Some(known) if known.stands(connection).await? => known,
            _ => Known::default(),
        };
        let known = known.read_on(connection).await?;
        let at = office.clock.now();
        let writer = Self { office, at, known, is_spoilt: false };
        if let Some(last) = writer.known.history.times.last().filter(|last| at < **last) {
            return Err(Refusal::new("clock_before_log").with("now", at).with("last", last));
        }
        Ok(writer)
    }

    pub fn now(&self) -> Time {
        self.at
    }

    pub fn history(&self) -> &History {
        &self.known.history
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> Hash {
        self.known.tree.root()
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
        let index = self.known.tree.size();
        let data = Leaf { at: self.at, act, signatures }.to_record();
        let text = String::from_utf8(data).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
        // What was written must be readable under the same rules as everybody else reads it.
        self.is_spoilt = true;
        self.known.add(&text)?;
        self.is_spoilt = false;
        store::log::add_leaf(connection, index, &text).await?;
        let note = self.office.log_key.sign(index + 1, &self.known.tree.root());
        store::log::add_checkpoint(connection, index + 1, &note).await?;
        self.known.last = Some((text, note));
        Ok(index)
    }
}

impl Drop for LogWriter<'_> {
    fn drop(&mut self) {
        if !self.is_spoilt {
            self.office.log_cache.put(std::mem::take(&mut self.known));
        }
    }
}
