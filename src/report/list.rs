//! The inspection list（抽查名单）as a formatted workbook: one sheet to sign, one with the reserves, one with how it came about.

use crate::canon::{Date, Refusal, Result, Time};
use crate::domain::{LedgerRow, Lesson};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// One line of the list.
pub struct Line {
    pub unit: String,
    pub county: String,
    pub row: LedgerRow,
    /// Lessons inside the window, by time.
    pub lessons: Vec<Lesson>,
    pub team: Option<u64>,
    pub is_certain: bool,
    /// The borrowed team that goes instead: whose people, and their codes.
    pub borrowed: Option<(String, Vec<String>)>,
    /// Whether it came in for a visit that was replaced.
    pub is_substitute: bool,
}

/// A team's members as codes.
pub struct TeamLine {
    pub team: u64,
    pub bureau: Vec<String>,
    pub discipline: Vec<String>,
}

/// Everything that the printed list says.
pub struct ListDocument {
    pub title: String,
    pub window: (Date, Date),
    pub frozen_at: Time,
    pub lines: Vec<Line>,
    pub reserves: Vec<Line>,
    pub teams: Vec<TeamLine>,
    pub plan_hash: String,
    /// How the list came about, as pairs of label and value.
    pub origin: Vec<(String, String)>,
    pub is_demonstration: bool,
}

const COLUMNS: [(&str, f64); 9] = [
    ("序号", 5.0),
    ("检查组", 8.0),
    ("县（市、区）", 11.0),
    ("培训机构", 20.0),
    ("班期（职业、等级）", 23.0),
    ("培训地点", 19.0),
    ("检查窗口内的课次", 33.0),
    ("检查人员签字", 15.0),
    ("检查日期", 9.0),
];
const LAST_COLUMN: u16 = 8;
const SONG: &str = "宋体";
const LINE_HEIGHT: f64 = 15.5;

struct Styles {
    title: Format,
    note: Format,
    head: Format,
    cell: Format,
    center: Format,
    mono: Format,
    label: Format,
}

fn styles() -> Styles {
    let cell =
        Format::new().set_font_name(SONG).set_font_size(10).set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    Styles {
        title: Format::new().set_font_name("方正小标宋简体").set_font_size(20).set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter),
        note: Format::new().set_font_name("仿宋_GB2312").set_font_size(12).set_text_wrap().set_align(FormatAlign::VerticalCenter),
        head: cell.clone().set_font_name("黑体").set_align(FormatAlign::Center),
        center: cell.clone().set_align(FormatAlign::Center),
        mono: Format::new()
            .set_font_name("Consolas")
            .set_font_size(10)
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter),
        label: cell.clone().set_font_name("黑体"),
        cell,
    }
}

/// Writes the workbook; equal lists give equal bytes.
pub fn write_list(document: &ListDocument) -> Result<Vec<u8>> {
    build(document).map_err(|error| Refusal::new("report_failed").with("reason", error))
}

fn build(document: &ListDocument) -> std::result::Result<Vec<u8>, XlsxError> {
    let styles = styles();
    let mut workbook = Workbook::new();
    // The document's own date is the freeze, not the clock, so that equal lists are equal bytes.
    let created = rust_xlsxwriter::ExcelDateTime::from_timestamp(document.frozen_at.unix())?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_title(&document.title).set_creation_datetime(&created));
    visit_sheet(workbook.add_worksheet(), document, &styles)?;
    reserve_sheet(workbook.add_worksheet(), document, &styles)?;
    origin_sheet(workbook.add_worksheet(), document, &styles)?;
    workbook.save_to_buffer()
}

/// Page, title and header of a sheet of lines; answers the next free row.
fn begin(
    sheet: &mut Worksheet,
    name: &str,
    title: &str,
    note: &str,
    document: &ListDocument,
    styles: &Styles,
) -> std::result::Result<u32, XlsxError> {
    sheet.set_name(name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.5, 0.5, 0.7, 0.6, 0.3, 0.3);
    let mark = if document.is_demonstration { "演示数据，不作检查依据　　" } else { "" };
    sheet.set_footer(format!("&L{mark}方案 {}…&R第 &P 页，共 &N 页", &document.plan_hash[..16]));
    for (column, (_, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.merge_range(0, 0, 0, LAST_COLUMN, title, &styles.title)?.set_row_height(0, 36)?;
    sheet.merge_range(1, 0, 1, LAST_COLUMN, note, &styles.note)?.set_row_height(1, 36)?;
    for (column, (head, _)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(2, column, head, &styles.head)?;
    }
    sheet.set_row_height(2, 28)?.set_repeat_rows(0, 2)?.set_freeze_panes(3, 0)?;
    Ok(3)
}

fn visit_sheet(sheet: &mut Worksheet, document: &ListDocument, styles: &Styles) -> std::result::Result<(), XlsxError> {
    let (first, last) = document.window;
    let note = format!(
        "检查窗口：{}至{}。共检查班期 {} 个，由各检查组按课次入班检查。名单在检查前不得外传；“必查”指规模达到必查标准或事先列明的班期。",
        day(first),
        day(last),
        document.lines.len()
    );
    let mut at = begin(sheet, "抽查名单", &format!("{}名单", document.title), &note, document, styles)?;
    for (number, line) in (1..).zip(&document.lines) {
        let team = match (&line.borrowed, line.team) {
            (Some((from, _)), _) => format!("借调\n{from}"),
            (None, Some(team)) => format!("第{team}组"),
            (None, None) => "待借调".to_owned(),
        };
        let team = if line.is_certain { format!("{team}\n（必查）") } else { team };
        let team = if line.is_substitute { format!("{team}\n（替换）") } else { team };
        write_line(sheet, at, number, line, &team, styles)?;
        at += 1;
    }
    at += 1;
    for (label, column) in [("市人力资源和社会保障局（签字、盖章）：", 0), ("驻局纪检监察组（签字、盖章）：", 4), ("日期：", 7)]
    {
        sheet.write_string_with_format(at, column, label, &Format::new().set_font_name("仿宋_GB2312").set_font_size(12))?;
    }
    sheet.set_row_height(at, 40)?;
    Ok(())
}

fn reserve_sheet(sheet: &mut Worksheet, document: &ListDocument, styles: &Styles) -> std::result::Result<(), XlsxError> {
    let note = "仅在抽中班期取消、改期、已结束或遇不可抗力，经各参与方签字后，按本层次序替换；未经替换不得检查。";
    let first = begin(sheet, "备选班期", "备选班期（按替换次序）", note, document, styles)?;
    for (index, line) in (0..).zip(&document.reserves) {
        write_line(sheet, first + index, index + 1, line, "备选", styles)?;
    }
    Ok(())
}

fn write_line(sheet: &mut Worksheet, at: u32, number: u32, line: &Line, team: &str, styles: &Styles) -> std::result::Result<(), XlsxError> {
    let row = &line.row;
    let unknown = || "（未填报）".to_owned();
    let class = [row.class_name.clone().unwrap_or_else(unknown), job(row), line.unit.clone()].join("\n");
    let lessons = lesson_lines(&line.lessons);
    sheet.write_number_with_format(at, 0, number, &styles.center)?;
    let texts = [
        (1, team.to_owned(), &styles.center),
        (2, line.county.clone(), &styles.center),
        (3, row.institution.clone().unwrap_or_else(unknown), &styles.cell),
        (4, class, &styles.cell),
        (5, row.venue.clone().unwrap_or_else(unknown), &styles.cell),
        (6, lessons.join("\n"), &styles.cell),
        (7, String::new(), &styles.cell),
        (8, String::new(), &styles.cell),
    ];
    let lines = texts.iter().zip(&COLUMNS[1..]).map(|((_, text, _), (_, width))| printed_lines(text, *width)).fold(3.0, f64::max);
    sheet.set_row_height(at, lines * LINE_HEIGHT + 6.0)?;
    for (column, text, style) in texts {
        // Written as a string, whatever it begins with: a county's “=…” never becomes a formula of ours.
        sheet.write_string_with_format(at, column, text, style)?;
    }
    Ok(())
}

fn job(row: &LedgerRow) -> String {
    let level = row.level.map(|level| level.as_str().to_owned());
    [row.occupation.clone(), level].into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// Lessons of the window by day: `12月1日 08:30–11:45、14:00–17:15`.
fn lesson_lines(lessons: &[Lesson]) -> Vec<String> {
    let mut days: Vec<(Date, Vec<String>)> = Vec::new();
    for lesson in lessons {
        let Some(date) = lesson.date else { continue };
        let times = match (lesson.start, lesson.end) {
            (Some(start), Some(end)) => format!("{start}–{end}"),
            _ => "时间未报".to_owned(),
        };
        match days.last_mut().filter(|(known, _)| *known == date) {
            Some((_, list)) if !list.contains(&times) => list.push(times),
            Some(_) => {}
            None => days.push((date, vec![times])),
        }
    }
    if days.is_empty() {
        return vec!["未报课程表，请先电话核实".to_owned()];
    }
    days.into_iter().map(|(date, times)| format!("{} {}", short_day(date), times.join("、"))).collect()
}

/// Lines that a text takes in a column so many letters wide: a Chinese character is two letters wide.
fn printed_lines(text: &str, column_width: f64) -> f64 {
    // What fits is a little less than the width says, for fonts differ.
    let fits = (column_width * 0.88).max(1.0);
    let width = |line: &str| line.chars().map(|c| if u32::from(c) > 0x2E80 { 2.0 } else { 1.0 }).sum::<f64>();
    text.lines().map(|line| (width(line) / fits).ceil().max(1.0)).sum()
}

fn day(date: Date) -> String {
    date.0.format("%Y年%-m月%-d日").to_string()
}

fn short_day(date: Date) -> String {
    date.0.format("%-m月%-d日").to_string()
}

fn origin_sheet(sheet: &mut Worksheet, document: &ListDocument, styles: &Styles) -> std::result::Result<(), XlsxError> {
    sheet.set_name("抽取依据")?.set_paper_size(9).set_print_fit_to_pages(1, 0).set_column_width(0, 18)?.set_column_width(1, 74)?;
    sheet.merge_range(0, 0, 0, 1, "抽取依据与检查组", &styles.title)?.set_row_height(0, 36)?;
    let mut facts = document.origin.clone();
    for team in &document.teams {
        let members = format!("市局：{}　　纪检组：{}", team.bureau.join("、"), team.discipline.join("、"));
        facts.push((format!("第{}组", team.team), members));
    }
    for line in &document.lines {
        if let Some((from, people)) = &line.borrowed {
            facts.push((format!("借调（{}）", line.unit), format!("{from}：{}", people.join("、"))));
        }
    }
    for (at, (label, value)) in (1..).zip(&facts) {
        sheet.write_string_with_format(at, 0, label, &styles.label)?;
        sheet.write_string_with_format(at, 1, value, &styles.mono)?;
        sheet.set_row_height(at, printed_lines(value, 74.0).max(1.0) * LINE_HEIGHT + 8.0)?;
    }
    Ok(())
}
