//! The transparency log: what a leaf may say, who signs it, and the signed notes that fix how many leaves there are.
//!
//! The tree itself is `canon::merkle`; imports `canon` and nothing else of ours.

pub mod ed25519;
pub mod leaf;
pub mod note;
pub mod signing;
pub mod tiles;
pub mod vkey;
pub mod witness;

pub use ed25519::PrivateKey;
pub use leaf::{Act, DrawRef, Leaf, Signature};
pub use note::{Checkpoint, Cosignature, NoteKey};
pub use signing::{Opening, SignedAct};
pub use vkey::{KeyType, VerifierKey};
