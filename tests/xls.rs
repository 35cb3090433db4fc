//! Workbooks of Excel 5 to 2003: by hand, as LibreOffice writes them, and such as claim more than they hold.

use crate::ingest::{read, root};
use crate::ods::{converted, told};
use mingchou::ingest::{sheet::Sheet, sheets_of};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a short record");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// Numbers of two bytes each.
fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    words(&text.encode_utf16().collect::<Vec<_>>())
}

/// A text with its length, in characters of two bytes.
fn text(text: &str) -> Vec<u8> {
    [words(&[u16::try_from(text.encode_utf16().count()).expect("short")]), vec![1], wide(text)].concat()
}

fn begin(version: u16, kind: u16) -> Vec<u8> {
    record(0x0809, &[words(&[version, kind]), vec![0; 12]].concat())
}

fn number(row: u16, column: u16, style: u16, number: f64) -> Vec<u8> {
    record(0x0203, &[words(&[row, column, style]), number.to_le_bytes().to_vec()].concat())
}

fn label(row: u16, column: u16, style: u16, inner: &str) -> Vec<u8> {
    record(0x0204, &[words(&[row, column, style]), text(inner)].concat())
}

fn shared(row: u16, column: u16, style: u16, index: u32) -> Vec<u8> {
    record(0x00FD, &[words(&[row, column, style]), index.to_le_bytes().to_vec()].concat())
}

/// Fonts 0 to 3 plain, 5 struck through; styles 0 plain, 1 struck, 2 a date, 3 a month, 4 a time.
fn styles() -> Vec<u8> {
    let font = |flags: u16| record(0x0031, &[words(&[200, flags, 0x7FFF, 400, 0]), vec![0; 4], vec![0, 1], wide("")].concat());
    let style = |font: u16, format: u16| record(0x00E0, &[words(&[font, format]), vec![0; 16]].concat());
    let fonts = [font(0), font(0), font(0), font(0), font(8)].concat();
    let format = record(0x041E, &[words(&[164]), text("yyyy\"年\"m\"月\"")].concat());
    [fonts, format, style(0, 0), style(5, 0), style(0, 14), style(0, 164), style(0, 20)].concat()
}

/// A stream of one sheet: what stands before it, and its records.
fn stream(version: u16, globals: &[u8], name: &[u8], state: u8, sheet: &[u8]) -> Vec<u8> {
    let before = [begin(version, 5), globals.to_vec()].concat();
    let start = before.len() + 4 + 6 + name.len() + 4;
    let place = [&u32::try_from(start).expect("short").to_le_bytes()[..], &[state, 0], name].concat();
    [before, record(0x0085, &place), record(10, &[]), begin(version, 16), sheet.to_vec(), record(10, &[])].concat()
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

/// A compound file: header, one sector of the table for each 128 sectors, a directory, the stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let size = stream.len().max(4096);
    let sectors = size.div_ceil(512);
    let tables = (sectors + 2).div_ceil(127);
    let mut bytes = vec![0; 512 * (1 + tables + 1 + sectors)];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    bytes[24..34].copy_from_slice(&words(&[0x3E, 3, 0xFFFE, 9, 6]));
    let id = |number: usize| u32::try_from(number).expect("small");
    put(&mut bytes, 44, id(tables));
    put(&mut bytes, 48, id(tables));
    put(&mut bytes, 56, 4096);
    for at in [60, 68] {
        put(&mut bytes, at, 0xFFFF_FFFE);
    }
    for table in 0..109 {
        put(&mut bytes, 76 + table * 4, if table < tables { id(table) } else { 0xFFFF_FFFF });
    }
    for sector in 0..tables * 128 {
        let next = match sector {
            at if at < tables => 0xFFFF_FFFD,
            at if at == tables || at == tables + sectors => 0xFFFF_FFFE,
            at if at < tables + sectors => id(at + 1),
            _ => 0xFFFF_FFFF,
        };
        put(&mut bytes, 512 + sector * 4, next);
    }
    let directory = 512 * (1 + tables);
    for (number, (name, kind, start, size)) in [("Root Entry", 5, 0xFFFF_FFFE, 0), (name, 2, id(tables + 1), id(size))].into_iter().enumerate() {
        let at = directory + number * 128;
        bytes[at..at + name.len() * 2].copy_from_slice(&wide(name));
        bytes[at + 64] = u8::try_from(name.len() * 2 + 2).expect("short");
        bytes[at + 66] = kind;
        put(&mut bytes, at + 116, start);
        put(&mut bytes, at + 120, size);
    }
    bytes[directory + 512..directory + 512 + stream.len()].copy_from_slice(stream);
    bytes
}

fn name(name: &str) -> Vec<u8> {
    [vec![u8::try_from(name.encode_utf16().count()).expect("short"), 1], wide(name)].concat()
}

fn workbook(globals: &[u8], sheet: &[u8]) -> Vec<u8> {
    compound("Workbook", &stream(0x0600, &[styles(), globals.to_vec()].concat(), &name("台账"), 0, sheet))
}

fn sheet(globals: &[u8], sheet: &[u8]) -> Sheet {
    sheets_of(&workbook(globals, sheet)).pop().expect("a sheet")
}

/// The filled cells of all rows.
fn grid(sheet: &Sheet) -> Vec<Vec<&str>> {
    sheet.rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect()
}

fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let began = Instant::now();
    let reading = read("台账.xls", bytes, "2026-W48");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    reading.findings.iter().map(|finding| finding.code).collect()
}

fn formula(row: u16, column: u16, result: [u8; 8]) -> Vec<u8> {
    record(0x0006, &[words(&[row, column, 0]), result.to_vec(), vec![0; 8]].concat())
}

#[test]
fn every_kind_of_cell_is_read() {
    let rk = |number: u32| number.to_le_bytes().to_vec();
    let bits = u32::try_from(2.5f64.to_bits() >> 32).expect("half a number");
    let several = [words(&[1, 0, 0]), rk(30 << 2 | 2), words(&[0]), rk(1234 << 2 | 3), words(&[0]), rk(bits), words(&[2])].concat();
    let records = [
        number(0, 0, 0, 96.0),
        number(0, 1, 2, 46356.0),
        number(0, 2, 4, 0.354_166_666_7),
        number(0, 3, 3, 46204.0),
        record(0x0205, &[words(&[0, 4, 0]), vec![1, 0]].concat()),
        record(0x0205, &[words(&[0, 5, 0]), vec![0x07, 1]].concat()),
        record(0x00BD, &several),
        record(0x027E, &[words(&[2, 0, 0]), rk(0xFFFF_FFFE)].concat()),
        label(2, 1, 0, " 甲校 "),
        formula(2, 2, 12.0f64.to_le_bytes()),
        formula(2, 3, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        record(0x04BC, &[0; 10]),
        record(0x0207, &text("算出")),
        formula(2, 4, [1, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        formula(2, 5, [2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]),
        formula(2, 6, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        // A chart on the sheet has cells of its own.
        begin(0x0600, 0x20),
        number(9, 9, 0, 1.0),
        record(10, &[]),
        label(3, 0, 0, "末"),
    ];
    let sheet = sheet(&[], &records.concat());
    let expected: [&[&str]; 4] = [
        &["96", "2026-11-30", "08:30", "2026-07-01", "是", "#DIV/0!"],
        &["30", "12.34", "2.5"],
        &["-1", "甲校", "12", "算出", "否", "#N/A"],
        &["末"],
    ];
    assert_eq!(grid(&sheet), expected);
    assert_eq!(sheet.rows[0].iter().map(|cell| cell.shows_month).collect::<Vec<_>>(), [false, false, false, true, false, false]);
    let mac = self::sheet(&record(0x0022, &words(&[1])), &number(0, 0, 2, 44894.0));
    assert_eq!(grid(&mac), [["2026-11-30"]]);
}

#[test]
fn what_is_hidden_merged_and_struck_is_told() {
    let row = |row: u16, flags: u16| record(0x0208, &words(&[row, 0, 3, 255, 0, 0, flags, 15]));
    let records = [
        record(0x007D, &words(&[1, 1, 2048, 15, 1, 0])),
        row(0, 0x100),
        row(1, 0x120),
        [label(0, 0, 0, "甲"), label(0, 1, 1, "停")].concat(),
        [label(1, 0, 1, "乙"), number(1, 1, 1, 5.0)].concat(),
        record(0x00E5, &words(&[1, 0, 1, 0, 0])),
        // A text whose first two characters are struck: font 5 from 0, font 0 from 2.
        record(0x00D6, &[words(&[2, 0, 0]), text("东街西街"), words(&[2, 0, 5, 2, 0])].concat()),
        record(0x00D6, &[words(&[2, 1, 1]), text("全划"), words(&[1, 0, 5])].concat()),
    ];
    let hidden = compound("WORKBOOK", &stream(0x0600, &styles(), &name("藏"), 1, &records.concat()));
    let sheet = sheets_of(&hidden).pop().expect("a sheet");
    assert_eq!((sheet.name.as_str(), sheet.is_hidden), ("藏", true));
    assert_eq!(grid(&sheet), [["甲", "停"], ["乙", "5"], ["西街", "全划"]]);
    assert_eq!(sheet.hidden_rows.iter().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(sheet.hidden_columns.iter().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(sheet.merges.iter().copied().collect::<Vec<_>>(), [(0, 0, 1, 0)]);
    assert_eq!(sheet.struck_rows.iter().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(sheet.struck_cells.iter().copied().collect::<Vec<_>>(), [(0, 1), (2, 1)]);
    assert_eq!(sheet.partly_struck, [(2, 0)]);
}

#[test]
fn shared_texts_go_on_in_further_records() {
    let table = [
        [&[9, 0, 0, 0, 4, 0, 0, 0][..], &text("甲校")].concat(),
        // Six characters, rich and with phonetic hints; cut after the fourth, the rest in single bytes.
        [words(&[6]), vec![0x0D], words(&[2]), vec![4, 0, 0, 0], wide("焦作AB")].concat(),
    ];
    let goes_on = [vec![0], b"CD".to_vec(), words(&[2, 5, 4, 0]), vec![9; 2]].concat();
    let last = [vec![9; 2], text(""), words(&[3]), vec![0], b"end".to_vec()].concat();
    let globals = [record(0x00FC, &table.concat()), record(0x003C, &goes_on), record(0x003C, &last)].concat();
    let cells = [shared(0, 0, 0, 0), shared(0, 1, 0, 1), shared(0, 2, 1, 3), shared(1, 0, 0, 2)].concat();
    let sheet = sheet(&globals, &cells);
    assert_eq!(grid(&sheet), [["甲校", "焦作CD", "end"]]);
    assert_eq!(sheet.partly_struck, [(0, 1)]);
    assert_eq!(codes(&workbook(&globals, &shared(0, 0, 0, 4))), ["D1004"], "a text that isn't there");
}

#[test]
fn workbooks_of_excel_5_are_read_in_their_code_page() {
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let with_length = |text: &str| [words(&[u16::try_from(gbk(text).len()).expect("short")]), gbk(text)].concat();
    let globals = [
        record(0x0042, &words(&[936])),
        record(0x0031, &[words(&[200, 0, 0x7FFF, 400, 0]), vec![0; 4]].concat()),
        record(0x041E, &[words(&[164]), vec![10], b"yyyy\\-mm;@".to_vec()].concat()),
        record(0x00E0, &words(&[0, 0])),
        record(0x00E0, &words(&[0, 164])),
    ];
    let name = [vec![4], gbk("台账")].concat();
    let cells = [
        record(0x0204, &[words(&[0, 0, 0]), with_length("培训机构")].concat()),
        number(0, 1, 1, 46204.0),
        formula(0, 2, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        record(0x0207, &with_length("甲校")),
    ];
    let sheets = sheets_of(&compound("Book", &stream(0x0500, &globals.concat(), &name, 0, &cells.concat())));
    assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["台账"]);
    assert_eq!(grid(&sheets[0]), [["培训机构", "2026-07-01", "甲校"]]);
    assert!(sheets[0].rows[0][1].shows_month);
}

#[test]
fn a_workbook_cut_off_anywhere_is_refused_at_once() {
    let whole =
        workbook(&record(0x00FC, &[&[1, 0, 0, 0, 1, 0, 0, 0][..], &text("甲")].concat()), &[shared(0, 0, 0, 0), number(0, 1, 0, 1.0)].concat());
    assert_eq!(codes(&whole), ["D1010"]);
    for end in (8..whole.len()).step_by(7) {
        let said = codes(&whole[..end]);
        assert!(said == ["D1004"] || end > 1536 && said == ["D1010"], "{end}: {said:?}");
    }
    let inner = stream(0x0600, &styles(), &name("台账"), 0, &label(0, 0, 0, "甲"));
    // Behind the stream's end stand zeros; three of them are the rest of the last record too.
    for end in 0..inner.len() - 3 {
        assert_eq!(codes(&compound("Workbook", &inner[..end])), ["D1004"], "{end}");
    }
}

#[test]
fn a_password_is_told() {
    assert_eq!(codes(&workbook(&record(0x002F, &[0; 54]), &[])), ["D1003"]);
}

#[test]
fn workbooks_that_claim_more_than_they_hold_cost_nothing() {
    let cell = label(0, 0, 0, "甲");
    let good = workbook(&[], &cell);
    let spoilt = |spoil: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        spoil(&mut bytes);
        codes(&bytes)
    };
    assert_eq!(spoilt(&|_| ()), ["D1010"]);
    let (table, directory) = (512, 1024);
    for (what, at, value, expected) in [
        ("a table of gigabytes", 44, u32::MAX, "D1010"),
        ("a mini table of gigabytes", 64, u32::MAX, "D1010"),
        ("a directory that isn't there", 48, 9999, "D1004"),
        ("lists of tables in a circle", 68, 1, "D1010"),
        ("sectors of another size", 30, 0x0006_000C, "D1004"),
        ("sectors of no size", 30, 0x0006_0000, "D1004"),
        ("a directory in a circle", table + 4, 1, "D1004"),
        ("a stream in a circle", table + 12, 2, "D1010"),
        ("a stream into nowhere", table + 8, 0x00FF_FFFF, "D1004"),
        ("a stream of four gigabytes", directory + 128 + 120, u32::MAX, "D1010"),
        ("a small stream of the mini stream", directory + 128 + 120, 100, "D1004"),
    ] {
        assert_eq!(spoilt(&|bytes| put(bytes, at, value)), [expected], "{what}");
    }
    let dimensions = record(0x0200, &[u32::MAX.to_le_bytes(), u32::MAX.to_le_bytes(), [0, 0, 255, 255], [0; 4]].concat());
    assert_eq!(codes(&workbook(&[], &[dimensions, cell.clone()].concat())), ["D1010"], "a claim of rows");
    let far: Vec<u8> = [(0, 0), (65535, 255)].map(|(row, column)| label(row, column, 0, "甲")).concat();
    let sheet = sheet(&[], &far);
    assert_eq!(sheet.rows.iter().map(Vec::len).sum::<usize>(), 257, "a cell far away costs no grid");
    let texts = record(0x00FC, &[&[0xFF; 8][..], &words(&[0xFFFF]), &[0x0D], &[0xFF; 6]].concat());
    assert_eq!(codes(&workbook(&texts, &cell)), ["D1004"], "more texts than there are");
    let hide = record(0x007D, &words(&[0, 0xFFFF, 0, 0, 1, 0])).repeat(50_000);
    assert_eq!(codes(&workbook(&[], &[hide, cell.clone()].concat())), ["D1010"], "columns hidden often");
    // Many sheets that are all the same place.
    let many = stream(0x0600, &[], &name("台账"), 0, &cell.repeat(1000));
    let start = u32::from_le_bytes([many[24], many[25], many[26], many[27]]);
    let entry = |start: u32| record(0x0085, &[&start.to_le_bytes()[..], &[0, 0], &name("台账")].concat());
    let more = 3000 * entry(0).len();
    let again = entry(start + u32::try_from(more).expect("small")).repeat(3001);
    let many = [&many[..20], &again, &many[20 + entry(0).len()..]].concat();
    assert_eq!(codes(&compound("Workbook", &many)), ["D1004"], "one sheet three thousand times");
    // One long text in every cell.
    let texts = |long: &str| record(0x00FC, &[&[1, 0, 0, 0, 1, 0, 0, 0][..], &text(long)].concat());
    let cells: Vec<u8> = (0..60u16).flat_map(|row| (0..250u16).flat_map(move |column| shared(row, column, 0, 0))).collect();
    assert_eq!(codes(&workbook(&texts(&"长".repeat(4000)), &cells)), ["D1002"], "a long text everywhere");
    assert_eq!(codes(&workbook(&texts(&" ".repeat(4000)), &[cells, cell].concat())), ["D1010"], "blanks everywhere");
    let found = std::fs::read(root().join("fuzz/found/xls/sector-chain-oom")).expect("an input that was found");
    codes(&found);
}

#[test]
fn what_libreoffice_makes_of_workbooks_as_xls_reads_as_they_do() {
    let folder = TempDir::new().expect("a temporary folder");
    let names = [
        "马村区台账（含取消班次）.xlsx",
        "解放区台账-筛选未取消.xlsx",
        "沁阳市培训台账.xlsx",
        "博爱县台账（班期为数字）.xlsx",
        "示范区台账（隐藏旧列）.xlsx",
        "温县台账（特殊字符）.xlsx",
        "温县课程表（停课调课）.xlsx",
        "沁阳市花名册（汇总多班）.xlsx",
        "沁阳市考勤表（真日期）.xlsx",
        "修武县第1期教学计划.xlsx",
    ];
    let files: Vec<PathBuf> = names.iter().map(|name| root().join("tests/ledger/files").join(name)).collect();
    converted(folder.path(), "xls", &files);
    for (name, file) in names.iter().zip(&files) {
        let bytes = std::fs::read(file).expect("a workbook");
        let other = std::fs::read(folder.path().join(name).with_extension("xls")).expect("LibreOffice wrote it");
        let (own, xls) = (read(name, &bytes, "2026-W48"), read(name, &other, "2026-W48"));
        assert_eq!((own.kind, &own.county, &own.rows), (xls.kind, &xls.county, &xls.rows), "{name}");
        assert_eq!(own.findings, xls.findings, "{name}");
        let of = |bytes: &[u8]| sheets_of(bytes).iter().map(told).collect::<Vec<_>>();
        assert_eq!(of(&bytes), of(&other), "{name}");
    }
}
