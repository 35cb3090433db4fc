//! The log in words: its leaves, its checkpoint, who cosigned it, and proofs to take away.

use super::frame::{Ctx, minute, show};
use crate::canon::DrawKind;
use crate::canon::json::to_record;
use crate::http::guard::{Caller, SeeLog};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::{self, log};
use crate::tlog::{Act, Leaf};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/leaves", list).get("/leaves/{index}", one).get("/leaves/{index}/proof.json", proof).get("/leaves/checkpoint.txt", checkpoint)
}

/// Leaves of a page.
const LINES: usize = 100;

struct Line {
    index: usize,
    at: String,
    act: &'static str,
    of: String,
    says: String,
}

struct Witness {
    owner: String,
    name: String,
    key: String,
    seen: u64,
}

#[derive(Template)]
#[template(path = "leaves.html")]
struct LeavesPage {
    ctx: Ctx,
    size: usize,
    lines: Vec<Line>,
    older: Option<usize>,
    checkpoint: String,
    key: String,
    witnesses: Vec<Witness>,
}

#[derive(Deserialize, Default)]
struct Asked {
    before: Option<usize>,
}

async fn list(caller: Caller<SeeLog>, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let (ctx, view) = (caller.ctx(), log::view(&app.office).await?);
    let (_, states) = ops::witness::list_witnesses(&app.office).await?;
    let size = view.leaves.len();
    let end = asked.before.unwrap_or(size).min(size);
    let begin = end.saturating_sub(LINES);
    let lines = view.leaves.iter().enumerate().take(end).skip(begin).rev().map(|(index, leaf)| line(&ctx, index, leaf)).collect();
    let witness = |state: ops::witness::WitnessState| Witness {
        owner: party(&ctx, state.owner.as_str()),
        name: state.key.name.clone(),
        key: state.key.to_string(),
        seen: state.seen,
    };
    let witnesses = states.into_iter().map(witness).collect();
    let older = (begin > 0).then_some(begin);
    Ok(show(&LeavesPage { size, lines, older, checkpoint: view.checkpoint, key: view.key, witnesses, ctx }))
}

fn party(ctx: &Ctx, code: &str) -> String {
    let word = ctx.t(&format!("party_{code}"));
    if word.is_empty() { code.to_owned() } else { word.to_owned() }
}

/// `2026-W49 每周抽查`, with the attempt where it isn't the first.
pub fn draw_words(ctx: &Ctx, kind: DrawKind, period: &crate::canon::Week, attempt: u64) -> String {
    let kind = match kind {
        DrawKind::Weekly => ctx.t("draw_weekly").to_owned(),
        DrawKind::Special(number) => ctx.say("draw_special", "value", number),
    };
    let name = format!("{period} {kind}");
    if attempt > 1 { name + &ctx.say("leaf_attempt", "attempt", attempt) } else { name }
}

fn line(ctx: &Ctx, index: usize, leaf: &Leaf) -> Line {
    let short = |text: String| text.get(..16).map(|start| format!("{start}…")).unwrap_or(text);
    let (of, says) = match &leaf.act {
        Act::Key { party: name, value } => (party(ctx, name.as_str()), short(value.to_string())),
        Act::Submission { county, period, version, rows, .. } => {
            (format!("{period} {county}"), ctx.tell("leaf_says_submission", &[("version", version.to_string()), ("rows", rows.to_string())]))
        }
        act => (act.draw().map(|draw| draw_words(ctx, draw.kind, &draw.period, draw.attempt)).unwrap_or_default(), says(ctx, act)),
    };
    Line { index, at: minute(&leaf.at), act: ctx.t(&format!("act_{}", leaf.act.kind())), of, says }
}

/// What a leaf of a draw says.
fn says(ctx: &Ctx, act: &Act) -> String {
    let short = |text: String| text.get(..16).map(|start| format!("{start}…")).unwrap_or(text);
    match act {
        Act::Plan { entropy, .. } => {
            let source = ctx.t(&format!("source_{}", entropy.source));
            ctx.tell("leaf_says_plan", &[("source", source.to_owned()), ("draw", entropy.draw.to_string()), ("after", minute(&entropy.after))])
        }
        Act::Commitment { party: name, value, .. } => format!("{} {}", party(ctx, name.as_str()), short(value.to_string())),
        Act::Entropy { text, .. } => text.clone(),
        Act::Reveal { party: name, from, .. } if name == from => party(ctx, name.as_str()),
        Act::Reveal { party: name, from, .. } => {
            ctx.tell("leaf_says_reveal_from", &[("name", party(ctx, name.as_str())), ("from", party(ctx, from.as_str()))])
        }
        Act::Void { reason, .. } => reason.to_string(),
        Act::Publication { bundle, .. } => short(bundle.to_string()),
        act => act.sealed().map(|sealed| short(sealed.to_string())).unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "leaf.html")]
struct LeafPage {
    ctx: Ctx,
    line: Line,
    record: String,
    proof: Vec<String>,
    size: String,
    checkpoint: String,
}

async fn one(caller: Caller<SeeLog>, State(app): State<App>, Path(index): Path<u64>) -> Result<Response, Failed> {
    let ctx = caller.ctx();
    let proof = log::prove(&app.office, index).await?;
    let leaf = Leaf::parse(proof.leaf.as_bytes())?;
    let line = line(&ctx, usize::try_from(index).unwrap_or(usize::MAX), &leaf);
    let size = proof.checkpoint.lines().nth(1).unwrap_or_default().to_owned();
    let hashes = proof.proof.iter().map(ToString::to_string).collect();
    Ok(show(&LeafPage { line, record: proof.leaf, proof: hashes, size, checkpoint: proof.checkpoint, ctx }))
}

async fn proof(_: Caller<SeeLog>, State(app): State<App>, Path(index): Path<u64>) -> Result<Response, Failed> {
    let proof = log::prove(&app.office, index).await?;
    Ok(file(&format!("leaf-{index}-proof.json"), "application/json", to_record(&proof)))
}

async fn checkpoint(_: Caller<SeeLog>, State(app): State<App>) -> Result<Response, Failed> {
    Ok(file("checkpoint.txt", "text/plain; charset=utf-8", log::view(&app.office).await?.checkpoint.into_bytes()))
}

/// A file to keep. Its name is made here, never of what somebody sent.
pub fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
