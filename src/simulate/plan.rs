//! A county's classes: when they are held, by whom, where, and what is wrong with them.

use super::dice::{Dice, Purpose};
use super::patterns::{FIRST_OF_INSTITUTIONS, MANNERS, PATTERNS, Pattern, Planted};
use super::places::Places;
use super::rows::Day;
use super::world::{Class, Mode, NOBODY, World};
use super::{partners, timetable};

/// Permille of classes by the way they are held, as `Mode` names them.
const MODES: [u64; 5] = [480, 200, 180, 100, 40];
/// Levels 5 to 3, and none.
const LEVELS: [u64; 4] = [540, 270, 90, 100];
/// Permille of past classes that opened in the last year or so: training has grown.
const RECENT: u64 = 750;
const RECENT_WEEKS: i32 = 56;
/// Permille of classes for one employer's staff; with a timetable of attendance.
const ONE_EMPLOYER: u64 = 120;
const HAS_ATTENDANCE: u64 = 880;

/// What is drawn of a class before the county's classes are put in order.
struct Draft {
    mode: Mode,
    lessons: u32,
    first: usize,
    opens: Day,
    ends: Day,
    in_frame: bool,
}

pub(super) fn add_classes(world: &mut World, county: usize) {
    let from = world.counties[county].classes.clone();
    let mut drafts: Vec<Draft> = from.clone().map(|class| draft(world, class, class >= world.counties[county].frame)).collect();
    drafts.sort_by_key(|draft| (draft.in_frame, draft.opens));
    let turns = turns(world, county);
    let mut places = Places::new(world.counties[county].institutions.clone());
    for ((class, draft), institution) in from.zip(drafts).zip(turns) {
        let class = make_class(world, class, county, draft, institution);
        world.classes.push(class);
    }
    let range = world.counties[county].classes.clone();
    for class in range {
        places.allot(world, class);
    }
    partners::find(world, county);
}

/// The way and the days of a class.
fn draft(world: &World, class: u32, in_frame: bool) -> Draft {
    let mut dice = world.dice(Purpose::Plan, class);
    let mode = [Mode::FullDay, Mode::Morning, Mode::Afternoon, Mode::Evening, Mode::Weekend][dice.pick(&MODES)];
    let lessons = u32::try_from(dice.between(10, 22)).unwrap_or(16);
    let days = timetable::days_of(world, mode);
    let span = usize::try_from(lessons.div_ceil(timetable::a_day(mode))).unwrap_or(1);
    let at = |day: Day| days.partition_point(|&known| known < day);
    let (low, high) = if in_frame {
        // Some day of it lies in the week inspected.
        ((at(world.days.frame_monday) + 1).saturating_sub(span), at(world.days.frame_monday + 7).saturating_sub(1))
    } else {
        let last = at(world.days.frozen_day).saturating_sub(span);
        let recent = world.days.start.max(world.days.frame_monday - 7 * RECENT_WEEKS);
        (at(if dice.permille(RECENT) { recent } else { world.days.start }), last)
    };
    // The smaller of two throws: more classes are under way in the week inspected than begin in it.
    let span_of_choice = high.saturating_sub(low) + 1;
    let (one, two) = (dice.index(span_of_choice), dice.index(span_of_choice));
    let first = low + if in_frame { one.min(two) } else { one };
    let day = |at: usize| days.get(at).or(days.last()).copied().unwrap_or(world.days.start);
    Draft { mode, lessons, first, opens: day(first), ends: day(first + span - 1), in_frame }
}

/// The institutions of a county's classes in order of date: rounds in which each comes as often as it has tickets, so that
/// an institution's classes are spread evenly unless it is planted that they are not.
fn turns(world: &World, county: usize) -> Vec<u32> {
    let county_of = &world.counties[county];
    let mut dice = world.seed.dice(Purpose::County, county as u64);
    let mut turns = Vec::new();
    for (classes, in_frame) in [(county_of.classes.start..county_of.frame, false), (county_of.frame..county_of.classes.end, true)] {
        let end = turns.len() + classes.len();
        let tickets = |institution: &u32| {
            let (past, frame) = world.institution(*institution).tickets;
            std::iter::repeat_n(*institution, if in_frame { frame } else { past })
        };
        let round: Vec<u32> = county_of.institutions.clone().flat_map(|institution| tickets(&institution)).collect();
        while turns.len() < end {
            let mut round = round.clone();
            dice.shuffle(&mut round);
            turns.extend(round);
        }
        turns.truncate(end);
    }
    turns
}

fn make_class(world: &World, number: u32, county: usize, draft: Draft, institution: u32) -> Class {
    let mut dice = world.dice(Purpose::Pattern, number);
    let of = world.institution(institution);
    let manner = dice.pick(&MANNERS[of.honesty as usize]);
    let planned = u32::try_from(dice.between(34, 50)).unwrap_or(42);
    let level = [Some(5), Some(4), Some(3), None][dice.pick(&LEVELS)];
    let mut class = Class {
        county: u32::try_from(county).unwrap_or(0),
        institution,
        occupation: of.occupations[dice.index(of.occupations.len())],
        level,
        mode: draft.mode,
        lessons: draft.lessons,
        first: draft.first,
        opens: draft.opens,
        ends: draft.ends,
        planned,
        actual: planned - u32::try_from(dice.below(5)).unwrap_or(0),
        in_frame: draft.in_frame,
        one_employer: dice.permille(ONE_EMPLOYER),
        signs_in: dice.permille(world.setting.scale.sign_in(draft.in_frame)),
        has_attendance: dice.permille(HAS_ATTENDANCE),
        manner,
        planted: Planted::default(),
        partner_in: Planted::default(),
        teachers: [0; 2],
        room: 0,
        overlap: NOBODY,
        rotation: NOBODY,
        teacher_of: NOBODY,
        room_of: NOBODY,
    };
    if class.in_frame {
        plant(world, &mut class, manner, &mut dice);
    }
    class
}

/// Throws for every pattern of classes; one that the class can't have yet is left out.
fn plant(world: &World, class: &mut Class, manner: usize, dice: &mut Dice) {
    for (pattern, _, _, rates) in &PATTERNS[..FIRST_OF_INSTITUTIONS] {
        let thrown = dice.permille(rates[manner]);
        if thrown && is_eligible(world, class, *pattern) {
            class.planted.add(*pattern);
        }
    }
    if class.planted.has(Pattern::EmptyClass) {
        class.planted.remove(Pattern::PerfectAttendance);
    }
    let of = world.institution(class.institution);
    for (pattern, ..) in &PATTERNS[FIRST_OF_INSTITUTIONS..] {
        if of.planted.has(*pattern) || *pattern == Pattern::LateCounty && world.counties[class.county as usize].late {
            class.planted.add(*pattern);
        }
    }
    if of.partner {
        class.partner_in.add(Pattern::Subcontracting);
    }
}

/// Whether the pattern could be seen by the freeze at all.
pub(super) fn is_eligible(world: &World, class: &Class, pattern: Pattern) -> bool {
    let days = &world.days;
    let held = || timetable::lessons_of(world, class).iter().filter(|lesson| lesson.ends <= days.frozen).count();
    match pattern {
        Pattern::LateApplication => days.working_before(class.opens, 3) <= days.frozen_day,
        Pattern::LateRecords => timetable::lessons_of(world, class).iter().filter(|lesson| lesson.ends + 4 * 1440 <= days.frozen).count() >= 4,
        Pattern::Unapproved => class.opens < days.frozen_day,
        // A class can't be empty and full.
        Pattern::PerfectAttendance => class.has_attendance && !class.planted.has(Pattern::EmptyClass) && held() >= 9,
        Pattern::EmptyClass => class.has_attendance && held() >= 2,
        Pattern::SignInBursts | Pattern::FaceMismatch | Pattern::OffSite => class.signs_in && held() >= 3,
        _ => true,
    }
}
