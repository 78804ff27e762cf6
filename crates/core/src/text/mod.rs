//! Reading a text: zones, paragraphs, words with their folded forms, sentences.

pub(crate) mod sentences;
mod tokens;
pub(crate) mod words;
mod zones;

use std::ops::Range;

pub(crate) use sentences::Sentence;
pub(crate) use tokens::{ABOUT_SIGNS, Gap, Token, TokenKind, tokens_of};
pub use zones::{QuotedPart, quoted_parts};
pub(crate) use zones::{Zone, ZoneKind};

use crate::vocabulary::Vocabulary;

/// A run of prose without a blank line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// Its tokens.
    pub tokens: Range<usize>,
}

/// A text cut into what the later stages work on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    /// The zones in order; together they are the whole text.
    pub zones: Vec<Zone>,
    /// The words, numbers and codes of the prose.
    pub tokens: Vec<Token>,
    /// The paragraphs of the prose, in order.
    pub paragraphs: Vec<Paragraph>,
}

impl Text {
    /// Cuts a text. What is special to a language is left to [`words::adjust`].
    #[cfg(test)]
    pub fn new(text: &str, vocabulary: &mut Vocabulary) -> Self {
        let mut new = Text::default();
        new.read(text, &[], vocabulary);
        new
    }

    /// Cuts a text of which these ranges are known to be no prose, in the memory of one that is forgotten. What is
    /// special to a language is left to [`words::adjust`].
    pub fn read(&mut self, text: &str, not_prose: &[Range<usize>], vocabulary: &mut Vocabulary) {
        let Text { zones, tokens, paragraphs } = self;
        zones::zones(text, zones);
        if !not_prose.is_empty() {
            zones::take_out(zones, text, not_prose);
        }
        tokens.clear();
        tokens::tokens_in(text, zones, vocabulary, tokens);
        paragraphs.clear();
        let mut start = 0;
        for (at, token) in tokens.iter().enumerate() {
            if token.gap == Gap::Paragraph {
                paragraphs.push(Paragraph { tokens: start..at + 1 });
                start = at + 1;
            }
        }
        if start < tokens.len() {
            paragraphs.push(Paragraph { tokens: start..tokens.len() });
        }
    }
}
