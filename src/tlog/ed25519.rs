//! Ed25519 as the protocol wants it: one strict reading of every key and signature, and keys to sign with.

use crate::canon::{Hash, Secret};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

/// p = 2^255 − 19, little-endian: an encoding of y at or above it is a second spelling of a smaller one.
const P: [u8; 32] = {
    let mut p = [0xFF; 32];
    p[0] = 0xED;
    p[31] = 0x7F;
    p
};

/// A key that may stand anywhere: canonical, on the curve, not of small order.
fn decode(key: &[u8; 32]) -> Option<VerifyingKey> {
    let mut y = *key;
    y[31] &= 0x7F;
    let is_canonical = y.iter().rev().lt(P.iter().rev());
    VerifyingKey::from_bytes(key).ok().filter(|decoded| is_canonical && !decoded.is_weak())
}

pub fn is_public_key(key: &[u8; 32]) -> bool {
    decode(key).is_some()
}

/// Verifies without the cofactor; R and S have one encoding each, and neither key nor R is of small order.
pub fn verifies(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    decode(key).is_some_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

/// A private key: a party's, a witness's or the log's.
#[derive(Clone)]
pub struct PrivateKey(ed25519_dalek::SigningKey);

impl PrivateKey {
    /// From its 32 secret bytes (RFC 8032).
    pub fn new(secret: &Secret) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(&secret.0))
    }

    pub fn public(&self) -> Hash {
        Hash(self.0.verifying_key().to_bytes())
    }

    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}
