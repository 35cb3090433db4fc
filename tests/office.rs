//! An office for tests: a data folder of its own, parties with keys outside it, and the commands they would type.

use crate::ingest::root;
use mingchou::cli::{Exit, run::run};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// What a command said and how it ended.
pub struct Said {
    pub exit: Exit,
    pub out: String,
    pub err: String,
}

pub fn mingchou(args: &[&str]) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let (is_read, is_list, shown) = (args.contains(&"read"), args.contains(&"list"), args.join(" "));
    let args = ["mingchou", "--lang", "en"].iter().chain(args).map(|arg| (*arg).to_owned()).collect();
    let exit = run(args, &mut out, &mut err);
    let said = Said { exit, out: String::from_utf8(out).expect("text"), err: String::from_utf8(err).expect("text") };
    if !is_read {
        for output in [&said.out, &said.err] {
            let mut personal = personal_in(output);
            // The inspectors call a class's contact, whose number the county put into its ledger for that.
            personal.retain(|text| !(is_list && is_phone(text)));
            assert_eq!(personal, Vec::<String>::new(), "{shown}: {output}");
        }
    }
    said
}

/// The trainees of every document that a test hands to an office.
pub const TRAINEES: [&str; 8] = ["欧阳甲云", "司徒乙霞", "诸葛丙山", "皇甫丁河", "另有其人", "端木戊月", "甲某", "乙某"];

/// What no command but `read` may say, and `read` only because whoever holds a file may know what stands in it: whole ID
/// numbers, telephone numbers of the fictional range (contacts' too, but for `list`), trainees' names.
pub fn personal_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = TRAINEES.iter().filter(|name| text.contains(*name)).map(|name| (*name).to_owned()).collect();
    // Hashes, seeds and signatures are long runs of letters and digits: a number stands by itself.
    let runs = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_')));
    found.extend(runs.filter(|run| is_id(run) || is_phone(run)).map(str::to_owned));
    found
}

fn is_phone(run: &str) -> bool {
    run.len() == 11 && run.starts_with("100") && run.bytes().all(|b| b.is_ascii_digit())
}

/// Eighteen characters with a birthday inside; the check character may be wrong.
fn is_id(run: &str) -> bool {
    let is_number =
        run.len() == 18 && run[..17].bytes().all(|b| b.is_ascii_digit()) && run.ends_with(|c: char| c.is_ascii_digit() || "xX".contains(c));
    is_number && run[6..10].parse::<u32>().is_ok_and(|year| (1900..2100).contains(&year)) && mingchou::canon::Date::parse(&birthday(run)).is_ok()
}

fn birthday(id: &str) -> String {
    format!("{}-{}-{}", &id[6..10], &id[10..12], &id[12..14])
}

#[test]
fn what_is_personal_is_known_when_it_is_said() {
    for text in ["身份证号410899199001011234。", "tel. 10012345678,", "欧阳甲云", "\"id\":\"41089919900101123X\""] {
        assert_eq!(personal_in(text).len(), 1, "{text}");
    }
    for text in ["410899********1234", "100****5678", "sha256 410899199001011234ab", "410899199013411234", "410802-2026-0001"] {
        assert_eq!(personal_in(text), Vec::<String>::new(), "{text}");
    }
}

/// One demonstration for all tests that only look at it.
pub fn demonstration() -> &'static Path {
    static FOLDER: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FOLDER.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("demo");
        let said = mingchou(&["demo", "--seed", "7", "--out", path.to_str().expect("utf-8")]);
        assert_eq!(said.exit, Exit::Done, "{}{}", said.out, said.err);
        (folder, path)
    });
    path
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("utf-8")
}

/// An office of its own for tests that act, with a clock of the test's choosing.
pub struct Bureau {
    pub folder: TempDir,
}

impl Bureau {
    /// A bureau whose first model is approved.
    pub fn new() -> Self {
        let bureau = Self::unapproved();
        let said = bureau.at("2026-11-20T10:00:00+08:00", &["model", "approve", "scorecard-2026.2", "--by", "王科长"]);
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
        bureau
    }

    pub fn unapproved() -> Self {
        let bureau = Self { folder: TempDir::new().expect("a temporary folder") };
        assert_eq!(bureau.at("2026-11-20T10:00:00+08:00", &["init", "--demonstration"]).exit, Exit::Done);
        bureau
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("utf-8").to_owned()
    }

    pub fn at(&self, time: &str, args: &[&str]) -> Said {
        let data = self.data();
        let mut all = vec!["--data", text(&data)];
        if args[0] != "init" {
            all.extend(["--at", time]);
        }
        all.extend(args);
        mingchou(&all)
    }

    pub fn json(&self, time: &str, args: &[&str]) -> serde_json::Value {
        let said = self.at(time, &[args, &["--json"]].concat());
        assert_eq!(said.exit, Exit::Done, "{args:?}: {}", said.err);
        serde_json::from_str(&said.out).expect("json")
    }

    /// Two counties of the sample, enough for a draw.
    pub fn receive_two(&self, times: &[&str; 2]) {
        for (county, time) in ["410802", "410803"].iter().zip(times) {
            let folder = root().join("data/sample/2026-W48").join(county);
            let mut files: Vec<String> =
                std::fs::read_dir(folder).expect("sample").flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
            files.sort();
            let args: Vec<&str> = ["receive", "--week", "2026-W48"].into_iter().chain(files.iter().map(String::as_str)).collect();
            let said = self.at(time, &args);
            assert_eq!(said.exit, Exit::Done, "{}", said.err);
        }
    }

    pub fn write_plan(&self, text: &str) -> String {
        let path = self.path("plan.toml");
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Everything on disk and in the log that an act could have changed.
    pub fn state(&self) -> String {
        let status = self.at("2026-12-30T00:00:00+08:00", &["status", "--week", "2026-W48", "--json"]).out;
        let files = walk(&self.data()).into_iter().filter(|path| !path.contains("mingchou.db")).collect::<Vec<_>>().join("\n");
        status + &files
    }
}

pub fn walk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() { found.extend(walk(&entry.path())) } else { found.push(entry.path().display().to_string()) }
    }
    found.sort();
    found
}

pub const PLAN: &str = r#"
visits = 6
[teams]
count = 2
bureau_per_team = 2
discipline_per_team = 1
[entropy]
source = "ssq"
draw = "2026137"
after = "2026-11-29T21:15:00+08:00"
[inspectors]
bureau = ["B01", "B02", "B03", "B04"]
discipline = ["D01", "D02"]
"#;

/// The parties' side, on their own machines: outside the data folder.
impl Bureau {
    /// An office with two counties' ledgers, both parties' keys registered, and a plan frozen. Answers the slip's path.
    pub fn frozen(plan: &str) -> (Self, String) {
        let bureau = Self::new();
        for party in ["bureau", "discipline"] {
            bureau.register(party, "2026-11-20T10:00:00+08:00");
        }
        bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
        let slip = bureau.freeze(plan, "2026-11-27T19:00:00+08:00", "slip.json");
        (bureau, slip)
    }

    pub fn freeze(&self, plan: &str, time: &str, slip: &str) -> String {
        let (plan, slip) = (self.write_plan(plan), self.path(slip));
        self.json(time, &["freeze", "--week", "2026-W48", "--plan", &plan, "--slip", &slip]);
        slip
    }

    /// Makes a party's key and enters it.
    pub fn register(&self, party: &str, time: &str) {
        let key = self.path(&format!("{party}.key"));
        assert_eq!(mingchou(&["key", "--party", party, "--out", &key]).exit, Exit::Done);
        let act = self.path(&format!("{party}.act.json"));
        assert_eq!(self.json(time, &["enter", &act])["new"], true);
    }

    pub fn sign(&self, party: &str, act: &str) {
        let key = self.path(&format!("{party}.key"));
        let said = mingchou(&["sign", "--party", party, "--key", &key, "--yes", act]);
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
    }

    /// Makes a party's nonce; answers its file and the signed commitment's.
    pub fn nonce(&self, party: &str, slip: &str, name: &str) -> (String, String) {
        let (file, act) = (self.path(&format!("{name}.nonce")), self.path(&format!("{name}.act.json")));
        let said = mingchou(&["nonce", "--slip", slip, "--party", party, "--out", &file]);
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
        self.sign(party, &act);
        (file, act)
    }

    /// Makes an act of the parties' and has these sign it.
    pub fn act(&self, name: &str, slip: &str, args: &[&str], signers: &[&str]) -> String {
        let out = self.path(name);
        let said = mingchou(&[&["act"], args, &["--slip", slip, "--out", &out]].concat());
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
        signers.iter().for_each(|party| self.sign(party, &out));
        out
    }

    /// Both commitments on Friday evening; answers the nonce files.
    pub fn commit_both(&self, slip: &str, name: &str, time: &str) -> [String; 2] {
        ["bureau", "discipline"].map(|party| {
            let (file, act) = self.nonce(party, slip, &format!("{name}-{party}"));
            assert_eq!(self.json(time, &["commit", &act])["new"], true);
            file
        })
    }

    /// The public value as both parties typed it, and both reveals; then the draw.
    pub fn draw_with(&self, slip: &str, nonces: &[String; 2], value: &str, time: &str) -> serde_json::Value {
        let both = ["bureau", "discipline"];
        let typed = both.map(|party| self.act(&format!("entropy-{party}.json"), slip, &["entropy", "--value", value], &[party]));
        assert_eq!(self.json(time, &["entropy", &typed[0], &typed[1]])["new"], true);
        for (party, nonce) in both.iter().zip(nonces) {
            let reveal = self.act(&format!("reveal-{party}.json"), slip, &["reveal", "--party", party, "--nonce", nonce], &[party]);
            assert_eq!(self.json(time, &["reveal", &reveal])["new"], true);
        }
        self.json(time, &["draw", "--week", "2026-W48"])["transcript"].clone()
    }
}
