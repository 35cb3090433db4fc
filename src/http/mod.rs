//! The service: pages for people (`pages/`), JSON for systems (`api/`), the log for outside tools.
//!
//! Rights are types of a handler's arguments (`guard.rs`), so a route without one is public and says so by its shape.

pub mod api;
pub mod basket;
pub mod guard;
mod keep;
mod limit;
mod observe;
pub mod pages;
mod problem;
mod serve;
pub mod shape;

pub use limit::Limits;
pub use problem::Failed;
pub use serve::{App, BODY_BYTES, Settings, ops, router, routes, serve, serve_until};

use crate::i18n::Lang;

/// The language that a request asks for: `?lang=`, else the cookie of an earlier choice, else Chinese.
pub fn lang_of(parts: &axum::http::request::Parts) -> Lang {
    let asked = parts.uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")));
    asked.and_then(Lang::parse).or_else(|| cookie(&parts.headers, "lang").and_then(Lang::parse)).unwrap_or(Lang::Zh)
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a axum::http::HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(axum::http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
