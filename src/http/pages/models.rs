//! Risk models（评分卡）: what there is, one in readable tables, two compared, and the acts of two people.

use super::frame::{Ctx, show};
use super::score::{signal_name, times};
use super::told::{moment, refusal_words};
use crate::canon::Refusal;
use crate::domain::Role;
use crate::http::guard::{ApproveModel, Caller, ProposeModel, Right, SeeModels};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n::{self, Lang};
use crate::ops::account::Person;
use crate::ops::model::{self, ActView, ModelView, Shown, State as Stage};
use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/models", list).post("/models", propose).get("/models/compare", compare).get("/models/{name}", one);
    routes.post("/models/{name}/approve", approve).post("/models/{name}/withdraw", withdraw)
}

#[derive(Template)]
#[template(path = "models.html")]
struct ModelsPage {
    ctx: Ctx,
    refusal: Option<String>,
    lines: Vec<Line>,
    may_propose: bool,
    is_none_in_force: bool,
}

struct Line {
    name: String,
    state: &'static str,
    class: &'static str,
    validity: String,
    sha256: String,
    last: String,
}

fn may<R: Right>(person: &Person) -> bool {
    person.roles.iter().any(|role| R::ROLES.contains(role))
}

async fn list(caller: Caller<SeeModels>, State(app): State<App>) -> Result<Response, Failed> {
    Ok(show(&models_page(caller.ctx(), &caller.person, &app, None).await?))
}

async fn models_page(ctx: Ctx, person: &Person, app: &App, refusal: Option<String>) -> Result<ModelsPage, Failed> {
    let models = model::list(&app.office).await?;
    let line = |view: &ModelView| {
        let (state, class) = state(ctx.lang, view);
        Line {
            name: view.name.clone(),
            state,
            class,
            validity: format!("{} – {}", view.valid_from, view.valid_until),
            sha256: view.sha256.to_string().chars().take(16).collect(),
            last: view.acts.last().map_or_else(String::new, |act| act_words(ctx.lang, act)),
        }
    };
    let lines = models.iter().map(line).collect();
    let is_none_in_force = !models.iter().any(|view| view.is_in_force);
    Ok(ModelsPage { refusal, lines, may_propose: may::<ProposeModel>(person), is_none_in_force, ctx })
}

fn state(lang: Lang, view: &ModelView) -> (&'static str, &'static str) {
    let (code, class) = match view.state {
        Stage::Approved if view.is_in_force => ("model_state_in_force", "good"),
        Stage::Approved | Stage::Proposed if view.is_expired => ("model_state_expired", "bad"),
        Stage::Approved => ("model_state_approved", "plain"),
        Stage::Proposed => ("model_state_proposed", "warn"),
        Stage::Withdrawn => ("model_state_withdrawn", "bad"),
    };
    (i18n::phrase(lang, code), class)
}

fn act_words(lang: Lang, act: &ActView) -> String {
    let role = act.role.as_ref().map_or_else(String::new, |role| format!("@model_role_{role}"));
    let note = act.note.as_ref().map_or_else(String::new, |note| i18n::say(lang, "model_act_note", &[("note", note.clone())]));
    let values = [("at", moment(act.at)), ("by", act.by.clone()), ("role", role), ("note", note)];
    i18n::say(lang, &format!("model_act_{}", act.act), &values)
}

/// A group's word; one that has none goes by its code.
pub fn group_name(lang: Lang, group: &str) -> String {
    let code = format!("group_{group}");
    if i18n::find_sentence(&code).is_some() { i18n::phrase(lang, &code).to_owned() } else { group.to_owned() }
}

#[derive(Template)]
#[template(path = "model.html")]
struct ModelPage {
    ctx: Ctx,
    refusal: Option<String>,
    name: String,
    sha256: String,
    state: &'static str,
    class: &'static str,
    numbers: String,
    validity: String,
    groups: Vec<Group>,
    acts: Vec<String>,
    may_approve: bool,
    may_withdraw: bool,
    is_own: bool,
    others: Vec<String>,
    source: String,
}

struct Group {
    name: String,
    cap: i64,
    signals: Vec<SignalLine>,
}

struct SignalLine {
    name: String,
    bins: Vec<String>,
    missing: i64,
    reason: String,
}

async fn one(caller: Caller<SeeModels>, State(app): State<App>, Path(name): Path<String>) -> Result<Response, Failed> {
    let shown = model::show(&app.office, &name).await?;
    Ok(show(&model_page(caller.ctx(), &caller.person, &app, &shown, None).await?))
}

async fn model_page(ctx: Ctx, person: &Person, app: &App, shown: &Shown, refusal: Option<String>) -> Result<ModelPage, Failed> {
    let (lang, card) = (ctx.lang, &shown.card);
    let view = shown.view.as_ref();
    let (state, class) = view.map_or((ctx.t("model_state_file"), "plain"), |view| state(lang, view));
    let values = [
        ("max", card.score_max.to_string()),
        ("b", card.bands.b.to_string()),
        ("c", card.bands.c.to_string()),
        ("d", card.bands.d.to_string()),
        ("lambda", share(card.lambda_permille)),
        ("from", card.money.from_yuan.to_string()),
        ("to", card.money.to_yuan.to_string()),
        ("times", times(card.money.max_permille)),
    ];
    let signal = |signal: &crate::ops::model::Signal| SignalLine {
        name: signal_name(lang, &signal.id),
        bins: bins(signal),
        missing: signal.missing_points,
        reason: if ctx.is_zh() { signal.reason_zh.clone() } else { signal.reason_en.clone() },
    };
    let group = |(at, group): (usize, &crate::ops::model::Group)| Group {
        name: group_name(lang, &group.id),
        cap: group.cap,
        signals: card.signals.iter().filter(|signal| signal.group == at).map(signal).collect(),
    };
    let proposer = view.and_then(|view| view.acts.iter().rfind(|act| act.act == "proposed")).map(|act| act.by.clone());
    let is_own = proposer.is_some_and(|proposer| proposer == person.known_as());
    let stage = view.map(|view| view.state);
    let may_decide = may::<ApproveModel>(person);
    let others = model::list(&app.office).await?.into_iter().map(|view| view.name).filter(|name| *name != card.name.as_str()).collect();
    Ok(ModelPage {
        refusal,
        name: card.name.to_string(),
        sha256: card.hash().to_string(),
        state,
        class,
        numbers: i18n::say(lang, "model_show_numbers", &values),
        validity: format!("{} – {}", card.valid_from, card.valid_until),
        groups: card.groups.iter().enumerate().map(group).collect(),
        acts: view.map_or_else(Vec::new, |view| view.acts.iter().map(|act| act_words(lang, act)).collect()),
        may_approve: may_decide && !is_own && matches!(stage, Some(Stage::Proposed | Stage::Approved)) && view.is_some_and(|view| !view.is_in_force),
        may_withdraw: may_decide && matches!(stage, Some(Stage::Proposed | Stage::Approved)),
        is_own: is_own && stage == Some(Stage::Proposed),
        others,
        source: shown.source.clone(),
        ctx,
    })
}

/// Each bin as the permilles it covers and its points: `0–249 → 0`.
fn bins(signal: &crate::ops::model::Signal) -> Vec<String> {
    let mut from = 0;
    let mut list = Vec::with_capacity(signal.bins.len());
    for bin in &signal.bins {
        let last = bin.below.map_or(1000, |below| below - 1);
        let span = if last <= from { from.to_string() } else { format!("{from}–{last}") };
        list.push(format!("{span} → {}", bin.points));
        from = bin.below.unwrap_or(1000);
    }
    list
}

/// `250‰` as `25%`.
fn share(value: i64) -> String {
    if value % 10 == 0 { format!("{}%", value / 10) } else { format!("{}.{}%", value / 10, value % 10) }
}

#[derive(Deserialize, Default)]
struct Pair {
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "models_compare.html")]
struct ComparePage {
    ctx: Ctx,
    title: String,
    before: String,
    after: String,
    lines: Vec<String>,
}

async fn compare(caller: Caller<SeeModels>, State(app): State<App>, Query(pair): Query<Pair>) -> Result<Response, Failed> {
    let (before, after) = (model::show(&app.office, &pair.before).await?, model::show(&app.office, &pair.after).await?);
    let (found, lang) = (model::diff(&before, &after), caller.lang);
    let named = |value: &String| match value.strip_prefix('@') {
        Some(code) => code.strip_prefix("signal_").map_or_else(
            || if i18n::find_sentence(code).is_some() { i18n::phrase(lang, code).to_owned() } else { code.trim_start_matches("group_").to_owned() },
            |id| signal_name(lang, id),
        ),
        None => value.clone(),
    };
    let line = |d: &model::Difference| {
        let values: Vec<(&'static str, String)> = d.values.iter().map(|(name, value)| (*name, named(value))).collect();
        i18n::say(lang, d.code, &values)
    };
    let values = [("before", pair.before.clone()), ("after", pair.after.clone()), ("count", found.len().to_string())];
    let title = i18n::say(lang, if found.is_empty() { "diff_none" } else { "diff_title" }, &values);
    Ok(show(&ComparePage { ctx: caller.ctx(), title, before: pair.before, after: pair.after, lines: found.iter().map(line).collect() }))
}

/// A proposed file: its text, and why.
async fn read_proposal(mut multipart: Multipart) -> Result<(String, String), Refusal> {
    let failed = |error: axum::extract::multipart::MultipartError| Refusal::new("submit_body").with("reason", error.body_text());
    let (mut text, mut note) = (String::new(), String::new());
    while let Some(field) = multipart.next_field().await.map_err(failed)? {
        match field.name() {
            Some("file") => {
                let bytes = field.bytes().await.map_err(failed)?;
                text = String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::new("models_not_text"))?;
            }
            Some("note") => note = field.text().await.map_err(failed)?,
            _ => {}
        }
    }
    if text.trim().is_empty() { Err(Refusal::new("models_no_file")) } else { Ok((text, note)) }
}

async fn propose(caller: Caller<ProposeModel>, State(app): State<App>, multipart: Multipart) -> Result<Response, Failed> {
    let done = match read_proposal(multipart).await {
        Ok((text, note)) => propose_text(&app, &caller.person, &text, &note).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(view) => Ok(Redirect::to(&format!("/models/{}", view.name)).into_response()),
        Err(refusal) => {
            let text = Some(refusal_words(caller.lang, &refusal));
            let mut response = show(&models_page(caller.ctx(), &caller.person, &app, text).await?);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

async fn propose_text(app: &App, person: &Person, text: &str, note: &str) -> Result<ModelView, Refusal> {
    let shown = model::show_file(text)?;
    // A missing input must be told in words, so its reason needs a sentence.
    if let Some(signal) = shown.card.signals.iter().find(|signal| i18n::find_sentence(signal.missing_reason.as_str()).is_none()) {
        return Err(Refusal::new("model_reason_unknown").with("signal", &signal.id).with("found", &signal.missing_reason));
    }
    model::propose(&app.office, text, &person.known_as(), Some(note)).await.map(|(view, _)| view)
}

#[derive(Deserialize)]
struct Deciding {
    #[serde(default)]
    note: String,
    #[serde(default)]
    sure: String,
}

async fn approve(
    caller: Caller<ApproveModel>,
    State(app): State<App>,
    Path(name): Path<String>,
    Form(form): Form<Deciding>,
) -> Result<Response, Failed> {
    let role = if caller.person.is(Role::Discipline) { "discipline" } else { "bureau" };
    let done = match form.sure.as_str() {
        "yes" => model::approve(&app.office, &name, &caller.person.known_as(), role, Some(&form.note)).await.map(|_| ()),
        _ => Err(Refusal::new("models_sure")),
    };
    decided(caller, app, name, done).await
}

async fn withdraw(
    caller: Caller<ApproveModel>,
    State(app): State<App>,
    Path(name): Path<String>,
    Form(form): Form<Deciding>,
) -> Result<Response, Failed> {
    let done = match form.sure.as_str() {
        "yes" => model::withdraw(&app.office, &name, &caller.person.known_as(), Some(&form.note)).await.map(|_| ()),
        _ => Err(Refusal::new("models_sure")),
    };
    decided(caller, app, name, done).await
}

async fn decided(caller: Caller<ApproveModel>, app: App, name: String, done: Result<(), Refusal>) -> Result<Response, Failed> {
    let Err(refusal) = done else { return Ok(Redirect::to(&format!("/models/{name}")).into_response()) };
    let shown = model::show(&app.office, &name).await?;
    let text = Some(refusal_words(caller.lang, &refusal));
    let mut response = show(&model_page(caller.ctx(), &caller.person, &app, &shown, text).await?);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
