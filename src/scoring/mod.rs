//! Scores: tables known at the freeze → signals → points → size measure. Pure and in integers throughout.
//!
//! One file per family of signals; `score` puts them together by a `Scorecard`. Who inspects never
//! enters a score, nor do gender, ethnicity or origin: none of the tables carries them.

mod attendance;
mod classes;
mod clusters;
mod days;
mod deal;
mod hours;
mod institution;
mod money;
mod overlap;
mod people;
mod places;
mod ramps;
mod repeat;
mod roster;
mod rotation;
mod spans;
mod sweep;
mod system;
mod timeliness;
mod timetable;

pub mod city;
pub mod diff;
pub mod evidence;
pub mod explain;
pub mod score;
pub mod scorecard;
pub mod signal;
pub mod tables;
mod toml_reader;

pub use city::{City, SIGNALS, Signal, signal, signals};
pub use classes::Classes;
pub use evidence::{EvidenceRow, evidence};
pub use money::{Stake, money_permille, money_yuan};
pub use ramps::{Ramp, Ramps};
pub use score::{Contribution, Scored, Scores, add_evidence, score, size_measure};
pub use scorecard::Scorecard;
pub use tables::Tables;
pub use timeliness::FIELDS;
