//! The office's side of the ceremony: slips out, signed acts in, the draw, changes to its list, what the public sees.

use super::office::{Desk, report};
use super::party::{read_act, refuse_in_data, write_act};
use super::{Exit, Printer, table::Table};
use crate::bundle::visits::Reason;
use crate::canon::json::to_record;
use crate::canon::{Code, DrawKind, Hash, Refusal, Result, Text, Week};
use crate::ops::office::{file_failed, write_whole};
use crate::ops::{self, DrawName, Office};
use crate::tlog::{DrawRef, SignedAct};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Which draw is meant.
#[derive(Args, Debug)]
pub struct DrawArgs {
    #[arg(long)]
    pub week: String,
    /// A special draw's number; the weekly one where left out.
    #[arg(long, value_name = "N")]
    pub special: Option<u16>,
    #[arg(long)]
    pub json: bool,
}

impl DrawArgs {
    pub fn name(&self) -> Result<DrawName> {
        let kind = self.special.map_or(Ok(DrawKind::Weekly), |number| DrawKind::parse(&format!("special-{number}")))?;
        Ok(DrawName { week: Week::parse(&self.week)?, kind })
    }
}

#[derive(Args, Debug)]
pub struct SlipArgs {
    #[command(flatten)]
    pub draw: DrawArgs,
    #[arg(long, value_name = "FILE", default_value = "slip.json")]
    pub out: PathBuf,
}

#[derive(Args, Debug)]
pub struct EnterArgs {
    #[arg(required = true, value_name = "ACT")]
    pub acts: Vec<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct SubstituteArgs {
    #[command(flatten)]
    pub draw: DrawArgs,
    #[arg(long, value_name = "UNIT")]
    pub from: String,
    #[arg(long, value_parser = ["cancelled", "moved", "ended", "force-majeure"])]
    pub reason: String,
    /// The document that shows the reason.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args, Debug)]
pub struct BorrowArgs {
    #[command(flatten)]
    pub draw: DrawArgs,
    #[arg(long)]
    pub unit: String,
    /// Whose people they are.
    #[arg(long, value_name = "TEXT")]
    pub lender: String,
    #[arg(long, value_delimiter = ',', required = true)]
    pub people: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args, Debug)]
pub struct OpenArgs {
    #[command(flatten)]
    pub draw: DrawArgs,
    #[arg(long)]
    pub unit: String,
    /// The class's facts too, for those who may see them.
    #[arg(long)]
    pub with_facts: bool,
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args, Debug)]
pub struct KeysArgs {
    #[arg(long, value_name = "FILE", default_value = "keys.json")]
    pub out: PathBuf,
}

/// Writes the file of keys that others trust once each holder has confirmed its own; shows every key for that.
pub async fn keys(desk: &Desk, args: &KeysArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let record = ops::keys::trusted_record(&office).await?;
    refuse_in_data(&args.out)?;
    write_whole(&args.out, &to_record(&record))?;
    printer.say("keys_log", &[("key", record.log.clone())]);
    for (party, key) in &record.parties {
        printer.say("key_public", &[("party", party.to_string()), ("key", key.to_string())]);
    }
    for (owner, keys) in &record.witnesses {
        keys.iter().for_each(|key| printer.say("keys_witness", &[("owner", owner.to_string()), ("key", key.clone())]));
    }
    printer.say("keys_done", &[("path", args.out.display().to_string())]);
    Ok(Exit::Done)
}

/// Writes the slip that the parties take along to make their acts with.
pub async fn slip(desk: &Desk, args: &SlipArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let mut connection = office.store.read().await?;
    let (stored, plan) = ops::ceremony::get_plan(&mut connection, args.draw.name()?).await?;
    refuse_in_data(&args.out)?;
    write_whole(&args.out, &ops::ceremony::plan_act(&stored, &plan).to_record())?;
    Ok(report(true, args.draw.json, "slip_done", &[("path", args.out.display().to_string()), ("plan", stored.hash.to_string())], printer))
}

/// Enters acts that their parties signed; files of one act that were signed in different places are one act.
pub async fn enter(desk: &Desk, args: &EnterArgs, kind: Option<&'static str>, printer: &mut Printer<'_>) -> Result<Exit> {
    let acts: Vec<SignedAct> = args.acts.iter().map(|path| read_act(path)).collect::<Result<_>>()?;
    if let Some((expected, other)) = kind.and_then(|kind| acts.iter().find(|signed| signed.act.kind() != kind).map(|other| (kind, other))) {
        let found = format!("@act_{}", other.act.kind());
        return Err(Refusal::new("act_kind").with("expected", format!("@act_{expected}")).with("found", found));
    }
    let office = desk.open().await?;
    // Public values typed by several parties are one act; everything else is entered file by file.
    let merged = SignedAct::join(acts)?;
    let mut is_new = false;
    for signed in merged {
        let act = format!("@act_{}", signed.act.kind());
        let signers: Vec<&str> = signed.signatures.keys().map(Code::as_str).collect();
        let values = [("act", act), ("signers", signers.join("、"))];
        let draw = signed.act.draw().copied().filter(|_| signed.act.kind() == "entropy");
        let entered = match ops::ceremony::enter(&office, signed).await {
            Ok(entered) => entered,
            Err(refusal) => {
                // What was entered before it stays, and is shown.
                ops::tiles::write_tiles(&office).await?;
                return Err(refusal);
            }
        };
        is_new |= entered;
        if !args.json {
            report(entered, false, "enter_done", &values, printer);
            warn_unwitnessed(&office, draw, printer).await?;
        }
    }
    ops::tiles::write_tiles(&office).await?;
    if args.json {
        printer.json(&json!({"new": is_new}));
    }
    Ok(Exit::Done)
}

/// Says, once the public value is in, where fewer witnesses saw the log before it than are asked for.
async fn warn_unwitnessed(office: &Office, draw: Option<DrawRef>, printer: &mut Printer<'_>) -> Result<()> {
    let Some(draw) = draw else { return Ok(()) };
    if let Some((found, asked)) = ops::witness::unmet(office, &draw).await? {
        printer.say("witness_unmet", &[("found", found.to_string()), ("count", asked.to_string())]);
    }
    Ok(())
}

/// Proposes the substitution of a visit, for all parties to sign.
pub async fn substitute(desk: &Desk, args: &SubstituteArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let evidence = std::fs::read(&args.evidence).map_err(|error| file_failed(&args.evidence, &error))?;
    let reason = match args.reason.as_str() {
        "cancelled" => Reason::Cancelled,
        "moved" => Reason::Moved,
        "ended" => Reason::Ended,
        _ => Reason::ForceMajeure,
    };
    let office = desk.open().await?;
    let from = Code::parse(&args.from)?;
    let signed = ops::change::propose_substitution(&office, args.draw.name()?, from, reason, Hash::of(&evidence)).await?;
    write_act(&args.out, &signed)?;
    Ok(report(true, args.draw.json, "change_proposed", &[("act", args.out.display().to_string())], printer))
}

/// Proposes a borrowed team, for all parties to sign.
pub async fn borrow(desk: &Desk, args: &BorrowArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let people = args.people.iter().map(|person| Code::parse(person)).collect::<Result<Vec<_>>>()?;
    let office = desk.open().await?;
    let (unit, lender) = (Code::parse(&args.unit)?, Text::parse(&args.lender)?);
    let signed = ops::change::propose_borrowed(&office, args.draw.name()?, unit, lender, people).await?;
    write_act(&args.out, &signed)?;
    Ok(report(true, args.draw.json, "change_proposed", &[("act", args.out.display().to_string())], printer))
}

pub async fn draw(desk: &Desk, args: &DrawArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let name = args.name()?;
    let (transcript, is_new) = ops::ceremony::run_draw(&office, name).await?;
    ops::tiles::write_tiles(&office).await?;
    if args.json {
        printer.json(&json!({"new": is_new, "transcript": transcript}));
        return Ok(Exit::Done);
    }
    printer.say(
        if is_new { "draw_done" } else { "draw_again" },
        &[("visits", transcript.assignments.len().to_string()), ("seed", transcript.seed.to_string())],
    );
    print_list(&office, name, printer).await?;
    Ok(Exit::Done)
}

/// The list as a table for the terminal.
pub async fn print_list(office: &Office, name: DrawName, printer: &mut Printer<'_>) -> Result<()> {
    let list = ops::list::inspection_list(office, name).await?;
    let heads = ["list_team", "list_unit", "list_county", "list_institution", "list_class", "list_first_lesson"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    for visit in &list.visits {
        let team = match (&visit.borrowed, visit.team) {
            (Some((from, _)), _) => from.clone(),
            (None, Some(team)) => team.to_string(),
            (None, None) => printer.text("list_no_team", &[]),
        };
        let mark = format!("{}{}", if visit.is_certain { "*" } else { "" }, if visit.is_substitute { "+" } else { "" });
        let lesson = visit.lessons.first().map_or_else(
            || "—".to_owned(),
            |lesson| {
                let start = lesson.start.map(|start| start.to_string()).unwrap_or_default();
                format!("{} {start}", lesson.date.map(|date| date.0.format("%m-%d").to_string()).unwrap_or_default())
            },
        );
        let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "—".to_owned());
        let (institution, class) = (text(&visit.row.institution), text(&visit.row.class_name));
        table.row(vec![team, format!("{}{mark}", visit.unit), visit.county.clone(), institution, class, lesson]);
    }
    printer.line(&table.render());
    if list.visits.iter().any(|visit| visit.is_certain) {
        printer.say("list_certain_mark", &[]);
    }
    if list.visits.iter().any(|visit| visit.is_substitute) {
        printer.say("list_substitute_mark", &[]);
    }
    Ok(())
}

/// Shows what the public may see now.
pub async fn notice(desk: &Desk, args: &DrawArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let notice = ops::notice::public_notice(&office, args.name()?).await?;
    if args.json {
        printer.json(&serde_json::to_value(&notice).unwrap_or_default());
        return Ok(Exit::Done);
    }
    for attempt in &notice.attempts {
        let values = [
            ("attempt", attempt.attempt.to_string()),
            ("plan", attempt.plan.to_string()),
            ("public_draw", attempt.public_draw.clone()),
            ("after", attempt.after.to_string()),
            ("window", attempt.window.clone()),
        ];
        printer.say("notice_attempt", &values);
        for line in &attempt.lines {
            let act = printer.text(&format!("act_{}", line.act), &[]);
            let values = [
                ("leaf", format!("{:>4}", line.leaf)),
                ("at", line.at.to_string()),
                ("act", act),
                ("party", line.party.clone().unwrap_or_default()),
                ("value", line.value.clone()),
            ];
            printer.say("notice_line", &values);
        }
        if let Some((act, parties)) = &attempt.missing {
            printer.say("notice_missing", &[("act", format!("@act_{act}")), ("parties", parties.join("、"))]);
            if *act == "entropy" {
                printer.say("notice_not_held", &[]);
            }
        }
        if attempt.is_overdue {
            printer.say("notice_overdue", &[]);
        }
    }
    printer.say("notice_checkpoint", &[("key", notice.log_key.clone())]);
    printer.line(notice.checkpoint.trim_end());
    Ok(Exit::Done)
}

/// Shows one class its own row, after the window.
pub async fn open(desk: &Desk, args: &OpenArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let opening = ops::open::open_unit(&office, args.draw.name()?, &Code::parse(&args.unit)?, args.with_facts).await?;
    refuse_in_data(&args.out)?;
    write_whole(&args.out, &opening.to_bytes())?;
    Ok(report(true, args.draw.json, "open_done", &[("path", args.out.display().to_string()), ("unit", args.unit.clone())], printer))
}
