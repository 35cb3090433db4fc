//! The acts: one file each. The only room that asks the clock or chance, and the only one that begins a transaction.
//!
//! One act, one transaction, and one log leaf where the protocol has one. The same input again gives the same
//! answer and no new leaf; different input for something settled is refused.

pub mod account;
pub mod application;
pub mod back;
pub mod backup;
pub mod ceremony;
pub mod change;
pub mod class;
pub mod contents;
pub mod database;
pub mod deadline;
pub mod envelope;
pub mod explain;
pub mod figures;
pub mod frame;
pub mod freeze;
pub mod fsck;
pub mod hall;
pub mod init;
pub mod keys;
pub mod list;
pub mod log;
pub mod look;
pub mod mapping;
pub mod model;
pub mod notice;
pub mod office;
pub mod open;
pub mod payable;
pub mod pending;
pub mod plan_form;
pub mod proof;
pub mod public;
pub mod publish;
pub mod quality;
pub mod receipt;
pub mod receive;
pub mod relocate;
pub mod restore;
pub mod rules;
pub mod score;
pub mod simulate;
pub mod simulate_books;
pub mod status;
pub mod story;
pub mod submission;
pub mod tables;
pub mod tiles;
mod trainees;
pub mod unframed;
pub mod unit;
pub mod vault;
pub mod witness;

pub use ceremony::DrawName;
pub use log::LogWriter;
pub use office::{Chance, Office};
