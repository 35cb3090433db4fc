//! What changed between two ledgers of one county, and which changes want an explanation.

use super::{Settings, at_row, key};
use crate::canon::Date;
use crate::domain::Severity::ShouldExplain;
use crate::domain::{ClassName, Finding, LedgerRow, Source, mask, mask_inside};
use serde::Serialize;
use std::collections::{HashMap, HashSet, VecDeque};

/// One difference between an earlier ledger and this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub class: ClassName,
    pub kind: ChangeKind,
    /// Where the class stands now; of a class that is gone, where it stood.
    pub source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Removed,
    /// A column of `LedgerRow` by its name; telephone numbers are masked.
    Field {
        name: &'static str,
        before: Option<String>,
        after: Option<String>,
    },
}

/// All differences: of each class now, in the ledger's order, then the classes that are gone.
///
/// A class is the same by institution and name; one that was renamed, by its number.
pub fn changes(previous: &[LedgerRow], now: &[LedgerRow]) -> Vec<Change> {
    let paired = Paired::new(previous, now);
    let change = |row: &LedgerRow, kind: ChangeKind| Change { class: class_of(row), kind, source: Source { sheet: row.sheet.clone(), row: row.row } };
    let mut changes = Vec::new();
    for (before, after) in paired.now {
        match before {
            Some(before) => changes.extend(fields_changed(before, after).into_iter().map(|kind| change(after, kind))),
            None => changes.push(change(after, ChangeKind::Added)),
        }
    }
    changes.extend(paired.gone.into_iter().map(|row| change(row, ChangeKind::Removed)));
    changes
}

/// Two ledgers of one county with their classes put beside each other.
pub struct Paired<'a> {
    /// Each row now, with the one it was before.
    now: Vec<(Option<&'a LedgerRow>, &'a LedgerRow)>,
    /// Rows that are no more.
    gone: Vec<&'a LedgerRow>,
}

impl<'a> Paired<'a> {
    pub fn new(previous: &'a [LedgerRow], now: &'a [LedgerRow]) -> Self {
        let mut by_identity: HashMap<String, VecDeque<usize>> = HashMap::with_capacity(previous.len());
        for (at, row) in previous.iter().enumerate() {
            by_identity.entry(identity(row)).or_default().push_back(at);
        }
        let mut found: Vec<Option<usize>> = now.iter().map(|row| by_identity.get_mut(&identity(row)).and_then(VecDeque::pop_front)).collect();
        let taken: HashSet<usize> = found.iter().flatten().copied().collect();
        let left = previous.iter().enumerate().filter(|(at, _)| !taken.contains(at));
        let mut by_code: HashMap<String, usize> = left.rev().filter_map(|(at, row)| Some((key(row.class_code.as_deref()?), at))).collect();
        for (at, row) in found.iter_mut().zip(now).filter(|(at, _)| at.is_none()) {
            *at = row.class_code.as_deref().and_then(|code| by_code.remove(&key(code)));
        }
        let taken: HashSet<usize> = found.iter().flatten().copied().collect();
        Self {
            now: found.iter().map(|at| at.and_then(|at| previous.get(at))).zip(now).collect(),
            gone: previous.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, row)| row).collect(),
        }
    }

    fn findings(&self, finding: impl Fn(&LedgerRow, &LedgerRow) -> Option<Finding>) -> Vec<Finding> {
        self.now.iter().filter_map(|(before, after)| finding((*before)?, after)).collect()
    }
}

/// By what a class is known again; without names by what else is told of it.
fn identity(row: &LedgerRow) -> String {
    let institution = row.institution.as_deref().map(key).unwrap_or_default();
    match row.class_name.as_deref().map(key) {
        Some(name) => format!("{institution}\n{name}"),
        None => {
            let text = |text: &Option<String>| text.as_deref().map(key).unwrap_or_default();
            let opens = row.opens_on.map(|day| day.to_string()).unwrap_or_default();
            format!("{institution}\n?{}|{}|{opens}|{}", text(&row.class_code), text(&row.occupation), text(&row.venue))
        }
    }
}

fn class_of(row: &LedgerRow) -> ClassName {
    ClassName { institution: row.institution.clone(), class_name: row.class_name.clone(), class_code: row.class_code.clone() }
}

/// A cell as it is compared; made a text only where it differs.
#[derive(PartialEq)]
enum Cell<'a> {
    Text(Option<&'a str>),
    Number(Option<i64>),
    Day(Option<Date>),
    Names(&'a [String]),
    Phone(Option<&'a str>),
    Answer(Option<bool>),
}

impl Cell<'_> {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            // Blanks and the width of letters are no change.
            (Self::Text(Some(a)), Self::Text(Some(b))) => a == b || key(a) == key(b),
            (a, b) => a == b,
        }
    }

    fn shown(&self) -> Option<String> {
        match self {
            Self::Text(text) => text.map(mask_inside),
            Self::Number(number) => number.map(|number| number.to_string()),
            Self::Day(day) => day.map(|day| day.to_string()),
            Self::Names(names) => (!names.is_empty()).then(|| mask_inside(&names.join("、"))),
            Self::Phone(phone) => phone.map(mask),
            Self::Answer(answer) => answer.map(|answer| if answer { "@value_yes" } else { "@value_no" }.to_owned()),
        }
    }
}

fn cells(row: &LedgerRow) -> [(&'static str, Cell<'_>); 30] {
    [
        ("county", Cell::Text(row.county.as_deref())),
        ("institution", Cell::Text(row.institution.as_deref())),
        ("uscc", Cell::Text(row.uscc.as_deref())),
        ("class_name", Cell::Text(row.class_name.as_deref())),
        ("class_code", Cell::Text(row.class_code.as_deref())),
        ("occupation", Cell::Text(row.occupation.as_deref())),
        ("level", Cell::Text(row.level.map(crate::domain::Level::as_str))),
        ("training_type", Cell::Text(row.training_type.as_deref())),
        ("applied_on", Cell::Day(row.applied_on)),
        ("reviewed_on", Cell::Day(row.reviewed_on)),
        ("opens_on", Cell::Day(row.opens_on)),
        ("ends_on", Cell::Day(row.ends_on)),
        ("hours", Cell::Number(row.hours)),
        ("days", Cell::Number(row.days)),
        ("venue", Cell::Text(row.venue.as_deref())),
        ("practice_venue", Cell::Text(row.practice_venue.as_deref())),
        ("planned", Cell::Number(row.planned)),
        ("actual", Cell::Number(row.actual)),
        ("teachers", Cell::Names(&row.teachers)),
        ("contact", Cell::Text(row.contact.as_deref())),
        ("phone", Cell::Phone(row.phone.as_deref())),
        ("in_system", Cell::Answer(row.in_system)),
        ("system_name", Cell::Text(row.system_name.as_deref())),
        ("daily_check_on", Cell::Day(row.daily_check_on)),
        ("daily_check_by", Cell::Text(row.daily_check_by.as_deref())),
        ("daily_check_count", Cell::Number(row.daily_check_count)),
        ("subsidy_standard", Cell::Number(row.subsidy_standard)),
        ("subsidy_amount", Cell::Number(row.subsidy_amount)),
        ("subsidy_source", Cell::Text(row.subsidy_source.as_deref())),
        ("note", Cell::Text(row.note.as_deref())),
    ]
}

fn fields_changed(before: &LedgerRow, after: &LedgerRow) -> Vec<ChangeKind> {
    let both = cells(before).into_iter().zip(cells(after));
    both.filter(|((_, a), (_, b))| !a.is_same(b)).map(|((name, a), (_, b))| ChangeKind::Field { name, before: a.shown(), after: b.shown() }).collect()
}

/// A class of the earlier ledger that is gone although it has not ended by a day.
pub fn check_l1320_class_dropped(paired: &Paired, as_of: Date) -> Vec<Finding> {
    let gone = paired.gone.iter().filter(|row| row.ends_on.is_none_or(|ends| ends >= as_of));
    let finding = |row: &&LedgerRow| {
        let class = row.class_name.clone().unwrap_or_else(|| "@class_unnamed".to_owned());
        let mut finding = at_row("L1320", ShouldExplain, None, row.row, vec![("class", class), ("earlier", row.row.to_string())]);
        // It stands in no row of this ledger.
        finding.place.row = None;
        finding
    };
    gone.map(finding).collect()
}

/// The opening day told differently once it is past.
pub fn check_l1321_opening_moved_afterwards(paired: &Paired, as_of: Date) -> Vec<Finding> {
    paired.findings(|before, after| {
        let (was, opens) = before.opens_on.zip(after.opens_on).filter(|(was, opens)| was != opens && *was <= as_of)?;
        let values = vec![("before", was.to_string()), ("after", opens.to_string())];
        Some(at_row("L1321", ShouldExplain, after.sheet.as_ref(), after.row, values))
    })
}

/// Venue or dates changed in the last days before the opening: an inspection would have gone to the wrong place.
pub fn check_l1322_changed_just_before_opening(paired: &Paired, as_of: Date, settings: &Settings) -> Vec<Finding> {
    paired.findings(|before, after| {
        let opens = after.opens_on.or(before.opens_on)?;
        let days = opens.days_since(as_of);
        if !(0..=settings.late_change_days).contains(&days) {
            return None;
        }
        let names =
            [("opens_on", "@field_opens"), ("ends_on", "@field_ends"), ("venue", "@field_venue"), ("practice_venue", "@field_practice_venue")];
        let changed = fields_changed(before, after).into_iter().find_map(|kind| match kind {
            // What is first told is not changed.
            ChangeKind::Field { name, before: Some(before), after } => Some((names.iter().find(|(known, _)| *known == name)?.1, before, after)),
            _ => None,
        });
        let (field, before, later) = changed?;
        let values = vec![
            ("field", field.to_owned()),
            ("before", before),
            ("after", later.unwrap_or_else(|| "@value_none".to_owned())),
            ("opens", opens.to_string()),
            ("days", days.to_string()),
        ];
        Some(at_row("L1322", ShouldExplain, after.sheet.as_ref(), after.row, values))
    })
}

/// More trainees planned than when the class was approved.
pub fn check_l1323_planned_raised_after_review(paired: &Paired) -> Vec<Finding> {
    paired.findings(|before, after| {
        let reviewed = before.reviewed_on?;
        let (was, planned) = before.planned.zip(after.planned).filter(|(was, planned)| planned > was)?;
        let values = vec![("reviewed", reviewed.to_string()), ("before", was.to_string()), ("after", planned.to_string())];
        Some(at_row("L1323", ShouldExplain, after.sheet.as_ref(), after.row, values))
    })
}

/// Occupation or level told differently after the class was approved.
pub fn check_l1324_content_changed_after_review(paired: &Paired) -> Vec<Finding> {
    paired.findings(|before, after| {
        let reviewed = before.reviewed_on?;
        let texts = |row: &LedgerRow| [row.occupation.clone(), row.level.map(|level| level.as_str().to_owned())];
        let fields = ["@field_occupation", "@field_level"].into_iter().zip(texts(before).into_iter().zip(texts(after)));
        let mut changed = fields.filter_map(|(field, (was, is))| was.zip(is).filter(|(was, is)| key(was) != key(is)).map(|both| (field, both)));
        let (field, (was, is)) = changed.next()?;
        let values = vec![("reviewed", reviewed.to_string()), ("field", field.to_owned()), ("before", was), ("after", is)];
        Some(at_row("L1324", ShouldExplain, after.sheet.as_ref(), after.row, values))
    })
}
