//! Turns what people and programs hand over into threads: plain text, Markdown, mail, JSON, exports of helpdesks.
//!
//! [`read`] takes a whole file, [`read_record`] one JSON value, for streams of them that [`Lines`] cuts so that memory
//! does not grow with the input. Each thread comes with its [`Places`]: where in the file each of its texts stands, so
//! that a finding can be shown where the person sees it. Errors name the place, never the text.
//!
//! ```
//! use replylint_input::{Form, Input, read};
//!
//! let file = b"It is here.\n\nOn 4 May 2026 at 10:12, Ana <a@example.com> wrote:\n> Where is it?\n";
//! let Ok(Input::Thread(input)) = &read(Form::Text, file)[0] else { panic!("no thread") };
//! assert_eq!(input.thread.messages[0].text, "Where is it?");
//! // Bytes 9..11 of the message are these bytes of the file.
//! assert_eq!(&file[input.places.messages[0].to_source(file, &(9..11))], b"it");
//! ```

mod front_matter;
mod front_matter_edit;
mod helpdesk;
mod html;
mod json_text;
mod labelled;
mod lines;
mod mail;
mod map;
mod markdown;
mod quotes;
mod text;
mod thread;

use std::fmt;
use std::path::Path;

use replylint::{Message, PackError, Role, Thread};

pub use front_matter_edit::{Edit, Matter, Unwritable, write_front_matter};
pub use labelled::{Label, LabelledReply, read_labelled};
pub use lines::{DEFAULT_LINE_LIMIT, Lines};
pub use map::{Place, Places, SourceMap};
pub use thread::read_thread;

/// Longer files are refused: they are read whole, and no letter is so long.
pub const LONGEST_FILE: u64 = 256 * 1024 * 1024;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// A reply as plain text.
    Text,
    /// A reply as Markdown.
    Markdown,
    /// One mail.
    Mail,
    /// Many mails in one file.
    Mbox,
    /// One thread as JSON.
    Json,
    /// A thread a line as JSON.
    JsonLines,
    /// Tickets of Zendesk with their comments.
    Zendesk,
    /// Conversations of Intercom.
    Intercom,
    /// Tickets of Freshdesk with their conversations.
    Freshdesk,
}

impl Form {
    /// The form that a file's name tells; `None` where it tells nothing.
    pub fn of_path(path: &Path) -> Option<Form> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "txt" | "text" => Form::Text,
            "md" | "markdown" => Form::Markdown,
            "eml" => Form::Mail,
            "mbox" => Form::Mbox,
            "json" => Form::Json,
            "jsonl" | "ndjson" => Form::JsonLines,
            _ => return None,
        })
    }

    /// Whether a file of this form is JSON values, one after the other, that can be read one by one.
    pub fn is_json(self) -> bool {
        matches!(self, Form::Json | Form::JsonLines | Form::Zendesk | Form::Intercom | Form::Freshdesk)
    }
}

/// A thread as its source gave it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InputThread {
    /// The source's own id.
    pub id: Option<String>,
    /// The thread.
    pub thread: Thread,
    /// Where its texts stand in the source.
    pub places: Places,
    /// Ids of rules that the source wants left out.
    pub ignore: Vec<String>,
}

impl InputThread {
    /// A reply and the customer's message that it answers, from a source of rows: their own texts are all there is to
    /// show.
    pub fn short(id: Option<String>, customer: Option<String>, reply: String) -> Self {
        let place = |text: &str| Place::coded(SourceMap::whole(text.len(), 0..0));
        let places =
            Places { draft: place(&reply), messages: customer.iter().map(|text| place(text)).collect() };
        let mut thread = Thread::new(reply);
        thread.messages.extend(customer.map(|text| Message::new(Role::Customer, text)));
        InputThread { id, thread, places, ignore: Vec::new() }
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Input {
    /// A thread with a draft.
    Thread(Box<InputThread>),
    /// Something that was read but holds no reply: a ticket that nobody has answered, for example.
    NotApplicable {
        /// The source's own id.
        id: Option<String>,
        /// Why there is nothing to check. Holds no text of a message.
        reason: String,
    },
}

impl From<InputThread> for Input {
    fn from(thread: InputThread) -> Self {
        Input::Thread(Box::new(thread))
    }
}

/// Why an input cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputError {
    /// The record's id where it could be read.
    pub id: Option<String>,
    /// What is wrong and where: a byte offset, a column, a path inside the JSON. Holds no text of a message.
    pub message: String,
    /// The fault with its line, for those who show it with a caret. Its line is one of front matter.
    pub fault: Option<Box<PackError>>,
}

impl InputError {
    /// The error of a row that holds no thread. `message` must hold no text of a message.
    pub fn of_row(id: Option<String>, message: &str) -> Self {
        InputError { id, message: message.to_owned(), fault: None }
    }

    /// The error of a stream that cannot be read any further.
    pub fn of_stream(error: &std::io::Error) -> Self {
        InputError::new(error.to_string())
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        InputError { id: None, message: message.into(), fault: None }
    }
}

impl From<PackError> for InputError {
    fn from(fault: PackError) -> Self {
        let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        let message = format!("{}:{}: {}{help}", fault.line, fault.column, fault.message);
        InputError { id: None, message, fault: Some(Box::new(fault)) }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InputError {}

/// Reads a whole file. Most files hold one thread; what cannot be read is an error in its place, and the rest is read.
pub fn read(form: Form, bytes: &[u8]) -> Vec<Result<Input, InputError>> {
    match form {
        Form::Text | Form::Markdown => vec![text::read(form, bytes).map(Input::from)],
        Form::Mail => vec![mail::read(bytes)],
        Form::Mbox => mail::read_mbox(bytes),
        Form::Json | Form::JsonLines | Form::Zendesk | Form::Intercom | Form::Freshdesk => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(json) => helpdesk::read_all(form, json),
                Err(error) => vec![Err(not_utf8(error))],
            }
        }
    }
}

/// Reads one JSON value: a thread, or what a helpdesk gives for one or for several tickets.
pub fn read_record(form: Form, json: &str) -> Vec<Result<Input, InputError>> {
    match form {
        Form::Zendesk | Form::Intercom | Form::Freshdesk => helpdesk::read_value(form, json),
        _ => vec![read_thread(json).map(Input::from)],
    }
}

pub(crate) fn not_utf8(error: std::str::Utf8Error) -> InputError {
    InputError::new(format!("not valid UTF-8: the byte at offset {} is wrong", error.valid_up_to()))
}
