//! The sheet for a sealed envelope: a party's nonce in print, in case its file is lost or withheld.

use crate::canon::{Refusal, Result};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// What the sheet says; all values as text.
pub struct EnvelopeSheet {
    pub draw: String,
    pub party: String,
    pub plan: String,
    pub commitment: String,
    pub nonce: String,
}

/// Writes the sheet as a one-page workbook.
pub fn write_envelope(sheet: &EnvelopeSheet) -> Result<Vec<u8>> {
    build(sheet).map_err(|error| Refusal::new("report_failed").with("reason", error))
}

fn build(document: &EnvelopeSheet) -> std::result::Result<Vec<u8>, XlsxError> {
    let title = Format::new().set_font_name("方正小标宋简体").set_font_size(22).set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let cell = Format::new().set_font_size(12).set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let label = cell.clone().set_font_name("黑体").set_align(FormatAlign::Center);
    let value = cell.clone().set_font_name("宋体");
    let mono = cell.set_font_name("Consolas").set_font_size(13);
    let note = Format::new().set_font_name("仿宋_GB2312").set_font_size(12).set_text_wrap().set_align(FormatAlign::Top);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("密封单")?.set_paper_size(9).set_print_fit_to_pages(1, 1).set_column_width(0, 16)?.set_column_width(1, 66)?;
    sheet.merge_range(0, 0, 0, 1, "随机数密封单", &title)?.set_row_height(0, 48)?;
    let party = match document.party.as_str() {
        "bureau" => "市人力资源和社会保障局（bureau）",
        "discipline" => "驻局纪检监察组（discipline）",
        other => other,
    };
    let groups = |hex: &str| {
        hex.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().chunks(8).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
    };
    let rows = [
        ("抽查", document.draw.clone(), &value),
        ("参与方", party.to_owned(), &value),
        ("方案哈希", groups(&document.plan), &mono),
        ("密封值", groups(&document.commitment), &mono),
        ("随机数", groups(&document.nonce), &mono),
        ("封存人签字", String::new(), &value),
        ("保管方签字", String::new(), &value),
        ("封存时间", "　　　　年　　月　　日　　时　　分".to_owned(), &value),
    ];
    for (at, (name, text, format)) in (1..).zip(&rows) {
        sheet.write_string_with_format(at, 0, *name, &label)?.write_string_with_format(at, 1, text, format)?.set_row_height(at, 46)?;
    }
    let words = "一、本单打印后即装入信封，各方在封口盖章或签字；全部密封值记入日志之后，交另一方保管。\n\
        二、抽取当日之前任何人不得拆封，不得抄录、拍照本单内容。\n\
        三、到时该方不揭示随机数的，由保管方当众拆封、录入并签署，日志注明由其拆封。\n\
        四、抽取完成后，未拆的信封当众销毁或存档。";
    sheet.merge_range(10, 0, 10, 1, words, &note)?.set_row_height(10, 130)?;
    workbook.save_to_buffer()
}
