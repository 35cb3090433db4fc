//! Reporting units (上报单位) and the kinds of documents they send.

use crate::canon::Code;
use serde::{Deserialize, Serialize};

/// A county that reports every Friday. Data, not code: read from `data/reporting_units.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportingUnit {
    pub county: Code,
    pub name_zh: String,
    pub name_en: String,
    /// Other ways in which documents name it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Counties where visits are few share a stratum.
    pub stratum: Code,
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 台账统计表
    Ledger,
    /// 课程表
    Timetable,
    /// 花名册
    Roster,
    /// 签到表, 考勤表
    Attendance,
    /// What the insurance side answered about each person.
    Checks,
    /// An export of one of the two provincial systems: classes, or their trainees.
    Export,
    /// Subsidies paid earlier.
    History,
    /// 教学计划
    TeachingPlan,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 8] =
        [Self::Ledger, Self::Timetable, Self::Roster, Self::Attendance, Self::Checks, Self::Export, Self::History, Self::TeachingPlan];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Timetable => "timetable",
            Self::Roster => "roster",
            Self::Attendance => "attendance",
            Self::Checks => "checks",
            Self::Export => "export",
            Self::History => "history",
            Self::TeachingPlan => "plan",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
