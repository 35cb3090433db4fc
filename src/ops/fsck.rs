//! Proves that every original and fact a submission names is there and unaltered, and that the log is what was signed.

use super::Office;
use super::office::file_failed;
use crate::canon::{Hash, Refusal, Result, Secret, merkle};
use crate::store;
use crate::tlog::{Act, Checkpoint, Leaf, NoteKey, leaf};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// What was looked at and what was found.
#[derive(Debug, Default)]
pub struct Report {
    pub submissions: usize,
    pub originals: usize,
    pub facts: usize,
    pub leaves: usize,
    /// What is missing or altered; nothing here means that the folder is sound.
    pub faults: Vec<Refusal>,
    /// Whole files that nothing names, and drafts: an act that was cut off leaves them, and the same act goes on with them.
    pub orphans: Vec<PathBuf>,
}

/// Looks at everything; `sweep` removes orphans afterwards, if there is no fault.
pub async fn fsck(office: &Office, sweep: bool) -> Result<Report> {
    let mut report = Report::default();
    // While this transaction stands nobody adds what would look like an orphan.
    let mut transaction = office.store.begin().await?;
    let (mut originals, mut facts) = (BTreeSet::new(), BTreeSet::new());
    let leaves = store::log::list_leaves(&mut transaction).await?;
    report.leaves = leaves.len();
    report.faults.extend(check_log(&office.log_key, &mut transaction, &leaves).await?);
    for submission in store::submission::list(&mut transaction).await? {
        report.submissions += 1;
        let documents = store::submission::list_documents(&mut transaction, &submission).await?;
        let sealed = documents.iter().map(|document| document.sha256).collect();
        check_leaf(&submission, sealed, &leaves, &mut report);
        originals.extend(documents.into_iter().map(|document| document.sha256));
        let lessons = submission.lessons.map(|hash| ("lesson", hash));
        let others = store::fact::list(&mut transaction, &submission).await?;
        for (kind, hash) in lessons.into_iter().chain(others.iter().map(|fact| (fact.kind.as_str(), fact.sha256))) {
            if facts.insert(office.facts.path(kind, submission.week, &submission.county, &hash)) {
                report.faults.extend(office.facts.check(kind, submission.week, &submission.county, &hash).err());
            }
        }
    }
    for hash in &originals {
        report.faults.extend(office.vault.read(hash).err());
    }
    report.originals = originals.len();
    report.facts = facts.len();
    let (kept, others) = office.vault.list()?;
    let strays = kept.iter().filter(|hash| !originals.contains(hash)).map(|hash| office.vault.path(hash));
    report.orphans.extend(strays);
    report.orphans.extend(others.iter().map(|name| office.folder.join("originals").join(name)));
    report.orphans.extend(office.facts.list_files()?.into_iter().filter(|path| !facts.contains(path)));
    if sweep && report.faults.is_empty() {
        for path in &report.orphans {
            fs::remove_file(path).map_err(|error| file_failed(path, &error))?;
        }
    }
    Ok(report)
}

/// The newest checkpoint is the log's own signature over these very leaves.
pub(super) async fn check_log(key: &NoteKey, connection: &mut sqlx::AnyConnection, leaves: &[String]) -> Result<Vec<Refusal>> {
    if leaves.is_empty() {
        return Ok(Vec::new());
    }
    let size = leaves.len() as u64;
    let Some(note) = store::log::find_checkpoint(connection, size).await? else {
        return Ok(vec![Refusal::new("checkpoint_missing").with("size", size)]);
    };
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect();
    let root = merkle::root(&hashes);
    let judged = Checkpoint::parse(&note).and_then(|checkpoint| {
        checkpoint.verify_origin(&key.verifier())?;
        crate::canon::refusal::differs("root", root, checkpoint.root)
    });
    Ok(judged.err().into_iter().chain(super::log::read_history(connection).await.err()).collect())
}

/// The leaf of a version seals exactly the documents that the database names.
fn check_leaf(submission: &store::submission::Submission, documents: Vec<Hash>, leaves: &[String], report: &mut Report) {
    let fault = || Refusal::new("fsck_leaf").with("county", &submission.county).with("week", submission.week).with("version", submission.version);
    let leaf = usize::try_from(submission.leaf_index).ok().and_then(|at| leaves.get(at)).and_then(|leaf| Leaf::parse(leaf.as_bytes()).ok());
    let Some(Act::Submission { sealed, .. }) = leaf.map(|leaf| leaf.act) else { return report.faults.push(fault()) };
    let seal = Secret::parse(&submission.salt).map(|salt| leaf::seal(&salt, &leaf::documents_record(documents)));
    if seal.ok() != Some(sealed) {
        report.faults.push(fault());
    }
}
