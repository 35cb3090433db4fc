//! A bundle as one file: a zip of stored members in the protocol's single layout, so equal bundles are equal bytes.
//!
//! Ours because the layout is fixed to the byte (PROTOCOL, Bundle): a general zip reader would accept what must be refused.

use super::files::{Files, admit};
use crate::canon::{Refusal, Result};
use std::io::Read;

const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
const VERSION: u16 = 20;
/// 1980-01-01 in the format of MS-DOS.
const DATE: u16 = 1 << 5 | 1;
const LOCAL_BYTES: usize = 30;

/// Writes the one zip of these files. Refuses what zip without zip64 can't hold.
pub fn write(files: &Files) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut directory = Directory::default();
    for (name, content) in files {
        let common = member(name, content)?;
        directory.add(name, &common, bytes.len())?;
        put32(&mut bytes, LOCAL);
        bytes.extend_from_slice(&common);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(content);
    }
    let end = directory.end(bytes.len())?;
    bytes.extend_from_slice(&end);
    Ok(bytes)
}

/// The directory at a zip's end, as its members are added.
#[derive(Default)]
struct Directory {
    bytes: Vec<u8>,
    count: usize,
}

impl Directory {
    fn add(&mut self, name: &str, common: &[u8], offset: usize) -> Result<()> {
        put32(&mut self.bytes, CENTRAL);
        put16(&mut self.bytes, VERSION);
        self.bytes.extend_from_slice(common);
        // Comment length, disk, internal and external attributes.
        self.bytes.extend_from_slice(&[0; 10]);
        put32(&mut self.bytes, to_u32(offset)?);
        self.bytes.extend_from_slice(name.as_bytes());
        self.count += 1;
        Ok(())
    }

    /// Everything after the last member.
    fn end(self, start: usize) -> Result<Vec<u8>> {
        let (count, start, length) = (to_u16(self.count)?, to_u32(start)?, to_u32(self.bytes.len())?);
        let mut bytes = self.bytes;
        put32(&mut bytes, END);
        for value in [0, 0, count, count] {
            put16(&mut bytes, value);
        }
        put32(&mut bytes, length);
        put32(&mut bytes, start);
        put16(&mut bytes, 0);
        Ok(bytes)
    }
}

/// What the local header and the directory say alike of a member: from the version needed to the extra length.
fn member(name: &str, content: &[u8]) -> Result<Vec<u8>> {
    let mut common = Vec::with_capacity(26);
    // Version needed, flags, method, time, date.
    for value in [VERSION, 0, 0, 0, DATE] {
        put16(&mut common, value);
    }
    put32(&mut common, crc32fast::hash(content));
    let size = to_u32(content.len())?;
    put32(&mut common, size);
    put32(&mut common, size);
    put16(&mut common, to_u16(name.len())?);
    put16(&mut common, 0);
    Ok(common)
}

/// Reads a zip and refuses any bytes but those that `write` would give for its files.
///
/// A member's name and size are admitted before its content is read, and nothing is held twice.
pub fn read(mut from: impl Read) -> Result<Files> {
    let mut files = Files::new();
    let mut directory = Directory::default();
    let mut at = 0;
    let mut head = take(&mut from, LOCAL_BYTES, at)?;
    while head.starts_with(&LOCAL.to_le_bytes()) {
        let (size, name_length) = sizes(&head).ok_or_else(|| malformed(at))?;
        let name = take(&mut from, name_length, at)?;
        let name = std::str::from_utf8(&name).map_err(|_| malformed(at))?;
        admit(name, size as u64)?;
        if files.last_key_value().is_some_and(|(last, _)| last.as_str() >= name) {
            return Err(Refusal::new("zip_repeated").with("file", name));
        }
        let content = take(&mut from, size, at)?;
        let common = member(name, &content)?;
        if content.len() != size || head[4..] != common {
            return Err(malformed(at));
        }
        directory.add(name, &common, at)?;
        at += LOCAL_BYTES + name_length + size;
        files.insert(name.to_owned(), content);
        head = take(&mut from, LOCAL_BYTES, at)?;
    }
    let expected = directory.end(at)?;
    // One byte more than there should be, so that anything after the end is seen.
    head.extend(take(&mut from, (expected.len() + 1).saturating_sub(head.len()), at)?);
    if !files.is_empty() && head == expected {
        return Ok(files);
    }
    Err(malformed(at + expected.iter().zip(&head).position(|(a, b)| a != b).unwrap_or(expected.len().min(head.len()))))
}

/// Up to so many further bytes, as many as there are.
fn take(from: &mut impl Read, count: usize, at: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(count as u64).read_to_end(&mut bytes).map_err(|_| malformed(at))?;
    Ok(bytes)
}

fn malformed(at: usize) -> Refusal {
    Refusal::new("zip_layout").with("byte", at)
}

/// Size of the content and length of the name that a local header states.
fn sizes(head: &[u8]) -> Option<(usize, usize)> {
    let size = u32::from_le_bytes(head.get(18..22)?.try_into().ok()?);
    let name_length = u16::from_le_bytes(head.get(26..28)?.try_into().ok()?);
    Some((usize::try_from(size).ok()?, usize::from(name_length)))
}

fn put16(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn put32(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn to_u16(value: usize) -> Result<u16> {
    u16::try_from(value).map_err(|_| Refusal::new("zip_large"))
}

fn to_u32(value: usize) -> Result<u32> {
    u32::try_from(value).map_err(|_| Refusal::new("zip_large"))
}
