//! From a document to a thread, and from places in the thread back to the document.

use std::ops::Range;

use replylint::{Target, Thread};

use crate::documents::About;

/// A document as a thread.
#[derive(Debug)]
pub(crate) struct Source {
    pub thread: Thread,
}

impl Source {
    /// Reads a text; what an agent told about it counts more than what stands in it.
    pub fn new(text: &str, about: &About) -> Self {
        let mut thread = Thread::new(text);
        thread.language.clone_from(&about.language);
        thread.channel = about.channel;
        thread.messages.clone_from(&about.messages);
        Source { thread }
    }

    /// Where something stands in the document; `None` where it is no part of it.
    pub fn place(&self, target: Target, span: &Range<usize>) -> Option<Range<usize>> {
        match target {
            Target::Draft => Some(span.clone()),
            _ => None,
        }
    }

    /// Where the reply itself begins: its first line with words.
    pub fn reply(&self) -> Range<usize> {
        let text = &self.thread.draft.text;
        let start = text.len() - text.trim_start().len();
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
        self.place(Target::Draft, &(start..end)).unwrap_or(0..0)
    }

    /// The words of a span of the thread.
    pub fn words(&self, target: Target, span: &Range<usize>) -> &str {
        let text = match target {
            Target::Message(at) => self.thread.messages.get(at).map(|message| &message.text),
            _ => Some(&self.thread.draft.text),
        };
        text.and_then(|text| text.get(span.clone())).unwrap_or_default().trim()
    }
}
