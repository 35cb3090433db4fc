//! `mingchou demo`: both sample weeks from beginning to end in a fresh folder, a line per step.

use super::{Exit, Printer, ceremony, office, verify};
use crate::bundle::{self, Options};
use crate::canon::json::to_record;
use crate::canon::{Code, Refusal, Result, Secret, TaggedHash, Time, Week};
use crate::draw::commitment;
use crate::ops::freeze::PlanFile;
use crate::ops::office::{Clock, write_whole};
use crate::ops::receive::HandedIn;
use crate::ops::{self, Chance, DrawName, Office};
use crate::tlog::witness::{Memory, judge};
use crate::tlog::{Act, DrawRef, KeyType, NoteKey, PrivateKey, SignedAct, VerifierKey};
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
/// Who approves the model there: nobody real.
const APPROVER: &str = "示例科长";
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
    let mut steps = Steps { printer, done: 0, all: submissions + 5 + 3 * PARTIES.len() + 5 };
    let mut office = open(&data, args.seed, &mut steps).await?;
    let mut witnesses = open_witnesses(&office, args.seed).await?;
    register_keys(&mut office, args.seed, &mut steps).await?;
    receive_all(&mut office, &manifest, &mut steps).await?;
    hold_ceremony(&mut office, week, args.seed, &mut witnesses[0], &mut steps).await?;

    office.clock = Clock::Fixed(Time::parse("2026-12-07T09:00:00+08:00")?);
    steps.step("demo_publish", &[]);
    let name = DrawName::weekly(week);
    ops::publish::publish(&office, name, None).await?;
    ops::tiles::write_tiles(&office).await?;
    // Printed after publication, the list also shows what was secret until then.
    let list = ops::list::inspection_list(&office, name).await?;
    let list_path = args.out.join("list.xlsx");
    write_whole(&list_path, &ops::list::to_workbook(list)?)?;
    for witness in &mut witnesses {
        witness.see(&office, "2026-12-07T09:30:00+08:00", &mut steps).await?;
    }
    let bundle_path = args.out.join("bundle");
    let files = ops::publish::publish(&office, name, None).await?;
    ops::publish::write_bundle(&files, &bundle_path)?;
    write_whole(&args.out.join("bundle.zip"), &bundle::zip::write(&files)?)?;
    let keys_path = args.out.join("keys.json");
    write_whole(&keys_path, &to_record(&ops::keys::trusted_record(&office).await?))?;
    steps.step("demo_verify", &[]);
    // From the files as they lie there, as anyone else would.
    let options = Options { trusted: Some(verify::read_keys(&keys_path)?), witnesses: 2, ..Options::default() };
    let verdict = bundle::verify(&verify::read_bundle(&bundle_path)?, &options);

    printer.line("");
    let status = ops::status::week_status(&office, week).await?;
    office::print_status(&status, printer);
    printer.line("");
    ceremony::print_list(&office, name, printer).await?;
    printer.line("");
    verify::print_verdict(&bundle_path, &verdict, printer);
    printer.line("");
    let show = |path: &std::path::Path| path.display().to_string();
    printer.say("demo_files", &[("list", show(&list_path)), ("bundle", show(&bundle_path)), ("keys", show(&keys_path)), ("data", show(&data))]);
    Ok(if verdict.ok() { Exit::Done } else { Exit::Refused })
}

async fn open(data: &std::path::Path, seed: u64, steps: &mut Steps<'_, '_>) -> Result<Office> {
    std::fs::create_dir_all(data).map_err(|error| ops::office::file_failed(data, &error))?;
    let chance = Chance::seeded(seed);
    let begins = Clock::Fixed(Time::parse("2026-11-16T08:30:00+08:00")?);
    ops::init::init(data, ORIGIN, true, &chance, begins, None).await?;
    let mut office = Office::open(data, None).await?;
    office.chance = chance;
    steps.step("demo_init", &[]);
    // The program proposed its model; that a person approved it belongs to the demonstration.
    office.clock = Clock::Fixed(Time::parse("2026-11-16T08:45:00+08:00")?);
    let proposed = ops::model::list(&office).await?;
    for model in &proposed {
        let (view, _) = ops::model::approve(&office, &model.name, APPROVER, "bureau", None).await?;
        steps.step("demo_model", &[("model", view.name), ("sha256", view.sha256.to_string())]);
    }
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
            let received =
                ops::receive::receive_submission(office, *week, Some(submission.county.clone()), files, ops::receive::Manner::default()).await?;
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

async fn hold_ceremony(office: &mut Office, week: Week, seed: u64, outside: &mut Witness, steps: &mut Steps<'_, '_>) -> Result<()> {
    let file = PlanFile::parse(PLAN)?;
    office.clock = Clock::Fixed(Time::parse("2026-11-27T19:00:00+08:00")?);
    let (_, scores) = ops::score::score_week(office, week).await?;
    let band = |band: char| scores.units.iter().filter(|scored| scored.band == band).count().to_string();
    steps.step("demo_score", &[("count", scores.units.len().to_string()), ("a", band('A')), ("b", band('B')), ("c", band('C')), ("d", band('D'))]);
    let frozen = ops::freeze::freeze_frame(office, week, &file).await?;
    steps.step("demo_freeze", &[("units", frozen.plan.frame.units.to_string()), ("visits", frozen.plan.visits.to_string())]);
    let draw = DrawRef { kind: frozen.plan.kind, period: frozen.plan.period, attempt: frozen.plan.attempt, plan: frozen.hash };
    for (party, committed_at, _) in PARTIES {
        let party = Code::parse(party)?;
        office.clock = Clock::Fixed(Time::parse(committed_at)?);
        let value = commitment(&frozen.hash, &party, &nonce(seed, &party));
        enter(office, SignedAct::new(Act::Commitment { draw, party: party.clone(), value }), seed, &[&party]).await?;
        steps.step("demo_commit", &[("party", party.to_string())]);
    }
    outside.see(office, "2026-11-27T20:30:00+08:00", steps).await?;
    office.clock = Clock::Fixed(Time::parse("2026-11-27T21:40:00+08:00")?);
    let text = format!("{}/{}/{}", file.entropy.source, file.entropy.draw, lottery_numbers(seed));
    let parties: Vec<&Code> = frozen.plan.parties.iter().collect();
    enter(office, SignedAct::new(Act::Entropy { draw, text: text.clone() }), seed, &parties).await?;
    steps.step("demo_entropy", &[("entropy", text)]);
    for (party, _, revealed_at) in PARTIES {
        let party = Code::parse(party)?;
        office.clock = Clock::Fixed(Time::parse(revealed_at)?);
        let salt = office.chance.secret()?;
        let reveal = |sealed| Act::Reveal { draw, party: party.clone(), from: party.clone(), sealed };
        enter(office, SignedAct::sealed(&salt, nonce(seed, &party).to_hex(), reveal), seed, &[&party]).await?;
        steps.step("demo_reveal", &[("party", party.to_string())]);
    }
    office.clock = Clock::Fixed(Time::parse("2026-11-30T08:35:00+08:00")?);
    ops::ceremony::run_draw(office, DrawName::weekly(week)).await?;
    steps.step("demo_draw", &[]);
    Ok(())
}

/// Signs an act with the keys of these parties and enters it.
async fn enter(office: &Office, mut signed: SignedAct, seed: u64, parties: &[&Code]) -> Result<()> {
    parties.iter().for_each(|party| signed.sign(party, &key(seed, party)));
    ops::ceremony::enter(office, signed).await.map(|_| ())
}

async fn register_keys(office: &mut Office, seed: u64, steps: &mut Steps<'_, '_>) -> Result<()> {
    office.clock = Clock::Fixed(Time::parse("2026-11-16T09:00:00+08:00")?);
    for (party, _, _) in PARTIES {
        let party = Code::parse(party)?;
        let act = Act::Key { party: party.clone(), value: key(seed, &party).public() };
        enter(office, SignedAct::new(act), seed, &[&party]).await?;
        steps.step("demo_key", &[("party", party.to_string())]);
    }
    Ok(())
}

/// A witness of the demonstration: its key, and what it saw last.
struct Witness {
    owner: Code,
    key: NoteKey,
    log: VerifierKey,
    memory: Option<Memory>,
}

/// One witness outside the parties, and the discipline group's.
async fn open_witnesses(office: &Office, seed: u64) -> Result<[Witness; 2]> {
    let make = |owner: &str| {
        let key = NoteKey::new(&format!("witness.{owner}.demo.example"), KeyType::Witness, &secret("demonstration witness", seed, owner));
        Ok(Witness { owner: Code::parse(owner)?, key, log: office.log_key.verifier(), memory: None })
    };
    let witnesses = [make("province")?, make("discipline")?];
    for witness in &witnesses {
        ops::witness::add_witness(office, &witness.owner, &witness.key.verifier()).await?;
    }
    Ok(witnesses)
}

impl Witness {
    /// Judges the log's newest checkpoint and cosigns it, as a witness's own process does.
    async fn see(&mut self, office: &Office, at: &str, steps: &mut Steps<'_, '_>) -> Result<()> {
        let request = ops::witness::request(office, &self.key.verifier().name, None).await?;
        let checkpoint = judge(self.memory, &request, &self.log)?;
        self.memory = Some(Memory { size: checkpoint.size, root: checkpoint.root });
        let line = self.key.cosign(&checkpoint, Time::parse(at)?.seconds());
        ops::witness::take(office, &line).await?;
        steps.step("demo_witness", &[("owner", self.owner.to_string()), ("size", checkpoint.size.to_string())]);
        Ok(())
    }
}

/// A secret of the demonstration: from the seed, so that everybody gets the same.
fn secret(what: &str, seed: u64, whose: &str) -> Secret {
    Secret(TaggedHash::new(what).lp(&seed.to_be_bytes()).lp(whose.as_bytes()).end().0)
}

fn key(seed: u64, party: &Code) -> PrivateKey {
    PrivateKey::new(&secret("demonstration key", seed, party.as_str()))
}

fn nonce(seed: u64, party: &Code) -> Secret {
    secret("demonstration nonce", seed, party.as_str())
}

/// Twenty of eighty numbers that no lottery drew: from the seed.
fn lottery_numbers(seed: u64) -> String {
    let mut numbers: Vec<u32> = (1..=80).collect();
    crate::draw::rng::Rng::new(TaggedHash::new("demonstration lottery").lp(&seed.to_be_bytes()).end()).shuffle(&mut numbers);
    numbers.truncate(20);
    numbers.sort_unstable();
    numbers.iter().map(|number| format!("{number:02}")).collect::<Vec<_>>().join(" ")
}
