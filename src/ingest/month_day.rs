//! Timetables that give month and day in columns of their own: both become one date before anything else looks at the sheet.

use super::header;
use super::sheet::{Cell, Sheet};
use super::values::squeeze;
use crate::domain::DocumentKind;

/// Rows in which the head of such a table is looked for.
const HEAD_ROWS: usize = 12;

pub fn join(sheets: &mut [Sheet]) {
    for sheet in sheets {
        if let Some((head, month)) = head_of(sheet) {
            join_columns(sheet, head, month);
        }
    }
}

/// The row with 月 | 日 beside each other and a course, and the column of 月.
fn head_of(sheet: &Sheet) -> Option<(usize, usize)> {
    (0..sheet.rows.len().min(HEAD_ROWS)).find_map(|row| {
        let cells = &sheet.rows[row];
        let month = cells.windows(2).position(|pair| squeeze(&pair[0].text) == "月" && matches!(squeeze(&pair[1].text).as_str(), "日" | "号"))?;
        let has_course = cells.iter().any(|cell| header::canonical(DocumentKind::Timetable, &cell.text) == Some("course"));
        has_course.then_some((row, month))
    })
}

fn join_columns(sheet: &mut Sheet, head: usize, month: usize) {
    let words = |text: &str| Cell { text: text.to_owned(), ..Cell::default() };
    let mut known: Option<u32> = None;
    for row in head..sheet.rows.len() {
        let number = |column: usize, sign: &[char]| squeeze(sheet.merged_text(row, column)).trim_end_matches(sign).parse::<u32>().ok();
        let (own, day) = (number(month, &['月']), number(month + 1, &['日', '号']));
        known = own.or(known);
        let date = match (known, day) {
            _ if row == head => Some(words("日期")),
            (Some(month), Some(day)) => Some(words(&format!("{month}月{day}日"))),
            _ => None,
        };
        // What is no month or no day stays as it stands, for the date's own reading to tell.
        let Some(cells) = sheet.rows.get_mut(row).filter(|cells| cells.len() > month + 1) else { continue };
        if let Some(date) = date {
            cells[month] = date;
            cells[month + 1] = Cell::default();
        }
    }
}
