//! XML parts changed by splicing: what isn't concerned keeps every byte.
//!
//! `quick-xml` tells where elements begin and end; the text itself is copied. Elements are known by their local name,
//! so that prefixed parts and strict ones (other namespaces) read alike.

use super::failed;
use crate::canon::Result;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::fmt::Write as _;
use std::ops::Range;

/// A tag that is changed is looked through for attributes that stand twice; real ones have some hundred bytes.
const MAX_TAG: usize = 64 << 10;

/// Where an element stands in its part, in bytes.
#[derive(Clone, Debug)]
pub struct Element {
    pub start: usize,
    /// Behind the opening tag.
    pub open_end: usize,
    /// Before the closing tag; for `<a/>` all three are the end.
    pub close_start: usize,
    pub end: usize,
}

impl Element {
    pub fn is_empty(&self) -> bool {
        self.open_end == self.end
    }

    pub fn tag<'a>(&self, text: &'a str) -> Tag<'a> {
        Tag { source: text.get(self.start..self.open_end).unwrap_or_default() }
    }

    pub fn local<'a>(&self, text: &'a str) -> &'a str {
        self.tag(text).local()
    }

    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// An opening tag as it is written.
#[derive(Clone, Copy)]
pub struct Tag<'a> {
    source: &'a str,
}

impl<'a> Tag<'a> {
    pub fn name(self) -> &'a str {
        let inner = self.source.strip_prefix('<').unwrap_or(self.source);
        inner.split(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').next().unwrap_or_default()
    }

    pub fn local(self) -> &'a str {
        let name = self.name();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// `x:` or nothing: what stands before names of the same namespace.
    pub fn prefix(self) -> &'a str {
        let name = self.name();
        name.find(':').map_or("", |at| &name[..=at])
    }

    fn parsed(self) -> BytesStart<'a> {
        let inner = self.source.strip_prefix('<').unwrap_or(self.source);
        let inner = inner.strip_suffix("/>").or_else(|| inner.strip_suffix('>')).unwrap_or(inner);
        BytesStart::from_content(inner, self.name().len())
    }

    /// Attributes as (qualified name, value with its references resolved).
    pub fn attributes(self) -> Vec<(String, String)> {
        let parsed = self.parsed();
        let mut attributes = parsed.attributes();
        attributes.with_checks(false).flatten().map(|a| (a.key.into_inner().to_owned(), resolve(&a.value))).collect()
    }

    pub fn get(self, name: &str) -> Option<String> {
        let parsed = self.parsed();
        let found = parsed.attributes().with_checks(false).flatten().find(|a| a.key.into_inner() == name);
        found.map(|a| resolve(&a.value))
    }

    pub fn number(self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    pub fn is_true(self, name: &str) -> bool {
        self.get(name).is_some_and(|value| matches!(value.trim(), "1" | "true"))
    }

    /// The value of `r:id`, whatever the prefix.
    pub fn relation_id(self) -> Option<String> {
        let attributes = self.attributes();
        attributes.into_iter().find(|(name, _)| name.ends_with(":id") && name != "xml:id").map(|(_, value)| value)
    }

    /// The tag with attributes set or (with `None`) left out, other attributes as they are written.
    fn with(self, changes: &[(&str, Option<String>)], is_empty: bool) -> Result<String> {
        if self.source.len() > MAX_TAG {
            return Err(failed("a tag is too long"));
        }
        let mut text = format!("<{}", self.name());
        let mut given = vec![false; changes.len()];
        for attribute in self.parsed().attributes() {
            let attribute = attribute.map_err(|error| failed(format!("attribute of {}: {error}", self.name())))?;
            let key = attribute.key.into_inner();
            let change = changes.iter().position(|(name, _)| *name == key);
            match change.map(|at| (at, &changes[at].1)) {
                None => push_raw(&mut text, key, &attribute.value),
                Some((at, value)) => {
                    given[at] = true;
                    push(&mut text, key, value.as_deref());
                }
            }
        }
        for ((name, value), given) in changes.iter().zip(given) {
            if !given {
                push(&mut text, name, value.as_deref());
            }
        }
        text.push_str(if is_empty { "/>" } else { ">" });
        Ok(text)
    }
}

fn push(text: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = write!(text, " {name}=\"{}\"", attribute(value));
    }
}

fn push_raw(text: &mut String, name: &str, value: &str) {
    let quote = if value.contains('"') { '\'' } else { '"' };
    let _ = write!(text, " {name}={quote}{value}{quote}");
}

fn resolve(raw: &str) -> String {
    quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |value| value.into_owned())
}

/// An element and its direct children; what is deeper is passed over.
pub struct Outline {
    pub root: Element,
    pub children: Vec<Element>,
}

impl Outline {
    pub fn read(text: &str) -> Result<Self> {
        Self::within(text, 0..text.len())
    }

    /// Reads one element of a larger text; places are those of the whole.
    pub fn within(text: &str, range: Range<usize>) -> Result<Self> {
        let base = range.start;
        let mut reader = Reader::from_str(text.get(range).unwrap_or_default());
        let (mut root, mut children) = (None::<Element>, Vec::new());
        loop {
            let start = at(&reader, base);
            let event = reader.read_event().map_err(|error| failed(format!("XML: {error}")))?;
            let end = at(&reader, base);
            match event {
                Event::Eof => break,
                Event::Start(_) if root.is_none() => root = Some(Element { start, open_end: end, close_start: end, end: 0 }),
                Event::Empty(_) if root.is_none() => {
                    return Ok(Self { root: Element { start, open_end: end, close_start: end, end }, children });
                }
                Event::Start(tag) => {
                    reader.read_to_end(tag.name()).map_err(|error| failed(format!("XML: {error}")))?;
                    let whole = at(&reader, base);
                    // `<` can't stand inside a closing tag, so the last one begins it.
                    let close_start = text[..whole].rfind('<').unwrap_or(end);
                    children.push(Element { start, open_end: end, close_start, end: whole });
                }
                Event::Empty(_) => children.push(Element { start, open_end: end, close_start: end, end }),
                Event::End(_) => {
                    if let Some(mut root) = root {
                        root.close_start = start;
                        root.end = end;
                        return Ok(Self { root, children });
                    }
                    break;
                }
                _ => {}
            }
        }
        Err(failed("XML: an element does not end"))
    }

    pub fn find(&self, text: &str, local: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.local(text) == local)
    }

    /// Behind the last child that must stand before a new one, by the schema's order.
    pub fn behind(&self, text: &str, earlier: &[&str]) -> usize {
        let last = self.children.iter().rev().find(|child| earlier.contains(&child.local(text)));
        last.map_or(self.root.open_end, |child| child.end)
    }
}

fn at(reader: &Reader<&[u8]>, base: usize) -> usize {
    base + usize::try_from(reader.buffer_position()).unwrap_or_default()
}

/// Changes to a text, applied together.
#[derive(Default)]
pub struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.0.push((at..at, text.into()));
    }

    pub fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Changes attributes of an element's opening tag.
    pub fn set(&mut self, text: &str, element: &Element, changes: &[(&str, Option<String>)]) -> Result<()> {
        let tag = element.tag(text).with(changes, element.is_empty())?;
        self.replace(element.start..element.open_end, tag);
        Ok(())
    }

    /// Adds children at an element's end; `<a/>` is opened for them.
    pub fn append(&mut self, text: &str, element: &Element, children: &str) {
        if element.is_empty() {
            let tag = element.tag(text);
            let open = text[element.start..element.end].trim_end_matches("/>").trim_end();
            self.replace(element.range(), format!("{open}>{children}</{}>", tag.name()));
        } else {
            self.insert(element.close_start, children);
        }
    }

    /// Both at once: attributes set, children added.
    pub fn grow(&mut self, text: &str, element: &Element, changes: &[(&str, Option<String>)], children: &str) -> Result<()> {
        let tag = element.tag(text);
        let open = tag.with(changes, false)?;
        if element.is_empty() {
            self.replace(element.range(), format!("{open}{children}</{}>", tag.name()));
        } else {
            self.replace(element.start..element.open_end, open);
            self.insert(element.close_start, children);
        }
        Ok(())
    }

    /// The text with all changes; insertions at one place stay in the order in which they were asked for.
    pub fn apply(mut self, text: &str) -> Result<String> {
        self.0.sort_by_key(|(range, _)| range.start);
        let more: usize = self.0.iter().map(|(_, new)| new.len()).sum();
        let (mut out, mut from) = (String::with_capacity(text.len() + more), 0);
        for (range, new) in &self.0 {
            out.push_str(text.get(from..range.start).ok_or_else(|| failed("changes overlap"))?);
            out.push_str(new);
            from = range.end;
        }
        out.push_str(text.get(from..).ok_or_else(|| failed("changes overlap"))?);
        Ok(out)
    }
}

/// Our own fragment with the part's prefix on every element; texts in it are escaped, so that `<` only begins tags.
pub fn prefixed(fragment: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return fragment.to_owned();
    }
    fragment.replace('<', &format!("<{prefix}")).replace(&format!("<{prefix}/"), &format!("</{prefix}"))
}

/// A text for an element; what XML can't hold is left out, and what Excel would take for its own `_x000D_` is guarded.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if is_code(&text[at..]) => out.push_str("_x005F_"),
            '\n' | '\t' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}

fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

/// A value for an attribute in double quotes.
pub fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}
