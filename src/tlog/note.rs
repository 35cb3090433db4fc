//! Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), as far as the log's own key goes.

use crate::canon::{Hash, Refusal, Result, Secret, code::clip};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

const ED25519: u8 = 1;
/// Begins every signature line: an em dash and a blank.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A key's public half with the name of its owner: `name+id+base64(type, key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    pub name: String,
    kind: u8,
    key: [u8; 32],
}

impl VerifierKey {
    pub fn parse(text: &str) -> Result<Self> {
        let refusal = || Refusal::new("vkey_malformed").with("value", clip(text));
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else { return Err(refusal()) };
        let bytes = BASE64.decode(encoded).map_err(|_| refusal())?;
        let [kind, key @ ..] = bytes.as_slice() else { return Err(refusal()) };
        let key = Self { name: name.to_owned(), kind: *kind, key: key.try_into().map_err(|_| refusal())? };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) || key.to_string() != text || id.len() != 8 {
            return Err(refusal());
        }
        Ok(key)
    }

    /// First four bytes of SHA-256 over name, newline, type and key.
    pub fn id(&self) -> [u8; 4] {
        let digest = Sha256::new().chain_update(&self.name).chain_update([b'\n', self.kind]).chain_update(self.key).finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// Whether the key signs notes as the log does.
    pub fn is_log_key(&self) -> bool {
        self.kind == ED25519
    }

    fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.key) else { return false };
        key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = vec![self.kind];
        bytes.extend_from_slice(&self.key);
        write!(f, "{}+{}+{}", self.name, crate::canon::hash::hex(&self.id()), BASE64.encode(bytes))
    }
}

/// The log's signing key. Its name is the log's origin and never changes.
pub struct LogKey {
    name: String,
    key: SigningKey,
}

impl LogKey {
    pub fn new(name: &str, seed: &Secret) -> Self {
        Self { name: name.to_owned(), key: SigningKey::from_bytes(&seed.0) }
    }

    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), kind: ED25519, key: self.key.verifying_key().to_bytes() }
    }

    /// A signed checkpoint of a tree of that size and root.
    pub fn sign(&self, size: u64, root: &Hash) -> String {
        let body = format!("{}\n{size}\n{}\n", self.name, BASE64.encode(root.0));
        let mut signature = self.verifier().id().to_vec();
        signature.extend_from_slice(&self.key.sign(body.as_bytes()).to_bytes());
        format!("{body}\n{SIGNATURE_MARK}{} {}\n", self.name, BASE64.encode(signature))
    }
}

/// A checkpoint as it was read: the origin's claim of size and root, and the lines that sign it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
    body: String,
    signatures: Vec<(String, Vec<u8>)>,
}

impl Checkpoint {
    /// Reads a checkpoint without extension lines; each signature line has a name and a base64 blob.
    pub fn parse(text: &str) -> Result<Self> {
        let refusal = || Refusal::new("checkpoint_malformed");
        let (body, lines) = text.split_once("\n\n").ok_or_else(refusal)?;
        let fields: Vec<&str> = body.split('\n').collect();
        let [origin, size, root] = fields[..] else { return Err(refusal()) };
        let number: u64 = size.parse().map_err(|_| refusal())?;
        let root_bytes = BASE64.decode(root).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(refusal)?;
        if origin.is_empty() || number.to_string() != size || BASE64.encode(root_bytes) != root {
            return Err(refusal());
        }
        let lines = lines.strip_suffix('\n').ok_or_else(refusal)?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            let (name, blob) = line.strip_prefix(SIGNATURE_MARK).and_then(|l| l.split_once(' ')).ok_or_else(refusal)?;
            let bytes = BASE64.decode(blob).map_err(|_| refusal())?;
            if name.is_empty() || bytes.len() < 5 {
                return Err(refusal());
            }
            signatures.push((name.to_owned(), bytes));
        }
        Ok(Self { origin: origin.to_owned(), size: number, root: Hash(root_bytes), body: format!("{body}\n"), signatures })
    }

    /// Refuses unless the log's key signed it, exactly once.
    pub fn verify_log(&self, key: &VerifierKey) -> Result<()> {
        if self.origin != key.name || !key.is_log_key() {
            return Err(Refusal::new("checkpoint_origin").with("expected", &key.name).with("found", clip(&self.origin)));
        }
        let id = key.id();
        let mut ours = self.signatures.iter().filter(|(name, blob)| *name == key.name && blob[..4] == id);
        let (Some((_, blob)), None) = (ours.next(), ours.next()) else { return Err(Refusal::new("checkpoint_unsigned")) };
        let good = blob[4..].try_into().is_ok_and(|signature| key.verifies(self.body.as_bytes(), signature));
        if good { Ok(()) } else { Err(Refusal::new("checkpoint_signature")) }
    }

    /// How many lines sign it besides the log's own.
    pub fn other_signatures(&self, key: &VerifierKey) -> usize {
        let id = key.id();
        self.signatures.iter().filter(|(name, blob)| *name != key.name || blob[..4] != id).count()
    }
}
