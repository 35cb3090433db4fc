//! Teachers and rooms that would have to be in two classes at once.

use super::index::{Matched, names};
use super::timetable_against::ADDRESS_CHARS;
use super::{at_row, is_name, key};
use crate::canon::Date;
use crate::domain::Severity::ShouldExplain;
use crate::domain::{Finding, LedgerRow, Lesson};
use std::collections::BTreeMap;

/// A lesson in a sweep: its class's number and when it is.
#[derive(Clone, Copy)]
struct Slot<'a> {
    date: Date,
    start: u16,
    end: u16,
    class: usize,
    lesson: &'a Lesson,
}

/// Two classes that something is in at once: how often, and the first time.
struct Clash<'a> {
    what: String,
    count: usize,
    later: Slot<'a>,
    earlier: Slot<'a>,
}

/// One teacher in lessons of two classes at the same time: each pair of classes once.
pub fn check_t1310_teacher_in_two_classes(matched: &Matched) -> Vec<Finding> {
    let clashes = find(matched, |_, lesson| lesson.teachers.iter().filter(|name| is_name(name)).map(|name| (key(name), name.clone())).collect());
    let finding = |clash: &Clash| {
        let mut values = values(clash);
        values.push(("teacher", clash.what.clone()));
        at_row("T1310", ShouldExplain, clash.later.lesson.sheet.as_ref(), clash.later.lesson.row, values)
    };
    clashes.iter().map(finding).collect()
}

/// One room in which two classes have lessons at the same time: each pair of classes once.
pub fn check_t1311_room_in_two_classes(matched: &Matched) -> Vec<Finding> {
    let clashes = find(matched, |row, lesson| room(row, lesson).into_iter().collect());
    let finding = |clash: &Clash| {
        let mut values = values(clash);
        values.push(("venue", clash.what.clone()));
        at_row("T1311", ShouldExplain, clash.later.lesson.sheet.as_ref(), clash.later.lesson.row, values)
    };
    clashes.iter().map(finding).collect()
}

fn values(clash: &Clash) -> Vec<(&'static str, String)> {
    let class = |slot: &Slot| slot.lesson.class_name.clone().unwrap_or_else(|| "@class_unnamed".to_owned());
    let start = clash.later.lesson.start.map(|start| start.to_string()).unwrap_or_default();
    vec![
        ("class", class(&clash.later)),
        ("other", class(&clash.earlier)),
        ("date", clash.later.date.to_string()),
        ("start", start),
        ("earlier", clash.earlier.lesson.row.to_string()),
        ("count", clash.count.to_string()),
    ]
}

/// A venue that is one room, as it is compared and as it is shown. A short text is a room of its institution; a whole
/// address is a room only if it names one, for a school has many.
fn room(row: Option<&LedgerRow>, lesson: &Lesson) -> Option<(String, String)> {
    const ROOMS: [&str; 6] = ["室", "厅", "车间", "机房", "号房", "实训场"];
    const NOWHERE: [&str; 6] = ["线上", "网络", "待定", "未定", "腾讯会议", "直播"];
    let venue = lesson.venue.as_ref()?;
    let text = key(venue);
    let is_short = text.chars().count() < ADDRESS_CHARS;
    let has_number = text.chars().filter(char::is_ascii_digit).count() > 1;
    let is_room = ROOMS.iter().any(|word| text.contains(word)) || is_short && has_number;
    if !is_room || NOWHERE.iter().any(|word| text.contains(word)) {
        return None;
    }
    let institution = row.and_then(|row| row.institution.as_deref()).map(key).unwrap_or_else(|| names(lesson).0);
    match is_short {
        true if institution.is_empty() => None,
        true => Some((format!("{institution}\n{text}"), venue.clone())),
        false => Some((text, venue.clone())),
    }
}

/// Sweeps through each teacher's or room's lessons in order of time. Of the lessons still running only the two of
/// different classes that end last are kept: with a lesson of a third class, one of them clashes if any does.
fn find<'a>(matched: &Matched<'a>, keys: impl Fn(Option<&LedgerRow>, &Lesson) -> Vec<(String, String)>) -> Vec<Clash<'a>> {
    let mut groups: BTreeMap<String, (String, Vec<Slot<'a>>)> = BTreeMap::new();
    for (class, row, lesson) in matched.iter().filter(|(_, _, lesson)| lesson.class_name.is_some()) {
        let (Some(date), Some(start), Some(end)) = (lesson.date, lesson.start, lesson.end) else { continue };
        let (start, end) = (start.minutes(), end.minutes());
        for (key, shown) in keys(row, lesson).into_iter().filter(|_| start < end) {
            groups.entry(key).or_insert((shown, Vec::new())).1.push(Slot { date, start, end, class, lesson });
        }
    }
    let mut clashes = Vec::new();
    for (what, mut slots) in groups.into_values() {
        slots.sort_by_key(|slot| (slot.date, slot.start, slot.class, slot.lesson.row));
        let mut pairs: BTreeMap<(usize, usize), Clash> = BTreeMap::new();
        let mut running: Vec<Slot> = Vec::new();
        for later in slots {
            running.retain(|slot| slot.date == later.date && slot.end > later.start);
            for earlier in running.iter().filter(|slot| slot.class != later.class) {
                let pair = (earlier.class.min(later.class), earlier.class.max(later.class));
                let clash = pairs.entry(pair).or_insert_with(|| Clash { what: what.clone(), count: 0, later, earlier: *earlier });
                clash.count += 1;
            }
            keep_longest(&mut running, later);
        }
        clashes.extend(pairs.into_values());
    }
    clashes.sort_by_key(|clash| (clash.later.date, clash.later.start, clash.later.lesson.row));
    clashes
}

fn keep_longest<'a>(running: &mut Vec<Slot<'a>>, slot: Slot<'a>) {
    match running.iter_mut().find(|known| known.class == slot.class) {
        Some(known) if known.end >= slot.end => {}
        Some(known) => *known = slot,
        None => running.push(slot),
    }
    running.sort_by_key(|slot| std::cmp::Reverse(slot.end));
    running.truncate(2);
}
