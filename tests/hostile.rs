//! What a verifier may be handed: each is refused by a name, in seconds, within bounded memory, and never passes.

use crate::draw::vector;
use crate::ingest::root;
use crate::office::mingchou;
use mingchou::bundle::{Files, zip};
use mingchou::cli::Exit;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use tempfile::TempDir;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { _ = std::fs::copy(entry.path(), target).expect("copied") }
    }
}

/// A copy of a published bundle with something done to it, judged by the command and by the second verifier.
fn refused(what: &str, spoil: impl Fn(&Path)) {
    let folder = TempDir::new().expect("a temporary folder");
    let bundle = folder.path().join("bundle");
    copy(&root().join("tests/vectors/bundle/w49-2"), &bundle);
    spoil(&bundle);
    refused_path(what, &bundle);
}

fn refused_path(what: &str, path: &Path) {
    let said = mingchou(&["verify", path.to_str().expect("utf-8")]);
    assert!(matches!(said.exit, Exit::Refused | Exit::Unreadable), "{what}: {}{}", said.out, said.err);
    assert!(said.out.contains("FAILED"), "{what}: no check is named: {}{}", said.out, said.err);
    let script = root().join("notebooks/verify_draw.py");
    let output = std::process::Command::new("python3").arg(script).arg(path).output().expect("python3");
    assert!(matches!(output.status.code(), Some(1 | 3)), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("Traceback"), "{what}");
}

fn sparse(path: &Path, head: &[u8], size: u64) {
    let mut file = File::create(path).expect("a file");
    file.write_all(head).expect("written");
    file.set_len(size).expect("a sparse file");
}

#[test]
fn folders_with_too_much_or_the_wrong_things_in_them() {
    refused("a line of 2 GB", |bundle| sparse(&bundle.join("frame.jsonl"), b"{\"certain\":", 2_000_000_000));
    refused("leaves of 2 GiB", |bundle| sparse(&bundle.join("log/leaves.jsonl"), b"{\"at\":", 1 << 31));
    refused("a plan of 129 MiB", |bundle| sparse(&bundle.join("plan.json"), b"{", 129 << 20));
    refused("an unknown file", |bundle| sparse(&bundle.join("notes.txt"), b"", 0));
    refused("a folder more", |bundle| std::fs::create_dir(bundle.join("more")).expect("made"));
    refused("an empty log", |bundle| {
        std::fs::remove_dir_all(bundle.join("log")).expect("removed");
        std::fs::create_dir(bundle.join("log")).expect("made");
    });
    #[cfg(unix)]
    refused("a link", |bundle| {
        std::fs::remove_file(bundle.join("plan.json")).expect("removed");
        std::os::unix::fs::symlink(root().join("tests/vectors/bundle/w49-2/plan.json"), bundle.join("plan.json")).expect("linked");
    });
    refused_path("nothing", Path::new("/nonexistent"));
    #[cfg(unix)]
    refused_path("a device", Path::new("/dev/zero"));
}

#[test]
fn records_that_other_readers_would_take() {
    let in_plan = |what: &str, from: &str, to: &str| {
        refused(what, |bundle| {
            let path = bundle.join("plan.json");
            let text = std::fs::read_to_string(&path).expect("text");
            assert!(text.contains(from), "{what}");
            std::fs::write(path, text.replacen(from, to, 1)).expect("written");
        });
    };
    in_plan("a fraction", "\"visits\":18", "\"visits\":18.0");
    in_plan("minus nothing", "\"visits\":18", "\"visits\":-0");
    in_plan("an exponent", "\"visits\":18", "\"visits\":18e0");
    in_plan("a huge integer", "\"visits\":18", &format!("\"visits\":{}", "9".repeat(100_000)));
    in_plan("a key twice", "\"visits\":18", "\"visits\":18,\"visits\":18");
    in_plan("a blank", "\"visits\":18", "\"visits\": 18");
    in_plan("an escape too many", "焦作", "\\u7126作");
    in_plan("half a pair", "焦作", "\\ud800");
    in_plan("text not composed", "焦作", "A\u{30a}");
    in_plan("depth", "\"visits\":18", &format!("\"visits\":{}", "[".repeat(1_000_000)));
    let strata: Vec<String> = (0..10_000).map(|n| format!("{{\"size\":1,\"stratum\":\"S{n:05}\",\"units\":1,\"visits\":1}}")).collect();
    in_plan("10 000 strata", "\"strata\":[", &format!("\"strata\":[{},", strata.join(",")));
    refused("bytes that are no text", |bundle| std::fs::write(bundle.join("log/checkpoint"), [0xFF, 0xFE]).expect("written"));
}

#[test]
fn zips_that_lie() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("bundle.zip");
    let judge = |what: &str, bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        refused_path(what, &path);
    };
    let files: Files = vector("small");
    let good = zip::write(&files).expect("a zip");
    judge("cut in half", &good[..good.len() / 2]);
    judge("cut by a byte", &good[..good.len() - 1]);
    judge("nothing", b"");
    judge("a size of 4 GiB", &[&good[..18], &[0xFF; 8], &good[26..]].concat());
    judge("a name of 64 KiB", &[&good[..26], &[0xFF; 2], &good[28..]].concat());
    judge("a method of compression", &[&good[..8], &[8, 0], &good[10..]].concat());
    let mut outside = files.clone();
    outside.insert("../plan.json".into(), b"{}".to_vec());
    judge("a path leaving the folder", &zip::write(&outside).expect("a zip"));
    sparse(&path, &good, 3 << 30);
    refused_path("3 GiB behind a good zip", &path);
}
