//! The parties' keys as the log tells them: which is in force at each leaf, and whether acts are signed with it.

use crate::canon::{Code, Hash, Refusal, Result, Time};
use crate::tlog::ed25519::{is_public_key, verifies};
use crate::tlog::{Act, Leaf, Signature};
use std::collections::{BTreeMap, BTreeSet};

/// A party's lost key replaced by others.
#[derive(Clone, Debug)]
pub struct Replacement {
    pub party: Code,
    pub signers: Vec<Code>,
    pub at: Time,
}

/// Every party's key so far.
#[derive(Debug, Default)]
pub struct KeyRing {
    in_force: BTreeMap<Code, Hash>,
    pub first: BTreeMap<Code, Hash>,
    pub used: BTreeSet<Hash>,
    pub replacements: Vec<Replacement>,
}

impl KeyRing {
    pub fn key_of(&self, party: &Code) -> Option<&Hash> {
        self.in_force.get(party)
    }

    /// Holds a signed act to exactly these signers, each with the key in force.
    pub fn check_act(&self, act: &Act, signatures: &BTreeMap<Code, Signature>, signers: &[Code]) -> Result<()> {
        check_signers(act, signatures, signers)?;
        signatures.iter().try_for_each(|(signer, signature)| {
            let key = self.key_of(signer).ok_or_else(|| Refusal::new("signer_without_key").with("party", signer))?;
            check_signature(act, signer, key, signature)
        })
    }

    /// Takes a key leaf: signed by the party itself, or by those who may replace a lost key.
    pub fn take(&mut self, leaf: &Leaf, party: &Code, value: &Hash) -> Result<()> {
        if !is_public_key(&value.0) {
            return Err(Refusal::new("key_weak").with("party", party));
        }
        if self.used.contains(value) {
            return Err(Refusal::new("log_key_reused").with("key", value));
        }
        let signatures = leaf.signatures.clone().unwrap_or_default();
        let own = [party.clone()];
        let Some(before) = self.key_of(party) else {
            check_signers(&leaf.act, &signatures, &own)?;
            signatures.values().try_for_each(|signature| check_signature(&leaf.act, party, value, signature))?;
            self.first.insert(party.clone(), *value);
            self.keep(party, value);
            return Ok(());
        };
        if signatures.keys().eq(own.iter()) {
            signatures.values().try_for_each(|signature| check_signature(&leaf.act, party, before, signature))?;
        } else {
            let signers = replacers(party)?;
            self.check_act(&leaf.act, &signatures, &signers)?;
            self.replacements.push(Replacement { party: party.clone(), signers, at: leaf.at });
        }
        self.keep(party, value);
        Ok(())
    }

    fn keep(&mut self, party: &Code, value: &Hash) {
        self.used.insert(*value);
        self.in_force.insert(party.clone(), *value);
    }
}

/// Who signs the successor of a key that its party has lost.
pub fn replacers(party: &Code) -> Result<Vec<Code>> {
    let signers: &[&str] = match party.as_str() {
        "bureau" => &["discipline"],
        "discipline" => &["bureau"],
        _ => &["bureau", "discipline"],
    };
    signers.iter().map(|code| Code::parse(code)).collect()
}

fn check_signers(act: &Act, signatures: &BTreeMap<Code, Signature>, signers: &[Code]) -> Result<()> {
    if signatures.keys().eq(signers.iter()) {
        return Ok(());
    }
    let list = |codes: Vec<&str>| if codes.is_empty() { "@nobody".to_owned() } else { codes.join(", ") };
    let (expected, found) = (list(signers.iter().map(Code::as_str).collect()), list(signatures.keys().map(Code::as_str).collect()));
    Err(Refusal::new("act_signers").with("act", format!("@act_{}", act.kind())).with("parties", expected).with("signers", found))
}

fn check_signature(act: &Act, signer: &Code, key: &Hash, signature: &Signature) -> Result<()> {
    if verifies(&key.0, &act.message(), &signature.0) {
        return Ok(());
    }
    Err(Refusal::new("act_signature").with("act", format!("@act_{}", act.kind())).with("party", signer))
}
