//! The matcher: one pass over the words of a sentence finds every phrase of a pack and reads its clauses.

use std::ops::Range;

use replylint_pack::{AtomId, NUMBER, Op, Pack, Role, Side, mark};

use crate::text::{Gap, Sentence, Token, TokenKind, Tokens};

/// A phrase that was found, with the conditions of its group met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Index into [`Pack::groups`].
    pub group: u16,
    /// Index into [`Pack::phrases`].
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

/// Scratch memory of the matcher; one per check, reused from sentence to sentence.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    /// Atoms of the sentence's words, one word after the other.
    atoms: Vec<AtomId>,
    /// Where each word's atoms begin; one more entry than words.
    offsets: Vec<u32>,
    /// For each phrase, the number of the scan that woke it last.
    woken_at: Vec<u32>,
    scan: u32,
    awake: Vec<u32>,
    clauses: Vec<Clause>,
    /// For each word, the number of its clause.
    clause_of: Vec<u16>,
    machine: Machine,
}

impl Scanner {
    /// A scanner for texts of this pack.
    pub fn new(pack: &Pack) -> Self {
        Scanner { woken_at: vec![0; pack.phrases.len()], ..Scanner::default() }
    }

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
        if words.is_empty() {
            return;
        }
        self.scan += 1;
        self.look_up(pack, tokens, words);
        self.wake(pack);
        self.read_clauses(pack, words);
        let breaks = self.awake.partition_point(|phrase| (*phrase as usize) < pack.break_phrases);
        for at in breaks..self.awake.len() {
            self.run(pack, self.awake[at], sentence, number, hits);
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
        let words = &tokens.list[words];
        self.look_up(pack, tokens, words);
        self.clause_of.clear();
        self.clause_of.resize(words.len(), 0);
        let view = View {
            pack,
            atoms: &self.atoms,
            offsets: &self.offsets,
            clause_of: &self.clause_of,
            words: words.len(),
        };
        (0..words.len()).find_map(|at| {
            programs
                .iter()
                .find(|(_, program)| self.machine.match_at(&view, *program, at).is_some())
                .map(|(found, _)| (first + at, *found))
        })
    }

    fn look_up(&mut self, pack: &Pack, tokens: &Tokens, words: &[Token]) {
        self.atoms.clear();
        self.offsets.clear();
        for word in words {
            let start = self.atoms.len();
            self.offsets.push(start as u32);
            if word.kind == TokenKind::Number {
                self.atoms.push(NUMBER);
            }
            pack.lexicon.look_up(tokens.folded_of(word), &mut self.atoms);
            for (exception, class) in &pack.exceptions {
                if self.atoms[start..].contains(exception) {
                    let mut at = start;
                    while at < self.atoms.len() {
                        if self.atoms[at] == *class {
                            self.atoms.swap_remove(at);
                        } else {
                            at += 1;
                        }
                    }
                }
            }
        }
        self.offsets.push(self.atoms.len() as u32);
    }

    /// Collects the phrases whose rarest word is there.
    fn wake(&mut self, pack: &Pack) {
        self.awake.clear();
        for atom in &self.atoms {
            let atom = usize::from(*atom);
            let range = pack.trigger_offsets[atom] as usize..pack.trigger_offsets[atom + 1] as usize;
            for phrase in &pack.triggered[range] {
                let woken_at = &mut self.woken_at[*phrase as usize];
                if *woken_at != self.scan {
                    *woken_at = self.scan;
                    self.awake.push(*phrase);
                }
            }
        }
        self.awake.sort_unstable();
    }

    fn atoms_of(&self, word: usize) -> &[AtomId] {
        &self.atoms[self.offsets[word] as usize..self.offsets[word + 1] as usize]
    }

    /// Parts the sentence into clauses and notes what single words say about them.
    fn read_clauses(&mut self, pack: &Pack, words: &[Token]) {
        self.clauses.clear();
        self.clause_of.clear();
        self.clause_of.resize(words.len(), 0);
        let mut begins = vec![false; words.len()];
        for phrase in self.awake.iter().take_while(|phrase| (**phrase as usize) < pack.break_phrases) {
            let start = pack.phrases[*phrase as usize].start;
            let view = View {
                pack,
                atoms: &self.atoms,
                offsets: &self.offsets,
                clause_of: &self.clause_of,
                words: words.len(),
            };
            let mut from = 0;
            while let Some(found) = self.machine.find(&view, start, from) {
                begins[found.start] = true;
                from = found.start + 1;
            }
        }
        for at in 0..words.len() {
            let marks =
                self.atoms_of(at).iter().fold(0, |marks, atom| marks | pack.marks[usize::from(*atom)]);
            if at == 0 || begins[at] || marks & mark::BREAK != 0 || words[at - 1].gap >= Gap::Clause {
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
    }

    fn run(&mut self, pack: &Pack, phrase: u32, sentence: &Sentence, number: u32, hits: &mut Vec<Hit>) {
        let compiled = &pack.phrases[phrase as usize];
        let group = &pack.groups[usize::from(compiled.group)];
        let words = self.offsets.len() - 1;
        let mut from = 0;
        loop {
            let view =
                View { pack, atoms: &self.atoms, offsets: &self.offsets, clause_of: &self.clause_of, words };
            let Some(found) = self.machine.find(&view, compiled.start, from) else { return };
            from = found.end.max(found.start + 1);
            let first = usize::from(self.clause_of[found.start.min(words - 1)]);
            let last = usize::from(
                self.clause_of[found.end.saturating_sub(1).clamp(found.start.min(words - 1), words - 1)],
            );
            match &group.role {
                Role::Fact(bit) => self.clauses[first].facts |= 1 << bit,
                Role::Subject(side) => keep_first(&mut self.clauses[first].subject, found.start, *side),
                Role::Verb(side) => keep_first(&mut self.clauses[first].verb, found.start, *side),
                Role::Break => {}
                Role::Finding { .. } | Role::Excuse { .. } | Role::Evidence { .. } | Role::Concept(_) => {
                    let clauses = &self.clauses[first..=last];
                    let facts = clauses.iter().fold(0, |facts, clause| facts | clause.facts);
                    let side =
                        clauses.iter().map(Clause::side).find(|side| *side != Side::Open).unwrap_or_default();
                    if group.subject & side.bit() != 0
                        && facts & group.with == group.with
                        && facts & group.without == 0
                        && group.question.is_none_or(|question| question == sentence.question)
                    {
                        let base = sentence.tokens.start as u32;
                        hits.push(Hit {
                            group: compiled.group,
                            phrase,
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

fn keep_first(slot: &mut Option<(u32, Side)>, at: usize, side: Side) {
    if slot.is_none_or(|(known, _)| at as u32 <= known) {
        *slot = Some((at as u32, side));
    }
}

/// What a phrase's program sees of a sentence.
struct View<'s> {
    pack: &'s Pack,
    atoms: &'s [AtomId],
    offsets: &'s [u32],
    clause_of: &'s [u16],
    words: usize,
}

impl View<'_> {
    fn passes(&self, word: usize, test: u16) -> bool {
        let atoms = &self.atoms[self.offsets[word] as usize..self.offsets[word + 1] as usize];
        self.pack.tests[usize::from(test)].holds(atoms)
    }

    /// Whether the words before and at `at` are in one clause.
    fn same_clause(&self, at: usize) -> bool {
        at > 0 && at < self.words && self.clause_of[at - 1] == self.clause_of[at]
    }
}

/// Runs the programs of phrases. It tries the branches of a program in order and remembers which of them failed at
/// which word, so that its time is bounded by the program's length times the sentence's.
#[derive(Debug, Default)]
struct Machine {
    stack: Vec<Thread>,
    /// For each step and word, the number of the attempt that has been there.
    seen: Vec<u32>,
    attempt: u32,
}

#[derive(Debug, Clone, Copy)]
struct Thread {
    op: u32,
    at: usize,
    open: Option<usize>,
    close: Option<usize>,
}

impl Machine {
    /// The marked words of the first match that begins at `from` or later.
    fn find(&mut self, view: &View<'_>, program: u32, from: usize) -> Option<Range<usize>> {
        (from..view.words).find_map(|start| {
            if let Op::Word(test) = view.pack.ops[program as usize]
                && !view.passes(start, test)
            {
                return None;
            }
            self.match_at(view, program, start)
        })
    }

    fn match_at(&mut self, view: &View<'_>, program: u32, start: usize) -> Option<Range<usize>> {
        self.attempt += 1;
        self.stack.clear();
        self.stack.push(Thread { op: program, at: start, open: None, close: None });
        while let Some(mut thread) = self.stack.pop() {
            loop {
                let next = thread.op + 1;
                let goes_on = match view.pack.ops[thread.op as usize] {
                    Op::Word(test) => {
                        let found = thread.at < view.words && view.passes(thread.at, test);
                        thread.at += 1;
                        found
                    }
                    Op::ClauseWord => {
                        let found = view.same_clause(thread.at);
                        thread.at += 1;
                        found
                    }
                    Op::AnyWord => {
                        thread.at += 1;
                        thread.at <= view.words
                    }
                    // After the last word only the end of the sentence can follow.
                    Op::SameClause => thread.at >= view.words || view.same_clause(thread.at),
                    Op::Split(first, second) => {
                        if self.been_at(view, program, thread) {
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
                    Op::NotNext(test) => thread.at >= view.words || !view.passes(thread.at, test),
                    Op::NotBefore(test) => thread.at == 0 || !view.passes(thread.at - 1, test),
                    Op::SentenceStart => thread.at == 0,
                    Op::SentenceEnd => thread.at == view.words,
                    Op::ClauseEnd => {
                        thread.at > 0 && (thread.at == view.words || !view.same_clause(thread.at))
                    }
                    Op::MarkOpen => {
                        thread.open = Some(thread.at);
                        true
                    }
                    Op::MarkClose => {
                        thread.close = Some(thread.at);
                        true
                    }
                    Op::Match => {
                        return Some(thread.open.unwrap_or(start)..thread.close.unwrap_or(thread.at));
                    }
                };
                if !goes_on {
                    break;
                }
                thread.op = next;
            }
        }
        None
    }

    fn been_at(&mut self, view: &View<'_>, program: u32, thread: Thread) -> bool {
        let slot = (thread.op - program) as usize * (view.words + 1) + thread.at;
        if self.seen.len() <= slot {
            self.seen.resize(slot + 1, 0);
        }
        let been = self.seen[slot] == self.attempt;
        self.seen[slot] = self.attempt;
        been
    }
}
