//! What is another county's is answered like what isn't there.

use super::{Answer, Service, Who, request};
use axum::body::Body;
use axum::http::header;
use mingchou::canon::Hash;
use mingchou::http::ops;
use mingchou::ops::class::{Filter, list_classes};

/// Everything of an answer that its asker can see, but the number of the request.
fn seen(answer: &Answer) -> (u16, String, String) {
    (answer.status, answer.header("content-type").to_owned(), answer.text())
}

async fn ask(service: &Service, method: &str, path: &str, who: &Who) -> Answer {
    let (kind, body) = match method {
        "POST" => super::multipart("b", &[("a.csv", b"x")]),
        _ => ("text/plain".to_owned(), Vec::new()),
    };
    service.send(request(method, path, who).header(header::CONTENT_TYPE, kind), Body::from(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_countys_is_answered_like_what_is_not_there() {
    let service = Service::new().await;
    let classes = list_classes(&service.app.office, &Filter::default()).await.expect("classes");
    let of = |county: &str| classes.iter().find(|class| class.county.as_str() == county).expect("a class").unit.to_string();
    let other = mingchou::canon::Code::parse("410803").expect("a code");
    let week = mingchou::canon::Week::parse("2026-W48").expect("a week");
    let shown = mingchou::ops::submission::show(&service.app.office, &other, week, 1).await.expect("a submission");
    let document = shown.documents.first().expect("a document").sha256;
    let theirs = |name: &str| match name {
        "county" => "410803".to_owned(),
        "unit" => of("410803"),
        "sha256" => document.to_string(),
        _ => String::new(),
    };
    let nowhere = |name: &str| match name {
        "county" => "410999".to_owned(),
        "unit" => "410999-2026-0001".to_owned(),
        "sha256" => Hash::of(b"nothing").to_string(),
        _ => String::new(),
    };
    let callers = [service.as_role(mingchou::domain::Role::County).await, service.system(Some("410802"), &["read", "submit"]).await];
    let mut asked = 0;
    for op in ops() {
        let names = op.path_names();
        let in_path = names.iter().any(|name| ["county", "unit"].contains(name));
        let in_query = op.queries.iter().any(|query| query.name == "county");
        let is_clerks = op.allowed.as_ref().is_some_and(|allowed| allowed.roles.contains(&mingchou::domain::Role::County));
        if !(in_path || in_query) || !is_clerks {
            continue;
        }
        let address = |value: &dyn Fn(&str) -> String| {
            let mut path = op.path.to_owned();
            for name in &names {
                let usual = match *name {
                    "week" => "2026-W48".to_owned(),
                    "version" => "1".to_owned(),
                    "kind" => "weekly".to_owned(),
                    name => value(name),
                };
                path = path.replace(&format!("{{{name}}}"), &usual);
            }
            if in_query { format!("{path}?county={}", value("county")) } else { path }
        };
        for who in &callers {
            let (others, none) = (ask(&service, op.method, &address(&theirs), who).await, ask(&service, op.method, &address(&nowhere), who).await);
            assert_eq!(seen(&others), seen(&none), "{} {}", op.method, op.path);
            assert_eq!(others.refused(), (404, "not_found".to_owned()), "{} {}", op.method, op.path);
            asked += 1;
        }
    }
    assert!(asked >= 16, "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_hold_nothing_of_another_county() {
    let service = Service::new().await;
    let clerk = service.clerk("410803").await;
    let system = service.system(Some("410803"), &["read"]).await;
    let everything = service.as_role(mingchou::domain::Role::Bureau).await;
    let lists = [
        "/api/v1/weeks/2026-W48",
        "/api/v1/weeks/2026-W48/due",
        "/api/v1/weeks/2026-W48/payable",
        "/api/v1/punctuality?until=2026-W48",
        "/api/v1/submissions?limit=200",
        "/api/v1/classes?limit=200",
        "/api/v1/classes?week=2026-W47&limit=200",
        "/api/v1/units",
        "/api/v1/applications?limit=200",
    ];
    for list in lists {
        let all = service.get(list, &everything).await;
        assert_eq!(all.status, 200, "{list} {}", all.text());
        for who in [&clerk, &system] {
            let own = service.get(list, who).await;
            assert_eq!(own.status, 200, "{list} {}", own.text());
            let text = own.text();
            for other in ["\"410802", "\"410804", "\"410811", "\"410821", "\"410822", "\"410823", "\"410825", "\"410871", "\"410882", "\"410883"] {
                assert!(!text.contains(other), "{list} tells {other}: {text}");
            }
        }
    }
}
