//! Checks of trainees' rosters: alone, against the ledger, and one class's against another's.
//!
//! No finding shows a name, a number or a telephone: rows say enough to whoever holds the roster.

use super::index::{Classes, Group};
use super::retirement::{AgeStatus, age_on, age_status};
use super::{Settings, at_row, at_source, row_list};
use crate::canon::Date;
use crate::domain::Severity::{Information, ShouldExplain};
use crate::domain::{Finding, IdNumber, IdStatus, LedgerRow, PersonalText, RosterRow, Sex};
use std::collections::{BTreeMap, HashMap, HashSet};

/// One class's trainees beside what the ledger has of the class.
pub struct ClassRoster<'a> {
    /// The class's name as people know it.
    pub class: String,
    pub ledger: Option<&'a LedgerRow>,
    pub rows: Vec<&'a RosterRow>,
}

impl ClassRoster<'_> {
    fn opens_on(&self) -> Option<Date> {
        self.ledger.and_then(|row| row.opens_on)
    }

    fn ends_on(&self) -> Option<Date> {
        self.ledger.and_then(|row| row.ends_on)
    }

    fn ids(&self) -> impl Iterator<Item = (&IdNumber, &RosterRow)> {
        self.rows.iter().filter_map(|row| row.person.id.as_ref().map(|id| (id, *row)))
    }
}

/// A county's rosters by class, each with its row of the ledger.
pub fn class_rosters<'a>(rows: &'a [RosterRow], ledger: &'a [LedgerRow]) -> Vec<ClassRoster<'a>> {
    let groups = Classes::new(ledger).group(rows);
    groups.into_iter().map(|group: Group<'a, RosterRow>| ClassRoster { class: group.shown(), ledger: group.ledger, rows: group.rows }).collect()
}

/// Sex as stated against the 17th digit of the number.
pub fn check_r1101_stated_sex(rows: &[RosterRow]) -> Vec<Finding> {
    let finding = |row: &RosterRow| {
        let (stated, id) = row.sex.as_deref().zip(row.person.id.as_ref())?;
        let is_male = id.sex() == Sex::Male;
        let differs = if is_male { stated == "女" || stated == "女性" } else { stated == "男" || stated == "男性" };
        differs.then(|| at_source("R1101", ShouldExplain, &row.source, Vec::new()))
    };
    rows.iter().filter_map(finding).collect()
}

/// Age as stated, more than a year off the age that the number gives on the opening day.
pub fn check_r1102_stated_age(rosters: &[ClassRoster]) -> Vec<Finding> {
    each_dated(rosters, |opens, id, row| {
        let stated = row.age?;
        let age = age_on(id.born_on(), opens);
        let values = || vec![("stated", stated.to_string()), ("opens", opens.to_string())];
        (stated.saturating_sub(age).unsigned_abs() > 1).then(|| at_source("R1102", ShouldExplain, &row.source, values()))
    })
}

/// Findings of rows with a number in classes whose opening day is known.
fn each_dated(rosters: &[ClassRoster], finding: impl Fn(Date, &IdNumber, &RosterRow) -> Option<Finding>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for roster in rosters {
        let Some(opens) = roster.opens_on() else { continue };
        findings.extend(roster.ids().filter_map(|(id, row)| finding(opens, id, row)));
    }
    findings
}

/// Numbers of one region and birthday whose serials follow on each other（连号）. Serials of one sex go by twos, and so
/// do those of neighbours at a registration desk; twins are two.
pub fn check_r1103_adjacent_ids(rosters: &[ClassRoster], settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for roster in rosters {
        let mut ids: Vec<(&IdNumber, &RosterRow)> = roster.ids().collect();
        ids.sort_by(|a, b| a.0.cmp(b.0));
        ids.dedup_by(|a, b| a.0 == b.0);
        let follows = |a: &(&IdNumber, &RosterRow), b: &(&IdNumber, &RosterRow)| a.0.is_born_with(b.0) && b.0.serial() - a.0.serial() <= 2;
        for run in ids.chunk_by(follows).filter(|run| run.len() >= settings.adjacent_ids.max(2)) {
            findings.extend(about_rows("R1103", run.iter().map(|(_, row)| *row), &roster.class));
        }
    }
    findings
}

/// One finding about several rows of a class, at the first of them.
fn about_rows<'r>(code: &'static str, rows: impl Iterator<Item = &'r RosterRow>, class: &str) -> Option<Finding> {
    let mut rows: Vec<&RosterRow> = rows.collect();
    rows.sort_by_key(|row| row.source.row);
    let first = rows.first()?;
    let values = vec![("class", class.to_owned()), ("count", rows.len().to_string()), ("rows", row_list(rows.iter().map(|row| row.source.row)))];
    Some(at_source(code, ShouldExplain, &first.source, values))
}

/// One telephone number for several trainees of a class.
pub fn check_r1104_shared_phone(rosters: &[ClassRoster], settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for roster in rosters {
        let mut phones: BTreeMap<&PersonalText, Vec<&RosterRow>> = BTreeMap::new();
        for row in roster.rows.iter().filter(|row| row.person.id_status != IdStatus::Duplicate) {
            let phone = row.person.phone.as_ref().filter(|phone| phone.reveal().chars().filter(char::is_ascii_digit).count() >= 7);
            if let Some(phone) = phone {
                phones.entry(phone).or_default().push(row);
            }
        }
        let shared = phones.into_values().filter(|rows| rows.len() >= settings.shared_phone_trainees.max(2));
        findings.extend(shared.filter_map(|rows| about_rows("R1104", rows.into_iter(), &roster.class)));
    }
    findings.sort_by_key(|finding: &Finding| finding.place.row);
    findings
}

/// As many subsidies stated as a person may have in a year.
pub fn check_r1105_stated_subsidies(rows: &[RosterRow], settings: &Settings) -> Vec<Finding> {
    let finding = |row: &RosterRow| {
        let stated = row.subsidies.filter(|stated| *stated >= settings.subsidies_a_year)?;
        let values = vec![("stated", stated.to_string()), ("max", settings.subsidies_a_year.to_string())];
        Some(at_source("R1105", ShouldExplain, &row.source, values))
    };
    rows.iter().filter_map(finding).collect()
}

/// A roster of a class that the ledger lacks, or of none: named once.
pub fn check_r1301_class_not_in_ledger(rosters: &[ClassRoster]) -> Vec<Finding> {
    let unknown = rosters.iter().filter(|roster| roster.ledger.is_none());
    let finding = |roster: &ClassRoster| Some(at_source("R1301", ShouldExplain, &roster.rows.first()?.source, vec![("class", roster.class.clone())]));
    unknown.filter_map(finding).collect()
}

/// How many people a roster has, each once.
fn headcount(roster: &ClassRoster) -> i64 {
    super::count(roster.rows.iter().filter(|row| row.person.id_status != IdStatus::Duplicate).count())
}

/// The roster's people are not as many as the ledger says are trained.
pub fn check_r1302_headcount(rosters: &[ClassRoster]) -> Vec<Finding> {
    let finding = |roster: &ClassRoster| {
        let (row, count) = (roster.ledger?, headcount(roster));
        let actual = row.actual.filter(|actual| *actual != count)?;
        let values = vec![("class", roster.class.clone()), ("count", count.to_string()), ("actual", actual.to_string())];
        Some(at_row("R1302", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rosters.iter().filter_map(finding).collect()
}

/// The roster has more people than the class was approved for. A ledger that says so itself has L1109.
pub fn check_r1303_more_than_planned(rosters: &[ClassRoster]) -> Vec<Finding> {
    let finding = |roster: &ClassRoster| {
        let (row, count) = (roster.ledger?, headcount(roster));
        let planned = row.planned.filter(|planned| count > *planned && row.actual.is_none_or(|actual| actual <= *planned))?;
        let values = vec![("class", roster.class.clone()), ("count", count.to_string()), ("planned", planned.to_string())];
        Some(at_row("R1303", ShouldExplain, row.sheet.as_ref(), row.row, values))
    };
    rosters.iter().filter_map(finding).collect()
}

fn with_status(rosters: &[ClassRoster], settings: &Settings, status: AgeStatus, finding: impl Fn(Date, &RosterRow) -> Finding) -> Vec<Finding> {
    each_dated(rosters, |opens, id, row| (age_status(id.born_on(), id.sex(), opens, settings) == status).then(|| finding(opens, row)))
}

/// Younger than 16 on the opening day.
pub fn check_r1304_too_young(rosters: &[ClassRoster], settings: &Settings) -> Vec<Finding> {
    with_status(rosters, settings, AgeStatus::TooYoung, |opens, row| {
        let values = vec![("opens", opens.to_string()), ("youngest", settings.youngest.to_string())];
        at_source("R1304", ShouldExplain, &row.source, values)
    })
}

/// Past statutory retirement on the opening day, a woman by either class.
pub fn check_r1305_retired(rosters: &[ClassRoster], settings: &Settings) -> Vec<Finding> {
    with_status(rosters, settings, AgeStatus::Retired, |opens, row| {
        at_source("R1305", ShouldExplain, &row.source, vec![("opens", opens.to_string())])
    })
}

/// A woman past the 50 class's retirement and not past the 55 class's: the number alone can't tell.
pub fn check_r1306_age_to_judge(rosters: &[ClassRoster], settings: &Settings) -> Vec<Finding> {
    with_status(rosters, settings, AgeStatus::NeedsJudgement, |opens, row| {
        at_source("R1306", Information, &row.source, vec![("opens", opens.to_string())])
    })
}

/// One person in two classes that run at the same time: told at the class that opens later, with the one that runs longest
/// beside it.
pub fn check_r1310_person_in_two_classes(rosters: &[ClassRoster]) -> Vec<Finding> {
    type Stay<'a> = (Date, Date, usize, &'a RosterRow);
    let mut people: HashMap<&IdNumber, Vec<Stay>> = HashMap::new();
    for (at, roster) in rosters.iter().enumerate() {
        let Some((opens, ends)) = roster.opens_on().zip(roster.ends_on()) else { continue };
        for (id, row) in roster.ids() {
            people.entry(id).or_default().push((opens, ends, at, row));
        }
    }
    let mut pairs: Vec<(usize, &RosterRow, usize, &RosterRow)> = Vec::new();
    for mut stays in people.into_values().filter(|stays| stays.len() > 1) {
        stays.sort_by_key(|(opens, _, at, row)| (*opens, *at, row.source.row));
        let mut longest: Option<Stay> = None;
        for stay in stays {
            if let Some(other) = longest.filter(|other| other.2 != stay.2 && stay.0 <= other.1) {
                pairs.push((stay.2, stay.3, other.2, other.3));
            }
            longest = longest.filter(|other| other.1 >= stay.1).or(Some(stay));
        }
    }
    // The order of a hash map is nobody's order.
    pairs.sort_by_key(|(at, row, other, _)| (*at, row.source.row, *other));
    let name = |at: usize| rosters.get(at).map(|roster| roster.class.clone()).unwrap_or_default();
    let finding = |(at, row, other, there): (usize, &RosterRow, usize, &RosterRow)| {
        let values = vec![("class", name(at)), ("other", name(other)), ("there", there.source.row.to_string())];
        at_source("R1310", ShouldExplain, &row.source, values)
    };
    pairs.into_iter().map(finding).collect()
}

/// A trainee who has the name of a teacher or contact of the same institution. Namesakes are common: only told.
pub fn check_r1311_staff_as_trainee(rosters: &[ClassRoster], ledger: &[LedgerRow]) -> Vec<Finding> {
    let mut staff: HashMap<String, HashSet<String>> = HashMap::new();
    for row in ledger {
        let Some(institution) = row.institution.as_deref().map(super::key) else { continue };
        let names = row.teachers.iter().chain(&row.contact).filter(|name| super::is_name(name)).map(|name| super::key(name));
        staff.entry(institution).or_default().extend(names);
    }
    let mut findings = Vec::new();
    for roster in rosters {
        let institution = roster.ledger.and_then(|row| row.institution.as_deref()).map(super::key);
        let Some(names) = institution.and_then(|institution| staff.get(&institution)) else { continue };
        let is_staff = |row: &&&RosterRow| row.person.name.as_ref().is_some_and(|name| names.contains(&super::key(name.reveal())));
        findings.extend(roster.rows.iter().filter(is_staff).map(|row| at_source("R1311", Information, &row.source, Vec::new())));
    }
    findings
}
