//! Errors of packs: each names the file, points at the place and says what was expected.

use std::fmt;
use std::ops::Range;

/// Why a pack does not compile.
///
/// Its `Display` is one line: `rules/en/x.toml:3:9: unknown class @manger; did you mean @manager?`. A caller that
/// has the file's text can draw the source line with [`Error::span`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// The file as the caller named it; empty where no file is at fault.
    pub path: String,
    /// Byte range of the fault in the file; empty range where the place is not known.
    pub span: Range<usize>,
    /// 1-based line of the fault; 0 where the place is not known.
    pub line: u32,
    /// 1-based column in characters; 0 where the place is not known.
    pub column: u32,
    /// The source line with the fault, for a caret display; empty where the place is not known.
    pub source_line: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it, often a did-you-mean.
    pub help: Option<String>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}:", self.path)?;
            if self.line > 0 {
                write!(f, "{}:{}:", self.line, self.column)?;
            }
            write!(f, " ")?;
        }
        write!(f, "{}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl Error {
    /// An error without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Error {
            path: String::new(),
            span: 0..0,
            line: 0,
            column: 0,
            source_line: String::new(),
            message: message.into(),
            help: None,
        }
    }

    /// An error at a byte range of a file.
    pub fn at(path: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = floor_boundary(text, span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Error {
            path: path.to_owned(),
            line: text[..start].matches('\n').count() as u32 + 1,
            column: text[line_start..start].chars().count() as u32 + 1,
            source_line: text[line_start..line_end].trim_end_matches('\r').to_owned(),
            span: start..floor_boundary(text, span.end.max(start)),
            ..Error::new(message)
        }
    }

    /// The same error, about a file as a whole.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// The same error with a word on what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same error with the known name that was probably meant, where one is near, instead of what it said of what to do.
    ///
    /// ```
    /// let error = replylint_pack::Error::new("there is no language `h`").help("there are en, hu");
    /// assert_eq!(error.clone().near("h", ["en", "hu"]).to_string(), "there is no language `h`; did you mean `hu`?");
    /// assert_eq!(error.clone().near("klingon", ["en", "hu"]), error);
    /// ```
    #[must_use]
    pub fn near<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match did_you_mean(word, known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The candidate that is nearest to `word`, if one is near enough to be a likely slip of the hand.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// Edit distance in characters (insert, delete, replace).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
