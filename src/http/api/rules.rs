//! Readings of rules: which are in force, and the bureau's choice.

use super::op::Op;
use super::take::{Body, Named};
use crate::http::guard::{Caller, Decide, SeeWeek};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::rules::{RuleView, choose_rule, list_rules};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes(routes: Routes) -> Routes {
    routes
        .op(
            Op::get("/api/v1/rules", "list_rules", "规则口径 / readings of rules").of::<SeeWeek>().gives("[{name:str, value:str, is_default:bool}]"),
            list,
        )
        .op(Op::post("/api/v1/rules/{name}", "choose_rule", "选定口径 / choose a reading").of::<Decide>().takes("{value:str}").gives("$Done"), choose)
}

async fn list(_: Caller<SeeWeek>, State(app): State<App>) -> Result<Json<Vec<RuleView>>, Failed> {
    Ok(Json(list_rules(&app.office).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    value: String,
}

async fn choose(
    caller: Caller<Decide>,
    State(app): State<App>,
    Named(name): Named<String>,
    Body(chosen): Body<Chosen>,
) -> Result<Json<Value>, Failed> {
    let is_new = choose_rule(&app.office, &name, &chosen.value, &caller.person.known_as()).await?;
    Ok(Json(json!({"new": is_new})))
}
