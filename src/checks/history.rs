//! Checks of earlier subsidies against the rosters of now.

use super::index::{Classes, Group, by_class};
use super::{Settings, at_source, count, key};
use crate::domain::Severity::ShouldExplain;
use crate::domain::{Finding, HistoryRow, IdNumber, LedgerRow, RosterRow};
use std::collections::{HashMap, HashSet};

/// Payments of each person, and the class that each was for by the ledger's count.
struct Payments<'a> {
    by_person: HashMap<&'a IdNumber, Vec<(usize, &'a HistoryRow)>>,
    rosters: Vec<Group<'a, RosterRow>>,
}

impl<'a> Payments<'a> {
    fn new(history: &'a [HistoryRow], roster: &'a [RosterRow], ledger: &'a [LedgerRow]) -> Self {
        let mut classes = Classes::new(ledger);
        let mut by_person: HashMap<&IdNumber, Vec<(usize, &HistoryRow)>> = HashMap::new();
        for group in classes.group(history) {
            for row in group.rows {
                if let Some(id) = &row.person.id {
                    by_person.entry(id).or_default().push((group.class, row));
                }
            }
        }
        Self { by_person, rosters: classes.group(roster) }
    }

    /// Each trainee of a known class with what they were paid for other classes.
    fn of_other_classes(&self) -> impl Iterator<Item = (&'a LedgerRow, &'a RosterRow, Vec<&'a HistoryRow>)> {
        let people = self.rosters.iter().flat_map(|group| group.rows.iter().map(move |row| (group, *row)));
        people.filter_map(|(group, row)| {
            let paid = self.by_person.get(row.person.id.as_ref()?)?;
            Some((group.ledger?, row, paid.iter().filter(|(class, _)| *class != group.class).map(|(_, row)| *row).collect()))
        })
    }
}

/// Someone was paid for the same occupation and level before.
pub fn check_h1301_same_training_before(history: &[HistoryRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let finding = |(class, row, paid): (&LedgerRow, &RosterRow, Vec<&HistoryRow>)| {
        let occupation = key(class.occupation.as_deref()?);
        let is_same = |paid: &&&HistoryRow| paid.occupation.as_deref().map(key).as_ref() == Some(&occupation) && paid.level == class.level;
        let earlier = paid.iter().find(is_same)?;
        let year = earlier.year.map_or_else(|| "@value_no_day".to_owned(), |year| year.to_string());
        let values = vec![("occupation", class.occupation.clone()?), ("year", year), ("there", earlier.source.row.to_string())];
        Some(at_source("H1301", ShouldExplain, &row.source, values))
    };
    Payments::new(history, roster, ledger).of_other_classes().filter_map(finding).collect()
}

/// Someone already had as many subsidies in the year of this class as a person may have.
pub fn check_h1302_subsidies_in_year(history: &[HistoryRow], roster: &[RosterRow], ledger: &[LedgerRow], settings: &Settings) -> Vec<Finding> {
    let finding = |(class, row, paid): (&LedgerRow, &RosterRow, Vec<&HistoryRow>)| {
        let year = i64::from(class.opens_on?.year());
        let had = count(paid.iter().filter(|paid| paid.year == Some(year)).count());
        let values = vec![("year", year.to_string()), ("count", had.to_string()), ("max", settings.subsidies_a_year.to_string())];
        (had >= settings.subsidies_a_year).then(|| at_source("H1302", ShouldExplain, &row.source, values))
    };
    Payments::new(history, roster, ledger).of_other_classes().filter_map(finding).collect()
}

/// Payments for a class of the ledger that are not its standard: told once for each amount.
pub fn check_h1303_amount_against_standard(history: &[HistoryRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for group in Classes::new(ledger).group(history) {
        let Some(standard) = group.ledger.and_then(|row| row.subsidy_standard) else { continue };
        let mut seen = HashSet::new();
        for row in &group.rows {
            let Some(amount) = row.amount.filter(|amount| *amount != standard && seen.insert(*amount)) else { continue };
            let values = vec![("class", group.shown()), ("amount", amount.to_string()), ("standard", standard.to_string())];
            findings.push(at_source("H1303", ShouldExplain, &row.source, values));
        }
    }
    findings
}

/// Someone was paid for a class of the ledger and stands on no roster of it, where there is one.
pub fn check_h1304_paid_without_roster(history: &[HistoryRow], roster: &[RosterRow], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut classes = Classes::new(ledger);
    let rosters = classes.group(roster);
    let rosters = by_class(&rosters);
    let mut findings = Vec::new();
    for group in classes.group(history).iter().filter(|group| group.ledger.is_some()) {
        let trainees = rosters.get(&group.class).into_iter().flat_map(|group| &group.rows);
        let ids: HashSet<&IdNumber> = trainees.filter_map(|row| row.person.id.as_ref()).collect();
        let strangers = group.rows.iter().filter(|row| row.person.id.as_ref().is_some_and(|id| !ids.contains(id)));
        findings
            .extend(strangers.filter(|_| !ids.is_empty()).map(|row| at_source("H1304", ShouldExplain, &row.source, vec![("class", group.shown())])));
    }
    findings
}
