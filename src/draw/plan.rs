//! The plan of a draw (随机抽查方案): all that is fixed before anyone can know the randomness.

use super::{Frame, InspectorRoster, PROTOCOL, allocation};
use crate::canon::json::to_record;
use crate::canon::refusal::{ascending, differs, in_range};
use crate::canon::schedule::Schedule;
use crate::canon::{Code, Date, DrawKind, Hash, NamedDraw, Refusal, Result, Secret, Text, Time, Week, tagged};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameDigest {
    pub root: Hash,
    pub units: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub name: Code,
    pub sha256: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reporting {
    pub county: Code,
    /// Leaf hash of the submission taken, or none where none was accepted.
    pub submission: Option<Hash>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    pub size: u64,
    pub stratum: Code,
    pub units: u64,
    pub visits: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teams {
    pub bureau_per_team: u64,
    pub count: u64,
    pub discipline_per_team: u64,
}

/// `plan.json`. Fields stand in the order of their names, as the canonical form wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawPlan {
    pub attempt: u64,
    pub certain_limit: u64,
    pub entropy: NamedDraw,
    pub frame: FrameDigest,
    pub frozen_at: Time,
    pub kind: DrawKind,
    pub min_per_stratum: u64,
    pub model: Model,
    pub parties: Vec<Code>,
    pub period: Week,
    pub protocol: String,
    pub reporting: Vec<Reporting>,
    pub reserves_per_stratum: u64,
    pub roster: Hash,
    pub strata: Vec<Stratum>,
    pub teams: Teams,
    pub title: Text,
    pub visits: u64,
    pub window: (Date, Date),
}

impl DrawPlan {
    pub fn hash(&self) -> Hash {
        tagged("plan", &[&to_record(self)])
    }

    /// Every rule that the plan must keep by itself.
    pub fn check(&self) -> Result<()> {
        if self.protocol != PROTOCOL {
            return Err(Refusal::new("plan_protocol").with("expected", PROTOCOL).with("found", &self.protocol));
        }
        in_range("attempt", self.attempt, 1, 99)?;
        in_range("visits", self.visits, 1, 100_000)?;
        in_range("strata", self.strata.len() as u64, 1, 5_000)?;
        in_range("teams.count", self.teams.count, 1, 1_000)?;
        in_range("teams.bureau_per_team", self.teams.bureau_per_team, 1, 20)?;
        in_range("teams.discipline_per_team", self.teams.discipline_per_team, 0, 20)?;
        in_range("min_per_stratum", self.min_per_stratum, 0, 10_000)?;
        in_range("reserves_per_stratum", self.reserves_per_stratum, 0, 10_000)?;
        in_range("certain_limit", self.certain_limit, 0, self.visits / 2)?;
        in_range("reporting", self.reporting.len() as u64, 0, 10_000)?;
        ascending("reporting", &self.reporting.iter().map(|r| &r.county).collect::<Vec<_>>())?;
        self.schedule().check()
    }

    /// The part of the plan that stands openly in the log.
    pub fn schedule(&self) -> Schedule<'_> {
        let Self { attempt, entropy, frozen_at, kind, parties, period, window, .. } = self;
        Schedule { attempt: *attempt, entropy, frozen_at: *frozen_at, kind: *kind, parties, period: *period, window: *window }
    }

    /// Holds the plan against the frame and the roster it names.
    pub fn check_against(&self, frame: &Frame, frame_key: &Secret, roster: &InspectorRoster) -> Result<()> {
        differs("frame.units", self.frame.units, frame.units().len() as u64)?;
        differs("frame.root", self.frame.root, frame.root(frame_key))?;
        differs("roster", self.roster, Hash::of(&to_record(roster)))?;
        let certain = frame.certain_count();
        if certain > self.certain_limit {
            return Err(Refusal::new("plan_certain_limit").with("limit", self.certain_limit).with("found", certain));
        }
        roster.check(frame, &self.teams)?;
        let strata = allocation::allocate(frame, self.visits, self.min_per_stratum)?;
        for (stated, computed) in self.strata.iter().zip(&strata) {
            if stated != computed {
                let refusal = Refusal::new("plan_stratum").with("stratum", &computed.stratum);
                return Err(refusal.with("expected", describe(computed)).with("found", describe(stated)));
            }
        }
        differs("strata", self.strata.len(), strata.len())
    }
}

fn describe(stratum: &Stratum) -> String {
    String::from_utf8(to_record(stratum)).unwrap_or_default()
}
