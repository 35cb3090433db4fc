//! How wide columns and how high rows are, so that a comment's box gets the size that its text needs.

use super::place::{MAX_COLUMNS, MAX_ROWS, Spot};
use super::xml::Tag;
use std::collections::BTreeMap;

/// Pixels of a digit in the usual font, by which widths are told.
const DIGIT: f64 = 7.0;

struct Columns {
    last: u32,
    pixels: Option<u32>,
    style: usize,
}

pub struct Geometry {
    /// By their first column.
    columns: BTreeMap<u32, Columns>,
    rows: BTreeMap<u32, u32>,
    width: u32,
    height: u32,
}

impl Default for Geometry {
    fn default() -> Self {
        Self { columns: BTreeMap::new(), rows: BTreeMap::new(), width: 64, height: 20 }
    }
}

impl Geometry {
    pub fn set_defaults(&mut self, format: Tag) {
        self.width = number(format, "defaultColWidth").map_or(self.width, column_pixels);
        self.height = number(format, "defaultRowHeight").map_or(self.height, row_pixels);
    }

    pub fn add_columns(&mut self, columns: Tag) {
        let (Some(first), Some(last)) = (columns.number("min"), columns.number("max")) else { return };
        let width = number(columns, "width").map(column_pixels);
        let pixels = if columns.is_true("hidden") { Some(0) } else { width };
        let style = columns.number("style").and_then(|style| usize::try_from(style).ok()).unwrap_or_default();
        self.columns.insert(first.saturating_sub(1), Columns { last: last.saturating_sub(1), pixels, style });
    }

    pub fn add_row(&mut self, row: u32, tag: Tag) {
        if tag.is_true("hidden") {
            self.rows.insert(row, 0);
        } else if let Some(height) = number(tag, "ht") {
            self.rows.insert(row, row_pixels(height));
        }
    }

    fn find(&self, column: u32) -> Option<&Columns> {
        self.columns.range(..=column).next_back().map(|(_, columns)| columns).filter(|columns| column <= columns.last)
    }

    /// The format of a column's empty cells.
    pub fn column_style(&self, column: u32) -> usize {
        self.find(column).map_or(0, |columns| columns.style)
    }

    fn column_width(&self, column: u32) -> u32 {
        self.find(column).and_then(|columns| columns.pixels).unwrap_or(self.width)
    }

    fn row_height(&self, row: u32) -> u32 {
        self.rows.get(&row).copied().unwrap_or(self.height)
    }

    /// The corners of a box right of a cell, as vml tells them: column, pixels into it, row, pixels into it, twice.
    pub fn anchor(&self, spot: Spot, (width, height): (u32, u32)) -> [u32; 8] {
        // At the sheet's right and lower edges there is only room on the other side.
        let column = if spot.column + 8 < MAX_COLUMNS { spot.column + 1 } else { spot.column.saturating_sub(8) };
        let row = if spot.row + 60 < MAX_ROWS { spot.row.saturating_sub(1) } else { spot.row.saturating_sub(60) };
        let (into_column, into_row) = (15, if row == spot.row { 2 } else { 10 });
        let into_row = into_row.min(self.row_height(row));
        let into_column = into_column.min(self.column_width(column));
        let (last_column, right) = walk(column, into_column + width, MAX_COLUMNS, |column| self.column_width(column));
        let (last_row, bottom) = self.down(row, into_row + height);
        [column, into_column, row, into_row, last_column, right, last_row, bottom]
    }

    /// Where one is, so many pixels below a row's upper edge.
    pub fn down(&self, row: u32, pixels: u32) -> (u32, u32) {
        walk(row, pixels, MAX_ROWS, |row| self.row_height(row))
    }

    /// Pixels from one row's upper edge to another's; rows beyond any comment's box aren't counted.
    pub fn between(&self, first: u32, last: u32) -> u32 {
        (first..last).take(2_000).map(|row| self.row_height(row)).fold(0, u32::saturating_add)
    }
}

fn walk(from: u32, pixels: u32, end: u32, size: impl Fn(u32) -> u32) -> (u32, u32) {
    let (mut at, mut rest) = (from, pixels);
    // Hidden rows and columns have no size; a sheet of nothing else is left after a while.
    while at + 1 < end && at - from < 4_000 && rest >= size(at) {
        rest -= size(at);
        at += 1;
    }
    (at, rest.min(size(at)))
}

fn number(tag: Tag, name: &str) -> Option<f64> {
    tag.get(name)?.trim().parse::<f64>().ok().filter(|number| (0.0..=10_000.0).contains(number))
}

fn column_pixels(width: f64) -> u32 {
    to_pixels((256.0 * width + (128.0 / DIGIT).trunc()) / 256.0 * DIGIT)
}

fn row_pixels(points: f64) -> u32 {
    to_pixels(points * 4.0 / 3.0)
}

/// Numbers come within 0 to 10 000, so that nothing is lost but the fraction.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn to_pixels(pixels: f64) -> u32 {
    pixels.trunc() as u32
}
