//! Applications from ledger to approval, reporting units that are only data, deadlines and punctuality.

use crate::ingest::root;
use crate::office::{Bureau, PLAN, Said};
use mingchou::canon::{Date, Time, Week};
use mingchou::checks::{check_plan, check_t1320_course_not_taught, check_t1321_course_not_planned, check_t1322_hours_differ};
use mingchou::cli::Exit;
use mingchou::domain::{ClockTime, DocumentKind, Lesson, PlanRow, Source};
use mingchou::i18n::find_sentence;
use mingchou::ops::application::{Decision, Outcome, PaperState, State, catalogue::Catalogue, computed::Computed};
use mingchou::ops::deadline::judge;
use mingchou::ops::rules::RULES;
use mingchou::store::submission::Submission;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const FRIDAY: &str = "2026-11-27T15:00:00+08:00";

fn done(said: &Said) -> &str {
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
    &said.out
}

fn refused(said: &Said, words: &str) {
    assert_ne!(said.exit, Exit::Done, "{}", said.out);
    assert!(said.err.contains(words), "{}", said.err);
}

/// An office with two counties' ledgers and a dossier for each of their classes.
fn with_applications() -> (Bureau, String) {
    let bureau = Bureau::new();
    bureau.receive_two(&[FRIDAY, FRIDAY]);
    let opened = bureau.json(FRIDAY, &["application", "import", "--week", "2026-W48"]);
    assert!(opened["new"].as_u64().is_some_and(|new| new > 5), "{opened}");
    let list = bureau.json(FRIDAY, &["application", "list"]);
    // One that opens after the week reported and has not been decided by the ledger.
    let open = list.as_array().expect("a list").iter().find(|line| line["opens_on"].as_str() > Some("2026-12-02"));
    let dossier = open.expect("a class that opens later")["dossier"].as_str().expect("a code").to_owned();
    (bureau, dossier)
}

fn decide(bureau: &Bureau, time: &str, dossier: &str, decision: &str, more: &[&str]) -> Said {
    bureau.at(time, &[&["application", "decide", dossier, "--decision", decision, "--by", "赵科长"], more].concat())
}

fn papers(bureau: &Bureau, time: &str, dossier: &str, more: &[&str]) -> Said {
    bureau.at(time, &[&["application", "paper", dossier, "--by", "钱办事员"], more].concat())
}

#[test]
fn ledgers_open_one_dossier_per_class_and_the_same_again_changes_nothing() {
    let (bureau, dossier) = with_applications();
    let again = bureau.json(FRIDAY, &["application", "import", "--week", "2026-W48"]);
    assert_eq!((again["new"].as_u64(), again["changed"].as_u64()), (Some(0), Some(0)));
    let list = bureau.json(FRIDAY, &["application", "list"]);
    assert!(list.to_string().contains("decided_ledger"), "the ledger's own review dates are told as such");
    let view = bureau.json(FRIDAY, &["application", "show", &dossier]);
    let unit = view["unit"].as_str().expect("its class has a unit code");
    assert_eq!(bureau.json(FRIDAY, &["application", "show", unit])["dossier"], view["dossier"]);
    // The ledger's telephone numbers and contacts stay in the ledger.
    let text = view.to_string();
    assert!(!text.contains("phone") && !text.contains("contact"), "{text}");
    refused(&bureau.at(FRIDAY, &["application", "import", "--week", "2026-W40"]), "no ledger");
    let both = ["application", "import", "--week", "2026-W48", "--export", "x.csv"];
    assert_eq!((bureau.at(FRIDAY, &both).exit, bureau.at(FRIDAY, &both[..2]).exit), (Exit::Usage, Exit::Usage));
    refused(&bureau.at(FRIDAY, &["application", "show", "410802-2026-A9999"]), "there is no application");
}

#[test]
fn an_application_goes_from_papers_to_approval_in_that_order() {
    let (bureau, dossier) = with_applications();
    let monday = "2026-11-30T09:00:00+08:00";
    refused(&decide(&bureau, monday, &dossier, "approved", &[]), "decide papers_passed first");
    refused(&decide(&bureau, monday, &dossier, "papers_passed", &[]), "required papers are missing");
    done(&papers(&bureau, monday, &dossier, &["--paper", "all"]));
    refused(&papers(&bureau, monday, &dossier, &["--paper", "venue", "--state", "sent_back"]), "needs reasons");
    done(&papers(&bureau, monday, &dossier, &["--paper", "场地证明", "--state", "sent_back", "--note", "租赁合同已过期"]));
    refused(&decide(&bureau, monday, &dossier, "papers_passed", &[]), "场地证明");
    refused(&decide(&bureau, monday, &dossier, "papers_sent_back", &[]), "needs reasons");
    done(&decide(&bureau, monday, &dossier, "papers_sent_back", &["--reason", "场地证明过期"]));
    assert_eq!(bureau.json(monday, &["application", "show", &dossier])["due"], Value::Null, "the clock stands still");
    done(&papers(&bureau, monday, &dossier, &["--paper", "venue"]));
    done(&decide(&bureau, monday, &dossier, "papers_passed", &[]));
    refused(&papers(&bureau, monday, &dossier, &["--paper", "venue", "--state", "missing"]), "decide papers_sent_back first");
    let view = bureau.json("2026-12-02T09:00:00+08:00", &["application", "show", &dossier]);
    assert_eq!(view["due"]["on"], "2026-12-07", "the fifth working day after Monday");
    assert_eq!((&view["due"]["left"], &view["due"]["counted_from"], &view["due"]["state"]), (&json!(3), &json!("papers"), &json!("running")));
    let late = bureau.json("2026-12-09T09:00:00+08:00", &["application", "show", &dossier]);
    assert_eq!((&late["due"]["left"], &late["due"]["state"]), (&json!(-2), &json!("overdue")));
    let overdue = bureau.json("2026-12-09T09:00:00+08:00", &["application", "list", "--overdue"]);
    assert!(overdue.as_array().is_some_and(|list| list.iter().any(|line| line["dossier"] == dossier.as_str())));
    refused(&decide(&bureau, "2026-12-02T09:00:00+08:00", &dossier, "refused", &[]), "needs reasons");
    done(&decide(&bureau, "2026-12-02T09:00:00+08:00", &dossier, "approved", &["--reason", "已核实"]));
    let same = decide(&bureau, "2026-12-02T10:00:00+08:00", &dossier, "approved", &["--reason", "已核实"]);
    assert!(done(&same).contains("nothing changed"), "{}", same.out);
    let view = bureau.json("2026-12-03T09:00:00+08:00", &["application", "show", &dossier]);
    assert_eq!((&view["state"], &view["due"]["state"]), (&json!("approved"), &json!("decided")));
    let decisions: Vec<&Value> = view["timeline"].as_array().expect("a story").iter().filter(|event| event["kind"] == "decision").collect();
    assert_eq!(
        decisions.iter().map(|d| d["about"].as_str().unwrap_or_default()).collect::<Vec<_>>(),
        ["papers_sent_back", "papers_passed", "approved"]
    );
    assert_eq!(decisions[2]["by"], "赵科长");
    // An approval is taken back by a further decision, with reasons; nothing is overwritten.
    refused(&decide(&bureau, "2026-12-03T09:00:00+08:00", &dossier, "refused", &[]), "needs reasons");
    done(&decide(&bureau, "2026-12-03T09:00:00+08:00", &dossier, "refused", &["--reason", "场地被查封"]));
    refused(&papers(&bureau, "2026-12-03T09:00:00+08:00", &dossier, &["--paper", "venue"]), "nothing more is written down");
}

#[test]
fn nobody_decides_nothing_and_no_day_is_in_the_future() {
    let (bureau, dossier) = with_applications();
    refused(&bureau.at(FRIDAY, &["application", "decide", &dossier, "--decision", "withdrawn", "--by", " ", "--reason", "x"]), "say who");
    refused(&bureau.at(FRIDAY, &["application", "decide", &dossier, "--decision", "maybe", "--by", "赵"]), "is not one of");
    refused(&decide(&bureau, FRIDAY, &dossier, "withdrawn", &["--reason", "x", "--on", "2026-11-28"]), "after today");
    refused(&papers(&bureau, FRIDAY, &dossier, &["--paper", "nonsense"]), "there is no paper");
    done(&decide(&bureau, FRIDAY, &dossier, "withdrawn", &["--reason", "联系 10012345678 号", "--on", "2026-11-26"]));
    let view = bureau.json(FRIDAY, &["application", "show", &dossier]);
    assert!(!view.to_string().contains("10012345678"), "a number that strayed into a reason is hidden");
    refused(&decide(&bureau, FRIDAY, &dossier, "papers_sent_back", &["--reason", "x", "--on", "2026-11-25"]), "before that of the decision before");
}

#[test]
fn a_failed_check_is_passed_over_only_with_reasons() {
    let bureau = Bureau::new();
    let file = bureau.path("application.json");
    let facts = json!({"institution": "晨星培训学校", "class_name": "GYB第1期", "applied_on": "2026-11-25", "opens_on": "2026-11-30", "ends_on": "2026-12-04", "hours": 16, "planned": 80});
    std::fs::write(&file, facts.to_string()).expect("written");
    let entered = bureau.json(FRIDAY, &["application", "import", "--file", &file, "--county", "410802", "--by", "孙"]);
    assert_eq!(entered["new"], 1);
    let dossier = "410802-2026-A0001";
    let view = bureau.json(FRIDAY, &["application", "show", dossier]);
    let outcome = |code: &str| view["computed"].as_array().expect("checks").iter().find(|c| c["code"] == code).expect("the check").clone();
    // Wednesday, Thursday, Friday: three working days.
    assert_eq!((&outcome("lead_days")["outcome"], &outcome("lead_days")["numbers"]["lead"]), (&json!("fail"), &json!("3")));
    assert_eq!((&outcome("minimum_hours")["outcome"], &outcome("minimum_hours")["is_advisory"]), (&json!("fail"), &json!(true)));
    assert_eq!(outcome("planned_range")["outcome"], "fail");
    assert_eq!(view["due"]["counted_from"], "receipt");
    assert_eq!(view["due"]["on"], "2026-12-02");
    done(&papers(&bureau, FRIDAY, dossier, &["--paper", "all"]));
    refused(&decide(&bureau, FRIDAY, dossier, "papers_passed", &[]), "lead_days");
    done(&decide(&bureau, FRIDAY, dossier, "papers_passed", &["--reason", "疫情停课补开"]));
    let check = |outcome: &str, more: &[&str]| {
        bureau.at(FRIDAY, &[&["application", "check", dossier, "--check", "identity", "--outcome", outcome, "--by", "孙"], more].concat())
    };
    refused(&check("fail", &[]), "needs reasons");
    done(&check("fail", &["--note", "两名学员待核"]));
    done(&check("pass", &["--note", "已核实"]));
    // The strict reading is chosen by a person and printed.
    done(&bureau.at(FRIDAY, &["rules", "--set", "lead_reading=strict", "--by", "李主任"]));
    let text = bureau.at(FRIDAY, &["application", "show", dossier]).out;
    assert!(text.contains("2 working days, 5 asked for (only days strictly between"), "{text}");
    refused(&bureau.at(FRIDAY, &["rules", "--set", "lead_reading=loose", "--by", "李主任"]), "is no reading");
    // Opened on the 30th and still not approved.
    let opened = bureau.json("2026-11-30T09:00:00+08:00", &["application", "show", dossier]);
    assert!(opened["failed"].as_array().is_some_and(|failed| failed.contains(&json!("opened_before_review"))), "{opened}");
}

#[test]
fn what_comes_after_hours_counts_as_the_next_working_day() {
    let (bureau, dossier) = with_applications();
    let evening = "2026-11-27T18:00:00+08:00";
    done(&papers(&bureau, evening, &dossier, &["--paper", "all"]));
    done(&decide(&bureau, evening, &dossier, "papers_passed", &["--reason", "齐全"]));
    let due = |bureau: &Bureau| bureau.json(evening, &["application", "show", &dossier])["due"]["on"].clone();
    assert_eq!(due(&bureau), "2026-12-07", "as of Monday the 30th");
    done(&bureau.at(evening, &["rules", "--set", "after_hours=same_day", "--by", "李主任"]));
    assert_eq!(due(&bureau), "2026-12-04", "as of Friday itself");
}

#[test]
fn an_export_opens_dossiers_and_keeps_nothing_of_trainees() {
    let bureau = Bureau::new();
    let file = bureau.path("export.csv");
    let rows = "系统班级编号,培训机构,班级名称,姓名,身份证号,开班日期,结业日期,审核状态\nX1,晨星培训学校,第3期,甲某,410899199001011234,2026-12-10,2026-12-20,待审核\nX1,晨星培训学校,第3期,乙某,410899199001021234,2026-12-10,2026-12-20,待审核\n";
    std::fs::write(&file, rows).expect("written");
    let opened = bureau.json(FRIDAY, &["application", "import", "--export", &file, "--county", "410803"]);
    assert_eq!(opened["new"], 1, "{opened}");
    let view = bureau.json(FRIDAY, &["application", "show", "410803-2026-A0001"]);
    assert_eq!(view["opens_on"], "2026-12-10");
    // The file too where there is one: what was taken out again would still stand in it.
    let (database, rows) = (std::fs::read(bureau.data().join("mingchou.db")).unwrap_or_default(), bureau.rows());
    assert!(rows.contains("晨星培训学校"));
    let has = |needle: &str| rows.contains(needle) || database.windows(needle.len()).any(|window| window == needle.as_bytes());
    assert!(!has("甲某") && !has("410899199001011234") && !view.to_string().contains("乙某"));
}

fn plan_row(course: &str, hours: i64, row: u32) -> PlanRow {
    PlanRow { course: Some(course.to_owned()), hours: Some(hours), source: Source { sheet: None, row }, ..PlanRow::default() }
}

fn lesson(course: &str, hours: Option<i64>, row: u32) -> Lesson {
    let time = |hour| ClockTime::from_hm(hour, 0);
    Lesson { course: Some(course.to_owned()), hours, start: time(8), end: time(11), row, ..Lesson::default() }
}

#[test]
fn a_timetable_is_held_against_the_teaching_plan() {
    let plan = [plan_row("面点制作", 8, 3), plan_row("食品安全", 4, 4), plan_row("职业道德", 2, 5)];
    let good = [lesson("面点制作（实操）", Some(8), 7), lesson("《食品安全》", None, 8), lesson("职业 道德", Some(2), 9)];
    assert!(check_plan(&plan, &good).is_empty(), "{:?}", check_plan(&plan, &good));
    let codes = |lessons: &[Lesson]| check_plan(&plan, lessons).iter().map(|f| (f.code, f.place.row)).collect::<Vec<_>>();
    assert_eq!(codes(&good[..2]), [("T1320", Some(5))]);
    assert_eq!(codes(&[good.to_vec(), vec![lesson("插花", Some(2), 10)]].concat()), [("T1321", Some(10))]);
    let short = [good[0].clone(), lesson("食品安全", Some(3), 8), good[2].clone()];
    assert_eq!(codes(&short), [("T1322", Some(4))]);
    assert!(check_plan(&[], &good).is_empty() && check_plan(&plan, &[]).is_empty(), "nothing is held against nothing");
    let huge = [plan_row("面点制作", i64::MAX, 1), plan_row("面点制作", i64::MAX, 2)];
    assert!(check_t1322_hours_differ(&huge, &good).is_empty());
    assert_eq!(check_t1320_course_not_taught(&huge, &good).len() + check_t1321_course_not_planned(&huge, &good).len(), 2);
}

#[test]
fn the_approved_plan_is_kept_and_compared() {
    let (bureau, dossier) = with_applications();
    let view = bureau.json(FRIDAY, &["application", "show", &dossier]);
    let file = bureau.path("教学计划.csv");
    let text = format!(
        "教学计划\n班期名称,课程名称,理论课时,实操课时,课时\n{0},从未排过的课程,2,0,2\n{0},另一门课程,2,2,4\n",
        view["class_name"].as_str().expect("a name")
    );
    std::fs::write(&file, text).expect("written");
    done(&bureau.at(FRIDAY, &["application", "plan", &dossier, &file, "--by", "孙"]));
    let view = bureau.json(FRIDAY, &["application", "show", &dossier]);
    let check = view["computed"].as_array().expect("checks").iter().find(|c| c["code"] == "plan_against_timetable").expect("it").clone();
    assert_eq!(check["outcome"], "fail", "{check}");
    assert_ne!(check["numbers"]["foreign"], "0");
}

fn submission(version: u64, at: &str, rows: u64) -> Submission {
    let county = mingchou::canon::Code::parse("410802").expect("a code");
    let week = Week::parse("2026-W48").expect("a week");
    Submission {
        county,
        week,
        version,
        at: Time::parse(at).expect("a time"),
        rows,
        salt: String::new(),
        leaf_index: version,
        lessons: None,
        is_zero: false,
    }
}

#[test]
fn a_county_stands_in_a_week_as_its_versions_say() {
    use DocumentKind::{Ledger, Timetable};
    let deadline = Time::parse("2026-11-27T17:30:00+08:00").ok();
    let (early, late) = (submission(1, "2026-11-27T10:00:00+08:00", 3), submission(2, "2026-11-27T18:00:00+08:00", 3));
    let both = || BTreeSet::from([Ledger, Timetable]);
    let ledger = || BTreeSet::from([Ledger]);
    let zero = submission(1, "2026-11-27T10:00:00+08:00", 0);
    let state = |versions: &[(&Submission, BTreeSet<DocumentKind>)]| judge(versions, deadline).state;
    assert_eq!(state(&[]), "missing");
    assert_eq!(state(&[(&early, both())]), "on_time");
    assert_eq!(state(&[(&late, both())]), "late");
    assert_eq!(state(&[(&early, ledger())]), "incomplete");
    assert_eq!(judge(&[(&early, ledger())], deadline).missing_documents, [Timetable]);
    assert_eq!(state(&[(&early, ledger()), (&late, both())]), "late", "complete only after the deadline");
    assert_eq!(state(&[(&zero, ledger())]), "on_time", "零报告 needs no timetable");
    let corrected = judge(&[(&early, both()), (&late, both())], deadline);
    assert_eq!((corrected.state, corrected.corrected_at), ("on_time", Some(late.at)));
    assert_eq!(judge(&[(&late, both())], deadline).corrected_at, None);
    assert_eq!(judge(&[(&late, both())], None).state, "on_time", "a week without a deadline has nobody late");
}

#[test]
fn due_says_who_is_awaited_and_whom_to_remind() {
    let bureau = Bureau::new();
    bureau.receive_two(&["2026-11-26T15:00:00+08:00", "2026-11-27T18:00:00+08:00"]);
    let morning = bureau.json("2026-11-26T09:30:00+08:00", &["due"]);
    assert_eq!((&morning["week"], &morning["is_past"], &morning["is_provisional"]), (&json!("2026-W48"), &json!(false), &json!(false)));
    let reminders: Vec<(&str, bool)> =
        morning["reminders"].as_array().expect("a list").iter().map(|r| (r["at"].as_str().unwrap_or_default(), r["is_due"] == true)).collect();
    assert_eq!(reminders, [("2026-11-26T09:00:00+08:00", true), ("2026-11-27T12:00:00+08:00", false)]);
    let noon = bureau.json("2026-11-27T13:00:00+08:00", &["due"]);
    assert_eq!(
        (&noon["reminders"][0]["is_due"], &noon["reminders"][1]["is_due"]),
        (&json!(false), &json!(true)),
        "the newest one stands for those before"
    );
    let evening = bureau.json("2026-11-27T19:00:00+08:00", &["due", "--week", "2026-W48"]);
    let state = |code: &str| evening["counties"].as_array().expect("a list").iter().find(|c| c["county"] == code).expect("it")["state"].clone();
    assert_eq!((state("410802"), state("410803"), state("410804")), (json!("on_time"), json!("late"), json!("missing")));
    assert_eq!(evening["reminders"][1]["is_due"], false, "nobody is reminded after the deadline");
    let text = bureau.at("2026-11-27T16:00:00+08:00", &["due"]).out;
    assert!(text.contains("1 hours left") && text.contains("remind"), "{text}");
    let provisional = bureau.json("2026-11-27T19:00:00+08:00", &["due", "--week", "2027-W10"]);
    assert_eq!(provisional["is_provisional"], true);
    // 2026-02-16 to 22 is Spring Festival: a week wholly off.
    let off = bureau.json("2026-11-27T19:00:00+08:00", &["due", "--week", "2026-W08"]);
    assert_eq!((&off["deadline"], &off["awaited"]), (&Value::Null, &json!([])));
}

#[test]
fn punctuality_counts_weeks_whose_deadline_has_passed() {
    let bureau = Bureau::new();
    bureau.receive_two(&["2026-11-26T15:00:00+08:00", "2026-11-27T18:00:00+08:00"]);
    let until = |time: &str, week: &str| bureau.json(time, &["punctuality", "--until", week]);
    assert_eq!(until("2026-11-27T17:00:00+08:00", "2026-W48")["weeks"], json!([]));
    let found = until("2026-12-05T09:00:00+08:00", "2026-W49");
    assert_eq!(found["weeks"], json!(["2026-W48", "2026-W49"]));
    let line = |code: &str| found["counties"].as_array().expect("a list").iter().find(|c| c["county"] == code).expect("it").clone();
    let counts = |code: &str| ["weeks_due", "on_time", "late", "missing", "share_permille"].map(|name| line(code)[name].as_u64().unwrap_or(9999));
    assert_eq!(counts("410802"), [2, 1, 0, 1, 500]);
    assert_eq!(counts("410803"), [2, 0, 1, 1, 0]);
    assert_eq!(counts("410804"), [2, 0, 0, 2, 0]);
}

const CITY_LEDGER: &str = "焦作市本级补贴性培训台账统计表,,,,,,,,,,\n填报单位：焦作市本级  填报日期：2026年11月27日,,,,,,,,,,\n序号,培训机构,班期,工种,等级,申报时间,审核时间,开班时间,结业时间,课时,计划人数\n1,云台技工学校,2026年第1期电工班,电工,五级,2026/11/16,2026/11/20,2026/11/25,2026/12/15,80,40\n2,云台技工学校,2026年第2期焊工班,焊工,五级,2026/11/16,2026/11/20,2026/11/26,2026/12/16,80,35\n";
const CITY_TIMETABLE: &str = "焦作市本级课程表,,,,,,\n培训机构,班期,日期,上课时间,课程内容,课时,授课教师\n云台技工学校,2026年第1期电工班,2026-12-01,08:30-11:45,电工基础,4,周一鸣\n云台技工学校,2026年第2期焊工班,2026-12-02,08:30-11:45,焊接工艺,4,吴启明\n";

#[test]
fn a_new_reporting_unit_is_data_and_flows_to_the_freeze() {
    let bureau = Bureau::new();
    for party in ["bureau", "discipline"] {
        bureau.register(party, "2026-11-20T10:00:00+08:00");
    }
    let (ledger, timetable) = (bureau.path("市本级台账统计表.csv"), bureau.path("市本级课程表.csv"));
    std::fs::write(&ledger, CITY_LEDGER).expect("written");
    std::fs::write(&timetable, CITY_TIMETABLE).expect("written");
    let receive = ["receive", "--week", "2026-W48", &ledger, &timetable];
    assert_ne!(bureau.at(FRIDAY, &receive).exit, Exit::Done, "nobody knows the unit yet");
    let add = ["unit", "add", "--county", "410800", "--name", "市本级", "--name-en", "City level", "--from", "2026-W48", "--by", "李主任"];
    done(&bureau.at(FRIDAY, &add));
    assert!(done(&bureau.at(FRIDAY, &add)).contains("nothing changed"));
    let received = bureau.json(FRIDAY, &receive);
    assert_eq!((&received["county"], &received["rows"]), (&json!("410800"), &json!(2)));
    let state = |time: &str, week: &str| {
        let status = bureau.json(time, &["status", "--week", week]);
        status["counties"].as_array().expect("a list").iter().find(|c| c["county"] == "410800").map(|c| c["state"].clone())
    };
    assert_eq!(state(FRIDAY, "2026-W48"), Some(json!("on_time")));
    assert_eq!(state(FRIDAY, "2026-W47"), None, "not due before it was added");
    bureau.receive_two(&[FRIDAY, FRIDAY]);
    bureau.freeze(PLAN, "2026-11-27T19:00:00+08:00", "slip.json");
    let score = bureau.json("2026-11-27T19:00:00+08:00", &["score", "--week", "2026-W48"]);
    let units: Vec<&str> = score["classes"].as_array().expect("classes").iter().filter_map(|class| class["unit"].as_str()).collect();
    assert_eq!(units.iter().filter(|unit| unit.starts_with("410800-2026-")).count(), 2);
    let plan = bureau.json("2026-11-27T19:00:00+08:00", &["freeze", "--week", "2026-W48", "--plan", &bureau.path("plan.toml")]);
    let has = |list: &str, name: &str| plan["plan"][list].as_array().expect("a list").iter().any(|entry| entry[name] == "410800");
    assert!(has("reporting", "county") && plan["plan"]["strata"].to_string().contains("410800"), "{plan}");
    // Retired it is no longer due, and stays known.
    done(&bureau.at("2026-11-30T09:00:00+08:00", &["unit", "retire", "--county", "410800", "--from", "2026-W49", "--by", "李主任"]));
    assert_eq!(state("2026-12-05T09:00:00+08:00", "2026-W49"), None);
    assert_eq!(state("2026-12-05T09:00:00+08:00", "2026-W48"), Some(json!("on_time")));
    let next = bureau.json("2026-12-05T09:00:00+08:00", &["score", "--week", "2026-W49"]);
    assert!(next.to_string().contains("410800-2026-0001"), "its running class stays in the frame");
    // Read knows the office's units, and a unit may come back.
    let read = bureau.json("2026-12-05T09:00:00+08:00", &["read", "--week", "2026-W48", &ledger]);
    assert_eq!(read["county"], "410800");
    let back = [&add[..8], &["--from", "2026-W51", "--by", "李主任"]].concat();
    done(&bureau.at("2026-12-05T09:00:00+08:00", &back));
    assert_eq!(state("2026-12-05T09:00:00+08:00", "2026-W50"), None);
    assert_eq!(state("2026-12-05T09:00:00+08:00", "2026-W51"), Some(json!("missing")));
}

#[test]
fn a_unit_takes_no_name_of_another() {
    let bureau = Bureau::new();
    let add = |name: &str, alias: &str| {
        bureau.at(FRIDAY, &["unit", "add", "--county", "410890", "--name", name, "--name-en", "Park", "--alias", alias, "--by", "李"])
    };
    refused(&add("经开区", "高新区"), "410871");
    refused(&add("山 阳 区", "园区"), "410811");
    refused(&add("区", "园区"), "2 to 40");
    done(&add("经开区", "经济技术开发区"));
    let change =
        ["unit", "change", "--county", "410871", "--name", "城乡一体化示范区", "--name-en", "Demonstration zone", "--alias", "示范区", "--by", "李"];
    done(&bureau.at(FRIDAY, &change));
    let list = bureau.json(FRIDAY, &["unit", "list"]);
    assert_eq!(list.as_array().map(Vec::len), Some(12));
    assert!(list.to_string().contains("经济技术开发区") && !list.to_string().contains("高新区"));
    refused(&bureau.at(FRIDAY, &["unit", "retire", "--county", "410899", "--by", "李"]), "there is no reporting unit");
    refused(&bureau.at(FRIDAY, &["unit", "add", "--county", "410898", "--by", "李"]), "--name");
}

#[test]
fn every_word_that_is_put_together_has_a_sentence() {
    let mut codes: Vec<String> = Vec::new();
    codes.extend(State::ALL.iter().map(|word| format!("state_{}", word.as_str())));
    codes.extend(Decision::ALL.iter().map(|word| format!("decision_{}", word.as_str())));
    codes.extend(PaperState::ALL.iter().map(|word| format!("paper_{}", word.as_str())));
    codes.extend(Outcome::ALL.iter().map(|word| format!("outcome_{}", word.as_str())));
    codes.extend(Computed::CODES.iter().flat_map(|code| [format!("computed_{code}"), format!("numbers_{code}")]));
    codes.extend(RULES.iter().map(|(name, _)| format!("rule_{name}")));
    codes.extend(
        ["running", "today", "overdue", "decided", "decided_late", "decided_ledger", "decided_late_ledger"].map(|state| format!("due_{state}")),
    );
    codes.extend(["ledger", "export", "entered"].map(|source| format!("event_{source}")));
    let missing: Vec<&String> = codes.iter().filter(|code| find_sentence(code).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn help_below_a_command_speaks_both_languages() {
    use mingchou::i18n::Lang;
    for (lang, other) in [(Lang::Zh, "Usage"), (Lang::En, "用法")] {
        let mut command = mingchou::cli::args::localised(lang);
        for sub in command.get_subcommands_mut().flat_map(clap::Command::get_subcommands_mut) {
            let text = sub.render_long_help().to_string();
            assert!(!text.contains(other) && !text.contains("[help_"), "{text}");
        }
    }
}

#[test]
fn the_list_of_papers_is_data_and_an_office_may_have_its_own() {
    let text = std::fs::read_to_string(root().join("data/papers.json")).expect("the list");
    let catalogue = Catalogue::parse(&text).expect("a catalogue");
    assert!(catalogue.required().count() >= 8 && catalogue.papers.iter().all(|paper| !paper.source.is_empty()));
    let (bureau, dossier) = with_applications();
    let own = json!({"papers": [{"code": "form", "name_zh": "申请表", "name_en": "Form", "required": true, "source": "local"}], "checks": []});
    std::fs::write(bureau.data().join("papers.json"), own.to_string()).expect("written");
    assert_eq!(bureau.json(FRIDAY, &["application", "show", &dossier])["papers_required"], 1);
    std::fs::write(bureau.data().join("papers.json"), "{").expect("written");
    let said = bureau.at(FRIDAY, &["application", "show", &dossier]);
    assert_eq!(said.exit, Exit::Unreadable, "{}", said.err);
}

#[test]
fn working_days_are_counted_either_way() {
    let calendar = mingchou::ops::init::default_calendar().expect("tables");
    let day = |text: &str| Date::parse(text).expect("a date");
    let left = |from: &str, to: &str| mingchou::ops::deadline::working_days_until(&calendar, day(from), day(to));
    assert_eq!(left("2026-11-27", "2026-11-30"), 1, "from Friday to Monday");
    assert_eq!(left("2026-11-27", "2026-11-27"), 0);
    assert_eq!(left("2026-11-30", "2026-11-27"), -1);
    assert_eq!(left("2026-09-30", "2026-10-09"), 2, "over the national holiday");
}
