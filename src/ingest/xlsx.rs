//! xlsx packages, each sheet's XML in one pass: values, and what no reader tells – hidden rows and columns, strike-through of
//! cells and of parts of them, formulas without a stored result. Source: ECMA-376, part 1, 18 (SpreadsheetML).

use super::package::{DAMAGED, Package, Result, attribute, each, is_on, push_text, switches_on, unescape_excel};
use super::sheet::{Cell, MAX_CELLS, MAX_UNPACKED, Sheet, shows_month_only};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use quick_xml::events::{BytesStart, Event};
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
    run_struck: bool,
    has_struck: bool,
}

impl RichReader {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                "t" => self.in_text = self.phonetic == 0 && matches!(event, Event::Start(_)),
                "rPh" => self.phonetic += usize::from(matches!(event, Event::Start(_))),
                "r" => self.run_struck = false,
                "strike" => self.run_struck = switches_on(e),
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "t" => self.in_text = false,
                "rPh" => self.phonetic = self.phonetic.saturating_sub(1),
                "r" => self.run_struck = false,
                _ => {}
            },
            _ if self.in_text => {
                let from = self.all.len();
                push_text(&mut self.all, event);
                if self.run_struck {
                    self.has_struck |= self.all[from..].chars().any(|c| !c.is_whitespace());
                } else {
                    self.left.push_str(&self.all[from..]);
                }
            }
            _ => {}
        }
    }

    fn finish(self) -> Rich {
        let is_struck = self.has_struck && self.left.trim().is_empty();
        let left = (self.has_struck && !is_struck).then(|| unescape_excel(self.left));
        Rich { text: unescape_excel(self.all), left, is_struck }
    }
}

fn shared_strings(text: &str) -> Result<Vec<Rich>> {
    let mut strings = Vec::new();
    let mut current: Option<RichReader> = None;
    each(text, |event| {
        match event {
            Event::Start(e) if e.local_name().as_ref() == "si" => current = Some(RichReader::default()),
            Event::Empty(e) if e.local_name().as_ref() == "si" => strings.push(Rich::default()),
            Event::End(e) if e.local_name().as_ref() == "si" => strings.extend(current.take().map(RichReader::finish)),
            event => {
                if let Some(reader) = &mut current {
                    reader.take(event);
                }
            }
        }
        Ok(true)
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
        let mut reader = SheetReader { strings: &strings, styles: &styles, is_1904, sheet: Sheet::default(), struck: BTreeMap::new(), room };
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

struct SheetReader<'a> {
    strings: &'a [Rich],
    styles: &'a [Style],
    is_1904: bool,
    sheet: Sheet,
    /// Per row with a value, whether all its values are struck through.
    struck: BTreeMap<usize, bool>,
    room: usize,
}

/// The cell that is being read.
#[derive(Default)]
struct Open {
    column: usize,
    kind: Kind,
    style: Style,
    value: String,
    in_value: bool,
    has_formula: bool,
    rich: Option<RichReader>,
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

impl SheetReader<'_> {
    fn read(&mut self, text: &str) -> Result<()> {
        let (mut row, mut next_row, mut next_column) = (0, 0, 0);
        let mut open: Option<Open> = None;
        each(text, |event| {
            match event {
                Event::Start(e) | Event::Empty(e) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    match e.local_name().as_ref() {
                        "c" => {
                            let cell = self.begin(e, row, next_column);
                            next_column = cell.column + 1;
                            // An empty cell with nothing but a format is no cell.
                            open = (!is_empty).then_some(cell);
                        }
                        "row" => {
                            let stated = attribute(e, "r").and_then(|r| r.parse::<usize>().ok()).filter(|r| (1..=1 << 20).contains(r));
                            row = stated.map_or(next_row, |r| r - 1);
                            (next_row, next_column) = (row + 1, 0);
                            if is_on(e, "hidden") {
                                self.sheet.hidden_rows.insert(row);
                            }
                        }
                        "v" | "f" | "is" if !is_empty => match &mut open {
                            Some(cell) if e.local_name().as_ref() == "v" => cell.in_value = true,
                            Some(cell) if e.local_name().as_ref() == "f" => cell.has_formula = true,
                            Some(cell) => cell.rich = Some(RichReader::default()),
                            None => {}
                        },
                        "f" => open.iter_mut().for_each(|cell| cell.has_formula = true),
                        "col" if is_on(e, "hidden") => self.hide_columns(e),
                        "mergeCell" => self.merge(e),
                        _ => {
                            if let Some(rich) = open.as_mut().and_then(|cell| cell.rich.as_mut()) {
                                rich.take(event);
                            }
                        }
                    }
                }
                Event::End(e) => match e.local_name().as_ref() {
                    "c" => {
                        if let Some(cell) = open.take() {
                            self.close(cell, row)?;
                        }
                    }
                    "v" => open.iter_mut().for_each(|cell| cell.in_value = false),
                    _ => {
                        if let Some(rich) = open.as_mut().and_then(|cell| cell.rich.as_mut()) {
                            rich.take(event);
                        }
                    }
                },
                event => {
                    if let Some(cell) = &mut open {
                        if cell.in_value {
                            push_text(&mut cell.value, event);
                        } else if let Some(rich) = &mut cell.rich {
                            rich.take(event);
                        }
                    }
                }
            }
            Ok(true)
        })
    }

    fn begin(&self, element: &BytesStart, row: usize, next_column: usize) -> Open {
        let mut cell = Open { column: next_column, ..Open::default() };
        for attribute in element.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                // A cell of another row than the one it stands in is a cell of this row.
                "r" => cell.column = position(&attribute.value).filter(|(at, _)| *at == row).map_or(next_column, |(_, column)| column),
                "s" => cell.style = attribute.value.parse().ok().and_then(|s: usize| self.styles.get(s).copied()).unwrap_or_default(),
                "t" => {
                    cell.kind = match attribute.value.as_ref() {
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
        let mut rich = Rich::default();
        let mut cell = match open.kind {
            Kind::Shared => {
                rich = open.value.trim().parse().ok().and_then(|index: usize| self.strings.get(index)).cloned().unwrap_or_default();
                Cell::of_text(&rich.text)
            }
            Kind::Inline => {
                rich = open.rich.map(RichReader::finish).unwrap_or_default();
                Cell::of_text(&rich.text)
            }
            Kind::Text => Cell::of_text(&unescape_excel(open.value)),
            Kind::Error => Cell::of_text(&open.value),
            Kind::Truth => Cell::of_text(if open.value.trim() == "1" { "是" } else { "否" }),
            Kind::Iso => Cell::of_iso(&open.value),
            Kind::Number => match open.value.trim().parse::<f64>() {
                Ok(number) if style.is_date => Cell::of_serial(number, moment(number, self.is_1904)),
                Ok(number) => Cell::of_number(number),
                Err(_) => Cell::of_text(&open.value),
            },
        };
        if cell.is_empty() {
            return Ok(());
        }
        cell.shows_month = cell.moment.is_some() && style.shows_month;
        let is_struck = style.is_struck || rich.is_struck;
        if let Some(left) = rich.left.filter(|_| !is_struck) {
            self.sheet.partly_struck.push((row, column));
            cell = Cell::of_text(&left);
        } else if is_struck {
            self.sheet.struck_cells.insert((row, column));
        }
        self.struck.entry(row).and_modify(|all| *all &= is_struck).or_insert(is_struck);
        self.put(row, column, cell)
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
            cells.resize(column + 1, Cell::default());
        }
        cells[column] = cell;
        Ok(())
    }

    fn hide_columns(&mut self, element: &BytesStart) {
        let number = |name| attribute(element, name).and_then(|value| value.parse::<usize>().ok());
        if let (Some(first), Some(last)) = (number("min"), number("max")) {
            // Ranges that overlap a thousand times are an attack, and hide nothing more.
            if self.sheet.hidden_columns.len() >= 1 << 14 {
                return;
            }
            self.sheet.hidden_columns.extend((first.max(1)..=last.min(1 << 14)).map(|column| column - 1));
        }
    }

    fn merge(&mut self, element: &BytesStart) {
        let Some(reference) = attribute(element, "ref") else { return };
        let (first, last) = reference.split_once(':').unwrap_or((&reference, &reference));
        if let (Some(first), Some(last)) = (position(first), position(last)) {
            self.sheet.merges.push((first.0, first.1, last.0, last.1));
        }
    }

    fn finish(mut self) -> Sheet {
        let struck: BTreeSet<usize> = self.struck.into_iter().filter(|(_, all)| *all).map(|(row, _)| row).collect();
        self.sheet.struck_cells.retain(|(row, _)| !struck.contains(row));
        self.sheet.struck_rows = struck;
        self.sheet.tells_merges = true;
        self.sheet.tells_strikes = true;
        self.sheet
    }
}
