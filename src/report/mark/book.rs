//! The workbook's own part: which sheets there are, and one more.

use super::failed;
use super::findings::quoted;
use super::package::{ContentTypes, Package, Relations};
use super::sheet::relation_attribute;
use super::xml::{Edits, Outline, attribute, escape, prefixed};
use crate::canon::Result;

const SHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const STYLES_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
/// What stands before the defined names, by the schema.
const BEFORE_NAMES: [&str; 9] =
    ["fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups", "externalReferences", "absPath"];

pub struct BookSheet {
    pub name: String,
    /// The part, for worksheets; charts and the like have none here.
    pub part: Option<String>,
}

pub struct Book {
    path: String,
    text: String,
    relations: Relations,
    pub sheets: Vec<BookSheet>,
    pub is_strict: bool,
}

impl Book {
    pub fn read(package: &mut Package) -> Result<Self> {
        let root = Relations::read(package, "", false)?;
        let path = root.find("officeDocument").map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target.clone());
        if !path.to_ascii_lowercase().ends_with(".xml") {
            return Err(failed(format!("{path} is not XML")));
        }
        let text = package.require(&path)?;
        let outline = Outline::read(&text)?;
        let is_strict = outline.root.tag(&text).attributes().iter().any(|(name, value)| name.starts_with("xmlns") && value.contains("purl.oclc.org"));
        let relations = Relations::read(package, &path, is_strict)?;
        let list = outline.find(&text, "sheets").ok_or_else(|| failed("the workbook lists no sheets"))?;
        let mut sheets = Vec::new();
        for sheet in Outline::within(&text, list.range())?.children {
            let tag = sheet.tag(&text);
            let relation = tag.relation_id().and_then(|id| relations.by_id(&id)).filter(|relation| relation.kind == "worksheet");
            sheets.push(BookSheet { name: tag.get("name").unwrap_or_default(), part: relation.map(|relation| relation.target.clone()) });
        }
        Ok(Self { path, text, relations, sheets, is_strict })
    }

    /// The namespace of sheets, styles and comments.
    pub fn namespace(&self) -> &'static str {
        if self.is_strict { "http://purl.oclc.org/ooxml/spreadsheetml/main" } else { "http://schemas.openxmlformats.org/spreadsheetml/2006/main" }
    }

    pub fn names(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    /// The part of the styles; a new one where the workbook has none.
    pub fn styles(&mut self, package: &Package, types: &mut ContentTypes) -> String {
        if let Some(relation) = self.relations.find("styles") {
            return relation.target.clone();
        }
        let part = package.free_name("xl/styles", ".xml");
        self.relations.add("styles", &part);
        types.add(&part, STYLES_TYPE);
        part
    }

    /// Where a worksheet stands among the sheets.
    pub fn position_of(&self, name: &str) -> Option<usize> {
        self.sheets.iter().position(|sheet| sheet.name == name && sheet.part.is_some())
    }

    /// Gives a worksheet another content, and its filter another region.
    pub fn replace_sheet(self, package: &mut Package, at: usize, part_text: String, filter: &str) -> Result<()> {
        let Some((name, part)) = self.sheets.get(at).and_then(|sheet| Some((&sheet.name, sheet.part.as_ref()?))) else { return Ok(()) };
        package.put(part, part_text);
        let outline = Outline::read(&self.text)?;
        let mut edits = Edits::default();
        if let Some(list) = outline.find(&self.text, "definedNames") {
            for known in Outline::within(&self.text, list.range())?.children {
                let tag = known.tag(&self.text);
                let is_here = tag.get("localSheetId").and_then(|number| number.parse().ok()) == Some(at);
                if is_here && tag.get("name").as_deref() == Some("_xlnm._FilterDatabase") && !known.is_empty() {
                    edits.replace(known.open_end..known.close_start, escape(&format!("{}!{filter}", quoted(name))));
                }
            }
        }
        package.put(&self.path, edits.apply(&self.text)?);
        self.relations.write(package)
    }

    /// Adds a worksheet as the last one, with what its printing and its filter need.
    pub fn add_sheet(mut self, package: &mut Package, types: &mut ContentTypes, name: &str, part_text: String, filter: &str) -> Result<()> {
        let part = package.free_name("xl/worksheets/sheet", ".xml");
        let id = self.relations.add("worksheet", &part);
        types.add(&part, SHEET_TYPE);
        package.put(&part, part_text);
        let outline = Outline::read(&self.text)?;
        let root = outline.root.tag(&self.text);
        let prefix = root.prefix();
        let list = outline.find(&self.text, "sheets").ok_or_else(|| failed("the workbook lists no sheets"))?;
        let known = Outline::within(&self.text, list.range())?.children;
        let number = known.iter().filter_map(|sheet| sheet.tag(&self.text).number("sheetId")).max().unwrap_or_default().saturating_add(1);
        let mut edits = Edits::default();
        let relation = relation_attribute(root, self.is_strict);
        let sheet = format!("<{prefix}sheet name=\"{}\" sheetId=\"{number}\" {relation}=\"{id}\"/>", attribute(name));
        edits.append(&self.text, list, &sheet);
        let (at, place) = (known.len(), escape(&quoted(name)));
        let names = prefixed(
            &format!(
                "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{at}\" hidden=\"1\">{place}!{filter}</definedName>\
                 <definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{at}\">{place}!$1:$2</definedName>"
            ),
            prefix,
        );
        match outline.find(&self.text, "definedNames") {
            Some(list) => edits.append(&self.text, list, &names),
            None => edits.insert(outline.behind(&self.text, &BEFORE_NAMES), format!("<{prefix}definedNames>{names}</{prefix}definedNames>")),
        }
        package.put(&self.path, edits.apply(&self.text)?);
        self.relations.write(package)
    }
}
