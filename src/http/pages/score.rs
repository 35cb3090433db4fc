//! Why one class has its score and its size measure.

use super::frame::{Ctx, show};
use super::told::{moment, week_words};
use crate::canon::{Code, Refusal, Week};
use crate::http::guard::{Caller, SeeScores};
use crate::http::serve::Routes;
use crate::http::{App, Failed, shape};
use crate::i18n::{self, Lang};
use crate::ops::DrawName;
use crate::ops::class;
use crate::ops::explain::{Explained, SignalLine, Usual, explain_class};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/classes/{unit}/score", score)
}

#[derive(Deserialize)]
struct Asked {
    week: Option<String>,
}

#[derive(Template)]
#[template(path = "score.html")]
struct ScorePage {
    ctx: Ctx,
    unit: Code,
    title: String,
    week: String,
    basis: String,
    model: String,
    model_name: String,
    flags: Vec<String>,
    score: String,
    band: char,
    differs: Option<String>,
    bars: Vec<Bar>,
    height: usize,
    rows: Vec<SignalRow>,
    reasons: Vec<Reason>,
    missing: Vec<Reason>,
    missing_title: String,
    cuts: Vec<String>,
    size_title: String,
    size: Vec<String>,
}

/// One signal's bar, its lengths in the picture's units.
struct Bar {
    y: usize,
    text_y: usize,
    name: String,
    room: i64,
    given: i64,
    cut_x: i64,
    end_x: i64,
    cut: i64,
    points: String,
}

struct SignalRow {
    name: String,
    points: String,
    cut: String,
    permille: String,
    bin: String,
    occupation: String,
    county: String,
}

/// What a signal found, or why it could find nothing.
struct Reason {
    name: String,
    points: i64,
    text: String,
    evidence: Vec<String>,
}

async fn score(caller: Caller<SeeScores>, State(app): State<App>, Path(unit): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let unit = Code::parse(&unit).map_err(|_| Refusal::new("not_found"))?;
    let history = class::history(&app.office, &unit).await?;
    let newest = history.last().map(|view| view.week).ok_or_else(|| Refusal::new("not_found"))?;
    let week = asked.week.as_deref().filter(|week| !week.is_empty()).map_or(Ok(newest), Week::parse)?;
    let explained = explain_class(&app.office, DrawName::weekly(week), &unit).await?;
    Ok(show(&page(caller.ctx(), &explained)))
}

fn page(ctx: Ctx, e: &Explained) -> ScorePage {
    let (lang, x) = (ctx.lang, &e.explanation);
    let say = |code: &str, values: &[(&'static str, String)]| i18n::say(lang, code, values);
    let hash: String = e.model.sha256.to_string().chars().take(16).collect();
    let flag = |flag: &crate::ops::frame::Flag| {
        let name = serde_json::to_value(flag).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        ctx.t(&format!("flag_{name}")).to_owned()
    };
    let values = [
        ("score", x.score.to_string()),
        ("max", x.score_max.to_string()),
        ("band", x.band.to_string()),
        ("b", x.bands.b.to_string()),
        ("c", x.bands.c.to_string()),
        ("d", x.bands.d.to_string()),
    ];
    let bars = bars(lang, &x.signals);
    let (reasons, missing) = reasons(lang, e);
    let missing_points: i64 = missing.iter().map(|reason| reason.points).sum();
    let missing_values = [("count", missing.len().to_string()), ("points", missing_points.to_string())];
    ScorePage {
        unit: e.unit.clone(),
        title: format!("{} {}", e.institution.clone().unwrap_or_default(), e.class_name.clone().unwrap_or_default()),
        week: week_words(lang, e.week),
        basis: say(if e.basis.is_frozen { "explain_at_freeze" } else { "explain_at_now" }, &[("at", moment(e.basis.at))]),
        model: say(
            if e.model.is_in_force { "explain_model" } else { "explain_model_proposed" },
            &[("model", e.model.name.clone()), ("sha256", hash)],
        ),
        model_name: e.model.name.clone(),
        flags: e.flags.iter().map(flag).collect(),
        score: say("explain_score", &values),
        band: x.band,
        differs: e.at_freeze.map(|frozen| say("explain_differs", &[("score", frozen.score.to_string()), ("size", frozen.size.to_string())])),
        height: bars.len() * ROW + 8,
        bars,
        rows: x.signals.iter().map(|line| signal_row(lang, line)).collect(),
        reasons,
        missing,
        missing_title: say("explain_missing_list", &missing_values),
        cuts: x.groups.iter().filter(|group| group.cut > 0).map(|group| cut_words(lang, group)).collect(),
        size_title: say("explain_size", &[("size", x.size.size.to_string())]),
        size: size(lang, e),
        ctx,
    }
}

/// Height of a bar's row, and length of one point.
const ROW: usize = 24;
const POINT: i64 = 18;
/// Where bars begin.
const LEFT: i64 = 170;

/// Signals that could give points; what was given, what a cap took, and what there was room for.
fn bars(lang: Lang, signals: &[SignalLine]) -> Vec<Bar> {
    let bar = |(at, line): (usize, &SignalLine)| Bar {
        y: at * ROW + 6,
        text_y: at * ROW + 20,
        name: signal_name(lang, &line.signal),
        room: line.points_most * POINT,
        given: line.points * POINT,
        cut_x: LEFT + line.points * POINT,
        end_x: LEFT + line.points_most * POINT + 8,
        cut: line.cut * POINT,
        points: format!("{}/{}", line.points, line.points_most),
    };
    signals.iter().filter(|line| line.points_before_cap > 0).enumerate().map(bar).collect()
}

pub fn signal_name(lang: Lang, id: &str) -> String {
    format!("{id} {}", i18n::phrase(lang, &format!("signal_{id}")))
}

fn signal_row(lang: Lang, line: &SignalLine) -> SignalRow {
    let bin = line.bin.map_or_else(String::new, |bin| match bin.below {
        Some(below) if below == bin.from + 1 => bin.from.to_string(),
        Some(below) => format!("{}–{}", bin.from, below - 1),
        None if bin.from == 1000 => "1000".to_owned(),
        None => format!("{}–1000", bin.from),
    });
    SignalRow {
        name: signal_name(lang, &line.signal),
        points: format!("{}/{}", line.points, line.points_most),
        cut: if line.cut == 0 { String::new() } else { format!("−{}", line.cut) },
        permille: line.permille.map_or_else(|| i18n::phrase(lang, "explain_missing").to_owned(), |permille| permille.to_string()),
        bin,
        occupation: usual(line.occupation),
        county: usual(line.county),
    }
}

fn usual(usual: Option<Usual>) -> String {
    let Some(Usual { median: Some(median), standing, .. }) = usual else { return "—".to_owned() };
    standing.map_or_else(|| median.to_string(), |s| format!("{median} ({}/{}/{})", s.lower, s.equal, s.higher))
}

/// What was found, the heaviest first; and what is missing.
fn reasons(lang: Lang, e: &Explained) -> (Vec<Reason>, Vec<Reason>) {
    let reason = |line: &SignalLine| Reason {
        name: signal_name(lang, &line.signal),
        points: line.points,
        text: match &line.missing_reason {
            Some(code) => i18n::phrase(lang, code).to_owned(),
            None if lang == Lang::Zh => line.reason_zh.clone(),
            None => line.reason_en.clone(),
        },
        evidence: line.evidence.iter().map(|row| shape::evidence_words(e, row, lang)).collect(),
    };
    let told = |line: &&SignalLine| line.points_before_cap > 0 || line.permille.is_some_and(|permille| permille > 0);
    let (mut missing, mut found): (Vec<&SignalLine>, Vec<&SignalLine>) = e.explanation.signals.iter().filter(told).partition(|line| line.is_missing);
    missing.sort_by_key(|line| -line.points);
    found.sort_by_key(|line| -line.points);
    (found.into_iter().map(reason).collect(), missing.into_iter().map(reason).collect())
}

fn cut_words(lang: Lang, group: &crate::ops::explain::GroupLine) -> String {
    let values = [
        ("group", super::models::group_name(lang, &group.group)),
        ("before", group.points_before_cap.to_string()),
        ("cap", group.cap.to_string()),
        ("cut", group.cut.to_string()),
    ];
    i18n::say(lang, "explain_group_cut", &values)
}

/// `2000‰` as `2`, `1500‰` as `1.5`.
pub fn times(value: i64) -> String {
    let text = format!("{}.{:03}", value.div_euclid(1000), value.rem_euclid(1000));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How the size measure is made, step by step.
fn size(lang: Lang, e: &Explained) -> Vec<String> {
    let (s, money) = (&e.explanation.size, &e.money);
    let number = |value: Option<i64>| value.map_or_else(|| "—".to_owned(), |value| value.to_string());
    let code = match (money.yuan, money.seats.zip(money.standard)) {
        (None, _) => "explain_money_none",
        (Some(yuan), Some((seats, standard))) if seats.checked_mul(standard) == Some(yuan) => "explain_money_seats",
        (Some(_), _) => "explain_money_amount",
    };
    let of_money = [
        ("seats", number(money.seats)),
        ("standard", number(money.standard)),
        ("amount", number(money.amount)),
        ("yuan", number(money.yuan)),
        ("from", s.money_from_yuan.to_string()),
        ("to", s.money_to_yuan.to_string()),
        ("most", times(s.money_max_permille)),
        ("m", s.money_permille.to_string()),
    ];
    let floor = [("lambda", s.lambda_permille.to_string()), ("sum", s.score_sum.to_string()), ("result", s.floor_part.to_string())];
    let rest = 1000 - s.lambda_permille;
    let own = [("rest", rest.to_string()), ("n", s.units.to_string()), ("s", s.score.to_string()), ("result", s.own_part.to_string())];
    let quotient = [
        ("m", s.money_permille.to_string()),
        ("floor", s.floor_part.to_string()),
        ("own", s.own_part.to_string()),
        ("n", s.units.to_string()),
        ("max", s.score_max.to_string()),
        ("product", s.product.to_string()),
        ("divisor", s.divisor.to_string()),
        ("quotient", s.quotient.to_string()),
    ];
    let bounds = [("most", s.size_max.to_string()), ("size", s.size.to_string())];
    vec![
        i18n::say(lang, code, &of_money),
        i18n::say(lang, "explain_floor", &floor),
        i18n::say(lang, "explain_own", &own),
        i18n::say(lang, "explain_quotient", &quotient),
        i18n::say(lang, "explain_bounds", &bounds),
    ]
}
