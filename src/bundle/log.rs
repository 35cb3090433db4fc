//! Verification of the log in a bundle: keys, checkpoint, history, and the leaves of this draw against its files.

use super::files::{Files, get, get_text};
use super::history::{Attempt, History};
use super::keys::{Keys, KeysRecord, TrustedKeys};
use super::verify::{DrawParts, Options, Verdict};
use super::visits::{Borrowed, Substitution, Visits};
use crate::canon::json::parse_record;
use crate::canon::refusal::differs;
use crate::canon::{Code, DrawKind, Hash, NamedDraw, Refusal, Result, Secret, Time, Week, merkle};
use crate::draw::plan::Reporting;
use crate::tlog::leaf::{MAX_LEAF_BYTES, bundle_hash, seal};
use crate::tlog::{Checkpoint, Cosignature, Opening};
use std::collections::{BTreeMap, BTreeSet};

/// A cosignature with whose it is: by the file of trusted keys where there is one, else by the bundle's own word.
struct Seen {
    owner: Code,
    /// Whether the key counts for this reader.
    is_trusted: bool,
    at: Option<Time>,
    time: u64,
}

pub(super) fn verify_log(files: &Files, draw: &DrawParts, options: &Options, verdict: &mut Verdict) -> Option<()> {
    let leaves = verdict.step("V20", get(files, "log/leaves.jsonl").and_then(split_leaves))?;
    verdict.step("V21", get(files, "log/keys.json").and_then(|bytes| parse_record::<KeysRecord>("log/keys.json", bytes)))?;
    let keys = verdict.step("V22", get(files, "log/keys.json").and_then(Keys::parse))?;
    let checkpoint = verdict.step("V23", get_text(files, "log/checkpoint").and_then(Checkpoint::parse))?;
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf)).collect();
    let cosignatures = verdict.step("V24", check_checkpoint(&checkpoint, &keys, &hashes))?;
    let history = verdict.step("V25", History::read(&leaves))?;
    verdict.step("V26", keys.check_apart(&history.keys.used).and_then(|()| check_trusted(options, &keys, &history)))?;
    let attempt = verdict.step("V27", find_attempt(&history, draw))?;
    verdict.step("V28", check_attempt(attempt, draw))?;
    verdict.step("V29", check_reporting(&history, attempt, draw))?;
    let openings: BTreeMap<String, Opening> =
        verdict.step("V30", get(files, "log/openings.json").and_then(|bytes| parse_record("log/openings.json", bytes)))?;
    verdict.step("V31", check_openings(attempt, &openings, files, draw))?;
    let visits = verdict.step("V32", follow_changes(attempt, &openings, draw))?;
    let published = attempt.publication.as_ref().map_or_else(String::new, |(_, hash)| hash.to_string());
    verdict.step("V33", differs("publication", published, bundle_hash(files).to_string()))?;
    let named = cosigners(&cosignatures, &keys, options.trusted.as_ref());
    let last = history.times.last().copied();
    verdict.step("V34", check_witnesses(&named, last, options.witnesses))?;
    let outside = verdict.step("V35", check_witnessed(files, &keys, &hashes, &history, attempt, draw, options))?;
    note_log(&history, verdict);
    for unit in visits.without_team() {
        verdict.note(Refusal::new("note_visit_without_team").with("unit", unit));
    }
    note_witnesses(&named, last, outside.as_ref(), verdict);
    verdict.note(Refusal::new(if options.trusted.is_some() { "note_trusted_keys" } else { "note_own_keys" }).with("key", &keys.log));
    Some(())
}

/// Leaves as their data, each line ended by a newline and within its bound.
pub(super) fn split_leaves(bytes: &[u8]) -> Result<Vec<&[u8]>> {
    let Some(lines) = bytes.strip_suffix(b"\n") else { return Err(Refusal::new("leaves_last_newline")) };
    let leaves: Vec<&[u8]> = lines.split(|&b| b == b'\n').collect();
    match leaves.iter().position(|leaf| leaf.len() >= MAX_LEAF_BYTES) {
        Some(index) => Err(Refusal::new("leaf_long").with("max", MAX_LEAF_BYTES).with("leaf", index)),
        None => Ok(leaves),
    }
}

fn check_checkpoint(checkpoint: &Checkpoint, keys: &Keys, hashes: &[Hash]) -> Result<Vec<Cosignature>> {
    let cosignatures = verify_note(checkpoint, keys)?;
    differs("size", checkpoint.size, hashes.len() as u64)?;
    differs("root", checkpoint.root, merkle::root(hashes))?;
    Ok(cosignatures)
}

fn verify_note(checkpoint: &Checkpoint, keys: &Keys) -> Result<Vec<Cosignature>> {
    let witnesses: Vec<_> = keys.witnesses.iter().map(|(_, key)| key).collect();
    checkpoint.verify(&keys.log, &witnesses)
}

fn check_trusted(options: &Options, keys: &Keys, history: &History) -> Result<()> {
    options.trusted.as_ref().map_or(Ok(()), |trusted| trusted.check(&keys.log, &history.keys.first))
}

/// Cosignatures with their owners; where there are trusted keys, those alone count.
fn cosigners(cosignatures: &[Cosignature], keys: &Keys, trusted: Option<&TrustedKeys>) -> Vec<Seen> {
    let mut seen = Vec::new();
    for cosignature in cosignatures {
        let own = keys.witnesses.iter().find(|(_, known)| known.key == cosignature.key);
        let Some((stated, vkey)) = own else { continue };
        let known = trusted.and_then(|trusted| trusted.keys.witnesses.iter().find(|(_, known)| known == vkey));
        let owner = known.map_or(stated, |(owner, _)| owner).clone();
        let at = i64::try_from(cosignature.time).ok().and_then(Time::from_unix);
        seen.push(Seen { owner, is_trusted: trusted.is_none() || known.is_some(), at, time: cosignature.time });
    }
    seen
}

/// Whether a cosignature is by a key that counts and not older than the last leaf.
fn counts(seen: &Seen, last: Option<Time>) -> bool {
    seen.is_trusted && last.is_none_or(|last| i64::try_from(seen.time).is_ok_and(|time| time >= last.unix()))
}

fn check_witnesses(named: &[Seen], last: Option<Time>, needed: usize) -> Result<()> {
    let owners: BTreeSet<&Code> = named.iter().filter(|seen| counts(seen, last)).map(|seen| &seen.owner).collect();
    if owners.len() >= needed { Ok(()) } else { Err(Refusal::new("witnesses_few").with("expected", needed).with("found", owners.len())) }
}

/// A checkpoint that someone outside the parties cosigned between the last commitment and the public value.
fn check_witnessed(
    files: &Files,
    keys: &Keys,
    hashes: &[Hash],
    history: &History,
    attempt: &Attempt,
    draw: &DrawParts,
    options: &Options,
) -> Result<Option<Seen>> {
    let text = get_text(files, "log/witnessed")?;
    if text.is_empty() {
        return Ok(None);
    }
    let checkpoint = Checkpoint::parse(text)?;
    let cosignatures = verify_note(&checkpoint, keys)?;
    let committed = attempt.commitments.values().map(|(index, _)| *index).max().unwrap_or(usize::MAX);
    let entered = attempt.entropy.as_ref().map_or(0, |(index, _)| *index);
    let size = usize::try_from(checkpoint.size).unwrap_or(usize::MAX);
    if !(committed < size && size <= entered) {
        return Err(Refusal::new("witnessed_size").with("min", committed.saturating_add(1)).with("max", entered).with("found", size));
    }
    differs("witnessed root", checkpoint.root, merkle::root(&hashes[..size]))?;
    let (from, until) = (history.times[size - 1].unix(), draw.plan.entropy.after.unix());
    let mut outside = cosigners(&cosignatures, keys, options.trusted.as_ref());
    outside.retain(|seen| {
        seen.is_trusted && !draw.plan.parties.contains(&seen.owner) && i64::try_from(seen.time).is_ok_and(|time| (from..until).contains(&time))
    });
    match outside.into_iter().next() {
        Some(seen) => Ok(Some(seen)),
        None => Err(Refusal::new("witnessed_by_none")),
    }
}

fn find_attempt<'a>(history: &'a History, draw: &DrawParts) -> Result<&'a Attempt> {
    let attempts = history.draws.get(&(draw.plan.kind, draw.plan.period));
    let attempt = attempts.and_then(|list| list.iter().find(|attempt| attempt.draw.plan == draw.plan_hash));
    attempt.ok_or_else(|| Refusal::new("log_no_plan").with("plan", draw.plan_hash))
}

/// The leaves of this draw say what `plan.json` and `ceremony.json` say.
fn check_attempt(attempt: &Attempt, draw: &DrawParts) -> Result<()> {
    let DrawParts { plan, ceremony, .. } = draw;
    differs("attempt", plan.attempt, attempt.draw.attempt)?;
    differs("frozen_at", plan.frozen_at, attempt.frozen_at)?;
    let show = |named: &NamedDraw| format!("{}/{} {}", named.source, named.draw, named.after);
    differs("entropy", show(&plan.entropy), show(&attempt.entropy_named))?;
    differs("window", format!("{} {}", plan.window.0, plan.window.1), format!("{} {}", attempt.window.0, attempt.window.1))?;
    differs("parties", format!("{:?}", plan.parties), format!("{:?}", attempt.parties))?;
    for (party, value) in &ceremony.commitments {
        let logged = attempt.commitments.get(party).map(|(_, value)| *value);
        if logged != Some(*value) {
            return Err(Refusal::new("commitment_not_logged").with("party", party).with("found", value));
        }
    }
    differs("entropy text", ceremony.entropy.as_str(), attempt.entropy.as_ref().map_or("", |(_, text)| text))
}

/// `reporting` names every county with a submission before the plan, with the last one for the week before.
fn check_reporting(history: &History, attempt: &Attempt, draw: &DrawParts) -> Result<()> {
    let before = || history.submissions.iter().filter(|submission| submission.index < attempt.planned);
    let week = draw.plan.period.previous();
    for submission in before() {
        if !draw.plan.reporting.iter().any(|stated| stated.county == submission.county) {
            return Err(Refusal::new("reporting_missing_county").with("county", &submission.county));
        }
    }
    for Reporting { county, submission } in &draw.plan.reporting {
        let taken = before().rfind(|s| s.county == *county && s.period == week && s.at <= draw.plan.frozen_at);
        let computed = taken.map(|s| s.leaf_hash);
        if computed != *submission {
            let show = |hash: &Option<Hash>| hash.map_or_else(|| "null".to_owned(), |h| h.to_string());
            let refusal = Refusal::new("reporting_differs").with("county", county);
            return Err(refusal.with("expected", show(&computed)).with("found", show(submission)));
        }
    }
    Ok(())
}

/// Each sealed leaf of this attempt is opened, and no other.
fn check_openings(attempt: &Attempt, openings: &BTreeMap<String, Opening>, files: &Files, draw: &DrawParts) -> Result<()> {
    let mut sealed: BTreeMap<usize, (Hash, Option<String>)> = BTreeMap::new();
    for (party, reveal) in &attempt.reveals {
        let nonce = draw.ceremony.nonces.get(party).map(Hash::to_string);
        sealed.insert(reveal.index, (reveal.sealed, nonce));
    }
    for (index, hash) in attempt.substitutions.iter().chain(&attempt.borrowed) {
        sealed.insert(*index, (*hash, None));
    }
    let drawn = attempt.drawn.as_ref().map(|(index, hash)| (*index, *hash));
    if let Some((index, hash)) = drawn {
        sealed.insert(index, (hash, None));
    }
    differs("openings", openings.len(), sealed.len())?;
    for (index, (hash, nonce)) in sealed {
        let opening = openings.get(&index.to_string()).ok_or_else(|| Refusal::new("opening_missing").with("leaf", index))?;
        let is_draw = drawn.is_some_and(|(at, _)| at == index);
        let bytes = match &opening.text {
            Some(text) if !is_draw => text.as_bytes(),
            None if is_draw => get(files, "transcript.json")?,
            _ => return Err(Refusal::new("opening_text").with("leaf", index)),
        };
        if nonce.is_some_and(|nonce| nonce.as_bytes() != bytes) {
            return Err(Refusal::new("opening_nonce").with("leaf", index));
        }
        let computed = seal(&Secret(opening.salt.0), bytes);
        if computed != hash {
            return Err(Refusal::new("opening_differs").with("leaf", index).with("expected", hash).with("found", computed));
        }
    }
    Ok(())
}

/// Follows substitutions and borrowed teams in log order.
fn follow_changes<'a>(attempt: &Attempt, openings: &BTreeMap<String, Opening>, draw: &'a DrawParts) -> Result<Visits<'a>> {
    let mut visits = Visits::new(&draw.transcript, &draw.roster);
    let teams = &draw.plan.teams;
    let mut changes: Vec<(usize, bool)> = attempt.substitutions.iter().map(|(index, _)| (*index, true)).collect();
    changes.extend(attempt.borrowed.iter().map(|(index, _)| (*index, false)));
    changes.sort_unstable();
    for (index, is_substitution) in changes {
        let text = openings.get(&index.to_string()).and_then(|opening| opening.text.as_deref()).unwrap_or_default();
        let step = if is_substitution {
            parse_record::<Substitution>("substitution", text.as_bytes()).and_then(|change| visits.substitute(&change))
        } else {
            let team_size = teams.bureau_per_team + teams.discipline_per_team;
            parse_record::<Borrowed>("borrowed", text.as_bytes()).and_then(|change| visits.borrow(&change, team_size))
        };
        step.map_err(|refusal| refusal.with("leaf", index))?;
    }
    Ok(visits)
}

/// Names voids, attempts still open and what they wait for, lists drawn whose publication is overdue, keys replaced by others.
fn note_log(history: &History, verdict: &mut Verdict) {
    let last = history.times.last().copied();
    for ((kind, period), attempts) in &history.draws {
        for attempt in attempts {
            let named = |code| draw_note(code, *kind, *period, attempt);
            if let Some((index, reason)) = &attempt.void {
                let (planned_at, voided_at) = (history.times[attempt.planned], history.times[*index]);
                let note = named("note_void").with("reason", reason).with("leaf", index).with("draw_after", attempt.entropy_named.after);
                verdict.note(note.with("planned_at", planned_at).with("voided_at", voided_at));
            } else if let Some((act, parties)) = attempt.missing() {
                let parties: Vec<&str> = parties.iter().map(|party| party.as_str()).collect();
                verdict.note(named("note_open").with("missing", format!("@act_{act}")).with("parties", parties.join(", ")));
            }
            let is_overdue = last.is_some_and(|last| attempt.window.1 < last.date());
            if attempt.drawn.is_some() && attempt.publication.is_none() && is_overdue {
                verdict.note(named("note_unpublished"));
            }
        }
    }
    for replacement in &history.keys.replacements {
        let signers: Vec<&str> = replacement.signers.iter().map(Code::as_str).collect();
        verdict
            .note(Refusal::new("note_key_replaced").with("party", &replacement.party).with("signers", signers.join(", ")).with("at", replacement.at));
    }
}

fn draw_note(code: &'static str, kind: DrawKind, period: Week, attempt: &Attempt) -> Refusal {
    let named = &attempt.entropy_named;
    let note = Refusal::new(code).with("draw", kind.word()).with("period", period).with("attempt", attempt.draw.attempt);
    note.with("public_draw", format!("{}/{}", named.source, named.draw))
}

/// Names every cosignature and whether it counts, and whether someone outside saw the log before the public value.
fn note_witnesses(named: &[Seen], last: Option<Time>, outside: Option<&Seen>, verdict: &mut Verdict) {
    let show = |seen: &Seen| seen.at.map_or_else(|| seen.time.to_string(), |at| at.to_string());
    match outside {
        Some(seen) => verdict.note(Refusal::new("note_witnessed").with("owner", &seen.owner).with("at", show(seen))),
        None => verdict.note(Refusal::new("note_not_witnessed")),
    }
    for seen in named {
        let code = match (seen.is_trusted, counts(seen, last)) {
            (false, _) => "note_cosigned_unknown",
            (true, true) => "note_cosigned",
            (true, false) => "note_cosigned_early",
        };
        verdict.note(Refusal::new(code).with("owner", &seen.owner).with("at", show(seen)));
    }
    if named.is_empty() {
        verdict.note(Refusal::new("note_no_witness"));
    }
}
