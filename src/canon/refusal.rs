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

/// Refuses a stated value that differs from the one computed.
pub fn differs<T: PartialEq + fmt::Display>(field: &'static str, stated: T, computed: T) -> Result<()> {
    if stated == computed {
        return Ok(());
    }
    Err(Refusal::new("value_differs").with("field", field).with("expected", computed).with("found", stated))
}

/// Refuses a number outside its range.
pub fn in_range(field: &'static str, found: u64, min: u64, max: u64) -> Result<()> {
    if (min..=max).contains(&found) {
        return Ok(());
    }
    Err(Refusal::new("plan_range").with("field", field).with("min", min).with("max", max).with("found", found))
}

/// Refuses a list that is not strictly ascending.
pub fn ascending<T: Ord + std::fmt::Debug>(list: &'static str, values: &[T]) -> Result<()> {
    match values.windows(2).find(|pair| pair[0] >= pair[1]) {
        None => Ok(()),
        Some(pair) => Err(Refusal::new("list_not_ascending").with("list", list).with("value", format!("{:?}", pair[1]))),
    }
}
