//! The definitions of `docs/SIGNALS.md` read as literally as can be, slowly, for towns of a few classes.

use super::{Row, Town};
use std::collections::{BTreeMap, BTreeSet};

type Value = Option<(i64, i64)>;

trait Signed {
    fn signed(self) -> i64;
}

impl Signed for usize {
    fn signed(self) -> i64 {
        i64::try_from(self).expect("a small number")
    }
}

/// Permille and n of every class; None where missing or outside the frame.
pub fn values(town: &Town, id: &str) -> Vec<Value> {
    let literal = Literal { town };
    let classes = town.of("class");
    let value = |class: &Row| (class["in_frame"] == 1).then(|| literal.value(id, class["class"])).flatten();
    classes.iter().map(value).collect()
}

fn ramp(a: i64, b: i64, from: i64, to: i64) -> i64 {
    ((1000 * a - from * b) * 1000).div_euclid(b * (to - from)).clamp(0, 1000)
}

fn median(mut numbers: Vec<i64>) -> i64 {
    numbers.sort_unstable();
    numbers[(numbers.len() - 1) / 2]
}

struct Literal<'a> {
    town: &'a Town,
}

impl Literal<'_> {
    fn value(&self, id: &str, class: i64) -> Value {
        match id {
            "R1" => self.r1(class),
            "R2" => self.r2(class),
            "R3" => self.r3(class),
            "R4" | "R5" => self.checks(id, class),
            "R6" => self.r6(class),
            "R7" => self.r7(class),
            "R8" => self.r8(class),
            "A1" | "A4" => self.sessions(id, class),
            "A2" => self.a2(class),
            _ => self.sign_ins(id, class),
        }
    }

    fn rows(&self, table: &str, class: i64) -> Vec<&Row> {
        self.town.of(table).iter().filter(|row| row["class"] == class).collect()
    }

    fn class(&self, class: i64) -> &Row {
        self.rows("class", class)[0]
    }

    fn of(&self, class: i64, column: &str) -> Option<i64> {
        self.class(class).get(column).copied()
    }

    fn codes(&self) -> Vec<i64> {
        self.town.of("class").iter().map(|row| row["class"]).collect()
    }

    /// Codes of the frame with this occupation.
    fn alike(&self, occupation: i64) -> Vec<i64> {
        self.codes().into_iter().filter(|&class| self.class(class)["in_frame"] == 1 && self.of(class, "occupation") == Some(occupation)).collect()
    }

    fn persons(&self, class: i64) -> BTreeSet<i64> {
        self.rows("roster", class).into_iter().filter_map(|row| row.get("person").copied()).collect()
    }

    fn overlap(&self, a: i64, b: i64) -> bool {
        let lessons = |class| -> Vec<(i64, i64)> {
            let rows = self.rows("lesson", class).into_iter().map(|row| (row["starts"], row["ends"]));
            rows.filter(|(start, end)| start < end).collect()
        };
        let (of_a, of_b) = (lessons(a), lessons(b));
        if !of_a.is_empty() && !of_b.is_empty() {
            return of_a.iter().any(|x| of_b.iter().any(|y| x.0 < y.1 && y.0 < x.1));
        }
        let dates = |class| self.of(class, "opens_on").zip(self.of(class, "ends_on"));
        dates(a).zip(dates(b)).is_some_and(|(a, b)| a.0 <= b.1 && b.0 <= a.1)
    }

    fn r1(&self, class: i64) -> Value {
        let persons = self.persons(class);
        let others: Vec<i64> = self.codes().into_iter().filter(|&other| other != class && self.overlap(class, other)).collect();
        let also: BTreeSet<i64> = others.into_iter().flat_map(|other| self.persons(other)).collect();
        let k = persons.intersection(&also).count().signed();
        (!persons.is_empty()).then(|| (ramp(k, persons.len().signed() + 10, 0, 100), k))
    }

    fn r2(&self, class: i64) -> Value {
        let (persons, opens) = (self.persons(class), self.of(class, "opens_on")?);
        // Days of 1970 to 1974.
        let year = [0, 365, 730, 1096, 1461].into_iter().filter(|&day| day <= opens).max()?;
        let repeated = |person: &&i64| {
            let paid = self.town.of("history").iter().filter(|row| row["person"] == **person && row["paid_on"] < opens);
            let same = |row: &&Row| {
                ["occupation", "level"].into_iter().all(|column| row.get(column).is_some_and(|known| self.of(class, column) == Some(*known)))
            };
            paid.clone().any(|row| same(&row)) || paid.filter(|row| row["paid_on"] >= year).count() >= 3
        };
        let k = persons.iter().filter(repeated).count().signed();
        (!persons.is_empty()).then(|| (ramp(k, persons.len().signed() + 10, 0, 100), k))
    }

    fn r3(&self, class: i64) -> Value {
        let (persons, institution, opens) = (self.persons(class), self.of(class, "institution")?, self.of(class, "opens_on")?);
        if persons.is_empty() {
            return None;
        }
        let mut best = (0, 0);
        for other in self.codes() {
            let (Some(theirs), Some(opened)) = (self.of(other, "institution"), self.of(other, "opens_on")) else { continue };
            if theirs != institution && (opens - opened).abs() <= 731 {
                let also = self.persons(other);
                let i = persons.intersection(&also).count().signed();
                best = best.max(((1000 * i) / (persons.union(&also).count().signed()), i));
            }
        }
        Some((ramp(best.0, 1000, 100, 500), best.1))
    }

    fn checks(&self, id: &str, class: i64) -> Value {
        let (persons, rows) = (self.persons(class), self.rows("roster", class));
        let mut results: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for row in self.rows("check", class) {
            if row["result"] != 255 && persons.contains(&row["person"]) {
                results.entry(row["person"]).or_default().insert(row["result"]);
            }
        }
        if id == "R4" {
            let k = results.values().filter(|results| results.contains(&1)).count().signed();
            return (!results.is_empty()).then(|| (ramp(k, results.len().signed() + 10, 0, 200), k));
        }
        let ineligible = |row: &Row| row.get("person").and_then(|person| results.get(person)).is_some_and(|of| of.range(2..=5).next().is_some());
        let k = rows.iter().filter(|row| row.get("fit") == Some(&0) || ineligible(row)).count().signed();
        let known = !results.is_empty() || rows.iter().any(|row| row.contains_key("fit"));
        known.then(|| (ramp(k, rows.len().signed() + 10, 0, 50), k))
    }

    fn r6(&self, class: i64) -> Value {
        let clustered = |row: &Row, column: &str| {
            let Some(key) = row.get(column) else { return false };
            let sharing = self.town.of("roster").iter().filter(|other| other.get(column) == Some(key));
            sharing.filter_map(|other| other.get("person")).collect::<BTreeSet<_>>().len() >= 3
        };
        let rows = self.rows("roster", class);
        let one_employer = self.class(class)["one_employer"] == 1;
        let k = rows.iter().filter(|row| clustered(row, "phone") || clustered(row, "account") || (!one_employer && clustered(row, "address")));
        let k = k.count().signed();
        let any = rows.iter().any(|row| ["phone", "account", "address"].into_iter().any(|column| row.contains_key(column)));
        any.then(|| (ramp(k, rows.len().signed(), 50, 400), k))
    }

    fn near(&self, class: i64) -> (i64, i64) {
        let rows = self.rows("roster", class);
        let near = rows.iter().filter(|row| row.get("id_gap").is_some_and(|gap| (1..=3).contains(gap))).count().signed();
        (near, rows.len().signed())
    }

    fn r7(&self, class: i64) -> Value {
        let share = |class| Some(self.near(class)).filter(|(_, rows)| *rows >= 10).map(|(near, rows)| 1000 * near / rows);
        let x = share(class)?;
        let xs: Vec<i64> = self.alike(self.of(class, "occupation")?).into_iter().filter_map(share).collect();
        let m = median(xs.clone());
        let spread = median(xs.iter().map(|x| (x - m).abs()).collect()).max(10);
        let z = ((x - m) * 10_000_000).div_euclid(14_826 * spread);
        Some((ramp(z, 1000, 2000, 5000), self.near(class).0))
    }

    fn r8(&self, class: i64) -> Value {
        let outside = |class| {
            let rows = self.rows("roster", class);
            let of = |value| rows.iter().filter(|row| row.get("outside") == Some(&value)).count().signed();
            (of(1), of(0) + of(1))
        };
        let share = |class| Some(outside(class)).filter(|(_, known)| *known > 0).map(|(outside, known)| 1000 * outside / known);
        let x = share(class)?;
        let m = median(self.alike(self.of(class, "occupation")?).into_iter().filter_map(share).collect());
        Some((ramp(x - m, 1000, 200, 600), outside(class).0))
    }

    fn sessions(&self, id: &str, class: i64) -> Value {
        let rows: Vec<(i64, i64)> = self.rows("attendance", class).iter().map(|row| (row["expected"], row["present"])).collect();
        if id == "A1" {
            let held: Vec<_> = rows.iter().filter(|(expected, _)| *expected > 0).collect();
            let k = held.iter().filter(|(expected, present)| present >= expected).count().signed();
            return (held.len() >= 8).then(|| (ramp(k, held.len().signed(), 800, 1000), k));
        }
        let all: i64 = rows.iter().map(|(expected, _)| expected).sum();
        let absent = rows.iter().map(|(expected, present)| expected - present.min(expected)).sum();
        (all > 0).then(|| (ramp(absent, all, 100, 500), absent))
    }

    fn a2(&self, class: i64) -> Value {
        let mut sessions: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for row in self.rows("sign_in", class) {
            sessions.entry(row["starts"]).or_default().push(row["at"]);
        }
        sessions.retain(|_, at| at.len() >= 5);
        let burst = |at: &&Vec<i64>| at.iter().any(|t| 5 * at.iter().filter(|other| (*t..=t + 60).contains(other)).count() >= 4 * at.len());
        let k = sessions.values().filter(burst).count().signed();
        (!sessions.is_empty()).then(|| (ramp(k, sessions.len().signed() + 10, 0, 1000), k))
    }

    fn sign_ins(&self, id: &str, class: i64) -> Value {
        let column = if id == "A3" { "matched" } else { "metres" };
        let known: Vec<i64> = self.rows("sign_in", class).iter().filter_map(|row| row.get(column).copied()).collect();
        let k = known.iter().filter(|&&value| if id == "A3" { value == 0 } else { value > 500 }).count().signed();
        let (from, to) = if id == "A3" { (10, 100) } else { (20, 200) };
        (!known.is_empty()).then(|| (ramp(k, known.len().signed() + 10, from, to), k))
    }
}
