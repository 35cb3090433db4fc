//! Who did and looked at what. Looking at it is written down, too.

use super::frame::{Ctx, minute, show};
use crate::http::guard::{Caller, SeeAccess};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::account;
use crate::store::account::{find_accesses, list_access_acts};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/access", list)
}

/// Lines of a page.
const LINES: u64 = 100;

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    act: String,
    before: Option<u64>,
}

struct Line {
    number: u64,
    at: String,
    who: String,
    act: String,
    subject: String,
    detail: String,
    is_look: bool,
}

#[derive(Template)]
#[template(path = "access.html")]
struct AccessPage {
    ctx: Ctx,
    lines: Vec<Line>,
    who: String,
    act: String,
    /// Acts with their words, to choose from.
    acts: Vec<(String, String)>,
    older: Option<u64>,
}

/// What an act is called; one without a word of its own shows its code.
fn word(ctx: &Ctx, act: &str) -> String {
    let code = format!("access_{act}");
    i18n::find_sentence(&code).map_or(act.to_owned(), |_| ctx.t(&code).to_owned())
}

/// What stands beside an act: roles as their words, else as it was written down.
fn detail(ctx: &Ctx, text: &str) -> String {
    let is_roles = !text.is_empty() && text.split(' ').all(|word| crate::domain::Role::parse(word).is_some());
    if !is_roles {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split(' ').map(|role| ctx.t(&format!("role_{role}"))).collect();
    words.join(if ctx.is_zh() { "、" } else { ", " })
}

async fn list(caller: Caller<SeeAccess>, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let (who, act) = (asked.who.trim(), asked.act.trim());
    // First the record of this look: what it says is then true, whatever happens.
    account::record(&app.office, &caller.person.name, "read_access", crate::canon::code::clip(who).as_str(), act.get(..40).unwrap_or(act)).await?;
    let mut connection = app.office.store.read().await?;
    let before = asked.before.unwrap_or(i64::MAX.unsigned_abs());
    let found = find_accesses(&mut connection, who, act, before, LINES + 1).await?;
    let acts = list_access_acts(&mut connection).await?;
    let ctx = caller.ctx();
    let page = usize::try_from(LINES).unwrap_or(usize::MAX);
    let older = if found.len() > page { found.get(page - 1).map(|line| line.number) } else { None };
    let line = |access: &crate::store::account::Access| Line {
        number: access.number,
        at: minute(&access.at),
        who: access.who.clone(),
        act: word(&ctx, &access.act),
        subject: access.subject.clone(),
        detail: detail(&ctx, &access.detail),
        is_look: access.act.starts_with("looked"),
    };
    let lines = found.iter().take(page).map(line).collect();
    let acts = acts.into_iter().map(|act| (word(&ctx, &act), act)).map(|(word, act)| (act, word)).collect();
    Ok(show(&AccessPage { lines, who: who.to_owned(), act: act.to_owned(), acts, older, ctx }))
}
