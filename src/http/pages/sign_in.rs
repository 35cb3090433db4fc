//! Setting up, signing in and out.

use super::frame::{Ctx, show};
use crate::canon::{Hash, Refusal};
use crate::domain::Role;
use crate::http::guard::{Anyone, Caller, FromHere, SESSION, Visitor};
use crate::http::serve::Routes;
use crate::http::{App, Failed, cookie};
use crate::i18n;
use crate::ops::account::{self, NewAccount};
use askama::Template;
use axum::Form;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::sync::Semaphore;

pub fn routes(routes: Routes) -> Routes {
    // Whoever isn't known yet sends a few words, no workbook.
    let small = || DefaultBodyLimit::max(16 << 10);
    let routes = routes.get("/login", login).post("/login", sign_in.layer(small())).post("/logout", sign_out);
    routes.get("/setup", setup).post("/setup", set_up.layer(small()))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    ctx: Ctx,
    name: String,
    next: String,
    refusal: Option<String>,
    needs_code: bool,
}

#[derive(Deserialize, Default)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn login(visitor: Visitor, State(app): State<App>, Query(query): Query<Next>) -> Result<Response, Failed> {
    if !account::is_set_up(&app.office).await? {
        return Ok(Redirect::to("/setup").into_response());
    }
    Ok(show(&LoginPage { ctx: visitor.ctx(), name: String::new(), next: inside(&query.next), refusal: None, needs_code: false }))
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// Attempts at once: each fills 19 MiB and keeps a core busy, and whoever is in must not wait for those who try.
static DOOR: Semaphore = Semaphore::const_new(2);

async fn sign_in(visitor: Visitor, _: FromHere, State(app): State<App>, headers: HeaderMap, Form(form): Form<Login>) -> Result<Response, Failed> {
    let _turn = DOOR.acquire().await.map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    let code = Some(form.code.as_str()).filter(|code| !code.is_empty());
    let next = inside(&form.next);
    match account::sign_in(&app.office, form.name.trim(), &form.password, code).await {
        Ok(signed_in) => {
            // Whoever was signed in at this browser isn't any more.
            if let Some(old) = cookie(&headers, SESSION) {
                account::sign_out(&app.office, old).await?;
            }
            let is_first = signed_in.person.must_change;
            let mut response = Redirect::to(if is_first { "/password" } else { &next }).into_response();
            set_cookie(&mut response, SESSION, &signed_in.key, app.settings.is_secure)?;
            Ok(response)
        }
        Err(refusal) if refusal.code.starts_with("sign_in_") => {
            let needs_code = refusal.code == "sign_in_code" || !form.code.is_empty();
            // A lock has no words of its own here: they would tell which names there are.
            let code = if refusal.code == "sign_in_locked" { "sign_in_wrong" } else { refusal.code };
            let refusal = Some(i18n::say(visitor.lang, code, &refusal.values));
            let mut response = show(&LoginPage { ctx: visitor.ctx(), name: form.name, next, refusal, needs_code });
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            Ok(response)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// A page of this service, whatever the address says.
fn inside(next: &str) -> String {
    let is_ours = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && next.chars().all(|c| c.is_ascii_graphic());
    if is_ours { next.to_owned() } else { "/".to_owned() }
}

fn set_cookie(response: &mut Response, name: &str, value: &str, is_secure: bool) -> Result<(), Failed> {
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    let cookie = HeaderValue::from_str(&cookie).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

async fn sign_out(_: Caller<Anyone>, State(app): State<App>, headers: HeaderMap) -> Result<Response, Failed> {
    if let Some(key) = cookie(&headers, SESSION) {
        account::sign_out(&app.office, key).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    set_cookie(&mut response, SESSION, "", app.settings.is_secure)?;
    Ok(response)
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    ctx: Ctx,
    refusal: Option<String>,
}

async fn setup(visitor: Visitor, State(app): State<App>) -> Result<Response, Failed> {
    if account::is_set_up(&app.office).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    Ok(show(&SetupPage { ctx: visitor.ctx(), refusal: None }))
}

#[derive(Deserialize)]
struct SetUp {
    code: String,
    system_name: String,
    system_full_name: String,
    system_password: String,
    security_name: String,
    security_full_name: String,
    security_password: String,
    auditor_name: String,
    auditor_full_name: String,
    auditor_password: String,
}

async fn set_up(visitor: Visitor, _: FromHere, State(app): State<App>, Form(form): Form<SetUp>) -> Result<Response, Failed> {
    // Compared by hash, so that the time it takes tells nothing of how much was right.
    let is_right = Hash::of(form.code.trim().as_bytes()) == Hash::of(app.settings.set_up_code.as_bytes()) && !app.settings.set_up_code.is_empty();
    let one = |name, full_name, password, role| NewAccount { name, full_name, password, roles: role, county: None, must_change: false };
    let three = [
        one(form.system_name.as_str(), form.system_full_name.as_str(), form.system_password.as_str(), &[Role::SystemAdmin][..]),
        one(&form.security_name, &form.security_full_name, &form.security_password, &[Role::SecurityAdmin][..]),
        one(&form.auditor_name, &form.auditor_full_name, &form.auditor_password, &[Role::Auditor][..]),
    ];
    let done = if is_right { account::set_up(&app.office, three).await } else { Err(Refusal::new("account_set_up_code")) };
    match done {
        Ok(()) => Ok(Redirect::to("/login").into_response()),
        Err(refusal) => {
            let refusal = Some(i18n::say(visitor.lang, refusal.code, &refusal.values));
            let mut response = show(&SetupPage { ctx: visitor.ctx(), refusal });
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}
