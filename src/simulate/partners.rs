//! The other class of violations that need two: people, teachers and rooms that would have to be in both.

use super::dice::{Dice, Purpose};
use super::patterns::Pattern;
use super::timetable::{lessons_of, meetings};
use super::world::{Class, NOBODY, World};
use std::ops::Range;

/// Other classes looked at before a pattern is given up.
const TRIES: u32 = 40;
/// Lessons that must meet for a teacher or a room to be in two places.
const MEETINGS: usize = 3;
/// Days between the openings of classes among which people rotate.
const ROTATION: std::ops::RangeInclusive<i32> = 45..=700;

/// Finds partners for a county's classes of the frame; where there is none, the pattern isn't planted.
pub(super) fn find(world: &mut World, county: usize) {
    let (frame, all) = (world.counties[county].frame, world.counties[county].classes.clone());
    for number in frame..all.end {
        let mut dice = world.dice(Purpose::Partner, number);
        let frame = frame..all.end;
        pair(world, number, Pattern::GhostOverlap, &frame, &mut dice);
        pair(world, number, Pattern::TeacherTwice, &frame, &mut dice);
        pair(world, number, Pattern::RoomTwice, &frame, &mut dice);
        pair(world, number, Pattern::Rotation, &(all.start..frame.start), &mut dice);
    }
}

fn pair(world: &mut World, number: u32, pattern: Pattern, among: &Range<u32>, dice: &mut Dice) {
    if !world.class(number).planted.has(pattern) {
        return;
    }
    let span = u64::from(among.end - among.start);
    let found = (0..TRIES).map(|_| among.start + u32::try_from(dice.below(span)).unwrap_or(0)).find(|&other| {
        // An empty range of a tiny county holds nobody.
        among.contains(&other) && other != number && suits(world, number, other, pattern)
    });
    let class = &mut world.classes[number as usize];
    match found {
        None => class.planted.remove(pattern),
        Some(other) => {
            *slot(class, pattern) = other;
            world.classes[other as usize].partner_in.add(pattern);
        }
    }
}

fn slot(class: &mut Class, pattern: Pattern) -> &mut u32 {
    match pattern {
        Pattern::GhostOverlap => &mut class.overlap,
        Pattern::TeacherTwice => &mut class.teacher_of,
        Pattern::RoomTwice => &mut class.room_of,
        _ => &mut class.rotation,
    }
}

/// Whether the other class can be the second of the pattern. One that borrows itself doesn't lend.
fn suits(world: &World, number: u32, other: u32, pattern: Pattern) -> bool {
    let (class, partner) = (world.class(number), world.class(other));
    let meet = || meetings(&lessons_of(world, class), &lessons_of(world, partner)).iter().flatten().count();
    match pattern {
        Pattern::GhostOverlap => !partner.planted.has(pattern) && meet() > 0,
        Pattern::TeacherTwice | Pattern::RoomTwice => {
            let lends = !partner.planted.has(Pattern::TeacherTwice) && !partner.planted.has(Pattern::RoomTwice);
            let apart = class.teacher_of != other && partner.teacher_of == NOBODY;
            // Two classes with the same teacher would share a room lawfully.
            lends && apart && partner.room != class.room && meet() >= MEETINGS
        }
        _ => {
            let apart = class.opens - partner.opens;
            let other_course = (class.occupation, class.level) != (partner.occupation, partner.level);
            partner.institution != class.institution && other_course && ROTATION.contains(&apart)
        }
    }
}
