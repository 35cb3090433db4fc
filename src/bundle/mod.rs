//! What is published: bytes in, bytes out, within bounds, verified.
//!
//! Pure: whoever reads folders and prints verdicts stands at a door. Imports canon, draw, tlog.
//!
//! Reading order: `verify` judges the draw, `log` the log around it, `history` and `keyring` every leaf, `visits` what
//! happened after the draw, `several` bundles of one log held against each other.

pub mod beacon;
pub mod files;
pub mod history;
pub mod keyring;
pub mod keys;
pub mod log;
pub mod opening;
pub mod receipt;
pub mod several;
pub mod verify;
pub mod visits;
pub mod zip;

pub use files::Files;
pub use keys::{Keys, KeysRecord, TrustedKeys};
pub use opening::{UnitOpening, verify_opening};
pub use receipt::{Receipt, verify_receipt};
pub use several::verify_together;
pub use verify::{Check, Options, Verdict, verify};
