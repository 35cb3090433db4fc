//! R6: telephones, accounts and addresses that several trainees share.

use super::city::{City, Signal};
use super::classes::index;
use super::deal::{BUCKETS, Dealt, Slots, in_parallel, spread};
use super::rosters::{Rosters, Shared};
use crate::canon::Result;

/// The persons from whom on a key is a cluster's.
const PERSONS: u8 = 3;

/// A row whose key may be a cluster's.
#[derive(Clone, Copy, Default)]
struct Holder {
    key: u64,
    person: u64,
    class: u32,
    /// The row's number in the rosters.
    row: u32,
}

/// Rows with a key, by key; those of nobody apart.
#[derive(Default)]
struct Holders {
    persons: Dealt<Holder>,
    nobody: Dealt<Holder>,
}

/// The first two persons of a key, and how many there are, up to three.
#[derive(Clone, Copy, Default)]
struct Sharers {
    first: u64,
    second: u64,
    persons: u8,
}

impl Sharers {
    fn add(&mut self, person: u64) {
        match self.persons {
            0 => self.first = person,
            1 if person != self.first => self.second = person,
            2 if person != self.first && person != self.second => {}
            _ => return,
        }
        self.persons += 1;
    }
}

/// R6, shared telephone, account or address: `ramp(K/N; .05, .40)` of the rows that share one with two other persons of any
/// roster; addresses don't count in a class of one employer. Missing where no row has any of them.
pub fn r6(city: &City) -> Result<Signal> {
    let (classes, rosters) = (city.classes(), city.rosters()?);
    let none = || vec![0; classes.len()];
    let (mut rows, mut having, mut count) = (none(), none(), none());
    for (row, &class) in rosters.classes.iter().enumerate() {
        rows[index(class)] += 1;
        having[index(class)] += i64::from(rosters.has_any_key(row));
    }
    let mut hit = vec![false; rosters.len()];
    for row in in_parallel(Shared::ALL.len(), |at| in_clusters(city, rosters, Shared::ALL[at])).concat() {
        let row = index(row);
        if !std::mem::replace(&mut hit[row], true) {
            count[index(rosters.classes[row])] += 1;
        }
    }
    let value = |class: usize| (having[class] > 0).then(|| (city.ramp("R6").at(count[class], rows[class]), count[class]));
    Ok(Signal::of_frame(classes, value))
}

/// How often a key was seen, up to three, as far as a small table can tell: never too few. Most keys are one person's own, and
/// what was seen fewer than three times is in no cluster.
struct Seen {
    counts: Vec<u8>,
    shift: u32,
}

/// The table has at least `2^SEEN_FROM` places and at most `2^SEEN_TO`, two for each row and more.
const SEEN_FROM: u32 = 10;
const SEEN_TO: u32 = 27;

impl Seen {
    fn of(rosters: &Rosters, shared: Shared) -> Self {
        let bits = (rosters.len().max(1).ilog2() + 2).clamp(SEEN_FROM, SEEN_TO);
        let mut seen = Self { counts: vec![0; 1 << bits], shift: 64 - bits };
        for key in (0..rosters.len()).filter_map(|row| rosters.key(shared, row)) {
            let place = seen.place(key);
            seen.counts[place] = (seen.counts[place] + 1).min(PERSONS);
        }
        seen
    }

    #[inline]
    fn place(&self, key: u64) -> usize {
        usize::try_from(spread(key) >> self.shift).unwrap_or(0)
    }

    #[inline]
    fn may_be_cluster(&self, key: u64) -> bool {
        self.counts[self.place(key)] >= PERSONS
    }
}

/// The frame's rows in a cluster by this.
fn in_clusters(city: &City, rosters: &Rosters, shared: Shared) -> Vec<u32> {
    let (classes, seen) = (city.classes(), Seen::of(rosters, shared));
    let mut holders = Holders::default();
    let holder = |at: usize| {
        let key = rosters.key(shared, at).filter(|key| seen.may_be_cluster(*key))?;
        let row = u32::try_from(at).ok()?;
        Some((key, Holder { key, person: rosters.person(at).unwrap_or(0), class: rosters.classes[at], row }))
    };
    holders.persons.deal_all(rosters.len(), |at| holder(at).filter(|_| rosters.person(at).is_some()));
    holders.nobody.deal_all(rosters.len(), |at| if rosters.person(at).is_some() { None } else { holder(at) });
    let counts = |class: usize| classes.in_frame[class] && (shared != Shared::Address || !classes.one_employer[class]);
    in_parallel(BUCKETS, |bucket| of_bucket(&holders, bucket, counts)).concat()
}

fn of_bucket(holders: &Holders, bucket: usize, counts: impl Fn(usize) -> bool) -> Vec<u32> {
    let rows = holders.persons.bucket(bucket);
    let mut slots = Slots::new(holders.persons.bucket_len(bucket));
    let mut sharers: Vec<Sharers> = Vec::new();
    for holder in rows.clone() {
        let key = index(slots.number(holder.key));
        if key == sharers.len() {
            sharers.push(Sharers::default());
        }
        sharers[key].add(holder.person);
    }
    let shared = |holder: &Holder| slots.find(holder.key).is_some_and(|key| sharers[key].persons >= PERSONS);
    let of_frame = rows.chain(holders.nobody.bucket(bucket)).filter(|holder| counts(index(holder.class)) && shared(holder));
    of_frame.map(|holder| holder.row).collect()
}
