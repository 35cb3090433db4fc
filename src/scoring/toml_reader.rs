//! Reads TOML strictly: every value is asked for by name, and every refusal says on which line.

use crate::canon::{Refusal, Result};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of the document and the path by which it was reached, like `signal[2].bins`.
pub struct Node<'a> {
    text: &'a str,
    path: String,
    value: &'a Spanned<DeValue<'a>>,
}

/// A table all of whose keys are known.
pub struct Fields<'a> {
    text: &'a str,
    path: String,
    at: usize,
    keys: BTreeMap<&'a str, &'a Spanned<DeValue<'a>>>,
}

/// Parses a document; malformed TOML and repeated keys are refused by the parser.
pub fn parse(text: &str) -> Result<Spanned<DeTable<'_>>> {
    DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Refusal::new("scorecard_toml").with("line", line(text, at)).with("reason", error.message())
    })
}

/// The fields of the whole document.
pub fn root<'a>(text: &'a str, table: &'a Spanned<DeTable<'a>>, allowed: &[&str]) -> Result<Fields<'a>> {
    Fields::new(text, String::new(), 0, table.get_ref(), allowed)
}

/// The document as canonical JSON (RFC 8785): keys sorted, no blanks, integers in decimal; other kinds are refused.
pub fn canonical(text: &str, table: &Spanned<DeTable<'_>>) -> Result<String> {
    let mut json = String::new();
    write_table(text, table.get_ref(), &mut json)?;
    Ok(json)
}

fn write_table(text: &str, table: &DeTable<'_>, json: &mut String) -> Result<()> {
    let sorted: BTreeMap<&str, &Spanned<DeValue<'_>>> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), value)).collect();
    json.push('{');
    for (index, (key, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        json.push_str(&quoted(key));
        json.push(':');
        write_value(text, value, json)?;
    }
    json.push('}');
    Ok(())
}

fn write_value(text: &str, value: &Spanned<DeValue<'_>>, json: &mut String) -> Result<()> {
    match value.get_ref() {
        DeValue::String(string) => json.push_str(&quoted(string)),
        DeValue::Integer(_) => json.push_str(&integer(text, value, "")?.to_string()),
        DeValue::Table(table) => write_table(text, table, json)?,
        DeValue::Array(array) => {
            json.push('[');
            for (index, item) in array.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_value(text, item, json)?;
            }
            json.push(']');
        }
        other => {
            let refusal = Refusal::new("scorecard_kind").with("line", line(text, value.span().start));
            return Err(refusal.with("found", other.type_str()));
        }
    }
    Ok(())
}

/// A JSON string in the shortest escapes, which is what serde_json writes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn integer(text: &str, value: &Spanned<DeValue<'_>>, path: &str) -> Result<i64> {
    let number = value.get_ref().as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
    number.ok_or_else(|| expected(text, value, path, "integer"))
}

fn expected(text: &str, value: &Spanned<DeValue<'_>>, path: &str, expected: &'static str) -> Refusal {
    let refusal = Refusal::new("scorecard_type").with("line", line(text, value.span().start)).with("place", path);
    refusal.with("expected", expected).with("found", value.get_ref().type_str())
}

/// The line of a byte, from 1.
fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1
}

impl<'a> Node<'a> {
    /// A refusal that names this place.
    pub fn refuse(&self, code: &'static str) -> Refusal {
        Refusal::new(code).with("line", line(self.text, self.value.span().start)).with("place", &self.path)
    }

    pub fn integer(&self, min: i64, max: i64) -> Result<i64> {
        let found = integer(self.text, self.value, &self.path)?;
        if (min..=max).contains(&found) {
            return Ok(found);
        }
        Err(self.refuse("scorecard_range").with("min", min).with("max", max).with("found", found))
    }

    /// A string that is not empty.
    pub fn string(&self) -> Result<&'a str> {
        let found = self.value.get_ref().as_str().ok_or_else(|| expected(self.text, self.value, &self.path, "string"))?;
        if found.trim().is_empty() { Err(self.refuse("scorecard_empty")) } else { Ok(found) }
    }

    /// A list that is not empty.
    pub fn list(&self) -> Result<Vec<Node<'a>>> {
        let array = self.value.get_ref().as_array().ok_or_else(|| expected(self.text, self.value, &self.path, "array"))?;
        let node = |(index, value)| Node { text: self.text, path: format!("{}[{index}]", self.path), value };
        let nodes: Vec<_> = array.iter().enumerate().map(node).collect();
        if nodes.is_empty() { Err(self.refuse("scorecard_empty")) } else { Ok(nodes) }
    }

    /// A table with no keys but these.
    pub fn fields(&self, allowed: &[&str]) -> Result<Fields<'a>> {
        let table = self.value.get_ref().as_table().ok_or_else(|| expected(self.text, self.value, &self.path, "table"))?;
        Fields::new(self.text, self.path.clone(), self.value.span().start, table, allowed)
    }
}

impl<'a> Fields<'a> {
    fn new(text: &'a str, path: String, at: usize, table: &'a DeTable<'a>, allowed: &[&str]) -> Result<Self> {
        for key in table.keys() {
            if !allowed.contains(&key.get_ref().as_ref()) {
                let place = join(&path, key.get_ref());
                return Err(Refusal::new("scorecard_key_unknown").with("line", line(text, key.span().start)).with("place", place));
            }
        }
        let keys = table.iter().map(|(key, value)| (key.get_ref().as_ref(), value)).collect();
        Ok(Self { text, path, at, keys })
    }

    pub fn find(&self, key: &str) -> Option<Node<'a>> {
        self.keys.get(key).map(|value| Node { text: self.text, path: join(&self.path, key), value })
    }

    pub fn get(&self, key: &str) -> Result<Node<'a>> {
        self.find(key)
            .ok_or_else(|| Refusal::new("scorecard_key_missing").with("line", line(self.text, self.at)).with("place", join(&self.path, key)))
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
