//! Exports of helpdesks, by the shapes that their makers document.

use std::collections::BTreeMap;

use replylint::{Channel, Message, Role, Thread};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::json_text::{JsonText, range_in};
use crate::map::{Place, Places};
use crate::thread::{Id, from_json, json_message};
use crate::{Form, Input, InputError, InputThread, html, read_thread};

/// Reads the values of a file, one after the other. A byte order mark must have been taken away.
pub(crate) fn read_all(form: Form, json: &str) -> Vec<Result<Input, InputError>> {
    if form == Form::Json && !json.trim_start().starts_with('[') {
        return vec![read_thread(json).map(Input::from)];
    }
    let mut out = Vec::new();
    for value in serde_json::Deserializer::from_str(json).into_iter::<&RawValue>() {
        match value {
            Ok(value) => {
                let start = range_in(value.get(), json).start;
                out.extend(read_value(form, value.get()).into_iter().map(|input| moved(input, start)));
            }
            Err(error) => {
                out.push(Err(InputError::new(json_message(&error))));
                break;
            }
        }
    }
    if out.is_empty() {
        out.push(Err(InputError::new("there is no JSON in it")));
    }
    out
}

/// Reads one value: a ticket, a list of tickets, or an answer of the helpdesk's interface that holds one or many.
pub(crate) fn read_value(form: Form, json: &str) -> Vec<Result<Input, InputError>> {
    let lists: &[&str] = match form {
        Form::Zendesk => &["tickets"],
        Form::Intercom => &["conversations"],
        Form::Freshdesk => &["tickets"],
        _ => &[],
    };
    let list: Option<Vec<&RawValue>> = if json.trim_start().starts_with('[') {
        // Freshdesk gives the conversations of one ticket as a list; tickets have no `body`.
        #[derive(Deserialize)]
        struct Conversation {
            #[serde(rename = "incoming")]
            _incoming: bool,
        }
        let is_one = form == Form::Freshdesk
            && serde_json::from_str::<Vec<Conversation>>(json).is_ok_and(|list| !list.is_empty());
        if is_one { None } else { serde_json::from_str(json).ok() }
    } else {
        serde_json::from_str::<BTreeMap<&str, &RawValue>>(json).ok().and_then(|object| {
            let inner = lists.iter().find_map(|name| object.get(name).copied())?;
            serde_json::from_str(inner.get()).ok()
        })
    };
    match list {
        Some(list) => list
            .into_iter()
            .map(|value| moved(read_one(form, value.get()), range_in(value.get(), json).start))
            .collect(),
        None => vec![read_one(form, json)],
    }
}

fn read_one(form: Form, json: &str) -> Result<Input, InputError> {
    match form {
        Form::Zendesk => zendesk(json),
        Form::Intercom => intercom(json),
        Form::Freshdesk => freshdesk(json),
        _ => read_thread(json).map(Input::from),
    }
}

/// The same input in a source where its value begins at `start`.
fn moved(input: Result<Input, InputError>, start: usize) -> Result<Input, InputError> {
    let mut input = input?;
    if let Input::Thread(thread) = &mut input {
        thread.places.draft.shift(start);
        thread.places.messages.iter_mut().for_each(|place| place.shift(start));
    }
    Ok(input)
}

/// One turn of a conversation.
struct Turn {
    role: Role,
    text: String,
    place: Place,
    at: Option<jiff::Timestamp>,
    from: Option<String>,
    attachments: Vec<String>,
}

/// The last agent's turn is the draft; what came before it is the thread.
fn assemble(id: Option<String>, channel: Option<Channel>, mut turns: Vec<Turn>) -> Input {
    let Some(at) = turns.iter().rposition(|turn| turn.role == Role::Agent) else {
        return Input::NotApplicable { id, reason: "no agent has answered yet".to_owned() };
    };
    turns.truncate(at + 1);
    let mut thread = Thread::default();
    thread.channel = channel;
    let mut messages = Vec::new();
    let mut draft = Place::json(0..0);
    let last = turns.len() - 1;
    for (at, turn) in turns.into_iter().enumerate() {
        if at == last {
            thread.draft.text = turn.text;
            thread.draft.at = turn.at;
            thread.draft.attachments = Some(turn.attachments);
            draft = turn.place;
        } else {
            let mut message = Message::new(turn.role, turn.text);
            message.at = turn.at;
            message.from = turn.from;
            thread.messages.push(message);
            messages.push(turn.place);
        }
    }
    InputThread { id, thread, places: Places { draft, messages }, ignore: Vec::new() }.into()
}

/// A body that is plain text, or HTML where there is none; `None` where both are missing or empty.
fn body(
    json: &str,
    plain: Option<JsonText<'_>>,
    html: Option<JsonText<'_>>,
) -> Result<Option<(String, Place)>, InputError> {
    if let Some(plain) = plain.filter(|plain| !plain.text.trim().is_empty()) {
        let place = Place::json(plain.range_in(json));
        return Ok(Some((plain.text, place)));
    }
    let Some(html) = html else { return Ok(None) };
    let (text, words) = html::to_text(&html.text).map_err(InputError::new)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let place = Place::coded(words.through(&html.map_in(json)));
    Ok(Some((text, place)))
}

/// A field that only helps: where it has another shape, it is left out.
fn lenient<'de, D: serde::Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(serde_json::Value::deserialize(deserializer)?).ok())
}

/// `GET /api/v2/tickets/{id}/comments`, alone or with the ticket beside it, and the export of tickets with comments.
fn zendesk(json: &str) -> Result<Input, InputError> {
    #[derive(Deserialize)]
    struct Export<'a> {
        #[serde(borrow)]
        ticket: Option<Ticket<'a>>,
        #[serde(borrow)]
        comments: Option<Vec<Comment<'a>>>,
        #[serde(default)]
        users: Vec<User>,
        id: Option<Id>,
        requester_id: Option<u64>,
        #[serde(default, deserialize_with = "lenient")]
        requester: Option<User>,
        #[serde(default, deserialize_with = "lenient")]
        via: Option<Via>,
    }
    #[derive(Deserialize)]
    struct Ticket<'a> {
        id: Option<Id>,
        requester_id: Option<u64>,
        #[serde(default, deserialize_with = "lenient")]
        via: Option<Via>,
        #[serde(borrow)]
        comments: Option<Vec<Comment<'a>>>,
    }
    #[derive(Deserialize)]
    struct Comment<'a> {
        author_id: u64,
        #[serde(borrow)]
        body: Option<JsonText<'a>>,
        #[serde(borrow)]
        plain_body: Option<JsonText<'a>>,
        #[serde(borrow)]
        html_body: Option<JsonText<'a>>,
        #[serde(default = "yes")]
        public: bool,
        created_at: Option<jiff::Timestamp>,
        #[serde(default)]
        attachments: Vec<Attachment>,
    }
    #[derive(Deserialize)]
    struct User {
        id: u64,
        name: Option<String>,
        role: Option<String>,
    }
    #[derive(Deserialize)]
    struct Via {
        channel: Option<String>,
    }
    #[derive(Deserialize)]
    struct Attachment {
        file_name: String,
    }
    fn yes() -> bool {
        true
    }

    let mut export: Export<'_> = from_json(json)?;
    let (mut id, mut requester, mut via) = (export.id, export.requester_id, export.via);
    let mut comments = export.comments;
    if let Some(ticket) = export.ticket {
        id = ticket.id.or(id);
        requester = ticket.requester_id.or(requester);
        via = ticket.via.or(via);
        comments = ticket.comments.or(comments);
    }
    let id = id.map(Id::into_text);
    let Some(comments) = comments else {
        let message = "there are no `comments`: the ticket alone does not hold what was written".to_owned();
        return Err(InputError { id, message, fault: None });
    };
    if let Some(user) = export.requester {
        requester = requester.or(Some(user.id));
        export.users.push(user);
    }
    let requester = requester.or(comments.first().map(|comment| comment.author_id));
    let mut turns = Vec::new();
    for comment in comments.into_iter().filter(|comment| comment.public) {
        let user = export.users.iter().find(|user| user.id == comment.author_id);
        let is_customer = match user.and_then(|user| user.role.as_deref()) {
            Some(role) => role == "end-user",
            None => Some(comment.author_id) == requester,
        };
        let Some((text, place)) = body(json, comment.body.or(comment.plain_body), comment.html_body)? else {
            continue;
        };
        turns.push(Turn {
            role: if is_customer { Role::Customer } else { Role::Agent },
            text,
            place,
            at: comment.created_at,
            from: user.and_then(|user| user.name.clone()),
            attachments: comment.attachments.into_iter().map(|attachment| attachment.file_name).collect(),
        });
    }
    turns.sort_by_key(|turn| turn.at);
    let channel = via.and_then(|via| via.channel).and_then(|channel| match channel.as_str() {
        "email" | "web" | "api" => Some(Channel::Email),
        "chat" | "native_messaging" | "whatsapp" | "sms" | "line" | "telegram" => Some(Channel::Chat),
        "twitter" | "twitter_dm" | "facebook" | "instagram_dm" | "any_channel" => Some(Channel::Social),
        _ => None,
    });
    Ok(assemble(id, channel, turns))
}

/// `GET /conversations/{id}`: the message that began it is its `source`, the rest its `conversation_parts`.
fn intercom(json: &str) -> Result<Input, InputError> {
    #[derive(Deserialize)]
    struct Conversation<'a> {
        id: Option<Id>,
        created_at: Option<i64>,
        #[serde(borrow)]
        source: Option<Source<'a>>,
        #[serde(borrow)]
        conversation_parts: Parts<'a>,
    }
    #[derive(Deserialize)]
    struct Source<'a> {
        #[serde(rename = "type")]
        kind: Option<String>,
        #[serde(borrow)]
        body: Option<JsonText<'a>>,
        author: Author,
        #[serde(default)]
        attachments: Vec<Attachment>,
    }
    #[derive(Deserialize)]
    struct Parts<'a> {
        #[serde(borrow)]
        conversation_parts: Vec<Part<'a>>,
    }
    #[derive(Deserialize)]
    struct Part<'a> {
        part_type: String,
        #[serde(borrow)]
        body: Option<JsonText<'a>>,
        created_at: Option<i64>,
        author: Author,
        #[serde(default)]
        attachments: Vec<Attachment>,
    }
    #[derive(Deserialize)]
    struct Author {
        #[serde(rename = "type")]
        kind: String,
        name: Option<String>,
    }
    #[derive(Deserialize)]
    struct Attachment {
        name: String,
    }
    /// A bot asks and answers for us, but nobody drafts what it says.
    const CUSTOMERS: [&str; 3] = ["user", "lead", "contact"];

    let conversation: Conversation<'_> = from_json(json)?;
    let mut turns = Vec::new();
    let mut add =
        |body_text: Option<JsonText<'_>>, at: Option<i64>, author: Author, files: Vec<Attachment>| {
            let is_customer = CUSTOMERS.contains(&author.kind.as_str());
            if !is_customer && author.kind != "admin" {
                return Ok(());
            }
            if let Some((text, place)) = body(json, None, body_text)? {
                turns.push(Turn {
                    role: if is_customer { Role::Customer } else { Role::Agent },
                    text,
                    place,
                    at: at.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()),
                    from: author.name.filter(|name| !name.trim().is_empty()),
                    attachments: files.into_iter().map(|file| file.name).collect(),
                });
            }
            Ok::<(), InputError>(())
        };
    let mut channel = None;
    if let Some(source) = conversation.source {
        channel = source.kind.as_deref().and_then(|kind| match kind {
            "email" => Some(Channel::Email),
            "conversation" | "push" | "sms" | "whatsapp" => Some(Channel::Chat),
            "facebook" | "instagram" | "twitter" => Some(Channel::Social),
            _ => None,
        });
        add(source.body, conversation.created_at, source.author, source.attachments)?;
    }
    for part in conversation.conversation_parts.conversation_parts {
        // Notes are for colleagues; closing or assigning a conversation can carry a message, too.
        if part.part_type != "note" {
            add(part.body, part.created_at, part.author, part.attachments)?;
        }
    }
    turns.sort_by_key(|turn| turn.at);
    Ok(assemble(conversation.id.map(Id::into_text), channel, turns))
}

/// `GET /api/v2/tickets/{id}?include=conversations`, or the list of `/api/v2/tickets/{id}/conversations`.
fn freshdesk(json: &str) -> Result<Input, InputError> {
    #[derive(Deserialize)]
    struct Ticket<'a> {
        id: Option<Id>,
        #[serde(borrow)]
        description_text: Option<JsonText<'a>>,
        #[serde(borrow)]
        description: Option<JsonText<'a>>,
        created_at: Option<jiff::Timestamp>,
        source: Option<i64>,
        #[serde(default, deserialize_with = "lenient")]
        requester: Option<Requester>,
        #[serde(default)]
        attachments: Vec<Attachment>,
        #[serde(borrow)]
        conversations: Vec<Conversation<'a>>,
    }
    #[derive(Deserialize)]
    struct Conversation<'a> {
        incoming: bool,
        private: bool,
        #[serde(borrow)]
        body_text: Option<JsonText<'a>>,
        #[serde(borrow)]
        body: Option<JsonText<'a>>,
        ticket_id: Option<Id>,
        created_at: Option<jiff::Timestamp>,
        #[serde(default)]
        attachments: Vec<Attachment>,
    }
    #[derive(Deserialize)]
    struct Requester {
        name: Option<String>,
    }
    #[derive(Deserialize)]
    struct Attachment {
        name: String,
    }

    let mut ticket: Ticket<'_> = if json.trim_start().starts_with('[') {
        Ticket {
            id: None,
            description_text: None,
            description: None,
            created_at: None,
            source: None,
            requester: None,
            attachments: Vec::new(),
            conversations: from_json(json)?,
        }
    } else {
        from_json(json)?
    };
    let first = ticket.conversations.first_mut().and_then(|conversation| conversation.ticket_id.take());
    let id = ticket.id.or(first).map(Id::into_text);
    let name = ticket.requester.and_then(|requester| requester.name);
    let names = |files: Vec<Attachment>| files.into_iter().map(|file| file.name).collect();
    let mut turns = Vec::new();
    if let Some((text, place)) = body(json, ticket.description_text, ticket.description)? {
        // A ticket that our own mail opened begins with our words.
        let role = if ticket.source == Some(OUTBOUND_EMAIL) { Role::Agent } else { Role::Customer };
        let from = name.clone().filter(|_| role == Role::Customer);
        let attachments = names(ticket.attachments);
        turns.push(Turn { role, text, place, at: ticket.created_at, from, attachments });
    }
    for conversation in ticket.conversations.into_iter().filter(|conversation| !conversation.private) {
        let Some((text, place)) = body(json, conversation.body_text, conversation.body)? else { continue };
        let role = if conversation.incoming { Role::Customer } else { Role::Agent };
        turns.push(Turn {
            role,
            text,
            place,
            at: conversation.created_at,
            from: name.clone().filter(|_| role == Role::Customer),
            attachments: names(conversation.attachments),
        });
    }
    turns.sort_by_key(|turn| turn.at);
    let channel = ticket.source.and_then(|source| match source {
        1 | 2 | 9 | OUTBOUND_EMAIL => Some(Channel::Email),
        7 => Some(Channel::Chat),
        _ => None,
    });
    Ok(assemble(id, channel, turns))
}

/// The ticket's `source` where our own mail opened it.
const OUTBOUND_EMAIL: i64 = 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{Form, read};

    #[test]
    fn shapes_are_pointed_at() {
        let error = |form, json: &str| read(form, json.as_bytes())[0].clone().unwrap_err().message;
        assert_eq!(
            error(Form::Zendesk, r#"{"comments": [{"author_id": "secret"}]}"#),
            "`comments[0].author_id` at column 36: invalid type: a string, expected u64"
        );
        assert!(error(Form::Zendesk, r#"{"id": 3}"#).starts_with("there are no `comments`"));
        assert_eq!(
            error(Form::Intercom, r#"{"id": "3"}"#),
            "not the JSON of a thread, at column 11: missing field `conversation_parts`"
        );
        assert_eq!(
            error(Form::Freshdesk, r#"{"conversations": [{"incoming": true, "private": false, "body": 5}]}"#),
            "`conversations[0].body` at column 66: invalid type: a number, expected a string"
        );
        assert_eq!(error(Form::Zendesk, " "), "there is no JSON in it");
    }

    proptest! {
        #[test]
        fn any_json_is_read(json in r#"(\{|\}|\[|\]|"|:|,|"comments"|"body"|"author_id":1|"incoming":true|1|null|é| ){0,30}"#) {
            for form in [Form::Zendesk, Form::Intercom, Form::Freshdesk, Form::Json] {
                read(form, json.as_bytes());
            }
        }
    }
}
