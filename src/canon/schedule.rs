//! Who draws when, for which days, by which public draw: what a plan and its leaf in the log both say (P1–P12).

use super::entropy::check_named_draw;
use super::refusal::{ascending, in_range, require};
use super::{Code, Date, DrawKind, NamedDraw, Refusal, Result, Time, Week};

/// What the log's `plan` leaf repeats of a plan: who draws when, for which days, by which public draw.
pub struct Schedule<'a> {
    pub attempt: u64,
    pub entropy: &'a NamedDraw,
    pub frozen_at: Time,
    pub kind: DrawKind,
    pub parties: &'a [Code],
    pub period: Week,
    pub window: (Date, Date),
}

impl Schedule<'_> {
    pub fn check(&self) -> Result<()> {
        in_range("attempt", self.attempt, 1, 99)?;
        self.check_parties()?;
        self.check_window()?;
        let (first, last) = self.window;
        let Self { entropy, frozen_at, .. } = self;
        if frozen_at.date() < first.plus_days(-14) {
            return Err(Refusal::new("plan_frozen_early").with("first", first.plus_days(-14)).with("found", frozen_at));
        }
        let latest = Time::midnight(if self.attempt == 1 { first } else { last });
        if *frozen_at >= entropy.after || entropy.after > latest {
            let refusal = Refusal::new("plan_entropy_time").with("frozen_at", frozen_at);
            return Err(refusal.with("latest", latest).with("found", entropy.after));
        }
        check_named_draw(&entropy.source, &entropy.draw, entropy.after)
    }

    fn check_parties(&self) -> Result<()> {
        in_range("parties", self.parties.len() as u64, 1, 5)?;
        ascending("parties", self.parties)?;
        let names: Vec<&str> = self.parties.iter().map(Code::as_str).collect();
        match self.kind {
            DrawKind::Weekly => require(names == ["bureau", "discipline"], "plan_weekly_parties"),
            DrawKind::Special(_) => require(names.contains(&"bureau"), "plan_special_parties"),
        }
    }

    fn check_window(&self) -> Result<()> {
        let (first, last) = self.window;
        let fits = match self.kind {
            DrawKind::Weekly => first == self.period.monday() && last == self.period.sunday(),
            DrawKind::Special(_) => first <= last && last <= first.plus_days(30) && first.week() == self.period,
        };
        if fits {
            return Ok(());
        }
        Err(Refusal::new("plan_window").with("period", self.period).with("first", first).with("last", last))
    }
}
