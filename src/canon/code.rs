//! Codes and texts of public records: strings that cannot be malformed.

use super::{Refusal, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A code `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, ordered by bytes (PROTOCOL, Bytes).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

impl Code {
    pub fn parse(text: &str) -> Result<Self> {
        let bytes = text.as_bytes();
        let good = (1..=64).contains(&bytes.len())
            && bytes[0].is_ascii_alphanumeric()
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if good { Ok(Self(text.to_owned())) } else { Err(Refusal::new("code_malformed").with("value", clip(text))) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text of a public record: 1–200 characters of the protocol's repertoire, free of look-alikes and controls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

impl Text {
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(c) = text.chars().find(|&c| !in_repertoire(c)) {
            return Err(Refusal::new("text_character").with("character", format!("U+{:04X}", u32::from(c))));
        }
        if !(1..=200).contains(&text.chars().count()) {
            return Err(Refusal::new("text_length"));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn in_repertoire(c: char) -> bool {
    matches!(u32::from(c),
        0x20..=0x7E | 0xB7 | 0x2014 | 0x2018 | 0x2019 | 0x201C | 0x201D | 0x2026
        | 0x3001..=0x3029 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xFF01..=0xFF5E)
}

/// Shortens a foreign value so that a sentence stays a sentence.
pub fn clip(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|c| if c.is_control() { '�' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

macro_rules! string_type {
    ($type:ident) => {
        impl TryFrom<String> for $type {
            type Error = Refusal;
            fn try_from(text: String) -> Result<Self> {
                Self::parse(&text)
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.0
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
string_type!(Code);
string_type!(Text);
