//! The alphabet of every record: codes, texts, weeks, times, public values, canonical JSON, tagged hashes, the Merkle tree.
//!
//! Imports nothing of ours. Everything that is hashed or signed anywhere is made of these pieces.

pub mod code;
pub mod entropy;
pub mod hash;
pub mod json;
pub mod kind;
pub mod merkle;
pub mod refusal;
pub mod schedule;
pub mod time;

pub use code::{Code, Text};
pub use hash::{Hash, Secret, TaggedHash, lp, tagged};
pub use kind::{DrawKind, NamedDraw};
pub use refusal::{Refusal, Result};
pub use time::{Date, Time, Week};
