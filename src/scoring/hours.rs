//! H1, H2: the hours of a class's timetable.

use super::inputs::{ClassInput, Inputs, LessonInput};
use super::signal::{Value, Values, ramp};
use crate::canon::{Date, Refusal, Result};
use polars::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes of one 学时.
const PERIOD_MINUTES: i64 = 45;
/// H1 in permille of the approved hours that are lacking.
const CUT_FROM: i64 = 50;
const CUT_TO: i64 = 300;
/// H2: a day's start and end, its greatest length in minutes, and the full value's share in permille.
const DAY_STARTS: i64 = 7 * 60;
const DAY_ENDS: i64 = 21 * 60;
const DAY_MINUTES: i64 = 8 * 60;
const IMPOSSIBLE_TO: i64 = 200;

/// H1, hours cut: `ramp(1 − delivered/approved; .05, .30)`.
///
/// Delivered hours are those stated; where a lesson states none, its minutes by 45. Missing without approved hours,
/// without both dates, or unless every ISO week of the class with a working day has a lesson of it: a timetable sent
/// week by week says nothing of weeks to come. Limit: parallel groups of one class add up.
pub fn h1(inputs: &Inputs) -> Result<Values> {
    let delivered = delivered_minutes(&inputs.lessons)?;
    let by_unit = inputs.lessons_by_unit();
    let value = |class: &ClassInput| {
        let lessons = by_unit.get(&class.unit).map_or(&[][..], Vec::as_slice);
        let Some(approved) = class.hours.filter(|&hours| hours > 0) else { return Value::missing() };
        if !covers(inputs, class, lessons) {
            return Value::missing();
        }
        let minutes = delivered.get(class.unit.as_str()).copied().unwrap_or(0);
        let due = approved.saturating_mul(PERIOD_MINUTES);
        let lacking = due.saturating_sub(minutes).max(0);
        let permille = ramp(lacking, due, CUT_FROM, CUT_TO);
        let evidence = vec![format!("{}/{approved}", minutes.div_euclid(PERIOD_MINUTES))];
        Value::new(permille, lacking.div_euclid(PERIOD_MINUTES), evidence)
    };
    Ok(inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect())
}

/// Minutes delivered per unit: stated hours × 45, or the time by the clock.
fn delivered_minutes(lessons: &[LessonInput]) -> Result<BTreeMap<String, i64>> {
    let units: Vec<&str> = lessons.iter().map(|lesson| lesson.unit.as_str()).collect();
    let stated: Vec<Option<i64>> = lessons.iter().map(|lesson| lesson.hours.filter(|&hours| (0..=24).contains(&hours))).collect();
    let clock: Vec<i64> = lessons.iter().map(LessonInput::minutes).collect();
    let frame = df!("unit" => units, "stated" => stated, "clock" => clock).map_err(failed)?;
    let minutes = when(col("stated").is_null()).then(col("clock")).otherwise(col("stated") * lit(PERIOD_MINUTES));
    let sums = frame.lazy().group_by([col("unit")]).agg([minutes.sum().alias("minutes")]).collect().map_err(failed)?;
    let units = sums.column("unit").and_then(Column::str).map_err(failed)?;
    let minutes = sums.column("minutes").and_then(Column::i64).map_err(failed)?;
    let rows = units.iter().zip(minutes.iter());
    Ok(rows.filter_map(|(unit, minutes)| Some((unit?.to_owned(), minutes?))).collect())
}

pub(super) fn failed(error: PolarsError) -> Refusal {
    Refusal::new("scoring_failed").with("reason", error)
}

/// Whether a class's lessons reach over its whole running time, week by week.
fn covers(inputs: &Inputs, class: &ClassInput, lessons: &[&LessonInput]) -> bool {
    let (Some(opens_on), Some(ends_on)) = (class.opens_on, class.ends_on) else { return false };
    let days = ends_on.days_since(opens_on);
    // A class of more than two years is a slip of the pen.
    if lessons.is_empty() || !(0..=731).contains(&days) {
        return false;
    }
    let taught: BTreeSet<_> = lessons.iter().map(|lesson| lesson.date.week()).collect();
    let running = (0..=days).map(|day| opens_on.plus_days(day)).filter(|&date| !inputs.is_off(date));
    running.map(Date::week).all(|week| taught.contains(&week))
}

/// H2, impossible timetable: `ramp(share of time at night, beyond 8 hours a day, or on a day off; 0, .20)`
///. Night is before 07:00 or after 21:00. Overlapping lessons of the class count once. Missing without
/// lessons that last. Limit: weekend and evening classes for working people are lawful; the reason asks, the points are few.
pub fn h2(inputs: &Inputs) -> Values {
    let by_unit = inputs.lessons_by_unit();
    let value = |class: &ClassInput| {
        let lessons = by_unit.get(&class.unit).map_or(&[][..], Vec::as_slice);
        let (mut all, mut bad, mut evidence) = (0, 0, Vec::new());
        for day in lessons.chunk_by(|a, b| a.date == b.date) {
            let Some(first) = day.first() else { continue };
            let (minutes, impossible) = judge_day(inputs.is_off(first.date), day);
            all += minutes;
            bad += impossible;
            if impossible > 0 {
                evidence.extend(day.iter().map(|lesson| lesson.describe()));
            }
        }
        if all == 0 { Value::missing() } else { Value::new(ramp(bad, all, 0, IMPOSSIBLE_TO), bad, evidence) }
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}

/// Minutes of a day and those of them that are impossible; a minute is impossible once.
fn judge_day(off: bool, lessons: &[&LessonInput]) -> (i64, i64) {
    let spans = union(lessons.iter().map(|lesson| (lesson.start_minutes, lesson.end_minutes)).collect());
    let all: i64 = spans.iter().map(|(start, end)| end - start).sum();
    let daytime: i64 = spans.iter().map(|(start, end)| (end.min(&DAY_ENDS) - start.max(&DAY_STARTS)).max(0)).sum();
    (all, if off { all } else { all - daytime + (daytime - DAY_MINUTES).max(0) })
}

/// Spans of time without overlaps, in order.
pub(super) fn union(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.retain(|(start, end)| start < end);
    spans.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

/// Minutes covered by lessons, each minute once.
pub(super) fn minutes_once(lessons: &[&LessonInput]) -> i64 {
    let Some(first) = lessons.first() else { return 0 };
    let day = |lesson: &LessonInput| lesson.date.days_since(first.date) * 24 * 60;
    let spans = lessons.iter().map(|lesson| (day(lesson) + lesson.start_minutes, day(lesson) + lesson.end_minutes));
    union(spans.collect()).iter().map(|(start, end)| end - start).sum()
}
