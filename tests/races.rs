//! Two processes at one database, on every act at once: one outcome, one leaf, and whoever comes second gets the earlier
//! answer or a refusal that says why. On SQLite, and on PostgreSQL where the tests run on it.

use crate::database::{self, Database};
use crate::ingest::root;
use crate::office::{Bureau, PLAN, text};
use mingchou::canon::Time;
use mingchou::domain::Role;
use mingchou::ops::Office;
use mingchou::ops::account::{NewAccount, set_up};
use serde_json::Value;
use std::process::{Command, Output, Stdio};

const FRIDAY: &str = "2026-11-27T15:00:00+08:00";
const EVENING: &str = "2026-11-27T19:10:00+08:00";
const MONDAY: &str = "2026-11-30T08:30:00+08:00";

fn command(bureau: &Bureau, time: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mingchou"));
    command.args(["--lang", "en", "--data", text(&bureau.data()), "--at", time]).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Each command in a process of its own, all at once.
fn race(bureau: &Bureau, time: &str, commands: &[Vec<&str>]) -> Vec<Output> {
    let children: Vec<_> = commands.iter().map(|args| command(bureau, time, args).spawn().expect("the program")).collect();
    children.into_iter().map(|child| child.wait_with_output().expect("ended")).collect()
}

fn shown(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The same act twice at once: both are told the same, and one of them did it.
fn race_same(bureau: &Bureau, time: &str, args: &[&str]) -> Vec<Value> {
    let args = [args, &["--json"]].concat();
    let outputs = race(bureau, time, &[args.clone(), args.clone()]);
    let answers: Vec<Value> = outputs
        .iter()
        .map(|output| {
            assert!(output.status.success(), "{args:?}: {}", shown(output));
            serde_json::from_slice(&output.stdout).expect("json")
        })
        .collect();
    let news = answers.iter().filter(|answer| answer["new"] == true).count();
    assert_eq!(news, 1, "{args:?}: {answers:#?}");
    answers
}

fn leaves(bureau: &Bureau) -> i64 {
    let report = bureau.json("2026-12-30T00:00:00+08:00", &["fsck"]);
    assert_eq!(report["ok"], true, "{report}");
    database::wait(database::number(&bureau.url(), "select cast(count(*) as bigint) from leaf"))
}

fn sample(county: &str) -> Vec<String> {
    let folder = root().join("data/sample/2026-W48").join(county);
    let mut files: Vec<String> = std::fs::read_dir(folder).expect("sample").flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
    files.sort();
    files
}

fn receive(files: &[String]) -> Vec<&str> {
    ["receive", "--week", "2026-W48"].into_iter().chain(files.iter().map(String::as_str)).collect()
}

#[test]
fn two_processes_at_every_act_of_a_week_leave_one_of_each() {
    let bureau = Bureau::new();
    for party in ["bureau", "discipline"] {
        let key = bureau.path(&format!("{party}.key"));
        assert_eq!(crate::office::mingchou(&["key", "--party", party, "--out", &key]).exit, mingchou::cli::Exit::Done);
        race_same(&bureau, FRIDAY, &["enter", &bureau.path(&format!("{party}.act.json"))]);
    }
    let both: Vec<Value> = ["410802", "410803"].iter().flat_map(|county| race_same(&bureau, FRIDAY, &receive(&sample(county)))).collect();
    assert_eq!((&both[0]["leaf"], &both[2]["leaf"]), (&both[1]["leaf"], &both[3]["leaf"]), "both are told of the same version");
    assert_eq!(leaves(&bureau), 4);

    let (plan, slip) = (bureau.write_plan(PLAN), bureau.path("slip.json"));
    let frozen = race_same(&bureau, "2026-11-27T19:00:00+08:00", &["freeze", "--week", "2026-W48", "--plan", &plan, "--slip", &slip]);
    assert_eq!(frozen[0]["plan_hash"], frozen[1]["plan_hash"]);
    let (mut nonces, parties) = (Vec::new(), ["bureau", "discipline"]);
    for party in parties {
        let (nonce, act) = bureau.nonce(party, &slip, &format!("one-{party}"));
        race_same(&bureau, EVENING, &["commit", &act]);
        nonces.push(nonce);
    }
    let value = "03 08 11 19 24 31+12";
    let typed = parties.map(|party| bureau.act(&format!("entropy-{party}.json"), &slip, &["entropy", "--value", value], &[party]));
    race_same(&bureau, MONDAY, &["entropy", &typed[0], &typed[1]]);
    for (party, nonce) in parties.iter().zip(&nonces) {
        let reveal = bureau.act(&format!("reveal-{party}.json"), &slip, &["reveal", "--party", party, "--nonce", nonce], &[party]);
        race_same(&bureau, MONDAY, &["reveal", &reveal]);
    }
    let drawn = race_same(&bureau, MONDAY, &["draw", "--week", "2026-W48"]);
    assert_eq!(drawn[0]["transcript"], drawn[1]["transcript"]);
    let void = bureau.act("void.json", &slip, &["void", "--reason", "名单泄露"], &parties);
    race_same(&bureau, MONDAY, &["void", &void]);
    // Two keys, two submissions, plan, two commitments, public value, two reveals, draw, void.
    assert_eq!(leaves(&bureau), 12);
}

#[test]
fn two_processes_with_different_documents_make_two_versions_and_two_voids_one() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let before = leaves(&bureau);
    let ledger = |name: &str, class: &str| {
        let path = bureau.path(name);
        let body = format!("中站区台账 第48周,,,,\n培训机构,班期,工种,开班时间,结业时间\n甲学校,{class},电工,2026-11-23,2026-12-11\n");
        std::fs::write(&path, body).expect("written");
        path
    };
    let (one, two) = (ledger("one.csv", "一期"), ledger("two.csv", "二期"));
    let args = |path| vec!["receive", "--week", "2026-W48", "--county", "410803", path, "--json"];
    let outputs = race(&bureau, "2026-11-27T19:20:00+08:00", &[args(&one), args(&two)]);
    let mut versions: Vec<u64> = outputs
        .iter()
        .map(|output| {
            assert!(output.status.success(), "{}", shown(output));
            serde_json::from_slice::<Value>(&output.stdout).expect("json")["version"].as_u64().expect("a version")
        })
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, [2, 3]);
    // Two voids for different reasons: the second is refused, with the reason that stands.
    let void = |name: &str, reason: &str| bureau.act(name, &slip, &["void", "--reason", reason], &["bureau", "discipline"]);
    let (one, two) = (void("one.json", "方案有误"), void("two.json", "名单泄露"));
    let outputs = race(&bureau, "2026-11-27T19:30:00+08:00", &[vec!["void", &one], vec!["void", &two]]);
    let mut codes: Vec<Option<i32>> = outputs.iter().map(|output| output.status.code()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(1)], "{}{}", shown(&outputs[0]), shown(&outputs[1]));
    assert_eq!(leaves(&bureau), before + 3);
}

#[test]
fn many_processes_at_once_all_get_their_turn() {
    let bureau = Bureau::new();
    let paths: Vec<String> = (0..6)
        .map(|number| {
            let path = bureau.path(&format!("{number}.csv"));
            let body = format!("解放区台账 第48周,,,,\n培训机构,班期,工种,开班时间,结业时间\n甲学校,{number}期,电工,2026-11-23,2026-12-11\n");
            std::fs::write(&path, body).expect("written");
            path
        })
        .collect();
    let commands: Vec<Vec<&str>> = paths.iter().map(|path| vec!["receive", "--week", "2026-W48", "--county", "410802", path]).collect();
    for output in race(&bureau, FRIDAY, &commands) {
        assert!(output.status.success(), "{}", shown(&output));
    }
    assert_eq!(leaves(&bureau), 6);
    let checkpoint = std::fs::read_to_string(bureau.data().join("tiles/checkpoint")).expect("a checkpoint");
    assert_eq!(checkpoint.lines().nth(1), Some("6"), "whoever wrote last wrote the newest");
}

#[test]
fn an_account_and_the_three_administrators_are_made_once() {
    let bureau = Bureau::new();
    let open = async || Office::open(&bureau.data(), Some(Time::parse(FRIDAY).expect("a time"))).await.expect("open");
    let codes = database::wait(async {
        let (one, two) = (open().await, open().await);
        let three = || {
            [("sysadmin", &[Role::SystemAdmin]), ("secadmin", &[Role::SecurityAdmin]), ("auditor", &[Role::Auditor])].map(|(name, roles)| {
                NewAccount { name, full_name: "甲某", password: "一二三四五六七八九十", roles, county: None, must_change: false }
            })
        };
        let (one, two) = tokio::join!(set_up(&one, three()), set_up(&two, three()));
        [one, two].map(|done| done.map_or_else(|refusal| refusal.code, |()| "done"))
    });
    assert!(codes.contains(&"done") && codes.contains(&"account_set_up"), "{codes:?}");
    let password = bureau.path("password");
    std::fs::write(&password, "一二三四五六七八九十\n").expect("written");
    let args = vec!["account", "clerk", "--full-name", "乙某", "--role", "bureau", "--password-file", &password];
    let outputs = race(&bureau, FRIDAY, &[args.clone(), args]);
    let mut codes: Vec<Option<i32>> = outputs.iter().map(|output| output.status.code()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(1)], "{}{}", shown(&outputs[0]), shown(&outputs[1]));
    assert!(outputs.iter().any(|output| shown(output).contains("clerk is taken") || shown(output).contains("already")), "{}", shown(&outputs[1]));
}

/// Waits until something is so, which other processes bring about.
fn until(what: &str, holds: impl Fn() -> bool) {
    let begin = std::time::Instant::now();
    while !holds() {
        assert!(begin.elapsed().as_secs() < 60, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn on_postgres_an_instance_killed_in_its_transaction_leaves_the_other_able_to_go_on() {
    // SQLite's half is `receive::a_killed_receive_is_wholly_there_or_wholly_absent`.
    if Database::new().is_none() {
        return;
    }
    let bureau = Bureau::new();
    let (first, second) = (sample("410802"), sample("410803"));
    let url = bureau.url();
    let waiting = "select cast(count(*) as bigint) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    database::wait(async {
        // Nobody else can write a leaf while this stands: the instance stops in the middle of its act, with the writer's lock.
        let mut blocker = <sqlx::AnyConnection as sqlx::Connection>::connect(&url).await.expect("the database");
        sqlx::query("begin").execute(&mut blocker).await.expect("begun");
        sqlx::query("lock table leaf in exclusive mode").execute(&mut blocker).await.expect("locked");
        let mut child = command(&bureau, FRIDAY, &receive(&first)).spawn().expect("the program");
        until("the first instance stands in its transaction", || database::wait(database::number(&url, waiting)) == 1);
        let other = command(&bureau, FRIDAY, &receive(&second)).spawn().expect("the program");
        until("the other waits for its turn", || database::wait(database::number(&url, waiting)) == 2);
        child.kill().expect("killed");
        child.wait().expect("ended");
        sqlx::query("rollback").execute(&mut blocker).await.expect("given up");
        let output = other.wait_with_output().expect("ended");
        assert!(output.status.success(), "{}", shown(&output));
    });
    assert_eq!(leaves(&bureau), 1, "nothing is left of the one that was killed");
    let output = command(&bureau, FRIDAY, &receive(&first)).output().expect("the program");
    assert!(output.status.success(), "{}", shown(&output));
    assert_eq!(leaves(&bureau), 2);
}
