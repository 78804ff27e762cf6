//! A reply with the places of its findings, for those who print it.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use replylint::{Finding, Target};
use replylint_input::{InputThread, Place, SourceMap};

use crate::place::Lines;

/// A reply and the source that it was read from.
pub(crate) struct Shown<'a> {
    pub input: &'a InputThread,
    /// The source's name for people.
    pub name: &'a str,
    /// What tells the reply from others of the same source.
    pub label: Option<String>,
    source: &'a [u8],
    /// The source as text, if it is one.
    source_text: OnceCell<Option<&'a str>>,
    /// The number of the source's first line, for a source that is one line of a file.
    first_line: usize,
    lines: OnceCell<Lines<'a>>,
    /// Of the messages in their order, then of the draft.
    texts: Vec<ShownText<'a>>,
}

/// What is made of a text where it is asked for, and once however many findings there are.
#[derive(Default)]
struct ShownText<'a> {
    lines: OnceCell<Lines<'a>>,
    /// The way to its source.
    map: OnceCell<Cow<'a, SourceMap>>,
}

/// Where a finding is in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourcePlace {
    pub span: Range<usize>,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// Line and column of the span's end.
    pub end: (usize, usize),
}

impl<'a> Shown<'a> {
    pub fn new(input: &'a InputThread, name: &'a str, source: &'a [u8]) -> Self {
        let texts = (0..=input.thread.messages.len()).map(|_| ShownText::default()).collect();
        let (source_text, lines) = (OnceCell::new(), OnceCell::new());
        Shown { input, name, label: None, source, source_text, first_line: 1, lines, texts }
    }

    /// The same reply as a line of a longer source.
    pub fn at_line(mut self, line: usize) -> Self {
        self.first_line = line;
        self
    }

    /// The text that a finding is in.
    pub fn text(&self, target: Target) -> &'a str {
        match target {
            Target::Message(at) => {
                self.input.thread.messages.get(at).map(|message| message.text.as_str()).unwrap_or_default()
            }
            _ => &self.input.thread.draft.text,
        }
    }

    fn text_place(&self, target: Target) -> &'a Place {
        match target {
            Target::Message(at) => self.input.places.messages.get(at).unwrap_or(&self.input.places.draft),
            _ => &self.input.places.draft,
        }
    }

    fn shown_text(&self, target: Target) -> Option<&ShownText<'a>> {
        match target {
            Target::Message(at) => self.texts.get(at),
            _ => self.texts.last(),
        }
    }

    fn text_lines(&self, target: Target) -> Option<&Lines<'a>> {
        Some(self.shown_text(target)?.lines.get_or_init(|| Lines::new(self.text(target))))
    }

    fn map(&self, target: Target) -> Option<&SourceMap> {
        Some(self.shown_text(target)?.map.get_or_init(|| self.text_place(target).map(self.source)))
    }

    /// Line and column in the text that the finding is in.
    pub fn place_in_text(&self, finding: &Finding) -> (usize, usize) {
        self.text_lines(finding.target).map_or((1, 1), |lines| lines.place(finding.span.start))
    }

    /// Where the finding is in the source.
    pub fn place_in_source(&self, finding: &Finding) -> SourcePlace {
        let span = self.map(finding.target).map_or(0..0, |map| map.to_source(&finding.span));
        let lines = self.lines.get_or_init(|| Lines::new(self.source));
        let (line, column) = lines.place(span.start);
        let (end_line, end_column) = lines.place(span.end);
        let shift = self.first_line - 1;
        SourcePlace { span, line: line + shift, column, end: (end_line + shift, end_column) }
    }

    /// What to show of the source for a finding, if people can read it: the text, its lines, and the words in it.
    pub fn readable(&self, finding: &Finding) -> Option<(&'a str, &Lines<'a>, Range<usize>)> {
        if !self.text_place(finding.target).is_readable() {
            return None;
        }
        let source = (*self.source_text.get_or_init(|| str::from_utf8(self.source).ok()))?;
        let span = self.place_in_source(finding).span;
        source.get(span.clone())?;
        Some((source, self.lines.get()?, span))
    }

    /// The text itself, its lines, and the words in it.
    pub fn written(&self, finding: &Finding) -> Option<(&'a str, &Lines<'a>, Range<usize>)> {
        Some((self.text(finding.target), self.text_lines(finding.target)?, finding.span.clone()))
    }
}
