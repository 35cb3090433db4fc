//! The inspection list: what a team needs to know of each visit.

use super::Office;
use super::ceremony::get_plan;
use super::frame::gather;
use crate::canon::{Code, Refusal, Result, Week, json::parse_record};
use crate::domain::{LedgerRow, Lesson};
use crate::draw::{DrawPlan, Transcript};
use crate::store;

/// One visit of the list.
#[derive(Clone, Debug)]
pub struct Visit {
    pub unit: Code,
    pub county: String,
    pub row: LedgerRow,
    /// Lessons inside the window, by time.
    pub lessons: Vec<Lesson>,
    pub team: Option<u64>,
    pub is_certain: bool,
}

/// The drawn list with what is needed to print it.
pub struct InspectionList {
    pub plan: DrawPlan,
    pub plan_hash: String,
    pub transcript: Transcript,
    pub visits: Vec<Visit>,
    /// Reserves by stratum, in their committed order.
    pub reserves: Vec<Visit>,
    pub is_demonstration: bool,
}

/// The list of a drawn week, by team and then by unit, described as everything stood at the freeze.
pub async fn inspection_list(office: &Office, week: Week) -> Result<InspectionList> {
    let is_demonstration = office.is_demonstration().await?;
    let mut connection = office.store.read().await?;
    let (stored, plan) = get_plan(&mut connection, week).await?;
    let drawn = store::ceremony::find_drawn(&mut connection, stored.key).await?;
    let drawn = drawn.ok_or_else(|| Refusal::new("list_before_draw").with("week", week))?;
    let transcript: Transcript = parse_record("transcript.json", drawn.transcript.as_bytes())?;
    let known = gather(office, &mut connection, week, plan.frozen_at).await?;
    let describe = |unit: &Code, team: Option<u64>, is_certain: bool| {
        let class = known.in_frame.iter().find(|class| class.unit == *unit);
        let class = class.ok_or_else(|| Refusal::new("score_missing").with("unit", unit))?;
        let in_window = |lesson: &&Lesson| lesson.date.is_some_and(|date| (plan.window.0..=plan.window.1).contains(&date));
        let mut lessons: Vec<Lesson> = class.lessons.iter().filter(in_window).cloned().collect();
        lessons.sort_by_key(|lesson| (lesson.date, lesson.start));
        let county = known.units.iter().find(|u| u.county == class.county).map_or_else(|| class.county.to_string(), |u| u.name_zh.clone());
        Ok(Visit { unit: unit.clone(), county, row: class.row.clone(), lessons, team, is_certain })
    };
    let is_certain = |unit: &Code| transcript.strata.iter().any(|stratum| stratum.certain.contains(unit));
    let mut visits = transcript.assignments.iter().map(|a| describe(&a.unit, a.team, is_certain(&a.unit))).collect::<Result<Vec<_>>>()?;
    visits.sort_by(|a, b| (a.team.is_none(), a.team, &a.unit).cmp(&(b.team.is_none(), b.team, &b.unit)));
    let reserves = transcript.strata.iter().flat_map(|s| &s.reserve).map(|unit| describe(unit, None, false)).collect::<Result<Vec<_>>>()?;
    Ok(InspectionList { plan_hash: stored.hash.to_string(), plan, transcript, visits, reserves, is_demonstration })
}
