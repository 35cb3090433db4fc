//! A table for the terminal, in which a Chinese character is as wide as two letters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(heads: Vec<String>) -> Self {
        Self { rows: vec![heads] }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Columns two blanks apart, a rule under the heads, no blanks at line ends.
    pub fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width_of = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width_of).collect();
        let mut lines: Vec<String> = self.rows.iter().map(|row| line(row, &widths)).collect();
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1));
        lines.insert(1.min(lines.len()), rule);
        lines.join("\n")
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in row.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    text.trim_end().to_owned()
}

/// Breaks a text into lines no wider than this; further lines begin with `indent` blanks. Latin words stay whole where
/// they can, Chinese breaks anywhere but before a closing mark.
pub fn wrap(text: &str, width: usize, indent: usize) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text) {
        if line.width() + piece.trim_end().width() > width && !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            line.push_str(&" ".repeat(indent));
        }
        // A single piece wider than a line, like a hash, is cut.
        for c in piece.chars() {
            let full = format!("{line}{c}").width() > width && !c.is_whitespace() && !CLOSING.contains(c);
            if full && !line.trim().is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                line.push_str(&" ".repeat(indent));
            }
            line.push(c);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines.join("\n")
}

const CLOSING: &str = "，。；：、）》”！？,.;:)";
const OPENING: &str = "（《“(⌊";

/// A word of narrow characters with the blanks after it, or one wide character with the marks that belong to it.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        let is_narrow = |c: char| c.width().unwrap_or(0) < 2;
        let in_word = is_narrow(c) && is_narrow(before) && !before.is_whitespace();
        let joins = c.is_whitespace() || CLOSING.contains(c) || OPENING.contains(before) || in_word;
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = c;
    }
    pieces
}
