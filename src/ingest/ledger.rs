//! Ledgers（台账统计表）: one class a row.

use super::header::{Header, find_header, is_header_row};
use super::place::row_number;
use super::sheet::{Cell, Sheet};
use super::values::{self, DateRead, is_blank, mask, squeeze};
use super::{Context, Notes};
use crate::canon::Date;
use crate::domain::Severity::{Information, MustMend, ShouldExplain};
use crate::domain::{DocumentKind, LedgerRow};

/// Reads all current sheets in order.
pub fn read(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Vec<(&'static str, String)>) -> Vec<LedgerRow> {
    let mut rows = Vec::new();
    for sheet in sheets {
        let Some(header) = find_header(sheet, DocumentKind::Ledger) else { continue };
        for (name, (_, text)) in &header.columns {
            if !columns.iter().any(|(known, _)| known == name) {
                columns.push((name, text.clone()));
            }
        }
        let mut reader = Reader { sheet, header, context, above: Vec::new() };
        reader.read(notes, &mut rows);
    }
    if rows.is_empty() {
        notes.add("L1001", Information, "", None, None);
    }
    rows
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
    let filled: Vec<(usize, String)> =
        cells.iter().enumerate().filter(|(_, c)| !c.is_empty()).map(|(column, c)| (column, squeeze(&c.text))).collect();
    let Some((first_column, first)) = filled.first() else { return RowKind::Blank };
    let label = filled.iter().take(3).map(|(_, text)| text.as_str()).find(|text| is_total_label(text));
    if let Some(label) = label {
        return RowKind::Total(label.to_owned());
    }
    const REMARKS: [&str; 22] = [
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
    ];
    if REMARKS.iter().any(|word| first.starts_with(word)) || (first.starts_with('注') && filled.len() <= 2 && first.chars().count() > 6) {
        return RowKind::Remark;
    }
    // One long text alone in a row, or over merged cells, belongs to no column.
    if filled.len() == 1 && Some(*first_column) != seq_column && first.chars().count() > 14 {
        return RowKind::Remark;
    }
    RowKind::Data
}

fn is_total_label(text: &str) -> bool {
    let text = text.trim_end_matches([':', '：']);
    matches!(text, "合计" | "总计" | "小计" | "共计" | "累计" | "本页小计" | "本页合计" | "全县合计" | "全区合计" | "全市合计" | "合計" | "总合计")
        || (text.ends_with("合计") && text.chars().count() <= 8)
}

struct Reader<'a> {
    sheet: &'a Sheet,
    header: Header,
    context: &'a Context<'a>,
    /// The row of data above, as it was understood, for 同上.
    above: Vec<Cell>,
}

impl Reader<'_> {
    fn read(&mut self, notes: &mut Notes, rows: &mut Vec<LedgerRow>) {
        let first_index = rows.len();
        let mut totals = Vec::new();
        let mut row = self.header.last_row + 1;
        while row < self.sheet.rows.len() {
            if let Some(again) = is_header_row(self.sheet, row, DocumentKind::Ledger) {
                row = again.last_row + 1;
                self.header.columns = again.columns;
                continue;
            }
            match row_kind(self.sheet, row, self.header.column("seq")) {
                RowKind::Data if self.is_unlabelled_total(row) => totals.push(row),
                RowKind::Data => self.data_row(row, notes, rows),
                RowKind::Total(label) if label != "小计" && !label.starts_with("本页") => totals.push(row),
                _ => {}
            }
            row += 1;
        }
        for row in totals {
            self.compare_totals(row, &rows[first_index..], notes);
        }
    }

    /// A row of nothing but numbers in columns that are summed: totals whose label was left out.
    fn is_unlabelled_total(&self, row: usize) -> bool {
        let summed: Vec<usize> = ["planned", "actual", "hours", "subsidy_amount"].into_iter().filter_map(|name| self.header.column(name)).collect();
        let filled = self.sheet.rows[row].iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let columns: Vec<usize> = filled.map(|(column, _)| column).collect();
        let is_merged = self.sheet.merges.iter().any(|m| m.0 < row && row <= m.2);
        !columns.is_empty() && !is_merged && columns.iter().all(|column| summed.contains(column))
    }

    /// The cell of a column: its own, the top one of a vertical merge, or the one above for 同上.
    fn cell(&self, row: usize, name: &str) -> (Cell, usize) {
        let Some(column) = self.header.column(name) else { return (Cell::default(), 0) };
        (self.resolved(row, column), column)
    }

    fn resolved(&self, row: usize, column: usize) -> Cell {
        self.sheet.resolved(row, column, self.header.last_row, &self.above)
    }

    fn data_row(&mut self, row: usize, notes: &mut Notes, rows: &mut Vec<LedgerRow>) {
        let width = self.sheet.rows[row].len();
        let cells: Vec<Cell> = (0..width.max(self.above.len())).map(|column| self.resolved(row, column)).collect();
        let seq_column = self.header.column("seq");
        let own = |column: usize| self.sheet.cell(row, column).is_some_and(|cell| !cell.is_empty());
        if !(0..width).any(|column| Some(column) != seq_column && own(column)) {
            // A prepared line with nothing but its number.
            notes.add("L1010", Information, &self.sheet.name, Some((row, None)), None);
            return;
        }
        if let Some((column, cell)) =
            cells.iter().enumerate().find(|(_, cell)| squeeze(&cell.text).starts_with('#') && cell.text.ends_with(['!', '?', 'A']))
        {
            notes.add("L1202", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text.clone()));
        }
        let mut ledger =
            LedgerRow { sheet: (!self.sheet.name.is_empty()).then(|| self.sheet.name.clone()), row: row_number(row), ..LedgerRow::default() };
        self.texts(row, &mut ledger, notes);
        self.dates(row, &mut ledger, notes);
        self.numbers(row, &mut ledger, notes);
        self.people(row, &mut ledger, notes);
        self.above = cells;
        rows.push(ledger);
    }

    fn text(&self, row: usize, name: &str) -> Option<String> {
        let (cell, _) = self.cell(row, name);
        let text = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
        // Line feeds inside a Chinese name are where the cell was too narrow.
        let text = if text.chars().any(|c| u32::from(c) > 0x3000) { join_chinese(&text) } else { text };
        (!is_blank(&text)).then_some(text)
    }

    fn texts(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        ledger.county = self.text(row, "county");
        ledger.institution = self.text(row, "institution");
        ledger.uscc = self.text(row, "uscc").map(|code| squeeze(&code).to_uppercase());
        ledger.class_code = self.text(row, "class_code");
        ledger.occupation = self.text(row, "occupation");
        ledger.training_type = self.text(row, "training_type");
        ledger.venue = self.text(row, "venue");
        ledger.practice_venue = self.text(row, "practice_venue");
        ledger.system_name = self.text(row, "system_name");
        ledger.subsidy_source = self.text(row, "subsidy_source");
        ledger.note = self.text(row, "note");
        ledger.class_name = self.class_name(row, notes);
        let (cell, column) = self.cell(row, "level");
        ledger.level = match values::read_level(&cell.text) {
            Some(None) => {
                notes.add("L1205", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
                None
            }
            level => level.flatten(),
        };
        let (cell, column) = self.cell(row, "in_system");
        ledger.in_system = match values::read_bool(&cell.text) {
            Some(None) => {
                notes.add("L1206", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
                None
            }
            answer => answer.flatten(),
        };
    }

    /// A class name that the spreadsheet took for a date is written back as year and month, with a word about it.
    fn class_name(&self, row: usize, notes: &mut Notes) -> Option<String> {
        let (cell, column) = self.cell(row, "class_name");
        let Some(moment) = cell.moment else { return self.text(row, "class_name") };
        let date = Date(moment.date());
        let is_month = date.to_string().ends_with("-01");
        let text = if is_month { date.to_string()[..7].to_owned() } else { date.to_string() };
        let finding = notes.add("L1204", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
        finding.values = vec![("read", text.clone())];
        Some(text)
    }

    fn dates(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        let mut one = |name: &str| {
            let (cell, column) = self.cell(row, name);
            let read = values::read_date_cell(&cell, self.context.week);
            // A daily check that has not happened is often told in words.
            let is_word = name == "daily_check_on" && !cell.text.chars().any(|c| c.is_ascii_digit());
            if is_word { None } else { self.note_date(read, row, column, &cell.text, notes) }
        };
        ledger.applied_on = one("applied_on");
        ledger.reviewed_on = one("reviewed_on");
        ledger.opens_on = one("opens_on");
        ledger.ends_on = one("ends_on");
        ledger.daily_check_on = one("daily_check_on");
        let period = ["period", "opens_on"].into_iter().map(|name| (name, self.cell(row, name)));
        for (name, (cell, column)) in period {
            let is_range = name == "period" || (ledger.opens_on.is_none() && ledger.ends_on.is_none() && values::split_range(&cell.text).is_some());
            if !is_range || is_blank(&cell.text) || (name == "period" && !self.header.columns.contains_key("period")) {
                continue;
            }
            let (opens, ends) = values::read_date_range(&cell.text, self.context.week);
            if name == "opens_on" {
                // Both dates in the opening column: the complaint about it as a single date is withdrawn.
                notes.list.retain(|f| !(f.code == "L1201" && f.place.row == Some(row_number(row)) && f.value.as_deref() == Some(cell.text.as_str())));
            }
            ledger.opens_on = self.note_date(opens, row, column, &cell.text, notes);
            ledger.ends_on =
                if opens == DateRead::Bad && ends == DateRead::Bad { None } else { self.note_date(ends, row, column, &cell.text, notes) };
            break;
        }
    }

    fn note_date(&self, read: DateRead, row: usize, column: usize, text: &str, notes: &mut Notes) -> Option<Date> {
        let code = match read {
            DateRead::Bad => "L1201",
            DateRead::Far(_) => "L1207",
            DateRead::Empty | DateRead::Good(_) => return read.date(),
        };
        let is_key = [self.header.column("opens_on"), self.header.column("ends_on"), self.header.column("period")].contains(&Some(column));
        let severity = if read == DateRead::Bad && is_key { MustMend } else { ShouldExplain };
        notes.add(code, severity, &self.sheet.name, Some((row, Some(column))), Some(text.to_owned()));
        read.date()
    }

    fn numbers(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        let mut one = |name: &str, read: fn(&str) -> Option<Option<i64>>| {
            let (cell, column) = self.cell(row, name);
            let number = read(&cell.text)?;
            if number.is_none() {
                notes.add("L1203", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text));
            }
            number
        };
        ledger.hours = one("hours", values::read_integer);
        ledger.days = one("days", values::read_integer);
        ledger.planned = one("planned", values::read_integer);
        ledger.actual = one("actual", values::read_integer);
        ledger.daily_check_count = one("daily_check_count", values::read_integer);
        ledger.subsidy_standard = one("subsidy_standard", values::read_yuan);
        let amount = if self.header_says("subsidy_amount", "万元") { values::read_ten_thousands } else { values::read_yuan };
        ledger.subsidy_amount = one("subsidy_amount", amount);
        let (cell, _) = self.cell(row, "seq");
        ledger.seq = values::read_integer(&cell.text).flatten();
        let (cell, _) = self.cell(row, "hours");
        ledger.days = ledger.days.or_else(|| values::days_in_brackets(&cell.text));
    }

    /// Whether a column's header names a unit for all its cells.
    fn header_says(&self, name: &str, unit: &str) -> bool {
        self.header.columns.get(name).is_some_and(|(_, text)| text.contains(unit))
    }

    fn people(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        ledger.teachers = values::read_names(&self.cell(row, "teachers").0.text);
        ledger.daily_check_by = self.text(row, "daily_check_by");
        ledger.contact = self.text(row, "contact");
        let (cell, column) = self.cell(row, "phone");
        if values::is_scientific(&cell.text) {
            notes.add("L1208", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(mask(&cell.text)));
        } else {
            ledger.phone = self.text(row, "phone").map(|phone| squeeze(&phone));
        }
        let joined = if self.header.columns.contains_key("contact_phone") { Some(self.cell(row, "contact_phone").0.text) } else { None };
        // A telephone number behind the name, in a column that was meant for the name alone.
        let in_contact = ledger.contact.clone().filter(|text| ledger.phone.is_none() && text.chars().filter(char::is_ascii_digit).count() >= 7);
        if let Some(text) = joined.or(in_contact) {
            (ledger.contact, ledger.phone) = values::split_contact(&text);
        }
    }

    /// Holds a totals row against the sum of the rows.
    fn compare_totals(&self, row: usize, rows: &[LedgerRow], notes: &mut Notes) {
        type Field = fn(&LedgerRow) -> Option<i64>;
        let fields: [(&str, Field); 3] = [("planned", |r| r.planned), ("actual", |r| r.actual), ("subsidy_amount", |r| r.subsidy_amount)];
        for (name, field) in fields {
            let Some(column) = self.header.column(name) else { continue };
            let text = self.sheet.cell(row, column).map(|cell| cell.text.clone()).unwrap_or_default();
            let read = if self.header_says(name, "万元") { values::read_ten_thousands } else { values::read_yuan };
            let Some(Some(stated)) = read(&text) else { continue };
            let sum: i64 = rows.iter().filter_map(field).sum();
            if stated != sum {
                let finding = notes.add("L1030", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(text));
                finding.values = vec![("expected", sum.to_string()), ("found", stated.to_string())];
            }
        }
    }
}

/// Takes out blanks between Chinese characters, which a line feed or a wide layout left there.
fn join_chinese(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let wide = |c: Option<&char>| c.is_some_and(|c| u32::from(*c) > 0x2E80);
    let keep = |(at, c): (usize, &char)| (*c != ' ' || !(wide(chars.get(at.wrapping_sub(1))) || wide(chars.get(at + 1)))).then_some(*c);
    chars.iter().enumerate().filter_map(keep).collect()
}
