//! The corpus of `tests/ledger`: workbooks as counties send them, each held against what a careful clerk would read in it.

use crate::ingest::root;
use std::collections::BTreeSet;
use std::process::Command;

/// Files that the reader doesn't read as a clerk would, and why; none of them is read wrongly in silence.
const NOT_YET: [&str; 0] = [];

#[test]
fn the_corpus_is_read_as_a_careful_clerk_would_read_it() {
    let binary = env!("CARGO_BIN_EXE_mingchou");
    let output = Command::new("python3").arg(root().join("tests/ledger/compare.py")).arg(binary).output().expect("python3");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let differing: BTreeSet<&str> = said.lines().filter_map(|line| line.strip_prefix("DIFFERS ")).collect();
    assert_eq!(differing, NOT_YET.into_iter().collect(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.lines().last().is_some_and(|line| line.contains("files agree")), "{said}");
}
