//! Evidence that the draw is fair: properties that hold for every frame, and frequencies against exact fractions.
//!
//! Seeds are fixed, so nothing here can flicker; bounds are 4.5 standard deviations, which chance passes once in
//! 150 000 times.

use crate::random::{Chance, random_draw};
use mingchou::bundle::Files;
use mingchou::canon::json::{parse_record, to_record};
use mingchou::canon::{Code, Hash, TaggedHash};
use mingchou::draw::plan::Teams;
use mingchou::draw::rng::Rng;
use mingchou::draw::select::select;
use mingchou::draw::teams::assign;
use mingchou::draw::{DrawPlan, Frame, InspectorRoster, Transcript, Unit, run};
use std::collections::{BTreeMap, BTreeSet};

const DRAWS: u64 = 200_000;
const SIGMAS: f64 = 4.5;

fn code(text: &str) -> Code {
    Code::parse(text).expect("a code")
}

fn frame(sizes: &[u64], certain: &[usize]) -> Frame {
    let unit = |(index, size): (usize, &u64)| Unit {
        unit: code(&format!("u{index:02}")),
        stratum: code("s"),
        size: *size,
        certain: certain.contains(&index),
        facts: Hash([0; 32]),
    };
    Frame::new(sizes.iter().enumerate().map(unit).collect()).expect("a frame")
}

fn key(draw: u64) -> Hash {
    TaggedHash::new("fairness").lp(&draw.to_be_bytes()).end()
}

/// Refuses a count that chance would hardly give for that probability.
fn assert_fair(what: &str, count: u64, draws: u64, numerator: u64, denominator: u64) {
    let (count, draws, p) = (as_float(count), as_float(draws), as_float(numerator) / as_float(denominator));
    let deviation = (count - draws * p).abs();
    assert!(deviation <= SIGMAS * (draws * p * (1.0 - p)).sqrt(), "{what}: {count} of {draws}, expected {numerator}/{denominator}");
}

fn as_float(number: u64) -> f64 {
    f64::from(u32::try_from(number).expect("small"))
}

#[test]
fn inclusion_frequencies_match_the_exact_fractions() {
    // One unit is certain by mark, one by size; the rest are met with n·size/W.
    let frame = frame(&[10, 20, 30, 40, 50, 60, 70, 400, 5, 15], &[4]);
    let members: Vec<usize> = (0..10).collect();
    let mut counts = [0u64; 10];
    let mut fractions = None;
    for draw in 0..DRAWS {
        let drawn = select(&frame, &members, 5, 2, &mut Rng::new(key(draw)));
        assert_eq!(drawn.certain, [4, 7]);
        assert_eq!(*fractions.get_or_insert((drawn.points, drawn.interval)), (3, 250));
        drawn.selected.iter().for_each(|index| counts[*index] += 1);
    }
    for (index, count) in counts.iter().enumerate().filter(|(index, _)| ![4, 7].contains(index)) {
        assert_fair(&format!("unit {index}"), *count, DRAWS, 3 * frame.units()[index].size, 250);
    }
}

/// Every order of a list.
fn orders(list: &[usize]) -> Vec<Vec<usize>> {
    if list.is_empty() {
        return vec![Vec::new()];
    }
    let with = |at: usize| {
        let mut rest = list.to_vec();
        let first = rest.remove(at);
        orders(&rest).into_iter().map(move |order| [vec![first], order].concat())
    };
    (0..list.len()).flat_map(with).collect()
}

/// How often each sample comes out of all orders and starts, all equally likely: counted from the protocol's own words.
fn enumerate(sizes: &[u64], n: u64) -> (BTreeMap<Vec<usize>, u64>, u64) {
    let interval: u64 = sizes.iter().sum();
    let mut samples = BTreeMap::new();
    let mut all = 0;
    for order in orders(&(0..sizes.len()).collect::<Vec<_>>()) {
        for start in 0..interval {
            let mut low = 0;
            let mut sample = Vec::new();
            for index in &order {
                let high = low + n * sizes[*index];
                if (0..n).any(|k| (low..high).contains(&(start + k * interval))) {
                    sample.push(*index);
                }
                low = high;
            }
            sample.sort_unstable();
            *samples.entry(sample).or_insert(0) += 1;
            all += 1;
        }
    }
    (samples, all)
}

#[test]
fn joint_frequencies_match_full_enumeration() {
    for (sizes, n) in [(&[3u64, 5, 7, 5][..], 2), (&[1, 1, 1, 1, 1], 3), (&[2, 9, 4, 8, 7], 3)] {
        let frame = frame(sizes, &[]);
        let members: Vec<usize> = (0..sizes.len()).collect();
        let (expected, all) = enumerate(sizes, n);
        let mut seen: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
        for draw in 0..DRAWS {
            let mut sample = select(&frame, &members, n, 0, &mut Rng::new(key(draw))).selected;
            sample.sort_unstable();
            *seen.entry(sample).or_default() += 1;
        }
        for sample in seen.keys() {
            assert!(expected.contains_key(sample), "{sample:?} can't be drawn from {sizes:?}");
        }
        for (sample, weight) in &expected {
            assert_fair(&format!("{sizes:?} {sample:?}"), seen.get(sample).copied().unwrap_or(0), DRAWS, *weight, all);
        }
    }
}

#[test]
fn teams_are_assigned_uniformly_among_those_who_may_go() {
    // Nine bureau people in three teams of two; B01 and B02 may not visit u00.
    let frame = frame(&[1; 4], &[]);
    let people = |letter: &str, count: u32| (1..=count).map(|n| code(&format!("{letter}{n:02}"))).collect::<Vec<_>>();
    let recusals = vec![(code("B01"), code("u00")), (code("B02"), code("u00"))];
    let roster = InspectorRoster { bureau: people("B", 9), discipline: people("D", 3), recusals };
    let teams = Teams { bureau_per_team: 2, count: 3, discipline_per_team: 1 };
    let draws = 60_000;
    let mut went: BTreeMap<Code, u64> = BTreeMap::new();
    let (mut numbers, mut without) = ([0u64; 3], 0u64);
    for draw in 0..draws {
        let (formed, assigned) = assign(&frame, &roster, &teams, &[0, 1, 2, 3], &key(draw));
        let Some(number) = assigned[0].team else {
            without += 1;
            continue;
        };
        let team = &formed[usize::try_from(number).expect("small") - 1];
        numbers[usize::try_from(number).expect("small") - 1] += 1;
        team.bureau.iter().for_each(|person| *went.entry(person.clone()).or_default() += 1);
        *went.entry(team.discipline[0].clone()).or_default() += 1;
    }
    assert_eq!(without, 0, "three teams can't all hold one of two people");
    for (number, count) in numbers.iter().enumerate() {
        assert_fair(&format!("team {}", number + 1), *count, draws, 1, 3);
    }
    assert!(!went.contains_key(&code("B01")) && !went.contains_key(&code("B02")));
    for person in roster.bureau.iter().skip(2) {
        assert_fair(person.as_str(), went[person], draws, 2, 7);
    }
    for person in &roster.discipline {
        assert_fair(person.as_str(), went[person], draws, 1, 3);
    }
}

/// The parts of a random honest draw.
fn parts(files: &Files) -> (DrawPlan, Frame, InspectorRoster, Transcript) {
    (
        parse_record("plan.json", &files["plan.json"]).expect("a plan"),
        Frame::parse(&files["frame.jsonl"]).expect("a frame"),
        parse_record("roster.json", &files["roster.json"]).expect("a roster"),
        parse_record("transcript.json", &files["transcript.json"]).expect("a transcript"),
    )
}

#[test]
fn every_draw_has_its_visits_its_certainty_units_and_reserves_apart() {
    for case in 5_000..6_000 {
        let (plan, frame, _, drawn) = parts(&random_draw(case));
        assert_eq!(plan.strata.iter().map(|s| s.size).sum::<u64>(), frame.units().iter().map(|u| u.size).sum::<u64>());
        assert_eq!(plan.strata.iter().map(|s| s.visits).sum::<u64>(), plan.visits.min(frame.units().len() as u64));
        let mut everywhere = BTreeSet::new();
        for (stratum, planned) in drawn.strata.iter().zip(&plan.strata) {
            assert_eq!((stratum.certain.len() + stratum.selected.len()) as u64, planned.visits, "case {case}");
            assert_eq!(stratum.selected.len() as u64, stratum.points);
            let left = planned.units - planned.visits;
            assert_eq!(stratum.reserve.len() as u64, plan.reserves_per_stratum.min(left));
            for unit in stratum.certain.iter().chain(&stratum.selected).chain(&stratum.reserve) {
                assert!(everywhere.insert(unit.clone()), "case {case}: {unit} twice");
                assert_eq!(frame.units()[frame.find(unit).expect("in the frame")].stratum, stratum.stratum);
            }
        }
        let visited: BTreeSet<&Code> = drawn.assignments.iter().map(|a| &a.unit).collect();
        for unit in frame.units().iter().filter(|unit| unit.certain) {
            assert!(visited.contains(&unit.unit), "case {case}: {} must be visited", unit.unit);
        }
        let most = drawn.assignments.iter().filter_map(|a| a.team).fold(BTreeMap::new(), |mut loads: BTreeMap<u64, u64>, team| {
            *loads.entry(team).or_default() += 1;
            loads
        });
        assert!(most.keys().all(|team| (1..=plan.teams.count).contains(team)));
    }
}

#[test]
fn the_order_in_which_units_come_does_not_matter() {
    for case in 6_000..6_200 {
        let (plan, frame, roster, drawn) = parts(&random_draw(case));
        let mut units = frame.units().to_vec();
        Rng::new(key(case)).shuffle(&mut units);
        let again = Frame::new(units).expect("a frame");
        assert_eq!(to_record(&run(&plan, &again, &roster, drawn.seed)), to_record(&drawn), "case {case}");
    }
}

#[test]
fn a_visit_without_a_team_is_one_that_no_team_may_go_to() {
    let mut seen = 0;
    for case in 7_000..8_000 {
        let (_, _, roster, drawn) = parts(&random_draw(case));
        let barred = |team: &mingchou::draw::teams::Team, unit: &Code| {
            team.bureau.iter().chain(&team.discipline).any(|person| roster.recusals.binary_search(&(person.clone(), unit.clone())).is_ok())
        };
        for visit in &drawn.assignments {
            match visit.team.and_then(|number| drawn.teams.iter().find(|team| team.team == number)) {
                Some(team) => assert!(!barred(team, &visit.unit), "case {case}"),
                None => {
                    assert!(drawn.teams.iter().all(|team| barred(team, &visit.unit)), "case {case}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn below_is_uniform_also_where_words_are_rejected() {
    // n just above 2^63: nearly half of all words are rejected, and small remainders would be favoured without it.
    let n = (1 << 63) + (1 << 62);
    let mut rng = Rng::new(key(1));
    let mut low = 0;
    for _ in 0..DRAWS {
        low += u64::from(rng.below(n) < n / 3);
    }
    assert_fair("the lowest third", low, DRAWS, 1, 3);
    assert!(Chance::new("any", 0).up_to(0) == 0);
}
