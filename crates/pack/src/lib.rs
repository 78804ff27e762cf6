//! Language packs: TOML in, compiled phrases out. The same compiler serves the build and user packs at run time.

mod catalogue;
mod compile;
mod completions;
mod detection;
mod error;
mod example;
mod fold;
mod frequency;
mod lexicon;
mod pack;
mod packed;
mod part;
mod phrase;
mod program;
mod source;
mod stored;
mod words;

pub use catalogue::{Card, Category, DefaultSeverity, EvidenceNeed, Scope, read_concepts};
pub use compile::{Compiled, LanguageSource, Origin, compile};
pub use completions::{Completion, Completions};
pub use detection::{Evidence, LanguageEvidence};
pub use error::{Error, did_you_mean};
pub use example::Example;
pub use fold::{bare, fold_into, is_bare, strip_diacritics_into};
pub use lexicon::{AtomId, Lexicon};
pub use pack::{
    BitId, BitRow, Group, NUMBER, Need, OUTSIDE, Op, Pack, Phrase, Role, RulePack, Side, Stemmer, Stemming,
    SuggestionTemplate, Unit, Unreadable, WordBits, WordTest, has_bit, mark,
};
pub use packed::{Lists, Packed, Record};
pub use part::Part;
pub use phrase::ABOUT;
pub use source::{Applicability, Direction, Reach, Register, Tier, read as read_toml};
pub use stored::{cards_from_bytes, cards_to_bytes, files_from_bytes, files_to_bytes, restore, shrink};
pub use words::WordRules;
