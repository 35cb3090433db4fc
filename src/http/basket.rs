//! Files that were looked at and may be handed in next: kept in memory for half an hour, so that nobody chooses them twice.
//!
//! Nothing of them lies on the disk before they are handed in. Another instance of the service doesn't have them, nor has
//! this one after a restart: then they are chosen again.

use crate::canon::{Hash, Time};
use crate::ops::look::Looked;
use crate::ops::receive::HandedIn;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// After so long they are forgotten.
const SECONDS: i64 = 30 * 60;
/// Bytes of all of them together; the oldest go first.
const BYTES: usize = 384 << 20;

/// One person's files with what was found in them.
pub struct Held {
    pub owner: String,
    pub ticket: String,
    pub at: Time,
    pub files: Vec<HandedIn>,
    /// Names of files that were left out because they are no tables.
    pub skipped: Vec<String>,
    pub looked: Looked,
}

impl Held {
    fn bytes(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }
}

#[derive(Default)]
pub struct Basket(Mutex<VecDeque<Arc<Held>>>);

impl Basket {
    /// Keeps files in the place of what the same person left here before. Answers how they are asked for.
    pub fn put(&self, owner: &str, at: Time, files: Vec<HandedIn>, skipped: Vec<String>, looked: Looked) -> String {
        let hashes = files.iter().map(|file| Hash::of(&file.bytes).to_string()).collect::<Vec<_>>().join(" ");
        let ticket = Hash::of(format!("{owner} {at} {} {hashes}", looked.week).as_bytes()).to_string();
        let ticket = ticket.get(..24).unwrap_or(&ticket).to_owned();
        let held = Arc::new(Held { owner: owner.to_owned(), ticket: ticket.clone(), at, files, skipped, looked });
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.owner != owner && !is_old(other, at));
        all.push_back(held);
        while all.len() > 1 && all.iter().map(|held| held.bytes()).sum::<usize>() > BYTES {
            all.pop_front();
        }
        ticket
    }

    /// A person's own files.
    pub fn find(&self, owner: &str, ticket: &str, now: Time) -> Option<Arc<Held>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|held| !is_old(held, now));
        all.iter().find(|held| held.owner == owner && held.ticket == ticket).cloned()
    }

    /// Forgets them once they are handed in.
    pub fn forget(&self, owner: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|held| held.owner != owner);
    }
}

fn is_old(held: &Held, now: Time) -> bool {
    now.unix() - held.at.unix() > SECONDS
}
