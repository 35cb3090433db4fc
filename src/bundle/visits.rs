//! The visits as they stand after the draw: which were replaced by which reserve, and who goes where no team may.

use crate::canon::{Code, Hash, Refusal, Result, Text};
use crate::draw::{InspectorRoster, Transcript};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Why a visit may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    Cancelled,
    Moved,
    Ended,
    ForceMajeure,
}

/// What a substitution（替换）seals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitution {
    /// SHA-256 of the document that shows the reason.
    pub evidence: Hash,
    pub from: Code,
    pub reason: Reason,
    /// The next reserve of the stratum; none when none is left.
    pub to: Option<Code>,
}

/// What a borrowed team（借调检查组）seals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Borrowed {
    /// Whose people they are.
    pub from: Text,
    pub people: Vec<Code>,
    pub unit: Code,
}

/// Visits, reserves and teams of one draw, followed through its changes in log order.
pub struct Visits<'a> {
    transcript: &'a Transcript,
    roster: &'a InspectorRoster,
    stratum_of: BTreeMap<&'a Code, &'a Code>,
    /// Every unit that was ever a visit, with its drawn or inherited team.
    teams: BTreeMap<Code, Option<u64>>,
    present: BTreeSet<Code>,
    taken: BTreeMap<&'a Code, usize>,
    borrowed: BTreeMap<Code, Borrowed>,
}

impl<'a> Visits<'a> {
    pub fn new(transcript: &'a Transcript, roster: &'a InspectorRoster) -> Self {
        let members =
            |s: &'a crate::draw::transcript::StratumDraw| s.certain.iter().chain(&s.selected).chain(&s.reserve).map(move |unit| (unit, &s.stratum));
        let teams: BTreeMap<Code, Option<u64>> = transcript.assignments.iter().map(|a| (a.unit.clone(), a.team)).collect();
        Self {
            transcript,
            roster,
            stratum_of: transcript.strata.iter().flat_map(members).collect(),
            present: teams.keys().cloned().collect(),
            teams,
            taken: BTreeMap::new(),
            borrowed: BTreeMap::new(),
        }
    }

    /// The visits to be made, by unit, with their teams.
    pub fn present(&self) -> impl Iterator<Item = (&Code, Option<u64>)> {
        self.present.iter().map(|unit| (unit, self.teams.get(unit).copied().flatten()))
    }

    /// Whether a unit ever was a visit: drawn, or a reserve that was taken.
    pub fn was_taken(&self, unit: &Code) -> bool {
        self.teams.contains_key(unit)
    }

    pub fn borrowed(&self, unit: &Code) -> Option<&Borrowed> {
        self.borrowed.get(unit)
    }

    /// The reserve that replaces a unit: the first of its stratum that none has taken.
    pub fn next_reserve(&self, from: &Code) -> Option<&'a Code> {
        let stratum = self.stratum_of.get(from)?;
        let drawn = self.transcript.strata.iter().find(|drawn| drawn.stratum == **stratum)?;
        drawn.reserve.get(self.taken.get(stratum).copied().unwrap_or(0))
    }

    /// Replaces a present visit by the next reserve, which inherits its team.
    pub fn substitute(&mut self, change: &Substitution) -> Result<()> {
        if !self.present.contains(&change.from) {
            return Err(Refusal::new("substitution_absent").with("unit", &change.from));
        }
        let next = self.next_reserve(&change.from);
        if change.to.as_ref() != next {
            let show = |unit: Option<&Code>| unit.map_or_else(|| "null".to_owned(), Code::to_string);
            return Err(Refusal::new("substitution_order").with("expected", show(next)).with("found", show(change.to.as_ref())));
        }
        self.present.remove(&change.from);
        if let Some(next) = next {
            let team = self.teams.get(&change.from).copied().flatten();
            self.teams.insert(next.clone(), team);
            self.present.insert(next.clone());
            *self.taken.entry(self.stratum_of[next]).or_default() += 1;
        }
        Ok(())
    }

    /// Whether no team goes there, or one with a member who must not.
    pub fn lacks_team(&self, unit: &Code) -> bool {
        let number = self.teams.get(unit).copied().flatten();
        let Some(team) = number.and_then(|number| self.transcript.teams.iter().find(|team| team.team == number)) else { return true };
        team.bureau.iter().chain(&team.discipline).any(|person| self.roster.recusals.binary_search(&(person.clone(), unit.clone())).is_ok())
    }

    /// Takes a borrowed team for a visit that lacks one. `team_size` is how many people a drawn team has.
    pub fn borrow(&mut self, change: &Borrowed, team_size: u64) -> Result<()> {
        if !self.teams.contains_key(&change.unit) || !self.lacks_team(&change.unit) {
            return Err(Refusal::new("borrowed_needless").with("unit", &change.unit));
        }
        if self.borrowed.contains_key(&change.unit) {
            return Err(Refusal::new("borrowed_twice").with("unit", &change.unit));
        }
        let is_ours = |person: &Code| self.roster.bureau.binary_search(person).is_ok() || self.roster.discipline.binary_search(person).is_ok();
        let is_ascending = change.people.windows(2).all(|pair| pair[0] < pair[1]);
        if !is_ascending || change.people.iter().any(is_ours) || (change.people.len() as u64) < team_size {
            return Err(Refusal::new("borrowed_people").with("unit", &change.unit).with("min", team_size));
        }
        self.borrowed.insert(change.unit.clone(), change.clone());
        Ok(())
    }

    /// Present visits that lack a team and have no borrowed one.
    pub fn without_team(&self) -> Vec<&Code> {
        self.present.iter().filter(|unit| self.lacks_team(unit) && !self.borrowed.contains_key(*unit)).collect()
    }
}
