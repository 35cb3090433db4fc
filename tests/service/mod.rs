//! The service as its callers meet it: a router over a real folder, asked as somebody, without a network.

mod ceremony;
mod conforms;
mod county;
mod document;
mod draws;
mod log;
mod pages;
mod refusals;
mod rights;
mod running;
mod script;
mod submissions;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use mingchou::canon::{Code, Time};
use mingchou::domain::Role;
use mingchou::http::{App, Settings, router};
use mingchou::ops::account::{self, NewAccount};
use mingchou::ops::{Office, office::Clock};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tower::ServiceExt;

/// After the demonstration's second week was published.
pub const AFTER: &str = "2026-12-07T10:00:00+08:00";
pub const PASSWORD: &str = "一二三四五六七八九十";

/// Somebody who asks.
#[derive(Clone, Debug)]
pub enum Who {
    Nobody,
    Person { cookie: String, form: String },
    System(String),
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The JSON of what was done; tells what was refused where it wasn't.
    pub fn done(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// Status and code of a problem.
    pub fn refused(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text());
        (self.status, self.json()["code"].as_str().expect("a code").to_owned())
    }
}

pub struct Service {
    pub folder: PathBuf,
    pub app: App,
    pub router: Router,
    _kept: Option<TempDir>,
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
            continue;
        }
        std::fs::copy(entry.path(), target).expect("copied");
    }
}

/// The demonstration's data as nobody has opened it since: its database is closed by a thread that lags behind.
fn pristine() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let kept = FOLDER.get_or_init(|| {
        let data = crate::office::demonstration().join("data");
        let until = Instant::now() + Duration::from_secs(20);
        while data.join("mingchou.db-wal").exists() && Instant::now() < until {
            std::thread::yield_now();
        }
        let folder = TempDir::new().expect("a folder");
        copy(&data, folder.path());
        folder
    });
    kept.path()
}

impl Service {
    /// A demonstration of its own, after its second week was published.
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Self {
        // The command runs a runtime of its own.
        let pristine = std::thread::spawn(pristine).join().expect("a demonstration");
        let folder = TempDir::new().expect("a folder");
        copy(pristine, folder.path());
        let service = Self::open(folder.path(), AFTER, settings).await;
        Self { _kept: Some(folder), ..service }
    }

    /// On a folder that somebody else keeps, at a time.
    pub async fn open(folder: &Path, at: &str, settings: Settings) -> Self {
        let office = Office::open(folder, Some(Time::parse(at).expect("a time"))).await.expect("open");
        assert!(matches!(office.clock, Clock::Fixed(_)));
        let app = App::new(office, settings);
        Self { folder: folder.to_owned(), router: router(app.clone()), app, _kept: None }
    }

    /// Signs in somebody of a role; a clerk is of 410802.
    pub async fn as_role(&self, role: Role) -> Who {
        let name = role.as_str().replace('_', "-");
        self.sign_in(&name, &[role], (role == Role::County).then_some("410802")).await
    }

    pub async fn clerk(&self, county: &str) -> Who {
        self.sign_in(&format!("clerk-{county}"), &[Role::County], Some(county)).await
    }

    /// Signs in under a name, making the account where there is none yet.
    pub async fn sign_in(&self, name: &str, roles: &[Role], county: Option<&str>) -> Who {
        let county = county.map(|county| Code::parse(county).expect("a code"));
        let full_name = format!("甲{name}");
        let new = NewAccount { name, full_name: &full_name, password: PASSWORD, roles, county, must_change: false };
        match account::add(&self.app.office, new, "test").await {
            Err(refusal) if refusal.code != "account_taken" => panic!("{refusal}"),
            _ => {}
        }
        let signed_in = account::sign_in(&self.app.office, name, PASSWORD, None).await.expect("signed in");
        Who::Person { cookie: format!("session={}", signed_in.key), form: signed_in.person.form_token.expect("a form token") }
    }

    pub async fn system(&self, county: Option<&str>, scopes: &[&str]) -> Who {
        let county = county.map(|county| Code::parse(county).expect("a code"));
        Who::System(account::add_token(&self.app.office, "县里的系统", county, scopes, 30, "test").await.expect("a token"))
    }

    pub async fn get(&self, path: &str, who: &Who) -> Answer {
        self.send(request("GET", path, who), Body::empty()).await
    }

    pub async fn post(&self, path: &str, who: &Who, body: &Value) -> Answer {
        let request = request("POST", path, who).header(header::CONTENT_TYPE, "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    pub async fn upload(&self, path: &str, who: &Who, files: &[(&str, &[u8])]) -> Answer {
        let (kind, body) = multipart("one-line-between", files);
        self.send(request("POST", path, who).header(header::CONTENT_TYPE, kind), Body::from(body)).await
    }

    /// Sends a request; what the interface answers is held against its document.
    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request: Request<Body> = request.body(body).expect("a request");
        let (method, path) = (request.method().as_str().to_owned(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.expect("answered");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("whole").to_vec();
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, body };
        conforms::check(&method, &path, &answer);
        answer
    }
}

/// The beginning of a request by somebody, with what a write of theirs must carry.
pub fn request(method: &str, path: &str, who: &Who) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "office");
    match who {
        Who::Nobody => request,
        Who::Person { cookie, form } => request.header(header::COOKIE, cookie).header("x-form-token", form),
        Who::System(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
    }
}

/// A form with files: its content type and its bytes.
pub fn multipart(boundary: &str, files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, bytes) in files {
        body.extend(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n").into_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// The files of a county's week in the sample.
pub fn sample(week: &str, county: &str) -> Vec<(String, Vec<u8>)> {
    let folder = crate::ingest::root().join("data/sample").join(week).join(county);
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("sample")
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("a file")))
        .collect();
    files.sort();
    files
}

pub fn borrowed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}
