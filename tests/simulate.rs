//! A simulated country: the same seed gives the same bytes, and what is planted is there.

use mingchou::facts::sets::FactSet;
use mingchou::ops::simulate::{Scale, setting, simulate, world};
use mingchou::ops::simulate_books::write_books;
use mingchou::scoring::city::{SIGNALS, signals};
use mingchou::scoring::tables::{SCHEMA, Tables};
use mingchou::simulate::patterns::{FIRST_OF_INSTITUTIONS, LATE_COUNTY, PATTERNS};
use mingchou::simulate::rows::{Column, Columns};
use mingchou::simulate::{Tally, World};
use std::collections::{BTreeMap, BTreeSet};

fn made(seed: u64, classes: u32) -> World {
    world(setting(seed, Scale::City, 104, Some(classes)).expect("a setting")).expect("a world")
}

fn codes(columns: &Columns, name: &str) -> Vec<u32> {
    let found = columns.iter().find(|(column, _)| *column == name).map(|(_, rows)| rows.clone());
    let Some(Column::Code(rows)) = found else { panic!("no codes {name}") };
    rows
}

fn texts(columns: &Columns, name: &str) -> Vec<String> {
    let found = columns.iter().find(|(column, _)| *column == name).map(|(_, rows)| rows.clone());
    let Some(Column::Text(rows)) = found else { panic!("no texts {name}") };
    rows
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |seed, name: &str| simulate(setting(seed, Scale::City, 104, Some(200)).expect("a setting"), &dir.path().join(name)).expect("written");
    let (one, again, other) = (write(7, "one"), write(7, "again"), write(8, "other"));
    assert_eq!((&one.list, one.truth), (&again.list, again.truth));
    assert_ne!(one.truth, other.truth);
    for (table, files) in &one.list.tables {
        assert_eq!(table == "day_off", *files == other.list.tables[table], "{table}");
    }
    assert!(one.list.synthetic);
    let refusal = simulate(setting(7, Scale::City, 104, Some(200)).expect("a setting"), &dir.path().join("one")).expect_err("occupied");
    assert_eq!(refusal.code, "demo_occupied");
}

#[test]
fn a_set_has_the_tables_and_columns_of_the_schema_and_scoring_takes_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let done = simulate(setting(3, Scale::City, 104, Some(200)).expect("a setting"), dir.path()).expect("written");
    let set = FactSet::open(dir.path()).expect("opens");
    assert_eq!(set.list, done.list);
    let mut tables = Tables::new(set.list.frozen_at);
    for (name, mut frame) in set.scan().expect("scans") {
        let found: Vec<String> = frame.collect_schema().expect("a schema").iter_names().map(ToString::to_string).collect();
        let (_, columns) = SCHEMA.iter().find(|(table, _)| *table == name).expect("a table of the schema");
        assert_eq!(found, columns.iter().map(|(column, _, _)| (*column).to_owned()).collect::<Vec<_>>(), "{name}");
        tables.add(&name, frame).expect("added");
    }
    let missing: Vec<&str> = SCHEMA.iter().map(|(table, _)| *table).filter(|table| !set.list.tables.contains_key(*table)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // The truth isn't in the list.
    assert!(dir.path().join("truth/truth.parquet").is_file());
    assert!(!set.list.tables.contains_key("truth"));
}

#[test]
fn nothing_says_who_anybody_is() {
    let world = made(5, 200);
    for part in world.parts() {
        let texts: Vec<&str> = world.rows_of(&part).iter().filter(|(_, rows)| matches!(rows, Column::Text(_))).map(|(name, _)| *name).collect();
        assert_eq!(texts, if part.table == "class" { vec!["unit"] } else { vec![] }, "{}", part.table);
    }
}

#[test]
fn bounds_are_held() {
    for (weeks, classes) in [(15, 200), (261, 200), (104, 99), (104, 2_000_001)] {
        let refusal = world(setting(1, Scale::City, weeks, Some(classes)).expect("a setting")).err().expect("refused");
        assert_eq!(refusal.code, "simulate_range", "{weeks} {classes}");
    }
    assert_eq!(Scale::parse("town").expect_err("refused").code, "simulate_scale");
    // The smallest and the shortest still make rows.
    for scale in [Scale::City, Scale::Nation] {
        let world = world(setting(1, scale, 16, Some(100)).expect("a setting")).expect("a world");
        for part in world.parts() {
            world.rows_of(&part);
        }
    }
}

#[test]
fn people_are_registered_once_in_a_class_and_rosters_and_sign_ins_speak_of_the_same_people() {
    let world = made(4, 600);
    let columns = |table: &str| world.rows_of(world.parts().iter().find(|part| part.table == table).expect("a part"));
    let people = |columns: &Columns| -> Vec<(u32, Option<u64>)> {
        let persons = columns.iter().find(|(name, _)| *name == "person").map(|(_, rows)| rows.clone());
        let Some(Column::MaybeKey(persons)) = persons else { panic!("no persons") };
        codes(columns, "class").into_iter().zip(persons).collect()
    };
    let roster = people(&columns("roster"));
    let known: BTreeSet<_> = roster.iter().filter(|(_, person)| person.is_some()).collect();
    let named = roster.iter().filter(|(_, person)| person.is_some()).count();
    assert!(named - known.len() <= named / 1000, "{named} {}", known.len());
    let sign_ins = people(&columns("sign_in"));
    let strangers = sign_ins.iter().filter(|row| row.1.is_some() && !known.contains(row)).count();
    // Only those whose number the roster lacks.
    assert!(strangers * 100 < sign_ins.len(), "{strangers} of {}", sign_ins.len());
}

/// Classes with it may differ from what the rates say by five standard deviations, and a tenth where partners must be found.
fn is_near(planted: u64, eligible: &[(u64, u64)], may_lack_partner: bool) -> bool {
    let expected: f64 = eligible.iter().map(|(count, rate)| *count as f64 * *rate as f64 / 1000.0).sum();
    let slack = 5.0 * expected.sqrt() + 2.0;
    let planted = planted as f64;
    planted <= expected + slack && planted >= expected * if may_lack_partner { 0.85 } else { 1.0 } - slack
}

#[test]
fn every_pattern_is_planted_at_its_stated_rate() {
    let tallies = made(11, 60_000).tallies();
    for tally in &tallies[..FIRST_OF_INSTITUTIONS] {
        let eligible: Vec<(u64, u64)> = tally.eligible.into_iter().zip(tally.rates).collect();
        let pairs = matches!(tally.signal, "R1" | "R3" | "P1" | "P3");
        assert!(is_near(tally.planted.iter().sum(), &eligible, pairs), "{tally:?}");
    }
    for tally in &tallies[FIRST_OF_INSTITUTIONS..LATE_COUNTY] {
        let planted: u64 = tally.institutions.iter().map(|(planted, _)| planted).sum();
        let all: Vec<(u64, u64)> = tally.institutions.iter().map(|(_, all)| *all).zip(tally.rates).collect();
        // Some are taken back: no partner, no past, no visits in which to be found out.
        assert!(is_near(planted, &all, true), "{tally:?}");
    }
    assert!(tallies.iter().all(|tally: &Tally| tally.planted.iter().sum::<u64>() > 0));
}

#[test]
fn a_citys_workbooks_are_read_without_a_loss() {
    let dir = tempfile::tempdir().expect("a folder");
    let setting = setting(6, Scale::City, 104, Some(600)).expect("a setting");
    assert_eq!(write_books(setting, dir.path()).expect("written"), 22);
    let bytes = std::fs::read(dir.path().join("workbooks/410882-台账统计表.xlsx")).expect("a ledger");
    let again = tempfile::tempdir().expect("a folder");
    write_books(setting, again.path()).expect("written");
    assert_eq!(std::fs::read(again.path().join("workbooks/410882-台账统计表.xlsx")).expect("a ledger"), bytes, "the same seed, the same bytes");
    let mut province = setting;
    province.scale = Scale::Province;
    assert_eq!(write_books(province, dir.path()).expect_err("refused").code, "simulate_books_scale");
    let mut out = Vec::new();
    for kind in ["台账统计表", "课程表"] {
        let path = dir.path().join(format!("workbooks/410882-{kind}.xlsx")).display().to_string();
        let args = ["mingchou", "--lang", "en", "read", &path, "--week", "2026-W48"].map(str::to_owned).to_vec();
        mingchou::cli::run::run(args, &mut out, &mut Vec::new());
    }
    let out = String::from_utf8_lossy(&out);
    for told in ["ledger of 410882: 9 rows", "timetable of 410882: 157 rows"] {
        assert!(out.contains(told), "{out}");
    }
}

#[test]
fn the_document_states_the_rates_of_the_code() {
    let document = include_str!("../docs/SIMULATION.md");
    for (_, name, signal, [first, second, third]) in PATTERNS {
        let row = format!("| {name} | {signal} | {first} | {second} | {third} |");
        assert!(document.contains(&row), "{row}");
    }
}

#[test]
fn the_signals_see_what_is_planted_and_mostly_nothing_else() {
    let world = made(2, 3000);
    let mut tables = Tables::new(world.frozen_at());
    for part in world.parts() {
        let frame = mingchou::ops::simulate::to_frame(world.rows_of(&part)).expect("a frame");
        tables.add(part.table, polars::prelude::IntoLazy::lazy(frame)).expect("added");
    }
    let truth = world.truth();
    let (classes, named) = (codes(&truth, "class"), texts(&truth, "signal"));
    let mut planted: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (class, signal) in classes.into_iter().zip(named) {
        planted.entry(signal).or_default().insert(class as usize);
    }
    let values = signals(&tables, &SIGNALS).expect("values");
    let mut wrong = Vec::new();
    for (id, signal) in &values {
        let of = |with: bool| {
            let known = |(class, value): (usize, &Option<i16>)| value.filter(|_| planted.get(*id).is_some_and(|set| set.contains(&class)) == with);
            let found: Vec<i64> = signal.permille.iter().enumerate().filter_map(known).map(i64::from).collect();
            (found.len(), found.iter().sum::<i64>() / i64::try_from(found.len()).unwrap_or(1).max(1))
        };
        let (with, without) = (of(true), of(false));
        let line = format!("{id}: planted {with:?}, others {without:?}, of {}", planted.get(*id).map_or(0, BTreeSet::len));
        // Shrunken shares of few lessons stay low (T2, A2); what honest classes get must stay far below.
        if with.0 > 0 && (with.1 < 400 || without.1 > 100) {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
