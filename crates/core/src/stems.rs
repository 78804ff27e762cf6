//! The stems of words: each is found once, and is a word of the vocabulary itself.

use replylint_pack::{Pack, Stemmer, strip_diacritics_into};

use crate::text::{Token, TokenKind};
use crate::vocabulary::Vocabulary;

/// Stems that begin with so many same letters, which are most of both, are forms of one word.
pub(crate) const ALIKE_LETTERS: usize = 4;

/// The first letters of a stem.
pub(crate) type Beginning = [char; ALIKE_LETTERS];

/// The first letters of a stem; of a shorter one all, and nothing behind them.
pub(crate) fn beginning(stem: &str) -> Beginning {
    let mut letters = stem.chars();
    std::array::from_fn(|_| letters.next().unwrap_or_default())
}

/// One of 256 numbers, the same for the same beginning.
pub(crate) fn number_of(beginning: &Beginning) -> u8 {
    (beginning.iter().fold(0u32, |sum, letter| sum.wrapping_mul(23).wrapping_add(u32::from(*letter))) % 256)
        as u8
}

/// The stems of a language's words, by their numbers in the vocabulary.
#[derive(Debug, Default)]
pub(crate) struct Stems {
    by_word: Vec<Stem>,
}

/// The stem of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stem {
    /// Its number in the vocabulary.
    pub word: u32,
    /// The number of its beginning.
    pub begins: u8,
    /// Whether it says something as a name only.
    is_short: bool,
}

impl Stem {
    /// Stands for the stem of a word that says nothing of what is spoken about.
    pub const NOTHING: Stem = Stem::of(u32::MAX);
    /// Stands for the stem of a word that was not read yet.
    const UNREAD: Stem = Stem::of(u32::MAX - 1);

    const fn of(word: u32) -> Self {
        Stem { word, begins: 0, is_short: false }
    }

    /// The stem that is written so.
    fn new(written: &str, vocabulary: &mut Vocabulary) -> Self {
        let begins = number_of(&beginning(written));
        Stem { begins, ..Stem::of(vocabulary.word_of(written, TokenKind::Word).id) }
    }
}

impl Stems {
    /// The stems of tokens, or [`Stem::NOTHING`]; codes and numbers as they are.
    pub fn read(
        &mut self,
        pack: &Pack,
        vocabulary: &mut Vocabulary,
        tokens: &[Token],
        stems: &mut Vec<Stem>,
    ) {
        // It is dear to make, and most words are known.
        let mut stemmer = None;
        for token in tokens {
            let at = token.word.id as usize;
            if at >= self.by_word.len() {
                self.by_word.resize(vocabulary.len().max(at + 1), Stem::UNREAD);
            }
            if self.by_word[at].word == Stem::UNREAD.word {
                let stemmer = stemmer.get_or_insert_with(|| pack.stemming.stemmer());
                self.by_word[at] = stem(pack, stemmer, vocabulary, token);
            }
            let stem = self.by_word[at];
            // Short words say what is spoken about as names only: "IP", "TV".
            stems.push(if stem.is_short && !token.word.is_capitals { Stem::NOTHING } else { stem });
        }
    }
}

fn stem(pack: &Pack, stemmer: &Stemmer<'_>, vocabulary: &mut Vocabulary, token: &Token) -> Stem {
    let folded = vocabulary.folded(token.word.id).to_owned();
    let mut letters = folded.chars();
    let is_short = match token.kind {
        TokenKind::Word => match (letters.next(), letters.next(), letters.next()) {
            (_, _, Some(_)) => false,
            (Some(first), Some(second), None) if first.is_alphabetic() && second.is_alphabetic() => true,
            _ => return Stem::NOTHING,
        },
        // "2" is in every text, "4711" is not.
        TokenKind::Number if folded.len() < 2 => return Stem::NOTHING,
        TokenKind::Number | TokenKind::Code => return Stem::new(&folded, vocabulary),
    };
    if pack.function_words.binary_search_by(|known| known.as_str().cmp(&folded)).is_ok() {
        return Stem::NOTHING;
    }
    let stem = stemmer.stem(pack.words.other_spelling(&folded).unwrap_or(&folded));
    // Who leaves diacritics out means the same word.
    let stem = if !pack.missing_diacritics || stem.is_ascii() {
        Stem::new(&stem, vocabulary)
    } else {
        let mut bare = String::new();
        strip_diacritics_into(&stem, &mut bare);
        Stem::new(&bare, vocabulary)
    };
    Stem { is_short, ..stem }
}
