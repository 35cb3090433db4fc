//! Acts on their way between a party's machine and the office: what is signed, what it hides, by whom it is signed so far.

use super::ed25519::PrivateKey;
use super::leaf::{Act, Signature, seal};
use crate::canon::json::to_record;
use crate::canon::{Code, Hash, Refusal, Result, Secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a sealed leaf hides; the text is left out where it lies elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    pub salt: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// An act with the signatures it has so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAct {
    pub act: Act,
    pub opening: Option<Opening>,
    pub signatures: BTreeMap<Code, Signature>,
}

/// The file: the act's record as the text that is signed, so that no program between can change a byte of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    act: String,
    opening: Option<Opening>,
    signatures: BTreeMap<Code, Signature>,
}

impl SignedAct {
    pub fn new(act: Act) -> Self {
        Self { act, opening: None, signatures: BTreeMap::new() }
    }

    /// An act that hides a text: `make` is given what stands in the leaf.
    pub fn sealed(salt: &Secret, text: String, make: impl FnOnce(Hash) -> Act) -> Self {
        let act = make(seal(salt, text.as_bytes()));
        Self { opening: Some(Opening { salt: Hash(salt.0), text: Some(text) }), ..Self::new(act) }
    }

    pub fn parse(text: &str) -> Result<Self> {
        let file: File = serde_json::from_str(text).map_err(|error| Refusal::new("act_file").with("reason", error))?;
        let signed = Self { act: Act::parse(file.act.as_bytes())?, opening: file.opening, signatures: file.signatures };
        if !signed.act.is_signed() {
            return Err(Refusal::new("act_unsigned").with("act", format!("@act_{}", signed.act.kind())));
        }
        signed.check_opening()?;
        Ok(signed)
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let act = String::from_utf8(self.act.to_record()).unwrap_or_default();
        let file = File { act, opening: self.opening.clone(), signatures: self.signatures.clone() };
        let value = serde_json::from_slice::<serde_json::Value>(&to_record(&file)).unwrap_or_default();
        format!("{value:#}\n")
    }

    /// What is hidden is what the act's `sealed` says: nobody signs a hash that he cannot read.
    fn check_opening(&self) -> Result<()> {
        let sealed = self.act.sealed().map(|hash| hash.to_string()).unwrap_or_default();
        let opened = self.opening.as_ref().map(|o| seal(&Secret(o.salt.0), o.text.as_deref().unwrap_or_default().as_bytes()).to_string());
        if opened.unwrap_or_default() == sealed { Ok(()) } else { Err(Refusal::new("act_opening").with("act", format!("@act_{}", self.act.kind()))) }
    }

    /// What is hidden; empty where the act hides nothing.
    pub fn text(&self) -> &str {
        self.opening.as_ref().and_then(|opening| opening.text.as_deref()).unwrap_or_default()
    }

    pub fn sign(&mut self, party: &Code, key: &PrivateKey) {
        self.signatures.insert(party.clone(), Signature(key.sign(&self.act.message())));
    }

    /// Takes further signatures; one that is there already stays.
    pub fn add_signatures(&mut self, others: BTreeMap<Code, Signature>) {
        others.into_iter().for_each(|(party, signature)| _ = self.signatures.entry(party).or_insert(signature));
    }

    /// Joins what several parties signed: public values typed by several are one act or refused; other acts stay apart
    /// unless they are the same.
    pub fn join(acts: Vec<SignedAct>) -> Result<Vec<SignedAct>> {
        if !acts.is_empty() && acts.iter().all(|signed| signed.act.kind() == "entropy") {
            return Ok(vec![Self::merge(acts)?]);
        }
        let mut joined: Vec<SignedAct> = Vec::new();
        for signed in acts {
            match joined.iter_mut().find(|known| known.act == signed.act) {
                Some(known) => known.add_signatures(signed.signatures),
                None => joined.push(signed),
            }
        }
        Ok(joined)
    }

    /// One act out of files signed in different places; refuses files that say different things.
    pub fn merge(acts: Vec<SignedAct>) -> Result<Self> {
        let mut acts = acts.into_iter();
        let mut merged = acts.next().ok_or_else(|| Refusal::new("act_none"))?;
        for other in acts {
            if other.act != merged.act {
                return Err(Refusal::new("act_differs").with("first", show(&merged)).with("other", show(&other)));
            }
            merged.add_signatures(other.signatures);
        }
        Ok(merged)
    }
}

/// An act for a message about two that differ: a public value as it was typed, else the record.
fn show(signed: &SignedAct) -> String {
    match &signed.act {
        Act::Entropy { text, .. } => text.clone(),
        act => String::from_utf8(act.to_record()).unwrap_or_default(),
    }
}
