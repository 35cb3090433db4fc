//! Draws: freezing, signed acts in, the draw, its list, what the public sees, the published bundle.

use super::op::{Op, XLSX, ZIP};
use super::take::{Body, Named, file};
use crate::bundle::UnitOpening;
use crate::canon::{Code, DrawKind, Refusal, Result as Done, Week};
use crate::http::guard::{Act, Caller, Draw, Freeze, Publish, SeeCeremony, SeeClasses, SeeList, SeeLog};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::ops::account::record;
use crate::ops::freeze::PlanFile;
use crate::ops::list::{inspection_list, to_workbook};
use crate::ops::notice::{Notice, public_notice};
use crate::ops::{self, DrawName};
use crate::tlog::SignedAct;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub const SHAPES: &[(&str, &str)] = &[
    (
        "PlanFile",
        "{kind~:kind, parties~:[code]?, window~:[date]?, visits:(int 0 100000), min_per_stratum~:(int 0 100000), reserves_per_stratum~:(int 0 100000),
          certain_limit~:(int 0 100000)?, title~:str?,
          teams:{count:(int 0 10000), bureau_per_team:(int 0 10000), discipline_per_team:(int 0 10000)},
          entropy:{source:(kl8|ssq|dlt|dice|drand), draw:str, after:time}, inspectors:{bureau:[code], discipline~:[code]},
          recusals~:[{inspector:code, unit~:code?, institution~:str?}], certain~:[{unit:code, reason:str}]}",
    ),
    (
        "Plan",
        "{attempt:count, certain_limit:count, entropy:{after:time, draw:str, source:str}, frame:{root:hash, units:count}, frozen_at:time, kind:kind,
          min_per_stratum:count, model:{name:code, sha256:hash}, parties:[code], period:week, protocol:str,
          reporting:[{county:code, submission:hash?}], reserves_per_stratum:count, roster:hash,
          strata:[{size:count, stratum:code, units:count, visits:count}],
          teams:{bureau_per_team:count, count:count, discipline_per_team:count}, title:str, visits:count, window:[date]}",
    ),
    ("Frozen", "{plan_hash:hash, new:bool, plan:$Plan, left_out:count}"),
    ("SignedAct", "{act:str, opening~:{salt:hash, text~:str?}?, signatures:{*str}}"),
    (
        "Transcript",
        "{assignments:[{team:count?, unit:code}], plan:hash, protocol:str, seed:hash,
          strata:[{certain:[code], interval:count, points:count, reserve:[code], selected:[code], start:count?, stratum:code}],
          teams:[{bureau:[code], discipline:[code], team:count}]}",
    ),
    ("Drawn", "{new:bool, transcript:$Transcript}"),
    (
        "Lesson",
        "{institution:str?, class_name:str?, date:date?, start:str?, end:str?, course:str?, teachers:[str], mode:str?, hours:int?, venue:str?,
          sheet:str?, row:count}",
    ),
    (
        "Visit",
        "{unit:code, team:count?, certain:bool, substitute:bool, borrowed:[any]?, county:str, row:$LedgerRow, lessons:[$Lesson]}",
    ),
    (
        "Notice",
        "{attempts:[{attempt:count, plan:hash, public_draw:str, after:time, window:str,
          lines:[{leaf:count, at:time, act:str, party:str?, value:str}], missing:[any]?, is_overdue:bool}], checkpoint:str, log_key:str}",
    ),
    (
        "Opening",
        "{facts:{record:str, salt:hash}?, index:count, log:$LogProof, plan:str, proof:[hash], row:str, salt:hash}",
    ),
    ("TrustedKeys", "{log:str, parties:{*hash}, witnesses:{*[str]}}"),
];

pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .op(
            Op::post("/api/v1/weeks/{week}/freeze", "freeze", "封存名单 / freeze the week reported")
                .of::<Freeze>()
                .takes("$PlanFile")
                .gives("$Frozen"),
            freeze,
        )
        .op(
            Op::get("/api/v1/draws/{week}/{kind}/slip", "slip", "抽查单：两方据此签字 / what the parties make their acts with")
                .of::<SeeCeremony>()
                .gives("object"),
            slip,
        )
        .op(
            Op::post("/api/v1/acts", "enter_acts", "录入签过字的文件；几方所签的同一项合为一项 / enter signed acts; the same act of several is one")
                .of::<Act>()
                .takes("[$SignedAct]")
                .gives("$Done"),
            enter,
        )
        .op(Op::post("/api/v1/draws/{week}/{kind}/run", "run_draw", "抽取 / run the draw").of::<Draw>().takes("{}").gives("$Drawn"), run);
    routes
        .op(
            Op::get("/api/v1/draws/{week}/{kind}/list", "list_visits", "抽查名单（查看留痕） / the list; recorded").of::<SeeList>().gives("[$Visit]"),
            list,
        )
        .op(
            Op::get("/api/v1/draws/{week}/{kind}/list.xlsx", "list_workbook", "可打印的抽查名单 / the list to print")
                .of::<SeeList>()
                .gives_kind(XLSX),
            workbook,
        )
        .op(
            Op::get("/api/v1/draws/{week}/{kind}/notice", "notice", "公众现在能看到的 / what the public may see now").of::<SeeLog>().gives("$Notice"),
            notice,
        )
        .op(
            Op::post("/api/v1/draws/{week}/{kind}/publish", "publish", "公开 / publish").of::<Publish>().takes("{}").gives("{files:{*hash}}"),
            publish,
        )
        .op(Op::get("/api/v1/draws/{week}/{kind}/bundle.zip", "bundle", "公开包 / the published bundle").of::<SeeLog>().gives_kind(ZIP), bundle)
        .op(
            Op::get(
                "/api/v1/draws/{week}/{kind}/classes/{unit}",
                "open_class",
                "窗口结束后，一个班期自己的一行 / one class's own row, after the window",
            )
            .of::<SeeClasses>()
            .gives("$Opening"),
            open,
        )
        .op(Op::get("/api/v1/keys", "keys", "日志、各方和见证方的公钥 / the keys to trust").of::<SeeLog>().gives("$TrustedKeys"), keys)
}

type Name = (Week, String);

fn name((week, kind): &Name) -> Done<DrawName> {
    Ok(DrawName { week: *week, kind: DrawKind::parse(kind).map_err(|_| Refusal::new("request_path").with("reason", "kind"))? })
}

async fn freeze(_: Caller<Freeze>, State(app): State<App>, Named(week): Named<Week>, Body(plan): Body<PlanFile>) -> Result<Json<Value>, Failed> {
    let frozen = ops::freeze::freeze_frame(&app.office, week, &plan).await?;
    app.write_tiles().await;
    Ok(Json(shape::frozen(&frozen)))
}

async fn slip(_: Caller<SeeCeremony>, State(app): State<App>, Named(which): Named<Name>) -> Result<Response, Failed> {
    let name = name(&which)?;
    let (stored, plan) = ops::ceremony::get_plan(&mut *app.office.store.read().await?, name).await?;
    // Its bytes are signed, so they go out as they were written.
    let mut response = ops::ceremony::plan_act(&stored, &plan).to_record().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(super::op::JSON));
    Ok(response)
}

async fn enter(caller: Caller<Act>, State(app): State<App>, Body(acts): Body<Vec<Value>>) -> Result<Json<Value>, Failed> {
    let acts = acts.iter().map(|act| SignedAct::parse(&act.to_string())).collect::<Done<Vec<_>>>()?;
    if acts.is_empty() {
        return Err(Refusal::new("act_none").into());
    }
    let mut is_new = false;
    for signed in SignedAct::join(acts)? {
        let (kind, signers) = (signed.act.kind(), signed.signatures.keys().map(Code::as_str).collect::<Vec<_>>().join(" "));
        let entered = ops::ceremony::enter(&app.office, signed).await;
        app.write_tiles().await;
        if entered? {
            is_new = true;
            record(&app.office, &caller.person.name, "entered", kind, &signers).await?;
        }
    }
    Ok(Json(json!({"new": is_new})))
}

async fn run(_: Caller<Draw>, State(app): State<App>, Named(which): Named<Name>, Body(_): Body<Nothing>) -> Result<Json<Value>, Failed> {
    let (transcript, is_new) = ops::ceremony::run_draw(&app.office, name(&which)?).await?;
    app.write_tiles().await;
    Ok(Json(json!({"new": is_new, "transcript": transcript})))
}

/// `{}`: a write carries JSON, so that no form of another site can be one.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn list(caller: Caller<SeeList>, State(app): State<App>, Named(which): Named<Name>) -> Result<Json<Vec<Value>>, Failed> {
    let list = inspection_list(&app.office, name(&which)?).await.map_err(undrawn)?;
    record(&app.office, &caller.person.name, "looked", &format!("list {} {}", which.0, which.1), "").await?;
    Ok(Json(shape::visits(&list)))
}

async fn workbook(caller: Caller<SeeList>, State(app): State<App>, Named(which): Named<Name>) -> Result<Response, Failed> {
    let list = inspection_list(&app.office, name(&which)?).await.map_err(undrawn)?;
    record(&app.office, &caller.person.name, "looked", &format!("list {} {}", which.0, which.1), "xlsx").await?;
    Ok(file(XLSX, &format!("抽查名单-{}.xlsx", which.0), to_workbook(list)?))
}

/// A list that isn't there yet.
fn undrawn(refusal: Refusal) -> Refusal {
    if refusal.code == "list_before_draw" { Refusal::new("not_found") } else { refusal }
}

async fn notice(_: Caller<SeeLog>, State(app): State<App>, Named(which): Named<Name>) -> Result<Json<Notice>, Failed> {
    Ok(Json(public_notice(&app.office, name(&which)?).await?))
}

async fn publish(caller: Caller<Publish>, State(app): State<App>, Named(which): Named<Name>, Body(_): Body<Nothing>) -> Result<Json<Value>, Failed> {
    let files = ops::publish::publish(&app.office, name(&which)?, None).await?;
    app.write_tiles().await;
    record(&app.office, &caller.person.name, "published", &format!("{} {}", which.0, which.1), "").await?;
    let hashes: std::collections::BTreeMap<_, _> = files.iter().map(|(name, bytes)| (name, crate::canon::Hash::of(bytes))).collect();
    Ok(Json(json!({"files": hashes})))
}

async fn bundle(_: Caller<SeeLog>, State(app): State<App>, Named(which): Named<Name>) -> Result<Response, Failed> {
    let files = ops::publish::published(&app.office, name(&which)?).await?.ok_or_else(|| Refusal::new("not_found"))?;
    Ok(file(ZIP, &format!("{}-{}.zip", which.0, which.1), crate::bundle::zip::write(&files)?))
}

async fn open(
    caller: Caller<SeeClasses>,
    State(app): State<App>,
    Named((week, kind, unit)): Named<(Week, String, Code)>,
) -> Result<Json<UnitOpening>, Failed> {
    let county = ops::class::county_of(&app.office, &unit).await?.ok_or_else(|| Refusal::new("not_found"))?;
    caller.sees(&county)?;
    Ok(Json(ops::open::open_unit(&app.office, name(&(week, kind))?, &unit, false).await?))
}

async fn keys(_: Caller<SeeLog>, State(app): State<App>) -> Result<Json<Value>, Failed> {
    Ok(Json(json!(ops::keys::trusted_record(&app.office).await?)))
}
