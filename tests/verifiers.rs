//! Verifiers of three origins: the command here, `notebooks/verify_draw.py` and `docs/verify.html` in a real browser.
//! They share no code, and the last two were written from `docs/PROTOCOL.md` alone; here they must agree.

use crate::draw::DRAW_ONLY;
use crate::ingest::root;
use crate::office::demonstration;
use mingchou::bundle::{Files, Options, TrustedKeys, verify, verify_together, zip};
use mingchou::cli::verify::{read_bundle, read_keys};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Bundles as zips in a folder, to be judged by all three.
pub struct Court {
    folder: TempDir,
    paths: Vec<PathBuf>,
    zips: Vec<Vec<u8>>,
}

impl Court {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder"), paths: Vec::new(), zips: Vec::new() }
    }

    pub fn add(&mut self, files: &Files) {
        self.add_bytes(zip::write(files).expect("a zip"));
    }

    pub fn add_bytes(&mut self, bytes: Vec<u8>) {
        let path = self.folder.path().join(format!("{:05}.zip", self.paths.len()));
        std::fs::write(&path, &bytes).expect("written");
        self.paths.push(path);
        self.zips.push(bytes);
    }

    pub fn by_rust(&self, options: &Options) -> Vec<bool> {
        self.zips.iter().map(|bytes| zip::read(bytes.as_slice()).is_ok_and(|files| verify(&files, options).ok())).collect()
    }

    pub fn by_python(&self, options: &[&str]) -> Vec<bool> {
        let mut verdicts = Vec::new();
        for paths in self.paths.chunks(500) {
            let output = python().arg("--each").args(options).args(paths).output().expect("scripts/test installs python3");
            let text = String::from_utf8_lossy(&output.stdout);
            let errors = String::from_utf8_lossy(&output.stderr);
            assert_eq!(text.lines().count(), paths.len(), "{text}{errors}");
            verdicts.extend(text.lines().map(|line| line.starts_with("ok ")));
        }
        verdicts
    }

    /// Loads the page itself from file://, hands it the bundles, and reads what it answers; some megabytes at a time.
    pub fn by_page(&self, options: &str) -> Vec<bool> {
        const MOST_BYTES: usize = 16 << 20;
        let mut verdicts = Vec::new();
        let mut rest = self.zips.as_slice();
        while !rest.is_empty() {
            let mut held = 0;
            let fits = |bytes: &&Vec<u8>| {
                held += bytes.len();
                held <= MOST_BYTES
            };
            let (now, later) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            let found = self.page_verdicts(now, options);
            assert_eq!(found.len(), now.len());
            verdicts.extend(found);
            rest = later;
        }
        verdicts
    }

    fn page_verdicts(&self, zips: &[Vec<u8>], options: &str) -> Vec<bool> {
        let mut script = String::from("const bundles = [];\n");
        for bytes in zips {
            let _ = writeln!(script, "bundles.push('{}');", base64(bytes));
        }
        script += "const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));\n";
        let _ = writeln!(
            script,
            "const verdicts = bundles.map((text, n) => mingchou.verify([{{name: String(n), zip: bytes(text)}}], {options}).ok);\n\
             document.body.textContent = 'VERDICTS ' + verdicts.map(ok => ok === true ? 'y' : 'n').join('') + ' END';"
        );
        marks(&browse(self.folder.path(), &script))
    }

    /// What all three say of each bundle; they must say the same.
    pub fn agree(&self, options: &Options, python: &[&str], page: &str) -> Vec<bool> {
        let ours = self.by_rust(options);
        for (other, theirs) in [("verify_draw.py", self.by_python(python)), ("verify.html", self.by_page(page))] {
            let differing: Vec<&PathBuf> = ours.iter().zip(&theirs).zip(&self.paths).filter(|((a, b), _)| a != b).map(|(_, path)| path).collect();
            assert!(differing.is_empty(), "{other} differs on {} bundles: {differing:?}", differing.len());
        }
        ours
    }
}

/// Reads `VERDICTS yyn END`.
fn marks(text: &str) -> Vec<bool> {
    let marks = text.split("VERDICTS ").nth(1).and_then(|rest| rest.split(" END").next());
    marks.unwrap_or_else(|| panic!("no verdicts: {text}")).chars().map(|mark| mark == 'y').collect()
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.arg(root().join("notebooks/verify_draw.py"));
    command
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

/// Runs a script in the page, in a headless browser with a fresh profile, and answers the page's text.
fn browse(folder: &Path, script: &str) -> String {
    let page = std::fs::read_to_string(root().join("docs/verify.html")).expect("the page");
    let path = folder.join("page.html");
    std::fs::write(&path, page.replacen("</body>", &format!("<script>{script}</script></body>"), 1)).expect("written");
    let profile = TempDir::new().expect("a profile");
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--dump-dom"]);
    command.arg("--virtual-time-budget=600000");
    command.arg(format!("--user-data-dir={}", profile.path().display())).arg(format!("file://{}", path.display()));
    let output = command.output().expect("scripts/test installs chromium");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn vectors(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root().join("tests/vectors").join(folder)).expect("vectors").flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "zip"));
    paths.sort();
    paths
}

fn trusted() -> TrustedKeys {
    read_keys(&root().join("tests/vectors/bundle/keys.json")).expect("keys")
}

#[test]
fn the_published_logs_verify_alone_and_together_by_all_three() {
    let keys = root().join("tests/vectors/bundle/keys.json");
    let keys_text = keys.to_str().expect("utf-8");
    let paths = vectors("bundle");
    assert_eq!(paths.len(), 4);
    let mut court = Court::new();
    paths.iter().for_each(|path| court.add(&read_bundle(path).expect("a bundle")));
    let options = Options { trusted: Some(trusted()), ..Options::default() };
    let page = format!("{{keys: bytes('{}')}}", base64(&std::fs::read(&keys).expect("keys")));
    assert_eq!(court.agree(&options, &["--keys", keys_text], &page), [true; 4]);
    assert_eq!(court.agree(&Options::default(), &[], "{}"), [true; 4]);

    let files: Vec<Files> = paths.iter().map(|path| read_bundle(path).expect("a bundle")).collect();
    let (verdicts, together) = verify_together(&files.iter().collect::<Vec<_>>(), &options);
    assert!(verdicts.iter().all(|verdict| verdict.ok()) && together.len() == 2 && together.iter().all(|check| check.ok));
    let output = python().args(["--keys", keys_text]).args(&paths).output().expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_demonstration_verifies_by_all_three() {
    let mut court = Court::new();
    court.add(&read_bundle(&demonstration().join("bundle")).expect("a bundle"));
    assert_eq!(court.agree(&Options::default(), &[], "{}"), [true]);
    let two = Options { witnesses: 2, ..Options::default() };
    assert_eq!(court.agree(&two, &["--witnesses", "2"], "{witnesses: 2}"), [true]);
    let three = Options { witnesses: 3, ..Options::default() };
    assert_eq!(court.agree(&three, &["--witnesses", "3"], "{witnesses: 3}"), [false]);
}

#[test]
fn three_verifiers_agree_on_thousands_of_random_frames() {
    let mut court = Court::new();
    for case in 0..2000 {
        court.add(&crate::random::random_draw(case));
    }
    // Products beyond 2^53 in the allocation and on the comb.
    court.add(&crate::random::large_draw());
    let verdicts = court.agree(&DRAW_ONLY, &["--without-log"], "{withoutLog: true}");
    assert!(verdicts.iter().all(|ok| *ok), "all are honest");
}

#[test]
fn every_field_changed_by_itself_is_refused_by_all_three() {
    // One in so many of all mutants; scripts/mutants tries every one.
    let step: usize = std::env::var("MINGCHOU_MUTANT_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(29);
    let bundles = [demonstration().join("bundle"), root().join("tests/vectors/bundle/w49-2")];
    for path in bundles {
        let all = crate::mutants::mutants(&read_bundle(&path).expect("a bundle"));
        let chosen: Vec<_> = all.iter().step_by(step).collect();
        let mut court = Court::new();
        chosen.iter().for_each(|mutant| court.add(&mutant.files));
        let verdicts = court.agree(&Options::default(), &[], "{}");
        let accepted: Vec<&str> = chosen.iter().zip(&verdicts).filter(|(_, ok)| **ok).map(|(mutant, _)| mutant.name.as_str()).collect();
        println!("{}: {} mutants, {} tried by each of three verifiers, accepted: {accepted:?}", path.display(), all.len(), chosen.len());
        // A witness in keys.json whose key signs nothing here may be named or not: no hash covers that file.
        let is_own_word = |name: &&&str| name.starts_with("log/keys.json: /witnesses");
        assert_eq!(accepted.iter().filter(|name| !is_own_word(name)).collect::<Vec<_>>(), Vec::<&&str>::new());
        assert!(chosen.len() > 100);
    }
}

/// One case of tests/attacks.py.
#[derive(serde::Deserialize)]
struct Case {
    bundles: usize,
    keys: bool,
    name: String,
    rules: Vec<String>,
    witnesses: usize,
}

#[test]
fn honest_and_attacked_logs_are_told_apart_by_all_three() {
    let folder = TempDir::new().expect("a temporary folder");
    let built = Command::new("python3").arg(root().join("tests/attacks.py")).arg(folder.path()).output().expect("python3");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let text = std::fs::read_to_string(folder.path().join("cases.json")).expect("cases");
    let cases: Vec<Case> = serde_json::from_str(&text).expect("cases");
    assert!(cases.len() > 300 && cases.iter().filter(|case| case.rules.is_empty()).count() > 30);
    let at = |number: usize| folder.path().join(format!("{number:04}"));
    let expected: Vec<bool> = cases.iter().map(|case| case.rules.is_empty()).collect();
    let wrong = |verdicts: &[bool]| {
        let pairs = cases.iter().zip(verdicts).zip(&expected);
        pairs.filter(|((_, found), expected)| found != expected).map(|((case, _), _)| case.name.clone()).collect::<Vec<_>>()
    };

    let mut script = "const cases = [], bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));\n".to_owned();
    let mut ours = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let files: Vec<_> = (0..case.bundles).map(|n| read_bundle(&at(number).join(format!("b{n}")))).collect();
        let keys = case.keys.then(|| std::fs::read(at(number).join("keys.json")).expect("keys"));
        let trusted = keys.as_deref().map(TrustedKeys::parse).transpose();
        let (Ok(trusted), true) = (trusted, files.iter().all(Result::is_ok)) else {
            ours.push(false);
            script += "cases.push(null);\n";
            continue;
        };
        let files: Vec<Files> = files.into_iter().flatten().collect();
        let options = Options { trusted, witnesses: case.witnesses, ..Options::default() };
        let (verdicts, together) = verify_together(&files.iter().collect::<Vec<_>>(), &options);
        ours.push(verdicts.iter().all(|verdict| verdict.ok()) && together.iter().all(|check| check.ok));
        let zips: Vec<String> = files.iter().map(|files| format!("'{}'", base64(&zip::write(files).expect("a zip")))).collect();
        let keys = keys.map_or_else(|| "null".to_owned(), |keys| format!("'{}'", base64(&keys)));
        let _ = writeln!(script, "cases.push([[{}], {keys}, {}]);", zips.join(","), case.witnesses);
    }
    assert_eq!(wrong(&ours), Vec::<String>::new(), "the command");

    script += "const judge = ([zips, keys, witnesses]) => mingchou.verify(zips.map((z, n) => ({name: String(n), zip: bytes(z)})), \
               {keys: keys && bytes(keys), witnesses}).ok;\n\
               document.body.textContent = 'VERDICTS ' + cases.map(c => c && judge(c) ? 'y' : 'n').join('') + ' END';";
    assert_eq!(wrong(&marks(&browse(folder.path(), &script))), Vec::<String>::new(), "verify.html");

    let judge = "import sys, json, pathlib; sys.path.insert(0, sys.argv[1]); import verify_draw as v; out = pathlib.Path(sys.argv[2])\n\
                 def judge(n, c):\n\
                 \x20   keys = (out / f'{n:04}' / 'keys.json').read_bytes() if c['keys'] else None\n\
                 \x20   return v.verify_paths([str(out / f'{n:04}' / f'b{i}') for i in range(c['bundles'])], witnesses=c['witnesses'], keys=keys)['ok']\n\
                 cases = json.loads((out / 'cases.json').read_text())\n\
                 print('VERDICTS ' + ''.join('y' if judge(n, c) else 'n' for n, c in enumerate(cases)) + ' END')";
    let output = Command::new("python3").args(["-c", judge]).arg(root().join("notebooks")).arg(folder.path()).output().expect("python3");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(wrong(&marks(&text)), Vec::<String>::new(), "verify_draw.py");
}

/// The page's own entry is given a bundle, as a drop would; answers what the reader then sees.
fn shown(files: &Files, english: bool) -> String {
    let folder = TempDir::new().expect("a temporary folder");
    let mut script = "const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));\nconst files = new Map();\n".to_owned();
    for (name, content) in files {
        let _ = writeln!(script, "files.set('{name}', bytes('{}'));", base64(content));
    }
    if english {
        script += "document.getElementById('language').click();\n";
    }
    script += "mingchouPage.show([{name: 'bundle', files}], {});\n\
               setTimeout(() => document.body.textContent = 'SEEN ' + document.body.innerText + ' END', 500);";
    let text = browse(folder.path(), &script);
    text.split("SEEN ").nth(1).unwrap_or_else(|| panic!("nothing seen: {text}")).to_owned()
}

#[test]
fn the_page_shows_verdict_list_and_probabilities_in_both_languages() {
    let good = read_bundle(&demonstration().join("bundle")).expect("a bundle");
    let seen = shown(&good, false);
    for word in ["核验通过", "焦作市2026年第49周", "检查名单", "各层抽取图", "入样概率", "外部见证"] {
        assert!(seen.contains(word), "{word}: {seen}");
    }
    assert!(shown(&good, true).contains("Verified"));
    let mut bad = good;
    let text = String::from_utf8(bad["transcript.json"].clone()).expect("text");
    bad.insert("transcript.json".into(), text.replacen("\"team\":1", "\"team\":2", 1).into_bytes());
    let seen = shown(&bad, false);
    assert!(seen.contains("核验不通过") && seen.contains("transcript.json"), "{seen}");
}

#[test]
fn a_cosignature_by_a_key_that_is_not_trusted_is_named_and_does_not_count() {
    let files = read_bundle(&root().join("tests/vectors/bundle/w50")).expect("a bundle");
    let mut trusted = trusted();
    let named = |trusted: &TrustedKeys, witnesses: usize| {
        let verdict = verify(&files, &Options { trusted: Some(trusted.clone()), witnesses, ..Options::default() });
        let codes: Vec<&str> = verdict.notes.iter().map(|note| note.code).filter(|code| code.starts_with("note_cosigned")).collect();
        (verdict.ok(), codes)
    };
    assert_eq!(named(&trusted, 2), (true, vec!["note_cosigned", "note_cosigned"]));
    trusted.keys.witnesses.retain(|(owner, _)| owner.as_str() != "discipline");
    assert_eq!(named(&trusted, 1), (true, vec!["note_cosigned_unknown", "note_cosigned"]));
    assert!(!named(&trusted, 2).0, "one that counts is not two");
}
