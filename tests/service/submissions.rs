//! A county's system pushes its week: first a look, then in earnest, and again after the line broke.

use super::{Answer, Service, Who, borrowed, multipart, request, sample};
use axum::body::Body;
use axum::http::header;
use mingchou::bundle::receipt::verify_receipt;
use mingchou::canon::Hash;
use mingchou::domain::Role;

const WEEK: &str = "/api/v1/weeks/2026-W49/submissions";

/// A ledger for the week after the demonstration's.
fn ledger() -> Vec<u8> {
    "解放区补贴性职业培训班期台账 2026年第49周,,,,,\n序号,培训机构,班期名称,工种,开班时间,结束时间\n1,示例甲职业培训学校,电工一期,电工,2026-12-07,2026-12-18\n".into()
}

async fn push(service: &Service, who: &Who, path: &str, key: &str, boundary: &str, files: &[(&str, &[u8])]) -> Answer {
    let (kind, body) = multipart(boundary, files);
    let request = request("POST", path, who).header(header::CONTENT_TYPE, kind).header("idempotency-key", key);
    service.send(request, Body::from(body)).await
}

#[tokio::test]
async fn a_system_looks_first_then_hands_in_and_holds_a_receipt() {
    let service = Service::new().await;
    let system = service.system(Some("410802"), &["submit", "read"]).await;
    let file = ledger();
    let files: Vec<(&str, &[u8])> = vec![("解放区台账.csv", &file)];
    let tried = service.upload(&format!("{WEEK}?dry_run=true"), &system, &files).await.done();
    assert_eq!((tried["dry_run"].as_bool(), tried["rows"].as_u64(), tried["receipt"].is_null()), (Some(true), Some(1), true), "{tried}");
    let list = "/api/v1/submissions?week=2026-W49";
    assert_eq!(service.get(list, &system).await.done().as_array().map(Vec::len), Some(0), "a dry run keeps nothing");

    let done = service.upload(WEEK, &system, &files).await.done();
    assert_eq!((done["county"].as_str(), done["version"].as_u64(), done["new"].as_bool()), (Some("410802"), Some(1), Some(true)));
    let receipt = mingchou::canon::json::to_record(&done["receipt"]);
    let verdict = verify_receipt(&receipt, None, &[("解放区台账.csv".to_owned(), Hash::of(&file))]);
    assert!(verdict.checks.iter().all(|check| check.ok), "{:?}", verdict.checks);
    let again = service.upload(WEEK, &system, &files).await.done();
    assert_eq!((again["new"].as_bool(), again["version"].as_u64()), (Some(false), Some(1)), "the same documents are the same version");
    assert_eq!(service.get(list, &system).await.done().as_array().map(Vec::len), Some(1));

    let one = service.get("/api/v1/submissions/410802/2026-W49/1", &system).await.done();
    assert_eq!(one["findings"], done["findings"], "what was said is kept");
    let sha256 = one["documents"][0]["sha256"].as_str().expect("a hash");
    let document = format!("/api/v1/submissions/410802/2026-W49/1/documents/{sha256}");
    assert_eq!(service.get(&document, &system).await.body, file);
    let marked = service.get(&format!("{document}/marked"), &system).await;
    assert!(marked.status == 200 && marked.body.starts_with(b"PK"), "{}", marked.status);
    assert!(marked.header("content-disposition").contains(".xlsx"));
    let auditor = service.as_role(Role::Auditor).await;
    let looks = service.get("/api/v1/accesses", &auditor).await.text();
    assert!(looks.contains(sha256) && looks.contains("\"looked\"") && looks.contains("submitted"), "{looks}");
}

#[tokio::test]
async fn a_push_under_a_key_is_done_once() {
    let service = Service::new().await;
    let system = service.system(Some("410802"), &["submit", "read"]).await;
    let file = ledger();
    let files: Vec<(&str, &[u8])> = vec![("解放区台账.csv", &file)];
    let first = push(&service, &system, WEEK, "push-1", "aaaa", &files).await;
    let receipt = first.done()["receipt"].clone();
    // The line between the parts is another one; the request is the same.
    let second = push(&service, &system, WEEK, "push-1", "bbbbbbbb", &files).await;
    assert_eq!(second.done(), first.json());
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(second.json()["receipt"], receipt);
    let other = push(&service, &system, WEEK, "push-1", "aaaa", &[("解放区台账.csv", b"x")]).await;
    assert_eq!(other.refused(), (422, "idempotency_other".to_owned()));
    let elsewhere = push(&service, &system, &format!("{WEEK}?dry_run=true"), "push-1", "aaaa", &files).await;
    assert_eq!(elsewhere.refused().1, "idempotency_other");
    // Another system of the same name has keys of its own.
    let twin = service.system(Some("410803"), &["submit"]).await;
    assert_eq!(push(&service, &twin, WEEK, "push-1", "aaaa", &files).await.refused().1, "receive_other_county");
    // What was refused did nothing and may be asked again.
    let refused = push(&service, &system, WEEK, "push-2", "aaaa", &[("empty.csv", b"")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(push(&service, &system, WEEK, "push-2", "aaaa", &files).await.done()["new"], false);
    let odd = push(&service, &system, WEEK, "with blank", "aaaa", &files).await;
    assert_eq!(odd.refused(), (400, "idempotency_key".to_owned()));
}

#[tokio::test]
async fn the_bureau_names_a_county_and_a_clerk_is_its_own() {
    let service = Service::new().await;
    let file = ledger();
    let files: Vec<(&str, &[u8])> = vec![("台账.csv", &file)];
    let bureau = service.as_role(Role::Bureau).await;
    let done = service.upload(&format!("{WEEK}?county=410802&dry_run=true"), &bureau, &files).await.done();
    assert_eq!(done["county"], "410802");
    let clerk = service.clerk("410803").await;
    assert_eq!(service.upload(WEEK, &clerk, &files).await.refused(), (422, "receive_other_county".to_owned()));
    assert_eq!(service.upload(WEEK, &clerk, &[]).await.refused(), (422, "submission_none_given".to_owned()));
    let zero = service.upload(&format!("{WEEK}?zero=true"), &clerk, &[]).await.done();
    assert_eq!((zero["county"].as_str(), zero["rows"].as_u64()), (Some("410803"), Some(0)));
    let status = service.get("/api/v1/weeks/2026-W49", &clerk).await.done();
    assert_eq!(status["counties"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_whole_week_of_a_county_goes_in_at_once() {
    let service = Service::new().await;
    let files = sample("2026-W48", "410822");
    let bureau = service.as_role(Role::Bureau).await;
    let done = service.upload("/api/v1/weeks/2026-W48/submissions?dry_run=true", &bureau, &borrowed(&files)).await.done();
    assert_eq!(done["county"], "410822");
    assert!(done["lessons"].as_u64() > Some(0), "{done}");
}

#[tokio::test]
async fn lists_come_in_pages_that_join_without_gap() {
    let service = Service::new().await;
    let bureau = service.as_role(Role::Bureau).await;
    for list in ["/api/v1/classes?owed=false", "/api/v1/submissions", "/api/v1/log/leaves", "/api/v1/applications"] {
        let sign = if list.contains('?') { '&' } else { '?' };
        let all = service.get(&format!("{list}{sign}limit=200"), &bureau).await;
        let (mut joined, mut next) = (Vec::new(), format!("{list}{sign}limit=7"));
        while !next.is_empty() {
            let page = service.get(&next, &bureau).await;
            joined.extend(page.done().as_array().expect("a list").clone());
            next = page.header("link").split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        }
        let all = all.done();
        let all = all.as_array().expect("a list");
        assert_eq!(&joined[..all.len()], &all[..], "{list}");
    }
    for wrong in ["limit=0", "limit=201", "limit=x", "limit=", "after=nothing"] {
        let refused = service.get(&format!("/api/v1/classes?{wrong}"), &bureau).await.refused();
        assert_eq!(refused, (400, "request_query".to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let service = Service::new().await;
    let system = service.system(Some("410802"), &["submit", "read"]).await;
    let path = "/api/v1/weeks/2026-W48";
    let first = service.get(path, &system).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.len() > 10, "{:?}", first.headers);
    let second = service.send(request("GET", path, &system).header(header::IF_NONE_MATCH, &tag), Body::empty()).await;
    assert_eq!((second.status, second.body.len(), second.header("etag")), (304, 0, tag.as_str()));
    service.upload(&"/api/v1/weeks/2026-W48/submissions?zero=true".replace("W48", "W49"), &system, &[]).await.done();
    let path = "/api/v1/submissions";
    let before = service.get(path, &system).await;
    let file = ledger();
    service.upload(WEEK, &system, &[("解放区台账.csv", &file)]).await.done();
    let after = service.send(request("GET", path, &system).header(header::IF_NONE_MATCH, before.header("etag")), Body::empty()).await;
    assert_eq!(after.status, 200);
}
