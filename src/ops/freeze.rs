//! Freezes a week: frame, roster and plan are fixed and the plan enters the log.

use super::frame::{KnownClass, gather, require_classes};
use super::{LogWriter, Office};
use crate::canon::json::to_record;
use crate::canon::{Code, Date, DrawKind, Hash, NamedDraw, Refusal, Result, Secret, Text, Time, Week};
use crate::draw::frame::{facts_hash, facts_salt};
use crate::draw::plan::{FrameDigest, Model, Reporting, Teams};
use crate::draw::{DrawPlan, Frame, InspectorRoster, PROTOCOL, Unit, allocate};
use crate::scoring::{Scorecard, Scored, Scores, score};
use crate::store::ceremony::{DrawKey, StoredPlan};
use crate::store::{self};
use crate::tlog::{Act, DrawRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person decides about a draw: `plan.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// `weekly`, or `special-N`, which may have other parties and another window.
    #[serde(default = "weekly")]
    pub kind: DrawKind,
    #[serde(default)]
    pub parties: Option<Vec<Code>>,
    #[serde(default)]
    pub window: Option<(Date, Date)>,
    pub visits: u64,
    #[serde(default = "one")]
    pub min_per_stratum: u64,
    #[serde(default = "one")]
    pub reserves_per_stratum: u64,
    /// How many must-visit classes there may be; those named below where it is left out.
    pub certain_limit: Option<u64>,
    pub title: Option<String>,
    pub teams: Teams,
    pub entropy: EntropyChoice,
    pub inspectors: Inspectors,
    #[serde(default)]
    pub recusals: Vec<Recusal>,
    #[serde(default)]
    pub certain: Vec<Certain>,
}

fn one() -> u64 {
    1
}

fn weekly() -> DrawKind {
    DrawKind::Weekly
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntropyChoice {
    pub source: String,
    pub draw: String,
    pub after: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspectors {
    pub bureau: Vec<String>,
    #[serde(default)]
    pub discipline: Vec<String>,
}

/// An inspector who may not go to one class, or to any class of one institution.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recusal {
    pub inspector: String,
    pub unit: Option<String>,
    pub institution: Option<String>,
}

/// A class that must be visited, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certain {
    pub unit: String,
    pub reason: String,
}

impl PlanFile {
    /// The days to be visited: those named, else the week after the one reported.
    fn window(&self, week: Week) -> (Date, Date) {
        self.window.unwrap_or((week.next().monday(), week.next().sunday()))
    }

    /// Who takes part: those named, else bureau and discipline group.
    fn parties(&self) -> Result<Vec<Code>> {
        let mut parties = match &self.parties {
            Some(parties) => parties.clone(),
            None => vec![Code::parse("bureau")?, Code::parse("discipline")?],
        };
        parties.sort();
        Ok(parties)
    }

    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Refusal::new("plan_file").with("line", line).with("reason", error.message())
        })
    }
}

/// What a freeze gave.
pub struct Frozen {
    pub plan: DrawPlan,
    pub hash: Hash,
    pub is_new: bool,
    pub left_out: usize,
    /// The plan's act, which the parties take along.
    pub slip: Vec<u8>,
}

/// Freezes the week reported; its draw is for the week after.
///
/// Frame and facts are computed inside the transaction that also writes the plan's leaf, so nothing can be received
/// between the look and the freeze.
pub async fn freeze_frame(office: &Office, week: Week, file: &PlanFile) -> Result<Frozen> {
    let (frame_key, facts_key) = (office.chance.secret()?, office.chance.secret()?);
    let is_demonstration = office.is_demonstration().await?;
    let input = Hash::of(&to_record(file));
    let mut key = DrawKey { kind: file.kind, period: week.next(), attempt: 1 };
    let mut transaction = office.store.begin().await?;
    if let Some(stored) = store::ceremony::find_plan(&mut transaction, key.kind, key.period).await? {
        if store::ceremony::find_void(&mut transaction, stored.key).await?.is_some() {
            key.attempt = stored.key.attempt + 1;
        } else if stored.input != input {
            return Err(Refusal::new("freeze_other").with("week", week).with("plan", stored.hash));
        } else {
            let plan = read_plan(&stored)?;
            let left_out: Vec<String> = serde_json::from_str(&stored.left_out).unwrap_or_default();
            let slip = super::ceremony::plan_act(&stored, &plan).to_record();
            return Ok(Frozen { plan, hash: stored.hash, is_new: false, left_out: left_out.len(), slip });
        }
    }
    let frozen_at = office.clock.now();
    if let Some(deadline) = office.deadline(week).filter(|deadline| frozen_at < *deadline) {
        return Err(Refusal::new("freeze_before_deadline").with("week", week).with("deadline", deadline));
    }
    let scorecard = super::model::in_force(&mut transaction, frozen_at.date()).await?;
    let known = gather(office, &mut transaction, week, file.window(week), frozen_at, None).await?;
    require_classes(&known, week)?;
    let scores = score(&known.tables, &scorecard)?;
    let mut log = LogWriter::load(office, &mut transaction).await?;
    let reporting: Vec<Reporting> = known
        .taken
        .iter()
        .map(|(county, taken)| {
            let logged = taken.as_ref().and_then(|s| log.history().submissions.iter().find(|logged| logged.index as u64 == s.leaf_index));
            Reporting { county: county.clone(), submission: logged.map(|logged| logged.leaf_hash) }
        })
        .collect();
    let (frame, facts) = build_frame(&known.in_frame, &scores, file, &facts_key)?;
    let roster = build_roster(file, &known.in_frame)?;
    let plan = build_plan(key, file, &frame, &frame_key, &roster, &scorecard, reporting, frozen_at, is_demonstration)?;
    plan.check()?;
    plan.check_against(&frame, &frame_key, &roster)?;
    let hash = plan.hash();
    let draw = DrawRef { kind: key.kind, period: key.period, attempt: key.attempt, plan: hash };
    let act = Act::Plan { draw, entropy: plan.entropy.clone(), frozen_at, parties: plan.parties.clone(), window: plan.window };
    let leaf_index = log.append(&mut transaction, act).await?;
    let left_out: Vec<&Code> = known.left_out.iter().map(|class| &class.unit).collect();
    let stored = StoredPlan {
        key,
        hash,
        input,
        record: text(to_record(&plan)),
        roster: text(to_record(&roster)),
        frame: text(frame.to_bytes()),
        frame_key,
        facts_key,
        facts,
        left_out: text(to_record(&left_out)),
        leaf_index,
    };
    store::ceremony::add_plan(&mut transaction, &stored, &plan.parties).await?;
    transaction.commit().await.map_err(store::failed)?;
    let slip = super::ceremony::plan_act(&stored, &plan).to_record();
    Ok(Frozen { plan, hash, is_new: true, left_out: known.left_out.len(), slip })
}

/// The plan as it was frozen.
pub fn read_plan(stored: &StoredPlan) -> Result<DrawPlan> {
    crate::canon::json::parse_record("plan.json", stored.record.as_bytes())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// One frame unit per class, and the facts records, one per line, in frame order.
fn build_frame(classes: &[KnownClass], scores: &Scores, file: &PlanFile, facts_key: &Secret) -> Result<(Frame, String)> {
    let certain: BTreeMap<&str, &str> = file.certain.iter().map(|c| (c.unit.as_str(), c.reason.as_str())).collect();
    if let Some(unknown) = certain.keys().find(|unit| !classes.iter().any(|class| class.unit.as_str() == **unit)) {
        return Err(Refusal::new("certain_unknown_unit").with("unit", unknown));
    }
    let by_unit: BTreeMap<&Code, &Scored> = scores.units.iter().map(|scored| (&scored.unit, scored)).collect();
    let mut units = Vec::with_capacity(classes.len());
    let mut facts = String::new();
    for class in classes {
        let scored = by_unit.get(&class.unit).ok_or_else(|| Refusal::new("score_missing").with("unit", &class.unit))?;
        let reason = certain.get(class.unit.as_str()).copied();
        let record = facts_record(class, scored, scores, reason);
        units.push(Unit {
            unit: class.unit.clone(),
            stratum: class.stratum.clone(),
            size: scored.size,
            certain: reason.is_some(),
            facts: facts_hash(&facts_salt(facts_key, &class.unit), &record),
        });
        facts.push_str(&text(record));
        facts.push('\n');
    }
    Ok((Frame::new(units)?, facts))
}

/// All that was known of a class at the freeze, so that its size can be computed again.
#[derive(Serialize)]
struct FactsRecord<'a> {
    certain_reason: Option<&'a str>,
    contributions: Vec<FactsContribution<'a>>,
    county: &'a Code,
    first_seen: Week,
    flags: Vec<super::frame::Flag>,
    lambda_permille: i64,
    last_seen: Week,
    ledger_row: BTreeMap<String, serde_json::Value>,
    lessons: usize,
    money_permille: i64,
    score: i64,
    score_sum: i64,
    size: u64,
    unit: &'a Code,
    units: i64,
}

#[derive(Serialize)]
struct FactsContribution<'a> {
    permille: Option<i64>,
    points: i64,
    signal: &'a str,
}

fn facts_record(class: &KnownClass, scored: &Scored, scores: &Scores, certain_reason: Option<&str>) -> Vec<u8> {
    let row = serde_json::to_value(&class.row).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
    to_record(&FactsRecord {
        certain_reason,
        contributions: scored.contributions.iter().map(|c| FactsContribution { permille: c.permille, points: c.points, signal: &c.signal }).collect(),
        county: &class.county,
        first_seen: class.first_seen,
        flags: class.flags.iter().copied().collect(),
        lambda_permille: scores.lambda_permille,
        last_seen: class.last_seen,
        ledger_row: row.into_iter().collect(),
        lessons: class.lessons.len(),
        money_permille: scored.money_permille,
        score: scored.score,
        score_sum: scores.sum_scores,
        size: scored.size,
        unit: &class.unit,
        units: scores.count,
    })
}

/// Codes of the inspectors, sorted; recusals of institutions spelled out as their classes in the frame.
fn build_roster(file: &PlanFile, classes: &[KnownClass]) -> Result<InspectorRoster> {
    let codes = |list: &[String]| {
        let mut codes = list.iter().map(|code| Code::parse(code)).collect::<Result<Vec<_>>>()?;
        codes.sort();
        Ok(codes)
    };
    let mut recusals = Vec::new();
    for recusal in &file.recusals {
        let inspector = Code::parse(&recusal.inspector)?;
        let before = recusals.len();
        match (&recusal.unit, &recusal.institution) {
            (Some(unit), None) => recusals.push((inspector.clone(), Code::parse(unit)?)),
            (None, Some(institution)) => {
                let name = super::receive::squeeze(institution);
                let theirs = classes.iter().filter(|c| c.row.institution.as_deref().is_some_and(|i| super::receive::squeeze(i) == name));
                recusals.extend(theirs.map(|class| (inspector.clone(), class.unit.clone())));
            }
            _ => return Err(Refusal::new("recusal_form").with("inspector", inspector)),
        }
        if recusals.len() == before {
            return Err(Refusal::new("recusal_nothing")
                .with("inspector", &recusal.inspector)
                .with("institution", recusal.institution.as_deref().unwrap_or_default()));
        }
    }
    recusals.sort();
    recusals.dedup();
    Ok(InspectorRoster { bureau: codes(&file.inspectors.bureau)?, discipline: codes(&file.inspectors.discipline)?, recusals })
}

#[allow(clippy::too_many_arguments)] // a plan is exactly the meeting point of all of these
fn build_plan(
    key: DrawKey,
    file: &PlanFile,
    frame: &Frame,
    frame_key: &Secret,
    roster: &InspectorRoster,
    scorecard: &Scorecard,
    reporting: Vec<Reporting>,
    frozen_at: Time,
    is_demonstration: bool,
) -> Result<DrawPlan> {
    let period = key.period;
    let default_title = match key.kind {
        DrawKind::Weekly => format!("焦作市{}年第{}周补贴性职业培训随机抽查", period.year, period.number),
        DrawKind::Special(number) => format!("焦作市{}年第{number}次补贴性职业培训专项抽查", period.year),
    };
    let mut title = file.title.clone().unwrap_or(default_title);
    if is_demonstration {
        title.push_str("（演示）");
    }
    Ok(DrawPlan {
        attempt: key.attempt,
        certain_limit: file.certain_limit.unwrap_or_else(|| frame.certain_count()),
        entropy: NamedDraw { after: Time::parse(&file.entropy.after)?, draw: file.entropy.draw.clone(), source: file.entropy.source.clone() },
        frame: FrameDigest { root: frame.root(frame_key), units: frame.units().len() as u64 },
        frozen_at,
        kind: key.kind,
        min_per_stratum: file.min_per_stratum,
        model: Model { name: scorecard.name.clone(), sha256: scorecard.hash() },
        parties: file.parties()?,
        period,
        protocol: PROTOCOL.to_owned(),
        reporting,
        reserves_per_stratum: file.reserves_per_stratum,
        roster: Hash::of(&to_record(roster)),
        strata: allocate(frame, file.visits, file.min_per_stratum)?,
        teams: file.teams.clone(),
        title: Text::parse(&title)?,
        visits: file.visits,
        window: file.window(period.previous()),
    })
}
