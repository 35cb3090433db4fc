//! The printed receipt（上报回执）: one page that a county files and shows.

use crate::canon::{Refusal, Result};
use crate::i18n::{Lang, phrase};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// One document as the receipt lists it.
pub struct ReceiptLine {
    /// `ledger`, `timetable` …
    pub kind: String,
    pub file: String,
    pub sha256: String,
}

/// What the page says.
pub struct ReceiptSheet {
    pub county: String,
    pub week: String,
    pub version: u64,
    /// `2026年11月27日 16:05:09`.
    pub at: String,
    pub on_time: Option<bool>,
    pub rows: u64,
    pub lessons: usize,
    pub owed: usize,
    pub documents: Vec<ReceiptLine>,
    pub leaf_index: u64,
    pub leaf_hash: String,
    pub tree_size: String,
    pub tree_root: String,
    pub log_key: String,
    pub is_demonstration: bool,
}

/// Writes the page as a one-page workbook.
pub fn write_receipt(sheet: &ReceiptSheet) -> Result<Vec<u8>> {
    build(sheet).map_err(|error| Refusal::new("report_failed").with("reason", error))
}

/// Hexadecimal digits in groups, so that an eye can compare them.
fn groups(hex: &str) -> String {
    let groups: Vec<String> = hex.as_bytes().chunks(8).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.chunks(4).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
}

fn build(document: &ReceiptSheet) -> std::result::Result<Vec<u8>, XlsxError> {
    let title = Format::new().set_font_name("方正小标宋简体").set_font_size(22).set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let cell = Format::new().set_font_size(11).set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let label = cell.clone().set_font_name("黑体").set_align(FormatAlign::Center);
    let value = cell.clone().set_font_name("仿宋_GB2312");
    let mono = cell.set_font_name("Consolas").set_font_size(10);
    let note = Format::new().set_font_name("仿宋_GB2312").set_font_size(11).set_text_wrap().set_align(FormatAlign::Top);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("上报回执")?.set_paper_size(9).set_print_fit_to_pages(1, 1);
    for (column, width) in [(0, 15), (1, 34), (2, 40)] {
        sheet.set_column_width(column, width)?;
    }
    let words = if document.is_demonstration { "上报回执（演示数据）" } else { "上报回执" };
    sheet.merge_range(0, 0, 0, 2, words, &title)?.set_row_height(0, 46)?;
    let state = match document.on_time {
        Some(true) => "（按时）",
        Some(false) => "（超过报送时限）",
        None => "",
    };
    let owed = match document.owed {
        0 => "没有须改正的班期".to_owned(),
        owed => format!("其中 {owed} 个班期有须改正的内容，待补报"),
    };
    let content = if document.rows == 0 {
        "零报告：本周无班期".to_owned()
    } else {
        format!("班期 {} 个，课次 {} 个；{owed}", document.rows, document.lessons)
    };
    let rows = [
        ("上报单位", document.county.clone(), &value, 26),
        ("报告周", format!("{}　第 {} 版", document.week, document.version), &value, 26),
        ("接收时间", format!("{}{state}", document.at), &value, 26),
        ("内容", content, &value, 26),
        ("日志序号", format!("第 {} 条", document.leaf_index + 1), &value, 26),
        ("日志条目哈希", groups(&document.leaf_hash), &mono, 34),
        ("检查点", format!("共 {} 条　根 {}", document.tree_size, document.tree_root), &mono, 34),
        ("日志公钥", document.log_key.clone(), &mono, 34),
    ];
    let mut at = 1;
    for (name, text, format, height) in &rows {
        sheet.write_string_with_format(at, 0, *name, &label)?.merge_range(at, 1, at, 2, text, format)?.set_row_height(at, *height)?;
        at += 1;
    }
    for (column, head) in [(0, "文件种类"), (1, "文件名"), (2, "SHA-256")] {
        sheet.write_string_with_format(at, column, head, &label)?;
    }
    sheet.set_row_height(at, 24)?;
    for line in &document.documents {
        at += 1;
        let kind = phrase(Lang::Zh, &format!("kind_{}", line.kind));
        sheet.write_string_with_format(at, 0, kind, &label)?.write_string_with_format(at, 1, &line.file, &value)?;
        sheet.write_string_with_format(at, 2, groups(&line.sha256), &mono)?.set_row_height(at, 36)?;
    }
    let words = "一、本回执证明上述文件在上述时间进入日志；日志只增不改，任何一方事后不能增删、倒签。\n\
        二、随附的“回执.json”含密封盐值和包含证明，任何人可离线核验：mingchou verify 回执.json --against 所报文件。\n\
        三、“回执.json”请与所报文件一并存档；盐值公开后，持有文件的人可以证明其内容，未持有的人仍不能由日志推知。";
    sheet.merge_range(at + 1, 0, at + 1, 2, words, &note)?.set_row_height(at + 1, 96)?;
    workbook.save_to_buffer()
}
