//! What was handed in: one version with its receipt, findings and changes, and what goes back to the county.

use super::frame::{Ctx, show};
use super::submit::marked_name;
use super::told::{FindingGroup, XLSX, change_lines, download, findings_book, groups, moment, week_words};
use crate::canon::{Code, Hash, Refusal, Week};
use crate::domain::Finding;
use crate::http::guard::{Caller, Right, SeeWeek, Submit};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::i18n;
use crate::ops::submission::{self, Shown};
use crate::ops::{self, Office, back};
use crate::store;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/submissions/{county}/{week}/{version}", version);
    let routes = routes.get("/submissions/{county}/{week}/{version}/receipt.json", receipt_json);
    let routes = routes.get("/submissions/{county}/{week}/{version}/receipt.xlsx", receipt_sheet);
    let routes = routes.get("/submissions/{county}/{week}/{version}/findings.xlsx", findings);
    routes.get("/submissions/{county}/{week}/{version}/marked/{sha256}", marked)
}

#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionPage {
    ctx: Ctx,
    sent: Option<String>,
    address: String,
    county: String,
    words: String,
    week: Week,
    version: u64,
    at: String,
    state: Option<&'static str>,
    content: String,
    owed: usize,
    documents: Vec<DocumentRow>,
    leaf: u64,
    leaf_hash: String,
    checkpoint: String,
    log_key: String,
    is_demonstration: bool,
    is_newest: bool,
    others: Vec<(u64, String, String)>,
    groups: Vec<FindingGroup>,
    before: Option<String>,
    changes: Vec<String>,
    may_submit: bool,
}

struct DocumentRow {
    kind: &'static str,
    file: String,
    sha256: String,
}

type Named = Path<(String, String, u64)>;

/// One version that the caller may see.
async fn find<R: Right>(caller: &Caller<R>, office: &Office, (county, week, version): (&str, &str, u64)) -> Result<Shown, Failed> {
    let not_found = |_| Refusal::new("not_found");
    let (county, week) = (Code::parse(county).map_err(not_found)?, Week::parse(week).map_err(not_found)?);
    caller.sees(&county)?;
    Ok(submission::show(office, &county, week, version).await?)
}

fn findings_of(shown: &Shown) -> Vec<Finding> {
    shown.findings.iter().filter_map(|record| shape::finding_of(record)).collect()
}

async fn lessons_of(office: &Office, shown: &Shown) -> Result<usize, Failed> {
    let s = &shown.submission;
    Ok(s.lessons.as_ref().map_or(Ok(0), |hash| office.facts.read_lessons(s.week, &s.county, hash).map(|lessons| lessons.len()))?)
}

#[derive(Deserialize)]
struct Asked {
    sent: Option<String>,
}

async fn version(
    caller: Caller<SeeWeek>,
    State(app): State<App>,
    Path((county, week, version)): Named,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let office = &app.office;
    let shown = find(&caller, office, (&county, &week, version)).await?;
    let (ctx, s) = (caller.ctx(), &shown.submission);
    let lang = ctx.lang;
    let receipt = ops::receipt::receipt(office, s).await?;
    let units = store::unit::list_reporting_units(&mut *office.store.read().await?).await?;
    let unit = units.iter().find(|unit| unit.county == s.county);
    let all = submission::list(office, Some(&s.county), Some(s.week)).await?;
    let found = findings_of(&shown);
    let is_late = office.deadline(s.week).map(|deadline| s.at > deadline);
    let values = [("rows", s.rows.to_string()), ("lessons", lessons_of(office, &shown).await?.to_string())];
    let document = |d: &store::submission::Document| DocumentRow {
        kind: ctx.t(&format!("kind_{}", d.kind.as_str())),
        file: d.file_name.clone(),
        sha256: d.sha256.to_string(),
    };
    let page = SubmissionPage {
        sent: asked.sent.map(|sent| ctx.t(if sent == "same" { "submission_same" } else { "submission_sent" }).to_owned()),
        address: format!("/submissions/{}/{}/{}", s.county, s.week, s.version),
        county: unit.map_or_else(|| s.county.to_string(), |unit| ctx.name(&unit.name_zh, &unit.name_en).to_owned()),
        words: week_words(lang, s.week),
        week: s.week,
        version: s.version,
        at: moment(s.at),
        state: is_late.map(|is_late| if is_late { "late" } else { "on_time" }),
        content: i18n::say(lang, if s.rows == 0 { "submission_zero" } else { "submission_content" }, &values),
        owed: shown.owed,
        documents: shown.documents.iter().map(document).collect(),
        leaf: s.leaf_index + 1,
        leaf_hash: crate::ops::receipt::leaf_hash(&receipt),
        checkpoint: receipt.log.checkpoint.lines().skip(1).take(2).collect::<Vec<_>>().join(" "),
        log_key: receipt.log.key.clone(),
        is_demonstration: office.is_demonstration().await?,
        is_newest: all.last().is_none_or(|last| last.version == s.version),
        others: all
            .iter()
            .map(|other| (other.version, moment(other.at), format!("/submissions/{}/{}/{}", s.county, s.week, other.version)))
            .collect(),
        groups: groups(lang, &found),
        before: shown
            .previous
            .map(|(week, version)| i18n::say(lang, "submit_before", &[("week", week_words(lang, week)), ("version", version.to_string())])),
        changes: change_lines(lang, &shown.changes),
        may_submit: caller.person.is(crate::domain::Role::County) || caller.person.is(crate::domain::Role::Bureau),
        ctx,
    };
    Ok(show(&page))
}

async fn receipt_json(caller: Caller<SeeWeek>, State(app): State<App>, Path((county, week, version)): Named) -> Result<Response, Failed> {
    let shown = find(&caller, &app.office, (&county, &week, version)).await?;
    let receipt = ops::receipt::receipt(&app.office, &shown.submission).await?;
    Ok(download("application/json", "回执.json", receipt.to_bytes()))
}

async fn receipt_sheet(caller: Caller<SeeWeek>, State(app): State<App>, Path((county, week, version)): Named) -> Result<Response, Failed> {
    let shown = find(&caller, &app.office, (&county, &week, version)).await?;
    let receipt = ops::receipt::receipt(&app.office, &shown.submission).await?;
    let lessons = lessons_of(&app.office, &shown).await?;
    Ok(download(XLSX, "回执.xlsx", ops::receipt::printed(&app.office, &receipt, shown.owed, lessons).await?))
}

async fn findings(caller: Caller<SeeWeek>, State(app): State<App>, Path((county, week, version)): Named) -> Result<Response, Failed> {
    let shown = find(&caller, &app.office, (&county, &week, version)).await?;
    let found = findings_of(&shown);
    let bytes = findings_book(caller.lang, &shown.submission.week.to_string(), &found.iter().collect::<Vec<_>>())?;
    Ok(download(XLSX, &format!("核验意见_{}.xlsx", shown.submission.week), bytes))
}

/// A document as it came, its cells marked. A document about people is personal data, and looking at it is recorded.
async fn marked(
    caller: Caller<Submit>,
    State(app): State<App>,
    Path((county, week, version, sha256)): Path<(String, String, u64, String)>,
) -> Result<Response, Failed> {
    let shown = find(&caller, &app.office, (&county, &week, version)).await?;
    let sha256 = Hash::parse(&sha256).map_err(|_| Refusal::new("not_found"))?;
    let document = shown.documents.iter().find(|document| document.sha256 == sha256).ok_or_else(|| Refusal::new("not_found"))?;
    let subject = format!("{} {} {}", shown.submission.county, shown.submission.week, document.kind.as_str());
    ops::account::record(&app.office, &caller.person.name, "looked", &subject, &document.file_name).await?;
    let bytes = submission::original(&app.office, &sha256)?;
    let (found, sheets) = (findings_of(&shown), back::sheet_names(&bytes));
    let concerned: Vec<&Finding> = found.iter().filter(|finding| shape::concerns(finding, &document.file_name, &sheets)).collect();
    Ok(download(XLSX, &marked_name(&document.file_name), shape::marked(&document.file_name, &bytes, &concerned, caller.lang)?))
}
