//! A row of a county's class ledger (台账统计表), as far as it could be read.

use crate::canon::Date;
use serde::{Deserialize, Serialize};

/// One class as one ledger states it; what is empty or unreadable in the source is `None` (or an empty list).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    pub seq: Option<i64>,
    pub county: Option<String>,
    pub institution: Option<String>,
    pub uscc: Option<String>,
    pub class_name: Option<String>,
    pub class_code: Option<String>,
    pub occupation: Option<String>,
    pub level: Option<Level>,
    pub training_type: Option<String>,
    pub applied_on: Option<Date>,
    pub reviewed_on: Option<Date>,
    pub opens_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub hours: Option<i64>,
    pub days: Option<i64>,
    pub venue: Option<String>,
    pub practice_venue: Option<String>,
    pub planned: Option<i64>,
    pub actual: Option<i64>,
    pub teachers: Vec<String>,
    pub contact: Option<String>,
    pub phone: Option<String>,
    pub in_system: Option<bool>,
    pub system_name: Option<String>,
    pub daily_check_on: Option<Date>,
    pub daily_check_by: Option<String>,
    pub daily_check_count: Option<i64>,
    /// Yuan per person.
    pub subsidy_standard: Option<i64>,
    /// Yuan.
    pub subsidy_amount: Option<i64>,
    pub subsidy_source: Option<String>,
    pub note: Option<String>,
    /// Where the row stands.
    pub sheet: Option<String>,
    /// Spreadsheet row, from 1.
    pub row: u32,
}

/// The level trained for, by the five national grades and the two certificates beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    #[serde(rename = "五级")]
    Five,
    #[serde(rename = "四级")]
    Four,
    #[serde(rename = "三级")]
    Three,
    #[serde(rename = "二级")]
    Two,
    #[serde(rename = "一级")]
    One,
    #[serde(rename = "专项职业能力")]
    SpecialAbility,
    #[serde(rename = "培训合格证")]
    Certificate,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Five => "五级",
            Self::Four => "四级",
            Self::Three => "三级",
            Self::Two => "二级",
            Self::One => "一级",
            Self::SpecialAbility => "专项职业能力",
            Self::Certificate => "培训合格证",
        }
    }
}
