//! H1, H2 and P1 to P3 by hand, and the sweep against comparing every row with every other.

use super::{Chance, Row, Town, day};
use mingchou::scoring::signals;

/// A class of so many 学时 from Monday to Friday; weekends are off.
fn town(cells: &[(&'static str, i64)]) -> Town {
    let mut town = Town::default();
    for date in (day("2026-11-01")..day("2026-12-31")).filter(|date| matches!((date + 3) % 7, 5 | 6)) {
        town.add("day_off", &[("date", date)]);
    }
    let usual = [("opens_on", day("2026-11-23")), ("ends_on", day("2026-11-27"))];
    town.class(0, &[&usual[..], cells].concat());
    town
}

/// A lesson of whole hours.
fn lesson(town: &mut Town, class: i64, on: &str, (from, to): (i64, i64), more: &[(&'static str, i64)]) {
    let midnight = day(on) * 1440;
    let usual = [("class", class), ("starts", midnight + from * 60), ("ends", midnight + to * 60)];
    town.add("lesson", &[&usual[..], more].concat());
}

fn taught(town: &mut Town, class: i64, teacher: i64, (from, to): (i64, i64), room: Option<i64>) {
    let cells = [("class", class), ("teacher", teacher), ("starts", from), ("ends", to)];
    town.add("teaching", &[&cells[..], &room.map(|room| ("room", room)).into_iter().collect::<Vec<_>>()].concat());
}

#[test]
fn h1_compares_delivered_with_approved_hours_over_the_whole_class() {
    let week = ("2026-11-23", "2026-11-27");
    let table = [
        (week, 40, vec![20, 20], (Some(0), 0)),
        (week, 40, vec![20, 18], (Some(0), 2)), // 5 % lacking
        (week, 40, vec![20, 14], (Some(400), 6)),
        (week, 40, vec![20, 8], (Some(1000), 12)),
        (week, 5, vec![-1], (Some(600), 1)),              // 180 minutes are 4 of 5
        (week, 5, vec![25], (Some(600), 1)),              // nobody teaches 25 hours a day
        ((week.0, "2026-12-01"), 40, vec![4], (None, 0)), // no lesson in the second week
        ((week.0, "2026-11-29"), 4, vec![4], (Some(0), 0)),
        (("2026-11-21", week.1), 4, vec![4], (Some(0), 0)), // its first week has a weekend only
        (week, -1, vec![4], (None, 0)),
        (week, 0, vec![4], (None, 0)),
        (week, 40, vec![], (None, 0)),
        ((week.1, week.0), 40, vec![4], (None, 0)),
        (("2020-11-23", week.1), 40, vec![4], (None, 0)),
    ];
    for ((opens, ends), approved, stated, expected) in table {
        let mut town = town(&[("opens_on", day(opens)), ("ends_on", day(ends)), ("hours", approved)]);
        for (date, hours) in ["2026-11-23", "2026-11-24"].into_iter().zip(&stated) {
            let hours: Vec<_> = (*hours >= 0).then_some(("hours", *hours)).into_iter().collect();
            lesson(&mut town, 0, date, (8, 11), &hours);
        }
        assert_eq!(town.value("H1", 0), expected, "{opens} {ends} {approved} {stated:?}");
    }
}

#[test]
fn h2_counts_each_impossible_minute_once() {
    let table: [(&[(&str, i64, i64)], (Option<i16>, i64)); 12] = [
        (&[("2026-11-23", 8, 12)], (Some(0), 0)),
        (&[("2026-11-23", 7, 11), ("2026-11-23", 17, 21)], (Some(0), 0)), // the edges
        (&[("2026-11-23", 8, 18)], (Some(1000), 120)),                    // 2 of 10 hours beyond 8
        (&[("2026-11-23", 8, 17)], (Some(555), 60)),
        (&[("2026-11-23", 18, 22), ("2026-11-24", 8, 14)], (Some(500), 60)), // 1 of 10 at night
        (&[("2026-11-22", 8, 9), ("2026-11-23", 8, 15), ("2026-11-24", 8, 10)], (Some(500), 60)),
        (&[("2026-11-23", 8, 16), ("2026-11-23", 8, 16)], (Some(0), 0)), // side by side
        (&[("2026-11-23", 8, 12), ("2026-11-23", 9, 10), ("2026-11-23", 11, 16)], (Some(0), 0)),
        (&[("2026-11-23", 12, 12)], (None, 0)),
        (&[("2026-11-23", 12, 8)], (None, 0)),
        // From 20:00 on Friday to 02:00 on Saturday: three hours at night, two on a day off.
        (&[("2026-11-27", 20, 26)], (Some(1000), 300)),
        (&[], (None, 0)),
    ];
    for (lessons, expected) in table {
        let mut town = town(&[]);
        lessons.iter().for_each(|(on, from, to)| lesson(&mut town, 0, on, (*from, *to), &[]));
        assert_eq!(town.value("H2", 0), expected, "{lessons:?}");
    }
}

/// A class whose teacher 5 has 40 lessons of an hour in room 301, one a day.
fn plain() -> Town {
    let mut town = town(&[]);
    town.class(1, &[]);
    (0..40).for_each(|day| taught(&mut town, 0, 5, (day * 1440, day * 1440 + 60), Some(301)));
    town
}

#[test]
fn p1_adds_up_the_minutes_in_which_the_teacher_is_elsewhere() {
    let (all, half) = ((0, 60), (30, 90));
    let table = [
        (1, 5, (60, 240), Some(302), (Some(0), 0)), // touching is not overlapping
        (1, 5, all, Some(301), (Some(0), 0)),       // one room is one place
        (1, 6, all, Some(302), (Some(0), 0)),
        (1, 5, all, Some(302), (Some(421), 1)), // 60 of 2400 + 450
        (1, 5, all, None, (Some(421), 1)),
        (1, 5, half, Some(302), (Some(210), 1)),
        (1, 5, (-600, 5), Some(302), (Some(35), 1)),
        (7, 5, all, Some(302), (Some(0), 0)), // a class that isn't known doesn't exist
        (0, 5, all, None, (Some(0), 0)),
        (0, 5, all, Some(302), (Some(824), 2)), // 120 of 2460 + 450
        (1, 5, (0, 0), Some(302), (Some(0), 0)),
    ];
    for (class, teacher, span, room, expected) in table {
        let mut town = plain();
        taught(&mut town, class, teacher, span, room);
        assert_eq!(town.value("P1", 0), expected, "{class} {teacher} {span:?} {room:?}");
    }
    let mut untimed = town(&[]);
    taught(&mut untimed, 0, 5, (0, 0), Some(301));
    assert_eq!(untimed.value("P1", 0), (None, 0));
}

#[test]
fn p1_takes_the_greatest_overlap_and_not_the_sum() {
    let mut town = plain();
    town.class(2, &[]);
    taught(&mut town, 1, 5, (0, 20), Some(302));
    taught(&mut town, 2, 5, (10, 50), Some(303));
    taught(&mut town, 2, 5, (55, 60), Some(303));
    assert_eq!(town.value("P1", 0), (Some(280), 1)); // 40 of 2850
}

#[test]
fn p1_counts_half_where_there_is_no_time_to_travel() {
    let of = |gap: i64, metres: (i64, i64), site: i64| {
        let mut town = plain();
        town.add("room", &[("room", 301), ("site", 1), ("x", 0), ("y", 0)]);
        town.add("room", &[("room", 302), ("site", site), ("x", metres.0), ("y", metres.1)]);
        taught(&mut town, 1, 5, (60 + gap, 90 + gap), Some(302));
        town.value("P1", 0)
    };
    assert_eq!(of(0, (3000, 4000), 2), (Some(210), 1)); // 30 of 2850: 10 minutes for 5 km
    assert_eq!(of(9, (3000, 4000), 2), (Some(210), 1));
    assert_eq!(of(10, (3000, 4000), 2), (Some(0), 0));
    assert_eq!(of(10, (3000, 4001), 2), (Some(210), 1));
    assert_eq!(of(0, (1, 0), 2), (Some(210), 1));
    assert_eq!(of(0, (0, 0), 2), (Some(0), 0));
    assert_eq!(of(0, (3000, 4000), 1), (Some(0), 0), "one site");
    assert_eq!(of(0, (i64::MAX, i64::MIN), 2), (Some(1000), 40), "too far whatever the day");
}

#[test]
fn p2_adds_a_teachers_hours_over_all_classes_of_a_week() {
    let monday = day("2026-11-23") * 1440;
    let week = |town: &mut Town, class: i64, from: i64, hours: i64| {
        (0..5).for_each(|day| taught(town, class, 5, (monday + day * 1440 + from * 60, monday + day * 1440 + (from + hours) * 60), None));
    };
    let of = |others: &[(i64, i64, i64)]| {
        let mut town = town(&[]);
        town.class(1, &[]);
        week(&mut town, 0, 8, 8);
        others.iter().for_each(|&(class, from, hours)| week(&mut town, class, from, hours));
        town.value("P2", 0)
    };
    assert_eq!(of(&[]), (Some(0), 40));
    assert_eq!(of(&[(1, 8, 8)]), (Some(0), 40), "the same hours twice are 40");
    assert_eq!(of(&[(1, 16, 2)]), (Some(500), 50));
    assert_eq!(of(&[(1, 16, 4)]), (Some(1000), 60));
    assert_eq!(of(&[(1, 24 * 7, 10)]), (Some(0), 40), "a week in which they don't teach the class");
    assert_eq!(town(&[]).value("P2", 0), (None, 0));
}

#[test]
fn p2_asks_the_register_for_the_classs_occupation() {
    let of = |teacher: i64, occupation: i64, qualified: i64| {
        let mut town = plain();
        town.add("teacher", &[("teacher", teacher), ("occupation", occupation), ("qualified", qualified)]);
        town.value("P2", 0)
    };
    assert_eq!(of(5, 1, 0), (Some(1000), 1));
    assert_eq!(of(5, 1, 1), (Some(0), 7));
    assert_eq!(of(5, 2, 0), (Some(0), 7));
    assert_eq!(of(6, 1, 0), (Some(0), 7));
}

#[test]
fn p3_finds_the_room_that_two_classes_use_at_once_or_that_is_too_small() {
    let of = |class: i64, room: Option<i64>, (from, to): (i64, i64), capacity: i64, planned: i64| {
        let mut town = town(&[("planned", planned)]);
        town.class(1, &[]);
        (0..40).for_each(|day| {
            town.add("lesson", &[("class", 0), ("starts", day * 1440), ("ends", day * 1440 + 60), ("room", 301)]);
        });
        let more: Vec<_> = room.map(|room| ("room", room)).into_iter().collect();
        town.add("lesson", &[&[("class", class), ("starts", from), ("ends", to)][..], &more].concat());
        town.add("room", &[("room", 301), ("capacity", capacity)]);
        town.value("P3", 0)
    };
    assert_eq!(of(1, Some(301), (60, 90), 0, 30), (Some(0), 0));
    assert_eq!(of(1, Some(301), (0, 90), 0, 30), (Some(421), 1));
    assert_eq!(of(1, Some(302), (0, 90), 0, 30), (Some(0), 0));
    assert_eq!(of(1, None, (0, 90), 0, 30), (Some(0), 0));
    assert_eq!(of(0, Some(301), (0, 90), 0, 30), (Some(0), 0));
    assert_eq!(of(1, Some(302), (0, 90), 30, 30), (Some(0), 0));
    assert_eq!(of(1, Some(302), (0, 90), 30, 36), (Some(400), 36));
    assert_eq!(of(1, Some(301), (0, 90), 30, 36), (Some(421), 1), "the greater of the two");
    assert_eq!(of(1, Some(302), (0, 90), 30, 45), (Some(1000), 45));
    assert_eq!(of(1, Some(302), (0, 90), 30, -1), (Some(0), 0));
    let mut listed = town(&[("planned", 20), ("actual", 10)]);
    listed.add("lesson", &[("class", 0), ("starts", 0), ("ends", 60), ("room", 301)]).add("room", &[("room", 301), ("capacity", 20)]);
    assert_eq!(listed.value("P3", 0), (Some(0), 0));
    listed.persons(0, 0..30);
    assert_eq!(listed.value("P3", 0), (Some(1000), 30), "the roster goes before both");
    let mut nowhere = town(&[]);
    lesson(&mut nowhere, 0, "2026-11-23", (8, 9), &[]);
    assert_eq!(nowhere.value("P3", 0), (None, 0));
}

/// Three classes, two teachers, three rooms on two sites, and lessons that often meet.
fn crowd(seed: u64) -> Town {
    let (mut chance, mut town) = (Chance(seed), Town::default());
    (0..3).for_each(|class| {
        town.class(class, &[]);
    });
    for room in 0..3 {
        town.add("room", &[("room", room), ("site", room / 2), ("x", room * 9_000), ("y", chance.below(2_000))]);
    }
    for _ in 0..chance.below(40) {
        let starts = chance.below(3) * 1440 + chance.below(12) * 20;
        let mut row: Row =
            [("class", chance.below(3)), ("teacher", chance.below(2)), ("starts", starts), ("ends", starts + chance.below(5) * 25)].into();
        if chance.below(4) > 0 {
            row.insert("room", chance.below(3));
        }
        let mut lesson = row.clone();
        lesson.remove("teacher");
        town.rows.entry("teaching").or_default().push(row);
        town.rows.entry("lesson").or_default().push(lesson);
    }
    town
}

/// P1 and P3 of a class by comparing every row with every other.
fn by_hand(town: &Town, id: &str, class: i64) -> (Option<i16>, i64) {
    let lasting: Vec<&Row> = town.of(if id == "P1" { "teaching" } else { "lesson" }).iter().filter(|row| row["starts"] < row["ends"]).collect();
    let own = |row: &&&Row| row["class"] == class && (id == "P1" || row.contains_key("room"));
    let key = if id == "P1" { "teacher" } else { "room" };
    let elsewhere = |a: &Row, b: &Row| match (a.get("room"), b.get("room")) {
        (Some(here), Some(there)) if id == "P1" => here != there,
        _ => a["class"] != b["class"],
    };
    let site = |row: &Row| row.get("room").and_then(|room| town.of("room").iter().find(|known| known["room"] == *room));
    let is_far = |a: &Row, b: &Row| {
        let (Some(here), Some(there)) = (site(a), site(b)) else { return false };
        let gap = (b["starts"] - a["ends"]).max(a["starts"] - b["ends"]);
        let squares = (here["x"] - there["x"]).pow(2) + (here["y"] - there["y"]).pow(2);
        let need = (0..).find(|k| (500 * k) * (500 * k) >= squares).expect("some minute");
        here["site"] != there["site"] && gap >= 0 && gap < need
    };
    let (mut overlap, mut minutes, mut n) = (0, 0, 0);
    for a in lasting.iter().filter(own) {
        let others = || lasting.iter().filter(|b| !std::ptr::eq(**b, *a) && b.get(key) == a.get(key));
        let meets = others().filter(|b| elsewhere(a, b)).map(|b| a["ends"].min(b["ends"]) - a["starts"].max(b["starts"]));
        let mut most = meets.max().unwrap_or(0).max(0);
        if most == 0 && id == "P1" && others().any(|b| is_far(a, b)) {
            most = (a["ends"] - a["starts"]) / 2;
        }
        (overlap, minutes, n) = (overlap + most, minutes + a["ends"] - a["starts"], n + i64::from(most > 0));
    }
    let permille = (overlap * 1_000_000 / ((minutes + 450) * 50)).min(1000);
    if minutes == 0 { (None, 0) } else { (Some(i16::try_from(permille).expect("permille")), n) }
}

#[test]
fn the_sweep_finds_what_comparing_all_pairs_finds() {
    let mut found_any = 0;
    for seed in 0..60 {
        let town = crowd(seed);
        let scattered = town.scattered(seed, 7);
        let values = signals(&scattered, &["P1", "P2", "P3", "H2"]).expect("signals");
        assert_eq!(values, signals(&town.tables(), &["P1", "P2", "P3", "H2"]).expect("signals"), "seed {seed}");
        for id in ["P1", "P3"] {
            for class in 0..3u8 {
                let (found, at) = (&values[id], usize::from(class));
                assert_eq!((found.permille[at], found.n[at]), by_hand(&town, id, i64::from(class)), "seed {seed}: {id} of {class}");
                found_any += found.n[at];
            }
        }
    }
    assert!(found_any > 100, "they do meet");
}

#[test]
fn a_name_that_stands_for_nobody_costs_no_more_than_its_rows() {
    let mut town = Town::default();
    for class in 0..3_000 {
        town.class(class, &[]);
        (0..8).for_each(|day| taught(&mut town, class, 5, (day * 1440 + 480 + class % 3, day * 1440 + 600), Some(class)));
    }
    assert_eq!(town.value("P1", 17), (Some(1000), 8));
}
