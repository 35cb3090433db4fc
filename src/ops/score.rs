//! Scores the classes of a week as they are known now, before anything is frozen.

use super::Office;
use super::frame::{Known, gather, require_classes};
use crate::canon::{Result, Week};
use crate::scoring::{add_evidence, score};

pub use crate::scoring::Scores;

pub async fn score_week(office: &Office, week: Week) -> Result<(Known, Scores)> {
    let mut connection = office.store.read().await?;
    let (scorecard, _) = super::model::to_score(&mut connection, office.clock.now().date()).await?;
    let known = gather(office, &mut connection, week, (week.next().monday(), week.next().sunday()), office.clock.now(), None).await?;
    require_classes(&known, week)?;
    let mut scores = score(&known.tables, &scorecard)?;
    add_evidence(&known.tables, &mut scores)?;
    Ok((known, scores))
}
