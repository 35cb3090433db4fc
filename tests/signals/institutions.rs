//! I1 to I7 by hand.

use super::{FREEZE, TODAY, Town, day, minute};

fn town() -> Town {
    let mut town = Town::default();
    town.class(0, &[("opens_on", TODAY + 3)]);
    town
}

#[test]
fn i1_halves_every_year_and_expects_little_of_nobody() {
    let of = |visits: &[(i64, i64)]| {
        let mut town = town();
        town.add("visit", &[("institution", 2), ("on", TODAY - 9), ("severity", 1000)]);
        visits.iter().for_each(|&(ago, severity)| {
            town.add("visit", &[("institution", 1), ("on", TODAY - ago), ("severity", severity)]);
        });
        town.value("I1", 0)
    };
    assert_eq!(of(&[]), (Some(0), 0)); // 50 of 1000
    assert_eq!(of(&[(10, 1000)]), (Some(245), 1)); // 1500 of 11000 are 136
    assert_eq!(of(&[(10, 250), (10, 0)]), (Some(34), 1)); // 750 of 12000 are 62
    assert_eq!(of(&[(30, 1000)]), (Some(231), 1)); // 1443 of 10943 are 131
    assert_eq!(of(&[(361, 1000)]), (Some(128), 1)); // 1000 of 10500 are 95
    assert_eq!(of(&[(0, 1000)]), (Some(0), 0), "today's visit isn't over");
    assert_eq!(of(&[(1, 1000); 9]), (Some(1000), 9));
    assert_eq!(town().value("I1", 0), (None, 0), "without a table nothing is known");
    let mut nameless = Town::default();
    nameless.class(0, &[("institution", -1)]).add("visit", &[("institution", 1), ("on", 5)]);
    assert_eq!(nameless.value("I1", 0), (None, 0));
}

#[test]
fn i2_counts_days_since_somebody_came() {
    let of = |opened: &[i64], visits: &[i64]| {
        let mut town = town();
        town.add("visit", &[("institution", 2), ("on", TODAY - 1)]);
        (1..).zip(opened).for_each(|(class, ago)| {
            town.class(class, &[("opens_on", TODAY - ago), ("in_frame", 0)]);
        });
        visits.iter().for_each(|ago| {
            town.add("visit", &[("institution", 1), ("on", TODAY - ago)]);
        });
        town.value("I2", 0)
    };
    assert_eq!(of(&[], &[]), (None, 0));
    assert_eq!(of(&[200, 270, 9], &[]), (Some(500), 270));
    assert_eq!(of(&[400], &[180, 500]), (Some(0), 180));
    assert_eq!(of(&[400], &[181]), (Some(5), 181));
    assert_eq!(of(&[], &[360]), (Some(1000), 360));
    assert_eq!(of(&[0], &[]), (Some(0), 0));
    let mut unknown = town();
    unknown.class(1, &[("opens_on", TODAY - 400), ("in_frame", 0)]);
    assert_eq!(unknown.value("I2", 0), (None, 0), "no visits are kept");
}

#[test]
fn i3_measures_this_quarter_against_the_median_of_four() {
    let quarters = ["2025-10-08", "2026-01-05", "2026-04-07", "2026-07-06"];
    // seats of the four quarters before, of this one
    let table = [
        ([50, 40, 60, 50], 100, (Some(0), 100)), // twice the median
        ([50, 40, 60, 50], 175, (Some(500), 175)),
        ([50, 40, 60, 50], 250, (Some(1000), 250)),
        ([0, 40, 60, 51], 91, (Some(0), 91)), // median 45.5, ratio exactly 2
        ([0, 0, 0, 50], 10, (Some(500), 10)), // a median of nothing
        ([0, 0, 0, 0], 10, (Some(500), 10)),  // new
    ];
    for (before, now, expected) in table {
        let mut town = Town::default();
        town.class(0, &[("opens_on", day("2026-11-23")), ("planned", now)]);
        town.class(1, &[("opens_on", day("2025-10-08")), ("planned", 30), ("institution", 2), ("in_frame", 0)]);
        for (class, (on, seats)) in (2..).zip(quarters.iter().zip(before)) {
            town.class(class, &[("opens_on", day(on)), ("actual", seats), ("in_frame", 0)]);
        }
        assert_eq!(town.value("I3", 0), expected, "{before:?} {now}");
    }
    assert_eq!(town().value("I3", 0), (None, 0), "without history nobody is new");
}

#[test]
fn i4_takes_each_source_once_and_forgets_by_the_half_year() {
    let of = |complaints: &[(i64, i64, i64)]| {
        let mut town = town();
        town.add("complaint", &[("institution", 2), ("source", 1), ("on", TODAY), ("weight", 1000)]);
        for &(source, ago, weight) in complaints {
            town.add("complaint", &[("institution", 1), ("source", source), ("on", TODAY - ago), ("weight", weight)]);
        }
        town.value("I4", 0)
    };
    assert_eq!(of(&[]), (Some(0), 0));
    assert_eq!(of(&[(1, 0, 1000)]), (Some(333), 1));
    assert_eq!(of(&[(1, 0, 1000), (1, 9, 1000), (1, 9, 250)]), (Some(333), 1));
    assert_eq!(of(&[(1, 0, 1000), (2, 180, 1000)]), (Some(500), 2));
    assert_eq!(of(&[(1, 30, 500)]), (Some(148), 1)); // ⌊500·890/1000⌋ of 3000
    assert_eq!(of(&[(1, 0, 1000), (2, 0, 1000), (3, 0, 1000), (4, 0, 1000)]), (Some(1000), 4));
    assert_eq!(town().value("I4", 0), (None, 0));
}

#[test]
fn i5_holds_passes_against_those_of_all() {
    let of = |exams: &[(i64, i64, i64, i64)]| {
        let mut town = town();
        for &(institution, ago, taken, passed) in exams {
            let cells = [("institution", institution), ("occupation", 1), ("on", TODAY - ago), ("taken", taken), ("passed", passed)];
            town.add("exam", &cells);
        }
        town.value("I5", 0)
    };
    assert_eq!(of(&[]), (None, 0));
    assert_eq!(of(&[(1, 9, 19, 19)]), (None, 0));
    assert_eq!(of(&[(1, 9, 20, 20)]), (Some(0), 20)); // all there is
    assert_eq!(of(&[(1, 0, 20, 20), (2, 364, 80, 64)]), (Some(800), 20)); // 1000 against 840
    assert_eq!(of(&[(1, 0, 20, 20), (2, 365, 80, 64)]), (Some(0), 20), "a year ago is long ago");
    assert_eq!(of(&[(1, 0, 20, 10), (2, 9, 80, 64)]), (Some(0), 10));
    assert_eq!(of(&[(1, -1, 20, 20)]), (None, 0));
}

#[test]
fn i6_counts_others_that_share_a_contact_account_or_site() {
    let of = |others: &[(i64, &'static str, i64)]| {
        let mut town = town();
        town.add("register", &[("institution", 1), ("contact", 7), ("account", 8), ("site", 9)]);
        others.iter().for_each(|&(institution, column, key)| {
            town.add("register", &[("institution", institution), (column, key)]);
        });
        town.value("I6", 0)
    };
    assert_eq!(of(&[(2, "contact", 8)]), (Some(0), 0), "a contact is no account");
    assert_eq!(of(&[(2, "contact", 7)]), (Some(1000), 1));
    assert_eq!(of(&[(2, "contact", 7), (2, "site", 9), (3, "account", 8)]), (Some(1000), 2));
    assert_eq!(of(&[(1, "contact", 7)]), (Some(0), 0), "itself");
    let mut unregistered = town();
    unregistered.add("register", &[("institution", 2), ("contact", 7)]);
    assert_eq!(unregistered.value("I6", 0), (None, 0));
}

#[test]
fn i7_takes_the_mean_of_the_countys_last_deadlines() {
    // week's Monday, minutes after the deadline of Friday 17:30 (or none), versions
    let friday = |monday: i64| (monday + 4) * 1440 + 17 * 60 + 30;
    let of = |rows: &[(i64, Option<i64>, i64)]| {
        let mut town = town();
        for &(monday, received, versions) in rows {
            let mut cells = vec![("county", 0), ("week", monday), ("due", friday(monday)), ("versions", versions)];
            cells.extend(received.map(|late| ("received", friday(monday) + late)));
            town.add("submission", &cells);
        }
        town.value("I7", 0)
    };
    let last = day("2026-11-09");
    let weeks = |good: i64| (0..=good).map(|back| (last - 7 * (good - back), (back > 0).then_some(0), 1)).collect::<Vec<_>>();
    assert_eq!(of(&[]), (None, 0));
    assert_eq!(of(&[(last, Some(0), 1)]), (Some(0), 0));
    assert_eq!(of(&[(last, Some(1), 1)]), (Some(500), 1));
    assert_eq!(of(&[(last, Some(1), 9)]), (Some(750), 1));
    assert_eq!(of(&[(last, None, 0)]), (Some(1000), 1));
    assert_eq!(of(&[(last, Some(-500), 2), (last - 7, None, 0)]), (Some(562), 2));
    assert_eq!(of(&[(day("2026-11-23"), None, 0)]), (None, 0), "not yet due");
    assert_eq!(of(&weeks(8)), (Some(0), 0), "a fault of nine deadlines ago is forgotten");
    assert_eq!(of(&weeks(7)), (Some(125), 1));
    // Received after the freeze: it had not come.
    let mut late = town();
    late.add("submission", &[("week", last), ("due", minute("2026-11-13T17:30")), ("received", FREEZE + 1), ("versions", 1)]);
    assert_eq!(late.value("I7", 0), (Some(1000), 1));
    assert_eq!(town().value("I7", 0), (None, 0));
}
