//! A set of tables on disk is what its list says, or refused.

use super::{Town, all, frame, frozen_at};
use mingchou::canon::Hash;
use mingchou::facts::sets::{FactSet, LIST, SCHEMA, SetFile, SetList};
use mingchou::scoring::Tables;
use polars::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn town() -> Town {
    let mut town = Town::default();
    town.class(0, &[]).class(1, &[("institution", 2)]).persons(0, 0..10).persons(1, 5..15);
    town.add("history", &[("person", 3), ("occupation", 1), ("level", 1), ("paid_on", 7)]);
    town
}

/// Writes each table as two files.
fn write(dir: &Path, town: &Town) -> SetList {
    let mut tables: BTreeMap<String, Vec<SetFile>> = BTreeMap::new();
    for (table, rows) in &town.rows {
        for (number, some) in [&rows[..1], &rows[1..]].into_iter().enumerate() {
            let file = format!("{table}-{number:03}.parquet");
            let mut bytes = Vec::new();
            ParquetWriter::new(&mut bytes).finish(&mut frame(table, some)).expect("a frame is written");
            std::fs::write(dir.join(&file), &bytes).expect("a file is written");
            let entry = SetFile { file, sha256: Hash::of(&bytes), rows: u64::try_from(some.len()).expect("few") };
            tables.entry((*table).to_owned()).or_default().push(entry);
        }
    }
    let list = SetList { schema: SCHEMA, seed: 1, scale: "city".into(), weeks: 1, frozen_at: frozen_at(), synthetic: true, tables };
    put(dir, &list);
    list
}

fn put(dir: &Path, list: &SetList) {
    std::fs::write(dir.join(LIST), serde_json::to_vec(list).expect("json")).expect("a file is written");
}

fn refusal(dir: &Path) -> &'static str {
    FactSet::open(dir).err().expect("a refusal").code
}

#[test]
fn a_set_read_back_gives_the_values_of_its_rows() {
    let (dir, town) = (tempfile::tempdir().expect("a folder"), town());
    write(dir.path(), &town);
    let set = FactSet::open(dir.path()).expect("a set");
    let mut tables = Tables::new(set.list.frozen_at);
    for (table, rows) in set.scan().expect("files") {
        tables.add(&table, rows).expect("a table of the schema");
    }
    assert_eq!(all(&tables), all(&town.tables()));
}

#[test]
fn a_set_that_is_not_what_its_list_says_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    assert_eq!(refusal(dir.path()), "facts_missing");
    let list = write(dir.path(), &town());
    let change = |change: &dyn Fn(&mut SetList)| {
        let mut changed = list.clone();
        change(&mut changed);
        put(dir.path(), &changed);
        refusal(dir.path())
    };
    assert_eq!(change(&|list| list.schema = 2), "facts_failed");
    let first = |list: &mut SetList, file: &str| list.tables.get_mut("class").expect("classes")[0].file = file.into();
    for elsewhere in
        ["../class-000.parquet", "class/../x.parquet", "class-.parquet", "roster-000.parquet", "class-000.parquet.exe", "class-1/2.parquet"]
    {
        assert_eq!(change(&|list| first(list, elsewhere)), "facts_failed", "{elsewhere}");
    }
    assert_eq!(change(&|list| first(list, "class-007.parquet")), "facts_missing");
    assert_eq!(change(&|list| first(list, "class-001.parquet")), "facts_altered");
    std::fs::write(dir.path().join(LIST), b"{\"schema\": 1, \"more\": 2}").expect("a file is written");
    assert_eq!(refusal(dir.path()), "facts_failed");
    put(dir.path(), &list);
    let path = dir.path().join("roster-001.parquet");
    let mut bytes = std::fs::read(&path).expect("bytes");
    bytes[20] ^= 1;
    std::fs::write(&path, bytes).expect("a file is written");
    assert_eq!(refusal(dir.path()), "facts_altered");
}
