//! Dates in every notation that counties use, and ranges of them in one cell.
//!
//! A text is cut into date tokens first; what is left over must be words that say nothing about the day. Anything
//! else is not a date, and nobody guesses.

use super::sheet::Cell;
use super::values::{chinese_number, is_blank, narrow};
use crate::canon::{Date, Week};
use chrono::Datelike;

/// Half a year: a date further off is more likely a wrong year than a long class.
const FAR_DAYS: i64 = 183;

/// How far a range that names no month at its end may reach into the next one.
const DAYS_INTO_NEXT_MONTH: i64 = 14;

/// What a date cell gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateRead {
    Empty,
    Good(Date),
    /// A real date, but more than six months from the week reported.
    Far(Date),
    Bad,
}

impl DateRead {
    pub fn date(self) -> Option<Date> {
        match self {
            Self::Good(date) | Self::Far(date) => Some(date),
            Self::Empty | Self::Bad => None,
        }
    }

    fn of(date: Option<Date>, week: Week) -> Self {
        match date {
            None => Self::Bad,
            Some(date) if date.days_since(week.friday()).abs() > FAR_DAYS => Self::Far(date),
            Some(date) => Self::Good(date),
        }
    }
}

/// Bytes beyond which a text is a tale and not a date: what costs time to search holds nothing to be found.
pub const LONGEST: usize = 4_000;

/// Reads a cell that holds one date.
pub fn read_date_cell(cell: &Cell, week: Week) -> DateRead {
    match cell.moment {
        Some(moment) => DateRead::of(Some(Date(moment.date())), week),
        None => read_date(&cell.text, cell.number, week),
    }
}

/// Reads one date. `number` is the cell's number where it has one: 20261102, or a date that lost its format.
pub fn read_date(text: &str, number: Option<f64>, week: Week) -> DateRead {
    if is_blank(text) {
        return DateRead::Empty;
    }
    if let Some(number) = number {
        return read_number(text, number, week);
    }
    if let Some(date) = plain(text) {
        return DateRead::of(Some(date), week);
    }
    match tokens(text).as_slice() {
        [token] => DateRead::of(token.date(week.friday()), week),
        _ => DateRead::Bad,
    }
}

/// A whole date in digits, `2026-11-02`, `2026/11/2` or `2026.11.2`: what most cells hold needs no search for tokens.
fn plain(text: &str) -> Option<Date> {
    let (year, rest) = text.split_at_checked(4)?;
    let sign = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, day) = rest[1..].split_once(sign)?;
    let number = |part: &str, length: std::ops::RangeInclusive<usize>| {
        let is_number = length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok())?
    };
    let year = i32::try_from(number(year, 4..=4)?).ok().filter(|year| (1900..2200).contains(year))?;
    Date::from_ymd(year, number(month, 1..=2)?, number(day, 1..=2)?)
}

/// A date typed as a number: a serial day, `20261102`, or `11.25`, where `11.2` may have been `11.20` and is refused.
fn read_number(text: &str, number: f64, week: Week) -> DateRead {
    if number.fract() == 0.0 && (36_526.0..=73_050.0).contains(&number) {
        // 2000 to 2099 as Excel's days since 1899-12-30: a date whose cell is formatted as a plain number.
        let days = format!("{number:.0}").parse().unwrap_or(0);
        return DateRead::of(Date::from_ymd(1899, 12, 30).map(|start| start.plus_days(days)), week);
    }
    if let Some((_, day)) = text.split_once('.')
        && matches!(day, "1" | "2" | "3")
    {
        return DateRead::Bad;
    }
    match tokens(text).as_slice() {
        [token] => DateRead::of(token.date(week.friday()), week),
        _ => DateRead::Bad,
    }
}

/// Reads a range in one cell: `7.18-7.30`, `7月18日至30日`, `2026.11.2—2026.12.10`, or two dates with a gap between them.
pub fn read_date_range(text: &str, week: Week) -> (DateRead, DateRead) {
    if is_blank(text) {
        return (DateRead::Empty, DateRead::Empty);
    }
    match date_ranges_in(text, week).as_slice() {
        [(opens, ends)] => (DateRead::of(*opens, week), DateRead::of(*ends, week)),
        // 2026.12.1-: the end isn't known yet.
        [] if text.trim_end().ends_with(['-', '—', '–', '~', '～', '至']) => (read_date(text, None, week), DateRead::Empty),
        _ => (DateRead::Bad, DateRead::Bad),
    }
}

/// The one range of a text as far as its two ends are days; empty where there is no range.
pub fn date_ranges_in(text: &str, week: Week) -> Vec<(Option<Date>, Option<Date>)> {
    let found = tokens(text);
    let [first, last] = found.as_slice() else { return Vec::new() };
    let opens = first.date(week.friday());
    let ends = match opens {
        // A year given at the end alone (`11.2-2026.12.10`) is the range's.
        None => None,
        Some(opens) => last.date_after(opens),
    };
    vec![(opens, ends)]
}

/// The latest of the dates a text mentions, and how many there are: `11月5日、11月12日各检查一次`.
pub fn last_date_in(text: &str, week: Week) -> (Option<Date>, usize) {
    if text.len() > LONGEST {
        return (None, 0);
    }
    let dates: Vec<Date> = scan(&prepare(text)).0.iter().filter_map(|token| token.date(week.friday())).collect();
    (dates.iter().max().copied(), dates.len())
}

/// A date as far as it was written: `year`, `month` absent where the text leaves them out.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Token {
    year: Option<i32>,
    month: Option<u32>,
    day: u32,
}

impl Token {
    /// The date, in the year that brings it nearest where none is given.
    fn date(self, near: Date) -> Option<Date> {
        let month = self.month?;
        match self.year {
            Some(year) => Date::from_ymd(year, month, self.day),
            None => (-1..=1).filter_map(|shift| Date::from_ymd(near.year() + shift, month, self.day)).min_by_key(|date| date.days_since(near).abs()),
        }
    }

    /// The date as the end of a range: what is missing comes from the beginning, and it is not before it.
    fn date_after(self, opens: Date) -> Option<Date> {
        let same_month = || opens.to_string()[5..7].parse().ok();
        let month = self.month.or_else(same_month)?;
        if let Some(year) = self.year {
            return Date::from_ymd(year, month, self.day);
        }
        let this_year = Date::from_ymd(opens.year(), month, self.day);
        match this_year {
            Some(date) if date < opens && self.month.is_some() => Date::from_ymd(opens.year() + 1, month, self.day),
            // 11.28-3 runs into the next month. 11.9-1 may as well lack a digit: it stays before its beginning, and that is told.
            Some(date) if date < opens => {
                (1..=DAYS_INTO_NEXT_MONTH).map(|days| opens.plus_days(days)).find(|day| day.0.day() == self.day).or(Some(date))
            }
            other => other,
        }
    }
}

/// The date tokens of a text in order; none where anything else stands between them.
fn tokens(text: &str) -> Vec<Token> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let (found, rest) = scan(&prepare(text));
    if is_harmless(&rest) { found } else { Vec::new() }
}

/// Half-width, remarks in brackets, weekdays and times of day taken out, Chinese numerals as digits.
fn prepare(text: &str) -> String {
    let text = chinese_digits(&without_remarks(&narrow(text)));
    let text = dotted(text.trim_start_matches(['\'', '’', '‘', '`']));
    let mut kept = String::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let word: String = chars[at..chars.len().min(at + 3)].iter().collect();
        if word.starts_with("星期") || word.starts_with("礼拜") {
            at += 3;
        } else if word.starts_with('周') && word.chars().nth(1).is_some_and(|c| "一二三四五六日天1234567".contains(c)) {
            at += 2;
        } else if let Some(length) = clock_length(&chars[at..]) {
            kept.push(' ');
            at += length;
        } else {
            kept.push(chars[at]);
            at += 1;
        }
    }
    kept
}

/// `2026、12、11`: a comma between all three parts of one date.
fn dotted(text: &str) -> String {
    let parts: Vec<&str> = text.trim().split(['、', ',']).collect();
    let is_date = matches!(parts.as_slice(), [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2)
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if is_date { parts.join(".") } else { text.to_owned() }
}

/// The length of a time of day such as `08:30`, `08:30:00`, `T08:30` at the beginning.
fn clock_length(chars: &[char]) -> Option<usize> {
    let mut at = usize::from(chars.first() == Some(&'T'));
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let hour = digits(at);
    at += hour;
    if !(1..=2).contains(&hour) || !matches!(chars.get(at), Some(':' | '∶')) {
        return None;
    }
    while matches!(chars.get(at), Some(':' | '∶' | '.')) && at + 1 < chars.len() && digits(at + 1) > 0 {
        at += 1 + digits(at + 1);
    }
    Some(at)
}

/// A text without what stands in brackets.
pub fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// Takes out brackets such as （星期一） and （共30天）; one that holds a further date stays, for it changes what is meant.
fn without_remarks(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[', '【', '〔']) {
        let Some(close) = rest[open..].find([')', ']', '】', '〕']).map(|at| open + at) else { break };
        let end = close + rest[close..].chars().next().map_or(1, char::len_utf8);
        let inside = &rest[open..end];
        kept.push_str(&rest[..open]);
        if inside.contains('月') && inside.chars().any(|c| c.is_ascii_digit()) {
            kept.push_str(inside);
        }
        rest = &rest[end..];
    }
    kept + rest
}

/// `二〇二六年十一月二日` as `2026年11月2日`. Only numerals right before 年, 月, 日 or 号 are touched.
fn chinese_digits(text: &str) -> String {
    const NUMERALS: &str = "〇零○一二三四五六七八九十廿卅";
    let mut result = String::new();
    let mut run = String::new();
    for c in text.chars() {
        if NUMERALS.contains(c) {
            run.push(c);
            continue;
        }
        if matches!(c, '年' | '月' | '日' | '号') && !run.is_empty() {
            match numeral(&run) {
                Some(number) => result.push_str(&number),
                None => result.push_str(&run),
            }
        } else {
            result.push_str(&run);
        }
        run.clear();
        result.push(c);
    }
    result + &run
}

fn numeral(run: &str) -> Option<String> {
    let plain = run.replace(['〇', '○'], "零").replace('廿', "二十").replace('卅', "三十");
    if plain.contains('十') || plain.chars().count() == 1 {
        return chinese_number(&plain).map(|number| number.to_string());
    }
    plain.chars().map(|c| "零一二三四五六七八九".chars().position(|known| known == c).map(|d| d.to_string())).collect()
}

/// Words that may stand around a date without changing the day.
fn is_harmless(rest: &str) -> bool {
    let mut rest: String = rest.chars().filter(|c| !c.is_whitespace()).collect();
    for word in [
        "审核通过",
        "通过",
        "已批",
        "开班时间",
        "结业时间",
        "开班日期",
        "结业日期",
        "开班",
        "开课",
        "开始",
        "结业",
        "结束",
        "预计",
        "计划",
        "暂定",
        "上午",
        "下午",
        "晚上",
        "全天",
        "培训",
        "期间",
        "共计",
        "止",
        "起",
        "自",
        "从",
        "于",
        "拟",
        "由",
        "前",
        "共",
    ] {
        rest = rest.replace(word, "");
    }
    rest.chars()
        .all(|c| matches!(c, '-' | '—' | '–' | '―' | '−' | '~' | '～' | '至' | '到' | '→' | '、' | ',' | '，' | ';' | '.' | '。' | ':' | '\''))
}

/// Cuts date tokens out of a prepared text; answers them and what is left.
fn scan(text: &str) -> (Vec<Token>, String) {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            rest.push(chars[at]);
            at += 1;
            continue;
        }
        match token_at(&chars[at..], found.is_empty()) {
            Some((token, length)) => {
                found.push(token);
                at += length;
            }
            None => {
                // A number that is no date spoils the text.
                rest.push(chars[at]);
                at += 1;
            }
        }
    }
    (found, rest)
}

/// One number and the separator after it.
struct Part {
    value: String,
    separator: char,
    /// Characters up to the end of the digits, and up to the end of the separator.
    digits_end: usize,
    end: usize,
}

fn parts_of(chars: &[char]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while parts.len() < 3 {
        let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            break;
        }
        let value = chars[at..at + digits].iter().collect();
        let digits_end = at + digits;
        at = skip_blanks(chars, digits_end);
        let separator =
            chars.get(at).copied().filter(|c| matches!(c, '年' | '月' | '日' | '号' | '/' | '-' | '.' | '。' | '·' | ',' | '\\')).unwrap_or(' ');
        if separator == ' ' {
            parts.push(Part { value, separator, digits_end, end: digits_end });
            break;
        }
        // A separator typed twice is still one.
        while chars.get(at) == Some(&separator) {
            at += 1;
        }
        let end = at;
        at = skip_blanks(chars, at);
        parts.push(Part { value, separator, digits_end, end });
    }
    parts
}

fn skip_blanks(chars: &[char], from: usize) -> usize {
    from + chars[from..].iter().take_while(|c| c.is_whitespace()).count()
}

/// The date token at the beginning: `y.m.d`, `m.d`, `yyyymmdd`, `d日` (only after another one).
fn token_at(chars: &[char], is_first: bool) -> Option<(Token, usize)> {
    let parts = parts_of(chars);
    let number = |part: &Part| part.value.parse::<u32>().ok();
    let with_day_sign = |part: &Part| if matches!(part.separator, '日' | '号') { part.end } else { part.digits_end };
    let joins = |part: &Part| !matches!(part.separator, ' ' | '日' | '号');
    if let [year, month, day] = parts.as_slice()
        && joins(year)
        && joins(month)
        && (month.separator == year.separator || year.separator == '年' || month.separator == '月' || "./。".contains(month.separator))
        && let Some(full) = full_year(year)
        && number(month).is_some_and(|m| m <= 99)
        && day.value.len() <= 2
    {
        return Some((Token { year: Some(full), month: number(month), day: number(day)? }, with_day_sign(day)));
    }
    if let [month, day, year] = parts.as_slice()
        && month.separator == '/'
        && day.separator == '/'
        && year.value.len() == 4
        && month.value.len() <= 2
    {
        // 11/2/2026 as an English Excel writes it; where it can also be day and month, nobody knows.
        let (m, d) = (number(month)?, number(day)?);
        return (d > 12 || m == d).then_some((Token { year: full_year(year), month: Some(m), day: d }, year.digits_end));
    }
    match parts.as_slice() {
        [month, day, ..] if joins(month) && month.separator != '年' && month.value.len() <= 2 && day.value.len() <= 2 => {
            Some((Token { year: None, month: number(month), day: number(day)? }, with_day_sign(day)))
        }
        [all, ..] if all.value.len() == 8 => {
            let whole = |from: usize, to: usize| all.value[from..to].parse::<u32>().ok();
            let year = i32::try_from(whole(0, 4)?).ok().filter(|year| (1900..2200).contains(year))?;
            Some((Token { year: Some(year), month: whole(4, 6), day: whole(6, 8)? }, all.digits_end))
        }
        [all, ..] if all.value.len() == 6 => {
            let whole = |from: usize, to: usize| all.value[from..to].parse::<u32>().ok();
            let year = i32::try_from(2000 + whole(0, 2)?).ok()?;
            Some((Token { year: Some(year), month: whole(2, 4), day: whole(4, 6)? }, all.digits_end))
        }
        [day, ..] if !is_first && day.value.len() <= 2 => Some((Token { year: None, month: None, day: number(day)? }, with_day_sign(day))),
        _ => None,
    }
}

fn full_year(part: &Part) -> Option<i32> {
    let year: i32 = part.value.parse().ok()?;
    match part.value.len() {
        2 if year >= 13 || part.separator == '年' => Some(2000 + year),
        4 if (1900..2200).contains(&year) => Some(year),
        _ => None,
    }
}
