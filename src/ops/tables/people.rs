//! Rosters, attendance, checks, exports and history out of the facts that submissions name.

use super::columns::Columns;
use super::{Codes, Sources, midnight, minute};
use crate::canon::{Code, Date, Result};
use crate::checks::{ResultClass, result_class};
use crate::domain::{DocumentKind, LedgerRow, Level, ReportingUnit};
use crate::facts::rows::FactRows;
use crate::ops::Office;
use crate::ops::receive::squeeze;
use crate::scoring::Tables;
use crate::store;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes after midnight at which a half-day is taken to begin.
const MORNING: i64 = 8 * 60;
const AFTERNOON: i64 = 14 * 60;
const EVENING: i64 = 19 * 60;
/// Digits of an ID number that name the city.
const CITY_DIGITS: usize = 4;

/// The first eight bytes of a digest written in hexadecimal digits.
pub fn key(digest: &str) -> Option<u64> {
    u64::from_str_radix(digest.get(..16)?, 16).ok()
}

/// A level as a number of the list in `domain`.
pub fn level(level: Level) -> u32 {
    match level {
        Level::Five => 5,
        Level::Four => 4,
        Level::Three => 3,
        Level::Two => 2,
        Level::One => 1,
        Level::SpecialAbility => 6,
        Level::Certificate => 7,
    }
}

fn level_named(text: &str) -> Option<u32> {
    const ALL: [Level; 7] = [Level::Five, Level::Four, Level::Three, Level::Two, Level::One, Level::SpecialAbility, Level::Certificate];
    ALL.into_iter().find(|known| known.as_str() == text).map(level)
}

/// One trainee of a roster.
struct Trainee {
    /// The row of the document, as people see it when they open it.
    row: u32,
    person: Option<u64>,
    phone: Option<u64>,
    address: Option<u64>,
    id_gap: Option<i64>,
    outside: Option<bool>,
    fit: Option<bool>,
}

/// One subsidy paid.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Payment {
    person: u64,
    occupation: Option<u32>,
    level: Option<u32>,
    institution: Option<u32>,
    paid_on: Date,
}

/// Rows of people, by what they are about: a later version's row replaces an earlier one's.
#[derive(Default)]
struct Found {
    rosters: BTreeMap<u32, (i64, Vec<Trainee>)>,
    /// By class and start: expected, present.
    attendance: BTreeMap<(u32, i64), (i64, i64, i64)>,
    checks: BTreeMap<(u32, u64), (u32, i64)>,
    /// Answers that name a person and no class: they are about every class whose roster has the person.
    loose_checks: BTreeMap<u64, (u32, i64)>,
    /// Found, compared, differing.
    system: BTreeMap<u32, (bool, i64, i64, i64)>,
    history: BTreeMap<Payment, i64>,
    has: BTreeSet<&'static str>,
}

/// Adds the tables of people; one of which no county ever sent a row stays absent.
pub async fn add(office: &Office, connection: &mut AnyConnection, tables: &mut Tables, codes: &mut Codes, sources: &Sources<'_>) -> Result<()> {
    let mut found = Found::default();
    let city = city_digits(sources.units);
    for submission in sources.newest {
        let at = minute(submission.at);
        for fact in store::fact::list(connection, submission).await? {
            let table = match fact.kind {
                DocumentKind::Roster => "roster",
                DocumentKind::Attendance => "attendance",
                DocumentKind::Checks => "check",
                DocumentKind::Export => "system",
                DocumentKind::History => "history",
                _ => continue,
            };
            let rows = office.facts.read_rows(fact.kind, submission.week, &submission.county, &fact.sha256)?;
            found.has.insert(table);
            match fact.kind {
                DocumentKind::Roster => found.add_rosters(&rows, codes, at, city.as_deref()),
                DocumentKind::Attendance => found.add_attendance(&rows, codes, at),
                DocumentKind::Checks => found.add_checks(&rows, codes, at),
                DocumentKind::History => found.add_history(&rows, codes, at),
                _ => {
                    let ledger = store::submission::list_rows(connection, submission).await?;
                    let ledger = ledger.iter().map(|stored| (&stored.unit, &stored.row));
                    found.add_system(&rows, codes, at, ledger);
                }
            }
        }
    }
    found.write(tables)
}

/// The digits with which ID numbers of the city begin, where all its counties have them in common.
fn city_digits(units: &[ReportingUnit]) -> Option<String> {
    let digits = |unit: &ReportingUnit| {
        let code = unit.county.as_str();
        (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| code.get(..CITY_DIGITS).map(str::to_owned)).flatten()
    };
    let mut all = units.iter().map(digits);
    let first = all.next()??;
    all.all(|other| other.as_deref() == Some(&first)).then_some(first)
}

/// The class of each row, where scoring knows it.
fn classes_of<'a>(rows: &'a FactRows, codes: &'a Codes) -> impl Fn(usize) -> Option<u32> + 'a {
    let unit = rows.text("unit");
    move |row| codes.classes.get(&Code::parse(unit(row)?).ok()?).copied()
}

fn date(text: Option<&str>) -> Option<Date> {
    text.and_then(|text| Date::parse(text).ok())
}

impl Found {
    fn add_rosters(&mut self, rows: &FactRows, codes: &Codes, at: i64, city: Option<&str>) {
        let class = classes_of(rows, codes);
        let (person, phone, address) = (rows.text("person"), rows.text("phone_digest"), rows.text("address_digest"));
        let (id_gap, masked, age_status) = (rows.number("id_gap"), rows.text("masked"), rows.text("age_status"));
        let number = rows.number("row");
        let mut fresh: BTreeMap<u32, Vec<Trainee>> = BTreeMap::new();
        for row in 0..rows.len() {
            let Some(class) = class(row) else { continue };
            let fit = match age_status(row) {
                Some("of_age") => Some(true),
                Some("too_young" | "retired") => Some(false),
                _ => None,
            };
            let outside = masked(row).and_then(|id| id.get(..CITY_DIGITS)).zip(city).map(|(own, city)| own != city);
            let digest = |of: Option<&str>| of.and_then(key);
            fresh.entry(class).or_default().push(Trainee {
                row: number(row).and_then(|number| u32::try_from(number).ok()).unwrap_or(0),
                person: digest(person(row)),
                phone: digest(phone(row)),
                address: digest(address(row)),
                id_gap: id_gap(row),
                outside,
                fit,
            });
        }
        self.rosters.extend(fresh.into_iter().map(|(class, trainees)| (class, (at, trainees))));
    }

    /// Counts of a whole class as they are stated, or else the marks of its people, half-day by half-day.
    fn add_attendance(&mut self, rows: &FactRows, codes: &Codes, at: i64) {
        let class = classes_of(rows, codes);
        let (day, half, mark) = (rows.text("date"), rows.text("half"), rows.text("mark"));
        let (expected, present) = (rows.number("expected"), rows.number("present"));
        let mut stated: BTreeMap<(u32, i64), (i64, i64)> = BTreeMap::new();
        let mut marked: BTreeMap<(u32, i64), (i64, i64)> = BTreeMap::new();
        for row in 0..rows.len() {
            let (Some(class), Some(date)) = (class(row), date(day(row))) else { continue };
            let starts = midnight(date)
                + match half(row) {
                    Some("morning") => MORNING,
                    Some("afternoon") => AFTERNOON,
                    Some("evening") => EVENING,
                    _ => 0,
                };
            if let Some(counts) = expected(row).zip(present(row)) {
                stated.insert((class, starts), counts);
            } else if let Some(mark) = mark(row) {
                let (all, there) = marked.entry((class, starts)).or_default();
                *all += 1;
                *there += i64::from(matches!(mark, "present" | "late" | "left_early"));
            }
        }
        marked.extend(stated);
        self.attendance.extend(marked.into_iter().map(|(session, (expected, present))| (session, (expected, present, at))));
    }

    fn add_checks(&mut self, rows: &FactRows, codes: &Codes, at: i64) {
        let class = classes_of(rows, codes);
        let (person, result) = (rows.text("person"), rows.text("result"));
        for row in 0..rows.len() {
            let Some(person) = person(row).and_then(key) else { continue };
            let result = result(row).map_or(255, |text| match result_class(text) {
                ResultClass::Other | ResultClass::Doubtful | ResultClass::Unknown => 0,
                ResultClass::Employed => 1,
                ResultClass::Retired => 2,
                ResultClass::Dead => 4,
                ResultClass::Serving => 5,
            });
            match class(row) {
                Some(class) => self.checks.insert((class, person), (result, at)),
                None => self.loose_checks.insert(person, (result, at)),
            };
        }
    }

    /// Payments; one of which only the year is known counts as the last of that year.
    fn add_history(&mut self, rows: &FactRows, codes: &mut Codes, at: i64) {
        let (person, paid_on, year) = (rows.text("person"), rows.text("paid_on"), rows.number("year"));
        let (occupation, institution, level) = (rows.text("occupation"), rows.text("institution"), rows.text("level"));
        for row in 0..rows.len() {
            let end_of_year = || Date::from_ymd(i32::try_from(year(row)?).ok()?, 12, 31);
            let (Some(person), Some(paid_on)) = (person(row).and_then(key), date(paid_on(row)).or_else(end_of_year)) else { continue };
            let (occupation, institution) = (codes.occupations.of_name(occupation(row)), codes.institutions.of_name(institution(row)));
            let payment = Payment { person, occupation, level: level(row).and_then(level_named), institution, paid_on };
            self.history.entry(payment).or_insert(at);
        }
    }

    /// Classes of the county's ledger in the system's export: whether each is there, and where both name a field, the same.
    fn add_system<'a>(&mut self, rows: &FactRows, codes: &Codes, at: i64, ledger: impl Iterator<Item = (&'a Code, &'a LedgerRow)>) {
        let unit = rows.text("unit");
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for row in 0..rows.len() {
            if let Some(unit) = unit(row) {
                first.entry(unit).or_insert(row);
            }
        }
        for (unit, row) in ledger {
            let Some(&class) = codes.classes.get(unit) else { continue };
            let place = first.get(unit.as_str()).copied();
            let (compared, differing) = place.map_or((0, 0), |place| differences(rows, place, row));
            self.system.insert(class, (place.is_some(), compared, differing, at));
        }
    }

    fn place_checks(&mut self) {
        for (&class, (_, trainees)) in &self.rosters {
            for person in trainees.iter().filter_map(|trainee| trainee.person) {
                if let Some(&answer) = self.loose_checks.get(&person) {
                    self.checks.entry((class, person)).or_insert(answer);
                }
            }
        }
    }

    fn write(mut self, tables: &mut Tables) -> Result<()> {
        self.place_checks();
        let has = self.has.clone();
        if has.contains("roster") {
            write_rosters(tables, &self.rosters)?;
        }
        if has.contains("attendance") {
            let rows: Vec<_> = self.attendance.into_iter().collect();
            let columns = Columns::default()
                .all("class", rows.iter().map(|(session, _)| session.0).collect::<Vec<_>>())
                .all("starts", rows.iter().map(|(session, _)| session.1).collect::<Vec<_>>())
                .all("expected", rows.iter().map(|(_, row)| row.0).collect::<Vec<_>>())
                .all("present", rows.iter().map(|(_, row)| row.1).collect::<Vec<_>>())
                .all("known_at", rows.iter().map(|(_, row)| row.2).collect::<Vec<_>>());
            tables.add("attendance", columns.frame()?)?;
        }
        if has.contains("check") {
            let rows: Vec<_> = self.checks.into_iter().collect();
            let columns = Columns::default()
                .all("class", rows.iter().map(|(about, _)| about.0).collect::<Vec<_>>())
                .all("person", rows.iter().map(|(about, _)| about.1).collect::<Vec<_>>())
                .all("result", rows.iter().map(|(_, row)| row.0).collect::<Vec<_>>())
                .all("known_at", rows.iter().map(|(_, row)| row.1).collect::<Vec<_>>());
            tables.add("check", columns.frame()?)?;
        }
        if has.contains("system") {
            let rows: Vec<_> = self.system.into_iter().collect();
            let columns = Columns::default()
                .all("class", rows.iter().map(|(class, _)| *class).collect::<Vec<_>>())
                .all("found", rows.iter().map(|(_, row)| row.0).collect::<Vec<_>>())
                .all("compared", rows.iter().map(|(_, row)| row.1).collect::<Vec<_>>())
                .all("differing", rows.iter().map(|(_, row)| row.2).collect::<Vec<_>>())
                .all("known_at", rows.iter().map(|(_, row)| row.3).collect::<Vec<_>>());
            tables.add("system", columns.frame()?)?;
        }
        if has.contains("history") { write_history(tables, self.history) } else { Ok(()) }
    }
}

/// Fields that the export and the ledger both state, and how many of them differ.
fn differences(rows: &FactRows, place: usize, row: &LedgerRow) -> (i64, i64) {
    let day = |on: Option<Date>| on.map(|on| on.to_string());
    let texts = [
        ("occupation", row.occupation.as_deref().map(squeeze)),
        ("level", row.level.map(|level| level.as_str().to_owned())),
        ("opens_on", day(row.opens_on)),
        ("ends_on", day(row.ends_on)),
    ];
    let numbers = [("planned", row.planned), ("actual", row.actual), ("hours", row.hours)];
    let text_pairs = texts.into_iter().filter_map(|(name, ours)| Some(rows.text(name)(place).map(squeeze)? != squeeze(&ours?)));
    let number_pairs = numbers.into_iter().filter_map(|(name, ours)| Some(rows.number(name)(place)? != ours?));
    text_pairs.chain(number_pairs).fold((0, 0), |(compared, differing), differs| (compared + 1, differing + i64::from(differs)))
}

/// The rows of the document; where a class stands in several, or on several sheets, its trainees are counted through.
fn row_numbers(trainees: &[Trainee]) -> Vec<u32> {
    let rows: Vec<u32> = trainees.iter().map(|trainee| trainee.row).collect();
    let is_one_sheet = rows.iter().collect::<BTreeSet<_>>().len() == rows.len();
    if is_one_sheet { rows } else { (1u32..).take(rows.len()).collect() }
}

fn write_rosters(tables: &mut Tables, rosters: &BTreeMap<u32, (i64, Vec<Trainee>)>) -> Result<()> {
    let rows: Vec<(u32, u32, &Trainee, i64)> = rosters
        .iter()
        .flat_map(|(&class, (at, trainees))| trainees.iter().zip(row_numbers(trainees)).map(move |(trainee, row)| (class, row, trainee, *at)))
        .collect();
    let columns = Columns::default()
        .all("class", rows.iter().map(|row| row.0).collect::<Vec<_>>())
        .all("row", rows.iter().map(|row| row.1).collect::<Vec<_>>())
        .all("person", rows.iter().map(|row| row.2.person).collect::<Vec<_>>())
        .all("phone", rows.iter().map(|row| row.2.phone).collect::<Vec<_>>())
        // No document that the office reads states an account.
        .all("account", vec![None::<u64>; rows.len()])
        .all("address", rows.iter().map(|row| row.2.address).collect::<Vec<_>>())
        .all("id_gap", rows.iter().map(|row| row.2.id_gap).collect::<Vec<_>>())
        .all("outside", rows.iter().map(|row| row.2.outside).collect::<Vec<_>>())
        .all("fit", rows.iter().map(|row| row.2.fit).collect::<Vec<_>>())
        .all("known_at", rows.iter().map(|row| row.3).collect::<Vec<_>>());
    tables.add("roster", columns.frame()?)
}

fn write_history(tables: &mut Tables, history: BTreeMap<Payment, i64>) -> Result<()> {
    let rows: Vec<(Payment, i64)> = history.into_iter().collect();
    let columns = Columns::default()
        .all("person", rows.iter().map(|(row, _)| row.person).collect::<Vec<_>>())
        .all("occupation", rows.iter().map(|(row, _)| row.occupation).collect::<Vec<_>>())
        .all("level", rows.iter().map(|(row, _)| row.level).collect::<Vec<_>>())
        .all("institution", rows.iter().map(|(row, _)| row.institution).collect::<Vec<_>>())
        .days("paid_on", rows.iter().map(|(row, _)| Some(row.paid_on)).collect())?
        .all("known_at", rows.iter().map(|(_, at)| *at).collect::<Vec<_>>());
    tables.add("history", columns.frame()?)
}
