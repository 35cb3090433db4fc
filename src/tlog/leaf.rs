//! Leaves of the log: one canonical record for each act that the protocol lists, and no other.

use crate::canon::hash::hex;
use crate::canon::json::{parse_record, to_record};
use crate::canon::{Code, Date, DrawKind, Hash, NamedDraw, Refusal, Result, Secret, Text, Time, Week, tagged};
use crate::canon::{TaggedHash, hash::parse_hex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A leaf's record with its newline is at most this long.
pub const MAX_LEAF_BYTES: usize = 4096;
const MAX_ROWS: u64 = 1_000_000;
/// No county sends that often; it keeps every integer of a record exact in any program.
const MAX_VERSION: u64 = (1 << 53) - 1;

/// One act, and when it entered the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub at: Time,
    pub act: Act,
    /// By party, where the act is one that parties sign.
    pub signatures: Option<BTreeMap<Code, Signature>>,
}

/// The draw that a leaf belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DrawRef {
    pub kind: DrawKind,
    pub period: Week,
    pub attempt: u64,
    /// The plan's hash.
    pub plan: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Key { party: Code, value: Hash },
    Submission { county: Code, period: Week, version: u64, rows: u64, sealed: Hash },
    Plan { draw: DrawRef, entropy: NamedDraw, frozen_at: Time, parties: Vec<Code>, window: (Date, Date) },
    Commitment { draw: DrawRef, party: Code, value: Hash },
    Entropy { draw: DrawRef, text: String },
    Reveal { draw: DrawRef, party: Code, from: Code, sealed: Hash },
    Draw { draw: DrawRef, sealed: Hash },
    Substitution { draw: DrawRef, sealed: Hash },
    Borrowed { draw: DrawRef, sealed: Hash },
    Void { draw: DrawRef, reason: Text },
    Publication { draw: DrawRef, bundle: Hash },
}

impl Act {
    pub fn kind(&self) -> &'static str {
        match self {
            Act::Key { .. } => "key",
            Act::Submission { .. } => "submission",
            Act::Plan { .. } => "plan",
            Act::Commitment { .. } => "commitment",
            Act::Entropy { .. } => "entropy",
            Act::Reveal { .. } => "reveal",
            Act::Draw { .. } => "draw",
            Act::Substitution { .. } => "substitution",
            Act::Borrowed { .. } => "borrowed",
            Act::Void { .. } => "void",
            Act::Publication { .. } => "publication",
        }
    }

    /// The draw it belongs to, for all but keys and submissions.
    pub fn draw(&self) -> Option<&DrawRef> {
        match self {
            Act::Key { .. } | Act::Submission { .. } => None,
            Act::Plan { draw, .. }
            | Act::Commitment { draw, .. }
            | Act::Entropy { draw, .. }
            | Act::Reveal { draw, .. }
            | Act::Draw { draw, .. }
            | Act::Substitution { draw, .. }
            | Act::Borrowed { draw, .. }
            | Act::Void { draw, .. }
            | Act::Publication { draw, .. } => Some(draw),
        }
    }

    /// What the act seals, to be opened at publication.
    pub fn sealed(&self) -> Option<Hash> {
        match self {
            Act::Submission { sealed, .. }
            | Act::Reveal { sealed, .. }
            | Act::Draw { sealed, .. }
            | Act::Substitution { sealed, .. }
            | Act::Borrowed { sealed, .. } => Some(*sealed),
            _ => None,
        }
    }

    /// Whether parties sign it.
    pub fn is_signed(&self) -> bool {
        !matches!(self, Act::Submission { .. } | Act::Plan { .. } | Act::Draw { .. } | Act::Publication { .. })
    }
}

/// H("sealed", salt, lp(bytes)): what hides in a leaf until publication.
pub fn seal(salt: &Secret, bytes: &[u8]) -> Hash {
    TaggedHash::new("sealed").fixed(&salt.0).lp(bytes).end()
}

/// What a submission seals: the ascending SHA-256s of all documents in force for a county and week.
pub fn documents_record(mut documents: Vec<Hash>) -> Vec<u8> {
    documents.sort_unstable();
    to_record(&documents)
}

/// H("bundle", for each file outside log/ by name: lp(name), lp(bytes)).
pub fn bundle_hash(files: &BTreeMap<String, Vec<u8>>) -> Hash {
    let outside = files.iter().filter(|(name, _)| !name.starts_with("log/"));
    let parts: Vec<&[u8]> = outside.flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]).collect();
    tagged("bundle", &parts)
}

/// An Ed25519 signature, 128 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signature(pub [u8; 64]);

impl TryFrom<String> for Signature {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self> {
        parse_hex::<64>(&text).map(Self).ok_or_else(|| Refusal::new("signature_malformed"))
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> String {
        hex(&signature.0)
    }
}

/// A leaf as it is written: every key that any kind has, in order, absent ones left out.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Record {
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    county: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draw: Option<DrawKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entropy: Option<NamedDraw>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frozen_at: Option<Time>,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parties: Option<Vec<Code>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Week>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signatures: Option<BTreeMap<Code, Signature>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<(Date, Date)>,
}

impl Act {
    /// What its signers sign: a line of the protocol's, then the record without time and signatures.
    pub fn message(&self) -> Vec<u8> {
        let mut message = b"mingchou/1/act\n".to_vec();
        message.extend_from_slice(&self.to_record());
        message
    }

    /// The record without time and signatures, as it is signed.
    pub fn to_record(&self) -> Vec<u8> {
        to_record(&self.record())
    }

    /// Reads a record without time and signatures.
    pub fn parse(data: &[u8]) -> Result<Self> {
        let record: Record = parse_record("act", data)?;
        if record.at.is_some() || record.signatures.is_some() {
            return Err(Refusal::new("leaf_key_unknown").with("key", "at"));
        }
        let act = act(record)?;
        if act.to_record() == data { Ok(act) } else { Err(Refusal::new("leaf_keys").with("kind", act.kind())) }
    }

    fn record(&self) -> Record {
        let mut record = Record { kind: self.kind().to_owned(), ..Record::default() };
        if let Some(draw) = self.draw() {
            record.draw = Some(draw.kind);
            record.period = Some(draw.period);
            record.attempt = Some(draw.attempt);
            record.plan = Some(draw.plan);
        }
        record.sealed = self.sealed();
        match self.clone() {
            Act::Key { party, value } | Act::Commitment { party, value, .. } => {
                (record.party, record.value) = (Some(party), Some(value));
            }
            Act::Submission { county, period, version, rows, .. } => {
                (record.county, record.period, record.version, record.rows) = (Some(county), Some(period), Some(version), Some(rows));
            }
            Act::Plan { entropy, frozen_at, parties, window, .. } => {
                (record.entropy, record.frozen_at) = (Some(entropy), Some(frozen_at));
                (record.parties, record.window) = (Some(parties), Some(window));
            }
            Act::Entropy { text, .. } => record.text = Some(text),
            Act::Reveal { party, from, .. } => (record.party, record.from) = (Some(party), Some(from)),
            Act::Void { reason, .. } => record.reason = Some(reason),
            Act::Publication { bundle, .. } => record.bundle = Some(bundle),
            Act::Draw { .. } | Act::Substitution { .. } | Act::Borrowed { .. } => {}
        }
        record
    }
}

impl Leaf {
    /// The leaf's data: its canonical record, without newline.
    pub fn to_record(&self) -> Vec<u8> {
        to_record(&Record { at: Some(self.at), signatures: self.signatures.clone(), ..self.act.record() })
    }

    /// Reads a leaf's data; refuses an unknown kind and any key that the kind does not have.
    pub fn parse(data: &[u8]) -> Result<Self> {
        if data.len() >= MAX_LEAF_BYTES {
            return Err(Refusal::new("leaf_long").with("max", MAX_LEAF_BYTES));
        }
        let mut record: Record = parse_record("leaf", data)?;
        let signatures = record.signatures.take();
        let leaf = Self { at: need("at", record.at)?, act: act(record)?, signatures };
        if leaf.signatures.is_some() != leaf.act.is_signed() {
            return Err(Refusal::new(if leaf.signatures.is_some() { "leaf_key_unknown" } else { "leaf_key_bad" }).with("key", "signatures"));
        }
        // A key of another kind would be lost by writing the leaf again.
        if leaf.to_record() == data { Ok(leaf) } else { Err(Refusal::new("leaf_keys").with("kind", leaf.act.kind())) }
    }
}

fn act(record: Record) -> Result<Act> {
    let draw = || {
        Ok(DrawRef {
            kind: need("draw", record.draw)?,
            period: need("period", record.period)?,
            attempt: need("attempt", record.attempt)?,
            plan: need("plan", record.plan)?,
        })
    };
    Ok(match record.kind.as_str() {
        "key" => Act::Key { party: need("party", record.party)?, value: need("value", record.value)? },
        "submission" => Act::Submission {
            county: need("county", record.county)?,
            period: need("period", record.period)?,
            version: need("version", record.version.filter(|version| (1..=MAX_VERSION).contains(version)))?,
            rows: need("rows", record.rows.filter(|rows| *rows <= MAX_ROWS))?,
            sealed: need("sealed", record.sealed)?,
        },
        "plan" => Act::Plan {
            draw: draw()?,
            entropy: need("entropy", record.entropy)?,
            frozen_at: need("frozen_at", record.frozen_at)?,
            parties: need("parties", record.parties)?,
            window: need("window", record.window)?,
        },
        "commitment" => Act::Commitment { draw: draw()?, party: need("party", record.party)?, value: need("value", record.value)? },
        "entropy" => Act::Entropy { draw: draw()?, text: need("text", record.text)? },
        "reveal" => Act::Reveal {
            draw: draw()?,
            party: need("party", record.party)?,
            from: need("from", record.from)?,
            sealed: need("sealed", record.sealed)?,
        },
        "draw" => Act::Draw { draw: draw()?, sealed: need("sealed", record.sealed)? },
        "substitution" => Act::Substitution { draw: draw()?, sealed: need("sealed", record.sealed)? },
        "borrowed" => Act::Borrowed { draw: draw()?, sealed: need("sealed", record.sealed)? },
        "void" => Act::Void { draw: draw()?, reason: need("reason", record.reason)? },
        "publication" => Act::Publication { draw: draw()?, bundle: need("bundle", record.bundle)? },
        other => return Err(Refusal::new("leaf_kind").with("kind", crate::canon::code::clip(other))),
    })
}

fn need<T>(key: &'static str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Refusal::new("leaf_key_bad").with("key", key))
}
