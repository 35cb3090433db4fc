//! Small random towns, full of ties and of what isn't known: the engine against the definitions read literally, in any order.

use super::{Chance, FREEZE, IDS, Row, Town, all, literal};

/// A town of so many classes, in which everything happens to somebody.
pub fn town(seed: u64, classes: i64) -> Town {
    let mut chance = Chance(seed);
    let mut town = Town::default();
    for class in 0..classes {
        let mut cells = vec![("county", 1)];
        for (column, from, bound) in [("institution", 0, 4), ("occupation", 0, 2), ("level", 0, 2)] {
            cells.push((column, if chance.below(8) == 0 { -1 } else { from + chance.below(bound) }));
        }
        let opens = 300 + chance.below(900);
        cells.push(("opens_on", if chance.below(10) == 0 { -1 } else { opens }));
        cells.push(("ends_on", if chance.below(10) == 0 { -1 } else { opens - 1 + chance.below(30) }));
        cells.extend([("in_frame", i64::from(chance.below(4) > 0)), ("one_employer", i64::from(chance.below(5) == 0))]);
        town.class(class, &cells);
        let kind = chance.below(4);
        rosters(&mut town, &mut chance, class, kind);
        sittings(&mut town, &mut chance, class, opens);
    }
    for _ in 0..classes * 10 {
        let row = some(&mut chance, &[("occupation", 2), ("level", 2)]);
        put(&mut town, "history", row, &[("person", chance.below(60)), ("paid_on", 100 + chance.below(1100))]);
    }
    town
}

fn rosters(town: &mut Town, chance: &mut Chance, class: i64, kind: i64) {
    let persons = if kind == 0 { 8 } else { 60 };
    for row in 0..chance.below(24) {
        let mut cells = some(chance, &[("person", persons), ("phone", 90), ("account", 200), ("address", 30), ("id_gap", 9)]);
        cells.retain(|column, _| *column == "person" || kind != 1 || row % 3 == 0);
        cells.extend(some(chance, &[("outside", 2), ("fit", 2)]));
        put(town, "roster", cells, &[("class", class), ("row", row)]);
        if chance.below(3) == 0 {
            let result = [0, 0, 1, 2, 3, 4, 5, 255][usize::try_from(chance.below(8)).expect("small")];
            town.add("check", &[("class", class), ("person", chance.below(persons)), ("result", result)]);
        }
    }
}

fn sittings(town: &mut Town, chance: &mut Chance, class: i64, opens: i64) {
    for session in 0..chance.below(12) {
        let starts = (opens + session) * 1440 + 480 + 30 * chance.below(20);
        let minutes = 30 * chance.below(6);
        town.add("lesson", &[("class", class), ("starts", starts), ("ends", starts + minutes)]);
        let expected = chance.below(12);
        town.add("attendance", &[("class", class), ("starts", starts), ("expected", expected), ("present", expected - chance.below(6) / 4)]);
        let hurry = 40 + 40 * chance.below(3);
        for _ in 0..chance.below(9) {
            let cells = some(chance, &[("metres", 560), ("matched", 9), ("person", 60)]);
            put(town, "sign_in", cells, &[("class", class), ("starts", starts), ("at", starts * 60 + chance.below(hurry))]);
        }
    }
}

/// Random values below their bounds, some of them unknown.
fn some(chance: &mut Chance, columns: &[(&'static str, i64)]) -> Row {
    let mut row = Row::new();
    for &(column, bound) in columns {
        if chance.below(6) > 0 {
            row.insert(column, chance.below(bound));
        }
    }
    row
}

fn put(town: &mut Town, table: &'static str, mut row: Row, cells: &[(&'static str, i64)]) {
    row.extend(cells.iter().copied());
    town.rows.entry(table).or_default().push(row);
}

#[test]
fn random_towns_have_the_values_of_the_definitions_in_any_order() {
    for seed in 0..8 {
        let town = town(seed, 24);
        let values = all(&town.tables());
        for id in IDS {
            for (class, expected) in literal::values(&town, id).into_iter().enumerate() {
                let found = (values[id].permille[class].map(i64::from), values[id].n[class]);
                assert_eq!(found, expected.map_or((None, 0), |(permille, n)| (Some(permille), n)), "seed {seed}: {id} of class {class}");
            }
        }
        for at_most in [40, 1000] {
            assert_eq!(all(&town.scattered(seed + 1, at_most)), values, "seed {seed}, {at_most} rows");
        }
    }
}

#[test]
fn random_towns_are_not_all_alike() {
    let towns: Vec<_> = (0..12).map(|seed| all(&town(seed, 24).tables())).collect();
    for id in IDS {
        let values = || towns.iter().flat_map(|town| town[id].permille.iter());
        assert!(values().any(Option::is_none) && values().any(|value| value.is_some_and(|value| value > 0)), "{id}");
        assert!(values().any(|value| *value == Some(0)), "{id}");
    }
}

#[test]
fn what_became_known_after_the_freeze_changes_nothing() {
    let before = town(5, 20);
    let mut after = before.clone();
    let later = town(6, 20);
    for (table, rows) in &later.rows {
        for row in rows.iter().filter(|_| *table != "class") {
            let mut row = row.clone();
            row.insert("known_at", FREEZE + 1);
            after.rows.entry(table).or_default().push(row);
        }
    }
    after.class(20, &[("known_at", FREEZE + 1)]).persons(20, 0..60);
    assert_eq!(all(&after.tables()), all(&before.tables()));
    let mut known = before.clone();
    for rows in known.rows.values_mut() {
        rows.iter_mut().for_each(|row| row.extend([("known_at", FREEZE)]));
    }
    assert_eq!(all(&known.tables()), all(&before.tables()), "known at the very minute");
}
