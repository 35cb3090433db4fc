//! Checks: a county in order has no finding; each case breaks one thing and sees only its code.

use mingchou::calendar::LeadReading;
use mingchou::canon::Date;
use mingchou::checks::*;
use mingchou::domain::{
    AttendanceRow, CheckRow, ClassName, ClockTime, ExportRow, Finding, HalfDay, HistoryRow, IdNumber, IdStatus, LedgerRow, Lesson, Level, Mark,
    Person, PersonalText, RosterRow, Severity, Sex, Source,
};
use mingchou::i18n::{Lang, find_sentence, say};

const AS_OF: &str = "2026-11-27";

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

/// A fictional number by its date of birth and serial.
fn id(born: &str, serial: u32) -> IdNumber {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = format!("410899{}{serial:03}", born.replace('-', ""));
    let sum: u32 = digits.chars().zip(WEIGHTS).map(|(digit, weight)| digit.to_digit(10).expect("a digit") * weight).sum();
    IdNumber::parse(&format!("{digits}{}", char::from(b"10X98765432"[usize::try_from(sum % 11).expect("small")]))).expect("a number")
}

/// Everything that a county may send.
#[derive(Clone)]
struct County {
    ledger: Vec<LedgerRow>,
    lessons: Vec<Lesson>,
    roster: Vec<RosterRow>,
    attendance: Vec<AttendanceRow>,
    checks: Vec<CheckRow>,
    export: Vec<ExportRow>,
    history: Vec<HistoryRow>,
    previous: Vec<LedgerRow>,
    other: Vec<LedgerRow>,
    as_of: Date,
    settings: Settings,
}

/// Two classes of 40 and 12 hours, the second with another teacher in another room, six trainees each.
fn good() -> County {
    let ledger = vec![class("一班", "电工", 2), class("二班", "焊工", 3)];
    let mut county = County {
        previous: ledger.clone(),
        other: vec![LedgerRow { institution: Some("乙学校".into()), ..class("九班", "电工", 8) }],
        lessons: Vec::new(),
        roster: Vec::new(),
        attendance: Vec::new(),
        checks: Vec::new(),
        export: Vec::new(),
        history: Vec::new(),
        as_of: date(AS_OF),
        settings: Settings::default(),
        ledger,
    };
    for (at, row) in county.ledger.iter().enumerate() {
        // Monday 30 November to Friday 4 December.
        for day in 0..5 {
            let day = date("2026-11-30").plus_days(day);
            county.lessons.extend([lesson(row, at, day, (8, 30), (11, 30)), lesson(row, at, day, (14, 0), (17, 0))]);
        }
        county.roster.extend((0..6).map(|number| trainee(row, at, number)));
    }
    for (line, row) in (10..).zip(&county.roster) {
        county.checks.push(CheckRow {
            person: row.person.clone(),
            result: Some("未参保".into()),
            checked_on: Some(date(AS_OF)),
            class: row.class.clone(),
            source: source(line),
        });
        for session in 0..10 {
            let day = date("2026-11-30").plus_days(session / 2);
            let half = if session % 2 == 0 { HalfDay::Morning } else { HalfDay::Afternoon };
            // Somebody is ill once.
            let mark = if session == 3 && [5, 11].contains(&row.source.row) { Mark::Leave } else { Mark::Present };
            county.attendance.push(AttendanceRow {
                class: row.class.clone(),
                person: row.person.clone(),
                date: Some(day),
                half: Some(half),
                mark: Some(mark),
                source: row.source.clone(),
                ..AttendanceRow::default()
            });
        }
        let of = county.ledger.iter().find(|ledger| ledger.class_name == row.class.class_name).expect("a class");
        county.export.push(exported(of, row, line));
        county.history.push(paid(row, line, "保育师", 2025));
    }
    county
}

fn class(name: &str, occupation: &str, row: u32) -> LedgerRow {
    LedgerRow {
        institution: Some("甲学校".into()),
        class_name: Some(name.into()),
        class_code: Some(format!("KB2026{row:04}")),
        occupation: Some(occupation.into()),
        level: Some(Level::Five),
        training_type: Some("就业技能培训".into()),
        applied_on: Some(date("2026-11-16")),
        reviewed_on: Some(date("2026-11-18")),
        opens_on: Some(date("2026-11-30")),
        ends_on: Some(date("2026-12-04")),
        hours: Some(40),
        days: Some(5),
        venue: Some(format!("幸福路1号职教中心{row}号楼")),
        planned: Some(8),
        actual: Some(6),
        teachers: vec![format!("教师{row}")],
        phone: Some(format!("1000000000{row}")),
        in_system: Some(true),
        row,
        ..LedgerRow::default()
    }
}

fn lesson(class: &LedgerRow, at: usize, day: Date, start: (u16, u16), end: (u16, u16)) -> Lesson {
    Lesson {
        institution: class.institution.clone(),
        class_name: class.class_name.clone(),
        date: Some(day),
        start: ClockTime::from_hm(start.0, start.1),
        end: ClockTime::from_hm(end.0, end.1),
        teachers: class.teachers.clone(),
        hours: Some(4),
        venue: Some(format!("{at}01教室")),
        row: 3,
        ..Lesson::default()
    }
}

fn source(row: u32) -> Source {
    Source { sheet: None, row }
}

fn name_of(class: &LedgerRow) -> ClassName {
    ClassName { institution: class.institution.clone(), class_name: class.class_name.clone(), class_code: None }
}

fn trainee(class: &LedgerRow, at: usize, number: u32) -> RosterRow {
    let line = u32::try_from(at).expect("small") * 6 + number;
    let person = Person {
        name: Some(PersonalText::new(format!("学员{line}"))),
        id: Some(id("1990-05-04", 11 + line * 10)),
        id_status: IdStatus::Valid,
        phone: Some(PersonalText::new(format!("100123400{line:02}"))),
    };
    RosterRow { class: name_of(class), person, sex: None, age: Some(36), source: source(line + 3), ..RosterRow::default() }
}

fn exported(class: &LedgerRow, row: &RosterRow, line: u32) -> ExportRow {
    ExportRow {
        class: ClassName { class_code: class.class_code.clone(), ..ClassName::default() },
        person: row.person.clone(),
        occupation: Some("电工/焊工".into()),
        level: class.level,
        planned: class.planned,
        hours: class.hours,
        opens_on: class.opens_on,
        ends_on: class.ends_on,
        source: source(line),
        ..ExportRow::default()
    }
}

fn paid(row: &RosterRow, line: u32, occupation: &str, year: i64) -> HistoryRow {
    HistoryRow {
        class: ClassName { class_name: Some("旧班".into()), ..ClassName::default() },
        person: row.person.clone(),
        occupation: Some(occupation.into()),
        level: Some(Level::Five),
        year: Some(year),
        amount: Some(1500),
        source: source(line),
        ..HistoryRow::default()
    }
}

impl County {
    fn findings(&self) -> Vec<Finding> {
        let calendar = crate::calendar::calendar();
        let settings = &self.settings;
        let mut all = check_ledger(&self.ledger, &calendar, settings);
        all.extend(check_ledger_at(&self.ledger, self.as_of, settings));
        all.extend(check_timetable(&self.lessons));
        all.extend(check_together(&self.ledger, &self.lessons, &calendar, settings));
        all.extend(check_rosters(&self.roster, &self.ledger, settings));
        all.extend(check_attendance(&self.attendance, &self.roster, &self.ledger, &self.lessons, settings));
        all.extend(check_results(&self.checks, &self.roster, &self.ledger));
        all.extend(check_export(&self.export, &self.roster, &self.ledger));
        all.extend(check_history(&self.history, &self.roster, &self.ledger, settings));
        all.extend(check_other_counties(&self.ledger, &[("乙县", &self.other)]));
        all.extend(check_against_previous(&self.previous, &self.ledger, self.as_of, settings));
        all
    }

    fn row(&mut self, line: u32) -> &mut RosterRow {
        self.roster.iter_mut().find(|row| row.source.row == line).expect("a trainee")
    }

    /// Takes a person's number everywhere, so that documents still agree.
    fn renumber(&mut self, line: u32, number: IdNumber) {
        let old = self.row(line).person.id.clone();
        let people = self.roster.iter_mut().map(|row| &mut row.person);
        let people = people.chain(self.attendance.iter_mut().map(|row| &mut row.person)).chain(self.checks.iter_mut().map(|row| &mut row.person));
        let people = people.chain(self.export.iter_mut().map(|row| &mut row.person)).chain(self.history.iter_mut().map(|row| &mut row.person));
        people.filter(|person| person.id == old).for_each(|person| person.id = Some(number.clone()));
    }

    /// The same change in the ledger and in the one before it.
    fn both(&mut self, change: impl Fn(&mut LedgerRow)) {
        [&mut self.ledger[1], &mut self.previous[1]].into_iter().for_each(change);
    }
}

/// The sentence of a finding as it is shown, in both languages, with nothing left to fill in and nothing personal.
fn hold_sentence(finding: &Finding) {
    assert!(find_sentence(finding.code).is_some(), "{} has no sentence", finding.code);
    let mut values = finding.values.clone();
    values.push(("row", finding.place.row.map(|row| row.to_string()).unwrap_or_default()));
    for lang in [Lang::Zh, Lang::En] {
        let said = say(lang, finding.code, &values);
        assert!(!said.contains(['{', '}', '@', '[']), "{said}");
        for personal in ["19900504", "410899", "1001234", "学员0", "学员1"] {
            assert!(!said.contains(personal), "{said} shows {personal}");
        }
    }
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().for_each(hold_sentence);
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

type Change = fn(&mut County);

fn hold(cases: &[(&str, Change)]) {
    let mut wrong = Vec::new();
    for (number, (code, change)) in cases.iter().enumerate() {
        let mut county = good();
        change(&mut county);
        let findings = county.findings();
        if codes(&findings).join(" ") != *code {
            let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.place.row, &finding.values)).collect();
            wrong.push(format!("case {number} {code}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_county_in_order_has_no_finding() {
    hold(&[("", |_| {})]);
}

#[test]
fn each_fault_of_a_ledger_has_its_own_code() {
    hold(&[
        ("L1117", |c| c.both(|row| row.training_type = Some("创业培训".into()))),
        ("", |c| c.both(|row| (row.training_type, row.level, row.occupation) = (Some("创业培训（GYB）".into()), None, Some("焊工".into())))),
        ("L1118", |c| c.both(|row| row.training_type = Some("SYB培训".into()))),
        ("", |c| c.both(|row| row.training_type = Some("GYB+SYB".into()))),
        ("L1120", |c| c.both(|row| (row.applied_on, row.reviewed_on) = (Some(date("2025-11-17")), Some(date("2025-11-18"))))),
        ("L1121", |c| c.both(|row| row.occupation = None)),
        ("L1122", |c| c.as_of = date("2026-11-20")),
        ("", |c| {
            c.as_of = date("2026-11-20");
            c.ledger.iter_mut().for_each(|row| row.planned = None);
        }),
        ("L1128", |c| c.both(|row| row.note = Some("延期至12月7日开班".to_owned()))),
        ("L1126", |c| c.both(|row| row.reviewed_on = Some(date("2026-11-24")))),
        ("", |c| c.both(|row| row.reviewed_on = Some(date("2026-11-23")))),
        ("", |c| {
            c.both(|row| row.reviewed_on = Some(date("2026-11-24")));
            c.settings.review_from_application = false;
        }),
    ]);
}

#[test]
fn an_opening_on_a_day_off_is_only_told() {
    let calendar = crate::calendar::calendar();
    // Saturday 10 October 2026 is worked.
    for (opens, expected) in [("2026-11-29", 1), ("2026-10-01", 1), ("2026-10-10", 0), ("2026-11-30", 0)] {
        let rows = [LedgerRow { opens_on: Some(date(opens)), ..LedgerRow::default() }];
        let found = check_l1119_opening_on_day_off(&rows, &calendar);
        assert_eq!(found.len(), expected, "{opens}");
        assert!(found.iter().all(|finding| finding.severity == Severity::Information));
    }
}

#[test]
fn lead_days_follow_the_reading_in_force_and_print_it() {
    let calendar = crate::calendar::calendar();
    let row = LedgerRow { applied_on: Some(date("2026-11-02")), opens_on: Some(date("2026-11-09")), ..LedgerRow::default() };
    let strict = Settings { lead_reading: LeadReading::Strict, ..Settings::default() };
    assert!(check_l1103_late_application(std::slice::from_ref(&row), &calendar, &Settings::default()).is_empty());
    let found = check_l1103_late_application(&[row], &calendar, &strict);
    assert_eq!(codes(&found), ["L1103"]);
    let said = say(Lang::Zh, "L1103", &found[0].values);
    assert!(said.contains("只有 4 个工作日") && said.contains("按“申报次日起、开班日前”计算"), "{said}");
}

#[test]
fn institutions_that_share_a_telephone_are_told_once() {
    let row = |institution: &str, row: u32| LedgerRow {
        institution: Some(institution.into()),
        phone: Some("10012345678".into()),
        row,
        ..LedgerRow::default()
    };
    let mut rows = vec![row("甲学校", 2), row("乙学校", 3), row("甲学校", 4)];
    assert!(check_l1123_shared_phone(&rows, &Settings::default()).is_empty());
    rows.push(row("丙学校", 5));
    let found = check_l1123_shared_phone(&rows, &Settings::default());
    assert_eq!((codes(&found), found[0].place.row, found[0].values[1].1.as_str()), (vec!["L1123"], Some(2), "2、3、5"));
}

#[test]
fn classes_alike_but_for_their_name_are_told() {
    let mut rows = vec![class("一班", "电工", 2), class("二班", "电工", 3)];
    assert_eq!(codes(&check_l1124_same_class_by_two_names(&rows)), ["L1124"]);
    rows[1].ends_on = Some(date("2026-12-05"));
    assert!(check_l1124_same_class_by_two_names(&rows).is_empty());
    rows[1].teachers = rows[0].teachers.clone();
    assert!(check_l1125_same_teacher_and_venue(&rows).is_empty(), "another venue");
    rows[1].venue = Some("幸福路１号 职教中心2号楼".into());
    let found = check_l1125_same_teacher_and_venue(&rows);
    assert_eq!((codes(&found), found.len(), found[0].place.row, found[0].severity), (vec!["L1125"], 1, Some(3), Severity::Information));
    (rows[1].opens_on, rows[1].ends_on) = (Some(date("2026-12-05")), Some(date("2026-12-09")));
    assert!(check_l1125_same_teacher_and_venue(&rows).is_empty(), "one after the other");
}

#[test]
fn one_class_in_two_counties_is_known_by_number_code_or_names() {
    let uscc = || Some("52410899MALW6MLUN9".to_owned());
    hold(&[
        ("L1301", |c| c.other[0] = LedgerRow { class_name: Some("别名".into()), ..c.ledger[0].clone() }),
        ("L1301", |c| c.other[0] = LedgerRow { class_code: None, ..c.ledger[0].clone() }),
        ("", |c| c.other[0] = LedgerRow { class_code: None, institution: Some("丙学校".into()), ..c.ledger[0].clone() }),
        // 一班 of last year is another class.
        ("", |c| {
            let (opens, ends) = (Some(date("2025-11-30")), Some(date("2025-12-04")));
            c.other[0] = LedgerRow { class_code: None, opens_on: opens, ends_on: ends, ..c.ledger[0].clone() };
        }),
        // A short number is a county's own.
        ("", |c| {
            [&mut c.ledger[0], &mut c.previous[0], &mut c.other[0]].into_iter().for_each(|row| row.class_code = Some("1".into()));
            c.export
                .iter_mut()
                .filter(|row| row.class.class_code.as_deref() == Some("KB20260002"))
                .for_each(|row| row.class.class_code = Some("1".into()));
        }),
    ]);
    let ours = [LedgerRow { uscc: uscc(), class_code: None, ..class("一班", "电工", 2) }];
    let other = [LedgerRow { uscc: uscc(), institution: Some("甲学校山阳分校".into()), class_code: None, ..class("一班", "电工", 7) }];
    let found = check_other_counties(&ours, &[("山阳区", &other), ("温县", &[])]);
    assert_eq!((codes(&found), found[0].severity), (vec!["L1301"], Severity::ShouldExplain));
    assert_eq!(say(Lang::Zh, "L1301", &found[0].values).split("。").next(), Some("班期“一班”在山阳区的台账第 7 行也有"));
}

#[test]
fn each_change_that_wants_explaining_has_its_own_code() {
    hold(&[
        ("L1320", |c| c.previous.push(class("三班", "钳工", 9))),
        ("", |c| c.previous.push(LedgerRow { ends_on: Some(date("2026-11-26")), ..class("三班", "钳工", 9) })),
        ("L1321", |c| (c.as_of, c.previous[1].opens_on) = (date("2026-11-26"), Some(date("2026-11-26")))),
        ("", |c| (c.as_of, c.previous[1].opens_on) = (date("2026-11-26"), Some(date("2026-12-01")))),
        ("L1322", |c| {
            c.as_of = date("2026-11-28");
            c.previous[1].venue = Some("旧址".into());
        }),
        ("L1322", |c| c.previous[1].venue = Some("旧址".into())),
        ("", |c| {
            c.as_of = date("2026-11-26");
            c.previous[1].venue = Some("旧址".into());
        }),
        ("", |c| {
            c.as_of = date("2026-11-28");
            c.previous[1].venue = None;
        }),
        ("L1323", |c| c.previous[1].planned = Some(7)),
        ("", |c| (c.previous[1].planned, c.previous[1].reviewed_on) = (Some(7), None)),
        ("L1324", |c| c.previous[1].level = Some(Level::Four)),
        ("", |c| c.previous[1].occupation = Some(" 焊 工".into())),
    ]);
}

#[test]
fn changes_name_each_field_and_know_a_renamed_class_by_its_number() {
    let previous = [class("一班", "电工", 2), class("二班", "焊工", 3), class("三班", "钳工", 4)];
    let now = [
        LedgerRow { class_name: Some("一班（改）".into()), row: 5, seq: Some(1), ..class("一班", "电工", 2) },
        LedgerRow {
            actual: Some(7),
            phone: Some("10099990000".into()),
            in_system: Some(false),
            occupation: Some("焊　工".into()),
            ..class("二班", "焊工", 3)
        },
        LedgerRow { class_code: None, ..class("四班", "车工", 6) },
    ];
    let found = changes(&previous, &now);
    let shown: Vec<String> = found
        .iter()
        .map(|change| {
            let class = change.class.class_name.clone().unwrap_or_default();
            match &change.kind {
                ChangeKind::Added => format!("{class} +"),
                ChangeKind::Removed => format!("{class} -"),
                ChangeKind::Field { name, before, after } => {
                    format!("{class} {name} {}>{}", before.clone().unwrap_or_default(), after.clone().unwrap_or_default())
                }
            }
        })
        .collect();
    let expected = [
        "一班（改） class_name 一班>一班（改）",
        "二班 actual 6>7",
        "二班 phone 100****0003>100****0000",
        "二班 in_system @value_yes>@value_no",
        "四班 +",
        "三班 -",
    ];
    assert_eq!(shown, expected);
    assert!(changes(&now, &now).is_empty());
    assert!(changes(&[LedgerRow::default()], &[LedgerRow::default()]).is_empty(), "a class without a name is known by what else is told");
}

#[test]
fn each_fault_between_timetable_and_ledger_has_its_own_code() {
    hold(&[
        ("L1110 T1304 X1303", |c| c.both(|row| row.hours = Some(60))),
        ("T1304 X1303", |c| c.both(|row| row.hours = Some(30))),
        ("", |c| c.settings.hours_tolerance_percent = 0),
        // A week of a longer class is not the whole of it.
        ("X1303", |c| c.both(|row| (row.hours, row.days, row.ends_on) = (Some(80), Some(10), Some(date("2026-12-11"))))),
        ("X1303", |c| {
            c.both(|row| {
                (row.hours, row.days, row.applied_on, row.reviewed_on, row.opens_on) =
                    (Some(80), Some(10), Some(date("2026-11-09")), None, Some(date("2026-11-23")))
            });
            c.roster.iter_mut().for_each(|row| row.age = None);
        }),
        ("T1307", |c| c.lessons.retain(|lesson| lesson.class_name.as_deref() == Some("一班") || lesson.date == Some(date("2026-11-30")))),
        ("T1305", |c| {
            c.lessons
                .iter_mut()
                .for_each(|lesson| (lesson.end, lesson.hours) = (ClockTime::from_hm(lesson.start.map_or(0, |t| t.minutes() / 60) + 2, 30), None))
        }),
        ("T1306", |c| {
            c.lessons.retain(|lesson| lesson.class_name.as_deref() == Some("一班") || lesson.date > Some(date("2026-12-03")));
            c.attendance.retain(|row| row.class.class_name.as_deref() == Some("一班"));
        }),
        ("T1308", |c| {
            c.lessons
                .iter_mut()
                .filter(|lesson| lesson.class_name.as_deref() == Some("二班"))
                .for_each(|lesson| lesson.teachers = vec!["生人".into()])
        }),
        ("", |c| c.lessons.iter_mut().for_each(|lesson| lesson.teachers.push("外聘教师".into()))),
        ("T1309", |c| c.lessons[15].venue = Some("解放路88号另一栋楼三层".into())),
        ("", |c| c.lessons[15].venue = Some("甲学校幸福路1号职教中心（3号楼）二层".into())),
        ("T1312", |c| {
            c.both(|row| row.ends_on = Some(date("2026-12-05")));
            c.export.iter_mut().for_each(|row| row.ends_on = None);
            c.lessons[19].date = Some(date("2026-12-05"));
            c.attendance.retain(|row| row.date < Some(date("2026-12-04")));
        }),
    ]);
}

#[test]
fn a_teacher_or_room_in_two_classes_is_told_once_for_each_pair() {
    hold(&[
        ("T1310", |c| {
            let teacher = c.ledger[0].teachers[0].clone();
            c.both(|row| row.teachers.push(teacher.clone()));
            c.lessons[10..].iter_mut().for_each(|lesson| lesson.teachers = vec![teacher.clone()]);
        }),
        ("T1311", |c| c.lessons[10..].iter_mut().for_each(|lesson| lesson.venue = Some("001 教室".into()))),
        // A building is no room, and the same text in another school no clash.
        ("", |c| c.lessons.iter_mut().for_each(|lesson| lesson.venue = Some("幸福路1号职教中心".into()))),
    ]);
    let mut county = good();
    county.lessons[10..].iter_mut().for_each(|lesson| lesson.venue = Some("001教室".into()));
    let found = check_t1311_room_in_two_classes(&Matched::new(&county.ledger, &county.lessons));
    let value = |name: &str| found[0].values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    assert_eq!((found.len(), value("count").as_deref(), value("date").as_deref()), (1, Some("10"), Some("2026-11-30")));
    // Lessons that touch do not overlap.
    let county = good();
    let (a, b) = (&county.ledger[0], &county.ledger[1]);
    let day = date("2026-11-30");
    let lessons = [lesson(a, 0, day, (8, 0), (10, 0)), Lesson { teachers: a.teachers.clone(), ..lesson(b, 0, day, (10, 0), (12, 0)) }];
    assert!(check_t1310_teacher_in_two_classes(&Matched::new(&county.ledger, &lessons)).is_empty());
    assert!(check_t1311_room_in_two_classes(&Matched::new(&county.ledger, &lessons)).is_empty());
}

#[test]
fn each_fault_of_a_roster_has_its_own_code() {
    hold(&[
        ("R1101", |c| c.row(5).sex = Some("女".into())),
        ("", |c| c.row(5).sex = Some("男".into())),
        ("R1102", |c| c.row(5).age = Some(34)),
        ("", |c| c.row(5).age = Some(37)),
        ("R1103", |c| (0..3).for_each(|number| c.renumber(4 + number, id("1990-05-04", 701 + number * 2)))),
        ("", |c| (0..2).for_each(|number| c.renumber(4 + number, id("1990-05-04", 701 + number)))),
        ("R1104", |c| (4..7).for_each(|line| c.row(line).person.phone = Some(PersonalText::new("10000000000")))),
        ("R1105", |c| c.row(5).subsidies = Some(3)),
        ("R1301", |c| {
            let stray = RosterRow {
                class: ClassName { class_name: Some("七班".into()), ..ClassName::default() },
                source: source(99),
                ..RosterRow::default()
            };
            c.roster.push(stray);
        }),
        ("R1302", |c| c.both(|row| row.actual = Some(7))),
        ("R1303", |c| {
            c.both(|row| (row.planned, row.actual) = (Some(5), None));
            c.export.iter_mut().for_each(|row| row.planned = None);
        }),
        ("R1304", |c| {
            c.renumber(5, id("2010-12-01", 11));
            c.row(5).age = None;
        }),
        ("", |c| {
            c.renumber(5, id("2010-11-30", 11));
            c.row(5).age = None;
        }),
        ("R1305", |c| {
            c.renumber(5, id("1960-01-01", 11));
            c.row(5).age = None;
        }),
        ("R1306", |c| {
            c.renumber(5, id("1974-06-01", 22));
            c.row(5).age = None;
        }),
        ("R1310", |c| {
            let person = c.row(5).person.clone();
            let twin = RosterRow { class: c.row(12).class.clone(), person: person.clone(), source: source(40), ..RosterRow::default() };
            c.roster.push(twin);
            c.both(|row| row.actual = Some(7));
            let there = ExportRow { person, source: source(40), ..c.export[8].clone() };
            c.export.push(there);
        }),
        ("R1311", |c| {
            let name = c.row(5).person.name.clone().expect("a name");
            c.both(|row| row.contact = Some(name.reveal().to_owned()));
        }),
    ]);
}

#[test]
fn one_person_in_classes_one_after_the_other_is_no_finding() {
    let mut ledger = vec![class("一班", "电工", 2), class("二班", "焊工", 3)];
    (ledger[1].opens_on, ledger[1].ends_on) = (Some(date("2026-12-05")), Some(date("2026-12-09")));
    let one = trainee(&ledger[0], 0, 1);
    let rows = [one.clone(), RosterRow { class: name_of(&ledger[1]), source: source(20), ..one }];
    assert!(check_r1310_person_in_two_classes(&class_rosters(&rows, &ledger)).is_empty());
    ledger[1].opens_on = ledger[0].ends_on;
    let found = check_r1310_person_in_two_classes(&class_rosters(&rows, &ledger));
    assert_eq!((codes(&found), found[0].place.row), (vec!["R1310"], Some(20)));
}

/// Values of the tables annexed to the decision of 13 September 2024.
#[test]
fn statutory_retirement_follows_the_annexed_tables() {
    use RetirementClass::{Man, Woman50, Woman55};
    let cases = [
        (Man, "1964-12-31", "2024-12-31"),
        (Man, "1965-01-15", "2025-02-15"),
        (Man, "1965-04-30", "2025-05-30"),
        (Man, "1965-05-01", "2025-07-01"),
        (Man, "1970-09-10", "2032-03-10"),
        (Man, "1976-08-31", "2039-07-31"),
        (Man, "1976-09-01", "2039-09-01"),
        (Man, "1990-01-01", "2053-01-01"),
        (Woman55, "1969-12-31", "2024-12-31"),
        (Woman55, "1970-01-31", "2025-02-28"),
        (Woman55, "1975-12-01", "2032-06-01"),
        (Woman55, "1981-08-01", "2039-07-01"),
        (Woman55, "1981-09-01", "2039-09-01"),
        (Woman50, "1974-12-31", "2024-12-31"),
        (Woman50, "1975-01-01", "2025-02-01"),
        (Woman50, "1975-02-28", "2025-03-28"),
        (Woman50, "1975-03-01", "2025-05-01"),
        (Woman50, "1980-10-01", "2033-09-01"),
        (Woman50, "1984-10-01", "2039-09-01"),
        (Woman50, "1984-11-01", "2039-11-01"),
        (Woman50, "1990-11-01", "2045-11-01"),
    ];
    for (class, born, expected) in cases {
        assert_eq!(retires_on(date(born), class, &Settings::default()).to_string(), expected, "{class:?} {born}");
    }
    let never = Settings { retirement_postponed_from: None, ..Settings::default() };
    assert_eq!(retires_on(date("1976-09-01"), Man, &never), date("2036-09-01"));
}

#[test]
fn a_woman_between_two_retirement_ages_is_for_a_person_to_judge() {
    use AgeStatus::{NeedsJudgement, OfAge, Retired, TooYoung};
    let cases = [
        ("1965-01-15", Sex::Male, "2025-02-14", OfAge),
        ("1965-01-15", Sex::Male, "2025-02-15", Retired),
        ("1975-01-01", Sex::Female, "2025-01-31", OfAge),
        ("1975-01-01", Sex::Female, "2025-02-01", NeedsJudgement),
        ("1970-01-15", Sex::Female, "2025-02-14", NeedsJudgement),
        ("1970-01-15", Sex::Female, "2025-02-15", Retired),
        ("2010-11-30", Sex::Female, "2026-11-29", TooYoung),
        ("2010-11-30", Sex::Male, "2026-11-30", OfAge),
    ];
    for (born, sex, on, expected) in cases {
        assert_eq!(age_status(date(born), sex, date(on), &Settings::default()), expected, "{born} {sex:?} {on}");
    }
}

#[test]
fn each_fault_of_attendance_has_its_own_code() {
    hold(&[
        ("A1101", |c| c.attendance.iter_mut().step_by(8).for_each(|row| row.mark = Some(Mark::Absent))),
        ("A1102", |c| c.attendance.iter_mut().filter(|row| row.half == Some(HalfDay::Morning)).for_each(|row| row.mark = Some(Mark::Leave))),
        ("", |c| c.attendance.iter_mut().step_by(3).for_each(|row| row.mark = Some(Mark::Late))),
        ("A1103", |c| c.attendance.iter_mut().filter(|row| row.source.row < 9).for_each(|row| row.mark = Some(Mark::Present))),
        ("A1301", |c| {
            let class = ClassName { class_name: Some("七班".into()), ..ClassName::default() };
            c.attendance.push(AttendanceRow { class, source: source(90), ..AttendanceRow::default() });
        }),
        ("A1302", |c| c.attendance[1].date = Some(date("2026-12-06"))),
        ("A1303", |c| {
            c.settings.hours_tolerance_percent = 25;
            c.lessons.retain(|lesson| lesson.class_name.as_deref() != Some("一班") || lesson.date != Some(date("2026-12-02")));
        }),
        ("A1304", |c| c.attendance.iter_mut().filter(|row| row.source.row == 5).for_each(|row| row.person.id = Some(id("1988-01-01", 77)))),
        ("", |c| c.attendance.iter_mut().for_each(|row| row.person.id = None)),
        ("A1305", |c| {
            let of = c.attendance[0].clone();
            c.attendance.push(AttendanceRow {
                class: of.class,
                date: of.date,
                expected: Some(8),
                present: Some(8),
                source: source(50),
                ..AttendanceRow::default()
            });
        }),
    ]);
}

#[test]
fn attendance_in_counts_is_judged_by_the_counts() {
    let class = ClassName { class_name: Some("一班".into()), ..ClassName::default() };
    let day = |present: i64| AttendanceRow {
        class: class.clone(),
        expected: Some(10),
        present: Some(present),
        source: source(4),
        ..AttendanceRow::default()
    };
    for (present, expected) in [(vec![9, 9], ""), (vec![9, 8], "A1101"), (vec![8, 8], "A1101"), (vec![8, 7], "A1102"), (vec![0], "A1102")] {
        let rows: Vec<AttendanceRow> = present.iter().map(|present| day(*present)).collect();
        let found = check_attendance(&rows, &[], &[], &[], &Settings::default());
        assert_eq!(codes(&found).join(" "), expected, "{present:?}");
    }
}

#[test]
fn each_answer_about_a_trainee_has_its_own_code() {
    fn answer(county: &mut County, text: &str) {
        county.checks[1].result = Some(text.into());
    }
    hold(&[
        ("P1301", |c| answer(c, "已死亡")),
        ("P1302", |c| answer(c, "正在服刑")),
        ("P1303", |c| answer(c, "已退休，按月领取养老金")),
        ("P1304", |c| answer(c, "职工参保（正常缴费）")),
        ("", |c| {
            answer(c, "职工参保（正常缴费）");
            [&mut c.ledger[0], &mut c.previous[0]].into_iter().for_each(|row| row.training_type = Some("岗位技能提升培训".into()));
        }),
        ("P1305", |c| _ = c.checks.pop()),
        ("P1306", |c| answer(c, "疑似死亡")),
        ("P1307", |c| answer(c, "查无此人")),
        // Nobody of a class was checked yet.
        ("", |c| c.checks.truncate(6)),
        // By a name that only one trainee has.
        ("P1301", |c| {
            answer(c, "死亡");
            c.checks[1].person.id = None;
        }),
    ]);
}

#[test]
fn answers_are_read_by_what_they_mean_and_denials_are_heard() {
    use ResultClass::{Dead, Doubtful, Employed, Other, Retired, Serving, Unknown};
    let cases = [
        ("已死亡", Dead),
        ("疑似死亡，请核实", Doubtful),
        ("未死亡", Other),
        ("无死亡、服刑记录", Serving),
        ("未发现死亡信息", Other),
        ("服刑人员", Serving),
        ("刑满释放（曾服刑）", Other),
        ("非服刑人员", Other),
        ("已退休", Retired),
        ("未退休", Other),
        ("领取城乡居民养老金", Other),
        ("职工养老保险正常参保", Employed),
        ("城镇职工参保", Employed),
        ("未参加职工养老保险", Other),
        ("职工养老保险（灵活就业）", Other),
        ("职工养老保险停保", Other),
        ("正常参保", Other),
        ("未参保", Other),
        ("", Other),
        ("已领取养老金", Retired),
        ("享受待遇", Retired),
        ("企业养老参保缴费", Employed),
        ("企业在保", Employed),
        ("机关事业单位", Employed),
        ("在职", Employed),
        ("不符合：企业职工", Employed),
        ("户籍注销", Doubtful),
        ("社区矫正人员", Doubtful),
        ("异常", Unknown),
        ("有", Unknown),
        ("Y", Unknown),
        ("1", Unknown),
        ("查无此人", Unknown),
    ];
    for (text, expected) in cases {
        assert_eq!(result_class(text), expected, "{text}");
    }
}

#[test]
fn each_fault_between_export_and_ledger_has_its_own_code() {
    hold(&[
        ("X1301", |c| c.export.retain(|row| row.class.class_code.as_deref() == Some("KB20260003"))),
        ("X1302", |c| {
            c.export.push(ExportRow {
                class: ClassName { class_code: Some("KB20269999".into()), ..ClassName::default() },
                source: source(70),
                ..ExportRow::default()
            })
        }),
        ("", |c| {
            let class = ClassName { class_code: Some("KB20259999".into()), ..ClassName::default() };
            c.export.push(ExportRow { class, ends_on: Some(date("2025-06-01")), source: source(70), ..ExportRow::default() });
        }),
        ("X1303", |c| c.export.iter_mut().for_each(|row| row.hours = Some(44))),
        ("X1303", |c| c.export[0].occupation = Some("钳工".into())),
        ("X1303", |c| c.export[0].opens_on = Some(date("2026-12-01"))),
        ("X1304", |c| _ = c.export.remove(2)),
        ("", |c| c.export.iter_mut().for_each(|row| row.person = Person::default())),
        ("X1305", |c| {
            c.export.push(ExportRow {
                person: Person { id: Some(id("1988-01-01", 77)), ..Person::default() },
                source: source(71),
                ..c.export[0].clone()
            })
        }),
    ]);
    let mut county = good();
    county.export.truncate(6);
    county.ledger[1].in_system = Some(false);
    let found = check_export(&county.export, &[], &county.ledger);
    assert_eq!((codes(&found), found[0].severity), (vec!["X1301"], Severity::Information));
    county.ledger[1].system_name = Some("金保系统".into());
    county.export.iter_mut().for_each(|row| row.system = Some("职业培训信息管理系统".into()));
    assert!(check_export(&county.export, &[], &county.ledger).is_empty(), "it belongs into the other system");
}

#[test]
fn each_fault_of_the_history_has_its_own_code() {
    fn of_class(county: &mut County, at: usize) {
        county.history[at].class = name_of(&county.ledger[0]);
    }
    hold(&[
        ("H1301", |c| c.history[1].occupation = Some("电 工".into())),
        ("", |c| (c.history[1].occupation, c.history[1].level) = (Some("电工".into()), Some(Level::Four))),
        // The payment for this very class.
        ("", |c| {
            c.history[1].occupation = Some("电工".into());
            of_class(c, 1);
        }),
        ("H1302", |c| (0..3).for_each(|line| c.history.push(paid(&c.roster[1], 60 + line, "保洁员", 2026)))),
        ("", |c| (0..2).for_each(|line| c.history.push(paid(&c.roster[1], 60 + line, "保洁员", 2026)))),
        ("H1303", |c| {
            of_class(c, 1);
            [&mut c.ledger[0], &mut c.previous[0]].into_iter().for_each(|row| row.subsidy_standard = Some(1200));
        }),
        ("H1304", |c| {
            of_class(c, 1);
            c.history[1].person.id = Some(id("1988-01-01", 77));
        }),
    ]);
}

#[test]
fn nothing_at_all_and_nonsense_give_no_panic() {
    let calendar = crate::calendar::calendar();
    let settings = Settings::default();
    let extreme = Date::parse("9999-12-31").expect("a date");
    let row = LedgerRow {
        hours: Some(i64::MAX),
        planned: Some(i64::MIN),
        actual: Some(i64::MAX),
        opens_on: Some(extreme),
        ends_on: Some(date("0001-01-01")),
        applied_on: Some(date("0001-01-01")),
        subsidy_standard: Some(i64::MIN),
        subsidy_amount: Some(i64::MAX),
        days: Some(i64::MIN),
        ..LedgerRow::default()
    };
    let rows = [row.clone(), row];
    let lesson = Lesson { hours: Some(i64::MAX), date: Some(extreme), ..Lesson::default() };
    let roster = RosterRow {
        age: Some(i64::MIN),
        subsidies: Some(i64::MAX),
        person: Person { id: Some(id("1900-01-01", 1)), ..Person::default() },
        ..RosterRow::default()
    };
    let attendance = AttendanceRow { expected: Some(i64::MAX), present: Some(i64::MAX), ..AttendanceRow::default() };
    let history = HistoryRow { year: Some(i64::MAX), amount: Some(i64::MIN), ..HistoryRow::default() };
    for (rows, lessons) in [(&rows[..], vec![lesson.clone(), lesson]), (&[], Vec::new())] {
        check_ledger(rows, &calendar, &settings);
        check_ledger_at(rows, extreme, &settings);
        check_together(rows, &lessons, &calendar, &settings);
        check_rosters(&[roster.clone(), roster.clone()], rows, &settings);
        check_attendance(&[attendance.clone(), attendance.clone()], std::slice::from_ref(&roster), rows, &lessons, &settings);
        check_results(&[CheckRow::default()], std::slice::from_ref(&roster), rows);
        check_export(&[ExportRow::default()], std::slice::from_ref(&roster), rows);
        check_history(std::slice::from_ref(&history), std::slice::from_ref(&roster), rows, &settings);
        check_other_counties(rows, &[("", rows)]);
        check_against_previous(rows, rows, extreme, &settings);
    }
}

/// A city's worth of rows in one ledger: a quadratic check would take minutes here, also unoptimised.
#[test]
fn twenty_thousand_classes_are_checked_in_one_pass() {
    let calendar = crate::calendar::calendar();
    let settings = Settings::default();
    let row = |number: u32| LedgerRow {
        institution: Some(format!("学校{}", number % 300)),
        row: number,
        ..class(&format!("第{number}班"), "电工", number)
    };
    let rows: Vec<LedgerRow> = (0..20_000).map(row).collect();
    // The worst that can be: everything alike.
    let same = |row: &LedgerRow| LedgerRow {
        teachers: vec!["张三".into()],
        phone: Some("10000000000".into()),
        venue: Some("一楼101教室".into()),
        ..row.clone()
    };
    let alike: Vec<LedgerRow> = rows.iter().map(same).collect();
    let lessons: Vec<Lesson> = alike.iter().map(|row| lesson(row, 1, date("2026-11-30"), (8, 30), (11, 30))).collect();
    let began = std::time::Instant::now();
    let found = check_ledger(&rows, &calendar, &settings).len();
    let alone = began.elapsed();
    check_ledger(&alike, &calendar, &settings);
    check_together(&alike, &lessons, &calendar, &settings);
    check_other_counties(&rows, &[("甲县", &alike)]);
    check_against_previous(&alike, &rows, date(AS_OF), &settings);
    println!("{found} findings, alone {alone:?}, all {:?}", began.elapsed());
    assert!(began.elapsed().as_secs() < 120, "{:?}", began.elapsed());
}

#[test]
fn several_classes_in_one_name_are_told_and_one_class_is_not() {
    let named = |name: &str| LedgerRow { class_name: Some(name.to_owned()), row: 3, ..LedgerRow::default() };
    for name in ["家政服务员第3-5期", "电工6期、7期", "保育师第一期和第二期", "焊工（共3期）", "电工一班、二班"] {
        assert_eq!(mingchou::checks::check_l1127_several_classes(&[named(name)]).len(), 1, "{name}");
    }
    for name in ["家政服务员第3期", "2026-7班", "电工（2026）第12期", "第3期-1班", "共青团专班", "中式烹调师3期五级", "PX202611-05期"]
    {
        assert!(mingchou::checks::check_l1127_several_classes(&[named(name)]).is_empty(), "{name}");
    }
}
