//! Classes as counties reported them: those of now or of a week, and one with its story.

use super::Office;
use super::receive::squeeze;
use crate::canon::{Code, Refusal, Result, Time, Week};
use crate::domain::LedgerRow;
use crate::store;
use crate::store::submission::Submission;
use serde::Serialize;
use std::collections::BTreeMap;

/// Which classes are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub county: Option<Code>,
    /// As reported for a week; as last reported where left out.
    pub week: Option<Week>,
    /// Stands in institution, name, code or occupation.
    pub text: Option<String>,
    /// Only those with something that must be mended, or only the others.
    pub is_owed: Option<bool>,
}

/// One class as one version states it.
#[derive(Clone, Debug, Serialize)]
pub struct ClassView {
    pub unit: Code,
    pub county: Code,
    pub week: Week,
    pub version: u64,
    pub at: Time,
    /// The code of what must be mended.
    pub owed: Option<String>,
    pub row: LedgerRow,
}

/// Classes by their unit code. Contacts and their telephone numbers are left out: who wants to call looks at one class.
pub async fn list_classes(office: &Office, filter: &Filter) -> Result<Vec<ClassView>> {
    let mut connection = office.store.read().await?;
    let submissions = store::submission::list(&mut connection).await?;
    let mut newest: BTreeMap<&Code, &Submission> = BTreeMap::new();
    let is_asked = |s: &&Submission| filter.county.as_ref().is_none_or(|county| s.county == *county) && filter.week.is_none_or(|week| s.week == week);
    for submission in submissions.iter().filter(is_asked) {
        let known = newest.entry(&submission.county).or_insert(submission);
        if (known.week, known.version) <= (submission.week, submission.version) {
            *known = submission;
        }
    }
    let mut classes = Vec::new();
    for submission in newest.into_values() {
        for stored in store::submission::list_rows(&mut connection, submission).await? {
            classes.push(without_contact(view(submission, stored)));
        }
    }
    let text = filter.text.as_deref().map(squeeze).filter(|text| !text.is_empty());
    classes.retain(|class| {
        text.as_deref().is_none_or(|text| says(&class.row, text)) && filter.is_owed.is_none_or(|is_owed| class.owed.is_some() == is_owed)
    });
    // A class that stands in two rows of one ledger stands here twice, in the ledger's order.
    classes.sort_by(|a, b| a.unit.cmp(&b.unit));
    Ok(classes)
}

fn says(row: &LedgerRow, text: &str) -> bool {
    let fields = [&row.institution, &row.class_name, &row.class_code, &row.occupation];
    fields.into_iter().flatten().any(|field| squeeze(field).contains(text))
}

fn view(submission: &Submission, stored: store::submission::StoredRow) -> ClassView {
    ClassView {
        unit: stored.unit,
        county: submission.county.clone(),
        week: submission.week,
        version: submission.version,
        at: submission.at,
        owed: stored.owed,
        row: stored.row,
    }
}

pub fn without_contact(mut class: ClassView) -> ClassView {
    (class.row.contact, class.row.phone) = (None, None);
    class
}

/// The county of a class; none where there is no such class.
pub async fn county_of(office: &Office, unit: &Code) -> Result<Option<Code>> {
    store::unit::county_of(&mut *office.store.read().await?, unit).await
}

/// What every version said of a class, in the order of the log.
pub async fn history(office: &Office, unit: &Code) -> Result<Vec<ClassView>> {
    let mut connection = office.store.read().await?;
    let county = store::unit::county_of(&mut connection, unit).await?.ok_or_else(|| Refusal::new("not_found"))?;
    let submissions = store::submission::list(&mut connection).await?;
    let mut views = Vec::new();
    for (week, version, stored) in store::submission::list_rows_of(&mut connection, unit).await? {
        let submission = submissions.iter().find(|s| s.county == county && s.week == week && s.version == version);
        views.extend(submission.map(|submission| (submission.leaf_index, view(submission, stored))));
    }
    views.sort_by_key(|(leaf, _)| *leaf);
    Ok(views.into_iter().map(|(_, view)| view).collect())
}
