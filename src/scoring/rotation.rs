//! R3: the same people in the rosters of several institutions.

use super::city::{City, Signal};
use super::classes::{Classes, index};
use super::deal::{ByClass, in_parallel};
use super::people::Persons;
use crate::canon::Result;

/// Days within which another class is compared.
const DAYS: i64 = 731;
/// Classes of a job.
const SHARE: usize = 4096;

/// R3, the same people rotating among institutions: `ramp(greatest Jaccard likeness with a roster of another institution
/// that opens within two years; .10, .50)`. Missing without persons, institution or opening date.
pub fn r3(city: &City) -> Result<Signal> {
    let (classes, persons) = (city.classes(), city.persons()?);
    let several = in_several(classes, persons);
    let frame: Vec<usize> = classes.frame().collect();
    let jobs: Vec<&[usize]> = frame.chunks(SHARE).collect();
    let likest = in_parallel(jobs.len(), |job| likest(classes, persons, &several, jobs[job]));
    let mut signal = Signal::missing(classes.len());
    for (class, (j, i)) in likest.into_iter().flatten() {
        signal.set(class, city.ramp("R3").at(j, 1000), i);
    }
    Ok(signal)
}

/// Persons of a bucket who are in several classes: where they stand in `Persons`, by class of the frame.
fn in_several(classes: &Classes, persons: &Persons) -> ByClass<(u32, u32)> {
    let mut rows = Vec::new();
    for (at, bucket) in (0u32..).zip(&persons.buckets) {
        for (person, of_person) in bucket.in_several() {
            let place = (at, u32::try_from(person).unwrap_or(u32::MAX));
            rows.extend(of_person.iter().filter(|&&class| classes.in_frame[index(class)]).map(|&class| (class, place)));
        }
    }
    ByClass::of(classes.len(), &rows)
}

/// The greatest likeness in permille of each class, with the persons shared.
fn likest(classes: &Classes, persons: &Persons, several: &ByClass<(u32, u32)>, frame: &[usize]) -> Vec<(usize, (i64, i64))> {
    let mut shared = vec![0u32; classes.len()];
    let mut others: Vec<u32> = Vec::new();
    let mut found = Vec::new();
    for &class in frame {
        let (Some(_), Some(_), 1..) = (classes.institution[class], classes.opens_on[class], persons.count[class]) else { continue };
        for &(bucket, person) in several.get(class) {
            for &other in persons.buckets[index(bucket)].classes_of(index(person)) {
                let together = &mut shared[index(other)];
                if *together == 0 {
                    others.push(other);
                }
                *together += 1;
            }
        }
        let mut best = (0, 0);
        for other in others.drain(..).map(index) {
            let i = i64::from(std::mem::take(&mut shared[other]));
            if is_elsewhere(classes, class, other) {
                let all = persons.of_class(class) + persons.of_class(other) - i;
                best = best.max(((1000 * i).div_euclid(all), i));
            }
        }
        found.push((class, best));
    }
    found
}

/// Whether the other class is of another institution and opens within two years.
fn is_elsewhere(classes: &Classes, class: usize, other: usize) -> bool {
    let institutions = classes.institution[class].zip(classes.institution[other]);
    let days = classes.opens_on[class].zip(classes.opens_on[other]);
    institutions.is_some_and(|(a, b)| a != b) && days.is_some_and(|(a, b)| i64::from(a).abs_diff(i64::from(b)) <= DAYS.unsigned_abs())
}
