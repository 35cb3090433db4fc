//! Heavy hitters: what many share must not cost the square of it.

use super::{Chance, Town, literal};

#[test]
fn a_telephone_that_five_thousand_share_is_one_cluster() {
    let mut town = Town::default();
    for class in 0..100 {
        town.class(class, &[]);
        for row in 0..50 {
            let person = class * 50 + row;
            town.add("roster", &[("class", class), ("row", row), ("person", person), ("phone", 1), ("account", person)]);
        }
    }
    assert_eq!(town.value("R6", 99), (Some(1000), 50));
}

#[test]
fn a_person_in_many_classes_is_compared_by_time_and_not_by_pairs() {
    let mut chance = Chance(3);
    let mut town = Town::default();
    for class in 0..60 {
        let opens = chance.below(4000);
        let opens_or_not = if chance.below(5) == 0 { -1 } else { opens };
        let ends = opens - 3 + chance.below(40);
        town.class(class, &[("opens_on", opens_or_not), ("ends_on", ends), ("in_frame", i64::from(class % 4 > 0)), ("institution", class % 7)]);
        town.persons(class, 0..2).persons(class, 10 * class..10 * class + 3);
        for lesson in 0..chance.below(4) {
            let starts = (opens + lesson) * 60 + chance.below(30);
            town.add("lesson", &[("class", class), ("starts", starts), ("ends", starts + chance.below(60))]);
        }
    }
    let expected = literal::values(&town, "R1");
    assert!(expected.iter().any(|value| value.is_some_and(|(_, n)| n >= 2)) && expected.iter().any(|value| value.is_some_and(|(_, n)| n == 0)));
    for id in ["R1", "R3"] {
        for (class, expected) in literal::values(&town, id).into_iter().enumerate() {
            let expected = expected.map_or((None, 0), |(permille, n)| (i16::try_from(permille).ok(), n));
            assert_eq!(town.value(id, class), expected, "{id} of class {class}");
        }
    }
}

#[test]
fn a_person_in_three_thousand_classes_takes_no_time() {
    let mut town = Town::default();
    for class in 0..3000 {
        town.class(class, &[("opens_on", class * 30), ("ends_on", class * 30 + 29), ("institution", class % 50)]);
        town.persons(class, 0..1);
        town.add("history", &[("person", 0), ("occupation", 9), ("level", 1), ("paid_on", class * 30)]);
    }
    assert_eq!(town.value("R1", 2999), (Some(0), 0));
    assert_eq!(town.value("R3", 2999), (Some(1000), 1));
    assert_eq!(town.value("R2", 2999), (Some(909), 1));
}
