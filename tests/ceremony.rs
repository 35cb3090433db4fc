//! The ceremony by hand: signed acts in their order, a void and a further attempt, changes to a list, witnesses.

use crate::office::{Bureau, PLAN, mingchou, text};
use mingchou::cli::Exit;
use mingchou::cli::verify::read_bundle;
use std::path::Path;

#[test]
fn a_week_by_hand_is_refused_whatever_is_wrong_and_goes_through_what_is_right() {
    let bureau = Bureau::new();
    for party in ["bureau", "discipline"] {
        bureau.register(party, "2026-11-20T10:00:00+08:00");
    }
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
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

    // Nonces are made outside, commitments signed and taken.
    let slip = bureau.path("slip.json");
    bureau.json(friday, &["slip", "--week", "2026-W48", "--out", &slip]);
    let inside = bureau.data().join("n");
    refused(friday, &["nonce", "--slip", &slip, "--party", "bureau", "--out", text(&inside)], "can’t lie in the data folder");
    refused(friday, &["nonce", "--slip", &slip, "--party", "province", "--out", &bureau.path("n")], "not a party");
    refused(friday, &["nonce", "--slip", &slip, "--party", "bureau", "--out", &bureau.path("n"), "--dice", "123456"], "not enough throws");
    let (nonces, commitments): (Vec<String>, Vec<String>) =
        ["bureau", "discipline"].iter().map(|party| bureau.nonce(party, &slip, &format!("one-{party}"))).unzip();
    refused(friday, &["nonce", "--slip", &slip, "--party", "bureau", "--out", &nonces[0]], "is there already");
    let value = |name: &str, value: &str, signers: &[&str]| bureau.act(name, &slip, &["entropy", "--value", value], signers);
    let (both, ssq) = (["bureau", "discipline"], "03 08 11 19 24 31+12");
    let typed = value("typed", ssq, &both);
    let sunday = "2026-11-29T21:30:00+08:00";
    refused("2026-11-27T19:07:00+08:00", &["entropy", &typed], "commitments are missing: bureau, discipline");
    refused("2026-11-27T19:07:00+08:00", &["entropy", &commitments[0]], "not the commitment");
    refused("2026-11-29T21:15:00+08:00", &["commit", &commitments[0]], "no commitment is taken");
    let (_, unsigned) = (bureau.path("u"), bureau.path("u.act.json"));
    assert_eq!(mingchou(&["nonce", "--slip", &slip, "--party", "bureau", "--out", &bureau.path("u")]).exit, Exit::Done);
    refused("2026-11-27T19:07:00+08:00", &["commit", &unsigned], "must be signed by bureau");
    let foreign = bureau.path("discipline.key");
    refused("2026-11-27T19:07:00+08:00", &["sign", "--party", "discipline", "--key", &foreign, "--yes", &unsigned], "is for bureau to sign");
    assert_eq!(mingchou(&["sign", "--party", "bureau", "--key", &foreign, "--yes", &unsigned]).exit, Exit::Done);
    refused("2026-11-27T19:07:00+08:00", &["commit", &unsigned], "is not valid");
    for act in &commitments {
        assert_eq!(bureau.json("2026-11-27T19:10:00+08:00", &["commit", act])["new"], true);
        assert_eq!(bureau.json("2026-11-27T19:11:00+08:00", &["commit", act])["new"], false);
    }
    bureau.sign("bureau", &unsigned);
    refused("2026-11-27T19:12:00+08:00", &["commit", &unsigned], "commits once");

    // The public value.
    refused("2026-11-29T21:14:59+08:00", &["entropy", &typed], "comes at");
    refused(sunday, &["act", "entropy", "--slip", &slip, "--out", &bureau.path("x"), "--value", "ssq/2026138/03 08 11 19 24 31+12"], "another draw");
    refused(sunday, &["act", "entropy", "--slip", &slip, "--out", &bureau.path("x"), "--value", "3 8 11 19 24 31+12"], "not a result");
    refused(sunday, &["entropy", &value("one", ssq, &["bureau"])], "must be signed by bureau, discipline");
    let other = value("other", "03 08 11 19 24 31+11", &["discipline"]);
    refused(sunday, &["entropy", &value("one", ssq, &["bureau"]), &other], "say different things");
    let reveal = |name: &str, party: &str, nonce: &str, signer: &str, more: &[&str]| {
        bureau.act(name, &slip, &[&["reveal", "--party", party, "--nonce", nonce], more].concat(), &[signer])
    };
    refused(sunday, &["reveal", &reveal("r", "bureau", &nonces[0], "bureau", &[])], "has not been entered");
    assert_eq!(bureau.json(sunday, &["entropy", &value("one", ssq, &["bureau"]), &value("two", ssq, &["discipline"])])["new"], true);
    bureau.sign("bureau", &other);
    refused(sunday, &["entropy", &other], "another value");

    // Reveals and the draw.
    let monday = "2026-11-30T08:30:00+08:00";
    refused(monday, &["reveal", &reveal("r", "bureau", &nonces[1], "bureau", &[])], "does not match the commitment");
    refused(monday, &["draw", "--week", "2026-W48"], "nonces are missing: bureau, discipline");
    let own = reveal("r", "bureau", &nonces[0], "bureau", &[]);
    let enveloped = reveal("e", "discipline", &nonces[1], "bureau", &["--keeper", "bureau"]);
    for act in [&own, &enveloped] {
        assert_eq!(bureau.json(monday, &["reveal", act])["new"], true);
        assert_eq!(bureau.json(monday, &["reveal", act])["new"], false);
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
    let published = read_bundle(Path::new(&folder)).expect("a bundle");
    assert_eq!(Ok(&published), read_bundle(Path::new(&file)).as_ref());
    assert_eq!(mingchou(&["verify", &folder]).exit, Exit::Done);
    // Its sealed leaves are 9, 10 and 11, whose names stand in the order of their bytes: all three read them so.
    let mut court = crate::verifiers::Court::new();
    court.add(&published);
    assert_eq!(court.agree(&mingchou::bundle::Options::default(), &[], "{}"), [true]);
}

/// The second attempt's plan: another, later draw of another lottery.
fn later_plan() -> String {
    PLAN.replacen("\"ssq\"", "\"kl8\"", 1).replacen("2026137", "2026324", 1).replacen("2026-11-29T21:15", "2026-11-30T21:30", 1)
}

const KL8: &str = "01 05 06 08 11 13 16 18 20 29 30 33 34 38 48 59 62 69 77 78";

#[test]
fn a_draw_that_is_not_held_is_voided_and_a_later_one_named() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    let sunday = "2026-11-29T22:00:00+08:00";
    let refused = |time: &str, args: &[&str], word: &str| {
        let said = bureau.at(time, args);
        assert!(said.exit == Exit::Refused && said.err.contains(word), "{args:?}: {}", said.err);
    };
    let notice = bureau.at(sunday, &["notice", "--week", "2026-W48"]).out;
    assert!(notice.contains("freeze again with another, later draw"), "{notice}");
    let plan = bureau.write_plan(&later_plan());
    refused(sunday, &["freeze", "--week", "2026-W48", "--plan", &plan], "another plan");
    let void = bureau.act("void.json", &slip, &["void", "--reason", "当期未开奖"], &["bureau"]);
    refused(sunday, &["void", &void], "must be signed by bureau, discipline");
    bureau.sign("discipline", &void);
    assert_eq!(bureau.json(sunday, &["void", &void])["new"], true);
    assert_eq!(bureau.json(sunday, &["void", &void])["new"], false);

    assert!(bureau.at(sunday, &["status", "--week", "2026-W48"]).out.contains("draw: voided"));

    // The same public draw again is no further attempt; an earlier one neither.
    let again = bureau.write_plan(PLAN);
    refused("2026-11-29T22:05:00+08:00", &["freeze", "--week", "2026-W48", "--plan", &again], "public draw");
    let slip = bureau.freeze(&later_plan(), "2026-11-29T22:05:00+08:00", "slip2.json");
    let nonces = bureau.commit_both(&slip, "two", "2026-11-29T22:10:00+08:00");
    let monday = "2026-11-30T21:40:00+08:00";
    let transcript = bureau.draw_with(&slip, &nonces, KL8, monday);
    assert_eq!(transcript["assignments"].as_array().map(Vec::len), Some(6));

    // A value that is not liked is no reason to void before the draw; after it, the list is published all the same.
    let out = bureau.path("bundle");
    assert_eq!(bureau.at("2026-12-07T09:00:00+08:00", &["publish", "--week", "2026-W48", "--out", &out]).exit, Exit::Done);
    let said = mingchou(&["verify", &out]);
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
    assert!(said.out.contains("attempt 1 of the weekly draw 2026-W49 was voided: 当期未开奖"), "{}", said.out);
}

#[test]
fn once_the_public_value_is_known_nothing_but_the_draw_follows_and_a_voided_list_is_published_too() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let nonces = bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    let value = "03 08 11 19 24 31+12";
    let typed = bureau.act("typed.json", &slip, &["entropy", "--value", value], &["bureau", "discipline"]);
    let sunday = "2026-11-29T21:30:00+08:00";
    assert_eq!(bureau.json(sunday, &["entropy", &typed])["new"], true);
    assert!(bureau.at(sunday, &["entropy", &typed]).out.contains("0 witnesses outside the parties cosigned, 1 are asked for"));
    let void = bureau.act("void.json", &slip, &["void", "--reason", "结果不满意"], &["bureau", "discipline"]);
    let said = bureau.at(sunday, &["void", &void]);
    assert!(said.exit == Exit::Refused && said.err.contains("goes on to its draw"), "{}", said.err);
    for (party, nonce) in ["bureau", "discipline"].iter().zip(&nonces) {
        let reveal = bureau.act(&format!("r-{party}"), &slip, &["reveal", "--party", party, "--nonce", nonce], &[party]);
        assert_eq!(bureau.json(sunday, &["reveal", &reveal])["new"], true);
    }
    bureau.json(sunday, &["draw", "--week", "2026-W48"]);
    assert_eq!(bureau.json(sunday, &["void", &void])["new"], true);
    let slip = bureau.freeze(&later_plan(), "2026-11-29T22:05:00+08:00", "slip2.json");
    let nonces = bureau.commit_both(&slip, "two", "2026-11-29T22:10:00+08:00");
    bureau.draw_with(&slip, &nonces, KL8, "2026-11-30T21:40:00+08:00");

    let tuesday = "2026-12-08T09:00:00+08:00";
    let (first, second) = (bureau.path("first"), bureau.path("second"));
    assert_eq!(bureau.at(tuesday, &["publish", "--week", "2026-W48", "--out", &second]).exit, Exit::Done);
    let said = mingchou(&["verify", &second]);
    assert!(said.exit == Exit::Done && said.out.contains("was drawn, its window is over, and it is not published"), "{}", said.out);
    assert_eq!(bureau.at(tuesday, &["publish", "--week", "2026-W48", "--attempt", "1", "--out", &first]).exit, Exit::Done);
    let said = mingchou(&["verify", &first, &second]);
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
}

#[test]
fn a_visit_is_replaced_by_the_next_reserve() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let nonces = bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    let monday = "2026-11-30T08:30:00+08:00";
    let transcript = bureau.draw_with(&slip, &nonces, "03 08 11 19 24 31+12", monday);
    let stratum = &transcript["strata"][0];
    let visit = stratum["selected"][0].as_str().or(stratum["certain"][0].as_str()).expect("a visit").to_owned();
    let evidence = bureau.path("evidence.txt");
    std::fs::write(&evidence, "停课通知").expect("written");
    let out = bureau.path("change.json");
    let week = ["--week", "2026-W48"];
    let propose = |from: &str| {
        bureau.at(monday, &[&["substitute"], &week[..], &["--from", from, "--reason", "cancelled", "--evidence", &evidence, "--out", &out]].concat())
    };
    assert!(propose("410802-2026-9999").err.contains("not a present visit"));
    assert_eq!(propose(&visit).exit, Exit::Done);
    bureau.sign("bureau", &out);
    assert!(bureau.at(monday, &["enter", &out]).err.contains("must be signed by bureau, discipline"));
    bureau.sign("discipline", &out);
    assert_eq!(bureau.json(monday, &["enter", &out])["new"], true);
    assert_eq!(bureau.json(monday, &["enter", &out])["new"], false);
    assert!(propose(&visit).err.contains("not a present visit"), "it was replaced");

    let list = bureau.json(monday, &["list", "--week", "2026-W48", "--out", &bureau.path("list.xlsx")]);
    let visits = list["visits"].as_array().expect("visits").clone();
    let named = |unit: &str| visits.iter().any(|visit| visit["unit"] == unit);
    assert!(!named(&visit) && named(stratum["reserve"][0].as_str().expect("a reserve")));
    let bundle = bureau.path("bundle");
    assert_eq!(bureau.at("2026-12-07T09:00:00+08:00", &["publish", "--week", "2026-W48", "--out", &bundle]).exit, Exit::Done);
    let said = mingchou(&["verify", &bundle]);
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
    let files = read_bundle(Path::new(&bundle)).expect("a bundle");
    assert!(String::from_utf8_lossy(&files["log/openings.json"]).contains("cancelled"));
}

#[test]
fn a_visit_that_no_team_may_go_to_gets_a_borrowed_one() {
    let bureau = Bureau::new();
    for party in ["bureau", "discipline"] {
        bureau.register(party, "2026-11-20T10:00:00+08:00");
    }
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    let friday = "2026-11-27T19:00:00+08:00";
    let scores = bureau.json(friday, &["score", "--week", "2026-W48"]);
    let units: Vec<&str> = scores["classes"].as_array().expect("classes").iter().map(|class| class["unit"].as_str().expect("a code")).collect();
    // Of the three ways to pair four people one is drawn; a class that two of them must not visit lacks a team unless
    // these two are a team, and one whose pairs change from class to class leaves some without, however they fall.
    let recusals: String = units
        .iter()
        .zip(["B02", "B03", "B04"].iter().cycle())
        .map(|(unit, other)| ["B01", other].map(|who| format!("[[recusals]]\ninspector = \"{who}\"\nunit = \"{unit}\"\n")).concat())
        .collect();
    let plan = PLAN.replacen("[inspectors]", &format!("{recusals}[inspectors]"), 1).replacen("visits = 6", "visits = 90", 1);
    let slip = bureau.freeze(&plan, friday, "slip.json");
    let nonces = bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    let monday = "2026-11-30T08:30:00+08:00";
    bureau.draw_with(&slip, &nonces, "03 08 11 19 24 31+12", monday);
    let (out, week) = (bureau.path("change.json"), ["--week", "2026-W48"]);
    let list = bureau.json(monday, &["list", "--week", "2026-W48", "--out", &bureau.path("list.xlsx")]);
    let visits = list["visits"].as_array().expect("visits").clone();
    assert!(visits.len() == units.len() && visits.iter().any(|visit| visit["team"].is_null()));
    let with_team = visits.iter().find(|visit| !visit["team"].is_null()).expect("a visit with a team")["unit"].clone();
    let borrow = |unit: &str, people: &str| {
        bureau.at(monday, &[&["borrow"], &week[..], &["--unit", unit, "--lender", "新乡市抽查组", "--people", people, "--out", &out]].concat())
    };
    assert!(borrow(with_team.as_str().expect("a code"), "X1,X2,X3").err.contains("does not lack a team"));
    for lacking in visits.iter().filter(|visit| visit["team"].is_null()).take(2) {
        let unit = lacking["unit"].as_str().expect("a code");
        assert!(borrow(unit, "X1,X2").err.contains("at least 3"));
        assert!(borrow(unit, "X1,X2,B01").err.contains("none of the roster"));
        assert_eq!(borrow(unit, "X3,X1,X2").exit, Exit::Done);
        ["bureau", "discipline"].iter().for_each(|party| bureau.sign(party, &out));
        assert_eq!(bureau.json(monday, &["enter", &out])["new"], true);
    }
    assert!(bureau.at("2026-12-07T08:00:00+08:00", &["enter", &out]).exit == Exit::Done, "entered already");
    let bundle = bureau.path("bundle");
    assert_eq!(bureau.at("2026-12-07T09:00:00+08:00", &["publish", "--week", "2026-W48", "--out", &bundle]).exit, Exit::Done);
    let said = mingchou(&["verify", &bundle]);
    assert!(said.exit == Exit::Done && said.out.contains("has neither a team nor a borrowed one"), "{}", said.out);
}

#[test]
fn a_lost_key_is_replaced_by_the_other_party_and_named() {
    let bureau = Bureau::new();
    let time = "2026-11-20T10:00:00+08:00";
    for party in ["bureau", "discipline"] {
        bureau.register(party, time);
    }
    let (new, act) = (bureau.path("new.key"), bureau.path("new.act.json"));
    assert_eq!(mingchou(&["key", "--party", "discipline", "--out", &new, "--lost"]).exit, Exit::Done);
    assert!(bureau.at(time, &["enter", &act]).err.contains("must be signed by bureau"));
    bureau.sign("bureau", &act);
    assert_eq!(bureau.json(time, &["enter", &act])["new"], true);
    // With the key before, its successor is signed by the party itself.
    let next = bureau.path("next.key");
    assert_eq!(mingchou(&["key", "--party", "discipline", "--out", &next, "--old", &bureau.path("discipline.key")]).exit, Exit::Done);
    assert!(bureau.at(time, &["enter", &bureau.path("next.act.json")]).err.contains("not valid"), "that key is no longer in force");
}

#[test]
fn a_witness_cosigns_what_grew_and_sounds_an_alarm_at_a_fork() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let log = std::fs::read_to_string(bureau.data().join("tiles/checkpoint")).expect("a checkpoint");
    assert!(log.starts_with("mingchou.example/log\n"), "{log}");
    let key = bureau.at("2026-11-27T19:00:00+08:00", &["notice", "--week", "2026-W48", "--json"]);
    let key: serde_json::Value = serde_json::from_str(&key.out).expect("json");
    let vkey = key["log_key"].as_str().expect("a key");
    let folder = bureau.path("province");
    let made = mingchou(&["witness", "--folder", &folder, "--name", "witness.province.example", "--log", vkey, "--demonstration"]);
    assert_eq!(made.exit, Exit::Done, "{}", made.err);
    let own = made.out.lines().next().and_then(|line| line.split(' ').next_back()).expect("its key").to_owned();
    let (request, answer) = (bureau.path("request"), bureau.path("answer"));
    let ask = |time: &str| assert_eq!(bureau.at(time, &["witnesses", "--ask", "witness.province.example", "--out", &request]).exit, Exit::Done);
    let cosign = |time: &str| mingchou(&["--at", time, "witness", "--folder", &folder, &request, "--out", &answer]);
    let friday = "2026-11-27T19:30:00+08:00";
    assert_eq!(bureau.at(friday, &["witnesses", "--add", &own, "--owner", "province"]).exit, Exit::Done);
    let nonces = bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    ask(friday);
    assert_eq!(cosign(friday).exit, Exit::Done);
    assert_eq!(bureau.at(friday, &["witnesses", "--take", &answer]).exit, Exit::Done);
    std::fs::write(bureau.path("first-request"), std::fs::read(&request).expect("there")).expect("written");

    bureau.draw_with(&slip, &nonces, "03 08 11 19 24 31+12", "2026-11-30T08:30:00+08:00");
    ask("2026-11-30T08:40:00+08:00");
    assert_eq!(cosign("2026-11-30T08:41:00+08:00").exit, Exit::Done);
    // The old request again: the witness remembers more.
    std::fs::write(&request, std::fs::read(bureau.path("first-request")).expect("there")).expect("written");
    let said = cosign("2026-11-30T08:42:00+08:00");
    assert!(said.exit == Exit::Refused && said.err.contains("--old"), "{}", said.err);

    // A second log under the same key, rewritten from the start, is a fork.
    let other = Bureau::new();
    std::fs::copy(bureau.data().join("keys/log.key"), other.data().join("keys/log.key")).expect("copied");
    for party in ["bureau", "discipline"] {
        other.register(party, "2026-11-20T10:00:00+08:00");
    }
    other.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    let slip = other.freeze(PLAN, "2026-11-27T19:00:00+08:00", "slip.json");
    let nonces = other.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    other.draw_with(&slip, &nonces, "03 08 11 19 24 31+12", "2026-11-30T08:31:00+08:00");
    let late = "2026-11-30T09:00:00+08:00";
    assert_eq!(other.at(late, &["witnesses", "--add", &own, "--owner", "province"]).exit, Exit::Done);
    let size = std::fs::read_to_string(Path::new(&folder).join("last")).expect("a memory");
    let size = size.split(' ').next().expect("a size").to_owned();
    let forked = other.at(late, &["witnesses", "--ask", "witness.province.example", "--old", &size, "--out", &request]);
    assert_eq!(forked.exit, Exit::Done, "{}", forked.err);
    let said = cosign(late);
    assert!(said.exit == Exit::Refused && said.err.contains("ALARM"), "{}", said.err);
    assert!(std::fs::read_dir(&folder).expect("a folder").flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("fork-")));

    // What the office publishes shows the witness before the public value.
    let bundle = bureau.path("bundle");
    let tuesday = "2026-12-07T09:00:00+08:00";
    assert_eq!(bureau.at(tuesday, &["publish", "--week", "2026-W48", "--out", &bundle]).exit, Exit::Done);
    let said = mingchou(&["verify", &bundle]);
    assert!(said.exit == Exit::Done && said.out.contains("a witness from outside saw the log before the public value: province"), "{}", said.out);
    assert_eq!(mingchou(&["verify", "--witnesses", "1", &bundle]).exit, Exit::Refused, "nobody cosigned the last checkpoint");
}

#[test]
fn what_would_fail_every_later_bundle_is_not_let_in() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let friday = "2026-11-27T19:30:00+08:00";
    let refused = |args: &[&str], word: &str| {
        let said = bureau.at(friday, args);
        assert!(said.exit == Exit::Refused && said.err.contains(word), "{args:?}: {}{}", said.out, said.err);
    };
    let log: serde_json::Value = bureau.json(friday, &["notice", "--week", "2026-W48"]);
    let vkey = log["log_key"].as_str().expect("a key").to_owned();
    let make = |name: &str| {
        let folder = bureau.path(name);
        let made = mingchou(&["witness", "--folder", &folder, "--name", "w.example", "--log", &vkey, "--demonstration"]);
        (folder, made.out.lines().next().and_then(|line| line.split(' ').next_back()).expect("its key").to_owned())
    };
    let (folder, own) = make("w1");
    let secret = std::fs::read_to_string(Path::new(&folder).join("witness.key")).expect("a key");
    assert_eq!(bureau.json(friday, &["witnesses", "--add", &own, "--owner", "province"])["new"], true);

    // A party's key that is the witness's: signed rightly, and refused.
    let stolen = bureau.path("stolen.key");
    std::fs::write(&stolen, secret.lines().nth(1).expect("a secret")).expect("written");
    let key = mingchou::tlog::PrivateKey::new(&mingchou::canon::Secret::parse(secret.lines().nth(1).expect("a secret")).expect("hex"));
    let party = mingchou::canon::Code::parse("notary").expect("a code");
    let mut act = mingchou::tlog::SignedAct::new(mingchou::tlog::Act::Key { party: party.clone(), value: key.public() });
    act.sign(&party, &key);
    let path = bureau.path("notary.json");
    std::fs::write(&path, act.to_text()).expect("written");
    refused(&["enter", &path], "two places");

    // A cosignature dated before what it covers, and two lines in one answer.
    bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    let (request, answer) = (bureau.path("request"), bureau.path("answer"));
    assert_eq!(bureau.at(friday, &["witnesses", "--ask", "w.example", "--out", &request]).exit, Exit::Done);
    assert_eq!(mingchou(&["--at", "2026-11-27T19:08:00+08:00", "witness", "--folder", &folder, &request, "--out", &answer]).exit, Exit::Done);
    refused(&["witnesses", "--take", &answer], "set its clock");
    let line = std::fs::read_to_string(&answer).expect("a line");
    std::fs::write(&answer, format!("{line}{line}")).expect("written");
    refused(&["witnesses", "--take", &answer], "no cosignature");

    // Nothing a person names takes the place of what lies there.
    let inside = bureau.data().join("mingchou.db");
    refused(&["slip", "--week", "2026-W48", "--out", text(&inside)], "data folder");
    let said = mingchou(&["act", "void", "--slip", &slip, "--reason", "x", "--out", &bureau.path("bureau.key")]);
    assert!(said.exit == Exit::Refused && said.err.contains("is there already"), "{}", said.err);
}

#[test]
fn a_list_altered_in_the_database_is_neither_used_nor_published() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let nonces = bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    bureau.draw_with(&slip, &nonces, "03 08 11 19 24 31+12", "2026-11-30T08:30:00+08:00");
    let edit = |sql: &str| assert_eq!(bureau.sql(sql), 1);
    edit("update drawn set transcript = replace(transcript, '\"team\":1,\"unit\"', '\"team\":2,\"unit\"')");
    for args in [&["draw", "--week", "2026-W48"][..], &["list", "--week", "2026-W48", "--out", &bureau.path("list.xlsx")]] {
        let said = bureau.at("2026-11-30T09:00:00+08:00", args);
        assert!(said.exit == Exit::Refused && said.err.contains("altered"), "{}", said.err);
    }
    edit("update drawn set transcript = replace(transcript, '\"team\":2,\"unit\"', '\"team\":1,\"unit\"')");
    let before = bureau.state();
    let said = bureau.at("2026-12-07T09:00:00+08:00", &["publish", "--week", "2026-W48", "--out", &bureau.path("bundle")]);
    assert!(said.exit == Exit::Refused && said.err.contains("would not verify"), "{}", said.err);
    assert_eq!(bureau.state(), before, "nothing entered the log");
}

#[test]
fn a_class_is_shown_its_own_row_after_the_window_and_no_other() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let nonces = bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
    bureau.draw_with(&slip, &nonces, "03 08 11 19 24 31+12", "2026-11-30T08:30:00+08:00");
    let out = bureau.path("opening.json");
    let open =
        |time: &str, unit: &str, more: &[&str]| bureau.at(time, &[&["open", "--week", "2026-W48", "--unit", unit, "--out", &out], more].concat());
    assert!(open("2026-12-06T23:00:00+08:00", "410802-2026-0001", &[]).err.contains("window closes"));
    assert!(open("2026-12-07T08:00:00+08:00", "410802-2026-9999", &[]).err.contains("no unit"));
    for more in [&[][..], &["--with-facts"]] {
        assert_eq!(open("2026-12-07T08:00:00+08:00", "410802-2026-0001", more).exit, Exit::Done);
        let said = mingchou(&["verify", &out]);
        assert!(said.exit == Exit::Done && said.out.contains("unit 410802-2026-0001"), "{}{}", said.out, said.err);
    }
    let good = std::fs::read_to_string(&out).expect("text");
    assert!(!good.contains("410802-2026-0002"), "no other class is shown");
    for (from, to, check) in [
        ("\\\"size\\\":", "\\\"size\\\":1", "V52"),
        ("\"index\":", "\"index\":1", "V52"),
        ("\"proof\":[\"", "\"proof\":[\"0", "V50"),
        ("mingchou.example/log\\n", "mingchou.example/log\\n1", "V52"),
    ] {
        std::fs::write(&out, good.replacen(from, to, 1)).expect("written");
        let said = mingchou(&["verify", &out]);
        assert_eq!(said.exit, Exit::Refused, "{check} {}", said.out);
    }
}

/// Everything that leaves the office before the window closes.
fn public_bytes(bureau: &Bureau) -> Vec<(String, Vec<u8>)> {
    let tiles = bureau.data().join("tiles");
    let mut files: Vec<(String, Vec<u8>)> =
        crate::office::walk(&tiles).into_iter().map(|path| (path.replace(text(&tiles), ""), std::fs::read(&path).expect("there"))).collect();
    let notice = bureau.at("2026-12-01T09:00:00+08:00", &["notice", "--week", "2026-W48"]);
    files.push(("notice".into(), notice.out.into_bytes()));
    files
}

#[test]
fn nothing_public_gives_the_list_away_before_the_window_closes() {
    // Two draws that differ in their lists: what is public has the same files, of the same sizes, and no unit's code.
    let draws: Vec<(Bureau, serde_json::Value)> = ["03 08 11 19 24 31+12", "01 02 03 04 05 06+01"]
        .iter()
        .map(|value| {
            let (bureau, slip) = Bureau::frozen(PLAN);
            let nonces = bureau.commit_both(&slip, "one", "2026-11-27T19:10:00+08:00");
            let transcript = bureau.draw_with(&slip, &nonces, value, "2026-11-30T08:30:00+08:00");
            (bureau, transcript)
        })
        .collect();
    assert_ne!(draws[0].1["strata"], draws[1].1["strata"]);
    let shapes: Vec<Vec<(String, usize)>> =
        draws.iter().map(|(bureau, _)| public_bytes(bureau).into_iter().map(|(name, bytes)| (name, bytes.len())).collect()).collect();
    assert_eq!(shapes[0], shapes[1]);
    for (bureau, transcript) in &draws {
        let record = serde_json::to_vec(transcript).expect("json");
        let all = public_bytes(bureau).into_iter().map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect::<String>();
        assert!(!all.contains("410802-2026-") && !all.contains("410803-2026-"), "a unit's code is public");
        for secret in [transcript["seed"].as_str().expect("a seed").to_owned(), mingchou::canon::Hash::of(&record).to_string()] {
            assert!(!all.contains(&secret), "the seed, or an unsalted hash of the transcript, is public");
        }
        let out = bureau.path("early");
        assert_eq!(bureau.at("2026-12-06T23:59:00+08:00", &["publish", "--week", "2026-W48", "--out", &out]).exit, Exit::Refused);
        assert!(!Path::new(&out).exists());
    }
    for command in ["notice", "status"] {
        let overdue = draws[0].0.at("2026-12-08T09:00:00+08:00", &[command, "--week", "2026-W48"]).out;
        assert!(overdue.contains("NOT YET published"), "{overdue}");
    }
}

#[test]
fn a_special_draw_has_its_own_parties_window_and_number() {
    let bureau = Bureau::new();
    bureau.register("bureau", "2026-11-20T10:00:00+08:00");
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    let plan = |number: u32| {
        let head = format!("kind = \"special-{number}\"\nparties = [\"bureau\"]\nwindow = [\"2026-12-01\", \"2026-12-20\"]\n");
        (head + PLAN).replacen("discipline_per_team = 1", "discipline_per_team = 0", 1)
    };
    let friday = "2026-11-27T19:00:00+08:00";
    let second = bureau.write_plan(&plan(2));
    let said = bureau.at(friday, &["freeze", "--week", "2026-W48", "--plan", &second]);
    assert!(said.exit == Exit::Refused && said.err.contains("special"), "{}", said.err);
    let slip = bureau.freeze(&plan(1), friday, "slip.json");
    let (nonce, act) = bureau.nonce("bureau", &slip, "one");
    let typed = bureau.act("typed", &slip, &["entropy", "--value", "03 08 11 19 24 31+12"], &["bureau"]);
    let reveal = bureau.act("reveal", &slip, &["reveal", "--party", "bureau", "--nonce", &nonce], &["bureau"]);
    bureau.json(friday, &["commit", &act]);
    let sunday = "2026-11-29T21:30:00+08:00";
    bureau.json(sunday, &["entropy", &typed]);
    bureau.json(sunday, &["reveal", &reveal]);
    let draw = ["--week", "2026-W48", "--special", "1"];
    bureau.json(sunday, &[&["draw"], &draw[..]].concat());
    let out = bureau.path("bundle");
    let publish = [&["publish"], &draw[..], &["--out", &out]].concat();
    assert!(bureau.at("2026-12-20T09:00:00+08:00", &publish).err.contains("window closes"));
    assert_eq!(bureau.at("2026-12-21T09:00:00+08:00", &publish).exit, Exit::Done);
    let said = mingchou(&["verify", &out]);
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
}
