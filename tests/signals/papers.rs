//! T1 to T4 and S1 by hand.

use super::{FREEZE, Town, day, minute};

fn town(cells: &[(&'static str, i64)]) -> Town {
    let mut town = Town::default();
    // Saturdays and Sundays of autumn.
    for date in (day("2026-09-01")..day("2026-12-31")).filter(|date| matches!((date + 3) % 7, 5 | 6)) {
        town.add("day_off", &[("date", date)]);
    }
    town.class(0, cells);
    town
}

#[test]
fn t1_rises_by_a_fifth_for_each_working_day_lacking() {
    let of = |lead: i64| town(&[("lead_days", lead)]).value("T1", 0);
    let table = [(-1, None), (9, Some(0)), (5, Some(0)), (4, Some(200)), (2, Some(600)), (0, Some(1000)), (-3, Some(1000))];
    for (lead, expected) in table {
        assert_eq!(of(lead), (expected, if expected.is_none() { 0 } else { lead }), "{lead}");
    }
}

#[test]
fn t2_counts_papers_that_came_two_days_late() {
    let of = |late: i64, timely: i64| {
        let mut town = town(&[]);
        (0..late).for_each(|_| {
            town.add("record", &[("class", 0), ("ends", 600), ("recorded", 600 + 2881)]);
        });
        (0..timely).for_each(|_| {
            town.add("record", &[("class", 0), ("ends", 600), ("recorded", 600 + 2880)]);
        });
        town.value("T2", 0)
    };
    assert_eq!(of(0, 0), (None, 0));
    assert_eq!(of(0, 4), (Some(0), 0));
    assert_eq!(of(1, 0), (Some(90), 1)); // 1 of 11
    assert_eq!(of(30, 0), (Some(750), 30)); // 30 of 40
    assert_eq!(of(10, 20), (Some(250), 10));
}

#[test]
fn t3_counts_changes_close_to_the_opening_or_after_the_list() {
    let table: [(&str, &[&str], (Option<i16>, i64)); 6] = [
        ("2026-11-23", &[], (Some(0), 0)),
        ("2026-11-23", &["2026-11-19T23:59"], (Some(0), 0)),
        ("2026-11-23", &["2026-11-20T00:00"], (Some(333), 1)),
        ("2026-11-23", &["2026-11-20T09:00", "2026-11-20T10:00", "2026-11-20T11:00"], (Some(1000), 3)),
        // Monday a week later: only what came after Friday's deadline of 17:30.
        ("2026-11-30", &["2026-11-20T17:30", "2026-11-20T17:31"], (Some(333), 1)),
        // The deadline of the opening day itself, and of another county, say nothing.
        ("2026-11-20", &["2026-11-16T23:59"], (Some(0), 0)),
    ];
    for (opens_on, changes, expected) in table {
        let mut town = town(&[("opens_on", day(opens_on)), ("county", 3)]);
        town.add("change", &[("class", 7), ("at", minute("2026-11-20T09:00"))]);
        town.add("submission", &[("county", 3), ("week", day("2026-11-16")), ("due", minute("2026-11-20T17:30"))]);
        town.add("submission", &[("county", 4), ("week", day("2026-11-09")), ("due", minute("2026-11-13T17:30"))]);
        town.add("submission", &[("county", 3), ("week", day("2026-11-23")), ("due", minute("2026-11-27T17:30"))]);
        changes.iter().for_each(|at| {
            town.add("change", &[("class", 0), ("at", minute(at))]);
        });
        assert_eq!(town.value("T3", 0), expected, "{opens_on} {changes:?}");
    }
    let mut undated = town(&[("opens_on", -1)]);
    undated.add("change", &[("class", 0)]);
    assert_eq!(undated.value("T3", 0), (None, 0));
    assert_eq!(town(&[]).value("T3", 0), (None, 0), "without a table of changes none is known");
}

#[test]
fn t4_tells_late_from_unapproved() {
    let table = [
        // applied, reviewed, opens
        ("2026-11-09", "2026-11-16", "2026-11-23", (Some(0), 5)), // the fifth working day
        ("2026-11-09", "2026-11-17", "2026-11-23", (Some(500), 6)),
        ("2026-11-09", "2026-11-17", "2026-11-17", (Some(500), 6)), // approved on the day itself
        ("2026-11-09", "2026-11-17", "2026-11-16", (Some(1000), 1)),
        ("2026-11-16", "", "2026-11-20", (Some(1000), 1)),
        ("2026-11-16", "", "2026-11-23", (Some(0), 4)),
        ("2026-11-12", "", "2026-11-23", (Some(500), 6)), // waiting for six working days
        ("2026-11-17", "2026-11-16", "2026-11-23", (Some(0), 0)),
        ("", "2026-11-17", "2026-11-23", (None, 0)),
        ("", "2026-11-17", "2026-11-16", (Some(1000), 1)),
        ("2026-11-09", "2026-11-16", "", (None, 0)),
    ];
    let of = |text: &str| if text.is_empty() { -1 } else { day(text) };
    for (applied, reviewed, opens, expected) in table {
        let town = town(&[("applied_on", of(applied)), ("reviewed_on", of(reviewed)), ("opens_on", of(opens))]);
        assert_eq!(town.value("T4", 0), expected, "{applied} {reviewed} {opens}");
    }
}

#[test]
fn s1_takes_the_ledgers_word_and_the_systems() {
    let of = |in_system: i64, system: Option<(i64, i64, i64)>| {
        let mut town = town(&[("in_system", in_system)]);
        if let Some((found, compared, differing)) = system {
            town.add("system", &[("class", 0), ("found", found), ("compared", compared), ("differing", differing)]);
        }
        town.value("S1", 0)
    };
    assert_eq!(of(-1, None), (None, 0));
    assert_eq!(of(1, None), (Some(0), 0));
    assert_eq!(of(0, None), (Some(1000), 1));
    assert_eq!(of(1, Some((0, 0, 0))), (Some(1000), 1), "the ledger says yes, the system no");
    assert_eq!(of(0, Some((1, 7, 0))), (Some(1000), 1));
    assert_eq!(of(-1, Some((1, 7, 2))), (Some(285), 2));
    assert_eq!(of(-1, Some((1, 0, 0))), (Some(0), 0));
}

#[test]
fn facts_of_a_minute_after_the_freeze_change_no_papers() {
    let cells = [("opens_on", day("2026-11-23")), ("applied_on", day("2026-11-16")), ("in_system", 1), ("lead_days", 3)];
    let mut before = town(&cells);
    before.add("change", &[("class", 0), ("at", minute("2026-11-20T10:00"))]);
    before.add("record", &[("class", 0), ("ends", 600), ("recorded", 700)]);
    let mut after = before.clone();
    after.add("change", &[("class", 0), ("at", minute("2026-11-20T10:00")), ("known_at", FREEZE + 1)]);
    after.add("record", &[("class", 0), ("ends", 600), ("recorded", 70_000), ("known_at", FREEZE + 1)]);
    after.add("system", &[("class", 0), ("found", 0), ("known_at", FREEZE + 1)]);
    for id in ["T1", "T2", "T3", "T4", "S1"] {
        assert_eq!(after.value(id, 0), before.value(id, 0), "{id}");
    }
}
