//! From a folded word to everything that is known about it, in one walk.

use serde::{Deserialize, Serialize};

use crate::packed::{Packed, Record};

/// The number of a word, stem, ending or class in a pack.
pub type AtomId = u16;

/// All words, stems and endings of a pack, each with its atoms.
///
/// Two double-array tries: one reads words from the front (whole words and stems), one from the back (endings).
/// The cost of a look-up grows with the length of the word only, not with the number of phrases.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
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
    /// A lexicon of these entries; `None` where there are more than it can hold.
    pub(crate) fn build(entries: &[(Form, AtomId)]) -> Option<Self> {
        let mut forward = Vec::new();
        let mut backward = Vec::new();
        for (form, atom) in entries {
            match form {
                Form::Word(word) => forward.push((word.as_bytes().to_vec(), true, *atom)),
                Form::Stem(stem) => forward.push((stem.as_bytes().to_vec(), false, *atom)),
                Form::Ending(ending) => backward.push((ending.bytes().rev().collect(), false, *atom)),
            }
        }
        Some(Lexicon { forward: Builder::build(forward)?, backward: Builder::build(backward)? })
    }

    /// Appends the atoms of a folded word to `out`. An atom may come more than once.
    pub fn look_up(&self, folded: &str, out: &mut Vec<AtomId>) {
        walk(self.tries(), folded, out);
    }

    /// The same of two lexicons at once, which takes little longer than one.
    pub fn look_up_in_both(&self, other: &Lexicon, folded: &str, out: &mut Vec<AtomId>) {
        let ([a, b], [c, d]) = (self.tries(), other.tries());
        walk([a, b, c, d], folded, out);
    }

    fn tries(&self) -> [(&Trie, End); 2] {
        [(&self.forward, End::Front), (&self.backward, End::Back)]
    }
}

/// From which end a trie reads words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Front,
    Back,
}

/// Appends the atoms that tries have of a word. They are walked side by side: each step waits for memory, and so they wait
/// together.
fn walk<const COUNT: usize>(tries: [(&Trie, End); COUNT], word: &str, out: &mut Vec<AtomId>) {
    let bytes = word.as_bytes();
    let mut states = tries.map(|(trie, _)| trie.nodes.get(0));
    for (from_front, from_back) in bytes.iter().zip(bytes.iter().rev()) {
        for ((trie, end), state) in tries.iter().zip(&mut states) {
            let Some(known) = *state else { continue };
            let byte = if *end == End::Front { *from_front } else { *from_back };
            *state = trie.step(known, byte);
            if let Some(node) = state
                && node.open != 0
            {
                out.extend(trie.list(node.open));
            }
        }
        if states.iter().all(Option::is_none) {
            return;
        }
    }
    for ((trie, _), state) in tries.iter().zip(states) {
        out.extend(state.into_iter().flat_map(|state| trie.list(state.whole)));
    }
}

/// A search over more places than this has met a crowded region.
const CROWDED: usize = 64;

/// A double-array trie over bytes: the child of a state for byte `b` is at `base + b`, if the label there says so. No two
/// states have the same base, so that a label tells whose child it is. No word has the byte 0.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Trie {
    nodes: Packed<TrieNode, 8>,
    /// Lists of atoms, each preceded by its length.
    lists: Packed<AtomId, 2>,
}

/// A trie that is being built.
struct Builder {
    nodes: Vec<TrieNode>,
    lists: Vec<AtomId>,
}

#[derive(Debug, Clone, Copy, Default)]
struct TrieNode {
    /// Where the children are, above the byte that leads here; 0 marks an empty place.
    base_and_label: u32,
    /// Where the atoms of entries that may go on here begin in `lists`, plus one; 0 for none.
    open: u32,
    /// The same for entries that must end here.
    whole: u32,
}

impl TrieNode {
    fn base(self) -> usize {
        (self.base_and_label >> 8) as usize
    }

    fn label(self) -> u8 {
        self.base_and_label as u8
    }
}

impl Record<8> for TrieNode {
    fn to_bytes(&self) -> Option<[u8; 8]> {
        let [a, b, c, d] = self.base_and_label.to_le_bytes();
        let [e, f] = u16::try_from(self.open).ok()?.to_le_bytes();
        let [g, h] = u16::try_from(self.whole).ok()?.to_le_bytes();
        Some([a, b, c, d, e, f, g, h])
    }

    fn from_bytes([a, b, c, d, e, f, g, h]: [u8; 8]) -> Self {
        TrieNode {
            base_and_label: u32::from_le_bytes([a, b, c, d]),
            open: u32::from(u16::from_le_bytes([e, f])),
            whole: u32::from(u16::from_le_bytes([g, h])),
        }
    }
}

impl Builder {
    fn build(mut entries: Vec<(Vec<u8>, bool, AtomId)>) -> Option<Trie> {
        entries.sort();
        entries.dedup();
        let mut trie = Builder { nodes: vec![TrieNode::default(); 256], lists: Vec::new() };
        entries.retain(|(key, ..)| !key.contains(&0));
        let mut first_free = 1;
        let mut bases = vec![false; trie.nodes.len()];
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
            let base = trie.place(&children, &mut first_free, &mut bases);
            trie.nodes[state].base_and_label |= (base as u32) << 8;
            for (byte, span) in children {
                let child = base + usize::from(byte);
                trie.nodes[child].base_and_label = u32::from(byte);
                pending.push((child, span, depth + 1));
            }
        }
        Some(Trie { nodes: Packed::new(&trie.nodes)?, lists: Packed::new(&trie.lists)? })
    }

    /// The least base that no other state has and at which all children fall on empty places.
    fn place(
        &mut self,
        children: &[(u8, std::ops::Range<usize>)],
        first_free: &mut usize,
        bases: &mut Vec<bool>,
    ) -> usize {
        while *first_free < self.nodes.len() && self.nodes[*first_free].label() != 0 {
            *first_free += 1;
        }
        let lowest = children.first().map_or(0, |(byte, _)| usize::from(*byte));
        let mut base = first_free.saturating_sub(lowest).max(1);
        let begun_at = base;
        loop {
            let needed = base + 256;
            if self.nodes.len() < needed {
                self.nodes.resize(needed, TrieNode::default());
                bases.resize(needed, false);
            }
            let is_free = |(byte, _): &(u8, _)| self.nodes[base + usize::from(*byte)].label() == 0;
            if !bases[base] && children.iter().all(is_free) {
                bases[base] = true;
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
}

impl Trie {
    /// The atoms of the list at a place.
    fn list(&self, at: u32) -> impl Iterator<Item = AtomId> + '_ {
        let place = (at as usize).checked_sub(1);
        let length = place.and_then(|place| self.lists.get(place)).unwrap_or_default();
        let first = place.map_or(0, |place| place + 1);
        self.lists.range(first..first + usize::from(length))
    }

    /// The state behind this one; `None` where no entry goes on with the byte.
    fn step(&self, state: TrieNode, byte: u8) -> Option<TrieNode> {
        let node = self.nodes.get(state.base() + usize::from(byte))?;
        (node.label() == byte && byte != 0).then_some(node)
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
        ])
        .unwrap();
        assert_eq!(atoms(&lexicon, "soon"), [1, 2, 3, 5]);
        assert_eq!(atoms(&lexicon, "sooner"), [2, 4]);
        assert_eq!(atoms(&lexicon, "on"), [3]);
        assert_eq!(atoms(&lexicon, "o"), [] as [AtomId; 0]);
        assert_eq!(atoms(&lexicon, ""), [] as [AtomId; 0]);
        assert_eq!(atoms(&Lexicon::default(), "soon"), [] as [AtomId; 0]);
        let other = Lexicon::build(&[(Form::Ending("ner".into()), 6)]).unwrap();
        let mut both = Vec::new();
        lexicon.look_up_in_both(&other, "sooner", &mut both);
        both.sort_unstable();
        assert_eq!(both, [2, 4, 6]);
    }

    #[test]
    fn every_entry_of_a_large_lexicon_is_found_again() {
        let words: Vec<String> =
            (0..5000u32).map(|n| format!("{:x}é", n.wrapping_mul(2_654_435_761))).collect();
        let entries: Vec<_> =
            words.iter().enumerate().map(|(at, word)| (Form::Word(word.clone()), at as AtomId)).collect();
        let lexicon = Lexicon::build(&entries).unwrap();
        for (at, word) in words.iter().enumerate() {
            assert_eq!(atoms(&lexicon, word), [at as AtomId]);
        }
    }
}
