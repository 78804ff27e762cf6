//! What phrases are for: a pack keeps those of one part side by side, so that a reading wakes up no other.

use std::ops::Range;

use crate::Pack;

/// What a phrase is for, in the order in which packs keep them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What tells something about clauses.
    Context,
    /// Evidence that faults of its rule ask for.
    Asked,
    /// What excuses faults.
    Excuse,
    /// Evidence about letters.
    Letter,
    /// What parts clauses.
    Break,
    /// What rules about drafts ask for.
    Draft,
    /// What sentences of replies do and give.
    Answer,
    /// What rules about threads ask for in messages only.
    Message,
    /// What only rules about threads ask for.
    Thread,
}

impl Part {
    /// All of them, in their order.
    pub const ALL: [Part; 9] = [
        Part::Context,
        Part::Asked,
        Part::Excuse,
        Part::Letter,
        Part::Break,
        Part::Draft,
        Part::Answer,
        Part::Message,
        Part::Thread,
    ];
}

impl Pack {
    /// The numbers of a part's phrases.
    pub fn phrases_of(&self, part: Part) -> Range<usize> {
        let end = |part: usize| self.part_ends.get(part).copied().unwrap_or(self.phrases.len());
        let number = part as usize;
        number.checked_sub(1).map_or(0, end)..end(number)
    }

    /// The part that a phrase belongs to.
    pub fn part_of(&self, phrase: usize) -> Part {
        Part::ALL[self.part_ends.partition_point(|end| *end <= phrase)]
    }
}
