//! The map of the rooms held against the `use` lines, grouped ones too; and every sentence in both languages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each room may import. `docs/ARCHITECTURE.md` has the same table in words.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("canon", &[]),
    ("i18n", &[]),
    ("domain", &["canon"]),
    ("draw", &["canon"]),
    ("tlog", &["canon"]),
    ("bundle", &["canon", "draw", "tlog"]),
    ("calendar", &["canon", "domain"]),
    ("checks", &["canon", "domain", "calendar"]),
    ("scoring", &["canon", "domain", "calendar"]),
    ("ingest", &["canon", "domain", "calendar", "checks"]),
    ("facts", &["canon", "domain"]),
    ("store", &["canon", "domain"]),
    ("report", &["canon", "domain", "i18n"]),
    ("simulate", &["canon", "domain", "calendar"]),
    ("estimate", &["canon", "domain", "calendar"]),
    (
        "ops",
        &["canon", "domain", "draw", "tlog", "bundle", "calendar", "checks", "scoring", "ingest", "facts", "store", "report", "simulate", "estimate"],
    ),
    // `verify` and `nonce` judge and commit by `draw` itself; everything else goes through `ops`.
    // Reads may go past the acts; writes never do.
    ("http", &["ops", "canon", "domain", "i18n", "report", "bundle", "tlog", "store", "facts"]),
    ("cli", &["ops", "http", "canon", "domain", "i18n", "bundle", "tlog", "ingest", "draw"]),
];

/// Only these may ask the clock, the system's randomness, or the disk.
const EDGES: &[&str] = &["facts", "store", "ops", "http", "cli"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path))
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path)
        }
    }
    found.sort();
    found
}

/// Code without comments, so that prose may speak of other rooms.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("source is text");
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Rooms named by `crate::room` paths, alone or inside `crate::{…}` groups.
fn imports(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + 7..];
        let named = if let Some(group) = rest.strip_prefix('{') { top_level(group) } else { vec![rest.to_owned()] };
        rooms.extend(named.iter().map(|path| path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()));
    }
    rooms
}

/// The entries of a group up to its closing brace, nested groups left whole.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut entries, mut entry) = (0, Vec::new(), String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                entries.push(std::mem::take(&mut entry));
                continue;
            }
            _ => {}
        }
        entry.push(c);
    }
    entries.push(entry);
    entries
}

fn rooms() -> Vec<String> {
    let folders = std::fs::read_dir(source()).expect("src").flatten().filter(|entry| entry.path().is_dir());
    let mut rooms: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    rooms.sort();
    rooms
}

#[test]
fn every_room_imports_only_what_the_map_allows() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let names = rooms();
    assert_eq!(names, allowed.keys().map(|room| (*room).to_owned()).collect::<Vec<_>>(), "the map names every room and no other");
    let mut wrong = Vec::new();
    for room in &names {
        for file in files(&source().join(room)) {
            for import in imports(&code(&file)) {
                if names.contains(&import) && import != *room && !allowed[room.as_str()].contains(&import.as_str()) {
                    wrong.push(format!("{} imports {import}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn grouped_imports_are_caught() {
    let text = "use crate::{canon::{Hash, time}, store};\nuse crate::domain::Lesson;";
    assert_eq!(imports(text), BTreeSet::from(["canon".into(), "store".into(), "domain".into()]));
}

#[test]
fn pure_rooms_have_no_files_no_clock_and_no_chance() {
    let mut wrong = Vec::new();
    for room in rooms().iter().filter(|room| !EDGES.contains(&room.as_str())) {
        for file in files(&source().join(room)) {
            let text = code(&file);
            for word in ["std::fs", "std::env", "std::time", "Utc::now", "Local::now", "rand::", "tokio", "async fn"] {
                if text.contains(word) {
                    wrong.push(format!("{} has {word}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_draw_has_no_floats_and_no_hash_order() {
    for file in files(&source().join("draw")) {
        let text = code(&file);
        for word in ["f32", "f64", "HashSet"] {
            assert!(!text.contains(word), "{} has {word}", file.display());
        }
    }
}

#[test]
fn transactions_begin_in_one_function() {
    for file in files(&source()) {
        let begins = code(&file).contains("begin_with(");
        assert!(!begins || file.ends_with("store/mod.rs"), "{} begins a transaction", file.display());
    }
}

fn places(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_sentence_says_the_same_values_in_both_languages() {
    let mut codes = BTreeSet::new();
    for (code, zh, en) in mingchou::i18n::TABLES.iter().flat_map(|table| table.iter()) {
        assert!(codes.insert(*code), "{code} stands twice");
        assert!(!zh.is_empty() && !en.is_empty(), "{code} lacks a language");
        // A sentence may leave out in one language what the grammar of the other needs, but never name what isn't there.
        assert_eq!(places(zh), places(en), "{code}");
    }
}

#[test]
fn every_code_that_is_refused_or_found_has_a_sentence() {
    let known: BTreeSet<&str> = mingchou::i18n::TABLES.iter().flat_map(|table| table.iter()).map(|(code, _, _)| *code).collect();
    let mut missing = Vec::new();
    for file in files(&source()) {
        let text = code(&file);
        for opening in ["Refusal::new(\"", "notes.add(\"", "at_row(\"", ".say(\"", ".step(\"", "refuse(\""] {
            for (at, _) in text.match_indices(opening) {
                let code: String = text[at + opening.len()..].chars().take_while(|c| *c != '"').collect();
                if !known.contains(code.as_str()) {
                    missing.push(format!("{code} in {}", file.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_finding_is_explained_in_the_codes_document() {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CODES.md")).expect("docs/CODES.md");
    let findings = mingchou::i18n::findings::SENTENCES.iter().map(|(code, _, _)| *code).filter(|code| code.starts_with(char::is_uppercase));
    let checks = mingchou::i18n::verify::SENTENCES.iter().map(|(code, _, _)| *code).filter(|code| code.starts_with('V'));
    let missing: Vec<&str> = findings.chain(checks).filter(|code| !document.contains(*code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn help_speaks_both_languages_for_every_command_and_argument() {
    use mingchou::i18n::Lang;
    for (lang, other) in [(Lang::Zh, "Usage"), (Lang::En, "用法")] {
        let mut command = mingchou::cli::args::localised(lang);
        let mut texts = vec![command.render_long_help().to_string()];
        texts.extend(command.get_subcommands_mut().map(|sub| sub.render_long_help().to_string()));
        for text in texts {
            assert!(!text.contains(other), "{text}");
            assert!(!text.contains("[help_"), "a sentence is missing: {text}");
        }
    }
}
