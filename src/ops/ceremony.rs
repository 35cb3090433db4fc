//! The ceremony: signed acts of the parties, in the order that the log and the database both enforce, then the draw.

use super::{LogWriter, Office};
use crate::bundle::beacon;
use crate::canon::json::{parse_record, to_record};
use crate::canon::{Code, DrawKind, Hash, Refusal, Result, Secret, Week};
use crate::draw::{DrawPlan, Frame, InspectorRoster, Transcript, commitment, run, seed};
use crate::store::ceremony::{DrawKey, Drawn, StoredPlan};
use crate::store::{self};
use crate::tlog::{Act, DrawRef, Leaf, SignedAct, leaf};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// Which draw a person means: that of a week reported, or a special one in the week after it; its newest attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawName {
    pub week: Week,
    pub kind: DrawKind,
}

impl DrawName {
    pub fn weekly(week: Week) -> Self {
        Self { week, kind: DrawKind::Weekly }
    }

    pub fn period(self) -> Week {
        self.week.next()
    }
}

/// The newest attempt at a draw, which must have been frozen.
pub async fn get_plan(connection: &mut AnyConnection, name: DrawName) -> Result<(StoredPlan, DrawPlan)> {
    let stored = store::ceremony::find_plan(connection, name.kind, name.period()).await?;
    let stored = stored.ok_or_else(|| Refusal::new("not_frozen").with("week", name.week))?;
    let plan = super::freeze::read_plan(&stored)?;
    Ok((stored, plan))
}

/// The attempt that an act names, whatever week it is.
pub(super) async fn get_named(connection: &mut AnyConnection, draw: &DrawRef) -> Result<(StoredPlan, DrawPlan)> {
    let key = DrawKey { kind: draw.kind, period: draw.period, attempt: draw.attempt };
    let stored = store::ceremony::find_attempt(connection, key).await?;
    let stored = stored.filter(|stored| stored.hash == draw.plan).ok_or_else(|| Refusal::new("log_no_plan").with("plan", draw.plan))?;
    let plan = super::freeze::read_plan(&stored)?;
    Ok((stored, plan))
}

pub fn reference(stored: &StoredPlan) -> DrawRef {
    let DrawKey { kind, period, attempt } = stored.key;
    DrawRef { kind, period, attempt, plan: stored.hash }
}

/// The act that names a draw to the parties: they take it along to make their own acts with.
pub fn plan_act(stored: &StoredPlan, plan: &DrawPlan) -> Act {
    let DrawPlan { entropy, frozen_at, parties, window, .. } = plan.clone();
    Act::Plan { draw: reference(stored), entropy, frozen_at, parties, window }
}

pub(super) fn check_party(plan: &DrawPlan, party: &Code) -> Result<()> {
    if plan.parties.contains(party) {
        return Ok(());
    }
    let parties: Vec<&str> = plan.parties.iter().map(Code::as_str).collect();
    Err(Refusal::new("party_unknown").with("party", party).with("parties", parties.join(", ")))
}

/// Enters a signed act into the log. Answers whether it is new.
pub async fn enter(office: &Office, signed: SignedAct) -> Result<bool> {
    let mut transaction = office.store.begin().await?;
    let is_new = enter_within(office, &mut transaction, &signed).await?;
    // Before this commit neither the act nor its leaf is there; after it, both.
    transaction.commit().await.map_err(store::failed)?;
    Ok(is_new)
}

pub(super) async fn enter_within(office: &Office, connection: &mut AnyConnection, signed: &SignedAct) -> Result<bool> {
    match &signed.act {
        Act::Key { .. } => enter_key(office, connection, signed).await,
        Act::Commitment { draw, party, value } => enter_commitment(office, connection, signed, draw, party, value).await,
        Act::Entropy { draw, text } => enter_entropy(office, connection, signed, draw, text).await,
        Act::Reveal { draw, party, .. } => enter_reveal(office, connection, signed, draw, party).await,
        Act::Void { draw, reason } => enter_void(office, connection, signed, draw, reason.as_str()).await,
        Act::Substitution { draw, .. } | Act::Borrowed { draw, .. } => super::change::enter(office, connection, signed, draw).await,
        act => Err(Refusal::new("act_unsigned").with("act", format!("@act_{}", act.kind()))),
    }
}

/// Loads the log and appends the act, which the log's rules and its signatures must allow.
pub(super) async fn append(office: &Office, connection: &mut AnyConnection, signed: &SignedAct) -> Result<u64> {
    let mut log = LogWriter::load(office, connection).await?;
    log.append_signed(connection, signed.act.clone(), signed.signatures.clone()).await
}

/// Registers a party's key, its first or a further one.
async fn enter_key(office: &Office, connection: &mut AnyConnection, signed: &SignedAct) -> Result<bool> {
    let Act::Key { party, value } = &signed.act else { return Ok(false) };
    let mut log = LogWriter::load(office, connection).await?;
    if log.history().keys.key_of(party) == Some(value) {
        return Ok(false);
    }
    super::witness::refuse_taken(office, connection, value).await?;
    log.append_signed(connection, signed.act.clone(), signed.signatures.clone()).await?;
    Ok(true)
}

async fn enter_commitment(
    office: &Office,
    connection: &mut AnyConnection,
    signed: &SignedAct,
    draw: &DrawRef,
    party: &Code,
    value: &Hash,
) -> Result<bool> {
    let (stored, plan) = get_named(connection, draw).await?;
    check_party(&plan, party)?;
    if let Some(known) = store::ceremony::list_commitments(connection, stored.key).await?.get(party.as_str()) {
        if known.value == value.to_string() {
            return Ok(false);
        }
        return Err(Refusal::new("commit_other").with("party", party).with("expected", &known.value));
    }
    let now = office.clock.now();
    if now >= plan.entropy.after {
        return Err(Refusal::new("commit_late").with("after", plan.entropy.after).with("now", now));
    }
    let index = append(office, connection, signed).await?;
    store::ceremony::add_commitment(connection, stored.key, party.as_str(), value, index).await?;
    Ok(true)
}

/// Enters the public value that every party typed in by itself and signed.
async fn enter_entropy(office: &Office, connection: &mut AnyConnection, signed: &SignedAct, draw: &DrawRef, text: &str) -> Result<bool> {
    let Some(key) = check_entropy(office, connection, draw, text).await? else { return Ok(false) };
    let index = append(office, connection, signed).await?;
    store::ceremony::add_entropy(connection, key, text, index).await?;
    // From here on the attempt goes on to its draw: a void signed before and set aside is used no more.
    store::pending::clear(connection, key, "void").await?;
    Ok(true)
}

/// Whether a public value may be entered now, but for its signatures; none where it is entered already.
pub(super) async fn check_entropy(office: &Office, connection: &mut AnyConnection, draw: &DrawRef, text: &str) -> Result<Option<DrawKey>> {
    let (stored, plan) = get_named(connection, draw).await?;
    let named = &plan.entropy;
    crate::canon::entropy::check_text(text, &named.source, &named.draw)?;
    if let Some(known) = store::ceremony::find_entropy(connection, stored.key).await? {
        return if known == text { Ok(None) } else { Err(Refusal::new("entropy_other").with("expected", known).with("found", text)) };
    }
    let commitments = store::ceremony::list_commitments(connection, stored.key).await?;
    refuse_missing("entropy_before_commitments", &plan, &commitments)?;
    let now = office.clock.now();
    if now < named.after {
        return Err(Refusal::new("entropy_early").with("after", named.after).with("now", now));
    }
    let signature = text.rsplit('/').next().unwrap_or_default();
    if named.source == "drand" && beacon::check(&named.draw, signature) == Some(false) {
        return Err(Refusal::new("entropy_beacon").with("round", &named.draw));
    }
    Ok(Some(stored.key))
}

fn refuse_missing<T>(code: &'static str, plan: &DrawPlan, have: &BTreeMap<String, T>) -> Result<()> {
    let missing: Vec<&str> = plan.parties.iter().map(Code::as_str).filter(|party| !have.contains_key(*party)).collect();
    if missing.is_empty() { Ok(()) } else { Err(Refusal::new(code).with("parties", missing.join(", "))) }
}

/// Takes a party's nonce, from the party or from its envelope, held against its commitment.
async fn enter_reveal(office: &Office, connection: &mut AnyConnection, signed: &SignedAct, draw: &DrawRef, party: &Code) -> Result<bool> {
    let (stored, plan) = get_named(connection, draw).await?;
    check_party(&plan, party)?;
    let nonce = Secret::parse(signed.text())?;
    let commitments = store::ceremony::list_commitments(connection, stored.key).await?;
    let committed = commitments.get(party.as_str()).ok_or_else(|| Refusal::new("reveal_without_commitment").with("party", party))?;
    let computed = commitment(&stored.hash, party, &nonce);
    if committed.value != computed.to_string() {
        return Err(Refusal::new("reveal_differs").with("party", party).with("expected", &committed.value).with("found", computed));
    }
    if store::ceremony::list_reveals(connection, stored.key).await?.contains_key(party.as_str()) {
        return Ok(false);
    }
    if store::ceremony::find_entropy(connection, stored.key).await?.is_none() {
        return Err(Refusal::new("reveal_before_entropy").with("draw", format!("{} {}", plan.entropy.source, plan.entropy.draw)));
    }
    let salt = signed.opening.as_ref().map(|opening| Secret(opening.salt.0)).ok_or_else(|| Refusal::new("act_opening").with("act", "@act_reveal"))?;
    let index = append(office, connection, signed).await?;
    store::ceremony::add_reveal(connection, stored.key, party.as_str(), &nonce, &salt, index).await?;
    Ok(true)
}

/// Voids an attempt, with its reason, so that another may be planned. The attempt itself stays as it is.
async fn enter_void(office: &Office, connection: &mut AnyConnection, signed: &SignedAct, draw: &DrawRef, reason: &str) -> Result<bool> {
    let Some(key) = check_void(connection, draw, reason).await? else { return Ok(false) };
    let index = append(office, connection, signed).await?;
    store::ceremony::add_void(connection, key, reason, index).await?;
    Ok(true)
}

/// Whether an attempt may be voided now, but for the signatures; none where it is voided already.
pub(super) async fn check_void(connection: &mut AnyConnection, draw: &DrawRef, reason: &str) -> Result<Option<DrawKey>> {
    let (stored, _) = get_named(connection, draw).await?;
    if let Some(known) = store::ceremony::find_void(connection, stored.key).await? {
        return if known == reason { Ok(None) } else { Err(Refusal::new("void_other").with("expected", known)) };
    }
    let is_known = store::ceremony::find_entropy(connection, stored.key).await?.is_some();
    if is_known && store::ceremony::find_drawn(connection, stored.key).await?.is_none() {
        return Err(Refusal::new("void_between"));
    }
    Ok(Some(stored.key))
}

/// Holds a stored list against the hash under which it was sealed in the log: the database may have been edited.
pub(super) async fn check_drawn(connection: &mut AnyConnection, drawn: &Drawn) -> Result<()> {
    let data = store::log::find_leaf(connection, drawn.leaf_index).await?;
    let sealed = data.and_then(|data| Leaf::parse(data.as_bytes()).ok()).and_then(|leaf| leaf.act.sealed());
    if sealed == Some(leaf::seal(&Secret::parse(&drawn.salt)?, drawn.transcript.as_bytes())) {
        return Ok(());
    }
    Err(Refusal::new("drawn_altered").with("leaf", drawn.leaf_index))
}

/// Runs the draw once everything is revealed. Answers the transcript and whether it was drawn now.
pub async fn run_draw(office: &Office, name: DrawName) -> Result<(Transcript, bool)> {
    let salt = office.chance.secret()?;
    let mut transaction = office.store.begin().await?;
    let (stored, plan) = get_plan(&mut transaction, name).await?;
    if let Some(drawn) = store::ceremony::find_drawn(&mut transaction, stored.key).await? {
        check_drawn(&mut transaction, &drawn).await?;
        let transcript = parse_record("transcript.json", drawn.transcript.as_bytes())?;
        return Ok((transcript, false));
    }
    let commitments = store::ceremony::list_commitments(&mut transaction, stored.key).await?;
    refuse_missing("entropy_before_commitments", &plan, &commitments)?;
    let reveals = store::ceremony::list_reveals(&mut transaction, stored.key).await?;
    refuse_missing("draw_before_reveals", &plan, &reveals)?;
    let text = store::ceremony::find_entropy(&mut transaction, stored.key).await?.unwrap_or_default();
    let nonces = plan.parties.iter().filter_map(|party| reveals.get(party.as_str())).map(|reveal| Secret::parse(&reveal.value));
    let nonces = nonces.collect::<Result<Vec<_>>>()?;
    let frame = Frame::parse(stored.frame.as_bytes())?;
    let roster: InspectorRoster = parse_record("roster.json", stored.roster.as_bytes())?;
    let transcript = run(&plan, &frame, &roster, seed(&stored.hash, &nonces, &text));
    let record = to_record(&transcript);
    let mut log = LogWriter::load(office, &mut transaction).await?;
    let act = Act::Draw { draw: reference(&stored), sealed: leaf::seal(&salt, &record) };
    let index = log.append(&mut transaction, act).await?;
    let record = String::from_utf8(record).unwrap_or_default();
    store::ceremony::add_drawn(&mut transaction, stored.key, &record, &salt, index).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok((transcript, true))
}
