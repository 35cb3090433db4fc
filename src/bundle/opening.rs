//! One class shown its own row after the window, without the others: its record, salt and proofs, checked by anyone.

use super::verify::Verdict;
use crate::canon::json::{parse_record, to_record};
use crate::canon::refusal::differs;
use crate::canon::{Hash, Refusal, Result, merkle};
use crate::draw::frame::facts_hash;
use crate::draw::{DrawPlan, Unit};
use crate::tlog::{Act, Checkpoint, KeyType, Leaf, VerifierKey};
use serde::{Deserialize, Serialize};

/// What a class is given. Records are texts, so that their bytes are those that were hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitOpening {
    /// What was known of the class at the freeze; only for those who may see it.
    pub facts: Option<FactsOpening>,
    /// Position in the frame, from 0.
    pub index: u64,
    pub log: LogProof,
    /// `plan.json`.
    pub plan: String,
    pub proof: Vec<Hash>,
    /// The unit's line of the frame.
    pub row: String,
    pub salt: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactsOpening {
    pub record: String,
    /// Made from the facts key for this unit alone.
    pub salt: Hash,
}

/// That the plan stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogProof {
    pub checkpoint: String,
    pub index: u64,
    pub key: String,
    pub leaf: String,
    pub proof: Vec<Hash>,
}

impl UnitOpening {
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        parse_record("opening", bytes)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        to_record(self)
    }
}

/// Verifies an opening by itself.
pub fn verify_opening(bytes: &[u8]) -> Verdict {
    let mut verdict = Verdict::default();
    check(bytes, &mut verdict);
    verdict
}

fn check(bytes: &[u8], verdict: &mut Verdict) -> Option<()> {
    let opening = verdict.step("V50", UnitOpening::parse(bytes))?;
    let plan: DrawPlan = verdict.step("V02", parse_record("plan.json", opening.plan.as_bytes()))?;
    let unit = verdict.step("V51", Unit::parse(opening.row.as_bytes()))?;
    let leaf = unit.leaf_salted(&opening.salt);
    let is_in = merkle::verify_inclusion(merkle::leaf_hash(&leaf.0), opening.index, plan.frame.units, &opening.proof, plan.frame.root);
    verdict.step("V52", if is_in { Ok(()) } else { Err(Refusal::new("opening_not_in_frame").with("unit", &unit.unit)) })?;
    verdict.step("V53", check_log(&opening.log, &plan))?;
    if let Some(facts) = &opening.facts {
        let computed = facts_hash(&facts.salt, facts.record.as_bytes());
        verdict.step("V54", differs("facts", unit.facts, computed))?;
    }
    note(&plan, &unit, &opening, verdict);
    Some(())
}

/// The leaf that a proof shows to stand in the tree whose checkpoint the log signed.
pub fn leaf_of(log: &LogProof) -> Result<Leaf> {
    let key = VerifierKey::parse(&log.key, KeyType::Log)?;
    let checkpoint = Checkpoint::parse(&log.checkpoint)?;
    checkpoint.verify_origin(&key)?;
    let hash = merkle::leaf_hash(log.leaf.as_bytes());
    if !merkle::verify_inclusion(hash, log.index, checkpoint.size, &log.proof, checkpoint.root) {
        return Err(Refusal::new("opening_not_in_log").with("leaf", log.index));
    }
    Leaf::parse(log.leaf.as_bytes())
}

fn check_log(log: &LogProof, plan: &DrawPlan) -> Result<()> {
    match leaf_of(log)?.act {
        Act::Plan { draw, .. } => differs("plan", draw.plan, plan.hash()),
        act => Err(Refusal::new("opening_no_plan").with("act", format!("@act_{}", act.kind()))),
    }
}

fn note(plan: &DrawPlan, unit: &Unit, opening: &UnitOpening, verdict: &mut Verdict) {
    let visits = plan.strata.iter().find(|s| s.stratum == unit.stratum).map_or(0, |s| s.visits);
    let note = Refusal::new("note_opening").with("unit", &unit.unit).with("size", unit.size).with("title", &plan.title);
    verdict.notes.push(note.with("stratum", &unit.stratum).with("visits", visits).with("certain", if unit.certain { "@yes" } else { "@no" }));
    verdict.notes.push(Refusal::new("note_own_keys").with("key", &opening.log.key));
}
