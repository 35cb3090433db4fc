//! Rows about people: rosters, checks, earlier payments, attendance, sign-ins.

use super::days::DAY_MINUTES;
use super::dice::{Dice, KeyKind, Purpose};
use super::patterns::Pattern;
use super::people::{contact_of, is_native, people_of, person_key, sharing_of};
use super::rows::{AttendanceRow, AttendanceRows, CheckRow, CheckRows, Day, HistoryRow, HistoryRows, RosterRow, RosterRows, SignInRow, SignInRows};
use super::timetable::{Lesson, lessons_of};
use super::world::{Class, OCCUPATIONS, World};

/// Permille of frame classes yet to open whose roster comes after the freeze.
const ROSTER_TO_COME: u64 = 40;

/// Places as the roster's rows name them, in an order that gives nothing away.
fn shuffled(size: usize, dice: &mut Dice) -> Vec<usize> {
    let mut places: Vec<usize> = (0..size).collect();
    dice.shuffle(&mut places);
    places
}

pub(super) fn add_roster(world: &World, number: u32, rows: &mut RosterRows) {
    let class = world.class(number);
    let people = people_of(world, number);
    let mut dice = world.seed.dice(Purpose::Roster, u64::from(number) | 1 << 40);
    let sharing = sharing_of(world, number, &mut dice);
    let odd = Odd::of(world, class, &mut dice);
    let to_come = class.opens > world.days.frozen_day && dice.permille(ROSTER_TO_COME);
    let known_at = if to_come { world.days.frozen + DAY_MINUTES } else { world.days.by(class.opens, 12 * 60) };
    for (row, place) in (1..).zip(shuffled(people.persons.len(), &mut dice)) {
        let person = people.persons[place];
        let mut contact = contact_of(world, person);
        sharing.apply(world, number, place as u64, &mut contact);
        rows.push(RosterRow {
            class: number,
            row,
            person: (!dice.permille(3)).then(|| person_key(world, person)),
            phone: contact.phone,
            account: contact.account,
            address: contact.address,
            id_gap: odd.id_gap(&mut dice),
            outside: (!dice.permille(20)).then(|| dice.permille(odd.outside)),
            fit: (!dice.permille(20)).then(|| !dice.permille(odd.unfit)),
            known_at,
        });
    }
}

/// How odd a class's people are, in permille.
struct Odd {
    gaps: u64,
    outside: u64,
    unfit: u64,
}

/// Permille of rows with the number of a twin or neighbour beside them; with some number of the same region and birthday.
const TWINS: u64 = 2;
const SAME_BIRTHDAY: u64 = 3;

impl Odd {
    fn of(world: &World, class: &Class, dice: &mut Dice) -> Self {
        let usual = world.trades[class.occupation as usize].outside;
        let gaps = if class.planted.has(Pattern::ConsecutiveIds) { 350 + dice.below(501) } else { TWINS };
        let outside = if class.planted.has(Pattern::OutOfArea) { 550 + dice.below(350) } else { usual * (600 + dice.below(801)) / 1000 };
        // One mistake in a class's papers is nothing; half of the ineligible show in age or standing, half in checks.
        let unfit = if class.planted.has(Pattern::Ineligible) { 40 + dice.below(80) } else { 2 };
        Self { gaps, outside: outside.min(980), unfit }
    }

    fn id_gap(&self, dice: &mut Dice) -> Option<i64> {
        if dice.permille(self.gaps) {
            return Some(dice.between(1, 3));
        }
        dice.permille(SAME_BIRTHDAY).then(|| dice.between(4, 900))
    }
}

/// Permille of people of a checked class whose result is unknown, and of classes checked.
const RESULT_UNKNOWN: u64 = 25;
const CHECKED: u64 = 900;
/// Days before the freeze from which on classes that opened are checked.
const CHECKED_DAYS: Day = 90;

pub(super) fn add_checks(world: &World, number: u32, rows: &mut CheckRows) {
    let class = world.class(number);
    let mut dice = world.dice(Purpose::Check, number);
    let planted = class.planted.has(Pattern::Employed) || class.planted.has(Pattern::Ineligible);
    let checked = dice.permille(CHECKED) || planted;
    if !checked || class.opens < world.days.frozen_day - CHECKED_DAYS {
        return;
    }
    let employed = if class.planted.has(Pattern::Employed) { 150 + dice.below(300) } else { 4 + dice.below(16) };
    let ineligible = if class.planted.has(Pattern::Ineligible) { 50 + dice.below(100) } else { 1 };
    let known_at = world.days.by(class.opens, 16 * 60);
    for person in people_of(world, number).persons {
        let result = if dice.permille(RESULT_UNKNOWN) {
            255
        } else if dice.permille(employed) {
            1
        } else if dice.permille(ineligible) {
            [2, 3, 4, 5][dice.pick(&[50, 38, 8, 4])]
        } else {
            0
        };
        rows.push(CheckRow { class: number, person: person_key(world, person), result, known_at });
    }
}

/// Permille of a past class's people who were paid for; of people with 0, 1, 2, 3 older payments.
const PAID: u64 = 920;
const OLDER: [u64; 4] = [410, 340, 200, 50];

pub(super) fn add_history(world: &World, number: u32, rows: &mut HistoryRows) {
    let class = world.class(number);
    let people = people_of(world, number);
    let mut dice = world.dice(Purpose::History, number);
    let paid_on = class.ends + i32::try_from(dice.between(25, 80)).unwrap_or(30);
    for person in &people.persons {
        let key = person_key(world, *person);
        if !class.in_frame && dice.permille(PAID) && paid_on <= world.days.frozen_day {
            let known_at = i64::from(paid_on) * DAY_MINUTES + 17 * 60;
            let (occupation, institution) = (Some(class.occupation), Some(class.institution));
            rows.push(HistoryRow { person: key, occupation, level: class.level, institution, paid_on, known_at });
        }
        if is_native(number, *person) {
            add_older(world, class, key, &mut dice, rows);
        }
    }
    if class.planted.has(Pattern::RepeatSubsidy) {
        add_repeats(world, class, &people.persons[people.lent..], &mut dice, rows);
    }
}

/// Payments of the years before the classes that are known, for something else.
fn add_older(world: &World, class: &Class, person: u64, dice: &mut Dice, rows: &mut HistoryRows) {
    for _ in 0..dice.pick(&OLDER) {
        let days_back = i32::try_from(dice.between(5, 1100)).unwrap_or(400);
        let occupation = u32::try_from(dice.below(u64::from(OCCUPATIONS))).unwrap_or(0);
        let level = [Some(5), Some(4), None][dice.pick(&[700, 150, 150])];
        let occupation = if occupation == class.occupation { (occupation + 1) % OCCUPATIONS } else { occupation };
        let occupation = (!dice.permille(30)).then_some(occupation);
        push_payment(rows, person, occupation, level, None, world.days.start - days_back);
    }
}

/// The planted: paid before for the same, or three times in the year.
fn add_repeats(world: &World, class: &Class, persons: &[u64], dice: &mut Dice, rows: &mut HistoryRows) {
    let over_the_limit = class.level.is_none() || dice.permille(250);
    let count = persons.len() * usize::try_from(dice.between(100, 300)).unwrap_or(0) / 1000;
    let year_begins = year_start(class.opens);
    for person in persons.iter().rev().take(count.max(3)) {
        let key = person_key(world, *person);
        // Early in a year there is no room for three payments in it.
        if over_the_limit && class.opens - year_begins > 60 {
            for number in 0..3 {
                let paid_on = year_begins + 5 + i32::try_from(dice.between(0, 15)).unwrap_or(0) + number * 17;
                push_payment(rows, key, Some((class.occupation + 1 + number.unsigned_abs()) % OCCUPATIONS), Some(5), None, paid_on);
            }
        } else {
            let paid_on = class.opens - i32::try_from(dice.between(60, 700)).unwrap_or(365);
            push_payment(rows, key, Some(class.occupation), class.level, Some(class.institution), paid_on);
        }
    }
}

fn push_payment(rows: &mut HistoryRows, person: u64, occupation: Option<u32>, level: Option<u32>, institution: Option<u32>, paid_on: Day) {
    rows.push(HistoryRow { person, occupation, level, institution, paid_on, known_at: i64::from(paid_on) * DAY_MINUTES + 17 * 60 });
}

/// 1 January of a day's year.
fn year_start(day: Day) -> Day {
    let date = crate::canon::Date(chrono::NaiveDate::default()).plus_days(i64::from(day));
    crate::canon::Date::from_ymd(date.year(), 1, 1).map_or(day, super::days::day_of)
}

/// Lessons of a class that were over by the freeze.
fn held(world: &World, class: &Class) -> Vec<Lesson> {
    lessons_of(world, class).into_iter().filter(|lesson| lesson.ends <= world.days.frozen - 60).collect()
}

/// The present at a class's lessons: drawn once, told by attendance and sign-ins alike.
fn present(class: &Class, lessons: &[Lesson], dice: &mut Dice) -> Vec<i64> {
    let expected = i64::from(class.actual);
    let planted = class.planted;
    // Small firms' classes are full lawfully now and then.
    let missing = if planted.has(Pattern::EmptyClass) {
        dice.between(400, 700)
    } else if class.one_employer && dice.permille(150) {
        2
    } else {
        dice.between(20, 110)
    };
    let mut present = |_: &Lesson| {
        if planted.has(Pattern::PerfectAttendance) {
            return expected - i64::from(dice.permille(25));
        }
        let absent = (expected * missing * dice.between(500, 1500) / 1000 + dice.between(0, 999)) / 1000;
        (expected - absent + i64::from(dice.permille(4))).max(0)
    };
    lessons.iter().map(&mut present).collect()
}

pub(super) fn add_attendance(world: &World, number: u32, rows: &mut AttendanceRows) {
    let class = world.class(number);
    if !class.has_attendance {
        return;
    }
    let lessons = held(world, class);
    let present = present(class, &lessons, &mut world.dice(Purpose::Attendance, number));
    for (lesson, present) in lessons.iter().zip(present) {
        let (starts, expected) = (lesson.starts, i64::from(class.actual));
        rows.push(AttendanceRow { class: number, starts, expected, present, known_at: (lesson.ends + 30).min(world.days.frozen) });
    }
}

/// Seconds within which a burst falls.
const BURST: i64 = 40;
/// Permille of classes in order whose sessions are now and then entered at one go after the device had no network.
const NO_NETWORK: u64 = 20;

/// How a class signs in, in permille.
struct Signing {
    bursts: u64,
    mismatch: u64,
    off_site: u64,
    metres: i64,
}

impl Signing {
    fn of(class: &Class, dice: &mut Dice) -> Self {
        let bursts = if class.planted.has(Pattern::SignInBursts) { dice.between(700, 1000) } else { i64::from(dice.permille(NO_NETWORK)) * 300 };
        let mismatch = if class.planted.has(Pattern::FaceMismatch) { dice.between(60, 250) } else { dice.between(0, 8) };
        let off_site = if class.planted.has(Pattern::OffSite) { dice.between(250, 800) } else { dice.between(2, 15) };
        let metres = dice.between(1500, 15_000);
        Self { bursts: bursts.unsigned_abs(), mismatch: mismatch.unsigned_abs(), off_site: off_site.unsigned_abs(), metres }
    }
}

pub(super) fn add_sign_ins(world: &World, number: u32, rows: &mut SignInRows) {
    let class = world.class(number);
    if !class.signs_in {
        return;
    }
    let lessons = held(world, class);
    let present = present(class, &lessons, &mut world.dice(Purpose::Attendance, number));
    let people = people_of(world, number).persons;
    let mut dice = world.dice(Purpose::SignIn, number);
    let signing = Signing::of(class, &mut dice);
    for (lesson, present) in lessons.iter().zip(present) {
        let at = lesson.starts * 60;
        let burst = dice.permille(signing.bursts).then(|| at - dice.between(0, 900));
        let count = usize::try_from(present).unwrap_or(0).min(people.len());
        let from = dice.index(people.len());
        for person in people.iter().cycle().skip(from).take(count) {
            // People come within twenty minutes, most of them shortly before the lesson.
            let at = match burst {
                Some(begins) => begins + dice.between(0, BURST),
                None => at + 300 - dice.between(0, 900) - dice.between(0, 500),
            };
            let metres = if dice.permille(signing.off_site) { signing.metres + dice.between(-600, 600) } else { dice.between(2, 140) };
            rows.push(SignInRow {
                class: number,
                starts: lesson.starts,
                person: (!dice.permille(5)).then(|| person_key(world, *person)),
                at,
                metres: (!dice.permille(30)).then_some(metres),
                matched: (!dice.permille(20)).then(|| !dice.permille(signing.mismatch)),
                known_at: (lesson.ends + 30).min(world.days.frozen),
            });
        }
    }
}

/// The key of whoever complains.
pub(super) fn source_key(world: &World, institution: u32, number: u64) -> u64 {
    world.seed.key(KeyKind::Source, u64::from(institution) << 16 | number)
}
