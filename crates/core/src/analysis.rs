//! A draft after it was read: words, sentences, languages, phrases found.

use std::cell::OnceCell;
use std::ops::{Deref, Range};
use std::sync::Arc;

use replylint_pack::{Pack, Reach, Role, has_bit};

use crate::entities::Entity;
use crate::packs::LanguagePack;
use crate::points::Meaning;
use crate::scan::{Hit, Reading};
use crate::stems::Stem;
use crate::text::{Sentence, Text, Token, ZoneKind, sentences, words};
use crate::vocabulary::Vocabulary;
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
    /// Of a fault, the number of its rule in the pack.
    pub rule: Option<u16>,
    pub hit: Hit,
}

/// What was read in a text, without what it was read with.
#[derive(Debug, Default)]
pub(crate) struct ReadText {
    pub text: Text,
    pub sentences: Vec<Sentence>,
    pub passages: Vec<Passage>,
    /// Tokens at which a clause begins, in order; only of messages, and of sentences whose language has a pack.
    pub clauses: Vec<u32>,
    /// Faults that were found, by sentence, whether they are excused or not.
    pub faults: Vec<Found>,
    /// Evidence and concepts that were found, by sentence.
    pub hits: Vec<Found>,
    /// Excuses that were found near faults, by sentence.
    excuses: Vec<Found>,
    /// Evidence that only faults ask for, by sentence.
    asked: Vec<Found>,
    /// The groups that were found, as bits, by pack.
    seen: Vec<(usize, Vec<u64>)>,
    /// The stems of the tokens where the text is of a thread, or [`Stem::NOTHING`].
    stems: Vec<Stem>,
    /// The language of most of the text.
    pub main: Option<usize>,
    /// Whether it is known that the rest, or all, is in another language than ours.
    pub is_told: bool,
}

impl ReadText {
    /// Cuts a text without the ranges that are no prose into words, in the memory of one that is forgotten.
    pub fn cut(bench: &mut Workbench, source: &str, not_prose: &[Range<usize>]) -> Self {
        let mut new = bench.texts.take();
        new.clear();
        new.text.read(source, not_prose, &mut bench.vocabulary);
        new
    }

    /// Reads a text that was cut from `source`; `packs_of` gives the number of each paragraph's pack.
    pub fn read(
        self,
        packs: &[Arc<LanguagePack>],
        bench: &mut Workbench,
        source: &str,
        reading: Reading,
        packs_of: impl FnOnce(&Text, &mut Workbench, &mut Vec<Option<usize>>),
    ) -> Self {
        let mut new = self;
        let mut numbers = std::mem::take(&mut bench.numbers);
        numbers.clear();
        packs_of(&new.text, bench, &mut numbers);
        new.main = most_common(&new.text, &numbers, packs.len());
        new.is_told = new.main.is_some();
        words::adjust(&mut new.text, source, &mut bench.vocabulary, |paragraph| {
            numbers[paragraph].and_then(|number| packs[number].words())
        });
        for (at, pack) in numbers.iter().copied().enumerate() {
            let first = new.sentences.len();
            sentences::sentences(&new.text, at, &mut new.sentences);
            let range = first..new.sentences.len();
            if let Some((number, pack)) = pack.and_then(|number| Some((number, packs[number].open()?))) {
                new.find(packs, bench, (number, pack), range.clone(), (reading, &[]));
                if reading.is_of_thread() {
                    let (stems, vocabulary) = bench.stems(number);
                    let tokens = new.text.paragraphs[at].tokens.clone();
                    new.stems.resize(tokens.start, Stem::NOTHING);
                    stems.read(pack, vocabulary, &new.text.tokens[tokens], &mut new.stems);
                }
            }
            new.passages.push(Passage { pack, sentences: range });
        }
        bench.numbers = numbers;
        if reading != Reading::Message && !new.faults.is_empty() {
            new.find_excuses(packs, bench);
        }
        new
    }

    /// Finds what may excuse the faults, and evidence that their rules ask for. There are few faults and many excuses, so
    /// that these are looked for where they would count only.
    fn find_excuses(&mut self, packs: &[Arc<LanguagePack>], bench: &mut Workbench) {
        // Excuses that count everywhere, and rules that ask for evidence, both with their packs.
        let mut everywhere: Vec<(usize, u16)> = Vec::new();
        let mut asking: Vec<(usize, u16)> = Vec::new();
        for Found { pack: number, rule, hit } in &self.faults {
            let (Some(pack), Some(rule)) = (packs[*number].open(), *rule) else { continue };
            if pack.rules[usize::from(rule)].asks_beside_faults && !asking.contains(&(*number, rule)) {
                asking.push((*number, rule));
            }
            for excuse in excuses_of(pack, hit.group) {
                if reach_of(pack, *excuse) == Some(Reach::Reply) && !everywhere.contains(&(*number, *excuse))
                {
                    everywhere.push((*number, *excuse));
                }
            }
        }
        let mut groups: Vec<u16> = Vec::new();
        for passage in 0..self.passages.len() {
            let Passage { pack, sentences } = self.passages[passage].clone();
            let Some((number, pack)) = pack.and_then(|number| Some((number, packs[number].open()?))) else {
                continue;
            };
            for sentence in sentences {
                let range = sentence..sentence + 1;
                groups.clear();
                groups.extend(everywhere.iter().filter(|(of, _)| *of == number).map(|(_, group)| *group));
                let before =
                    |at: usize| self.faults.partition_point(|fault| (fault.hit.sentence as usize) < at);
                let around = &self.faults[before(sentence.saturating_sub(1))..before(sentence + 2)];
                for Found { hit, .. } in around.iter().filter(|fault| fault.pack == number) {
                    for excuse in excuses_of(pack, hit.group) {
                        let counts = match reach_of(pack, *excuse) {
                            Some(Reach::Near) => true,
                            Some(Reach::Clause | Reach::Before | Reach::After | Reach::Sentence) => {
                                hit.sentence as usize == sentence
                            }
                            Some(Reach::Reply) | None => false,
                        };
                        if counts && !groups.contains(excuse) {
                            groups.push(*excuse);
                        }
                    }
                }
                if !groups.is_empty() {
                    self.find(packs, bench, (number, pack), range.clone(), (Reading::Excuses, &groups));
                }
                if asking.iter().any(|(of, _)| *of == number) {
                    let known = self.asked.len();
                    self.find(packs, bench, (number, pack), range, (Reading::Asked, &[]));
                    // One place is enough.
                    for found in &self.asked[known..] {
                        if let Role::Evidence { rule, .. } = pack.groups[usize::from(found.hit.group)].role {
                            asking.retain(|asked| *asked != (number, rule));
                        }
                    }
                }
            }
        }
    }

    /// Finds the phrases of a pack in sentences.
    fn find(
        &mut self,
        packs: &[Arc<LanguagePack>],
        bench: &mut Workbench,
        (number, pack): (usize, &Pack),
        sentences: Range<usize>,
        (reading, wanted): (Reading, &[u16]),
    ) {
        let (scanner, vocabulary) = bench.scanner(packs, number);
        for sentence in sentences {
            let Sentence { tokens, question, .. } = &self.sentences[sentence];
            let words = &self.text.tokens[tokens.clone()];
            let (hits, starts) = scanner.sentence(pack, vocabulary, words, *question, (reading, wanted));
            let base = tokens.start as u32;
            let shift = |range: &Range<u32>| base + range.start..base + range.end;
            self.clauses.extend(starts.iter().map(|start| base + start));
            for hit in hits {
                let (rule, list) = match pack.groups[usize::from(hit.group)].role {
                    Role::Excuse { .. } => (None, &mut self.excuses),
                    Role::Finding { rule, .. } => (Some(rule), &mut self.faults),
                    _ if reading == Reading::Asked => (None, &mut self.asked),
                    _ => (None, &mut self.hits),
                };
                see(&mut self.seen, number, pack, hit.group);
                let (tokens, clause) = (shift(&hit.tokens), shift(&hit.clause));
                list.push(Found {
                    pack: number,
                    rule,
                    hit: Hit { sentence: sentence as u32, tokens, clause, ..*hit },
                });
            }
        }
    }

    fn clear(&mut self) {
        let ReadText {
            text: _,
            sentences,
            passages,
            clauses,
            faults,
            hits,
            excuses,
            asked,
            seen,
            stems,
            main,
            is_told,
        } = self;
        sentences.clear();
        passages.clear();
        clauses.clear();
        faults.clear();
        hits.clear();
        excuses.clear();
        asked.clear();
        stems.clear();
        seen.iter_mut().for_each(|(_, groups)| groups.fill(0));
        (*main, *is_told) = (None, false);
    }
}

/// The groups of what excuses a group's faults.
fn excuses_of(pack: &Pack, group: u16) -> &[u16] {
    match &pack.groups[usize::from(group)].role {
        Role::Finding { excuses, .. } => excuses,
        _ => &[],
    }
}

/// How far a group of excuses reaches.
fn reach_of(pack: &Pack, group: u16) -> Option<Reach> {
    match pack.groups[usize::from(group)].role {
        Role::Excuse { reach, .. } => Some(reach),
        _ => None,
    }
}

/// Notes that a group was found.
fn see(seen: &mut Vec<(usize, Vec<u64>)>, number: usize, pack: &Pack, group: u16) {
    let at = seen.iter().position(|(known, _)| *known == number).unwrap_or_else(|| {
        seen.push((number, vec![0; pack.groups.len().div_ceil(64)]));
        seen.len() - 1
    });
    seen[at].1[usize::from(group) / 64] |= 1 << (group % 64);
}

/// A text that was read once, for all rules to look at.
#[derive(Debug)]
pub(crate) struct Analysis<'a> {
    packs: &'a [Arc<LanguagePack>],
    vocabulary: &'a Vocabulary,
    read: ReadText,
    entities: OnceCell<Vec<Entity>>,
}

impl Deref for Analysis<'_> {
    type Target = ReadText;

    fn deref(&self) -> &ReadText {
        &self.read
    }
}

impl<'a> Analysis<'a> {
    /// What was read with these packs and words.
    pub fn new(read: ReadText, packs: &'a [Arc<LanguagePack>], vocabulary: &'a Vocabulary) -> Self {
        Analysis { packs, vocabulary, read, entities: OnceCell::new() }
    }

    /// Gives back the memory.
    pub fn into_read(self) -> ReadText {
        self.read
    }

    /// The stems of the content words of a range of tokens.
    pub fn stems(&self, tokens: Range<usize>) -> impl Iterator<Item = Stem> {
        let end = tokens.end.min(self.stems.len());
        let stems = self.stems.get(tokens.start..end).unwrap_or_default();
        stems.iter().copied().filter(|stem| stem.word != Stem::NOTHING.word)
    }

    /// How a stem is written.
    pub fn stem(&self, stem: u32) -> &'a str {
        self.vocabulary.written(stem)
    }

    /// The details that the text, which is this one, names.
    pub fn entities(&self, text: &str) -> &[Entity] {
        self.entities.get_or_init(|| Entity::all(text, self))
    }

    /// The folded form of a token.
    pub fn folded(&self, token: &Token) -> &'a str {
        self.vocabulary.folded(token.word.id)
    }

    /// The pack with this number.
    pub fn pack(&self, number: usize) -> Option<&'a Pack> {
        self.language(number)?.open()
    }

    /// The language with this number.
    pub fn language(&self, number: usize) -> Option<&'a LanguagePack> {
        self.packs.get(number).map(|language| &**language)
    }

    /// What a hit says about points and answers.
    pub fn meaning(&self, found: &Found) -> Meaning {
        self.language(found.pack).map_or(Meaning::Nothing, |language| language.meaning(found.hit.group))
    }

    /// The number in a pack of a rule, by its place in the catalogue; `None` where the rule does not exist there.
    pub fn rule_number(&self, pack: usize, rule: usize) -> Option<u16> {
        self.language(pack)?.rule_number(rule)
    }

    /// The bytes that a range of tokens covers.
    pub fn bytes(&self, tokens: &Range<u32>) -> Range<usize> {
        let list = &self.text.tokens;
        match (list.get(tokens.start as usize), list.get((tokens.end as usize).saturating_sub(1))) {
            (Some(first), Some(last)) if tokens.start < tokens.end => first.range().start..last.range().end,
            (Some(first), _) => first.range().start..first.range().start,
            _ => 0..0,
        }
    }

    /// Whether a group of a pack was found.
    fn has_seen(&self, pack: usize, group: u16) -> bool {
        let groups = self.seen.iter().find(|(number, _)| *number == pack);
        groups.is_some_and(|(_, groups)| has_bit(groups, group))
    }

    /// The places where evidence of this name was found for a rule, by its place in the catalogue: bytes, with the
    /// sentence's number.
    pub fn evidence(&self, rule: usize, name: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
        self.found(rule, name).map(|hit| (self.bytes(&hit.tokens), hit.sentence as usize))
    }

    /// The hits of a rule's evidence of this name.
    pub fn found(&self, rule: usize, name: &str) -> impl Iterator<Item = &Hit> {
        let mut wanted: Vec<(usize, &[u16])> = Vec::new();
        for (number, _) in &self.seen {
            let groups = self.pack(*number).zip(self.rule_number(*number, rule));
            let groups = groups.map(|(pack, rule)| pack.evidence_groups(rule, name)).unwrap_or_default();
            if groups.iter().any(|group| self.has_seen(*number, *group)) {
                wanted.push((*number, groups));
            }
        }
        let hits = self.hits.iter().chain(&self.asked).take(if wanted.is_empty() { 0 } else { usize::MAX });
        hits.filter(move |found| {
            wanted.iter().any(|(pack, groups)| *pack == found.pack && groups.contains(&found.hit.group))
        })
        .map(|found| &found.hit)
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
            let tokens = &self.text.tokens[words.clone()];
            let found = scanner.first_of(pack, self.vocabulary, tokens, programs)?;
            Some((words.start + found.0, found.1))
        })
    }

    /// Words of the agent's prose.
    pub fn words(&self) -> usize {
        self.text.tokens.len()
    }

    /// The byte ranges of the agent's prose.
    pub fn prose(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.text.zones.iter().filter(|zone| zone.kind == ZoneKind::Prose).map(|zone| zone.range.clone())
    }

    /// The tokens of an excuse of this group that stands within its reach of the finding, if one does.
    pub fn excuse(&self, pack: &Pack, found: &Found, excuse: u16) -> Option<&Range<u32>> {
        let reach = reach_of(pack, excuse)?;
        let sentence = found.hit.sentence;
        let mark = &found.hit.tokens;
        let in_sentences = |first: u32, last: u32| {
            let from = self.excuses.partition_point(|other| other.hit.sentence < first);
            self.excuses[from..]
                .iter()
                .take_while(move |other| other.hit.sentence <= last)
                .filter(|other| other.hit.group == excuse && other.pack == found.pack)
                .map(|other| &other.hit.tokens)
        };
        match reach {
            Reach::Reply => in_sentences(0, u32::MAX).next(),
            Reach::Near => in_sentences(sentence.saturating_sub(1), sentence + 1).next(),
            Reach::Sentence => in_sentences(sentence, sentence).next(),
            Reach::Before => in_sentences(sentence, sentence).find(|tokens| tokens.start < mark.start),
            Reach::After => in_sentences(sentence, sentence).find(|tokens| tokens.end > mark.end),
            Reach::Clause => {
                let clause = &found.hit.clause;
                in_sentences(sentence, sentence)
                    .find(|tokens| tokens.start < clause.end && clause.start < tokens.end)
            }
        }
    }
}

/// The pack that most words of the text are in, of so many.
fn most_common(text: &Text, numbers: &[Option<usize>], packs: usize) -> Option<usize> {
    let size = |number: Option<usize>| {
        let paragraphs = text.paragraphs.iter().zip(numbers).filter(|(_, of)| **of == number);
        paragraphs.map(|(paragraph, _)| paragraph.tokens.len()).sum::<usize>()
    };
    // Of equals the last; no language at all comes before all others.
    let all = std::iter::once(None).chain((0..packs).map(Some));
    all.map(|number| (size(number), number)).filter(|(size, _)| *size > 0).max()?.1
}
