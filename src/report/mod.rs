//! Documents that people print and sign.

pub mod envelope;
pub mod list;
pub mod receipt;
