//! What is due: one county's standing in one week, reminders before the deadline, punctuality over half a year.

use super::Office;
use super::rules::Rules;
use super::unit::DueWeeks;
use crate::calendar::{Calendar, LeadReading};
use crate::canon::{Code, Date, Result, Time, Week};
use crate::domain::{ClockTime, DocumentKind, ReportingUnit};
use crate::store;
use crate::store::submission::Submission;
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::BTreeSet;

/// How one county stands in one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// `on_time`, `late`, or `missing`; `incomplete` where one of the two documents has not come.
    pub state: &'static str,
    pub received_at: Option<Time>,
    /// When the first version came that had all documents.
    pub complete_at: Option<Time>,
    /// When what had been complete in time was last replaced after the deadline.
    pub corrected_at: Option<Time>,
    pub version: u64,
    pub rows: u64,
    pub missing_documents: Vec<DocumentKind>,
}

/// Judges a county's versions of a week, oldest first, each with the kinds of its documents.
pub fn judge(versions: &[(&Submission, BTreeSet<DocumentKind>)], deadline: Option<Time>) -> Standing {
    let missing = versions.last().map_or_else(|| lacking(None), |last| lacking(Some(last)));
    let complete_at = versions.iter().find(|version| lacking(Some(version)).is_empty()).map(|(s, _)| s.at);
    let is_late = |at: Time| deadline.is_some_and(|deadline| at > deadline);
    let state = match complete_at {
        _ if versions.is_empty() => "missing",
        _ if !missing.is_empty() => "incomplete",
        Some(at) if is_late(at) => "late",
        _ => "on_time",
    };
    let last = versions.last().map(|(s, _)| *s);
    Standing {
        state,
        received_at: versions.first().map(|(s, _)| s.at),
        complete_at,
        corrected_at: last.map(|s| s.at).filter(|at| is_late(*at) && complete_at.is_some_and(|first| !is_late(first))),
        version: last.map_or(0, |s| s.version),
        rows: last.map_or(0, |s| s.rows),
        missing_documents: missing,
    }
}

/// What a version lacks. A ledger without a class（零报告）needs no timetable.
fn lacking(version: Option<&(&Submission, BTreeSet<DocumentKind>)>) -> Vec<DocumentKind> {
    let mut missing = vec![DocumentKind::Ledger, DocumentKind::Timetable];
    if let Some((submission, kinds)) = version {
        let is_zero = submission.rows == 0 && (submission.is_zero || kinds.contains(&DocumentKind::Ledger));
        // A county that says it has nothing to report owes neither document.
        // A timetable may stand in the ledger's own workbook.
        let is_beside = |kind: &DocumentKind| *kind == DocumentKind::Timetable && submission.lessons.is_some();
        let is_owed = |kind: &DocumentKind| !(is_zero && (submission.is_zero || *kind == DocumentKind::Timetable));
        let is_there = |kind: &DocumentKind| kinds.contains(kind) || is_beside(kind) || !is_owed(kind);
        missing.retain(|kind| !is_there(kind));
    }
    missing
}

/// The standing of a county in a week, from all submissions.
pub async fn standing(
    connection: &mut AnyConnection,
    submissions: &[Submission],
    county: &Code,
    week: Week,
    deadline: Option<Time>,
) -> Result<Standing> {
    let mut versions = Vec::new();
    for submission in submissions.iter().filter(|s| s.county == *county && s.week == week) {
        let documents = store::submission::list_documents(connection, submission).await?;
        versions.push((submission, documents.iter().map(|document| document.kind).collect()));
    }
    Ok(judge(&versions, deadline))
}

/// A county in the list of what is due.
#[derive(Clone, Debug, Serialize)]
pub struct CountyDue {
    pub county: Code,
    pub name_zh: String,
    pub name_en: String,
    #[serde(flatten)]
    pub standing: Standing,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reminder {
    pub at: Time,
    pub days_before: i64,
    /// Its time has come, the deadline has not, and somebody is still awaited.
    pub is_due: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct WeekDue {
    pub week: Week,
    pub now: Time,
    /// None in a week without a working day: nothing is due.
    pub deadline: Option<Time>,
    /// The year has no table of holidays: reckoned by weekends alone（暂按周末推算）.
    pub is_provisional: bool,
    pub is_past: bool,
    pub minutes_left: i64,
    pub counties: Vec<CountyDue>,
    pub reminders: Vec<Reminder>,
    /// Who is still awaited: nothing sent, or not everything.
    pub awaited: Vec<Code>,
}

/// What is due for a week now; before the deadline, who has sent nothing is `waiting` and not `missing`.
pub async fn week_due(office: &Office, week: Week) -> Result<WeekDue> {
    let mut connection = office.store.read().await?;
    let (now, deadline) = (office.clock.now(), office.deadline(week));
    let is_past = deadline.is_some_and(|deadline| now > deadline);
    let rules = Rules::load(&mut connection).await?;
    let submissions = store::submission::list(&mut connection).await?;
    let mut counties = Vec::new();
    for unit in due_units(&mut connection, &submissions, week).await? {
        let mut standing = standing(&mut connection, &submissions, &unit.county, week, deadline).await?;
        if standing.state == "missing" && !is_past {
            standing.state = if deadline.is_some() { "waiting" } else { "not_due" };
        }
        counties.push(CountyDue { county: unit.county, name_zh: unit.name_zh, name_en: unit.name_en, standing });
    }
    let is_awaited = |c: &&CountyDue| matches!(c.standing.state, "missing" | "waiting" | "incomplete");
    let awaited: Vec<Code> = counties.iter().filter(|_| deadline.is_some()).filter(is_awaited).map(|c| c.county.clone()).collect();
    let reminders = deadline.map_or_else(Vec::new, |deadline| reminders(&office.calendar, &rules, deadline, now, !awaited.is_empty()));
    Ok(WeekDue {
        week,
        now,
        deadline,
        is_provisional: is_provisional(&office.calendar, week),
        is_past,
        minutes_left: deadline.map_or(0, |deadline| (deadline.unix() - now.unix()) / 60),
        counties,
        reminders,
        awaited,
    })
}

/// Units due in a week, and those that sent something although they were not.
pub async fn due_units(connection: &mut AnyConnection, submissions: &[Submission], week: Week) -> Result<Vec<ReportingUnit>> {
    let weeks = DueWeeks::load(connection).await?;
    let has_sent = |county: &Code| submissions.iter().any(|s| s.county == *county && s.week == week);
    let mut units = store::unit::list_reporting_units(connection).await?;
    units.retain(|unit| weeks.is_due(&unit.county, week) || has_sent(&unit.county));
    Ok(units)
}

fn is_provisional(calendar: &Calendar, week: Week) -> bool {
    // A week over New Year lies in two years.
    [week.monday(), week.friday()].iter().any(|day| calendar.is_provisional(day.year()))
}

fn reminders(calendar: &Calendar, rules: &Rules, deadline: Time, now: Time, is_awaited: bool) -> Vec<Reminder> {
    let at = |days: i64, time: ClockTime| Time(Time::midnight(back(calendar, deadline.date(), days)).0 + minutes(time));
    let mut times: Vec<(Time, i64)> = rules.reminders.iter().map(|(days, time)| (at(*days, *time), *days)).collect();
    times.sort();
    // The newest one whose time has come stands for those before it.
    let newest = times.iter().map(|(at, _)| *at).filter(|at| *at <= now).max();
    let is_due = |at: Time| is_awaited && now <= deadline && Some(at) == newest;
    times.into_iter().map(|(at, days_before)| Reminder { at, days_before, is_due: is_due(at) }).collect()
}

fn minutes(time: ClockTime) -> chrono::TimeDelta {
    chrono::TimeDelta::minutes(i64::from(time.minutes()))
}

/// So many working days before a day.
fn back(calendar: &Calendar, day: Date, days: i64) -> Date {
    let (mut day, mut left) = (day, days);
    while left > 0 {
        day = day.plus_days(-1);
        left -= i64::from(calendar.is_working_day(day));
    }
    day
}

/// Working days after `from` up to and including `to`; negative where `to` lies before `from`.
pub fn working_days_until(calendar: &Calendar, from: Date, to: Date) -> i64 {
    let count = |from: Date, to: Date| calendar.lead_days(from.plus_days(1), to.plus_days(1), LeadReading::Inclusive);
    if to >= from { count(from, to) } else { -count(to, from) }
}

/// The day on which something handed in at a moment counts as handed in.
pub fn effective_day(calendar: &Calendar, rules: &Rules, at: Time) -> Date {
    let (hour, minute) = crate::calendar::CLOSE_OF_BUSINESS;
    let is_after_hours = ClockTime::from_hm(hour, minute).is_some_and(|close| at.0 > Time::midnight(at.date()).0 + minutes(close));
    working_day_from(calendar, rules, if rules.is_after_hours_next_day && is_after_hours { at.date().plus_days(1) } else { at.date() })
}

/// A day off counts as the next working day, where that is the reading in force.
pub fn working_day_from(calendar: &Calendar, rules: &Rules, day: Date) -> Date {
    let mut day = day;
    // No run of days off is longer than a month; a table that says otherwise is not waited for.
    for _ in 0..31 {
        if !rules.is_after_hours_next_day || calendar.is_working_day(day) {
            break;
        }
        day = day.plus_days(1);
    }
    day
}

/// One county over several weeks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CountyPunctuality {
    pub county: Option<Code>,
    pub name_zh: String,
    pub name_en: String,
    pub weeks_due: u64,
    pub on_time: u64,
    pub late: u64,
    pub incomplete: u64,
    pub missing: u64,
    /// Complete in time, and replaced after the deadline: counted in `on_time` too.
    pub corrected: u64,
    /// On time, of the weeks due; none where no week was.
    pub share_permille: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Punctuality {
    pub until: Week,
    /// Weeks with a deadline that has passed, since anyone first reported.
    pub weeks: Vec<Week>,
    /// Weeks without a working day among them, in which nothing was due.
    pub weeks_off: Vec<Week>,
    pub counties: Vec<CountyPunctuality>,
}

/// Who was punctual in the weeks up to one.
pub async fn punctuality(office: &Office, until: Week, count: u32) -> Result<Punctuality> {
    let mut connection = office.store.read().await?;
    let submissions = store::submission::list(&mut connection).await?;
    let due = DueWeeks::load(&mut connection).await?;
    let (weeks, weeks_off) = past_weeks(office, &submissions, until, count);
    let mut counties = Vec::new();
    for unit in store::unit::list_reporting_units(&mut connection).await? {
        let mut line =
            CountyPunctuality { county: Some(unit.county.clone()), name_zh: unit.name_zh, name_en: unit.name_en, ..CountyPunctuality::default() };
        for week in weeks.iter().copied().filter(|week| due.is_due(&unit.county, *week)) {
            add_week(&mut line, &standing(&mut connection, &submissions, &unit.county, week, office.deadline(week)).await?);
        }
        line.share_permille = (line.on_time * 2000 + line.weeks_due).checked_div(line.weeks_due * 2);
        counties.push(line);
    }
    Ok(Punctuality { until, weeks, weeks_off, counties })
}

/// Weeks to judge, oldest first, and those among them that were wholly off.
fn past_weeks(office: &Office, submissions: &[Submission], until: Week, count: u32) -> (Vec<Week>, Vec<Week>) {
    let (mut weeks, mut off, mut week) = (Vec::new(), Vec::new(), until);
    let Some(first) = submissions.iter().map(|s| s.week).min() else { return (weeks, off) };
    for _ in 0..count.min(530) {
        if week < first {
            break;
        }
        match office.deadline(week) {
            None => off.push(week),
            Some(deadline) if deadline < office.clock.now() => weeks.push(week),
            Some(_) => {}
        }
        week = week.previous();
    }
    weeks.reverse();
    off.reverse();
    (weeks, off)
}

fn add_week(line: &mut CountyPunctuality, standing: &Standing) {
    line.weeks_due += 1;
    match standing.state {
        "on_time" => line.on_time += 1,
        "late" => line.late += 1,
        "incomplete" => line.incomplete += 1,
        _ => line.missing += 1,
    }
    line.corrected += u64::from(standing.corrected_at.is_some());
}
