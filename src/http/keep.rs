//! Asking again: a write under a key is done once and answered again; a read that did not change isn't sent again.

use super::api::take::tag;
use super::serve::BODY_BYTES;
use super::{App, Failed, guard};
use crate::canon::{Hash, Refusal};
use crate::ops::account::{self, Kept};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Whose writes under which keys are being done right now, in this process.
#[derive(Default)]
pub struct UnderWay(Mutex<BTreeSet<(String, String)>>);

struct Turn<'a>(&'a UnderWay, (String, String));

impl UnderWay {
    fn begin(&self, who: &str, key: &str) -> Option<Turn<'_>> {
        let pair = (who.to_owned(), key.to_owned());
        let mut set = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        set.insert(pair.clone()).then_some(Turn(self, pair))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut set = self.0.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        set.remove(&self.1);
    }
}

/// Writes whose answer holds a secret, or whose request does: nothing of them is kept.
const NOT_KEPT: [&str; 2] = ["/api/v1/accounts", "/api/v1/tokens"];

pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !path.starts_with("/api/v1/") {
        return next.run(request).await;
    }
    let is_kept = request.headers().contains_key("idempotency-key") && !NOT_KEPT.iter().any(|not| path.starts_with(not));
    match *request.method() {
        Method::GET => {
            let known = request.headers().get(header::IF_NONE_MATCH).cloned();
            tagged(next.run(request).await, known.as_ref()).await
        }
        Method::POST if is_kept => once(&app, request, next).await.unwrap_or_else(IntoResponse::into_response),
        _ => next.run(request).await,
    }
}

/// Gives an answer its tag, or says that the caller has it.
async fn tagged(response: Response, known: Option<&HeaderValue>) -> Response {
    if response.status() != StatusCode::OK || response.extensions().get::<Failed>().is_some() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Failed(Refusal::new("request_body").with("reason", "")).into_response() };
    let tag = tag(&bytes);
    let is_known =
        known.and_then(|known| known.to_str().ok()).is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Does a write once. Only what was done is kept: after a refusal nothing was, and the same may be asked again.
async fn once(app: &App, request: Request, next: Next) -> Result<Response, Failed> {
    let (parts, body) = request.into_parts();
    let key = key(&parts.headers)?;
    let Some(who) = who(&parts, app).await? else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let bytes = to_bytes(body, BODY_BYTES).await.map_err(|_| Refusal::new("body_large"))?;
    let asked = fingerprint(&parts, &bytes);
    let _turn = app.under_way.begin(&who, &key).ok_or_else(|| Refusal::new("request_under_way"))?;
    if let Some(kept) = account::find_answer(&app.office, &who, &key).await? {
        return if kept.request == asked { Ok(again(kept)) } else { Err(Refusal::new("idempotency_other").into()) };
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(|_| Refusal::new("request_body").with("reason", ""))?;
    if let Ok(body) = String::from_utf8(bytes.to_vec()) {
        account::keep_answer(&app.office, &who, &key, &Kept { request: asked, status: parts.status.as_u16(), body }).await?;
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn again(kept: Kept) -> Response {
    let mut response = kept.body.into_response();
    *response.status_mut() = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(super::api::op::JSON));
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}

fn key(headers: &HeaderMap) -> Result<String, Failed> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let is_good = (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_good { Ok(key.to_owned()) } else { Err(Refusal::new("idempotency_key").into()) }
}

/// Two systems may bear one name: a token goes by its hash.
async fn who(parts: &Parts, app: &App) -> Result<Option<String>, Failed> {
    let Some(person) = guard::find(parts, app).await? else { return Ok(None) };
    Ok(Some(guard::bearer(&parts.headers).map_or(person.name, |token| format!("token:{}", Hash::of(token.as_bytes())))))
}

/// What makes a request the same: where it goes and what it says. The line that a sender puts between the parts of a
/// form is another each time and says nothing.
fn fingerprint(parts: &Parts, bytes: &Bytes) -> String {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let boundary = kind.split("boundary=").nth(1).map(|rest| rest.split(';').next().unwrap_or_default().trim_matches('"')).unwrap_or_default();
    let mut said: Vec<u8> = format!("{} {}\n{}\n", parts.method, parts.uri, kind.split(';').next().unwrap_or_default()).into_bytes();
    match boundary {
        "" => said.extend_from_slice(bytes),
        boundary => said.extend(without(bytes, boundary.as_bytes())),
    }
    Hash::of(&said).to_string()
}

fn without(bytes: &[u8], what: &[u8]) -> Vec<u8> {
    let mut left = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match memchr::memmem::find(&bytes[at..], what) {
            Some(found) => {
                left.extend_from_slice(&bytes[at..at + found]);
                at += found + what.len();
            }
            None => {
                left.extend_from_slice(&bytes[at..]);
                break;
            }
        }
    }
    left
}
