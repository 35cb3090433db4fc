//! Accounts: made by the system administrator, given roles by the security administrator, read by the auditor.

use super::frame::{Ctx, show};
use crate::canon::{Code, Refusal};
use crate::domain::{ReportingUnit, Role};
use crate::http::guard::{Caller, GiveRoles, KeepAccounts, SeeAccounts};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::account::{self, NewAccount};
use crate::store;
use crate::store::account::Account;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/accounts", list).post("/accounts", add).get("/accounts/{name}", one);
    let routes = routes.post("/accounts/{name}/password", reset).post("/accounts/{name}/roles", give);
    routes.post("/accounts/{name}/disable", disable).post("/accounts/{name}/enable", enable)
}

/// An account as the page shows it.
struct Row {
    name: String,
    full_name: String,
    roles: String,
    county: String,
    state: &'static str,
    is_disabled: bool,
    has_factor: bool,
    created_at: String,
}

fn row_of(ctx: &Ctx, app: &App, units: &[ReportingUnit], account: &Account) -> Row {
    let words: Vec<&str> = account.roles.iter().map(|role| ctx.t(&format!("role_{}", role.as_str()))).collect();
    let unit = account.county.as_ref().map(|county| (county, units.iter().find(|unit| unit.county == *county)));
    let county = unit.map(|(county, unit)| unit.map_or(county.to_string(), |unit| ctx.name(&unit.name_zh, &unit.name_en).to_owned()));
    let is_locked = account.locked_until.is_some_and(|until| app.office.clock.now() < until);
    Row {
        name: account.name.clone(),
        full_name: account.full_name.clone(),
        roles: words.join(if ctx.is_zh() { "、" } else { ", " }),
        county: county.unwrap_or_default(),
        state: match (account.disabled_at, is_locked, account.roles.is_empty()) {
            (Some(_), _, _) => "disabled",
            (None, true, _) => "locked",
            (None, false, true) => "without_roles",
            _ if account.must_change => "first",
            _ => "usable",
        },
        is_disabled: account.disabled_at.is_some(),
        has_factor: account.totp.is_some(),
        created_at: super::frame::minute(&account.created_at),
    }
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    ctx: Ctx,
    rows: Vec<Row>,
    may_add: bool,
    refusal: Option<String>,
    name: String,
    full_name: String,
}

async fn accounts_page(ctx: Ctx, app: &App, refusal: Option<Refusal>, new: (String, String)) -> Result<Response, Failed> {
    let mut connection = app.office.store.read().await?;
    let units = store::unit::list_reporting_units(&mut connection).await?;
    let accounts = store::account::list(&mut connection).await?;
    let rows = accounts.iter().map(|account| row_of(&ctx, app, &units, account)).collect();
    let may_add = ctx.person.as_ref().is_some_and(|person| person.is(Role::SystemAdmin));
    let text = refusal.as_ref().map(|refusal| i18n::say(ctx.lang, refusal.code, &refusal.values));
    let is_refused = refusal.is_some();
    Ok(refused(show(&AccountsPage { ctx, rows, may_add, refusal: text, name: new.0, full_name: new.1 }), is_refused))
}

/// The page of a form that was refused says so by its status, too.
pub fn refused(mut response: Response, is_refused: bool) -> Response {
    if is_refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

async fn list(caller: Caller<SeeAccounts>, State(app): State<App>) -> Result<Response, Failed> {
    accounts_page(caller.ctx(), &app, None, Default::default()).await
}

#[derive(Deserialize)]
struct Add {
    name: String,
    full_name: String,
    password: String,
}

/// Without roles: those are another person's to give.
async fn add(caller: Caller<KeepAccounts>, State(app): State<App>, Form(form): Form<Add>) -> Result<Response, Failed> {
    let new = NewAccount { name: &form.name, full_name: &form.full_name, password: &form.password, roles: &[], county: None, must_change: true };
    match account::add(&app.office, new, &caller.person.name).await {
        Ok(()) => Ok(Redirect::to(&format!("/accounts/{}", form.name.trim())).into_response()),
        Err(refusal) => accounts_page(caller.ctx(), &app, Some(refusal), (form.name, form.full_name)).await,
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    ctx: Ctx,
    row: Row,
    is_own: bool,
    keeps: bool,
    gives: bool,
    /// Role, its word, whether it is given.
    roles: Vec<(&'static str, &'static str, bool)>,
    units: Vec<ReportingUnit>,
    county: String,
    refusal: Option<String>,
}

async fn account_page(ctx: Ctx, app: &App, name: &str, refusal: Option<Refusal>) -> Result<Response, Failed> {
    let mut connection = app.office.store.read().await?;
    let units = store::unit::list_reporting_units(&mut connection).await?;
    let account = store::account::find(&mut connection, name).await?.ok_or_else(|| Refusal::new("not_found"))?;
    let is = |role| ctx.person.as_ref().is_some_and(|person| person.is(role));
    let text = refusal.as_ref().map(|refusal| i18n::say(ctx.lang, refusal.code, &refusal.values));
    let page = AccountPage {
        row: row_of(&ctx, app, &units, &account),
        is_own: ctx.person.as_ref().is_some_and(|person| person.name == account.name),
        keeps: is(Role::SystemAdmin),
        gives: is(Role::SecurityAdmin),
        roles: Role::ALL.iter().map(|role| (role.as_str(), ctx.t(&format!("role_{}", role.as_str())), account.roles.contains(role))).collect(),
        units,
        county: account.county.map(|county| county.to_string()).unwrap_or_default(),
        refusal: text,
        ctx,
    };
    Ok(refused(show(&page), refusal.is_some()))
}

async fn one(caller: Caller<SeeAccounts>, State(app): State<App>, Path(name): Path<String>) -> Result<Response, Failed> {
    account_page(caller.ctx(), &app, &name, None).await
}

/// Back to the account, or the account with what was refused.
async fn done(ctx: Ctx, app: &App, name: &str, result: crate::canon::Result<()>) -> Result<Response, Failed> {
    match result {
        Ok(()) => Ok(Redirect::to(&format!("/accounts/{name}")).into_response()),
        Err(refusal) if refusal.code == "account_unknown" => Err(Refusal::new("not_found").into()),
        Err(refusal) => account_page(ctx, app, name, Some(refusal)).await,
    }
}

#[derive(Deserialize)]
struct Reset {
    password: String,
}

async fn reset(caller: Caller<KeepAccounts>, State(app): State<App>, Path(name): Path<String>, Form(form): Form<Reset>) -> Result<Response, Failed> {
    let result = account::reset_password(&app.office, &name, &form.password, &caller.person.name).await;
    done(caller.ctx(), &app, &name, result).await
}

async fn disable(caller: Caller<KeepAccounts>, State(app): State<App>, Path(name): Path<String>) -> Result<Response, Failed> {
    let result = account::set_disabled(&app.office, &name, true, &caller.person.name).await;
    done(caller.ctx(), &app, &name, result).await
}

async fn enable(caller: Caller<KeepAccounts>, State(app): State<App>, Path(name): Path<String>) -> Result<Response, Failed> {
    let result = account::set_disabled(&app.office, &name, false, &caller.person.name).await;
    done(caller.ctx(), &app, &name, result).await
}

/// The ticked boxes come as `role_bureau=on`, since a form can't send a list that this reads.
async fn give(
    caller: Caller<GiveRoles>,
    State(app): State<App>,
    Path(name): Path<String>,
    Form(form): Form<std::collections::BTreeMap<String, String>>,
) -> Result<Response, Failed> {
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| form.contains_key(&format!("role_{}", role.as_str()))).collect();
    let county = form.get("county").filter(|county| !county.is_empty()).map(|county| Code::parse(county)).transpose();
    let result = match county {
        Ok(county) => account::grant(&app.office, &name, &roles, county, &caller.person.name).await,
        Err(refusal) => Err(refusal),
    };
    done(caller.ctx(), &app, &name, result).await
}
