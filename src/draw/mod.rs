//! The draw: frame, plan, allocation, seed, selection, teams, transcript, exactly as `docs/PROTOCOL.md` says.
//!
//! Integers only, our own byte order and rejection loop; imports `canon` and nothing else of ours. The same code
//! proposes a draw and judges one, which is why the document is written for verifiers of other origins.

pub mod allocation;
pub mod frame;
pub mod plan;
pub mod rng;
pub mod roster;
pub mod select;
pub mod teams;
pub mod transcript;

pub use allocation::allocate;
pub use frame::{Frame, Unit};
pub use plan::DrawPlan;
pub use roster::InspectorRoster;
pub use transcript::{Ceremony, Transcript, commitment, run, seed};

/// The protocol's version, as records name it.
pub const PROTOCOL: &str = "mingchou/1";
