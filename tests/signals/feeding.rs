//! What an office's papers become as tables, and that the same person has one key in all of them.

use crate::office::Bureau;
use crate::receive::{AT, WEEK, receive};
use mingchou::canon::{Time, Week};
use mingchou::ops::Office;
use mingchou::ops::score::score_week;
use mingchou::scoring::{City, signals};
use polars::prelude::*;

#[test]
fn papers_of_a_week_become_the_tables_of_scoring() {
    let bureau = Bureau::new();
    receive(&bureau, &[]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let known = runtime.block_on(async {
        let office = Office::open(&bureau.data(), Some(Time::parse(AT).expect("a time"))).await.expect("opens");
        score_week(&office, Week::parse(WEEK).expect("a week")).await.expect("scores").0
    });
    let tables = &known.tables;
    let rows = |table: &str| tables.get(table).map(|frame| frame.and_then(|frame| Ok(frame.collect().expect("rows"))).expect("a table"));
    let height = |table: &str| rows(table).map(|frame| frame.height());
    assert_eq!(["class", "lesson", "teaching", "roster", "check", "attendance", "system", "history"].map(height), [2, 1, 1, 4, 4, 2, 2, 4].map(Some));
    assert_eq!(["visit", "complaint", "exam", "register", "room", "teacher", "record", "sign_in"].map(height), [None; 8]);
    let persons = |table: &str| {
        let column = rows(table).expect("a table").column("person").expect("persons").u64().expect("keys").to_vec();
        let mut persons: Vec<u64> = column.into_iter().flatten().collect();
        persons.sort_unstable();
        persons
    };
    assert_eq!((persons("roster"), persons("check")), (persons("history"), persons("roster")));
    let gaps = rows("roster").expect("a roster").column("id_gap").expect("gaps").i64().expect("numbers").to_vec();
    assert_eq!(gaps, [Some(2), Some(2), Some(2), None]);
    let outside = rows("roster").expect("a roster").column("outside").expect("places").bool().expect("truths").iter().collect::<Vec<_>>();
    assert_eq!(outside, [Some(false); 4], "the fictional region is the city's own");

    let city = City::new(tables).expect("a city");
    assert!(city.classes().in_frame.iter().all(|in_frame| *in_frame));
    let values = signals(tables, &["S1", "R2", "R4", "R5", "A4"]).expect("signals");
    let of = |id: &str| (values[id].permille.clone(), values[id].n.clone());
    assert_eq!(of("S1"), (vec![Some(0), Some(1000)], vec![0, 1]), "the export has one of them");
    assert_eq!(of("R4"), (vec![Some(0), None], vec![0, 0]), "four answers in order, none of the other class");
    assert_eq!(of("A4"), (vec![Some(62), None], vec![1, 0]), "one of eight was away");
}
