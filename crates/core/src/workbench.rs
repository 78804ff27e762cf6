//! What is kept between two checks so that the next one need not find it out again.

use std::sync::Arc;

use crate::analysis::ReadText;
use crate::detect::Voices;
use crate::packs::LanguagePack;
use crate::scan::Scanner;
use crate::stems::Stems;
use crate::vocabulary::Vocabulary;

/// The words that were met and what is known of them. Belongs to one linter; each check that runs at the same time has
/// its own.
#[derive(Debug, Default)]
pub(crate) struct Workbench {
    pub vocabulary: Vocabulary,
    pub voices: Voices,
    /// The matchers, by the number of their pack.
    scanners: Vec<Scanner>,
    /// The stems of words, by the number of the pack.
    stems: Vec<Stems>,
    /// Texts that are forgotten.
    pub texts: Texts,
    /// The packs of a text's paragraphs.
    pub numbers: Vec<Option<usize>>,
}

impl Workbench {
    /// Forgets what has grown too large, so that memory does not grow with the texts that are checked. Numbers of words are
    /// of no use afterwards.
    pub fn tidy(&mut self) {
        if self.vocabulary.is_full() {
            self.vocabulary = Vocabulary::default();
            self.voices = Voices::default();
            self.stems.clear();
            self.scanners.iter_mut().for_each(Scanner::forget_words);
        }
        if self.scanners.iter().map(Scanner::rows).sum::<usize>() > Scanner::MOST_ROWS {
            self.scanners.iter_mut().for_each(Scanner::forget_rows);
        }
    }

    /// The stems of a pack's words, with the vocabulary.
    pub fn stems(&mut self, pack: usize) -> (&mut Stems, &mut Vocabulary) {
        if self.stems.len() <= pack {
            self.stems.resize_with(pack + 1, Stems::default);
        }
        (&mut self.stems[pack], &mut self.vocabulary)
    }

    /// The matcher of a pack, with the vocabulary.
    pub fn scanner(&mut self, packs: &[Arc<LanguagePack>], pack: usize) -> (&mut Scanner, &Vocabulary) {
        if self.scanners.is_empty() {
            self.scanners.resize_with(packs.len(), Scanner::default);
        }
        (&mut self.scanners[pack], &self.vocabulary)
    }
}

/// Texts that are forgotten: their memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    list: Vec<ReadText>,
}

impl Texts {
    /// The memory of a forgotten text, or new memory.
    pub fn take(&mut self) -> ReadText {
        self.list.pop().unwrap_or_default()
    }

    /// Takes back the memory of a text, unless it is more than few texts need.
    pub fn forget(&mut self, text: ReadText) {
        const MOST_WORDS: usize = 1 << 13;
        const MOST_TEXTS: usize = 8;
        if text.text.tokens.capacity() <= MOST_WORDS && self.list.len() < MOST_TEXTS {
            self.list.push(text);
        }
    }
}
