//! Front matter: what stands above a draft between lines of `---` (YAML) or `+++` (TOML).

use std::ops::Range;

use replylint::{Channel, PackError, catalogue};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde::Deserialize;
use toml::Spanned;

use crate::map::align_lines;
use crate::{InputError, SourceMap};

/// What front matter may say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FrontMatter {
    /// What the customer wrote, and where it stands.
    pub customer: Option<(String, SourceMap)>,
    pub channel: Option<Channel>,
    pub language: Option<String>,
    pub at: Option<jiff::Timestamp>,
    /// Ids of rules which are not to look at this draft.
    pub ignore: Vec<String>,
    /// Where the draft begins.
    pub end: usize,
    /// What stands between the marks.
    pub inner: Range<usize>,
    /// Where its keys stand, in their order.
    pub places: Vec<Place>,
}

/// Where a key of front matter stands.
#[derive(Debug, PartialEq)]
pub(crate) struct Place {
    pub key: String,
    /// From its beginning, or from that of its value, to the end of its value.
    pub span: Range<usize>,
}

/// Channels by their names.
pub(crate) const CHANNELS: [(&str, Channel); 4] = [
    ("email", Channel::Email),
    ("chat", Channel::Chat),
    ("social", Channel::Social),
    ("review", Channel::Review),
];

const KEYS: [&str; 5] = ["customer", "channel", "language", "at", "ignore"];
/// More is no front matter.
const LONGEST: usize = 256 * 1024;

/// Reads the front matter of a text; `None` where there is none.
pub(crate) fn read(text: &str) -> Option<Result<FrontMatter, InputError>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mark = ["---", "+++"].into_iter().find(|mark| {
        text[start..].strip_prefix(mark).is_some_and(|rest| rest.starts_with(['\n', '\r', ' ']))
    })?;
    let mut lines = text[start..].split_inclusive('\n');
    let mut at = start + lines.next()?.len();
    let begin = at;
    // A rule above a text is written with the same three hyphens: what follows must look like a key.
    let separator = if mark == "---" { ':' } else { '=' };
    let first = text[at..].lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    let key = first.split(separator).next().unwrap_or_default().trim();
    if first.trim_end() != mark
        && (key.len() == first.trim().len() || key.is_empty() || key.contains(char::is_whitespace))
    {
        return None;
    }
    for line in lines {
        if line.trim_end() == mark {
            let inner = begin..at;
            let end = at + line.len();
            let read =
                if mark == "---" { yaml(text, inner.clone()) } else { toml(text, inner.clone(), start) };
            return Some(read.map(|matter| FrontMatter { end, inner, ..matter }));
        }
        at += line.len();
        if at > LONGEST {
            break;
        }
    }
    let error = PackError::at("", text, start..start + mark.len(), "this front matter has no end");
    Some(Err(error.help(format!("close it with a line of `{mark}`")).into()))
}

/// One value with its place.
struct Entry {
    key: String,
    key_span: Range<usize>,
    values: Vec<(String, Range<usize>)>,
    is_list: bool,
    /// Whether the value is one word or quoted, and not a number, a truth value or nothing.
    is_null: bool,
}

fn yaml(text: &str, within: Range<usize>) -> Result<FrontMatter, InputError> {
    let source = &text[within.clone()];
    // The library counts characters.
    let starts: Vec<usize> = source.char_indices().map(|(at, _)| at).chain([source.len()]).collect();
    let bytes = |span: &Span| {
        let place = |index: usize| within.start + starts.get(index).copied().unwrap_or(source.len());
        let start = place(span.start.index());
        start..place(span.end.index()).max(start)
    };
    let fault = |span: Range<usize>, message: &str| -> InputError {
        PackError::at("", text, span, message.to_owned()).help("write `key: value` lines").into()
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut depth = 0usize;
    let mut awaits_key = true;
    for event in Parser::new_from_str(source) {
        let (event, span) = event.map_err(|error| {
            let at = within.start + starts.get(error.marker().index()).copied().unwrap_or(source.len());
            InputError::from(PackError::at("", text, at..at, format!("no YAML: {}", error.info())))
        })?;
        let span = bytes(&span);
        match event {
            Event::MappingStart(..) if depth == 0 => depth = 1,
            Event::MappingEnd => depth = depth.saturating_sub(1),
            Event::SequenceStart(..) if depth == 1 && !awaits_key => {
                depth = 2;
                if let Some(entry) = entries.last_mut() {
                    entry.is_list = true;
                }
            }
            Event::SequenceEnd => {
                depth = 1;
                awaits_key = true;
            }
            Event::Scalar(value, style, ..) => match (depth, entries.last_mut()) {
                (1, _) if awaits_key => {
                    let key = value.into_owned();
                    entries.push(Entry {
                        key,
                        key_span: span,
                        values: Vec::new(),
                        is_list: false,
                        is_null: false,
                    });
                    awaits_key = false;
                }
                (1 | 2, Some(entry)) => {
                    entry.is_null |= style == ScalarStyle::Plain && matches!(&*value, "" | "~" | "null");
                    entry.values.push((value.into_owned(), span));
                    awaits_key = depth == 1;
                }
                _ => return Err(fault(span, "front matter is a list of keys with their values")),
            },
            Event::MappingStart(..) | Event::SequenceStart(..) | Event::Alias(_) => {
                return Err(fault(span, "a value is text, or a list of rules"));
            }
            _ => {}
        }
    }
    let mut matter = FrontMatter { places: places(&entries), ..FrontMatter::default() };
    for entry in entries.into_iter().filter(|entry| !entry.is_null) {
        set(&mut matter, text, entry)?;
    }
    Ok(matter)
}

fn places(entries: &[Entry]) -> Vec<Place> {
    let place = |entry: &Entry| {
        let end = entry.values.iter().map(|(_, span)| span.end).max().unwrap_or(entry.key_span.end);
        Place { key: entry.key.clone(), span: entry.key_span.start..end }
    };
    let mut places: Vec<Place> = entries.iter().map(place).collect();
    places.sort_by_key(|place| place.span.start);
    places
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlMatter {
    customer: Option<Spanned<String>>,
    channel: Option<Spanned<String>>,
    language: Option<Spanned<String>>,
    at: Option<Spanned<toml::Value>>,
    ignore: Option<Spanned<Vec<Spanned<String>>>>,
}

fn toml(text: &str, within: Range<usize>, start: usize) -> Result<FrontMatter, InputError> {
    // What stands before becomes a comment of the same length, so that places stay right.
    let mut padded: String = "#".repeat(start + 3);
    padded.push_str(&text[start + 3..within.end]);
    let read: TomlMatter = replylint::read_toml("", &padded)?;
    let single = |key: &str, value: Option<Spanned<String>>| {
        value.map(|value| Entry {
            key: key.to_owned(),
            key_span: value.span(),
            values: vec![(value.get_ref().clone(), value.span())],
            is_list: false,
            is_null: false,
        })
    };
    let at = read.at.map(|at| {
        let span = at.span();
        let value = match at.into_inner() {
            toml::Value::String(text) => text,
            other => other.to_string(),
        };
        Spanned::new(span, value)
    });
    let ignore = read.ignore.map(|rules| Entry {
        key: "ignore".to_owned(),
        key_span: rules.span(),
        values: rules.into_inner().into_iter().map(|rule| (rule.get_ref().clone(), rule.span())).collect(),
        is_list: true,
        is_null: false,
    });
    let entries = [
        single("customer", read.customer),
        single("channel", read.channel),
        single("language", read.language),
        single("at", at),
        ignore,
    ];
    let entries: Vec<Entry> = entries.into_iter().flatten().collect();
    let mut matter = FrontMatter { places: places(&entries), ..FrontMatter::default() };
    for entry in entries {
        set(&mut matter, text, entry)?;
    }
    Ok(matter)
}

fn set(matter: &mut FrontMatter, text: &str, entry: Entry) -> Result<(), InputError> {
    let unknown = |what: &str, word: &str, span: Range<usize>, known: &[&str]| -> InputError {
        let all = if known.len() < 20 {
            format!("there are {}", known.join(", "))
        } else {
            "`replylint rules` lists them".to_owned()
        };
        PackError::at("", text, span, format!("unknown {what} `{word}`"))
            .help(all)
            .near(word, known.iter().copied())
            .into()
    };
    if entry.key == "ignore" {
        let rules: Vec<&str> = catalogue().iter().map(|card| card.id.as_str()).collect();
        for (rule, span) in entry.values {
            if !rules.contains(&rule.as_str()) {
                return Err(unknown("rule", &rule, span, &rules));
            }
            matter.ignore.push(rule);
        }
        return Ok(());
    }
    if !KEYS.contains(&entry.key.as_str()) {
        return Err(unknown("key", &entry.key, entry.key_span, &KEYS));
    }
    let Some((value, span)) = entry.values.into_iter().next().filter(|_| !entry.is_list) else {
        let message = format!("`{}` takes one value", entry.key);
        return Err(PackError::at("", text, entry.key_span, message).into());
    };
    match entry.key.as_str() {
        "customer" => {
            let map = align_lines(&value, text, span);
            matter.customer = Some((value, map));
        }
        "channel" => {
            let channel = CHANNELS.iter().find(|(name, _)| *name == value);
            let names = CHANNELS.map(|(name, _)| name);
            matter.channel = Some(channel.ok_or_else(|| unknown("channel", &value, span, &names))?.1);
        }
        "at" => match value.trim().parse() {
            Ok(at) => matter.at = Some(at),
            Err(_) => {
                let error = PackError::at("", text, span, "`at` is no date with time and offset");
                return Err(error.help("write it as 2026-05-04T10:12:00+02:00").into());
            }
        },
        _ => matter.language = Some(value),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use replylint::Channel;

    use super::read;

    #[test]
    fn both_forms_say_the_same() {
        let yaml = "---\n# who asks\ncustomer: |\n  Where is it?\n  And the bill?\nchannel: chat\nlanguage: en\nat: 2026-05-04T10:12:00+02:00\nignore: [length]\n---\nIt is here.\n";
        let toml = "+++\ncustomer = \"\"\"\nWhere is it?\nAnd the bill?\n\"\"\"\nchannel = \"chat\"\nlanguage = \"en\"\nat = 2026-05-04T10:12:00+02:00\nignore = [\"length\"]\n+++\nIt is here.\n";
        for text in [yaml.to_owned(), toml.to_owned(), format!("\u{feff}{yaml}"), yaml.replace('\n', "\r\n")]
        {
            let matter = read(&text).unwrap().unwrap();
            assert_eq!(text[matter.end..].trim_end(), "It is here.");
            let (customer, map) = matter.customer.unwrap();
            let at = customer.find("bill").unwrap();
            assert_eq!(&text[map.to_source(&(at..at + 4))], "bill");
            assert_eq!(matter.channel, Some(Channel::Chat));
            assert_eq!(matter.language.as_deref(), Some("en"));
            assert_eq!(matter.at.unwrap().to_string(), "2026-05-04T08:12:00Z");
            assert_eq!(matter.ignore, ["length"]);
        }
    }

    #[test]
    fn faults_are_pointed_at() {
        let error = |text: &str| read(text).unwrap().unwrap_err().to_string();
        assert_eq!(error("---\nchanel: chat\n---\n"), "2:1: unknown key `chanel`; did you mean `channel`?");
        assert_eq!(
            error("---\nchannel: chat\nignore:\n  - lenght\n---\n"),
            "4:5: unknown rule `lenght`; did you mean `length`?"
        );
        assert_eq!(error("---\nchannel: [chat]\n---\n"), "2:1: `channel` takes one value");
        assert!(error("+++\nchanel = \"chat\"\n+++\n").starts_with("2:1: unknown field `chanel`"));
        assert_eq!(
            error("+++\nat = \"today\"\n+++\n"),
            "2:6: `at` is no date with time and offset; write it as 2026-05-04T10:12:00+02:00"
        );
        assert!(error("---\nchannel: chat\n").starts_with("1:1: this front matter has no end"));
        assert!(error("---\ncustomer: \"x\n---\n").starts_with("2:"));
        assert!(error("---\nlanguage: &a x\nat: *a\n---\n").contains("a value is text"));
    }

    #[test]
    fn a_rule_above_a_text_is_no_front_matter() {
        assert!(read("---\nHello Ana,\n---\n").is_none());
        assert!(read("----\na: b\n----\n").is_none());
        assert!(read("Hello").is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(---|\\+\\+\\+)\n(a|:|-|\n| |é|\\[|\"|customer|=|&a|\\*a|\\||\\{){0,40}\n(---|\\+\\+\\+)\n") {
            if let Some(Ok(matter)) = read(&text) {
                prop_assert!(text.get(matter.end..).is_some());
            }
        }
    }
}
