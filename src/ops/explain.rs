//! Why one class has its score and its size measure, as of the freeze where the week is frozen, else as of now.

use super::Office;
use super::ceremony::DrawName;
use super::frame::{Flag, Known, KnownClass, gather, require_classes};
use super::freeze::read_plan;
use super::model::ScoredBy;
use super::receive::squeeze;
use super::tables::teacher_key;
use super::trainees::masked_rows;
use crate::canon::{Code, DrawKind, Refusal, Result, Time, Week};
use crate::domain::mask_inside;
use crate::scoring::explain::{Explanation, Peers, explain};
use crate::scoring::{EvidenceRow, Scorecard, Scored, Scores, Stake, add_evidence, money_yuan, score};
use crate::store;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::scoring::evidence::EvidenceRow as Evidence;
pub use crate::scoring::explain::{SignalLine, Usual};

/// One class, what was known of it, and the explanation.
#[derive(Serialize)]
pub struct Explained {
    pub unit: Code,
    pub week: Week,
    /// The weekly inspection, or a special one.
    pub draw: DrawKind,
    pub county: Code,
    pub county_zh: String,
    pub county_en: String,
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub occupation: Option<String>,
    pub level: Option<String>,
    pub basis: Basis,
    pub model: ScoredBy,
    pub flags: Vec<Flag>,
    pub money: MoneyOf,
    #[serde(flatten)]
    pub explanation: Explanation,
    /// What the freeze put down, where it isn't what is computed now: another build computed otherwise.
    pub at_freeze: Option<Frozen>,
}

/// As of when everything was known.
#[derive(Clone, Copy, Serialize)]
pub struct Basis {
    pub is_frozen: bool,
    pub at: Time,
}

/// What the money multiplier rests on; nothing known gives the lowest.
#[derive(Serialize)]
pub struct MoneyOf {
    pub seats: Option<i64>,
    pub standard: Option<i64>,
    pub amount: Option<i64>,
    pub yuan: Option<i64>,
}

/// The part of a facts record that an explanation is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    pub score: i64,
    pub size: u64,
}

/// What was scored, by which model, as of when.
struct ScoredWeek {
    known: Known,
    scores: Scores,
    card: Scorecard,
    is_in_force: bool,
    basis: Basis,
    /// Facts records of the freeze, one per line.
    facts: String,
}

/// Explains one class of a draw's frame.
pub async fn explain_class(office: &Office, name: DrawName, unit: &Code) -> Result<Explained> {
    let week = name.week;
    let week_scored = scored_week(office, name).await?;
    let ScoredWeek { known, scores, card, .. } = &week_scored;
    let class = known.in_frame.iter().find(|class| class.unit == *unit).ok_or_else(|| absent(known, unit, week))?;
    let scored = scores.units.iter().find(|scored| scored.unit == *unit).ok_or_else(|| Refusal::new("score_missing").with("unit", unit))?;
    let mut with_rows =
        Scores { units: vec![scored.clone()], sum_scores: scores.sum_scores, count: scores.count, lambda_permille: scores.lambda_permille };
    add_evidence(&known.tables, &mut with_rows)?;
    let scored = with_rows.units.first().unwrap_or(scored);
    let occupation = class.row.occupation.as_deref().map(squeeze);
    let of_occupation = occupation.map(|ours| peers(&week_scored, |other| other.row.occupation.as_deref().map(squeeze).as_ref() == Some(&ours)));
    let of_county = peers(&week_scored, |other| other.county == class.county);
    let mut explanation = explain(scored, (scores.sum_scores, scores.count), card, of_occupation.as_ref(), Some(&of_county));
    let teachers = teachers(office, class);
    let mut trainees = BTreeMap::new();
    if explanation.signals.iter().flat_map(|signal| &signal.evidence).any(|row| !row.rows.is_empty()) {
        trainees = masked_rows(office, &mut *office.store.read().await?, known, class).await?;
    }
    for row in explanation.signals.iter_mut().flat_map(|signal| &mut signal.evidence) {
        name_what_it_is_about(row, known, &teachers, &trainees);
    }
    let county = known.units.iter().find(|unit| unit.county == class.county);
    let (seats, row) = (class.row.planned.or(class.row.actual).filter(|&seats| seats > 0), &class.row);
    let yuan = money_yuan(&Stake { seats, standard: row.subsidy_standard, amount: row.subsidy_amount });
    Ok(Explained {
        unit: unit.clone(),
        week,
        draw: name.kind,
        county: class.county.clone(),
        county_zh: county.map_or_else(String::new, |county| county.name_zh.clone()),
        county_en: county.map_or_else(String::new, |county| county.name_en.clone()),
        institution: row.institution.clone(),
        class_name: row.class_name.clone(),
        occupation: row.occupation.clone(),
        level: row.level.map(|level| level.as_str().to_owned()),
        basis: week_scored.basis,
        model: ScoredBy { name: card.name.to_string(), sha256: card.hash(), is_in_force: week_scored.is_in_force },
        flags: class.flags.iter().copied().collect(),
        money: MoneyOf { seats, standard: row.subsidy_standard, amount: row.subsidy_amount, yuan },
        explanation,
        at_freeze: differing(&week_scored.facts, scored),
    })
}

/// The scores of a week: of its freeze, where one stands, else of what is known now. A special inspection has no frame before
/// it is frozen.
async fn scored_week(office: &Office, name: DrawName) -> Result<ScoredWeek> {
    let week = name.week;
    let mut connection = office.store.read().await?;
    let now = office.clock.now();
    let mut plan = store::ceremony::find_plan(&mut connection, name.kind, name.period()).await?;
    if let Some(stored) = &plan
        && store::ceremony::find_void(&mut connection, stored.key).await?.is_some()
    {
        plan = None;
    }
    let Some(stored) = plan else {
        if name.kind != DrawKind::Weekly {
            return Err(Refusal::new("not_frozen").with("week", week));
        }
        let (card, is_in_force) = super::model::to_score(&mut connection, now.date()).await?;
        let known = gather(office, &mut connection, week, (week.next().monday(), week.next().sunday()), now, None).await?;
        return scored_by(known, card, is_in_force, Basis { is_frozen: false, at: now }, String::new(), week);
    };
    let plan = read_plan(&stored)?;
    let card = super::model::of_plan(&mut connection, plan.model.name.as_str(), plan.model.sha256).await?;
    let known = gather(office, &mut connection, week, plan.window, plan.frozen_at, Some(stored.leaf_index)).await?;
    scored_by(known, card, true, Basis { is_frozen: true, at: plan.frozen_at }, stored.facts, week)
}

/// The one place that knows how scores are made.
fn scored_by(known: Known, card: Scorecard, is_in_force: bool, basis: Basis, facts: String, week: Week) -> Result<ScoredWeek> {
    require_classes(&known, week)?;
    let scores = score(&known.tables, &card)?;
    Ok(ScoredWeek { known, scores, card, is_in_force, basis, facts })
}

/// Why there is nothing to explain.
fn absent(known: &Known, unit: &Code, week: Week) -> Refusal {
    let is_left_out = known.left_out.iter().any(|class| class.unit == *unit);
    Refusal::new(if is_left_out { "explain_left_out" } else { "explain_unknown" }).with("unit", unit).with("week", week)
}

/// The values of the frame's classes like this one, by signal.
fn peers(week: &ScoredWeek, is_like: impl Fn(&KnownClass) -> bool) -> Peers {
    let mut values: Peers = vec![Vec::new(); week.card.signals.len()];
    // Both lists are in order of unit codes.
    let alike = week.scores.units.iter().zip(&week.known.in_frame).filter(|(scored, class)| scored.unit == class.unit && is_like(class));
    for (scored, _) in alike {
        for (column, contribution) in values.iter_mut().zip(&scored.contributions) {
            column.push(contribution.permille);
        }
    }
    values
}

/// The class's teachers by their key: the first character of the name only.
fn teachers(office: &Office, class: &KnownClass) -> BTreeMap<u64, String> {
    let names = class.lessons.iter().flat_map(|lesson| &lesson.teachers).map(|name| name.trim());
    let masked = |name: &str| Some((teacher_key(office, name)?, format!("{}*", name.chars().next()?)));
    names.collect::<BTreeSet<_>>().into_iter().filter_map(masked).collect()
}

/// Puts names in the place of codes and keys: the other class's institution, teachers and trainees, masked.
fn name_what_it_is_about(row: &mut EvidenceRow, known: &Known, teachers: &BTreeMap<u64, String>, trainees: &BTreeMap<u32, String>) {
    // The office's papers tell half-days; the minute at which one is taken to begin is scoring's.
    if row.what == "session"
        && let Some((day, what)) = row.at.as_deref().and_then(half_day)
    {
        (row.at, row.what) = (Some(day.to_owned()), what);
    }
    let unit = row.unit.as_deref().and_then(|unit| Code::parse(unit).ok());
    row.institution = unit.and_then(|unit| known.institutions.get(&unit)).map(|name| mask_inside(name));
    row.unit = row.unit.as_deref().map(mask_inside);
    let named: Vec<String> = row.rows.iter().map(|row| trainees.get(row).cloned().unwrap_or_default()).collect();
    row.persons = if named.iter().all(String::is_empty) { Vec::new() } else { named };
    row.teacher = row.teacher_key.and_then(|key| teachers.get(&key)).cloned();
}

/// The day of a session, and its half.
fn half_day(at: &str) -> Option<(&str, &'static str)> {
    let (day, clock) = at.split_once(' ')?;
    let halves = [("08:00", "session_morning"), ("14:00", "session_afternoon"), ("19:00", "session_evening")];
    halves.iter().find(|(known, _)| *known == clock).map(|(_, what)| (day, *what))
}

/// What the freeze put down of this class, if it isn't what was computed now.
fn differing(facts: &str, scored: &Scored) -> Option<Frozen> {
    #[derive(Deserialize)]
    struct Record {
        unit: Code,
        #[serde(flatten)]
        frozen: Frozen,
    }
    let records = facts.lines().filter_map(|line| serde_json::from_str::<Record>(line).ok());
    let record = records.into_iter().find(|record| record.unit == scored.unit)?;
    (record.frozen != Frozen { score: scored.score, size: scored.size }).then_some(record.frozen)
}
