//! Classes as reported: a list, one with its story, why it has its score.

use super::op::Op;
use super::take::{Asked, Named, Paging};
use crate::canon::{Code, Refusal, Week};
use crate::http::guard::{Caller, SeeClasses, SeeScores};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::ops::account::record;
use crate::ops::class::{ClassView, Filter, county_of, history, list_classes, without_contact};
use crate::ops::{self};
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

pub const SHAPES: &[(&str, &str)] = &[
    (
        "LedgerRow",
        "{seq:int?, county:str?, institution:str?, uscc:str?, class_name:str?, class_code:str?, occupation:str?, level:$Level?,
          training_type:str?, applied_on:date?, reviewed_on:date?, opens_on:date?, ends_on:date?, hours:int?, days:int?, venue:str?,
          practice_venue:str?, planned:int?, actual:int?, teachers:[str], contact:str?, phone:str?, in_system:bool?, system_name:str?,
          daily_check_on:date?, daily_check_by:str?, daily_check_count:int?, subsidy_standard:int?, subsidy_amount:int?, subsidy_source:str?,
          note:str?, sheet:str?, row:count}",
    ),
    ("Level", "(五级|四级|三级|二级|一级|专项职业能力|培训合格证)"),
    ("Class", "{unit:code, county:code, week:week, version:count, at:time, owed:str?, row:$LedgerRow}"),
    ("ClassHistory", "{unit:code, county:code, versions:[$Class]}"),
    ("Standing", "{classes:count, known:count, median:int?, standing:{lower:count, equal:count, higher:count}?}"),
    (
        "Explained",
        "{unit:code, week:week, draw:kind, county:code, county_zh:str, county_en:str, institution:str?, class_name:str?, occupation:str?, level:str?,
          basis:{is_frozen:bool, at:time}, model:$ScoredBy, flags:[$Flag], money:{seats:int?, standard:int?, amount:int?, yuan:int?},
          score:int, score_max:int, band:(A|B|C|D), bands:{A:int, B:int, C:int, D:int},
          signals:[{signal:str, group:str, permille:int?, is_missing:bool, ramp:{from:int, to:int}?,
            bin:{number:count, count:count, from:int, below:int?}?, points_most:int, points_before_cap:int, cut:int, points:int,
            missing_reason:str?, reason_zh:str, reason_en:str, evidence:[$Evidence], occupation:$Standing?, county:$Standing?, name_zh:str, name_en:str}],
          groups:[{group:str, cap:int, points_before_cap:int, cut:int, points:int}],
          size:{money_permille:int, money_from_yuan:int, money_to_yuan:int, money_max_permille:int, lambda_permille:int, score_sum:int, units:int,
            score:int, score_max:int, floor_part:int, own_part:int, product:int, divisor:int, quotient:int, size_max:int, size:int},
          at_freeze:{score:int, size:count}?}",
    ),
];

pub fn routes(routes: Routes) -> Routes {
    let list = Op::get("/api/v1/classes", "list_classes", "班期，按编号 / classes by their code")
        .of::<SeeClasses>()
        .query("week", "week", "某周所报；默认各单位最近一次 / as reported for a week; as last reported")
        .query("county", "code", "单位 / county")
        .query("text", "str", "机构、班期、编号或工种中含有 / stands in institution, name, code or occupation")
        .query("owed", "bool", "须改正的，或者其他 / those to be mended, or the others")
        .gives_page("$Class");
    let one =
        Op::get("/api/v1/classes/{unit}", "show_class", "一个班期历次所报；查看联系人留痕 / what every version said; a look at contacts is recorded")
            .of::<SeeClasses>()
            .query("contact", "bool", "连同联系人和电话 / with contact and telephone")
            .gives("$ClassHistory");
    let explain = Op::get("/api/v1/classes/{unit}/explain", "explain_class", "风险分从何而来 / why it has its score and size")
        .of::<SeeScores>()
        .needs("week", "week", "哪一周 / week")
        .gives("$Explained");
    routes.op(list, list_all).op(one, show).op(explain, explain_one)
}

#[derive(Deserialize)]
struct Which {
    week: Option<Week>,
    county: Option<Code>,
    text: Option<String>,
    owed: Option<bool>,
    after: Option<String>,
    limit: Option<usize>,
}

async fn list_all(caller: Caller<SeeClasses>, State(app): State<App>, Asked(which): Asked<Which>, uri: Uri) -> Result<Response, Failed> {
    let filter = Filter { county: caller.county(which.county)?, week: which.week, text: which.text, is_owed: which.owed };
    let classes = list_classes(&app.office, &filter).await?;
    Paging { after: which.after, limit: which.limit }.page(&classes, |class| format!("{}.{}", class.unit, class.row.row), &uri)
}

/// Whose class it is; the same answer for none as for another county's.
async fn seen(caller: &Caller<SeeClasses>, app: &App, unit: &Code) -> Result<Code, Failed> {
    let county = county_of(&app.office, unit).await?.ok_or_else(|| Refusal::new("not_found"))?;
    caller.sees(&county)?;
    Ok(county)
}

#[derive(Deserialize)]
struct With {
    #[serde(default)]
    contact: bool,
}

async fn show(caller: Caller<SeeClasses>, State(app): State<App>, Named(unit): Named<Code>, Asked(with): Asked<With>) -> Result<Json<Value>, Failed> {
    let county = seen(&caller, &app, &unit).await?;
    let mut versions: Vec<ClassView> = history(&app.office, &unit).await?;
    if with.contact {
        record(&app.office, &caller.person.name, "looked", unit.as_str(), "contact").await?;
    } else {
        versions = versions.into_iter().map(without_contact).collect();
    }
    Ok(Json(json!({"unit": unit, "county": county, "versions": versions})))
}

#[derive(Deserialize)]
struct Of {
    week: Week,
}

async fn explain_one(_: Caller<SeeScores>, State(app): State<App>, Named(unit): Named<Code>, Asked(of): Asked<Of>) -> Result<Json<Value>, Failed> {
    let explained = ops::explain::explain_class(&app.office, ops::DrawName::weekly(of.week), &unit).await?;
    Ok(Json(shape::explained(&explained)))
}
