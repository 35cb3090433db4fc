//! Facts about people, without a name or number in them: rosters, attendance, checks, exports, history; and teaching plans.
//!
//! Every file begins with the same columns:
//!
//! | column | type | |
//! | --- | --- | --- |
//! | unit | text? | the class, where it is known |
//! | institution, class_name, class_code | text? | as the document says |
//! | person, name_digest, phone_digest | text? | keyed digests, 64 hexadecimal digits (`digest.rs`) |
//! | masked | text? | first six digits of the ID number |
//! | birth_year | int64? | from a whole ID number, like `sex` |
//! | sex | text? | `male`, `female` |
//! | id_status | text | `valid`, `checksum`, `damaged`, `missing`, `duplicate`, `masked`, `other` |
//!
//! then its own, and ends with `sheet` (text?) and `row` (int64, from 1). Dates are `YYYY-MM-DD`.

use super::digest::DigestKey;
use super::{Facts, failed};
use crate::canon::{Code, Date, Hash, Result, Week};
use crate::domain::{AttendanceRow, CheckRow, ClassName, DocumentKind, ExportRow, HistoryRow, Person, PersonalText, PlanRow, RosterRow, Sex, Source};
use polars::prelude::*;

/// A row with the class it was found to be about.
pub type InUnit<T> = (Option<Code>, T);

/// A roster's row with what can only be computed from the ID number, which is gone afterwards.
pub struct RosterFact {
    pub row: RosterRow,
    /// Age on the opening day against working age: see `checks`.
    pub age_status: Option<&'static str>,
    /// How far the next number of the class is, where region and birthday are the same.
    pub id_gap: Option<i64>,
}

/// What people's rows have in common.
trait About {
    fn class(&self) -> &ClassName;
    fn person(&self) -> Option<&Person>;
    fn source(&self) -> &Source;
}

macro_rules! about {
    ($($row:ty),*) => {$(
        impl About for $row {
            fn class(&self) -> &ClassName { &self.class }
            fn person(&self) -> Option<&Person> { Some(&self.person) }
            fn source(&self) -> &Source { &self.source }
        }
    )*};
}
about!(AttendanceRow, CheckRow, ExportRow, HistoryRow);

impl About for RosterFact {
    fn class(&self) -> &ClassName {
        &self.row.class
    }
    fn person(&self) -> Option<&Person> {
        Some(&self.row.person)
    }
    fn source(&self) -> &Source {
        &self.row.source
    }
}

impl About for PlanRow {
    fn class(&self) -> &ClassName {
        &self.class
    }
    fn person(&self) -> Option<&Person> {
        None
    }
    fn source(&self) -> &Source {
        &self.source
    }
}

/// Builds a table column by column.
struct Builder<'a, T> {
    rows: &'a [InUnit<T>],
    columns: Vec<Column>,
}

impl<T> Builder<'_, T> {
    fn text(mut self, name: &str, pick: impl Fn(&T) -> Option<String>) -> Self {
        self.columns.push(Column::new(name.into(), self.rows.iter().map(|(_, row)| pick(row)).collect::<Vec<_>>()));
        self
    }

    fn number(mut self, name: &str, pick: impl Fn(&T) -> Option<i64>) -> Self {
        self.columns.push(Column::new(name.into(), self.rows.iter().map(|(_, row)| pick(row)).collect::<Vec<_>>()));
        self
    }

    fn date(self, name: &str, pick: impl Fn(&T) -> Option<Date>) -> Self {
        self.text(name, |row| pick(row).map(|date| date.to_string()))
    }
}

impl Facts {
    fn begin<'a, T: About>(&self, key: &DigestKey, rows: &'a [InUnit<T>]) -> Builder<'a, T> {
        let units: Vec<Option<&str>> = rows.iter().map(|(unit, _)| unit.as_ref().map(Code::as_str)).collect();
        let builder = Builder { rows, columns: vec![Column::new("unit".into(), units)] };
        let builder = builder
            .text("institution", |row| row.class().institution.clone())
            .text("class_name", |row| row.class().class_name.clone())
            .text("class_code", |row| row.class().class_code.clone());
        if rows.first().is_some_and(|(_, row)| row.person().is_none()) {
            return builder;
        }
        let id = |row: &T| row.person().and_then(|person| person.id.clone());
        let digest = |kind: &str, text: Option<&PersonalText>| text.map(|text| key.text(kind, text));
        builder
            .text("person", |row| id(row).map(|id| key.person(&id)))
            .text("name_digest", |row| digest("name", row.person().and_then(|p| p.name.as_ref())))
            .text("phone_digest", |row| digest("phone", row.person().and_then(|p| p.phone.as_ref())))
            .text("masked", |row| id(row).map(|id| id.masked()))
            .number("birth_year", |row| id(row).map(|id| i64::from(id.born_on().year())))
            .text("sex", |row| id(row).map(|id| if id.sex() == Sex::Male { "male" } else { "female" }.to_owned()))
            .text("id_status", |row| row.person().map(|person| person.id_status.as_str().to_owned()))
    }

    fn finish<T: About>(&self, kind: DocumentKind, week: Week, county: &Code, builder: Builder<'_, T>) -> Result<Hash> {
        let height = builder.rows.len();
        let builder = builder.text("sheet", |row| row.source().sheet.clone()).number("row", |row| Some(i64::from(row.source().row)));
        let mut frame = DataFrame::new(height, builder.columns).map_err(|error| failed(&self.dir, error))?;
        self.write_frame(kind.as_str(), week, county, &mut frame)
    }

    pub fn write_rosters(&self, week: Week, county: &Code, key: &DigestKey, rows: &[InUnit<RosterFact>]) -> Result<Hash> {
        let builder = self.begin(key, rows);
        let builder = builder
            .text("stated_sex", |fact| fact.row.sex.clone())
            .number("stated_age", |fact| fact.row.age)
            .text("category", |fact| fact.row.category.clone())
            .text("address_digest", |fact| fact.row.address.as_ref().map(|text| key.text("address", text)))
            .text("certificate_digest", |fact| fact.row.certificate.as_ref().map(|text| key.text("certificate", text)))
            .text("insured", |fact| fact.row.insured.map(|truth| if truth { "yes" } else { "no" }.to_owned()))
            .number("stated_subsidies", |fact| fact.row.subsidies)
            .text("age_status", |fact| fact.age_status.map(str::to_owned))
            .number("id_gap", |fact| fact.id_gap);
        self.finish(DocumentKind::Roster, week, county, builder)
    }

    pub fn write_attendance(&self, week: Week, county: &Code, key: &DigestKey, rows: &[InUnit<AttendanceRow>]) -> Result<Hash> {
        let builder = self.begin(key, rows);
        let builder = builder
            .date("date", |row| row.date)
            .text("half", |row| row.half.map(|half| half.as_str().to_owned()))
            .text("mark", |row| row.mark.map(|mark| mark.as_str().to_owned()))
            .number("expected", |row| row.expected)
            .number("present", |row| row.present)
            .number("leave", |row| row.leave)
            .number("absent", |row| row.absent);
        self.finish(DocumentKind::Attendance, week, county, builder)
    }

    pub fn write_checks(&self, week: Week, county: &Code, key: &DigestKey, rows: &[InUnit<CheckRow>]) -> Result<Hash> {
        let builder = self.begin(key, rows).text("result", |row| row.result.clone()).date("checked_on", |row| row.checked_on);
        self.finish(DocumentKind::Checks, week, county, builder)
    }

    pub fn write_export(&self, week: Week, county: &Code, key: &DigestKey, rows: &[InUnit<ExportRow>]) -> Result<Hash> {
        let builder = self.begin(key, rows);
        let builder = builder
            .text("system", |row| row.system.clone())
            .text("uscc", |row| row.uscc.clone())
            .text("occupation", |row| row.occupation.clone())
            .text("level", |row| row.level.map(|level| level.as_str().to_owned()))
            .number("planned", |row| row.planned)
            .number("actual", |row| row.actual)
            .number("hours", |row| row.hours)
            .date("applied_on", |row| row.applied_on)
            .date("reviewed_on", |row| row.reviewed_on)
            .date("opens_on", |row| row.opens_on)
            .date("ends_on", |row| row.ends_on)
            .text("state", |row| row.state.clone());
        self.finish(DocumentKind::Export, week, county, builder)
    }

    pub fn write_history(&self, week: Week, county: &Code, key: &DigestKey, rows: &[InUnit<HistoryRow>]) -> Result<Hash> {
        let builder = self.begin(key, rows);
        let builder = builder
            .text("occupation", |row| row.occupation.clone())
            .text("level", |row| row.level.map(|level| level.as_str().to_owned()))
            .text("training_type", |row| row.training_type.clone())
            .date("paid_on", |row| row.paid_on)
            .number("year", |row| row.year)
            .number("amount", |row| row.amount);
        self.finish(DocumentKind::History, week, county, builder)
    }

    pub fn write_teaching_plans(&self, week: Week, county: &Code, key: &DigestKey, rows: &[InUnit<PlanRow>]) -> Result<Hash> {
        let builder = self.begin(key, rows);
        let builder = builder
            .text("occupation", |row| row.occupation.clone())
            .text("course", |row| row.course.clone())
            .number("theory_hours", |row| row.theory_hours)
            .number("practice_hours", |row| row.practice_hours)
            .number("hours", |row| row.hours)
            .text("teachers", |row| (!row.teachers.is_empty()).then(|| row.teachers.join("、")));
        self.finish(DocumentKind::TeachingPlan, week, county, builder)
    }
}
