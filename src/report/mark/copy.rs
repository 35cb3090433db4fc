//! A copy for files that can't be marked themselves: texts, merged regions and marks, nothing else of the original.

use super::comments::AUTHOR;
use super::place::{MAX_COLUMNS, MAX_ROWS, Region, Remark, Spot, clip, comment_size, half_widths, remarks};
use super::{FindingsTable, Mark, PlainSheet, failed, findings, styles};
use crate::canon::Result;
use crate::domain::Severity;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Url, Workbook, Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};

const SONG: &str = "宋体";
/// Cells in merged regions that a copy keeps; a county's workbook has some hundreds.
const MAX_MERGED: u64 = 1_000_000;

type Written = std::result::Result<(), XlsxError>;

/// Writes the copy; equal sheets, marks and findings give equal bytes.
pub fn copy_workbook(sheets: &[PlainSheet], marks: &[Mark], table: &FindingsTable) -> Result<Vec<u8>> {
    build(sheets, marks, table).map_err(failed)
}

fn build(sheets: &[PlainSheet], marks: &[Mark], table: &FindingsTable) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed moment instead of the clock: equal copies are equal bytes.
    workbook.set_properties(&DocProperties::new().set_title(&table.title).set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let mut names = Vec::<String>::new();
    for sheet in sheets {
        let name = findings::free_name(&sheet.name, &names);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&name)?;
        // A text table has no sheet's name, and its only sheet is meant.
        let is_only = sheets.len() == 1;
        let here = marks.iter().filter(|mark| mark.sheet.as_ref().map_or(is_only, |named| *named == sheet.name));
        write_sheet(worksheet, sheet, here)?;
        names.push(name);
    }
    let name = findings::free_name(&table.name, &names);
    let target = |row: &super::FindingsRow| {
        let at = match &row.sheet {
            Some(named) => sheets.iter().position(|sheet| sheet.name == *named),
            None => (sheets.len() == 1).then_some(0),
        };
        findings::location(names.get(at?)?, row)
    };
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(&name)?;
    write_findings(worksheet, table, target)?;
    workbook.save_to_buffer()
}

fn fill(severity: Severity) -> Color {
    Color::RGB(u32::from_str_radix(styles::colour(severity), 16).unwrap_or_default())
}

fn write_sheet<'m>(worksheet: &mut Worksheet, sheet: &PlainSheet, marks: impl Iterator<Item = &'m Mark>) -> Written {
    let merges = regions(sheet);
    let first_filled = |row: u32| {
        let cells = sheet.rows.get(usize::try_from(row).ok()?)?;
        u32::try_from(cells.iter().position(|text| !text.trim().is_empty())?).ok()
    };
    let mut remarks = remarks(marks, &merges, first_filled);
    let plain =
        Format::new().set_font_name(SONG).set_font_size(11).set_text_wrap().set_align(FormatAlign::VerticalCenter).set_border(FormatBorder::Thin);
    write_widths(worksheet, sheet)?;
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let mut inside = BTreeSet::<Spot>::new();
    for merge in &merges {
        let format = marked(&plain, remarks.get(&merge.first)).set_align(FormatAlign::Center);
        let (first, last) = (merge.first, merge.last);
        worksheet.merge_range(first.row, column(first), last.row, column(last), &text_at(sheet, first), &format)?;
        inside.extend(spots(merge));
    }
    for (row, cells) in (0..MAX_ROWS).zip(&sheet.rows) {
        for (at, text) in (0..MAX_COLUMNS).zip(cells) {
            let spot = Spot { row, column: at };
            if !text.is_empty() && !inside.contains(&spot) {
                worksheet.write_string_with_format(row, column(spot), clip(text), &marked(&plain, remarks.get(&spot)))?;
            }
        }
    }
    remarks.retain(|spot, remark| {
        let is_blank = !inside.contains(spot) && text_at(sheet, *spot).is_empty();
        !is_blank || worksheet.write_blank(spot.row, column(*spot), &marked(&plain, Some(remark))).is_ok()
    });
    write_notes(worksheet, &remarks)
}

/// The merged regions as far as the sheet is filled; those that overlap, as damaged files have them, are left out.
fn regions(sheet: &PlainSheet) -> Vec<Region> {
    let height = sheet.rows.len();
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or_default();
    let (mut regions, mut taken, mut cells) = (Vec::new(), BTreeSet::<Spot>::new(), 0);
    for merge in &sheet.merges {
        // A title may be merged across all columns that Excel has: only those in use are told.
        let (bottom, right) = (merge.2.min(height.saturating_sub(1).max(merge.0)), merge.3.min(width.saturating_sub(1).max(merge.1)));
        let (Some(first), Some(last)) = (spot(merge.0, merge.1), spot(bottom, right)) else { continue };
        if first.row > last.row || first.column > last.column || first == last {
            continue;
        }
        let region = Region { first, last };
        cells += u64::from(last.row - first.row + 1) * u64::from(last.column - first.column + 1);
        if cells > MAX_MERGED {
            break;
        }
        if spots(&region).all(|spot| !taken.contains(&spot)) {
            taken.extend(spots(&region));
            regions.push(region);
        }
    }
    regions
}

fn spot(row: usize, column: usize) -> Option<Spot> {
    let spot = Spot { row: u32::try_from(row).ok()?, column: u32::try_from(column).ok()? };
    (spot.row < MAX_ROWS && spot.column < MAX_COLUMNS).then_some(spot)
}

fn spots(region: &Region) -> impl Iterator<Item = Spot> {
    let (first, last) = (region.first, region.last);
    (first.row..=last.row).flat_map(move |row| (first.column..=last.column).map(move |column| Spot { row, column }))
}

fn column(spot: Spot) -> u16 {
    u16::try_from(spot.column).unwrap_or_default()
}

fn text_at(sheet: &PlainSheet, spot: Spot) -> String {
    let row = usize::try_from(spot.row).ok().and_then(|row| sheet.rows.get(row));
    let cell = row.and_then(|row| row.get(usize::try_from(spot.column).ok()?));
    clip(cell.map_or("", String::as_str))
}

fn marked(plain: &Format, remark: Option<&Remark>) -> Format {
    match remark {
        Some(remark) => plain.clone().set_background_color(fill(remark.severity)),
        None => plain.clone(),
    }
}

/// Columns as wide as most of their texts, so that the copy can be read at once.
fn write_widths(worksheet: &mut Worksheet, sheet: &PlainSheet) -> Written {
    let mut widths = BTreeMap::<u16, usize>::new();
    for cells in sheet.rows.iter().take(2_000) {
        for (at, text) in (0..200).zip(cells) {
            let longest = text.split('\n').map(half_widths).max().unwrap_or_default();
            let width = widths.entry(at).or_insert(6);
            // A title across the sheet doesn't widen its first column.
            *width = (*width).max((longest + 2).min(26));
        }
    }
    for (at, width) in widths {
        worksheet.set_column_width(at, u32::try_from(width).unwrap_or(26))?;
    }
    Ok(())
}

fn write_notes(worksheet: &mut Worksheet, remarks: &BTreeMap<Spot, Remark>) -> Written {
    for (spot, remark) in remarks {
        let text = remark.text();
        let (width, height) = comment_size(&text);
        let note = Note::new(text).set_author(AUTHOR).add_author_prefix(false).set_width(width).set_height(height);
        worksheet.insert_note(spot.row, column(*spot), &note.set_font_name(SONG).set_font_size(9))?;
    }
    Ok(())
}

fn write_findings(sheet: &mut Worksheet, table: &FindingsTable, target: impl Fn(&super::FindingsRow) -> Option<String>) -> Written {
    let widths = findings::widths(table);
    let last = u16::try_from(widths.len() - 1).unwrap_or_default();
    let base = Format::new().set_font_name(SONG).set_font_size(11).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let title = base.clone().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let body = base.set_border(FormatBorder::Thin).set_align(FormatAlign::Left);
    let head = body.clone().set_bold().set_background_color(Color::RGB(0x00E7_E6E6)).set_align(FormatAlign::Center);
    let link = body.clone().set_font_color(Color::RGB(0x0005_63C1)).set_underline(rust_xlsxwriter::FormatUnderline::Single);
    for (at, width) in (0..).zip(&widths) {
        sheet.set_column_width(at, u32::try_from(*width).unwrap_or(6))?;
    }
    if last > 0 {
        sheet.merge_range(0, 0, 0, last, &clip(&table.title), &title)?;
    } else {
        sheet.write_string_with_format(0, 0, clip(&table.title), &title)?;
    }
    sheet.set_row_height(0, findings::TITLE_HEIGHT)?.set_row_height(1, findings::HEAD_HEIGHT)?;
    for at in 0..=last {
        sheet.write_string_with_format(1, at, table.head.get(usize::from(at)).map_or("", String::as_str), &head)?;
    }
    for (row, line) in (2..).zip(&table.rows) {
        let target = target(line);
        let linked = target.as_ref().map(|_| u16::try_from(findings::link_column(line)).unwrap_or_default());
        for at in 0..=last {
            let format = match at {
                0 => body.clone().set_background_color(fill(line.severity)),
                at if linked == Some(at) => link.clone(),
                _ => body.clone(),
            };
            let text = clip(line.cells.get(usize::from(at)).map_or("", String::as_str));
            match target.as_ref().filter(|_| linked == Some(at)) {
                // The link's text is a text, too.
                Some(target) => sheet.write_url_with_format(row, at, Url::new(format!("internal:{target}")).set_text(text), &format)?,
                None => sheet.write_string_with_format(row, at, text, &format)?,
            };
        }
        sheet.set_row_height(row, findings::height(line, &widths))?;
    }
    let bottom = u32::try_from(table.rows.len() + 1).unwrap_or(1);
    sheet.autofilter(1, 0, bottom.max(2), last)?.set_freeze_panes(2, 0)?.set_repeat_rows(0, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.5, 0.5, 0.7, 0.6, 0.3, 0.3).set_footer(findings::FOOTER);
    Ok(())
}
