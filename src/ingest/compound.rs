//! The streams of a compound file, as old Office documents are: never more memory than a few times the file, never a chain twice.
//! Source: [MS-CFB] 2.2 (header), 2.3 to 2.5 (FAT, mini FAT, DIFAT), 2.6 (directory).

use super::package::{DAMAGED, Result};

pub const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const HEADER: usize = 512;
const MINI_SECTOR: usize = 64;
const ENTRY: usize = 128;

struct Entry {
    name: String,
    /// 2 is a stream, 5 the root, whose stream holds the small ones.
    kind: u8,
    start: u32,
    size: usize,
}

pub struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// Streams smaller than this lie in the mini stream.
    cutoff: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    entries: Vec<Entry>,
}

impl<'a> Compound<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() < HEADER || !bytes.starts_with(&SIGNATURE) || u16_at(bytes, 32) != Some(6) {
            return Err(DAMAGED);
        }
        let sector = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(DAMAGED),
        };
        let cutoff = index(u32_at(bytes, 56).ok_or(DAMAGED)?);
        let (fat, mini_fat, mini, entries) = Default::default();
        let mut file = Self { bytes, sector, cutoff, fat, mini_fat, mini, entries };
        file.read_fat()?;
        let start = |at| u32_at(bytes, at).ok_or(DAMAGED);
        let directory = file.chain(start(48)?, usize::MAX)?;
        file.entries = directory.as_chunks::<ENTRY>().0.iter().filter_map(|entry| read_entry(entry, sector)).collect();
        if let Some(root) = file.entries.iter().find(|entry| entry.kind == 5) {
            file.mini = file.chain(root.start, root.size)?;
            file.mini_fat = numbers(&file.chain(start(60)?, usize::MAX)?);
        }
        Ok(file)
    }

    /// A stream by its name, in whatever case.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(entry) = self.entries.iter().find(|entry| entry.kind == 2 && entry.name.eq_ignore_ascii_case(name)) else { return Ok(None) };
        if entry.size >= self.cutoff {
            return self.chain(entry.start, entry.size).map(Some);
        }
        let sector = |id: usize| self.mini.get(id * MINI_SECTOR..((id + 1) * MINI_SECTOR).min(self.mini.len()));
        follow(entry.start, entry.size, &self.mini_fat, sector).map(Some)
    }

    fn sector_at(&self, id: usize) -> Option<&'a [u8]> {
        // The last sector of a file may be shorter than the others.
        let start = id.checked_add(1)?.checked_mul(self.sector)?;
        self.bytes.get(start..start.checked_add(self.sector)?.min(self.bytes.len()))
    }

    fn chain(&self, start: u32, size: usize) -> Result<Vec<u8>> {
        follow(start, size, &self.fat, |id| self.sector_at(id))
    }

    /// The sectors' table, no longer than there are sectors in the file whatever the header claims.
    fn read_fat(&mut self) -> Result<()> {
        let most = self.bytes.len() / self.sector;
        let mut lists = vec![numbers(&self.bytes[76..HEADER])];
        let mut next = u32_at(self.bytes, 68).ok_or(DAMAGED)?;
        while is_sector(next) && lists.len() <= most {
            let mut list = numbers(self.sector_at(index(next)).ok_or(DAMAGED)?);
            next = list.pop().ok_or(DAMAGED)?;
            lists.push(list);
        }
        for id in lists.into_iter().flatten().filter(|id| is_sector(*id)) {
            if self.fat.len() >= most {
                break;
            }
            self.fat.extend(numbers(self.sector_at(index(id)).ok_or(DAMAGED)?));
        }
        Ok(())
    }
}

/// The sectors of a chain one after another, up to a size; a chain cannot be longer than its table.
fn follow<'s>(start: u32, size: usize, table: &[u32], sector: impl Fn(usize) -> Option<&'s [u8]>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut id, mut count) = (start, 0);
    while is_sector(id) && bytes.len() < size {
        let found = sector(index(id)).filter(|_| count < table.len()).ok_or(DAMAGED)?;
        bytes.extend_from_slice(&found[..found.len().min(size - bytes.len())]);
        id = *table.get(index(id)).ok_or(DAMAGED)?;
        count += 1;
    }
    Ok(bytes)
}

fn read_entry(entry: &[u8; ENTRY], sector: usize) -> Option<Entry> {
    let units: Vec<u16> = entry[..64].as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).take_while(|unit| *unit != 0).collect();
    // Files with small sectors leave the upper half of the size undefined.
    let high = if sector == 512 { 0 } else { index(u32_at(entry, 124)?) };
    let size = high.checked_mul(1 << 32)?.checked_add(index(u32_at(entry, 120)?))?;
    Some(Entry { name: String::from_utf16_lossy(&units), kind: entry[66], start: u32_at(entry, 116)?, size })
}

/// Numbers above are marks: free, end of chain, table.
fn is_sector(id: u32) -> bool {
    id < 0xFFFF_FFFA
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
