//! R6: telephones, accounts and addresses that several trainees share.

use super::city::{City, Signal};
use super::classes::index;
use super::deal::{BUCKETS, Dealt, Slots, in_parallel, spread};
use crate::canon::Result;

/// The persons from whom on a key is a cluster's.
const PERSONS: u8 = 3;

/// A row that has a key: 24 bytes, for there are three times as many as rows.
#[derive(Clone, Copy, Default)]
struct Holder {
    key: u64,
    person: u64,
    class: u32,
    /// The row's number over all parts of the table.
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
    let (classes, rows) = (city.classes(), &city.tally()?.rows);
    let mut any = vec![false; classes.len()];
    let mut hit: Vec<bool> = Vec::new();
    let mut count = vec![0; classes.len()];
    let columns = ["phone", "account", "address"];
    for found in in_parallel(columns.len(), |at| Clustered::read(city, columns[at])) {
        let found = found?;
        any.iter_mut().zip(found.has_key).for_each(|(any, has_key)| *any |= has_key);
        for (class, row) in found.rows {
            let (class, row) = (index(class), index(row));
            if hit.len() <= row {
                hit.resize(row + 1, false);
            }
            if !std::mem::replace(&mut hit[row], true) {
                count[class] += 1;
            }
        }
    }
    let value = |class: usize| any[class].then(|| (city.ramp("R6").at(count[class], rows[class]), count[class]));
    Ok(Signal::of_frame(classes, value))
}

/// What one column gives.
struct Clustered {
    /// Classes of which a row has a key.
    has_key: Vec<bool>,
    /// Class and number of the frame's rows in a cluster.
    rows: Vec<(u32, u32)>,
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
    fn read(city: &City, column: &'static str) -> Result<Self> {
        let rows: i64 = city.tally()?.rows.iter().sum();
        let bits = (rows.max(1).unsigned_abs().ilog2() + 2).clamp(SEEN_FROM, SEEN_TO);
        let mut seen = Self { counts: vec![0; 1 << bits], shift: 64 - bits };
        city.tables().read("roster", &["class", column], |part| {
            let (codes, keys) = (part.codes("class")?, part.keys(column)?);
            for (at, &key) in keys.values.iter().enumerate() {
                if keys.is_known(at) && city.classes().find(codes.values[at]).is_some() {
                    let place = seen.place(key);
                    seen.counts[place] = (seen.counts[place] + 1).min(PERSONS);
                }
            }
            Ok(())
        })?;
        Ok(seen)
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

impl Clustered {
    fn read(city: &City, column: &'static str) -> Result<Self> {
        let classes = city.classes();
        let seen = Seen::read(city, column)?;
        let mut has_key = vec![false; classes.len()];
        let mut holders = Holders::default();
        let mut before = 0;
        city.tables().read("roster", &["class", "person", column], |part| {
            let (codes, persons, keys) = (part.codes("class")?, part.keys("person")?, part.keys(column)?);
            let holder = |at: usize| {
                let (key, class) = (keys.get(at).filter(|key| seen.may_be_cluster(*key))?, codes.values[at]);
                classes.find(class)?;
                let row = u32::try_from(before + at).ok()?;
                Some((key, Holder { key, person: persons.values[at], class, row }))
            };
            holders.persons.deal(part.rows(), |at| holder(at).filter(|_| persons.is_known(at)));
            holders.nobody.deal(part.rows(), |at| if persons.is_known(at) { None } else { holder(at) });
            let having = codes.values.iter().enumerate().filter(|(at, _)| keys.is_known(*at));
            having.filter_map(|(_, &code)| classes.find(code)).for_each(|class| has_key[class] = true);
            before += part.rows();
            Ok(())
        })?;
        let counts = |class: usize| classes.in_frame[class] && (column != "address" || !classes.one_employer[class]);
        let rows = in_parallel(BUCKETS, |bucket| of_bucket(&holders, bucket, counts)).concat();
        Ok(Self { has_key, rows })
    }
}

fn of_bucket(holders: &Holders, bucket: usize, counts: impl Fn(usize) -> bool) -> Vec<(u32, u32)> {
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
    of_frame.map(|holder| (holder.class, holder.row)).collect()
}
