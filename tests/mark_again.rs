//! A marked workbook that comes back corrected: what was mended bears no mark, and last time's findings are gone.

use crate::mark::{findings, holds_together, mark, parts, text};
use mingchou::domain::{DocumentKind, Severity};
use mingchou::ops::back::{FindingsTable, Mark, marked};
use rust_xlsxwriter::{Color, Format, FormatBorder, Note, Workbook};
use std::collections::BTreeMap;

/// The workbook of `ledger`, marked at all five cells, then saved by LibreOffice (`make.py again` there).
const SAVED_ANEW: &[u8] = include_bytes!("mark/again.xlsx");
const CELLS: [&str; 5] = ["B3", "C3", "D3", "D4", "F9"];

fn ledger() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").expect("a name");
    let bordered = Format::new().set_border(FormatBorder::Thin);
    let yellow = bordered.clone().set_background_color(Color::RGB(0x00FF_FF99));
    for (column, head) in (0u16..).zip(["培训机构", "班期名称", "工种", "开班时间"]) {
        sheet.write_with_format(0, column, head, &bordered).expect("a cell");
    }
    for row in 1..5u32 {
        for (column, value) in (0u16..).zip(["甲学校", "第1期", "电工", "2026-11-30"]) {
            let value = if column == 1 { format!("第{row}期") } else { value.to_owned() };
            sheet.write_with_format(row, column, value, if column == 3 { &yellow } else { &bordered }).expect("a cell");
        }
    }
    sheet.insert_note(2, 2, &Note::new("工种待核").set_author("张三").add_author_prefix(false)).expect("a note");
    book.save_to_buffer().expect("a workbook")
}

fn remarks(cells: &[&str]) -> Vec<Mark> {
    cells.iter().map(|cell| mark("台账", cell, Severity::MustMend, &format!("[L1100] 须改正：{cell} 请改正"))).collect()
}

fn table() -> FindingsTable {
    findings()
}

/// Cells of the first sheet and their formats' fills, as far as they have one.
fn fills(bytes: &[u8]) -> BTreeMap<String, String> {
    let parts = parts(bytes);
    let styles = text(&parts, "xl/styles.xml");
    let section =
        |name: &str| styles.split_once(&format!("<{name} ")).and_then(|(_, rest)| rest.split_once(&format!("</{name}>"))).expect("a list").0;
    let colour = |fill: &str| fill.split_once("fgColor rgb=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(rgb, _)| rgb.to_owned());
    let fills: Vec<Option<String>> = section("fills").split("<fill>").skip(1).map(colour).collect();
    let number = |tag: &str, name: &str| {
        tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next()).and_then(|text| text.parse::<usize>().ok())
    };
    let formats: Vec<usize> = section("cellXfs").split("<xf ").skip(1).map(|xf| number(&format!(" {xf}"), "fillId").unwrap_or(0)).collect();
    let cells = text(&parts, "xl/worksheets/sheet1.xml").split("<c ").skip(1).map(|cell| format!(" {}", cell.split('>').next().unwrap_or_default()));
    let name = |cell: &str| cell.split_once(" r=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned();
    cells.filter_map(|cell| Some((name(&cell), fills[formats[number(&cell, "s").unwrap_or(0)]].clone()?))).collect()
}

fn comments(bytes: &[u8]) -> String {
    let parts = parts(bytes);
    let name = parts.keys().find(|name| name.starts_with("xl/comments")).expect("comments").clone();
    text(&parts, &name).to_owned()
}

fn sheet_names(bytes: &[u8]) -> Vec<String> {
    mingchou::ops::back::sheet_names(bytes)
}

fn holds_only_the_new(bytes: &[u8], yellow: &str) {
    holds_together(bytes);
    let fills = fills(bytes);
    let ours: Vec<&str> = fills.iter().filter(|(_, rgb)| *rgb == "FFFFC7CE").map(|(cell, _)| cell.as_str()).collect();
    assert_eq!(ours, ["B3"], "{fills:?}");
    assert_eq!((fills.get("D3").map(String::as_str), fills.get("D4").map(String::as_str)), (Some(yellow), Some(yellow)), "{fills:?}");
    assert!(!fills.contains_key("C3"), "{fills:?}");
    let comments = comments(bytes);
    assert_eq!((comments.matches("L1100").count(), comments.matches("<comment ").count()), (1, 2), "{comments}");
    assert!(comments.contains("工种待核") && comments.contains("B3 请改正"), "{comments}");
    assert_eq!(sheet_names(bytes), ["台账", "核验意见"]);
}

#[test]
fn a_marked_workbook_is_read_as_if_it_had_no_mark() {
    for bytes in [marked(&ledger(), &remarks(&CELLS), &table()).expect("marked"), SAVED_ANEW.to_vec()] {
        let reading = crate::ingest::read("标注_台账.xlsx", &bytes, "2026-W48");
        assert_eq!((reading.kind, reading.rows.len()), (Some(DocumentKind::Ledger), 4), "{:?}", reading.findings);
    }
}

#[test]
fn what_was_mended_bears_no_mark_and_the_findings_are_the_new_ones() {
    let first = marked(&ledger(), &remarks(&CELLS), &table()).expect("marked");
    assert_eq!(fills(&first).values().filter(|rgb| *rgb == "FFFFC7CE").count(), 5);
    let again = marked(&first, &remarks(&["B3"]), &table()).expect("marked again");
    holds_only_the_new(&again, "FFFFFF99");
    // The same marks again give the same cells: nothing piles up.
    let third = marked(&again, &remarks(&["B3"]), &table()).expect("marked a third time");
    holds_only_the_new(&third, "FFFFFF99");
    assert_eq!(fills(&third), fills(&again));
}

#[test]
fn a_workbook_saved_by_another_program_loses_the_old_marks_too() {
    holds_only_the_new(&marked(SAVED_ANEW, &remarks(&["B3"]), &table()).expect("marked again"), "FFFFFF99");
}

#[test]
fn colours_like_ours_in_a_workbook_that_was_never_marked_stay() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").expect("a name");
    let bad = Format::new().set_background_color(Color::RGB(0x00FF_C7CE));
    sheet.write_with_format(0, 0, "差", &bad).expect("a cell");
    sheet.write(1, 1, "乙").expect("a cell");
    let bytes = marked(&book.save_to_buffer().expect("a workbook"), &remarks(&["B2"]), &table()).expect("marked");
    assert_eq!(fills(&bytes).into_keys().collect::<Vec<_>>(), ["A1", "B2"]);
}

/// Writes the workbook that `make.py again` lets LibreOffice save.
#[test]
fn the_workbook_to_save_anew_can_be_written() {
    if let Ok(path) = std::env::var("MINGCHOU_MARKED") {
        std::fs::write(path, marked(&ledger(), &remarks(&CELLS), &table()).expect("marked")).expect("written");
    }
}
