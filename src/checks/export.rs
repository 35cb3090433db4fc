//! Checks of a provincial system's export against the ledger and the rosters.

use super::index::{Classes, Group, by_class};
use super::{at_row, at_source, key, row_list};
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{ExportRow, Finding, IdNumber, LedgerRow, RosterRow};
use std::collections::{BTreeSet, HashSet};

/// A class of the ledger that the system does not have. Where the ledger itself says that it was not entered, only told.
pub fn check_x1301_not_in_export(export: &[ExportRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    if export.is_empty() {
        return Vec::new();
    }
    let entered: BTreeSet<usize> = Classes::new(ledger).group(export).iter().map(|group| group.class).collect();
    let systems: BTreeSet<String> = export.iter().filter_map(|row| row.system.as_deref()).map(key).collect();
    let missing = ledger.iter().enumerate().filter(|(at, row)| !entered.contains(at) && is_of(row, &systems));
    let finding = |row: &LedgerRow| {
        let severity = if row.in_system == Some(false) { Information } else { ShouldExplain };
        let class = row.class_name.clone().unwrap_or_else(|| "@class_unnamed".to_owned());
        at_row("X1301", severity, row.sheet.as_ref(), row.row, vec![("class", class)])
    };
    missing.map(|(_, row)| finding(row)).collect()
}

/// Whether a class belongs into one of the systems exported, as far as both are named: there are two.
fn is_of(row: &LedgerRow, systems: &BTreeSet<String>) -> bool {
    let Some(named) = row.system_name.as_deref().map(key) else { return true };
    systems.is_empty() || systems.iter().any(|system| system.contains(&named) || named.contains(system.as_str()))
}

/// A class of the system that the ledger lacks, unless it ended before all that the ledger has.
pub fn check_x1302_not_in_ledger(export: &[ExportRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let earliest = ledger.iter().filter_map(|row| row.ends_on).min();
    let is_old = |group: &Group<ExportRow>| {
        let ends = group.rows.iter().find_map(|row| row.ends_on);
        ends.zip(earliest).is_some_and(|(ends, earliest)| ends < earliest)
    };
    let groups = Classes::new(ledger).group(export);
    let unknown = groups.iter().filter(|group| group.ledger.is_none() && !ledger.is_empty() && !is_old(group));
    unknown.filter_map(|group| Some(at_source("X1302", ShouldExplain, &group.rows.first()?.source, vec![("class", group.shown())]))).collect()
}

/// What the system and the ledger say differently of a class: each field, at the ledger's row.
pub fn check_x1303_field_differs(export: &[ExportRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for group in Classes::new(ledger).group(export) {
        let Some(row) = group.ledger else { continue };
        for (field, ours, theirs) in differing(row, &group.rows) {
            let values = vec![("class", group.shown()), ("field", field.to_owned()), ("ours", ours), ("theirs", theirs)];
            findings.push(at_row("X1303", ShouldExplain, row.sheet.as_ref(), row.row, values));
        }
    }
    findings.sort_by_key(|finding| finding.place.row);
    findings
}

type Difference = (&'static str, String, String);

/// Fields that both tell, and tell differently. Lines about trainees repeat the class: the first that tells a field counts.
fn differing(row: &LedgerRow, lines: &[&ExportRow]) -> Vec<Difference> {
    fn first<'a, T>(lines: &[&'a ExportRow], field: impl Fn(&'a ExportRow) -> Option<T>) -> Option<T> {
        lines.iter().find_map(|line| field(line))
    }
    let number = |ours: Option<i64>, theirs: Option<i64>| ours.zip(theirs).filter(|(a, b)| a != b).map(|(a, b)| (a.to_string(), b.to_string()));
    let day = |ours: Option<Date>, theirs: Option<Date>| ours.zip(theirs).filter(|(a, b)| a != b).map(|(a, b)| (a.to_string(), b.to_string()));
    // 电工 and 电工（五级） are one occupation.
    let text = |ours: Option<&String>, theirs: Option<&String>| {
        let differs = |(a, b): &(&String, &String)| !key(a).contains(&key(b)) && !key(b).contains(&key(a));
        ours.zip(theirs).filter(differs).map(|(a, b)| (a.clone(), b.clone()))
    };
    let level = row.level.zip(first(lines, |line| line.level)).filter(|(a, b)| a != b);
    let fields = [
        ("@field_uscc", text(row.uscc.as_ref(), first(lines, |line| line.uscc.as_ref()))),
        ("@field_occupation", text(row.occupation.as_ref(), first(lines, |line| line.occupation.as_ref()))),
        ("@field_level", level.map(|(a, b)| (a.as_str().to_owned(), b.as_str().to_owned()))),
        ("@field_planned", number(row.planned, first(lines, |line| line.planned))),
        ("@field_actual", number(row.actual, first(lines, |line| line.actual))),
        ("@field_hours", number(row.hours, first(lines, |line| line.hours))),
        ("@field_applied", day(row.applied_on, first(lines, |line| line.applied_on))),
        ("@field_reviewed", day(row.reviewed_on, first(lines, |line| line.reviewed_on))),
        ("@field_opens", day(row.opens_on, first(lines, |line| line.opens_on))),
        ("@field_ends", day(row.ends_on, first(lines, |line| line.ends_on))),
    ];
    fields.into_iter().filter_map(|(field, both)| both.map(|(ours, theirs)| (field, ours, theirs))).collect()
}

/// Trainees of a roster whom the system does not have in the class, where it has trainees of it at all.
pub fn check_x1304_trainee_not_in_export(export: &[ExportRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut classes = Classes::new(ledger);
    let exported = classes.group(export);
    let exported = by_class(&exported);
    let mut findings = Vec::new();
    for group in classes.group(roster) {
        let ids: HashSet<&IdNumber> = exported.get(&group.class).into_iter().flat_map(|g| &g.rows).filter_map(|row| row.person.id.as_ref()).collect();
        let missing: Vec<&RosterRow> = group.rows.iter().filter(|row| row.person.id.as_ref().is_some_and(|id| !ids.contains(id))).copied().collect();
        if let Some(first) = missing.first().filter(|_| !ids.is_empty()) {
            let rows = row_list(missing.iter().map(|row| row.source.row));
            findings.push(at_source("X1304", ShouldExplain, &first.source, people(group.shown(), missing.len(), rows)));
        }
    }
    findings
}

/// Trainees whom the system has in a class and its roster lacks, where there is a roster.
pub fn check_x1305_trainee_not_on_roster(export: &[ExportRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut classes = Classes::new(ledger);
    let rosters = classes.group(roster);
    let rosters = by_class(&rosters);
    let mut findings = Vec::new();
    for group in classes.group(export) {
        let ids: HashSet<&IdNumber> = rosters.get(&group.class).into_iter().flat_map(|g| &g.rows).filter_map(|row| row.person.id.as_ref()).collect();
        let missing: Vec<&ExportRow> = group.rows.iter().filter(|row| row.person.id.as_ref().is_some_and(|id| !ids.contains(id))).copied().collect();
        if let Some(first) = missing.first().filter(|_| !ids.is_empty()) {
            let rows = row_list(missing.iter().map(|row| row.source.row));
            findings.push(at_source("X1305", ShouldExplain, &first.source, people(group.shown(), missing.len(), rows)));
        }
    }
    findings
}

fn people(class: String, count: usize, rows: String) -> Vec<(&'static str, String)> {
    vec![("class", class), ("count", count.to_string()), ("rows", rows)]
}
