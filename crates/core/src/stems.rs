//! The stems of words: each is found once, and is a word of the vocabulary itself.

use replylint_pack::{Pack, Stemmer, strip_diacritics_into};

use crate::text::{Token, TokenKind};
use crate::vocabulary::Vocabulary;

/// Stands for the stem of a word that says nothing of what is spoken about.
pub(crate) const NOTHING: u32 = u32::MAX;
/// Stands for the stem of a word that was not read yet.
const UNREAD: Stem = Stem { word: NOTHING - 1, is_short: false };

/// The stems of a language's words, by their numbers in the vocabulary.
#[derive(Debug, Default)]
pub(crate) struct Stems {
    by_word: Vec<Stem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stem {
    word: u32,
    /// Whether it says something as a name only.
    is_short: bool,
}

impl Stems {
    /// The stems of tokens, or [`NOTHING`]; codes and numbers as they are.
    pub fn read(&mut self, pack: &Pack, vocabulary: &mut Vocabulary, tokens: &[Token], stems: &mut Vec<u32>) {
        // It is dear to make, and most words are known.
        let mut stemmer = None;
        for token in tokens {
            let at = token.word.id as usize;
            if at >= self.by_word.len() {
                self.by_word.resize(vocabulary.len().max(at + 1), UNREAD);
            }
            if self.by_word[at] == UNREAD {
                let stemmer = stemmer.get_or_insert_with(|| pack.stemming.stemmer());
                self.by_word[at] = stem(pack, stemmer, vocabulary, token);
            }
            let stem = self.by_word[at];
            // Short words say what is spoken about as names only: "IP", "TV".
            stems.push(if stem.is_short && !token.word.is_capitals { NOTHING } else { stem.word });
        }
    }
}

fn stem(pack: &Pack, stemmer: &Stemmer<'_>, vocabulary: &mut Vocabulary, token: &Token) -> Stem {
    let nothing = Stem { word: NOTHING, is_short: false };
    let folded = vocabulary.folded(token.word.id).to_owned();
    let mut letters = folded.chars();
    let is_short = match token.kind {
        TokenKind::Word => match (letters.next(), letters.next(), letters.next()) {
            (_, _, Some(_)) => false,
            (Some(first), Some(second), None) if first.is_alphabetic() && second.is_alphabetic() => true,
            _ => return nothing,
        },
        // "2" is in every text, "4711" is not.
        TokenKind::Number if folded.len() < 2 => return nothing,
        TokenKind::Number | TokenKind::Code => {
            return Stem { word: vocabulary.word_of(&folded, TokenKind::Word).id, is_short: false };
        }
    };
    if pack.function_words.binary_search_by(|known| known.as_str().cmp(&folded)).is_ok() {
        return nothing;
    }
    let stem = stemmer.stem(&folded);
    // Who leaves diacritics out means the same word.
    let word = if !pack.missing_diacritics || stem.is_ascii() {
        vocabulary.word_of(&stem, TokenKind::Word).id
    } else {
        let mut bare = String::new();
        strip_diacritics_into(&stem, &mut bare);
        vocabulary.word_of(&bare, TokenKind::Word).id
    };
    Stem { word, is_short }
}
