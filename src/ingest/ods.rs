//! OpenDocument spreadsheets, content.xml in one pass: values, merged regions, hidden rows, columns and sheets, strike-through,
//! formulas without a stored result. Source: OpenDocument 1.3, part 3: 9 (tables), 6.1 (text), 19.369 ff. (values); part 2, 4.

use super::ods_styles::{Family, Look, Styles, get, unescaped};
use super::ods_text::{Rich, TextReader};
use super::package::{DAMAGED, Package, Result, each};
use super::sheet::{Cell, MAX_CELLS, MAX_UNPACKED, Sheet};
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use zip::ZipArchive;

const MAX_ROWS: usize = 1 << 20;
const MAX_COLUMNS: usize = 1 << 14;
/// A row that is repeated costs a few bytes in the file and all of itself in memory: its copies are counted so many times.
const COPY: usize = 8;

/// Whether a zip archive is an OpenDocument package; an encrypted one may have no content.xml of its own.
pub fn is_package(bytes: &[u8]) -> bool {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    zip.index_for_name("content.xml").is_some()
        || zip
            .by_name("mimetype")
            .is_ok_and(|file| std::io::read_to_string(std::io::Read::take(file, 64)).is_ok_and(|kind| kind.contains("opendocument")))
}

/// Whether bytes are a spreadsheet in a single XML file (.fods).
pub fn is_flat(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(8192)];
    let has = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    has(b"<office:document ") && has(b"application/vnd.oasis.opendocument.spreadsheet")
}

/// Reads all sheets, or answers the code of the finding that says why not.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>> {
    let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| DAMAGED)?;
    let mut package = Package { zip, room: MAX_UNPACKED };
    if let Some(manifest) = package.part("META-INF/manifest.xml")?
        && is_encrypted(&manifest)?
    {
        return Err("D1003");
    }
    let content = package.part("content.xml")?.ok_or(DAMAGED)?;
    let mut book = Book::default();
    if let Some(text) = package.part("styles.xml")? {
        each(&text, |event| book.take_style(event))?;
    }
    book.read(&content)
}

/// Reads all sheets of a single XML file.
pub fn read_flat(bytes: &[u8]) -> Result<Vec<Sheet>> {
    Book::default().read(std::str::from_utf8(bytes).map_err(|_| DAMAGED)?.trim_start_matches('\u{FEFF}'))
}

fn is_encrypted(manifest: &str) -> Result<bool> {
    let mut is_encrypted = false;
    each(manifest, |event| {
        is_encrypted |= matches!(event, Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "encryption-data");
        Ok(!is_encrypted)
    })?;
    Ok(is_encrypted)
}

struct Book {
    styles: Styles,
    sheets: Vec<Sheet>,
    /// What all sheets may still cost.
    room: usize,
    table: Option<Table>,
    /// How deep we are in something that isn't part of any sheet's text.
    skipped: usize,
    in_body: bool,
    is_whole: bool,
}

impl Default for Book {
    fn default() -> Self {
        let styles = Styles::default();
        Self { styles, sheets: Vec::new(), room: MAX_CELLS, table: None, skipped: 0, in_body: false, is_whole: false }
    }
}

impl Book {
    fn read(mut self, content: &str) -> Result<Vec<Sheet>> {
        each(content, |event| self.take(event))?;
        // A document that was cut off may have lost its last rows without a sign.
        if self.is_whole && !self.sheets.is_empty() { Ok(self.sheets) } else { Err(DAMAGED) }
    }

    fn take(&mut self, event: &Event) -> Result<bool> {
        match event {
            Event::Start(_) if self.skipped > 0 => self.skipped += 1,
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            _ if self.skipped > 0 => {}
            Event::Start(e) if !self.in_body && e.name().as_ref() == "office:body" => {
                self.in_body = true;
                self.styles.resolve();
            }
            Event::End(e) if matches!(e.name().as_ref(), "office:document-content" | "office:document") => self.is_whole = true,
            event if !self.in_body => return self.take_style(event),
            Event::Start(e) => self.skipped = usize::from(!self.begin(e)?),
            Event::Empty(e) => {
                if self.begin(e)? {
                    self.end(e.name().as_ref())?;
                }
            }
            Event::End(e) => self.end(e.name().as_ref())?,
            event => {
                if let Some(cell) = self.table.as_mut().and_then(|table| table.open.as_mut()) {
                    cell.text.take(event);
                }
            }
        }
        Ok(true)
    }

    fn take_style(&mut self, event: &Event) -> Result<bool> {
        self.styles.take(event);
        if self.styles.are_too_many() { Err("D1002") } else { Ok(true) }
    }

    /// Begins an element; answers whether what is inside it is of any interest.
    fn begin(&mut self, e: &BytesStart) -> Result<bool> {
        let name = e.name();
        let Some(table) = &mut self.table else {
            match name.as_ref() {
                "office:text" | "office:presentation" | "office:drawing" => return Err("D1025"),
                "table:table" => self.table = Some(Table::new(e, &self.styles)),
                // Former states of cells, and what other programs handed over.
                "table:tracked-changes" | "table:dde-links" => return Ok(false),
                _ => {}
            }
            return Ok(true);
        };
        if let Some(cell) = &mut table.open {
            return Ok(cell.text.begin(e, &self.styles));
        }
        match name.as_ref() {
            "table:table-column" => table.add_columns(e, &self.styles),
            "table:table-row" => table.begin_row(e, &self.styles)?,
            "table:table-cell" | "table:covered-table-cell" => table.begin_cell(e, &self.styles),
            "table:table-row-group" | "table:table-column-group" => table.begin_group(e),
            "table:table" => return Ok(false),
            // Forms, pictures and notes that lie on the sheet.
            name => return Ok(name.starts_with("table:")),
        }
        Ok(true)
    }

    fn end(&mut self, name: &str) -> Result<()> {
        let Some(table) = &mut self.table else { return Ok(()) };
        match name {
            "table:table-cell" | "table:covered-table-cell" => table.end_cell(&mut self.room)?,
            "table:table-row" => table.end_row(&mut self.room)?,
            "table:table-row-group" | "table:table-column-group" => table.end_group(),
            "table:table" => {
                if let Some(table) = self.table.take().filter(|table| !table.is_foreign) {
                    self.sheets.push(table.finish(&mut self.room)?);
                }
            }
            name => table.open.iter_mut().for_each(|cell| cell.text.end(name)),
        }
        Ok(())
    }
}

/// A cell of the row that is being read.
#[derive(Clone)]
struct Filled {
    column: usize,
    cell: Cell,
    is_struck: bool,
    is_partly: bool,
}

/// The cell that is being read.
struct Open {
    repeat: usize,
    is_covered: bool,
    is_text: bool,
    is_error: bool,
    has_formula: bool,
    value: Option<(Kind, String)>,
    look: Look,
    text: TextReader,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Date,
    Time,
    Truth,
    Text,
}

/// The sheet that is being read.
#[derive(Default)]
struct Table {
    sheet: Sheet,
    /// A copy of another file's sheet, kept for formulas that refer to it.
    is_foreign: bool,
    columns: usize,
    /// Where each run of columns ends, and how its cells look.
    looks: Vec<(usize, Look)>,
    /// For each open group of rows or columns, whether it is folded; and how many are.
    groups: Vec<bool>,
    folded: usize,
    row: usize,
    repeat: usize,
    row_look: Option<Look>,
    column: usize,
    open: Option<Open>,
    cells: Vec<Filled>,
    uncomputed: Vec<usize>,
    /// Runs of hidden rows and columns: first, and the one after the last.
    hidden_rows: Vec<(usize, usize)>,
    hidden_columns: Vec<(usize, usize)>,
    /// Merged regions, and in how many rows on each other the region begins again.
    merges: Vec<((usize, usize, usize, usize), usize)>,
    struck: BTreeMap<usize, bool>,
}

impl Table {
    fn new(e: &BytesStart, styles: &Styles) -> Self {
        let name = get(e, "table:name").unwrap_or_default();
        let look = get(e, "table:style-name").map(|style| styles.look(Family::Table, &style)).unwrap_or_default();
        let sheet = Sheet { name: name.clone().into_owned(), is_hidden: look.is_hidden, tells_merges: true, tells_strikes: true, ..Sheet::default() };
        Self { sheet, is_foreign: name.starts_with('\'') && name.contains("'#"), ..Self::default() }
    }

    fn is_hidden(&self, e: &BytesStart) -> bool {
        self.folded > 0 || get(e, "table:visibility").is_some_and(|shown| matches!(shown.as_ref(), "collapse" | "filter"))
    }

    fn begin_group(&mut self, e: &BytesStart) {
        let is_folded = get(e, "table:display").is_some_and(|shown| shown == "false");
        self.groups.push(is_folded);
        self.folded += usize::from(is_folded);
    }

    fn end_group(&mut self) {
        self.folded -= usize::from(self.groups.pop().unwrap_or(false));
    }

    fn add_columns(&mut self, e: &BytesStart, styles: &Styles) {
        let end = (self.columns + number(e, "table:number-columns-repeated")).min(MAX_COLUMNS);
        if end > self.columns {
            if self.is_hidden(e) {
                self.hidden_columns.push((self.columns, end));
            }
            let look = get(e, "table:default-cell-style-name").unwrap_or_default();
            self.looks.push((end, styles.look(Family::Cell, &look)));
            self.columns = end;
        }
    }

    fn begin_row(&mut self, e: &BytesStart, styles: &Styles) -> Result<()> {
        // A row inside a row is no table of an office.
        if !self.cells.is_empty() || !self.uncomputed.is_empty() {
            return Err(DAMAGED);
        }
        self.repeat = number(e, "table:number-rows-repeated").min(MAX_ROWS);
        self.row_look = get(e, "table:default-cell-style-name").map(|style| styles.look(Family::Cell, &style));
        self.column = 0;
        if self.is_hidden(e) {
            self.hidden_rows.push((self.row, self.row + self.repeat));
        }
        Ok(())
    }

    fn begin_cell(&mut self, e: &BytesStart, styles: &Styles) {
        let is_covered = e.name().as_ref() == "table:covered-table-cell";
        let (mut columns, mut rows, mut repeat, mut look) = (1, 1, 1, None);
        let (mut is_text, mut is_error, mut has_formula, mut value) = (false, false, false, None);
        for attribute in e.attributes().with_checks(false).flatten() {
            let text = unescaped(attribute.value);
            let mut keep = |kind| value = Some((kind, text.clone().into_owned()));
            match attribute.key.as_ref() {
                "table:style-name" => look = Some(styles.look(Family::Cell, &text)),
                "table:number-columns-repeated" => repeat = positive(&text),
                "table:number-columns-spanned" => columns = positive(&text),
                "table:number-rows-spanned" => rows = positive(&text),
                "table:formula" => has_formula = true,
                "office:value-type" => is_text = text == "string",
                "calcext:value-type" => is_error = text == "error",
                "office:value" => keep(Kind::Number),
                "office:date-value" => keep(Kind::Date),
                "office:time-value" => keep(Kind::Time),
                "office:boolean-value" => keep(Kind::Truth),
                "office:string-value" => keep(Kind::Text),
                _ => {}
            }
        }
        let column = self.column;
        if !is_covered && (columns > 1 || rows > 1) && self.row < MAX_ROWS && column < MAX_COLUMNS {
            let last = ((self.row + rows.min(MAX_ROWS)).min(MAX_ROWS) - 1, (column + columns.min(MAX_COLUMNS)).min(MAX_COLUMNS) - 1);
            self.merges.push(((self.row, column, last.0, last.1), self.repeat));
        }
        let look = look.or(self.row_look).unwrap_or_else(|| self.column_look(column));
        let text = TextReader::new(look.struck.unwrap_or(false));
        self.open = Some(Open { repeat, is_covered, is_text, is_error, has_formula, value, look, text });
    }

    fn column_look(&self, column: usize) -> Look {
        let at = self.looks.partition_point(|(end, _)| *end <= column);
        self.looks.get(at).map(|(_, look)| *look).unwrap_or_default()
    }

    fn end_cell(&mut self, room: &mut usize) -> Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let first = self.column;
        self.column = first.saturating_add(open.repeat).min(MAX_COLUMNS);
        if open.is_covered || self.is_foreign || first >= MAX_COLUMNS {
            return Ok(());
        }
        let is_struck = open.look.struck.unwrap_or(false);
        let (look, has_formula, is_text) = (open.look, open.has_formula, open.is_text);
        let (mut cell, rich) = open.finish();
        if cell.is_empty() {
            if has_formula && !is_text {
                self.uncomputed.push(first);
            }
            return Ok(());
        }
        cell.shows_month = cell.moment.is_some() && look.shows_month;
        let is_struck = if rich.text.trim().is_empty() { is_struck } else { rich.is_struck };
        let left = rich.left.filter(|_| !is_struck);
        let filled = Filled { column: first, is_struck, is_partly: left.is_some(), cell: left.map_or(cell, |left| Cell::of_text(&left)) };
        let copies = self.column - first;
        // Eight bytes of text cost as much as a cell.
        charge(room, copies.saturating_mul(1 + filled.cell.text.len() / 8))?;
        self.cells.extend((first..self.column).map(|column| Filled { column, ..filled.clone() }));
        Ok(())
    }

    fn end_row(&mut self, room: &mut usize) -> Result<()> {
        let (first, repeat) = (self.row, self.repeat);
        (self.row, self.repeat) = (self.row.saturating_add(repeat), 0);
        let cells = std::mem::take(&mut self.cells);
        let uncomputed = std::mem::take(&mut self.uncomputed);
        if cells.is_empty() && uncomputed.is_empty() {
            return Ok(());
        }
        if self.row > MAX_ROWS {
            return Err("D1002");
        }
        let width = cells.last().map_or(0, |last| last.column + 1);
        let texts: usize = cells.iter().map(|filled| filled.cell.text.len() / 8).sum();
        let copies = (repeat.saturating_sub(1)).saturating_mul(width + texts + uncomputed.len()).saturating_mul(COPY);
        charge(room, copies.saturating_add(width - cells.len()).saturating_add(first.saturating_sub(self.sheet.rows.len())))?;
        for row in first..self.row {
            self.sheet.uncomputed.extend(uncomputed.iter().map(|column| (row, *column)));
            if !cells.is_empty() {
                self.put(row, width, &cells);
            }
        }
        Ok(())
    }

    fn put(&mut self, row: usize, width: usize, cells: &[Filled]) {
        let mut line = vec![Cell::default(); width];
        for filled in cells {
            let at = (row, filled.column);
            if filled.is_partly {
                self.sheet.partly_struck.push(at);
            } else if filled.is_struck {
                self.sheet.struck_cells.insert(at);
            }
            line[filled.column].clone_from(&filled.cell);
        }
        self.struck.insert(row, cells.iter().all(|filled| filled.is_struck));
        self.sheet.rows.resize(row, Vec::new());
        self.sheet.rows.push(line);
    }

    /// The sheet, with what is hidden and merged as far as it has rows and columns.
    fn finish(self, room: &mut usize) -> Result<Sheet> {
        let mut sheet = self.sheet;
        let height = sheet.rows.len();
        let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
        sheet.hidden_rows = self.hidden_rows.into_iter().flat_map(|(first, end)| first..end.min(height)).collect();
        sheet.hidden_columns = self.hidden_columns.into_iter().flat_map(|(first, end)| first..end.min(width)).collect();
        for ((row, left, last, right), repeat) in self.merges {
            let copies = repeat.min(height.saturating_sub(row));
            charge(room, copies)?;
            for more in 0..copies {
                sheet.merges.push((row + more, left, (last + more).min(MAX_ROWS - 1), right));
            }
        }
        let struck: BTreeSet<usize> = self.struck.into_iter().filter(|(_, all)| *all).map(|(row, _)| row).collect();
        sheet.struck_cells.retain(|(row, _)| !struck.contains(row));
        sheet.struck_rows = struck;
        Ok(sheet)
    }
}

impl Open {
    /// The cell's value, and its text as it is shown.
    fn finish(self) -> (Cell, Rich) {
        let rich = self.text.finish();
        let is_shown = |kind| kind == Kind::Text || !self.is_text;
        let cell = match self.value.filter(|(kind, _)| is_shown(*kind)) {
            Some((Kind::Number, value)) => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Cell::of_number(number),
                _ => Cell::of_text(&rich.text),
            },
            Some((Kind::Date, value)) => of_date(&value),
            Some((Kind::Time, value)) => duration(&value).map_or_else(|| Cell::of_text(&value), |seconds| Cell::of_text(&clock(seconds))),
            Some((Kind::Truth, value)) => Cell::of_text(if value.eq_ignore_ascii_case("true") { "是" } else { "否" }),
            // The text of an error stands in its paragraph only.
            Some((Kind::Text, value)) if !(self.is_error && value.is_empty()) && rich.left.is_none() => Cell::of_text(&value),
            Some((Kind::Text, _)) | None => Cell::of_text(&rich.text),
        };
        (cell, rich)
    }
}

fn charge(room: &mut usize, cost: usize) -> Result<()> {
    *room = room.checked_sub(cost).ok_or("D1002")?;
    Ok(())
}

fn number(e: &BytesStart, name: &str) -> usize {
    get(e, name).map_or(1, |value| positive(&value))
}

/// A count from 1; one too large for a number is as large as any.
fn positive(text: &str) -> usize {
    let is_large = || text.len() > 9 && text.bytes().all(|b| b.is_ascii_digit());
    text.trim().parse().unwrap_or_else(|_| if is_large() { MAX_ROWS } else { 1 }).clamp(1, MAX_ROWS)
}

/// A date; one on the day from which days are counted is a time of day.
fn of_date(text: &str) -> Cell {
    match text.strip_prefix("1899-12-30") {
        Some(time) => {
            let mut parts = time.trim_start_matches('T').split(':').map(|part| part.parse::<f64>().unwrap_or(0.0));
            let mut next = || parts.next().unwrap_or(0.0);
            Cell::of_text(&clock(next() * 3600.0 + next() * 60.0 + next()))
        }
        None => Cell::of_iso(text),
    }
}

/// The seconds of a duration such as `PT08H30M00S` or `P1DT6H`.
fn duration(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut digits = String::new();
    for c in text.trim().strip_prefix('P')?.chars() {
        let unit = match c {
            '0'..='9' | '.' | ',' => {
                digits.push(if c == ',' { '.' } else { c });
                continue;
            }
            'T' if digits.is_empty() => continue,
            'D' => 86_400.0,
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => return None,
        };
        seconds += unit * digits.parse::<f64>().ok()?;
        digits.clear();
    }
    digits.is_empty().then_some(seconds).filter(|seconds| *seconds < 1e9)
}

/// Seconds as `HH:MM`, to the nearest minute; a day has no twenty-fifth hour unless the duration is longer than a day.
fn clock(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    let minutes = if seconds < 86_400.0 { minutes % 1440.0 } else { minutes };
    format!("{:02.0}:{:02.0}", (minutes / 60.0).floor(), minutes % 60.0)
}
