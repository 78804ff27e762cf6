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
    /// Small letters that stand for others in some texts, with those that are meant: what has one of them is looked up with
    /// the other as well.
    pub other_letters: Vec<(char, char)>,
}

impl WordRules {
    /// A folded word with the letters that are meant, if it has one that may stand for another.
    ///
    /// ```
    /// let mut rules = replylint_pack::WordRules::default();
    /// rules.other_letters = vec![('õ', 'ő')];
    /// assert_eq!(rules.meant("késõbb").as_deref(), Some("később"));
    /// assert_eq!(rules.meant("ma"), None);
    /// ```
    pub fn meant(&self, folded: &str) -> Option<String> {
        let other = |sign: char| self.other_letters.iter().find(|(typed, _)| *typed == sign);
        let has_one = !folded.is_ascii() && folded.chars().any(|sign| other(sign).is_some());
        has_one.then(|| folded.chars().map(|sign| other(sign).map_or(sign, |(_, meant)| *meant)).collect())
    }
}
