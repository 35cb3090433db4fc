//! A lesson (课次): one entry of a timetable.

use crate::canon::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One lesson as one timetable states it; what is empty or unreadable in the source is `None` (or an empty list).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub date: Option<Date>,
    pub start: Option<ClockTime>,
    pub end: Option<ClockTime>,
    pub course: Option<String>,
    pub teachers: Vec<String>,
    pub mode: Option<String>,
    /// 学时 of 45 minutes, as stated.
    pub hours: Option<i64>,
    pub venue: Option<String>,
    pub sheet: Option<String>,
    /// Spreadsheet row, from 1.
    pub row: u32,
}

/// A time of day in whole minutes, written `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime {
    minutes: u16,
}

impl ClockTime {
    /// From minutes after midnight, 0…1439.
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes < 24 * 60).then_some(Self { minutes })
    }

    pub fn from_hm(hour: u16, minute: u16) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { minutes: hour * 60 + minute })
    }

    /// Minutes after midnight.
    pub fn minutes(self) -> u16 {
        self.minutes
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> String {
        time.to_string()
    }
}

impl TryFrom<String> for ClockTime {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let parsed = text.split_once(':').and_then(|(h, m)| Self::from_hm(h.parse().ok()?, m.parse().ok()?));
        parsed.ok_or_else(|| format!("not a time of day: {text}"))
    }
}
