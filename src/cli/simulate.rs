//! `mingchou simulate`: a country that never was, for measuring signals and times.

use super::{Exit, Printer};
use crate::canon::Result;
use crate::ops::simulate::{Scale, setting, simulate};
use crate::ops::simulate_books::{refuse_other_scales, write_books};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Weeks looked back upon.
    #[arg(long, default_value_t = 104)]
    pub weeks: u32,
    #[arg(long, default_value = "city", value_parser = ["city", "province", "nation"])]
    pub scale: String,
    /// Classes in all, where the scale's number isn't wanted.
    #[arg(long)]
    pub classes: Option<u32>,
    /// Also each county's ledger and timetable for the week, as workbooks.
    #[arg(long)]
    pub workbooks: bool,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

pub fn run(args: &Args, printer: &mut Printer<'_>) -> Result<Exit> {
    let setting = setting(args.seed, Scale::parse(&args.scale)?, args.weeks, args.classes)?;
    if args.workbooks {
        refuse_other_scales(&setting)?;
    }
    printer.say("simulate_title", &[("seed", args.seed.to_string())]);
    let done = {
        let _working = super::progress::Working::on(printer.text("simulate_working", &[]));
        simulate(setting, &args.out)?
    };
    for (table, files) in &done.list.tables {
        let rows: u64 = files.iter().map(|file| file.rows).sum();
        printer.line(&format!("{table:<12}{rows:>12}"));
    }
    let planted: u64 = done.tallies.iter().flat_map(|tally| tally.planted).sum();
    let values = [("path", args.out.display().to_string()), ("frozen_at", done.list.frozen_at.to_string()), ("planted", planted.to_string())];
    printer.say("simulate_done", &values);
    if args.workbooks {
        let count = write_books(setting, &args.out)?;
        printer.say("simulate_books", &[("count", count.to_string()), ("path", args.out.join("workbooks").display().to_string())]);
    }
    Ok(Exit::Done)
}
