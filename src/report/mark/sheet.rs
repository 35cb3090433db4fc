//! One worksheet: marked cells get their format, missing ones are put where they belong.

use super::failed;
use super::geometry::Geometry;
use super::place::{MAX_COLUMNS, MAX_ROWS, Region, Remark, Spot, remarks};
use super::styles::Styles;
use super::xml::{Edits, Element, Outline, Tag, attribute};
use super::{Mark, package};
use crate::canon::Result;
use crate::domain::Severity;
use std::collections::BTreeMap;

/// What stands before `legacyDrawing` in a worksheet, by the schema.
const BEFORE_LEGACY: [&str; 29] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "drawing",
];

struct Row {
    number: u32,
    place: Element,
}

/// A worksheet read as far as marking needs it.
pub struct Sheet {
    text: String,
    outline: Outline,
    data: Element,
    rows: Vec<Row>,
    pub geometry: Geometry,
    edits: Edits,
}

impl Sheet {
    pub fn read(text: String) -> Result<Self> {
        let outline = Outline::read(&text)?;
        let data = outline.find(&text, "sheetData").cloned().ok_or_else(|| failed("a sheet has no sheetData"))?;
        let mut geometry = Geometry::default();
        if let Some(format) = outline.find(&text, "sheetFormatPr") {
            geometry.set_defaults(format.tag(&text));
        }
        if let Some(columns) = outline.find(&text, "cols") {
            for column in Outline::within(&text, columns.range())?.children {
                geometry.add_columns(column.tag(&text));
            }
        }
        let mut rows = Vec::new();
        let mut next = 0;
        for place in Outline::within(&text, data.range())?.children {
            if place.local(&text) != "row" {
                continue;
            }
            let number = row_number(&text, &place, next)?;
            geometry.add_row(number, place.tag(&text));
            next = number + 1;
            rows.push(Row { number, place });
        }
        Ok(Self { text, outline, data, rows, geometry, edits: Edits::default() })
    }

    /// What is said about which cell of this sheet.
    pub fn remarks<'m>(&self, marks: impl Iterator<Item = &'m Mark>) -> Result<BTreeMap<Spot, Remark>> {
        let mut merges = Vec::new();
        if let Some(list) = self.outline.find(&self.text, "mergeCells") {
            let regions = Outline::within(&self.text, list.range())?.children;
            merges.extend(regions.iter().filter_map(|region| Region::parse(&region.tag(&self.text).get("ref")?)));
        }
        Ok(remarks(marks, &merges, |row| self.first_filled(row)))
    }

    fn first_filled(&self, row: u32) -> Option<u32> {
        let place = &self.rows.get(self.position(row)).filter(|found| found.number == row)?.place;
        let cells = cells(&self.text, place).ok()?;
        let is_filled = |cell: &&Cell| {
            let inside = Outline::within(&self.text, cell.place.range());
            inside.is_ok_and(|inside| inside.children.iter().any(|child| matches!(child.local(&self.text), "v" | "is" | "f")))
        };
        cells.iter().find(is_filled).map(|cell| cell.column)
    }

    /// Where a row stands or would stand.
    fn position(&self, row: u32) -> usize {
        self.rows.partition_point(|known| known.number < row)
    }

    /// Gives every cell its format with the fill of its severity.
    pub fn colour(&mut self, remarks: &BTreeMap<Spot, Remark>, styles: &mut Styles) -> Result<()> {
        let mut by_row = BTreeMap::<u32, Vec<(u32, Severity)>>::new();
        for (spot, remark) in remarks {
            by_row.entry(spot.row).or_default().push((spot.column, remark.severity));
        }
        let mut new_cells = Vec::new();
        let mut new_rows = String::new();
        for (row, marked) in by_row {
            let at = self.position(row);
            match self.rows.get(at).filter(|known| known.number == row).map(|known| known.place.clone()) {
                Some(place) => self.colour_row(&place, row, &marked, styles, &mut new_cells)?,
                None => {
                    let text = self.new_row(row, &marked, styles, &mut new_cells)?;
                    match self.rows.get(at) {
                        Some(later) => self.edits.insert(later.place.start, text),
                        None => new_rows.push_str(&text),
                    }
                }
            }
        }
        if !new_rows.is_empty() {
            self.edits.append(&self.text, &self.data, &new_rows);
        }
        self.widen(&new_cells)
    }

    /// Gives the cells with a fill of ours the format they may have had before; answers whether there was any.
    pub fn unmark(&mut self, styles: &mut Styles) -> Result<bool> {
        let mut above = BTreeMap::<u32, usize>::new();
        let mut is_any = false;
        for row in 0..self.rows.len() {
            for cell in cells(&self.text, &self.rows[row].place)? {
                let style = cell.place.tag(&self.text).number("s").map_or(0, to_index);
                let plain = styles.unmarked(style, above.get(&cell.column).copied())?;
                if let Some(plain) = plain {
                    self.edits.set(&self.text, &cell.place, &[("s", Some(plain.to_string()))])?;
                    is_any = true;
                }
                above.insert(cell.column, plain.unwrap_or(style));
            }
        }
        Ok(is_any)
    }

    fn prefix(&self) -> String {
        self.data.tag(&self.text).prefix().to_owned()
    }

    fn new_row(&self, row: u32, marked: &[(u32, Severity)], styles: &mut Styles, new: &mut Vec<Spot>) -> Result<String> {
        let prefix = self.prefix();
        let mut text = format!("<{prefix}row r=\"{}\">", row + 1);
        for (column, severity) in marked {
            let spot = Spot { row, column: *column };
            text.push_str(&new_cell(&prefix, spot, styles.marked(self.geometry.column_style(*column), *severity)?));
            new.push(spot);
        }
        Ok(format!("{text}</{prefix}row>"))
    }

    fn colour_row(&mut self, place: &Element, row: u32, marked: &[(u32, Severity)], styles: &mut Styles, new: &mut Vec<Spot>) -> Result<()> {
        let cells = cells(&self.text, place)?;
        let tag = place.tag(&self.text);
        // An empty cell shows its row's format, else its column's.
        let row_style = tag.number("s").filter(|_| tag.is_true("customFormat")).map(to_index);
        let prefix = self.prefix();
        let (mut at_end, mut outside) = (String::new(), false);
        for (column, severity) in marked {
            let at = cells.partition_point(|cell| cell.column < *column);
            if let Some(cell) = cells.get(at).filter(|cell| cell.column == *column) {
                let style = cell.place.tag(&self.text).number("s").map_or(0, to_index);
                let style = styles.marked(style, *severity)?;
                self.edits.set(&self.text, &cell.place, &[("s", Some(style.to_string()))])?;
                continue;
            }
            let style = row_style.unwrap_or_else(|| self.geometry.column_style(*column));
            let spot = Spot { row, column: *column };
            let text = new_cell(&prefix, spot, styles.marked(style, *severity)?);
            match cells.get(at) {
                Some(later) => self.edits.insert(later.place.start, text),
                None => at_end.push_str(&text),
            }
            outside |= !spans_hold(tag, *column);
            new.push(spot);
        }
        // `spans` only helps reading; a wrong one would mislead.
        let changes: &[(&str, Option<String>)] = if outside { &[("spans", None)] } else { &[] };
        match cells.last().map(|cell| cell.place.end) {
            Some(end) => {
                self.edits.insert(end, at_end);
                if outside { self.edits.set(&self.text, place, changes) } else { Ok(()) }
            }
            None if place.is_empty() => self.edits.grow(&self.text, place, changes, &at_end),
            None => {
                // Before what else a row may hold.
                self.edits.insert(place.open_end, at_end);
                if outside { self.edits.set(&self.text, place, changes) } else { Ok(()) }
            }
        }
    }

    /// The stated dimension made to hold new cells.
    fn widen(&mut self, new: &[Spot]) -> Result<()> {
        let Some(dimension) = self.outline.find(&self.text, "dimension") else { return Ok(()) };
        let Some(stated) = dimension.tag(&self.text).get("ref").and_then(|stated| Region::parse(&stated)) else { return Ok(()) };
        let wider = new.iter().fold(stated, |region, spot| region.with(*spot));
        if wider.name() == stated.name() {
            return Ok(());
        }
        self.edits.set(&self.text, dimension, &[("ref", Some(wider.name()))])
    }

    /// The relationship of the drawing that holds the comments' boxes, if there is one.
    pub fn legacy_drawing(&self) -> Option<String> {
        self.outline.find(&self.text, "legacyDrawing")?.tag(&self.text).relation_id()
    }

    /// Names the drawing, at the place where the schema wants it.
    pub fn set_legacy_drawing(&mut self, id: &str, is_strict: bool) {
        let root = self.outline.root.tag(&self.text);
        let name = relation_attribute(root, is_strict);
        let element = format!("<{}legacyDrawing {name}=\"{}\"/>", root.prefix(), attribute(id));
        self.edits.insert(self.outline.behind(&self.text, &BEFORE_LEGACY), element);
    }

    pub fn write(self) -> Result<String> {
        self.edits.apply(&self.text)
    }
}

/// `r:id` by the prefix that the root declares, or with a declaration of its own.
pub fn relation_attribute(root: Tag, is_strict: bool) -> String {
    let namespace = package::relationships_namespace(is_strict);
    let declared = root.attributes().into_iter().find(|(_, value)| value == namespace);
    match declared.as_ref().and_then(|(name, _)| name.strip_prefix("xmlns:")) {
        Some(prefix) => format!("{prefix}:id"),
        None => format!("xmlns:r=\"{namespace}\" r:id"),
    }
}

fn new_cell(prefix: &str, spot: Spot, style: usize) -> String {
    format!("<{prefix}c r=\"{}\" s=\"{style}\"/>", spot.name())
}

struct Cell {
    column: u32,
    place: Element,
}

/// A row's cells with their columns: stated, or the next one.
fn cells(text: &str, row: &Element) -> Result<Vec<Cell>> {
    let (mut cells, mut next) = (Vec::<Cell>::new(), 0);
    for place in Outline::within(text, row.range())?.children {
        if place.local(text) != "c" {
            continue;
        }
        let column = match place.tag(text).get("r") {
            Some(name) => Spot::parse(&name).ok_or_else(|| failed(format!("a cell is named {name}")))?.column,
            None => next,
        };
        if column >= MAX_COLUMNS || column < next {
            return Err(failed("cells are out of order"));
        }
        next = column + 1;
        cells.push(Cell { column, place });
    }
    Ok(cells)
}

/// A row's number from 0: stated, said by its first cell, or the next one.
fn row_number(text: &str, place: &Element, next: u32) -> Result<u32> {
    let number = match place.tag(text).get("r") {
        Some(stated) => {
            stated.trim().parse::<u32>().ok().and_then(|row| row.checked_sub(1)).ok_or_else(|| failed(format!("a row is numbered {stated}")))?
        }
        None => {
            let cells = Outline::within(text, place.range())?.children;
            let named = cells.first().and_then(|cell| Spot::parse(&cell.tag(text).get("r")?));
            named.map_or(next, |spot| spot.row)
        }
    };
    if number >= MAX_ROWS || number < next {
        return Err(failed("rows are out of order"));
    }
    Ok(number)
}

fn spans_hold(row: Tag, column: u32) -> bool {
    let Some(spans) = row.get("spans") else { return true };
    spans.split_whitespace().any(|span| {
        let ends = span.split_once(':').and_then(|(first, last)| Some((first.parse::<u32>().ok()?, last.parse::<u32>().ok()?)));
        ends.is_some_and(|(first, last)| (first..=last).contains(&(column + 1)))
    })
}

fn to_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
