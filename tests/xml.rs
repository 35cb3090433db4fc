//! A sheet's XML, cut into pieces.

use mingchou::ingest::xml::{Piece, pieces, unescape};

fn shown(text: &str) -> Result<String, &'static str> {
    let mut shown = String::new();
    pieces(text, |piece| {
        match piece {
            Piece::Open(tag) => {
                let attributes: Vec<String> = tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
                shown.push_str(&format!("<{}{}{}>", tag.name, attributes.concat(), if tag.is_empty { " /" } else { "" }));
            }
            Piece::Close(name) => shown.push_str(&format!("</{name}>")),
            Piece::Text(text) => shown.push_str(&unescape(text)),
            Piece::Plain(text) => shown.push_str(text),
        }
        Ok(())
    })?;
    Ok(shown)
}

#[test]
fn a_text_is_cut_at_its_tags() {
    let text = "<?xml version='1.0'?><!-- <a> --><x:a r = \"1>2\" s='\"'><b/>1 &lt; 2 &#x4E2D;&nope;<![CDATA[<&>]]></x:a >";
    assert_eq!(shown(text).as_deref(), Ok("<a r=1>2 s=\"><b />1 < 2 中&nope;<&></a>"));
}

#[test]
fn a_text_that_breaks_off_is_damaged() {
    for text in ["<a>", "<a", "<a><b></a", "<a b=\"></a>", "<!-- <a/>", "<a><![CDATA[x]]</a>", "<a></a", "<?xml"] {
        assert_eq!(shown(text), Err("D1004"), "{text}");
    }
    assert_eq!(shown("").as_deref(), Ok(""));
    assert_eq!(shown("中 & 文").as_deref(), Ok(""));
}
