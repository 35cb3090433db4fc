//! The record of accesses, the newest first. Looking at it is written down too.

use super::op::Op;
use super::take::{Asked, Paging, linked};
use crate::canon::Refusal;
use crate::http::guard::{Caller, SeeAccess};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::account::record;
use crate::store;
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub fn routes(routes: Routes) -> Routes {
    let list = Op::get("/api/v1/accesses", "list_accesses", "访问记录，新的在前 / the record of accesses, the newest first")
        .of::<SeeAccess>()
        .gives_page("{number:count, at:time, who:str, act:str, subject:str, detail:str}");
    routes.op(list, list_accesses)
}

async fn list_accesses(caller: Caller<SeeAccess>, State(app): State<App>, Asked(paging): Asked<Paging>, uri: Uri) -> Result<Response, Failed> {
    let limit = paging.limit()?;
    let before = match &paging.after {
        None => u64::MAX >> 1,
        Some(after) => after.parse().map_err(|_| Refusal::new("request_query").with("reason", "after"))?,
    };
    // One page says that somebody looked; the further pages are the same look.
    if paging.after.is_none() {
        record(&app.office, &caller.person.name, "looked", "accesses", "").await?;
    }
    let mut lines = store::account::list_accesses(&mut *app.office.store.read().await?, before, limit as u64 + 1).await?;
    let is_more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| is_more).map(|line| line.number.to_string());
    let items: Vec<Value> = lines
        .iter()
        .map(|line| json!({"number": line.number, "at": line.at, "who": line.who, "act": line.act, "subject": line.subject, "detail": line.detail}))
        .collect();
    linked(Json(items).into_response(), &uri, next, limit)
}
