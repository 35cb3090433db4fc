//! Applications: dossiers opened, papers and checks written down, decisions, one dossier's story.

use super::office::Desk;
use super::{Exit, Printer, table::Table};
use crate::canon::{Code, Date, Refusal, Result, Time, Week, code::clip};
use crate::i18n::Lang;
use crate::ops;
use crate::ops::application::computed::{Computed, Due};
use crate::ops::application::import::{self, Opened};
use crate::ops::application::view::{ApplicationView, Event, Filter, Summary, list_applications, show_application};
use crate::ops::application::{Decision, Outcome, PaperState, State};
use crate::ops::office::{file_failed, read_text};
use crate::ops::receive::HandedIn;
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    pub action: Action,
}

#[derive(Subcommand, Debug)]
pub enum Action {
    List {
        #[arg(id = "unit_county", long = "county", value_name = "CODE")]
        county: Option<String>,
        #[arg(id = "dossier_state", long = "state", value_name = "STATE")]
        state: Option<String>,
        #[arg(long)]
        overdue: bool,
        #[arg(long)]
        json: bool,
    },
    Show {
        dossier: String,
        #[arg(long)]
        json: bool,
    },
    Import(Import),
    Paper {
        dossier: String,
        /// Codes or names; `all` is every required one.
        #[arg(long = "paper", id = "papers", value_name = "CODE", required = true)]
        papers: Vec<String>,
        #[arg(id = "paper_state", long = "state", value_name = "STATE", default_value = "received")]
        state: String,
        #[arg(long)]
        by: String,
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    Check {
        dossier: String,
        #[arg(long = "check", id = "check", value_name = "CODE")]
        check: String,
        #[arg(long, value_name = "OUTCOME")]
        outcome: String,
        #[arg(long)]
        by: String,
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    Plan {
        dossier: String,
        #[arg(id = "plan_file", value_name = "FILE")]
        file: PathBuf,
        #[arg(long)]
        by: String,
    },
    Decide {
        dossier: String,
        #[arg(long, value_name = "DECISION")]
        decision: String,
        /// The day it was made, where that is not today.
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        #[arg(long)]
        by: String,
        #[arg(id = "decision_reason", long = "reason", value_name = "TEXT")]
        reason: Option<String>,
    },
}

/// From the ledgers of a week, exports of a system, or one application as a file.
#[derive(clap::Args, Debug)]
pub struct Import {
    #[arg(id = "ledger_week", long = "week", value_name = "WEEK", required_unless_present_any = ["exports", "entered"], conflicts_with_all = ["exports", "entered"])]
    pub week: Option<String>,
    #[arg(id = "exports", long = "export", value_name = "FILE", conflicts_with = "entered")]
    pub exports: Option<PathBuf>,
    #[arg(id = "entered", long = "file", value_name = "FILE", requires = "import_by", requires = "unit_county")]
    pub entered: Option<PathBuf>,
    #[arg(id = "unit_county", long = "county", value_name = "CODE")]
    pub county: Option<String>,
    #[arg(id = "import_by", long = "by", value_name = "NAME")]
    pub by: Option<String>,
    #[arg(long)]
    pub json: bool,
}

pub async fn run(desk: &Desk, args: &Args, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    match &args.action {
        Action::List { county, state, overdue, json } => {
            let county = county.as_deref().map(Code::parse).transpose()?;
            let state = state.as_deref().map(|state| word(state, State::parse, State::ALL, State::as_str)).transpose()?;
            let list = list_applications(&office, &Filter { county, state, is_overdue: *overdue }).await?;
            if *json { printer.json(&json!(list)) } else { print_list(&list, printer) }
        }
        Action::Show { dossier, json } => {
            let view = show_application(&office, &Code::parse(dossier)?).await?;
            if *json { printer.json(&json!(view)) } else { print_view(&view, printer) }
        }
        Action::Import(import) => {
            let opened = open(&office, import).await?;
            if import.json { printer.json(&json!(opened)) } else { print_opened(opened, printer) }
        }
        Action::Paper { dossier, papers, state, by, note } => {
            let state = word(state, PaperState::parse, PaperState::ALL, PaperState::as_str)?;
            let count = ops::application::record_paper(&office, &Code::parse(dossier)?, papers, state, by, note.as_deref()).await?;
            let values = [("count", count.to_string()), ("state", format!("@paper_{}", state.as_str()))];
            printer.say(if count > 0 { "application_paper_done" } else { "act_again" }, &values);
        }
        Action::Check { dossier, check, outcome, by, note } => {
            let outcome = word(outcome, Outcome::parse, &[Outcome::Pass, Outcome::Fail, Outcome::NotApplicable], Outcome::as_str)?;
            let is_new = ops::application::record_check(&office, &Code::parse(dossier)?, check, outcome, by, note.as_deref()).await?;
            printer.say(if is_new { "application_check_done" } else { "act_again" }, &[("outcome", format!("@outcome_{}", outcome.as_str()))]);
        }
        Action::Plan { dossier, file, by } => {
            let rows = ops::application::record_plan(&office, &Code::parse(dossier)?, &handed_in(file)?, by).await?;
            printer.say("application_plan_done", &[("rows", rows.to_string())]);
        }
        Action::Decide { dossier, decision, on, by, reason } => {
            let decision = word(decision, Decision::parse, Decision::ALL, Decision::as_str)?;
            let on = on.as_deref().map(Date::parse).transpose()?;
            let dossier = Code::parse(dossier)?;
            let is_new = ops::application::decide(&office, &dossier, decision, on, by, reason.as_deref()).await?;
            let values = [("dossier", dossier.to_string()), ("decision", format!("@decision_{}", decision.as_str())), ("by", by.trim().to_owned())];
            printer.say(if is_new { "application_decided" } else { "act_again" }, &values);
        }
    }
    Ok(Exit::Done)
}

/// One of a few words, or a refusal that names them all.
fn word<T: Copy>(given: &str, parse: fn(&str) -> Option<T>, all: &[T], name: fn(T) -> &'static str) -> Result<T> {
    let known: Vec<&str> = all.iter().map(|known| name(*known)).collect();
    let found = parse(given).filter(|_| known.contains(&given));
    found.ok_or_else(|| Refusal::new("application_word").with("value", clip(given)).with("known", known.join("、")))
}

fn handed_in(path: &Path) -> Result<HandedIn> {
    let bytes = std::fs::read(path).map_err(|error| file_failed(path, &error))?;
    Ok(HandedIn { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes })
}

async fn open(office: &ops::Office, args: &Import) -> Result<Opened> {
    let county = args.county.as_deref().map(Code::parse).transpose()?;
    if let Some(week) = &args.week {
        return import::open_dossiers(office, Week::parse(week)?).await;
    }
    let named = |county: Option<Code>, path: &Path| county.ok_or_else(|| Refusal::new("receive_no_county").with("file", path.display()));
    if let Some(path) = &args.exports {
        let (found, rows) = import::read_export(office, &handed_in(path)?, county.as_ref()).await?;
        return import::open_from_export(office, &named(county.or(found), path)?, &rows).await;
    }
    let path = args.entered.as_deref().unwrap_or(Path::new(""));
    let facts = import::parse_facts(&read_text(path)?)?;
    import::open_entered(office, &named(county, path)?, facts, args.by.as_deref().unwrap_or_default()).await
}

fn print_opened(opened: Opened, printer: &mut Printer) {
    let values = [("new", opened.new.to_string()), ("changed", opened.changed.to_string()), ("unchanged", opened.unchanged.to_string())];
    printer.say("application_opened", &values);
    if opened.skipped > 0 {
        printer.say("application_skipped", &[("count", opened.skipped.to_string())]);
    }
}

fn print_list(list: &[Summary], printer: &mut Printer) {
    let heads = ["application_dossier", "list_institution", "list_class", "read_opens", "status_state", "application_due", "application_papers"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    for line in list {
        let due = line.due.as_ref().map_or_else(String::new, |due| format!("{} {}", due.on, left(due, printer)));
        table.row(vec![
            line.dossier.to_string(),
            line.institution.clone().unwrap_or_default(),
            line.class_name.clone().unwrap_or_default(),
            shown(line.opens_on),
            printer.text(&format!("state_{}", line.state.as_str()), &[]),
            due,
            format!("{}/{}", line.papers_received, line.papers_required),
        ]);
    }
    printer.line(&table.render());
    let overdue = list.iter().filter(|line| line.due.as_ref().is_some_and(|due| due.state == "overdue")).count();
    printer.say("application_totals", &[("count", list.len().to_string()), ("overdue", overdue.to_string())]);
}

fn shown(date: Option<Date>) -> String {
    date.map_or_else(|| "—".to_owned(), |date| date.to_string())
}

/// 剩余, 逾期, or how it was decided.
fn left(due: &Due, printer: &Printer) -> String {
    let days = due.left.unwrap_or(0);
    let code = match due.state {
        "running" if days == 0 => "due_today",
        state => return printer.text(&format!("due_{state}"), &[("days", days.unsigned_abs().to_string()), ("on", shown(due.decided_on))]),
    };
    printer.text(code, &[])
}

fn print_view(view: &ApplicationView, printer: &mut Printer) {
    let is_zh = printer.lang == Lang::Zh;
    let summary = &view.summary;
    let values = [
        ("dossier", summary.dossier.to_string()),
        ("county", if is_zh { view.name_zh.clone() } else { view.name_en.clone() }),
        ("institution", summary.institution.clone().unwrap_or_default()),
        ("class", summary.class_name.clone().unwrap_or_default()),
        ("unit", summary.unit.as_ref().map_or_else(|| "—".to_owned(), Code::to_string)),
    ];
    printer.say("application_title", &values);
    let facts = &view.facts;
    let number = |value: Option<i64>| value.map_or_else(|| "—".to_owned(), |value| value.to_string());
    let values = [
        ("applied", shown(facts.applied_on)),
        ("opens", shown(facts.opens_on)),
        ("ends", shown(facts.ends_on)),
        ("planned", number(facts.planned)),
        ("hours", number(facts.hours)),
    ];
    printer.say("application_facts", &values);
    let state = format!("@state_{}", summary.state.as_str());
    printer.say("application_state", &[("state", state)]);
    print_due(summary.due.as_ref(), printer);
    printer.say("application_head_papers", &[]);
    for paper in &view.papers {
        let name = if is_zh { &paper.name_zh } else { &paper.name_en };
        let state = printer.text(&format!("paper_{}", paper.state.as_str()), &[]);
        let optional = if paper.required { String::new() } else { printer.text("paper_optional", &[]) };
        printer.line(&format!("  {state}  {name}{optional}{}", beside(paper.at, paper.by.as_deref(), paper.note.as_deref())));
    }
    printer.say("application_head_checks", &[]);
    for check in &view.computed {
        print_computed(check, printer);
    }
    for check in &view.ticked {
        let name = if is_zh { &check.name_zh } else { &check.name_en };
        let outcome = printer.text(&check.outcome.map_or_else(|| "outcome_open".to_owned(), |outcome| format!("outcome_{}", outcome.as_str())), &[]);
        printer.line(&format!("  {outcome}  {name}{}", beside(check.at, check.by.as_deref(), check.note.as_deref())));
    }
    printer.say("application_head_story", &[]);
    for event in &view.timeline {
        print_event(event, view, printer);
    }
    let reading = format!("@rule_lead_reading_{}", view.lead_reading);
    let after = if view.is_after_hours_next_day { "@after_hours_next" } else { "@after_hours_same" };
    let receipt = if view.is_counted_from_receipt { "@receipt_counts" } else { "@receipt_ignored" };
    printer.say("application_readings", &[("lead", reading), ("after", after.to_owned()), ("receipt", receipt.to_owned())]);
}

fn print_due(due: Option<&Due>, printer: &mut Printer) {
    let Some(due) = due else { return };
    let left = left(due, printer);
    let counted = format!("@counted_{}", due.counted_from);
    printer.say("application_due_on", &[("on", due.on.to_string()), ("counted", counted), ("from", due.from.to_string()), ("left", left)]);
    if due.is_provisional {
        printer.say("due_provisional", &[]);
    }
}

/// When, by whom and why, after a name.
fn beside(at: Option<Time>, by: Option<&str>, note: Option<&str>) -> String {
    let at = at.map(|at| at.0.format("%m-%d %H:%M").to_string());
    let parts: Vec<&str> = [at.as_deref(), by, note].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("  {}", parts.join("  ")) }
}

fn print_computed(check: &Computed, printer: &mut Printer) {
    let name = printer.text(&format!("computed_{}", check.code), &[]);
    let outcome = printer.text(&format!("outcome_{}", check.outcome.as_str()), &[]);
    let numbers: Vec<(&'static str, String)> = check.numbers.iter().map(|(name, value)| (*name, value.clone())).collect();
    let detail = if numbers.is_empty() { String::new() } else { format!("  {}", printer.text(&format!("numbers_{}", check.code), &numbers)) };
    let advisory = if check.is_advisory && check.outcome == Outcome::Fail { printer.text("advisory", &[]) } else { String::new() };
    printer.line(&format!("  {outcome}  {name}{advisory}{detail}"));
}

fn print_event(event: &Event, view: &ApplicationView, printer: &mut Printer) {
    let is_zh = printer.lang == Lang::Zh;
    let papers = view.papers.iter().map(|paper| (&paper.code, &paper.name_zh, &paper.name_en));
    let checks = view.ticked.iter().map(|check| (&check.code, &check.name_zh, &check.name_en));
    let named = papers.chain(checks).find(|(code, ..)| **code == event.about).map(|(_, zh, en)| if is_zh { zh } else { en });
    let state = event.state.as_deref().unwrap_or_default();
    let what = match event.kind {
        "facts" => printer.text(&format!("event_{}", event.about), &[]),
        "decision" => printer.text(&format!("decision_{}", event.about), &[]),
        "plan" => printer.text("event_plan", &[("file", event.about.clone())]),
        kind => {
            let word = if kind == "paper" { "paper" } else { "outcome" };
            format!("{} {}", named.unwrap_or(&event.about), printer.text(&format!("{word}_{state}"), &[]))
        }
    };
    let on = event.on.map_or_else(String::new, |on| printer.text("event_on", &[("on", on.to_string())]));
    let rest: Vec<&str> = [event.by.as_deref(), event.note.as_deref()].into_iter().flatten().collect();
    printer.line(format!("  {}  {what}{on}  {}", event.at.0.format("%Y-%m-%d %H:%M"), rest.join("  ")).trim_end());
}
