//! Administration, the log and what is public, asked over HTTP without a network: as a browser would, with cookie and form.

mod accounts;
mod attacks;
mod public;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use mingchou::canon::Time;
use mingchou::http::{App, Settings, router};
use mingchou::ops::Office;
use mingchou::ops::office::Clock;
use std::path::Path;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// After the demonstration's second week was published.
const AFTER: &str = "2026-12-07T10:00:00+08:00";

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }
}

/// A service over a demonstration of its own, with the browser harness's people.
struct Desk {
    folder: TempDir,
    router: Router,
    app: App,
}

/// A session: its cookie, and the token of its forms.
#[derive(Clone)]
struct Session {
    cookie: String,
    form: String,
}

impl Desk {
    async fn new() -> Self {
        let data = std::thread::spawn(|| crate::office::demonstration().join("data")).join().expect("the demonstration");
        let folder = TempDir::new().expect("a folder");
        crate::browser::site::copy_at_rest(&data, folder.path());
        let app = open(folder.path(), AFTER).await;
        crate::browser::site::add_people(&app.office).await;
        Self { folder, router: router(app.clone()), app }
    }

    /// The same folder at a later time.
    async fn go_on_to(&mut self, at: &str) {
        self.app = open(self.folder.path(), at).await;
        self.router = router(self.app.clone());
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn get(&self, path: &str, who: Option<&Session>) -> Answer {
        let cookie = who.map(|session| session.cookie.clone()).unwrap_or_default();
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request")).await
    }

    /// Sends a form as its page would.
    async fn post(&self, path: &str, who: &Session, fields: &[(&str, &str)]) -> Answer {
        let path = format!("{path}?form={}", who.form);
        let request = form(&path).header(header::COOKIE, who.cookie.clone());
        self.send(request.body(body(fields)).expect("a request")).await
    }

    async fn login(&self, name: &str, password: &str) -> Answer {
        let fields = [("name", name), ("password", password)];
        self.send(form("/login").body(body(&fields)).expect("a request")).await
    }

    async fn sign_in_with(&self, name: &str, password: &str) -> Session {
        let answer = self.login(name, password).await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let page = self.get("/password", Some(&Session { cookie: cookie.clone(), form: String::new() })).await.text();
        let form = page.split("form=").nth(1).and_then(|rest| rest.split('"').next()).expect("a form token").to_owned();
        Session { cookie, form }
    }

    async fn sign_in(&self, name: &str) -> Session {
        self.sign_in_with(name, crate::browser::site::PASSWORD).await
    }
}

async fn open(folder: &Path, at: &str) -> App {
    let office = Office::open(folder, Some(Time::parse(at).expect("a time"))).await.expect("open");
    assert!(matches!(office.clock, Clock::Fixed(_)));
    App::new(office, Settings::default())
}

fn form(path: &str) -> axum::http::request::Builder {
    Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::HOST, "mingchou.example")
}

fn body(fields: &[(&str, &str)]) -> Body {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    Body::from(text.extend_pairs(fields).finish())
}
