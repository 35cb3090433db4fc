//! The ceremony as it stands, for those who hold it: whose step is next, who has done what, and the draw as a picture.

use super::Office;
use super::ceremony::{DrawName, plan_act};
use super::change::DrawnList;
use super::pending::Pending;
use crate::bundle::history::History;
use crate::canon::{Code, Hash, Result, TaggedHash, Time, Week};
use crate::draw::rng::Rng;
use crate::draw::{DrawPlan, Frame, select};
use crate::store::ceremony::{DrawKey, PartyValue};
use crate::store::{self};
use std::collections::BTreeMap;

/// The ceremony of a week reported.
pub struct Hall {
    pub week: Week,
    pub now: Time,
    pub deadline: Option<Time>,
    /// `open`, `frozen`, `committed`, `entropy`, `revealed`, `drawn`, `published`, `voided`.
    pub state: &'static str,
    /// The parties' keys in force, whatever week it is.
    pub keys: BTreeMap<String, Hash>,
    pub frozen: Option<FrozenWeek>,
}

/// The newest attempt, once frozen.
pub struct FrozenWeek {
    pub plan: DrawPlan,
    pub hash: Hash,
    /// The plan's act: what the parties' acts name the draw by.
    pub slip: String,
    pub parties: Vec<PartyDone>,
    pub entropy: Option<(String, Time)>,
    pub drawn_at: Option<Time>,
    pub void: Option<String>,
    pub published_at: Option<Time>,
    pub left_out: usize,
    pub pending: Vec<Pending>,
}

/// What one party has done, and when.
pub struct PartyDone {
    pub party: String,
    pub commitment: Option<(String, Time)>,
    pub revealed_at: Option<Time>,
    /// Its nonce, shown once every party has revealed: before that it could still sway the last.
    pub nonce: Option<String>,
    /// Who revealed, where it wasn't the party itself.
    pub keeper: Option<String>,
}

impl Hall {
    pub fn party(&self, party: &str) -> Option<&PartyDone> {
        self.frozen.as_ref()?.parties.iter().find(|done| done.party == party)
    }
}

/// The week whose ceremony is at hand: the one before as long as it isn't drawn, else this one.
pub async fn current_week(office: &Office) -> Result<Week> {
    let this = office.clock.now().date().week();
    let mut connection = office.store.read().await?;
    let before = store::ceremony::find_plan(&mut connection, crate::canon::DrawKind::Weekly, this).await?;
    let now = store::ceremony::find_plan(&mut connection, crate::canon::DrawKind::Weekly, this.next()).await?;
    let is_due = office.deadline(this).is_some_and(|deadline| office.clock.now() >= deadline);
    match before {
        Some(plan) if now.is_none() => {
            let is_void = store::ceremony::find_void(&mut connection, plan.key).await?.is_some();
            let is_drawn = store::ceremony::find_drawn(&mut connection, plan.key).await?.is_some();
            Ok(if is_due && (is_drawn || is_void) { this } else { this.previous() })
        }
        _ => Ok(this),
    }
}

/// The ceremony of a draw as it stands.
pub async fn hall(office: &Office, name: DrawName) -> Result<Hall> {
    let mut connection = office.store.read().await?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let data: Vec<&[u8]> = leaves.iter().map(String::as_bytes).collect();
    let history = History::read(&data)?;
    let parties = ["bureau", "discipline"];
    let keys = parties.iter().filter_map(|party| Some(((*party).to_owned(), *history.keys.key_of(&Code::parse(party).ok()?)?))).collect();
    let stored = store::ceremony::find_plan(&mut connection, name.kind, name.period()).await?;
    drop(connection);
    let frozen = match stored {
        Some(stored) => Some(frozen_week(office, name, &history, stored.key).await?),
        None => None,
    };
    Ok(Hall {
        week: name.week,
        now: office.clock.now(),
        deadline: office.deadline(name.week),
        state: frozen.as_ref().map_or("open", state),
        keys,
        frozen,
    })
}

async fn frozen_week(office: &Office, name: DrawName, history: &History, key: DrawKey) -> Result<FrozenWeek> {
    let pending = super::pending::list(office, name).await?;
    let mut connection = office.store.read().await?;
    let (stored, plan) = super::ceremony::get_plan(&mut connection, name).await?;
    let attempts = history.draws.get(&(key.kind, key.period));
    let attempt = attempts.into_iter().flatten().find(|attempt| attempt.draw.plan == stored.hash);
    let at = |index: usize| history.times.get(index).copied();
    let commitments = store::ceremony::list_commitments(&mut connection, key).await?;
    let reveals = store::ceremony::list_reveals(&mut connection, key).await?;
    let is_revealed = reveals.len() == plan.parties.len();
    let time_of = |value: &PartyValue| usize::try_from(value.leaf_index).ok().and_then(at);
    let done = |party: &Code| {
        let reveal = reveals.get(party.as_str());
        let logged = attempt.and_then(|attempt| attempt.reveals.get(party));
        PartyDone {
            party: party.to_string(),
            commitment: commitments.get(party.as_str()).and_then(|value| Some((value.value.clone(), time_of(value)?))),
            revealed_at: reveal.and_then(time_of),
            nonce: reveal.filter(|_| is_revealed).map(|value| value.value.clone()),
            keeper: logged.filter(|reveal| reveal.from != *party).map(|reveal| reveal.from.to_string()),
        }
    };
    let left_out: Vec<String> = serde_json::from_str(&stored.left_out).unwrap_or_default();
    Ok(FrozenWeek {
        parties: plan.parties.iter().map(done).collect(),
        entropy: attempt.and_then(|attempt| attempt.entropy.clone()).and_then(|(index, text)| Some((text, at(index)?))),
        drawn_at: attempt.and_then(|attempt| attempt.drawn).and_then(|(index, _)| at(index)),
        published_at: attempt.and_then(|attempt| attempt.publication).and_then(|(index, _)| at(index)),
        void: store::ceremony::find_void(&mut connection, key).await?,
        slip: String::from_utf8(plan_act(&stored, &plan).to_record()).unwrap_or_default(),
        hash: stored.hash,
        left_out: left_out.len(),
        plan,
        pending,
    })
}

fn state(week: &FrozenWeek) -> &'static str {
    let all = |done: fn(&PartyDone) -> bool| week.parties.iter().all(done);
    if week.published_at.is_some() {
        "published"
    } else if week.void.is_some() {
        "voided"
    } else if week.drawn_at.is_some() {
        "drawn"
    } else if all(|party| party.revealed_at.is_some()) {
        "revealed"
    } else if week.entropy.is_some() {
        "entropy"
    } else if all(|party| party.commitment.is_some()) {
        "committed"
    } else {
        "frozen"
    }
}

/// A draw as a picture: one comb per stratum.
pub struct Wall {
    pub seed: Hash,
    pub combs: Vec<Comb>,
}

/// A comb over the units of one stratum: each unit as long as its size times the number of teeth, a tooth every
/// `interval` from `start` on.
pub struct Comb {
    pub stratum: Code,
    /// The stratum's name, where it is a county.
    pub name_zh: String,
    pub name_en: String,
    pub start: Option<u64>,
    pub interval: u64,
    pub teeth: Vec<u64>,
    pub length: u64,
    pub units: Vec<Segment>,
    /// Visited for certain: named beforehand, or so large that a tooth hits them anyway.
    pub certain: Vec<Code>,
}

pub struct Segment {
    pub unit: Code,
    pub from: u64,
    pub to: u64,
    pub is_hit: bool,
}

/// The picture of a draw, computed again from its seed.
pub async fn wall(office: &Office, name: DrawName) -> Result<Wall> {
    let mut connection = office.store.read().await?;
    let list = DrawnList::find(&mut connection, name).await?;
    let counties = store::unit::list_reporting_units(&mut connection).await?;
    let frame = Frame::parse(list.stored.frame.as_bytes())?;
    let transcript = &list.transcript;
    let mut combs = Vec::new();
    for (planned, drawn) in list.plan.strata.iter().zip(&transcript.strata) {
        let members = frame.members(&drawn.stratum).unwrap_or_default();
        let key = TaggedHash::new("stratum").fixed(&transcript.seed.0).lp(drawn.stratum.as_str().as_bytes()).end();
        let mut from = 0;
        let laid_out = select::layout(&frame, members, planned.visits, &mut Rng::new(key));
        let segment = |index: usize| {
            let unit = &frame.units()[index];
            let to = from + drawn.points.max(1) * unit.size;
            let segment = Segment { unit: unit.unit.clone(), from, to, is_hit: drawn.selected.contains(&unit.unit) };
            from = to;
            segment
        };
        let units: Vec<Segment> = laid_out.into_iter().map(segment).collect();
        let county = counties.iter().find(|county| county.county == drawn.stratum);
        let teeth = drawn.start.map(|start| (0..drawn.points).map(|tooth| start + tooth * drawn.interval).collect());
        combs.push(Comb {
            name_zh: county.map_or_else(|| drawn.stratum.to_string(), |county| county.name_zh.clone()),
            name_en: county.map_or_else(|| drawn.stratum.to_string(), |county| county.name_en.clone()),
            stratum: drawn.stratum.clone(),
            start: drawn.start,
            interval: drawn.interval,
            teeth: teeth.unwrap_or_default(),
            length: units.last().map_or(0, |last| last.to),
            units,
            certain: drawn.certain.clone(),
        });
    }
    Ok(Wall { seed: transcript.seed, combs })
}
