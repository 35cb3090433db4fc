//! Facts: what is written is what is read, by hash, or a refusal that names the file.

use mingchou::canon::{Code, Date, Hash, Week};
use mingchou::domain::{ClockTime, Lesson};
use mingchou::facts::Facts;
use std::path::PathBuf;

fn week() -> Week {
    Week::parse("2026-W49").expect("a week")
}

fn county() -> Code {
    Code::parse("xixia").expect("a code")
}

fn rows() -> Vec<(Option<Code>, Lesson)> {
    let whole = Lesson {
        institution: Some("西峡县阳光职业培训学校".into()),
        class_name: Some("育婴员一班".into()),
        date: Date::parse("2026-12-01").ok(),
        start: ClockTime::from_hm(8, 0),
        end: ClockTime::from_hm(11, 30),
        course: Some("婴儿护理".into()),
        teachers: vec!["王芳".into(), "李，强 / 赵".into()],
        mode: Some("线下".into()),
        hours: Some(4),
        venue: Some("一号教室".into()),
        sheet: Some("Sheet1".into()),
        row: 3,
    };
    // Nothing could be read of the second: no teachers are an empty list, not an unknown one.
    vec![(Code::parse("xixia-2026-0001").ok(), whole), (None, Lesson { row: 4, ..Lesson::default() })]
}

fn file_of(dir: &tempfile::TempDir, hash: &Hash) -> PathBuf {
    dir.path().join("facts/lesson/2026-W49/xixia").join(format!("{hash}.parquet"))
}

#[test]
fn lessons_come_back_as_they_were_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let facts = Facts::open(dir.path()).expect("opens");
    for rows in [rows(), Vec::new()] {
        let hash = facts.write_lessons(week(), &county(), &rows).expect("writes");
        assert_eq!(Hash::of(&std::fs::read(file_of(&dir, &hash)).expect("the file")), hash);
        assert_eq!(facts.read_lessons(week(), &county(), &hash).expect("reads"), rows);
        let scanned = facts.scan_lessons(week(), &county(), &hash).expect("scans").collect().expect("collects");
        assert_eq!((scanned.height(), scanned.width()), (rows.len(), 13));
    }
}

#[test]
fn the_same_rows_give_the_same_bytes_and_other_rows_another_name() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let write =
        |dir: &tempfile::TempDir, rows: &[_]| Facts::open(dir.path()).and_then(|facts| facts.write_lessons(week(), &county(), rows)).expect("writes");
    let many: Vec<_> = rows().into_iter().cycle().take(70_000).collect();
    for rows in [rows(), many] {
        let hash = write(&one, &rows);
        assert_eq!(hash, write(&two, &rows));
        assert_eq!(hash, write(&one, &rows), "writing again heals or changes nothing");
        assert_ne!(hash, write(&one, &rows[1..]));
    }
    let names = std::fs::read_dir(one.path().join("facts/lesson/2026-W49/xixia")).expect("the folder");
    assert!(names.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')), "no temporary file is left");
}

#[test]
fn a_missing_or_altered_file_is_refused_by_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let facts = Facts::open(dir.path()).expect("opens");
    let hash = facts.write_lessons(week(), &county(), &rows()).expect("writes");
    let path = file_of(&dir, &hash);
    let mut bytes = std::fs::read(&path).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, &bytes).expect("alters");
    let cases = [(hash, "facts_altered"), (Hash([7; 32]), "facts_missing")];
    for (hash, code) in cases {
        let read = facts.read_lessons(week(), &county(), &hash).expect_err("refuses");
        let scan = facts.scan_lessons(week(), &county(), &hash).map(|_| ()).expect_err("refuses");
        for refusal in [read, scan] {
            assert_eq!(refusal.code, code);
            assert!(refusal.values.iter().any(|(name, file)| *name == "file" && file.ends_with(&format!("{hash}.parquet"))));
        }
    }
    assert_eq!(facts.write_lessons(week(), &county(), &rows()).expect("writes again"), hash);
    assert_eq!(facts.read_lessons(week(), &county(), &hash).expect("is healed"), rows());
}
