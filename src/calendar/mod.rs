//! Working days from the State Council's tables, and what is counted in them: lead times, review dates, Friday deadlines.
//!
//! The tables are data handed in by the caller; a year without one is reckoned by weekends alone and says so.

use crate::canon::{Date, Refusal, Result, Time, Week};
use crate::domain::ClockTime;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Close of business where nothing else is set (系统默认，文件未作规定).
pub const CLOSE_OF_BUSINESS: (u16, u16) = (17, 30);
/// Working days before the opening by which a class is applied for (clause 一(一)).
pub const LEAD_DAYS: i64 = 5;
/// Working days in which the county decides once the papers pass (clause 一(三)).
pub const REVIEW_DAYS: i64 = 5;

/// How “5 working days before opening” is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadReading {
    /// Working days d with applied ≤ d < opens.
    Inclusive,
    /// Only those strictly between.
    Strict,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    year: i32,
    source: String,
    days: BTreeMap<String, DayKind>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum DayKind {
    Off,
    Work,
}

/// Holidays and make-up days of the years that have a table.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// With the source of each year's table.
    years: BTreeMap<i32, String>,
    days: BTreeMap<Date, DayKind>,
}

impl Calendar {
    /// Reads tables, each with the name by which a refusal mentions it.
    pub fn from_tables(tables: &[(&str, &[u8])]) -> Result<Self> {
        let mut calendar = Self::default();
        for (name, bytes) in tables {
            let refusal = |reason: String| Refusal::new("calendar_table").with("table", name).with("reason", reason);
            let table: Table = serde_json::from_slice(bytes).map_err(|error| refusal(error.to_string()))?;
            calendar.years.insert(table.year, table.source);
            for (day, kind) in table.days {
                let date = Date::parse(&day).map_err(|_| refusal(day.clone()))?;
                if date.year() != table.year {
                    return Err(refusal(day));
                }
                calendar.days.insert(date, kind);
            }
        }
        Ok(calendar)
    }

    pub fn is_working_day(&self, date: Date) -> bool {
        match self.days.get(&date) {
            Some(kind) => *kind == DayKind::Work,
            None => date.weekday().num_days_from_monday() < 5,
        }
    }

    /// Whether a year has no table, so that its days are reckoned by weekends alone（暂按周末推算）.
    pub fn is_provisional(&self, year: i32) -> bool {
        !self.years.contains_key(&year)
    }

    /// The years that have a table, and where each comes from.
    pub fn years(&self) -> impl Iterator<Item = (i32, &str)> {
        self.years.iter().map(|(year, source)| (*year, source.as_str()))
    }

    /// The days of a year that are not as their weekday says, and whether each is worked.
    pub fn exceptions(&self, year: i32) -> impl Iterator<Item = (Date, bool)> {
        let of_year = self.days.iter().filter(move |(date, _)| date.year() == year);
        of_year.map(|(date, kind)| (*date, *kind == DayKind::Work))
    }

    /// Working days between application and opening; 0 when the application came on the opening day or later.
    pub fn lead_days(&self, applied: Date, opens: Date, reading: LeadReading) -> i64 {
        let from = if reading == LeadReading::Strict { applied.plus_days(1) } else { applied };
        // Beyond half a year nobody asks how early it was.
        let days = opens.days_since(from).clamp(0, 183);
        let counted = (1..=days).filter(|back| self.is_working_day(opens.plus_days(-back))).count();
        i64::try_from(counted).unwrap_or(i64::MAX)
    }

    /// The day by which a class whose papers passed on `passed` must be decided: the 5th working day after it.
    pub fn review_due(&self, passed: Date) -> Date {
        let (mut day, mut left) = (passed, REVIEW_DAYS);
        while left > 0 {
            day = day.plus_days(1);
            left -= i64::from(self.is_working_day(day));
        }
        day
    }

    /// When a week's submissions are due: Friday at close of business, or the last working day before it in the week.
    ///
    /// A make-up Saturday doesn't move it; a week without any working day up to Friday is due on its last working
    /// day, and has no deadline if there is none.
    pub fn deadline(&self, week: Week, close: (u16, u16)) -> Option<Time> {
        let days = (0..7).map(|offset| week.monday().plus_days(offset));
        let working: Vec<Date> = days.filter(|day| self.is_working_day(*day)).collect();
        let day = if self.is_working_day(week.friday()) { week.friday() } else { *working.last()? };
        let close = ClockTime::from_hm(close.0, close.1)?;
        Some(Time(day.0.and_hms_opt(u32::from(close.minutes() / 60), u32::from(close.minutes() % 60), 0)?))
    }
}
