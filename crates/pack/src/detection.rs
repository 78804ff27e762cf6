//! What tells languages apart: frequent words and letters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fold::{fold, strip};
use crate::source::{self, LanguageFile};
use crate::{Error, LanguageSource};

/// The evidence for one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageEvidence {
    /// Its code: ISO 639-1 where there is one.
    pub code: String,
    /// Its ISO 639-3 code, where the language has a pack.
    pub iso_639_3: Option<String>,
    /// Folded words that are frequent in it.
    pub words: Vec<String>,
    /// Letters that speak for it.
    pub letters: String,
    /// Letters that speak against it.
    pub not_letters: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OtherLanguage {
    words: Vec<String>,
    #[serde(default)]
    letters: String,
    #[serde(default)]
    not_letters: String,
}

impl LanguageEvidence {
    /// The evidence that a language's own file gives.
    ///
    /// # Errors
    /// Where the file is missing or broken.
    pub fn of_language(language: &LanguageSource) -> Result<Self, Error> {
        let (path, text) = language.language_file()?;
        let file: LanguageFile = source::read(path, text)?;
        Ok(LanguageEvidence {
            code: language.code.clone(),
            iso_639_3: Some(file.detection.iso639_3.clone()).filter(|code| !code.is_empty()),
            words: spellings(&file.detection.words, file.missing_diacritics),
            letters: file.detection.letters,
            not_letters: file.detection.not_letters,
        })
    }

    /// The evidence for languages without a pack, from `other-languages.toml`.
    ///
    /// # Errors
    /// Where the file is broken.
    pub fn of_others(path: &str, text: &str) -> Result<Vec<Self>, Error> {
        let file: BTreeMap<String, OtherLanguage> = source::read(path, text)?;
        Ok(file
            .into_iter()
            .map(|(code, language)| LanguageEvidence {
                code,
                iso_639_3: None,
                words: spellings(&language.words, true),
                letters: language.letters,
                not_letters: language.not_letters,
            })
            .collect())
    }
}

/// The folded words, and how they look when the diacritics are left out.
fn spellings(words: &[String], missing_diacritics: bool) -> Vec<String> {
    let mut all = Vec::new();
    for word in words {
        let folded = fold(word);
        if missing_diacritics {
            let stripped = strip(&folded);
            // What is left of a word of two letters tells nothing.
            if stripped != folded && stripped.chars().count() > 2 {
                all.push(stripped);
            }
        }
        all.push(folded);
    }
    all.sort();
    all.dedup();
    all
}

/// Stores the evidence for all languages as bytes.
///
/// # Errors
/// Never in practice; the encoder's signature asks for it.
pub fn evidence_to_bytes(evidence: &[LanguageEvidence]) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(evidence).map_err(|error| Error::new(error.to_string()))
}

/// Reads what [`evidence_to_bytes`] wrote.
///
/// # Errors
/// Where the bytes are not of this version.
pub fn evidence_from_bytes(bytes: &[u8]) -> Result<Vec<LanguageEvidence>, crate::Unreadable> {
    postcard::from_bytes(bytes).map_err(|_| crate::Unreadable)
}
