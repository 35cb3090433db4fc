//! A backup: everything an office keeps, as it stood at one moment, in one file; its keys, if at all, in another.
//!
//! The file is a zip: `tables/<table>.jsonl`, a JSON list of values for each row in the order of the key, the same for both
//! databases; `files/…`, the data folder's files; and `manifest.json`, written last, with the hash of all that stands before
//! it. Keys are left out, so that whoever finds a backup can read no original and sign for no log; but what is sealed until
//! publication stands in the tables, so a backup is kept as the data folder is.

use super::Office;
use super::office::{file_failed, read_text, write_secret};
use crate::canon::{Hash, Refusal, Result, Time};
use crate::store::copy::{self, Table, Values};
use crate::store::{self};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The version of the format.
pub(super) const FORMAT: u64 = 1;
pub(super) const MANIFEST: &str = "manifest.json";
/// What doesn't belong to a copy: the keys, what follows from the log, and the database itself.
const LEFT_OUT: [&str; 3] = ["keys", "tiles", super::database::FILE];

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u64,
    /// The program that made it.
    pub program: String,
    pub at: Time,
    /// The log's name, and its newest checkpoint where it has any leaf.
    pub origin: String,
    pub leaves: u64,
    pub checkpoint: Option<String>,
    /// The newest step of the schema.
    pub schema: i64,
    pub tables: BTreeMap<String, Held>,
    pub files: BTreeMap<String, Part>,
}

/// What a table held: its rows, and the hash over their lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub rows: u64,
    pub sha256: Hash,
}

/// A file, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub bytes: u64,
    pub sha256: Hash,
}

/// The keys of an installation, in a file of their own.
#[derive(Serialize, Deserialize)]
pub(super) struct Keys {
    pub format: u64,
    pub origin: String,
    /// The texts of the key files by their names.
    pub files: BTreeMap<String, String>,
}

/// Counts and hashes what passes.
#[derive(Default)]
pub(super) struct Tally {
    count: u64,
    state: Sha256,
}

impl Tally {
    /// Takes a row in; answers its line.
    pub fn row(&mut self, values: &Values) -> Result<String> {
        let line = serde_json::to_string(values).map_err(|error| Refusal::new("store_failed").with("reason", error))? + "\n";
        self.count += 1;
        self.state.update(&line);
        Ok(line)
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count += bytes.len() as u64;
        self.state.update(bytes);
    }

    pub fn held(self) -> Held {
        Held { rows: self.count, sha256: Hash(self.state.finalize().into()) }
    }

    pub fn part(self) -> Part {
        Part { bytes: self.count, sha256: Hash(self.state.finalize().into()) }
    }
}

/// What a table holds now.
pub(super) async fn held(connection: &mut AnyConnection, table: &Table) -> Result<Held> {
    let (mut tally, mut last) = (Tally::default(), None);
    loop {
        let page = copy::list_page(connection, table, last.as_ref()).await?;
        for row in &page {
            tally.row(row)?;
        }
        match page.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => return Ok(tally.held()),
        }
    }
}

/// Writes a backup while the service runs; answers what stands in it.
///
/// The tables are read in one transaction that sees one moment. Files are only ever added, before the rows that name them:
/// those of that moment are all there afterwards. The file is whole or absent: it gets its name last.
pub async fn backup(office: &Office, path: &Path, keys: Option<&Path>) -> Result<Manifest> {
    for path in [Some(path), keys].into_iter().flatten() {
        if path.exists() {
            return Err(Refusal::new("backup_exists").with("path", path.display()));
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}.draft", std::process::id()));
    let written = write(office, &draft).await;
    let written = written.and_then(|manifest| fs::rename(&draft, path).map(|()| manifest).map_err(|error| file_failed(path, &error)));
    if written.is_err() {
        // The first failure is the one worth telling.
        let _ = fs::remove_file(&draft);
    }
    let manifest = written?;
    // After the originals: a key that came meanwhile is among them.
    if let Some(keys) = keys {
        write_keys(office, &manifest.origin, keys)?;
    }
    Ok(manifest)
}

async fn write(office: &Office, draft: &Path) -> Result<Manifest> {
    let mut writer = Writer::create(draft)?;
    let mut snapshot = office.store.snapshot().await?;
    let origin = store::find_setting(&mut snapshot, super::office::ORIGIN).await?;
    let origin = origin.ok_or_else(|| Refusal::new("folder_not_initialised").with("folder", office.folder.display()))?;
    let leaves = store::log::leaf_count(&mut snapshot).await?;
    let checkpoint = store::log::find_checkpoint(&mut snapshot, leaves).await?;
    let mut tables = BTreeMap::new();
    for table in copy::list_tables(store::newest_step()).await? {
        tables.insert(table.name.clone(), writer.table(&mut snapshot, &table).await?);
    }
    drop(snapshot);
    let mut files = BTreeMap::new();
    for path in list_files(&office.folder)? {
        let Some(name) = name_in(&office.folder, &path) else { continue };
        if let Some(part) = writer.file(&name, &path)? {
            files.insert(name, part);
        }
    }
    let (program, at) = (env!("CARGO_PKG_VERSION").to_owned(), office.clock.now());
    let manifest = Manifest { format: FORMAT, program, at, origin, leaves, checkpoint, schema: store::newest_step(), tables, files };
    writer.finish(&manifest)?;
    Ok(manifest)
}

/// A path below a folder, with `/` between its parts.
fn name_in(folder: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(folder).ok()?.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
    Some(parts.join("/"))
}

/// Every file of a data folder that belongs to a copy; drafts don't.
fn list_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(|error| file_failed(&next, &error))? {
            let entry = entry.map_err(|error| file_failed(&next, &error))?;
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let is_left_out = next == folder && LEFT_OUT.iter().any(|left_out| name == *left_out || name.starts_with(super::database::FILE));
            if is_left_out || name.starts_with('.') {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

fn write_keys(office: &Office, origin: &str, path: &Path) -> Result<()> {
    let mut files = BTreeMap::from([("log.key".to_owned(), read_text(&office.folder.join("keys/log.key"))?)]);
    for (name, path) in super::vault::key_files(&office.folder) {
        files.insert(name.to_owned(), read_text(&path)?);
    }
    let keys = Keys { format: FORMAT, origin: origin.to_owned(), files };
    let text = serde_json::to_string_pretty(&keys).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    write_secret(path, format!("{text}\n").as_bytes())
}

/// The zip while it is written.
struct Writer {
    zip: ZipWriter<File>,
    path: PathBuf,
}

impl Writer {
    /// From its first byte on only its owner may read it.
    fn create(path: &Path) -> Result<Self> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(|error| file_failed(path, &error))?;
        Ok(Self { zip: ZipWriter::new(file), path: path.to_owned() })
    }

    fn failed(&self, error: impl std::fmt::Display) -> Refusal {
        Refusal::new("file_failed").with("path", self.path.display()).with("reason", error)
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> Result<()> {
        let options = SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default()).large_file(true);
        self.zip.start_file(name, options).map_err(|error| self.failed(error))
    }

    fn add(&mut self, bytes: &[u8]) -> Result<()> {
        self.zip.write_all(bytes).map_err(|error| self.failed(error))
    }

    async fn table(&mut self, connection: &mut AnyConnection, table: &Table) -> Result<Held> {
        self.start(&table_entry(&table.name), CompressionMethod::Deflated)?;
        let (mut tally, mut last) = (Tally::default(), None);
        loop {
            let page = copy::list_page(connection, table, last.as_ref()).await?;
            for row in &page {
                let line = tally.row(row)?;
                self.add(line.as_bytes())?;
            }
            match page.into_iter().next_back() {
                Some(row) => last = Some(row),
                None => return Ok(tally.held()),
            }
        }
    }

    /// Nothing where the file has gone meanwhile: then nothing named it.
    fn file(&mut self, name: &str, path: &Path) -> Result<Option<Part>> {
        let mut file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(|error| file_failed(path, &error))?,
        };
        // Encrypted or compressed already.
        self.start(&file_entry(name), CompressionMethod::Stored)?;
        let (mut tally, mut buffer) = (Tally::default(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut buffer).map_err(|error| file_failed(path, &error))? {
                0 => return Ok(Some(tally.part())),
                count => {
                    tally.bytes(&buffer[..count]);
                    self.add(&buffer[..count])?;
                }
            }
        }
    }

    fn finish(mut self, manifest: &Manifest) -> Result<()> {
        self.start(MANIFEST, CompressionMethod::Deflated)?;
        let text = serde_json::to_string_pretty(manifest).map_err(|error| self.failed(error))?;
        self.add(text.as_bytes())?;
        let path = self.path.clone();
        let file = self.zip.finish().map_err(|error| Refusal::new("file_failed").with("path", path.display()).with("reason", error))?;
        file.sync_all().map_err(|error| file_failed(&path, &error))
    }
}

pub(super) fn table_entry(name: &str) -> String {
    format!("tables/{name}.jsonl")
}

pub(super) fn file_entry(name: &str) -> String {
    format!("files/{name}")
}
