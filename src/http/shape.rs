//! JSON that the command line and the interface share: one shape for one thing.

use crate::canon::Result;
use crate::domain::{Finding, Place, Severity};
use crate::i18n::{self, Lang, find_sentence};
use crate::ops::back::{self, FindingsRow, FindingsTable, Mark};
use serde_json::Value;

/// The finding's sentence, with its place's and its value's names filled in.
pub fn message(finding: &Finding, lang: Lang) -> String {
    let mut values = finding.values.clone();
    values.push(("value", finding.value.clone().unwrap_or_default()));
    values.push(("row", finding.place.row.map(|row| row.to_string()).unwrap_or_default()));
    values.push(("sheet", finding.place.sheet.clone().unwrap_or_default()));
    i18n::say(lang, finding.code, &values)
}

/// A finding out of its record; none where no sentence is known for it any more.
pub fn finding_of(record: &str) -> Option<Finding> {
    let record: Value = serde_json::from_str(record).ok()?;
    let text = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
    let (code, zh, _) = *find_sentence(record.get("code")?.as_str()?)?;
    let severity = match text("severity")?.as_str() {
        "must_mend" => Severity::MustMend,
        "should_explain" => Severity::ShouldExplain,
        _ => Severity::Information,
    };
    // The sentence names all the values it needs.
    let names = zh.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    let values = names.filter_map(|name| Some((name, record.get("values")?.get(name)?.as_str()?.to_owned())));
    let row = record.get("row").and_then(Value::as_u64).and_then(|row| u32::try_from(row).ok());
    let place = Place { file: text("file").unwrap_or_default(), sheet: text("sheet"), row, cell: text("cell") };
    Some(Finding { code, severity, place, value: text("value"), values: values.collect() })
}

pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::MustMend => "severity_must_mend",
        Severity::ShouldExplain => "severity_should_explain",
        Severity::Information => "severity_information",
    }
}

/// Whether a finding is about a file. One that names none is of a version without documents, and goes by the sheet.
pub fn concerns(finding: &Finding, file: &str, sheets: &[String]) -> bool {
    let place = &finding.place;
    place.file == file || place.file.is_empty() && place.sheet.as_ref().is_none_or(|sheet| sheets.contains(sheet))
}

/// A document with its findings marked in it and listed on a sheet of its own.
pub fn marked(file_name: &str, bytes: &[u8], findings: &[&Finding], lang: Lang) -> Result<Vec<u8>> {
    let word = |code: &str| i18n::phrase(lang, code).to_owned();
    let marks: Vec<Mark> = findings.iter().map(|finding| mark(finding, lang)).collect();
    let rows = findings.iter().enumerate().map(|(at, finding)| {
        let place = &finding.place;
        let row = || place.row.map(|row| i18n::say(lang, "finding_row", &[("row", row.to_string())]));
        FindingsRow {
            severity: finding.severity,
            cells: vec![
                (at + 1).to_string(),
                word(severity_word(finding.severity)),
                finding.code.to_owned(),
                place.sheet.clone().unwrap_or_default(),
                place.cell.clone().or_else(row).unwrap_or_default(),
                finding.value.clone().unwrap_or_default(),
                message(finding, lang),
            ],
            sheet: place.sheet.clone(),
            cell: place.cell.clone().or_else(|| place.row.map(|row| format!("A{row}"))),
        }
    });
    let heads = ["back_number", "back_severity", "back_code", "back_sheet", "back_cell", "back_value", "back_message"];
    let table = FindingsTable {
        name: word("back_sheet_name"),
        title: i18n::say(lang, "back_title", &[("file", file_name.to_owned()), ("count", findings.len().to_string())]),
        head: heads.iter().map(|head| word(head)).collect(),
        rows: rows.collect(),
        replaces: None,
    };
    back::marked(bytes, &marks, &table)
}

fn mark(finding: &Finding, lang: Lang) -> Mark {
    let place = &finding.place;
    let text = format!("[{}] {}：{}", finding.code, i18n::phrase(lang, severity_word(finding.severity)), message(finding, lang));
    Mark { sheet: place.sheet.clone(), row: place.row, cell: place.cell.clone(), severity: finding.severity, text }
}
