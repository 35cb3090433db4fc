//! A1 to A5 by hand.

use super::Town;

fn town() -> Town {
    let mut town = Town::default();
    town.class(0, &[]);
    town
}

fn sessions(rows: &[(i64, i64)]) -> Town {
    let mut town = town();
    for (at, &(expected, present)) in (0..).zip(rows) {
        town.add("attendance", &[("class", 0), ("starts", at * 240), ("expected", expected), ("present", present)]);
    }
    town
}

#[test]
fn a1_counts_full_sessions_from_eight_on() {
    let of = |full: usize, thin: usize| sessions(&[vec![(30, 30); full], vec![(30, 29); thin], vec![(0, 0); 3]].concat()).value("A1", 0);
    assert_eq!(of(8, 0), (Some(1000), 8));
    assert_eq!(of(7, 1), (Some(375), 7));
    assert_eq!(of(8, 2), (Some(0), 8));
    assert_eq!(of(7, 0), (None, 0));
    assert_eq!(sessions(&[(30, 31); 8]).value("A1", 0), (Some(1000), 8));
    assert_eq!(town().value("A1", 0), (None, 0));
}

#[test]
fn a4_counts_absences_and_never_makes_up_for_them() {
    assert_eq!(sessions(&[(10, 8), (10, 8)]).value("A4", 0), (Some(250), 4));
    assert_eq!(sessions(&[(10, 9)]).value("A4", 0), (Some(0), 1));
    assert_eq!(sessions(&[(10, 5), (10, 99)]).value("A4", 0), (Some(375), 5));
    assert_eq!(sessions(&[(10, 5)]).value("A4", 0), (Some(1000), 5));
    assert_eq!(sessions(&[(0, 0)]).value("A4", 0), (None, 0));
}

fn signed(seconds: &[i64]) -> Town {
    let mut town = town();
    for &at in seconds {
        town.add("sign_in", &[("class", 0), ("starts", 480), ("at", at)]);
    }
    town
}

#[test]
fn a2_finds_a_minute_that_holds_four_fifths() {
    // One burst of one session: ⌊1000/11⌋.
    assert_eq!(signed(&[0, 20, 40, 60, 500]).value("A2", 0), (Some(90), 1));
    assert_eq!(signed(&[0, 20, 40, 61, 500]).value("A2", 0), (Some(0), 0));
    assert_eq!(signed(&[500, 560, 0, 530, 531]).value("A2", 0), (Some(90), 1));
    assert_eq!(signed(&[0, 0, 0, 0, 0, 900]).value("A2", 0), (Some(90), 1), "five of six");
    assert_eq!(signed(&[0, 0, 0, 0, 900, 900]).value("A2", 0), (Some(0), 0), "four of six");
    assert_eq!(signed(&[0, 0, 0, 0]).value("A2", 0), (None, 0));
}

#[test]
fn a3_and_a5_count_sign_ins_of_another_face_or_place() {
    let of = |unlike: i64, away: i64| {
        let mut town = town();
        for row in 0..10 {
            let (metres, matched) = (if row < away { 501 } else { 500 }, i64::from(row >= unlike));
            town.add("sign_in", &[("class", 0), ("starts", 480), ("metres", metres), ("matched", matched)]);
        }
        town.add("sign_in", &[("class", 0), ("starts", 480)]);
        (town.value("A3", 0), town.value("A5", 0))
    };
    assert_eq!(of(0, 0), ((Some(0), 0), (Some(0), 0)));
    // 50 ‰ of 1 in 20: 40 of 90, 30 of 180.
    assert_eq!(of(1, 1), ((Some(444), 1), (Some(166), 1)));
    assert_eq!(of(2, 4), ((Some(1000), 2), (Some(1000), 4)));
    let unknown = signed(&[1]);
    assert_eq!((unknown.value("A3", 0), unknown.value("A5", 0)), ((None, 0), (None, 0)));
}
