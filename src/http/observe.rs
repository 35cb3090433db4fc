//! What the service tells of itself: figures for Prometheus and one line of log per request, neither with a name in it.

use super::App;
use crate::canon::Result;
use crate::ops::Chance;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Seconds of a request, as buckets.
const SECONDS: [f64; 10] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// The figures of one service; nothing of them is shared with another in the same process.
pub struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    /// Of this run, before the number of a request.
    run: String,
    requests: AtomicU64,
}

impl Metrics {
    pub fn new() -> Self {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let run = Chance::System.secret().map_or_else(|_| String::new(), |secret| secret.to_hex());
        Self { handle: recorder.handle(), recorder, run: run.get(..8).unwrap_or_default().to_owned(), requests: AtomicU64::new(0) }
    }

    fn request(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
        with_local_recorder(&self.recorder, || {
            counter!("mingchou_requests_total", &labels).increment(1);
            histogram!("mingchou_request_seconds", &labels[..2]).record(seconds);
        });
    }

    /// Everything in Prometheus' text form, with what is counted only now.
    pub async fn render(&self, app: &App) -> Result<String> {
        let figures = crate::ops::figures::figures(&app.office).await?;
        let whole = |value: u64| u32::try_from(value).map_or(f64::from(u32::MAX), f64::from);
        with_local_recorder(&self.recorder, || {
            gauge!("mingchou_submissions").set(whole(figures.submissions));
            gauge!("mingchou_log_leaves").set(whole(figures.leaves));
            gauge!("mingchou_sessions").set(whole(figures.sessions));
        });
        self.handle.run_upkeep();
        Ok(self.handle.render())
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// The header by which a request is found again in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Counts, times and logs a request. The route's template is told, never the path: paths and queries may hold names.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().as_str().to_owned();
    let method = if method.len() > 8 { "OTHER".to_owned() } else { method };
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    let number = app.metrics.requests.fetch_add(1, Ordering::Relaxed);
    let id = format!("{}-{number}", app.metrics.run);
    let mut response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    app.metrics.request(&method, &route, status, took.as_secs_f64());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = id, method, route, status, ms, "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
