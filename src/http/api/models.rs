//! Risk models: proposed by one person, approved by another.

use super::op::Op;
use super::take::{Body, Named};
use crate::domain::Role;
use crate::http::guard::{ApproveModel, Caller, ProposeModel, SeeModels};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::ops::model::{self, ModelView};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

pub const SHAPES: &[(&str, &str)] = &[
    (
        "Model",
        "{name:str, sha256:hash, valid_from:date, valid_until:date, state:(proposed|approved|withdrawn), is_in_force:bool, is_expired:bool,
          acts:[{act:(proposed|approved|withdrawn), by:str, role:str?, at:time, note:str?}]}",
    ),
    ("ModelDone", "{new:bool, model:$Model}"),
    ("ModelShown", "{model:$Model?, sha256:hash, scorecard:object, source:str}"),
    ("ModelName", "{name:str, sha256:hash}"),
    ("ModelDiff", "{before:$ModelName, after:$ModelName, differences:[{code:str, values:{*str}, zh:str, en:str}]}"),
];

pub fn routes(routes: Routes) -> Routes {
    routes
        .op(Op::get("/api/v1/models", "list_models", "评分卡 / risk models").of::<SeeModels>().gives("[$Model]"), list)
        .op(
            Op::post("/api/v1/models", "propose_model", "提出评分卡 / propose one")
                .of::<ProposeModel>()
                .takes("{source:str, note~:str?}")
                .gives("$ModelDone"),
            propose,
        )
        .op(Op::get("/api/v1/models/{name}", "show_model", "一份评分卡 / one").of::<SeeModels>().gives("$ModelShown"), show)
        .op(
            Op::get("/api/v1/models/{name}/diff/{other}", "diff_models", "另一份有何不同 / what another does otherwise")
                .of::<SeeModels>()
                .gives("$ModelDiff"),
            diff,
        )
        .op(
            Op::post("/api/v1/models/{name}/approve", "approve_model", "批准（不能是提出的人） / approve; not by who proposed it")
                .of::<ApproveModel>()
                .takes("{note~:str?}")
                .gives("$ModelDone"),
            approve,
        )
        .op(
            Op::post("/api/v1/models/{name}/withdraw", "withdraw_model", "撤回 / withdraw")
                .of::<ApproveModel>()
                .takes("{note~:str?}")
                .gives("$ModelDone"),
            withdraw,
        )
}

async fn list(_: Caller<SeeModels>, State(app): State<App>) -> Result<Json<Vec<ModelView>>, Failed> {
    Ok(Json(model::list(&app.office).await?))
}

async fn show(_: Caller<SeeModels>, State(app): State<App>, Named(name): Named<String>) -> Result<Json<Value>, Failed> {
    Ok(Json(shape::model(&model::show(&app.office, &name).await?)))
}

async fn diff(_: Caller<SeeModels>, State(app): State<App>, Named((name, other)): Named<(String, String)>) -> Result<Json<Value>, Failed> {
    let (before, after) = (model::show(&app.office, &name).await?, model::show(&app.office, &other).await?);
    Ok(Json(shape::differences(&before, &after)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proposal {
    source: String,
    note: Option<String>,
}

async fn propose(caller: Caller<ProposeModel>, State(app): State<App>, Body(proposal): Body<Proposal>) -> Result<Json<Value>, Failed> {
    shape::require_sentences(&model::show_file(&proposal.source)?)?;
    let (view, is_new) = model::propose(&app.office, &proposal.source, &caller.person.known_as(), proposal.note.as_deref()).await?;
    Ok(Json(json!({"new": is_new, "model": view})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    note: Option<String>,
}

async fn approve(
    caller: Caller<ApproveModel>,
    State(app): State<App>,
    Named(name): Named<String>,
    Body(decision): Body<Decision>,
) -> Result<Json<Value>, Failed> {
    let role = if caller.person.is(Role::Discipline) { Role::Discipline } else { Role::Bureau };
    let (view, is_new) = model::approve(&app.office, &name, &caller.person.known_as(), role.as_str(), decision.note.as_deref()).await?;
    Ok(Json(json!({"new": is_new, "model": view})))
}

async fn withdraw(
    caller: Caller<ApproveModel>,
    State(app): State<App>,
    Named(name): Named<String>,
    Body(decision): Body<Decision>,
) -> Result<Json<Value>, Failed> {
    let (view, is_new) = model::withdraw(&app.office, &name, &caller.person.known_as(), decision.note.as_deref()).await?;
    Ok(Json(json!({"new": is_new, "model": view})))
}
