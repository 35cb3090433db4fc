//! Where things stand: cell names, and which county a document is of.

use super::{Rows, sheet::Sheet};
use crate::canon::Code;
use crate::domain::ReportingUnit;

/// Row number as the spreadsheet shows it.
pub fn row_number(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
}

/// Like `C7`, from positions that count from 0.
pub fn cell_name(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0));
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    format!("{}{}", String::from_utf8(letters).unwrap_or_default(), row + 1)
}

/// The one county that lines above the table, the county column or the file's name speak of.
pub fn county_of(sheets: &[&Sheet], file_name: &str, rows: &Rows, units: &[ReportingUnit]) -> Option<Code> {
    let mut stated = Vec::new();
    for sheet in sheets {
        // Only lines above the table speak for all of it.
        let is_table = |row: &usize| sheet.rows[*row].iter().filter(|cell| !cell.is_empty()).count() >= 6;
        let heads = (0..sheet.rows.len().min(8)).take_while(|row| !is_table(row)).map(|row| sheet.line(row));
        let line = heads.clone().find(|line| ["填报单位", "报送单位", "上报单位", "单位名称", "填表单位"].iter().any(|label| line.contains(label)));
        stated.extend(line.and_then(|line| named_in(&line, units)).or_else(|| heads.take(3).find_map(|line| named_in(&line, units))));
    }
    stated.dedup();
    match stated.as_slice() {
        [] => {}
        [one] => return Some(one.clone()),
        // Several counties in one file: whose it is nobody can tell.
        _ => return None,
    }
    if let Rows::Ledger(rows) = rows {
        let mut counties = rows.iter().filter_map(|row| named_in(row.county.as_deref()?, units));
        if let Some(first) = counties.next() {
            return counties.all(|county| county == first).then_some(first);
        }
    }
    named_in(file_name, units).or_else(|| sheets.iter().find_map(|sheet| named_in(&sheet.name, units)))
}

/// The unit whose name or alias stands in a text; the longest where several do, none where two different ones tie.
pub fn named_in(text: &str, units: &[ReportingUnit]) -> Option<Code> {
    let names = |unit: &ReportingUnit| {
        let all = unit.aliases.iter().chain([&unit.name_zh]).filter(|name| text.contains(name.as_str()));
        all.map(|name| name.chars().count()).max().or_else(|| text.contains(unit.county.as_str()).then_some(6))
    };
    let mut best: Vec<(usize, &ReportingUnit)> = units.iter().filter_map(|unit| names(unit).map(|length| (length, unit))).collect();
    best.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    match best.as_slice() {
        [(_, unit)] => Some(unit.county.clone()),
        [(a, unit), (b, _), ..] if a > b => Some(unit.county.clone()),
        _ => None,
    }
}
