//! Workbooks of Excel 5 to 2003 (.xls): values, merged regions, hidden rows and columns, strike-through of cells and of parts of
//! them. Nothing is set aside for what a record only claims. Source: [MS-XLS] 2.4 (records), 2.5.122 (RK numbers).

use super::compound::{Compound, u16_at, u32_at};
use super::package::{DAMAGED, Result};
use super::sheet::shows_month_only;
use super::sheet::{Cell, MAX_CELLS, Sheet};
use super::xls_text::{Runs, Shared, Writing, shared_texts, struck};
use super::xlsx::{Style, is_date_format, moment};
use std::collections::{BTreeMap, BTreeSet};

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const MAX_SHEETS: usize = 1 << 12;
const MAX_COLUMNS: usize = 1 << 8;

/// Reads all worksheets, or answers the code of the finding that says why not.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>> {
    let file = Compound::open(bytes)?;
    let stream = match file.stream("Workbook")? {
        Some(stream) => stream,
        None => file.stream("Book")?.ok_or(DAMAGED)?,
    };
    drop(file);
    let book = Book::read(&stream)?;
    // Sheets don't overlap: all of them together are no longer than the stream.
    let (mut budget, mut room) = (stream.len(), MAX_CELLS);
    let mut sheets = Vec::new();
    for (name, start, is_hidden) in &book.sheets {
        let part = stream.get(*start..).ok_or(DAMAGED)?;
        let mut reader = SheetReader { book: &book, sheet: Sheet::default(), struck: BTreeMap::new(), hidden_columns: [false; MAX_COLUMNS], room };
        let length = reader.read(part)?;
        budget = budget.checked_sub(length).ok_or(DAMAGED)?;
        room = reader.room;
        let mut sheet = reader.finish();
        (sheet.name, sheet.is_hidden) = (name.clone(), *is_hidden);
        sheets.push(sheet);
    }
    if sheets.is_empty() { Err(DAMAGED) } else { Ok(sheets) }
}

/// The records of a stream. None is longer than what is left of it.
struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    fn next(&mut self) -> Result<(u16, &'s [u8])> {
        let kind = u16_at(self.stream, self.at).ok_or(DAMAGED)?;
        let length = usize::from(u16_at(self.stream, self.at + 2).ok_or(DAMAGED)?);
        let data = self.stream.get(self.at + 4..self.at + 4 + length).ok_or(DAMAGED)?;
        self.at += 4 + length;
        Ok((kind, data))
    }

    /// The records that go on with the last one.
    fn continued(&mut self, first: &'s [u8]) -> Result<Vec<&'s [u8]>> {
        let mut parts = vec![first];
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            parts.push(self.next()?.1);
        }
        Ok(parts)
    }
}

/// What holds for all sheets.
struct Book {
    writing: Writing,
    is_1904: bool,
    fonts: Vec<bool>,
    styles: Vec<Style>,
    texts: Vec<Shared>,
    /// Name, place in the stream, whether it is hidden.
    sheets: Vec<(String, usize, bool)>,
}

impl Book {
    fn read(stream: &[u8]) -> Result<Self> {
        let mut records = Records { stream, at: 0 };
        let (kind, data) = records.next()?;
        if kind != BEGIN {
            return Err(DAMAGED);
        }
        let writing = Writing { is_unicode: u16_at(data, 0) != Some(0x0500), encoding: encoding_rs::GB18030 };
        let mut book = Self { writing, is_1904: false, fonts: Vec::new(), styles: Vec::new(), texts: Vec::new(), sheets: Vec::new() };
        let (mut formats, mut cells, mut strings) = (BTreeMap::new(), Vec::new(), None);
        loop {
            let (kind, data) = records.next()?;
            match kind {
                END => break,
                0x002F => return Err("D1003"),
                0x0042 => book.writing.encoding = Writing::encoding_of(u16_at(data, 0).ok_or(DAMAGED)?),
                0x0022 => book.is_1904 = u16_at(data, 0) == Some(1),
                0x0031 => book.fonts.push(u16_at(data, 2).ok_or(DAMAGED)? & 8 != 0),
                0x041E => {
                    let text = data.get(2..).ok_or(DAMAGED)?;
                    let width = if book.writing.is_unicode { 2 } else { 1 };
                    formats.insert(u32::from(u16_at(data, 0).ok_or(DAMAGED)?), book.writing.text(text, width)?.0);
                }
                0x00E0 => cells.push((u16_at(data, 0).ok_or(DAMAGED)?, u32::from(u16_at(data, 2).ok_or(DAMAGED)?))),
                0x0085 => book.add_sheet(data)?,
                0x00FC => strings = Some(records.continued(data)?),
                _ => {}
            }
        }
        book.styles = cells.into_iter().map(|(font, format)| book.style(font, format, &formats)).collect();
        if let Some(parts) = strings {
            book.texts = shared_texts(parts, |font| book.is_struck(font))?;
        }
        Ok(book)
    }

    fn add_sheet(&mut self, data: &[u8]) -> Result<()> {
        let start = usize::try_from(u32_at(data, 0).ok_or(DAMAGED)?).map_err(|_| DAMAGED)?;
        let &[state, kind] = data.get(4..6).ok_or(DAMAGED)? else { return Err(DAMAGED) };
        // Sheets of macros, charts and modules are no tables.
        if kind == 0 {
            let (name, _) = self.writing.text(&data[6..], 1)?;
            self.sheets.push((name.replace('\0', ""), start, state & 3 != 0));
        }
        if self.sheets.len() > MAX_SHEETS { Err("D1002") } else { Ok(()) }
    }

    /// A font by its number: there is no font 4 ([MS-XLS] 2.5.129).
    fn is_struck(&self, font: u16) -> bool {
        self.fonts.get(usize::from(if font > 4 { font - 1 } else { font })).copied().unwrap_or(false)
    }

    fn style(&self, font: u16, format: u32, formats: &BTreeMap<u32, String>) -> Style {
        Style {
            is_date: is_date_format(format, formats),
            shows_month: format == 17 || formats.get(&format).is_some_and(|format| shows_month_only(format)),
            is_struck: self.is_struck(font),
        }
    }
}

struct SheetReader<'b> {
    book: &'b Book,
    sheet: Sheet,
    /// Per row with a value, whether all its values are struck through.
    struck: BTreeMap<usize, bool>,
    hidden_columns: [bool; MAX_COLUMNS],
    room: usize,
}

impl SheetReader<'_> {
    /// Reads a sheet's records; answers how many bytes they are.
    fn read(&mut self, stream: &[u8]) -> Result<usize> {
        let mut records = Records { stream, at: 0 };
        if records.next()?.0 != BEGIN {
            return Err(DAMAGED);
        }
        // Charts on the sheet are streams in the stream.
        let mut depth = 0usize;
        // The formula whose text comes in a record of its own.
        let mut formula = None;
        loop {
            let (kind, data) = records.next()?;
            match kind {
                BEGIN => depth += 1,
                END if depth == 0 => return Ok(records.at),
                END => depth -= 1,
                _ if depth > 0 => {}
                0x0006 => formula = self.formula(data)?,
                0x0207 => {
                    if let Some((row, column, style)) = formula.take() {
                        let text = self.text(&records.continued(data)?)?;
                        self.put_text(row, column, style, &text, &Runs::new())?;
                    }
                }
                0x00BD => self.several(data)?,
                0x0203 | 0x027E | 0x00FD | 0x0204 | 0x00D6 | 0x0205 => self.cell(kind, data)?,
                _ => self.lie(kind, data)?,
            }
        }
    }

    /// A text with a length of two bytes, which may go on in further records.
    fn text(&self, parts: &[&[u8]]) -> Result<String> {
        let [first, more @ ..] = parts else { return Err(DAMAGED) };
        if more.is_empty() || !self.book.writing.is_unicode {
            return Ok(self.book.writing.text(first, 2)?.0);
        }
        super::xls_text::long_text(parts.to_vec())
    }

    /// What isn't a cell: hidden rows and columns, merged regions.
    fn lie(&mut self, kind: u16, data: &[u8]) -> Result<()> {
        let number = |at| u16_at(data, at).map(usize::from).ok_or(DAMAGED);
        match kind {
            0x0208 if number(12)? & 0x20 != 0 => _ = self.sheet.hidden_rows.insert(number(0)?),
            0x007D if number(8)? & 1 != 0 => {
                let (first, last) = (number(0)?, number(2)?.min(MAX_COLUMNS - 1));
                self.hidden_columns.get_mut(first..=last).into_iter().for_each(|columns| columns.fill(true));
            }
            0x00E5 => {
                for region in data.get(2..).unwrap_or_default().as_chunks::<8>().0.iter().take(number(0)?) {
                    let at = |at| u16_at(region, at).map_or(0, usize::from);
                    if at(0) <= at(2) && at(4) <= at(6) {
                        self.sheet.merges.push((at(0), at(4), at(2), at(6)));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn place(&self, data: &[u8]) -> Result<(usize, usize, Style)> {
        let number = |at| u16_at(data, at).map(usize::from).ok_or(DAMAGED);
        Ok((number(0)?, number(2)?, self.style(number(4)?)))
    }

    fn style(&self, number: usize) -> Style {
        self.book.styles.get(number).copied().unwrap_or_default()
    }

    fn cell(&mut self, kind: u16, data: &[u8]) -> Result<()> {
        let (row, column, style) = self.place(data)?;
        let value = &data[6..];
        match kind {
            0x0203 => self.put_number(row, column, style, f64_at(value, 0)?),
            0x027E => self.put_number(row, column, style, rk(u32_at(value, 0).ok_or(DAMAGED)?)),
            0x00FD => {
                let book = self.book;
                let shared = usize::try_from(u32_at(value, 0).ok_or(DAMAGED)?).ok().and_then(|index| book.texts.get(index)).ok_or(DAMAGED)?;
                self.put_text(row, column, style, &shared.text, &shared.runs)
            }
            0x0205 => match value {
                [truth, 0, ..] => self.put(row, column, style, Cell::of_text(if *truth == 0 { "否" } else { "是" })),
                [error, _, ..] => self.put(row, column, style, Cell::of_text(error_text(*error))),
                _ => Err(DAMAGED),
            },
            // A text of its own, and with kind 0x00D6 the fonts of its parts.
            _ => {
                let (text, rest) = self.book.writing.text(value, 2)?;
                let runs = if kind == 0x00D6 { self.runs(rest) } else { Runs::new() };
                self.put_text(row, column, style, &text, &runs)
            }
        }
    }

    fn runs(&self, data: &[u8]) -> Runs {
        if self.book.writing.is_unicode {
            let runs = data.get(2..).unwrap_or_default().as_chunks::<4>().0;
            return runs.iter().filter_map(|run| Some((usize::from(u16_at(run, 0)?), self.book.is_struck(u16_at(run, 2)?)))).collect();
        }
        let runs = data.get(1..).unwrap_or_default().as_chunks::<2>().0;
        runs.iter().map(|[at, font]| (usize::from(*at), self.book.is_struck(u16::from(*font)))).collect()
    }

    /// Several numbers in one row: row, first column, a style and a number each, last column.
    fn several(&mut self, data: &[u8]) -> Result<()> {
        let first = u16_at(data, 2).map(usize::from).ok_or(DAMAGED)?;
        let row = u16_at(data, 0).map(usize::from).ok_or(DAMAGED)?;
        let numbers = data.get(4..data.len().saturating_sub(2)).ok_or(DAMAGED)?;
        for (column, number) in (first..).zip(numbers.as_chunks::<6>().0) {
            let style = self.style(u16_at(number, 0).map_or(0, usize::from));
            self.put_number(row, column, style, rk(u32_at(number, 2).unwrap_or(0)))?;
        }
        Ok(())
    }

    /// A formula's stored result; answers where its text belongs if that comes next.
    fn formula(&mut self, data: &[u8]) -> Result<Option<(usize, usize, Style)>> {
        let (row, column, style) = self.place(data)?;
        let result = data.get(6..14).ok_or(DAMAGED)?;
        if result[6..] != [0xFF, 0xFF] {
            self.put_number(row, column, style, f64_at(result, 0)?)?;
            return Ok(None);
        }
        match result[0] {
            0 => return Ok(Some((row, column, style))),
            1 => self.put(row, column, style, Cell::of_text(if result[2] == 0 { "否" } else { "是" }))?,
            2 => self.put(row, column, style, Cell::of_text(error_text(result[2])))?,
            _ => {}
        }
        Ok(None)
    }

    fn put_number(&mut self, row: usize, column: usize, style: Style, number: f64) -> Result<()> {
        let mut cell = match number {
            number if !number.is_finite() => return Ok(()),
            number if style.is_date => Cell::of_serial(number, moment(number, self.book.is_1904)),
            number => Cell::of_number(number),
        };
        cell.shows_month = cell.moment.is_some() && style.shows_month;
        self.put(row, column, style, cell)
    }

    fn put_text(&mut self, row: usize, column: usize, mut style: Style, text: &str, runs: &Runs) -> Result<()> {
        // Eight bytes of text cost as much as a cell: one long shared text in every cell, be it struck, is an attack.
        self.charge(text.len() / 8 + runs.len())?;
        let left;
        (style.is_struck, left) = struck(text, runs, style.is_struck);
        if let Some(left) = left {
            self.sheet.partly_struck.push((row, column));
            return self.put(row, column, style, Cell::of_text(&left));
        }
        self.put(row, column, style, Cell::of_text(text))
    }

    fn charge(&mut self, cost: usize) -> Result<()> {
        self.room = self.room.checked_sub(cost).ok_or("D1002")?;
        Ok(())
    }

    fn put(&mut self, row: usize, column: usize, style: Style, cell: Cell) -> Result<()> {
        if cell.is_empty() {
            return Ok(());
        }
        let rows = &self.sheet.rows;
        self.charge(row.saturating_sub(rows.len()) + column.saturating_sub(rows.get(row).map_or(0, Vec::len)) + 1)?;
        if style.is_struck {
            self.sheet.struck_cells.insert((row, column));
        }
        self.struck.entry(row).and_modify(|all| *all &= style.is_struck).or_insert(style.is_struck);
        let rows = &mut self.sheet.rows;
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let cells = &mut rows[row];
        if cells.len() <= column {
            cells.resize(column + 1, Cell::default());
        }
        cells[column] = cell;
        Ok(())
    }

    fn finish(mut self) -> Sheet {
        let struck: BTreeSet<usize> = self.struck.into_iter().filter(|(_, all)| *all).map(|(row, _)| row).collect();
        self.sheet.struck_cells.retain(|(row, _)| !struck.contains(row));
        self.sheet.struck_rows = struck;
        self.sheet.hidden_columns = (0..MAX_COLUMNS).filter(|column| self.hidden_columns[*column]).collect();
        (self.sheet.tells_merges, self.sheet.tells_strikes) = (true, true);
        self.sheet
    }
}

fn f64_at(data: &[u8], at: usize) -> Result<f64> {
    let bytes = data.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).ok_or(DAMAGED)?;
    Ok(f64::from_le_bytes(bytes))
}

/// A number in four bytes: thirty bits of an integer or of a float, and whether it is a hundred times too large.
fn rk(raw: u32) -> f64 {
    let number = if raw & 2 != 0 { f64::from(raw.cast_signed() >> 2) } else { f64::from_bits(u64::from(raw & !3) << 32) };
    if raw & 1 != 0 { number / 100.0 } else { number }
}

fn error_text(error: u8) -> &'static str {
    match error {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#DATA!",
    }
}
