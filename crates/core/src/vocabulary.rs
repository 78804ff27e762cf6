//! Words that were met, each with what does not depend on where it stands: read once, then known by a number.

use std::hash::Hasher as _;
use std::ops::Range;

use replylint_pack::fold_into;
use rustc_hash::{FxHashMap, FxHasher};

use crate::text::TokenKind;

/// Words by the way in which they are written.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// The short ones, which most are.
    short: ShortWords,
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
    /// Whether all of it is ASCII and no apostrophe.
    pub is_plain: bool,
}

#[derive(Debug)]
struct Known {
    start: u32,
    written: u32,
    folded: u32,
    is_number: bool,
}

/// Codes longer than this are no words of any phrase; their folded form is empty.
pub(crate) const LONGEST_CODE: usize = 32;

impl Vocabulary {
    /// Words of so many bytes are short; the byte that is left of 16 holds their length and whether they are numbers.
    pub const SHORT: usize = 15;
    /// More words than this are forgotten before the next text.
    const MOST: usize = 1 << 16;

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

    /// The short word or number at a place of a text, where these bytes begin.
    pub fn short_of(&mut self, text: &str, range: Range<usize>, chunk: &[u8; 16], kind: TokenKind) -> Word {
        let is_number = kind == TokenKind::Number;
        let key = short_key(chunk, range.len(), is_number);
        self.by_key(text, range, is_number, key)
    }

    #[inline]
    fn by_key(&mut self, text: &str, range: Range<usize>, is_number: bool, key: Key) -> Word {
        match self.short.get(key) {
            Some(word) => word,
            None => {
                let word = self.add(&text[range], is_number);
                self.short.insert(key, word);
                word
            }
        }
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
            is_plain: written.is_ascii() && !written.contains('\''),
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

/// The bytes of a short word, and its length, as two numbers.
type Key = [u64; 2];

/// The key of a short word with which these bytes begin.
fn short_key(chunk: &[u8; 16], length: usize, is_number: bool) -> Key {
    let word = u128::from_le_bytes(*chunk) & !(u128::MAX << (8 * length));
    let about = (length as u128 + 1) | if is_number { 1 << 7 } else { 0 };
    let key = word | about << (8 * Vocabulary::SHORT);
    [key as u64, (key >> 64) as u64]
}

/// Short words by their keys. A text asks for every word of it, and most often for few, which were met first: their keys lie
/// side by side. Where a key lies, a table tells, which is kept small, so that it stays in the processor's memory: a slot is
/// at the place that the key's hash tells, or at the next that is free.
#[derive(Debug, Default)]
struct ShortWords {
    words: Vec<(Key, Word)>,
    /// As many as a power of two, at least half of them free, which are [`ShortWords::FREE`]. The others have eight bits of
    /// the hash, so that few keys are compared for nothing, and the place in `words`.
    slots: Vec<u32>,
}

impl ShortWords {
    const FREE: u32 = u32::MAX;
    /// The bits of a slot that tell the place. More words than this are in no text below a hundred megabytes; those beyond
    /// are new each time.
    const PLACE: u32 = (1 << 24) - 1;
    /// So many slots are there at the first word.
    const FEWEST: usize = 1 << 10;

    #[inline]
    fn get(&self, key: Key) -> Option<Word> {
        let hash = hash(key);
        let mut place = hash as usize;
        loop {
            let slot = *self.slots.get(place & self.slots.len().wrapping_sub(1))?;
            if slot & !Self::PLACE == tag(hash)
                && let Some((known, word)) = self.words.get((slot & Self::PLACE) as usize)
                && *known == key
            {
                return Some(*word);
            }
            if slot == Self::FREE {
                return None;
            }
            place += 1;
        }
    }

    /// Adds a word that is not there.
    fn insert(&mut self, key: Key, word: Word) {
        let number = self.words.len() as u32;
        if number >= Self::PLACE {
            return;
        }
        self.words.push((key, word));
        if self.words.len() * 2 > self.slots.len() {
            let size = (self.slots.len() * 2).max(Self::FEWEST);
            self.slots.clear();
            self.slots.resize(size, Self::FREE);
            for number in 0..=number {
                self.put(number);
            }
        } else {
            self.put(number);
        }
    }

    fn put(&mut self, number: u32) {
        let last = self.slots.len() - 1;
        let hash = hash(self.words[number as usize].0);
        let mut place = hash as usize & last;
        while self.slots[place] != Self::FREE {
            place = (place + 1) & last;
        }
        self.slots[place] = tag(hash) | number;
    }
}

/// The bits of a hash that stand in a slot, above those of the place.
fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 & !ShortWords::PLACE
}

/// Mixes a key: the product of its halves, folded.
fn hash([low, high]: Key) -> u64 {
    let product = u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xe703_7ed1_a0b4_28db);
    product as u64 ^ (product >> 64) as u64
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

    #[test]
    fn thousands_of_words_keep_their_numbers() {
        let mut vocabulary = Vocabulary::default();
        let mut numbers = || -> Vec<u32> {
            (0..5000).map(|number| vocabulary.word_of(&format!("w{number}"), TokenKind::Word).id).collect()
        };
        let first = numbers();
        assert!(first.iter().copied().eq(0..5000));
        assert_eq!(first, numbers());
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
