//! Words that were met, each with what does not depend on where it stands: read once, then known by a number.

use std::hash::Hasher as _;
use std::ops::Range;

use replylint_pack::fold_into;
use rustc_hash::{FxHashMap, FxHasher};

use crate::text::TokenKind;

/// Words by the way in which they are written.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    words: FxHashMap<Box<str>, u32>,
    /// Plain numbers: the packs know more of them than their letters tell.
    numbers: FxHashMap<Box<str>, u32>,
    known: Vec<Known>,
    /// The words as they are written, then folded, one after the other.
    letters: String,
}

#[derive(Debug)]
struct Known {
    written: Range<u32>,
    folded: Range<u32>,
    is_number: bool,
    print: u8,
    is_capitals: bool,
}

/// Codes longer than this are no words of any phrase; their folded form is empty.
const LONGEST_CODE: usize = 32;

impl Vocabulary {
    /// More words than this are forgotten before the next text.
    const MOST: usize = 1 << 15;

    /// The number of a word.
    pub fn id(&mut self, written: &str, kind: TokenKind) -> u32 {
        let written = if kind == TokenKind::Code && written.len() > LONGEST_CODE { "" } else { written };
        let is_number = kind == TokenKind::Number;
        let ids = if is_number { &self.numbers } else { &self.words };
        match ids.get(written) {
            Some(id) => *id,
            None => self.add(written, is_number),
        }
    }

    #[cold]
    fn add(&mut self, written: &str, is_number: bool) -> u32 {
        let start = self.letters.len() as u32;
        self.letters.push_str(written);
        let middle = self.letters.len() as u32;
        fold_into(written, &mut self.letters);
        let id = self.known.len() as u32;
        self.known.push(Known {
            written: start..middle,
            folded: middle..self.letters.len() as u32,
            is_number,
            print: print(&self.letters[middle as usize..]),
            is_capitals: !written.chars().any(char::is_lowercase) && written.chars().any(char::is_uppercase),
        });
        if is_number { &mut self.numbers } else { &mut self.words }.insert(written.into(), id);
        id
    }

    /// How many words are known; their numbers are less.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// A word as it is written.
    pub fn written(&self, id: u32) -> &str {
        let Range { start, end } = self.known[id as usize].written;
        &self.letters[start as usize..end as usize]
    }

    /// Its folded form.
    pub fn folded(&self, id: u32) -> &str {
        let Range { start, end } = self.known[id as usize].folded;
        &self.letters[start as usize..end as usize]
    }

    /// Whether it is a plain number.
    pub fn is_number(&self, id: u32) -> bool {
        self.known[id as usize].is_number
    }

    /// A small number, less than 64, that is the same for all spellings of one folded form.
    pub fn print(&self, id: u32) -> u8 {
        self.known[id as usize].print
    }

    /// Whether it is written in capitals.
    pub fn is_capitals(&self, id: u32) -> bool {
        self.known[id as usize].is_capitals
    }

    /// Whether there are so many words that they should be forgotten.
    pub fn is_full(&self) -> bool {
        self.known.len() > Self::MOST
    }
}

/// The print of a folded form: see [`Vocabulary::print`].
pub(crate) fn print(folded: &str) -> u8 {
    let mut hasher = FxHasher::default();
    hasher.write(folded.as_bytes());
    (hasher.finish() >> 58) as u8
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use crate::text::TokenKind;

    #[test]
    fn a_word_keeps_its_number() {
        let mut vocabulary = Vocabulary::default();
        let [first, number, again] = [
            vocabulary.id("Ştiţi", TokenKind::Word),
            vocabulary.id("12", TokenKind::Number),
            vocabulary.id("Ştiţi", TokenKind::Word),
        ];
        assert_eq!(first, again);
        assert_eq!((vocabulary.written(first), vocabulary.folded(first)), ("Ştiţi", "știți"));
        assert!(vocabulary.is_number(number) && !vocabulary.is_number(first));
        let long = vocabulary.id(&"x".repeat(64), TokenKind::Code);
        assert_eq!(vocabulary.folded(long), "");
        assert_eq!(vocabulary.len(), 3);
    }
}
