//! Several bundles together: those of one log must tell one story, and no draw may stand in two logs.

use super::files::Files;
use super::history::History;
use super::keys::Keys;
use super::log::split_leaves;
use super::verify::{Check, Options, Verdict, verify};
use crate::canon::{DrawKind, Refusal, Result, Week};
use std::collections::BTreeMap;

/// Verifies each bundle by itself, and all that have a log against each other.
pub fn verify_together(bundles: &[&Files], options: &Options) -> (Vec<Verdict>, Vec<Check>) {
    let verdicts: Vec<Verdict> = bundles.iter().map(|files| verify(files, options)).collect();
    let mut together = Verdict::default();
    if bundles.len() > 1 {
        let logs: Vec<Log> = bundles.iter().filter_map(|files| read_log(files)).collect();
        together.step("V40", check_one_story(&logs));
        together.step("V41", check_one_origin(&logs));
    }
    (verdicts, together.checks)
}

struct Log<'a> {
    keys: Keys,
    leaves: &'a [u8],
}

fn read_log(files: &Files) -> Option<Log<'_>> {
    Some(Log { keys: Keys::parse(files.get("log/keys.json")?).ok()?, leaves: files.get("log/leaves.jsonl")? })
}

/// Bundles of one origin have one log key, and the shorter log begins the longer one.
fn check_one_story(logs: &[Log]) -> Result<()> {
    for (index, log) in logs.iter().enumerate() {
        for other in logs[..index].iter().filter(|other| other.keys.log.name == log.keys.log.name) {
            if other.keys.log != log.keys.log {
                return Err(Refusal::new("several_keys").with("origin", &log.keys.log.name));
            }
            // Every leaf ends in a newline, so a prefix of bytes is a prefix of leaves.
            if !log.leaves.starts_with(other.leaves) && !other.leaves.starts_with(log.leaves) {
                let same = log.leaves.iter().zip(other.leaves).take_while(|(a, b)| a == b);
                let leaf = same.filter(|(byte, _)| **byte == b'\n').count();
                return Err(Refusal::new("several_fork").with("origin", &log.keys.log.name).with("leaf", leaf));
            }
        }
    }
    Ok(())
}

/// No draw of a period was planned in the logs of two origins.
fn check_one_origin(logs: &[Log]) -> Result<()> {
    let mut planned: BTreeMap<(DrawKind, Week), &str> = BTreeMap::new();
    for log in logs {
        let Ok(history) = split_leaves(log.leaves).and_then(|leaves| History::read(&leaves)) else { continue };
        let origin = log.keys.log.name.as_str();
        for (draw, period) in history.draws.into_keys() {
            if *planned.entry((draw, period)).or_insert(origin) != origin {
                return Err(Refusal::new("several_origins").with("draw", draw.word()).with("period", period));
            }
        }
    }
    Ok(())
}
