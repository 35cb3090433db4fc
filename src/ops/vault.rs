//! Originals as they are kept: every document byte for byte, encrypted, named by the SHA-256 of what the county sent.
//!
//! A file is `MCO1`, the first 8 bytes of the key's SHA-256, a nonce of 24 bytes, and the document under
//! XChaCha20-Poly1305 with its hash as associated data. The nonce is a keyed digest of the hash: the same document gives
//! the same file, and no two documents share a nonce. Keys stand one a line in `keys/originals.keys`, the last in force;
//! `MINGCHOU_ORIGINALS_KEYS` and `MINGCHOU_DIGEST_KEY` name other files, on a stick or a sealed mount.

use super::Office;
use super::office::{Chance, file_failed, read_text, write_secret, write_whole};
use crate::canon::{Hash, Refusal, Result, Secret};
use crate::facts::DigestKey;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use std::fs;
use std::path::{Path, PathBuf};

const MAGIC: &[u8] = b"MCO1";
const NONCE: usize = 24;
const HEAD: usize = MAGIC.len() + 8 + NONCE;

/// The keys of an installation for what it keeps of people.
pub struct Vault {
    folder: PathBuf,
    originals: Vec<Secret>,
    pub digest: DigestKey,
}

/// Where the keys of originals stand.
fn originals_keys(folder: &Path) -> PathBuf {
    std::env::var_os("MINGCHOU_ORIGINALS_KEYS").map_or_else(|| folder.join("keys/originals.keys"), PathBuf::from)
}

fn digest_key(folder: &Path) -> PathBuf {
    std::env::var_os("MINGCHOU_DIGEST_KEY").map_or_else(|| folder.join("keys/digest.key"), PathBuf::from)
}

/// Where both kinds of keys stand, by the names that a copy of them has.
pub(super) fn key_files(folder: &Path) -> [(&'static str, PathBuf); 2] {
    [("originals.keys", originals_keys(folder)), ("digest.key", digest_key(folder))]
}

/// Makes the keys that aren't there yet.
pub fn make_keys(folder: &Path, chance: &Chance) -> Result<()> {
    for path in [originals_keys(folder), digest_key(folder)] {
        if !path.is_file() {
            write_secret(&path, format!("{}\n", chance.secret()?.to_hex()).as_bytes())?;
        }
    }
    Ok(())
}

impl Vault {
    /// Reads the keys; a folder from before there were any gets them now.
    pub fn open(folder: &Path) -> Result<Self> {
        make_keys(folder, &Chance::System)?;
        let text = read_text(&originals_keys(folder))?;
        let originals = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Secret::parse).collect::<Result<Vec<_>>>()?;
        let failed = || Refusal::new("vault_no_key").with("path", originals_keys(folder).display());
        let digest = DigestKey::new(&Secret::parse(read_text(&digest_key(folder))?.trim())?).ok_or_else(failed)?;
        if originals.is_empty() {
            return Err(failed());
        }
        Ok(Self { folder: folder.join("originals"), originals, digest })
    }

    pub fn path(&self, hash: &Hash) -> PathBuf {
        self.folder.join(hash.to_string())
    }

    /// Keeps a document; one that is there is left as it is.
    pub fn keep(&self, bytes: &[u8]) -> Result<()> {
        let path = self.path(&Hash::of(bytes));
        if path.exists() { Ok(()) } else { write_whole(&path, &self.seal(bytes)?) }
    }

    /// The document as it was sent, or a refusal that names what is missing, altered or sealed with a key that isn't here.
    pub fn read(&self, hash: &Hash) -> Result<Vec<u8>> {
        let path = self.path(hash);
        let kept = fs::read(&path).map_err(|error| file_failed(&path, &error))?;
        let altered = || Refusal::new("original_altered").with("path", path.display());
        let bytes = if kept.starts_with(MAGIC) && kept.len() >= HEAD {
            let id = &kept[MAGIC.len()..MAGIC.len() + 8];
            let key = self.originals.iter().find(|key| key_id(key) == id);
            let key = key.ok_or_else(|| Refusal::new("vault_other_key").with("path", path.display()))?;
            let nonce = XNonce::try_from(&kept[MAGIC.len() + 8..HEAD]).map_err(|_| altered())?;
            cipher(key).decrypt(&nonce, Payload { msg: &kept[HEAD..], aad: &hash.0 }).map_err(|_| altered())?
        } else {
            // Kept before originals were encrypted.
            kept
        };
        if Hash::of(&bytes) == *hash { Ok(bytes) } else { Err(altered()) }
    }

    fn seal(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let hash = Hash::of(bytes);
        let key = self.originals.last().ok_or_else(|| Refusal::new("vault_no_key").with("path", self.folder.display()))?;
        let digest = crate::canon::tagged("original nonce", &[&key.0, &hash.0]);
        let nonce = XNonce::try_from(&digest.0[..NONCE]).map_err(|_| Refusal::new("vault_no_key").with("path", self.folder.display()))?;
        let sealed = cipher(key).encrypt(&nonce, Payload { msg: bytes, aad: &hash.0 });
        let sealed = sealed.map_err(|_| Refusal::new("vault_no_key").with("path", self.folder.display()))?;
        Ok([MAGIC, &key_id(key), &nonce, &sealed].concat())
    }

    /// Hashes of all documents that lie here, and names of files that are none.
    pub fn list(&self) -> Result<(Vec<Hash>, Vec<String>)> {
        let (mut hashes, mut others) = (Vec::new(), Vec::new());
        if !self.folder.exists() {
            return Ok((hashes, others));
        }
        for entry in fs::read_dir(&self.folder).map_err(|error| file_failed(&self.folder, &error))? {
            let name = entry.map_err(|error| file_failed(&self.folder, &error))?.file_name().to_string_lossy().into_owned();
            match Hash::parse(&name) {
                Ok(hash) => hashes.push(hash),
                Err(_) => others.push(name),
            }
        }
        hashes.sort();
        others.sort();
        Ok((hashes, others))
    }
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.0.into())
}

/// Which key sealed a file.
fn key_id(key: &Secret) -> [u8; 8] {
    let mut id = [0; 8];
    id.copy_from_slice(&Hash::of(&key.0).0[..8]);
    id
}

/// Makes a new key for originals and seals all of them anew under it. Answers how many.
///
/// The key is written first, then each file whole: whatever the power leaves can be read with the keys that are there,
/// and the same command goes on. Earlier keys stay in the file until a person removes them.
pub async fn rotate(office: &mut Office) -> Result<usize> {
    let path = originals_keys(&office.folder);
    let text = read_text(&path)?;
    let key = Chance::System.secret()?;
    write_secret(&path, format!("{}\n{}\n", text.trim_end(), key.to_hex()).as_bytes())?;
    office.vault = Vault::open(&office.folder)?;
    let (hashes, _) = office.vault.list()?;
    for hash in &hashes {
        let bytes = office.vault.read(hash)?;
        write_whole(&office.vault.path(hash), &office.vault.seal(&bytes)?)?;
    }
    Ok(hashes.len())
}
