//! What is received about people, what is kept of it, what goes back, and what a cut-off act leaves.

use crate::office::{Bureau, Said, mingchou, text};
use mingchou::cli::Exit;
use polars::prelude::{Column, ParquetReader, SerReader};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

pub const AT: &str = "2026-11-27T15:00:00+08:00";
pub const WEEK: &str = "2026-W48";

/// A whole ID number of the fictional region with the check character that GB 11643 asks for.
pub fn id(born: &str, serial: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("410899{born}{serial:03}");
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

const NAMES: [&str; 4] = ["欧阳甲云", "司徒乙霞", "诸葛丙山", "皇甫丁河"];

/// Name, ID number, telephone.
type Trainee = (String, String, String);

fn people() -> Vec<Trainee> {
    let person = |at: usize| (NAMES[at].to_owned(), id("19900101", 11 + u32::try_from(at).unwrap_or(0) * 2), format!("100{:08}", 12_345_678 + at));
    (0..NAMES.len()).map(person).collect()
}

/// One county's week: ledger, timetable, and every document about people.
fn documents(bureau: &Bureau) -> BTreeMap<&'static str, String> {
    let people = people();
    let lines = |head: &str, line: &dyn Fn(usize, &Trainee) -> String| {
        let body: Vec<String> = people.iter().enumerate().map(|(at, person)| line(at, person)).collect();
        format!("{head}\n{}\n", body.join("\n"))
    };
    let contents = [
        ("台账.csv", "解放区台账 第48周,,,,,,,\n培训机构,班期,系统班级编号,工种,开班时间,结业时间,培训人数,是否录入系统\n甲学校,一期班,XT001,电工,2026-11-23,2026-12-11,4,是\n乙学校,二期班,,焊工,2026-11-23,2026-12-11,9,否\n".to_owned()),
        ("课程表.csv", "培训机构,班期,日期,上课时间,课程内容,授课教师\n甲学校,一期班,2026-11-30,8:30-11:30,安全用电,王某\n".to_owned()),
        ("花名册.csv", lines("培训机构,班期,姓名,性别,身份证号,联系电话,户籍地址", &|at, (name, id, phone)| format!("甲学校,一期班,{name},{},{id},{phone},示范镇{at}号院", if at % 2 == 0 { "男" } else { "女" }))),
        ("签到表.csv", lines("甲学校一期班签到表,,,\n序号,姓名,11月30日上午,11月30日下午", &|at, (name, _, _)| format!("{},{name},√,{}", at + 1, if at == 0 { "×" } else { "√" }))),
        ("比对.csv", lines("姓名,身份证号,比对结果", &|_, (name, id, _)| format!("{name},{id},未参保"))),
        ("导出.csv", lines("河南省职业培训信息管理系统导出,,,,\n系统班级编号,班级名称,姓名,身份证号,状态", &|at, (name, id, _)| if at == 3 { format!("XT001,一期班,另有其人,{},审核通过", crate::receive::id("19910101", 21)) } else { format!("XT001,一期班,{name},{id},审核通过") })),
        ("历史.csv", lines("姓名,身份证号,工种,补贴时间,补贴金额", &|_, (name, id, _)| format!("{name},{id},电工,2025-05-01,1200"))),
    ];
    contents
        .into_iter()
        .map(|(name, content)| {
            let path = bureau.path(name);
            fs::write(&path, content).expect("written");
            (name, path)
        })
        .collect()
}

pub fn receive(bureau: &Bureau, extra: &[&str]) -> Said {
    let documents = documents(bureau);
    let paths: Vec<&str> = documents.values().map(String::as_str).collect();
    bureau.at(AT, &[&["receive", "--week", WEEK, "--county", "410802"], extra, &paths].concat())
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() { found.extend(files_below(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

/// All texts of a Parquet file.
fn texts_of(path: &Path) -> String {
    let frame = ParquetReader::new(fs::File::open(path).expect("a file")).finish().expect("parquet");
    let texts = |column: &Column| column.str().map(|texts| texts.iter().flatten().collect::<Vec<_>>().join("\n")).unwrap_or_default();
    frame.columns().iter().map(texts).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_name_or_number_of_a_trainee_is_left_behind_or_let_out() {
    let bureau = Bureau::new();
    let back = bureau.path("back");
    let said = receive(&bureau, &["--back", &back]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let mut outputs = vec![said.out, said.err];
    let later = "2026-11-27T16:00:00+08:00";
    for args in [
        &["receive", "--week", WEEK, "--county", "410802", &bureau.path("花名册.csv"), "--json"][..],
        &["receive", "--week", WEEK, "--county", "410802", "--dry-run", &bureau.path("历史.csv"), "--json"],
        &["status", "--week", WEEK],
        &["status", "--week", WEEK, "--json"],
        &["score", "--week", WEEK, "--json"],
        &["explain", "410802-2026-0001", "--week", WEEK, "--json"],
        &["payable", "--week", WEEK],
        &["payable", "--week", WEEK, "--json"],
        &["due", "--week", WEEK],
        &["unframed", "--json"],
        &["fsck", "--json"],
    ] {
        let said = bureau.at(later, args);
        assert_eq!(said.exit, Exit::Done, "{args:?}: {}", said.err);
        outputs.extend([said.out, said.err]);
    }
    let mut secrets: Vec<String> = people().into_iter().flat_map(|(name, id, phone)| [name, id, phone]).collect();
    secrets.extend(["另有其人".to_owned(), "示范镇".to_owned(), id("19910101", 21)]);
    for secret in &secrets {
        for output in &outputs {
            assert!(!output.contains(secret), "{secret} in {output}");
        }
    }
    let mut facts = 0;
    for path in files_below(&bureau.data()).into_iter().chain(files_below(Path::new(&back))) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("标注_") {
            // The county's own workbook goes back to the county with what stood in it.
            continue;
        }
        let bytes = match fs::read(&path) {
            // SQLite takes its journal away when the last connection closes, which may be just now.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && (name.ends_with("-wal") || name.ends_with("-shm")) => continue,
            bytes => bytes.expect("a file"),
        };
        let texts = if name.ends_with(".parquet") {
            facts += 1;
            texts_of(&path)
        } else {
            String::new()
        };
        for secret in &secrets {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} in {}", path.display());
            assert!(!texts.contains(secret), "{secret} in {}", path.display());
        }
    }
    assert!(facts >= 6, "lessons and five kinds about people, found {facts}");
}

#[test]
fn what_cant_be_paid_is_listed_by_class_and_by_place_on_the_roster() {
    let bureau = Bureau::new();
    assert_eq!(receive(&bureau, &[]).exit, Exit::Done);
    let list = bureau.json(AT, &["payable", "--week", WEEK]);
    let entry = |entry: &Value| {
        (entry["class_name"].as_str().unwrap_or_default().to_owned(), entry["reason"].as_str().unwrap_or_default().to_owned(), entry["row"].as_u64())
    };
    let found: Vec<_> = list.as_array().expect("a list").iter().map(entry).collect();
    let trainee = ("一期班".to_owned(), "trainee_not_in_export".to_owned(), Some(5));
    assert_eq!(found, [trainee, ("二期班".to_owned(), "not_entered".to_owned(), None)]);
    let out = bureau.path("暂不予补贴.xlsx");
    assert_eq!(bureau.at(AT, &["payable", "--week", WEEK, "--out", &out]).exit, Exit::Done);
    assert!(fs::read(out).expect("a workbook").starts_with(b"PK"));
}

#[test]
fn a_receipt_is_checked_offline_and_a_changed_one_is_refused() {
    let bureau = Bureau::new();
    let back = bureau.path("back");
    assert_eq!(receive(&bureau, &["--back", &back]).exit, Exit::Done);
    let receipt = format!("{back}/回执.json");
    let good = fs::read_to_string(&receipt).expect("a receipt");
    // What a program reads is JSON and nothing else, also where files go back.
    let again = bureau.json(AT, &["receive", "--week", WEEK, "--county", "410802", "--back", &back, &bureau.path("台账.csv")]);
    assert_eq!(again["receipt"]["version"], 1);
    let ledger = bureau.path("台账.csv");
    assert_eq!(mingchou(&["verify", &receipt, "--against", &ledger]).exit, Exit::Done);
    let other = bureau.path("other.csv");
    fs::write(&other, "别的内容,1\n").expect("written");
    let said = mingchou(&["verify", &receipt, "--against", &other]);
    assert!(said.exit == Exit::Refused && said.out.contains("V63"), "{}", said.out);
    let value: Value = serde_json::from_str(&good).expect("json");
    let hash = value["documents"][0]["sha256"].as_str().expect("a hash");
    let changes = [
        (hash.to_owned(), hash.replace(['0', '1', '2'], "3")),
        ("\"rows\":2".to_owned(), "\"rows\":3".to_owned()),
        ("T15:00:00".to_owned(), "T14:00:00".to_owned()),
        ("\"version\":1".to_owned(), "\"version\":2".to_owned()),
        ("\"county\":\"410802\"".to_owned(), "\"county\":\"410803\"".to_owned()),
    ];
    for (from, to) in changes {
        // The first place is the receipt's own word, not the leaf's.
        fs::write(&receipt, good.replacen(&from, &to, 1)).expect("written");
        let said = mingchou(&["verify", &receipt]);
        assert!(said.exit == Exit::Refused && said.out.contains("V62"), "{from} → {to}: {}", said.out);
    }
}

#[test]
fn fsck_names_what_is_missing_or_altered_and_sweeps_only_what_nothing_names() {
    let bureau = Bureau::new();
    assert_eq!(receive(&bureau, &[]).exit, Exit::Done);
    let originals = bureau.data().join("originals");
    let stray = originals.join("0".repeat(64));
    fs::write(&stray, b"stray").expect("written");
    let report = bureau.json(AT, &["fsck", "--sweep"]);
    assert_eq!((report["ok"].as_bool(), report["orphans"].as_array().map(Vec::len), stray.exists()), (Some(true), Some(1), false));
    let rotated = bureau.at(AT, &["rotate"]);
    assert_eq!((rotated.exit, bureau.json(AT, &["fsck"])["ok"].as_bool()), (Exit::Done, Some(true)), "{}", rotated.err);
    for file in [
        fs::read_dir(&originals).expect("a folder").flatten().next().expect("an original").path(),
        files_below(&bureau.data().join("facts"))[0].clone(),
    ] {
        let good = fs::read(&file).expect("a file");
        let mut bad = good.clone();
        let last = bad.len() - 1;
        bad[last] ^= 1;
        fs::write(&file, bad).expect("written");
        let said = bureau.at(AT, &["fsck"]);
        assert_eq!(said.exit, Exit::Refused, "{}", said.out);
        fs::remove_file(&file).expect("removed");
        assert_eq!(bureau.at(AT, &["fsck", "--json"]).exit, Exit::Refused);
        fs::write(&file, good).expect("written");
    }
    assert_eq!(bureau.at(AT, &["fsck"]).exit, Exit::Done);
}

#[test]
fn a_told_header_is_remembered_shown_and_undone() {
    let bureau = Bureau::new();
    let path = bureau.path("台账.csv");
    fs::write(&path, "解放区台账,,,,\n培训机构,班期,学什么,开班时间,结业时间\n甲学校,一期班,电工,2026-11-23,2026-12-11\n").expect("written");
    let read = |at: &str| bureau.json(at, &["receive", "--week", WEEK, "--county", "410802", "--dry-run", &path]);
    let codes = |value: &Value| {
        value["findings"].as_array().expect("findings").iter().filter_map(|f| f["code"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert!(codes(&read(AT)).contains(&"D1021".to_owned()));
    let tell = ["mapping", "--county", "410802", "--kind", "ledger", "--header", "学什么", "--field", "occupation", "--by", "李科员"];
    assert_eq!(bureau.at(AT, &tell).exit, Exit::Done);
    let told = codes(&read(AT));
    assert!(told.contains(&"D1031".to_owned()) && !told.contains(&"D1021".to_owned()), "{told:?}");
    // Whoever looks at a document before sending it sees it read in the same way, and so does one without the option.
    for args in [&["read", "--week", WEEK, &path][..], &["receive", "--week", WEEK, "--dry-run", &path]] {
        assert!(codes(&bureau.json(AT, args)).contains(&"D1031".to_owned()), "{args:?}");
    }
    let unknown = bureau.at(AT, &[&tell[..8], &["occupatoin", "--by", "李科员"]].concat());
    assert!(unknown.exit == Exit::Refused && unknown.err.contains("occupation"), "{}", unknown.err);
    assert_eq!(bureau.at(AT, &["mapping", "--undo", "1"]).exit, Exit::Done);
    assert!(codes(&read(AT)).contains(&"D1021".to_owned()));
    assert_eq!(bureau.at(AT, &["mapping", "--undo", "1"]).exit, Exit::Refused);
    let shown = bureau.json(AT, &["mapping"]);
    assert_eq!((shown[0]["by"].as_str(), shown[0]["undone_at"].is_string()), (Some("李科员"), true));
}

#[test]
fn a_told_header_counts_for_exports_and_teaching_plans_of_applications() {
    let bureau = Bureau::new();
    let export = bureau.path("导出.csv");
    fs::write(&export, "河南省职业培训信息管理系统导出,,,,\n系统班级编号,甲方名号,班级名称,干什么,状态\nXT001,甲学校,一期班,电工,审核通过\n")
        .expect("written");
    let mapping = |kind: &str, header: &str, field: &str| {
        let said = bureau.at(AT, &["mapping", "--county", "410802", "--kind", kind, "--header", header, "--field", field, "--by", "李科员"]);
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
    };
    mapping("export", "甲方名号", "institution");
    mapping("export", "干什么", "occupation");
    let opened = bureau.at(AT, &["application", "import", "--export", &export, "--county", "410802"]);
    assert!(opened.exit == Exit::Done, "{}{}", opened.out, opened.err);
    let list = bureau.json(AT, &["application", "list"]);
    let text = list.to_string();
    assert!(text.contains("甲学校"), "{text}");
    let dossier = list[0]["dossier"].as_str().or(list[0]["application"]["dossier"].as_str()).expect("a dossier").to_owned();
    let plan = bureau.path("教学计划.csv");
    fs::write(&plan, "教学计划,,\n教些什么,理论课时,实操课时\n安全用电,4,4\n接线,8,16\n").expect("written");
    let give = ["application", "plan", &dossier, &plan, "--by", "李科员"];
    assert_eq!(bureau.at(AT, &give).exit, Exit::Unreadable);
    mapping("plan", "教些什么", "course");
    let said = bureau.at(AT, &give);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
}

#[test]
fn a_refused_export_is_told_why_and_not_by_a_note_of_the_reader() {
    let bureau = Bureau::new();
    let export = bureau.path("班级导出.csv");
    fs::write(
        &export,
        "班级编号,机构名称,班级名称,工种,等级,开班日期,结业日期,计划人数,学期\nXW1,甲学校,一期班,电工,五级,2026-11-16,2026-12-04,50,80\n",
    )
    .expect("written");
    let tell = ["mapping", "--county", "410802", "--kind", "export", "--header", "学期", "--field", "hours", "--by", "李科员"];
    assert_eq!(bureau.at(AT, &tell).exit, Exit::Done);
    let refused = bureau.at(AT, &["application", "import", "--export", &export, "--county", "410802"]);
    assert_eq!(refused.exit, Exit::Unreadable);
    assert!(refused.err.contains("expected was") && !refused.err.contains(['{', '@']), "{}", refused.err);
}

#[test]
fn every_finding_names_the_document_it_is_about() {
    let bureau = Bureau::new();
    documents(&bureau);
    // A second roster whose sheet has the same name, and a ledger on the sheet of that name too.
    fs::write(bureau.path("花名册2.csv"), "培训机构,班期,姓名,性别,身份证号\n丙学校,九期班,端木戊月,女,\n").expect("written");
    let paths: Vec<String> =
        ["台账.csv", "课程表.csv", "花名册.csv", "花名册2.csv", "签到表.csv", "导出.csv"].iter().map(|name| bureau.path(name)).collect();
    let args: Vec<&str> = ["receive", "--week", WEEK, "--county", "410802"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let said = bureau.json(AT, &args);
    let findings = said["findings"].as_array().expect("findings");
    let of = |code: &str| findings.iter().filter(|f| f["code"] == code).map(|f| f["file"].as_str().unwrap_or("")).collect::<Vec<_>>();
    assert!(findings.iter().all(|finding| finding["file"].as_str().is_some_and(|file| !file.is_empty())), "{findings:#?}");
    assert_eq!((of("T1302"), of("R1301")), (vec!["台账.csv"], vec!["花名册2.csv"]), "{findings:#?}");
    // A class that is gone stands in no row: its ledger is named.
    fs::write(bureau.path("台账.csv"), "解放区台账 第48周,,,\n培训机构,班期,工种,开班时间,结业时间\n甲学校,一期班,电工,2026-11-23,2026-12-11\n")
        .expect("written");
    let said = bureau.json("2026-11-27T16:00:00+08:00", &["receive", "--week", WEEK, "--county", "410802", &bureau.path("台账.csv")]);
    let gone = said["findings"].as_array().expect("findings").iter().find(|f| f["code"] == "L1320").expect("told");
    assert_eq!((gone["file"].as_str(), gone["sheet"].is_null()), (Some("台账.csv"), true));
}

#[test]
fn a_dry_run_keeps_nothing_and_a_zero_report_is_a_submission() {
    let bureau = Bureau::new();
    let before = bureau.state();
    assert_eq!(receive(&bureau, &["--dry-run"]).exit, Exit::Done);
    assert_eq!(bureau.state(), before);
    assert_eq!(bureau.at(AT, &["receive", "--week", WEEK, "--county", "410803"]).exit, Exit::Refused, "nothing and not said so");
    let said = bureau.at(AT, &["receive", "--week", WEEK, "--county", "410803", "--zero"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let ledger = documents(&bureau)["台账.csv"].clone();
    let refused = bureau.at(AT, &["receive", "--week", WEEK, "--county", "410802", "--zero", &ledger]);
    assert!(refused.exit == Exit::Refused && refused.err.contains("2 rows"), "{}", refused.err);
    let status = bureau.json(AT, &["status", "--week", WEEK]);
    let county = status["counties"].as_array().expect("counties").iter().find(|c| c["county"] == "410803").expect("the county");
    assert_eq!(county["state"], "on_time", "{county}");
}

/// How often a receiving process is killed; more by hand: MINGCHOU_KILLS=200.
fn kills() -> u64 {
    std::env::var("MINGCHOU_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

#[test]
fn a_killed_receive_is_wholly_there_or_wholly_absent() {
    let bureau = Bureau::new();
    let documents = documents(&bureau);
    let data = bureau.data();
    let command = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mingchou"));
        command.args(["--lang", "en", "--data", text(&data), "--at", AT]).args(args).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let (mut there, mut absent) = (0, 0);
    for round in 0..kills() {
        // Another ledger each time, so that there is always something to write.
        let ledger = &documents["台账.csv"];
        let content = fs::read_to_string(ledger).expect("a ledger");
        let line = format!("丙学校,{round}期,,电工,2026-11-23,2026-12-11,9,否\n");
        fs::write(ledger, content + &line).expect("written");
        let args: Vec<&str> = ["receive", "--week", WEEK, "--county", "410802"].into_iter().chain(documents.values().map(String::as_str)).collect();
        let mut child = command(&args).spawn().expect("the program");
        std::thread::sleep(Duration::from_millis((round * 97) % 1300));
        let _ = child.kill();
        child.wait().expect("ended");
        let report = bureau.json(AT, &["fsck"]);
        assert_eq!(report["ok"], true, "round {round}: {report}");
        let rows = bureau.json(AT, &["status", "--week", WEEK])["counties"][0]["rows"].as_u64().expect("rows");
        if rows == round + 3 { there += 1 } else { absent += 1 }
    }
    println!("killed {} times: {there} wholly there, {absent} wholly absent", kills());
    let said = bureau.at(AT, &["receive", "--week", WEEK, "--county", "410802", &documents["台账.csv"]]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    assert_eq!(bureau.json(AT, &["fsck", "--sweep"])["ok"], true);
}
