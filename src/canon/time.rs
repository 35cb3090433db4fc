//! Dates, times of Beijing and ISO weeks, each with one written form.

use super::{Refusal, Result};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A calendar date, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(pub NaiveDate);

impl Date {
    pub fn parse(text: &str) -> Result<Self> {
        exact(text, "dddd-dd-dd")
            .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .flatten()
            .filter(|date| date.year() >= 1)
            .map(Self)
            .ok_or_else(|| Refusal::new("date_malformed").with("value", super::code::clip(text)))
    }

    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// The date so many days later (or earlier, when negative), held at the ends of the calendar.
    pub fn plus_days(self, days: i64) -> Self {
        let step = Days::new(days.unsigned_abs());
        let moved = if days < 0 { self.0.checked_sub_days(step) } else { self.0.checked_add_days(step) };
        Self(moved.unwrap_or(self.0))
    }

    /// Days from `earlier` to this date; negative when it is later.
    pub fn days_since(self, earlier: Date) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }

    pub fn week(self) -> Week {
        let iso = self.0.iso_week();
        Week { year: iso.year(), number: iso.week() }
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// A moment of Beijing time, written `YYYY-MM-DDThh:mm:ss+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(pub NaiveDateTime);

/// Seconds by which Beijing is ahead of UTC.
const OFFSET_SECONDS: i64 = 8 * 3600;

impl Time {
    pub fn parse(text: &str) -> Result<Self> {
        let refusal = || Refusal::new("time_malformed").with("value", super::code::clip(text));
        if !exact(text, "dddd-dd-ddTdd:dd:dd+08:00") || &text[17..19] > "59" {
            return Err(refusal());
        }
        NaiveDateTime::parse_from_str(&text[..19], "%Y-%m-%dT%H:%M:%S").map(Self).map_err(|_| refusal())
    }

    pub fn date(self) -> Date {
        Date(self.0.date())
    }

    /// Midnight at which the date begins.
    pub fn midnight(date: Date) -> Self {
        Self(date.0.and_time(chrono::NaiveTime::MIN))
    }

    /// Seconds since 1970-01-01 00:00:00 UTC.
    pub fn unix(self) -> i64 {
        self.0.and_utc().timestamp() - OFFSET_SECONDS
    }

    /// Seconds after 1970 as a witness writes them; 0 for all before.
    pub fn seconds(self) -> u64 {
        u64::try_from(self.unix()).unwrap_or(0)
    }

    /// Held to the years that can be written.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix(self.unix().saturating_add(seconds)).unwrap_or(self)
    }

    pub fn from_unix(seconds: i64) -> Option<Self> {
        chrono::DateTime::from_timestamp(seconds.checked_add(OFFSET_SECONDS)?, 0).map(|t| Self(t.naive_utc()))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+08:00", self.0.format("%Y-%m-%dT%H:%M:%S"))
    }
}

/// An ISO 8601 week, written `YYYY-Www`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Week {
    pub year: i32,
    pub number: u32,
}

impl Week {
    pub fn parse(text: &str) -> Result<Self> {
        let refusal = || Refusal::new("week_malformed").with("value", super::code::clip(text));
        if !exact(text, "dddd-Wdd") {
            return Err(refusal());
        }
        let (Ok(year), Ok(number)) = (text[..4].parse(), text[6..].parse()) else { return Err(refusal()) };
        let week = Self { year, number };
        NaiveDate::from_isoywd_opt(year, number, Weekday::Mon).filter(|_| year >= 1).map(|_| week).ok_or_else(refusal)
    }

    /// Monday of the week.
    pub fn monday(self) -> Date {
        // `parse` and `Date::week` only make weeks that exist.
        Date(NaiveDate::from_isoywd_opt(self.year, self.number, Weekday::Mon).unwrap_or(NaiveDate::MIN))
    }

    pub fn friday(self) -> Date {
        self.monday().plus_days(4)
    }

    pub fn sunday(self) -> Date {
        self.monday().plus_days(6)
    }

    pub fn next(self) -> Week {
        self.monday().plus_days(7).week()
    }

    pub fn previous(self) -> Week {
        self.monday().plus_days(-7).week()
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.number)
    }
}

/// Whether the text has exactly this shape, `d` standing for a decimal digit.
fn exact(text: &str, shape: &str) -> bool {
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'd' { c.is_ascii_digit() } else { c == s })
}

macro_rules! written_form {
    ($type:ident) => {
        impl TryFrom<String> for $type {
            type Error = Refusal;
            fn try_from(text: String) -> Result<Self> {
                Self::parse(&text)
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.to_string()
            }
        }
    };
}
written_form!(Date);
written_form!(Time);
written_form!(Week);
