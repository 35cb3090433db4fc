//! The interface's own description: OpenAPI 3.1, made from the operations beside the handlers.

use super::op::{JSON, Op, path_shape, schema};
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

/// Every way in which an operation may be refused.
const REFUSALS: [(&str, &str); 11] = [
    ("400", "请求有误 / malformed"),
    ("401", "未登录 / not signed in"),
    ("403", "无此权限 / the caller may not"),
    ("404", "没有，或者不归调用方知道 / not there, or not the caller's to know of"),
    ("409", "已经存在，或同一请求正在处理 / taken, or the same request is under way"),
    ("413", "请求过大 / too large"),
    ("415", "内容类型不对 / of another media type"),
    ("422", "读懂了，但不能办理 / understood and refused"),
    ("429", "请求过多，过若干秒再试 / too many requests; wait so many seconds"),
    ("500", "系统内部出错 / something failed inside"),
    ("503", "暂时无法办理 / not now"),
];

/// The document; typed on its way, so that it is one that OpenAPI knows.
pub fn document(ops: &[Op], shapes: &[(&str, &str)]) -> Result<OpenApi, serde_json::Error> {
    serde_json::from_value(value(ops, shapes))
}

/// The same before it is typed.
pub fn value(ops: &[Op], shapes: &[(&str, &str)]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for op in ops {
        let item = paths.entry(op.path.replace("{*", "{")).or_insert_with(|| json!({}));
        item[op.method.to_lowercase()] = operation(op);
    }
    let mut schemas: Map<String, Value> = shapes.iter().map(|(name, text)| ((*name).to_owned(), schema(text))).collect();
    schemas.insert("Problem".to_owned(), schema("{type:str, title:str, status:int, code:str, detail:str, values:{*str}}"));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "mingchou 明抽",
            "version": "1",
            "description": "补贴性职业培训随机抽查。用法见 docs/API.md。/ Random inspection of subsidised training; see docs/API.md.",
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "县区系统的令牌 / a system's token"},
                "session": {"type": "apiKey", "in": "cookie", "name": "session", "description": "登录后的浏览器；写操作另须请求头 x-form-token / a signed-in browser; writes also need the header x-form-token"},
            },
        },
    })
}

fn responses() -> Value {
    let responses = REFUSALS.iter().map(|(status, says)| {
        let mut response = json!({
            "description": says,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        });
        if *status == "429" {
            response["headers"] = json!({"Retry-After": {"schema": {"type": "integer"}}});
        }
        (format!("Refused{status}"), response)
    });
    responses.collect::<Map<_, _>>().into()
}

fn operation(op: &Op) -> Value {
    let mut operation = json!({
        "operationId": op.id,
        "tags": [op.tag],
        "summary": op.summary,
        "parameters": parameters(op),
        "responses": answers(op),
        "security": security(op),
    });
    if let Some(allowed) = &op.allowed {
        let roles: Vec<&str> = allowed.roles.iter().map(|role| role.as_str()).collect();
        let scope = allowed.scope.map_or_else(String::new, |scope| format!("; token: {scope}"));
        operation["description"] = json!(format!("{}: {}{scope}", allowed.right, roles.join(", ")));
    }
    if let Some(body) = &op.body {
        operation["requestBody"] = json!({"required": true, "content": {body.kind: {"schema": schema(body.shape)}}});
    }
    operation
}

fn parameters(op: &Op) -> Vec<Value> {
    let mut parameters: Vec<Value> = Vec::new();
    for name in op.path_names() {
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": schema(path_shape(name))}));
    }
    for query in &op.queries {
        let shape = schema(query.shape);
        parameters.push(json!({"name": query.name, "in": "query", "required": query.is_required, "description": query.says, "schema": shape}));
    }
    if op.method == "POST" && op.allowed.is_some() {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
            "description": "同一把钥匙的同一请求只办一次，再发得到原来的回答 / the same request under the same key is done once and answered again",
        }));
    }
    if op.method == "GET" && op.path.starts_with("/api/") {
        parameters
            .push(json!({"name": "If-None-Match", "in": "header", "required": false, "schema": {"type": "string", "pattern": "^[!-~]{0,200}$"}}));
    }
    parameters
}

fn answers(op: &Op) -> Value {
    let shape = if op.is_paged { json!({"type": "array", "items": schema(op.answer.shape)}) } else { schema(op.answer.shape) };
    let content = if op.answer.kind == JSON { json!({JSON: {"schema": shape}}) } else { json!({op.answer.kind: {}}) };
    let mut done = json!({"description": "办理完毕 / done", "content": content});
    if op.is_paged {
        done["headers"] = json!({"Link": {"description": "下一页 / the next page: rel=\"next\"", "schema": {"type": "string"}}});
    }
    let mut answers = json!({"200": done});
    if op.method == "GET" && op.path.starts_with("/api/") {
        answers["304"] = json!({"description": "没有变化 / as it was"});
    }
    let is_write = op.method == "POST";
    for (status, _) in REFUSALS {
        let is_possible = match status {
            "401" | "403" => op.allowed.is_some(),
            "409" | "413" | "415" => is_write,
            _ => true,
        };
        if is_possible {
            answers[status] = json!({"$ref": format!("#/components/responses/Refused{status}")});
        }
    }
    answers
}

fn security(op: &Op) -> Value {
    match &op.allowed {
        None => json!([{}]),
        Some(allowed) if allowed.scope.is_some() => json!([{"token": []}, {"session": []}]),
        Some(_) => json!([{"session": []}]),
    }
}
