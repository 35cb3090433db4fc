//! JSON that the command line and the interface share: one shape for one thing.

use crate::canon::{Result, Week};
use crate::domain::{Finding, Place, Severity};
use crate::i18n::{self, Lang, find_sentence};
use crate::ops::back::{self, FindingsRow, FindingsTable, Mark};
use crate::ops::explain::{Evidence, Explained};
use crate::ops::frame::Known;
use crate::ops::freeze::Frozen;
use crate::ops::list::InspectionList;
use crate::ops::model::{self, Difference, ScoredBy, Shown};
use crate::ops::receive::Received;
use crate::ops::score::Scores;
use crate::ops::witness::WitnessState;
use crate::store::fact::Fact;
use crate::store::submission::Document;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A finding with its sentence.
pub fn finding(finding: &Finding, lang: Lang) -> Value {
    let place = &finding.place;
    json!({
        "code": finding.code, "severity": finding.severity, "file": place.file, "sheet": place.sheet, "row": place.row, "cell": place.cell,
        "value": finding.value, "message": message(finding, lang),
    })
}

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

pub fn documents(documents: &[Document]) -> Vec<Value> {
    documents.iter().map(|d| json!({"sha256": d.sha256, "kind": d.kind, "file": d.file_name})).collect()
}

pub fn facts(facts: &[Fact]) -> Vec<Value> {
    facts.iter().map(|f| json!({"kind": f.kind.as_str(), "sha256": f.sha256, "rows": f.rows})).collect()
}

/// What became of a submission.
pub fn received(received: &Received, lang: Lang) -> Value {
    let s = &received.submission;
    let findings: Vec<Value> = received.findings.iter().map(|one| finding(one, lang)).collect();
    json!({
        "county": s.county, "week": s.week, "version": s.version, "at": s.at, "new": received.is_new, "rows": s.rows,
        "changes": received.changes, "totals": received.totals, "owed": received.owed, "lessons": received.lessons, "leaf": s.leaf_index,
        "documents": documents(&received.documents), "facts": facts(&received.facts), "findings": findings,
    })
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

/// The scores of a week as they are known now.
pub fn scores(week: Week, known: &Known, scores: &Scores, model: &ScoredBy) -> Value {
    let flags: BTreeMap<&str, _> = known.in_frame.iter().map(|class| (class.unit.as_str(), &class.flags)).collect();
    let left_out: Vec<_> = known.left_out.iter().map(|class| &class.unit).collect();
    json!({
        "week": week, "model": model, "classes": scores.units, "flags": flags, "left_out": left_out, "score_sum": scores.sum_scores,
        "lambda_permille": scores.lambda_permille,
    })
}

/// Keys stay as they are for pages; sentences in both languages stand beside their codes.
pub fn explained(explained: &Explained) -> Value {
    let mut value = serde_json::to_value(explained).unwrap_or_default();
    let lines = value.get_mut("signals").and_then(Value::as_array_mut);
    for (line, signal) in lines.into_iter().flatten().zip(&explained.explanation.signals) {
        let name = format!("signal_{}", signal.signal);
        line["name_zh"] = json!(i18n::phrase(Lang::Zh, &name));
        line["name_en"] = json!(i18n::phrase(Lang::En, &name));
        let rows = line.get_mut("evidence").and_then(Value::as_array_mut);
        for (row, of) in rows.into_iter().flatten().zip(&signal.evidence) {
            row["zh"] = json!(evidence_words(explained, of, Lang::Zh));
            row["en"] = json!(evidence_words(explained, of, Lang::En));
        }
        if let Some(code) = &signal.missing_reason {
            line["reason_zh"] = json!(i18n::say(Lang::Zh, code, &[]));
            line["reason_en"] = json!(i18n::say(Lang::En, code, &[]));
        }
    }
    value
}

/// A row of evidence as its sentence; numbers are also given as shares of a hundred.
pub fn evidence_words(e: &Explained, row: &Evidence, lang: Lang) -> String {
    const NUMBERS: [(&str, &str); 6] = [("n1", "p1"), ("n2", "p2"), ("n3", "p3"), ("n4", "p4"), ("n5", "p5"), ("n6", "p6")];
    let phrase = |code| i18n::phrase(lang, code).to_owned();
    // The other time of the same day needs no date.
    let day = row.at.as_deref().and_then(|at| at.get(..11)).unwrap_or("\n");
    let other_at = row.other_at.as_deref().map_or("", |other| other.strip_prefix(day).unwrap_or(other));
    let or_unknown = |text: &Option<String>, code| text.clone().unwrap_or_else(|| phrase(code));
    let mut values = vec![
        ("at", row.at.clone().unwrap_or_default()),
        ("other_at", other_at.to_owned()),
        ("unit", row.unit.clone().unwrap_or_default()),
        ("institution", or_unknown(&row.institution, "evidence_institution")),
        ("teacher", or_unknown(&row.teacher, "evidence_teacher")),
        ("occupation", or_unknown(&e.occupation, "evidence_occupation")),
        ("level", e.level.clone().unwrap_or_default()),
        ("persons", persons(row, lang)),
        ("count", row.count.unwrap_or(1).to_string()),
    ];
    for ((number, share), &value) in NUMBERS.into_iter().zip(&row.numbers) {
        values.push((number, value.to_string()));
        values.push((share, format!("{}.{}%", value.div_euclid(10), value.rem_euclid(10))));
    }
    i18n::say(lang, &format!("evidence_{}", row.what), &values)
}

/// Trainees by their masked names, or else by the rows of the roster in which they stand.
fn persons(row: &Evidence, lang: Lang) -> String {
    let (list, rows) = (if lang == Lang::Zh { "、" } else { ", " }, row.rows.iter().map(ToString::to_string).collect::<Vec<_>>());
    let is_more = row.count.is_some_and(|count| usize::try_from(count).is_ok_and(|count| count > rows.len()));
    let told = if rows.is_empty() {
        i18n::say(lang, "evidence_person", &[])
    } else if row.persons.is_empty() {
        i18n::say(lang, if rows.len() > 1 { "evidence_rows" } else { "evidence_row" }, &[("rows", rows.join(list))])
    } else {
        let named = |(name, row): (&String, &String)| i18n::say(lang, "evidence_named", &[("name", name.clone()), ("rows", row.clone())]);
        row.persons.iter().zip(&rows).map(named).collect::<Vec<_>>().join(list)
    };
    if is_more { i18n::say(lang, "evidence_more", &[("persons", told)]) } else { told }
}

pub fn frozen(frozen: &Frozen) -> Value {
    json!({"plan_hash": frozen.hash, "new": frozen.is_new, "plan": frozen.plan, "left_out": frozen.left_out})
}

/// The visits of a list as it stands.
pub fn visits(list: &InspectionList) -> Vec<Value> {
    let visit = |v: &crate::report::list::Line| {
        json!({"unit": v.unit, "team": v.team, "certain": v.is_certain, "substitute": v.is_substitute, "borrowed": v.borrowed,
               "county": v.county, "row": v.row, "lessons": v.lessons})
    };
    list.visits.iter().map(visit).collect()
}

/// A model with its scorecard and the file it came as.
pub fn model(shown: &Shown) -> Value {
    let card: Value = serde_json::from_str(shown.card.record()).unwrap_or_default();
    json!({"model": shown.view, "sha256": shown.card.hash(), "scorecard": card, "source": shown.source})
}

/// What one model does otherwise than another.
pub fn differences(before: &Shown, after: &Shown) -> Value {
    let line = |d: &Difference| {
        let values: Map<String, Value> = d.values.iter().map(|(name, value)| ((*name).to_owned(), json!(value.trim_start_matches('@')))).collect();
        json!({"code": d.code, "values": values, "zh": difference(Lang::Zh, d), "en": difference(Lang::En, d)})
    };
    let lines: Vec<Value> = model::diff(before, after).iter().map(line).collect();
    let name = |shown: &Shown| json!({"name": shown.card.name, "sha256": shown.card.hash()});
    json!({"before": name(before), "after": name(after), "differences": lines})
}

/// A difference in words.
pub fn difference(lang: Lang, difference: &Difference) -> String {
    let values: Vec<(&'static str, String)> = difference.values.iter().map(|(name, value)| (*name, named(lang, value))).collect();
    i18n::say(lang, difference.code, &values)
}

/// A word of ours in the language; a group that has none goes by its code.
pub fn named(lang: Lang, value: &str) -> String {
    let Some(code) = value.strip_prefix('@') else { return value.to_owned() };
    if find_sentence(code).is_none() {
        return code.trim_start_matches("group_").to_owned();
    }
    match code.strip_prefix("signal_") {
        Some(id) => format!("{id} {}", i18n::phrase(lang, code)),
        None => i18n::phrase(lang, code).to_owned(),
    }
}

pub fn witnesses(size: u64, policy: u64, states: &[WitnessState]) -> Value {
    let list: Vec<Value> = states.iter().map(|state| json!({"owner": state.owner, "key": state.key.to_string(), "seen": state.seen})).collect();
    json!({"size": size, "policy": policy, "witnesses": list})
}

/// A missing input must be told in words, so its reason needs a sentence.
pub fn require_sentences(shown: &Shown) -> Result<()> {
    match shown.card.signals.iter().find(|signal| find_sentence(signal.missing_reason.as_str()).is_none()) {
        Some(signal) => Err(crate::canon::Refusal::new("model_reason_unknown").with("signal", &signal.id).with("found", &signal.missing_reason)),
        None => Ok(()),
    }
}
