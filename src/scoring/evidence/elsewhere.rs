//! R1 to R3: where else the trainees of a class stand, and what was paid for them before. Tables are read afresh for the
//! classes that are asked about.

use super::roster::{Row, rows};
use super::{Collected, Evidence, EvidenceRow, Wanted, days_text};
use crate::canon::Result;
use crate::scoring::city::City;
use crate::scoring::classes::{Classes, year_begins};
use crate::scoring::signal::count;
use std::collections::{BTreeMap, BTreeSet};

/// R3: the days within which rosters are compared. R2: the payments of a year that are as many as a person may have.
const DAYS: i64 = 731;
const PER_YEAR: usize = 3;

pub(super) fn evidence(city: &City, id: &str, is_wanted: Wanted) -> Result<Evidence> {
    match id {
        "R1" => overlapping(city, is_wanted),
        "R2" => paid_before(city, is_wanted),
        _ => together(city, is_wanted),
    }
}

/// The persons of rows: in which classes each stands, and in which row there first.
fn persons(rows: &[Row]) -> BTreeMap<u64, BTreeMap<usize, u32>> {
    let mut persons: BTreeMap<u64, BTreeMap<usize, u32>> = BTreeMap::new();
    for &(class, row, person) in rows {
        if let Some(person) = person {
            persons.entry(person).or_default().entry(class).or_insert(row);
        }
    }
    persons
}

/// All classes of these persons.
fn classes_of<T>(city: &City, persons: &BTreeMap<u64, T>) -> Result<BTreeMap<u64, BTreeSet<usize>>> {
    let mut found: BTreeMap<u64, BTreeSet<usize>> = BTreeMap::new();
    city.tables().read("roster", &["class", "person"], |part| {
        let (classes, of) = (part.codes("class")?, part.keys("person")?);
        for (at, &class) in classes.values.iter().enumerate() {
            let person = of.get(at).filter(|person| persons.contains_key(person));
            if let Some((person, class)) = person.zip(city.classes().find(class)) {
                found.entry(person).or_default().insert(class);
            }
        }
        Ok(())
    })?;
    Ok(found)
}

fn overlapping(city: &City, is_wanted: Wanted) -> Result<Evidence> {
    let persons = persons(&rows(city, is_wanted)?);
    let elsewhere = classes_of(city, &persons)?;
    let several = elsewhere.values().filter(|classes| classes.len() > 1).flatten().copied().collect();
    let lessons = lessons(city, &several)?;
    let mut found = Collected::new();
    for (person, of_person) in &persons {
        let others = || elsewhere.get(person).into_iter().flatten().copied();
        for (&class, &row) in of_person {
            let met = others().filter(|&other| other != class).find_map(|other| meeting(city.classes(), &lessons, class, other));
            if let Some(met) = met {
                found.add(class, row, EvidenceRow { rows: vec![row], ..met });
            }
        }
    }
    Ok(found.finish())
}

/// Lessons that last, by class, in order.
fn lessons(city: &City, of: &BTreeSet<usize>) -> Result<BTreeMap<usize, Vec<(i64, i64)>>> {
    let mut lessons: BTreeMap<usize, Vec<(i64, i64)>> = BTreeMap::new();
    city.tables().read("lesson", &["class", "starts", "ends"], |part| {
        let (classes, starts, ends) = (part.codes("class")?, part.integers("starts")?, part.integers("ends")?);
        for ((&class, &starts), &ends) in classes.values.iter().zip(starts.values).zip(ends.values) {
            if let Some(class) = city.classes().find(class).filter(|class| starts < ends && of.contains(class)) {
                lessons.entry(class).or_default().push((starts, ends));
            }
        }
        Ok(())
    })?;
    lessons.values_mut().for_each(|of| of.sort_unstable());
    Ok(lessons)
}

/// When two classes first meet: by their lessons, or where one has none, by their dates.
fn meeting(classes: &Classes, lessons: &BTreeMap<usize, Vec<(i64, i64)>>, class: usize, other: usize) -> Option<EvidenceRow> {
    if let Some((ours, theirs)) = lessons.get(&class).zip(lessons.get(&other)) {
        let pair = |a: &(i64, i64)| theirs.iter().find(|b| a.0 < b.1 && b.0 < a.1).map(|b| (*a, *b));
        let (a, b) = ours.iter().find_map(pair)?;
        return Some(EvidenceRow::span("taught_twice", a).against(u32::try_from(other).ok()?, b));
    }
    let days = |class: usize| classes.opens_on[class].zip(classes.ends_on[class]);
    let (a, b) = days(class).zip(days(other)).filter(|(a, b)| a.0 <= b.1 && b.0 <= a.1)?;
    let row = EvidenceRow { at: Some(days_text(a)), other_at: Some(days_text(b)), ..EvidenceRow::of("runs_twice") };
    Some(row.in_class(other))
}

/// Payments to persons: occupation and level where both are known, and the day.
type Payments = BTreeMap<u64, Vec<(i32, Option<(u32, u32)>)>>;

fn paid_before(city: &City, is_wanted: Wanted) -> Result<Evidence> {
    let (classes, persons) = (city.classes(), persons(&rows(city, is_wanted)?));
    let mut payments: Payments = BTreeMap::new();
    city.tables().read("history", &["person", "occupation", "level", "paid_on"], |part| {
        let (of, days) = (part.keys("person")?, part.days("paid_on")?);
        let (occupations, levels) = (part.codes("occupation")?, part.codes("level")?);
        for (at, (person, &day)) in of.values.iter().zip(days.values).enumerate() {
            if persons.contains_key(person) {
                payments.entry(*person).or_default().push((day, occupations.get(at).zip(levels.get(at))));
            }
        }
        Ok(())
    })?;
    payments.values_mut().for_each(|of| of.sort_unstable());
    let mut found = Collected::new();
    for (person, of_person) in &persons {
        let paid = payments.get(person).map(Vec::as_slice).unwrap_or_default();
        for (&class, &row) in of_person {
            if let Some(repeat) = repeat(classes, class, paid) {
                found.add(class, row, EvidenceRow { rows: vec![row], ..repeat });
            }
        }
    }
    Ok(found.finish())
}

/// The last payment of the class's occupation and level before it opened, or how many there were in its year.
fn repeat(classes: &Classes, class: usize, paid: &[(i32, Option<(u32, u32)>)]) -> Option<EvidenceRow> {
    let opens = classes.opens_on[class]?;
    let kind = classes.occupation[class].zip(classes.level[class]);
    let before = || paid.iter().filter(|(day, _)| *day < opens);
    if let Some((day, _)) = before().rfind(|(_, of)| of.is_some() && *of == kind) {
        return Some(EvidenceRow::on("paid_same", *day));
    }
    let of_year: Vec<i32> = before().map(|(day, _)| *day).filter(|&day| day >= year_begins(opens)).collect();
    let last = of_year.last().filter(|_| of_year.len() >= PER_YEAR)?;
    Some(EvidenceRow::on("paid_often", *last).number(count(of_year.len())))
}

fn together(city: &City, is_wanted: Wanted) -> Result<Evidence> {
    let (classes, persons) = (city.classes(), persons(&rows(city, is_wanted)?));
    let mut shared: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for (person, all) in classes_of(city, &persons)? {
        for &class in persons.get(&person).into_iter().flat_map(BTreeMap::keys) {
            all.iter().filter(|&&other| is_elsewhere(classes, class, other)).for_each(|&other| *shared.entry((class, other)).or_default() += 1);
        }
    }
    let concerned: BTreeSet<usize> = shared.keys().flat_map(|(class, other)| [*class, *other]).collect();
    let sizes: BTreeMap<usize, i64> = sizes(city, &concerned)?;
    let size = |class: usize| sizes.get(&class).copied().unwrap_or(0);
    let mut found = Collected::new();
    for ((class, other), i) in shared {
        let likeness = (1000 * i).checked_div_euclid(size(class) + size(other) - i).unwrap_or(0);
        let row = EvidenceRow::of("together").in_class(other).number(i).number(size(class)).number(size(other));
        found.add(class, std::cmp::Reverse((likeness, i, std::cmp::Reverse(other))), row);
    }
    Ok(found.finish())
}

/// Distinct persons of classes.
fn sizes(city: &City, of: &BTreeSet<usize>) -> Result<BTreeMap<usize, i64>> {
    let mut rows = rows(city, &|class| of.contains(&class))?;
    rows.retain(|(_, _, person)| person.is_some());
    let persons: BTreeSet<(usize, Option<u64>)> = rows.into_iter().map(|(class, _, person)| (class, person)).collect();
    let mut sizes = BTreeMap::new();
    persons.into_iter().for_each(|(class, _)| *sizes.entry(class).or_default() += 1);
    Ok(sizes)
}

/// Whether the other class is of another institution and opens within two years.
fn is_elsewhere(classes: &Classes, class: usize, other: usize) -> bool {
    let institutions = classes.institution[class].zip(classes.institution[other]);
    let days = classes.opens_on[class].zip(classes.opens_on[other]);
    institutions.is_some_and(|(a, b)| a != b) && days.is_some_and(|(a, b)| (i64::from(a) - i64::from(b)).abs() <= DAYS)
}
