//! The matcher: one pass over the words of a sentence finds every phrase of a pack and reads its clauses.
//!
//! What a pack knows of a word is a row of bits, made once for each word and kept. A phrase wakes up where its rarest
//! word stands, if the other words that it needs are there as well, and its program runs only where it can begin. Classes
//! of several words are read once for each place, whichever phrases ask.

use std::ops::Range;

use replylint_pack::{AtomId, BitId, NUMBER, Op, Pack, Role, Side, has_bit, mark};
use rustc_hash::FxHashMap;

use crate::text::{Gap, Sentence, Token, TokenKind, Tokens};

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
    /// The tokens of the clauses that the mark touches.
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

/// Scratch memory of the matcher, and what it knows of the words that it has met. Belongs to one pack.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    lexicon: Words,
    /// The number of each word of the sentence in `lexicon`.
    words: Vec<u32>,
    /// Bits that some word of the sentence has.
    present: Vec<u64>,
    /// Phrases that may match, each with the place of the word that woke it up.
    awake: Vec<(u32, u32)>,
    clauses: Vec<Clause>,
    /// For each word, the number of its clause.
    clause_of: Vec<u16>,
    begins: Vec<bool>,
    machine: Machine,
}

/// Words that were met, with everything that the pack knows of them.
#[derive(Debug, Default)]
struct Words {
    /// Numbers of words of letters and of codes.
    ids: FxHashMap<Box<str>, u32>,
    /// Numbers of numbers: they have an atom that no word has by its letters.
    numbers: FxHashMap<Box<str>, u32>,
    row_size: usize,
    rows: Vec<u64>,
    marks: Vec<u64>,
    /// Where the phrases that a word wakes up begin in `woken`; one more entry than words.
    offsets: Vec<u32>,
    woken: Vec<u32>,
    atoms: Vec<AtomId>,
}

impl Words {
    /// More words than this are forgotten, so that memory does not grow with the texts that are checked.
    const MOST: usize = 8192;

    fn id(&mut self, pack: &Pack, folded: &str, is_number: bool) -> u32 {
        let known = if is_number { &self.numbers } else { &self.ids };
        match known.get(folded) {
            Some(id) => *id,
            None => self.add(pack, folded, is_number),
        }
    }

    fn add(&mut self, pack: &Pack, folded: &str, is_number: bool) -> u32 {
        if self.offsets.is_empty() {
            self.row_size = pack.bits.row_size();
            self.offsets.push(0);
        }
        let mut atoms = std::mem::take(&mut self.atoms);
        atoms.clear();
        if is_number {
            atoms.push(NUMBER);
        }
        pack.lexicon.look_up(folded, &mut atoms);
        for (exception, class) in &pack.exceptions {
            if atoms.contains(exception) {
                atoms.retain(|atom| atom != class);
            }
        }
        let id = self.marks.len() as u32;
        let start = self.rows.len();
        self.rows.resize(start + self.row_size, 0);
        pack.bits.fill(&atoms, &mut self.rows[start..]);
        self.marks.push(atoms.iter().fold(0, |marks, atom| marks | pack.marks[usize::from(*atom)]));
        let first = self.woken.len();
        for atom in &atoms {
            let atom = usize::from(*atom);
            let range = pack.trigger_offsets[atom] as usize..pack.trigger_offsets[atom + 1] as usize;
            self.woken.extend_from_slice(&pack.triggered[range]);
        }
        self.woken[first..].sort_unstable();
        let mut last = None;
        let mut kept = first;
        for at in first..self.woken.len() {
            if last != Some(self.woken[at]) {
                last = Some(self.woken[at]);
                self.woken[kept] = self.woken[at];
                kept += 1;
            }
        }
        self.woken.truncate(kept);
        self.offsets.push(kept as u32);
        self.atoms = atoms;
        if is_number { &mut self.numbers } else { &mut self.ids }.insert(folded.into(), id);
        id
    }

    /// Forgets all words where there are too many of them. Numbers of words are of no use afterwards.
    fn tidy(&mut self) {
        if self.marks.len() > Self::MOST {
            *self = Words::default();
        }
    }

    fn row(&self, id: u32) -> &[u64] {
        let start = id as usize * self.row_size;
        &self.rows[start..start + self.row_size]
    }

    fn woken(&self, id: u32) -> &[u32] {
        &self.woken[self.offsets[id as usize] as usize..self.offsets[id as usize + 1] as usize]
    }
}

impl Scanner {
    /// Finds the phrases of one sentence and appends them to `hits`.
    pub fn sentence(
        &mut self,
        pack: &Pack,
        tokens: &Tokens,
        number: u32,
        sentence: &Sentence,
        hits: &mut Vec<Hit>,
    ) {
        let words = &tokens.list[sentence.tokens.clone()];
        self.clauses.clear();
        if words.is_empty() {
            return;
        }
        self.look_up(pack, tokens, words);
        self.wake(pack);
        self.read_clauses(pack, words);
        let mut at = self.awake.partition_point(|(phrase, _)| (*phrase as usize) < pack.break_phrases);
        while at < self.awake.len() {
            let phrase = self.awake[at].0;
            let end = at + self.awake[at..].iter().take_while(|(other, _)| *other == phrase).count();
            self.run(pack, phrase, at..end, sentence, number, hits);
            at = end;
        }
    }

    /// Where the clauses of the sentence that was read last begin, counted from its first word.
    pub fn clause_starts(&self) -> impl Iterator<Item = u32> {
        self.clauses.iter().map(|clause| clause.tokens.start)
    }

    /// The first of these words at which one of the programs recognises something, and what; the programs are tried in
    /// their order.
    pub fn first_of<T: Copy>(
        &mut self,
        pack: &Pack,
        tokens: &Tokens,
        words: Range<usize>,
        programs: &[(T, u32)],
    ) -> Option<(usize, T)> {
        let first = words.start;
        self.look_up(pack, tokens, &tokens.list[words]);
        self.clause_of.clear();
        self.clause_of.resize(self.words.len(), 0);
        let view = View::new(pack, &self.lexicon, &self.words, &self.clause_of);
        self.machine.begin(&view);
        (0..view.words.len()).find_map(|at| {
            programs
                .iter()
                .find(|(_, program)| self.machine.matches(&view, *program, at).is_some())
                .map(|(found, _)| (first + at, *found))
        })
    }

    fn look_up(&mut self, pack: &Pack, tokens: &Tokens, words: &[Token]) {
        self.lexicon.tidy();
        self.words.clear();
        for word in words {
            let id = self.lexicon.id(pack, tokens.folded_of(word), word.kind == TokenKind::Number);
            self.words.push(id);
        }
        self.present.clear();
        self.present.resize(self.lexicon.row_size, 0);
        for id in &self.words {
            for (all, bits) in self.present.iter_mut().zip(self.lexicon.row(*id)) {
                *all |= bits;
            }
        }
    }

    /// Collects the phrases whose rarest word is there, and the others that they need.
    fn wake(&mut self, pack: &Pack) {
        self.awake.clear();
        for (at, id) in self.words.iter().enumerate() {
            for phrase in self.lexicon.woken(*id) {
                let needs = &pack.phrases[*phrase as usize].needs;
                if needs.iter().flatten().all(|bit| has_bit(&self.present, *bit)) {
                    self.awake.push((*phrase, at as u32));
                }
            }
        }
        self.awake.sort_unstable();
    }

    /// Parts the sentence into clauses and notes what single words say about them.
    fn read_clauses(&mut self, pack: &Pack, words: &[Token]) {
        self.clause_of.clear();
        self.clause_of.resize(words.len(), 0);
        self.begins.clear();
        self.begins.resize(words.len(), false);
        let view = View::new(pack, &self.lexicon, &self.words, &self.clause_of);
        self.machine.begin(&view);
        for (phrase, at) in
            self.awake.iter().take_while(|(phrase, _)| (*phrase as usize) < pack.break_phrases)
        {
            let phrase = &pack.phrases[*phrase as usize];
            for start in starts(phrase.before, *at as usize) {
                if view.may_begin(phrase.first, start)
                    && let Some(found) = self.machine.matches(&view, phrase.start, start)
                {
                    self.begins[found.start] = true;
                }
            }
        }
        for at in 0..words.len() {
            let marks = self.lexicon.marks[self.words[at] as usize];
            if at == 0 || self.begins[at] || marks & mark::BREAK != 0 || words[at - 1].gap >= Gap::Clause {
                self.clauses.push(Clause {
                    tokens: at as u32..at as u32,
                    facts: 0,
                    verb: None,
                    subject: None,
                });
            }
            self.clause_of[at] = (self.clauses.len() - 1) as u16;
            let Some(clause) = self.clauses.last_mut() else { continue };
            clause.tokens.end = at as u32 + 1;
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
        // What was read of classes before was read without clauses.
        self.machine.begin(&View::new(pack, &self.lexicon, &self.words, &self.clause_of));
    }

    /// Runs a phrase that these entries of `awake` woke up.
    fn run(
        &mut self,
        pack: &Pack,
        phrase: u32,
        woken_by: Range<usize>,
        sentence: &Sentence,
        number: u32,
        hits: &mut Vec<Hit>,
    ) {
        let compiled = &pack.phrases[phrase as usize];
        let group = &pack.groups[usize::from(compiled.group)];
        let words = self.words.len();
        // The next word at which the phrase may begin: behind what was tried and what was found.
        let mut from = 0;
        for entry in woken_by {
            for start in starts(compiled.before, self.awake[entry].1 as usize) {
                if start < from {
                    continue;
                }
                let view = View::new(pack, &self.lexicon, &self.words, &self.clause_of);
                if !view.may_begin(compiled.first, start) {
                    continue;
                }
                from = start + 1;
                let Some(found) = self.machine.matches(&view, compiled.start, start) else { continue };
                from = found.end.max(from);
                let first = usize::from(self.clause_of[found.start.min(words - 1)]);
                let last = found.end.saturating_sub(1).clamp(found.start.min(words - 1), words - 1);
                let last = usize::from(self.clause_of[last]);
                match &group.role {
                    Role::Fact(bit) => self.clauses[first].facts |= 1 << bit,
                    Role::Subject(side) => keep_first(&mut self.clauses[first].subject, found.start, *side),
                    Role::Verb(side) => keep_first(&mut self.clauses[first].verb, found.start, *side),
                    Role::Break => {}
                    Role::Finding { .. } | Role::Excuse { .. } | Role::Evidence { .. } | Role::Concept(_) => {
                        let clauses = &self.clauses[first..=last];
                        let facts = clauses.iter().fold(0, |facts, clause| facts | clause.facts);
                        let side = clauses
                            .iter()
                            .map(Clause::side)
                            .find(|side| *side != Side::Open)
                            .unwrap_or_default();
                        if group.subject & side.bit() != 0
                            && facts & group.with == group.with
                            && facts & group.without == 0
                            && group.question.is_none_or(|question| question == sentence.question)
                        {
                            let base = sentence.tokens.start as u32;
                            hits.push(Hit {
                                group: compiled.group,
                                phrase: compiled.written,
                                sentence: number,
                                tokens: base + found.start as u32..base + found.end as u32,
                                clause: base + self.clauses[first].tokens.start
                                    ..base + self.clauses[last].tokens.end,
                            });
                        }
                    }
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
        has_bit(self.lexicon.row(self.words[word]), bit)
    }

    fn may_begin(&self, first: Option<BitId>, at: usize) -> bool {
        first.is_none_or(|bit| self.has(at, bit))
    }

    /// Whether the words before and at `at` are in one clause.
    fn same_clause(&self, at: usize) -> bool {
        at > 0 && at < self.words.len() && self.clause_of[at - 1] == self.clause_of[at]
    }
}

/// Runs the programs of phrases and of classes. It tries the branches of a program in order and remembers which of them
/// failed at which word, and where the words of a class end, so that its time is bounded by the length of the programs
/// times the sentence's.
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
}

#[derive(Debug, Clone, Copy)]
struct Thread {
    op: u32,
    at: u16,
    open: Option<u16>,
    close: Option<u16>,
}

impl Machine {
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
        let mut seen_to = seen_from;
        self.stack.push(Thread { op: program, at: start as u16, open: None, close: None });
        while self.stack.len() > stack_base {
            let Some(mut thread) = self.stack.pop() else { break };
            loop {
                let at = usize::from(thread.at);
                let goes_on = match view.pack.ops[thread.op as usize] {
                    Op::Word(bit) => {
                        thread.at += 1;
                        at < view.words.len() && view.has(at, bit)
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
                        at < view.words.len()
                    }
                    // After the last word only the end of the sentence can follow.
                    Op::SameClause => at >= view.words.len() || view.same_clause(at),
                    Op::Split(first, second) => {
                        let slot = seen_from + (thread.op - program) as usize * (view.words.len() + 1) + at;
                        if self.seen.len() <= slot {
                            self.seen.resize(slot + 1, 0);
                        }
                        seen_to = seen_to.max(slot + 1);
                        if std::mem::replace(&mut self.seen[slot], attempt) == attempt {
                            break;
                        }
                        self.stack.push(Thread { op: second, ..thread });
                        thread.op = first;
                        continue;
                    }
                    Op::Jump(to) => {
                        thread.op = to;
                        continue;
                    }
                    Op::NotNext(bit) => at >= view.words.len() || !view.has(at, bit),
                    Op::NotBefore(bit) => at == 0 || !view.has(at - 1, bit),
                    Op::SentenceStart => at == 0,
                    Op::SentenceEnd => at == view.words.len(),
                    Op::ClauseEnd => at > 0 && (at == view.words.len() || !view.same_clause(at)),
                    Op::MarkOpen => {
                        thread.open = Some(thread.at);
                        true
                    }
                    Op::MarkClose => {
                        thread.close = Some(thread.at);
                        true
                    }
                    Op::Match if is_class => {
                        if !self.pending[pending_base..].contains(&thread.at) {
                            self.pending.push(thread.at);
                        }
                        break;
                    }
                    Op::Match => {
                        self.stack.truncate(stack_base);
                        let open = thread.open.map_or(start, usize::from);
                        return Some(open..thread.close.map_or(at, usize::from));
                    }
                };
                if !goes_on {
                    break;
                }
                thread.op += 1;
            }
        }
        None
    }
}
