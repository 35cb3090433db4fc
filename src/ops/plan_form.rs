//! A draw's plan as a form: what a person types on a page in the place of `plan.toml`.

use super::Office;
use super::freeze::{Certain, EntropyChoice, Inspectors, PlanFile, Recusal};
use crate::canon::json::parse_record;
use crate::canon::{DrawKind, Refusal, Result, Time, Week, code::clip};
use crate::draw::plan::Teams;
use crate::draw::{DrawPlan, InspectorRoster};
use crate::store;
use serde::Deserialize;

/// First second and period of drand quicknet's rounds.
const DRAND: (i64, i64) = (1_692_803_367, 3);

/// The fields as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    pub title: String,
    pub visits: String,
    pub min_per_stratum: String,
    pub reserves_per_stratum: String,
    pub teams: String,
    pub bureau_per_team: String,
    pub discipline_per_team: String,
    pub source: String,
    pub draw: String,
    /// `2026-11-27T21:30`, as a browser gives it.
    pub after: String,
    /// Codes, apart by spaces, commas or lines.
    pub bureau: String,
    pub discipline: String,
    /// A line each: inspector, then a unit's code or an institution's name.
    pub recusals: String,
    /// A line each: unit, then the reason.
    pub certain: String,
}

impl PlanForm {
    /// What a form begins with: the numbers and people of the newest week frozen before, and the next public draw.
    pub async fn propose(office: &Office, week: Week) -> Result<Self> {
        let mut connection = office.store.read().await?;
        let mut newest = None;
        let mut period = week.next();
        for _ in 0..60 {
            newest = store::ceremony::find_plan(&mut connection, DrawKind::Weekly, period).await?;
            if newest.is_some() {
                break;
            }
            period = period.previous();
        }
        let mut form = Self {
            source: "kl8".to_owned(),
            after: evening(office.clock.now()),
            ..Self::numbers(&Teams { bureau_per_team: 2, count: 5, discipline_per_team: 1 }, 20, 1, 2)
        };
        if let Some(stored) = newest {
            let plan: DrawPlan = super::freeze::read_plan(&stored)?;
            let roster: InspectorRoster = parse_record("roster.json", stored.roster.as_bytes())?;
            let codes = |codes: &[crate::canon::Code]| codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(" ");
            let numbers = Self::numbers(&plan.teams, plan.visits, plan.min_per_stratum, plan.reserves_per_stratum);
            form = Self {
                bureau: codes(&roster.bureau),
                discipline: codes(&roster.discipline),
                source: plan.entropy.source,
                after: form.after,
                ..numbers
            };
        }
        Ok(form)
    }

    fn numbers(teams: &Teams, visits: u64, min_per_stratum: u64, reserves_per_stratum: u64) -> Self {
        Self {
            visits: visits.to_string(),
            min_per_stratum: min_per_stratum.to_string(),
            reserves_per_stratum: reserves_per_stratum.to_string(),
            teams: teams.count.to_string(),
            bureau_per_team: teams.bureau_per_team.to_string(),
            discipline_per_team: teams.discipline_per_team.to_string(),
            ..Self::default()
        }
    }

    /// The plan that the form says.
    pub fn to_file(&self) -> Result<PlanFile> {
        let after = self.after()?;
        let draw = self.draw.trim();
        let draw = if self.source == "drand" && draw.is_empty() { drand_round(after) } else { draw.to_owned() };
        if draw.is_empty() {
            return Err(wrong("freeze_draw", &self.draw));
        }
        let split = |line: &str| {
            let (first, rest) = line.split_once([' ', '\u{3000}', '，', ',', '\t'])?;
            Some((first.trim().to_owned(), rest.trim().to_owned()))
        };
        let pair = |field: &'static str, line: &str| split(line).filter(|(_, rest)| !rest.is_empty()).ok_or_else(|| wrong(field, line));
        let recusal = |line: &str| {
            let (inspector, whom) = pair("freeze_recusals", line)?;
            // A unit's code begins with a county's number; an institution's name doesn't.
            let is_unit = whom.starts_with(|c: char| c.is_ascii_digit());
            Ok(Recusal { inspector, unit: is_unit.then(|| whom.clone()), institution: (!is_unit).then_some(whom) })
        };
        Ok(PlanFile {
            kind: DrawKind::Weekly,
            parties: None,
            window: None,
            visits: number("freeze_visits", &self.visits)?,
            min_per_stratum: number("freeze_min", &self.min_per_stratum)?,
            reserves_per_stratum: number("freeze_reserves", &self.reserves_per_stratum)?,
            certain_limit: None,
            title: Some(self.title.trim().to_owned()).filter(|title| !title.is_empty()),
            teams: Teams {
                bureau_per_team: number("freeze_bureau_per_team", &self.bureau_per_team)?,
                count: number("freeze_teams", &self.teams)?,
                discipline_per_team: number("freeze_discipline_per_team", &self.discipline_per_team)?,
            },
            entropy: EntropyChoice { source: self.source.trim().to_owned(), draw, after: after.to_string() },
            inspectors: Inspectors { bureau: codes(&self.bureau), discipline: codes(&self.discipline) },
            recusals: lines(&self.recusals).map(recusal).collect::<Result<_>>()?,
            certain: lines(&self.certain)
                .map(|line| pair("freeze_certain", line).map(|(unit, reason)| Certain { unit, reason }))
                .collect::<Result<_>>()?,
        })
    }

    fn after(&self) -> Result<Time> {
        let text = self.after.trim().replace(' ', "T");
        let text = if text.len() == 16 { format!("{text}:00") } else { text };
        Time::parse(&format!("{text}+08:00")).map_err(|_| wrong("freeze_after", &self.after))
    }
}

/// The next half past nine in the evening, when the lotteries draw.
fn evening(now: Time) -> String {
    let time = Time::midnight(now.date()).plus_seconds((21 * 60 + 30) * 60);
    let time = if time.unix() - now.unix() < 1800 { time.plus_seconds(86_400) } else { time };
    time.to_string().chars().take(16).collect()
}

/// The first round of the beacon that comes at that time or later.
fn drand_round(after: Time) -> String {
    let (genesis, period) = DRAND;
    let seconds = (after.unix() - genesis).max(0);
    ((seconds + period - 1) / period + 1).to_string()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn codes(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'))
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
        .collect()
}

fn number(field: &'static str, text: &str) -> Result<u64> {
    text.trim().parse().map_err(|_| wrong(field, text))
}

fn wrong(field: &'static str, text: &str) -> Refusal {
    Refusal::new("plan_form").with("field", format!("@{field}")).with("found", clip(text))
}
