//! Applications（开班申报）: dossiers to read.

use super::op::Op;
use super::take::{Asked, Named, Paging};
use crate::canon::{Code, Refusal};
use crate::http::guard::{Caller, SeeClasses};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::application::State as DossierState;
use crate::ops::application::view::{ApplicationView, Filter, list_applications, show_application};
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Deserialize;

pub const SHAPES: &[(&str, &str)] = &[
    ("DossierState", "(received|papers_passed|papers_sent_back|approved|refused|withdrawn)"),
    ("DossierDue", "{on:date, from:date, counted_from:str, state:str, left:int?, decided_on:date?, is_provisional:bool}"),
    (
        "Application",
        "{dossier:code, county:code, unit:code?, institution:str?, class_name:str?, applied_on:date?, opens_on:date?, state:$DossierState,
          due:$DossierDue?, papers_received:count, papers_required:count, failed:[str]}",
    ),
    (
        "ApplicationShown",
        "{dossier:code, county:code, unit:code?, institution:str?, class_name:str?, applied_on:date?, opens_on:date?, state:$DossierState,
          due:$DossierDue?, papers_received:count, papers_required:count, failed:[str], name_zh:str, name_en:str, opened_at:time,
          facts:{institution:str?, uscc:str?, class_name:str?, class_code:str?, occupation:str?, level:$Level?, training_type:str?,
            applied_on:date?, reviewed_on:date?, opens_on:date?, ends_on:date?, hours:int?, planned:int?},
          papers:[{code:str, name_zh:str, name_en:str, required:bool, source:str, state:(missing|received|sent_back), at:time?, by:str?, note:str?}],
          computed:[{code:str, outcome:$Outcome, is_advisory:bool, numbers:{*str}}],
          ticked:[{code:str, name_zh:str, name_en:str, source:str, outcome:$Outcome?, at:time?, by:str?, note:str?}],
          timeline:[{at:time, kind:(facts|paper|check|plan|decision), about:str, state:str?, on:date?, by:str?, note:str?}],
          lead_reading:str, is_counted_from_receipt:bool, is_after_hours_next_day:bool}",
    ),
    ("Outcome", "(pass|fail|pending|unknown|not_applicable)"),
];

pub fn routes(routes: Routes) -> Routes {
    let list = Op::get("/api/v1/applications", "list_applications", "开班申报，急的在前 / applications, the most pressing first")
        .of::<SeeClasses>()
        .query("county", "code", "单位 / county")
        .query("state", "$DossierState", "状态 / state")
        .query("overdue", "bool", "只看逾期 / only those overdue")
        .gives_page("$Application");
    let one = Op::get("/api/v1/applications/{dossier}", "show_application", "一份卷宗的全过程 / one dossier with its story")
        .of::<SeeClasses>()
        .gives("$ApplicationShown");
    routes.op(list, list_all).op(one, show)
}

#[derive(Deserialize)]
struct Which {
    county: Option<Code>,
    state: Option<String>,
    #[serde(default)]
    overdue: bool,
    after: Option<String>,
    limit: Option<usize>,
}

async fn list_all(caller: Caller<SeeClasses>, State(app): State<App>, Asked(which): Asked<Which>, uri: Uri) -> Result<Response, Failed> {
    let state =
        which.state.map(|state| DossierState::parse(&state).ok_or_else(|| Refusal::new("request_query").with("reason", "state"))).transpose()?;
    let filter = Filter { county: caller.county(which.county)?, state, is_overdue: which.overdue };
    let list = list_applications(&app.office, &filter).await?;
    Paging { after: which.after, limit: which.limit }.page(&list, |summary| summary.dossier.to_string(), &uri)
}

async fn show(caller: Caller<SeeClasses>, State(app): State<App>, Named(dossier): Named<Code>) -> Result<Json<ApplicationView>, Failed> {
    let view = show_application(&app.office, &dossier).await.map_err(absent)?;
    caller.sees(&view.summary.county)?;
    Ok(Json(view))
}

/// The same words whether there is no such dossier or it is another county's.
fn absent(refusal: Refusal) -> Refusal {
    if refusal.code == "application_unknown" { Refusal::new("not_found") } else { refusal }
}
