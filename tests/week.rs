//! A whole week on the command line: the demonstration, acts repeated, and everything a person can get wrong.

use crate::ingest::root;
use crate::office::{Bureau, demonstration, mingchou, text, walk};
use mingchou::bundle::{Files, Options, verify, zip};
use mingchou::cli::verify::read_bundle;
use mingchou::cli::{Exit, run::run};
use tempfile::TempDir;

#[test]
fn the_demonstration_ends_in_a_bundle_that_verifies() {
    let said = mingchou(&["verify", text(&demonstration().join("bundle")), text(&demonstration().join("bundle.zip"))]);
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    let list = std::fs::read(demonstration().join("list.xlsx")).expect("the list");
    assert!(list.starts_with(b"PK"));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_another_list() {
    let folder = TempDir::new().expect("a temporary folder");
    let (again, other) = (folder.path().join("again"), folder.path().join("other"));
    assert_eq!(mingchou(&["demo", "--seed", "7", "--out", text(&again)]).exit, Exit::Done);
    assert_eq!(mingchou(&["demo", "--seed", "8", "--out", text(&other)]).exit, Exit::Done);
    let first = read_bundle(&demonstration().join("bundle")).expect("a bundle");
    assert_eq!(first, read_bundle(&again.join("bundle")).expect("a bundle"));
    for name in ["bundle.zip", "list.xlsx"] {
        assert_eq!(std::fs::read(demonstration().join(name)).expect("there"), std::fs::read(again.join(name)).expect("there"), "{name}");
    }
    let other = read_bundle(&other.join("bundle")).expect("a bundle");
    assert_ne!(first["transcript.json"], other["transcript.json"]);
}

#[test]
fn a_frame_holds_silent_counties_and_dropped_classes() {
    let data = demonstration().join("data");
    let said = mingchou(&["score", "--data", text(&data), "--at", "2026-12-07T10:00:00+08:00", "--week", "2026-W48", "--json"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let json: serde_json::Value = serde_json::from_str(&said.out).expect("json");
    let flags = json["flags"].as_object().expect("flags");
    let with = |flag: &str| flags.values().filter(|list| list.as_array().is_some_and(|list| list.iter().any(|f| f == flag))).count();
    assert!(with("silent_county") >= 10, "the classes of the county that sent nothing stay");
    assert_eq!(with("dropped_from_ledger"), 2, "both classes that vanished from a ledger stay");
    assert!(with("no_timetable") >= 3, "a missing timetable is no shelter");
    assert_eq!(json["left_out"].as_array().map(Vec::len), Some(2), "only a timetable without a lesson in the window leaves a class out");
}

/// Bundles of the demonstration with one thing changed, and the check that must notice.
#[test]
fn a_changed_log_or_a_changed_draw_is_noticed() {
    let good = read_bundle(&demonstration().join("bundle")).expect("a bundle");
    let mut cases: Vec<(&str, Files, &str)> = Vec::new();
    let mut change = |what: &'static str, name: &str, from: &str, to: &str, check: &'static str| {
        let mut files = good.clone();
        let text = String::from_utf8(files[name].clone()).expect("text");
        assert!(text.contains(from), "{what}");
        files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
        cases.push((what, files, check));
    };
    change("a leaf's time", "log/leaves.jsonl", "T19:10:00", "T19:10:01", "V24");
    change("a leaf removed", "log/leaves.jsonl", "\n", "", "V24");
    change("the tree's size", "log/checkpoint", "\n3", "\n4", "V24");
    change("a salt", "log/openings.json", r#""salt":""#, r#""salt":"0"#, "V30");
    change("an opened nonce", "log/openings.json", r#""text":""#, r#""text":"0"#, "V31");
    change("the log's key", "log/keys.json", "demo.mingchou", "demo.mingchow", "V22");
    change("a commitment", "ceremony.json", r#""commitments":{"bureau":""#, r#""commitments":{"bureau":"0"#, "V08");
    change("a title", "plan.json", "演示", "实战", "V09");
    change("an inspector", "roster.json", "B12", "B13", "V07");
    for (what, files, check) in cases {
        let verdict = verify(&files, &Options::default());
        let failed = verdict.checks.iter().find(|check| !check.ok).map(|check| check.code);
        assert_eq!(failed, Some(check), "{what}");
    }
}

#[test]
fn a_zip_has_one_layout() {
    let good = read_bundle(&demonstration().join("bundle")).expect("a bundle");
    let bytes = zip::write(&good).expect("a zip");
    assert_eq!(zip::read(bytes.as_slice()).expect("readable"), good);
    for at in [0, 4, 6, 8, 10, 14, 18, 26, 28, bytes.len() - 1, bytes.len() - 22, bytes.len() - 30] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(zip::read(changed.as_slice()).is_err(), "byte {at}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(zip::read(longer.as_slice()).is_err());
    assert!(zip::read(&bytes[..bytes.len() - 1]).is_err());
    assert!(zip::read(&b"PK\x03\x04"[..]).is_err());
}

#[test]
fn receiving_is_idempotent_versioned_and_refuses_what_is_not_this_weeks() {
    let bureau = Bureau::new();
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    let before = bureau.state();
    bureau.receive_two(&["2026-11-27T16:10:00+08:00", "2026-11-27T16:20:00+08:00"]);
    assert_eq!(bureau.state(), before, "the same files again change nothing");
    let time = "2026-11-27T16:30:00+08:00";
    let refused = |args: &[&str], exit: Exit, word: &str| {
        let said = bureau.at(time, args);
        assert_eq!(said.exit, exit, "{args:?}: {}", said.err);
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
        assert_eq!(bureau.state(), before, "{args:?}");
    };
    let sample = |name: &str| root().join("data/sample").join(name).to_string_lossy().into_owned();
    let ledger = sample("2026-W48/410804/马村区台账统计表.csv");
    refused(&["receive", "--week", "2026-W48", &bureau.path("none.xlsx")], Exit::Unreadable, "not there");
    refused(&["receive", "--week", "2026-48", &ledger], Exit::Usage, "ISO week");
    refused(&["receive", "--week", "2026-W48", "--county", "410999", &ledger], Exit::Refused, "no reporting unit");
    refused(&["receive", "--week", "2026-W48", "--county", "410802", &ledger], Exit::Refused, "send them apart");
    let broken = bureau.path("broken.xlsx");
    std::fs::write(&broken, b"PK\x03\x04 not a workbook").expect("written");
    refused(&["receive", "--week", "2026-W48", "--county", "410804", &broken], Exit::Unreadable, "can't be opened");
    let csv = bureau.path("解放区.csv");
    std::fs::write(&csv, "解放区台账 第46周,,,\n培训机构,班期,工种,开班时间\n甲学校,一期,电工,2026-11-02\n").expect("written");
    refused(&["receive", "--week", "2026-W48", &csv], Exit::Refused, "2026-W46");
    let said = bureau.at(time, &["receive", "--week", "2026-W48", &ledger, "--json"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
}

#[test]
fn only_a_demonstration_folder_lets_the_clock_be_set() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("data");
    assert_eq!(mingchou(&["--data", text(&data), "init"]).exit, Exit::Done);
    let said = mingchou(&["--data", text(&data), "--at", "2026-11-27T19:00:00+08:00", "status", "--week", "2026-W48"]);
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.err.contains("--demonstration"), "{}", said.err);
    assert_eq!(mingchou(&["--data", text(&data), "status", "--week", "2026-W48"]).exit, Exit::Done);
    assert_eq!(mingchou(&["--data", text(&folder.path().join("none")), "status", "--week", "2026-W48"]).exit, Exit::Refused);
}

#[test]
fn wrong_usage_says_so_in_the_language_and_exits_2() {
    for args in [&["receive"][..], &["nonsense"], &["status", "--week"], &["status", "--colour", "red"], &[]] {
        let said = mingchou(args);
        assert_eq!(said.exit, Exit::Usage, "{args:?}");
        assert!(!said.err.is_empty(), "{args:?}");
    }
    let zh = |args: &[&str]| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = ["mingchou", "--lang", "zh"].iter().chain(args).map(|arg| (*arg).to_owned()).collect();
        run(args, &mut out, &mut err);
        String::from_utf8(err).expect("text")
    };
    assert!(zh(&["nonsense"]).contains("无法识别的命令"));
}

#[test]
fn libreoffice_opens_the_list_and_shows_every_visit() {
    let folder = TempDir::new().expect("a temporary folder");
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let mut command = std::process::Command::new("soffice");
    command.args([
        &profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1",
        "--outdir",
    ]);
    let output = command.arg(folder.path()).arg(demonstration().join("list.xlsx")).output().expect("scripts/test installs LibreOffice");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let name = walk(folder.path()).into_iter().find(|path| path.ends_with(".csv")).expect("a csv");
    let shown = std::fs::read_to_string(name).expect("text");
    let transcript: serde_json::Value =
        serde_json::from_slice(&std::fs::read(demonstration().join("bundle/transcript.json")).expect("there")).expect("json");
    let assignments = transcript["assignments"].as_array().expect("a list");
    assert_eq!(assignments.len(), 22);
    for assignment in assignments {
        assert!(shown.contains(assignment["unit"].as_str().expect("a code")), "{assignment}");
    }
    assert!(shown.contains("演示"));
}

#[test]
fn files_are_written_where_one_stands() {
    // By the program itself, for a test must not change the folder that all tests stand in.
    let folder = TempDir::new().expect("a temporary folder");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mingchou"));
    command.current_dir(folder.path()).args(["--lang", "en", "key", "--party", "bureau", "--out", "bureau.key"]);
    let output = command.output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("bureau.act.json").is_file());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path().join("bureau.key")).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else may read a key");
    }
}
