//! R4 to R8: which trainees. Tables are read afresh for the classes that are asked about.

use super::{Collected, EVIDENCE_ROWS, Evidence, EvidenceRow, Wanted};
use crate::canon::Result;
use crate::scoring::city::City;
use crate::scoring::signal::count;
use std::collections::{BTreeMap, BTreeSet};

/// R6: the persons from whom on a key is a cluster's.
const PERSONS: usize = 3;
/// R7: the rows from which a roster is judged, and the gaps that are near.
const ALIKE_ROWS: i64 = 10;
const NEAR: std::ops::RangeInclusive<i64> = 1..=3;

/// A row of a roster: class, row, person.
pub(super) type Row = (usize, u32, Option<u64>);

pub(super) fn evidence(city: &City, id: &str, is_wanted: Wanted) -> Result<Evidence> {
    match id {
        "R4" => checked(city, is_wanted, &[(1, "employed")], false),
        "R5" => checked(city, is_wanted, &[(2, "retired"), (3, "student"), (4, "dead"), (5, "serving")], true),
        "R6" => shared(city, is_wanted),
        _ => against_usual(city, id, is_wanted),
    }
}

/// Rows of the wanted classes, in order.
pub(super) fn rows(city: &City, is_wanted: Wanted) -> Result<Vec<Row>> {
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
