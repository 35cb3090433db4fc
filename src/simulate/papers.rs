//! Rows about classes: the ledger, changes, records, the provincial system, timetables.

use super::days::{DAY_MINUTES, monday_of};
use super::dice::{Dice, Purpose};
use super::patterns::Pattern;
use super::rows::{
    ChangeRow, ChangeRows, ClassRow, ClassRows, Day, LessonRow, LessonRows, RecordRow, RecordRows, SystemRow, SystemRows, TeachingRow, TeachingRows,
};
use super::timetable::{LESSON_HOURS, LESSON_MINUTES, Lesson, lessons_of, meetings};
use super::world::{Class, NOBODY, World};
use crate::calendar::LeadReading;
use crate::canon::Date;

/// Permille of classes whose application date, place in the provincial system, subsidy isn't stated.
const UNSTATED: u64 = 15;
/// Permille of classes in order that are entered in the provincial system only after the freeze.
const ENTERED_LATER: u64 = 6;

pub(super) fn add_class(world: &World, number: u32, rows: &mut ClassRows) {
    let class = world.class(number);
    let mut dice = world.dice(Purpose::Papers, number);
    let (applied_on, reviewed_on) = dates(world, class, &mut dice);
    let applied_on = applied_on.filter(|_| class.planted.has(Pattern::LateApplication) || !dice.permille(UNSTATED));
    let lead_days = applied_on.map(|applied| world.calendar.lead_days(date(applied), date(class.opens), LeadReading::Inclusive));
    // Levels 4 and 3 bring more.
    let standard = world.trades[class.occupation as usize].standard * (10 + 3 * i64::from(5 - class.level.unwrap_or(5))) / 10;
    let stated = !dice.permille(UNSTATED);
    let first_seen = monday_of((class.opens - 7).min(world.days.frozen_day));
    rows.push(ClassRow {
        class: number,
        unit: format!("S{:04}-{number:06}", class.county + 1),
        county: class.county,
        institution: (!dice.permille(3)).then_some(class.institution),
        occupation: (!dice.permille(3)).then_some(class.occupation),
        level: class.level,
        applied_on,
        reviewed_on,
        opens_on: Some(class.opens),
        ends_on: Some(class.ends),
        lead_days,
        hours: Some(approved_hours(class, &mut dice)),
        planned: Some(i64::from(class.planned)),
        actual: (class.opens <= world.days.frozen_day).then_some(i64::from(class.actual)),
        in_system: in_system(class, &mut dice),
        standard: stated.then_some(standard),
        amount: stated.then_some(standard * i64::from(class.planned)),
        one_employer: class.one_employer,
        in_frame: class.in_frame,
        first_seen,
        known_at: world.days.by(first_seen + 4, 16 * 60),
    });
}

fn approved_hours(class: &Class, dice: &mut Dice) -> i64 {
    let hours = i64::from(class.lessons) * LESSON_HOURS;
    if class.planted.has(Pattern::HoursCut) { hours * 1000 / dice.between(550, 800) } else { hours }
}

/// False for some of those not in the system; of the others the export tells.
fn in_system(class: &Class, dice: &mut Dice) -> Option<bool> {
    if class.planted.has(Pattern::NotInSystem) {
        return Some(hidden(class));
    }
    if dice.permille(2 * UNSTATED) { None } else { Some(!dice.permille(ENTERED_LATER)) }
}

/// Whether the ledger claims a class to be in the system that isn't.
fn hidden(class: &Class) -> bool {
    class.lessons.is_multiple_of(2)
}

/// Application and review, as they stand in the ledger at the freeze.
fn dates(world: &World, class: &Class, dice: &mut Dice) -> (Option<Day>, Option<Day>) {
    let (days, today) = (&world.days, world.days.frozen_day);
    let late = class.planted.has(Pattern::LateApplication);
    let mut lead = if late {
        dice.between(0, 3)
    } else if class.is_sloppy() {
        dice.between(4, 8)
    } else {
        dice.between(6, 15)
    };
    while days.working_before(class.opens, lead) > today {
        lead += 1;
    }
    let applied = days.working_before(class.opens, lead);
    if class.planted.has(Pattern::Unapproved) {
        let reviewed = class.opens + i32::try_from(dice.between(1, 6)).unwrap_or(1);
        return (Some(applied), Some(reviewed).filter(|&day| day <= today && dice.permille(600)));
    }
    // A sloppy county office takes its time, but decides before the opening.
    let taken = if class.is_sloppy() && dice.permille(200) { dice.between(6, 8) } else { dice.between(1, 4) };
    let mut reviewed = days.working_after(applied, taken);
    if reviewed > class.opens {
        reviewed = applied.max(class.opens - 1);
    }
    (Some(applied), Some(reviewed).filter(|&day| day <= today))
}

fn date(day: Day) -> Date {
    Date(chrono::NaiveDate::default()).plus_days(i64::from(day))
}

/// Permille of classes with a lawful change long before the opening; of classes in order with one correction close to it.
const CHANGED: u64 = 150;
const CORRECTED_LATE: u64 = 40;

pub(super) fn add_changes(world: &World, number: u32, rows: &mut ChangeRows) {
    let class = world.class(number);
    let mut dice = world.dice(Purpose::Change, number);
    let (opens, frozen) = (i64::from(class.opens) * DAY_MINUTES, world.days.frozen);
    let mut push = |at: i64, field: u32| rows.push(ChangeRow { class: number, at, field, known_at: at });
    if dice.permille(CHANGED) {
        push((opens - dice.between(10, 20) * DAY_MINUTES).min(frozen - 5 * DAY_MINUTES), 1);
    }
    let last_minute = class.planted.has(Pattern::LastMinuteChanges);
    let count = if last_minute { dice.between(3, 7) } else { i64::from(dice.permille(CORRECTED_LATE)) };
    // The last three days and the first of the class; for what opens later, the hours after the list closed.
    let close = opens - 3 * DAY_MINUTES;
    let (from, to) = if close >= frozen { (frozen - 140, frozen) } else { (close, (opens + DAY_MINUTES).min(frozen)) };
    for _ in 0..count {
        push(dice.between(from, to), u32::try_from(dice.between(2, 9)).unwrap_or(2));
    }
}

/// Days before the freeze from which on classes that opened have records.
const RECORDED_DAYS: Day = 90;

/// Papers are entered within a day, sometimes later; some only after the freeze, when nobody scoring may know of them.
pub(super) fn add_records(world: &World, number: u32, rows: &mut RecordRows) {
    let class = world.class(number);
    if class.opens < world.days.frozen_day - RECORDED_DAYS {
        return;
    }
    let mut dice = world.dice(Purpose::Record, number);
    let late = if class.planted.has(Pattern::LateRecords) { dice.between(750, 1000) } else { dice.between(0, 30) }.unsigned_abs();
    for lesson in lessons_of(world, class).iter().filter(|lesson| lesson.ends <= world.days.frozen) {
        let lag = if dice.permille(late) { dice.between(2881, 3 * DAY_MINUTES) } else { dice.between(5, 30 * 60) };
        let recorded = lesson.ends + lag;
        rows.push(RecordRow { class: number, ends: lesson.ends, recorded, known_at: recorded });
    }
}

/// Permille of classes of the frame that the provincial export was asked for; of those in order with one field differing.
const EXPORTED: u64 = 700;
const DIFFERING: u64 = 60;

pub(super) fn add_system(world: &World, number: u32, rows: &mut SystemRows) {
    let class = world.class(number);
    let mut dice = world.dice(Purpose::System, number);
    let absent = class.planted.has(Pattern::NotInSystem);
    let known = dice.permille(EXPORTED) || absent && hidden(class);
    if !class.in_frame || !known {
        return;
    }
    let differing = if absent { 0 } else { i64::from(dice.permille(DIFFERING)) + i64::from(class.is_sloppy() && dice.permille(150)) };
    let compared = if absent { 0 } else { 8 };
    rows.push(SystemRow { class: number, found: !absent, compared, differing, known_at: world.days.by(world.days.frozen_day, 9 * 60) });
}

/// Permille of lessons whose 学时 aren't stated; of classes whose timetable names no room; of frame classes yet to open whose
/// timetable comes after the freeze.
const HOURS_UNSTATED: u64 = 100;
const ROOM_UNSTATED: u64 = 30;
const TIMETABLE_TO_COME: u64 = 40;

/// What lessons and teaching of a class have in common.
pub(super) struct Timetable {
    pub lessons: Vec<Lesson>,
    /// Teacher and room of each lesson, those of the class or of the one it shares them with.
    pub teachers: Vec<u32>,
    pub rooms: Vec<Option<u32>>,
    known_at: i64,
}

pub(super) fn timetable(world: &World, number: u32) -> Timetable {
    Timetable::of(world, number, &mut world.dice(Purpose::Lesson, number))
}

impl Timetable {
    fn of(world: &World, number: u32, dice: &mut Dice) -> Self {
        let class = world.class(number);
        let lessons = lessons_of(world, class);
        let to_come = class.opens > world.days.frozen_day && dice.permille(TIMETABLE_TO_COME);
        let shared = class.room_of != NOBODY || class.partner_in.has(Pattern::RoomTwice) || class.planted.has(Pattern::RoomTooSmall);
        let room_unstated = dice.permille(ROOM_UNSTATED) && !shared;
        let mut teachers: Vec<u32> = (0..lessons.len()).map(|index| class.teachers[index % 2]).collect();
        if class.teacher_of != NOBODY {
            let other = world.class(class.teacher_of);
            for (teacher, meeting) in teachers.iter_mut().zip(meetings(&lessons, &lessons_of(world, other))) {
                *teacher = meeting.map_or(*teacher, |index| other.teachers[index % 2]);
            }
        }
        let mut rooms = vec![(!room_unstated).then_some(class.room); lessons.len()];
        if class.room_of != NOBODY {
            let other = world.class(class.room_of);
            for (room, meeting) in rooms.iter_mut().zip(meetings(&lessons, &lessons_of(world, other))) {
                *room = if meeting.is_some() { Some(other.room) } else { *room };
            }
        }
        let known_at = if to_come { world.days.frozen + 2 * DAY_MINUTES } else { world.days.by(class.opens - 3, 17 * 60) };
        Self { lessons, teachers, rooms, known_at }
    }
}

pub(super) fn add_lessons(world: &World, number: u32, rows: &mut LessonRows) {
    let mut dice = world.dice(Purpose::Lesson, number);
    let timetable = Timetable::of(world, number, &mut dice);
    for (lesson, room) in timetable.lessons.iter().zip(timetable.rooms) {
        let (starts, ends, known_at) = (lesson.starts, lesson.ends, timetable.known_at);
        // An unstated lesson counts by the clock; one stretched beyond its 学时 is always stated.
        let stated = ends - starts != LESSON_MINUTES || !dice.permille(HOURS_UNSTATED);
        let room = room.map(|room| world.room_key(room));
        rows.push(LessonRow { class: number, starts, ends, hours: stated.then_some(LESSON_HOURS), room, known_at });
    }
}

pub(super) fn add_teaching(world: &World, number: u32, rows: &mut TeachingRows) {
    let timetable = timetable(world, number);
    for ((lesson, teacher), room) in timetable.lessons.iter().zip(&timetable.teachers).zip(&timetable.rooms) {
        rows.push(TeachingRow {
            class: number,
            teacher: world.teacher_key(*teacher),
            starts: lesson.starts,
            ends: lesson.ends,
            room: room.map(|room| world.room_key(room)),
            known_at: timetable.known_at,
        });
    }
    let class = world.class(number);
    if class.planted.has(Pattern::TeacherOverloaded) {
        add_guidance(world, number, timetable.known_at, rows);
    }
}

/// Guidance（辅导）without a room and without 学时 that the timetable also names the teacher for: eleven hours a day, six days a week.
fn add_guidance(world: &World, number: u32, known_at: i64, rows: &mut TeachingRows) {
    let class = world.class(number);
    let teacher = world.teacher_key(class.teachers[0]);
    for day in (monday_of(class.opens)..monday_of(class.ends) + 6).map(i64::from) {
        for (from, to) in [(8, 12), (13, 17), (18, 21)] {
            let (starts, ends) = (day * DAY_MINUTES + from * 60, day * DAY_MINUTES + to * 60);
            rows.push(TeachingRow { class: number, teacher, starts, ends, room: None, known_at });
        }
    }
}
