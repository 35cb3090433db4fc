//! Explanations: points, caps, what is usual and the size measure worked out by hand, and held against what was frozen.

use crate::office::{Bureau, PLAN, demonstration, mingchou, text};
use crate::receive::id;
use mingchou::canon::Code;
use mingchou::cli::Exit;
use mingchou::cli::{run::run, table::wrap};
use mingchou::scoring::explain::{Standing, Usual, explain, usual};
use mingchou::scoring::{Contribution, Scorecard, Scored, size_measure};
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

const MODEL: &str = include_str!("../models/scorecard-2026.1.toml");
const AFTER: &str = "2026-12-08T09:00:00+08:00";

/// A class of the first model: T1 T3 T4 are full, S1 P1 P2 P3 missing, H1 in its second bin.
fn scored() -> Scored {
    let given = [
        ("T1", Some(1000), 8),
        ("T3", Some(1000), 10),
        // 12, but the cap of 25 leaves 7.
        ("T4", Some(1000), 7),
        ("S1", None, 3),
        ("H1", Some(399), 6),
        ("H2", Some(0), 0),
        ("P1", None, 3),
        ("P2", None, 1),
        ("P3", None, 2),
        ("I3", Some(750), 9),
        ("I7", Some(149), 0),
    ];
    let contribution = |(signal, permille, points): (&str, Option<i64>, i64)| Contribution {
        signal: signal.to_owned(),
        permille,
        points,
        reason_zh: permille.map_or_else(|| format!("{signal}_MISSING"), |n| format!("理由{n}")),
        reason_en: permille.map_or_else(|| format!("{signal}_MISSING"), |n| format!("reason {n}")),
        evidence: vec![],
    };
    let contributions: Vec<Contribution> = given.into_iter().map(contribution).collect();
    let score = contributions.iter().map(|contribution| contribution.points).sum();
    Scored { unit: Code::parse("a").expect("a code"), score, band: 'C', contributions, money_permille: 1500, size: 645 }
}

#[test]
fn points_caps_and_the_size_measure_are_those_worked_out_by_hand() {
    let card = Scorecard::parse(MODEL).expect("good");
    let mut peers = vec![vec![None, None]; 11];
    peers[0] = vec![Some(1000), Some(0), Some(200), None];
    let e = explain(&scored(), (100, 4), &card, Some(&peers), None);
    let line = |id: &str| e.signals.iter().find(|line| line.signal == id).expect("a line");
    assert_eq!((e.score, e.band, e.bands.b, e.bands.d), (49, 'C', 20, 60));
    let t4 = line("T4");
    assert_eq!((t4.points_before_cap, t4.cut, t4.points, t4.points_most), (12, 5, 7, 12));
    let timeliness = &e.groups[0];
    assert_eq!((timeliness.cap, timeliness.points_before_cap, timeliness.cut, timeliness.points), (25, 30, 5, 25));
    let bin = line("H1").bin.expect("a bin");
    assert_eq!((bin.number, bin.count, bin.from, bin.below), (2, 4, 1, Some(400)));
    let last = line("I3").bin.expect("a bin");
    assert_eq!((last.number, last.from, last.below), (3, 750, None));
    let s1 = line("S1");
    assert_eq!((s1.bin, s1.is_missing, s1.points, s1.missing_reason.as_deref()), (None, true, 3, Some("S1_MISSING")));
    assert_eq!((s1.reason_zh.as_str(), line("H1").reason_en.as_str()), ("", "reason 399"));
    // Of 1000, 0, 200 and one unknown the lower median is 200; two stand lower.
    let expected = Usual { classes: 4, known: 3, median: Some(200), standing: Some(Standing { lower: 2, equal: 1, higher: 0 }) };
    assert_eq!((line("T1").occupation, line("T1").county), (Some(expected), None));
    // 250·100 = 25 000; 750·4·49 = 147 000; 1500·172 000 = 258 000 000; ÷ 400 000 = 645.
    let s = &e.size;
    assert_eq!((s.floor_part, s.own_part, s.product, s.divisor, s.quotient), (25_000, 147_000, 258_000_000, 400_000, 645));
    assert_eq!(size_measure(49, 1500, 100, 4, &card), 645);
}

#[test]
fn the_usual_is_the_lower_median_of_what_is_known() {
    let median = |values: &[Option<i64>]| usual(Some(5), values).median;
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[None]), None);
    assert_eq!(median(&[Some(7)]), Some(7));
    assert_eq!(median(&[Some(9), Some(1)]), Some(1));
    assert_eq!(median(&[Some(9), None, Some(1), Some(5), Some(3)]), Some(3));
    assert_eq!(usual(None, &[Some(1), None]), Usual { classes: 2, known: 1, median: Some(1), standing: None });
}

fn in_lang(lang: &str, args: &[&str]) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["mingchou", "--lang", lang].iter().chain(args).map(|arg| (*arg).to_owned()).collect();
    assert_eq!(run(args, &mut out, &mut err), Exit::Done);
    String::from_utf8(out).expect("text")
}

fn json(data: &std::path::Path, args: &[&str]) -> Value {
    let said = mingchou(&[&["--data", text(data), "--at", AFTER], args, &["--json"]].concat());
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    serde_json::from_str(&said.out).expect("json")
}

#[test]
fn every_class_of_a_frozen_week_is_explained_as_it_was_frozen() {
    let data = demonstration().join("data");
    let score = json(&data, &["score", "--week", "2026-W48"]);
    let classes = score["classes"].as_array().expect("classes");
    let mut by_county: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for class in classes.iter().step_by(9) {
        let unit = class["unit"].as_str().expect("a code");
        let e = json(&data, &["explain", unit, "--week", "2026-W48"]);
        let lines = e["signals"].as_array().expect("signals");
        let sum = |key: &str| lines.iter().map(|line| line[key].as_i64().expect("a number")).sum::<i64>();
        assert_eq!(sum("points"), e["score"].as_i64().expect("a number"), "{unit}");
        assert_eq!(sum("points_before_cap") - sum("cut"), sum("points"));
        assert!(lines.iter().all(|line| line["cut"].as_i64() >= Some(0)));
        let size = &e["size"];
        let bounded = size["quotient"].as_i64().expect("a number").clamp(1, 2000);
        assert_eq!(Some(bounded), size["size"].as_i64(), "{unit}");
        assert_eq!((&e["basis"]["is_frozen"], &e["at_freeze"]), (&Value::Bool(true), &Value::Null), "{unit}: as the freeze put it down");
        assert!(lines.iter().all(|line| line["reason_zh"].as_str() != Some("") && line["name_zh"].as_str() != Some("")));
        by_county.entry(e["county"].to_string()).or_default().push(e);
    }
    // Two classes of one county are held against the same median.
    for explained in by_county.values() {
        let medians: Vec<String> =
            explained.iter().map(|e| e["signals"].as_array().expect("signals").iter().map(|l| l["county"]["median"].to_string()).collect()).collect();
        assert!(medians.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn no_line_is_wider_than_a_hundred_columns_and_no_teacher_is_named_in_full() {
    let data = demonstration().join("data");
    let score = json(&data, &["score", "--week", "2026-W48"]);
    let mut classes: Vec<&Value> = score["classes"].as_array().expect("classes").iter().collect();
    classes.sort_by_key(|class| std::cmp::Reverse(class["score"].as_i64()));
    for class in classes.iter().take(6) {
        let unit = class["unit"].as_str().expect("a code");
        for lang in ["zh", "en"] {
            let out = in_lang(lang, &["--data", text(&data), "--at", AFTER, "explain", unit, "--week", "2026-W48"]);
            let wide: Vec<&str> = out.lines().filter(|line| line.width() > 100).collect();
            assert!(wide.is_empty(), "{wide:?}");
            assert!(!out.contains("[explain") && !out.contains("_MISSING"), "{out}");
        }
        let e = json(&data, &["explain", unit, "--week", "2026-W48"]);
        let rows = || e["signals"].as_array().expect("signals").iter().flat_map(|line| line["evidence"].as_array().expect("rows"));
        for row in rows() {
            let (zh, en) = (row["zh"].as_str().expect("text"), row["en"].as_str().expect("text"));
            assert!(![zh, en].iter().any(|text| text.is_empty() || text.contains(['{', '[', '@'])), "{row}");
            // One character of the name and a star.
            assert!(row["teacher"].as_str().is_none_or(|name| name.chars().count() == 2 && name.ends_with('*')), "{row}");
        }
        let of_p2 = e["signals"].as_array().expect("signals").iter().find(|line| line["signal"] == "P2").expect("P2");
        assert!(of_p2["is_missing"] == true || of_p2["evidence"][0]["teacher"].is_string(), "{of_p2}");
    }
}

#[test]
fn what_cannot_be_explained_says_why() {
    let bureau = Bureau::unapproved();
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    let friday = "2026-11-27T16:30:00+08:00";
    let said = bureau.at(friday, &["explain", "410802-2026-0001", "--week", "2026-W48"]);
    assert!(said.out.contains("not frozen yet") && said.out.contains("not approved"), "{}{}", said.out, said.err);
    assert!(said.out.contains("not shown to inspectors"), "{}", said.out);
    for (args, exit, word) in [
        (["explain", "410802-2026-9999", "--week", "2026-W48"], Exit::Refused, "no class 410802-2026-9999"),
        (["explain", "410802-2026-0001", "--week", "2026-W40"], Exit::Refused, "2026-W40"),
        (["explain", "x y", "--week", "2026-W48"], Exit::Usage, "x y"),
        (["explain", "410802-2026-0001", "--week", "W48"], Exit::Usage, "W48"),
    ] {
        let said = bureau.at(friday, &args);
        assert_eq!(said.exit, exit, "{args:?} {}", said.err);
        assert!(said.err.contains(word), "{args:?} {}", said.err);
    }
}

#[test]
fn what_comes_after_the_freeze_changes_no_explanation() {
    let (bureau, _) = Bureau::frozen(PLAN);
    let explained = |time| bureau.json(time, &["explain", "410802-2026-0001", "--week", "2026-W48"]);
    let before = explained("2026-11-27T19:30:00+08:00");
    assert_eq!((&before["basis"]["is_frozen"], &before["basis"]["at"]), (&Value::Bool(true), &"2026-11-27T19:00:00+08:00".into()));
    let folder = crate::ingest::root().join("data/sample/2026-W48/410804");
    let mut files: Vec<String> = std::fs::read_dir(folder).expect("sample").flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
    files.sort();
    let args: Vec<&str> = ["receive", "--week", "2026-W48"].into_iter().chain(files.iter().map(String::as_str)).collect();
    assert_eq!(bureau.at("2026-11-27T20:00:00+08:00", &args).exit, Exit::Done);
    let units = bureau.json("2026-11-27T20:30:00+08:00", &["score", "--week", "2026-W48"])["classes"].as_array().map(Vec::len);
    assert!(units > before["size"]["units"].as_u64().and_then(|units| usize::try_from(units).ok()), "more is known now");
    // Nor does a model that was withdrawn since.
    assert_eq!(bureau.at("2026-11-27T20:40:00+08:00", &["model", "withdraw", "scorecard-2026.2", "--by", "王科长"]).exit, Exit::Done);
    assert_eq!(explained("2026-11-27T21:00:00+08:00"), before);
}

#[test]
fn long_texts_break_between_words_and_keep_marks_where_they_belong() {
    assert_eq!(wrap("one two three", 7, 2), "one two\n  three");
    assert_eq!(wrap("风险分，风险等级", 8, 0), "风险分，\n风险等级");
    assert_eq!(wrap("风险分数，等级", 8, 0), "风险分\n数，等级");
    assert_eq!(wrap("abcdefghij", 4, 0), "abcd\nefgh\nij");
    assert_eq!(wrap("甲乙（丙丁）", 6, 0), "甲乙\n（丙\n丁）");
    assert_eq!(wrap("", 4, 2), "");
}

/// Two institutions that teach four people at the same time, and a fifth with the telephone of two of them.
fn shared_people(bureau: &Bureau) {
    let person =
        |at: u32| format!("欧阳{at}云,{},100{:08}", id("19900101", 11 + at * 7), if at.is_multiple_of(2) { 55_556_666 } else { 12_345_670 + at });
    let row = |class: &str, at: u32| format!("{class},{}", person(at));
    let mut roster = vec!["培训机构,班期,姓名,身份证号,联系电话".to_owned()];
    roster.extend((0..5).map(|at| row("甲学校,一期班", at)));
    roster.extend((0..4).map(|at| row("乙学校,二期班", at)));
    let ledger = "解放区台账 第48周,,,,,\n培训机构,班期,工种,开班时间,结业时间,培训人数\n甲学校,一期班,电工,2026-11-23,2026-12-11,5\n乙学校,二期班,焊工,2026-11-23,2026-12-11,4\n";
    let files = [("台账.csv", ledger.to_owned()), ("花名册.csv", roster.join("\n"))].map(|(name, content)| {
        let path = bureau.path(name);
        std::fs::write(&path, content).expect("written");
        path
    });
    let args: Vec<&str> = ["receive", "--week", "2026-W48", "--county", "410802"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let said = bureau.at("2026-11-27T15:00:00+08:00", &args);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
}

#[test]
fn trainees_are_named_masked_where_the_original_is_here_and_by_their_row_where_it_is_not() {
    let bureau = Bureau::new();
    shared_people(&bureau);
    let explain = || bureau.json("2026-11-27T16:00:00+08:00", &["explain", "410802-2026-0001", "--week", "2026-W48"]);
    let rows = |e: &Value, id: &str| {
        let line = e["signals"].as_array().expect("signals").iter().find(|line| line["signal"] == id).expect("a signal").clone();
        line["evidence"].as_array().expect("rows").clone()
    };
    let named = explain();
    let (r1, r6) = (rows(&named, "R1"), rows(&named, "R6"));
    let number = id("19900101", 11);
    let masked = format!("欧*** {}********{}", &number[..6], &number[14..]);
    assert_eq!((r1.len(), &r1[0]["persons"][0], &r1[0]["rows"][0]), (4, &masked.clone().into(), &2.into()));
    let expected = format!(
        "{masked}（名册第2行）：同期还在乙学校的班期410802-2026-0002：本班2026-11-23–2026-12-11，该班2026-11-23–2026-12-11（有一班没有课程表，按起止日期比较）"
    );
    assert_eq!(r1[0]["zh"], expected);
    assert!(r6[0]["en"].as_str().expect("text").starts_with(&format!("one telephone: {masked} (roster row 2), ")), "{}", r6[0]);
    let text = named.to_string();
    assert!((0..5).all(|at| !text.contains(&id("19900101", 11 + at * 7)) && !text.contains(&format!("欧阳{at}云"))), "{text}");
    // Without the originals only the rows are known.
    std::fs::remove_dir_all(bureau.data().join("originals")).expect("removed");
    let unnamed = explain();
    let r1 = rows(&unnamed, "R1");
    assert!(r1[0]["zh"].as_str().expect("text").starts_with("名册第2行：同期还在乙学校"), "{}", r1[0]);
    assert!(r1[0]["persons"].is_null() && unnamed["score"] == named["score"]);
    let missing = unnamed["signals"].as_array().expect("signals").iter().filter(|line| line["is_missing"] == true);
    assert!(missing.into_iter().all(|line| line["reason_zh"].as_str().is_some_and(|text| !text.is_empty())), "why each is missing");
}

#[test]
fn a_special_inspection_is_explained_by_its_own_freeze() {
    let (bureau, _) = Bureau::frozen(PLAN);
    let special = ["explain", "410802-2026-0001", "--week", "2026-W48", "--special", "1"];
    let said = bureau.at("2026-11-27T19:20:00+08:00", &special);
    assert!(said.exit == Exit::Refused && said.err.contains("2026-W48"), "{}", said.err);
    let plan = format!("kind = \"special-1\"\nparties = [\"bureau\"]\nwindow = [\"2026-12-01\", \"2026-12-20\"]\n{PLAN}");
    let plan = plan.replacen("discipline_per_team = 1", "discipline_per_team = 0", 1);
    bureau.freeze(&plan, "2026-11-27T19:30:00+08:00", "special.json");
    let e = bureau.json("2026-11-28T09:00:00+08:00", &special);
    assert_eq!((&e["draw"], &e["basis"]["at"], &e["at_freeze"]), (&"special-1".into(), &"2026-11-27T19:30:00+08:00".into(), &Value::Null));
    let weekly = bureau.json("2026-11-28T09:00:00+08:00", &special[..4]);
    assert_eq!((&weekly["draw"], &weekly["basis"]["at"]), (&"weekly".into(), &"2026-11-27T19:00:00+08:00".into()));
    assert!(bureau.at("2026-11-28T09:00:00+08:00", &special).out.contains("special inspection no. 1"));
}
