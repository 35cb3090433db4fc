//! What was received, as it is shown again: versions, what they say, their documents.

use super::Office;
use crate::canon::{Code, Hash, Refusal, Result, Week};
use crate::checks::{Change, changes};
use crate::domain::LedgerRow;
use crate::store;
use crate::store::fact::Fact;
use crate::store::submission::{Document, Submission};

/// One version with all that was said of it.
pub struct Shown {
    pub submission: Submission,
    pub documents: Vec<Document>,
    pub facts: Vec<Fact>,
    /// Records as `receive::finding_record` wrote them.
    pub findings: Vec<String>,
    pub owed: usize,
    /// What the county had said last before it.
    pub previous: Option<(Week, u64)>,
    pub changes: Vec<Change>,
}

/// Versions in the order of the log.
pub async fn list(office: &Office, county: Option<&Code>, week: Option<Week>) -> Result<Vec<Submission>> {
    let mut list = store::submission::list(&mut *office.store.read().await?).await?;
    list.retain(|s| county.is_none_or(|county| s.county == *county) && week.is_none_or(|week| s.week == week));
    Ok(list)
}

/// One version; none where there is no such one.
pub async fn find(office: &Office, county: &Code, week: Week, version: u64) -> Result<Option<Submission>> {
    Ok(list(office, Some(county), Some(week)).await?.into_iter().find(|s| s.version == version))
}

pub async fn show(office: &Office, county: &Code, week: Week, version: u64) -> Result<Shown> {
    let mut connection = office.store.read().await?;
    let all = store::submission::list(&mut connection).await?;
    let submission = all.iter().find(|s| s.county == *county && s.week == week && s.version == version).cloned();
    let submission = submission.ok_or_else(|| Refusal::new("not_found"))?;
    let before = |s: &&Submission| s.county == *county && (s.week, s.version) < (week, version);
    let previous = all.iter().filter(before).max_by_key(|s| (s.week, s.version)).cloned();
    let rows = store::submission::list_rows(&mut connection, &submission).await?;
    let owed = rows.iter().filter(|row| row.owed.is_some()).count();
    let rows: Vec<LedgerRow> = rows.into_iter().map(|stored| stored.row).collect();
    let changes = match &previous {
        None => Vec::new(),
        Some(previous) => {
            let before = store::submission::list_rows(&mut connection, previous).await?;
            changes(&before.into_iter().map(|stored| stored.row).collect::<Vec<_>>(), &rows)
        }
    };
    Ok(Shown {
        documents: store::submission::list_documents(&mut connection, &submission).await?,
        facts: store::fact::list(&mut connection, &submission).await?,
        findings: store::submission::list_findings(&mut connection, &submission).await?,
        owed,
        previous: previous.map(|previous| (previous.week, previous.version)),
        changes,
        submission,
    })
}

/// A document's bytes as they came.
pub fn original(office: &Office, sha256: &Hash) -> Result<Vec<u8>> {
    office.vault.read(sha256)
}
