//! A whole ceremony over HTTP: two parties in two sessions, each with acts it signed by itself.

use crate::office::Bureau;
use axum::body::Body;
use axum::http::{Request, header};
use mingchou::canon::{Code, Hash, Secret, TaggedHash, Text, Time};
use mingchou::domain::Role;
use mingchou::draw::commitment;
use mingchou::http::{App, Settings, router};
use mingchou::ops::Office;
use mingchou::ops::account::{self, NewAccount};
use mingchou::tlog::{Act, DrawRef, PrivateKey, SignedAct};
use tokio::runtime::Runtime;
use tower::ServiceExt;

const PASSWORD: &str = "十位以上的密码一二三";
const BEFORE: &str = "2026-11-27T16:40:00+08:00";
const FRIDAY: &str = "2026-11-27T19:00:00+08:00";
const EVENING: &str = "2026-11-27T21:40:00+08:00";
const MONDAY: &str = "2026-11-30T08:30:00+08:00";
const AFTER: &str = "2026-12-07T09:00:00+08:00";
const WEEK: &str = "/ceremony/2026-W48";
const NUMBERS: &str = "01 04 09 12 13 17 22 23 25 30 37 38 41 46 52 58 61 66 73 80";

/// Somebody who asks: a session's key and form token.
struct Who {
    cookie: String,
    form: String,
}

struct Answer {
    status: u16,
    location: String,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    #[track_caller]
    fn says(&self, status: u16, word: &str) -> &Self {
        assert_eq!(self.status, status, "{} {}", self.location, self.text());
        let place = if status == 303 { self.location.clone() } else { self.text() };
        assert!(place.contains(word), "no “{word}” in {place}");
        self
    }

    #[track_caller]
    fn is_silent_on(&self, word: &str) -> &Self {
        assert!(!self.text().contains(word), "says {word}");
        self
    }
}

/// A service whose clock a test sets at every request.
struct Service {
    bureau: Bureau,
    runtime: Runtime,
}

impl Service {
    /// Two counties have reported; everybody has an account; nobody a key.
    fn new() -> Self {
        let bureau = Bureau::new();
        bureau.receive_two(&["2026-11-27T15:00:00+08:00", "2026-11-27T16:00:00+08:00"]);
        let service = Self { bureau, runtime: Runtime::new().expect("a runtime") };
        for role in [Role::Bureau, Role::Discipline, Role::Inspector, Role::Auditor, Role::County, Role::Analyst] {
            let county = (role == Role::County).then(|| Code::parse("410802").expect("a code"));
            let new = NewAccount { name: role.as_str(), full_name: "甲某", password: PASSWORD, roles: &[role], county, must_change: false };
            service.runtime.block_on(async { account::add(&service.office("2026-11-27T16:30:00+08:00").await, new, "test").await }).expect("added");
        }
        service
    }

    async fn office(&self, at: &str) -> Office {
        Office::open(&self.bureau.data(), Some(Time::parse(at).expect("a time"))).await.expect("open")
    }

    fn sign_in(&self, at: &str, role: Role) -> Who {
        let signed_in = self.runtime.block_on(async { account::sign_in(&self.office(at).await, role.as_str(), PASSWORD, None).await });
        let signed_in = signed_in.expect("signed in");
        Who { cookie: format!("session={}", signed_in.key), form: signed_in.person.form_token.expect("a token") }
    }

    fn both(&self, at: &str) -> [Who; 2] {
        [self.sign_in(at, Role::Bureau), self.sign_in(at, Role::Discipline)]
    }

    fn send(&self, at: &str, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let router = router(App::new(self.office(at).await, Settings::default()));
            let response = router.oneshot(request).await.expect("answered");
            let (parts, body) = response.into_parts();
            let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("whole").to_vec();
            Answer { status: parts.status.as_u16(), location, bytes }
        })
    }

    fn get(&self, at: &str, who: &Who, path: &str) -> Answer {
        self.send(at, Request::get(path).header(header::COOKIE, &who.cookie).body(Body::empty()).expect("a request"))
    }

    fn post(&self, at: &str, who: &Who, path: &str, kind: &str, body: String) -> Answer {
        let request = Request::post(format!("{path}?form={}", who.form)).header(header::COOKIE, &who.cookie);
        self.send(at, request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).expect("a request"))
    }

    fn form(&self, at: &str, who: &Who, path: &str, fields: &[(&str, &str)]) -> Answer {
        let escape = |text: &str| {
            text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect::<String>()
        };
        let body = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&");
        self.post(at, who, path, "application/x-www-form-urlencoded", body)
    }

    fn parts(&self, at: &str, who: &Who, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            let file = if matches!(*name, "file" | "evidence") { "; filename=\"x\"" } else { "" };
            body.push_str(&format!("--between\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"));
        }
        body.push_str("--between--\r\n");
        self.post(at, who, path, "multipart/form-data; boundary=between", body)
    }

    fn act(&self, at: &str, who: &Who, signed: &SignedAct) -> Answer {
        self.parts(at, who, &format!("{WEEK}/act"), &[("act", &signed.to_text())])
    }

    fn register(&self) {
        let [bureau, discipline] = self.both(BEFORE);
        for (who, party) in [(&bureau, "bureau"), (&discipline, "discipline")] {
            let act = Act::Key { party: code(party), value: key(party).public() };
            self.act(BEFORE, who, &signed(act, party)).says(303, "done=entered");
        }
    }

    fn draw(&self, at: &str, who: &Who) -> DrawRef {
        let slip = self.get(at, who, &format!("{WEEK}/slip.json"));
        match Act::parse(&slip.bytes) {
            Ok(Act::Plan { draw, .. }) => draw,
            other => panic!("{other:?}"),
        }
    }

    /// Everybody's keys, and a frozen week.
    fn frozen() -> Self {
        let service = Self::new();
        service.register();
        let bureau = service.sign_in(FRIDAY, Role::Bureau);
        service.form(FRIDAY, &bureau, &format!("{WEEK}/freeze"), &plan(&[])).says(303, "done=entered");
        service
    }

    fn commit(&self) -> DrawRef {
        let [bureau, discipline] = self.both(FRIDAY);
        let draw = self.draw(FRIDAY, &bureau);
        self.act(FRIDAY, &bureau, &committed(draw, "bureau")).says(303, "done=entered");
        self.act(FRIDAY, &discipline, &committed(draw, "discipline")).says(303, "done=entered");
        draw
    }
}

const PLAN: [(&str, &str); 10] = [
    ("visits", "6"),
    ("min_per_stratum", "1"),
    ("reserves_per_stratum", "1"),
    ("teams", "2"),
    ("bureau_per_team", "2"),
    ("discipline_per_team", "1"),
    ("source", "kl8"),
    ("draw", "2026315"),
    ("after", "2026-11-27T21:30"),
    ("bureau", "B01, B02，B03\nB04"),
];

fn plan(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut plan: Vec<_> = PLAN.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).collect();
    plan.push(("discipline", "D01 D02"));
    plan.extend(changes);
    plan
}

fn code(text: &str) -> Code {
    Code::parse(text).expect("a code")
}

fn secret(what: &str, party: &str) -> Secret {
    Secret(TaggedHash::new(what).lp(party.as_bytes()).end().0)
}

fn key(party: &str) -> PrivateKey {
    PrivateKey::new(&secret("key", party))
}

fn signed(act: Act, party: &str) -> SignedAct {
    sign(SignedAct::new(act), party)
}

fn sign(mut signed: SignedAct, party: &str) -> SignedAct {
    signed.sign(&code(party), &key(party));
    signed
}

fn nonce(party: &str) -> Secret {
    secret("nonce", party)
}

fn committed(draw: DrawRef, party: &str) -> SignedAct {
    signed(Act::Commitment { draw, party: code(party), value: commitment(&draw.plan, &code(party), &nonce(party)) }, party)
}

fn typed(draw: DrawRef, numbers: &str, party: &str) -> SignedAct {
    signed(Act::Entropy { draw, text: format!("kl8/2026315/{numbers}") }, party)
}

fn revealed(draw: DrawRef, party: &str, from: &str, nonce: &Secret) -> SignedAct {
    let act = |sealed| Act::Reveal { draw, party: code(party), from: code(from), sealed };
    sign(SignedAct::sealed(&secret("salt", party), nonce.to_hex(), act), from)
}

/// The act's file that a page holds out for signing.
fn offered(page: &str) -> SignedAct {
    let text = page.split("<textarea data-act").nth(1).and_then(|rest| rest.split('>').nth(1)).and_then(|rest| rest.split('<').next());
    let text = text.unwrap_or_else(|| panic!("no act in {page}")).replace("&#34;", "\"").replace("&quot;", "\"").replace("&#38;", "&");
    SignedAct::parse(&text).unwrap_or_else(|refusal| panic!("{refusal}: {text}"))
}

#[test]
fn two_parties_hold_a_ceremony_over_http_and_neither_can_do_the_others_part() {
    let service = Service::new();
    let bureau = service.sign_in(BEFORE, Role::Bureau);
    // Keys: each its own.
    service.get(BEFORE, &bureau, WEEK).says(200, "请先制作本方的密钥");
    let other = signed(Act::Key { party: code("discipline"), value: key("discipline").public() }, "discipline");
    service.act(BEFORE, &bureau, &other).says(422, "只能提交由市局自己签署");
    let stolen = signed(Act::Key { party: code("discipline"), value: key("bureau").public() }, "bureau");
    service.act(BEFORE, &bureau, &stolen).says(422, "须由纪检组签署");
    service.register();

    // The freeze: the bureau's, not before the deadline, and the form stays as it was typed.
    let early = "2026-11-27T17:00:00+08:00";
    let [bureau, discipline] = service.both(early);
    service.get(early, &bureau, WEEK).says(200, "2026-11-27 17:30 截止");
    service.form(early, &bureau, &format!("{WEEK}/freeze"), &plan(&[])).says(422, "现在还不能封存").says(422, "value=\"2026315\"");
    service.form(early, &discipline, &format!("{WEEK}/freeze"), &plan(&[])).says(403, "");
    let [bureau, discipline] = service.both(FRIDAY);
    service.get(FRIDAY, &bureau, WEEK).says(200, "填写方案");
    service.get(FRIDAY, &discipline, WEEK).says(200, "等待市局封存名单").is_silent_on("填写方案");
    service.get(FRIDAY, &bureau, &format!("{WEEK}/freeze")).says(200, "2026-11-27T21:30");
    for (change, word) in [
        (("visits", "六"), "“检查班期数”填写有误：六"),
        (("draw", ""), "“期号”填写有误"),
        (("after", "tonight"), "“开奖时间”填写有误：tonight"),
        (("recusals", "B01"), "“回避"),
        (("bureau", "B01"), "回避"),
        (("draw", "2025001"), "2025001"),
    ] {
        service.form(FRIDAY, &bureau, &format!("{WEEK}/freeze"), &plan(&[change])).says(422, word);
    }
    service.form(FRIDAY, &bureau, &format!("{WEEK}/freeze"), &plan(&[])).says(303, "done=entered");
    service.form(FRIDAY, &bureau, &format!("{WEEK}/freeze"), &plan(&[("visits", "7")])).says(422, "class=\"refusal\"");
    let draw = service.draw(FRIDAY, &bureau);
    service.get(FRIDAY, &discipline, WEEK).says(200, &draw.plan.to_string()).says(200, "data-kind=\"commitment\"");

    // A form of the script's sends the signed act and nothing that was read or typed besides.
    let page = service.get(FRIDAY, &discipline, WEEK).text();
    let forms: Vec<&str> = page.split("<form class=\"sign\"").skip(1).filter_map(|rest| rest.split("</form>").next()).collect();
    assert!(forms.len() >= 3);
    forms.iter().for_each(|form| assert_eq!(form.matches(" name=").count(), 1, "{form}"));

    // Commitments: each its own, with its own key.
    service.act(FRIDAY, &discipline, &committed(draw, "bureau")).says(422, "只能提交由纪检组自己签署");
    let value = committed(draw, "bureau").act;
    service.act(FRIDAY, &discipline, &sign(SignedAct::new(value), "discipline")).says(422, "须由市局签署");
    let mut forged = committed(draw, "bureau");
    forged.signatures.clear();
    forged.sign(&code("bureau"), &key("discipline"));
    service.act(FRIDAY, &bureau, &forged).says(422, "签名无效");
    service.act(FRIDAY, &bureau, &committed(draw, "bureau")).says(303, "done=entered");
    service.act(FRIDAY, &bureau, &committed(draw, "bureau")).says(303, "done=known");
    service.get(FRIDAY, &bureau, WEEK).says(200, "等待纪检组提交密封值");
    // Signed on the command line, handed in as a file.
    let file = committed(draw, "discipline").to_text();
    service.parts(FRIDAY, &discipline, &format!("{WEEK}/act"), &[("file", &file)]).says(303, "done=entered");
    service.get(FRIDAY, &discipline, WEEK).says(200, "双方都已提交");

    // The public value: typed by each, seen by the other only after its own.
    service.act(FRIDAY, &bureau, &typed(draw, NUMBERS, "bureau")).says(422, "2026-11-27T21:30:00+08:00 才产生");
    let [bureau, discipline] = service.both(EVENING);
    service.act(EVENING, &bureau, &typed(draw, "01 02 03", "bureau")).says(422, "01 02 03");
    service.act(EVENING, &bureau, &typed(draw, NUMBERS, "bureau")).says(303, "done=waiting");
    service.get(EVENING, &bureau, WEEK).says(200, "您已填报");
    service.get(EVENING, &discipline, WEEK).says(200, "不要看另一方填的").is_silent_on("58 61 66 73 80");
    let wrong = NUMBERS.replace("80", "79");
    service.act(EVENING, &discipline, &typed(draw, &wrong, "discipline")).says(303, "done=differs");
    for who in [&bureau, &discipline] {
        service.get(EVENING, who, WEEK).says(200, "双方填报的不一样").says(200, NUMBERS).says(200, &wrong);
    }
    service.act(EVENING, &discipline, &typed(draw, NUMBERS, "discipline")).says(303, "done=entered");
    service.act(EVENING, &bureau, &typed(draw, &wrong, "bureau")).says(422, "已填报过另一个结果");

    // The reveal: what was committed, and shown once both are in.
    let [bureau, discipline] = service.both(MONDAY);
    service.post(MONDAY, &bureau, &format!("{WEEK}/draw"), "text/plain", String::new()).says(422, "还缺随机数");
    service.act(MONDAY, &bureau, &revealed(draw, "bureau", "bureau", &nonce("else"))).says(422, "与其密封值不符");
    service.act(MONDAY, &bureau, &revealed(draw, "bureau", "bureau", &nonce("bureau"))).says(303, "done=entered");
    for who in [&bureau, &discipline] {
        service.get(MONDAY, who, WEEK).says(200, "双方都揭示后显示").is_silent_on(&nonce("bureau").to_hex());
    }
    service.get(MONDAY, &bureau, WEEK).says(200, "data-kind=\"envelope\"");
    service.act(MONDAY, &discipline, &revealed(draw, "discipline", "discipline", &nonce("discipline"))).says(303, "done=entered");
    service.get(MONDAY, &discipline, WEEK).says(200, &nonce("bureau").to_hex()).says(200, &nonce("discipline").to_hex());

    // The draw, and who sees what of it.
    service.post(MONDAY, &discipline, &format!("{WEEK}/draw"), "text/plain", String::new()).says(303, "done=drawn_now");
    service.post(MONDAY, &bureau, &format!("{WEEK}/draw"), "text/plain", String::new()).says(303, "done=drawn_now");
    let wall = service.get(MONDAY, &bureau, &format!("{WEEK}/wall"));
    wall.says(200, "第 1 检查组").says(200, "class=\"tooth\"");
    assert_eq!(wall.text(), service.get(MONDAY, &bureau, &format!("{WEEK}/wall")).text(), "the same on a reload");
    assert_eq!(wall.text().matches("<li class=\"visit\">").count(), 6);
    let inspector = service.sign_in(MONDAY, Role::Inspector);
    service.get(MONDAY, &inspector, &format!("{WEEK}/wall")).says(403, "");
    service.get(MONDAY, &inspector, WEEK).says(403, "");
    let list = service.get(MONDAY, &inspector, "/list/2026-W48");
    list.says(200, "第 1 检查组").is_silent_on("风险分").is_silent_on("规模度量").is_silent_on("data-kind");
    service.get(MONDAY, &inspector, "/list/2026-W48?by=day").says(200, "2026-1");
    service.get(MONDAY, &inspector, "/list").says(303, "/list/2026-W48");
    assert!(service.get(MONDAY, &inspector, "/list/2026-W48/list.xlsx").bytes.starts_with(b"PK"));
    service.form(MONDAY, &inspector, "/list/2026-W48/borrow", &[("unit", "x"), ("lender", "y"), ("people", "z")]).says(403, "");
    for role in [Role::County, Role::Analyst] {
        let who = service.sign_in(MONDAY, role);
        for path in [WEEK, "/list/2026-W48", &format!("{WEEK}/wall"), &format!("{WEEK}/slip.json"), &format!("{WEEK}/notice.txt")] {
            service.get(MONDAY, &who, path).says(403, "");
        }
    }
    let auditor = service.sign_in(MONDAY, Role::Auditor);
    service.get(MONDAY, &auditor, WEEK).says(200, "不参与操作").is_silent_on("class=\"sign\"");
    service.get(MONDAY, &auditor, &format!("{WEEK}/wall")).says(403, "");
    service.act(MONDAY, &auditor, &committed(draw, "bureau")).says(403, "");
    service.get(MONDAY, &bureau, "/ceremony").says(303, WEEK);
    service.get(MONDAY, &bureau, &format!("{WEEK}/notice.txt")).says(200, &draw.plan.to_string());

    // What was drawn over HTTP is published and verified as any other.
    let bundle = service.bureau.path("bundle");
    service.bureau.json(AFTER, &["publish", "--week", "2026-W48", "--out", &bundle]);
    let verdict = crate::office::mingchou(&["verify", &bundle]);
    assert_eq!(verdict.exit, mingchou::cli::Exit::Done, "{}", verdict.out);
    let auditor = service.sign_in(AFTER, Role::Auditor);
    service.get(AFTER, &auditor, &format!("{WEEK}/wall")).says(200, "class=\"tooth\"");
}

#[test]
fn a_list_changes_only_by_what_both_signed() {
    let service = Service::frozen();
    let draw = service.commit();
    let [bureau, discipline] = service.both(EVENING);
    service.act(EVENING, &bureau, &typed(draw, NUMBERS, "bureau")).says(303, "done=waiting");
    service.act(EVENING, &discipline, &typed(draw, NUMBERS, "discipline")).says(303, "done=entered");
    let [bureau, discipline] = service.both(MONDAY);
    // The discipline group keeps the bureau's envelope and opens it.
    service.act(MONDAY, &discipline, &revealed(draw, "discipline", "discipline", &nonce("discipline"))).says(303, "done=entered");
    service.act(MONDAY, &discipline, &revealed(draw, "bureau", "discipline", &nonce("bureau"))).says(303, "done=entered");
    service.get(MONDAY, &bureau, WEEK).says(200, "由纪检组拆封");
    service.post(MONDAY, &bureau, &format!("{WEEK}/draw"), "text/plain", String::new()).says(303, "done=drawn_now");

    let list = service.get(MONDAY, &bureau, "/list/2026-W48").text();
    let unit = list.split("<option value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a visit").to_owned();
    let path = "/list/2026-W48/substitute";
    service.parts(MONDAY, &bureau, path, &[("from", &unit), ("reason", "cancelled")]).says(422, "书面证明");
    service.parts(MONDAY, &bureau, path, &[("from", &unit), ("reason", "unloved"), ("evidence", "x")]).says(422, "情形");
    service.parts(MONDAY, &bureau, path, &[("from", "nothing"), ("reason", "ended"), ("evidence", "x")]).says(422, "nothing");
    let page = service.parts(MONDAY, &bureau, path, &[("from", &unit), ("reason", "cancelled"), ("evidence", "closed")]);
    page.says(200, "停办").says(200, &Hash::of(b"closed").to_string());
    let proposed = offered(&page.text());
    assert!(proposed.signatures.is_empty());
    service.act(MONDAY, &bureau, &proposed).says(422, "只能提交");
    service.act(MONDAY, &bureau, &sign(proposed.clone(), "bureau")).says(303, "done=waiting");
    service.get(MONDAY, &bureau, WEEK).says(200, "撤回我的签署");
    service.get(MONDAY, &bureau, "/list/2026-W48").is_silent_on("替换进入");
    let page = service.get(MONDAY, &discipline, WEEK);
    page.says(200, "待您签署").says(200, "停办");
    let file = service.get(MONDAY, &discipline, &format!("{WEEK}/pending/substitution"));
    assert_eq!(SignedAct::parse(&file.text()).expect("an act"), offered(&page.text()));
    // Withdrawn, it is nowhere; signed again and by both, it is in force.
    service.post(MONDAY, &bureau, &format!("{WEEK}/withdraw/substitution"), "text/plain", String::new()).says(303, "done=withdrawn");
    service.get(MONDAY, &discipline, WEEK).is_silent_on("待您签署");
    service.act(MONDAY, &discipline, &sign(proposed.clone(), "discipline")).says(303, "done=waiting");
    service.act(MONDAY, &bureau, &sign(proposed, "bureau")).says(303, "done=entered");
    service.get(MONDAY, &bureau, "/list/2026-W48").says(200, "替换进入");
    service.get(MONDAY, &bureau, WEEK).is_silent_on("撤回我的签署");
}

#[test]
fn a_void_needs_both_and_ends_with_the_public_value() {
    let service = Service::frozen();
    let draw = service.commit();
    let void = |reason: &str, party: &str| signed(Act::Void { draw, reason: Text::parse(reason).expect("a text") }, party);
    let [bureau, discipline] = service.both(FRIDAY);
    service.act(FRIDAY, &bureau, &void("当期未开奖", "bureau")).says(303, "done=waiting");
    service.act(FRIDAY, &discipline, &void("另一理由", "discipline")).says(303, "done=differs");
    service.get(FRIDAY, &bureau, WEEK).says(200, "另一理由");
    // The public value comes after all: what was signed and set aside is gone.
    let [bureau, discipline] = service.both(EVENING);
    service.act(EVENING, &bureau, &typed(draw, NUMBERS, "bureau")).says(303, "done=waiting");
    service.act(EVENING, &discipline, &typed(draw, NUMBERS, "discipline")).says(303, "done=entered");
    service.get(EVENING, &bureau, WEEK).is_silent_on("另一理由").is_silent_on("撤回我的签署");
    service.act(EVENING, &discipline, &void("当期未开奖", "discipline")).says(422, "不能作废");

    // Where it is voided in time, the bureau freezes again for a later draw.
    let service = Service::frozen();
    let draw = service.commit();
    let void = |party: &str| signed(Act::Void { draw, reason: Text::parse("当期未开奖").expect("a text") }, party);
    let [bureau, discipline] = service.both(EVENING);
    service.act(EVENING, &bureau, &void("bureau")).says(303, "done=waiting");
    let page = service.get(EVENING, &discipline, WEEK);
    page.says(200, "当期未开奖");
    service.act(EVENING, &discipline, &sign(offered(&page.text()), "discipline")).says(303, "done=entered");
    service.get(EVENING, &bureau, WEEK).says(200, "重新封存");
    let again = plan(&[("draw", "2026316"), ("after", "2026-11-28 21:30")]);
    service.form(EVENING, &bureau, &format!("{WEEK}/freeze"), &again).says(303, "done=entered");
    service.get(EVENING, &bureau, WEEK).says(200, "第 2 次");
}

#[test]
fn a_write_without_the_forms_token_is_refused_and_so_is_a_stranger() {
    let service = Service::new();
    let bureau = service.sign_in(FRIDAY, Role::Bureau);
    let request = Request::post(format!("{WEEK}/draw")).header(header::COOKIE, &bureau.cookie).body(Body::empty()).expect("a request");
    service.send(FRIDAY, request).says(403, "");
    let request = Request::get(WEEK).body(Body::empty()).expect("a request");
    service.send(FRIDAY, request).says(303, "/login?next=/ceremony/2026-W48");
    service.get(FRIDAY, &bureau, "/ceremony/2026-W99").says(400, "2026-W99");
    service.get(FRIDAY, &bureau, &format!("{WEEK}/slip.json")).says(404, "");
    service.get(FRIDAY, &bureau, "/list/2026-W48").says(404, "");
    service.parts(FRIDAY, &bureau, &format!("{WEEK}/act"), &[]).says(422, "没有给出");
    service.parts(FRIDAY, &bureau, &format!("{WEEK}/act"), &[("act", "{}")]).says(422, "不是待签文件");
}
