//! I1–I7: what is known of the institution and of its county's reporting, whatever the class.

use super::city::{City, Signal};
use super::days::{date_of, halving, months_until, quarter};
use super::evidence::{Collected, Evidence, EvidenceRow};
use super::signal::count;
use crate::canon::Result;
use std::collections::{BTreeMap, BTreeSet};

/// I1: the rate to be expected of an institution never visited, in permille × visits, and the visits that it weighs as
/// much as: `(s + m·p0)/(n + m)` with m = 10 and p0 = 50 ‰.
const EXPECTED: i64 = 500;
const EXPECTED_WEIGHT: i64 = 10_000;
/// I2: the interval in days in which everyone is to be visited once; the ramp is of its multiples.
const INTERVAL: i64 = 180;
/// I3: what a new institution has.
const NEW: i64 = 500;
/// I5: candidates of a year from which a rate says something.
const TAKEN: i64 = 20;
const YEAR: i32 = 365;
/// I7: the deadlines looked back upon, and what each kind of fault weighs, in permille.
const SUBMISSIONS: usize = 8;
const SUBMISSION_MISSING: i64 = 1000;
const SUBMISSION_LATE: i64 = 500;
const CORRECTION: i64 = 125;
const CORRECTIONS: i64 = 2;

/// The value of each class's institution; None is missing, as it is where the institution isn't known.
fn by_institution(city: &City, value: impl Fn(u32) -> Option<(i64, i64)>) -> Signal {
    let classes = city.classes();
    let mut known: BTreeMap<u32, Option<(i64, i64)>> = BTreeMap::new();
    let mut signal = Signal::missing(classes.len());
    for class in classes.frame() {
        let Some(institution) = classes.institution[class] else { continue };
        if let Some((permille, n)) = *known.entry(institution).or_insert_with(|| value(institution)) {
            signal.set(class, permille, n);
        }
    }
    signal
}

/// I1, earlier violations: severities found at visits before the freeze's day, halved for every year that has passed
/// since, shrunken towards 5 %; `ramp(rate; .05, .40)`. An institution never visited is as expected. Missing without
/// the institution or any visit table.
pub fn i1(city: &City) -> Result<Signal> {
    let today = city.frozen_days();
    let mut found: BTreeMap<u32, (i64, i64, i64)> = BTreeMap::new();
    let known = city.tables().read("visit", &["institution", "on", "severity"], |part| {
        let (institutions, days, severities) = (part.codes("institution")?, part.days("on")?, part.integers("severity")?);
        for ((&institution, &on), &severity) in institutions.values.iter().zip(days.values).zip(severities.values) {
            if on < today {
                let weight = halving(months_until(on, today));
                let (sum, visits, bad) = found.entry(institution).or_default();
                *sum = sum.saturating_add(severity.saturating_mul(weight).div_euclid(1000));
                *visits += weight;
                *bad += i64::from(severity > 0);
            }
        }
        Ok(())
    })?;
    Ok(by_institution(city, |institution| {
        let (sum, visits, bad) = found.get(&institution).copied().unwrap_or_default();
        let rate = sum.saturating_add(EXPECTED).saturating_mul(1000).div_euclid(visits + EXPECTED_WEIGHT);
        known.then(|| (city.ramp("I1").at(rate, 1000), bad))
    }))
}

/// I2, long uninspected: `ramp(days since the last visit / 180; 1, 2)`; without one, since the institution's first
/// class opened. Missing without the institution or any visit table, or when neither is known.
pub fn i2(city: &City) -> Result<Signal> {
    let (since, known) = (quiet_since(city)?, city.tables().has("visit"));
    Ok(by_institution(city, |institution| {
        if !known {
            // Nobody is told to be uninspected by an office that keeps no visits.
            return None;
        }
        let days = i64::from(city.frozen_days()) - i64::from(*since.get(&institution)?);
        Some((city.ramp("I2").at(days, INTERVAL), days))
    }))
}

/// Per institution the day since which nobody came.
fn quiet_since(city: &City) -> Result<BTreeMap<u32, i32>> {
    let (classes, today) = (city.classes(), city.frozen_days());
    let (mut opened, mut visited) = (BTreeMap::new(), BTreeMap::new());
    for (institution, &opens_on) in classes.institution.iter().zip(&classes.opens_on) {
        if let (Some(institution), Some(opens_on)) = (*institution, opens_on.filter(|&day| day <= today)) {
            opened.entry(institution).and_modify(|first: &mut i32| *first = opens_on.min(*first)).or_insert(opens_on);
        }
    }
    city.tables().read("visit", &["institution", "on"], |part| {
        for (&institution, &on) in part.codes("institution")?.values.iter().zip(part.days("on")?.values).filter(|(_, on)| **on <= today) {
            visited.entry(institution).and_modify(|last: &mut i32| *last = on.max(*last)).or_insert(on);
        }
        Ok(())
    })?;
    opened.extend(visited);
    Ok(opened)
}

/// Seats of institutions by quarter.
struct Seats {
    of: BTreeMap<(u32, i64), i64>,
    /// The quarter of the freeze, and the first of which any class is known.
    this: i64,
    earliest: i64,
}

impl Seats {
    fn read(city: &City) -> Self {
        let classes = city.classes();
        let this = quarter(city.frozen_days());
        let mut seats = Self { of: BTreeMap::new(), this, earliest: this };
        // Many classes open on the same few days.
        let mut quarters: BTreeMap<i32, i64> = BTreeMap::new();
        for class in 0..classes.len() {
            let Some(opens_on) = classes.opens_on[class] else { continue };
            let quarter = *quarters.entry(opens_on).or_insert_with(|| quarter(opens_on));
            seats.earliest = seats.earliest.min(quarter);
            let asked = classes.planned[class].or(classes.actual[class]).filter(|&seats| seats > 0);
            if let Some((institution, asked)) = classes.institution[class].zip(asked) {
                let sum = seats.of.entry((institution, quarter)).or_default();
                *sum = sum.saturating_add(asked);
            }
        }
        seats
    }

    /// Whether what is known reaches back over four quarters: else nobody is new.
    fn is_long(&self) -> bool {
        self.earliest <= self.this - 4
    }

    fn in_quarter(&self, institution: u32, quarter: i64) -> i64 {
        self.of.get(&(institution, quarter)).copied().unwrap_or(0)
    }

    /// Of the four quarters before that of the freeze, the oldest first.
    fn before(&self, institution: u32) -> [i64; 4] {
        [4, 3, 2, 1].map(|back| self.in_quarter(institution, self.this - back))
    }
}

/// I3, new institution, sudden growth: `ramp(seats this quarter / median of the last 4; 2, 5)`, 500 for an institution
/// without classes in those four or with a median of nothing.
///
/// The quarter is that of the freeze; seats are of classes opening in it, as known. Missing without the institution, or
/// while the classes known of all institutions don't reach back over the four quarters: then nobody is new. Limit: a
/// burst over a quarter's end is halved.
pub fn i3(city: &City) -> Result<Signal> {
    let seats = Seats::read(city);
    Ok(by_institution(city, |institution| {
        if !seats.is_long() {
            return None;
        }
        let (now, mut before) = (seats.in_quarter(institution, seats.this), seats.before(institution));
        before.sort_unstable();
        let twice_median = before[1].saturating_add(before[2]);
        let permille = if twice_median == 0 { NEW } else { city.ramp("I3").at(now.saturating_mul(2), twice_median) };
        Some((permille, now))
    }))
}

/// I4, complaints: of each source the weightiest, halved for every half-year; `ramp(sum; 0, 3)` in verified complaints.
/// Missing without the institution or any complaint table.
pub fn i4(city: &City) -> Result<Signal> {
    let today = city.frozen_days();
    let mut sources: BTreeMap<(u32, u64), i64> = BTreeMap::new();
    let known = city.tables().read("complaint", &["institution", "source", "on", "weight"], |part| {
        let (institutions, keys) = (part.codes("institution")?, part.keys("source")?);
        let (days, weights) = (part.days("on")?, part.integers("weight")?);
        for (row, (&institution, &source)) in institutions.values.iter().zip(keys.values).enumerate() {
            if let Some((on, weight)) = days.get(row).zip(weights.get(row)) {
                let weight = weight.saturating_mul(halving(2 * months_until(on, today))).div_euclid(1000);
                sources.entry((institution, source)).and_modify(|known| *known = weight.max(*known)).or_insert(weight);
            }
        }
        Ok(())
    })?;
    Ok(by_institution(city, |institution| {
        let of: Vec<i64> = sources.range((institution, 0)..=(institution, u64::MAX)).map(|(_, &weight)| weight).collect();
        let sum = of.iter().fold(0i64, |sum, &weight| sum.saturating_add(weight));
        known.then(|| (city.ramp("I4").at(sum, 1000), count(of.len())))
    }))
}

/// I5, examination anomalies: the institution's rate of passes in the occupation over the last year above that of all
/// institutions; `ramp(excess; 0, .2)`. Missing with fewer than twenty candidates.
pub fn i5(city: &City) -> Result<Signal> {
    let (classes, today) = (city.classes(), city.frozen_days());
    let mut of_pair: BTreeMap<(u32, u32), (i64, i64)> = BTreeMap::new();
    let mut of_all: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    city.tables().read("exam", &["institution", "occupation", "on", "taken", "passed"], |part| {
        let (institutions, occupations, days) = (part.codes("institution")?, part.codes("occupation")?, part.days("on")?);
        let (taken, passed) = (part.integers("taken")?, part.integers("passed")?);
        for (row, (&institution, &occupation)) in institutions.values.iter().zip(occupations.values).enumerate() {
            if !days.get(row).is_some_and(|on| on <= today && on > today.saturating_sub(YEAR)) {
                continue;
            }
            let (taken, passed) = (taken.get(row).unwrap_or(0), passed.get(row).unwrap_or(0));
            for sum in [of_pair.entry((institution, occupation)).or_default(), of_all.entry(occupation).or_default()] {
                *sum = (sum.0.saturating_add(taken), sum.1.saturating_add(passed));
            }
        }
        Ok(())
    })?;
    let rate = |(taken, passed): (i64, i64)| passed.saturating_mul(1000).checked_div_euclid(taken).unwrap_or(0);
    Ok(Signal::of_frame(classes, |class| {
        let pair = (classes.institution[class]?, classes.occupation[class]?);
        let ours = *of_pair.get(&pair).filter(|(taken, _)| *taken >= TAKEN)?;
        let excess = rate(ours) - rate(of_all.get(&pair.1).copied().unwrap_or_default());
        Some((city.ramp("I5").at(excess, 1000), ours.1))
    }))
}

/// I6, subcontracting: 1000 if another institution has the same contact, account or site in the register. Missing
/// without the institution or its entry.
pub fn i6(city: &City) -> Result<Signal> {
    let register = Register::read(city)?;
    Ok(by_institution(city, |institution| {
        let others = register.sharing_with(institution)?.len();
        Some((if others > 0 { 1000 } else { 0 }, count(others)))
    }))
}

/// The register of institutions, both ways. A key stands with its kind: a contact is no account.
struct Register {
    keys: BTreeMap<u32, BTreeSet<(u8, u64)>>,
    institutions: BTreeMap<(u8, u64), BTreeSet<u32>>,
}

impl Register {
    fn read(city: &City) -> Result<Self> {
        let mut register = Self { keys: BTreeMap::new(), institutions: BTreeMap::new() };
        city.tables().read("register", &["institution", "contact", "account", "site"], |part| {
            let columns = [part.keys("contact")?, part.keys("account")?, part.keys("site")?];
            for (row, &institution) in part.codes("institution")?.values.iter().enumerate() {
                let keys = register.keys.entry(institution).or_default();
                for (kind, column) in (0u8..).zip(&columns) {
                    if let Some(key) = column.get(row) {
                        keys.insert((kind, key));
                        register.institutions.entry((kind, key)).or_default().insert(institution);
                    }
                }
            }
            Ok(())
        })?;
        Ok(register)
    }

    /// Other institutions with a key of this one; None if it isn't registered.
    fn sharing_with(&self, institution: u32) -> Option<BTreeSet<u32>> {
        let shared = self.keys.get(&institution)?.iter().filter_map(|key| self.institutions.get(key)).flatten().copied();
        Some(shared.filter(|&other| other != institution).collect())
    }
}

/// How a county reported for one week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Submission {
    pub due: Option<i64>,
    pub week: i32,
    pub county: u32,
    received: Option<i64>,
    versions: i64,
}

/// Submissions but those not yet due; one received after the freeze had not come.
pub(super) fn submissions(city: &City) -> Result<Vec<Submission>> {
    let frozen = city.tables().frozen_minute();
    let mut found = Vec::new();
    city.tables().read("submission", &["county", "week", "due", "received", "versions"], |part| {
        let (counties, weeks, versions) = (part.codes("county")?, part.days("week")?, part.integers("versions")?);
        let (due, received) = (part.integers("due")?, part.integers("received")?);
        for (row, (&county, &week)) in counties.values.iter().zip(weeks.values).enumerate() {
            let received = received.get(row).filter(|&received| received <= frozen);
            let versions = received.and(versions.get(row)).unwrap_or(0);
            let due = due.get(row);
            if due.is_none_or(|due| due <= frozen) {
                found.push(Submission { due, week, county, received, versions });
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// I7, ledger late, missing or often corrected: over the county's last eight deadlines, the mean of 1000 for a missing
/// list, 500 for a late one, and 125 for each correction up to two, at most 1000 (our own ramp). The same for all
/// classes of a county. Missing before the first deadline. Limit: an honest correction costs too, so its weight is small.
pub fn i7(city: &City) -> Result<Signal> {
    let counties = last_deadlines(city)?;
    let classes = city.classes();
    Ok(Signal::of_frame(classes, |class| {
        let rows = counties.get(&classes.county[class])?;
        let faults: Vec<i64> = rows.iter().map(fault).filter(|&fault| fault > 0).collect();
        Some((city.ramp("I7").at(faults.iter().sum(), count(rows.len()) * 1000), count(faults.len())))
    }))
}

/// The last submissions with a deadline of each county, the latest first.
fn last_deadlines(city: &City) -> Result<BTreeMap<u32, Vec<Submission>>> {
    let mut counties: BTreeMap<u32, Vec<Submission>> = BTreeMap::new();
    for submission in submissions(city)?.into_iter().filter(|submission| submission.due.is_some()) {
        counties.entry(submission.county).or_default().push(submission);
    }
    for rows in counties.values_mut() {
        rows.sort_unstable_by(|a, b| b.cmp(a));
        rows.truncate(SUBMISSIONS);
    }
    Ok(counties)
}

/// 0…1000 for one submission.
fn fault(submission: &Submission) -> i64 {
    let Some(received) = submission.received else { return SUBMISSION_MISSING };
    let late = if submission.due.is_some_and(|due| received > due) { SUBMISSION_LATE } else { 0 };
    late + submission.versions.saturating_sub(1).clamp(0, CORRECTIONS) * CORRECTION
}

/// Visits (I1, I2), quarters (I3), complaints (I4), others in the register (I6), weeks at fault (I7).
pub(super) fn evidence(city: &City, id: &str, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let classes = city.classes();
    let rows_of: BTreeMap<u32, Vec<EvidenceRow>> = match id {
        "I1" | "I2" => dated_rows(city, "visit", "severity")?,
        "I4" => dated_rows(city, "complaint", "weight")?,
        "I3" => growth_rows(city),
        "I7" => fault_rows(city)?,
        _ => BTreeMap::new(),
    };
    let mut found = Collected::new();
    for class in classes.frame().filter(|&class| is_wanted(class)) {
        let key = if id == "I7" { Some(classes.county[class]) } else { classes.institution[class] };
        for (place, row) in key.and_then(|key| rows_of.get(&key)).into_iter().flatten().enumerate() {
            found.add(class, place, row.clone());
        }
    }
    Ok(found.finish())
}

/// Rows of an institution that have a day and a weight, the latest first.
fn dated_rows(city: &City, table: &'static str, weight: &'static str) -> Result<BTreeMap<u32, Vec<EvidenceRow>>> {
    let mut dated: BTreeMap<u32, Vec<(i32, i64)>> = BTreeMap::new();
    city.tables().read(table, &["institution", "on", weight], |part| {
        let (institutions, days, weights) = (part.codes("institution")?, part.days("on")?, part.integers(weight)?);
        for ((&institution, &on), &weight) in institutions.values.iter().zip(days.values).zip(weights.values) {
            dated.entry(institution).or_default().push((on, weight));
        }
        Ok(())
    })?;
    let rows = |mut dated: Vec<(i32, i64)>| {
        dated.sort_unstable_by(|a, b| b.cmp(a));
        dated.into_iter().map(|(on, weight)| EvidenceRow::on(table, on).number(weight)).collect()
    };
    Ok(dated.into_iter().map(|(institution, dated)| (institution, rows(dated))).collect())
}

/// Seats of this quarter and of the four before.
fn growth_rows(city: &City) -> BTreeMap<u32, Vec<EvidenceRow>> {
    let seats = Seats::read(city);
    let institutions: BTreeSet<u32> = if seats.is_long() { city.classes().institution.iter().flatten().copied().collect() } else { BTreeSet::new() };
    let row = |institution: u32| {
        let now = EvidenceRow::of("seats").number(seats.in_quarter(institution, seats.this));
        seats.before(institution).into_iter().fold(now, EvidenceRow::number)
    };
    institutions.into_iter().map(|institution| (institution, vec![row(institution)])).collect()
}

/// Weeks in which a county was silent, late or corrected itself.
fn fault_rows(city: &City) -> Result<BTreeMap<u32, Vec<EvidenceRow>>> {
    let what = |submission: &Submission| match (submission.received, submission.due) {
        (None, _) => "week_missing",
        (Some(received), Some(due)) if received > due => "week_late",
        _ => "week_corrected",
    };
    let week = |submission: &Submission| {
        let at = Some(date_of(i64::from(submission.week)).week().to_string());
        EvidenceRow { at, ..EvidenceRow::of(what(submission)) }.number(submission.versions)
    };
    let rows = |rows: Vec<Submission>| rows.iter().filter(|submission| fault(submission) > 0).map(week).collect();
    Ok(last_deadlines(city)?.into_iter().map(|(county, of)| (county, rows(of))).collect())
}
