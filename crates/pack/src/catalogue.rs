//! The rules as such, in no language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::source::read;
use crate::{Error, Tier};

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Category {
    /// Can the customer understand it?
    Clarity,
    /// Does it say what can be done?
    Positivity,
    /// Does somebody own it?
    Ownership,
    /// Does it sound like one person who cares?
    Tone,
    /// Is everything answered?
    Completeness,
    /// Is it as long as it must be?
    Concision,
    /// Is it safe to send?
    Safety,
}

impl Category {
    /// All categories, in their order.
    pub const ALL: [Category; 7] = [
        Category::Clarity,
        Category::Positivity,
        Category::Ownership,
        Category::Tone,
        Category::Completeness,
        Category::Concision,
        Category::Safety,
    ];
}

/// How much a rule's findings matter unless the configuration says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DefaultSeverity {
    /// Worth a thought.
    Hint,
    /// Good to know.
    Info,
    /// Will annoy or fail the customer.
    Warning,
    /// Must not be sent.
    Error,
}

/// What a rule's findings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Scope {
    /// The words of a span.
    #[default]
    Span,
    /// The reply as a whole: its form, its length.
    Reply,
}

/// When a rule's evidence is looked for in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EvidenceNeed {
    /// In every draft, or, of a rule that needs the thread, in every thread.
    #[default]
    Always,
    /// Where the rule has found a fault.
    BesideFaults,
    /// In emails that begin a conversation.
    InLetters,
}

/// One rule of the catalogue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Card {
    /// The rule's id: the file's name without its ending.
    #[serde(default)]
    pub id: String,
    /// A short name for people.
    pub title: String,
    /// What it is about.
    pub category: Category,
    /// Severity of its findings.
    pub severity: DefaultSeverity,
    /// Whether it runs by default.
    #[serde(default)]
    pub tier: Tier,
    /// The code that runs it: `phrases`, or the name of a rule written in Rust.
    #[serde(default = "phrases")]
    pub engine: String,
    /// What a finding is about.
    #[serde(default)]
    pub scope: Scope,
    /// Whether it needs what was written before; without it the rule stays silent.
    #[serde(default)]
    pub needs_thread: bool,
    /// Whether it looks at what was written before where there is something, though it runs without.
    #[serde(default)]
    pub uses_thread: bool,
    /// When its evidence is looked for. What few drafts need costs the others nothing.
    #[serde(default)]
    pub evidence: EvidenceNeed,
    /// Names of its evidence that says something of a sentence of the reply as a whole: what was found of it once in a
    /// sentence is not looked for again there, nor in messages.
    #[serde(default)]
    pub evidence_of_sentences: Vec<String>,
    /// Names of its evidence that is looked for in messages only.
    #[serde(default)]
    pub evidence_of_messages: Vec<String>,
    /// Rules which report instead where both mean the same words.
    #[serde(default)]
    pub yields_to: Vec<String>,
    /// What the rule finds.
    pub what: String,
    /// Why that fails the customer.
    pub why: String,
    /// What to write instead.
    pub instead: String,
    /// Kinds of findings with what each means.
    #[serde(default)]
    pub kinds: BTreeMap<String, String>,
}

fn phrases() -> String {
    "phrases".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConceptRegistry {
    concepts: BTreeMap<String, String>,
}

/// Reads `rules/concepts.toml`: the ids of what customers write about, shared by all languages, sorted.
///
/// # Errors
/// Where the TOML is broken.
pub fn read_concepts(path: &str, text: &str) -> Result<Vec<String>, Error> {
    let registry: ConceptRegistry = read(path, text)?;
    Ok(registry.concepts.into_keys().collect())
}

impl Card {
    /// Reads one card.
    ///
    /// # Errors
    /// Where the TOML is broken, a key is missing or unknown.
    pub fn read(path: &str, text: &str) -> Result<Self, Error> {
        let mut card: Card = read(path, text)?;
        card.id = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml").to_owned();
        Ok(card)
    }
}
