//! What we put into a workbook last time taken out again, before it is marked anew: what was mended bears no mark.
//!
//! Excel, WPS and LibreOffice write a workbook anew when they save it: numbers of formats change and parts they don't
//! know are lost. So ours are known by what lasts: comments by their author or the code they begin with, fills by their
//! colour. Fills are looked at only in a workbook that has a comment or a sheet of ours, for Excel's own styles 差 and 适中
//! have two of our colours.

use super::book::Book;
use super::comments::AUTHOR;
use super::package::{Package, Relations};
use super::place::Spot;
use super::sheet::Sheet;
use super::styles::Styles;
use super::vml;
use super::xml::{Edits, Element, Outline};
use crate::canon::Result;
use std::collections::BTreeSet;

/// Takes out comments, boxes and fills of ours. `is_ours` where a sheet of ours was found already.
pub fn clean(package: &mut Package, book: &Book, styles: &mut Styles, is_ours: bool) -> Result<()> {
    let mut is_ours = is_ours;
    for part in book.sheets.iter().filter_map(|sheet| sheet.part.as_ref()) {
        is_ours |= clean_comments(package, part, book.is_strict)?;
    }
    if !is_ours || !styles.has_marks() {
        return Ok(());
    }
    for part in book.sheets.iter().filter_map(|sheet| sheet.part.as_ref()) {
        let mut sheet = Sheet::read(package.require(part)?)?;
        if sheet.unmark(styles)? {
            let text = sheet.write()?;
            package.put(part, text);
        }
    }
    Ok(())
}

/// Answers whether there was any of ours.
fn clean_comments(package: &mut Package, path: &str, is_strict: bool) -> Result<bool> {
    let relations = Relations::read(package, path, is_strict)?;
    let Some(part) = relations.find("comments").map(|relation| relation.target.clone()) else { return Ok(false) };
    let Some((text, gone)) = without_ours(&package.require(&part)?)? else { return Ok(false) };
    package.put(&part, text);
    if let Some(part) = relations.find("vmlDrawing").map(|relation| relation.target.clone())
        && let Some(text) = package.read(&part)?
    {
        package.put(&part, vml::without(&text, &gone)?);
    }
    Ok(true)
}

/// The comments without ours, and the cells that have none any more; none where there are none of ours.
fn without_ours(text: &str) -> Result<Option<(String, BTreeSet<Spot>)>> {
    let outline = Outline::read(text)?;
    let Some(list) = outline.find(text, "commentList") else { return Ok(None) };
    let authors = outline.find(text, "authors").map(|authors| Outline::within(text, authors.range())).transpose()?;
    let is_us = |author: &Element| text[author.open_end..author.close_start].trim() == AUTHOR;
    let us = authors.and_then(|authors| authors.children.iter().position(is_us));
    let (mut edits, mut gone, mut is_any) = (Edits::default(), BTreeSet::new(), false);
    for comment in Outline::within(text, list.range())?.children {
        let tag = comment.tag(text);
        let is_ours = us.is_some() && tag.number("authorId").and_then(|number| usize::try_from(number).ok()) == us;
        if is_ours || begins_with_code(&words(text, &comment)?) {
            is_any = true;
            gone.extend(tag.get("ref").and_then(|name| Spot::parse(&name)));
            edits.replace(comment.range(), "");
        } else {
            is_any |= cut_below(text, &comment, &mut edits)?;
        }
    }
    Ok(if is_any { Some((edits.apply(text)?, gone)) } else { None })
}

/// The texts of a comment, in their order.
fn texts(text: &str, comment: &Element) -> Result<Vec<(Element, Element)>> {
    let mut found = Vec::new();
    let inside = Outline::within(text, comment.range())?;
    let Some(body) = inside.find(text, "text") else { return Ok(found) };
    for part in Outline::within(text, body.range())?.children {
        let own = match part.local(text) {
            "t" => Some(part.clone()),
            "r" => Outline::within(text, part.range())?.find(text, "t").cloned(),
            _ => None,
        };
        found.extend(own.map(|own| (part, own)));
    }
    Ok(found)
}

fn words(text: &str, comment: &Element) -> Result<String> {
    Ok(texts(text, comment)?.iter().map(|(_, own)| &text[own.open_end..own.close_start]).collect())
}

/// `[L1100] 须改正：…`, as every comment of ours begins; an author is lost where a program keeps none.
fn begins_with_code(words: &str) -> bool {
    let code = words.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(code, _)| code);
    code.is_some_and(|code| code.len() == 5 && code.starts_with(|c: char| c.is_ascii_uppercase()) && code[1..].bytes().all(|b| b.is_ascii_digit()))
}

/// Takes away what we wrote below somebody's own comment.
fn cut_below(text: &str, comment: &Element, edits: &mut Edits) -> Result<bool> {
    let opening = format!("{AUTHOR}：");
    let mut is_cut = false;
    for (part, own) in texts(text, comment)? {
        let inner = &text[own.open_end..own.close_start];
        if is_cut {
            edits.replace(part.range(), "");
            continue;
        }
        let Some(before) = inner.split_once(&opening).map(|(before, _)| before) else { continue };
        if !(before.is_empty() || before.ends_with(['\n', ';'])) {
            continue;
        }
        is_cut = true;
        let kept = before.trim_end().trim_end_matches("&#10;").trim_end_matches("&#xA;").trim_end();
        if kept.is_empty() {
            edits.replace(part.range(), "");
        } else {
            edits.replace(own.open_end + kept.len()..own.close_start, "");
        }
    }
    Ok(is_cut)
}
