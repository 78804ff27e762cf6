//! Threads as JSON.

use replylint::{Channel, Draft, Message, Role, Thread, catalogue, did_you_mean};
use serde::Deserialize;

use crate::json_text::JsonText;
use crate::map::{Place, Places};
use crate::{InputError, InputThread};

#[derive(Deserialize)]
struct Record<'a> {
    id: Option<Id>,
    language: Option<String>,
    channel: Option<Channel>,
    #[serde(borrow)]
    messages: Option<Vec<MessageRecord<'a>>>,
    #[serde(borrow)]
    draft: Option<DraftRecord<'a>>,
    #[serde(borrow)]
    customer: Option<JsonText<'a>>,
    #[serde(borrow)]
    reply: Option<JsonText<'a>>,
    ignore: Option<Vec<String>>,
}

/// Ids are strings or numbers; they come back as they came.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Id {
    Text(String),
    Number(serde_json::Number),
}

impl Id {
    pub fn into_text(self) -> String {
        match self {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize)]
struct MessageRecord<'a> {
    role: Role,
    #[serde(borrow)]
    text: JsonText<'a>,
    at: Option<jiff::Timestamp>,
    from: Option<String>,
}

#[derive(Deserialize)]
struct DraftRecord<'a> {
    #[serde(borrow)]
    text: JsonText<'a>,
    at: Option<jiff::Timestamp>,
    attachments: Option<Vec<Attachment>>,
}

/// An attachment is its name, or an object that has one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Attachment {
    Name(String),
    Object { name: String },
}

/// Reads one thread from JSON, in the long form (`messages`, `draft`) or the short one (`customer`, `reply`).
///
/// # Errors
/// Where the text is no JSON or has another shape; the message names the column or the path inside the JSON.
pub fn read_thread(json: &str) -> Result<InputThread, InputError> {
    let record: Record<'_> = from_json(json)?;

    let id = record.id.map(Id::into_text);
    let error = |message: String| InputError { id: id.clone(), message, fault: None };
    let mut thread = Thread::default();
    let draft_place = match (record.draft, record.reply) {
        (Some(_), Some(_)) => {
            return Err(error("both `draft` and `reply` are given; one of them is the reply".to_owned()));
        }
        (None, None) => {
            return Err(error("there is no reply: neither `draft` nor `reply` is given".to_owned()));
        }
        (Some(draft), None) => {
            let place = Place::json(draft.text.range_in(json));
            thread.draft = Draft::default();
            thread.draft.text = draft.text.text;
            thread.draft.at = draft.at;
            thread.draft.attachments = draft.attachments.map(|list| {
                list.into_iter()
                    .map(|attachment| match attachment {
                        Attachment::Name(name) | Attachment::Object { name } => name,
                    })
                    .collect()
            });
            place
        }
        (None, Some(reply)) => {
            let place = Place::json(reply.range_in(json));
            thread.draft.text = reply.text;
            place
        }
    };
    let ignore = record.ignore.unwrap_or_default();
    for (at, rule) in ignore.iter().enumerate() {
        if !catalogue().iter().any(|card| card.id == *rule) {
            // A rule's name is no text of a message, but what stands in its place may be one.
            let near = did_you_mean(rule, catalogue().iter().map(|card| card.id.as_str()));
            let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(error(format!("`ignore[{at}]` is no rule{help}")));
        }
    }
    thread.channel = record.channel;
    thread.language = record.language;
    let mut places = Vec::new();
    if let Some(customer) = record.customer {
        places.push(Place::json(customer.range_in(json)));
        thread.messages.push(Message::new(Role::Customer, customer.text));
    }
    for message in record.messages.into_iter().flatten() {
        places.push(Place::json(message.text.range_in(json)));
        let mut out = Message::new(message.role, message.text.text);
        out.at = message.at;
        out.from = message.from;
        thread.messages.push(out);
    }
    Ok(InputThread { id, thread, places: Places { draft: draft_place, messages: places }, ignore })
}

/// Reads a value of JSON. Where a fault is, is found out only when there is one: that takes longer.
pub(crate) fn from_json<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, InputError> {
    serde_json::from_str(json).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let value =
            serde_path_to_error::deserialize(&mut deserializer).map_err(|error| shape(json, &error))?;
        deserializer.end().map_err(|error| InputError::new(json_message(&error)))?;
        Ok(value)
    })
}

/// The message of an error with the path inside the JSON; serde's own may quote the text, ours must not.
fn shape(json: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> InputError {
    let path = error.path().to_string();
    let inner = error.inner();
    /// The id alone, so that nothing else can be wrong with it.
    #[derive(Deserialize)]
    struct OnlyId {
        id: Option<Id>,
    }
    let id = serde_json::from_str::<OnlyId>(json).ok().and_then(|record| record.id).map(Id::into_text);
    let message = if inner.is_data() && path != "." {
        format!("`{path}` at {}: {}", place(inner), without_values(&inner.to_string()))
    } else {
        json_message(inner)
    };
    InputError { id, message, fault: None }
}

pub(crate) fn json_message(error: &serde_json::Error) -> String {
    format!("not the JSON of a thread, at {}: {}", place(error), without_values(&error.to_string()))
}

/// Where an error is; the line is named where there are several.
fn place(error: &serde_json::Error) -> String {
    match error.line() {
        0 | 1 => format!("column {}", error.column()),
        line => format!("line {line}, column {}", error.column()),
    }
}

/// serde's message without its own place and without the strings that it found.
fn without_values(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    match message.split_once("invalid type: string \"") {
        Some((before, rest)) => {
            let expected = rest.rsplit_once("expected ").map_or("another type", |(_, expected)| expected);
            format!("{before}invalid type: a string, expected {expected}")
        }
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read_thread;

    #[test]
    fn both_forms_are_read() {
        let long = read_thread(
            r#"{"id": 7, "language": "ro", "channel": "chat", "messages": [{"role": "customer", "text": "Unde e?", "at": "2026-05-04T10:00:00Z", "from": "Ana"}], "draft": {"text": "Vine.", "attachments": ["a.pdf", {"name": "b.pdf"}]}, "more": 1}"#,
        )
        .unwrap();
        assert_eq!(long.id.as_deref(), Some("7"));
        assert_eq!(long.thread.messages[0].from.as_deref(), Some("Ana"));
        assert_eq!(
            long.thread.draft.attachments.as_deref(),
            Some(&["a.pdf".to_owned(), "b.pdf".to_owned()][..])
        );
        let short = read_thread(r#"{"id": "x", "customer": null, "reply": "Vine."}"#).unwrap();
        assert!(short.thread.messages.is_empty());
        assert_eq!(short.thread.draft.text, "Vine.");
    }

    #[test]
    fn errors_name_the_place_and_not_the_text() {
        let message = |json: &str| read_thread(json).unwrap_err().message;
        assert_eq!(message(r#"{"id": "x"}"#), "there is no reply: neither `draft` nor `reply` is given");
        let role = message(r#"{"messages": [{"role": "client", "text": "secret"}], "reply": "x"}"#);
        assert_eq!(
            role,
            "`messages[0].role` at column 31: unknown variant `client`, expected `customer` or `agent`"
        );
        let wrong = message(r#"{"messages": "secret", "reply": "x"}"#);
        assert_eq!(wrong, "`messages` at column 21: invalid type: a string, expected a sequence");
        assert!(message(r#"{"reply": "x"#).starts_with("not the JSON of a thread, at column 12"));
        let number = read_thread(r#"{"id": "x", "reply": 5}"#).unwrap_err();
        assert_eq!(number.id.as_deref(), Some("x"));
        assert_eq!(number.message, "`reply` at column 23: invalid type: a number, expected a string");
        assert_eq!(
            message("{\n \"draft\": {\n \"text\": [\"secret\"]}}"),
            "`draft.text` at line 3, column 20: invalid type: an array, expected a string"
        );
        assert_eq!(
            message(r#"{"reply": "x", "ignore": ["lenght"]}"#),
            "`ignore[0]` is no rule; did you mean `length`?"
        );
    }

    #[test]
    fn texts_know_their_place() {
        let json = r#"{"customer": "Where\nis it?", "messages": [{"role": "agent", "text": "H\u00e9re"}], "draft": {"text": "a \"b\""}}"#;
        let read = read_thread(json).unwrap();
        let source = |place: &crate::Place, range| &json[place.to_source(json.as_bytes(), &range)];
        assert_eq!(source(&read.places.messages[0], 6..8), "is");
        assert_eq!(source(&read.places.messages[1], 0..3), r"H\u00e9");
        assert_eq!(source(&read.places.draft, 2..5), r#"\"b\""#);
    }

    proptest! {
        #[test]
        fn any_json_is_read(json in r#"(\{|\}|\[|\]|"|:|,|"draft"|"text"|"reply"|"id"|1|null|\\u00|é| ){0,30}"#) {
            let _ = read_thread(&json);
        }
    }
}
