//! Whether the service lives, whether it can serve, its figures, and its own description.

use super::op::{Op, TEXT};
use crate::canon::Refusal;
use crate::http::guard::{Caller, SeeMetrics};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

pub fn routes(routes: Routes) -> Routes {
    routes
        .op(Op::get("/healthz", "healthz", "服务活着 / the process lives").gives_kind(TEXT), healthz)
        .op(Op::get("/readyz", "readyz", "数据库可用 / the database answers").gives_kind(TEXT), readyz)
        .op(Op::get("/metrics", "metrics", "运行指标（Prometheus） / figures for Prometheus").of::<SeeMetrics>().gives_kind(TEXT), metrics)
        .op(Op::get("/api/v1/openapi.json", "openapi", "本文档 / this document"), openapi)
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready when the database answers.
async fn readyz(State(app): State<App>) -> Result<&'static str, Failed> {
    crate::ops::account::is_set_up(&app.office).await?;
    Ok("ready\n")
}

async fn metrics(_: Caller<SeeMetrics>, State(app): State<App>) -> Result<impl IntoResponse, Failed> {
    let text = app.metrics.render(&app).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}

async fn openapi() -> Result<impl IntoResponse, Failed> {
    let document = super::document::document(&crate::http::ops(), &super::shapes());
    document.map(axum::Json).map_err(|error| Refusal::new("server_broken").with("reason", error).into())
}
