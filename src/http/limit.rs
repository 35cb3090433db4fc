//! How much one caller may ask: by address, and by session or token. Who asks more is told when to come back.

use super::guard::SESSION;
use super::{App, Failed, cookie};
use crate::canon::{Hash, Refusal};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Requests per minute.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// By one session or token.
    pub caller: u32,
    /// From one address, behind which a whole office may sit.
    pub address: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { caller: 1200, address: 6000 }
    }
}

const MINUTE: Duration = Duration::from_secs(60);
/// Callers remembered before those who have been quiet are forgotten.
const REMEMBERED: usize = 20_000;

/// For each caller the moment at which all that it asked would be paid off at the even rate.
#[derive(Default)]
pub struct Limiter {
    paid_at: Mutex<HashMap<String, Instant>>,
}

impl Limiter {
    /// Lets a request through, or answers how many seconds to wait.
    fn take(&self, key: String, per_minute: u32, now: Instant) -> Result<(), u64> {
        let step = MINUTE / per_minute.max(1);
        // A poisoned lock has lost nothing that matters here.
        let mut paid_at = self.paid_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if paid_at.len() >= REMEMBERED {
            paid_at.retain(|_, at| *at > now);
        }
        let next = paid_at.get(&key).copied().unwrap_or(now).max(now) + step;
        let ahead = next.saturating_duration_since(now);
        if ahead > MINUTE {
            return Err((ahead - MINUTE).as_secs() + 1);
        }
        paid_at.insert(key, next);
        Ok(())
    }
}

/// Counts a request against its address first, so that invented tokens get nobody further.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let now = Instant::now();
    let limits = app.settings.limits;
    let mut taken = app.limiter.take(format!("address {}", address(&request, app.settings.is_secure)), limits.address, now);
    if let (Ok(()), Some(caller)) = (taken, caller(request.headers())) {
        taken = app.limiter.take(caller, limits.caller, now);
    }
    let Err(seconds) = taken else { return next.run(request).await };
    let mut response = Failed(Refusal::new("too_many").with("seconds", seconds)).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn caller(headers: &HeaderMap) -> Option<String> {
    let key = super::guard::bearer(headers).or_else(|| cookie(headers, SESSION))?;
    Some(format!("caller {}", Hash::of(key.as_bytes())))
}

/// Where a request comes from: behind a proxy, what the proxy itself wrote down last.
fn address(request: &Request, is_behind_proxy: bool) -> String {
    let told = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let told = told.and_then(|list| list.rsplit(',').next()).map(|address| crate::canon::code::clip(address.trim()));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string());
    told.filter(|_| is_behind_proxy).or(peer).unwrap_or_default()
}
