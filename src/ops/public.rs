//! What everybody may have: draws whose publication stands in the log, and nothing of any other.

use super::Office;
use super::ceremony::DrawName;
use super::log::read_history;
use super::notice::{AttemptNotice, public_notice};
use crate::bundle::UnitOpening;
use crate::canon::{Code, Date, DrawKind, Hash, Refusal, Result, Time, Week};
use crate::store;
use crate::store::ceremony::DrawKey;
use crate::tlog::{Act, Leaf};

/// A published attempt at a draw, as the log tells it.
#[derive(Clone, Debug)]
pub struct Published {
    pub kind: DrawKind,
    pub period: Week,
    pub attempt: u64,
    pub at: Time,
    pub leaf: usize,
    pub bundle: Hash,
    pub window: (Date, Date),
    pub is_voided: bool,
}

impl Published {
    pub fn key(&self) -> DrawKey {
        DrawKey { kind: self.kind, period: self.period, attempt: self.attempt }
    }
}

/// Every published draw, the newest first: made from the log alone.
pub async fn list_published(office: &Office) -> Result<Vec<Published>> {
    let mut connection = office.store.read().await?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let history = read_history(&mut connection).await?;
    let mut list = Vec::new();
    for (index, text) in leaves.iter().enumerate() {
        let leaf = Leaf::parse(text.as_bytes())?;
        let Act::Publication { draw, bundle } = leaf.act else { continue };
        let attempts = history.draws.get(&(draw.kind, draw.period)).map(Vec::as_slice).unwrap_or_default();
        let Some(attempt) = attempts.iter().find(|attempt| attempt.draw.attempt == draw.attempt) else { continue };
        list.push(Published {
            kind: draw.kind,
            period: draw.period,
            attempt: draw.attempt,
            at: leaf.at,
            leaf: index,
            bundle,
            window: attempt.window,
            is_voided: attempt.void.is_some(),
        });
    }
    list.reverse();
    Ok(list)
}

/// One of them, with its notice.
pub async fn find_published(office: &Office, key: DrawKey) -> Result<(Published, AttemptNotice)> {
    let absent = || Refusal::new("not_found");
    let published = list_published(office).await?.into_iter().find(|known| known.key() == key).ok_or_else(absent)?;
    let notice = public_notice(office, DrawName { week: key.period.previous(), kind: key.kind }).await?;
    let notice = notice.attempts.into_iter().find(|attempt| attempt.attempt == key.attempt).ok_or_else(absent)?;
    Ok((published, notice))
}

/// One class's own row of a published draw, without what was known of the class.
pub async fn open_published(office: &Office, key: DrawKey, unit: &Code) -> Result<UnitOpening> {
    let absent = || Refusal::new("not_found");
    let mut connection = office.store.read().await?;
    store::ceremony::find_publication(&mut connection, key).await?.ok_or_else(absent)?;
    // An opening is made from the newest attempt, whether or not that one is published yet.
    let newest = store::ceremony::find_plan(&mut connection, key.kind, key.period).await?.ok_or_else(absent)?;
    drop(connection);
    if newest.key != key {
        return Err(absent());
    }
    super::open::open_unit(office, DrawName { week: key.period.previous(), kind: key.kind }, unit, false).await
}
