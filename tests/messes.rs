//! Workbooks and texts with one mess each, written here and read back.

use crate::ingest::read;
use mingchou::domain::{DocumentKind, HalfDay, IdStatus, LedgerRow, Lesson, Mark};
use mingchou::ingest::{Reading, Rows};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

const WEEK: &str = "2026-W48";

/// A sheet of texts; `|` parts cells, and a cell beginning with `#` is a number.
fn fill(sheet: &mut Worksheet, rows: &[&str]) {
    for (row, line) in (0u32..).zip(rows) {
        for (column, text) in (0u16..).zip(line.split('|')) {
            match text.strip_prefix('#').and_then(|number| number.parse::<f64>().ok()) {
                Some(number) => _ = sheet.write_number(row, column, number).expect("a number"),
                None if text.is_empty() => {}
                None => _ = sheet.write_string(row, column, text.replace("\\n", "\n")).expect("a text"),
            }
        }
    }
}

pub fn book(rows: &[&str], more: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, rows);
    more(sheet);
    workbook.save_to_buffer().expect("a workbook")
}

fn read_rows(rows: &[&str]) -> Reading {
    read("表.xlsx", &book(rows, |_| ()), WEEK)
}

fn ledger(reading: &Reading) -> &[LedgerRow] {
    match &reading.rows {
        Rows::Ledger(rows) => rows,
        other => panic!("no ledger but {other:?}, {:?}", reading.findings),
    }
}

fn lessons(reading: &Reading) -> &[Lesson] {
    match &reading.rows {
        Rows::Timetable(rows) => rows,
        other => panic!("no timetable but {other:?}, {:?}", reading.findings),
    }
}

pub fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.findings.iter().map(|finding| finding.code).collect()
}

fn classes(reading: &Reading) -> Vec<String> {
    ledger(reading).iter().map(|row| row.class_name.clone().unwrap_or_default()).collect()
}

/// `date start-end course teachers venue` of each lesson.
pub fn shown(reading: &Reading) -> Vec<String> {
    let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "?".into());
    let line = |l: &Lesson| {
        let date = l.date.map_or("?".to_owned(), |date| date.to_string());
        let time = l.start.zip(l.end).map_or("?".to_owned(), |(start, end)| format!("{start}-{end}"));
        format!("{} {date} {time} {} {} {}", text(&l.class_name), text(&l.course), l.teachers.join("、"), text(&l.venue))
    };
    lessons(reading).iter().map(line).collect()
}

const HEAD: &str = "序号|培训机构|班期名称|工种|等级|申请时间|审核时间|开班时间|结业时间|课时|计划人数|培训人数|培训地点|授课教师|班主任及电话|备注";

#[test]
fn an_ordinary_ledger_reads_with_its_lines_above_and_below() {
    let reading = read_rows(&[
        "山阳区补贴性职业培训台账（第48周）",
        "填报单位：山阳区人社局  填报时间：2026年11月27日",
        HEAD,
        "#1|甲学校|第1期|电工|五级|11.20|11.23|11.30|12.20|80课时|38人|36人|一楼|张三、李四|王五 13800000000|",
        "#2|同上|第2期|电工|—|11.20|未审核|12.1|12.20|56学时（7天）|30||二楼|张三|王五13800000000|",
        "合计||||||||||#69|#36||||",
        "备注：人数以系统为准。",
        "填表人：  审核人：",
    ]);
    let rows = ledger(&reading);
    assert_eq!(rows.len(), 2);
    assert_eq!(reading.county.as_ref().map(|c| c.as_str()), Some("410811"));
    assert_eq!(reading.stated_week.map(|w| w.to_string()).as_deref(), Some("2026-W48"));
    assert_eq!(reading.filled_on.map(|d| d.to_string()).as_deref(), Some("2026-11-27"));
    assert_eq!((rows[1].institution.as_deref(), rows[1].hours, rows[1].days, rows[1].level), (Some("甲学校"), Some(56), Some(7), None));
    assert_eq!((rows[0].contact.as_deref(), rows[0].phone.as_deref()), (Some("王五"), Some("13800000000")));
    assert_eq!(codes(&reading), ["L1212", "L1030"]);
}

#[test]
fn two_header_rows_read_with_or_without_merges() {
    let rows = [
        "台账",
        "序号|培训机构|班级|工种|培训时间||人数||日常检查情况||联系人||补贴||培训地点||授课教师|",
        "|||| 开班|结业|计划|实际|时间|人员|姓名|电话|标准|金额（万元）|理论|实操|理论|实操",
        "1|甲学校|一班|电工|11.20|12.10|40|38|11.25|赵六|王五|13800000000|1200|4.56|A楼|B楼|张三|李四、张三",
    ];
    let merged = |sheet: &mut Worksheet| {
        let format = Format::new();
        for (first, last, text) in [
            (4, 5, "培训时间"),
            (6, 7, "人数"),
            (8, 9, "日常检查情况"),
            (10, 11, "联系人"),
            (12, 13, "补贴"),
            (14, 15, "培训地点"),
            (16, 17, "授课教师"),
        ] {
            sheet.merge_range(1, first, 1, last, text, &format).expect("merge");
        }
        for (column, text) in [(0, "序号"), (1, "培训机构"), (2, "班级"), (3, "工种")] {
            sheet.merge_range(1, column, 2, column, text, &format).expect("merge");
        }
    };
    for bytes in [book(&rows, |_| ()), book(&rows, merged)] {
        let reading = read("表.xlsx", &bytes, WEEK);
        let row = &ledger(&reading)[0];
        assert_eq!((row.opens_on.map(|d| d.to_string()), row.ends_on.map(|d| d.to_string())), (Some("2026-11-20".into()), Some("2026-12-10".into())));
        assert_eq!((row.planned, row.actual), (Some(40), Some(38)));
        assert_eq!((row.daily_check_on.map(|d| d.to_string()).as_deref(), row.daily_check_by.as_deref()), (Some("2026-11-25"), Some("赵六")));
        assert_eq!((row.contact.as_deref(), row.phone.as_deref()), (Some("王五"), Some("13800000000")));
        assert_eq!((row.subsidy_standard, row.subsidy_amount), (Some(1200), Some(45_600)));
        assert_eq!((row.venue.as_deref(), row.practice_venue.as_deref(), row.teachers.join("、")), (Some("A楼"), Some("B楼"), "张三、李四".into()));
    }
}

#[test]
fn headers_never_seen_before_are_known_by_their_telling_words() {
    let reading = read_rows(&[
        "序 号|承办培训机构（学校）名称|培训班级名称（期次）|职业（工种）名称|职业技能等级|拟开班日期|实际开班日期（年月日）|计划结业日期|总课时数（节）|计划培训人数（人）|实际参训人数（人）|具体上课地点|任课教师姓名|班主任姓名|班主任联系电话|办学许可证号|取证人数",
        "1|甲学校|一班|电工|四级|11.19|11.20|12.10|80|40|38|A楼|张三|王五|13800000000|许1号|20",
    ]);
    let row = &ledger(&reading)[0];
    assert_eq!(row.class_name.as_deref(), Some("一班"));
    assert_eq!(row.opens_on.map(|d| d.to_string()).as_deref(), Some("2026-11-20"));
    assert_eq!(row.ends_on.map(|d| d.to_string()).as_deref(), Some("2026-12-10"));
    assert_eq!((row.hours, row.planned, row.actual), (Some(80), Some(40), Some(38)));
    assert_eq!(
        (row.venue.as_deref(), row.teachers.join(""), row.contact.as_deref(), row.phone.as_deref()),
        (Some("A楼"), "张三".into(), Some("王五"), Some("13800000000"))
    );
    let count = |wanted: &str| codes(&reading).iter().filter(|code| **code == wanted).count();
    // 许可证号 and 取证人数 mean nothing here; 拟开班日期 gave way to 实际开班日期.
    assert_eq!((count("D1021"), count("D1034")), (2, 1));
}

#[test]
fn every_row_that_is_no_class_is_explained() {
    let bytes = book(
        &[
            HEAD,
            "合计||||||||||#70||||||",
            "一、就业技能培训",
            "甲学校",
            "1||一班|电工|五级|||11.20|12.10|80|30||||",
            "2||二班|电工|五级|||11.20|12.10|80|40||||",
            HEAD,
            "",
            "乙学校",
            "3||三班|电工|五级|||11.20|12.10|80|||||",
            "4||||||||||||||",
            "||||||||||5|||||",
        ],
        |sheet| {
            let struck = Format::new().set_font_strikethrough();
            for (column, text) in (0u16..).zip(["5", "丙学校", "四班", "电工"]) {
                sheet.write_string_with_format(12, column, text, &struck).expect("a text");
            }
        },
    );
    let reading = read("表.xlsx", &bytes, WEEK);
    assert_eq!(classes(&reading), ["一班", "二班", "三班"]);
    let institutions: Vec<_> = ledger(&reading).iter().map(|row| row.institution.as_deref().unwrap_or("?")).collect();
    assert_eq!(institutions, ["甲学校", "甲学校", "乙学校"]);
    assert_eq!(ledger(&reading)[0].training_type.as_deref(), Some("就业技能培训"));
    for code in ["L1012", "L1010", "L1012", "L1013"] {
        assert!(codes(&reading).contains(&code), "{code} in {:?}", codes(&reading));
    }
    assert_eq!(reading.findings.iter().filter(|f| f.place.row == Some(12)).count(), 1);
}

#[test]
fn what_a_spreadsheet_broke_is_told_and_not_guessed() {
    let bytes = book(
        &[
            "培训机构|统一社会信用代码|班期名称|系统班级编号|工种|开班时间|结业时间|联系电话",
            "甲学校|#523101240000000000||#12345678901234567890|电工|#11.2|12.10|1.38E+10",
            "甲学校|||41080220266101|电工|#46336|20261220|#13800000000",
            "甲学校||三班||电工|2026.13.5|12.10|1380000000",
        ],
        |sheet| {
            let month = Format::new().set_num_format("yyyy\\-mm");
            let day = Format::new().set_num_format("yyyy/m/d");
            let july = ExcelDateTime::from_ymd(2026, 7, 1).expect("a date");
            sheet.write_datetime_with_format(1, 2, &july, &month).expect("a date");
            sheet.write_datetime_with_format(2, 2, &july, &day).expect("a date");
        },
    );
    let reading = read("表.xlsx", &bytes, WEEK);
    let rows = ledger(&reading);
    assert_eq!((rows[0].class_name.as_deref(), rows[1].class_name.as_deref()), (Some("2026-07"), None));
    assert_eq!((&rows[0].uscc, &rows[0].class_code, &rows[0].phone, rows[0].opens_on), (&None, &None, &None, None));
    assert_eq!((rows[1].opens_on.map(|d| d.to_string()).as_deref(), rows[1].phone.as_deref()), (Some("2026-11-10"), Some("13800000000")));
    let at = |cell: &str| reading.findings.iter().filter(|f| f.place.cell.as_deref() == Some(cell)).map(|f| f.code).collect::<Vec<_>>();
    assert_eq!((at("B2"), at("C2"), at("C3"), at("D2")), (vec!["L1211"], vec!["L1209"], vec!["L1204"], vec!["L1211"]));
    assert_eq!((at("F2"), at("F4"), at("H2"), at("H4")), (vec!["L1201"], vec!["L1201"], vec!["L1208"], vec!["L1210"]));
    assert!(reading.findings.iter().all(|f| f.value.as_deref() != Some("1380000000")), "a telephone number is masked");
}

#[test]
fn a_csv_keeps_institutions_that_a_merge_gave_once() {
    let text = "填报单位：温县人社局\n培训机构,班级,工种,开班时间,结业时间,联系电话\n甲学校,一班,电工,11.20,12.10,=\"13800000000\"\n,二班,电工,11.20,12.10,1.38E+10\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let mut marked = vec![0xEF, 0xBB, 0xBF];
    marked.extend_from_slice(text.as_bytes());
    for bytes in [gbk.into_owned(), text.as_bytes().to_vec(), marked] {
        let reading = read("台账.csv", &bytes, WEEK);
        let rows = ledger(&reading);
        assert_eq!(reading.county.as_ref().map(|c| c.as_str()), Some("410825"));
        assert_eq!((rows[1].institution.as_deref(), rows[0].phone.as_deref(), rows[1].phone.as_deref()), (Some("甲学校"), Some("13800000000"), None));
        assert_eq!(codes(&reading), ["L1208", "L1011"]);
    }
}

#[test]
fn what_is_no_workbook_is_named_with_a_remedy() {
    let mut zip = b"PK\x03\x04............".to_vec();
    zip.extend_from_slice(b"a.xlsx");
    let cases: [(&[u8], &str); 8] = [
        (b"", "D1001"),
        (b"%PDF-1.4", "D1006"),
        (b"\xff\xd8\xff\xe0", "D1006"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "D1007"),
        (b"PK\x03\x04garbage", "D1004"),
        (&zip, "D1008"),
        (b"\xd0\xcf\x11\xe0garbage", "D1004"),
        (b"a,b\n\xff\xff\xff,c\n", "D1005"),
    ];
    for (bytes, code) in cases {
        let reading = read("x.xls", bytes, WEEK);
        assert_eq!((reading.kind, codes(&reading)), (None, vec![code]), "{bytes:?}");
    }
    let attendance = read_rows(&["签到表", "姓名|11月30日上午|11月30日下午|旷课", "张三|√|√|"]);
    assert_eq!((attendance.kind, codes(&attendance)), (Some(DocumentKind::Attendance), vec![]));
}

#[test]
fn the_last_sheet_is_current_where_weeks_or_months_are_named() {
    for (names, kept) in
        [(["第46周", "第48周"], "新"), (["10月", "11月"], "新"), (["11.16-11.22", "11.23-11.29"], "新"), (["第46周", "第47周"], "新")]
    {
        let mut workbook = Workbook::new();
        for (name, class) in names.into_iter().zip(["旧", "新"]) {
            let sheet = workbook.add_worksheet();
            sheet.set_name(name).expect("a name");
            fill(sheet, &["培训机构|班级|工种|开班时间", &format!("甲学校|{class}|电工|11.20")]);
        }
        let reading = read("表.xlsx", &workbook.save_to_buffer().expect("a workbook"), WEEK);
        assert_eq!(classes(&reading), [kept], "{names:?}");
        assert_eq!(codes(&reading), ["D1020"], "{names:?}");
    }
}

#[test]
fn a_list_of_lessons_reads_in_sections_with_and_without_labels() {
    let head = "日期|星期|时段|节次|课程内容|授课教师|课时|地点";
    let line = "11.30|一|上午8:30-11:45|1-4节|法规|张三|4|101";
    for title in ["班级：一班  培训机构：甲学校", "班 级 ： 一班", "班级|一班|培训机构|甲学校", "甲学校一班课程表"]
    {
        let reading = read_rows(&["山阳区课程表", title, head, line, "", title.replace("一班", "二班").as_str(), head, line]);
        assert_eq!(shown(&reading), ["一班 2026-11-30 08:30-11:45 法规 张三 101", "二班 2026-11-30 08:30-11:45 法规 张三 101"], "{title}");
        if title.contains("甲学校") {
            assert_eq!(lessons(&reading)[0].institution.as_deref(), Some("甲学校"), "{title}");
        }
    }
}

#[test]
fn times_in_every_shape_of_a_list_read() {
    let bytes = book(
        &[
            "班级|日期|开始时间|结束时间|课程|教师",
            "一班|#46356|||法规|张三",
            "一班|11月30日上午|8:30|11:45|法规|张三",
            "一班|2026-11-30|下午2:00|下午5:15|法规|张三",
        ],
        |sheet| {
            let clock = Format::new().set_num_format("h:mm");
            sheet.write_number_with_format(1, 2, 8.5 / 24.0, &clock).expect("a time");
            sheet.write_number_with_format(1, 3, 11.75 / 24.0, &clock).expect("a time");
        },
    );
    let reading = read("课程表.xlsx", &bytes, WEEK);
    assert_eq!(
        shown(&reading),
        ["一班 2026-11-30 08:30-11:45 法规 张三 ?", "一班 2026-11-30 08:30-11:45 法规 张三 ?", "一班 2026-11-30 14:00-17:15 法规 张三 ?"]
    );
    let reading = read_rows(&["班级|日期|上课时间|课程|教师|课时", "一班|11.30|8:30-11:45 14:00-17:15|法规|张三|8", "一班|12.1|上午|法规|张三|4"]);
    assert_eq!(
        shown(&reading),
        ["一班 2026-11-30 08:30-11:45 法规 张三 ?", "一班 2026-11-30 14:00-17:15 法规 张三 ?", "一班 2026-12-01 ? 法规 张三 ?"]
    );
    assert_eq!(codes(&reading), ["T1202"]);
}

#[test]
fn grids_read_whichever_way_they_lie() {
    let want = ["一班 2026-12-01 08:30-11:45 法规 张三 101教室", "一班 2026-12-03 14:00-17:15 构造 李四 102教室"];
    let cells = ["法规\\n张三\\n101教室", "构造\\n李四\\n102教室"];
    let across = |head: &str| {
        read_rows(&["班级：一班", head, &format!("上午8:30-11:45||{}|||", cells[0]), &format!("下午14:00-17:15||||{}|", cells[1]), "备注：按时上课"])
    };
    for head in [
        "节次|星期一|星期二|星期三|星期四|星期五",
        "时间|周一\\n11.30|周二\\n12.1|周三\\n12.2|周四\\n12.3|周五\\n12.4",
        "时间|11月30日（星期一）|12月1日（星期二）|12月2日（星期三）|12月3日（星期四）|12月4日（星期五）",
        "时间|11月30日|12月1日|12月2日|12月3日|12月4日",
        "时间|#46356|#46357|#46358|#46359|#46360",
    ] {
        if !head.contains('#') {
            assert_eq!(shown(&across(head)), want, "{head}");
        }
    }
    let down = read_rows(&[
        "班级：一班",
        "日期|星期|上午（8:30-11:45）|下午（14:00-17:15）",
        "11月30日|一||",
        &format!("12月1日|二|{}|", cells[0]),
        "12月2日|三|休息|",
        &format!("12月3日|四||{}", cells[1]),
    ]);
    assert_eq!(shown(&down), want);
    let titled = read_rows(&[
        "一班课程表（12月7日-12月11日）",
        "节次|星期一|星期二|星期三",
        "8:30-11:45|法规（张三）|操作 李四 实训车间|教师：王五\\n课程：考核\\n地点：机房",
    ]);
    assert_eq!(
        shown(&titled),
        ["一班 2026-12-07 08:30-11:45 法规 张三 ?", "一班 2026-12-08 08:30-11:45 操作 李四 实训车间", "一班 2026-12-09 08:30-11:45 考核 王五 机房"]
    );
}

#[test]
fn a_roster_tells_the_state_of_an_id_number_and_never_the_number() {
    let reading = read_rows(&[
        "序号|姓名|性别|身份证号码|联系电话",
        "1|张三|男|11010519491231002X|13800000000",
        "2|李四|女|110105194912310021|13800000000",
        "3|王五|男|1.10105E+17|",
        "4|赵六|男|#110105194912310000|",
        "5|钱七|男||",
        "6|孙八|男|11010519491231002x|",
    ]);
    let Rows::Roster(rows) = &reading.rows else { panic!("no roster: {:?}", reading.findings) };
    use IdStatus::{Checksum, Damaged, Duplicate, Missing, Valid};
    assert_eq!(rows.iter().map(|row| row.person.id_status).collect::<Vec<_>>(), [Valid, Checksum, Damaged, Damaged, Missing, Duplicate]);
    assert_eq!(reading.kind, Some(DocumentKind::Roster));
    assert!(!format!("{reading:?}").contains("19491231"), "no birth date is kept in rows or findings");
}

#[test]
fn damaged_files_give_findings_and_never_a_panic() {
    let folder = crate::ingest::root().join("data/sample/2026-W48");
    let mut state = 1u64;
    let mut next = |below: usize| {
        // A small generator of our own keeps the damage the same in every run.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for name in ["410825/温县台账统计表.xls", "410822/博爱县课程表.ods", "410871/示范区台账统计表.xlsx", "410804/马村区台账统计表.csv"]
    {
        let whole = std::fs::read(folder.join(name)).expect("the sample is in the repository");
        for _ in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..=next(6) {
                let at = next(bytes.len());
                bytes[at] = u8::try_from(next(256)).expect("a byte");
            }
            bytes.truncate(bytes.len() - next(3) * next(bytes.len() / 3));
            let reading = read(name, &bytes, WEEK);
            assert!(reading.kind.is_some() || !reading.findings.is_empty(), "{name}");
        }
    }
}

#[test]
fn an_opened_class_without_approval_is_asked_about() {
    use mingchou::canon::Date;
    let date = |text: &str| Some(Date::parse(text).expect("a date"));
    let row = |opens: &str, reviewed: Option<Date>| LedgerRow { opens_on: date(opens), reviewed_on: reviewed, ..LedgerRow::default() };
    let rows = [row("2026-11-27", None), row("2026-11-28", None), row("2026-11-20", date("2026-11-19"))];
    let found = mingchou::checks::check_l1108_review_missing(&rows, date("2026-11-27").expect("a date"));
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["L1108"]);
}

#[test]
fn every_code_is_explained_and_every_explanation_is_of_a_code() {
    let text = std::fs::read_to_string(crate::ingest::root().join("docs/CODES.md")).expect("the codes are explained");
    let explained: std::collections::BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()).collect();
    for (code, zh, _) in mingchou::i18n::findings::SENTENCES.iter().filter(|(code, _, _)| code.starts_with(char::is_uppercase)) {
        assert!(explained.contains(code), "{code} has no line in docs/CODES.md");
        assert!(text.contains(zh), "{code} is explained by other words than its sentence");
    }
    for code in explained.iter().filter(|code| code.len() == 5 && code.as_bytes()[1].is_ascii_digit()) {
        assert!(mingchou::i18n::findings::SENTENCES.iter().any(|(known, _, _)| known == code), "{code} is no code");
    }
}

#[test]
fn one_column_may_hold_two_things() {
    let reading = read_rows(&[
        "台账（11月第4周，总第48周）",
        "培训机构|班期|工种|起止时间|课时/天数|计划/\\n实际人数|班主任（联系电话）",
        "甲学校|一班|电工|2026.11.30-12.20|80/10|40/38|王五（13800000000）",
    ]);
    let row = &ledger(&reading)[0];
    assert_eq!((row.hours, row.days, row.planned, row.actual), (Some(80), Some(10), Some(40), Some(38)));
    assert_eq!(reading.stated_week.map(|week| week.to_string()).as_deref(), Some("2026-W48"));
    assert_eq!(codes(&reading), [""; 0]);
}

#[test]
fn a_csv_timetable_carries_a_class_given_once() {
    let text = "课程表（班级：一班）\n培训机构,班级,上课日期,上课时间（起）,上课时间（止）,课程名称,任课老师\n甲学校,二班,2026-11-30,08:30,11:45,法规,张三\n,,,14:00,17:15,构造,李四\n";
    assert_eq!(
        shown(&read("课程表.csv", text.replace("（班级：一班）", "").as_bytes(), WEEK)),
        ["二班 2026-11-30 08:30-11:45 法规 张三 ?", "二班 2026-11-30 14:00-17:15 构造 李四 ?"]
    );
    assert_eq!(shown(&read("课程表.csv", text.replace("二班", "").as_bytes(), WEEK))[1], "一班 2026-11-30 14:00-17:15 构造 李四 ?");
}

#[test]
fn one_grid_may_hold_a_class_in_each_row() {
    let reading = read_rows(&[
        "沁阳市下周课程安排",
        "班级名称|周一|周二|周三|周四|周五",
        "一班|上午8:30-11:45 法规 张三|||下午14:00-17:15\\n构造\\n李四\\n101|",
        "二班||实操 8:30-11:45|||",
    ]);
    assert_eq!(
        shown(&reading),
        ["一班 2026-11-30 08:30-11:45 法规 张三 ?", "一班 2026-12-03 14:00-17:15 构造 李四 101", "二班 2026-12-01 08:30-11:45 实操  ?"]
    );
}

#[test]
fn every_table_and_sheet_is_read_or_named() {
    let richer = read_rows(&[
        "序号|培训机构|班级名称|开班时间|结业时间|人数",
        "1|甲学校|一班|2026-11-20|2026-12-10|30",
        "",
        "序号|培训机构|班级名称|工种|等级|开班时间|结业时间|实际人数|联系电话",
        "2|乙学校|二班|电工|四级|2026-11-21|2026-12-11|40|10012345678",
    ]);
    let names: Vec<_> = ledger(&richer).iter().map(|row| row.class_name.clone().unwrap_or_default()).collect();
    assert_eq!(names, ["一班", "二班"]);
    let beside = read_rows(&[
        "序号|培训机构|班级名称|开班时间|结业时间||序号|培训机构|班级名称|开班时间|结业时间",
        "1|甲学校|一班|2026-11-20|2026-12-10||2|乙学校|二班|2026-11-21|2026-12-11",
    ]);
    let names: Vec<_> = ledger(&beside).iter().map(|row| row.class_name.clone().unwrap_or_default()).collect();
    assert_eq!(names, ["一班", "二班"]);
    let three = read_rows(&[
        "序号|机构信息||培训情况||||",
        "|名称|联系电话|班级名称|培训时间||人数|",
        "||||开班|结业|计划|实际",
        "1|甲学校|10012345678|一班|2026-11-20|2026-12-10|40|38",
    ]);
    let row = &ledger(&three)[0];
    assert_eq!((row.class_name.as_deref(), row.opens_on.is_some(), row.actual), (Some("一班"), true, Some(38)));
}

#[test]
fn attendance_in_blocks_in_halves_and_over_a_months_end_keeps_every_mark() {
    let marks = |reading: &Reading| match &reading.rows {
        Rows::Attendance(rows) => {
            rows.iter().map(|row| (row.date.map(|d| d.to_string()).unwrap_or_default(), row.half, row.mark)).collect::<Vec<_>>()
        }
        other => panic!("no attendance but {other:?}"),
    };
    let (here, away) = (Some(Mark::Present), Some(Mark::Absent));
    let blocks = read_rows(&[
        "家政1期考勤表",
        "序号|姓名|11月23日|11月24日",
        "1|甲某|√|√",
        "2|乙某|√|√",
        "",
        "序号|姓名|11月25日|11月26日",
        "1|甲某|√|旷课",
        "2|乙某|√|√",
    ]);
    assert_eq!(marks(&blocks).len(), 8);
    assert!(marks(&blocks).contains(&("2026-11-26".to_owned(), None, away)));
    let halves = read_rows(&["家政1期考勤表", "序号|姓名|时段|11月23日|11月24日", "1|甲某|上午|√|√", "||下午|√|×", "2|乙某|上午|√|√", "||下午|√|√"]);
    assert_eq!(marks(&halves).len(), 8);
    assert!(marks(&halves).contains(&("2026-11-24".to_owned(), Some(HalfDay::Afternoon), away)));
    let over = read_rows(&["家政1期2026年11月考勤表", "序号|姓名|30|1|2", "1|甲某|√|√|√", "2|乙某|√|√|√"]);
    let dates: Vec<String> = marks(&over).into_iter().take(3).map(|(date, _, mark)| format!("{date} {}", mark == here)).collect();
    assert_eq!(dates, ["2026-11-30 true", "2026-12-01 true", "2026-12-02 true"]);
}

#[test]
fn documents_that_gb_11643_says_nothing_of_are_not_called_damaged() {
    let reading = read_rows(&[
        "序号|姓名|身份证号|联系电话",
        "1|甲某|E12345678|10000000001",
        "2|乙某|H12345678|10000000002",
        "3|丙某|410899700101001|10000000003",
        "4|丁某|4108991990|10000000004",
    ]);
    assert_eq!(codes(&reading).iter().filter(|code| **code == "R1006").count(), 3);
    assert_eq!(codes(&reading).iter().filter(|code| **code == "R1002").count(), 1);
    let richer = read_rows(&[
        "序号|姓名|身份证号",
        "1|甲某|410899199001010011",
        "",
        "序号|姓名|身份证号|性别|联系电话|人员类别",
        "2|乙某|410899199001010038|女|10000000002|失业人员",
    ]);
    assert_eq!(richer.rows.len(), 2, "{:?}", richer.findings);
}

#[test]
fn answers_of_the_insurance_side_in_columns_of_their_own_are_checks() {
    let results = |reading: &Reading| match &reading.rows {
        Rows::Checks(rows) => rows.iter().map(|row| (row.class.institution.clone(), row.result.clone().unwrap_or_default())).collect::<Vec<_>>(),
        other => panic!("no checks but {other:?}, {:?}", reading.findings),
    };
    let columns = read_rows(&[
        "序号|姓名|身份证号|是否退休|是否死亡|是否服刑",
        "1|甲某|410899199001010011|否|否|否",
        "2|乙某|410899195001010011|是|否|否",
        "3|丙某|410899196001010011|否|是|否",
    ]);
    let said: Vec<String> = results(&columns).into_iter().map(|(_, result)| result).collect();
    assert_eq!(said, ["正常", "已退休", "已死亡"]);
    let extract = read_rows(&["序号|姓名|公民身份号码|险种|参保状态|单位名称", "1|甲某|410899199001010011|企业养老|正常参保|某某制造公司"]);
    assert_eq!(results(&extract), [(None, "正常参保".to_owned())]);
}
