//! From a phrase's tree to its programs, and what wakes them up.

use std::cmp::Ordering;
use std::ops::Range;

use crate::compile::{Class, Compiler, FileRef, Origin};
use crate::pack::{Need, OUTSIDE, Op, Phrase, WordTest};
use crate::phrase::{Node, Test};
use crate::source::PhraseText;
use crate::{AtomId, BitId, Error};

/// A class of several words while the pack is compiled.
pub(crate) struct WordClass {
    pub name: String,
    /// Where its program begins.
    pub start: u32,
    /// The test that its first word passes.
    pub first: Option<BitId>,
}

/// The least and the most words of something.
type Width = (u8, u8);

/// What a part of a phrase needs and how long it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    /// How many words it takes.
    width: Width,
    /// Sets of atoms of each of which one must be there, the rarest first.
    needs: Vec<Set>,
    /// The atoms that its first word may have; `None` where it may be any word, or none.
    first: Option<Vec<AtomId>>,
}

/// Atoms of which one must be there for a phrase to match.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Set {
    /// About how often one of them is there.
    cost: u32,
    atoms: Vec<AtomId>,
    /// How many words are before it.
    before: Width,
}

/// A set that a phrase needs, with its place.
struct Placed {
    set: Set,
    /// The number of the phrase's part that it is in.
    part: usize,
    /// How many words of the part are before it.
    before: Width,
    /// How many it has with what is behind it.
    rest: Width,
}

/// A phrase that is a choice between phrases is compiled as so many phrases at the most, each with a trigger of its own.
const MOST_VARIANTS: usize = 400;
/// A choice of so many branches tries one after the other; one of more looks up those that a word can begin.
const FEW: usize = 4;
/// A set of which so many in ten thousand words are is there in most sentences, and tells nothing.
const FREQUENT: u32 = 1000;
/// A sentence has about so many words: so much less a set tells of which only the sentence is known in which it stands.
const WORDS: u32 = 15;

impl<'s> Compiler<'s> {
    /// Compiles phrases of a group.
    pub fn compile_phrases(
        &mut self,
        file: FileRef<'s>,
        phrases: &[PhraseText],
        group: u16,
    ) -> Result<(), Error> {
        for entry in phrases {
            let node = self.parse(file, entry)?;
            let node = self.simplify(node, file, entry.span())?;
            let written = self.origins.len() as u32;
            for node in self.variants(node, file, entry.span())? {
                let start = self.ops.len() as u32;
                self.emit(&node, file, entry.span())?;
                self.ops.push(Op::Match);
                let (mut sets, widths) = self.placed(&node, file, entry.span())?;
                if sets.is_empty() {
                    return Err(file
                        .error(entry.span(), "the phrase can match without any certain word")
                        .help("name at least one word or class outside of `[…]`, `_` and gaps"));
                }
                let trigger = sets.remove(0);
                // What it needs besides: how often that is there for nothing, where, and which atoms; none outside of the sentence.
                let mut others = Vec::new();
                for place in outside(&node, &trigger, &widths) {
                    let cost = 10_000 * u32::from(place.unsigned_abs()) / WORDS;
                    others.push((cost, Some((place, place)), None));
                }
                for other in sets {
                    let steps = steps(&trigger, &other, &widths);
                    let places = steps.map_or(WORDS, |(least, most)| u32::from(most.abs_diff(least)) + 1);
                    let cost = other.set.cost * places.min(WORDS);
                    if cost < FREQUENT * WORDS {
                        others.push((cost, steps, Some(other.set.atoms)));
                    }
                }
                // The one that tells most first.
                others.sort_by_key(|(cost, ..)| *cost);
                let mut others = others.into_iter();
                let needs = [others.next(), others.next()].map(|need| {
                    let (_, steps, atoms) = need?;
                    Some(Need { bit: atoms.map_or(OUTSIDE, |atoms| self.set_id(atoms)), steps })
                });
                let reach = self.reach(&node, file, entry.span())?;
                let first = reach.first.map(|atoms| self.set_id(atoms));
                let trigger = trigger.set;
                self.triggers.push(trigger.atoms);
                self.phrases.push(Phrase {
                    start,
                    group,
                    written,
                    before: trigger.before,
                    first,
                    needs,
                    is_word: false,
                });
            }
            self.origins.push(Origin {
                path: file.path.to_owned(),
                line: file.text[..entry.span().start.min(file.text.len())].matches('\n').count() + 1,
                text: entry.as_ref().clone(),
            });
        }
        Ok(())
    }

    /// The sets that a phrase needs, the rarest first, and the widths of its parts.
    fn placed(
        &mut self,
        node: &Node,
        file: FileRef<'s>,
        at: Range<usize>,
    ) -> Result<(Vec<Placed>, Vec<Width>), Error> {
        let parts = match node {
            Node::Seq(parts) => parts.as_slice(),
            node => std::slice::from_ref(node),
        };
        let mut placed = Vec::new();
        let mut widths: Vec<Width> = Vec::new();
        let mut width = (0, 0);
        for (number, part) in parts.iter().enumerate() {
            let reach = self.reach(part, file, at.clone())?;
            for mut set in reach.needs {
                let before = set.before;
                set.before = sum(width, before);
                let (least, most) = reach.width;
                let rest = (least.saturating_sub(before.1), most.saturating_sub(before.0));
                placed.push(Placed { set, part: number, before, rest });
            }
            width = sum(width, reach.width);
            widths.push(reach.width);
        }
        // The sort keeps the order of those that are as rare.
        placed.sort_by_key(|placed| placed.set.cost);
        Ok((placed, widths))
    }

    /// The programs of the classes of several words that phrases use.
    pub fn emit_classes(&mut self) -> Result<(), Error> {
        let mut at = 0;
        // A class may use classes that nothing else uses.
        while at < self.word_classes.len() {
            let name = self.word_classes[at].name.clone();
            if let Class::Phrases(node) = self.class(&name, self.language, 0..0)? {
                let start = self.ops.len() as u32;
                self.emit(&node, self.language, 0..0)?;
                self.ops.push(Op::Match);
                let first = self.reach(&node, self.language, 0..0)?.first;
                self.word_classes[at].start = start;
                self.word_classes[at].first = first.map(|atoms| self.set_id(atoms));
            }
            at += 1;
        }
        Ok(())
    }

    /// The same tree with nothing in it that is there for the writer's sake only: sequences of one, sequences in
    /// sequences, choices between single words.
    pub fn simplify(&mut self, node: Node, file: FileRef<'s>, at: Range<usize>) -> Result<Node, Error> {
        Ok(match node {
            Node::Seq(items) => {
                let mut flat = Vec::with_capacity(items.len());
                for item in items {
                    match self.simplify(item, file, at.clone())? {
                        Node::Seq(inner) => flat.extend(inner),
                        item => flat.push(item),
                    }
                }
                match flat.len() {
                    1 => flat.remove(0),
                    _ => Node::Seq(flat),
                }
            }
            Node::Alt(branches) => {
                let mut flat: Vec<Node> = Vec::with_capacity(branches.len());
                for branch in branches {
                    match self.simplify(branch, file, at.clone())? {
                        Node::Test(test) if self.takes_one_word(&test, file, at.clone())? => {
                            match flat.last_mut() {
                                Some(Node::Test(Test::OneOf(tests))) => tests.push(test),
                                _ => flat.push(Node::Test(Test::OneOf(vec![test]))),
                            }
                        }
                        Node::Alt(inner) => flat.extend(inner),
                        branch => flat.push(branch),
                    }
                }
                match flat.len() {
                    1 => flat.remove(0),
                    _ => Node::Alt(flat),
                }
            }
            Node::Opt(inner) => Node::Opt(Box::new(self.simplify(*inner, file, at)?)),
            node => node,
        })
    }

    fn takes_one_word(&mut self, test: &Test, file: FileRef<'s>, at: Range<usize>) -> Result<bool, Error> {
        Ok(match test {
            Test::Class(name, range) => {
                let place =
                    if at.is_empty() { 0..0 } else { at.start + 1 + range.start..at.start + 1 + range.end };
                !matches!(self.class(name, file, place)?, Class::Phrases(_))
            }
            _ => true,
        })
    }

    /// The phrases between which a phrase chooses, if it is nothing but a choice.
    fn variants(&mut self, node: Node, file: FileRef<'s>, at: Range<usize>) -> Result<Vec<Node>, Error> {
        let choice = |node: &Node| match node {
            Node::Alt(branches) => Some(branches.clone()),
            _ => None,
        };
        let (before, branches, after) = match &node {
            Node::Seq(items) => {
                let is_word = |item: &Node| !matches!(item, Node::MarkOpen | Node::MarkClose);
                let words: Vec<usize> = (0..items.len()).filter(|at| is_word(&items[*at])).collect();
                let [only] = words.as_slice() else { return Ok(vec![node]) };
                (
                    items[..*only].to_vec(),
                    self.choices(&items[*only], file, at.clone())?,
                    items[only + 1..].to_vec(),
                )
            }
            Node::Test(_) => (Vec::new(), self.choices(&node, file, at.clone())?, Vec::new()),
            node => (Vec::new(), choice(node), Vec::new()),
        };
        Ok(match branches {
            Some(branches) if branches.len() <= MOST_VARIANTS => branches
                .into_iter()
                .map(|branch| {
                    let items = before.iter().cloned().chain([branch]).chain(after.iter().cloned());
                    self.simplify(Node::Seq(items.collect()), file, at.clone())
                })
                .collect::<Result<_, _>>()?,
            _ => vec![node],
        })
    }

    fn choices(
        &mut self,
        node: &Node,
        file: FileRef<'s>,
        at: Range<usize>,
    ) -> Result<Option<Vec<Node>>, Error> {
        Ok(match node {
            Node::Alt(branches) => Some(branches.clone()),
            Node::Test(Test::Class(name, _)) => match self.class(name, file, at)? {
                Class::Phrases(node) => match &*node {
                    Node::Alt(branches) => Some(branches.clone()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    }

    fn emit(&mut self, node: &Node, file: FileRef<'s>, at: Range<usize>) -> Result<(), Error> {
        match node {
            Node::Test(test) => self.emit_test(test, file, at)?,
            Node::Seq(items) => {
                for (number, item) in items.iter().enumerate() {
                    match item {
                        Node::Gap { max, crosses } => {
                            let rest = Node::Seq(items[number + 1..].to_vec());
                            let first = self.first_bit(&rest, file, at.clone())?;
                            self.emit_gap(*max, *crosses, first);
                        }
                        item => self.emit(item, file, at.clone())?,
                    }
                }
            }
            Node::Alt(branches) => {
                let mut ends = Vec::new();
                self.emit_branches(branches, &mut ends, file, at)?;
                for end in ends {
                    self.ops[end] = Op::Jump(self.ops.len() as u32);
                }
            }
            Node::Opt(inner) => {
                let split = self.ops.len();
                self.ops.push(Op::Match);
                self.emit(inner, file, at.clone())?;
                self.ops[split] = self.split(inner, file, at)?;
            }
            Node::Gap { max, crosses } => self.emit_gap(*max, *crosses, None),
            Node::NotNext(test) => {
                let test = self.word_test(test, file, at)?;
                let id = self.test_id(test);
                self.ops.push(Op::NotNext(id));
            }
            Node::NotBefore(test) => {
                let test = self.word_test(test, file, at)?;
                let id = self.test_id(test);
                self.ops.push(Op::NotBefore(id));
            }
            Node::SentenceStart => self.ops.push(Op::SentenceStart),
            Node::SentenceEnd => self.ops.push(Op::SentenceEnd),
            Node::ClauseEnd => self.ops.push(Op::ClauseEnd),
            Node::MarkOpen => self.ops.push(Op::MarkOpen),
            Node::MarkClose => self.ops.push(Op::MarkClose),
        }
        Ok(())
    }

    /// Up to `max` words, of one clause or of several; the word behind them has the bit `first`, if that is known.
    fn emit_gap(&mut self, max: u8, crosses: bool, first: Option<BitId>) {
        // Lazy: leave the gap before taking another word.
        let step = if crosses { Op::AnyWord } else { Op::ClauseWord };
        let end = self.ops.len() as u32 + 2 * u32::from(max);
        for _ in 0..max {
            self.ops.push(match first {
                Some(bit) => Op::LeaveAt(bit, end),
                None => Op::Leave(end),
            });
            self.ops.push(step);
        }
        if !crosses {
            self.ops.push(Op::SameClause);
        }
    }

    /// The branches of a choice, in their order; `ends` are the places from which to jump behind the choice.
    fn emit_branches(
        &mut self,
        branches: &[Node],
        ends: &mut Vec<usize>,
        file: FileRef<'s>,
        at: Range<usize>,
    ) -> Result<(), Error> {
        if branches.len() <= FEW {
            for (number, branch) in branches.iter().enumerate() {
                let is_last = number + 1 == branches.len();
                let split = self.ops.len();
                if !is_last {
                    self.ops.push(Op::Match);
                }
                self.emit(branch, file, at.clone())?;
                if !is_last {
                    ends.push(self.ops.len());
                    self.ops.push(Op::Match);
                    self.ops[split] = self.split(branch, file, at.clone())?;
                }
            }
            return Ok(());
        }
        let table = self.ops.len() + 1;
        self.ops.push(Op::Choice(branches.len() as u16));
        self.ops.resize(table + branches.len(), Op::Match);
        for (number, branch) in branches.iter().enumerate() {
            let start = self.ops.len() as u32;
            self.ops[table + number] = match self.first_bit(branch, file, at.clone())? {
                Some(bit) => Op::LeaveAt(bit, start),
                None => Op::Jump(start),
            };
            self.emit(branch, file, at.clone())?;
            ends.push(self.ops.len());
            self.ops.push(Op::Match);
        }
        Ok(())
    }

    /// The step before a branch that ends here: it tries the branch, then what follows; the branch only where its first
    /// word is there, if that is known.
    fn split(&mut self, branch: &Node, file: FileRef<'s>, at: Range<usize>) -> Result<Op, Error> {
        let second = self.ops.len() as u32;
        Ok(match self.first_bit(branch, file, at)? {
            Some(bit) => Op::SplitAt(bit, second),
            None => Op::Split(second),
        })
    }

    /// The bit that the first word of a part has; `None` where it may be any word, or none.
    fn first_bit(
        &mut self,
        node: &Node,
        file: FileRef<'s>,
        at: Range<usize>,
    ) -> Result<Option<BitId>, Error> {
        let reach = self.reach(node, file, at)?;
        Ok(reach.first.filter(|_| reach.width.0 > 0).map(|atoms| self.set_id(atoms)))
    }

    pub fn emit_test(&mut self, test: &Test, file: FileRef<'s>, at: Range<usize>) -> Result<(), Error> {
        if let Test::Class(name, range) = test {
            let place =
                if at.is_empty() { 0..0 } else { at.start + 1 + range.start..at.start + 1 + range.end };
            if let Class::Phrases(_) = self.class(name, file, place)? {
                let known = self.word_classes.iter().position(|class| class.name == *name);
                let number = known.unwrap_or_else(|| {
                    self.word_classes.push(WordClass { name: name.clone(), start: 0, first: None });
                    self.word_classes.len() - 1
                });
                self.ops.push(Op::Class(number as u16));
                return Ok(());
            }
        }
        let test = self.word_test(test, file, at)?;
        let id = self.test_id(test);
        self.ops.push(Op::Word(id));
        Ok(())
    }

    /// The number of the test that a word passes which has one of these atoms.
    fn set_id(&mut self, mut atoms: Vec<AtomId>) -> u16 {
        atoms.sort_unstable();
        atoms.dedup();
        match atoms.as_slice() {
            [atom] => self.test_id(WordTest::Atom(*atom)),
            _ => self.test_id(WordTest::OneOf(atoms.into_iter().map(WordTest::Atom).collect())),
        }
    }

    /// What a part of a phrase needs.
    fn reach(&mut self, node: &Node, file: FileRef<'s>, at: Range<usize>) -> Result<Reach, Error> {
        Ok(match node {
            Node::Test(Test::Class(name, _)) => match self.class(name, file, at)? {
                Class::Phrases(inner) => match self.reaches.get(name) {
                    Some(known) => known.clone(),
                    None => {
                        let reach = self.reach(&inner, self.language, 0..0)?;
                        self.reaches.insert(name.clone(), reach.clone());
                        reach
                    }
                },
                Class::Lexical(atom) => self.of_test(&WordTest::Atom(atom)),
                Class::Single(test) => self.of_test(&test),
            },
            Node::Test(test) => {
                let test = self.word_test(test, file, at)?;
                self.of_test(&test)
            }
            Node::Seq(items) => {
                let mut all = Reach { first: Some(Vec::new()), ..Reach::default() };
                let mut is_begun = false;
                for item in items {
                    let part = self.reach(item, file, at.clone())?;
                    all.needs.extend(part.needs.into_iter().map(|mut need| {
                        need.before = sum(all.width, need.before);
                        need
                    }));
                    all.width = sum(all.width, part.width);
                    if !is_begun && !is_assertion(item) {
                        all.first = match (all.first, part.first) {
                            (Some(mut atoms), Some(more)) => {
                                atoms.extend(more);
                                Some(atoms)
                            }
                            _ => None,
                        };
                        is_begun = part.width.0 > 0;
                    }
                }
                if !is_begun {
                    all.first = None;
                }
                // The rarest first; the sort keeps the order of those that are as rare.
                all.needs.sort_by_key(|need| need.cost);
                all
            }
            Node::Alt(branches) => {
                let mut all = Reach { width: (u8::MAX, 0), first: Some(Vec::new()), needs: Vec::new() };
                let mut needs: Vec<Vec<Set>> = Vec::new();
                for branch in branches {
                    let part = self.reach(branch, file, at.clone())?;
                    all.width = (all.width.0.min(part.width.0), all.width.1.max(part.width.1));
                    needs.push(part.needs);
                    all.first = all.first.zip(part.first).map(|(mut atoms, more)| {
                        atoms.extend(more);
                        atoms
                    });
                }
                // What tells most of each branch, then what tells most besides: of a branch that needs no more, the same, which
                // tells nothing as often as it is that branch.
                let sets = |number: usize| {
                    let of_branches = needs.iter().map(|sets| sets.get(number).or(sets.last()));
                    of_branches.collect::<Option<Vec<&Set>>>()
                };
                if let Some(first) = sets(0) {
                    let first = either(&first);
                    let is_one = |sets: &&Vec<Set>| sets.len() == 1;
                    let of_one: u64 = needs.iter().filter(is_one).map(|sets| u64::from(sets[0].cost)).sum();
                    let idle = (of_one * 10_000 / u64::from(first.cost.max(1))) as u32;
                    all.needs.push(first);
                    if needs.iter().any(|sets| sets.len() > 1)
                        && let Some(second) = sets(1)
                    {
                        let mut second = either(&second);
                        second.cost += idle;
                        all.needs.push(second);
                    }
                }
                all
            }
            Node::Opt(inner) => {
                let inner = self.reach(inner, file, at)?;
                Reach { width: (0, inner.width.1), needs: Vec::new(), first: inner.first }
            }
            Node::Gap { max, .. } => Reach { width: (0, *max), ..Reach::default() },
            _ => Reach::default(),
        })
    }

    fn of_test(&self, test: &WordTest) -> Reach {
        let trigger = self.test_trigger(test);
        Reach {
            width: (1, 1),
            first: trigger.as_ref().map(|(_, atoms)| atoms.clone()),
            needs: trigger.into_iter().map(|(cost, atoms)| Set { cost, atoms, before: (0, 0) }).collect(),
        }
    }

    fn test_trigger(&self, test: &WordTest) -> Option<(u32, Vec<AtomId>)> {
        match test {
            WordTest::Atom(atom) => Some((self.costs[usize::from(*atom)], vec![*atom])),
            WordTest::Any | WordTest::Not(_) => None,
            WordTest::All(tests) => {
                tests.iter().filter_map(|test| self.test_trigger(test)).min_by_key(|(cost, _)| *cost)
            }
            WordTest::OneOf(tests) => {
                let mut all = (0, Vec::new());
                for test in tests {
                    let (cost, atoms) = self.test_trigger(test)?;
                    all.0 += cost;
                    all.1.extend(atoms);
                }
                Some(all)
            }
        }
    }
}

/// How many words behind the one set the other stands, at the least and at the most; before it, the numbers are below 0.
fn steps(from: &Placed, to: &Placed, widths: &[Width]) -> Option<(i8, i8)> {
    let between = |first: &Placed, second: &Placed| {
        let parts = widths[first.part + 1..second.part].iter().copied();
        let (least, most) = parts.chain([second.before]).fold(first.rest, sum);
        (i32::from(least), i32::from(most))
    };
    let (least, most) = match from.part.cmp(&to.part) {
        Ordering::Equal => {
            let place = |width: Width| (i32::from(width.0), i32::from(width.1));
            let (from, to) = (place(from.before), place(to.before));
            (to.0 - from.1, to.1 - from.0)
        }
        Ordering::Less => between(from, to),
        Ordering::Greater => {
            let (least, most) = between(to, from);
            (-most, -least)
        }
    };
    i8::try_from(least).ok().zip(i8::try_from(most).ok())
}

/// The places behind the word that wakes a phrase up at which there is no word of the sentence if it matches: before it the
/// numbers are below 0.
fn outside(node: &Node, trigger: &Placed, widths: &[Width]) -> Vec<i8> {
    let Node::Seq(parts) = node else { return Vec::new() };
    let mut places = Vec::new();
    let is_mark = |part: &&Node| matches!(part, Node::MarkOpen | Node::MarkClose);
    if matches!(parts.iter().find(|part| !is_mark(part)), Some(Node::SentenceStart)) {
        places.push(-1 - i32::from(trigger.set.before.1));
    }
    if matches!(parts.iter().rfind(|part| !is_mark(part)), Some(Node::SentenceEnd)) {
        let (_, most) = widths[trigger.part + 1..].iter().copied().fold(trigger.rest, sum);
        places.push(i32::from(most));
    }
    places.into_iter().filter_map(|place| i8::try_from(place).ok()).collect()
}

/// Atoms of which one must be there where one of several sets is needed.
fn either(sets: &[&Set]) -> Set {
    let mut all = Set { cost: 0, atoms: Vec::new(), before: (u8::MAX, 0) };
    for set in sets {
        all.cost += set.cost;
        all.atoms.extend(&set.atoms);
        all.before = (all.before.0.min(set.before.0), all.before.1.max(set.before.1));
    }
    all.atoms.sort_unstable();
    all.atoms.dedup();
    all
}

/// Whether a part takes no word, whatever comes.
fn is_assertion(node: &Node) -> bool {
    !matches!(node, Node::Test(_) | Node::Seq(_) | Node::Alt(_) | Node::Opt(_) | Node::Gap { .. })
}

fn sum(a: Width, b: Width) -> Width {
    (a.0.saturating_add(b.0), a.1.saturating_add(b.1))
}
