//! The transparency log: what a leaf may say, and the signed notes that fix how many leaves there are.
//!
//! The tree itself is `canon::merkle`; imports `canon` and nothing else of ours.

pub mod leaf;
pub mod note;

pub use leaf::{Act, DrawRef, Leaf};
pub use note::{Checkpoint, LogKey, VerifierKey};
