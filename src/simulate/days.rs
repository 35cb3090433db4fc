//! The days of a simulated span: which are worked, which are weekends off, when lists are due.

use super::rows::Day;
use crate::calendar::{CLOSE_OF_BUSINESS, Calendar};
use crate::canon::{Date, Refusal, Result, Time, Week};

pub const DAY_MINUTES: i64 = 24 * 60;

/// Days around the span looked at, before and after, so that leads and lessons always find theirs.
const MARGIN: i64 = 150;
/// Minutes from the close of the week's list to the freeze: what changes in between is known.
const AFTER_THE_LIST: i64 = 150;

pub struct Days {
    /// Monday of the first week looked back upon, and of the week inspected.
    pub start: Day,
    pub frame_monday: Day,
    /// The freeze, its day and its minute.
    pub frozen_at: Time,
    pub frozen_day: Day,
    pub frozen: i64,
    pub working: Vec<Day>,
    /// Saturdays and Sundays on which nobody works, for classes held at weekends.
    pub weekend: Vec<Day>,
    pub off: Vec<Day>,
    /// Week and deadline of each week looked back upon, the last being that of the freeze.
    pub deadlines: Vec<(Day, Option<i64>)>,
}

impl Days {
    pub fn new(calendar: &Calendar, week: Week, weeks: u32) -> Result<Self> {
        let frame = week.next().monday();
        let start = week.next().monday().plus_days(-7 * i64::from(weeks));
        let due = calendar.deadline(week, CLOSE_OF_BUSINESS).ok_or_else(|| Refusal::new("simulate_week").with("week", week))?;
        let mut days = Self {
            start: day_of(start),
            frame_monday: day_of(frame),
            frozen_at: Time(due.0 + chrono::TimeDelta::minutes(AFTER_THE_LIST)),
            frozen_day: day_of(due.date()),
            frozen: due.0.and_utc().timestamp().div_euclid(60) + AFTER_THE_LIST,
            working: Vec::new(),
            weekend: Vec::new(),
            off: Vec::new(),
            deadlines: Vec::new(),
        };
        for offset in -MARGIN..=7 * i64::from(weeks) + MARGIN {
            let date = start.plus_days(offset);
            days.add(calendar, date);
        }
        for number in 0..i64::from(weeks) {
            let monday = start.plus_days(7 * number);
            let due = calendar.deadline(monday.week(), CLOSE_OF_BUSINESS).map(|due| due.0.and_utc().timestamp().div_euclid(60));
            days.deadlines.push((day_of(monday), due));
        }
        Ok(days)
    }

    fn add(&mut self, calendar: &Calendar, date: Date) {
        let day = day_of(date);
        if calendar.is_working_day(date) {
            self.working.push(day);
            return;
        }
        self.off.push(day);
        if date.weekday().num_days_from_monday() >= 5 {
            self.weekend.push(day);
        }
    }

    /// The last minute by which something was known that is sent by a day's end, at most a while before the freeze.
    pub fn by(&self, day: Day, minute_of_day: i64) -> i64 {
        (i64::from(day) * DAY_MINUTES + minute_of_day).min(self.frozen - 60)
    }

    /// The working day so many working days before a day, that day not counted.
    pub fn working_before(&self, day: Day, count: i64) -> Day {
        let at = self.working.partition_point(|&working| working < day);
        let back = usize::try_from(count).unwrap_or(0);
        if back == 0 { day } else { self.working.get(at.saturating_sub(back)).copied().unwrap_or(day) }
    }

    /// The working day so many working days after a day.
    pub fn working_after(&self, day: Day, count: i64) -> Day {
        let at = self.working.partition_point(|&working| working <= day);
        let on = usize::try_from(count).unwrap_or(0);
        if on == 0 { day } else { self.working.get(at + on - 1).copied().unwrap_or(day) }
    }
}

/// Monday of a day's week; 1970-01-01 was a Thursday.
pub fn monday_of(day: Day) -> Day {
    day - (day + 3).rem_euclid(7)
}

pub fn day_of(date: Date) -> Day {
    i32::try_from(date.days_since(Date(chrono::NaiveDate::default()))).unwrap_or(i32::MAX)
}
