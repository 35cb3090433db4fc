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
