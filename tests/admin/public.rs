//! What everybody may have, and what nobody may before its time; the log in words.

use super::Desk;
use base64::Engine as _;
use mingchou::bundle::opening::{LogProof, verify_opening};
use mingchou::bundle::{Options, verify, zip};
use mingchou::canon::Hash;

const DRAW: &str = "/public/weekly/2026-W49/1";

/// Addresses of published draws on the page.
fn listed(page: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.filter(|href| href.matches('/').count() == 4).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_published_draw_is_there_for_everybody_and_verifies() {
    let desk = Desk::new().await;
    let page = desk.get("/public", None).await;
    assert_eq!(page.status, 200);
    let draws = listed(&page.text());
    assert!(!draws.is_empty(), "{}", page.text());
    for draw in &draws {
        let page = desk.get(draw, None).await;
        assert!(page.status == 200 && page.has("公开随机源") && page.has("市局"), "{}", page.text());
        let bundle = desk.get(&format!("{draw}/bundle.zip"), None).await;
        assert_eq!((bundle.status, bundle.header("content-type")), (200, "application/zip"));
        let files = zip::read(bundle.body.as_slice()).expect("a bundle");
        let verdict = verify(&files, &Options::default());
        assert!(verdict.checks.iter().all(|check| check.ok));
        // Any class of its frame can be opened, and proves itself.
        let first = String::from_utf8_lossy(&files["frame.jsonl"]).lines().next().expect("a class").to_owned();
        let unit = serde_json::from_str::<serde_json::Value>(&first).expect("json")["unit"].as_str().expect("a code").to_owned();
        let page = desk.get(&format!("{draw}?class={unit}"), None).await;
        assert!(page.has("方案在日志中的号"), "{}", page.text());
        let opening = desk.get(&format!("{draw}/class.json?class={unit}"), None).await;
        assert!(verify_opening(&opening.body).checks.iter().all(|check| check.ok));
        assert!(!opening.has("\"facts\":{"), "nothing of what was known of the class");
        assert!(desk.get(&format!("{draw}?class=%3Cscript%3E"), None).await.has("role=\"alert\""));
    }
}

#[tokio::test]
async fn nothing_of_an_unpublished_draw_is_public() {
    let mut desk = Desk::new().await;
    // What is to be published next stands frozen, committed or drawn, and none of it is told.
    desk.go_on_to("2026-12-07T10:00:00+08:00").await;
    let published = listed(&desk.get("/public", None).await.text());
    for week in 47..=53 {
        for kind in ["weekly", "special-1"] {
            for attempt in [0, 1, 2] {
                let draw = format!("/public/{kind}/2026-W{week}/{attempt}");
                if published.contains(&draw) {
                    continue;
                }
                for path in [draw.clone(), format!("{draw}/bundle.zip"), format!("{draw}/class.json?class=C-1"), format!("{draw}?class=C-1")] {
                    let answer = desk.get(&path, None).await;
                    assert_eq!(answer.status, 404, "{path}");
                    assert!(answer.has("没有找到您要的内容"), "{path}: the same words whatever there is");
                }
            }
        }
    }
    for odd in ["/public/weekly/2026-W99/1", "/public/daily/2026-W49/1", "/public/weekly/..%2f..%2fkeys/1", "/public/weekly/2026-W49/-1"] {
        assert!((400..500).contains(&desk.get(odd, None).await.status), "{odd}");
    }
}

#[tokio::test]
async fn before_its_publication_a_drawn_list_is_not_public() {
    let desk = Desk::new().await;
    // The same folder as it was before: the publication taken out again, the drawn list still there.
    let path = desk.folder.path().join("mingchou.db");
    assert!(path.exists());
    let mut transaction = desk.app.office.store.begin().await.expect("a transaction");
    let leaf: i64 = sqlx::query_scalar("select min(leaf_index) from publication").fetch_one(&mut *transaction).await.expect("a publication");
    for sql in [
        "delete from publication",
        &format!("delete from cosignature where size > {leaf}"),
        &format!("delete from checkpoint where size > {leaf}"),
        &format!("delete from leaf where leaf_index >= {leaf}"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *transaction).await.expect(sql);
    }
    transaction.commit().await.expect("committed");
    assert!(desk.get("/public", None).await.has("还没有公开的抽查"));
    for path in [DRAW.to_owned(), format!("{DRAW}/bundle.zip"), format!("{DRAW}?class=C-1"), format!("{DRAW}/class.json?class=C-1")] {
        assert_eq!(desk.get(&path, None).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_verifying_page_has_a_policy_of_its_own() {
    let desk = Desk::new().await;
    let page = desk.get("/public/verify", None).await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(!policy.contains("unsafe-inline") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!page.text().contains("http-equiv=\"Content-Security-Policy\""), "its own would forbid fetching the bundle");
    // Every inline script and style is named by its hash.
    for tag in ["script", "style"] {
        for part in page.text().split(&format!("<{tag}")).skip(1) {
            let inside = part.split_once('>').and_then(|(_, rest)| rest.split_once(&format!("</{tag}>"))).expect("an element").0.to_owned();
            let hash = base64::engine::general_purpose::STANDARD.encode(Hash::of(inside.as_bytes()).0);
            assert!(inside.is_empty() || policy.contains(&format!("'sha256-{hash}'")), "{tag}");
        }
    }
    let kept = desk.get("/public/verify.html", None).await;
    assert_eq!(kept.body, include_bytes!("../../docs/verify.html"));
    assert!(kept.header("content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn the_log_speaks_and_proves() {
    let desk = Desk::new().await;
    assert_eq!(desk.get("/leaves", None).await.header("location"), "/login?next=/leaves");
    let bureau = desk.sign_in("bureau").await;
    let page = desk.get("/leaves", Some(&bureau)).await;
    for words in ["上报", "方案", "密封值", "公开随机源", "每周抽查", "demo.mingchou.example/log", "见证方"] {
        assert!(page.has(words), "{words}");
    }
    let proof = desk.get("/leaves/0/proof.json", Some(&bureau)).await;
    let proof: LogProof = serde_json::from_slice(&proof.body).expect("a proof");
    mingchou::bundle::opening::leaf_of(&proof).expect("it proves its leaf");
    let page = desk.get("/leaves/0", Some(&bureau)).await;
    assert!(page.has("包含证明"), "{}", page.text());
    assert_eq!(desk.get("/leaves/99999", Some(&bureau)).await.status, 404);
    assert_eq!(desk.get("/leaves/99999/proof.json", Some(&bureau)).await.status, 404);
}
