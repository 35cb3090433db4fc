//! The log for outside tools: checkpoint and tiles (C2SP tlog-tiles), and witnesses who fetch and answer by themselves.
//!
//! All of it is public: every leaf is published with the next draw anyway, and what must wait is sealed in it.

use super::op::{BYTES, Op, TEXT};
use super::take::{Asked, Named, Words};
use crate::canon::Refusal;
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::{self, proof};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes(routes: Routes) -> Routes {
    routes
        .op(Op::get("/log/checkpoint", "log_checkpoint", "最新检查点和见证签名 / the newest checkpoint, cosigned").gives_kind(TEXT), checkpoint)
        .op(Op::get("/log/tile/{*path}", "log_tile", "日志的分块（C2SP tlog-tiles） / tiles and entry bundles").gives_kind(BYTES), tile)
        .op(
            Op::get(
                "/log/witness-request",
                "witness_request",
                "给见证方的请求（C2SP tlog-witness add-checkpoint） / what a witness is asked to cosign",
            )
            .needs("name", "str", "见证方的名称 / the witness's name")
            .query("old", "(int 0 4294967295)", "它记得的树大小 / the size that it remembers")
            .gives_kind(TEXT),
            request,
        )
        .op(
            Op::post("/log/cosignature", "cosignature", "见证签名：一行 / a witness's line").takes_kind(TEXT, "str").gives("{size:count}"),
            cosignature,
        )
}

fn text(text: String) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

async fn checkpoint(State(app): State<App>) -> Result<Response, Failed> {
    Ok(text(proof::checkpoint(&app.office).await?.ok_or_else(|| Refusal::new("not_found"))?))
}

/// A tile never changes once it can be asked for.
async fn tile(State(app): State<App>, Named(path): Named<String>) -> Result<Response, Failed> {
    let tile = proof::tile(&app.office, &format!("tile/{path}")).await?.ok_or_else(|| Refusal::new("not_found"))?;
    let mut response = tile.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

#[derive(Deserialize)]
struct Witness {
    name: String,
    old: Option<u64>,
}

async fn request(State(app): State<App>, Asked(witness): Asked<Witness>) -> Result<Response, Failed> {
    Ok(text(ops::witness::request(&app.office, &witness.name, witness.old).await?.to_text()))
}

/// The line proves itself: it is a known witness's, or it is refused.
async fn cosignature(State(app): State<App>, Words(line): Words) -> Result<Json<Value>, Failed> {
    let size = ops::witness::take(&app.office, &line).await?;
    app.write_tiles().await;
    Ok(Json(json!({"size": size})))
}
