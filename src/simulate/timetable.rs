//! The lessons of a class, from its way of being held.

use super::days::DAY_MINUTES;
use super::patterns::Pattern;
use super::rows::Day;
use super::world::{Class, Mode, World};

/// Minutes after midnight at which the parts of a day begin, and their length: four 学时 of 45 minutes.
pub(super) const MORNING: i64 = 8 * 60 + 30;
pub(super) const AFTERNOON: i64 = 14 * 60;
pub(super) const EVENING: i64 = 18 * 60;
pub(super) const LESSON_MINUTES: i64 = 180;
pub(super) const LESSON_HOURS: i64 = 4;
/// Where an impossible timetable puts its lessons: into the night, or over twelve hours of a day.
const NIGHT: i64 = 19 * 60 + 30;
const LONG_DAY: [i64; 2] = [7 * 60, 14 * 60];
const LONG_MINUTES: i64 = 360;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    pub starts: i64,
    pub ends: i64,
}

impl Lesson {
    pub fn meets(self, other: Self) -> bool {
        self.starts < other.ends && other.starts < self.ends
    }
}

/// The days on which classes of a mode are held.
pub(super) fn days_of(world: &World, mode: Mode) -> &[Day] {
    if mode == Mode::Weekend { &world.days.weekend } else { &world.days.working }
}

/// Lessons of a day.
pub(super) fn a_day(mode: Mode) -> u32 {
    if matches!(mode, Mode::FullDay | Mode::Weekend) { 2 } else { 1 }
}

/// The class's lessons in order of time.
pub(super) fn lessons_of(world: &World, class: &Class) -> Vec<Lesson> {
    let days = days_of(world, class.mode);
    let a_day = a_day(class.mode);
    let impossible = class.planted.has(Pattern::ImpossibleTimetable);
    let lesson = |number: u32| {
        let day = days.get(class.first + (number / a_day) as usize).copied()?;
        let part = number % a_day;
        let (starts, minutes) = match class.mode {
            Mode::FullDay if impossible => (LONG_DAY[part as usize], LONG_MINUTES),
            _ if impossible && number % 2 == 1 => (NIGHT, LESSON_MINUTES),
            Mode::Afternoon => (AFTERNOON, LESSON_MINUTES),
            Mode::Evening => (EVENING, LESSON_MINUTES),
            _ if part == 1 => (AFTERNOON, LESSON_MINUTES),
            _ => (MORNING, LESSON_MINUTES),
        };
        let starts = i64::from(day) * DAY_MINUTES + starts;
        Some(Lesson { starts, ends: starts + minutes })
    };
    (0..class.lessons).filter_map(lesson).collect()
}

/// Of `mine`, those that meet one of the other's, and which.
pub(super) fn meetings(mine: &[Lesson], others: &[Lesson]) -> Vec<Option<usize>> {
    mine.iter().map(|lesson| others.iter().position(|other| lesson.meets(*other))).collect()
}
