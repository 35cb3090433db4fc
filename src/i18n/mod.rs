//! Every sentence a person reads: Chinese first, English second. Imports nothing of ours.
//!
//! One file per place where sentences appear; each is a table `(code, 中文, English)`. `{name}` in a sentence stands
//! for a value. A test holds every code to have both languages and the same values in both.

pub mod account;
pub mod admin_pages;
pub mod api;
pub mod application;
pub mod back;
pub mod ceremony_pages;
pub mod cli;
pub mod evidence;
pub mod findings;
pub mod keeping;
pub mod model;
pub mod ops;
pub mod pages;
pub mod records;
pub mod scoring;
pub mod simulate;
pub mod verify;
pub mod work_pages;

use std::fmt::Write as _;

/// The language of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    Zh,
    En,
}

/// `(code, Chinese, English)`.
pub type Sentence = (&'static str, &'static str, &'static str);

impl Lang {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// From a locale name such as `en_GB.UTF-8`; Chinese unless it is plainly English.
    pub fn from_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("en") { Self::En } else { Self::Zh }
    }
}

/// All tables, in the order in which they are searched.
pub const TABLES: &[&[Sentence]] = &[
    account::SENTENCES,
    api::SENTENCES,
    admin_pages::SENTENCES,
    back::SENTENCES,
    ceremony_pages::SENTENCES,
    application::SENTENCES,
    cli::SENTENCES,
    evidence::SENTENCES,
    findings::SENTENCES,
    model::SENTENCES,
    ops::SENTENCES,
    keeping::SENTENCES,
    pages::SENTENCES,
    records::SENTENCES,
    scoring::SENTENCES,
    simulate::SENTENCES,
    verify::SENTENCES,
    work_pages::SENTENCES,
];

/// Finds the sentence of a code.
pub fn find_sentence(code: &str) -> Option<&'static Sentence> {
    TABLES.iter().flat_map(|table| table.iter()).find(|(known, _, _)| *known == code)
}

/// The words of a code that has no values.
pub fn phrase(lang: Lang, code: &str) -> &'static str {
    find_sentence(code).map_or("", |(_, zh, en)| if lang == Lang::Zh { zh } else { en })
}

/// Makes the sentence of a code in a language; an unknown code shows itself with its values, so nothing is lost.
pub fn say(lang: Lang, code: &str, values: &[(&'static str, String)]) -> String {
    let Some((_, zh, en)) = find_sentence(code) else {
        let mut text = format!("[{code}]");
        for (name, value) in values {
            let _ = write!(text, " {name}={value}");
        }
        return text;
    };
    // A value that begins with @ names a word of ours, which is only now put into the language; what follows a colon
    // stands in it for {value}.
    let word = |value: &String| {
        let (code, value) = value.strip_prefix('@').map(|word| word.split_once(':').unwrap_or((word, "")))?;
        find_sentence(code).map(|_| fill(phrase(lang, code), &[("value", value.to_owned())]))
    };
    let show =
        |name: &str, value: &String| if PARTY_VALUES.contains(&name) { parties(lang, value) } else { word(value).unwrap_or_else(|| value.clone()) };
    let values: Vec<(&'static str, String)> = values.iter().map(|(name, value)| (*name, show(name, value))).collect();
    fill(if lang == Lang::Zh { zh } else { en }, &values)
}

/// Values that are codes of parties, one or several.
const PARTY_VALUES: [&str; 4] = ["party", "owner", "parties", "signers"];

/// The two offices that every weekly draw has go by their names; other codes stand as they are.
fn parties(lang: Lang, codes: &str) -> String {
    if let Some(code) = codes.strip_prefix('@') {
        return phrase(lang, code).to_owned();
    }
    let name = |code: &str| match find_sentence(&format!("party_{code}")) {
        Some((_, zh, _)) if lang == Lang::Zh => (*zh).to_owned(),
        // Latin letters stand apart from the Chinese that follows.
        None if lang == Lang::Zh => format!("{code} "),
        _ => code.to_owned(),
    };
    codes.split([',', '、']).map(|code| name(code.trim())).collect::<Vec<_>>().join(if lang == Lang::Zh { "、" } else { ", " })
}

/// Puts values into a sentence's `{name}` places, once each: a value that contains braces is left as it is.
pub fn fill(sentence: &str, values: &[(&'static str, String)]) -> String {
    let mut text = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        text.push_str(&rest[..open]);
        let name = &rest[open + 1..close];
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => text.push_str(value),
            None => text.push_str(&rest[open..=close]),
        }
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    text
}
