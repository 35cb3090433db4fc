//! Any file as sheets of cells: by its content, not by its name.

use super::Notes;
use crate::domain::Severity;
use calamine::{Data, Dimensions, Range, Reader, Sheets};
use chrono::{NaiveDateTime, Timelike};
use std::io::Cursor;

const MAX_BYTES: usize = 64 << 20;
/// A county's ledger has some hundreds of rows; a sheet beyond this is a mistake or an attack.
const MAX_CELLS: usize = 20_000_000;

/// One cell: what it shows, and the number or moment behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    pub text: String,
    pub number: Option<f64>,
    pub moment: Option<NaiveDateTime>,
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn of_text(text: &str) -> Self {
        // CSV files made to please Excel write ="13800000000".
        let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        Self { text: inner.trim().to_owned(), number: None, moment: None }
    }

    fn of_data(data: &Data) -> Self {
        match data {
            Data::Empty => Self::default(),
            Data::String(text) => Self::of_text(text),
            Data::Int(number) => Self { text: number.to_string(), number: integer_as_float(*number), moment: None },
            Data::Float(number) => Self { text: number_text(*number), number: Some(*number), moment: None },
            Data::Bool(truth) => Self::of_text(if *truth { "是" } else { "否" }),
            Data::DateTime(moment) => match moment.as_datetime() {
                // A fraction of a day is a time of day; the date in front of it is nobody's.
                Some(when) if moment.as_f64() >= 1.0 => Self { text: moment_text(when), number: Some(moment.as_f64()), moment: Some(when) },
                _ => Self { text: time_text(moment.as_f64()), number: Some(moment.as_f64()), moment: None },
            },
            Data::DateTimeIso(text) | Data::DurationIso(text) => {
                let moment = text.get(..10).and_then(|day| chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
                Self { text: text.clone(), number: None, moment: moment.and_then(|day| day.and_hms_opt(0, 0, 0)) }
            }
            Data::Error(error) => Self::of_text(&error.to_string()),
        }
    }
}

fn integer_as_float(number: i64) -> Option<f64> {
    i32::try_from(number).ok().map(f64::from).or_else(|| number.to_string().parse().ok())
}

/// A number as a person would type it: no `.0`, no exponent for what still is an exact integer.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 { format!("{number:.0}") } else { number.to_string() }
}

fn moment_text(when: NaiveDateTime) -> String {
    let is_day = when.num_seconds_from_midnight() == 0;
    when.format(if is_day { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" }).to_string()
}

/// A fraction of a day as `HH:MM`, to the nearest minute.
fn time_text(fraction: f64) -> String {
    let minutes = (fraction.rem_euclid(1.0) * 1440.0).round().rem_euclid(1440.0);
    format!("{:02.0}:{:02.0}", (minutes / 60.0).floor(), minutes % 60.0)
}

/// A sheet as a grid. Positions count from 0, as in the spreadsheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Vec<Cell>>,
    /// Merged regions: first row, first column, last row, last column.
    pub merges: Vec<(usize, usize, usize, usize)>,
}

impl Sheet {
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.rows.get(row).and_then(|cells| cells.get(column))
    }

    /// The text of a cell, taken from the top left one where cells are merged.
    pub fn merged_text(&self, row: usize, column: usize) -> &str {
        let inside = |m: &&(usize, usize, usize, usize)| m.0 <= row && row <= m.2 && m.1 <= column && column <= m.3;
        let (row, column) = self.merges.iter().find(inside).map_or((row, column), |m| (m.0, m.1));
        self.cell(row, column).map_or("", |cell| cell.text.as_str())
    }

    /// A cell of a table's body: its own, the one above for 同上, or the top one of a merge below the header.
    pub fn resolved(&self, row: usize, column: usize, header_row: usize, above: &[Cell]) -> Cell {
        let own = self.cell(row, column).cloned().unwrap_or_default();
        if super::values::is_ditto(&own.text) {
            return above.get(column).cloned().unwrap_or_default();
        }
        let over = self.merges.iter().find(|m| m.1 <= column && column <= m.3 && header_row < m.0 && m.0 < row && row <= m.2);
        match over {
            Some(m) if own.is_empty() => self.cell(m.0, m.1).cloned().unwrap_or_default(),
            _ => own,
        }
    }

    /// All texts of a row, joined by blanks.
    pub fn line(&self, row: usize) -> String {
        let cells = self.rows.get(row).map(Vec::as_slice).unwrap_or_default();
        cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("  ")
    }
}

/// Reads all sheets, or answers the code of the finding that says why not.
pub fn read_sheets(bytes: &[u8], notes: &mut Notes) -> Result<Vec<Sheet>, &'static str> {
    if bytes.is_empty() {
        return Err("D1001");
    }
    if bytes.len() > MAX_BYTES {
        return Err("D1002");
    }
    let sheets = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        guarded(|| read_workbook(bytes))?
    } else {
        vec![read_csv(bytes, notes)?]
    };
    if sheets.iter().all(|sheet| sheet.rows.iter().all(|row| row.iter().all(Cell::is_empty))) {
        return Err("D1001");
    }
    Ok(sheets)
}

thread_local! {
    static GUARDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether this thread is inside a foreign parser whose panic will be answered by a finding.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a foreign parser: calamine panics on some truncated xls files, which to a clerk are just damaged.
fn guarded<T>(read: impl FnOnce() -> Result<T, &'static str>) -> Result<T, &'static str> {
    GUARDED.set(true);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    GUARDED.set(false);
    result.unwrap_or(Err("D1004"))
}

fn read_workbook(bytes: &[u8]) -> Result<Vec<Sheet>, &'static str> {
    let is_ole = !bytes.starts_with(b"PK");
    if is_ole && contains_utf16(bytes, "EncryptedPackage") {
        return Err("D1003");
    }
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| {
        let text = error.to_string().to_lowercase();
        let is_archive = !is_ole && !contains(bytes, b"workbook") && !contains(bytes, b"content.xml");
        if text.contains("password") || text.contains("encrypt") {
            "D1003"
        } else if is_archive && contains(bytes, b"PK\x05\x06") {
            "D1008"
        } else {
            "D1004"
        }
    })?;
    let names = workbook.sheet_names();
    let mut sheets = Vec::new();
    for name in names {
        let range = workbook.worksheet_range(&name).map_err(|_| "D1004")?;
        let merges = merges_of(&mut workbook, &name);
        sheets.push(to_sheet(name, &range, merges)?);
    }
    if sheets.is_empty() { Err("D1004") } else { Ok(sheets) }
}

fn contains_utf16(bytes: &[u8], text: &str) -> bool {
    let needle: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    contains(bytes, &needle)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn merges_of(workbook: &mut Sheets<Cursor<&[u8]>>, name: &str) -> Vec<Dimensions> {
    // A workbook whose merged regions can't be read still has its cells.
    match workbook {
        Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(name).unwrap_or_default(),
        Sheets::Xls(book) => book.merge_cells_by_sheet_name(name).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn to_sheet(name: String, range: &Range<Data>, merges: Vec<Dimensions>) -> Result<Sheet, &'static str> {
    let (height, width) = range.get_size();
    let (first_row, first_column) = range.start().map_or((0, 0), |(row, column)| (to_index(row), to_index(column)));
    if (height + first_row).saturating_mul(width + first_column) > MAX_CELLS {
        return Err("D1002");
    }
    let mut rows = vec![Vec::new(); first_row];
    for cells in range.rows() {
        let mut row = vec![Cell::default(); first_column];
        row.extend(cells.iter().map(Cell::of_data));
        rows.push(row);
    }
    let region = |m: Dimensions| (to_index(m.start.0), to_index(m.start.1), to_index(m.end.0), to_index(m.end.1));
    Ok(Sheet { name, rows, merges: merges.into_iter().map(region).collect() })
}

fn to_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Reads comma, semicolon or tab separated text. No character is ever replaced: undecodable bytes are refused.
fn read_csv(bytes: &[u8], notes: &mut Notes) -> Result<Sheet, &'static str> {
    refuse_other_formats(bytes)?;
    let text = decode(bytes, notes).ok_or("D1005")?;
    let delimiter =
        [b',', b'\t', b';'].into_iter().max_by_key(|d| text.lines().take(20).map(|line| line.bytes().filter(|b| b == d).count()).sum::<usize>());
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(delimiter.unwrap_or(b','));
    let mut sheet = Sheet::default();
    for record in reader.from_reader(text.as_bytes()).records() {
        let record = record.map_err(|_| "D1004")?;
        // The line where a record begins, so that blank lines and quoted line feeds keep cell names right.
        let line = record.position().and_then(|position| usize::try_from(position.line()).ok()).unwrap_or(sheet.rows.len() + 1);
        while sheet.rows.len() + 1 < line && sheet.rows.len() < MAX_CELLS {
            sheet.rows.push(Vec::new());
        }
        sheet.rows.push(record.iter().map(Cell::of_text).collect());
    }
    if sheet.rows.iter().filter(|row| row.len() > 1).count() == 0 {
        return Err("D1004");
    }
    Ok(sheet)
}

fn refuse_other_formats(bytes: &[u8]) -> Result<(), &'static str> {
    let head: Vec<u8> = bytes.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let starts = |prefix: &[u8]| head.starts_with(prefix);
    if starts(b"%pdf")
        || starts(b"\x89png")
        || starts(b"\xff\xd8\xff")
        || starts(b"gif8")
        || starts(b"bm") && bytes.len() > 54 && bytes[6..10] == [0; 4]
    {
        return Err("D1006");
    }
    let has = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    if has(b"<html") || has(b"<!doctype") || has(b"<table") || starts(b"<?xml") || has(b"mime-version:") {
        return Err("D1007");
    }
    if starts(b"rar!") || starts(b"7z\xbc\xaf") || starts(b"\x1f\x8b") {
        return Err("D1008");
    }
    if bytes.contains(&0) && !bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF]) { Err("D1004") } else { Ok(()) }
}

fn decode(bytes: &[u8], notes: &mut Notes) -> Option<String> {
    use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
    for encoding in [UTF_8, UTF_16LE, UTF_16BE] {
        let is_marked = encoding_rs::Encoding::for_bom(bytes).is_some_and(|(known, _)| known == encoding);
        if (encoding == UTF_8 || is_marked)
            && let Some(text) = strictly(encoding, bytes)
        {
            return Some(text);
        }
    }
    // Not UTF-8: in these offices that is GBK, of which GB18030 is the superset. Anything else is named, not guessed.
    let text = strictly(GB18030, bytes)?;
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    if !matches!(guess.name(), "GBK" | "gb18030") {
        let finding = notes.add("D1009", Severity::Information, "", None, None);
        finding.values = vec![("encoding", guess.name().to_owned())];
    }
    Some(text)
}

fn strictly(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    let (text, _, had_errors) = encoding.decode(bytes);
    (!had_errors).then(|| text.into_owned())
}
