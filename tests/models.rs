//! Risk models: what the strict reader refuses, who may approve, which one is in force, what one does otherwise.

use crate::office::{Bureau, PLAN, Said};
use mingchou::cli::Exit;
use mingchou::i18n::{find_sentence, say};
use mingchou::scoring::diff::{CODES, Difference, differences};
use mingchou::scoring::{SIGNALS, Scorecard};
use proptest::prelude::*;
use serde_json::Value;

const FIRST: &str = include_str!("../models/scorecard-2026.1.toml");
const SECOND: &str = include_str!("../models/scorecard-2026.2.toml");
const MONDAY: &str = "2026-11-23T09:00:00+08:00";
const FRIDAY: &str = "2026-11-27T19:00:00+08:00";
const NAME: &str = "scorecard-2026.2";

fn done(said: &Said) -> &str {
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    &said.out
}

fn refused(said: &Said, words: &str) {
    assert_eq!(said.exit, Exit::Refused, "{}", said.out);
    assert!(said.err.contains(words) && said.out.is_empty(), "{}", said.err);
}

/// A bureau with a week's ledgers whose model nobody has approved, ready to freeze.
fn unapproved() -> (Bureau, String) {
    let bureau = Bureau::unapproved();
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    let plan = bureau.write_plan(PLAN);
    (bureau, plan)
}

fn freeze(bureau: &Bureau, time: &str, plan: &str) -> Said {
    bureau.at(time, &["freeze", "--week", "2026-W48", "--plan", plan, "--json"])
}

fn approve(bureau: &Bureau, name: &str, by: &str, more: &[&str]) -> Said {
    bureau.at(MONDAY, &[&["model", "approve", name, "--by", by], more].concat())
}

/// Writes the shipped model with changes under another name, and proposes it.
fn propose(bureau: &Bureau, name: &str, changes: &[(&str, &str)]) -> Said {
    let mut text = SECOND.replacen(NAME, name, 1);
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    let path = bureau.path(&format!("{name}.toml"));
    std::fs::write(&path, text).expect("written");
    bureau.at(MONDAY, &["model", "propose", &path, "--by", "李科长"])
}

fn model_in_force(bureau: &Bureau, time: &str) -> Option<String> {
    let list = bureau.json(time, &["model", "list"]);
    let mut names = list.as_array().expect("a list").iter().filter(|view| view["is_in_force"] == true).map(|view| view["name"].to_string());
    let name = names.next().map(|name| name.trim_matches('"').to_owned());
    assert_eq!(names.next(), None, "at most one is in force");
    name
}

#[test]
fn a_freeze_waits_until_someone_else_approves_the_model() {
    let (bureau, plan) = unapproved();
    refused(&freeze(&bureau, FRIDAY, &plan), "scorecard-2026.2 is not approved");
    // Scores may be looked at before.
    assert!(done(&bureau.at(FRIDAY, &["score", "--week", "2026-W48"])).contains("scorecard-2026.2 (not approved)"));
    refused(&approve(&bureau, NAME, " Ming Chou", &[]), "can’t approve");
    refused(&approve(&bureau, "scorecard-2026.9", "王科长", &[]), "no model scorecard-2026.9");
    refused(&approve(&bureau, NAME, "  ", &[]), "who does this");
    assert_eq!(approve(&bureau, NAME, "王科长", &["--for", "province"]).exit, Exit::Usage);
    assert_eq!(model_in_force(&bureau, MONDAY), None);
    done(&approve(&bureau, NAME, "王科长", &["--note", "第三次局务会"]));
    assert!(done(&approve(&bureau, NAME, " 王 科长", &[])).contains("nothing changed"));
    done(&approve(&bureau, NAME, "周组长", &["--for", "discipline"]));
    assert_eq!(model_in_force(&bureau, MONDAY).as_deref(), Some(NAME));
    let frozen: Value = serde_json::from_str(done(&freeze(&bureau, FRIDAY, &plan))).expect("json");
    let model = &frozen["plan"]["model"];
    assert_eq!(
        (model["name"].as_str(), model["sha256"].as_str()),
        (Some(NAME), Some(Scorecard::parse(SECOND).expect("good").hash().to_string().as_str()))
    );
    let list = bureau.json(FRIDAY, &["model", "list"]);
    let acts: Vec<(&str, &str, Option<&str>)> = list[0]["acts"]
        .as_array()
        .expect("acts")
        .iter()
        .map(|act| (act["act"].as_str().expect("text"), act["by"].as_str().expect("text"), act["role"].as_str()))
        .collect();
    let expected = [("proposed", "mingchou", None), ("approved", "王科长", Some("bureau")), ("approved", "周组长", Some("discipline"))];
    assert_eq!(acts, expected);
    // Frozen again after the model is gone, the week is still what it was.
    done(&bureau.at(FRIDAY, &["model", "withdraw", NAME, "--by", "王科长"]));
    let again: Value = serde_json::from_str(done(&freeze(&bureau, FRIDAY, &plan))).expect("json");
    assert_eq!((&again["plan_hash"], again["new"].as_bool()), (&frozen["plan_hash"], Some(false)));
}

#[test]
fn a_proposer_does_not_approve_whatever_blanks_or_widths_the_name_has() {
    let bureau = Bureau::new();
    done(&propose(&bureau, "scorecard-x", &[("B = 20", "B = 21")]));
    for by in ["李科长", " 李科长 ", "李 科 长", "李\u{3000}科长"] {
        refused(&approve(&bureau, "scorecard-x", by, &[]), "can’t approve");
    }
    done(&approve(&bureau, "scorecard-x", "王科长", &[]));
    assert_eq!(model_in_force(&bureau, MONDAY).as_deref(), Some("scorecard-x"));
    // Going back is a new approval.
    done(&approve(&bureau, NAME, "王科长", &[]));
    assert_eq!(model_in_force(&bureau, MONDAY).as_deref(), Some(NAME));
}

#[test]
fn an_expired_model_is_refused_by_name_and_one_of_next_year_waits() {
    let (bureau, plan) = unapproved();
    done(&approve(&bureau, NAME, "王科长", &[]));
    done(&propose(
        &bureau,
        "scorecard-next",
        &[("from = \"2026-01-01\"", "from = \"2027-01-01\""), ("until = \"2027-12-31\"", "until = \"2028-12-31\"")],
    ));
    assert!(done(&approve(&bureau, "scorecard-next", "王科长", &[])).contains("in force from 2027-01-01"));
    assert_eq!(model_in_force(&bureau, MONDAY).as_deref(), Some(NAME));
    assert_eq!(model_in_force(&bureau, "2027-01-01T00:00:00+08:00").as_deref(), Some("scorecard-next"));
    // Withdrawn before it began, it leaves the one before in place.
    done(&bureau.at(MONDAY, &["model", "withdraw", "scorecard-next", "--by", "王科长"]));
    assert_eq!(model_in_force(&bureau, MONDAY).as_deref(), Some(NAME));
    assert_eq!(model_in_force(&bureau, "2027-12-31T00:00:00+08:00").as_deref(), Some(NAME));
    assert_eq!(model_in_force(&bureau, "2028-01-01T00:00:00+08:00"), None);
    done(&propose(&bureau, "scorecard-short", &[("until = \"2027-12-31\"", "until = \"2026-11-26\"")]));
    done(&approve(&bureau, "scorecard-short", "王科长", &[]));
    refused(&freeze(&bureau, FRIDAY, &plan), "scorecard-short is not valid on 2026-11-27");
    let late = bureau.at(FRIDAY, &["model", "approve", "scorecard-short", "--by", "孙科长"]);
    refused(&late, "scorecard-short is not valid on 2026-11-27");
    done(&approve(&bureau, NAME, "王科长", &[]));
    done(&freeze(&bureau, FRIDAY, &plan));
}

#[test]
fn a_withdrawn_model_leaves_nothing_in_force_until_another_approval() {
    let (bureau, plan) = unapproved();
    done(&approve(&bureau, NAME, "王科长", &[]));
    done(&propose(&bureau, "scorecard-x", &[("B = 20", "B = 21")]));
    done(&approve(&bureau, "scorecard-x", "王科长", &[]));
    refused(&bureau.at(MONDAY, &["model", "withdraw", "scorecard-none", "--by", "王科长"]), "no model");
    done(&bureau.at(MONDAY, &["model", "withdraw", "scorecard-x", "--by", "周组长", "--note", "阈值有误"]));
    assert!(done(&bureau.at(MONDAY, &["model", "withdraw", "scorecard-x", "--by", "周组长"])).contains("nothing changed"));
    refused(&freeze(&bureau, FRIDAY, &plan), "scorecard-x was withdrawn");
    refused(&approve(&bureau, "scorecard-x", "王科长", &[]), "was withdrawn");
    assert!(done(&bureau.at(MONDAY, &["model", "list"])).contains("no model is in force"));
    // Proposed again, it may be approved again.
    done(&propose(&bureau, "scorecard-x", &[("B = 20", "B = 21")]));
    assert!(done(&propose(&bureau, "scorecard-x", &[("B = 20", "B = 21")])).contains("nothing changed"));
    done(&approve(&bureau, "scorecard-x", "王科长", &[]));
    done(&freeze(&bureau, FRIDAY, &plan));
}

#[test]
fn a_city_may_ask_for_the_discipline_group() {
    let bureau = Bureau::unapproved();
    done(&bureau.at(MONDAY, &["rules", "--set", "model_approver=discipline", "--by", "李主任"]));
    refused(&approve(&bureau, NAME, "王科长", &[]), "discipline group");
    done(&approve(&bureau, NAME, "周组长", &["--for", "discipline"]));
    assert_eq!(model_in_force(&bureau, MONDAY).as_deref(), Some(NAME));
    refused(&bureau.at(MONDAY, &["rules", "--set", "model_approver=anybody", "--by", "李主任"]), "is no reading");
}

#[test]
fn a_name_stands_for_one_model_and_files_are_read_strictly() {
    let bureau = Bureau::new();
    refused(&propose(&bureau, NAME, &[("B = 20", "B = 21")]), "needs another name");
    // Comments and blanks don't make another model.
    assert!(done(&propose(&bureau, NAME, &[("[bands] ", "# nothing\n[bands]")])).contains("nothing changed"));
    refused(&propose(&bureau, "scorecard-x", &[("B = 20", "B = 50")]), "must ascend");
    refused(&propose(&bureau, "scorecard-x", &[("\"T1_MISSING\"", "\"T1_LOST\"")]), "T1_LOST");
    let path = bureau.path("broken.toml");
    std::fs::write(&path, "schema = ").expect("written");
    let said = bureau.at(MONDAY, &["model", "propose", &path, "--by", "李科长"]);
    assert_eq!(said.exit, Exit::Unreadable, "{}", said.err);
    let said = bureau.at(MONDAY, &["model", "propose", &bureau.path("none.toml"), "--by", "李科长"]);
    assert_eq!(said.exit, Exit::Unreadable, "{}", said.err);
    assert_eq!(bureau.json(MONDAY, &["model", "list"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn a_model_altered_in_the_database_is_refused() {
    let (bureau, plan) = unapproved();
    done(&approve(&bureau, NAME, "王科长", &[]));
    let url = format!("sqlite://{}", bureau.data().join("mingchou.db").display());
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await.expect("the database");
        let sql = "update model set source = replace(source, 'points = 10 }', 'points = 9 }')";
        assert_eq!(sqlx::query(sql).execute(&pool).await.expect("done").rows_affected(), 1);
        pool.close().await;
    });
    refused(&freeze(&bureau, FRIDAY, &plan), "was altered in the database");
}

#[test]
fn show_and_diff_speak_both_languages_and_json() {
    let bureau = Bureau::new();
    let shown = bureau.json(MONDAY, &["model", "show", NAME]);
    assert_eq!(shown["scorecard"]["score_max"], 100);
    assert_eq!(shown["source"], SECOND);
    let text = done(&bureau.at(MONDAY, &["model", "show", NAME])).to_owned();
    assert!(text.contains("in force") && text.contains("<200→0  <600→2  ≤1000→5"), "{text}");
    let other =
        SECOND.replacen(NAME, "scorecard-x", 1).replace("{ below = 600, points = 2 }, { points = 5 }", "{ below = 500, points = 2 }, { points = 9 }");
    let path = bureau.path("other.toml");
    std::fs::write(&path, other).expect("written");
    let text = done(&bureau.at(MONDAY, &["model", "diff", NAME, &path])).to_owned();
    assert!(text.contains("2 places") && text.contains("T1 late application, permille 500 to 599: 2 → 9 points"), "{text}");
    let diff = bureau.json(MONDAY, &["model", "diff", NAME, &path]);
    assert_eq!(diff["differences"][1]["zh"], "T1 申请提前不足 千分值 600 至 1000：5 → 9 分");
    assert_eq!(diff["differences"][1]["code"], "diff_points");
    assert!(done(&bureau.at(MONDAY, &["model", "diff", NAME, NAME])).contains("do not differ"));
}

fn changed(changes: &[(&str, &str)]) -> Scorecard {
    let text = changes.iter().fold(FIRST.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    });
    Scorecard::parse(&text).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// Differences as one line each, values in the order in which they are given.
fn lines(found: &[Difference]) -> Vec<String> {
    let line = |d: &Difference| [d.code].into_iter().chain(d.values.iter().map(|(_, value)| value.as_str())).collect::<Vec<_>>().join(" ");
    found.iter().map(line).collect()
}

type Changes = &'static [(&'static str, &'static str)];

#[test]
fn every_kind_of_difference_is_told() {
    let first = Scorecard::parse(FIRST).expect("good");
    const H2: &str = "id = \"H2\"\ngroup = \"hours\"";
    let table: [(Changes, &[&str]); 10] = [
        (&[("name = \"scorecard-2026.1\"", "name = \"x\"")], &[]),
        (
            &[("lambda_permille = 250", "lambda_permille = 300"), ("D = 60", "D = 61")],
            &["diff_field @model_field_lambda 250 300", "diff_field @model_field_band_d 60 61"],
        ),
        (
            &[("id = \"timeliness\"\ncap = 25", "id = \"timeliness\"\ncap = 24"), ("cap = 15", "cap = 16")],
            &["diff_cap @group_institution 15 16", "diff_cap @group_timeliness 25 24"],
        ),
        (&[(H2, "id = \"H2\"\ngroup = \"places\"")], &["diff_signal_group @signal_H2 @group_hours @group_places"]),
        (&[(H2, "id = \"H2\"\ngroup = \"hours\"\nramp = { from = 10, to = 300 }")], &["diff_ramp @signal_H2 0 200 10 300"]),
        // Stating the starting thresholds makes another file, but no other model.
        (&[(H2, "id = \"H2\"\ngroup = \"hours\"\nramp = { from = 0, to = 200 }")], &[]),
        // Equal points on both sides of another edge are no difference; neighbouring stretches are told as one.
        (
            &[(
                "{ below = 250, points = 0 }, { below = 750, points = 4 }, { points = 9 } ]\nmissing = { points = 2, reason = \"H2",
                "{ below = 250, points = 0 }, { below = 500, points = 4 }, { below = 700, points = 4 }, { points = 9 } ]\nmissing = { points = 2, reason = \"H2",
            )],
            &["diff_points @signal_H2 700 749 4 9"],
        ),
        (
            &[("points = 4, reason = \"H1_MISSING\"", "points = 5, reason = \"H2_MISSING\"")],
            &["diff_missing @signal_H1 4 5", "diff_missing_reason @signal_H1 H1_MISSING H2_MISSING"],
        ),
        (&[("教师一周授课达{n}小时", "教师一周{n}小时")], &["diff_reason_zh @signal_P2 教师一周授课达{n}小时 教师一周{n}小时"]),
        (&[("until = \"2026-12-31\"", "until = \"2027-06-30\"")], &["diff_field @model_field_valid_until 2026-12-31 2027-06-30"]),
    ];
    for (changes, expected) in table {
        assert_eq!(lines(&differences(&first, &changed(changes))), *expected, "{changes:?}");
    }
    // The same signals in another order.
    let all = Scorecard::parse(SECOND).expect("good");
    let at = |id: &str| SECOND.find(&format!("[[signal]]\nid = \"{id}\"")).expect("there");
    let swapped = [&SECOND[..at("R7")], &SECOND[at("R8")..at("A1")], &SECOND[at("R7")..at("R8")], &SECOND[at("A1")..]].concat();
    let found = lines(&differences(&all, &Scorecard::parse(&swapped).expect("good")));
    assert!(found.len() == 1 && found[0].starts_with("diff_order T1 T2") && found[0].contains("R8 R7"), "{found:?}");
    // From the first to the second: nineteen signals and two groups more, none less.
    let found = differences(&first, &all);
    let count = |code: &str| found.iter().filter(|d| d.code == code).count();
    assert_eq!((count("diff_signal_added"), count("diff_group_added"), count("diff_signal_gone")), (19, 2, 0));
    let back = differences(&all, &first);
    let count = |code: &str| back.iter().filter(|d| d.code == code).count();
    assert_eq!((count("diff_signal_added"), count("diff_group_gone"), count("diff_signal_gone")), (0, 2, 19));
}

#[test]
fn words_that_are_put_together_have_sentences() {
    let mut codes: Vec<String> = CODES.iter().map(|code| (*code).to_owned()).collect();
    codes.extend(SIGNALS.iter().flat_map(|id| [format!("signal_{id}"), format!("{id}_MISSING")]));
    codes.extend(
        ["score_max", "lambda", "band_b", "band_c", "band_d", "money_from", "money_to", "money_max", "valid_from", "valid_until"]
            .map(|name| format!("model_field_{name}")),
    );
    codes.extend(["proposed", "approved", "withdrawn"].iter().flat_map(|word| [format!("model_state_{word}"), format!("model_act_{word}")]));
    codes.extend(mingchou::ops::model::ROLES.map(|role| format!("model_role_{role}")));
    codes.extend(["timeliness", "system", "roster", "attendance", "hours", "places", "institution"].map(|group| format!("group_{group}")));
    let missing: Vec<&String> = codes.iter().filter(|code| find_sentence(code).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for model in [FIRST, SECOND] {
        for signal in Scorecard::parse(model).expect("good").signals {
            assert!(find_sentence(signal.missing_reason.as_str()).is_some(), "{}", signal.missing_reason);
            assert!(signal.reason_zh.contains("{n}") == signal.reason_en.contains("{n}"), "{}", signal.id);
        }
    }
    let values = [("signal", "@signal_T1".to_owned()), ("before", "1".to_owned()), ("after", "2".to_owned())];
    assert_eq!(say(mingchou::i18n::Lang::Zh, "diff_missing", &values), "申请提前不足 数据缺失时：1 → 2 分");
}

#[test]
fn the_second_model_has_every_signal_low_points_for_weak_evidence_and_none_to_spare() {
    let model = Scorecard::parse(SECOND).unwrap_or_else(|refusal| panic!("{refusal}"));
    let ids: Vec<&str> = model.signals.iter().map(|signal| signal.id.as_str()).collect();
    assert_eq!(ids, SIGNALS);
    assert_eq!(model.groups.iter().map(|group| group.cap).sum::<i64>(), 100);
    let most = |id: &str| model.signals.iter().find(|signal| signal.id == id).and_then(|signal| signal.bins.last()).map(|bin| bin.points);
    assert_eq!((most("R7"), most("I4")), (Some(2), Some(3)));
    for (index, group) in model.groups.iter().enumerate() {
        let of = || model.signals.iter().filter(|signal| signal.group == index);
        let (most, missing): (i64, i64) =
            (of().filter_map(|signal| signal.bins.last()).map(|bin| bin.points).sum(), of().map(|signal| signal.missing_points).sum());
        assert!(most >= group.cap, "{}: the cap can be reached", group.id);
        assert!(2 * missing <= group.cap, "{}: what is missing leaves room for what is known ({missing})", group.id);
    }
    // Every signal says why it has its points.
    let lines: Vec<&str> = SECOND.lines().collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| **line == "[[signal]]");
    assert!(starts.map(|(at, _)| lines[at - 1]).all(|line| line.starts_with('#')));
}

#[test]
fn what_a_model_may_not_say_is_refused_with_line_and_place() {
    let table = [
        // an unknown key, at every depth
        ("B = 20\n", "B = 20\nE = 80\n", "scorecard_key_unknown", "bands.E"),
        ("max_permille = 2000", "max_permille = 2000\nmin = 1", "scorecard_key_unknown", "money.min"),
        ("id = \"system\"\n", "id = \"system\"\nfloor = 1\n", "scorecard_key_unknown", "group[1].floor"),
        ("\"T2_MISSING\" }", "\"T2_MISSING\", code = 1 }", "scorecard_key_unknown", "signal[1].missing.code"),
        // floats, dates, booleans
        ("lambda_permille = 250", "lambda_permille = 0.25", "scorecard_kind", ""),
        ("until = \"2027-12-31\"", "until = 2027-12-31", "scorecard_kind", ""),
        ("C = 40", "C = true", "scorecard_kind", ""),
        // bins
        (
            "{ below = 200, points = 0 }, { below = 600, points = 5 }",
            "{ below = 600, points = 0 }, { below = 200, points = 5 }",
            "scorecard_bins_order",
            "signal[9].bins[1]",
        ),
        (
            "{ below = 600, points = 5 }, { points = 10 }",
            "{ below = 600, points = 5 }, { points = 4 }",
            "scorecard_bins_decrease",
            "signal[9].bins[2]",
        ),
        ("{ below = 600, points = 5 }, { points = 10 } ]", "{ below = 600, points = 5 } ]", "scorecard_bin_last", "signal[9].bins[1]"),
        ("{ below = 600, points = 5 }", "{ below = 1001, points = 5 }", "scorecard_range", "signal[9].bins[1].below"),
        // groups and caps
        ("cap = 8", "cap = 9", "scorecard_caps", "group"),
        ("cap = 8", "cap = -8", "scorecard_range", "group[1].cap"),
        ("id = \"S1\"\ngroup = \"system\"", "id = \"S1\"\ngroup = \"hours\"", "scorecard_group_unused", "signal"),
        ("id = \"S1\"\ngroup = \"system\"\n", "id = \"S1\"\n", "scorecard_key_missing", "signal[4].group"),
        ("id = \"S1\"\ngroup = \"system\"", "id = \"S1\"\ngroup = \"sistem\"", "scorecard_group_unknown", "signal[4].group"),
        ("id = \"attendance\"\n", "id = \"roster\"\n", "scorecard_id_repeated", "group[3].id"),
        // signals
        ("id = \"R8\"", "id = \"R7\"", "scorecard_id_repeated", "signal[12].id"),
        ("id = \"R8\"", "id = \"R9\"", "scorecard_signal_unknown", "signal[12].id"),
        ("id = \"R8\"", "id = \"M1\"", "scorecard_signal_unknown", "signal[12].id"),
        // reasons and missing inputs
        ("zh = \"累计缺勤{n}人次\", ", "", "scorecard_key_missing", "signal[16].reason.zh"),
        (", en = \"absences in all: {n}\"", "", "scorecard_key_missing", "signal[16].reason.en"),
        ("累计缺勤{n}人次", "累计缺勤{m}人次", "scorecard_reason", "signal[16].reason.zh"),
        ("absences in all: {n}", "{n} absences\\nin all", "scorecard_reason", "signal[16].reason.en"),
        ("missing = { points = 0, reason = \"A4_MISSING\" }\n", "", "scorecard_key_missing", "signal[16].missing"),
        ("missing = { points = 0, reason = \"A4_MISSING\" }", "missing = { points = 2 }", "scorecard_key_missing", "signal[16].missing.reason"),
        // bands, money, validity, name
        ("B = 20\nC = 40", "B = 40\nC = 20", "scorecard_bands", "bands"),
        ("from_yuan = 10000\n", "from_yuan = 1000000\n", "scorecard_money", "money"),
        ("from = \"2026-01-01\"", "from = \"2028-01-01\"", "scorecard_validity", "validity"),
        ("until = \"2027-12-31\"", "until = \"2027-02-29\"", "scorecard_date", "validity.until"),
        ("name = \"scorecard-2026.2\"", "name = \"评分卡\"", "scorecard_code", "name"),
        ("score_max = 100\n", "", "scorecard_key_missing", "score_max"),
    ];
    for (from, to, code, place) in table {
        assert_eq!(SECOND.matches(from).count(), 1, "{from}");
        let broken = SECOND.replace(from, to);
        let refusal = Scorecard::parse(&broken).expect_err(to);
        assert_eq!(refusal.code, code, "{to}: {refusal}");
        let value = |name: &str| refusal.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        assert!(place.is_empty() || value("place") == Some(place), "{to}: {refusal}");
        let line: usize = value("line").expect("a line").parse().expect("a number");
        assert!((1..=broken.lines().count()).contains(&line), "{refusal}");
        for lang in [mingchou::i18n::Lang::Zh, mingchou::i18n::Lang::En] {
            let sentence = say(lang, refusal.code, &refusal.values);
            assert!(!sentence.contains('{') && !sentence.starts_with('['), "{sentence}");
        }
    }
}

#[test]
fn a_file_too_long_or_too_deep_is_refused_and_does_no_harm() {
    let long = format!("{FIRST}{}", "# x\n".repeat(100_000));
    assert_eq!(Scorecard::parse(&long).expect_err("too long").code, "scorecard_long");
    for deep in ["[".repeat(50_000), "{a=".repeat(50_000)] {
        let broken = FIRST.replace("score_max = 100", &format!("score_max = {deep}"));
        assert!(Scorecard::parse(&broken).is_err());
    }
}

/// Bins with edges in order and points that never decrease, the first giving none.
fn any_bins() -> impl Strategy<Value = String> {
    (proptest::collection::btree_set(1i64..=1000, 0..5), proptest::collection::vec(0i64..4, 6)).prop_map(|(edges, steps)| {
        let mut points = 0;
        let mut bins: Vec<String> = Vec::new();
        for (edge, step) in edges.iter().zip(&steps) {
            bins.push(format!("{{ below = {edge}, points = {points} }}"));
            points += step;
        }
        bins.push(format!("{{ points = {points} }}"));
        format!("bins = [ {} ]", bins.join(", "))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn points_differ_exactly_where_the_differences_say(one in any_bins(), two in any_bins()) {
        let t1 = "bins = [ { below = 200, points = 0 }, { below = 600, points = 3 }, { points = 8 } ]";
        let (one, two) = (changed(&[(t1, &one)]), changed(&[(t1, &two)]));
        let number = |d: &Difference, name: &str| d.values.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.parse::<i64>().ok());
        let found = differences(&one, &two);
        for permille in 0..=1000 {
            let covering: Vec<&Difference> =
                found.iter().filter(|d| number(d, "from").is_some_and(|from| from <= permille) && number(d, "to").is_some_and(|to| to >= permille)).collect();
            let points = [&one, &two].map(|card| card.signals[0].points(Some(permille)));
            let told: Vec<[Option<i64>; 2]> = covering.iter().map(|d| [number(d, "before"), number(d, "after")]).collect();
            let expected = if points[0] == points[1] { vec![] } else { vec![points.map(Some)] };
            prop_assert_eq!(told, expected, "{}", permille);
        }
    }

    #[test]
    fn a_model_with_bytes_changed_is_refused_or_read_but_never_a_panic(at in 0usize..12_000, gone in 0usize..12, put in "[\\[\\]{}=\",0-9a-z\n .{}-]{0,6}") {
        let mut text: Vec<char> = SECOND.chars().collect();
        let at = at.min(text.len());
        let end = (at + gone).min(text.len());
        text.splice(at..end, put.chars());
        let text: String = text.into_iter().collect();
        if let Ok(model) = Scorecard::parse(&text) {
            // What is read can be told apart from the original by its hash, or says the same.
            let original = Scorecard::parse(SECOND).expect("good");
            prop_assert!((model.hash() == original.hash()) == (model.record() == original.record()));
            prop_assert_eq!(model.groups.iter().map(|group| group.cap).sum::<i64>(), model.score_max);
        }
    }
}
