//! A draft after it was read: words, sentences, languages, phrases found.

use std::ops::Range;
use std::sync::Arc;

use replylint_pack::{Pack, Reach, Role};
use rustc_hash::FxHashMap;

use crate::packs::LanguagePack;
use crate::scan::{Hit, Reading};
use crate::text::{Sentence, Text, ZoneKind, sentences, words};
use crate::workbench::Workbench;

/// A paragraph, its language and its sentences.
#[derive(Debug, Clone)]
pub(crate) struct Passage {
    /// Number of its pack; `None` where its language is none of ours.
    pub pack: Option<usize>,
    /// Its sentences.
    pub sentences: Range<usize>,
}

/// A hit with the number of its pack.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub pack: usize,
    pub hit: Hit,
}

/// The number of a sentence and the marked tokens in it.
type Place = (u32, Range<u32>);

/// A draft that was read once, for all rules to look at.
#[derive(Debug)]
pub(crate) struct Analysis<'a> {
    packs: &'a [Arc<LanguagePack>],
    pub text: Text,
    pub sentences: Vec<Sentence>,
    pub passages: Vec<Passage>,
    /// Tokens at which a clause begins, in order; only of sentences whose language has a pack.
    pub clauses: Vec<u32>,
    /// Faults that were found, by sentence, whether they are excused or not.
    pub faults: Vec<Found>,
    /// Evidence and concepts that were found, by sentence.
    pub hits: Vec<Found>,
    /// The groups of `hits`, as bits, by pack.
    seen: Vec<(usize, Vec<u64>)>,
    /// Where excuses stand, by pack and group.
    excuses: FxHashMap<(usize, u16), Vec<Place>>,
    /// The language of most of the draft.
    pub main: Option<usize>,
    /// Whether it is known that the rest, or all, is in another language than ours.
    pub is_told: bool,
}

impl<'a> Analysis<'a> {
    /// Reads a draft without the ranges that are no prose; `packs_of` gives the number of each paragraph's pack.
    pub fn new(
        packs: &'a [Arc<LanguagePack>],
        bench: &mut Workbench,
        draft: &str,
        not_prose: &[Range<usize>],
        reading: Reading,
        packs_of: impl FnOnce(&Text, &mut Workbench) -> Vec<Option<usize>>,
    ) -> Self {
        let mut text = Text::without(draft, not_prose, &mut bench.vocabulary);
        let numbers = packs_of(&text, bench);
        let main = most_common(&text, &numbers);
        words::adjust(&mut text, draft, &mut bench.vocabulary, |paragraph| {
            numbers[paragraph].and_then(|number| packs[number].open()).map(|pack| &pack.words)
        });
        let mut analysis = Analysis {
            packs,
            text,
            sentences: Vec::new(),
            passages: Vec::new(),
            clauses: Vec::new(),
            faults: Vec::new(),
            hits: Vec::new(),
            seen: Vec::new(),
            excuses: FxHashMap::default(),
            main,
            is_told: main.is_some(),
        };
        let mut hits = Vec::new();
        for (at, pack) in numbers.iter().copied().enumerate() {
            let first = analysis.sentences.len();
            analysis.sentences.extend(sentences::sentences(&analysis.text, at));
            let range = first..analysis.sentences.len();
            if let Some((number, pack)) = pack.and_then(|number| Some((number, packs[number].open()?))) {
                let (scanner, vocabulary) = bench.scanner(packs, number);
                for sentence in range.clone() {
                    hits.clear();
                    let read = &analysis.sentences[sentence];
                    let words = &analysis.text.tokens.list[read.tokens.clone()];
                    let of = (sentence as u32, read, reading);
                    let clauses = &mut analysis.clauses;
                    scanner.sentence(pack, vocabulary, words, of, &mut hits, clauses);
                    for hit in hits.drain(..) {
                        match pack.groups[usize::from(hit.group)].role {
                            Role::Excuse { .. } => {
                                let places = analysis.excuses.entry((number, hit.group)).or_default();
                                places.push((hit.sentence, hit.tokens));
                            }
                            Role::Finding { .. } => analysis.faults.push(Found { pack: number, hit }),
                            _ => {
                                analysis.see(number, pack, hit.group);
                                analysis.hits.push(Found { pack: number, hit });
                            }
                        }
                    }
                }
            }
            analysis.passages.push(Passage { pack, sentences: range });
        }
        analysis
    }

    /// The pack with this number.
    pub fn pack(&self, number: usize) -> Option<&'a Pack> {
        self.language(number)?.open()
    }

    /// The language with this number.
    pub fn language(&self, number: usize) -> Option<&'a LanguagePack> {
        self.packs.get(number).map(|language| &**language)
    }

    /// The number in a pack of a rule, by its place in the catalogue; `None` where the rule does not exist there.
    pub fn rule_number(&self, pack: usize, rule: usize) -> Option<u16> {
        self.language(pack)?.rule_number(rule)
    }

    /// The bytes that a range of tokens covers.
    pub fn bytes(&self, tokens: &Range<u32>) -> Range<usize> {
        let list = &self.text.tokens.list;
        match (list.get(tokens.start as usize), list.get((tokens.end as usize).saturating_sub(1))) {
            (Some(first), Some(last)) if tokens.start < tokens.end => first.range().start..last.range().end,
            (Some(first), _) => first.range().start..first.range().start,
            _ => 0..0,
        }
    }

    fn see(&mut self, number: usize, pack: &Pack, group: u16) {
        let at = self.seen.iter().position(|(known, _)| *known == number).unwrap_or_else(|| {
            self.seen.push((number, vec![0; pack.groups.len().div_ceil(64)]));
            self.seen.len() - 1
        });
        self.seen[at].1[usize::from(group) / 64] |= 1 << (group % 64);
    }

    /// The places where evidence of this name was found for a rule, as bytes, with the sentence's number.
    pub fn evidence(&self, rule: &str, wanted: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
        let groups: Vec<(usize, &[u16])> = self
            .seen
            .iter()
            .filter_map(|(number, seen)| {
                let groups = self.pack(*number)?.evidence_groups(rule, wanted);
                let is_seen = |group: &u16| seen[usize::from(*group) / 64] >> (group % 64) & 1 == 1;
                groups.iter().any(is_seen).then_some((*number, groups))
            })
            .collect();
        let hits = if groups.is_empty() { &[] } else { self.hits.as_slice() };
        hits.iter()
            .filter(move |found| {
                groups.iter().any(|(pack, groups)| *pack == found.pack && groups.contains(&found.hit.group))
            })
            .map(|found| (self.bytes(&found.hit.tokens), found.hit.sentence as usize))
    }

    /// The first of these words at which one of the programs of a pack recognises something, and what.
    pub fn first_of<T: Copy>(
        &self,
        pack: usize,
        words: Range<usize>,
        programs: &[(T, u32)],
    ) -> Option<(usize, T)> {
        let language = self.language(pack)?;
        let pack = language.open()?;
        language.scanners.with(|scanner| {
            scanner.tidy(false);
            scanner.first_of(pack, &self.text.tokens, words, programs)
        })
    }

    /// Words of the agent's prose.
    pub fn words(&self) -> usize {
        self.text.tokens.list.len()
    }

    /// The byte ranges of the agent's prose.
    pub fn prose(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.text.zones.iter().filter(|zone| zone.kind == ZoneKind::Prose).map(|zone| zone.range.clone())
    }

    /// Whether an excuse of this group stands within its reach of the finding.
    pub fn is_excused(&self, pack: &Pack, found: &Found, excuse: u16) -> bool {
        let Some(places) = self.excuses.get(&(found.pack, excuse)) else { return false };
        let Role::Excuse { reach } = pack.groups[usize::from(excuse)].role else { return false };
        let sentence = found.hit.sentence;
        let mark = &found.hit.tokens;
        let in_sentences = |first: u32, last: u32| {
            let from = places.partition_point(|(at, _)| *at < first);
            places[from..].iter().take_while(move |(at, _)| *at <= last).map(|(_, tokens)| tokens)
        };
        match reach {
            Reach::Reply => !places.is_empty(),
            Reach::Near => in_sentences(sentence.saturating_sub(1), sentence + 1).next().is_some(),
            Reach::Sentence => in_sentences(sentence, sentence).next().is_some(),
            Reach::Before => in_sentences(sentence, sentence).any(|tokens| tokens.start < mark.start),
            Reach::After => in_sentences(sentence, sentence).any(|tokens| tokens.end > mark.end),
            Reach::Clause => {
                let clause = &found.hit.clause;
                in_sentences(sentence, sentence)
                    .any(|tokens| tokens.start < clause.end && clause.start < tokens.end)
            }
        }
    }
}

/// The pack that most letters of the draft are written in.
fn most_common(text: &Text, numbers: &[Option<usize>]) -> Option<usize> {
    let mut sizes: FxHashMap<Option<usize>, usize> = FxHashMap::default();
    for (paragraph, number) in text.paragraphs.iter().zip(numbers) {
        *sizes.entry(*number).or_default() += paragraph.tokens.len();
    }
    sizes
        .into_iter()
        .filter(|(_, size)| *size > 0)
        .max_by_key(|(number, size)| (*size, *number))
        .and_then(|(number, _)| number)
}
