//! A1 to A5: which sessions, and who signed in when and where. Tables are read afresh for the classes that are asked about.

use super::{Collected, Evidence, EvidenceRow, Wanted, moment};
use crate::canon::Result;
use crate::scoring::city::City;
use crate::scoring::signal::count;
use std::collections::{BTreeMap, BTreeSet};

/// As `attendance.rs` has them: the seconds of a burst, the sign-ins from which a session is judged, and the metres from
/// which a place is another.
const BURST_SECONDS: i64 = 60;
const SIGN_INS: usize = 5;
const METRES: i64 = 500;

pub(super) fn evidence(city: &City, id: &str, is_wanted: Wanted) -> Result<Evidence> {
    match id {
        "A1" | "A4" => sessions(city, id, is_wanted),
        "A2" => bursts(city, is_wanted),
        _ => sign_ins(city, id, is_wanted),
    }
}

/// How many sessions were full (A1); and the sessions, for A4 those where most lacked.
fn sessions(city: &City, id: &str, is_wanted: Wanted) -> Result<Evidence> {
    let mut all: BTreeMap<usize, Vec<(i64, i64, i64)>> = BTreeMap::new();
    city.tables().read("attendance", &["class", "starts", "expected", "present"], |part| {
        let (classes, starts) = (part.codes("class")?, part.integers("starts")?);
        let (expected, present) = (part.integers("expected")?, part.integers("present")?);
        for (at, (&class, &starts)) in classes.values.iter().zip(starts.values).enumerate() {
            if let Some(class) = city.classes().find(class).filter(|&class| is_wanted(class)) {
                all.entry(class).or_default().push((starts, expected.get(at).unwrap_or(0), present.get(at).unwrap_or(0)));
            }
        }
        Ok(())
    })?;
    let mut found = Collected::new();
    for (class, of_class) in all {
        let held = || of_class.iter().filter(|(_, expected, _)| *expected > 0);
        let full = held().filter(|(_, expected, present)| present >= expected).count();
        if id == "A1" {
            let row = EvidenceRow::of("full_sessions").number(count(held().count())).number(count(full));
            found.add(class, (i64::MIN, 0, 0), row);
        }
        for &(starts, expected, present) in of_class.iter().filter(|(_, expected, _)| *expected > 0 || id == "A4") {
            let lacking = expected.saturating_sub(present).max(0);
            if (id == "A1") == (lacking == 0) {
                let row = EvidenceRow { at: Some(session(starts)), ..EvidenceRow::of("session") };
                found.add(class, (-lacking, starts, present), row.number(expected).number(present));
            }
        }
    }
    Ok(found.finish())
}

/// When a session is; only its day where no more is known.
fn session(starts: i64) -> String {
    let text = moment(starts);
    text.strip_suffix(" 00:00").map_or(text.clone(), str::to_owned)
}

fn bursts(city: &City, is_wanted: Wanted) -> Result<Evidence> {
    let mut all: BTreeMap<(usize, i64), Vec<i64>> = BTreeMap::new();
    city.tables().read("sign_in", &["class", "starts", "at"], |part| {
        let (classes, starts, at) = (part.codes("class")?, part.integers("starts")?, part.integers("at")?);
        for ((&class, &starts), &at) in classes.values.iter().zip(starts.values).zip(at.values) {
            if let Some(class) = city.classes().find(class).filter(|&class| is_wanted(class)) {
                all.entry((class, starts)).or_default().push(at);
            }
        }
        Ok(())
    })?;
    let mut found = Collected::new();
    for ((class, starts), mut of) in all.into_iter().filter(|(_, of)| of.len() >= SIGN_INS) {
        of.sort_unstable();
        let within = |&from: &i64| of.iter().filter(|&&at| (from..=from.saturating_add(BURST_SECONDS)).contains(&at)).count();
        let most = of.iter().map(|from| (within(from), std::cmp::Reverse(*from))).max();
        if let Some((most, std::cmp::Reverse(from))) = most.filter(|(most, _)| most * 5 >= of.len() * 4) {
            let row = EvidenceRow { at: Some(session(starts)), other_at: Some(second(from)), ..EvidenceRow::of("burst") };
            found.add(class, starts, row.number(count(of.len())).number(count(most)));
        }
    }
    Ok(found.finish())
}

/// `08:01:30`
fn second(at: i64) -> String {
    let of_day = at.rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// Sign-ins whose face or number was another's (A3), or that came from elsewhere (A5).
fn sign_ins(city: &City, id: &str, is_wanted: Wanted) -> Result<Evidence> {
    let mut all: BTreeSet<(usize, i64, Option<u64>, i64)> = BTreeSet::new();
    city.tables().read("sign_in", &["class", "person", "at", "metres", "matched"], |part| {
        let (classes, persons, at) = (part.codes("class")?, part.keys("person")?, part.integers("at")?);
        let (metres, matched) = (part.integers("metres")?, part.bools("matched")?);
        for (row, (&class, &at)) in classes.values.iter().zip(at.values).enumerate() {
            let away = metres.get(row).filter(|&metres| metres > METRES);
            let is_hit = if id == "A3" { matched[row] == Some(false) } else { away.is_some() };
            if let Some(class) = city.classes().find(class).filter(|&class| is_hit && is_wanted(class)) {
                all.insert((class, at, persons.get(row), away.unwrap_or(0)));
            }
        }
        Ok(())
    })?;
    let rows = roster_rows(city, is_wanted)?;
    let mut found = Collected::new();
    for (class, at, person, metres) in all {
        let row_of = person.and_then(|person| rows.get(&(class, person)));
        let minute = at.div_euclid(60);
        let row = EvidenceRow { rows: row_of.into_iter().copied().collect(), at: Some(moment(minute)), ..EvidenceRow::default() };
        // The farthest first.
        match id {
            "A3" => found.add(class, (0, at, person), EvidenceRow { what: "other_face", ..row }),
            _ => found.add(class, (-metres, at, person), EvidenceRow { what: "away", ..row }.number(metres)),
        }
    }
    Ok(found.finish())
}

/// The row in which a person of a class first stands.
fn roster_rows(city: &City, is_wanted: Wanted) -> Result<BTreeMap<(usize, u64), u32>> {
    let mut found: BTreeMap<(usize, u64), u32> = BTreeMap::new();
    city.tables().read("roster", &["class", "row", "person"], |part| {
        let (classes, rows, persons) = (part.codes("class")?, part.codes("row")?, part.keys("person")?);
        for (at, (&class, &row)) in classes.values.iter().zip(rows.values).enumerate() {
            let class = city.classes().find(class).filter(|&class| is_wanted(class));
            if let Some(of) = class.zip(persons.get(at)) {
                found.entry(of).and_modify(|first| *first = row.min(*first)).or_insert(row);
            }
        }
        Ok(())
    })?;
    Ok(found)
}
