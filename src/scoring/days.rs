//! Days off, weeks and quarters, with days as numbers since 1970-01-01.

use super::tables::Tables;
use crate::canon::{Date, Result};
use chrono::Datelike;

/// Minutes of a day, and the days between 1970-01-01, a Thursday, and the Monday of its week.
pub const DAY: i64 = 24 * 60;
const THURSDAY: i64 = 3;

/// All days of the time concerned on which nobody works: weekends without the make-up days, and holidays.
pub struct DaysOff(Vec<i32>);

impl DaysOff {
    /// Without a table no day is off.
    pub fn read(tables: &Tables) -> Result<Self> {
        let mut days = Vec::new();
        tables.read("day_off", &["date"], |part| {
            days.extend_from_slice(part.days("date")?.values);
            Ok(())
        })?;
        days.sort_unstable();
        days.dedup();
        Ok(Self(days))
    }

    pub fn is_off(&self, day: i64) -> bool {
        i32::try_from(day).is_ok_and(|day| self.0.binary_search(&day).is_ok())
    }

    /// Working days after `from` up to and with `to`; 0 where `to` isn't later.
    pub fn working_days(&self, from: i32, to: i32) -> i64 {
        let span = (i64::from(to) - i64::from(from)).max(0);
        let up_to = |day: i32| self.0.partition_point(|&off| off <= day);
        let off = up_to(to).saturating_sub(up_to(from));
        (span - i64::try_from(off).unwrap_or(span)).max(0)
    }
}

/// Minute of the midnight at which a day begins.
pub fn midnight(day: i32) -> i64 {
    i64::from(day) * DAY
}

/// ISO weeks since that of 1970-01-01, of a minute.
pub fn week_of_minute(minute: i64) -> i64 {
    week_of_day(minute.div_euclid(DAY))
}

/// ISO weeks since that of 1970-01-01, of a day.
pub fn week_of_day(day: i64) -> i64 {
    (day + THURSDAY).div_euclid(7)
}

/// The Monday of a week.
pub fn monday(week: i64) -> i64 {
    week * 7 - THURSDAY
}

pub fn date_of(day: i64) -> Date {
    Date(chrono::NaiveDate::default()).plus_days(day)
}

/// Quarters since the year 0.
pub fn quarter(day: i32) -> i64 {
    let date = date_of(i64::from(day));
    i64::from(date.year()) * 4 + i64::from(date.0.month0() / 3)
}

/// Months of thirty days from a day to the freeze; 0 for a day after it.
pub fn months_until(day: i32, frozen: i32) -> i64 {
    (i64::from(frozen) - i64::from(day)).div_euclid(30).max(0)
}

/// ⌊1000·2^(−months/12)⌋ in integers: what a thing of so long ago weighs when it halves every year.
pub fn halving(months: i64) -> i64 {
    const FIRST_YEAR: [i64; 12] = [1000, 943, 890, 840, 793, 749, 707, 667, 629, 594, 561, 529];
    let months = usize::try_from(months.max(0)).unwrap_or(usize::MAX);
    let first = FIRST_YEAR.get(months % 12).copied().unwrap_or(0);
    u32::try_from(months / 12).ok().and_then(|years| first.checked_shr(years)).unwrap_or(0)
}
