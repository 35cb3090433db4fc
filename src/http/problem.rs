//! Refusals at this door: RFC 9457 problem details for systems, a page for people.

use super::lang_of;
use super::pages::frame::{Ctx, show};
use crate::canon::Refusal;
use crate::i18n::{self, Lang};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// A refusal on its way out of a handler; `render` puts it into words, for only it knows who asked and in which language.
#[derive(Clone, Debug)]
pub struct Failed(pub Refusal);

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = status_of(self.0.code).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What is asked for isn't there, or isn't the caller's to know of: the same answer.
pub async fn not_found() -> Failed {
    Failed(Refusal::new("not_found"))
}

fn status_of(code: &str) -> StatusCode {
    match code {
        "not_found"
        | "account_unknown"
        | "model_unknown"
        | "application_unknown"
        | "rule_unknown"
        | "witness_unknown"
        | "not_frozen"
        | "explain_unknown"
        | "open_unknown" => StatusCode::NOT_FOUND,
        "sign_in_needed" | "sign_in_wrong" | "sign_in_code" => StatusCode::UNAUTHORIZED,
        "sign_in_locked" | "too_many" => StatusCode::TOO_MANY_REQUESTS,
        "right_missing" | "form_token" => StatusCode::FORBIDDEN,
        "store_taken" | "account_taken" | "account_set_up" | "request_under_way" => StatusCode::CONFLICT,
        "body_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "request_type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "request_method" => StatusCode::METHOD_NOT_ALLOWED,
        "store_unreachable" | "store_busy" | "request_slow" => StatusCode::SERVICE_UNAVAILABLE,
        "store_failed" | "store_schema" | "chance_failed" | "facts_failed" | "file_failed" | "file_missing" | "server_broken" => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        code if code.ends_with("_malformed") => StatusCode::BAD_REQUEST,
        "request_body" | "request_query" | "request_path" | "request_odd" | "idempotency_key" => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Puts a handler's refusal into words for whoever asked.
pub async fn render(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (lang, path) = (lang_of(&parts), parts.uri.path().to_owned());
    let is_read = parts.method == axum::http::Method::GET;
    let is_system = path.starts_with("/api/") || path.starts_with("/log/") || path.starts_with("/metrics");
    let is_choice = parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("lang=")));
    let response = next.run(Request::from_parts(parts, body)).await;
    let mut response = word(response, &path, is_system, is_read, lang);
    // A language once chosen stays.
    if is_choice && let Ok(cookie) = HeaderValue::from_str(&format!("lang={}; Path=/; SameSite=Lax; Max-Age=31536000", lang.as_str())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn word(mut response: Response, path: &str, is_system: bool, is_read: bool, lang: Lang) -> Response {
    if let Some(refusal) = unworded(&response) {
        response.extensions_mut().insert(Failed(refusal));
    }
    let told = answer(&response, path, is_system, is_read, lang);
    let Some(mut told) = told else { return response };
    // What was said beside the refusal stays: how long to wait, what may be asked.
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

/// What the library refused by itself, in plain text or none at all.
fn unworded(response: &Response) -> Option<Refusal> {
    let status = response.status();
    let is_worded = response.extensions().get::<Failed>().is_some() || !(status.is_client_error() || status.is_server_error());
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if is_worded || !(kind.is_empty() || kind.starts_with("text/plain")) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Refusal::new("not_found"),
        StatusCode::METHOD_NOT_ALLOWED => Refusal::new("request_method"),
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new("body_large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Refusal::new("request_type"),
        StatusCode::SERVICE_UNAVAILABLE => Refusal::new("request_slow"),
        status if status.is_server_error() => Refusal::new("server_broken"),
        _ => Refusal::new("request_odd"),
    })
}

/// Refuses before anything is read what no handler should have to think of: a character that no database keeps, and a
/// body that says itself that it is too large.
pub async fn refuse_odd(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > super::serve::BODY_BYTES) {
        return Failed(Refusal::new("body_large")).into_response();
    }
    if request.uri().to_string().contains("%00") {
        return Failed(Refusal::new("request_odd")).into_response();
    }
    next.run(request).await
}

fn answer(response: &Response, path: &str, is_system: bool, is_read: bool, lang: Lang) -> Option<Response> {
    Some(match response.extensions().get::<Failed>() {
        None => return None,
        Some(Failed(refusal)) if is_system => details(refusal, lang),
        Some(Failed(refusal)) if refusal.code == "sign_in_needed" => {
            // Afterwards one is where one wanted to go, if going there does nothing.
            let next = if is_read && path != "/" { format!("/login?next={path}") } else { "/login".to_owned() };
            Redirect::to(&next).into_response()
        }
        Some(Failed(refusal)) => page(refusal, lang),
    })
}

/// `{"type", "title", "status", "code", "detail", "values"}`.
fn details(refusal: &Refusal, lang: Lang) -> Response {
    let status = status_of(refusal.code);
    let values: serde_json::Map<String, serde_json::Value> =
        refusal.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
    let body = serde_json::json!({
        "type": format!("urn:mingchou:{}", refusal.code),
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": refusal.code,
        "detail": told(refusal, status, lang),
        "values": if status.is_server_error() { serde_json::Map::new() } else { values },
    });
    let mut response = (status, body.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// The sentence; what failed inside the machine is for its own log, not for the caller.
fn told(refusal: &Refusal, status: StatusCode, lang: Lang) -> String {
    if status.is_server_error() {
        tracing::error!(code = refusal.code, values = ?refusal.values, "failed");
        return i18n::say(lang, "server_failed", &[("code", refusal.code.to_owned())]);
    }
    sentence(refusal, lang)
}

/// The sentence of a refusal; one that rests on a finding gets the finding's sentence as its reason.
pub fn sentence(refusal: &Refusal, lang: Lang) -> String {
    let mut values = refusal.values.clone();
    if let Some((_, code)) = refusal.values.iter().find(|(name, _)| *name == "finding") {
        values.push(("reason", i18n::say(lang, code, &refusal.values)));
    }
    i18n::say(lang, refusal.code, &values)
}

fn page(refusal: &Refusal, lang: Lang) -> Response {
    let status = status_of(refusal.code);
    let page = super::pages::frame::ErrorPage { ctx: Ctx::nobody(lang), text: told(refusal, status, lang) };
    let mut response = show(&page);
    *response.status_mut() = status;
    response
}
