//! The draw and its verification, on vectors of outside origin and on bundles broken one rule at a time.

use mingchou::bundle::{Files, Options, verify};
use mingchou::canon::{Hash, merkle};
use mingchou::draw::rng::Rng;
use std::path::{Path, PathBuf};

pub const VECTORS: [&str; 8] = ["small", "city", "recusals", "capacity", "ties", "special", "edges", "floors"];
pub const DRAW_ONLY: Options = Options { without_log: true, trusted: None, witnesses: 0 };

pub fn vector_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/draw").join(name)
}

pub fn vector(name: &str) -> Files {
    mingchou::cli::verify::read_bundle(&vector_folder(name)).expect("a vector is a readable bundle")
}

#[test]
fn every_published_vector_verifies() {
    for name in VECTORS {
        let verdict = verify(&vector(name), &DRAW_ONLY);
        let failed: Vec<_> = verdict.checks.iter().filter(|check| !check.ok).collect();
        assert!(verdict.ok(), "{name}: {failed:?}");
    }
}

#[test]
fn a_vector_without_log_is_refused_unless_that_was_said() {
    let verdict = verify(&vector("small"), &Options::default());
    assert_eq!(verdict.checks[0].refusal.as_ref().map(|r| r.code), Some("bundle_without_log"));
}

#[test]
fn below_rejects_words_that_would_favour_small_remainders() {
    let mut rng = Rng::new(Hash([0; 32]));
    let drawn: Vec<u64> = (0..3).map(|_| rng.below((1 << 63) + 1)).collect();
    assert_eq!(drawn, [2935650227004792128, 1940362735889535677, 3984235106219861111]);
}

#[test]
fn words_are_those_of_rfc_8439() {
    // RFC 8439, appendix A.1, test vector 1: the key stream of the zero key begins 76 b8 e0 ad a0 f1 3d 90.
    assert_eq!(Rng::new(Hash([0; 32])).below(u64::MAX), 0x903d_f1a0_ade0_b876);
}

#[test]
fn a_power_of_two_accepts_every_word() {
    let mut rng = Rng::new(Hash([0; 32]));
    let words = [10393729187455219830u64, 2935650227004792128, 1940362735889535677, 14343251830567286440];
    for word in words {
        assert_eq!(rng.below(1 << 32), word % (1 << 32));
    }
}

#[test]
fn the_tree_of_no_leaves_is_the_hash_of_nothing() {
    assert_eq!(merkle::root(&[]).to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
