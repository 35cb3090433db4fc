//! Ages by the law: 16 years to begin work, and statutory retirement as it is postponed since 2025.

use super::Settings;
use crate::canon::Date;
use crate::domain::Sex;
use chrono::{Datelike, Months};

/// Whom a retirement age is for. A roster does not tell whether a woman belongs to the 50 or the 55 class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetirementClass {
    /// 60, postponed to 63: one month for each four months of birth.
    Man,
    /// 55, postponed to 58: one month for each four months of birth.
    Woman55,
    /// 50, postponed to 55: one month for each two months of birth.
    Woman50,
}

/// A person's age on a day, as a training subsidy asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeStatus {
    TooYoung,
    OfAge,
    /// A woman past the 50 class's age and not yet past the 55 class's（需人工判断）.
    NeedsJudgement,
    Retired,
}

/// The day on which a person reaches statutory retirement.
///
/// Source: 全国人大常委会关于实施渐进式延迟法定退休年龄的决定（2024-09-13）and its tables.
pub fn retires_on(born: Date, class: RetirementClass, settings: &Settings) -> Date {
    let (years, months_of_birth, most) = match class {
        RetirementClass::Man => (60, 4, 36),
        RetirementClass::Woman55 => (55, 4, 36),
        RetirementClass::Woman50 => (50, 2, 60),
    };
    let months = |date: Date| i64::from(date.0.year()) * 12 + i64::from(date.0.month());
    let since = settings.retirement_postponed_from.map_or(-1, |from| months(born) + years * 12 - months(from));
    let postponed = if since < 0 { 0 } else { (since / months_of_birth + 1).min(most) };
    plus_months(born, years * 12 + postponed)
}

/// How old someone is on a day, in what matters here.
pub fn age_status(born: Date, sex: Sex, on: Date, settings: &Settings) -> AgeStatus {
    let is_past = |class| on >= retires_on(born, class, settings);
    if on < plus_months(born, i64::from(settings.youngest) * 12) {
        return AgeStatus::TooYoung;
    }
    match sex {
        Sex::Male if is_past(RetirementClass::Man) => AgeStatus::Retired,
        Sex::Male => AgeStatus::OfAge,
        Sex::Female if is_past(RetirementClass::Woman55) => AgeStatus::Retired,
        Sex::Female if is_past(RetirementClass::Woman50) => AgeStatus::NeedsJudgement,
        Sex::Female => AgeStatus::OfAge,
    }
}

/// Full years of age on a day（周岁）.
pub fn age_on(born: Date, on: Date) -> i64 {
    let years = i64::from(on.0.year()) - i64::from(born.0.year());
    let is_before_birthday = (on.0.month(), on.0.day()) < (born.0.month(), born.0.day());
    years - i64::from(is_before_birthday)
}

/// The same day so many months later, or the last of a shorter month.
fn plus_months(date: Date, months: i64) -> Date {
    let months = Months::new(u32::try_from(months.max(0)).unwrap_or(u32::MAX));
    Date(date.0.checked_add_months(months).unwrap_or(date.0))
}
