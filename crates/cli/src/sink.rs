//! Where the results go: standard output, or a file that is complete or not there.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use indicatif::ProgressBar;
use replylint::Severity;
use tempfile::NamedTempFile;

use crate::args::OutputForm;
use crate::work::{Done, OTHER, Part, Totals, plain};
use crate::{Failure, Outcome, sarif};

/// Where the results of a run go.
pub(crate) struct Sink {
    out: Out,
    format: OutputForm,
    totals: Totals,
    /// Whether a record of a list was written before.
    wrote_record: bool,
    progress: ProgressBar,
}

enum Out {
    Standard(Box<BufWriter<AutoStream<io::Stdout>>>),
    /// Written beside the file and renamed at the end, so that a run that is stopped leaves no half of it.
    File(BufWriter<NamedTempFile>, PathBuf),
}

impl Out {
    fn write(&mut self, text: &str) -> io::Result<()> {
        match self {
            Out::Standard(out) => out.write_all(text.as_bytes()),
            Out::File(out, _) => out.write_all(text.as_bytes()),
        }
    }
}

impl Sink {
    pub fn new(
        format: OutputForm,
        output: Option<&Path>,
        color: ColorChoice,
        progress: ProgressBar,
    ) -> Result<Self, Failure> {
        let out = match output {
            Some(path) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(|error| {
                    Failure::Usage(format!("replylint: cannot write {}: {error}", path.display()))
                })?;
                Out::File(BufWriter::with_capacity(1 << 16, file), path.to_owned())
            }
            None => {
                let choice = match color {
                    ColorChoice::Auto => AutoStream::choice(&io::stdout()),
                    choice => choice,
                };
                let stream = AutoStream::new(io::stdout(), choice);
                Out::Standard(Box::new(BufWriter::with_capacity(1 << 16, stream)))
            }
        };
        Ok(Sink { out, format, totals: Totals::default(), wrote_record: false, progress })
    }

    pub fn begin(&mut self) -> Result<(), Failure> {
        match self.format {
            OutputForm::Json => self.out.write("[")?,
            OutputForm::Sarif => self.out.write(&sarif::head())?,
            _ => {}
        }
        Ok(())
    }

    /// Writes what a piece of work came to.
    pub fn add(&mut self, done: Done) -> Result<(), Failure> {
        self.totals.add(done.totals);
        for part in done.parts {
            match part {
                Part::Text(text) if matches!(self.out, Out::File(..)) => self.out.write(&plain(&text))?,
                Part::Text(text) => self.out.write(&text)?,
                Part::Record(json) => {
                    if self.format == OutputForm::Jsonl {
                        self.out.write(&json)?;
                        self.out.write("\n")?;
                    } else {
                        self.out.write(if self.wrote_record { ",\n" } else { "\n" })?;
                        self.out.write(&json)?;
                    }
                    self.wrote_record = true;
                }
                Part::Message(message) => {
                    // What was found so far comes first, so that the two streams read in order on a terminal.
                    if let Out::Standard(out) = &mut self.out {
                        out.flush()?;
                    }
                    self.progress.suspend(|| anstream::eprintln!("{message}"));
                }
            }
        }
        self.progress.set_message(format!("{} replies", self.totals.replies));
        Ok(())
    }

    /// Completes the output and gives the numbers of the run.
    pub fn end(mut self) -> Result<(Outcome, Totals), Failure> {
        match self.format {
            OutputForm::Json => self.out.write("\n]\n")?,
            OutputForm::Sarif => self.out.write(&sarif::foot())?,
            OutputForm::Text => {
                let summary = summary(&self.totals);
                self.out.write(&format!("{summary}\n"))?;
            }
            OutputForm::Jsonl | OutputForm::Github => {}
        }
        match self.out {
            Out::Standard(mut out) => out.flush()?,
            Out::File(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(&path).map_err(|error| error.error)?;
            }
        }
        let outcome = if self.totals.unreadable > 0 {
            Outcome::Unreadable
        } else if self.totals.reaches_threshold {
            Outcome::Findings
        } else {
            Outcome::Clean
        };
        Ok((outcome, self.totals))
    }
}

fn summary(totals: &Totals) -> String {
    let total: usize = totals.findings.values().sum();
    let mut summary = match total {
        0 => "No findings".to_owned(),
        _ => {
            let severities: Vec<String> = totals
                .findings
                .iter()
                .rev()
                .map(|(severity, count)| match severity {
                    Severity::Error => plural(*count, "error"),
                    Severity::Warning => plural(*count, "warning"),
                    Severity::Info => format!("{count} info"),
                    _ => plural(*count, "hint"),
                })
                .collect();
            format!("{} ({})", plural(total, "finding"), severities.join(", "))
        }
    };
    let replies = match totals.replies {
        1 => "1 reply".to_owned(),
        count => format!("{count} replies"),
    };
    summary.push_str(&format!(" in {replies}"));
    let languages: Vec<String> = totals
        .languages
        .iter()
        .map(|(name, count)| if totals.replies == 1 { name.clone() } else { format!("{count} {name}") })
        .collect();
    if !languages.is_empty() {
        summary.push_str(&format!(": {}", languages.join(", ")));
    }
    if totals.languages.contains_key(OTHER) {
        summary.push_str(" (not checked)");
    }
    for (count, what) in [
        (totals.suppressed, "ignored"),
        (totals.not_applicable, "not applicable"),
        (totals.unreadable, "could not be read"),
    ] {
        if count > 0 {
            summary.push_str(&format!("; {count} {what}"));
        }
    }
    summary
}

/// "1 finding", "2 findings".
pub(crate) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
