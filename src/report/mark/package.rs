//! A workbook's package: parts read and replaced by name, relationships, content types. All other entries are copied raw.

use super::failed;
use super::xml::{Edits, Outline, attribute, prefixed};
use crate::canon::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// What all parts of a package may unpack to; the reader of workbooks has the same bound.
const MAX_UNPACKED: u64 = 256 << 20;
const MAX_ENTRIES: usize = 65_535;

pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Part names as compared → entry.
    entries: BTreeMap<String, usize>,
    changed: BTreeMap<usize, String>,
    added: Vec<(String, String)>,
    /// What may still be unpacked: an entry can be larger than it says.
    budget: u64,
}

/// Part names differ neither by case nor by a slash in front; some writers use backslashes.
fn key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(failed)?;
        if archive.len() > MAX_ENTRIES {
            return Err(failed("too many parts"));
        }
        let (mut entries, mut unpacked) = (BTreeMap::new(), 0_u64);
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(failed)?;
            if entry.encrypted() {
                return Err(failed("a part is encrypted"));
            }
            unpacked = unpacked.saturating_add(entry.size());
            // An entry whose name can't be read is copied, but never looked for.
            if let Ok(name) = entry.name() {
                entries.entry(key(&name)).or_insert(index);
            }
        }
        if unpacked > MAX_UNPACKED {
            return Err(failed("the parts unpack to more than 256 MiB"));
        }
        Ok(Self { archive, entries, changed: BTreeMap::new(), added: Vec::new(), budget: MAX_UNPACKED })
    }

    /// A part's text as it stands now; `None` when there is no such part.
    pub fn read(&mut self, name: &str) -> Result<Option<String>> {
        let Some(&index) = self.entries.get(&key(name)) else {
            return Ok(self.added.iter().find(|(known, _)| key(known) == key(name)).map(|(_, text)| text.clone()));
        };
        if let Some(text) = self.changed.get(&index) {
            return Ok(Some(text.clone()));
        }
        let entry = self.archive.by_index(index).map_err(failed)?;
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size().min(16 << 20)).unwrap_or_default());
        entry.take(self.budget + 1).read_to_end(&mut bytes).map_err(failed)?;
        self.budget = self.budget.checked_sub(bytes.len() as u64).ok_or_else(|| failed("the parts unpack to more than 256 MiB"))?;
        decode(bytes, name).map(Some)
    }

    pub fn require(&mut self, name: &str) -> Result<String> {
        self.read(name)?.ok_or_else(|| failed(format!("{name} is missing")))
    }

    /// Replaces a part or adds one.
    pub fn put(&mut self, name: &str, text: String) {
        if let Some(&index) = self.entries.get(&key(name)) {
            self.changed.insert(index, text);
        } else if let Some((_, known)) = self.added.iter_mut().find(|(known, _)| key(known) == key(name)) {
            *known = text;
        } else {
            self.added.push((name.to_owned(), text));
        }
    }

    /// A name that no part has: `xl/comments` and `.xml` give `xl/comments3.xml`.
    pub fn free_name(&self, stem: &str, ending: &str) -> String {
        let is_taken = |name: &str| self.entries.contains_key(&key(name)) || self.added.iter().any(|(known, _)| key(known) == key(name));
        let mut number = 1_u32;
        loop {
            let name = format!("{stem}{number}{ending}");
            if !is_taken(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// The new package: entries in their order, untouched ones raw, new ones at the end. Our entries have a fixed time.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
        let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(1 << 16)));
        writer.set_raw_comment(self.archive.comment().into()).map_err(failed)?;
        for index in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(index).map_err(failed)?;
            match self.changed.get(&index) {
                None => writer.raw_copy_file(entry).map_err(failed)?,
                Some(text) => {
                    writer.start_file(entry.name().map_err(failed)?, options).map_err(failed)?;
                    writer.write_all(text.as_bytes()).map_err(failed)?;
                }
            }
        }
        for (name, text) in &self.added {
            writer.start_file(name.as_str(), options).map_err(failed)?;
            writer.write_all(text.as_bytes()).map_err(failed)?;
        }
        Ok(writer.finish().map_err(failed)?.into_inner())
    }
}

/// Text of a part: UTF-8, with or without a mark at its beginning; other encodings are left to the copy.
fn decode(bytes: Vec<u8>, name: &str) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|_| failed(format!("{name} is not UTF-8")))?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let declaration = text.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()).unwrap_or_default().to_ascii_lowercase();
    if declaration.contains("encoding") && !declaration.contains("utf-8") && !declaration.contains("ascii") {
        return Err(failed(format!("{name} is not UTF-8")));
    }
    Ok(text)
}

/// One relationship; the target is a part's name unless it is outside.
pub struct Relation {
    pub id: String,
    /// The last word of its type: `worksheet`, `comments`.
    pub kind: String,
    pub target: String,
}

/// The relationships of one part.
pub struct Relations {
    path: String,
    text: String,
    pub items: Vec<Relation>,
    ids: BTreeSet<String>,
    new: String,
    base: &'static str,
}

const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// The namespace of relationships, by flavour of the package.
pub fn relationships_namespace(is_strict: bool) -> &'static str {
    if is_strict { STRICT } else { TRANSITIONAL }
}

impl Relations {
    /// `part` is empty for the package's own.
    pub fn read(package: &mut Package, part: &str, is_strict: bool) -> Result<Self> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let path = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let text = package.read(&path)?.unwrap_or_else(|| {
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>"
                .to_owned()
        });
        let outline = Outline::read(&text)?;
        let (mut items, mut ids) = (Vec::new(), BTreeSet::new());
        for child in &outline.children {
            let tag = child.tag(&text);
            let (Some(id), Some(kind), Some(target)) = (tag.get("Id"), tag.get("Type"), tag.get("Target")) else { continue };
            ids.insert(id.clone());
            if tag.get("TargetMode").as_deref() != Some("External") {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                items.push(Relation { id, kind, target: resolve(folder, &target) });
            }
        }
        Ok(Self { path, text, items, ids, new: String::new(), base: relationships_namespace(is_strict) })
    }

    pub fn find(&self, kind: &str) -> Option<&Relation> {
        self.items.iter().find(|item| item.kind == kind)
    }

    pub fn by_id(&self, id: &str) -> Option<&Relation> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Adds one to a part of the package and answers its id, unused before. Targets are written from the root.
    pub fn add(&mut self, kind: &str, target: &str) -> String {
        let free = (1..).map(|number: u32| format!("rId{number}")).find(|id| !self.ids.contains(id));
        let id = free.unwrap_or_default();
        self.ids.insert(id.clone());
        let _ = write!(self.new, "<Relationship Id=\"{id}\" Type=\"{}/{kind}\" Target=\"/{}\"/>", self.base, attribute(target));
        self.items.push(Relation { id: id.clone(), kind: kind.to_owned(), target: target.to_owned() });
        id
    }

    pub fn write(self, package: &mut Package) -> Result<()> {
        if !self.new.is_empty() {
            package.put(&self.path, with_children(&self.text, &self.new)?);
        }
        Ok(())
    }
}

/// A target as a part's name: `/xl/a.xml` from the root, `../a.xml` from the part's folder.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

/// A part with more children at the end of its root.
fn with_children(text: &str, children: &str) -> Result<String> {
    let root = Outline::read(text)?.root;
    let mut edits = Edits::default();
    edits.append(text, &root, &prefixed(children, root.tag(text).prefix()));
    edits.apply(text)
}

const TYPES: &str = "[Content_Types].xml";

/// Content types to be added.
#[derive(Default)]
pub struct ContentTypes(Vec<(String, &'static str)>);

impl ContentTypes {
    pub fn add(&mut self, part: &str, content_type: &'static str) {
        self.0.push((part.to_owned(), content_type));
    }

    pub fn write(self, package: &mut Package) -> Result<()> {
        let text = package.require(TYPES)?;
        let mut new = String::new();
        for (part, content_type) in &self.0 {
            let _ = write!(new, "<Override PartName=\"/{}\" ContentType=\"{content_type}\"/>", attribute(part));
        }
        // Excel looks for vml by its ending, too.
        let has_vml =
            Outline::read(&text)?.children.iter().any(|child| child.tag(&text).get("Extension").is_some_and(|e| e.eq_ignore_ascii_case("vml")));
        if !has_vml && self.0.iter().any(|(_, content_type)| *content_type == VML_TYPE) {
            new.insert_str(0, &format!("<Default Extension=\"vml\" ContentType=\"{VML_TYPE}\"/>"));
        }
        package.put(TYPES, with_children(&text, &new)?);
        Ok(())
    }
}

pub const VML_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
