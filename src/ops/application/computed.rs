//! Checks of a dossier that are computed, each with the numbers it rests on.

use super::catalogue::Catalogue;
use super::{Decision, Dossier, Outcome, PaperState, State, kept, to_text};
use crate::calendar::{Calendar, LEAD_DAYS};
use crate::canon::{Date, Result, Time};
use crate::checks::check_plan;
use crate::domain::Lesson;
use crate::ops::deadline::{effective_day, working_day_from, working_days_until};
use crate::ops::rules::Rules;
use serde::Serialize;
use std::collections::BTreeMap;

/// All that the checks look at.
pub struct Basis<'a> {
    pub calendar: &'a Calendar,
    pub rules: &'a Rules,
    pub catalogue: &'a Catalogue,
    pub dossier: &'a Dossier,
    pub now: Time,
    /// None where nobody asked for the timetable.
    pub lessons: Option<&'a [Lesson]>,
}

/// One check: its outcome and its numbers. An advisory one rests on practice that is still to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Computed {
    pub code: &'static str,
    pub outcome: Outcome,
    pub is_advisory: bool,
    pub numbers: BTreeMap<&'static str, String>,
}

impl Computed {
    pub const CODES: [&'static str; 7] =
        ["lead_days", "papers_complete", "review_due", "opened_before_review", "planned_range", "minimum_hours", "plan_against_timetable"];

    fn new(code: &'static str, outcome: Outcome, numbers: Vec<(&'static str, String)>) -> Self {
        Self { code, outcome, is_advisory: false, numbers: numbers.into_iter().collect() }
    }

    fn advisory(mut self) -> Self {
        self.is_advisory = true;
        self
    }

    pub fn to_row(&self) -> Result<kept::Check> {
        Ok(kept::Check {
            code: self.code.to_owned(),
            kind: "computed".to_owned(),
            outcome: self.outcome.as_str().to_owned(),
            numbers: to_text(&self.numbers)?,
            by: None,
            note: None,
        })
    }
}

/// When the class must be decided, and how that stands today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    pub on: Date,
    /// The day from which the 5 working days are counted, not counted itself.
    pub from: Date,
    /// `papers` where the papers' passing is written down, else `receipt`: the stricter reading.
    pub counted_from: &'static str,
    /// `running`, `overdue`, `decided` or `decided_late`; with `_ledger` behind where only the ledger says when it was decided.
    pub state: &'static str,
    /// Working days left after today; negative when overdue. None where it is decided.
    pub left: Option<i64>,
    pub decided_on: Option<Date>,
    /// A year without a table of holidays was reckoned by weekends alone.
    pub is_provisional: bool,
}

pub fn compute(basis: &Basis) -> Result<Vec<Computed>> {
    Ok(vec![
        lead_days(basis),
        papers_complete(basis),
        review_due_check(basis),
        opened_before_review(basis),
        planned_range(basis),
        minimum_hours(basis),
        plan_against_timetable(basis)?,
    ])
}

/// Applied for 5 working days before the opening（一(一)）.
fn lead_days(basis: &Basis) -> Computed {
    let facts = &basis.dossier.facts;
    let Some((applied, opens)) = facts.applied_on.zip(facts.opens_on) else {
        return Computed::new("lead_days", Outcome::Unknown, Vec::new());
    };
    let lead = basis.calendar.lead_days(applied, opens, basis.rules.lead_reading);
    let numbers = vec![
        ("applied", applied.to_string()),
        ("opens", opens.to_string()),
        ("lead", lead.to_string()),
        ("needed", LEAD_DAYS.to_string()),
        ("reading", format!("@rule_lead_reading_{}", basis.rules.lead_reading_name())),
        ("provisional", provisional(basis.calendar, applied, opens)),
    ];
    Computed::new("lead_days", if lead < LEAD_DAYS { Outcome::Fail } else { Outcome::Pass }, numbers)
}

fn is_provisional(calendar: &Calendar, from: Date, to: Date) -> bool {
    (from.year().min(to.year())..=to.year().max(from.year())).take(5).any(|year| calendar.is_provisional(year))
}

/// The words that a report adds where a year has no table.
fn provisional(calendar: &Calendar, from: Date, to: Date) -> String {
    if is_provisional(calendar, from, to) { "@provisional".to_owned() } else { String::new() }
}

fn papers_complete(basis: &Basis) -> Computed {
    let state = |code: &str| basis.dossier.paper_state(code);
    let required: Vec<_> = basis.catalogue.required().collect();
    let received = required.iter().filter(|paper| state(&paper.code) == PaperState::Received).count();
    let sent_back = basis.catalogue.papers.iter().filter(|paper| state(&paper.code) == PaperState::SentBack).count();
    let outcome = match (received, sent_back) {
        (_, 1..) => Outcome::Fail,
        (received, _) if received == required.len() => Outcome::Pass,
        _ => Outcome::Pending,
    };
    let numbers = vec![("received", received.to_string()), ("required", required.len().to_string()), ("sent_back", sent_back.to_string())];
    Computed::new("papers_complete", outcome, numbers)
}

/// The day a decision is of, for periods that begin with it.
fn day_of(basis: &Basis, at: Time, stated: Option<Date>) -> Date {
    stated.map_or_else(|| effective_day(basis.calendar, basis.rules, at), |day| working_day_from(basis.calendar, basis.rules, day))
}

/// When the class was decided: by a decision, or where there is none by what the ledger says.
fn decided_on(basis: &Basis) -> Option<Date> {
    let decisions = &basis.dossier.decisions;
    match decisions.last() {
        None => basis.dossier.facts.reviewed_on,
        Some(_) => {
            let passed = decisions.iter().rposition(|row| row.row.decision == Decision::PapersPassed.as_str())?;
            let settled = decisions[passed..].iter().find(|row| matches!(row.row.decision.as_str(), "approved" | "refused"));
            settled.map(|row| row.row.stated_on.unwrap_or(row.at.date()))
        }
    }
}

/// The review's due date; none while the papers are back with the institution, or nothing says from when to count.
pub fn review_due(basis: &Basis) -> Option<Due> {
    let dossier = basis.dossier;
    if matches!(dossier.state(), State::PapersSentBack | State::Withdrawn) {
        return None;
    }
    let passed = dossier.decisions.iter().rfind(|row| row.row.decision == Decision::PapersPassed.as_str());
    let (counted_from, from) = match passed {
        Some(passed) => ("papers", day_of(basis, passed.at, passed.row.stated_on)),
        None if basis.rules.is_counted_from_receipt => ("receipt", day_of(basis, dossier.application.opened_at, dossier.facts.applied_on)),
        None => return None,
    };
    let (on, today) = (basis.calendar.review_due(from), basis.now.date());
    let decided_on = decided_on(basis);
    let left = working_days_until(basis.calendar, today, on);
    let state = match decided_on {
        Some(day) if day > on && dossier.decisions.is_empty() => "decided_late_ledger",
        Some(day) if day > on => "decided_late",
        Some(_) if dossier.decisions.is_empty() => "decided_ledger",
        Some(_) => "decided",
        None if today > on => "overdue",
        None => "running",
    };
    // Due on a working day, so that being late on a day off after it is no working day late, yet late.
    let left = decided_on.is_none().then_some(left);
    Some(Due { on, from, counted_from, state, left, decided_on, is_provisional: is_provisional(basis.calendar, from, on) })
}

fn review_due_check(basis: &Basis) -> Computed {
    let Some(due) = review_due(basis) else { return Computed::new("review_due", Outcome::NotApplicable, Vec::new()) };
    let outcome = match due.state {
        "decided" | "decided_ledger" => Outcome::Pass,
        "running" => Outcome::Pending,
        _ => Outcome::Fail,
    };
    let numbers = vec![
        ("due", due.on.to_string()),
        ("from", due.from.to_string()),
        ("counted", format!("@counted_{}", due.counted_from)),
        ("decided", due.decided_on.map_or_else(|| "@not_yet".to_owned(), |day| day.to_string())),
        ("provisional", provisional(basis.calendar, due.from, due.on)),
    ];
    let check = Computed::new("review_due", outcome, numbers);
    // Counted from receipt it is a reading of ours: it tells, but asks nobody for reasons.
    if due.counted_from == "receipt" { check.advisory() } else { check }
}

/// Opened before it was approved（先开班后审核）, or opened and still not approved.
fn opened_before_review(basis: &Basis) -> Computed {
    let code = "opened_before_review";
    let dossier = basis.dossier;
    if matches!(dossier.state(), State::Refused | State::Withdrawn) {
        return Computed::new(code, Outcome::NotApplicable, Vec::new());
    }
    let Some(opens) = dossier.facts.opens_on else { return Computed::new(code, Outcome::Unknown, Vec::new()) };
    let approved = if dossier.decisions.is_empty() || dossier.state() == State::Approved { decided_on(basis) } else { None };
    let outcome = match approved {
        Some(approved) if opens < approved => Outcome::Fail,
        Some(_) => Outcome::Pass,
        None if opens <= basis.now.date() => Outcome::Fail,
        None => Outcome::Pending,
    };
    let approved = approved.map_or_else(|| "@not_yet".to_owned(), |day| day.to_string());
    Computed::new(code, outcome, vec![("opens", opens.to_string()), ("approved", approved)])
}

fn planned_range(basis: &Basis) -> Computed {
    let (min, max) = basis.rules.planned_range;
    let Some(planned) = basis.dossier.facts.planned else { return Computed::new("planned_range", Outcome::Unknown, Vec::new()).advisory() };
    let outcome = if (min..=max).contains(&planned) { Outcome::Pass } else { Outcome::Fail };
    let numbers = vec![("planned", planned.to_string()), ("min", min.to_string()), ("max", max.to_string())];
    Computed::new("planned_range", outcome, numbers).advisory()
}

/// Fewest periods, by the first word of the rule that stands in the class's type, occupation or name.
fn minimum_hours(basis: &Basis) -> Computed {
    let facts = &basis.dossier.facts;
    let texts = [&facts.training_type, &facts.occupation, &facts.class_name];
    let named = |word: &str| texts.iter().filter_map(|text| text.as_deref()).any(|text| text.to_uppercase().contains(&word.to_uppercase()));
    let Some((word, least)) = basis.rules.minimum_hours.iter().find(|(word, _)| named(word)) else {
        return Computed::new("minimum_hours", Outcome::NotApplicable, Vec::new()).advisory();
    };
    let Some(hours) = facts.hours else { return Computed::new("minimum_hours", Outcome::Unknown, Vec::new()).advisory() };
    let numbers = vec![("hours", hours.to_string()), ("min", least.to_string()), ("word", word.clone())];
    Computed::new("minimum_hours", if hours < *least { Outcome::Fail } else { Outcome::Pass }, numbers).advisory()
}

/// Timetable against teaching plan. What is not taught yet is told only once the timetable reaches the last week.
fn plan_against_timetable(basis: &Basis) -> Result<Computed> {
    let code = "plan_against_timetable";
    let plan = basis.dossier.plan()?;
    let lessons = basis.lessons.unwrap_or_default();
    if plan.is_empty() || lessons.is_empty() {
        return Ok(Computed::new(code, Outcome::Unknown, Vec::new()));
    }
    let last = lessons.iter().filter_map(|lesson| lesson.date).max();
    let is_whole = last.zip(basis.dossier.facts.ends_on).is_some_and(|(last, ends)| last.week() >= ends.week());
    let findings = check_plan(&plan, lessons);
    let count = |code: &str| findings.iter().filter(|f| f.code == code && (is_whole || f.code == "T1321")).count();
    let (missing, foreign, differing) = (count("T1320"), count("T1321"), count("T1322"));
    let outcome = match missing + foreign + differing {
        0 if is_whole => Outcome::Pass,
        0 => Outcome::Pending,
        _ => Outcome::Fail,
    };
    let numbers = vec![("missing", missing.to_string()), ("foreign", foreign.to_string()), ("differing", differing.to_string())];
    Ok(Computed::new(code, outcome, numbers))
}
