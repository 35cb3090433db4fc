//! One cell of a timetable's grid: course, teacher, room and what else is written in it, in any order.

use super::Notes;
use super::grid::Spot;
use super::place::row_number;
use super::sheet::Sheet;
use super::timetable::{Heading, note_afternoon};
use super::values::{self, is_blank, squeeze};
use crate::domain::Lesson;
use crate::domain::Severity::ShouldExplain;

/// The lessons of a cell: a line with times of its own begins a further one, once the one before has times and more.
pub fn split_lessons(text: &str) -> Vec<String> {
    let has_times = |line: &str| line.contains([':', '：', '点']) && !values::read_clock_ranges(line).is_empty();
    let mut lessons: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines() {
        let is_full = lessons.last().is_some_and(|lines| lines.iter().any(|line| has_times(line)) && says_more(lines));
        if has_times(line) && is_full {
            lessons.push(Vec::new());
        }
        if let Some(lines) = lessons.last_mut() {
            lines.push(line);
        }
    }
    lessons.into_iter().map(|lines| lines.join("\n")).collect()
}

/// Whether lines say more than a time: two Chinese characters outside its own words.
fn says_more(lines: &[&str]) -> bool {
    let is_word = |c: &char| u32::from(*c) > 0x2E80 && !"：～—上下午晚早中至到点时分半（）".contains(*c);
    lines.iter().flat_map(|line| line.chars()).filter(is_word).count() >= 2
}

/// The lesson of a cell as far as its text tells it.
pub fn lesson(sheet: &Sheet, spot: &Spot, heading: &Heading, notes: &mut Notes) -> Lesson {
    let mut lesson = Lesson {
        institution: heading.institution.clone(),
        class_name: heading.class_name.clone(),
        date: Some(spot.date),
        start: spot.times.map(|(start, _)| start),
        end: spot.times.map(|(_, end)| end),
        sheet: (!sheet.name.is_empty()).then(|| sheet.name.clone()),
        row: row_number(spot.row),
        ..Lesson::default()
    };
    let mut parts = split_cell(&spot.text);
    for part in &parts {
        if let (ranges @ [_], true) = (&values::read_lesson_times(part, "").0[..], !part.chars().any(|c| "课程训".contains(c)))
            && values::read_lesson_times(part, "").1
        {
            note_afternoon(sheet, spot.row, spot.column, part, ranges, notes);
        }
    }
    // “实操 张三”: a mode that a name follows, or that stands alone, is all the course there is.
    let is_course = parts.get(1).is_none_or(|next| is_name_like(next) || is_room(next));
    let mut index = 0;
    parts.retain(|part| {
        index += 1;
        !take_labelled(part, &mut lesson) && !take_plain(part, index == 1 && is_course, &mut lesson)
    });
    for part in parts {
        if lesson.course.is_none() {
            lesson.course = Some(part);
        } else if lesson.teachers.is_empty() && is_name_like(&part) {
            lesson.teachers = values::read_names(part.trim_end_matches("老师").trim());
        } else if lesson.venue.is_none() {
            lesson.venue = Some(part);
        }
    }
    // “实操” alone is all that is said of what is taught.
    lesson.course = lesson.course.or_else(|| lesson.mode.clone());
    lesson.venue = lesson.venue.or_else(|| heading.venue.clone());
    if lesson.teachers.is_empty() {
        lesson.teachers = heading.teacher.as_deref().map(values::read_names).unwrap_or_default();
    }
    if lesson.start.is_none() {
        note_no_time(sheet, spot, notes);
    }
    lesson
}

/// Tells once for each label and table that it names no time, with the label.
fn note_no_time(sheet: &Sheet, spot: &Spot, notes: &mut Notes) {
    let said = if is_blank(&spot.label) { &spot.text } else { &spot.label };
    let label = (!is_blank(said)).then(|| squeeze(said));
    let is_here = |known: &crate::domain::Finding| known.code == "T1202" && known.place.sheet.as_ref().is_none_or(|name| *name == sheet.name);
    let is_told = |known: &crate::domain::Finding| known.value == label && (label.is_some() || known.place.row == Some(row_number(spot.row)));
    if !notes.list.iter().any(|known| is_here(known) && is_told(known)) {
        notes.add("T1202", ShouldExplain, &sheet.name, Some((spot.row, Some(spot.column))), label);
    }
}

/// Whether a text says that a lesson isn't held: 停课（教师请假）, 取消, 调至12月9日.
pub fn is_cancelled(text: &str) -> bool {
    let text = squeeze(text);
    let words = ["停课", "取消", "放假", "暂停", "调至", "调到", "改至", "改到", "延期至", "延至", "推迟", "顺延"];
    words.iter().any(|word| text.starts_with(word)) || ["停课", "已取消", "(取消)", "(停课)"].iter().any(|word| text.ends_with(word))
}

/// The parts of a cell: its lines, or what slashes, bars, brackets or gaps part.
fn split_cell(text: &str) -> Vec<String> {
    let text = text.replace('\r', "");
    let has_lines = text.contains('\n');
    let by_sign: Vec<&str> = if has_lines { text.split('\n').collect() } else { text.split(['/', '|', ';', '／', '｜', '；']).collect() };
    // `9:10-10:10 热菜 李四`: a line that begins with its times is parted at the gaps.
    let is_timed = |line: &str| line.trim().contains(' ') && line.contains([':', '：']) && !values::read_clock_ranges(line).is_empty();
    let pieces = by_sign.into_iter().flat_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let own = words.first().is_some_and(|word| !values::read_clock_ranges(word).is_empty());
        if is_timed(line) && own { words } else { vec![line] }
    });
    let mut parts: Vec<String> = pieces.flat_map(unwrap_brackets).filter(|part| !is_blank(part)).collect();
    if let [one] = parts.as_slice() {
        let words: Vec<String> = one.split_whitespace().map(str::to_owned).collect();
        // Gaps part a cell where what follows the first one is a name or a room.
        if words.len() > 1
            && words[1..].iter().any(|word| {
                is_name_like(word) || is_room(word) || is_mode(word) || periods(word).is_some() || !values::read_clock_ranges(word).is_empty()
            })
        {
            parts = words;
        }
    }
    parts
}

/// `叉车构造（傅德虎）` is a course and a name; brackets around anything else belong to the course.
fn unwrap_brackets(part: &str) -> Vec<String> {
    let part = part.trim();
    let clean = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '（' | '）')).to_owned();
    let Some(open) = part.find(['(', '（']) else { return vec![part.to_owned()] };
    if !part.ends_with([')', '）']) {
        return vec![part.to_owned()];
    }
    let (before, inside) = (part[..open].trim(), clean(&part[open..]));
    let has_meaning = is_name_like(&inside) || is_mode(&inside) || is_room(&inside) || periods(&inside).is_some();
    if before.is_empty() {
        vec![inside]
    } else if has_meaning {
        vec![before.to_owned(), inside]
    } else {
        vec![part.to_owned()]
    }
}

fn is_mode(text: &str) -> bool {
    matches!(
        squeeze(text).as_str(),
        "理论"
            | "实操"
            | "实训"
            | "实践"
            | "线上"
            | "线下"
            | "面授"
            | "讲授"
            | "理论课"
            | "实操课"
            | "理实一体"
            | "直播"
            | "考核"
            | "网课"
    )
}

fn is_room(text: &str) -> bool {
    ["室", "楼", "厅", "基地", "车间", "操场", "校区", "场地", "机房"].iter().any(|word| text.contains(word))
}

/// `4课时`.
fn periods(text: &str) -> Option<i64> {
    let text = squeeze(text);
    (text.ends_with("课时") || text.ends_with("学时")).then(|| values::read_integer(&text).flatten()).flatten()
}

/// A part that shows by its form what it is: times, periods, a mode of teaching.
fn take_plain(part: &str, is_course: bool, lesson: &mut Lesson) -> bool {
    if let [(start, end)] = values::read_lesson_times(part, "").0[..]
        && !part.chars().any(|c| "课程训".contains(c))
    {
        (lesson.start, lesson.end) = (Some(start), Some(end));
    } else if let Some(hours) = periods(part) {
        lesson.hours = Some(hours);
    } else if is_mode(part) && lesson.mode.is_none() && !is_course {
        lesson.mode = Some(squeeze(part));
    } else {
        return false;
    }
    true
}

/// `教师：张三`, `地点：301`.
fn take_labelled(part: &str, lesson: &mut Lesson) -> bool {
    let Some((label, value)) = part.split_once([':', '：']) else { return false };
    let (label, value) = (squeeze(label), value.trim());
    match label.as_str() {
        "教师" | "授课教师" | "任课教师" | "老师" | "授课老师" | "主讲" | "主讲教师" | "授课人" | "讲师" => {
            lesson.teachers = values::read_names(value)
        }
        "地点" | "教室" | "上课地点" | "场地" | "授课地点" | "培训地点" => lesson.venue = Some(value.to_owned()),
        "课程" | "内容" | "课程内容" | "授课内容" | "课程名称" => lesson.course = Some(value.to_owned()),
        "方式" | "授课方式" => lesson.mode = Some(value.to_owned()),
        "课时" | "学时" => lesson.hours = values::read_integer(value).flatten(),
        "时间" | "上课时间" => {
            if let [(start, end)] = values::read_lesson_times(value, "").0[..] {
                (lesson.start, lesson.end) = (Some(start), Some(end));
            }
        }
        _ => return false,
    }
    true
}

/// Whether a line could be people's names: short Chinese words without digits, and no room.
fn is_name_like(part: &str) -> bool {
    let names = values::read_names(part.trim_end_matches("老师"));
    !is_room(part)
        && !is_mode(part)
        && !["中心", "号", "课", "培训", "实训", "单周", "双周"].iter().any(|word| part.contains(word))
        && !names.is_empty()
        && names.iter().all(|name| (2..=4).contains(&name.chars().count()) && name.chars().all(|c| u32::from(c) >= 0x3400 || c == '·'))
}
