//! The ceremony: commitments, the public value, reveals, the draw. Their order is the log's, which refuses any other.

use super::{LogWriter, Office};
use crate::canon::json::to_record;
use crate::canon::{Code, DrawKind, Hash, Refusal, Result, Secret, Week};
use crate::draw::{DrawPlan, Frame, InspectorRoster, Transcript, commitment, entropy, run, seed};
use crate::store::ceremony::{DrawKey, StoredPlan};
use crate::store::{self};
use crate::tlog::{Act, DrawRef, leaf};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// The draw of a week reported, which must have been frozen.
pub async fn get_plan(connection: &mut AnyConnection, week: Week) -> Result<(StoredPlan, DrawPlan)> {
    let stored = store::ceremony::find_plan(connection, DrawKind::Weekly, week.next()).await?;
    let stored = stored.ok_or_else(|| Refusal::new("not_frozen").with("week", week))?;
    let plan = super::freeze::read_plan(&stored)?;
    Ok((stored, plan))
}

fn draw_ref(stored: &StoredPlan) -> DrawRef {
    let DrawKey { kind, period, attempt } = stored.key;
    DrawRef { kind, period, attempt, plan: stored.hash }
}

fn check_party(plan: &DrawPlan, party: &Code) -> Result<()> {
    if plan.parties.contains(party) {
        return Ok(());
    }
    let parties: Vec<&str> = plan.parties.iter().map(Code::as_str).collect();
    Err(Refusal::new("party_unknown").with("party", party).with("parties", parties.join(", ")))
}

/// Takes a party's commitment. Answers whether it is new.
pub async fn commit(office: &Office, week: Week, party: &Code, value: Hash) -> Result<bool> {
    let mut transaction = office.store.begin().await?;
    let (stored, plan) = get_plan(&mut transaction, week).await?;
    check_party(&plan, party)?;
    if let Some(known) = store::ceremony::list_commitments(&mut transaction, stored.key).await?.get(party.as_str()) {
        if known.value == value.to_string() {
            return Ok(false);
        }
        return Err(Refusal::new("commit_other").with("party", party).with("expected", &known.value));
    }
    let mut log = LogWriter::load(office, &mut transaction).await?;
    if log.now() >= plan.entropy.after {
        return Err(Refusal::new("commit_late").with("after", plan.entropy.after).with("now", log.now()));
    }
    let act = Act::Commitment { draw: draw_ref(&stored), party: party.clone(), value };
    let index = log.append(&mut transaction, act).await?;
    store::ceremony::add_commitment(&mut transaction, stored.key, party.as_str(), &value, index).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

/// Enters the public value. `value` is the canonical text, or what follows its source and draw.
pub async fn enter_entropy(office: &Office, week: Week, value: &str) -> Result<bool> {
    let mut transaction = office.store.begin().await?;
    let (stored, plan) = get_plan(&mut transaction, week).await?;
    let named = &plan.entropy;
    let text = if value.contains('/') { value.to_owned() } else { format!("{}/{}/{value}", named.source, named.draw) };
    entropy::check_text(&text, &named.source, &named.draw)?;
    if let Some(known) = store::ceremony::find_entropy(&mut transaction, stored.key).await? {
        return if known == text { Ok(false) } else { Err(Refusal::new("entropy_other").with("expected", known).with("found", text)) };
    }
    let commitments = store::ceremony::list_commitments(&mut transaction, stored.key).await?;
    refuse_missing("entropy_before_commitments", &plan, &commitments)?;
    let mut log = LogWriter::load(office, &mut transaction).await?;
    if log.now() < named.after {
        return Err(Refusal::new("entropy_early").with("after", named.after).with("now", log.now()));
    }
    let index = log.append(&mut transaction, Act::Entropy { draw: draw_ref(&stored), text: text.clone() }).await?;
    store::ceremony::add_entropy(&mut transaction, stored.key, &text, index).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

fn refuse_missing<T>(code: &'static str, plan: &DrawPlan, have: &BTreeMap<String, T>) -> Result<()> {
    let missing: Vec<&str> = plan.parties.iter().map(Code::as_str).filter(|party| !have.contains_key(*party)).collect();
    if missing.is_empty() { Ok(()) } else { Err(Refusal::new(code).with("parties", missing.join(", "))) }
}

/// Takes a party's nonce, held against its commitment.
pub async fn reveal(office: &mut Office, week: Week, party: &Code, nonce: Secret) -> Result<bool> {
    let salt = office.chance.secret()?;
    let mut transaction = office.store.begin().await?;
    let (stored, plan) = get_plan(&mut transaction, week).await?;
    check_party(&plan, party)?;
    let commitments = store::ceremony::list_commitments(&mut transaction, stored.key).await?;
    let committed = commitments.get(party.as_str()).ok_or_else(|| Refusal::new("reveal_without_commitment").with("party", party))?;
    let computed = commitment(&stored.hash, party, &nonce);
    if committed.value != computed.to_string() {
        return Err(Refusal::new("reveal_differs").with("party", party).with("expected", &committed.value).with("found", computed));
    }
    if store::ceremony::list_reveals(&mut transaction, stored.key).await?.contains_key(party.as_str()) {
        return Ok(false);
    }
    if store::ceremony::find_entropy(&mut transaction, stored.key).await?.is_none() {
        return Err(Refusal::new("reveal_before_entropy").with("draw", format!("{} {}", plan.entropy.source, plan.entropy.draw)));
    }
    let mut log = LogWriter::load(office, &mut transaction).await?;
    let sealed = leaf::seal(&salt, nonce.to_hex().as_bytes());
    let act = Act::Reveal { draw: draw_ref(&stored), party: party.clone(), from: party.clone(), sealed };
    let index = log.append(&mut transaction, act).await?;
    store::ceremony::add_reveal(&mut transaction, stored.key, party.as_str(), &nonce, &salt, index).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

/// Runs the draw once everything is revealed. Answers the transcript and whether it was drawn now.
pub async fn run_draw(office: &mut Office, week: Week) -> Result<(Transcript, bool)> {
    let salt = office.chance.secret()?;
    let mut transaction = office.store.begin().await?;
    let (stored, plan) = get_plan(&mut transaction, week).await?;
    if let Some(drawn) = store::ceremony::find_drawn(&mut transaction, stored.key).await? {
        let transcript = crate::canon::json::parse_record("transcript.json", drawn.transcript.as_bytes())?;
        return Ok((transcript, false));
    }
    let reveals = store::ceremony::list_reveals(&mut transaction, stored.key).await?;
    refuse_missing("draw_before_reveals", &plan, &reveals)?;
    let text = store::ceremony::find_entropy(&mut transaction, stored.key).await?.unwrap_or_default();
    let nonces = plan.parties.iter().filter_map(|party| reveals.get(party.as_str())).map(|reveal| Secret::parse(&reveal.value));
    let nonces = nonces.collect::<Result<Vec<_>>>()?;
    let frame = Frame::parse(stored.frame.as_bytes())?;
    let roster: InspectorRoster = crate::canon::json::parse_record("roster.json", stored.roster.as_bytes())?;
    let transcript = run(&plan, &frame, &roster, seed(&stored.hash, &nonces, &text));
    let record = to_record(&transcript);
    let mut log = LogWriter::load(office, &mut transaction).await?;
    let act = Act::Draw { draw: draw_ref(&stored), sealed: leaf::seal(&salt, &record) };
    let index = log.append(&mut transaction, act).await?;
    let record = String::from_utf8(record).unwrap_or_default();
    store::ceremony::add_drawn(&mut transaction, stored.key, &record, &salt, index).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok((transcript, true))
}

pub(super) fn reference(stored: &StoredPlan) -> DrawRef {
    draw_ref(stored)
}
