//! What a run of words is about: its content stems and its concepts.

use std::ops::Range;

use replylint_pack::{Pack, Role};

use crate::analysis::Analysis;
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
    pub fn of(analysis: &Analysis<'_>, tokens: Range<usize>) -> Self {
        let mut topic = Topic::default();
        stems(analysis, tokens.clone(), |stem| {
            if topic.stems.len() < MOST_STEMS && !topic.stems.iter().any(|known| known == stem) {
                topic.stems.push(stem.to_owned());
            }
        });
        topic.concepts = concepts(analysis, &tokens);
        topic
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

/// Hands on the stem of each content word of a range of tokens.
pub(crate) fn stems(analysis: &Analysis<'_>, tokens: Range<usize>, mut take: impl FnMut(&str)) {
    let list = &analysis.text.tokens.list;
    for passage in &analysis.passages {
        let Some(pack) = passage.pack.and_then(|number| analysis.pack(number)) else { continue };
        let sentences = &analysis.sentences[passage.sentences.clone()];
        let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { continue };
        let range = tokens.start.max(first.tokens.start)..tokens.end.min(last.tokens.end);
        if range.is_empty() {
            continue;
        }
        let stemmer = pack.stemming.stemmer();
        for token in &list[range] {
            let folded = analysis.text.tokens.folded_of(token);
            match token.kind {
                TokenKind::Word if is_content(pack, folded) => take(&stemmer.stem(folded)),
                TokenKind::Word => {}
                // "2" is in every text, "4711" is not.
                TokenKind::Number if folded.len() < 2 => {}
                TokenKind::Number | TokenKind::Code => take(folded),
            }
        }
    }
}

fn is_content(pack: &Pack, folded: &str) -> bool {
    folded.chars().nth(2).is_some()
        && pack.function_words.binary_search_by(|known| known.as_str().cmp(folded)).is_err()
}

/// The concepts that words of a range of tokens stand for, sorted.
pub(crate) fn concepts(analysis: &Analysis<'_>, tokens: &Range<usize>) -> Vec<u16> {
    let tokens = tokens.start as u32..tokens.end as u32;
    let mut concepts: Vec<u16> = analysis
        .hits
        .iter()
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
