//! What is not to be reported: `[[ignore]]` of the configuration, the thread file's own word, and the baseline.
//!
//! Nothing of it ever stands in the text that is sent to a customer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use replylint::{Finding, PackError, Target, Thread, catalogue, did_you_mean};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use xxhash_rust::xxh3::xxh3_64;

/// Words on either side that make the same finding another one.
const CONTEXT: usize = 3;

/// A hash of what a finding is about: its words with a few around them, whatever their case and white space; the whole
/// text for a finding about it as a whole. Lines and what is written elsewhere in the text do not change it. Stable
/// between releases.
///
/// ```
/// use replylint::{Linter, Options, Thread};
/// use replylint_workspace::fingerprint;
///
/// let linter = Linter::new(Options::default())?;
/// let of = |text: &str| {
///     let thread = Thread::new(text);
///     fingerprint(&linter.check(&thread).findings[0], &thread)
/// };
/// let first = of("Hello Ana, you will get the new seat soon, and here is the code.");
/// assert_eq!(first, of("Hello Ana,\n\nthe code is 7.\nAnd: you will get the new\nseat soon, and here is the code."));
/// # Ok::<(), replylint::PackError>(())
/// ```
pub fn fingerprint(finding: &Finding, thread: &Thread) -> String {
    let text = match finding.target {
        Target::Message(at) => thread.messages.get(at).map(|message| message.text.as_str()),
        _ => Some(thread.draft.text.as_str()),
    };
    let text = text.unwrap_or_default();
    // With room for the words around it.
    let mut words = Words { text: Vec::with_capacity(finding.span.len() + 128) };
    match (text.get(..finding.span.start), text.get(finding.span.clone()), text.get(finding.span.end..)) {
        (Some(before), Some(flagged), Some(after)) if !flagged.is_empty() => {
            let mut before: Vec<&str> = before.split_whitespace().rev().take(CONTEXT).collect();
            before.reverse();
            before.into_iter().for_each(|word| words.add(word));
            words.add("\u{1}");
            words.add(flagged);
            words.add("\u{1}");
            after.split_whitespace().take(CONTEXT).for_each(|word| words.add(word));
        }
        _ => words.add(text),
    }
    format!("{:016x}", xxh3_64(words.written()))
}

/// Words in small letters with a space between them, and maybe one behind them.
#[derive(Default)]
struct Words {
    /// The bytes of a string.
    text: Vec<u8>,
}

impl Words {
    /// Adds the words of a text.
    fn add(&mut self, text: &str) {
        self.text.reserve(text.len() + 2);
        self.part();
        // How the last letter of a Greek word looks in small depends on its place.
        if text.contains('Σ') {
            for word in text.split_whitespace() {
                self.add_signs(&word.to_lowercase());
                self.part();
            }
        } else {
            self.add_signs(text);
        }
    }

    fn add_signs(&mut self, text: &str) {
        let mut rest = text;
        while let Some(sign) = rest.chars().next() {
            // Most of most texts is ASCII, which is taken together.
            let plain = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
            let (signs, behind) = rest.split_at(plain.max(sign.len_utf8()));
            rest = behind;
            match sign {
                _ if plain > 0 => self.add_ascii(signs),
                // Small already, without a look into the tables of Unicode.
                'а'..='я' | 'ß'..='ö' | 'ø'..='ÿ' | '\u{600}'..='\u{6ff}' | '\u{2010}'..='\u{2026}' => {
                    self.text.extend_from_slice(signs.as_bytes());
                }
                _ if sign.is_whitespace() => self.part(),
                _ => sign.to_lowercase().for_each(|small| {
                    self.text.extend_from_slice(small.encode_utf8(&mut [0; 4]).as_bytes());
                }),
            }
        }
    }

    fn add_ascii(&mut self, signs: &str) {
        let mut is_parted = self.is_parted();
        let start = self.text.len();
        self.text.extend_from_slice(signs.as_bytes());
        let added = &mut self.text[start..];
        added.make_ascii_lowercase();
        let mut end = 0;
        for at in 0..added.len() {
            let is_space = matches!(added[at], b' ' | b'\t'..=b'\r');
            added[end] = if is_space { b' ' } else { added[at] };
            // A space behind a space is written over.
            end += usize::from(!(is_space && is_parted));
            is_parted = is_space;
        }
        self.text.truncate(start + end);
    }

    /// Whether no space need stand before the next word.
    fn is_parted(&self) -> bool {
        self.text.last().is_none_or(|last| *last == b' ')
    }

    fn part(&mut self) {
        if !self.is_parted() {
            self.text.push(b' ');
        }
    }

    /// The words without a space behind them.
    fn written(&self) -> &[u8] {
        self.text.strip_suffix(b" ").unwrap_or(&self.text)
    }
}

/// One `[[ignore]]` of a configuration.
#[derive(Debug, Clone)]
pub struct Ignore {
    /// The rule's id.
    pub rule: String,
    /// The files that it is about, relative to the configuration's folder; all where it is not given.
    pub path: Option<String>,
    /// The [`fingerprint`] of what it is about; everything where it is not given.
    pub text: Option<String>,
    /// How many findings of a reply it covers; all where it is not given.
    pub count: Option<usize>,
    glob: Option<GlobMatcher>,
}

impl PartialEq for Ignore {
    fn eq(&self, other: &Self) -> bool {
        (&self.rule, &self.path, &self.text, self.count)
            == (&other.rule, &other.path, &other.text, other.count)
    }
}

impl Ignore {
    /// The lines to append to a `replylint.toml` so that a finding is not reported again: in this file where one is
    /// given (relative to the configuration's folder), for these words where they are given.
    ///
    /// ```
    /// use replylint_workspace::Ignore;
    ///
    /// assert_eq!(
    ///     Ignore::to_toml("length", Some("macros/terms.md"), None),
    ///     "\n[[ignore]]\nrule = \"length\"\npath = \"macros/terms.md\"\n"
    /// );
    /// ```
    pub fn to_toml(rule: &str, path: Option<&str>, text: Option<&str>) -> String {
        let mut out = String::from("\n[[ignore]]\n");
        for (key, value) in [("rule", Some(rule)), ("path", path), ("text", text)] {
            if let Some(value) = value {
                // A path is a glob: what is a sign there stands for itself.
                let value = if key == "path" { globset::escape(value) } else { value.to_owned() };
                let _ = writeln!(out, "{key} = {}", toml::Value::String(value));
            }
        }
        out
    }

    fn covers(&self, rule: &str, path: Option<&Path>) -> bool {
        self.rule == rule
            && match &self.glob {
                Some(glob) => path.is_some_and(|path| glob.is_match(path)),
                None => true,
            }
    }
}

/// `[[ignore]]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IgnoreTable {
    rule: Spanned<String>,
    path: Option<Spanned<String>>,
    text: Option<Spanned<String>>,
    count: Option<usize>,
    /// For people.
    #[serde(rename = "reason")]
    _reason: Option<String>,
}

impl IgnoreTable {
    /// Reads one table of the configuration `name` with this text.
    pub fn read(self, name: &str, text: &str) -> Result<Ignore, PackError> {
        let rule = self.rule.get_ref();
        if !catalogue().iter().any(|card| card.id == *rule) {
            let error = PackError::at(name, text, self.rule.span(), format!("unknown rule `{rule}`"));
            return Err(match did_you_mean(rule, catalogue().iter().map(|card| card.id.as_str())) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("`replylint rules` lists them"),
            });
        }
        if let Some(hash) = &self.text
            && (hash.get_ref().len() != 16 || !hash.get_ref().bytes().all(|digit| digit.is_ascii_hexdigit()))
        {
            let error = PackError::at(name, text, hash.span(), "this is no hash of a text");
            return Err(error.help("take it from `fingerprint` of `check --format json`"));
        }
        let glob = match &self.path {
            Some(path) => Some(glob(path.get_ref()).map_err(|error| {
                PackError::at(name, text, path.span(), format!("this is no path pattern: {}", error.kind()))
            })?),
            None => None,
        };
        Ok(Ignore {
            rule: self.rule.into_inner(),
            path: self.path.map(Spanned::into_inner),
            text: self.text.map(Spanned::into_inner),
            count: self.count,
            glob,
        })
    }
}

/// A pattern without a slash is about the file's name, wherever it lies.
fn glob(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    let anywhere = if pattern.contains('/') { pattern.to_owned() } else { format!("**/{pattern}") };
    let trimmed = anywhere.trim_start_matches("./");
    Ok(GlobBuilder::new(trimmed).literal_separator(true).build()?.compile_matcher())
}

/// Findings that were there when the baseline was written: a rule, the [`fingerprint`] of its words, and how often they
/// stand in one reply.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Baseline {
    entries: BTreeMap<(String, String), usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineEntry {
    rule: String,
    text: String,
    count: usize,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// Where it cannot be read or holds anything but a baseline; the error names the line.
    pub fn read(path: &Path) -> Result<Self, PackError> {
        let name = path.display().to_string();
        let text =
            fs::read_to_string(path).map_err(|error| PackError::new(error.to_string()).in_file(&name))?;
        let mut entries = BTreeMap::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if !line.trim().is_empty() {
                let entry: BaselineEntry = serde_json::from_str(line.trim()).map_err(|error| {
                    let message = format!("this is no line of a baseline: {error}");
                    PackError::at(&name, &text, at..at + line.trim_end().len(), message)
                        .help("`--write-baseline` writes it anew")
                })?;
                entries.insert((entry.rule, entry.text), entry.count);
            }
            at += line.len();
        }
        Ok(Baseline { entries })
    }

    /// Adds what was found in one reply.
    pub fn add(&mut self, thread: &Thread, findings: &[Finding]) {
        let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
        for finding in findings {
            *found.entry((finding.rule.clone(), fingerprint(finding, thread))).or_default() += 1;
        }
        for (key, count) in found {
            let most = self.entries.entry(key).or_default();
            *most = count.max(*most);
        }
    }

    /// Adds what another baseline has.
    pub fn merge(&mut self, other: Baseline) {
        for (key, count) in other.entries {
            let most = self.entries.entry(key).or_default();
            *most = count.max(*most);
        }
    }

    /// How many different findings it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes the file, one finding a line in a fixed order, so that two versions can be compared. A file that was there
    /// stays until the new one is complete.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut text = String::new();
        for ((rule, hash), count) in &self.entries {
            let entry = BaselineEntry { rule: rule.clone(), text: hash.clone(), count: *count };
            text.push_str(&serde_json::to_string(&entry)?);
            text.push('\n');
        }
        file.write_all(text.as_bytes())?;
        file.persist(path)?;
        Ok(())
    }
}

/// Everything that keeps findings from being reported.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Suppressions {
    /// The folder that paths of [`Ignore`]s are relative to.
    pub folder: PathBuf,
    /// `[[ignore]]` of the configuration.
    pub ignores: Vec<Ignore>,
    /// The baseline in force.
    pub baseline: Option<Baseline>,
}

impl Suppressions {
    /// The findings of one reply that are to be reported, and how many are not. `path` is the reply's file where it has
    /// one, `own` the rules that the thread's own file leaves out.
    pub fn apply(
        &self,
        path: Option<&Path>,
        own: &[String],
        thread: &Thread,
        findings: Vec<Finding>,
    ) -> (Vec<Finding>, usize) {
        if findings.is_empty() || own.is_empty() && self.ignores.is_empty() && self.baseline.is_none() {
            return (findings, 0);
        }
        let relative = path.map(|path| {
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let folder = std::path::absolute(&self.folder).unwrap_or_else(|_| self.folder.clone());
            absolute.strip_prefix(&folder).map(Path::to_owned).unwrap_or(absolute)
        });
        let before = findings.len();
        let mut used = vec![0; self.ignores.len()];
        let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
        let kept: Vec<Finding> = findings
            .into_iter()
            .filter(|finding| {
                if own.contains(&finding.rule) {
                    return false;
                }
                let hash = std::cell::OnceCell::new();
                let hash = || hash.get_or_init(|| fingerprint(finding, thread)).as_str();
                let ignored = self.ignores.iter().zip(&mut used).any(|(ignore, used)| {
                    let covers = ignore.covers(&finding.rule, relative.as_deref())
                        && ignore.text.as_deref().is_none_or(|text| text == hash())
                        && ignore.count.is_none_or(|count| *used < count);
                    *used += usize::from(covers);
                    covers
                });
                if ignored {
                    return false;
                }
                let Some(baseline) = &self.baseline else { return true };
                let key = (finding.rule.clone(), hash().to_owned());
                match baseline.entries.get(&key) {
                    Some(count) => {
                        let seen = known.entry(key).or_default();
                        *seen += 1;
                        *seen > *count
                    }
                    None => true,
                }
            })
            .collect();
        let suppressed = before - kept.len();
        (kept, suppressed)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use replylint::{Finding, Linter, Options, Thread};

    use super::{Baseline, Ignore, IgnoreTable, Suppressions, fingerprint};

    const TEXT: &str =
        "Hello Ana, you will get the new seat soon, and here is the code. The bill comes soon, too.";

    /// What one rule finds: other rules may find something in these texts one day.
    fn found(thread: &Thread) -> Vec<Finding> {
        let mut findings = Linter::new(Options::default()).unwrap().check(thread).findings;
        findings.retain(|finding| finding.rule == "ambiguous-estimate");
        findings
    }

    fn apply(suppressions: &Suppressions, path: Option<&str>, own: &[&str], text: &str) -> (usize, usize) {
        let thread = Thread::new(text);
        let findings = found(&thread);
        let own: Vec<String> = own.iter().map(|rule| (*rule).to_owned()).collect();
        let (kept, suppressed) = suppressions.apply(path.map(Path::new), &own, &thread, findings);
        (kept.len(), suppressed)
    }

    fn ignore(table: &str) -> Suppressions {
        let table: IgnoreTable = toml::from_str(table).unwrap();
        let ignores = vec![table.read("replylint.toml", "").unwrap()];
        Suppressions { folder: "shop".into(), ignores, baseline: None }
    }

    #[test]
    fn ignores_are_about_rules_paths_words_and_numbers() {
        assert_eq!(apply(&Suppressions::default(), None, &[], TEXT), (2, 0));
        assert_eq!(apply(&Suppressions::default(), None, &["ambiguous-estimate"], TEXT), (0, 2));
        let rule = ignore("rule = \"ambiguous-estimate\"");
        assert_eq!(apply(&rule, None, &[], TEXT), (0, 2));
        let once = ignore("rule = \"ambiguous-estimate\"\ncount = 1\nreason = \"agreed\"");
        assert_eq!(apply(&once, None, &[], TEXT), (1, 1));
        let path = ignore("rule = \"ambiguous-estimate\"\npath = \"macros/**\"");
        assert_eq!(apply(&path, Some("shop/macros/a/b.txt"), &[], TEXT), (0, 2));
        assert_eq!(apply(&path, Some("shop/b.txt"), &[], TEXT), (2, 0));
        assert_eq!(apply(&path, None, &[], TEXT), (2, 0));
        let name = ignore("rule = \"ambiguous-estimate\"\npath = \"*.md\"");
        assert_eq!(apply(&name, Some("shop/x/y/b.md"), &[], TEXT), (0, 2));
        let thread = Thread::new(TEXT);
        let findings = found(&thread);
        let hash = fingerprint(&findings[1], &thread);
        let words = ignore(&format!("rule = \"ambiguous-estimate\"\ntext = \"{hash}\""));
        assert_eq!(apply(&words, None, &[], TEXT), (1, 1));
        let written = Ignore::to_toml("ambiguous-estimate", Some("a [1].txt"), Some(&hash));
        let written = ignore(written.trim_start().trim_start_matches("[[ignore]]"));
        assert_eq!(apply(&written, Some("shop/a [1].txt"), &[], TEXT), (1, 1));
    }

    proptest! {
        #[test]
        fn any_file_is_a_baseline_or_an_error(text in "(\\{|\\}|\"rule\":|\"x\"|\"text\":|,|\"count\":|1|\n|é){0,30}") {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("known.jsonl");
            std::fs::write(&file, text).unwrap();
            if let Err(error) = Baseline::read(&file) {
                prop_assert!(error.line > 0);
            }
        }

        #[test]
        fn words_are_made_small_one_by_one(text in "\\PC{0,30}|[ΣσΑА-яЁİȘțA-C’ا\\u{a0}\\u{85}\n ]{0,20}") {
            let mut words = super::Words::default();
            words.add(&text);
            let expected: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            prop_assert_eq!(String::from_utf8_lossy(words.written()), expected.join(" "));
        }

        #[test]
        fn any_text_has_a_fingerprint(text in "(soon|you will get it|[a-z]{1,4}| |\n|é|😀){0,20}") {
            let thread = Thread::new(text.as_str());
            for finding in Linter::new(Options::default()).unwrap().check(&thread).findings {
                prop_assert_eq!(fingerprint(&finding, &thread).len(), 16);
            }
        }
    }

    #[test]
    fn a_baseline_knows_words_and_not_lines() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("baseline.json");
        let thread = Thread::new(TEXT);
        let findings = found(&thread);
        let mut baseline = Baseline::default();
        baseline.add(&thread, &findings);
        baseline.write(&file).unwrap();
        let read = Baseline::read(&file).unwrap();
        assert_eq!((read.len(), &read), (2, &baseline));
        let known = Suppressions { baseline: Some(read), ..Suppressions::default() };
        assert_eq!(apply(&known, None, &[], TEXT), (0, 2));
        let moved = format!("Hello Ana,\n\nthank you for the photos.\n\n{}", TEXT.replace(' ', "\n"));
        assert_eq!(apply(&known, None, &[], &moved), (0, 2));
        // The same words once more are one finding more than the baseline knows.
        let more = format!("{TEXT} I mean it: and here is the code. The bill comes soon, too.");
        assert_eq!(apply(&known, None, &[], &more), (1, 2));
        std::fs::write(&file, "{\"rule\": \"length\"}\n").unwrap();
        assert!(
            Baseline::read(&file).unwrap_err().to_string().contains(":1:1: this is no line of a baseline")
        );
    }
}
