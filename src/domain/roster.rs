//! People as documents state them: a row of a roster (花名册), of an attendance sheet, of a check by the insurance side,
//! of a system's export, of the history of subsidies.

use super::ledger::Level;
use super::person::{IdNumber, PersonalText};
use crate::canon::Date;
use serde::{Deserialize, Serialize};

/// Whom a row is about. A name is kept nowhere; `read` prints it to whoever holds the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    pub name: Option<PersonalText>,
    /// The number where it is whole and its check character fits.
    pub id: Option<IdNumber>,
    pub id_status: IdStatus,
    pub phone: Option<PersonalText>,
}

/// Which class a row is about, as the document says it: in columns, a heading above the table, or its title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassName {
    pub institution: Option<String>,
    pub class_name: Option<String>,
    /// The class's number in a provincial system (系统班级编号).
    pub class_code: Option<String>,
}

/// Where a row stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub sheet: Option<String>,
    /// Spreadsheet row, from 1.
    pub row: u32,
}

/// One trainee as a roster states them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RosterRow {
    pub seq: Option<i64>,
    #[serde(flatten)]
    pub class: ClassName,
    #[serde(flatten)]
    pub person: Person,
    /// As stated, not as the number has it.
    pub sex: Option<String>,
    pub age: Option<i64>,
    pub category: Option<String>,
    pub address: Option<PersonalText>,
    /// 就业创业证号
    pub certificate: Option<PersonalText>,
    pub insured: Option<bool>,
    /// How many subsidies the person had before, as stated.
    pub subsidies: Option<i64>,
    #[serde(flatten)]
    pub source: Source,
}

/// What can be said of an ID number without keeping it (GB 11643).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdStatus {
    Valid,
    /// Well formed but the check digit or the date does not fit.
    Checksum,
    /// Not a whole number any more: digits lost or strange characters.
    Damaged,
    #[default]
    Missing,
    /// A valid number that stood higher up already.
    Duplicate,
    /// Shown by the document itself with some digits hidden.
    Masked,
    /// A passport, permit or number of the first generation, which GB 11643 says nothing of.
    Other,
}

impl IdStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Checksum => "checksum",
            Self::Damaged => "damaged",
            Self::Missing => "missing",
            Self::Duplicate => "duplicate",
            Self::Masked => "masked",
            Self::Other => "other",
        }
    }
}

/// What an attendance sheet says of one person (or, with counts, of a whole class) in one half-day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AttendanceRow {
    #[serde(flatten)]
    pub class: ClassName,
    #[serde(flatten)]
    pub person: Person,
    pub date: Option<Date>,
    pub half: Option<HalfDay>,
    pub mark: Option<Mark>,
    /// 应到, 实到, 请假, 旷课: of the class where the row has no person.
    pub expected: Option<i64>,
    pub present: Option<i64>,
    pub leave: Option<i64>,
    pub absent: Option<i64>,
    #[serde(flatten)]
    pub source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HalfDay {
    Morning,
    Afternoon,
    Evening,
}

impl HalfDay {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Present,
    Late,
    LeftEarly,
    Leave,
    Absent,
}

impl Mark {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Late => "late",
            Self::LeftEarly => "left_early",
            Self::Leave => "leave",
            Self::Absent => "absent",
        }
    }
}

/// What the insurance side answered about one person: a result, never the raw record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckRow {
    #[serde(flatten)]
    pub class: ClassName,
    #[serde(flatten)]
    pub person: Person,
    /// As the insurance side words it: 正常参保, 未参保, 已退休, 已死亡 …
    pub result: Option<String>,
    pub checked_on: Option<Date>,
    #[serde(flatten)]
    pub source: Source,
}

/// One line of a provincial system's export: a class, or with a person one trainee of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportRow {
    pub system: Option<String>,
    #[serde(flatten)]
    pub class: ClassName,
    #[serde(flatten)]
    pub person: Person,
    pub uscc: Option<String>,
    pub occupation: Option<String>,
    pub level: Option<Level>,
    pub planned: Option<i64>,
    pub actual: Option<i64>,
    pub hours: Option<i64>,
    pub applied_on: Option<Date>,
    pub reviewed_on: Option<Date>,
    pub opens_on: Option<Date>,
    pub ends_on: Option<Date>,
    /// As the system words it: 审核通过, 待审核 …
    pub state: Option<String>,
    #[serde(flatten)]
    pub source: Source,
}

/// One subsidy paid earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HistoryRow {
    #[serde(flatten)]
    pub class: ClassName,
    #[serde(flatten)]
    pub person: Person,
    pub occupation: Option<String>,
    pub level: Option<Level>,
    pub training_type: Option<String>,
    /// The day of payment, or where only a year is stated, none.
    pub paid_on: Option<Date>,
    pub year: Option<i64>,
    /// Yuan.
    pub amount: Option<i64>,
    #[serde(flatten)]
    pub source: Source,
}

/// One line of a class's teaching plan (教学计划).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    #[serde(flatten)]
    pub class: ClassName,
    pub occupation: Option<String>,
    pub course: Option<String>,
    /// 学时 of 45 minutes, as stated: of theory, of practice, and altogether.
    pub theory_hours: Option<i64>,
    pub practice_hours: Option<i64>,
    pub hours: Option<i64>,
    pub teachers: Vec<String>,
    #[serde(flatten)]
    pub source: Source,
}
