//! Timetables as grids: weekdays across, times down, the cell holding course, teacher and room.

use super::header::{canonical, weekday_columns};
use super::ledger::{RowKind, row_kind};
use super::place::row_number;
use super::sheet::Sheet;
use super::timetable::{Heading, heading_in};
use super::values::{self, is_blank, squeeze};
use super::{Context, Notes};
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{ClockTime, DocumentKind, Lesson};

/// Reads the grid whose weekdays stand in `head`; answers the first row after it.
pub fn read(
    sheet: &Sheet,
    head: usize,
    days: &[(usize, i64)],
    heading: &Heading,
    context: &Context,
    notes: &mut Notes,
    lessons: &mut Vec<Lesson>,
) -> usize {
    let (dates, body) = dates_of(sheet, head, days, context);
    if dates.iter().all(|(_, _, is_stated)| !is_stated) {
        // A grid that gives no date at all is the coming week's.
        let finding = notes.add("T1210", Information, &sheet.name, Some((head, None)), None);
        finding.values = vec![("week", context.week.next().to_string())];
    }
    let first_day = days.iter().map(|(column, _)| *column).min().unwrap_or(0);
    let mut row = body;
    let mut times = (None, None);
    while row < sheet.rows.len() {
        let is_next =
            !weekday_columns(sheet, row).is_empty() || heading_in(sheet, row).is_some_and(|h| h.class_name.is_some() || h.institution.is_some());
        if is_next || matches!(row_kind(sheet, row, None), RowKind::Remark | RowKind::Total(_)) {
            break;
        }
        if let Some(found) = (0..first_day).find_map(|column| values::read_clock_range(sheet.merged_text(row, column))) {
            times = (Some(found.0), Some(found.1));
        } else if (0..first_day).any(|column| !sheet.merged_text(row, column).trim().is_empty() && !is_half_day(sheet.merged_text(row, column))) {
            times = (None, None);
        }
        let heading = &row_heading(sheet, head, row, first_day, heading);
        for (column, date, _) in &dates {
            let text = sheet.cell(row, *column).map(|cell| cell.text.clone()).unwrap_or_default();
            if !is_blank(&text) && !is_idle(&text) {
                lessons.push(lesson(sheet, row, *column, *date, times, &text, heading, notes));
            }
        }
        row += 1;
    }
    row
}

/// A grid whose rows are classes says in the columns before the weekdays whose the row is.
fn row_heading(sheet: &Sheet, head: usize, row: usize, first_day: usize, heading: &Heading) -> Heading {
    let mut own = heading.clone();
    for column in 0..first_day {
        let text = sheet.merged_text(row, column).trim().to_owned();
        if is_blank(&text) {
            continue;
        }
        match canonical(DocumentKind::Timetable, sheet.merged_text(head, column)) {
            Some("class_name") => own.class_name = Some(text),
            Some("institution") => own.institution = Some(text),
            Some("venue") => own.venue = Some(text),
            Some("teachers") => own.teacher = Some(text),
            _ => {}
        }
    }
    own
}

/// Whether a label only tells the half of the day, under which several times stand.
fn is_half_day(text: &str) -> bool {
    matches!(squeeze(text).as_str(), "上午" | "下午" | "晚上" | "早上" | "中午")
}

fn is_idle(text: &str) -> bool {
    matches!(squeeze(text).as_str(), "休息" | "休" | "自习" | "放假" | "无课" | "停课" | "节假日" | "不上课")
}

/// The date of each day's column, whether the grid states it, and the first row below the heads.
fn dates_of(sheet: &Sheet, head: usize, days: &[(usize, i64)], context: &Context) -> (Vec<(usize, Date, bool)>, usize) {
    let in_head = |row: usize, column: usize| {
        let cell = sheet.cell(row, column)?;
        if let Some(moment) = cell.moment {
            return Some(Date(moment.date()));
        }
        date_inside(&cell.text, context)
    };
    // The dates may stand in a row of their own above or below the weekdays.
    let rows = [Some(head), Some(head + 1), head.checked_sub(1)];
    let row = rows.into_iter().flatten().find(|row| days.iter().filter(|(column, _)| in_head(*row, *column).is_some()).count() * 2 > days.len());
    let body = if row == Some(head + 1) { head + 2 } else { head + 1 };
    let monday = row.and_then(|row| days.iter().find_map(|(column, day)| in_head(row, *column).map(|date| date.plus_days(-day))));
    let stated_week =
        (head.saturating_sub(4)..head).rev().find_map(|row| super::week::week_in(&sheet.line(row), context.week)).map(|week| week.monday());
    let coming = context.week.next().monday();
    let dates = days.iter().map(|(column, day)| {
        let stated = row.and_then(|row| in_head(row, *column));
        let date = stated.unwrap_or_else(|| monday.or(stated_week).unwrap_or(coming).plus_days(*day));
        (*column, date, stated.is_some() || monday.is_some() || stated_week.is_some())
    });
    (dates.collect(), body)
}

/// A date somewhere in a head such as `星期一（11月30日）`, `周一 11.30`, `11/30`.
fn date_inside(text: &str, context: &Context) -> Option<Date> {
    let text = values::narrow(text);
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[from..];
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '.' | '/' | '-'))).unwrap_or(rest.len());
    let part = &rest[..end];
    part.contains(['月', '.', '/', '-']).then(|| values::read_date(part, None, context.week).date()).flatten()
}

#[allow(clippy::too_many_arguments)] // a cell of a grid means something only with all of its surroundings
fn lesson(
    sheet: &Sheet,
    row: usize,
    column: usize,
    date: Date,
    times: (Option<ClockTime>, Option<ClockTime>),
    text: &str,
    heading: &Heading,
    notes: &mut Notes,
) -> Lesson {
    let mut lesson = Lesson {
        institution: heading.institution.clone(),
        class_name: heading.class_name.clone(),
        date: Some(date),
        start: times.0,
        end: times.1,
        sheet: (!sheet.name.is_empty()).then(|| sheet.name.clone()),
        row: row_number(row),
        ..Lesson::default()
    };
    let mut parts = split_cell(text);
    parts.retain(|part| {
        if let Some((start, end)) = values::read_clock_range(part).filter(|_| part.contains([':', '：', '∶'])) {
            (lesson.start, lesson.end) = (Some(start), Some(end));
            return false;
        }
        !take_labelled(part, &mut lesson)
    });
    for part in parts {
        if lesson.course.is_none() {
            lesson.course = Some(part);
        } else if lesson.teachers.is_empty() && is_name_like(&part) {
            lesson.teachers = values::read_names(part.trim_end_matches(['师', '老']).trim());
        } else if lesson.venue.is_none() {
            lesson.venue = Some(part);
        }
    }
    lesson.venue = lesson.venue.or_else(|| heading.venue.clone());
    if lesson.teachers.is_empty() {
        lesson.teachers = heading.teacher.as_deref().map(values::read_names).unwrap_or_default();
    }
    if lesson.start.is_none() {
        notes.add("T1202", ShouldExplain, &sheet.name, Some((row, Some(column))), None);
    }
    lesson
}

/// The parts of a cell: its lines, or what slashes, bars or wide gaps part.
fn split_cell(text: &str) -> Vec<String> {
    let text = text.replace('\r', "");
    let separators: &[char] = if text.contains('\n') { &['\n'] } else { &['/', '|', ';', '／', '｜', '；'] };
    let clean = |part: &str| match part.trim() {
        // A part that stands wholly in brackets, such as “（张三）”.
        part if part.starts_with(['(', '（']) && part.ends_with([')', '）']) => part.trim_matches(['(', ')', '（', '）']).trim().to_owned(),
        part => part.to_owned(),
    };
    let parts: Vec<String> = text.split(separators).map(clean).filter(|part| !is_blank(part)).collect();
    if let [only] = parts.as_slice() {
        // “实操 张三 实训室”: blanks part a cell only where a name or a room follows, for a course may have blanks itself.
        let words: Vec<&str> = only.split_whitespace().collect();
        if words.len() > 1 && words[1..].iter().any(|word| is_name_like(word) || is_room(word)) {
            return words.into_iter().map(str::to_owned).collect();
        }
    }
    parts
}

/// `教师：张三`, `地点：301`.
fn take_labelled(part: &str, lesson: &mut Lesson) -> bool {
    let Some((label, value)) = part.split_once([':', '：']) else { return false };
    let (label, value) = (squeeze(label), value.trim());
    match label.as_str() {
        "教师" | "授课教师" | "任课教师" | "老师" | "主讲" | "授课人" | "讲师" => lesson.teachers = values::read_names(value),
        "地点" | "教室" | "上课地点" | "场地" | "授课地点" => lesson.venue = Some(value.to_owned()),
        "课程" | "内容" | "课程内容" | "授课内容" => lesson.course = Some(value.to_owned()),
        "方式" | "授课方式" => lesson.mode = Some(value.to_owned()),
        "课时" | "学时" => lesson.hours = values::read_integer(value).flatten(),
        _ => return false,
    }
    true
}

/// Whether a line could be people's names: short Chinese words without digits, and no room.
fn is_name_like(part: &str) -> bool {
    let names = values::read_names(part);
    let is_room = ["室", "楼", "厅", "基地", "中心", "车间", "教室", "操场", "校区", "号"].iter().any(|word| part.contains(word));
    !is_room
        && !names.is_empty()
        && names.iter().all(|name| (2..=4).contains(&name.chars().count()) && name.chars().all(|c| u32::from(c) >= 0x3400 || c == '·'))
}

fn is_room(part: &str) -> bool {
    ["室", "楼", "厅", "基地", "中心", "车间", "操场", "校区", "号"].iter().any(|word| part.contains(word))
}
