//! The interface's own description: committed, complete, and one that OpenAPI knows.

use super::conforms::document;
use super::{Service, Who};
use crate::ingest::root;
use mingchou::http::{ops, routes};
use serde_json::Value;
use std::collections::BTreeSet;

/// With `MINGCHOU_REGENERATE=1` the file is written anew.
#[tokio::test]
async fn the_document_served_is_the_one_committed() {
    let service = Service::new().await;
    let served = service.get("/api/v1/openapi.json", &Who::Nobody).await.done();
    for part in ["paths", "components"] {
        for (name, told) in document()[part].as_object().expect("an object") {
            assert_eq!(&served[part][name], told, "what was typed lost something of {name}");
        }
    }
    let path = root().join("docs/openapi.json");
    let text = format!("{served:#}\n");
    if std::env::var_os("MINGCHOU_REGENERATE").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == text, "docs/openapi.json is of another build; MINGCHOU_REGENERATE=1 writes it anew");
}

#[test]
fn every_route_of_the_interface_is_told_of_once() {
    let told: BTreeSet<(&str, &str)> = ops().iter().map(|op| (op.method, op.path)).collect();
    assert_eq!(told.len(), ops().len(), "two operations at one address");
    let ids: BTreeSet<&str> = ops().iter().map(|op| op.id).collect();
    assert_eq!(ids.len(), ops().len(), "two operations of one name");
    let is_system = |path: &str| path.starts_with("/api/") || path.starts_with("/log/");
    let missing: Vec<_> = routes().into_iter().filter(|(method, path)| is_system(path) && !told.contains(&(*method, *path))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_reference_leads_somewhere_and_every_shape_is_used() {
    let text = document().to_string();
    let mut used = BTreeSet::new();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let reference = part.split('"').next().expect("a reference");
        assert!(document().pointer(reference).is_some(), "{reference}");
        used.insert(reference.rsplit('/').next().expect("a name").to_owned());
    }
    let schemas = document()["components"]["schemas"].as_object().expect("schemas");
    let idle: Vec<&String> = schemas.keys().filter(|name| !used.contains(*name)).collect();
    assert!(idle.is_empty(), "{idle:?}");
    let untold: Vec<&Value> =
        document()["paths"].as_object().expect("paths").values().filter(|item| item.as_object().is_none_or(serde_json::Map::is_empty)).collect();
    assert!(untold.is_empty());
}
