//! Where the results go: standard output, or a file that is complete or not there.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use indicatif::ProgressBar;
use replylint::Severity;
use tempfile::{Builder, NamedTempFile};

use crate::args::OutputForm;
#[cfg(feature = "parquet")]
use crate::table::Table;
use crate::work::{Done, OTHER, Part, Totals, plain};
use crate::{Failure, Outcome, sarif};

/// Output is written in pieces of so many bytes.
const BUFFER: usize = 1 << 16;

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
    /// The same with a table in it.
    #[cfg(feature = "parquet")]
    Table(Box<Table<NamedTempFile>>, PathBuf),
}

impl Out {
    #[cfg(feature = "parquet")]
    fn into_file(file: NamedTempFile, path: &Path, format: OutputForm) -> Result<Self, Failure> {
        if format != OutputForm::Parquet {
            return Ok(Out::File(BufWriter::with_capacity(BUFFER, file), path.to_owned()));
        }
        Ok(Out::Table(Box::new(Table::new(file).map_err(table_failure)?), path.to_owned()))
    }

    #[cfg(not(feature = "parquet"))]
    fn into_file(file: NamedTempFile, path: &Path, _format: OutputForm) -> Result<Self, Failure> {
        Ok(Out::File(BufWriter::with_capacity(BUFFER, file), path.to_owned()))
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.write_bytes(text.as_bytes())
    }

    fn write_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Out::Standard(out) => out.write_all(bytes),
            Out::File(out, _) => out.write_all(bytes),
            // A table holds nothing but rows.
            #[cfg(feature = "parquet")]
            Out::Table(..) => Ok(()),
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
                // It takes the output's name when it is whole; one that a killed run left behind tells what it was to be.
                let prefix = format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy());
                let mut part = Builder::new();
                part.prefix(&prefix).suffix(".part");
                // Like any output, and not like a secret: who may read it is for the umask to say.
                #[cfg(unix)]
                part.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
                let file = part.tempfile_in(folder.unwrap_or(Path::new("."))).map_err(|error| {
                    Failure::Usage(format!("replylint: cannot write {}: {error}", path.display()))
                })?;
                Out::into_file(file, path, format)?
            }
            #[cfg(feature = "parquet")]
            None if format == OutputForm::Parquet => {
                let message = "replylint: a table is a file: --format parquet needs --output FILE";
                return Err(Failure::Usage(message.to_owned()));
            }
            None => {
                let choice = match (format, color) {
                    // Records have no colours that would have to be taken out.
                    (OutputForm::Json | OutputForm::Jsonl | OutputForm::Sarif, _) => ColorChoice::AlwaysAnsi,
                    (_, ColorChoice::Auto) => AutoStream::choice(&io::stdout()),
                    (_, choice) => choice,
                };
                let stream = AutoStream::new(io::stdout(), choice);
                Out::Standard(Box::new(BufWriter::with_capacity(BUFFER, stream)))
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
                Part::Records(json) => {
                    if self.format == OutputForm::Jsonl {
                        self.out.write_bytes(&json)?;
                        self.out.write("\n")?;
                    } else {
                        self.out.write(if self.wrote_record { ",\n" } else { "\n" })?;
                        self.out.write_bytes(&json)?;
                    }
                    self.wrote_record = true;
                }
                #[cfg(feature = "parquet")]
                Part::Row(record) => {
                    if let Out::Table(table, _) = &mut self.out {
                        table.add(&record).map_err(table_failure)?;
                    }
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
            #[cfg(feature = "parquet")]
            OutputForm::Parquet => {}
        }
        match self.out {
            Out::Standard(mut out) => out.flush()?,
            Out::File(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(&path).map_err(|error| error.error)?;
            }
            #[cfg(feature = "parquet")]
            Out::Table(table, path) => {
                let file = table.finish().map_err(table_failure)?;
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

#[cfg(feature = "parquet")]
fn table_failure(error: parquet::errors::ParquetError) -> Failure {
    Failure::Output(match error {
        parquet::errors::ParquetError::External(error) => io::Error::other(error),
        error => io::Error::other(error.to_string()),
    })
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
    match totals.scored {
        0 => {}
        1 => summary.push_str(&format!("; score {} of 100", totals.score)),
        scored => {
            let mean = totals.score as f64 / scored as f64;
            summary.push_str(&format!("; mean score {mean:.0} of 100"));
        }
    }
    for (count, what) in [
        (totals.low_scores, "below the least score"),
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
