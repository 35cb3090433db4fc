//! Whether the service lives, whether it can serve, and its figures.

use crate::http::guard::{Caller, SeeMetrics};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/healthz", healthz).get("/readyz", readyz).get("/metrics", metrics)
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready when the database answers.
async fn readyz(State(app): State<App>) -> Result<&'static str, Failed> {
    crate::ops::account::is_set_up(&app.office).await?;
    Ok("ready\n")
}

async fn metrics(_: Caller<SeeMetrics>, State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render())
}
