//! This week: what is due, who has sent what, how far the draw is, and the one thing that waits for whoever looks.

use super::frame::{Ctx, show};
use super::told::{moment, span_words, week_words};
use crate::canon::{Code, Week};
use crate::domain::Role;
use crate::http::guard::{Anyone, Caller};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::account::Person;
use crate::ops::application::view::{Filter, list_applications};
use crate::ops::deadline::{CountyDue, WeekDue, week_due};
use crate::ops::status::{WeekStatus, week_status};
use crate::ops::{Office, model};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/", week)
}

#[derive(Deserialize)]
struct Asked {
    week: Option<String>,
}

#[derive(Template)]
#[template(path = "week.html")]
struct WeekPage {
    ctx: Ctx,
    week: Week,
    words: String,
    is_now: bool,
    due: String,
    is_late: bool,
    is_provisional: bool,
    steps: Vec<Step>,
    tiles: Vec<Tile>,
    totals: String,
    is_own: bool,
    todo: Vec<Todo>,
    sees_week: bool,
}

/// One step of a week's path.
struct Step {
    word: &'static str,
    /// `past`, `here` or `ahead`.
    class: &'static str,
}

/// One county at a glance.
struct Tile {
    name: String,
    state: &'static str,
    word: String,
    details: Vec<String>,
    href: Option<String>,
}

/// What waits for somebody: the first one is the page's one button.
struct Todo {
    text: String,
    button: &'static str,
    href: String,
    is_overdue: bool,
}

async fn week(caller: Caller<Anyone>, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let now = app.office.clock.now().date().week();
    let week = asked.week.as_deref().filter(|week| !week.is_empty()).map_or(Ok(now), Week::parse)?;
    let (ctx, person) = (caller.ctx(), &caller.person);
    let sees_counties = [Role::County, Role::Bureau, Role::Discipline, Role::Analyst].iter().any(|role| person.is(*role));
    let (due, status) = (week_due(&app.office, week).await?, week_status(&app.office, week).await?);
    let seen: Vec<&CountyDue> = due.counties.iter().filter(|county| sees_counties && caller.sees(&county.county).is_ok()).collect();
    let tiles: Vec<Tile> = seen.iter().map(|county| tile(&ctx, week, county, &status)).collect();
    let is_own = caller.bound_to().is_some();
    let todo = todo(&app.office, &ctx, person, (&due, &status), caller.bound_to()).await?;
    let page = WeekPage {
        week,
        words: week_words(ctx.lang, week),
        is_now: week == now,
        due: due_words(&ctx, &due),
        is_late: due.is_past && !due.awaited.is_empty(),
        is_provisional: due.is_provisional,
        steps: steps(&ctx, &due, &status),
        totals: totals(&ctx, &seen),
        tiles,
        is_own,
        todo,
        sees_week: sees_counties || person.is(Role::Inspector) || person.is(Role::Auditor),
        ctx,
    };
    Ok(show(&page))
}

fn due_words(ctx: &Ctx, due: &WeekDue) -> String {
    let Some(deadline) = due.deadline else { return ctx.t("week_off").to_owned() };
    let code = if due.is_past { "week_due_past" } else { "week_due_left" };
    let values = [("at", moment(deadline)), ("span", span_words(ctx.lang, due.minutes_left))];
    crate::i18n::say(ctx.lang, code, &values)
}

const STEPS: [&str; 8] = ["step_report", "step_freeze", "step_commit", "step_entropy", "step_reveal", "step_draw", "step_visit", "step_publish"];

/// At which of the steps a week stands; behind the last one once it is published.
fn place(due: &WeekDue, status: &WeekStatus) -> usize {
    match status.draw {
        "frozen" => 2,
        "committed" => 3,
        "entropy" => 4,
        "revealed" => 5,
        "drawn" => 6,
        "overdue" => 7,
        "published" => STEPS.len(),
        "voided" => 1,
        _ => usize::from(due.is_past || due.deadline.is_none()),
    }
}

fn steps(ctx: &Ctx, due: &WeekDue, status: &WeekStatus) -> Vec<Step> {
    let here = place(due, status);
    let class = |at: usize| match at.cmp(&here) {
        std::cmp::Ordering::Less => "past",
        std::cmp::Ordering::Equal => "here",
        std::cmp::Ordering::Greater => "ahead",
    };
    STEPS.iter().enumerate().map(|(at, code)| Step { word: ctx.t(code), class: class(at) }).collect()
}

fn tile(ctx: &Ctx, week: Week, county: &CountyDue, status: &WeekStatus) -> Tile {
    let standing = &county.standing;
    let say = |code: &str, name: &'static str, value: String| crate::i18n::say(ctx.lang, code, &[(name, value)]);
    let mut details = Vec::new();
    if standing.version > 0 {
        let values = [("version", standing.version.to_string()), ("rows", standing.rows.to_string())];
        details.push(crate::i18n::say(ctx.lang, "week_tile_rows", &values));
        if let Some(at) = standing.received_at {
            details.push(say("week_tile_at", "at", moment(at)));
        }
    }
    for kind in standing.missing_documents.iter().filter(|_| standing.version > 0) {
        details.push(say("week_tile_lacks", "kind", format!("@kind_{}", kind.as_str())));
    }
    if let Some(at) = standing.corrected_at {
        details.push(say("week_tile_corrected", "at", moment(at)));
    }
    if let Some(found) = status.counties.iter().find(|other| other.county == county.county) {
        if found.owed > 0 {
            details.push(say("week_tile_owed", "count", found.owed.to_string()));
        }
        if found.findings > 0 {
            details.push(say("week_tile_findings", "count", found.findings.to_string()));
        }
    }
    Tile {
        name: ctx.name(&county.name_zh, &county.name_en).to_owned(),
        state: standing.state,
        word: ctx.t(&format!("week_state_{}", standing.state)).to_owned(),
        details,
        href: (standing.version > 0).then(|| format!("/submissions/{}/{week}/{}", county.county, standing.version)),
    }
}

fn totals(ctx: &Ctx, counties: &[&CountyDue]) -> String {
    let count = |states: &[&str]| counties.iter().filter(|county| states.contains(&county.standing.state)).count().to_string();
    let rows: u64 = counties.iter().map(|county| county.standing.rows).sum();
    let values = [
        ("due", counties.len().to_string()),
        ("sent", count(&["on_time", "late"])),
        ("part", count(&["incomplete"])),
        ("awaited", count(&["missing", "waiting"])),
        ("rows", rows.to_string()),
    ];
    crate::i18n::say(ctx.lang, "week_totals", &values)
}

/// What waits, most pressing first.
async fn todo(office: &Office, ctx: &Ctx, person: &Person, (due, status): (&WeekDue, &WeekStatus), own: Option<&Code>) -> Result<Vec<Todo>, Failed> {
    let (mut list, week) = (Vec::new(), due.week);
    let one = |text: String, button: &str, href: String| Todo { text, button: ctx.t(button), href, is_overdue: false };
    if let Some(own) = own {
        list.extend(due.counties.iter().find(|county| county.county == *own).map(|county| of_clerk(ctx, county, (due, status))));
    }
    if person.is(Role::Bureau) || person.is(Role::Discipline) {
        for earlier in [week.previous(), week.previous().previous()] {
            if week_status(office, earlier).await?.draw == "overdue" {
                let text = ctx.say("todo_overdue", "week", week_words(ctx.lang, earlier));
                list.push(Todo { is_overdue: true, ..one(text, "todo_overdue_button", format!("/ceremony/{earlier}")) });
            }
        }
        list.push(of_party(ctx, person, due, status));
    }
    if person.is(Role::Bureau) {
        let overdue = list_applications(office, &Filter { is_overdue: true, ..Filter::default() }).await?.len();
        if overdue > 0 {
            let text = ctx.say("todo_applications", "count", overdue);
            list.push(Todo { is_overdue: true, ..one(text, "todo_applications_button", "/applications?state=overdue".to_owned()) });
        }
    }
    if [Role::Bureau, Role::Discipline, Role::Analyst].iter().any(|role| person.is(*role)) {
        let waiting: Vec<String> = model::list(office)
            .await?
            .into_iter()
            .filter(|model| model.state == model::State::Proposed && !model.is_expired)
            .map(|m| m.name)
            .collect();
        if let Some(name) = waiting.first() {
            list.push(one(ctx.say("todo_model", "model", name), "todo_model_button", format!("/models/{name}")));
        }
    }
    if person.is(Role::Analyst) {
        list.push(one(ctx.t("todo_analyst").to_owned(), "todo_analyst_button", format!("/classes?week={week}")));
    }
    if person.is(Role::Inspector) {
        // The list of this week's visits was drawn from what was reported for the week before.
        list.push(one(ctx.t("todo_inspector").to_owned(), "todo_inspector_button", format!("/list/{}", week.previous())));
    }
    list.extend(of_administrator(ctx, person));
    Ok(list)
}

fn of_clerk(ctx: &Ctx, county: &CountyDue, (due, status): (&WeekDue, &WeekStatus)) -> Todo {
    let (standing, week) = (&county.standing, due.week);
    let owed = status.counties.iter().find(|other| other.county == county.county).map_or(0, |county| county.owed);
    let page = format!("/submissions/{}/{week}/{}", county.county, standing.version);
    let (code, button, href) = match standing.state {
        "missing" => ("todo_clerk_missing", "todo_clerk_send", format!("/submit?week={week}")),
        "waiting" => ("todo_clerk_waiting", "todo_clerk_send", format!("/submit?week={week}")),
        "incomplete" => ("todo_clerk_incomplete", "todo_clerk_add", format!("/submit?week={week}")),
        _ if owed > 0 => ("todo_clerk_owed", "todo_clerk_findings", page),
        "not_due" if standing.version == 0 => ("todo_clerk_not_due", "todo_clerk_send", format!("/submit?week={week}")),
        _ => ("todo_clerk_done", "todo_clerk_receipt", page),
    };
    let text = ctx.say(code, "count", owed);
    Todo { text, button: ctx.t(button), href, is_overdue: standing.state == "missing" }
}

fn of_party(ctx: &Ctx, person: &Person, due: &WeekDue, status: &WeekStatus) -> Todo {
    let week = due.week;
    let ceremony = || format!("/ceremony/{week}");
    let (code, button, href) = match status.draw {
        "open" if !due.is_past && due.awaited.is_empty() => ("todo_party_all_sent", "todo_party_classes", format!("/classes?week={week}")),
        "open" if !due.is_past => ("todo_party_awaiting", "todo_party_classes", format!("/classes?week={week}")),
        "open" | "voided" if person.is(Role::Bureau) => ("todo_party_freeze", "todo_party_freeze_button", ceremony()),
        "open" | "voided" => ("todo_party_freeze_other", "todo_party_ceremony", ceremony()),
        "frozen" => ("todo_party_commit", "todo_party_ceremony", ceremony()),
        "committed" => ("todo_party_entropy", "todo_party_ceremony", ceremony()),
        "entropy" => ("todo_party_reveal", "todo_party_ceremony", ceremony()),
        "revealed" => ("todo_party_draw", "todo_party_ceremony", ceremony()),
        "drawn" => ("todo_party_drawn", "todo_party_list", format!("/list/{week}")),
        "overdue" => ("todo_party_publish", "todo_party_ceremony", ceremony()),
        _ => ("todo_party_published", "todo_party_classes", format!("/classes?week={week}")),
    };
    let is_overdue = status.draw == "overdue";
    Todo { text: ctx.say(code, "count", due.awaited.len()), button: ctx.t(button), href, is_overdue }
}

fn of_administrator(ctx: &Ctx, person: &Person) -> Vec<Todo> {
    let pages = [
        (Role::SystemAdmin, "todo_system", "todo_accounts_button", "/accounts"),
        (Role::SecurityAdmin, "todo_security", "todo_accounts_button", "/accounts"),
        (Role::Auditor, "todo_auditor", "todo_access_button", "/access"),
    ];
    let own = pages.iter().filter(|(role, ..)| person.is(*role));
    own.map(|(_, text, button, href)| Todo { text: ctx.t(text).to_owned(), button: ctx.t(button), href: (*href).to_owned(), is_overdue: false })
        .collect()
}
