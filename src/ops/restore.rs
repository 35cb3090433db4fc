//! Makes a data folder from a backup, after all of it was held against the manifest.

use super::Office;
use super::backup::{self, FORMAT, Held, Keys, MANIFEST, Manifest, Part, Tally, file_entry, table_entry};
use super::fsck::{Report, fsck};
use super::office::{file_failed, read_log_key, read_text, write_secret};
use crate::canon::{Hash, Refusal, Result, Time};
use crate::store::copy::{self, Table, Values};
use crate::store::{self, Store};
use crate::tlog::{Checkpoint, NoteKey};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use zip::ZipArchive;

/// Where a backup goes.
pub struct Target<'a> {
    pub folder: &'a Path,
    /// The file of keys that `backup --with-keys` wrote; none where the key files were put into the folder's `keys` by hand.
    pub keys: Option<&'a Path>,
    /// A PostgreSQL database that is empty; none for a file in the folder.
    pub database: Option<&'a str>,
    /// A fixed clock, which only a demonstration accepts.
    pub at: Option<Time>,
}

/// Restores a backup into a folder that isn't there or has nothing but its keys, and proves that all of it is there.
///
/// Nothing is written before the whole backup was read and found unaltered. If the power fails half-way there is no
/// database with an origin; the folder is no office, and a person removes it and begins again.
pub async fn restore(path: &Path, target: &Target<'_>) -> Result<(Manifest, Report)> {
    let mut archive = Archive::open(path)?;
    let manifest = archive.manifest()?;
    archive.check(&manifest)?;
    refuse_occupied(target.folder)?;
    super::database::refuse_variable()?;
    let url = target.database.map_or_else(|| super::database::url_of_file(target.folder), str::to_owned);
    let keys = target.keys.map(|path| read_keys(path, &manifest)).transpose()?;
    if let Some(keys) = &keys {
        put_keys(keys, target.folder)?;
    }
    let log_key = check_keys(target.folder, &manifest)?;
    super::init::restrict(target.folder)?;
    super::init::restrict(&target.folder.join("keys"))?;
    for (name, part) in &manifest.files {
        archive.extract(name, part, target.folder)?;
    }
    fill(&mut archive, &manifest, &url, &log_key).await?;
    if let Some(url) = target.database {
        super::database::set_url(target.folder, url)?;
    }
    let office = Office::open(target.folder, target.at).await?;
    super::tiles::write_tiles(&office).await?;
    Ok((manifest, fsck(&office, false).await?))
}

/// Puts the rows into a database that has none, by the steps of the schema that the backup knew; later steps follow when the
/// folder is opened.
async fn fill(archive: &mut Archive, manifest: &Manifest, url: &str, log_key: &NoteKey) -> Result<()> {
    let store = Store::open_at(url, manifest.schema).await?;
    let tables = copy::list_tables(manifest.schema).await?;
    let mut transaction = store.begin().await?;
    if let Some(table) = copy::find_occupied(&mut transaction, &tables).await? {
        return Err(Refusal::new("database_occupied").with("table", table));
    }
    for table in &tables {
        let expected = manifest.tables.get(&table.name).ok_or_else(|| archive.altered(&table_entry(&table.name)))?;
        archive.fill_table(&mut transaction, table).await?;
        if backup::held(&mut transaction, table).await? != *expected {
            return Err(Refusal::new("copy_differs").with("table", &table.name));
        }
    }
    let leaves = store::log::list_leaves(&mut transaction).await?;
    if let Some(fault) = super::fsck::check_log(log_key, &mut transaction, &leaves).await?.into_iter().next() {
        return Err(fault);
    }
    transaction.commit().await.map_err(store::failed)?;
    store.close().await;
    Ok(())
}

/// A folder with anything in it but keys is left alone.
fn refuse_occupied(folder: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let is_occupied = entries.flatten().any(|entry| entry.file_name() != "keys");
    if is_occupied { Err(Refusal::new("init_occupied").with("folder", folder.display())) } else { Ok(()) }
}

fn read_keys(path: &Path, manifest: &Manifest) -> Result<Keys> {
    let keys: Keys = serde_json::from_str(&read_text(path)?).map_err(|_| Refusal::new("backup_keys_file").with("path", path.display()))?;
    if keys.format != FORMAT || keys.origin != manifest.origin {
        return Err(Refusal::new("backup_other_log").with("expected", &manifest.origin).with("found", crate::canon::code::clip(&keys.origin)));
    }
    Ok(keys)
}

/// Writes the keys where the program looks for them. One that is there already stays, and must be the same.
fn put_keys(keys: &Keys, folder: &Path) -> Result<()> {
    let log = ("log.key", folder.join("keys/log.key"));
    for (name, path) in [log].into_iter().chain(super::vault::key_files(folder)) {
        let Some(text) = keys.files.get(name) else { continue };
        if !path.is_file() {
            write_secret(&path, text.as_bytes())?;
        } else if read_text(&path)? != *text {
            return Err(Refusal::new("backup_keys_differ").with("path", path.display()));
        }
    }
    Ok(())
}

/// All keys are there, and the log's is the one that signed this backup's checkpoint.
fn check_keys(folder: &Path, manifest: &Manifest) -> Result<NoteKey> {
    let log = ("log.key", folder.join("keys/log.key"));
    if let Some((_, missing)) = [log].into_iter().chain(super::vault::key_files(folder)).find(|(_, path)| !path.is_file()) {
        return Err(Refusal::new("backup_keys_missing").with("path", missing.display()));
    }
    let key = read_log_key(folder, &manifest.origin)?;
    let other = |_| Refusal::new("backup_other_log").with("expected", &manifest.origin).with("found", key.verifier());
    if let Some(checkpoint) = &manifest.checkpoint {
        Checkpoint::parse(checkpoint).and_then(|checkpoint| checkpoint.verify_origin(&key.verifier()).map(|_| ())).map_err(other)?;
    }
    Ok(key)
}

/// A backup as it is read.
struct Archive {
    zip: ZipArchive<BufReader<File>>,
    path: PathBuf,
}

impl Archive {
    fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|error| file_failed(path, &error))?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|_| Refusal::new("backup_unreadable").with("path", path.display()))?;
        Ok(Self { zip, path: path.to_owned() })
    }

    fn altered(&self, part: &str) -> Refusal {
        Refusal::new("backup_altered").with("path", self.path.display()).with("part", crate::canon::code::clip(part))
    }

    fn manifest(&mut self) -> Result<Manifest> {
        let unreadable = || Refusal::new("backup_unreadable").with("path", self.path.display());
        let entry = self.zip.by_name(MANIFEST).map_err(|_| unreadable())?;
        let manifest: Manifest = serde_json::from_reader(entry).map_err(|_| unreadable())?;
        if manifest.format != FORMAT || manifest.schema > store::newest_step() || manifest.schema < 1 {
            return Err(Refusal::new("backup_newer").with("path", self.path.display()).with("program", crate::canon::code::clip(&manifest.program)));
        }
        Ok(manifest)
    }

    /// Holds every part against the manifest, and the parts' names against where they may go.
    fn check(&mut self, manifest: &Manifest) -> Result<()> {
        let count = manifest.tables.len() + manifest.files.len() + 1;
        if self.zip.len() != count {
            return Err(self.altered(MANIFEST));
        }
        for (name, held) in &manifest.tables {
            let found = self.tally_lines(&table_entry(name))?;
            self.hold(&table_entry(name), &found, held)?;
        }
        for (name, part) in &manifest.files {
            if !is_below(name) {
                return Err(self.altered(name));
            }
            let found = self.copy_to(&file_entry(name), part.bytes, &mut std::io::sink())?;
            self.hold(&file_entry(name), &found, part)?;
        }
        Ok(())
    }

    fn hold<T: PartialEq>(&self, name: &str, found: &T, expected: &T) -> Result<()> {
        if found == expected { Ok(()) } else { Err(self.altered(name)) }
    }

    fn tally_lines(&mut self, name: &str) -> Result<Held> {
        let (altered, path) = (self.altered(name), name.to_owned());
        let entry = self.zip.by_name(&path).map_err(|_| altered.clone())?;
        let (mut rows, mut state) = (0, Sha256::new());
        for line in BufReader::new(entry).split(b'\n') {
            let line = line.map_err(|_| altered.clone())?;
            rows += 1;
            state.update(&line);
            state.update(b"\n");
        }
        Ok(Held { rows, sha256: Hash(state.finalize().into()) })
    }

    /// Copies an entry out, never more than it should hold.
    fn copy_to(&mut self, name: &str, bytes: u64, out: &mut dyn Write) -> Result<Part> {
        let (altered, path) = (self.altered(name), self.path.clone());
        let entry = self.zip.by_name(name).map_err(|_| altered.clone())?;
        let (mut entry, mut tally, mut buffer) = (entry.take(bytes + 1), Tally::default(), vec![0; 1 << 16]);
        loop {
            match entry.read(&mut buffer).map_err(|_| altered.clone())? {
                0 => return Ok(tally.part()),
                count => {
                    tally.bytes(&buffer[..count]);
                    out.write_all(&buffer[..count]).map_err(|error| file_failed(&path, &error))?;
                }
            }
        }
    }

    fn extract(&mut self, name: &str, part: &Part, folder: &Path) -> Result<()> {
        let path = folder.join(name);
        let failed = |error: std::io::Error| file_failed(&path, &error);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).map_err(failed)?;
        }
        let mut file = File::create(&path).map_err(failed)?;
        let found = self.copy_to(&file_entry(name), part.bytes, &mut file)?;
        file.sync_all().map_err(failed)?;
        self.hold(name, &found, part)
    }

    async fn fill_table(&mut self, connection: &mut AnyConnection, table: &Table) -> Result<()> {
        const ROWS: usize = 200;
        let name = table_entry(&table.name);
        let altered = self.altered(&name);
        // Read before the next row is written, page by page: an entry can't be held open while the database is asked.
        let entry = self.zip.by_name(&name).map_err(|_| altered.clone())?;
        let mut lines = BufReader::new(entry).lines();
        loop {
            let mut rows: Vec<Values> = Vec::with_capacity(ROWS);
            for line in lines.by_ref().take(ROWS) {
                let line = line.map_err(|_| altered.clone())?;
                rows.push(serde_json::from_str(&line).map_err(|_| altered.clone())?);
            }
            if rows.is_empty() {
                return Ok(());
            }
            copy::add_rows(connection, table, &rows).await?;
        }
    }
}

/// A plain path below the folder: no way up, no root, nothing in the place of a key or the database.
fn is_below(name: &str) -> bool {
    let path = Path::new(name);
    let is_plain = !name.is_empty() && !name.contains('\\') && path.components().all(|part| matches!(part, Component::Normal(_)));
    let first = path.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
    is_plain && first != "keys" && !first.starts_with(super::database::FILE)
}
