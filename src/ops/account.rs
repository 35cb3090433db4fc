//! Who may sign in, as what, and the record of it.
//!
//! Accounts are made by the system administrator and get their roles from the security administrator, so that neither
//! can make somebody powerful alone; the auditor reads what both did.

use super::Office;
use crate::canon::{Code, Hash, Refusal, Result, Secret, Time};
use crate::domain::Role;
use crate::store::account::{self as table, Account, Session};
use crate::store::{self, account::Token};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use sqlx::AnyConnection;
use std::collections::BTreeSet;

/// Wrong passwords in a row after which an account is locked, and for how long.
const FAILURES: u64 = 5;
const LOCKED_SECONDS: i64 = 15 * 60;
/// A session ends after so long without a request, and after so long whatever happens.
pub const IDLE_SECONDS: i64 = 30 * 60;
const SESSION_SECONDS: i64 = 12 * 3600;
/// A session's last use is written down when it is older than this, so that reading a page rarely writes.
const TOUCH_SECONDS: i64 = 60;
/// Characters of a password.
const PASSWORD: std::ops::RangeInclusive<usize> = 10..=200;

/// Somebody, or some system, that was let in.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub full_name: String,
    pub roles: BTreeSet<Role>,
    pub county: Option<Code>,
    /// What a form of this person's must carry; none for a system.
    pub form_token: Option<String>,
    /// What a system may do; empty for a person, whose roles say it.
    pub scopes: Vec<String>,
    pub must_change: bool,
}

impl Person {
    /// Name and account as records of decisions have them: two people may bear one name, and one person may not decide
    /// twice under two.
    pub fn known_as(&self) -> String {
        let room = 38_usize.saturating_sub(self.name.chars().count());
        format!("{}（{}）", self.full_name.chars().take(room).collect::<String>(), self.name)
    }

    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// What a browser keeps: a key that only its hash is stored of.
pub struct SignedIn {
    pub key: String,
    pub person: Person,
}

/// A new account's particulars.
pub struct NewAccount<'a> {
    pub name: &'a str,
    pub full_name: &'a str,
    pub password: &'a str,
    pub roles: &'a [Role],
    pub county: Option<Code>,
    /// The person has to choose another password at first.
    pub must_change: bool,
}

/// Makes an account and writes down who made it.
pub async fn add(office: &Office, new: NewAccount<'_>, by: &str) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    add_within(office, &mut transaction, new, by).await?;
    transaction.commit().await.map_err(store::failed)
}

async fn add_within(office: &Office, connection: &mut AnyConnection, new: NewAccount<'_>, by: &str) -> Result<()> {
    let name = parse_name(new.name)?;
    let full_name = new.full_name.trim();
    if full_name.is_empty() || full_name.chars().count() > 40 || full_name.chars().any(char::is_control) {
        return Err(Refusal::new("account_full_name"));
    }
    if table::find(connection, &name).await?.is_some() {
        return Err(Refusal::new("account_taken").with("name", name));
    }
    let roles = check_roles(new.roles, new.county.as_ref())?;
    if let Some(county) = &new.county {
        let units = store::unit::list_reporting_units(connection).await?;
        if !units.iter().any(|unit| unit.county == *county) {
            return Err(Refusal::new("receive_unknown_county").with("county", county));
        }
    }
    let at = office.clock.now();
    let account = Account {
        name: name.clone(),
        full_name: full_name.to_owned(),
        county: new.county,
        password: hash(new.password)?,
        totp: None,
        totp_step: None,
        failures: 0,
        locked_until: None,
        disabled_at: None,
        created_at: at,
        must_change: new.must_change,
        roles,
    };
    table::add(connection, &account).await?;
    table::add_access(connection, at, by, "account_added", &name, &words(&account.roles)).await
}

/// Makes the three administrators of a new installation, which has no account yet.
pub async fn set_up(office: &Office, three: [NewAccount<'_>; 3]) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    if table::count(&mut transaction).await? > 0 {
        return Err(Refusal::new("account_set_up"));
    }
    for new in three {
        add_within(office, &mut transaction, new, "@set_up").await?;
    }
    transaction.commit().await.map_err(store::failed)
}

pub async fn is_set_up(office: &Office) -> Result<bool> {
    Ok(table::count(&mut *office.store.read().await?).await? > 0)
}

/// Gives an account exactly these roles. Its sessions end: the next one has the new rights.
pub async fn grant(office: &Office, name: &str, roles: &[Role], county: Option<Code>, by: &str) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    let mut account = required(&mut transaction, name).await?;
    if account.name == by {
        return Err(Refusal::new("account_own_roles"));
    }
    account.roles = check_roles(roles, county.as_ref())?;
    account.county = county;
    table::update(&mut transaction, &account).await?;
    table::set_roles(&mut transaction, &account).await?;
    let at = office.clock.now();
    table::end_sessions(&mut transaction, name, ended_before(at)).await?;
    table::add_access(&mut transaction, at, by, "roles_given", name, &words(&account.roles)).await?;
    transaction.commit().await.map_err(store::failed)
}

/// Lets an account sign in no more, or again.
pub async fn set_disabled(office: &Office, name: &str, is_disabled: bool, by: &str) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    let mut account = required(&mut transaction, name).await?;
    if account.name == by {
        return Err(Refusal::new("account_own_roles"));
    }
    let at = office.clock.now();
    account.disabled_at = is_disabled.then_some(at);
    (account.failures, account.locked_until) = (0, None);
    table::update(&mut transaction, &account).await?;
    table::end_sessions(&mut transaction, name, ended_before(at)).await?;
    table::add_access(&mut transaction, at, by, if is_disabled { "account_disabled" } else { "account_enabled" }, name, "").await?;
    transaction.commit().await.map_err(store::failed)
}

/// Gives an account another first password, for somebody who forgot theirs; the second factor goes too.
pub async fn reset_password(office: &Office, name: &str, password: &str, by: &str) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    let mut account = required(&mut transaction, name).await?;
    account.password = hash(password)?;
    (account.must_change, account.totp, account.totp_step, account.failures, account.locked_until) = (true, None, None, 0, None);
    table::update(&mut transaction, &account).await?;
    let at = office.clock.now();
    table::end_sessions(&mut transaction, name, ended_before(at)).await?;
    table::add_access(&mut transaction, at, by, "password_reset", name, "").await?;
    transaction.commit().await.map_err(store::failed)
}

/// A person's own new password. What else the person has open ends, but for the session of `key`: whoever got in with
/// the old password is out. A wrong old password counts as a failed attempt to sign in.
pub async fn change_password(office: &Office, name: &str, old: &str, new: &str, key: &str) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    let mut account = required(&mut transaction, name).await?;
    let at = office.clock.now();
    if account.locked_until.is_some_and(|until| at < until) {
        return Err(Refusal::new("sign_in_locked"));
    }
    if !verify(old, &account.password) {
        count_failure(&mut account, at);
        table::update(&mut transaction, &account).await?;
        table::add_access(&mut transaction, at, name, "sign_in_failed", name, "").await?;
        transaction.commit().await.map_err(store::failed)?;
        return Err(Refusal::new("account_old_password"));
    }
    if old == new {
        return Err(Refusal::new("account_same_password"));
    }
    account.password = hash(new)?;
    (account.must_change, account.failures) = (false, 0);
    table::update(&mut transaction, &account).await?;
    table::end_other_sessions(&mut transaction, name, &sha256(key)).await?;
    table::add_access(&mut transaction, at, name, "password_changed", name, "").await?;
    transaction.commit().await.map_err(store::failed)
}

fn count_failure(account: &mut Account, at: Time) {
    account.failures += 1;
    if account.failures >= FAILURES {
        (account.failures, account.locked_until) = (0, Some(at.plus_seconds(LOCKED_SECONDS)));
    }
}

/// Lets somebody in. Name, password and lock are refused in the same words, whichever was wrong.
pub async fn sign_in(office: &Office, name: &str, password: &str, code: Option<&str>) -> Result<SignedIn> {
    // The slow part is done before the lock is taken, and for unknown names too, so that time tells nothing.
    let known = table::find(&mut *office.store.read().await?, name).await?;
    let stored = known.as_ref().map_or(NOBODY, |account| account.password.as_str());
    let is_right = verify(password, stored) && known.is_some();
    let mut transaction = office.store.begin().await?;
    let at = office.clock.now();
    let Some(mut account) = table::find(&mut transaction, name).await? else {
        // Written down without the name, which may be a password typed into the wrong field; and writing takes the same
        // time as for a name that is there.
        table::add_access(&mut transaction, at, "@unknown", "sign_in_failed", "", "").await?;
        transaction.commit().await.map_err(store::failed)?;
        return Err(Refusal::new("sign_in_wrong"));
    };
    let is_locked = account.locked_until.is_some_and(|until| at < until);
    if is_locked || account.disabled_at.is_some() {
        return Err(Refusal::new(if is_locked { "sign_in_locked" } else { "sign_in_wrong" }));
    }
    // Between the two looks the password may have been changed.
    let is_right = is_right && account.password == stored;
    let step = if is_right { second_factor(&account, code, at) } else { None };
    let Some(step) = step.filter(|_| is_right) else {
        count_failure(&mut account, at);
        table::update(&mut transaction, &account).await?;
        table::add_access(&mut transaction, at, name, "sign_in_failed", name, "").await?;
        transaction.commit().await.map_err(store::failed)?;
        let needs_code = is_right && account.totp.is_some() && code.is_none_or(str::is_empty);
        return Err(Refusal::new(if needs_code { "sign_in_code" } else { "sign_in_wrong" }));
    };
    (account.failures, account.locked_until) = (0, None);
    account.totp_step = step.or(account.totp_step);
    table::update(&mut transaction, &account).await?;
    let (key, form_token) = (crate::ops::Chance::System.secret()?.to_hex(), crate::ops::Chance::System.secret()?.to_hex());
    let session = Session { sha256: sha256(&key), account: account.name.clone(), form_token, begun_at: at, seen_at: at };
    table::add_session(&mut transaction, &session).await?;
    table::add_access(&mut transaction, at, name, "signed_in", name, "").await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(SignedIn { key, person: person(account, Some(session.form_token)) })
}

/// None where the code is wrong; else the time step that it used, if there is a second factor.
fn second_factor(account: &Account, code: Option<&str>, at: Time) -> Option<Option<u64>> {
    let Some(secret) = &account.totp else { return Some(None) };
    let totp = totp(secret).ok()?;
    let step = totp.check(code?.trim(), u64::try_from(at.unix()).ok()?)?;
    // A code seen over somebody's shoulder is used up.
    account.totp_step.is_none_or(|used| step > used).then_some(Some(step))
}

fn totp(secret: &str) -> Result<totp_rs::Totp> {
    let bytes: [u8; 20] = Secret::parse(secret)?.0.first_chunk().copied().unwrap_or_default();
    totp_rs::Builder::new().with_secret(bytes).build().map_err(|error| Refusal::new("account_totp").with("reason", error))
}

/// A secret for a person's second factor, not yet in force: in hex, and as an authenticator wants it.
pub fn propose_totp() -> Result<(String, String)> {
    let secret = crate::ops::Chance::System.secret()?.to_hex();
    let shown = show_totp(&secret)?;
    Ok((secret, shown))
}

/// A proposed secret as an authenticator wants it.
pub fn show_totp(secret: &str) -> Result<String> {
    Ok(totp(secret)?.secret().to_base32())
}

/// Puts a second factor in force, once a code of it was shown.
pub async fn set_totp(office: &Office, name: &str, secret: &str, code: &str) -> Result<()> {
    let at = office.clock.now();
    let unix = u64::try_from(at.unix()).unwrap_or(0);
    let step = totp(secret)?.check(code.trim(), unix).ok_or_else(|| Refusal::new("account_totp_code"))?;
    let mut transaction = office.store.begin().await?;
    let mut account = required(&mut transaction, name).await?;
    (account.totp, account.totp_step) = (Some(secret.to_owned()), Some(step));
    table::update(&mut transaction, &account).await?;
    table::add_access(&mut transaction, at, name, "totp_set", name, "").await?;
    transaction.commit().await.map_err(store::failed)
}

/// Whom a browser's key stands for; none where the session is over or the account closed.
pub async fn find_person(office: &Office, key: &str) -> Result<Option<Person>> {
    let at = office.clock.now();
    let mut connection = office.store.read().await?;
    let Some(session) = table::find_session(&mut connection, &sha256(key)).await? else { return Ok(None) };
    if !is_open(&session, at) {
        return Ok(None);
    }
    let Some(account) = table::find(&mut connection, &session.account).await? else { return Ok(None) };
    if account.disabled_at.is_some() {
        return Ok(None);
    }
    drop(connection);
    if at.unix() - session.seen_at.unix() >= TOUCH_SECONDS {
        let mut transaction = office.store.begin().await?;
        table::touch_session(&mut transaction, &session.sha256, at).await?;
        transaction.commit().await.map_err(store::failed)?;
    }
    Ok(Some(person(account, Some(session.form_token))))
}

pub async fn sign_out(office: &Office, key: &str) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    table::end_session(&mut transaction, &sha256(key)).await?;
    transaction.commit().await.map_err(store::failed)
}

/// A browser that somebody is signed in with.
#[derive(Clone, Copy, Debug)]
pub struct OpenSession {
    pub begun_at: Time,
    pub seen_at: Time,
    /// The one that asks.
    pub is_own: bool,
}

/// Where somebody is signed in now; `key` is the asking browser's.
pub async fn list_sessions(office: &Office, name: &str, key: &str) -> Result<Vec<OpenSession>> {
    let (at, own) = (office.clock.now(), sha256(key));
    let sessions = table::list_sessions(&mut *office.store.read().await?, name).await?;
    let open = sessions.into_iter().filter(|session| is_open(session, at));
    Ok(open.map(|session| OpenSession { begun_at: session.begun_at, seen_at: session.seen_at, is_own: session.sha256 == own }).collect())
}

/// Signs somebody out everywhere but in the browser that asks.
pub async fn end_other_sessions(office: &Office, name: &str, key: &str) -> Result<u64> {
    let mut transaction = office.store.begin().await?;
    let ended = table::end_other_sessions(&mut transaction, name, &sha256(key)).await?;
    table::add_access(&mut transaction, office.clock.now(), name, "sessions_ended", name, &ended.to_string()).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(ended)
}

fn is_open(session: &Session, at: Time) -> bool {
    let age = |since: Time| at.unix() - since.unix();
    age(session.seen_at) <= IDLE_SECONDS && age(session.begun_at) <= SESSION_SECONDS
}

/// What a system may do over HTTP.
pub const SCOPES: [&str; 3] = ["submit", "read", "metrics"];

/// Makes a token for a county's system, or for one that only watches. Answers it: it is shown once.
pub async fn add_token(office: &Office, name: &str, county: Option<Code>, scopes: &[&str], days: i64, by: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 40 {
        return Err(Refusal::new("account_full_name"));
    }
    if scopes.is_empty() || !scopes.iter().all(|scope| SCOPES.contains(scope)) || scopes.contains(&"submit") && county.is_none() {
        return Err(Refusal::new("token_scopes").with("scopes", SCOPES.join(", ")));
    }
    let key = crate::ops::Chance::System.secret()?.to_hex();
    let at = office.clock.now();
    let token = Token {
        sha256: sha256(&key),
        name: name.to_owned(),
        county,
        scopes: scopes.join(" "),
        made_at: at,
        made_by: by.to_owned(),
        expires_at: Some(at.plus_seconds(days.clamp(1, 3660) * 86_400)),
        revoked_at: None,
    };
    let mut transaction = office.store.begin().await?;
    table::add_token(&mut transaction, &token).await?;
    table::add_access(&mut transaction, at, by, "token_made", name, &token.scopes).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(key)
}

pub async fn revoke_token(office: &Office, sha256: &str, by: &str) -> Result<bool> {
    let mut transaction = office.store.begin().await?;
    let at = office.clock.now();
    let is_done = table::revoke_token(&mut transaction, sha256, at).await?;
    if is_done {
        table::add_access(&mut transaction, at, by, "token_revoked", sha256.get(..12).unwrap_or_default(), "").await?;
    }
    transaction.commit().await.map_err(store::failed)?;
    Ok(is_done)
}

/// The system that a bearer token stands for.
pub async fn find_system(office: &Office, key: &str) -> Result<Option<Person>> {
    let at = office.clock.now();
    let Some(token) = table::find_token(&mut *office.store.read().await?, &sha256(key)).await? else { return Ok(None) };
    if token.revoked_at.is_some() || token.expires_at.is_some_and(|until| at >= until) {
        return Ok(None);
    }
    Ok(Some(Person {
        name: format!("token:{}", token.name),
        full_name: token.name,
        roles: BTreeSet::new(),
        county: token.county,
        form_token: None,
        scopes: token.scopes.split(' ').map(str::to_owned).collect(),
        must_change: false,
    }))
}

/// Writes down that somebody looked at personal data, or did what leaves no leaf.
pub async fn record(office: &Office, who: &str, act: &str, subject: &str, detail: &str) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    table::add_access(&mut transaction, office.clock.now(), who, act, subject, detail).await?;
    transaction.commit().await.map_err(store::failed)
}

/// A write that was done under a key of the caller's.
pub struct Kept {
    /// What was asked, as a hash.
    pub request: String,
    pub status: u16,
    pub body: String,
}

pub async fn find_answer(office: &Office, who: &str, key: &str) -> Result<Option<Kept>> {
    let found = table::find_answer(&mut *office.store.read().await?, who, key).await?;
    Ok(found.map(|(request, status, body)| Kept { request, status: u16::try_from(status).unwrap_or(200), body }))
}

/// Keeps an answer beside its act, not within it: after a crash between the two the same request is done again, and
/// every act knows what it has done already.
pub async fn keep_answer(office: &Office, who: &str, key: &str, kept: &Kept) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    // Another instance may have kept it meanwhile.
    if table::find_answer(&mut transaction, who, key).await?.is_none() {
        let answer = (u64::from(kept.status), kept.body.as_str());
        table::add_answer(&mut transaction, who, key, &kept.request, answer, office.clock.now()).await?;
    }
    transaction.commit().await.map_err(store::failed)
}

fn person(account: Account, form_token: Option<String>) -> Person {
    let Account { name, full_name, roles, county, must_change, .. } = account;
    Person { name, full_name, roles, county, form_token, scopes: Vec::new(), must_change }
}

async fn required(connection: &mut AnyConnection, name: &str) -> Result<Account> {
    table::find(connection, name).await?.ok_or_else(|| Refusal::new("account_unknown").with("name", crate::canon::code::clip(name)))
}

/// A name to sign in with: letters and digits, small ones only, so that two names never look the same.
fn parse_name(text: &str) -> Result<String> {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let name = text.trim();
    if (2..=32).contains(&name.len()) && name.chars().all(is_good) && name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(name.to_owned());
    }
    Err(Refusal::new("account_name").with("found", crate::canon::code::clip(text)))
}

fn check_roles(roles: &[Role], county: Option<&Code>) -> Result<BTreeSet<Role>> {
    for (at, one) in roles.iter().enumerate() {
        if let Some(other) = roles[at..].iter().find(|other| !one.goes_with(**other)) {
            return Err(Refusal::new("account_roles")
                .with("one", format!("@role_{}", one.as_str()))
                .with("other", format!("@role_{}", other.as_str())));
        }
    }
    if roles.contains(&Role::County) != county.is_some() {
        return Err(Refusal::new("account_county"));
    }
    Ok(roles.iter().copied().collect())
}

fn hash(password: &str) -> Result<String> {
    let length = password.chars().count();
    if !PASSWORD.contains(&length) {
        return Err(Refusal::new("account_password").with("min", PASSWORD.start()));
    }
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| Refusal::new("chance_failed").with("reason", error))?;
    Ok(hash.to_string())
}

fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
}

/// A hash of nobody's password, for names that don't exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn sha256(key: &str) -> String {
    Hash::of(key.as_bytes()).to_string()
}

fn ended_before(at: Time) -> Time {
    at.plus_seconds(-SESSION_SECONDS)
}

fn words(roles: &BTreeSet<Role>) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ")
}
