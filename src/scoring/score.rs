//! Tables → signals → points → score → size measure.

use super::city::{City, Signal as Values, signal};
use super::classes::index;
use super::evidence::{EvidenceRow, evidence};
use super::money::{self, Stake};
use super::scorecard::Scorecard;
use super::tables::Tables;
use crate::canon::{Code, Refusal, Result};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Rows it comes from; see `add_evidence`.
    pub evidence: Vec<EvidenceRow>,
}

/// Scores every class of the frame.
///
/// Independent of the order of rows and of the machine. Refuses a unit that stands twice, and a freeze outside the
/// model's validity. Evidence is left empty: `add_evidence` looks for it where somebody asks why.
pub fn score(tables: &Tables, scorecard: &Scorecard) -> Result<Scores> {
    let today = tables.frozen_day();
    if !scorecard.is_valid_on(today) {
        return Err(Refusal::new("scorecard_not_valid").with("name", &scorecard.name).with("date", today));
    }
    let city = City::with_ramps(tables, scorecard.ramps.clone())?;
    let frame = frame(&city)?;
    let values = scorecard.signals.iter().map(|of| signal(&city, &of.id)).collect::<Result<Vec<_>>>()?;
    let mut units: Vec<Scored> = frame.into_iter().map(|(unit, class)| score_unit(&city, (unit, class), scorecard, &values)).collect();
    let sum_scores = units.iter().map(|unit| unit.score).sum();
    let count = super::signal::count(units.len());
    for unit in &mut units {
        unit.size = size_measure(unit.score, unit.money_permille, sum_scores, count, scorecard);
    }
    Ok(Scores { units, sum_scores, count, lambda_permille: scorecard.lambda_permille })
}

/// The units of the frame, in ascending order, each with its class.
fn frame(city: &City) -> Result<Vec<(Code, usize)>> {
    let mut units = Vec::new();
    for (class, unit) in names(city)?.into_iter().filter(|(class, _)| city.classes().in_frame[index(*class)]) {
        units.push((Code::parse(&unit)?, index(class)));
    }
    units.sort_unstable();
    match units.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(Refusal::new("scoring_unit_repeated").with("unit", &pair[0].0)),
        None => Ok(units),
    }
}

/// The name of every class known.
fn names(city: &City) -> Result<BTreeMap<u32, String>> {
    let mut names = BTreeMap::new();
    city.tables().read("class", &["class", "unit"], |part| {
        names.extend(part.codes("class")?.values.iter().copied().zip(part.texts("unit")?));
        Ok(())
    })?;
    Ok(names)
}

/// Gives the contributions of scores the rows that their values come from, at most five each.
pub fn add_evidence(tables: &Tables, scores: &mut Scores) -> Result<()> {
    let city = City::new(tables)?;
    let (names, classes) = (names(&city)?, frame(&city)?);
    let classes: BTreeMap<Code, usize> = classes.into_iter().collect();
    let ids: Vec<String> = scores.units.first().map(|unit| unit.contributions.iter().map(|part| part.signal.clone()).collect()).unwrap_or_default();
    let wanted: BTreeSet<usize> = scores.units.iter().filter_map(|unit| classes.get(&unit.unit)).copied().collect();
    for (place, id) in ids.iter().enumerate() {
        let rows = evidence(&city, id, &|class| wanted.contains(&class))?;
        for unit in &mut scores.units {
            let of_unit = classes.get(&unit.unit).and_then(|class| rows.get(class));
            if let (Some(part), Some(of_unit)) = (unit.contributions.get_mut(place).filter(|part| part.permille.is_some()), of_unit) {
                part.evidence = of_unit.iter().map(|row| row.named(&names)).collect();
            }
        }
    }
    Ok(())
}

/// Points of one unit: in the order of signals, each cut to what its group's cap still leaves.
fn score_unit(city: &City, (unit, class): (Code, usize), scorecard: &Scorecard, values: &[Values]) -> Scored {
    let mut left: Vec<i64> = scorecard.groups.iter().map(|group| group.cap).collect();
    let mut contributions = Vec::with_capacity(scorecard.signals.len());
    for (signal, values) in scorecard.signals.iter().zip(values) {
        let permille = values.permille.get(class).copied().flatten().map(i64::from);
        let n = values.n.get(class).copied().unwrap_or(0);
        let mut points = signal.points(permille);
        if let Some(left) = left.get_mut(signal.group) {
            points = points.min(*left);
            *left -= points;
        }
        let reason = |text: &str| match permille {
            Some(_) => text.replace("{n}", &n.to_string()),
            None => signal.missing_reason.to_string(),
        };
        contributions.push(Contribution {
            signal: signal.id.clone(),
            permille,
            points,
            reason_zh: reason(&signal.reason_zh),
            reason_en: reason(&signal.reason_en),
            evidence: Vec::new(),
        });
    }
    let score = contributions.iter().map(|contribution| contribution.points).sum();
    let money_permille = money::money_permille(&stake(city, class), &scorecard.money);
    Scored { unit, score, band: scorecard.band(score), contributions, money_permille, size: 1 }
}

fn stake(city: &City, class: usize) -> Stake {
    let classes = city.classes();
    let seats = classes.planned[class].or(classes.actual[class]).filter(|&seats| seats > 0);
    Stake { seats, standard: classes.standard[class], amount: classes.amount[class] }
}

/// `max(1, ⌊m·(λ·S + (1000−λ)·N·s)/(1000·N·score_max)⌋)`, at most 2000. `N` is at least 1.
pub fn size_measure(score: i64, money_permille: i64, sum_scores: i64, count: i64, scorecard: &Scorecard) -> u64 {
    let [s, m, sum, n, lambda, max] = [score, money_permille, sum_scores, count, scorecard.lambda_permille, scorecard.score_max].map(i128::from);
    let divisor = 1000 * n.max(1) * max.max(1);
    let size = (m * (lambda * sum + (1000 - lambda) * n * s)).div_euclid(divisor).clamp(1, SIZE_MAX);
    u64::try_from(size).unwrap_or(1)
}
