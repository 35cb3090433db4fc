//! Verification of one bundle: every check by name, up to the first that fails.

use super::files::{Files, check_complete, get, get_text};
use super::history::{Attempt, History};
use crate::canon::json::parse_record;
use crate::canon::{Code, DrawKind, Hash, Refusal, Result, Secret, merkle};
use crate::draw::plan::{Reporting, differs};
use crate::draw::{Ceremony, DrawPlan, Frame, InspectorRoster, PROTOCOL, Transcript, commitment, entropy, run, seed};
use crate::tlog::leaf::{MAX_LEAF_BYTES, bundle_hash, seal};
use crate::tlog::{Checkpoint, VerifierKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the person who verifies allows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Accept a bundle without `log/`: the draw is shown, the order of events is not.
    pub without_log: bool,
}

/// One check: its sentence stands in `i18n` under its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub code: &'static str,
    pub ok: bool,
    pub expected: String,
    pub found: String,
    /// Why it failed, where it did.
    #[serde(skip)]
    pub refusal: Option<Refusal>,
}

/// Every check that was made, and what else a reader must be told.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub checks: Vec<Check>,
    /// Sentences by code: voids, open draws, what this version doesn't check, the smallest probability, …
    pub notes: Vec<Refusal>,
    pub plan: Option<DrawPlan>,
    pub transcript: Option<Transcript>,
}

impl Verdict {
    /// All checks were made and none failed.
    pub fn ok(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.ok)
    }

    fn check<T: std::fmt::Display>(&mut self, code: &'static str, found: &T) {
        let found = found.to_string();
        self.checks.push(Check { code, ok: true, expected: found.clone(), found, refusal: None });
    }

    /// Records a step's result under a code and hands its value on.
    fn step<T>(&mut self, code: &'static str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => {
                self.checks.push(Check { code, ok: true, expected: String::new(), found: String::new(), refusal: None });
                Some(value)
            }
            Err(refusal) => {
                let value = |name: &str| refusal.values.iter().find(|(known, _)| *known == name).map(|(_, v)| v.clone()).unwrap_or_default();
                let (expected, found) = (value("expected"), value("found"));
                self.checks.push(Check { code, ok: false, expected, found, refusal: Some(refusal) });
                None
            }
        }
    }

    fn note(&mut self, note: Refusal) {
        self.notes.push(note);
    }
}

/// Verifies a bundle's files. Never fails: what is wrong is in the verdict.
pub fn verify(files: &Files, options: Options) -> Verdict {
    let mut verdict = Verdict::default();
    if let Some(draw) = verify_draw(files, options, &mut verdict) {
        if files.contains_key("log/leaves.jsonl") {
            verify_log(files, &draw, &mut verdict);
        } else {
            verdict.note(Refusal::new("note_without_log"));
        }
    }
    verdict
}

/// The parsed draw, once it has been found right by itself.
struct DrawParts {
    plan: DrawPlan,
    plan_hash: Hash,
    ceremony: Ceremony,
}

fn verify_draw(files: &Files, options: Options, verdict: &mut Verdict) -> Option<DrawParts> {
    verdict.step("V01", check_complete(files, options.without_log))?;
    let plan: DrawPlan = verdict.step("V02", get(files, "plan.json").and_then(|bytes| parse_record("plan.json", bytes)))?;
    verdict.step("V03", plan.check())?;
    let roster: InspectorRoster = verdict.step("V04", get(files, "roster.json").and_then(|bytes| parse_record("roster.json", bytes)))?;
    let frame = verdict.step("V05", get(files, "frame.jsonl").and_then(Frame::parse))?;
    let key = verdict.step("V06", get_text(files, "frame.key").and_then(Secret::parse))?;
    verdict.step("V07", plan.check_against(&frame, &key, &roster))?;
    let plan_hash = plan.hash();
    let ceremony: Ceremony = verdict.step("V08", get(files, "ceremony.json").and_then(|bytes| parse_record("ceremony.json", bytes)))?;
    let nonces = verdict.step("V09", check_commitments(&plan, &plan_hash, &ceremony))?;
    verdict.step("V10", entropy::check_text(&ceremony.entropy, &plan.entropy.source, &plan.entropy.draw))?;
    let stated: Transcript = verdict.step("V11", get(files, "transcript.json").and_then(|bytes| parse_record("transcript.json", bytes)))?;
    let drawn = run(&plan, &frame, &roster, seed(&plan_hash, &nonces, &ceremony.entropy));
    verdict.step("V12", compare_transcripts(&stated, &drawn))?;
    verdict.check("V13", &plan_hash);
    verdict.check("V14", &drawn.seed);
    note_draw(&plan, &frame, &drawn, &ceremony.entropy, verdict);
    (verdict.plan, verdict.transcript) = (Some(plan.clone()), Some(drawn));
    Some(DrawParts { plan, plan_hash, ceremony })
}

/// The ceremony's parties are the plan's, and each nonce is the one committed to.
fn check_commitments(plan: &DrawPlan, plan_hash: &Hash, ceremony: &Ceremony) -> Result<Vec<Secret>> {
    let parties: Vec<&Code> = plan.parties.iter().collect();
    for (list, found) in [("commitments", ceremony.commitments.keys().collect::<Vec<_>>()), ("nonces", ceremony.nonces.keys().collect())] {
        if found != parties {
            return Err(Refusal::new("ceremony_parties")
                .with("list", list)
                .with("expected", format!("{parties:?}"))
                .with("found", format!("{found:?}")));
        }
    }
    let mut nonces = Vec::new();
    for ((party, stated), nonce) in ceremony.commitments.iter().zip(ceremony.nonces.values()) {
        let nonce = Secret(nonce.0);
        let computed = commitment(plan_hash, party, &nonce);
        if *stated != computed {
            return Err(Refusal::new("commitment_differs").with("party", party).with("expected", computed).with("found", stated));
        }
        nonces.push(nonce);
    }
    Ok(nonces)
}

/// Names the first field in which a stated transcript differs from the one drawn again.
fn compare_transcripts(stated: &Transcript, drawn: &Transcript) -> Result<()> {
    differs("protocol", stated.protocol.as_str(), PROTOCOL)?;
    differs("plan", stated.plan, drawn.plan)?;
    differs("seed", stated.seed, drawn.seed)?;
    compare_lists("strata", &stated.strata, &drawn.strata, |s| s.stratum.to_string())?;
    compare_lists("teams", &stated.teams, &drawn.teams, |t| t.team.to_string())?;
    compare_lists("assignments", &stated.assignments, &drawn.assignments, |a| a.unit.to_string())
}

fn compare_lists<T: PartialEq + Serialize>(field: &'static str, stated: &[T], drawn: &[T], name: fn(&T) -> String) -> Result<()> {
    let show = |item: &T| String::from_utf8(crate::canon::json::to_record(item)).unwrap_or_default();
    if let Some((found, expected)) = stated.iter().zip(drawn).find(|(a, b)| a != b) {
        let refusal = Refusal::new("transcript_differs").with("field", field).with("at", name(expected));
        return Err(refusal.with("expected", show(expected)).with("found", show(found)));
    }
    differs(field, stated.len(), drawn.len())
}

/// What a reader of the draw must be told: its size, its smallest probability, visits without a team, the public draw.
fn note_draw(plan: &DrawPlan, frame: &Frame, drawn: &Transcript, text: &str, verdict: &mut Verdict) {
    let visits = drawn.assignments.len();
    verdict.note(Refusal::new("note_counts").with("title", &plan.title).with("units", frame.units().len()).with("visits", visits));
    if let Some((points, size, interval, unit)) = smallest_probability(frame, drawn) {
        let percent = crate::draw::select::percent(points * size, interval);
        let note = Refusal::new("note_smallest_probability").with("unit", unit).with("numerator", points * size);
        verdict.note(note.with("denominator", interval).with("percent", percent));
    }
    for assignment in drawn.assignments.iter().filter(|a| a.team.is_none()) {
        verdict.note(Refusal::new("note_no_team").with("unit", &assignment.unit));
    }
    let entropy = &plan.entropy;
    let code = match entropy.source.as_str() {
        "dice" => "note_entropy_dice",
        "drand" => "note_entropy_drand",
        _ => "note_entropy_lottery",
    };
    verdict.note(Refusal::new(code).with("source", &entropy.source).with("draw", &entropy.draw).with("after", entropy.after).with("value", text));
}

/// The smallest n·size/W over all units that are not certain, as n, size, W and the unit.
fn smallest_probability<'a>(frame: &'a Frame, drawn: &Transcript) -> Option<(u64, u64, u64, &'a Code)> {
    let members = frame.strata();
    let mut smallest: Option<(u64, u64, u64, &Code)> = None;
    for stratum in drawn.strata.iter().filter(|s| s.interval > 0) {
        let certain: std::collections::BTreeSet<&Code> = stratum.certain.iter().collect();
        for &index in members.get(&stratum.stratum)? {
            let unit = &frame.units()[index];
            if certain.contains(&unit.unit) {
                continue;
            }
            let is_smaller = smallest.is_none_or(|(n, size, w, _)| {
                u128::from(stratum.points * unit.size) * u128::from(w) < u128::from(n * size) * u128::from(stratum.interval)
            });
            if is_smaller {
                smallest = Some((stratum.points, unit.size, stratum.interval, &unit.unit));
            }
        }
    }
    smallest
}

/// `log/keys.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    pub log: String,
    pub witnesses: BTreeMap<Code, Vec<String>>,
}

/// One entry of `log/openings.json`; the text is left out for the draw, whose text is the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    pub salt: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

fn verify_log(files: &Files, draw: &DrawParts, verdict: &mut Verdict) -> Option<()> {
    let leaves = verdict.step("V20", get(files, "log/leaves.jsonl").and_then(split_leaves))?;
    let keys: Keys = verdict.step("V21", get(files, "log/keys.json").and_then(|bytes| parse_record("log/keys.json", bytes)))?;
    let key = verdict.step("V22", VerifierKey::parse(&keys.log))?;
    let checkpoint = verdict.step("V23", get_text(files, "log/checkpoint").and_then(Checkpoint::parse))?;
    verdict.step("V24", check_checkpoint(&checkpoint, &key, &leaves))?;
    let history = verdict.step("V25", History::read(&leaves))?;
    let attempt = verdict.step("V26", find_attempt(&history, draw))?;
    verdict.step("V27", check_attempt(attempt, draw))?;
    verdict.step("V28", check_reporting(&history, attempt, draw))?;
    let openings: BTreeMap<String, Opening> =
        verdict.step("V29", get(files, "log/openings.json").and_then(|bytes| parse_record("log/openings.json", bytes)))?;
    verdict.step("V30", check_openings(attempt, &openings, files, &draw.ceremony))?;
    verdict.step(
        "V31",
        differs("publication", attempt.publication.as_ref().map_or_else(String::new, |(_, hash)| hash.to_string()), bundle_hash(files).to_string()),
    )?;
    note_log(&history, verdict);
    let others = checkpoint.other_signatures(&key);
    if others > 0 || !keys.witnesses.is_empty() || files.get("log/witnessed").is_some_and(|bytes| !bytes.is_empty()) {
        verdict.note(Refusal::new("note_unchecked_witnesses"));
    } else {
        verdict.note(Refusal::new("note_no_witness"));
    }
    verdict.note(Refusal::new("note_unchecked_signatures"));
    verdict.note(Refusal::new("note_own_keys").with("key", &keys.log));
    Some(())
}

/// Leaves as their data, each line ended by a newline and within its bound.
fn split_leaves(bytes: &[u8]) -> Result<Vec<&[u8]>> {
    let Some(lines) = bytes.strip_suffix(b"\n") else { return Err(Refusal::new("leaves_last_newline")) };
    let leaves: Vec<&[u8]> = lines.split(|&b| b == b'\n').collect();
    match leaves.iter().position(|leaf| leaf.len() >= MAX_LEAF_BYTES) {
        Some(index) => Err(Refusal::new("leaf_long").with("max", MAX_LEAF_BYTES).with("leaf", index)),
        None => Ok(leaves),
    }
}

fn check_checkpoint(checkpoint: &Checkpoint, key: &VerifierKey, leaves: &[&[u8]]) -> Result<()> {
    checkpoint.verify_log(key)?;
    differs("size", checkpoint.size, leaves.len() as u64)?;
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf)).collect();
    differs("root", checkpoint.root, merkle::root(&hashes))
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
    let show = |named: &crate::canon::NamedDraw| format!("{}/{} {}", named.source, named.draw, named.after);
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
fn check_openings(attempt: &Attempt, openings: &BTreeMap<String, Opening>, files: &Files, ceremony: &Ceremony) -> Result<()> {
    let mut sealed: BTreeMap<usize, (Hash, Option<String>)> = BTreeMap::new();
    for (party, reveal) in &attempt.reveals {
        let nonce = ceremony.nonces.get(party).map(Hash::to_string);
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

/// Names voids, attempts still open, and lists drawn whose publication is overdue.
fn note_log(history: &History, verdict: &mut Verdict) {
    let last = history.times.last().copied();
    for ((kind, period), attempts) in &history.draws {
        for attempt in attempts {
            let named = |code| draw_note(code, *kind, *period, attempt);
            if let Some((index, reason)) = &attempt.void {
                let after = attempt.entropy_named.after;
                verdict.note(named("note_void").with("reason", reason).with("leaf", index).with("draw_after", after));
            } else if attempt.publication.is_none() {
                verdict.note(named("note_open"));
            }
            let overdue = last.is_some_and(|last| attempt.window.1 < last.date());
            if attempt.drawn.is_some() && attempt.publication.is_none() && overdue {
                verdict.note(named("note_unpublished"));
            }
        }
    }
}

fn draw_note(code: &'static str, kind: DrawKind, period: crate::canon::Week, attempt: &Attempt) -> Refusal {
    let named = &attempt.entropy_named;
    let note = Refusal::new(code).with("draw", kind).with("period", period).with("attempt", attempt.draw.attempt);
    note.with("public_draw", format!("{}/{}", named.source, named.draw))
}
