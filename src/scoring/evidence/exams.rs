//! I5 and I6: examinations against the occupation's, and the other institutions with the same contact, account or site.

use super::{Collected, Evidence, EvidenceRow, Wanted};
use crate::canon::Result;
use crate::scoring::city::City;
use std::collections::{BTreeMap, BTreeSet};

/// Examinations of so many days count.
const YEAR: i32 = 365;
/// Kinds of what the register holds, in the order of its columns.
const KINDS: [&str; 3] = ["same_contact", "same_account", "same_site"];

pub(super) fn exams(city: &City, is_wanted: Wanted) -> Result<Evidence> {
    let (classes, today) = (city.classes(), city.frozen_days());
    // By institution and occupation, and by occupation alone: taken, passed.
    let mut sums: BTreeMap<(Option<u32>, u32), (i64, i64)> = BTreeMap::new();
    city.tables().read("exam", &["institution", "occupation", "on", "taken", "passed"], |part| {
        let (institutions, occupations, days) = (part.codes("institution")?, part.codes("occupation")?, part.days("on")?);
        let (taken, passed) = (part.integers("taken")?, part.integers("passed")?);
        for (row, (&institution, &occupation)) in institutions.values.iter().zip(occupations.values).enumerate() {
            if days.get(row).is_some_and(|on| on <= today && on > today.saturating_sub(YEAR)) {
                let (taken, passed) = (taken.get(row).unwrap_or(0), passed.get(row).unwrap_or(0));
                for of in [Some(institution), None] {
                    let sum = sums.entry((of, occupation)).or_default();
                    *sum = (sum.0.saturating_add(taken), sum.1.saturating_add(passed));
                }
            }
        }
        Ok(())
    })?;
    let rate = |(taken, passed): (i64, i64)| passed.saturating_mul(1000).checked_div_euclid(taken).unwrap_or(0);
    let mut found = Collected::new();
    for class in classes.frame().filter(|&class| is_wanted(class)) {
        let Some((institution, occupation)) = classes.institution[class].zip(classes.occupation[class]) else { continue };
        if let (Some(&ours), Some(&all)) = (sums.get(&(Some(institution), occupation)), sums.get(&(None, occupation))) {
            let numbers = vec![ours.0, ours.1, rate(ours), all.0, all.1, rate(all)];
            found.add(class, 0, EvidenceRow { numbers, ..EvidenceRow::of("exam") });
        }
    }
    Ok(found.finish())
}

pub(super) fn sharing(city: &City, is_wanted: Wanted) -> Result<Evidence> {
    let classes = city.classes();
    let mut rows: BTreeSet<(u32, usize, u64)> = BTreeSet::new();
    city.tables().read("register", &["institution", "contact", "account", "site"], |part| {
        let columns = [part.keys("contact")?, part.keys("account")?, part.keys("site")?];
        for (row, &institution) in part.codes("institution")?.values.iter().enumerate() {
            rows.extend(columns.iter().enumerate().filter_map(|(kind, column)| Some((institution, kind, column.get(row)?))));
        }
        Ok(())
    })?;
    let mut found = Collected::new();
    for class in classes.frame().filter(|&class| is_wanted(class)) {
        let Some(institution) = classes.institution[class] else { continue };
        let own: BTreeSet<(usize, u64)> = rows.iter().filter(|(of, _, _)| *of == institution).map(|&(_, kind, key)| (kind, key)).collect();
        let sharing = rows.iter().filter(|(of, kind, key)| *of != institution && own.contains(&(*kind, *key)));
        let others: BTreeSet<(u32, usize)> = sharing.map(|&(of, kind, _)| (of, kind)).collect();
        for (other, kind) in others {
            let of_other = (0..classes.len()).find(|&class| classes.known[class] && classes.institution[class] == Some(other));
            let row = EvidenceRow::of(KINDS.get(kind).copied().unwrap_or("same_contact"));
            found.add(class, (other, kind), of_other.map_or(row.clone(), |class| row.in_class(class)));
        }
    }
    Ok(found.finish())
}
