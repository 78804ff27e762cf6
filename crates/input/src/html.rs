//! HTML bodies as text.

use html2text::render::TextDecorator;

use crate::SourceMap;
use crate::json_text::range_in;

/// No line is wrapped before this many columns; wrapping would cut sentences where the writer did not.
const WIDTH: usize = 10_000;

/// Longer bodies are no letters; turning them into text would take long.
const LONGEST: usize = 4 * 1024 * 1024;

/// Deeper nests are no letters; the time for them would grow faster than they do.
const DEEPEST: usize = 400;

/// Elements that people leave open.
const OFTEN_OPEN: [&[u8]; 20] = [
    b"br", b"img", b"hr", b"meta", b"link", b"input", b"col", b"p", b"li", b"dt", b"dd", b"tr", b"td", b"th",
    b"wbr", b"area", b"base", b"option", b"html", b"body",
];

/// The text that a reader of an HTML body sees, and where its words stand in the HTML; quotes get the marks that they
/// have in plain mails.
///
/// # Errors
/// Where the body is too long or has no text form; says why.
pub(crate) fn to_text(html: &str) -> Result<(String, SourceMap), String> {
    if html.len() > LONGEST {
        return Err(format!("the HTML is longer than {LONGEST} bytes"));
    }
    if is_deep(html.as_bytes()) {
        return Err(format!("the HTML nests deeper than {DEEPEST} elements"));
    }
    html2text::config::with_decorator(Letter)
        .raw_mode(true)
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), WIDTH)
        .map(|text| {
            let text = text.replace('\u{a0}', " ");
            let map = align(&text, html);
            (text, map)
        })
        .map_err(|error| format!("the HTML cannot be turned into text: {error}"))
}

/// A word is looked for so many bytes ahead; one that is written with entities is not found, and those after it are.
const AHEAD: usize = 4096;

/// Where the words of a text stand in its HTML.
fn align(text: &str, html: &str) -> SourceMap {
    let mut map = SourceMap::default();
    let mut cursor = 0;
    // Tags may stand between a word and its marks, so the words are looked for without them.
    let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    for (at, word) in words.map(|word| (range_in(word, text).start, word)) {
        let mut from = cursor;
        let mut end = (cursor + AHEAD).min(html.len());
        while !html.is_char_boundary(end) {
            end -= 1;
        }
        while let Some(found) = html.get(from..end).and_then(|rest| rest.find(word)).map(|found| from + found)
        {
            // Between < and > there are no words.
            let in_tag = html[cursor..found].rfind('<').is_some_and(|open| {
                let open = &html[cursor + open..found];
                !open.contains('>')
                    && open[1..].starts_with(|sign: char| sign.is_alphabetic() || "/!".contains(sign))
            });
            if !in_tag {
                map.push(at..at + word.len(), found..found + word.len());
                cursor = found + word.len();
                break;
            }
            from = found + word.len();
        }
    }
    map
}

/// Letters get no signs but those of plain mails: marks before quotes and items.
struct Letter;

impl TextDecorator for Letter {
    type Annotation = ();

    fn decorate_link_start(&mut self, _: &str) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_link_end(&mut self) -> String {
        String::new()
    }
    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_em_end(&self) -> String {
        String::new()
    }
    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_strong_end(&self) -> String {
        String::new()
    }
    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }
    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }
    fn decorate_code_start(&self) -> (String, ()) {
        ("`".to_owned(), ())
    }
    fn decorate_code_end(&self) -> String {
        "`".to_owned()
    }
    fn decorate_preformat_first(&self) {}
    fn decorate_preformat_cont(&self) {}
    fn decorate_image(&mut self, _: &str, _: &str) -> (String, ()) {
        (String::new(), ())
    }
    fn header_prefix(&self, _: usize) -> String {
        String::new()
    }
    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }
    fn unordered_item_prefix(&self) -> String {
        "* ".to_owned()
    }
    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }
    fn make_subblock_decorator(&self) -> Self {
        Letter
    }
}

/// Whether more elements are open at once than any letter has.
fn is_deep(html: &[u8]) -> bool {
    let mut depth = 0usize;
    for at in memchr::memchr_iter(b'<', html) {
        let rest = &html[at + 1..];
        let closes = rest.first() == Some(&b'/');
        let name = &rest[usize::from(closes)..];
        let name = &name[..name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
        if name.is_empty() || OFTEN_OPEN.iter().any(|open| name.eq_ignore_ascii_case(open)) {
            continue;
        }
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::to_text;

    #[test]
    fn paragraphs_lists_and_quotes_are_kept() {
        let html = "<html><head><style>p{}</style><title>x</title></head><body><p>Hi&nbsp;Ana,</p><p>it&#39;s <b>here</b>.<br>Yes.</p><ul><li>one</li></ul><a href='https://example.com/a'>the form</a><blockquote>Where is <i>it</i>?</blockquote></body></html>";
        let (text, map) = to_text(html).unwrap();
        assert_eq!(text, "Hi Ana,\n\nit's here.\nYes.\n* one\n\nthe form\n\n> Where is it?\n");
        for word in ["here", "one", "form", "it"] {
            let at = text.rfind(word).unwrap();
            let found = map.to_source(&(at..at + word.len()));
            assert!(&html[found.clone()] == word, "{word} {found:?}");
        }
        let long = format!("<p>{}</p>", "word ".repeat(1000));
        assert_eq!(to_text(&long).unwrap().0.lines().count(), 1);
    }

    #[test]
    fn deep_nests_are_no_danger() {
        for tag in ["div", "blockquote", "table><tr><td", "ul><li", "b", "span", "FONT color=x"] {
            assert!(to_text(&(format!("<{tag}>").repeat(20_000) + "x")).is_err());
            assert!(to_text(&(format!("<{tag}>").repeat(100) + "x")).is_ok());
        }
    }

    proptest! {
        #[test]
        fn any_html_is_read(html in "(<p>|<b|</p>|<table>|<td>|&nbsp|&#x0;|<blockquote>|\"|>|é|a|<pre>|<!--|<style>){0,40}") {
            if let Ok((text, map)) = to_text(&html) {
                prop_assert!(html.get(map.to_source(&(0..text.len()))).is_some());
            }
        }
    }
}
