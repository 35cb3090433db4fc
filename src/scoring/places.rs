//! P1, P2, P3: teachers and rooms that would have to be in two places.

use super::hours::minutes_once;
use super::inputs::{ClassInput, Inputs, LessonInput};
use super::signal::{Value, Values, count, ramp};
use crate::canon::{Code, Week};
use std::collections::BTreeMap;

/// P1 and P3: the share of overlapping lessons, in permille, that gives the full value.
const OVERLAP_TO: i64 = 50;
/// Lessons without a clash added to every class's, so that one clash among three lessons isn't a third: the shrinkage
/// `(s + m·p0)/(n + m)` with m = 10 and p0 = 0, for a class in order has no clash at all.
const SHRINK: i64 = 10;
/// P2: a teacher's hours in a week from which the value rises, and those of its full value.
const LOAD_FROM: i64 = 40;
const LOAD_TO: i64 = 60;
/// A venue text of so many characters is an address, the same for everyone; a shorter one is a room of its institution.
const ADDRESS_CHARS: usize = 8;
/// What stands in place of a name that is not yet known.
const PLACEHOLDERS: [&str; 22] = [
    "",
    "-",
    "/",
    "无",
    "待定",
    "未定",
    "暂无",
    "暂定",
    "外聘",
    "外聘教师",
    "外聘老师",
    "外请",
    "待聘",
    "待安排",
    "老师",
    "教师",
    "专家",
    "线上",
    "线上教师",
    "网络",
    "网络平台",
    "自习",
];

/// P1, teacher in two places: `ramp(share of lessons whose teacher has another lesson elsewhere at that time; 0, .05)`
/// over all timetables. Touching lessons don't overlap; two lessons in one room are one place, and of one
/// class they need two known rooms. Missing without a named teacher. Limits: namesakes are taken for one person; too
/// little travel time, which should count half, waits for places on a map.
pub fn p1(inputs: &Inputs) -> Values {
    let classes = inputs.known_classes();
    let by_teacher = group(inputs, |lesson| named_teachers(lesson).collect());
    let clashes = clashes(inputs, &by_teacher, |a, b| match (room(&classes, a), room(&classes, b)) {
        (Some(here), Some(there)) => here != there,
        _ => a.unit != b.unit,
    });
    shares(inputs, &clashes, |lesson| named_teachers(lesson).next().is_some())
}

/// P2, teacher overloaded: `ramp(weekly clock hours over all timetables; 40, 60)` of the teacher of the class who
/// teaches most in one ISO week; an hour taught twice counts once. Missing without a named teacher.
/// Limits: namesakes; unqualified teachers wait for the register.
pub fn p2(inputs: &Inputs) -> Values {
    let mut loads: BTreeMap<(&str, Week), Vec<&LessonInput>> = BTreeMap::new();
    for lesson in &inputs.lessons {
        for teacher in named_teachers(lesson) {
            loads.entry((teacher, lesson.date.week())).or_default().push(lesson);
        }
    }
    let minutes: BTreeMap<_, i64> = loads.iter().map(|(key, lessons)| (*key, minutes_once(lessons))).collect();
    let by_unit = inputs.lessons_by_unit();
    let value = |class: &ClassInput| {
        let lessons = by_unit.get(&class.unit).into_iter().flatten();
        let keys = lessons.flat_map(|lesson| named_teachers(lesson).map(|teacher| (teacher, lesson.date.week())));
        // Of equal loads the first by name and week, so that the order of rows doesn't matter.
        let heaviest = keys.map(|key| (minutes.get(&key).copied().unwrap_or(0), std::cmp::Reverse(key))).max();
        let Some((minutes, std::cmp::Reverse((teacher, week)))) = heaviest else { return Value::missing() };
        let permille = ramp(minutes, 60, LOAD_FROM * 1000, LOAD_TO * 1000);
        Value::new(permille, minutes.div_euclid(60), vec![format!("{teacher} {week}")])
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

/// P3, room double-booked: `ramp(share of lessons in whose room another class has a lesson then; 0, .05)`
///. A room is a venue's text within county and institution; a text of eight characters or more is taken
/// for an address that is the same for all institutions of the county. Missing without a venue. Limits: a venue may
/// have several rooms; over capacity waits for the register of rooms.
pub fn p3(inputs: &Inputs) -> Values {
    let classes = inputs.known_classes();
    let by_room = group(inputs, |lesson| room(&classes, lesson).into_iter().collect());
    let clashes = clashes(inputs, &by_room, |a, b| a.unit != b.unit);
    shares(inputs, &clashes, |lesson| room(&classes, lesson).is_some())
}

fn named_teachers(lesson: &LessonInput) -> impl Iterator<Item = &str> {
    lesson.teachers.iter().map(|name| name.trim()).filter(|name| !PLACEHOLDERS.contains(name))
}

/// The room of a lesson: county, institution (none for an address), venue.
fn room<'a>(classes: &BTreeMap<&Code, &'a ClassInput>, lesson: &'a LessonInput) -> Option<(&'a str, &'a str, &'a str)> {
    let venue = lesson.venue.as_deref().map(str::trim).filter(|venue| !PLACEHOLDERS.contains(venue))?;
    let class = classes.get(&lesson.unit)?;
    let institution = if venue.chars().count() >= ADDRESS_CHARS { "" } else { class.institution.as_deref()? };
    Some((class.county.as_str(), institution, venue))
}

/// Lessons (by their index) of each key, in order of date and start.
fn group<'a, K: Ord>(inputs: &'a Inputs, keys: impl Fn(&'a LessonInput) -> Vec<K>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (index, lesson) in inputs.lessons.iter().enumerate() {
        for key in keys(lesson) {
            groups.entry(key).or_default().push(index);
        }
    }
    groups
}

/// For each lesson, by index, the first other that clashes with it. No more is kept: a name that stands for nobody may
/// clash with itself all over the city.
type Clashes = Vec<Option<usize>>;

/// Sweeps through each group in order of time and keeps the pairs that overlap and clash.
fn clashes<K>(inputs: &Inputs, groups: &BTreeMap<K, Vec<usize>>, clash: impl Fn(&LessonInput, &LessonInput) -> bool) -> Clashes {
    let mut found: Clashes = vec![None; inputs.lessons.len()];
    for group in groups.values() {
        let mut rows: Vec<(usize, &LessonInput)> =
            group.iter().filter_map(|&index| Some((index, inputs.lessons.get(index)?))).filter(|(_, lesson)| lesson.minutes() > 0).collect();
        rows.sort_by_key(|(index, lesson)| (lesson.date, lesson.start_minutes, *index));
        let mut open: Vec<(usize, &LessonInput)> = Vec::new();
        for (index, lesson) in rows {
            open.retain(|(_, other)| other.date == lesson.date && other.end_minutes > lesson.start_minutes);
            for (other_index, other) in &open {
                if clash(lesson, other) {
                    keep_first(&mut found, index, *other_index);
                    keep_first(&mut found, *other_index, index);
                }
            }
            open.push((index, lesson));
        }
    }
    found
}

fn keep_first(found: &mut [Option<usize>], index: usize, other: usize) {
    if let Some(first) = found.get_mut(index) {
        *first = Some(first.map_or(other, |known| known.min(other)));
    }
}

/// The shrunken share of each unit's lessons that clash, among those of which it can be told.
fn shares(inputs: &Inputs, clashes: &[Option<usize>], told: impl Fn(&LessonInput) -> bool) -> Values {
    let mut by_unit: BTreeMap<&Code, Vec<usize>> = BTreeMap::new();
    for (index, lesson) in inputs.lessons.iter().enumerate().filter(|(_, lesson)| lesson.minutes() > 0 && told(lesson)) {
        by_unit.entry(&lesson.unit).or_default().push(index);
    }
    let value = |class: &ClassInput| {
        let Some(rows) = by_unit.get(&class.unit) else { return Value::missing() };
        let hit: Vec<_> = rows.iter().filter_map(|index| Some((*index, clashes.get(*index).copied().flatten()?))).collect();
        let n = count(hit.len());
        let evidence = hit.iter().filter_map(|(index, other)| evidence(inputs, *index, *other)).collect();
        Value::new(ramp(n, count(rows.len()).saturating_add(SHRINK), 0, OVERLAP_TO), n, evidence)
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

/// `2026-12-01 08:00–11:30 ~ xixia-2026-0002 2026-12-01 09:00–12:00`: a lesson and the first other it clashes with.
fn evidence(inputs: &Inputs, index: usize, other: usize) -> Option<String> {
    let other = inputs.lessons.get(other)?;
    Some(format!("{} ~ {} {}", inputs.lessons.get(index)?.describe(), other.unit, other.describe()))
}
