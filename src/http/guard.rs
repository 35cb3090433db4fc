//! Who may: a handler that takes a `Caller<Right>` is reached by nobody else.

use super::{App, Failed, cookie, lang_of};
use crate::canon::{Code, Hash, Refusal, Result};
use crate::domain::Role;
use crate::i18n::Lang;
use crate::ops::account::{self, Person};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use std::marker::PhantomData;

/// The cookie that holds a session's key.
pub const SESSION: &str = "session";

/// What somebody is allowed to do, and which roles or scopes allow it.
pub trait Right: Send + Sync + 'static {
    const NAME: &'static str;
    const ROLES: &'static [Role];
    /// The scope that lets a system do it.
    const SCOPE: Option<&'static str> = None;
}

/// Declares rights: `Name: roles…; scope`.
macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident: [$($role:ident),*] $(or $scope:literal)?;)*) => {$(
        $(#[$doc])*
        pub struct $name;
        impl Right for $name {
            const NAME: &'static str = stringify!($name);
            const ROLES: &'static [Role] = &[$(Role::$role),*];
            $(const SCOPE: Option<&'static str> = Some($scope);)?
        }
    )*};
}

rights! {
    /// Signed in, whoever it is.
    Anyone: [County, Bureau, Discipline, Analyst, Inspector, SystemAdmin, SecurityAdmin, Auditor];
    /// A week: what is due and who has sent what; a clerk sees the own county.
    SeeWeek: [County, Bureau, Discipline, Analyst] or "read";
    /// Hands in a county's documents; the bureau does it for a county that sends paper.
    Submit: [County, Bureau] or "submit";
    /// Classes as reported; a clerk sees the own county's.
    SeeClasses: [County, Bureau, Discipline, Analyst] or "read";
    /// Scores and their reasons: not for those who visit, before their record is closed.
    SeeScores: [Bureau, Discipline, Analyst];
    Freeze: [Bureau];
    /// Signs a party's act and enters it.
    Act: [Bureau, Discipline];
    Draw: [Bureau, Discipline];
    SeeCeremony: [Bureau, Discipline, Auditor];
    /// The list and the teams, secret until the window closes.
    SeeList: [Bureau, Discipline, Inspector];
    Publish: [Bureau];
    SeeModels: [Bureau, Discipline, Analyst];
    ProposeModel: [Bureau, Analyst];
    ApproveModel: [Bureau, Discipline];
    SeeLog: [County, Bureau, Discipline, Analyst, Inspector, SystemAdmin, SecurityAdmin, Auditor] or "read";
    /// Makes accounts and tokens, and keeps the machine.
    KeepAccounts: [SystemAdmin];
    /// Gives roles.
    GiveRoles: [SecurityAdmin];
    /// Sees the accounts: both administrators and the auditor.
    SeeAccounts: [SystemAdmin, SecurityAdmin, Auditor];
    /// Readings of rules and reporting units, which the bureau decides.
    Decide: [Bureau];
    SeeAccess: [Auditor, Discipline];
    SeeMetrics: [SystemAdmin] or "metrics";
}

/// Somebody who has the right.
pub struct Caller<R> {
    pub person: Person,
    pub lang: Lang,
    pub path: String,
    right: PhantomData<R>,
}

impl<R: Right> Caller<R> {
    /// The county that somebody is bound to; none for those who see all, and for those who may nothing yet.
    pub fn bound_to(&self) -> Option<&Code> {
        let sees_all = self.person.roles.iter().any(|role| *role != Role::County) || self.person.form_token.is_none() && self.person.county.is_none();
        if sees_all { None } else { self.person.county.as_ref() }
    }

    /// The county that is meant: the one asked for, if the caller sees it, else the caller's own.
    pub fn county(&self, asked: Option<Code>) -> Result<Option<Code>> {
        match asked {
            Some(county) => self.sees(&county).map(|()| Some(county)),
            None => Ok(self.bound_to().cloned()),
        }
    }

    /// Refuses what belongs to another county, in the words for what isn't there.
    pub fn sees(&self, county: &Code) -> Result<()> {
        let is_nobody = self.person.roles.is_empty() && self.person.form_token.is_some();
        match self.bound_to() {
            _ if is_nobody => Err(Refusal::new("not_found")),
            Some(own) if own != county => Err(Refusal::new("not_found")),
            _ => Ok(()),
        }
    }
}

impl<R: Right> FromRequestParts<App> for Caller<R> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Failed> {
        let person = find(parts, app).await?.ok_or_else(|| Refusal::new("sign_in_needed"))?;
        // Somebody whose roles aren't given yet may still choose a password and leave.
        let is_own = matches!(parts.uri.path(), "/password" | "/logout") && R::NAME == Anyone::NAME && person.form_token.is_some();
        let may = is_own
            || person.roles.iter().any(|role| R::ROLES.contains(role))
            || R::SCOPE.is_some_and(|scope| person.scopes.iter().any(|s| s == scope));
        if !may {
            return Err(Refusal::new("right_missing").into());
        }
        // A first password is somebody else's: nothing is done with it but choosing another.
        if person.must_change && !matches!(parts.uri.path(), "/password" | "/logout") {
            return Err(Refusal::new("password_first").into());
        }
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            check_origin(parts, &person)?;
        }
        Ok(Self { person, lang: lang_of(parts), path: parts.uri.path().to_owned(), right: PhantomData })
    }
}

/// Who asks, by bearer token or by session.
pub async fn find(parts: &Parts, app: &App) -> Result<Option<Person>> {
    if let Some(token) = bearer(&parts.headers) {
        return account::find_system(&app.office, token).await;
    }
    match cookie(&parts.headers, SESSION) {
        Some(key) => account::find_person(&app.office, key).await,
        None => Ok(None),
    }
}

/// Whoever is signed in, for pages that are for everybody.
pub struct Visitor {
    pub person: Option<Person>,
    pub lang: Lang,
    pub path: String,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Failed> {
        Ok(Self { person: find(parts, app).await?, lang: lang_of(parts), path: parts.uri.path().to_owned() })
    }
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// A write by a person carries the session's form token, in a header or, from a form, in its address; a browser that
/// says where it comes from must come from here. A system's token isn't sent by any browser on its own.
fn check_origin(parts: &Parts, person: &Person) -> Result<()> {
    let Some(expected) = &person.form_token else { return Ok(()) };
    let query = parts.uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("form=")));
    let given = parts.headers.get("x-form-token").and_then(|value| value.to_str().ok()).or(query);
    // Compared by hash, so that the time it takes tells nothing of how much was right.
    let is_given = given.is_some_and(|given| Hash::of(given.as_bytes()) == Hash::of(expected.as_bytes()));
    if is_from_here(&parts.headers) && is_given { Ok(()) } else { Err(Refusal::new("form_token")) }
}

/// Whether the browser, where it says so at all, sends this from a page of ours.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_same = match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        (None, _) => true,
    };
    is_same && text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// A form that needs no session, sent from a page of ours: another site can't sign somebody in as somebody else.
pub struct FromHere;

impl FromRequestParts<App> for FromHere {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, Failed> {
        if is_from_here(&parts.headers) { Ok(Self) } else { Err(Refusal::new("form_token").into()) }
    }
}
