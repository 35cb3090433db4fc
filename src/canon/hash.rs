//! SHA-256 with a tag for each purpose, and the 32-byte values it gives.

use super::{Refusal, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// A 32-byte hash or public key, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

impl Hash {
    pub fn parse(text: &str) -> Result<Self> {
        parse_hex::<32>(text).map(Self).ok_or_else(|| Refusal::new("hash_malformed").with("value", super::code::clip(text)))
    }

    /// Plain SHA-256 of bytes as they stand.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl TryFrom<String> for Hash {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.to_string()
    }
}

/// 32 secret bytes: a nonce, a salt, a frame key. Printing it for debugging shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    pub fn parse(text: &str) -> Result<Self> {
        parse_hex::<32>(text).map(Self).ok_or_else(|| Refusal::new("secret_malformed"))
    }

    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// `H(tag, parts…)` under construction: SHA-256 over `"mingchou/1/" + tag + "\n"` and the parts.
pub struct TaggedHash(Sha256);

impl TaggedHash {
    pub fn new(tag: &str) -> Self {
        let mut state = Sha256::new();
        state.update(b"mingchou/1/");
        state.update(tag.as_bytes());
        state.update(b"\n");
        Self(state)
    }

    /// Adds a part whose length is fixed by the protocol.
    pub fn fixed(mut self, part: &[u8; 32]) -> Self {
        self.0.update(part);
        self
    }

    /// Adds a part preceded by its length.
    pub fn lp(mut self, part: &[u8]) -> Self {
        self.0.update(length(part));
        self.0.update(part);
        self
    }

    pub fn end(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

/// `H(tag, lp(part)…)` for parts that all carry their length.
pub fn tagged(tag: &str, parts: &[&[u8]]) -> Hash {
    parts.iter().fold(TaggedHash::new(tag), |state, part| state.lp(part)).end()
}

/// `lp(x)`: the part preceded by its length as a 4-byte big-endian integer.
pub fn lp(part: &[u8]) -> Vec<u8> {
    let mut bytes = length(part).to_vec();
    bytes.extend_from_slice(part);
    bytes
}

fn length(part: &[u8]) -> [u8; 4] {
    // Every file of a bundle is far below 4 GiB; a longer part would have been refused on reading.
    u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Exactly `2 × N` lower-case hexadecimal digits, or nothing.
pub fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0u8; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(bytes)
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
