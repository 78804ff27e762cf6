//! Words that were met, each with what does not depend on where it stands: read once, then known by a number.

use std::hash::Hasher as _;
use std::ops::Range;

use replylint_pack::fold_into;
use rustc_hash::{FxHashMap, FxHasher};

use crate::text::TokenKind;

/// Words by the way in which they are written.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// The short ones, which most are, by their bytes.
    short: FxHashMap<u128, Word>,
    /// Those of them that were met last, at places that their bytes tell: the frequent words are mostly here.
    last: Vec<(u128, Word)>,
    long: FxHashMap<Box<str>, Word>,
    /// Long numbers: the packs know more of numbers than their letters tell.
    long_numbers: FxHashMap<Box<str>, Word>,
    known: Vec<Known>,
    /// The words as they are written, then folded, one after the other.
    letters: String,
}

/// A word of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its number.
    pub id: u32,
    /// A small number that is the same for all spellings of one folded form.
    pub print: u8,
    /// Whether it is written in capitals.
    pub is_capitals: bool,
}

#[derive(Debug)]
struct Known {
    start: u32,
    written: u32,
    folded: u32,
    is_number: bool,
}

/// Codes longer than this are no words of any phrase; their folded form is empty.
const LONGEST_CODE: usize = 32;
impl Vocabulary {
    /// Words of so many bytes are short; the byte that is left of 16 holds their length and whether they are numbers.
    pub const SHORT: usize = 15;
    /// More words than this are forgotten before the next text.
    const MOST: usize = 1 << 15;

    /// The word at a place of a text.
    pub fn word(&mut self, text: &str, range: Range<usize>, kind: TokenKind) -> Word {
        let is_number = kind == TokenKind::Number;
        if range.len() <= Self::SHORT {
            let key = match text.as_bytes()[range.start..].first_chunk() {
                Some(chunk) => short_key(chunk, range.len(), is_number),
                // At the end of the text.
                None => {
                    let mut chunk = [0; 16];
                    chunk[..range.len()].copy_from_slice(&text.as_bytes()[range.clone()]);
                    short_key(&chunk, range.len(), is_number)
                }
            };
            return self.by_key(text, range, is_number, key);
        }
        let written = &text[range];
        let written = if kind == TokenKind::Code && written.len() > LONGEST_CODE { "" } else { written };
        let known = if is_number { &self.long_numbers } else { &self.long };
        match known.get(written) {
            Some(word) => *word,
            None => {
                let word = self.add(written, is_number);
                if is_number { &mut self.long_numbers } else { &mut self.long }.insert(written.into(), word);
                word
            }
        }
    }

    /// The short word of letters at a place of a text, where these bytes begin.
    pub fn short_of(&mut self, text: &str, range: Range<usize>, chunk: &[u8; 16]) -> Word {
        let key = short_key(chunk, range.len(), false);
        self.by_key(text, range, false, key)
    }

    #[inline]
    fn by_key(&mut self, text: &str, range: Range<usize>, is_number: bool, key: u128) -> Word {
        let place = place(key);
        match self.last.get(place) {
            Some((known, word)) if *known == key => *word,
            _ => self.short_word(&text[range], is_number, key, place),
        }
    }

    /// A short word that was not met last.
    fn short_word(&mut self, written: &str, is_number: bool, key: u128, place: usize) -> Word {
        let word = match self.short.get(&key) {
            Some(word) => *word,
            None => {
                let word = self.add(written, is_number);
                self.short.insert(key, word);
                word
            }
        };
        if self.last.is_empty() {
            self.last.resize(PLACES, (u128::MAX, word));
        }
        self.last[place] = (key, word);
        word
    }

    /// A word that stands by itself.
    pub fn word_of(&mut self, written: &str, kind: TokenKind) -> Word {
        self.word(written, 0..written.len(), kind)
    }

    /// A word in another spelling, in capitals where it was.
    pub fn respelled(&mut self, word: Word, spelled: &str) -> Word {
        Word { is_capitals: word.is_capitals, ..self.word_of(spelled, TokenKind::Word) }
    }

    #[cold]
    fn add(&mut self, written: &str, is_number: bool) -> Word {
        let start = self.letters.len();
        self.letters.push_str(written);
        let middle = self.letters.len();
        fold_into(written, &mut self.letters);
        let id = self.known.len() as u32;
        self.known.push(Known {
            start: start as u32,
            written: middle as u32,
            folded: self.letters.len() as u32,
            is_number,
        });
        Word {
            id,
            print: print(&self.letters[middle..]),
            is_capitals: !written.chars().any(char::is_lowercase) && written.chars().any(char::is_uppercase),
        }
    }

    /// How many words are known; their numbers are less.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// A word as it is written.
    pub fn written(&self, id: u32) -> &str {
        let known = &self.known[id as usize];
        &self.letters[known.start as usize..known.written as usize]
    }

    /// Its folded form.
    pub fn folded(&self, id: u32) -> &str {
        let known = &self.known[id as usize];
        &self.letters[known.written as usize..known.folded as usize]
    }

    /// Whether it is a plain number.
    pub fn is_number(&self, id: u32) -> bool {
        self.known[id as usize].is_number
    }

    /// Whether there are so many words that they should be forgotten.
    pub fn is_full(&self) -> bool {
        self.known.len() > Self::MOST
    }
}

/// So many words are at the places where those are that were met last.
const PLACES: usize = 1 << 11;

/// The place of a short word among those that were met last.
fn place(key: u128) -> usize {
    let mixed = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize % PLACES
}

/// The bytes of a short word, with which these begin, and its length as one number.
fn short_key(chunk: &[u8; 16], length: usize, is_number: bool) -> u128 {
    let word = u128::from_le_bytes(*chunk) & !(u128::MAX << (8 * length));
    let about = length as u128 | if is_number { 1 << 7 } else { 0 };
    word | about << (8 * Vocabulary::SHORT)
}

/// The print of a folded form: see [`Word::print`].
pub(crate) fn print(folded: &str) -> u8 {
    let mut hasher = FxHasher::default();
    hasher.write(folded.as_bytes());
    (hasher.finish() >> 56) as u8
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use crate::text::TokenKind;

    #[test]
    fn a_word_keeps_its_number() {
        let mut vocabulary = Vocabulary::default();
        let [first, number, again] = [
            vocabulary.word_of("Ştiţi", TokenKind::Word).id,
            vocabulary.word_of("12", TokenKind::Number).id,
            vocabulary.word("Nu Ştiţi că aici sunt litere", 3..10, TokenKind::Word).id,
        ];
        assert_eq!(first, again);
        assert_eq!((vocabulary.written(first), vocabulary.folded(first)), ("Ştiţi", "știți"));
        assert!(vocabulary.is_number(number) && !vocabulary.is_number(first));
        let long = vocabulary.word_of(&"x".repeat(64), TokenKind::Code).id;
        assert_eq!(vocabulary.folded(long), "");
        assert_eq!(vocabulary.len(), 3);
    }

    proptest::proptest! {
        #[test]
        fn different_words_have_different_numbers(text in "[a-cé\\u{0}]{0,40}", at in 0usize..40, length in 0usize..40) {
            let mut vocabulary = Vocabulary::default();
            let cut = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let range = cut(at)..cut(at + length);
            let [inside, all, alone] = [
                vocabulary.word(&text, range.clone(), TokenKind::Word),
                vocabulary.word_of(&text, TokenKind::Word),
                vocabulary.word_of(&text[range.clone()], TokenKind::Word),
            ];
            proptest::prop_assert_eq!(inside, alone);
            proptest::prop_assert_eq!(inside == all, range == (0..text.len()));
            proptest::prop_assert_eq!(vocabulary.written(inside.id), &text[range]);
        }
    }
}
