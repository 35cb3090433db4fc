//! The one test binary. Each module is a capability; its tests are sentences.

mod architecture;
mod calendar;
mod ceremony;
mod checks;
mod draw;
mod facts;
mod fairness;
mod hostile;
mod ingest;
mod messes;
mod mutants;
mod office;
mod outside;
mod random;
mod rules;
mod scoring;
mod unseen;
mod values;
mod verifiers;
mod week;
