//! What happens to a drawn list until its window closes: visits replaced by reserves, teams borrowed where none may go.

use super::ceremony::{DrawName, append, get_plan, reference};
use super::{LogWriter, Office};
use crate::bundle::visits::{Borrowed, Reason, Substitution, Visits};
use crate::canon::json::{parse_record, to_record};
use crate::canon::{Code, Hash, Refusal, Result, Text};
use crate::draw::{DrawPlan, InspectorRoster, Transcript};
use crate::store::ceremony::{Change, DrawKey, StoredPlan};
use crate::store::{self};
use crate::tlog::{Act, DrawRef, SignedAct};
use sqlx::AnyConnection;

/// A drawn list with its roster, from which `Visits` follows its changes.
pub struct DrawnList {
    pub stored: StoredPlan,
    pub plan: DrawPlan,
    pub roster: InspectorRoster,
    pub transcript: Transcript,
    pub changes: Vec<Change>,
}

impl DrawnList {
    async fn read(connection: &mut AnyConnection, stored: StoredPlan, plan: DrawPlan) -> Result<Self> {
        let drawn = store::ceremony::find_drawn(connection, stored.key).await?;
        let drawn = drawn.ok_or_else(|| Refusal::new("list_before_draw").with("week", plan.period.previous()))?;
        super::ceremony::check_drawn(connection, &drawn).await?;
        Ok(Self {
            roster: parse_record("roster.json", stored.roster.as_bytes())?,
            transcript: parse_record("transcript.json", drawn.transcript.as_bytes())?,
            changes: store::ceremony::list_changes(connection, stored.key).await?,
            stored,
            plan,
        })
    }

    /// The list of a draw that must have been drawn.
    pub async fn find(connection: &mut AnyConnection, name: DrawName) -> Result<Self> {
        let (stored, plan) = get_plan(connection, name).await?;
        Self::read(connection, stored, plan).await
    }

    fn team_size(&self) -> u64 {
        self.plan.teams.bureau_per_team + self.plan.teams.discipline_per_team
    }

    /// The visits as they stand.
    pub fn visits(&self) -> Result<Visits<'_>> {
        let mut visits = Visits::new(&self.transcript, &self.roster);
        for change in &self.changes {
            self.apply(&mut visits, &change.act, &change.record)?;
        }
        Ok(visits)
    }

    fn apply(&self, visits: &mut Visits, act: &str, record: &str) -> Result<()> {
        match act {
            "substitution" => visits.substitute(&parse_record("substitution", record.as_bytes())?),
            _ => visits.borrow(&parse_record("borrowed", record.as_bytes())?, self.team_size()),
        }
    }
}

/// Prepares the substitution of a visit by the next reserve of its stratum, for the parties to sign. Stores nothing.
pub async fn propose_substitution(office: &Office, name: DrawName, from: Code, reason: Reason, evidence: Hash) -> Result<SignedAct> {
    let salt = office.chance.secret()?;
    let mut connection = office.store.read().await?;
    let list = DrawnList::find(&mut connection, name).await?;
    let mut visits = list.visits()?;
    let change = Substitution { evidence, to: visits.next_reserve(&from).cloned(), from, reason };
    visits.substitute(&change)?;
    let draw = reference(&list.stored);
    Ok(SignedAct::sealed(&salt, record_text(&change), |sealed| Act::Substitution { draw, sealed }))
}

/// Prepares a borrowed team for a visit that lacks one, for the parties to sign. Stores nothing.
pub async fn propose_borrowed(office: &Office, name: DrawName, unit: Code, from: Text, mut people: Vec<Code>) -> Result<SignedAct> {
    let salt = office.chance.secret()?;
    let mut connection = office.store.read().await?;
    let list = DrawnList::find(&mut connection, name).await?;
    people.sort();
    let change = Borrowed { from, people, unit };
    list.visits()?.borrow(&change, list.team_size())?;
    let draw = reference(&list.stored);
    Ok(SignedAct::sealed(&salt, record_text(&change), |sealed| Act::Borrowed { draw, sealed }))
}

fn record_text<T: serde::Serialize>(record: &T) -> String {
    String::from_utf8(to_record(record)).unwrap_or_default()
}

/// Enters a signed change, held against the list as it stands.
pub(super) async fn enter(office: &Office, connection: &mut AnyConnection, signed: &SignedAct, draw: &DrawRef) -> Result<bool> {
    if !check(office, connection, signed, draw).await? {
        return Ok(false);
    }
    let salt = signed.opening.as_ref().map(|opening| opening.salt.to_string()).unwrap_or_default();
    let leaf_index = append(office, connection, signed).await?;
    let change = Change { leaf_index, act: signed.act.kind().to_owned(), salt, record: signed.text().to_owned() };
    let key = DrawKey { kind: draw.kind, period: draw.period, attempt: draw.attempt };
    store::ceremony::add_change(connection, key, &change).await?;
    Ok(true)
}

/// Whether a change fits the list as it stands, but for its signatures; false where it was entered already.
pub(super) async fn check(office: &Office, connection: &mut AnyConnection, signed: &SignedAct, draw: &DrawRef) -> Result<bool> {
    let key = DrawKey { kind: draw.kind, period: draw.period, attempt: draw.attempt };
    let stored = store::ceremony::find_attempt(connection, key).await?.ok_or_else(|| Refusal::new("log_no_plan").with("plan", draw.plan))?;
    let plan = super::freeze::read_plan(&stored)?;
    let list = DrawnList::read(connection, stored, plan).await?;
    if list.changes.iter().any(|known| known.record == signed.text()) {
        return Ok(false);
    }
    let now = LogWriter::load(office, connection).await?.now();
    if now.date() > list.plan.window.1 {
        return Err(Refusal::new("change_late").with("last", list.plan.window.1).with("now", now));
    }
    list.apply(&mut list.visits()?, signed.act.kind(), signed.text())?;
    Ok(true)
}
