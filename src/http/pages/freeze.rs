//! The plan of a draw as a form, and its freeze.

use super::ceremony::name_of;
use super::frame::{Ctx, show};
use crate::canon::Week;
use crate::http::guard::{Caller, Freeze};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::freeze::freeze_frame;
use crate::ops::plan_form::PlanForm;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/ceremony/{week}/freeze", form).post("/ceremony/{week}/freeze", freeze)
}

/// Public draws in the order in which they are offered.
const SOURCES: [&str; 5] = ["kl8", "ssq", "dlt", "drand", "dice"];

#[derive(Template)]
#[template(path = "freeze.html")]
struct FreezePage {
    ctx: Ctx,
    week: Week,
    form: PlanForm,
    refusal: Option<String>,
}

impl FreezePage {
    /// A form's address under this week's page.
    fn to(&self, end: &str) -> String {
        self.ctx.form(&format!("/ceremony/{}/{end}", self.week))
    }
}

async fn form(caller: Caller<Freeze>, State(app): State<App>, Path(week): Path<String>) -> Result<Response, Failed> {
    let week = name_of(&week)?.week;
    let form = PlanForm::propose(&app.office, week).await?;
    Ok(show(&FreezePage { ctx: caller.ctx(), week, form, refusal: None }))
}

async fn freeze(caller: Caller<Freeze>, State(app): State<App>, Path(week): Path<String>, Form(form): Form<PlanForm>) -> Result<Response, Failed> {
    let week = name_of(&week)?.week;
    let frozen = match form.to_file() {
        Ok(file) => freeze_frame(&app.office, week, &file).await,
        Err(refusal) => Err(refusal),
    };
    match frozen {
        Ok(_) => {
            crate::ops::tiles::write_tiles(&app.office).await?;
            Ok(Redirect::to(&format!("/ceremony/{week}?done=entered")).into_response())
        }
        Err(refusal) => {
            let said = Some(i18n::say(caller.lang, refusal.code, &refusal.values));
            let mut response = show(&FreezePage { ctx: caller.ctx(), week, form, refusal: said });
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}
