//! How well signals and a scorecard find what a simulated set has planted.
//!
//! Scores are computed first, from the tables alone; the truth is opened afterwards and by nobody else.

use super::simulate::TRUTH;
use crate::canon::{Code, Refusal, Result, Time};
use crate::estimate::rank::{Fraction, Ranked, auc, precision_at, recall_at, weighted_rate};
use crate::facts::sets::FactSet;
use crate::scoring::{City, Scorecard, Scored, Scores, Signal, Tables, score, signals};
use polars::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Visits of a week for which a ranking is judged, where nobody says otherwise.
pub const CAPACITIES: [usize; 3] = [20, 50, 100];

/// What is looked for in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Any violation planted in the class itself.
    Any,
    /// One by which money is taken for what did not take place: false heads, false attendance, hours cut.
    Grave,
}

impl Target {
    pub const ALL: [Self; 2] = [Self::Any, Self::Grave];

    /// What institutions and counties did otherwise, their signals see in every class of theirs: that is no class's violation.
    fn is_of(self, signal: &str) -> bool {
        match self {
            Self::Any => !signal.starts_with('I'),
            Self::Grave => matches!(signal, "R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "A2" | "A3" | "A4" | "A5" | "H1"),
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Quality {
    pub seed: u64,
    pub scale: String,
    pub frozen_at: Time,
    /// All that is measured here was invented.
    pub synthetic: bool,
    pub model: String,
    pub model_sha256: String,
    /// Classes of the frame.
    pub classes: usize,
    pub signals: Vec<SignalQuality>,
    pub targets: Vec<TargetQuality>,
}

/// One signal among the classes in which its own patterns are planted and among all others. Partners of a violation that
/// takes two are neither.
#[derive(Clone, Debug, Serialize)]
pub struct SignalQuality {
    pub signal: String,
    pub planted: Side,
    pub innocent: Side,
    pub partners: usize,
    /// Planted above innocent, a missing value standing lowest.
    pub auc: Fraction,
}

#[derive(Clone, Debug, Serialize)]
pub struct Side {
    pub classes: usize,
    pub missing: Fraction,
    /// Of all of them: a value above 0, and a value that gives more points than the lowest bin.
    pub above_zero: Fraction,
    pub given_points: Fraction,
    /// Of those known.
    pub mean_permille: Fraction,
}

/// The scorecard against one target.
#[derive(Clone, Debug, Serialize)]
pub struct TargetQuality {
    pub target: Target,
    pub classes: usize,
    pub base_rate: Fraction,
    pub auc: Fraction,
    /// Of a draw by the size measure, which leaves nobody unreachable.
    pub weighted_rate: Fraction,
    pub at: Vec<At>,
    pub bands: Vec<Band>,
    /// Each signal as if it were the whole score.
    pub alone: Vec<Alone>,
}

#[derive(Clone, Debug, Serialize)]
pub struct At {
    pub capacity: usize,
    pub precision: Fraction,
    pub recall: Fraction,
    /// Precision against the base rate, which is what random selection finds; permille.
    pub lift: Option<i64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Band {
    pub band: char,
    pub classes: usize,
    pub hits: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct Alone {
    pub signal: String,
    pub auc: Fraction,
    pub lift: Vec<Option<i64>>,
}

/// Judges a model on a simulated set. `capacities` are visits of a week.
///
/// Refuses a set that isn't synthetic, altered files, and a truth that is missing or speaks of other classes.
pub fn evaluate(dir: &Path, card: &Scorecard, capacities: &[usize]) -> Result<Quality> {
    let set = FactSet::open(dir)?;
    if !set.list.synthetic {
        return Err(Refusal::new("quality_real").with("folder", dir.display()));
    }
    let mut tables = Tables::new(set.list.frozen_at);
    for (name, rows) in set.scan()? {
        tables.add(&name, rows)?;
    }
    let scores = score(&tables, card)?;
    let ids: Vec<&str> = card.signals.iter().map(|signal| signal.id.as_str()).collect();
    let values = signals(&tables, &ids)?;
    let frame = codes_of(&tables)?;
    let truth = Truth::read(&dir.join(TRUTH.0).join(TRUTH.1), &frame)?;
    Ok(Quality {
        seed: set.list.seed,
        scale: set.list.scale.clone(),
        frozen_at: set.list.frozen_at,
        synthetic: true,
        model: card.name.to_string(),
        model_sha256: card.hash().to_string(),
        classes: scores.units.len(),
        signals: card.signals.iter().filter_map(|of| Some(of_signal(of, values.get(of.id.as_str())?, &frame, &truth))).collect(),
        targets: Target::ALL.into_iter().map(|target| of_target(target, card, &scores, &frame, &truth, capacities)).collect(),
    })
}

/// The frame's classes by unit.
fn codes_of(tables: &Tables) -> Result<BTreeMap<Code, usize>> {
    let city = City::new(tables)?;
    let mut frame = BTreeMap::new();
    tables.read("class", &["class", "unit"], |part| {
        for (class, unit) in part.codes("class")?.values.iter().copied().zip(part.texts("unit")?) {
            if let Some(class) = city.classes().find(class).filter(|class| city.classes().in_frame[*class]) {
                frame.insert(Code::parse(&unit)?, class);
            }
        }
        Ok(())
    })?;
    Ok(frame)
}

/// What is planted where: by signal, the classes and the partners.
struct Truth {
    planted: BTreeMap<String, BTreeSet<usize>>,
    partners: BTreeMap<String, BTreeSet<usize>>,
}

impl Truth {
    fn read(path: &Path, frame: &BTreeMap<Code, usize>) -> Result<Self> {
        let failed = |reason: String| Refusal::new("quality_truth").with("file", path.display()).with("reason", reason);
        let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
        let rows = ParquetReader::new(file).finish().map_err(|error| failed(error.to_string()))?;
        let known: BTreeSet<usize> = frame.values().copied().collect();
        let column = |name: &str| rows.column(name).map_err(|error| failed(error.to_string()));
        let (classes, signals, roles) = (column("class")?, column("signal")?, column("role")?);
        let (classes, signals, roles) = (classes.u32(), signals.str(), roles.str());
        let (Ok(classes), Ok(signals), Ok(roles)) = (classes, signals, roles) else { return Err(failed("class, signal, role".to_owned())) };
        let mut truth = Self { planted: BTreeMap::new(), partners: BTreeMap::new() };
        for ((class, signal), role) in classes.iter().zip(signals.iter()).zip(roles.iter()) {
            let class = class.and_then(|class| usize::try_from(class).ok()).filter(|class| known.contains(class));
            let (Some(class), Some(signal)) = (class, signal) else { return Err(failed("a class that is not in the frame".to_owned())) };
            let side = if role == Some("partner") { &mut truth.partners } else { &mut truth.planted };
            side.entry(signal.to_owned()).or_default().insert(class);
        }
        Ok(truth)
    }

    fn of<'a>(side: &'a BTreeMap<String, BTreeSet<usize>>, signal: &str) -> Option<&'a BTreeSet<usize>> {
        side.get(signal)
    }
}

fn of_signal(of: &crate::scoring::scorecard::Signal, values: &Signal, frame: &BTreeMap<Code, usize>, truth: &Truth) -> SignalQuality {
    let is_in = |side: &BTreeMap<String, BTreeSet<usize>>, class: usize| Truth::of(side, &of.id).is_some_and(|classes| classes.contains(&class));
    let (mut planted, mut innocent, mut partners) = (Vec::new(), Vec::new(), 0);
    for &class in frame.values() {
        let value = values.permille.get(class).copied().flatten().map(i64::from);
        match (is_in(&truth.planted, class), is_in(&truth.partners, class)) {
            (true, _) => planted.push(value),
            (false, true) => partners += 1,
            (false, false) => innocent.push(value),
        }
    }
    let rank = |value: &Option<i64>, hit: bool| (value.unwrap_or(-1), hit);
    let ranked: Vec<Ranked> = planted.iter().map(|v| rank(v, true)).chain(innocent.iter().map(|v| rank(v, false))).collect();
    SignalQuality { signal: of.id.clone(), planted: side(of, &planted), innocent: side(of, &innocent), partners, auc: auc(&ranked) }
}

fn side(of: &crate::scoring::scorecard::Signal, values: &[Option<i64>]) -> Side {
    let least = of.points(Some(0));
    let count = |is: &dyn Fn(&Option<i64>) -> bool| values.iter().filter(|value| is(value)).count() as u128;
    let all = values.len() as u128;
    let known = count(&|value| value.is_some());
    let sum: i64 = values.iter().flatten().sum();
    Side {
        classes: values.len(),
        missing: Fraction::new(all - known, all),
        above_zero: Fraction::new(count(&|value| value.is_some_and(|value| value > 0)), all),
        given_points: Fraction::new(count(&|value| value.is_some() && of.points(*value) > least), all),
        mean_permille: Fraction::new(u128::try_from(sum).unwrap_or(0), 1000 * known),
    }
}

fn of_target(target: Target, card: &Scorecard, scores: &Scores, frame: &BTreeMap<Code, usize>, truth: &Truth, capacities: &[usize]) -> TargetQuality {
    let wanted: BTreeSet<usize> = truth.planted.iter().filter(|(signal, _)| target.is_of(signal)).flat_map(|(_, classes)| classes).copied().collect();
    let is_hit = |unit: &Scored| frame.get(&unit.unit).is_some_and(|class| wanted.contains(class));
    let ranked: Vec<Ranked> = scores.units.iter().map(|unit| (unit.score, is_hit(unit))).collect();
    let hits = ranked.iter().filter(|(_, hit)| *hit).count();
    let base_rate = Fraction::new(hits as u128, ranked.len() as u128);
    let at = |capacity: &usize| {
        let precision = precision_at(&ranked, *capacity);
        At { capacity: *capacity, precision, recall: recall_at(&ranked, *capacity), lift: precision.times(base_rate) }
    };
    let band = |band: char| {
        let of_band = || scores.units.iter().filter(move |unit| unit.band == band);
        Band { band, classes: of_band().count(), hits: of_band().filter(|unit| is_hit(unit)).count() }
    };
    let alone = |(place, signal): (usize, &crate::scoring::scorecard::Signal)| {
        let value = |unit: &Scored| unit.contributions.get(place).and_then(|part| part.permille).unwrap_or(0);
        let ranked: Vec<Ranked> = scores.units.iter().map(|unit| (value(unit), is_hit(unit))).collect();
        let lift = capacities.iter().map(|capacity| precision_at(&ranked, *capacity).times(base_rate)).collect();
        Alone { signal: signal.id.clone(), auc: auc(&ranked), lift }
    };
    TargetQuality {
        target,
        classes: hits,
        base_rate,
        auc: auc(&ranked),
        weighted_rate: weighted_rate(&scores.units.iter().map(|unit| (unit.size, is_hit(unit))).collect::<Vec<_>>()),
        at: capacities.iter().map(at).collect(),
        bands: ['A', 'B', 'C', 'D'].map(band).to_vec(),
        alone: card.signals.iter().enumerate().map(alone).collect(),
    }
}
