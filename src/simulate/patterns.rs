//! What is planted, and how often: the only place where rates stand. `docs/SIMULATION.md` prints them.

/// How honest a training institution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honesty {
    Honest,
    Careless,
    Fraudulent,
}

/// Permille of institutions that are honest, careless, fraudulent.
pub const HONESTY: [u64; 3] = [800, 140, 60];

/// How a class is run. Fraud comes together: a false class has many patterns, and fraudulent institutions have most of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    InOrder,
    Sloppy,
    False,
}

/// Permille of classes in order, sloppy, false; by the honesty of their institution.
pub const MANNERS: [[u64; 3]; 3] = [[970, 25, 5], [620, 340, 40], [450, 150, 400]];

/// A planted violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Pattern {
    LateApplication,
    LateRecords,
    LastMinuteChanges,
    Unapproved,
    NotInSystem,
    GhostOverlap,
    RepeatSubsidy,
    Rotation,
    Employed,
    Ineligible,
    SharedPhones,
    ConsecutiveIds,
    OutOfArea,
    PerfectAttendance,
    SignInBursts,
    FaceMismatch,
    EmptyClass,
    OffSite,
    HoursCut,
    ImpossibleTimetable,
    TeacherTwice,
    TeacherOverloaded,
    TeacherUnqualified,
    RoomTwice,
    RoomTooSmall,
    BadHistory,
    Uninspected,
    SuddenGrowth,
    Complaints,
    ExamAnomaly,
    Subcontracting,
    LateCounty,
}

/// A pattern, its name in the truth file, the signal that should see it, and permille of the eligible: classes in order,
/// sloppy, false – or, for signals I1 to I6, institutions honest, careless, fraudulent; I7 is of counties.
pub const PATTERNS: [(Pattern, &str, &str, [u64; 3]); 32] = [
    (Pattern::LateApplication, "late_application", "T1", [15, 300, 150]),
    (Pattern::LateRecords, "late_records", "T2", [10, 300, 250]),
    (Pattern::LastMinuteChanges, "last_minute_changes", "T3", [10, 150, 200]),
    (Pattern::Unapproved, "unapproved", "T4", [5, 120, 120]),
    (Pattern::NotInSystem, "not_in_system", "S1", [5, 100, 150]),
    (Pattern::GhostOverlap, "ghost_overlap", "R1", [2, 10, 300]),
    (Pattern::RepeatSubsidy, "repeat_subsidy", "R2", [3, 30, 250]),
    (Pattern::Rotation, "rotation", "R3", [1, 5, 200]),
    (Pattern::Employed, "employed", "R4", [5, 40, 250]),
    (Pattern::Ineligible, "ineligible", "R5", [3, 40, 200]),
    (Pattern::SharedPhones, "shared_phones", "R6", [3, 20, 300]),
    (Pattern::ConsecutiveIds, "consecutive_ids", "R7", [1, 5, 150]),
    (Pattern::OutOfArea, "out_of_area", "R8", [4, 10, 200]),
    (Pattern::PerfectAttendance, "perfect_attendance", "A1", [5, 20, 400]),
    (Pattern::SignInBursts, "sign_in_bursts", "A2", [5, 60, 450]),
    (Pattern::FaceMismatch, "face_mismatch", "A3", [5, 60, 450]),
    (Pattern::EmptyClass, "empty_class", "A4", [5, 60, 300]),
    (Pattern::OffSite, "off_site", "A5", [5, 60, 450]),
    (Pattern::HoursCut, "hours_cut", "H1", [5, 100, 200]),
    (Pattern::ImpossibleTimetable, "impossible_timetable", "H2", [3, 60, 120]),
    (Pattern::TeacherTwice, "teacher_in_two_places", "P1", [3, 20, 200]),
    (Pattern::TeacherOverloaded, "teacher_overloaded", "P2", [3, 30, 100]),
    (Pattern::TeacherUnqualified, "teacher_unqualified", "P2", [3, 60, 150]),
    (Pattern::RoomTwice, "room_double_booked", "P3", [3, 30, 150]),
    (Pattern::RoomTooSmall, "room_over_capacity", "P3", [4, 50, 150]),
    (Pattern::BadHistory, "bad_history", "I1", [10, 100, 500]),
    (Pattern::Uninspected, "uninspected", "I2", [40, 60, 150]),
    (Pattern::SuddenGrowth, "sudden_growth", "I3", [20, 40, 250]),
    (Pattern::Complaints, "complaints", "I4", [10, 60, 400]),
    (Pattern::ExamAnomaly, "exam_anomaly", "I5", [8, 40, 350]),
    (Pattern::Subcontracting, "subcontracting", "I6", [10, 30, 250]),
    (Pattern::LateCounty, "late_county", "I7", [80, 80, 80]),
];

/// The first pattern of institutions; those before it are of classes.
pub const FIRST_OF_INSTITUTIONS: usize = 25;
/// The pattern of counties, the last.
pub const LATE_COUNTY: usize = 31;

/// Several patterns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planted(u32);

impl Planted {
    pub fn has(self, pattern: Pattern) -> bool {
        self.0 >> pattern as u32 & 1 == 1
    }

    pub fn add(&mut self, pattern: Pattern) {
        self.0 |= 1 << pattern as u32;
    }

    pub fn remove(&mut self, pattern: Pattern) {
        self.0 &= !(1 << pattern as u32);
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
