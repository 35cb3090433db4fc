//! R2: trainees for whom the same subsidy, or too many, were paid before.

use super::city::{City, Signal};
use super::classes::{Classes, index, year_begins};
use super::deal::{ByClass, Dealt, Slots, in_parallel, spread};
use super::people::{Bucket, Persons};
use crate::canon::Result;

/// R2: the rows in order that shrink the share, and the payments of a year that are as many as a person may have.
const SHRINK: i64 = 10;
const PER_YEAR: usize = 3;

/// A payment to somebody who may be in the frame.
#[derive(Clone, Copy, Default)]
struct Payment {
    person: u64,
    occupation: u32,
    level: u32,
    paid_on: i32,
    /// Whether occupation and level are both known.
    named: bool,
}

/// R2, repeat subsidy: `ramp(K/(N+10); 0, .10)` of the persons to whom, before the opening, the class's occupation and level
/// were paid, or three subsidies in the calendar year. Missing without persons, opening date or any history.
pub fn r2(city: &City) -> Result<Signal> {
    let (classes, persons) = (city.classes(), city.persons()?);
    let openings = Openings::of(classes);
    let sought = Sought::of(&openings, persons);
    let mut payments: Dealt<Payment> = Dealt::default();
    let known = city.tables().read("history", &["person", "occupation", "level", "paid_on"], |part| {
        let (people, paid_on) = (part.keys("person")?, part.days("paid_on")?);
        let (occupations, levels) = (part.codes("occupation")?, part.codes("level")?);
        payments.deal(part.rows(), |row| {
            let person = people.values[row];
            sought.may_hold(person).then(|| {
                let named = occupations.is_known(row) && levels.is_known(row);
                let (occupation, level) = (occupations.values[row], levels.values[row]);
                (person, Payment { person, occupation, level, paid_on: paid_on.values[row], named })
            })
        });
        Ok(())
    })?;
    if !known {
        return Ok(Signal::missing(classes.len()));
    }
    let hits = in_parallel(persons.buckets.len(), |at| hits(&openings, &persons.buckets[at], &payments, at));
    let mut count = vec![0; classes.len()];
    for class in hits.into_iter().flatten() {
        count[index(class)] += 1;
    }
    let value = |class: usize| {
        let of = persons.of_class(class);
        (of > 0 && classes.opens_on[class].is_some()).then(|| (city.ramp("R2").at(count[class], of + SHRINK), count[class]))
    };
    Ok(Signal::of_frame(classes, value))
}

/// A sieve for persons of the frame: lets all of them through and few others, and is small enough to stay in a cache.
struct Sought {
    bits: Vec<u64>,
    shift: u32,
}

/// The sieve has at least `2^SIEVE_FROM` bits and at most `2^SIEVE_TO`, about sixteen for each person.
const SIEVE_FROM: u32 = 10;
const SIEVE_TO: u32 = 27;

impl Sought {
    fn of(openings: &Openings, persons: &Persons) -> Self {
        let of_bucket = |at: usize| {
            let bucket: &Bucket = &persons.buckets[at];
            openings.framed(bucket).into_iter().map(|person| bucket.keys[person]).collect::<Vec<_>>()
        };
        let keys = in_parallel(persons.buckets.len(), of_bucket);
        let wanted = keys.iter().map(Vec::len).sum::<usize>().saturating_mul(16).max(1);
        let bits = wanted.ilog2().clamp(SIEVE_FROM, SIEVE_TO);
        let mut sought = Self { bits: vec![0; 1 << (bits - 6)], shift: 64 - bits };
        for key in keys.into_iter().flatten() {
            let (word, bit) = sought.place(key);
            sought.bits[word] |= bit;
        }
        sought
    }

    #[inline]
    fn place(&self, key: u64) -> (usize, u64) {
        let at = spread(key) >> self.shift;
        (usize::try_from(at >> 6).unwrap_or(0), 1 << (at & 63))
    }

    #[inline]
    fn may_hold(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.bits[word] & bit != 0
    }
}

/// Of each class of the frame with an opening date: that day, and the first of its year.
struct Openings<'a> {
    classes: &'a Classes,
    days: Vec<Option<(i32, i32)>>,
}

impl<'a> Openings<'a> {
    fn of(classes: &'a Classes) -> Self {
        let mut days = vec![None; classes.len()];
        for class in classes.frame() {
            days[class] = classes.opens_on[class].map(|day| (day, year_begins(day)));
        }
        Self { classes, days }
    }

    /// Whether somebody with these payments, sorted, is paid for once more by the class.
    fn is_repeat(&self, class: usize, days: &[i32], kinds: &[(u32, u32, i32)]) -> bool {
        let Some((opens, year)) = self.days[class] else { return false };
        let before = days.partition_point(|&day| day < opens);
        if before.saturating_sub(days.partition_point(|&day| day < year)) >= PER_YEAR {
            return true;
        }
        let Some(kind) = self.classes.occupation[class].zip(self.classes.level[class]) else { return false };
        let first = kinds.partition_point(|&(occupation, level, _)| (occupation, level) < kind);
        kinds.get(first).is_some_and(|&(occupation, level, paid_on)| (occupation, level) == kind && paid_on < opens)
    }

    /// Persons of a bucket who are in one of these classes.
    fn framed(&self, bucket: &Bucket) -> Vec<usize> {
        let sought = |person: &usize| bucket.classes_of(*person).iter().any(|&class| self.days[index(class)].is_some());
        (0..bucket.keys.len()).filter(sought).collect()
    }
}

/// Classes of the frame, once for each person who was paid for before.
fn hits(openings: &Openings, bucket: &Bucket, payments: &Dealt<Payment>, at: usize) -> Vec<u32> {
    let framed = openings.framed(bucket);
    let mut slots = Slots::new(framed.len());
    for &person in &framed {
        slots.number(bucket.keys[person]);
    }
    let paid = payments.bucket(at).filter_map(|payment| Some((u32::try_from(slots.find(payment.person)?).ok()?, *payment)));
    let paid: Vec<(u32, Payment)> = paid.collect();
    let paid = ByClass::of(framed.len(), &paid);
    let (mut hits, mut days, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (number, person) in framed.into_iter().enumerate() {
        let of_person = paid.get(number);
        if of_person.is_empty() {
            continue;
        }
        days.clear();
        days.extend(of_person.iter().map(|payment| payment.paid_on));
        days.sort_unstable();
        kinds.clear();
        let named = of_person.iter().filter(|payment| payment.named);
        kinds.extend(named.map(|payment| (payment.occupation, payment.level, payment.paid_on)));
        kinds.sort_unstable();
        let repeated = |&class: &u32| openings.is_repeat(index(class), &days, &kinds);
        hits.extend(bucket.classes_of(person).iter().copied().filter(repeated));
    }
    hits
}
