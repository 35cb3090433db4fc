//! The log read as a history: every draw that was ever planned in it, held to the rules of the log.

use super::keyring::KeyRing;
use crate::canon::schedule::Schedule;
use crate::canon::{Code, Date, DrawKind, Hash, NamedDraw, Refusal, Result, Text, Time, Week, merkle};
use crate::tlog::{Act, DrawRef, Leaf};
use std::collections::BTreeMap;

/// One attempt at a draw, as its leaves tell it. Positions in the log count from 0.
#[derive(Debug)]
pub struct Attempt {
    pub draw: DrawRef,
    pub entropy_named: NamedDraw,
    pub frozen_at: Time,
    pub parties: Vec<Code>,
    pub window: (Date, Date),
    pub planned: usize,
    pub commitments: BTreeMap<Code, (usize, Hash)>,
    pub entropy: Option<(usize, String)>,
    pub reveals: BTreeMap<Code, Reveal>,
    pub drawn: Option<(usize, Hash)>,
    pub substitutions: Vec<(usize, Hash)>,
    pub borrowed: Vec<(usize, Hash)>,
    pub void: Option<(usize, Text)>,
    pub publication: Option<(usize, Hash)>,
}

#[derive(Debug)]
pub struct Reveal {
    pub index: usize,
    /// Who opened it: the party, or the keeper of its envelope.
    pub from: Code,
    pub sealed: Hash,
}

/// A submission leaf.
#[derive(Debug)]
pub struct Submission {
    pub index: usize,
    pub at: Time,
    pub county: Code,
    pub period: Week,
    pub leaf_hash: Hash,
}

/// Everything the log says, in its order.
#[derive(Debug, Default)]
pub struct History {
    /// Attempts of each draw, in the order of their numbers.
    pub draws: BTreeMap<(DrawKind, Week), Vec<Attempt>>,
    pub submissions: Vec<Submission>,
    pub times: Vec<Time>,
    versions: BTreeMap<(Code, Week), u64>,
    pub keys: KeyRing,
    specials: BTreeMap<i32, BTreeMap<u16, Week>>,
}

impl History {
    /// Reads all leaves; the refusal names the leaf by its index.
    pub fn read(leaves: &[&[u8]]) -> Result<Self> {
        let mut history = Self::default();
        for (index, data) in leaves.iter().enumerate() {
            let step = Leaf::parse(data).and_then(|leaf| history.add(index, leaf, data));
            step.map_err(|refusal| refusal.with("leaf", index))?;
        }
        Ok(history)
    }

    /// Takes one more leaf, or refuses what the rules forbid after the leaves so far.
    pub fn add(&mut self, index: usize, leaf: Leaf, data: &[u8]) -> Result<()> {
        if self.times.last().is_some_and(|last| leaf.at < *last) {
            return Err(Refusal::new("log_time_back").with("at", leaf.at));
        }
        let at = leaf.at;
        match leaf.act {
            Act::Key { ref party, ref value } => self.keys.take(&leaf, party, value)?,
            Act::Submission { county, period, version, .. } => {
                let last = self.versions.entry((county.clone(), period)).or_default();
                if version != *last + 1 {
                    return Err(Refusal::new("log_submission_version").with("county", county).with("expected", *last + 1).with("found", version));
                }
                *last = version;
                self.submissions.push(Submission { index, at, county, period, leaf_hash: merkle::leaf_hash(data) });
            }
            Act::Plan { draw, entropy, frozen_at, parties, window } => {
                let attempt = Attempt {
                    draw,
                    entropy_named: entropy,
                    frozen_at,
                    parties,
                    window,
                    planned: index,
                    commitments: BTreeMap::new(),
                    entropy: None,
                    reveals: BTreeMap::new(),
                    drawn: None,
                    substitutions: Vec::new(),
                    borrowed: Vec::new(),
                    void: None,
                    publication: None,
                };
                self.add_plan(at, attempt)?;
            }
            act => {
                let Some(draw) = act.draw().copied() else { return Ok(()) };
                let attempts = self.draws.get_mut(&(draw.kind, draw.period));
                let attempt = attempts.and_then(|list| list.iter_mut().find(|known| known.draw == draw));
                let attempt = attempt.ok_or_else(|| Refusal::new("log_no_plan").with("plan", draw.plan))?;
                if let Some(signatures) = &leaf.signatures {
                    self.keys.check_act(&act, signatures, &attempt.signers(&act))?;
                }
                attempt.add(index, at, act)?;
            }
        }
        self.times.push(at);
        Ok(())
    }

    fn add_plan(&mut self, at: Time, attempt: Attempt) -> Result<()> {
        let DrawRef { kind, period, attempt: number, .. } = attempt.draw;
        let schedule = Schedule {
            attempt: number,
            entropy: &attempt.entropy_named,
            frozen_at: attempt.frozen_at,
            kind,
            parties: &attempt.parties,
            period,
            window: attempt.window,
        };
        schedule.check()?;
        if attempt.frozen_at > at {
            return Err(Refusal::new("log_plan_before_freeze").with("frozen_at", attempt.frozen_at).with("at", at));
        }
        if let DrawKind::Special(special) = kind {
            let numbers = self.specials.entry(period.year).or_default();
            let next = numbers.last_key_value().map_or(1, |(last, _)| last + 1);
            let known = numbers.get(&special);
            if known.is_some_and(|week| *week != period) || (known.is_none() && special != next) {
                return Err(Refusal::new("log_special_number").with("expected", next).with("found", special));
            }
            numbers.insert(special, period);
        }
        let earlier = self.draws.entry((kind, period)).or_default();
        let expected = earlier.len() as u64 + 1;
        if number != expected {
            return Err(Refusal::new("log_attempt_number").with("expected", expected).with("found", number));
        }
        if let Some(last) = earlier.last() {
            attempt.check_after(last, earlier)?;
        }
        earlier.push(attempt);
        Ok(())
    }
}

impl Attempt {
    /// A further attempt: after a void, by the same parties, waiting for another and later public draw.
    fn check_after(&self, last: &Attempt, earlier: &[Attempt]) -> Result<()> {
        if last.void.is_none() {
            return Err(Refusal::new("log_attempt_without_void"));
        }
        if self.parties != last.parties {
            return Err(Refusal::new("log_attempt_parties"));
        }
        if self.entropy_named.after <= last.entropy_named.after {
            return Err(Refusal::new("log_attempt_not_later"));
        }
        let ours = &self.entropy_named;
        for theirs in earlier.iter().map(|attempt| &attempt.entropy_named) {
            // Draw numbers of one source are of one width, except drand's rounds, which compare by length first.
            let greater = (ours.draw.len(), &ours.draw) > (theirs.draw.len(), &theirs.draw);
            let fresh = if ours.source == "dice" { ours.draw != theirs.draw } else { greater };
            if ours.source == theirs.source && !fresh {
                return Err(Refusal::new("log_attempt_same_draw").with("draw", &ours.draw));
            }
        }
        Ok(())
    }

    /// The act this attempt waits for, and whose it is; nothing once it is voided or published.
    pub fn missing(&self) -> Option<(&'static str, Vec<&Code>)> {
        let lacking = |have: &dyn Fn(&Code) -> bool| self.parties.iter().filter(|party| !have(party)).collect::<Vec<_>>();
        if self.void.is_some() || self.publication.is_some() {
            None
        } else if !self.all_committed() {
            Some(("commitment", lacking(&|party| self.commitments.contains_key(party))))
        } else if self.entropy.is_none() {
            Some(("entropy", Vec::new()))
        } else if !self.all_revealed() {
            Some(("reveal", lacking(&|party| self.reveals.contains_key(party))))
        } else {
            Some((if self.drawn.is_none() { "draw" } else { "publication" }, Vec::new()))
        }
    }

    /// Who must sign an act of this attempt.
    pub fn signers(&self, act: &Act) -> Vec<Code> {
        match act {
            Act::Commitment { party, .. } => vec![party.clone()],
            Act::Reveal { from, .. } => vec![from.clone()],
            _ => self.parties.clone(),
        }
    }

    fn all_committed(&self) -> bool {
        self.parties.iter().all(|party| self.commitments.contains_key(party))
    }

    fn all_revealed(&self) -> bool {
        self.parties.iter().all(|party| self.reveals.contains_key(party))
    }

    fn add(&mut self, index: usize, at: Time, act: Act) -> Result<()> {
        if self.publication.is_some() {
            return Err(Refusal::new("log_after_publication").with("act", word(act.kind())));
        }
        if self.void.is_some() && !(matches!(act, Act::Publication { .. }) && self.drawn.is_some()) {
            return Err(Refusal::new("log_after_void").with("act", word(act.kind())));
        }
        let kind = act.kind();
        let order = |holds: bool| if holds { Ok(()) } else { Err(Refusal::new("log_order").with("act", word(kind))) };
        match act {
            Act::Commitment { party, value, .. } => {
                order(self.entropy.is_none())?;
                self.check_party(&party)?;
                if at >= self.entropy_named.after {
                    return Err(Refusal::new("log_commitment_late").with("after", self.entropy_named.after).with("at", at));
                }
                once(self.commitments.insert(party, (index, value)).is_none(), kind)
            }
            Act::Entropy { text, .. } => {
                order(self.all_committed() && self.reveals.is_empty())?;
                once(self.entropy.is_none(), kind)?;
                if at < self.entropy_named.after {
                    return Err(Refusal::new("log_entropy_early").with("after", self.entropy_named.after).with("at", at));
                }
                crate::canon::entropy::check_text(&text, &self.entropy_named.source, &self.entropy_named.draw)?;
                self.entropy = Some((index, text));
                Ok(())
            }
            Act::Reveal { party, from, sealed, .. } => {
                order(self.entropy.is_some() && self.drawn.is_none())?;
                self.check_party(&party)?;
                self.check_party(&from)?;
                once(self.reveals.insert(party, Reveal { index, from, sealed }).is_none(), kind)
            }
            Act::Draw { sealed, .. } => {
                order(self.all_revealed())?;
                once(self.drawn.is_none(), kind)?;
                self.drawn = Some((index, sealed));
                Ok(())
            }
            Act::Substitution { sealed, .. } => {
                self.check_in_window(kind, at)?;
                self.substitutions.push((index, sealed));
                Ok(())
            }
            Act::Borrowed { sealed, .. } => {
                self.check_in_window(kind, at)?;
                self.borrowed.push((index, sealed));
                Ok(())
            }
            Act::Void { reason, .. } => {
                order(self.entropy.is_none() || self.drawn.is_some())?;
                self.void = Some((index, reason));
                Ok(())
            }
            Act::Publication { bundle, .. } => {
                order(self.drawn.is_some())?;
                if at.date() <= self.window.1 {
                    return Err(Refusal::new("log_publication_early").with("last", self.window.1).with("at", at));
                }
                self.publication = Some((index, bundle));
                Ok(())
            }
            Act::Key { .. } | Act::Submission { .. } | Act::Plan { .. } => Ok(()),
        }
    }

    fn check_in_window(&self, act: &'static str, at: Time) -> Result<()> {
        if self.drawn.is_none() {
            return Err(Refusal::new("log_order").with("act", word(act)));
        }
        if at.date() > self.window.1 {
            return Err(Refusal::new("log_after_window").with("act", word(act)).with("last", self.window.1).with("at", at));
        }
        Ok(())
    }

    fn check_party(&self, party: &Code) -> Result<()> {
        if self.parties.contains(party) { Ok(()) } else { Err(Refusal::new("log_unknown_party").with("party", party)) }
    }
}

fn once(first: bool, act: &'static str) -> Result<()> {
    if first { Ok(()) } else { Err(Refusal::new("log_twice").with("act", word(act))) }
}

/// The code of an act's name, for `i18n`.
fn word(kind: &str) -> String {
    format!("@act_{kind}")
}
