//! Lessons by class and teaching by teacher, decoded once for the signals that look at them.

use super::city::{City, Once, once};
use super::days::{DAY, monday, week_of_minute};
use super::sweep::{Slot, held, sort};
use crate::canon::Result;

/// What no lesson states.
const NOT_STATED: i16 = -1;
/// The most 学时 that a lesson can state and be believed.
const HOURS_MAX: i64 = 24;

/// A lesson of a class of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassLesson {
    class: u32,
    starts: i32,
    ends: i32,
    hours: i16,
}

impl ClassLesson {
    pub fn starts(&self) -> i64 {
        i64::from(self.starts)
    }

    pub fn ends(&self) -> i64 {
        i64::from(self.ends)
    }

    /// Length in minutes: 0 where the times are unknown.
    pub fn minutes(&self) -> i64 {
        (self.ends() - self.starts()).max(0)
    }

    /// 学时 of 45 minutes, where stated in reason.
    pub fn hours(&self) -> Option<i64> {
        (self.hours != NOT_STATED).then(|| i64::from(self.hours))
    }
}

/// Lessons of the frame's classes in order of class and time.
pub struct Timetable {
    lessons: Vec<ClassLesson>,
    /// Where each class's lessons end.
    ends: Vec<usize>,
}

impl Timetable {
    /// A class's lessons in order of time.
    pub fn of(&self, class: usize) -> &[ClassLesson] {
        let from = class.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(class).copied().unwrap_or(from);
        self.lessons.get(from..to).unwrap_or_default()
    }

    fn read(city: &City) -> Result<Self> {
        let classes = city.classes();
        let (mut lessons, mut ends) = (Vec::new(), vec![0usize; classes.len()]);
        city.tables().read("lesson", &["class", "starts", "ends", "hours"], |part| {
            let (of, starts, until) = (part.codes("class")?, part.integers("starts")?, part.integers("ends")?);
            let hours = part.integers("hours")?;
            for (row, ((&class, &starts), &until)) in of.values.iter().zip(starts.values).zip(until.values).enumerate() {
                if let Some(index) = classes.find(class).filter(|&index| classes.in_frame[index]) {
                    let hours = hours.get(row).filter(|hours| (0..=HOURS_MAX).contains(hours));
                    let hours = hours.and_then(|hours| i16::try_from(hours).ok()).unwrap_or(NOT_STATED);
                    lessons.push(ClassLesson { class, starts: held(starts), ends: held(until), hours });
                    ends[index] += 1;
                }
            }
            Ok(())
        })?;
        sort(&mut lessons);
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total;
        }
        Ok(Self { lessons, ends })
    }
}

/// What the families of this file's signals share.
#[derive(Default)]
pub struct Shared {
    timetable: Once<Timetable>,
    teaching: Once<Vec<Slot>>,
}

impl Shared {
    pub fn timetable(&self, city: &City) -> Result<&Timetable> {
        once(&self.timetable, || Timetable::read(city))
    }

    /// All teaching in order of teacher and time; rows of the same teacher stand together.
    pub fn teaching(&self, city: &City) -> Result<&[Slot]> {
        let slots = once(&self.teaching, || {
            let mut slots = Vec::new();
            city.tables().read("teaching", &["class", "teacher", "starts", "ends", "room"], |part| {
                let (of, teachers, rooms) = (part.codes("class")?, part.keys("teacher")?, part.keys("room")?);
                let (starts, ends) = (part.integers("starts")?, part.integers("ends")?);
                for (row, ((&class, &starts), &ends)) in of.values.iter().zip(starts.values).zip(ends.values).enumerate() {
                    if let (Some(_), Some(teacher)) = (city.classes().find(class), teachers.get(row)) {
                        slots.push(Slot::new(teacher, (starts, ends), class, rooms.get(row)));
                    }
                }
                Ok(())
            })?;
            // What the frame's classes can meet with: overlaps, whole weeks of a teacher, and travel from the farthest place.
            let travel = super::places::places(city)?.widest();
            keep_near(city, &mut slots, |(first, last)| {
                let (from, to) = (monday(week_of_minute(first)) * DAY, (monday(week_of_minute(last)) + 7) * DAY);
                (from.saturating_sub(travel), to.saturating_add(travel))
            });
            sort(&mut slots);
            Ok(slots)
        })?;
        Ok(slots)
    }
}

/// All lessons that last in a known room, in order of room and time.
pub fn lessons_by_room(city: &City) -> Result<Vec<Slot>> {
    let mut slots = Vec::new();
    city.tables().read("lesson", &["class", "starts", "ends", "room"], |part| {
        let (of, rooms) = (part.codes("class")?, part.keys("room")?);
        let (starts, ends) = (part.integers("starts")?, part.integers("ends")?);
        for (row, ((&class, &starts), &ends)) in of.values.iter().zip(starts.values).zip(ends.values).enumerate() {
            if let (true, Some(_), Some(room)) = (starts < ends, city.classes().find(class), rooms.get(row)) {
                slots.push(Slot::new(room, (starts, ends), class, None));
            }
        }
        Ok(())
    })?;
    keep_near(city, &mut slots, |span| span);
    sort(&mut slots);
    Ok(slots)
}

/// Leaves out slots so far in time from all of the frame's classes that they can't meet: most of two years' lessons.
/// `widen` makes of the span of the frame's slots the one in which others count, both ends within.
fn keep_near(city: &City, slots: &mut Vec<Slot>, widen: impl Fn((i64, i64)) -> (i64, i64)) {
    let classes = city.classes();
    let span = |slot: &Slot| (i64::from(slot.starts), i64::from(slot.ends.max(slot.starts)));
    let framed = slots.iter().filter(|slot| classes.find(slot.class).is_some_and(|class| classes.in_frame[class])).map(span);
    let Some(all) = framed.reduce(|(from, to), (starts, ends)| (from.min(starts), to.max(ends))) else { return slots.clear() };
    let (from, to) = widen(all);
    slots.retain(|slot| {
        let (starts, ends) = span(slot);
        starts <= to && ends >= from
    });
}
