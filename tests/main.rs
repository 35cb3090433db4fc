//! The one test binary. Each module is a capability; its tests are sentences.

mod draw;
#[cfg(feature = "full")]
mod facts;
#[cfg(feature = "full")]
mod scoring;
