//! The sheet of findings（核验意见）: its measures, shared by both ways of writing it, and its part.

use super::place::{Spot, clip, column_name, half_widths, printed_lines};
use super::styles::FindingsFormats;
use super::xml::{attribute, escape};
use super::{FindingsRow, FindingsTable};
use std::fmt::Write as _;

pub const TITLE_HEIGHT: f64 = 36.0;
pub const HEAD_HEIGHT: f64 = 24.0;
pub const FOOTER: &str = "&R第 &P 页，共 &N 页";
const LINE_HEIGHT: f64 = 15.5;
/// Excel's highest row.
const MAX_HEIGHT: f64 = 405.0;
const NARROWEST: usize = 6;
const WIDEST: usize = 52;
const MAX_NAME: usize = 31;

/// Columns of the table, however uneven its rows are.
pub fn column_count(table: &FindingsTable) -> usize {
    table.rows.iter().map(|row| row.cells.len()).chain([table.head.len(), 1]).max().unwrap_or(1).min(200)
}

/// Widths in letters, as wide as the longest line asks, within bounds.
pub fn widths(table: &FindingsTable) -> Vec<usize> {
    let mut widths = vec![NARROWEST; column_count(table)];
    for row in table.rows.iter().map(|row| &row.cells).chain([&table.head]) {
        for (width, text) in widths.iter_mut().zip(row) {
            let longest = text.split('\n').map(half_widths).max().unwrap_or_default();
            *width = (*width).max(longest + 2).min(WIDEST);
        }
    }
    widths
}

/// A row's height in points, by its fullest cell.
#[allow(clippy::cast_precision_loss)]
pub fn height(row: &FindingsRow, widths: &[usize]) -> f64 {
    let lines = row.cells.iter().zip(widths).map(|(text, width)| printed_lines(text, width - 1)).max().unwrap_or(1);
    (lines.min(1_000) as f64 * LINE_HEIGHT + 6.0).min(MAX_HEIGHT)
}

/// The column whose text names the cell that the row points to, else the first.
pub fn link_column(row: &FindingsRow) -> usize {
    let cell = row.cell.as_deref().filter(|cell| !cell.is_empty());
    cell.and_then(|cell| row.cells.iter().position(|text| text.contains(cell))).unwrap_or_default()
}

/// Where a row points to, as a place within the workbook; `sheet` is a name that the workbook has.
pub fn location(sheet: &str, row: &FindingsRow) -> Option<String> {
    let spot = row.cell.as_deref().and_then(Spot::parse)?;
    Some(format!("{}!{}", quoted(sheet), spot.name()))
}

/// The region of head and rows, as the workbook names what a filter covers.
pub fn filter(table: &FindingsTable) -> String {
    let last = column_name(u32::try_from(column_count(table) - 1).unwrap_or_default());
    format!("$A$2:${last}${}", table.rows.len() + 2)
}

/// A sheet's name as formulas write it.
pub fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// A sheet's name that Excel accepts and no other sheet has: `核验意见`, `核验意见2`, …
pub fn free_name(wanted: &str, taken: &[String]) -> String {
    let lower: Vec<String> = taken.iter().map(|name| name.to_lowercase()).collect();
    let clean: String = wanted.chars().filter(|c| !c.is_control() && !"[]:*?/\\".contains(*c)).collect();
    let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    let clean = if clean.is_empty() { "Sheet" } else { clean };
    let mut number = 1_u32;
    loop {
        let ending = if number == 1 { String::new() } else { number.to_string() };
        let mut name = shortened(clean, MAX_NAME - ending.len());
        name.push_str(&ending);
        if !lower.contains(&name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

/// The beginning of a text, so many UTF-16 units at most.
fn shortened(text: &str, max: usize) -> String {
    let mut units = 0;
    let is_within = |c: &char| {
        units += c.len_utf16();
        units <= max
    };
    text.chars().take_while(is_within).collect()
}

/// The worksheet's part. `sheets` are the names that links may point to.
pub fn part(table: &FindingsTable, formats: &FindingsFormats, namespace: &str, sheets: &[String]) -> String {
    let widths = widths(table);
    let last = column_name(u32::try_from(widths.len() - 1).unwrap_or_default());
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{namespace}\">\
         <sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><dimension ref=\"A1:{last}{}\"/><sheetViews><sheetView workbookViewId=\"0\">\
         <pane ySplit=\"2\" topLeftCell=\"A3\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"A3\" sqref=\"A3\"/>\
         </sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>",
        table.rows.len() + 2
    );
    for (number, width) in (1..).zip(&widths) {
        let _ = write!(text, "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>");
    }
    text.push_str("</cols><sheetData>");
    row(&mut text, 1, TITLE_HEIGHT, &[(table.title.clone(), formats.title)]);
    let head = (0..widths.len()).map(|at| (table.head.get(at).cloned().unwrap_or_default(), formats.head)).collect::<Vec<_>>();
    row(&mut text, 2, HEAD_HEIGHT, &head);
    let mut links = String::new();
    for (number, line) in (3..).zip(&table.rows) {
        let target = line.sheet.as_ref().filter(|sheet| sheets.contains(sheet)).and_then(|sheet| location(sheet, line));
        row(&mut text, number, height(line, &widths), &cells(line, widths.len(), formats, target.is_some()));
        if let Some(target) = target {
            let cell = format!("{}{number}", column_name(u32::try_from(link_column(line)).unwrap_or_default()));
            let _ = write!(links, "<hyperlink ref=\"{cell}\" location=\"{}\"/>", attribute(&target));
        }
    }
    let _ = write!(text, "</sheetData><autoFilter ref=\"A2:{last}{}\"/>", table.rows.len() + 2);
    if widths.len() > 1 {
        let _ = write!(text, "<mergeCells count=\"1\"><mergeCell ref=\"A1:{last}1\"/></mergeCells>");
    }
    if !links.is_empty() {
        let _ = write!(text, "<hyperlinks>{links}</hyperlinks>");
    }
    let _ = write!(
        text,
        "<printOptions horizontalCentered=\"1\"/><pageMargins left=\"0.5\" right=\"0.5\" top=\"0.7\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>\
         <pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/><headerFooter><oddFooter>{}</oddFooter></headerFooter></worksheet>",
        escape(FOOTER)
    );
    text
}

/// A row's texts with their formats: the first cell has the severity's colour, the one that names the place is a link.
fn cells(row: &FindingsRow, count: usize, formats: &FindingsFormats, is_link: bool) -> Vec<(String, usize)> {
    let format = |at: usize| match at {
        0 => formats.of(row.severity),
        at if is_link && at == link_column(row) => formats.link,
        _ => formats.body,
    };
    (0..count).map(|at| (row.cells.get(at).cloned().unwrap_or_default(), format(at))).collect()
}

/// Texts are written as texts, whatever they begin with: never a formula.
fn row(text: &mut String, number: usize, height: f64, cells: &[(String, usize)]) {
    let _ = write!(text, "<row r=\"{number}\" ht=\"{height}\" customHeight=\"1\">");
    for (column, (value, format)) in (0..).zip(cells) {
        let name = column_name(column);
        if value.is_empty() {
            let _ = write!(text, "<c r=\"{name}{number}\" s=\"{format}\"/>");
        } else {
            let value = escape(&clip(value));
            let _ = write!(text, "<c r=\"{name}{number}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{value}</t></is></c>");
        }
    }
    text.push_str("</row>");
}
