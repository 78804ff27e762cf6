//! From a document to a thread, and from places in the thread back to the document.

use std::ops::Range;
use std::sync::Arc;

use replylint::{Target, Thread};
use replylint_input::{Form, Input, InputError, Place, Places, read};

use crate::convert::Text;
use crate::documents::About;

/// A document as a thread.
#[derive(Debug)]
pub(crate) struct Source {
    pub thread: Thread,
    /// Rules that the document itself wants left out.
    pub ignore: Vec<String>,
    text: Arc<Text>,
    /// Where the thread's texts stand; `None` where the draft is the whole document.
    places: Option<Places>,
    /// The messages come from elsewhere.
    has_own_messages: bool,
}

impl Source {
    /// Reads a text; what an agent told about it counts more than what stands in it. `None` where it holds no reply.
    ///
    /// # Errors
    /// Where the document says something about itself that is wrong.
    pub fn read(text: &Arc<Text>, form: Form, about: &About) -> Result<Option<Self>, InputError> {
        let mut source = match read(form, text.as_str().as_bytes()).into_iter().next() {
            Some(Ok(Input::Thread(input))) => Source {
                thread: input.thread,
                ignore: input.ignore,
                text: text.clone(),
                places: Some(input.places),
                has_own_messages: true,
            },
            Some(Err(error)) => return Err(error),
            _ => return Ok(None),
        };
        let thread = &mut source.thread;
        thread.language = about.language.clone().or(thread.language.take());
        thread.channel = about.channel.or(thread.channel);
        if !about.messages.is_empty() {
            thread.messages.clone_from(&about.messages);
            source.has_own_messages = false;
        }
        Ok(Some(source))
    }

    /// The text as it is, without a thread around it.
    pub fn plain(text: &Arc<Text>) -> Self {
        let thread = Thread::new(text.as_str());
        Source { thread, ignore: Vec::new(), text: text.clone(), places: None, has_own_messages: false }
    }

    /// Where something stands in the document; `None` where it is no part of it.
    pub fn place(&self, target: Target, span: &Range<usize>) -> Option<Range<usize>> {
        let of = |place: &Place| place.to_source(self.text.as_str().as_bytes(), span);
        match target {
            Target::Draft => {
                Some(self.places.as_ref().map_or_else(|| span.clone(), |places| of(&places.draft)))
            }
            Target::Message(at) => {
                let places = self.places.as_ref().filter(|_| self.has_own_messages)?;
                places.messages.get(at).map(of)
            }
            _ => None,
        }
    }

    /// Whether words of the draft stand in the document as they are, so that others can be put in their place.
    pub fn is_verbatim(&self, span: &Range<usize>) -> bool {
        let words = self.thread.draft.text.get(span.clone());
        let place = self.place(Target::Draft, span);
        place.and_then(|place| self.text.as_str().get(place)) == words
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

/// Names by which editors call what holds prose.
const PROSE: [&str; 18] = [
    "",
    "plaintext",
    "plain text",
    "plain",
    "text",
    "txt",
    "gitcommit",
    "git-commit",
    "git commit",
    "commit",
    "asciidoc",
    "restructuredtext",
    "rst",
    "org",
    "fundamental",
    "rmd",
    "typst",
    "latex",
];
/// Names of Markdown.
const MARKDOWN: [&str; 4] = ["markdown", "md", "mdx", "quarto"];
/// Names of mail.
const MAIL: [&str; 6] = ["mail", "email", "eml", "message", "mu4e-compose", "notmuch-message"];

/// What a document holds, by the editor's name for its language and by its path; `None` where it is no prose.
pub(crate) fn form(language_id: &str, path: &str, text: &str) -> Option<Form> {
    let id = language_id.trim().to_lowercase();
    let by_path = Form::of_path(std::path::Path::new(path)).filter(|form| !form.is_json());
    if MARKDOWN.contains(&id.as_str()) {
        Some(Form::Markdown)
    } else if MAIL.contains(&id.as_str()) || by_path == Some(Form::Mail) {
        // Mail programs hand over the body alone, or with its headers.
        Some(if has_headers(text) { Form::Mail } else { Form::Text })
    } else if PROSE.contains(&id.as_str()) {
        Some(by_path.filter(|form| *form == Form::Markdown).unwrap_or(Form::Text))
    } else {
        by_path.filter(|form| matches!(form, Form::Text | Form::Markdown))
    }
}

/// Whether a text begins with a mail's headers.
fn has_headers(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }) && text.lines().take_while(|line| !line.is_empty()).any(|line| {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        matches!(name.as_str(), "from" | "to" | "subject" | "date" | "message-id")
    })
}

#[cfg(test)]
mod tests {
    use replylint_input::Form;

    use super::form;

    #[test]
    fn the_form_is_told_by_name_and_path() {
        assert_eq!(form("rust", "/a/main.rs", ""), None);
        assert_eq!(form("json", "/a/b.json", ""), None);
        assert_eq!(form("Plain Text", "/a/b", ""), Some(Form::Text));
        assert_eq!(form("unknown", "/a/b.MD", ""), Some(Form::Markdown));
        assert_eq!(form("text", "/a/b.md", ""), Some(Form::Markdown));
        assert_eq!(form("mail", "/tmp/mutt-1", "Hello Ana: it is here.\n"), Some(Form::Text));
        assert_eq!(form("mail", "/tmp/mutt-1", "To: a@b.c\nSubject: x\n\nHello"), Some(Form::Mail));
        assert_eq!(form("plaintext", "/a/b.eml", "From: a@b.c\n\nHello"), Some(Form::Mail));
    }
}
