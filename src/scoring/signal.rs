//! The arithmetic all signals share.

/// A list's length as the integer type of scores.
pub fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
