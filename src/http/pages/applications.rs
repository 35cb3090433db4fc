//! Applications（开班申报）to read: the list, and one dossier with its whole story.

use super::frame::{Ctx, show};
use super::told::moment;
use crate::canon::{Code, Date, Refusal};
use crate::http::guard::{Caller, SeeClasses};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::application::computed::{Computed, Due};
use crate::ops::application::view::{ApplicationView, Event, Filter, Summary, list_applications, show_application};
use crate::ops::application::{Outcome, State as Stage};
use crate::store;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

/// Dossiers on the page; the most pressing come first.
const SHOWN: usize = 200;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/applications", list).get("/applications/{dossier}", one)
}

#[derive(Deserialize)]
struct Asked {
    state: Option<String>,
    county: Option<String>,
}

#[derive(Template)]
#[template(path = "applications.html")]
struct ListPage {
    ctx: Ctx,
    states: Vec<(&'static str, &'static str, bool)>,
    counties: Vec<(String, String, bool)>,
    lines: Vec<Line>,
    totals: String,
    is_cut: bool,
}

struct Line {
    dossier: String,
    county: String,
    institution: String,
    class_name: String,
    opens: String,
    state: &'static str,
    due: String,
    is_overdue: bool,
    papers: String,
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(|| "—".to_owned(), |date| date.to_string())
}

/// 剩余, 逾期, or how it was decided.
fn left(ctx: &Ctx, due: &Due) -> String {
    let days = due.left.unwrap_or(0);
    if due.state == "running" && days == 0 {
        return ctx.t("due_today").to_owned();
    }
    i18n::say(ctx.lang, &format!("due_{}", due.state), &[("days", days.unsigned_abs().to_string()), ("on", day(due.decided_on))])
}

async fn list(caller: Caller<SeeClasses>, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let ctx = caller.ctx();
    let county = match (caller.bound_to(), asked.county.as_deref().filter(|county| !county.is_empty())) {
        (Some(own), None) => Some(own.clone()),
        (None, None) => None,
        (_, Some(county)) => {
            let county = Code::parse(county)?;
            caller.sees(&county)?;
            Some(county)
        }
    };
    let chosen = asked.state.unwrap_or_default();
    let filter = Filter { county: county.clone(), state: Stage::parse(&chosen), is_overdue: chosen == "overdue" };
    let found = list_applications(&app.office, &filter).await?;
    let units = store::unit::list_reporting_units(&mut *app.office.store.read().await?).await?;
    let name = |county: &Code| {
        units.iter().find(|unit| unit.county == *county).map_or_else(|| county.to_string(), |unit| ctx.name(&unit.name_zh, &unit.name_en).to_owned())
    };
    let line = |summary: &Summary| Line {
        dossier: summary.dossier.to_string(),
        county: name(&summary.county),
        institution: summary.institution.clone().unwrap_or_default(),
        class_name: summary.class_name.clone().unwrap_or_default(),
        opens: day(summary.opens_on),
        state: ctx.t(&format!("state_{}", summary.state.as_str())),
        due: summary.due.as_ref().map_or_else(String::new, |due| format!("{} {}", due.on, left(&ctx, due))),
        is_overdue: summary.due.as_ref().is_some_and(|due| due.state == "overdue"),
        papers: format!("{}/{}", summary.papers_received, summary.papers_required),
    };
    let mut lines: Vec<Line> = found.iter().map(line).collect();
    let overdue = lines.iter().filter(|line| line.is_overdue).count();
    let is_cut = lines.len() > SHOWN;
    let totals = i18n::say(ctx.lang, "application_totals", &[("count", lines.len().to_string()), ("overdue", overdue.to_string())]);
    lines.truncate(SHOWN);
    let mut states = vec![("", ctx.t("classes_all"), chosen.is_empty()), ("overdue", ctx.t("week_overdue"), chosen == "overdue")];
    states.extend(Stage::ALL.iter().map(|state| (state.as_str(), ctx.t(&format!("state_{}", state.as_str())), chosen == state.as_str())));
    let counties = if caller.bound_to().is_some() {
        Vec::new()
    } else {
        units.iter().map(|unit| (unit.county.to_string(), name(&unit.county), county.as_ref() == Some(&unit.county))).collect()
    };
    Ok(show(&ListPage { states, counties, lines, totals, is_cut, ctx }))
}

#[derive(Template)]
#[template(path = "application.html")]
struct DossierPage {
    ctx: Ctx,
    title: String,
    facts: String,
    state: String,
    due: Option<String>,
    papers: Vec<(String, String, String)>,
    checks: Vec<(String, String, String)>,
    story: Vec<(String, String)>,
    class: Option<String>,
}

async fn one(caller: Caller<SeeClasses>, State(app): State<App>, Path(dossier): Path<String>) -> Result<Response, Failed> {
    let not_found = || Refusal::new("not_found");
    let dossier = Code::parse(&dossier).map_err(|_| not_found())?;
    let view =
        show_application(&app.office, &dossier).await.map_err(|refusal| if refusal.code == "application_unknown" { not_found() } else { refusal })?;
    caller.sees(&view.summary.county)?;
    let ctx = caller.ctx();
    let (lang, summary, facts) = (ctx.lang, &view.summary, &view.facts);
    let number = |value: Option<i64>| value.map_or_else(|| "—".to_owned(), |value| value.to_string());
    let title = [
        ("dossier", summary.dossier.to_string()),
        ("county", ctx.name(&view.name_zh, &view.name_en).to_owned()),
        ("institution", summary.institution.clone().unwrap_or_default()),
        ("class", summary.class_name.clone().unwrap_or_default()),
        ("unit", summary.unit.as_ref().map_or_else(|| "—".to_owned(), Code::to_string)),
    ];
    let told = [
        ("applied", day(facts.applied_on)),
        ("opens", day(facts.opens_on)),
        ("ends", day(facts.ends_on)),
        ("planned", number(facts.planned)),
        ("hours", number(facts.hours)),
    ];
    let due = summary.due.as_ref().map(|due| {
        let values = [
            ("on", due.on.to_string()),
            ("counted", format!("@counted_{}", due.counted_from)),
            ("from", due.from.to_string()),
            ("left", left(&ctx, due)),
        ];
        i18n::say(lang, "application_due_on", &values)
    });
    let paper = |paper: &crate::ops::application::view::PaperView| {
        let beside = [paper.at.map(moment), paper.by.clone(), paper.note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let optional = if paper.required { "" } else { ctx.t("paper_optional") };
        (ctx.t(&format!("paper_{}", paper.state.as_str())).to_owned(), format!("{}{optional}", ctx.name(&paper.name_zh, &paper.name_en)), beside)
    };
    let mut checks: Vec<(String, String, String)> = view.computed.iter().map(|check| computed(&ctx, check)).collect();
    checks.extend(view.ticked.iter().map(|check| {
        let outcome = check.outcome.map_or("outcome_open".to_owned(), |outcome| format!("outcome_{}", outcome.as_str()));
        let beside = [check.at.map(moment), check.by.clone(), check.note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        (ctx.t(&outcome).to_owned(), ctx.name(&check.name_zh, &check.name_en).to_owned(), beside)
    }));
    let page = DossierPage {
        title: i18n::say(lang, "application_title", &title),
        facts: i18n::say(lang, "application_facts", &told),
        state: i18n::say(lang, "application_state", &[("state", format!("@state_{}", summary.state.as_str()))]),
        due,
        papers: view.papers.iter().map(paper).collect(),
        checks,
        story: view.timeline.iter().map(|event| (moment(event.at), event_words(&ctx, event, &view))).collect(),
        class: summary.unit.as_ref().map(|unit| format!("/classes/{unit}")),
        ctx,
    };
    Ok(show(&page))
}

fn computed(ctx: &Ctx, check: &Computed) -> (String, String, String) {
    let numbers: Vec<(&'static str, String)> = check.numbers.iter().map(|(name, value)| (*name, value.clone())).collect();
    let detail = if numbers.is_empty() { String::new() } else { i18n::say(ctx.lang, &format!("numbers_{}", check.code), &numbers) };
    let advisory = if check.is_advisory && check.outcome == Outcome::Fail { ctx.t("advisory") } else { "" };
    (ctx.t(&format!("outcome_{}", check.outcome.as_str())).to_owned(), format!("{}{advisory}", ctx.t(&format!("computed_{}", check.code))), detail)
}

fn event_words(ctx: &Ctx, event: &Event, view: &ApplicationView) -> String {
    let papers = view.papers.iter().map(|paper| (&paper.code, &paper.name_zh, &paper.name_en));
    let checks = view.ticked.iter().map(|check| (&check.code, &check.name_zh, &check.name_en));
    let named = papers.chain(checks).find(|(code, ..)| **code == event.about).map(|(_, zh, en)| ctx.name(zh, en));
    let state = event.state.as_deref().unwrap_or_default();
    let what = match event.kind {
        "facts" => ctx.t(&format!("event_{}", event.about)).to_owned(),
        "decision" => ctx.t(&format!("decision_{}", event.about)).to_owned(),
        "plan" => i18n::say(ctx.lang, "event_plan", &[("file", event.about.clone())]),
        kind => {
            let word = if kind == "paper" { "paper" } else { "outcome" };
            format!("{} {}", named.unwrap_or(&event.about), ctx.t(&format!("{word}_{state}")))
        }
    };
    let on = event.on.map_or_else(String::new, |on| i18n::say(ctx.lang, "event_on", &[("on", on.to_string())]));
    let rest: Vec<&str> = [event.by.as_deref(), event.note.as_deref()].into_iter().flatten().collect();
    format!("{what}{on} {}", rest.join(" ")).trim_end().to_owned()
}
