//! The inspection list: what a team needs to know of each visit.

use super::Office;
use super::ceremony::DrawName;
use super::change::DrawnList;
use super::frame::gather_classes;
use crate::canon::{Code, Refusal, Result};
use crate::domain::Lesson;
use crate::draw::{DrawPlan, Transcript};
use crate::report::list::{Line, ListDocument, TeamLine, write_list};
use crate::store;

/// The drawn list with what is needed to print it.
pub struct InspectionList {
    pub plan: DrawPlan,
    pub plan_hash: String,
    /// How the list came about, as pairs of label and value; after publication with all that was secret before.
    pub origin: Vec<(String, String)>,
    pub transcript: Transcript,
    pub visits: Vec<Line>,
    /// Reserves by stratum, in their committed order.
    pub reserves: Vec<Line>,
    pub is_demonstration: bool,
}

/// The list of a draw as it stands after substitutions, by team and then by unit, described as everything stood at the
/// freeze.
pub async fn inspection_list(office: &Office, name: DrawName) -> Result<InspectionList> {
    let is_demonstration = office.is_demonstration().await?;
    let mut connection = office.store.read().await?;
    let list = DrawnList::find(&mut connection, name).await?;
    let visits = list.visits()?;
    let (plan, transcript) = (&list.plan, &list.transcript);
    let known = gather_classes(office, &mut connection, name.week, plan.window, plan.frozen_at, Some(list.stored.leaf_index)).await?;
    // `team_of` is none for a reserve, which is nobody's yet.
    let describe = |unit: &Code, team_of: Option<Option<u64>>, is_certain: bool| {
        let team = team_of.flatten();
        let class = known.in_frame.iter().find(|class| class.unit == *unit);
        let class = class.ok_or_else(|| Refusal::new("score_missing").with("unit", unit))?;
        let in_window = |lesson: &&Lesson| lesson.date.is_some_and(|date| (plan.window.0..=plan.window.1).contains(&date));
        let mut lessons: Vec<Lesson> = class.lessons.iter().filter(in_window).cloned().collect();
        lessons.sort_by_key(|lesson| (lesson.date, lesson.start));
        let county = known.units.iter().find(|u| u.county == class.county).map_or_else(|| class.county.to_string(), |u| u.name_zh.clone());
        let borrowed = visits.borrowed(unit).map(|borrowed| (borrowed.from.to_string(), borrowed.people.iter().map(Code::to_string).collect()));
        let team = team.filter(|_| !visits.lacks_team(unit));
        let is_substitute = team_of.is_some() && !transcript.assignments.iter().any(|drawn| drawn.unit == *unit);
        Ok(Line { unit: unit.to_string(), county, row: class.row.clone(), lessons, team, is_certain, borrowed, is_substitute })
    };
    let is_certain = |unit: &Code| transcript.strata.iter().any(|stratum| stratum.certain.contains(unit));
    let mut lines = visits.present().map(|(unit, team)| describe(unit, Some(team), is_certain(unit))).collect::<Result<Vec<_>>>()?;
    lines.sort_by(|a, b| (a.team.is_none(), a.team, &a.unit).cmp(&(b.team.is_none(), b.team, &b.unit)));
    let is_left = |unit: &&Code| !visits.was_taken(unit);
    let reserves = transcript.strata.iter().flat_map(|s| &s.reserve).filter(is_left);
    let reserves = reserves.map(|unit| describe(unit, None, false)).collect::<Result<Vec<_>>>()?;
    let origin = origin(&mut connection, &list).await?;
    let plan_hash = list.stored.hash.to_string();
    Ok(InspectionList { plan_hash, origin, visits: lines, reserves, is_demonstration, plan: list.plan.clone(), transcript: list.transcript.clone() })
}

/// What the list rests on. Commitments, nonces and the checkpoint follow once it is published.
async fn origin(connection: &mut sqlx::AnyConnection, list: &DrawnList) -> Result<Vec<(String, String)>> {
    let DrawnList { plan, stored, transcript, .. } = list;
    let entropy = store::ceremony::find_entropy(connection, stored.key).await?.unwrap_or_default();
    let mut pairs = vec![
        ("封存时间".to_owned(), plan.frozen_at.0.format("%Y年%-m月%-d日 %H:%M").to_string()),
        ("封存班期数".to_owned(), plan.frame.units.to_string()),
        ("封存名单根哈希".to_owned(), plan.frame.root.to_string()),
        ("方案哈希".to_owned(), stored.hash.to_string()),
        ("评分卡".to_owned(), format!("{} {}", plan.model.name, plan.model.sha256)),
        ("公开随机源".to_owned(), entropy),
        ("种子".to_owned(), transcript.seed.to_string()),
    ];
    if let Some(index) = store::ceremony::find_publication(connection, stored.key).await? {
        for (label, values) in [
            ("密封值", store::ceremony::list_commitments(connection, stored.key).await?),
            ("随机数", store::ceremony::list_reveals(connection, stored.key).await?),
        ] {
            pairs.extend(values.into_iter().map(|(party, value)| (format!("{label}（{}）", party_name(&party)), value.value)));
        }
        let checkpoint = store::log::find_checkpoint(connection, index + 1).await?.unwrap_or_default();
        pairs.push(("检查点".to_owned(), checkpoint.lines().take(3).collect::<Vec<_>>().join("\n")));
    }
    Ok(pairs)
}

/// A party's name as the printed list has it.
fn party_name(party: &str) -> &str {
    match party {
        "bureau" => "市人社局",
        "discipline" => "驻局纪检监察组",
        other => other,
    }
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
        origin: list.origin,
        is_demonstration: list.is_demonstration,
    })
}
