//! Findings as an editor shows them.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use replylint::{Applicability, Finding, Severity, Target, Thread};
use tower_lsp::lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Range, Url,
};

use crate::client::Client;
use crate::convert::Text;

/// The name that findings carry in editors.
pub(crate) const SOURCE: &str = "replylint";

/// What a finding is called: its rule, and its kind where it has one.
pub(crate) fn code(finding: &Finding) -> String {
    match &finding.kind {
        Some(kind) => format!("{}:{kind}", finding.rule),
        None => finding.rule.clone(),
    }
}

/// The page of a rule, where somebody said where the pages are.
pub(crate) fn page(docs_url: Option<&str>, rule: &str) -> Option<Url> {
    Url::parse(&format!("{}/{rule}.md", docs_url?.trim_end_matches('/'))).ok()
}

/// Where a finding is shown. One about a message that is no part of the document is shown at the document's start, as
/// those about the whole reply are.
pub(crate) fn place(finding: &Finding, text: &Text) -> Range {
    match finding.target {
        Target::Draft => text.range(&finding.span),
        _ => text.range(&(0..0)),
    }
}

/// Findings for a client, each with what it can show.
pub(crate) fn diagnostics(
    findings: &[Finding],
    text: &Text,
    thread: &Thread,
    uri: &Url,
    client: &Client,
    docs_url: Option<&str>,
) -> Vec<Diagnostic> {
    findings
        .iter()
        .map(|finding| Diagnostic {
            range: place(finding, text),
            severity: Some(severity(finding.severity)),
            code: Some(NumberOrString::String(code(finding))),
            code_description: page(docs_url, &finding.rule)
                .filter(|_| client.code_description)
                .map(|href| CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: finding.message.clone(),
            related_information: related(finding, text, thread, uri).filter(|_| client.related_information),
            tags: (client.tags && is_superfluous(finding)).then(|| vec![DiagnosticTag::UNNECESSARY]),
            data: None,
        })
        .collect()
}

/// Words that may simply go are shown faded.
fn is_superfluous(finding: &Finding) -> bool {
    finding.suggestions.first().is_some_and(|suggestion| {
        suggestion.applicability == Applicability::Safe && suggestion.replacement.is_empty()
    })
}

/// The customer's own words that a finding is about, quoted where the document does not hold them.
fn related(
    finding: &Finding,
    text: &Text,
    thread: &Thread,
    uri: &Url,
) -> Option<Vec<DiagnosticRelatedInformation>> {
    let Target::Message(at) = finding.target else { return None };
    let words = thread.messages.get(at)?.text.get(finding.span.clone())?.trim();
    let range = text.range(&(0..0));
    let location = Location { uri: uri.clone(), range };
    (!words.is_empty()).then(|| {
        vec![DiagnosticRelatedInformation { location, message: format!("The customer wrote: “{words}”") }]
    })
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
        _ => DiagnosticSeverity::WARNING,
    }
}

/// A name for a list of diagnostics: the same for the same list.
pub(crate) fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    for diagnostic in diagnostics {
        let range = diagnostic.range;
        (range.start.line, range.start.character, range.end.line, range.end.character).hash(&mut hasher);
        diagnostic.message.hash(&mut hasher);
        if let Some(NumberOrString::String(code)) = &diagnostic.code {
            code.hash(&mut hasher);
        }
        let severity = diagnostic.severity;
        (severity == Some(DiagnosticSeverity::ERROR)).hash(&mut hasher);
        (severity == Some(DiagnosticSeverity::WARNING)).hash(&mut hasher);
        (severity == Some(DiagnosticSeverity::INFORMATION)).hash(&mut hasher);
        diagnostic.code_description.as_ref().map(|page| page.href.as_str()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
