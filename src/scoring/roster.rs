//! R4, R5, R7, R8: what a roster and the checks of its persons say by themselves.

use super::city::{City, Signal};
use super::classes::{Classes, index};
use super::deal::ByClass;
use super::signal::count;
use crate::canon::Result;
use std::collections::BTreeMap;

/// Rows in order that shrink a share.
const SHRINK: i64 = 10;
/// R7: the rows from which a roster is judged, and the least spread.
const ALIKE_ROWS: i64 = 10;
const SPREAD: i64 = 10;
/// Results of checks: employed or insured elsewhere; retired, student, deceased, serving a sentence; unknown.
const EMPLOYED: u32 = 1;
const INELIGIBLE: std::ops::RangeInclusive<u32> = 2..=5;
const UNKNOWN: u32 = 255;

/// What can be counted of each class's roster without looking at anybody twice.
#[derive(Default)]
pub struct Tally {
    pub rows: Vec<i64>,
    near: Vec<i64>,
    outside: Vec<i64>,
    outside_known: Vec<i64>,
}

impl Tally {
    pub fn read(city: &City) -> Result<Self> {
        let classes = city.classes();
        let none = || vec![0; classes.len()];
        let mut tally = Self { rows: none(), near: none(), outside: none(), outside_known: none() };
        let rosters = city.rosters()?;
        for (row, &class) in rosters.classes.iter().enumerate() {
            let class = index(class);
            tally.rows[class] += 1;
            tally.near[class] += i64::from(rosters.is_near(row));
            tally.outside[class] += i64::from(rosters.outside(row) == Some(true));
            tally.outside_known[class] += i64::from(rosters.outside(row).is_some());
        }
        Ok(tally)
    }
}

/// The persons on the rosters of the frame and what checks found of them.
pub struct Checked {
    /// Rows of the roster by class: the person, and whether they are fit.
    rows: ByClass<(Option<u64>, Option<bool>)>,
    /// Known results by class, in order of the person.
    results: ByClass<(u64, u32)>,
}

impl Checked {
    pub fn read(city: &City) -> Result<Self> {
        let classes = city.classes();
        let framed = |class: u32| classes.find(class).is_some_and(|class| classes.in_frame[class]);
        let rosters = city.rosters()?;
        let of_frame = rosters.classes.iter().enumerate().filter(|(_, class)| framed(**class));
        let rows: Vec<_> = of_frame.map(|(row, &class)| (class, (rosters.person(row), rosters.fit(row)))).collect();
        let mut results = Vec::new();
        city.tables().read("check", &["class", "person", "result"], |part| {
            let (codes, persons, found) = (part.codes("class")?, part.keys("person")?, part.codes("result")?);
            let known = codes.values.iter().enumerate().filter(|(row, class)| found.values[*row] != UNKNOWN && framed(**class));
            results.extend(known.map(|(row, &class)| (class, (persons.values[row], found.values[row]))));
            Ok(())
        })?;
        let mut results = ByClass::of(classes.len(), &results);
        for class in classes.frame() {
            results.get_mut(class).sort_unstable();
        }
        Ok(Self { rows: ByClass::of(classes.len(), &rows), results })
    }

    /// What is known of a person; empty where nothing is.
    fn results_of(&self, class: usize, person: Option<u64>) -> &[(u64, u32)] {
        let Some(person) = person else { return &[] };
        let results = self.results.get(class);
        let from = results.partition_point(|(other, _)| *other < person);
        let length = results[from..].iter().take_while(|(other, _)| *other == person).count();
        &results[from..from + length]
    }
}

/// R4, employed or insured elsewhere: `ramp(K/(N+10); 0, .20)` of the persons with a known result. Missing without one.
pub fn r4(city: &City) -> Result<Signal> {
    let checked = city.checked()?;
    let value = |class: usize| {
        let mut persons: Vec<u64> = checked.rows.get(class).iter().filter_map(|(person, _)| *person).collect();
        persons.sort_unstable();
        persons.dedup();
        let (mut known, mut employed) = (0, 0);
        for person in persons {
            let results = checked.results_of(class, Some(person));
            known += i64::from(!results.is_empty());
            employed += i64::from(results.iter().any(|(_, result)| *result == EMPLOYED));
        }
        (known > 0).then(|| (city.ramp("R4").at(employed, known + SHRINK), employed))
    };
    Ok(Signal::of_frame(city.classes(), value))
}

/// R5, not eligible: `ramp(K/(N+10); 0, .05)` of the rows whose age or standing doesn't allow training, or whose person is
/// retired, a student, deceased or serving a sentence. Missing where nothing of that is known of anybody.
pub fn r5(city: &City) -> Result<Signal> {
    let checked = city.checked()?;
    let value = |class: usize| {
        let rows = checked.rows.get(class);
        let (mut known, mut unfit) = (false, 0);
        for &(person, fit) in rows {
            let results = checked.results_of(class, person);
            known |= fit.is_some() || !results.is_empty();
            unfit += i64::from(fit == Some(false) || results.iter().any(|(_, result)| INELIGIBLE.contains(result)));
        }
        known.then(|| (city.ramp("R5").at(unfit, count(rows.len()) + SHRINK), unfit))
    };
    Ok(Signal::of_frame(city.classes(), value))
}

/// R7, roster too alike: the share of numbers that follow closely upon another, against the frame's classes of the
/// occupation: `ramp(robust z; 2, 5)`. Missing below ten rows or without an occupation.
pub fn r7(city: &City) -> Result<Signal> {
    let (classes, tally) = (city.classes(), city.tally()?);
    let share = |class: usize| (tally.rows[class] >= ALIKE_ROWS).then(|| (1000 * tally.near[class]).div_euclid(tally.rows[class]));
    let usual: BTreeMap<u32, (i64, i64)> =
        by_occupation(classes, share).into_iter().map(|(occupation, xs)| (occupation, median_and_spread(xs))).collect();
    let value = |class: usize| {
        let (median, spread) = usual.get(&classes.occupation[class]?)?;
        // 1.4826 medians of the distance are a standard deviation.
        let z = ((share(class)? - median) * 10_000_000).div_euclid(14_826 * spread);
        Some((city.ramp("R7").at(z, 1000), tally.near[class]))
    };
    Ok(Signal::of_frame(classes, value))
}

/// R8, from outside the city: `ramp(share − the occupation's median in the frame; .20, .60)`. Missing where nobody's region is
/// known, or without an occupation.
pub fn r8(city: &City) -> Result<Signal> {
    let (classes, tally) = (city.classes(), city.tally()?);
    let share = |class: usize| {
        let known = tally.outside_known[class];
        (known > 0).then(|| (1000 * tally.outside[class]).div_euclid(known))
    };
    let usual: BTreeMap<u32, i64> = by_occupation(classes, share).into_iter().map(|(occupation, mut xs)| (occupation, median(&mut xs))).collect();
    let value = |class: usize| {
        let median = usual.get(&classes.occupation[class]?)?;
        Some((city.ramp("R8").at(share(class)? - median, 1000), tally.outside[class]))
    };
    Ok(Signal::of_frame(classes, value))
}

/// The numbers of the frame's classes by occupation.
fn by_occupation(classes: &Classes, number: impl Fn(usize) -> Option<i64>) -> BTreeMap<u32, Vec<i64>> {
    let mut by_occupation: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for class in classes.frame() {
        if let Some((occupation, number)) = classes.occupation[class].zip(number(class)) {
            by_occupation.entry(occupation).or_default().push(number);
        }
    }
    by_occupation
}

/// The lower median.
pub fn median(numbers: &mut [i64]) -> i64 {
    if numbers.is_empty() {
        return 0;
    }
    let middle = (numbers.len() - 1) / 2;
    *numbers.select_nth_unstable(middle).1
}

fn median_and_spread(mut numbers: Vec<i64>) -> (i64, i64) {
    let middle = median(&mut numbers);
    for number in &mut numbers {
        *number = (*number - middle).abs();
    }
    (middle, median(&mut numbers).max(SPREAD))
}
