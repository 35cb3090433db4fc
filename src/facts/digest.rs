//! Keyed digests of personal texts: the same person gives the same digest in every document and year, and nobody without the
//! installation's key can find the person from it. HMAC-SHA256 (RFC 2104), with a word in front that keeps kinds apart.

use crate::canon::Secret;
use crate::canon::hash::hex;
use crate::domain::{IdNumber, PersonalText};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The installation's key for digests. It is never rotated: people are matched over years.
#[derive(Clone)]
pub struct DigestKey(Hmac<Sha256>);

impl DigestKey {
    pub fn new(secret: &Secret) -> Option<Self> {
        Hmac::new_from_slice(&secret.0).ok().map(Self)
    }

    fn digest(&self, kind: &str, text: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// The digest by which a person is known, 64 hexadecimal digits.
    pub fn person(&self, id: &IdNumber) -> String {
        self.digest("person", id.reveal())
    }

    /// Of a name, telephone, address or number of a person: `kind` keeps them apart.
    pub fn text(&self, kind: &str, text: &PersonalText) -> String {
        self.digest(kind, text.reveal())
    }
}
