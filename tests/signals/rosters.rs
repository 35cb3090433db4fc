//! R1 to R8 by hand.

use super::Town;

/// A class 0 with persons 0..10: shares are of 10 + 10.
fn ten() -> Town {
    let mut town = Town::default();
    town.class(0, &[]).persons(0, 0..10);
    town
}

fn lesson(town: &mut Town, class: i64, starts: i64, ends: i64) {
    town.add("lesson", &[("class", class), ("starts", starts), ("ends", ends)]);
}

#[test]
fn r1_counts_persons_who_are_taught_elsewhere_at_the_time() {
    // lesson of the other class, persons in common → value
    let cases = [(60, 120, 1, 0, 0), (59, 120, 1, 500, 1), (59, 120, 2, 1000, 2), (0, 1, 3, 1000, 3), (-30, 0, 3, 0, 0), (10, 10, 3, 0, 0)];
    for (starts, ends, common, permille, n) in cases {
        let mut town = ten();
        town.class(1, &[("in_frame", 0), ("opens_on", 300), ("ends_on", 320)]).persons(1, 10 - common..30);
        lesson(&mut town, 0, 0, 60);
        lesson(&mut town, 1, starts, ends);
        // The other class's dates say otherwise, but a timetable that lasts goes before dates.
        assert_eq!(town.value("R1", 0), (Some(permille), n), "{starts} {ends} {common}");
        assert_eq!(town.value("R1", 1), (None, 0), "not of the frame");
    }
}

#[test]
fn r1_goes_by_dates_where_a_timetable_lacks() {
    for (opens, ends, n) in [(120, 130, 1), (121, 130, 0), (80, 100, 1), (80, 99, 0), (-1, 130, 0), (110, -1, 0)] {
        let mut town = ten();
        town.class(1, &[("opens_on", opens), ("ends_on", ends)]).persons(1, 9..30);
        lesson(&mut town, 0, 0, 60);
        assert_eq!(town.value("R1", 0).1, n, "{opens} {ends}");
        assert_eq!(town.value("R1", 1).1, n, "{opens} {ends}");
    }
    let mut town = Town::default();
    town.class(0, &[]).class(1, &[]).add("roster", &[("class", 0)]).persons(1, 0..3);
    assert_eq!(town.value("R1", 0), (None, 0), "a row without a person is nobody");
    assert_eq!(town.value("R1", 1), (Some(0), 0));
}

#[test]
fn r2_counts_the_same_subsidy_and_the_third_of_a_year() {
    // Day 100 is 11 April 1970; the year begins with day 0. Occupation, level (−1: unknown) and day of each payment.
    type Payments = &'static [(i64, i64, i64)];
    let cases: [(Payments, i64); 8] = [
        (&[(1, 1, 99)], 1),
        (&[(1, 1, 100)], 0),
        (&[(1, 2, 99)], 0),
        (&[(1, -1, 99)], 0),
        (&[(1, 1, -4000)], 1),
        (&[(2, 1, 0), (2, 1, 50), (3, -1, 99)], 1),
        (&[(2, 1, -1), (2, 1, 50), (3, 1, 99)], 0),
        (&[(2, 1, 0), (2, 1, 50), (3, 1, 100)], 0),
    ];
    for (payments, n) in cases {
        let mut town = ten();
        for &(occupation, level, paid_on) in payments {
            let mut row = vec![("person", 3), ("occupation", occupation), ("paid_on", paid_on)];
            row.extend((level >= 0).then_some(("level", level)));
            town.add("history", &row);
        }
        town.add("history", &[("person", 77), ("occupation", 1), ("level", 1), ("paid_on", 5)]);
        assert_eq!(town.value("R2", 0), (Some(if n == 1 { 500 } else { 0 }), n), "{payments:?}");
    }
    assert_eq!(ten().value("R2", 0), (None, 0), "no history");
    let mut undated = Town::default();
    undated.class(0, &[("opens_on", -1)]).persons(0, 0..3).add("history", &[("person", 1), ("paid_on", 1)]);
    assert_eq!(undated.value("R2", 0), (None, 0), "no opening");
}

#[test]
fn r3_takes_the_likest_roster_of_another_institution() {
    // ⌊5000/15⌋ = 333, (333 − 100)·1000/400 = 582.5
    let cases = [(2, 100 + 731, 582, 5), (2, 100 - 731, 582, 5), (2, 832, 0, 0), (1, 100, 0, 0), (-1, 100, 0, 0), (2, -1, 0, 0)];
    for (institution, opens, permille, n) in cases {
        let mut town = ten();
        let opens = if opens == 100 - 731 { ("opens_on", -631) } else { ("opens_on", opens) };
        town.class(1, &[("institution", institution), opens, ("in_frame", 0)]).persons(1, 5..15);
        assert_eq!(town.value("R3", 0), (Some(permille), n), "{institution} {opens:?}");
    }
    let mut town = ten();
    town.class(1, &[("institution", 2)]).persons(1, 8..10).class(2, &[("institution", 3)]).persons(2, 0..2).persons(2, 20..22);
    // 2 of 10 against 2 of 12, which is less.
    assert_eq!(town.value("R3", 0), (Some(250), 2));
    assert_eq!(town.value("R3", 1), (Some(250), 2));
    let mut town = Town::default();
    town.class(0, &[("institution", -1)]).persons(0, 0..3).class(1, &[]);
    assert_eq!((town.value("R3", 0), town.value("R3", 1)), ((None, 0), (None, 0)));
}

#[test]
fn r4_counts_persons_employed_elsewhere_of_those_checked() {
    let mut town = ten();
    for person in 0..8 {
        town.add("check", &[("class", 0), ("person", person), ("result", if person < 1 { 1 } else { 0 })]);
    }
    town.add("check", &[("class", 0), ("person", 8), ("result", 255)]);
    // Nobody of the class, and a class that isn't theirs.
    town.add("check", &[("class", 0), ("person", 99), ("result", 1)]).add("check", &[("class", 1), ("person", 9), ("result", 1)]);
    // ⌊1000/18⌋ of 1 in 18: 277
    assert_eq!(town.value("R4", 0), (Some(277), 1));
    // A second look that found something counts, a person once.
    town.add("check", &[("class", 0), ("person", 1), ("result", 1)]).add("check", &[("class", 0), ("person", 1), ("result", 1)]);
    assert_eq!(town.value("R4", 0), (Some(555), 2));
    let mut town = ten();
    town.add("check", &[("class", 0), ("person", 8), ("result", 255)]);
    assert_eq!((town.value("R4", 0), town.value("R5", 0)), ((None, 0), (None, 0)));
}

#[test]
fn r5_counts_rows_of_those_not_eligible() {
    for (result, n) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1), (5, 1), (6, 0)] {
        let mut town = ten();
        town.persons(0, 10..30).add("check", &[("class", 0), ("person", 2), ("result", result)]);
        // 1 of 30 + 10 is 25 ‰ of 50.
        assert_eq!(town.value("R5", 0), (Some(if n == 1 { 500 } else { 0 }), n), "{result}");
    }
    let mut town = ten();
    town.persons(0, 10..29).add("roster", &[("class", 0), ("fit", 0)]);
    assert_eq!(town.value("R5", 0), (Some(500), 1), "by age alone, without a number");
    town.rows.get_mut("roster").expect("rows").last_mut().expect("a row").insert("fit", 1);
    assert_eq!(town.value("R5", 0), (Some(0), 0));
}

#[test]
fn r6_counts_rows_that_share_with_two_others() {
    // Persons 0 and 1 of class 0 and person 20 of class 1 share; the class has 20 rows.
    let shared = |column: &'static str, one_employer: i64, others: i64| {
        let mut town = Town::default();
        town.class(0, &[("one_employer", one_employer)]).class(1, &[("in_frame", 0)]).persons(0, 2..20);
        for (class, person) in [(0, 0), (0, 1), (1, 20), (1, 20)].into_iter().take(usize::try_from(others).expect("few") + 1) {
            town.add("roster", &[("class", class), ("person", person), (column, 7)]);
        }
        town
    };
    for column in ["phone", "account", "address"] {
        assert_eq!(shared(column, 0, 2).value("R6", 0), (Some(142), 2), "{column}: 100 ‰, 50 of 350");
        assert_eq!(shared(column, 0, 1).value("R6", 0), (Some(0), 0), "{column}: two are none");
    }
    assert_eq!(shared("address", 1, 2).value("R6", 0), (Some(0), 0));
    assert_eq!(shared("phone", 1, 2).value("R6", 0), (Some(142), 2));
    // The same person twice is one person; a row of nobody shares what three have, and counts once for two reasons.
    let mut town = shared("phone", 0, 3);
    town.add("roster", &[("class", 0), ("phone", 7), ("account", 8)]);
    for person in 30..33 {
        town.add("roster", &[("class", 1), ("person", person), ("account", 8)]);
    }
    assert_eq!(town.value("R6", 0).1, 3);
    assert_eq!(ten().value("R6", 0), (None, 0));
}

#[test]
fn r7_compares_close_numbers_with_the_occupation() {
    let mut town = Town::default();
    // Rows and close ones: shares 0, 0, 0, 50, 500; median 0, spread at least 10.
    for (class, rows, near) in [(0, 10, 0), (1, 10, 0), (2, 10, 0), (3, 20, 1), (4, 10, 5), (5, 9, 9)] {
        town.class(class, &[]);
        for row in 0..rows {
            town.add("roster", &[("class", class), ("person", 100 * class + row), ("id_gap", if row < near { 1 + row % 3 } else { 4 * (row % 2) })]);
        }
    }
    // z = ⌊50·10⁷/148260⌋ = 3372: (3372 − 2000)/3
    let values: Vec<_> = (0..6).map(|class| town.value("R7", class)).collect();
    assert_eq!(values, [(Some(0), 0), (Some(0), 0), (Some(0), 0), (Some(457), 1), (Some(1000), 5), (None, 0)]);
    town.class(6, &[("occupation", -1)]).persons(6, 900..920);
    assert_eq!(town.value("R7", 6), (None, 0));
}

#[test]
fn r8_compares_those_from_outside_with_the_occupation() {
    let mut town = Town::default();
    for (class, outside) in [(0, 0), (1, 1), (2, 5), (3, 9)] {
        town.class(class, &[]);
        for row in 0..10 {
            town.add("roster", &[("class", class), ("row", row), ("outside", i64::from(row < outside))]);
        }
        town.add("roster", &[("class", class), ("row", 10)]);
    }
    // The lower median of 0, 100, 500, 900 is 100.
    let values: Vec<_> = (0..4).map(|class| town.value("R8", class)).collect();
    assert_eq!(values, [(Some(0), 0), (Some(0), 1), (Some(500), 5), (Some(1000), 9)]);
    town.class(4, &[]).persons(4, 0..3).class(5, &[("occupation", -1)]).add("roster", &[("class", 5), ("outside", 1)]);
    assert_eq!((town.value("R8", 4), town.value("R8", 5)), ((None, 0), (None, 0)));
}

#[test]
fn crowds_are_counted_like_anybody() {
    let mut town = ten();
    // One telephone for 12 000 people of a class, and for three of class 0.
    town.class(1, &[("in_frame", 0)]);
    for person in 100..12_100 {
        town.add("roster", &[("class", 1), ("row", person), ("person", person), ("phone", 7)]);
    }
    for person in 20..23 {
        town.add("roster", &[("class", 0), ("row", person), ("person", person), ("phone", 7)]);
    }
    // Person 5 of class 0 is in 600 more classes of another institution, and was paid for 3 000 times.
    for class in 2..602 {
        town.class(class, &[("institution", 2), ("opens_on", 110)]).persons(class, 5..6);
    }
    for payment in 0..3_000 {
        town.add("history", &[("person", 5), ("occupation", 1), ("level", 1), ("paid_on", 99 - payment % 90)]);
    }
    assert_eq!(town.value("R6", 0).1, 3);
    assert_eq!(town.value("R3", 0), (Some(0), 1), "1 of 13 is 76 ‰");
    assert_eq!(town.value("R3", 601), (Some(0), 1));
    assert_eq!(town.value("R2", 0), (Some(434), 1), "1 of 13 + 10");
    assert_eq!(town.value("R1", 0).1, 1);
    let scattered = super::all(&town.scattered(3, 700));
    assert_eq!(scattered, super::all(&town.tables()));
}
