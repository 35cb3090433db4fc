//! What the rows of a table are: data, sums, remarks, examples, or nothing; the same for every kind of document.

use super::Notes;
use super::header::{Header, find_header, is_header_row};
use super::place::row_number;
use super::sheet::{Cell, Sheet};
use super::values::{is_blank, squeeze};
use crate::domain::DocumentKind;
use crate::domain::Severity::{Information, ShouldExplain};
use std::borrow::Cow;

/// Names the headers whose columns are left out, so that the clerk can tell what they mean.
pub fn note_unknown(sheet: &Sheet, header: &Header, notes: &mut Notes) {
    for (column, text) in &header.unknown {
        notes.add("D1021", Information, &sheet.name, Some((header.last_row, Some(*column))), Some(crate::canon::code::clip(text)));
    }
    for (column, text) in &header.lesser {
        notes.add("D1034", Information, &sheet.name, Some((header.last_row, Some(*column))), Some(crate::canon::code::clip(text)));
    }
}

/// Tells once which rows taken for sums, remarks or signatures yet fill several of these columns, so that a mistake is seen.
pub fn note_others(sheet: &Sheet, header: &Header, names: &[&str], rows: &[usize], notes: &mut Notes) {
    let is_filled = |row: usize, name: &str| header.column(name).and_then(|column| sheet.cell(row, column)).is_some_and(|cell| !cell.is_empty());
    let is_doubtful = |row: &&usize| names.iter().filter(|name| is_filled(**row, name)).count() > 1;
    let numbers: Vec<String> = rows.iter().filter(is_doubtful).map(|row| row_number(*row).to_string()).collect();
    if !numbers.is_empty() {
        notes.add("L1015", ShouldExplain, &sheet.name, None, None).values = vec![("rows", numbers.join("、"))];
    }
}

/// What a row below the header is.
#[derive(PartialEq)]
pub enum RowKind {
    Data,
    Blank,
    /// 合计, 总计, …: its label.
    Total(String),
    /// 备注, signatures, and other lines that are not part of the table.
    Remark,
}

/// Tells rows of data from everything else that stands in a table.
pub fn row_kind(sheet: &Sheet, row: usize, seq_column: Option<usize>) -> RowKind {
    let cells = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    let filled = || cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
    let Some((first_column, first)) = filled().next() else { return RowKind::Blank };
    // 无 in every cell says that there is nothing to report.
    if filled().all(|(_, cell)| is_blank(&cell.text)) {
        return RowKind::Blank;
    }
    if let Some(label) = filled().take(3).map(|(_, cell)| squeeze(&cell.text)).find(|text| is_total_label(text)) {
        return RowKind::Total(label);
    }
    let first = squeeze(&first.text);
    let count = filled().count();
    if is_remark(&first, count) || count <= 4 && filled().any(|(_, cell)| is_signature(&squeeze(&cell.text))) {
        return RowKind::Remark;
    }
    // One long text alone in a row, or over merged cells, belongs to no column.
    if count == 1 && Some(first_column) != seq_column && first.chars().count() > 14 {
        return RowKind::Remark;
    }
    RowKind::Data
}

/// Whether a row begins like a note below or above a table.
pub fn is_remark(first: &str, filled: usize) -> bool {
    const REMARKS: [&str; 30] = [
        "备注:",
        "注:",
        "说明:",
        "填表说明",
        "填报说明",
        "填报人",
        "审核人",
        "负责人签",
        "单位负责人",
        "制表",
        "填表人",
        "经办人",
        "联系人:",
        "报送人",
        "主管领导",
        "分管领导",
        "填报单位",
        "填报时间",
        "填报日期",
        "填表日期",
        "联系电话:",
        "注意",
        "复核",
        "签字",
        "(盖章)",
        "单位(",
        "填表单位",
        "报送单位",
        "上报单位",
        "※",
    ];
    let is_note_label = filled <= 2 && matches!(first, "备注" | "注" | "说明" | "附注" | "注释");
    REMARKS.iter().any(|word| first.starts_with(word)) || is_note_label || first.starts_with('注') && filled <= 2 && first.chars().count() > 6
}

/// `审核人：`, `（盖章）`, `第1页 共2页`: lines for hands and stamps.
fn is_signature(text: &str) -> bool {
    let labels = ["人:", "领导:", "审核:", "复核:", "制表:", "签字:", "签名:", "盖章", "(签章)", "日期:", "时间:"];
    labels.iter().any(|label| text.contains(label)) || text.starts_with('第') && text.contains('页')
}

fn is_total_label(text: &str) -> bool {
    let text = text.trim_end_matches([':', '：']);
    let short = text.chars().count();
    ["合计", "总计", "共计", "小计", "累计", "合計"]
        .iter()
        .any(|word| text == *word || text.starts_with(word) && short <= 12 || text.ends_with(word) && short <= 8)
}

/// A row that shows how to fill in the form.
pub fn is_example(own: &[(usize, &Cell)], seq: Option<usize>) -> bool {
    own.iter().filter(|(_, cell)| cell.text.contains(['例', '样'])).any(|(column, cell)| {
        let text = squeeze(&cell.text);
        let text = text.trim_matches(['(', ')', '[', ']', '【', '】', ':']);
        let is_word = matches!(text, "示例" | "样例" | "范例" | "例" | "例如" | "填写示例" | "填报示例" | "示例行" | "样表");
        is_word && (Some(*column) == seq || *column == 0 || text.chars().count() > 1)
            || ["样例", "示例", "范例"].iter().any(|word| text.contains(word)) && ["删除", "删去", "仅供参考"].iter().any(|word| text.contains(word))
    })
}

/// A row that only numbers the columns: 1, 2, 3, … or 甲, 乙, 1, 2.
pub fn is_numbering(sheet: &Sheet, row: usize) -> bool {
    let cells = || sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default().iter().filter(|cell| !cell.is_empty());
    let stems = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    if cells().nth(2).is_some() && cells().zip(stems).all(|(cell, stem)| squeeze(&cell.text) == stem) {
        return true;
    }
    let (mut words, mut numbers) = (0, Vec::new());
    for cell in cells() {
        match squeeze(&cell.text).trim_matches(['(', ')']).parse::<i64>() {
            Ok(number) => numbers.push(number),
            Err(_) => words += 1,
        }
        let is_row = numbers.last_chunk().is_none_or(|[before, last]| before.checked_add(1) == Some(*last));
        // Rows of data are told apart by their first cells.
        if words > 3 || !is_row {
            return false;
        }
    }
    numbers.len() >= 4 && numbers[0] <= words + 1
}

/// The tables of a sheet that has two beside each other to save paper: each alone, its cells where they were.
pub fn side_by_side<'a>(sheet: &'a Sheet, kind: DocumentKind) -> Vec<Cow<'a, Sheet>> {
    let heads = || {
        let header = find_header(sheet, kind)?;
        let first = header.columns.values().min_by_key(|(column, _)| *column)?.1.clone();
        let cells = sheet.rows.get(header.last_row)?.iter().enumerate();
        let starts: Vec<usize> = cells.filter(|(_, cell)| squeeze(&cell.text) == squeeze(&first)).map(|(column, _)| column).collect();
        (starts.len() > 1).then_some((header.first_row, starts))
    };
    let Some((head, starts)) = heads() else { return vec![Cow::Borrowed(sheet)] };
    let alone = |(index, start): (usize, &usize)| {
        let end = starts.get(index + 1).copied().unwrap_or(usize::MAX);
        let mut table = sheet.clone();
        for cells in table.rows.iter_mut().skip(head) {
            cells.iter_mut().enumerate().filter(|(column, _)| column < start || *column >= end).for_each(|(_, cell)| *cell = Cell::default());
        }
        Cow::Owned(table)
    };
    starts.iter().enumerate().map(alone).collect()
}

/// The header at which reading begins: the best one, or one above it with rows of its own in between; the reader goes over
/// from one to the next.
pub fn first_header(sheet: &Sheet, kind: DocumentKind) -> Option<Header> {
    let best = find_header(sheet, kind)?;
    let earlier = (0..best.first_row).find_map(|row| is_header_row(sheet, row, kind));
    let has_rows = |header: &Header| {
        let says = |row: &usize| row_kind(sheet, *row, header.column("seq")) == RowKind::Data && is_data(sheet, *row, 3);
        (header.last_row + 1..best.first_row).any(|row| says(&row))
    };
    earlier.filter(|header| header.last_row < best.first_row && has_rows(header)).or(Some(best))
}

/// Whether a row has several cells and at least two of them with digits, as no title has.
pub fn is_data(sheet: &Sheet, row: usize, least: usize) -> bool {
    let cells = || sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default().iter().filter(|cell| !cell.is_empty());
    let is_value = |cell: &&Cell| cell.number.is_some() || cell.moment.is_some() || cell.text.chars().any(|c| c.is_ascii_digit());
    cells().count() >= least && cells().filter(is_value).nth(1).is_some()
}
