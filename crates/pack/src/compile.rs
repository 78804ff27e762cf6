//! From the files of a language to a [`Pack`].

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use toml::Spanned;

use crate::catalogue::{Card, EvidenceNeed};
use crate::completions::{self, Completions};
use crate::fold::{bare, fold, strip};
use crate::frequency::Frequencies;
use crate::lexicon::Form;
use crate::pack::{
    Group, NUMBER, OUTSIDE, Op, Pack, Phrase, Role, RulePack, Side, Stemming, SuggestionTemplate, Unit,
    WordBits, WordTest, mark,
};
use crate::packed::{Lists, Packed};
use crate::phrase::{self, Node, Test};
use crate::program::{Reach, WordClass};
use crate::source::{self, ConceptFile, LanguageFile, PhraseText, RuleFile};
use crate::{AtomId, Error, Example, Lexicon, Part, WordRules, did_you_mean};

/// The files of one language, already read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LanguageSource {
    /// ISO 639-1 code: the folder's name.
    pub code: String,
    /// Path and text of each file; the path's last part is `language.toml`, `concepts.toml`, `completions.toml` or
    /// `<rule>.toml`.
    pub files: BTreeMap<String, String>,
    /// Entries added to classes by the configuration.
    pub extra_words: BTreeMap<String, Vec<String>>,
}

impl LanguageSource {
    /// Whether `language.toml` is among the files.
    pub fn has_language_file(&self) -> bool {
        self.files.keys().any(|path| is_language_file(path))
    }

    /// Path and text of `language.toml`.
    pub(crate) fn language_file(&self) -> Result<(&str, &str), Error> {
        match self.files.iter().find(|(path, _)| is_language_file(path)) {
            Some((path, text)) => Ok((path, text)),
            None => Err(Error::new(format!("the language `{}` has no language.toml", self.code))),
        }
    }
}

fn is_language_file(path: &str) -> bool {
    path.rsplit('/').next() == Some("language.toml")
}

/// A pack with what only those who write packs need.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// What the matcher runs on.
    pub pack: Pack,
    /// Where each phrase stands, by its number.
    pub origins: Vec<Origin>,
    /// The examples of all rule files.
    pub examples: Vec<Example>,
}

/// Where a phrase stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub path: String,
    /// The 1-based line.
    pub line: usize,
    /// The phrase as written.
    pub text: String,
}

/// Facts are bits of a 32-bit word.
const MAX_FACTS: usize = 32;
/// Class entries may name classes, which may name classes …
const MAX_CLASS_DEPTH: usize = 12;

/// Compiles the files of one language; `concepts` are the ids of [`crate::read_concepts`].
///
/// # Errors
/// The first fault, with its place in its file.
pub fn compile(
    language: &LanguageSource,
    catalogue: &[Card],
    concepts: &[String],
) -> Result<Compiled, Error> {
    let (path, text) = language.language_file()?;
    let mut file: LanguageFile = source::read(path, text)?;
    for (class, entries) in &language.extra_words {
        let classes = file.classes.keys().map(|name| name.as_ref().as_str());
        let Some((_, known)) = file.classes.iter().find(|(name, _)| name.as_ref() == class) else {
            let error = Error::new(format!("{} has no word class `{class}`", file.name));
            return Err(error.near(class, classes));
        };
        let mut known = known.clone();
        known.extend(entries.iter().map(|entry| Spanned::new(0..0, entry.clone())));
        file.classes.insert(Spanned::new(0..0, class.clone()), known);
    }

    let mut rules = Vec::new();
    let mut concept_files = Vec::new();
    for (path, text) in language.files.iter().filter(|(path, _)| !is_language_file(path)) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let Some(id) = name.strip_suffix(".toml").filter(|id| *id != "completions") else { continue };
        if id == "concepts" {
            concept_files.push((path, text));
            continue;
        }
        let Some(card) = catalogue.iter().find(|card| card.id == id) else {
            let error = Error::new(format!("the catalogue has no rule `{id}`")).in_file(path);
            return Err(match did_you_mean(id, catalogue.iter().map(|card| card.id.as_str())) {
                Some(near) => error.help(format!("did you mean `{near}.toml`?")),
                None => error,
            });
        };
        rules.push((FileRef { path, text }, card, source::read::<RuleFile>(path, text)?));
    }
    // A user's file may lie elsewhere than the one that it replaces; rules are looked up by their order.
    rules.sort_by(|(_, a, _), (_, b, _)| a.id.cmp(&b.id));
    let examples = rules.iter().flat_map(|(_, _, rule)| rule.bad.iter().chain(&rule.good));
    let frequencies = Frequencies::of(examples.flat_map(|table| table.text.as_ref().texts()));

    let mut compiler = Compiler::new(path, text, &file, frequencies)?;
    compiler.completions = completions::of(language)?;
    compiler.language(&file)?;
    for (path, text) in concept_files {
        compiler.concepts(path, text, concepts)?;
    }
    for (file, card, rule) in &rules {
        compiler.rule(*file, card, rule)?;
    }
    compiler.emit_classes()?;
    compiler.finish(&language.code, &file, catalogue)
}

/// A file whose phrases are being compiled.
#[derive(Clone, Copy)]
pub(crate) struct FileRef<'s> {
    pub path: &'s str,
    pub text: &'s str,
}

impl FileRef<'_> {
    pub fn error(&self, at: Range<usize>, message: impl Into<String>) -> Error {
        Error::at(self.path, self.text, at, message)
    }

    fn unknown(&self, what: &str, name: &Spanned<String>, known: &[&str]) -> Error {
        let error = self.error(name.span(), format!("unknown {what} `{}`", name.as_ref()));
        if known.is_empty() {
            return error;
        }
        error.help(format!("there are {}", known.join(", "))).near(name.as_ref(), known.iter().copied())
    }
}

/// A class while it is compiled.
#[derive(Clone)]
pub(crate) enum Class {
    /// Single words only; one atom stands for all of them.
    Lexical(AtomId),
    /// Single words, some with conditions.
    Single(WordTest),
    /// Phrases.
    Phrases(Rc<Node>),
}

pub(crate) struct Compiler<'s> {
    pub language: FileRef<'s>,
    rules: WordRules,
    missing_diacritics: bool,
    frequent: BTreeSet<String>,
    frequencies: Frequencies,
    class_sources: BTreeMap<String, (FileRef<'s>, Vec<PhraseText>)>,
    classes: FxHashMap<String, Class>,
    open_classes: Vec<String>,
    atoms: FxHashMap<Form, AtomId>,
    entries: Vec<(Form, AtomId)>,
    /// How entries look without their diacritics; for words that have none.
    bare_entries: Vec<(Form, AtomId)>,
    pub costs: Vec<u32>,
    marks: Vec<u64>,
    exceptions: Vec<(AtomId, AtomId)>,
    pub tests: Vec<WordTest>,
    test_ids: FxHashMap<WordTest, u16>,
    pub ops: Vec<Op>,
    pub phrases: Vec<Phrase>,
    break_phrases: usize,
    context_phrases: usize,
    /// For each phrase, the atoms that wake it up.
    pub triggers: Vec<Vec<AtomId>>,
    /// Classes of several words in the order of their numbers.
    pub word_classes: Vec<WordClass>,
    /// What is known of a class's phrases, by its name.
    pub reaches: FxHashMap<String, Reach>,
    pub origins: Vec<Origin>,
    groups: Vec<Group>,
    rule_packs: Vec<RulePack>,
    facts: Vec<String>,
    units: Vec<(Unit, u32)>,
    months: Vec<(u8, u32)>,
    weekdays: Vec<(u8, u32)>,
    numbers: Vec<(String, f64)>,
    examples: Vec<Example>,
    completions: Completions,
}

impl<'s> Compiler<'s> {
    fn new(
        path: &'s str,
        text: &'s str,
        file: &LanguageFile,
        frequencies: Frequencies,
    ) -> Result<Self, Error> {
        let language = FileRef { path, text };
        if let Some(name) = &file.stemming.snowball
            && Stemming::algorithm(name.as_ref()).is_none()
        {
            let message = format!("there is no Snowball algorithm `{}`", name.as_ref());
            return Err(language
                .error(name.span(), message)
                .help("write its English name (\"Hungarian\"), or list `endings` instead"));
        }
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        let mut class_sources: BTreeMap<String, (FileRef<'s>, Vec<PhraseText>)> = BTreeMap::new();
        for (name, entries) in &file.classes {
            class_sources.insert(name.as_ref().clone(), (language, entries.clone()));
        }
        let mut reserve = |name: String, entries: Vec<PhraseText>| {
            if let Some((known, _)) = file.classes.get_key_value(&Spanned::new(0..0, name.clone())) {
                return Err(
                    language.error(known.span(), format!("the class `{name}` is made by its own table"))
                );
            }
            class_sources.insert(name, (language, entries));
            Ok(())
        };
        let keys: Vec<&str> = Unit::KEYS.iter().map(|(key, _)| *key).collect();
        for (key, entries) in &file.units {
            if !keys.contains(&key.as_ref().as_str()) {
                return Err(language.unknown("unit", key, &keys));
            }
            reserve(format!("unit-{}", key.as_ref()), entries.clone())?;
        }
        // The more specific unit first: "business days" before "days".
        let units = Unit::KEYS
            .iter()
            .filter(|(key, _)| file.units.keys().any(|known| known.as_ref() == key))
            .map(|(key, _)| Spanned::new(0..0, format!("@unit-{key}")))
            .collect();
        reserve("unit".to_owned(), units)?;
        let all =
            |table: &BTreeMap<Spanned<String>, Vec<PhraseText>>| table.values().flatten().cloned().collect();
        reserve("month".to_owned(), all(&file.months))?;
        reserve("weekday".to_owned(), all(&file.weekdays))?;
        reserve("number".to_owned(), all(&file.numbers))?;

        Ok(Compiler {
            language,
            rules: WordRules {
                abbreviations: folded(&file.words.abbreviations),
                closing_abbreviations: folded(&file.words.closing_abbreviations),
                join_prefixes: folded(&file.words.join_prefixes),
                join_suffixes: folded(&file.words.join_suffixes),
                split_apostrophe: file.words.split_apostrophe,
                accent_apostrophe: file.words.accent_apostrophe,
                other_letters: other_letters(language, &file.words.other_letters)?,
                other_spellings: other_spellings(language, &file.words.other_spellings)?,
            },
            missing_diacritics: file.missing_diacritics,
            frequent: file.detection.words.iter().map(|word| fold(word)).collect(),
            frequencies,
            class_sources,
            classes: FxHashMap::default(),
            open_classes: Vec::new(),
            atoms: FxHashMap::default(),
            entries: Vec::new(),
            bare_entries: Vec::new(),
            // The number atom.
            costs: vec![150],
            marks: vec![0],
            exceptions: Vec::new(),
            tests: Vec::new(),
            test_ids: FxHashMap::default(),
            ops: Vec::new(),
            phrases: Vec::new(),
            break_phrases: 0,
            context_phrases: 0,
            triggers: Vec::new(),
            word_classes: Vec::new(),
            reaches: FxHashMap::default(),
            origins: Vec::new(),
            groups: Vec::new(),
            rule_packs: Vec::new(),
            facts: Vec::new(),
            units: Vec::new(),
            months: Vec::new(),
            weekdays: Vec::new(),
            numbers: Vec::new(),
            examples: Vec::new(),
            completions: Completions::default(),
        })
    }

    fn language(&mut self, file: &LanguageFile) -> Result<(), Error> {
        for (key, entries) in &file.numbers {
            let value: f64 = key.as_ref().parse().map_err(|_| {
                self.language.error(key.span(), "the key of a number is its value, as in \"1.5\"")
            })?;
            for entry in entries {
                let folded = fold(entry.as_ref());
                if self.missing_diacritics {
                    self.numbers.push((strip(&folded), value));
                }
                self.numbers.push((folded, value));
            }
        }
        self.numbers.sort_by(|a, b| a.0.cmp(&b.0));
        self.numbers.dedup_by(|a, b| a.0 == b.0);
        self.months = self.calendar(&file.months, "month", 12)?;
        self.weekdays = self.calendar(&file.weekdays, "weekday", 7)?;
        // Number words carry the number atom beside their own.
        for entry in file.numbers.values().flatten() {
            if let Some(form) = only_test(&self.parse(self.language, entry)?).and_then(form_of) {
                self.add_entry(form, NUMBER);
            }
        }

        let clause = &file.clause;
        self.markers(&clause.breaks, Role::Break, mark::BREAK)?;
        self.break_phrases = self.phrases.len();
        for (at, side) in [Side::Us, Side::Customer, Side::Third].into_iter().enumerate() {
            let subjects = [&clause.subject.us, &clause.subject.customer, &clause.subject.third][at];
            let verbs = [&clause.verb.us, &clause.verb.customer, &clause.verb.third][at];
            self.markers(subjects, Role::Subject(side), mark::SUBJECT_US << at)?;
            self.markers(verbs, Role::Verb(side), mark::VERB_US << at)?;
        }
        if clause.facts.len() > MAX_FACTS {
            return Err(self.language.error(0..0, format!("a language has at most {MAX_FACTS} facts")));
        }
        for (at, (name, entries)) in clause.facts.iter().enumerate() {
            self.facts.push(name.as_ref().clone());
            self.markers(entries, Role::Fact(at as u8), 1 << at)?;
        }
        self.context_phrases = self.phrases.len();
        // Every class is compiled, used or not, so that its faults show.
        for name in self.class_sources.keys().cloned().collect::<Vec<_>>() {
            self.class(&name, self.language, 0..0)?;
        }
        for (key, unit) in Unit::KEYS {
            let name = format!("unit-{key}");
            if self.class_sources.contains_key(&name) {
                let start = self.ops.len() as u32;
                self.emit_test(&Test::Class(name, 0..0), self.language, 0..0)?;
                self.ops.push(Op::Match);
                self.units.push((unit, start));
            }
        }
        Ok(())
    }

    /// Programs that recognise the entries of a table of the calendar by their number.
    fn calendar(
        &mut self,
        table: &BTreeMap<Spanned<String>, Vec<PhraseText>>,
        name: &str,
        most: u8,
    ) -> Result<Vec<(u8, u32)>, Error> {
        let mut programs = Vec::new();
        for (key, entries) in table {
            let number = key.as_ref().parse().ok().filter(|number| (1..=most).contains(number));
            let Some(number) = number else {
                let message = format!("the key is a number from 1 to {most}");
                return Err(self.language.error(key.span(), message));
            };
            let class = format!("{name}-{number}");
            self.class_sources.insert(class.clone(), (self.language, entries.clone()));
            let start = self.ops.len() as u32;
            self.emit_test(&Test::Class(class, 0..0), self.language, 0..0)?;
            self.ops.push(Op::Match);
            programs.push((number, start));
        }
        Ok(programs)
    }

    /// Words that say something about their clause: single words by a mark on their atom, phrases by their group.
    fn markers(&mut self, entries: &[PhraseText], role: Role, bit: u64) -> Result<(), Error> {
        let mut single = Vec::new();
        let mut except = Vec::new();
        let mut phrases = Vec::new();
        for entry in entries {
            if entry.as_ref().starts_with('!') {
                except.push(self.exception(self.language, entry)?);
                continue;
            }
            match self.parse(self.language, entry)? {
                Node::Seq(items) => match items.as_slice() {
                    [Node::Test(Test::Class(name, _))] => {
                        match self.class(name, self.language, entry.span())? {
                            Class::Lexical(atom) if except.is_empty() => self.marks[usize::from(atom)] |= bit,
                            _ => phrases.push(entry.clone()),
                        }
                    }
                    [Node::Test(test)] if form_of(test).is_some() => single.push(test.clone()),
                    _ => phrases.push(entry.clone()),
                },
                _ => phrases.push(entry.clone()),
            }
        }
        if !single.is_empty() {
            let atom = self.lexical_class(&single, &except);
            self.marks[usize::from(atom)] |= bit;
        }
        if !phrases.is_empty() {
            let group = self.group(Group { role, subject: u8::MAX, with: 0, without: 0, question: None });
            self.compile_phrases(self.language, &phrases, group)?;
        }
        Ok(())
    }

    /// An entry of a class that says which words are never in it: `!` and what they are.
    fn exception(&self, file: FileRef<'s>, entry: &PhraseText) -> Result<Exception, Error> {
        let node = self.parse_from(1, file, entry)?;
        only_test(&node).and_then(Exception::of).ok_or_else(|| {
            let error = file.error(entry.span(), "what is never in a class is one word");
            error.help("write `!word`, `!stem*` or `!*ending`, maybe with words that it is not: `!*ing&!(thing|king)`")
        })
    }

    pub fn parse(&self, file: FileRef<'s>, entry: &PhraseText) -> Result<Node, Error> {
        self.parse_from(0, file, entry)
    }

    /// An entry without so many bytes before its phrase.
    fn parse_from(&self, before: usize, file: FileRef<'s>, entry: &PhraseText) -> Result<Node, Error> {
        phrase::parse(&entry.as_ref()[before..], &self.rules).map_err(|error| {
            // One byte for the quotation mark before the phrase.
            let base = if entry.span().is_empty() { 0 } else { entry.span().start + 1 + before };
            let mut at = file.error(base + error.at.start..base + error.at.end, error.message);
            at.help = error.help;
            at
        })
    }

    pub fn class(&mut self, name: &str, user: FileRef<'s>, at: Range<usize>) -> Result<Class, Error> {
        if let Some(class) = self.classes.get(name) {
            return Ok(class.clone());
        }
        let Some((file, entries)) = self.class_sources.get(name).cloned() else {
            let error = user.error(at, format!("unknown class @{name}"));
            return Err(match did_you_mean(name, self.class_sources.keys().map(String::as_str)) {
                Some(near) => error.help(format!("did you mean @{near}?")),
                None => error.help("classes are made in [classes] of language.toml"),
            });
        };
        if self.open_classes.iter().any(|open| open == name) || self.open_classes.len() > MAX_CLASS_DEPTH {
            return Err(user.error(at, format!("the class @{name} contains itself")));
        }
        self.open_classes.push(name.to_owned());

        let mut lexical = Vec::new();
        let mut except = Vec::new();
        let mut tests = Vec::new();
        let mut nodes = Vec::new();
        for entry in &entries {
            if entry.as_ref().starts_with('!') {
                except.push(self.exception(file, entry)?);
                continue;
            }
            let node = self.parse(file, entry)?;
            match only_test(&node).cloned() {
                Some(Test::Class(inner, range)) => {
                    let base = entry.span().start + 1;
                    match self.class(&inner, file, base + range.start..base + range.end)? {
                        Class::Lexical(atom) if self.has_exceptions(atom) => {
                            nodes.push(node);
                            tests.push(WordTest::Atom(atom));
                        }
                        Class::Lexical(atom) => lexical.extend(self.forms_of(atom)),
                        Class::Single(test) => {
                            nodes.push(node);
                            tests.push(test);
                        }
                        Class::Phrases(_) => nodes.push(node),
                    }
                }
                Some(test) if form_of(&test).is_some() => lexical.push(test),
                Some(test) => {
                    tests.push(self.word_test(&test, file, entry.span())?);
                    nodes.push(node);
                }
                None => nodes.push(node),
            }
        }
        // Words that are never in the class are not in it by an entry that is more than a form either.
        if !except.is_empty() && !nodes.is_empty() {
            let excepted = Test::OneOf(except.iter().map(|exception| exception.test.clone()).collect());
            let not_excepted = WordTest::Not(Box::new(self.word_test(&excepted, file, 0..0)?));
            tests = tests.into_iter().map(|test| WordTest::all(vec![test, not_excepted.clone()])).collect();
            for node in &mut nodes {
                if let Some(test) = only_test(node).filter(|test| self.is_single(test)) {
                    let test = Test::All(vec![(true, test.clone()), (false, excepted.clone())]);
                    *node = Node::Seq(vec![Node::Test(test)]);
                }
            }
        }
        let all_single = nodes.iter().all(|node| only_test(node).is_some_and(|test| self.is_single(test)));
        let class = if nodes.is_empty() {
            Class::Lexical(self.lexical_class(&lexical, &except))
        } else if all_single {
            if !lexical.is_empty() {
                tests.push(WordTest::Atom(self.lexical_class(&lexical, &except)));
            }
            Class::Single(WordTest::OneOf(tests))
        } else {
            if !lexical.is_empty() {
                let words = format!("{name}/words");
                let atom = self.lexical_class(&lexical, &except);
                self.classes.insert(words.clone(), Class::Lexical(atom));
                nodes.push(Node::Test(Test::Class(words, 0..0)));
            }
            Class::Phrases(Rc::new(self.simplify(Node::Alt(nodes), file, at)?))
        };
        self.open_classes.pop();
        self.classes.insert(name.to_owned(), class.clone());
        Ok(class)
    }

    pub fn is_single(&self, test: &Test) -> bool {
        match test {
            Test::Class(name, _) => !matches!(self.classes.get(name), Some(Class::Phrases(_))),
            _ => true,
        }
    }

    /// Whether there are words which are never in the class with this atom.
    fn has_exceptions(&self, atom: AtomId) -> bool {
        self.exceptions.iter().any(|(_, class)| *class == atom)
    }

    /// The forms that carry an atom, so that a class inside a class costs one atom less at match time.
    fn forms_of(&self, atom: AtomId) -> Vec<Test> {
        self.entries
            .iter()
            .filter(|(_, of)| *of == atom)
            .map(|(form, _)| match form {
                Form::Word(word) => Test::Word(word.clone()),
                Form::Stem(stem) => Test::Stem(stem.clone()),
                Form::Ending(ending) => Test::Ending(ending.clone()),
            })
            .collect()
    }

    fn lexical_class(&mut self, forms: &[Test], except: &[Exception]) -> AtomId {
        let atom = self.new_atom();
        let mut cost = 0;
        for form in forms.iter().filter_map(form_of) {
            cost += self.cost(&form);
            self.add_entry(form, atom);
        }
        self.costs[usize::from(atom)] = cost;
        if !except.is_empty() {
            let plain = self.new_atom();
            for Exception { form, but, .. } in except {
                let exception = if but.is_empty() { plain } else { self.new_atom() };
                self.add_entry(form.clone(), exception);
                if !but.is_empty() {
                    // What is no exception is found out before the class is.
                    let other = self.new_atom();
                    but.iter().for_each(|form| self.add_entry(form.clone(), other));
                    self.exceptions.extend([(other, exception), (exception, atom)]);
                }
            }
            self.exceptions.push((plain, atom));
        }
        atom
    }

    fn new_atom(&mut self) -> AtomId {
        self.costs.push(0);
        self.marks.push(0);
        (self.costs.len() - 1) as AtomId
    }

    fn form_atom(&mut self, form: Form) -> AtomId {
        if let Some(atom) = self.atoms.get(&form) {
            return *atom;
        }
        let atom = self.new_atom();
        self.costs[usize::from(atom)] = self.cost(&form);
        self.add_entry(form.clone(), atom);
        self.atoms.insert(form, atom);
        atom
    }

    /// A word with diacritics is also found without them, where the language says that agents leave them out.
    fn add_entry(&mut self, form: Form, atom: AtomId) {
        if self.missing_diacritics {
            let stripped = match &form {
                Form::Word(word) => Form::Word(strip(word)),
                Form::Stem(stem) => Form::Stem(strip(stem)),
                Form::Ending(ending) => Form::Ending(strip(ending)),
            };
            if stripped != form {
                self.bare_entries.push((stripped, atom));
            }
        }
        self.entries.push((form, atom));
    }

    /// About how many of ten thousand words a form is: phrases wake up at their rarest word.
    fn cost(&self, form: &Form) -> u32 {
        if let Some(frequency) = self.frequencies.per_ten_thousand(form) {
            return frequency + 1;
        }
        match form {
            Form::Word(word) if self.frequent.contains(word) => 100,
            Form::Word(word) if word.chars().count() <= 3 => 20,
            Form::Word(_) => 2,
            Form::Stem(stem) => match stem.chars().count() {
                0..=2 => 200,
                3 => 30,
                _ => 8,
            },
            Form::Ending(ending) => match ending.chars().count() {
                0..=1 => 800,
                2 => 300,
                3 => 100,
                _ => 30,
            },
        }
    }

    pub fn word_test(&mut self, test: &Test, file: FileRef<'s>, at: Range<usize>) -> Result<WordTest, Error> {
        Ok(match test {
            Test::Number => WordTest::Atom(NUMBER),
            Test::Any => WordTest::Any,
            Test::Class(name, range) => {
                let at =
                    if at.is_empty() { 0..0 } else { at.start + 1 + range.start..at.start + 1 + range.end };
                match self.class(name, file, at.clone())? {
                    Class::Lexical(atom) => WordTest::Atom(atom),
                    Class::Single(test) => test,
                    Class::Phrases(_) => {
                        return Err(file
                            .error(at, format!("@{name} holds entries of several words"))
                            .help("`!`, `~` and `&` take classes of single words"));
                    }
                }
            }
            Test::All(tests) => WordTest::all(
                tests
                    .iter()
                    .map(|(holds, test)| {
                        let test = self.word_test(test, file, at.clone())?;
                        Ok(if *holds { test } else { WordTest::Not(Box::new(test)) })
                    })
                    .collect::<Result<_, Error>>()?,
            ),
            Test::OneOf(tests) => WordTest::one_of(
                tests
                    .iter()
                    .map(|test| self.word_test(test, file, at.clone()))
                    .collect::<Result<_, Error>>()?,
            ),
            Test::Word(word) => WordTest::Atom(self.form_atom(Form::Word(word.clone()))),
            Test::Stem(stem) => WordTest::Atom(self.form_atom(Form::Stem(stem.clone()))),
            Test::Ending(ending) => WordTest::Atom(self.form_atom(Form::Ending(ending.clone()))),
        })
    }

    pub fn test_id(&mut self, test: WordTest) -> u16 {
        if let Some(id) = self.test_ids.get(&test) {
            return *id;
        }
        let id = self.tests.len() as u16;
        self.tests.push(test.clone());
        self.test_ids.insert(test, id);
        id
    }

    fn group(&mut self, group: Group) -> u16 {
        self.groups.push(group);
        (self.groups.len() - 1) as u16
    }

    fn concepts(&mut self, path: &'s str, text: &'s str, known: &[String]) -> Result<(), Error> {
        let file = FileRef { path, text };
        let table: ConceptFile = source::read(path, text)?;
        for (id, phrases) in &table.concepts {
            let Some(number) = known.iter().position(|known| known == id.as_ref()) else {
                return Err(file
                    .error(id.span(), format!("unknown concept `{}`", id.as_ref()))
                    .help("the ids of concepts are in rules/concepts.toml")
                    .near(id.as_ref(), known.iter().map(String::as_str)));
            };
            let role = Role::Concept(number as u16);
            let group = self.group(Group { role, subject: u8::MAX, with: 0, without: 0, question: None });
            self.compile_phrases(file, phrases, group)?;
        }
        Ok(())
    }

    fn rule(&mut self, file: FileRef<'s>, card: &Card, rule: &RuleFile) -> Result<(), Error> {
        let number = self.rule_packs.len() as u16;
        let known_kinds: Vec<&str> = card.kinds.keys().map(String::as_str).collect();
        let check_kind = |kind: &Spanned<String>| {
            if known_kinds.contains(&kind.as_ref().as_str()) {
                Ok(kind.as_ref().clone())
            } else {
                Err(file.unknown(&format!("kind of {}", card.id), kind, &known_kinds))
            }
        };
        let check_kinds = |kinds: &Option<Vec<Spanned<String>>>| {
            kinds.iter().flatten().map(check_kind).collect::<Result<Vec<_>, _>>()
        };

        let mut excuses = Vec::new();
        for excuse in &rule.excuses {
            let kinds = check_kinds(&excuse.kinds)?;
            let role = Role::Excuse { reach: excuse.reach, name: excuse.name.clone() };
            let conditions = Conditions {
                subject: &excuse.subject,
                with: &excuse.with,
                without: &excuse.without,
                question: excuse.question,
            };
            let group = self.conditioned(file, role, conditions)?;
            self.compile_phrases(file, &excuse.phrases, group)?;
            excuses.push((group, excuse.name.as_deref(), kinds));
        }
        let names: Vec<&str> = excuses.iter().filter_map(|(_, name, _)| *name).collect();
        for group in &rule.phrases {
            let kind = group.kind.as_ref().map(check_kind).transpose()?;
            for name in group.excuses.iter().flatten() {
                if !names.contains(&name.as_ref().as_str()) {
                    return Err(file.unknown("excuse", name, &names));
                }
            }
            let counts = |name: Option<&str>, kinds: &[String]| {
                group
                    .excuses
                    .as_ref()
                    .is_none_or(|named| named.iter().any(|wanted| Some(wanted.as_ref().as_str()) == name))
                    && (kinds.is_empty() || kind.as_ref().is_some_and(|kind| kinds.contains(kind)))
            };
            let role = Role::Finding {
                rule: number,
                kind: kind.clone(),
                tier: group.tier,
                excuses: excuses
                    .iter()
                    .filter(|(_, name, kinds)| counts(*name, kinds))
                    .map(|(group, _, _)| *group)
                    .collect(),
                replacement: group.replacement.clone(),
            };
            let conditions = Conditions {
                subject: &group.subject,
                with: &group.with,
                without: &group.without,
                question: group.question,
            };
            let id = self.conditioned(file, role, conditions)?;
            self.compile_phrases(file, &group.phrases, id)?;
        }
        for evidence in &rule.evidence {
            let role = Role::Evidence { rule: number, name: evidence.name.clone() };
            let conditions = Conditions {
                subject: &evidence.subject,
                with: &evidence.with,
                without: &evidence.without,
                question: evidence.question,
            };
            let group = self.conditioned(file, role, conditions)?;
            self.compile_phrases(file, &evidence.phrases, group)?;
        }
        let mut suggestions = Vec::new();
        for suggestion in &rule.suggestions {
            suggestions.push(SuggestionTemplate {
                title: suggestion.title.clone(),
                replacement: suggestion.replacement.clone(),
                kinds: check_kinds(&suggestion.kinds)?,
                register: suggestion.register,
                applicability: suggestion.applicability,
                takes_before: bare_entries(&suggestion.takes_before),
                takes_after: bare_entries(&suggestion.takes_after),
                beside: bare_entries(&suggestion.beside),
                except: bare_entries(&suggestion.except),
            });
        }
        let mut messages = Vec::new();
        for (kind, message) in &rule.messages {
            messages.push((check_kind(kind)?, message.clone()));
        }
        self.rule_packs.push(RulePack {
            id: card.id.clone(),
            message: rule.message.clone(),
            messages,
            suggestions,
            asks_beside_faults: card.evidence == EvidenceNeed::BesideFaults,
            evidence: Vec::new(),
        });
        for (tables, is_bad) in [(&rule.bad, true), (&rule.good, false)] {
            for table in tables {
                let read = Example::read(file.path, file.text, &card.id, table, is_bad, &known_kinds)?;
                self.examples.extend(read);
            }
        }
        Ok(())
    }

    fn conditioned(
        &mut self,
        file: FileRef<'s>,
        role: Role,
        conditions: Conditions<'_>,
    ) -> Result<u16, Error> {
        const SIDES: [(&str, Side); 4] =
            [("us", Side::Us), ("customer", Side::Customer), ("third", Side::Third), ("open", Side::Open)];
        let mut subject = 0;
        for name in conditions.subject.iter().flatten() {
            match SIDES.iter().find(|(known, _)| known == name.as_ref()) {
                Some((_, side)) => subject |= side.bit(),
                None => return Err(file.unknown("side", name, &SIDES.map(|(name, _)| name))),
            }
        }
        let facts: Vec<&str> = self.facts.iter().map(String::as_str).collect();
        let bits = |names: &[Spanned<String>]| {
            let mut bits = 0u32;
            for name in names {
                match facts.iter().position(|fact| fact == name.as_ref()) {
                    Some(at) => bits |= 1 << at,
                    None => return Err(file.unknown("fact", name, &facts)),
                }
            }
            Ok(bits)
        };
        let with = bits(conditions.with)?;
        let without = bits(conditions.without)?;
        Ok(self.group(Group {
            role,
            subject: if conditions.subject.is_some() { subject } else { u8::MAX },
            with,
            without,
            question: conditions.question,
        }))
    }

    /// Puts the phrases in the order of their parts, and gives where all of these but the last end.
    fn sort_phrases(&mut self, catalogue: &[Card]) -> [usize; Part::ALL.len() - 1] {
        let part = |number: usize, phrase: &Phrase| match &self.groups[usize::from(phrase.group)].role {
            _ if number < self.break_phrases => Part::Break,
            _ if number < self.context_phrases => Part::Context,
            Role::Excuse { .. } => Part::Excuse,
            Role::Concept(_) => Part::Thread,
            Role::Evidence { rule, name } => {
                let id = &self.rule_packs[usize::from(*rule)].id;
                match catalogue.iter().find(|card| card.id == *id) {
                    Some(card) if card.evidence_of_sentences.contains(name) => Part::Answer,
                    Some(card) if card.evidence_of_messages.contains(name) => Part::Message,
                    Some(card) if card.needs_thread => Part::Thread,
                    Some(card) if card.evidence == EvidenceNeed::BesideFaults => Part::Asked,
                    Some(card) if card.evidence == EvidenceNeed::InLetters => Part::Letter,
                    _ => Part::Draft,
                }
            }
            _ => Part::Draft,
        };
        let phrases = self.phrases.iter().cloned().zip(self.triggers.iter().cloned()).enumerate();
        let mut sorted: Vec<_> = phrases.map(|(number, both)| (part(number, &both.0), both)).collect();
        sorted.sort_by_key(|(part, _)| *part);
        let ends = std::array::from_fn(|part| sorted.partition_point(|(of, _)| *of <= Part::ALL[part]));
        (self.phrases, self.triggers) = sorted.into_iter().map(|(_, both)| both).unzip();
        ends
    }

    /// Notes at the rules which groups are their evidence.
    fn list_evidence(&mut self) {
        for (number, group) in self.groups.iter().enumerate() {
            let Role::Evidence { rule, name } = &group.role else { continue };
            let evidence = &mut self.rule_packs[usize::from(*rule)].evidence;
            match evidence.iter_mut().find(|(known, _)| known == name) {
                Some((_, groups)) => groups.push(number as u16),
                None => evidence.push((name.clone(), vec![number as u16])),
            }
        }
    }

    fn finish(mut self, code: &str, file: &LanguageFile, catalogue: &[Card]) -> Result<Compiled, Error> {
        let part_ends = self.sort_phrases(catalogue);
        self.list_evidence();
        let mut by_atom: Vec<Vec<u32>> = vec![Vec::new(); self.costs.len()];
        for (phrase, trigger) in self.triggers.iter().enumerate() {
            for atom in trigger {
                by_atom[usize::from(*atom)].push(phrase as u32);
            }
        }
        let too_large = || Error::new(format!("`{code}` has more words and classes than a pack can hold"));
        let (bits, bit_of) = WordBits::new(self.costs.len(), &self.tests).ok_or_else(too_large)?;
        // From the numbers of tests to their bits.
        for op in &mut self.ops {
            if let Op::Word(test)
            | Op::NotNext(test)
            | Op::NotBefore(test)
            | Op::SplitAt(test, _)
            | Op::LeaveAt(test, _) = op
            {
                *test = bit_of[usize::from(*test)];
            }
        }
        for phrase in &mut self.phrases {
            let needs = phrase.needs.iter_mut().flatten().map(|need| &mut need.bit);
            let needs = needs.filter(|bit| **bit != OUTSIDE);
            for test in needs.chain(&mut phrase.first) {
                *test = bit_of[usize::from(*test)];
            }
            phrase.is_word = match self.ops[phrase.start as usize..] {
                [Op::Word(bit), Op::Match, ..] => phrase.first == Some(bit) && phrase.before == (0, 0),
                _ => false,
            };
        }
        let class = |class: &WordClass| (class.start, class.first.map(|test| bit_of[usize::from(test)]));
        let pack = Pack {
            code: code.to_owned(),
            name: file.name.clone(),
            native_name: file.native_name.clone(),
            direction: file.direction,
            function_words: function_words(file, &self.rules.other_spellings),
            words: self.rules,
            sentence_words: file.limits.sentence_words,
            paragraph_words: file.limits.paragraph_words,
            stemming: stemming(file),
            lexicon: Lexicon::build(&self.entries).ok_or_else(too_large)?,
            bare: Lexicon::build(&self.bare_entries).ok_or_else(too_large)?,
            missing_diacritics: self.missing_diacritics,
            exceptions: self.exceptions,
            marks: self.marks,
            bits,
            ops: Packed::new(&self.ops).ok_or_else(too_large)?,
            classes: self.word_classes.iter().map(class).collect(),
            phrases: Packed::new(&self.phrases).ok_or_else(too_large)?,
            part_ends,
            triggered: Lists::new(&by_atom).ok_or_else(too_large)?,
            groups: self.groups,
            rules: self.rule_packs,
            facts: self.facts,
            numbers: self.numbers,
            units: self.units,
            months: self.months,
            weekdays: self.weekdays,
            completions: self.completions,
        };
        Ok(Compiled { pack, origins: self.origins, examples: self.examples })
    }
}

struct Conditions<'g> {
    subject: &'g Option<Vec<Spanned<String>>>,
    with: &'g [Spanned<String>],
    without: &'g [Spanned<String>],
    question: Option<bool>,
}

/// What a phrase asks that asks something of one word only.
fn only_test(phrase: &Node) -> Option<&Test> {
    let Node::Seq(items) = phrase else { return None };
    let [Node::Test(test)] = items.as_slice() else { return None };
    Some(test)
}

/// Words that are never in a class.
struct Exception {
    /// As it is written.
    test: Test,
    form: Form,
    /// Words of this form that may be in it all the same.
    but: Vec<Form>,
}

impl Exception {
    /// The exception that a test says, if it is a form of one word, maybe without some words.
    fn of(test: &Test) -> Option<Self> {
        let Test::All(tests) = test else {
            return Some(Exception { test: test.clone(), form: form_of(test)?, but: Vec::new() });
        };
        let [(true, first), rest @ ..] = tests.as_slice() else { return None };
        let mut but = Vec::new();
        for (is_asked, other) in rest {
            if *is_asked {
                return None;
            }
            let others = if let Test::OneOf(others) = other { others } else { std::slice::from_ref(other) };
            but.extend(others.iter().map(form_of).collect::<Option<Vec<Form>>>()?);
        }
        Some(Exception { test: test.clone(), form: form_of(first)?, but })
    }
}

fn form_of(test: &Test) -> Option<Form> {
    match test {
        Test::Word(word) => Some(Form::Word(word.clone())),
        Test::Stem(stem) => Some(Form::Stem(stem.clone())),
        Test::Ending(ending) => Some(Form::Ending(ending.clone())),
        _ => None,
    }
}

/// The frequent words of the language and those that it lists besides, with their other spellings, sorted.
fn function_words(file: &LanguageFile, other_spellings: &[(String, String)]) -> Vec<String> {
    let mut words = BTreeSet::new();
    for word in file.detection.words.iter().chain(&file.stemming.stop_words) {
        let folded = fold(word);
        if file.missing_diacritics {
            words.insert(strip(&folded));
        }
        words.insert(folded);
    }
    for (typed, meant) in other_spellings {
        if words.contains(meant) {
            words.insert(typed.clone());
        }
    }
    words.into_iter().collect()
}

/// Letters that stand for others, folded.
fn other_letters(
    file: FileRef<'_>,
    letters: &BTreeMap<Spanned<String>, Spanned<String>>,
) -> Result<Vec<(char, char)>, Error> {
    let letter = |written: &Spanned<String>| {
        let folded = fold(written.as_ref());
        let mut signs = folded.chars();
        match (signs.next().filter(|sign| sign.is_alphabetic()), signs.next()) {
            (Some(letter), None) => Ok(letter),
            _ => Err(file
                .error(written.span(), format!("`{}` is not one letter", written.as_ref()))
                .help("write `other-letters = { \"õ\" = \"ő\" }`: what is typed, then what is meant")),
        }
    };
    letters.iter().map(|(typed, meant)| Ok((letter(typed)?, letter(meant)?))).collect()
}

/// Words as they are typed, with those that are meant, folded and in their order.
fn other_spellings(
    file: FileRef<'_>,
    spellings: &BTreeMap<Spanned<String>, Spanned<String>>,
) -> Result<Vec<(String, String)>, Error> {
    let word = |written: &Spanned<String>| {
        let folded = fold(written.as_ref());
        if folded.is_empty() || !folded.chars().all(|sign| sign.is_alphabetic() || sign == '\'') {
            return Err(file.error(written.span(), format!("`{}` is not one word", written.as_ref())).help(
                "write `other-spellings = { \"dont\" = \"don't\" }`: what is typed, then what is meant",
            ));
        }
        Ok(folded)
    };
    let mut spellings: Vec<(String, String)> =
        spellings.iter().map(|(typed, meant)| Ok((word(typed)?, word(meant)?))).collect::<Result<_, _>>()?;
    spellings.sort_unstable();
    Ok(spellings)
}

/// Entries in the form in which they are compared with the words of a draft.
fn bare_entries(entries: &[String]) -> Vec<String> {
    entries.iter().map(|entry| bare(entry)).collect()
}

/// The language's stemming; endings are tried longest first.
fn stemming(file: &LanguageFile) -> Stemming {
    let mut endings: Vec<String> = file.stemming.endings.iter().map(|ending| fold(ending)).collect();
    endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
    Stemming { snowball: file.stemming.snowball.as_ref().map(|name| name.as_ref().clone()), endings }
}
