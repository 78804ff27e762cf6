//! How a language cuts its words and sentences.

/// Adjustments to words and sentences that only make sense in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WordRules {
    /// Folded words, without the final dot, after which a dot ends no sentence.
    pub abbreviations: Vec<String>,
    /// The same of those that often stand at the end of a sentence, which ends where a word with a capital letter follows:
    /// "etc."
    pub closing_abbreviations: Vec<String>,
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
    /// Folded words as people type them in haste, in their order, with the one that is meant: "dont" for "don't".
    pub other_spellings: Vec<(String, String)>,
}

impl WordRules {
    /// What a folded word may mean besides: the word whose other spelling it is, and others where it has letters that may
    /// stand for others.
    ///
    /// ```
    /// let mut rules = replylint_pack::WordRules::default();
    /// rules.other_letters = vec![('õ', 'ő')];
    /// assert_eq!(rules.meant("késõbb"), ["később"]);
    /// assert!(rules.meant("ma").is_empty());
    /// // Any of the letters may be meant as it is written.
    /// rules.other_letters = vec![('î', 'â')];
    /// assert_eq!(rules.meant("întîrzie"), ["ântîrzie", "întârzie", "ântârzie"]);
    /// rules.other_spellings = vec![("dont".to_owned(), "don't".to_owned())];
    /// assert_eq!(rules.meant("dont"), ["don't"]);
    /// ```
    pub fn meant(&self, folded: &str) -> Vec<String> {
        /// A word with more such letters is read with all of them changed only.
        const MOST: u32 = 4;
        let mut meant: Vec<String> = self.other_spelling(folded).map(str::to_owned).into_iter().collect();
        let other = |sign: char| self.other_letters.iter().find(|(typed, _)| *typed == sign);
        if folded.is_ascii() {
            return meant;
        }
        let count = folded.chars().filter(|sign| other(*sign).is_some()).count() as u32;
        // Which of the letters are changed, as bits.
        let all = if count > MOST { u32::MAX } else { (1 << count) - 1 };
        let first = if count > MOST { all } else { 1 };
        let written = |choice: u32| {
            let mut number = 0;
            let letter = |sign: char| match other(sign) {
                Some((_, meant)) => {
                    number += 1;
                    if choice.checked_shr(number - 1).is_none_or(|rest| rest & 1 == 1) {
                        *meant
                    } else {
                        sign
                    }
                }
                None => sign,
            };
            folded.chars().map(letter).collect()
        };
        meant.extend((first..=all).map(written));
        meant
    }

    /// The word that is meant by a folded one which is its other spelling.
    ///
    /// ```
    /// let mut rules = replylint_pack::WordRules::default();
    /// rules.other_spellings = vec![("dont".to_owned(), "don't".to_owned())];
    /// assert_eq!(rules.other_spelling("dont"), Some("don't"));
    /// assert_eq!(rules.other_spelling("don't"), None);
    /// ```
    pub fn other_spelling(&self, folded: &str) -> Option<&str> {
        let at = self.other_spellings.binary_search_by(|(typed, _)| typed.as_str().cmp(folded)).ok()?;
        Some(&self.other_spellings[at].1)
    }
}
