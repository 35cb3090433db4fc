//! The text of an OpenDocument cell: paragraphs, spans with their own strike-through, blanks written as elements.
//! White space is kept as written: the standard (6.1.2) draws it together, but LibreOffice shows it, and so its author saw it.
//! Source: OpenDocument 1.3, part 3: 5.1, 6.1.3 to 6.1.7, 6.4 (ruby), 14.1 (annotations).

use super::ods_styles::{Family, Styles, get};
use super::package::push_text;
use quick_xml::events::{BytesStart, Event};

/// No more blanks are written out in a text as long as this.
const MAX_BLANKS: usize = 1 << 16;

/// A text with what is struck through in it.
#[derive(Default)]
pub struct Rich {
    pub text: String,
    /// The text without its struck parts, where only parts are struck.
    pub left: Option<String>,
    pub is_struck: bool,
}

/// Collects the text of one cell.
pub struct TextReader {
    all: String,
    left: String,
    has_struck: bool,
    has_paragraph: bool,
    /// For each open paragraph and span, whether it is struck through.
    spans: Vec<bool>,
    is_cell_struck: bool,
}

impl TextReader {
    pub fn new(is_cell_struck: bool) -> Self {
        let (all, left) = (String::new(), String::new());
        Self { all, left, has_struck: false, has_paragraph: false, spans: Vec::new(), is_cell_struck }
    }

    fn is_struck(&self) -> bool {
        self.spans.last().copied().unwrap_or(self.is_cell_struck)
    }

    /// Begins an element of a cell; answers whether what is inside it is shown as the cell's text.
    pub fn begin(&mut self, e: &BytesStart, styles: &Styles) -> bool {
        let struck = |family| get(e, "text:style-name").and_then(|style| styles.look(family, &style).struck);
        match e.name().as_ref() {
            "text:p" | "text:h" => {
                if self.has_paragraph {
                    self.all.push('\n');
                    self.left.push('\n');
                }
                self.has_paragraph = true;
                self.spans.push(struck(Family::Paragraph).unwrap_or(self.is_cell_struck));
            }
            "text:span" | "text:a" => self.spans.push(struck(Family::Text).unwrap_or(self.is_struck())),
            "text:s" => {
                let count: usize = get(e, "text:c").map_or(1, |count| count.parse().unwrap_or(1));
                self.push(&" ".repeat(count.min(MAX_BLANKS.saturating_sub(self.all.len()))));
            }
            "text:tab" => self.push("\t"),
            "text:line-break" => self.push("\n"),
            "text:ruby-text" | "text:note" => return false,
            // Annotations, pictures, controls.
            name => return name.starts_with("text:"),
        }
        true
    }

    pub fn end(&mut self, name: &str) {
        if matches!(name, "text:p" | "text:h" | "text:span" | "text:a") {
            self.spans.pop();
        }
    }

    pub fn take(&mut self, event: &Event) {
        // Between paragraphs stand the line feeds of whoever made the file pretty.
        if self.spans.is_empty() {
            return;
        }
        let mut text = String::new();
        push_text(&mut text, event);
        self.push(&text);
    }

    fn push(&mut self, text: &str) {
        self.all.push_str(text);
        if self.is_struck() {
            self.has_struck |= text.chars().any(|c| !c.is_whitespace());
        } else {
            self.left.push_str(text);
        }
    }

    pub fn finish(self) -> Rich {
        let is_struck = self.has_struck && self.left.trim().is_empty();
        let left = (self.has_struck && !is_struck).then_some(self.left);
        Rich { text: self.all, left, is_struck }
    }
}
