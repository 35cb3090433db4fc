//! Timetables（课程表）as lists: one table for all classes, or a heading line and a small table for each. Grids are in `grid`.

use super::header::{Header, is_header_row};
use super::place::row_number;
use super::rows::{RowKind, note_unknown, row_kind};
use super::sheet::{Cell, Sheet};
use super::values::{self, DateRead, is_blank, squeeze};
use super::{Context, Notes, attendance, grid, grid_cell, header};
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

/// Two lists side by side are read one after the other, as if each stood on a sheet of its own.
fn read_sheet(sheet: &Sheet, context: &Context, notes: &mut Notes, columns: &mut Vec<(&'static str, String)>, lessons: &mut Vec<Lesson>) {
    match halves(sheet) {
        Some(halves) => halves.iter().for_each(|half| read_table(half, context, notes, columns, lessons)),
        None => read_table(sheet, context, notes, columns, lessons),
    }
}

/// The sheet with what is right of the second table's first column left out, and with what is left of it.
fn halves(sheet: &Sheet) -> Option<[Sheet; 2]> {
    let named = |row: usize, name: &str| -> Vec<usize> {
        let cells = sheet.rows[row].iter().enumerate();
        cells.filter(|(_, cell)| header::canonical(DocumentKind::Timetable, &cell.text) == Some(name)).map(|(column, _)| column).collect()
    };
    let (row, at) = (0..sheet.rows.len().min(12)).find_map(|row| match (&named(row, "date")[..], &named(row, "course")[..]) {
        ([_, second], [left, right]) if left < second && second < right => Some((row, *second)),
        _ => None,
    })?;
    let half = |is_left: bool| {
        let mut half = sheet.clone();
        for cells in half.rows.iter_mut().skip(row) {
            cells.iter_mut().enumerate().filter(|(column, _)| (*column < at) != is_left).for_each(|(_, cell)| *cell = Cell::default());
        }
        half
    };
    Some([half(true), half(false)])
}

fn read_table(sheet: &Sheet, context: &Context, notes: &mut Notes, columns: &mut Vec<(&'static str, String)>, lessons: &mut Vec<Lesson>) {
    let mut heading = Heading::default();
    let mut list: Option<ListReader> = None;
    let mut row = 0;
    // Rows up to here belong to what was read already; a title further up is not the next section's.
    let mut read_to = 0;
    while row < sheet.rows.len() {
        let found = heading_in(sheet, row);
        if sheet.struck_rows.contains(&row) {
            notes.add("T1013", ShouldExplain, &sheet.name, Some((row, None)), None);
            row += 1;
            continue;
        }
        // A head with the halves of the day across has a list's words beside them.
        if found.is_none()
            && !grid::has_words_below(sheet, row)
            && let Some(header) = is_header_row(sheet, row, DocumentKind::Timetable)
        {
            for (name, (_, text)) in &header.columns {
                if !columns.iter().any(|(known, _)| known == name) {
                    columns.push((name, text.clone()));
                }
            }
            note_unknown(sheet, &header, notes);
            heading = above(sheet, read_to..row, heading);
            row = header.last_row + 1;
            read_to = row;
            let day = attendance::day_above(sheet, header.first_row, context.week);
            list = Some(ListReader { sheet, header, context, above: Vec::new(), last_date: None, day });
            continue;
        }
        let in_list = list.as_ref().is_some_and(|list| list.has_date(row));
        if let Some(body) = grid::find(sheet, row, context).filter(|_| !in_list) {
            heading = above(sheet, read_to..row, heading);
            let mut named = heading.clone();
            named.class_name = named.class_name.or_else(|| name_of(sheet));
            row = grid::read(sheet, &body, &named, context, notes, lessons);
            read_to = row;
            list = None;
            continue;
        }
        if let Some(found) = found.or_else(|| list.as_ref().map_or_else(|| label_cells(sheet, row), |_| None)) {
            heading = take(heading, found);
            if let Some(reader) = &mut list {
                reader.above.clear();
            }
            read_to = row + 1;
        } else if let Some(reader) = &mut list
            && row_kind(sheet, row, reader.header.column("seq")) == RowKind::Data
        {
            match lone_title(sheet, row).or_else(|| label_cells(sheet, row)) {
                // The title again, over the next page or institution.
                None if is_title(sheet, row) => read_to = row + 1,
                Some(title) => {
                    heading = take(heading, title);
                    reader.above.clear();
                    read_to = row + 1;
                }
                None => {
                    reader.row(row, &heading, notes, lessons);
                    read_to = row + 1;
                }
            }
        }
        row += 1;
    }
}

/// A new class: nothing of the one before is carried over but its institution.
pub fn take(old: Heading, found: Heading) -> Heading {
    if found.class_name.is_some() { Heading { institution: found.institution.or(old.institution), ..found } } else { merge(old, found) }
}

/// The heading in lines between the last table and this one, where no labelled line gave it.
pub fn above(sheet: &Sheet, rows: std::ops::Range<usize>, heading: Heading) -> Heading {
    let titles: Vec<Heading> = rows.filter_map(|row| lone_title(sheet, row).or_else(|| label_cells(sheet, row))).collect();
    titles.into_iter().fold(heading, take)
}

/// Whether a row is nothing but a timetable's title.
fn is_title(sheet: &Sheet, row: usize) -> bool {
    let mut filled = sheet.rows[row].iter().filter(|cell| !cell.is_empty());
    let text = filled.next().map(|cell| squeeze(&cell.text)).unwrap_or_default();
    filled.next().is_none() && ["课程表", "课表", "安排表", "计划表"].iter().any(|end| text.ends_with(end))
}

/// A line that is one text and names a class: `怀麦职业培训学校2026年第1期保安员五级班课程表`.
fn lone_title(sheet: &Sheet, row: usize) -> Option<Heading> {
    let cells = sheet.rows.get(row)?;
    let mut filled = cells.iter().filter(|cell| !cell.is_empty());
    let text = without_time(&squeeze(&filled.next()?.text));
    if filled.next().is_some() || text.contains(':') {
        return None;
    }
    let plain = text.split('(').next().filter(|first| ["表", "安排", "册", "名单"].iter().any(|end| first.ends_with(end))).unwrap_or(&text);
    let ends = [
        "课程表",
        "课程安排表",
        "教学计划表",
        "授课计划表",
        "课程安排",
        "教学安排表",
        "教学计划",
        "授课计划",
        "授课安排表",
        "日程表",
        "课表",
        "周",
        "花名册",
        "学员名册",
        "学员名单",
        "签到表",
        "培训人员名单",
        "培训人员花名册",
        "人员名单",
        "人员花名册",
        "考勤表",
        "学员",
        "实名制",
    ];
    let mut name = plain.to_owned();
    for end in ends {
        name = name.trim_end_matches(end).to_owned();
    }
    let (institution, class) = split_institution(&name);
    let class = class.trim_start_matches(['-', '—', '_', '·', '、']);
    // “培训班” alone is what every such table is of, not a class.
    let is_class = class.ends_with('班') && !class.ends_with("培训班") || (class.contains('第') && (class.contains('期') || class.contains('班')));
    // 一期课程表: a table's title with nothing before it but the class.
    let is_short = plain != name && class.ends_with('期') && class.chars().count() >= 2;
    (is_class || is_short).then(|| Heading { institution, class_name: Some(class.to_owned()), ..Heading::default() })
}

/// A title without the days before or behind it and without 第49周, which belong to no class's name.
fn without_time(title: &str) -> String {
    let is_part = |c: char| c.is_ascii_digit() || "年月日号./-—–~～至到".contains(c);
    let is_days = |run: &str| run.contains(['日', '号', '.', '/']) && run.bytes().filter(u8::is_ascii_digit).count() >= 3;
    let end = title.trim_end_matches(is_part).len();
    let title = if is_days(&title[end..]) { &title[..end] } else { title };
    let run = &title[..title.len() - title.trim_start_matches(is_part).len()];
    // 11月30日3期: what follows the last day is the class's number.
    let cut = run.rfind(['日', '号']).map_or(run.len(), |at| at + '日'.len_utf8());
    let is_whole = cut < run.len() || !title[cut..].starts_with(['期', '班']) || run.ends_with(['日', '号']);
    let title = if is_days(&run[..cut]) && is_whole { &title[cut..] } else { title };
    let week = title.match_indices('第').find_map(|(at, sign)| {
        let (number, rest) = title[at + sign.len()..].split_once('周')?;
        let is_number = (1..=3).contains(&number.chars().count()) && number.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        is_number.then(|| format!("{}{rest}", &title[..at]))
    });
    week.unwrap_or_else(|| title.to_owned())
}

/// `怀麦职业培训学校2026年第1期…` cut after the institution.
pub fn split_institution(text: &str) -> (Option<String>, &str) {
    let ends = ["有限公司", "培训学校", "培训中心", "职业学校", "技工学校", "技工院校", "技工院", "职校", "技校", "学院", "学校", "中心", "公司"];
    let at = ends.iter().filter_map(|end| text.find(end).map(|at| at + end.len())).filter(|at| *at < text.len()).max();
    // 职业培训学校有限公司 ends where its last part does.
    at.map_or((None, text), |at| (Some(text[..at].to_owned()), &text[at..]))
}

/// Labels and values in cells of their own: 班级 | 2026年第1期… | 培训机构 | ….
fn label_cells(sheet: &Sheet, row: usize) -> Option<Heading> {
    let cells: Vec<&Cell> = sheet.rows.get(row)?.iter().filter(|cell| !cell.is_empty()).collect();
    let meaning = |cell: &Cell| {
        let text = squeeze(&cell.text);
        let text = text.trim_end_matches(':');
        LABELS.iter().find(|(_, labels)| labels.iter().any(|label| squeeze(label) == text)).map(|(meaning, _)| *meaning)
    };
    let mut heading = Heading::default();
    if cells.len() % 2 == 1 || cells.len() > 10 || !cells.chunks(2).all(|pair| meaning(pair[0]).is_some() && meaning(pair[1]).is_none()) {
        return None;
    }
    for pair in cells.chunks(2) {
        let text = (!is_blank(&pair[1].text)).then(|| pair[1].text.trim().to_owned());
        set(&mut heading, meaning(pair[0]).unwrap_or_default(), text);
    }
    (heading != Heading::default()).then_some(heading)
}

fn set(heading: &mut Heading, meaning: &str, text: Option<String>) {
    let field = match meaning {
        "class" => &mut heading.class_name,
        "institution" => &mut heading.institution,
        "venue" => &mut heading.venue,
        "teacher" => &mut heading.teacher,
        _ => return,
    };
    *field = field.take().or(text);
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
    let words = ["sheet", "工作表", "课程表", "课表", "课程安排", "教学计划", "授课计划"];
    let is_plain = name.is_empty() || words.iter().any(|word| name.to_lowercase().contains(word)) || name.starts_with('第') && !name.contains('班');
    // A sheet named 11月 or 11.30-12.6 is a time, not a class.
    let is_time = name
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '周' | '.' | '-' | '至' | '第' | '上' | '下' | '本' | 'w' | 'W' | '(' | ')'));
    (!is_plain && !is_time).then(|| sheet.name.trim().to_owned())
}

const LABELS: [(&str, &[&str]); 5] = [
    (
        "class",
        &[
            "培训班级名称",
            "班级(期)",
            "培训班名称",
            "培训班期",
            "班期名称",
            "班级名称",
            "培训班次",
            "培训班级",
            "班期",
            "班级",
            "班次",
            "期次",
            "培训班",
        ],
    ),
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
            "填报单位",
            "填报人",
            "填报时间",
            "填报日期",
            "制表人",
            "审核人",
            "开班时间",
            "培训地点及时间",
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
            for at in 0..line.len() {
                // A longer label that ends here was found already.
                if let Some(length) = label_length(&line[at..], &label)
                    && !marks.iter().any(|(from, to, _)| *from <= at && at < *to)
                {
                    marks.push((at, at + length, meaning));
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
        // A closing bracket whose opening one stands before the label.
        let text = if text.contains(['(', '（']) { text } else { text.trim_end_matches([')', '）']) };
        let text = (!is_blank(text)).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "));
        set(&mut heading, meaning, text);
    }
    (heading != Heading::default()).then_some(heading)
}

/// The length of a label at the beginning, which may be written wide（班 级 ：）.
fn label_length(line: &[char], label: &[char]) -> Option<usize> {
    let mut at = 0;
    for expected in label {
        let blanks = if at == 0 { 0 } else { line[at..].iter().take_while(|c| **c == ' ').count() };
        at += blanks;
        if line.get(at) != Some(expected) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Tells once for each way of writing that times without 上午 or 下午 were read as the afternoon.
pub fn note_afternoon(sheet: &Sheet, row: usize, column: usize, written: &str, meant: &[(ClockTime, ClockTime)], notes: &mut Notes) {
    let written = squeeze(written);
    if notes.list.iter().any(|known| known.code == "T1212" && known.value.as_ref() == Some(&written)) {
        return;
    }
    let times: Vec<String> = meant.iter().map(|(start, end)| format!("{start}-{end}")).collect();
    notes.add("T1212", ShouldExplain, &sheet.name, Some((row, Some(column))), Some(written)).values = vec![("times", times.join(" "))];
}

struct ListReader<'a> {
    sheet: &'a Sheet,
    header: Header,
    context: &'a Context<'a>,
    above: Vec<&'a Cell>,
    /// A date stands once for all lessons of its day where its cell is merged or left empty.
    last_date: Option<(Date, usize)>,
    /// The day of a table that names one above it.
    day: Option<Date>,
}

impl<'a> ListReader<'a> {
    /// Whether a row has the date that makes it a row of this list.
    fn has_date(&self, row: usize) -> bool {
        let cell = self.header.column("date").and_then(|column| self.sheet.cell(row, column));
        cell.is_some_and(|cell| values::read_date_cell(cell, self.context.week).date().is_some())
    }

    fn cell(&self, row: usize, name: &str) -> (Cell, usize) {
        let Some(column) = self.header.column(name) else { return (Cell::default(), 0) };
        (self.resolved(row, column).clone(), column)
    }

    fn resolved(&self, row: usize, column: usize) -> &'a Cell {
        self.sheet.resolved(row, column, self.header.last_row, &self.above)
    }

    fn text(&self, row: usize, name: &str) -> Option<String> {
        let text = self.cell(row, name).0.text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!is_blank(&text)).then_some(text)
    }

    fn row(&mut self, row: usize, heading: &Heading, notes: &mut Notes, lessons: &mut Vec<Lesson>) {
        let cells = self.sheet.resolved_row(row, self.header.last_row, &self.above);
        let course = self.cell(row, "course");
        if grid_cell::is_cancelled(&course.0.text) {
            notes.add("T1214", Information, &self.sheet.name, Some((row, Some(course.1))), Some(course.0.text));
            // What stands in its row still holds for the rows below.
            if let Some(date) = values::read_date_cell(&self.cell(row, "date").0, self.context.week).date() {
                self.last_date = Some((date, row));
            }
            self.above = cells;
            return;
        }
        let dates = self.dates(row, notes);
        let times = self.times(row, notes);
        let (hours_cell, hours_column) = self.cell(row, "hours");
        let hours = values::read_integer(&hours_cell.text);
        if hours == Some(None) {
            notes.add("T1203", ShouldExplain, &self.sheet.name, Some((row, Some(hours_column))), Some(hours_cell.text));
        }
        let mut teachers = values::read_names(&self.cell(row, "teachers").0.text);
        for column in &self.header.more_teachers {
            teachers.extend(values::read_names(&self.resolved(row, *column).text));
        }
        if teachers.is_empty() && !self.header.columns.contains_key("teachers") {
            teachers = heading.teacher.as_deref().map(values::read_names).unwrap_or_default();
        }
        // Where the format tells no merges, a class given once stands for the rows below it that leave it out.
        let before = lessons.last().filter(|_| !self.sheet.tells_merges && !self.above.is_empty());
        let carried = |field: fn(&Lesson) -> &Option<String>, name: &str| {
            before.filter(|_| self.header.column(name).is_some()).and_then(|lesson| field(lesson).clone())
        };
        let lesson = Lesson {
            institution: self.text(row, "institution").or_else(|| heading.institution.clone()).or_else(|| carried(|l| &l.institution, "institution")),
            class_name: self
                .class_name(row)
                .or_else(|| heading.class_name.clone())
                .or_else(|| carried(|l| &l.class_name, "class_name"))
                .or_else(|| name_of(self.sheet)),
            course: self.text(row, "course"),
            teachers,
            mode: self.text(row, "mode"),
            hours: hours.flatten(),
            venue: self.text(row, "venue").or_else(|| heading.venue.clone()),
            sheet: (!self.sheet.name.is_empty()).then(|| self.sheet.name.clone()),
            row: row_number(row),
            ..Lesson::default()
        };
        if dates.len() > 1 {
            let (cell, column) = self.cell(row, "date");
            let finding = notes.add("T1211", Information, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
            finding.values = vec![("days", dates.len().to_string())];
        }
        // What the periods of several days or halves of a day are in each is not said.
        let hours = lesson.hours.filter(|_| times.len() == 1 && dates.len() == 1);
        for date in &dates {
            for (start, end) in &times {
                lessons.push(Lesson { date: *date, start: *start, end: *end, hours, ..lesson.clone() });
            }
        }
        self.above = cells;
    }

    fn class_name(&self, row: usize) -> Option<String> {
        let (cell, _) = self.cell(row, "class_name");
        match cell.moment {
            Some(moment) => Some(moment.format(if moment.format("%d").to_string() == "01" { "%Y-%m" } else { "%Y-%m-%d" }).to_string()),
            None => self.text(row, "class_name"),
        }
    }

    /// The row's days: mostly one; each day of a range such as 11.30-12.4, of at most a month.
    fn dates(&mut self, row: usize, notes: &mut Notes) -> Vec<Option<Date>> {
        let (cell, _) = self.cell(row, "date");
        if cell.moment.is_none() && values::read_date(&cell.text, cell.number, self.context.week) == DateRead::Bad {
            let (first, last) = values::read_date_range(&cell.text, self.context.week);
            let days = first.date().zip(last.date()).map(|(first, last)| (first, last.days_since(first)));
            if let Some((first, length)) = days.filter(|(_, length)| (1..31).contains(length)) {
                self.last_date = None;
                return (0..=length).map(|day| Some(first.plus_days(day))).collect();
            }
        }
        vec![self.date(row, notes)]
    }

    /// The lesson's date: its cell's, the one above where the cell is empty, or the coming week's day that is named.
    fn date(&mut self, row: usize, notes: &mut Notes) -> Option<Date> {
        let (cell, column) = self.cell(row, "date");
        match values::read_date_cell(&cell, self.context.week) {
            DateRead::Good(date) => {
                self.last_date = Some((date, row));
                self.note_weekday(row, &cell, column, date, notes);
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
                    return self.day.or(day.map(|day| self.context.week.next().monday().plus_days(day)));
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

    /// Tells a weekday, beside the date or in its cell, that isn't the date's.
    fn note_weekday(&self, row: usize, date_cell: &Cell, date_column: usize, date: Date, notes: &mut Notes) {
        let (beside, column) = self.cell(row, "weekday");
        let text = squeeze(&beside.text);
        let bare = || "一二三四五六日".chars().zip(0..).find(|(day, _)| text.chars().eq([*day])).map(|(_, at)| at);
        let in_date = || values::weekday_in(&date_cell.text).filter(|_| date_cell.moment.is_none()).map(|day| (day, date_column));
        let plain = (!text.contains('末') && beside.moment.is_none()).then(|| values::weekday_in(&text).or_else(bare)).flatten();
        if let Some((day, column)) = plain.map(|day| (day, column)).or_else(in_date) {
            grid::note_weekday(self.sheet, (row, column), date, day, notes);
        }
    }

    /// Start and end from two columns, or the ranges in one: a row for the whole day is a lesson for each half.
    fn times(&self, row: usize, notes: &mut Notes) -> Vec<(Option<ClockTime>, Option<ClockTime>)> {
        let clock = |name: &str| values::read_clock_cell(&self.cell(row, name).0);
        let (start, end) = (clock("start"), clock("end"));
        let half = self.cell(row, "period").0.text;
        if let Some(range) = start.zip(end) {
            let (meant, is_guess) = values::lesson_times(range, &half);
            if is_guess {
                note_afternoon(self.sheet, row, self.cell(row, "start").1, &format!("{}-{}", range.0, range.1), &[meant], notes);
            }
            return vec![(Some(meant.0), Some(meant.1))];
        }
        for name in ["time", "period", "start", "date"] {
            let (cell, column) = self.cell(row, name);
            let text = if name == "date" { cell.text.split_once(char::is_whitespace).map_or("", |(_, rest)| rest) } else { &cell.text };
            let (ranges, is_guess) = values::read_lesson_times(text, if name == "period" { "" } else { &half });
            if !ranges.is_empty() {
                if is_guess {
                    note_afternoon(self.sheet, row, column, text, &ranges, notes);
                }
                return ranges.into_iter().map(|(start, end)| (Some(start), Some(end))).collect();
            }
        }
        let (cell, column) = self.cell(row, if self.header.columns.contains_key("time") { "time" } else { "period" });
        let (cell, column) = if is_blank(&cell.text) { self.cell(row, "start") } else { (cell, column) };
        if !is_blank(&cell.text) {
            notes.add("T1202", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
        }
        vec![(start, end)]
    }
}
