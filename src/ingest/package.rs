//! The parts of an Office package, and their XML as events: what every reader of such a file needs. Source: ECMA-376, part 2.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use zip::ZipArchive;

pub type Result<T> = std::result::Result<T, &'static str>;
pub const DAMAGED: &str = "D1004";

/// The parts of a package.
pub struct Package<'a> {
    pub zip: ZipArchive<Cursor<&'a [u8]>>,
    /// What all parts together may still unpack to.
    pub room: u64,
}

impl Package<'_> {
    pub fn part(&mut self, name: &str) -> Result<Option<String>> {
        let name = name.trim_start_matches('/');
        let index = self.zip.index_for_name(name).or_else(|| {
            // Some writers differ in case or in the direction of slashes.
            let names: Vec<String> = self.zip.file_names().filter_map(|name| name.ok().map(Cow::into_owned)).collect();
            let found = names.iter().find(|known| known.replace('\\', "/").eq_ignore_ascii_case(name))?;
            self.zip.index_for_name(found)
        });
        let Some(index) = index else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| if error.to_string().contains("assword") { "D1003" } else { DAMAGED })?;
        let mut bytes = Vec::with_capacity(usize::try_from(file.size().min(self.room)).unwrap_or(0));
        file.take(self.room + 1).read_to_end(&mut bytes).map_err(|_| DAMAGED)?;
        self.room = self.room.checked_sub(bytes.len() as u64).ok_or("D1002")?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            // UTF-16 is legal XML; anything else is damage.
            Err(error) => {
                let bytes = error.into_bytes();
                let (encoding, _) = encoding_rs::Encoding::for_bom(&bytes).ok_or(DAMAGED)?;
                let (text, _, had_errors) = encoding.decode(&bytes);
                if had_errors {
                    return Err(DAMAGED);
                }
                text.into_owned()
            }
        };
        Ok(Some(text))
    }

    /// The relations of a part: id, type and the part meant.
    pub fn relations(&mut self, part: &str) -> Result<Vec<(String, String, String)>> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let Some(text) = self.part(&format!("{folder}/_rels/{name}.rels"))? else { return Ok(Vec::new()) };
        let mut relations = Vec::new();
        each(&text, |event| {
            if let Event::Start(e) | Event::Empty(e) = event
                && e.local_name().as_ref() == "Relationship"
            {
                let get = |name| attribute(e, name).unwrap_or_default().into_owned();
                relations.push((get("Id"), get("Type"), resolve(folder, &get("Target"))));
            }
            Ok(true)
        })?;
        Ok(relations)
    }
}

/// A relation's target as a part's name.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => _ = path.pop(),
            "." | "" => {}
            part => path.push(part),
        }
    }
    path.join("/")
}

/// Calls back for each event until the end, an error or `false`.
pub fn each<'a>(text: &'a str, mut take: impl FnMut(&Event<'a>) -> Result<bool>) -> Result<()> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        match reader.read_event().map_err(|_| DAMAGED)? {
            Event::Eof => return Ok(()),
            event => {
                if !take(&event)? {
                    return Ok(());
                }
            }
        }
    }
}

/// An attribute by its name without a prefix.
pub fn attribute<'a>(element: &'a BytesStart, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(match found.value {
        Cow::Borrowed(raw) if raw.contains('&') => quick_xml::escape::unescape(raw).map_or(Cow::Borrowed(raw), |text| Cow::Owned(text.into_owned())),
        value => value,
    })
}

pub fn is_on(element: &BytesStart, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| !matches!(value.as_ref(), "0" | "false" | "none"))
}

/// Whether an element such as `<strike/>` or `<strike val="0"/>` switches something on.
pub fn switches_on(element: &BytesStart) -> bool {
    attribute(element, "val").is_none_or(|value| !matches!(value.as_ref(), "0" | "false"))
}

/// Text between tags: `&amp;`, `&#38;` and Excel's own `_x000D_`.
pub fn push_text(into: &mut String, event: &Event) {
    match event {
        Event::Text(text) => into.push_str(text),
        Event::CData(text) => into.push_str(text),
        Event::GeneralRef(name) => match name.as_ref() {
            "amp" => into.push('&'),
            "lt" => into.push('<'),
            "gt" => into.push('>'),
            "quot" => into.push('"'),
            "apos" => into.push('\''),
            _ => into.extend(name.resolve_char_ref().ok().flatten()),
        },
        _ => {}
    }
}

pub fn unescape_excel(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        let read = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        out.push_str(&rest[..at]);
        match read {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}
