//! The one test binary. Each module is a capability; its tests are sentences.

mod architecture;
mod calendar;
mod draw;
mod facts;
mod ingest;
mod messes;
mod rules;
mod scoring;
mod unseen;
mod values;
mod week;
