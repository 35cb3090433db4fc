//! The one test binary. Each module is a capability; its tests are sentences.

mod application;
mod architecture;
mod calendar;
mod ceremony;
mod checks;
mod draw;
mod facts;
mod fairness;
mod hostile;
mod ingest;
mod layouts;
mod ledger;
mod mark;
mod messes;
mod mutants;
mod office;
mod outside;
mod random;
mod receive;
mod rules;
mod scoring;
mod timetables;
mod unseen;
mod values;
mod verifiers;
mod week;
