//! The numbers by which checks judge. What the city may choose is a field; each says where its default comes from.

use crate::calendar::LeadReading;
use crate::canon::Date;

/// Everything about the checks that is a choice and not arithmetic.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How “开班前5个工作日” (clause 一(一)) is read; findings print the reading in force.
    pub lead_reading: LeadReading,
    /// Whether the 5 working days of the review (clause 一(三)) run from the application: ledgers give no day on which
    /// the papers passed. Off where a county's review is known to start later.
    pub review_from_application: bool,
    /// Fewest 学时 of a programme, by the Latin letters of its name (SYB 56, GYB 24: to confirm).
    pub min_hours: Vec<(String, i64)>,
    /// An opening later than this after the application is mostly a mistyped year (ours).
    pub max_days_ahead: i64,
    /// A number of trainees present is not known so many days before the opening (ours).
    pub early_count_days: i64,
    /// As many institutions with one telephone number are asked about (ours).
    pub shared_phone_institutions: usize,
    /// By how much a timetable's hours may differ from the ledger's, in per cent (ours).
    pub hours_tolerance_percent: i64,
    /// First and last lesson may lie so many days inside opening and end: a weekend, an exam (ours).
    pub edge_days: i64,
    /// Youngest age on the opening day (劳动法: 16).
    pub youngest: u32,
    /// From this month on statutory retirement is postponed
    /// (全国人大常委会关于实施渐进式延迟法定退休年龄的决定, in force since 2025-01-01).
    pub retirement_postponed_from: Option<Date>,
    /// So many neighbouring ID numbers in one roster are asked about (ours).
    pub adjacent_ids: usize,
    /// So many trainees with one telephone number are asked about (ours).
    pub shared_phone_trainees: usize,
    /// Most subsidies for a person in a year (国办发〔2019〕24号, a 2019–21 programme; the present rule to confirm).
    pub subsidies_a_year: i64,
    /// Attendance below these is a warning, and grave; permille (a 2014 city rule).
    pub attendance_warning: i64,
    pub attendance_grave: i64,
    /// A sheet on which everyone has the same marks is told from so many half-days and so many trainees on (ours).
    pub same_marks_halves: usize,
    pub same_marks_trainees: usize,
    /// A change of place or dates so few days before the opening comes too late for an inspection plan (ours). Three, for
    /// the ledgers of a Friday are the last word before an opening on Monday.
    pub late_change_days: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lead_reading: LeadReading::Inclusive,
            review_from_application: true,
            min_hours: vec![("SYB".to_owned(), 56), ("GYB".to_owned(), 24)],
            max_days_ahead: 365,
            early_count_days: 7,
            shared_phone_institutions: 3,
            hours_tolerance_percent: 10,
            edge_days: 3,
            youngest: 16,
            retirement_postponed_from: Date::from_ymd(2025, 1, 1),
            adjacent_ids: 3,
            shared_phone_trainees: 3,
            subsidies_a_year: 3,
            attendance_warning: 900,
            attendance_grave: 800,
            same_marks_halves: 10,
            same_marks_trainees: 5,
            late_change_days: 3,
        }
    }
}
