//! S1: whether the provincial system knows the class.

use super::city::{City, Signal};
use super::evidence::{Evidence, EvidenceRow};
use crate::canon::Result;

/// What the system's export says of a class.
#[derive(Clone, Copy, Default)]
struct Entry {
    is_absent: bool,
    compared: i64,
    differing: i64,
}

/// S1, not entered in the provincial system, or entered differently: 1000 if the ledger or the system's export says that
/// the class isn't there, else the share of the compared fields that differ. Missing when both are silent.
pub fn s1(city: &City) -> Result<Signal> {
    let (classes, entries) = (city.classes(), entries(city)?);
    Ok(Signal::of_frame(classes, |class| {
        let (in_system, entry) = (classes.in_system[class], entries[class]);
        match entry {
            None if in_system.is_none() => None,
            entry if in_system == Some(false) || entry.is_some_and(|entry| entry.is_absent) => Some((1000, 1)),
            Some(entry) if entry.compared > 0 => Some((share(entry), entry.differing)),
            _ => Some((0, 0)),
        }
    }))
}

/// What the export says, by class.
fn entries(city: &City) -> Result<Vec<Option<Entry>>> {
    let classes = city.classes();
    let mut entries: Vec<Option<Entry>> = vec![None; classes.len()];
    city.tables().read("system", &["class", "found", "compared", "differing"], |part| {
        let (of, found) = (part.codes("class")?, part.bools("found")?);
        let (compared, differing) = (part.integers("compared")?, part.integers("differing")?);
        for (row, &class) in of.values.iter().enumerate() {
            if let Some(entry) = classes.find(class).and_then(|class| entries.get_mut(class)) {
                let entry = entry.get_or_insert_default();
                entry.is_absent |= found.get(row) == Some(&Some(false));
                entry.compared = entry.compared.saturating_add(compared.get(row).unwrap_or(0));
                entry.differing = entry.differing.saturating_add(differing.get(row).unwrap_or(0));
            }
        }
        Ok(())
    })?;
    Ok(entries)
}

fn share(entry: Entry) -> i64 {
    entry.differing.saturating_mul(1000).div_euclid(entry.compared)
}

/// Who says that the class isn't in the system, or how much of its entry differs.
pub(super) fn evidence(city: &City, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let (classes, entries) = (city.classes(), entries(city)?);
    let mut found = Evidence::new();
    for class in classes.frame().filter(|&class| is_wanted(class)) {
        let entry = entries[class].unwrap_or_default();
        let said = [(classes.in_system[class] == Some(false), "in_system"), (entry.is_absent, "not_exported")];
        let mut rows: Vec<EvidenceRow> = said.into_iter().filter(|(is_said, _)| *is_said).map(|(_, what)| EvidenceRow::of(what)).collect();
        if entry.differing > 0 {
            rows.push(EvidenceRow::of("differing").number(entry.compared).number(entry.differing));
        }
        found.insert(class, rows);
    }
    Ok(found)
}
