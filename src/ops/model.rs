//! Risk models（评分卡）: proposed by one person, approved by another, withdrawn, and which one is in force.
//!
//! Nothing is overwritten: every proposal, approval and withdrawal is a further row. None of them has a log leaf; what the
//! log knows of a model is its hash in each plan.

use super::Office;
use super::application::{note, person};
use super::receive::squeeze;
use super::rules::Rules;
use crate::canon::{Date, Hash, Refusal, Result, Time, code::clip};
use crate::scoring::Scorecard;
use crate::scoring::diff::differences;
use crate::store;
use crate::store::model::{ModelAct, StoredModel};
use serde::Serialize;
use sqlx::AnyConnection;

pub use crate::scoring::diff::Difference;

/// The model that comes with the program; a new folder begins with its proposal.
pub const SHIPPED: &str = include_str!("../../models/scorecard-2026.2.toml");
/// Who proposes it: the program, so any person may approve it.
pub const PROGRAM: &str = "mingchou";

/// Whom an approver acts for.
pub const ROLES: [&str; 2] = ["bureau", "discipline"];

/// Where a model stands by what was decided last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Proposed,
    Approved,
    Withdrawn,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A model with all that was decided on it.
#[derive(Clone, Debug, Serialize)]
pub struct ModelView {
    pub name: String,
    pub sha256: Hash,
    pub valid_from: Date,
    pub valid_until: Date,
    pub state: State,
    pub is_in_force: bool,
    pub is_expired: bool,
    pub acts: Vec<ActView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ActView {
    pub act: String,
    pub by: String,
    pub role: Option<String>,
    pub at: Time,
    pub note: Option<String>,
}

/// Which model scores were made by.
#[derive(Clone, Debug, Serialize)]
pub struct ScoredBy {
    pub name: String,
    pub sha256: Hash,
    pub is_in_force: bool,
}

/// A model that was asked for by its name, or one in a file that nobody has proposed.
pub struct Shown {
    pub view: Option<ModelView>,
    pub card: Scorecard,
    /// The file as it was proposed, with its comments.
    pub source: String,
}

/// All models and all acts, as the store has them at one moment.
struct Models {
    stored: Vec<StoredModel>,
    acts: Vec<ModelAct>,
}

impl Models {
    async fn load(connection: &mut AnyConnection) -> Result<Self> {
        Ok(Self { stored: store::model::list(connection).await?, acts: store::model::list_acts(connection).await? })
    }

    fn get(&self, name: &str) -> Result<&StoredModel> {
        self.stored.iter().find(|model| model.name == name).ok_or_else(|| Refusal::new("model_unknown").with("model", clip(name)))
    }

    fn acts_of(&self, model: &StoredModel) -> impl DoubleEndedIterator<Item = &ModelAct> {
        self.acts.iter().filter(move |act| act.sha256 == model.sha256)
    }

    fn state(&self, model: &StoredModel) -> State {
        match self.acts_of(model).next_back().map(|act| act.act.as_str()) {
            Some("approved") => State::Approved,
            Some("withdrawn") => State::Withdrawn,
            _ => State::Proposed,
        }
    }

    /// The approval that decides on a day: the last one of a model that has begun by then. One that never began because
    /// it was withdrawn before decides nothing; one withdrawn later does, for going back is a new approval.
    fn decisive(&self, on: Date) -> Option<(&StoredModel, Option<&ModelAct>)> {
        self.acts.iter().rev().filter(|act| act.act == "approved").find_map(|approval| {
            let model = self.stored.iter().find(|model| model.sha256 == approval.sha256 && model.valid_from <= on)?;
            let withdrawal = self.acts_of(model).find(|act| act.act == "withdrawn" && act.number > approval.number);
            let never_began = withdrawal.is_some_and(|act| act.at.date() < model.valid_from);
            (!never_began).then_some((model, withdrawal))
        })
    }

    fn in_force(&self, on: Date) -> Result<&StoredModel> {
        match self.decisive(on) {
            Some((model, Some(_))) => Err(Refusal::new("model_withdrawn").with("model", &model.name)),
            Some((model, None)) if model.valid_until < on => Err(Refusal::new("model_expired").with("model", &model.name).with("date", on)),
            Some((model, None)) => Ok(model),
            None => Err(match self.newest_proposal() {
                Some(model) => Refusal::new("model_not_approved").with("model", &model.name),
                None => Refusal::new("model_none").with("date", on),
            }),
        }
    }

    /// What was proposed last and still waits for a decision.
    fn newest_proposal(&self) -> Option<&StoredModel> {
        let proposals = self.acts.iter().rev().filter(|act| act.act == "proposed");
        let mut models = proposals.filter_map(|act| self.stored.iter().find(|model| model.sha256 == act.sha256));
        models.find(|model| self.state(model) == State::Proposed)
    }

    fn view(&self, model: &StoredModel, on: Date) -> ModelView {
        let act = |act: &ModelAct| ActView { act: act.act.clone(), by: act.by.clone(), role: act.role.clone(), at: act.at, note: act.note.clone() };
        ModelView {
            name: model.name.clone(),
            sha256: model.sha256,
            valid_from: model.valid_from,
            valid_until: model.valid_until,
            state: self.state(model),
            is_in_force: self.in_force(on).is_ok_and(|found| found.sha256 == model.sha256),
            is_expired: model.valid_until < on,
            acts: self.acts_of(model).map(act).collect(),
        }
    }
}

/// The model of a stored row; one that was altered in the database is refused.
fn read(model: &StoredModel) -> Result<Scorecard> {
    let card = Scorecard::parse(&model.source)?;
    if card.hash() == model.sha256 && Hash::of(model.record.as_bytes()) == model.sha256 && card.name.as_str() == model.name {
        return Ok(card);
    }
    Err(Refusal::new("model_altered").with("model", &model.name).with("expected", model.sha256).with("found", card.hash()))
}

/// The model that a freeze on this day uses; refuses by name one that expired, was withdrawn, or was never approved.
pub async fn in_force(connection: &mut AnyConnection, on: Date) -> Result<Scorecard> {
    read(Models::load(connection).await?.in_force(on)?)
}

/// The model in force, else the newest proposal, so that scores can be looked at before anyone approves; whether it is in
/// force.
pub async fn to_score(connection: &mut AnyConnection, on: Date) -> Result<(Scorecard, bool)> {
    let models = Models::load(connection).await?;
    match (models.in_force(on), models.newest_proposal()) {
        (Ok(model), _) => Ok((read(model)?, true)),
        (Err(refusal), Some(model)) if refusal.code == "model_not_approved" => Ok((read(model)?, false)),
        (Err(refusal), _) => Err(refusal),
    }
}

/// The model that scores are made by today, before anything is frozen.
pub async fn scored_by(office: &Office) -> Result<ScoredBy> {
    let (card, is_in_force) = to_score(&mut *office.store.read().await?, office.clock.now().date()).await?;
    Ok(ScoredBy { name: card.name.to_string(), sha256: card.hash(), is_in_force })
}

/// The very model that a plan names.
pub async fn of_plan(connection: &mut AnyConnection, name: &str, sha256: Hash) -> Result<Scorecard> {
    let models = Models::load(connection).await?;
    let model = models.stored.iter().find(|model| model.sha256 == sha256);
    read(model.ok_or_else(|| Refusal::new("model_not_kept").with("model", name).with("sha256", sha256))?)
}

/// Proposes the model of a file. The same one again changes nothing, unless it was withdrawn.
///
/// Model and proposal are one transaction: a crash leaves both or neither.
pub async fn propose(office: &Office, text: &str, by: &str, why: Option<&str>) -> Result<(ModelView, bool)> {
    let (by, why, now) = (person(by)?, note(why)?, office.clock.now());
    let card = Scorecard::parse(text)?;
    let mut transaction = office.store.begin().await?;
    let models = Models::load(&mut transaction).await?;
    let known = models.stored.iter().find(|model| model.sha256 == card.hash());
    let is_new = known.is_none_or(|model| models.state(model) == State::Withdrawn);
    if let Some(other) = models.stored.iter().find(|model| model.name == card.name.as_str() && model.sha256 != card.hash()) {
        return Err(Refusal::new("model_name_taken").with("model", &other.name).with("sha256", other.sha256));
    }
    if is_new {
        add_proposal(&mut transaction, &card, text, &by, why, now, known.is_none()).await?;
    }
    let models = Models::load(&mut transaction).await?;
    let view = models.view(models.get(card.name.as_str())?, now.date());
    transaction.commit().await.map_err(store::failed)?;
    Ok((view, is_new))
}

async fn add_proposal(
    connection: &mut AnyConnection,
    card: &Scorecard,
    text: &str,
    by: &str,
    note: Option<String>,
    at: Time,
    is_unknown: bool,
) -> Result<()> {
    if is_unknown {
        let stored = StoredModel {
            sha256: card.hash(),
            name: card.name.to_string(),
            valid_from: card.valid_from,
            valid_until: card.valid_until,
            record: card.record().to_owned(),
            source: text.to_owned(),
        };
        store::model::add(connection, &stored).await?;
    }
    let act = ModelAct { number: 0, sha256: card.hash(), act: "proposed".to_owned(), by: by.to_owned(), role: None, at, note };
    store::model::add_act(connection, &act).await
}

/// Proposes the first model of a folder that has none: the one given, else the program's own.
pub async fn propose_first(connection: &mut AnyConnection, text: Option<&str>, at: Time) -> Result<()> {
    if store::model::count(connection).await? > 0 {
        return Ok(());
    }
    // A model of an older folder that can't be read any more is no reason to have none.
    let given = text.and_then(|text| Scorecard::parse(text).ok().map(|card| (text, card)));
    let (text, card) = given.map_or_else(|| Scorecard::parse(SHIPPED).map(|card| (SHIPPED, card)), Ok)?;
    add_proposal(connection, &card, text, PROGRAM, None, at, true).await
}

/// Approves a model, from this moment until another one is. The same person's same approval again changes nothing.
///
/// Refuses who proposed it, a model withdrawn or expired, and, where the city chose so, who isn't of the discipline group.
/// One row in one transaction: a crash leaves it there wholly or not at all.
pub async fn approve(office: &Office, name: &str, by: &str, role: &str, why: Option<&str>) -> Result<(ModelView, bool)> {
    let (by, why, now) = (person(by)?, note(why)?, office.clock.now());
    if !ROLES.contains(&role) {
        return Err(Refusal::new("model_role").with("found", clip(role)));
    }
    let mut transaction = office.store.begin().await?;
    let models = Models::load(&mut transaction).await?;
    let model = models.get(name)?;
    let proposal = models.acts_of(model).rfind(|act| act.act == "proposed");
    if proposal.is_some_and(|proposal| squeeze(&proposal.by) == squeeze(&by)) {
        return Err(Refusal::new("model_same_person").with("model", name).with("person", &by));
    }
    if models.state(model) == State::Withdrawn {
        return Err(Refusal::new("model_withdrawn").with("model", name));
    }
    if model.valid_until < now.date() {
        return Err(Refusal::new("model_expired").with("model", name).with("date", now.date()));
    }
    if role != "discipline" && Rules::load(&mut transaction).await?.is_model_for_discipline {
        return Err(Refusal::new("model_approver_role").with("model", name));
    }
    read(model)?;
    let last = models.acts.iter().rfind(|act| act.act == "approved");
    let is_by_same = |act: &&ModelAct| squeeze(&act.by) == squeeze(&by) && act.role.as_deref() == Some(role);
    // Withdrawn and proposed again in between, the same approval is another one.
    let is_same = models.state(model) == State::Approved && last.filter(is_by_same).is_some_and(|act| act.sha256 == model.sha256);
    let sha256 = model.sha256;
    if !is_same {
        let act = ModelAct { number: 0, sha256, act: "approved".to_owned(), by, role: Some(role.to_owned()), at: now, note: why };
        store::model::add_act(&mut transaction, &act).await?;
    }
    let models = Models::load(&mut transaction).await?;
    let view = models.view(models.get(name)?, now.date());
    transaction.commit().await.map_err(store::failed)?;
    Ok((view, !is_same))
}

/// Withdraws a proposal or an approval. Nothing takes its place: going back to an older model is a new approval.
///
/// One row in one transaction: a crash leaves it there wholly or not at all.
pub async fn withdraw(office: &Office, name: &str, by: &str, why: Option<&str>) -> Result<(ModelView, bool)> {
    let (by, why, now) = (person(by)?, note(why)?, office.clock.now());
    let mut transaction = office.store.begin().await?;
    let models = Models::load(&mut transaction).await?;
    let model = models.get(name)?;
    let is_new = models.state(model) != State::Withdrawn;
    if is_new {
        let act = ModelAct { number: 0, sha256: model.sha256, act: "withdrawn".to_owned(), by, role: None, at: now, note: why };
        store::model::add_act(&mut transaction, &act).await?;
    }
    let models = Models::load(&mut transaction).await?;
    let view = models.view(models.get(name)?, now.date());
    transaction.commit().await.map_err(store::failed)?;
    Ok((view, is_new))
}

/// All models, by name.
pub async fn list(office: &Office) -> Result<Vec<ModelView>> {
    let models = Models::load(&mut *office.store.read().await?).await?;
    Ok(models.stored.iter().map(|model| models.view(model, office.clock.now().date())).collect())
}

/// The model of that name.
pub async fn show(office: &Office, name: &str) -> Result<Shown> {
    let models = Models::load(&mut *office.store.read().await?).await?;
    let model = models.get(name)?;
    Ok(Shown { view: Some(models.view(model, office.clock.now().date())), card: read(model)?, source: model.source.clone() })
}

/// The model that comes with the program.
pub fn shipped() -> Result<Scorecard> {
    Scorecard::parse(SHIPPED)
}

/// The model of a file's text.
pub fn parse_file(text: &str) -> Result<Scorecard> {
    Scorecard::parse(text)
}

/// A model in a file, which need not have been proposed.
pub fn show_file(text: &str) -> Result<Shown> {
    Ok(Shown { view: None, card: Scorecard::parse(text)?, source: text.to_owned() })
}

/// What the second model would do otherwise than the first.
pub fn diff(before: &Shown, after: &Shown) -> Vec<Difference> {
    differences(&before.card, &after.card)
}
