//! R1: trainees in classes that run at the same time.

use super::city::{City, Signal};
use super::classes::{Classes, index};
use super::deal::in_parallel;
use super::people::Bucket;
use super::spans::Spans;
use crate::canon::Result;

/// Rows in order that shrink the share.
const SHRINK: i64 = 10;
/// Beyond so many classes of one person, classes are no longer compared pair by pair.
const PAIRS_UP_TO: usize = 16;

/// R1, trainee in overlapping classes: `ramp(K/(N+10); 0, .10)` of the persons who also stand in the roster of another
/// class that is taught, or where one of both has no timetable, runs, at the same time. Missing without persons.
pub fn r1(city: &City) -> Result<Signal> {
    let (classes, persons, spans) = (city.classes(), city.persons()?, city.spans()?);
    let hits = in_parallel(persons.buckets.len(), |bucket| hits(classes, spans, &persons.buckets[bucket]));
    let mut count = vec![0; classes.len()];
    for class in hits.into_iter().flatten() {
        count[index(class)] += 1;
    }
    let value = |class: usize| {
        let of = persons.of_class(class);
        (of > 0).then(|| (city.ramp("R1").at(count[class], of + SHRINK), count[class]))
    };
    Ok(Signal::of_frame(classes, value))
}

/// Classes of the frame, once for each person who is also elsewhere at the time.
fn hits(classes: &Classes, spans: &Spans, bucket: &Bucket) -> Vec<u32> {
    let mut hits = Vec::new();
    for (_, of_person) in bucket.in_several() {
        if of_person.len() > PAIRS_UP_TO {
            hits.extend(sweep(classes, spans, of_person));
            continue;
        }
        for &class in of_person.iter().filter(|&&class| classes.in_frame[index(class)]) {
            let meets = |&&other: &&u32| other != class && overlaps(classes, spans, index(class), index(other));
            hits.extend(of_person.iter().find(meets).map(|_| class));
        }
    }
    hits
}

/// Whether two classes are taught at the same time; by their dates where one has no timetable.
fn overlaps(classes: &Classes, spans: &Spans, a: usize, b: usize) -> bool {
    if !spans.may_meet(a, b) {
        return false;
    }
    match (spans.of_class(a), spans.of_class(b)) {
        ([], _) | (_, []) => match (running(classes, a), running(classes, b)) {
            (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
            _ => false,
        },
        (mut a, mut b) => {
            while let ([first, ..], [other, ..]) = (a, b) {
                if first.0 < other.1 && other.0 < first.1 {
                    return true;
                }
                if first.1 <= other.1 { a = &a[1..] } else { b = &b[1..] }
            }
            false
        }
    }
}

/// First and last day, both known.
fn running(classes: &Classes, class: usize) -> Option<(i64, i64)> {
    Some((i64::from(classes.opens_on[class]?), i64::from(classes.ends_on[class]?)))
}

/// What `overlaps` says of each class of the frame against all others, in n log n.
fn sweep(classes: &Classes, spans: &Spans, of_person: &[u32]) -> Vec<u32> {
    let (mut taught, mut dated, mut untaught) = (Vec::new(), Vec::new(), Vec::new());
    for &class in of_person {
        let lessons = spans.of_class(index(class));
        taught.extend(lessons.iter().map(|&(start, end)| Ranged { start, end, class }));
        // Days are whole: one is over when the next begins.
        let days = running(classes, index(class)).map(|(first, last)| Ranged { start: first, end: last + 1, class });
        dated.extend(days);
        untaught.extend(days.filter(|_| lessons.is_empty()));
    }
    let (taught, dated, untaught) = (Ranges::of(taught), Ranges::of(dated), Ranges::of(untaught));
    let meets = |class: u32| {
        let lessons = spans.of_class(index(class));
        let days = running(classes, index(class)).map(|(first, last)| Ranged { start: first, end: last + 1, class });
        let by_date = days.is_some_and(|days| if lessons.is_empty() { dated.meets(days) } else { untaught.meets(days) });
        by_date || lessons.iter().any(|&(start, end)| taught.meets(Ranged { start, end, class }))
    };
    of_person.iter().copied().filter(|&class| classes.in_frame[index(class)] && meets(class)).collect()
}

/// A half-open range of a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ranged {
    start: i64,
    end: i64,
    class: u32,
}

/// Ranges by their start; beside each, the latest end up to it, and the latest of another class than that.
struct Ranges {
    ranges: Vec<Ranged>,
    latest: Vec<[(i64, u32); 2]>,
}

impl Ranges {
    fn of(mut ranges: Vec<Ranged>) -> Self {
        ranges.sort_unstable();
        let mut best = [(i64::MIN, u32::MAX); 2];
        let mut latest = Vec::with_capacity(ranges.len());
        for range in &ranges {
            let new = (range.end, range.class);
            if new.1 == best[0].1 {
                best[0].0 = best[0].0.max(new.0);
            } else if new.0 > best[0].0 {
                best = [new, best[0]];
            } else if new.0 > best[1].0 {
                best[1] = new;
            }
            latest.push(best);
        }
        Self { ranges, latest }
    }

    /// Whether a range of another class has a moment in common.
    fn meets(&self, range: Ranged) -> bool {
        let before = self.ranges.partition_point(|other| other.start < range.end);
        let Some(latest) = before.checked_sub(1).and_then(|last| self.latest.get(last)) else { return false };
        latest.iter().any(|&(end, class)| class != range.class && end > range.start)
    }
}
