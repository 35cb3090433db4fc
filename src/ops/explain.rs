//! Why one class has its score and its size measure, as of the freeze where the week is frozen, else as of now.

use super::Office;
use super::frame::{Flag, Known, KnownClass, gather, require_classes};
use super::freeze::read_plan;
use super::model::ScoredBy;
use super::receive::squeeze;
use crate::canon::{Code, DrawKind, Refusal, Result, Time, Week};
use crate::domain::mask_inside;
use crate::scoring::explain::{Explanation, Peers, explain};
use crate::scoring::{Scorecard, Scored, Scores, Stake, add_evidence, money_yuan, score};
use crate::store;
use serde::{Deserialize, Serialize};

pub use crate::scoring::explain::{GroupLine, SignalLine, Usual};

/// One class, what was known of it, and the explanation.
#[derive(Serialize)]
pub struct Explained {
    pub unit: Code,
    pub week: Week,
    pub county: Code,
    pub county_zh: String,
    pub county_en: String,
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub occupation: Option<String>,
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

/// Explains one class of a week.
pub async fn explain_class(office: &Office, unit: &Code, week: Week) -> Result<Explained> {
    let week_scored = scored_week(office, week).await?;
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
    for line in explanation.signals.iter_mut().flat_map(|signal| &mut signal.evidence) {
        *line = masked(line, class);
    }
    let county = known.units.iter().find(|unit| unit.county == class.county);
    let (seats, row) = (class.row.planned.or(class.row.actual).filter(|&seats| seats > 0), &class.row);
    let yuan = money_yuan(&Stake { seats, standard: row.subsidy_standard, amount: row.subsidy_amount });
    Ok(Explained {
        unit: unit.clone(),
        week,
        county: class.county.clone(),
        county_zh: county.map_or_else(String::new, |county| county.name_zh.clone()),
        county_en: county.map_or_else(String::new, |county| county.name_en.clone()),
        institution: row.institution.clone(),
        class_name: row.class_name.clone(),
        occupation: row.occupation.clone(),
        basis: week_scored.basis,
        model: ScoredBy { name: card.name.to_string(), sha256: card.hash(), is_in_force: week_scored.is_in_force },
        flags: class.flags.iter().copied().collect(),
        money: MoneyOf { seats, standard: row.subsidy_standard, amount: row.subsidy_amount, yuan },
        explanation,
        at_freeze: differing(&week_scored.facts, scored),
    })
}

/// The scores of a week: of its freeze, where one stands, else of what is known now.
async fn scored_week(office: &Office, week: Week) -> Result<ScoredWeek> {
    let mut connection = office.store.read().await?;
    let now = office.clock.now();
    let mut plan = store::ceremony::find_plan(&mut connection, DrawKind::Weekly, week.next()).await?;
    if let Some(stored) = &plan
        && store::ceremony::find_void(&mut connection, stored.key).await?.is_some()
    {
        plan = None;
    }
    let Some(stored) = plan else {
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

/// A row of evidence without a number of a person, and with teachers by their family name's character only.
fn masked(line: &str, class: &KnownClass) -> String {
    let mut text = mask_inside(line);
    let of_lessons = class.lessons.iter().flat_map(|lesson| &lesson.teachers);
    for name in class.row.teachers.iter().chain(of_lessons).filter(|name| name.chars().count() > 1) {
        let first: String = name.chars().take(1).collect();
        text = text.replace(name.as_str(), &format!("{first}*"));
    }
    text
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
