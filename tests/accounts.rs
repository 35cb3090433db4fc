//! Who may sign in, as what: passwords, locks, second factors, sessions, and the three administrators.

use mingchou::canon::{Code, Time};
use mingchou::domain::Role;
use mingchou::ops::account::{self, NewAccount, add, find_person, find_system, grant, set_disabled, sign_in};
use mingchou::ops::office::{Chance, Clock};
use mingchou::ops::{Office, init::init};
use tempfile::TempDir;

const BEGIN: &str = "2026-11-24T09:00:00+08:00";
const PASSWORD: &str = "一二三四五六七八九十";

/// A demonstration folder whose clock a test sets.
async fn office() -> (TempDir, Office) {
    let folder = TempDir::new().expect("a folder");
    let at = Time::parse(BEGIN).expect("a time");
    init(folder.path(), "accounts.example/log", true, &Chance::System, Clock::Fixed(at), None).await.expect("made");
    let office = Office::open(folder.path(), Some(at)).await.expect("open");
    (folder, office)
}

fn later(office: &mut Office, seconds: i64) {
    office.clock = Clock::Fixed(office.clock.now().plus_seconds(seconds));
}

fn new<'a>(name: &'a str, roles: &'a [Role], county: Option<&str>) -> NewAccount<'a> {
    let county = county.map(|county| Code::parse(county).expect("a code"));
    NewAccount { name, full_name: "甲某", password: PASSWORD, roles, county, must_change: false }
}

/// The code of what is refused; panics where it isn't.
fn refused<T>(result: Result<T, mingchou::canon::Refusal>) -> &'static str {
    match result {
        Ok(_) => panic!("was not refused"),
        Err(refusal) => refusal.code,
    }
}

#[tokio::test]
async fn an_account_has_a_name_a_password_and_roles_that_go_together() {
    let (_folder, office) = office().await;
    for name in ["", "A", "Bureau", "王", "1abc", "two words", &"a".repeat(33)] {
        assert_eq!(refused(add(&office, new(name, &[Role::Bureau], None), "test").await), "account_name", "{name}");
    }
    assert_eq!(refused(add(&office, NewAccount { password: "123456789", ..new("short", &[], None) }, "test").await), "account_password");
    assert_eq!(refused(add(&office, NewAccount { full_name: " ", ..new("nobody", &[], None) }, "test").await), "account_full_name");
    let pairs = [
        (Role::SystemAdmin, Role::SecurityAdmin),
        (Role::SystemAdmin, Role::Auditor),
        (Role::SecurityAdmin, Role::Auditor),
        (Role::SystemAdmin, Role::Bureau),
        (Role::Auditor, Role::Discipline),
        (Role::Bureau, Role::Discipline),
        (Role::County, Role::Bureau),
    ];
    for (one, other) in pairs {
        let county = (one == Role::County).then_some("410802");
        assert_eq!(refused(add(&office, new("both", &[one, other], county), "test").await), "account_roles", "{one:?} {other:?}");
        assert_eq!(refused(add(&office, new("both", &[other, one], county), "test").await), "account_roles", "{other:?} {one:?}");
    }
    assert_eq!(refused(add(&office, new("clerk", &[Role::County], None), "test").await), "account_county");
    assert_eq!(refused(add(&office, new("clerk", &[Role::Bureau], Some("410802")), "test").await), "account_county");
    assert_eq!(refused(add(&office, new("clerk", &[Role::County], Some("410899")), "test").await), "receive_unknown_county");
    add(&office, new("clerk", &[Role::County], Some("410802")), "test").await.expect("made");
    add(&office, new("analyst", &[Role::Analyst, Role::Inspector, Role::Bureau], None), "test").await.expect("made");
    assert_eq!(refused(add(&office, new("clerk", &[], None), "test").await), "account_taken");
}

#[tokio::test]
async fn whatever_is_wrong_sounds_the_same_and_five_times_lock_the_account() {
    let (_folder, mut office) = office().await;
    add(&office, new("bureau", &[Role::Bureau], None), "test").await.expect("made");
    assert_eq!(refused(sign_in(&office, "nobody", PASSWORD, None).await), "sign_in_wrong");
    for _ in 0..4 {
        assert_eq!(refused(sign_in(&office, "bureau", "a wrong password", None).await), "sign_in_wrong");
    }
    // A right one in between forgets the wrong ones.
    sign_in(&office, "bureau", PASSWORD, None).await.expect("in");
    for _ in 0..5 {
        assert_eq!(refused(sign_in(&office, "bureau", "a wrong password", None).await), "sign_in_wrong");
    }
    assert_eq!(refused(sign_in(&office, "bureau", PASSWORD, None).await), "sign_in_locked");
    later(&mut office, 15 * 60 - 1);
    assert_eq!(refused(sign_in(&office, "bureau", PASSWORD, None).await), "sign_in_locked");
    later(&mut office, 1);
    sign_in(&office, "bureau", PASSWORD, None).await.expect("in");
    set_disabled(&office, "bureau", true, "admin").await.expect("disabled");
    assert_eq!(refused(sign_in(&office, "bureau", PASSWORD, None).await), "sign_in_wrong");
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_when_it_is_old_and_when_rights_change() {
    let (_folder, mut office) = office().await;
    add(&office, new("bureau", &[Role::Bureau], None), "test").await.expect("made");
    let key = sign_in(&office, "bureau", PASSWORD, None).await.expect("in").key;
    assert!(find_person(&office, &key).await.expect("asked").is_some_and(|person| person.is(Role::Bureau)));
    assert!(find_person(&office, "another key").await.expect("asked").is_none());
    // Used every twenty minutes it lasts for twelve hours.
    for _ in 0..36 {
        later(&mut office, 20 * 60);
        assert!(find_person(&office, &key).await.expect("asked").is_some(), "{}", office.clock.now());
    }
    later(&mut office, 60);
    assert!(find_person(&office, &key).await.expect("asked").is_none());
    let key = sign_in(&office, "bureau", PASSWORD, None).await.expect("in").key;
    later(&mut office, 30 * 60 + 1);
    assert!(find_person(&office, &key).await.expect("asked").is_none());
    let key = sign_in(&office, "bureau", PASSWORD, None).await.expect("in").key;
    grant(&office, "bureau", &[Role::Analyst], None, "security").await.expect("given");
    assert!(find_person(&office, &key).await.expect("asked").is_none());
    assert_eq!(refused(grant(&office, "bureau", &[Role::Bureau], None, "bureau").await), "account_own_roles");
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_no_code_serves_twice() {
    let (_folder, mut office) = office().await;
    add(&office, new("bureau", &[Role::Bureau], None), "test").await.expect("made");
    let (secret, shown) = account::propose_totp().expect("a secret");
    let code = |office: &Office| {
        let secret = totp_rs::Secret::try_from_base32(&shown).expect("base32");
        let totp = totp_rs::Builder::new().with_secret(secret).build().expect("totp");
        totp.generate(office.clock.now().seconds()).to_string()
    };
    let wrong = |code: &str| if code == "000000" { "000001" } else { "000000" }.to_owned();
    let now = code(&office);
    assert_eq!(refused(account::set_totp(&office, "bureau", &secret, &wrong(&now)).await), "account_totp_code");
    account::set_totp(&office, "bureau", &secret, &now).await.expect("set");
    assert_eq!(refused(sign_in(&office, "bureau", PASSWORD, None).await), "sign_in_code");
    assert_eq!(refused(sign_in(&office, "bureau", PASSWORD, Some(&wrong(&now))).await), "sign_in_wrong");
    // The code that put it in force is used up.
    assert_eq!(refused(sign_in(&office, "bureau", PASSWORD, Some(&now)).await), "sign_in_wrong");
    later(&mut office, 30);
    let next = code(&office);
    sign_in(&office, "bureau", PASSWORD, Some(&next)).await.expect("in");
    assert_eq!(refused(sign_in(&office, "bureau", PASSWORD, Some(&next)).await), "sign_in_wrong");
}

#[tokio::test]
async fn an_installation_is_set_up_once_and_by_three() {
    let (_folder, office) = office().await;
    let three = || [new("system", &[Role::SystemAdmin], None), new("security", &[Role::SecurityAdmin], None), new("auditor", &[Role::Auditor], None)];
    let mut twice = three();
    twice[2].name = "system";
    assert_eq!(refused(account::set_up(&office, twice).await), "account_taken");
    assert!(!account::is_set_up(&office).await.expect("asked"), "nothing is left of what was refused");
    account::set_up(&office, three()).await.expect("set up");
    assert_eq!(refused(account::set_up(&office, three()).await), "account_set_up");
}

#[tokio::test]
async fn a_system_s_token_expires_and_can_be_revoked() {
    let (_folder, mut office) = office().await;
    let county = || Some(Code::parse("410802").expect("a code"));
    assert_eq!(refused(account::add_token(&office, "县平台", None, &["submit"], 30, "system").await), "token_scopes");
    assert_eq!(refused(account::add_token(&office, "县平台", county(), &["everything"], 30, "system").await), "token_scopes");
    let key = account::add_token(&office, "县平台", county(), &["submit", "read"], 30, "system").await.expect("made");
    let system = find_system(&office, &key).await.expect("asked").expect("known");
    assert_eq!((system.county, system.scopes), (county(), vec!["submit".to_owned(), "read".to_owned()]));
    later(&mut office, 30 * 86_400);
    assert!(find_system(&office, &key).await.expect("asked").is_none());
    let key = account::add_token(&office, "县平台", county(), &["read"], 30, "system").await.expect("made");
    let sha256 = mingchou::canon::Hash::of(key.as_bytes()).to_string();
    assert!(account::revoke_token(&office, &sha256, "system").await.expect("asked"));
    assert!(find_system(&office, &key).await.expect("asked").is_none());
    assert!(!account::revoke_token(&office, &sha256, "system").await.expect("asked"));
}
