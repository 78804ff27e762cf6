//! The packs: those built in, those of the user, and the catalogue of rules.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use replylint_pack::{
    Card, Compiled, Error, Evidence, LanguageEvidence, LanguageSource, Pack, WordRules, cards_from_bytes,
    compile, files_from_bytes, restore,
};

use crate::points::Meaning;
use crate::pool::Pool;
use crate::scan::Scanner;
use crate::text::words::WordPrints;
use crate::{Options, PackFile};

/// A built-in language as the build stored it.
#[derive(Debug)]
struct Stored {
    /// ISO 639-1 code.
    code: &'static str,
    /// The compiled pack, shrunk.
    shrunk: &'static [u8],
    /// The same as it was, when it is first needed: all linters read the same bytes.
    pack: OnceLock<Vec<u8>>,
    /// Its files, packed.
    files: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

impl Stored {
    const fn new(code: &'static str, shrunk: &'static [u8], files: &'static [u8]) -> Self {
        Stored { code, shrunk, pack: OnceLock::new(), files }
    }

    fn pack(&self) -> &[u8] {
        // Bytes in the binary are of this version, which the tests rule in.
        self.pack.get_or_init(|| restore(self.shrunk).unwrap_or_default())
    }

    fn files(&self) -> BTreeMap<String, String> {
        // Bytes in the binary are of this version, which the tests rule in.
        files_from_bytes(self.files).unwrap_or_default()
    }
}

fn built_in(code: &str) -> Option<&'static Stored> {
    STORED.iter().find(|stored| stored.code == code)
}

fn built_in_source(code: &str) -> LanguageSource {
    LanguageSource {
        code: code.to_owned(),
        files: built_in(code).map(Stored::files).unwrap_or_default(),
        extra_words: BTreeMap::new(),
    }
}

/// The catalogue: one card a rule, sorted by id.
pub fn catalogue() -> &'static [Card] {
    static CARDS_READ: OnceLock<Vec<Card>> = OnceLock::new();
    // The build read the same files; a broken card would have failed it.
    CARDS_READ.get_or_init(|| cards_from_bytes(CARDS).unwrap_or_default())
}

/// The place of a rule in the catalogue; no place at all where there is no such rule.
pub(crate) fn place_in_catalogue(id: &str) -> usize {
    catalogue().binary_search_by(|card| card.id.as_str().cmp(id)).unwrap_or(usize::MAX)
}

/// The ids of the concepts, sorted: what `Role::Concept` counts in.
pub(crate) fn concepts() -> &'static [String] {
    static OWNED: OnceLock<Vec<String>> = OnceLock::new();
    OWNED.get_or_init(|| CONCEPTS.iter().map(|id| (*id).to_owned()).collect())
}

/// A language's pack, opened when it is first needed.
#[derive(Debug)]
pub(crate) struct LanguagePack {
    /// ISO 639-1 code.
    pub code: String,
    stored: Option<&'static Stored>,
    opened: OnceLock<Option<Arc<Pack>>>,
    /// The numbers of the catalogue's rules in the pack.
    rules: OnceLock<Box<[Option<u16>]>>,
    /// The prints of the words that its rules for words name.
    prints: OnceLock<WordPrints>,
    /// What its groups say about points and answers.
    meanings: OnceLock<Box<[Meaning]>>,
    /// Matchers with the words that they know, for rules that read words of a text again.
    pub scanners: Pool<Scanner>,
}

impl LanguagePack {
    /// A pack that was just compiled.
    pub fn opened(pack: Pack) -> Self {
        LanguagePack {
            code: pack.code.clone(),
            stored: None,
            opened: OnceLock::from(Some(Arc::new(pack))),
            rules: OnceLock::new(),
            prints: OnceLock::new(),
            meanings: OnceLock::new(),
            scanners: Pool::default(),
        }
    }

    /// The number in the pack of a rule, by its place in the catalogue; `None` where the rule does not exist in the
    /// language.
    pub fn rule_number(&self, rule: usize) -> Option<u16> {
        let numbers = self.rules.get_or_init(|| {
            let number = |card: &Card| self.open().and_then(|pack| pack.rule_number(&card.id));
            catalogue().iter().map(number).collect()
        });
        numbers.get(rule).copied().flatten()
    }

    /// How the language cuts words.
    pub fn words(&self) -> Option<(&WordRules, &WordPrints)> {
        let rules = &self.open()?.words;
        Some((rules, self.prints.get_or_init(|| WordPrints::of(rules))))
    }

    /// What a hit of one of its groups says about points and answers.
    pub fn meaning(&self, group: u16) -> Meaning {
        let meanings = self.meanings.get_or_init(|| self.open().map(Meaning::of_groups).unwrap_or_default());
        meanings.get(usize::from(group)).copied().unwrap_or(Meaning::Nothing)
    }

    /// The pack. `None` only where the bytes in the binary are not those of this version, which the tests rule out.
    pub fn open(&self) -> Option<&Pack> {
        self.opened
            .get_or_init(|| self.stored.and_then(|stored| Pack::from_bytes(stored.pack()).ok()).map(Arc::new))
            .as_deref()
    }
}

/// The packs that the options ask for, sorted by code.
pub(crate) fn load(options: &Options) -> Result<Vec<LanguagePack>, Error> {
    let mut changed: BTreeMap<String, LanguageSource> = BTreeMap::new();
    for (code, source) in user_sources(&options.packs)? {
        let adds = built_in(&code).is_some() && !options.only_user_packs;
        let mut merged = if adds { built_in_source(&code) } else { LanguageSource::default() };
        merged.code.clone_from(&code);
        for (path, text) in source {
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            merged.files.retain(|known, _| known.rsplit('/').next() != Some(name.as_str()));
            merged.files.insert(path, text);
        }
        changed.insert(code, merged);
    }
    for (code, classes) in &options.words {
        if built_in(code).is_none() && !changed.contains_key(code) {
            let error = Error::new(format!("there is no language `{code}` to add words to"));
            return Err(error.near(code, STORED.iter().map(|stored| stored.code)));
        }
        changed.entry(code.clone()).or_insert_with(|| built_in_source(code)).extra_words = classes.clone();
    }

    let mut packs: Vec<LanguagePack> = Vec::new();
    for source in changed.values() {
        packs.push(LanguagePack::opened(compile(source, catalogue(), concepts())?.pack));
    }
    if !options.only_user_packs {
        for stored in &STORED {
            if !changed.contains_key(stored.code) {
                packs.push(LanguagePack {
                    code: stored.code.to_owned(),
                    stored: Some(stored),
                    opened: OnceLock::new(),
                    rules: OnceLock::new(),
                    prints: OnceLock::new(),
                    meanings: OnceLock::new(),
                    scanners: Pool::default(),
                });
            }
        }
    }
    packs.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(packs)
}

/// What tells the languages apart: all built-in evidence, and that of the user's languages.
pub(crate) fn evidence(options: &Options) -> Result<Evidence, Error> {
    // Bytes in the binary are of this version, which the tests rule in.
    let built_in = Evidence::from_bytes(EVIDENCE).unwrap_or_default();
    let mut changed = Vec::new();
    for (code, files) in user_sources(&options.packs)? {
        let language =
            LanguageSource { code, files: files.into_iter().collect(), extra_words: BTreeMap::new() };
        if language.has_language_file() {
            changed.push(LanguageEvidence::of_language(&language)?);
        }
    }
    if changed.is_empty() {
        return Ok(built_in);
    }
    let mut languages = built_in.languages;
    languages.retain(|known| changed.iter().all(|language| language.code != known.code));
    languages.extend(changed);
    Evidence::new(languages)
}

/// Compiles the packs of a rules folder with everything that their authors need.
///
/// # Errors
/// The first fault of any file.
pub(crate) fn compile_all(files: &[PackFile]) -> Result<Vec<Compiled>, Error> {
    user_sources(files)?
        .into_iter()
        .map(|(code, files)| {
            compile(
                &LanguageSource { code, files: files.into_iter().collect(), extra_words: BTreeMap::new() },
                catalogue(),
                concepts(),
            )
        })
        .collect()
}

/// The built-in packs' files, for those who want to compile or show them.
pub(crate) fn built_in_files() -> Vec<PackFile> {
    STORED.iter().flat_map(Stored::files).map(|(path, text)| PackFile { path, text }).collect()
}

/// User files by language: the last folder of a path names it.
fn user_sources(files: &[PackFile]) -> Result<BTreeMap<String, Vec<(String, String)>>, Error> {
    let mut languages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for file in files {
        let mut parts = file.path.rsplit('/');
        let (Some(_), Some(code)) = (parts.next(), parts.next()) else {
            return Err(Error::new(
                "a pack's files lie in a folder named for the language, as in hu/negative-framing.toml",
            )
            .in_file(&file.path));
        };
        if code == "catalogue" {
            continue;
        }
        languages.entry(code.to_owned()).or_default().push((file.path.clone(), file.text.clone()));
    }
    Ok(languages)
}
