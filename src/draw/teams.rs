//! The second random: inspectors into teams, teams to visits, recusals respected.

use super::{Frame, InspectorRoster, plan::Teams, rng::Rng};
use crate::canon::{Code, Hash, TaggedHash};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// One inspection team (检查组), members in the order in which chance gave them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    pub bureau: Vec<Code>,
    pub discipline: Vec<Code>,
    /// From 1.
    pub team: u64,
}

/// One visit and its team; none where every team has a recusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    pub team: Option<u64>,
    pub unit: Code,
}

/// Forms the teams and assigns them to `visits` (positions in the frame, ascending).
///
/// Source: PROTOCOL, Teams. The roster has passed `InspectorRoster::check`.
pub fn assign(frame: &Frame, roster: &InspectorRoster, plan: &Teams, visits: &[usize], seed: &Hash) -> (Vec<Team>, Vec<Assignment>) {
    let mut rng = Rng::new(TaggedHash::new("teams").fixed(&seed.0).end());
    let (mut bureau, mut discipline) = (roster.bureau.clone(), roster.discipline.clone());
    rng.shuffle(&mut bureau);
    rng.shuffle(&mut discipline);
    let (mut bureau, mut discipline) = (bureau.into_iter(), discipline.into_iter());
    let mut take = |team: u64| Team {
        bureau: bureau.by_ref().take(to_index(plan.bureau_per_team)).collect(),
        discipline: discipline.by_ref().take(to_index(plan.discipline_per_team)).collect(),
        team,
    };
    let teams: Vec<Team> = (1..=plan.count).map(&mut take).collect();

    let mut order = visits.to_vec();
    rng.shuffle(&mut order);
    let count = teams.len();
    let barred = barred_teams(frame, roster, &teams, &order);
    let mut preferences = Vec::with_capacity(order.len());
    for _ in &order {
        let mut preference: Vec<u16> = (0..u16::MAX).take(count).collect();
        rng.shuffle(&mut preference);
        preferences.push(preference);
    }
    let placed = Placement { preferences, barred, load: Vec::new(), capacity: order.len().div_ceil(count) }.place_all(count);
    let mut assignments: Vec<(usize, Option<u64>)> = order.into_iter().zip(placed).map(|(unit, team)| (unit, team.map(|t| t as u64 + 1))).collect();
    assignments.sort_unstable();
    let assignments = assignments.into_iter().map(|(index, team)| Assignment { team, unit: frame.units()[index].unit.clone() }).collect();
    (teams, assignments)
}

fn to_index(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// For each visit, the teams that have a member recused there.
fn barred_teams(frame: &Frame, roster: &InspectorRoster, teams: &[Team], order: &[usize]) -> Vec<BTreeSet<usize>> {
    let mut team_of: HashMap<&Code, usize> = HashMap::new();
    for (index, team) in teams.iter().enumerate() {
        team_of.extend(team.bureau.iter().chain(&team.discipline).map(|code| (code, index)));
    }
    let visit_of: HashMap<usize, usize> = order.iter().enumerate().map(|(visit, &unit)| (unit, visit)).collect();
    let mut barred = vec![BTreeSet::new(); order.len()];
    for (inspector, unit) in &roster.recusals {
        let visit = frame.find(unit).and_then(|index| visit_of.get(&index));
        if let (Some(&team), Some(&visit)) = (team_of.get(inspector), visit) {
            barred[visit].insert(team);
        }
    }
    barred
}

struct Placement {
    /// Per visit, in the order of placing: teams as chance prefers them.
    preferences: Vec<Vec<u16>>,
    barred: Vec<BTreeSet<usize>>,
    /// Per team: visits.
    load: Vec<Vec<usize>>,
    capacity: usize,
}

impl Placement {
    /// Places every visit that some team may go to, with the smallest capacity that allows it.
    ///
    /// The protocol raises the capacity by one and begins again; a search by augmenting paths succeeds at every capacity
    /// from the smallest good one on, so that one is found by halving, and a hostile frame can't cost thousands of rounds.
    fn place_all(mut self, teams: usize) -> Vec<Option<usize>> {
        let placeable: Vec<usize> = (0..self.preferences.len()).filter(|&visit| self.barred[visit].len() < teams).collect();
        let (mut too_small, mut step) = (self.capacity, 1);
        if !self.holds(self.capacity, &placeable, teams) {
            let mut good = too_small + step;
            while !self.holds(good, &placeable, teams) {
                (too_small, step) = (good, step * 2);
                good += step;
            }
            while good - too_small > 1 {
                let middle = too_small + (good - too_small) / 2;
                if self.holds(middle, &placeable, teams) {
                    good = middle;
                } else {
                    too_small = middle;
                }
            }
            self.holds(good, &placeable, teams);
        }
        let mut placed = vec![None; self.preferences.len()];
        for (team, visits) in self.load.iter().enumerate() {
            for &visit in visits {
                placed[visit] = Some(team);
            }
        }
        placed
    }

    /// Places all from empty loads at a capacity; answers whether all found a team.
    fn holds(&mut self, capacity: usize, placeable: &[usize], teams: usize) -> bool {
        self.capacity = capacity;
        self.load = vec![Vec::new(); teams];
        placeable.iter().all(|&visit| self.place(visit, &mut vec![false; teams]))
    }

    /// Augmenting path by depth; at most one level per team.
    fn place(&mut self, visit: usize, seen: &mut [bool]) -> bool {
        for at in 0..seen.len() {
            let team = usize::from(self.preferences[visit][at]);
            if seen[team] || self.barred[visit].contains(&team) {
                continue;
            }
            seen[team] = true;
            if self.load[team].len() < self.capacity {
                self.load[team].push(visit);
                return true;
            }
            for other in self.load[team].clone() {
                if self.place(other, seen) {
                    self.load[team].retain(|&held| held != other);
                    self.load[team].push(visit);
                    return true;
                }
            }
        }
        false
    }
}
