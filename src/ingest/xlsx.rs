//! xlsx packages, each sheet's XML in one pass: values, and what no reader tells – hidden rows and columns, strike-through of
//! cells and of parts of them, formulas without a stored result. Source: ECMA-376, part 1, 18 (SpreadsheetML).

use super::package::{DAMAGED, Package, Result, attribute, each, is_on, switches_on, unescape_excel};
use super::sheet::{Cell, MAX_CELLS, MAX_UNPACKED, Sheet, shows_month_only};
use super::xml::{Piece, Tag, pieces, unescape};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use quick_xml::events::Event;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use zip::ZipArchive;

/// A text with what is struck through in it.
#[derive(Clone, Debug, Default)]
struct Rich {
    text: String,
    /// The text without its struck parts, where only parts are struck.
    left: Option<String>,
    is_struck: bool,
    /// The parts whose own format isn't struck: what is left where the cell's format is.
    unstruck: String,
}

/// What a cell's format means.
#[derive(Clone, Copy, Default)]
pub struct Style {
    pub is_date: bool,
    pub shows_month: bool,
    pub is_struck: bool,
}

/// Collects the text of `<si>`, `<is>`: runs with their own strike-through, phonetic hints left out.
#[derive(Default)]
struct RichReader {
    all: String,
    left: String,
    in_text: bool,
    phonetic: usize,
    unstruck: String,
    run_struck: bool,
    run_formatted: bool,
    has_struck: bool,
}

impl RichReader {
    fn take(&mut self, piece: &Piece) {
        match piece {
            Piece::Open(tag) => match tag.name {
                "t" => self.in_text = self.phonetic == 0 && !tag.is_empty,
                "rPh" => self.phonetic += usize::from(!tag.is_empty),
                "r" => (self.run_struck, self.run_formatted) = (false, false),
                "rPr" => self.run_formatted = true,
                "strike" => self.run_struck = tag.switches_on(),
                _ => {}
            },
            Piece::Close(name) => match *name {
                "t" => self.in_text = false,
                "rPh" => self.phonetic = self.phonetic.saturating_sub(1),
                "r" => (self.run_struck, self.run_formatted) = (false, false),
                _ => {}
            },
            Piece::Text(text) => self.push(&unescape(text)),
            Piece::Plain(text) => self.push(text),
        }
    }

    fn push(&mut self, text: &str) {
        if !self.in_text {
            return;
        }
        self.all.push_str(text);
        if self.run_struck {
            self.has_struck |= text.chars().any(|c| !c.is_whitespace());
        } else {
            self.left.push_str(text);
            if self.run_formatted {
                self.unstruck.push_str(text);
            }
        }
    }

    fn finish(self) -> Rich {
        let is_struck = self.has_struck && self.left.trim().is_empty();
        let left = (self.has_struck && !is_struck).then(|| unescape_excel(self.left));
        Rich { text: unescape_excel(self.all), left, is_struck, unstruck: unescape_excel(self.unstruck) }
    }
}

fn shared_strings(text: &str) -> Result<Vec<Rich>> {
    let mut strings = Vec::new();
    let mut current: Option<RichReader> = None;
    pieces(text, |piece| {
        match piece {
            Piece::Open(tag) if tag.name == "si" && tag.is_empty => strings.push(Rich::default()),
            Piece::Open(tag) if tag.name == "si" => current = Some(RichReader::default()),
            Piece::Close("si") => strings.extend(current.take().map(RichReader::finish)),
            piece => {
                if let Some(reader) = &mut current {
                    reader.take(&piece);
                }
            }
        }
        Ok(())
    })?;
    Ok(strings)
}

/// Whether a number format shows a moment; the built-in ones of Chinese systems among them (18.8.30).
pub fn is_date_format(id: u32, custom: &BTreeMap<u32, String>) -> bool {
    match custom.get(&id) {
        Some(format) => matches!(shows(format), Some(true)),
        None => matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58),
    }
}

/// Whether a custom format has a letter of date or time outside quotes, brackets and escapes.
fn shows(format: &str) -> Option<bool> {
    let mut chars = format.chars();
    let mut letters = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => _ = chars.by_ref().find(|c| *c == '"'),
            '\\' | '_' | '*' => _ = chars.next(),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                letters |= inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) && !inside.is_empty();
            }
            ';' => break,
            'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'm' | 'M' => letters = true,
            _ => {}
        }
    }
    Some(letters && !format.eq_ignore_ascii_case("general"))
}

fn styles(text: &str) -> Result<Vec<Style>> {
    let mut custom = BTreeMap::new();
    let mut struck_fonts = Vec::new();
    let mut styles = Vec::new();
    let (mut in_fonts, mut in_xfs) = (false, false);
    each(text, |event| {
        let (Event::Start(e) | Event::Empty(e)) = event else {
            if let Event::End(e) = event {
                match e.local_name().as_ref() {
                    "fonts" => in_fonts = false,
                    "cellXfs" => in_xfs = false,
                    _ => {}
                }
            }
            return Ok(true);
        };
        let number = |name| attribute(e, name).and_then(|value| value.parse::<u32>().ok());
        match e.local_name().as_ref() {
            "numFmt" => _ = custom.insert(number("numFmtId").unwrap_or(0), attribute(e, "formatCode").unwrap_or_default().into_owned()),
            "fonts" => in_fonts = true,
            "font" if in_fonts => struck_fonts.push(false),
            "strike" if in_fonts => {
                if let Some(font) = struck_fonts.last_mut() {
                    *font = switches_on(e);
                }
            }
            "cellXfs" => in_xfs = true,
            "xf" if in_xfs => {
                let format = number("numFmtId").unwrap_or(0);
                let font = number("fontId").and_then(|id| usize::try_from(id).ok());
                styles.push(Style {
                    is_date: is_date_format(format, &custom),
                    shows_month: format == 17 || custom.get(&format).is_some_and(|format| shows_month_only(format)),
                    is_struck: font.and_then(|font| struck_fonts.get(font).copied()).unwrap_or(false),
                });
            }
            _ => {}
        }
        Ok(true)
    })?;
    Ok(styles)
}

/// A serial number as a moment, to the second; none outside the years a calendar has.
pub fn moment(serial: f64, is_1904: bool) -> Option<NaiveDateTime> {
    let days = if is_1904 { serial + 1462.0 } else { serial };
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    // Serial 60 is a day that never was; before it the count is one less.
    let days = if days < 60.0 { days + 1.0 } else { days };
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    let seconds = (days * 86_400.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    epoch.checked_add_signed(Duration::seconds(seconds as i64))
}

/// Reads all worksheets, or answers the code of the finding that says why not.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>> {
    let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| DAMAGED)?;
    let mut package = Package { zip, room: MAX_UNPACKED };
    let root = package.relations("")?;
    let main = root.iter().find(|(_, kind, _)| kind.ends_with("/officeDocument")).map_or("xl/workbook.xml", |(_, _, part)| part.as_str()).to_owned();
    let workbook = package.part(&main)?.ok_or(DAMAGED)?;
    let relations = package.relations(&main)?;
    let part = |kind: &str| relations.iter().find(|(_, known, _)| known.ends_with(kind)).map(|(_, _, part)| part.clone());
    let strings = match part("/sharedStrings") {
        Some(part) => package.part(&part)?.map_or_else(|| Ok(Vec::new()), |text| shared_strings(&text))?,
        None => Vec::new(),
    };
    let styles = match part("/styles") {
        Some(part) => package.part(&part)?.map_or_else(|| Ok(Vec::new()), |text| styles(&text))?,
        None => Vec::new(),
    };
    let (known, is_1904) = sheets_of(&workbook)?;
    let mut sheets = Vec::new();
    let mut room = MAX_CELLS;
    for (name, id, is_hidden) in known {
        let Some((_, _, part)) = relations.iter().find(|(known, kind, _)| *known == id && kind.ends_with("/worksheet")) else { continue };
        let Some(text) = package.part(part)? else { return Err(DAMAGED) };
        let mut reader = SheetReader {
            strings: &strings,
            styles: &styles,
            is_1904,
            sheet: Sheet::default(),
            struck: BTreeMap::new(),
            latest: None,
            room,
            width: 0,
        };
        reader.read(&text)?;
        room = reader.room;
        let mut sheet = reader.finish();
        (sheet.name, sheet.is_hidden) = (name, is_hidden);
        sheets.push(sheet);
    }
    if sheets.is_empty() { Err(DAMAGED) } else { Ok(sheets) }
}

/// Names, relation ids and hiddenness of sheets in order, and whether dates count from 1904.
#[expect(clippy::type_complexity, reason = "read once, here")]
fn sheets_of(workbook: &str) -> Result<(Vec<(String, String, bool)>, bool)> {
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    each(workbook, |event| {
        if let Event::Start(e) | Event::Empty(e) = event {
            match e.local_name().as_ref() {
                "workbookPr" => is_1904 = is_on(e, "date1904"),
                "sheet" => {
                    let get = |name| attribute(e, name).unwrap_or_default().into_owned();
                    // `sheetId` has another local name; the relation's is plain `id` behind a prefix.
                    sheets.push((get("name"), get("id"), get("state").to_lowercase().contains("hidden")));
                }
                _ => {}
            }
        }
        Ok(true)
    })?;
    Ok((sheets, is_1904))
}

/// Row and column of a name such as `C7`, from 0.
fn position(name: &str) -> Option<(usize, usize)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column =
        name[..letters].bytes().try_fold(0usize, |sum, b| sum.checked_mul(26)?.checked_add(usize::from(b.to_ascii_uppercase() - b'A') + 1))?;
    let row: usize = name[letters..].parse().ok()?;
    (row > 0 && column > 0 && row <= 1 << 20 && column <= 1 << 14).then(|| (row - 1, column - 1))
}

/// Whether a number is written as a person would type it, so that its text can stand: 20261102.
fn is_plain(text: &str) -> bool {
    text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

struct SheetReader<'a> {
    strings: &'a [Rich],
    styles: &'a [Style],
    is_1904: bool,
    sheet: Sheet,
    /// Per row with a value, whether all its values are struck through; the row being read stands apart.
    struck: BTreeMap<usize, bool>,
    latest: Option<(usize, bool)>,
    room: usize,
    /// How wide rows have been, up to a table's usual width: what a new one is given room for.
    width: usize,
}

/// The cell that is being read.
#[derive(Default)]
struct Open<'t> {
    column: usize,
    kind: Kind,
    style: Style,
    value: Cow<'t, str>,
    in_value: bool,
    has_formula: bool,
    rich: Option<RichReader>,
}

impl<'t> Open<'t> {
    fn push(&mut self, text: Cow<'t, str>) {
        if self.value.is_empty() {
            self.value = text;
        } else {
            self.value.to_mut().push_str(&text);
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Inline,
    Truth,
    Error,
    Iso,
}

/// Where the next row or cell stands if it doesn't say.
#[derive(Default)]
struct Spot {
    row: usize,
    next_row: usize,
    next_column: usize,
}

impl SheetReader<'_> {
    fn read(&mut self, text: &str) -> Result<()> {
        let mut spot = Spot::default();
        let mut open: Option<Open> = None;
        pieces(text, |piece| {
            match piece {
                Piece::Open(tag) => self.opened(&tag, &mut spot, &mut open),
                Piece::Close("c") => {
                    if let Some(cell) = open.take() {
                        self.close(cell, spot.row)?;
                    }
                }
                Piece::Close("v") => open.iter_mut().for_each(|cell| cell.in_value = false),
                piece => match (&mut open, piece) {
                    (Some(cell), Piece::Text(text)) if cell.in_value => cell.push(unescape(text)),
                    (Some(cell), Piece::Plain(text)) if cell.in_value => cell.push(Cow::Borrowed(text)),
                    (Some(Open { rich: Some(rich), .. }), piece) => rich.take(&piece),
                    _ => {}
                },
            }
            Ok(())
        })
    }

    fn opened<'t>(&mut self, tag: &Tag<'t>, spot: &mut Spot, open: &mut Option<Open<'t>>) {
        match tag.name {
            "c" => {
                let cell = self.begin(tag, spot);
                spot.next_column = cell.column + 1;
                // An empty cell with nothing but a format is no cell.
                *open = (!tag.is_empty).then_some(cell);
            }
            "row" => {
                let stated = tag.raw("r").and_then(|r| r.parse::<usize>().ok()).filter(|r| (1..=1 << 20).contains(r));
                let row = stated.map_or(spot.next_row, |r| r - 1);
                *spot = Spot { row, next_row: row + 1, next_column: 0 };
                if tag.is_on("hidden") {
                    self.sheet.hidden_rows.insert(row);
                }
            }
            "f" => open.iter_mut().for_each(|cell| cell.has_formula = true),
            "v" if !tag.is_empty => open.iter_mut().for_each(|cell| cell.in_value = true),
            "is" if !tag.is_empty => open.iter_mut().for_each(|cell| cell.rich = Some(RichReader::default())),
            "col" if tag.is_on("hidden") => self.hide_columns(tag),
            "mergeCell" => self.merge(tag),
            _ => {
                if let Some(Open { rich: Some(rich), .. }) = open {
                    rich.take(&Piece::Open(*tag));
                }
            }
        }
    }

    fn begin<'t>(&self, tag: &Tag, spot: &Spot) -> Open<'t> {
        let mut cell = Open { column: spot.next_column, ..Open::default() };
        for (name, value) in tag.attributes() {
            match name {
                // A cell of another row than the one it stands in is a cell of this row.
                "r" => cell.column = position(value).filter(|(row, _)| *row == spot.row).map_or(spot.next_column, |(_, column)| column),
                "s" => cell.style = value.parse().ok().and_then(|s: usize| self.styles.get(s).copied()).unwrap_or_default(),
                "t" => {
                    cell.kind = match value {
                        "s" => Kind::Shared,
                        "str" => Kind::Text,
                        "inlineStr" => Kind::Inline,
                        "b" => Kind::Truth,
                        "e" => Kind::Error,
                        "d" => Kind::Iso,
                        _ => Kind::Number,
                    }
                }
                _ => {}
            }
        }
        cell
    }

    fn close(&mut self, open: Open, row: usize) -> Result<()> {
        let column = open.column;
        if open.has_formula && open.value.is_empty() && open.rich.is_none() && open.kind != Kind::Text {
            self.sheet.uncomputed.push((row, column));
        }
        let style = open.style;
        let own = open.rich.map(RichReader::finish);
        let shared = || open.value.trim().parse().ok().and_then(|index: usize| self.strings.get(index));
        let rich = match open.kind {
            Kind::Shared => shared(),
            Kind::Inline => own.as_ref(),
            _ => None,
        };
        let mut cell = match open.kind {
            Kind::Shared | Kind::Inline => rich.map(|rich| Cell::of_text(&rich.text)).unwrap_or_default(),
            Kind::Text => Cell::of_text(&unescape_excel(open.value.into_owned())),
            Kind::Error => Cell::of_text(&open.value),
            Kind::Truth => Cell::of_text(if open.value.trim() == "1" { "是" } else { "否" }),
            Kind::Iso => Cell::of_iso(&open.value),
            Kind::Number => match open.value.trim().parse::<f64>() {
                Ok(number) if style.is_date => Cell::of_serial(number, moment(number, self.is_1904)),
                Ok(number) if is_plain(&open.value) => Cell { text: open.value.into_owned(), number: Some(number), ..Cell::default() },
                Ok(number) => Cell::of_number(number),
                Err(_) => Cell::of_text(&open.value),
            },
        };
        if cell.is_empty() {
            return Ok(());
        }
        cell.shows_month = cell.moment.is_some() && style.shows_month;
        // A run with a format of its own is as that says, whatever the cell's is.
        let unstruck = rich.map(|rich| &rich.unstruck).filter(|text| style.is_struck && !text.trim().is_empty());
        let is_struck = style.is_struck && unstruck.is_none() || rich.is_some_and(|rich| rich.is_struck);
        if let Some(left) = unstruck.or(rich.and_then(|rich| rich.left.as_ref())).filter(|_| !is_struck) {
            self.sheet.partly_struck.push((row, column));
            cell = Cell::of_text(left);
        } else if is_struck {
            self.sheet.struck_cells.insert((row, column));
        }
        self.note_struck(row, is_struck);
        self.put(row, column, cell)
    }

    fn note_struck(&mut self, row: usize, is_struck: bool) {
        match &mut self.latest {
            Some((latest, all)) if *latest == row => *all &= is_struck,
            latest => {
                if let Some((before, all)) = latest.replace((row, is_struck)) {
                    self.struck.entry(before).and_modify(|known| *known &= all).or_insert(all);
                }
            }
        }
    }

    /// A stray cell in the last row of the sheet must not cost a grid of thousands of millions.
    fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<()> {
        let rows = &mut self.sheet.rows;
        // Eight bytes of text cost as much as a cell: one long shared string in every cell is an attack.
        let more = cell.text.len() / 8 + row.saturating_sub(rows.len()) + column.saturating_sub(rows.get(row).map_or(0, Vec::len)) + 1;
        self.room = self.room.checked_sub(more).ok_or("D1002")?;
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let cells = &mut rows[row];
        if cells.len() <= column {
            if cells.capacity() == 0 {
                cells.reserve(self.width);
            }
            self.width = self.width.max(column + 1).min(64);
            cells.resize_with(column + 1, Cell::default);
        }
        cells[column] = cell;
        Ok(())
    }

    fn hide_columns(&mut self, tag: &Tag) {
        let number = |name| tag.raw(name).and_then(|value| value.parse::<usize>().ok());
        if let (Some(first), Some(last)) = (number("min"), number("max")) {
            // Ranges that overlap a thousand times are an attack, and hide nothing more.
            if self.sheet.hidden_columns.len() >= 1 << 14 {
                return;
            }
            self.sheet.hidden_columns.extend((first.max(1)..=last.min(1 << 14)).map(|column| column - 1));
        }
    }

    fn merge(&mut self, tag: &Tag) {
        let Some(reference) = tag.raw("ref") else { return };
        let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
        if let (Some(first), Some(last)) = (position(first), position(last)) {
            self.sheet.merges.push((first.0, first.1, last.0, last.1));
        }
    }

    fn finish(mut self) -> Sheet {
        if let Some((row, all)) = self.latest.take() {
            self.struck.entry(row).and_modify(|known| *known &= all).or_insert(all);
        }
        let struck: BTreeSet<usize> = self.struck.into_iter().filter(|(_, all)| *all).map(|(row, _)| row).collect();
        self.sheet.struck_cells.retain(|(row, _)| !struck.contains(row));
        self.sheet.struck_rows = struck;
        self.sheet.tells_merges = true;
        self.sheet.tells_strikes = true;
        self.sheet
    }
}
