//! mingchou（明抽）: the random inspection of subsidised training classes, in which nobody has to be believed.
//!
//! The rooms, in reading order; `docs/ARCHITECTURE.md` says which may know which.

/// What is published: bytes in, bytes out, within bounds, verified.
pub mod bundle;
/// Working days, deadlines, lead times.
#[cfg(feature = "reading")]
pub mod calendar;
/// Codes, texts, weeks, times, canonical JSON, tagged hashes, the Merkle tree.
pub mod canon;
/// One function per code: rows in, findings out.
#[cfg(feature = "reading")]
pub mod checks;
/// The command line, one file per command.
pub mod cli;
/// The nouns of the trade, made so that they cannot be wrong.
#[cfg(feature = "reading")]
pub mod domain;
/// The draw: frame, plan, allocation, seed, selection, teams, transcript.
pub mod draw;
/// What may be concluded from what was found.
#[cfg(feature = "full")]
pub mod estimate;
/// Accepted rows as immutable Parquet files named by their hash.
#[cfg(feature = "full")]
pub mod facts;
/// The service: pages for people, an interface for systems.
#[cfg(feature = "service")]
pub mod http;
/// Every sentence a person reads, Chinese first and English second.
pub mod i18n;
/// Bytes of xlsx, xls, ods, csv into rows and findings.
#[cfg(feature = "reading")]
pub mod ingest;
/// The acts, one file each: one act, one transaction, one leaf.
#[cfg(feature = "full")]
pub mod ops;
/// Documents that people print and sign.
#[cfg(feature = "reading")]
pub mod report;
/// Risk: what was known at the freeze in, signals, points and size measures out.
#[cfg(feature = "full")]
pub mod scoring;
/// Synthetic countries from a seed, with planted violations and the truth about them.
#[cfg(feature = "full")]
pub mod simulate;
/// All SQL, one file per table family.
#[cfg(feature = "full")]
pub mod store;
/// The transparency log: leaves, signed notes.
pub mod tlog;
