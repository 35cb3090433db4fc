//! What one model does otherwise than another, as codes with values: sentences are made in `i18n`.
//!
//! A value that begins with `@` names a word of `i18n`.

use super::ramps::HEADS;
use super::scorecard::{Scorecard, Signal};
use std::collections::BTreeSet;

/// The greatest permille that a signal gives.
const PERMILLE_MAX: i64 = 1000;

/// Every code that a difference may have.
pub const CODES: [&str; 14] = [
    "diff_field",
    "diff_group_added",
    "diff_group_gone",
    "diff_cap",
    "diff_signal_added",
    "diff_signal_gone",
    "diff_signal_group",
    "diff_ramp",
    "diff_points",
    "diff_missing",
    "diff_missing_reason",
    "diff_reason_zh",
    "diff_reason_en",
    "diff_order",
];

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub code: &'static str,
    pub values: Vec<(&'static str, String)>,
}

impl Difference {
    fn new(code: &'static str, values: &[(&'static str, &dyn ToString)]) -> Self {
        Self { code, values: values.iter().map(|(name, value)| (*name, value.to_string())).collect() }
    }

    fn changed(code: &'static str, what: (&'static str, String), before: &dyn ToString, after: &dyn ToString) -> Self {
        Self::new(code, &[(what.0, &what.1), ("before", before), ("after", after)])
    }
}

/// All differences but the name: first what holds for every class, then groups, then signal by signal.
pub fn differences(before: &Scorecard, after: &Scorecard) -> Vec<Difference> {
    let mut found = fields(before, after);
    found.extend(groups(before, after));
    for signal in &before.signals {
        match find(after, &signal.id) {
            Some(now) => found.extend(signal_changes((before, signal), (after, now))),
            None => found.push(Difference::new("diff_signal_gone", &[("signal", &word(&signal.id)), ("most", &most(signal))])),
        }
    }
    for signal in after.signals.iter().filter(|signal| find(before, &signal.id).is_none()) {
        let values: [(&str, &dyn ToString); 4] =
            [("signal", &word(&signal.id)), ("group", &group(after, signal)), ("most", &most(signal)), ("missing", &signal.missing_points)];
        found.push(Difference::new("diff_signal_added", &values));
    }
    found.extend(order(before, after));
    found
}

fn find<'a>(card: &'a Scorecard, id: &str) -> Option<&'a Signal> {
    card.signals.iter().find(|signal| signal.id == id)
}

fn word(signal: &str) -> String {
    format!("@signal_{signal}")
}

fn group(card: &Scorecard, signal: &Signal) -> String {
    card.groups.get(signal.group).map_or_else(String::new, |group| format!("@group_{}", group.id))
}

fn most(signal: &Signal) -> i64 {
    signal.bins.last().map_or(0, |bin| bin.points)
}

fn fields(before: &Scorecard, after: &Scorecard) -> Vec<Difference> {
    let of = |card: &Scorecard| {
        [
            ("score_max", card.score_max.to_string()),
            ("lambda", card.lambda_permille.to_string()),
            ("band_b", card.bands.b.to_string()),
            ("band_c", card.bands.c.to_string()),
            ("band_d", card.bands.d.to_string()),
            ("money_from", card.money.from_yuan.to_string()),
            ("money_to", card.money.to_yuan.to_string()),
            ("money_max", card.money.max_permille.to_string()),
            ("valid_from", card.valid_from.to_string()),
            ("valid_until", card.valid_until.to_string()),
        ]
    };
    let changed = of(before).into_iter().zip(of(after)).filter(|(one, two)| one != two);
    changed.map(|((name, one), (_, two))| Difference::changed("diff_field", ("field", format!("@model_field_{name}")), &one, &two)).collect()
}

fn groups(before: &Scorecard, after: &Scorecard) -> Vec<Difference> {
    let cap = |card: &Scorecard, id: &str| card.groups.iter().find(|group| group.id == id).map(|group| group.cap);
    let ids: BTreeSet<&str> = before.groups.iter().chain(&after.groups).map(|group| group.id.as_str()).collect();
    let one = |id: &str| {
        let word = format!("@group_{id}");
        match (cap(before, id), cap(after, id)) {
            (Some(one), Some(two)) if one != two => Some(Difference::changed("diff_cap", ("group", word), &one, &two)),
            (Some(cap), None) => Some(Difference::new("diff_group_gone", &[("group", &word), ("cap", &cap)])),
            (None, Some(cap)) => Some(Difference::new("diff_group_added", &[("group", &word), ("cap", &cap)])),
            _ => None,
        }
    };
    ids.into_iter().filter_map(one).collect()
}

fn signal_changes((before, one): (&Scorecard, &Signal), (after, two): (&Scorecard, &Signal)) -> Vec<Difference> {
    let what = || ("signal", word(&one.id));
    let mut found = Vec::new();
    if group(before, one) != group(after, two) {
        found.push(Difference::changed("diff_signal_group", what(), &group(before, one), &group(after, two)));
    }
    for id in [one.id.as_str(), HEADS].into_iter().filter(|id| *id != HEADS || one.id == "P3") {
        if let Some((was, is)) = before.ramps.find(id).zip(after.ramps.find(id)).filter(|(was, is)| was != is) {
            let what = if id == HEADS { "@signal_P3_heads".to_owned() } else { word(id) };
            let values: [(&str, &dyn ToString); 5] =
                [("signal", &what), ("from_before", &was.from), ("to_before", &was.to), ("from_after", &is.from), ("to_after", &is.to)];
            found.push(Difference::new("diff_ramp", &values));
        }
    }
    for (from, to, points_before, points_after) in point_changes(one, two) {
        let values: [(&str, &dyn ToString); 5] =
            [("signal", &word(&one.id)), ("from", &from), ("to", &to), ("before", &points_before), ("after", &points_after)];
        found.push(Difference::new("diff_points", &values));
    }
    if one.missing_points != two.missing_points {
        found.push(Difference::changed("diff_missing", what(), &one.missing_points, &two.missing_points));
    }
    if one.missing_reason != two.missing_reason {
        found.push(Difference::changed("diff_missing_reason", what(), &one.missing_reason, &two.missing_reason));
    }
    if one.reason_zh != two.reason_zh {
        found.push(Difference::changed("diff_reason_zh", what(), &one.reason_zh, &two.reason_zh));
    }
    if one.reason_en != two.reason_en {
        found.push(Difference::changed("diff_reason_en", what(), &one.reason_en, &two.reason_en));
    }
    found
}

/// The stretches of permille (both ends within) on which the points differ, and the points before and after.
fn point_changes(one: &Signal, two: &Signal) -> Vec<(i64, i64, i64, i64)> {
    let edges = one.bins.iter().chain(&two.bins).filter_map(|bin| bin.below);
    let starts: BTreeSet<i64> = edges.chain([0]).filter(|&edge| edge <= PERMILLE_MAX).collect();
    let starts: Vec<i64> = starts.into_iter().collect();
    let mut found: Vec<(i64, i64, i64, i64)> = Vec::new();
    for (index, &from) in starts.iter().enumerate() {
        let to = starts.get(index + 1).map_or(PERMILLE_MAX, |next| next - 1);
        let (before, after) = (one.points(Some(from)), two.points(Some(from)));
        match found.last_mut() {
            Some(last) if last.1 + 1 == from && (last.2, last.3) == (before, after) => last.1 = to,
            _ if before != after => found.push((from, to, before, after)),
            _ => {}
        }
    }
    found
}

/// Caps cut in the order of signals, so another order of those in both is another model.
fn order(before: &Scorecard, after: &Scorecard) -> Option<Difference> {
    let common = |card: &Scorecard, other: &Scorecard| {
        let ids = card.signals.iter().map(|signal| signal.id.as_str()).filter(|id| find(other, id).is_some());
        ids.collect::<Vec<_>>().join(" ")
    };
    let (one, two) = (common(before, after), common(after, before));
    (one != two).then(|| Difference::new("diff_order", &[("before", &one), ("after", &two)]))
}
