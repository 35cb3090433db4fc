//! Dealing rows into buckets by a key, and the work on all cores: what keeps millions of persons within a cache.
//!
//! Nothing here shows in a result: whatever the number of cores, buckets and rows per part, a bucket has the same rows, and
//! a job's answer stands at the job's place.

use super::classes::index;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

const BUCKET_BITS: u32 = 10;
pub const BUCKETS: usize = 1 << BUCKET_BITS;
/// Rows dealt at a time.
const AT_A_TIME: usize = 1 << 20;

/// A key with its bits mixed, the best of them at the top: 2⁶⁴ by the golden ratio, after D. Knuth.
#[inline]
pub fn spread(key: u64) -> u64 {
    (key ^ (key >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[inline]
fn bucket_of(key: u64) -> u16 {
    u16::try_from(spread(key) >> (64 - BUCKET_BITS)).unwrap_or(0)
}

/// Does all jobs on all cores; answers in the order of the jobs.
pub fn in_parallel<T: Send>(jobs: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= jobs {
                return done;
            }
            done.push((at, job(at)));
        }
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..cores().min(jobs)).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Rows that stand in buckets by their key.
pub struct Dealt<T> {
    segments: Vec<Segment<T>>,
}

/// Rows in order of their bucket; `starts[b]..starts[b + 1]` are those of bucket b.
struct Segment<T> {
    starts: Vec<usize>,
    rows: Vec<T>,
}

impl<T> Default for Dealt<T> {
    fn default() -> Self {
        Self { segments: Vec::new() }
    }
}

impl<T: Copy + Default + Send + Sync> Dealt<T> {
    /// Adds the rows for which `row` gives a key.
    pub fn deal(&mut self, rows: usize, row: impl Fn(usize) -> Option<(u64, T)> + Sync) {
        let jobs = cores();
        let share = rows.div_ceil(jobs).max(1);
        let range = |job: usize| (job * share).min(rows)..((job + 1) * share).min(rows);
        self.segments.extend(in_parallel(jobs, |job| Segment::of(range(job), &row)));
    }

    /// The same for many rows, some at a time, so that no more than these stand twice in memory.
    pub fn deal_all(&mut self, rows: usize, row: impl Fn(usize) -> Option<(u64, T)> + Sync) {
        for from in (0..rows).step_by(AT_A_TIME) {
            self.deal(AT_A_TIME.min(rows - from), |at| row(from + at));
        }
    }

    pub fn bucket(&self, bucket: usize) -> impl Iterator<Item = &T> + Clone {
        self.segments.iter().flat_map(move |segment| &segment.rows[segment.starts[bucket]..segment.starts[bucket + 1]])
    }

    pub fn bucket_len(&self, bucket: usize) -> usize {
        self.segments.iter().map(|segment| segment.starts[bucket + 1] - segment.starts[bucket]).sum()
    }
}

impl<T: Copy + Default> Segment<T> {
    fn of(range: std::ops::Range<usize>, row: &impl Fn(usize) -> Option<(u64, T)>) -> Self {
        let mut starts = vec![0; BUCKETS + 1];
        let (mut buckets, mut values) = (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
        for (key, value) in range.filter_map(row) {
            let bucket = bucket_of(key);
            starts[usize::from(bucket) + 1] += 1;
            buckets.push(bucket);
            values.push(value);
        }
        running_sum(&mut starts);
        let mut next = starts.clone();
        let mut rows = vec![T::default(); values.len()];
        for (bucket, value) in buckets.into_iter().zip(values) {
            let place = &mut next[usize::from(bucket)];
            rows[*place] = value;
            *place += 1;
        }
        Self { starts, rows }
    }
}

fn running_sum(counts: &mut [usize]) {
    let mut sum = 0;
    for count in counts {
        sum += *count;
        *count = sum;
    }
}

/// Rows by class, in one vector; for classes of a table of which `class_of` knows the index.
pub struct ByClass<T> {
    starts: Vec<usize>,
    rows: Vec<T>,
}

impl<T: Copy + Default> ByClass<T> {
    /// Sorts rows by class. Within a class they stand as they came.
    pub fn of(classes: usize, rows: &[(u32, T)]) -> Self {
        let mut starts = vec![0; classes + 1];
        for (class, _) in rows {
            starts[index(*class) + 1] += 1;
        }
        running_sum(&mut starts);
        let mut next = starts.clone();
        let mut sorted = vec![T::default(); rows.len()];
        for (class, value) in rows {
            let place = &mut next[index(*class)];
            sorted[*place] = *value;
            *place += 1;
        }
        Self { starts, rows: sorted }
    }

    pub fn get(&self, class: usize) -> &[T] {
        &self.rows[self.starts[class]..self.starts[class + 1]]
    }

    pub fn get_mut(&mut self, class: usize) -> &mut [T] {
        &mut self.rows[self.starts[class]..self.starts[class + 1]]
    }
}

/// Small numbers for keys, in the order in which they first came.
pub struct Slots {
    shift: u32,
    /// The number of the key that took the slot, from 1; 0 is free.
    slots: Vec<u32>,
    pub keys: Vec<u64>,
}

impl Slots {
    /// Room for so many keys.
    pub fn new(keys: usize) -> Self {
        let slots = (keys * 2).next_power_of_two().max(2);
        Self { shift: 64 - slots.trailing_zeros(), slots: vec![0; slots], keys: Vec::with_capacity(keys) }
    }

    /// The key's number, a new one if it hasn't any.
    pub fn number(&mut self, key: u64) -> u32 {
        let slot = self.slot(key);
        if self.slots[slot] == 0 {
            self.keys.push(key);
            self.slots[slot] = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        }
        self.slots[slot] - 1
    }

    pub fn find(&self, key: u64) -> Option<usize> {
        index(self.slots[self.slot(key)]).checked_sub(1)
    }

    /// The slot of the key, or the free one where it belongs. Half of the slots are free, so there is one.
    fn slot(&self, key: u64) -> usize {
        // The top bits are the same within a bucket.
        let mut slot = usize::try_from((spread(key) << BUCKET_BITS) >> self.shift).unwrap_or(0);
        loop {
            let taken = self.slots[slot];
            if taken == 0 || self.keys[index(taken) - 1] == key {
                return slot;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}
