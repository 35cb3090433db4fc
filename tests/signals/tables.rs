//! What the door of scoring refuses, and what it leaves out.

use super::{FREEZE, TODAY, Town, frame, frozen_at};
use mingchou::scoring::tables::SCHEMA;
use mingchou::scoring::{City, Tables, signals};
use polars::prelude::*;

#[test]
fn a_table_of_another_shape_is_refused_with_its_column() {
    let mut tables = Tables::new(frozen_at());
    let refused = |result: mingchou::canon::Result<()>| result.expect_err("a refusal").to_string();
    assert_eq!(refused(tables.add("lessons", DataFrame::empty().lazy())), "facts_table_unknown table=lessons");
    let good = frame("check", &[]);
    let without = good.drop("person").expect("a column").lazy();
    assert_eq!(refused(tables.add("check", without)), "facts_table_schema table=check column=person expected=u64 found=-");
    let wide = good.lazy().with_column(col("result").cast(DataType::Int64));
    assert_eq!(refused(tables.add("check", wide)), "facts_table_schema table=check column=result expected=u32 found=i64");
    assert!(!tables.has("check"));
}

#[test]
fn a_null_where_none_may_be_is_refused_when_it_is_read() {
    let mut town = Town::default();
    town.class(0, &[]).add("attendance", &[("class", 0), ("expected", 3), ("present", 3)]);
    let mut tables = town.tables();
    let holes = frame("attendance", town.of("attendance")).lazy().with_column(lit(NULL).cast(DataType::Int64).alias("present"));
    tables.add("attendance", holes).expect("the types are right");
    let refusal = signals(&tables, &["A1"]).expect_err("a refusal");
    assert_eq!(refusal.to_string(), "facts_table_schema table=attendance column=present expected=not null found=null");
}

#[test]
fn a_class_that_stands_twice_or_far_off_is_refused() {
    let mut twice = Town::default();
    twice.class(0, &[]).class(0, &[]);
    assert!(City::new(&twice.tables()).is_err());
    let mut far = Town::default();
    far.class(4_000_000_000, &[]);
    assert!(City::new(&far.tables()).is_err());
    assert!(City::new(&Tables::new(frozen_at())).expect("no classes").classes().is_empty());
    assert!(signals(&twice.tables(), &["R9"]).is_err());
}

#[test]
fn a_class_that_became_known_later_leaves_a_hole() {
    let mut town = Town::default();
    town.class(0, &[]).class(1, &[("known_at", FREEZE + 1)]).class(2, &[]).persons(0, 0..3).persons(1, 0..3).persons(2, 7..9);
    let tables = town.tables();
    let city = City::new(&tables).expect("a city");
    assert_eq!(city.classes().known, [true, false, true]);
    assert_eq!(town.value("R1", 0), (Some(0), 0), "the later class overlaps nobody");
    assert_eq!(town.value("R1", 1), (None, 0));
}

#[test]
fn times_are_those_of_beijing() {
    let tables = Tables::new(frozen_at());
    assert_eq!((tables.frozen_minute(), tables.frozen_day().to_string()), (FREEZE, "2026-11-20".into()));
    assert_eq!(City::new(&tables).map(|city| i64::from(city.frozen_days())), Ok(TODAY));
}

#[test]
fn every_table_becomes_known_at_some_time_but_the_calendar() {
    for (table, columns) in SCHEMA {
        assert_eq!(columns.iter().any(|(column, _, _)| *column == "known_at"), *table != "day_off", "{table}");
    }
}
