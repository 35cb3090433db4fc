//! Risk models: propose, approve, withdraw, list, show, and what one does otherwise than another.

use super::office::Desk;
use super::table::{Table, wrap};
use super::{Exit, Printer};
use crate::canon::Result;
use crate::http::shape;
use crate::i18n;
use crate::ops::model::{ActView, ModelView, Shown};
use crate::ops::office::read_text;
use crate::ops::{self, Office};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub struct ModelArgs {
    #[command(subcommand)]
    pub action: ModelAction,
}

#[derive(Subcommand, Debug)]
pub enum ModelAction {
    Propose {
        #[arg(id = "model_file", value_name = "FILE")]
        file: PathBuf,
        #[arg(long)]
        by: String,
        #[arg(long)]
        note: Option<String>,
        #[arg(long)]
        json: bool,
    },
    Approve {
        #[command(flatten)]
        decision: DecisionArgs,
        #[arg(id = "role", long = "for", value_name = "bureau|discipline", default_value = "bureau", value_parser = ops::model::ROLES)]
        role: String,
    },
    Withdraw(DecisionArgs),
    List {
        #[arg(long)]
        json: bool,
    },
    Show {
        #[arg(id = "model", value_name = "NAME")]
        model: String,
        #[arg(long)]
        json: bool,
    },
    Diff {
        #[arg(id = "model_before", value_name = "A")]
        before: String,
        #[arg(id = "model_after", value_name = "B")]
        after: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Debug)]
pub struct DecisionArgs {
    #[arg(id = "model", value_name = "NAME")]
    pub model: String,
    #[arg(long)]
    pub by: String,
    #[arg(long)]
    pub note: Option<String>,
    #[arg(long)]
    pub json: bool,
}

pub async fn model(desk: &Desk, args: &ModelArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    match &args.action {
        ModelAction::Propose { file, by, note, json } => {
            let text = read_text(file)?;
            shape::require_sentences(&ops::model::show_file(&text)?)?;
            let (view, is_new) = ops::model::propose(&office, &text, by, note.as_deref()).await?;
            tell(&view, is_new, "model_proposed", *json, printer);
        }
        ModelAction::Approve { decision: d, role } => {
            let (view, is_new) = ops::model::approve(&office, &d.model, &d.by, role, d.note.as_deref()).await?;
            tell(&view, is_new, "model_approved", d.json, printer);
        }
        ModelAction::Withdraw(d) => {
            let (view, is_new) = ops::model::withdraw(&office, &d.model, &d.by, d.note.as_deref()).await?;
            tell(&view, is_new, "model_withdrawn_now", d.json, printer);
        }
        ModelAction::List { json } => list(&office, *json, printer).await?,
        ModelAction::Show { model, json } => show(&find(&office, model).await?, *json, printer),
        ModelAction::Diff { before, after, json } => {
            let (before, after) = (find(&office, before).await?, find(&office, after).await?);
            diff(&before, &after, *json, printer);
        }
    }
    Ok(Exit::Done)
}

/// The model of that name, else the one in a file of that name.
async fn find(office: &Office, name: &str) -> Result<Shown> {
    match ops::model::show(office, name).await {
        Err(refusal) if refusal.code == "model_unknown" && Path::new(name).is_file() => ops::model::show_file(&read_text(Path::new(name))?),
        found => found,
    }
}

fn tell(view: &ModelView, is_new: bool, done: &'static str, json: bool, printer: &mut Printer) {
    if json {
        printer.json(&json!({"new": is_new, "model": view}));
        return;
    }
    printer.say(if is_new { done } else { "act_again" }, &[("model", view.name.clone()), ("sha256", view.sha256.to_string())]);
    if is_new && view.state.as_str() == "approved" && !view.is_in_force {
        printer.say("model_from_later", &[("date", view.valid_from.to_string())]);
    }
}

async fn list(office: &Office, json: bool, printer: &mut Printer<'_>) -> Result<()> {
    let models = ops::model::list(office).await?;
    if json {
        printer.json(&json!(models));
        return Ok(());
    }
    let heads = ["model_head_name", "model_head_state", "model_head_validity", "model_head_hash"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    for view in &models {
        let hash: String = view.sha256.to_string().chars().take(16).collect();
        table.row(vec![view.name.clone(), state(view, printer), format!("{} – {}", view.valid_from, view.valid_until), hash]);
    }
    printer.line(&table.render());
    for view in &models {
        printer.line("");
        printer.line(&view.name);
        view.acts.iter().for_each(|act| tell_act(act, printer));
    }
    if !models.iter().any(|view| view.is_in_force) {
        printer.line("");
        printer.say("model_none_in_force", &[]);
    }
    Ok(())
}

fn state(view: &ModelView, printer: &Printer) -> String {
    let code = match view.state.as_str() {
        "approved" if view.is_in_force => "model_state_in_force".to_owned(),
        "approved" | "proposed" if view.is_expired => "model_state_expired".to_owned(),
        other => format!("model_state_{other}"),
    };
    printer.text(&code, &[])
}

fn tell_act(act: &ActView, printer: &mut Printer) {
    let role = act.role.as_ref().map_or_else(String::new, |role| format!("@model_role_{role}"));
    let note = act.note.as_ref().map_or_else(String::new, |note| printer.text("model_act_note", &[("note", note.clone())]));
    let values = [("at", act.at.0.format("%Y-%m-%d %H:%M").to_string()), ("by", act.by.clone()), ("role", role), ("note", note)];
    let text = printer.text(&format!("model_act_{}", act.act), &values);
    printer.line(&format!("  {}", wrap(&text, 98, 2)));
}

fn show(shown: &Shown, json: bool, printer: &mut Printer) {
    if json {
        printer.json(&shape::model(shown));
        return;
    }
    let card = &shown.card;
    let state = shown.view.as_ref().map_or_else(|| printer.text("model_state_file", &[]), |view| self::state(view, printer));
    let values = [
        ("model", card.name.to_string()),
        ("state", state),
        ("from", card.valid_from.to_string()),
        ("until", card.valid_until.to_string()),
        ("sha256", card.hash().to_string()),
    ];
    printer.say("model_show_title", &values);
    let values = [
        ("max", card.score_max.to_string()),
        ("b", card.bands.b.to_string()),
        ("c", card.bands.c.to_string()),
        ("d", card.bands.d.to_string()),
        ("lambda", permille(card.lambda_permille)),
        ("from", card.money.from_yuan.to_string()),
        ("to", card.money.to_yuan.to_string()),
        ("times", permille_times(card.money.max_permille)),
    ];
    let text = printer.text("model_show_numbers", &values);
    printer.line(&wrap(&text, 100, 0));
    for (index, group) in card.groups.iter().enumerate() {
        printer.line("");
        printer.say("model_show_group", &[("group", shape::named(printer.lang, &format!("@group_{}", group.id))), ("cap", group.cap.to_string())]);
        let heads = ["model_head_signal", "model_head_bins", "model_head_missing"];
        let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
        for signal in card.signals.iter().filter(|signal| signal.group == index) {
            let bins: Vec<String> = signal.bins.iter().map(|bin| bin_text(bin.below, bin.points)).collect();
            let name = i18n::phrase(printer.lang, &format!("signal_{}", signal.id));
            table.row(vec![format!("{} {name}", signal.id), bins.join("  "), signal.missing_points.to_string()]);
        }
        printer.line(&table.render());
    }
    if let Some(view) = &shown.view {
        printer.line("");
        view.acts.iter().for_each(|act| tell_act(act, printer));
    }
}

fn bin_text(below: Option<i64>, points: i64) -> String {
    below.map_or_else(|| format!("≤1000→{points}"), |below| format!("<{below}→{points}"))
}

/// `250‰` as `25%`.
fn permille(value: i64) -> String {
    if value % 10 == 0 { format!("{}%", value / 10) } else { format!("{}.{}%", value / 10, value % 10) }
}

/// `2000‰` as `2`, `1500‰` as `1.5`.
pub fn permille_times(value: i64) -> String {
    let text = format!("{}.{:03}", value.div_euclid(1000), value.rem_euclid(1000));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn diff(before: &Shown, after: &Shown, json: bool, printer: &mut Printer) {
    if json {
        printer.json(&shape::differences(before, after));
        return;
    }
    let found = ops::model::diff(before, after);
    let values = [("before", before.card.name.to_string()), ("after", after.card.name.to_string()), ("count", found.len().to_string())];
    printer.say(if found.is_empty() { "diff_none" } else { "diff_title" }, &values);
    for difference in &found {
        let text = shape::difference(printer.lang, difference);
        printer.line(&format!("  {}", wrap(&text, 98, 4)));
    }
}
