//! Rows about counties, institutions, teachers and rooms.

use super::days::DAY_MINUTES;
use super::dice::{Dice, KeyKind, Purpose};
use super::patterns::Pattern;
use super::rosters::source_key;
use super::rows::{
    ComplaintRow, ComplaintRows, Day, DayOffRow, DayOffRows, ExamRow, ExamRows, RegisterRow, RegisterRows, RoomRow, RoomRows, SubmissionRow,
    SubmissionRows, TeacherRow, TeacherRows, VisitRow, VisitRows,
};
use super::world::World;

/// Permille of weeks in which a county in order is late, or mends its list once.
const LATE: u64 = 15;
const MENDED: u64 = 70;

pub(super) fn add_submissions(world: &World, rows: &mut SubmissionRows) {
    for (number, county) in (0..).zip(&world.counties) {
        let mut dice = world.dice(Purpose::Submission, number);
        for (week, due) in &world.days.deadlines {
            let Some(due_at) = *due else { continue };
            let (late, missing, mended) = if county.late { (550, 250, 700) } else { (LATE, 0, MENDED) };
            let received = if dice.permille(missing) {
                None
            } else if dice.permille(late) {
                // The last list, late too, is there at the freeze.
                Some((due_at + dice.between(10, 2000)).min(world.days.frozen - 10))
            } else {
                Some(due_at - dice.between(5, 1500))
            };
            let versions = if received.is_none() { 0 } else { 1 + i64::from(dice.permille(mended)) + i64::from(county.late && dice.permille(400)) };
            let known_at = received.unwrap_or(due_at).max(due_at).min(world.days.frozen);
            rows.push(SubmissionRow { county: number, week: *week, due: *due, received, versions, known_at });
        }
    }
}

/// Severities, and permille of visits that end with each, by what the institution is: honest, careless, fraudulent, of bad
/// history. Inspectors miss one violation in five, and find some where there is none: both are in these numbers.
const SEVERITIES: [i64; 4] = [0, 250, 500, 1000];
const OUTCOMES: [[u64; 4]; 4] = [[925, 55, 15, 5], [700, 190, 90, 20], [620, 180, 130, 70], [180, 170, 270, 380]];
/// Days without a visit where that is planted, and since the last one elsewhere.
const UNINSPECTED: i64 = 330;
const LATELY: i64 = 165;

pub(super) fn add_visits(world: &World, number: u32, rows: &mut VisitRows) {
    let institution = world.institution(number);
    let mut dice = world.dice(Purpose::Visit, number);
    let bad = institution.planted.has(Pattern::BadHistory);
    let outcomes = &OUTCOMES[if bad { 3 } else { institution.honesty as usize }];
    let back = if institution.planted.has(Pattern::Uninspected) { dice.between(UNINSPECTED, UNINSPECTED + 200) } else { dice.between(3, LATELY) };
    let mut on = world.days.frozen_day - small(back);
    // Nobody visits an institution before it holds classes.
    let first = first_opening(world, number).unwrap_or(world.days.start).max(world.days.start);
    while on >= first {
        let class = if dice.permille(300) { None } else { running(world, number, on) };
        let severity = SEVERITIES[dice.pick(outcomes)];
        rows.push(VisitRow { institution: number, class, on, severity, known_at: i64::from(on) * DAY_MINUTES + 18 * 60 });
        on -= small(dice.between(45, if bad { 90 } else { 140 }));
    }
}

/// An outcome that arrives after the freeze, which scoring must not see: one visit for every fiftieth institution.
pub(super) fn add_later_visit(world: &World, number: u32, rows: &mut VisitRows) {
    if number.is_multiple_of(50) {
        let on = world.days.frozen_day - 1;
        rows.push(VisitRow { institution: number, class: None, on, severity: 1000, known_at: world.days.frozen + DAY_MINUTES });
    }
}

fn classes_of(world: &World, institution: u32) -> impl Iterator<Item = u32> {
    let county = &world.counties[world.institution(institution).county as usize];
    county.classes.clone().filter(move |class| world.class(*class).institution == institution)
}

fn first_opening(world: &World, institution: u32) -> Option<Day> {
    classes_of(world, institution).map(|class| world.class(class).opens).min()
}

fn running(world: &World, institution: u32, on: Day) -> Option<u32> {
    classes_of(world, institution).find(|class| (world.class(*class).opens..=world.class(*class).ends).contains(&on))
}

/// Permille of institutions in order about which somebody complains once.
const COMPLAINED: u64 = 180;

pub(super) fn add_complaints(world: &World, number: u32, rows: &mut ComplaintRows) {
    let institution = world.institution(number);
    let mut dice = world.dice(Purpose::Complaint, number);
    let planted = institution.planted.has(Pattern::Complaints);
    let count = if planted { dice.between(4, 10) } else { i64::from(dice.permille(COMPLAINED)) };
    for complaint in 0..count {
        // A source may complain twice; it counts once.
        let source = complaint - i64::from(complaint > 0 && dice.permille(200));
        let back = if planted { dice.between(5, 240) } else { dice.between(5, 700) };
        let on = world.days.frozen_day - small(back);
        let weight = [1000, 500, 250][dice.pick(if planted { &[450, 400, 150] } else { &[150, 350, 500] })];
        let source = source_key(world, number, source.unsigned_abs());
        rows.push(ComplaintRow { institution: number, source, on, weight, known_at: i64::from(on + 2) * DAY_MINUTES });
    }
}

/// Days between the examinations of an institution in an occupation, and how far back they are known.
const EXAM_EVERY: i64 = 60;
const EXAMS_BACK: Day = 540;

pub(super) fn add_exams(world: &World, number: u32, rows: &mut ExamRows) {
    let institution = world.institution(number);
    let mut dice = world.dice(Purpose::Exam, number);
    let planted = institution.planted.has(Pattern::ExamAnomaly);
    let skill = dice.between(-45, 45);
    let first = (world.days.frozen_day - EXAMS_BACK).max(world.days.start);
    for occupation in &institution.occupations {
        let usual = world.trades[*occupation as usize].pass + skill;
        let mut on = world.days.frozen_day - small(dice.between(3, EXAM_EVERY));
        while on >= first {
            let taken = dice.between(18, 46);
            let rate = if planted { dice.between(975, 1000) } else { usual + dice.between(-90, 90) };
            let passed = (taken * rate + dice.between(0, 999)) / 1000;
            let known_at = i64::from(on + 2) * DAY_MINUTES;
            rows.push(ExamRow { institution: number, occupation: *occupation, on, taken, passed: passed.min(taken), known_at });
            on -= small(dice.between(EXAM_EVERY - 25, EXAM_EVERY + 25));
        }
    }
}

/// Permille of teachers that aren't in the register; the register is known since the beginning.
const UNREGISTERED: u64 = 40;

pub(super) fn add_teachers(world: &World, rows: &mut TeacherRows) {
    let mut pairs: Vec<(u32, u32)> = world.classes.iter().flat_map(|class| class.teachers.map(|teacher| (teacher, class.occupation))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (teacher, occupation) in pairs {
        let unqualified = world.teachers[teacher as usize].unqualified;
        if unqualified || super::world::chance(11, u64::from(teacher)) >= UNREGISTERED {
            rows.push(TeacherRow { teacher: world.teacher_key(teacher), occupation, qualified: !unqualified, known_at: registered(world) });
        }
    }
}

pub(super) fn add_rooms(world: &World, rows: &mut RoomRows) {
    for (number, room) in (0..).zip(&world.rooms) {
        let institution = world.institution(room.institution);
        // A room in the institution's main building lies in that of the one it shares with.
        let owner = institution.shares.filter(|(_, what)| *what == 2 && room.site == 0).map_or(room.institution, |(other, _)| other);
        let (x, y) = world.institution(owner).sites[usize::from(room.site)];
        // Permille of rooms that aren't on the map.
        let mapped = super::world::chance(12, number) >= 60;
        rows.push(RoomRow {
            room: world.seed.key(KeyKind::Room, number),
            capacity: room.capacity,
            site: Some(site_key(world, owner, room.site)),
            x: mapped.then_some(x),
            y: mapped.then_some(y),
            known_at: registered(world),
        });
    }
}

fn site_key(world: &World, institution: u32, site: u8) -> u64 {
    world.seed.key(KeyKind::Site, u64::from(institution) * 2 + u64::from(site))
}

pub(super) fn add_register(world: &World, rows: &mut RegisterRows) {
    for (number, institution) in (0..).zip(&world.institutions) {
        let mut dice = world.seed.dice(Purpose::Register, u64::from(number) | 1 << 40);
        let owner = |what: usize| institution.shares.filter(|(_, shared)| *shared == what).map_or(number, |(other, _)| other);
        // A register is filled in where something is shared.
        let known = |dice: &mut Dice| institution.lends || institution.shares.is_some() || !dice.permille(20);
        rows.push(RegisterRow {
            institution: number,
            contact: known(&mut dice).then(|| world.seed.key(KeyKind::Contact, u64::from(owner(0)))),
            account: known(&mut dice).then(|| world.seed.key(KeyKind::InstitutionAccount, u64::from(owner(1)))),
            site: known(&mut dice).then(|| site_key(world, owner(2), 0)),
            known_at: registered(world),
        });
    }
}

/// When registers were first kept: before everything else.
fn registered(world: &World) -> i64 {
    i64::from(world.days.start) * DAY_MINUTES
}

pub(super) fn add_days_off(world: &World, rows: &mut DayOffRows) {
    for day in &world.days.off {
        rows.push(DayOffRow { date: *day });
    }
}

/// Days as a date's difference.
fn small(days: i64) -> Day {
    i32::try_from(days).unwrap_or(0)
}
