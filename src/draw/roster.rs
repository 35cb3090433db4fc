//! The inspector roster (检查人员名录) and its recusals.

use super::{Frame, plan::Teams};
use crate::canon::refusal::ascending;
use crate::canon::{Code, Refusal, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const MAX_PEOPLE: usize = 20_000;
const MAX_RECUSALS: usize = 500_000;

/// `roster.json`: who may inspect, and who may not go where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InspectorRoster {
    pub bureau: Vec<Code>,
    pub discipline: Vec<Code>,
    /// Pairs of inspector and unit.
    pub recusals: Vec<(Code, Code)>,
}

impl InspectorRoster {
    /// Order, counts, disjointness; recusals of listed people and units; and that every unit can be given a team.
    pub fn check(&self, frame: &Frame, teams: &Teams) -> Result<()> {
        ascending("bureau", &self.bureau)?;
        ascending("discipline", &self.discipline)?;
        ascending("recusals", &self.recusals)?;
        for (list, count, most) in [
            ("bureau", self.bureau.len(), MAX_PEOPLE),
            ("discipline", self.discipline.len(), MAX_PEOPLE),
            ("recusals", self.recusals.len(), MAX_RECUSALS),
        ] {
            if count > most {
                return Err(Refusal::new("roster_long").with("list", list).with("max", most).with("found", count));
            }
        }
        let bureau: BTreeSet<&Code> = self.bureau.iter().collect();
        let discipline: BTreeSet<&Code> = self.discipline.iter().collect();
        if let Some(both) = bureau.intersection(&discipline).next() {
            return Err(Refusal::new("roster_both_lists").with("inspector", both));
        }
        let mut recused: BTreeMap<&Code, (u64, u64)> = BTreeMap::new();
        for (inspector, unit) in &self.recusals {
            if frame.find(unit).is_none() {
                return Err(Refusal::new("recusal_unknown_unit").with("inspector", inspector).with("unit", unit));
            }
            let counts = recused.entry(unit).or_default();
            match (bureau.contains(inspector), discipline.contains(inspector)) {
                (true, _) => counts.0 += 1,
                (_, true) => counts.1 += 1,
                _ => return Err(Refusal::new("recusal_unknown_inspector").with("inspector", inspector).with("unit", unit)),
            }
        }
        for (group, people, per_team) in
            [("bureau", self.bureau.len() as u64, teams.bureau_per_team), ("discipline", self.discipline.len() as u64, teams.discipline_per_team)]
        {
            if people < per_team * teams.count {
                let refusal = Refusal::new("roster_too_few").with("group", group);
                return Err(refusal.with("needed", per_team * teams.count).with("found", people));
            }
        }
        for (unit, (bureau_recused, discipline_recused)) in recused {
            let bureau_left = self.bureau.len() as u64 - bureau_recused;
            let discipline_left = self.discipline.len() as u64 - discipline_recused;
            if bureau_left < teams.bureau_per_team || discipline_left < teams.discipline_per_team {
                let refusal = Refusal::new("recusals_leave_no_team").with("unit", unit);
                return Err(refusal.with("bureau", bureau_left).with("discipline", discipline_left));
            }
        }
        Ok(())
    }
}
