//! `replylint points`: the points of a thread and what in the reply answers them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use replylint::{Answer, Linter, Point, PointKind, Report, Thread};
use replylint_input::{DEFAULT_LINE_LIMIT, Form, Input, InputThread, Lines, read, read_thread};
use serde::Serialize;

use crate::args::{ListForm, PointsArgs};
use crate::jobs::{Compression, read_file, read_whole};
use crate::sources::Checkers;
use crate::{Failure, Outcome};

/// What is printed for a thread as JSON.
#[derive(Serialize)]
struct Record<'r> {
    id: Option<&'r str>,
    language: Option<&'r str>,
    points: Vec<PointRecord<'r>>,
}

#[derive(Serialize)]
struct PointRecord<'r> {
    text: &'r str,
    #[serde(flatten)]
    point: &'r Point,
}

pub(crate) fn run(arguments: &PointsArgs) -> Result<Outcome, Failure> {
    let mut checkers = Checkers::new(&arguments.config, None, |options| {
        options.language = arguments.language.clone().or(options.language.take());
    });
    let mut outcome = Outcome::Clean;
    for path in &arguments.paths {
        let checker = checkers.for_path(path)?;
        let form = arguments.input.map(Form::from).or_else(|| Form::of_path(path));
        let linter = &checker.linter;
        let is_stdin = path == Path::new("-");
        let name = if is_stdin { "<stdin>".to_owned() } else { path.display().to_string() };
        let read = match form {
            Some(form) if form != Form::JsonLines => whole(arguments, linter, &name, path, form)?,
            _ if is_stdin => threads(arguments, linter, &name, &mut io::stdin().lock())?,
            _ => match File::open(path) {
                Ok(file) => threads(arguments, linter, &name, &mut BufReader::new(file))?,
                Err(error) => {
                    anstream::eprintln!("replylint: {name}: {error}");
                    Outcome::Unreadable
                }
            },
        };
        outcome = outcome.max(read);
    }
    Ok(outcome)
}

fn threads(
    arguments: &PointsArgs,
    linter: &Linter,
    name: &str,
    input: &mut impl BufRead,
) -> Result<Outcome, Failure> {
    let mut out = anstream::stdout().lock();
    let mut outcome = Outcome::Clean;
    let mut lines = Lines::new(input, DEFAULT_LINE_LIMIT);
    loop {
        let (number, line) = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(outcome),
            Err(error) => {
                anstream::eprintln!("replylint: {name}: {error}");
                return Ok(Outcome::Unreadable);
            }
        };
        match line.and_then(read_thread) {
            Ok(input) => {
                let found = thread(arguments, linter, &mut out, &input, &format!("{name}:{number}"))?;
                outcome = outcome.max(found);
            }
            Err(error) => {
                anstream::eprintln!("replylint: {name}: line {number}: {error}");
                outcome = Outcome::Unreadable;
            }
        }
    }
}

/// An input that is read whole: a letter with what it quotes, a mail, a thread, a helpdesk's export.
fn whole(
    arguments: &PointsArgs,
    linter: &Linter,
    name: &str,
    path: &Path,
    form: Form,
) -> Result<Outcome, Failure> {
    let mut out = anstream::stdout().lock();
    let mut outcome = Outcome::Clean;
    let bytes = if path == Path::new("-") {
        read_whole(io::stdin(), Compression::None)
    } else {
        read_file(path, Compression::None)
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            anstream::eprintln!("replylint: {name}: {error}");
            return Ok(Outcome::Unreadable);
        }
    };
    for input in read(form, &bytes) {
        match input {
            Ok(Input::Thread(input)) => {
                outcome = outcome.max(thread(arguments, linter, &mut out, &input, name)?);
            }
            Ok(Input::NotApplicable { reason, .. }) => {
                anstream::eprintln!("replylint: {name}: not applicable: {reason}");
            }
            Ok(_) => {}
            Err(error) => {
                anstream::eprintln!("replylint: {name}: {error}");
                outcome = Outcome::Unreadable;
            }
        }
    }
    Ok(outcome)
}

/// Prints the points of one thread.
fn thread(
    arguments: &PointsArgs,
    linter: &Linter,
    out: &mut impl Write,
    input: &InputThread,
    place: &str,
) -> io::Result<Outcome> {
    let report = linter.check(&input.thread);
    let id = input.id.as_deref().unwrap_or(place);
    match arguments.format {
        ListForm::Text => text(out, id, &input.thread, &report)?,
        ListForm::Json => json(out, input.id.as_deref(), &input.thread, &report)?,
    }
    let is_open = report.points.iter().any(|point| !point.is_answered);
    Ok(if is_open { Outcome::Findings } else { Outcome::Clean })
}

fn json(out: &mut impl Write, id: Option<&str>, thread: &Thread, report: &Report) -> io::Result<()> {
    let points =
        report.points.iter().map(|point| PointRecord { text: words(thread, point), point }).collect();
    let record = Record { id, language: report.language.as_deref(), points };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}

fn text(out: &mut impl Write, id: &str, thread: &Thread, report: &Report) -> io::Result<()> {
    let answered = report.points.iter().filter(|point| point.is_answered).count();
    writeln!(out, "{id}: {answered} of {} points answered", report.points.len())?;
    for point in &report.points {
        let mark = if point.is_answered { "answered" } else { "open" };
        let quoted = words(thread, point).split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {mark:8} {} “{quoted}”", kind(point))?;
        writeln!(out, "           {}", evidence(point))?;
    }
    Ok(())
}

fn words<'t>(thread: &'t Thread, point: &Point) -> &'t str {
    let message = thread.messages.get(point.message_index);
    message.and_then(|message| message.text.get(point.span.clone())).unwrap_or_default()
}

fn kind(point: &Point) -> &'static str {
    match point.kind {
        PointKind::Request => "request",
        PointKind::Complaint => "complaint",
        _ => "question",
    }
}

fn evidence(point: &Point) -> String {
    let evidence = &point.evidence;
    let mut parts = vec![
        format!("{:.0} % sure", evidence.score * 100.0),
        format!("words {:.0} %", evidence.words * 100.0),
    ];
    if !point.concepts.is_empty() {
        parts.push(format!("concepts {:.0} % of {}", evidence.concepts * 100.0, point.concepts.join(", ")));
    }
    if evidence.context > 0.0 {
        parts.push(format!("what led to it {:.0} %", evidence.context * 100.0));
    }
    if evidence.links > 0.0 {
        parts.push("a link named for it".to_owned());
    }
    if let Some(given) = evidence.answer_given {
        let asked = match point.asks {
            Some(Answer::Time) => "a time",
            Some(Answer::Amount) => "an amount",
            Some(Answer::Place) => "a place",
            Some(Answer::Reason) => "a reason",
            Some(Answer::Way) => "a way",
            Some(Answer::Person) => "a person",
            _ => "yes or no",
        };
        parts.push(format!("asks for {asked}: {}", if given { "given" } else { "not given" }));
    }
    let acts: Vec<&str> = evidence.acts.iter().map(|act| act.name()).collect();
    if !acts.is_empty() {
        parts.push(format!("the reply {}", acts.join(", ")));
    }
    parts.join(" · ")
}
