//! The log as outside tools read it: hash tiles and entry bundles (C2SP tlog-tiles), as paths and bytes.

use crate::canon::{Hash, merkle};
use std::collections::BTreeMap;

/// Hashes in a full tile, entries in a full bundle.
const WIDTH: usize = 256;

/// Every tile of a log of these leaves, the partial ones at its edge included, by path below the log's prefix.
pub fn tiles(leaves: &[&[u8]]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (index, entries) in leaves.chunks(WIDTH).enumerate() {
        files.insert(path("entries", index, entries.len()), entries.iter().flat_map(|entry| with_length(entry)).collect());
    }
    let mut hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf)).collect();
    let mut level = 0;
    while !hashes.is_empty() {
        for (index, tile) in hashes.chunks(WIDTH).enumerate() {
            files.insert(path(&level.to_string(), index, tile.len()), tile.iter().flat_map(|hash| hash.0).collect());
        }
        // One level up stands one hash for each full tile.
        hashes = hashes.chunks_exact(WIDTH).map(merkle::root).collect();
        level += 1;
    }
    files
}

/// A tile as it is asked for: `tile/<level>/<index>[.p/<width>]`, or `tile/entries/…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// None for a bundle of entries.
    level: Option<u32>,
    index: usize,
    width: usize,
}

impl Asked {
    /// Reads a path; one that isn't written as `path` writes it names nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let (level, place) = text.strip_prefix("tile/")?.split_once('/')?;
        let (groups, width) = match place.split_once(".p/") {
            Some((groups, width)) => (groups, width.parse().ok().filter(|width| (1..WIDTH).contains(width))?),
            None => (place, WIDTH),
        };
        let mut index: usize = 0;
        for group in groups.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        let level: Option<u32> = if level == "entries" { None } else { Some(level.parse().ok().filter(|level| *level < 8)?) };
        let written = path(&level.map_or_else(|| "entries".to_owned(), |level| level.to_string()), index, width);
        (written == text).then_some(Self { level, index, width })
    }

    /// The tile of a log of these leaves; none where the log has not grown so far.
    pub fn of(self, leaves: &[&[u8]]) -> Option<Vec<u8>> {
        let from = self.index.checked_mul(WIDTH)?;
        let to = from.checked_add(self.width)?;
        let Some(level) = self.level else {
            return leaves.get(from..to).map(|entries| entries.iter().flat_map(|entry| with_length(entry)).collect());
        };
        let mut hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf)).collect();
        for _ in 0..level {
            hashes = hashes.chunks_exact(WIDTH).map(merkle::root).collect();
        }
        hashes.get(from..to).map(|tile| tile.iter().flat_map(|hash| hash.0).collect())
    }
}

/// An entry with its length before it, two bytes big-endian; a leaf is at most 4 096 bytes.
fn with_length(entry: &[u8]) -> Vec<u8> {
    let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes(), entry].concat()
}

/// `tile/<level>/x001/x234/067`, with `.p/<width>` for a partial one.
fn path(level: &str, index: usize, width: usize) -> String {
    let mut groups = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        groups.insert(0, format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    let partial = if width < WIDTH { format!(".p/{width}") } else { String::new() };
    format!("tile/{level}/{}{partial}", groups.join("/"))
}
