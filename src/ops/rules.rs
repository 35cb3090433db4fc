//! Readings of rules that the city chooses: what may be chosen, what is in force, who chose it.
//!
//! A rule that is commonly practised but whose source was not read is advisory: it tells, and blocks nothing.

use super::Office;
use crate::calendar::LeadReading;
use crate::canon::{Refusal, Result};
use crate::domain::ClockTime;
use crate::store;
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// Every rule with the reading that holds where nobody chose another.
pub const RULES: &[(&str, &str)] = &[
    // “开班前5个工作日”: the day of application counts, or only days strictly between.
    ("lead_reading", "inclusive"),
    // Where nobody wrote down when the papers passed: count the 5 working days from the application, or not at all.
    ("review_without_papers_date", "receipt"),
    // What comes after hours or on a day off counts as of the next working day (by analogy with 行政许可法 82).
    ("after_hours", "next_working_day"),
    // Trainees of one class (to confirm).
    ("planned_range", "1-60"),
    // Fewest 学时 by a word in the class's type, occupation or name (to confirm).
    ("minimum_hours", "SYB=56 GYB=24"),
    // Working days before the deadline and the time of day at which who has not sent is reminded.
    ("reminders", "1@09:00 0@12:00"),
    // Who may approve a risk model: anyone but who proposed it, or only someone of the discipline group.
    ("model_approver", "any"),
];

/// The readings in force.
#[derive(Clone, Debug)]
pub struct Rules {
    pub lead_reading: LeadReading,
    pub is_counted_from_receipt: bool,
    pub is_after_hours_next_day: bool,
    pub planned_range: (i64, i64),
    pub minimum_hours: Vec<(String, i64)>,
    pub reminders: Vec<(i64, ClockTime)>,
    pub is_model_for_discipline: bool,
}

/// One rule as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct RuleView {
    pub name: &'static str,
    pub value: String,
    pub is_default: bool,
}

impl Rules {
    pub async fn load(connection: &mut AnyConnection) -> Result<Self> {
        let chosen: BTreeMap<String, String> = store::unit::list_rules(connection).await?.into_iter().collect();
        Self::parse(&chosen)
    }

    fn parse(chosen: &BTreeMap<String, String>) -> Result<Self> {
        let value = |name: &'static str| {
            let default = RULES.iter().find(|(known, _)| *known == name).map_or("", |(_, default)| *default);
            chosen.get(name).map_or(default, String::as_str)
        };
        let choice = |name: &'static str, yes: &str, no: &str| match value(name) {
            given if given == yes => Ok(true),
            given if given == no => Ok(false),
            given => Err(malformed(name, given)),
        };
        let each = |name: &'static str| value(name).split_whitespace();
        let is_inclusive = choice("lead_reading", "inclusive", "strict")?;
        let minimum = |part: &str| pair(part, '=').map(|(word, hours)| Some((word.to_owned(), number(hours, 3000)?)));
        let reminder = |part: &str| pair(part, '@').map(|(days, time)| Some((number(days, 10)?, ClockTime::try_from(time.to_owned()).ok()?)));
        let range = pair(value("planned_range"), '-').and_then(|(low, high)| Some((number(low, 10_000)?, number(high, 10_000)?)));
        Ok(Self {
            lead_reading: if is_inclusive { LeadReading::Inclusive } else { LeadReading::Strict },
            is_counted_from_receipt: choice("review_without_papers_date", "receipt", "none")?,
            is_after_hours_next_day: choice("after_hours", "next_working_day", "same_day")?,
            is_model_for_discipline: choice("model_approver", "discipline", "any")?,
            planned_range: range.filter(|(low, high)| low <= high).ok_or_else(|| malformed("planned_range", value("planned_range")))?,
            minimum_hours: all(each("minimum_hours").map(minimum)).ok_or_else(|| malformed("minimum_hours", value("minimum_hours")))?,
            reminders: all(each("reminders").map(reminder)).ok_or_else(|| malformed("reminders", value("reminders")))?,
        })
    }

    pub fn lead_reading_name(&self) -> &'static str {
        if self.lead_reading == LeadReading::Inclusive { "inclusive" } else { "strict" }
    }
}

fn malformed(name: &str, value: &str) -> Refusal {
    Refusal::new("rule_malformed").with("name", name).with("value", crate::canon::code::clip(value))
}

fn pair(text: &str, between: char) -> Option<(&str, &str)> {
    text.split_once(between).filter(|(first, second)| !first.is_empty() && !second.is_empty())
}

fn number(text: &str, max: i64) -> Option<i64> {
    text.parse().ok().filter(|value| (0..=max).contains(value))
}

fn all<T>(parts: impl Iterator<Item = Option<Option<T>>>) -> Option<Vec<T>> {
    parts.map(Option::flatten).collect()
}

/// The rules and the readings in force.
pub async fn list_rules(office: &Office) -> Result<Vec<RuleView>> {
    let mut connection = office.store.read().await?;
    let chosen: BTreeMap<String, String> = store::unit::list_rules(&mut connection).await?.into_iter().collect();
    let view = |(name, default): &(&'static str, &'static str)| {
        let value = chosen.get(*name).cloned().unwrap_or_else(|| (*default).to_owned());
        RuleView { name, is_default: value == *default, value }
    };
    Ok(RULES.iter().map(view).collect())
}

/// Chooses a reading. The one in force again changes nothing.
///
/// One row in one transaction: a crash leaves it there wholly or not at all.
pub async fn choose_rule(office: &Office, name: &str, value: &str, by: &str) -> Result<bool> {
    let by = super::application::person(by)?;
    let known = RULES.iter().find(|(known, _)| *known == name);
    let known = known.ok_or_else(|| Refusal::new("rule_unknown").with("name", crate::canon::code::clip(name)))?;
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut transaction = office.store.begin().await?;
    let mut chosen: BTreeMap<String, String> = store::unit::list_rules(&mut transaction).await?.into_iter().collect();
    if chosen.get(name).map_or(known.1, String::as_str) == value {
        return Ok(false);
    }
    chosen.insert(name.to_owned(), value.clone());
    Rules::parse(&chosen)?;
    store::unit::add_rule_change(&mut transaction, name, &value, office.clock.now(), &by).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}
