//! The page's own hashes, signatures and records, run in the browser it is made for and held against the program's.

use crate::ingest::root;
use mingchou::canon::{Code, Hash, Secret, TaggedHash};
use mingchou::draw::commitment;
use mingchou::tlog::{Act, DrawRef, PrivateKey, SignedAct};
use std::process::Command;
use tempfile::TempDir;

fn secret(what: &str, number: u64) -> Secret {
    Secret(TaggedHash::new(what).lp(&number.to_be_bytes()).end().0)
}

fn draw() -> DrawRef {
    let plan = Hash(secret("a plan", 0).0);
    DrawRef { kind: mingchou::canon::DrawKind::Weekly, period: mingchou::canon::Week::parse("2026-W49").expect("a week"), attempt: 1, plan }
}

/// Runs expressions in a page with the script and answers what each is, as text.
fn run(expressions: &[String]) -> Vec<String> {
    let folder = TempDir::new().expect("a folder");
    let script = std::fs::read_to_string(root().join("src/http/assets/crypto.js")).expect("the script");
    assert!(!script.contains("</script"), "it stands in a page here");
    let cases = format!("const c = mingchouCrypto, h = (t) => c.fromHex(t, t.length / 2); const out = [{}];", expressions.join(",\n"));
    // What is computed comes back in hexadecimal, so that the page's own escapes don't matter.
    let page = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><body><script>{script}</script><script>{cases}\
         document.body.textContent = 'BEGIN ' + out.map(x => c.toHex(c.utf8(String(x)))).join(' ') + ' END';</script></body>"
    );
    let path = folder.path().join("page.html");
    std::fs::write(&path, page).expect("written");
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--dump-dom"]);
    command.arg("--virtual-time-budget=600000");
    command.arg(format!("--user-data-dir={}", folder.path().join("profile").display())).arg(format!("file://{}", path.display()));
    let output = command.output().expect("scripts/test installs chromium");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.split("BEGIN ").nth(1).and_then(|rest| rest.split(" END").next()).unwrap_or_else(|| panic!("nothing computed: {text}"));
    let plain = |hex: &str| {
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect();
        String::from_utf8(bytes).expect("text")
    };
    found.split(' ').map(plain).collect()
}

fn hex(bytes: &[u8]) -> String {
    mingchou::canon::hash::hex(bytes)
}

/// Expressions with what each must be.
#[derive(Default)]
struct Cases {
    expressions: Vec<String>,
    expected: Vec<String>,
}

impl Cases {
    fn add(&mut self, expression: String, expected: impl ToString) {
        self.expressions.push(expression);
        self.expected.push(expected.to_string());
    }

    fn hold(self) {
        let found = run(&self.expressions);
        assert_eq!(found.len(), self.expected.len());
        for ((expression, found), expected) in self.expressions.iter().zip(found).zip(self.expected) {
            assert_eq!(found, expected, "{expression}");
        }
    }
}

#[test]
fn the_script_hashes_as_rfc_6234_says_at_every_length() {
    let mut cases = Cases::default();
    cases.add("c.check()".into(), true);
    // RFC 6234, 8.5: tests 1 and 2 stand in the script itself; 3 and 4 here.
    cases.add("c.toHex(c.sha256(c.utf8('a'.repeat(1000000))))".into(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    let ten = "'0123456701234567012345670123456701234567012345670123456701234567'.repeat(10)";
    cases.add(format!("c.toHex(c.sha256(c.utf8({ten})))"), "594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5");
    cases.add(
        format!("c.toHex(c.sha512(c.utf8({ten})))"),
        "89d05ba632c699c31231ded4ffc127d5a894dad412c0e024db872d1abd2ba8141a0f85072a9be1e2aa04cf33c765cb510813a39cd5a84c4acaa64d3f3fb7bae9",
    );
    for length in 0..140 {
        let text = "x".repeat(length);
        cases.add(format!("c.toHex(c.sha256(c.utf8('{text}')))"), Hash::of(text.as_bytes()));
    }
    cases.hold();
}

#[test]
fn the_script_signs_as_rfc_8032_says_and_as_the_program_does() {
    let mut cases = Cases::default();
    // RFC 8032, 7.1: tests 1 and 3 stand in the script itself; 2, 1024 and SHA(abc) are harder to get wrong by luck.
    let key = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    let signature =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    cases.add(format!("c.toHex(c.sign(h('{key}'), h('72')))"), signature);
    let key = "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42";
    let abc = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
    let signature =
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704";
    cases.add(format!("c.toHex(c.sign(h('{key}'), h('{abc}')))"), signature);
    for number in 0..50 {
        let secret = secret("a key", number);
        let key = PrivateKey::new(&secret);
        let message: Vec<u8> = (0..number * 7).map(|at| u8::try_from((at * 31 + number) % 256).unwrap_or(0)).collect();
        let signature = key.sign(&message);
        cases.add(format!("c.toHex(c.publicKey(h('{}')))", secret.to_hex()), key.public());
        cases.add(format!("c.toHex(c.sign(h('{}'), h('{}')))", secret.to_hex(), hex(&message)), hex(&signature));
        cases.add(format!("c.verify(h('{}'), h('{}'), h('{}'))", key.public(), hex(&message), hex(&signature)), true);
        cases.add(format!("c.verify(h('{}'), h('{}01'), h('{}'))", key.public(), hex(&message), hex(&signature)), false);
    }
    // Of small order, or a second spelling of another: no key.
    for weak in
        ["0100000000000000000000000000000000000000000000000000000000000000", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"]
    {
        cases.add(format!("c.verify(h('{weak}'), h('00'), h('{}'))", "00".repeat(64)), false);
    }
    cases.hold();
}

#[test]
fn the_script_commits_seals_and_writes_acts_byte_for_byte_as_the_program_does() {
    let mut cases = Cases::default();
    let DrawRef { period, attempt, plan, .. } = draw();
    for number in 0..20 {
        for name in ["bureau", "discipline"] {
            let (nonce, salt, party) = (secret("a nonce", number), secret("a salt", number), Code::parse(name).expect("a code"));
            let key_secret = secret("a key", number);
            let key = PrivateKey::new(&key_secret);
            let value = commitment(&plan, &party, &nonce);
            cases.add(format!("c.toHex(c.commitment(h('{plan}'), '{name}', h('{}')))", nonce.to_hex()), value);
            let of_draw = format!("attempt: {attempt}, draw: 'weekly', period: '{period}', plan: '{plan}'");
            let mut act = |more: &str, opening: &str, mut signed: SignedAct| {
                signed.sign(&party, &key);
                let expression = format!("c.signed(c.canonical({{{of_draw}, {more}}}), {opening}, '{name}', h('{}'))", key_secret.to_hex());
                cases.add(expression, signed.to_text());
            };
            act(
                &format!("kind: 'commitment', value: '{value}', party: '{name}'"),
                "null",
                SignedAct::new(Act::Commitment { draw: draw(), party: party.clone(), value }),
            );
            act("text: 'kl8/1/“x”', kind: 'entropy'", "null", SignedAct::new(Act::Entropy { draw: draw(), text: "kl8/1/“x”".into() }));
            let sealed =
                SignedAct::sealed(&salt, nonce.to_hex(), |sealed| Act::Reveal { draw: draw(), party: party.clone(), from: party.clone(), sealed });
            act(
                &format!("kind: 'reveal', party: '{name}', from: '{name}', sealed: c.toHex(c.seal(h('{}'), '{}'))", salt.to_hex(), nonce.to_hex()),
                &format!("{{salt: '{}', text: '{}'}}", salt.to_hex(), nonce.to_hex()),
                sealed,
            );
        }
    }
    cases.add("c.canonical({b: [1, true, null, '\\u0001\\n\"\\\\é中'], a: {}})".into(), "{\"a\":{},\"b\":[1,true,null,\"\\u0001\\n\\\"\\\\é中\"]}");
    for wrong in ["1.5", "-0", "2 ** 53", "'\\ud800'"] {
        cases.add(format!("(() => {{ try {{ return c.canonical({wrong}); }} catch (e) {{ return 'refused'; }} }})()"), "refused");
    }
    cases.hold();
}

#[test]
fn the_script_mixes_dice_as_the_program_does() {
    let mut cases = Cases::default();
    let throws = "1234567890".repeat(8);
    let own = secret("own", 1);
    let dice = TaggedHash::new("dice nonce").lp(throws.as_bytes()).end();
    let mixed = TaggedHash::new("mixed nonce").fixed(&own.0).lp(throws.as_bytes()).end();
    cases.add(format!("c.toHex(c.makeNonce('{throws}', true, h('{}')))", own.to_hex()), dice);
    cases.add(format!("c.toHex(c.makeNonce('{throws}', false, h('{}')))", own.to_hex()), mixed);
    cases.add(format!("c.toHex(c.makeNonce('', false, h('{}')))", own.to_hex()), own.to_hex());
    for (dice, wanted) in
        [("1".repeat(99), 100), ("1".repeat(100), 0), ("9".repeat(77), 78), ("9".repeat(78), 0), (format!("{}x", "9".repeat(78)), 78)]
    {
        cases.add(format!("c.throwsWanted('{dice}')"), wanted);
    }
    cases.add("c.toHex(c.random()) !== c.toHex(c.random()) && c.random().length === 32".into(), true);
    cases.hold();
}
