//! The ceremony: the one step at hand for whoever looks, what is frozen, what each party has done.
//!
//! Acts are made and signed in the browser (`assets/ceremony.js`) or on the command line; either way a signed act comes
//! in by the same form, and `ops::pending` judges it.

use super::frame::{Ctx, show};
use crate::canon::{Code, Refusal, Time, Week};
use crate::domain::Role;
use crate::http::guard::{Act, Caller, Draw, Right, SeeCeremony};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n::{self, Lang};
use crate::ops::account::Person;
use crate::ops::hall::{FrozenWeek, Hall, hall};
use crate::ops::notice::{Notice, public_notice};
use crate::ops::pending::{self, Handed, Pending};
use crate::ops::{self, DrawName};
use crate::tlog::SignedAct;
use askama::Template;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/ceremony", current).get("/ceremony/{week}", page).post("/ceremony/{week}/act", hand_in);
    let routes = routes.post("/ceremony/{week}/draw", draw).post("/ceremony/{week}/withdraw/{act}", withdraw);
    let routes = routes.get("/ceremony/{week}/slip.json", slip).get("/ceremony/{week}/pending/{act}", pending_file);
    routes.get("/ceremony/{week}/notice.txt", notice_file)
}

/// The steps in their order, with the states in which each is the one at hand.
const STEPS: [(&str, &[&str]); 6] = [
    ("cer_step_freeze", &["open", "voided"]),
    ("cer_step_commit", &["frozen"]),
    ("cer_step_entropy", &["committed"]),
    ("cer_step_reveal", &["entropy"]),
    ("cer_step_draw", &["revealed"]),
    ("cer_step_list", &["drawn", "published"]),
];

#[derive(Template)]
#[template(path = "ceremony.html")]
struct CeremonyPage {
    ctx: Ctx,
    week: Week,
    hall: Hall,
    notice: Option<Notice>,
    /// The party that the caller acts for; none for those who only watch.
    own: Option<&'static str>,
    task: &'static str,
    refusal: Option<String>,
    done: Option<&'static str>,
}

impl CeremonyPage {
    /// A form's address under this week's page.
    fn to(&self, end: &str) -> String {
        self.ctx.form(&format!("/ceremony/{}/{end}", self.week))
    }

    fn steps(&self) -> Vec<(&'static str, &'static str)> {
        let at = STEPS.iter().position(|(_, states)| states.contains(&self.hall.state)).unwrap_or(0);
        let is_over = matches!(self.hall.state, "drawn" | "published");
        let state = |index: usize| {
            if index < at || is_over {
                "done"
            } else if index == at {
                "now"
            } else {
                "later"
            }
        };
        STEPS.iter().enumerate().map(|(index, (word, _))| (*word, state(index))).collect()
    }

    fn own_key(&self) -> String {
        self.own.and_then(|own| self.hall.keys.get(own)).map(ToString::to_string).unwrap_or_default()
    }

    fn key_of(&self, party: &str) -> String {
        self.hall.keys.get(party).map_or_else(|| "—".to_owned(), ToString::to_string)
    }

    fn own_commitment(&self) -> String {
        let own = self.own.and_then(|own| self.hall.party(own));
        own.and_then(|party| party.commitment.as_ref()).map(|(value, _)| value.clone()).unwrap_or_default()
    }

    /// Codes of the parties that lack something.
    fn lacking(&self, what: &str) -> String {
        let parties = self.hall.frozen.iter().flat_map(|frozen| &frozen.parties);
        let lacks = |party: &&ops::hall::PartyDone| if what == "commitment" { party.commitment.is_none() } else { party.revealed_at.is_none() };
        parties.filter(lacks).map(|party| party.party.as_str()).collect::<Vec<_>>().join(",")
    }

    /// The other party that hasn't revealed, whose envelope the caller keeps.
    fn withheld(&self) -> Option<(&str, String)> {
        let parties = &self.hall.frozen.as_ref()?.parties;
        let other = parties.iter().find(|party| Some(party.party.as_str()) != self.own && party.revealed_at.is_none())?;
        Some((&other.party, other.commitment.as_ref()?.0.clone()))
    }

    /// What others signed and the caller hasn't, but for public values, which everyone types by itself.
    fn to_cosign(&self) -> Vec<&Pending> {
        let Some(own) = self.own else { return Vec::new() };
        let all = self.pending();
        let is_mine = |other: &Pending| all.iter().any(|mine| mine.party == own && mine.signed.act == other.signed.act);
        all.iter().filter(|other| other.party != own && other.signed.act.kind() != "entropy" && !is_mine(other)).collect()
    }

    fn own_pending(&self) -> Vec<&Pending> {
        self.pending().iter().filter(|pending| Some(pending.party.as_str()) == self.own).collect()
    }

    fn pending(&self) -> &[Pending] {
        self.hall.frozen.as_ref().map_or(&[], |frozen| &frozen.pending)
    }

    /// Public values as typed so far, for whoever has typed one.
    fn typed(&self) -> Vec<(String, String)> {
        let typed = self.pending().iter().filter(|pending| pending.signed.act.kind() == "entropy");
        typed.map(|pending| (party_name(self.ctx.lang, &pending.party), entropy_of(pending))).collect()
    }

    fn can_void(&self) -> bool {
        self.own.is_some() && matches!(self.hall.state, "frozen" | "committed" | "drawn")
    }

    fn bare(&self, pending: &Pending) -> String {
        bare(&pending.signed)
    }

    fn say_act(&self, signed: &SignedAct) -> Vec<String> {
        words_of(self.ctx.lang, signed)
    }

    fn words(&self) -> Vec<(&'static str, &'static str)> {
        script_words(self.ctx.lang)
    }

    fn party(&self, party: &str) -> String {
        party_name(self.ctx.lang, party)
    }

    fn when(&self, time: &Time) -> String {
        when(time)
    }

    /// A sentence about the public draw that is named.
    fn public_draw(&self, code: &str, frozen: &FrozenWeek) -> String {
        let named = &frozen.plan.entropy;
        let source = format!("@source_{}", named.source);
        self.ctx.say_all(code, &[("source", source), ("draw", named.draw.clone()), ("at", when(&named.after))])
    }

    /// The draw as the sheet for the envelope names it.
    fn draw_name(&self, frozen: &FrozenWeek) -> String {
        let attempt = self.ctx.say("cer_attempt", "attempt", frozen.plan.attempt);
        format!("{} {} {attempt}", frozen.plan.period, self.ctx.t("draw_weekly"))
    }
}

fn entropy_of(pending: &Pending) -> String {
    match &pending.signed.act {
        crate::tlog::Act::Entropy { text, .. } => text.splitn(3, '/').nth(2).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// An act's file without anybody's signature.
pub fn bare(signed: &SignedAct) -> String {
    SignedAct { signatures: std::collections::BTreeMap::new(), ..signed.clone() }.to_text()
}

/// What an act says, in sentences.
pub fn words_of(lang: Lang, signed: &SignedAct) -> Vec<String> {
    pending::describe(signed).iter().map(|(code, values)| i18n::say(lang, code, values)).collect()
}

/// Every sentence that the script may say.
pub fn script_words(lang: Lang) -> Vec<(&'static str, &'static str)> {
    let ours = i18n::TABLES.iter().flat_map(|table| table.iter());
    let is_scripts = |code: &str| {
        code.starts_with("js_")
            || matches!(
                code,
                "sign_key" | "sign_commitment" | "sign_entropy" | "sign_reveal" | "sign_envelope" | "sign_void" | "party_bureau" | "party_discipline"
            )
    };
    ours.filter(|(code, _, _)| is_scripts(code)).map(|(code, zh, en)| (*code, if lang == Lang::Zh { *zh } else { *en })).collect()
}

pub fn party_name(lang: Lang, party: &str) -> String {
    match i18n::phrase(lang, &format!("party_{party}")) {
        "" => party.to_owned(),
        name => name.to_owned(),
    }
}

/// A time for people.
pub fn when(time: &Time) -> String {
    time.0.format("%Y-%m-%d %H:%M").to_string()
}

/// The party that a person acts for: one role is never both.
pub fn party_of(person: &Person) -> Option<&'static str> {
    [(Role::Bureau, "bureau"), (Role::Discipline, "discipline")].into_iter().find(|(role, _)| person.is(*role)).map(|(_, party)| party)
}

/// What the caller does next.
fn task(hall: &Hall, own: Option<&str>) -> &'static str {
    let Some(own) = own else { return "watch" };
    if !hall.keys.contains_key(own) {
        return "key";
    }
    let is_bureau = own == "bureau";
    let Some(frozen) = &hall.frozen else {
        let is_due = hall.deadline.is_none_or(|deadline| hall.now >= deadline);
        return if !is_due {
            "wait_deadline"
        } else if is_bureau {
            "freeze"
        } else {
            "wait_freeze"
        };
    };
    let is_known = hall.now >= frozen.plan.entropy.after;
    let mine = hall.party(own);
    match hall.state {
        "voided" => {
            if is_bureau {
                "freeze"
            } else {
                "wait_freeze"
            }
        }
        "frozen" if is_known => "late",
        "frozen" => {
            if mine.is_some_and(|party| party.commitment.is_some()) {
                "wait_commit"
            } else {
                "commit"
            }
        }
        "committed" if !is_known => "wait_entropy",
        "committed" => typed_task(frozen, own),
        "entropy" => {
            if mine.is_some_and(|party| party.revealed_at.is_some()) {
                "wait_reveal"
            } else {
                "reveal"
            }
        }
        "revealed" => "draw",
        "drawn" => "drawn",
        _ => "published",
    }
}

fn typed_task(frozen: &FrozenWeek, own: &str) -> &'static str {
    let mut typed = frozen.pending.iter().filter(|pending| pending.signed.act.kind() == "entropy");
    let Some(mine) = typed.clone().find(|pending| pending.party == own) else { return "entropy" };
    if typed.any(|other| other.signed.act != mine.signed.act) { "entropy_differs" } else { "wait_other_entropy" }
}

pub fn name_of(week: &str) -> Result<DrawName, Failed> {
    Ok(DrawName::weekly(Week::parse(week)?))
}

async fn current(_: Caller<SeeCeremony>, State(app): State<App>) -> Result<Redirect, Failed> {
    let week = ops::hall::current_week(&app.office).await?;
    Ok(Redirect::to(&format!("/ceremony/{week}")))
}

#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn page(caller: Caller<SeeCeremony>, State(app): State<App>, Path(week): Path<String>, Query(query): Query<Done>) -> Result<Response, Failed> {
    let done = ["entered", "known", "waiting", "differs", "withdrawn", "drawn_now"].into_iter().zip([
        "cer_entered",
        "cer_known",
        "cer_waiting",
        "cer_differs",
        "cer_withdrawn",
        "cer_drawn_now",
    ]);
    let done = done.into_iter().find(|(word, _)| *word == query.done).map(|(_, code)| code);
    render(&caller, &app, name_of(&week)?, None, done).await
}

/// The page; with a refusal's sentence where the last step was refused.
async fn render<R: Right>(
    caller: &Caller<R>,
    app: &App,
    name: DrawName,
    refusal: Option<&Refusal>,
    done: Option<&'static str>,
) -> Result<Response, Failed> {
    let hall = hall(&app.office, name).await?;
    let notice = if hall.frozen.is_some() { Some(public_notice(&app.office, name).await?) } else { None };
    let own = party_of(&caller.person);
    let said = refusal.map(|refusal| i18n::say(caller.lang, refusal.code, &refusal.values));
    let task = task(&hall, own);
    let ctx = Ctx { path: format!("/ceremony/{}", name.week), ..caller.ctx() };
    let mut response = show(&CeremonyPage { ctx, week: name.week, hall, notice, own, task, refusal: said, done });
    if refusal.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// Takes signed acts: as text that the page's script made, or as files signed elsewhere.
async fn hand_in(caller: Caller<Act>, State(app): State<App>, Path(week): Path<String>, form: Multipart) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    match take(&caller, &app, form).await {
        Ok(handed) => {
            let word = match handed {
                Handed::Entered(true) => "entered",
                Handed::Entered(false) => "known",
                Handed::Waiting(_) => "waiting",
                Handed::Differs => "differs",
            };
            Ok(Redirect::to(&format!("/ceremony/{}?done={word}", name.week)).into_response())
        }
        Err(Failed(refusal)) => render(&caller, &app, name, Some(&refusal), None).await,
    }
}

async fn take(caller: &Caller<Act>, app: &App, form: Multipart) -> Result<Handed, Failed> {
    let by = party_of(&caller.person).ok_or_else(|| Refusal::new("right_missing"))?;
    let by = Code::parse(by)?;
    let mut handed = None;
    for (_, file, bytes) in parts(form).await? {
        let text = String::from_utf8(bytes).unwrap_or_default();
        if text.trim().is_empty() {
            continue;
        }
        let signed = SignedAct::parse(&text).map_err(|refusal| refusal.with("file", file))?;
        handed = Some(pending::hand_in(&app.office, signed, &by).await?);
    }
    handed.ok_or_else(|| Refusal::new("act_none").into())
}

/// The fields of a form with files: name, file's name, bytes.
pub async fn parts(mut form: Multipart) -> Result<Vec<(String, String, Vec<u8>)>, Failed> {
    let broken = |error: axum::extract::multipart::MultipartError| Refusal::new("upload_malformed").with("reason", error.body_text());
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let (name, file) = (field.name().unwrap_or_default().to_owned(), field.file_name().unwrap_or_default().to_owned());
        parts.push((name, file, field.bytes().await.map_err(broken)?.to_vec()));
    }
    Ok(parts)
}

async fn draw(caller: Caller<Draw>, State(app): State<App>, Path(week): Path<String>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    match ops::ceremony::run_draw(&app.office, name).await {
        Ok(_) => {
            ops::tiles::write_tiles(&app.office).await?;
            Ok(Redirect::to(&format!("/ceremony/{}?done=drawn_now", name.week)).into_response())
        }
        Err(refusal) => render(&caller, &app, name, Some(&refusal), None).await,
    }
}

async fn withdraw(caller: Caller<Act>, State(app): State<App>, Path((week, act)): Path<(String, String)>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let by = party_of(&caller.person).ok_or_else(|| Refusal::new("right_missing"))?;
    pending::withdraw(&app.office, name, &act, &Code::parse(by)?).await?;
    Ok(Redirect::to(&format!("/ceremony/{}?done=withdrawn", name.week)).into_response())
}

/// A file to keep, under a name.
pub fn attachment(name: &str, kind: &'static str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn slip(_: Caller<SeeCeremony>, State(app): State<App>, Path(week): Path<String>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let frozen = hall(&app.office, name).await?.frozen.ok_or_else(|| Refusal::new("not_found"))?;
    Ok(attachment(&format!("slip-{}.json", name.week), "application/json", frozen.slip))
}

/// An act that others signed, without their signatures, to be signed on the command line.
async fn pending_file(caller: Caller<Act>, State(app): State<App>, Path((week, act)): Path<(String, String)>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let own = party_of(&caller.person);
    let waiting = pending::list(&app.office, name).await?;
    // Public values are typed by each party itself.
    let found = waiting.iter().find(|one| one.signed.act.kind() == act && act != "entropy" && Some(one.party.as_str()) != own);
    let found = found.ok_or_else(|| Refusal::new("not_found"))?;
    Ok(attachment(&format!("{act}.act.json"), "application/json", bare(&found.signed)))
}

/// What the public may see now, as text.
async fn notice_file(caller: Caller<SeeCeremony>, State(app): State<App>, Path(week): Path<String>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let notice = public_notice(&app.office, name).await?;
    let mut text = String::new();
    for attempt in &notice.attempts {
        let values = [
            ("attempt", attempt.attempt.to_string()),
            ("plan", attempt.plan.to_string()),
            ("public_draw", attempt.public_draw.clone()),
            ("after", attempt.after.to_string()),
            ("window", attempt.window.clone()),
        ];
        text.push_str(&i18n::say(caller.lang, "notice_attempt", &values));
        text.push('\n');
        for line in &attempt.lines {
            let values = [
                ("leaf", line.leaf.to_string()),
                ("at", line.at.to_string()),
                ("act", format!("@act_{}", line.act)),
                ("party", line.party.clone().unwrap_or_default()),
                ("value", line.value.clone()),
            ];
            text.push_str(&i18n::say(caller.lang, "notice_line", &values));
            text.push('\n');
        }
    }
    text.push_str(&i18n::say(caller.lang, "notice_checkpoint", &[("key", notice.log_key.clone())]));
    text.push('\n');
    text.push_str(&notice.checkpoint);
    Ok(attachment(&format!("notice-{}.txt", name.week), "text/plain; charset=utf-8", text))
}
