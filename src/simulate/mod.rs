//! A country that never was: counties, institutions, classes and people made from a seed, with violations planted at stated
//! rates, to measure the signals with. Rates and what they rest on: `docs/SIMULATION.md`.
//!
//! Everything comes out as plain vectors (`rows`), part by part: a part is made from the world and its own streams of
//! chance alone, so memory holds one part at a time, and order and threads don't matter. Integers throughout.

pub mod books;
mod days;
mod dice;
mod offices;
mod papers;
mod partners;
pub mod patterns;
mod people;
mod places;
mod plan;
mod rosters;
pub mod rows;
mod timetable;
mod world;

pub use world::{CLASSES, Scale, Setting, WEEKS, World};

use patterns::{PATTERNS, Pattern};
use rows::{
    AttendanceRows, ChangeRows, CheckRows, ClassRows, Columns, ComplaintRows, DayOffRows, ExamRows, HistoryRows, LessonRows, RecordRows,
    RegisterRows, RoomRows, RosterRows, SignInRows, SubmissionRows, SystemRows, TeacherRows, TeachingRows, TruthRow, TruthRows, VisitRows,
};
use std::ops::Range;

/// Classes of one part.
const PART: u32 = 25_000;

/// Tables of which a part holds some classes, the longest first.
const BY_CLASS: [&str; 11] = ["history", "roster", "sign_in", "teaching", "lesson", "attendance", "check", "record", "class", "change", "system"];
const WHOLE: [&str; 8] = ["exam", "visit", "complaint", "submission", "teacher", "room", "register", "day_off"];

/// One file's worth of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub table: &'static str,
    /// From 0, where the table has several.
    pub number: Option<u32>,
    classes: Range<u32>,
}

impl World {
    /// All parts of all tables.
    pub fn parts(&self) -> Vec<Part> {
        let count = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        let parts = count.div_ceil(PART);
        let by_class = BY_CLASS.into_iter().flat_map(|table| {
            (0..parts).map(move |number| Part {
                table,
                number: (parts > 1).then_some(number),
                classes: number * PART..count.min(number.saturating_add(1).saturating_mul(PART)),
            })
        });
        by_class.chain(WHOLE.map(|table| Part { table, number: None, classes: 0..count })).collect()
    }

    /// The rows of a part.
    pub fn rows_of(&self, part: &Part) -> Columns {
        let classes = part.classes.clone();
        let institutions = 0..u32::try_from(self.institutions.len()).unwrap_or(u32::MAX);
        match part.table {
            "class" => each(self, classes, papers::add_class, ClassRows::into_columns),
            "change" => each(self, classes, papers::add_changes, ChangeRows::into_columns),
            "record" => each(self, classes, papers::add_records, RecordRows::into_columns),
            "system" => each(self, classes, papers::add_system, SystemRows::into_columns),
            "lesson" => each(self, classes, papers::add_lessons, LessonRows::into_columns),
            "teaching" => each(self, classes, papers::add_teaching, TeachingRows::into_columns),
            "roster" => each(self, classes, rosters::add_roster, RosterRows::into_columns),
            "check" => each(self, classes, rosters::add_checks, CheckRows::into_columns),
            "history" => each(self, classes, rosters::add_history, HistoryRows::into_columns),
            "attendance" => each(self, classes, rosters::add_attendance, AttendanceRows::into_columns),
            "sign_in" => each(self, classes, rosters::add_sign_ins, SignInRows::into_columns),
            "visit" => each(self, institutions, add_visits, VisitRows::into_columns),
            "complaint" => each(self, institutions, offices::add_complaints, ComplaintRows::into_columns),
            "exam" => each(self, institutions, offices::add_exams, ExamRows::into_columns),
            "submission" => whole(self, offices::add_submissions, SubmissionRows::into_columns),
            "teacher" => whole(self, offices::add_teachers, TeacherRows::into_columns),
            "room" => whole(self, offices::add_rooms, RoomRows::into_columns),
            "register" => whole(self, offices::add_register, RegisterRows::into_columns),
            _ => whole(self, offices::add_days_off, DayOffRows::into_columns),
        }
    }

    /// What was planted, class by class of the frame: the pattern, its signal, and whether the class was planted with it or
    /// is the partner of one that was.
    pub fn truth(&self) -> Columns {
        let mut rows = TruthRows::default();
        for (number, class) in (0..).zip(&self.classes).filter(|(_, class)| class.in_frame) {
            for (pattern, name, signal, _) in &PATTERNS {
                let role = match (class.planted.has(*pattern), class.partner_in.has(*pattern)) {
                    (true, _) => "planted",
                    (false, true) => "partner",
                    _ => continue,
                };
                rows.push(TruthRow { class: number, pattern: (*name).into(), signal: (*signal).into(), role: role.into() });
            }
        }
        rows.into_columns()
    }

    /// Of each pattern, how often it was planted.
    pub fn tallies(&self) -> Vec<Tally> {
        PATTERNS
            .iter()
            .map(|(pattern, name, signal, rates)| self.tally(*pattern, Tally { name, signal, rates: *rates, ..Tally::default() }))
            .collect()
    }

    fn tally(&self, pattern: Pattern, mut tally: Tally) -> Tally {
        for class in self.classes.iter().filter(|class| class.in_frame) {
            let planted = class.planted.has(pattern);
            tally.planted[class.manner] += u64::from(planted);
            // One that finds no partner isn't planted, and is counted here as one that could be.
            tally.eligible[class.manner] += u64::from(planted || plan::is_eligible(self, class, pattern));
        }
        for institution in &self.institutions {
            tally.institutions[institution.honesty as usize].0 += u64::from(institution.planted.has(pattern));
            tally.institutions[institution.honesty as usize].1 += 1;
        }
        tally
    }
}

/// How often a pattern was planted, by the way a class is held: in order, sloppy, false.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub name: &'static str,
    pub signal: &'static str,
    /// Permille, as stated.
    pub rates: [u64; 3],
    /// Classes of the frame with it, and those that could have it.
    pub planted: [u64; 3],
    pub eligible: [u64; 3],
    /// Institutions with it, and all of them: honest, careless, fraudulent.
    pub institutions: [(u64, u64); 3],
}

fn add_visits(world: &World, number: u32, rows: &mut VisitRows) {
    offices::add_visits(world, number, rows);
    offices::add_later_visit(world, number, rows);
}

fn each<R: Default>(world: &World, numbers: Range<u32>, add: fn(&World, u32, &mut R), columns: fn(R) -> Columns) -> Columns {
    let mut rows = R::default();
    for number in numbers {
        add(world, number, &mut rows);
    }
    columns(rows)
}

fn whole<R: Default>(world: &World, add: fn(&World, &mut R), columns: fn(R) -> Columns) -> Columns {
    let mut rows = R::default();
    add(world, &mut rows);
    columns(rows)
}
