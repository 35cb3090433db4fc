//! Witnessing: the witness's own process with its own folder and memory, and the office's side of it.

use super::office::{Desk, report};
use super::{Exit, Printer, table::Table};
use crate::canon::{Code, Hash, Refusal, Result, Secret};
use crate::ops::office::{Clock, read_text, write_secret, write_whole};
use crate::ops::{self, Chance};
use crate::tlog::vkey::is_name;
use crate::tlog::witness::{Memory, Request, judge};
use crate::tlog::{Checkpoint, KeyType, NoteKey, VerifierKey};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub struct WitnessArgs {
    /// The witness's own folder, never that of the office.
    #[arg(long, value_name = "DIR")]
    pub folder: PathBuf,
    /// At first: the witness's name.
    #[arg(long, requires = "log")]
    pub name: Option<String>,
    /// At first: the log's verifier key, got from elsewhere than the request.
    #[arg(long, value_name = "VKEY")]
    pub log: Option<String>,
    /// At first: a witness for a demonstration, which accepts --at.
    #[arg(long, requires = "name")]
    pub demonstration: bool,
    #[arg(value_name = "REQUEST", requires = "out")]
    pub request: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct WitnessesArgs {
    /// Adds a witness that is asked from now on.
    #[arg(long, value_name = "VKEY", requires = "owner")]
    pub add: Option<String>,
    #[arg(long)]
    pub owner: Option<String>,
    /// Writes the request to carry to the witness of that name.
    #[arg(long, value_name = "NAME", requires = "out")]
    pub ask: Option<String>,
    /// The size that the witness says it remembers.
    #[arg(long, value_name = "SIZE", requires = "ask")]
    pub old: Option<u64>,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Takes a witness's answer.
    #[arg(long, value_name = "FILE")]
    pub take: Option<PathBuf>,
    /// How many owners outside the parties are asked for.
    #[arg(long, value_name = "N")]
    pub policy: Option<u64>,
    #[arg(long)]
    pub json: bool,
}

/// The witness's files.
struct Folder {
    key: NoteKey,
    log: VerifierKey,
    path: PathBuf,
}

impl Folder {
    fn make(path: &Path, name: &str, log: &str, is_demonstration: bool) -> Result<Self> {
        super::party::refuse_in_data(path)?;
        super::party::refuse_in_data(&path.join("witness.key"))?;
        if !is_name(name) {
            return Err(Refusal::new("init_origin").with("origin", crate::canon::code::clip(name)));
        }
        if path.join("witness.key").exists() {
            return Err(Refusal::new("nonce_exists").with("path", path.join("witness.key").display()));
        }
        let log = VerifierKey::parse(log, KeyType::Log)?;
        if is_demonstration {
            write_whole(&path.join("demonstration"), b"")?;
        }
        write_whole(&path.join("log.vkey"), format!("{log}\n").as_bytes())?;
        write_secret(&path.join("witness.key"), format!("{name}\n{}\n", Chance::System.secret()?.to_hex()).as_bytes())?;
        Self::open(path)
    }

    fn open(path: &Path) -> Result<Self> {
        let text = read_text(&path.join("witness.key"))?;
        let (name, secret) = text.trim_end().split_once('\n').ok_or_else(|| Refusal::new("secret_malformed"))?;
        let key = NoteKey::new(name, KeyType::Witness, &Secret::parse(secret)?);
        let log = VerifierKey::parse(read_text(&path.join("log.vkey"))?.trim_end(), KeyType::Log)?;
        Ok(Self { key, log, path: path.to_owned() })
    }

    /// The last tree cosigned: its size and root.
    fn memory(&self) -> Result<Option<Memory>> {
        let path = self.path.join("last");
        if !path.exists() {
            return Ok(None);
        }
        let text = read_text(&path)?;
        let parts = text.trim_end().split_once(' ');
        let memory = parts.and_then(|(size, root)| Some(Memory { size: size.parse().ok()?, root: Hash::parse(root).ok()? }));
        // A memory that can't be read is no reason to forget: the witness stops.
        memory.map(Some).ok_or_else(|| Refusal::new("witness_memory").with("path", path.display()))
    }

    /// Remembers a tree, and only then lets its cosignature out: after a crash between the two the witness has at worst
    /// seen more than it signed.
    fn remember(&self, checkpoint: &Checkpoint) -> Result<()> {
        write_whole(&self.path.join("last"), format!("{} {}\n", checkpoint.size, checkpoint.root).as_bytes())
    }
}

/// The discipline group's (or anyone's) own process.
pub fn witness(args: &WitnessArgs, at: Option<crate::canon::Time>, printer: &mut Printer) -> Result<Exit> {
    let folder = match (&args.name, &args.log) {
        (Some(name), Some(log)) => Folder::make(&args.folder, name, log, args.demonstration)?,
        _ => Folder::open(&args.folder)?,
    };
    let (Some(path), Some(out)) = (&args.request, &args.out) else {
        printer.say("witness_key", &[("key", folder.key.verifier().to_string()), ("log", folder.log.to_string())]);
        return Ok(Exit::Done);
    };
    if at.is_some() && !args.folder.join("demonstration").exists() {
        return Err(Refusal::new("clock_not_demonstration"));
    }
    let request = Request::parse(&read_text(path)?)?;
    let memory = folder.memory()?;
    let checkpoint = judge(memory, &request, &folder.log).inspect_err(|refusal| keep_evidence(&folder, refusal, &request))?;
    folder.remember(&checkpoint)?;
    let time = at.unwrap_or_else(|| Clock::System.now()).seconds();
    write_whole(out, folder.key.cosign(&checkpoint, time).as_bytes())?;
    printer.say(
        "witness_cosigned",
        &[("size", checkpoint.size.to_string()), ("root", checkpoint.root.to_string()), ("path", out.display().to_string())],
    );
    Ok(Exit::Done)
}

/// A fork (or a log that shrank) is proved by the two checkpoints that the log signed: the request that showed it is kept.
fn keep_evidence(folder: &Folder, refusal: &Refusal, request: &Request) {
    if ["witness_fork", "witness_shrunk"].contains(&refusal.code) {
        let name = format!("fork-{}.txt", &Hash::of(request.to_text().as_bytes()).to_string()[..16]);
        // The alarm is given whether or not the evidence can be written.
        let _ = write_whole(&folder.path.join(name), request.to_text().as_bytes());
    }
}

/// The office's side: who is asked, requests out, answers in.
pub async fn witnesses(desk: &Desk, args: &WitnessesArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let office = desk.open().await?;
    if let (Some(vkey), Some(owner)) = (&args.add, &args.owner) {
        let key = VerifierKey::parse(vkey, KeyType::Witness)?;
        let is_new = ops::witness::add_witness(&office, &Code::parse(owner)?, &key).await?;
        return Ok(report(is_new, args.json, "witness_added", &[("owner", owner.clone()), ("name", key.name)], printer));
    }
    if let (Some(name), Some(out)) = (&args.ask, &args.out) {
        let request = ops::witness::request(&office, name, args.old).await?;
        write_whole(out, request.to_text().as_bytes())?;
        return Ok(report(true, args.json, "witness_asked", &[("path", out.display().to_string()), ("name", name.clone())], printer));
    }
    if let Some(path) = &args.take {
        let size = ops::witness::take(&office, &read_text(path)?).await?;
        ops::tiles::write_tiles(&office).await?;
        return Ok(report(true, args.json, "witness_taken", &[("size", size.to_string())], printer));
    }
    if let Some(policy) = args.policy {
        ops::witness::set_policy(&office, policy).await?;
    }
    let (size, states) = ops::witness::list_witnesses(&office).await?;
    let policy = ops::witness::policy(&office).await?;
    if args.json {
        printer.json(&crate::http::shape::witnesses(size, policy, &states));
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["witness_owner", "witness_name", "witness_seen"].iter().map(|head| printer.text(head, &[])).collect());
    for state in &states {
        table.row(vec![state.owner.to_string(), state.key.name.clone(), format!("{} / {size}", state.seen)]);
    }
    printer.line(&table.render());
    printer.say("witness_policy", &[("count", policy.to_string())]);
    Ok(Exit::Done)
}
