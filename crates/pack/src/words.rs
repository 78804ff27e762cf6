//! How a language cuts its words and sentences.

/// Adjustments to words and sentences that only make sense in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WordRules {
    /// Folded words, without the final dot, after which a dot ends no sentence.
    pub abbreviations: Vec<String>,
    /// Folded words that belong to the next word even when a space stands between.
    pub join_prefixes: Vec<String>,
    /// Folded words that belong to the word before even when a space stands between.
    pub join_suffixes: Vec<String>,
    /// Whether an apostrophe parts two words ("l'ordine").
    pub split_apostrophe: bool,
    /// Whether an apostrophe after a final vowel stands for an accent ("e'" for "è").
    pub accent_apostrophe: bool,
}
