//! Signals by hand-computed tables, scorecards and what they refuse, scores and size measures.

use mingchou::canon::{Code, Date, Time, Week};
use mingchou::i18n::{TABLES, find_sentence, scoring};
use mingchou::scoring::signal::Value;
use mingchou::scoring::{
    ChangeInput, ClassInput, Inputs, LessonInput, SIGNALS, Scorecard, SubmissionInput, money_permille, score, signal_values, size_measure,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const MODEL: &str = include_str!("../models/scorecard-2026.1.toml");

fn model() -> Scorecard {
    Scorecard::parse(MODEL).expect("the shipped model is good")
}

fn code(text: &str) -> Code {
    Code::parse(text).expect("a code")
}

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn time(text: &str) -> Time {
    Time::parse(&format!("{text}:00+08:00")).expect("a time")
}

/// Friday of 2026-W47, after hours.
fn frozen_at() -> Time {
    time("2026-11-20T18:00")
}

fn earlier() -> Time {
    time("2026-11-20T12:00")
}

fn class(unit: &str) -> ClassInput {
    let mut class = ClassInput::new(code(unit), code("xixia"), Week::parse("2026-W46").expect("a week"));
    class.institution = Some("阳光学校".into());
    class
}

/// A lesson of whole hours, taught by one teacher in one room.
fn lesson(unit: &str, on: &str, start: i64, end: i64, teacher: &str, venue: &str) -> LessonInput {
    let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    LessonInput {
        unit: code(unit),
        date: date(on),
        start_minutes: start * 60,
        end_minutes: end * 60,
        hours: None,
        teachers: named(teacher).into_iter().collect(),
        venue: named(venue),
    }
}

fn submission(week: &str, due: &str, received: Option<&str>, versions: i64) -> SubmissionInput {
    SubmissionInput {
        county: code("xixia"),
        week: Week::parse(week).expect("a week"),
        due_at: Some(time(due)),
        received_at: received.map(time),
        versions,
    }
}

/// Inputs with the weekends of three months off.
fn inputs(classes: &[ClassInput], lessons: &[LessonInput]) -> Inputs {
    let mut inputs = Inputs::new(frozen_at());
    let days = (0..92).map(|day| date("2026-10-01").plus_days(day));
    inputs.set_off_days(days.filter(|day| matches!(day.weekday().to_string().as_str(), "Sat" | "Sun")).collect());
    classes.iter().for_each(|class| inputs.add_class(earlier(), class.clone()));
    lessons.iter().for_each(|lesson| inputs.add_lesson(earlier(), lesson.clone()));
    inputs
}

fn value(inputs: &Inputs, signal: &str, unit: &str) -> Value {
    signal_values(inputs, &model()).expect("computes")[signal][&code(unit)].clone()
}

fn permille(inputs: &Inputs, signal: &str) -> Option<i64> {
    value(inputs, signal, "a").permille
}

#[test]
fn t1_rises_by_a_fifth_for_each_working_day_lacking() {
    let table = [
        (None, None),
        (Some(9), Some(0)),
        (Some(5), Some(0)),
        (Some(4), Some(200)),
        (Some(2), Some(600)),
        (Some(0), Some(1000)),
        (Some(-3), Some(1000)),
    ];
    for (lead_days, expected) in table {
        let class = ClassInput { lead_days, ..class("a") };
        assert_eq!(permille(&inputs(&[class], &[]), "T1"), expected, "{lead_days:?}");
    }
}

#[test]
fn t3_counts_changes_close_to_the_opening_or_after_the_list() {
    let open = |on| ClassInput { opens_on: Some(date(on)), ..class("a") };
    let table: [(&str, &[&str], Option<i64>); 6] = [
        ("2026-11-23", &[], Some(0)),
        ("2026-11-23", &["2026-11-19T23:59"], Some(0)),
        ("2026-11-23", &["2026-11-20T00:00"], Some(333)),
        ("2026-11-23", &["2026-11-20T09:00", "2026-11-20T10:00", "2026-11-20T11:00"], Some(1000)),
        // Monday a week later: only what came after Friday's deadline of 17:30.
        ("2026-11-30", &["2026-11-20T17:30", "2026-11-20T17:31"], Some(333)),
        ("2026-11-23", &["2026-11-20T19:00"], Some(0)),
    ];
    for (opens_on, changes, expected) in table {
        let mut inputs = inputs(&[open(opens_on)], &[]);
        inputs.add_submission(submission("2026-W47", "2026-11-20T17:30", None, 0));
        changes.iter().for_each(|at| inputs.add_change(ChangeInput { unit: code("a"), at: time(at), what: "venue".into() }));
        assert_eq!(permille(&inputs, "T3"), expected, "{opens_on} {changes:?}");
    }
    assert_eq!(permille(&inputs(&[class("a")], &[]), "T3"), None);
}

#[test]
fn t4_tells_late_from_unapproved() {
    let table = [
        // applied, reviewed, opens
        (Some("2026-11-09"), Some("2026-11-16"), Some("2026-11-23"), Some(0)), // the fifth working day
        (Some("2026-11-09"), Some("2026-11-17"), Some("2026-11-23"), Some(500)),
        (Some("2026-11-09"), Some("2026-11-17"), Some("2026-11-17"), Some(500)), // approved on the day itself
        (Some("2026-11-09"), Some("2026-11-17"), Some("2026-11-16"), Some(1000)),
        (Some("2026-11-16"), None, Some("2026-11-20"), Some(1000)),
        (Some("2026-11-16"), None, Some("2026-11-23"), Some(0)),
        (Some("2026-11-12"), None, Some("2026-11-23"), Some(500)), // waiting for six working days
        (None, Some("2026-11-17"), Some("2026-11-23"), None),
        (Some("2026-11-09"), Some("2026-11-16"), None, None),
    ];
    for (applied, reviewed, opens, expected) in table {
        let class = ClassInput { applied_on: applied.map(date), reviewed_on: reviewed.map(date), opens_on: opens.map(date), ..class("a") };
        assert_eq!(permille(&inputs(&[class], &[]), "T4"), expected, "{applied:?} {reviewed:?} {opens:?}");
    }
}

#[test]
fn s1_takes_the_ledgers_word() {
    for (in_system, expected) in [(None, None), (Some(true), Some(0)), (Some(false), Some(1000))] {
        assert_eq!(permille(&inputs(&[ClassInput { in_system, ..class("a") }], &[]), "S1"), expected);
    }
}

#[test]
fn h1_compares_delivered_with_approved_hours_over_the_whole_class() {
    let run = |opens, ends, hours| ClassInput { opens_on: Some(date(opens)), ends_on: Some(date(ends)), hours, ..class("a") };
    let stated = |on, hours| LessonInput { hours, ..lesson("a", on, 8, 11, "", "") };
    let week = ("2026-11-23", "2026-11-27");
    let table = [
        (run(week.0, week.1, Some(40)), vec![stated("2026-11-23", Some(20)), stated("2026-11-24", Some(20))], Some(0)),
        (run(week.0, week.1, Some(40)), vec![stated("2026-11-23", Some(20)), stated("2026-11-24", Some(18))], Some(0)), // 5 % lacking
        (run(week.0, week.1, Some(40)), vec![stated("2026-11-23", Some(20)), stated("2026-11-24", Some(14))], Some(400)), // 15 %
        (run(week.0, week.1, Some(40)), vec![stated("2026-11-23", Some(20)), stated("2026-11-24", Some(8))], Some(1000)), // 30 %
        (run(week.0, week.1, Some(5)), vec![stated("2026-11-23", None)], Some(600)),                                    // 180 minutes are 4 of 5
        (run(week.0, "2026-12-01", Some(40)), vec![stated("2026-11-23", Some(4))], None), // no lesson in the second week
        (run(week.0, "2026-11-29", Some(4)), vec![stated("2026-11-23", Some(4))], Some(0)),
        (run("2026-11-21", week.1, Some(4)), vec![stated("2026-11-23", Some(4))], Some(0)), // its first week has a weekend only
        (run(week.0, week.1, None), vec![stated("2026-11-23", Some(4))], None),
        (run(week.0, week.1, Some(40)), vec![], None),
        (run(week.1, week.0, Some(40)), vec![stated("2026-11-23", Some(4))], None),
    ];
    for (class, lessons, expected) in table {
        assert_eq!(permille(&inputs(std::slice::from_ref(&class), &lessons), "H1"), expected, "{class:?} {lessons:?}");
    }
}

#[test]
fn h2_counts_each_impossible_minute_once() {
    let table = [
        (vec![lesson("a", "2026-11-23", 8, 12, "", "")], Some(0)),
        (vec![lesson("a", "2026-11-23", 7, 11, "", ""), lesson("a", "2026-11-23", 17, 21, "", "")], Some(0)), // the edges
        (vec![lesson("a", "2026-11-23", 8, 18, "", "")], Some(1000)),                                         // 2 of 10 hours beyond 8
        (vec![lesson("a", "2026-11-23", 8, 17, "", "")], Some(555)),                                          // 1 of 9
        (vec![lesson("a", "2026-11-23", 18, 22, "", ""), lesson("a", "2026-11-24", 8, 14, "", "")], Some(500)), // 1 of 10 at night
        (
            vec![lesson("a", "2026-11-22", 8, 9, "", ""), lesson("a", "2026-11-23", 8, 15, "", ""), lesson("a", "2026-11-24", 8, 10, "", "")],
            Some(500),
        ),
        (vec![lesson("a", "2026-11-23", 8, 16, "x", ""), lesson("a", "2026-11-23", 8, 16, "y", "")], Some(0)), // side by side
        (vec![lesson("a", "2026-11-23", 12, 8, "", "")], None),
        (vec![lesson("a", "2026-11-23", 8, 25, "", "")], None),
        (vec![lesson("a", "2026-11-23", -1, 8, "", "")], None),
        (vec![lesson("a", "2026-11-23", 0, 24, "", ""), lesson("a", "2026-11-24", 12, i64::MAX / 60, "", "")], Some(1000)),
        (vec![], None),
    ];
    for (lessons, expected) in table {
        assert_eq!(permille(&inputs(&[class("a")], &lessons), "H2"), expected, "{lessons:?}");
    }
}

/// Lessons of `a` at 8–9 on so many days from 2026-11-02, all by 王芳 in 301.
fn plain_lessons(days: i64) -> Vec<LessonInput> {
    (0..days).map(|day| lesson("a", &date("2026-11-02").plus_days(day).to_string(), 8, 9, "王芳", "301")).collect()
}

#[test]
fn p1_finds_the_teacher_who_is_elsewhere_at_the_time() {
    let table = [
        (lesson("b", "2026-11-02", 9, 12, "王芳", "302"), Some(0)), // touching is not overlapping
        (lesson("b", "2026-11-02", 8, 12, "王芳", "301"), Some(0)), // one room is one place
        (lesson("b", "2026-11-02", 8, 12, "李强", "302"), Some(0)),
        (lesson("b", "2026-11-02", 8, 12, "待定", "302"), Some(0)),
        (lesson("b", "2026-11-02", 8, 12, "王芳", "302"), Some(400)), // 1 of 40 + 10
        (lesson("b", "2026-11-02", 8, 12, "王芳", ""), Some(400)),
        (lesson("unknown", "2026-11-02", 8, 12, "王芳", "301"), Some(400)),
        (lesson("a", "2026-11-02", 8, 12, "王芳", "302"), Some(784)), // 2 of 41 + 10
        (lesson("a", "2026-11-02", 8, 12, "王芳", ""), Some(0)),
    ];
    for (other, expected) in table {
        let mut lessons = plain_lessons(40);
        lessons.push(other.clone());
        assert_eq!(permille(&inputs(&[class("a"), class("b")], &lessons), "P1"), expected, "{other:?}");
    }
    assert_eq!(permille(&inputs(&[class("a")], &[lesson("a", "2026-11-02", 8, 9, "待定", "301")]), "P1"), None);
    let clash = [lesson("a", "2026-11-02", 8, 9, "王芳", "301"), lesson("b", "2026-11-02", 8, 10, "王芳", "302")];
    let found = value(&inputs(&[class("a"), class("b")], &clash), "P1", "a");
    assert_eq!(found.evidence, ["2026-11-02 08:00–09:00 ~ b 2026-11-02 08:00–10:00"]);
}

#[test]
fn p2_adds_a_teachers_hours_over_all_classes_of_a_week() {
    // Five hours on each of eight days' worth: 40 h within Mon–Sun.
    let week = |unit: &str, hours: i64| {
        (0..5).map(|day| lesson(unit, &date("2026-11-02").plus_days(day).to_string(), 8, 8 + hours, "王芳", "")).collect::<Vec<_>>()
    };
    let more = |unit: &str, hours: i64| {
        (0..5).map(|day| lesson(unit, &date("2026-11-02").plus_days(day).to_string(), 16, 16 + hours, "王芳", "")).collect::<Vec<_>>()
    };
    let table = [
        ([week("a", 8), vec![]].concat(), Some(0)),
        ([week("a", 8), week("b", 8)].concat(), Some(0)), // the same hours twice are 40
        ([week("a", 8), more("b", 2)].concat(), Some(500)),
        ([week("a", 8), more("b", 4)].concat(), Some(1000)),
        (vec![lesson("a", "2026-11-02", 8, 9, "", "")], None),
    ];
    for (lessons, expected) in table {
        assert_eq!(permille(&inputs(&[class("a"), class("b")], &lessons), "P2"), expected);
    }
}

#[test]
fn p3_finds_the_room_that_two_classes_use_at_once() {
    let elsewhere = ClassInput { institution: Some("星火学校".into()), ..class("c") };
    let table = [
        (lesson("b", "2026-11-02", 9, 12, "", "301"), Some(0)),
        (lesson("b", "2026-11-02", 8, 12, "", " 301 "), Some(400)),
        (lesson("b", "2026-11-02", 8, 12, "", "302"), Some(0)),
        (lesson("a", "2026-11-02", 8, 12, "", "301"), Some(0)),
        (lesson("c", "2026-11-02", 8, 12, "", "301"), Some(0)), // another institution's 301
    ];
    for (other, expected) in table {
        let mut lessons = plain_lessons(40);
        lessons.push(other.clone());
        assert_eq!(permille(&inputs(&[class("a"), class("b"), elsewhere.clone()], &lessons), "P3"), expected, "{other:?}");
    }
    let address = "人民路12号三楼301";
    let shared = [lesson("a", "2026-11-02", 8, 9, "", address), lesson("c", "2026-11-02", 8, 9, "", address)];
    assert_eq!(permille(&inputs(&[class("a"), elsewhere], &shared), "P3"), Some(1000));
    assert_eq!(permille(&inputs(&[class("a")], &[lesson("a", "2026-11-02", 8, 9, "王芳", "待定")]), "P3"), None);
}

#[test]
fn i3_measures_this_quarter_against_the_median_of_four() {
    let at = |unit: &str, name: &str, on: &str, planned| ClassInput {
        institution: Some(name.into()),
        opens_on: Some(date(on)),
        planned: Some(planned),
        ..class(unit)
    };
    let quarters = ["2025-10-08", "2026-01-05", "2026-04-07", "2026-07-06"];
    // seats of the four quarters before, of this one
    let table = [
        ([50, 40, 60, 50], 100, Some(0)), // twice the median
        ([50, 40, 60, 50], 175, Some(500)),
        ([50, 40, 60, 50], 250, Some(1000)),
        ([0, 40, 60, 51], 91, Some(0)), // median 45.5, ratio exactly 2
        ([0, 0, 0, 50], 10, Some(500)), // a median of nothing
        ([0, 0, 0, 0], 10, Some(500)),  // new
    ];
    for (before, now, expected) in table {
        let mut inputs = inputs(&[at("a", "阳光学校", "2026-11-23", now)], &[]);
        inputs.add_past_class(earlier(), at("other", "星火学校", "2025-10-08", 30));
        for (number, (on, seats)) in quarters.iter().zip(before).enumerate().filter(|(_, (_, seats))| *seats > 0) {
            inputs.add_past_class(earlier(), at(&format!("past-{number}"), "阳光学校", on, seats));
        }
        assert_eq!(permille(&inputs, "I3"), expected, "{before:?} {now}");
    }
    let young = inputs(&[at("a", "阳光学校", "2026-11-23", 10)], &[]);
    assert_eq!(permille(&young, "I3"), None, "without history nobody is new");
}

#[test]
fn i7_takes_the_mean_of_the_countys_last_deadlines() {
    // A missing list, then so many Fridays in time.
    let weeks = |good: i64| {
        let friday = |number: i64| date("2026-09-04").plus_days(number * 7);
        let row = |number| {
            let at = format!("{}T17:30", friday(number));
            submission(&friday(number).week().to_string(), &at, (number > 0).then_some(at.as_str()), 1)
        };
        (0..=good).map(row).collect::<Vec<_>>()
    };
    let table = [
        (vec![], None),
        (vec![submission("2026-W46", "2026-11-13T17:30", Some("2026-11-13T17:30"), 1)], Some(0)),
        (vec![submission("2026-W46", "2026-11-13T17:30", Some("2026-11-13T17:31"), 1)], Some(500)),
        (vec![submission("2026-W46", "2026-11-13T17:30", Some("2026-11-13T17:31"), 9)], Some(750)),
        (vec![submission("2026-W46", "2026-11-13T17:30", None, 0)], Some(1000)),
        (
            vec![submission("2026-W46", "2026-11-13T17:30", Some("2026-11-13T09:00"), 2), submission("2026-W45", "2026-11-06T17:30", None, 0)],
            Some(562),
        ),
        (vec![submission("2026-W48", "2026-11-27T17:30", None, 0)], None), // not yet due
        (weeks(8), Some(0)),                                               // a fault of nine deadlines ago is forgotten
        (weeks(7), Some(125)),
    ];
    for (submissions, expected) in table {
        let mut inputs = inputs(&[class("a")], &[]);
        submissions.iter().for_each(|submission| inputs.add_submission(submission.clone()));
        assert_eq!(permille(&inputs, "I7"), expected, "{submissions:?}");
    }
}

/// A small city in which every signal has something to say.
fn city() -> (Vec<ClassInput>, Vec<LessonInput>, Vec<ChangeInput>, Vec<SubmissionInput>) {
    let (mut classes, mut lessons, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..40i64 {
        let unit = format!("u-{number:02}");
        let opens_on = date("2026-11-09").plus_days(number % 21);
        classes.push(ClassInput {
            institution: Some(format!("机构{}", number % 7)),
            applied_on: Some(opens_on.plus_days(-(number % 9))),
            reviewed_on: (number % 4 > 0).then(|| opens_on.plus_days(2 - number % 6)),
            opens_on: Some(opens_on),
            ends_on: Some(opens_on.plus_days(4)),
            lead_days: (number % 5 > 0).then_some(number % 8),
            hours: Some(20 + number % 12),
            planned: Some(30 + number),
            in_system: (number % 3 > 0).then_some(number % 2 == 0),
            subsidy_standard: (number % 6 > 0).then_some(800),
            ..class(&unit)
        });
        for day in 0..5 {
            let on = opens_on.plus_days(day).to_string();
            lessons.push(lesson(&unit, &on, 8 + number % 3, 12 + number % 2, &format!("教师{}", number % 11), &format!("{}", number % 4)));
        }
        changes.push(ChangeInput { unit: code(&unit), at: time("2026-11-20T10:00"), what: "venue".into() });
    }
    let submissions = vec![
        submission("2026-W46", "2026-11-13T17:30", Some("2026-11-13T18:00"), 2),
        submission("2026-W45", "2026-11-06T17:30", Some("2026-11-06T10:00"), 1),
    ];
    (classes, lessons, changes, submissions)
}

fn city_inputs(turn: usize) -> Inputs {
    let (mut classes, mut lessons, mut changes, mut submissions) = city();
    classes.rotate_left(turn % 40);
    lessons.reverse();
    lessons.rotate_left(turn * 7 % 200);
    changes.rotate_left(turn % 40);
    submissions.rotate_left(turn % 2);
    let mut inputs = inputs(&classes, &lessons);
    changes.into_iter().for_each(|change| inputs.add_change(change));
    submissions.into_iter().for_each(|submission| inputs.add_submission(submission));
    inputs
}

#[test]
fn the_order_of_rows_and_repeated_rows_change_nothing() {
    let expected = score(&city_inputs(0), &model()).expect("scores");
    for turn in 1..12 {
        let mut inputs = city_inputs(turn);
        let (_, lessons, ..) = city();
        lessons.into_iter().take(turn).for_each(|lesson| inputs.add_lesson(earlier(), lesson));
        assert_eq!(score(&inputs, &model()).expect("scores"), expected, "turn {turn}");
    }
    let units: Vec<_> = expected.units.iter().map(|unit| unit.unit.clone()).collect();
    assert!(units.is_sorted() && units.len() == 40);
}

#[test]
fn what_became_known_after_the_freeze_changes_nothing() {
    let expected = score(&city_inputs(0), &model()).expect("scores");
    let mut inputs = city_inputs(0);
    let later = time("2026-11-20T18:01");
    inputs.add_class(later, ClassInput { lead_days: Some(0), ..class("later") });
    inputs.add_past_class(later, ClassInput { opens_on: Some(date("2025-10-08")), planned: Some(1), ..class("past") });
    inputs.add_lesson(later, lesson("u-01", "2026-11-10", 22, 24, "教师2", "0"));
    inputs.add_change(ChangeInput { unit: code("u-01"), at: later, what: "opens_on".into() });
    inputs.add_submission(submission("2026-W48", "2026-11-27T17:30", Some("2026-11-27T18:00"), 3));
    inputs.add_class(earlier(), ClassInput { first_seen: Week::parse("2026-W48").expect("a week"), ..class("next-week") });
    assert_eq!(score(&inputs, &model()).expect("scores"), expected);

    // An application dated after the freeze, and the lead counted from it, are not known yet.
    let applied = |day| inputs_of(ClassInput { applied_on: Some(date(day)), lead_days: Some(0), ..class("a") });
    assert_eq!([permille(&applied("2026-11-20"), "T1"), permille(&applied("2026-11-21"), "T1")], [Some(1000), None]);

    // A list received after the freeze had not come; a review dated after it had not happened.
    let mut late = city_inputs(0);
    late.add_submission(submission("2026-W47", "2026-11-20T17:30", Some("2026-11-20T18:01"), 1));
    let mut missing = city_inputs(0);
    missing.add_submission(submission("2026-W47", "2026-11-20T17:30", None, 0));
    assert_eq!(score(&late, &model()).expect("scores"), score(&missing, &model()).expect("scores"));
    let opened = |reviewed_on| inputs_of(ClassInput { opens_on: Some(date("2026-11-20")), reviewed_on, ..class("a") });
    assert_eq!(permille(&opened(Some(date("2026-11-21"))), "T4"), permille(&opened(None), "T4"));
}

fn inputs_of(class: ClassInput) -> Inputs {
    inputs(&[class], &[])
}

#[test]
fn points_add_up_to_the_score_and_groups_keep_their_caps() {
    let model = model();
    let scores = score(&city_inputs(0), &model).expect("scores");
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
    let worst = ClassInput { lead_days: Some(0), opens_on: Some(date("2026-11-20")), ..class("a") };
    let mut inputs = inputs_of(worst);
    ["08:00", "09:00", "10:00"]
        .iter()
        .for_each(|at| inputs.add_change(ChangeInput { unit: code("a"), at: time(&format!("2026-11-20T{at}")), what: "venue".into() }));
    let scores = score(&inputs, &model).expect("scores");
    let points: Vec<_> = scores.units[0].contributions.iter().take(3).map(|part| part.points).collect();
    assert_eq!(points, [8, 10, 7]);
    assert_eq!(scores.units[0].contributions[1].reason_zh, "临近开班或周五上报后变更3次");
}

#[test]
fn a_missing_input_gives_its_own_points_and_a_sentence_of_its_own() {
    let nothing = ClassInput { institution: None, ..class("a") };
    let scores = score(&inputs_of(nothing), &model()).expect("scores");
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
    assert_eq!(score(&inputs(&[], &[]), &model).expect("an empty frame is a frame").units, []);
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
    for (planned, subsidy_standard, subsidy_amount, expected) in table {
        let class = ClassInput { planned, subsidy_standard, subsidy_amount, ..class("a") };
        assert_eq!(money_permille(&class, &money), expected, "{planned:?} {subsidy_standard:?} {subsidy_amount:?}");
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
    let model = model();
    let ids: Vec<_> = model.signals.iter().map(|signal| signal.id.as_str()).collect();
    assert_eq!(ids, SIGNALS);
    assert_eq!(model.name.as_str(), "scorecard-2026.1");
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

/// A lesson of one of three classes on one of two days, by one of two teachers in one of two rooms or nowhere.
fn any_lesson() -> impl Strategy<Value = LessonInput> {
    (0..3usize, 0..2i64, 7..20i64, 1..4i64, 0..3usize, 0..3usize).prop_map(|(unit, day, start, length, teacher, room)| {
        let on = date("2026-11-23").plus_days(day).to_string();
        lesson(["a", "b", "unknown"][unit], &on, start, start + length, ["", "王芳", "李强"][teacher], ["", "301", "302"][room])
    })
}

/// P1 and P3 of class `a` by comparing every lesson with every other.
fn overlaps_by_hand(lessons: &[LessonInput]) -> [Option<i64>; 2] {
    let mut lessons = lessons.to_vec();
    lessons.sort();
    lessons.dedup();
    let own: Vec<_> = lessons.iter().filter(|one| one.unit.as_str() == "a").collect();
    let together = |one: &LessonInput, two: &LessonInput| {
        one != two && one.date == two.date && one.start_minutes < two.end_minutes && two.start_minutes < one.end_minutes
    };
    // The room of a class that isn't known is not known either.
    let room = |one: &LessonInput| one.venue.clone().filter(|_| one.unit.as_str() != "unknown");
    let elsewhere = |one: &LessonInput, two: &LessonInput| match (room(one), room(two)) {
        (Some(here), Some(there)) => here != there,
        _ => one.unit != two.unit,
    };
    let share = |told: Vec<&&LessonInput>, clash: &dyn Fn(&LessonInput, &LessonInput) -> bool| {
        let hit = told.iter().filter(|one| lessons.iter().any(|two| together(one, two) && clash(one, two))).count();
        let (hit, of) = (i64::try_from(hit).ok()?, i64::try_from(told.len()).ok()?);
        (of > 0).then(|| (hit * 1_000_000 / (50 * (of + 10))).min(1000))
    };
    let p1 = share(own.iter().filter(|one| !one.teachers.is_empty()).collect(), &|one, two| one.teachers == two.teachers && elsewhere(one, two));
    let p3 = share(own.iter().filter(|one| room(one).is_some()).collect(), &|one, two| one.unit != two.unit && room(one) == room(two));
    [p1, p3]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_sweep_finds_what_comparing_all_pairs_finds(lessons in proptest::collection::vec(any_lesson(), 0..30)) {
        let inputs = inputs(&[class("a"), class("b")], &lessons);
        let values = signal_values(&inputs, &model()).expect("computes");
        let found = ["P1", "P3"].map(|signal| values[signal][&code("a")].permille);
        prop_assert_eq!(found, overlaps_by_hand(&lessons));
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
        ("id = \"H2\"", "id = \"R1\"", "scorecard_signal_unknown"),
        ("id = \"T1\"\ngroup = \"timeliness\"", "id = \"T1\"\ngroup = \"nobody\"", "scorecard_group_unknown"),
        ("id = \"S1\"\ngroup = \"system\"", "id = \"S1\"\ngroup = \"hours\"", "scorecard_group_unused"),
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
    let broken = MODEL.replace("id = \"H2\"", "id = \"R1\"");
    let at = broken.lines().position(|line| line == "id = \"R1\"").expect("the line") + 1;
    let refusal = Scorecard::parse(&broken).expect_err("R1 is not computed");
    assert_eq!(refusal.values[0], ("line", at.to_string()));
}

#[test]
fn a_unit_that_stands_twice_and_a_model_out_of_season_are_refused() {
    let twice = inputs(&[class("a"), ClassInput { planned: Some(3), ..class("a") }], &[]);
    assert_eq!(score(&twice, &model()).expect_err("twice").code, "scoring_unit_repeated");
    let old = Scorecard::parse(&MODEL.replace("until = \"2026-12-31\"", "until = \"2026-11-19\"")).expect("reads");
    assert_eq!(score(&inputs(&[class("a")], &[]), &old).expect_err("out of season").code, "scorecard_not_valid");
}
