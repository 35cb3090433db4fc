//! R6: telephones, accounts and addresses that several trainees share.

use super::city::{City, Signal};
use super::classes::index;
use super::deal::{BUCKETS, Dealt, Slots, in_parallel};
use super::signal::ramp;
use crate::canon::Result;

/// R6 in permille of the roster's rows, and the persons from whom on a key is a cluster's.
const SHARED_FROM: i64 = 50;
const SHARED_TO: i64 = 400;
const PERSONS: u8 = 3;

/// A row that has a key.
#[derive(Clone, Copy, Default)]
struct Holder {
    key: u64,
    person: Option<u64>,
    /// The class, and the row's number over all parts of the table, where a hit would count.
    row: Option<(u32, u32)>,
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
    let value = |class: usize| any[class].then(|| (ramp(count[class], rows[class], SHARED_FROM, SHARED_TO), count[class]));
    Ok(Signal::of_frame(classes, value))
}

/// Rows of the frame in a cluster by this column; and marks the classes of the frame of which a row has it.
fn in_clusters(city: &City, column: &'static str, any: &mut [bool]) -> Result<Vec<(u32, u32)>> {
    let classes = city.classes();
    let mut dealt: Dealt<Holder> = Dealt::new();
    let mut before = 0;
    city.tables().read("roster", &["class", "person", column], |part| {
        let (codes, persons, keys) = (part.codes("class")?, part.keys("person")?, part.keys(column)?);
        dealt.deal(part.rows(), |at| {
            let (key, code) = (keys.get(at)?, codes.values[at]);
            let class = classes.find(code)?;
            let counts = classes.in_frame[class] && (column != "address" || !classes.one_employer[class]);
            let row = if counts { Some((code, u32::try_from(before + at).ok()?)) } else { None };
            Some((key, Holder { key, person: persons.get(at), row }))
        });
        let having = codes.values.iter().enumerate().filter(|(at, _)| keys.is_known(*at));
        having.filter_map(|(_, &code)| classes.find(code)).for_each(|class| any[class] = true);
        before += part.rows();
        Ok(())
    })?;
    Ok(in_parallel(BUCKETS, |bucket| of_bucket(&dealt, bucket)).concat())
}

fn of_bucket(dealt: &Dealt<Holder>, bucket: usize) -> Vec<(u32, u32)> {
    let rows = dealt.bucket(bucket);
    let mut slots = Slots::new(dealt.bucket_len(bucket));
    let mut sharers: Vec<Sharers> = Vec::new();
    for holder in rows.clone() {
        let key = index(slots.number(holder.key));
        if key == sharers.len() {
            sharers.push(Sharers::default());
        }
        if let Some(person) = holder.person {
            sharers[key].add(person);
        }
    }
    let shared = |holder: &&Holder| slots.find(holder.key).is_some_and(|key| sharers[key].persons >= PERSONS);
    rows.filter(shared).filter_map(|holder| holder.row).collect()
}
