//! Requests that no handler should have to think of: each is a problem, never plain text, never a broken line.

use super::{Service, Who, request};
use axum::body::Body;
use axum::http::header;
use mingchou::domain::Role;
use mingchou::http::{BODY_BYTES, Limits, Settings};

const JSON: &str = "application/json";

#[tokio::test]
async fn malformed_requests_are_problems() {
    let service = Service::new().await;
    let bureau = service.as_role(Role::Bureau).await;
    let cases: [(&str, &str, &str, &str, u16, &str); 15] = [
        ("POST", "/api/v1/rules/lead_reading", JSON, "{", 400, "request_body"),
        ("POST", "/api/v1/rules/lead_reading", JSON, "{\"value\":1}", 400, "request_body"),
        ("POST", "/api/v1/rules/lead_reading", JSON, "{\"value\":\"strict\",\"more\":1}", 400, "request_body"),
        ("POST", "/api/v1/rules/lead_reading", JSON, "{\"value\":\"a\\u0000\"}", 400, "request_body"),
        ("POST", "/api/v1/rules/lead_reading", "text/plain", "{\"value\":\"strict\"}", 415, "request_type"),
        ("POST", "/api/v1/weeks/2026-W48/submissions", "multipart/form-data", "", 400, "request_body"),
        ("POST", "/api/v1/weeks/2026-W48/submissions", "multipart/form-data; boundary=x", "--x\r\nno end", 400, "request_body"),
        ("POST", "/api/v1/weeks/2026-W48/submissions", JSON, "{}", 415, "request_type"),
        ("GET", "/api/v1/weeks/2026-W99", "", "", 400, "request_path"),
        ("GET", "/api/v1/weeks/%FF", "", "", 400, "request_path"),
        ("GET", "/api/v1/classes?county=%20", "", "", 400, "request_query"),
        ("GET", "/api/v1/classes?text=%00", "", "", 400, "request_odd"),
        ("GET", "/api/v1/nothing", "", "", 404, "not_found"),
        ("DELETE", "/api/v1/weeks/2026-W48", "", "", 405, "request_method"),
        ("GET", "/api/v1/punctuality", "", "", 400, "request_query"),
    ];
    for (method, path, kind, body, status, code) in cases {
        let request = request(method, path, &bureau).header(header::CONTENT_TYPE, kind);
        let answer = service.send(request, Body::from(body)).await;
        assert_eq!(answer.refused(), (status, code.to_owned()), "{method} {path} {body}");
        assert!(!answer.json()["detail"].as_str().expect("words").contains('{'), "{}", answer.text());
    }
    let answer = service.send(request("DELETE", "/api/v1/weeks/2026-W48", &bureau), Body::empty()).await;
    assert!(answer.header("allow").contains("GET"), "{:?}", answer.headers);
}

#[tokio::test]
async fn what_is_too_large_is_refused_whether_or_not_it_says_so() {
    let service = Service::new().await;
    let bureau = service.as_role(Role::Bureau).await;
    let path = "/api/v1/weeks/2026-W48/submissions?dry_run=true";
    let request_of = || request("POST", path, &bureau).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let told = service.send(request_of().header(header::CONTENT_LENGTH, BODY_BYTES + 1), Body::empty()).await;
    assert_eq!(told.refused(), (413, "body_large".to_owned()));
    let head = b"--x\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.csv\"\r\n\r\n".to_vec();
    let untold = service.send(request_of(), Body::from([head, vec![b'a'; BODY_BYTES]].concat())).await;
    assert_eq!(untold.refused(), (413, "body_large".to_owned()));
    let keyed = request_of().header("idempotency-key", "large");
    assert_eq!(service.send(keyed, Body::from(vec![b'a'; BODY_BYTES + 1])).await.refused(), (413, "body_large".to_owned()));
}

#[tokio::test]
async fn who_asks_too_much_is_told_when_to_come_back() {
    let settings = Settings { limits: Limits { caller: 3, address: 8 }, ..Settings::default() };
    let service = Service::with(settings).await;
    let system = service.system(Some("410802"), &["read"]).await;
    let twin = service.system(Some("410802"), &["read"]).await;
    let path = "/api/v1/me";
    for _ in 0..3 {
        assert_ne!(service.get(path, &system).await.status, 429);
    }
    let refused = service.get(path, &system).await;
    assert_eq!(refused.refused(), (429, "too_many".to_owned()));
    let seconds: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=21).contains(&seconds), "{seconds}");
    assert_ne!(service.get(path, &twin).await.status, 429, "another caller has a measure of its own");
    // Invented tokens get nobody further than the address may go.
    let mut statuses = Vec::new();
    for number in 0..6 {
        statuses.push(service.get(path, &Who::System(format!("invented-{number}"))).await.status);
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[tokio::test]
async fn a_write_from_another_site_is_refused() {
    let service = Service::new().await;
    let bureau = service.as_role(Role::Bureau).await;
    let Who::Person { cookie, form } = &bureau else { panic!("a person") };
    let path = "/api/v1/rules/lead_reading";
    let body = || Body::from("{\"value\":\"strict\"}");
    let plain = || request("POST", path, &Who::Nobody).header(header::COOKIE, cookie).header(header::CONTENT_TYPE, JSON);
    assert_eq!(service.send(plain(), body()).await.refused(), (403, "form_token".to_owned()));
    assert_eq!(service.send(plain().header("x-form-token", "0"), body()).await.refused().0, 403);
    let elsewhere = plain().header("x-form-token", form).header(header::ORIGIN, "http://elsewhere");
    assert_eq!(service.send(elsewhere, body()).await.refused(), (403, "form_token".to_owned()));
    let keyed = plain().header("idempotency-key", "k").header(header::ORIGIN, "http://elsewhere");
    assert_eq!(service.send(keyed, body()).await.refused().0, 403);
    let ours = plain().header("x-form-token", form).header(header::ORIGIN, "http://office");
    assert_eq!(service.send(ours, body()).await.done()["new"], true);
}

#[tokio::test]
async fn a_token_ends_when_it_is_revoked_and_does_only_what_it_is_for() {
    let service = Service::new().await;
    let admin = service.as_role(Role::SystemAdmin).await;
    let made = serde_json::json!({"name": "解放区系统", "county": "410802", "scopes": ["read"], "days": 30});
    let key = service.post("/api/v1/tokens", &admin, &made).await.done()["key"].as_str().expect("a key").to_owned();
    let system = Who::System(key.clone());
    service.get("/api/v1/weeks/2026-W48", &system).await.done();
    assert_eq!(service.upload("/api/v1/weeks/2026-W48/submissions", &system, &[]).await.refused(), (403, "right_missing".to_owned()));
    let tokens = service.get("/api/v1/tokens", &admin).await;
    assert!(!tokens.text().contains(&key), "a token is shown once");
    let id = tokens.json().as_array().expect("tokens").iter().find(|token| token["name"] == "解放区系统").expect("there")["token"].clone();
    let revoke = format!("/api/v1/tokens/{}/revoke", id.as_str().expect("a hash"));
    service.post(&revoke, &admin, &serde_json::json!({})).await.done();
    assert_eq!(service.get("/api/v1/weeks/2026-W48", &system).await.refused(), (401, "sign_in_needed".to_owned()));
    assert_eq!(service.post(&revoke, &admin, &serde_json::json!({})).await.refused().0, 404);
    for county in ["410999", "x y"] {
        let wrong = serde_json::json!({"name": "无", "county": county, "scopes": ["read"], "days": 30});
        assert!(matches!(service.post("/api/v1/tokens", &admin, &wrong).await.status, 400 | 422), "{county}");
    }
}
