//! Single cells: each notation that a county has used, and each that looks like one and must not be guessed.

use mingchou::canon::{Date, Week};
use mingchou::domain::Level;
use mingchou::ingest::values::{self, DateRead};

fn week() -> Week {
    Week::parse("2026-W48").expect("a week")
}

fn date(text: &str) -> Option<Date> {
    values::read_date(text, None, week()).date()
}

fn range(text: &str) -> String {
    let text_of = |read: DateRead| read.date().map_or("?".to_owned(), |date| date.to_string());
    let (opens, ends) = values::read_date_range(text, week());
    format!("{} {}", text_of(opens), text_of(ends))
}

#[test]
fn a_date_reads_in_every_notation() {
    for text in [
        "2026-11-02",
        "2026.11.2",
        "2026.11.02",
        "2026/11/2",
        "2026年11月2日",
        "2026年11月2号",
        "11月2日",
        "11月2",
        "11.2",
        "11-2",
        "11/2",
        "26.11.2",
        "26年11月2日",
        "20261102",
        "261102",
        "２０２６．１１．２",
        "２０２６年１１月２日",
        "二〇二六年十一月二日",
        "2026年十一月二日",
        "2026-11-02 00:00:00",
        "2026-11-02T08:30:00",
        "2026年11月2日（周一）",
        "2026年11月2日星期一",
        "11月2日 周一",
        "2026. 11. 2",
        "2026 年 11 月 2 日",
        "2026，11，2",
        "2026..11.2",
        "2026.11.2.",
        "2026年11月2日起",
        "预计11月2日",
        "拟于2026年11月2日开班",
        "11月2日上午",
        "2026-11-2",
        "2026年11月02日前",
        "2026\\11\\2",
        "2026年11.2",
        "2026·11·2",
        "'2026-11-02",
        "2026年\n11月2日",
    ] {
        assert_eq!(date(text).map(|d| d.to_string()).as_deref(), Some("2026-11-02"), "{text}");
    }
    assert_eq!(date("1月7日"), Date::from_ymd(2027, 1, 7));
    assert_eq!(date("11/25/2026"), Date::from_ymd(2026, 11, 25));
}

#[test]
fn what_is_no_date_is_not_guessed() {
    for text in [
        "2026.13.5",
        "2026年11月31日",
        "12月32日",
        "待定",
        "2026年11月",
        "11月",
        "2026",
        "11月初",
        "11.5、11.12",
        "11.5、12",
        "2026.11.2-2026.12.1",
        "若干",
        "1",
        "10/11/2026",
        "11月2日5人",
        "第3期",
        "2月30日",
        "2026112",
        "13.5",
    ] {
        assert_eq!(values::read_date(text, None, week()), DateRead::Bad, "{text}");
    }
    for text in ["", " ", "—", "/", "无"] {
        assert_eq!(values::read_date(text, None, week()), DateRead::Empty, "{text}");
    }
}

#[test]
fn a_date_typed_as_a_number_is_read_unless_a_zero_may_be_lost() {
    let read = |text: &str, number: f64| values::read_date(text, Some(number), week()).date().map(|d| d.to_string());
    assert_eq!(read("46336", 46_336.0).as_deref(), Some("2026-11-10"));
    assert_eq!(read("20261110", 20_261_110.0).as_deref(), Some("2026-11-10"));
    assert_eq!(read("11.25", 11.25).as_deref(), Some("2026-11-25"));
    assert_eq!(read("11.9", 11.9).as_deref(), Some("2026-11-09"));
    // 11.2 or 11.20, the spreadsheet doesn't say.
    assert_eq!(read("11.2", 11.2), None);
}

#[test]
fn a_range_reads_in_every_notation() {
    for text in [
        "2026.11.2-2026.12.10",
        "2026.11.2—12.10",
        "11.2-12.10",
        "11月2日至12月10日",
        "11月2日-12月10日",
        "2026年11月2日至12月10日",
        "2026/11/2-2026/12/10",
        "2026-11-02至2026-12-10",
        "2026-11-02-2026-12-10",
        "20261102-20261210",
        "11.2——12.10",
        "11.2~12.10",
        "１１．２～１２．１０",
        "2026-11-02 2026-12-10",
        "2026.11.2\n2026.12.10",
        "自2026年11月2日起至2026年12月10日止",
        "2026年11月2日 - 12月10日",
        "11.2－12.10",
        "2026.11.2-12.10（共20天）",
        "11月2号到12月10号",
        "2026年11月2日—2026年12月10日（周一至周五）",
        "11/2-12/10",
        "26.11.2-26.12.10",
        "11-2至12-10",
        "2026年11月2日开班，12月10日结业",
    ] {
        assert_eq!(range(text), "2026-11-02 2026-12-10", "{text}");
    }
    assert_eq!(range("11月18日至30日"), "2026-11-18 2026-11-30");
    assert_eq!(range("11.18-30"), "2026-11-18 2026-11-30");
    assert_eq!(range("11.30-1.7"), "2026-11-30 2027-01-07");
    assert_eq!(range("2026.11.30-2027.1.7"), "2026-11-30 2027-01-07");
    assert_eq!(range("2026.11.20-2026.13.1"), "2026-11-20 ?");
    assert_eq!(range("2026.11.20"), "? ?");
}

#[test]
fn a_date_far_from_the_week_is_read_and_told() {
    assert!(matches!(values::read_date("2025.11.2", None, week()), DateRead::Far(_)));
    assert!(matches!(values::read_date("2027.3.1", None, week()), DateRead::Good(_)));
}

#[test]
fn times_of_day_read_in_every_notation() {
    let read = |text: &str| values::read_clock_ranges(text).iter().map(|(a, b)| format!("{a}-{b}")).collect::<Vec<_>>().join(" ");
    for text in [
        "8:30-11:45",
        "08:30-11:45",
        "8：30—11：45",
        "８：３０～１１：４５",
        "8:30至11:45",
        "上午8:30-11:45",
        "8:30-11:45（4课时）",
        "8点30分-11点45分",
        "8时30分至11时45分",
        "0830-1145",
        "8.30-11.45",
        "08:30:00-11:45:00",
        "8:30 - 11:45",
        "上午\n8:30-11:45",
        "第1-4节 8:30-11:45",
        "1-4节(8:30-11:45)",
        "第一节 8:30~11:45",
        "8:30--11:45",
        "AM 8:30-11:45",
        "8:30 am - 11:45 am",
        "上午：8:30到11:45",
        "8∶30-11∶45",
    ] {
        assert_eq!(read(text), "08:30-11:45", "{text}");
    }
    assert_eq!(read("下午2:00-5:00"), "14:00-17:00");
    assert_eq!(read("下午2点-5点半"), "14:00-17:30");
    assert_eq!(read("晚7:00-9:00"), "19:00-21:00");
    assert_eq!(read("2:00 PM-5:00 PM"), "14:00-17:00");
    assert_eq!(read("上午9:00-下午1:00"), "09:00-13:00");
    assert_eq!(read("8:30-11:45，14:00-17:15"), "08:30-11:45 14:00-17:15");
    assert_eq!(read("上午8:30-11:45 下午2:00-5:15"), "08:30-11:45 14:00-17:15");
    for text in ["上午", "1-4节", "第1-4节", "第1、2节", "4课时", "", "全天", "5-8", "25:00-26:00", "8:30", "101教室"] {
        assert_eq!(read(text), "", "{text}");
    }
}

#[test]
fn one_time_of_day_reads() {
    let read = |text: &str| values::read_clock(text).map(|time| time.to_string());
    for (text, expected) in [
        ("8:30", "08:30"),
        ("14：00", "14:00"),
        ("下午2:00", "14:00"),
        ("8点半", "08:30"),
        ("0830", "08:30"),
        ("8.30", "08:30"),
        ("14", "14:00"),
        ("8时", "08:00"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn numbers_read_with_units_and_full_width() {
    for (text, expected) in [
        ("38人", Some(38)),
        ("８０课时", Some(80)),
        ("56学时（7天）", Some(56)),
        ("38", Some(38)),
        ("38.0", Some(38)),
        ("1,200", Some(1200)),
        ("共38人", Some(38)),
        ("38 人", Some(38)),
        ("38名学员", Some(38)),
        ("若干", None),
        ("待定", None),
        ("38-40", None),
        ("约40多", None),
        ("3.5", None),
        ("三十", None),
    ] {
        assert_eq!(values::read_integer(text), Some(expected), "{text}");
    }
    assert_eq!(values::read_integer("/"), None);
    assert_eq!(values::days_in_brackets("56学时（7天）"), Some(7));
}

#[test]
fn money_reads_in_yuan() {
    for (text, expected) in [
        ("1200", Some(1200)),
        ("1,200元", Some(1200)),
        ("1200元/人", Some(1200)),
        ("3.36万元", Some(33_600)),
        ("3.36万", Some(33_600)),
        ("￥1200", Some(1200)),
        ("1200.00", Some(1200)),
        ("12万", Some(120_000)),
        ("待定", None),
    ] {
        assert_eq!(values::read_yuan(text), Some(expected), "{text}");
    }
}

#[test]
fn answers_read_in_words_and_signs() {
    for text in ["是", "√", "已录入", "已", "有", "☑", "Y", "录入", "是（省系统）", "已全部录入"] {
        assert_eq!(values::read_bool(text), Some(Some(true)), "{text}");
    }
    for text in ["否", "×", "未录入", "未", "无", "N", "待录入", "尚未录入", "正在录入", "x"] {
        assert_eq!(values::read_bool(text), Some(Some(false)), "{text}");
    }
    for text in ["", "/", "—"] {
        assert_eq!(values::read_bool(text), None, "{text}");
    }
    assert_eq!(values::read_bool("部分录入"), Some(None));
}

#[test]
fn levels_read_in_all_wordings() {
    use Level::{Certificate, Five, Four, One, SpecialAbility, Three, Two};
    for (text, level) in [
        ("五级", Five),
        ("五级/初级工", Five),
        ("初级", Five),
        ("初级工（五级）", Five),
        ("5级", Five),
        ("5", Five),
        ("四级", Four),
        ("中级工", Four),
        ("中级", Four),
        ("三级/高级工", Three),
        ("高级", Three),
        ("二级/技师", Two),
        ("技师", Two),
        ("一级/高级技师", One),
        ("高级技师", One),
        ("专项职业能力", SpecialAbility),
        ("专项能力证书", SpecialAbility),
        ("培训合格证", Certificate),
        ("合格证书", Certificate),
        ("技能等级四级", Four),
        ("Ⅳ", Four),
        ("职业技能五级（初级工）", Five),
    ] {
        assert_eq!(values::read_level(text), Some(Some(level)), "{text}");
    }
    assert_eq!(values::read_level("—"), None);
    assert_eq!(values::read_level("其他"), Some(None));
}

#[test]
fn names_part_at_every_sign_and_nowhere_inside() {
    for (text, expected) in [
        ("张三、李四", "张三 李四"),
        ("张三，李四", "张三 李四"),
        ("张三/李四", "张三 李四"),
        ("张三\n李四", "张三 李四"),
        ("张三；李四", "张三 李四"),
        ("张三 李四", "张三 李四"),
        ("张 三", "张三"),
        ("张 三、李四光", "张三 李四光"),
        ("张三　李四光", "张三 李四光"),
        ("张三（理论）、李四（实操）", "张三 李四"),
        ("张三（理论、实操），李四", "张三 李四"),
        ("张和平、李四", "张和平 李四"),
        ("王建国和李四", "王建国 李四"),
        ("理论：张三；实操：李四", "张三 李四"),
        ("张三13800000000", "张三"),
        ("1.张三 2.李四", "张三 李四"),
        ("张三等", "张三"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("张三(理论)李四(实操)", "张三 李四"),
        ("—", ""),
        ("", ""),
    ] {
        assert_eq!(values::read_names(text).join(" "), expected, "{text}");
    }
}

#[test]
fn a_person_and_a_telephone_number_come_apart_in_either_order() {
    for (text, name, phone) in [
        ("黄虎 10044390339", Some("黄虎"), Some("10044390339")),
        ("黄虎10044390339", Some("黄虎"), Some("10044390339")),
        ("黄虎（10044390339）", Some("黄虎"), Some("10044390339")),
        ("10044390339 黄虎", Some("黄虎"), Some("10044390339")),
        ("黄虎：100-4439-0339", Some("黄虎"), Some("10044390339")),
        ("黄虎/10044390339", Some("黄虎"), Some("10044390339")),
        ("黄虎\n10044390339", Some("黄虎"), Some("10044390339")),
        ("黄虎 100 4439 0339", Some("黄虎"), Some("10044390339")),
        ("联系人：黄虎 电话：10044390339", Some("黄虎"), Some("10044390339")),
        ("黄虎 0391-3552222", Some("黄虎"), Some("0391-3552222")),
        ("黄虎", Some("黄虎"), None),
        ("10044390339", None, Some("10044390339")),
        ("", None, None),
        ("黄虎１００４４３９０３３９", Some("黄虎"), Some("10044390339")),
    ] {
        let read = values::split_contact(text);
        assert_eq!((read.0.as_deref(), read.1.as_deref()), (name, phone), "{text}");
    }
}

#[test]
fn telephone_numbers_of_a_wrong_length_are_seen() {
    for text in ["10044390339", "0391-3552222", "3552222", "03913552222", "10044390339/10044390338"] {
        assert!(values::is_phone(text), "{text}");
    }
    for text in ["1004439033", "100443903391", "12345", "黄虎"] {
        assert!(!values::is_phone(text), "{text}");
    }
    assert_eq!(values::tidy_phone("+86 100-4439-0339"), "10044390339");
    assert_eq!(mingchou::domain::mask("10044390339"), "100****0339");
    assert_eq!(mingchou::domain::mask("410899200001011234"), "410899************");
}
