//! Submissions: a county's system pushes its documents of a week, and reads what became of them.

use super::op::{BYTES, Op, XLSX};
use super::take::{Asked, Named, Paging, body_refusal, file};
use crate::canon::{Code, Hash, Refusal, Week};
use crate::domain::Finding;
use crate::http::guard::{Caller, Right, SeeWeek, Submit};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::ops::account::record;
use crate::ops::receive::{HandedIn, Manner, receive_submission};
use crate::ops::submission::Shown;
use crate::ops::{self};
use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

pub const SHAPES: &[(&str, &str)] = &[
    ("Submission", "{county:code, week:week, version:count, at:time, rows:count, zero:bool, leaf:count}"),
    ("Finding", "{code:str, severity:(must_mend|should_explain|information), file:str, sheet:str?, row:count?, cell:str?, value:str?, message:str}"),
    ("Document", "{sha256:hash, kind:$DocumentKind, file:str}"),
    ("FactFile", "{kind:str, sha256:hash, rows:count}"),
    (
        "Change",
        "{class:{institution:str?, class_name:str?, class_code:str?}, source:{sheet:str?, row:count},
          kind:<(added|removed); {field:{name:str, before:str?, after:str?}}>}",
    ),
    ("Total", "{what:str, ours:int, theirs:int}"),
    ("LogProof", "{checkpoint:str, index:count, key:str, leaf:str, proof:[hash]}"),
    (
        "Receipt",
        "{at:time, county:code, documents:[{file:str, kind:str, sha256:hash}], log:$LogProof, rows:count, salt:hash, version:count, week:week}",
    ),
    (
        "Received",
        "{county:code, week:week, version:count, at:time, new:bool, rows:count, changes:[$Change], totals:[$Total], owed:count, lessons:count,
          leaf:count, documents:[$Document], facts:[$FactFile], findings:[$Finding], dry_run:bool, receipt:$Receipt?}",
    ),
    (
        "SubmissionShown",
        "{county:code, week:week, version:count, at:time, rows:count, zero:bool, leaf:count, owed:count, documents:[$Document], facts:[$FactFile],
          findings:[$Finding], previous:{week:week, version:count}?, changes:[$Change]}",
    ),
];

const ONE: &str = "/api/v1/submissions/{county}/{week}/{version}";

pub fn routes(routes: Routes) -> Routes {
    let post = Op::post(
        "/api/v1/weeks/{week}/submissions",
        "submit",
        "报送一周的材料；dry_run只看不存 / hand in a week's documents; a dry run keeps nothing",
    )
    .of::<Submit>()
    .query("county", "code", "单位；县里的令牌不必写 / county; a county's own token needs none")
    .query("dry_run", "bool", "试报：指出全部问题，不保存 / says everything, keeps nothing")
    .query("zero", "bool", "零报告 / nothing to report")
    .takes_kind("multipart/form-data", "{files:[file]}")
    .gives("$Received");
    let list = Op::get("/api/v1/submissions", "list_submissions", "收到的上报，按先后 / versions received, in the order of the log")
        .of::<SeeWeek>()
        .query("week", "week", "哪一周 / week")
        .query("county", "code", "单位 / county")
        .gives_page("$Submission");
    let show = Op::get(ONE, "show_submission", "一次上报的材料、意见和变动 / one version: documents, findings, differences")
        .of::<SeeWeek>()
        .gives("$SubmissionShown");
    routes
        .op(post, submit)
        .op(list, list_submissions)
        .op(show, show_submission)
        .op(
            Op::get("/api/v1/submissions/{county}/{week}/{version}/receipt", "receipt", "回执 / the receipt").of::<SeeWeek>().gives("$Receipt"),
            receipt,
        )
        .op(
            Op::get(
                "/api/v1/submissions/{county}/{week}/{version}/documents/{sha256}",
                "document",
                "原件（查看留痕） / a document as it came; recorded",
            )
            .of::<Submit>()
            .gives_kind(BYTES),
            original,
        )
        .op(
            Op::get(
                "/api/v1/submissions/{county}/{week}/{version}/documents/{sha256}/marked",
                "marked_document",
                "标注件（查看留痕） / the document with its cells marked; recorded",
            )
            .of::<Submit>()
            .gives_kind(XLSX),
            marked,
        )
}

#[derive(Deserialize)]
struct How {
    county: Option<Code>,
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    zero: bool,
}

async fn submit(
    caller: Caller<Submit>,
    State(app): State<App>,
    Named(week): Named<Week>,
    Asked(how): Asked<How>,
    Files(files): Files,
) -> Result<Json<Value>, Failed> {
    let county = caller.county(how.county)?;
    let manner = Manner { is_dry_run: how.dry_run, is_zero: how.zero };
    if files.is_empty() && !how.zero {
        return Err(Refusal::new("submission_none_given").into());
    }
    let received = receive_submission(&app.office, week, county, files, manner).await?;
    let s = &received.submission;
    let mut answer = shape::received(&received, caller.lang);
    answer["dry_run"] = json!(how.dry_run);
    answer["receipt"] = Value::Null;
    if !how.dry_run {
        answer["receipt"] = json!(ops::receipt::receipt(&app.office, s).await?);
        record(&app.office, &caller.person.name, "submitted", &format!("{} {} v{}", s.county, s.week, s.version), "").await?;
        app.write_tiles().await;
    }
    Ok(Json(answer))
}

/// The files of a form.
pub struct Files(pub Vec<HandedIn>);

/// More documents than a county has in a week.
const FILES: usize = 60;

impl FromRequest<App> for Files {
    type Rejection = Failed;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failed> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
            return Err(body_refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "").into());
        }
        let mut form = Multipart::from_request(request, app).await.map_err(|r| Failed(body_refusal(r.status(), &r.body_text())))?;
        let failed = |error: MultipartError| Failed(body_refusal(error.status(), &error.body_text()));
        let mut files = Vec::new();
        while let Some(part) = form.next_field().await.map_err(failed)? {
            let Some(name) = part.file_name().map(plain_name).filter(|name| !name.is_empty()) else { continue };
            let bytes = part.bytes().await.map_err(failed)?.to_vec();
            if files.len() >= FILES {
                return Err(Refusal::new("body_large").into());
            }
            files.push(HandedIn { name, bytes });
        }
        Ok(Self(files))
    }
}

/// A name without folders and without characters that no file has.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect::<String>().trim().to_owned()
}

#[derive(Deserialize)]
struct Which {
    week: Option<Week>,
    county: Option<Code>,
    after: Option<String>,
    limit: Option<usize>,
}

async fn list_submissions(caller: Caller<SeeWeek>, State(app): State<App>, Asked(which): Asked<Which>, uri: Uri) -> Result<Response, Failed> {
    let county = caller.county(which.county)?;
    let list = ops::submission::list(&app.office, county.as_ref(), which.week).await?;
    let items: Vec<Value> = list
        .iter()
        .map(|s| json!({"county": s.county, "week": s.week, "version": s.version, "at": s.at, "rows": s.rows, "zero": s.is_zero, "leaf": s.leaf_index}))
        .collect();
    // The place in the log is the place in the list.
    Paging { after: which.after, limit: which.limit }.page(&items, |item| item["leaf"].to_string(), &uri)
}

async fn shown<R: Right>(caller: &Caller<R>, app: &App, (county, week, version): &(Code, Week, u64)) -> Result<Shown, Failed> {
    caller.sees(county)?;
    Ok(ops::submission::show(&app.office, county, *week, *version).await?)
}

fn findings(shown: &Shown) -> Vec<Finding> {
    shown.findings.iter().filter_map(|record| shape::finding_of(record)).collect()
}

async fn show_submission(caller: Caller<SeeWeek>, State(app): State<App>, Named(which): Named<(Code, Week, u64)>) -> Result<Json<Value>, Failed> {
    let shown = shown(&caller, &app, &which).await?;
    let s = &shown.submission;
    let findings: Vec<Value> = findings(&shown).iter().map(|finding| shape::finding(finding, caller.lang)).collect();
    Ok(Json(json!({
        "county": s.county, "week": s.week, "version": s.version, "at": s.at, "rows": s.rows, "zero": s.is_zero, "leaf": s.leaf_index,
        "owed": shown.owed, "documents": shape::documents(&shown.documents), "facts": shape::facts(&shown.facts), "findings": findings,
        "previous": shown.previous.map(|(week, version)| json!({"week": week, "version": version})), "changes": shown.changes,
    })))
}

async fn receipt(caller: Caller<SeeWeek>, State(app): State<App>, Named(which): Named<(Code, Week, u64)>) -> Result<Json<Value>, Failed> {
    let shown = shown(&caller, &app, &which).await?;
    Ok(Json(json!(ops::receipt::receipt(&app.office, &shown.submission).await?)))
}

type OneDocument = (Code, Week, u64, Hash);

/// A document of a version, whose looking at is written down.
async fn document(caller: &Caller<Submit>, app: &App, which: OneDocument) -> Result<(Shown, String, Vec<u8>), Failed> {
    let (county, week, version, sha256) = which;
    let shown = shown(caller, app, &(county, week, version)).await?;
    let document = shown.documents.iter().find(|document| document.sha256 == sha256).ok_or_else(|| Refusal::new("not_found"))?;
    let name = document.file_name.clone();
    let bytes = ops::submission::original(&app.office, &sha256)?;
    let subject = format!("{} {} v{}", shown.submission.county, week, version);
    record(&app.office, &caller.person.name, "looked", &subject, &sha256.to_string()).await?;
    Ok((shown, name, bytes))
}

async fn original(caller: Caller<Submit>, State(app): State<App>, Named(which): Named<OneDocument>) -> Result<Response, Failed> {
    let (_, name, bytes) = document(&caller, &app, which).await?;
    Ok(file(BYTES, &name, bytes))
}

async fn marked(caller: Caller<Submit>, State(app): State<App>, Named(which): Named<OneDocument>) -> Result<Response, Failed> {
    let (shown, name, bytes) = document(&caller, &app, which).await?;
    let sheets = ops::back::sheet_names(&bytes);
    let all = findings(&shown);
    let findings: Vec<&Finding> = all.iter().filter(|finding| shape::concerns(finding, &name, &sheets)).collect();
    let end = if name.to_lowercase().ends_with(".xlsx") { "" } else { ".xlsx" };
    let bytes = shape::marked(&name, &bytes, &findings, caller.lang)?;
    Ok(file(XLSX, &format!("标注_{name}{end}"), bytes))
}
