//! The one test binary. Each module is a capability; its tests are sentences.

mod architecture;
mod calendar;
mod ceremony;
mod draw;
mod facts;
mod ingest;
mod messes;
mod office;
mod rules;
mod scoring;
mod unseen;
mod values;
mod week;
