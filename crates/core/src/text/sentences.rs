//! Sentences.

use std::ops::Range;

use super::{Gap, Text};

/// A sentence of the prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its bytes, from the first word to the last.
    pub range: Range<usize>,
    /// Whether it ends with a question mark.
    pub question: bool,
}

/// Sentences are cut after so many tokens, so that the time to match one is bounded.
const LONGEST: usize = 200;

/// Appends the sentences of a paragraph.
pub(crate) fn sentences(text: &Text, paragraph: usize, sentences: &mut Vec<Sentence>) {
    let range = text.paragraphs[paragraph].tokens.clone();
    let tokens = &text.tokens[..range.end];
    let mut start = range.start;
    for (at, token) in tokens.iter().enumerate().skip(range.start) {
        if token.gap >= Gap::Sentence || at + 1 == range.end || at + 1 - start >= LONGEST {
            sentences.push(Sentence {
                tokens: start..at + 1,
                range: tokens[start].range().start..token.range().end,
                question: token.question,
            });
            start = at + 1;
        }
    }
}
