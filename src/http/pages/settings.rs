//! What the office goes by: readings of rules, reporting units, holidays, deadlines. The bureau decides, others read.

use super::accounts::refused;
use super::frame::{Ctx, minute, show};
use crate::canon::{Code, Refusal, Week};
use crate::domain::{ReportingUnit, Role};
use crate::http::guard::{Anyone, Caller, Decide};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::rules::{choose_rule, list_rules};
use crate::ops::unit::{add_unit, change_unit, list_units, retire_unit};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/settings", settings).post("/settings/rules", choose);
    routes.post("/settings/units", put_unit).post("/settings/units/retire", retire)
}

/// Rules with few readings are chosen from a list; the others are written.
const CHOICES: [(&str, [&str; 2]); 4] = [
    ("lead_reading", ["inclusive", "strict"]),
    ("review_without_papers_date", ["receipt", "none"]),
    ("after_hours", ["next_working_day", "same_day"]),
    ("model_approver", ["any", "discipline"]),
];

struct Rule {
    name: &'static str,
    about: &'static str,
    source: &'static str,
    value: String,
    words: String,
    is_default: bool,
    choices: Vec<(&'static str, &'static str)>,
}

struct UnitRow {
    unit: ReportingUnit,
    aliases: String,
    turn: String,
    is_due: bool,
}

struct Year {
    year: i32,
    source: String,
    off: Vec<String>,
    work: Vec<String>,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    ctx: Ctx,
    decides: bool,
    rules: Vec<Rule>,
    units: Vec<UnitRow>,
    years: Vec<Year>,
    /// Weeks to come and when they are due.
    deadlines: Vec<(String, String)>,
    week: String,
    refusal: Option<String>,
}

async fn settings_page(ctx: Ctx, app: &App, refusal: Option<Refusal>) -> Result<Response, Failed> {
    let week = app.office.clock.now().date().week();
    let units = list_units(&app.office, week).await?;
    let unit = |view: crate::ops::unit::UnitView| UnitRow {
        aliases: view.unit.aliases.join("、"),
        turn: match (view.added_from, view.retired_from) {
            (_, Some(from)) => ctx.say("settings_retired_from", "week", from),
            (Some(from), None) => ctx.say("settings_added_from", "week", from),
            (None, None) => String::new(),
        },
        is_due: view.is_due,
        unit: view.unit,
    };
    let mut weeks = vec![week];
    weeks.extend((0..4).scan(week, |last, _| {
        *last = last.next();
        Some(*last)
    }));
    let due = |week: &Week| match app.office.deadline(*week) {
        Some(at) if app.office.calendar.is_provisional(at.date().year()) => format!("{} {}", minute(&at), ctx.t("settings_provisional")),
        Some(at) => minute(&at),
        None => ctx.t("settings_no_deadline").to_owned(),
    };
    let page = SettingsPage {
        decides: ctx.person.as_ref().is_some_and(|person| person.is(Role::Bureau)),
        rules: list_rules(&app.office).await?.into_iter().map(|rule| view(&ctx, rule)).collect(),
        units: units.into_iter().map(unit).collect(),
        years: years(app),
        deadlines: weeks.iter().map(|week| (week.to_string(), due(week))).collect(),
        week: week.next().to_string(),
        refusal: refusal.as_ref().map(|refusal| i18n::say(ctx.lang, refusal.code, &refusal.values)),
        ctx,
    };
    Ok(refused(show(&page), refusal.is_some()))
}

fn view(ctx: &Ctx, rule: crate::ops::rules::RuleView) -> Rule {
    let choices = CHOICES.iter().find(|(name, _)| *name == rule.name).map(|(_, choices)| *choices);
    let word = |value: &str| ctx.t(&format!("reading_{}_{value}", rule.name));
    let words = if choices.is_some() { word(&rule.value).to_owned() } else { rule.value.clone() };
    let choices = choices.into_iter().flatten().map(|choice| (choice, word(choice))).collect();
    Rule {
        about: ctx.t(&format!("reading_{}", rule.name)),
        source: ctx.t(&format!("source_of_{}", rule.name)),
        name: rule.name,
        value: rule.value,
        is_default: rule.is_default,
        words,
        choices,
    }
}

/// Holidays as runs of days, newest year first.
fn years(app: &App) -> Vec<Year> {
    let calendar = &app.office.calendar;
    let days = |year: i32, is_worked: bool| {
        let mut runs: Vec<(crate::canon::Date, crate::canon::Date)> = Vec::new();
        for (date, _) in calendar.exceptions(year).filter(|(_, worked)| *worked == is_worked) {
            match runs.last_mut() {
                Some((_, last)) if last.plus_days(1) == date => *last = date,
                _ => runs.push((date, date)),
            }
        }
        let month_day = |date: crate::canon::Date| date.to_string().get(5..).unwrap_or_default().to_owned();
        let run = |(first, last): (crate::canon::Date, crate::canon::Date)| {
            if first == last { month_day(first) } else { format!("{} – {}", month_day(first), month_day(last)) }
        };
        runs.into_iter().map(run).collect()
    };
    let year = |(year, source): (i32, &str)| Year { year, source: source.to_owned(), off: days(year, false), work: days(year, true) };
    let mut years: Vec<Year> = calendar.years().map(year).collect();
    years.reverse();
    years
}

async fn settings(caller: Caller<Anyone>, State(app): State<App>) -> Result<Response, Failed> {
    settings_page(caller.ctx(), &app, None).await
}

async fn done(caller: &Caller<Decide>, app: &App, part: &str, result: crate::canon::Result<bool>) -> Result<Response, Failed> {
    match result {
        Ok(_) => Ok(Redirect::to(&format!("/settings#{part}")).into_response()),
        Err(refusal) => settings_page(caller.ctx(), app, Some(refusal)).await,
    }
}

#[derive(Deserialize)]
struct Choice {
    name: String,
    value: String,
}

async fn choose(caller: Caller<Decide>, State(app): State<App>, Form(form): Form<Choice>) -> Result<Response, Failed> {
    let result = choose_rule(&app.office, &form.name, &form.value, &caller.person.full_name).await;
    done(&caller, &app, "rules", result).await
}

#[derive(Deserialize)]
struct UnitForm {
    county: String,
    name_zh: String,
    name_en: String,
    #[serde(default)]
    aliases: String,
    stratum: String,
    /// From which week a new one is due; a known one is changed.
    from: Option<String>,
}

async fn put_unit(caller: Caller<Decide>, State(app): State<App>, Form(form): Form<UnitForm>) -> Result<Response, Failed> {
    let result = async {
        let aliases = form.aliases.split(['、', '，', ',']).map(str::trim).filter(|name| !name.is_empty());
        let unit = ReportingUnit {
            county: Code::parse(form.county.trim())?,
            name_zh: form.name_zh.trim().to_owned(),
            name_en: form.name_en.trim().to_owned(),
            aliases: aliases.map(str::to_owned).collect(),
            stratum: Code::parse(form.stratum.trim())?,
        };
        match &form.from {
            Some(from) => add_unit(&app.office, &unit, Week::parse(from.trim())?, &caller.person.full_name).await,
            None => change_unit(&app.office, &unit, &caller.person.full_name).await,
        }
    };
    let result = result.await;
    done(&caller, &app, "units", result).await
}

#[derive(Deserialize)]
struct Retire {
    county: String,
    from: String,
}

async fn retire(caller: Caller<Decide>, State(app): State<App>, Form(form): Form<Retire>) -> Result<Response, Failed> {
    let result = async {
        let (county, from) = (Code::parse(form.county.trim())?, Week::parse(form.from.trim())?);
        retire_unit(&app.office, &county, from, &caller.person.full_name).await
    };
    let result = result.await;
    done(&caller, &app, "units", result).await
}
