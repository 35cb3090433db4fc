//! Accounts and tokens: made by the system administrator, given their roles by the security administrator.

use super::op::Op;
use super::take::{Body, Named};
use crate::canon::{Code, Refusal, Result as Done, Time};
use crate::domain::Role;
use crate::http::guard::{Anyone, Caller, GiveRoles, KeepAccounts, SeeAccounts};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::account::{self, NewAccount};
use crate::store;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub const SHAPES: &[(&str, &str)] = &[
    ("Role", "(county|bureau|discipline|analyst|inspector|system_admin|security_admin|auditor)"),
    (
        "Account",
        "{name:str, full_name:str, county:code?, roles:[$Role], created_at:time, disabled_at:time?, locked_until:time?, must_change:bool, has_totp:bool}",
    ),
    ("Me", "{name:str, full_name:str, county:code?, roles:[$Role], scopes:[str]}"),
    ("Token", "{token:hash, name:str, county:code?, scopes:[str], made_at:time, made_by:str, expires_at:time?, revoked_at:time?}"),
    ("Ok", "{ok:bool}"),
];

pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .op(Op::get("/api/v1/me", "me", "我是谁 / who am I").of::<Anyone>().gives("$Me"), me)
        .op(Op::get("/api/v1/accounts", "list_accounts", "账号 / accounts").of::<SeeAccounts>().gives("[$Account]"), list)
        .op(
            Op::post("/api/v1/accounts", "add_account", "增加账号（不带角色） / add an account, without roles")
                .of::<KeepAccounts>()
                .takes("{name:str, full_name:str, password:str}")
                .gives("$Ok"),
            add,
        )
        .op(
            Op::post("/api/v1/accounts/{name}/roles", "give_roles", "授予角色 / give roles")
                .of::<GiveRoles>()
                .takes("{roles:[$Role], county~:code?}")
                .gives("$Ok"),
            give,
        )
        .op(
            Op::post("/api/v1/accounts/{name}/disabled", "disable_account", "停用或恢复 / let sign in no more, or again")
                .of::<KeepAccounts>()
                .takes("{disabled:bool}")
                .gives("$Ok"),
            disable,
        )
        .op(
            Op::post("/api/v1/accounts/{name}/password", "reset_password", "重置密码 / another first password")
                .of::<KeepAccounts>()
                .takes("{password:str}")
                .gives("$Ok"),
            reset,
        );
    routes
        .op(Op::get("/api/v1/tokens", "list_tokens", "令牌 / tokens of systems").of::<SeeAccounts>().gives("[$Token]"), tokens)
        .op(
            Op::post("/api/v1/tokens", "add_token", "发给一个系统令牌，只显示一次 / make a token; it is shown once")
                .of::<KeepAccounts>()
                .takes("{name:str, county~:code?, scopes:[(submit|read|metrics)], days:(int 1 3660)}")
                .gives("{key:hash}"),
            add_token,
        )
        .op(
            Op::post("/api/v1/tokens/{token}/revoke", "revoke_token", "作废令牌 / revoke a token").of::<KeepAccounts>().takes("{}").gives("$Ok"),
            revoke,
        )
}

async fn me(caller: Caller<Anyone>) -> Json<Value> {
    let account::Person { name, full_name, roles, county, scopes, .. } = caller.person;
    Json(json!({"name": name, "full_name": full_name, "county": county, "roles": roles, "scopes": scopes}))
}

#[derive(Serialize)]
struct AccountView {
    name: String,
    full_name: String,
    county: Option<Code>,
    roles: BTreeSet<Role>,
    created_at: Time,
    disabled_at: Option<Time>,
    locked_until: Option<Time>,
    must_change: bool,
    has_totp: bool,
}

async fn list(_: Caller<SeeAccounts>, State(app): State<App>) -> Result<Json<Vec<AccountView>>, Failed> {
    let accounts = store::account::list(&mut *app.office.store.read().await?).await?;
    let view = |account: store::account::Account| AccountView {
        has_totp: account.totp.is_some(),
        name: account.name,
        full_name: account.full_name,
        county: account.county,
        roles: account.roles,
        created_at: account.created_at,
        disabled_at: account.disabled_at,
        locked_until: account.locked_until,
        must_change: account.must_change,
    };
    Ok(Json(accounts.into_iter().map(view).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    full_name: String,
    password: String,
}

fn ok() -> Json<Value> {
    Json(json!({"ok": true}))
}

async fn add(caller: Caller<KeepAccounts>, State(app): State<App>, Body(new): Body<New>) -> Result<Json<Value>, Failed> {
    let new = NewAccount { name: &new.name, full_name: &new.full_name, password: &new.password, roles: &[], county: None, must_change: true };
    account::add(&app.office, new, &caller.person.name).await?;
    Ok(ok())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    roles: Vec<Role>,
    county: Option<Code>,
}

async fn give(
    caller: Caller<GiveRoles>,
    State(app): State<App>,
    Named(name): Named<String>,
    Body(given): Body<Given>,
) -> Result<Json<Value>, Failed> {
    if let Some(county) = &given.county {
        require_county(&app, county).await?;
    }
    account::grant(&app.office, &name, &given.roles, given.county, &caller.person.name).await?;
    Ok(ok())
}

async fn require_county(app: &App, county: &Code) -> Done<()> {
    let units = store::unit::list_reporting_units(&mut *app.office.store.read().await?).await?;
    if units.iter().any(|unit| unit.county == *county) { Ok(()) } else { Err(Refusal::new("receive_unknown_county").with("county", county)) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disabled {
    disabled: bool,
}

async fn disable(
    caller: Caller<KeepAccounts>,
    State(app): State<App>,
    Named(name): Named<String>,
    Body(asked): Body<Disabled>,
) -> Result<Json<Value>, Failed> {
    account::set_disabled(&app.office, &name, asked.disabled, &caller.person.name).await?;
    Ok(ok())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    password: String,
}

async fn reset(
    caller: Caller<KeepAccounts>,
    State(app): State<App>,
    Named(name): Named<String>,
    Body(asked): Body<Password>,
) -> Result<Json<Value>, Failed> {
    account::reset_password(&app.office, &name, &asked.password, &caller.person.name).await?;
    Ok(ok())
}

async fn tokens(_: Caller<SeeAccounts>, State(app): State<App>) -> Result<Json<Vec<Value>>, Failed> {
    let tokens = store::account::list_tokens(&mut *app.office.store.read().await?).await?;
    let view = |token: &store::account::Token| {
        let scopes: Vec<&str> = token.scopes.split(' ').collect();
        json!({"token": token.sha256, "name": token.name, "county": token.county, "scopes": scopes, "made_at": token.made_at, "made_by": token.made_by,
               "expires_at": token.expires_at, "revoked_at": token.revoked_at})
    };
    Ok(Json(tokens.iter().map(view).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
    county: Option<Code>,
    scopes: Vec<String>,
    days: i64,
}

async fn add_token(caller: Caller<KeepAccounts>, State(app): State<App>, Body(new): Body<NewToken>) -> Result<Json<Value>, Failed> {
    if let Some(county) = &new.county {
        require_county(&app, county).await?;
    }
    if !(1..=3660).contains(&new.days) {
        return Err(Refusal::new("request_body").with("reason", "days").into());
    }
    let scopes: BTreeSet<&str> = new.scopes.iter().map(String::as_str).collect();
    let scopes: Vec<&str> = scopes.into_iter().collect();
    let key = account::add_token(&app.office, &new.name, new.county, &scopes, new.days, &caller.person.name).await?;
    Ok(Json(json!({"key": key})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn revoke(
    caller: Caller<KeepAccounts>,
    State(app): State<App>,
    Named(token): Named<String>,
    Body(_): Body<Nothing>,
) -> Result<Json<Value>, Failed> {
    if account::revoke_token(&app.office, &token, &caller.person.name).await? { Ok(ok()) } else { Err(Refusal::new("not_found").into()) }
}
