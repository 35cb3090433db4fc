//! What of a grid is told rather than read: weekdays against dates, bare numbers, tables by room or teacher.

use super::{Axis, Grid, ends};
use crate::canon::Date;
use crate::domain::DocumentKind;
use crate::domain::Severity::ShouldExplain;
use crate::ingest::sheet::Sheet;
use crate::ingest::values::{squeeze, weekday_in};
use crate::ingest::{Notes, header};
use chrono::Datelike;

/// Tells the heads whose weekday isn't that of their date.
pub fn note_weekdays(sheet: &Sheet, grid: &Grid, days: &[(usize, Date, bool)], notes: &mut Notes) {
    for (column, date, _) in days {
        let named =
            (grid.head..grid.body).find_map(|row| sheet.cell(row, *column).filter(|cell| cell.moment.is_none()).and_then(|c| weekday_in(&c.text)));
        if let Some(named) = named {
            note_weekday(sheet, (grid.head, *column), *date, named, notes);
        }
    }
}

/// Tells a weekday that isn't the date's.
pub fn note_weekday(sheet: &Sheet, (row, column): (usize, usize), date: Date, named: i64, notes: &mut Notes) {
    let is = usize::try_from(date.0.weekday().num_days_from_monday()).unwrap_or_default();
    let name = |day: usize| "一二三四五六日".chars().nth(day).map(|day| format!("星期{day}")).unwrap_or_default();
    let named = usize::try_from(named).unwrap_or_default();
    if named != is {
        let finding = notes.add("T1213", ShouldExplain, &sheet.name, Some((row, Some(column))), Some(name(named)));
        finding.values = vec![("date", date.to_string())];
    }
}

/// Whether a grid's cells are mostly bare numbers (periods of a course, days of a month), which are no courses: told, and nothing is read.
pub fn note_numbers(sheet: &Sheet, grid: &Grid, notes: &mut Notes) -> bool {
    let Axis::Days(days) = &grid.axis else { return false };
    let rows = (grid.body..sheet.rows.len()).take_while(|row| !ends(sheet, *row));
    let numbers = |row: &usize| days.iter().filter(|(column, ..)| sheet.cell(*row, *column).is_some_and(|cell| is_number(&cell.text))).count();
    let Some(row) = rows.into_iter().find(|row| numbers(row) >= 2) else { return false };
    notes.add("T1215", ShouldExplain, &sheet.name, Some((row, None)), None);
    true
}

/// Whether a grid has a row for each room or teacher and its classes in the cells among other words: told, and nothing is read.
pub fn note_rooms(sheet: &Sheet, grid: &Grid, notes: &mut Notes) -> bool {
    let Axis::Days(days) = &grid.axis else { return false };
    let is_room = |column: &usize| {
        let text = sheet.merged_text(grid.head, *column);
        matches!(header::canonical(DocumentKind::Timetable, text), Some("venue" | "teachers")) || squeeze(text) == "教室"
    };
    let names_class = |row: usize, column: usize| sheet.cell(row, column).is_some_and(|cell| cell.text.contains(['期', '班']));
    let mut rows = (grid.body..sheet.rows.len()).take_while(|row| !ends(sheet, *row));
    let is_found = grid.labels().iter().any(is_room) && rows.any(|row| days.iter().any(|(column, ..)| names_class(row, *column)));
    if is_found {
        notes.add("T1216", ShouldExplain, &sheet.name, Some((grid.head, None)), None);
    }
    is_found
}

fn is_number(text: &str) -> bool {
    let text = squeeze(text);
    (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
