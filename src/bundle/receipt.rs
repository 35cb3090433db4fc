//! What a county holds in its hand after it has sent its documents: proof of what was received and when, checked offline.

use super::keys::TrustedKeys;
use super::opening::{LogProof, leaf_of};
use super::verify::Verdict;
use crate::canon::json::{parse_record, to_record};
use crate::canon::refusal::differs;
use crate::canon::{Code, Hash, Refusal, Result, Secret, Time, Week};
use crate::tlog::{Act, leaf};
use serde::{Deserialize, Serialize};

/// A receipt as it is written: one canonical JSON record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub at: Time,
    pub county: Code,
    /// Documents in force after this version, by their hash.
    pub documents: Vec<ReceiptDocument>,
    pub log: LogProof,
    pub rows: u64,
    /// Opens the leaf's seal: without it nobody learns from the log what was sent.
    pub salt: String,
    pub version: u64,
    pub week: Week,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptDocument {
    pub file: String,
    pub kind: String,
    pub sha256: Hash,
}

impl Receipt {
    pub fn to_bytes(&self) -> Vec<u8> {
        to_record(self)
    }

    pub fn parse(bytes: &[u8]) -> Result<Self> {
        parse_record("receipt", bytes)
    }

    /// Whether a JSON file means to be a receipt.
    pub fn is_receipt(bytes: &[u8]) -> bool {
        serde_json::from_slice::<serde_json::Value>(bytes).is_ok_and(|value| value.get("documents").is_some() && value.get("log").is_some())
    }
}

/// Verifies a receipt by itself, against trusted keys where there are any, and against files at hand: their names and hashes.
pub fn verify_receipt(bytes: &[u8], trusted: Option<&TrustedKeys>, at_hand: &[(String, Hash)]) -> Verdict {
    let mut verdict = Verdict::default();
    check(bytes, trusted, at_hand, &mut verdict);
    verdict
}

fn check(bytes: &[u8], trusted: Option<&TrustedKeys>, at_hand: &[(String, Hash)], verdict: &mut Verdict) -> Option<()> {
    let receipt = verdict.step("V60", Receipt::parse(bytes))?;
    if let Some(trusted) = trusted {
        verdict.step("V61", differs("log", trusted.keys.log.to_string(), receipt.log.key.clone()))?;
    }
    verdict.step("V62", check_leaf(&receipt))?;
    if !at_hand.is_empty() {
        verdict.step("V63", check_files(&receipt, at_hand))?;
    }
    let note = Refusal::new("note_receipt").with("county", &receipt.county).with("week", receipt.week).with("version", receipt.version);
    verdict.notes.push(note.with("at", receipt.at).with("rows", receipt.rows).with("documents", receipt.documents.len()));
    if trusted.is_none() {
        verdict.notes.push(Refusal::new("note_own_keys").with("key", &receipt.log.key));
    }
    Some(())
}

/// The leaf in the log says what the receipt says, and its seal opens to these documents.
fn check_leaf(receipt: &Receipt) -> Result<()> {
    let leaf = leaf_of(&receipt.log)?;
    differs("at", leaf.at, receipt.at)?;
    let Act::Submission { county, period, version, rows, sealed } = leaf.act else {
        return Err(Refusal::new("receipt_no_submission").with("act", format!("@act_{}", leaf.act.kind())));
    };
    differs("county", county, receipt.county.clone())?;
    differs("week", period, receipt.week)?;
    differs("version", version, receipt.version)?;
    differs("rows", rows, receipt.rows)?;
    let documents = leaf::documents_record(receipt.documents.iter().map(|document| document.sha256).collect());
    differs("documents", sealed, leaf::seal(&Secret::parse(&receipt.salt)?, &documents))
}

fn check_files(receipt: &Receipt, at_hand: &[(String, Hash)]) -> Result<()> {
    let is_unknown = |(_, hash): &&(String, Hash)| !receipt.documents.iter().any(|document| document.sha256 == *hash);
    match at_hand.iter().find(is_unknown) {
        Some((name, hash)) => Err(Refusal::new("receipt_other_file").with("file", name).with("found", hash)),
        None => Ok(()),
    }
}
