//! From a folded word to everything that is known about it, in one walk.

use serde::{Deserialize, Serialize};

use crate::packed::{self, Numbers, Packed};

/// The number of a word, stem, ending or class in a pack.
pub type AtomId = u16;

/// All words, stems and endings of a pack, each with its atoms.
///
/// Two double-array tries: one reads words from the front (whole words and stems), one from the back (endings).
/// The cost of a look-up grows with the length of the word only, not with the number of phrases.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Lexicon {
    forward: Trie,
    backward: Trie,
}

/// What an entry of the lexicon matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Form {
    Word(String),
    Stem(String),
    Ending(String),
}

impl Lexicon {
    pub(crate) fn build(entries: &[(Form, AtomId)]) -> Self {
        let mut forward = Vec::new();
        let mut backward = Vec::new();
        for (form, atom) in entries {
            match form {
                Form::Word(word) => forward.push((word.as_bytes().to_vec(), true, *atom)),
                Form::Stem(stem) => forward.push((stem.as_bytes().to_vec(), false, *atom)),
                Form::Ending(ending) => backward.push((ending.bytes().rev().collect(), false, *atom)),
            }
        }
        Lexicon { forward: Trie::build(forward), backward: Trie::build(backward) }
    }

    /// Appends the atoms of a folded word to `out`. An atom may come more than once.
    pub fn look_up(&self, folded: &str, out: &mut Vec<AtomId>) {
        self.forward.walk(folded.bytes(), out);
        self.backward.walk(folded.bytes().rev(), out);
    }
}

/// A search over more places than this has met a crowded region.
const CROWDED: usize = 64;

/// A double-array trie over bytes: the child of `state` for byte `b` is `base[state] + b`, if `check` there says so.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Trie {
    #[serde(with = "crate::packed")]
    nodes: Vec<TrieNode>,
    /// Lists of atoms, each preceded by its length.
    #[serde(with = "crate::packed")]
    lists: Vec<AtomId>,
}

#[derive(Debug, Clone, Copy, Default)]
struct TrieNode {
    base: u32,
    /// The parent's number plus one; 0 marks an empty place.
    check: u32,
    /// Where the atoms of entries that may go on here begin in `lists`, plus one; 0 for none.
    open: u32,
    /// The same for entries that must end here.
    whole: u32,
}

/// An empty place is one number, the others have the distances to their parent and their children.
impl Packed for TrieNode {
    fn pack(&self, at: usize, numbers: &mut Vec<u8>) {
        let Some(parent) = self.check.checked_sub(1) else {
            // The root has no parent, and is the first.
            packed::push(numbers, 0);
            if at == 0 {
                [self.base, self.open, self.whole].into_iter().for_each(|part| packed::push(numbers, part));
            }
            return;
        };
        let base = if self.base == 0 { 0 } else { 1 + packed::distance(self.base, at) };
        let parts = [1 + packed::distance(parent, at), base, self.open, self.whole];
        parts.into_iter().for_each(|part| packed::push(numbers, part));
    }

    fn unpack(at: usize, numbers: &mut Numbers<'_>) -> Option<Self> {
        let parent = numbers.next()?;
        if parent == 0 && at > 0 {
            return Some(TrieNode::default());
        }
        if parent == 0 {
            let [base, open, whole] = [numbers.next()?, numbers.next()?, numbers.next()?];
            return Some(TrieNode { base, check: 0, open, whole });
        }
        let base = match numbers.next()? {
            0 => 0,
            base => packed::from_distance(base - 1, at),
        };
        let check = packed::from_distance(parent - 1, at).checked_add(1)?;
        Some(TrieNode { base, check, open: numbers.next()?, whole: numbers.next()? })
    }
}

impl Trie {
    fn build(mut entries: Vec<(Vec<u8>, bool, AtomId)>) -> Self {
        entries.sort();
        entries.dedup();
        let mut trie = Trie { nodes: vec![TrieNode::default(); 256], lists: Vec::new() };
        let mut first_free = 1;
        let mut pending = vec![(0usize, 0..entries.len(), 0usize)];
        while let Some((state, range, depth)) = pending.pop() {
            let here = |whole: bool| {
                entries[range.clone()]
                    .iter()
                    .filter(move |(key, is_whole, _)| key.len() == depth && *is_whole == whole)
                    .map(|(_, _, atom)| *atom)
            };
            trie.nodes[state].open = trie.add_list(here(false).collect());
            trie.nodes[state].whole = trie.add_list(here(true).collect());

            let mut children: Vec<(u8, std::ops::Range<usize>)> = Vec::new();
            for at in range {
                let Some(byte) = entries[at].0.get(depth) else { continue };
                match children.last_mut() {
                    Some((last, span)) if last == byte => span.end = at + 1,
                    _ => children.push((*byte, at..at + 1)),
                }
            }
            if children.is_empty() {
                continue;
            }
            let base = trie.place(&children, &mut first_free);
            trie.nodes[state].base = base as u32;
            for (byte, span) in children {
                let child = base + usize::from(byte);
                trie.nodes[child].check = state as u32 + 1;
                pending.push((child, span, depth + 1));
            }
        }
        trie
    }

    /// The least base at which all children fall on empty places.
    fn place(&mut self, children: &[(u8, std::ops::Range<usize>)], first_free: &mut usize) -> usize {
        while *first_free < self.nodes.len() && self.nodes[*first_free].check != 0 {
            *first_free += 1;
        }
        let lowest = children.first().map_or(0, |(byte, _)| usize::from(*byte));
        let mut base = first_free.saturating_sub(lowest).max(1);
        let begun_at = base;
        loop {
            let needed = base + 256;
            if self.nodes.len() < needed {
                self.nodes.resize(needed, TrieNode::default());
            }
            if children.iter().all(|(byte, _)| self.nodes[base + usize::from(*byte)].check == 0) {
                // Where so many places fail the region is nearly full; later searches begin behind it.
                if base > begun_at + CROWDED {
                    *first_free = (*first_free).max(base);
                }
                return base;
            }
            base += 1;
        }
    }

    fn add_list(&mut self, atoms: Vec<AtomId>) -> u32 {
        if atoms.is_empty() {
            return 0;
        }
        let at = self.lists.len() as u32 + 1;
        self.lists.push(atoms.len() as AtomId);
        self.lists.extend(atoms);
        at
    }

    fn list(&self, at: u32) -> &[AtomId] {
        let Some(at) = (at as usize).checked_sub(1) else { return &[] };
        let length = usize::from(self.lists[at]);
        &self.lists[at + 1..at + 1 + length]
    }

    fn walk(&self, bytes: impl Iterator<Item = u8>, out: &mut Vec<AtomId>) {
        if self.nodes.is_empty() {
            return;
        }
        let mut state = 0usize;
        for byte in bytes {
            let next = self.nodes[state].base as usize + usize::from(byte);
            match self.nodes.get(next) {
                Some(node) if node.check == state as u32 + 1 => {
                    if node.open != 0 {
                        out.extend_from_slice(self.list(node.open));
                    }
                }
                _ => return,
            }
            state = next;
        }
        out.extend_from_slice(self.list(self.nodes[state].whole));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atoms(lexicon: &Lexicon, word: &str) -> Vec<AtomId> {
        let mut out = Vec::new();
        lexicon.look_up(word, &mut out);
        out.sort_unstable();
        out
    }

    #[test]
    fn words_stems_and_endings_are_found() {
        let lexicon = Lexicon::build(&[
            (Form::Word("soon".into()), 1),
            (Form::Stem("so".into()), 2),
            (Form::Ending("on".into()), 3),
            (Form::Word("sooner".into()), 4),
            (Form::Word("soon".into()), 5),
        ]);
        assert_eq!(atoms(&lexicon, "soon"), [1, 2, 3, 5]);
        assert_eq!(atoms(&lexicon, "sooner"), [2, 4]);
        assert_eq!(atoms(&lexicon, "on"), [3]);
        assert_eq!(atoms(&lexicon, "o"), [] as [AtomId; 0]);
        assert_eq!(atoms(&lexicon, ""), [] as [AtomId; 0]);
        assert_eq!(atoms(&Lexicon::default(), "soon"), [] as [AtomId; 0]);
    }

    #[test]
    fn every_entry_of_a_large_lexicon_is_found_again() {
        let words: Vec<String> =
            (0..5000u32).map(|n| format!("{:x}é", n.wrapping_mul(2_654_435_761))).collect();
        let entries: Vec<_> =
            words.iter().enumerate().map(|(at, word)| (Form::Word(word.clone()), at as AtomId)).collect();
        let lexicon = Lexicon::build(&entries);
        for (at, word) in words.iter().enumerate() {
            assert_eq!(atoms(&lexicon, word), [at as AtomId]);
        }
    }
}
