//! A backup is everything at one moment, says when it is damaged, and is enough to go on with; so is another database.

use crate::database::{self, Database};
use crate::office::{Bureau, PLAN, Said, mingchou, text, walk};
use mingchou::cli::Exit;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

const EVENING: &str = "2026-11-27T19:10:00+08:00";
const MONDAY: &str = "2026-11-30T08:30:00+08:00";
const VALUE: &str = "03 08 11 19 24 31+12";

fn done(said: &Said) {
    assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
}

fn back_up(bureau: &Bureau) -> (String, String) {
    let (file, keys) = (bureau.path("backup.zip"), bureau.path("backup.keys"));
    done(&bureau.at(EVENING, &["backup", &file, "--with-keys", &keys]));
    (file, keys)
}

fn restore(folder: &Path, file: &str, more: &[&str]) -> Said {
    mingchou(&[&["--data", text(folder), "--at", MONDAY, "restore", file], more].concat())
}

/// The entries of a backup.
fn entries(file: &str) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(fs::File::open(file).expect("a file")).expect("a zip");
    let read = |at: usize| {
        let mut entry = zip.by_index(at).expect("an entry");
        let (mut bytes, name) = (Vec::new(), entry.name().expect("a name").to_string());
        entry.read_to_end(&mut bytes).expect("read");
        (name, bytes)
    };
    (0..ZipArchive::new(fs::File::open(file).expect("a file")).expect("a zip").len()).map(read).collect()
}

fn write_entries(file: &str, entries: &[(String, Vec<u8>)]) {
    let mut zip = ZipWriter::new(fs::File::create(file).expect("a file"));
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("a zip");
}

#[test]
fn a_week_goes_on_from_a_backup_to_the_same_draw_and_a_bundle_that_verifies() {
    let (bureau, slip) = Bureau::frozen(PLAN);
    let nonces = bureau.commit_both(&slip, "one", EVENING);
    let (file, keys) = back_up(&bureau);
    let restored = Bureau::restored_from(&bureau, &file, &keys, MONDAY);
    assert_eq!(restored.rows(), bureau.rows());
    assert_eq!(restored.json(MONDAY, &["fsck"]), bureau.json(MONDAY, &["fsck"]));
    let moved = |path: &String| restored.path(Path::new(path).file_name().expect("a name").to_str().expect("utf-8"));
    let there = restored.draw_with(&moved(&slip), &nonces.each_ref().map(moved), VALUE, MONDAY);
    let here = bureau.draw_with(&slip, &nonces, VALUE, MONDAY);
    assert_eq!(there, here, "the same plan, nonces and public value");
    let bundle = restored.path("bundle");
    done(&restored.at("2026-12-07T09:00:00+08:00", &["publish", "--week", "2026-W48", "--out", &bundle]));
    done(&mingchou(&["verify", &bundle]));
}

#[test]
fn keys_are_in_no_backup_and_only_the_owner_reads_either_file() {
    let (bureau, _) = Bureau::frozen(PLAN);
    let (file, keys) = back_up(&bureau);
    for name in ["log.key", "originals.keys", "digest.key"] {
        let key = fs::read_to_string(bureau.data().join("keys").join(name)).expect("a key");
        let key = key.trim();
        assert!(fs::read_to_string(&keys).expect("the keys").contains(key), "{name}");
        for (entry, bytes) in entries(&file) {
            assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()), "{name} in {entry}");
        }
    }
    #[cfg(unix)]
    for path in [&file, &keys] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path).expect("there").permissions().mode() & 0o077, 0, "{path}");
    }
}

#[test]
fn a_damaged_backup_is_refused_by_name_and_leaves_nothing_behind() {
    let (bureau, _) = Bureau::frozen(PLAN);
    let (file, keys) = back_up(&bureau);
    let good = fs::read(&file).expect("the backup");
    let (bad, folder) = (bureau.path("bad.zip"), PathBuf::from(bureau.path("restored")));
    let refused = |what: &str, words: &[&str], more: &[&str]| {
        let said = restore(&folder, &bad, more);
        assert!(said.exit != Exit::Done && words.iter().any(|word| said.err.contains(word)), "{what}: {}{}", said.out, said.err);
        assert!(!folder.exists(), "{what}: something was written");
    };
    let with_keys = ["--keys", keys.as_str()];
    for length in [0, 4, good.len() / 2, good.len() - 1] {
        fs::write(&bad, &good[..length]).expect("written");
        refused(&format!("cut at {length}"), &["no whole backup"], &with_keys);
    }
    let parts = entries(&file);
    for (at, (name, _)) in parts.iter().enumerate().filter(|(_, (name, bytes))| name != "manifest.json" && !bytes.is_empty()) {
        let mut parts = parts.clone();
        let last = parts[at].1.len() / 2;
        parts[at].1[last] ^= 1;
        write_entries(&bad, &parts);
        refused(name, &["damaged or altered"], &with_keys);
    }
    let change = |from: &str, to: &str| {
        let mut parts = parts.clone();
        let manifest = parts.iter_mut().find(|(name, _)| name == "manifest.json").expect("a manifest");
        let changed = String::from_utf8(manifest.1.clone()).expect("text");
        assert!(changed.contains(from), "{from}");
        manifest.1 = changed.replacen(from, to, 1).into_bytes();
        write_entries(&bad, &parts);
    };
    let step = format!("\"schema\": {}", mingchou::store::newest_step());
    change(&step, "\"schema\": 999");
    refused("a newer schema", &["newer program"], &with_keys);
    change("\"files\": {", "\"files\": {\"../out\": {\"bytes\": 0, \"sha256\": \"\"},");
    refused("a path upwards", &["damaged or altered", "no whole backup"], &with_keys);
    let mut more = parts.clone();
    more.push(("files/keys/log.key".to_owned(), b"0".to_vec()));
    write_entries(&bad, &more);
    refused("a part that no manifest names", &["damaged or altered"], &with_keys);

    // Whole, but not with these keys, not here, not twice.
    fs::write(&bad, &good).expect("written");
    refused("no keys", &["is missing"], &[]);
    let other = Bureau::new();
    let (_, others) = back_up(&other);
    let said = restore(&folder, &bad, &["--keys", &others]);
    assert!(said.exit == Exit::Refused && said.err.contains("another log"), "{}", said.err);
    let said = restore(&bureau.data(), &bad, &with_keys);
    assert!(said.exit == Exit::Refused && said.err.contains("empty folder"), "{}", said.err);
    let said = bureau.at(EVENING, &["backup", &file]);
    assert!(said.exit == Exit::Refused && said.err.contains("is there already"), "{}", said.err);
    let said = bureau.at(EVENING, &["backup", text(&bureau.data().join("inside.zip"))]);
    assert!(said.exit == Exit::Refused && said.err.contains("data folder"), "{}", said.err);
    assert!(!walk(bureau.folder.path()).iter().any(|path| path.contains(".draft")), "no draft stays");
}

#[test]
fn a_backup_of_an_older_schema_is_restored_and_brought_up_to_date() {
    let (bureau, _) = Bureau::frozen(PLAN);
    let (file, keys) = back_up(&bureau);
    // The fifth step only adds indices: the tables are those of the fourth.
    let mut parts = entries(&file);
    let manifest = parts.iter_mut().find(|(name, _)| name == "manifest.json").expect("a manifest");
    let mut changed: serde_json::Value = serde_json::from_slice(&manifest.1).expect("json");
    let known = database::wait(mingchou::store::copy::list_tables(4)).expect("tables");
    changed["schema"] = 4.into();
    changed["tables"].as_object_mut().expect("tables").retain(|name, _| known.iter().any(|table| table.name == *name));
    manifest.1 = changed.to_string().into_bytes();
    parts.retain(|(name, _)| !name.starts_with("tables/") || known.iter().any(|table| *name == format!("tables/{}.jsonl", table.name)));
    let older = bureau.path("older.zip");
    write_entries(&older, &parts);
    let restored = Bureau::restored_from(&bureau, &older, &keys, MONDAY);
    assert_eq!(restored.json(MONDAY, &["fsck"])["ok"], true);
    let index = match restored.url().starts_with("sqlite") {
        true => "select count(*) from sqlite_master where name = 'submission_week'",
        false => "select cast(count(*) as bigint) from pg_indexes where indexname = 'submission_week'",
    };
    assert_eq!(database::wait(database::number(&restored.url(), index)), 1);
}

#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    let bureau = Bureau::new();
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..8 {
                let path = bureau.path(&format!("{number}.csv"));
                let body = format!("山阳区台账 第48周,,,,\n培训机构,班期,工种,开班时间,结业时间\n甲学校,{number}期,电工,2026-11-23,2026-12-11\n");
                fs::write(&path, body).expect("written");
                done(&bureau.at("2026-11-27T16:30:00+08:00", &["receive", "--week", "2026-W48", "--county", "410811", &path]));
            }
        });
        for number in 0..3 {
            let (file, keys) = (bureau.path(&format!("b{number}.zip")), bureau.path(&format!("b{number}.keys")));
            done(&bureau.at("2026-11-27T16:30:00+08:00", &["backup", &file, "--with-keys", &keys]));
            // `restore` ends with `fsck`, and refuses where anything that is named is missing.
            let folder = PathBuf::from(bureau.path(&format!("restored{number}")));
            done(&restore(&folder, &file, &["--keys", &keys]));
        }
        writer.join().expect("written");
    });
}

#[test]
fn a_state_moves_to_another_database_only_where_that_is_empty_and_there() {
    let bureau = Bureau::on_sqlite();
    bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
    let (before, status) = (bureau.rows(), bureau.json(EVENING, &["status", "--week", "2026-W48"]));
    let relocate = |to: &str| mingchou(&["--data", text(&bureau.data()), "relocate", "--to", to]);
    for (to, word) in [("folder", "there already"), ("mysql://x", "postgres://"), ("postgres://nobody@127.0.0.1:1/none", "can’t be reached")] {
        let said = relocate(to);
        assert!(said.exit == Exit::Refused && said.err.contains(word), "{to}: {}", said.err);
    }
    assert_eq!(bureau.json(EVENING, &["status", "--week", "2026-W48"]), status, "nothing changed");
    let Some(postgres) = Database::new() else { return };
    done(&relocate(&postgres.url()));
    assert!(bureau.url().starts_with("postgres") && bureau.data().join("mingchou.db").is_file());
    assert_eq!((bureau.rows(), bureau.json(EVENING, &["status", "--week", "2026-W48"])), (before.clone(), status));
    assert_eq!(bureau.json(EVENING, &["fsck"])["ok"], true);
    // What is in use already takes no second state, and the old file stands where a copy back would go.
    let other = Bureau::on_sqlite();
    let said = mingchou(&["--data", text(&other.data()), "relocate", "--to", &postgres.url()]);
    assert!(said.exit == Exit::Refused && said.err.contains("not empty"), "{}", said.err);
    assert!(relocate("folder").err.contains("not empty"));
    // Work goes on there, and comes back.
    let path = bureau.path("more.csv");
    fs::write(&path, "山阳区台账 第48周,,,,\n培训机构,班期,工种,开班时间,结业时间\n甲学校,一期,电工,2026-11-23,2026-12-11\n").expect("written");
    done(&bureau.at(EVENING, &["receive", "--week", "2026-W48", "--county", "410811", &path]));
    let after = bureau.rows();
    assert_ne!(after, before);
    fs::rename(bureau.data().join("mingchou.db"), bureau.path("old.db")).expect("put away");
    done(&relocate("folder"));
    assert!(bureau.url().starts_with("sqlite"));
    assert_eq!((bureau.rows(), bureau.json(EVENING, &["fsck"])["ok"].as_bool()), (after, Some(true)));
    // A backup of either database goes into the other.
    let (file, keys) = back_up(&bureau);
    let second = Database::new().expect("a second database");
    let (there, here) = (PathBuf::from(bureau.path("there")), PathBuf::from(bureau.path("here")));
    done(&restore(&there, &file, &["--keys", &keys, "--database", &second.url()]));
    let (again, again_keys) = (bureau.path("again.zip"), bureau.path("again.keys"));
    done(&mingchou(&["--data", text(&there), "--at", MONDAY, "backup", &again, "--with-keys", &again_keys]));
    done(&restore(&here, &again, &["--keys", &again_keys]));
    assert_eq!(database::wait(database::everything(&database::url_of(&here))).join("\n"), bureau.rows());
}
