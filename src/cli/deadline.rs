//! What is due and who was punctual; reporting units; readings of rules.

use super::office::Desk;
use super::{Exit, Printer, table::Table};
use crate::canon::{Code, Refusal, Result, Week};
use crate::domain::ReportingUnit;
use crate::i18n::Lang;
use crate::ops::deadline::{CountyDue, Punctuality, WeekDue};
use crate::ops::mapping::Told;
use crate::ops::office::read_text;
use crate::ops::{self, Office};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct DueArgs {
    /// This week where left out.
    #[arg(id = "due_week", long = "week", value_name = "WEEK")]
    pub week: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct PunctualityArgs {
    #[arg(long, value_name = "WEEK")]
    pub until: String,
    #[arg(long, default_value_t = 26, value_parser = clap::value_parser!(u32).range(1..=530), value_name = "N")]
    pub weeks: u32,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct UnitArgs {
    #[command(subcommand)]
    pub action: UnitAction,
}

#[derive(Subcommand, Debug)]
pub enum UnitAction {
    List {
        #[arg(id = "due_week", long = "week", value_name = "WEEK")]
        week: Option<String>,
        #[arg(long)]
        json: bool,
    },
    Add(UnitRecord),
    Change(UnitRecord),
    Retire {
        #[arg(id = "unit_county", long = "county", value_name = "CODE")]
        county: String,
        #[arg(id = "from_week", long = "from", value_name = "WEEK")]
        from: Option<String>,
        #[arg(long)]
        by: String,
    },
}

/// A unit, in a file or in its parts.
#[derive(Args, Debug)]
pub struct UnitRecord {
    #[arg(id = "unit_file", long = "file", value_name = "FILE", conflicts_with_all = ["unit_county", "unit_name", "name_en", "alias", "stratum"])]
    pub file: Option<PathBuf>,
    #[arg(id = "unit_county", long = "county", value_name = "CODE")]
    pub county: Option<String>,
    #[arg(id = "unit_name", long = "name", value_name = "NAME")]
    pub name: Option<String>,
    #[arg(id = "name_en", long = "name-en", value_name = "NAME")]
    pub name_en: Option<String>,
    #[arg(id = "alias", long = "alias", value_name = "NAME")]
    pub aliases: Vec<String>,
    /// Its own code where left out.
    #[arg(long, value_name = "CODE")]
    pub stratum: Option<String>,
    #[arg(id = "from_week", long = "from", value_name = "WEEK")]
    pub from: Option<String>,
    #[arg(long)]
    pub by: String,
}

#[derive(Args, Debug)]
pub struct RulesArgs {
    #[arg(id = "set_rule", long = "set", value_name = "NAME=VALUE", requires = "rule_by")]
    pub set: Option<String>,
    #[arg(id = "rule_by", long = "by", value_name = "NAME")]
    pub by: Option<String>,
    #[arg(long)]
    pub json: bool,
}

/// The units of the data folder that was named, else those a new folder begins with.
pub async fn known_of(desk: &Desk) -> Result<(Vec<ReportingUnit>, Told)> {
    let Some(folder) = &desk.data else { return Ok((ops::init::default_units()?, Told::default())) };
    // `read` stores nothing and needs no folder; one that isn't there yet is no reason to refuse.
    if !ops::database::is_made(folder, &ops::database::url_of(folder)?) {
        return Ok((ops::init::default_units()?, Told::default()));
    }
    let office = desk.open().await?;
    let week = office.clock.now().date().week();
    let units = ops::unit::list_units(&office, week).await?.into_iter().map(|view| view.unit).collect();
    Ok((units, Told::of_office(&office).await?))
}

fn name_of<'a>(printer: &Printer, zh: &'a str, en: &'a str) -> &'a str {
    if printer.lang == Lang::Zh { zh } else { en }
}

/// The week that was named, else the present one.
fn week_or_now(office: &Office, week: Option<&String>) -> Result<Week> {
    week.map_or_else(|| Ok(office.clock.now().date().week()), |week| Week::parse(week))
}

pub async fn due(desk: &Desk, args: &DueArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let due = ops::deadline::week_due(&office, week_or_now(&office, args.week.as_ref())?).await?;
    if args.json {
        printer.json(&json!(due));
    } else {
        print_due(&due, printer);
    }
    Ok(Exit::Done)
}

fn print_due(due: &WeekDue, printer: &mut Printer) {
    let Some(deadline) = due.deadline else {
        printer.say("due_off", &[("week", due.week.to_string())]);
        return;
    };
    let deadline = deadline.0.format("%Y-%m-%d %H:%M").to_string();
    printer.say("due_title", &[("week", due.week.to_string()), ("deadline", deadline), ("left", time_left(due))]);
    if due.is_provisional {
        printer.say("due_provisional", &[]);
    }
    let heads = ["status_county", "status_state", "status_time", "status_version", "status_rows"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    for county in &due.counties {
        let standing = &county.standing;
        let time = standing.received_at.map_or_else(String::new, |at| at.0.format("%m-%d %H:%M").to_string());
        let number = |value: u64| if standing.version == 0 { String::new() } else { value.to_string() };
        let name = format!("{} {}", county.county, name_of(printer, &county.name_zh, &county.name_en));
        table.row(vec![name, standing_text(county, printer), time, number(standing.version), number(standing.rows)]);
    }
    printer.line(&table.render());
    for reminder in &due.reminders {
        let code = if reminder.is_due { "due_reminder_now" } else { "due_reminder" };
        let who: Vec<String> =
            due.counties.iter().filter(|c| due.awaited.contains(&c.county)).map(|c| name_of(printer, &c.name_zh, &c.name_en).to_owned()).collect();
        printer.say(code, &[("at", reminder.at.0.format("%Y-%m-%d %H:%M").to_string()), ("who", who.join("、"))]);
    }
}

/// `@due_left:2天3小时`, or that it is over.
fn time_left(due: &WeekDue) -> String {
    match due.minutes_left {
        _ if due.is_past => "@due_past".to_owned(),
        minutes if minutes >= 24 * 60 => format!("@due_days:{}", minutes / (24 * 60)),
        minutes if minutes >= 60 => format!("@due_hours:{}", minutes / 60),
        minutes => format!("@due_minutes:{minutes}"),
    }
}

fn standing_text(county: &CountyDue, printer: &Printer) -> String {
    let standing = &county.standing;
    let mut state = printer.text(&format!("status_{}", standing.state), &[]);
    if standing.state == "incomplete" {
        let missing: Vec<String> = standing.missing_documents.iter().map(|kind| printer.text(&format!("kind_{}", kind.as_str()), &[])).collect();
        state = format!("{state} {}", missing.join("、"));
    }
    match standing.corrected_at {
        Some(at) => format!("{state} {}", printer.text("due_corrected", &[("at", at.0.format("%m-%d %H:%M").to_string())])),
        None => state,
    }
}

pub async fn punctuality(desk: &Desk, args: &PunctualityArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    let found = ops::deadline::punctuality(&office, Week::parse(&args.until)?, args.weeks).await?;
    if args.json {
        printer.json(&json!(found));
    } else {
        print_punctuality(&found, printer);
    }
    Ok(Exit::Done)
}

fn print_punctuality(found: &Punctuality, printer: &mut Printer) {
    let (Some(first), Some(last)) = (found.weeks.first(), found.weeks.last()) else {
        printer.say("punctuality_none", &[]);
        return;
    };
    let values = [("first", first.to_string()), ("last", last.to_string()), ("weeks", found.weeks.len().to_string())];
    printer.say("punctuality_title", &values);
    let heads = [
        "status_county",
        "punctuality_due",
        "status_on_time",
        "status_late",
        "punctuality_incomplete",
        "status_missing",
        "punctuality_corrected",
        "punctuality_share",
    ];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    for line in &found.counties {
        let code = line.county.as_ref().map(Code::to_string).unwrap_or_default();
        let mut cells = vec![format!("{code} {}", name_of(printer, &line.name_zh, &line.name_en))];
        cells.extend([line.weeks_due, line.on_time, line.late, line.incomplete, line.missing, line.corrected].map(|count| count.to_string()));
        cells.push(line.share_permille.map_or_else(|| "—".to_owned(), |share| format!("{}.{}%", share / 10, share % 10)));
        table.row(cells);
    }
    printer.line(&table.render());
    if !found.weeks_off.is_empty() {
        let weeks: Vec<String> = found.weeks_off.iter().map(Week::to_string).collect();
        printer.say("punctuality_off", &[("weeks", weeks.join("、"))]);
    }
}

pub async fn unit(desk: &Desk, args: &UnitArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    match &args.action {
        UnitAction::List { week, json } => list_units(&office, week_or_now(&office, week.as_ref())?, *json, printer).await?,
        UnitAction::Add(record) => {
            let (unit, from) = (read_unit(record)?, week_or_now(&office, record.from.as_ref())?);
            let is_new = ops::unit::add_unit(&office, &unit, from, &record.by).await?;
            tell(is_new, "unit_added", &unit, from, printer);
        }
        UnitAction::Change(record) => {
            let (unit, now) = (read_unit(record)?, week_or_now(&office, None)?);
            let is_new = ops::unit::change_unit(&office, &unit, &record.by).await?;
            tell(is_new, "unit_changed", &unit, now, printer);
        }
        UnitAction::Retire { county, from, by } => {
            let (county, from) = (Code::parse(county)?, week_or_now(&office, from.as_ref())?);
            let is_new = ops::unit::retire_unit(&office, &county, from, by).await?;
            printer.say(if is_new { "unit_retired" } else { "act_again" }, &[("county", county.to_string()), ("week", from.to_string())]);
        }
    }
    Ok(Exit::Done)
}

fn tell(is_new: bool, code: &str, unit: &ReportingUnit, week: Week, printer: &mut Printer) {
    let name = name_of(printer, &unit.name_zh, &unit.name_en).to_owned();
    printer.say(if is_new { code } else { "act_again" }, &[("county", unit.county.to_string()), ("name", name), ("week", week.to_string())]);
}

/// The unit in the file, else the one that the arguments spell out.
fn read_unit(record: &UnitRecord) -> Result<ReportingUnit> {
    if let Some(path) = &record.file {
        return ops::unit::parse_unit(&read_text(path)?);
    }
    let needed = |value: &Option<String>, argument: &str| value.clone().ok_or_else(|| Refusal::new("unit_argument").with("argument", argument));
    let county = Code::parse(&needed(&record.county, "--county")?)?;
    let stratum = record.stratum.as_deref().map_or_else(|| Ok(county.clone()), Code::parse)?;
    let name_zh = needed(&record.name, "--name")?;
    let name_en = needed(&record.name_en, "--name-en")?;
    Ok(ReportingUnit { county, name_zh, name_en, aliases: record.aliases.clone(), stratum })
}

async fn list_units(office: &Office, week: Week, json: bool, printer: &mut Printer<'_>) -> Result<()> {
    let units = ops::unit::list_units(office, week).await?;
    if json {
        printer.json(&json!(units));
        return Ok(());
    }
    let mut table = Table::new(["status_county", "unit_aliases", "unit_stratum", "unit_due"].iter().map(|head| printer.text(head, &[])).collect());
    for view in &units {
        let turn = match (view.added_from, view.retired_from) {
            (Some(from), _) => printer.text("unit_from", &[("week", from.to_string())]),
            (_, Some(from)) => printer.text("unit_until", &[("week", from.to_string())]),
            _ => printer.text("unit_always", &[]),
        };
        let name = name_of(printer, &view.unit.name_zh, &view.unit.name_en);
        table.row(vec![format!("{} {name}", view.unit.county), view.unit.aliases.join("、"), view.unit.stratum.to_string(), turn]);
    }
    printer.line(&table.render());
    printer.say("unit_totals", &[("week", week.to_string()), ("due", units.iter().filter(|view| view.is_due).count().to_string())]);
    Ok(())
}

pub async fn rules(desk: &Desk, args: &RulesArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    if let Some(set) = &args.set {
        let (name, value) = set.split_once('=').ok_or_else(|| Refusal::new("unit_argument").with("argument", "--set NAME=VALUE"))?;
        let is_new = ops::rules::choose_rule(&office, name, value, args.by.as_deref().unwrap_or_default()).await?;
        printer.say(if is_new { "rule_chosen" } else { "act_again" }, &[("name", name.to_owned()), ("value", value.to_owned())]);
        return Ok(Exit::Done);
    }
    let rules = ops::rules::list_rules(&office).await?;
    if args.json {
        printer.json(&json!(rules));
        return Ok(Exit::Done);
    }
    for rule in &rules {
        printer.line(&format!("{} = {}", rule.name, rule.value));
        let text = printer.text(&format!("rule_{}", rule.name), &[]);
        printer.line(&format!("    {text}"));
    }
    Ok(Exit::Done)
}
