//! This week: what is due, who has sent what, what waits for whoever looks.

use super::frame::{Ctx, show};
use crate::canon::Week;
use crate::http::guard::{Anyone, Caller};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::status::{CountyStatus, WeekStatus, week_status};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/", week)
}

#[derive(Deserialize)]
struct Asked {
    week: Option<String>,
}

#[derive(Template)]
#[template(path = "week.html")]
struct WeekPage {
    ctx: Ctx,
    status: WeekStatus,
    counties: Vec<CountyStatus>,
    sees_counties: bool,
}

async fn week(caller: Caller<Anyone>, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let week = match asked.week.as_deref().filter(|week| !week.is_empty()) {
        Some(week) => Week::parse(week)?,
        None => app.office.clock.now().date().week(),
    };
    let status = week_status(&app.office, week).await?;
    let counties: Vec<CountyStatus> = status.counties.iter().filter(|county| caller.sees(&county.county).is_ok()).cloned().collect();
    use crate::domain::Role;
    let sees_counties = caller.person.roles.iter().any(|role| matches!(role, Role::County | Role::Bureau | Role::Discipline | Role::Analyst));
    Ok(show(&WeekPage { ctx: caller.ctx(), status, counties, sees_counties }))
}
