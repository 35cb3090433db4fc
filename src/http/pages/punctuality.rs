//! Who was punctual over the weeks, as a grid of marks with its figures beside it.

use super::frame::{Ctx, show};
use super::told::week_words;
use crate::canon::Week;
use crate::http::guard::{Caller, SeeWeek};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n;
use crate::ops::deadline::{punctuality, week_due};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

/// Weeks that are looked back upon.
const WEEKS: u32 = 26;
/// Width and height of a mark, and where the marks begin.
const CELL: usize = 26;
const LEFT: usize = 110;
const TOP: usize = 26;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/punctuality", page)
}

#[derive(Template)]
#[template(path = "punctuality.html")]
struct PunctualityPage {
    ctx: Ctx,
    title: String,
    width: usize,
    height: usize,
    columns: Vec<Column>,
    rows: Vec<Row>,
    off: String,
}

struct Column {
    x: usize,
    word: String,
}

struct Row {
    y: usize,
    text_y: usize,
    name: String,
    cells: Vec<Cell>,
    due: u64,
    on_time: u64,
    late: u64,
    incomplete: u64,
    missing: u64,
    corrected: u64,
    share: String,
}

struct Cell {
    x: usize,
    text_x: usize,
    class: &'static str,
    mark: &'static str,
    told: String,
}

async fn page(caller: Caller<SeeWeek>, State(app): State<App>) -> Result<Response, Failed> {
    let (ctx, office) = (caller.ctx(), &app.office);
    let found = punctuality(office, office.clock.now().date().week(), WEEKS).await?;
    let mut dues = Vec::with_capacity(found.weeks.len());
    for week in &found.weeks {
        dues.push(week_due(office, *week).await?);
    }
    let mut rows = Vec::new();
    for line in found.counties.iter().filter(|line| line.county.as_ref().is_some_and(|county| caller.sees(county).is_ok())) {
        let name = ctx.name(&line.name_zh, &line.name_en).to_owned();
        let state = |at: usize| {
            let due = dues.get(at)?;
            due.counties.iter().find(|county| Some(&county.county) == line.county.as_ref()).map(|county| county.standing.state)
        };
        let cells = found.weeks.iter().enumerate().map(|(at, week)| cell(&ctx, at, *week, &name, state(at))).collect();
        let y = TOP + rows.len() * CELL;
        rows.push(Row {
            y,
            text_y: y + 18,
            name,
            cells,
            due: line.weeks_due,
            on_time: line.on_time,
            late: line.late,
            incomplete: line.incomplete,
            missing: line.missing,
            corrected: line.corrected,
            share: line.share_permille.map_or_else(|| "—".to_owned(), |share| format!("{}.{}%", share / 10, share % 10)),
        });
    }
    let title = match (found.weeks.first(), found.weeks.last()) {
        (Some(first), Some(last)) => {
            let values = [("first", first.to_string()), ("last", last.to_string()), ("weeks", found.weeks.len().to_string())];
            i18n::say(ctx.lang, "punctuality_title", &values)
        }
        _ => ctx.t("punctuality_none").to_owned(),
    };
    let off: Vec<String> = found.weeks_off.iter().map(Week::to_string).collect();
    let off = if off.is_empty() { String::new() } else { i18n::say(ctx.lang, "punctuality_off", &[("weeks", off.join(", "))]) };
    let columns = found.weeks.iter().enumerate().map(|(at, week)| Column { x: LEFT + at * CELL + 4, word: week.number.to_string() }).collect();
    let (width, height) = (LEFT + found.weeks.len() * CELL + 8, TOP + rows.len() * CELL + 8);
    Ok(show(&PunctualityPage { title, width, height, columns, rows, off, ctx }))
}

fn cell(ctx: &Ctx, at: usize, week: Week, name: &str, state: Option<&'static str>) -> Cell {
    let (class, mark) = match state {
        Some("on_time") => ("good", "✓"),
        Some("late") => ("warn", "L"),
        Some("incomplete") => ("warn", "½"),
        Some("missing") => ("bad", "×"),
        _ => ("off", ""),
    };
    let mark = if mark == "L" && ctx.is_zh() { "迟" } else { mark };
    let word = state.map_or("", |state| ctx.t(&format!("week_state_{state}")));
    let x = LEFT + at * CELL;
    Cell { x, text_x: x + 6, class, mark, told: format!("{name} {} {word}", week_words(ctx.lang, week)) }
}
