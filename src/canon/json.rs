//! Records: JSON in the one canonical form of RFC 8785, parsed strictly and compared as bytes.

use super::{Refusal, Result};
use serde::{Serialize, de::DeserializeOwned};

/// Writes a record canonically.
///
/// The structs of records declare their fields in byte order of their names, and maps are `BTreeMap`s, so what
/// serde_json writes is already RFC 8785: no blanks, shortest escapes, integers only.
pub fn to_record<T: Serialize>(record: &T) -> Vec<u8> {
    // Our records hold strings, integers, booleans and lists of them: nothing that serde_json can fail on.
    serde_json::to_vec(record).unwrap_or_default()
}

/// Reads a record and refuses any bytes but its canonical form.
///
/// Unknown and missing keys fail on parsing; repeated keys, blanks, other escapes, other number forms and other
/// key orders fail because writing the record again would give other bytes.
pub fn parse_record<T: Serialize + DeserializeOwned>(what: &'static str, bytes: &[u8]) -> Result<T> {
    let record: T = serde_json::from_slice(bytes).map_err(|error| Refusal::new("record_malformed").with("record", what).with("reason", error))?;
    let canonical = to_record(&record);
    if canonical == bytes {
        return Ok(record);
    }
    let at = canonical.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(canonical.len().min(bytes.len()));
    Err(Refusal::new("record_not_canonical").with("record", what).with("byte", at))
}
