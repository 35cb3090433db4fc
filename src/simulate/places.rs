//! Teachers and rooms given to classes so that, where nothing is planted, nobody and nothing is in two places.

use super::dice::{Dice, Purpose};
use super::patterns::{Pattern, Planted};
use super::rows::Day;
use super::world::{Class, Mode, Room, Teacher, World};
use std::ops::Range;

/// Parts of the week that can be taken by themselves: mornings, afternoons, evenings, weekends.
const PARTS: usize = 4;
/// A teacher takes at most two of them at a time: thirty hours a week.
const TEACHER_PARTS: usize = 2;
/// Permille of classes with one teacher only.
const ONE_TEACHER: u64 = 300;
/// Permille of rooms whose capacity isn't registered.
const CAPACITY_UNKNOWN: u64 = 80;

/// One teacher or room, and until which day each part of its week is taken.
struct Taken {
    id: u32,
    until: [Day; PARTS],
}

/// The teachers and rooms of a county's institutions.
pub(super) struct Places {
    first: u32,
    teachers: Vec<Vec<Taken>>,
    rooms: Vec<Vec<Taken>>,
}

impl Places {
    pub fn new(institutions: Range<u32>) -> Self {
        let empty = || institutions.clone().map(|_| Vec::new()).collect();
        Self { first: institutions.start, teachers: empty(), rooms: empty() }
    }

    /// Gives a class its two teachers (who may be one) and its room.
    pub fn allot(&mut self, world: &mut World, number: u32) {
        let mut dice = world.dice(Purpose::Place, number);
        let class = &world.classes[number as usize];
        let (institution, heads, planted) = (class.institution, class.actual, class.planted);
        let (parts, opens, ends) = (parts(class), class.opens, class.ends);
        let own = (institution - self.first) as usize;
        let fresh = planted.has(Pattern::TeacherUnqualified) || planted.has(Pattern::TeacherOverloaded);
        let found = if fresh { None } else { find(&mut self.teachers[own], parts, opens, ends, TEACHER_PARTS, &mut dice) };
        let first = match found {
            Some(teacher) => teacher,
            None => self.hire(world, own, parts, opens, ends, planted),
        };
        let second = if fresh || dice.permille(ONE_TEACHER) {
            first
        } else {
            find(&mut self.teachers[own], parts, opens, ends, TEACHER_PARTS, &mut dice).unwrap_or(first)
        };
        let small = planted.has(Pattern::RoomTooSmall);
        let found = if small { None } else { find(&mut self.rooms[own], parts, opens, ends, PARTS, &mut dice) };
        let room = match found {
            Some(room) => room,
            None => self.build(world, own, institution, parts, opens, ends, small.then_some(heads), &mut dice),
        };
        let class = &mut world.classes[number as usize];
        class.teachers = [first, second];
        class.room = room;
    }

    fn hire(&mut self, world: &mut World, own: usize, parts: [bool; PARTS], opens: Day, ends: Day, planted: Planted) -> u32 {
        let id = u32::try_from(world.teachers.len()).unwrap_or(u32::MAX);
        world.teachers.push(Teacher { unqualified: planted.has(Pattern::TeacherUnqualified) });
        // A teacher planted with a class keeps to it, so that no other class suffers.
        let alone = planted.has(Pattern::TeacherUnqualified) || planted.has(Pattern::TeacherOverloaded);
        if !alone {
            self.teachers[own].push(take(id, parts, opens, ends));
        }
        id
    }

    #[expect(clippy::too_many_arguments, reason = "what a room is made from")]
    fn build(
        &mut self,
        world: &mut World,
        own: usize,
        institution: u32,
        parts: [bool; PARTS],
        opens: Day,
        ends: Day,
        too_many: Option<u32>,
        dice: &mut Dice,
    ) -> u32 {
        let id = u32::try_from(world.rooms.len()).unwrap_or(u32::MAX);
        let site = u8::from(dice.permille(300));
        let capacity = match too_many {
            Some(heads) => Some(i64::from(heads) * 1000 / dice.between(1300, 1900)),
            None if dice.permille(CAPACITY_UNKNOWN) => None,
            None => Some(dice.between(50, 90)),
        };
        world.rooms.push(Room { institution, site, capacity });
        if too_many.is_none() {
            self.rooms[own].push(take(id, parts, opens, ends));
        }
        id
    }
}

fn take(id: u32, parts: [bool; PARTS], opens: Day, ends: Day) -> Taken {
    Taken { id, until: parts.map(|part| if part { ends } else { opens - 1 }) }
}

/// The first, from a random place on, that is free in these parts and takes no more of them than it may.
fn find(list: &mut [Taken], parts: [bool; PARTS], opens: Day, ends: Day, most: usize, dice: &mut Dice) -> Option<u32> {
    let from = dice.index(list.len());
    let (back, front) = list.split_at_mut(from);
    let free = |taken: &&mut Taken| {
        let busy = taken.until.iter().zip(parts).filter(|(until, part)| **until >= opens || *part).count();
        busy <= most && taken.until.iter().zip(parts).all(|(until, part)| !part || *until < opens)
    };
    let found = front.iter_mut().chain(back).find(free)?;
    for (until, part) in found.until.iter_mut().zip(parts) {
        if part {
            *until = ends;
        }
    }
    Some(found.id)
}

/// The parts of the week a class takes; with hours planted that can't be, all of its days.
fn parts(class: &Class) -> [bool; PARTS] {
    let mut parts = match class.mode {
        Mode::FullDay => [true, true, false, false],
        Mode::Morning => [true, false, false, false],
        Mode::Afternoon => [false, true, false, false],
        Mode::Evening => [false, false, true, false],
        Mode::Weekend => [false, false, false, true],
    };
    if class.planted.has(Pattern::ImpossibleTimetable) && class.mode != Mode::Weekend {
        parts = [true, true, true, false];
    }
    parts
}
