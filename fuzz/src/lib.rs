//! What all targets share: how a reading is judged, and packages made of fuzzed parts.

use mingchou::canon::{Date, Week};
use mingchou::checks::is_uscc;
use mingchou::domain::{DocumentKind, ReportingUnit};
use mingchou::ingest::values::narrow;
use mingchou::ingest::{read_document, sheet, Context, HeaderMeaning, Reading};
use std::io::{Cursor, Write};
use std::sync::OnceLock;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// No document of a few kilobytes may keep a clerk's computer busy longer, in seconds of its own time.
const PATIENCE: f64 = 4.0;

/// A panic inside the guard is answered by a finding, as in the program, unless it is our own code that panicked.
pub fn install_hook() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let is_foreign = info.location().is_some_and(|at| at.file().contains("/registry/"));
        if !(sheet::is_guarded() && is_foreign) {
            // libfuzzer's own hook: tells where, and ends the process.
            default(info);
        }
    }));
}

fn week() -> Week {
    Week::parse("2026-W48").expect("a week")
}

fn units() -> &'static [ReportingUnit] {
    static UNITS: OnceLock<Vec<ReportingUnit>> = OnceLock::new();
    UNITS.get_or_init(|| serde_json::from_str(include_str!("../../data/reporting_units.json")).expect("units"))
}

fn told() -> &'static [HeaderMeaning] {
    static TOLD: OnceLock<Vec<HeaderMeaning>> = OnceLock::new();
    let one = |kind, header: &str, field: Option<&str>| HeaderMeaning { kind, header: header.to_owned(), field: field.map(str::to_owned) };
    TOLD.get_or_init(|| vec![one(DocumentKind::Ledger, "班名", Some("class")), one(DocumentKind::Timetable, "班名", None)])
}

/// Reads the bytes as every kind there is, and judges each reading.
pub fn judge(name: &str, bytes: &[u8]) {
    let first = read_timed(name, bytes, None, &[]);
    // What can't be opened can't be opened as any kind.
    if first.kind.is_none() && first.findings.last().is_some_and(|finding| finding.code < "D1010" || finding.code == "D1025") {
        return;
    }
    for kind in DocumentKind::ALL {
        read_timed(name, bytes, Some(kind), &[]);
    }
    read_timed(name, bytes, None, told());
}

fn read_timed(name: &str, bytes: &[u8], kind: Option<DocumentKind>, headers: &[HeaderMeaning]) -> Reading {
    let context = Context { week: week(), kind, units: units(), headers };
    let before = own_seconds();
    let reading = read_document(name, bytes, &context);
    let spent = own_seconds() - before;
    assert!(spent < PATIENCE, "SLOW: {spent:.1} s as {kind:?}");
    look_for_ids(&reading);
    reading
}

/// Time the processor spent on this thread: the clock on the wall tells of other people's work too.
fn own_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

/// No ID number in findings, nor in the rows of documents that have no place for one.
fn look_for_ids(reading: &Reading) {
    for finding in &reading.findings {
        for text in finding.value.iter().chain(finding.values.iter().map(|(_, value)| value)).chain(&finding.place.sheet) {
            assert!(!has_id(text), "ID in finding {}: {text:?}", finding.code);
        }
    }
    if matches!(reading.kind, Some(DocumentKind::Ledger | DocumentKind::Timetable | DocumentKind::TeachingPlan)) {
        let text = format!("{:?}", reading.rows);
        assert!(!has_id(&text), "ID in rows: {text}");
    }
}

/// Finds that stand in `found/` already and would end every run: judged only where `FUZZ_STRICT` asks for it.
fn is_strict() -> bool {
    static STRICT: OnceLock<bool> = OnceLock::new();
    *STRICT.get_or_init(|| std::env::var_os("FUZZ_STRICT").is_some())
}

/// An ID number by our own reckoning: 18 characters with a date of birth and the check digit of GB 11643, and no credit code.
fn has_id(text: &str) -> bool {
    if text.len() < 18 {
        return false;
    }
    // In full-width digits: found, see found/table/full-width-id.
    let text = if is_strict() { narrow(text) } else { text.to_owned() }.to_ascii_uppercase();
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_id)
}

fn is_id(word: &str) -> bool {
    let chars = word.as_bytes();
    if chars.len() != 18 || !chars[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let born = format!("{}-{}-{}", &word[6..10], &word[10..12], &word[12..14]);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = chars.iter().zip(weights).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    let region_exists = (b'1'..=b'8').contains(&chars[0]);
    region_exists && b"10X98765432"[sum % 11] == chars[17] && ("1900".."2100").contains(&&word[6..10]) && Date::parse(&born).is_ok() && !is_uscc(word)
}

/// A package of parts stored as they are.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(*name, options).expect("a part");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a package").into_inner()
}

pub const CONTENT_TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
pub const ROOT_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// The relations of a workbook with this many sheets.
pub fn workbook_rels(sheets: usize) -> String {
    let one = |id: String, kind: &str, target: String| {
        format!(r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>"#)
    };
    let mut text = String::from(r#"<?xml version="1.0"?><Relationships>"#);
    for number in 1..=sheets {
        text += &one(format!("rId{number}"), "worksheet", format!("worksheets/sheet{number}.xml"));
    }
    text += &one("rId90".to_owned(), "styles", "styles.xml".to_owned());
    text += &one("rId91".to_owned(), "sharedStrings", "sharedStrings.xml".to_owned());
    text + "</Relationships>"
}

/// A workbook with sheets of these names.
pub fn workbook(names: &[String]) -> String {
    let mut text = String::from(r#"<?xml version="1.0"?><workbook xmlns:r="r"><sheets>"#);
    for (index, name) in names.iter().enumerate() {
        text += &format!(r#"<sheet name="{}" sheetId="{1}" r:id="rId{1}"/>"#, escape(name), index + 1);
    }
    text + "</sheets></workbook>"
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
