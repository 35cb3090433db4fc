//! `backup`, `restore`, `relocate`: an office's whole state into a file, out of one, and into another database.

use super::office::Desk;
use super::{Exit, Printer};
use crate::canon::Result;
use crate::ops;
use crate::ops::restore::Target;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct BackupArgs {
    #[arg(id = "backup_file", value_name = "FILE")]
    pub file: PathBuf,
    /// Also writes the keys, into a file of their own: kept elsewhere, or the backup would open what it is meant to keep.
    #[arg(long, value_name = "FILE")]
    pub with_keys: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

pub async fn backup(desk: &Desk, args: &BackupArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    for path in [Some(&args.file), args.with_keys.as_ref()].into_iter().flatten() {
        super::party::refuse_in_data(path)?;
    }
    let office = desk.open().await?;
    let manifest = ops::backup::backup(&office, &args.file, args.with_keys.as_deref()).await?;
    let rows: u64 = manifest.tables.values().map(|held| held.rows).sum();
    if args.json {
        printer.json(&json!({"path": args.file.display().to_string(), "at": manifest.at, "rows": rows, "files": manifest.files.len(),
                             "leaves": manifest.leaves, "checkpoint": manifest.checkpoint}));
        return Ok(Exit::Done);
    }
    let values = [
        ("path", args.file.display().to_string()),
        ("rows", rows.to_string()),
        ("files", manifest.files.len().to_string()),
        ("leaves", manifest.leaves.to_string()),
    ];
    printer.say("backup_done", &values);
    match &args.with_keys {
        Some(path) => printer.say("backup_keys_done", &[("path", path.display().to_string())]),
        None => printer.say("backup_without_keys", &[]),
    }
    Ok(Exit::Done)
}

#[derive(Args, Debug)]
pub struct RestoreArgs {
    #[arg(id = "restore_file", value_name = "FILE")]
    pub file: PathBuf,
    #[arg(id = "restore_keys", long = "keys", value_name = "FILE")]
    pub keys: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    #[arg(long)]
    pub json: bool,
}

pub async fn restore(desk: &Desk, args: &RestoreArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let folder = desk.folder()?;
    let target = Target { folder, keys: args.keys.as_deref(), database: args.database.as_deref(), at: desk.at };
    let (manifest, report) = ops::restore::restore(&args.file, &target).await?;
    let exit = if report.faults.is_empty() { Exit::Done } else { Exit::Refused };
    if args.json {
        let faults: Vec<_> = report.faults.iter().map(|fault| json!({"code": fault.code, "message": printer.sentence(fault)})).collect();
        printer.json(&json!({"folder": folder.display().to_string(), "at": manifest.at, "ok": faults.is_empty(), "faults": faults,
                             "submissions": report.submissions, "originals": report.originals, "facts": report.facts, "leaves": report.leaves}));
        return Ok(exit);
    }
    for fault in &report.faults {
        let sentence = printer.sentence(fault);
        printer.line(&format!("  ✗ {sentence}"));
    }
    let values = [
        ("folder", folder.display().to_string()),
        ("at", manifest.at.0.format("%Y-%m-%d %H:%M:%S").to_string()),
        ("submissions", report.submissions.to_string()),
        ("originals", report.originals.to_string()),
        ("facts", report.facts.to_string()),
        ("leaves", report.leaves.to_string()),
    ];
    printer.say("restore_done", &values);
    printer.say(if report.faults.is_empty() { "fsck_sound" } else { "fsck_unsound" }, &[("count", report.faults.len().to_string())]);
    Ok(exit)
}

#[derive(Args, Debug)]
pub struct RelocateArgs {
    /// `postgres://…`, or `folder` for the file in the data folder.
    #[arg(id = "relocate_to", long = "to", value_name = "URL")]
    pub to: String,
}

pub async fn relocate(desk: &Desk, args: &RelocateArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let folder = desk.folder()?;
    let to = Some(args.to.as_str()).filter(|to| *to != "folder");
    let relocated = ops::relocate::relocate(folder, to).await?;
    let values = [("tables", relocated.tables.to_string()), ("rows", relocated.rows.to_string()), ("leaves", relocated.leaves.to_string())];
    printer.say(if to.is_some() { "relocate_done" } else { "relocate_back" }, &values);
    Ok(Exit::Done)
}
