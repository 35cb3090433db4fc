//! When a class is taught: its lessons as spans of minutes.

use super::city::City;
use super::classes::index;
use super::deal::ByClass;
use crate::canon::Result;

/// The lessons that last, by class: in order, without overlaps, touching ones joined.
pub struct Spans {
    spans: ByClass<(i64, i64)>,
    /// How many of a class's places are in use after joining.
    used: Vec<u32>,
}

impl Spans {
    pub fn read(city: &City) -> Result<Self> {
        let known = city.classes();
        let mut rows: Vec<(u32, (i64, i64))> = Vec::new();
        city.tables().read("lesson", &["class", "starts", "ends"], |part| {
            let (classes, starts, ends) = (part.codes("class")?, part.integers("starts")?, part.integers("ends")?);
            let lasting = classes.values.iter().zip(starts.values.iter().zip(ends.values));
            let lasting = lasting.filter(|(class, (start, end))| start < end && known.find(**class).is_some());
            rows.extend(lasting.map(|(&class, (&start, &end))| (class, (start, end))));
            Ok(())
        })?;
        let mut spans = ByClass::of(known.len(), &rows);
        let used = (0..known.len()).map(|class| join(spans.get_mut(class))).collect();
        Ok(Self { spans, used })
    }

    pub fn of_class(&self, class: usize) -> &[(i64, i64)] {
        &self.spans.get(class)[..index(self.used[class])]
    }
}

/// Joins spans in their place and says how many are left.
fn join(spans: &mut [(i64, i64)]) -> u32 {
    spans.sort_unstable();
    let mut used = 0;
    for at in 0..spans.len() {
        let span = spans[at];
        if used > 0 && span.0 <= spans[used - 1].1 {
            spans[used - 1].1 = spans[used - 1].1.max(span.1);
        } else {
            spans[used] = span;
            used += 1;
        }
    }
    u32::try_from(used).unwrap_or(u32::MAX)
}
