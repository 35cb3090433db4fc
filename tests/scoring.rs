//! Scorecards and what they refuse, scores and size measures. Signals by themselves: `signals`.

use crate::signals::{Chance, FREEZE, Town, day, minute};
use mingchou::i18n::{TABLES, find_sentence, scoring};
use mingchou::ops::model::SHIPPED;
use mingchou::scoring::{EvidenceRow, Ramp, SIGNALS, Scorecard, Stake, add_evidence, money_permille, score, size_measure};
use std::collections::BTreeSet;

const MODEL: &str = include_str!("../models/scorecard-2026.1.toml");

fn model() -> Scorecard {
    Scorecard::parse(MODEL).expect("the first model is good")
}

/// A class by itself.
fn alone(cells: &[(&'static str, i64)]) -> Town {
    let mut town = Town::default();
    town.class(0, &[&[("institution", -1), ("opens_on", -1), ("ends_on", -1)], cells].concat());
    town
}

/// A small city in which every signal has something to say.
fn city() -> Town {
    let (mut town, mut chance) = (Town::default(), Chance(7));
    for class in 0..40 {
        let opens = day("2026-11-09") + class % 21;
        let known = |value: i64, is_known: bool| if is_known { value } else { -1 };
        let cells = [
            ("unit", class),
            ("institution", class % 7),
            ("applied_on", opens - class % 9),
            ("reviewed_on", known(opens + 2 - class % 6, class % 4 > 0)),
            ("opens_on", opens),
            ("ends_on", opens + 4),
            ("lead_days", known(class % 8, class % 5 > 0)),
            ("hours", 20 + class % 12),
            ("planned", 30 + class),
            ("in_system", known(class % 2, class % 3 > 0)),
            ("standard", known(800, class % 6 > 0)),
        ];
        town.class(class, &cells);
        for date in opens..opens + 5 {
            let (starts, ends) = (date * 1440 + (8 + class % 3) * 60, date * 1440 + (12 + class % 2) * 60);
            let cells = [("class", class), ("starts", starts), ("ends", ends), ("room", class % 4)];
            town.add("lesson", &cells).add("teaching", &[&cells[..], &[("teacher", chance.below(11))]].concat());
        }
        town.add("change", &[("class", class), ("at", minute("2026-11-20T10:00")), ("field", 3)]);
    }
    let due = [("2026-11-09", "2026-11-13T17:30", "2026-11-13T18:00", 2), ("2026-11-02", "2026-11-06T17:30", "2026-11-06T10:00", 1)];
    for (week, due, received, versions) in due {
        town.add("submission", &[("week", day(week)), ("due", minute(due)), ("received", minute(received)), ("versions", versions)]);
    }
    town
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let town = city();
    let expected = score(&town.tables(), &model()).expect("scores");
    for turn in 1..6 {
        assert_eq!(score(&town.scattered(turn, 30), &model()).expect("scores"), expected, "turn {turn}");
    }
    let units: Vec<_> = expected.units.iter().map(|unit| unit.unit.clone()).collect();
    assert!(units.is_sorted() && units.len() == 40);
}

#[test]
fn what_became_known_after_the_freeze_changes_nothing() {
    let expected = score(&city().tables(), &model()).expect("scores");
    let mut town = city();
    let later = ("known_at", FREEZE + 1);
    town.class(40, &[("unit", 40), ("lead_days", 0), later]);
    town.class(41, &[("unit", 41), ("opens_on", day("2025-10-08")), ("planned", 1), ("in_frame", 0), later]);
    let night = [("class", 1), ("starts", day("2026-11-10") * 1440 + 1320), ("ends", day("2026-11-10") * 1440 + 1440), ("room", 0), later];
    town.add("lesson", &night).add("teaching", &night);
    town.add("change", &[("class", 1), ("at", FREEZE + 1), later]);
    town.add("submission", &[("week", day("2026-11-23")), ("due", minute("2026-11-27T17:30")), ("versions", 3)]);
    assert_eq!(score(&town.tables(), &model()).expect("scores"), expected);
}

#[test]
fn evidence_names_the_rows_that_a_value_comes_from() {
    let mut town = city();
    // Class 2 of 2026-11-11 10:00–12:00 with another teacher who is elsewhere at the time.
    let at = |hour: i64| day("2026-11-11") * 1440 + hour * 60;
    for (class, room, from, to) in [(2, 2, 10, 12), (39, 9, 11, 13)] {
        town.add("teaching", &[("class", class), ("teacher", 99), ("starts", at(from)), ("ends", at(to)), ("room", room)]);
    }
    let mut scores = score(&town.tables(), &model()).expect("scores");
    let bare = scores.clone();
    add_evidence(&town.tables(), &mut scores).expect("evidence");
    let of = |unit: &str, signal: &str| {
        let unit = scores.units.iter().find(|scored| scored.unit.as_str() == unit).expect("a unit");
        unit.contributions.iter().find(|part| part.signal == signal).expect("a signal").evidence.clone()
    };
    let at = |row: &EvidenceRow| (row.what, row.at.clone().unwrap_or_default());
    let clash = of("U2", "P1").into_iter().find(|row| row.unit.as_deref() == Some("U39")).expect("the clash");
    assert_eq!((at(&clash), clash.teacher_key), (("teacher_twice", "2026-11-11 10:00–12:00".to_owned()), Some(99)));
    assert_eq!(clash.other_at.as_deref(), Some("2026-11-11 11:00–13:00"));
    let told = |unit: &str, signal: &str| {
        of(unit, signal)
            .iter()
            .map(|row| {
                [
                    &[row.what.to_owned()],
                    &row.at.iter().cloned().collect::<Vec<_>>()[..],
                    &row.numbers.iter().map(ToString::to_string).collect::<Vec<_>>(),
                ]
                .concat()
                .join(" ")
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(told("U2", "T3"), ["change_venue 2026-11-20 10:00"]);
    assert_eq!(told("U6", "T1"), ["applied_on 2026-11-09", "reviewed_on 2026-11-17", "opens_on 2026-11-15"]);
    assert_eq!(told("U2", "H1"), ["hours 13 22"]);
    assert_eq!(told("U2", "I7"), ["week_late 2026-W46 2"]);
    assert!(told("U2", "P2").iter().all(|line| line.starts_with("teacher_week 2026-11-")), "{:?}", told("U2", "P2"));
    assert!(scores.units.iter().flat_map(|unit| &unit.contributions).all(|part| part.evidence.len() <= 5));
    // Without it the scores are the same.
    scores.units.iter_mut().flat_map(|unit| &mut unit.contributions).for_each(|part| part.evidence.clear());
    assert_eq!(scores, bare);
}

#[test]
fn points_add_up_to_the_score_and_groups_keep_their_caps() {
    let model = model();
    let scores = score(&city().tables(), &model).expect("scores");
    assert_eq!(scores.sum_scores, scores.units.iter().map(|unit| unit.score).sum::<i64>());
    assert_eq!((scores.count, scores.lambda_permille), (40, 250));
    for unit in &scores.units {
        assert_eq!(unit.contributions.iter().map(|part| part.points).sum::<i64>(), unit.score);
        assert!(unit.contributions.iter().map(|part| part.signal.as_str()).eq(model.signals.iter().map(|signal| signal.id.as_str())));
        for (index, group) in model.groups.iter().enumerate() {
            let parts = unit.contributions.iter().zip(&model.signals).filter(|(_, signal)| signal.group == index);
            assert!(parts.map(|(part, _)| part.points).sum::<i64>() <= group.cap, "{} {}", unit.unit, group.id);
        }
    }
    // T1 8 + T3 10 + T4 12 are 30, of which the last gives way.
    let mut town = alone(&[("lead_days", 0), ("opens_on", day("2026-11-20"))]);
    ["08:00", "09:00", "10:00"].iter().for_each(|at| {
        town.add("change", &[("class", 0), ("at", minute(&format!("2026-11-20T{at}")))]);
    });
    let scores = score(&town.tables(), &model).expect("scores");
    let points: Vec<_> = scores.units[0].contributions.iter().take(3).map(|part| part.points).collect();
    assert_eq!(points, [8, 10, 7]);
    assert_eq!(scores.units[0].contributions[1].reason_zh, "临近开班或周五上报后变更3次");
}

#[test]
fn a_missing_input_gives_its_own_points_and_a_sentence_of_its_own() {
    let scores = score(&alone(&[]).tables(), &model()).expect("scores");
    for (part, signal) in scores.units[0].contributions.iter().zip(&model().signals) {
        assert_eq!((part.permille, part.points), (None, signal.missing_points), "{}", part.signal);
        assert!(part.points > 0, "{}", part.signal);
        let (_, zh, en) = find_sentence(&part.reason_zh).unwrap_or_else(|| panic!("no sentence {}", part.reason_zh));
        assert!(!zh.is_empty() && !en.is_empty());
    }
}

#[test]
fn the_size_measure_follows_the_formula() {
    let model = model();
    let table = [
        // s, m, S, N, size: ⌊m(250·S + 750·N·s) / (1000·N·100)⌋
        (0, 1000, 0, 1, 1),
        (100, 1000, 100, 1, 1000),
        (100, 2000, 100, 1, 2000),
        (100, 3000, 100, 1, 2000), // held, should a model ever multiply by more
        (0, 1000, 300, 10, 75),
        (40, 1000, 300, 10, 375),
        (40, 1500, 300, 10, 562),
        (0, 1000, 1, 1000, 1),
    ];
    for (s, m, sum, n, expected) in table {
        assert_eq!(size_measure(s, m, sum, n, &model), expected, "{s} {m} {sum} {n}");
    }
    assert_eq!(score(&Town::default().tables(), &model).expect("an empty frame is a frame").units, []);
}

#[test]
fn the_money_multiplier_is_a_logarithm_in_integers() {
    let money = model().money;
    // Expected by an independent computation in Python from the definition at `log2`.
    let table = [
        (Some(100), Some(1), None, 1000),
        (Some(10), Some(1000), None, 1000),
        (Some(100), Some(1000), None, 1500),
        (Some(1000), Some(1000), None, 2000),
        (Some(1000), Some(9999), None, 2000),
        (Some(50), Some(800), None, 1301),
        (Some(50), None, Some(40_000), 1301),
        (None, Some(800), Some(20_000), 1150),
        (None, Some(800), None, 1000),
        (Some(i64::MAX), Some(800), None, 1000),
    ];
    for (seats, standard, amount, expected) in table {
        let stake = Stake { seats, standard, amount };
        assert_eq!(money_permille(&stake, &money), expected, "{stake:?}");
    }
}

#[test]
fn bands_begin_at_their_scores() {
    let model = model();
    let bands: String = [0, 19, 20, 39, 40, 59, 60, 100].iter().map(|&score| model.band(score)).collect();
    assert_eq!(bands, "AABBCCDD");
}

#[test]
fn the_shipped_model_names_every_signal() {
    let model = Scorecard::parse(SHIPPED).expect("the shipped model is good");
    let ids: Vec<_> = model.signals.iter().map(|signal| signal.id.as_str()).collect();
    assert_eq!(ids, SIGNALS);
    assert_eq!(model.name.as_str(), "scorecard-2026.2");
}

#[test]
fn a_models_hash_is_that_of_what_it_says() {
    let expected = model().hash();
    let commented = MODEL.replace("[bands]", "# nothing\n[bands]  ").replace("B = 20\nC = 40", "C = 40\nB = 2_0");
    assert_ne!(commented, MODEL);
    assert_eq!(Scorecard::parse(&commented).expect("is the same").hash(), expected);
    let other = MODEL.replace("B = 20", "B = 21");
    assert_ne!(Scorecard::parse(&other).expect("is another").hash(), expected);
}

#[test]
fn the_hash_is_what_another_language_computes() {
    // Past weeks name it by this hash, so it never changes.
    // python3: sha256(json.dumps(tomllib.load(f), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    assert_eq!(model().hash().to_string(), "3b66577f8bd3c1749ddcc00242eedf602163824d89a164234f5c836fa305bcff");
}

#[test]
fn sentences_of_scoring_have_both_languages_the_same_values_and_codes_of_their_own() {
    let values =
        |text: &str| text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>();
    for (code, zh, en) in scoring::SENTENCES {
        assert_eq!(values(zh), values(en), "{code}");
        assert!(!zh.is_empty() && !en.is_empty());
        assert_eq!(TABLES.iter().flat_map(|table| table.iter()).filter(|(other, _, _)| other == code).count(), 1, "{code}");
    }
}

#[test]
fn a_model_that_breaks_a_rule_is_refused_with_its_line() {
    let table = [
        ("schema = 1", "schema = 2", "scorecard_range"),
        ("schema = 1", "schema = ", "scorecard_toml"),
        ("schema = 1", "schema = 1\nschema = 1", "scorecard_toml"),
        ("schema = 1\n", "", "scorecard_key_missing"),
        ("schema = 1", "schema = 1\nother = 1", "scorecard_key_unknown"),
        ("schema = 1", "schema = 1.0", "scorecard_kind"),
        ("score_max = 100", "score_max = true", "scorecard_kind"),
        ("from = \"2026-01-01\"", "from = 2026-01-01", "scorecard_kind"),
        ("score_max = 100", "score_max = \"100\"", "scorecard_type"),
        ("name = \"scorecard-2026.1\"", "name = \"评分卡\"", "scorecard_code"),
        ("lambda_permille = 250", "lambda_permille = 0", "scorecard_range"),
        ("lambda_permille = 250", "lambda_permille = 99999999999999999999", "scorecard_type"),
        ("cap = 10", "cap = 11", "scorecard_caps"),
        ("id = \"hours\"", "id = \"system\"", "scorecard_id_repeated"),
        ("id = \"H2\"", "id = \"H1\"", "scorecard_id_repeated"),
        ("id = \"H2\"", "id = \"R9\"", "scorecard_signal_unknown"),
        ("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"nobody\"", "scorecard_group_unknown"),
        ("id = \"S1\"\ngroup = \"system\"", "id = \"S1\"\ngroup = \"hours\"", "scorecard_group_unused"),
        ("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"timeliness\"\nramp = { from = 5000, to = 5000 }", "scorecard_ramp"),
        ("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"timeliness\"\nramp = { from = -1, to = 5 }", "scorecard_range"),
        ("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"timeliness\"\nramp = { from = 0, to = 1000001 }", "scorecard_range"),
        ("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"timeliness\"\nramp = { to = 5000 }", "scorecard_key_missing"),
        ("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"timeliness\"\nheads = { from = 0, to = 5 }", "scorecard_ramp_none"),
        ("id = \"S1\"\ngroup = \"system\"", "id = \"S1\"\ngroup = \"system\"\nramp = { from = 0, to = 5 }", "scorecard_ramp_none"),
        ("{ below = 200, points = 0 }, { below = 600", "{ below = 600, points = 0 }, { below = 600", "scorecard_bins_order"),
        ("{ below = 600, points = 3 }, { points = 8 }", "{ below = 600, points = 3 }, { points = 2 }", "scorecard_bins_decrease"),
        ("{ below = 600, points = 3 }, { points = 8 }", "{ points = 3 }, { points = 8 }", "scorecard_bin_last"),
        ("{ points = 8 } ]", "{ below = 900, points = 8 } ]", "scorecard_bin_last"),
        ("{ points = 8 } ]", "{ points = 8, above = 3 } ]", "scorecard_key_unknown"),
        ("bins = [ { below = 200, points = 0 }", "bins = [ { below = 200, points = 3 }", "scorecard_missing_low"),
        ("missing = { points = 2, reason = \"T1_MISSING\" }\n", "", "scorecard_key_missing"),
        (", en = \"not entered in the provincial system\"", "", "scorecard_key_missing"),
        ("zh = \"未录入省就业培训信息系统\"", "zh = \" \"", "scorecard_empty"),
        ("C = 40", "C = 60", "scorecard_bands"),
        ("D = 60", "D = 101", "scorecard_range"),
        ("to_yuan = 1000000", "to_yuan = 10000", "scorecard_money"),
        ("max_permille = 2000", "max_permille = 2001", "scorecard_range"),
        ("until = \"2026-12-31\"", "until = \"2025-12-31\"", "scorecard_validity"),
        ("until = \"2026-12-31\"", "until = \"2026-02-30\"", "scorecard_date"),
    ];
    for (from, to, expected) in table {
        assert_eq!(MODEL.matches(from).count(), 1, "{from}");
        let broken = MODEL.replace(from, to);
        let refusal = Scorecard::parse(&broken).expect_err(to);
        assert_eq!(refusal.code, expected, "{to}: {refusal}");
        let (_, zh, _) = find_sentence(refusal.code).expect("a sentence");
        assert!(refusal.values.iter().all(|(name, _)| zh.contains(&format!("{{{name}}}"))), "{refusal}");
        let line: usize = refusal.values.iter().find(|(name, _)| *name == "line").expect("a line").1.parse().expect("a number");
        assert!((1..=broken.lines().count()).contains(&line), "{refusal}");
    }
    let broken = MODEL.replace("id = \"H2\"", "id = \"R9\"");
    let at = broken.lines().position(|line| line == "id = \"R9\"").expect("the line") + 1;
    let refusal = Scorecard::parse(&broken).expect_err("R9 is none");
    assert_eq!(refusal.values[0], ("line", at.to_string()));
}

#[test]
fn a_unit_that_stands_twice_and_a_model_out_of_season_are_refused() {
    let mut twice = alone(&[("unit", 3)]);
    twice.class(1, &[("unit", 3)]);
    assert_eq!(score(&twice.tables(), &model()).expect_err("twice").code, "scoring_unit_repeated");
    let old = Scorecard::parse(&MODEL.replace("until = \"2026-12-31\"", "until = \"2026-11-19\"")).expect("reads");
    assert_eq!(score(&alone(&[]).tables(), &old).expect_err("out of season").code, "scorecard_not_valid");
}

/// The thresholds of the model that is asked count, for the signal that names them and for no other.
#[test]
fn thresholds_are_the_models() {
    let (tables, first) = (city().tables(), model());
    let usual = score(&tables, &first).expect("scored");
    let steep = MODEL.replace("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"timeliness\"\nramp = { from = 1000, to = 3000 }");
    let steep = score(&tables, &Scorecard::parse(&steep).expect("good")).expect("scored");
    let mut seen = BTreeSet::new();
    for (before, after) in usual.units.iter().zip(&steep.units) {
        for (before, after) in before.contributions.iter().zip(&after.contributions) {
            match (before.signal.as_str(), before.permille, after.permille) {
                // Five days less the lead, from one to three: 200 ‰ of five days is the first of them.
                ("T1", Some(before), Some(after)) => {
                    assert_eq!(after, ((before * 5 - 1000) / 2).clamp(0, 1000));
                    seen.insert((before, after));
                }
                (_, before, after) => assert_eq!(before, after),
            }
        }
    }
    assert!(seen.len() > 4, "{seen:?}");
}

#[test]
fn a_ramp_at_its_edges() {
    let ramp = Ramp { from: 50, to: 400 };
    let table = [((0, 1), 0), ((50, 1000), 0), ((51, 1000), 2), ((399, 1000), 997), ((400, 1000), 1000), ((9, 1), 1000), ((-9, 1), 0), ((5, 0), 0)];
    for ((count, of), expected) in table {
        assert_eq!(ramp.at(count, of), expected, "{count} of {of}");
    }
    assert_eq!(ramp.at(i64::MAX, i64::MAX), 1000);
    assert_eq!(Ramp { from: 7, to: 7 }.at(9, 1), 0);
}
