//! OpenDocument spreadsheets: by hand, cut off and blown up, and as LibreOffice writes them from the corpus's workbooks.

use crate::ingest::{read, root};
use mingchou::ingest::{Reading, sheet::Sheet, sheets_of};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SPACES: &str = concat!(
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" ",
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" ",
    "xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" ",
    "xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\" office:version=\"1.3\""
);
const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
const MANIFEST: &str = "<manifest:manifest><manifest:file-entry manifest:full-path=\"/\"/></manifest:manifest>";

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        writer.write_all(content.as_bytes()).expect("written");
    }
    writer.finish().expect("a zip").into_inner()
}

fn content(styles: &str, tables: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
}

fn of_content(content: &str) -> Vec<u8> {
    package(&[("mimetype", KIND), ("content.xml", content), ("META-INF/manifest.xml", MANIFEST)])
}

fn sheets(styles: &str, tables: &str) -> Vec<Sheet> {
    sheets_of(&of_content(&content(styles, tables)))
}

/// The one sheet with these rows.
fn sheet(styles: &str, rows: &str) -> Sheet {
    sheets(styles, &format!("<table:table table:name=\"台账\">{rows}</table:table>")).pop().expect("a sheet")
}

fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

fn text(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

/// The texts of all rows.
fn grid(sheet: &Sheet) -> Vec<Vec<&str>> {
    sheet.rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect()
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.findings.iter().map(|finding| finding.code).collect()
}

const STRUCK: &str = concat!(
    "<style:style style:name=\"c\" style:family=\"table-cell\"><style:text-properties style:text-line-through-style=\"solid\"/></style:style>",
    "<style:style style:name=\"child\" style:family=\"table-cell\" style:parent-style-name=\"c\"/>",
    "<style:style style:name=\"off\" style:family=\"table-cell\" style:parent-style-name=\"c\">",
    "<style:text-properties style:text-line-through-style=\"none\"/></style:style>",
    "<style:style style:name=\"c\" style:family=\"text\"><style:text-properties style:text-line-through-type=\"single\"/></style:style>",
    "<style:style style:name=\"off\" style:family=\"text\"><style:text-properties style:text-line-through-type=\"none\"/></style:style>",
);

#[test]
fn values_are_read_by_their_kind() {
    let cell = |attributes: &str, shown: &str| {
        let sheet = sheet("", &row(&format!("<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>")));
        sheet.cell(0, 0).cloned().unwrap_or_default()
    };
    for (attributes, shown, expected) in [
        ("office:value-type=\"float\" office:value=\"30\"", "30人", "30"),
        ("office:value-type=\"percentage\" office:value=\"0.5\"", "50%", "0.5"),
        ("office:value-type=\"currency\" office:value=\"1200\"", "￥1,200.00", "1200"),
        ("office:value-type=\"date\" office:date-value=\"2026-11-30\"", "11月30日", "2026-11-30"),
        ("office:value-type=\"date\" office:date-value=\"2026-11-30T08:29:59.999999997\"", "", "2026-11-30 08:30"),
        ("office:value-type=\"date\" office:date-value=\"1899-12-30T14:30:00\"", "", "14:30"),
        ("office:value-type=\"time\" office:time-value=\"PT08H30M00S\"", "8:30", "08:30"),
        ("office:value-type=\"time\" office:time-value=\"PT14H29M59.99999999S\"", "", "14:30"),
        ("office:value-type=\"time\" office:time-value=\"PT30H05M\"", "", "30:05"),
        ("office:value-type=\"boolean\" office:boolean-value=\"true\"", "TRUE", "是"),
        ("office:value-type=\"string\" office:string-value=\"甲&#10;乙\"", "甲", "甲\n乙"),
        ("office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"", "#DIV/0!", "#DIV/0!"),
        ("calcext:value-type=\"string\" office:value-type=\"string\"", "0371", "0371"),
        ("office:value-type=\"float\" office:value=\"1e999\"", "很多", "很多"),
        ("", "没有类型", "没有类型"),
    ] {
        assert_eq!(cell(attributes, shown).text, expected, "{attributes}");
    }
    assert_eq!(cell("office:value-type=\"float\" office:value=\"30\"", "").number, Some(30.0));
    assert!(cell("office:value-type=\"date\" office:date-value=\"2026-11-30\"", "").moment.is_some());
}

#[test]
fn text_is_what_the_cell_shows() {
    let shown = |inner: &str| {
        let sheet = sheet("", &row(&format!("<table:table-cell office:value-type=\"string\">{inner}</table:table-cell>")));
        sheet.cell(0, 0).map(|cell| cell.text.clone()).unwrap_or_default()
    };
    assert_eq!(shown("<text:p>一</text:p>\n  <text:p/><text:p>二</text:p>"), "一\n\n二");
    assert_eq!(shown("<text:p>a<text:s text:c=\"3\"/>b<text:tab/>c<text:line-break/>d &amp; &#x4E2D;</text:p>"), "a   b\tc\nd & 中");
    assert_eq!(shown("<office:annotation><text:p>批注</text:p></office:annotation><text:p>正文</text:p>"), "正文");
    assert_eq!(shown("<text:p><text:a>网址</text:a><draw:frame><text:p>图</text:p></draw:frame></text:p>"), "网址");
    assert_eq!(
        shown("<text:p><text:ruby><text:ruby-base>焦作</text:ruby-base><text:ruby-text>jiaozuo</text:ruby-text></text:ruby></text:p>"),
        "焦作"
    );
    assert!(shown("<text:p>a<text:s text:c=\"99999999999\"/>b<text:s text:c=\"4000000000\"/>c</text:p>").len() < 100_000);
}

#[test]
fn merged_regions_are_told_and_what_they_cover_is_not_shown() {
    let top = "<table:table-cell table:number-rows-spanned=\"3\" table:number-columns-spanned=\"2\" office:value-type=\"string\"><text:p>甲校</text:p></table:table-cell>";
    let covered = "<table:covered-table-cell office:value-type=\"string\"><text:p>旧</text:p></table:covered-table-cell>";
    let below = "<table:covered-table-cell table:number-columns-repeated=\"2\"/>";
    let sheet = sheet(
        "",
        &[row(&format!("{top}{covered}{}", text("a"))), row(&format!("{below}{}", text("b"))), row(&format!("{below}{}", text("c")))].concat(),
    );
    assert_eq!(grid(&sheet), [["甲校", "", "a"], ["", "", "b"], ["", "", "c"]]);
    assert_eq!(sheet.merges.iter().copied().collect::<Vec<_>>(), [(0, 0, 2, 1)]);
    assert!(sheet.tells_merges && sheet.tells_strikes);
    assert_eq!(sheet.merged_text(2, 1), "甲校");
}

#[test]
fn hidden_sheets_rows_and_columns_are_told() {
    let styles = "<style:style style:name=\"t\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>";
    let columns = "<table:table-column/><table:table-column-group table:display=\"false\"><table:table-column table:visibility=\"collapse\"/>\
                   </table:table-column-group><table:table-column table:number-columns-repeated=\"16382\"/>";
    let cells = [text("甲"), text("乙"), text("丙")].concat();
    let rows = format!(
        "<table:table-header-rows>{}</table:table-header-rows><table:table-row table:visibility=\"filter\">{cells}</table:table-row>\
         <table:table-row-group table:display=\"false\">{}</table:table-row-group><table:table-row table:visibility=\"collapse\" \
         table:number-rows-repeated=\"2\">{cells}</table:table-row>{}<table:table-row table:visibility=\"collapse\" \
         table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
        row(&cells),
        row(&cells),
        row(&cells)
    );
    let sheets = sheets(
        styles,
        &format!(
            "<table:table table:name=\"一\">{columns}{rows}</table:table><table:table table:name=\"二\" table:style-name=\"t\">{rows}</table:table>\
             <table:table table:name=\"'file:///别处.ods'#$Sheet1\"><table:table-source/>{rows}</table:table>"
        ),
    );
    assert_eq!(sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.is_hidden)).collect::<Vec<_>>(), [("一", false), ("二", true)]);
    assert_eq!(sheets[0].rows.len(), 6);
    assert_eq!(sheets[0].hidden_rows.iter().copied().collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(sheets[0].hidden_columns.iter().copied().collect::<Vec<_>>(), [1]);
}

#[test]
fn struck_cells_rows_and_parts_are_told() {
    let styled = |style: &str, inner: &str| {
        format!("<table:table-cell table:style-name=\"{style}\" office:value-type=\"string\"><text:p>{inner}</text:p></table:table-cell>")
    };
    let span = |style: &str, inner: &str| format!("<text:span text:style-name=\"{style}\">{inner}</text:span>");
    let sheet = sheet(
        STRUCK,
        &[
            // By the cell's style, by the one it stands on, and by all of its text: the whole row.
            row(&[styled("child", "1"), styled("c", "停办"), text(&span("c", "全部")), "<table:table-cell/>".into()].concat()),
            row(&[text("2"), styled("c", "班"), styled("off", "在"), styled("c", &span("off", "在"))].concat()),
            row(&[text(&format!("{}西街", span("c", "东街"))), styled("c", &format!("旧{}", span("off", "新")))].concat()),
        ]
        .concat(),
    );
    assert_eq!(sheet.struck_rows.iter().copied().collect::<Vec<_>>(), [0]);
    assert_eq!(sheet.struck_cells.iter().copied().collect::<Vec<_>>(), [(1, 1)]);
    assert_eq!(sheet.partly_struck, [(2, 0), (2, 1)]);
    assert_eq!(grid(&sheet)[2], ["西街", "新"]);
}

#[test]
fn a_cell_without_a_style_looks_as_its_row_or_column_says() {
    let columns = "<table:table-column/><table:table-column table:number-columns-repeated=\"2\" table:default-cell-style-name=\"c\"/>";
    let (a, b) = (text("甲"), text("乙"));
    let rows = format!(
        "{columns}<table:table-row>{a}{b}</table:table-row><table:table-row table:default-cell-style-name=\"child\">{a}{b}</table:table-row>\
         <table:table-row table:default-cell-style-name=\"off\">{a}{b}</table:table-row>"
    );
    let sheet = sheet(STRUCK, &rows);
    assert_eq!(sheet.struck_cells.iter().copied().collect::<Vec<_>>(), [(0, 1)]);
    assert_eq!(sheet.struck_rows.iter().copied().collect::<Vec<_>>(), [1]);
}

#[test]
fn dates_shown_as_months_are_told() {
    let style = |name: &str, parts: &str| {
        format!(
            "<number:date-style style:name=\"N{name}\">{parts}</number:date-style>\
             <style:style style:name=\"{name}\" style:family=\"table-cell\" style:data-style-name=\"N{name}\"/>"
        )
    };
    let styles = [
        style("month", "<number:year number:style=\"long\"/><number:text>年</number:text><number:month/><number:text>月</number:text>"),
        style("day", "<number:year/><number:month/><number:day/>"),
        "<number:text-style style:name=\"Nif\"><number:text-content/><style:map style:condition=\"value()&gt;=0\" style:apply-style-name=\"Nmonth\"/>\
         </number:text-style><style:style style:name=\"if\" style:family=\"table-cell\" style:data-style-name=\"Nif\"/>"
            .into(),
    ]
    .concat();
    let date = |style: &str| {
        format!(
            "<table:table-cell table:style-name=\"{style}\" office:value-type=\"date\" office:date-value=\"2026-07-01\"><text:p>?</text:p></table:table-cell>"
        )
    };
    let sheet = sheet(&styles, &row(&["month", "day", "if", "none"].map(date).concat()));
    assert_eq!(sheet.rows[0].iter().map(|cell| cell.shows_month).collect::<Vec<_>>(), [true, false, true, false]);
}

#[test]
fn repeated_cells_and_rows_stand_where_they_are_shown_and_formulas_without_result_are_told() {
    let twice = "<table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"string\"><text:p>同</text:p></table:table-cell>";
    let rows = format!(
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/>{twice}<table:table-cell table:formula=\"of:=1+1\"/></table:table-row>\
         <table:table-row><table:table-cell table:formula=\"of:=A1\" office:value-type=\"string\" office:string-value=\"\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048571\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
    );
    let sheet = sheet("", &rows);
    assert_eq!(grid(&sheet), [vec![], vec![], vec!["", "同", "同"], vec!["", "同", "同"]]);
    assert_eq!(sheet.uncomputed, [(2, 3), (3, 3)]);
}

#[test]
fn a_flat_spreadsheet_is_read_like_a_package_and_other_documents_are_named() {
    let table = format!("<table:table table:name=\"台账\">{}</table:table>", row(&text("甲")));
    let flat = content("", &table).replace("<office:document-content ", &format!("<office:document office:mimetype=\"{KIND}\" "));
    let flat = flat.replace("</office:document-content>", "</office:document>");
    assert_eq!(sheets_of(flat.as_bytes()).iter().map(grid).collect::<Vec<_>>(), [[["甲"]]]);
    let refused = |name: &str, bytes: &[u8]| codes(&read(name, bytes, "2026-W48"));
    let written = content("", "").replace("office:spreadsheet", "office:text");
    assert_eq!(refused("通知.odt", &of_content(&written)), ["D1025"]);
    let locked = "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    assert_eq!(refused("台账.ods", &package(&[("mimetype", KIND), ("META-INF/manifest.xml", locked), ("content.xml", "\u{1}")])), ["D1003"]);
    assert_eq!(refused("台账.ods", &package(&[("mimetype", KIND), ("META-INF/manifest.xml", locked), ("encrypted-package", "\u{1}")])), ["D1003"]);
}

/// Reads within a time that even a busy machine keeps, and answers with codes of findings.
fn promptly(what: &str, bytes: &[u8]) -> Vec<&'static str> {
    let began = Instant::now();
    let reading = read("台账.ods", bytes, "2026-W48");
    assert!(began.elapsed() < Duration::from_secs(20), "{what}: {:?}", began.elapsed());
    codes(&reading)
}

#[test]
fn a_document_cut_off_anywhere_is_damaged_and_says_so_at_once() {
    let whole = content(STRUCK, &format!("<table:table table:name=\"台账\">{}</table:table>", row(&text("甲")).repeat(3)));
    for end in (0..whole.len()).rev().filter(|end| whole.is_char_boundary(*end)) {
        let said = promptly("cut off", &of_content(&whole[..end]));
        assert_eq!(said, ["D1004"], "{end}");
    }
}

#[test]
fn blown_up_documents_cost_nothing_or_are_refused() {
    let table = |rows: &str| of_content(&content("", &format!("<table:table table:name=\"台账\">{rows}</table:table>")));
    let wide = |count: &str, inner: &str| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{count}\" office:value-type=\"string\"><text:p>{inner}</text:p></table:table-cell>"
        )
    };
    let often = |count: &str, cells: &str| format!("<table:table-row table:number-rows-repeated=\"{count}\">{cells}</table:table-row>");
    let far = |cells: &str| format!("{}{}", often("1048575", "<table:table-cell/>"), row(cells));
    for (what, rows) in [
        ("every cell of a sheet", often("1048576", &wide("16384", "甲"))),
        ("a column to the end", often("1048576", &wide("30", "甲"))),
        ("rows without number", often("99999999999999999999999999", &wide("16384", "甲"))),
        ("rows behind the last", format!("{}{}", often("1048576", "<table:table-cell/>"), row(&text("甲")))),
        ("formulas", often("1048576", "<table:table-cell table:formula=\"of:=1\"/>").repeat(3)),
        ("a long text everywhere", row(&wide("16384", &"长".repeat(60_000)))),
        ("blanks without end", row(&text(&format!("a{}b", "<text:s text:c=\"2000000000\"/>".repeat(100)))).repeat(20_000)),
        (
            "merged cells in all rows",
            format!("{}{}", often("1048575", &"<table:table-cell table:number-columns-spanned=\"2\"/>".repeat(1000)), row(&text("甲"))),
        ),
        ("the last cell, often", far(&format!("<table:table-cell table:number-columns-repeated=\"16383\"/>{}", text("甲"))).repeat(2)),
    ] {
        assert_eq!(promptly(what, &table(&rows)), ["D1002"], "{what}");
    }
    let bordered = "<table:table-cell table:number-columns-spanned=\"16384\" table:number-rows-spanned=\"1048576\"/>";
    for name in ["unclosed-cell-hang", "repeated-rows-slow"] {
        let content = std::fs::read(root().join("fuzz/found/ods_parts").join(name)).expect("an input that was found");
        promptly(name, &of_content(&String::from_utf8_lossy(&content)));
    }
    let style =
        |number: u32| format!("<style:style style:name=\"s{number}\" style:family=\"table-cell\" style:parent-style-name=\"s{}\"/>", number + 1);
    let styles: String = (0..132_000).map(style).collect();
    assert_eq!(promptly("styles without end", &of_content(&content(&styles, ""))), ["D1002"]);
    let bodies = content(&(0..2000).map(style).collect::<String>(), &format!("<table:table>{}", "<office:body>".repeat(50_000)));
    promptly("bodies without end", &of_content(&bodies));
    let harmless = [
        ("empty rows and cells", often("1048576", "<table:table-cell table:number-columns-repeated=\"16384\"/>").repeat(1000)),
        ("hidden columns", "<table:table-column table:number-columns-repeated=\"16384\" table:visibility=\"collapse\"/>".repeat(10_000)),
        ("merges below the table", often("1048576", bordered).repeat(100)),
        ("depth", format!("{}{}", "<table:table-row-group>".repeat(50_000), "<table:table-row/>".repeat(50_000))),
        ("depth of spans", row(&format!("<table:table-cell><text:p>{}</text:p></table:table-cell>", "<text:span>".repeat(100_000)))),
    ];
    for (what, rows) in harmless {
        let said = promptly(what, &table(&format!("{}{rows}", row(&text("甲")))));
        assert!(!said.contains(&"D1002"), "{what}: {said:?}");
    }
}

/// Has LibreOffice write files in another format, beside them.
pub fn converted(folder: &Path, format: &str, files: &[PathBuf]) {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let mut command = std::process::Command::new("soffice");
    let output = command.args([&profile, "--headless", "--convert-to", format, "--outdir"]).arg(folder).args(files).output();
    let output = output.expect("scripts/test installs LibreOffice");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What a sheet tells beside its cells, where they are filled.
pub fn told(sheet: &Sheet) -> String {
    let is_filled = |row: &usize| sheet.rows.get(*row).is_some_and(|cells| cells.iter().any(|cell| !cell.is_empty()));
    let is_used = |column: &usize| sheet.rows.iter().any(|cells| cells.get(*column).is_some_and(|cell| !cell.is_empty()));
    let rows: Vec<_> = sheet.hidden_rows.iter().filter(|row| is_filled(row)).collect();
    let columns: Vec<_> = sheet.hidden_columns.iter().filter(|column| is_used(column)).collect();
    let mut merges: Vec<_> = sheet.merges.iter().filter(|m| is_filled(&m.0) && (m.0, m.1) != (m.2, m.3)).collect();
    merges.sort();
    let months: Vec<_> = sheet.rows.iter().map(|cells| cells.iter().filter(|cell| cell.shows_month).count()).collect();
    format!("{} {}\n", sheet.name, sheet.is_hidden)
        + &format!("{rows:?} {columns:?} {merges:?} {:?} {:?} {:?}", sheet.struck_rows, sheet.struck_cells, sheet.partly_struck)
        + &format!(" {}", months.iter().sum::<usize>())
}

#[test]
fn what_libreoffice_makes_of_workbooks_reads_as_they_do() {
    let folder = TempDir::new().expect("a temporary folder");
    let names = [
        "马村区台账（含取消班次）.xlsx",
        "解放区台账-筛选未取消.xlsx",
        "沁阳市培训台账.xlsx",
        "博爱县2026年11月27日台账.xlsx",
        "博爱县台账（班期为数字）.xlsx",
        "示范区台账（隐藏旧列）.xlsx",
        "孟州市台账（外部链接）.xlsx",
        "温县台账（特殊字符）.xlsx",
        "温县课程表（停课调课）.xlsx",
        "沁阳市课程表（周课表）.xlsx",
        "沁阳市花名册（汇总多班）.xlsx",
        "沁阳市考勤表（真日期）.xlsx",
        "修武县第1期教学计划.xlsx",
    ];
    let files: Vec<PathBuf> = names.iter().map(|name| root().join("tests/ledger/files").join(name)).collect();
    converted(folder.path(), "ods", &files);
    converted(folder.path(), "fods", &files[..3]);
    for (number, file) in files.iter().enumerate() {
        let name = file.file_name().and_then(|name| name.to_str()).expect("utf-8");
        let bytes = std::fs::read(file).expect("a workbook");
        let (own, sheets) = (read(name, &bytes, "2026-W48"), sheets_of(&bytes));
        for extension in ["ods", "fods"].into_iter().take(if number < 3 { 2 } else { 1 }) {
            let path = folder.path().join(name).with_extension(extension);
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let other = read(name, &bytes, "2026-W48");
            assert_eq!((own.kind, &own.county, &own.rows), (other.kind, &other.county, &other.rows), "{name} {extension}");
            assert_eq!(own.findings, other.findings, "{name} {extension}");
            let sheets_of_other = sheets_of(&bytes);
            assert_eq!(sheets.iter().map(told).collect::<Vec<_>>(), sheets_of_other.iter().map(told).collect::<Vec<_>>(), "{name} {extension}");
        }
    }
}
