//! Every rule of the protocol's *Records*, broken one at a time in a bundle whose hashes were all made good again.
//!
//! A verifier that only recomputes hashes would accept each of these.

use crate::draw::{DRAW_ONLY, vector};
use mingchou::bundle::{Files, verify};
use mingchou::canon::{Hash, Secret, tagged};
use mingchou::draw::{DrawPlan, Frame, InspectorRoster, Transcript, commitment, run, seed};
use serde_json::{Value, json};

/// A bundle taken apart as plain JSON, so that it can say things our types refuse to.
struct Parts {
    plan: Value,
    roster: Value,
    frame: Vec<String>,
    frame_key: String,
    ceremony: Value,
}

impl Parts {
    fn open(name: &str) -> Self {
        let files = vector(name);
        let text = |name: &str| String::from_utf8(files[name].clone()).expect("text");
        let json = |name: &str| serde_json::from_str(&text(name)).expect("json");
        Self {
            plan: json("plan.json"),
            roster: json("roster.json"),
            frame: text("frame.jsonl").lines().map(str::to_owned).collect(),
            frame_key: text("frame.key"),
            ceremony: json("ceremony.json"),
        }
    }

    /// Recomputes every hash and, where the plan can still be drawn at all, the transcript.
    fn seal(mut self) -> Files {
        let frame_bytes: Vec<u8> = self.frame.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect();
        let roster_bytes = record(&self.roster);
        self.plan["roster"] = json!(Hash::of(&roster_bytes).to_string());
        let frame = Frame::parse(&frame_bytes).ok();
        if let (Some(frame), Ok(key)) = (&frame, Secret::parse(&self.frame_key)) {
            self.plan["frame"]["root"] = json!(frame.root(&key).to_string());
        }
        let plan_bytes = record(&self.plan);
        let plan_hash = tagged("plan", &[&plan_bytes]);
        let parties: Vec<String> = self.plan["parties"].as_array().into_iter().flatten().filter_map(|p| p.as_str().map(str::to_owned)).collect();
        let mut nonces = Vec::new();
        let (mut commitments, mut opened) = (json!({}), json!({}));
        for (index, party) in parties.iter().enumerate() {
            let nonce = Secret(Hash::of(&[u8::try_from(index).expect("few parties")]).0);
            if let Ok(code) = mingchou::canon::Code::parse(party) {
                commitments[party] = json!(commitment(&plan_hash, &code, &nonce).to_string());
            }
            opened[party] = json!(nonce.to_hex());
            nonces.push(nonce);
        }
        self.ceremony["commitments"] = commitments;
        self.ceremony["nonces"] = opened;
        let entropy = self.ceremony["entropy"].as_str().unwrap_or_default().to_owned();
        let drawn = self.draw(frame, seed(&plan_hash, &nonces, &entropy), plan_hash);
        let files = [
            ("plan.json", plan_bytes),
            ("roster.json", roster_bytes),
            ("frame.jsonl", frame_bytes),
            ("frame.key", self.frame_key.clone().into_bytes()),
            ("ceremony.json", record(&self.ceremony)),
            ("transcript.json", drawn),
        ];
        files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    }

    fn draw(&self, frame: Option<Frame>, seed: Hash, plan_hash: Hash) -> Vec<u8> {
        let plan: Option<DrawPlan> = serde_json::from_value(self.plan.clone()).ok();
        let roster: Option<InspectorRoster> = serde_json::from_value(self.roster.clone()).ok();
        match (plan, frame, roster) {
            (Some(plan), Some(frame), Some(roster)) if (1..=1000).contains(&plan.teams.count) => {
                let mut transcript: Transcript = run(&plan, &frame, &roster, seed);
                transcript.plan = plan_hash;
                mingchou::canon::json::to_record(&transcript)
            }
            _ => b"{}".to_vec(),
        }
    }

    /// The allocation again, for frames that were changed.
    fn allocate(mut self) -> Self {
        let bytes: Vec<u8> = self.frame.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect();
        let frame = Frame::parse(&bytes).expect("still a frame");
        let number = |value: &Value| value.as_u64().expect("a count");
        let strata =
            mingchou::draw::allocate(&frame, number(&self.plan["visits"]), number(&self.plan["min_per_stratum"])).expect("still enough visits");
        self.plan["strata"] = serde_json::to_value(strata).expect("plain");
        self.plan["frame"]["units"] = json!(frame.units().len());
        self
    }
}

/// Canonical JSON of any value: maps sorted, no blanks.
fn record(value: &Value) -> Vec<u8> {
    fn write(value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort();
                out.push('{');
                for (index, key) in keys.into_iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    out.push_str(&format!("{}:", Value::from(key.as_str())));
                    write(&map[key], out);
                }
                out.push('}');
            }
            Value::Array(list) => {
                out.push('[');
                for (index, item) in list.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    write(item, out);
                }
                out.push(']');
            }
            plain => out.push_str(&plain.to_string()),
        }
    }
    let mut out = String::new();
    write(value, &mut out);
    out.into_bytes()
}

/// The codes under which a bundle is refused; empty when it verifies.
fn refusal(files: &Files) -> String {
    let verdict = verify(files, &DRAW_ONLY);
    let failed = verdict.checks.iter().find(|check| !check.ok);
    failed.map_or_else(String::new, |check| format!("{} {}", check.code, check.refusal.as_ref().map_or("", |r| r.code)))
}

#[test]
fn a_resealed_bundle_that_breaks_nothing_verifies() {
    for name in crate::draw::VECTORS {
        assert_eq!(refusal(&Parts::open(name).allocate().seal()), "", "{name}");
    }
}

type Break = fn(&mut Parts);

/// Rule, vector, how it is broken, the check and refusal that must name it.
const PLAN_RULES: &[(&str, &str, Break, &str)] = &[
    ("protocol", "small", |p| p.plan["protocol"] = json!("mingchou/2"), "V03 plan_protocol"),
    ("attempt at least 1", "small", |p| p.plan["attempt"] = json!(0), "V03 plan_range"),
    ("attempt at most 99", "small", |p| p.plan["attempt"] = json!(100), "V03 plan_range"),
    ("visits at least 1", "small", |p| p.plan["visits"] = json!(0), "V03 plan_range"),
    ("visits at most 100 000", "small", |p| p.plan["visits"] = json!(100_001), "V03 plan_range"),
    ("at least one stratum", "small", |p| p.plan["strata"] = json!([]), "V03 plan_range"),
    ("a team at least", "small", |p| p.plan["teams"]["count"] = json!(0), "V03 plan_range"),
    ("at most 1 000 teams", "small", |p| p.plan["teams"]["count"] = json!(1001), "V03 plan_range"),
    ("bureau_per_team at least 1", "small", |p| p.plan["teams"]["bureau_per_team"] = json!(0), "V03 plan_range"),
    ("bureau_per_team at most 20", "small", |p| p.plan["teams"]["bureau_per_team"] = json!(21), "V03 plan_range"),
    ("discipline_per_team at most 20", "small", |p| p.plan["teams"]["discipline_per_team"] = json!(21), "V03 plan_range"),
    ("min_per_stratum at most 10 000", "small", |p| p.plan["min_per_stratum"] = json!(10_001), "V03 plan_range"),
    ("reserves_per_stratum at most 10 000", "small", |p| p.plan["reserves_per_stratum"] = json!(10_001), "V03 plan_range"),
    ("certain_limit at most half the visits", "small", |p| p.plan["certain_limit"] = json!(3), "V03 plan_range"),
    ("certain_limit at least the certain units", "edges", certain_below, "V07 plan_certain_limit"),
    ("no negative number", "small", |p| p.plan["certain_limit"] = json!(-1), "V02 record_malformed"),
    ("no fraction", "small", |p| p.plan["attempt"] = json!(1.5), "V02 record_malformed"),
    ("no unknown key", "small", |p| p.plan["remark"] = json!(""), "V02 record_malformed"),
    ("no missing key", "small", |p| drop(p.plan.as_object_mut().expect("object").remove("title")), "V02 record_malformed"),
    ("reporting needs its null", "small", |p| p.plan["reporting"] = json!([{"county": "410802"}]), "V02 record_not_canonical"),
    (
        "reporting ascends",
        "small",
        |p| p.plan["reporting"] = json!([{"county": "410803", "submission": null}, {"county": "410802", "submission": null}]),
        "V03 list_not_ascending",
    ),
    (
        "no county twice",
        "small",
        |p| p.plan["reporting"] = json!([{"county": "410802", "submission": null}, {"county": "410802", "submission": null}]),
        "V03 list_not_ascending",
    ),
    ("kind weekly or special", "small", |p| p.plan["kind"] = json!("daily"), "V02 record_malformed"),
    ("special from 1", "special", |p| p.plan["kind"] = json!("special-0"), "V02 record_malformed"),
    ("special to 9999", "special", |p| p.plan["kind"] = json!("special-10000"), "V02 record_malformed"),
    ("special without leading zero", "special", |p| p.plan["kind"] = json!("special-012"), "V02 record_malformed"),
    ("weekly parties are two", "small", |p| p.plan["parties"] = json!(["bureau"]), "V03 plan_weekly_parties"),
    ("weekly parties are these two", "small", |p| p.plan["parties"] = json!(["bureau", "province"]), "V03 plan_weekly_parties"),
    ("a special draw has the bureau", "special", |p| p.plan["parties"] = json!(["discipline"]), "V03 plan_special_parties"),
    ("parties ascend", "special", |p| p.plan["parties"] = json!(["discipline", "bureau"]), "V03 list_not_ascending"),
    ("at most five parties", "special", |p| p.plan["parties"] = json!(["bureau", "c", "d", "e", "f", "g"]), "V03 plan_range"),
    ("a party at least", "special", |p| p.plan["parties"] = json!([]), "V03 plan_range"),
    ("party codes", "special", |p| p.plan["parties"] = json!(["bureau", "市局"]), "V02 record_malformed"),
    ("weekly window begins on Monday", "small", |p| p.plan["window"] = json!(["2026-12-01", "2026-12-06"]), "V03 plan_window"),
    ("weekly window ends on Sunday", "small", |p| p.plan["window"] = json!(["2026-11-30", "2026-12-07"]), "V03 plan_window"),
    ("the window is the period's", "small", |p| p.plan["period"] = json!("2026-W50"), "V03 plan_window"),
    ("a special window is not backwards", "special", |p| p.plan["window"] = json!(["2023-09-20", "2023-09-19"]), "V03 plan_window"),
    ("a special window is at most 31 days", "special", |p| p.plan["window"] = json!(["2023-09-20", "2023-10-21"]), "V03 plan_window"),
    ("a special window begins in its period", "special", |p| p.plan["window"] = json!(["2023-09-25", "2023-10-20"]), "V03 plan_window"),
    ("frozen at most 14 days before", "small", |p| p.plan["frozen_at"] = json!("2026-11-15T23:59:59+08:00"), "V03 plan_frozen_early"),
    ("frozen before the public draw", "small", |p| p.plan["frozen_at"] = json!("2026-11-28T21:30:00+08:00"), "V03 plan_entropy_time"),
    ("the public draw before the window", "small", |p| p.plan["entropy"]["after"] = json!("2026-11-30T00:00:01+08:00"), "V03 plan_entropy_time"),
    (
        "a later attempt before the window's last day",
        "small",
        |p| {
            p.plan["attempt"] = json!(2);
            p.plan["entropy"]["after"] = json!("2026-12-06T00:00:01+08:00");
        },
        "V03 plan_entropy_time",
    ),
    ("a real time", "small", |p| p.plan["frozen_at"] = json!("2026-11-27T18:00:60+08:00"), "V02 record_malformed"),
    ("a real date", "small", |p| p.plan["window"] = json!(["2026-11-31", "2026-12-06"]), "V02 record_malformed"),
    ("a real week", "small", |p| p.plan["period"] = json!("2026-W54"), "V02 record_malformed"),
    ("a week that the year has", "small", |p| p.plan["period"] = json!("2025-W53"), "V02 record_malformed"),
    ("Beijing time only", "small", |p| p.plan["frozen_at"] = json!("2026-11-27T10:00:00+00:00"), "V02 record_malformed"),
    ("source known", "small", |p| p.plan["entropy"]["source"] = json!("3d"), "V03 entropy_source"),
    ("draw of the year or the next", "small", |p| p.plan["entropy"]["draw"] = json!("2025137"), "V03 entropy_draw_number"),
    ("draw number of three digits", "small", |p| p.plan["entropy"]["draw"] = json!("20261370"), "V03 entropy_draw_number"),
    ("drand round without leading zero", "special", |p| p.plan["entropy"]["draw"] = json!("0657413"), "V03 entropy_draw_number"),
    ("drand round not before after", "special", |p| p.plan["entropy"]["draw"] = json!("1"), "V03 entropy_round_early"),
    ("drand round at most 2^53", "special", |p| p.plan["entropy"]["draw"] = json!("9007199254740993"), "V03 entropy_draw_number"),
    ("title of 1 character at least", "small", |p| p.plan["title"] = json!(""), "V02 record_malformed"),
    ("title of 200 characters at most", "small", |p| p.plan["title"] = json!("抽".repeat(201)), "V02 record_malformed"),
    ("title in the repertoire", "small", |p| p.plan["title"] = json!("抽查\u{200B}"), "V02 record_malformed"),
    ("title in composed form", "small", |p| p.plan["title"] = json!("cafe\u{301}"), "V02 record_malformed"),
    ("model name is a code", "small", |p| p.plan["model"]["name"] = json!("-x"), "V02 record_malformed"),
    ("model hash of 64 digits", "small", |p| p.plan["model"]["sha256"] = json!("00"), "V02 record_malformed"),
    ("hex in lower case", "small", |p| p.plan["model"]["sha256"] = json!("AB".repeat(32)), "V02 record_malformed"),
    ("units counted", "small", |p| p.plan["frame"]["units"] = json!(10), "V07 value_differs"),
    (
        "allocation by the rule",
        "small",
        |p| {
            p.plan["strata"][0]["visits"] = json!(2);
            p.plan["strata"][1]["visits"] = json!(2);
        },
        "V07 plan_stratum",
    ),
    ("sizes add up", "small", |p| p.plan["strata"][0]["size"] = json!(1543), "V07 plan_stratum"),
    ("strata ordered", "small", |p| p.plan["strata"].as_array_mut().expect("list").swap(0, 1), "V07 plan_stratum"),
    ("every stratum named", "small", |p| drop(p.plan["strata"].as_array_mut().expect("list").pop()), "V07 value_differs"),
    (
        "fewer visits than strata need",
        "small",
        |p| {
            p.plan["visits"] = json!(1);
            p.plan["certain_limit"] = json!(0);
        },
        "V07 plan_too_few_visits",
    ),
];

fn certain_below(parts: &mut Parts) {
    parts.plan["certain_limit"] = json!(0);
    if !parts.frame.iter().any(|line| line.starts_with(r#"{"certain":true"#)) {
        parts.frame[0] = parts.frame[0].replace(r#""certain":false"#, r#""certain":true"#);
    }
}

#[test]
fn every_rule_of_the_plan_is_held() {
    for (rule, name, broken, expected) in PLAN_RULES {
        let mut parts = Parts::open(name);
        broken(&mut parts);
        assert_eq!(refusal(&parts.seal()), *expected, "{rule}");
    }
}

const FRAME_RULES: &[(&str, Break, &str)] = &[
    ("size at least 1", |p| set_size(p, 0), "V05 unit_size_range"),
    ("size at most 1 000 000", |p| set_size(p, 1_000_001), "V05 unit_size_range"),
    ("ascending units", |p| p.frame.swap(0, 1), "V05 frame_order"),
    ("no unit twice", |p| p.frame.insert(0, p.frame[0].clone()), "V05 frame_order"),
    ("a unit at least", |p| p.frame = vec![String::new()], "V05 unit_malformed"),
    ("no blank in a line", |p| p.frame[0] = p.frame[0].replace(':', ": "), "V05 unit_malformed"),
    ("no unknown key", |p| p.frame[0] = p.frame[0].replace('}', r#","x":1}"#), "V05 unit_malformed"),
    ("no carriage return", |p| p.frame[0].push('\r'), "V05 unit_malformed"),
    ("no other order of keys", |p| p.frame[0] = r#"{"unit":"a","certain":false}"#.into(), "V05 unit_malformed"),
    ("size without leading zero", |p| p.frame[0] = p.frame[0].replace(r#""size":"#, r#""size":0"#), "V05 unit_malformed"),
    ("size as a number", |p| p.frame[0] = p.frame[0].replace(r#""size":"#, r#""size":1."#), "V05 unit_malformed"),
    ("facts of 64 digits", |p| p.frame[0] = p.frame[0].replace(r#""facts":""#, r#""facts":"0"#), "V05 unit_malformed"),
    ("unit is a code", |p| p.frame[0] = p.frame[0].replace(r#""unit":"4"#, r#""unit":"班"#), "V05 code_malformed"),
    ("stratum is a code", |p| p.frame[0] = p.frame[0].replace(r#""stratum":"4"#, r#""stratum":"-"#), "V05 code_malformed"),
    ("lines of 512 bytes", |p| p.frame[0] = format!("{}{}", p.frame[0], " ".repeat(512)), "V05 frame_line_long"),
    ("frame key of 64 digits", |p| p.frame_key.truncate(63), "V06 secret_malformed"),
    ("frame key without newline", |p| p.frame_key.push('\n'), "V06 secret_malformed"),
];

fn set_size(parts: &mut Parts, size: u64) {
    let line = &parts.frame[0];
    let start = line.find(r#""size":"#).expect("a size") + 7;
    let end = start + line[start..].find(',').expect("an end");
    parts.frame[0] = format!("{}{size}{}", &line[..start], &line[end..]);
}

#[test]
fn every_rule_of_the_frame_is_held() {
    for (rule, broken, expected) in FRAME_RULES {
        let mut parts = Parts::open("small");
        broken(&mut parts);
        assert_eq!(refusal(&parts.seal()), *expected, "{rule}");
    }
}

const ROSTER_RULES: &[(&str, Break, &str)] = &[
    ("bureau ascends", |p| p.roster["bureau"].as_array_mut().expect("list").swap(0, 1), "V07 list_not_ascending"),
    ("discipline ascends", |p| p.roster["discipline"].as_array_mut().expect("list").swap(0, 1), "V07 list_not_ascending"),
    ("nobody twice", |p| p.roster["bureau"] = json!(["B01", "B01", "B02", "B03"]), "V07 list_not_ascending"),
    ("nobody in both lists", |p| p.roster["discipline"] = json!(["B01", "D01"]), "V07 roster_both_lists"),
    ("enough of the bureau", |p| p.roster["bureau"] = json!(["B01", "B02", "B03"]), "V07 roster_too_few"),
    ("enough of the discipline group", |p| p.roster["discipline"] = json!(["D01"]), "V07 roster_too_few"),
    ("recusals of listed people", |p| p.roster["recusals"] = json!([["X01", "410802-2026-0001"]]), "V07 recusal_unknown_inspector"),
    ("recusals of units of the frame", |p| p.roster["recusals"] = json!([["B01", "410899-2026-0001"]]), "V07 recusal_unknown_unit"),
    ("recusals ascend", |p| p.roster["recusals"] = json!([["B02", "410802-2026-0001"], ["B01", "410802-2026-0001"]]), "V07 list_not_ascending"),
    (
        "a team can be made for every unit",
        |p| p.roster["recusals"] = json!([["B01", "410802-2026-0001"], ["B02", "410802-2026-0001"], ["B03", "410802-2026-0001"]]),
        "V07 recusals_leave_no_team",
    ),
    (
        "also of the discipline group",
        |p| p.roster["recusals"] = json!([["D01", "410802-2026-0001"], ["D02", "410802-2026-0001"]]),
        "V07 recusals_leave_no_team",
    ),
    ("codes of inspectors", |p| p.roster["bureau"] = json!(["", "B01", "B02", "B03", "B04"]), "V04 record_malformed"),
    ("no unknown key", |p| p.roster["remark"] = json!(1), "V04 record_malformed"),
];

#[test]
fn every_rule_of_the_roster_is_held() {
    for (rule, broken, expected) in ROSTER_RULES {
        let mut parts = Parts::open("small");
        broken(&mut parts);
        assert_eq!(refusal(&parts.seal()), *expected, "{rule}");
    }
}

#[test]
fn public_values_have_one_form_each() {
    let texts = [
        ("small", "ssq/2026137/03 08 11 19 24 31+12", true),
        ("small", "ssq/2026137/03 08 11 19 24 34+12", false), // 34 of 33
        ("small", "ssq/2026137/03 08 11 19 24 31+17", false), // 17 of 16
        ("small", "ssq/2026137/03 08 11 19 31 24+12", false), // not ascending
        ("small", "ssq/2026137/03 08 11 19 24 24+12", false), // twice
        ("small", "ssq/2026137/3 08 11 19 24 31+12", false),
        ("small", "ssq/2026137/00 08 11 19 24 31+12", false),
        ("small", "ssq/2026137/03 08 11 19 24+12", false),
        ("small", "ssq/2026137/03  08 11 19 24 31+12", false),
        ("small", "ssq/2026137/03 08 11 19 24 31 + 12", false),
        ("small", "ssq/2026137/03 08 11 19 24 31+12 ", false),
        ("small", "ssq/2026138/03 08 11 19 24 31+12", false), // another draw
        ("small", "kl8/2026137/03 08 11 19 24 31+12", false),
        ("small", "ssq/2026137/０3 08 11 19 24 31+12", false),
    ];
    for (name, text, is_good) in texts {
        let mut parts = Parts::open(name);
        parts.ceremony["entropy"] = json!(text);
        assert_eq!(refusal(&parts.seal()).is_empty(), is_good, "{text}");
    }
}

#[test]
fn all_five_sources_are_read() {
    let kl8 = (1..=20).map(|n| format!("{n:02}")).collect::<Vec<_>>().join(" ");
    let good = [
        ("kl8", "2026316", format!("kl8/2026316/{kl8}")),
        ("kl8", "2027001", format!("kl8/2027001/{kl8}")),
        ("dlt", "26136", "dlt/26136/01 02 03 04 35+01 12".to_owned()),
        ("dice", "box-7", format!("dice/box-7/{}", "1234567890".repeat(4))),
    ];
    for (source, draw, text) in good {
        let mut parts = Parts::open("small");
        parts.plan["entropy"]["source"] = json!(source);
        parts.plan["entropy"]["draw"] = json!(draw);
        parts.ceremony["entropy"] = json!(text);
        assert_eq!(refusal(&parts.seal()), "", "{text}");
    }
    let bad = [
        ("dice", "box-7", format!("dice/box-7/{}", "1".repeat(38))),
        ("dice", "box-7", format!("dice/box-7/{}", "1".repeat(401))),
        ("dlt", "26136", "dlt/26136/01 02 03 04 36+01 12".to_owned()),
        ("kl8", "2026316", format!("kl8/2026316/{kl8} 21")),
    ];
    for (source, draw, text) in bad {
        let mut parts = Parts::open("small");
        parts.plan["entropy"]["source"] = json!(source);
        parts.plan["entropy"]["draw"] = json!(draw);
        parts.ceremony["entropy"] = json!(text);
        assert_eq!(refusal(&parts.seal()), "V10 entropy_value", "{text}");
    }
}

/// What someone changes in a published bundle without making the hashes good again, and what names it first.
#[test]
fn what_was_changed_is_named_first() {
    let changes: [(&str, Change, &str); 7] = [
        ("a size", |files| replace(files, "frame.jsonl", r#""size":921"#, r#""size":922"#), "V07 value_differs"),
        ("a unit removed", remove_unit, "V07 value_differs"),
        (
            "a byte of a nonce",
            |files| replace(files, "ceremony.json", r#""nonces":{"bureau":"8f"#, r#""nonces":{"bureau":"8e"#),
            "V09 commitment_differs",
        ),
        (
            "an assignment",
            |files| replace(files, "transcript.json", r#"{"team":2,"unit":"410802-2026-0001"}"#, r#"{"team":1,"unit":"410802-2026-0001"}"#),
            "V12 transcript_differs",
        ),
        (
            "a reserve promoted",
            |files| replace(files, "transcript.json", r#""selected":["410802-2026-0001"]"#, r#""selected":["410802-2026-0006"]"#),
            "V12 transcript_differs",
        ),
        ("the entropy text", |files| replace(files, "ceremony.json", "31+12", "31+13"), "V12 value_differs"),
        ("a transcript's spelling", |files| replace(files, "transcript.json", r#"{"assignments""#, r#"{ "assignments""#), "V11 record_not_canonical"),
    ];
    for (what, change, expected) in changes {
        let mut files = vector("small");
        change(&mut files);
        assert_eq!(refusal(&files), expected, "{what}");
    }
}

type Change = fn(&mut Files);

fn replace(files: &mut Files, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[name].clone()).expect("text");
    assert!(text.contains(from), "{name} has {from}");
    files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
}

fn remove_unit(files: &mut Files) {
    let text = String::from_utf8(files["frame.jsonl"].clone()).expect("text");
    let rest = text.split_once('\n').expect("lines").1.to_owned();
    files.insert("frame.jsonl".into(), rest.into_bytes());
}
