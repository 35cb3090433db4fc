//! Verification of one bundle: every check by name, up to the first that fails.

use super::files::{Files, check_complete, get, get_text};
use super::keys::TrustedKeys;
use super::log::verify_log;
use crate::canon::json::parse_record;
use crate::canon::refusal::differs;
use crate::canon::{Code, Hash, Refusal, Result, Secret, entropy};
use crate::draw::{Ceremony, DrawPlan, Frame, InspectorRoster, PROTOCOL, Transcript, commitment, run, seed};
use serde::Serialize;

/// What the person who verifies knows and allows.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Accept a bundle without `log/`: the draw is shown, the order of events is not.
    pub without_log: bool,
    pub trusted: Option<TrustedKeys>,
    /// How many owners must have cosigned the checkpoint.
    pub witnesses: usize,
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

    pub(super) fn check<T: std::fmt::Display>(&mut self, code: &'static str, found: &T) {
        let found = found.to_string();
        self.checks.push(Check { code, ok: true, expected: found.clone(), found, refusal: None });
    }

    /// Records a step's result under a code and hands its value on.
    pub(super) fn step<T>(&mut self, code: &'static str, result: Result<T>) -> Option<T> {
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

    pub(super) fn note(&mut self, note: Refusal) {
        self.notes.push(note);
    }
}

/// Verifies a bundle's files. Never fails: what is wrong is in the verdict.
pub fn verify(files: &Files, options: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    if let Some(draw) = verify_draw(files, options, &mut verdict) {
        if files.contains_key("log/leaves.jsonl") {
            verify_log(files, &draw, options, &mut verdict);
        } else {
            verdict.note(Refusal::new("note_without_log"));
            if options.witnesses > 0 {
                verdict.step("V34", Err::<(), _>(Refusal::new("witnesses_few").with("expected", options.witnesses).with("found", 0)));
            }
        }
    }
    verdict
}

/// The parsed draw, once it has been found right by itself.
pub(super) struct DrawParts {
    pub plan: DrawPlan,
    pub plan_hash: Hash,
    pub roster: InspectorRoster,
    pub ceremony: Ceremony,
    pub transcript: Transcript,
}

fn verify_draw(files: &Files, options: &Options, verdict: &mut Verdict) -> Option<DrawParts> {
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
    verdict.step(
        "V10",
        entropy::check_text(&ceremony.entropy, &plan.entropy.source, &plan.entropy.draw).and_then(|()| check_beacon(&ceremony.entropy)),
    )?;
    let stated: Transcript = verdict.step("V11", get(files, "transcript.json").and_then(|bytes| parse_record("transcript.json", bytes)))?;
    let drawn = run(&plan, &frame, &roster, seed(&plan_hash, &nonces, &ceremony.entropy));
    verdict.step("V12", compare_transcripts(&stated, &drawn))?;
    verdict.check("V13", &plan_hash);
    verdict.check("V14", &drawn.seed);
    note_draw(&plan, &frame, &drawn, &ceremony.entropy, verdict);
    (verdict.plan, verdict.transcript) = (Some(plan.clone()), Some(drawn.clone()));
    Some(DrawParts { plan, plan_hash, roster, ceremony, transcript: drawn })
}

/// A drand text's signature, where this build can check it.
fn check_beacon(text: &str) -> Result<()> {
    let mut parts = text.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("drand"), Some(round), Some(signature)) if super::beacon::check(round, signature) == Some(false) => {
            Err(Refusal::new("entropy_beacon").with("round", round))
        }
        _ => Ok(()),
    }
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
    } else {
        verdict.note(Refusal::new("note_all_certain"));
    }
    for assignment in drawn.assignments.iter().filter(|a| a.team.is_none()) {
        verdict.note(Refusal::new("note_no_team").with("unit", &assignment.unit));
    }
    let entropy = &plan.entropy;
    let code = match entropy.source.as_str() {
        "dice" => "note_entropy_dice",
        "drand" if super::beacon::IS_CHECKED => "note_entropy_drand_checked",
        "drand" => "note_entropy_drand",
        _ => "note_entropy_lottery",
    };
    verdict.note(
        Refusal::new(code)
            .with("source", format!("@source_{}", entropy.source))
            .with("draw", &entropy.draw)
            .with("after", entropy.after)
            .with("value", text),
    );
}

/// The smallest n·size/W over all units that are not certain, as n, size, W and the unit.
fn smallest_probability<'a>(frame: &'a Frame, drawn: &Transcript) -> Option<(u64, u64, u64, &'a Code)> {
    let mut smallest: Option<(u64, u64, u64, &Code)> = None;
    for stratum in drawn.strata.iter().filter(|s| s.interval > 0) {
        let certain: std::collections::BTreeSet<&Code> = stratum.certain.iter().collect();
        for &index in frame.members(&stratum.stratum)? {
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
