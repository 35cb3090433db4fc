//! Any file as sheets of cells: by its content, not by its name.

use super::Notes;
use super::merges::Merges;
use crate::domain::Severity;
use calamine::{Data, Range, Reader, SheetType, SheetVisible, Xlsb};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use std::collections::BTreeSet;
use std::io::Cursor;

const MAX_BYTES: usize = 64 << 20;
/// A county's ledger has some hundreds of rows; a sheet beyond this is a mistake or an attack.
pub const MAX_CELLS: usize = 20_000_000;
/// What all parts of a package may unpack to; a county's workbook has a few megabytes.
pub const MAX_UNPACKED: u64 = 256 << 20;

/// One cell: what it shows, and the number or moment behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    pub text: String,
    pub number: Option<f64>,
    pub moment: Option<NaiveDateTime>,
    /// Whether the cell's format shows a moment's year and month and nothing else, as far as the format is known.
    pub shows_month: bool,
}

/// A cell with nothing in it.
pub static NOTHING: Cell = Cell { text: String::new(), number: None, moment: None, shows_month: false };

impl Cell {
    pub fn is_empty(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    pub fn of_text(text: &str) -> Self {
        // CSV files made to please Excel write ="13800000000".
        let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        let is_invisible = |c: char| matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
        // All of them begin with one of these bytes, and Chinese characters don't.
        let text = if memchr::memchr2(0xE2, 0xEF, inner.as_bytes()).is_some() && inner.contains(is_invisible) {
            inner.replace(is_invisible, "").trim().to_owned()
        } else {
            inner.trim().to_owned()
        };
        Self { text, ..Self::default() }
    }

    fn of_data(data: &Data) -> Self {
        match data {
            Data::Empty => Self::default(),
            Data::String(text) => Self::of_text(text),
            Data::Int(number) => Self { text: number.to_string(), number: integer_as_float(*number), ..Self::default() },
            Data::Float(number) => Self::of_number(*number),
            Data::Bool(truth) => Self::of_text(if *truth { "是" } else { "否" }),
            Data::DateTime(moment) => Self::of_serial(moment.as_f64(), moment.as_datetime()),
            Data::DateTimeIso(text) | Data::DurationIso(text) => Self::of_text(text),
            Data::Error(error) => Self::of_text(&error.to_string()),
        }
    }
}

impl Cell {
    pub fn of_number(number: f64) -> Self {
        Self { text: number_text(number), number: Some(number), ..Self::default() }
    }

    /// A number shown as a moment.
    pub fn of_serial(number: f64, moment: Option<NaiveDateTime>) -> Self {
        match moment {
            // A fraction of a day is a time of day; the date in front of it is nobody's.
            Some(when) if number >= 1.0 => Self { text: moment_text(when), number: Some(number), moment: Some(when), shows_month: false },
            _ => Self { text: time_text(number), number: Some(number), ..Self::default() },
        }
    }

    /// A date as ISO 8601 writes it: `2026-11-02` or `2026-11-02T08:30:00`.
    pub fn of_iso(text: &str) -> Self {
        let day = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        let time = text.get(11..19).and_then(|time| NaiveTime::parse_from_str(time, "%H:%M:%S").ok()).unwrap_or(NaiveTime::MIN);
        // Moments counted in parts of a day come a few billionths of a second too early.
        let is_late = text.get(19..21).is_some_and(|rest| rest >= ".5");
        let moment = day.map(|day| day.and_time(time)).and_then(|moment| moment.checked_add_signed(Duration::seconds(i64::from(is_late))));
        Self { text: moment.map_or_else(|| text.to_owned(), moment_text), moment, ..Self::default() }
    }
}

/// Whether a number format such as `yyyy\-mm;@` or `mmm-yy` shows a month: what stands in quotes or brackets doesn't count.
pub fn shows_month_only(format: &str) -> bool {
    let mut is_quoted = false;
    let mut depth = 0usize;
    let mut letters = BTreeSet::new();
    for c in format.chars().take_while(|c| *c != ';') {
        match c {
            '"' => is_quoted = !is_quoted,
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if !is_quoted && depth == 0 && c.is_ascii_alphabetic() => _ = letters.insert(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    letters.into_iter().eq(['m', 'y'])
}

fn integer_as_float(number: i64) -> Option<f64> {
    i32::try_from(number).ok().map(f64::from).or_else(|| number.to_string().parse().ok())
}

/// A number as a person would type it: no `.0`, no exponent for what still is an exact integer.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 { format!("{number:.0}") } else { number.to_string() }
}

fn moment_text(when: NaiveDateTime) -> String {
    let day = when.date();
    let day = format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
    if when.num_seconds_from_midnight() == 0 { day } else { format!("{day} {:02}:{:02}", when.hour(), when.minute()) }
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
    pub merges: Merges,
    /// Whether the format, as read here, tells merged regions at all: xlsx, xls and ods do.
    pub tells_merges: bool,
    pub is_hidden: bool,
    /// Rows whose every filled cell is struck through.
    pub struck_rows: BTreeSet<usize>,
    /// Struck cells of other rows, and cells of which a part is struck (left out of their text).
    pub struck_cells: BTreeSet<(usize, usize)>,
    pub partly_struck: Vec<(usize, usize)>,
    pub hidden_rows: BTreeSet<usize>,
    pub hidden_columns: BTreeSet<usize>,
    /// Whether the format, as read here, tells hidden rows and strike-through at all: xlsx, xls and ods do, and csv has none.
    pub tells_strikes: bool,
    /// Formulas whose result the file doesn't hold.
    pub uncomputed: Vec<(usize, usize)>,
}

impl Sheet {
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.rows.get(row).and_then(|cells| cells.get(column))
    }

    /// The text of a cell, taken from the top left one where cells are merged.
    pub fn merged_text(&self, row: usize, column: usize) -> &str {
        self.merged_cell(row, column).map_or("", |cell| cell.text.as_str())
    }

    /// A cell, the top left one where cells are merged.
    pub fn merged_cell(&self, row: usize, column: usize) -> Option<&Cell> {
        let (row, column) = self.merges.over(row, column).map_or((row, column), |m| (m.0, m.1));
        self.cell(row, column)
    }

    /// A cell of a table's body: its own, the one above for 同上, or the top one of a merge below the header.
    pub fn resolved<'a>(&'a self, row: usize, column: usize, header_row: usize, above: &[&'a Cell]) -> &'a Cell {
        let own = self.cell(row, column).filter(|cell| !cell.is_empty());
        if let Some(own) = own {
            return if super::values::is_ditto(&own.text) { above.get(column).copied().unwrap_or(&NOTHING) } else { own };
        }
        let over = self.merges.of_row(row).find(|m| m.1 <= column && column <= m.3 && header_row < m.0 && m.0 < row);
        let (row, column) = over.map_or((row, column), |m| (m.0, m.1));
        self.cell(row, column).unwrap_or(&NOTHING)
    }

    /// All cells of a row as `resolved` sees them, which the row below may repeat by 同上.
    pub fn resolved_row<'a>(&'a self, row: usize, header_row: usize, above: &[&'a Cell]) -> Vec<&'a Cell> {
        let width = self.rows.get(row).map_or(0, Vec::len).max(above.len());
        (0..width).map(|column| self.resolved(row, column, header_row, above)).collect()
    }

    /// All texts of a row, joined by blanks.
    pub fn line(&self, row: usize) -> String {
        let cells = self.rows.get(row).map(Vec::as_slice).unwrap_or_default();
        cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("  ")
    }
}

/// Reads all sheets, or answers the code of the finding that says why not.
pub fn read_sheets(bytes: &[u8], notes: &mut Notes) -> Result<Vec<Sheet>, &'static str> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("D1001");
    }
    if bytes.len() > MAX_BYTES {
        return Err("D1002");
    }
    if bytes.starts_with(b"PK") && contains(bytes, b"vbaProject.bin") {
        notes.add("D1030", Severity::Information, "", None, None);
    }
    let sheets = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        guarded(|| read_workbook(bytes))?
    } else if super::ods::is_flat(bytes) {
        super::ods::read_flat(bytes)?
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

/// Runs a foreign parser: calamine may panic on damaged files, which to a clerk are just damaged.
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
    if !is_ole && unpacked_size(bytes).is_some_and(|size| size > MAX_UNPACKED) {
        return Err("D1002");
    }
    let is_document = |folder: &[u8]| contains(bytes, folder) && !contains(bytes, b"xl/workbook");
    if (!is_ole && (is_document(b"word/document") || is_document(b"ppt/presentation"))) || (is_ole && contains_utf16(bytes, "WordDocument")) {
        return Err("D1025");
    }
    if is_ole {
        return super::xls::read(bytes);
    }
    if !contains(bytes, b"xl/workbook") && !contains(bytes, b"content.xml") && contains(bytes, b".xls") {
        return Err("D1008");
    }
    if contains(bytes, b"xl/workbook.xml") {
        return super::xlsx::read(bytes);
    }
    if super::ods::is_package(bytes) {
        return super::ods::read(bytes);
    }
    let mut workbook = Xlsb::new(Cursor::new(bytes)).map_err(|_| {
        let is_archive = !contains(bytes, b"workbook") && !contains(bytes, b"content.xml");
        if is_archive && contains(bytes, b"PK\x05\x06") { "D1008" } else { "D1004" }
    })?;
    let known: Vec<_> = workbook.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    for known in known.iter().filter(|sheet| matches!(sheet.typ, SheetType::WorkSheet)) {
        let mut sheet = to_sheet(&workbook.worksheet_range(&known.name).map_err(|_| "D1004")?)?;
        sheet.is_hidden = known.visible != SheetVisible::Visible;
        sheet.name.clone_from(&known.name);
        sheets.push(sheet);
    }
    if sheets.is_empty() { Err("D1004") } else { Ok(sheets) }
}

/// What all parts of a package say they unpack to, by the directory at its end.
fn unpacked_size(bytes: &[u8]) -> Option<u64> {
    let number = |at: usize, width: usize| -> Option<u64> {
        Some(bytes.get(at..at.checked_add(width)?)?.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let index = |number: u64| usize::try_from(number).ok();
    let tail = bytes.len().saturating_sub(22 + 0xFFFF);
    let end = bytes[tail..].windows(4).rposition(|window| window == b"PK\x05\x06")? + tail;
    let mut at = index(number(end + 16, 4)?)?;
    let mut size = 0u64;
    for _ in 0..number(end + 10, 2)? {
        if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        size = size.saturating_add(number(at + 24, 4)?);
        at += 46 + index(number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?)?;
    }
    Some(size)
}

fn contains_utf16(bytes: &[u8], text: &str) -> bool {
    contains(bytes, &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

fn to_sheet(range: &Range<Data>) -> Result<Sheet, &'static str> {
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
    Ok(Sheet { rows, ..Sheet::default() })
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
    let mut sheet = Sheet { tells_strikes: true, ..Sheet::default() };
    for record in reader.from_reader(text.as_bytes()).records() {
        let record = record.map_err(|_| "D1004")?;
        // The library passes over blank lines; to whoever opens the file each is an empty row, and what follows keeps its name.
        let from = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(0);
        for _ in 0..blank_lines(text.as_bytes(), from).min(MAX_CELLS.saturating_sub(sheet.rows.len())) {
            sheet.rows.push(Vec::new());
        }
        sheet.rows.push(record.iter().map(Cell::of_text).collect());
    }
    if sheet.rows.iter().filter(|row| row.len() > 1).count() == 0 {
        return Err("D1004");
    }
    Ok(sheet)
}

/// Empty lines from a place on, which may lie inside a line's `\r\n`.
fn blank_lines(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let is_inside = rest.first() == Some(&b'\n') && from.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\r');
    let ends: Vec<u8> = rest.iter().copied().skip(usize::from(is_inside)).take_while(|byte| matches!(byte, b'\r' | b'\n')).collect();
    ends.iter().enumerate().filter(|(at, byte)| **byte == b'\r' || *at == 0 || ends[at - 1] != b'\r').count()
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
    if has(b"<html") || has(b"<!doctype") || has(b"<table") || has(b"<?xml") || has(b"mime-version:") {
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
