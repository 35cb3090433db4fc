//! The log as outside tools read it over the wire, and a witness that fetches and answers by itself.

use super::{Service, Who, request};
use axum::body::Body;
use axum::http::header;
use mingchou::canon::Secret;
use mingchou::domain::Role;
use mingchou::ops::witness::add_witness;
use mingchou::tlog::witness::{Request, judge};
use mingchou::tlog::{KeyType, NoteKey};
use tlog_tiles::tlog::{Hash as Theirs, check_record, check_tree, record_hash};

fn hashes(list: &serde_json::Value) -> Vec<Theirs> {
    let one = |hash: &serde_json::Value| Theirs(mingchou::canon::Hash::parse(hash.as_str().expect("hex")).expect("a hash").0);
    list.as_array().expect("a list").iter().map(one).collect()
}

/// Size and root of a checkpoint.
fn tree(checkpoint: &str) -> (u64, Theirs) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let lines: Vec<&str> = checkpoint.lines().collect();
    (lines[1].parse().expect("a size"), Theirs(STANDARD.decode(lines[2]).expect("base64").try_into().expect("32 bytes")))
}

#[tokio::test]
async fn another_program_checks_tiles_entries_and_proofs() {
    let service = Service::new().await;
    let checkpoint = service.get("/log/checkpoint", &Who::Nobody).await;
    assert_eq!(checkpoint.header("cache-control"), "no-cache");
    let (size, root) = tree(&checkpoint.text());
    let tile = service.get(&format!("/log/tile/0/000.p/{size}"), &Who::Nobody).await;
    assert_eq!(tile.status, 200);
    assert!(tile.header("cache-control").contains("immutable"));
    let leaves: Vec<Theirs> = tile.body.chunks(32).map(|hash| Theirs(hash.try_into().expect("32 bytes"))).collect();
    assert_eq!(leaves.len() as u64, size);
    let entries = service.get(&format!("/log/tile/entries/000.p/{size}"), &Who::Nobody).await.body;
    let (mut rest, mut data) = (entries.as_slice(), Vec::new());
    while let [high, low, more @ ..] = rest {
        let (entry, after) = more.split_at(usize::from(u16::from_be_bytes([*high, *low])));
        data.push(entry);
        rest = after;
    }
    let hashed: Vec<[u8; 32]> = data.iter().map(|entry| record_hash(entry).0).collect();
    assert_eq!(hashed, leaves.iter().map(|hash| hash.0).collect::<Vec<_>>());
    let reader = service.as_role(Role::Auditor).await;
    for index in [0, size / 2, size - 1] {
        let leaf = service.get(&format!("/api/v1/log/leaves/{index}"), &reader).await.done();
        let at = usize::try_from(index).expect("small");
        check_record(&hashes(&leaf["proof"]), size, root, index, Theirs(leaves[at].0)).expect("their check holds");
        assert_eq!(leaf["leaf"].as_str().map(str::as_bytes), Some(data[at]));
    }
    // A smaller tree's tile is still there, and grew into the one of now.
    let half = size / 2;
    let earlier = service.get(&format!("/log/tile/0/000.p/{half}"), &Who::Nobody).await.body;
    assert_eq!(earlier, tile.body[..earlier.len()]);
    let earlier: Vec<mingchou::canon::Hash> = earlier.chunks(32).map(|hash| mingchou::canon::Hash(hash.try_into().expect("32 bytes"))).collect();
    let proof = service.get(&format!("/api/v1/log/consistency?from={half}&to={size}"), &reader).await.done();
    check_tree(&hashes(&proof["proof"]), size, root, half, Theirs(mingchou::canon::merkle::root(&earlier).0)).expect("their check holds");
    for nothing in
        ["0/000", "0/001", "0/0", "0/000.p/256", "0/000.p/0", "9/000.p/1", "00/000.p/1", "entries/000", "x/000", "0/x000/000.p/1", "../checkpoint"]
    {
        assert_eq!(service.get(&format!("/log/tile/{nothing}"), &Who::Nobody).await.refused().0, 404, "{nothing}");
    }
    assert_eq!(service.get(&format!("/log/tile/0/000.p/{}", size + 1), &Who::Nobody).await.refused().0, 404, "not yet");
}

#[tokio::test]
async fn a_witness_fetches_its_request_and_brings_its_line() {
    let service = Service::new().await;
    let key = NoteKey::new("witness.example/w", KeyType::Witness, &Secret([7; 32]));
    add_witness(&service.app.office, &mingchou::canon::Code::parse("audit-office").expect("a code"), &key.verifier()).await.expect("added");
    let asked = service.get("/log/witness-request?name=witness.example/w", &Who::Nobody).await.text();
    let log = service.app.office.log_key.verifier();
    let checkpoint = judge(None, &Request::parse(&asked).expect("a request"), &log).expect("judged");
    let line = key.cosign(&checkpoint, service.app.office.clock.now().seconds());
    let post =
        |body: String| service.send(request("POST", "/log/cosignature", &Who::Nobody).header(header::CONTENT_TYPE, "text/plain"), Body::from(body));
    assert_eq!(post(line.clone()).await.done()["size"], checkpoint.size);
    assert!(service.get("/log/checkpoint", &Who::Nobody).await.text().contains(line.trim_end()));
    for wrong in ["", "— nobody AAAA", "two\nlines"] {
        assert_eq!(post(wrong.to_owned()).await.refused(), (422, "witness_answer".to_owned()), "{wrong}");
    }
    assert_eq!(service.get("/log/witness-request?name=nobody", &Who::Nobody).await.refused().0, 404);
    let seen = service.get("/api/v1/witnesses", &service.as_role(Role::Auditor).await).await.done();
    assert!(seen["witnesses"].as_array().expect("a list").iter().any(|one| one["owner"] == "audit-office" && one["seen"] == checkpoint.size));
}
