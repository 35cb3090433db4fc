//! Reading and marking of ledgers, each beside the library that does the bare part of it, in the same run: medians and ratios.
//!
//! Prints what one large ledger, a province's Friday of small ones, a Friday's marked copies and a sheet of nothing but
//! formats cost. A number as argument says how many runs, a word (large, friday, marked, formatted) which case alone.

use calamine::{Data, Reader, Xlsx};
use mingchou::calendar::Calendar;
use mingchou::canon::{Date, Refusal, Result, Week};
use mingchou::checks::{Settings, check_ledger, check_ledger_at};
use mingchou::domain::Severity;
use mingchou::ingest::{Context, Rows, read_document};
use mingchou::report::mark::{FindingsTable, Mark, mark_workbook};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::hint::black_box;
use std::io::Cursor;
use std::time::{Duration, Instant};

const LARGE: u32 = 20_000;
/// Ledgers of one Friday and the rows of each.
const FILES: u32 = 200;
const ROWS: u32 = 200;
const MARKED_ROWS: u32 = 50;
const MARKS: u32 = 20;
const FORMATTED: u32 = 1_000_000;
const HEAD: [&str; 22] = [
    "序号",
    "培训机构",
    "统一社会信用代码",
    "班级名称",
    "班级编号",
    "培训工种",
    "培训等级",
    "培训类别",
    "申报时间",
    "审核时间",
    "开班时间",
    "结业时间",
    "总课时",
    "培训地点",
    "计划人数",
    "实际人数",
    "授课教师",
    "班主任",
    "联系电话",
    "是否录入系统",
    "日常检查时间",
    "备注",
];

fn main() -> Result<()> {
    // Cargo passes options of its own (`--bench`).
    let runs = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(7);
    let failed = |error: XlsxError| Refusal::new("file_failed").with("reason", error);
    let case = std::env::args().skip(1).find(|arg| arg.bytes().all(|b| b.is_ascii_lowercase()));
    let is_wanted = |name: &str| case.as_deref().is_none_or(|case| case == name);
    let many = |rows: u32| (0..FILES).map(|number| ledger(number, rows)).collect::<Written<Vec<_>>>().map_err(failed);
    let office = Office::new()?;
    if is_wanted("large") {
        large(&office, &ledger(0, LARGE).map_err(failed)?, runs);
    }
    if is_wanted("friday") {
        friday(&office, &many(ROWS)?, runs);
    }
    if is_wanted("marked") {
        marked(&many(MARKED_ROWS)?, runs);
    }
    if is_wanted("formatted") {
        formatted(&office, &only_formats().map_err(failed)?);
    }
    Ok(())
}

struct Office {
    week: Week,
    calendar: Calendar,
    settings: Settings,
}

impl Office {
    fn new() -> Result<Self> {
        let calendar = Calendar::from_tables(&[("2026.json", include_bytes!("../data/holidays/2026.json").as_slice())])?;
        Ok(Self { week: Week::parse("2026-W48")?, calendar, settings: Settings::default() })
    }

    /// Reads a ledger and checks it; answers its rows.
    fn read(&self, bytes: &[u8]) -> usize {
        let reading = read_document("台账.xlsx", bytes, &Context { week: self.week, kind: None, units: &[], headers: &[] });
        let Rows::Ledger(rows) = &reading.rows else { return 0 };
        black_box(check_ledger(rows, &self.calendar, &self.settings));
        black_box(check_ledger_at(rows, self.week.friday(), &self.settings));
        rows.len()
    }
}

/// What the library needs to have every cell in hand; answers the filled ones.
fn calamine_alone(bytes: &[u8]) -> usize {
    let Ok(mut book) = Xlsx::new(Cursor::new(bytes)) else { return 0 };
    let sheets = book.worksheets();
    sheets.iter().map(|(_, range)| range.used_cells().filter(|(_, _, cell)| !matches!(cell, Data::Empty)).count()).sum()
}

fn large(office: &Office, bytes: &[u8], runs: usize) {
    println!("one ledger of {LARGE} rows and {} columns", HEAD.len());
    compare(
        runs,
        ("calamine alone", &|| assert!(calamine_alone(bytes) > 400_000)),
        ("read and checked", &|| {
            assert_eq!(office.read(bytes), LARGE as usize);
        }),
    );
}

fn friday(office: &Office, files: &[Vec<u8>], runs: usize) {
    println!("{FILES} ledgers of {ROWS} rows on two threads");
    let peer = || on_two_threads(files, |bytes| assert!(calamine_alone(bytes) > 4_000));
    let ours = || on_two_threads(files, |bytes| assert_eq!(office.read(bytes), ROWS as usize));
    compare(runs, ("calamine alone", &peer), ("read and checked", &ours));
}

fn marked(files: &[Vec<u8>], runs: usize) {
    println!("{FILES} workbooks of {MARKED_ROWS} rows, {MARKS} marks each");
    let mark = |number: u32| Mark {
        sheet: Some("台账".to_owned()),
        row: Some(3 + number * 2),
        cell: Some(format!("K{}", 3 + number * 2)),
        severity: if number.is_multiple_of(3) { Severity::MustMend } else { Severity::ShouldExplain },
        text: format!("申报时间距开班不足5个工作日，请说明第{number}条的原因。"),
    };
    let marks: Vec<Mark> = (0..MARKS).map(mark).collect();
    let table = FindingsTable { name: "核验意见".to_owned(), title: "核验意见".to_owned(), ..FindingsTable::default() };
    let peer = || (0..FILES).for_each(|number| assert!(ledger(number, MARKED_ROWS).is_ok_and(|bytes| !bytes.is_empty())));
    let ours = || files.iter().for_each(|bytes| assert!(mark_workbook(bytes, &marks, &table).is_ok_and(|marked| !marked.is_empty())));
    compare(runs, ("rust_xlsxwriter writing", &peer), ("marked", &ours));
}

fn formatted(office: &Office, bytes: &[u8]) {
    println!("{FORMATTED} empty formatted rows below one class");
    let start = Instant::now();
    assert_eq!(office.read(bytes), 1);
    println!("  read and checked: {:.2} s", start.elapsed().as_secs_f64());
}

fn on_two_threads(files: &[Vec<u8>], work: impl Fn(&[u8]) + Sync) {
    let work = &work;
    std::thread::scope(|scope| {
        for half in files.chunks(files.len().div_ceil(2)) {
            scope.spawn(move || half.iter().for_each(|bytes| work(bytes)));
        }
    });
}

/// Takes turns, so that a busy machine is unfair to both alike.
fn compare(runs: usize, (peer_name, peer): (&str, &dyn Fn()), (name, ours): (&str, &dyn Fn())) {
    let (mut theirs, mut own) = (Vec::new(), Vec::new());
    for _ in 0..runs.max(1) {
        theirs.push(timed(peer));
        own.push(timed(ours));
    }
    let (theirs, own) = (show(peer_name, theirs), show(name, own));
    println!("  ratio of medians: {:.2}", own.as_secs_f64() / theirs.as_secs_f64());
}

fn timed(work: &dyn Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn show(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let ms = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
    let median = times[times.len() / 2];
    println!("  {what}: ms min {} median {} max {}", ms(times[0]), ms(median), ms(times[times.len() - 1]));
    median
}

type Written<T> = std::result::Result<T, XlsxError>;

fn ledger(number: u32, rows: u32) -> Written<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账")?;
    let date = Format::new().set_num_format("yyyy-mm-dd");
    head(sheet)?;
    for row in 0..rows {
        class(sheet, &date, number, row)?;
    }
    book.save_to_buffer()
}

fn head(sheet: &mut Worksheet) -> Written<()> {
    sheet.write(0, 0, "职业技能培训班期台账统计表（2026年第48周）")?;
    for (column, text) in (0..).zip(HEAD) {
        sheet.write(1, column, text)?;
    }
    Ok(())
}

/// One class: every second date an Excel date, the others as text; numbers with and without units.
fn class(sheet: &mut Worksheet, format: &Format, file: u32, number: u32) -> Written<()> {
    let row = number + 2;
    let text = |days: u32| Date::from_ymd(2026, 11, 1).map_or_else(String::new, |first| first.plus_days(i64::from(days)).to_string());
    let institution = number / 5 % 40;
    sheet.write(row, 0, number + 1)?;
    sheet.write(row, 1, format!("示范职业培训学校第{institution}分校"))?;
    sheet.write(row, 3, format!("家政服务员第{file}-{number}期"))?;
    sheet.write(row, 4, format!("PX2026{file:03}{number:05}"))?;
    sheet.write(row, 5, ["家政服务员", "中式烹调师", "电工", "焊工", "育婴员"][number as usize % 5])?;
    sheet.write(row, 6, ["五级", "四级", "三级", "初级工"][number as usize % 4])?;
    sheet.write(row, 7, "就业技能培训")?;
    for (column, days) in [(8, 1), (9, 4), (10, 15 + number % 14), (11, 30 + number % 14), (20, 22)] {
        if number.is_multiple_of(2) {
            sheet.write_with_format(row, column, ExcelDateTime::from_serial_datetime(46_327.0 + f64::from(days))?, format)?;
        } else {
            sheet.write(row, column, text(days))?;
        }
    }
    sheet.write(row, 12, 80 + number % 40)?;
    sheet.write(row, 13, format!("示范路{}号实训楼{}室", number % 200, 101 + number % 20))?;
    sheet.write(row, 14, if number.is_multiple_of(3) { "40人".to_owned() } else { "40".to_owned() })?;
    sheet.write(row, 15, 30 + number % 10)?;
    sheet.write(row, 16, format!("张{}、李{}", number % 97, number % 89))?;
    sheet.write(row, 17, format!("王{}", number % 83))?;
    sheet.write(row, 18, format!("100{:08}", institution * 1_000))?;
    sheet.write(row, 19, if number.is_multiple_of(7) { "否" } else { "是" })?;
    sheet.write(row, 21, if number.is_multiple_of(11) { "含实训" } else { "" })?;
    Ok(())
}

/// A sheet whose rows were given a border all the way down.
fn only_formats() -> Written<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账")?;
    let (date, yellow) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_background_color(Color::Yellow));
    head(sheet)?;
    class(sheet, &date, 0, 0)?;
    for row in 3..FORMATTED + 3 {
        sheet.write_blank(row, 1, &yellow)?;
    }
    book.save_to_buffer()
}
