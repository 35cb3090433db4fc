//! Checks of ledger rows against each other, and against the ledgers of other counties.

use super::index::ClassIndex;
use super::{Settings, at_row, bare, key, row_list};
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{ClassName, Finding, LedgerRow, Level};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// One telephone number for several institutions: named at the first of them.
pub fn check_l1123_shared_phone(rows: &[LedgerRow], settings: &Settings) -> Vec<Finding> {
    // Per number, the first row of each institution.
    let mut phones: HashMap<&str, BTreeMap<Cow<str>, &LedgerRow>> = HashMap::new();
    for row in rows {
        let (Some(phone), Some(institution)) = (row.phone.as_deref(), row.institution.as_deref()) else { continue };
        if phone.chars().any(|c| c.is_ascii_digit()) {
            phones.entry(phone).or_default().entry(bare(institution)).or_insert(row);
        }
    }
    let mut shared: Vec<Vec<&LedgerRow>> = phones.into_values().map(|rows| rows.into_values().collect()).collect();
    shared.retain(|rows| rows.len() >= settings.shared_phone_institutions.max(2));
    shared.iter_mut().for_each(|rows| rows.sort_by_key(|row| row.row));
    shared.sort_by_key(|rows| rows.first().map(|row| row.row));
    let finding = |rows: &Vec<&LedgerRow>| {
        let first = rows.first()?;
        let values = vec![("count", rows.len().to_string()), ("rows", row_list(rows.iter().map(|row| row.row)))];
        Some(at_row("L1123", ShouldExplain, first.sheet.as_ref(), first.row, values))
    };
    shared.iter().filter_map(finding).collect()
}

/// One institution's occupation, level and days under two names: two classes at once, or one told twice.
pub fn check_l1124_same_class_by_two_names(rows: &[LedgerRow]) -> Vec<Finding> {
    type Same<'a> = (Cow<'a, str>, Cow<'a, str>, Option<Level>, Date, Date);
    let mut first: HashMap<Same, (&String, u32)> = HashMap::new();
    let mut findings = Vec::new();
    for row in rows {
        let (Some(institution), Some(name), Some(occupation)) = (&row.institution, &row.class_name, &row.occupation) else { continue };
        let (Some(opens), Some(ends)) = (row.opens_on, row.ends_on) else { continue };
        let same = (bare(institution), bare(occupation), row.level, opens, ends);
        let (earlier_name, earlier) = first.entry(same).or_insert((name, row.row));
        if *earlier_name != name && bare(earlier_name) != bare(name) {
            let values = vec![("class", name.clone()), ("earlier", earlier.to_string())];
            findings.push(at_row("L1124", Information, row.sheet.as_ref(), row.row, values));
        }
    }
    findings
}

/// Two classes with one teacher in one venue on overlapping dates: each is named with the one before it.
pub fn check_l1125_same_teacher_and_venue(rows: &[LedgerRow]) -> Vec<Finding> {
    type Spans<'a> = Vec<(Date, Date, &'a LedgerRow)>;
    // By teacher first: few teach in more than one class.
    let mut teachers: HashMap<Cow<str>, Spans> = HashMap::with_capacity(rows.len());
    for row in rows.iter().filter(|row| row.venue.is_some()) {
        let (Some(opens), Some(ends)) = (row.opens_on, row.ends_on) else { continue };
        for teacher in row.teachers.iter().map(|teacher| bare(teacher)).filter(|teacher| super::is_name(teacher)) {
            teachers.entry(teacher).or_default().push((opens, ends, row));
        }
    }
    let mut pairs: BTreeMap<(u32, Option<&String>), &LedgerRow> = BTreeMap::new();
    for mut list in teachers.into_values().filter(|list| list.len() > 1) {
        list.sort_by_key(|(opens, _, row)| (*opens, row.row));
        // Per venue the class that runs longest so far.
        let mut longest: HashMap<Cow<str>, (Date, &LedgerRow)> = HashMap::new();
        for (opens, ends, row) in list {
            let venue = row.venue.as_deref().map(bare).unwrap_or_default();
            let known = longest.get(&venue).copied();
            if let Some((_, other)) = known.filter(|(until, other)| opens <= *until && other.class_name != row.class_name) {
                pairs.entry((row.row, row.sheet.as_ref())).and_modify(|known| *known = earlier(known, other)).or_insert(other);
            }
            if known.is_none_or(|(until, _)| until < ends) {
                longest.insert(venue, (ends, row));
            }
        }
    }
    let finding = |((row, sheet), other): ((u32, Option<&String>), &LedgerRow)| {
        let values = vec![("other", other.class_name.clone().unwrap_or_else(|| "@class_unnamed".to_owned())), ("earlier", other.row.to_string())];
        at_row("L1125", Information, sheet, row, values)
    };
    pairs.into_iter().map(finding).collect()
}

/// Of two rows the higher one, so that the order of a hash map is nobody's order.
fn earlier<'a>(a: &'a LedgerRow, b: &'a LedgerRow) -> &'a LedgerRow {
    if (b.row, &b.sheet) < (a.row, &a.sheet) { b } else { a }
}

/// A shorter number is a county's own count, not a system's.
const CODE_LENGTH: usize = 6;

/// A class that stands in another county's ledger too: by its number, or by credit code or institution and its name where
/// the dates of both may be those of one class.
pub fn check_l1301_one_class_in_two_counties(ours: &[LedgerRow], others: &[(&str, &[LedgerRow])]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (county, rows) in others {
        let index = ClassIndex::new(rows);
        let by_uscc: HashMap<(&str, String), usize> = rows.iter().enumerate().rev().filter_map(|(at, row)| Some((by_code(row)?, at))).collect();
        let finding = |row: &LedgerRow| {
            let name =
                |class_code: Option<String>, class_name: Option<String>| ClassName { institution: row.institution.clone(), class_name, class_code };
            let numbered =
                row.class_code.as_ref().filter(|code| code.len() >= CODE_LENGTH).and_then(|code| index.find(&name(Some(code.clone()), None)));
            let named = || row.institution.as_ref().and_then(|_| index.find(&name(None, row.class_name.clone())));
            let coded = || by_code(row).and_then(|code| by_uscc.get(&code).copied());
            let at = |at: Option<usize>| at.and_then(|at| rows.get(at));
            let other =
                at(numbered).or_else(|| at(coded()).or_else(|| at(named()).filter(|other| is_of(other, row))).filter(|o| may_be_one(row, o)))?;
            let values = vec![
                ("class", row.class_name.clone().or(row.class_code.clone()).unwrap_or_default()),
                ("county", (*county).to_owned()),
                ("other", other.row.to_string()),
            ];
            Some(at_row("L1301", ShouldExplain, row.sheet.as_ref(), row.row, values))
        };
        findings.extend(ours.iter().filter_map(finding));
    }
    findings.sort_by_key(|finding| finding.place.row);
    findings
}

fn by_code(row: &LedgerRow) -> Option<(&str, String)> {
    Some((row.uscc.as_deref()?, key(row.class_name.as_deref()?)))
}

/// Whether both rows name the very same institution; a class called 一期 is nothing special.
fn is_of(other: &LedgerRow, row: &LedgerRow) -> bool {
    other.institution.as_deref().map(key) == row.institution.as_deref().map(key)
}

/// Unknown dates may be any.
fn may_be_one(a: &LedgerRow, b: &LedgerRow) -> bool {
    let begins_after = |a: &LedgerRow, b: &LedgerRow| a.opens_on.zip(b.ends_on).is_some_and(|(opens, ends)| opens > ends);
    !begins_after(a, b) && !begins_after(b, a)
}
