//! Checkpoints as signed notes (C2SP signed-note, tlog-checkpoint) and cosignatures on them (tlog-cosignature).

use super::ed25519::{PrivateKey, verifies};
use super::vkey::{KeyType, VerifierKey};
use crate::canon::{Hash, Refusal, Result, Secret, code::clip};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

/// Begins every signature line: an em dash and a blank.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A key that signs checkpoints: the log's, whose name is the origin and never changes, or a witness's.
pub struct NoteKey {
    name: String,
    key_type: KeyType,
    key: PrivateKey,
}

impl NoteKey {
    pub fn new(name: &str, key_type: KeyType, secret: &Secret) -> Self {
        Self { name: name.to_owned(), key_type, key: PrivateKey::new(secret) }
    }

    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key_type: self.key_type, key: self.key.public() }
    }

    /// The log's checkpoint of a tree of that size and root.
    pub fn sign(&self, size: u64, root: &Hash) -> String {
        let body = format!("{}\n{size}\n{}\n", self.name, BASE64.encode(root.0));
        let line = self.line(&self.key.sign(body.as_bytes()));
        format!("{body}\n{line}")
    }

    /// A witness's line under a checkpoint: it saw this tree at `time` (seconds after 1970), consistent with all it saw before.
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> String {
        let mut blob = time.to_be_bytes().to_vec();
        blob.extend_from_slice(&self.key.sign(&cosigned_message(time, &checkpoint.body)));
        self.line(&blob)
    }

    fn line(&self, blob: &[u8]) -> String {
        let mut bytes = self.verifier().id().to_vec();
        bytes.extend_from_slice(blob);
        format!("{SIGNATURE_MARK}{} {}\n", self.name, BASE64.encode(bytes))
    }
}

fn cosigned_message(time: u64, body: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{body}").into_bytes()
}

/// A cosignature that verified: by which key, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    pub key: Hash,
    /// Seconds after 1970.
    pub time: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    /// Key id, then what that key's type signs with.
    blob: Vec<u8>,
}

/// A checkpoint as it was read: the origin's claim of size and root, and the lines that sign it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
    /// The three lines that are signed.
    pub body: String,
    lines: Vec<Line>,
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
        if origin.is_empty() || number.to_string() != size || BASE64.encode(root_bytes) != root || text.chars().any(|c| c != '\n' && c.is_control()) {
            return Err(refusal());
        }
        let lines = lines.strip_suffix('\n').ok_or_else(refusal)?;
        let lines = lines.split('\n').map(|line| parse_line(line).ok_or_else(refusal)).collect::<Result<Vec<_>>>()?;
        Ok(Self { origin: origin.to_owned(), size: number, root: Hash(root_bytes), body: format!("{body}\n"), lines })
    }

    /// Refuses unless the log signed it once and every other line is one witness's of those given, once each and right.
    pub fn verify(&self, log: &VerifierKey, witnesses: &[&VerifierKey]) -> Result<Vec<Cosignature>> {
        if self.origin != log.name {
            return Err(Refusal::new("checkpoint_origin").with("expected", &log.name).with("found", clip(&self.origin)));
        }
        let mut cosignatures = Vec::new();
        let mut seen: Vec<Hash> = Vec::new();
        for line in &self.lines {
            let named = |key: &&VerifierKey| key.name == line.name && line.blob[..4] == key.id();
            let known = [log].into_iter().chain(witnesses.iter().copied()).find(named);
            let key = known.ok_or_else(|| Refusal::new("checkpoint_unknown_key").with("name", clip(&line.name)))?;
            if seen.contains(&key.key) {
                return Err(Refusal::new("checkpoint_twice").with("name", clip(&line.name)));
            }
            seen.push(key.key);
            let failed = || Refusal::new("checkpoint_signature").with("name", clip(&line.name));
            match key.key_type {
                KeyType::Log => self.verify_log(key, &line.blob[4..]).ok_or_else(failed)?,
                KeyType::Witness => {
                    let time = self.verify_cosignature(key, &line.blob[4..]).ok_or_else(failed)?;
                    cosignatures.push(Cosignature { key: key.key, time });
                }
            }
        }
        if seen.contains(&log.key) { Ok(cosignatures) } else { Err(Refusal::new("checkpoint_unsigned")) }
    }

    /// Refuses unless the log itself signed it, whoever else did.
    pub fn verify_origin(&self, log: &VerifierKey) -> Result<()> {
        let ours = |line: &&Line| line.name == log.name && line.blob[..4] == log.id();
        let only = Self { lines: self.lines.iter().filter(ours).cloned().collect(), ..self.clone() };
        only.verify(log, &[]).map(|_| ())
    }

    fn verify_log(&self, key: &VerifierKey, blob: &[u8]) -> Option<()> {
        verifies(&key.key.0, self.body.as_bytes(), blob.try_into().ok()?).then_some(())
    }

    fn verify_cosignature(&self, key: &VerifierKey, blob: &[u8]) -> Option<u64> {
        let (time, signature) = blob.split_at_checked(8)?;
        let time = u64::from_be_bytes(time.try_into().ok()?);
        let good = i64::try_from(time).is_ok() && verifies(&key.key.0, &cosigned_message(time, &self.body), signature.try_into().ok()?);
        good.then_some(time)
    }
}

/// A signature line whose base64 has one spelling.
fn parse_line(line: &str) -> Option<Line> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let blob = BASE64.decode(encoded).ok()?;
    (!name.is_empty() && blob.len() > 4 && BASE64.encode(&blob) == encoded).then(|| Line { name: name.to_owned(), blob })
}
