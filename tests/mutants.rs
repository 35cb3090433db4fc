//! Every field of every file of a bundle, changed by itself: generated from the files, not chosen.

use mingchou::bundle::Files;
use serde_json::Value;

pub struct Mutant {
    /// The file, what was changed in it, and how.
    pub name: String,
    pub files: Files,
}

/// All mutants of a bundle, in a fixed order. Each differs from it in one field, key, line or byte.
pub fn mutants(files: &Files) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (name, bytes) in files {
        let mut add = |what: String, changed: Vec<u8>| {
            assert_ne!(&changed, bytes, "{name} {what}");
            let mut files = files.clone();
            files.insert(name.clone(), changed);
            mutants.push(Mutant { name: format!("{name}: {what}"), files });
        };
        let text = String::from_utf8(bytes.clone()).expect("every file is text");
        if name.ends_with(".json") {
            for (what, value) in changed_values(&serde_json::from_str(&text).expect("json")) {
                add(what, value.to_string().into_bytes());
            }
        } else {
            lines(&text, &mut add);
        }
        add("a byte more".into(), [bytes.as_slice(), b"\n"].concat());
    }
    mutants
}

/// Files of lines: each field of each line that is a record, each line left out, doubled, or changed places with the next.
fn lines(text: &str, add: &mut dyn FnMut(String, Vec<u8>)) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (at, line) in lines.iter().enumerate() {
        let with = |new: &[&str]| [&lines[..at], new, &lines[at + 1..]].concat().concat().into_bytes();
        match serde_json::from_str::<Value>(line) {
            Ok(record @ Value::Object(_)) => {
                for (what, value) in changed_values(&record) {
                    add(format!("line {at} {what}"), with(&[&format!("{value}\n")]));
                }
            }
            _ => {
                let mut changed = line.to_string();
                let (place, c) =
                    line.char_indices().next_back().map_or((0, ' '), |(place, c)| if c == '\n' && place > 0 { (place - 1, ' ') } else { (place, c) });
                changed.replace_range(place..line.len().min(place + c.len_utf8()), "~");
                add(format!("line {at} its end"), with(&[&changed]));
            }
        }
        if !is_free(line) {
            add(format!("line {at} left out"), with(&[]));
        }
        add(format!("line {at} doubled"), with(&[line, line]));
        if let Some(next) = lines.get(at + 1).filter(|next| *next != line && !(is_free(line) && is_free(next))) {
            let swapped = [&lines[..at], &[*next, *line], &lines[at + 2..]].concat().concat();
            add(format!("line {at} after the next"), swapped.into_bytes());
        }
    }
}

/// A signature line under a checkpoint: others may be there or not, in any order, by the protocol.
fn is_free(line: &str) -> bool {
    line.starts_with('\u{2014}')
}

/// A value with one scalar changed, one key left out, doubled in another spelling, or added.
fn changed_values(value: &Value) -> Vec<(String, Value)> {
    let mut changed = Vec::new();
    let mut paths = Vec::new();
    walk(value, String::new(), &mut paths);
    for path in paths {
        let at = value.pointer(&path).expect("a path of this value");
        for (what, new) in variants(at) {
            let mut copy = value.clone();
            *copy.pointer_mut(&path).expect("the same path") = new;
            changed.push((format!("{path} {what}"), copy));
        }
    }
    changed
}

fn walk(value: &Value, path: String, paths: &mut Vec<String>) {
    paths.push(path.clone());
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| walk(value, format!("{path}/{key}"), paths)),
        Value::Array(list) => list.iter().enumerate().for_each(|(at, value)| walk(value, format!("{path}/{at}"), paths)),
        _ => {}
    }
}

fn variants(value: &Value) -> Vec<(&'static str, Value)> {
    match value {
        Value::Null => vec![("given", Value::from(0))],
        Value::Bool(truth) => vec![("turned", Value::from(!truth)), ("as a text", Value::from(truth.to_string()))],
        Value::Number(number) => {
            let number = number.as_i64().expect("an integer");
            vec![("one more", Value::from(number + 1)), ("negative", Value::from(-number - 1)), ("as a text", Value::from(number.to_string()))]
        }
        Value::String(text) => {
            let mut variants = vec![("empty", Value::from("")), ("longer", Value::from(format!("{text}0")))];
            if let Some((place, c)) = text.char_indices().next_back() {
                let other = if c == '1' { '2' } else { '1' };
                variants.push(("its last character", Value::from(format!("{}{other}", &text[..place]))));
                let upper = text.to_uppercase();
                if upper != *text {
                    variants.push(("in capitals", Value::from(upper)));
                }
            }
            variants.into_iter().filter(|(_, new)| new != value).collect()
        }
        Value::Array(list) => {
            let mut variants = vec![("as null", Value::Null)];
            for at in 0..list.len() {
                let mut shorter = list.clone();
                shorter.remove(at);
                variants.push(("one left out", Value::from(shorter)));
            }
            let reversed: Vec<Value> = list.iter().rev().cloned().collect();
            if reversed != *list {
                variants.push(("reversed", Value::from(reversed)));
            }
            variants
        }
        Value::Object(map) => {
            let mut variants = vec![("as null", Value::Null)];
            for key in map.keys() {
                let mut shorter = map.clone();
                shorter.remove(key);
                variants.push(("a key left out", Value::from(shorter)));
            }
            let mut longer = map.clone();
            longer.insert("zz".into(), Value::from(0));
            variants.push(("a key more", Value::from(longer)));
            variants
        }
    }
}
