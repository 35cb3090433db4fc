//! Tokens of counties' systems: made (shown once) and revoked by the system administrator.

use super::accounts::refused;
use super::frame::{Ctx, minute, show};
use crate::canon::{Code, Refusal};
use crate::domain::ReportingUnit;
use crate::http::guard::{Caller, KeepAccounts};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::account::{self, SCOPES};
use crate::store;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::BTreeMap;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/tokens", list).post("/tokens", make).post("/tokens/{sha256}/revoke", revoke)
}

struct Row {
    sha256: String,
    name: String,
    county: String,
    scopes: String,
    made: String,
    made_by: String,
    expires: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    ctx: Ctx,
    rows: Vec<Row>,
    units: Vec<ReportingUnit>,
    scopes: [&'static str; 3],
    /// The new token, this once.
    made: Option<String>,
    refusal: Option<String>,
}

async fn tokens_page(ctx: Ctx, app: &App, made: Option<String>, refusal: Option<Refusal>) -> Result<Response, Failed> {
    let mut connection = app.office.store.read().await?;
    let units = store::unit::list_reporting_units(&mut connection).await?;
    let tokens = store::account::list_tokens(&mut connection).await?;
    let now = app.office.clock.now();
    let county = |code: &Code| {
        units.iter().find(|unit| unit.county == *code).map_or(code.to_string(), |unit| ctx.name(&unit.name_zh, &unit.name_en).to_owned())
    };
    let row = |token: &store::account::Token| Row {
        sha256: token.sha256.clone(),
        name: token.name.clone(),
        county: token.county.as_ref().map(county).unwrap_or_default(),
        scopes: token.scopes.split(' ').map(|scope| ctx.t(&format!("scope_{scope}"))).collect::<Vec<_>>().join(if ctx.is_zh() {
            "、"
        } else {
            ", "
        }),
        made: minute(&token.made_at),
        made_by: token.made_by.clone(),
        expires: token.expires_at.as_ref().map(minute).unwrap_or_default(),
        state: match (token.revoked_at, token.expires_at) {
            (Some(_), _) => "revoked",
            (None, Some(until)) if now >= until => "expired",
            _ => "usable",
        },
    };
    let rows = tokens.iter().map(row).collect();
    let text = refusal.as_ref().map(|refusal| i18n::say(ctx.lang, refusal.code, &refusal.values));
    Ok(refused(show(&TokensPage { rows, units: units.clone(), scopes: SCOPES, made, refusal: text, ctx }), refusal.is_some()))
}

async fn list(caller: Caller<KeepAccounts>, State(app): State<App>) -> Result<Response, Failed> {
    tokens_page(caller.ctx(), &app, None, None).await
}

/// Answers the page itself and not another address: the token stands on it and nowhere else.
async fn make(caller: Caller<KeepAccounts>, State(app): State<App>, Form(form): Form<BTreeMap<String, String>>) -> Result<Response, Failed> {
    let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let scopes: Vec<&str> = SCOPES.into_iter().filter(|scope| form.contains_key(&format!("scope_{scope}"))).collect();
    let days = text("days").parse().unwrap_or(365);
    let county = Some(text("county")).filter(|county| !county.is_empty()).map(Code::parse).transpose();
    let result = match county {
        Ok(county) => account::add_token(&app.office, text("name"), county, &scopes, days, &caller.person.name).await,
        Err(refusal) => Err(refusal),
    };
    match result {
        Ok(token) => tokens_page(caller.ctx(), &app, Some(token), None).await,
        Err(refusal) => tokens_page(caller.ctx(), &app, None, Some(refusal)).await,
    }
}

async fn revoke(caller: Caller<KeepAccounts>, State(app): State<App>, Path(sha256): Path<String>) -> Result<Response, Failed> {
    if !account::revoke_token(&app.office, &sha256, &caller.person.name).await? {
        return Err(Refusal::new("not_found").into());
    }
    Ok(Redirect::to("/tokens").into_response())
}
