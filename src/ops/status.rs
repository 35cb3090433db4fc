//! Who has sent what for a week, who is late, what is missing.

use super::Office;
use super::deadline::{due_units, standing};
use crate::canon::{Code, Result, Time, Week};
use crate::domain::DocumentKind;
use crate::store;
use serde::Serialize;

/// One reporting unit's state for a week.
#[derive(Clone, Debug, Serialize)]
pub struct CountyStatus {
    pub county: Code,
    pub name_zh: String,
    pub name_en: String,
    /// `on_time`, `late`, or `missing`; `incomplete` where one of the two documents has not come.
    pub state: &'static str,
    pub received_at: Option<Time>,
    pub corrected_at: Option<Time>,
    pub version: u64,
    pub rows: u64,
    pub owed: u64,
    pub findings: u64,
    pub missing_documents: Vec<DocumentKind>,
}

#[derive(Clone, Debug, Serialize)]
pub struct WeekStatus {
    pub week: Week,
    pub deadline: Option<Time>,
    pub counties: Vec<CountyStatus>,
    /// The newest attempt's state in words of the ceremony: `open`, `frozen`, `committed`, `entropy`, `revealed`, `drawn`,
    /// `published`, `voided`; `overdue` where it was drawn, its window is over, and it is not published.
    pub draw: &'static str,
}

pub async fn week_status(office: &Office, week: Week) -> Result<WeekStatus> {
    let mut connection = office.store.read().await?;
    let deadline = office.deadline(week);
    let submissions = store::submission::list(&mut connection).await?;
    let mut counties = Vec::new();
    for unit in due_units(&mut connection, &submissions, week).await? {
        let judged = standing(&mut connection, &submissions, &unit.county, week, deadline).await?;
        let mut status = CountyStatus {
            county: unit.county,
            name_zh: unit.name_zh,
            name_en: unit.name_en,
            state: judged.state,
            received_at: judged.received_at,
            corrected_at: judged.corrected_at,
            version: judged.version,
            rows: judged.rows,
            owed: 0,
            findings: 0,
            missing_documents: judged.missing_documents,
        };
        if let Some(last) = submissions.iter().rfind(|s| s.county == status.county && s.week == week) {
            status.findings = store::submission::count_findings(&mut connection, last).await?;
            status.owed = store::submission::list_rows(&mut connection, last).await?.iter().filter(|row| row.owed.is_some()).count() as u64;
        }
        counties.push(status);
    }
    let draw = draw_state(&mut connection, week, office.clock.now()).await?;
    Ok(WeekStatus { week, deadline, counties, draw })
}

async fn draw_state(connection: &mut sqlx::AnyConnection, week: Week, now: Time) -> Result<&'static str> {
    let Some(plan) = store::ceremony::find_plan(connection, crate::canon::DrawKind::Weekly, week.next()).await? else { return Ok("open") };
    let record = super::freeze::read_plan(&plan)?;
    let parties = record.parties.len();
    if store::ceremony::find_publication(connection, plan.key).await?.is_some() {
        return Ok("published");
    }
    let is_drawn = store::ceremony::find_drawn(connection, plan.key).await?.is_some();
    if is_drawn && now.date() > record.window.1 {
        return Ok("overdue");
    }
    if store::ceremony::find_void(connection, plan.key).await?.is_some() {
        return Ok("voided");
    }
    if is_drawn {
        return Ok("drawn");
    }
    if store::ceremony::list_reveals(connection, plan.key).await?.len() == parties {
        return Ok("revealed");
    }
    if store::ceremony::find_entropy(connection, plan.key).await?.is_some() {
        return Ok("entropy");
    }
    Ok(if store::ceremony::list_commitments(connection, plan.key).await?.len() == parties { "committed" } else { "frozen" })
}
