//! Signals → points → score → size measure.

use super::inputs::{ClassInput, Inputs};
use super::scorecard::Scorecard;
use super::signal::{Value, Values};
use super::{hours, institution, money, places, system, timeliness};
use crate::canon::{Code, Refusal, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// The greatest size measure.
pub(super) const SIZE_MAX: i128 = 2000;

/// Scores of a frame and the sums that its size measures rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scores {
    /// In ascending order of the unit.
    pub units: Vec<Scored>,
    /// `S`
    pub sum_scores: i64,
    /// `N`
    pub count: i64,
    pub lambda_permille: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scored {
    pub unit: Code,
    /// 0…`score_max`: exactly the sum of the contributions' points.
    pub score: i64,
    pub band: char,
    /// One for each signal of the scorecard, in its order.
    pub contributions: Vec<Contribution>,
    pub money_permille: i64,
    /// 1…2000
    pub size: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contribution {
    pub signal: String,
    /// None when an input was missing.
    pub permille: Option<i64>,
    /// After the group's cap.
    pub points: i64,
    /// A sentence; when the input was missing, the code of one in `i18n`.
    pub reason_zh: String,
    pub reason_en: String,
    pub evidence: Vec<String>,
}

/// Scores every class of the frame.
///
/// Independent of the order of rows and of the machine. Refuses a unit that stands twice, and a freeze outside the
/// model's validity.
pub fn score(inputs: &Inputs, scorecard: &Scorecard) -> Result<Scores> {
    if !scorecard.is_valid_on(inputs.frozen_at.date()) {
        return Err(Refusal::new("scorecard_not_valid").with("name", &scorecard.name).with("date", inputs.frozen_at.date()));
    }
    let inputs = inputs.in_order();
    if let Some(pair) = inputs.classes.windows(2).find(|pair| pair[0].unit == pair[1].unit) {
        return Err(Refusal::new("scoring_unit_repeated").with("unit", &pair[0].unit));
    }
    let values = values_in_order(&inputs, scorecard)?;
    let mut units = Vec::with_capacity(inputs.classes.len());
    for class in &inputs.classes {
        units.push(score_unit(class, scorecard, &values));
    }
    let sum_scores = units.iter().map(|unit| unit.score).sum();
    let count = super::signal::count(units.len());
    for unit in &mut units {
        unit.size = size_measure(unit.score, unit.money_permille, sum_scores, count, scorecard);
    }
    Ok(Scores { units, sum_scores, count, lambda_permille: scorecard.lambda_permille })
}

/// The values of the scorecard's signals for every class of the frame, by signal.
pub fn signal_values(inputs: &Inputs, scorecard: &Scorecard) -> Result<BTreeMap<String, Values>> {
    values_in_order(&inputs.in_order(), scorecard)
}

fn values_in_order(inputs: &Inputs, scorecard: &Scorecard) -> Result<BTreeMap<String, Values>> {
    let mut values = BTreeMap::new();
    for signal in &scorecard.signals {
        let of = match signal.id.as_str() {
            "T1" => timeliness::t1(inputs),
            "T3" => timeliness::t3(inputs),
            "T4" => timeliness::t4(inputs),
            "S1" => system::s1(inputs),
            "H1" => hours::h1(inputs)?,
            "H2" => hours::h2(inputs),
            "P1" => places::p1(inputs),
            "P2" => places::p2(inputs),
            "P3" => places::p3(inputs),
            "I3" => institution::i3(inputs),
            "I7" => institution::i7(inputs),
            // The reader of scorecards refuses every other id.
            _ => Values::new(),
        };
        values.insert(signal.id.clone(), of);
    }
    Ok(values)
}

/// Points of one unit: in the order of signals, each cut to what its group's cap still leaves.
fn score_unit(class: &ClassInput, scorecard: &Scorecard, values: &BTreeMap<String, Values>) -> Scored {
    let mut left: Vec<i64> = scorecard.groups.iter().map(|group| group.cap).collect();
    let mut contributions = Vec::with_capacity(scorecard.signals.len());
    for signal in &scorecard.signals {
        let value = values.get(&signal.id).and_then(|of| of.get(&class.unit)).cloned().unwrap_or_else(Value::missing);
        let mut points = signal.points(value.permille);
        if let Some(left) = left.get_mut(signal.group) {
            points = points.min(*left);
            *left -= points;
        }
        let reason = |text: &str| match value.permille {
            Some(_) => text.replace("{n}", &value.n.to_string()),
            None => signal.missing_reason.to_string(),
        };
        contributions.push(Contribution {
            signal: signal.id.clone(),
            permille: value.permille,
            points,
            reason_zh: reason(&signal.reason_zh),
            reason_en: reason(&signal.reason_en),
            evidence: value.evidence,
        });
    }
    let score = contributions.iter().map(|contribution| contribution.points).sum();
    let money_permille = money::money_permille(class, &scorecard.money);
    Scored { unit: class.unit.clone(), score, band: scorecard.band(score), contributions, money_permille, size: 1 }
}

/// `max(1, ⌊m·(λ·S + (1000−λ)·N·s)/(1000·N·score_max)⌋)`, at most 2000. `N` is at least 1.
pub fn size_measure(score: i64, money_permille: i64, sum_scores: i64, count: i64, scorecard: &Scorecard) -> u64 {
    let [s, m, sum, n, lambda, max] = [score, money_permille, sum_scores, count, scorecard.lambda_permille, scorecard.score_max].map(i128::from);
    let divisor = 1000 * n.max(1) * max.max(1);
    let size = (m * (lambda * sum + (1000 - lambda) * n * s)).div_euclid(divisor).clamp(1, SIZE_MAX);
    u64::try_from(size).unwrap_or(1)
}
