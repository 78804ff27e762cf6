//! One piece of work: read, check, and write what is to be printed.

use std::collections::BTreeMap;
use std::path::Path;

use anstream::adapter::strip_str;
use replylint::{Linter, Report, Severity, Thread};
use replylint_input::{Form, Input, InputError, InputThread, read, read_record};
use replylint_workspace::Baseline;

use crate::args::OutputForm;
use crate::jobs::{Job, LinePiece, Origin, read_file};
use crate::json::{OtherRecord, ReplyRecord};
use crate::shown::Shown;
use crate::{github, sarif, text_output};

/// How results are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub format: OutputForm,
    pub quiet: bool,
    pub threshold: Severity,
    /// The least score that a reply must have.
    pub min_score: Option<u8>,
    /// Whether what is found is collected for a new baseline.
    pub collects_baseline: bool,
}

/// A part of the output.
#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    /// Text for standard output.
    Text(String),
    /// JSON values of a list, with what the format has between two.
    Records(Vec<u8>),
    /// A JSON value that becomes a row of a table.
    #[cfg(feature = "parquet")]
    Row(serde_json::Value),
    /// A message for standard error.
    Message(String),
}

/// What a piece of work came to.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub parts: Vec<Part>,
    pub totals: Totals,
    pub baseline: Baseline,
}

/// Numbers for the summary.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub replies: usize,
    pub unreadable: usize,
    pub not_applicable: usize,
    pub suppressed: usize,
    pub bytes: u64,
    pub findings: BTreeMap<Severity, usize>,
    pub languages: BTreeMap<String, usize>,
    pub reaches_threshold: bool,
    /// Replies with a score, and the sum of the scores.
    pub scored: usize,
    pub score: u64,
    /// Replies whose score is below the least that is asked for.
    pub low_scores: usize,
}

/// The name of replies in languages without a pack.
pub(crate) const OTHER: &str = "another language";

impl Totals {
    pub fn add(&mut self, more: Totals) {
        self.replies += more.replies;
        self.unreadable += more.unreadable;
        self.not_applicable += more.not_applicable;
        self.suppressed += more.suppressed;
        self.bytes += more.bytes;
        for (severity, count) in more.findings {
            *self.findings.entry(severity).or_default() += count;
        }
        for (language, count) in more.languages {
            *self.languages.entry(language).or_default() += count;
        }
        self.reaches_threshold |= more.reaches_threshold;
        self.scored += more.scored;
        self.score += more.score;
        self.low_scores += more.low_scores;
    }
}

/// Does a piece of work.
pub(crate) fn run(job: Job, settings: Settings) -> Done {
    let mut worker = Worker { settings, done: Done::default() };
    match job {
        Job::File(origin, path, compression) => match read_file(&path, compression) {
            Ok(bytes) => worker.file(&origin, &bytes),
            Err(error) => worker.unreadable(&origin.name, Some(origin.name.to_string()), &error.to_string()),
        },
        Job::Bytes(origin, bytes) => worker.file(&origin, &bytes),
        Job::Lines(origin, piece) => worker.lines(&origin, piece),
        #[cfg(feature = "parquet")]
        Job::Rows(origin, rows) => {
            for (number, row) in rows {
                match row {
                    Ok(input) => worker.row(&origin, number, input),
                    Err(error) => {
                        worker.unreadable(&origin.name, error.id.clone(), &format!("row {number}: {error}"));
                    }
                }
            }
        }
        Job::Unreadable { name, message } => {
            let id = (&*name != "<stdin>").then(|| name.to_string());
            worker.unreadable(&name, id, &message);
        }
    }
    worker.done
}

struct Worker {
    settings: Settings,
    done: Done,
}

impl Worker {
    /// A whole file. Its name is the id of the reply in it that has none of its own.
    fn file(&mut self, origin: &Origin, bytes: &[u8]) {
        self.done.totals.bytes += bytes.len() as u64;
        let name = &*origin.name;
        let id_of = |id: Option<String>| match origin.form {
            Form::Text | Form::Markdown | Form::Mail => Some(name.to_owned()),
            _ => id,
        };
        for input in read(origin.form, bytes) {
            match input {
                Ok(Input::Thread(input)) => {
                    let mut shown = Shown::new(&input, name, bytes);
                    if !matches!(origin.form, Form::Text | Form::Markdown | Form::Mail) {
                        shown.label = input.id.clone();
                    }
                    self.reply(origin, &shown, id_of(input.id.clone()), true);
                }
                Ok(Input::NotApplicable { id, reason }) => {
                    let label = id.as_ref().map(|id| format!("{id}: ")).unwrap_or_default();
                    self.not_applicable(name, id_of(id), &format!("{label}{reason}"));
                }
                Ok(_) => {}
                Err(error) => {
                    let id = match origin.form {
                        Form::Text | Form::Markdown | Form::Mail if name != "<stdin>" => {
                            Some(name.to_owned())
                        }
                        _ => error.id.clone(),
                    };
                    self.input_error(name, id, &error);
                }
            }
        }
    }

    fn lines(&mut self, origin: &Origin, piece: LinePiece) {
        let name = &*origin.name;
        for (number, line) in piece.lines {
            let line = match &line {
                Ok(range) => &piece.text[range.clone()],
                // The stream broke, whatever the line.
                Err(error) if number == 0 => {
                    self.unreadable(name, None, &error.message);
                    continue;
                }
                Err(error) => {
                    self.unreadable(name, error.id.clone(), &format!("line {number}: {error}"));
                    continue;
                }
            };
            self.done.totals.bytes += line.len() as u64 + 1;
            for input in read_record(origin.form, line) {
                match input {
                    Ok(Input::Thread(input)) => {
                        if let Some(message) = unknown_language(&origin.checker.linter, &input.thread) {
                            self.unreadable(name, input.id.clone(), &format!("line {number}: {message}"));
                            continue;
                        }
                        let mut shown = Shown::new(&input, name, line.as_bytes()).at_line(number);
                        shown.label = input.id.clone();
                        self.reply(origin, &shown, input.id.clone(), false);
                    }
                    Ok(Input::NotApplicable { id, reason }) => {
                        self.not_applicable(name, id, &format!("line {number}: {reason}"));
                    }
                    Ok(_) => {}
                    Err(error) => {
                        self.unreadable(name, error.id.clone(), &format!("line {number}: {error}"));
                    }
                }
            }
        }
    }

    #[cfg(feature = "parquet")]
    fn row(&mut self, origin: &Origin, number: usize, input: InputThread) {
        if let Some(message) = unknown_language(&origin.checker.linter, &input.thread) {
            let message = format!("row {number}: {message}");
            return self.unreadable(&origin.name, input.id.clone(), &message);
        }
        self.done.totals.bytes += input.thread.draft.text.len() as u64;
        let mut shown = Shown::new(&input, &origin.name, input.thread.draft.text.as_bytes());
        shown.label = Some(match &input.id {
            Some(id) => format!("row {number}, {id}"),
            None => format!("row {number}"),
        });
        self.reply(origin, &shown, input.id.clone(), false);
    }

    fn reply(&mut self, origin: &Origin, shown: &Shown<'_>, id: Option<String>, is_file: bool) {
        let input: &InputThread = shown.input;
        if let Some(message) = unknown_language(&origin.checker.linter, &input.thread) {
            return self.unreadable(shown.name, id, &message);
        }
        let mut report = origin.checker.linter.check(&input.thread);
        let findings = std::mem::take(&mut report.findings);
        let path: Option<&Path> = origin.path.as_deref();
        let (kept, suppressed) =
            origin.checker.suppressions.apply(path, &input.ignore, &input.thread, findings);
        report.findings = kept;
        if suppressed > 0 {
            origin.checker.linter.rescore(&mut report);
        }
        self.count(&origin.checker.linter, &report, suppressed);
        if self.settings.collects_baseline {
            self.done.baseline.add(&input.thread, &report.findings);
        }
        match self.settings.format {
            OutputForm::Text if self.settings.quiet => {}
            OutputForm::Text => {
                for finding in &report.findings {
                    self.done.parts.push(Part::Text(format!("{}\n\n", text_output::finding(finding, shown))));
                }
            }
            OutputForm::Github => {
                for finding in &report.findings {
                    self.done.parts.push(Part::Text(github::annotation(finding, shown)));
                }
            }
            OutputForm::Sarif => {
                for finding in &report.findings {
                    self.record(&sarif::result(finding, shown));
                }
            }
            #[cfg(feature = "parquet")]
            OutputForm::Parquet => self.record(&ReplyRecord::new(id.as_deref(), shown, &report, is_file)),
            OutputForm::Json | OutputForm::Jsonl => {
                self.record(&ReplyRecord::new(id.as_deref(), shown, &report, is_file));
            }
        }
    }

    fn count(&mut self, linter: &Linter, report: &Report, suppressed: usize) {
        let totals = &mut self.done.totals;
        totals.replies += 1;
        totals.suppressed += suppressed;
        match report.language.as_deref().and_then(|code| linter.pack(code)) {
            Some(pack) => match totals.languages.get_mut(&pack.name) {
                Some(count) => *count += 1,
                None => _ = totals.languages.insert(pack.name.clone(), 1),
            },
            // Without a word there is no language.
            None if report.confidence > 0.0 => *totals.languages.entry(OTHER.to_owned()).or_default() += 1,
            None => {}
        }
        for finding in &report.findings {
            *totals.findings.entry(finding.severity).or_default() += 1;
            totals.reaches_threshold |= finding.severity >= self.settings.threshold;
        }
        if let Some(score) = &report.score {
            totals.scored += 1;
            totals.score += u64::from(score.total);
            let is_low = self.settings.min_score.is_some_and(|least| score.total < least);
            totals.low_scores += usize::from(is_low);
            totals.reaches_threshold |= is_low;
        }
    }

    fn record(&mut self, record: &impl serde::Serialize) {
        #[cfg(feature = "parquet")]
        if self.settings.format == OutputForm::Parquet {
            self.done.parts.extend(serde_json::to_value(record).map(Part::Row));
            return;
        }
        // One buffer for all records that follow each other: it goes to another thread, which frees it.
        if !matches!(self.done.parts.last(), Some(Part::Records(_))) {
            self.done.parts.push(Part::Records(Vec::new()));
        }
        let Some(Part::Records(json)) = self.done.parts.last_mut() else { return };
        if !json.is_empty() {
            json.extend(self.settings.format.between_records());
        }
        // Plain data with string keys always has a JSON form, and a vector takes it.
        _ = serde_json::to_writer(json, record);
    }

    /// Whether the output has a record for what cannot be checked too.
    fn has_records(&self) -> bool {
        #[cfg(feature = "parquet")]
        if self.settings.format == OutputForm::Parquet {
            return true;
        }
        matches!(self.settings.format, OutputForm::Json | OutputForm::Jsonl)
    }

    fn input_error(&mut self, name: &str, id: Option<String>, error: &InputError) {
        let Some(fault) = &error.fault else { return self.unreadable(name, id, &error.message) };
        self.done.totals.unreadable += 1;
        if self.has_records() {
            self.record(&OtherRecord::error(id, error.message.clone()));
        }
        let shown = text_output::pack_error(&(**fault).clone().in_file(name));
        self.done.parts.push(Part::Message(shown.trim_end().to_owned()));
    }

    fn unreadable(&mut self, name: &str, id: Option<String>, message: &str) {
        self.done.totals.unreadable += 1;
        if self.has_records() {
            self.record(&OtherRecord::error(id, message.to_owned()));
        }
        self.done.parts.push(Part::Message(format!("replylint: {name}: {message}")));
    }

    fn not_applicable(&mut self, name: &str, id: Option<String>, reason: &str) {
        self.done.totals.not_applicable += 1;
        if self.has_records() {
            self.record(&OtherRecord::not_applicable(id, reason.to_owned()));
        } else if !self.settings.quiet {
            self.done.parts.push(Part::Message(format!("replylint: {name}: not applicable: {reason}")));
        }
    }
}

/// A thread may name its language; one that has no pack is told, not guessed over.
fn unknown_language(linter: &Linter, thread: &Thread) -> Option<String> {
    let language = thread.language.as_deref()?;
    if linter.languages().any(|known| known == language) {
        return None;
    }
    Some(format!("`language` is not one of {}", linter.languages().collect::<Vec<_>>().join(", ")))
}

/// A text without colours.
pub(crate) fn plain(text: &str) -> String {
    strip_str(text).to_string()
}
