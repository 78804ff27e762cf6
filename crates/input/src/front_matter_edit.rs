//! Writing front matter: what an agent says about a draft by command, put into the draft's own head.

use std::ops::Range;

use replylint::Channel;

use crate::front_matter::{self, FrontMatter, Place};

/// One change of a text: these bytes are replaced by this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub span: Range<usize>,
    /// What comes in their place.
    pub text: String,
}

/// A value of front matter that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter<'v> {
    /// The customer's message.
    Customer(Option<&'v str>),
    /// The language of the reply.
    Language(Option<&'v str>),
    /// The channel of the reply.
    Channel(Option<Channel>),
}

impl<'v> Matter<'v> {
    fn key(self) -> &'static str {
        match self {
            Matter::Customer(_) => "customer",
            Matter::Language(_) => "language",
            Matter::Channel(_) => "channel",
        }
    }

    fn value(self) -> Option<&'v str> {
        match self {
            Matter::Customer(value) | Matter::Language(value) => value,
            Matter::Channel(channel) => channel.map(name_of),
        }
    }

    /// Whether front matter says just this.
    fn is_said(self, matter: &FrontMatter) -> bool {
        let said = match self {
            Matter::Customer(_) => matter.customer.as_ref().map(|(text, _)| text.as_str()),
            Matter::Language(_) => matter.language.as_deref(),
            Matter::Channel(channel) => return matter.channel == channel,
        };
        said.map(str::trim_end) == self.value().map(plain).as_deref().map(str::trim_end)
    }
}

fn name_of(channel: Channel) -> &'static str {
    front_matter::CHANNELS.iter().find(|(_, known)| *known == channel).map_or("", |(name, _)| name)
}

/// Why front matter cannot be written: what is there is broken, or of a form in which a key has no lines of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwritable;

/// The change that makes a Markdown text's front matter say something, or say nothing about it any more; `None` where
/// nothing has to change.
///
/// # Errors
/// Where it cannot be written.
///
/// ```
/// use replylint_input::{Matter, write_front_matter};
///
/// let edit = write_front_matter("Hello Ana,\n", Matter::Language(Some("en")))?.expect("a change");
/// assert_eq!((edit.span, edit.text.as_str()), (0..0, "---\nlanguage: en\n---\n\n"));
/// # Ok::<(), replylint_input::Unwritable>(())
/// ```
pub fn write_front_matter(text: &str, matter: Matter<'_>) -> Result<Option<Edit>, Unwritable> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let value = matter.value().map(plain);
    let edit = match (front_matter::read(text), &value) {
        (Some(Err(_)), _) => return Err(Unwritable),
        (Some(Ok(known)), _) if matter.is_said(&known) => return Ok(None),
        (Some(Ok(known)), _) => changed(text, &known, matter.key(), value.as_deref()).ok_or(Unwritable)?,
        (None, None) => return Ok(None),
        (None, Some(value)) => {
            let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let line = yaml_line(matter.key(), value);
            Edit { span: start..start, text: format!("---\n{line}---\n\n") }
        }
    };
    let edit = Edit { text: edit.text.replace('\n', newline), ..edit };
    // What was written must be read again as it was meant, whatever the text.
    let mut after = text.to_owned();
    after.replace_range(edit.span.clone(), &edit.text);
    let is_right = match front_matter::read(&after) {
        Some(Ok(read)) => matter.is_said(&read),
        Some(Err(_)) => false,
        None => matter.value().is_none(),
    };
    if is_right { Ok(Some(edit)) } else { Err(Unwritable) }
}

/// The change of front matter that is there.
fn changed(text: &str, known: &FrontMatter, key: &str, value: Option<&str>) -> Option<Edit> {
    let place = known.places.iter().find(|place| place.key == key);
    let is_yaml = text.trim_start_matches('\u{feff}').starts_with("---");
    let line = value.map(|value| if is_yaml { yaml_line(key, value) } else { toml_line(key, value) });
    match (place, line) {
        (Some(place), Some(line)) => Some(Edit { span: lines_of(text, known, place)?, text: line }),
        // The last thing that it said: the head goes with it.
        (Some(_), None) if known.places.len() == 1 => {
            let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let rest = &text[known.end..];
            let blank =
                rest.len() - rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(rest).len();
            Some(Edit { span: start..known.end + blank, text: String::new() })
        }
        (Some(place), None) => Some(Edit { span: lines_of(text, known, place)?, text: String::new() }),
        (None, Some(line)) => Some(Edit { span: known.inner.end..known.inner.end, text: line }),
        (None, None) => None,
    }
}

/// The lines of a key with its value; `None` where something else stands in them.
fn lines_of(text: &str, known: &FrontMatter, place: &Place) -> Option<Range<usize>> {
    let start = text[..place.span.start].rfind('\n').map_or(0, |at| at + 1);
    // TOML gives the place of the value alone.
    let before = text[start..place.span.start].trim();
    let is_first = before.is_empty() || before.trim_end_matches('=').trim_end() == place.key;
    let next = known
        .places
        .iter()
        .filter(|other| other.span.start > place.span.start)
        .map(|other| other.span.start)
        .min();
    let end = match next {
        Some(next) => text[..next].rfind('\n').map_or(0, |at| at + 1),
        None => known.inner.end,
    };
    if !is_first || end < place.span.end.min(known.inner.end) || start >= end {
        return None;
    }
    // Comments and blank lines after the value are about what follows.
    let mut end = end;
    for line in text[start..end].split_inclusive('\n').rev() {
        let is_of_value = !line.trim().is_empty() && !line.starts_with('#');
        if is_of_value || end - line.len() <= start {
            break;
        }
        end -= line.len();
    }
    Some(start..end)
}

/// Line ends as front matter gives them back.
fn plain(value: &str) -> String {
    value.replace("\r\n", "\n").replace('\r', "\n")
}

/// A key with its value as YAML.
fn yaml_line(key: &str, value: &str) -> String {
    let is_word = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_word {
        return format!("{key}: {value}\n");
    }
    // A block is what people would write. What it cannot hold is quoted: other control signs and blank starts of lines
    // that would be taken for its indentation.
    let is_plain = value.chars().all(|sign| matches!(sign, '\n' | '\t') || !sign.is_control())
        && !value.contains(['\u{feff}', '\u{2028}', '\u{2029}'])
        && !value.trim_end().is_empty()
        && !value.starts_with([' ', '\t', '\n']);
    if is_plain {
        let lines: String = value
            .trim_end()
            .split('\n')
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") })
            .collect();
        return format!("{key}: |\n{lines}");
    }
    // A string of JSON is a quoted string of YAML.
    format!("{key}: {}\n", serde_json::Value::from(value))
}

/// A key with its value as TOML.
fn toml_line(key: &str, value: &str) -> String {
    format!("{key} = {}\n", toml::Value::from(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use replylint::Channel;

    use super::{Matter, Unwritable, write_front_matter};
    use crate::front_matter;

    fn written(text: &str, matter: Matter<'_>) -> Option<String> {
        let edit = write_front_matter(text, matter).ok()??;
        let mut out = text.to_owned();
        out.replace_range(edit.span, &edit.text);
        Some(out)
    }

    #[test]
    fn front_matter_is_made_changed_and_taken_away() {
        let first =
            written("Hello Ana,\n", Matter::Customer(Some("Where is it?\n\n  And the bill?\n"))).unwrap();
        assert_eq!(first, "---\ncustomer: |\n  Where is it?\n\n    And the bill?\n---\n\nHello Ana,\n");
        let second = written(&first, Matter::Channel(Some(Channel::Chat))).unwrap();
        assert!(second.contains("And the bill?\nchannel: chat\n---\n"), "{second}");
        let third = written(&second, Matter::Customer(Some("Thanks"))).unwrap();
        assert_eq!(third, "---\ncustomer: Thanks\nchannel: chat\n---\n\nHello Ana,\n");
        assert_eq!(written(&third, Matter::Channel(Some(Channel::Chat))), None);
        let fourth = written(&third, Matter::Customer(None)).unwrap();
        assert_eq!(fourth, "---\nchannel: chat\n---\n\nHello Ana,\n");
        assert_eq!(written(&fourth, Matter::Channel(None)).unwrap(), "Hello Ana,\n");
        assert_eq!(written("Hello Ana,\n", Matter::Channel(None)), None);
    }

    #[test]
    fn what_else_stands_there_stays() {
        let text =
            "---\n# who asks\ncustomer: |\n  Where?\n\n# how\nchannel: chat\nignore: [length]\n---\nHello\n";
        assert_eq!(
            written(text, Matter::Customer(Some("When?"))).unwrap(),
            "---\n# who asks\ncustomer: |\n  When?\n\n# how\nchannel: chat\nignore: [length]\n---\nHello\n"
        );
        assert_eq!(
            written(text, Matter::Channel(None)).unwrap(),
            "---\n# who asks\ncustomer: |\n  Where?\n\n# how\nignore: [length]\n---\nHello\n"
        );
        let toml = "+++\ncustomer = \"\"\"\nWhere?\n\"\"\"\nchannel = \"chat\"\n+++\nHello\n";
        assert_eq!(
            written(toml, Matter::Customer(Some("When?"))).unwrap(),
            "+++\ncustomer = \"When?\"\nchannel = \"chat\"\n+++\nHello\n"
        );
        assert_eq!(
            written(toml, Matter::Language(Some("hu"))).unwrap(),
            toml.replace("chat\"\n", "chat\"\nlanguage = \"hu\"\n")
        );
        let windows = "---\r\nchannel: chat\r\n---\r\nHello\r\n";
        assert_eq!(
            written(windows, Matter::Customer(Some("a\r\nb"))).unwrap(),
            "---\r\nchannel: chat\r\ncustomer: |\r\n  a\r\n  b\r\n---\r\nHello\r\n"
        );
    }

    #[test]
    fn what_cannot_be_written_is_left_alone() {
        for text in ["---\nchanel: chat\n---\nHello\n", "---\n{channel: chat, language: en}\n---\nHello\n"] {
            assert_eq!(write_front_matter(text, Matter::Channel(None)), Err(Unwritable));
        }
    }

    proptest! {
        #[test]
        fn any_message_comes_back(
            head in prop::sample::select(vec!["", "---\nchannel: chat\n---\n", "---\ncustomer: x\nlanguage: en\n---\n", "\u{feff}", "+++\nchannel = \"chat\"\n+++\n", "\r\n"]),
            message in "(a|é| |\t|\n|:|#|-|---|\"|'|\\||>|\u{85}|\u{2028}|\u{1}|\u{200c}|\r\n|می){1,30}",
        ) {
            let text = format!("{head}Hello Ana,\n");
            if let Some(after) = written(&text, Matter::Customer(Some(&message))) {
                let read = front_matter::read(&after).unwrap().unwrap();
                let (customer, _) = read.customer.unwrap();
                let plain = message.replace("\r\n", "\n").replace('\r', "\n");
                prop_assert_eq!(customer.trim_end(), plain.trim_end());
                prop_assert!(after.ends_with("Hello Ana,\n"));
                prop_assert_eq!(read.channel, if head.contains("chat") { Some(Channel::Chat) } else { None });
            }
        }
    }
}
