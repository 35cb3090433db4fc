//! Who is in which classes, over all rosters known.

use super::city::City;
use super::classes::index;
use super::deal::{BUCKETS, Dealt, Slots, in_parallel};
use crate::canon::Result;

/// The persons of all rosters, in buckets by their key, each with the classes in which they stand.
pub struct Persons {
    pub buckets: Vec<Bucket>,
    /// Distinct persons by class: the N of R1 to R3.
    pub count: Vec<u32>,
}

/// Some persons: `classes[starts[p]..starts[p + 1]]` are those of person p, ascending, each once.
pub struct Bucket {
    pub keys: Vec<u64>,
    starts: Vec<u32>,
    classes: Vec<u32>,
}

impl Persons {
    pub fn read(city: &City) -> Result<Self> {
        let known = city.classes();
        let rosters = city.rosters()?;
        let mut dealt: Dealt<(u64, u32)> = Dealt::default();
        dealt.deal_all(rosters.len(), |row| rosters.person(row).map(|person| (person, (person, rosters.classes[row]))));
        let buckets = in_parallel(BUCKETS, |bucket| Bucket::of(&dealt, bucket));
        let mut count = vec![0; known.len()];
        for &class in buckets.iter().flat_map(|bucket| &bucket.classes) {
            count[index(class)] += 1;
        }
        Ok(Self { buckets, count })
    }

    /// Distinct persons of a class.
    pub fn of_class(&self, class: usize) -> i64 {
        i64::from(self.count[class])
    }
}

impl Bucket {
    fn of(dealt: &Dealt<(u64, u32)>, bucket: usize) -> Self {
        let rows = dealt.bucket(bucket);
        let mut slots = Slots::new(dealt.bucket_len(bucket));
        let numbers: Vec<u32> = rows.clone().map(|(person, _)| slots.number(*person)).collect();
        let mut next = vec![0u32; slots.keys.len() + 1];
        for &number in &numbers {
            next[index(number) + 1] += 1;
        }
        for person in 1..next.len() {
            next[person] += next[person - 1];
        }
        let mut classes = vec![0; numbers.len()];
        let starts = next.clone();
        for (&number, (_, class)) in numbers.iter().zip(rows) {
            let place = &mut next[index(number)];
            classes[index(*place)] = *class;
            *place += 1;
        }
        Self { keys: slots.keys, starts, classes }.once_each()
    }

    /// Sorts each person's classes, repetitions dropped.
    fn once_each(mut self) -> Self {
        let (mut kept, mut from) = (0, 0);
        for person in 0..self.keys.len() {
            let to = index(self.starts[person + 1]);
            self.classes[from..to].sort_unstable();
            self.starts[person] = u32::try_from(kept).unwrap_or(u32::MAX);
            let first = kept;
            for at in from..to {
                let class = self.classes[at];
                if kept == first || self.classes[kept - 1] != class {
                    self.classes[kept] = class;
                    kept += 1;
                }
            }
            from = to;
        }
        self.starts[self.keys.len()] = u32::try_from(kept).unwrap_or(u32::MAX);
        self.classes.truncate(kept);
        self.classes.shrink_to_fit();
        self
    }

    pub fn classes_of(&self, person: usize) -> &[u32] {
        &self.classes[index(self.starts[person])..index(self.starts[person + 1])]
    }

    /// The classes of each person who is in at least two.
    pub fn in_several(&self) -> impl Iterator<Item = (usize, &[u32])> {
        (0..self.keys.len()).map(|person| (person, self.classes_of(person))).filter(|(_, classes)| classes.len() > 1)
    }
}
