//! The three administrators, tokens, records, settings and one's own account.

use super::Desk;
use crate::browser::site::PASSWORD;

#[tokio::test]
async fn an_account_is_made_by_one_administrator_and_given_its_role_by_another() {
    let desk = Desk::new().await;
    let (system, security) = (desk.sign_in("system").await, desk.sign_in("security").await);
    let fields = [("name", "newcomer"), ("full_name", "冯新人"), ("password", "a first password")];
    assert_eq!(desk.post("/accounts", &security, &fields).await.status, 403, "the security administrator makes none");
    let made = desk.post("/accounts", &system, &fields).await;
    assert_eq!((made.status, made.header("location")), (303, "/accounts/newcomer"));
    assert!(desk.get("/accounts", Some(&system)).await.has("待授权"));
    // Without a role there is nothing but choosing a password and leaving.
    let early = desk.sign_in_with("newcomer", "a first password").await;
    assert_eq!(desk.get("/", Some(&early)).await.status, 403);
    assert_eq!(desk.get("/leaves", Some(&early)).await.status, 403);
    assert_eq!(desk.post("/logout", &early, &[]).await.status, 303);
    // The system administrator gives no roles; the security administrator gives those that go together.
    let roles = [("role_analyst", "on"), ("county", "")];
    assert_eq!(desk.post("/accounts/newcomer/roles", &system, &roles).await.status, 403);
    let both = [("role_bureau", "on"), ("role_discipline", "on"), ("county", "")];
    let refused = desk.post("/accounts/newcomer/roles", &security, &both).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("不能由一人兼任"));
    assert_eq!(desk.post("/accounts/newcomer/roles", &security, &[("role_county", "on"), ("county", "")]).await.status, 422);
    assert_eq!(desk.post("/accounts/newcomer/roles", &security, &roles).await.status, 303);
    assert!(desk.get("/accounts/newcomer", Some(&security)).await.has("分析人员"));
    assert_eq!(desk.post("/accounts/security/roles", &security, &[("role_bureau", "on")]).await.status, 422, "nobody changes own rights");
    assert_eq!(desk.post("/accounts/nobody/roles", &security, &roles).await.status, 404);
    // The first password has to be changed before anything else.
    let newcomer = desk.sign_in_with("newcomer", "a first password").await;
    assert!(desk.get("/leaves", Some(&newcomer)).await.has("password") || desk.get("/leaves", Some(&newcomer)).await.status != 200);
    let change = [("old", "a first password"), ("new", "another password")];
    assert_eq!(desk.post("/password", &newcomer, &change).await.status, 303);
    assert_eq!(desk.get("/leaves", Some(&newcomer)).await.status, 200);
    // Disabled means out at once.
    assert_eq!(desk.post("/accounts/newcomer/disable", &system, &[]).await.status, 303);
    assert_eq!(desk.get("/leaves", Some(&newcomer)).await.header("location"), "/login?next=/leaves");
    assert_eq!(desk.login("newcomer", "another password").await.status, 401);
    assert_eq!(desk.post("/accounts/newcomer/enable", &system, &[]).await.status, 303);
    assert_eq!(desk.post("/accounts/newcomer/password", &system, &[("password", "a third password")]).await.status, 303);
    assert_eq!(desk.login("newcomer", "a third password").await.header("location"), "/password");
    // All of it stands in the record, which the auditor reads, whose look stands there as well.
    let auditor = desk.sign_in("auditor").await;
    let record = desk.get("/access?who=security", Some(&auditor)).await;
    assert!(record.has("授权") && record.has("newcomer") && record.has("分析人员"), "{}", record.text());
    assert!(!record.has("<td data-label=\"人员\">system</td>"), "only of whom was asked");
    assert!(desk.get("/access?act=read_access", Some(&auditor)).await.has("<td data-label=\"人员\">auditor</td>"));
    assert_eq!(desk.get("/access", Some(&system)).await.status, 403);
}

#[tokio::test]
async fn a_token_is_shown_once_and_revoked_for_good() {
    let desk = Desk::new().await;
    let (system, bureau) = (desk.sign_in("system").await, desk.sign_in("bureau").await);
    assert_eq!(desk.get("/tokens", Some(&bureau)).await.status, 403);
    let fields = [("name", "县平台"), ("county", "410802"), ("scope_submit", "on"), ("days", "30")];
    assert_eq!(desk.post("/tokens", &system, &[("name", "县平台"), ("county", ""), ("scope_submit", "on"), ("days", "30")]).await.status, 422);
    let made = desk.post("/tokens", &system, &fields).await.text();
    let token = made.split("class=\"secret\">").nth(1).and_then(|rest| rest.split('<').next()).expect("the token").to_owned();
    assert_eq!(token.len(), 64);
    let page = desk.get("/tokens", Some(&system)).await;
    assert!(page.has("县平台") && !page.has(&token), "shown once");
    let sha256 = page.text().split("/tokens/").nth(1).and_then(|rest| rest.split('/').next()).expect("an address").to_owned();
    assert_eq!(desk.post(&format!("/tokens/{sha256}/revoke"), &system, &[]).await.status, 303);
    assert!(desk.get("/tokens", Some(&system)).await.has("已作废"));
    assert_eq!(desk.post(&format!("/tokens/{sha256}/revoke"), &system, &[]).await.status, 404);
}

#[tokio::test]
async fn the_bureau_decides_and_others_read() {
    let desk = Desk::new().await;
    let (bureau, clerk) = (desk.sign_in("bureau").await, desk.sign_in("county").await);
    let page = desk.get("/settings", Some(&clerk)).await;
    assert!(page.has("系统默认，文件未作规定") && page.has("国务院办公厅关于2026年") && page.has("2026-12-11 17:30"), "{}", page.text());
    assert!(!page.has("/settings/rules"), "no form for who doesn't decide");
    let strict = [("name", "lead_reading"), ("value", "strict")];
    assert_eq!(desk.post("/settings/rules", &clerk, &strict).await.status, 403);
    assert_eq!(desk.post("/settings/rules", &bureau, &strict).await.status, 303);
    assert!(desk.get("/settings", Some(&clerk)).await.has("市局已选定"));
    assert_eq!(desk.post("/settings/rules", &bureau, &[("name", "lead_reading"), ("value", "whatever")]).await.status, 422);
    let unit = [("county", "410899"), ("name_zh", "示例新区"), ("name_en", "New District"), ("aliases", ""), ("stratum", "S9"), ("from", "2026-W52")];
    assert_eq!(desk.post("/settings/units", &clerk, &unit).await.status, 403);
    assert_eq!(desk.post("/settings/units", &bureau, &unit).await.status, 303);
    assert!(desk.get("/settings", Some(&clerk)).await.has("自 2026-W52 起"));
    let retire = [("county", "410899"), ("from", "2027-W10")];
    assert_eq!(desk.post("/settings/units/retire", &bureau, &retire).await.status, 303);
    assert!(desk.get("/settings", Some(&clerk)).await.has("自 2027-W10 起撤销"));
}

#[tokio::test]
async fn a_new_password_ends_what_else_is_open() {
    let desk = Desk::new().await;
    let (here, there) = (desk.sign_in("bureau").await, desk.sign_in("bureau").await);
    assert!(desk.get("/password", Some(&here)).await.has("退出其他浏览器"));
    assert_eq!(desk.post("/password/sessions", &here, &[]).await.status, 303);
    assert_eq!(desk.get("/leaves", Some(&there)).await.status, 303);
    let there = desk.sign_in("bureau").await;
    assert_eq!(desk.post("/password", &here, &[("old", PASSWORD), ("new", "another password")]).await.status, 303);
    assert_eq!(desk.get("/leaves", Some(&here)).await.status, 200);
    assert_eq!(desk.get("/leaves", Some(&there)).await.status, 303);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_once_it_was_shown() {
    let desk = Desk::new().await;
    let bureau = desk.sign_in("bureau").await;
    let page = desk.get("/password/factor", Some(&bureau)).await.text();
    let secret = page.split("name=\"secret\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a secret").to_owned();
    assert!(page.contains("otpauth://totp/mingchou:bureau?secret="));
    let wrong = desk.post("/password/factor", &bureau, &[("secret", &secret), ("code", "000000x")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has(&secret), "the same secret again");
    assert_eq!(desk.post("/password/factor", &bureau, &[("secret", "not hex"), ("code", "000000")]).await.status / 100, 4);
}
