//! Every role at every entry of its menu: nothing refuses, nothing complains, nobody is kept out.

use super::site::{PEOPLE, Site};
use super::{Browser, WIDTHS};

/// A name for a picture: the page's address.
fn file_name(path: &str) -> String {
    let name = path.trim_matches('/').replace(['/', '?', '=', '&'], "-");
    if name.is_empty() { "week".to_owned() } else { name }
}

/// Both languages and widths, as `ROLE-PAGE-LANGUAGE-WIDTH.png`; answers what is wrong with the page.
async fn look(browser: &Browser, who: &str, path: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for lang in ["en", "zh"] {
        browser.go(&format!("{path}?lang={lang}")).await;
        for width in WIDTHS {
            browser.screenshot(&format!("{who}-{}-{lang}", file_name(path)), width).await;
        }
    }
    let refusals = browser.ask("return [...document.querySelectorAll('.refusal')].map(one => one.textContent)").await;
    wrong.extend(refusals.as_array().into_iter().flatten().map(|text| format!("refuses: {text}")));
    if browser.ask("return document.querySelectorAll('h1').length").await != 1 {
        wrong.push("has not one heading".to_owned());
    }
    for width in WIDTHS {
        browser.width(width).await;
        wrong.extend(browser.obstacles().await);
        // A page may be long but not wide: what is wide scrolls within itself.
        let over = browser.ask("return document.documentElement.scrollWidth - window.innerWidth").await;
        if over.as_i64().is_some_and(|over| over > 1) {
            wrong.push(format!("is {over} px wider than {width}"));
        }
    }
    browser.width(WIDTHS[0]).await;
    wrong.extend(browser.complaints().await);
    wrong.into_iter().map(|what| format!("{who} at {path}: {what}")).collect()
}

#[tokio::test]
async fn every_role_walks_every_entry_of_its_menu() {
    let site = Site::new("2026-12-07T10:00:00+08:00");
    let browser = Browser::new(&site).await;
    let mut wrong = look(&browser, "nobody", "/login").await;
    for (name, _, full_name) in PEOPLE {
        browser.sign_in(name).await;
        assert!(browser.text().await.contains(full_name), "{name} sees who is signed in");
        let entries = browser.ask("return [...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))").await;
        let entries: Vec<&str> = entries.as_array().into_iter().flatten().filter_map(|path| path.as_str()).collect();
        assert!(!entries.is_empty(), "{name} has a menu");
        for path in entries {
            wrong.extend(look(&browser, name, path).await);
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "\n{}", wrong.join("\n"));
}
