//! The writing half of a set of tables on disk: the same rows give the same bytes.

use super::sets::{LIST, SetFile, SetList};
use super::{ROW_GROUP, failed};
use crate::canon::{Hash, Refusal, Result};
use polars::prelude::*;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const BUFFER: usize = 1 << 20;

/// A set being written; its list comes last, so that a set without one is no set.
pub struct SetWriter {
    dir: PathBuf,
}

impl SetWriter {
    /// Begins a set in a folder that is empty or not there yet.
    pub fn new(dir: &Path) -> Result<Self> {
        if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Refusal::new("demo_occupied").with("path", dir.display()));
        }
        fs::create_dir_all(dir).map_err(|error| failed(dir, error))?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// Writes one file of a table, `<table>.parquet` or `<table>-NNN.parquet`, hashing as it goes. Several threads may.
    pub fn write(&self, table: &str, number: Option<u32>, frame: &mut DataFrame) -> Result<SetFile> {
        let file = number.map_or_else(|| format!("{table}.parquet"), |number| format!("{table}-{number:03}.parquet"));
        let sha256 = write_hashed(&self.dir.join(&file), frame)?;
        Ok(SetFile { file, sha256, rows: frame.height() as u64 })
    }

    /// Writes a file that belongs to the set but not to its list, in a folder of its own that nobody scoring opens.
    pub fn write_apart(&self, folder: &str, file: &str, frame: &mut DataFrame) -> Result<Hash> {
        let folder = self.dir.join(folder);
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
        write_hashed(&folder.join(file), frame)
    }

    pub fn finish(self, list: &SetList) -> Result<()> {
        let path = self.dir.join(LIST);
        let mut text = serde_json::to_vec_pretty(list).map_err(|error| failed(&path, error))?;
        text.push(b'\n');
        super::write_durably(&path, &text).map_err(|error| failed(&path, error))
    }
}

fn write_hashed(path: &Path, frame: &mut DataFrame) -> Result<Hash> {
    let file = File::options().write(true).create_new(true).open(path).map_err(|error| failed(path, error))?;
    let mut sink = Hashing { sink: BufWriter::with_capacity(BUFFER, file), state: Sha256::new() };
    let writer = ParquetWriter::new(&mut sink).with_compression(ParquetCompression::Zstd(None));
    let writer = writer.with_statistics(StatisticsOptions::empty()).with_row_group_size(Some(4 * ROW_GROUP)).set_parallel(false);
    writer.finish(frame).map_err(|error| failed(path, error))?;
    sink.flush().map_err(|error| failed(path, error))?;
    Ok(Hash(sink.state.finalize().into()))
}

/// Hashes what is written through it.
struct Hashing<W> {
    sink: W,
    state: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.state.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush()
    }
}
