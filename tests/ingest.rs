//! Reading what counties send: the sample weeks against the generator's own truth, and single messes.

use mingchou::canon::Week;
use mingchou::domain::ReportingUnit;
use mingchou::ingest::{Context, Reading, Rows, read_document};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

pub fn units() -> Vec<ReportingUnit> {
    let bytes = std::fs::read(root().join("data/reporting_units.json")).expect("the units are in the repository");
    serde_json::from_slice(&bytes).expect("the units are well formed")
}

pub fn read(name: &str, bytes: &[u8], week: &str) -> Reading {
    read_document(name, bytes, &Context { week: Week::parse(week).expect("a week"), kind: None, units: &units(), headers: &[] })
}

fn rows_of(reading: &Reading) -> Vec<Value> {
    match &reading.rows {
        Rows::Ledger(rows) => rows.iter().map(|row| serde_json::to_value(row).expect("rows are plain")).collect(),
        Rows::Timetable(rows) => rows.iter().map(|row| serde_json::to_value(row).expect("rows are plain")).collect(),
        Rows::Roster(rows) => rows.iter().map(|row| serde_json::to_value(row).expect("rows are plain")).collect(),
        _ => Vec::new(),
    }
}

/// Differences between what was read and what the generator wrote, by row and field.
fn differences(read: &[Value], expected: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    if read.len() != expected.len() {
        found.push(format!("{} rows read, {} written", read.len(), expected.len()));
    }
    for (index, (read, expected)) in read.iter().zip(expected).enumerate() {
        for (field, value) in expected.as_object().expect("an expected row is an object") {
            if read.get(field) != Some(value) {
                found.push(format!("row {index} {field}: read {}, written {value}", read.get(field).unwrap_or(&Value::Null)));
            }
        }
    }
    found
}

#[test]
fn every_sample_file_reads_as_it_was_written() {
    let mut problems = Vec::new();
    let mut files = 0;
    for week in ["2026-W47", "2026-W48"] {
        let folder = root().join("data/sample/expected").join(week);
        let mut entries: Vec<_> = std::fs::read_dir(&folder).expect("the sample is in the repository").flatten().collect();
        entries.sort_by_key(|entry| entry.path());
        for entry in entries {
            let expected: Value = serde_json::from_slice(&std::fs::read(entry.path()).expect("readable")).expect("json");
            let county = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
            for (name, truth) in expected.as_object().expect("an object") {
                files += 1;
                let bytes = std::fs::read(root().join("data/sample").join(week).join(&county).join(name)).expect("the file is there");
                let reading = read(name, &bytes, week);
                let kind = reading.kind.map(mingchou::domain::DocumentKind::as_str);
                if kind != truth["kind"].as_str() || reading.county.as_ref().map(|c| c.as_str()) != Some(&county) {
                    problems.push(format!("{week} {name}: kind {kind:?}, county {:?}", reading.county));
                }
                let rows = truth["rows"].as_array().expect("rows");
                problems.extend(differences(&rows_of(&reading), rows).into_iter().map(|p| format!("{week} {name}: {p}")));
            }
        }
    }
    assert_eq!(files, 42);
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}

mod values {
    //! Single cells in every notation, read against the week of 2026-11-27.

    use mingchou::canon::Week;
    use mingchou::domain::Level;
    use mingchou::ingest::values::*;

    fn week() -> Week {
        Week::parse("2026-W48").expect("a week")
    }

    #[test]
    fn dates_are_read_in_every_notation() {
        let good = [
            ("2026.11.2", "2026-11-02"),
            ("2026.11.02", "2026-11-02"),
            ("2026/11/2", "2026-11-02"),
            ("2026-11-02", "2026-11-02"),
            ("2026年11月2日", "2026-11-02"),
            ("２０２６年１１月２日", "2026-11-02"),
            ("2026 年 11 月 2 日", "2026-11-02"),
            ("11月2日", "2026-11-02"),
            ("11月2号", "2026-11-02"),
            ("11.2", "2026-11-02"),
            ("26.11.2", "2026-11-02"),
            ("20261102", "2026-11-02"),
            ("261102", "2026-11-02"),
            ("2026-11-02 08:30", "2026-11-02"),
            ("2026年11月2日（星期一）", "2026-11-02"),
            ("2026.11.2 星期一", "2026-11-02"),
            ("2026.11.2.", "2026-11-02"),
            ("1月8日", "2027-01-08"), // nearest to November
            ("6.30", "2026-06-30"),
        ];
        for (text, expected) in good {
            assert_eq!(read_date(text, None, week()).date().map(|d| d.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["2026.13.5", "2026.2.30", "若干", "11月", "2026年11月", "11月2日左右", "2.30", "11.2.3.4"] {
            assert_eq!(read_date(text, None, week()), DateRead::Bad, "{text}");
        }
        for text in ["", "—", "/", "无", " "] {
            assert_eq!(read_date(text, None, week()), DateRead::Empty, "{text}");
        }
        assert!(matches!(read_date("2024.7.18", None, week()), DateRead::Far(_)));
    }

    #[test]
    fn ranges_lend_each_other_what_is_missing() {
        let cases = [
            ("7.18-7.30", "2026-07-18", "2026-07-30"),
            ("11月2日至30日", "2026-11-02", "2026-11-30"),
            ("11.2—12.10", "2026-11-02", "2026-12-10"),
            ("2026.11.2—2026.12.10", "2026-11-02", "2026-12-10"),
            ("2026.11.2——2026.12.10", "2026-11-02", "2026-12-10"),
            ("2026年11月2日～12月10日", "2026-11-02", "2026-12-10"),
            ("2026-11-02-2026-12-10", "2026-11-02", "2026-12-10"),
            ("2026-11-02至2026-12-10", "2026-11-02", "2026-12-10"),
            ("2026/11/2 - 2026/12/10", "2026-11-02", "2026-12-10"),
            ("2026.12.28-1.15", "2026-12-28", "2027-01-15"),
            ("20261102-20261210", "2026-11-02", "2026-12-10"),
        ];
        for (text, opens, ends) in cases {
            let (first, last) = read_date_range(text, week());
            let found = (first.date().map(|d| d.to_string()), last.date().map(|d| d.to_string()));
            assert_eq!(found, (Some(opens.to_owned()), Some(ends.to_owned())), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_value_and_lose_their_unit() {
        for (text, expected) in [
            ("38", Some(Some(38))),
            ("38人", Some(Some(38))),
            ("80课时", Some(Some(80))),
            ("５６学时（7天）", Some(Some(56))),
            ("1,200", Some(Some(1200))),
            ("40.0", Some(Some(40))),
            ("若干", Some(None)),
            ("37.5", Some(None)),
            ("38人左右", Some(None)),
            ("", None),
            ("—", None),
        ] {
            assert_eq!(read_integer(text), expected, "{text}");
        }
        assert_eq!(days_in_brackets("56学时（7天）"), Some(7));
        for (text, expected) in [("1500元/人", 1500), ("¥1,500", 1500), ("1.5万元", 15_000), ("3万", 30_000), ("1500.00", 1500)] {
            assert_eq!(read_yuan(text), Some(Some(expected)), "{text}");
        }
    }

    #[test]
    fn levels_names_and_answers_are_read_in_their_wordings() {
        for (text, level) in [
            ("五级/初级工", Level::Five),
            ("初级", Level::Five),
            ("中级工（四级）", Level::Four),
            ("高级工", Level::Three),
            ("三级", Level::Three),
            ("技师", Level::Two),
            ("高级技师", Level::One),
            ("一级/高级技师", Level::One),
            ("专项职业能力", Level::SpecialAbility),
            ("培训合格证", Level::Certificate),
        ] {
            assert_eq!(read_level(text), Some(Some(level)), "{text}");
        }
        for (text, names) in [
            ("张三、李四", &["张三", "李四"][..]),
            ("张三，李四", &["张三", "李四"]),
            ("张三/李四", &["张三", "李四"]),
            ("张三\n李四", &["张三", "李四"]),
            ("张三 李四", &["张三", "李四"]),
            ("张 三", &["张三"]),
            ("张三（理论）、李四（实操）", &["张三", "李四"]),
            ("", &[]),
        ] {
            assert_eq!(read_names(text), names, "{text}");
        }
        for (text, answer) in [("是", true), ("√", true), ("已录入", true), ("否", false), ("×", false), ("未录入", false)] {
            assert_eq!(read_bool(text), Some(Some(answer)), "{text}");
        }
    }

    #[test]
    fn clock_times_are_read_in_every_notation() {
        for (text, start, end) in [
            ("8:30-11:45", "08:30", "11:45"),
            ("8：30~12：00", "08:30", "12:00"),
            ("08:30—11:30", "08:30", "11:30"),
            ("上午8:30—12:00", "08:30", "12:00"),
            ("下午2:00-5:30", "14:00", "17:30"),
            ("下午14:00-17:15", "14:00", "17:15"),
            ("8点30分至11点45分", "08:30", "11:45"),
            ("0830-1145", "08:30", "11:45"),
            ("第1-4节 8:30-11:45", "08:30", "11:45"),
        ] {
            let found = mingchou::ingest::clocks::read_clock_ranges(text).first().map(|(start, end)| (start.to_string(), end.to_string()));
            assert_eq!(found, Some((start.to_owned(), end.to_owned())), "{text}");
        }
    }

    #[test]
    fn personal_numbers_are_masked() {
        assert_eq!(mingchou::domain::mask("10012345678"), "100****5678");
        assert_eq!(mingchou::domain::mask("410899200001010016"), "410899************");
        assert_eq!(mingchou::domain::mask("41089920000101001X"), "410899************");
    }
}

mod messes {
    //! Single messes, each in a small document of its own.

    use super::read;
    use mingchou::domain::{DocumentKind, IdStatus, LedgerRow};
    use mingchou::ingest::{Reading, Rows};

    fn ledger(reading: &Reading) -> &[LedgerRow] {
        if let Rows::Ledger(rows) = &reading.rows { rows } else { panic!("not a ledger: {:?}", reading.findings) }
    }

    fn codes(reading: &Reading) -> Vec<&str> {
        reading.findings.iter().map(|finding| finding.code).collect()
    }

    const HEAD: &str = "序号,培训机构,班期,工种,等级,开班时间,结业时间,课时,计划人数,授课教师\n";

    #[test]
    fn a_bad_cell_leaves_the_row_and_is_named_with_its_place() {
        let text = format!("{HEAD}1,甲校,一期,电工,五级,2026.13.5,2026.12.10,若干,38人,张三\n");
        let reading = read("解放区.csv", text.as_bytes(), "2026-W48");
        let row = &ledger(&reading)[0];
        assert_eq!((row.opens_on, row.hours, row.planned), (None, None, Some(38)));
        let places: Vec<_> = reading.findings.iter().map(|f| (f.code, f.place.cell.as_deref(), f.value.as_deref())).collect();
        assert_eq!(places, [("L1201", Some("F2"), Some("2026.13.5")), ("L1203", Some("H2"), Some("若干"))]);
    }

    #[test]
    fn totals_notes_and_signatures_are_not_classes() {
        let text = format!(
            "中站区台账统计表,,,,,,,,,\n填报单位：中站区人社局,,,,,填报时间：2026年11月27日,,,,\n{HEAD}合计,,,,,,,,70,\n1,甲校,一期,电工,五级,11.2,12.10,80,30,张三\n2,甲校,二期,焊工,四级,11.2,12.10,80,38,李四\n\n备注：以上均已录入系统。,,,,,,,,,\n填报人：王五,,,审核人：赵六,,,,,,\n"
        );
        let reading = read("x.csv", text.as_bytes(), "2026-W48");
        assert_eq!(ledger(&reading).len(), 2);
        assert_eq!(reading.county.as_ref().map(|c| c.as_str()), Some("410803"));
        assert_eq!(reading.filled_on.map(|d| d.to_string()).as_deref(), Some("2026-11-27"));
        assert_eq!(codes(&reading), ["L1030"], "70 is not 30 + 38");
    }

    #[test]
    fn ditto_marks_repeat_what_stands_above() {
        let text = format!("{HEAD}1,甲校,一期,电工,五级,11.2,12.10,80,30,张三\n2,同上,二期,〃,〃,〃,〃,〃,38,李四\n");
        let reading = read("x.csv", text.as_bytes(), "2026-W48");
        let row = &ledger(&reading)[1];
        assert_eq!(row.institution.as_deref(), Some("甲校"));
        assert_eq!(row.occupation.as_deref(), Some("电工"));
        assert_eq!(row.opens_on.map(|d| d.to_string()).as_deref(), Some("2026-11-02"));
    }

    #[test]
    fn a_gbk_file_is_read_and_undecodable_bytes_are_refused() {
        let text = format!("{HEAD}1,甲校,一期,电工,五级,11.2,12.10,80,30,张三\n");
        let (gbk, _, _) = encoding_rs::GBK.encode(&text);
        assert_eq!(ledger(&read("x.csv", &gbk, "2026-W48"))[0].institution.as_deref(), Some("甲校"));
        let mut broken = gbk.into_owned();
        broken.extend_from_slice(&[0xFF, 0xFF, b'\n']);
        let reading = read("x.csv", &broken, "2026-W48");
        assert_eq!((reading.kind, codes(&reading)), (None, vec!["D1005"]));
    }

    #[test]
    fn what_is_no_workbook_is_named_with_a_remedy() {
        for (bytes, code) in [
            (&b""[..], "D1001"),
            (b"%PDF-1.7 ...", "D1006"),
            (b"\x89PNG\r\n\x1a\n....", "D1006"),
            (b"<html><table><tr><td>1</td></tr></table></html>", "D1007"),
            (b"Rar!\x1a\x07", "D1008"),
            (b"PK\x03\x04 nothing", "D1004"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 nothing", "D1004"),
            (b"\x00\x01\x02\x03\x04", "D1004"),
            (b"a,b,c\n1,2,3\n", "D1010"),
        ] {
            let reading = read("x.xlsx", bytes, "2026-W48");
            assert_eq!((reading.kind, codes(&reading)), (None, vec![code]), "{bytes:?}");
        }
    }

    #[test]
    fn no_prefix_or_flipped_byte_of_a_workbook_makes_the_reader_panic() {
        for name in [
            "2026-W48/410804/马村区台账统计表.csv",
            "2026-W48/410871/示范区台账统计表.xlsx",
            "2026-W48/410822/博爱县培训台账.ods",
            "2026-W48/410825/温县台账统计表.xls",
        ] {
            let bytes = std::fs::read(super::root().join("data/sample").join(name)).expect("sample");
            for cut in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
                read(name, &bytes[..cut], "2026-W48");
                let mut flipped = bytes.clone();
                flipped[cut] ^= 0x55;
                read(name, &flipped, "2026-W48");
            }
        }
    }

    #[test]
    fn a_roster_is_judged_without_its_numbers() {
        let text = "序号,姓名,性别,身份证号,联系电话\n1,甲某,男,410899200001010015,10000000001\n2,乙某,女,410899200001010099,10000000002\n3,丙某,男,4.10899E+17,10000000003\n4,丁某,女,,10000000004\n5,戊某,男,410899200001010015,10000000005\n";
        let reading = read("花名册.csv", text.as_bytes(), "2026-W48");
        assert_eq!(reading.kind, Some(DocumentKind::Roster));
        let Rows::Roster(rows) = &reading.rows else { panic!("a roster") };
        let found: Vec<IdStatus> = rows.iter().map(|row| row.person.id_status).collect();
        assert_eq!(found, [IdStatus::Valid, IdStatus::Checksum, IdStatus::Damaged, IdStatus::Missing, IdStatus::Duplicate]);
        let shown = format!("{:?}", reading.findings);
        assert!(!shown.contains("20000101"), "{shown}");
    }
}

mod timetables {
    //! Layouts of timetables that no county of the sample uses.

    use super::read;
    use mingchou::domain::Lesson;
    use mingchou::ingest::{Reading, Rows};

    fn lessons(reading: &Reading) -> Vec<String> {
        let Rows::Timetable(lessons) = &reading.rows else { panic!("not a timetable: {:?}", reading.findings) };
        let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".into());
        let line = |l: &Lesson| {
            let date = l.date.map_or("-".into(), |d| d.to_string());
            let time = l.start.zip(l.end).map_or("-".into(), |(s, e)| format!("{s}-{e}"));
            [text(&l.institution), text(&l.class_name), date, time, text(&l.course), l.teachers.join("+"), text(&l.venue)].join(" ")
        };
        lessons.iter().map(line).collect()
    }

    #[test]
    fn a_grid_without_dates_is_the_coming_weeks() {
        let text = "甲校2026年第1期电工班课程表,,,,\n节次,周一,周二,周三,周四\n1-4节 8:30-11:50,安全/张三/一教室,,实操 张三 实训室,休息\n";
        let found = lessons(&read("x.csv", text.as_bytes(), "2026-W48"));
        assert_eq!(
            found,
            ["- 甲校2026年第1期电工班 2026-11-30 08:30-11:50 安全 张三 一教室", "- 甲校2026年第1期电工班 2026-12-02 08:30-11:50 实操 张三 实训室"]
        );
    }

    #[test]
    fn a_grid_may_have_its_dates_in_a_row_of_their_own_and_its_class_in_a_cell() {
        let text = "班级,电工一班,,,\n时间,星期一,星期二,星期三,星期四\n,12月7日,12月8日,12月9日,12月10日\n下午（14:00-17:30）,安全,,实操,\n";
        let found = lessons(&read("x.csv", text.as_bytes(), "2026-W48"));
        assert_eq!(found, ["- 电工一班 2026-12-07 14:00-17:30 安全  -", "- 电工一班 2026-12-09 14:00-17:30 实操  -"]);
    }

    #[test]
    fn a_grid_may_have_a_class_in_each_row() {
        let text = "培训机构,班级,上课时间,周一,周二,周三\n甲校,一班,8:30-11:30,电工 张三,,\n乙校,二班,14:00-17:00,,焊接 李四,\n";
        let found = lessons(&read("x.csv", text.as_bytes(), "2026-W48"));
        assert_eq!(found, ["甲校 一班 2026-11-30 08:30-11:30 电工 张三 -", "乙校 二班 2026-12-01 14:00-17:00 焊接 李四 -"]);
    }

    #[test]
    fn sections_give_their_heading_to_their_lessons() {
        let text = "课程表,,,\n班级：一班  机构：甲校  地点：201,,,\n日期,上课时间,课程内容,授课教师\n11月30日,上午8:30-12:00,安全,张三\n,下午2:00-5:30,安全,张三\n班级：二班  机构：乙校,,,\n日期,上课时间,课程内容,授课教师\n12.1,8:30-12:00,焊接,李四\n";
        let found = lessons(&read("x.csv", text.as_bytes(), "2026-W48"));
        assert_eq!(
            found,
            [
                "甲校 一班 2026-11-30 08:30-12:00 安全 张三 201",
                "甲校 一班 2026-11-30 14:00-17:30 安全 张三 201",
                "乙校 二班 2026-12-01 08:30-12:00 焊接 李四 -"
            ]
        );
    }
}

#[test]
fn a_struck_cell_keeps_the_part_whose_own_format_is_not_struck() {
    let mut book = Workbook::new();
    let (struck, plain) = (Format::new().set_font_strikethrough(), Format::new().set_font_color("#C00000"));
    let sheet = book.add_worksheet();
    sheet.write_rich_string_with_format(0, 0, &[(&struck, "东街1号"), (&plain, "西街2号")], &struck).expect("a rich text");
    sheet.write_rich_string_with_format(0, 1, &[(&struck, "东街"), (&struck, "1号")], &struck).expect("a rich text");
    let sheet = mingchou::ingest::sheets_of(&book.save_to_buffer().expect("a workbook")).pop().expect("a sheet");
    let texts: Vec<&str> = sheet.rows[0].iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(texts, ["西街2号", "东街1号"]);
    assert_eq!(sheet.partly_struck, [(0, 0)]);
    assert_eq!(sheet.struck_cells.into_iter().collect::<Vec<_>>(), [(0, 1)]);
}

#[test]
fn a_blank_line_of_a_csv_stands_where_it_stood() {
    let text = "培训机构,班级名称,开班时间\n甲校,\"电工\n1期\",2026-11-25\n\n\n乙校,电工2期,2026-11-26\r\n\r\n丙校,电工3期,2026-11-27\n";
    let sheet = mingchou::ingest::sheets_of(text.as_bytes()).pop().expect("a sheet");
    let firsts: Vec<&str> = sheet.rows.iter().map(|row| row.first().map_or("", |cell| cell.text.as_str())).collect();
    // A quoted line feed makes no row, as in the spreadsheet that opens the file.
    assert_eq!(firsts, ["培训机构", "甲校", "", "", "乙校", "", "丙校"]);
}
