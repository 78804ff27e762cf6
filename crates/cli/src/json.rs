//! The machine output. Its form is a contract: `docs/output.schema.json`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use replylint::{Applicability, Category, Finding, Report, Severity, Target};
use replylint_workspace::fingerprint;
use serde::Serialize;

use crate::shown::Shown;

/// What is printed for a reply.
#[derive(Debug, Serialize)]
pub(crate) struct ReplyRecord<'r> {
    pub id: Option<&'r str>,
    pub language: Option<&'r str>,
    pub confidence: f64,
    pub score: Option<u8>,
    pub scores: Cow<'r, BTreeMap<Category, Option<u8>>>,
    pub findings: Vec<FindingRecord<'r>>,
}

/// What is printed for an input that cannot be read, or that holds no reply.
#[derive(Debug, Serialize)]
pub(crate) struct OtherRecord {
    pub id: Option<String>,
    pub language: Option<String>,
    pub confidence: f64,
    pub score: Option<u8>,
    /// None.
    pub findings: [(); 0],
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
            findings: [],
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
pub(crate) struct FindingRecord<'r> {
    rule: &'r str,
    kind: Option<&'r str>,
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
    text: &'r str,
    fingerprint: String,
    message: &'r str,
    suggestions: Vec<SuggestionRecord<'r>>,
}

#[derive(Debug, Serialize)]
struct SourceRecord {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
}

#[derive(Debug, Serialize)]
struct SuggestionRecord<'r> {
    title: &'r str,
    replacement: &'r str,
    start: usize,
    end: usize,
    applicability: Applicability,
}

impl<'r> ReplyRecord<'r> {
    pub fn new<'s: 'r>(
        id: Option<&'r str>,
        shown: &Shown<'s>,
        report: &'r Report,
        with_source: bool,
    ) -> Self {
        ReplyRecord {
            id,
            language: report.language.as_deref(),
            confidence: (report.confidence * 1000.0).round() / 1000.0,
            score: report.score.as_ref().map(|score| score.total),
            scores: report.score.as_ref().map(|score| Cow::Borrowed(&score.categories)).unwrap_or_default(),
            findings: report.findings.iter().map(|finding| record(finding, shown, with_source)).collect(),
        }
    }
}

fn record<'r, 's: 'r>(finding: &'r Finding, shown: &Shown<'s>, with_source: bool) -> FindingRecord<'r> {
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
        rule: &finding.rule,
        kind: finding.kind.as_deref(),
        severity: finding.severity,
        target,
        message_index,
        start: finding.span.start,
        end: finding.span.end,
        line,
        column,
        source,
        text: shown.text(finding.target).get(finding.span.clone()).unwrap_or_default(),
        fingerprint: fingerprint(finding, &shown.input.thread),
        message: &finding.message,
        suggestions: finding
            .suggestions
            .iter()
            .map(|suggestion| SuggestionRecord {
                title: &suggestion.title,
                replacement: &suggestion.replacement,
                start: suggestion.span.start,
                end: suggestion.span.end,
                applicability: suggestion.applicability,
            })
            .collect(),
    }
}
