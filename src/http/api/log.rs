//! The log as JSON: its size, leaves with proofs, witnesses.

use super::op::Op;
use super::take::{Asked, Named, Paging, linked};
use crate::canon::Refusal;
use crate::http::guard::{Caller, SeeLog};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::ops::proof::{self, Consistency, LeafView, LogView};
use crate::ops::witness::{list_witnesses, policy};
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

pub const SHAPES: &[(&str, &str)] = &[
    ("Log", "{origin:str, key:str, size:count, checkpoint:str}"),
    ("LeafProof", "{index:count, size:count, leaf:str, proof:[hash], checkpoint:str}"),
    ("Consistency", "{from:count, to:count, proof:[hash]}"),
];

pub fn routes(routes: Routes) -> Routes {
    routes
        .op(Op::get("/api/v1/log", "log", "日志的大小、检查点和公钥 / size, checkpoint and key").of::<SeeLog>().gives("$Log"), log)
        .op(Op::get("/api/v1/log/leaves", "list_leaves", "叶，按先后 / leaves in order").of::<SeeLog>().gives_page("{index:count, leaf:str}"), leaves)
        .op(
            Op::get("/api/v1/log/leaves/{index}", "show_leaf", "一片叶和它的包含证明 / a leaf with its inclusion proof")
                .of::<SeeLog>()
                .gives("$LeafProof"),
            leaf,
        )
        .op(
            Op::get("/api/v1/log/consistency", "consistency", "一致性证明 / proof that one tree grew into another")
                .of::<SeeLog>()
                .needs("from", "(int 0 4294967295)", "较小的树 / the smaller size")
                .needs("to", "(int 0 4294967295)", "较大的树 / the larger size")
                .gives("$Consistency"),
            consistency,
        )
        .op(
            Op::get("/api/v1/witnesses", "list_witnesses", "见证方 / witnesses and how far they have seen")
                .of::<SeeLog>()
                .gives("{size:count, policy:count, witnesses:[{owner:code, key:str, seen:count}]}"),
            witnesses,
        )
}

async fn log(_: Caller<SeeLog>, State(app): State<App>) -> Result<Json<LogView>, Failed> {
    Ok(Json(proof::log_view(&app.office).await?))
}

async fn leaves(_: Caller<SeeLog>, State(app): State<App>, Asked(paging): Asked<Paging>, uri: Uri) -> Result<Response, Failed> {
    let limit = paging.limit()?;
    let from = match &paging.after {
        None => 0,
        Some(after) => after.parse::<u32>().map_err(|_| Refusal::new("request_query").with("reason", "after"))? as usize + 1,
    };
    let found = proof::leaves(&app.office, from, limit + 1).await?;
    let items: Vec<Value> = found.iter().take(limit).enumerate().map(|(at, leaf)| json!({"index": from + at, "leaf": leaf})).collect();
    let next = (found.len() > limit).then(|| (from + limit - 1).to_string());
    linked(Json(items).into_response(), &uri, next, limit)
}

async fn leaf(_: Caller<SeeLog>, State(app): State<App>, Named(index): Named<u64>) -> Result<Json<LeafView>, Failed> {
    Ok(Json(proof::leaf(&app.office, index).await?))
}

#[derive(Deserialize)]
struct Sizes {
    from: u64,
    to: u64,
}

async fn consistency(_: Caller<SeeLog>, State(app): State<App>, Asked(sizes): Asked<Sizes>) -> Result<Json<Consistency>, Failed> {
    Ok(Json(proof::consistency(&app.office, sizes.from, sizes.to).await?))
}

async fn witnesses(_: Caller<SeeLog>, State(app): State<App>) -> Result<Json<Value>, Failed> {
    let (size, states) = list_witnesses(&app.office).await?;
    Ok(Json(shape::witnesses(size, policy(&app.office).await?, &states)))
}
