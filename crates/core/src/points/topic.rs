//! What a run of words is about: its content stems and its concepts.

use std::ops::Range;

use super::meaning::Meaning;
use crate::analysis::{Analysis, Found};

/// What words are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Topic {
    /// Stems of the content words, and codes and numbers as they are, by their numbers in the vocabulary; each once.
    pub stems: Vec<u32>,
    /// Concepts, sorted.
    pub concepts: Vec<u16>,
}

/// More stems than this do not make a topic clearer.
const MOST_STEMS: usize = 32;

impl Topic {
    /// The topic of a range of tokens.
    pub fn of(analysis: &Analysis<'_>, tokens: Range<usize>) -> Self {
        let concepts = concepts(analysis, &tokens);
        let mut topic = Topic { stems: Vec::with_capacity(tokens.len().min(MOST_STEMS)), concepts };
        topic.add_stems(analysis.stems(tokens).map(|stem| stem.word));
        topic
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.stems.is_empty() && self.concepts.is_empty()
    }

    /// Takes in what another topic is about.
    pub fn add(&mut self, other: &Topic) {
        self.add_stems(other.stems.iter().copied());
        self.concepts.extend(&other.concepts);
        self.concepts.sort_unstable();
        self.concepts.dedup();
    }

    fn add_stems(&mut self, stems: impl Iterator<Item = u32>) {
        for stem in stems {
            if self.stems.len() < MOST_STEMS && !self.stems.contains(&stem) {
                self.stems.push(stem);
            }
        }
    }
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
        .filter_map(|found| match analysis.meaning(found) {
            Meaning::Concept(concept) => Some(concept),
            _ => None,
        })
        .collect();
    concepts.sort_unstable();
    concepts.dedup();
    concepts
}
