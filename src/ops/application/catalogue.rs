//! Which papers an application needs and which checks a person makes: data, with an office's own list in its folder.

use crate::canon::{Refusal, Result};
use crate::ops::Office;
use crate::ops::office::read_text;
use serde::{Deserialize, Serialize};

const DEFAULT: &str = include_str!("../../../data/papers.json");

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    pub papers: Vec<Paper>,
    pub checks: Vec<Check>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub required: bool,
    /// On what it rests; “to confirm” where it is practice.
    pub source: String,
}

/// A check that only a person can make（资料核查）.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub source: String,
}

impl Catalogue {
    /// The list of the office: `papers.json` in its folder, else the one that comes with the program.
    pub fn of(office: &Office) -> Result<Self> {
        let path = office.folder.join("papers.json");
        if path.is_file() { Self::parse(&read_text(&path)?) } else { Self::parse(DEFAULT) }
    }

    pub fn parse(text: &str) -> Result<Self> {
        let catalogue: Self = serde_json::from_str(text).map_err(|error| Refusal::new("papers_file").with("reason", error))?;
        let mut codes: Vec<&String> = catalogue.papers.iter().map(|p| &p.code).chain(catalogue.checks.iter().map(|c| &c.code)).collect();
        codes.sort();
        match codes.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Refusal::new("papers_file").with("reason", format!("{} ×2", pair[0]))),
            None => Ok(catalogue),
        }
    }

    pub fn required(&self) -> impl Iterator<Item = &Paper> {
        self.papers.iter().filter(|paper| paper.required)
    }

    /// The papers that were named; `all` names every required one.
    pub fn chosen(&self, names: &[String]) -> Result<Vec<String>> {
        let mut chosen: Vec<String> = Vec::new();
        for name in names {
            let named: Vec<&Paper> = self.papers.iter().filter(|p| p.code == *name || p.name_zh == *name || (name == "all" && p.required)).collect();
            if named.is_empty() {
                let known: Vec<&str> = self.papers.iter().map(|paper| paper.code.as_str()).collect();
                return Err(Refusal::new("application_unknown_paper").with("paper", crate::canon::code::clip(name)).with("known", known.join("、")));
            }
            chosen.extend(named.into_iter().map(|paper| paper.code.clone()).filter(|code| !chosen.contains(code)).collect::<Vec<_>>());
        }
        Ok(chosen)
    }

    pub fn require_check(&self, code: &str) -> Result<()> {
        if self.checks.iter().any(|check| check.code == code) {
            return Ok(());
        }
        let known: Vec<&str> = self.checks.iter().map(|check| check.code.as_str()).collect();
        Err(Refusal::new("application_unknown_check").with("check", crate::canon::code::clip(code)).with("known", known.join("、")))
    }
}
