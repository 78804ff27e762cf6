//! Findings that somebody looked at and accepted: `.replylint-ignore.toml`.
//!
//! An entry stands beside the text and never in it. It names the rule and a digest of the flagged words, so it holds
//! through other edits, and says how many there are, so that a new one of the same kind is found again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use replylint::{Finding, PackError, Target, Thread, catalogue, did_you_mean};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// The name of the file.
pub const IGNORES_NAME: &str = ".replylint-ignore.toml";

const HEADER: &str = "\
# Findings that were looked at and accepted. Each entry names a rule and a digest of the flagged words; `file` is
# relative to this file, and an entry without it holds for all drafts below this folder. `count` says how many.
";

/// One accepted finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub struct Ignore {
    /// The draft relative to the ignore file's folder, with forward slashes; `None` for every draft below it.
    pub file: Option<String>,
    /// The rule's id.
    pub rule: String,
    /// [`digest`] of the flagged words.
    pub text: String,
}

/// The accepted findings of one file, with how many there are of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ignores {
    folder: PathBuf,
    entries: BTreeMap<Ignore, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoreFile {
    #[serde(default)]
    ignore: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: Option<String>,
    rule: Spanned<String>,
    text: String,
    count: Option<Spanned<usize>>,
    /// For people; nothing reads it.
    #[serde(rename = "reason")]
    _reason: Option<String>,
}

/// The ignore file that is in force for a file or folder: the nearest one upward from it.
pub fn find_ignores(path: &Path) -> Option<PathBuf> {
    crate::config::find_upward(path, IGNORES_NAME)
}

/// A digest of flagged words: 16 hexadecimal digits that stay the same where only the white space changes. The words
/// cannot be read from it.
pub fn digest(words: &str) -> String {
    let mut hash = Sha256::new();
    for word in words.split_whitespace() {
        hash.update(word);
        hash.update(" ");
    }
    hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Ignore {
    /// The entry that accepts a finding; `file` as in [`Ignore::file`].
    pub fn of(finding: &Finding, thread: &Thread, file: Option<String>) -> Self {
        let text = match finding.target {
            Target::Message(at) => thread.messages.get(at).map_or("", |message| message.text.as_str()),
            _ => thread.draft.text.as_str(),
        };
        let words = text.get(finding.span.clone()).unwrap_or_default();
        Ignore { file, rule: finding.rule.clone(), text: digest(words) }
    }
}

impl Ignores {
    /// Reads an ignore file.
    ///
    /// # Errors
    /// Where it cannot be read, is no TOML, or holds a key or rule that does not exist.
    pub fn read(path: &Path) -> Result<Self, PackError> {
        let name = path.display().to_string();
        let text =
            fs::read_to_string(path).map_err(|error| PackError::new(error.to_string()).in_file(&name))?;
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        Self::parse(&name, &text, folder)
    }

    fn parse(name: &str, text: &str, folder: PathBuf) -> Result<Self, PackError> {
        let file: IgnoreFile = replylint::read_toml(name, text)?;
        let mut entries = BTreeMap::new();
        for entry in file.ignore {
            let rules = || catalogue().iter().map(|card| card.id.as_str());
            if !rules().any(|rule| rule == entry.rule.as_ref()) {
                let message = format!("unknown rule `{}`", entry.rule.as_ref());
                let error = PackError::at(name, text, entry.rule.span(), message);
                return Err(match did_you_mean(entry.rule.as_ref(), rules()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("`replylint rules` lists them"),
                });
            }
            let ignore = Ignore { file: entry.file, rule: entry.rule.into_inner(), text: entry.text };
            *entries.entry(ignore).or_default() += entry.count.map_or(1, Spanned::into_inner);
        }
        Ok(Ignores { folder, entries })
    }

    /// Takes the accepted findings out: of each entry as many as it counts, the first ones first.
    pub fn apply(&self, draft: Option<&Path>, thread: &Thread, findings: &mut Vec<Finding>) {
        if self.entries.is_empty() {
            return;
        }
        let file = draft.and_then(|draft| name_below(&self.folder, draft));
        let mut left = self.entries.clone();
        let mut take = |ignore: &Ignore| match left.get_mut(ignore) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        findings.retain(|finding| {
            let named = Ignore::of(finding, thread, file.clone());
            !take(&named) && (named.file.is_none() || !take(&Ignore { file: None, ..named }))
        });
    }
}

/// Adds an entry to an ignore file, or one more to its count; the file is made where there is none. Comments and other
/// entries stay as they are.
///
/// # Errors
/// Where the file is there and cannot be read or is broken, or where it cannot be written.
pub fn add_ignore(path: &Path, ignore: &Ignore) -> Result<(), PackError> {
    let name = path.display().to_string();
    let failed = |error: std::io::Error| PackError::new(error.to_string()).in_file(&name);
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => HEADER.to_owned(),
        Err(error) => return Err(failed(error)),
    };
    // Its faults are told with their place by the same reader that everybody uses.
    Ignores::parse(&name, &text, PathBuf::new())?;
    let mut document: DocumentMut =
        text.parse().map_err(|_| PackError::new("this is no TOML").in_file(&name))?;
    let text_of = |table: &Table, key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
    let entries = document.entry("ignore").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(entries) = entries.as_array_of_tables_mut() else {
        return Err(PackError::new("`ignore` is written in one line; write it as [[ignore]]").in_file(&name));
    };
    let is_same = |table: &&mut Table| {
        text_of(table, "file") == ignore.file
            && text_of(table, "rule").as_deref() == Some(&ignore.rule)
            && text_of(table, "text").as_deref() == Some(&ignore.text)
    };
    if let Some(same) = entries.iter_mut().find(is_same) {
        let count = same.get("count").and_then(Item::as_integer).unwrap_or(1);
        same["count"] = value(count.saturating_add(1));
    } else {
        let mut table = Table::new();
        if let Some(file) = &ignore.file {
            table["file"] = value(file);
        }
        table["rule"] = value(&ignore.rule);
        table["text"] = value(&ignore.text);
        table.decor_mut().set_prefix("\n");
        entries.push(table);
    }
    // Written beside and moved over, so that nobody reads half a file.
    let beside = path.with_extension("toml.new");
    fs::write(&beside, document.to_string()).and_then(|()| fs::rename(&beside, path)).map_err(failed)
}

/// How a file is named in the ignore file of a folder, with forward slashes; `None` where it does not lie below it.
pub fn name_below(folder: &Path, file: &Path) -> Option<String> {
    let absolute = |path: &Path| std::path::absolute(path).ok();
    let (folder, file) = (absolute(folder)?, absolute(file)?);
    let rest = file.strip_prefix(folder).ok()?;
    let parts: Option<Vec<&str>> = rest
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    parts.map(|parts| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use replylint::{Linter, Options, Thread};

    use super::{Ignore, Ignores, add_ignore, digest};

    fn rules(ignores: &Ignores, file: Option<&Path>, text: &str) -> Vec<String> {
        let thread = Thread::new(text);
        let mut findings = Linter::new(Options::default()).unwrap().check(&thread).findings;
        ignores.apply(file, &thread, &mut findings);
        findings.retain(|finding| finding.rule == "ambiguous-estimate");
        findings.into_iter().map(|finding| text[finding.span].to_owned()).collect()
    }

    #[test]
    fn an_entry_takes_as_many_as_it_counts() {
        let folder = std::env::temp_dir().join(format!("replylint-ignores-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(super::IGNORES_NAME);
        let _ = fs::remove_file(&path);
        let file = folder.join("macros/a.txt");
        let text = "Your seat will arrive in 4 to 8 weeks. The lamp will arrive in 4 to 8  weeks.";
        let entry = Ignore {
            file: Some("macros/a.txt".into()),
            rule: "ambiguous-estimate".into(),
            text: digest("4 to 8 weeks"),
        };

        add_ignore(&path, &entry).unwrap();
        let once = Ignores::read(&path).unwrap();
        assert_eq!(rules(&once, Some(&file), text), ["4 to 8  weeks"]);
        assert_eq!(rules(&once, Some(&folder.join("b.txt")), text).len(), 2);
        assert_eq!(rules(&once, None, text).len(), 2);

        let commented = format!("{}# kept\n", fs::read_to_string(&path).unwrap());
        fs::write(&path, commented).unwrap();
        add_ignore(&path, &entry).unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert!(written.contains("count = 2") && written.contains("# kept"), "{written}");
        assert!(!written.contains("weeks"));
        assert!(rules(&Ignores::read(&path).unwrap(), Some(&file), text).is_empty());

        add_ignore(&path, &Ignore { file: None, ..entry }).unwrap();
        assert_eq!(rules(&Ignores::read(&path).unwrap(), None, text).len(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn faults_are_pointed_at() {
        let error = |text: &str| Ignores::parse("i.toml", text, PathBuf::new()).unwrap_err().to_string();
        assert_eq!(
            error("[[ignore]]\nrule = \"filer\"\ntext = \"x\"\n"),
            "i.toml:2:8: unknown rule `filer`; did you mean `filler`?"
        );
        assert!(error("[[ignor]]\n").starts_with("i.toml:1:"));
    }
}
