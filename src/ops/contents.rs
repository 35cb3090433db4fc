//! Everything read from the documents in force for a county and week, and which class each row of them is about.

use super::Office;
use super::receive::{Total, identity, squeeze};
use crate::calendar::Calendar;
use crate::canon::{Code, Date, Result, Week};
use crate::checks::{self, Settings};
use crate::domain::{
    AttendanceRow, CheckRow, ClassName, DocumentKind, ExportRow, Finding, HistoryRow, IdNumber, LedgerRow, Lesson, PlanRow, ReportingUnit, RosterRow,
    Severity,
};
use crate::facts::people::{InUnit, RosterFact};
use crate::ingest::{self, Context, HeaderMeaning, Reading, Rows};
use crate::store::fact::Fact;
use crate::store::submission::{Document, StoredRow};
use std::collections::{BTreeMap, BTreeSet};

/// What the documents say together.
#[derive(Default)]
pub struct Contents {
    pub rows: Vec<LedgerRow>,
    /// Per row, the codes of what must be mended in it.
    pub owed: Vec<Option<String>>,
    pub lessons: Vec<Lesson>,
    pub rosters: Vec<RosterRow>,
    pub attendance: Vec<AttendanceRow>,
    pub checks: Vec<CheckRow>,
    pub exports: Vec<ExportRow>,
    pub history: Vec<HistoryRow>,
    pub plans: Vec<PlanRow>,
    pub findings: Vec<Finding>,
    /// The documents in the order in which their rows were added.
    files: Vec<Source>,
    counts: Counts,
}

/// A document and how many of its kind's rows are its own.
struct Source {
    kind: Option<DocumentKind>,
    file: String,
    rows: usize,
}

/// Stands between a document's number and a sheet's name while checks run; no file has this character by chance.
const MARK: char = '\u{F8F1}';

/// What was counted before the rows went into facts.
#[derive(Default)]
struct Counts {
    rosters: usize,
    export_people: usize,
    export_classes: usize,
}

/// What the caller knows when documents are read again.
pub struct ReadAs<'a> {
    pub week: Week,
    pub units: &'a [ReportingUnit],
    pub headers: &'a [HeaderMeaning],
    pub calendar: &'a Calendar,
}

impl Contents {
    /// Takes one document's rows and the findings of its own checks.
    /// Other sheets of a workbook are read too, each as what it is, unless `others` has a document of that kind.
    pub fn add(&mut self, document: &Document, bytes: &[u8], known: &ReadAs, others: &[Document]) {
        let left_out = self.add_kind(document, document.kind, bytes, known, false);
        let alone = |kind: &DocumentKind| !others.iter().any(|other| other.kind == *kind);
        let taken: Vec<DocumentKind> = left_out.into_iter().filter(alone).collect();
        for kind in &taken {
            self.add_kind(document, *kind, bytes, known, true);
        }
        let is_taken = |value: &str| taken.iter().any(|kind| value == format!("@kind_{}", kind.as_str()));
        self.findings
            .retain(|finding| finding.code != ingest::OTHER_KIND || !finding.values.iter().any(|(name, value)| *name == "kind" && is_taken(value)));
    }

    /// Takes what a document has of one kind; answers which others its sheets are of. What was told of the whole file, or of
    /// sheets left out, is told once.
    fn add_kind(&mut self, document: &Document, kind: DocumentKind, bytes: &[u8], known: &ReadAs, is_again: bool) -> Vec<DocumentKind> {
        let context = Context { week: known.week, kind: Some(kind), units: known.units, headers: known.headers };
        let reading = ingest::read_document(&document.file_name, bytes, &context);
        let left_out = ingest::kinds_left_out(&reading);
        let mut findings = reading.findings.clone();
        if is_again {
            let is_new = |finding: &Finding| finding.code != ingest::OTHER_KIND && !self.findings.contains(finding);
            findings.retain(is_new);
        }
        findings.extend(named(&document.file_name, check_alone(&reading, known.week, known.calendar)));
        self.files.push(Source { kind: reading.kind, file: document.file_name.clone(), rows: reading.rows.len() });
        match reading.rows {
            Rows::Ledger(rows) => {
                // Judged by this document's findings alone: another may have a sheet and row of the same name.
                self.owed.extend(owed_codes(&rows, &findings));
                self.rows.extend(rows);
            }
            Rows::Timetable(lessons) => self.lessons.extend(lessons),
            Rows::Roster(rows) => self.rosters.extend(rows),
            Rows::Attendance(rows) => self.attendance.extend(rows),
            Rows::Checks(rows) => self.checks.extend(rows),
            Rows::Export(rows) => self.exports.extend(rows),
            Rows::History(rows) => self.history.extend(rows),
            Rows::TeachingPlan(rows) => self.plans.extend(rows),
            Rows::None => {}
        }
        self.findings.extend(findings);
        left_out
    }

    /// The checks that need more than one document: of this county, of others in the same week, of what it said before.
    pub fn check_together(&mut self, known: &ReadAs, others: &[(&str, &[LedgerRow])], previous: Option<&[LedgerRow]>, as_of: Date) {
        let settings = Settings::default();
        self.counts.rosters = self.rosters.len();
        self.counts.export_people = self.exports.iter().filter(|row| row.person.name.is_some()).count();
        self.counts.export_classes = self.exports.len() - self.counts.export_people;
        self.number_sheets();
        let mut found = self.check_plans();
        let (rows, lessons, rosters) = (&self.rows, &self.lessons, &self.rosters);
        found.extend(checks::check_together(rows, lessons, known.calendar, &settings));
        found.extend(checks::check_other_counties(rows, others));
        if let Some(previous) = previous.filter(|_| !rows.is_empty()) {
            found.extend(checks::check_against_previous(previous, rows, as_of, &settings));
        }
        if !rosters.is_empty() {
            found.extend(checks::check_rosters(rosters, rows, &settings));
        }
        if !self.attendance.is_empty() {
            found.extend(checks::check_attendance(&self.attendance, rosters, rows, lessons, &settings));
        }
        if !self.checks.is_empty() {
            found.extend(checks::check_results(&self.checks, rosters, rows));
        }
        if !self.exports.is_empty() {
            found.extend(checks::check_export(&self.exports, rosters, rows));
        }
        if !self.history.is_empty() {
            found.extend(checks::check_history(&self.history, rosters, rows, &settings));
        }
        found.iter_mut().for_each(|finding| self.name_file(finding));
        self.findings.extend(found);
        self.unnumber_sheets();
    }

    /// Checks know rows and their sheets, not files: while they run each sheet's name carries its document's number, so
    /// that two documents' sheets of one name stay apart and every finding tells which it is about.
    fn number_sheets(&mut self) {
        let files = std::mem::take(&mut self.files);
        for kind in DocumentKind::ALL {
            let of_kind = files.iter().enumerate().filter(|(_, source)| source.kind == Some(kind));
            let numbers = of_kind.flat_map(|(at, source)| std::iter::repeat_n(at, source.rows));
            for (sheet, at) in self.sheets(kind).into_iter().zip(numbers) {
                *sheet = Some(format!("{at}{MARK}{}", sheet.as_deref().unwrap_or_default()));
            }
        }
        self.files = files;
    }

    fn unnumber_sheets(&mut self) {
        for kind in DocumentKind::ALL {
            for sheet in self.sheets(kind) {
                *sheet = sheet.take().and_then(|text| split_number(&text).1);
            }
        }
    }

    /// Where the rows of a kind stand, in the order in which they were added.
    fn sheets(&mut self, kind: DocumentKind) -> Vec<&mut Option<String>> {
        match kind {
            DocumentKind::Ledger => self.rows.iter_mut().map(|row| &mut row.sheet).collect(),
            DocumentKind::Timetable => self.lessons.iter_mut().map(|row| &mut row.sheet).collect(),
            DocumentKind::Roster => self.rosters.iter_mut().map(|row| &mut row.source.sheet).collect(),
            DocumentKind::Attendance => self.attendance.iter_mut().map(|row| &mut row.source.sheet).collect(),
            DocumentKind::Checks => self.checks.iter_mut().map(|row| &mut row.source.sheet).collect(),
            DocumentKind::Export => self.exports.iter_mut().map(|row| &mut row.source.sheet).collect(),
            DocumentKind::History => self.history.iter_mut().map(|row| &mut row.source.sheet).collect(),
            DocumentKind::TeachingPlan => self.plans.iter_mut().map(|row| &mut row.source.sheet).collect(),
        }
    }

    /// The file of a finding's row. What stands in no row is said of the ledger: a class that is gone from it.
    fn name_file(&self, finding: &mut Finding) {
        let (number, sheet) = finding.place.sheet.take().map_or((None, None), |text| split_number(&text));
        let ledger = || self.files.iter().find(|source| source.kind == Some(DocumentKind::Ledger));
        if let Some(source) = number.and_then(|at| self.files.get(at)).or_else(ledger) {
            finding.place.file.clone_from(&source.file);
        }
        finding.place.sheet = sheet;
    }

    /// Each class's timetable against its teaching plan; a plan that names no class is of the one whose lessons there are.
    fn check_plans(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut plans: BTreeMap<String, Vec<PlanRow>> = BTreeMap::new();
        for plan in &self.plans {
            plans.entry(plan.class.class_name.as_deref().map(squeeze).unwrap_or_default()).or_default().push(plan.clone());
        }
        for (class, plan) in plans {
            let of_class = |lesson: &&Lesson| class.is_empty() || lesson.class_name.as_deref().map(squeeze).as_deref() == Some(&class);
            let lessons: Vec<Lesson> = self.lessons.iter().filter(of_class).cloned().collect();
            if !lessons.is_empty() {
                found.extend(checks::check_plan(&plan, &lessons));
            }
        }
        found
    }

    /// The ledger's number of classes and trainees against the rosters and the system's export.
    pub fn totals(&self) -> Vec<Total> {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let trainees: i64 = self.rows.iter().filter_map(|row| row.actual.or(row.planned)).sum();
        let mut totals = Vec::new();
        if self.counts.rosters > 0 {
            totals.push(Total { what: "total_trainees_roster", ours: trainees, theirs: count(self.counts.rosters) });
        }
        if self.counts.export_people > 0 {
            totals.push(Total { what: "total_trainees_export", ours: trainees, theirs: count(self.counts.export_people) });
        }
        if self.counts.export_classes > 0 {
            totals.push(Total { what: "total_classes_export", ours: count(self.rows.len()), theirs: count(self.counts.export_classes) });
        }
        totals
    }

    /// Writes the people's rows and plans as facts, each with its class. Answers what a version names.
    pub fn write_people(&mut self, office: &Office, week: Week, county: &Code, rows: &[StoredRow]) -> Result<Vec<Fact>> {
        use crate::domain::DocumentKind::{Attendance, Checks, Export, History, Roster, TeachingPlan};
        let classes = Classes::of(rows);
        let (facts, key) = (&office.facts, &office.vault.digest);
        let mut rosters = classes.place(roster_facts(std::mem::take(&mut self.rosters)), |fact| &fact.row.class);
        for (unit, fact) in &mut rosters {
            let opens = rows.iter().find(|row| unit.as_ref() == Some(&row.unit)).and_then(|row| row.row.opens_on);
            fact.age_status = opens.zip(fact.row.person.id.as_ref()).map(|(opens, id)| age_status(id, opens));
        }
        let attendance = classes.place(std::mem::take(&mut self.attendance), |row| &row.class);
        let checks = classes.place(std::mem::take(&mut self.checks), |row| &row.class);
        let exports = classes.place(std::mem::take(&mut self.exports), |row| &row.class);
        let history = classes.place(std::mem::take(&mut self.history), |row| &row.class);
        let plans = classes.place(std::mem::take(&mut self.plans), |row| &row.class);
        let mut written = Vec::new();
        let mut note = |kind, rows: usize, write: &dyn Fn() -> Result<crate::canon::Hash>| -> Result<()> {
            if rows > 0 {
                written.push(Fact { kind, sha256: write()?, rows: rows as u64 });
            }
            Ok(())
        };
        note(Roster, rosters.len(), &|| facts.write_rosters(week, county, key, &rosters))?;
        note(Attendance, attendance.len(), &|| facts.write_attendance(week, county, key, &attendance))?;
        note(Checks, checks.len(), &|| facts.write_checks(week, county, key, &checks))?;
        note(Export, exports.len(), &|| facts.write_export(week, county, key, &exports))?;
        note(History, history.len(), &|| facts.write_history(week, county, key, &history))?;
        note(TeachingPlan, plans.len(), &|| facts.write_teaching_plans(week, county, key, &plans))?;
        Ok(written)
    }
}

/// A document's number and the sheet's own name.
fn split_number(text: &str) -> (Option<usize>, Option<String>) {
    match text.split_once(MARK) {
        Some((number, name)) => (number.parse().ok(), Some(name).filter(|name| !name.is_empty()).map(str::to_owned)),
        None => (None, Some(text.to_owned())),
    }
}

/// Findings of checks, which know rows and not files, with the file they are of.
fn named(file: &str, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.iter_mut().for_each(|finding| finding.place.file = file.to_owned());
    findings
}

/// What can be checked of one document alone; a missing approval counts only where the ledger has a column for it.
pub fn check_alone(reading: &Reading, week: Week, calendar: &Calendar) -> Vec<Finding> {
    match &reading.rows {
        Rows::Ledger(rows) => {
            let settings = Settings::default();
            let mut findings = checks::check_ledger(rows, calendar, &settings);
            findings.extend(checks::check_ledger_at(rows, week.friday(), &settings));
            if reading.columns.iter().any(|(name, _)| *name == "reviewed_on") {
                // By the Friday reported: what opens later may still be approved in time.
                findings.extend(checks::check_l1108_review_missing(rows, week.friday()));
            }
            findings
        }
        Rows::Timetable(lessons) => checks::check_timetable(lessons),
        _ => Vec::new(),
    }
}

/// Per row, the codes of what must be mended in it.
fn owed_codes(rows: &[LedgerRow], findings: &[Finding]) -> Vec<Option<String>> {
    let mut codes: BTreeMap<(Option<&str>, u32), BTreeSet<&str>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::MustMend) {
        if let Some(row) = finding.place.row {
            codes.entry((finding.place.sheet.as_deref(), row)).or_default().insert(finding.code);
        }
    }
    let of = |row: &LedgerRow| codes.get(&(row.sheet.as_deref(), row.row)).map(|codes| codes.iter().copied().collect::<Vec<_>>().join(" "));
    rows.iter().map(of).collect()
}

/// The classes of a version, by all that a document may call them.
pub struct Classes<'a> {
    by_identity: BTreeMap<String, &'a Code>,
    by_code: BTreeMap<String, BTreeSet<&'a Code>>,
    by_name: BTreeMap<String, BTreeSet<&'a Code>>,
}

impl<'a> Classes<'a> {
    pub fn of(rows: &'a [StoredRow]) -> Self {
        let mut classes = Self { by_identity: BTreeMap::new(), by_code: BTreeMap::new(), by_name: BTreeMap::new() };
        for stored in rows {
            classes.by_identity.insert(identity(&stored.row), &stored.unit);
            if let Some(code) = &stored.row.class_code {
                classes.by_code.entry(squeeze(code)).or_default().insert(&stored.unit);
            }
            if let Some(name) = &stored.row.class_name {
                classes.by_name.entry(squeeze(name)).or_default().insert(&stored.unit);
            }
        }
        classes
    }

    /// The unit of a class: by its number, by institution and name, or by a name that only one class has.
    pub fn find(&self, class: &ClassName) -> Option<Code> {
        fn only<'a>(map: &BTreeMap<String, BTreeSet<&'a Code>>, text: &str) -> Option<&'a Code> {
            map.get(&squeeze(text)).filter(|units| units.len() == 1).and_then(|units| units.first().copied())
        }
        let by_code = class.class_code.as_deref().and_then(|code| only(&self.by_code, code));
        let by_name = || {
            let name = class.class_name.as_deref()?;
            let institution = class.institution.as_deref().map(squeeze).unwrap_or_default();
            let exact = self.by_identity.get(&format!("{institution}\n{}", squeeze(name))).copied();
            exact.or_else(|| only(&self.by_name, name))
        };
        by_code.or_else(by_name).cloned()
    }

    fn place<T>(&self, rows: Vec<T>, class: impl Fn(&T) -> &ClassName) -> Vec<InUnit<T>> {
        rows.into_iter().map(|row| (self.find(class(&row)), row)).collect()
    }

    /// Gives each lesson the unit of its class.
    pub fn place_lessons(&self, lessons: Vec<Lesson>) -> Vec<InUnit<Lesson>> {
        let class = |lesson: &Lesson| ClassName { institution: lesson.institution.clone(), class_name: lesson.class_name.clone(), class_code: None };
        lessons.into_iter().map(|lesson| (self.find(&class(&lesson)), lesson)).collect()
    }
}

/// Age on the opening day against working age, as the facts name it.
fn age_status(id: &IdNumber, opens: Date) -> &'static str {
    match checks::age_status(id.born_on(), id.sex(), opens, &Settings::default()) {
        checks::AgeStatus::TooYoung => "too_young",
        checks::AgeStatus::OfAge => "of_age",
        checks::AgeStatus::NeedsJudgement => "needs_judgement",
        checks::AgeStatus::Retired => "retired",
    }
}

/// What only a whole ID number tells, worked out before it is forgotten: how far the class's next number is.
fn roster_facts(rows: Vec<RosterRow>) -> Vec<RosterFact> {
    let mut order: Vec<usize> = (0..rows.len()).filter(|index| rows[*index].person.id.is_some()).collect();
    order.sort_by(|a, b| (&rows[*a].class.class_name, &rows[*a].person.id).cmp(&(&rows[*b].class.class_name, &rows[*b].person.id)));
    let mut gaps = vec![None; rows.len()];
    for pair in order.windows(2) {
        let (this, next) = (&rows[pair[0]], &rows[pair[1]]);
        if let (Some(a), Some(b)) = (&this.person.id, &next.person.id)
            && this.class.class_name == next.class.class_name
            && a.is_born_with(b)
        {
            gaps[pair[0]] = Some(b.serial() - a.serial());
        }
    }
    rows.into_iter().zip(gaps).map(|(row, id_gap)| RosterFact { row, age_status: None, id_gap }).collect()
}
