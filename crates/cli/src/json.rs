//! The machine output. Its form is a contract: `docs/output.schema.json`.

use replylint::{Applicability, Finding, Report, Severity, Target, Thread};
use serde::Serialize;

use crate::place::Lines;

/// What is printed for a reply.
#[derive(Debug, Serialize)]
pub(crate) struct ReplyRecord {
    pub id: Option<String>,
    pub language: Option<String>,
    pub confidence: f64,
    pub score: Option<u32>,
    pub findings: Vec<FindingRecord>,
}

/// What is printed for an input that cannot be read.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorRecord {
    pub id: Option<String>,
    pub language: Option<String>,
    pub confidence: f64,
    pub score: Option<u32>,
    pub findings: Vec<FindingRecord>,
    pub error: String,
}

impl ErrorRecord {
    pub fn new(id: Option<String>, error: String) -> Self {
        ErrorRecord { id, language: None, confidence: 0.0, score: None, findings: Vec::new(), error }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct FindingRecord {
    rule: String,
    kind: Option<String>,
    severity: Severity,
    target: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_index: Option<usize>,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    text: String,
    message: String,
    suggestions: Vec<SuggestionRecord>,
}

#[derive(Debug, Serialize)]
struct SuggestionRecord {
    title: String,
    replacement: String,
    start: usize,
    end: usize,
    applicability: Applicability,
}

impl ReplyRecord {
    pub fn new(id: Option<String>, thread: &Thread, report: &Report) -> Self {
        let draft = Lines::new(&thread.draft.text);
        ReplyRecord {
            id,
            language: report.language.clone(),
            confidence: (report.confidence * 1000.0).round() / 1000.0,
            score: None,
            findings: report.findings.iter().map(|finding| record(finding, thread, &draft)).collect(),
        }
    }
}

fn record(finding: &Finding, thread: &Thread, draft: &Lines<'_>) -> FindingRecord {
    let (target, message_index, text, place) = match finding.target {
        Target::Message(at) => {
            let text = thread.messages.get(at).map(|message| message.text.as_str()).unwrap_or_default();
            ("thread", Some(at), text, Lines::new(text).place(finding.span.start))
        }
        _ => ("draft", None, thread.draft.text.as_str(), draft.place(finding.span.start)),
    };
    FindingRecord {
        rule: finding.rule.clone(),
        kind: finding.kind.clone(),
        severity: finding.severity,
        target,
        message_index,
        start: finding.span.start,
        end: finding.span.end,
        line: place.0,
        column: place.1,
        text: text.get(finding.span.clone()).unwrap_or_default().to_owned(),
        message: finding.message.clone(),
        suggestions: finding
            .suggestions
            .iter()
            .map(|suggestion| SuggestionRecord {
                title: suggestion.title.clone(),
                replacement: suggestion.replacement.clone(),
                start: suggestion.span.start,
                end: suggestion.span.end,
                applicability: suggestion.applicability,
            })
            .collect(),
    }
}
