//! The matcher: one pass over the words of a sentence finds every phrase of a pack and reads its clauses.
//!
//! What a pack knows of a word is a row of bits, made once for each word and kept. A phrase wakes up where its rarest
//! word stands, if the other words that it needs are there as well, and its program runs only where it can begin. Classes
//! of several words are read once for each place, whichever phrases ask.

use std::hint::select_unpredictable;
use std::ops::Range;

use replylint_pack::{
    AtomId, BitId, BitRow, NUMBER, Need, OUTSIDE, Op, Pack, Part, Phrase, Role, Side, is_bare, mark,
};
use rustc_hash::FxHashMap;

use crate::text::{Gap, Token};
use crate::vocabulary::Vocabulary;

/// A phrase that was found, with the conditions of its group met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Index into [`Pack::groups`].
    pub group: u16,
    /// Number of the phrase as it is written.
    pub phrase: u32,
    /// Number of the sentence in the draft.
    pub sentence: u32,
    /// The marked tokens.
    pub tokens: Range<u32>,
    /// The tokens of the clauses that the mark touches, of concepts that are one word none: only excuses of faults ask for it.
    pub clause: Range<u32>,
}

/// A clause as the reader of clauses understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// Its tokens.
    pub tokens: Range<u32>,
    /// Bits of [`Pack::facts`].
    pub facts: u32,
    /// Side that a verb's form tells, with the verb's place.
    verb: Option<(u32, Side)>,
    /// Side of the first word that names a subject, with its place.
    subject: Option<(u32, Side)>,
}

impl Clause {
    /// Whose side the subject is on: the verb's form knows best, then the first word that names a subject.
    pub fn side(&self) -> Side {
        self.verb.or(self.subject).map_or(Side::Open, |(_, side)| side)
    }
}

/// What a text is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A draft of which nothing else is known.
    Draft,
    /// A draft that is judged as a letter.
    Letter,
    /// A draft that answers somebody.
    DraftInThread,
    /// A letter that answers somebody.
    LetterInThread,
    /// A message that was written before: what rules about threads ask of it.
    Message,
    /// A draft in which something was found: what excuses it.
    Excuses,
    /// A draft in which something was found: the evidence that its rule asks for.
    Asked,
    /// A sentence in which something was found: what tells something about its clauses.
    Context,
}

impl Reading {
    /// The parts that it asks for, as a range of [`SHELF`].
    fn parts(self) -> Range<usize> {
        match self {
            Reading::Context => 0..1,
            Reading::Excuses => 1..3,
            Reading::Asked => 2..4,
            Reading::Draft => 5..7,
            Reading::Letter => 4..7,
            Reading::DraftInThread => 5..9,
            Reading::LetterInThread => 4..9,
            Reading::Message => 8..11,
        }
    }

    /// Whether what was said before counts.
    pub fn is_of_thread(self) -> bool {
        matches!(self, Reading::DraftInThread | Reading::LetterInThread | Reading::Message)
    }
}

/// Scratch memory of the matcher, and what it knows of the words that it has met. Belongs to one pack.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    lexicon: Words,
    /// The rows of words by their number in the vocabulary, or [`UNREAD`].
    by_id: Vec<u32>,
    memory: Memory,
    /// The row of each word of the sentence in `lexicon`.
    words: Vec<u32>,
    /// Phrases that a word of the sentence would wake up.
    tried: Vec<Tried>,
    /// Phrases that may part clauses, each with the place of the word that woke it up.
    breaks: Vec<(u32, u32)>,
    /// All others that may match.
    awake: Vec<(u32, u32)>,
    /// For each phrase, the next word at which it may begin: behind what was tried and what was found. Holds for the
    /// sentence of the same number.
    next: Vec<(u32, u32)>,
    /// For each group, the number of the sentence in which it was found last.
    said: Vec<u32>,
    sentence: u32,
    /// The hits of a sentence that is not kept, and where its clauses begin.
    found: Vec<Hit>,
    starts: Vec<u32>,
    clauses: Vec<Clause>,
    /// Whether the phrases that tell something about clauses have been run.
    context_is_read: bool,
    /// For each word, the number of its clause.
    clause_of: Vec<u16>,
    /// Words at which phrases tell that a clause begins.
    begins: Vec<usize>,
    machine: Machine,
}

/// Stands for a word that was not looked up yet.
const UNREAD: u32 = u32::MAX;

/// The row of what is no word, before a sentence and behind it.
const NO_WORD: u32 = 0;

/// The row that has what any word of the sentence has that is just being read.
const SENTENCE: u32 = 1;

/// Sentences that were read before. People say the same things again, and an editor has the whole draft checked after
/// each key. But most sentences of many texts are said once, so they are kept when they come for the second time.
#[derive(Debug, Default)]
struct Memory {
    /// Sentences that came once: a part of the hash of a key, at the place that the rest of it tells.
    met: Vec<u32>,
    /// Numbers of sentences by the hash of their key.
    numbers: FxHashMap<u64, u32>,
    sentences: Vec<Remembered>,
    /// Rows of words with what stands behind them, what was wanted, and how the sentence was read.
    keys: Vec<u32>,
    /// What was found, as if the sentence were the first of its text.
    hits: Vec<Hit>,
    starts: Vec<u32>,
    key: Vec<u32>,
}

#[derive(Debug)]
struct Remembered {
    key: Range<u32>,
    hits: Range<u32>,
    starts: Range<u32>,
}

impl Memory {
    /// More words than this are forgotten, so that memory does not grow with the texts that are checked.
    const MOST: usize = 1 << 16;
    /// So many places are there for sentences that came once.
    const MET: usize = 1 << 12;

    /// What tells a sentence from others.
    fn key<'s>(
        rows: &'s [u32],
        words: &'s [Token],
        question: bool,
        (reading, wanted): (Reading, &'s [u16]),
    ) -> impl Iterator<Item = u32> + Clone {
        let about = reading as u32 | u32::from(question) << 3 | (wanted.len() as u32) << 4;
        let breaks = |word: &Token| u32::from(word.gap >= Gap::Clause);
        let words = rows.iter().zip(words).map(move |(row, word)| row << 1 | breaks(word));
        words.chain(wanted.iter().map(|group| u32::from(*group))).chain([about])
    }

    /// Whether the sentence with this hash came before, as far as is known.
    fn has_met(&mut self, hash: u64) -> bool {
        self.met.resize(Self::MET, 0);
        let part = (hash >> 32) as u32;
        std::mem::replace(&mut self.met[hash as usize % Self::MET], part) == part
    }

    /// The number of the sentence with this key, if it was kept; else it may be added.
    fn find(&mut self, hash: u64, key: impl Iterator<Item = u32>) -> Option<usize> {
        if self.keys.len() > Self::MOST {
            self.forget();
        }
        self.key.clear();
        self.key.extend(key);
        let number = *self.numbers.get(&hash)? as usize;
        let key = &self.sentences[number].key;
        (self.keys[key.start as usize..key.end as usize] == *self.key).then_some(number)
    }

    fn add(&mut self, hash: u64, hits: &[Hit], starts: &[u32]) -> usize {
        let (key, hit, start) = (self.keys.len() as u32, self.hits.len() as u32, self.starts.len() as u32);
        self.keys.extend_from_slice(&self.key);
        self.hits.extend_from_slice(hits);
        self.starts.extend_from_slice(starts);
        let number = self.sentences.len();
        self.numbers.insert(hash, number as u32);
        self.sentences.push(Remembered {
            key: key..self.keys.len() as u32,
            hits: hit..self.hits.len() as u32,
            starts: start..self.starts.len() as u32,
        });
        number
    }

    fn forget(&mut self) {
        let Memory { met: _, numbers, sentences, keys, hits, starts, key: _ } = self;
        numbers.clear();
        sentences.clear();
        keys.clear();
        hits.clear();
        starts.clear();
    }
}

/// Words that were met, with everything that the pack knows of them. Words of which it knows the same share a row.
#[derive(Debug, Default)]
struct Words {
    /// Rows by their atoms.
    known: FxHashMap<Box<[AtomId]>, u32>,
    /// The bits of rows. There are thousands, of which a word has few: only the 64-bit words that have some are kept.
    bits: Vec<u64>,
    /// For each row, where its 64-bit words are, eight at a time.
    filled: Vec<Filled>,
    /// How many of them a row takes.
    filled_size: usize,
    /// The bits of the row that is being read.
    bits_read: BitRow,
    rows: Vec<Row>,
    /// Numbers of the bits that phrases need somewhere in the sentence.
    needed: Numbers,
    /// The same of those that they need so many words before or behind the word that wakes them up.
    needed_near: Numbers,
    /// The bits that phrases and classes begin with.
    first_bits: Vec<u64>,
    woken: Vec<Woken>,
    /// Words that are phrases by themselves: their groups, and their numbers as they are written.
    concepts: Vec<(u16, u32)>,
    atoms: Vec<AtomId>,
}

/// Where eight of a row's 64-bit words are: which of them have bits, a bit for each, and above these eight bits the place
/// in [`Words::bits`] of the first that has; the others follow. So many rows are kept that the place has room.
#[derive(Debug, Clone, Copy)]
struct Filled(u32);

impl Filled {
    /// How many bits of a byte are set: to count them is slow on processors that must do it bit by bit.
    const COUNTS: [u8; 256] = {
        let mut counts = [0; 256];
        let mut byte = 1;
        while byte < 256 {
            counts[byte] = counts[byte / 2] + (byte % 2) as u8;
            byte += 1;
        }
        counts
    };

    /// Whether one of the eight has bits.
    fn has(self, number: usize) -> bool {
        self.0 >> number & 1 == 1
    }

    /// Where in [`Words::bits`] it is, if it has.
    fn place(self, number: usize) -> usize {
        let before = self.0 & ((1 << number) - 1);
        (self.0 >> 8) as usize + usize::from(Self::COUNTS[before as usize % 256])
    }
}

/// The bits that phrases need besides the one that wakes them up have numbers, in the order in which they are met, so that
/// words and sentences have small sets of them. There may be more of them than numbers: those that are met late,
/// which are the rare ones, share theirs with one another, so that a phrase may be tried for nothing.
#[derive(Debug, Default)]
struct Numbers {
    /// The bits that phrases need.
    asked: Vec<u64>,
    /// By bit; [`Numbers::UNMET`] for those that were not met.
    list: Vec<u16>,
    next: u16,
    /// The numbers that there are.
    range: Range<u16>,
}

impl Numbers {
    const UNMET: u16 = u16::MAX;

    /// These numbers for so many times 64 bits, of which none is needed yet.
    fn new(words: usize, range: Range<u16>) -> Self {
        Numbers { asked: vec![0; words], list: vec![Self::UNMET; 64 * words], next: range.start, range }
    }

    /// Notes that a phrase needs a bit.
    fn ask(&mut self, bit: BitId) {
        self.asked[usize::from(bit / 64)] |= 1 << (bit % 64);
    }

    /// Notes in a set the needed ones of the 64 bits at a place.
    fn note<const SIZE: usize>(&mut self, place: usize, bits: u64, set: &mut BitSet<SIZE>) {
        let mut rest = bits & self.asked[place];
        while rest != 0 {
            set.set(self.of(place * 64 + rest.trailing_zeros() as usize));
            rest &= rest - 1;
        }
    }

    /// The number of a bit that is needed.
    fn of(&mut self, bit: usize) -> u16 {
        let number = &mut self.list[bit];
        if *number == Self::UNMET {
            *number = self.next;
            let Range { start, end } = self.range;
            self.next = if self.next + 1 < end { self.next + 1 } else { start + (end - start) / 2 };
        }
        *number
    }
}

/// A set of bits by their numbers.
#[derive(Debug, Clone, Copy)]
struct BitSet<const SIZE: usize>([u64; SIZE]);

impl<const SIZE: usize> BitSet<SIZE> {
    fn set(&mut self, number: u16) {
        self.0[usize::from(number / 64)] |= 1 << (number % 64);
    }

    fn has(&self, number: u16) -> bool {
        self.part(number) >> (number % 64) & 1 == 1
    }

    /// The 64 bits among which a number is.
    fn part(&self, number: u16) -> u64 {
        self.0[usize::from(number / 64)]
    }
}

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Row {
    /// The numbers of the needed bits that it has: first those that may stand anywhere in the sentence, with number 0 in all
    /// words, then those that must stand at a place.
    needed: BitSet<{ Self::ANYWHERE + Self::NEAR }>,
    marks: u64,
    /// Which of the bits it has that phrases and classes begin with.
    firsts: Firsts,
    /// Where in [`Words::woken`] the phrases begin that it wakes up, in the order of [`SHELF`], …
    woken: u32,
    /// … and where behind that each part begins, and the last one ends.
    parts: [u16; SHELF.len() + 1],
    /// The concepts that it names by itself: where they begin in [`Words::concepts`], and how many they are.
    concepts: (u32, u16),
}

impl Row {
    const ANYWHERE: usize = 16;
    const NEAR: usize = 8;
    /// The numbers that bits have.
    const NUMBERS: [Range<u16>; 2] =
        [1..64 * Self::ANYWHERE as u16, Self::OUTSIDE + 1..64 * (Self::ANYWHERE + Self::NEAR) as u16];
    /// The number of what only [`NO_WORD`] has.
    const OUTSIDE: u16 = 64 * Self::ANYWHERE as u16;
    /// Of what is no word.
    const EMPTY: Self = Row {
        needed: BitSet([0; Self::ANYWHERE + Self::NEAR]),
        marks: 0,
        firsts: BitSet([0; 2]),
        woken: 0,
        parts: [0; SHELF.len() + 1],
        concepts: (0, 0),
    };
}

/// Bits that phrases and classes begin with, each at one of 128 places. Several share a place, so that only a bit that is
/// not there is told from it for certain: but that is what is asked most, and a look at a word's bits takes longer.
type Firsts = BitSet<2>;

/// The place of a bit among [`Firsts`].
fn place_of_first(bit: BitId) -> u8 {
    (bit % 128) as u8
}

/// The parts of what a word wakes up, so that what a reading asks for stands side by side: every reading but one asks where
/// clauses part.
const SHELF: [Part; 11] = [
    Part::Context,
    Part::Excuse,
    Part::Break,
    Part::Asked,
    Part::Letter,
    Part::Break,
    Part::Draft,
    Part::Answer,
    Part::Thread,
    Part::Message,
    Part::Break,
];

/// A phrase that a word wakes up.
#[derive(Debug, Clone, Copy)]
struct Woken {
    phrase: u32,
    /// Numbers of what it needs besides; 0, which every sentence has, stands for nothing.
    needs: [u16; 2],
    /// How many words behind this one these are at the least and at the most, or [`ANYWHERE`] in the sentence.
    steps: [(i8, i8); 2],
    /// The least and the most words before this one.
    before: (u8, u8),
    /// The place among [`Firsts`] of the bit of its first word, or [`ANYTHING`].
    first: u8,
}

impl Woken {
    /// Whether the phrase can begin before the word at `at`, of these words with these rows, and what it needs stands where
    /// it may, if that is somewhere in the sentence and not always at the same place.
    fn may_match(&self, rows: &[Row], words: &[u32], at: usize) -> bool {
        let are_near = self.needs.iter().zip(&self.steps).all(|(need, steps)| {
            let (least, most) = *steps;
            least == most || *steps == ANYWHERE || {
                let to = at.saturating_add_signed(isize::from(most) + 1).min(words.len());
                let from = at.saturating_add_signed(isize::from(least)).min(to);
                words[from..to].iter().any(|row| rows[*row as usize].needed.has(*need))
            }
        });
        are_near
            && (self.first == ANYTHING
                || words[starts(self.before, at)]
                    .iter()
                    .any(|row| rows[*row as usize].firsts.has(u16::from(self.first))))
    }
}

/// A phrase that a word would wake up: its number in [`Words::woken`], and the word's place.
#[derive(Debug, Clone, Copy, Default)]
struct Tried {
    number: u32,
    at: u32,
}

/// So many phrases of a word are listed without a look at how many it has.
const AT_ONCE: usize = 4;

/// Stands for a first word of which nothing is asked.
const ANYTHING: u8 = u8::MAX;

/// Stands for a place in the sentence that is not known.
const ANYWHERE: (i8, i8) = (i8::MIN, i8::MAX);

/// Whether something stands at one place only.
fn is_exact(steps: Option<(i8, i8)>) -> bool {
    steps.is_some_and(|(least, most)| least == most)
}

impl Words {
    /// Forgets the rows, but keeps their memory for others.
    fn clear(&mut self) {
        let Words { known, bits, filled, rows, woken, concepts, .. } = self;
        known.clear();
        bits.clear();
        filled.clear();
        rows.clear();
        woken.clear();
        concepts.clear();
    }

    /// The row of a word.
    fn read(&mut self, pack: &Pack, folded: &str, is_number: bool) -> u32 {
        let mut atoms = std::mem::take(&mut self.atoms);
        atoms.clear();
        if is_number {
            atoms.push(NUMBER);
        }
        if pack.missing_diacritics && is_bare(folded) {
            pack.lexicon.look_up_in_both(&pack.bare, folded, &mut atoms);
        } else {
            pack.lexicon.look_up(folded, &mut atoms);
        }
        for meant in pack.words.meant(folded) {
            pack.lexicon.look_up(&meant, &mut atoms);
        }
        for (exception, class) in &pack.exceptions {
            if atoms.contains(exception) {
                atoms.retain(|atom| atom != class);
            }
        }
        atoms.sort_unstable();
        atoms.dedup();
        let row = match self.known.get(atoms.as_slice()) {
            Some(row) => *row,
            None => self.add_row(pack, &atoms),
        };
        self.atoms = atoms;
        row
    }

    fn begin(&mut self, pack: &Pack) {
        self.bits_read = pack.bits.row();
        self.filled_size = self.bits_read.filled().len();
        // The rows of no word and of the sentence.
        self.rows.resize(2, Row::EMPTY);
        self.rows[NO_WORD as usize].needed.set(Row::OUTSIDE);
        self.filled.resize(2 * self.filled_size, Filled(0));
        let words = self.bits_read.words().len();
        [self.needed, self.needed_near] = Row::NUMBERS.map(|range| Numbers::new(words, range));
        self.first_bits = vec![0; words];
        let mut note_first = |first: Option<BitId>| {
            if let Some(bit) = first {
                self.first_bits[usize::from(bit / 64)] |= 1 << (bit % 64);
            }
        };
        pack.classes.iter().for_each(|(_, first)| note_first(*first));
        for phrase in pack.phrases.iter() {
            note_first(phrase.first);
            for Need { bit, steps } in phrase.needs.into_iter().flatten() {
                if bit != OUTSIDE {
                    if is_exact(steps) { &mut self.needed_near } else { &mut self.needed }.ask(bit);
                }
            }
        }
    }

    fn add_row(&mut self, pack: &Pack, atoms: &[AtomId]) -> u32 {
        if self.rows.is_empty() {
            self.begin(pack);
        }
        pack.bits.fill(atoms, &mut self.bits_read);
        let mut row = Row::EMPTY;
        row.marks = atoms.iter().fold(0, |marks, atom| marks | pack.marks[usize::from(*atom)]);
        row.needed.set(0);
        for (number, filled) in self.bits_read.filled().iter().enumerate() {
            self.filled.push(Filled((self.bits.len() as u32) << 8 | u32::from(*filled)));
            let mut rest = *filled;
            while rest != 0 {
                let place = number * 8 + rest.trailing_zeros() as usize;
                let bits = self.bits_read.words()[place];
                self.bits.push(bits);
                self.needed.note(place, bits, &mut row.needed);
                self.needed_near.note(place, bits, &mut row.needed);
                row.firsts.0[place % 2] |= bits & self.first_bits[place];
                rest &= rest - 1;
            }
        }

        let mut phrases: Vec<u32> = Vec::new();
        for atom in atoms {
            phrases.extend(pack.triggered.of(usize::from(*atom)).map(u32::from));
        }
        phrases.sort_unstable();
        phrases.dedup();
        let mut woken: Vec<(Part, Woken)> = Vec::new();
        let first_concept = self.concepts.len();
        for number in phrases {
            let phrase = pack.phrases.at(number as usize);
            // The word that wakes it up may be the one that it begins with.
            if phrase.before == (0, 0) && phrase.first.is_some_and(|bit| !self.bits_read.has(bit)) {
                continue;
            }
            let group = &pack.groups[usize::from(phrase.group)];
            if phrase.is_word && matches!(group.role, Role::Concept(_)) && group.is_unconditional() {
                self.concepts.push((phrase.group, phrase.written));
                continue;
            }
            let needs = phrase.needs.map(|need| match need {
                None => 0,
                Some(Need { bit: OUTSIDE, .. }) => Row::OUTSIDE,
                Some(Need { bit, steps }) if is_exact(steps) => self.needed_near.of(usize::from(bit)),
                Some(Need { bit, .. }) => self.needed.of(usize::from(bit)),
            });
            let steps = phrase.needs.map(|need| need.and_then(|need| need.steps).unwrap_or(ANYWHERE));
            let first = phrase.first.filter(|_| phrase.before != (0, 0)).map_or(ANYTHING, place_of_first);
            let before = phrase.before;
            woken
                .push((pack.part_of(number as usize), Woken { phrase: number, needs, steps, before, first }));
        }
        // A word that means more, or wakes up more, than anybody would write is not read to the end.
        let size = |from: usize, to: usize| u16::try_from(to - from).unwrap_or(u16::MAX);
        row.concepts = (first_concept as u32, size(first_concept, self.concepts.len()));
        row.woken = self.woken.len() as u32;
        for (place, part) in SHELF.into_iter().enumerate() {
            self.woken.extend(woken.iter().filter(|(of, _)| *of == part).map(|(_, woken)| *woken));
            row.parts[place + 1] = size(row.woken as usize, self.woken.len());
        }
        let number = self.rows.len() as u32;
        self.rows.push(row);
        self.known.insert(atoms.into(), number);
        number
    }

    fn has(&self, row: u32, bit: BitId) -> bool {
        let word = usize::from(bit / 64);
        let filled = self.filled[row as usize * self.filled_size + word / 8];
        // Both are looked at, since neither can be foreseen.
        let part = self.bits.get(filled.place(word % 8)).copied().unwrap_or_default();
        filled.has(word % 8) & (part >> (bit % 64) & 1 == 1)
    }
}

impl Scanner {
    /// More rows than this are forgotten: each takes some 600 bytes.
    pub const MOST_ROWS: usize = 1 << 15;

    /// How many rows are kept.
    pub fn rows(&self) -> usize {
        self.lexicon.rows.len()
    }

    /// Forgets the numbers of words, which have changed.
    pub fn forget_words(&mut self) {
        self.by_id.clear();
    }

    /// Forgets the rows, and what is known by their numbers.
    pub fn forget_rows(&mut self) {
        self.by_id.clear();
        self.lexicon.clear();
        self.memory.forget();
        self.machine.forget();
    }

    /// Forgets the rows before the next sentence, where there are too many, so that memory does not grow with the text.
    fn tidy(&mut self) {
        if self.rows() > Self::MOST_ROWS {
            self.forget_rows();
        }
    }

    /// Looks up the rows of words.
    fn look_up(&mut self, pack: &Pack, vocabulary: &Vocabulary, words: &[Token]) {
        self.tidy();
        self.words.clear();
        if self.by_id.len() < vocabulary.len() {
            self.by_id.resize(vocabulary.len(), UNREAD);
        }
        let mut are_read = true;
        self.words.extend(words.iter().map(|word| {
            let row = self.by_id[word.word.id as usize];
            are_read &= row != UNREAD;
            row
        }));
        if !are_read {
            for (row, word) in self.words.iter_mut().zip(words).filter(|(row, _)| **row == UNREAD) {
                let id = word.word.id;
                *row = self.lexicon.read(pack, vocabulary.folded(id), vocabulary.is_number(id));
                self.by_id[id as usize] = *row;
            }
        }
    }

    /// The phrases of a sentence with these words, as far as its reading asks for them, and of a message the tokens at which
    /// its clauses begin: all as if the sentence were the first of its text. Where excuses are read, `wanted` are the groups
    /// of those that would count.
    pub fn sentence(
        &mut self,
        pack: &Pack,
        vocabulary: &Vocabulary,
        words: &[Token],
        question: bool,
        (reading, wanted): (Reading, &[u16]),
    ) -> (&[Hit], &[u32]) {
        self.look_up(pack, vocabulary, words);
        let key = Memory::key(&self.words, words, question, (reading, wanted));
        // Turned and added up, and mixed at the end: to mix in each part would take as long as all else.
        let sum = key.clone().fold(0u64, |sum, part| sum.rotate_left(7) ^ u64::from(part));
        let hash = sum.wrapping_mul(0xf135_7aea_2e62_a9c5).rotate_left(26);
        let has_met = self.memory.has_met(hash);
        let known = has_met.then(|| self.memory.find(hash, key)).flatten();
        let known = known.or_else(|| {
            let mut found = std::mem::take(&mut self.found);
            found.clear();
            self.find(pack, words, question, (reading, wanted), &mut found);
            self.found = found;
            self.starts.clear();
            if reading == Reading::Message {
                self.starts.extend(self.clauses.iter().map(|clause| clause.tokens.start));
            }
            has_met.then(|| self.memory.add(hash, &self.found, &self.starts))
        });
        let Some(known) = known else { return (&self.found, &self.starts) };
        let known = &self.memory.sentences[known];
        let hits = &self.memory.hits[known.hits.start as usize..known.hits.end as usize];
        let starts = &self.memory.starts[known.starts.start as usize..known.starts.end as usize];
        (hits, starts)
    }

    /// Finds the phrases of the sentence whose words were looked up.
    fn find(
        &mut self,
        pack: &Pack,
        words: &[Token],
        question: bool,
        (reading, wanted): (Reading, &[u16]),
        hits: &mut Vec<Hit>,
    ) {
        self.clauses.clear();
        self.wake(pack, reading);
        let mut awake = std::mem::take(&mut self.awake);
        if reading == Reading::Excuses {
            awake.retain(|(phrase, _)| wanted.contains(&pack.phrases.at(*phrase as usize).group));
        }
        if reading.is_of_thread() {
            self.note_concepts(hits);
        }
        // Of a message the points are cut at its clauses, which nothing else asks for where no phrase may match.
        if reading == Reading::Message || !awake.is_empty() {
            self.read_clauses(pack, words);
            self.context_is_read = false;
            self.sentence = self.sentence.wrapping_add(1);
            self.next.resize(pack.phrases.len(), (0, 0));
            self.said.resize(pack.groups.len(), 0);
            for (phrase, at) in &awake {
                self.run(pack, *phrase, *at as usize, question, hits);
            }
        }
        self.awake = awake;
    }

    /// Notes what single words and phrases tell about the clauses, when the first phrase was found that asks for it.
    fn read_context(&mut self, pack: &Pack, question: bool) {
        if std::mem::replace(&mut self.context_is_read, true) {
            return;
        }
        for (at, row) in self.words.iter().enumerate() {
            let marks = self.lexicon.rows[*row as usize].marks;
            let clause = &mut self.clauses[usize::from(self.clause_of[at])];
            clause.facts |= marks as u32;
            for (number, side) in [Side::Us, Side::Customer, Side::Third].into_iter().enumerate() {
                if marks & (mark::VERB_US << number) != 0 {
                    clause.verb.get_or_insert((at as u32, side));
                }
                if marks & (mark::SUBJECT_US << number) != 0 {
                    clause.subject.get_or_insert((at as u32, side));
                }
            }
        }
        self.wake(pack, Reading::Context);
        let mut awake = std::mem::take(&mut self.awake);
        // Where two tell whose side a clause is on, the later phrase knows better.
        awake.sort_unstable();
        for (phrase, at) in &awake {
            // They are no hits themselves.
            self.run(pack, *phrase, *at as usize, question, &mut Vec::new());
        }
        self.awake = awake;
    }

    /// The first of these words at which one of the programs recognises something, and what; the programs are tried in
    /// their order.
    pub fn first_of<T: Copy>(
        &mut self,
        pack: &Pack,
        vocabulary: &Vocabulary,
        words: &[Token],
        programs: &[(T, u32)],
    ) -> Option<(usize, T)> {
        self.look_up(pack, vocabulary, words);
        self.clause_of.clear();
        self.clause_of.resize(self.words.len(), 0);
        let view = View::new(pack, &self.lexicon, &self.words, &self.clause_of);
        self.machine.begin(&view);
        (0..view.words.len()).find_map(|at| {
            programs
                .iter()
                .find(|(_, program)| self.machine.matches(&view, *program, at).is_some())
                .map(|(found, _)| (at, *found))
        })
    }

    /// Collects the phrases whose rarest word is there, and the others that they need, and that may begin somewhere.
    ///
    /// How many phrases a word wakes up, and which of them have what they need, cannot be foreseen by the processor, which
    /// would lose more time with each wrong guess than it takes to look: so all are listed first, and those that pass are
    /// moved to the front, without a branch for either.
    fn wake(&mut self, pack: &Pack, reading: Reading) {
        let Scanner { lexicon, words, tried, breaks, awake, .. } = self;
        let (rows, woken, words) = (&mut lexicon.rows[..], &lexicon.woken[..], &words[..]);
        let parts = reading.parts();
        let mut present = [0; Row::ANYWHERE];
        let mut count = 0;
        for (at, row) in (0..).zip(words) {
            let Row { needed: BitSet(of_word), woken, parts: ends, .. } = &rows[*row as usize];
            present.iter_mut().zip(of_word).for_each(|(present, part)| *present |= part);
            let (from, to) = (woken + u32::from(ends[parts.start]), woken + u32::from(ends[parts.end]));
            let size = (to - from) as usize;
            if tried.len() < count + size.max(AT_ONCE) {
                tried.resize(2 * (count + size.max(AT_ONCE)), Tried::default());
            }
            // Most words wake up fewer than are written at once.
            for (slot, number) in tried[count..count + AT_ONCE].iter_mut().zip(from..) {
                *slot = Tried { number, at };
            }
            if size > AT_ONCE {
                for (slot, number) in tried[count..count + size].iter_mut().zip(from..to) {
                    *slot = Tried { number, at };
                }
            }
            count += size;
        }
        if let Some(of_sentence) = rows.get_mut(SENTENCE as usize) {
            of_sentence.needed.0[..Row::ANYWHERE].copy_from_slice(&present);
        }
        // 1 where what a phrase needs is there, else 0.
        let is_there = |number: u16, (least, most): (i8, i8), at: u32| {
            let place = (at as usize).wrapping_add_signed(isize::from(least));
            let is_inside = place < words.len();
            let near = words[select_unpredictable(is_inside, place, 0)];
            let near = select_unpredictable(is_inside, near, NO_WORD);
            let row = select_unpredictable(least == most, near, SENTENCE);
            rows[row as usize].needed.part(number) >> (number % 64) & 1
        };
        for need in 0..2 {
            let mut passed = 0;
            for tries in 0..count {
                let entry = tried[tries];
                let Woken { needs, steps, .. } = woken[entry.number as usize];
                tried[passed] = entry;
                passed += is_there(needs[need], steps[need], entry.at) as usize;
            }
            count = passed;
        }
        let of_breaks = pack.phrases_of(Part::Break);
        breaks.clear();
        awake.clear();
        for Tried { number, at } in &tried[..count] {
            let woken = &woken[*number as usize];
            if woken.may_match(rows, words, *at as usize) {
                let is_break = of_breaks.contains(&(woken.phrase as usize));
                if is_break { &mut *breaks } else { &mut *awake }.push((woken.phrase, *at));
            }
        }
    }

    /// Parts the sentence into clauses.
    fn read_clauses(&mut self, pack: &Pack, words: &[Token]) {
        self.clause_of.clear();
        self.clause_of.resize(words.len(), 0);
        self.begins.clear();
        let view = View::new(pack, &self.lexicon, &self.words, &self.clause_of);
        if !self.breaks.is_empty() {
            self.machine.begin(&view);
        }
        for (phrase, at) in &self.breaks {
            let phrase = pack.phrases.at(*phrase as usize);
            for start in starts(phrase.before, *at as usize) {
                if view.may_begin(phrase.first, start)
                    && let Some(found) = self.machine.matches(&view, phrase.start, start)
                {
                    self.begins.push(found.start);
                }
            }
        }
        self.begins.sort_unstable();
        self.begins.dedup();
        let mut begins = self.begins.iter().peekable();
        let mut breaks = true;
        for (at, (row, word)) in self.words.iter().zip(words).enumerate() {
            let marks = self.lexicon.rows[*row as usize].marks;
            breaks |= begins.next_if_eq(&&at).is_some();
            if breaks || marks & mark::BREAK != 0 {
                let tokens = at as u32..words.len() as u32;
                if let Some(before) = self.clauses.last_mut() {
                    before.tokens.end = tokens.start;
                }
                self.clauses.push(Clause { tokens, facts: 0, verb: None, subject: None });
            }
            breaks = word.gap >= Gap::Clause;
            self.clause_of[at] = (self.clauses.len() - 1) as u16;
        }
        // What was read of classes before was read without clauses.
        self.machine.begin(&View::new(pack, &self.lexicon, &self.words, &self.clause_of));
    }

    /// Runs a phrase that the word at `at` woke up.
    fn run(&mut self, pack: &Pack, phrase: u32, at: usize, question: bool, hits: &mut Vec<Hit>) {
        let compiled = pack.phrases.at(phrase as usize);
        // Once a sentence is enough of what is about all of it.
        if pack.phrases_of(Part::Answer).contains(&(phrase as usize))
            && self.said[usize::from(compiled.group)] == self.sentence
        {
            return;
        }
        if compiled.is_word {
            self.note(pack, &compiled, at..at + 1, question, hits);
            return;
        }
        let (of, next) = self.next[phrase as usize];
        let mut from = if of == self.sentence { next as usize } else { 0 };
        for start in starts(compiled.before, at) {
            let view = View::new(pack, &self.lexicon, &self.words, &self.clause_of);
            // What can begin only at the word that woke it up can begin there.
            if start < from || compiled.before != (0, 0) && !view.may_begin(compiled.first, start) {
                continue;
            }
            from = start + 1;
            if let Some(found) = self.machine.matches(&view, compiled.start, start) {
                from = found.end.max(from);
                self.note(pack, &compiled, found, question, hits);
            }
        }
        self.next[phrase as usize] = (self.sentence, from as u32);
    }

    /// Notes the concepts that words name by themselves.
    fn note_concepts(&self, hits: &mut Vec<Hit>) {
        for (at, row) in (0..).zip(&self.words) {
            let (first, count) = self.lexicon.rows[*row as usize].concepts;
            let concepts = &self.lexicon.concepts[first as usize..first as usize + usize::from(count)];
            hits.extend(concepts.iter().map(|(group, phrase)| Hit {
                group: *group,
                phrase: *phrase,
                sentence: 0,
                tokens: at..at + 1,
                clause: 0..0,
            }));
        }
    }

    /// Notes what a phrase that was found means.
    fn note(
        &mut self,
        pack: &Pack,
        phrase: &Phrase,
        found: Range<usize>,
        question: bool,
        hits: &mut Vec<Hit>,
    ) {
        let group = &pack.groups[usize::from(phrase.group)];
        if group.asks_for_context() {
            self.read_context(pack, question);
        }
        let start = found.start.min(self.words.len() - 1);
        let end = found.end.saturating_sub(1).clamp(start, self.words.len() - 1);
        let [first, last] = [start, end].map(|at| usize::from(self.clause_of[at]));
        let clauses = &mut self.clauses[first..=last];
        match &group.role {
            Role::Fact(bit) => clauses[0].facts |= 1 << bit,
            Role::Subject(side) => keep_first(&mut clauses[0].subject, found.start, *side),
            Role::Verb(side) => keep_first(&mut clauses[0].verb, found.start, *side),
            Role::Break => {}
            Role::Finding { .. } | Role::Excuse { .. } | Role::Evidence { .. } | Role::Concept(_) => {
                let facts = || clauses.iter().fold(0, |facts, clause| facts | clause.facts);
                let side =
                    || clauses.iter().map(Clause::side).find(|side| *side != Side::Open).unwrap_or_default();
                let is_meant = group.question.is_none_or(|wanted| wanted == question)
                    && (group.subject == u8::MAX || group.subject & side().bit() != 0)
                    && (group.with | group.without == 0
                        || facts() & (group.with | group.without) == group.with);
                if is_meant {
                    self.said[usize::from(phrase.group)] = self.sentence;
                    hits.push(Hit {
                        group: phrase.group,
                        phrase: phrase.written,
                        sentence: 0,
                        tokens: found.start as u32..found.end as u32,
                        clause: clauses[0].tokens.start..clauses[last - first].tokens.end,
                    });
                }
            }
        }
    }
}

/// The words at which a phrase may begin whose trigger stands at `at`.
fn starts((least, most): (u8, u8), at: usize) -> Range<usize> {
    match at.checked_sub(usize::from(least)) {
        Some(last) => at.saturating_sub(usize::from(most))..last + 1,
        None => 0..0,
    }
}

fn keep_first(slot: &mut Option<(u32, Side)>, at: usize, side: Side) {
    if slot.is_none_or(|(known, _)| at as u32 <= known) {
        *slot = Some((at as u32, side));
    }
}

/// What a phrase's program sees of a sentence.
struct View<'s> {
    pack: &'s Pack,
    lexicon: &'s Words,
    words: &'s [u32],
    clause_of: &'s [u16],
}

impl<'s> View<'s> {
    fn new(pack: &'s Pack, lexicon: &'s Words, words: &'s [u32], clause_of: &'s [u16]) -> Self {
        View { pack, lexicon, words, clause_of }
    }

    fn has(&self, word: usize, bit: BitId) -> bool {
        self.lexicon.has(self.words[word], bit)
    }

    fn may_begin(&self, first: Option<BitId>, at: usize) -> bool {
        first.is_none_or(|bit| {
            let row = &self.lexicon.rows[self.words[at] as usize];
            row.firsts.has(u16::from(place_of_first(bit))) && self.has(at, bit)
        })
    }

    /// Whether the words before and at `at` are in one clause.
    fn same_clause(&self, at: usize) -> bool {
        at > 0 && at < self.words.len() && self.clause_of[at - 1] == self.clause_of[at]
    }
}

/// Runs the programs of phrases and of classes. It tries the branches of a program in order. A program that takes long
/// remembers which branches failed at which word, and all remember where the words of a class end, so that the time is
/// bounded by the length of the programs times the sentence's.
#[derive(Debug, Default)]
struct Machine {
    stack: Vec<Thread>,
    /// For each step and word, the number of the attempt that has been there.
    seen: Vec<u32>,
    attempt: u32,
    /// For each class and word, what is known: the number of the sentence for which it is, and a range of `ends`.
    known: Vec<(u32, u32, u32)>,
    sentence: u32,
    ends: Vec<u16>,
    /// Ends of the classes that are just being read.
    pending: Vec<u16>,
    /// For each choice and row of a word, which branches the word can begin: a range of `starts`.
    choices: FxHashMap<(u32, u32), (u32, u32)>,
    starts: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Thread {
    op: u32,
    at: u16,
    /// Where the marked words begin and end, or [`UNMARKED`].
    open: u16,
    close: u16,
}

/// No word: sentences are shorter.
const UNMARKED: u16 = u16::MAX;

/// Most programs end after fewer branches than this; only the others are worth the memory of where they have been.
const MANY_BRANCHES: usize = 32;

impl Machine {
    /// Forgets what was known of rows.
    fn forget(&mut self) {
        self.choices.clear();
        self.starts.clear();
    }

    /// Forgets what was known of classes: another sentence, or other clauses.
    fn begin(&mut self, view: &View<'_>) {
        self.sentence = self.sentence.wrapping_add(1);
        self.ends.clear();
        let size = view.pack.classes.len() * (view.words.len() + 1);
        if self.known.len() < size {
            self.known.resize(size, (0, 0, 0));
        }
    }

    /// The marked words of a program that matches at `start`.
    fn matches(&mut self, view: &View<'_>, program: u32, start: usize) -> Option<Range<usize>> {
        self.execute(view, program, start, 0, false)
    }

    /// The ends of a class's words that begin at `at`, as a range of `ends`.
    fn class(&mut self, view: &View<'_>, class: u16, at: usize, seen_from: usize) -> Range<usize> {
        let slot = usize::from(class) * (view.words.len() + 1) + at;
        let (sentence, first, last) = self.known[slot];
        if sentence == self.sentence {
            return first as usize..last as usize;
        }
        let (program, first_bit) = view.pack.classes[usize::from(class)];
        let base = self.pending.len();
        if at < view.words.len() && view.may_begin(first_bit, at) {
            self.execute(view, program, at, seen_from, true);
        }
        let first = self.ends.len();
        let found = self.pending.drain(base..);
        self.ends.extend(found);
        self.known[slot] = (self.sentence, first as u32, self.ends.len() as u32);
        first..self.ends.len()
    }

    /// Notes that an attempt has been somewhere; whether it had not been there before.
    fn visit(&mut self, slot: usize, attempt: u32) -> bool {
        if self.seen.len() <= slot {
            self.seen.resize(slot + 1, 0);
        }
        std::mem::replace(&mut self.seen[slot], attempt) != attempt
    }

    /// The branches of the choice at `op` that the word at `at` can begin, as a range of `starts`.
    fn branches(&mut self, view: &View<'_>, op: u32, count: u16, at: usize) -> Range<usize> {
        let row = view.words.get(at).copied().unwrap_or(UNREAD);
        let (starts, ops) = (&mut self.starts, &view.pack.ops);
        let (first, last) = *self.choices.entry((op, row)).or_insert_with(|| {
            let first = starts.len() as u32;
            let table = op as usize + 1;
            for branch in ops.range(table..table + usize::from(count)) {
                match branch {
                    Op::LeaveAt(bit, start) if at < view.words.len() && view.has(at, bit) => {
                        starts.push(start)
                    }
                    Op::Jump(start) => starts.push(start),
                    _ => {}
                }
            }
            (first, starts.len() as u32)
        });
        first as usize..last as usize
    }

    /// Runs a program: to its first match, or, for a class, to all of them, whose ends are left in `pending`. Marks of
    /// where it has been lie in `seen` behind `seen_from`, where those of the program begin that asks for the class.
    fn execute(
        &mut self,
        view: &View<'_>,
        program: u32,
        start: usize,
        seen_from: usize,
        is_class: bool,
    ) -> Option<Range<usize>> {
        self.attempt = self.attempt.wrapping_add(1);
        let attempt = self.attempt;
        let stack_base = self.stack.len();
        let pending_base = self.pending.len();
        let words = view.words.len();
        let mut seen_to = seen_from;
        let mut branches = 0;
        let mut thread = Thread { op: program, at: start as u16, open: UNMARKED, close: UNMARKED };
        loop {
            let at = usize::from(thread.at);
            // Whether this attempt has not been here before, as far as it remembers.
            let mut is_new = |machine: &mut Self| {
                branches += 1;
                branches <= MANY_BRANCHES || {
                    let slot = seen_from + (thread.op - program) as usize * (words + 1) + at;
                    seen_to = seen_to.max(slot + 1);
                    machine.visit(slot, attempt)
                }
            };
            let goes_on = match view.pack.ops.at(thread.op as usize) {
                Op::Word(bit) => {
                    thread.at += 1;
                    at < words && view.has(at, bit)
                }
                Op::Class(class) => {
                    let ends = self.class(view, class, at, seen_to);
                    let op = thread.op + 1;
                    // The first end is tried first.
                    for end in ends.clone().skip(1).rev() {
                        self.stack.push(Thread { op, at: self.ends[end], ..thread });
                    }
                    match self.ends.get(ends.start).filter(|_| !ends.is_empty()) {
                        Some(end) => {
                            thread.at = *end;
                            true
                        }
                        None => false,
                    }
                }
                Op::ClauseWord => {
                    thread.at += 1;
                    view.same_clause(at)
                }
                Op::AnyWord => {
                    thread.at += 1;
                    at < words
                }
                // After the last word only the end of the sentence can follow.
                Op::SameClause => at >= words || view.same_clause(at),
                Op::SplitAt(bit, second) if at >= words || !view.has(at, bit) => {
                    thread.op = second;
                    continue;
                }
                Op::LeaveAt(bit, _) if at >= words || !view.has(at, bit) => true,
                Op::Split(other) | Op::SplitAt(_, other) if is_new(self) => {
                    self.stack.push(Thread { op: other, ..thread });
                    true
                }
                Op::Leave(other) | Op::LeaveAt(_, other) if is_new(self) => {
                    self.stack.push(Thread { op: thread.op + 1, ..thread });
                    thread.op = other;
                    continue;
                }
                Op::Split(_) | Op::SplitAt(..) | Op::Leave(_) | Op::LeaveAt(..) => false,
                Op::Choice(count) => {
                    let branches =
                        if is_new(self) { self.branches(view, thread.op, count, at) } else { 0..0 };
                    // The first is tried first.
                    for branch in branches.clone().skip(1).rev() {
                        self.stack.push(Thread { op: self.starts[branch], ..thread });
                    }
                    match self.starts.get(branches.start).filter(|_| !branches.is_empty()) {
                        Some(start) => {
                            thread.op = *start;
                            continue;
                        }
                        None => false,
                    }
                }
                Op::Jump(to) => {
                    thread.op = to;
                    continue;
                }
                Op::NotNext(bit) => at >= words || !view.has(at, bit),
                Op::NotBefore(bit) => at == 0 || !view.has(at - 1, bit),
                Op::SentenceStart => at == 0,
                Op::SentenceEnd => at == words,
                Op::ClauseEnd => at > 0 && (at == words || !view.same_clause(at)),
                Op::MarkOpen => {
                    thread.open = thread.at;
                    true
                }
                Op::MarkClose => {
                    thread.close = thread.at;
                    true
                }
                Op::Match if is_class => {
                    if !self.pending[pending_base..].contains(&thread.at) {
                        self.pending.push(thread.at);
                    }
                    false
                }
                Op::Match => {
                    self.stack.truncate(stack_base);
                    let open = if thread.open == UNMARKED { start } else { usize::from(thread.open) };
                    let close = if thread.close == UNMARKED { at } else { usize::from(thread.close) };
                    return Some(open..close);
                }
            };
            if goes_on {
                thread.op += 1;
            } else if self.stack.len() > stack_base
                && let Some(other) = self.stack.pop()
            {
                thread = other;
            } else {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BitSet, Numbers};

    #[test]
    fn bits_that_are_met_late_share_numbers_with_one_another() {
        let mut numbers = Numbers::new(4, 1..64);
        (0..150).for_each(|bit| numbers.ask(bit));
        let given: Vec<u16> = (0..150).map(|bit| numbers.of(bit)).collect();
        assert!((1..64).eq(given[..63].iter().copied()));
        assert!(given[63..].iter().all(|number| (32..64).contains(number)));
        assert_eq!(given, (0..150).map(|bit| numbers.of(bit)).collect::<Vec<u16>>());
    }

    #[test]
    fn bits_that_no_phrase_needs_have_no_number() {
        let mut numbers = Numbers::new(2, 1..64);
        numbers.ask(70);
        let mut set = BitSet([0]);
        numbers.note(0, u64::MAX, &mut set);
        assert_eq!(set.0, [0]);
        numbers.note(1, u64::MAX, &mut set);
        assert_eq!(set.0, [1 << 1]);
    }
}
