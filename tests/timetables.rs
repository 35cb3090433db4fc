//! Timetables by their layouts: classes across, times and courses in columns of their own, times without 上午 and 下午.

use crate::ingest::read;
use crate::messes::{book, codes, shown};
use mingchou::ingest::{Reading, Rows};

const WEEK: &str = "2026-W48";

fn timetable(rows: &[&str]) -> Reading {
    let reading = read("课程表.xlsx", &book(rows, |_| ()), WEEK);
    assert!(matches!(reading.rows, Rows::Timetable(_)), "{:?}", reading.findings);
    reading
}

#[test]
fn classes_stand_across_with_their_institutions_in_a_row_above() {
    let reading = timetable(&[
        "山阳区课程表",
        "日期|星期|时段|甲职业培训学校||乙职业培训学校",
        "|||第1期电工班|第2期焊工班|保安员（3期）",
        "11.30|周一|上午8:30-11:30|电工基础 张三丰|焊接安全 李四光|礼仪 王五岳",
        "||下午2:30-5:30|接线 张三丰|休息|礼仪 王五岳",
        "12.1|周二|上午8:30-11:30|电工基础 张三丰||",
        "||下午|接线 张三丰||",
    ]);
    let expected = [
        "第1期电工班 2026-11-30 08:30-11:30 电工基础 张三丰 ?",
        "第2期焊工班 2026-11-30 08:30-11:30 焊接安全 李四光 ?",
        "保安员（3期） 2026-11-30 08:30-11:30 礼仪 王五岳 ?",
        "第1期电工班 2026-11-30 14:30-17:30 接线 张三丰 ?",
        "保安员（3期） 2026-11-30 14:30-17:30 礼仪 王五岳 ?",
        "第1期电工班 2026-12-01 08:30-11:30 电工基础 张三丰 ?",
        "第1期电工班 2026-12-01 ? 接线 张三丰 ?",
    ];
    assert_eq!(shown(&reading), expected);
    let Rows::Timetable(lessons) = &reading.rows else { panic!() };
    let institutions: Vec<&str> = lessons.iter().take(3).filter_map(|lesson| lesson.institution.as_deref()).collect();
    assert_eq!(institutions, ["甲职业培训学校", "甲职业培训学校", "乙职业培训学校"]);
    // 下午 alone, under the morning's times, has none.
    assert_eq!(codes(&reading), ["T1202"]);
}

#[test]
fn classes_across_may_have_columns_of_their_own_and_a_corner_without_words() {
    let reading = timetable(&[
        "甲职业培训学校课程表",
        "|第1期电工班|||第2期焊工班",
        "|时间|课程|教师|时间|课程|教师",
        "11月30日|8:30-11:30|电工基础|张三|2:30-5:30|焊接安全|李四",
        "12月1日|8:30-11:30|接线|〃|2:30-5:30|平焊|王五",
        "另行通知|8:30-11:30|考核|张三|||",
    ]);
    let expected = [
        "第1期电工班 2026-11-30 08:30-11:30 电工基础 张三 ?",
        "第2期焊工班 2026-11-30 14:30-17:30 焊接安全 李四 ?",
        "第1期电工班 2026-12-01 08:30-11:30 接线 张三 ?",
        "第2期焊工班 2026-12-01 14:30-17:30 平焊 王五 ?",
    ];
    assert_eq!(shown(&reading), expected);
    assert_eq!(codes(&reading), ["T1212", "T1201"]);
}

#[test]
fn times_without_a_half_of_the_day_are_the_afternoon_and_that_is_told_once() {
    let rows = |time: &str| {
        let line = |day: &str| format!("第1期|{day}|{time}|电工基础|张三");
        let reading = timetable(&["班级|日期|时间|课程|教师", &line("11.30"), &line("12.1")]);
        let times: Vec<String> = shown(&reading).iter().filter_map(|line| Some(line.split(' ').nth(2)?.to_owned())).collect();
        (times.into_iter().take(2).collect::<Vec<_>>(), codes(&reading))
    };
    for (time, found, told) in [
        ("2:30-5:30", ["14:30-17:30", "14:30-17:30"], vec!["T1212"]),
        ("8:00-12:00 2:00-6:00", ["08:00-12:00", "14:00-18:00"], vec!["T1212"]),
        ("下午2:30-5:30", ["14:30-17:30", "14:30-17:30"], vec![]),
        ("6:30-8:30", ["18:30-20:30", "18:30-20:30"], vec!["T1212"]),
        // Not the afternoon: it would end at night. As written, and told by the check of hours.
        ("5:30-11:30", ["05:30-11:30", "05:30-11:30"], vec![]),
        ("上午6:30-8:30", ["06:30-08:30", "06:30-08:30"], vec![]),
        ("7:30-11:30", ["07:30-11:30", "07:30-11:30"], vec![]),
    ] {
        assert_eq!(rows(time), (found.map(str::to_owned).to_vec(), told), "{time}");
    }
}

#[test]
fn the_half_of_the_day_beside_the_time_is_believed_without_a_word() {
    let reading = timetable(&[
        "班级|日期|节次|开始时间|结束时间|课程|教师",
        "第1期|11.30|上午|8:30|11:30|电工基础|张三",
        "第1期|11.30|下午|2:30|5:30|接线|张三",
        "第1期|11.30|晚上|7:00|9:00|自修|张三",
        "第1期|12.1||2:30|5:30|接线|张三",
    ]);
    let times: Vec<String> = shown(&reading).iter().filter_map(|line| Some(line.split(' ').nth(2)?.to_owned())).collect();
    assert_eq!(times, ["08:30-11:30", "14:30-17:30", "19:00-21:00", "14:30-17:30"]);
    assert_eq!(codes(&reading), ["T1212"]);
}

#[test]
fn halves_of_the_day_with_times_and_courses_of_their_own_repeat_what_stands_above() {
    let reading = timetable(&[
        "日期|上午||下午||教师|地点",
        "|时间|课程|时间|课程|||",
        "11.30|8:30-11:30|电工基础|2:30-5:30|接线|张三|一楼",
        "12.1|9:00-12:00|电工基础|2:00-5:00|接线|〃|同上",
    ]);
    let expected = [
        "? 2026-11-30 08:30-11:30 电工基础 张三 一楼",
        "? 2026-11-30 14:30-17:30 接线 张三 一楼",
        "? 2026-12-01 09:00-12:00 电工基础 张三 一楼",
        "? 2026-12-01 14:00-17:00 接线 张三 一楼",
    ];
    let lines: Vec<String> = shown(&reading).into_iter().map(|line| line.replace("Sheet1", "?")).collect();
    assert_eq!(lines, expected);
    assert_eq!(codes(&reading), Vec::<&str>::new());
}

#[test]
fn a_range_that_names_no_month_at_its_end_runs_into_the_next_one_or_is_told() {
    use mingchou::canon::Week;
    use mingchou::ingest::values::read_date_range;
    let week = Week::parse(WEEK).expect("a week");
    for (text, ends) in [
        ("11.28-3", "2026-12-03"),
        ("11月30日至4日", "2026-12-04"),
        ("12.28-3", "2027-01-03"),
        ("11.9-20", "2026-11-20"),
        // 9 November to 1 December, or a digit left out: before its beginning, which L1102 asks to be mended.
        ("11.9-1", "2026-11-01"),
    ] {
        let (_, last) = read_date_range(text, week);
        assert_eq!(last.date().map(|date| date.to_string()).as_deref(), Some(ends), "{text}");
    }
    let reading = timetable(&["班级|日期|时间|课程|教师", "第1期|11.9-1|8:30-11:30|电工基础|张三"]);
    assert_eq!(codes(&reading), ["T1201"]);
    let reading = timetable(&["班级|日期|时间|课程|教师", "第1期|11.30-2|8:30-11:30|电工基础|张三"]);
    assert_eq!(reading.rows.len(), 3);
}

/// The lessons' days and courses.
fn days(reading: &Reading) -> Vec<String> {
    let Rows::Timetable(lessons) = &reading.rows else { return Vec::new() };
    let day = |lesson: &mingchou::domain::Lesson| lesson.date.map(|date| date.to_string()[5..].to_owned()).unwrap_or_default();
    lessons.iter().map(|lesson| format!("{} {}", day(lesson), lesson.course.as_deref().unwrap_or_default())).collect()
}

#[test]
fn a_first_column_with_the_days_of_each_week_dates_its_rows() {
    for (head, first, second) in [("周次", "第1周（11.23-11.27）", "第2周（11.30-12.4）"), ("日期", "11.23-11.27", "11.30-12.4")] {
        let rows = [
            "云台职校3期课程表".to_owned(),
            format!("{head}|时间|周一|周二|周三"),
            format!("{first}|8:30-11:30|理论|理论|实操"),
            "|14:30-17:30|理论||".to_owned(),
            format!("{second}|8:30-11:30|考核||"),
        ];
        let reading = timetable(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(days(&reading), ["11-23 理论", "11-24 理论", "11-25 实操", "11-23 理论", "11-30 考核"]);
        assert_eq!(codes(&reading), Vec::<&str>::new());
    }
}

#[test]
fn a_weekday_that_is_not_the_dates_is_told() {
    let list = timetable(&[
        "班级|日期|星期|时间|课程|教师",
        "第1期|2026-11-30|星期二|8:30-11:30|电工基础|张三",
        "第1期|2026-12-01|二|8:30-11:30|电工基础|张三",
        "第1期|12月3日（周三）||8:30-11:30|电工基础|张三",
    ]);
    assert_eq!(codes(&list), ["T1213", "T1213"]);
    let grid = timetable(&["第1期课程表", "时间|11月30日 星期一|12月1日 星期三|12月2日 星期三", "8:30-11:30|接线|接线|接线"]);
    assert_eq!(codes(&grid), ["T1213"]);
    assert_eq!(days(&grid), ["11-30 接线", "12-01 接线", "12-02 接线"]);
}

#[test]
fn lessons_that_are_not_held_are_told_and_not_read() {
    let list = timetable(&[
        "班级|日期|时间|课程|教师",
        "第1期|11.30|8:30-11:30|电工基础|张三",
        "第1期|12.1|8:30-11:30|停课（教师请假）|张三",
        "第1期|12.2|8:30-11:30|调至12月9日|张三",
        "第1期|12.3|8:30-11:30|取消|",
    ]);
    assert_eq!(days(&list), ["11-30 电工基础"]);
    assert_eq!(codes(&list), ["T1214", "T1214", "T1214"]);
    let grid = timetable(&["第1期课程表（11月30日-12月4日）", "时间|周一|周二|周三", "8:30-11:30|接线|停课|休息"]);
    assert_eq!((days(&grid), codes(&grid)), (vec!["11-30 接线".to_owned()], vec!["T1214"]));
}

#[test]
fn two_lists_side_by_side_and_columns_of_month_and_day_are_read() {
    let twice =
        timetable(&["第1期课程表", "日期|时间|课程|教师||日期|时间|课程|教师", "11月30日|8:30-11:30|接线|张三||12月3日|8:30-11:30|考核|李四"]);
    let expected = ["第1期 2026-11-30 08:30-11:30 接线 张三 ?", "第1期 2026-12-03 08:30-11:30 考核 李四 ?"];
    assert_eq!(shown(&twice), expected);
    let parted = timetable(&["班级|月|日|星期|时间|课程|教师", "第1期|11|30|一|8:30-11:30|接线|张三", "第1期|12|1|二|8:30-11:30|考核|张三"]);
    assert_eq!((days(&parted), codes(&parted)), (vec!["11-30 接线".to_owned(), "12-01 考核".to_owned()], Vec::new()));
}

#[test]
fn bare_numbers_in_a_grid_are_no_courses() {
    let hours = read("课程表.xlsx", &book(&["课程|11/30|12/1|12/2", "育婴理论|4|4|", "实操|4|4|4"], |_| ()), WEEK);
    assert!(hours.rows.is_empty() && codes(&hours).contains(&"T1215"), "{:?}", hours.findings);
}

#[test]
fn neither_days_nor_a_week_belong_to_the_class_in_a_title() {
    for title in ["2026年11月30日-12月4日云台职校3期课程表", "云台职校3期第49周课程表", "云台职校3期课程表 2026年11月30日-12月4日"]
    {
        let reading = timetable(&[title, "时间|周一|周二|周三", "8:30-11:30|接线|接线|接线"]);
        assert_eq!(days(&reading)[0], "11-30 接线", "{title}");
        let Rows::Timetable(lessons) = &reading.rows else { panic!() };
        assert_eq!((lessons[0].institution.as_deref(), lessons[0].class_name.as_deref()), (Some("云台职校"), Some("3期")), "{title}");
    }
    // The second week of a course is no week of the year.
    let taught = timetable(&["云台职校3期第2周课程表", "时间|周一|周二|周三", "8:30-11:30|接线|接线|接线"]);
    assert_eq!((days(&taught)[0].as_str(), codes(&taught)), ("11-30 接线", vec!["T1210"]));
}

#[test]
fn a_weekend_grid_has_two_days_and_one_by_rooms_is_told() {
    let weekend = timetable(&["云台职校5期课程表（12.5-12.6）", "时间|周六|周日", "8:30-11:30|理论 李明|理论 李明"]);
    assert_eq!((days(&weekend), codes(&weekend)), (vec!["12-05 理论".to_owned(), "12-06 理论".to_owned()], Vec::new()));
    let rooms =
        timetable(&["教室课表（11月30日—12月4日）", "教室|周一|周二|周三", "201|3期 育婴 李明|3期 育婴 李明|", "202|4期 电工 周强||4期 电工 周强"]);
    assert_eq!(codes(&rooms), ["T1216", "T1001"]);
}

#[test]
fn two_weeks_one_over_the_other_keep_their_days_and_a_merge_over_noon_is_two_lessons() {
    let weeks = timetable(&[
        "云台职校3期课程表",
        "第一周（11月23日-11月27日）",
        "时间|周一|周二|周三",
        "8:30-11:30|理论||",
        "第二周（11月30日-12月4日）",
        "时间|周一|周二|周三",
        "8:30-11:30|实操||",
    ]);
    assert_eq!((days(&weeks), codes(&weeks)), (vec!["11-23 理论".to_owned(), "11-30 实操".to_owned()], Vec::new()));
}
