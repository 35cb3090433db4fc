//! One's own account: password, second factor, where one is signed in.

use super::accounts::refused;
use super::frame::{Ctx, minute, show};
use crate::canon::Refusal;
use crate::http::guard::{Anyone, Caller, SESSION};
use crate::http::serve::Routes;
use crate::http::{App, Failed, cookie};
use crate::i18n;
use crate::ops::account;
use crate::store;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/password", password).post("/password", change_password);
    routes.get("/password/factor", factor).post("/password/factor", set_factor).post("/password/sessions", end_others)
}

struct OpenRow {
    begun: String,
    seen: String,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    ctx: Ctx,
    refusal: Option<String>,
    is_first: bool,
    has_factor: bool,
    sessions: Vec<OpenRow>,
}

fn key_of(headers: &HeaderMap) -> &str {
    cookie(headers, SESSION).unwrap_or_default()
}

async fn password_page(ctx: Ctx, app: &App, headers: &HeaderMap, refusal: Option<Refusal>) -> Result<Response, Failed> {
    let person = ctx.person.clone().ok_or_else(|| Refusal::new("sign_in_needed"))?;
    let account = store::account::find(&mut *app.office.store.read().await?, &person.name).await?;
    let sessions = account::list_sessions(&app.office, &person.name, key_of(headers)).await?;
    let row = |session: account::OpenSession| OpenRow { begun: minute(&session.begun_at), seen: minute(&session.seen_at), is_own: session.is_own };
    let page = PasswordPage {
        refusal: refusal.as_ref().map(|refusal| i18n::say(ctx.lang, refusal.code, &refusal.values)),
        is_first: person.must_change,
        has_factor: account.is_some_and(|account| account.totp.is_some()),
        sessions: sessions.into_iter().map(row).collect(),
        ctx,
    };
    Ok(refused(show(&page), refusal.is_some()))
}

async fn password(caller: Caller<Anyone>, State(app): State<App>, headers: HeaderMap) -> Result<Response, Failed> {
    password_page(caller.ctx(), &app, &headers, None).await
}

#[derive(Deserialize)]
struct NewPassword {
    old: String,
    new: String,
}

async fn change_password(
    caller: Caller<Anyone>,
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<NewPassword>,
) -> Result<Response, Failed> {
    match account::change_password(&app.office, &caller.person.name, &form.old, &form.new, key_of(&headers)).await {
        Ok(()) => Ok(Redirect::to("/").into_response()),
        Err(refusal) => password_page(caller.ctx(), &app, &headers, Some(refusal)).await,
    }
}

async fn end_others(caller: Caller<Anyone>, State(app): State<App>, headers: HeaderMap) -> Result<Response, Failed> {
    account::end_other_sessions(&app.office, &caller.person.name, key_of(&headers)).await?;
    Ok(Redirect::to("/password").into_response())
}

#[derive(Template)]
#[template(path = "factor.html")]
struct FactorPage {
    ctx: Ctx,
    refusal: Option<String>,
    /// In hex, for the form to bring back.
    secret: String,
    /// In base32 and groups of four, for typing.
    shown: String,
    address: String,
}

fn factor_page(ctx: Ctx, secret: String, shown: &str, refusal: Option<Refusal>) -> Response {
    let name = ctx.person.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    let groups: Vec<String> = shown.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let page = FactorPage {
        refusal: refusal.as_ref().map(|refusal| i18n::say(ctx.lang, refusal.code, &refusal.values)),
        address: format!("otpauth://totp/mingchou:{name}?secret={shown}&issuer=mingchou"),
        shown: groups.join(" "),
        secret,
        ctx,
    };
    refused(show(&page), refusal.is_some())
}

async fn factor(caller: Caller<Anyone>) -> Result<Response, Failed> {
    let (secret, shown) = account::propose_totp()?;
    Ok(factor_page(caller.ctx(), secret, &shown, None))
}

#[derive(Deserialize)]
struct Factor {
    secret: String,
    code: String,
}

async fn set_factor(caller: Caller<Anyone>, State(app): State<App>, Form(form): Form<Factor>) -> Result<Response, Failed> {
    match account::set_totp(&app.office, &caller.person.name, &form.secret, &form.code).await {
        Ok(()) => Ok(Redirect::to("/password").into_response()),
        // The same secret again: the telephone has it already.
        Err(refusal) => match account::show_totp(&form.secret) {
            Ok(shown) => Ok(factor_page(caller.ctx(), form.secret, &shown, Some(refusal))),
            Err(refusal) => Err(refusal.into()),
        },
    }
}
