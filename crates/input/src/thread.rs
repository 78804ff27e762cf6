//! Threads as JSON.

use replylint::{Channel, Draft, Message, Role, Thread};
use serde::Deserialize;

use crate::InputError;

/// A thread with the id that its source gave it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InputThread {
    /// The source's own id.
    pub id: Option<String>,
    /// The thread.
    pub thread: Thread,
}

#[derive(Deserialize)]
struct Record {
    id: Option<Id>,
    language: Option<String>,
    channel: Option<Channel>,
    messages: Option<Vec<MessageRecord>>,
    draft: Option<DraftRecord>,
    customer: Option<String>,
    reply: Option<String>,
}

/// Ids are strings or numbers; they come back as they came.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

impl Id {
    fn into_text(self) -> String {
        match self {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize)]
struct MessageRecord {
    role: Role,
    text: String,
    at: Option<jiff::Timestamp>,
    from: Option<String>,
}

#[derive(Deserialize)]
struct DraftRecord {
    text: String,
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
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let record: Record =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| shape(json, &error))?;
    deserializer.end().map_err(|error| InputError::new(json_message(&error)))?;

    let id = record.id.map(Id::into_text);
    let error = |message: &str| InputError { id: id.clone(), message: message.to_owned() };
    let draft = match (record.draft, record.reply) {
        (Some(_), Some(_)) => {
            return Err(error("both `draft` and `reply` are given; one of them is the reply"));
        }
        (None, None) => return Err(error("there is no reply: neither `draft` nor `reply` is given")),
        (Some(draft), None) => {
            let mut out = Draft::default();
            out.text = draft.text;
            out.at = draft.at;
            out.attachments = draft.attachments.map(|list| {
                list.into_iter()
                    .map(|attachment| match attachment {
                        Attachment::Name(name) | Attachment::Object { name } => name,
                    })
                    .collect()
            });
            out
        }
        (None, Some(reply)) => {
            let mut out = Draft::default();
            out.text = reply;
            out
        }
    };
    let mut thread = Thread::default();
    thread.draft = draft;
    thread.channel = record.channel;
    thread.language = record.language;
    thread.messages.extend(record.customer.map(|text| Message::new(Role::Customer, text)));
    for message in record.messages.into_iter().flatten() {
        let mut out = Message::new(message.role, message.text);
        out.at = message.at;
        out.from = message.from;
        thread.messages.push(out);
    }
    Ok(InputThread { id, thread })
}

/// The message of an error with the path inside the JSON; serde's own may quote the text, ours must not.
pub(crate) fn shape(json: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> InputError {
    let path = error.path().to_string();
    let inner = error.inner();
    let id = serde_json::from_str::<serde_json::Value>(json).ok().and_then(|value| {
        let id = value.get("id")?;
        id.as_str().map(str::to_owned).or_else(|| id.as_number().map(ToString::to_string))
    });
    let message = if inner.is_data() && path != "." {
        format!("`{path}` at column {}: {}", inner.column(), without_values(&inner.to_string()))
    } else {
        json_message(inner)
    };
    InputError { id, message }
}

fn json_message(error: &serde_json::Error) -> String {
    format!("not the JSON of a thread, at column {}: {}", error.column(), without_values(&error.to_string()))
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
        assert_eq!(read_thread(r#"{"id": "x", "reply": 5}"#).unwrap_err().id.as_deref(), Some("x"));
    }
}
