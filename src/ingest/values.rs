//! Single cells: dates, numbers, times, names, in every notation that counties use. Nothing is guessed.

use super::sheet::Cell;
use crate::canon::{Date, Week};
use crate::domain::{ClockTime, Level};

/// Half-width forms, without any blank or line feed.
pub fn squeeze(text: &str) -> String {
    narrow(text).chars().filter(|c| !c.is_whitespace() && *c != '\u{FEFF}' && *c != '\u{200B}').collect()
}

/// Full-width letters, digits and signs as half-width ones; blanks stay.
pub fn narrow(text: &str) -> String {
    let half = |c: char| match u32::from(c) {
        0x3000 => ' ',
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).collect()
}

/// Whether a cell says that there is nothing.
pub fn is_blank(text: &str) -> bool {
    let text = squeeze(text);
    text.is_empty() || text.chars().all(|c| matches!(c, '-' | '—' | '–' | '/' | '\\' | '_')) || matches!(text.as_str(), "无" | "暂无" | "N/A" | "n/a")
}

/// Whether a cell repeats the one above.
pub fn is_ditto(text: &str) -> bool {
    matches!(squeeze(text).as_str(), "同上" | "〃" | "″" | "\"" | "''" | "“" | "”" | "同前" | "〞")
}

/// Up to ninety-nine in Chinese numerals.
pub fn chinese_number(text: &str) -> Option<u32> {
    let digit = |c: char| "零一二三四五六七八九".chars().position(|known| known == c).and_then(|n| u32::try_from(n).ok());
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        [d] => digit(*d),
        ['十', d] => Some(10 + digit(*d)?),
        [t, '十'] => Some(digit(*t)? * 10),
        [t, '十', d] => Some(digit(*t)? * 10 + digit(*d)?),
        _ => None,
    }
}

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
            Some(date) if date.days_since(week.friday()).abs() > 183 => Self::Far(date),
            Some(date) => Self::Good(date),
        }
    }
}

/// Reads a cell that holds one date.
pub fn read_date_cell(cell: &Cell, week: Week) -> DateRead {
    if let Some(moment) = cell.moment {
        return DateRead::of(Some(Date(moment.date())), week);
    }
    read_date(&cell.text, cell.number, week)
}

/// Reads one date. `number` is the cell's number where it has one: 20261102, or a date that lost its format.
pub fn read_date(text: &str, number: Option<f64>, week: Week) -> DateRead {
    if is_blank(text) {
        return DateRead::Empty;
    }
    if let Some(serial) = number.filter(|n| n.fract() == 0.0 && (36_526.0..=73_050.0).contains(n)) {
        // 2000 to 2099 as Excel's days since 1899-12-30: a date whose cell is formatted as a plain number.
        let days = format!("{serial:.0}").parse().unwrap_or(0);
        return DateRead::of(Date::from_ymd(1899, 12, 30).map(|start| start.plus_days(days)), week);
    }
    DateRead::of(parse_date(&clean_date(text), week, None), week)
}

/// A date's text with one kind of separator, without weekday, time of day and day sign.
fn clean_date(text: &str) -> String {
    let text = narrow(text).trim().to_owned();
    let text = text.split(['(', '星', '周']).next().unwrap_or_default().trim().to_owned();
    let text = match text.split_once([' ', 'T']) {
        // A time of day after the date says nothing about the date.
        Some((day, time)) if time.contains(':') => day.to_owned(),
        _ => text,
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let dotted = |c: char| if matches!(c, '年' | '月' | '/' | '-' | '.' | '。' | '、' | '·' | '—' | '–') { '.' } else { c };
    text.trim_end_matches(['日', '号', '起', '止', '前']).chars().map(dotted).collect::<String>().trim_end_matches('.').to_owned()
}

/// `y.m.d`, `m.d`, `yyyymmdd`, `yymmdd`; `anchor` is the other end of a range, which lends what is missing.
fn parse_date(text: &str, week: Week, anchor: Option<Date>) -> Option<Date> {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.iter().any(|part| part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let number = |part: &str| part.parse::<u32>().ok();
    match parts.as_slice() {
        [year, month, day] => Date::from_ymd(full_year(year)?, number(month)?, number(day)?),
        [month, day] if month.len() <= 2 => nearest(number(month)?, number(day)?, anchor.unwrap_or_else(|| week.friday())),
        [day] if day.len() <= 2 => {
            let anchor = anchor?;
            let text = anchor.to_string();
            Date::from_ymd(anchor.year(), number(&text[5..7])?, number(day)?)
        }
        [all] if all.len() == 8 => Date::from_ymd(full_year(&all[..4])?, number(&all[4..6])?, number(&all[6..])?),
        [all] if all.len() == 6 => Date::from_ymd(full_year(&all[..2])?, number(&all[2..4])?, number(&all[4..])?),
        _ => None,
    }
}

fn full_year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        2 => Some(2000 + year),
        4 if (1900..2200).contains(&year) => Some(year),
        _ => None,
    }
}

/// The date of that month and day which lies nearest.
fn nearest(month: u32, day: u32, to: Date) -> Option<Date> {
    (-1..=1).filter_map(|shift| Date::from_ymd(to.year() + shift, month, day)).min_by_key(|date| date.days_since(to).abs())
}

/// Reads a range in one cell: `7.18-7.30`, `7月18日至30日`, `2026.11.2—2026.12.10`.
pub fn read_date_range(text: &str, week: Week) -> (DateRead, DateRead) {
    if is_blank(text) {
        return (DateRead::Empty, DateRead::Empty);
    }
    let Some((first, last)) = split_range(text) else {
        return (DateRead::Bad, DateRead::Bad);
    };
    let opens = parse_date(&clean_date(&first), week, None);
    let last = clean_date(&last);
    let ends = opens.and_then(|opens| parse_date(&last, week, Some(opens)));
    // An end without a year that falls before its beginning belongs to the year after.
    let ends = match (opens, ends) {
        (Some(opens), Some(ends)) if ends < opens && last.split('.').count() == 2 => {
            let text = ends.to_string();
            Date::from_ymd(opens.year() + 1, text[5..7].parse().unwrap_or(0), text[8..].parse().unwrap_or(0))
        }
        (_, ends) => ends,
    };
    (DateRead::of(opens, week), DateRead::of(ends, week))
}

/// Cuts a range in two: at a word or a long sign where there is one, else at the hyphen in the middle.
pub fn split_range(text: &str) -> Option<(String, String)> {
    let text = narrow(text).replace(['\n', '\r'], "");
    for sign in ["至", "到", "~", "～", "——", "—", "–", "―", "--", "→"] {
        if let Some((first, last)) = text.split_once(sign) {
            return Some((first.trim().to_owned(), last.trim_start_matches(['—', '-', '~']).trim().to_owned()));
        }
    }
    let hyphens: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
    // 7.18-7.30 has one, 11-2-12-10 three, 2026-11-02-2026-12-10 five; two are a single date.
    let middle = if hyphens.len() % 2 == 1 { hyphens[hyphens.len() / 2] } else { return None };
    Some((text[..middle].trim().to_owned(), text[middle + 1..].trim().to_owned()))
}

/// A whole number with or without a unit; `None` inside where it is not one.
pub fn read_integer(text: &str) -> Option<Option<i64>> {
    if is_blank(text) {
        return None;
    }
    let text = squeeze(text).replace(',', "");
    let text = text.trim_start_matches(['约', '共', '计', '第']);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let whole = number.split_once('.').map_or(Some(number), |(whole, rest)| rest.bytes().all(|b| b == b'0').then_some(whole));
    // After the number only a unit may stand, or a remark in brackets.
    let unit = unit.split('(').next().unwrap_or_default();
    let is_unit = matches!(
        unit,
        "" | "人" | "名" | "课时" | "学时" | "节" | "小时" | "天" | "日" | "次" | "个" | "元" | "元/人" | "课时/人" | "学时/人" | "期"
    );
    Some(whole.filter(|_| is_unit).and_then(|whole| whole.parse().ok()))
}

/// The days in `56学时（7天）`.
pub fn days_in_brackets(text: &str) -> Option<i64> {
    let text = squeeze(text);
    let (_, inside) = text.split_once('(')?;
    inside.split_once(['天', '日'])?.0.parse().ok()
}

/// Yuan, also where written with 万元.
pub fn read_yuan(text: &str) -> Option<Option<i64>> {
    if is_blank(text) {
        return None;
    }
    let squeezed = squeeze(text).replace([',', '¥', '￥'], "");
    let Some((number, _)) = squeezed.split_once('万') else {
        return read_integer(&squeezed.replace("人民币", ""));
    };
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{rest:0<4}");
    let good = !whole.is_empty() && whole.len() < 9 && digits.len() == 4 && whole.bytes().chain(digits.bytes()).all(|b| b.is_ascii_digit());
    Some(if good { Some(whole.parse::<i64>().unwrap_or(0) * 10_000 + digits.parse::<i64>().unwrap_or(0)) } else { None })
}

/// Yuan in a column whose header says 万元.
pub fn read_ten_thousands(text: &str) -> Option<Option<i64>> {
    if is_blank(text) || text.contains('元') || text.contains('万') { read_yuan(text) } else { read_yuan(&format!("{}万元", text.trim())) }
}

/// Yes or no, in words and signs.
pub fn read_bool(text: &str) -> Option<Option<bool>> {
    let text = squeeze(text);
    if text.is_empty() {
        return None;
    }
    Some(match text.as_str() {
        "是" | "有" | "√" | "✓" | "✔" | "☑" | "已" | "对" | "Y" | "y" | "YES" | "yes" | "Yes" | "true" | "1" => Some(true),
        "否" | "无" | "×" | "✗" | "✘" | "x" | "X" | "未" | "N" | "n" | "NO" | "no" | "No" | "false" | "0" | "没有" | "-" | "—" => {
            Some(false)
        }
        other if other.contains('未') || other.contains('没') || other.starts_with('否') => Some(false),
        other if other.contains('已') || other.starts_with('是') || other.contains("系统") => Some(true),
        _ => None,
    })
}

/// A level in any of its wordings.
pub fn read_level(text: &str) -> Option<Option<Level>> {
    if is_blank(text) {
        return None;
    }
    let text = squeeze(text);
    let has = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
    let level = if has(&["专项"]) {
        Level::SpecialAbility
    } else if has(&["合格证", "合格"]) {
        Level::Certificate
    } else if has(&["五级", "5级", "初级"]) {
        Level::Five
    } else if has(&["四级", "4级", "中级"]) {
        Level::Four
    } else if has(&["二级", "2级"]) {
        Level::Two
    } else if has(&["一级", "1级", "高级技师"]) {
        Level::One
    } else if has(&["三级", "3级", "高级"]) {
        Level::Three
    } else if has(&["技师"]) {
        Level::Two
    } else {
        return Some(None);
    };
    Some(Some(level))
}

/// Names in a cell, by whatever stands between them.
pub fn read_names(text: &str) -> Vec<String> {
    let text = narrow(text);
    let mut names: Vec<String> = Vec::new();
    for part in text.split(['、', ',', ';', '/', '\n', '\r', '|', '，', '；', '和', '及']) {
        let part = part.split('(').next().unwrap_or_default();
        let part = part.rsplit(':').next().unwrap_or_default().trim();
        let numbered = |c: char| c.is_ascii_digit() || matches!(c, '.' | '．' | ')' | '①'..='⑳');
        let words: Vec<&str> = part.split_whitespace().collect();
        // “张 三” is one name written wide; “张三 李四” are two.
        let wide = words.len() > 1 && words.iter().all(|word| word.chars().count() == 1);
        let found = if wide { vec![words.concat()] } else { words.iter().map(|word| (*word).to_owned()).collect() };
        let found = found.into_iter().map(|name| name.trim_start_matches(numbered).to_owned());
        names.extend(found.filter(|name| !is_blank(name)));
    }
    names
}

/// A person and a telephone number written together.
pub fn split_contact(text: &str) -> (Option<String>, Option<String>) {
    let text = narrow(text);
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (name, phone) = text.split_at(start);
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')' | ',' | '、' | '/' | '-'));
    let phone: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    let some = |text: String| (!is_blank(&text)).then_some(text);
    (some(name.to_owned()), some(phone))
}

/// Whether a cell's text is a long number in scientific notation, whose digits are lost.
pub fn is_scientific(text: &str) -> bool {
    let text = squeeze(text).to_ascii_uppercase();
    text.split_once("E+")
        .is_some_and(|(a, b)| !b.is_empty() && b.bytes().all(|c| c.is_ascii_digit()) && a.bytes().all(|c| c.is_ascii_digit() || c == b'.'))
}

/// Shows a telephone or ID number without giving it away.
pub fn mask(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let keep_last = if digits >= 15 { 0 } else { 4 };
    let keep_first = if digits >= 15 { 6 } else { 3 };
    let mut seen = 0;
    let masked = |c: char| {
        if !(c.is_ascii_digit() || digits >= 15 && matches!(c, 'X' | 'x')) {
            return c;
        }
        seen += 1;
        if seen <= keep_first || seen + keep_last > digits && keep_last > 0 { c } else { '*' }
    };
    if digits < 7 { text.to_owned() } else { text.chars().map(masked).collect() }
}

/// One time of day: `8:30`, `8：30`, `8点30分`, `0830`, `下午2:00`, `8.30`.
pub fn read_clock(text: &str) -> Option<ClockTime> {
    let text = squeeze(text).to_lowercase();
    let is_afternoon = ["下午", "晚上", "晚", "pm", "傍晚"].iter().any(|word| text.contains(word));
    let text: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '点' | '时' | '分' | '半' | '∶')).collect();
    let text = text.replace(['点', '时', '.', '∶'], ":").replace('半', "30").replace('分', "");
    let mut parts = text.trim_end_matches(':').split(':');
    let (hour, minute) = match (parts.next()?, parts.next()) {
        (all, None) if all.len() == 4 => (all[..2].parse().ok()?, all[2..].parse().ok()?),
        (all, None) if (1..=2).contains(&all.len()) => (all.parse().ok()?, 0),
        (hour, Some(minute)) if (1..=2).contains(&hour.len()) && minute.len() == 2 => (hour.parse().ok()?, minute.parse().ok()?),
        _ => return None,
    };
    let hour: u16 = if is_afternoon && hour < 12 { hour + 12 } else { hour };
    ClockTime::from_hm(hour, minute)
}

/// A range of times of day in a cell or a line of one; its words before the digits count for both ends.
pub fn read_clock_range(text: &str) -> Option<(ClockTime, ClockTime)> {
    let text = narrow(text);
    let from = first_clock(&text)?;
    let half_day = ["下午", "晚上", "晚", "上午"].into_iter().find(|word| text[..from].contains(word)).unwrap_or_default();
    let last = |c: char| c.is_ascii_digit() || matches!(c, '分' | '点' | '时' | '半');
    let to = text.rfind(last).map_or(text.len(), |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let (start, end) = split_range(&text[from..to])?;
    let start = read_clock(&format!("{half_day}{start}"))?;
    let end = read_clock(&format!("{half_day}{end}")).filter(|end| *end > start).or_else(|| read_clock(&end))?;
    Some((start, end))
}

/// Where the first time of day begins: at the digits before the first colon, else at the first digit of all.
fn first_clock(text: &str) -> Option<usize> {
    let colon = text.find([':', '∶', '点', '时']).unwrap_or(text.len());
    let digits = text[..colon].bytes().rev().take_while(u8::is_ascii_digit).count();
    if digits > 0 && colon < text.len() { Some(colon - digits) } else { text.find(|c: char| c.is_ascii_digit()) }
}

/// The weekday a text names, 0 for Monday.
pub fn weekday_in(text: &str) -> Option<i64> {
    let text = squeeze(text);
    let day = ["星期", "周", "礼拜"].iter().find_map(|word| text.split_once(word).and_then(|(_, rest)| rest.chars().next()))?;
    let at = "一二三四五六日".chars().position(|known| known == day).or_else(|| "123456".chars().position(|known| known == day));
    let at = at.or_else(|| matches!(day, '天' | '7' | '末').then_some(6))?;
    i64::try_from(at).ok()
}
