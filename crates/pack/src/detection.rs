//! What tells languages apart: frequent words and letters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::fold::{fold, strip};
use crate::lexicon::Form;
use crate::source::{self, LanguageFile};
use crate::{AtomId, Error, LanguageSource, Lexicon};

/// The evidence for all languages, with its words put together.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Evidence {
    /// The languages.
    pub languages: Vec<LanguageEvidence>,
    /// From a folded word to the numbers of the languages in which it is frequent.
    pub words: Lexicon,
}

impl Evidence {
    /// Puts the words of languages together.
    ///
    /// # Errors
    /// Where there are more languages or words than can be told apart.
    pub fn new(languages: Vec<LanguageEvidence>) -> Result<Self, Error> {
        let mut entries = Vec::new();
        for (number, language) in languages.iter().enumerate() {
            entries.extend(language.words().map(|word| (Form::Word(word.to_owned()), number as AtomId)));
        }
        let words = Lexicon::build(&entries)
            .ok_or_else(|| Error::new("there are more words that tell languages apart than can be kept"))?;
        Ok(Evidence { languages, words })
    }

    /// The evidence as bytes.
    ///
    /// # Errors
    /// Never in practice; the encoder's signature asks for it.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|error| Error::new(error.to_string()))
    }

    /// Reads what [`Evidence::to_bytes`] wrote.
    ///
    /// # Errors
    /// Where the bytes are not of this version.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Self, crate::Unreadable> {
        postcard::from_bytes(bytes).map_err(|_| crate::Unreadable)
    }
}

/// The evidence for one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct LanguageEvidence {
    /// Its code: ISO 639-1 where there is one.
    pub code: String,
    /// Its ISO 639-3 code, where the language has a pack.
    pub iso_639_3: Option<String>,
    /// Folded words that are frequent in it, with a space between them.
    #[serde(deserialize_with = "in_place")]
    words: Cow<'static, str>,
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

/// Reads a text where it lies.
fn in_place<'de: 'static, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, str>, D::Error> {
    Ok(Cow::Borrowed(Deserialize::deserialize(deserializer)?))
}

impl LanguageEvidence {
    /// Folded words that are frequent in it.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split(' ').filter(|word| !word.is_empty())
    }

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
fn spellings(words: &[String], missing_diacritics: bool) -> Cow<'static, str> {
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
    all.join(" ").into()
}
