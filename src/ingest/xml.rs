//! A sheet's XML cut into tags and text, without copying: the one part of a workbook large enough for the general reader
//! (`package::each`) to be the slower half of the work. Source: XML 1.0, 2.1, 2.7 and 3.1; no DTD is expanded.

use super::package::{DAMAGED, Result};
use std::borrow::Cow;

/// What stands next in the text. Names are without their prefix.
pub enum Piece<'a> {
    Open(Tag<'a>),
    Close(&'a str),
    /// Text between tags, its entities not resolved.
    Text(&'a str),
    /// CDATA: text that has no entities.
    Plain(&'a str),
}

/// A start tag; an empty one (`<v/>`) has no `Close`.
#[derive(Clone, Copy)]
pub struct Tag<'a> {
    pub name: &'a str,
    attributes: &'a str,
    pub is_empty: bool,
}

impl<'a> Tag<'a> {
    fn of(inside: &'a str) -> Self {
        let (inside, is_empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let end = inside.bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        Self { name: local(name), attributes, is_empty }
    }

    /// Names without prefix and values as written.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let (name, after) = cut(rest, b'=')?;
            let after = after.trim_ascii_start();
            let quote = after.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''))?;
            let (value, after) = cut(&after[1..], quote)?;
            rest = after;
            Some((local(name.trim_ascii()), value))
        })
    }

    /// An attribute's value as written, which for numbers, names of cells and switches is the value.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub fn is_on(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| !matches!(value, "0" | "false" | "none"))
    }

    /// Whether an element such as `<strike/>` or `<strike val="0"/>` switches something on.
    pub fn switches_on(&self) -> bool {
        self.raw("val").is_none_or(|value| !matches!(value, "0" | "false"))
    }
}

/// The text before and after an ASCII sign. The parts of a tag are so short that a plain loop is the quickest search.
fn cut(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == sign)?;
    Some((&text[..at], &text[at + 1..]))
}

fn local(name: &str) -> &str {
    name.bytes().rposition(|b| b == b':').map_or(name, |at| &name[at + 1..])
}

/// Calls back for each piece. Refuses a text that ends inside a tag or before its elements are closed.
pub fn pieces<'a>(text: &'a str, mut take: impl FnMut(Piece<'a>) -> Result<()>) -> Result<()> {
    let mut rest = text;
    let mut depth = 0usize;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        if at > 0 {
            take(Piece::Text(&rest[..at]))?;
        }
        let inside = &rest[at + 1..];
        rest = if let Some(inside) = inside.strip_prefix('/') {
            let (name, after) = cut(inside, b'>').ok_or(DAMAGED)?;
            depth = depth.saturating_sub(1);
            take(Piece::Close(local(name.trim_ascii_end())))?;
            after
        } else if let Some(inside) = inside.strip_prefix("![CDATA[") {
            let (plain, after) = inside.split_once("]]>").ok_or(DAMAGED)?;
            take(Piece::Plain(plain))?;
            after
        } else if let Some(inside) = inside.strip_prefix("!--") {
            inside.split_once("-->").ok_or(DAMAGED)?.1
        } else if inside.starts_with(['!', '?']) {
            inside.split_once('>').ok_or(DAMAGED)?.1
        } else {
            let end = tag_end(inside).ok_or(DAMAGED)?;
            let tag = Tag::of(&inside[..end]);
            depth += usize::from(!tag.is_empty);
            take(Piece::Open(tag))?;
            &inside[end + 1..]
        };
    }
    if depth == 0 { Ok(()) } else { Err(DAMAGED) }
}

/// Where a tag ends: at the first `>` outside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// A text with its entities resolved; an unknown one stays as it is written.
pub fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8).and_then(|(name, after)| Some((character(name)?, after)));
        rest = match entity {
            Some((c, after)) => {
                out.push(c);
                after
            }
            None => {
                out.push('&');
                after
            }
        };
        let next = rest.find('&').unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = number.strip_prefix(['x', 'X']).map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
            char::from_u32(code).filter(|c| *c != '\0')
        }
    }
}
