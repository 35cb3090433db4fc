//! Working days, lead times and deadlines by the published tables.

use mingchou::calendar::{CLOSE_OF_BUSINESS, Calendar, LeadReading};
use mingchou::canon::{Date, Week};

pub fn calendar() -> Calendar {
    let read =
        |year: u32| std::fs::read(format!("{}/data/holidays/{year}.json", env!("CARGO_MANIFEST_DIR"))).expect("the table is in the repository");
    let tables: Vec<_> = [2024, 2025, 2026].into_iter().map(|year| (year.to_string(), read(year))).collect();
    let tables: Vec<(&str, &[u8])> = tables.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    Calendar::from_tables(&tables).expect("the tables are well formed")
}

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

#[test]
fn years_have_as_many_working_days_as_the_notices_give() {
    let calendar = calendar();
    for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
        let first = date(&format!("{year}-01-01"));
        let days = (0..366).map(|day| first.plus_days(day)).filter(|day| day.year() == year);
        assert_eq!(days.filter(|day| calendar.is_working_day(*day)).count(), expected, "{year}");
    }
}

#[test]
fn lead_days_are_counted_by_the_reading_in_force() {
    let calendar = calendar();
    let cases = [
        ("2026-11-02", "2026-11-09", 5, 4), // Monday for the next Monday is exactly 5
        ("2026-11-03", "2026-11-09", 4, 3),
        ("2026-11-06", "2026-11-09", 1, 0), // over a weekend
        ("2026-09-24", "2026-10-12", 7, 6), // Mid-Autumn and National Day off, Saturday 10 October works
        ("2026-11-09", "2026-11-09", 0, 0),
        ("2026-11-12", "2026-11-09", 0, 0), // applied after the opening
    ];
    for (applied, opens, inclusive, strict) in cases {
        assert_eq!(calendar.lead_days(date(applied), date(opens), LeadReading::Inclusive), inclusive, "{applied} {opens}");
        assert_eq!(calendar.lead_days(date(applied), date(opens), LeadReading::Strict), strict, "{applied} {opens} strict");
    }
}

#[test]
fn a_review_is_due_on_the_fifth_working_day_after() {
    let calendar = calendar();
    assert_eq!(calendar.review_due(date("2026-11-02")).to_string(), "2026-11-09");
    assert_eq!(calendar.review_due(date("2026-09-30")).to_string(), "2026-10-13");
}

#[test]
fn the_deadline_is_friday_or_the_last_working_day_of_the_week() {
    let calendar = calendar();
    let cases = [
        ("2026-W48", Some("2026-11-27T17:30:00+08:00")),
        ("2026-W18", Some("2026-04-30T17:30:00+08:00")), // Friday is 1 May
        ("2025-W05", Some("2025-01-27T17:30:00+08:00")), // Spring Festival from Tuesday
    ];
    for (week, expected) in cases {
        let week = Week::parse(week).expect("a week");
        let found = calendar.deadline(week, CLOSE_OF_BUSINESS).map(|time| time.to_string());
        assert_eq!(found.as_deref(), expected, "{week}");
    }
}

#[test]
fn a_year_without_a_table_is_provisional() {
    assert!(calendar().is_provisional(2027));
    assert!(!calendar().is_provisional(2026));
}
