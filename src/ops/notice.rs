//! What the public may see of a draw before its window closes: what stands in the log, and nothing else.

use super::Office;
use super::ceremony::DrawName;
use crate::bundle::history::History;
use crate::canon::{Hash, Refusal, Result, Time};
use crate::store;
use crate::tlog::Leaf;
use serde::Serialize;

/// One leaf of the draw, as it stands in the log.
#[derive(Debug, Serialize)]
pub struct NoticeLine {
    pub leaf: usize,
    pub at: Time,
    pub act: &'static str,
    /// The party it is of, where it is one's.
    pub party: Option<String>,
    /// What the leaf says: a commitment, the public value, a reason, a sealed hash, a bundle's hash.
    pub value: String,
}

/// The notice of every attempt at a draw.
#[derive(Debug, Serialize)]
pub struct Notice {
    pub attempts: Vec<AttemptNotice>,
    pub checkpoint: String,
    pub log_key: String,
}

#[derive(Debug, Serialize)]
pub struct AttemptNotice {
    pub attempt: u64,
    pub plan: Hash,
    pub public_draw: String,
    pub after: Time,
    pub window: String,
    pub lines: Vec<NoticeLine>,
    /// The act waited for, and whose it is.
    pub missing: Option<(&'static str, Vec<String>)>,
    /// Drawn, its window over, and not published.
    pub is_overdue: bool,
}

/// The public notice of a draw: made from the log alone, so that it can give nothing away that the log does not.
pub async fn public_notice(office: &Office, name: DrawName) -> Result<Notice> {
    let mut connection = office.store.read().await?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let data: Vec<&[u8]> = leaves.iter().map(String::as_bytes).collect();
    let history = History::read(&data)?;
    let attempts = history.draws.get(&(name.kind, name.period())).ok_or_else(|| Refusal::new("not_frozen").with("week", name.week))?;
    let checkpoint = store::log::find_checkpoint(&mut connection, leaves.len() as u64).await?.unwrap_or_default();
    let now = office.clock.now();
    let mut notices = Vec::new();
    for attempt in attempts {
        let mut lines = Vec::new();
        for (index, leaf) in data.iter().enumerate().skip(attempt.planned) {
            let leaf = Leaf::parse(leaf)?;
            if leaf.act.draw() == Some(&attempt.draw) {
                lines.push(line(index, &leaf));
            }
        }
        let missing = attempt.missing().map(|(act, parties)| (act, parties.iter().map(|party| party.to_string()).collect()));
        notices.push(AttemptNotice {
            attempt: attempt.draw.attempt,
            plan: attempt.draw.plan,
            public_draw: format!("{}/{}", attempt.entropy_named.source, attempt.entropy_named.draw),
            after: attempt.entropy_named.after,
            window: format!("{} – {}", attempt.window.0, attempt.window.1),
            lines,
            missing,
            is_overdue: attempt.drawn.is_some() && attempt.publication.is_none() && now.date() > attempt.window.1,
        });
    }
    Ok(Notice { attempts: notices, checkpoint, log_key: office.log_key.verifier().to_string() })
}

fn line(index: usize, leaf: &Leaf) -> NoticeLine {
    use crate::tlog::Act;
    let (party, value) = match &leaf.act {
        Act::Commitment { party, value, .. } => (Some(party.to_string()), value.to_string()),
        Act::Entropy { text, .. } => (None, text.clone()),
        Act::Reveal { party, sealed, .. } => (Some(party.to_string()), sealed.to_string()),
        Act::Void { reason, .. } => (None, reason.to_string()),
        Act::Publication { bundle, .. } => (None, bundle.to_string()),
        act => (None, act.sealed().map(|sealed| sealed.to_string()).unwrap_or_default()),
    };
    NoticeLine { leaf: index, at: leaf.at, act: leaf.act.kind(), party, value }
}
