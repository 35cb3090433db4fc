//! The county's own workbook back: marked where it should be, unchanged everywhere else. Workbooks of other programs
//! stand in tests/mark/ (made by `make.py` there).

use calamine::{Data, Reader, Xlsx};
use mingchou::domain::Severity;
use mingchou::report::mark::{FindingsRow, FindingsTable, Mark, PlainSheet, copy_workbook, mark_workbook};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

const FIXTURES: [(&str, &[u8]); 3] = [
    ("openpyxl", include_bytes!("mark/openpyxl.xlsx")),
    ("libreoffice", include_bytes!("mark/libreoffice.xlsx")),
    ("streamed", include_bytes!("mark/streamed.xlsx")),
];
const OTHER_SHEET: &str = "甲'乙 & <丙>";

pub fn mark(sheet: &str, cell: &str, severity: Severity, text: &str) -> Mark {
    Mark { sheet: Some(sheet.to_owned()), row: None, cell: Some(cell.to_owned()), severity, text: text.to_owned() }
}

fn marks() -> Vec<Mark> {
    use Severity::{Information, MustMend, ShouldExplain};
    vec![
        mark("台账", "C4", MustMend, "班期“第2期”与第 3 行重复。请删去一行，或写明不同的班期名称。"),
        mark("台账", "C4", Information, "另请核对 <&> \"引号\"。"),
        mark("台账", "E5", ShouldExplain, "培训人数 33 多于计划人数 30。请说明。"),
        mark("台账", "B5", MustMend, "机构名称与备案不符。请改正。"),
        mark("台账", "H7", Information, "备注为空。"),
        mark("台账", "J20", ShouldExplain, "表外的格子。"),
        Mark { row: Some(8), cell: None, ..mark("台账", "", ShouldExplain, "整行请核对。") },
        Mark { row: None, cell: None, ..mark("台账", "", MustMend, "只在核验意见中。") },
        mark(OTHER_SHEET, "A1", MustMend, "第二张表的格子。"),
        mark("没有这张表", "A1", MustMend, "不存在的表。"),
    ]
}

pub fn findings() -> FindingsTable {
    let row = |cells: [&str; 4], sheet: &str, cell: &str| FindingsRow {
        severity: Severity::MustMend,
        cells: cells.map(str::to_owned).to_vec(),
        sheet: Some(sheet.to_owned()),
        cell: Some(cell.to_owned()),
    };
    FindingsTable {
        name: "核验意见".to_owned(),
        title: "甲县 2026-W48 台账核验意见".to_owned(),
        head: ["序号", "位置", "类别", "意见"].map(str::to_owned).to_vec(),
        rows: vec![
            row(["1", "台账 C4", "须改正", "=HYPERLINK(\"http://example.org\")"], "台账", "C4"),
            row(["2", "B2", "请说明", "+86 请核对；_x000D_ 不是换行"], OTHER_SHEET, "B2"),
            row(["3", "", "提示", "@全表\n第二行"], "没有这张表", "A1"),
        ],
        replaces: None,
    }
}

fn marked(original: &[u8]) -> Vec<u8> {
    let bytes = mark_workbook(original, &marks(), &findings()).expect("markable");
    holds_together(&bytes);
    bytes
}

pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("whole");
        assert!(parts.insert(entry.name().expect("a name").into_owned(), content).is_none(), "a part stands twice");
    }
    parts
}

pub fn text<'p>(parts: &'p BTreeMap<String, Vec<u8>>, name: &str) -> &'p str {
    std::str::from_utf8(parts.get(name).unwrap_or_else(|| panic!("{name} in {:?}", parts.keys()))).expect("UTF-8")
}

/// Values of `name="…"` in a part.
fn values(text: &str, name: &str) -> Vec<String> {
    text.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
}

/// The opening tags of an element, any prefix.
fn tags<'t>(text: &'t str, local: &str) -> Vec<&'t str> {
    let is_it = |tag: &&str| tag.split([' ', '>', '/']).next().is_some_and(|name| name.rsplit(':').next() == Some(local));
    text.split('<').skip(1).filter(is_it).collect()
}

/// What Excel asks of a package: relations lead somewhere, ids are unique, every part has a type, counts are right, order is kept.
pub fn holds_together(bytes: &[u8]) {
    let parts = parts(bytes);
    let types = text(&parts, "[Content_Types].xml");
    let overrides = values(types, "PartName");
    assert_eq!(overrides.len(), overrides.iter().collect::<BTreeSet<_>>().len(), "one type per part");
    let endings = values(types, "Extension");
    for name in parts.keys().filter(|name| *name != "[Content_Types].xml" && !name.ends_with('/')) {
        let ending = name.rsplit('.').next().unwrap_or_default();
        assert!(overrides.contains(&format!("/{name}")) || endings.iter().any(|known| known == ending), "{name} has no type");
    }
    for (name, content) in &parts {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            well_formed(name, content);
        }
        if name.ends_with(".rels") {
            relations_lead_somewhere(&parts, name);
        }
        if name.contains("worksheets/") && name.ends_with(".xml") {
            order_is_kept(text(&parts, name));
        }
    }
    let book = text(&parts, "xl/workbook.xml");
    for list in [values(book, "sheetId"), values(book, "r:id")] {
        assert_eq!(list.len(), list.iter().collect::<BTreeSet<_>>().len(), "{list:?}");
    }
    if let Some(styles) = parts.keys().find(|name| name.contains("styles")) {
        counts_are_right(text(&parts, styles));
    }
}

fn well_formed(name: &str, content: &[u8]) {
    let mut reader = quick_xml::NsReader::from_reader(content);
    loop {
        match reader.read_resolved_event() {
            Ok((quick_xml::name::ResolveResult::Unknown(prefix), _)) => panic!("{name}: unknown prefix {prefix:?}"),
            Ok((_, quick_xml::events::Event::Eof)) => break,
            Ok(_) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

fn relations_lead_somewhere(parts: &BTreeMap<String, Vec<u8>>, name: &str) {
    let content = text(parts, name);
    let ids = values(content, "Id");
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}");
    let folder = name.split("_rels/").next().unwrap_or_default();
    for tag in tags(content, "Relationship").iter().filter(|tag| !tag.contains("External")) {
        let target = values(tag, "Target").remove(0);
        let path = match (target.strip_prefix('/'), target.strip_prefix("../")) {
            (Some(path), _) => path.to_owned(),
            (_, Some(path)) => format!("{}/{path}", folder.trim_end_matches('/').rsplit_once('/').map_or("", |(up, _)| up)),
            _ => format!("{folder}{target}"),
        };
        assert!(parts.contains_key(&path), "{name}: {target} → {path}");
    }
}

fn order_is_kept(sheet: &str) {
    const ORDER: [&str; 18] = [
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetFormatPr",
        "cols",
        "sheetData",
        "autoFilter",
        "mergeCells",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "drawing",
        "legacyDrawing",
        "tableParts",
    ];
    let places: Vec<usize> = sheet
        .split('<')
        .filter_map(|tag| ORDER.iter().position(|name| tag.split([' ', '>', '/']).next().is_some_and(|t| t.rsplit(':').next() == Some(*name))))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    let rows: Vec<u32> = tags(sheet, "row").iter().flat_map(|tag| values(&format!(" {tag}"), "r")).filter_map(|r| r.parse().ok()).collect();
    assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "{rows:?}");
}

fn counts_are_right(styles: &str) {
    for (list, item) in [("fonts", "font"), ("fills", "fill"), ("borders", "border"), ("cellXfs", "xf")] {
        let Some(tag) = tags(styles, list).first().copied() else { continue };
        let name = tag.split([' ', '>']).next().unwrap_or_default();
        let inside = styles.split(&format!("<{name}")).nth(1).and_then(|rest| rest.split(&format!("</{name}>")).next()).unwrap_or_default();
        assert_eq!(values(tag, "count"), [tags(inside, item).len().to_string()], "{list}");
    }
}

fn sheets(bytes: &[u8]) -> BTreeMap<String, BTreeMap<(u32, u32), Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("readable");
    let mut sheets = BTreeMap::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).expect("a sheet");
        let (row, column) = range.start().unwrap_or_default();
        let at = |r: usize, c: usize| (row + u32::try_from(r).expect("small"), column + u32::try_from(c).expect("small"));
        sheets.insert(name, range.used_cells().map(|(r, c, value)| (at(r, c), value.clone())).collect());
    }
    sheets
}

/// The format of a cell as attributes and children, and the fill's colour apart.
fn format_of(parts: &BTreeMap<String, Vec<u8>>, sheet: &str, cell: &str) -> (String, String) {
    let sheet = text(parts, sheet);
    let tag = tags(sheet, "c").into_iter().find(|tag| tag.contains(&format!("r=\"{cell}\""))).unwrap_or_else(|| panic!("no {cell}"));
    let number: usize = values(tag, "s").first().map_or(0, |s| s.parse().expect("a number"));
    let styles = text(parts, "xl/styles.xml");
    let formats = styles.split("<cellXfs").nth(1).and_then(|rest| rest.split("</cellXfs>").next()).expect("formats");
    let format = formats.split("<xf ").nth(number + 1).expect("that format");
    let fill: usize = values(&format!(" {format}"), "fillId").remove(0).parse().expect("a number");
    let fills = styles.split("<fills").nth(1).and_then(|rest| rest.split("</fills>").next()).expect("fills");
    let colour = values(fills.split("<fill>").nth(fill + 1).expect("that fill"), "rgb").first().cloned().unwrap_or_default();
    let is_fill = |word: &&str| !word.starts_with("fillId=") && !word.starts_with("applyFill=");
    // Closing is written `/>` or as an element.
    let rest = format.replace("/>", " />").replace('>', " >");
    (rest.split_whitespace().filter(is_fill).collect::<Vec<_>>().join(" "), colour)
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        writer.write_all(content.as_bytes()).expect("written");
    }
    writer.finish().expect("a zip").into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package by hand: what stands in the sheet, whether there are styles, and the namespaces in use.
fn by_hand(sheet: &str, styles: Option<&str>, main: &str, relations: &str, prefix: &str) -> Vec<u8> {
    let x = if prefix.is_empty() { String::new() } else { format!("{prefix}:") };
    let ns = if prefix.is_empty() { format!("xmlns=\"{main}\"") } else { format!("xmlns:{prefix}=\"{main}\"") };
    let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    let style =
        if styles.is_some() { format!("<Relationship Id=\"rId2\" Type=\"{relations}/styles\" Target=\"styles.xml\"/>") } else { String::new() };
    let texts = [
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            .to_owned(),
        format!(
            "<Relationships xmlns=\"{rels}\"><Relationship Id=\"a\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
        format!(
            "\u{feff}<{x}workbook {ns} xmlns:r=\"{relations}\"><{x}sheets><{x}sheet name=\"甲\" sheetId=\"7\" r:id=\"rId1\"/></{x}sheets><{x}calcPr/></{x}workbook>"
        ),
        format!(
            "<Relationships xmlns=\"{rels}\"><Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" Target=\"/xl/worksheets/sheet1.xml\"/>{style}</Relationships>"
        ),
        format!("<{x}worksheet {ns}>{sheet}</{x}worksheet>"),
    ];
    let names = ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"];
    let mut parts: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
    parts.extend(styles.map(|styles| ("xl/styles.xml", styles)));
    package(&parts)
}

fn plain_by_hand(sheet: &str) -> Vec<u8> {
    by_hand(sheet, None, MAIN, RELATIONS, "")
}

fn marked_by_hand(original: &[u8], cells: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let marks: Vec<Mark> = cells.iter().map(|cell| mark("甲", cell, Severity::MustMend, "请改正。")).collect();
    let bytes = mark_workbook(original, &marks, &findings()).expect("markable");
    holds_together(&bytes);
    let (before, mut after) = (sheets(original), sheets(&bytes));
    after.remove("核验意见");
    assert_eq!(before, after);
    parts(&bytes)
}

#[test]
fn all_that_is_not_marked_keeps_every_byte() {
    for (name, original) in FIXTURES {
        let (before, after) = (parts(original), parts(&marked(original)));
        let changed: BTreeSet<&str> =
            before.iter().filter(|(part, content)| after.get(*part) != Some(content)).map(|(part, _)| part.as_str()).collect();
        let comments = if name == "libreoffice" {
            ["xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"]
        } else {
            ["xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml"]
        };
        let mut expected = BTreeSet::from([
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",
        ]);
        expected.extend(comments);
        assert_eq!(changed, expected, "{name}");
    }
}

#[test]
fn a_marked_workbook_reads_as_before() {
    for (name, original) in FIXTURES {
        let (before, mut after) = (sheets(original), sheets(&marked(original)));
        let findings = after.remove("核验意见2").expect("核验意见 was taken");
        assert_eq!(before, after, "{name}");
        assert_eq!(findings[&(2, 3)], Data::String("=HYPERLINK(\"http://example.org\")".to_owned()), "{name}");
        assert_eq!(findings[&(4, 3)], Data::String("@全表\n第二行".to_owned()), "{name}");
    }
}

#[test]
fn untouched_entries_keep_their_compressed_bytes_and_times() {
    for (_, original) in FIXTURES {
        let marked = marked(original);
        let mut before = zip::ZipArchive::new(Cursor::new(original)).expect("a zip");
        let mut after = zip::ZipArchive::new(Cursor::new(marked.as_slice())).expect("a zip");
        let mut old = before.by_name("docProps/core.xml").expect("that part");
        let new = after.by_name("docProps/core.xml").expect("that part");
        assert_eq!((old.compressed_size(), old.crc32(), old.last_modified()), (new.compressed_size(), new.crc32(), new.last_modified()));
        let mut content = Vec::new();
        old.read_to_end(&mut content).expect("whole");
    }
}

#[test]
fn a_marked_cell_keeps_its_format_but_for_the_fill() {
    for (name, original) in FIXTURES {
        let (before, after) = (parts(original), parts(&marked(original)));
        for (cell, colour) in [("C4", "FFFFC7CE"), ("E5", "FFFFEB9C"), ("B3", "FFFFC7CE"), ("H7", "FFDDEBF7"), ("A8", "FFFFEB9C")] {
            let (old, _) = format_of(&before, "xl/worksheets/sheet1.xml", cell);
            let (new, fill) = format_of(&after, "xl/worksheets/sheet1.xml", cell);
            assert_eq!((old, colour), (new, fill.as_str()), "{name} {cell}");
        }
        assert_eq!(
            format_of(&before, "xl/worksheets/sheet1.xml", "D4"),
            format_of(&after, "xl/worksheets/sheet1.xml", "D4"),
            "a cell that isn't marked"
        );
    }
}

#[test]
fn comments_are_added_and_old_ones_kept() {
    for (name, original) in FIXTURES {
        let parts = parts(&marked(original));
        let place = if name == "libreoffice" { "xl/comments1.xml" } else { "xl/comments/comment1.xml" };
        let comments = text(&parts, place);
        let of = |cell: &str| comments.split(&format!("<comment ref=\"{cell}\"")).nth(1).and_then(|rest| rest.split("</comment>").next());
        let old = of("C4").expect("the old comment");
        let (theirs, ours) = (old.find("原有批注").expect("theirs"), old.find("与第 3 行重复").expect("ours"));
        assert!(theirs < ours, "{name}");
        assert!(old.contains("另请核对 &lt;&amp;&gt;"), "{name}");
        assert!(of("D3").is_some_and(|old| old.contains("另一条") && !old.contains("明抽")), "{name}");
        assert!(of("B3").is_some_and(|new| new.contains("机构名称与备案不符")), "a merged cell's comment goes to its first: {name}");
        assert!(of("B5").is_none() && of("J20").is_some() && of("A8").is_some(), "{name}");
        assert!(comments.contains("<author>明抽核验</author>"));
        let cells = values(comments, "ref");
        assert_eq!(cells.len(), 7, "{name}: {cells:?}");
        let vml = text(&parts, if name == "libreoffice" { "xl/drawings/vmlDrawing1.vml" } else { "xl/drawings/commentsDrawing1.vml" });
        assert_eq!(vml.matches("ObjectType=\"Note\"").count(), 7, "{name}");
        well_formed("vml", vml.as_bytes());
        // The second sheet had none.
        assert!(parts.iter().any(|(part, content)| part.starts_with("xl/comments") && String::from_utf8_lossy(content).contains("第二张表")));
    }
}

#[test]
fn the_findings_point_to_their_cells() {
    let parts = parts(&marked(FIXTURES[0].1));
    let sheet = text(&parts, "xl/worksheets/sheet4.xml");
    assert_eq!(values(sheet, "location"), ["'台账'!C4", "'甲''乙 &amp; &lt;丙&gt;'!B2"], "no link to a sheet that isn't there");
    assert_eq!(tags(sheet, "hyperlink").len(), 2);
    assert!(tags(sheet, "f").is_empty(), "texts never become formulas");
    assert!(sheet.contains("_x005F_x000D_"));
    let book = text(&parts, "xl/workbook.xml");
    assert!(book.contains("name=\"核验意见2\""));
    assert!(book.contains("localSheetId=\"3\">'核验意见2'!$1:$2</definedName>"), "{book}");
    assert!(book.contains("总课时"));
}

#[test]
fn equal_workbooks_and_marks_give_equal_bytes() {
    for (_, original) in FIXTURES {
        assert_eq!(marked(original), marked(original));
    }
}

#[test]
fn a_marked_workbook_can_be_marked_again() {
    let once = marked(FIXTURES[0].1);
    let twice = marked(&once);
    assert!(sheets(&twice).contains_key("核验意见3"));
}

#[test]
fn rows_and_cells_without_names_count_from_their_neighbours() {
    let sheet = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row r=\"4\" spans=\"1:2\"><c r=\"B4\"/><c><v>3</v></c></row><row/><row><c><v>5</v></c></row></sheetData>";
    let parts = marked_by_hand(&plain_by_hand(sheet), &["B1", "C1", "A2", "D3", "A4", "C4", "E4", "B5", "A6", "A9"]);
    let sheet = text(&parts, "xl/worksheets/sheet1.xml");
    let data = sheet.split("<legacyDrawing").next().unwrap_or_default();
    assert_eq!(
        data.replace(" s=\"1\"", "*"),
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row><c><v>1</v></c><c*><v>2</v></c><c r=\"C1\"*/></row>\
         <row r=\"2\"><c r=\"A2\"*/></row><row r=\"3\"><c r=\"D3\"*/></row><row r=\"4\"><c r=\"A4\"*/><c r=\"B4\"/><c*><v>3</v></c><c r=\"E4\"*/></row>\
         <row><c r=\"B5\"*/></row><row><c*><v>5</v></c></row><row r=\"9\"><c r=\"A9\"*/></row></sheetData>"
    );
}

#[test]
fn an_empty_cell_takes_the_format_of_its_row_or_column() {
    let styles = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"9\"><font/></fonts>\
        <borders><border/></borders><cellXfs count=\"1\"><xf fontId=\"0\"/><xf numFmtId=\"9\"><alignment wrapText=\"1\"/></xf><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let sheet = "<dimension ref=\"A1:B3\"/><cols><col min=\"2\" max=\"3\" style=\"1\"/></cols><sheetData><row r=\"1\" s=\"2\" customFormat=\"1\"/><row r=\"3\"/></sheetData>";
    let parts = marked_by_hand(&by_hand(sheet, Some(styles), MAIN, RELATIONS, ""), &["B1", "B2", "C3", "D3"]);
    let sheet = text(&parts, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("ref=\"A1:D3\""), "{sheet}");
    let styles = text(&parts, "xl/styles.xml");
    let formats: Vec<&str> = styles.split("<cellXfs").nth(1).expect("formats").split("<xf ").skip(1).collect();
    let of = |cell: &str| {
        let tag = tags(sheet, "c").into_iter().find(|tag| tag.contains(cell)).expect("that cell");
        formats[values(tag, "s")[0].parse::<usize>().expect("a number")]
    };
    assert!(of("B1").contains("numFmtId=\"14\"") && of("B1").contains("fillId=\"2\""));
    assert!(of("B2").contains("numFmtId=\"9\"") && of("B2").contains("wrapText"));
    assert_eq!((of("B2"), of("D3").contains("numFmtId")), (of("C3"), false));
    assert!(
        styles.contains("<fills count=\"6\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>")
    );
}

#[test]
fn prefixed_and_strict_workbooks_are_marked_in_their_own_words() {
    let sheet = "<x:sheetData><x:row r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c></x:row></x:sheetData><x:pageMargins left=\"1\" right=\"1\" top=\"1\" bottom=\"1\" header=\"1\" footer=\"1\"/><x:tableParts count=\"0\"/>";
    let styles = format!(
        "<x:styleSheet xmlns:x=\"{MAIN}\" xmlns:x14=\"urn:a\"><x:cellXfs count=\"1\"><x:xf><x:extLst><x14:ext/></x:extLst></x:xf></x:cellXfs></x:styleSheet>"
    );
    let parts = marked_by_hand(&by_hand(sheet, Some(&styles), MAIN, RELATIONS, "x"), &["A1", "C2"]);
    let sheet = text(&parts, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<x:c r=\"C2\" s=\"1\"/></x:row></x:sheetData><x:pageMargins"), "{sheet}");
    assert!(sheet.contains("footer=\"1\"/><x:legacyDrawing xmlns:r="), "{sheet}");
    assert!(text(&parts, "xl/styles.xml").contains("<x:xf fillId=\"2\" applyFill=\"1\"><x:extLst><x14:ext/></x:extLst></x:xf>"));
    let (main, relations) = ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships");
    let original = by_hand("<sheetData/>", None, main, relations, "");
    let bytes = mark_workbook(&original, &[mark("甲", "B2", Severity::MustMend, "请改正。")], &findings()).expect("markable");
    holds_together(&bytes);
    let parts = self::parts(&bytes);
    for part in ["xl/comments1.xml", "xl/styles1.xml", "xl/worksheets/sheet2.xml"] {
        assert!(text(&parts, part).contains(main) && !text(&parts, part).contains(MAIN), "{part}");
    }
    assert!(text(&parts, "xl/worksheets/_rels/sheet1.xml.rels").contains(&format!("{relations}/comments")));
    assert!(text(&parts, "xl/worksheets/sheet1.xml").contains("<sheetData><row r=\"2\"><c r=\"B2\" s=\"1\"/></row></sheetData>"));
}

#[test]
fn an_old_drawing_that_is_not_well_formed_is_only_added_to() {
    let original =
        plain_by_hand("<sheetData/><legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"rId3\"/>");
    let mut parts = parts(&original);
    let vml = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:shape id=\"_x0000_s2049\"><div>按钮<br></div></v:shape></xml>\n";
    let types = text(&parts, "[Content_Types].xml").replace("</Types>", "<Default Extension=\"vml\" ContentType=\"a/b\"/></Types>");
    parts.insert("[Content_Types].xml".to_owned(), types.into_bytes());
    parts.insert("xl/v.vml".to_owned(), vml.as_bytes().to_vec());
    let rels = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId3\" Type=\"{RELATIONS}/vmlDrawing\" Target=\"../v.vml\"/></Relationships>"
    );
    parts.insert("xl/worksheets/_rels/sheet1.xml.rels".to_owned(), rels.into_bytes());
    let list: Vec<(&str, &str)> = parts.iter().map(|(name, content)| (name.as_str(), std::str::from_utf8(content).expect("UTF-8"))).collect();
    let parts = marked_by_hand(&package(&list), &["A1", "B2"]);
    let vml = text(&parts, "xl/v.vml");
    assert!(vml.starts_with("<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:shape id=\"_x0000_s2049\"><div>按钮<br></div></v:shape><v:shapetype"));
    assert!(vml.contains("_x0000_s2050") && vml.contains("_x0000_s2051") && vml.ends_with("</v:shape></xml>\n"));
    assert_eq!(tags(text(&parts, "xl/worksheets/sheet1.xml"), "legacyDrawing").len(), 1);
}

#[test]
fn comments_in_every_legal_form_are_added_to() {
    let list = |inside: &str| format!("<k:comments xmlns:k=\"{MAIN}\">{inside}</k:comments>");
    let forms = [
        "<k:authors/><k:commentList/>",
        "<k:authors><k:author>某</k:author></k:authors>",
        "<k:authors/><k:commentList><k:comment ref=\"A1\" authorId=\"0\"/></k:commentList>",
        "<k:authors/><k:commentList><k:comment ref=\"$A$1\" authorId=\"0\"><k:text/></k:comment></k:commentList>",
        "<k:authors/><k:commentList><k:comment ref=\"A1\"><k:text><k:r><k:t>甲</k:t></k:r><k:phoneticPr/></k:text></k:comment></k:commentList><k:extLst/>",
        "<k:authors/><k:commentList><k:comment ref=\"A1\"><k:text></k:text><k:commentPr/></k:comment></k:commentList>",
        "",
    ];
    for form in forms {
        let mut parts = parts(&plain_by_hand("<sheetData/>"));
        parts.insert("xl/c.xml".to_owned(), list(form).into_bytes());
        let rels = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/comments\" Target=\"/xl/c.xml\"/></Relationships>"
        );
        parts.insert("xl/worksheets/_rels/sheet1.xml.rels".to_owned(), rels.into_bytes());
        let entries: Vec<(&str, &str)> = parts.iter().map(|(name, content)| (name.as_str(), std::str::from_utf8(content).expect("UTF-8"))).collect();
        let parts = marked_by_hand(&package(&entries), &["A1", "B2"]);
        let comments = text(&parts, "xl/c.xml");
        assert_eq!(
            (tags(comments, "comment").len(), comments.matches("请改正。").count(), tags(comments, "text").len() >= 2),
            (2, 2, true),
            "{comments}"
        );
        // Theirs had no box without a drawing, and is shown from now on.
        assert_eq!(text(&parts, "xl/drawings/vmlDrawing1.vml").matches("<v:shape ").count(), 2);
    }
}

#[test]
fn workbooks_of_our_own_writer_are_marked() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("台账").expect("a name").write_string(0, 0, "甲").expect("written").write_formula(3, 3, "=A1").expect("written");
    let original = book.save_to_buffer().expect("a workbook");
    let bytes = marked(&original);
    let mut after = sheets(&bytes);
    assert!(after.remove("核验意见").is_some());
    assert_eq!(sheets(&original), after);
}

#[test]
fn what_cannot_be_marked_is_refused_without_panic() {
    let reason = |bytes: &[u8]| mark_workbook(bytes, &marks(), &findings()).expect_err("not a workbook").code;
    for bytes in [&b""[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0", "序号,班期".as_bytes()] {
        assert_eq!(reason(bytes), "mark_failed");
    }
    let sheets = [
        "<sheetData><row r=\"0\"/></sheetData>",
        "<sheetData><row r=\"2\"/><row r=\"1\"/></sheetData>",
        "<sheetData><row r=\"99999999999\"/></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"7\"/></row></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row></sheetData>",
        "<sheetData><row r=\"1\"><c r=\"A1\" s=\"1\" s=\"2\"/></row></sheetData>",
        "<sheetData><row>",
        "",
    ];
    for sheet in sheets {
        let marks = [mark("甲", "A1", Severity::MustMend, "请改正。")];
        let refusal = mark_workbook(&plain_by_hand(sheet), &marks, &findings()).expect_err(sheet);
        assert_eq!(refusal.code, "mark_failed", "{sheet}");
    }
}

#[test]
fn damaged_parts_are_marked_or_refused_but_never_break_us() {
    for (_, original) in FIXTURES {
        let whole = parts(original);
        for (name, content) in whole.iter().filter(|(name, _)| !name.ends_with(".png") && !name.ends_with('/')) {
            let length = content.len();
            let cuts = (1..12).map(|step| length * step / 12);
            for (number, cut) in (0_usize..).zip(cuts) {
                let mut parts = whole.clone();
                let damaged = parts.get_mut(name).expect("that part");
                match number % 3 {
                    0 => damaged.truncate(cut),
                    1 => damaged[cut] = b"<>\"/=&'x"[number % 8],
                    _ => drop(damaged.drain(cut..(cut + number).min(length))),
                }
                let list: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
                let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
                for (name, content) in list {
                    writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
                    writer.write_all(content).expect("written");
                }
                let _ = mark_workbook(&writer.finish().expect("a zip").into_inner(), &marks(), &findings());
            }
        }
        for at in (0..original.len()).step_by(397) {
            let mut bytes = original.to_vec();
            bytes[at] ^= 0x55;
            let _ = mark_workbook(&bytes, &marks(), &findings());
            let _ = mark_workbook(&original[..at], &marks(), &findings());
        }
    }
}

#[test]
fn odd_marks_and_texts_do_no_harm() {
    let long = "很长的意见。".repeat(9_000);
    let odd = ["", "A", "7", "A0", "ZZZZ1", "XFE1", "A1048577", "a1", "$B$2", "XFD1048576", "甲1", "A-1"];
    let mut marks: Vec<Mark> = odd.iter().map(|cell| mark("甲", cell, Severity::Information, &long)).collect();
    marks.push(Mark { row: Some(u32::MAX), cell: None, ..mark("甲", "", Severity::MustMend, "\u{0}\u{b}\u{ffff}") });
    marks.push(Mark { row: Some(0), cell: None, ..mark("甲", "", Severity::MustMend, "第零行") });
    let table = FindingsTable { name: "[]:*?/\\'".to_owned(), ..FindingsTable::default() };
    let original = plain_by_hand("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>");
    let bytes = mark_workbook(&original, &marks, &table).expect("markable");
    holds_together(&bytes);
    let comments = values(text(&parts(&bytes), "xl/comments1.xml"), "ref");
    assert_eq!(comments, ["A1", "B2", "XFD1048576"]);
    let sheets = [PlainSheet { name: "甲".to_owned(), rows: vec![vec![long]], merges: vec![(9, 9, 1, 1), (0, 0, 0, usize::MAX)] }];
    holds_together(&copy_workbook(&sheets, &marks, &table).expect("a copy"));
}

#[test]
fn a_copy_holds_texts_merges_and_marks() {
    let rows = [["机构", "班期", ""], ["甲校", "=1+1", "第一期"], ["", "007", "+86"]].map(|row| row.map(str::to_owned).to_vec()).to_vec();
    let sheet = [PlainSheet { name: String::new(), rows, merges: vec![(1, 0, 2, 0), (1, 0, 2, 1), (0, 1, 0, 16_383)] }];
    let place = |cell: &str| Mark { sheet: None, ..mark("", cell, Severity::MustMend, "请改正。") };
    let marks = [place("A3"), place("C2"), place("C1"), place("E9"), Mark { row: Some(3), cell: None, ..place("") }];
    let mut table = findings();
    table.rows[0].sheet = None;
    let bytes = copy_workbook(&sheet, &marks, &table).expect("a copy");
    holds_together(&bytes);
    assert_eq!(bytes, copy_workbook(&sheet, &marks, &table).expect("a copy"));
    let read = sheets(&bytes);
    assert_eq!(read["Sheet"][&(1, 1)], Data::String("=1+1".to_owned()));
    assert_eq!(read["Sheet"][&(2, 1)], Data::String("007".to_owned()));
    assert_eq!(read["核验意见"][&(2, 3)], Data::String("=HYPERLINK(\"http://example.org\")".to_owned()));
    let parts = parts(&bytes);
    assert_eq!(values(text(&parts, "xl/comments1.xml"), "ref"), ["B1", "A2", "C2", "B3", "E9"]);
    assert_eq!(values(text(&parts, "xl/worksheets/sheet2.xml"), "location"), ["'Sheet'!C4"]);
}
