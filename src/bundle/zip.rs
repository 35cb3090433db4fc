//! A bundle as one file: a zip of stored members in the protocol's single layout, so equal bundles are equal bytes.
//!
//! Ours because the layout is fixed to the byte (PROTOCOL, Bundle): a general zip reader would accept what must be refused.

use super::files::{Files, admit};
use crate::canon::{Refusal, Result};

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
    let mut directory = Vec::new();
    for (name, content) in files {
        let offset = to_u32(bytes.len())?;
        let common = member(name, content)?;
        put32(&mut bytes, LOCAL);
        bytes.extend_from_slice(&common);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(content);
        put32(&mut directory, CENTRAL);
        put16(&mut directory, VERSION);
        directory.extend_from_slice(&common);
        // Comment length, disk, internal and external attributes.
        directory.extend_from_slice(&[0; 10]);
        put32(&mut directory, offset);
        directory.extend_from_slice(name.as_bytes());
    }
    let (count, start, length) = (to_u16(files.len())?, to_u32(bytes.len())?, to_u32(directory.len())?);
    bytes.append(&mut directory);
    put32(&mut bytes, END);
    for value in [0, 0, count, count] {
        put16(&mut bytes, value);
    }
    put32(&mut bytes, length);
    put32(&mut bytes, start);
    put16(&mut bytes, 0);
    Ok(bytes)
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
pub fn read(bytes: &[u8]) -> Result<Files> {
    let mut files = Files::new();
    let mut at = 0;
    while get32(bytes, at) == Some(LOCAL) {
        let (name, content, next) = read_member(bytes, at).ok_or_else(|| malformed(at))?;
        admit(name, content.len() as u64)?;
        if files.insert(name.to_owned(), content.to_vec()).is_some() {
            return Err(Refusal::new("zip_repeated").with("file", name));
        }
        at = next;
    }
    let written = write(&files)?;
    if written == bytes {
        return Ok(files);
    }
    Err(malformed(written.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(written.len().min(bytes.len()))))
}

fn malformed(at: usize) -> Refusal {
    Refusal::new("zip_layout").with("byte", at)
}

/// Name, content and end of the member whose local header stands at `at`.
fn read_member(bytes: &[u8], at: usize) -> Option<(&str, &[u8], usize)> {
    let size = usize::try_from(get32(bytes, at + 18)?).ok()?;
    let name_length = usize::from(u16::from_le_bytes(bytes.get(at + 26..at + 28)?.try_into().ok()?));
    let name_at = at + LOCAL_BYTES;
    let content_at = name_at + name_length;
    let end = content_at.checked_add(size)?;
    Some((std::str::from_utf8(bytes.get(name_at..content_at)?).ok()?, bytes.get(content_at..end)?, end))
}

fn get32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
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
