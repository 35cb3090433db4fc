//! The inspection list: what a team needs to know of each visit.

use super::Office;
use super::ceremony::get_plan;
use super::frame::gather;
use crate::canon::{Code, Refusal, Result, Week, json::parse_record};
use crate::domain::Lesson;
use crate::draw::{DrawPlan, Transcript};
use crate::report::list::{Line, ListDocument, TeamLine, write_list};
use crate::store;

/// The drawn list with what is needed to print it.
pub struct InspectionList {
    pub plan: DrawPlan,
    pub plan_hash: String,
    pub entropy: String,
    pub transcript: Transcript,
    pub visits: Vec<Line>,
    /// Reserves by stratum, in their committed order.
    pub reserves: Vec<Line>,
    pub is_demonstration: bool,
}

/// The list of a drawn week, by team and then by unit, described as everything stood at the freeze.
pub async fn inspection_list(office: &Office, week: Week) -> Result<InspectionList> {
    let is_demonstration = office.is_demonstration().await?;
    let mut connection = office.store.read().await?;
    let (stored, plan) = get_plan(&mut connection, week).await?;
    let entropy = store::ceremony::find_entropy(&mut connection, stored.key).await?.unwrap_or_default();
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
        Ok(Line { unit: unit.to_string(), county, row: class.row.clone(), lessons, team, is_certain })
    };
    let is_certain = |unit: &Code| transcript.strata.iter().any(|stratum| stratum.certain.contains(unit));
    let mut visits = transcript.assignments.iter().map(|a| describe(&a.unit, a.team, is_certain(&a.unit))).collect::<Result<Vec<_>>>()?;
    visits.sort_by(|a, b| (a.team.is_none(), a.team, &a.unit).cmp(&(b.team.is_none(), b.team, &b.unit)));
    let reserves = transcript.strata.iter().flat_map(|s| &s.reserve).map(|unit| describe(unit, None, false)).collect::<Result<Vec<_>>>()?;
    Ok(InspectionList { plan_hash: stored.hash.to_string(), entropy, plan, transcript, visits, reserves, is_demonstration })
}

/// The list as the workbook that officials sign.
pub fn to_workbook(list: InspectionList) -> Result<Vec<u8>> {
    let codes = |codes: &[Code]| codes.iter().map(Code::to_string).collect();
    let team = |team: &crate::draw::teams::Team| TeamLine { team: team.team, bureau: codes(&team.bureau), discipline: codes(&team.discipline) };
    write_list(&ListDocument {
        title: list.plan.title.to_string(),
        window: list.plan.window,
        frozen_at: list.plan.frozen_at,
        lines: list.visits,
        reserves: list.reserves,
        teams: list.transcript.teams.iter().map(team).collect(),
        plan_hash: list.plan_hash,
        seed: list.transcript.seed.to_string(),
        entropy: list.entropy,
        frame_root: list.plan.frame.root.to_string(),
        frame_units: list.plan.frame.units,
        model: format!("{} {}", list.plan.model.name, list.plan.model.sha256),
        is_demonstration: list.is_demonstration,
    })
}
