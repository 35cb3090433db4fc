//! One operation of the interface as its document tells it, beside the handler that does it; and the little language
//! in which shapes of JSON are written there.

use crate::domain::Role;
use crate::http::guard::Right;
use serde_json::{Map, Value, json};

/// What an operation is called, takes and gives.
pub struct Op {
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    pub allowed: Option<Allowed>,
    pub queries: Vec<Query>,
    pub body: Option<Body>,
    pub answer: Answer,
    pub is_paged: bool,
}

/// Whose right it is; none where anybody may.
pub struct Allowed {
    pub right: &'static str,
    pub roles: &'static [Role],
    pub scope: Option<&'static str>,
}

pub struct Query {
    pub name: &'static str,
    pub shape: &'static str,
    pub says: &'static str,
    pub is_required: bool,
}

pub struct Body {
    pub kind: &'static str,
    pub shape: &'static str,
}

pub struct Answer {
    pub kind: &'static str,
    pub shape: &'static str,
}

pub const JSON: &str = "application/json";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub const ZIP: &str = "application/zip";
pub const TEXT: &str = "text/plain";
pub const BYTES: &str = "application/octet-stream";

impl Op {
    /// The path's first part after the version is the tag.
    pub fn get(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new("GET", path, id, summary)
    }

    pub fn post(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new("POST", path, id, summary)
    }

    fn new(method: &'static str, path: &'static str, id: &'static str, summary: &'static str) -> Self {
        let tag = path.trim_start_matches("/api/v1").trim_start_matches('/').split('/').next().unwrap_or_default();
        let answer = Answer { kind: JSON, shape: "object" };
        Self { method, path, id, tag, summary, allowed: None, queries: Vec::new(), body: None, answer, is_paged: false }
    }

    /// The right that its handler asks for.
    pub fn of<R: Right>(mut self) -> Self {
        self.allowed = Some(Allowed { right: R::NAME, roles: R::ROLES, scope: R::SCOPE });
        self
    }

    pub fn query(mut self, name: &'static str, shape: &'static str, says: &'static str) -> Self {
        self.queries.push(Query { name, shape, says, is_required: false });
        self
    }

    pub fn needs(mut self, name: &'static str, shape: &'static str, says: &'static str) -> Self {
        self.queries.push(Query { name, shape, says, is_required: true });
        self
    }

    pub fn takes(mut self, shape: &'static str) -> Self {
        self.body = Some(Body { kind: JSON, shape });
        self
    }

    pub fn takes_kind(mut self, kind: &'static str, shape: &'static str) -> Self {
        self.body = Some(Body { kind, shape });
        self
    }

    pub fn gives(mut self, shape: &'static str) -> Self {
        self.answer = Answer { kind: JSON, shape };
        self
    }

    pub fn gives_kind(mut self, kind: &'static str) -> Self {
        self.answer = Answer { kind, shape: "" };
        self
    }

    /// A list of which one page is given.
    pub fn gives_page(mut self, item: &'static str) -> Self {
        self.answer = Answer { kind: JSON, shape: item };
        self.is_paged = true;
        self.query("after", "str", "上一页最后一条的标识（见Link响应头） / the last one of the page before, as the Link header has it").query(
            "limit",
            "(int 1 200)",
            "每页条数 / how many",
        )
    }

    /// Names in the path, in their order.
    pub fn path_names(&self) -> Vec<&'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(|name| name.trim_start_matches('*')).collect()
    }
}

/// The shape of what stands in a path, by its name.
pub fn path_shape(name: &str) -> &'static str {
    match name {
        "week" => "week",
        "county" | "unit" | "dossier" => "code",
        "kind" => "kind",
        "version" | "index" => "(int 0 4294967295)",
        "sha256" | "token" => "hash",
        _ => "name",
    }
}

/// A JSON schema from a text like `{county:code, at:time?, files:[{name:str}], note~:str}`: `?` may be null, `~` may be
/// left out, `$Name` is a shape of its own, `(a|b)` one of these words, `{*int}` a map,
/// `<a; b>` either. Objects have no further fields.
pub fn schema(text: &str) -> Value {
    let mut reader = Reader { rest: text };
    let schema = reader.read();
    debug_assert!(reader.rest.trim().is_empty(), "left over in {text}: {}", reader.rest);
    schema
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, what: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn until(&mut self, end: char) -> &'a str {
        let (text, rest) = self.rest.split_once(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        text
    }

    fn read(&mut self) -> Value {
        let schema = if self.eat('[') {
            let items = self.read();
            self.eat(']');
            if items == json!({}) { json!({"type": "array"}) } else { json!({"type": "array", "items": items}) }
        } else if self.eat('{') {
            self.object()
        } else if self.eat('(') {
            choice(self.until(')'))
        } else if self.eat('<') {
            let mut any = Vec::new();
            while !self.eat('>') && !self.rest.is_empty() {
                any.push(self.read());
                self.eat(';');
            }
            json!({"anyOf": any})
        } else if self.eat('$') {
            json!({"$ref": format!("#/components/schemas/{}", self.word())})
        } else {
            base(self.word())
        };
        if self.eat('?') { nullable(schema) } else { schema }
    }

    fn object(&mut self) -> Value {
        if self.eat('*') {
            let values = self.read();
            self.eat('}');
            return json!({"type": "object", "additionalProperties": values});
        }
        let (mut fields, mut required) = (Map::new(), Vec::new());
        while !self.eat('}') && !self.rest.is_empty() {
            let name = self.word();
            let may_lack = self.eat('~');
            self.eat(':');
            fields.insert(name.to_owned(), self.read());
            if !may_lack {
                required.push(name);
            }
            self.eat(',');
        }
        let mut schema = json!({"type": "object", "additionalProperties": false});
        // What is empty is left out, as it is where the document is typed.
        if !fields.is_empty() {
            schema["properties"] = fields.into();
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }
}

/// `a|b|c`, or `int 1 200`.
fn choice(text: &str) -> Value {
    if let Some(range) = text.strip_prefix("int ") {
        let ends: Vec<i64> = range.split_whitespace().filter_map(|end| end.parse().ok()).collect();
        return json!({"type": "integer", "minimum": ends.first(), "maximum": ends.get(1)});
    }
    json!({"type": "string", "enum": text.split('|').collect::<Vec<_>>()})
}

fn base(word: &str) -> Value {
    let pattern = |pattern: &str| json!({"type": "string", "pattern": pattern});
    match word {
        "int" => json!({"type": "integer", "format": "int64"}),
        "count" => json!({"type": "integer", "format": "int64", "minimum": 0}),
        "bool" => json!({"type": "boolean"}),
        "time" => pattern(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$"),
        "date" => pattern(r"^\d{4}-\d{2}-\d{2}$"),
        "week" => pattern(r"^\d{4}-W\d{2}$"),
        "code" => pattern(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
        "hash" => pattern(r"^[0-9a-f]{64}$"),
        "kind" => pattern(r"^(weekly|special-[1-9][0-9]{0,3})$"),
        // What may stand in a path as one part of it.
        "name" => pattern(r"^[^/\x00-\x1f\x7f]{1,100}$"),
        "file" => json!({"type": "string", "contentMediaType": "application/octet-stream"}),
        "object" => json!({"type": "object"}),
        "any" => json!({}),
        _ => json!({"type": "string"}),
    }
}

fn nullable(mut schema: Value) -> Value {
    match schema.get("type").cloned() {
        Some(kind) => {
            schema["type"] = json!([kind, "null"]);
            if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                words.push(Value::Null);
            }
            schema
        }
        None => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}
