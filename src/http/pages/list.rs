//! The list and its teams: who goes where on which day, what was replaced; to print, to download, to propose changes.

use super::ceremony::{attachment, bare, name_of, parts, party_name, party_of, script_words, words_of};
use super::frame::{Ctx, show};
use crate::bundle::visits::Reason;
use crate::canon::{Code, Hash, Refusal, Text, Week};
use crate::http::guard::{Act, Caller, SeeList};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::hall::hall;
use crate::ops::list::{InspectionList, inspection_list, to_workbook};
use crate::ops::{self, DrawName, account};
use crate::report::list::Line;
use crate::tlog::SignedAct;
use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;
use std::collections::BTreeMap;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/list", current).get("/list/{week}", page).get("/list/{week}/list.xlsx", workbook);
    routes.post("/list/{week}/substitute", substitute).post("/list/{week}/borrow", borrow)
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    ctx: Ctx,
    week: Week,
    list: InspectionList,
    /// By day in the place of by team.
    is_by_day: bool,
    /// Whether the caller may propose a change.
    can_change: bool,
}

/// Teams in order with their visits; what has no team comes last.
pub fn by_team<'a>(ctx: &Ctx, list: &'a InspectionList) -> Vec<(String, Vec<&'a Line>)> {
    let mut teams: Vec<(String, Vec<&Line>)> = Vec::new();
    for line in &list.visits {
        let name = match (line.team, &line.borrowed) {
            (Some(team), _) => ctx.say("wall_team", "team", team),
            (None, Some((lender, _))) => lender.clone(),
            (None, None) => ctx.t("wall_no_team").to_owned(),
        };
        match teams.iter_mut().find(|(known, _)| *known == name) {
            Some((_, lines)) => lines.push(line),
            None => teams.push((name, vec![line])),
        }
    }
    teams
}

impl ListPage {
    /// A form's address under this week's page.
    fn to(&self, end: &str) -> String {
        self.ctx.form(&format!("/list/{}/{end}", self.week))
    }

    fn groups(&self) -> Vec<(String, Vec<&Line>)> {
        if !self.is_by_day {
            return by_team(&self.ctx, &self.list);
        }
        let mut days: BTreeMap<Option<crate::canon::Date>, Vec<&Line>> = BTreeMap::new();
        for line in &self.list.visits {
            let mut dates: Vec<_> = line.lessons.iter().filter_map(|lesson| lesson.date).collect();
            dates.dedup();
            dates.iter().for_each(|date| days.entry(Some(*date)).or_default().push(line));
            if dates.is_empty() {
                days.entry(None).or_default().push(line);
            }
        }
        let mut days: Vec<_> = days.into_iter().collect();
        days.sort_by_key(|(date, _)| (date.is_none(), *date));
        let name = |date: Option<crate::canon::Date>| date.map_or_else(|| self.ctx.t("list_day_none").to_owned(), |date| date.to_string());
        days.into_iter().map(|(date, lines)| (name(date), lines)).collect()
    }

    /// Who is in a team: codes alone.
    fn people(&self, line: &Line) -> String {
        if let Some((_, people)) = &line.borrowed {
            return people.join(" ");
        }
        let team = self.list.transcript.teams.iter().find(|team| Some(team.team) == line.team);
        team.map(|team| team.bureau.iter().chain(&team.discipline).map(|code| code.as_str()).collect::<Vec<_>>().join(" ")).unwrap_or_default()
    }

    fn team(&self, line: &Line) -> String {
        match (line.team, &line.borrowed) {
            (Some(team), _) => team.to_string(),
            (None, Some((lender, _))) => lender.clone(),
            (None, None) => self.ctx.t("wall_no_team").to_owned(),
        }
    }

    /// A line per day: the date, then its hours; the date is left out where the group says it.
    fn lessons(&self, line: &Line, group: &str) -> Vec<String> {
        let mut days: Vec<(Option<crate::canon::Date>, Vec<String>)> = Vec::new();
        for lesson in line.lessons.iter().filter(|lesson| !self.is_by_day || lesson.date.is_none_or(|date| date.to_string() == group)) {
            let hours = [lesson.start, lesson.end].into_iter().flatten().map(|time| time.to_string()).collect::<Vec<_>>().join("–");
            match days.last_mut() {
                Some((date, known)) if *date == lesson.date => {
                    if !known.contains(&hours) {
                        known.push(hours);
                    }
                }
                _ => days.push((lesson.date, vec![hours])),
            }
        }
        if days.is_empty() {
            return vec![self.ctx.t("list_day_none").to_owned()];
        }
        let date_of = |date: Option<crate::canon::Date>| match date {
            Some(_) if self.is_by_day => String::new(),
            Some(date) => format!("{} ", date.0.format("%m-%d")),
            None => format!("{} ", self.ctx.t("list_date_unknown")),
        };
        days.into_iter().map(|(date, hours)| format!("{}{}", date_of(date), hours.join(if self.ctx.is_zh() { "、" } else { ", " }))).collect()
    }

    fn place(&self, line: &Line) -> String {
        let lesson = line.lessons.iter().find_map(|lesson| lesson.venue.clone());
        lesson.or_else(|| line.row.venue.clone()).unwrap_or_else(|| "—".to_owned())
    }
}

async fn current(_: Caller<SeeList>, State(app): State<App>) -> Result<Redirect, Failed> {
    // The newest list there is, before one that is still to be drawn.
    let mut week = ops::hall::current_week(&app.office).await?;
    for _ in 0..8 {
        if hall(&app.office, DrawName::weekly(week)).await?.frozen.is_some_and(|frozen| frozen.drawn_at.is_some()) {
            break;
        }
        week = week.previous();
    }
    Ok(Redirect::to(&format!("/list/{week}")))
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    by: String,
}

async fn page(caller: Caller<SeeList>, State(app): State<App>, Path(week): Path<String>, Query(shown): Query<Shown>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let list = inspection_list(&app.office, name).await?;
    account::record(&app.office, &caller.person.name, "looked", &format!("list {}", name.week), "").await?;
    let can_change = party_of(&caller.person).is_some() && app.office.clock.now().date() <= list.plan.window.1;
    Ok(show(&ListPage { ctx: caller.ctx(), week: name.week, list, is_by_day: shown.by == "day", can_change }))
}

async fn workbook(caller: Caller<SeeList>, State(app): State<App>, Path(week): Path<String>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let bytes = to_workbook(inspection_list(&app.office, name).await?)?;
    account::record(&app.office, &caller.person.name, "looked", &format!("list {} xlsx", name.week), "").await?;
    Ok(attachment(&format!("list-{}.xlsx", name.week), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

/// A change that was proposed, to be signed by whoever proposed it.
#[derive(Template)]
#[template(path = "sign.html")]
struct SignPage {
    ctx: Ctx,
    week: Week,
    own: &'static str,
    key: String,
    sentences: Vec<String>,
    act: String,
    words: Vec<(&'static str, &'static str)>,
}

async fn show_proposal(caller: &Caller<Act>, app: &App, name: DrawName, signed: &SignedAct) -> Result<Response, Failed> {
    let own = party_of(&caller.person).ok_or_else(|| Refusal::new("right_missing"))?;
    let key = hall(&app.office, name).await?.keys.get(own).map(ToString::to_string);
    let key = key.ok_or_else(|| Refusal::new("signer_without_key").with("party", own))?;
    let sentences = words_of(caller.lang, signed);
    let page = SignPage { ctx: caller.ctx(), week: name.week, own, key, sentences, act: bare(signed), words: script_words(caller.lang) };
    Ok(show(&page))
}

async fn substitute(caller: Caller<Act>, State(app): State<App>, Path(week): Path<String>, form: Multipart) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let parts = parts(form).await?;
    let part = |name: &str| parts.iter().find(|(known, _, _)| known == name).map(|(_, _, bytes)| bytes.as_slice()).unwrap_or_default();
    let text = |name: &str| String::from_utf8_lossy(part(name)).trim().to_owned();
    let reason = match text("reason").as_str() {
        "cancelled" => Reason::Cancelled,
        "moved" => Reason::Moved,
        "ended" => Reason::Ended,
        "force-majeure" => Reason::ForceMajeure,
        other => return Err(Refusal::new("plan_form").with("field", "@list_substitute_reason").with("found", other).into()),
    };
    let evidence = part("evidence");
    if evidence.is_empty() {
        return Err(Refusal::new("plan_form").with("field", "@list_substitute_evidence").with("found", "—").into());
    }
    let signed = ops::change::propose_substitution(&app.office, name, Code::parse(&text("from"))?, reason, Hash::of(evidence)).await?;
    show_proposal(&caller, &app, name, &signed).await
}

#[derive(Deserialize)]
struct Borrow {
    unit: String,
    lender: String,
    people: String,
}

async fn borrow(caller: Caller<Act>, State(app): State<App>, Path(week): Path<String>, Form(form): Form<Borrow>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let codes = form.people.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、')).filter(|code| !code.is_empty());
    let people = codes.map(Code::parse).collect::<crate::canon::Result<Vec<_>>>()?;
    let (unit, lender) = (Code::parse(form.unit.trim())?, Text::parse(form.lender.trim())?);
    let signed = ops::change::propose_borrowed(&app.office, name, unit, lender, people).await?;
    show_proposal(&caller, &app, name, &signed).await
}

impl SignPage {
    /// A form's address under this week's page.
    fn to(&self, end: &str) -> String {
        self.ctx.form(&format!("/ceremony/{}/{end}", self.week))
    }

    fn party(&self) -> String {
        party_name(self.ctx.lang, self.own)
    }
}
