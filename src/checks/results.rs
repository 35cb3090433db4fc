//! Checks of what the insurance side answered about the trainees of a roster.

use super::index::Classes;
use super::{at_source, key, row_list};
use crate::domain::Severity::ShouldExplain;
use crate::domain::{CheckRow, Finding, IdNumber, LedgerRow, Person, RosterRow};
use std::collections::{HashMap, HashSet};

/// What an answer means, whatever its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResultClass {
    Dead,
    /// In prison or in custody.
    Serving,
    /// Retired, or drawing a pension of employees.
    Retired,
    /// Insured as someone's employee（职工）.
    Employed,
    /// In order, or nothing stated.
    Other,
    /// A suspicion, or what may follow from a death or a sentence: to be looked into, no fact.
    Doubtful,
    /// Something is stated, and we don't know what it means: never taken as being in order.
    Unknown,
}

const SUSPECTED: &[&str] = &["疑似", "可能", "存疑", "待核实", "户籍注销", "户口注销", "销户", "社区矫正", "缓刑", "假释"];
const EMPLOYED: &[&str] = &[
    "职工参保",
    "职工养老",
    "职工基本养老",
    "职工社保",
    "职保",
    "单位参保",
    "企业参保",
    "企业养老",
    "企业在保",
    "企业职工",
    "参保缴费",
    "机关事业",
    "在职",
    "城镇职工",
];
/// Words of answers that say everything is in order, or that a person is insured as a resident or by themselves.
const IN_ORDER: &[&str] = &[
    "正常",
    "通过",
    "符合",
    "合格",
    "一致",
    "居民",
    "城居",
    "灵活就业",
    "停保",
    "中断",
    "暂停",
    "终止",
    "释放",
    "无",
    "未",
    "非",
    "否",
    "没有",
    "不存在",
];
const NOT_IN_ORDER: &[&str] = &["不符合", "不通过", "未通过", "不合格", "不一致", "异常", "不正常", "非正常", "无此人", "无法", "未知", "未查到此人"];

/// Reads an answer. A word after a denial（未死亡、无服刑记录、非在职）says the opposite and counts for nothing.
pub fn result_class(text: &str) -> ResultClass {
    let text = key(text);
    let says = |words: &[&str]| words.iter().any(|word| text.match_indices(word).any(|(at, _)| !is_denied(&text[..at])));
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // 是否死亡：是 — the question's own 否 denies nothing, so only a plain answer no is taken as one.
    let asks = text.contains("是否") && !text.ends_with(['否', '无']);
    if says(SUSPECTED) {
        ResultClass::Doubtful
    } else if says(&["死亡", "去世", "已故", "亡故"]) {
        ResultClass::Dead
    } else if says(&["服刑", "在押", "羁押", "监禁"]) && !says(&["刑满释放", "已释放"]) {
        ResultClass::Serving
    } else if says(&["退休", "职工养老金", "领取养老金", "享受待遇", "养老待遇", "离休"]) && !names(&["居民", "城居"]) {
        ResultClass::Retired
    } else if says(EMPLOYED) && !names(&["居民", "城居", "灵活就业", "未参保", "停保", "中断", "暂停", "终止"]) {
        ResultClass::Employed
    } else if text.is_empty()
        || (names(IN_ORDER) && !says(NOT_IN_ORDER) && !asks)
        || ["n", "0", "×", "/", "-", "—"].contains(&text.to_lowercase().as_str())
    {
        ResultClass::Other
    } else {
        ResultClass::Unknown
    }
}

/// Whether what stands before a word, in the same clause, denies it.
fn is_denied(before: &str) -> bool {
    let before = ["不符合:", "不符合：", "不通过:", "不通过：", "异常:", "异常："]
        .iter()
        .find_map(|verdict| before.split_once(verdict))
        .map_or(before, |(_, after)| after);
    let clause = before.rsplit(['，', ',', '；', ';', '。', '、', '/']).next().unwrap_or_default();
    ["未", "无", "非", "否", "不", "没", "排除"].iter().any(|word| clause.contains(word))
}

/// The roster's people by number, and by a name that only one of them has.
struct People<'a> {
    ids: HashMap<&'a IdNumber, &'a RosterRow>,
    names: HashMap<String, Option<&'a RosterRow>>,
}

impl<'a> People<'a> {
    fn new(roster: &'a [RosterRow]) -> Self {
        let mut people = Self { ids: HashMap::new(), names: HashMap::new() };
        for row in roster {
            if let Some(id) = &row.person.id {
                people.ids.entry(id).or_insert(row);
            }
            if let Some(name) = &row.person.name {
                people.names.entry(key(name.reveal())).and_modify(|known| *known = None).or_insert(Some(row));
            }
        }
        people
    }

    /// By number; by name where the answer or the trainee has none.
    fn find(&self, person: &Person) -> Option<&'a RosterRow> {
        let by_name = || self.names.get(&key(person.name.as_ref()?.reveal())).copied().flatten();
        match &person.id {
            Some(id) => self.ids.get(id).copied().or_else(|| by_name().filter(|row| row.person.id.is_none())),
            None => by_name(),
        }
    }
}

/// The rows of a roster about whose people an answer of one class was given; with the row of the answer.
fn answered<'a>(checks: &'a [CheckRow], roster: &'a [RosterRow], class: ResultClass) -> Vec<(&'a RosterRow, &'a CheckRow)> {
    let told: Vec<&CheckRow> = checks.iter().filter(|check| check.result.as_deref().map(result_class) == Some(class)).collect();
    if told.is_empty() {
        return Vec::new();
    }
    let people = People::new(roster);
    let mut seen = HashSet::new();
    let mut rows: Vec<(&RosterRow, &CheckRow)> = told.into_iter().filter_map(|check| Some((people.find(&check.person)?, check))).collect();
    // Rows of several documents may have one place, so they are told apart by where they lie.
    rows.retain(|(row, _)| seen.insert(std::ptr::from_ref(*row)));
    rows
}

/// The values of a finding at a row of the roster: where the answer stands and of which day it is.
fn values(check: &CheckRow) -> Vec<(&'static str, String)> {
    let checked = check.checked_on.map_or_else(|| "@value_no_day".to_owned(), |day| day.to_string());
    vec![("there", check.source.row.to_string()), ("checked", checked)]
}

/// On the roster, and told to be dead.
pub fn check_p1301_dead(checks: &[CheckRow], roster: &[RosterRow]) -> Vec<Finding> {
    let rows = answered(checks, roster, ResultClass::Dead);
    rows.into_iter().map(|(row, check)| at_source("P1301", ShouldExplain, &row.source, values(check))).collect()
}

/// On the roster, and told to be in prison.
pub fn check_p1302_serving(checks: &[CheckRow], roster: &[RosterRow]) -> Vec<Finding> {
    let rows = answered(checks, roster, ResultClass::Serving);
    rows.into_iter().map(|(row, check)| at_source("P1302", ShouldExplain, &row.source, values(check))).collect()
}

/// On the roster, and told to be retired.
pub fn check_p1303_retired(checks: &[CheckRow], roster: &[RosterRow]) -> Vec<Finding> {
    let rows = answered(checks, roster, ResultClass::Retired);
    rows.into_iter().map(|(row, check)| at_source("P1303", ShouldExplain, &row.source, values(check))).collect()
}

/// On the roster of a class that is not for employees, and told to be insured as one.
pub fn check_p1304_employed(checks: &[CheckRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let groups = Classes::new(ledger).group(roster);
    let is_for_employees =
        |row: &LedgerRow| row.training_type.as_deref().is_some_and(|kind| ["岗位", "学徒", "在职", "企业"].iter().any(|word| kind.contains(word)));
    let employees = groups.iter().filter(|group| group.ledger.is_some_and(is_for_employees)).flat_map(|group| &group.rows);
    let exempt: HashSet<*const RosterRow> = employees.map(|row| std::ptr::from_ref(*row)).collect();
    let rows = answered(checks, roster, ResultClass::Employed).into_iter();
    rows.filter(|(row, _)| !exempt.contains(&std::ptr::from_ref(*row)))
        .map(|(row, check)| at_source("P1304", ShouldExplain, &row.source, values(check)))
        .collect()
}

/// On the roster, with an answer that is a suspicion or may follow from a death or a sentence.
pub fn check_p1306_doubtful(checks: &[CheckRow], roster: &[RosterRow]) -> Vec<Finding> {
    let rows = answered(checks, roster, ResultClass::Doubtful);
    rows.into_iter().map(|(row, check)| at_source("P1306", ShouldExplain, &row.source, values(check))).collect()
}

/// On the roster, with an answer that we can't read: somebody has to.
pub fn check_p1307_unknown(checks: &[CheckRow], roster: &[RosterRow]) -> Vec<Finding> {
    let rows = answered(checks, roster, ResultClass::Unknown);
    rows.into_iter().map(|(row, check)| at_source("P1307", ShouldExplain, &row.source, values(check))).collect()
}

/// Trainees about whom no answer was given, told once for each class that has been checked at all.
pub fn check_p1305_without_check(checks: &[CheckRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let ids: HashSet<&IdNumber> = checks.iter().filter_map(|check| check.person.id.as_ref()).collect();
    let names = |is_wanted: fn(&CheckRow) -> bool| -> HashSet<String> {
        checks.iter().filter(|check| is_wanted(check)).filter_map(|check| check.person.name.as_ref()).map(|name| key(name.reveal())).collect()
    };
    let (all, unnumbered) = (names(|_| true), names(|check| check.person.id.is_none()));
    let is_checked = |row: &RosterRow| {
        let name = row.person.name.as_ref().map(|name| key(name.reveal()));
        match &row.person.id {
            Some(id) => ids.contains(id) || name.is_some_and(|name| unnumbered.contains(&name)),
            None => name.is_some_and(|name| all.contains(&name)),
        }
    };
    let mut findings = Vec::new();
    for group in Classes::new(ledger).group(roster) {
        let missing: Vec<&RosterRow> = group.rows.iter().filter(|row| !is_checked(row)).copied().collect();
        let Some(first) = missing.first().filter(|_| missing.len() < group.rows.len()) else { continue };
        let rows = row_list(missing.iter().map(|row| row.source.row));
        let values = vec![("class", group.shown()), ("count", missing.len().to_string()), ("rows", rows)];
        findings.push(at_source("P1305", ShouldExplain, &first.source, values));
    }
    findings
}
