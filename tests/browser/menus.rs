//! Every role at every entry of its menu: nothing refuses, nothing complains, nobody is kept out.

use super::site::{PEOPLE, Site};
use super::{Browser, WIDTHS};
use std::collections::BTreeSet;

/// A name for a picture: the page's address.
fn file_name(path: &str) -> String {
    let name = path.trim_matches('/').replace(['/', '?', '=', '&'], "-");
    if name.is_empty() { "week".to_owned() } else { name }
}

/// Writes pictures of both languages and widths, as `PAGE-LANGUAGE-WIDTH.png`; answers what is wrong with the page.
async fn look_closely(browser: &Browser, who: &str, path: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for lang in ["en", "zh"] {
        browser.go(&format!("{path}?lang={lang}")).await;
        for width in WIDTHS {
            browser.screenshot(&format!("{}-{lang}", file_name(path)), width).await;
            browser.width(width).await;
            // A page may be long but not wide: what is wide scrolls within itself.
            let over = browser.ask("return document.documentElement.scrollWidth - window.innerWidth").await;
            if over.as_i64().is_some_and(|over| over > 1) {
                wrong.push(format!("{who} at {path}: is {over} px wider than {width} ({lang})"));
            }
        }
        wrong.extend(browser.obstacles().await.into_iter().map(|what| format!("{who} at {path} on a telephone ({lang}): {what}")));
        browser.width(WIDTHS[0]).await;
    }
    wrong.extend(look(browser, who, path).await);
    wrong
}

/// What is wrong with a page as it stands on an office's screen.
async fn look(browser: &Browser, who: &str, path: &str) -> Vec<String> {
    browser.go(path).await;
    let mut wrong = Vec::new();
    let refusals = browser.ask("return [...document.querySelectorAll('.refusal')].map(one => one.textContent.trim()).filter(Boolean)").await;
    wrong.extend(refusals.as_array().into_iter().flatten().map(|text| format!("refuses: {text}")));
    if browser.ask("return document.querySelectorAll('h1').length").await != 1 {
        wrong.push("has not one heading".to_owned());
    }
    wrong.extend(browser.obstacles().await);
    wrong.extend(browser.complaints().await);
    wrong.into_iter().map(|what| format!("{who} at {path}: {what}")).collect()
}

/// Pages that no menu names, or that need no signing in.
const OTHERS: [&str; 5] = ["/password", "/password/factor", "/leaves/0", "/public/weekly/2026-W49/1", "/public/verify?draw=weekly/2026-W49/1"];

#[tokio::test]
async fn every_role_walks_every_entry_of_its_menu() {
    let site = Site::new("2026-12-07T10:00:00+08:00");
    let browser = Browser::new(&site).await;
    let mut wrong = look_closely(&browser, "nobody", "/login").await;
    let mut seen = BTreeSet::new();
    for (name, _, full_name) in PEOPLE {
        browser.sign_in(name).await;
        assert!(browser.text().await.contains(full_name), "{name} sees who is signed in");
        let entries = browser.ask("return [...document.querySelectorAll('header nav a')].map(a => a.getAttribute('href'))").await;
        let entries: Vec<&str> = entries.as_array().into_iter().flatten().filter_map(|path| path.as_str()).collect();
        assert!(!entries.is_empty(), "{name} has a menu");
        for path in entries {
            let is_new = seen.insert(path.to_owned());
            wrong.extend(if is_new { look_closely(&browser, name, path).await } else { look(&browser, name, path).await });
        }
    }
    browser.sign_in("bureau").await;
    for path in OTHERS {
        wrong.extend(look(&browser, "bureau", path).await);
        for width in WIDTHS {
            browser.screenshot(&format!("{}-zh", file_name(path)), width).await;
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn anybody_verifies_a_published_draw_in_the_page() {
    let site = Site::new("2026-12-07T10:00:00+08:00");
    let browser = Browser::new(&site).await;
    browser.go("/public").await;
    browser.click("2026-W49").await;
    browser.click("核验这次抽查").await;
    browser.until("document.querySelector('.verdict')").await;
    let good = browser.ask("return !!document.querySelector('.verdict.good')").await;
    assert_eq!(good, true, "{}", browser.text().await);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    // The bundle that the page judged is the one that is handed out.
    browser.go("/public/weekly/2026-W49/1").await;
    let path = browser.download("下载公开包").await;
    let files = mingchou::bundle::zip::read(std::fs::File::open(path).expect("a file")).expect("a bundle");
    assert!(mingchou::bundle::verify(&files, &mingchou::bundle::Options::default()).checks.iter().all(|check| check.ok));
}

#[tokio::test]
async fn an_account_is_made_and_used_at_the_browser() {
    let site = Site::new("2026-12-07T10:00:00+08:00");
    let browser = Browser::new(&site).await;
    browser.sign_in("system").await;
    browser.click("账号").await;
    browser.fill("账号", "newcomer").await;
    browser.fill("姓名", "冯新人").await;
    browser.fill("初始密码", "a first password").await;
    browser.click("新建").await;
    assert!(browser.text().await.contains("待授权"), "{}", browser.text().await);
    browser.sign_in("security").await;
    browser.go("/accounts/newcomer").await;
    browser.tick("分析人员").await;
    browser.click("授权").await;
    assert!(browser.text().await.contains("待改初始密码"), "{}", browser.text().await);
    browser.sign_in_with("newcomer", "a first password").await;
    assert_eq!(browser.path().await, "/password");
    browser.fill("原密码", "a first password").await;
    browser.fill("新密码", "another password").await;
    browser.click("保存").await;
    assert_eq!(browser.path().await, "/");
    browser.sign_out().await;
    assert_eq!(browser.path().await, "/login");
}
