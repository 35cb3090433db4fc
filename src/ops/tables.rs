//! What the office knows, as the tables that scoring reads (`docs/SIGNALS.md`): each row once, and nothing of the future.
//!
//! Tables for which the office has no papers yet (records of lessons, sign-ins, visits with their outcome, complaints,
//! examinations, registers of teachers, rooms and institutions) are absent: their signals are missing.

mod columns;
mod people;

use super::Office;
use super::frame::KnownClass;
use super::receive::squeeze;
use crate::canon::{Code, Date, Result, Time, Week};
use crate::domain::{ClockTime, IdNumber, Lesson, PersonalText, ReportingUnit};
use crate::scoring::{FIELDS, Tables};
use crate::store::submission::Submission;
use columns::Columns;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};

/// A venue text of so many characters is an address, the same for everyone; a shorter one is a room of its institution.
const ADDRESS_CHARS: usize = 8;
/// Days on either side of the week for which days off are told: beyond them no class runs.
const DAYS_AROUND: i64 = 800;
/// What stands in place of a name that is not yet known.
const PLACEHOLDERS: [&str; 22] = [
    "",
    "-",
    "/",
    "无",
    "待定",
    "未定",
    "暂无",
    "暂定",
    "外聘",
    "外聘教师",
    "外聘老师",
    "外请",
    "待聘",
    "待安排",
    "老师",
    "教师",
    "专家",
    "线上",
    "线上教师",
    "网络",
    "网络平台",
    "自习",
];

/// One change of a field between two versions of a ledger row, by the name that `scoring::FIELDS` has for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changed {
    pub unit: Code,
    /// When the changed version was received.
    pub at: Time,
    pub field: &'static str,
}

/// How a county reported for one week.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Punctuality {
    pub county: Code,
    pub week: Week,
    /// None where the week has no deadline.
    pub due_at: Option<Time>,
    /// When the first version was received.
    pub received_at: Option<Time>,
    /// Versions received up to the freeze, the first included.
    pub versions: i64,
}

/// What the tables are made of.
pub struct Sources<'a> {
    pub as_of: Time,
    pub week: Week,
    /// All classes known, in order of units, and whether each is in the frame.
    pub classes: &'a [(KnownClass, bool)],
    pub changes: Vec<Changed>,
    pub punctuality: Vec<Punctuality>,
    /// The last version of each county and week, the oldest week first.
    pub newest: &'a [&'a Submission],
    pub units: &'a [ReportingUnit],
}

/// Numbers for texts, in the order in which they are asked for.
#[derive(Default)]
struct Numbers(BTreeMap<String, u32>);

impl Numbers {
    fn of(&mut self, text: &str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(text.to_owned()).or_insert(next)
    }

    fn of_name(&mut self, text: Option<&str>) -> Option<u32> {
        text.map(squeeze).filter(|name| !name.is_empty()).map(|name| self.of(&name))
    }
}

/// Codes of this set of tables.
struct Codes {
    /// Classes known to scoring: those first seen in a week to come aren't.
    classes: BTreeMap<Code, u32>,
    counties: Numbers,
    institutions: Numbers,
    occupations: Numbers,
}

/// Makes the tables, people's ones included.
pub async fn tables(office: &Office, connection: &mut AnyConnection, sources: &Sources<'_>) -> Result<Tables> {
    let mut tables = Tables::new(sources.as_of);
    let this_week = sources.as_of.date().week();
    let known: Vec<&(KnownClass, bool)> = sources.classes.iter().filter(|(class, _)| class.first_seen <= this_week).collect();
    let mut codes = Codes {
        classes: known.iter().zip(0u32..).map(|((class, _), code)| (class.unit.clone(), code)).collect(),
        counties: Numbers::default(),
        institutions: Numbers::default(),
        occupations: Numbers::default(),
    };
    add_classes(office, &mut tables, &mut codes, &known)?;
    add_lessons(office, &mut tables, &codes, &known)?;
    add_changes(&mut tables, &codes, &sources.changes)?;
    add_submissions(&mut tables, &mut codes, sources)?;
    let around = (-DAYS_AROUND..=DAYS_AROUND).map(|days| sources.week.monday().plus_days(days));
    let off = around.filter(|day| !office.calendar.is_working_day(*day)).map(Some).collect();
    tables.add("day_off", Columns::default().days("date", off)?.frame()?)?;
    people::add(office, connection, &mut tables, &mut codes, sources).await?;
    Ok(tables)
}

/// Minute of Beijing time in which a moment lies.
fn minute(time: Time) -> i64 {
    time.0.and_utc().timestamp().div_euclid(60)
}

/// The minute that begins at or after a moment: what came half a minute after a deadline came after it.
fn minute_after(time: Time) -> i64 {
    time.0.and_utc().timestamp().saturating_add(59).div_euclid(60)
}

fn midnight(date: Date) -> i64 {
    minute(Time::midnight(date))
}

/// Classes as their ledgers state them, without what lies in the future: nobody can know on Friday that papers passed
/// on Monday.
fn add_classes(office: &Office, tables: &mut Tables, codes: &mut Codes, known: &[&(KnownClass, bool)]) -> Result<()> {
    let today = tables.frozen_day();
    let rows = || known.iter().map(|(class, _)| &class.row);
    let is_for_one_employer = |kind: Option<&str>| kind.is_some_and(|kind| ["岗位", "学徒", "在职", "企业"].iter().any(|word| kind.contains(word)));
    let applied = |on: Option<Date>| on.filter(|&on| on <= today);
    let lead = |row: &crate::domain::LedgerRow| {
        let (applied, opens) = applied(row.applied_on).zip(row.opens_on)?;
        Some(office.calendar.lead_days(applied, opens, crate::calendar::LeadReading::Inclusive))
    };
    let columns = Columns::default()
        .all("class", known.iter().map(|(class, _)| codes.classes.get(&class.unit).copied().unwrap_or(u32::MAX)).collect::<Vec<_>>())
        .all("unit", known.iter().map(|(class, _)| class.unit.to_string()).collect::<Vec<_>>())
        .all("county", known.iter().map(|(class, _)| codes.counties.of(class.county.as_str())).collect::<Vec<_>>())
        .all("institution", rows().map(|row| codes.institutions.of_name(row.institution.as_deref())).collect::<Vec<_>>())
        .all("occupation", rows().map(|row| codes.occupations.of_name(row.occupation.as_deref())).collect::<Vec<_>>())
        .all("level", rows().map(|row| row.level.map(people::level)).collect::<Vec<_>>())
        .days("applied_on", rows().map(|row| applied(row.applied_on)).collect())?
        .days("reviewed_on", rows().map(|row| applied(row.reviewed_on)).collect())?
        .days("opens_on", rows().map(|row| row.opens_on).collect())?
        .days("ends_on", rows().map(|row| row.ends_on).collect())?
        .all("lead_days", rows().map(lead).collect::<Vec<_>>())
        .all("hours", rows().map(|row| row.hours).collect::<Vec<_>>())
        .all("planned", rows().map(|row| row.planned).collect::<Vec<_>>())
        .all("actual", rows().map(|row| row.actual).collect::<Vec<_>>())
        .all("in_system", rows().map(|row| row.in_system).collect::<Vec<_>>())
        .all("standard", rows().map(|row| row.subsidy_standard).collect::<Vec<_>>())
        .all("amount", rows().map(|row| row.subsidy_amount).collect::<Vec<_>>())
        .all("one_employer", rows().map(|row| is_for_one_employer(row.training_type.as_deref())).collect::<Vec<_>>())
        .all("in_frame", known.iter().map(|(_, is_in_frame)| *is_in_frame).collect::<Vec<_>>())
        .days("first_seen", known.iter().map(|(class, _)| Some(class.first_seen.monday())).collect())?
        .all("known_at", known.iter().map(|(class, _)| minute(class.known_at)).collect::<Vec<_>>());
    tables.add("class", columns.frame()?)
}

/// A lesson as scoring sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Taught {
    class: u32,
    starts: i64,
    ends: i64,
    hours: Option<i64>,
    teachers: BTreeSet<u64>,
    room: Option<u64>,
    known_at: i64,
}

/// Lessons, and a row of teaching for each named teacher. One outside the frame still occupies teachers and rooms.
fn add_lessons(office: &Office, tables: &mut Tables, codes: &Codes, known: &[&(KnownClass, bool)]) -> Result<()> {
    let mut keys = Keys { office, known: BTreeMap::new() };
    let mut lessons: BTreeSet<Taught> = BTreeSet::new();
    for (class, _) in known {
        let Some(&code) = codes.classes.get(&class.unit) else { continue };
        lessons.extend(class.lessons.iter().filter_map(|lesson| taught(&mut keys, class, code, lesson)));
    }
    let columns = Columns::default()
        .all("class", lessons.iter().map(|lesson| lesson.class).collect::<Vec<_>>())
        .all("starts", lessons.iter().map(|lesson| lesson.starts).collect::<Vec<_>>())
        .all("ends", lessons.iter().map(|lesson| lesson.ends).collect::<Vec<_>>())
        .all("hours", lessons.iter().map(|lesson| lesson.hours).collect::<Vec<_>>())
        .all("room", lessons.iter().map(|lesson| lesson.room).collect::<Vec<_>>())
        .all("known_at", lessons.iter().map(|lesson| lesson.known_at).collect::<Vec<_>>());
    tables.add("lesson", columns.frame()?)?;
    let teaching: Vec<(&Taught, u64)> = lessons.iter().flat_map(|lesson| lesson.teachers.iter().map(move |&teacher| (lesson, teacher))).collect();
    let columns = Columns::default()
        .all("class", teaching.iter().map(|(lesson, _)| lesson.class).collect::<Vec<_>>())
        .all("teacher", teaching.iter().map(|(_, teacher)| *teacher).collect::<Vec<_>>())
        .all("starts", teaching.iter().map(|(lesson, _)| lesson.starts).collect::<Vec<_>>())
        .all("ends", teaching.iter().map(|(lesson, _)| lesson.ends).collect::<Vec<_>>())
        .all("room", teaching.iter().map(|(lesson, _)| lesson.room).collect::<Vec<_>>())
        .all("known_at", teaching.iter().map(|(lesson, _)| lesson.known_at).collect::<Vec<_>>());
    tables.add("teaching", columns.frame()?)
}

/// A lesson whose date is known. Without clock times, or with ones that are no span, it keeps its date and stated hours,
/// and lasts no time.
fn taught(keys: &mut Keys<'_>, class: &KnownClass, code: u32, lesson: &Lesson) -> Option<Taught> {
    let day = midnight(lesson.date?);
    let clock = |time: Option<ClockTime>| time.map(|time| i64::from(time.minutes()));
    let span = clock(lesson.start).zip(clock(lesson.end)).filter(|(starts, ends)| starts < ends).unwrap_or((0, 0));
    let names = lesson.teachers.iter().map(|name| name.trim()).filter(|name| !PLACEHOLDERS.contains(name));
    let teachers = names.map(|name| keys.of("teacher", name)).collect();
    let room = room(class, lesson).map(|room| keys.of("room", &room));
    Some(Taught { class: code, starts: day + span.0, ends: day + span.1, hours: lesson.hours, teachers, room, known_at: minute(class.known_at) })
}

/// The room of a lesson: county, institution (none for an address), venue. Limit: a venue may have several rooms.
fn room(class: &KnownClass, lesson: &Lesson) -> Option<String> {
    let venue = lesson.venue.as_deref().map(str::trim).filter(|venue| !PLACEHOLDERS.contains(venue))?;
    let institution = if venue.chars().count() >= ADDRESS_CHARS { String::new() } else { squeeze(class.row.institution.as_deref()?) };
    Some(format!("{}\n{institution}\n{venue}", class.county))
}

/// Keys of texts, each worked out once.
struct Keys<'a> {
    office: &'a Office,
    known: BTreeMap<String, u64>,
}

impl Keys<'_> {
    fn of(&mut self, kind: &str, text: &str) -> u64 {
        let digest = &self.office.vault.digest;
        let make = || people::key(&digest.text(kind, &PersonalText::new(text))).unwrap_or_default();
        *self.known.entry(format!("{kind}\n{text}")).or_insert_with(make)
    }
}

/// The key under which scoring knows a teacher.
pub fn teacher_key(office: &Office, name: &str) -> Option<u64> {
    people::key(&office.vault.digest.text("teacher", &PersonalText::new(name.trim())))
}

/// The key under which scoring knows a person.
pub fn key_of(office: &Office, id: &IdNumber) -> Option<u64> {
    people::key(&office.vault.digest.person(id))
}

fn add_changes(tables: &mut Tables, codes: &Codes, changes: &[Changed]) -> Result<()> {
    let row = |change: &Changed| {
        let field = FIELDS.iter().zip(0u32..).find(|(name, _)| **name == change.field)?.1;
        Some((*codes.classes.get(&change.unit)?, minute_after(change.at), field, minute(change.at)))
    };
    let rows: BTreeSet<_> = changes.iter().filter_map(row).collect();
    let columns = Columns::default()
        .all("class", rows.iter().map(|row| row.0).collect::<Vec<_>>())
        .all("at", rows.iter().map(|row| row.1).collect::<Vec<_>>())
        .all("field", rows.iter().map(|row| row.2).collect::<Vec<_>>())
        .all("known_at", rows.iter().map(|row| row.3).collect::<Vec<_>>());
    tables.add("change", columns.frame()?)
}

/// Submissions but those not yet due.
fn add_submissions(tables: &mut Tables, codes: &mut Codes, sources: &Sources<'_>) -> Result<()> {
    let rows: BTreeSet<&Punctuality> = sources.punctuality.iter().filter(|row| row.due_at.is_none_or(|due| due <= sources.as_of)).collect();
    let frozen = tables.frozen_minute();
    let columns = Columns::default()
        .all("county", rows.iter().map(|row| codes.counties.of(row.county.as_str())).collect::<Vec<_>>())
        .days("week", rows.iter().map(|row| Some(row.week.monday())).collect())?
        .all("due", rows.iter().map(|row| row.due_at.map(minute)).collect::<Vec<_>>())
        // What came in the minute of the freeze came before it.
        .all("received", rows.iter().map(|row| row.received_at.map(|at| minute_after(at).min(frozen))).collect::<Vec<_>>())
        .all("versions", rows.iter().map(|row| row.versions).collect::<Vec<_>>())
        .all("known_at", rows.iter().map(|row| row.due_at.or(row.received_at).map_or(frozen, minute)).collect::<Vec<_>>());
    tables.add("submission", columns.frame()?)
}
