//! A week: what is due and who has sent what; who was punctual; what can't be paid; scores.

use super::op::Op;
use super::take::{Asked, Named};
use crate::canon::{Code, Week};
use crate::http::guard::{Caller, SeeClasses, SeeScores, SeeWeek};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::ops::account::record;
use crate::ops::deadline::{Punctuality, WeekDue, punctuality, week_due};
use crate::ops::payable::NotPayable;
use crate::ops::status::{WeekStatus, week_status};
use crate::ops::{self};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;

pub const SHAPES: &[(&str, &str)] = &[
    (
        "WeekStatus",
        "{week:week, deadline:time?, counties:[{county:code, name_zh:str, name_en:str, state:(on_time|late|missing|incomplete),
          received_at:time?, corrected_at:time?, version:count, rows:count, owed:count, findings:count, missing_documents:[$DocumentKind]}],
          draw:(open|frozen|committed|entropy|revealed|drawn|published|voided|overdue)}",
    ),
    (
        "WeekDue",
        "{week:week, now:time, deadline:time?, is_provisional:bool, is_past:bool, minutes_left:int,
          counties:[{county:code, name_zh:str, name_en:str, state:str, received_at:time?, complete_at:time?, corrected_at:time?,
          version:count, rows:count, missing_documents:[$DocumentKind]}],
          reminders:[{at:time, days_before:int, is_due:bool}], awaited:[code]}",
    ),
    (
        "Punctuality",
        "{until:week, weeks:[week], weeks_off:[week], counties:[{county:code?, name_zh:str, name_en:str, weeks_due:count, on_time:count, late:count,
          incomplete:count, missing:count, corrected:count, share_permille:count?}]}",
    ),
    (
        "NotPayable",
        "{county:code, county_name:str, unit:code, institution:str?, class_name:str?, class_code:str?, system:str?, reason:str, sheet:str?,
          row:count?, masked:str?}",
    ),
    ("DocumentKind", "(ledger|timetable|roster|attendance|checks|export|history|teaching_plan)"),
    (
        "Scores",
        "{week:week, model:$ScoredBy, classes:[$Scored], flags:{*[$Flag]}, left_out:[code], score_sum:int, lambda_permille:int}",
    ),
    (
        "Evidence",
        "{what:str, at~:str, other_at~:str, unit~:code, institution~:str, rows~:[count], persons~:[str], count~:int, teacher~:str, numbers~:[int],
          zh~:str, en~:str}",
    ),
    ("ScoredBy", "{name:str, sha256:hash, is_in_force:bool}"),
    ("Flag", "(silent_county|dropped_from_ledger|row_owed|no_timetable|dates_unknown)"),
    (
        "Scored",
        "{unit:code, score:int, band:(A|B|C|D), contributions:[{signal:str, permille:int?, points:int, reason_zh:str, reason_en:str, evidence:[$Evidence]}],
          money_permille:int, size:count}",
    ),
];

pub fn routes(routes: Routes) -> Routes {
    routes
        .op(
            Op::get("/api/v1/weeks/{week}", "week_status", "一周的报送情况 / who has sent what for a week").of::<SeeWeek>().gives("$WeekStatus"),
            status,
        )
        .op(
            Op::get("/api/v1/weeks/{week}/due", "week_due", "一周何时截止、等谁 / when it is due, who is awaited").of::<SeeWeek>().gives("$WeekDue"),
            due,
        )
        .op(
            Op::get("/api/v1/punctuality", "punctuality", "各单位报送是否准时 / who was punctual")
                .of::<SeeWeek>()
                .needs("until", "week", "到哪一周 / up to which week")
                .query("weeks", "(int 1 530)", "多少周，默认26 / how many weeks; 26")
                .gives("$Punctuality"),
            punctual,
        )
        .op(
            Op::get("/api/v1/weeks/{week}/payable", "not_payable", "凡补必进：暂不予补贴 / what can't be paid as things stand")
                .of::<SeeClasses>()
                .query("county", "code", "单位 / county")
                .gives("[$NotPayable]"),
            payable,
        )
        .op(
            Op::get("/api/v1/weeks/{week}/scores", "week_scores", "各班期的风险分 / scores of the week's classes").of::<SeeScores>().gives("$Scores"),
            scores,
        )
}

async fn status(caller: Caller<SeeWeek>, State(app): State<App>, Named(week): Named<Week>) -> Result<Json<WeekStatus>, Failed> {
    let mut status = week_status(&app.office, week).await?;
    status.counties.retain(|county| caller.sees(&county.county).is_ok());
    Ok(Json(status))
}

async fn due(caller: Caller<SeeWeek>, State(app): State<App>, Named(week): Named<Week>) -> Result<Json<WeekDue>, Failed> {
    let mut due = week_due(&app.office, week).await?;
    due.counties.retain(|county| caller.sees(&county.county).is_ok());
    due.awaited.retain(|county| caller.sees(county).is_ok());
    Ok(Json(due))
}

#[derive(Deserialize)]
struct Until {
    until: Week,
    weeks: Option<u32>,
}

async fn punctual(caller: Caller<SeeWeek>, State(app): State<App>, Asked(asked): Asked<Until>) -> Result<Json<Punctuality>, Failed> {
    let weeks = asked.weeks.unwrap_or(26);
    if !(1..=530).contains(&weeks) {
        return Err(crate::canon::Refusal::new("request_query").with("reason", "weeks").into());
    }
    let mut found = punctuality(&app.office, asked.until, weeks).await?;
    found.counties.retain(|line| match &line.county {
        Some(county) => caller.sees(county).is_ok(),
        // The sum of all is for those who see all.
        None => caller.bound_to().is_none(),
    });
    Ok(Json(found))
}

#[derive(Deserialize)]
pub struct OfCounty {
    pub county: Option<Code>,
}

async fn payable(
    caller: Caller<SeeClasses>,
    State(app): State<App>,
    Named(week): Named<Week>,
    Asked(asked): Asked<OfCounty>,
) -> Result<Json<Vec<NotPayable>>, Failed> {
    let county = caller.county(asked.county)?;
    let list = ops::payable::not_payable(&app.office, week, county.as_ref()).await?;
    // Masked as the numbers are, they are of people.
    if list.iter().any(|entry| entry.masked.is_some()) {
        record(&app.office, &caller.person.name, "looked", &format!("payable {week}"), county.as_ref().map_or("", Code::as_str)).await?;
    }
    Ok(Json(list))
}

async fn scores(_: Caller<SeeScores>, State(app): State<App>, Named(week): Named<Week>) -> Result<Json<Value>, Failed> {
    let (known, scores) = ops::score::score_week(&app.office, week).await?;
    let model = ops::model::scored_by(&app.office).await?;
    Ok(Json(shape::scores(week, &known, &scores, &model)))
}
