//! Formats of a workbook: a marked cell's own with another fill, and those of the sheet of findings. Only appended to.

use super::failed;
use super::xml::{Edits, Element, Outline, prefixed};
use crate::canon::Result;
use crate::domain::Severity;
use std::collections::{BTreeMap, BTreeSet};

/// Excel's own limit is 65 490.
const MAX_FORMATS: usize = 64_000;
const ORDER: [&str; 11] =
    ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst"];
const EMPTY_BORDER: &str = "<border><left/><right/><top/><bottom/><diagonal/></border>";
const THIN_BORDER: &str = "<border><left style=\"thin\"><color auto=\"1\"/></left><right style=\"thin\"><color auto=\"1\"/></right>\
    <top style=\"thin\"><color auto=\"1\"/></top><bottom style=\"thin\"><color auto=\"1\"/></bottom><diagonal/></border>";

/// Light enough to be read through, on paper too.
pub fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::MustMend => "FFC7CE",
        Severity::ShouldExplain => "FFEB9C",
        Severity::Information => "DDEBF7",
    }
}

/// One of the lists that are appended to.
struct List {
    name: &'static str,
    place: Option<Element>,
    known: usize,
    new: Vec<String>,
    prefix: String,
}

impl List {
    fn read(text: &str, outline: &Outline, name: &'static str, defaults: &[&str]) -> Result<(Self, Vec<Element>)> {
        let place = outline.find(text, name).cloned();
        let items = match &place {
            Some(place) => Outline::within(text, place.range())?.children,
            None => Vec::new(),
        };
        let prefix = outline.root.tag(text).prefix().to_owned();
        let mut list = Self { name, place, known: items.len(), new: Vec::new(), prefix };
        // What every workbook counts on stands first, even where the list was missing or short.
        list.new.extend(defaults.iter().skip(list.known).map(|default| prefixed(default, &list.prefix)));
        Ok((list, items))
    }

    fn add(&mut self, item: &str) -> usize {
        self.add_raw(prefixed(item, &self.prefix))
    }

    /// Adds what is written in the part's own words already.
    fn add_raw(&mut self, item: String) -> usize {
        self.new.push(item);
        self.known + self.new.len() - 1
    }

    fn write(&self, text: &str, outline: &Outline, edits: &mut Edits) -> Result<()> {
        let count = (self.known + self.new.len()).to_string();
        let (items, prefix) = (self.new.concat(), &self.prefix);
        let Some(place) = &self.place else {
            let earlier = ORDER.iter().position(|name| *name == self.name).unwrap_or_default();
            let opening = format!("<{prefix}{} count=\"{count}\">", self.name);
            edits.insert(outline.behind(text, &ORDER[..earlier]), format!("{opening}{items}</{prefix}{}>", self.name));
            return Ok(());
        };
        edits.grow(text, place, &[("count", Some(count))], &items)
    }
}

/// Numbers of the formats that the sheet of findings uses.
pub struct FindingsFormats {
    pub title: usize,
    pub head: usize,
    pub body: usize,
    pub link: usize,
    severities: [usize; 3],
}

impl FindingsFormats {
    pub fn of(&self, severity: Severity) -> usize {
        self.severities[index(severity)]
    }
}

pub struct Styles {
    text: String,
    outline: Outline,
    fonts: List,
    fills: List,
    borders: List,
    formats: List,
    /// The formats there are, as written.
    known: Vec<Element>,
    parent: &'static str,
    fill_ids: [usize; 3],
    marked: BTreeMap<(usize, usize), usize>,
    /// The fills there are that have our colours.
    ours: BTreeSet<usize>,
    /// The formats there are, by all they say but their fill; made when first asked for.
    alike: Option<BTreeMap<String, Vec<usize>>>,
    unmarked: BTreeMap<(usize, Option<usize>), usize>,
}

fn index(severity: Severity) -> usize {
    match severity {
        Severity::MustMend => 0,
        Severity::ShouldExplain => 1,
        Severity::Information => 2,
    }
}

impl Styles {
    /// Reads `styles.xml`; the smallest one when the workbook has none.
    pub fn read(text: Option<String>, namespace: &str) -> Result<Self> {
        let smallest = || format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"{namespace}\"></styleSheet>");
        let mut text = text.unwrap_or_else(smallest);
        let mut outline = Outline::read(&text)?;
        if outline.root.is_empty() {
            text = smallest();
            outline = Outline::read(&text)?;
        }
        // An xf names its parent only where there are parents.
        let parent = if outline.find(&text, "cellStyleXfs").is_some() { " xfId=\"0\"" } else { "" };
        let default = format!("<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"{parent}/>");
        let (fonts, _) = List::read(&text, &outline, "fonts", &["<font><sz val=\"11\"/><name val=\"宋体\"/></font>"])?;
        // The first two fills are Excel's, whatever a file says of them.
        let reserved = ["<fill><patternFill patternType=\"none\"/></fill>", "<fill><patternFill patternType=\"gray125\"/></fill>"];
        let (mut fills, known_fills) = List::read(&text, &outline, "fills", &reserved)?;
        let (borders, _) = List::read(&text, &outline, "borders", &[EMPTY_BORDER])?;
        let (formats, known) = List::read(&text, &outline, "cellXfs", &[&default])?;
        let ours = known_fills.iter().enumerate().filter(|(_, fill)| is_our_fill(&text[fill.range()])).map(|(at, _)| at).collect();
        let fill_ids = [Severity::MustMend, Severity::ShouldExplain, Severity::Information].map(|severity| fills.add(&fill(colour(severity))));
        Ok(Self {
            text,
            outline,
            fonts,
            fills,
            borders,
            formats,
            known,
            parent,
            fill_ids,
            marked: BTreeMap::new(),
            ours,
            alike: None,
            unmarked: BTreeMap::new(),
        })
    }

    /// The number of a format that is `style` but for its fill.
    pub fn marked(&mut self, style: usize, severity: Severity) -> Result<usize> {
        let severity = index(severity);
        if let Some(number) = self.marked.get(&(style, severity)) {
            return Ok(*number);
        }
        if self.known.len() + self.formats.new.len() >= MAX_FORMATS {
            return Err(failed("too many cell formats"));
        }
        let fill = [("fillId", Some(self.fill_ids[severity].to_string())), ("applyFill", Some("1".to_owned()))];
        let source = match self.known.get(style).or(self.known.first()) {
            Some(element) => self.text[element.range()].to_owned(),
            // Without a list of formats the first of ours is everybody's.
            None => self.formats.new.first().cloned().unwrap_or_default(),
        };
        let copy = Outline::read(&source)?.root;
        let mut edits = Edits::default();
        edits.set(&source, &copy, &fill)?;
        let number = self.formats.add_raw(edits.apply(&source)?);
        self.marked.insert((style, severity), number);
        Ok(number)
    }

    pub fn has_marks(&self) -> bool {
        !self.ours.is_empty()
    }

    /// The format that a cell with a fill of ours may have had before: one that is alike but for the fill, best that of
    /// the cell above, else the one without a fill. None where the format has no fill of ours.
    pub fn unmarked(&mut self, style: usize, above: Option<usize>) -> Result<Option<usize>> {
        let fill = |styles: &Self, style: usize| {
            let number = styles.known.get(style).and_then(|xf| xf.tag(&styles.text).number("fillId"));
            number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
        };
        if !self.ours.contains(&fill(self, style)) {
            return Ok(None);
        }
        if let Some(known) = self.unmarked.get(&(style, above)) {
            return Ok(Some(*known));
        }
        if self.alike.is_none() {
            let mut alike = BTreeMap::<String, Vec<usize>>::new();
            for (at, xf) in self.known.iter().enumerate() {
                alike.entry(but_its_fill(&self.text, xf)).or_default().push(at);
            }
            self.alike = Some(alike);
        }
        let key = self.known.get(style).map(|xf| but_its_fill(&self.text, xf)).unwrap_or_default();
        let alike = self.alike.as_ref().and_then(|alike| alike.get(&key)).map(Vec::as_slice).unwrap_or_default();
        let mut others = alike.iter().copied().filter(|other| !self.ours.contains(&fill(self, *other)));
        let above_is_alike = above.filter(|above| others.clone().any(|other| other == *above));
        let plain = above_is_alike.or_else(|| others.clone().find(|other| fill(self, *other) == 0)).or_else(|| others.next());
        let number = match plain {
            Some(plain) => plain,
            None => {
                let source = self.known.get(style).map(|xf| self.text[xf.range()].to_owned()).unwrap_or_default();
                let copy = Outline::read(&source)?.root;
                let mut edits = Edits::default();
                edits.set(&source, &copy, &[("fillId", Some("0".to_owned())), ("applyFill", None)])?;
                self.formats.add_raw(edits.apply(&source)?)
            }
        };
        self.unmarked.insert((style, above), number);
        Ok(Some(number))
    }

    /// The formats of the sheet of findings.
    pub fn for_findings(&mut self) -> FindingsFormats {
        let mut font = |kind: &str, size: u32, rgb: &str| {
            self.fonts.add(&format!("<font>{kind}<sz val=\"{size}\"/><color rgb=\"FF{rgb}\"/><name val=\"宋体\"/><charset val=\"134\"/></font>"))
        };
        let plain = font("", 11, "000000");
        let bold = font("<b/>", 11, "000000");
        let title = font("<b/>", 16, "000000");
        let link = font("<u/>", 11, "0563C1");
        let thin = self.borders.add(THIN_BORDER);
        let grey = self.fills.add(&fill("E7E6E6"));
        let parent = self.parent;
        let mut format = |font: usize, fill: usize, border: usize, align: &str| {
            self.formats.add(&format!(
                "<xf numFmtId=\"49\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\"{parent} applyNumberFormat=\"1\" applyFont=\"1\" \
                 applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment horizontal=\"{align}\" vertical=\"center\" wrapText=\"1\"/></xf>"
            ))
        };
        FindingsFormats {
            title: format(title, 0, 0, "center"),
            head: format(bold, grey, thin, "center"),
            body: format(plain, 0, thin, "left"),
            link: format(link, 0, thin, "left"),
            severities: self.fill_ids.map(|fill| format(plain, fill, thin, "left")),
        }
    }

    pub fn write(self) -> Result<String> {
        let mut edits = Edits::default();
        for list in [&self.fonts, &self.fills, &self.borders, &self.formats] {
            list.write(&self.text, &self.outline, &mut edits)?;
        }
        edits.apply(&self.text)
    }
}

/// Whether a fill has one of our colours, whoever wrote it anew.
fn is_our_fill(fill: &str) -> bool {
    let front = fill.split("fgColor").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default().to_ascii_uppercase();
    fill.contains("solid")
        && [Severity::MustMend, Severity::ShouldExplain, Severity::Information]
            .into_iter()
            .any(|severity| front.contains(&format!("\"FF{}\"", colour(severity))))
}

/// All that a format says but its fill; attributes in a fixed order.
fn but_its_fill(text: &str, xf: &Element) -> String {
    let mut attributes = xf.tag(text).attributes();
    attributes.retain(|(name, _)| name != "fillId" && name != "applyFill");
    attributes.sort();
    format!("{attributes:?}{}", &text[xf.open_end..xf.close_start])
}

fn fill(rgb: &str) -> String {
    format!("<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{rgb}\"/><bgColor indexed=\"64\"/></patternFill></fill>")
}
