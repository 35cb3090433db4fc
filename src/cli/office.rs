//! The commands that act on an office's data folder: arguments in, one act, what it gave in words or JSON.

use super::ceremony::DrawArgs;
use super::{Exit, Printer, table::Table};
use crate::bundle::{Files, files as bundle_files};
use crate::canon::json::parse_record;
use crate::canon::{Code, Hash, Refusal, Result, Time, Week};
use crate::draw::{Ceremony, DrawPlan, Transcript};
use crate::ops::freeze::PlanFile;
use crate::ops::office::{Clock, read_text, write_whole};
use crate::ops::status::WeekStatus;
use crate::ops::{self, Chance, Office};
use clap::Args;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub struct InitArgs {
    /// The log key's name, for ever.
    #[arg(long, default_value = "mingchou.example/log", value_name = "NAME")]
    pub origin: String,
    #[arg(long)]
    pub demonstration: bool,
    /// `postgres://…`: where the state is kept instead of in the folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

#[derive(Args, Debug)]
pub struct WeekArgs {
    #[arg(long)]
    pub week: String,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct FreezeArgs {
    #[arg(long)]
    pub week: String,
    #[arg(long, value_name = "FILE", default_value = "plan.toml")]
    pub plan: PathBuf,
    /// Also writes the slip for the parties.
    #[arg(long, value_name = "FILE")]
    pub slip: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct ListArgs {
    #[command(flatten)]
    pub draw: DrawArgs,
    #[arg(long, value_name = "FILE", default_value = "list.xlsx")]
    pub out: PathBuf,
}

#[derive(Args, Debug)]
pub struct PublishArgs {
    #[command(flatten)]
    pub draw: DrawArgs,
    /// Which attempt; the newest drawn one where left out.
    #[arg(long, value_name = "K")]
    pub attempt: Option<u64>,
    /// A folder, or a file ending in .zip.
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
}

/// The data folder and the time that the command line named.
pub struct Desk {
    pub data: Option<PathBuf>,
    pub at: Option<Time>,
}

impl Desk {
    pub fn folder(&self) -> Result<&Path> {
        self.data.as_deref().ok_or_else(|| Refusal::new("usage_no_data"))
    }

    pub async fn open(&self) -> Result<Office> {
        Office::open(self.folder()?, self.at).await
    }
}

pub async fn init(desk: &Desk, args: &InitArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let folder = desk.folder()?;
    fs::create_dir_all(folder).map_err(|error| ops::office::file_failed(folder, &error))?;
    let is_new = ops::init::init(folder, &args.origin, args.demonstration, &Chance::System, Clock::System, args.database.as_deref()).await?;
    let office = Office::open(folder, None).await?;
    printer.say(if is_new { "init_done" } else { "init_again" }, &[("folder", folder.display().to_string())]);
    printer.say("init_key", &[("key", office.log_key.verifier().to_string())]);
    Ok(Exit::Done)
}

pub async fn status(desk: &Desk, args: &WeekArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let status = ops::status::week_status(&office, Week::parse(&args.week)?).await?;
    if args.json {
        printer.json(&serde_json::to_value(&status).unwrap_or_default());
    } else {
        print_status(&status, printer);
    }
    Ok(Exit::Done)
}

pub fn print_status(status: &WeekStatus, printer: &mut Printer) {
    let deadline =
        status.deadline.map_or_else(|| printer.text("status_no_deadline", &[]), |deadline| deadline.0.format("%Y-%m-%d %H:%M").to_string());
    printer.say("status_title", &[("week", status.week.to_string()), ("deadline", deadline)]);
    let heads = ["status_county", "status_state", "status_time", "status_version", "status_rows", "status_owed", "status_findings"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    for county in &status.counties {
        let name = if printer.lang == crate::i18n::Lang::Zh { &county.name_zh } else { &county.name_en };
        let mut state = printer.text(&format!("status_{}", county.state), &[]);
        if county.state == "incomplete" {
            let missing: Vec<String> = county.missing_documents.iter().map(|kind| printer.text(&format!("kind_{}", kind.as_str()), &[])).collect();
            state = format!("{state} {}", missing.join("、"));
        }
        let time = county.received_at.map_or_else(String::new, |at| at.0.format("%m-%d %H:%M").to_string());
        let number = |value: u64| if county.version == 0 { String::new() } else { value.to_string() };
        table.row(vec![
            format!("{} {name}", county.county),
            state,
            time,
            number(county.version),
            number(county.rows),
            number(county.owed),
            number(county.findings),
        ]);
    }
    printer.line(&table.render());
    let count = |state: &str| status.counties.iter().filter(|c| c.state == state).count().to_string();
    let rows: u64 = status.counties.iter().map(|c| c.rows).sum();
    let values = [
        ("on_time", count("on_time")),
        ("late", count("late")),
        ("incomplete", count("incomplete")),
        ("missing", count("missing")),
        ("rows", rows.to_string()),
    ];
    printer.say("status_totals", &values);
    printer.say(&format!("status_draw_{}", status.draw), &[]);
}

pub async fn score(desk: &Desk, args: &WeekArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let week = Week::parse(&args.week)?;
    let (known, scores) = ops::score::score_week(&office, week).await?;
    let model = ops::model::scored_by(&office).await?;
    if args.json {
        let flags: std::collections::BTreeMap<&str, _> = known.in_frame.iter().map(|c| (c.unit.as_str(), &c.flags)).collect();
        let left_out: Vec<&Code> = known.left_out.iter().map(|class| &class.unit).collect();
        printer.json(&json!({"week": week, "model": model, "classes": scores.units, "flags": flags, "left_out": left_out, "score_sum": scores.sum_scores, "lambda_permille": scores.lambda_permille}));
        return Ok(Exit::Done);
    }
    let mut ranked: Vec<_> = scores.units.iter().zip(&known.in_frame).collect();
    ranked.sort_by_key(|(scored, _)| (std::cmp::Reverse(scored.score), scored.unit.clone()));
    for (scored, class) in ranked {
        let name = [class.row.institution.as_deref(), class.row.class_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        printer.line(&format!("{}  {} {:>3}  {:>5}  {name}", scored.unit, scored.band, scored.score, scored.size));
        let (missing, known): (Vec<_>, Vec<_>) =
            scored.contributions.iter().filter(|contribution| contribution.points > 0).partition(|contribution| contribution.permille.is_none());
        for contribution in known {
            let reason = if printer.lang == crate::i18n::Lang::Zh { &contribution.reason_zh } else { &contribution.reason_en };
            printer.line(&format!("      {} +{}  {reason}", contribution.signal, contribution.points));
        }
        if !missing.is_empty() {
            let points: i64 = missing.iter().map(|contribution| contribution.points).sum();
            let signals = missing.iter().map(|contribution| contribution.signal.as_str()).collect::<Vec<_>>().join(" ");
            let text = printer.text("score_without_data", &[("points", points.to_string()), ("signals", signals)]);
            printer.line(&format!("      {text}"));
        }
        for flag in &class.flags {
            let name = serde_json::to_value(flag).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
            let text = printer.text(&format!("flag_{name}"), &[]);
            printer.line(&format!("      · {text}"));
        }
    }
    let hash: String = model.sha256.to_string().chars().take(16).collect();
    printer.say(if model.is_in_force { "explain_model" } else { "explain_model_proposed" }, &[("model", model.name), ("sha256", hash)]);
    printer.say("score_totals", &[("count", scores.units.len().to_string()), ("left_out", known.left_out.len().to_string())]);
    Ok(Exit::Done)
}

pub async fn freeze(desk: &Desk, args: &FreezeArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let week = Week::parse(&args.week)?;
    let file = PlanFile::parse(&read_text(&args.plan)?)?;
    let office = desk.open().await?;
    let frozen = ops::freeze::freeze_frame(&office, week, &file).await?;
    ops::tiles::write_tiles(&office).await?;
    if let Some(path) = &args.slip {
        super::party::refuse_in_data(path)?;
        write_whole(path, &frozen.slip)?;
    }
    let plan = &frozen.plan;
    if args.json {
        printer.json(&json!({"plan_hash": frozen.hash, "new": frozen.is_new, "plan": plan, "left_out": frozen.left_out}));
        return Ok(Exit::Done);
    }
    let values = [
        ("title", plan.title.to_string()),
        ("units", plan.frame.units.to_string()),
        ("visits", plan.visits.to_string()),
        ("left_out", frozen.left_out.to_string()),
    ];
    printer.say(if frozen.is_new { "freeze_done" } else { "freeze_again" }, &values);
    printer.say("freeze_hash", &[("hash", frozen.hash.to_string())]);
    printer.say(
        "freeze_next",
        &[("source", format!("@source_{}", plan.entropy.source)), ("draw", plan.entropy.draw.clone()), ("after", plan.entropy.after.to_string())],
    );
    Ok(Exit::Done)
}

pub fn report(is_new: bool, json: bool, done: &'static str, values: &[(&'static str, String)], printer: &mut Printer) -> Exit {
    if json {
        printer.json(&json!({"new": is_new}));
    } else {
        printer.say(if is_new { done } else { "act_again" }, values);
    }
    Exit::Done
}

pub async fn list(desk: &Desk, args: &ListArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let list = ops::list::inspection_list(&office, args.draw.name()?).await?;
    let visits: Vec<_> = list
        .visits
        .iter()
        .map(|v| {
            json!({"unit": v.unit, "team": v.team, "certain": v.is_certain, "substitute": v.is_substitute, "borrowed": v.borrowed,
                   "county": v.county, "row": v.row, "lessons": v.lessons})
        })
        .collect();
    super::party::refuse_in_data(&args.out)?;
    write_whole(&args.out, &ops::list::to_workbook(list)?)?;
    if args.draw.json {
        printer.json(&json!({"path": args.out.display().to_string(), "visits": visits}));
    } else {
        printer.say("list_done", &[("path", args.out.display().to_string()), ("visits", visits.len().to_string())]);
    }
    Ok(Exit::Done)
}

pub async fn publish(desk: &Desk, args: &PublishArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let files = ops::publish::publish(&office, args.draw.name()?, args.attempt).await?;
    ops::tiles::write_tiles(&office).await?;
    ops::publish::write_bundle(&files, &args.out)?;
    let exit = report(true, args.draw.json, "publish_done", &[("path", args.out.display().to_string())], printer);
    if !args.draw.json {
        tell_publication(&files, printer)?;
    }
    Ok(exit)
}

/// What a public notice says beside the bundle: everything that decided the draw.
fn tell_publication(files: &Files, printer: &mut Printer<'_>) -> Result<()> {
    let text = |name: &'static str| bundle_files::get(files, name);
    let plan: DrawPlan = parse_record("plan.json", text("plan.json")?)?;
    let ceremony: Ceremony = parse_record("ceremony.json", text("ceremony.json")?)?;
    let transcript: Transcript = parse_record("transcript.json", text("transcript.json")?)?;
    let values = [
        ("title", plan.title.to_string()),
        ("plan", plan.hash().to_string()),
        ("root", plan.frame.root.to_string()),
        ("entropy", ceremony.entropy.clone()),
        ("seed", transcript.seed.to_string()),
    ];
    printer.say("publish_facts", &values);
    for (party, commitment) in &ceremony.commitments {
        let nonce = ceremony.nonces.get(party).map(Hash::to_string).unwrap_or_default();
        printer.say("publish_party", &[("party", party.to_string()), ("commitment", commitment.to_string()), ("nonce", nonce)]);
    }
    printer.say("publish_checkpoint", &[("checkpoint", bundle_files::get_text(files, "log/checkpoint")?.trim_end().to_owned())]);
    Ok(())
}
