//! Good openings and closings of replies, which editors offer: `rules/<lang>/completions.toml`.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::compile::{FileRef, LanguageSource};
use crate::{Error, Register, source};

/// What editors offer where a reply begins and where it ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completions {
    /// The gap that the customer's whole name fills, without its brackets.
    pub name: Option<String>,
    /// The gap that the first word of the customer's name fills. Languages whose family names may come first have none.
    pub first_name: Option<String>,
    /// The gap that the number of the customer's order, ticket or invoice fills.
    pub number: Option<String>,
    /// Greetings, some with a first sentence.
    pub openings: Vec<Completion>,
    /// Last sentences and what is written above the signature.
    pub closings: Vec<Completion>,
}

/// One text; `[square brackets]` are gaps for the agent to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The text, maybe of several lines.
    pub text: String,
    /// The form of address that it uses; `None` where it goes with any.
    pub register: Option<Register>,
}

impl Completion {
    /// The gaps, without their brackets.
    ///
    /// ```
    /// use replylint_pack::Completion;
    ///
    /// let opening = Completion { text: "Hi [name], about [the order]:".to_owned(), register: None };
    /// assert_eq!(opening.gaps().collect::<Vec<_>>(), ["name", "the order"]);
    /// ```
    pub fn gaps(&self) -> impl Iterator<Item = &str> {
        self.text.split('[').skip(1).filter_map(|rest| Some(rest.split_once(']')?.0))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CompletionFile {
    name: Option<Spanned<String>>,
    first_name: Option<Spanned<String>>,
    number: Option<Spanned<String>>,
    #[serde(default)]
    openings: Vec<Spanned<String>>,
    #[serde(default)]
    closings: Vec<Spanned<String>>,
    #[serde(default)]
    formal: RegisterTable,
    #[serde(default)]
    informal: RegisterTable,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RegisterTable {
    openings: Vec<Spanned<String>>,
    closings: Vec<Spanned<String>>,
}

/// Reads the file of a language; a language without one has no completions.
pub(crate) fn of(language: &LanguageSource) -> Result<Completions, Error> {
    let file = language.files.iter().find(|(path, _)| path.rsplit('/').next() == Some("completions.toml"));
    file.map_or_else(|| Ok(Completions::default()), |(path, text)| read(path, text))
}

fn read(path: &str, text: &str) -> Result<Completions, Error> {
    let file = FileRef { path, text };
    let table: CompletionFile = source::read(path, text)?;
    let registers = [
        (None, None),
        (Some(Register::Formal), Some(&table.formal)),
        (Some(Register::Informal), Some(&table.informal)),
    ];
    let mut out = Completions::default();
    for (register, of) in registers {
        let (openings, closings) = match of {
            Some(of) => (&of.openings, &of.closings),
            None => (&table.openings, &table.closings),
        };
        for (from, to) in [(openings, &mut out.openings), (closings, &mut out.closings)] {
            for entry in from {
                check_brackets(file, entry)?;
                to.push(Completion { text: entry.as_ref().trim().to_owned(), register });
            }
        }
    }
    let gaps: Vec<&str> = out.openings.iter().chain(&out.closings).flat_map(Completion::gaps).collect();
    let gap = |named: &Option<Spanned<String>>| match named {
        Some(name) if !gaps.contains(&name.as_ref().as_str()) => Err(file
            .error(name.span(), format!("no opening or closing has the gap `[{}]`", name.as_ref()))
            .near(name.as_ref(), gaps.iter().copied())),
        _ => Ok(named.as_ref().map(|name| name.as_ref().clone())),
    };
    let (name, first_name, number) = (gap(&table.name)?, gap(&table.first_name)?, gap(&table.number)?);
    Ok(Completions { name, first_name, number, ..out })
}

fn check_brackets(file: FileRef<'_>, entry: &Spanned<String>) -> Result<(), Error> {
    let error = |message: &str| {
        let at: Range<usize> = entry.span();
        Err(file.error(at, message).help("write a gap as `[the order]`, in one line"))
    };
    if entry.as_ref().trim().is_empty() {
        return error("this text is empty");
    }
    let mut open = false;
    for sign in entry.as_ref().chars() {
        match sign {
            '[' if open => return error("a gap begins inside a gap"),
            ']' if !open => return error("a gap ends that did not begin"),
            '\n' if open => return error("a gap has no end in its line"),
            '[' | ']' => open = !open,
            _ => {}
        }
    }
    if open { error("a gap has no end") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::Register;

    #[test]
    fn texts_are_read_with_their_register() {
        let text = "name = \"nome\"\nopenings = [\"Buongiorno [nome],\"]\n[formal]\nclosings = [\"Cordiali saluti,\\n[firma]\"]\n";
        let read = read("it/completions.toml", text).unwrap();
        assert_eq!(read.name.as_deref(), Some("nome"));
        assert_eq!((read.openings.len(), read.openings[0].register), (1, None));
        assert_eq!(read.closings[0].register, Some(Register::Formal));
    }

    #[test]
    fn faults_are_pointed_at() {
        let error = |text: &str| read("en/completions.toml", text).unwrap_err().to_string();
        assert_eq!(
            error("name = \"nam\"\nopenings = [\"Hi [name],\"]\n"),
            "en/completions.toml:1:8: no opening or closing has the gap `[nam]`; did you mean `name`?"
        );
        assert!(
            error("openings = [\"Hi [name,\"]\n").starts_with("en/completions.toml:1:13: a gap has no end")
        );
        assert!(error("openings = [\"Hi name],\"]\n").contains("a gap ends that did not begin"));
        assert!(error("openings = [\"[a [b]\"]\n").contains("a gap begins inside a gap"));
        assert!(error("openings = [\" \"]\n").contains("this text is empty"));
        assert!(error("opening = []\n").ends_with("did you mean `openings`?"));
    }
}
