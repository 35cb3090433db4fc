//! R6: telephones, accounts and addresses that several trainees share.

use super::city::{City, Signal};
use super::classes::index;
use super::deal::{BUCKETS, Dealt, Slots, in_parallel};
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
    for column in ["phone", "account", "address"] {
        for (class, row) in in_clusters(city, column, &mut any)? {
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

/// Class and number of the frame's rows in a cluster by this column; and marks the classes of the frame of which a row has it.
fn in_clusters(city: &City, column: &'static str, any: &mut [bool]) -> Result<Vec<(u32, u32)>> {
    let classes = city.classes();
    let mut holders = Holders::default();
    let mut before = 0;
    city.tables().read("roster", &["class", "person", column], |part| {
        let (codes, persons, keys) = (part.codes("class")?, part.keys("person")?, part.keys(column)?);
        let holder = |at: usize| {
            let (key, class) = (keys.get(at)?, codes.values[at]);
            classes.find(class)?;
            let row = u32::try_from(before + at).ok()?;
            Some((key, Holder { key, person: persons.values[at], class, row }))
        };
        holders.persons.deal(part.rows(), |at| holder(at).filter(|_| persons.is_known(at)));
        holders.nobody.deal(part.rows(), |at| if persons.is_known(at) { None } else { holder(at) });
        let having = codes.values.iter().enumerate().filter(|(at, _)| keys.is_known(*at));
        having.filter_map(|(_, &code)| classes.find(code)).for_each(|class| any[class] = true);
        before += part.rows();
        Ok(())
    })?;
    let counts = |class: usize| classes.in_frame[class] && (column != "address" || !classes.one_employer[class]);
    Ok(in_parallel(BUCKETS, |bucket| of_bucket(&holders, bucket, counts)).concat())
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
