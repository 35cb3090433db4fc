//! The doors as somebody meets them who wants in.

use super::{Desk, body, form};
use crate::browser::site::PASSWORD;
use axum::body::Body;
use axum::http::{Request, header};

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    let desk = Desk::new().await;
    let bureau = desk.sign_in("bureau").await;
    let fields = [("name", "lead_reading"), ("value", "strict")];
    let post = |path: String| form(&path).header(header::COOKIE, bureau.cookie.clone());
    let right = format!("/settings/rules?form={}", bureau.form);
    let cases = [
        ("without a token", post("/settings/rules".to_owned())),
        ("with an empty token", post("/settings/rules?form=".to_owned())),
        ("with another's token", post(format!("/settings/rules?form={}", desk.sign_in("bureau").await.form))),
        ("from another site", post(right.clone()).header(header::ORIGIN, "http://evil.example")),
        ("from a site that hides", post(right.clone()).header(header::ORIGIN, "null")),
        ("from a name that begins like ours", post(right.clone()).header(header::ORIGIN, "http://mingchou.example.evil.example")),
        ("said to be cross-site", post(right.clone()).header("sec-fetch-site", "cross-site")),
    ];
    for (what, request) in cases {
        let answer = desk.send(request.body(body(&fields)).expect("a request")).await;
        assert_eq!(answer.status, 403, "{what}");
    }
    let ours = post(right).header(header::ORIGIN, "http://mingchou.example").header("sec-fetch-site", "same-origin");
    assert_eq!(desk.send(ours.body(body(&fields)).expect("a request")).await.status, 303);
    // Nobody is signed in as somebody else by another site's form, either.
    let fields = [("name", "bureau"), ("password", PASSWORD)];
    let login = form("/login").header(header::ORIGIN, "http://evil.example");
    assert_eq!(desk.send(login.body(body(&fields)).expect("a request")).await.status, 403);
}

#[tokio::test]
async fn a_session_is_new_at_every_sign_in_and_ends_by_itself() {
    let mut desk = Desk::new().await;
    let first = desk.sign_in("bureau").await;
    // A cookie that somebody planted becomes no session, and the one before is over.
    let fields = [("name", "discipline"), ("password", PASSWORD)];
    let planted = form("/login").header(header::COOKIE, first.cookie.clone());
    let answer = desk.send(planted.body(body(&fields)).expect("a request")).await;
    let set = answer.header("set-cookie").to_owned();
    assert!(!set.contains(&first.cookie));
    assert_eq!(desk.get("/leaves", Some(&first)).await.status, 303, "the one before is over");
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(flag), "{set}");
    }
    let session = super::Session { cookie: set.split(';').next().unwrap_or_default().to_owned(), form: String::new() };
    assert_eq!(desk.get("/leaves", Some(&session)).await.status, 200);
    desk.go_on_to("2026-12-07T10:29:00+08:00").await;
    assert_eq!(desk.get("/leaves", Some(&session)).await.status, 200, "used within half an hour");
    desk.go_on_to("2026-12-07T10:58:00+08:00").await;
    assert_eq!(desk.get("/leaves", Some(&session)).await.status, 200, "and again");
    desk.go_on_to("2026-12-07T11:30:00+08:00").await;
    assert_eq!(desk.get("/leaves", Some(&session)).await.status, 303, "half an hour without use");
    // Twelve hours are the end whatever happens.
    let long = desk.sign_in("bureau").await;
    for at in ["11:55", "12:20", "12:45", "13:10", "13:35", "14:00", "14:25", "14:50", "15:15", "15:40", "16:05", "16:30", "16:55", "17:20", "17:45"]
    {
        desk.go_on_to(&format!("2026-12-07T{at}:00+08:00")).await;
        assert_eq!(desk.get("/leaves", Some(&long)).await.status, 200, "{at}");
    }
    for at in ["18:10", "18:35", "19:00", "19:25", "19:50", "20:15", "20:40", "21:05", "21:30", "21:55", "22:20", "22:45", "23:10", "23:29"] {
        desk.go_on_to(&format!("2026-12-07T{at}:00+08:00")).await;
        assert_eq!(desk.get("/leaves", Some(&long)).await.status, 200, "{at}");
    }
    desk.go_on_to("2026-12-07T23:31:00+08:00").await;
    assert_eq!(desk.get("/leaves", Some(&long)).await.status, 303);
}

#[tokio::test]
async fn guessing_locks_an_account_and_tells_nothing() {
    let mut desk = Desk::new().await;
    let inside = desk.sign_in("bureau").await;
    let said =
        |answer: super::Answer| (answer.status, answer.text().split("role=\"alert\">").nth(1).and_then(|t| t.split('<').next()).map(str::to_owned));
    let nobody = said(desk.login("nobody", "a wrong password").await);
    assert_eq!(nobody.0, 401);
    for _ in 0..7 {
        assert_eq!(said(desk.login("bureau", "a wrong password").await), nobody);
    }
    assert_eq!(said(desk.login("bureau", PASSWORD).await), nobody, "locked, in the same words as an unknown name");
    assert_eq!(desk.get("/leaves", Some(&inside)).await.status, 200, "whoever is in stays in");
    desk.go_on_to("2026-12-07T10:14:00+08:00").await;
    assert_eq!(desk.login("bureau", PASSWORD).await.status, 401);
    desk.go_on_to("2026-12-07T10:16:00+08:00").await;
    assert_eq!(desk.login("bureau", PASSWORD).await.status, 303);
    // The old password is no place to guess without end.
    let here = desk.sign_in("bureau").await;
    for _ in 0..5 {
        assert_eq!(desk.post("/password", &here, &[("old", "a wrong password"), ("new", "another password")]).await.status, 422);
    }
    assert_ne!(desk.post("/password", &here, &[("old", PASSWORD), ("new", "another password")]).await.status, 303);
    let auditor = desk.sign_in("auditor").await;
    assert!(desk.get("/access?act=sign_in_failed", Some(&auditor)).await.has("@unknown"), "attempts at unknown names are written down");
}

#[tokio::test]
async fn one_goes_nowhere_but_here_after_signing_in() {
    let desk = Desk::new().await;
    let odd = [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\tevil",
        "/a\r\nSet-Cookie: session=x",
        "javascript:alert(1)",
        "\\\\evil",
        "",
    ];
    for next in odd {
        let fields = [("name", "bureau"), ("password", PASSWORD), ("next", next)];
        let answer = desk.send(form("/login").body(body(&fields)).expect("a request")).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{next:?}");
    }
    let fields = [("name", "bureau"), ("password", PASSWORD), ("next", "/leaves")];
    assert_eq!(desk.send(form("/login").body(body(&fields)).expect("a request")).await.header("location"), "/leaves");
}

#[tokio::test]
async fn every_page_says_how_it_may_be_used() {
    let desk = Desk::new().await;
    let bureau = desk.sign_in("bureau").await;
    for path in ["/", "/login", "/public", "/settings", "/nothing-there", "/leaves/0"] {
        let answer = desk.get(path, Some(&bureau)).await;
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let page = answer.text();
        assert!(!page.contains("style=\"") && !page.contains("onclick=") && !page.contains("<script>"), "{path} has nothing inline");
    }
}

#[tokio::test]
async fn too_much_too_odd_or_too_far_up_is_refused() {
    let desk = Desk::new().await;
    let big = "x".repeat(20_000);
    let fields = [("name", "bureau"), ("password", big.as_str())];
    let answer = desk.send(form("/login").body(body(&fields)).expect("a request")).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e%2f%2e%2e%2fCargo.toml",
        "/public/../keys/log.key",
        "/..%2f..%2fkeys/log.key",
        "/leaves/../../keys/log.key",
    ] {
        let answer = desk.get(path, None).await;
        assert!(answer.status == 404 || answer.status == 303 || answer.status == 400, "{path}: {}", answer.status);
        assert!(!answer.has("[package]"));
    }
    // Words of a query come back as words.
    let auditor = desk.sign_in("auditor").await;
    let answer = desk.get("/access?who=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&act=%0d%0aX:%20y", Some(&auditor)).await;
    assert!(answer.status == 200 && !answer.has("<script>alert"));
    let garbage = Request::get("/leaves").header(header::COOKIE, "session=\u{fffd}; session=x; =; ;;").body(Body::empty());
    assert_eq!(desk.send(garbage.expect("a request")).await.status, 303);
}
