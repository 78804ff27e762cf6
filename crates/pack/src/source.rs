//! The TOML files of a pack as they are written, before anything is compiled.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::Error;

/// A phrase with its place in the file.
pub(crate) type PhraseText = Spanned<String>;

/// `rules/<lang>/language.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LanguageFile {
    pub name: String,
    pub native_name: String,
    pub direction: Direction,
    /// Names the script for readers of the file; detection counts the letters of the pack's own words.
    #[expect(dead_code, reason = "documents the file; the key is required so that every language has it")]
    pub script: String,
    #[serde(default)]
    pub missing_diacritics: bool,
    #[serde(default)]
    pub words: WordsTable,
    #[serde(default)]
    pub detection: DetectionTable,
    #[serde(default)]
    pub limits: LimitsTable,
    #[serde(default)]
    pub stemming: StemmingTable,
    #[serde(default)]
    pub numbers: BTreeMap<Spanned<String>, Vec<PhraseText>>,
    #[serde(default)]
    pub units: BTreeMap<Spanned<String>, Vec<PhraseText>>,
    #[serde(default)]
    pub months: BTreeMap<Spanned<String>, Vec<PhraseText>>,
    #[serde(default)]
    pub weekdays: BTreeMap<Spanned<String>, Vec<PhraseText>>,
    #[serde(default)]
    pub classes: BTreeMap<Spanned<String>, Vec<PhraseText>>,
    #[serde(default)]
    pub clause: ClauseTable,
}

/// Which way the script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct WordsTable {
    pub abbreviations: Vec<String>,
    pub closing_abbreviations: Vec<String>,
    pub join_prefixes: Vec<String>,
    pub join_suffixes: Vec<String>,
    pub split_apostrophe: bool,
    pub accent_apostrophe: bool,
    pub other_letters: BTreeMap<Spanned<String>, Spanned<String>>,
    pub other_spellings: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct DetectionTable {
    #[serde(rename = "iso639-3")]
    pub iso639_3: String,
    pub words: Vec<String>,
    pub letters: String,
    pub not_letters: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct StemmingTable {
    pub snowball: Option<Spanned<String>>,
    pub endings: Vec<String>,
    pub stop_words: Vec<String>,
}

/// `rules/<lang>/concepts.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConceptFile {
    pub concepts: BTreeMap<Spanned<String>, Vec<PhraseText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct LimitsTable {
    pub sentence_words: u32,
    pub paragraph_words: u32,
}

impl Default for LimitsTable {
    fn default() -> Self {
        LimitsTable { sentence_words: 30, paragraph_words: 120 }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct ClauseTable {
    pub breaks: Vec<PhraseText>,
    pub subject: SideTable,
    pub verb: SideTable,
    pub facts: BTreeMap<Spanned<String>, Vec<PhraseText>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct SideTable {
    pub us: Vec<PhraseText>,
    pub customer: Vec<PhraseText>,
    pub third: Vec<PhraseText>,
}

/// `rules/<lang>/<rule>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RuleFile {
    pub message: String,
    #[serde(default)]
    pub messages: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    pub phrases: Vec<PhraseGroup>,
    #[serde(default)]
    pub excuses: Vec<ExcuseGroup>,
    #[serde(default)]
    pub evidence: Vec<EvidenceGroup>,
    #[serde(default)]
    pub suggestions: Vec<SuggestionTable>,
    #[serde(default)]
    pub bad: Vec<ExampleTable>,
    #[serde(default)]
    pub good: Vec<ExampleTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PhraseGroup {
    #[serde(rename = "match")]
    pub phrases: Vec<PhraseText>,
    pub kind: Option<Spanned<String>>,
    #[serde(default)]
    pub tier: Tier,
    pub excuses: Option<Vec<Spanned<String>>>,
    pub replacement: Option<String>,
    pub subject: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub with: Vec<Spanned<String>>,
    #[serde(default)]
    pub without: Vec<Spanned<String>>,
    pub question: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExcuseGroup {
    pub name: Option<String>,
    #[serde(rename = "match")]
    pub phrases: Vec<PhraseText>,
    pub kinds: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub reach: Reach,
    pub subject: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub with: Vec<Spanned<String>>,
    #[serde(default)]
    pub without: Vec<Spanned<String>>,
    pub question: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct EvidenceGroup {
    pub name: String,
    #[serde(rename = "match")]
    pub phrases: Vec<PhraseText>,
    pub subject: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub with: Vec<Spanned<String>>,
    #[serde(default)]
    pub without: Vec<Spanned<String>>,
    pub question: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SuggestionTable {
    pub title: String,
    pub replacement: String,
    pub kinds: Option<Vec<Spanned<String>>>,
    pub register: Option<Register>,
    #[serde(default)]
    pub takes_before: Vec<String>,
    #[serde(default)]
    pub takes_after: Vec<String>,
    #[serde(default)]
    pub beside: Vec<String>,
    #[serde(default)]
    pub except: Vec<String>,
    #[serde(default)]
    pub applicability: Applicability,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExampleTable {
    pub text: Spanned<OneOrMany>,
    pub kind: Option<Spanned<KindOrKinds>>,
    pub why: Option<String>,
    pub customer: Option<Spanned<String>>,
    pub agent: Option<String>,
    pub hours: Option<u32>,
    pub attachments: Option<Vec<String>>,
}

/// One text or a list of texts.
#[derive(Debug)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<Spanned<String>>),
}

impl OneOrMany {
    /// The texts.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts.iter().map(|text| text.as_ref().as_str()).collect(),
        }
    }
}

/// Written by hand because serde's untagged enums lose the places of their parts.
impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.to_owned()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMany::Many(texts))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum KindOrKinds {
    One(String),
    Many(Vec<String>),
}

/// Which set of rules a finding belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Nearly always right; runs unless it is switched off.
    #[default]
    Default,
    /// Right often enough for those who ask for it.
    Strict,
}

/// How far from a finding an excuse may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// In a clause that the mark touches.
    Clause,
    /// In the same sentence, beginning before the mark.
    Before,
    /// In the same sentence, ending after the mark.
    After,
    /// In the same sentence.
    Sentence,
    /// In the same sentence, the one before or the one after.
    #[default]
    Near,
    /// Anywhere in the reply.
    Reply,
}

/// Form of address that a suggestion is worded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Register {
    /// vous, Lei, Вы, Ön …
    Formal,
    /// tu, ты, te …
    Informal,
}

/// Whether a suggestion can be applied unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Keeps the meaning.
    Safe,
    /// Holds placeholders.
    #[default]
    Template,
}

/// Reads a TOML file into `T`; the error points at the place.
///
/// # Errors
/// Where the text is no TOML or has another shape.
pub fn read<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().to_owned();
        let at = error.span().unwrap_or(0..0);
        let found = Error::at(path, text, at, message.clone());
        match nearest_expected(&message) {
            Some(key) => found.help(format!("did you mean `{key}`?")),
            None => found,
        }
    })
}

/// The key that was probably meant, from serde's "unknown field `x`, expected one of `a`, `b`".
fn nearest_expected(message: &str) -> Option<&str> {
    let (found, expected) = message.split_once(", expected ")?;
    let found = found.strip_prefix("unknown field `").or_else(|| found.strip_prefix("unknown variant `"))?;
    crate::did_you_mean(found.trim_end_matches('`'), expected.split('`').skip(1).step_by(2))
}
