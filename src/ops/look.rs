//! A county's documents looked at before they are handed in: what each was understood as, and all that will be said of them.

use super::Office;
use super::mapping::Told;
use super::receive::{HandedIn, Manner, Received, check_reading, receive_submission};
use crate::canon::{Code, Result, Week};
use crate::domain::{DocumentKind, Finding};
use crate::ingest::{Context, lookup::synonyms};
use crate::store;

/// One document by itself.
pub struct Understood {
    pub file: String,
    /// None where nothing in it was recognised.
    pub kind: Option<DocumentKind>,
    pub rows: usize,
    /// Canonical column and the header it was read from.
    pub columns: Vec<(&'static str, String)>,
    /// Headers of columns that were not read.
    pub unknown: Vec<String>,
    /// What can be said of it alone.
    pub findings: Vec<Finding>,
}

/// All of them together.
pub struct Looked {
    pub week: Week,
    pub county: Option<Code>,
    pub documents: Vec<Understood>,
    /// What would become of them, or why they can't be taken.
    pub received: Result<Received>,
}

impl Looked {
    /// Everything found: of the documents together, or of each alone where they can't be taken.
    pub fn findings(&self) -> Vec<&Finding> {
        match &self.received {
            Ok(received) => received.findings.iter().collect(),
            Err(_) => self.documents.iter().flat_map(|document| &document.findings).collect(),
        }
    }
}

/// Header that is none we know.
const UNKNOWN_HEADER: &str = "D1021";

/// Looks at documents for a week. Nothing is kept.
pub async fn look(office: &Office, week: Week, county: Option<Code>, files: &[HandedIn]) -> Result<Looked> {
    let copies = files.iter().map(|file| HandedIn { name: file.name.clone(), bytes: file.bytes.clone() }).collect();
    let received = receive_submission(office, week, county.clone(), copies, Manner { is_dry_run: true, is_zero: false }).await;
    let county = county.or_else(|| received.as_ref().ok().map(|received| received.submission.county.clone()));
    let told = Told::of_office(office).await?;
    let units = store::unit::list_reporting_units(&mut *office.store.read().await?).await?;
    let context = Context { week, kind: None, units: &units, headers: &[] };
    let mut documents = Vec::with_capacity(files.len());
    for file in files {
        let reading = told.read(&file.name, &file.bytes, &context, county.as_ref());
        let mut findings = reading.findings.clone();
        findings.extend(check_reading(&reading, week)?);
        documents.push(Understood {
            file: file.name.clone(),
            kind: reading.kind,
            rows: reading.rows.len(),
            columns: reading.columns,
            unknown: findings.iter().filter(|finding| finding.code == UNKNOWN_HEADER).filter_map(|finding| finding.value.clone()).collect(),
            findings,
        });
    }
    Ok(Looked { week, county, documents, received })
}

/// The columns that a kind of document may have.
pub fn columns_of(kind: DocumentKind) -> Vec<&'static str> {
    synonyms(kind).iter().map(|(name, _)| *name).collect()
}
