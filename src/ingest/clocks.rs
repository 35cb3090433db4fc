//! Times of day and weekdays, alone and as ranges, in every notation that counties use.

use super::sheet::Cell;
use super::values::{narrow, squeeze};
use crate::domain::ClockTime;
use chrono::Timelike;

/// A time of day found in a text, with what helps to judge it.
#[derive(Clone, Copy, Debug)]
struct Token {
    hour: u16,
    minute: u16,
    /// 上午, 下午 or 晚上 stood right before it.
    half: Option<Half>,
    /// Written as a time (`8:30`, `8点`, `0830`), not as a bare number.
    is_explicit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Half {
    Morning,
    Noon,
    Afternoon,
}

const HALVES: [(&str, Half); 14] = [
    ("上午", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("am", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("晚上", Half::Afternoon),
    ("晚间", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("夜间", Half::Afternoon),
    ("pm", Half::Afternoon),
    ("晚", Half::Afternoon),
    ("早", Half::Morning),
    ("夜", Half::Afternoon),
];

impl Token {
    fn time(self, inherited: Option<Half>) -> Option<ClockTime> {
        let shifted = match self.half.or(inherited) {
            Some(Half::Afternoon) if self.hour < 12 => self.hour + 12,
            Some(Half::Noon) if self.hour < 3 => self.hour + 12,
            _ => self.hour,
        };
        ClockTime::from_hm(shifted, self.minute)
    }
}

/// One time of day: `8:30`, `8：30`, `8点30分`, `0830`, `下午2:00`, `8.30`.
pub fn read_clock(text: &str) -> Option<ClockTime> {
    match tokens(text).as_slice() {
        [one] => one.time(None),
        _ => None,
    }
}

/// A time of day in a cell, which may also be a moment or a fraction of a day.
pub fn read_clock_cell(cell: &Cell) -> Option<ClockTime> {
    if let Some(moment) = cell.moment {
        return ClockTime::from_hm(u16::try_from(moment.hour()).ok()?, u16::try_from(moment.minute()).ok()?);
    }
    if let Some(fraction) = cell.number.filter(|n| (0.0..1.0).contains(n)) {
        let minutes = format!("{:.0}", fraction * 1440.0).parse().ok()?;
        return ClockTime::from_minutes(minutes);
    }
    read_clock(&cell.text)
}

/// The ranges of times in a text: one, or one for each half of the day. Empty where any of them is unclear.
pub fn read_clock_ranges(text: &str) -> Vec<(ClockTime, ClockTime)> {
    let found = tokens(text);
    if found.is_empty() || found.len() % 2 == 1 || !found.iter().any(|token| token.is_explicit || token.half.is_some()) {
        return Vec::new();
    }
    let mut ranges = Vec::new();
    for pair in found.chunks(2) {
        let [first, last] = pair else { return Vec::new() };
        // 2:00-5:30pm: said once after both, as far as the beginning then still comes first.
        let said_after = (first.half.is_none() && last.half == Some(Half::Afternoon)).then(|| first.time(last.half)).flatten();
        let start = said_after.filter(|start| last.time(None).is_some_and(|end| *start < end)).or(first.time(None));
        let Some(start) = start else { return Vec::new() };
        // 下午2:00-5:00: the word counts for both ends, unless the end then came before the beginning.
        // 12:30-2:00: an end of one to five that comes before its beginning is in the afternoon.
        let after_noon =
            last.time(Some(Half::Afternoon)).filter(|end| last.half.is_none() && *end > start && end.minutes() - start.minutes() <= 6 * 60);
        let ends = [last.time(first.half), last.time(None), after_noon];
        let Some(end) = ends.into_iter().flatten().find(|end| *end > start).or(last.time(None)) else { return Vec::new() };
        ranges.push((start, end));
    }
    ranges
}

/// The ranges of a lesson's text as they are meant, and whether nothing but sense said so.
///
/// `2:30-5:30` is the afternoon's where a cell beside it says 下午, and also where nothing does: nobody teaches at half
/// past two at night. The second answer is for the caller to tell.
pub fn read_lesson_times(text: &str, beside: &str) -> (Vec<(ClockTime, ClockTime)>, bool) {
    let ranges = read_clock_ranges(text);
    if half_named(text).is_some() {
        return (ranges, false);
    }
    let mut is_guess = false;
    let meant = ranges.into_iter().map(|range| {
        let (range, is_sense) = lesson_times(range, beside);
        is_guess |= is_sense;
        range
    });
    (meant.collect(), is_guess)
}

/// One range as it is meant, and whether nothing but sense said so.
pub fn lesson_times(range: (ClockTime, ClockTime), beside: &str) -> ((ClockTime, ClockTime), bool) {
    let later = |time: ClockTime| ClockTime::from_minutes(time.minutes() + 12 * 60);
    let (start, end) = range;
    let is_forward = start < end;
    match half_named(beside) {
        Some(Half::Morning | Half::Noon) => (range, false),
        // 下午 | 2:30-17:30, and 下午 | 2:30-5:30.
        Some(Half::Afternoon) => {
            let ends = [Some(end), later(end)];
            let found = later(start).and_then(|start| ends.into_iter().flatten().find(|end| start < *end).map(|end| (start, end)));
            (found.unwrap_or(range), false)
        }
        None => {
            let is_early = is_forward && (60..7 * 60).contains(&start.minutes()) && end.minutes() - start.minutes() <= 6 * 60;
            let found = later(start).zip(later(end)).filter(|(_, end)| is_early && end.minutes() <= 22 * 60);
            (found.unwrap_or(range), found.is_some())
        }
    }
}

/// Whether a text names another half of the day than a time is in.
pub fn is_other_half(text: &str, time: ClockTime) -> bool {
    match half_named(text) {
        Some(Half::Morning) => time.minutes() >= 12 * 60,
        Some(Half::Afternoon) => time.minutes() < 12 * 60,
        _ => false,
    }
}

/// The one half of the day that a text names, where it names one.
fn half_named(text: &str) -> Option<Half> {
    let text = narrow(text).to_lowercase();
    let mut halves = HALVES.iter().filter(|(word, _)| text.contains(word)).map(|(_, half)| *half);
    let first = halves.next()?;
    halves.all(|half| half == first).then_some(first)
}

/// Every time of day in a text, in order. 节次 (`1-4节`), durations (`4课时`), dates and room numbers are passed over.
fn tokens(text: &str) -> Vec<Token> {
    if text.len() > super::dates::LONGEST {
        return Vec::new();
    }
    let chars = without_gaps(&narrow(text).to_lowercase());
    let mut found: Vec<Token> = Vec::new();
    let mut half = None;
    let mut at = 0;
    while at < chars.len() {
        let rest: String = chars[at..chars.len().min(at + 2)].iter().collect();
        if let Some((word, which)) = HALVES.iter().find(|(word, _)| rest.starts_with(word)) {
            // `8:30 am` says it afterwards; before a time it opens the next one.
            let follows_time = word.is_ascii() && found.last().is_some_and(|token| token.half.is_none());
            if follows_time {
                if let Some(last) = found.last_mut() {
                    last.half = Some(*which);
                }
            } else {
                half = Some(*which);
            }
            at += word.chars().count();
            continue;
        }
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (token, length) = token_at(&chars[at..], half);
        if let Some(token) = token {
            found.push(token);
            half = None;
        }
        at += length.max(1);
    }
    found
}

/// The text without blanks, but for one between two digits, which parts two times.
fn without_gaps(text: &str) -> Vec<char> {
    let words: Vec<Vec<char>> = text.split_whitespace().map(|word| word.chars().collect()).collect();
    let mut joined: Vec<char> = Vec::new();
    for word in words {
        if joined.last().is_some_and(char::is_ascii_digit) && word.first().is_some_and(char::is_ascii_digit) {
            joined.push(' ');
        }
        joined.extend(word);
    }
    joined
}

/// The time at the beginning, and how many characters it or the number that is no time takes.
fn token_at(chars: &[char], half: Option<Half>) -> (Option<Token>, usize) {
    let digits = |from: usize| chars.get(from..).map_or(0, |rest| rest.iter().take_while(|c| c.is_ascii_digit()).count());
    let value = |from: usize, to: usize| chars[from..to].iter().collect::<String>().parse::<u16>().ok();
    let first = digits(0);
    let after = chars.get(first).copied().unwrap_or(' ');
    let token = |hour: u16, minute: u16, is_explicit: bool| (hour <= 24 && minute < 60).then_some(Token { hour, minute, half, is_explicit });
    if first == 4 && !matches!(after, '年' | '.' | '/' | '-') || first == 4 && after == '-' && digits(first + 1) == 4 {
        return (value(0, 2).zip(value(2, 4)).and_then(|(hour, minute)| token(hour, minute, true)), 4);
    }
    if !(1..=2).contains(&first) {
        return (None, first);
    }
    let Some(hour) = value(0, first) else { return (None, first) };
    let second = digits(first + 1);
    match after {
        ':' | '∶' | '.' | '点' | '时' if second == 2 => {
            let mut end = first + 1 + second;
            let minute = value(first + 1, end);
            // Seconds, and the sign for minutes.
            if chars.get(end) == Some(&':') && digits(end + 1) == 2 {
                end += 3;
            }
            end += usize::from(chars.get(end) == Some(&'分'));
            (minute.and_then(|minute| token(hour, minute, true)), end)
        }
        '点' | '时' => {
            let (minute, more) = match chars.get(first + 1) {
                Some('半') => (30, 1),
                Some('整' | '钟') => (0, 1),
                Some(c) if c.is_ascii_digit() && second == 1 => {
                    (value(first + 1, first + 2).unwrap_or(0), 1 + usize::from(chars.get(first + 2) == Some(&'分')))
                }
                _ => (0, 0),
            };
            (token(hour, minute, true), first + 1 + more)
        }
        // A date, an ordinal, a count of something.
        '月' | '日' | '号' | '节' | '课' | '学' | '人' | '楼' | '室' | '天' | '周' | '/' | '分' | '小' | '.' | '级' | '期' | '班' | '个' => {
            (None, first + usize::from(second > 0) * (1 + second))
        }
        // `1-4节`: neither end is a time.
        '-' | '~' | '至' | '到' | '—' | '、' | ',' if chars.get(first + 1 + second) == Some(&'节') => (None, first + 1 + second),
        _ => (token(hour, 0, false), first),
    }
}

/// The weekday a text names, 0 for Monday.
pub fn weekday_in(text: &str) -> Option<i64> {
    let text = squeeze(text);
    let day = ["星期", "周", "礼拜"].iter().find_map(|word| text.split_once(word).and_then(|(_, rest)| rest.chars().next()))?;
    let at = "一二三四五六日".chars().position(|known| known == day).or_else(|| "123456".chars().position(|known| known == day));
    let at = at.or_else(|| matches!(day, '天' | '7' | '末').then_some(6))?;
    i64::try_from(at).ok()
}
