//! The sampling frame (封存名单): one line per class, salted leaves, one root.

use crate::canon::{Code, Hash, Refusal, Result, Secret, TaggedHash, hash::parse_hex, merkle};
use std::collections::HashMap;

pub const MAX_UNITS: usize = 1_000_000;
pub const MAX_SIZE: u64 = 1_000_000;
const MAX_LINE_BYTES: usize = 512;

/// One class in one week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub unit: Code,
    pub stratum: Code,
    /// Size measure, 1…1 000 000.
    pub size: u64,
    /// Must be visited; the reason is in the facts.
    pub certain: bool,
    pub facts: Hash,
}

impl Unit {
    /// The unit's canonical record, without newline.
    pub fn to_record(&self) -> Vec<u8> {
        let Self { unit, stratum, size, certain, facts } = self;
        format!(r#"{{"certain":{certain},"facts":"{facts}","size":{size},"stratum":"{stratum}","unit":"{unit}"}}"#).into_bytes()
    }

    /// Reads a record. There is only one way to write a unit, so the fixed pieces are matched as bytes.
    pub fn parse(record: &[u8]) -> Result<Self> {
        let malformed = || Refusal::new("unit_malformed");
        let rest = record.strip_prefix(br#"{"certain":"#).ok_or_else(malformed)?;
        let (certain, rest) = match (rest.strip_prefix(b"true"), rest.strip_prefix(b"false")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(malformed()),
        };
        let (facts, rest) = field(rest, br#","facts":""#, b'"').ok_or_else(malformed)?;
        let (size, rest) = field(rest, br#","size":"#, b',').ok_or_else(malformed)?;
        let (stratum, rest) = field(rest, br#""stratum":""#, b'"').ok_or_else(malformed)?;
        let (unit, rest) = field(rest, br#","unit":""#, b'"').ok_or_else(malformed)?;
        if rest != b"}" || size.len() > 1 && size.starts_with('0') || !size.bytes().all(|b| b.is_ascii_digit()) {
            return Err(malformed());
        }
        let size = size.parse().ok().filter(|size| (1..=MAX_SIZE).contains(size));
        Ok(Self {
            unit: Code::parse(unit)?,
            stratum: Code::parse(stratum)?,
            size: size.ok_or_else(|| Refusal::new("unit_size_range").with("unit", unit))?,
            certain,
            facts: parse_hex(facts).map(Hash).ok_or_else(malformed)?,
        })
    }

    /// The unit's salted leaf: H("unit", salt, lp(record)).
    pub fn leaf(&self, frame_key: &Secret) -> Hash {
        self.leaf_salted(&self.salt(frame_key))
    }

    /// The same from the salt of this one unit.
    pub fn leaf_salted(&self, salt: &Hash) -> Hash {
        TaggedHash::new("unit").fixed(&salt.0).lp(&self.to_record()).end()
    }

    /// H("salt", frame_key, lp(unit)): opened to whoever may see this one row.
    pub fn salt(&self, frame_key: &Secret) -> Hash {
        TaggedHash::new("salt").fixed(&frame_key.0).lp(self.unit.as_str().as_bytes()).end()
    }
}

/// What stands between a fixed opening and the next `end`, and what follows it.
fn field<'a>(bytes: &'a [u8], opening: &[u8], end: u8) -> Option<(&'a str, &'a [u8])> {
    let rest = bytes.strip_prefix(opening)?;
    let at = rest.iter().position(|&b| b == end)?;
    Some((std::str::from_utf8(&rest[..at]).ok()?, &rest[at + 1..]))
}

/// H("facts", H("facts salt", facts_key, lp(unit)), lp(record)): what was known of a class, sealed.
pub fn facts_hash(salt: &Hash, record: &[u8]) -> Hash {
    TaggedHash::new("facts").fixed(&salt.0).lp(record).end()
}

/// H("facts salt", facts_key, lp(unit)): opened with the one record it salts.
pub fn facts_salt(facts_key: &Secret, unit: &Code) -> Hash {
    TaggedHash::new("facts salt").fixed(&facts_key.0).lp(unit.as_str().as_bytes()).end()
}

/// Units in ascending order of their codes, none twice, 1 to 1 000 000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    units: Vec<Unit>,
    /// Units of each stratum as positions in code order, strata ascending.
    strata: Vec<(Code, Vec<usize>)>,
}

impl Frame {
    /// Takes units in any order.
    pub fn new(mut units: Vec<Unit>) -> Result<Self> {
        units.sort_by(|a, b| a.unit.cmp(&b.unit));
        Self::in_order(units)
    }

    /// Reads `frame.jsonl`.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let Some(lines) = bytes.strip_suffix(b"\n") else { return Err(Refusal::new("frame_last_newline")) };
        let mut units = Vec::new();
        for (index, line) in lines.split(|&b| b == b'\n').enumerate() {
            if index >= MAX_UNITS {
                return Err(Refusal::new("frame_units_range").with("found", index + 1));
            }
            if line.len() >= MAX_LINE_BYTES {
                return Err(Refusal::new("frame_line_long").with("line", index + 1));
            }
            units.push(Unit::parse(line).map_err(|refusal| refusal.with("line", index + 1))?);
        }
        Self::in_order(units)
    }

    fn in_order(units: Vec<Unit>) -> Result<Self> {
        if !(1..=MAX_UNITS).contains(&units.len()) {
            return Err(Refusal::new("frame_units_range").with("found", units.len()));
        }
        if let Some(pair) = units.windows(2).find(|pair| pair[0].unit >= pair[1].unit) {
            return Err(Refusal::new("frame_order").with("unit", &pair[1].unit));
        }
        let strata = group(&units);
        Ok(Self { units, strata })
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// `frame.jsonl`: each line with its newline.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.units.len() * 180);
        for unit in &self.units {
            bytes.extend_from_slice(&unit.to_record());
            bytes.push(b'\n');
        }
        bytes
    }

    /// RFC 6962 hashes of the salted leaves, in frame order.
    pub fn leaf_hashes(&self, frame_key: &Secret) -> Vec<Hash> {
        self.units.iter().map(|unit| merkle::leaf_hash(&unit.leaf(frame_key).0)).collect()
    }

    pub fn root(&self, frame_key: &Secret) -> Hash {
        merkle::root(&self.leaf_hashes(frame_key))
    }

    /// Position of a unit, by its code.
    pub fn find(&self, unit: &Code) -> Option<usize> {
        self.units.binary_search_by(|known| known.unit.cmp(unit)).ok()
    }

    /// Units of each stratum as positions in code order, strata ascending.
    pub fn strata(&self) -> &[(Code, Vec<usize>)] {
        &self.strata
    }

    /// Positions of a stratum's units.
    pub fn members(&self, stratum: &Code) -> Option<&[usize]> {
        let at = self.strata.binary_search_by(|(known, _)| known.cmp(stratum)).ok()?;
        Some(&self.strata[at].1)
    }

    pub fn certain_count(&self) -> u64 {
        self.units.iter().filter(|unit| unit.certain).count() as u64
    }
}

/// Groups units by stratum. The map is only asked, never walked, so its order can't matter.
fn group(units: &[Unit]) -> Vec<(Code, Vec<usize>)> {
    let mut places: HashMap<&Code, usize> = HashMap::new();
    let mut strata: Vec<(Code, Vec<usize>)> = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let place = *places.entry(&unit.stratum).or_insert_with(|| {
            strata.push((unit.stratum.clone(), Vec::new()));
            strata.len() - 1
        });
        strata[place].1.push(index);
    }
    strata.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    strata
}
