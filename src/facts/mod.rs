//! Facts: accepted rows as immutable Parquet files, named by the SHA-256 of their bytes.
//!
//! A file is written and made durable before the transaction that refers to it, and never changed: a reader either
//! gets the rows that were hashed or a refusal. Imports canon and domain only.

pub mod digest;
mod lesson;
pub mod people;
pub mod people_read;
pub mod rows;
pub mod sets;
pub mod sets_write;

pub use digest::DigestKey;

use crate::canon::{Code, Hash, Refusal, Result, Week};
use polars::prelude::{DataFrame, ParquetCompression, ParquetWriter, StatisticsOptions};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The folder of facts of one installation.
#[derive(Clone, Debug)]
pub struct Facts {
    dir: PathBuf,
}

/// Rows per group of a Parquet file.
const ROW_GROUP: usize = 65_536;

/// Keeps the temporary names of one process apart; never seen in a finished file.
static WRITES: AtomicU64 = AtomicU64::new(0);

impl Facts {
    /// Opens the folder, making it if it isn't there. `facts/` is made below it on the first write.
    pub fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir).map_err(|error| failed(dir, error))?;
        if let Some(above) = dir.parent().filter(|above| !above.as_os_str().is_empty()) {
            sync_folder(above).map_err(|error| failed(above, error))?;
        }
        Ok(Self { dir: dir.to_owned() })
    }

    /// `facts/<kind>/<week>/<county>/<sha256>.parquet` below the folder.
    pub fn path(&self, kind: &str, week: Week, county: &Code, hash: &Hash) -> PathBuf {
        let folder = self.dir.join("facts").join(kind).join(week.to_string()).join(county.as_str());
        folder.join(format!("{hash}.parquet"))
    }

    /// Writes a table so that the same rows give the same bytes: the settings are those that `lesson` names.
    fn write_frame(&self, kind: &str, week: Week, county: &Code, frame: &mut DataFrame) -> Result<Hash> {
        let mut bytes = Vec::new();
        let writer = ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Zstd(None));
        let writer = writer.with_statistics(StatisticsOptions::empty()).with_row_group_size(Some(ROW_GROUP)).set_parallel(false);
        writer.finish(frame).map_err(|error| failed(&self.dir, error))?;
        self.write(kind, week, county, &bytes)
    }

    /// Whether the fact is there and still what was hashed.
    pub fn check(&self, kind: &str, week: Week, county: &Code, hash: &Hash) -> Result<()> {
        self.read(&self.path(kind, week, county, hash), hash).map(|_| ())
    }

    /// All files below `facts/`, with their path.
    pub fn list_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        let mut folders = vec![self.dir.join("facts")];
        while let Some(folder) = folders.pop().filter(|folder| folder.exists()) {
            for entry in fs::read_dir(&folder).map_err(|error| failed(&folder, error))? {
                let path = entry.map_err(|error| failed(&folder, error))?.path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        Ok(files)
    }

    /// Writes bytes under the name of their hash so that they survive a loss of power once this returns.
    ///
    /// If the power fails before the rename, a `.tmp-…` file is left that nothing refers to and anyone may delete;
    /// after it, a whole file that nothing refers to yet: writing the same rows again gives the same name.
    fn write(&self, kind: &str, week: Week, county: &Code, bytes: &[u8]) -> Result<Hash> {
        let hash = Hash::of(bytes);
        let path = self.path(kind, week, county, &hash);
        let Some(folder) = path.parent() else { return Err(failed(&path, "no folder")) };
        self.make_folders(folder)?;
        let serial = WRITES.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".tmp-{}-{serial}-{hash}", std::process::id()));
        let written = write_durably(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path)).and_then(|()| sync_folder(folder));
        if let Err(error) = written {
            // The first error is the one worth telling; what can't be removed is harmless.
            let _ = fs::remove_file(&temporary);
            return Err(failed(&path, error));
        }
        Ok(hash)
    }

    /// Makes the folders of a file, each new one durable in the folder above.
    fn make_folders(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        for above in folder.ancestors().skip(1).take_while(|above| above.starts_with(&self.dir)) {
            sync_folder(above).map_err(|error| failed(above, error))?;
        }
        Ok(())
    }

    /// The bytes of a file, if they are still those that were hashed.
    fn read(&self, path: &Path, hash: &Hash) -> Result<Vec<u8>> {
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Refusal::new("facts_missing").with("file", path.display()),
            _ => failed(path, error),
        })?;
        let found = Hash::of(&bytes);
        if found == *hash {
            return Ok(bytes);
        }
        Err(Refusal::new("facts_altered").with("file", path.display()).with("expected", hash).with("found", found))
    }
}

fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in a folder durable; on Windows folders can't be opened, and NTFS keeps a journal of names.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

fn failed(file: &Path, reason: impl std::fmt::Display) -> Refusal {
    Refusal::new("facts_failed").with("file", file.display()).with("reason", reason)
}
