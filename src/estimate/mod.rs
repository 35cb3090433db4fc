//! What may be concluded from what was found: how well a ranking finds what it is for.

pub mod rank;
