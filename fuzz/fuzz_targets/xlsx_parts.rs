#![no_main]
//! A package that opens, with fuzzed sheet, strings, styles and workbook: parted by NUL, absent ones are the usual.

use libfuzzer_sys::fuzz_target;
use mingchou_fuzz::{judge, package, workbook, workbook_rels, CONTENT_TYPES, ROOT_RELS};

fuzz_target!(init: mingchou_fuzz::install_hook(), |bytes: &[u8]| {
    let mut parts = bytes.splitn(4, |byte| *byte == 0);
    let sheet = parts.next().unwrap_or_default();
    let strings = parts.next().unwrap_or(b"<sst/>");
    let styles = parts.next().unwrap_or(b"<styleSheet/>");
    let usual = workbook(&["11月第4周".to_owned()]);
    let book = parts.next().unwrap_or(usual.as_bytes());
    let bytes = package(&[
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", ROOT_RELS.as_bytes()),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", workbook_rels(1).as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ]);
    judge("修武县台账.xlsx", &bytes);
});
