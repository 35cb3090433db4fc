//! Findings, changes, times and weeks as pages show them.

use crate::canon::{Refusal, Time, Week};
use crate::domain::{Finding, Severity};
use crate::http::shape;
use crate::i18n::{self, Lang};
use crate::ops::back::{FindingsRow, FindingsTable};
use crate::ops::receive::{Change, ChangeKind};
use crate::report::mark::copy_workbook;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// `2026-11-27 17:30`
pub fn moment(time: Time) -> String {
    time.0.format("%Y-%m-%d %H:%M").to_string()
}

/// `2026年第48周（11月23日—27日）`, or `week 48 of 2026 (23–27 Nov)`.
pub fn week_words(lang: Lang, week: Week) -> String {
    let (monday, friday) = (week.monday().0, week.friday().0);
    let is_one = monday.format("%m").to_string() == friday.format("%m").to_string();
    if lang == Lang::Zh {
        let last = friday.format(if is_one { "%-d日" } else { "%-m月%-d日" });
        return format!("{}年第{}周（{}—{last}）", week.year, week.number, monday.format("%-m月%-d日"));
    }
    let first = monday.format(if is_one { "%-d" } else { "%-d %b" });
    format!("week {} of {} ({first}–{})", week.number, week.year, friday.format("%-d %b"))
}

/// Minutes in words: days and hours, or hours and minutes.
pub fn span_words(lang: Lang, minutes: i64) -> String {
    let minutes = minutes.abs();
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let (code, one, two) = if days > 0 { ("span_days", days, hours) } else { ("span_hours", hours, rest) };
    i18n::say(lang, code, &[("one", one.to_string()), ("two", two.to_string())])
}

/// The sentence of a refusal, with that of the finding that it names.
pub fn refusal_words(lang: Lang, refusal: &Refusal) -> String {
    let mut values = refusal.values.clone();
    if let Some((_, code)) = refusal.values.iter().find(|(name, _)| *name == "finding") {
        values.push(("reason", i18n::say(lang, code, &refusal.values)));
    }
    i18n::say(lang, refusal.code, &values)
}

/// Our word for a column.
pub fn column_word(lang: Lang, name: &str) -> String {
    ["column_", "field_"]
        .iter()
        .find_map(|start| i18n::find_sentence(&format!("{start}{name}")))
        .map_or_else(|| name.to_owned(), |(code, _, _)| i18n::phrase(lang, code).to_owned())
}

/// A finding as a row of a table.
pub struct FindingRow {
    pub code: &'static str,
    pub file: String,
    pub place: String,
    pub seen: String,
    pub message: String,
}

/// Findings of one weight.
pub struct FindingGroup {
    pub class: &'static str,
    pub word: &'static str,
    pub hint: &'static str,
    pub rows: Vec<FindingRow>,
}

/// Findings by weight, then by where they stand.
pub fn groups<'a>(lang: Lang, findings: impl IntoIterator<Item = &'a Finding>) -> Vec<FindingGroup> {
    let mut findings: Vec<&Finding> = findings.into_iter().collect();
    findings.sort_by(|a, b| a.place.cmp(&b.place));
    let group = |(severity, class, hint): (Severity, &'static str, &'static str)| FindingGroup {
        class,
        word: i18n::phrase(lang, shape::severity_word(severity)),
        hint: i18n::phrase(lang, hint),
        rows: findings.iter().filter(|finding| finding.severity == severity).map(|finding| row(lang, finding)).collect(),
    };
    let weights = [
        (Severity::MustMend, "bad", "submit_hint_must"),
        (Severity::ShouldExplain, "warn", "submit_hint_explain"),
        (Severity::Information, "plain", "submit_hint_information"),
    ];
    weights.into_iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

fn row(lang: Lang, finding: &Finding) -> FindingRow {
    let place = &finding.place;
    let row = || place.row.map(|row| i18n::say(lang, "finding_row", &[("row", row.to_string())]));
    let parts: Vec<String> = [place.sheet.clone(), place.cell.clone().or_else(row)].into_iter().flatten().collect();
    FindingRow {
        code: finding.code,
        file: place.file.clone(),
        place: parts.join(" "),
        seen: finding.value.clone().unwrap_or_default(),
        message: shape::message(finding, lang),
    }
}

/// The differences from what was said before, one sentence each.
pub fn change_lines(lang: Lang, changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let class = change.class.class_name.clone().unwrap_or_else(|| i18n::phrase(lang, "class_unnamed").to_owned());
        let text = match &change.kind {
            ChangeKind::Added => i18n::say(lang, "change_added", &[("class", class)]),
            ChangeKind::Removed => i18n::say(lang, "change_removed", &[("class", class)]),
            ChangeKind::Field { name, before, after } => {
                let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
                let values = [("class", class), ("field", column_word(lang, name)), ("before", shown(before)), ("after", shown(after))];
                i18n::say(lang, "change_field", &values)
            }
        };
        // The terminal's bullets.
        text.trim_start_matches([' ', '·']).trim_start().to_owned()
    };
    changes.iter().map(line).collect()
}

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file for the person to keep.
pub fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let name: String = name.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    let mut response = bytes.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        fields.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Findings of several documents as a workbook of one sheet.
pub fn findings_book(lang: Lang, title: &str, findings: &[&Finding]) -> Result<Vec<u8>, Refusal> {
    let word = |code: &str| i18n::phrase(lang, code).to_owned();
    let line = |(at, finding): (usize, &&Finding)| {
        let told = row(lang, finding);
        let cells = vec![
            (at + 1).to_string(),
            word(shape::severity_word(finding.severity)),
            finding.code.to_owned(),
            told.file,
            told.place,
            told.seen,
            told.message,
        ];
        FindingsRow { severity: finding.severity, cells, sheet: None, cell: None }
    };
    let heads = ["back_number", "back_severity", "back_code", "submit_head_file", "back_cell", "back_value", "back_message"];
    let table = FindingsTable {
        name: word("back_sheet_name"),
        title: i18n::say(lang, "back_title", &[("file", title.to_owned()), ("count", findings.len().to_string())]),
        head: heads.iter().map(|head| word(head)).collect(),
        rows: findings.iter().enumerate().map(line).collect(),
        replaces: None,
    };
    copy_workbook(&[], &[], &table)
}
