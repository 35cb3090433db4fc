//! Which week a document says it is of, and which of several sheets is the current one.

use super::header::find_header;
use super::{Notes, sheet::Sheet, values};
use crate::canon::{Date, Week};
use crate::domain::{DocumentKind, Severity};
use std::collections::BTreeSet;

/// How far from the week reported a bare 第N周 may lie: further away it counts a course's weeks or a month's, not the year's.
const WEEKS_AROUND: i64 = 3;

/// The week in “第48周”, in the year the text names or else the one nearest to the week asked for.
pub fn week_in(text: &str, near: Week) -> Option<Week> {
    let squeezed = values::squeeze(text);
    let by_code = squeezed.match_indices("-W").find_map(|(at, _)| Week::parse(squeezed.get(at.checked_sub(4)?..at + 4)?).ok());
    if by_code.is_some() {
        return by_code;
    }
    // “11月第4周” counts the weeks of a month and says nothing here.
    let (before, number) = squeezed.match_indices('第').find_map(|(at, sign)| {
        let (number, _) = squeezed[at + sign.len()..].split_once('周')?;
        let is_number = number.chars().count() <= 3 && number.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        (is_number && !squeezed[..at].ends_with('月')).then_some((&squeezed[..at], number))
    })?;
    let number = number.parse().ok().or_else(|| values::chinese_number(number))?;
    let digits: Vec<char> = before.trim_end_matches(['年', '度']).chars().rev().take(4).collect();
    let year: Option<i32> = digits.iter().rev().collect::<String>().parse().ok().filter(|year| (2000..2100).contains(year));
    let week = |year: i32| Week::parse(&format!("{year:04}-W{number:02}")).ok();
    // 第1周 in the last days of December is next year's.
    let away = |week: &Week| week.monday().days_since(near.monday()).abs();
    let nearest = || (-1..=1).filter_map(|shift| week(near.year + shift)).min_by_key(away).filter(|week| away(week) <= 7 * WEEKS_AROUND);
    year.map_or_else(nearest, week)
}

fn week_of(sheet: &Sheet, near: Week) -> Option<Week> {
    week_in(&sheet.name, near).or_else(|| (0..sheet.rows.len().min(4)).find_map(|row| week_in(&sheet.line(row), near)))
}

/// The days a sheet is of: the week it states, or the month or days it is named after.
fn period_of(sheet: &Sheet, near: Week) -> Option<(Date, Date)> {
    if let Some(week) = week_of(sheet, near) {
        // In January the second week of a course may pass for the year's: days in the title know better.
        let dated = (0..sheet.rows.len().min(4)).find_map(|row| super::grid::range_inside(&sheet.line(row), near)).map(Date::week);
        let week = dated.filter(|dated| dated.monday().days_since(week.monday()).abs() > 7).unwrap_or(week);
        return Some((week.monday(), week.sunday()));
    }
    let name = values::squeeze(&sheet.name);
    if let Some((first, last)) = values::date_ranges_in(&name, near).first().copied() {
        return first.zip(last);
    }
    if let Some(day) = values::read_date(&name, None, near).date() {
        return Some((day, day));
    }
    let (before, rest) = name.split_once('月')?;
    let year = before.split_once('年').and_then(|(year, _)| year.parse().ok());
    let month = before.rsplit('年').next()?;
    let month: u32 = month.parse().ok().or_else(|| values::chinese_number(month))?;
    let is_month = rest.is_empty() || ["份", "台账", "课程表", "课表"].iter().any(|word| rest.starts_with(word));
    let first = values::read_date(&format!("{month}.1"), None, near).date().filter(|_| is_month)?;
    let first = year.map_or(Some(first), |year| Date::from_ymd(year, month, 1))?;
    let next = if month == 12 { Date::from_ymd(first.year() + 1, 1, 1) } else { Date::from_ymd(first.year(), month + 1, 1) };
    Some((first, next?.plus_days(-1)))
}

/// Whether a sheet is no document by its name: a form, an example, what was sent back.
pub fn is_form(sheet: &Sheet) -> bool {
    ["模板", "样表", "示例", "作废", "备份", "填写说明", "核验意见"].iter().any(|word| sheet.name.contains(word))
}

/// Leaves out hidden sheets and those of other times, where another one is current, and says so.
pub fn keep_current(sheets: &mut Vec<&Sheet>, kind: DocumentKind, week: Week, notes: &mut Notes) {
    if sheets.iter().any(|sheet| !sheet.is_hidden) {
        leave_out(sheets, "D1022", |sheet| sheet.is_hidden, notes);
    }
    if sheets.iter().any(|sheet| !is_form(sheet)) {
        leave_out(sheets, "D1024", is_form, notes);
    }
    // A timetable sent on Friday is of the week that ends and of the one that comes.
    let until = if kind == DocumentKind::Timetable { week.next().sunday() } else { week.sunday() };
    let periods: Vec<(Date, Date)> = sheets.iter().filter_map(|sheet| period_of(sheet, week)).collect();
    let is_current = |(first, last): (Date, Date)| first <= until && week.monday() <= last;
    let latest = periods.iter().map(|(_, last)| *last).max();
    if sheets.len() < 2 {
    } else if periods.iter().any(|period| is_current(*period)) {
        leave_out(sheets, "D1020", |sheet| period_of(sheet, week).is_some_and(|period| !is_current(period)), notes);
    } else if periods.len() == sheets.len() {
        // None of them is of this week: the latest is what the county meant to send.
        leave_out(sheets, "D1020", |sheet| period_of(sheet, week).map(|(_, last)| last) != latest, notes);
    }
}

/// Of two sheets with the same classes only the later one is read: the other is last week's, kept beside it.
pub fn keep_versions(sheets: &mut Vec<&Sheet>, notes: &mut Notes) {
    if sheets.len() < 2 {
        return;
    }
    let classes: Vec<BTreeSet<String>> = sheets.iter().map(|sheet| classes_of(sheet)).collect();
    let is_repeated = |index: usize| {
        classes[index + 1..].iter().any(|later| {
            let common = classes[index].intersection(later).count();
            common > 0 && common * 3 >= classes[index].len().min(later.len())
        })
    };
    let old: Vec<String> = (0..sheets.len()).filter(|index| is_repeated(*index)).map(|index| sheets[index].name.clone()).collect();
    leave_out(sheets, "D1023", |sheet| old.contains(&sheet.name), notes);
}

/// Institution and name of each class on a ledger's sheet, as far as they stand there plainly.
fn classes_of(sheet: &Sheet) -> BTreeSet<String> {
    let Some(header) = find_header(sheet, DocumentKind::Ledger) else { return BTreeSet::new() };
    let text = |row: usize, name: &str| header.column(name).map(|column| values::squeeze(sheet.merged_text(row, column))).unwrap_or_default();
    let keys = (header.last_row + 1..sheet.rows.len()).map(|row| (text(row, "institution"), text(row, "class_name")));
    keys.filter(|(_, class)| !class.is_empty()).map(|(institution, class)| format!("{institution}\n{class}")).collect()
}

fn leave_out(sheets: &mut Vec<&Sheet>, code: &'static str, is_out: impl Fn(&Sheet) -> bool, notes: &mut Notes) {
    sheets.retain(|sheet| {
        let is_out = is_out(sheet);
        if is_out {
            notes.add(code, Severity::Information, &sheet.name, None, None);
        }
        !is_out
    });
}

/// The week that the sheets or the file's name state, by its number or else by a title's days (11月23日—11月29日).
pub fn stated_week(sheets: &[&Sheet], file_name: &str, near: Week) -> Option<Week> {
    let by_number = sheets.iter().find_map(|sheet| week_of(sheet, near)).or_else(|| week_in(file_name, near));
    by_number.or_else(|| {
        let titles = sheets.iter().flat_map(|sheet| (0..sheet.rows.len().min(3)).map(|row| sheet.line(row)));
        let week = titles.filter(|line| line.chars().count() < 80).find_map(|line| super::grid::range_inside(&line, near))?.week();
        // Friday's report speaks of the week that ends or of the one that comes.
        Some(if week == near.next() { near } else { week })
    })
}

/// The day in “填报时间：…”.
pub fn filled_on(sheet: &Sheet, week: Week) -> Option<Date> {
    (0..sheet.rows.len().min(8)).find_map(|row| {
        let line = sheet.line(row);
        let label =
            ["填报时间", "填报日期", "报送时间", "报送日期", "填表时间", "填表日期", "上报时间"].into_iter().find(|label| line.contains(label))?;
        let value = line.split_once(label)?.1.trim_start_matches([':', '：', ' ', '　']);
        let end = value.find(|c: char| c.is_whitespace() || matches!(c, '填' | '报' | '审' | '联')).unwrap_or(value.len());
        values::read_date(&value[..end], None, week).date()
    })
}
