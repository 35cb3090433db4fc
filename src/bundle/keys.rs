//! Who may sign: the keys a bundle brings along, and those a reader trusts.

use crate::canon::json::parse_record;
use crate::canon::{Code, Hash, Refusal, Result};
use crate::tlog::ed25519::is_public_key;
use crate::tlog::{KeyType, VerifierKey};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `log/keys.json` as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysRecord {
    pub log: String,
    pub witnesses: BTreeMap<Code, Vec<String>>,
}

/// A file of trusted keys as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedRecord {
    pub log: String,
    pub parties: BTreeMap<Code, Hash>,
    pub witnesses: BTreeMap<Code, Vec<String>>,
}

/// The log's key and the witnesses' with their owners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    pub log: VerifierKey,
    pub witnesses: Vec<(Code, VerifierKey)>,
}

/// Keys a reader knows from elsewhere, each party's first one among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKeys {
    pub keys: Keys,
    pub parties: BTreeMap<Code, Hash>,
}

impl Keys {
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let record: KeysRecord = parse_record("log/keys.json", bytes)?;
        let keys = Self::read(&record.log, &record.witnesses)?;
        refuse_twice(keys.all())?;
        keys.refuse_twins()?;
        Ok(keys)
    }

    /// A signature line names a key by name and id: no two keys may share both.
    fn refuse_twins(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        for key in [&self.log].into_iter().chain(self.witnesses.iter().map(|(_, key)| key)) {
            if !seen.insert((key.name.as_str(), key.id())) {
                return Err(Refusal::new("keys_twice").with("key", key));
            }
        }
        Ok(())
    }

    fn read(log: &str, witnesses: &BTreeMap<Code, Vec<String>>) -> Result<Self> {
        let log = VerifierKey::parse(log, KeyType::Log)?;
        let pairs = witnesses.iter().flat_map(|(owner, keys)| keys.iter().map(move |key| (owner, key)));
        let witnesses = pairs.map(|(owner, key)| Ok((owner.clone(), VerifierKey::parse(key, KeyType::Witness)?))).collect::<Result<_>>()?;
        Ok(Self { log, witnesses })
    }

    fn all(&self) -> impl Iterator<Item = Hash> {
        [self.log.key].into_iter().chain(self.witnesses.iter().map(|(_, key)| key.key))
    }

    /// Refuses a log's or witness's key that is a party's, too.
    pub fn check_apart(&self, parties: &BTreeSet<Hash>) -> Result<()> {
        match self.all().find(|key| parties.contains(key)) {
            Some(key) => Err(Refusal::new("keys_twice").with("key", key)),
            None => Ok(()),
        }
    }
}

impl TrustedKeys {
    /// Reads a file of trusted keys.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let record: TrustedRecord = parse_record("keys", bytes)?;
        let keys = Keys::read(&record.log, &record.witnesses)?;
        refuse_twice(keys.all().chain(record.parties.values().copied()))?;
        keys.refuse_twins()?;
        if let Some((party, _)) = record.parties.iter().find(|(_, key)| !is_public_key(&key.0)) {
            return Err(Refusal::new("key_weak").with("party", party));
        }
        Ok(Self { keys, parties: record.parties })
    }

    /// The log's key and each party's first one are those known.
    pub fn check(&self, log: &VerifierKey, first: &BTreeMap<Code, Hash>) -> Result<()> {
        if *log != self.keys.log {
            return Err(Refusal::new("keys_log_untrusted").with("expected", &self.keys.log).with("found", log));
        }
        for (party, key) in first {
            let trusted = self.parties.get(party);
            if trusted != Some(key) {
                let expected = trusted.map_or_else(|| "null".to_owned(), Hash::to_string);
                return Err(Refusal::new("keys_party_untrusted").with("party", party).with("expected", expected).with("found", key));
            }
        }
        Ok(())
    }
}

fn refuse_twice(keys: impl Iterator<Item = Hash>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(Refusal::new("keys_twice").with("key", key));
        }
    }
    Ok(())
}
