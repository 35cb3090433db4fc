//! Single cells: numbers, money, answers, names, in every notation that counties use. Nothing is guessed.
//!
//! Dates are in `dates`, times of day in `clocks`.

pub use super::clocks::{is_other_half, lesson_times, read_clock, read_clock_cell, read_clock_ranges, read_lesson_times, weekday_in};
pub use super::dates::{DateRead, date_ranges_in, last_date_in, read_date, read_date_cell, read_date_range};
use crate::domain::Level;
use std::collections::BTreeSet;

/// Half-width forms, without any blank or line feed.
pub fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    squeezed.extend(text.chars().map(half_width).filter(|c| !is_invisible(*c)));
    squeezed
}

/// Full-width letters, digits and signs as half-width ones; blanks stay.
pub fn narrow(text: &str) -> String {
    let mut narrowed = String::with_capacity(text.len());
    narrowed.extend(text.chars().map(half_width));
    narrowed
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        0x3000 => ' ',
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}'
}

/// The first character that shows; most questions about a cell are answered by it.
pub fn first_shown(text: &str) -> Option<char> {
    text.chars().map(half_width).find(|c| !is_invisible(*c))
}

/// Whether a cell says that there is nothing.
pub fn is_blank(text: &str) -> bool {
    match first_shown(text) {
        None => return true,
        Some('-' | '—' | '–' | '/' | '\\' | '_' | '无' | '暂' | 'N' | 'n') => {}
        Some(_) => return false,
    }
    let text = squeeze(text);
    text.is_empty() || text.chars().all(|c| matches!(c, '-' | '—' | '–' | '/' | '\\' | '_')) || matches!(text.as_str(), "无" | "暂无" | "N/A" | "n/a")
}

/// Whether a cell repeats the one above.
pub fn is_ditto(text: &str) -> bool {
    if !matches!(first_shown(text), Some('同' | '〃' | '″' | '"' | '\'' | '“' | '”' | '〞')) {
        return false;
    }
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

/// A whole number with or without a unit; `None` inside where it is not one.
pub fn read_integer(text: &str) -> Option<Option<i64>> {
    if is_blank(text) {
        return None;
    }
    let text = squeeze(text).replace(',', "");
    let text = text.trim_start_matches('\'').trim_start_matches(['约', '共', '计', '第']);
    let numeral = text.trim_end_matches(['天', '日', '人', '名', '期', '次', '节', '个']);
    if let Some(number) = chinese_number(numeral).filter(|_| numeral != "零" && numeral != text) {
        return Some(Some(i64::from(number)));
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let whole = number.split_once('.').map_or(Some(number), |(whole, rest)| rest.bytes().all(|b| b == b'0').then_some(whole));
    // After the number only a unit may stand, or a remark in brackets or behind a slash.
    let unit = unit.split(['(', '[', '【']).next().unwrap_or_default();
    let unit =
        unit.split_once('/').filter(|(unit, rest)| !unit.is_empty() && rest.starts_with(|c: char| c.is_ascii_digit())).map_or(unit, |(unit, _)| unit);
    // Nothing counted here has ten digits: a telephone or ID number strayed into the column.
    Some(whole.filter(|whole| is_unit(unit) && whole.len() < 10).and_then(|whole| whole.parse().ok()))
}

fn is_unit(unit: &str) -> bool {
    matches!(
        unit,
        "" | "人"
            | "名"
            | "位"
            | "人次"
            | "个人"
            | "学员"
            | "名学员"
            | "课时"
            | "个课时"
            | "学时"
            | "个学时"
            | "节"
            | "节课"
            | "小时"
            | "天"
            | "日"
            | "个工作日"
            | "次"
            | "个"
            | "元"
            | "元整"
            | "元/人"
            | "元/人次"
            | "元每人"
            | "元/生"
            | "课时/人"
            | "学时/人"
            | "期"
            | "人/班"
            | "人/期"
            | "h"
            | "H"
    )
}

/// The days in `56学时（7天）`.
pub fn days_in_brackets(text: &str) -> Option<i64> {
    let text = squeeze(text);
    let (_, inside) = text.split_once(['(', '/'])?;
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

/// Yes or no, in words and signs; a dash says nothing.
pub fn read_bool(text: &str) -> Option<Option<bool>> {
    let text = squeeze(text);
    if text != "无" && is_blank(&text) {
        return None;
    }
    Some(match text.to_lowercase().as_str() {
        "是" | "有" | "√" | "✓" | "✔" | "☑" | "已" | "对" | "y" | "yes" | "true" | "1" | "完成" | "全部录入" | "o" | "○" | "v" => {
            Some(true)
        }
        "否" | "无" | "×" | "✗" | "✘" | "☒" | "x" | "未" | "n" | "no" | "false" | "0" | "没有" | "□" | "不" => Some(false),
        other if ["未", "没", "待", "尚", "正在", "暂", "不"].iter().any(|word| other.contains(word)) || other.starts_with('否') => {
            Some(false)
        }
        other if other.contains("部分") => None,
        other if other.contains('已') || other.starts_with('是') || other.contains("系统") || other.contains("录入") || other.contains("完成") => {
            Some(true)
        }
        _ => None,
    })
}

/// A level in any of its wordings.
pub fn read_level(text: &str) -> Option<Option<Level>> {
    if is_blank(text) {
        return None;
    }
    let text = squeeze(text);
    let plain = match text.as_str() {
        "五级" | "初级工" | "初级" => Some(Level::Five),
        "四级" | "中级工" | "中级" => Some(Level::Four),
        "三级" | "高级工" | "高级" => Some(Level::Three),
        _ => None,
    };
    if plain.is_some() {
        return Some(plain);
    }
    if names_several_levels(&text) {
        return Some(None);
    }
    let has = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
    let letter = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let roman = match letter {
        "5" | "V" | "Ⅴ" => Some(Level::Five),
        "4" | "IV" => Some(Level::Four),
        "3" | "III" => Some(Level::Three),
        "2" | "II" => Some(Level::Two),
        "1" | "I" => Some(Level::One),
        _ => None,
    };
    if roman.is_some() && letter == text {
        return Some(roman);
    }
    let one = if text.chars().count() == 1 { text.as_str() } else { "" };
    let level = if has(&["专项"]) {
        Level::SpecialAbility
    } else if has(&["合格", "结业证", "培训证", "培训证书"]) {
        Level::Certificate
    } else if has(&["五级", "5级", "初级", "Ⅴ"]) || one == "五" || one == "初" {
        Level::Five
    } else if has(&["四级", "4级", "中级", "Ⅳ"]) || one == "四" || one == "中" {
        Level::Four
    } else if has(&["二级", "2级", "Ⅱ"]) || one == "二" {
        Level::Two
    } else if has(&["一级", "1级", "高级技师", "Ⅰ"]) || one == "一" {
        Level::One
    } else if has(&["三级", "3级", "高级", "Ⅲ"]) || one == "三" || one == "高" {
        Level::Three
    } else if has(&["技师"]) {
        Level::Two
    } else {
        return Some(None);
    };
    Some(Some(level))
}

/// `三级至五级` is no one class's level. Longer wordings hold shorter ones, so each found is taken out first.
fn names_several_levels(text: &str) -> bool {
    const WORDS: [(&str, Level); 12] = [
        ("高级技师", Level::One),
        ("高级工", Level::Three),
        ("中级工", Level::Four),
        ("初级工", Level::Five),
        ("五级", Level::Five),
        ("四级", Level::Four),
        ("三级", Level::Three),
        ("二级", Level::Two),
        ("一级", Level::One),
        ("高级", Level::Three),
        ("中级", Level::Four),
        ("初级", Level::Five),
    ];
    let mut rest = text.to_owned();
    let mut found = BTreeSet::new();
    for (word, level) in WORDS {
        if rest.contains(word) {
            rest = rest.replace(word, " ");
            found.insert(level);
        }
    }
    found.len() > 1
}

/// Names in a cell, by whatever stands between them; remarks in brackets, numbers and labels are no part of a name.
pub fn read_names(text: &str) -> Vec<String> {
    // The most common cells: a name, or some with plain signs between them.
    if text.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c) && c != '等' || c.is_ascii_digit() || matches!(c, '、' | ',' | '，')) {
        let parts = text.split(['、', ',', '，']).map(|part| part.trim_matches(|c: char| c.is_ascii_digit())).filter(|part| !part.is_empty());
        return parts.flat_map(people_in).collect();
    }
    let text = without_brackets(&narrow(text));
    let mut names: Vec<String> = Vec::new();
    for part in text.split(['、', ',', ';', '/', '\\', '\n', '\r', '|', '，', '；', '&', '+', '。', '\t']) {
        for part in part.split(':').skip(usize::from(part.contains(':'))) {
            let part = part.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '.' | '-' | '—' | '*' | '等' | '\''));
            let bare = |word: &'_ str| word.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-')).len();
            let words: Vec<&str> = part
                .split_whitespace()
                .filter(|word| bare(word) > 0)
                .map(|word| word.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-')))
                .collect();
            let found = join_wide(&words);
            names.extend(found.iter().flat_map(|word| people_in(word)));
        }
    }
    names
}

/// The names of a word, titles and labels left out.
fn people_in(word: &str) -> impl Iterator<Item = String> {
    let (first, second) = split_and(word);
    std::iter::once(first).chain(second).map(without_title).filter(|name| !is_blank(name) && !is_label(name)).map(str::to_owned)
}

/// 张三老师 as 张三; 张老师 stays, for nothing but a surname would be left.
fn without_title(name: &str) -> &str {
    let rest = ["老师", "教师"].iter().find_map(|title| name.strip_suffix(title)).filter(|rest| rest.chars().count() >= 2);
    rest.unwrap_or(name)
}

/// What stands before a second name in a cell: 主讲：张三 辅助：李四.
fn is_label(name: &str) -> bool {
    matches!(name, "主讲" | "辅助" | "助教" | "理论" | "实操" | "实训" | "上午" | "下午" | "晚上" | "主讲教师" | "授课教师" | "待定" | "未定")
}

/// “张 三” is one name written wide, “张三 李四” are two, and “张 三 李四” are two as well.
fn join_wide(words: &[&str]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in words {
        let is_single = word.chars().count() == 1;
        match joined.last_mut() {
            Some(last) if is_open && is_single && last.chars().count() < 3 => last.push_str(word),
            _ => joined.push((*word).to_owned()),
        }
        is_open = is_single && (is_open || joined.last().is_some_and(|last| last.chars().count() == 1));
    }
    joined
}

/// “王建国和李四” are two; 和 inside “张和平” is part of the name, and so are 及 and 与.
fn split_and(word: &str) -> (&str, Option<&str>) {
    let is_name = |part: &str| (2..=4).contains(&part.chars().count());
    if word.chars().count() > 4 {
        let mut pairs = ["和", "及", "与"].into_iter().filter_map(|sign| word.split_once(sign));
        if let Some((first, last)) = pairs.find(|(first, last)| is_name(first) && is_name(last)) {
            return (first, Some(last));
        }
    }
    (word, None)
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            // What follows a bracket is another name, as in “张三(理论)李四(实操)”.
            ')' | ']' | '】' | '〕' => {
                depth = depth.saturating_sub(1);
                kept.push('、');
            }
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// A person and a telephone number written together, in either order.
pub fn split_contact(text: &str) -> (Option<String>, Option<String>) {
    let text = narrow(text);
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+');
    let mut name = String::new();
    let mut phones: Vec<String> = Vec::new();
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if is_number(c) && (c.is_ascii_digit() || !run.is_empty() || c == '+') {
            run.push(c);
        } else if c == ' ' && !run.is_empty() && run.chars().filter(char::is_ascii_digit).count() < 11 {
            // 138 0000 0000
        } else {
            if run.chars().filter(char::is_ascii_digit).count() >= 5 {
                phones.push(tidy_phone(&run));
            }
            run.clear();
            name.push(c);
        }
    }
    for label in ["联系电话", "手机号", "电话", "手机", "联系人", "班主任", "负责人", "姓名"] {
        if name.contains(label) {
            name = name.replace(label, " ");
        }
    }
    let names = read_names(name.replace([':', '(', ')', '-'], " ").trim());
    let some = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join("、"));
    (some(names), some(phones))
}

/// A telephone number as it is dialled: a mobile number without hyphens, blanks and the country's code.
pub fn tidy_phone(text: &str) -> String {
    if is_mobile(text) {
        return text.to_owned();
    }
    let plain = squeeze(text).trim_start_matches('\'').to_owned();
    // 10012345678（微信同号）: a remark behind the number is none of it.
    let plain = plain.split_once('(').filter(|(number, _)| is_phone(number)).map_or(plain.clone(), |(number, _)| number.to_owned());
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let is_number = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')' | '.'));
    let mobile = digits.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(&digits);
    if is_number && mobile.len() == 11 && mobile.starts_with('1') { mobile.to_owned() } else { plain }
}

/// Whether a text is a mobile number and nothing else, as most are.
fn is_mobile(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether each number in a telephone cell has the length of one: eleven digits, or a landline's.
pub fn is_phone(text: &str) -> bool {
    if is_mobile(text) {
        return true;
    }
    let numbers: Vec<&str> = text.split(['/', '、', ',', ';', '，', '；']).filter(|part| !part.trim().is_empty()).collect();
    !numbers.is_empty()
        && numbers.iter().all(|number| {
            let digits = number.chars().filter(char::is_ascii_digit).count();
            let is_mobile = number.starts_with('1') && !number.contains('-') && digits > 8;
            if is_mobile { digits == 11 } else { (7..=12).contains(&digits) || digits > 12 && number.contains('-') }
        })
}

/// Whether a cell's text is a long number in scientific notation, whose digits are lost.
pub fn is_scientific(text: &str) -> bool {
    if !text.contains(['E', 'e', 'Ｅ', 'ｅ']) {
        return false;
    }
    let text = squeeze(text).to_ascii_uppercase();
    text.split_once("E+")
        .is_some_and(|(a, b)| !b.is_empty() && b.bytes().all(|c| c.is_ascii_digit()) && a.bytes().all(|c| c.is_ascii_digit() || c == b'.'))
}
