//! What columns mean: header rows found by their words, one row or two, with merged parents.

use super::dates::without_brackets;
use super::lookup::{may_begin_header, telling, whole_header};
use super::sheet::{Cell, Sheet};
use super::synonyms::{FAMILIES, NOT_COLUMNS};
use super::told;
use super::values::squeeze;
use crate::canon::Week;
use crate::domain::DocumentKind;
use std::collections::BTreeMap;

/// A header found in a sheet: which column holds what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    pub first_row: usize,
    pub last_row: usize,
    /// By canonical name: column and the header's text.
    pub columns: BTreeMap<&'static str, (usize, String)>,
    /// Further columns of teachers: 理论教师 beside 实操教师.
    pub more_teachers: Vec<usize>,
    /// 男 and 女 under the number of trainees, where no column has their sum.
    pub sexes: Vec<usize>,
    /// Headers that mean nothing to us, with their columns.
    pub unknown: Vec<(usize, String)>,
    /// Headers of columns that another one of the same meaning was taken for.
    pub lesser: Vec<(usize, String)>,
    /// How many columns were known by their whole header, not only by telling words in it.
    exact: usize,
}

impl Header {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.get(name).map(|(column, _)| *column)
    }
}

/// How a header was known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// A planned date or number gives way to the actual one.
    Planned,
    Telling,
    Exact,
    /// A clerk said so.
    Told,
}

/// The canonical name of one header text.
pub fn canonical(kind: DocumentKind, text: &str) -> Option<&'static str> {
    likeness(kind, text).map(|(name, _)| name)
}

fn likeness(kind: DocumentKind, text: &str) -> Option<(&'static str, Likeness)> {
    if text.len() > LONGEST_HEAD {
        return None;
    }
    if let Some(name) = told::column(kind, text) {
        return Some((name, Likeness::Told)).filter(|(name, _)| !name.is_empty());
    }
    let words = Words::of(text)?;
    let is_planned =
        |name: &str| kind == DocumentKind::Ledger && matches!(name, "opens_on" | "ends_on") && has(&words.joined, &["计划", "拟", "预计"]);
    if let Some(name) = words.exact(kind) {
        return Some((name, if is_planned(name) { Likeness::Planned } else { Likeness::Exact }));
    }
    let trimmed = words.trimmed();
    if ["合格", "取证", "就业", "发证", "鉴定", "许可", "报名"].iter().any(|word| trimmed.contains(word)) && kind == DocumentKind::Ledger
    {
        return None;
    }
    let name = telling(kind, trimmed).or_else(|| telling(kind, &words.joined))?;
    Some((name, if is_planned(name) { Likeness::Planned } else { Likeness::Telling }))
}

/// The forms of one header's text in which a column's words are looked for.
struct Words {
    plain: String,
    without_brackets: String,
    /// With what stands in brackets, without the brackets.
    joined: String,
}

impl Words {
    /// None where the text is empty or names something that no column is for.
    fn of(text: &str) -> Option<Self> {
        let plain = squeeze(text);
        let without_brackets = without_brackets(&plain);
        let joined = plain.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕' | '*' | ':' | '：' | '、')).collect();
        (!plain.is_empty() && !NOT_COLUMNS.contains(&without_brackets.as_str())).then_some(Self { plain, without_brackets, joined })
    }

    fn trimmed(&self) -> &str {
        self.without_brackets.trim_matches(['*', ':', '：'])
    }

    /// The column of which this is a whole header.
    fn exact(&self, kind: DocumentKind) -> Option<&'static str> {
        let trimmed = self.trimmed();
        let find = |text: &str| whole_header(kind, text);
        end_in_brackets(kind, &self.plain)
            .or_else(|| find(&self.joined))
            .or_else(|| find(trimmed))
            .or_else(|| ["万元", "元/人", "元", "人", "名", "天", "节"].iter().find_map(|unit| trimmed.strip_suffix(unit).and_then(find)))
    }
}

/// Spans of time whose end a bracket may name.
pub const SPANS: [&str; 6] = ["培训时间", "上课时间", "授课时间", "时间", "培训日期", "起止时间"];

/// `上课时间（起）`, `培训时间（止）`: which end of a span a header's brackets or last character mean.
fn end_in_brackets(kind: DocumentKind, plain: &str) -> Option<&'static str> {
    let (start, end) = match kind {
        DocumentKind::Ledger => ("opens_on", "ends_on"),
        DocumentKind::Timetable => ("start", "end"),
        _ => return None,
    };
    let (before, inside) = plain.strip_suffix(')')?.rsplit_once('(')?;
    if !SPANS.contains(&before) {
        return None;
    }
    match inside {
        "起" | "始" | "开始" | "开班" | "自" => Some(start),
        "止" | "终" | "结束" | "结业" | "至" => Some(end),
        _ => None,
    }
}

/// The canonical name of a header of two rows: what the child says, read under its parent.
fn likeness_of_pair(kind: DocumentKind, parent: &str, child: &str) -> Option<(&'static str, Likeness)> {
    if let Some(name) = told::column(kind, child).or_else(|| told::column(kind, parent)) {
        return Some((name, Likeness::Told)).filter(|(name, _)| !name.is_empty());
    }
    let (parent, child) = (without_brackets(&squeeze(parent)), squeeze(child));
    if child.is_empty() || parent == child {
        return likeness(kind, &parent);
    }
    if NOT_COLUMNS.contains(&child.as_str()) || has(&child, &["合格", "取证", "就业", "发证", "鉴定"]) {
        return None;
    }
    if kind == DocumentKind::Ledger {
        // 计划 and 实际 under a date: the child says which of the two.
        let planned_or_not = [("计划", true), ("拟", true), ("预计", true), ("实际", false)].into_iter().find(|(word, _)| child == *word);
        if let Some((_, is_planned)) = planned_or_not
            && let Some((name @ ("opens_on" | "ends_on"), _)) = likeness(kind, &parent)
        {
            return Some((name, if is_planned { Likeness::Planned } else { Likeness::Exact }));
        }
        // 计划 and 实际 over the same dates and numbers: a child says what, its parent which of the two.
        let is_planned = has(&parent, &["计划", "拟", "预计"]) && !parent.contains('实');
        if (is_planned || has(&parent, &["实际"])) && has(&child, &["人", "数"]) {
            return Some((if is_planned { "planned" } else { "actual" }, Likeness::Exact));
        }
        let planned_date = |(name, rank)| (name, if is_planned && ["opens_on", "ends_on"].contains(&name) { Likeness::Planned } else { rank });
        // A child that says it all needs no parent; a telephone or a name is whose the parent says.
        let alone = likeness(kind, &child).filter(|(_, rank)| *rank == Likeness::Exact);
        if let Some(found) = alone.filter(|(name, _)| child.chars().count() >= 4 && !["phone", "contact"].contains(name)) {
            return Some(planned_date(found));
        }
        if let Some((_, children)) = FAMILIES.iter().find(|(words, _)| has(&parent, words)) {
            let named = children.iter().find(|(words, _)| has(&child, words)).map(|(_, name)| *name);
            return named.filter(|name| !name.is_empty()).map(|name| planned_date((name, Likeness::Exact))).or(alone.filter(|_| named.is_none()));
        }
        if parent.is_empty() || is_planned || has(&parent, &["实际"]) {
            let dates = FAMILIES.first().map_or(&[][..], |(_, children)| children);
            if let Some((_, name)) = dates.iter().find(|(words, _)| has(&child, words)) {
                return Some(planned_date((name, Likeness::Exact)));
            }
        }
    }
    let name = canonical(kind, &format!("{parent}{child}")).or_else(|| canonical(kind, &child)).or_else(|| canonical(kind, &parent))?;
    Some((name, Likeness::Exact))
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Reads the row as a header, alone or with the one below; answers the better reading.
pub fn header_at(sheet: &Sheet, row: usize, kind: DocumentKind) -> Header {
    let single = read_header(sheet, row, row, kind);
    let filled = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default().iter().filter(|cell| !cell.is_empty()).count();
    if filled > 2 && looks_like_words(sheet, row) && looks_like_words(sheet, row + 1) {
        let double = read_header(sheet, row, row + 1, kind);
        // Where the lower row says it all by itself, the upper one is something else.
        let lower = read_header(sheet, row + 1, row + 1, kind);
        if double.columns.len() > single.columns.len().max(lower.columns.len()) || has_children(sheet, row) && fitness(kind, &double) > 0 {
            return with_a_third(sheet, row, kind, &double).unwrap_or(double);
        }
    }
    single
}

/// A header of three rows, whose first mostly parts the table (基本情况, 培训情况), where it says more than its first two.
fn with_a_third(sheet: &Sheet, row: usize, kind: DocumentKind, double: &Header) -> Option<Header> {
    if !looks_like_words(sheet, row + 2) {
        return None;
    }
    let triple = read_header(sheet, row, row + 2, kind);
    (triple.columns.len() > double.columns.len() && fitness(kind, &triple) > 0).then_some(triple)
}

/// Whether a cell merged over several columns stands over different words: a parent and its children, whatever they are called.
fn has_children(sheet: &Sheet, row: usize) -> bool {
    sheet.merges.of_row(row).filter(|m| m.0 == row && m.2 == row && m.3 > m.1).any(|m| {
        let texts: Vec<&str> = (m.1..=m.3).map(|column| sheet.cell(row + 1, column).map_or("", |cell| cell.text.as_str())).collect();
        texts.iter().all(|text| !text.trim().is_empty()) && texts.windows(2).all(|pair| pair[0] != pair[1])
    })
}

/// A second header row holds words, not data: no digits in most of its cells.
fn looks_like_words(sheet: &Sheet, row: usize) -> bool {
    let cells: Vec<_> = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default().iter().filter(|cell| !cell.is_empty()).collect();
    !cells.is_empty()
        && cells.iter().all(|cell| {
            cell.text.len() <= LONGEST_HEAD
                && cell.number.is_none()
                && cell.moment.is_none()
                && cell.text.chars().filter(char::is_ascii_digit).count() < 3
        })
}

/// No table of these offices has more columns, and no header more bytes: beyond them nobody looks for one.
pub const WIDEST: usize = 512;
const LONGEST_HEAD: usize = 600;

/// What a header's cell shows; nothing where it is too long for one.
fn head_text(sheet: &Sheet, row: usize, column: usize) -> &str {
    Some(sheet.merged_text(row, column)).filter(|text| text.len() <= LONGEST_HEAD).unwrap_or("")
}

fn read_header(sheet: &Sheet, first_row: usize, last_row: usize, kind: DocumentKind) -> Header {
    let width = (first_row..=last_row).filter_map(|row| sheet.rows.get(row)).map(Vec::len).max().unwrap_or(0).min(WIDEST);
    let mut header = Header { first_row, last_row, ..Header::default() };
    let mut ranks: BTreeMap<&'static str, Likeness> = BTreeMap::new();
    let mut parent = String::new();
    for column in 0..width {
        let top = head_text(sheet, first_row, column).to_owned();
        let (found, text) = if first_row == last_row {
            (likeness(kind, &top), top)
        } else {
            let mut child = head_text(sheet, last_row, column).to_owned();
            let mut top = top;
            if last_row == first_row + 2 {
                // Of three rows the lowest that says something is the child, the one above it its parent.
                let middle = head_text(sheet, first_row + 1, column).to_owned();
                let is_lowest = !child.trim().is_empty() && child != middle;
                (top, child) = match (is_lowest, middle.trim().is_empty()) {
                    (_, true) => (top, child),
                    (true, false) => (middle, child),
                    (false, false) => (top, middle),
                };
            }
            // Where merges are not reported (csv) a parent stands over the empty cells after it.
            parent = if top.trim().is_empty() && !child.trim().is_empty() { parent } else { top };
            let is_one = child.trim().is_empty() || child == parent;
            let found = if is_one { likeness(kind, &parent) } else { likeness_of_pair(kind, &parent, &child) };
            (found, if is_one { parent.clone() } else { format!("{parent} {child}").trim().to_owned() })
        };
        let is_told = told::column(kind, &text).is_some();
        let text = told::written(&text).replace(['\n', '\r'], "");
        let Some((name, rank)) = found else {
            if text.contains("人数") && text.trim().ends_with(['男', '女']) {
                header.sexes.push(column);
                continue;
            }
            if !text.trim().is_empty() && !is_told {
                header.unknown.push((column, text));
            }
            continue;
        };
        let is_hidden = |name: &str| header.columns.get(name).is_some_and(|(column, _)| sheet.hidden_columns.contains(column));
        header.exact += usize::from(rank >= Likeness::Exact);
        match ranks.get(name).copied() {
            None => _ = header.columns.insert(name, (column, text)),
            Some(known) if known < rank || known == rank && is_hidden(name) && !sheet.hidden_columns.contains(&column) => {
                if let Some(previous) = header.columns.insert(name, (column, text)) {
                    header.lesser.push(previous);
                }
            }
            Some(_) if name == "teachers" => {
                header.more_teachers.push(column);
                continue;
            }
            // A cell merged over several columns is one header, not a second one.
            Some(_) => {
                let is_same_cell = |known: &usize| sheet.merges.over(first_row, column).is_some_and(|m| m.1 <= *known && *known <= m.3);
                if header.columns.get(name).is_none_or(|(at, known)| *known != text || !is_same_cell(at) && sheet.tells_merges) {
                    header.lesser.push((column, text));
                }
                continue;
            }
        }
        ranks.insert(name, rank);
    }
    header
}

/// How well a header fits its kind; 0 where what the kind can't do without is missing.
fn fitness(kind: DocumentKind, header: &Header) -> usize {
    let has = |name: &str| header.columns.contains_key(name);
    let essential = match kind {
        DocumentKind::Ledger => {
            let who = usize::from(has("institution")) + usize::from(has("class_name")) + usize::from(has("occupation"));
            let when = has("opens_on") || has("ends_on") || has("period") || has("planned") || has("actual");
            who >= 2 && when && !has("date")
        }
        DocumentKind::Timetable => {
            let timed = has("time") || has("start");
            has("date") && (has("course") || has("teachers")) || has("course") && timed && (has("weekday") || has("teachers") || has("venue"))
        }
        DocumentKind::Roster => has("name") && (has("id") || has("sex") && has("category")),
        DocumentKind::Attendance => {
            let counts = has("present") || has("absent") || has("expected");
            has("date") && counts || has("name") && (counts || has("mark") && has("date"))
        }
        DocumentKind::Checks => {
            let answers = ["retired", "dead", "serving"].iter().any(|name| has(name)) || has("insurance") && has("insured_state");
            (has("name") || has("id")) && (has("result") || answers)
        }
        DocumentKind::Export => {
            let class = has("class_code") || has("class_name") && has("institution");
            class && (has("state") || has("system") || has("name") && has("id"))
        }
        DocumentKind::History => {
            (has("name") || has("id")) && (has("paid_on") || has("year")) && (has("amount") || has("occupation") || has("training_type"))
        }
        DocumentKind::TeachingPlan => {
            (has("course") || has("module")) && (has("theory_hours") || has("practice_hours") || has("hours")) && !has("class_code")
        }
    };
    // A row of data may hold a telling word or two; a header is known by at least some of its words as a whole.
    if essential && header.exact >= 2 { header.columns.len() + header.exact } else { 0 }
}

/// The best header of a kind in the first rows of a sheet.
pub fn find_header(sheet: &Sheet, kind: DocumentKind) -> Option<Header> {
    let rows = 0..sheet.rows.len().min(40);
    let headers = rows.filter_map(|row| is_header_row(sheet, row, kind));
    // The first of the best: a header repeated further down is the same one again.
    headers.max_by_key(|header| (fitness(kind, header), std::cmp::Reverse(header.first_row)))
}

/// Whether a row is a header of this kind (again). Asked of every row of a table, so the cheap questions come first: a
/// header has no numbers and dates (but for a stray one), and two whole words in its row or is one of two rows of words.
pub fn is_header_row(sheet: &Sheet, row: usize, kind: DocumentKind) -> Option<Header> {
    let is_value = |cell: &&Cell| cell.number.is_some() || cell.moment.is_some();
    if sheet.rows.get(row).is_some_and(|cells| cells.iter().filter(is_value).nth(1).is_some()) {
        return None;
    }
    if !(has_whole_words(sheet, row, kind) || looks_like_words(sheet, row) && looks_like_words(sheet, row + 1)) {
        return None;
    }
    let header = header_at(sheet, row, kind);
    (fitness(kind, &header) > 0).then_some(header)
}

/// Whether two columns of a row are headed by whole words, as `fitness` asks of a header in one row.
fn has_whole_words(sheet: &Sheet, row: usize, kind: DocumentKind) -> bool {
    let width = sheet.rows.get(row).map_or(0, Vec::len).min(WIDEST);
    (0..width).filter(|column| is_whole_word(kind, head_text(sheet, row, *column))).nth(1).is_some()
}

fn is_whole_word(kind: DocumentKind, text: &str) -> bool {
    match told::column(kind, text) {
        Some(name) => !name.is_empty(),
        None => may_begin_header(kind, text) && Words::of(text).is_some_and(|words| words.exact(kind).is_some()),
    }
}

/// What a sheet is, by its headers: documents that name people are known by what they say of them, the others by what they fit best.
pub fn recognise(sheet: &Sheet, week: Week) -> Option<DocumentKind> {
    use DocumentKind::{Attendance, Checks, Export, History, Ledger, Roster, TeachingPlan, Timetable};
    if super::attendance::find_head(sheet, week).is_some() {
        return Some(Attendance);
    }
    let mut found: BTreeMap<DocumentKind, Option<Header>> = BTreeMap::new();
    let mut header = |kind| found.entry(kind).or_insert_with(|| find_header(sheet, kind)).clone();
    let score = |kind, header: &Option<Header>| header.as_ref().map_or(0, |header| fitness(kind, header));
    let ledger = header(Ledger);
    let has = |header: &Option<Header>, name: &str| header.as_ref().is_some_and(|header| header.column(name).is_some());
    let has_course_of_dates = ["opens_on", "ends_on", "period", "occupation"].iter().any(|name| has(&ledger, name));
    if !has_course_of_dates && Some(header(Attendance)).is_some_and(|header| has(&header, "date") && has(&header, "expected")) {
        return Some(Attendance);
    }
    let roster = header(Roster);
    let has_people = has(&roster, "name") && has(&roster, "id");
    for kind in [Checks, History, Attendance] {
        if (has_people || score(Ledger, &ledger) == 0) && score(kind, &header(kind)) > 0 {
            return Some(kind);
        }
    }
    if has_people {
        return Some(if is_export(sheet) { Export } else { Roster });
    }
    let best =
        [Ledger, Timetable, Roster].into_iter().max_by_key(|kind| score(*kind, &header(*kind))).filter(|kind| score(*kind, &header(*kind)) > 0);
    if best == Some(Ledger) || best.is_none() && score(Export, &header(Export)) > 0 {
        return Some(if best.is_none() || is_export(sheet) { Export } else { Ledger });
    }
    if best == Some(Roster) {
        return best;
    }
    let has_grid = (0..sheet.rows.len().min(60)).any(|row| super::grid::looks_like_head(sheet, row));
    if has_grid {
        return Some(Timetable);
    }
    best.or_else(|| (score(TeachingPlan, &header(TeachingPlan)) > 0).then_some(TeachingPlan))
}

/// Whether a table came out of a system: it says so, or has a state and the system's number for each line and nothing that
/// only a county fills in.
fn is_export(sheet: &Sheet) -> bool {
    let Some(header) = find_header(sheet, DocumentKind::Export) else { return false };
    let title: String = (0..header.first_row).map(|row| squeeze(&sheet.line(row))).collect();
    let says_so = has(&format!("{title}{}", sheet.name), &["导出", "信息管理系统", "服务平台", "监管平台", "管理平台"]);
    let ledger = header_at(sheet, header.first_row, DocumentKind::Ledger);
    let is_filled_in =
        ["in_system", "daily_check_on", "subsidy_amount", "phone", "contact_phone", "county"].iter().any(|n| ledger.columns.contains_key(n));
    says_so || header.column("state").is_some() && header.column("class_code").is_some() && !is_filled_in && !has(&title, &["台账", "填报"])
}

/// Whether a sheet can be read as the kind that was asked for, though it looks more like another: exports look like ledgers
/// and rosters.
pub fn can_be(sheet: &Sheet, kind: DocumentKind) -> bool {
    kind == DocumentKind::Export && find_header(sheet, kind).is_some()
}
