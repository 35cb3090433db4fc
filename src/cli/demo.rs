//! `mingchou demo`: both sample weeks from beginning to end in a fresh folder, a line per step.

use super::{Exit, Printer, office, verify};
use crate::bundle::{self, Options};
use crate::canon::{Code, Hash, Refusal, Result, Secret, TaggedHash, Time, Week};
use crate::draw::commitment;
use crate::ops::freeze::PlanFile;
use crate::ops::office::{Clock, write_whole};
use crate::ops::receive::HandedIn;
use crate::ops::{self, Chance, Office};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// The sample lies inside the binary, so that it can be shown anywhere.
static SAMPLE: Dir = include_dir!("$CARGO_MANIFEST_DIR/data/sample");

const PLAN: &str = include_str!("../../data/sample-plan.toml");

#[derive(Deserialize)]
struct Manifest {
    weeks: Vec<ManifestWeek>,
}

#[derive(Deserialize)]
struct ManifestWeek {
    week: Week,
    submissions: Vec<ManifestSubmission>,
}

#[derive(Deserialize)]
struct ManifestSubmission {
    county: Code,
    received_at: Time,
    files: Vec<String>,
}

const ORIGIN: &str = "demo.mingchou.example/log";
const PARTIES: [(&str, &str, &str); 2] =
    [("bureau", "2026-11-27T19:10:00+08:00", "2026-11-30T08:30:00+08:00"), ("discipline", "2026-11-27T19:20:00+08:00", "2026-11-30T08:32:00+08:00")];

fn file(name: &str) -> Result<&'static [u8]> {
    SAMPLE.get_file(name).map(include_dir::File::contents).ok_or_else(|| Refusal::new("file_missing").with("path", name))
}

fn file_text(name: &str) -> Result<&'static str> {
    std::str::from_utf8(file(name)?).map_err(|error| Refusal::new("file_failed").with("path", name).with("reason", error))
}

/// Counts steps for the progress lines.
struct Steps<'a, 'b> {
    printer: &'a mut Printer<'b>,
    done: usize,
    all: usize,
}

impl Steps<'_, '_> {
    fn step(&mut self, code: &str, values: &[(&'static str, String)]) {
        self.done += 1;
        let text = self.printer.text(code, values);
        self.printer.line(&format!("[{:>2}/{}] {text}", self.done, self.all));
    }
}

pub async fn run(args: &Args, printer: &mut Printer<'_>) -> Result<Exit> {
    if std::fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Refusal::new("demo_occupied").with("path", args.out.display()));
    }
    let manifest: Manifest = serde_json::from_str(file_text("manifest.json")?).map_err(|error| Refusal::new("store_failed").with("reason", error))?;
    let week = manifest.weeks.last().map(|week| week.week).ok_or_else(|| Refusal::new("receive_nothing"))?;
    let data = args.out.join("data");
    printer.say("demo_title", &[("seed", args.seed.to_string())]);
    let submissions: usize = manifest.weeks.iter().map(|week| week.submissions.len()).sum();
    let mut steps = Steps { printer, done: 0, all: submissions + 4 + 2 * PARTIES.len() + 3 };
    let mut office = open(&data, args.seed, &mut steps).await?;
    receive_all(&mut office, &manifest, &mut steps).await?;
    ceremony(&mut office, week, args.seed, &mut steps).await?;

    office.clock = Clock::Fixed(Time::parse("2026-12-07T09:00:00+08:00")?);
    steps.step("demo_publish", &[]);
    let list = ops::list::inspection_list(&office, week).await?;
    let list_path = args.out.join("list.xlsx");
    write_whole(&list_path, &ops::list::to_workbook(list)?)?;
    let bundle_path = args.out.join("bundle");
    let files = ops::publish::publish(&office, week).await?;
    ops::publish::write_bundle(&files, &bundle_path)?;
    write_whole(&args.out.join("bundle.zip"), &bundle::zip::write(&files)?)?;
    steps.step("demo_verify", &[]);
    // From the files as they lie there, as anyone else would.
    let verdict = bundle::verify(&verify::read_bundle(&bundle_path)?, Options::default());

    printer.line("");
    let status = ops::status::week_status(&office, week).await?;
    office::print_status(&status, printer);
    printer.line("");
    office::print_list(&office, week, printer).await?;
    printer.line("");
    verify::print_verdict(&bundle_path, &verdict, printer);
    printer.line("");
    let show = |path: &std::path::Path| path.display().to_string();
    printer.say("demo_files", &[("list", show(&list_path)), ("bundle", show(&bundle_path)), ("data", show(&data))]);
    Ok(if verdict.ok() { Exit::Done } else { Exit::Refused })
}

async fn open(data: &std::path::Path, seed: u64, steps: &mut Steps<'_, '_>) -> Result<Office> {
    std::fs::create_dir_all(data).map_err(|error| ops::office::file_failed(data, &error))?;
    let mut chance = Chance::seeded(seed);
    ops::init::init(data, ORIGIN, true, &mut chance).await?;
    let mut office = Office::open(data, None).await?;
    office.chance = chance;
    steps.step("demo_init", &[]);
    Ok(office)
}

async fn receive_all(office: &mut Office, manifest: &Manifest, steps: &mut Steps<'_, '_>) -> Result<()> {
    for ManifestWeek { week, submissions } in &manifest.weeks {
        for submission in submissions {
            office.clock = Clock::Fixed(submission.received_at);
            let hand_in = |name: &String| {
                let bytes = file(name)?.to_vec();
                Ok(HandedIn { name: name.rsplit('/').next().unwrap_or(name).to_owned(), bytes })
            };
            let files = submission.files.iter().map(hand_in).collect::<Result<Vec<_>>>()?;
            let received = ops::receive::receive_submission(office, *week, Some(submission.county.clone()), files).await?;
            let values = [
                ("week", week.to_string()),
                ("county", submission.county.to_string()),
                ("rows", received.submission.rows.to_string()),
                ("findings", received.findings.len().to_string()),
            ];
            steps.step("demo_receive", &values);
        }
    }
    Ok(())
}

async fn ceremony(office: &mut Office, week: Week, seed: u64, steps: &mut Steps<'_, '_>) -> Result<()> {
    let file = PlanFile::parse(PLAN)?;
    office.clock = Clock::Fixed(Time::parse("2026-11-27T19:00:00+08:00")?);
    let (_, scores) = ops::score::score_week(office, week).await?;
    let band = |band: char| scores.units.iter().filter(|scored| scored.band == band).count().to_string();
    steps.step("demo_score", &[("count", scores.units.len().to_string()), ("a", band('A')), ("b", band('B')), ("c", band('C')), ("d", band('D'))]);
    let frozen = ops::freeze::freeze_frame(office, week, &file).await?;
    steps.step("demo_freeze", &[("units", frozen.plan.frame.units.to_string()), ("visits", frozen.plan.visits.to_string())]);
    for (party, committed_at, _) in PARTIES {
        let party = Code::parse(party)?;
        office.clock = Clock::Fixed(Time::parse(committed_at)?);
        let value: Hash = commitment(&frozen.hash, &party, &nonce(seed, &party));
        ops::ceremony::commit(office, week, &party, value).await?;
        steps.step("demo_commit", &[("party", party.to_string())]);
    }
    office.clock = Clock::Fixed(Time::parse("2026-11-27T21:40:00+08:00")?);
    let numbers = lottery_numbers(seed);
    ops::ceremony::enter_entropy(office, week, &numbers).await?;
    steps.step("demo_entropy", &[("entropy", format!("{}/{}/{numbers}", file.entropy.source, file.entropy.draw))]);
    for (party, _, revealed_at) in PARTIES {
        let party = Code::parse(party)?;
        office.clock = Clock::Fixed(Time::parse(revealed_at)?);
        ops::ceremony::reveal(office, week, &party, nonce(seed, &party)).await?;
        steps.step("demo_reveal", &[("party", party.to_string())]);
    }
    office.clock = Clock::Fixed(Time::parse("2026-11-30T08:35:00+08:00")?);
    ops::ceremony::run_draw(office, week).await?;
    steps.step("demo_draw", &[]);
    Ok(())
}

/// A party's nonce of the demonstration: from the seed, so that everybody gets the same.
fn nonce(seed: u64, party: &Code) -> Secret {
    Secret(TaggedHash::new("demonstration nonce").lp(&seed.to_be_bytes()).lp(party.as_str().as_bytes()).end().0)
}

/// Twenty of eighty numbers that no lottery drew: from the seed.
fn lottery_numbers(seed: u64) -> String {
    let mut numbers: Vec<u32> = (1..=80).collect();
    crate::draw::rng::Rng::new(TaggedHash::new("demonstration lottery").lp(&seed.to_be_bytes()).end()).shuffle(&mut numbers);
    numbers.truncate(20);
    numbers.sort_unstable();
    numbers.iter().map(|number| format!("{number:02}")).collect::<Vec<_>>().join(" ")
}
