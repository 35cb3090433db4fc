//! The receipt of a version: its documents, the leaf that seals them, and the proof that the leaf stands in the log.

use super::Office;
use crate::bundle::opening::LogProof;
use crate::bundle::receipt::{Receipt, ReceiptDocument};
use crate::canon::{Hash, Refusal, Result, Week, merkle};
use crate::report::receipt::{ReceiptLine, ReceiptSheet, write_receipt};
use crate::store;
use crate::store::submission::Submission;

/// Makes the receipt from the database: the same version gives the same receipt but for a larger tree.
pub async fn receipt(office: &Office, submission: &Submission) -> Result<Receipt> {
    let mut connection = office.store.read().await?;
    let documents = store::submission::list_documents(&mut connection, submission).await?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf.as_bytes())).collect();
    let size = leaves.len() as u64;
    let checkpoint = store::log::find_checkpoint(&mut connection, size).await?;
    let checkpoint = checkpoint.ok_or_else(|| Refusal::new("checkpoint_missing").with("size", size))?;
    let at = usize::try_from(submission.leaf_index).unwrap_or(usize::MAX);
    let leaf = leaves.get(at).cloned().ok_or_else(|| Refusal::new("checkpoint_missing").with("size", submission.leaf_index))?;
    let document = |d: store::submission::Document| ReceiptDocument { file: d.file_name, kind: d.kind.as_str().to_owned(), sha256: d.sha256 };
    Ok(Receipt {
        at: submission.at,
        county: submission.county.clone(),
        documents: documents.into_iter().map(document).collect(),
        log: LogProof {
            checkpoint,
            index: submission.leaf_index,
            key: office.log_key.verifier().to_string(),
            leaf,
            proof: merkle::inclusion_proof(&hashes, at),
        },
        rows: submission.rows,
        salt: submission.salt.clone(),
        version: submission.version,
        week: submission.week,
    })
}

/// The hash under which the log has a receipt's leaf.
pub fn leaf_hash(receipt: &Receipt) -> String {
    merkle::leaf_hash(receipt.log.leaf.as_bytes()).to_string()
}

/// `2026年第48周（11月23日—27日）`; the printed pages are Chinese. The month stands again where Friday has another one.
pub(super) fn week_in_words(week: Week) -> String {
    let (monday, friday) = (week.monday().to_string(), week.friday().to_string());
    let part = |date: &str, at: std::ops::Range<usize>| date.get(at).unwrap_or_default().trim_start_matches('0').to_owned();
    let month = |date: &str| part(date, 5..7);
    let last = if month(&monday) == month(&friday) { String::new() } else { format!("{}月", month(&friday)) };
    format!("{}年第{}周（{}月{}日—{last}{}日）", week.year, week.number, month(&monday), part(&monday, 8..10), part(&friday, 8..10))
}

/// The receipt as a page to print and stamp. `owed` is how many classes must still be mended.
pub async fn printed(office: &Office, receipt: &Receipt, owed: usize, lessons: usize) -> Result<Vec<u8>> {
    let mut connection = office.store.read().await?;
    let units = store::unit::list_reporting_units(&mut connection).await?;
    let county = units.into_iter().find(|unit| unit.county == receipt.county).map_or_else(|| receipt.county.to_string(), |unit| unit.name_zh);
    let mut lines = receipt.log.checkpoint.lines().skip(1);
    write_receipt(&ReceiptSheet {
        county,
        week: week_in_words(receipt.week),
        version: receipt.version,
        at: receipt.at.0.format("%Y年%-m月%-d日 %H:%M:%S").to_string(),
        on_time: office.deadline(receipt.week).map(|deadline| receipt.at <= deadline),
        rows: receipt.rows,
        lessons,
        owed,
        documents: receipt
            .documents
            .iter()
            .map(|d| ReceiptLine { kind: d.kind.clone(), file: d.file.clone(), sha256: d.sha256.to_string() })
            .collect(),
        leaf_index: receipt.log.index,
        leaf_hash: leaf_hash(receipt),
        tree_size: lines.next().unwrap_or_default().to_owned(),
        tree_root: lines.next().unwrap_or_default().to_owned(),
        log_key: receipt.log.key.clone(),
        is_demonstration: office.is_demonstration().await?,
    })
}
