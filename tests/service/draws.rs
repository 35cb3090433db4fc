//! A draw over HTTP: frozen, committed, drawn, looked at by those who may, published at its time.

use super::Service;
use crate::office::{Bureau, PLAN};
use mingchou::domain::Role;
use mingchou::http::Settings;
use mingchou::ops::freeze::PlanFile;
use serde_json::{Value, json};

/// What the parties do on their own machines runs a runtime of its own.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().expect("done"))
}

async fn at(bureau: &Bureau, time: &str) -> Service {
    Service::open(&bureau.data(), time, Settings::default()).await
}

fn file(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("json")
}

const DRAW: &str = "/api/v1/draws/2026-W48/weekly";

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_goes_from_its_freeze_to_its_bundle() {
    let bureau = apart(|| {
        let bureau = Bureau::new();
        ["bureau", "discipline"].iter().for_each(|party| bureau.register(party, "2026-11-20T10:00:00+08:00"));
        bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
        bureau
    });
    let plan = json!(PlanFile::parse(PLAN).expect("a plan"));
    let early = at(&bureau, "2026-11-27T16:30:00+08:00").await;
    let official = early.as_role(Role::Bureau).await;
    let freeze = "/api/v1/weeks/2026-W48/freeze";
    assert_eq!(early.get(&format!("{DRAW}/slip"), &official).await.refused(), (404, "not_frozen".to_owned()));
    assert_eq!(early.post(freeze, &official, &plan).await.refused(), (422, "freeze_before_deadline".to_owned()));

    let friday = at(&bureau, "2026-11-27T19:00:00+08:00").await;
    let (official, officer) = (friday.as_role(Role::Bureau).await, friday.as_role(Role::Discipline).await);
    assert_eq!(friday.post(freeze, &officer, &plan).await.refused(), (403, "right_missing".to_owned()));
    let frozen = friday.post(freeze, &official, &plan).await.done();
    assert_eq!(friday.post(freeze, &official, &plan).await.done()["new"], false);
    let slip = bureau.path("slip.json");
    std::fs::write(&slip, friday.get(&format!("{DRAW}/slip"), &officer).await.body).expect("written");
    let (nonces, commitments) = apart(|| {
        let made = ["bureau", "discipline"].map(|party| bureau.nonce(party, &slip, &format!("n-{party}")));
        let [(one, first), (two, second)] = made;
        ([one, two], [file(&first), file(&second)])
    });
    assert_eq!(friday.post("/api/v1/acts", &official, &json!([commitments[0]])).await.done()["new"], true);
    assert_eq!(friday.post("/api/v1/acts", &officer, &json!([commitments[1]])).await.done()["new"], true);
    assert_eq!(friday.post("/api/v1/acts", &officer, &json!(commitments)).await.done()["new"], false);
    assert_eq!(friday.post("/api/v1/acts", &officer, &json!([])).await.refused().1, "act_none");
    let unsigned = json!([{"act": commitments[0]["act"], "opening": null, "signatures": {}}]);
    assert_eq!(friday.post("/api/v1/acts", &officer, &unsigned).await.status, 200, "what is known needs no signature again");
    assert_eq!(friday.post(&format!("{DRAW}/run"), &official, &json!({})).await.refused(), (422, "draw_before_reveals".to_owned()));

    let monday = at(&bureau, "2026-11-30T08:30:00+08:00").await;
    let (official, inspector) = (monday.as_role(Role::Bureau).await, monday.as_role(Role::Inspector).await);
    let (typed, reveals) = apart(|| {
        let both = ["bureau", "discipline"];
        let value = "03 08 11 19 24 31+12";
        let typed = both.map(|party| file(&bureau.act(&format!("entropy-{party}.json"), &slip, &["entropy", "--value", value], &[party])));
        let other = file(&bureau.act("entropy-other.json", &slip, &["entropy", "--value", "03 08 11 19 24 31+13"], &["discipline"]));
        let reveal = |(party, nonce): (&str, &String)| {
            file(&bureau.act(&format!("reveal-{party}.json"), &slip, &["reveal", "--party", party, "--nonce", nonce], &[party]))
        };
        let reveals: Vec<Value> = both.into_iter().zip(&nonces).map(reveal).collect();
        ([typed[0].clone(), typed[1].clone(), other], reveals)
    });
    let differing = monday.post("/api/v1/acts", &official, &json!([typed[0], typed[2]])).await;
    assert_eq!(differing.refused(), (422, "act_differs".to_owned()));
    assert_eq!(monday.post("/api/v1/acts", &official, &json!([typed[0], typed[1]])).await.done()["new"], true);
    assert_eq!(monday.get(&format!("{DRAW}/list"), &inspector).await.refused().0, 404, "no list before the draw");
    assert_eq!(monday.post("/api/v1/acts", &official, &json!(reveals)).await.done()["new"], true);
    let drawn = monday.post(&format!("{DRAW}/run"), &official, &json!({})).await.done();
    assert_eq!(drawn["new"], true);
    assert_eq!(drawn["transcript"]["plan"], frozen["plan_hash"]);
    let visits = monday.get(&format!("{DRAW}/list"), &inspector).await.done();
    assert_eq!(visits.as_array().map(Vec::len), Some(6));
    let clerk = monday.clerk("410802").await;
    for secret in ["list", "list.xlsx"] {
        assert_eq!(monday.get(&format!("{DRAW}/{secret}"), &clerk).await.refused(), (403, "right_missing".to_owned()));
    }
    assert_eq!(monday.get(&format!("{DRAW}/bundle.zip"), &clerk).await.refused(), (404, "not_found".to_owned()), "nothing before it is published");
    let publish = format!("{DRAW}/publish");
    assert_eq!(monday.post(&publish, &official, &json!({})).await.refused(), (422, "publish_early".to_owned()));
    let notice = monday.get(&format!("{DRAW}/notice"), &clerk).await;
    let unit = visits[0]["unit"].as_str().expect("a unit");
    assert!(!notice.text().contains(unit), "the public learns of no class before the window closes");
    let open = format!("{DRAW}/classes/{unit}");
    assert_eq!(monday.get(&open, &official).await.refused(), (422, "open_early".to_owned()));

    let after = at(&bureau, "2026-12-07T09:00:00+08:00").await;
    let official = after.as_role(Role::Bureau).await;
    after.post(&publish, &official, &json!({})).await.done();
    let zip = after.get(&format!("{DRAW}/bundle.zip"), &after.clerk("410803").await).await.body;
    let files = mingchou::bundle::zip::read(zip.as_slice()).expect("a bundle");
    let verdict = mingchou::bundle::verify(&files, &mingchou::bundle::Options::default());
    assert!(verdict.checks.iter().all(|check| check.ok), "{:?}", verdict.checks);
    after.get(&open, &official).await.done();
    after.get("/api/v1/keys", &official).await.done();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_proposed_by_one_and_approved_by_another() {
    let service = Service::new().await;
    let (bureau, discipline, analyst) =
        (service.as_role(Role::Bureau).await, service.as_role(Role::Discipline).await, service.as_role(Role::Analyst).await);
    let source = std::fs::read_to_string(crate::ingest::root().join("models/scorecard-2026.1.toml")).expect("a model");
    let proposed = service.post("/api/v1/models", &bureau, &json!({"source": source, "note": "试用"})).await.done();
    let name = proposed["model"]["name"].as_str().expect("a name").to_owned();
    let approve = format!("/api/v1/models/{name}/approve");
    assert_eq!(service.post(&approve, &bureau, &json!({})).await.refused(), (422, "model_same_person".to_owned()));
    assert_eq!(service.post(&approve, &analyst, &json!({})).await.refused().0, 403);
    assert_eq!(service.post(&approve, &discipline, &json!({"note": "同意"})).await.done()["model"]["state"], "approved");
    service.get(&format!("/api/v1/models/{name}"), &analyst).await.done();
    let diff = service.get(&format!("/api/v1/models/{name}/diff/scorecard-2026.2"), &analyst).await.done();
    assert!(!diff["differences"].as_array().expect("a list").is_empty());
    service.post(&format!("/api/v1/models/{name}/withdraw"), &discipline, &json!({})).await.done();
    assert_eq!(service.post("/api/v1/models", &bureau, &json!({"source": "nonsense"})).await.status, 422);
}

/// What the document tells of is what is given: every read there is, of a demonstration that has something of each.
#[tokio::test(flavor = "multi_thread")]
async fn every_read_gives_what_the_document_tells_of() {
    let service = Service::new().await;
    mingchou::ops::application::import::open_dossiers(&service.app.office, mingchou::canon::Week::parse("2026-W48").expect("a week"))
        .await
        .expect("dossiers");
    let (bureau, auditor) = (service.as_role(Role::Bureau).await, service.as_role(Role::Auditor).await);
    let scores = service.get("/api/v1/weeks/2026-W48/scores", &bureau).await.done();
    let unit = scores["classes"][0]["unit"].as_str().expect("a unit");
    let dossiers = service.get("/api/v1/applications", &bureau).await.done();
    let dossier = dossiers[0]["dossier"].as_str().expect("a dossier");
    let reads = [
        "/api/v1/me".to_owned(),
        "/api/v1/weeks/2026-W48".to_owned(),
        "/api/v1/weeks/2026-W50/due".to_owned(),
        "/api/v1/weeks/2026-W48/payable".to_owned(),
        "/api/v1/punctuality?until=2026-W48&weeks=3".to_owned(),
        "/api/v1/units".to_owned(),
        "/api/v1/rules".to_owned(),
        "/api/v1/classes?limit=200".to_owned(),
        "/api/v1/classes?text=%E5%AD%A6%E6%A0%A1&owed=false".to_owned(),
        format!("/api/v1/classes/{unit}?contact=true"),
        format!("/api/v1/classes/{unit}/explain?week=2026-W48"),
        format!("/api/v1/applications/{dossier}"),
        "/api/v1/submissions/410802/2026-W48/1".to_owned(),
        "/api/v1/submissions/410802/2026-W48/1/receipt".to_owned(),
        "/api/v1/models".to_owned(),
        "/api/v1/log".to_owned(),
        format!("{DRAW}/list"),
        format!("{DRAW}/notice"),
        format!("{DRAW}/slip"),
        format!("{DRAW}/list.xlsx"),
        format!("{DRAW}/bundle.zip"),
    ];
    for path in reads {
        let answer = service.get(&path, &bureau).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    for path in ["/api/v1/accounts", "/api/v1/tokens", "/api/v1/accesses?limit=3"] {
        service.get(path, &auditor).await.done();
    }
    let looks = service.get("/api/v1/accesses?limit=200", &auditor).await.text();
    for subject in [unit, "list 2026-W48 weekly", "accesses"] {
        assert!(looks.contains(&format!("\"{subject}\"")), "a look at {subject} was not written down: {looks}");
    }
}
