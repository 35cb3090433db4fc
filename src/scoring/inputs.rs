//! What scoring may know: the state of the city as it was known at the freeze.

use crate::canon::{Code, Date, Time, Week};
use std::collections::BTreeMap;

/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

/// Everything the signals look at. Only the `add_` methods fill it, and they leave out what became known after the
/// freeze; so a score never knows more than the office did.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub(super) frozen_at: Time,
    pub(super) classes: Vec<ClassInput>,
    pub(super) past: Vec<ClassInput>,
    pub(super) lessons: Vec<LessonInput>,
    pub(super) changes: Vec<ChangeInput>,
    pub(super) submissions: Vec<SubmissionInput>,
    pub(super) off_days: Vec<Date>,
}

/// A class as its county's ledger states it at the freeze.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassInput {
    pub unit: Code,
    pub county: Code,
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub occupation: Option<String>,
    pub level: Option<String>,
    pub applied_on: Option<Date>,
    pub reviewed_on: Option<Date>,
    pub opens_on: Option<Date>,
    pub ends_on: Option<Date>,
    /// Working days from the application to the opening, by the reading in force.
    pub lead_days: Option<i64>,
    /// Approved 学时 of 45 minutes.
    pub hours: Option<i64>,
    pub planned: Option<i64>,
    pub actual: Option<i64>,
    pub in_system: Option<bool>,
    /// Yuan per person.
    pub subsidy_standard: Option<i64>,
    /// Yuan.
    pub subsidy_amount: Option<i64>,
    pub first_seen: Week,
}

impl ClassInput {
    /// A class of which nothing but its identity is known.
    pub fn new(unit: Code, county: Code, first_seen: Week) -> Self {
        Self {
            unit,
            county,
            first_seen,
            institution: None,
            class_name: None,
            occupation: None,
            level: None,
            applied_on: None,
            reviewed_on: None,
            opens_on: None,
            ends_on: None,
            lead_days: None,
            hours: None,
            planned: None,
            actual: None,
            in_system: None,
            subsidy_standard: None,
            subsidy_amount: None,
        }
    }

    /// Seats asked for, or those filled where the plan is not known.
    pub(super) fn seats(&self) -> Option<i64> {
        self.planned.or(self.actual).filter(|&seats| seats > 0)
    }
}

/// A lesson of a timetable whose class is known. Times are minutes after midnight.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LessonInput {
    pub unit: Code,
    pub date: Date,
    pub start_minutes: i64,
    pub end_minutes: i64,
    /// 学时 of 45 minutes, as stated.
    pub hours: Option<i64>,
    pub teachers: Vec<String>,
    pub venue: Option<String>,
}

impl LessonInput {
    /// Length in minutes: 0 where the times are unknown, else 1…1440.
    pub(super) fn minutes(&self) -> i64 {
        self.end_minutes - self.start_minutes
    }

    /// `2026-12-01 08:00–11:30`.
    pub(super) fn describe(&self) -> String {
        let clock = |minutes: i64| format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60));
        format!("{} {}–{}", self.date, clock(self.start_minutes), clock(self.end_minutes))
    }
}

/// One change between two versions of a ledger row or a timetable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangeInput {
    pub unit: Code,
    /// When the changed version was received.
    pub at: Time,
    /// Which field changed, as `domain` names it.
    pub what: String,
}

/// How a county reported for one week.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubmissionInput {
    pub county: Code,
    pub week: Week,
    /// None where the week has no deadline.
    pub due_at: Option<Time>,
    /// When the first version was received.
    pub received_at: Option<Time>,
    /// Versions received up to the freeze, the first included.
    pub versions: i64,
}

impl Inputs {
    pub fn new(frozen_at: Time) -> Self {
        Self {
            frozen_at,
            classes: Vec::new(),
            past: Vec::new(),
            lessons: Vec::new(),
            changes: Vec::new(),
            submissions: Vec::new(),
            off_days: Vec::new(),
        }
    }

    pub fn frozen_at(&self) -> Time {
        self.frozen_at
    }

    /// Adds a class of the frame in the version that became known at `known_at`; a later one is left out.
    pub fn add_class(&mut self, known_at: Time, class: ClassInput) {
        if let Some(class) = self.as_known(known_at, class) {
            self.classes.push(class);
        }
    }

    /// Adds a class outside the frame: it gets no score, but its seats (I3), teachers and rooms (P1–P3) count.
    pub fn add_past_class(&mut self, known_at: Time, class: ClassInput) {
        if let Some(class) = self.as_known(known_at, class) {
            self.past.push(class);
        }
    }

    /// Adds a lesson of a timetable that became known at `known_at`; a later one is left out. Times that aren't a span
    /// within one day say nothing of when it is: it keeps its date and stated hours, and lasts no time.
    pub fn add_lesson(&mut self, known_at: Time, mut lesson: LessonInput) {
        if known_at > self.frozen_at {
            return;
        }
        if !(0 <= lesson.start_minutes && lesson.start_minutes < lesson.end_minutes && lesson.end_minutes <= DAY_MINUTES) {
            (lesson.start_minutes, lesson.end_minutes) = (0, 0);
        }
        self.lessons.push(lesson);
    }

    pub fn add_change(&mut self, change: ChangeInput) {
        if change.at <= self.frozen_at {
            self.changes.push(change);
        }
    }

    /// Adds a submission; one not yet due is left out, one received after the freeze had not come.
    pub fn add_submission(&mut self, mut submission: SubmissionInput) {
        if submission.due_at.is_some_and(|due| due > self.frozen_at) {
            return;
        }
        if submission.received_at.is_some_and(|received| received > self.frozen_at) {
            submission.received_at = None;
            submission.versions = 0;
        }
        self.submissions.push(submission);
    }

    /// Sets *all* days of the time concerned that are not working days: weekends without the make-up days, and holidays.
    pub fn set_off_days(&mut self, mut off_days: Vec<Date>) {
        off_days.sort_unstable();
        off_days.dedup();
        self.off_days = off_days;
    }

    /// The class without what lies in the future: nobody can know on Friday that papers passed on Monday.
    fn as_known(&self, known_at: Time, mut class: ClassInput) -> Option<ClassInput> {
        let today = self.frozen_at.date();
        if known_at > self.frozen_at || class.first_seen > today.week() {
            return None;
        }
        class.reviewed_on = class.reviewed_on.filter(|&on| on <= today);
        if class.applied_on.is_some_and(|on| on > today) {
            class.applied_on = None;
            class.lead_days = None;
        }
        Some(class)
    }

    /// The same facts in one order, whole repetitions dropped: what follows can't depend on the order of arrival.
    pub(super) fn in_order(&self) -> Self {
        let mut inputs = self.clone();
        for lesson in &mut inputs.lessons {
            lesson.teachers.sort_unstable();
            lesson.teachers.dedup();
        }
        inputs.classes.sort_unstable();
        sort_once(&mut inputs.past);
        sort_once(&mut inputs.lessons);
        sort_once(&mut inputs.changes);
        sort_once(&mut inputs.submissions);
        inputs
    }

    /// All classes known, past ones included; a class of the frame goes before a past one of the same code.
    pub(super) fn known_classes(&self) -> BTreeMap<&Code, &ClassInput> {
        self.past.iter().chain(&self.classes).map(|class| (&class.unit, class)).collect()
    }

    /// Lessons by unit, in order of time.
    pub(super) fn lessons_by_unit(&self) -> BTreeMap<&Code, Vec<&LessonInput>> {
        let mut by_unit: BTreeMap<&Code, Vec<&LessonInput>> = BTreeMap::new();
        for lesson in &self.lessons {
            by_unit.entry(&lesson.unit).or_default().push(lesson);
        }
        by_unit
    }

    pub(super) fn is_off(&self, date: Date) -> bool {
        self.off_days.binary_search(&date).is_ok()
    }

    /// Working days after `from` up to and with `to`.
    pub(super) fn working_days(&self, from: Date, to: Date) -> i64 {
        let span = to.days_since(from).max(0);
        let first = self.off_days.partition_point(|&day| day <= from);
        let last = self.off_days.partition_point(|&day| day <= to);
        span - i64::try_from(last.saturating_sub(first)).unwrap_or(span)
    }
}

fn sort_once<T: Ord>(rows: &mut Vec<T>) {
    rows.sort_unstable();
    rows.dedup();
}
