//! `replylint check`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use replylint::{Linter, Options, PackError, Report, RuleSetting, Severity, Thread, catalogue, did_you_mean};
use replylint_input::{InputError, Lines, read_text, read_thread};
use replylint_workspace::{Found, is_json_lines, walk};

use crate::args::{CheckArgs, InputForm, OutputForm};
use crate::json::{ErrorRecord, ReplyRecord};
use crate::sources::{Linters, Setup};
use crate::{Failure, Outcome, text_output};

pub(crate) fn run(arguments: &CheckArgs, color: ColorChoice) -> Result<Outcome, Failure> {
    for rule in arguments.select.iter().chain(&arguments.ignore) {
        check_rule_name(rule)?;
    }
    let mut linters = Linters::new(&arguments.config, |options| adjust(options, arguments));
    let mut sink = Sink::new(arguments, color);
    sink.begin()?;
    for path in &arguments.paths {
        if path == Path::new("-") {
            let place = arguments.stdin_path.as_deref().unwrap_or(Path::new("-"));
            let name =
                arguments.stdin_path.as_ref().map_or("<stdin>".to_owned(), |path| path.display().to_string());
            let setup = linters.for_path(place)?;
            read(arguments, &setup, &name, place, &mut io::stdin().lock(), &mut sink)?;
            continue;
        }
        let found = walk(path);
        if found.is_empty() {
            let message =
                "there is no reply to check in this folder: no .txt, .md or .jsonl file that is not ignored";
            sink.unreadable(&path.display().to_string(), None, &InputErrorText(message.to_owned()))?;
        }
        for found in found {
            match found {
                Found::File(path) => {
                    let name = path.display().to_string();
                    let setup = linters.for_path(&path)?;
                    match File::open(&path) {
                        Ok(file) => {
                            read(arguments, &setup, &name, &path, &mut BufReader::new(file), &mut sink)?
                        }
                        Err(error) => sink.unreadable(&name, None, &InputErrorText(error.to_string()))?,
                    }
                }
                Found::Failed { path, message } => {
                    sink.unreadable(&path.display().to_string(), None, &InputErrorText(message))?;
                }
                _ => {}
            }
        }
    }
    sink.end()
}

pub(crate) fn check_rule_name(rule: &str) -> Result<(), Failure> {
    if catalogue().iter().any(|card| card.id == rule) {
        return Ok(());
    }
    let error = PackError::new(format!("there is no rule `{rule}`"));
    Err(match did_you_mean(rule, catalogue().iter().map(|card| card.id.as_str())) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`replylint rules` lists them"),
    }
    .into())
}

/// What the command line says beyond the configuration.
fn adjust(options: &mut Options, arguments: &CheckArgs) {
    options.language = arguments.language.clone().or(options.language.take());
    if let Some(channel) = arguments.channel {
        options.channel = channel.into();
    }
    options.strict |= arguments.strict;
    if !arguments.select.is_empty() {
        for card in catalogue() {
            if !arguments.select.contains(&card.id) {
                options.rules.insert(card.id.clone(), RuleSetting::Off);
            } else if card.tier == replylint::Tier::Strict {
                // Who names a rule wants it, whatever its tier.
                options.strict = true;
            }
        }
    }
    for rule in &arguments.ignore {
        options.rules.insert(rule.clone(), RuleSetting::Off);
    }
}

/// Reads one source to its end and hands each reply to the sink.
fn read(
    arguments: &CheckArgs,
    setup: &Setup<'_>,
    name: &str,
    path: &Path,
    input: &mut impl BufRead,
    sink: &mut Sink<'_>,
) -> Result<(), Failure> {
    let form =
        arguments.input.unwrap_or(if is_json_lines(path) { InputForm::Jsonl } else { InputForm::Text });
    match form {
        InputForm::Text => {
            let mut bytes = Vec::new();
            if let Err(error) = input.read_to_end(&mut bytes) {
                return sink.unreadable(name, None, &InputErrorText(error.to_string()));
            }
            match read_text(bytes) {
                Ok(thread) => {
                    let report = setup.check(path, &thread);
                    sink.reply(setup.linter, name, Some(name.to_owned()), &thread, &report)
                }
                Err(error) => sink.unreadable(name, None, &error.into()),
            }
        }
        InputForm::Jsonl => {
            let mut lines = Lines::new(input, arguments.max_line);
            loop {
                let (number, line) = match lines.next_line() {
                    Ok(Some(line)) => line,
                    Ok(None) => return Ok(()),
                    Err(error) => return sink.unreadable(name, None, &InputErrorText(error.to_string())),
                };
                match line.and_then(read_thread) {
                    Ok(input) => {
                        let place = match &input.id {
                            Some(id) => format!("{name}:{number} ({id})"),
                            None => format!("{name}:{number}"),
                        };
                        match unknown_language(setup.linter, &input.thread) {
                            None => {
                                let report = setup.check(path, &input.thread);
                                sink.reply(setup.linter, &place, input.id, &input.thread, &report)?;
                            }
                            Some(message) => sink.unreadable(
                                name,
                                input.id,
                                &InputErrorText(format!("line {number}: {message}")),
                            )?,
                        }
                    }
                    Err(error) => {
                        let id = error.id.clone();
                        sink.unreadable(name, id, &InputErrorText(format!("line {number}: {error}")))?;
                    }
                }
            }
        }
    }
}

/// A thread may name its language; one that has no pack is told, not guessed over.
fn unknown_language(linter: &Linter, thread: &Thread) -> Option<String> {
    let language = thread.language.as_deref()?;
    let known: Vec<&str> = linter.languages().collect();
    (!known.contains(&language)).then(|| format!("`language` is not one of {}", known.join(", ")))
}

/// The words of an input error, without the record's id.
struct InputErrorText(String);

impl From<InputError> for InputErrorText {
    fn from(error: InputError) -> Self {
        InputErrorText(error.message)
    }
}

/// Where the results go.
struct Sink<'a> {
    arguments: &'a CheckArgs,
    out: io::BufWriter<AutoStream<io::Stdout>>,
    threshold: Severity,
    replies: usize,
    unreadable: usize,
    findings: BTreeMap<Severity, usize>,
    languages: BTreeMap<String, usize>,
    reaches_threshold: bool,
    /// Whether a record of a JSON document was written before.
    wrote_record: bool,
}

/// The name of replies in languages without a pack.
const OTHER: &str = "another language";

impl<'a> Sink<'a> {
    fn new(arguments: &'a CheckArgs, color: ColorChoice) -> Self {
        let choice = match color {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
            choice => choice,
        };
        Sink {
            arguments,
            out: io::BufWriter::new(AutoStream::new(io::stdout(), choice)),
            threshold: arguments.fail_on.into(),
            replies: 0,
            unreadable: 0,
            findings: BTreeMap::new(),
            languages: BTreeMap::new(),
            reaches_threshold: false,
            wrote_record: false,
        }
    }

    fn begin(&mut self) -> Result<(), Failure> {
        if self.arguments.format == OutputForm::Json {
            write!(self.out, "[")?;
        }
        Ok(())
    }

    fn reply(
        &mut self,
        linter: &Linter,
        name: &str,
        id: Option<String>,
        thread: &Thread,
        report: &Report,
    ) -> Result<(), Failure> {
        self.count(linter, report);
        match self.arguments.format {
            OutputForm::Text if self.arguments.quiet => {}
            OutputForm::Text => {
                for finding in &report.findings {
                    writeln!(self.out, "{}\n", text_output::finding(finding, name, thread))?;
                }
            }
            OutputForm::Json | OutputForm::Jsonl => self.record(&ReplyRecord::new(id, thread, report))?,
        }
        Ok(())
    }

    fn count(&mut self, linter: &Linter, report: &Report) {
        self.replies += 1;
        match report.language.as_deref().and_then(|code| linter.pack(code)) {
            Some(pack) => *self.languages.entry(pack.name.clone()).or_default() += 1,
            // Without a word there is no language.
            None if report.confidence > 0.0 => *self.languages.entry(OTHER.to_owned()).or_default() += 1,
            None => {}
        }
        for finding in &report.findings {
            *self.findings.entry(finding.severity).or_default() += 1;
            self.reaches_threshold |= finding.severity >= self.threshold;
        }
    }

    fn record(&mut self, record: &impl serde::Serialize) -> Result<(), Failure> {
        let is_document = self.arguments.format == OutputForm::Json;
        if is_document && self.wrote_record {
            write!(self.out, ",")?;
        }
        if is_document {
            writeln!(self.out)?;
        }
        serde_json::to_writer(&mut self.out, record).map_err(io::Error::from)?;
        if !is_document {
            writeln!(self.out)?;
        }
        self.wrote_record = true;
        Ok(())
    }

    fn unreadable(&mut self, name: &str, id: Option<String>, error: &InputErrorText) -> Result<(), Failure> {
        self.unreadable += 1;
        if self.arguments.format != OutputForm::Text {
            let id = id.or_else(|| {
                (self.arguments.input != Some(InputForm::Jsonl) && name != "<stdin>").then(|| name.to_owned())
            });
            self.record(&ErrorRecord::new(id, error.0.clone()))?;
        }
        // What was found so far comes first, so that the two streams read in order on a terminal.
        self.out.flush()?;
        anstream::eprintln!("replylint: {name}: {}", error.0);
        Ok(())
    }

    fn end(mut self) -> Result<Outcome, Failure> {
        match self.arguments.format {
            OutputForm::Json => writeln!(self.out, "\n]")?,
            OutputForm::Text => {
                let summary = self.summary();
                writeln!(self.out, "{summary}")?;
            }
            OutputForm::Jsonl => {}
        }
        self.out.flush()?;
        Ok(if self.unreadable > 0 {
            Outcome::Unreadable
        } else if self.reaches_threshold {
            Outcome::Findings
        } else {
            Outcome::Clean
        })
    }

    fn summary(&self) -> String {
        let total: usize = self.findings.values().sum();
        let mut summary = match total {
            0 => "No findings".to_owned(),
            _ => {
                let severities: Vec<String> = self
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
        let replies = match self.replies {
            1 => "1 reply".to_owned(),
            count => format!("{count} replies"),
        };
        summary.push_str(&format!(" in {replies}"));
        let languages: Vec<String> = self
            .languages
            .iter()
            .map(|(name, count)| if self.replies == 1 { name.clone() } else { format!("{count} {name}") })
            .collect();
        if !languages.is_empty() {
            summary.push_str(&format!(": {}", languages.join(", ")));
        }
        if self.languages.contains_key(OTHER) {
            summary.push_str(" (not checked)");
        }
        if self.unreadable > 0 {
            summary.push_str(&format!("; {} could not be read", self.unreadable));
        }
        summary
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
