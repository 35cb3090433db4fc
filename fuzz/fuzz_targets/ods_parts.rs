#![no_main]
//! An OpenDocument package that opens, with a fuzzed content.xml.

use libfuzzer_sys::fuzz_target;
use mingchou_fuzz::{judge, package};

const MANIFEST: &[u8] = br#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"#;

fuzz_target!(init: mingchou_fuzz::install_hook(), |bytes: &[u8]| {
    let bytes = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", MANIFEST),
        ("content.xml", bytes),
    ]);
    judge("修武县台账.ods", &bytes);
});
