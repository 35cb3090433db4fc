//! Scores: inputs known at the freeze → signals → points → size measure. Pure and in integers throughout.
//!
//! One file per family of signals; `score` puts them together by a `Scorecard`. Who inspects never
//! enters a score, nor do gender, ethnicity or origin: none of the inputs carries them.

mod hours;
mod institution;
mod money;
mod places;
mod system;
mod timeliness;

pub mod diff;
pub mod explain;
pub mod inputs;
pub mod score;
pub mod scorecard;
pub mod signal;
mod toml_reader;

pub use inputs::{ChangeInput, ClassInput, Inputs, LessonInput, SubmissionInput};
pub use money::{money_permille, money_yuan};
pub use score::{Contribution, Scored, Scores, score, signal_values, size_measure};
pub use scorecard::Scorecard;

/// The signals this version computes, in the order. A scorecard may name no other.
pub const SIGNALS: [&str; 11] = ["T1", "T3", "T4", "S1", "H1", "H2", "P1", "P2", "P3", "I3", "I7"];
