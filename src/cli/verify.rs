//! `mingchou verify BUNDLE…`: judges published bundles without a database and without a network.

use super::{Exit, Printer};
use crate::bundle::{self, Files, Options, Verdict, files, zip};
use crate::canon::{Refusal, Result};
use serde_json::json;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Folders or zips.
    #[arg(required = true, value_name = "BUNDLE")]
    pub bundles: Vec<PathBuf>,
    #[arg(long)]
    pub without_log: bool,
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &Args, printer: &mut Printer) -> Exit {
    let options = Options { without_log: args.without_log };
    let mut exit = Exit::Done;
    let mut results = Vec::new();
    for path in &args.bundles {
        match read_bundle(path) {
            Ok(files) => {
                let verdict = bundle::verify(&files, options);
                if !verdict.ok() {
                    exit = exit.max(Exit::Refused);
                }
                if args.json {
                    results.push(to_json(path, &verdict, printer));
                } else {
                    print_verdict(path, &verdict, printer);
                }
            }
            Err(refusal) => {
                let is_unreadable = refusal.code == "verify_unreadable";
                exit = exit.max(if is_unreadable { Exit::Unreadable } else { Exit::Refused });
                if args.json {
                    let message = printer.sentence(&refusal);
                    let check = json!({"code": "V01", "ok": false, "expected": "", "found": "", "message": message});
                    results.push(json!({"bundle": path.display().to_string(), "ok": false, "checks": [check], "notes": []}));
                } else {
                    printer.refusal(&refusal);
                    printer.say("verify_bad", &[("path", path.display().to_string())]);
                }
            }
        }
    }
    if args.json {
        print_json(results, printer);
    }
    exit
}

/// One bundle gives one object; several give an object with the whole verdict and each bundle's.
fn print_json(mut results: Vec<serde_json::Value>, printer: &mut Printer) {
    if let [one] = results.as_mut_slice() {
        return printer.json(&one.take());
    }
    let ok = results.iter().all(|result| result["ok"] == true);
    let checks: Vec<_> = results.iter().flat_map(|result| result["checks"].as_array().cloned().unwrap_or_default()).collect();
    printer.json(&json!({"ok": ok, "checks": checks, "bundles": results}));
}

fn to_json(path: &Path, verdict: &Verdict, printer: &Printer) -> serde_json::Value {
    let checks: Vec<_> = verdict
        .checks
        .iter()
        .map(|check| {
            let message = check.refusal.as_ref().map(|refusal| printer.sentence(refusal));
            json!({"code": check.code, "ok": check.ok, "expected": check.expected, "found": check.found, "message": message})
        })
        .collect();
    let notes: Vec<_> = verdict.notes.iter().map(|note| json!({"code": note.code, "message": printer.sentence(note)})).collect();
    json!({"bundle": path.display().to_string(), "ok": verdict.ok(), "checks": checks, "notes": notes})
}

pub fn print_verdict(path: &Path, verdict: &Verdict, printer: &mut Printer) {
    for check in &verdict.checks {
        let mark = printer.text(if check.ok { "verify_pass" } else { "verify_fail" }, &[]);
        let name = printer.text(check.code, &[]);
        let detail = match &check.refusal {
            Some(refusal) => format!("\n      {}", printer.sentence(refusal)),
            None if check.found.is_empty() => String::new(),
            None => format!(" {}", check.found),
        };
        printer.line(&format!("{mark}  {}  {name}{detail}", check.code));
    }
    for note in &verdict.notes {
        let text = printer.sentence(note);
        printer.line(&format!("   ·  {text}"));
    }
    printer.say(if verdict.ok() { "verify_good" } else { "verify_bad" }, &[("path", path.display().to_string())]);
}

/// Reads a bundle's files, each name and size admitted before any byte of it is read.
pub fn read_bundle(path: &Path) -> Result<Files> {
    if path.is_dir() { read_folder(path) } else { zip::read(&read_bounded(path, 4 << 30)?) }
}

fn read_folder(folder: &Path) -> Result<Files> {
    let mut found = Files::new();
    for (prefix, folder) in [("", folder.to_owned()), ("log/", folder.join("log"))] {
        if !prefix.is_empty() && !folder.exists() {
            continue;
        }
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
    }
    Ok(found)
}

/// Reads a file of at most `max` bytes, also when it grows meanwhile.
fn read_bounded(path: &Path, max: u64) -> Result<Vec<u8>> {
    let file = fs::File::open(path).map_err(|error| unreadable(path, error))?;
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
