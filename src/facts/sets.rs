//! A set of tables on disk: a folder with `<table>.parquet` (or `<table>-NNN.parquet`) and `facts.json`, which names every file
//! with its hash. What scoring makes of them is told in `docs/SIGNALS.md`.

use super::failed;
use crate::canon::{Hash, Refusal, Result, Time};
use polars::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// The name of the list of files.
pub const LIST: &str = "facts.json";
/// The one format there is.
pub const SCHEMA: u64 = 1;
/// Bytes hashed at a time.
const BLOCK: usize = 1 << 20;

/// What `facts.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetList {
    pub schema: u64,
    pub seed: u64,
    pub scale: String,
    pub weeks: u64,
    pub frozen_at: Time,
    /// Nothing in it is of the real world.
    pub synthetic: bool,
    pub tables: BTreeMap<String, Vec<SetFile>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetFile {
    pub file: String,
    pub sha256: Hash,
    pub rows: u64,
}

/// A set whose files are all what their list says.
pub struct FactSet {
    dir: PathBuf,
    pub list: SetList,
}

impl FactSet {
    /// Opens a set and verifies the hash of every file.
    pub fn open(dir: &Path) -> Result<Self> {
        let path = dir.join(LIST);
        let text = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        let list: SetList = serde_json::from_slice(&text).map_err(|error| failed(&path, error))?;
        if list.schema != SCHEMA {
            return Err(failed(&path, format!("schema {}", list.schema)));
        }
        for (table, files) in &list.tables {
            for file in files {
                if !is_name(table, &file.file) {
                    return Err(failed(&path, &file.file));
                }
                verify(&dir.join(&file.file), &file.sha256)?;
            }
        }
        Ok(Self { dir: dir.to_owned(), list })
    }

    /// Scans every file, none of them read yet: `(table, rows)`.
    pub fn scan(&self) -> Result<Vec<(String, LazyFrame)>> {
        let mut frames = Vec::new();
        for (table, files) in &self.list.tables {
            for file in files {
                let path = self.dir.join(&file.file);
                let arguments = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
                let scanned = PlRefPath::try_from_path(&path).and_then(|file| LazyFrame::scan_parquet(file, arguments));
                frames.push((table.clone(), scanned.map_err(|error| failed(&path, error))?));
            }
        }
        Ok(frames)
    }
}

/// `<table>.parquet` or `<table>-NNN.parquet`: a list can't name a file elsewhere.
fn is_name(table: &str, file: &str) -> bool {
    let Some(rest) = file.strip_prefix(table).and_then(|rest| rest.strip_suffix(".parquet")) else { return false };
    let numbered = rest.strip_prefix('-').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    table.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && (rest.is_empty() || numbered)
}

fn verify(path: &Path, expected: &Hash) -> Result<()> {
    let found = hash_of(path).map_err(|error| unreadable(path, &error))?;
    if found == *expected {
        return Ok(());
    }
    Err(Refusal::new("facts_altered").with("file", path.display()).with("expected", expected).with("found", found))
}

/// The SHA-256 of a file, read in blocks.
pub fn hash_of(path: &Path) -> std::io::Result<Hash> {
    let mut file = File::open(path)?;
    let (mut state, mut block) = (Sha256::new(), vec![0; BLOCK]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(Hash(state.finalize().into())),
            read => state.update(&block[..read]),
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::NotFound => Refusal::new("facts_missing").with("file", path.display()),
        _ => failed(path, error),
    }
}
