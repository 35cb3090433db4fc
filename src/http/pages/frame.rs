//! What every page shares: language, who is signed in, the way around.

use crate::canon::Time;
use crate::domain::Role;
use crate::http::guard::{Caller, Right, Visitor};
use crate::i18n::{self, Lang};
use crate::ops::account::Person;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// Everything a template needs besides its own matter.
pub struct Ctx {
    pub lang: Lang,
    pub person: Option<Person>,
    /// Where this page is, to switch its language and to mark its entry.
    pub path: String,
}

/// An entry of the way around: address, code of its word, roles that see it.
const ENTRIES: [(&str, &str, &[Role]); 13] = [
    ("/", "nav_week", &Role::ALL),
    ("/submit", "nav_submit", &[Role::County, Role::Bureau]),
    ("/classes", "nav_classes", &[Role::County, Role::Bureau, Role::Discipline, Role::Analyst]),
    ("/applications", "nav_applications", &[Role::County, Role::Bureau, Role::Discipline, Role::Analyst]),
    ("/ceremony", "nav_ceremony", &[Role::Bureau, Role::Discipline, Role::Auditor]),
    ("/list", "nav_list", &[Role::Bureau, Role::Discipline, Role::Inspector]),
    ("/models", "nav_models", &[Role::Bureau, Role::Discipline, Role::Analyst]),
    ("/leaves", "nav_leaves", &Role::ALL),
    ("/public", "nav_public", &Role::ALL),
    ("/settings", "nav_settings", &Role::ALL),
    ("/accounts", "nav_accounts", &[Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor]),
    ("/tokens", "nav_tokens", &[Role::SystemAdmin]),
    ("/access", "nav_access", &[Role::Auditor, Role::Discipline]),
];

impl Ctx {
    pub fn nobody(lang: Lang) -> Self {
        Self { lang, person: None, path: "/".to_owned() }
    }

    /// The words of a code.
    pub fn t(&self, code: &str) -> &'static str {
        i18n::phrase(self.lang, code)
    }

    /// The sentence of a code with one value.
    pub fn say(&self, code: &str, name: &'static str, value: impl ToString) -> String {
        i18n::say(self.lang, code, &[(name, value.to_string())])
    }

    /// The same with two values.
    pub fn two(&self, code: &str, one: &'static str, value: impl ToString, other: &'static str, second: impl ToString) -> String {
        i18n::say(self.lang, code, &[(one, value.to_string()), (other, second.to_string())])
    }

    /// The same with several, as pairs.
    pub fn say_all(&self, code: &str, values: &[(&'static str, String)]) -> String {
        i18n::say(self.lang, code, values)
    }

    pub fn is_zh(&self) -> bool {
        self.lang == Lang::Zh
    }

    /// Which of a list's entries are shown.
    pub fn count_words(&self, count: &usize, first: &usize, last: &usize) -> String {
        i18n::say(self.lang, "list_shown", &[("count", count.to_string()), ("first", first.to_string()), ("last", last.to_string())])
    }

    /// The word of a day of the week, Monday 0.
    pub fn weekday(&self, at: &usize) -> &'static str {
        self.t(&format!("weekday_{at}"))
    }

    /// The sentence of a code with several values.
    pub fn tell(&self, code: &str, values: &[(&'static str, String)]) -> String {
        i18n::say(self.lang, code, values)
    }

    /// A time as people write it.
    pub fn minute(&self, time: &Time) -> String {
        minute(time)
    }

    /// One of two names.
    pub fn name<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.is_zh() { zh } else { en }
    }

    /// A form's address with the token that a write must carry.
    pub fn form(&self, action: &str) -> String {
        let token = self.person.as_ref().and_then(|person| person.form_token.as_deref()).unwrap_or_default();
        let sign = if action.contains('?') { '&' } else { '?' };
        format!("{action}{sign}form={token}")
    }

    pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
        let Some(person) = &self.person else { return Vec::new() };
        let seen = ENTRIES.iter().filter(|(_, _, roles)| person.roles.iter().any(|role| roles.contains(role)));
        seen.map(|(path, code, _)| (*path, self.t(code))).collect()
    }

    pub fn is_here(&self, entry: &str) -> bool {
        if entry == "/" { self.path == "/" } else { self.path.starts_with(entry) }
    }

    pub fn role_words(&self) -> String {
        let roles = self.person.iter().flat_map(|person| &person.roles).map(|role| self.t(&format!("role_{}", role.as_str())));
        roles.collect::<Vec<_>>().join(if self.is_zh() { "、" } else { ", " })
    }
}

impl<R: Right> Caller<R> {
    pub fn ctx(&self) -> Ctx {
        Ctx { lang: self.lang, person: Some(self.person.clone()), path: self.path.clone() }
    }
}

impl Visitor {
    pub fn ctx(&self) -> Ctx {
        Ctx { lang: self.lang, person: self.person.clone(), path: self.path.clone() }
    }
}

/// `2026-11-27 17:30`: every time here is Beijing's.
pub fn minute(time: &Time) -> String {
    time.to_string().replacen('T', " ", 1).get(..16).unwrap_or_default().to_owned()
}

/// A page made of its template.
pub fn show(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub ctx: Ctx,
    pub text: String,
}
