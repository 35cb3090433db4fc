//! What handlers of the interface take from a request, each refused as a problem where it is malformed; and pages of lists.

use crate::canon::{Hash, Refusal, code::clip};
use crate::http::{App, Failed};
use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequest<App> for Body<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failed> {
        let Json(value) = Json::<serde_json::Value>::from_request(request, app)
            .await
            .map_err(|rejection: JsonRejection| Failed(body_refusal(rejection.status(), &rejection.body_text())))?;
        if has_nul(&value) {
            return Err(Refusal::new("request_body").with("reason", "U+0000").into());
        }
        serde_json::from_value(value).map(Self).map_err(|error| Refusal::new("request_body").with("reason", clip(&error.to_string())).into())
    }
}

/// A character that no database keeps.
fn has_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(has_nul),
        serde_json::Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// A body as text.
pub struct Words(pub String);

impl FromRequest<App> for Words {
    type Rejection = Failed;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failed> {
        let bytes = axum::body::Bytes::from_request(request, app)
            .await
            .map_err(|rejection: BytesRejection| Failed(body_refusal(rejection.status(), &rejection.body_text())))?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::new("request_body").with("reason", "UTF-8"))?;
        if text.contains('\0') { Err(Refusal::new("request_body").with("reason", "U+0000").into()) } else { Ok(Self(text)) }
    }
}

/// Why a body could not be read.
pub fn body_refusal(status: StatusCode, reason: &str) -> Refusal {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new("body_large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Refusal::new("request_type"),
        _ => Refusal::new("request_body").with("reason", clip(reason)),
    }
}

/// What stands behind the question mark.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Asked<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failed> {
        let found = Query::<T>::from_request_parts(parts, app).await;
        let Query(value) =
            found.map_err(|rejection: QueryRejection| Failed(Refusal::new("request_query").with("reason", clip(&rejection.body_text()))))?;
        Ok(Self(value))
    }
}

/// What stands in the path.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Named<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failed> {
        let found = Path::<T>::from_request_parts(parts, app).await;
        let Path(value) =
            found.map_err(|rejection: PathRejection| Failed(Refusal::new("request_path").with("reason", clip(&rejection.body_text()))))?;
        Ok(Self(value))
    }
}

/// Which page of a list is asked for.
#[derive(serde::Deserialize, Default)]
pub struct Paging {
    pub after: Option<String>,
    pub limit: Option<usize>,
}

const LIMIT: std::ops::RangeInclusive<usize> = 1..=200;
const USUAL: usize = 100;

impl Paging {
    pub fn limit(&self) -> Result<usize, Refusal> {
        let limit = self.limit.unwrap_or(USUAL);
        if LIMIT.contains(&limit) { Ok(limit) } else { Err(Refusal::new("request_query").with("reason", "limit")) }
    }

    /// One page of a list with the address of the next.
    pub fn page<T: Serialize>(&self, items: &[T], key: impl Fn(&T) -> String, uri: &Uri) -> Result<Response, Failed> {
        let limit = self.limit()?;
        let from = match &self.after {
            None => 0,
            Some(after) => {
                let at = items.iter().position(|item| key(item) == *after);
                at.ok_or_else(|| Refusal::new("request_query").with("reason", "after"))? + 1
            }
        };
        let rest = items.get(from..).unwrap_or_default();
        let shown = rest.get(..limit).unwrap_or(rest);
        let next = shown.last().filter(|_| rest.len() > shown.len()).map(key);
        linked(Json(shown).into_response(), uri, next, limit)
    }
}

/// Adds the address of the next page.
pub fn linked(mut response: Response, uri: &Uri, next: Option<String>, limit: usize) -> Result<Response, Failed> {
    let Some(next) = next else { return Ok(response) };
    let others =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after=") && !pair.starts_with("limit="));
    let mut query: Vec<String> = others.map(str::to_owned).collect();
    query.push(format!("limit={limit}"));
    query.push(format!("after={}", escape(&next)));
    let link = HeaderValue::from_str(&format!("<{}?{}>; rel=\"next\"", uri.path(), query.join("&")));
    response.headers_mut().insert(header::LINK, link.map_err(|_| Refusal::new("request_query").with("reason", "after"))?);
    Ok(response)
}

fn escape(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    text.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A file for the caller to keep. Names of ours are plain; another is told in the longer form.
pub fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{}", escape(name))) {
        fields.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// The tag of a body.
pub fn tag(bytes: &[u8]) -> String {
    format!("\"{}\"", Hash::of(bytes).to_string().get(..24).unwrap_or_default())
}
