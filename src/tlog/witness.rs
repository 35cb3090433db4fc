//! A witness's judgement (C2SP tlog-witness): it cosigns a checkpoint only if the log has grown out of what it saw last.

use super::note::Checkpoint;
use super::vkey::VerifierKey;
use crate::canon::{Hash, Refusal, Result, merkle};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use std::fmt::Write as _;

/// A proof in a tree of 2^63 leaves has at most so many hashes.
const MAX_PROOF: usize = 63;

/// The body of an add-checkpoint request: what the witness is thought to have seen, a consistency proof, the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub old_size: u64,
    pub proof: Vec<Hash>,
    pub checkpoint: String,
}

impl Request {
    pub fn to_text(&self) -> String {
        let mut text = format!("old {}\n", self.old_size);
        for hash in &self.proof {
            let _ = writeln!(text, "{}", BASE64.encode(hash.0));
        }
        text + "\n" + &self.checkpoint
    }

    pub fn parse(text: &str) -> Result<Self> {
        let refusal = || Refusal::new("witness_request");
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(refusal)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).ok_or_else(refusal)?;
        let old_size: u64 = old.parse().ok().filter(|size: &u64| size.to_string() == old).ok_or_else(refusal)?;
        let decode = |line: &str| BASE64.decode(line).ok().and_then(|bytes| bytes.try_into().ok()).map(Hash);
        let proof = lines.map(|line| decode(line).ok_or_else(refusal)).collect::<Result<Vec<_>>>()?;
        if proof.len() > MAX_PROOF {
            return Err(refusal());
        }
        Ok(Self { old_size, proof, checkpoint: checkpoint.to_owned() })
    }
}

/// What a witness remembers of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    pub size: u64,
    pub root: Hash,
}

/// Answers the checkpoint that may be cosigned, or refuses. `witness_fork` is the alarm: two histories under one key.
pub fn judge(memory: Option<Memory>, request: &Request, log: &VerifierKey) -> Result<Checkpoint> {
    let checkpoint = Checkpoint::parse(&request.checkpoint)?;
    // Other witnesses' lines may stand there too; they are not this one's to judge.
    checkpoint.verify_origin(log)?;
    let known = memory.unwrap_or(Memory { size: 0, root: merkle::root(&[]) });
    if checkpoint.size == 0 {
        return Err(Refusal::new("witness_request"));
    }
    // Two roots of one size need no proof to be a fork, whatever the request says was seen.
    if checkpoint.size == known.size && checkpoint.root != known.root {
        return Err(Refusal::new("witness_fork").with("known", known.size).with("found", checkpoint.size));
    }
    if request.old_size != known.size {
        return Err(Refusal::new("witness_old_size").with("expected", known.size).with("found", request.old_size));
    }
    let fork = || Refusal::new("witness_fork").with("known", known.size).with("found", checkpoint.size);
    if checkpoint.size < known.size {
        return Err(Refusal::new("witness_shrunk").with("known", known.size).with("found", checkpoint.size));
    }
    let is_consistent = if known.size == 0 {
        request.proof.is_empty()
    } else if checkpoint.size == known.size {
        request.proof.is_empty() && checkpoint.root == known.root
    } else {
        merkle::verify_consistency(known.size, checkpoint.size, known.root, checkpoint.root, &request.proof)
    };
    if is_consistent { Ok(checkpoint) } else { Err(fork()) }
}
