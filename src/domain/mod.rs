//! The nouns of the trade, made so that they cannot be wrong: counties, classes, lessons, findings; the columns of each fact.

pub mod finding;
pub mod ledger;
pub mod lesson;
pub mod mask;
pub mod person;
pub mod reporting;
pub mod role;
pub mod roster;

pub use finding::{Finding, Place, Severity};
pub use ledger::{LedgerRow, Level};
pub use lesson::{ClockTime, Lesson};
pub use mask::{mask, mask_inside};
pub use person::{IdNumber, PersonalText, Sex};
pub use reporting::{DocumentKind, ReportingUnit};
pub use role::Role;
pub use roster::{AttendanceRow, CheckRow, ClassName, ExportRow, HalfDay, HistoryRow, IdStatus, Mark, Person, PlanRow, RosterRow, Source};
