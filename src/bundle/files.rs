//! The files of a bundle, by name, within their bounds.

use crate::canon::{Refusal, Result};
use std::collections::BTreeMap;

/// Files of a bundle by their path, such as `log/checkpoint`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The files outside the log.
pub const DRAW_FILES: [&str; 6] = ["ceremony.json", "frame.jsonl", "frame.key", "plan.json", "roster.json", "transcript.json"];
/// The files of the log.
pub const LOG_FILES: [&str; 5] = ["log/checkpoint", "log/keys.json", "log/leaves.jsonl", "log/openings.json", "log/witnessed"];

const MAX_FILE_BYTES: u64 = 128 << 20;
const MAX_LEAVES_BYTES: u64 = 1 << 30;
/// A frame of a million lines of at most 512 bytes.
const MAX_FRAME_BYTES: u64 = 512_000_000;

/// How large a file of that name may be; nothing for a name that a bundle doesn't have.
pub fn max_bytes(name: &str) -> Option<u64> {
    match name {
        "log/leaves.jsonl" => Some(MAX_LEAVES_BYTES),
        "frame.jsonl" => Some(MAX_FRAME_BYTES),
        _ if DRAW_FILES.contains(&name) || LOG_FILES.contains(&name) => Some(MAX_FILE_BYTES),
        _ => None,
    }
}

/// Refuses a name that a bundle doesn't have or a size beyond its bound, before any byte is read.
pub fn admit(name: &str, bytes: u64) -> Result<()> {
    let Some(max) = max_bytes(name) else {
        return Err(Refusal::new("bundle_unknown_file").with("file", crate::canon::code::clip(name)));
    };
    if bytes > max {
        return Err(Refusal::new("bundle_file_large").with("file", name).with("max", max).with("found", bytes));
    }
    Ok(())
}

/// Refuses a bundle that lacks a file; a missing log is allowed only when it was said beforehand.
pub fn check_complete(files: &Files, without_log: bool) -> Result<()> {
    for (name, bytes) in files {
        admit(name, bytes.len() as u64)?;
    }
    let has_log = files.keys().any(|name| name.starts_with("log/"));
    if !has_log && !without_log {
        return Err(Refusal::new("bundle_without_log"));
    }
    let needed = DRAW_FILES.iter().chain(LOG_FILES.iter().filter(|_| has_log));
    match needed.into_iter().find(|name| !files.contains_key(**name)) {
        Some(missing) => Err(Refusal::new("bundle_missing_file").with("file", missing)),
        None => Ok(()),
    }
}

/// The bytes of a file that `check_complete` has found.
pub fn get<'a>(files: &'a Files, name: &'static str) -> Result<&'a [u8]> {
    files.get(name).map(Vec::as_slice).ok_or_else(|| Refusal::new("bundle_missing_file").with("file", name))
}

/// A file that must be UTF-8 text.
pub fn get_text<'a>(files: &'a Files, name: &'static str) -> Result<&'a str> {
    std::str::from_utf8(get(files, name)?).map_err(|_| Refusal::new("bundle_not_text").with("file", name))
}
