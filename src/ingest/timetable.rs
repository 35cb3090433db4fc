//! Timetables（课程表）as lists: one table for all classes, or a heading line and a small table for each. Grids are in `grid`.

use super::header::{Header, canonical, is_header_row, weekday_columns};
use super::ledger::{RowKind, row_kind};
use super::place::row_number;
use super::sheet::{Cell, Sheet};
use super::values::{self, DateRead, is_blank, squeeze};
use super::{Context, Notes, grid};
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{ClockTime, DocumentKind, Lesson};

/// What a heading line above a table says of the lessons in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heading {
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub venue: Option<String>,
    pub teacher: Option<String>,
}

/// Reads all current sheets in order.
pub fn read(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Vec<(&'static str, String)>) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for sheet in sheets {
        read_sheet(sheet, context, notes, columns, &mut lessons);
    }
    if lessons.is_empty() {
        notes.add("T1001", Information, "", None, None);
    }
    lessons
}

fn read_sheet(sheet: &Sheet, context: &Context, notes: &mut Notes, columns: &mut Vec<(&'static str, String)>, lessons: &mut Vec<Lesson>) {
    let mut heading = title_heading(sheet);
    let mut list: Option<ListReader> = None;
    let mut row = 0;
    while row < sheet.rows.len() {
        let days = weekday_columns(sheet, row);
        if !days.is_empty() {
            let mut named = heading.clone();
            named.class_name = named.class_name.or_else(|| name_of(sheet));
            row = grid::read(sheet, row, &days, &named, context, notes, lessons);
            list = None;
            continue;
        }
        let found = heading_in(sheet, row);
        if let (None, Some(header)) = (&found, is_header_row(sheet, row, DocumentKind::Timetable)) {
            for (name, (_, text)) in &header.columns {
                if !columns.iter().any(|(known, _)| known == name) {
                    columns.push((name, text.clone()));
                }
            }
            row = header.last_row + 1;
            list = Some(ListReader { sheet, header, context, above: Vec::new(), last_date: None });
            continue;
        }
        if let Some(found) = found.or_else(|| labelled_cells(sheet, row)) {
            // A new class: nothing of the one before is carried over.
            heading = if found.class_name.is_some() {
                Heading { institution: found.institution.or(heading.institution), ..found }
            } else {
                merge(heading, found)
            };
            if let Some(reader) = &mut list {
                reader.above.clear();
            }
        } else if let Some(reader) = &mut list
            && row_kind(sheet, row, reader.header.column("seq")) == RowKind::Data
        {
            reader.row(row, &heading, notes, lessons);
        }
        row += 1;
    }
}

fn merge(old: Heading, new: Heading) -> Heading {
    Heading {
        institution: new.institution.or(old.institution),
        class_name: new.class_name.or(old.class_name),
        venue: new.venue.or(old.venue),
        teacher: new.teacher.or(old.teacher),
    }
}

/// A sheet named after its class.
fn name_of(sheet: &Sheet) -> Option<String> {
    let name = squeeze(&sheet.name);
    let is_plain =
        name.is_empty() || name.to_lowercase().starts_with("sheet") || name.contains("课程表") || name.contains("课表") || name.starts_with('第');
    (!is_plain).then(|| sheet.name.trim().to_owned())
}

const LABELS: [(&str, &[&str]); 5] = [
    ("class", &["培训班名称", "培训班期", "班期名称", "班级名称", "培训班次", "培训班级", "班期", "班级", "班次", "期次", "培训班"]),
    (
        "institution",
        &["培训机构名称", "培训机构", "机构名称", "培训学校", "学校名称", "承训机构", "承训单位", "培训单位", "办学机构", "机构", "学校"],
    ),
    ("venue", &["上课地点", "培训地点", "授课地点", "教学地点", "地点", "教室"]),
    ("teacher", &["授课教师", "任课教师", "主讲教师", "教师", "老师"]),
    (
        "other",
        &[
            "培训工种",
            "职业（工种）",
            "职业(工种)",
            "工种",
            "职业",
            "等级",
            "人数",
            "班主任",
            "培训时间",
            "起止时间",
            "课时",
            "学时",
            "联系电话",
            "电话",
            "时间",
            "日期",
            "专业",
            "负责人",
        ],
    ),
];

/// `班级：… 机构：…` in a row's cells: which label begins where, and the text up to the next.
pub fn heading_in(sheet: &Sheet, row: usize) -> Option<Heading> {
    // Labels are looked for in half-width, their values taken as they were written.
    let written: Vec<char> = sheet.line(row).chars().collect();
    let line: Vec<char> = values::narrow(&sheet.line(row)).chars().collect();
    if !line.contains(&':') {
        return None;
    }
    let mut marks: Vec<(usize, usize, &str)> = Vec::new();
    for (meaning, labels) in LABELS {
        for label in labels {
            let label: Vec<char> = values::narrow(label).chars().chain([':']).collect();
            for at in 0..line.len().saturating_sub(label.len() - 1) {
                // A longer label that ends here was found already.
                if line[at..].starts_with(&label) && !marks.iter().any(|(from, to, _)| *from <= at && at < *to) {
                    marks.push((at, at + label.len(), meaning));
                }
            }
        }
    }
    marks.sort_unstable();
    let mut heading = Heading::default();
    for (index, (_, from, meaning)) in marks.iter().enumerate() {
        let to = marks.get(index + 1).map_or(line.len(), |(at, _, _)| *at);
        let text: String = written.get(*from..to).unwrap_or_default().iter().collect();
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | '（' | '，' | '；' | '|'));
        let text = (!is_blank(text)).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "));
        match *meaning {
            "class" => heading.class_name = heading.class_name.or(text),
            "institution" => heading.institution = heading.institution.or(text),
            "venue" => heading.venue = heading.venue.or(text),
            "teacher" => heading.teacher = heading.teacher.or(text),
            _ => {}
        }
    }
    (heading != Heading::default()).then_some(heading)
}

/// `班级 | 电工一班`: a label in one cell and its value in the next, in a row that is no header.
fn labelled_cells(sheet: &Sheet, row: usize) -> Option<Heading> {
    let cells: Vec<&str> = sheet.rows.get(row)?.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.text.trim()).collect();
    let mut heading = Heading::default();
    for pair in cells.windows(2) {
        let (label, value) = (squeeze(pair[0]), pair[1]);
        let meaning = LABELS.iter().find(|(_, labels)| labels.contains(&label.as_str())).map(|(meaning, _)| *meaning);
        if canonical(DocumentKind::Timetable, value).is_some() || is_blank(value) {
            continue;
        }
        match meaning {
            Some("class") => heading.class_name = Some(value.to_owned()),
            Some("institution") => heading.institution = Some(value.to_owned()),
            Some("venue") => heading.venue = Some(value.to_owned()),
            _ => {}
        }
    }
    // A venue alone might be a data cell; a class or an institution is not.
    (heading.class_name.is_some() || heading.institution.is_some()).then_some(heading)
}

/// What a title such as “某某职业培训学校2026年第1期育婴员班课程表” says, where nothing else names the class.
fn title_heading(sheet: &Sheet) -> Heading {
    let titles = (0..sheet.rows.len().min(3)).map(|row| squeeze(&sheet.line(row)));
    let named = titles.filter_map(|title| {
        let end = ["周课程表", "课程安排表", "课程表", "课表", "教学进度表", "教学计划表", "授课计划表"]
            .into_iter()
            .find_map(|end| title.strip_suffix(end).map(str::to_owned))?;
        // Only a numbered class: “培训班课程表” is about all of them.
        (end.contains('期') && end.chars().any(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))).then_some(end)
    });
    let Some(title) = named.into_iter().next() else { return Heading::default() };
    let cut = ["学校", "有限公司", "中心", "学院", "基地"].into_iter().filter_map(|end| title.find(end).map(|at| at + end.len())).min();
    let (institution, class) = title.split_at(cut.unwrap_or(0));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Heading { institution: some(institution), class_name: some(class), ..Heading::default() }
}

struct ListReader<'a> {
    sheet: &'a Sheet,
    header: Header,
    context: &'a Context<'a>,
    above: Vec<Cell>,
    /// A date stands once for all lessons of its day where its cell is merged or left empty.
    last_date: Option<(Date, usize)>,
}

impl ListReader<'_> {
    fn cell(&self, row: usize, name: &str) -> (Cell, usize) {
        let Some(column) = self.header.column(name) else { return (Cell::default(), 0) };
        (self.resolved(row, column), column)
    }

    fn resolved(&self, row: usize, column: usize) -> Cell {
        self.sheet.resolved(row, column, self.header.last_row, &self.above)
    }

    fn text(&self, row: usize, name: &str) -> Option<String> {
        let text = self.cell(row, name).0.text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!is_blank(&text)).then_some(text)
    }

    fn row(&mut self, row: usize, heading: &Heading, notes: &mut Notes, lessons: &mut Vec<Lesson>) {
        let width = self.sheet.rows[row].len();
        let cells: Vec<Cell> = (0..width.max(self.above.len())).map(|column| self.resolved(row, column)).collect();
        let date = self.date(row, notes);
        let (start, end) = self.times(row, notes);
        let (hours_cell, hours_column) = self.cell(row, "hours");
        let hours = values::read_integer(&hours_cell.text);
        if hours == Some(None) {
            notes.add("T1203", ShouldExplain, &self.sheet.name, Some((row, Some(hours_column))), Some(hours_cell.text));
        }
        let mut teachers = values::read_names(&self.cell(row, "teachers").0.text);
        if teachers.is_empty() && !self.header.columns.contains_key("teachers") {
            teachers = heading.teacher.as_deref().map(values::read_names).unwrap_or_default();
        }
        lessons.push(Lesson {
            institution: self.text(row, "institution").or_else(|| heading.institution.clone()),
            class_name: self.class_name(row).or_else(|| heading.class_name.clone()).or_else(|| name_of(self.sheet)),
            date,
            start,
            end,
            course: self.text(row, "course"),
            teachers,
            mode: self.text(row, "mode"),
            hours: hours.flatten(),
            venue: self.text(row, "venue").or_else(|| heading.venue.clone()),
            sheet: (!self.sheet.name.is_empty()).then(|| self.sheet.name.clone()),
            row: row_number(row),
        });
        self.above = cells;
    }

    fn class_name(&self, row: usize) -> Option<String> {
        let (cell, _) = self.cell(row, "class_name");
        match cell.moment {
            Some(moment) => Some(moment.format(if moment.format("%d").to_string() == "01" { "%Y-%m" } else { "%Y-%m-%d" }).to_string()),
            None => self.text(row, "class_name"),
        }
    }

    /// The lesson's date: its cell's, the one above where the cell is empty, or the coming week's day that is named.
    fn date(&mut self, row: usize, notes: &mut Notes) -> Option<Date> {
        let (cell, column) = self.cell(row, "date");
        match values::read_date_cell(&cell, self.context.week) {
            DateRead::Good(date) => {
                self.last_date = Some((date, row));
                Some(date)
            }
            DateRead::Far(date) => {
                notes.add("T1207", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
                self.last_date = Some((date, row));
                Some(date)
            }
            DateRead::Empty => {
                let day = values::weekday_in(&self.cell(row, "weekday").0.text);
                if !self.header.columns.contains_key("date") {
                    return day.map(|day| self.context.week.next().monday().plus_days(day));
                }
                let carried = self
                    .last_date
                    .filter(|(date, at)| *at + 1 == row && day.is_none_or(|day| i64::from(date.weekday().num_days_from_monday()) == day));
                self.last_date = carried.map(|(date, _)| (date, row));
                if carried.is_none() {
                    notes.add("T1201", ShouldExplain, &self.sheet.name, Some((row, Some(column))), None);
                }
                carried.map(|(date, _)| date)
            }
            DateRead::Bad => {
                notes.add("T1201", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
                self.last_date = None;
                None
            }
        }
    }

    /// Start and end from two columns, or from a range in one.
    fn times(&self, row: usize, notes: &mut Notes) -> (Option<ClockTime>, Option<ClockTime>) {
        let clock = |name: &str| {
            let (cell, _) = self.cell(row, name);
            let of_moment = cell.moment.and_then(|moment| values::read_clock(&moment.format("%H:%M").to_string()));
            of_moment.or_else(|| values::read_clock(&cell.text))
        };
        let (start, end) = (clock("start"), clock("end"));
        if start.is_some() || end.is_some() {
            return (start, end);
        }
        for name in ["time", "period", "date"] {
            let (cell, _) = self.cell(row, name);
            if let Some((start, end)) = values::read_clock_range(&cell.text).filter(|_| name != "date" || cell.text.contains([':', '：'])) {
                return (Some(start), Some(end));
            }
        }
        let (cell, column) = self.cell(row, if self.header.columns.contains_key("time") { "time" } else { "period" });
        if !is_blank(&cell.text) {
            notes.add("T1202", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
        }
        (None, None)
    }
}
