//! For everybody, without signing in: published draws, their bundles, a page that verifies them, one class's own row.

use super::frame::{Ctx, minute, show};
use super::leaves::{draw_words, file};
use crate::bundle;
use crate::canon::{Code, DrawKind, Hash, Refusal, Week};
use crate::http::guard::Visitor;
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::public::{Published, find_published, list_published, open_published};
use crate::ops::publish::published_attempt;
use crate::store::ceremony::DrawKey;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use serde::Deserialize;
use std::sync::LazyLock;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/public", list).get("/public/verify", verify).get("/public/verify.html", verify_file);
    let routes = routes.get("/public/{kind}/{period}/{attempt}", one).get("/public/{kind}/{period}/{attempt}/bundle.zip", bundle_zip);
    routes.get("/public/{kind}/{period}/{attempt}/class.json", class_json)
}

struct Row {
    words: String,
    address: String,
    at: String,
    window: String,
    leaf: usize,
    bundle: String,
    is_voided: bool,
}

fn row_of(ctx: &Ctx, published: &Published) -> Row {
    Row {
        words: draw_words(ctx, published.kind, &published.period, published.attempt),
        address: format!("/public/{}/{}/{}", published.kind, published.period, published.attempt),
        at: minute(&published.at),
        window: format!("{} – {}", published.window.0, published.window.1),
        leaf: published.leaf,
        bundle: published.bundle.to_string(),
        is_voided: published.is_voided,
    }
}

#[derive(Template)]
#[template(path = "public.html")]
struct PublicPage {
    ctx: Ctx,
    rows: Vec<Row>,
}

async fn list(visitor: Visitor, State(app): State<App>) -> Result<Response, Failed> {
    let ctx = visitor.ctx();
    let rows = list_published(&app.office).await?.iter().map(|published| row_of(&ctx, published)).collect();
    Ok(show(&PublicPage { ctx, rows }))
}

/// What an address names; anything odd is simply not there.
fn key_of((kind, period, attempt): &(String, String, u64)) -> Result<DrawKey, Failed> {
    let key = DrawKind::parse(kind).and_then(|kind| Ok(DrawKey { kind, period: Week::parse(period)?, attempt: *attempt }));
    key.map_err(|_| Refusal::new("not_found").into())
}

struct Line {
    leaf: usize,
    at: String,
    act: &'static str,
    party: String,
    value: String,
}

struct Opened {
    unit: String,
    stratum: String,
    size: u64,
    is_certain: bool,
    number: u64,
    leaf: u64,
}

#[derive(Template)]
#[template(path = "draw.html")]
struct DrawPage {
    ctx: Ctx,
    row: Row,
    public_draw: String,
    after: String,
    lines: Vec<Line>,
    class: String,
    opened: Option<Opened>,
    refusal: Option<String>,
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    class: String,
}

async fn one(
    visitor: Visitor,
    State(app): State<App>,
    Path(path): Path<(String, String, u64)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let (key, ctx) = (key_of(&path)?, visitor.ctx());
    let (published, notice) = find_published(&app.office, key).await?;
    let (opened, refusal) = match asked.class.trim() {
        "" => (None, None),
        class => match open(&app, key, class).await {
            Ok(opened) => (Some(opened), None),
            Err(refusal) => (None, Some(i18n::say(ctx.lang, refusal.code, &refusal.values))),
        },
    };
    let line = |line: crate::ops::notice::NoticeLine| Line {
        leaf: line.leaf,
        at: minute(&line.at),
        act: ctx.t(&format!("act_{}", line.act)),
        party: line.party.map(|party| i18n::say(ctx.lang, "public_party", &[("party", party)])).unwrap_or_default(),
        value: line.value,
    };
    let lines = notice.lines.into_iter().map(line).collect();
    let row = row_of(&ctx, &published);
    let (source, number) = notice.public_draw.split_once('/').unwrap_or(("", notice.public_draw.as_str()));
    let public_draw = format!("{} {number}", ctx.t(&format!("source_{source}")));
    let page = DrawPage { row, public_draw, after: minute(&notice.after), lines, class: asked.class.trim().to_owned(), opened, refusal, ctx };
    Ok(show(&page))
}

#[derive(Deserialize)]
struct UnitRow {
    certain: bool,
    size: u64,
    stratum: String,
    unit: String,
}

async fn open(app: &App, key: DrawKey, class: &str) -> Result<Opened, Refusal> {
    let opening = open_published(&app.office, key, &Code::parse(class)?).await?;
    let row: UnitRow = serde_json::from_str(&opening.row).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    Ok(Opened { unit: row.unit, stratum: row.stratum, size: row.size, is_certain: row.certain, number: opening.index + 1, leaf: opening.log.index })
}

async fn bundle_zip(State(app): State<App>, Path(path): Path<(String, String, u64)>) -> Result<Response, Failed> {
    let key = key_of(&path)?;
    let bytes = bundle::zip::write(&published_attempt(&app.office, key).await?)?;
    Ok(file(&format!("mingchou-{}-{}-{}.zip", key.kind, key.period, key.attempt), "application/zip", bytes))
}

async fn class_json(State(app): State<App>, Path(path): Path<(String, String, u64)>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let opening = open_published(&app.office, key_of(&path)?, &Code::parse(asked.class.trim())?).await?;
    Ok(file("opening.json", "application/json", opening.to_bytes()))
}

const VERIFY: &str = include_str!("../../../docs/verify.html");

/// The verifying page as it is served: its own policy is a header here, which names its script and style by their hashes,
/// and a script of ours brings it the bundle.
struct Served {
    page: String,
    policy: HeaderValue,
}

static SERVED: LazyLock<Served> = LazyLock::new(|| {
    let is_policy = |line: &&str| line.starts_with("<meta http-equiv=\"Content-Security-Policy\"");
    let page: String = VERIFY.split_inclusive('\n').filter(|line| !is_policy(line)).collect();
    let hashes = |tag: &str| inline(&page, tag).map(|text| format!(" 'sha256-{}'", digest(text))).collect::<String>();
    let policy = format!(
        "default-src 'none'; script-src 'self'{}; style-src{}; img-src 'self'; connect-src 'self'; form-action 'none'; \
         frame-ancestors 'none'; base-uri 'none'",
        hashes("script"),
        hashes("style")
    );
    let page = page.replacen("<title>", "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n<title>", 1);
    let page = page.replace("</body>", "<script src=\"/assets/public-verify.js\"></script>\n</body>");
    Served { page, policy: HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'")) }
});

/// What stands inside every element of that name.
fn inline<'a>(page: &'a str, tag: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let mut rest = page;
    std::iter::from_fn(move || {
        let begin = rest.find(&open)?;
        let begin = begin + rest[begin..].find('>')? + 1;
        let end = begin + rest[begin..].find(&close)?;
        let text = &rest[begin..end];
        rest = &rest[end + close.len()..];
        Some(text)
    })
}

fn digest(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Hash::of(text.as_bytes()).0)
}

async fn verify(headers: HeaderMap) -> Response {
    let mut response = super::assets::asset(&headers, "text/html; charset=utf-8", &SERVED.page);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, SERVED.policy.clone());
    response
}

/// The same page to keep and to open without a network: whoever doubts this service takes it from elsewhere.
async fn verify_file() -> impl IntoResponse {
    file("verify.html", "text/html; charset=utf-8", VERIFY.as_bytes().to_vec())
}
