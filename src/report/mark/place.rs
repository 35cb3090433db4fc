//! Cells by name, merged regions, and what is said about which cell.

use super::Mark;
use crate::domain::Severity;
use std::collections::BTreeMap;

pub const MAX_ROWS: u32 = 1_048_576;
pub const MAX_COLUMNS: u32 = 16_384;
/// What a cell or a comment holds at most, in UTF-16 units; a little less, for our own words.
const MAX_TEXT: usize = 32_000;

/// A cell, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub row: u32,
    pub column: u32,
}

impl Spot {
    /// Reads `C7` or `$C$7`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace('$', "");
        let letters = text.find(|c: char| !c.is_ascii_alphabetic()).filter(|at| (1..=3).contains(at))?;
        let column = text[..letters].bytes().fold(0_u32, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1) - 1;
        let digits = text[letters..].bytes().all(|digit| digit.is_ascii_digit());
        let row = text[letters..].parse::<u32>().ok().filter(|_| digits)?.checked_sub(1)?;
        (row < MAX_ROWS && column < MAX_COLUMNS).then_some(Self { row, column })
    }

    pub fn name(self) -> String {
        format!("{}{}", column_name(self.column), self.row + 1)
    }
}

pub fn column_name(column: u32) -> String {
    let (mut rest, mut letters) = (column + 1, Vec::new());
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A region of cells, both corners within.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    pub first: Spot,
    pub last: Spot,
}

impl Region {
    /// Reads `A1:C3`, or `A1` for one cell.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        Some(Self { first: Spot::parse(first)?, last: Spot::parse(last)? })
    }

    fn holds(&self, spot: Spot) -> bool {
        (self.first.row..=self.last.row).contains(&spot.row) && (self.first.column..=self.last.column).contains(&spot.column)
    }

    /// The smallest region that holds the cell too.
    pub fn with(self, spot: Spot) -> Self {
        Self {
            first: Spot { row: self.first.row.min(spot.row), column: self.first.column.min(spot.column) },
            last: Spot { row: self.last.row.max(spot.row), column: self.last.column.max(spot.column) },
        }
    }

    pub fn name(&self) -> String {
        if self.first == self.last { self.first.name() } else { format!("{}:{}", self.first.name(), self.last.name()) }
    }
}

/// What is said about one cell: all its findings, coloured by the worst.
pub struct Remark {
    pub severity: Severity,
    texts: Vec<String>,
}

impl Remark {
    pub fn text(&self) -> String {
        clip(&self.texts.join("\n"))
    }
}

/// Marks by cell. `first_filled` names a row's first column with content; marks that name no row are left out.
pub fn remarks<'m>(marks: impl Iterator<Item = &'m Mark>, merges: &[Region], first_filled: impl Fn(u32) -> Option<u32>) -> BTreeMap<Spot, Remark> {
    let mut remarks = BTreeMap::<Spot, Remark>::new();
    for mark in marks {
        let row = mark.row.and_then(|row| row.checked_sub(1)).filter(|row| *row < MAX_ROWS);
        let by_row = || row.map(|row| Spot { row, column: first_filled(row).unwrap_or_default() });
        let Some(spot) = mark.cell.as_deref().and_then(Spot::parse).or_else(by_row) else { continue };
        let spot = merges.iter().find(|region| region.holds(spot)).map_or(spot, |region| region.first);
        let remark = remarks.entry(spot).or_insert_with(|| Remark { severity: mark.severity, texts: Vec::new() });
        remark.severity = remark.severity.min(mark.severity);
        if !remark.texts.contains(&mark.text) {
            remark.texts.push(mark.text.clone());
        }
    }
    remarks
}

/// A text cut to what a cell holds, with a sign that it was.
pub fn clip(text: &str) -> String {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_TEXT {
            return format!("{}……", &text[..at]);
        }
    }
    text.to_owned()
}

/// Half-widths that a line takes: a Chinese character is two wide.
pub fn half_widths(line: &str) -> usize {
    line.chars().map(|c| if u32::from(c) > 0x2E80 || matches!(c, '“' | '”' | '‘' | '’' | '…' | '—') { 2 } else { 1 }).sum()
}

/// Lines that a text takes where so many half-widths fit.
pub fn printed_lines(text: &str, fits: usize) -> usize {
    text.split('\n').map(|line| half_widths(line).div_ceil(fits.max(1)).max(1)).sum()
}

/// The box that a comment's text needs, in pixels.
pub fn comment_size(text: &str) -> (u32, u32) {
    const LETTER: usize = 6;
    const LINE: usize = 16;
    let longest = text.split('\n').map(half_widths).max().unwrap_or_default();
    let widest = if text.len() > 1_500 { 80 } else { 44 };
    let fits = longest.clamp(20, widest);
    // A line breaks a little early: a character of two widths, or punctuation, doesn't stand alone.
    let lines = printed_lines(text, fits - 2).min(60);
    (small((fits + 4) * LETTER), small(lines * LINE + 16))
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
