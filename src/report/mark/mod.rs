//! A county's own workbook back: the cells concerned coloured and commented, and a sheet with all findings（核验意见）.
//!
//! Everything else stays as it was: the package's parts are patched, never written anew by a library that would drop
//! what it doesn't know. What can't be patched is refused, and `copy_workbook` writes a plain copy instead.

mod book;
mod clean;
mod comments;
mod copy;
mod findings;
mod geometry;
mod package;
mod place;
mod sheet;
mod styles;
mod vml;
mod xml;

pub use copy::copy_workbook;

use crate::canon::{Refusal, Result};
use crate::domain::Severity;
use book::Book;
use package::{ContentTypes, Package};
use std::collections::BTreeMap;
use std::fmt::Display;
use styles::Styles;

/// What is said about a cell, a row, or the whole file.
#[derive(Clone, Debug)]
pub struct Mark {
    pub sheet: Option<String>,
    /// Spreadsheet row, from 1; without a cell, its first filled one is meant.
    pub row: Option<u32>,
    /// Like `C7`.
    pub cell: Option<String>,
    pub severity: Severity,
    /// The comment: whole sentences.
    pub text: String,
}

/// The sheet of findings.
#[derive(Clone, Debug, Default)]
pub struct FindingsTable {
    /// The sheet's name, 核验意见; a number is added where it is taken.
    pub name: String,
    pub title: String,
    pub head: Vec<String>,
    pub rows: Vec<FindingsRow>,
    /// A sheet of last time's findings that the workbook still has: this one takes its place and its name.
    pub replaces: Option<String>,
}

/// One finding as texts; the text that names the cell becomes a link to it.
#[derive(Clone, Debug)]
pub struct FindingsRow {
    pub severity: Severity,
    pub cells: Vec<String>,
    pub sheet: Option<String>,
    pub cell: Option<String>,
}

/// A sheet of a file that isn't xlsx, as texts.
#[derive(Clone, Debug, Default)]
pub struct PlainSheet {
    pub name: String,
    pub rows: Vec<Vec<String>>,
    /// Merged regions from 0: first row, first column, last row, last column.
    pub merges: Vec<(usize, usize, usize, usize)>,
}

fn failed(reason: impl Display) -> Refusal {
    Refusal::new("mark_failed").with("reason", reason)
}

/// Marks an xlsx workbook; equal workbooks, marks and findings give equal bytes.
///
/// Refuses (`mark_failed`) packages that it doesn't understand: not xlsx, encrypted, parts not UTF-8 or not well-formed,
/// cells out of order, more than 256 MiB unpacked.
pub fn mark_workbook(original: &[u8], marks: &[Mark], findings: &FindingsTable) -> Result<Vec<u8>> {
    let mut package = Package::open(original)?;
    let mut types = ContentTypes::default();
    let mut book = Book::read(&mut package)?;
    let (namespace, is_strict) = (book.namespace(), book.is_strict);
    let styles_part = book.styles(&package, &mut types);
    let mut styles = Styles::read(package.read(&styles_part)?, namespace)?;
    clean::clean(&mut package, &book, &mut styles, findings.replaces.is_some())?;
    for (number, sheet) in (1..).zip(&book.sheets) {
        let here: Vec<&Mark> = marks.iter().filter(|mark| mark.sheet.as_ref() == Some(&sheet.name)).collect();
        let Some(part) = sheet.part.as_ref().filter(|_| !here.is_empty()) else { continue };
        let context = comments::Context { package: &mut package, types: &mut types, namespace, is_strict, sheet_number: number };
        mark_sheet(context, part, &here, &mut styles)?;
    }
    let names = book.names();
    let part = findings::part(findings, &styles.for_findings(), namespace, &names);
    package.put(&styles_part, styles.write()?);
    let filter = findings::filter(findings);
    match findings.replaces.as_ref().and_then(|name| book.position_of(name)) {
        Some(at) => book.replace_sheet(&mut package, at, part, &filter)?,
        None => book.add_sheet(&mut package, &mut types, &findings::free_name(&findings.name, &names), part, &filter)?,
    }
    types.write(&mut package)?;
    package.finish()
}

fn mark_sheet(mut context: comments::Context, part: &str, marks: &[&Mark], styles: &mut Styles) -> Result<()> {
    let mut sheet = sheet::Sheet::read(context.package.require(part)?)?;
    let remarks: BTreeMap<_, _> = sheet.remarks(marks.iter().copied())?;
    if remarks.is_empty() {
        return Ok(());
    }
    sheet.colour(&remarks, styles)?;
    comments::write(&mut context, part, &mut sheet, &remarks)?;
    let text = sheet.write()?;
    context.package.put(part, text);
    Ok(())
}
