//! Commitments, seed, and the whole draw as one record (抽取记录).

use super::{DrawPlan, Frame, InspectorRoster, PROTOCOL, rng::Rng, select::select, teams};
use crate::canon::{Code, Hash, Secret, TaggedHash};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `transcript.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    pub assignments: Vec<teams::Assignment>,
    pub plan: Hash,
    pub protocol: String,
    pub seed: Hash,
    pub strata: Vec<StratumDraw>,
    pub teams: Vec<teams::Team>,
}

/// The draw of one stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumDraw {
    pub certain: Vec<Code>,
    pub interval: u64,
    pub points: u64,
    pub reserve: Vec<Code>,
    pub selected: Vec<Code>,
    pub start: Option<u64>,
    pub stratum: Code,
}

/// `ceremony.json`: what the parties committed to and revealed, and the public value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    pub commitments: BTreeMap<Code, Hash>,
    pub entropy: String,
    /// Nonces as hex text, by party.
    pub nonces: BTreeMap<Code, Hash>,
}

/// H("commit", plan_hash, lp(party), nonce).
pub fn commitment(plan_hash: &Hash, party: &Code, nonce: &Secret) -> Hash {
    TaggedHash::new("commit").fixed(&plan_hash.0).lp(party.as_str().as_bytes()).fixed(&nonce.0).end()
}

/// H("seed", plan_hash, each party's nonce in plan order, lp(entropy text)).
pub fn seed(plan_hash: &Hash, nonces: &[Secret], entropy: &str) -> Hash {
    let start = TaggedHash::new("seed").fixed(&plan_hash.0);
    nonces.iter().fold(start, |state, nonce| state.fixed(&nonce.0)).lp(entropy.as_bytes()).end()
}

/// Draws: a plan that was checked against its frame and roster, and a seed, give exactly one transcript.
pub fn run(plan: &DrawPlan, frame: &Frame, roster: &InspectorRoster, seed: Hash) -> Transcript {
    let code = |&index: &usize| frame.units()[index].unit.clone();
    let mut visits = Vec::new();
    let mut strata = Vec::with_capacity(plan.strata.len());
    for stratum in &plan.strata {
        let Some(members) = frame.members(&stratum.stratum) else { continue };
        let key = TaggedHash::new("stratum").fixed(&seed.0).lp(stratum.stratum.as_str().as_bytes()).end();
        let drawn = select(frame, members, stratum.visits, plan.reserves_per_stratum, &mut Rng::new(key));
        visits.extend(drawn.certain.iter().chain(&drawn.selected));
        strata.push(StratumDraw {
            certain: drawn.certain.iter().map(code).collect(),
            interval: drawn.interval,
            points: drawn.points,
            reserve: drawn.reserve.iter().map(code).collect(),
            selected: drawn.selected.iter().map(code).collect(),
            start: drawn.start,
            stratum: stratum.stratum.clone(),
        });
    }
    visits.sort_unstable();
    let (teams, assignments) = teams::assign(frame, roster, &plan.teams, &visits, &seed);
    Transcript { assignments, plan: plan.hash(), protocol: PROTOCOL.to_owned(), seed, strata, teams }
}
