//! Timetables with a column for each class: days and times run down.

use super::header;
use super::lookup::whole_header;
use super::sheet::{Cell, Sheet};
use super::timetable::{Heading, split_institution};
use super::values::{squeeze, weekday_in};
use crate::domain::DocumentKind;

/// The head of such a table.
pub struct Classes {
    pub classes: Vec<(usize, Heading)>,
    pub date: Option<usize>,
    pub weekday: Option<usize>,
    /// The columns before the classes that may tell the time of day.
    pub labels: Vec<usize>,
}

/// The head in a row: 日期 | 时间 | 第1期电工班 | 第2期焊工班. The words of the other columns may stand in the row above, and
/// over days that are plain to see there may be none.
pub fn classes(sheet: &Sheet, row: usize) -> Option<Classes> {
    let cells = sheet.rows.get(row)?;
    let classes: Vec<(usize, Heading)> =
        cells.iter().enumerate().filter_map(|(column, cell)| Some((column, class_in(sheet, row, column, cell)?))).collect();
    let first = classes.first().filter(|_| classes.len() >= 2)?.0;
    // Under days these are the cells of a table by rooms or teachers.
    if row.checked_sub(1).is_some_and(|above| super::grid::has_days(sheet, above)) {
        return None;
    }
    let are_all = cells.iter().filter(|cell| !cell.is_empty()).count() == classes.len();
    let (mut date, mut weekday, mut labels) = (None, None, Vec::new());
    for column in 0..cells.len() {
        let text = head_text(sheet, row, column);
        match header::canonical(DocumentKind::Timetable, text) {
            Some("date") => date = date.or(Some(column)),
            Some("weekday") => weekday = weekday.or(Some(column)),
            Some("time" | "period" | "start" | "end") if column < first => labels.push(column),
            Some("course") => return None,
            // A corner such as 日期＼班级, or nothing over the days themselves.
            None if column < first && (date.is_none() && text.contains("日期") || are_all && text.is_empty() && is_day(sheet, row, column)) => {
                date = date.or(Some(column));
            }
            None if column < first => labels.push(column),
            _ => {}
        }
    }
    (date.is_some() || weekday.is_some()).then_some(Classes { classes, date, weekday, labels })
}

/// What a class's lessons have: its own name and institution, and for the rest what the heading says of all.
pub fn under(class: &Heading, heading: &Heading) -> Heading {
    Heading {
        institution: class.institution.clone().or_else(|| heading.institution.clone()),
        class_name: class.class_name.clone(),
        ..heading.clone()
    }
}

fn head_text(sheet: &Sheet, row: usize, column: usize) -> &str {
    let text = sheet.merged_text(row, column).trim();
    let above = row.checked_sub(1).map_or("", |row| sheet.merged_text(row, column).trim());
    let is_head = header::canonical(DocumentKind::Timetable, above).is_some_and(|name| ["date", "weekday", "time", "period"].contains(&name));
    if text.is_empty() && is_head { above } else { text }
}

/// The class that a head names, with its institution where that stands before it or in the row above.
fn class_in(sheet: &Sheet, row: usize, column: usize, cell: &Cell) -> Option<Heading> {
    if cell.moment.is_some() || !is_class(&cell.text) {
        return None;
    }
    let name: String = cell.text.split_whitespace().collect();
    let (institution, class) = split_institution(&name);
    // An institution stands over all its classes, merged or not.
    let above =
        row.checked_sub(1).and_then(|row| (0..=column).rev().map(|column| sheet.merged_text(row, column).trim()).find(|text| !text.is_empty()));
    let above = above.filter(|text| is_institution(text));
    let institution = institution.or_else(|| above.map(str::to_owned));
    Some(Heading { institution, class_name: Some(class.to_owned()), ..Heading::default() })
}

/// 第1期电工班, 保安员（2期）: a class by its form, not the word for one.
fn is_class(text: &str) -> bool {
    // Asked of every cell of every row: most are no class at first sight.
    if text.len() > 200 || !text.contains(['班', '期']) {
        return false;
    }
    let text = squeeze(text);
    let length = text.chars().count();
    let is_word = || whole_header(DocumentKind::Timetable, &text).is_some() || text.ends_with("培训班") && length <= 5;
    let is_counted =
        || text.split_once('期').is_some_and(|(before, _)| before.ends_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c)));
    let is_form = || text.ends_with('班') || text.contains("班(") || is_counted();
    (3..=40).contains(&length) && !text.contains([':', ',', ';', '。']) && is_form() && !is_word()
}

fn is_institution(text: &str) -> bool {
    let ends = ["公司", "学校", "中心", "学院", "机构"];
    text.chars().count() >= 4 && ends.iter().any(|end| text.ends_with(end)) && whole_header(DocumentKind::Timetable, &squeeze(text)).is_none()
}

/// Whether the first cell below a head is a day: a date, or a weekday. Words over parts of the columns may stand between.
fn is_day(sheet: &Sheet, head: usize, column: usize) -> bool {
    let below = (head + 1..=head + 2).filter_map(|row| sheet.cell(row, column)).find(|cell| !cell.is_empty());
    below.is_some_and(|cell| {
        let text = squeeze(&cell.text);
        let is_date = text.contains('月') && text.contains(|c: char| c.is_ascii_digit()) && text.chars().count() < 20;
        cell.moment.is_some() || is_date || text.chars().count() < 8 && weekday_in(&text).is_some()
    })
}
