//! Why something was not accepted: a code and its values, turned into a sentence by `i18n` at the last moment.

use std::fmt;

pub type Result<T> = std::result::Result<T, Refusal>;

/// Says what was refused; the sentence stands in `i18n` under `code`, with `{name}` for each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub values: Vec<(&'static str, String)>,
}

impl Refusal {
    pub fn new(code: &'static str) -> Self {
        Self { code, values: Vec::new() }
    }

    /// Adds a value for the sentence.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }
}

impl fmt::Display for Refusal {
    /// For developers only; people read the sentence that `i18n` makes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        for (name, value) in &self.values {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Refuses with a code unless the condition holds.
pub fn require(holds: bool, code: &'static str) -> Result<()> {
    if holds { Ok(()) } else { Err(Refusal::new(code)) }
}
