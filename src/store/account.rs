//! Accounts, their roles and sessions, tokens of systems, and the record of accesses.

use super::{failed, from_bigint, to_bigint};
use crate::canon::{Code, Refusal, Result, Time};
use crate::domain::Role;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use std::collections::BTreeSet;

/// A person who may sign in.
#[derive(Clone, Debug)]
pub struct Account {
    pub name: String,
    pub full_name: String,
    pub county: Option<Code>,
    pub password: String,
    pub totp: Option<String>,
    pub totp_step: Option<u64>,
    pub failures: u64,
    pub locked_until: Option<Time>,
    pub disabled_at: Option<Time>,
    pub created_at: Time,
    pub must_change: bool,
    pub roles: BTreeSet<Role>,
}

fn time(row: &AnyRow, name: &str) -> Result<Option<Time>> {
    row.try_get::<Option<String>, _>(name).map_err(failed)?.map(|at| Time::parse(&at)).transpose()
}

fn text(row: &AnyRow, name: &str) -> Result<String> {
    row.try_get(name).map_err(failed)
}

fn code(row: &AnyRow, name: &str) -> Result<Option<Code>> {
    row.try_get::<Option<String>, _>(name).map_err(failed)?.map(|code| Code::parse(&code)).transpose()
}

fn required<T>(value: Option<T>, name: &str) -> Result<T> {
    value.ok_or_else(|| Refusal::new("store_failed").with("reason", name))
}

fn read(row: &AnyRow) -> Result<Account> {
    Ok(Account {
        name: text(row, "name")?,
        full_name: text(row, "full_name")?,
        county: code(row, "county")?,
        password: text(row, "password")?,
        totp: row.try_get("totp").map_err(failed)?,
        totp_step: row.try_get::<Option<i64>, _>("totp_step").map_err(failed)?.map(from_bigint),
        failures: row.try_get("failures").map(from_bigint).map_err(failed)?,
        locked_until: time(row, "locked_until")?,
        disabled_at: time(row, "disabled_at")?,
        created_at: required(time(row, "created_at")?, "created_at")?,
        must_change: row.try_get::<i64, _>("must_change").map_err(failed)? != 0,
        roles: BTreeSet::new(),
    })
}

/// All accounts by name, with their roles.
pub async fn list(connection: &mut AnyConnection) -> Result<Vec<Account>> {
    let rows = sqlx::query("select * from account order by name").fetch_all(&mut *connection).await.map_err(failed)?;
    let mut accounts = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let roles: Vec<(String, String)> =
        sqlx::query_as("select account, role from account_role order by account, role").fetch_all(connection).await.map_err(failed)?;
    for (name, role) in roles {
        if let Some(account) = accounts.iter_mut().find(|account| account.name == name) {
            account.roles.extend(Role::parse(&role));
        }
    }
    Ok(accounts)
}

pub async fn find(connection: &mut AnyConnection, name: &str) -> Result<Option<Account>> {
    let query = sqlx::query("select * from account where name = $1").bind(name.to_owned());
    let Some(row) = query.fetch_optional(&mut *connection).await.map_err(failed)? else { return Ok(None) };
    let mut account = read(&row)?;
    let query = sqlx::query_scalar("select role from account_role where account = $1").bind(name.to_owned());
    let roles: Vec<String> = query.fetch_all(connection).await.map_err(failed)?;
    account.roles = roles.iter().filter_map(|role| Role::parse(role)).collect();
    Ok(Some(account))
}

pub async fn count(connection: &mut AnyConnection) -> Result<u64> {
    let count: i64 = sqlx::query_scalar("select count(*) from account").fetch_one(connection).await.map_err(failed)?;
    Ok(from_bigint(count))
}

pub async fn add(connection: &mut AnyConnection, account: &Account) -> Result<()> {
    let sql = "insert into account (name, full_name, county, password, failures, created_at, must_change) values ($1, $2, $3, $4, 0, $5, $6)";
    let query = sqlx::query(sql).bind(account.name.clone()).bind(account.full_name.clone()).bind(account.county.as_ref().map(Code::to_string));
    let query = query.bind(account.password.clone()).bind(account.created_at.to_string()).bind(i64::from(account.must_change));
    query.execute(&mut *connection).await.map_err(failed)?;
    set_roles(connection, account).await
}

/// Writes down everything that may change but the roles.
pub async fn update(connection: &mut AnyConnection, account: &Account) -> Result<()> {
    let sql = "update account set password = $2, totp = $3, totp_step = $4, failures = $5, locked_until = $6, disabled_at = $7, must_change = $8, county = $9 where name = $1";
    let query = sqlx::query(sql).bind(account.name.clone()).bind(account.password.clone()).bind(account.totp.clone());
    let query = query.bind(account.totp_step.map(to_bigint)).bind(to_bigint(account.failures));
    let query = query.bind(account.locked_until.map(|at| at.to_string())).bind(account.disabled_at.map(|at| at.to_string()));
    let query = query.bind(i64::from(account.must_change)).bind(account.county.as_ref().map(Code::to_string));
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn set_roles(connection: &mut AnyConnection, account: &Account) -> Result<()> {
    let query = sqlx::query("delete from account_role where account = $1").bind(account.name.clone());
    query.execute(&mut *connection).await.map_err(failed)?;
    for role in &account.roles {
        let query = sqlx::query("insert into account_role (account, role) values ($1, $2)").bind(account.name.clone()).bind(role.as_str());
        query.execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    pub sha256: String,
    pub account: String,
    pub form_token: String,
    pub begun_at: Time,
    pub seen_at: Time,
}

pub async fn add_session(connection: &mut AnyConnection, session: &Session) -> Result<()> {
    let sql = "insert into session (sha256, account, form_token, begun_at, seen_at) values ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(session.sha256.clone()).bind(session.account.clone()).bind(session.form_token.clone());
    let query = query.bind(session.begun_at.to_string()).bind(session.seen_at.to_string());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn find_session(connection: &mut AnyConnection, sha256: &str) -> Result<Option<Session>> {
    let query = sqlx::query("select * from session where sha256 = $1").bind(sha256.to_owned());
    query.fetch_optional(connection).await.map_err(failed)?.as_ref().map(read_session).transpose()
}

fn read_session(row: &AnyRow) -> Result<Session> {
    Ok(Session {
        sha256: text(row, "sha256")?,
        account: text(row, "account")?,
        form_token: text(row, "form_token")?,
        begun_at: required(time(row, "begun_at")?, "begun_at")?,
        seen_at: required(time(row, "seen_at")?, "seen_at")?,
    })
}

pub async fn touch_session(connection: &mut AnyConnection, sha256: &str, at: Time) -> Result<()> {
    let query = sqlx::query("update session set seen_at = $2 where sha256 = $1").bind(sha256.to_owned()).bind(at.to_string());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

pub async fn end_session(connection: &mut AnyConnection, sha256: &str) -> Result<()> {
    let query = sqlx::query("delete from session where sha256 = $1").bind(sha256.to_owned());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// Sessions used since a time.
pub async fn count_sessions(connection: &mut AnyConnection, since: Time) -> Result<u64> {
    let query = sqlx::query_scalar("select count(*) from session where seen_at >= $1").bind(since.to_string());
    query.fetch_one(connection).await.map(from_bigint).map_err(failed)
}

/// Ends whatever an account has open, and what nobody used since `before`.
pub async fn end_sessions(connection: &mut AnyConnection, account: &str, before: Time) -> Result<()> {
    let query = sqlx::query("delete from session where account = $1 or seen_at < $2").bind(account.to_owned()).bind(before.to_string());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}

/// What an account has open, the newest first.
pub async fn list_sessions(connection: &mut AnyConnection, account: &str) -> Result<Vec<Session>> {
    let query = sqlx::query("select * from session where account = $1 order by begun_at desc, sha256").bind(account.to_owned());
    query.fetch_all(connection).await.map_err(failed)?.iter().map(read_session).collect()
}

/// Ends what an account has open but for one. Answers how many ended.
pub async fn end_other_sessions(connection: &mut AnyConnection, account: &str, kept: &str) -> Result<u64> {
    let query = sqlx::query("delete from session where account = $1 and sha256 <> $2").bind(account.to_owned()).bind(kept.to_owned());
    Ok(query.execute(connection).await.map_err(failed)?.rows_affected())
}

/// A system that may call.
#[derive(Clone, Debug)]
pub struct Token {
    pub sha256: String,
    pub name: String,
    pub county: Option<Code>,
    /// Words apart by blanks.
    pub scopes: String,
    pub made_at: Time,
    pub made_by: String,
    pub expires_at: Option<Time>,
    pub revoked_at: Option<Time>,
}

pub async fn add_token(connection: &mut AnyConnection, token: &Token) -> Result<()> {
    let sql = "insert into token (sha256, name, county, scopes, made_at, made_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7)";
    let query = sqlx::query(sql).bind(token.sha256.clone()).bind(token.name.clone()).bind(token.county.as_ref().map(Code::to_string));
    let query = query.bind(token.scopes.clone()).bind(token.made_at.to_string()).bind(token.made_by.clone());
    query.bind(token.expires_at.map(|at| at.to_string())).execute(connection).await.map(|_| ()).map_err(failed)
}

/// All tokens, newest first.
pub async fn list_tokens(connection: &mut AnyConnection) -> Result<Vec<Token>> {
    let rows = sqlx::query("select * from token order by made_at desc, sha256").fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read_token).collect()
}

pub async fn find_token(connection: &mut AnyConnection, sha256: &str) -> Result<Option<Token>> {
    let query = sqlx::query("select * from token where sha256 = $1").bind(sha256.to_owned());
    query.fetch_optional(connection).await.map_err(failed)?.as_ref().map(read_token).transpose()
}

fn read_token(row: &AnyRow) -> Result<Token> {
    Ok(Token {
        sha256: text(row, "sha256")?,
        name: text(row, "name")?,
        county: code(row, "county")?,
        scopes: text(row, "scopes")?,
        made_at: required(time(row, "made_at")?, "made_at")?,
        made_by: text(row, "made_by")?,
        expires_at: time(row, "expires_at")?,
        revoked_at: time(row, "revoked_at")?,
    })
}

pub async fn revoke_token(connection: &mut AnyConnection, sha256: &str, at: Time) -> Result<bool> {
    let sql = "update token set revoked_at = $2 where sha256 = $1 and revoked_at is null";
    let done = sqlx::query(sql).bind(sha256.to_owned()).bind(at.to_string()).execute(connection).await.map_err(failed)?;
    Ok(done.rows_affected() == 1)
}

/// One line of the record of accesses.
#[derive(Clone, Debug)]
pub struct Access {
    pub number: u64,
    pub at: Time,
    pub who: String,
    pub act: String,
    pub subject: String,
    pub detail: String,
}

/// Adds a line; its number is the next.
pub async fn add_access(connection: &mut AnyConnection, at: Time, who: &str, act: &str, subject: &str, detail: &str) -> Result<()> {
    let last: Option<i64> = sqlx::query_scalar("select max(number) from access").fetch_one(&mut *connection).await.map_err(failed)?;
    let sql = "insert into access (number, at, who, act, subject, detail) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(last.unwrap_or(0) + 1).bind(at.to_string()).bind(who.to_owned()).bind(act.to_owned());
    query.bind(subject.to_owned()).bind(detail.to_owned()).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Lines before a number, the newest first.
pub async fn list_accesses(connection: &mut AnyConnection, before: u64, at_most: u64) -> Result<Vec<Access>> {
    let sql = "select * from access where number < $1 order by number desc limit $2";
    let rows = sqlx::query(sql).bind(to_bigint(before)).bind(to_bigint(at_most)).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(read_access).collect()
}

/// The same of one person or one act alone; blank ones are all.
pub async fn find_accesses(connection: &mut AnyConnection, who: &str, act: &str, before: u64, at_most: u64) -> Result<Vec<Access>> {
    let sql = "select * from access where number < $1 and ($2 = '' or who = $3) and ($4 = '' or act = $5) order by number desc limit $6";
    let query = sqlx::query(sql).bind(to_bigint(before)).bind(who.to_owned()).bind(who.to_owned()).bind(act.to_owned()).bind(act.to_owned());
    query.bind(to_bigint(at_most)).fetch_all(connection).await.map_err(failed)?.iter().map(read_access).collect()
}

/// Every act that was ever written down.
pub async fn list_access_acts(connection: &mut AnyConnection) -> Result<Vec<String>> {
    sqlx::query_scalar("select distinct act from access order by act").fetch_all(connection).await.map_err(failed)
}

fn read_access(row: &AnyRow) -> Result<Access> {
    Ok(Access {
        number: row.try_get("number").map(from_bigint).map_err(failed)?,
        at: required(time(row, "at")?, "at")?,
        who: text(row, "who")?,
        act: text(row, "act")?,
        subject: text(row, "subject")?,
        detail: text(row, "detail")?,
    })
}

/// A write that was answered: what was asked, the status and the answer.
pub async fn find_answer(connection: &mut AnyConnection, who: &str, key: &str) -> Result<Option<(String, u64, String)>> {
    let query = sqlx::query("select request, status, body from idempotency where who = $1 and key = $2").bind(who.to_owned()).bind(key.to_owned());
    let Some(row) = query.fetch_optional(connection).await.map_err(failed)? else { return Ok(None) };
    Ok(Some((text(&row, "request")?, row.try_get("status").map(from_bigint).map_err(failed)?, text(&row, "body")?)))
}

pub async fn add_answer(connection: &mut AnyConnection, who: &str, key: &str, request: &str, (status, body): (u64, &str), at: Time) -> Result<()> {
    let sql = "insert into idempotency (who, key, request, status, body, at) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(who.to_owned()).bind(key.to_owned()).bind(request.to_owned()).bind(to_bigint(status));
    query.bind(body.to_owned()).bind(at.to_string()).execute(connection).await.map(|_| ()).map_err(failed)
}
