//! A sheet's comments: ours behind theirs, in the same part; below theirs where a cell has one already.

use super::failed;
use super::package::{ContentTypes, Package, Relations, VML_TYPE};
use super::place::{Remark, Spot};
use super::sheet::Sheet;
use super::vml::{self, Note};
use super::xml::{Edits, Element, Outline, escape, prefixed};
use crate::canon::Result;
use std::collections::{BTreeMap, BTreeSet};

pub const AUTHOR: &str = "明抽核验";
const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";

/// What a sheet's comments are written with.
pub struct Context<'c, 'a> {
    pub package: &'c mut Package<'a>,
    pub types: &'c mut ContentTypes,
    pub namespace: &'static str,
    pub is_strict: bool,
    /// Shapes are numbered by sheet.
    pub sheet_number: usize,
}

/// Writes the comments and their boxes; the sheet's own part is left to the caller.
pub fn write(context: &mut Context, path: &str, sheet: &mut Sheet, remarks: &BTreeMap<Spot, Remark>) -> Result<()> {
    let mut relations = Relations::read(context.package, path, context.is_strict)?;
    let known = match relations.find("comments").map(|relation| relation.target.clone()) {
        Some(part) => {
            let text = context.package.require(&part)?;
            let (text, known) = append(&text, remarks)?;
            context.package.put(&part, text);
            known
        }
        None => {
            let part = context.package.free_name("xl/comments", ".xml");
            relations.add("comments", &part);
            context.types.add(&part, COMMENTS_TYPE);
            let empty = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{}\"><authors/><commentList/></comments>",
                context.namespace
            );
            context.package.put(&part, append(&empty, remarks)?.0);
            BTreeSet::new()
        }
    };
    let notes: Vec<Note> = remarks.iter().map(|(spot, remark)| Note::new(*spot, &remark.text(), known.contains(spot))).collect();
    let drawing = sheet.legacy_drawing().and_then(|id| relations.by_id(&id)).map(|relation| relation.target.clone());
    match drawing {
        Some(part) => {
            let text = context.package.require(&part)?;
            context.package.put(&part, vml::extend(&text, &notes, &sheet.geometry, context.sheet_number)?);
        }
        None => {
            let part = context.package.free_name("xl/drawings/vmlDrawing", ".vml");
            let id = relations.add("vmlDrawing", &part);
            context.types.add(&part, VML_TYPE);
            sheet.set_legacy_drawing(&id, context.is_strict);
            context.package.put(&part, vml::create(&notes, &sheet.geometry, context.sheet_number)?);
        }
    }
    relations.write(context.package)
}

/// The part with ours added, and the cells that had a comment before.
fn append(text: &str, remarks: &BTreeMap<Spot, Remark>) -> Result<(String, BTreeSet<Spot>)> {
    let outline = Outline::read(text)?;
    if outline.root.is_empty() {
        return Err(failed("the comments are empty"));
    }
    let prefix = outline.root.tag(text).prefix();
    let mut edits = Edits::default();
    let author = author_id(text, &outline, prefix, &mut edits)?;
    let list = outline.find(text, "commentList").cloned();
    let mut known = BTreeSet::new();
    if let Some(list) = &list {
        for comment in Outline::within(text, list.range())?.children {
            let Some(spot) = comment.tag(text).get("ref").and_then(|name| Spot::parse(&name)) else { continue };
            if let Some(remark) = remarks.get(&spot).filter(|_| known.insert(spot)) {
                add_below(text, &comment, prefix, &remark.text(), &mut edits)?;
            }
        }
    }
    let mut new = String::new();
    for (spot, remark) in remarks.iter().filter(|(spot, _)| !known.contains(spot)) {
        let run = run(&remark.text());
        new.push_str(&format!("<comment ref=\"{}\" authorId=\"{author}\"><text>{run}</text></comment>", spot.name()));
    }
    match &list {
        Some(list) => edits.append(text, list, &prefixed(&new, prefix)),
        None => {
            let list = prefixed(&format!("<commentList>{new}</commentList>"), prefix);
            edits.insert(outline.behind(text, &["authors"]), list);
        }
    }
    Ok((edits.apply(text)?, known))
}

/// Our number among the authors; we are added where we aren't there yet.
fn author_id(text: &str, outline: &Outline, prefix: &str, edits: &mut Edits) -> Result<usize> {
    let ours = prefixed(&format!("<author>{AUTHOR}</author>"), prefix);
    let Some(authors) = outline.find(text, "authors") else {
        edits.insert(outline.root.open_end, format!("<{prefix}authors>{ours}</{prefix}authors>"));
        return Ok(0);
    };
    let known = Outline::within(text, authors.range())?.children;
    if let Some(at) = known.iter().position(|author| &text[author.open_end..author.close_start] == AUTHOR) {
        return Ok(at);
    }
    edits.append(text, authors, &ours);
    Ok(known.len())
}

fn run(text: &str) -> String {
    format!(
        "<r><rPr><sz val=\"9\"/><color indexed=\"81\"/><rFont val=\"宋体\"/><charset val=\"134\"/></rPr><t xml:space=\"preserve\">{}</t></r>",
        escape(text)
    )
}

/// Our words below theirs, under our name.
fn add_below(text: &str, comment: &Element, prefix: &str, remark: &str, edits: &mut Edits) -> Result<()> {
    let ours = format!("\n{AUTHOR}：\n{remark}");
    let inside = Outline::within(text, comment.range())?;
    let Some(body) = inside.find(text, "text") else {
        edits.append(text, comment, &prefixed(&format!("<text>{}</text>", run(&ours)), prefix));
        return Ok(());
    };
    let parts = Outline::within(text, body.range())?;
    // Runs follow each other; a plain text is made one, for a text and runs side by side confuse some readers.
    if let Some(last) = parts.children.iter().rev().find(|part| part.local(text) == "r") {
        edits.insert(last.end, prefixed(&run(&ours), prefix));
    } else if let Some(plain) = parts.find(text, "t") {
        edits.insert(plain.start, format!("<{prefix}r>"));
        edits.insert(plain.end, format!("</{prefix}r>{}", prefixed(&run(&ours), prefix)));
    } else if body.is_empty() {
        edits.append(text, body, &prefixed(&run(&ours), prefix));
    } else {
        edits.insert(body.open_end, prefixed(&run(&ours), prefix));
    }
    Ok(())
}
