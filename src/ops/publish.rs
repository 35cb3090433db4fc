//! Publishes a drawn list after its window: the bundle that anyone can verify.

use super::ceremony::{DrawName, reference};
use super::office::write_whole;
use super::{LogWriter, Office};
use crate::bundle::{self, Files, KeysRecord};
use crate::canon::json::to_record;
use crate::canon::{Code, Hash, Refusal, Result};
use crate::draw::Ceremony;
use crate::draw::DrawPlan;
use crate::store::ceremony::{DrawKey, Drawn, StoredPlan};
use crate::store::{self};
use crate::tlog::{Act, Opening, leaf};
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use std::path::Path;

/// Gives the bundle's files; the first time the publication enters the log. Without a number it is the newest attempt
/// that was drawn; a voided list is published as well.
pub async fn publish(office: &Office, name: DrawName, attempt: Option<u64>) -> Result<Files> {
    let mut transaction = office.store.begin().await?;
    let (stored, drawn) = find_drawn(&mut transaction, name, attempt).await?;
    let plan = super::freeze::read_plan(&stored)?;
    let mut files = draw_files(&mut transaction, &stored, &drawn.transcript).await?;
    let published = store::ceremony::find_publication(&mut transaction, stored.key).await?;
    let index = match published {
        Some(index) => index,
        None => {
            let mut log = LogWriter::load(office, &mut transaction).await?;
            if log.now().date() <= plan.window.1 {
                return Err(Refusal::new("publish_early").with("last", plan.window.1).with("now", log.now()));
            }
            let bundle = leaf::bundle_hash(&files);
            let index = log.append(&mut transaction, Act::Publication { draw: reference(&stored), bundle }).await?;
            store::ceremony::add_publication(&mut transaction, stored.key, &bundle, index).await?;
            index
        }
    };
    add_log_files(office, &mut transaction, &stored, &plan, index, &mut files).await?;
    // A publication can't be taken back: what would not verify is not entered.
    let verdict = bundle::verify(&files, &bundle::Options::default());
    if let Some(failed) = verdict.checks.iter().find(|check| !check.ok) {
        return Err(Refusal::new("publish_unsound").with("check", failed.code).with("name", format!("@{}", failed.code)));
    }
    transaction.commit().await.map_err(store::failed)?;
    Ok(files)
}

/// The bundle of a draw that was published; none before. Writes nothing.
pub async fn published(office: &Office, name: DrawName) -> Result<Option<Files>> {
    let found = find_drawn(&mut *office.store.read().await?, name, None).await;
    let bundle = match found {
        Err(refusal) if ["not_frozen", "publish_before_draw"].contains(&refusal.code) => return Ok(None),
        found => published_attempt(office, found?.0.key).await,
    };
    match bundle {
        Err(refusal) if refusal.code == "not_found" => Ok(None),
        bundle => bundle.map(Some),
    }
}

/// The bundle of an attempt whose publication stands in the log, for reading only. Of anything else: not found.
pub async fn published_attempt(office: &Office, key: DrawKey) -> Result<Files> {
    let absent = || Refusal::new("not_found");
    let mut connection = office.store.read().await?;
    let index = store::ceremony::find_publication(&mut connection, key).await?.ok_or_else(absent)?;
    let stored = store::ceremony::find_attempt(&mut connection, key).await?.ok_or_else(absent)?;
    let drawn = store::ceremony::find_drawn(&mut connection, key).await?.ok_or_else(absent)?;
    let plan = super::freeze::read_plan(&stored)?;
    let mut files = draw_files(&mut connection, &stored, &drawn.transcript).await?;
    add_log_files(office, &mut connection, &stored, &plan, index, &mut files).await?;
    Ok(files)
}

async fn find_drawn(connection: &mut AnyConnection, name: DrawName, attempt: Option<u64>) -> Result<(StoredPlan, Drawn)> {
    let newest = store::ceremony::find_plan(connection, name.kind, name.period()).await?;
    let newest = newest.ok_or_else(|| Refusal::new("not_frozen").with("week", name.week))?.key.attempt;
    for attempt in (1..=newest).rev().filter(|number| attempt.is_none_or(|asked| asked == *number)) {
        let key = DrawKey { kind: name.kind, period: name.period(), attempt };
        if let Some(drawn) = store::ceremony::find_drawn(connection, key).await?
            && let Some(stored) = store::ceremony::find_attempt(connection, key).await?
        {
            return Ok((stored, drawn));
        }
    }
    Err(Refusal::new("publish_before_draw").with("week", name.week))
}

/// The six files outside the log.
async fn draw_files(connection: &mut AnyConnection, stored: &StoredPlan, transcript: &str) -> Result<Files> {
    let commitments = store::ceremony::list_commitments(connection, stored.key).await?;
    let reveals = store::ceremony::list_reveals(connection, stored.key).await?;
    let hashes = |values: BTreeMap<String, store::ceremony::PartyValue>| {
        let pair = |(party, value): (String, store::ceremony::PartyValue)| Ok((Code::parse(&party)?, Hash::parse(&value.value)?));
        values.into_iter().map(pair).collect::<Result<BTreeMap<Code, Hash>>>()
    };
    let ceremony = Ceremony {
        commitments: hashes(commitments)?,
        entropy: store::ceremony::find_entropy(connection, stored.key).await?.unwrap_or_default(),
        nonces: hashes(reveals)?,
    };
    let files = [
        ("ceremony.json", to_record(&ceremony)),
        ("frame.jsonl", stored.frame.clone().into_bytes()),
        ("frame.key", stored.frame_key.to_hex().into_bytes()),
        ("plan.json", stored.record.clone().into_bytes()),
        ("roster.json", stored.roster.clone().into_bytes()),
        ("transcript.json", transcript.as_bytes().to_vec()),
    ];
    Ok(files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect())
}

/// The log up to the publication: the same bytes each time, but for cosignatures that came in meanwhile.
async fn add_log_files(
    office: &Office,
    connection: &mut AnyConnection,
    stored: &StoredPlan,
    plan: &DrawPlan,
    publication: u64,
    files: &mut Files,
) -> Result<()> {
    let size = publication + 1;
    let mut leaves = String::new();
    for leaf in store::log::list_leaves(connection).await?.iter().take(usize::try_from(size).unwrap_or(usize::MAX)) {
        leaves.push_str(leaf);
        leaves.push('\n');
    }
    let checkpoint = super::witness::cosigned(connection, size, None).await?;
    let checkpoint = checkpoint.ok_or_else(|| Refusal::new("checkpoint_missing").with("size", size))?;
    let mut keys = KeysRecord { log: office.log_key.verifier().to_string(), witnesses: BTreeMap::new() };
    for (owner, vkey) in store::witness::list_witnesses(connection).await? {
        keys.witnesses.entry(Code::parse(&owner)?).or_default().push(vkey);
    }
    files.insert("log/leaves.jsonl".to_owned(), leaves.into_bytes());
    files.insert("log/checkpoint".to_owned(), checkpoint.into_bytes());
    files.insert("log/openings.json".to_owned(), to_record(&openings(connection, stored).await?));
    files.insert("log/keys.json".to_owned(), to_record(&keys));
    files.insert("log/witnessed".to_owned(), super::witness::witnessed(connection, stored, plan).await?.into_bytes());
    Ok(())
}

/// What every sealed leaf of this attempt hides.
async fn openings(connection: &mut AnyConnection, stored: &StoredPlan) -> Result<BTreeMap<String, Opening>> {
    let mut openings: BTreeMap<String, Opening> = BTreeMap::new();
    for reveal in store::ceremony::list_reveals(connection, stored.key).await?.into_values() {
        openings.insert(reveal.leaf_index.to_string(), Opening { salt: Hash::parse(&reveal.salt)?, text: Some(reveal.value) });
    }
    if let Some(drawn) = store::ceremony::find_drawn(connection, stored.key).await? {
        openings.insert(drawn.leaf_index.to_string(), Opening { salt: Hash::parse(&drawn.salt)?, text: None });
    }
    for change in store::ceremony::list_changes(connection, stored.key).await? {
        openings.insert(change.leaf_index.to_string(), Opening { salt: Hash::parse(&change.salt)?, text: Some(change.record) });
    }
    Ok(openings)
}

/// Writes a bundle as a folder, or as one zip where the name ends so. What is there already must be the same bundle.
pub fn write_bundle(files: &Files, out: &Path) -> Result<()> {
    if out.extension().is_some_and(|extension| extension == "zip") {
        return write_new(out, &crate::bundle::zip::write(files)?);
    }
    if let Ok(entries) = std::fs::read_dir(out)
        && entries.flatten().any(|entry| entry.file_name() != "log" && !files.contains_key(entry.file_name().to_string_lossy().as_ref()))
    {
        return Err(Refusal::new("publish_occupied").with("path", out.display()));
    }
    files.iter().try_for_each(|(name, bytes)| write_new(&out.join(name), bytes))
}

/// Writes a file unless it is there already with these bytes; never over other ones.
fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    match std::fs::read(path) {
        Ok(known) if known == bytes => Ok(()),
        Ok(_) => Err(Refusal::new("publish_occupied").with("path", path.display())),
        Err(_) => write_whole(path, bytes),
    }
}
