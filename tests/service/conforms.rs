//! Whether an answer is one that the interface's document tells of: its status, its media type, its shape.

use super::Answer;
use mingchou::http::api::{document_value, shapes};
use mingchou::http::ops;
use serde_json::Value;
use std::sync::OnceLock;

pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| document_value(&ops(), &shapes()))
}

/// The operation of a path, where the document has one.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let asked: Vec<&str> = path.split('/').collect();
    let paths = document()["paths"].as_object().expect("paths");
    let fits = |template: &String| {
        let parts: Vec<&str> = template.split('/').collect();
        let is_rest = template.ends_with("{path}") && asked.len() >= parts.len();
        (parts.len() == asked.len() || is_rest) && parts.iter().zip(&asked).all(|(part, asked)| part == asked || part.starts_with('{'))
    };
    // A word stands before a name that could be it.
    let mut found: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
    found.sort_by_key(|(template, _)| template.matches('{').count());
    found.into_iter().find_map(|(_, item)| item.get(method.to_lowercase()))
}

pub fn check(method: &str, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else { return };
    let told = || format!("{method} {path} → {} {}", answer.status, answer.text().chars().take(600).collect::<String>());
    let response = operation["responses"].get(answer.status.to_string()).unwrap_or_else(|| panic!("a status that isn't told of: {}", told()));
    let response = resolve(response);
    let Some(content) = response.get("content").and_then(Value::as_object) else { return };
    let kind = answer.header("content-type").split(';').next().unwrap_or_default();
    let media = content.get(kind).unwrap_or_else(|| panic!("of kind {kind:?}: {}", told()));
    if let Some(schema) = media.get("schema") {
        let mut faults = Vec::new();
        hold(schema, &answer.json(), "$", &mut faults);
        assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), told());
    }
}

fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => value,
    }
}

fn hold(schema: &'static Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = resolve(schema);
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let is_one = any.iter().any(|one| {
            let mut faults = Vec::new();
            hold(one, value, at, &mut faults);
            faults.is_empty()
        });
        if !is_one {
            faults.push(format!("{at} is none of these: {value}"));
        }
        return;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.contains(&kind) {
        faults.push(format!("{at} is {kind}, not {kinds:?}"));
        return;
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        faults.push(format!("{at} is {value}, none of the words"));
    }
    if let (Some(minimum), Some(number)) = (schema.get("minimum").and_then(Value::as_i64), value.as_i64())
        && number < minimum
    {
        faults.push(format!("{at} is {number}, below {minimum}"));
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        list.iter().enumerate().for_each(|(place, item)| hold(items, item, &format!("{at}[{place}]"), faults));
    }
    if let Some(fields) = value.as_object() {
        hold_fields(schema, fields, at, faults);
    }
}

fn hold_fields(schema: &'static Value, fields: &serde_json::Map<String, Value>, at: &str, faults: &mut Vec<String>) {
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            faults.push(format!("{at} lacks {name}"));
        }
    }
    for (name, value) in fields {
        match (schema["properties"].get(name), schema.get("additionalProperties")) {
            (Some(schema), _) => hold(schema, value, &format!("{at}.{name}"), faults),
            (None, Some(Value::Bool(false))) => faults.push(format!("{at} has {name}, which isn't told of")),
            (None, Some(others)) if others.is_object() => hold(others, value, &format!("{at}.{name}"), faults),
            _ => {}
        }
    }
}

#[test]
fn what_is_not_told_of_is_noticed() {
    let schema = &*Box::leak(Box::new(serde_json::json!({
        "type": "object", "properties": {"a": {"type": ["integer", "null"], "minimum": 0}}, "required": ["a"], "additionalProperties": false,
    })));
    for (value, count) in
        [("{\"a\":1}", 0), ("{\"a\":null}", 0), ("{}", 1), ("{\"a\":\"1\"}", 1), ("{\"a\":-1}", 1), ("{\"a\":1,\"b\":1}", 1), ("[]", 1)]
    {
        let mut faults = Vec::new();
        hold(schema, &serde_json::from_str(value).expect("json"), "$", &mut faults);
        assert_eq!(faults.len(), count, "{value}: {faults:?}");
    }
}
