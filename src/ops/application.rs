//! Applications（开班申报、资料核查、班期审核）: a dossier per class, and what people add to it.
//!
//! Nothing in a dossier is overwritten: a paper sent back, a check ticked again, another decision are further rows.
//! Nothing of a trainee is kept here. Applications have no log leaf: the protocol knows none.

pub mod catalogue;
pub mod computed;
pub mod import;
pub mod view;

use super::Office;
use super::rules::Rules;
use crate::canon::{Code, Date, Refusal, Result, Time, code::clip};
use crate::domain::{Level, PlanRow, mask_inside};
use crate::store;
use crate::store::application as kept;
use crate::store::application::{Added, Application};
use catalogue::Catalogue;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

/// What is known of a class applied for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    pub institution: Option<String>,
    pub uscc: Option<String>,
    pub class_name: Option<String>,
    pub class_code: Option<String>,
    pub occupation: Option<String>,
    pub level: Option<Level>,
    pub training_type: Option<String>,
    pub applied_on: Option<Date>,
    pub reviewed_on: Option<Date>,
    pub opens_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub hours: Option<i64>,
    pub planned: Option<i64>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == text)
            }
        }
    };
}

words!(
    /// Where a paper is.
    PaperState { Missing = "missing", Received = "received", SentBack = "sent_back" }
);
words!(
    /// How a check came out.
    Outcome { Pass = "pass", Fail = "fail", Pending = "pending", Unknown = "unknown", NotApplicable = "not_applicable" }
);
words!(
    Decision {
        PapersPassed = "papers_passed",
        PapersSentBack = "papers_sent_back",
        Approved = "approved",
        Refused = "refused",
        Withdrawn = "withdrawn",
    }
);
words!(
    /// Where a dossier stands: its last decision, or that there is none yet.
    State {
        Received = "received",
        PapersPassed = "papers_passed",
        PapersSentBack = "papers_sent_back",
        Approved = "approved",
        Refused = "refused",
        Withdrawn = "withdrawn",
    }
);

impl Decision {
    /// Whether it may follow where the dossier stands. What was refused or withdrawn may be taken up again.
    pub fn may_follow(self, state: State) -> bool {
        match state {
            State::Received | State::PapersSentBack => matches!(self, Self::PapersPassed | Self::PapersSentBack | Self::Withdrawn),
            State::PapersPassed => self != Self::PapersPassed,
            State::Approved => matches!(self, Self::Refused | Self::Withdrawn),
            State::Refused | State::Withdrawn => matches!(self, Self::PapersPassed | Self::PapersSentBack),
        }
    }

    /// Whether it needs reasons whatever the checks say: what goes against the institution, or turns back a decision.
    fn needs_reasons(self, state: State) -> bool {
        let turns_back = matches!(state, State::Approved | State::Refused | State::Withdrawn);
        turns_back || matches!(self, Self::PapersSentBack | Self::Refused | Self::Withdrawn)
    }
}

/// A dossier with all its rows.
#[derive(Clone, Debug)]
pub struct Dossier {
    pub application: Application,
    pub facts: Facts,
    pub fact_rows: Vec<Added<kept::Fact>>,
    pub papers: Vec<Added<kept::Paper>>,
    pub checks: Vec<Added<kept::Check>>,
    pub decisions: Vec<Added<kept::Decision>>,
    pub plans: Vec<Added<kept::Plan>>,
}

impl Dossier {
    pub fn state(&self) -> State {
        self.decisions.last().and_then(|last| State::parse(&last.row.decision)).unwrap_or(State::Received)
    }

    /// The last row about a paper.
    pub fn paper(&self, code: &str) -> Option<&Added<kept::Paper>> {
        self.papers.iter().rfind(|row| row.row.paper == code)
    }

    pub fn paper_state(&self, code: &str) -> PaperState {
        self.paper(code).and_then(|row| PaperState::parse(&row.row.state)).unwrap_or(PaperState::Missing)
    }

    /// The last time a person ticked a check.
    pub fn ticked(&self, code: &str) -> Option<&Added<kept::Check>> {
        self.checks.iter().rfind(|row| row.row.kind == "ticked" && row.row.code == code)
    }

    /// The teaching plan in force.
    pub fn plan(&self) -> Result<Vec<PlanRow>> {
        self.plans.last().map_or_else(|| Ok(Vec::new()), |plan| record(&plan.row.record))
    }
}

/// Reads back what this office wrote down.
pub fn record<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Refusal::new("store_failed").with("reason", error))
}

pub fn to_text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Refusal::new("store_failed").with("reason", error))
}

/// Who does something: a name, never nobody.
pub fn person(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::new("person_missing"));
    }
    if name.chars().count() > 40 || name.chars().any(char::is_control) {
        return Err(Refusal::new("person_malformed").with("name", clip(name)));
    }
    Ok(mask_inside(name))
}

/// A note or a reason; a number of a person that strayed into it is hidden.
pub fn note(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > 500 || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Refusal::new("note_malformed").with("value", clip(text)));
    }
    Ok(Some(mask_inside(text)))
}

/// The dossier of that code, or of the class of that unit code, with all its rows.
pub async fn get(connection: &mut AnyConnection, code: &Code) -> Result<Dossier> {
    let application = kept::find(connection, code).await?;
    let application = application.ok_or_else(|| Refusal::new("application_unknown").with("dossier", code))?;
    let dossier = Some(&application.dossier);
    let fact_rows: Vec<Added<kept::Fact>> = kept::entries(connection, dossier).await?;
    Ok(Dossier {
        facts: fact_rows.last().map_or_else(|| Ok(Facts::default()), |last| record(&last.row.record))?,
        papers: kept::entries(connection, dossier).await?,
        checks: kept::entries(connection, dossier).await?,
        decisions: kept::entries(connection, dossier).await?,
        plans: kept::entries(connection, dossier).await?,
        fact_rows,
        application,
    })
}

/// Writes down where papers are; the same again changes nothing. Answers how many rows were added.
///
/// All papers in one transaction: a crash leaves all or none.
pub async fn record_paper(office: &Office, code: &Code, papers: &[String], state: PaperState, by: &str, remark: Option<&str>) -> Result<usize> {
    let (by, remark) = (person(by)?, note(remark)?);
    let catalogue = Catalogue::of(office)?;
    let papers = catalogue.chosen(papers)?;
    if state == PaperState::SentBack && remark.is_none() {
        return Err(Refusal::new("application_no_reason").with("decision", "@paper_sent_back"));
    }
    let mut transaction = office.store.begin().await?;
    let dossier = get(&mut transaction, code).await?;
    refuse_closed(&dossier)?;
    if dossier.state() == State::PapersPassed && state != PaperState::Received {
        // The papers as a whole have passed: they are sent back as a whole, by a decision.
        return Err(Refusal::new("application_papers_passed").with("dossier", &dossier.application.dossier));
    }
    let mut added = 0;
    for paper in papers {
        let row = kept::Paper { paper, state: state.as_str().to_owned(), by: by.clone(), note: remark.clone() };
        let is_same = dossier.paper(&row.paper).is_some_and(|last| last.row == row);
        let is_nothing = state == PaperState::Missing && remark.is_none() && dossier.paper(&row.paper).is_none();
        if !is_same && !is_nothing {
            kept::add(&mut transaction, &dossier.application.dossier, office.clock.now(), &row).await?;
            added += 1;
        }
    }
    transaction.commit().await.map_err(store::failed)?;
    Ok(added)
}

/// Writes down how a check came out that a person made. One row, one transaction.
pub async fn record_check(office: &Office, code: &Code, check: &str, outcome: Outcome, by: &str, remark: Option<&str>) -> Result<bool> {
    let (by, remark) = (person(by)?, note(remark)?);
    Catalogue::of(office)?.require_check(check)?;
    if outcome == Outcome::Fail && remark.is_none() {
        return Err(Refusal::new("application_no_reason").with("decision", "@outcome_fail"));
    }
    let mut transaction = office.store.begin().await?;
    let dossier = get(&mut transaction, code).await?;
    refuse_closed(&dossier)?;
    let row = kept::Check {
        code: check.to_owned(),
        kind: "ticked".to_owned(),
        outcome: outcome.as_str().to_owned(),
        numbers: "{}".to_owned(),
        by: Some(by),
        note: remark,
    };
    if dossier.ticked(check).is_some_and(|last| last.row == row) {
        return Ok(false);
    }
    kept::add(&mut transaction, &dossier.application.dossier, office.clock.now(), &row).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

/// Keeps a class's teaching plan as it was read. The same document again changes nothing.
pub async fn record_plan(office: &Office, code: &Code, file: &super::receive::HandedIn, by: &str) -> Result<usize> {
    let by = person(by)?;
    let mut transaction = office.store.begin().await?;
    let dossier = get(&mut transaction, code).await?;
    refuse_closed(&dossier)?;
    let rows = import::read_plan(office, &mut transaction, file, &dossier).await?;
    let row = kept::Plan { sha256: crate::canon::Hash::of(&file.bytes).to_string(), file_name: mask_inside(&file.name), by, record: to_text(&rows)? };
    if dossier.plans.last().is_none_or(|last| last.row.record != row.record) {
        kept::add(&mut transaction, &dossier.application.dossier, office.clock.now(), &row).await?;
        transaction.commit().await.map_err(store::failed)?;
    }
    Ok(rows.len())
}

fn refuse_closed(dossier: &Dossier) -> Result<()> {
    match dossier.state() {
        state @ (State::Refused | State::Withdrawn) => {
            Err(Refusal::new("application_closed").with("dossier", &dossier.application.dossier).with("state", word(state)))
        }
        _ => Ok(()),
    }
}

fn word(state: State) -> String {
    format!("@state_{}", state.as_str())
}

/// Decides. What was computed at that moment is kept beside the decision, so that its grounds can be seen later.
///
/// One transaction: a crash leaves the decision with its grounds, or neither.
pub async fn decide(office: &Office, code: &Code, decision: Decision, on: Option<Date>, by: &str, reasons: Option<&str>) -> Result<bool> {
    let row = kept::Decision { decision: decision.as_str().to_owned(), stated_on: on, by: person(by)?, reasons: note(reasons)? };
    let catalogue = Catalogue::of(office)?;
    let now = office.clock.now();
    let mut transaction = office.store.begin().await?;
    let dossier = get(&mut transaction, code).await?;
    if dossier.decisions.last().is_some_and(|last| last.row == row) {
        return Ok(false);
    }
    let rules = Rules::load(&mut transaction).await?;
    let lessons = import::lessons_of(office, &mut transaction, &dossier).await?;
    let basis = computed::Basis { calendar: &office.calendar, rules: &rules, catalogue: &catalogue, dossier: &dossier, now, lessons: Some(&lessons) };
    let found = computed::compute(&basis)?;
    refuse_order(&dossier, decision)?;
    refuse_day(&dossier, on, now)?;
    refuse_papers(&dossier, &catalogue, decision)?;
    refuse_unreasoned(&dossier, decision, row.reasons.as_deref(), &found)?;
    for computed in &found {
        let check = computed.to_row()?;
        let before = dossier.checks.iter().rfind(|row| row.row.kind == "computed" && row.row.code == check.code);
        if before.is_none_or(|before| before.row != check) {
            kept::add(&mut transaction, &dossier.application.dossier, now, &check).await?;
        }
    }
    kept::add(&mut transaction, &dossier.application.dossier, now, &row).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

fn refuse_order(dossier: &Dossier, decision: Decision) -> Result<()> {
    let state = dossier.state();
    if decision.may_follow(state) {
        return Ok(());
    }
    let is_early = matches!(decision, Decision::Approved | Decision::Refused) && matches!(state, State::Received | State::PapersSentBack);
    let refusal = Refusal::new(if is_early { "application_before_papers" } else { "application_order" });
    Err(refusal.with("dossier", &dossier.application.dossier).with("state", word(state)).with("decision", format!("@decision_{}", decision.as_str())))
}

/// A stated day lies neither in the future nor before the decision before.
fn refuse_day(dossier: &Dossier, on: Option<Date>, now: Time) -> Result<()> {
    let Some(on) = on else { return Ok(()) };
    if on > now.date() {
        return Err(Refusal::new("application_future").with("on", on).with("today", now.date()));
    }
    match dossier.decisions.last().map(|last| last.row.stated_on.unwrap_or(last.at.date())) {
        Some(last) if on < last => Err(Refusal::new("application_earlier").with("on", on).with("last", last)),
        _ => Ok(()),
    }
}

fn refuse_papers(dossier: &Dossier, catalogue: &Catalogue, decision: Decision) -> Result<()> {
    if decision != Decision::PapersPassed {
        return Ok(());
    }
    let lacking = catalogue.required().filter(|paper| dossier.paper_state(&paper.code) != PaperState::Received);
    let lacking: Vec<String> = lacking.map(|paper| format!("{} {}", paper.name_zh, paper.code)).collect();
    if lacking.is_empty() { Ok(()) } else { Err(Refusal::new("application_papers_missing").with("papers", lacking.join("、"))) }
}

/// Reasons are needed where the decision goes against somebody, or passes over what a check found.
fn refuse_unreasoned(dossier: &Dossier, decision: Decision, reasons: Option<&str>, found: &[computed::Computed]) -> Result<()> {
    if reasons.is_some() {
        return Ok(());
    }
    if decision.needs_reasons(dossier.state()) {
        return Err(Refusal::new("application_no_reason").with("decision", format!("@decision_{}", decision.as_str())));
    }
    let failed = found.iter().filter(|check| check.outcome == Outcome::Fail && !check.is_advisory && check.code != "papers_complete");
    let mut codes: Vec<String> = failed.map(|check| check.code.to_owned()).collect();
    let ticked: std::collections::BTreeSet<&str> =
        dossier.checks.iter().filter(|row| row.row.kind == "ticked").map(|row| row.row.code.as_str()).collect();
    codes.extend(ticked.into_iter().filter(|code| dossier.ticked(code).is_some_and(|row| row.row.outcome == "fail")).map(str::to_owned));
    match codes.as_slice() {
        [] => Ok(()),
        _ => Err(Refusal::new("application_checks_failed").with("checks", codes.join("、"))),
    }
}
