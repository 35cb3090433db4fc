//! `quality`: how well signals and a scorecard find what a simulated set has planted.

use super::table::Table;
use super::{Exit, Printer};
use crate::canon::Result;
use crate::i18n;
use crate::ops;
use crate::ops::quality::{CAPACITIES, Quality, TargetQuality, evaluate};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[arg(id = "simulated_set", value_name = "DIR")]
    pub set: PathBuf,
    /// The model that comes with the program, unless a file is named.
    #[arg(id = "model_judged", long = "model", value_name = "FILE")]
    pub model: Option<PathBuf>,
    #[arg(long, value_name = "VISITS")]
    pub capacity: Vec<usize>,
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &Args, printer: &mut Printer<'_>) -> Result<Exit> {
    let card = match &args.model {
        Some(path) => crate::ops::model::parse_file(&ops::office::read_text(path)?)?,
        None => crate::ops::model::shipped()?,
    };
    let capacities = if args.capacity.is_empty() { CAPACITIES.to_vec() } else { args.capacity.clone() };
    let quality = evaluate(&args.set, &card, &capacities)?;
    if args.json {
        printer.line(&serde_json::to_string_pretty(&quality).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let values = [
        ("model", quality.model.clone()),
        ("scale", i18n::phrase(printer.lang, &format!("scale_{}", quality.scale)).to_owned()),
        ("seed", quality.seed.to_string()),
        ("classes", quality.classes.to_string()),
    ];
    printer.say("quality_title", &values);
    printer.say("quality_synthetic", &[]);
    printer.line("");
    print_signals(&quality, printer);
    for target in &quality.targets {
        printer.line("");
        print_target(target, printer);
    }
    Ok(Exit::Done)
}

/// A permille as percent with one decimal.
fn percent(permille: Option<i64>) -> String {
    permille.map_or_else(|| "–".to_owned(), |permille| format!("{}.{} %", permille / 10, permille % 10))
}

/// A permille as a number with two decimals.
fn times(permille: Option<i64>) -> String {
    permille.map_or_else(|| "–".to_owned(), |permille| format!("{}.{:02}", (permille + 5) / 1000, (permille + 5) % 1000 / 10))
}

fn print_signals(quality: &Quality, printer: &mut Printer<'_>) {
    let head = |code: &str| printer.text(code, &[]);
    let heads =
        ["quality_signal", "quality_planted", "quality_points", "quality_missing", "quality_innocent", "quality_points", "quality_missing", "AUC"];
    let mut table = Table::new(heads.iter().map(|code| if *code == "AUC" { "AUC".to_owned() } else { head(code) }).collect());
    for signal in &quality.signals {
        let (planted, innocent) = (&signal.planted, &signal.innocent);
        table.row(vec![
            format!("{} {}", signal.signal, i18n::phrase(printer.lang, &format!("signal_{}", signal.signal))),
            planted.classes.to_string(),
            percent(planted.given_points.permille()),
            percent(planted.missing.permille()),
            innocent.classes.to_string(),
            percent(innocent.given_points.permille()),
            percent(innocent.missing.permille()),
            times(signal.auc.permille()),
        ]);
    }
    printer.line(&table.render());
    printer.say("quality_points_note", &[]);
}

fn print_target(target: &TargetQuality, printer: &mut Printer<'_>) {
    let name = serde_json::to_value(target.target).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
    let values = [
        ("target", printer.text(&format!("quality_target_{name}"), &[])),
        ("classes", target.classes.to_string()),
        ("rate", percent(target.base_rate.permille())),
        ("auc", times(target.auc.permille())),
        ("weighted", percent(target.weighted_rate.permille())),
    ];
    printer.say("quality_target", &values);
    for at in &target.at {
        let best = target.alone.iter().filter_map(|alone| {
            let place = target.at.iter().position(|other| other.capacity == at.capacity)?;
            Some((alone.lift.get(place).copied().flatten()?, alone.signal.clone()))
        });
        let best = best.max().unwrap_or_default();
        let values = [
            ("capacity", at.capacity.to_string()),
            ("precision", percent(at.precision.permille())),
            ("recall", percent(at.recall.permille())),
            ("lift", times(at.lift)),
            ("best", best.1),
            ("best_lift", times(Some(best.0))),
        ];
        printer.say("quality_at", &values);
    }
    let bands: Vec<String> = target.bands.iter().map(|band| format!("{} {}/{}", band.band, band.hits, band.classes)).collect();
    printer.say("quality_bands", &[("bands", bands.join("  "))]);
}
