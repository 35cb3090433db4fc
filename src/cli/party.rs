//! What a party does on its own machine, without any data folder: its key, its nonce, its acts, its signature.

use super::{Exit, Printer};
use crate::canon::{Code, NamedDraw, Refusal, Result, Secret, TaggedHash, Text, entropy};
use crate::draw::commitment;
use crate::ops::Chance;
use crate::ops::envelope::envelope_sheet;
use crate::ops::office::{read_text, write_secret, write_whole};
use crate::tlog::{Act, DrawRef, PrivateKey, SignedAct};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub struct KeyArgs {
    #[arg(long)]
    pub party: String,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The key file before, which signs its successor.
    #[arg(long, value_name = "FILE")]
    pub old: Option<PathBuf>,
    /// The key before is lost: others sign.
    #[arg(long, conflicts_with = "old")]
    pub lost: bool,
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "old", "lost"])]
    pub show: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct NonceArgs {
    #[arg(long, value_name = "FILE")]
    pub slip: PathBuf,
    #[arg(long)]
    pub party: String,
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Throws of dice, mixed with the system's randomness.
    #[arg(long, value_name = "DIGITS")]
    pub dice: Option<String>,
    #[arg(long, requires = "dice")]
    pub dice_only: bool,
    /// The sheet for the sealed envelope.
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct ActArgs {
    #[arg(value_name = "KIND", value_parser = ["entropy", "reveal", "void"])]
    pub act_kind: String,
    #[arg(long, value_name = "FILE")]
    pub slip: PathBuf,
    #[arg(long)]
    pub party: Option<String>,
    /// The public value as this party reads it.
    #[arg(long)]
    pub value: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub nonce: Option<PathBuf>,
    /// The nonce as printed on the envelope's sheet.
    #[arg(long, value_name = "HEX", conflicts_with = "nonce")]
    pub nonce_text: Option<String>,
    /// The keeper who opens another's envelope.
    #[arg(long, value_name = "PARTY")]
    pub keeper: Option<String>,
    #[arg(long)]
    pub reason: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args, Debug)]
pub struct SignArgs {
    #[arg(long)]
    pub party: String,
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Sign without asking.
    #[arg(long)]
    pub yes: bool,
    #[arg(required = true, value_name = "ACT")]
    pub acts: Vec<PathBuf>,
}

/// Makes a party's key, with the act that registers it; or shows the public half of one.
pub fn key(args: &KeyArgs, printer: &mut Printer) -> Result<Exit> {
    let party = Code::parse(&args.party)?;
    if let Some(path) = &args.show {
        return Ok(show_key(&party, &read_key(path)?, args.json, printer));
    }
    let out = args.out.as_deref().ok_or_else(|| Refusal::new("key_no_out"))?;
    let act = act_path(out);
    [out, &act].into_iter().try_for_each(refuse_existing)?;
    let secret = Chance::System.secret()?;
    let key = PrivateKey::new(&secret);
    let mut signed = SignedAct::new(Act::Key { party: party.clone(), value: key.public() });
    match &args.old {
        Some(old) => signed.sign(&party, &read_key(old)?),
        None if args.lost => {}
        None => signed.sign(&party, &key),
    }
    write_secret(out, &secret_text(&secret))?;
    write_act(&act, &signed)?;
    let exit = show_key(&party, &key, args.json, printer);
    if !args.json {
        let code = if args.lost { "key_lost_next" } else { "key_next" };
        printer.say(code, &[("path", out.display().to_string()), ("act", act.display().to_string())]);
    }
    Ok(exit)
}

fn show_key(party: &Code, key: &PrivateKey, json: bool, printer: &mut Printer) -> Exit {
    if json {
        printer.json(&json!({"party": party, "public_key": key.public()}));
    } else {
        printer.say("key_public", &[("party", party.to_string()), ("key", key.public().to_string())]);
    }
    Exit::Done
}

fn read_key(path: &Path) -> Result<PrivateKey> {
    Ok(PrivateKey::new(&read_secret(path)?))
}

fn read_secret(path: &Path) -> Result<Secret> {
    Secret::parse(read_text(path)?.trim())
}

fn secret_text(secret: &Secret) -> Vec<u8> {
    format!("{}\n", secret.to_hex()).into_bytes()
}

/// Secrets never lie in a data folder, nor over a file that is there.
fn refuse_existing(path: &Path) -> Result<()> {
    refuse_in_data(path)?;
    if path.exists() { Err(Refusal::new("nonce_exists").with("path", path.display())) } else { Ok(()) }
}

/// Nothing a person names is written into a data folder, where it could take the place of what the office keeps.
pub fn refuse_in_data(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if folder.ancestors().any(|folder| folder.join("mingchou.db").exists() || folder.join("keys/log.key").exists()) {
        return Err(Refusal::new("nonce_in_data").with("path", path.display()));
    }
    Ok(())
}

/// The act file beside a secret's file.
fn act_path(path: &Path) -> PathBuf {
    path.with_extension("act.json")
}

/// An act that hides something shows it in its file, so that it can be read before it is signed.
pub fn write_act(path: &Path, signed: &SignedAct) -> Result<()> {
    refuse_in_data(path)?;
    // Over an act, made anew; never over a key or whatever else lies there.
    if path.exists() && read_act(path).is_err() {
        return Err(Refusal::new("nonce_exists").with("path", path.display()));
    }
    let write = if signed.opening.is_some() { write_secret } else { write_whole };
    write(path, signed.to_text().as_bytes())
}

pub fn read_act(path: &Path) -> Result<SignedAct> {
    SignedAct::parse(&read_text(path)?).map_err(|refusal| refusal.with("file", path.display()))
}

/// The draw as its slip names it.
struct Slip {
    draw: DrawRef,
    entropy: NamedDraw,
    parties: Vec<Code>,
}

impl Slip {
    fn read(path: &Path) -> Result<Self> {
        match Act::parse(read_text(path)?.trim_end().as_bytes()) {
            Ok(Act::Plan { draw, entropy, parties, .. }) => Ok(Self { draw, entropy, parties }),
            _ => Err(Refusal::new("slip_malformed").with("path", path.display())),
        }
    }

    fn party(&self, text: &str) -> Result<Code> {
        let party = Code::parse(text)?;
        if self.parties.contains(&party) {
            return Ok(party);
        }
        let parties: Vec<&str> = self.parties.iter().map(Code::as_str).collect();
        Err(Refusal::new("party_unknown").with("party", party).with("parties", parties.join(", ")))
    }
}

/// Makes a party's nonce, the act that commits to it, and the sheet for its envelope.
pub fn nonce(args: &NonceArgs, printer: &mut Printer) -> Result<Exit> {
    let slip = Slip::read(&args.slip)?;
    let party = slip.party(&args.party)?;
    let act = act_path(&args.out);
    [Some(&args.out), Some(&act), args.sheet.as_ref()].into_iter().flatten().try_for_each(|path| refuse_existing(path))?;
    let nonce = make_nonce(args.dice.as_deref(), args.dice_only)?;
    let value = commitment(&slip.draw.plan, &party, &nonce);
    let signed = SignedAct::new(Act::Commitment { draw: slip.draw, party: party.clone(), value });
    if let Some(path) = &args.sheet {
        write_secret(path, &envelope_sheet(&slip.draw, &party, &value, &nonce)?)?;
    }
    write_secret(&args.out, &secret_text(&nonce))?;
    write_act(&act, &signed)?;
    if args.json {
        printer.json(&json!({"party": party, "commitment": value, "nonce_file": args.out, "act": act}));
        return Ok(Exit::Done);
    }
    printer.say("freeze_hash", &[("hash", slip.draw.plan.to_string())]);
    printer.say("nonce_done", &[("path", args.out.display().to_string()), ("party", party.to_string())]);
    printer.say("nonce_commitment", &[("commitment", value.to_string())]);
    printer.say("nonce_next", &[("act", act.display().to_string())]);
    Ok(Exit::Done)
}

/// A nonce from the system's randomness, from dice, or from both mixed: as good as the better of the two.
fn make_nonce(dice: Option<&str>, dice_only: bool) -> Result<Secret> {
    let Some(dice) = dice else { return Chance::System.secret() };
    let throws: String = dice.chars().filter(|c| !c.is_whitespace()).collect();
    let needed = if throws.bytes().all(|b| (b'1'..=b'6').contains(&b)) { 100 } else { 78 };
    if throws.len() < needed || !throws.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::new("nonce_dice").with("needed", needed).with("found", throws.chars().count()));
    }
    let hash = if dice_only { TaggedHash::new("dice nonce") } else { TaggedHash::new("mixed nonce").fixed(&Chance::System.secret()?.0) };
    Ok(Secret(hash.lp(throws.as_bytes()).end().0))
}

/// Makes an act for signing: the public value as read, the nonce revealed, a void.
pub fn act(args: &ActArgs, printer: &mut Printer) -> Result<Exit> {
    let slip = Slip::read(&args.slip)?;
    let missing = |argument: &'static str| Refusal::new("act_argument").with("argument", argument);
    let signed = match args.act_kind.as_str() {
        "entropy" => entropy_act(&slip, args.value.as_deref().ok_or_else(|| missing("--value"))?)?,
        "void" => {
            let reason = Text::parse(args.reason.as_deref().ok_or_else(|| missing("--reason"))?)?;
            SignedAct::new(Act::Void { draw: slip.draw, reason })
        }
        _ => {
            let party = slip.party(args.party.as_deref().ok_or_else(|| missing("--party"))?)?;
            let from = args.keeper.as_deref().map_or_else(|| Ok(party.clone()), |keeper| slip.party(keeper))?;
            let nonce = match (&args.nonce, &args.nonce_text) {
                (Some(path), _) => read_secret(path)?,
                (None, Some(text)) => Secret::parse(&text.split_whitespace().collect::<String>().to_lowercase())?,
                (None, None) => return Err(missing("--nonce")),
            };
            reveal_act(&slip.draw, party, from, &nonce)?
        }
    };
    write_act(&args.out, &signed)?;
    printer.say("act_made", &[("act", args.out.display().to_string())]);
    Ok(Exit::Done)
}

fn entropy_act(slip: &Slip, value: &str) -> Result<SignedAct> {
    let NamedDraw { source, draw, .. } = &slip.entropy;
    let value = value.trim();
    let text = if value.contains('/') { value.to_owned() } else { format!("{source}/{draw}/{value}") };
    entropy::check_text(&text, source, draw)?;
    Ok(SignedAct::new(Act::Entropy { draw: slip.draw, text }))
}

fn reveal_act(draw: &DrawRef, party: Code, from: Code, nonce: &Secret) -> Result<SignedAct> {
    let salt = Chance::System.secret()?;
    Ok(SignedAct::sealed(&salt, nonce.to_hex(), |sealed| Act::Reveal { draw: *draw, party, from, sealed }))
}

/// Shows in words what is signed, asks, and adds the signature to the act's file.
pub fn sign(args: &SignArgs, printer: &mut Printer) -> Result<Exit> {
    let party = Code::parse(&args.party)?;
    let key = read_key(&args.key)?;
    for path in &args.acts {
        let mut signed = read_act(path)?;
        refuse_foreign(&signed.act, &party)?;
        tell(&signed, printer);
        if !args.yes && !agrees(printer) {
            return Err(Refusal::new("sign_declined").with("file", path.display()));
        }
        signed.sign(&party, &key);
        write_act(path, &signed)?;
        printer.say("sign_done", &[("party", party.to_string()), ("file", path.display().to_string())]);
    }
    Ok(Exit::Done)
}

/// An act that only one party signs is not another's to sign.
fn refuse_foreign(act: &Act, party: &Code) -> Result<()> {
    let signer = match act {
        Act::Commitment { party, .. } => Some(party),
        Act::Reveal { from, .. } => Some(from),
        _ => None,
    };
    match signer.filter(|signer| *signer != party) {
        Some(signer) => Err(Refusal::new("sign_foreign").with("expected", signer).with("found", party)),
        None => Ok(()),
    }
}

/// What an act says, in words.
fn tell(signed: &SignedAct, printer: &mut Printer) {
    crate::ops::pending::describe(signed).iter().for_each(|(code, values)| printer.say(code, values));
}

fn agrees(printer: &mut Printer) -> bool {
    printer.say("sign_ask", &[]);
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.is_ok() && matches!(line.trim(), "同意" | "是" | "yes" | "y" | "Y")
}
