//! Verifier keys: a public key with the name under which it signs (C2SP signed-note).

use super::ed25519::is_public_key;
use crate::canon::{Hash, Refusal, Result, code::clip, hash::hex};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use sha2::{Digest, Sha256};

/// What a key signs: checkpoints as the log, or cosignatures as a witness. The byte is C2SP's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum KeyType {
    Log = 1,
    Witness = 4,
}

/// `name+id+base64(type, key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    pub name: String,
    pub key_type: KeyType,
    pub key: Hash,
}

impl VerifierKey {
    /// Reads a key of that type; refuses any other spelling of it and keys that strict verification refuses.
    pub fn parse(text: &str, key_type: KeyType) -> Result<Self> {
        let refusal = || Refusal::new("vkey_malformed").with("value", clip(text));
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else { return Err(refusal()) };
        let bytes = BASE64.decode(encoded).map_err(|_| refusal())?;
        let [kind, key @ ..] = bytes.as_slice() else { return Err(refusal()) };
        let key: [u8; 32] = key.try_into().map_err(|_| refusal())?;
        let vkey = Self { name: name.to_owned(), key_type, key: Hash(key) };
        if *kind != key_type as u8 || !is_name(name) || vkey.to_string() != text || !is_public_key(&key) {
            return Err(refusal());
        }
        Ok(vkey)
    }

    /// First four bytes of SHA-256 over name, newline, type and key.
    pub fn id(&self) -> [u8; 4] {
        let digest = Sha256::new().chain_update(&self.name).chain_update([b'\n', self.key_type as u8]).chain_update(self.key.0).finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

/// A key's name: visible ASCII without the sign that parts a vkey.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b'+')
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = vec![self.key_type as u8];
        bytes.extend_from_slice(&self.key.0);
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), BASE64.encode(bytes))
    }
}
