//! Which week a document says it is of, and which of several sheets is the current one.

use super::{Notes, sheet::Sheet, values};
use crate::canon::{Date, Week};
use crate::domain::Severity;

/// The week in “第48周”, in the year the text names or else the one nearest to the week asked for.
pub fn week_in(text: &str, near: Week) -> Option<Week> {
    let squeezed = values::squeeze(text);
    let (before, rest) = squeezed.split_once('第')?;
    let (number, _) = rest.split_once('周')?;
    let number = number.parse().ok().or_else(|| values::chinese_number(number))?;
    let digits: Vec<char> = before.trim_end_matches(['年', '度']).chars().rev().take(4).collect();
    let year: Option<i32> = digits.iter().rev().collect::<String>().parse().ok().filter(|year| (2000..2100).contains(year));
    let year = year.unwrap_or(near.year);
    Week::parse(&format!("{year:04}-W{number:02}")).ok()
}

fn week_of(sheet: &Sheet, near: Week) -> Option<Week> {
    week_in(&sheet.name, near).or_else(|| (0..sheet.rows.len().min(4)).find_map(|row| week_in(&sheet.line(row), near)))
}

/// Leaves out sheets of other weeks where one of the week asked for is there, and says so.
pub fn keep_current(sheets: &mut Vec<&Sheet>, week: Week, notes: &mut Notes) {
    let others = |sheet: &Sheet| week_of(sheet, week).is_some_and(|stated| stated != week);
    if sheets.len() < 2 || sheets.iter().all(|sheet| others(sheet)) {
        return;
    }
    sheets.retain(|sheet| {
        let is_other = others(sheet);
        if is_other {
            notes.add("D1020", Severity::Information, &sheet.name, None, None);
        }
        !is_other
    });
}

/// The week that the sheets or the file's name state.
pub fn stated_week(sheets: &[&Sheet], file_name: &str, near: Week) -> Option<Week> {
    sheets.iter().find_map(|sheet| week_of(sheet, near)).or_else(|| week_in(file_name, near))
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
