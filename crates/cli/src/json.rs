//! The machine output. Its form is a contract: `docs/output.schema.json`.

use replylint::{Applicability, Finding, Report, Severity, Target};
use replylint_workspace::fingerprint;
use serde::Serialize;

use crate::shown::Shown;

/// What is printed for a reply.
#[derive(Debug, Serialize)]
pub(crate) struct ReplyRecord {
    pub id: Option<String>,
    pub language: Option<String>,
    pub confidence: f64,
    pub score: Option<u32>,
    pub findings: Vec<FindingRecord>,
}

/// What is printed for an input that cannot be read, or that holds no reply.
#[derive(Debug, Serialize)]
pub(crate) struct OtherRecord {
    pub id: Option<String>,
    pub language: Option<String>,
    pub confidence: f64,
    pub score: Option<u32>,
    pub findings: Vec<FindingRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
}

impl OtherRecord {
    fn new(id: Option<String>) -> Self {
        OtherRecord {
            id,
            language: None,
            confidence: 0.0,
            score: None,
            findings: Vec::new(),
            error: None,
            not_applicable: None,
        }
    }

    pub fn error(id: Option<String>, error: String) -> Self {
        OtherRecord { error: Some(error), ..OtherRecord::new(id) }
    }

    pub fn not_applicable(id: Option<String>, reason: String) -> Self {
        OtherRecord { not_applicable: Some(reason), ..OtherRecord::new(id) }
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
    /// Where the words stand in the file, for inputs that are a file of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceRecord>,
    text: String,
    fingerprint: String,
    message: String,
    suggestions: Vec<SuggestionRecord>,
}

#[derive(Debug, Serialize)]
struct SourceRecord {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
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
    pub fn new(id: Option<String>, shown: &Shown<'_>, report: &Report, with_source: bool) -> Self {
        ReplyRecord {
            id,
            language: report.language.clone(),
            confidence: (report.confidence * 1000.0).round() / 1000.0,
            score: None,
            findings: report.findings.iter().map(|finding| record(finding, shown, with_source)).collect(),
        }
    }
}

fn record(finding: &Finding, shown: &Shown<'_>, with_source: bool) -> FindingRecord {
    let (target, message_index) = match finding.target {
        Target::Message(at) => ("thread", Some(at)),
        _ => ("draft", None),
    };
    let (line, column) = shown.place_in_text(finding);
    let source = with_source.then(|| {
        let place = shown.place_in_source(finding);
        SourceRecord { start: place.span.start, end: place.span.end, line: place.line, column: place.column }
    });
    FindingRecord {
        rule: finding.rule.clone(),
        kind: finding.kind.clone(),
        severity: finding.severity,
        target,
        message_index,
        start: finding.span.start,
        end: finding.span.end,
        line,
        column,
        source,
        text: shown.text(finding.target).get(finding.span.clone()).unwrap_or_default().to_owned(),
        fingerprint: fingerprint(finding, &shown.input.thread),
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
