//! What the styles of an OpenDocument spreadsheet say to a reader: strike-through, dates shown as months, hidden sheets.
//! Source: OpenDocument 1.3, part 3: 16.2 (styles), 16.29 (data styles), 20.379 ff. (line-through), 20.255 (`table:display`).

use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A style may stand on another one, that one on a third; further than this no office goes.
const MAX_DEPTH: usize = 16;
/// Excel itself has room for 65,490 formats of cells.
const MAX_STYLES: usize = 1 << 17;

/// What a style means for reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// None where the style says nothing, and what is around it holds.
    pub struck: Option<bool>,
    pub shows_month: bool,
    /// Of a table's style: the sheet isn't shown.
    pub is_hidden: bool,
}

/// Names are unique within their family only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Cell,
    Table,
    Paragraph,
    Text,
}

impl Family {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "table-cell" => Self::Cell,
            "table" => Self::Table,
            "paragraph" => Self::Paragraph,
            "text" => Self::Text,
            _ => return None,
        })
    }
}

#[derive(Default)]
struct Written {
    parent: Option<String>,
    data: Option<String>,
    struck: Option<bool>,
    is_hidden: bool,
}

/// A format of values: which parts of a date it shows, and the one it gives way to for ordinary values.
#[derive(Default)]
struct DataStyle {
    year: bool,
    month: bool,
    more: bool,
    instead: Option<String>,
}

/// Styles as they are read, and, after `resolve`, what each of them means.
#[derive(Default)]
pub struct Styles {
    written: BTreeMap<(Family, String), Written>,
    data: BTreeMap<String, DataStyle>,
    open: Option<(Family, String)>,
    open_data: Option<String>,
    looks: [BTreeMap<String, Look>; 4],
}

impl Styles {
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Start(e) => self.begin(e),
            Event::Empty(e) => {
                self.begin(e);
                self.end(e.name().as_ref());
            }
            Event::End(e) => self.end(e.name().as_ref()),
            _ => {}
        }
    }

    fn begin(&mut self, e: &BytesStart) {
        let name = e.name();
        match name.as_ref() {
            // A default style is the one without a name.
            "style:style" | "style:default-style" => {
                let owned = |name| get(e, name).map(Cow::into_owned);
                self.open = get(e, "style:family").and_then(|family| Family::parse(&family)).map(|f| (f, owned("style:name").unwrap_or_default()));
                if let Some(key) = &self.open {
                    let written = Written { parent: owned("style:parent-style-name"), data: owned("style:data-style-name"), ..Written::default() };
                    self.written.insert(key.clone(), written);
                }
            }
            "style:text-properties" => {
                if let Some(style) = self.open.as_ref().and_then(|key| self.written.get_mut(key)) {
                    style.struck = struck(e).or(style.struck);
                }
            }
            "style:table-properties" => {
                if let Some(style) = self.open.as_ref().and_then(|key| self.written.get_mut(key)) {
                    style.is_hidden = get(e, "table:display").is_some_and(|shown| shown == "false");
                }
            }
            name if name.starts_with("number:") && name.ends_with("-style") => {
                self.open_data = get(e, "style:name").map(Cow::into_owned);
                if let Some(key) = &self.open_data {
                    self.data.insert(key.clone(), DataStyle::default());
                }
            }
            name if name.starts_with("number:") || name == "style:map" => {
                if let Some(style) = self.open_data.as_ref().and_then(|key| self.data.get_mut(key)) {
                    match name {
                        "number:year" => style.year = true,
                        "number:month" => style.month = true,
                        "number:text" | "number:text-content" | "number:embedded-text" => {}
                        "style:map" if style.instead.is_some() => {}
                        "style:map" => style.instead = get(e, "style:apply-style-name").map(Cow::into_owned),
                        _ => style.more = true,
                    }
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "style:style" | "style:default-style" => self.open = None,
            name if name.starts_with("number:") && name.ends_with("-style") => self.open_data = None,
            _ => {}
        }
    }

    /// Whether there are more styles than any program writes.
    pub fn are_too_many(&self) -> bool {
        self.written.len() + self.data.len() > MAX_STYLES
    }

    /// Follows each style to those it stands on, once for all cells.
    pub fn resolve(&mut self) {
        let looks = self.written.keys().map(|(family, name)| (*family, name.clone(), self.follow(*family, name))).collect::<Vec<_>>();
        for (family, name, look) in looks {
            self.looks[family as usize].insert(name, look);
        }
    }

    fn follow(&self, family: Family, name: &str) -> Look {
        let mut look = Look::default();
        let mut data = None;
        let mut name = name.to_owned();
        for _ in 0..MAX_DEPTH {
            // What a text leaves open the text around it decides; only cells fall back on a default.
            let Some(style) = self.written.get(&(family, name.clone())) else { break };
            look.struck = look.struck.or(style.struck);
            look.is_hidden |= style.is_hidden;
            data = data.or(style.data.as_deref());
            match &style.parent {
                Some(parent) => name.clone_from(parent),
                None if family == Family::Cell && !name.is_empty() => name.clear(),
                None => break,
            }
        }
        look.shows_month = data.is_some_and(|data| self.shows_month(data));
        look
    }

    fn shows_month(&self, name: &str) -> bool {
        let style = self.data.get(name).map(|style| style.instead.as_ref().and_then(|name| self.data.get(name)).unwrap_or(style));
        style.is_some_and(|style| style.year && style.month && !style.more)
    }

    /// What a style means; one that isn't there means nothing.
    pub fn look(&self, family: Family, name: &str) -> Look {
        self.looks[family as usize].get(name).copied().unwrap_or_default()
    }
}

/// LibreOffice gives a span the type of its line alone, a cell the style too: either says it, and `none` in either denies it.
fn struck(e: &BytesStart) -> Option<bool> {
    let said = [get(e, "style:text-line-through-style"), get(e, "style:text-line-through-type")];
    let mut said = said.iter().flatten().peekable();
    said.peek()?;
    Some(said.all(|line| line != "none"))
}

/// An attribute by its whole name: `office:value-type` and `calcext:value-type` are two. All writers use the standard's prefixes.
pub fn get<'a>(element: &'a BytesStart, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(unescaped(found.value))
}

pub fn unescaped(value: Cow<str>) -> Cow<str> {
    match value {
        Cow::Borrowed(raw) if raw.contains('&') => quick_xml::escape::unescape(raw).map_or(Cow::Borrowed(raw), |text| Cow::Owned(text.into_owned())),
        value => value,
    }
}
