//! Reporting units: which there are, added, changed and retired by the bureau.

use super::op::Op;
use super::take::{Asked, Body, Named};
use crate::canon::{Code, Refusal, Week};
use crate::domain::ReportingUnit;
use crate::http::guard::{Caller, Decide, SeeWeek};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::unit::{UnitView, add_unit, change_unit, list_units, retire_unit};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

pub const SHAPES: &[(&str, &str)] = &[
    ("ReportingUnit", "{county:code, name_zh:str, name_en:str, aliases:[str], stratum:code, is_due:bool, added_from:week?, retired_from:week?}"),
    ("Done", "{new:bool}"),
];

pub fn routes(routes: Routes) -> Routes {
    routes
        .op(
            Op::get("/api/v1/units", "list_units", "上报单位 / reporting units")
                .of::<SeeWeek>()
                .query("week", "week", "某周是否应报，默认本周 / whether due in this week")
                .gives("[$ReportingUnit]"),
            list,
        )
        .op(
            Op::post("/api/v1/units", "add_unit", "增加上报单位 / add a unit")
                .of::<Decide>()
                .takes("{county:code, name_zh:str, name_en:str, aliases~:[str], stratum:code, from~:week?}")
                .gives("$Done"),
            add,
        )
        .op(
            Op::post("/api/v1/units/{county}/change", "change_unit", "更改名称或分层 / other names or another stratum")
                .of::<Decide>()
                .takes("{name_zh:str, name_en:str, aliases~:[str], stratum:code}")
                .gives("$Done"),
            change,
        )
        .op(
            Op::post("/api/v1/units/{county}/retire", "retire_unit", "不再上报 / due no longer").of::<Decide>().takes("{from~:week?}").gives("$Done"),
            retire,
        )
}

#[derive(Deserialize)]
struct Of {
    week: Option<Week>,
}

async fn list(caller: Caller<SeeWeek>, State(app): State<App>, Asked(of): Asked<Of>) -> Result<Json<Vec<UnitView>>, Failed> {
    let week = of.week.unwrap_or_else(|| app.office.clock.now().date().week());
    let mut units = list_units(&app.office, week).await?;
    units.retain(|view| caller.sees(&view.unit.county).is_ok());
    Ok(Json(units))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    county: Code,
    name_zh: String,
    name_en: String,
    #[serde(default)]
    aliases: Vec<String>,
    stratum: Code,
    from: Option<Week>,
}

async fn add(caller: Caller<Decide>, State(app): State<App>, Body(new): Body<New>) -> Result<Json<Value>, Failed> {
    let New { county, name_zh, name_en, aliases, stratum, from } = new;
    let unit = ReportingUnit { county, name_zh, name_en, aliases, stratum };
    let from = from.unwrap_or_else(|| app.office.clock.now().date().week());
    Ok(Json(json!({"new": add_unit(&app.office, &unit, from, &caller.person.known_as()).await?})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    name_zh: String,
    name_en: String,
    #[serde(default)]
    aliases: Vec<String>,
    stratum: Code,
}

async fn change(
    caller: Caller<Decide>,
    State(app): State<App>,
    Named(county): Named<Code>,
    Body(changed): Body<Changed>,
) -> Result<Json<Value>, Failed> {
    let Changed { name_zh, name_en, aliases, stratum } = changed;
    let unit = ReportingUnit { county, name_zh, name_en, aliases, stratum };
    Ok(Json(json!({"new": change_unit(&app.office, &unit, &caller.person.known_as()).await.map_err(absent)?})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retired {
    from: Option<Week>,
}

async fn retire(
    caller: Caller<Decide>,
    State(app): State<App>,
    Named(county): Named<Code>,
    Body(retired): Body<Retired>,
) -> Result<Json<Value>, Failed> {
    let from = retired.from.unwrap_or_else(|| app.office.clock.now().date().week());
    Ok(Json(json!({"new": retire_unit(&app.office, &county, from, &caller.person.known_as()).await.map_err(absent)?})))
}

/// A unit named in the address that isn't there is not found, like everything else.
fn absent(refusal: Refusal) -> Refusal {
    if refusal.code == "receive_unknown_county" { Refusal::new("not_found") } else { refusal }
}
