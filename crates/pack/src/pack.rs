//! A compiled pack: what the matcher runs on.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::packed::{Lists, Packed, Record};
use crate::source::Direction;
use crate::{Applicability, AtomId, Completions, Lexicon, Part, Reach, Register, Tier, WordRules};

/// The atom of every number, in digits or in words.
pub const NUMBER: AtomId = 0;

/// A compiled language pack.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Pack {
    /// ISO 639-1 code: the folder's name.
    pub code: String,
    /// The language's name in English.
    pub name: String,
    /// The language's own name.
    pub native_name: String,
    /// Which way it is written.
    pub direction: Direction,
    /// How words and sentences are cut.
    pub words: WordRules,
    /// A sentence of more words is long.
    pub sentence_words: u32,
    /// A paragraph of more words without a break is a wall of text.
    pub paragraph_words: u32,
    /// How words are cut to their stems.
    pub stemming: Stemming,
    /// Folded words that say little about what a sentence is about, sorted.
    pub function_words: Vec<String>,
    /// From folded word to atoms.
    pub lexicon: Lexicon,
    /// The same for words that are typed without diacritics, as they look then. A word that has some is meant as it is
    /// written.
    pub bare: Lexicon,
    /// Whether agents leave diacritics out.
    pub missing_diacritics: bool,
    /// Pairs of atoms: where a word has the first, the second does not hold.
    pub exceptions: Vec<(AtomId, AtomId)>,
    /// What each atom says about its clause, as [`mark`] bits.
    pub marks: Vec<u64>,
    /// What can be asked of a word, as bits.
    pub bits: WordBits,
    /// The programs of all phrases, one after the other.
    pub ops: Packed<Op, 6>,
    /// Classes of several words: where their programs begin, and a bit that their first word has, if that is known.
    pub classes: Vec<(u32, Option<BitId>)>,
    /// The phrases, in the order of what they are for.
    pub phrases: Packed<Phrase, 21>,
    /// How many of the phrases belong to the parts up to each but the last: see [`Pack::phrases_of`].
    pub part_ends: [usize; Part::ALL.len() - 1],
    /// Phrases by the atom without which they cannot match.
    pub triggered: Lists,
    /// What a phrase's hit means.
    pub groups: Vec<Group>,
    /// The rules of the language, sorted by id.
    pub rules: Vec<RulePack>,
    /// Names of the facts, by bit.
    pub facts: Vec<String>,
    /// Folded number words with their values, sorted by word.
    pub numbers: Vec<(String, f64)>,
    /// Units of time with the program that recognises them, the more specific first.
    pub units: Vec<(Unit, u32)>,
    /// Months (1 to 12) with the program that recognises them.
    pub months: Vec<(u8, u32)>,
    /// Days of the week (1, Monday, to 7) with the program that recognises them.
    pub weekdays: Vec<(u8, u32)>,
    /// Good openings and closings.
    pub completions: Completions,
}

/// Bits of [`Pack::marks`]. The low 32 bits are the facts.
pub mod mark {
    /// The word begins a clause.
    pub const BREAK: u64 = 1 << 32;
    /// The word names a subject on our side; the two bits after it are the customer's and a third party's.
    pub const SUBJECT_US: u64 = 1 << 33;
    /// The verb's subject is on our side; the two bits after it are the customer's and a third party's.
    pub const VERB_US: u64 = 1 << 36;
}

/// The number of a bit of [`WordBits`].
pub type BitId = u16;

/// Everything that a pack can ask of one word, as one row of bits a word: first the atoms, then sets of atoms, then
/// conditions that are more than a set. A row is made once for each word of a text; from then on a question is a look
/// at a bit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct WordBits {
    /// By atom, whose bit is its number, the bits of the sets that it is in.
    sets: Lists,
    /// Conditions, in the order of their bits: those that others ask for first.
    conditions: Vec<WordTest>,
    /// By atom, the conditions that can hold only where it is there.
    conditions_of: Lists,
    /// Conditions that can hold whatever is there.
    open_conditions: Vec<u32>,
    /// The bit of the first condition.
    first_condition: BitId,
}

impl WordBits {
    /// The bits for tests, and the bit of each; `None` where there are more than a [`BitId`] can tell apart.
    pub(crate) fn new(atoms: usize, tests: &[WordTest]) -> Option<(Self, Vec<BitId>)> {
        let mut sets: Vec<Vec<u32>> = vec![Vec::new(); atoms];
        let mut next = atoms;
        let mut bits = vec![0; tests.len()];
        for (bit, test) in bits.iter_mut().zip(tests) {
            if let WordTest::Atom(atom) = test {
                *bit = usize::from(*atom);
            } else if test.is_set() {
                test.each_atom(&mut |atom| sets[usize::from(atom)].push(next as u32));
                *bit = next;
                next += 1;
            }
        }
        // Sets within conditions get bits of their own, so that a long list costs one look.
        let mut known: FxHashMap<Vec<AtomId>, BitId> = FxHashMap::default();
        let mut set_bit = |atoms: Vec<AtomId>| {
            *known.entry(atoms).or_insert_with_key(|atoms| {
                atoms.iter().for_each(|atom| sets[usize::from(*atom)].push(next as u32));
                next += 1;
                (next - 1) as BitId
            })
        };
        // A condition may be part of another, which asks for its bit then: the shorter ones come first.
        let mut conditions: Vec<(usize, WordTest)> = tests
            .iter()
            .enumerate()
            .filter(|(_, test)| !test.is_set())
            .map(|(number, test)| (number, test.with_set_bits(&mut set_bit)))
            .collect();
        conditions.sort_by_key(|(_, test)| test.size());
        let first_condition = next;
        let mut bit_of: FxHashMap<WordTest, BitId> = FxHashMap::default();
        let mut conditions_of: Vec<Vec<u32>> = vec![Vec::new(); atoms];
        let mut open_conditions = Vec::new();
        for (number, (test, condition)) in conditions.iter_mut().enumerate() {
            bits[*test] = next;
            next += 1;
            match tests[*test].needs() {
                Some(atoms) => {
                    atoms.iter().for_each(|atom| conditions_of[usize::from(*atom)].push(number as u32));
                }
                None => open_conditions.push(number as u32),
            }
            let whole = condition.clone();
            *condition = condition.with_bits_of_parts(&bit_of);
            bit_of.insert(whole, bits[*test] as BitId);
        }
        let conditions: Vec<WordTest> = conditions.into_iter().map(|(_, condition)| condition).collect();
        BitId::try_from(next).ok()?;
        let row = WordBits {
            sets: Lists::new(&sets)?,
            conditions,
            conditions_of: Lists::new(&conditions_of)?,
            open_conditions,
            first_condition: first_condition as BitId,
        };
        Some((row, bits.into_iter().map(|bit| bit as BitId).collect()))
    }

    /// A row without bits.
    pub fn row(&self) -> BitRow {
        let size = (usize::from(self.first_condition) + self.conditions.len()).div_ceil(64);
        let pending = vec![0; self.conditions.len().div_ceil(64)];
        BitRow { words: vec![0; size], filled: vec![0; size.div_ceil(8)], pending }
    }

    /// Makes a row of [`WordBits::row`] that of a word with these atoms.
    pub fn fill(&self, atoms: &[AtomId], row: &mut BitRow) {
        row.clear();
        for atom in atoms.iter().copied() {
            row.set(atom);
            self.sets.of(usize::from(atom)).for_each(|bit| row.set(bit));
        }
        let of_atoms = atoms.iter().flat_map(|atom| self.conditions_of.of(usize::from(*atom)));
        for number in
            self.open_conditions.iter().map(|number| *number as usize).chain(of_atoms.map(usize::from))
        {
            row.pending[number / 64] |= 1 << (number % 64);
        }
        for place in 0..row.pending.len() {
            let mut rest = std::mem::take(&mut row.pending[place]);
            while rest != 0 {
                let number = place * 64 + rest.trailing_zeros() as usize;
                if self.conditions[number].holds(&row.words) {
                    row.set(self.first_condition + number as BitId);
                }
                rest &= rest - 1;
            }
        }
    }
}

/// The bits of a word. There are thousands, of which a word has few: it is known which 64 of them have some.
#[derive(Debug, Clone, Default)]
pub struct BitRow {
    words: Vec<u64>,
    /// Which of the words have bits: a byte for eight of them.
    filled: Vec<u8>,
    /// The conditions that are still to be looked at, as bits.
    pending: Vec<u64>,
}

impl BitRow {
    fn set(&mut self, bit: BitId) {
        let word = usize::from(bit) / 64;
        self.words[word] |= 1 << (bit % 64);
        self.filled[word / 8] |= 1 << (word % 8);
    }

    fn clear(&mut self) {
        for (filled, words) in self.filled.iter_mut().zip(self.words.chunks_mut(8)) {
            if std::mem::take(filled) != 0 {
                words.fill(0);
            }
        }
    }

    /// Whether it has a bit.
    pub fn has(&self, bit: BitId) -> bool {
        has_bit(&self.words, bit)
    }

    /// The bits, 64 by 64.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// For every eight of [`BitRow::words`], which of them have bits, the first at the lowest place.
    pub fn filled(&self) -> &[u8] {
        &self.filled
    }
}

/// Whether a row has a bit.
pub fn has_bit(row: &[u64], bit: BitId) -> bool {
    row[usize::from(bit) / 64] >> (bit % 64) & 1 == 1
}

/// A condition on one word.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WordTest {
    /// It has this atom.
    Atom(AtomId),
    /// Anything.
    Any,
    /// All hold.
    All(Vec<WordTest>),
    /// One holds.
    OneOf(Vec<WordTest>),
    /// It does not hold.
    Not(Box<WordTest>),
}

impl WordTest {
    /// A condition that holds where one of these does.
    pub(crate) fn one_of(tests: Vec<WordTest>) -> Self {
        if tests.contains(&WordTest::Any) { WordTest::Any } else { WordTest::OneOf(tests) }
    }

    /// A condition that holds where all of these do.
    pub(crate) fn all(mut tests: Vec<WordTest>) -> Self {
        tests.retain(|test| *test != WordTest::Any);
        match tests.len() {
            0 => WordTest::Any,
            1 => tests.remove(0),
            _ => WordTest::All(tests),
        }
    }

    /// Whether a word with these atoms, as bits, passes.
    pub fn holds(&self, atoms: &[u64]) -> bool {
        match self {
            WordTest::Atom(atom) => has_bit(atoms, *atom),
            WordTest::Any => true,
            WordTest::All(tests) => tests.iter().all(|test| test.holds(atoms)),
            WordTest::OneOf(tests) => tests.iter().any(|test| test.holds(atoms)),
            WordTest::Not(test) => !test.holds(atoms),
        }
    }

    /// The same condition, asking for the bit of a set where it asks for one of several atoms.
    fn with_set_bits(&self, set_bit: &mut impl FnMut(Vec<AtomId>) -> BitId) -> WordTest {
        match self {
            WordTest::Atom(_) | WordTest::Any => self.clone(),
            WordTest::Not(test) => WordTest::Not(Box::new(test.with_set_bits(set_bit))),
            WordTest::All(tests) => {
                WordTest::All(tests.iter().map(|test| test.with_set_bits(set_bit)).collect())
            }
            WordTest::OneOf(tests) => {
                let mut atoms = Vec::new();
                let mut rest = Vec::new();
                for test in tests {
                    if test.is_set() {
                        test.each_atom(&mut |atom| atoms.push(atom));
                    } else {
                        rest.push(test.with_set_bits(set_bit));
                    }
                }
                atoms.sort_unstable();
                atoms.dedup();
                if let [atom] = atoms.as_slice() {
                    rest.insert(0, WordTest::Atom(*atom));
                } else if !atoms.is_empty() {
                    // A set's bit stands behind those of the atoms and is asked for in the same way.
                    rest.insert(0, WordTest::Atom(set_bit(atoms)));
                }
                if rest.len() == 1 { rest.remove(0) } else { WordTest::OneOf(rest) }
            }
        }
    }

    /// How many parts it has.
    fn size(&self) -> usize {
        match self {
            WordTest::Atom(_) | WordTest::Any => 1,
            WordTest::All(tests) | WordTest::OneOf(tests) => {
                1 + tests.iter().map(WordTest::size).sum::<usize>()
            }
            WordTest::Not(test) => 1 + test.size(),
        }
    }

    /// The same condition, asking for the bit of a part that has one.
    fn with_bits_of_parts(&self, bits: &FxHashMap<WordTest, BitId>) -> WordTest {
        let part = |test: &WordTest| match bits.get(test) {
            Some(bit) => WordTest::Atom(*bit),
            None => test.with_bits_of_parts(bits),
        };
        match self {
            WordTest::Atom(_) | WordTest::Any => self.clone(),
            WordTest::Not(test) => WordTest::Not(Box::new(part(test))),
            WordTest::All(tests) => WordTest::All(tests.iter().map(part).collect()),
            WordTest::OneOf(tests) => WordTest::OneOf(tests.iter().map(part).collect()),
        }
    }

    /// Atoms of which one must be there for it to hold; `None` where it can hold without any.
    fn needs(&self) -> Option<Vec<AtomId>> {
        match self {
            WordTest::Atom(atom) => Some(vec![*atom]),
            WordTest::Any | WordTest::Not(_) => None,
            WordTest::All(tests) => tests.iter().filter_map(WordTest::needs).min_by_key(Vec::len),
            WordTest::OneOf(tests) => {
                let mut all = tests.iter().map(WordTest::needs).collect::<Option<Vec<_>>>()?.concat();
                all.sort_unstable();
                all.dedup();
                Some(all)
            }
        }
    }

    /// Whether it asks for one of some atoms and nothing else.
    fn is_set(&self) -> bool {
        match self {
            WordTest::Atom(_) => true,
            WordTest::OneOf(tests) => tests.iter().all(WordTest::is_set),
            _ => false,
        }
    }

    /// Hands on the atoms of a set.
    fn each_atom(&self, take: &mut impl FnMut(AtomId)) {
        match self {
            WordTest::Atom(atom) => take(*atom),
            WordTest::OneOf(tests) => tests.iter().for_each(|test| test.each_atom(take)),
            _ => {}
        }
    }
}

/// One step of a phrase's program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Take a word that has this bit.
    Word(BitId),
    /// Take the words of a class, by its number.
    Class(u16),
    /// Take any word of the clause that the word before is in.
    ClauseWord,
    /// Take any word.
    AnyWord,
    /// Go on only if the next word is in the clause of the word before.
    SameClause,
    /// Try the next step, then the other one.
    Split(u32),
    /// Try the next step, then the other one, if the next word has this bit; else the other one.
    SplitAt(BitId, u32),
    /// Try the other step, then the next one.
    Leave(u32),
    /// The same if the next word has this bit; else go on with the next step.
    LeaveAt(BitId, u32),
    /// So many branches: the steps behind this one, each of which says where a branch begins ([`Op::Jump`]), and mostly
    /// which bit the next word must have ([`Op::LeaveAt`]). They are tried in their order.
    Choice(u16),
    /// Go on there.
    Jump(u32),
    /// Go on unless the next word has this bit.
    NotNext(BitId),
    /// Go on unless the word before has this bit.
    NotBefore(BitId),
    /// Go on at the beginning of a sentence.
    SentenceStart,
    /// Go on at the end of a sentence.
    SentenceEnd,
    /// Go on where a clause ends.
    ClauseEnd,
    /// The marked words begin here.
    MarkOpen,
    /// The marked words end here.
    MarkClose,
    /// Found.
    Match,
}

/// What the step is, what it is about, and which other step it goes on to.
impl Record<6> for Op {
    fn to_bytes(&self) -> Option<[u8; 6]> {
        let (kind, about, to) = match *self {
            Op::Word(bit) => (0, bit, 0),
            Op::Class(class) => (1, class, 0),
            Op::ClauseWord => (2, 0, 0),
            Op::AnyWord => (3, 0, 0),
            Op::SameClause => (4, 0, 0),
            Op::Split(to) => (5, 0, to),
            Op::SplitAt(bit, to) => (6, bit, to),
            Op::Leave(to) => (7, 0, to),
            Op::LeaveAt(bit, to) => (8, bit, to),
            Op::Choice(branches) => (9, branches, 0),
            Op::Jump(to) => (10, 0, to),
            Op::NotNext(bit) => (11, bit, 0),
            Op::NotBefore(bit) => (12, bit, 0),
            Op::SentenceStart => (13, 0, 0),
            Op::SentenceEnd => (14, 0, 0),
            Op::ClauseEnd => (15, 0, 0),
            Op::MarkOpen => (16, 0, 0),
            Op::MarkClose => (17, 0, 0),
            Op::Match => (18, 0, 0),
        };
        let [a, b] = about.to_le_bytes();
        let [c, d, e] = to.to_bytes()?;
        Some([kind, a, b, c, d, e])
    }

    #[inline]
    fn from_bytes([kind, a, b, c, d, e]: [u8; 6]) -> Self {
        let about = u16::from_le_bytes([a, b]);
        let to = u32::from_bytes([c, d, e]);
        match kind {
            0 => Op::Word(about),
            1 => Op::Class(about),
            2 => Op::ClauseWord,
            3 => Op::AnyWord,
            4 => Op::SameClause,
            5 => Op::Split(to),
            6 => Op::SplitAt(about, to),
            7 => Op::Leave(to),
            8 => Op::LeaveAt(about, to),
            9 => Op::Choice(about),
            10 => Op::Jump(to),
            11 => Op::NotNext(about),
            12 => Op::NotBefore(about),
            13 => Op::SentenceStart,
            14 => Op::SentenceEnd,
            15 => Op::ClauseEnd,
            16 => Op::MarkOpen,
            17 => Op::MarkClose,
            _ => Op::Match,
        }
    }
}

/// One phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// Where its program begins.
    pub start: u32,
    /// Its group.
    pub group: u16,
    /// The number of the phrase as it is written, which may stand for several programs.
    pub written: u32,
    /// The least and the most words from its beginning to the word that wakes it up.
    pub before: (u8, u8),
    /// A bit that its first word has, if that is known.
    pub first: Option<BitId>,
    /// What else is there if the phrase matches, what tells most first.
    pub needs: [Option<Need>; 2],
    /// Whether it is one word, that with the bit of `first`, and asks for nothing else.
    pub is_word: bool,
}

/// The bit of a need that what is no word has, before a sentence and behind it.
pub const OUTSIDE: BitId = BitId::MAX;

/// What a phrase needs besides the word that wakes it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// A bit that a word has, or [`OUTSIDE`].
    pub bit: BitId,
    /// How many words behind the one that wakes the phrase up that word is at the least and at the most, or before it where
    /// the numbers are below 0; `None` where it can be anywhere in the sentence.
    pub steps: Option<(i8, i8)>,
}

impl Record<21> for Phrase {
    fn to_bytes(&self) -> Option<[u8; 21]> {
        let [a, b, c, d] = self.start.to_le_bytes();
        let [e, f] = self.group.to_le_bytes();
        let [g, h] = u16::try_from(self.written).ok()?.to_le_bytes();
        let (i, j) = self.before;
        let [one, other] = self.needs;
        let bits = [self.first, one.map(|need| need.bit), other.map(|need| need.bit)];
        let [[k, l], [m, n], [o, p]] = bits.map(|bit| bit.unwrap_or_default().to_le_bytes());
        let steps = self.needs.map(|need| need.and_then(|need| need.steps));
        let [(q, r), (s, t)] =
            steps.map(|steps| steps.unwrap_or_default()).map(|(least, most)| (least as u8, most as u8));
        let is_there = bits.map(|bit| bit.is_some()).into_iter().chain(steps.map(|steps| steps.is_some()));
        let which = is_there.chain([self.is_word]).rev().fold(0, |which, bit| which << 1 | u8::from(bit));
        Some([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, which])
    }

    fn from_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, which]: [u8; 21]) -> Self {
        let is_there = |number: u8| which >> number & 1 == 1;
        let bit = |number: u8, bytes: [u8; 2]| is_there(number).then(|| BitId::from_le_bytes(bytes));
        let need = |number: u8, bytes: [u8; 2], (least, most): (u8, u8)| {
            let steps = is_there(number + 2).then_some((least as i8, most as i8));
            bit(number, bytes).map(|bit| Need { bit, steps })
        };
        Phrase {
            start: u32::from_le_bytes([a, b, c, d]),
            group: u16::from_le_bytes([e, f]),
            written: u32::from(u16::from_le_bytes([g, h])),
            before: (i, j),
            first: bit(0, [k, l]),
            needs: [need(1, [m, n], (q, r)), need(2, [o, p], (s, t))],
            is_word: is_there(5),
        }
    }
}

/// Whose side a subject is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Side {
    /// The agent, the team, the company.
    Us,
    /// The person who is answered.
    Customer,
    /// Somebody else.
    Third,
    /// Nobody that we can tell.
    #[default]
    Open,
}

impl Side {
    /// The side as one bit.
    pub fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Phrases which mean the same and are subject to the same conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What a hit means.
    pub role: Role,
    /// Bits of the sides that the subject may be on.
    pub subject: u8,
    /// Facts that the clause must have.
    pub with: u32,
    /// Facts that the clause must not have.
    pub without: u32,
    /// Whether the sentence must be, or must not be, a question.
    pub question: Option<bool>,
}

impl Group {
    /// Whether a hit depends on what its clause is about.
    pub fn asks_for_context(&self) -> bool {
        self.subject != u8::MAX || self.with | self.without != 0
    }

    /// Whether every hit of its phrases counts.
    pub fn is_unconditional(&self) -> bool {
        !self.asks_for_context() && self.question.is_none()
    }
}

/// What the hit of a phrase means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// A clause begins.
    Break,
    /// The subject is named.
    Subject(Side),
    /// The verb tells the subject.
    Verb(Side),
    /// The clause has the fact with this number.
    Fact(u8),
    /// A fault, unless it is excused.
    Finding {
        /// Index into [`Pack::rules`].
        rule: u16,
        /// Its kind.
        kind: Option<String>,
        /// Its tier.
        tier: Tier,
        /// Groups that excuse it.
        excuses: Vec<u16>,
        /// A safe fix.
        replacement: Option<String>,
    },
    /// What takes findings back.
    Excuse {
        /// How far.
        reach: Reach,
        /// Its name, where it has one.
        name: Option<String>,
    },
    /// What a rule's code asks about.
    Evidence {
        /// Index into [`Pack::rules`].
        rule: u16,
        /// Its name.
        name: String,
    },
    /// What the words are about: an index into the concepts that all languages share.
    Concept(u16),
}

/// A rule in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePack {
    /// The rule's id.
    pub id: String,
    /// What the agent reads.
    pub message: String,
    /// The same for single kinds.
    pub messages: Vec<(String, String)>,
    /// Better wordings.
    pub suggestions: Vec<SuggestionTemplate>,
    /// Whether its faults ask for evidence in the whole reply.
    pub asks_beside_faults: bool,
    /// Names of its evidence, each with the groups that are of it.
    pub evidence: Vec<(String, Vec<u16>)>,
}

impl RulePack {
    /// The message for a kind.
    pub fn message(&self, kind: Option<&str>) -> &str {
        self.messages
            .iter()
            .find(|(of, _)| Some(of.as_str()) == kind)
            .map_or(self.message.as_str(), |(_, message)| message)
    }
}

/// A better wording before the draft's own words are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionTemplate {
    /// What it does.
    pub title: String,
    /// The words.
    pub replacement: String,
    /// Kinds that it is for; empty means all.
    pub kinds: Vec<String>,
    /// The form of address that it uses.
    pub register: Option<Register>,
    /// Whether it can be applied unseen.
    pub applicability: Applicability,
    /// Words right before the flagged ones which it replaces too; like those below in their [bare](crate::bare) form.
    pub takes_before: Vec<String>,
    /// Words right after the flagged ones which it replaces too.
    pub takes_after: Vec<String>,
    /// It is made only where one of these words stands beside what it replaces, and then those without are not.
    pub beside: Vec<String>,
    /// It is not made where one of these words is among the flagged ones.
    pub except: Vec<String>,
}

/// How words are cut to their stems, so that forms of one word compare as equal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stemming {
    /// A Snowball algorithm, by its own name.
    pub snowball: Option<String>,
    /// Folded endings that are cut off, longest first, where the language has no Snowball algorithm.
    pub endings: Vec<String>,
}

impl Stemming {
    /// The Snowball algorithm of this name.
    pub(crate) fn algorithm(name: &str) -> Option<rust_stemmers::Algorithm> {
        use serde::de::IntoDeserializer as _;
        let deserializer: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
            name.into_deserializer();
        rust_stemmers::Algorithm::deserialize(deserializer).ok()
    }

    /// The function that cuts folded words to their stems.
    ///
    /// ```
    /// use replylint_pack::Stemming;
    ///
    /// let stemming = Stemming { snowball: Some("English".to_owned()), endings: Vec::new() };
    /// assert_eq!(stemming.stemmer().stem("refunds"), "refund");
    /// ```
    pub fn stemmer(&self) -> Stemmer<'_> {
        let snowball = self.snowball.as_deref().and_then(Stemming::algorithm);
        Stemmer { snowball: snowball.map(rust_stemmers::Stemmer::create), endings: &self.endings }
    }
}

/// Cuts words to their stems; see [`Stemming::stemmer`].
pub struct Stemmer<'p> {
    snowball: Option<rust_stemmers::Stemmer>,
    endings: &'p [String],
}

impl Stemmer<'_> {
    /// A stem keeps at least so many letters.
    const LEAST: usize = 3;

    /// The stem of a folded word.
    pub fn stem<'w>(&self, word: &'w str) -> std::borrow::Cow<'w, str> {
        if let Some(snowball) = &self.snowball {
            return snowball.stem(word);
        }
        let cut = self
            .endings
            .iter()
            .filter_map(|ending| word.strip_suffix(ending.as_str()))
            .find(|stem| stem.chars().count() >= Self::LEAST);
        cut.unwrap_or(word).into()
    }
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Unit {
    /// Days on which the team works.
    BusinessDay,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Three months.
    Quarter,
    /// Years.
    Year,
}

impl Unit {
    /// All units by the key that a language file uses, the more specific first.
    pub const KEYS: [(&'static str, Unit); 9] = [
        ("business-day", Unit::BusinessDay),
        ("second", Unit::Second),
        ("minute", Unit::Minute),
        ("hour", Unit::Hour),
        ("day", Unit::Day),
        ("week", Unit::Week),
        ("month", Unit::Month),
        ("quarter", Unit::Quarter),
        ("year", Unit::Year),
    ];
}

/// Why stored packs cannot be read: they were written by another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl Pack {
    /// The number of a rule in [`Pack::rules`]; `None` where the rule does not exist in the language.
    pub fn rule_number(&self, id: &str) -> Option<u16> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().map(|number| number as u16)
    }

    /// The groups of a rule's evidence of this name.
    pub fn evidence_groups(&self, rule: u16, name: &str) -> &[u16] {
        let evidence =
            self.rules.get(usize::from(rule)).map(|rule| rule.evidence.as_slice()).unwrap_or_default();
        evidence.iter().find(|(known, _)| known == name).map_or(&[], |(_, groups)| groups)
    }

    /// The pack as bytes.
    ///
    /// # Errors
    /// Never in practice; the encoder's signature asks for it.
    pub fn to_bytes(&self) -> Result<Vec<u8>, crate::Error> {
        postcard::to_allocvec(self).map_err(|error| crate::Error::new(error.to_string()))
    }

    /// The pack from bytes.
    ///
    /// # Errors
    /// Where the bytes were not written by [`Pack::to_bytes`] of this version.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Self, Unreadable> {
        postcard::from_bytes(bytes).map_err(|_| Unreadable)
    }
}
