//! Reading what counties send: the sample weeks against the generator's own truth, and single messes.

use mingchou::canon::Week;
use mingchou::domain::ReportingUnit;
use mingchou::ingest::{Context, Reading, Rows, read_document};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

pub fn units() -> Vec<ReportingUnit> {
    let bytes = std::fs::read(root().join("data/reporting_units.json")).expect("the units are in the repository");
    serde_json::from_slice(&bytes).expect("the units are well formed")
}

pub fn read(name: &str, bytes: &[u8], week: &str) -> Reading {
    read_document(name, bytes, &Context { week: Week::parse(week).expect("a week"), kind: None, units: &units() })
}

fn rows_of(reading: &Reading) -> Vec<Value> {
    match &reading.rows {
        Rows::Ledger(rows) => rows.iter().map(|row| serde_json::to_value(row).expect("rows are plain")).collect(),
        Rows::Timetable(rows) => rows.iter().map(|row| serde_json::to_value(row).expect("rows are plain")).collect(),
        Rows::Roster(rows) => rows.iter().map(|row| serde_json::to_value(row).expect("rows are plain")).collect(),
        Rows::None => Vec::new(),
    }
}

/// Differences between what was read and what the generator wrote, by row and field.
fn differences(read: &[Value], expected: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    if read.len() != expected.len() {
        found.push(format!("{} rows read, {} written", read.len(), expected.len()));
    }
    for (index, (read, expected)) in read.iter().zip(expected).enumerate() {
        for (field, value) in expected.as_object().expect("an expected row is an object") {
            if read.get(field) != Some(value) {
                found.push(format!("row {index} {field}: read {}, written {value}", read.get(field).unwrap_or(&Value::Null)));
            }
        }
    }
    found
}

#[test]
fn every_sample_file_reads_as_it_was_written() {
    let mut problems = Vec::new();
    let mut files = 0;
    for week in ["2026-W47", "2026-W48"] {
        let folder = root().join("data/sample/expected").join(week);
        let mut entries: Vec<_> = std::fs::read_dir(&folder).expect("the sample is in the repository").flatten().collect();
        entries.sort_by_key(|entry| entry.path());
        for entry in entries {
            let expected: Value = serde_json::from_slice(&std::fs::read(entry.path()).expect("readable")).expect("json");
            let county = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
            for (name, truth) in expected.as_object().expect("an object") {
                files += 1;
                let bytes = std::fs::read(root().join("data/sample").join(week).join(&county).join(name)).expect("the file is there");
                let reading = read(name, &bytes, week);
                let kind = reading.kind.map(mingchou::domain::DocumentKind::as_str);
                if kind != truth["kind"].as_str() || reading.county.as_ref().map(|c| c.as_str()) != Some(&county) {
                    problems.push(format!("{week} {name}: kind {kind:?}, county {:?}", reading.county));
                }
                let rows = truth["rows"].as_array().expect("rows");
                problems.extend(differences(&rows_of(&reading), rows).into_iter().map(|p| format!("{week} {name}: {p}")));
            }
        }
    }
    assert_eq!(files, 42);
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}
