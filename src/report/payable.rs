//! The printed list of what can't be paid（暂不予补贴清单）: classes, and trainees by their place on the roster.

use crate::canon::{Refusal, Result};
use crate::i18n::{Lang, phrase};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

pub struct PayableLine {
    pub county: String,
    pub institution: String,
    pub class: String,
    pub number: String,
    /// Sheet, row and first six digits of the trainee's number; nobody is named.
    pub trainee: Option<(String, u32, String)>,
    /// A word of `i18n`.
    pub reason: &'static str,
}

pub struct PayableSheet {
    pub week: String,
    pub lines: Vec<PayableLine>,
    pub is_demonstration: bool,
}

/// Writes the list as a workbook for A4 landscape.
pub fn write_payable(sheet: &PayableSheet) -> Result<Vec<u8>> {
    build(sheet).map_err(|error| Refusal::new("report_failed").with("reason", error))
}

const COLUMNS: [(&str, f64); 7] =
    [("序号", 6.0), ("县（市、区）", 12.0), ("培训机构", 26.0), ("班期", 30.0), ("系统班级编号", 20.0), ("学员（花名册位置）", 26.0), ("原因", 34.0)];

fn build(document: &PayableSheet) -> std::result::Result<Vec<u8>, XlsxError> {
    let title = Format::new().set_font_name("方正小标宋简体").set_font_size(20).set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let cell = Format::new().set_font_size(11).set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let head = cell.clone().set_font_name("黑体").set_align(FormatAlign::Center);
    let cell = cell.set_font_name("仿宋_GB2312");
    let note = Format::new().set_font_name("仿宋_GB2312").set_font_size(11).set_text_wrap().set_align(FormatAlign::Top);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("暂不予补贴清单")?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(1, 1)?;
    let words = format!("{} 暂不予补贴清单{}", document.week, if document.is_demonstration { "（演示数据）" } else { "" });
    sheet.merge_range(0, 0, 0, 6, &words, &title)?.set_row_height(0, 40)?;
    for (column, (name, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?.write_string_with_format(1, column, name, &head)?;
    }
    for (at, (number, line)) in (2..).zip((1u32..).zip(&document.lines)) {
        let place = |(sheet, row, masked): &(String, u32, String)| format!("{sheet} 第{row}行　{masked}");
        let trainee = line.trainee.as_ref().map_or_else(|| "全班".to_owned(), place);
        sheet.write_number_with_format(at, 0, number, &head)?;
        let texts = [&line.county, &line.institution, &line.class, &line.number, &trainee, &phrase(Lang::Zh, line.reason).to_owned()];
        for (column, text) in (1..).zip(texts) {
            sheet.write_string_with_format(at, column, text, &cell)?;
        }
        sheet.set_row_height(at, 30)?;
    }
    let last = 2 + u32::try_from(document.lines.len()).unwrap_or(u32::MAX - 8);
    let words = "说明：凡补必进，未录入省级系统的班期和学员不予补贴；补录并经核对后从本清单移出。本清单不列姓名和完整证件号码，按花名册位置查找。";
    sheet.merge_range(last, 0, last, 6, words, &note)?.set_row_height(last, 36)?;
    workbook.save_to_buffer()
}
