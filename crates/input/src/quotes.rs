//! What a draft quotes is what the customer wrote.

use std::ops::Range;

use replylint::{Message, Role, quoted_parts};

use crate::SourceMap;
use crate::map::{Place, TextBuilder};

/// Quotes in quotes are followed so deep.
const DEEPEST: usize = 12;

/// A message that was quoted.
#[derive(Debug)]
pub(crate) struct Quoted {
    pub text: String,
    pub map: SourceMap,
    /// The writer's name, where the attribution has it.
    pub from: Option<String>,
    /// 1 for what the draft itself quotes.
    depth: usize,
}

impl Quoted {
    /// The message for a thread. What the draft quotes is the customer's; who wrote what stands in the quote below is
    /// not known, and taking it for the customer's would ask for answers to our own words.
    pub fn into_message(self, readable: bool) -> (Message, Place) {
        let role = if self.depth == 1 { Role::Customer } else { Role::Agent };
        let mut message = Message::new(role, self.text);
        message.from = self.from;
        (message, if readable { Place::readable(self.map) } else { Place::coded(self.map) })
    }
}

/// The messages that a text quotes, oldest first.
pub(crate) fn quoted_messages(text: &str, map: &SourceMap) -> Vec<Quoted> {
    let mut newest_first = Vec::new();
    collect(text, map, 1, &mut newest_first);
    newest_first.reverse();
    newest_first
}

/// A text without what it quotes.
pub(crate) fn own_words(text: &str, map: &SourceMap) -> TextBuilder {
    let mut own = TextBuilder::default();
    let mut at = 0;
    for part in quoted_parts(text) {
        own.push(text, map, at..part.attribution.map_or(part.range.start, |line| line.start).max(at));
        at = part.range.end;
    }
    own.push(text, map, at..text.len());
    own.trimmed()
}

fn collect(text: &str, map: &SourceMap, depth: usize, out: &mut Vec<Quoted>) {
    if depth > DEEPEST {
        return;
    }
    // An answer may stand between two parts of one message; a new attribution begins another message.
    let mut messages: Vec<(TextBuilder, Option<String>)> = Vec::new();
    for part in quoted_parts(text) {
        let mut from = part.attribution.clone().and_then(|line| writer(&text[line]));
        let is_new = part.attribution.is_some() || messages.is_empty();
        let mut stripped = TextBuilder::default();
        strip_marks(text, map, &part.range, &mut stripped, &mut from);
        match messages.last_mut() {
            Some((message, _)) if !is_new => {
                message.push_new("\n");
                message.push(&stripped.text, &stripped.map, 0..stripped.text.len());
            }
            _ => messages.push((stripped, from)),
        }
    }
    for (message, from) in messages {
        let own = own_words(&message.text, &message.map);
        if !own.text.is_empty() {
            out.push(Quoted { text: own.text, map: own.map, from, depth });
        }
        collect(&message.text, &message.map, depth + 1, out);
    }
}

/// Appends quoted lines without one mark each. A message that is quoted without marks may begin with its headers.
fn strip_marks(
    text: &str,
    map: &SourceMap,
    range: &Range<usize>,
    out: &mut TextBuilder,
    from: &mut Option<String>,
) {
    let mut at = range.start;
    let mut in_headers = true;
    for line in text[range.clone()].split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let indent = line.len() - line.trim_start_matches([' ', '\t', '\u{a0}']).len();
        if let Some(rest) = line[indent..].strip_prefix('>') {
            let space = usize::from(rest.starts_with(' '));
            out.push(text, map, start + indent + 1 + space..end);
            in_headers = false;
        } else if in_headers && is_header(line) {
            if from.is_none() {
                *from = writer(line);
            }
        } else {
            in_headers &= line.trim().is_empty();
            out.push(text, map, start..end);
        }
    }
}

fn is_header(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, value)| {
        let name = name.trim_matches(['*', ' ']);
        !name.is_empty()
            && name.chars().count() <= 12
            && name.chars().all(|sign| sign.is_alphabetic() || sign == ' ' || sign == '\u{200c}')
            && !value.trim().is_empty()
    })
}

/// The name before the address of an attribution or a header: "On 4 May at 10:12, Ana Pop <ana@example.com> wrote:".
fn writer(line: &str) -> Option<String> {
    let before = &line[..line.find(['<', '['])?];
    let name = before
        .rsplit(|sign: char| sign.is_numeric() || matches!(sign, ',' | '،' | ':' | ';'))
        .next()?
        .trim_matches(|sign: char| !sign.is_alphabetic());
    let name =
        ["AM ", "PM ", "a.m. ", "p.m. "].iter().find_map(|half| name.strip_prefix(half)).unwrap_or(name);
    let words = name.split_whitespace().count();
    ((1..=5).contains(&words) && name.chars().count() <= 60 && !name.contains('@')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use replylint::Role;

    use super::quoted_messages;
    use crate::SourceMap;

    /// Depth and role, name, text and what the source shows for the first and last word.
    fn read(text: &str) -> Vec<(Role, Option<String>, String)> {
        let map = SourceMap::verbatim(0, text.len());
        quoted_messages(text, &map)
            .into_iter()
            .map(|quoted| {
                let words = quoted.text.split_whitespace();
                let mut at = 0;
                for word in words {
                    let found = at + quoted.text[at..].find(word).unwrap();
                    at = found + word.len();
                    assert_eq!(&text[quoted.map.to_source(&(found..at))], word);
                }
                let (message, _) = quoted.into_message(true);
                (message.role, message.from, message.text)
            })
            .collect()
    }

    #[test]
    fn quotes_are_messages_oldest_first() {
        let text = "Hi Ana,\n\nit is here.\n\nOn Mon, 4 May 2026 at 10:12 AM Ana Pop <ana@example.com> wrote:\n\n> Where is it?\n>\n> On Sun, 3 May 2026 at 9:01, Shop <shop@example.com> wrote:\n>> It left.\n>>> And before?\n> Thanks\n";
        assert_eq!(
            read(text),
            [
                (Role::Agent, None, "And before?".into()),
                (Role::Agent, Some("Shop".into()), "It left.".into()),
                (Role::Customer, Some("Ana Pop".into()), "Where is it?\n\nThanks".into()),
            ]
        );
    }

    #[test]
    fn answers_between_the_lines_leave_one_message() {
        let found = read("> Where is it?\n\nIn Cluj.\n\n> And the bill?\n\nHere.\n");
        assert_eq!(found, [(Role::Customer, None, "Where is it?\n\nAnd the bill?".into())]);
    }

    #[test]
    fn messages_below_their_headers_are_read() {
        let text = "Da.\r\n\r\n-----Original Message-----\r\nFrom: Ana Pop <ana@example.com>\r\nSent: 4 May 2026 10:12\r\nTo: Shop\r\nSubject: Bill\r\n\r\nWhere is the bill?\r\n";
        assert_eq!(read(text), [(Role::Customer, Some("Ana Pop".into()), "Where is the bill?".into())]);
        assert!(read("No quotes here.").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(>|\n|a|On 4 May 2026 10:12 a@b.co wrote:\n|From: x <a@b>\n| |é|-----x-----\n){0,40}") {
            read(&text);
        }
    }
}
