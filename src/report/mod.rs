//! Documents that people print and sign.

pub mod list;
