//! What is published: bytes in, bytes out, within bounds, verified.
//!
//! Pure: whoever reads folders and prints verdicts stands at a door. Imports canon, draw, tlog.

pub mod files;
pub mod history;
pub mod verify;
pub mod zip;

pub use files::Files;
pub use verify::{Check, Options, Verdict, verify};
