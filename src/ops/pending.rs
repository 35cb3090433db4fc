//! Acts that a party hands in signed by itself alone: its own are entered at once; those of all parties wait for the
//! others' signatures, each given by its own party.

use super::ceremony::{self, DrawName, check_party, enter_within, get_named, get_plan};
use super::{LogWriter, Office};
use crate::canon::{Code, Refusal, Result, Time, code::clip};
use crate::store::ceremony::DrawKey;
use crate::store::pending::PendingRow;
use crate::store::{self};
use crate::tlog::{Act, DrawRef, SignedAct};
use sqlx::AnyConnection;

/// What became of an act that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// In the log; whether it is new there.
    Entered(bool),
    /// Kept until these have signed it too.
    Waiting(Vec<Code>),
    /// Kept, but another party signed something else.
    Differs,
}

/// A signed act that waits for others.
#[derive(Clone, Debug)]
pub struct Pending {
    pub party: String,
    pub at: Time,
    pub signed: SignedAct,
}

/// Takes an act that this party signed, and nobody else: one person never brings another's signature.
pub async fn hand_in(office: &Office, signed: SignedAct, by: &Code) -> Result<Handed> {
    if !signed.signatures.keys().eq([by]) {
        return Err(Refusal::new("act_not_own").with("party", by));
    }
    let mut transaction = office.store.begin().await?;
    let handed = match &signed.act {
        Act::Entropy { .. } | Act::Void { .. } | Act::Substitution { .. } | Act::Borrowed { .. } => {
            collect(office, &mut transaction, signed, by).await?
        }
        _ => Handed::Entered(enter_within(office, &mut transaction, &signed).await?),
    };
    transaction.commit().await.map_err(store::failed)?;
    if matches!(handed, Handed::Entered(_)) {
        super::tiles::write_tiles(office).await?;
    }
    Ok(handed)
}

/// Keeps one party's signature, and enters the act once all parties signed the same.
async fn collect(office: &Office, connection: &mut AnyConnection, signed: SignedAct, by: &Code) -> Result<Handed> {
    let draw = *signed.act.draw().ok_or_else(|| Refusal::new("act_none"))?;
    let (stored, plan) = get_named(connection, &draw).await?;
    check_party(&plan, by)?;
    // Whatever refuses it later refuses it now, while the one who can mend it is there.
    if !is_open(office, connection, &signed).await? {
        return Ok(Handed::Entered(false));
    }
    let log = LogWriter::load(office, connection).await?;
    log.history().keys.check_act(&signed.act, &signed.signatures, std::slice::from_ref(by))?;
    let act = signed.act.kind();
    let row = PendingRow { act: act.to_owned(), party: by.to_string(), record: signed.to_text(), at: office.clock.now() };
    store::pending::put(connection, stored.key, &row).await?;
    let waiting = read(connection, stored.key).await?.into_iter().filter(|pending| pending.signed.act.kind() == act).collect::<Vec<_>>();
    if waiting.iter().any(|pending| pending.signed.act != signed.act) {
        return Ok(Handed::Differs);
    }
    let missing: Vec<Code> = plan.parties.iter().filter(|party| !waiting.iter().any(|p| p.party == party.as_str())).cloned().collect();
    if !missing.is_empty() {
        return Ok(Handed::Waiting(missing));
    }
    let whole = SignedAct::merge(waiting.into_iter().map(|pending| pending.signed).collect())?;
    let is_new = enter_within(office, connection, &whole).await?;
    store::pending::clear(connection, stored.key, act).await?;
    Ok(Handed::Entered(is_new))
}

/// Whether an act could be entered now but for its signatures; false where it is in the log already.
async fn is_open(office: &Office, connection: &mut AnyConnection, signed: &SignedAct) -> Result<bool> {
    match &signed.act {
        Act::Entropy { draw, text } => Ok(ceremony::check_entropy(office, connection, draw, text).await?.is_some()),
        Act::Void { draw, reason } => Ok(ceremony::check_void(connection, draw, reason.as_str()).await?.is_some()),
        Act::Substitution { draw, .. } | Act::Borrowed { draw, .. } => super::change::check(office, connection, signed, draw).await,
        _ => Ok(true),
    }
}

async fn read(connection: &mut AnyConnection, key: DrawKey) -> Result<Vec<Pending>> {
    let rows = store::pending::list(connection, key).await?;
    rows.into_iter().map(|row| Ok(Pending { party: row.party, at: row.at, signed: SignedAct::parse(&row.record)? })).collect()
}

/// All that waits in a draw's newest attempt.
pub async fn list(office: &Office, name: DrawName) -> Result<Vec<Pending>> {
    let mut connection = office.store.read().await?;
    let (stored, _) = get_plan(&mut connection, name).await?;
    read(&mut connection, stored.key).await
}

/// Gives a party its signature back: what was signed and set aside would stay usable.
pub async fn withdraw(office: &Office, name: DrawName, act: &str, by: &Code) -> Result<bool> {
    let mut transaction = office.store.begin().await?;
    let (stored, _) = get_plan(&mut transaction, name).await?;
    let done = store::pending::withdraw(&mut transaction, stored.key, act, by.as_str()).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(done)
}

/// What an act says, as sentences with their values: whoever signs reads them first.
pub fn describe(signed: &SignedAct) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let mut said = Vec::new();
    if let Some(DrawRef { kind, period, attempt, plan }) = signed.act.draw() {
        let values = vec![("draw", kind.word()), ("period", period.to_string()), ("attempt", attempt.to_string()), ("plan", plan.to_string())];
        said.push(("sign_draw", values));
    }
    said.push(match &signed.act {
        Act::Key { party, value } => ("sign_key", vec![("party", party.to_string()), ("value", value.to_string())]),
        Act::Commitment { party, value, .. } => ("sign_commitment", vec![("party", party.to_string()), ("value", value.to_string())]),
        Act::Entropy { text, .. } => ("sign_entropy", vec![("value", text.clone())]),
        Act::Reveal { party, from, .. } if party == from => ("sign_reveal", vec![("party", party.to_string())]),
        Act::Reveal { party, from, .. } => ("sign_envelope", vec![("party", party.to_string()), ("owner", from.to_string())]),
        Act::Void { reason, .. } => ("sign_void", vec![("reason", reason.to_string())]),
        Act::Substitution { .. } | Act::Borrowed { .. } => describe_change(signed),
        act => ("sign_other", vec![("act", format!("@act_{}", act.kind()))]),
    });
    said
}

fn describe_change(signed: &SignedAct) -> (&'static str, Vec<(&'static str, String)>) {
    let value: serde_json::Value = serde_json::from_str(signed.text()).unwrap_or_default();
    // Codes and hashes whole, so that they can be compared; only a text without bound is cut.
    let text = |name: &str| value[name].as_str().map_or_else(|| "—".to_owned(), |text| if text.len() > 200 { clip(text) } else { text.to_owned() });
    if signed.act.kind() == "substitution" {
        let reason = format!("@reason_{}", text("reason"));
        ("sign_substitution", vec![("from", text("from")), ("to", text("to")), ("reason", reason), ("evidence", text("evidence"))])
    } else {
        let people: Vec<&str> = value["people"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
        ("sign_borrowed", vec![("unit", text("unit")), ("from", text("from")), ("people", people.join("、"))])
    }
}
