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
    assert_eq!(read_bundle(Path::new(&folder)), read_bundle(Path::new(&file)));
    assert_eq!(mingchou(&["verify", &folder]).exit, Exit::Done);
}
