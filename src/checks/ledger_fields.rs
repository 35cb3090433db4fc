//! Checks of single ledger rows that rest on the calendar, on what a kind of training is, or on a day of reference.

use super::{Settings, at_row};
use crate::calendar::{Calendar, REVIEW_DAYS};
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{Finding, LedgerRow, Level};

/// A grade of skill stated for 创业培训, which ends with a certificate of its own.
pub fn check_l1117_level_of_entrepreneurship(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        row.training_type.as_ref().filter(|kind| kind.contains("创业"))?;
        let level = row.level.filter(|level| *level != Level::Certificate)?;
        Some(at_row("L1117", Information, row.sheet.as_ref(), row.row, vec![("level", level.as_str().to_owned())]))
    };
    rows.iter().filter_map(finding).collect()
}

/// Fewer hours than the programme has at least. Two programmes named in one row are no one's minimum.
pub fn check_l1118_hours_below_minimum(rows: &[LedgerRow], settings: &Settings) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let hours = row.hours.filter(|hours| *hours > 0)?;
        let texts = [&row.training_type, &row.class_name, &row.occupation];
        let mut named = settings.min_hours.iter().filter(|(programme, _)| texts.iter().any(|text| has_word(text.as_deref(), programme)));
        let (programme, min) = named.next().filter(|_| named.next().is_none())?;
        let values = vec![("programme", programme.clone()), ("hours", hours.to_string()), ("min", min.to_string())];
        (hours < *min).then(|| at_row("L1118", Information, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// Whether a run of Latin letters in a text is just this word.
fn has_word(text: Option<&str>, word: &str) -> bool {
    text.is_some_and(|text| text.split(|c: char| !c.is_ascii_alphabetic()).any(|run| run.eq_ignore_ascii_case(word)))
}

/// Opens on a day off by the State Council's tables.
pub fn check_l1119_opening_on_day_off(rows: &[LedgerRow], calendar: &Calendar) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let opens = row.opens_on.filter(|opens| !calendar.is_working_day(*opens))?;
        Some(at_row("L1119", Information, row.sheet.as_ref(), row.row, vec![("opens", opens.to_string())]))
    };
    rows.iter().filter_map(finding).collect()
}

/// Opens more than a year after it was applied for: mostly a mistyped year.
pub fn check_l1120_opening_far_ahead(rows: &[LedgerRow], settings: &Settings) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        let (applied, opens) = row.applied_on.zip(row.opens_on)?;
        let days = opens.days_since(applied);
        let max = settings.max_days_ahead;
        let values = vec![("applied", applied.to_string()), ("opens", opens.to_string()), ("days", days.to_string()), ("max", max.to_string())];
        (days > max).then(|| at_row("L1120", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// No occupation in a ledger that otherwise gives one.
pub fn check_l1121_missing_occupation(rows: &[LedgerRow]) -> Vec<Finding> {
    let is_given = rows.iter().any(|row| row.occupation.is_some());
    let missing = rows.iter().filter(|row| is_given && row.occupation.is_none());
    missing.map(|row| at_row("L1121", ShouldExplain, row.sheet.as_ref(), row.row, Vec::new())).collect()
}

/// A number of trainees present, besides the planned one, long before the class opens.
pub fn check_l1122_count_before_opening(rows: &[LedgerRow], as_of: Date, settings: &Settings) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        // Where one column holds all there is, it is the planned number by another name.
        let actual = row.planned.and(row.actual).filter(|actual| *actual > 0)?;
        let opens = row.opens_on.filter(|opens| opens.days_since(as_of) > settings.early_count_days)?;
        let days = opens.days_since(as_of);
        let values = vec![("actual", actual.to_string()), ("opens", opens.to_string()), ("days", days.to_string())];
        Some(at_row("L1122", Information, row.sheet.as_ref(), row.row, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// Approved later than the 5th working day after the application.
pub fn check_l1126_late_review(rows: &[LedgerRow], calendar: &Calendar, settings: &Settings) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        // Within so many days of any kind nothing is late: most reviews need no calendar.
        let (applied, reviewed) = row.applied_on.zip(row.reviewed_on).filter(|(applied, reviewed)| reviewed.days_since(*applied) > REVIEW_DAYS)?;
        let due = calendar.review_due(applied);
        let values = vec![("applied", applied.to_string()), ("reviewed", reviewed.to_string()), ("due", due.to_string())];
        (reviewed > due).then(|| at_row("L1126", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    if settings.review_from_application { rows.iter().filter_map(finding).collect() } else { Vec::new() }
}

/// Several classes in one row (`第3-5期`, `6期、7期`, `共3期`): each has its own dates, timetable and roster.
pub fn check_l1127_several_classes(rows: &[LedgerRow]) -> Vec<Finding> {
    let finding = |row: &LedgerRow| {
        // Most names hold no sign that could join two numbers.
        let is_joined = |class: &&str| class.contains(['-', '—', '–', '~', '～', '至', '、', ',', '，', '和', '及', '/', '共']);
        let class = row.class_name.as_deref().filter(is_joined).filter(|class| names_several(&super::key(class)))?;
        Some(at_row("L1127", ShouldExplain, row.sheet.as_ref(), row.row, vec![("class", class.to_owned())]))
    };
    rows.iter().filter_map(finding).collect()
}

/// Whether a name counts classes or joins two of their numbers before 期 or 班.
fn names_several(class: &str) -> bool {
    let chars: Vec<char> = class.chars().collect();
    let is_end = |at: usize| matches!(chars.get(at), Some('期' | '班'));
    let digits = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(**c)).count();
    (0..chars.len()).any(|at| {
        let is_start = at == 0 || digits(at - 1) == 0;
        let first = digits(at);
        if !is_start || first == 0 || first > 2 {
            return false;
        }
        let is_counted = at > 0 && chars[at - 1] == '共' && (is_end(at + first) || chars.get(at + first) == Some(&'个'));
        let sign = at + first + usize::from(is_end(at + first));
        let is_joined = matches!(chars.get(sign), Some('-' | '—' | '–' | '~' | '至' | '、' | ',' | '和' | '及' | '/'));
        let next = sign + 1 + usize::from(chars.get(sign + 1) == Some(&'第'));
        let end = next + digits(next);
        // 第3期-1班 is one class: its second number counts something else.
        let is_same_word = !is_end(at + first) || chars.get(at + first) == chars.get(end);
        is_counted || is_joined && (1..=2).contains(&digits(next)) && is_end(end) && is_same_word
    })
}

/// A class that its own row says is cancelled or put off: it stays in the frame until the county says so plainly.
pub fn check_l1128_cancelled_in_words(rows: &[LedgerRow]) -> Vec<Finding> {
    const WORDS: [&str; 13] = ["停办", "取消", "撤销", "不开班", "不再开班", "未开班", "未能开班", "暂停", "延期", "推迟", "顺延", "作废", "终止"];
    let finding = |row: &LedgerRow| {
        let texts = [row.class_name.as_deref(), row.note.as_deref()];
        let may_say = |text: &&str| text.contains(['停', '消', '销', '不', '未', '延', '推', '废', '终']);
        let text = texts.into_iter().flatten().filter(may_say).find(|text| WORDS.iter().any(|word| text.contains(word)))?;
        Some(at_row("L1128", ShouldExplain, row.sheet.as_ref(), row.row, vec![("text", text.to_owned())]))
    };
    rows.iter().filter_map(finding).collect()
}
