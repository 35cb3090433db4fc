//! The boxes of comments, in the drawing format that Excel keeps for them.

use super::failed;
use super::geometry::Geometry;
use super::place::{Spot, comment_size};
use super::xml::{Edits, Element, Outline};
use crate::canon::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const NAMESPACES: [(&str, &str); 3] =
    [("v", "urn:schemas-microsoft-com:vml"), ("o", "urn:schemas-microsoft-com:office:office"), ("x", "urn:schemas-microsoft-com:office:excel")];
/// Shapes of one block of numbers.
const BLOCK: usize = 1024;

/// A comment that needs a box.
pub struct Note {
    spot: Spot,
    size: (u32, u32),
    /// Whether the cell had a comment before: then it has a box, which must grow.
    had_comment: bool,
}

impl Note {
    pub fn new(spot: Spot, text: &str, had_comment: bool) -> Self {
        Self { spot, size: comment_size(text), had_comment }
    }
}

/// A drawing of its own.
pub fn create(notes: &[Note], geometry: &Geometry, sheet_number: usize) -> Result<String> {
    let blocks: Vec<String> = (0..=notes.len() / (BLOCK - 1)).map(|more| (sheet_number + more).to_string()).collect();
    let declarations: String = NAMESPACES.iter().map(|(prefix, namespace)| format!(" xmlns:{prefix}=\"{namespace}\"")).collect();
    let empty =
        format!("<xml{declarations}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{}\"/></o:shapelayout></xml>", blocks.join(","));
    extend(&empty, notes, geometry, sheet_number)
}

/// Boxes added to a drawing that is there. Old drawings needn't be well-formed: then boxes are only put at its end.
pub fn extend(text: &str, notes: &[Note], geometry: &Geometry, sheet_number: usize) -> Result<String> {
    let end = text.trim_end().rfind("</").ok_or_else(|| failed("a drawing of comments does not end"))?;
    let opening = text.find("<xml").and_then(|at| text[at..].split('>').next()).unwrap_or_default();
    let has_all = NAMESPACES.iter().all(|(prefix, namespace)| opening.contains(&format!("xmlns:{prefix}=\"{namespace}\"")));
    let declarations: String =
        if has_all { String::new() } else { NAMESPACES.iter().map(|(prefix, namespace)| format!(" xmlns:{prefix}=\"{namespace}\"")).collect() };
    let boxes = boxes(text).ok();
    let mut number = last_number(text).unwrap_or(sheet_number * BLOCK) + 1;
    let mut edits = Edits::default();
    let mut shapes = String::new();
    if !text.contains("\"_x0000_t202\"") {
        let _ = write!(
            shapes,
            "<v:shapetype{declarations} id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
             <v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"
        );
    }
    for note in notes {
        match boxes.as_ref().map(|boxes| boxes.get(&note.spot)) {
            Some(Some(known)) => enlarge(text, known, note, geometry, &mut edits),
            None if note.had_comment => {}
            _ => {
                shapes.push_str(&shape(number, note, geometry, &declarations));
                number += 1;
            }
        }
    }
    edits.insert(end, shapes);
    edits.apply(text)
}

/// The drawing without the boxes of some cells; one that is not well-formed stays as it is.
pub fn without(text: &str, gone: &BTreeSet<Spot>) -> Result<String> {
    let Ok(outline) = Outline::read(text) else { return Ok(text.to_owned()) };
    let mut edits = Edits::default();
    for shape in outline.children.iter().filter(|child| child.local(text) == "shape") {
        if notes_of(text, shape)?.iter().any(|(spot, _)| gone.contains(spot)) {
            edits.replace(shape.range(), "");
        }
    }
    edits.apply(text)
}

fn shape(number: usize, note: &Note, geometry: &Geometry, declarations: &str) -> String {
    let anchor = geometry.anchor(note.spot, note.size).map(|number| number.to_string()).join(", ");
    let (width, height) = note.size;
    format!(
        "<v:shape{declarations} id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:59.25pt;margin-top:1.5pt;\
         width:{width}px;height:{height}px;z-index:{number};visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\">\
         <v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
         <v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox>\
         <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>\
         <x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>",
        note.spot.row, note.spot.column
    )
}

/// A box that is there: what tells its cell, and its anchor if it has one.
struct Known {
    data: Element,
    anchor: Option<Element>,
}

/// The boxes there are, by cell.
fn boxes(text: &str) -> Result<BTreeMap<Spot, Known>> {
    let mut found = BTreeMap::new();
    for shape in Outline::read(text)?.children.iter().filter(|child| child.local(text) == "shape") {
        found.extend(notes_of(text, shape)?);
    }
    Ok(found)
}

/// The cells whose comments a shape shows: one, as a rule.
fn notes_of(text: &str, shape: &Element) -> Result<Vec<(Spot, Known)>> {
    let mut found = Vec::new();
    for data in Outline::within(text, shape.range())?.children {
        if data.local(text) != "ClientData" || data.tag(text).get("ObjectType").as_deref() != Some("Note") {
            continue;
        }
        let values = Outline::within(text, data.range())?;
        let inner = |name: &str| values.find(text, name).map(|value| text[value.open_end..value.close_start].trim());
        let (row, column) = (inner("Row").and_then(|row| row.parse().ok()), inner("Column").and_then(|column| column.parse().ok()));
        if let (Some(row), Some(column)) = (row, column) {
            found.push((Spot { row, column }, Known { data, anchor: values.find(text, "Anchor").cloned() }));
        }
    }
    Ok(found)
}

/// Makes room below what a box showed so far.
fn enlarge(text: &str, known: &Known, note: &Note, geometry: &Geometry, edits: &mut Edits) {
    let Some(anchor) = &known.anchor else {
        // Without an anchor the usual size was shown.
        let (width, height) = note.size;
        let prefix = known.data.tag(text).prefix();
        let new = geometry.anchor(note.spot, (width.max(144), height + 79)).map(|number| number.to_string()).join(", ");
        return edits.insert(known.data.open_end, format!("<{prefix}Anchor>{new}</{prefix}Anchor>"));
    };
    let numbers: Vec<u32> = text[anchor.open_end..anchor.close_start].split(',').filter_map(|number| number.trim().parse().ok()).collect();
    let Ok([column, left, row, top, last_column, right, last_row, bottom]) = <[u32; 8]>::try_from(numbers) else { return };
    let height = geometry.between(row, last_row).saturating_add(bottom).saturating_add(note.size.1);
    let (last_row, bottom) = geometry.down(row, height.min(4_000));
    let new = [column, left, row, top, last_column, right, last_row, bottom].map(|number| number.to_string()).join(", ");
    edits.replace(anchor.open_end..anchor.close_start, new);
}

/// The highest number that a shape has.
fn last_number(text: &str) -> Option<usize> {
    let numbers = text.split("_x0000_s").skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    numbers.filter_map(|digits| digits.parse::<usize>().ok()).filter(|number| *number < 1 << 30).max()
}
