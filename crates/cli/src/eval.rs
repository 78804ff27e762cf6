//! `replylint eval`: how right the rules are on labelled replies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Write};
use std::ops::Range;

use replylint::{Excused, Finding, RuleSetting, Target, catalogue};
use replylint_input::{DEFAULT_LINE_LIMIT, Label, LabelledReply, Lines, read_labelled};
use serde::Serialize;

use crate::args::{EvalArgs, ListForm};
use crate::check::check_rule_name;
use crate::pairs::Pairs;
use crate::sources::Checkers;
use crate::{Failure, Outcome};

/// Right, false and missed findings.
#[derive(Debug, Default, Clone, Copy, Serialize)]
struct Counts {
    right: usize,
    false_alarms: usize,
    missed: usize,
    /// Right findings whose kind is right as well, among those whose label names a kind.
    kind_right: usize,
    kind_labelled: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.right += other.right;
        self.false_alarms += other.false_alarms;
        self.missed += other.missed;
        self.kind_right += other.kind_right;
        self.kind_labelled += other.kind_labelled;
    }

    /// Precision, recall and F1; `None` where nothing was found or nothing is to be found.
    fn rates(self) -> (Option<f64>, Option<f64>, Option<f64>) {
        let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        let precision = share(self.right, self.right + self.false_alarms);
        let recall = share(self.right, self.right + self.missed);
        let f1 = share(2 * self.right, 2 * self.right + self.false_alarms + self.missed);
        (precision, recall, f1)
    }
}

#[derive(Debug, Default, Serialize)]
struct LanguageResult {
    replies: usize,
    clean: usize,
    clean_flagged: usize,
    rules: BTreeMap<String, Counts>,
}

/// A finding that is wrong or missing.
#[derive(Debug, Serialize)]
struct EvalError {
    id: String,
    language: String,
    rule: String,
    kind: Option<String>,
    what: &'static str,
    words: String,
    /// What excuses that which was missed, if that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    excuse: Option<Excuse>,
}

#[derive(Debug, Serialize)]
struct Excuse {
    name: Option<String>,
    words: String,
}

pub(crate) fn run(arguments: &EvalArgs) -> Result<Outcome, Failure> {
    for rule in &arguments.rule {
        check_rule_name(rule)?;
    }
    let (replies, unreadable) = read(arguments)?;
    let scored: BTreeSet<&str> = if arguments.rule.is_empty() {
        let labels = replies.iter().flat_map(|reply| reply.labels.iter().chain(&reply.unsure));
        let points = replies.iter().any(|reply| !reply.unanswered.is_empty()).then_some(POINTS);
        labels.map(|label| label.rule.as_str()).chain(points).collect()
    } else {
        arguments.rule.iter().map(String::as_str).collect()
    };
    let mut checkers = Checkers::new(&arguments.config, None, |options| {
        options.strict |= arguments.strict;
        // Only what is scored needs to run; rules that report the same words first must run all the same.
        let needed: BTreeSet<&str> = catalogue()
            .iter()
            .filter(|card| scored.contains(card.id.as_str()))
            .flat_map(|card| card.yields_to.iter().map(String::as_str).chain([card.id.as_str()]))
            .collect();
        if !needed.is_empty() {
            for card in catalogue().iter().filter(|card| !needed.contains(card.id.as_str())) {
                options.rules.insert(card.id.clone(), RuleSetting::Off);
            }
        }
    });
    let linter = checkers.for_path(std::path::Path::new("."))?.linter.clone();
    let mut results: BTreeMap<String, LanguageResult> = BTreeMap::new();
    let mut errors = Vec::new();
    for mut reply in replies.iter().cloned() {
        let knows = linter.languages().any(|code| code == reply.language);
        if !arguments.detect && knows {
            reply.thread.language = Some(reply.language.clone());
        }
        let report = linter.check(&reply.thread);
        let result = results.entry(reply.language.clone()).or_default();
        if scored.contains(POINTS) {
            score_points(&reply, &report.findings, result, &mut errors);
        }
        let findings: Vec<Finding> = report
            .findings
            .into_iter()
            .filter(|finding| finding.target == Target::Draft && finding.rule != POINTS)
            .filter(|finding| scored.contains(finding.rule.as_str()))
            .collect();
        let excused = if arguments.errors { linter.excused(&reply.thread) } else { Vec::new() };
        score(&reply, &findings, &excused, &scored, result, &mut errors);
    }
    let pairs = scored.contains(POINTS).then(|| Pairs::of(&linter, &replies)).flatten();
    print(arguments, &results, pairs.as_ref(), &errors)?;
    Ok(if unreadable > 0 { Outcome::Unreadable } else { Outcome::Clean })
}

fn read(arguments: &EvalArgs) -> Result<(Vec<LabelledReply>, usize), Failure> {
    let mut replies = Vec::new();
    let mut unreadable = 0;
    for path in &arguments.files {
        let name = path.display();
        let file = File::open(path).map_err(|error| Failure::Usage(format!("replylint: {name}: {error}")))?;
        let mut lines = Lines::new(BufReader::new(file), DEFAULT_LINE_LIMIT);
        while let Some((number, line)) =
            lines.next_line().map_err(|error| Failure::Usage(format!("replylint: {name}: {error}")))?
        {
            match line.and_then(read_labelled) {
                Ok(reply) => replies.push(reply),
                Err(error) => {
                    unreadable += 1;
                    anstream::eprintln!("replylint: {name}: line {number}: {error}");
                }
            }
        }
    }
    Ok((replies, unreadable))
}

/// Scores the points that a reply leaves open: they are marked in the customer's message.
fn score_points(
    reply: &LabelledReply,
    findings: &[Finding],
    result: &mut LanguageResult,
    errors: &mut Vec<EvalError>,
) {
    let Some(message) = reply.thread.messages.last() else { return };
    let mut open: Vec<(&str, Option<Range<usize>>)> = reply
        .unanswered
        .iter()
        .map(|quote| {
            (quote.as_str(), message.text.find(quote.as_str()).map(|start| start..start + quote.len()))
        })
        .collect();
    let mut counts = Counts::default();
    let mut error = |what, words: &str| {
        errors.push(EvalError {
            id: reply.id.clone(),
            language: reply.language.clone(),
            rule: POINTS.to_owned(),
            kind: None,
            what,
            words: words.to_owned(),
            excuse: None,
        });
    };
    for finding in findings.iter().filter(|finding| matches!(finding.target, Target::Message(_))) {
        let meets = |(_, range): &(&str, Option<Range<usize>>)| {
            range.as_ref().is_some_and(|range| overlap(&finding.span, range))
        };
        match open.iter().position(meets) {
            Some(at) => {
                counts.right += 1;
                open.remove(at);
            }
            None => {
                counts.false_alarms += 1;
                error("false alarm", message.text.get(finding.span.clone()).unwrap_or_default());
            }
        }
    }
    for (quote, _) in open {
        counts.missed += 1;
        error("missed", quote);
    }
    result.rules.entry(POINTS.to_owned()).or_default().add(counts);
}

/// The rule whose findings stand in the customer's message.
const POINTS: &str = "unanswered-point";

fn score(
    reply: &LabelledReply,
    findings: &[Finding],
    excused: &[Excused],
    scored: &BTreeSet<&str>,
    result: &mut LanguageResult,
    errors: &mut Vec<EvalError>,
) {
    let text = &reply.thread.draft.text;
    let place = |label: &Label| text.find(&label.quote).map(|start| start..start + label.quote.len());
    let labels: Vec<(&Label, Range<usize>)> = reply
        .labels
        .iter()
        .filter(|label| scored.contains(label.rule.as_str()))
        .filter_map(|label| Some((label, place(label)?)))
        .collect();
    let unsure: Vec<(&Label, Range<usize>)> =
        reply.unsure.iter().filter_map(|label| Some((label, place(label)?))).collect();
    let meets = |finding: &Finding, (label, range): &(&Label, Range<usize>)| {
        finding.rule == label.rule && overlap(&finding.span, range)
    };
    let error = |rule: &str, kind: &Option<String>, what, words: &str| EvalError {
        id: reply.id.clone(),
        language: reply.language.clone(),
        rule: rule.to_owned(),
        kind: kind.clone(),
        what,
        words: words.to_owned(),
        excuse: None,
    };

    let mut matched = vec![false; labels.len()];
    let mut flagged = false;
    for finding in findings {
        let counts = result.rules.entry(finding.rule.clone()).or_default();
        let free = (0..labels.len()).find(|at| !matched[*at] && meets(finding, &labels[*at]));
        if let Some(at) = free {
            matched[at] = true;
            counts.right += 1;
            if labels[at].0.kind.is_some() {
                counts.kind_labelled += 1;
                counts.kind_right += usize::from(labels[at].0.kind == finding.kind);
                if labels[at].0.kind != finding.kind {
                    errors.push(error(&finding.rule, &finding.kind, "kind", &labels[at].0.quote));
                }
            }
        } else if labels.iter().chain(&unsure).any(|label| meets(finding, label)) {
            // A second finding on words that are labelled, or one that may be there or not, counts neither way.
        } else {
            counts.false_alarms += 1;
            flagged = true;
            let words = text.get(finding.span.clone()).unwrap_or_default();
            errors.push(error(&finding.rule, &finding.kind, "false alarm", words));
        }
    }
    for ((label, range), _) in labels.iter().zip(&matched).filter(|(_, matched)| !**matched) {
        result.rules.entry(label.rule.clone()).or_default().missed += 1;
        let is_meant = |excused: &&Excused| excused.rule == label.rule && overlap(&excused.span, range);
        let excuse = excused.iter().find(is_meant).map(|excused| Excuse {
            name: excused.excuse.clone(),
            words: text.get(excused.by.clone()).unwrap_or_default().to_owned(),
        });
        errors.push(EvalError { excuse, ..error(&label.rule, &label.kind, "missed", &label.quote) });
    }
    result.replies += 1;
    if reply.labels.is_empty() {
        result.clean += 1;
        result.clean_flagged += usize::from(flagged);
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn print(
    arguments: &EvalArgs,
    results: &BTreeMap<String, LanguageResult>,
    pairs: Option<&Pairs>,
    errors: &[EvalError],
) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    if arguments.format == ListForm::Json {
        let errors = if arguments.errors { errors } else { &[] };
        let document = serde_json::json!({ "languages": results, "points": pairs, "errors": errors });
        serde_json::to_writer_pretty(&mut out, &document).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    if arguments.errors {
        for error in errors {
            let rule = match &error.kind {
                Some(kind) => format!("{}:{kind}", error.rule),
                None => error.rule.clone(),
            };
            write!(out, "{} {:11} {rule}: {}", error.id, error.what, error.words.replace('\n', " "))?;
            if let Some(Excuse { name, words }) = &error.excuse {
                let name = name.as_deref().unwrap_or("without a name");
                write!(out, " (excuse {name}: {})", words.replace('\n', " "))?;
            }
            writeln!(out)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{:36} precision  recall      F1    right  false  missed  kind", "")?;
    for (language, result) in results {
        let mut all = Counts::default();
        let mut macros = [(0.0, 0usize); 2];
        for (rule, counts) in &result.rules {
            row(&mut out, &format!("{language} {rule}"), *counts)?;
            if rule == POINTS {
                // Another kind of find, in another text: it has a row of its own and no part in the sums.
                continue;
            }
            all.add(*counts);
            let (precision, recall, _) = counts.rates();
            for (sum, rate) in macros.iter_mut().zip([precision, recall]) {
                if let Some(rate) = rate {
                    sum.0 += rate;
                    sum.1 += 1;
                }
            }
        }
        row(&mut out, &format!("{language} all"), all)?;
        let mean = |(sum, count): (f64, usize)| (count > 0).then(|| sum / count as f64);
        writeln!(
            out,
            "{:36} {:>9}  {:>6}",
            format!("{language} mean of the rules"),
            rate(mean(macros[0])),
            rate(mean(macros[1]))
        )?;
        writeln!(
            out,
            "{language}: {} replies, {} of {} clean ones flagged\n",
            result.replies, result.clean_flagged, result.clean
        )?;
    }
    let mut points = Counts::default();
    for result in results.values() {
        points.add(result.rules.get(POINTS).copied().unwrap_or_default());
    }
    if let Some(pairs) = pairs {
        row(&mut out, &format!("all languages {POINTS}"), points)?;
        pairs.print(&mut out)?;
    }
    Ok(())
}

fn row(out: &mut impl Write, name: &str, counts: Counts) -> std::io::Result<()> {
    let (precision, recall, f1) = counts.rates();
    let kind = match counts.kind_labelled {
        0 => String::new(),
        labelled => format!("{}/{labelled}", counts.kind_right),
    };
    writeln!(
        out,
        "{name:36} {:>9}  {:>6}  {:>6}  {:>7}  {:>5}  {:>6}  {kind:>4}",
        rate(precision),
        rate(recall),
        rate(f1),
        counts.right,
        counts.false_alarms,
        counts.missed
    )
}

fn rate(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.3}"))
}
