//! `mingchou verify BUNDLE…`: judges published bundles without a database and without a network.

use super::{Exit, Printer};
use crate::bundle::{self, Check, Files, Options, TrustedKeys, Verdict, files, zip};
use crate::canon::{Hash, Refusal, Result};
use serde_json::json;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Folders or zips.
    #[arg(required = true, value_name = "BUNDLE")]
    pub bundles: Vec<PathBuf>,
    /// Trusted keys: the log's, the parties' first ones, the witnesses'.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// How many owners of witnesses must have cosigned.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub witnesses: usize,
    /// Files to hold against a receipt.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub against: Vec<PathBuf>,
    #[arg(long)]
    pub without_log: bool,
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &Args, printer: &mut Printer) -> Exit {
    let trusted = match args.keys.as_deref().map(read_keys).transpose() {
        Ok(trusted) => trusted,
        Err(refusal) => return refuse_keys(&refusal, args.json, printer),
    };
    let options = Options { without_log: args.without_log, trusted, witnesses: args.witnesses };
    let (openings, bundles): (Vec<&PathBuf>, Vec<&PathBuf>) = args.bundles.iter().partition(|path| is_opening(path));
    let mut exit = Exit::Done;
    let mut results = Vec::new();
    for path in openings {
        let verdict = read_bounded(path, 1 << 20).and_then(|bytes| verify_json(&bytes, &args.against, options.trusted.as_ref()));
        exit = exit.max(tell(path, &verdict, args.json, &mut results, printer));
    }
    let read: Vec<Result<Files>> = bundles.iter().map(|path| read_bundle(path)).collect();
    let readable: Vec<&Files> = read.iter().flatten().collect();
    let (verdicts, together) = bundle::verify_together(&readable, &options);
    let mut verdicts = verdicts.into_iter();
    if together.iter().any(|check| !check.ok) {
        exit = Exit::Refused;
    }
    for (path, read) in bundles.iter().zip(&read) {
        let verdict = read.as_ref().map(|_| verdicts.next().unwrap_or_default()).map_err(Clone::clone);
        exit = exit.max(tell(path, &verdict, args.json, &mut results, printer));
    }
    if args.json {
        print_json(results, &together, exit == Exit::Done, printer);
    } else if !together.is_empty() {
        together.iter().for_each(|check| print_check(check, printer));
        printer.say(if exit == Exit::Done { "verify_all_good" } else { "verify_all_bad" }, &[("count", args.bundles.len().to_string())]);
    }
    exit
}

/// Prints or keeps one verdict, and says how the command should end for it.
fn tell(path: &Path, verdict: &Result<Verdict>, json: bool, results: &mut Vec<serde_json::Value>, printer: &mut Printer) -> Exit {
    let (verdict, exit) = match verdict {
        Ok(verdict) => (verdict.clone(), if verdict.ok() { Exit::Done } else { Exit::Refused }),
        Err(refusal) if refusal.code == "verify_unreadable" => (unread(refusal), Exit::Unreadable),
        Err(refusal) => (unread(refusal), Exit::Refused),
    };
    if json {
        results.push(to_json(path, &verdict, printer));
    } else {
        print_verdict(path, &verdict, printer);
    }
    exit
}

/// A county's receipt, held against files at hand, or one class's opening.
fn verify_json(bytes: &[u8], files: &[PathBuf], trusted: Option<&TrustedKeys>) -> Result<Verdict> {
    if !bundle::Receipt::is_receipt(bytes) {
        return Ok(bundle::verify_opening(bytes));
    }
    let hash = |path: &PathBuf| Ok((path.display().to_string(), Hash::of(&read_bounded(path, 64 << 20)?)));
    Ok(bundle::verify_receipt(bytes, trusted, &files.iter().map(hash).collect::<Result<Vec<_>>>()?))
}

/// A receipt or one class's opening, by its name; everything else is a bundle.
fn is_opening(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json") && !path.is_dir()
}

/// The verdict on a bundle whose files could not even be taken.
fn unread(refusal: &Refusal) -> Verdict {
    let check = Check { code: "V01", ok: false, expected: String::new(), found: String::new(), refusal: Some(refusal.clone()) };
    Verdict { checks: vec![check], ..Verdict::default() }
}

/// Without the keys that were to be trusted nothing is judged.
fn refuse_keys(refusal: &Refusal, json: bool, printer: &mut Printer) -> Exit {
    let check = Check { code: "V36", ok: false, expected: String::new(), found: String::new(), refusal: Some(refusal.clone()) };
    if json {
        let check = check_json(&check, printer);
        printer.json(&json!({"ok": false, "checks": [check], "bundles": []}));
    } else {
        print_check(&check, printer);
    }
    if refusal.code == "verify_unreadable" { Exit::Unreadable } else { Exit::Refused }
}

/// Reads a file of trusted keys.
pub fn read_keys(path: &Path) -> Result<TrustedKeys> {
    TrustedKeys::parse(&read_bounded(path, 1 << 20)?).map_err(|refusal| refusal.with("file", path.display()))
}

/// One bundle gives one object; several give an object with the whole verdict and each bundle's.
fn print_json(mut results: Vec<serde_json::Value>, together: &[Check], ok: bool, printer: &mut Printer) {
    if let [one] = results.as_mut_slice() {
        return printer.json(&one.take());
    }
    let mut checks: Vec<_> = results.iter().flat_map(|result| result["checks"].as_array().cloned().unwrap_or_default()).collect();
    checks.extend(together.iter().map(|check| check_json(check, printer)));
    printer.json(&json!({"ok": ok, "checks": checks, "bundles": results}));
}

fn check_json(check: &Check, printer: &Printer) -> serde_json::Value {
    let message = check.refusal.as_ref().map(|refusal| printer.sentence(refusal));
    json!({"code": check.code, "ok": check.ok, "expected": check.expected, "found": check.found, "message": message})
}

fn to_json(path: &Path, verdict: &Verdict, printer: &Printer) -> serde_json::Value {
    let checks: Vec<_> = verdict.checks.iter().map(|check| check_json(check, printer)).collect();
    let notes: Vec<_> = verdict.notes.iter().map(|note| json!({"code": note.code, "message": printer.sentence(note)})).collect();
    json!({"bundle": path.display().to_string(), "ok": verdict.ok(), "checks": checks, "notes": notes})
}

pub fn print_verdict(path: &Path, verdict: &Verdict, printer: &mut Printer) {
    verdict.checks.iter().for_each(|check| print_check(check, printer));
    for note in &verdict.notes {
        let text = printer.sentence(note);
        printer.line(&format!("   ·  {text}"));
    }
    printer.say(if verdict.ok() { "verify_good" } else { "verify_bad" }, &[("path", path.display().to_string())]);
}

fn print_check(check: &Check, printer: &mut Printer) {
    let mark = printer.text(if check.ok { "verify_pass" } else { "verify_fail" }, &[]);
    let name = printer.text(check.code, &[]);
    let detail = match &check.refusal {
        Some(refusal) => format!("\n      {}", printer.sentence(refusal)),
        None if check.found.is_empty() => String::new(),
        None => format!(" {}", check.found),
    };
    printer.line(&format!("{mark}  {}  {name}{detail}", check.code));
}

/// Reads a bundle's files, each name and size admitted before any byte of it is read.
pub fn read_bundle(path: &Path) -> Result<Files> {
    if path.is_dir() {
        return read_folder(path);
    }
    zip::read(std::io::BufReader::new(open_file(path)?))
}

fn read_folder(folder: &Path) -> Result<Files> {
    let mut found = Files::new();
    for (prefix, folder) in [("", folder.to_owned()), ("log/", folder.join("log"))] {
        if !prefix.is_empty() && !folder.exists() {
            continue;
        }
        let before = found.len();
        for entry in fs::read_dir(&folder).map_err(|error| unreadable(&folder, error))? {
            let entry = entry.map_err(|error| unreadable(&folder, error))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(|error| unreadable(&folder, error))?;
            if name == "log" && kind.is_dir() {
                continue;
            }
            if !kind.is_file() {
                return Err(Refusal::new("verify_link").with("path", folder.display()).with("file", crate::canon::code::clip(&name)));
            }
            let bytes = entry.metadata().map_err(|error| unreadable(&folder, error))?.len();
            files::admit(&name, bytes)?;
            let max = files::max_bytes(&name).unwrap_or(0);
            found.insert(name, read_bounded(&entry.path(), max)?);
        }
        // An empty log folder is a part of a log, not a bundle without one.
        if !prefix.is_empty() && found.len() == before {
            return Err(Refusal::new("bundle_missing_file").with("file", files::LOG_FILES[0]));
        }
    }
    Ok(found)
}

/// Opens a file; a pipe or a device, which might never end, is none.
fn open_file(path: &Path) -> Result<fs::File> {
    let kind = fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if !kind.is_file() {
        return Err(unreadable(path, std::io::ErrorKind::InvalidInput.into()));
    }
    fs::File::open(path).map_err(|error| unreadable(path, error))
}

/// Reads a file of at most `max` bytes, also when it grows meanwhile.
fn read_bounded(path: &Path, max: u64) -> Result<Vec<u8>> {
    let file = open_file(path)?;
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, error))?;
    if bytes.len() as u64 > max {
        return Err(Refusal::new("bundle_file_large").with("file", path.display()).with("max", max).with("found", bytes.len()));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: std::io::Error) -> Refusal {
    Refusal::new("verify_unreadable").with("path", path.display()).with("reason", error)
}
