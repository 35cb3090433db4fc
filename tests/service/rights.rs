//! Every route asked as everybody: who may is a table that is committed and read.

use super::{Service, Who, request};
use crate::ingest::root;
use axum::body::Body;
use axum::http::header;
use mingchou::domain::Role;
use mingchou::http::{ops, routes};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What stands in a route's `{…}`: something that is there, of the county that the clerk and the system belong to.
fn example(route: &str, name: &str) -> &'static str {
    match (name, route) {
        ("week", _) => "2026-W48",
        ("county", _) => "410802",
        ("unit", _) => "410802-2026-0001",
        ("kind", _) => "weekly",
        ("version" | "attempt", _) => "1",
        ("act", _) => "entropy",
        // The demonstration’s second week, which was published.
        ("period", _) => "2026-W49",
        ("index" | "ticket", _) => "0",
        ("number" | "id", _) => "1",
        ("*path", _) => "0/000.p/1",
        ("other", _) => "scorecard-2026.2",
        ("name", route) if route.contains("models") => "scorecard-2026.2",
        ("name", route) if route.contains("rules") => "lead_reading",
        ("name", route) if route.contains("accounts") => "spare",
        ("sha256" | "token" | "dossier", _) => "0000000000000000000000000000000000000000000000000000000000000000",
        _ => panic!("give an example of {{{name}}} in {route}"),
    }
}

fn address(route: &str) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => example(route, name).to_owned(),
        None => part.to_owned(),
    };
    let path = route.split('/').map(part).collect::<Vec<_>>().join("/");
    // What an operation needs behind the question mark, so that it isn't refused for the lack of it.
    match route {
        "/api/v1/punctuality" => format!("{path}?until=2026-W48"),
        "/api/v1/classes/{unit}/explain" => format!("{path}?week=2026-W48"),
        "/api/v1/log/consistency" => format!("{path}?from=1&to=2"),
        "/log/witness-request" => format!("{path}?name=witness"),
        _ => path,
    }
}

/// A write that says nothing: whoever may is told that it is malformed, and nothing changes.
async fn ask(service: &Service, method: &str, route: &str, who: &Who) -> u16 {
    let mut path = address(route);
    let is_form = method == "POST" && !route.starts_with("/api/") && !route.starts_with("/log/");
    if let (true, Who::Person { form, .. }) = (is_form, who) {
        let sign = if path.contains('?') { '&' } else { '?' };
        path = format!("{path}{sign}form={form}");
    }
    let kind = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
    let request = request(method, &path, who).header(header::CONTENT_TYPE, kind);
    service.send(request, Body::from(if method == "POST" && !is_form { "null" } else { "" })).await.status
}

/// With `MINGCHOU_REGENERATE=1` the table is written anew; read it then with care.
#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everybody_as_the_table_says() {
    let service = Service::new().await;
    let mut callers: Vec<(String, Who)> = Vec::new();
    for role in Role::ALL {
        callers.push((role.as_str().to_owned(), service.as_role(role).await));
    }
    // The one whom those who may disable: nobody who asks on.
    service.sign_in("spare", &[Role::Inspector], None).await;
    callers.push(("county_token".to_owned(), service.system(Some("410802"), &["read", "submit"]).await));
    callers.push(("watcher_token".to_owned(), service.system(None, &["metrics"]).await));
    callers.push(("nobody".to_owned(), Who::Nobody));
    let mut table = String::new();
    let mut answers: BTreeMap<(&str, &str, String), u16> = BTreeMap::new();
    // Who signs out is gone for all that follows.
    let (last, first): (Vec<_>, Vec<_>) = routes().into_iter().partition(|(method, path)| *method == "POST" && *path == "/logout");
    for (method, route) in first.into_iter().chain(last) {
        let _ = write!(table, "{method} {route}");
        for (name, who) in &callers {
            let status = ask(&service, method, route, who).await;
            answers.insert((method, route, name.clone()), status);
            let _ = write!(table, " {name}:{status}");
        }
        table.push('\n');
    }
    for op in ops() {
        let Some(allowed) = &op.allowed else { continue };
        for role in Role::ALL {
            let status = answers[&(op.method, op.path, role.as_str().to_owned())];
            assert_eq!(status != 403, allowed.roles.contains(&role), "the document tells otherwise: {} {} {role:?} {status}", op.method, op.path);
        }
        assert_eq!(answers[&(op.method, op.path, "nobody".to_owned())], 401, "{} {}", op.method, op.path);
    }
    let path = root().join("tests/service/rights.txt");
    if std::env::var_os("MINGCHOU_REGENERATE").is_some() {
        std::fs::write(&path, &table).expect("written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let committed: Vec<&str> = committed.lines().collect();
    let changed: Vec<&str> = table.lines().filter(|line| !committed.contains(line)).collect();
    assert!(changed.is_empty() && committed.len() == table.lines().count(), "not as the table says:\n{}", changed.join("\n"));
}
