//! R1 to R8: which trainees, and where else they stand. Tables are read afresh for the classes that are asked about.

use super::{Collected, EVIDENCE_ROWS, Evidence, EvidenceRow, Wanted, days_text};
use crate::canon::Result;
use crate::scoring::city::City;
use crate::scoring::classes::{Classes, year_begins};
use crate::scoring::signal::count;
use std::collections::{BTreeMap, BTreeSet};

/// The days within which rosters are compared (R3), the payments of a year that are as many as a person may have (R2), and
/// the persons from whom on a key is a cluster's (R6).
const DAYS: i64 = 731;
const PER_YEAR: usize = 3;
const PERSONS: usize = 3;
/// R7: the rows from which a roster is judged, and the gaps that are near.
const ALIKE_ROWS: i64 = 10;
const NEAR: std::ops::RangeInclusive<i64> = 1..=3;

/// A row of a roster: class, row, person.
type Row = (usize, u32, Option<u64>);

pub(super) fn evidence(city: &City, id: &str, is_wanted: Wanted) -> Result<Evidence> {
    match id {
        "R1" => overlapping(city, is_wanted),
        "R2" => paid_before(city, is_wanted),
        "R3" => together(city, is_wanted),
        "R4" => checked(city, is_wanted, &[(1, "employed")], false),
        "R5" => checked(city, is_wanted, &[(2, "retired"), (3, "student"), (4, "dead"), (5, "serving")], true),
        "R6" => shared(city, is_wanted),
        _ => against_usual(city, id, is_wanted),
    }
}

/// Rows of the wanted classes, in order.
fn rows(city: &City, is_wanted: Wanted) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    city.tables().read("roster", &["class", "row", "person"], |part| {
        let (classes, numbers, persons) = (part.codes("class")?, part.codes("row")?, part.keys("person")?);
        for (at, &class) in classes.values.iter().enumerate() {
            if let Some(class) = city.classes().find(class).filter(|&class| is_wanted(class)) {
                rows.push((class, numbers.get(at).unwrap_or(0), persons.get(at)));
            }
        }
        Ok(())
    })?;
    rows.sort_unstable();
    Ok(rows)
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
    if let Some((day, _)) = before().filter(|(_, of)| of.is_some() && *of == kind).next_back() {
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

/// Who has one of these results, and with `fit` whose age or standing doesn't allow training.
fn checked(city: &City, is_wanted: Wanted, results: &[(u32, &'static str)], fit: bool) -> Result<Evidence> {
    let rows = rows(city, is_wanted)?;
    let mut found: BTreeMap<(usize, u64), BTreeSet<u32>> = BTreeMap::new();
    city.tables().read("check", &["class", "person", "result"], |part| {
        let (classes, persons, values) = (part.codes("class")?, part.keys("person")?, part.codes("result")?);
        for ((&class, &person), &result) in classes.values.iter().zip(persons.values).zip(values.values) {
            if let Some(class) = city.classes().find(class).filter(|&class| is_wanted(class)) {
                found.entry((class, person)).or_default().insert(result);
            }
        }
        Ok(())
    })?;
    let mut listed = Listed::default();
    for (place, &(result, what)) in results.iter().enumerate() {
        let has = |class: usize, person: u64| found.get(&(class, person)).is_some_and(|of| of.contains(&result));
        let having = rows.iter().filter(|(class, _, person)| person.is_some_and(|person| has(*class, person)));
        // R4 counts persons, R5 rows.
        let mut seen = BTreeSet::new();
        having.filter(|(class, _, person)| fit || seen.insert((*class, *person))).for_each(|&(class, row, _)| listed.add(class, place, what, row));
    }
    if fit {
        unfit(city, is_wanted)?.into_iter().for_each(|(class, row)| listed.add(class, results.len(), "unfit", row));
    }
    Ok(listed.finish())
}

fn unfit(city: &City, is_wanted: Wanted) -> Result<Vec<(usize, u32)>> {
    let mut found = Vec::new();
    city.tables().read("roster", &["class", "row", "fit"], |part| {
        let (classes, rows, fit) = (part.codes("class")?, part.codes("row")?, part.bools("fit")?);
        for ((&class, &row), fit) in classes.values.iter().zip(rows.values).zip(fit) {
            if let Some(class) = city.classes().find(class).filter(|&class| fit == Some(false) && is_wanted(class)) {
                found.push((class, row));
            }
        }
        Ok(())
    })?;
    found.sort_unstable();
    Ok(found)
}

/// Rows of which one thing is told together.
#[derive(Default)]
struct Listed(BTreeMap<(usize, usize), (&'static str, BTreeSet<u32>)>);

impl Listed {
    fn add(&mut self, class: usize, place: usize, what: &'static str, row: u32) {
        self.0.entry((class, place)).or_insert((what, BTreeSet::new())).1.insert(row);
    }

    fn finish(self) -> Evidence {
        let mut found = Collected::new();
        for ((class, place), (what, rows)) in self.0 {
            found.add(class, place, EvidenceRow::of(what).of_rows(&rows));
        }
        found.finish()
    }
}

/// Who holds a key: over all rosters, persons and classes.
#[derive(Default)]
struct Holders {
    persons: BTreeSet<u64>,
    classes: BTreeSet<usize>,
}

fn shared(city: &City, is_wanted: Wanted) -> Result<Evidence> {
    let mut found = Collected::new();
    for (kind, (column, what)) in [("phone", "shared_phone"), ("account", "shared_account"), ("address", "shared_address")].into_iter().enumerate() {
        let counts = |class: usize| is_wanted(class) && (column != "address" || !city.classes().one_employer[class]);
        let mut ours: BTreeMap<(usize, u64), BTreeSet<u32>> = BTreeMap::new();
        each_holder(city, column, &mut |class, row, _, key| {
            if counts(class) {
                ours.entry((class, key)).or_default().insert(row);
            }
        })?;
        let mut holders: BTreeMap<u64, Holders> = ours.keys().map(|(_, key)| (*key, Holders::default())).collect();
        each_holder(city, column, &mut |class, _, person, key| {
            if let (Some(of), Some(person)) = (holders.get_mut(&key), person) {
                of.persons.insert(person);
                of.classes.insert(class);
            }
        })?;
        for ((class, key), rows) in ours {
            let Some(of) = holders.get(&key).filter(|of| of.persons.len() >= PERSONS) else { continue };
            let row = EvidenceRow::of(what).of_rows(&rows).number(count(of.persons.len())).number(count(of.classes.len()));
            found.add(class, (std::cmp::Reverse(rows.len()), std::cmp::Reverse(of.persons.len()), kind, rows), row);
        }
    }
    Ok(found.finish())
}

/// Hands over class, row, person and key of every row of a known class that has the key.
fn each_holder(city: &City, column: &'static str, each: &mut dyn FnMut(usize, u32, Option<u64>, u64)) -> Result<()> {
    city.tables().read("roster", &["class", "row", "person", column], |part| {
        let (classes, rows) = (part.codes("class")?, part.codes("row")?);
        let (persons, keys) = (part.keys("person")?, part.keys(column)?);
        for (at, (&class, &row)) in classes.values.iter().zip(rows.values).enumerate() {
            if let Some((class, key)) = city.classes().find(class).zip(keys.get(at)) {
                each(class, row, persons.get(at), key);
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// How much of a roster is near (R7) or from outside (R8), and which rows.
#[derive(Clone, Default)]
struct Share {
    of: i64,
    hits: BTreeSet<u32>,
}

impl Share {
    fn permille(&self) -> i64 {
        (1000 * count(self.hits.len())).checked_div_euclid(self.of).unwrap_or(0)
    }
}

/// R7 and R8: the share against the lower median of the frame's classes of the occupation.
fn against_usual(city: &City, id: &str, is_wanted: Wanted) -> Result<Evidence> {
    let (classes, is_near) = (city.classes(), id == "R7");
    let mut shares = vec![Share::default(); classes.len()];
    city.tables().read("roster", &["class", "row", "id_gap", "outside"], |part| {
        let (codes, rows, gaps, outside) = (part.codes("class")?, part.codes("row")?, part.integers("id_gap")?, part.bools("outside")?);
        for (at, (&class, &row)) in codes.values.iter().zip(rows.values).enumerate() {
            let Some(share) = classes.find(class).filter(|&class| classes.in_frame[class]).and_then(|class| shares.get_mut(class)) else { continue };
            let (counts, is_hit) = if is_near {
                (true, gaps.get(at).is_some_and(|gap| NEAR.contains(&gap)))
            } else {
                (outside[at].is_some(), outside[at] == Some(true))
            };
            share.of += i64::from(counts);
            if is_hit {
                share.hits.insert(row);
            }
        }
        Ok(())
    })?;
    let least = if is_near { ALIKE_ROWS } else { 1 };
    let mut usual: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for class in classes.frame().filter(|&class| shares[class].of >= least) {
        if let Some(occupation) = classes.occupation[class] {
            usual.entry(occupation).or_default().push(shares[class].permille());
        }
    }
    usual.values_mut().for_each(|of| of.sort_unstable());
    let mut found = Collected::new();
    for class in classes.frame().filter(|&class| is_wanted(class) && shares[class].of >= least && !shares[class].hits.is_empty()) {
        let Some(of) = classes.occupation[class].and_then(|occupation| usual.get(&occupation)) else { continue };
        let (share, median) = (&shares[class], of[(of.len() - 1) / 2]);
        let row = EvidenceRow::of(if is_near { "near_numbers" } else { "outside" }).of_rows(&share.hits);
        found.add(class, 0, row.number(share.of).number(share.permille()).number(median).number(count(of.len())));
    }
    Ok(found.finish())
}

impl EvidenceRow {
    /// Rows of the class's roster, as many as are shown, and how many there are.
    fn of_rows(self, rows: &BTreeSet<u32>) -> Self {
        Self { rows: rows.iter().take(EVIDENCE_ROWS).copied().collect(), count: Some(count(rows.len())), ..self }
    }
}
