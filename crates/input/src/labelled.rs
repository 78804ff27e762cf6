//! Replies with labels, for measuring rules.

use replylint::{Channel, Message, Role, Thread};
use serde::Deserialize;

use crate::InputError;
use crate::thread::from_json;

/// A fault that a person marked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Label {
    /// The rule's id.
    pub rule: String,
    /// Its kind, where the labeller named it.
    pub kind: Option<String>,
    /// The marked words: a part of the reply that occurs once.
    pub quote: String,
}

/// A reply with everything that a person found in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LabelledReply {
    /// The row's id.
    pub id: String,
    /// The reply's language.
    pub language: String,
    /// The reply and what the customer wrote.
    pub thread: Thread,
    /// What must be found.
    pub labels: Vec<Label>,
    /// What may be found or not.
    pub unsure: Vec<Label>,
    /// Parts of the customer's message that the reply leaves open.
    pub unanswered: Vec<String>,
}

#[derive(Deserialize)]
struct Record {
    id: String,
    lang: String,
    channel: Option<Channel>,
    customer: Option<String>,
    reply: String,
    labels: Vec<Label>,
    #[serde(default)]
    unsure: Vec<Label>,
    #[serde(default)]
    unanswered: Vec<String>,
}

/// Reads one labelled reply from JSON.
///
/// # Errors
/// Where the text is no JSON, has another shape, or a label's quote is no part of the reply.
pub fn read_labelled(json: &str) -> Result<LabelledReply, InputError> {
    let record: Record = from_json(json)?;
    for (at, label) in record.labels.iter().enumerate() {
        if !record.reply.contains(&label.quote) {
            let message = format!("`labels[{at}].quote` is no part of the reply");
            return Err(InputError { id: Some(record.id), message, fault: None });
        }
    }
    let mut thread = Thread::new(record.reply);
    thread.channel = record.channel;
    thread.messages.extend(record.customer.map(|text| Message::new(Role::Customer, text)));
    Ok(LabelledReply {
        id: record.id,
        language: record.lang,
        thread,
        labels: record.labels,
        unsure: record.unsure,
        unanswered: record.unanswered,
    })
}
