//! What a run of words is about: its content stems and its concepts.

use std::ops::Range;

use replylint_pack::{Pack, Role, Stemmer, strip_diacritics_into};
use rustc_hash::FxHashMap;

use crate::analysis::{Analysis, Found, Passage};
use crate::text::TokenKind;

/// What words are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Topic {
    /// Stems of the content words, and codes and numbers as they are; each once.
    pub stems: Vec<String>,
    /// Concepts, sorted.
    pub concepts: Vec<u16>,
}

/// More stems than this do not make a topic clearer.
const MOST_STEMS: usize = 32;

impl Topic {
    /// The topic of a range of tokens.
    pub fn of(analysis: &Analysis<'_>, text: &str, tokens: Range<usize>) -> Self {
        let mut topic = Topic::default();
        stems(analysis, text, tokens.clone(), |stem| {
            if topic.stems.len() < MOST_STEMS && !topic.stems.iter().any(|known| known == stem) {
                topic.stems.push(stem.to_owned());
            }
        });
        topic.concepts = concepts(analysis, &tokens);
        topic
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.stems.is_empty() && self.concepts.is_empty()
    }

    /// Takes in what another topic is about.
    pub fn add(&mut self, other: &Topic) {
        for stem in &other.stems {
            if self.stems.len() < MOST_STEMS && !self.stems.contains(stem) {
                self.stems.push(stem.clone());
            }
        }
        self.concepts.extend(&other.concepts);
        self.concepts.sort_unstable();
        self.concepts.dedup();
    }
}

/// More words than this are forgotten, so that memory does not grow with the texts that are checked.
const MOST_KNOWN: usize = 1 << 14;

/// Stems of words by their folded forms; `None` for those that say nothing.
pub(crate) type Stems = FxHashMap<Box<str>, Option<Box<str>>>;

/// Hands on the stem of each content word of a range of tokens.
pub(crate) fn stems(analysis: &Analysis<'_>, text: &str, tokens: Range<usize>, mut take: impl FnMut(&str)) {
    let list = &analysis.text.tokens;
    let end_of = |passage: &Passage| {
        analysis.sentences[..passage.sentences.end].last().map_or(0, |sentence| sentence.tokens.end)
    };
    let first = analysis.passages.partition_point(|passage| end_of(passage) <= tokens.start);
    for passage in &analysis.passages[first..] {
        let sentences = &analysis.sentences[passage.sentences.clone()];
        let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { continue };
        if first.tokens.start >= tokens.end {
            break;
        }
        let Some(language) = passage.pack.and_then(|number| analysis.language(number)) else { continue };
        let Some(pack) = language.open() else { continue };
        let range = tokens.start.max(first.tokens.start)..tokens.end.min(last.tokens.end);
        let stemmer = pack.stemming.stemmer();
        language.stems.with(|known| {
            if known.len() > MOST_KNOWN {
                known.clear();
            }
            for token in &list[range] {
                let folded = analysis.folded(token);
                match token.kind {
                    TokenKind::Word if may_say_something(folded, &text[token.range()]) => {
                        if !known.contains_key(folded) {
                            known.insert(folded.into(), stem(pack, &stemmer, folded));
                        }
                        if let Some(Some(stem)) = known.get(folded) {
                            take(stem);
                        }
                    }
                    TokenKind::Word => {}
                    // "2" is in every text, "4711" is not.
                    TokenKind::Number if folded.len() < 2 => {}
                    TokenKind::Number | TokenKind::Code => take(folded),
                }
            }
        });
    }
}

/// Whether a word is long enough to say what is spoken about; short ones do so as names only: "IP", "TV".
fn may_say_something(folded: &str, written: &str) -> bool {
    let is_name = || folded.chars().nth(1).is_some() && written.chars().all(char::is_uppercase);
    folded.chars().nth(2).is_some() || is_name()
}

/// The stem of a word; `None` where it is one of those that are in every text.
fn stem(pack: &Pack, stemmer: &Stemmer<'_>, folded: &str) -> Option<Box<str>> {
    if pack.function_words.binary_search_by(|known| known.as_str().cmp(folded)).is_ok() {
        return None;
    }
    let stem = stemmer.stem(folded);
    // Who leaves diacritics out means the same word.
    if !pack.missing_diacritics || stem.is_ascii() {
        return Some(stem.into());
    }
    let mut bare = String::new();
    strip_diacritics_into(&stem, &mut bare);
    Some(bare.into())
}

/// The concepts that words of a range of tokens stand for, sorted.
pub(crate) fn concepts(analysis: &Analysis<'_>, tokens: &Range<usize>) -> Vec<u16> {
    // Hits are in the order of their sentences.
    let words = |found: &Found| &analysis.sentences[found.hit.sentence as usize].tokens;
    let first = analysis.hits.partition_point(|found| words(found).end <= tokens.start);
    let near = analysis.hits[first..].iter().take_while(|found| words(found).start < tokens.end);
    let tokens = tokens.start as u32..tokens.end as u32;
    let mut concepts: Vec<u16> = near
        .filter(|found| super::overlap(&found.hit.tokens, &tokens))
        .filter_map(|found| {
            let pack = analysis.pack(found.pack)?;
            match pack.groups[usize::from(found.hit.group)].role {
                Role::Concept(concept) => Some(concept),
                _ => None,
            }
        })
        .collect();
    concepts.sort_unstable();
    concepts.dedup();
    concepts
}
