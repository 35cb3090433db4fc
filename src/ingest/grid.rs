//! Timetables as grids: days one way, times the other, the cell holding course, teacher and room.
//!
//! Days run across in most counties (weekdays, or the dates themselves); in some they run down, with the halves of
//! the day across, or the classes (`across`).

mod doubtful;

pub use doubtful::note_weekday;

use super::rows::is_remark;
use super::sheet::{Cell, Sheet};
use super::timetable::{Heading, heading_in, note_afternoon};
use super::values::{self, is_blank, is_ditto, squeeze, weekday_in};
use super::{Context, Notes, across, grid_cell, header};
use crate::canon::{Date, Week};
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{ClockTime, DocumentKind, Lesson};
use chrono::Datelike;
use std::collections::BTreeMap;

pub type Range = (ClockTime, ClockTime);

/// Where a grid begins and which way it lies.
pub struct Grid {
    head: usize,
    body: usize,
    axis: Axis,
    /// Columns of course, teacher, room under one head, by the head's column.
    parts: BTreeMap<usize, Parts>,
    /// Columns beside the days or times that all lessons of a row share.
    shared: Parts,
    /// The column that tells each row's week by its days: 11.23-11.27.
    weeks: Option<usize>,
}

type Parts = BTreeMap<&'static str, usize>;

enum Axis {
    /// Columns of days: the column, its date, and whether the grid states it.
    Days(Vec<(usize, Date, bool)>),
    /// Columns of times, with the columns of date and weekday.
    Times { times: Vec<(usize, Option<Range>)>, date: Option<usize>, weekday: Option<usize> },
    /// Columns of classes, with the columns of date and weekday; times run down in those between.
    Classes { classes: Vec<(usize, Heading)>, date: Option<usize>, weekday: Option<usize>, labels: Vec<usize> },
}

/// A day, whether a date says so, and the row it stands in or was carried to.
type Day = (Date, bool, usize);

/// Whether a row could be a grid's head; dates are not looked at.
pub fn looks_like_head(sheet: &Sheet, row: usize) -> bool {
    !day_columns(sheet, row).is_empty() || times_across(sheet, row).is_some() || across::classes(sheet, row).is_some()
}

/// Whether a row is the head of a grid with times of the day or classes across, under which a list's words may stand.
pub fn has_words_below(sheet: &Sheet, row: usize) -> bool {
    times_across(sheet, row).is_some() || across::classes(sheet, row).is_some()
}

/// The grid whose head stands in a row.
pub fn find(sheet: &Sheet, row: usize, context: &Context) -> Option<Grid> {
    let days = day_columns(sheet, row);
    if !days.is_empty() {
        let (dates, body, has_dates) = dates_of(sheet, row, &days, context);
        let mut grid = Grid::new(sheet, row, body, Axis::Days(dates));
        grid.weeks = if has_dates { None } else { weeks_column(sheet, &grid, context) };
        return Some(grid);
    }
    let classes = || {
        let across::Classes { classes, date, weekday, labels } = across::classes(sheet, row)?;
        Some(Axis::Classes { classes, date, weekday, labels })
    };
    times_across(sheet, row).or_else(classes).map(|axis| Grid::new(sheet, row, row + 1, axis))
}

impl Grid {
    fn new(sheet: &Sheet, head: usize, body: usize, axis: Axis) -> Self {
        let heads: Vec<usize> = match &axis {
            Axis::Days(days) => days.iter().map(|(column, ..)| *column).collect(),
            Axis::Times { times, .. } => times.iter().map(|(column, _)| *column).collect(),
            Axis::Classes { classes, .. } => classes.iter().map(|(column, _)| *column).collect(),
        };
        let width = sheet.rows.get(body).map_or(0, Vec::len);
        let name = |row: usize, column: usize| header::canonical(DocumentKind::Timetable, sheet.merged_text(row, column));
        let end_of = |column: usize| sheet.merges.iter().find(|m| m.0 == head && m.1 == column).map(|m| m.3 + 1);
        let mut parts = BTreeMap::new();
        for (index, column) in heads.iter().enumerate() {
            let end = end_of(*column).or_else(|| heads.get(index + 1).copied()).unwrap_or(width);
            let mut found = Parts::new();
            for part in *column..end.min(width) {
                if let Some(name) = name(body, part) {
                    found.entry(name).or_insert(part);
                }
            }
            if found.len() > 1 && found.contains_key("course") {
                parts.insert(*column, found);
            }
        }
        let mut shared = Parts::new();
        let inside = |column: usize| heads.contains(&column) || parts.values().any(|parts: &Parts| parts.values().any(|known| *known == column));
        for column in (0..sheet.rows.get(head).map_or(0, Vec::len)).filter(|column| !inside(*column)) {
            if let Some(name) = name(head, column).filter(|name| ["teachers", "venue", "mode"].contains(name)) {
                shared.entry(name).or_insert(column);
            }
        }
        Self { head, body: body + usize::from(!parts.is_empty()), axis, parts, shared, weeks: None }
    }
}

/// Columns named by weekdays, or by dates that follow each other; at least three of them.
fn day_columns(sheet: &Sheet, row: usize) -> Vec<(usize, i64)> {
    let cells = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    let short = |cell: &&Cell| cell.text.chars().count() < 30;
    let named = |cell: &Cell| weekday_in(&cell.text).filter(|_| cell.moment.is_none());
    let by_name: Vec<(usize, i64)> =
        cells.iter().enumerate().filter(|(_, cell)| short(cell)).filter_map(|(column, cell)| named(cell).map(|day| (column, day))).collect();
    // Two days are enough where course and teacher stand under each.
    let has_parts = || {
        let below = sheet.rows.get(row + 1).map(Vec::as_slice).unwrap_or_default();
        below.iter().filter(|cell| header::canonical(DocumentKind::Timetable, &cell.text) == Some("course")).count() == by_name.len()
    };
    if by_name.len() >= 3 || by_name.len() == 2 && (has_parts() || has_times_head(cells, 2)) {
        return by_name;
    }
    let bare = |cell: &Cell| {
        let text = Some(&cell.text).filter(|text| text.len() <= 12).map(|text| squeeze(text))?;
        "一二三四五六日".chars().position(|day| text.chars().eq([day]))
    };
    let by_number: Vec<(usize, i64)> =
        cells.iter().enumerate().filter_map(|(column, cell)| Some((column, i64::try_from(bare(cell)?).ok()?))).collect();
    if by_number.len() >= 5 && by_number.iter().zip(0..).all(|((_, day), expected)| *day == expected) {
        return by_number;
    }
    let by_date: Vec<(usize, Date)> =
        cells.iter().enumerate().filter_map(|(column, cell)| cell.moment.map(|moment| (column, Date(moment.date())))).collect();
    let follow = by_date.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1 && (1..=3).contains(&pair[1].1.days_since(pair[0].1)));
    if (by_date.len() >= 3 || by_date.len() == 2 && has_times_head(cells, 2)) && follow {
        return by_date.into_iter().map(|(column, date)| (column, i64::from(date.0.weekday().num_days_from_monday()))).collect();
    }
    let by_text: Vec<(usize, i64)> = cells.iter().enumerate().filter(|(_, cell)| is_day_text(&cell.text)).map(|(column, _)| (column, -1)).collect();
    if (by_text.len() >= 3 || by_text.len() == 2 && has_times_head(cells, 2)) && by_text.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1) {
        by_text
    } else {
        Vec::new()
    }
}

/// Whether a row holds nothing but so many days and the word for the times before them: 时间 | 周六 | 周日.
fn has_times_head(cells: &[Cell], days: usize) -> bool {
    let is_times = |cell: &&Cell| matches!(header::canonical(DocumentKind::Timetable, &cell.text), Some("time" | "period" | "start"));
    let times = cells.iter().filter(|cell| cell.moment.is_none()).filter(is_times).count();
    times > 0 && cells.iter().filter(|cell| !cell.is_empty()).count() == times + days
}

/// Whether a row has days across.
pub fn has_days(sheet: &Sheet, row: usize) -> bool {
    !day_columns(sheet, row).is_empty()
}

/// `11月30日`, `11.30`: a date and nothing else.
fn is_day_text(text: &str) -> bool {
    let text = squeeze(text);
    text.contains(['月', '.', '/']) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '号' | '.' | '/' | '-'))
}

/// A head such as 日期 | 星期 | 上午8:30-11:45 | 下午14:00-17:15.
fn times_across(sheet: &Sheet, row: usize) -> Option<Axis> {
    let cells = sheet.rows.get(row)?;
    let mut times = Vec::new();
    let (mut date, mut weekday) = (None, None);
    for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let (ranges, _) = values::read_lesson_times(&cell.text, "");
        match header::canonical(DocumentKind::Timetable, &cell.text) {
            Some("date") => date = Some(column),
            Some("weekday") => weekday = Some(column),
            _ if ranges.len() == 1 || is_half_day(&cell.text) => times.push((column, ranges.first().copied())),
            // What the whole day shares may stand beside its halves.
            Some("teachers" | "venue" | "mode" | "hours" | "class_name" | "institution" | "note" | "seq") => {}
            Some(_) => return None,
            None => {}
        }
    }
    (times.len() >= 2 && (date.is_some() || weekday.is_some())).then_some(Axis::Times { times, date, weekday })
}

/// Reads a grid; answers the first row after it.
pub fn read(sheet: &Sheet, grid: &Grid, heading: &Heading, context: &Context, notes: &mut Notes, lessons: &mut Vec<Lesson>) -> usize {
    if let Axis::Days(days) = &grid.axis {
        doubtful::note_weekdays(sheet, grid, days, notes);
    }
    let is_unreadable = doubtful::note_numbers(sheet, grid, notes) || doubtful::note_rooms(sheet, grid, notes);
    let mut reader = Reader { sheet, grid, context, times: None, day: None, is_dated: true };
    if let Axis::Times { times, .. } = &grid.axis {
        times.iter().for_each(|(column, _)| reader.note_afternoon(grid.head, *column, "", notes));
    }
    let mut row = grid.body;
    let mut named = heading.clone();
    while row < sheet.rows.len() && !ends(sheet, row) {
        let found = reader.spots(row, notes);
        name_row(sheet, row, grid.head, &mut named);
        for spot in found.into_iter().filter(|_| !is_unreadable) {
            if grid_cell::is_cancelled(&spot.text) {
                notes.add("T1214", Information, &sheet.name, Some((spot.row, Some(spot.column))), Some(squeeze(&spot.text)));
                continue;
            }
            let own = grid.class_at(spot.column).map_or_else(|| named.clone(), |class| across::under(class, &named));
            for text in grid_cell::split_lessons(&spot.text) {
                let spot = Spot { text, ..spot.clone() };
                let mut lesson = grid_cell::lesson(sheet, &spot, &own, notes);
                take_columns(sheet, &spot, grid, &own, &mut lesson);
                lessons.push(lesson);
            }
        }
        row += 1;
    }
    if !reader.is_dated && !is_unreadable {
        // A grid that gives no date at all is the coming week's.
        notes.add("T1210", Information, &sheet.name, Some((grid.head, None)), None).values = vec![("week", context.week.next().to_string())];
    }
    row
}

/// What is carried from row to row of a grid.
struct Reader<'a> {
    sheet: &'a Sheet,
    grid: &'a Grid,
    context: &'a Context<'a>,
    times: Option<Range>,
    day: Option<Day>,
    is_dated: bool,
}

impl Reader<'_> {
    /// Where the lessons of a row stand, and when they are.
    fn spots(&mut self, row: usize, notes: &mut Notes) -> Vec<Spot> {
        let (sheet, grid) = (self.sheet, self.grid);
        match &grid.axis {
            Axis::Days(days) => {
                self.is_dated = grid.weeks.is_some() || days.iter().any(|(_, _, is_stated)| *is_stated);
                self.take_times(row, notes);
                let times = self.times;
                let Some(monday) = self.monday_at(row, notes) else { return Vec::new() };
                let date = |date: Date| monday.map_or(date, |monday| monday.plus_days(i64::from(date.0.weekday().num_days_from_monday())));
                days.iter().flat_map(|(column, own, _)| place(sheet, row, *column, date(*own), times, grid)).collect()
            }
            Axis::Times { times, date, weekday } => {
                let heads: Vec<usize> = times.iter().map(|(column, _)| *column).collect();
                let Some(day) = self.day_at(row, *date, *weekday, &heads, notes) else { return Vec::new() };
                let spots = times.iter().flat_map(|(column, range)| {
                    let range = self.own_times(row, *column, notes).or(*range);
                    place(sheet, row, *column, day, range, grid)
                });
                spots.collect()
            }
            Axis::Classes { classes, date, weekday, .. } => {
                self.take_times(row, notes);
                let heads: Vec<usize> = classes.iter().map(|(column, _)| *column).collect();
                let Some(day) = self.day_at(row, *date, *weekday, &heads, notes) else { return Vec::new() };
                let spots = heads.iter().flat_map(|column| {
                    let times = self.own_times(row, *column, notes).or(self.times);
                    place(sheet, row, *column, day, times, grid)
                });
                spots.collect()
            }
        }
    }

    /// The times in the columns before the lessons.
    fn take_times(&mut self, row: usize, notes: &mut Notes) {
        let labels = self.grid.labels();
        self.times = times_of(self.sheet, row, &labels, self.times);
        let all = beside(self.sheet, row, &labels);
        labels.iter().for_each(|column| self.note_afternoon(row, *column, &all, notes));
    }

    /// The Monday that a row's own week begins with, where the grid has such a column; no answer for a row without lessons' week.
    fn monday_at(&mut self, row: usize, notes: &mut Notes) -> Option<Option<Date>> {
        let Some(column) = self.grid.weeks else { return Some(None) };
        let text = self.sheet.merged_text(row, column);
        let own = range_inside(text, self.context.week).map(|first| first.week().monday());
        let monday = own.or_else(|| self.day.filter(|_| is_blank(text) || is_ditto(text)).map(|(day, ..)| day));
        self.day = monday.map(|monday| (monday, true, row));
        if monday.is_none() && self.sheet.rows[row].iter().skip(column + 1).any(|cell| !is_blank(&cell.text)) {
            notes.add("T1201", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(text.to_owned()));
        }
        monday.map(Some)
    }

    /// The times in a column of their own under a class or a half of the day.
    fn own_times(&self, row: usize, head: usize, notes: &mut Notes) -> Option<Range> {
        let column = *self.grid.parts.get(&head)?.get("time")?;
        let half = self.sheet.merged_text(self.grid.head, head);
        let (ranges, _) = values::read_lesson_times(self.sheet.merged_text(row, column), half);
        self.note_afternoon(row, column, half, notes);
        Some((ranges.first()?.0, ranges.last()?.1))
    }

    fn note_afternoon(&self, row: usize, column: usize, beside: &str, notes: &mut Notes) {
        let text = self.sheet.merged_text(row, column);
        let (ranges, is_guess) = values::read_lesson_times(text, beside);
        if is_guess {
            note_afternoon(self.sheet, row, column, text, &ranges, notes);
        }
    }

    /// The day of a row; where its cell is empty, that of the row above. A row with lessons and no day is told.
    fn day_at(&mut self, row: usize, date: Option<usize>, weekday: Option<usize>, heads: &[usize], notes: &mut Notes) -> Option<Date> {
        let text = date.or(weekday).map_or("", |column| self.sheet.merged_text(row, column));
        let carried = || self.day.filter(|(_, _, at)| at + 1 == row && (is_blank(text) || is_ditto(text)));
        let found = day_of(self.sheet, row, date, weekday, self.context).or_else(|| carried().map(|(day, is_stated, _)| (day, is_stated)));
        self.day = found.map(|(day, is_stated)| (day, is_stated, row));
        if let Some((day, is_stated)) = found {
            self.is_dated &= is_stated;
            return Some(day);
        }
        let has_lesson = |column: &usize| self.sheet.cell(row, *column).is_some_and(|cell| !is_blank(&cell.text) && !is_idle(&cell.text));
        if heads.iter().any(has_lesson) {
            notes.add("T1201", ShouldExplain, &self.sheet.name, Some((row, date.or(weekday))), Some(text.to_owned()));
        }
        None
    }
}

impl Grid {
    fn class_at(&self, column: usize) -> Option<&Heading> {
        match &self.axis {
            Axis::Classes { classes, .. } => classes.iter().find(|(at, _)| *at == column).map(|(_, class)| class),
            _ => None,
        }
    }

    /// The columns whose words tell the times of a row.
    fn labels(&self) -> Vec<usize> {
        match &self.axis {
            Axis::Days(days) => {
                let before = 0..days.iter().map(|(column, ..)| *column).min().unwrap_or(0);
                before.filter(|column| self.weeks != Some(*column)).collect()
            }
            Axis::Times { .. } => Vec::new(),
            Axis::Classes { labels, .. } => labels.clone(),
        }
    }
}

/// Takes what stands in columns of its own: under the same head, or beside the grid for the whole row.
fn take_columns(sheet: &Sheet, spot: &Spot, grid: &Grid, heading: &Heading, lesson: &mut Lesson) {
    let text = |parts: &Parts, name: &str| {
        let text = said(sheet, spot.row, *parts.get(name)?, grid.body).split_whitespace().collect::<Vec<_>>().join(" ");
        (!is_blank(&text)).then_some(text)
    };
    if let Some(parts) = grid.parts.get(&spot.column) {
        // The cell holds the course alone, whatever it looks like.
        lesson.course = Some(spot.text.split_whitespace().collect::<Vec<_>>().join(" "));
        lesson.teachers = text(parts, "teachers").map(|names| values::read_names(&names)).unwrap_or_default();
        lesson.venue = text(parts, "venue");
        lesson.mode = text(parts, "mode");
        lesson.hours = text(parts, "hours").and_then(|hours| values::read_integer(&hours).flatten());
        if lesson.venue.is_none() && !parts.contains_key("venue") {
            lesson.venue.clone_from(&heading.venue);
        }
    }
    if lesson.teachers.is_empty() {
        lesson.teachers = text(&grid.shared, "teachers").map(|names| values::read_names(&names)).unwrap_or_default();
    }
    lesson.venue = lesson.venue.take().or_else(|| text(&grid.shared, "venue"));
    lesson.mode = lesson.mode.take().or_else(|| text(&grid.shared, "mode"));
}

/// A cell's text; where it repeats the one above, that one's.
fn said(sheet: &Sheet, row: usize, column: usize, first: usize) -> &str {
    (first..=row).rev().map(|row| sheet.merged_text(row, column)).find(|text| !is_ditto(text)).unwrap_or_default()
}

/// Takes class and institution from columns of their own, where one grid holds several classes.
fn name_row(sheet: &Sheet, row: usize, head: usize, named: &mut Heading) {
    let heads = sheet.rows.get(head).map(Vec::as_slice).unwrap_or_default();
    for (column, cell) in heads.iter().enumerate() {
        let text = sheet.merged_text(row, column).trim();
        if is_blank(text) || is_ditto(text) {
            continue;
        }
        match header::canonical(DocumentKind::Timetable, &cell.text) {
            Some("class_name") => named.class_name = Some(text.to_owned()),
            Some("institution") => named.institution = Some(text.to_owned()),
            _ => {}
        }
    }
}

/// Whether another table, a class's heading, a note or a sum begins here.
fn ends(sheet: &Sheet, row: usize) -> bool {
    let mut filled = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default().iter().filter(|cell| !cell.is_empty());
    let first = filled.next().map(|cell| squeeze(&cell.text)).unwrap_or_default();
    let count = filled.count() + 1;
    looks_like_head(sheet, row)
        || heading_in(sheet, row).is_some_and(|heading| heading.class_name.is_some() || heading.institution.is_some())
        || is_remark(&first, count)
        || ["合计", "总计", "小计"].contains(&first.as_str())
        || count == 1 && first.ends_with("课程表")
}

/// The times of a row in the columns before the lessons; a half-day's label alone leaves them as they were.
fn times_of(sheet: &Sheet, row: usize, columns: &[usize], before: Option<Range>) -> Option<Range> {
    let labels: Vec<&str> = columns.iter().map(|column| sheet.merged_text(row, *column)).collect();
    let all = beside(sheet, row, columns);
    // The nearest label is the narrowest one. A label in two columns (开始 | 结束) reads as one.
    let near = labels.iter().rev().find_map(|label| stretch(label, &all)).or_else(|| stretch(&clock_cells(sheet, row, columns), &all));
    match near {
        Some(range) => Some(range),
        None if labels.iter().any(|label| !label.trim().is_empty() && !is_half_day(label)) => None,
        // 下午 under the morning's times is another half of the day, whose times nobody said.
        None => before.filter(|(start, _)| !values::is_other_half(&all, *start)),
    }
}

/// The labels of a row in one text, for the half of the day they name.
fn beside(sheet: &Sheet, row: usize, columns: &[usize]) -> String {
    columns.iter().map(|column| sheet.merged_text(row, *column)).collect()
}

/// Beginning and end in two cells, as `8:30 - 9:15`.
fn clock_cells(sheet: &Sheet, row: usize, columns: &[usize]) -> String {
    let clocks: Vec<String> =
        columns.iter().filter_map(|column| sheet.cell(row, *column)).filter_map(values::read_clock_cell).map(|time| time.to_string()).collect();
    if clocks.len() == 2 { clocks.join("-") } else { String::new() }
}

/// The times in a label; where it has several, the whole stretch is meant.
fn stretch(label: &str, beside: &str) -> Option<Range> {
    let (ranges, _) = values::read_lesson_times(label, beside);
    Some((ranges.first()?.0, ranges.last()?.1))
}

/// Whether a label only tells the half of the day, under which several times stand.
fn is_half_day(text: &str) -> bool {
    matches!(squeeze(text).as_str(), "上午" | "下午" | "晚上" | "早上" | "中午" | "晚" | "午间")
}

fn is_idle(text: &str) -> bool {
    let text = squeeze(text);
    ["休息", "放假", "无课", "停课", "节假日", "不上课", "午休", "午餐", "课间", "自习", "午饭"]
        .iter()
        .any(|word| text == *word || text.ends_with(word) && text.chars().count() <= 6)
        || text == "休"
}

/// Where a lesson stands and when it is.
#[derive(Clone)]
pub struct Spot {
    pub row: usize,
    pub column: usize,
    pub text: String,
    pub date: Date,
    pub times: Option<Range>,
    /// What stands beside the row for its times.
    pub label: String,
}

/// The lessons of a cell: its own text, or that of the merge it lies in when the merge runs over several days.
///
/// A cell merged over several rows is a lesson for each stretch of time without a long break in it.
fn place(sheet: &Sheet, row: usize, head: usize, date: Date, times: Option<Range>, grid: &Grid) -> Vec<Spot> {
    let column = grid.parts.get(&head).and_then(|parts| parts.get("course")).copied().unwrap_or(head);
    let merge = sheet.merges.over(row, column);
    let (text, last_row) = match merge {
        // Further rows of a merge belong to the lesson that began in its first row.
        Some(m) if m.0 != row => return Vec::new(),
        Some(m) => (sheet.merged_text(row, column), m.2),
        None => (sheet.cell(row, column).map_or("", |cell| cell.text.as_str()), row),
    };
    if is_blank(text) || is_idle(text) && !grid_cell::is_cancelled(text) {
        return Vec::new();
    }
    let labels = grid.labels();
    let mut stretches: Vec<Range> = times.into_iter().collect();
    if !matches!(grid.axis, Axis::Times { .. }) {
        let mut known = times;
        for below in row + 1..=last_row {
            known = times_of(sheet, below, &labels, known);
            if let Some(range) = known {
                join(&mut stretches, range);
            }
        }
    }
    let all: Vec<&str> = labels.iter().map(|column| sheet.merged_text(row, *column)).filter(|text| !is_blank(text)).collect();
    let spot = Spot { row, column: head, text: text.to_owned(), date, times: None, label: all.join(" ") };
    if stretches.is_empty() {
        return vec![spot];
    }
    stretches.into_iter().map(|times| Spot { times: Some(times), ..spot.clone() }).collect()
}

/// The longest break within one lesson.
const BREAK_MINUTES: u16 = 30;

/// Adds the times of a further row: to the stretch before where they follow it closely.
fn join(stretches: &mut Vec<Range>, range: Range) {
    match stretches.last_mut() {
        Some(last) if range.0.minutes() <= last.1.minutes() + BREAK_MINUTES => last.1 = last.1.max(range.1),
        _ => stretches.push(range),
    }
}

/// The day of a row in a grid whose days run down, and whether a date says so.
fn day_of(sheet: &Sheet, row: usize, date: Option<usize>, weekday: Option<usize>, context: &Context) -> Option<(Date, bool)> {
    let cell = |column: Option<usize>| {
        let column = column?;
        sheet.merged_cell(row, column)
    };
    let stated = cell(date).and_then(|cell| values::read_date_cell(cell, context.week).date().or_else(|| date_inside(&cell.text, context)));
    let named = || [weekday, date].into_iter().find_map(|column| weekday_in(&cell(column)?.text));
    stated.map(|date| (date, true)).or_else(|| named().map(|day| (context.week.next().monday().plus_days(day), false)))
}

/// The date of each day's column, whether the grid states it, and the first row below the heads.
fn dates_of(sheet: &Sheet, head: usize, days: &[(usize, i64)], context: &Context) -> (Vec<(usize, Date, bool)>, usize, bool) {
    let in_head = |row: usize, column: usize| {
        let cell = sheet.cell(row, column)?;
        cell.moment.map(|moment| Date(moment.date())).or_else(|| date_inside(&cell.text, context))
    };
    // The dates may stand in a row of their own above or below the weekdays.
    let rows = [Some(head), Some(head + 1), head.checked_sub(1)];
    let row = rows.into_iter().flatten().find(|row| days.iter().filter(|(column, _)| in_head(*row, *column).is_some()).count() * 2 > days.len());
    let weekdays_below = (head + 1 < sheet.rows.len())
        && days
            .iter()
            .all(|(column, _)| sheet.cell(head + 1, *column).is_some_and(|cell| cell.text.chars().count() < 6 && weekday_in(&cell.text).is_some()));
    let body = if row == Some(head + 1) || weekdays_below { head + 2 } else { head + 1 };
    let monday =
        row.and_then(|row| days.iter().find_map(|(column, day)| in_head(row, *column).filter(|_| *day >= 0).map(|date| date.plus_days(-day))));
    let lines = || (head.saturating_sub(4)..head).rev().map(|row| sheet.line(row));
    let stated_range = || lines().find_map(|line| range_inside(&line, context.week)).map(|date| date.week().monday());
    let stated_week = || lines().find_map(|line| super::week::week_in(&line, context.week)).map(|week| week.monday());
    let titled = monday.or_else(stated_range).or_else(stated_week);
    let dates = days.iter().filter_map(|(column, day)| {
        let stated = row.and_then(|row| in_head(row, *column));
        let date = stated.or_else(|| (*day >= 0).then(|| titled.unwrap_or(context.week.next().monday()).plus_days(*day)))?;
        Some((*column, date, stated.is_some() || titled.is_some()))
    });
    (dates.collect(), body, row.is_some())
}

/// The column before the days in which the rows have the days of their weeks.
fn weeks_column(sheet: &Sheet, grid: &Grid, context: &Context) -> Option<usize> {
    let rows = || (grid.body..sheet.rows.len()).take_while(|row| !ends(sheet, *row));
    let Axis::Days(days) = &grid.axis else { return None };
    // A line 第二周（11月30日—12月4日） over the next table has no lessons beside it.
    let has_lesson = |row: usize| days.iter().any(|(column, ..)| sheet.cell(row, *column).is_some_and(|cell| !is_blank(&cell.text)));
    let has_days = |row: usize, column: usize| range_inside(sheet.merged_text(row, column), context.week).is_some();
    grid.labels().into_iter().find(|column| rows().any(|row| has_days(row, *column) && has_lesson(row)))
}

/// The first day of a range in a title: `课程表（11月30日—12月6日）`.
pub fn range_inside(line: &str, week: Week) -> Option<Date> {
    let line = values::narrow(line);
    let has_digits = |part: &&str| part.chars().filter(char::is_ascii_digit).count() >= 3;
    let parts = line.split(['(', ')', ':', ' ', '表']).filter(has_digits);
    // 11月30日-12月4日云台职校3期: the days alone, whatever stands against them.
    let runs = line.split(|c: char| !(c.is_ascii_digit() || "年月日号./-—–~至".contains(c))).filter(has_digits);
    parts.chain(runs).filter_map(|part| values::date_ranges_in(part, week).first().copied()).find_map(|(first, last)| {
        let (first, last) = (first?, last?);
        (0..=6).contains(&last.days_since(first)).then_some(first)
    })
}

/// A date somewhere in a head such as `星期一（11月30日）`, `周一 11.30`, `11/30`.
fn date_inside(text: &str, context: &Context) -> Option<Date> {
    let text = values::narrow(text);
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[from..];
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '号' | '.' | '/' | '-'))).unwrap_or(rest.len());
    let part = &rest[..end];
    part.contains(['月', '.', '/', '-']).then(|| values::read_date(part, None, context.week).date()).flatten()
}
