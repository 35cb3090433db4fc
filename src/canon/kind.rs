//! Which draw a record speaks of, and which public draw it waits for.

use super::{Refusal, Result, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `weekly`, or `special-N` numbered through the ISO year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DrawKind {
    Weekly,
    /// 1…9999.
    Special(u16),
}

impl DrawKind {
    pub fn parse(text: &str) -> Result<Self> {
        let refusal = || Refusal::new("plan_kind").with("found", super::code::clip(text));
        if text == "weekly" {
            return Ok(Self::Weekly);
        }
        let number: u16 = text.strip_prefix("special-").and_then(|n| n.parse().ok()).ok_or_else(refusal)?;
        let kind = Self::Special(number);
        if (1..=9999).contains(&number) && kind.to_string() == text { Ok(kind) } else { Err(refusal()) }
    }
}

impl DrawKind {
    /// The code of its name in words, for `i18n`.
    pub fn word(self) -> String {
        match self {
            Self::Weekly => "@draw_weekly".to_owned(),
            Self::Special(number) => format!("@draw_special:{number}"),
        }
    }
}

impl fmt::Display for DrawKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekly => f.write_str("weekly"),
            Self::Special(number) => write!(f, "special-{number}"),
        }
    }
}

impl TryFrom<String> for DrawKind {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

impl From<DrawKind> for String {
    fn from(kind: DrawKind) -> String {
        kind.to_string()
    }
}

/// The public draw named beforehand, and the time before which nobody can know its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedDraw {
    pub after: Time,
    pub draw: String,
    pub source: String,
}
