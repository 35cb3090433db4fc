//! The stylesheet and the scripts, embedded. A changed file has another address only through its ETag.

use crate::canon::Hash;
use crate::http::serve::Routes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

const STYLE: &str = include_str!("../assets/style.css");
const SUBMIT: &str = include_str!("../assets/submit.js");
const CRYPTO: &str = include_str!("../assets/crypto.js");
const CEREMONY: &str = include_str!("../assets/ceremony.js");
const WALL: &str = include_str!("../assets/wall.js");
const SCRIPT: &str = "text/javascript; charset=utf-8";

const PUBLIC_VERIFY: &str = include_str!("../assets/public-verify.js");
const ICON: &str = include_str!("../assets/icon.svg");

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/assets/style.css", style).get("/assets/icon.svg", icon).get("/assets/public-verify.js", public_verify);
    let routes = routes.get("/assets/submit.js", submit);
    routes.get("/assets/crypto.js", crypto).get("/assets/ceremony.js", ceremony).get("/assets/wall.js", wall)
}

async fn submit(headers: HeaderMap) -> Response {
    asset(&headers, SCRIPT, SUBMIT)
}

async fn crypto(headers: HeaderMap) -> Response {
    asset(&headers, SCRIPT, CRYPTO)
}

async fn ceremony(headers: HeaderMap) -> Response {
    asset(&headers, SCRIPT, CEREMONY)
}

async fn wall(headers: HeaderMap) -> Response {
    asset(&headers, SCRIPT, WALL)
}

async fn style(headers: HeaderMap) -> Response {
    asset(&headers, "text/css; charset=utf-8", STYLE)
}

async fn icon(headers: HeaderMap) -> Response {
    asset(&headers, "image/svg+xml", ICON)
}

async fn public_verify(headers: HeaderMap) -> Response {
    asset(&headers, "text/javascript; charset=utf-8", PUBLIC_VERIFY)
}

pub fn asset(headers: &HeaderMap, kind: &'static str, text: &'static str) -> Response {
    let tag = format!("\"{}\"", &Hash::of(text.as_bytes()).to_string()[..16]);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = text.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        fields.insert(header::ETAG, tag);
    }
    response
}
