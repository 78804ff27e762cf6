//! What a caller may choose: rules, severities, limits, languages, extra words and packs.

use std::collections::BTreeMap;

use replylint_pack::{Category, Completion, Register as PackRegister};

use crate::{Channel, Severity};

/// What is done with one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleSetting {
    /// The rule does not run.
    Off,
    /// The rule runs and its findings have this severity.
    On(Severity),
}

/// Limits of a reply's length in words of its language. `None` means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LengthLimits {
    /// The least number of words.
    pub min_words: Option<usize>,
    /// The greatest number of words.
    pub max_words: Option<usize>,
}

/// Which form of address a reply must use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Register {
    /// vous, Lei, Вы, Ön …
    Formal,
    /// tu, ты, te …
    Informal,
}

impl Register {
    /// Whether a ready-made text addresses the customer so, or goes with any form of address.
    ///
    /// ```
    /// use replylint::{Completion, Register};
    ///
    /// let greeting = Completion { text: "Hi [name],".to_owned(), register: None };
    /// assert!(Register::Formal.suits(&greeting));
    /// ```
    pub fn suits(self, text: &Completion) -> bool {
        text.register.is_none_or(|register| match register {
            PackRegister::Formal => self == Register::Formal,
            PackRegister::Informal => self == Register::Informal,
        })
    }
}

/// One file of a user's pack, already read: the core does no IO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// The path inside the pack folder with forward slashes, for example `hu/negative-framing.toml`.
    /// Errors name it.
    pub path: String,
    /// The file's text.
    pub text: String,
}

/// The choices of a caller. `Options::default()` is what `replylint check` does without a configuration file.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Options {
    /// Settings by rule id; rules that are not named keep the catalogue's default.
    pub rules: BTreeMap<String, RuleSetting>,
    /// Run the rules of the strict tier as well.
    pub strict: bool,
    /// The language of every draft; `None` lets it be detected.
    pub language: Option<String>,
    /// The language taken where detection is unsure.
    pub default_language: Option<String>,
    /// The channel of threads that name none; `None` where it is not known: then rules about a channel's form are
    /// silent, and the limits are those of email.
    pub channel: Option<Channel>,
    /// Limits by channel; channels that are not named keep the defaults.
    pub length: BTreeMap<Channel, LengthLimits>,
    /// Words added to word classes: language → class → entries in the phrase language.
    pub words: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The form of address that every reply must use; `None` only asks that one is kept.
    pub register: Option<Register>,
    /// What a category's losses weigh in the score; categories that are not named weigh 1.
    pub score_weights: BTreeMap<Category, f64>,
    /// When a reply is sent that does not say so itself; suggestions count dates from here.
    pub now: Option<jiff::Timestamp>,
    /// Files of user packs; they add to the built-in packs, and a rule file of the same language and name replaces it.
    pub packs: Vec<PackFile>,
    /// Leave the built-in packs out, so that `packs` are all there is.
    pub only_user_packs: bool,
}
