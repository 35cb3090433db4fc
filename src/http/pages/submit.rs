//! Handing in a county's documents: choose, look at what was understood, hand in.
//!
//! What was looked at waits in the basket, so that the second step asks for no file again; nothing is kept before it.

use super::frame::{Ctx, show};
use super::told::{self, FindingGroup, XLSX, change_lines, column_word, download, groups, moment, refusal_words, span_words, week_words};
use crate::canon::{Code, Refusal, Time, Week};
use crate::domain::{DocumentKind, Finding};
use crate::http::basket::Held;
use crate::http::guard::{Caller, Submit};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::i18n;
use crate::ops::look::{Understood, columns_of, look};
use crate::ops::receive::{HandedIn, Manner, receive_submission};
use crate::ops::{Office, back, mapping};
use crate::store;
use askama::Template;
use axum::Form;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;

/// Files of one submission.
const FILES: usize = 100;
/// Weeks before this one for which something may still be sent from the page.
const WEEKS_BACK: usize = 4;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/submit", form).post("/submit", choose).post("/submit/zero", zero);
    let routes = routes.get("/submit/check/{ticket}", checked).post("/submit/check/{ticket}/mapping", tell).post("/submit/check/{ticket}/send", send);
    let routes = routes.get("/submit/check/{ticket}/marked/{number}", marked).get("/submit/check/{ticket}/findings.xlsx", findings_sheet);
    routes.post("/submit/mapping/{id}/undo", undo)
}

#[derive(Template)]
#[template(path = "submit.html")]
struct SubmitPage {
    ctx: Ctx,
    refusal: Option<String>,
    weeks: Vec<Choice>,
    /// Empty for a clerk, whose county is known.
    counties: Vec<Choice>,
    own: Option<String>,
    late: Option<String>,
    mappings: Vec<MappingRow>,
}

struct Choice {
    value: String,
    word: String,
    is_chosen: bool,
}

struct MappingRow {
    id: u64,
    county: String,
    kind: &'static str,
    header: String,
    field: String,
    by: String,
    at: String,
}

#[derive(Deserialize, Default)]
struct Asked {
    week: Option<String>,
    county: Option<String>,
}

async fn form(caller: Caller<Submit>, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let page = submit_page(&caller, &app, &asked, None).await?;
    Ok(show(&page))
}

/// The form again, with why it was refused.
async fn again(caller: &Caller<Submit>, app: &App, asked: &Asked, refusal: &Refusal) -> Result<Response, Failed> {
    let mut response = show(&submit_page(caller, app, asked, Some(refusal_words(caller.lang, refusal))).await?);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn submit_page(caller: &Caller<Submit>, app: &App, asked: &Asked, refusal: Option<String>) -> Result<SubmitPage, Failed> {
    let (ctx, office) = (caller.ctx(), &app.office);
    let now = office.clock.now().date().week();
    let mut week = asked.week.as_deref().and_then(|week| Week::parse(week).ok()).unwrap_or(now);
    let mut weeks = vec![now];
    while weeks.len() <= WEEKS_BACK {
        weeks.push(weeks.last().map_or(now, |last| last.previous()));
    }
    if !weeks.contains(&week) {
        week = now;
    }
    let units = store::unit::list_reporting_units(&mut *office.store.read().await?).await?;
    let name = |county: &Code| {
        units.iter().find(|unit| unit.county == *county).map_or_else(|| county.to_string(), |unit| ctx.name(&unit.name_zh, &unit.name_en).to_owned())
    };
    let counties = match caller.bound_to() {
        Some(_) => Vec::new(),
        None => units.iter().map(|unit| choice(unit.county.to_string(), name(&unit.county), asked.county.as_deref())).collect(),
    };
    let own = caller.bound_to().map(&name);
    let mappings = mapping_rows(caller, office, &ctx, &name).await?;
    let late = late_words(&ctx, office, week);
    let chosen = week.to_string();
    let weeks = weeks.into_iter().map(|week| choice(week.to_string(), week_words(ctx.lang, week), Some(&chosen))).collect();
    Ok(SubmitPage { refusal, weeks, counties, own, late, mappings, ctx })
}

fn choice(value: String, word: String, chosen: Option<&str>) -> Choice {
    Choice { is_chosen: chosen == Some(value.as_str()), value, word }
}

/// What is said where the week's deadline has passed: kindly, for a late report is worth more than none.
fn late_words(ctx: &Ctx, office: &Office, week: Week) -> Option<String> {
    let (deadline, now) = (office.deadline(week)?, office.clock.now());
    let minutes = (now.unix() - deadline.unix()) / 60;
    (now > deadline).then(|| i18n::say(ctx.lang, "submit_late", &[("at", moment(deadline)), ("span", span_words(ctx.lang, minutes))]))
}

async fn mapping_rows(caller: &Caller<Submit>, office: &Office, ctx: &Ctx, name: &impl Fn(&Code) -> String) -> Result<Vec<MappingRow>, Failed> {
    let all = mapping::list(office).await?;
    let ours = all.into_iter().filter(|mapping| mapping.undone_at.is_none() && caller.sees(&mapping.county).is_ok());
    let row = |m: store::fact::Mapping| MappingRow {
        id: m.id,
        county: name(&m.county),
        kind: ctx.t(&format!("kind_{}", m.kind.as_str())),
        header: m.header,
        field: m.field.map_or_else(|| ctx.t("mapping_nothing").to_owned(), |field| column_word(ctx.lang, &field)),
        by: m.by,
        at: moment(m.at),
    };
    Ok(ours.map(row).collect())
}

/// What came in a form with files.
#[derive(Default)]
struct Chosen {
    week: Option<String>,
    county: Option<String>,
    files: Vec<HandedIn>,
    skipped: Vec<String>,
}

async fn read_form(mut multipart: Multipart) -> Result<Chosen, Refusal> {
    let failed = |error: MultipartError| {
        let code = if error.status() == StatusCode::PAYLOAD_TOO_LARGE { "submit_large" } else { "submit_body" };
        Refusal::new(code).with("reason", crate::canon::code::clip(&error.body_text()))
    };
    let mut chosen = Chosen::default();
    while let Some(field) = multipart.next_field().await.map_err(failed)? {
        let (name, file_name) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        match (name.as_str(), file_name) {
            (_, Some(path)) => {
                let bytes = field.bytes().await.map_err(failed)?;
                take_file(&mut chosen, &path, bytes.to_vec())?;
            }
            ("week", None) => chosen.week = Some(field.text().await.map_err(failed)?),
            ("county", None) => chosen.county = Some(field.text().await.map_err(failed)?).filter(|county| !county.is_empty()),
            _ => {}
        }
    }
    Ok(chosen)
}

/// A folder brings along what no office sends: those are named and left out. An empty choice is a part without a name.
fn take_file(chosen: &mut Chosen, path: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
    const TABLES: [&str; 9] = [".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".csv", ".txt", ".tsv", ".et"];
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    if name.is_empty() {
        return Ok(());
    }
    let is_in_folder = path.len() != name.len();
    let is_table = TABLES.iter().any(|end| name.to_lowercase().ends_with(end)) && !name.starts_with(['.', '~']);
    if is_in_folder && !is_table {
        chosen.skipped.push(name.to_owned());
        return Ok(());
    }
    if chosen.files.len() == FILES {
        return Err(Refusal::new("submit_many").with("max", FILES));
    }
    chosen.files.push(HandedIn { name: name.to_owned(), bytes });
    Ok(())
}

/// Whose documents these are: a clerk's own county's, whatever the form says.
fn county_of(caller: &Caller<Submit>, stated: Option<&str>) -> Result<Option<Code>, Refusal> {
    match (caller.bound_to(), stated.filter(|county| !county.is_empty())) {
        (Some(own), None) => Ok(Some(own.clone())),
        (None, None) => Ok(None),
        (_, Some(stated)) => {
            let stated = Code::parse(stated)?;
            caller.sees(&stated)?;
            Ok(Some(stated))
        }
    }
}

async fn choose(caller: Caller<Submit>, State(app): State<App>, multipart: Multipart) -> Result<Response, Failed> {
    let chosen = match read_form(multipart).await {
        Ok(chosen) => chosen,
        Err(refusal) => return again(&caller, &app, &Asked::default(), &refusal).await,
    };
    let asked = Asked { week: chosen.week.clone(), county: chosen.county.clone() };
    let county = county_of(&caller, chosen.county.as_deref())?;
    if chosen.files.is_empty() {
        return again(&caller, &app, &asked, &Refusal::new("submit_nothing")).await;
    }
    let week = Week::parse(chosen.week.as_deref().unwrap_or_default())?;
    let looked = look(&app.office, week, county, &chosen.files).await?;
    // A file that names another county in the clerk's place says so as a refusal, and nothing of the other.
    let now = app.office.clock.now();
    let ticket = app.basket.put(&caller.person.name, now, chosen.files, chosen.skipped, looked);
    Ok(Redirect::to(&format!("/submit/check/{ticket}")).into_response())
}

/// The files of a ticket; where they are gone, the way back to the form.
fn held(caller: &Caller<Submit>, app: &App, ticket: &str) -> Option<Arc<Held>> {
    app.basket.find(&caller.person.name, ticket, app.office.clock.now())
}

async fn gone(caller: &Caller<Submit>, app: &App) -> Result<Response, Failed> {
    again(caller, app, &Asked::default(), &Refusal::new("submit_expired")).await
}

#[derive(Template)]
#[template(path = "submit_check.html")]
struct CheckPage {
    ctx: Ctx,
    ticket: String,
    week: Week,
    words: String,
    county: String,
    /// Why nothing can be handed in.
    refusal: Option<String>,
    told: Option<String>,
    late: Option<String>,
    summary: Vec<String>,
    documents: Vec<DocumentCard>,
    skipped: String,
    groups: Vec<FindingGroup>,
    must: usize,
    explain: usize,
    totals: Vec<String>,
    before: Option<String>,
    changes: Vec<String>,
    is_same: bool,
    until: String,
}

struct DocumentCard {
    number: usize,
    file: String,
    kind: Option<DocumentKind>,
    kind_word: &'static str,
    rows: usize,
    columns: Vec<(String, String)>,
    /// Headers that may be told anew: those not understood first.
    headers: Vec<String>,
    unknown: Vec<String>,
    fields: Vec<(&'static str, String)>,
    must: usize,
    explain: usize,
}

async fn checked(caller: Caller<Submit>, State(app): State<App>, Path(ticket): Path<String>, Query(done): Query<Done>) -> Result<Response, Failed> {
    let Some(held) = held(&caller, &app, &ticket) else { return gone(&caller, &app).await };
    let told = done.told.as_deref().map(|_| i18n::phrase(caller.lang, "submit_told").to_owned());
    Ok(show(&check_page(&caller, &app.office, &held, None, told).await?))
}

#[derive(Deserialize)]
struct Done {
    told: Option<String>,
}

async fn check_page(
    caller: &Caller<Submit>,
    office: &Office,
    held: &Held,
    refusal: Option<String>,
    told: Option<String>,
) -> Result<CheckPage, Failed> {
    let (ctx, looked) = (caller.ctx(), &held.looked);
    let lang = ctx.lang;
    let units = store::unit::list_reporting_units(&mut *office.store.read().await?).await?;
    let county = looked.county.as_ref().and_then(|county| units.iter().find(|unit| unit.county == *county));
    let county = county.map_or_else(|| ctx.t("submit_county_unknown").to_owned(), |unit| ctx.name(&unit.name_zh, &unit.name_en).to_owned());
    let groups = groups(lang, looked.findings());
    let count = |class: &str| groups.iter().find(|group| group.class == class).map_or(0, |group| group.rows.len());
    let (must, explain) = (count("bad"), count("warn"));
    let documents = looked.documents.iter().enumerate().map(|(at, document)| card(&ctx, at + 1, document, looked)).collect();
    let mut page = CheckPage {
        ticket: held.ticket.clone(),
        week: looked.week,
        words: week_words(lang, looked.week),
        county,
        refusal,
        told,
        late: late_words(&ctx, office, looked.week),
        summary: Vec::new(),
        documents,
        skipped: held.skipped.join(if ctx.is_zh() { "、" } else { ", " }),
        groups,
        must,
        explain,
        totals: Vec::new(),
        before: None,
        changes: Vec::new(),
        is_same: false,
        until: moment(Time::plus_seconds(held.at, 1800)),
        ctx,
    };
    match &looked.received {
        Err(refusal) => page.refusal = page.refusal.or_else(|| Some(refusal_words(lang, refusal))),
        Ok(received) => {
            let values = [
                ("version", received.submission.version.to_string()),
                ("rows", received.submission.rows.to_string()),
                ("lessons", received.lessons.to_string()),
                ("owed", received.owed.to_string()),
            ];
            page.is_same = is_same(received);
            page.summary.push(i18n::say(lang, "submit_would_be", &values));
            if received.owed > 0 {
                page.summary.push(i18n::say(lang, "receive_owed", &[("count", received.owed.to_string())]));
            }
            page.totals = received.totals.iter().map(|total| total_words(lang, total)).collect();
            if let Some((previous, _)) = &received.previous {
                let values = [("week", week_words(lang, previous.week)), ("version", previous.version.to_string())];
                page.before = Some(i18n::say(lang, "submit_before", &values));
            }
            page.changes = change_lines(lang, &received.changes);
        }
    }
    Ok(page)
}

/// Whether the ledger says what the same week's version before said.
fn is_same(received: &crate::ops::receive::Received) -> bool {
    let s = &received.submission;
    received.previous.as_ref().is_some_and(|(previous, _)| previous.week == s.week) && received.changes.is_empty()
}

fn total_words(lang: i18n::Lang, total: &crate::ops::receive::Total) -> String {
    let values = [("what", format!("@{}", total.what)), ("ours", total.ours.to_string()), ("theirs", total.theirs.to_string())];
    let code = if total.ours == total.theirs { "receive_total_same" } else { "receive_total_other" };
    i18n::say(lang, code, &values).trim().to_owned()
}

fn card(ctx: &Ctx, number: usize, document: &Understood, looked: &crate::ops::look::Looked) -> DocumentCard {
    let lang = ctx.lang;
    let kind_word = document.kind.map_or_else(|| ctx.t("submit_kind_unknown"), |kind| ctx.t(&format!("kind_{}", kind.as_str())));
    let of_file: Vec<&Finding> = looked.findings().into_iter().filter(|finding| finding.place.file == document.file).collect();
    let count = |severity| of_file.iter().filter(|finding| finding.severity == severity).count();
    let read = document.columns.iter().map(|(_, header)| header.clone());
    DocumentCard {
        number,
        file: document.file.clone(),
        kind: document.kind,
        kind_word,
        rows: document.rows,
        columns: document.columns.iter().map(|(name, header)| (column_word(lang, name), header.clone())).collect(),
        headers: document.unknown.iter().cloned().chain(read).collect(),
        unknown: document.unknown.clone(),
        fields: document.kind.map_or_else(Vec::new, |kind| columns_of(kind).into_iter().map(|name| (name, column_word(lang, name))).collect()),
        must: count(crate::domain::Severity::MustMend),
        explain: count(crate::domain::Severity::ShouldExplain),
    }
}

#[derive(Deserialize)]
struct Telling {
    kind: String,
    header: String,
    field: String,
}

/// What a header means, from now on; then everything is looked at again.
async fn tell(caller: Caller<Submit>, State(app): State<App>, Path(ticket): Path<String>, Form(telling): Form<Telling>) -> Result<Response, Failed> {
    let Some(held) = held(&caller, &app, &ticket) else { return gone(&caller, &app).await };
    let told = match (&held.looked.county, DocumentKind::parse(&telling.kind)) {
        (Some(county), Some(kind)) => {
            caller.sees(county)?;
            let field = Some(telling.field.clone()).filter(|field| field != "-" && !field.is_empty());
            mapping::tell(&app.office, county.clone(), kind, &telling.header, field, &caller.person.full_name).await.map(|_| ())
        }
        _ => Err(Refusal::new("submit_county_first")),
    };
    if let Err(refusal) = told {
        let mut response = show(&check_page(&caller, &app.office, &held, Some(refusal_words(caller.lang, &refusal)), None).await?);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let files: Vec<HandedIn> = copies(&held.files);
    let looked = look(&app.office, held.looked.week, held.looked.county.clone(), &files).await?;
    let ticket = app.basket.put(&caller.person.name, app.office.clock.now(), files, held.skipped.clone(), looked);
    Ok(Redirect::to(&format!("/submit/check/{ticket}?told=1")).into_response())
}

fn copies(files: &[HandedIn]) -> Vec<HandedIn> {
    files.iter().map(|file| HandedIn { name: file.name.clone(), bytes: file.bytes.clone() }).collect()
}

/// Takes a mapping back.
async fn undo(caller: Caller<Submit>, State(app): State<App>, Path(id): Path<u64>) -> Result<Response, Failed> {
    let all = mapping::list(&app.office).await?;
    let mapping = all.iter().find(|mapping| mapping.id == id).ok_or_else(|| Refusal::new("not_found"))?;
    caller.sees(&mapping.county)?;
    mapping::undo(&app.office, id).await?;
    Ok(Redirect::to("/submit").into_response())
}

/// Hands in what was looked at.
async fn send(caller: Caller<Submit>, State(app): State<App>, Path(ticket): Path<String>) -> Result<Response, Failed> {
    let Some(held) = held(&caller, &app, &ticket) else { return gone(&caller, &app).await };
    let (week, county) = (held.looked.week, held.looked.county.clone());
    match receive_submission(&app.office, week, county, copies(&held.files), Manner::default()).await {
        Ok(received) => {
            app.write_tiles().await;
            app.basket.forget(&caller.person.name);
            Ok(to_receipt(&received))
        }
        Err(refusal) => {
            let mut response = show(&check_page(&caller, &app.office, &held, Some(refusal_words(caller.lang, &refusal)), None).await?);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

fn to_receipt(received: &crate::ops::receive::Received) -> Response {
    let s = &received.submission;
    let sent = if received.is_new { "new" } else { "same" };
    Redirect::to(&format!("/submissions/{}/{}/{}?sent={sent}", s.county, s.week, s.version)).into_response()
}

#[derive(Deserialize)]
struct Zero {
    week: String,
    #[serde(default)]
    county: String,
    #[serde(default)]
    sure: String,
}

/// There is nothing to report（零报告）.
async fn zero(caller: Caller<Submit>, State(app): State<App>, Form(form): Form<Zero>) -> Result<Response, Failed> {
    let asked = Asked { week: Some(form.week.clone()), county: Some(form.county.clone()).filter(|county| !county.is_empty()) };
    let county = county_of(&caller, asked.county.as_deref())?;
    if form.sure != "yes" || county.is_none() {
        return again(&caller, &app, &asked, &Refusal::new("submit_zero_sure")).await;
    }
    let week = Week::parse(&form.week)?;
    match receive_submission(&app.office, week, county, Vec::new(), Manner { is_dry_run: false, is_zero: true }).await {
        Ok(received) => {
            app.write_tiles().await;
            Ok(to_receipt(&received))
        }
        Err(refusal) => again(&caller, &app, &asked, &refusal).await,
    }
}

/// One workbook with its cells marked.
async fn marked(caller: Caller<Submit>, State(app): State<App>, Path((ticket, number)): Path<(String, usize)>) -> Result<Response, Failed> {
    let Some(held) = held(&caller, &app, &ticket) else { return gone(&caller, &app).await };
    let file = number.checked_sub(1).and_then(|at| held.files.get(at)).ok_or_else(|| Refusal::new("not_found"))?;
    let sheets = back::sheet_names(&file.bytes);
    let findings: Vec<&Finding> = held.looked.findings().into_iter().filter(|finding| shape::concerns(finding, &file.name, &sheets)).collect();
    let bytes = shape::marked(&file.name, &file.bytes, &findings, caller.lang)?;
    Ok(download(XLSX, &marked_name(&file.name), bytes))
}

/// 台账.xls and 台账.xlsx both come back.
pub fn marked_name(file: &str) -> String {
    let end = if file.to_lowercase().ends_with(".xlsx") { "" } else { ".xlsx" };
    format!("标注_{file}{end}")
}

/// All findings as a workbook.
async fn findings_sheet(caller: Caller<Submit>, State(app): State<App>, Path(ticket): Path<String>) -> Result<Response, Failed> {
    let Some(held) = held(&caller, &app, &ticket) else { return gone(&caller, &app).await };
    let bytes = told::findings_book(caller.lang, &held.looked.week.to_string(), &held.looked.findings())?;
    Ok(download(XLSX, &format!("核验意见_{}.xlsx", held.looked.week), bytes))
}
