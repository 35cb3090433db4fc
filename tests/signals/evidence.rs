//! Rows behind values: they are there where a value is above 0, they are the right ones, and their order doesn't matter.

use super::random::town;
use super::{Town, day, minute};
use mingchou::i18n::find_sentence;
use mingchou::scoring::{City, EvidenceRow, SIGNALS, evidence, signals};

fn of(town: &Town, id: &str, class: usize) -> Vec<EvidenceRow> {
    let tables = town.tables();
    let city = City::new(&tables).expect("a city");
    evidence(&city, id, &|wanted| wanted == class).expect("evidence").remove(&class).unwrap_or_default()
}

fn told(town: &Town, id: &str) -> Vec<String> {
    let line = |row: EvidenceRow| {
        let class = row.class.map(|class| format!("~{class}"));
        let rows = (!row.rows.is_empty()).then(|| format!("{:?}", row.rows));
        let numbers = row.numbers.iter().map(ToString::to_string);
        let parts = [Some(row.what.to_owned()), rows, row.count.map(|count| format!("={count}")), row.at, class, row.other_at];
        parts.into_iter().flatten().chain(numbers).collect::<Vec<_>>().join(" ")
    };
    of(town, id, 0).into_iter().map(line).collect()
}

#[test]
fn trainees_elsewhere_are_named_by_their_rows() {
    let mut town = Town::default();
    town.class(0, &[("opens_on", day("2026-11-02")), ("ends_on", day("2026-11-13"))]);
    town.class(1, &[("institution", 2), ("opens_on", day("2026-11-09")), ("ends_on", day("2026-11-20"))]);
    town.class(2, &[("institution", 3), ("opens_on", day("2026-10-05")), ("ends_on", day("2026-10-16"))]);
    town.persons(0, 10..20).persons(1, 12..14).persons(2, 15..20);
    assert_eq!(
        told(&town, "R1"),
        ["runs_twice [12] 2026-11-02–2026-11-13 ~1 2026-11-09–2026-11-20", "runs_twice [13] 2026-11-02–2026-11-13 ~1 2026-11-09–2026-11-20"]
    );
    assert_eq!(told(&town, "R3"), ["together ~2 5 10 5", "together ~1 2 10 2"]);
    for (class, starts) in [(0, "2026-11-10T08:00"), (1, "2026-11-10T09:00")] {
        town.add("lesson", &[("class", class), ("starts", minute(starts)), ("ends", minute(starts) + 120)]);
    }
    assert_eq!(told(&town, "R1")[0], "taught_twice [12] 2026-11-10 08:00–10:00 ~1 2026-11-10 09:00–11:00");
    town.add("history", &[("person", 14), ("occupation", 1), ("level", 1), ("paid_on", day("2025-06-30"))]);
    town.add("history", &[("person", 15), ("occupation", 1), ("level", 1), ("paid_on", day("2026-11-02"))]);
    for date in ["2026-01-05", "2026-03-02", "2026-05-04"] {
        town.add("history", &[("person", 16), ("occupation", 7), ("level", 1), ("paid_on", day(date))]);
    }
    assert_eq!(told(&town, "R2"), ["paid_same [14] 2025-06-30", "paid_often [16] 2026-05-04 3"]);
}

#[test]
fn what_checks_and_rosters_say_is_told_together() {
    let mut town = Town::default();
    town.class(0, &[]).class(1, &[]).persons(0, 0..10);
    for (person, result) in [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 4), (8, 255), (99, 1)] {
        town.add("check", &[("class", 0), ("person", person), ("result", result)]);
    }
    assert_eq!(told(&town, "R4"), ["employed [1, 2, 3, 4, 5] =6"]);
    town.add("roster", &[("class", 0), ("row", 10), ("person", 50), ("fit", 0), ("phone", 77)]);
    town.add("roster", &[("class", 0), ("row", 11), ("person", 51), ("fit", 1), ("phone", 77)]);
    town.add("roster", &[("class", 1), ("row", 0), ("person", 52), ("phone", 77)]);
    assert_eq!(told(&town, "R5"), ["dead [7] =1", "unfit [10] =1"]);
    assert_eq!(told(&town, "R6"), ["shared_phone [10, 11] =2 3 2"]);
}

#[test]
fn sessions_and_sign_ins_are_named() {
    let mut town = Town::default();
    town.class(0, &[]).persons(0, 0..10);
    let at = minute("2026-11-10T08:00");
    for (session, present) in [(0, 30), (1, 12), (2, 29)] {
        town.add("attendance", &[("class", 0), ("starts", at + session * 1440), ("expected", 30), ("present", present)]);
    }
    assert_eq!(told(&town, "A1"), ["full_sessions 3 1", "session 2026-11-10 08:00 30 30"]);
    assert_eq!(told(&town, "A4"), ["session 2026-11-11 08:00 30 12", "session 2026-11-12 08:00 30 29"]);
    for person in 0..5 {
        let seconds = at * 60 + if person == 4 { 900 } else { 90 + person * 20 };
        let row = [("class", 0), ("starts", at), ("person", person), ("at", seconds), ("matched", i64::from(person != 2)), ("metres", person * 300)];
        town.add("sign_in", &row);
    }
    assert_eq!(told(&town, "A2"), ["burst 2026-11-10 08:00 08:01:30 5 4"]);
    assert_eq!(told(&town, "A3"), ["other_face [2] 2026-11-10 08:02"]);
    assert_eq!(told(&town, "A5"), ["away [4] 2026-11-10 08:15 1200", "away [3] 2026-11-10 08:02 900", "away [2] 2026-11-10 08:02 600"]);
}

#[test]
fn wherever_a_value_is_above_nothing_there_are_rows_and_words_for_them() {
    for seed in 0..40 {
        let town = town(seed, 6);
        let tables = town.tables();
        let scattered = town.scattered(seed + 1, 4);
        let city = City::new(&tables).expect("a city");
        let other = City::new(&scattered).expect("a city");
        let values = signals(&tables, &SIGNALS).expect("values");
        for id in SIGNALS {
            let found = evidence(&city, id, &|_| true).expect("evidence");
            assert_eq!(found, evidence(&other, id, &|_| true).expect("evidence"), "{id} in another order");
            for (class, permille) in values[id].permille.iter().enumerate().filter(|(_, permille)| **permille > Some(0)) {
                let rows = found.get(&class).map(Vec::as_slice).unwrap_or_default();
                // Of an institution that nobody visited there is no visit to be named.
                let may_be_none = id == "I2";
                assert!(may_be_none || !rows.is_empty(), "seed {seed}: {id} of {class} is {permille:?}");
                assert!(rows.len() <= 5);
            }
            for row in found.values().flatten() {
                assert!(find_sentence(&format!("evidence_{}", row.what)).is_some(), "{}", row.what);
            }
        }
    }
}
