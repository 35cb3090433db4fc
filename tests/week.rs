//! A whole week on the command line: the demonstration, acts repeated, and everything a person can get wrong.

use crate::ingest::root;
use mingchou::bundle::{Files, Options, verify, zip};
use mingchou::cli::verify::read_bundle;
use mingchou::cli::{Exit, run::run};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// What a command said and how it ended.
struct Said {
    exit: Exit,
    out: String,
    err: String,
}

fn mingchou(args: &[&str]) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["mingchou", "--lang", "en"].iter().chain(args).map(|arg| (*arg).to_owned()).collect();
    let exit = run(args, &mut out, &mut err);
    Said { exit, out: String::from_utf8(out).expect("text"), err: String::from_utf8(err).expect("text") }
}

/// One demonstration for all tests that only look at it.
fn demonstration() -> &'static Path {
    static FOLDER: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FOLDER.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("demo");
        let said = mingchou(&["demo", "--seed", "7", "--out", path.to_str().expect("utf-8")]);
        assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
        (folder, path)
    });
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("utf-8")
}

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
    change("the tree's size", "log/checkpoint", "\n2", "\n3", "V24");
    change("a salt", "log/openings.json", r#""salt":""#, r#""salt":"0"#, "V29");
    change("an opened nonce", "log/openings.json", r#""text":""#, r#""text":"0"#, "V30");
    change("the log's key", "log/keys.json", "demo.mingchou", "demo.mingchow", "V22");
    change("a commitment", "ceremony.json", r#""commitments":{"bureau":""#, r#""commitments":{"bureau":"0"#, "V08");
    change("a title", "plan.json", "演示", "实战", "V09");
    change("an inspector", "roster.json", "B12", "B13", "V07");
    for (what, files, check) in cases {
        let verdict = verify(&files, Options::default());
        let failed = verdict.checks.iter().find(|check| !check.ok).map(|check| check.code);
        assert_eq!(failed, Some(check), "{what}");
    }
}

#[test]
fn a_zip_has_one_layout() {
    let good = read_bundle(&demonstration().join("bundle")).expect("a bundle");
    let bytes = zip::write(&good).expect("a zip");
    assert_eq!(zip::read(&bytes).expect("readable"), good);
    for at in [0, 4, 6, 8, 10, 14, 18, 26, 28, bytes.len() - 1, bytes.len() - 22, bytes.len() - 30] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(zip::read(&changed).is_err(), "byte {at}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(zip::read(&longer).is_err());
    assert!(zip::read(&bytes[..bytes.len() - 1]).is_err());
    assert!(zip::read(b"PK\x03\x04").is_err());
}

/// An office of its own for tests that act, with a clock of the test's choosing.
struct Bureau {
    folder: TempDir,
}

impl Bureau {
    fn new() -> Self {
        let bureau = Self { folder: TempDir::new().expect("a temporary folder") };
        assert_eq!(bureau.at("2026-11-20T10:00:00+08:00", &["init", "--demonstration"]).exit, Exit::Done);
        bureau
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("utf-8").to_owned()
    }

    fn at(&self, time: &str, args: &[&str]) -> Said {
        let data = self.data();
        let mut all = vec!["--data", text(&data)];
        if args[0] != "init" {
            all.extend(["--at", time]);
        }
        all.extend(args);
        mingchou(&all)
    }

    fn json(&self, time: &str, args: &[&str]) -> serde_json::Value {
        let said = self.at(time, &[args, &["--json"]].concat());
        assert_eq!(said.exit, Exit::Done, "{args:?}: {}", said.err);
        serde_json::from_str(&said.out).expect("json")
    }

    /// Two counties of the sample, enough for a draw.
    fn receive_two(&self) {
        for (county, time) in [("410802", "2026-11-27T15:00:00+08:00"), ("410803", "2026-11-27T16:00:00+08:00")] {
            let folder = root().join("data/sample/2026-W48").join(county);
            let mut files: Vec<String> =
                std::fs::read_dir(folder).expect("sample").flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
            files.sort();
            let args: Vec<&str> = ["receive", "--week", "2026-W48"].into_iter().chain(files.iter().map(String::as_str)).collect();
            let said = self.at(time, &args);
            assert_eq!(said.exit, Exit::Done, "{}", said.err);
        }
    }

    fn write_plan(&self, text: &str) -> String {
        let path = self.path("plan.toml");
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Everything on disk and in the log that an act could have changed.
    fn state(&self) -> String {
        let status = self.at("2026-12-30T00:00:00+08:00", &["status", "--week", "2026-W48", "--json"]).out;
        let files = walk(&self.data()).into_iter().filter(|path| !path.contains("mingchou.db")).collect::<Vec<_>>().join("\n");
        status + &files
    }
}

fn walk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() { found.extend(walk(&entry.path())) } else { found.push(entry.path().display().to_string()) }
    }
    found.sort();
    found
}

const PLAN: &str = r#"
visits = 6
[teams]
count = 2
bureau_per_team = 2
discipline_per_team = 1
[entropy]
source = "ssq"
draw = "2026137"
after = "2026-11-29T21:15:00+08:00"
[inspectors]
bureau = ["B01", "B02", "B03", "B04"]
discipline = ["D01", "D02"]
"#;

#[test]
fn a_week_by_hand_is_refused_whatever_is_wrong_and_goes_through_what_is_right() {
    let bureau = Bureau::new();
    bureau.receive_two();
    let plan = bureau.write_plan(PLAN);
    let friday = "2026-11-27T19:00:00+08:00";

    // Before anything is frozen.
    let refused = |time: &str, args: &[&str], word: &str| {
        let before = bureau.state();
        let said = bureau.at(time, args);
        assert_ne!(said.exit, Exit::Done, "{args:?}");
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
        assert_eq!(said.out, "", "{args:?}");
        assert_eq!(bureau.state(), before, "{args:?} left the state as it was");
    };
    let hash = "0".repeat(64);
    refused(friday, &["commit", "--week", "2026-W48", "--party", "bureau", &hash], "not frozen");
    refused(friday, &["draw", "--week", "2026-W48"], "not frozen");
    refused("2026-11-27T17:29:00+08:00", &["freeze", "--week", "2026-W48", "--plan", &plan], "due by");
    refused(friday, &["freeze", "--week", "2026-W60", "--plan", &plan], "2026-W60");
    refused(friday, &["freeze", "--week", "2026-W48", "--plan", &bureau.path("none.toml")], "not there");
    for (from, to, word) in [
        ("visits = 6", "visits = 1", "at least 2"),
        ("visits = 6", "visits = \"6\"", "line 2"),
        ("visits = 6", "visits = 6\nextra = 1", "line 3"),
        ("count = 2", "count = 3", "too few inspectors"),
        ("2026-11-29T21:15", "2026-11-30T21:15", "public draw’s time"),
        ("2026137", "2025137", "no draw"),
        ("\"ssq\"", "\"3d\"", "unknown source"),
        ("[inspectors]", "[[recusals]]\ninspector = \"B01\"\nunit = \"410802-2026-9999\"\n[inspectors]", "not in the frame"),
        ("[inspectors]", "[[recusals]]\ninspector = \"B01\"\ninstitution = \"没有的学校\"\n[inspectors]", "没有的学校"),
    ] {
        let broken = bureau.write_plan(&PLAN.replacen(from, to, 1));
        refused(friday, &["freeze", "--week", "2026-W48", "--plan", &broken], word);
    }
    let recusals: String =
        ["B01", "B02", "B03"].iter().map(|i| format!("[[recusals]]\ninspector = \"{i}\"\nunit = \"410802-2026-0001\"\n")).collect();
    let broken = bureau.write_plan(&PLAN.replacen("[inspectors]", &format!("{recusals}[inspectors]"), 1));
    refused(friday, &["freeze", "--week", "2026-W48", "--plan", &broken], "leave no team for 410802-2026-0001");

    // The freeze, once and again.
    let plan = bureau.write_plan(PLAN);
    let frozen = bureau.json(friday, &["freeze", "--week", "2026-W48", "--plan", &plan]);
    let again = bureau.json("2026-11-27T19:05:00+08:00", &["freeze", "--week", "2026-W48", "--plan", &plan]);
    assert_eq!((&frozen["plan_hash"], frozen["new"].as_bool(), again["new"].as_bool()), (&again["plan_hash"], Some(true), Some(false)));
    let other = bureau.write_plan(&PLAN.replacen("visits = 6", "visits = 7", 1));
    refused("2026-11-27T19:06:00+08:00", &["freeze", "--week", "2026-W48", "--plan", &other], "another plan");

    // Nonces are made outside, commitments taken.
    let plan_hash = frozen["plan_hash"].as_str().expect("a hash").to_owned();
    refused(
        friday,
        &["nonce", "--party", "bureau", "--plan-hash", &plan_hash, "--out", text(&bureau.data().join("n"))],
        "can’t lie in the data folder",
    );
    let mut commitments = Vec::new();
    for party in ["bureau", "discipline"] {
        let file = bureau.path(&format!("{party}.nonce"));
        let made = bureau.json(friday, &["nonce", "--party", party, "--plan-hash", &plan_hash, "--out", &file]);
        commitments.push((party, made["commitment"].as_str().expect("a commitment").to_owned(), file));
    }
    refused(friday, &["nonce", "--party", "bureau", "--plan-hash", &plan_hash, "--out", &commitments[0].2], "is there already");
    let ssq = "03 08 11 19 24 31+12";
    let sunday = "2026-11-29T21:30:00+08:00";
    refused("2026-11-27T19:07:00+08:00", &["entropy", "--week", "2026-W48", ssq], "commitments are missing: bureau, discipline");
    refused("2026-11-27T19:07:00+08:00", &["commit", "--week", "2026-W48", "--party", "province", &hash], "not a party");
    refused("2026-11-29T21:15:00+08:00", &["commit", "--week", "2026-W48", "--party", "bureau", &commitments[0].1], "no commitment is taken");
    for (party, value, _) in &commitments {
        assert_eq!(bureau.json("2026-11-27T19:10:00+08:00", &["commit", "--week", "2026-W48", "--party", party, value])["new"], true);
        assert_eq!(bureau.json("2026-11-27T19:11:00+08:00", &["commit", "--week", "2026-W48", "--party", party, value])["new"], false);
    }
    refused("2026-11-27T19:12:00+08:00", &["commit", "--week", "2026-W48", "--party", "bureau", &hash], "commits once");

    // The public value.
    refused("2026-11-29T21:14:59+08:00", &["entropy", "--week", "2026-W48", ssq], "comes at");
    refused(sunday, &["entropy", "--week", "2026-W48", "ssq/2026138/03 08 11 19 24 31+12"], "another draw");
    refused(sunday, &["entropy", "--week", "2026-W48", "3 8 11 19 24 31+12"], "not a result");
    refused(sunday, &["reveal", "--week", "2026-W48", "--party", "bureau", &commitments[0].2], "has not been entered");
    assert_eq!(bureau.json(sunday, &["entropy", "--week", "2026-W48", ssq])["new"], true);
    refused(sunday, &["entropy", "--week", "2026-W48", "03 08 11 19 24 31+11"], "another value");

    // Reveals and the draw.
    let monday = "2026-11-30T08:30:00+08:00";
    refused(monday, &["reveal", "--week", "2026-W48", "--party", "bureau", &commitments[1].2], "does not match the commitment");
    refused(monday, &["draw", "--week", "2026-W48"], "nonces are missing: bureau, discipline");
    for (party, _, file) in &commitments {
        assert_eq!(bureau.json(monday, &["reveal", "--week", "2026-W48", "--party", party, file])["new"], true);
        assert_eq!(bureau.json(monday, &["reveal", "--week", "2026-W48", "--party", party, file])["new"], false);
    }
    refused(monday, &["list", "--week", "2026-W48", "--out", &bureau.path("list.xlsx")], "not drawn");
    refused("2026-11-30T08:29:59+08:00", &["draw", "--week", "2026-W48"], "clock");
    let drawn = bureau.json(monday, &["draw", "--week", "2026-W48"]);
    assert_eq!(bureau.json(monday, &["draw", "--week", "2026-W48"])["transcript"], drawn["transcript"]);
    assert_eq!(drawn["transcript"]["assignments"].as_array().map(Vec::len), Some(6));

    // Publication, after the window only, always the same.
    refused("2026-12-06T23:59:59+08:00", &["publish", "--week", "2026-W48", "--out", &bureau.path("early")], "window closes");
    let (folder, file) = (bureau.path("bundle"), bureau.path("bundle.zip"));
    for out in [&folder, &file] {
        assert_eq!(bureau.at("2026-12-07T09:00:00+08:00", &["publish", "--week", "2026-W48", "--out", out]).exit, Exit::Done);
    }
    assert_eq!(read_bundle(Path::new(&folder)), read_bundle(Path::new(&file)));
    assert_eq!(mingchou(&["verify", &folder]).exit, Exit::Done);
}

#[test]
fn receiving_is_idempotent_versioned_and_refuses_what_is_not_this_weeks() {
    let bureau = Bureau::new();
    bureau.receive_two();
    let before = bureau.state();
    bureau.receive_two_again();
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
    let roster = bureau.path("花名册.csv");
    std::fs::write(&roster, "姓名,性别,身份证号,联系电话\n甲某,男,410899200001010016,10000000001\n").expect("written");
    refused(&["receive", "--week", "2026-W48", "--county", "410802", &roster], Exit::Refused, "roster");
    let said = bureau.at(time, &["receive", "--week", "2026-W48", &ledger, "--json"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
}

impl Bureau {
    fn receive_two_again(&self) {
        self.receive_two_at(&["2026-11-27T16:10:00+08:00", "2026-11-27T16:20:00+08:00"]);
    }

    fn receive_two_at(&self, times: &[&str; 2]) {
        for (county, time) in ["410802", "410803"].iter().zip(times) {
            let folder = root().join("data/sample/2026-W48").join(county);
            let mut files: Vec<String> =
                std::fs::read_dir(folder).expect("sample").flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
            files.sort();
            let args: Vec<&str> = ["receive", "--week", "2026-W48"].into_iter().chain(files.iter().map(String::as_str)).collect();
            assert_eq!(self.at(time, &args).exit, Exit::Done);
        }
    }
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
    assert!(zh(&["nonsense"]).contains("不认识的命令"));
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
