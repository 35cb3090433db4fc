//! Documents that people print and sign, and their own workbooks back with remarks.

pub mod envelope;
pub mod list;
pub mod mark;
pub mod payable;
pub mod receipt;
