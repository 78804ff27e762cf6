//! Turns what people and programs hand over into threads.
//!
//! [`read_text`] takes a whole file as the draft. [`Lines`] reads JSON lines one by one, so that memory does not grow
//! with the input, and [`read_thread`] and [`read_labelled`] understand single lines. Errors name the place, never the
//! text.

mod labelled;
mod lines;
mod thread;

use std::fmt;

pub use labelled::{Label, LabelledReply, read_labelled};
pub use lines::{DEFAULT_LINE_LIMIT, Lines};
pub use thread::{InputThread, read_thread};

/// Why an input cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputError {
    /// The record's id where it could be read.
    pub id: Option<String>,
    /// What is wrong and where: a byte offset, a column, a path inside the JSON. Holds no text of a message.
    pub message: String,
}

impl InputError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        InputError { id: None, message: message.into() }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InputError {}

/// Reads a whole file as a draft. A byte order mark stays in the text's offsets but is no word.
///
/// # Errors
/// Where the bytes are not UTF-8; the message names the offset of the first byte that is wrong.
pub fn read_text(bytes: Vec<u8>) -> Result<replylint::Thread, InputError> {
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(error.utf8_error()))?;
    Ok(replylint::Thread::new(text))
}

pub(crate) fn not_utf8(error: std::str::Utf8Error) -> InputError {
    InputError::new(format!("not valid UTF-8: the byte at offset {} is wrong", error.valid_up_to()))
}
