//! Attendance sheets（签到表、考勤表）: a column per half-day with a mark for each trainee, or a line per day with counts.

use super::header::{Header, find_header};
use super::lookup::may_begin_header;
use super::people::{self, Columns};
use super::place::row_number;
use super::rows::{RowKind, row_kind};
use super::sheet::{Cell, Sheet};
use super::timetable::{Heading, above, heading_in, take};
use super::values::{self, is_blank, squeeze};
use super::{Context, Notes, people_words};
use crate::canon::{Date, Week};
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{AttendanceRow, ClassName, DocumentKind, HalfDay, Mark, Person, PersonalText, Source};
use std::collections::BTreeMap;

/// The head of a sheet with a column per half-day.
pub struct Head {
    first_row: usize,
    last_row: usize,
    name: usize,
    seq: Option<usize>,
    id: Option<usize>,
    /// Column, its day and its half as far as they are told.
    sessions: Vec<(usize, Option<Date>, Option<HalfDay>)>,
}

pub fn half_day(text: &str) -> Option<HalfDay> {
    match text {
        _ if text.contains("上午") || text.contains("早上") => Some(HalfDay::Morning),
        _ if text.contains("下午") => Some(HalfDay::Afternoon),
        _ if text.contains("晚") => Some(HalfDay::Evening),
        _ => None,
    }
}

/// The head with at least two columns of half-days, where the sheet has one.
pub fn find_head(sheet: &Sheet, week: Week) -> Option<Head> {
    (0..sheet.rows.len().min(40)).find_map(|row| head_at(sheet, row, week)).filter(|head| head.sessions.len() > 1)
}

fn head_at(sheet: &Sheet, row: usize, week: Week) -> Option<Head> {
    let width = (row..=row + 1).filter_map(|row| sheet.rows.get(row)).map(Vec::len).max()?.min(super::header::WIDEST);
    let word = |row: usize, column: usize| squeeze(sheet.merged_text(row, column));
    let is_named = |column: usize, words: &[&str]| {
        may_begin_header(DocumentKind::Attendance, sheet.merged_text(row, column)) && words.contains(&word(row, column).as_str())
    };
    let named = |words: &[&str]| (0..width).find(|column| is_named(*column, words));
    let names = |name: &str| people_words::ATTENDANCE.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, words)| *words);
    let name = named(names("name"))?;
    // The halves of the day stand in a row of their own, whose names are merged with the row above or left empty.
    let below = word(row + 1, name);
    let has_halves = (below.is_empty() || below == word(row, name)) && (0..width).any(|column| half_day(&word(row + 1, column)).is_some());
    let last_row = row + usize::from(has_halves);
    let mut month = month_named(sheet, row, week);
    let mut latest: Option<Date> = None;
    let mut sessions = Vec::new();
    let mut day = None;
    for column in name + 1..width {
        let top = top_cell(sheet, row, column);
        let own = squeeze(&top.text);
        let half = if has_halves { half_day(&word(row + 1, column)) } else { None }.or_else(|| half_day(&own));
        let mut found = date_in(&top, month, week);
        // 30, 1, 2: the days run into the next month.
        let is_bare = own.trim_end_matches(['日', '号']).parse::<u32>().is_ok();
        if let (Some(date), Some(before), Some((year, number))) = (found, latest, month)
            && is_bare
            && date < before
        {
            month = Some(if number == 12 { (year + 1, 1) } else { (year, number + 1) });
            found = date_in(&top, month, week);
        }
        latest = found.or(latest);
        match (found, half) {
            (Some(date), half) => {
                day = Some(date);
                sessions.push((column, day, half));
            }
            // The second half of a day whose date stands over the first, in a format that tells no merges.
            (None, Some(half)) if own.is_empty() || half_day(&own).is_some() => sessions.push((column, day, Some(half))),
            _ => day = None,
        }
    }
    Some(Head { first_row: row, last_row, name, seq: named(names("seq")), id: named(names("id")), sessions })
}

/// The cell that a column's head shows, over a merge its top left one.
fn top_cell(sheet: &Sheet, row: usize, column: usize) -> Cell {
    sheet.merged_cell(row, column).cloned().unwrap_or_default()
}

/// Year and month in a title such as `2026年11月考勤表`.
fn month_named(sheet: &Sheet, head: usize, week: Week) -> Option<(i32, u32)> {
    (0..head).chain([head]).find_map(|row| {
        let line = squeeze(&sheet.line(row));
        let (before, _) = line.split_once('月')?;
        let digits = |text: &str| text.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect::<String>();
        let month: u32 = digits(before).parse().ok().filter(|month| (1..=12).contains(month))?;
        let year = before.rsplit_once('年').and_then(|(before, _)| digits(before).parse().ok());
        let near = || values::read_date(&format!("{month}月15日"), None, week).date().map(Date::year);
        Some((year.or_else(near)?, month))
    })
}

/// The day of a head: a date in any notation, or the number of a day in a month that the title names.
fn date_in(cell: &Cell, month: Option<(i32, u32)>, week: Week) -> Option<Date> {
    if cell.moment.is_some() {
        return values::read_date_cell(cell, week).date();
    }
    let text = squeeze(&cell.text);
    let text: String = ["上午", "下午", "晚上", "早上", "晚"].iter().fold(text, |text, word| text.replace(word, ""));
    let number: Option<u32> = text.trim_end_matches(['日', '号']).parse().ok().filter(|day| (1..=31).contains(day));
    if let (Some((year, month)), Some(day)) = (month, number) {
        return Date::from_ymd(year, month, day);
    }
    if number.is_some() || !text.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    values::read_date(&text, None, week).date()
}

/// The one day that the lines above a table name: `2026年11月25日签到表`.
pub fn day_above(sheet: &Sheet, head: usize, week: Week) -> Option<Date> {
    (0..head).rev().find_map(|row| {
        let line = sheet.line(row);
        let labels = ["填报", "填表", "报送", "起止", "至", "开班", "结业"];
        let (date, count) = values::last_date_in(&line, week);
        date.filter(|_| count == 1 && !labels.iter().any(|label| line.contains(label)))
    })
}

pub fn read(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Columns) -> Vec<AttendanceRow> {
    let mut rows = Vec::new();
    for sheet in sheets {
        match find_head(sheet, context.week) {
            Some(head) => read_marks(sheet, head, context, notes, columns, &mut rows),
            None => read_counts(sheet, context, notes, columns, &mut rows),
        }
    }
    rows
}

fn class_of(heading: &Heading) -> ClassName {
    ClassName { institution: heading.institution.clone(), class_name: heading.class_name.clone(), class_code: None }
}

fn source(sheet: &Sheet, row: usize) -> Source {
    Source { sheet: (!sheet.name.is_empty()).then(|| sheet.name.clone()), row: row_number(row) }
}

fn heading_over(sheet: &Sheet, first_row: usize) -> Heading {
    let labelled = (0..first_row).filter_map(|row| heading_in(sheet, row)).fold(Heading::default(), take);
    let titled = above(sheet, 0..first_row, Heading::default());
    Heading { institution: labelled.institution.or(titled.institution), class_name: labelled.class_name.or(titled.class_name), ..Heading::default() }
}

fn read_marks(sheet: &Sheet, mut head: Head, context: &Context, notes: &mut Notes, columns: &mut Columns, rows: &mut Vec<AttendanceRow>) {
    let mut heading = heading_over(sheet, head.first_row);
    columns.push(("name", sheet.merged_text(head.first_row, head.name).to_owned()));
    let first = head.sessions.first().map_or("", |(column, _, _)| sheet.merged_text(head.first_row, *column));
    columns.push(("sessions", format!("{first} … ({})", head.sessions.len())));
    let mut day = day_above(sheet, head.first_row, context.week);
    if day.is_none() && head.sessions.iter().any(|(_, date, _)| date.is_none()) {
        notes.add("A1001", ShouldExplain, &sheet.name, Some((head.last_row, None)), None);
    }
    let legend = legend(sheet, &head);
    let mut blanks = 0;
    let mut last: Option<(String, Person)> = None;
    let mut row = head.last_row + 1;
    while row < sheet.rows.len() {
        if let Some(again) = head_at(sheet, row, context.week).filter(|again| again.sessions.len() > 1) {
            // A block of further days below the first.
            row = again.last_row + 1;
            day = day_above(sheet, again.first_row, context.week);
            head = again;
            continue;
        }
        if let Some(found) = heading_in(sheet, row) {
            heading = take(heading, found);
        }
        let text = |column: Option<usize>| column.and_then(|column| sheet.cell(row, column)).map(|cell| squeeze(&cell.text)).unwrap_or_default();
        // Where each half of the day has a row, the name stands over them, merged or once.
        let before = head.sessions.first().map_or(0, |(column, _, _)| *column);
        let row_half = (0..before).map(|column| text(Some(column))).filter(|text| text.chars().count() <= 4).find_map(|text| half_day(&text));
        let own = text(Some(head.name));
        let is_same = is_blank(&own) && row_half.is_some() && last.is_some();
        let name = if is_same { last.as_ref().map(|(name, _)| name.clone()).unwrap_or_default() } else { own };
        if row_kind(sheet, row, head.seq) == RowKind::Data && !is_blank(&name) && !sheet.struck_rows.contains(&row) {
            let id_cell = head.id.and_then(|column| sheet.cell(row, column)).cloned().unwrap_or_default();
            let (id_status, id) = people::judge(&id_cell, None);
            let person = match &last {
                Some((_, person)) if is_same => person.clone(),
                _ => Person { name: Some(PersonalText::new(name.clone())), id, id_status, phone: None },
            };
            last = Some((name.clone(), person.clone()));
            for (column, date, half) in &head.sessions {
                let stated = text(Some(*column));
                if stated.is_empty() {
                    blanks += 1;
                    continue;
                }
                let mark = mark(&stated, &name, &legend);
                if mark.is_none() {
                    // What stands there may be somebody's name, so it is not shown.
                    notes.add("A1002", ShouldExplain, &sheet.name, Some((row, Some(*column))), None);
                }
                rows.push(AttendanceRow {
                    class: class_of(&heading),
                    person: person.clone(),
                    date: date.or(day),
                    half: half.or(row_half),
                    mark,
                    source: source(sheet, row),
                    ..AttendanceRow::default()
                });
            }
        }
        row += 1;
    }
    if blanks > 0 {
        notes.add("A1003", Information, &sheet.name, None, None).values = vec![("count", blanks.to_string())];
    }
}

/// What a mark means: by the sheet's own legend, by its sign or word, or the trainee's own name as a signature.
fn mark(text: &str, name: &str, legend: &BTreeMap<char, Mark>) -> Option<Mark> {
    let sign = Some(text).filter(|text| text.chars().count() == 1).and_then(|text| text.chars().next());
    if let Some(mark) = sign.and_then(|sign| legend.get(&sign)) {
        return Some(*mark);
    }
    if text == name {
        return Some(Mark::Present);
    }
    let word = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match text {
        "√" | "✓" | "✔" | "☑" | "v" | "V" | "1" | "到" | "出" | "签" => Some(Mark::Present),
        "×" | "✗" | "✘" | "☒" | "x" | "X" | "0" | "缺" | "旷" => Some(Mark::Absent),
        "假" | "病" | "事" => Some(Mark::Leave),
        "迟" => Some(Mark::Late),
        "早" | "退" => Some(Mark::LeftEarly),
        _ if word(&["未到", "旷课", "缺勤", "缺课", "未签", "没到"]) => Some(Mark::Absent),
        _ if word(&["请假", "事假", "病假"]) => Some(Mark::Leave),
        _ if word(&["迟到"]) => Some(Mark::Late),
        _ if word(&["早退"]) => Some(Mark::LeftEarly),
        _ if word(&["已到", "出勤", "已签", "到课", "签到", "实到"]) => Some(Mark::Present),
        _ => None,
    }
}

const WORDS: [(&str, Mark); 9] = [
    ("出勤", Mark::Present),
    ("到课", Mark::Present),
    ("迟到", Mark::Late),
    ("早退", Mark::LeftEarly),
    ("事假", Mark::Leave),
    ("病假", Mark::Leave),
    ("请假", Mark::Leave),
    ("旷课", Mark::Absent),
    ("缺勤", Mark::Absent),
];
const SIGNS: &str = "√✓✔×✗✘xX○〇●△▲☆★◎□■◇◆⊙Ø+/";

/// Signs that the sheet itself explains outside its table: `出勤√ 迟到△`, `●出勤 ▲迟到`, `“○”表示请假`.
fn legend(sheet: &Sheet, head: &Head) -> BTreeMap<char, Mark> {
    let mut legend = BTreeMap::new();
    for row in 0..sheet.rows.len() {
        let is_trainee = row > head.last_row
            && sheet.cell(row, head.name).is_some_and(|cell| !is_blank(&cell.text))
            && row_kind(sheet, row, head.seq) == RowKind::Data
            && filled(sheet, row) > 2;
        let line = squeeze(&sheet.line(row));
        let words = WORDS.iter().filter(|(word, _)| line.contains(word)).count();
        if !is_trainee && (head.first_row..=head.last_row).all(|at| at != row) && words >= 2 && line.chars().count() <= 120 {
            read_legend(&line, &mut legend);
        }
    }
    legend
}

fn filled(sheet: &Sheet, row: usize) -> usize {
    sheet.rows.get(row).map_or(0, |cells| cells.iter().filter(|cell| !cell.is_empty()).count())
}

/// Whichever of sign and word comes first in a line comes first in all of it.
fn read_legend(line: &str, legend: &mut BTreeMap<char, Mark>) {
    let first_word = WORDS.iter().filter_map(|(word, _)| line.find(word)).min();
    let first_sign = line.find(|c: char| SIGNS.contains(c));
    let is_sign_first = first_sign.zip(first_word).is_some_and(|(sign, word)| sign < word);
    let is_filler = |c: &char| matches!(c, ':' | '"' | '“' | '”' | '\'' | '(' | ')' | '为' | '记' | '打' | '画' | '用' | '-' | '=' | '表' | '示');
    for (word, mark) in WORDS {
        for (at, _) in line.match_indices(word) {
            let sign = if is_sign_first {
                line[..at].chars().rev().find(|c| !is_filler(c))
            } else {
                line[at + word.len()..].chars().find(|c| !is_filler(c))
            };
            if let Some(sign) = sign.filter(|sign| SIGNS.contains(*sign)) {
                legend.entry(sign).or_insert(mark);
            }
        }
    }
}

/// A line per day, or per person over a whole period, with 应到, 实到, 请假, 旷课.
fn read_counts(sheet: &Sheet, context: &Context, notes: &mut Notes, columns: &mut Columns, rows: &mut Vec<AttendanceRow>) {
    let Some(header) = find_header(sheet, DocumentKind::Attendance) else { return };
    columns.extend(header.columns.iter().map(|(name, (_, text))| (*name, text.clone())));
    let heading = heading_over(sheet, header.first_row);
    let mut last_date = None;
    for row in header.last_row + 1..sheet.rows.len() {
        if row_kind(sheet, row, header.column("seq")) != RowKind::Data {
            continue;
        }
        rows.extend(read_count(sheet, row, &header, &heading, &mut last_date, context, notes));
    }
}

fn read_count(
    sheet: &Sheet,
    row: usize,
    header: &Header,
    heading: &Heading,
    last_date: &mut Option<Date>,
    context: &Context,
    notes: &mut Notes,
) -> Option<AttendanceRow> {
    let cell = |name: &str| header.column(name).map(|column| sheet.resolved(row, column, header.last_row, &[])).cloned().unwrap_or_default();
    let text = |name: &str| Some(cell(name).text).filter(|text| !is_blank(text));
    let mut number = |name: &str| {
        let read = values::read_integer(&cell(name).text);
        if read == Some(None) {
            notes.add("P1202", ShouldExplain, &sheet.name, Some((row, header.column(name))), Some(cell(name).text));
        }
        read.flatten()
    };
    let (expected, present, leave, absent) = (number("expected"), number("present"), number("leave"), number("absent"));
    let name = text("name").map(|name| PersonalText::new(squeeze(&name)));
    let stated = text("mark").map(|text| squeeze(&text));
    let mark = stated.as_deref().and_then(|stated| mark(stated, name.as_ref().map_or("", PersonalText::reveal), &BTreeMap::new()));
    if [expected, present, leave, absent].iter().all(Option::is_none) && mark.is_none() {
        return None;
    }
    let date = match values::read_date_cell(&cell("date"), context.week) {
        values::DateRead::Empty => *last_date,
        values::DateRead::Bad => {
            notes.add("P1201", ShouldExplain, &sheet.name, Some((row, header.column("date"))), Some(cell("date").text));
            None
        }
        read => read.date(),
    };
    *last_date = date;
    let half = text("half").and_then(|half| half_day(&half)).or_else(|| half_day(&cell("date").text));
    let (id_status, id) = people::judge(&cell("id"), None);
    let mut class = class_of(heading);
    class.institution = text("institution").or(class.institution);
    class.class_name = text("class_name").or(class.class_name);
    let person = Person { name, id, id_status, phone: None };
    Some(AttendanceRow { class, person, date, half, mark, expected, present, leave, absent, source: source(sheet, row) })
}
