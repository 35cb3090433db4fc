//! A simulated week as counties would have sent it: one ledger and one timetable each, as xlsx.

use super::init::default_units;
use super::office::{file_failed, write_whole};
use super::simulate::world;
use crate::canon::{Refusal, Result};
use crate::simulate::books::{Book, Cell, LEDGER_HEADS, TIMETABLE_HEADS};
use crate::simulate::{Scale, Setting};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::path::Path;

/// Writes `<dir>/workbooks/<county>-台账统计表.xlsx` and `…-课程表.xlsx` for every county of the office, and counts them.
pub fn write_books(setting: Setting, dir: &Path) -> Result<usize> {
    refuse_other_scales(&setting)?;
    let units = default_units()?;
    let names: Vec<String> = units.iter().map(|unit| unit.name_zh.clone()).collect();
    let folder = dir.join("workbooks");
    std::fs::create_dir_all(&folder).map_err(|error| file_failed(&folder, &error))?;
    let books = world(setting)?.books(&names);
    for book in &books {
        let (Some(unit), Some(name)) = (units.get(book.county), names.get(book.county)) else { continue };
        let Book { ledger, timetable, .. } = book;
        for (kind, heads, rows) in [("台账统计表", &LEDGER_HEADS[..], ledger), ("课程表", &TIMETABLE_HEADS[..], timetable)] {
            let title = format!("{name}补贴性职业技能培训{kind}（合成数据）");
            let bytes = to_workbook(&title, name, heads, rows).map_err(|error| Refusal::new("simulate_failed").with("reason", error))?;
            write_whole(&folder.join(format!("{}-{kind}.xlsx", unit.county)), &bytes)?;
        }
    }
    Ok(2 * books.len())
}

/// Only a city's counties have names.
pub fn refuse_other_scales(setting: &Setting) -> Result<()> {
    if setting.scale == Scale::City { Ok(()) } else { Err(Refusal::new("simulate_books_scale")) }
}

fn to_workbook(title: &str, county: &str, heads: &[&str], rows: &[Vec<Cell>]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed time of creation: the same seed, the same bytes.
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&ExcelDateTime::from_ymd(2026, 11, 27)?));
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, title)?;
    sheet.write_string(1, 0, format!("填报单位：{county}人力资源和社会保障局"))?;
    for (column, head) in (0..).zip(heads) {
        sheet.write_string(2, column, *head)?;
    }
    for (row, cells) in (3..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => drop(sheet.write_string(row, column, text)?),
                Cell::Number(number) => drop(sheet.write_number(row, column, i32::try_from(*number).unwrap_or(i32::MAX))?),
                Cell::Blank => {}
            }
        }
    }
    workbook.save_to_buffer()
}
