//! Findings as an editor shows them.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::path::Path;

use replylint::{Applicability, Finding, Severity, Target};
use replylint_input::InputError;
use tower_lsp::lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Position, Range, Url,
};

use crate::client::Client;
use crate::convert::Text;
use crate::source::Source;

/// The name that findings carry in editors.
pub(crate) const SOURCE: &str = "replylint";

/// What a finding is called: its rule, and its kind where it has one.
pub(crate) fn code(finding: &Finding) -> String {
    match &finding.kind {
        Some(kind) => format!("{}:{kind}", finding.rule),
        None => finding.rule.clone(),
    }
}

/// The page of a rule, where somebody said where the pages are: at an address, or in a folder that has the page. No
/// address is made up.
pub(crate) fn page(docs_url: Option<&str>, rule: &str) -> Option<Url> {
    let base = docs_url?;
    if base.contains("://") {
        return Url::parse(&format!("{}/{rule}.md", base.trim_end_matches('/'))).ok();
    }
    let file = Path::new(base).join(format!("{rule}.md"));
    file.is_file().then(|| Url::from_file_path(file).ok()).flatten()
}

/// Where a finding is shown. One about a message that is no part of the document is shown at the document's start, as
/// those about the whole reply are.
pub(crate) fn place(finding: &Finding, source: &Source) -> std::ops::Range<usize> {
    source.place(finding.target, &finding.span).unwrap_or(0..0)
}

/// Tells the findings that are shown by themselves from those that are told along with another one of their rule: what
/// is about words that the document does not hold, where the rule also says it about the reply as a whole.
pub(crate) fn shown(findings: Vec<Finding>, source: &Source) -> (Vec<Finding>, Vec<Finding>) {
    let summarised: BTreeSet<String> = findings
        .iter()
        .filter(|finding| finding.target == Target::Draft && finding.span.is_empty())
        .map(|finding| finding.rule.clone())
        .collect();
    findings.into_iter().partition(|finding| {
        source.place(finding.target, &finding.span).is_some() || !summarised.contains(&finding.rule)
    })
}

/// What findings are shown with.
pub(crate) struct Shown<'s> {
    pub source: &'s Source,
    pub text: &'s Text,
    pub uri: &'s Url,
    pub client: &'s Client,
    pub docs_url: Option<&'s str>,
}

impl Shown<'_> {
    /// Findings for a client, each with what it can show.
    pub fn diagnostics(&self, findings: &[Finding], elsewhere: &[Finding]) -> Vec<Diagnostic> {
        let client = self.client;
        // A page may be a file, which is looked for once.
        let mut pages: BTreeMap<&str, Option<Url>> = BTreeMap::new();
        findings
            .iter()
            .map(|finding| Diagnostic {
                range: self.text.range(&place(finding, self.source)),
                severity: Some(severity(finding.severity)),
                code: Some(NumberOrString::String(code(finding))),
                code_description: pages
                    .entry(&finding.rule)
                    .or_insert_with(|| page(self.docs_url, &finding.rule).filter(|_| client.code_description))
                    .clone()
                    .map(|href| CodeDescription { href }),
                source: Some(SOURCE.to_owned()),
                message: finding.message.clone(),
                related_information: Some(self.related(finding, findings, elsewhere))
                    .filter(|related| client.related_information && !related.is_empty()),
                tags: (client.tags && is_superfluous(finding)).then(|| vec![DiagnosticTag::UNNECESSARY]),
                data: None,
            })
            .collect()
    }

    /// The two ends of what is about both the customer's message and the reply: from the summary to the customer's
    /// words, and from the customer's words to the reply.
    fn related(
        &self,
        finding: &Finding,
        findings: &[Finding],
        elsewhere: &[Finding],
    ) -> Vec<DiagnosticRelatedInformation> {
        let link = |span: &std::ops::Range<usize>, message: String| DiagnosticRelatedInformation {
            location: Location { uri: self.uri.clone(), range: self.text.range(span) },
            message,
        };
        let said = |finding: &Finding| {
            format!("The customer wrote: “{}”", self.source.words(finding.target, &finding.span))
        };
        match finding.target {
            Target::Draft if finding.span.is_empty() => findings
                .iter()
                .chain(elsewhere)
                .filter(|other| other.rule == finding.rule && other.target != Target::Draft)
                .map(|other| link(&place(other, self.source), said(other)))
                .collect(),
            Target::Draft => Vec::new(),
            _ if self.source.place(finding.target, &finding.span).is_some() => {
                vec![link(&self.source.reply(), "The reply".to_owned())]
            }
            _ => vec![link(&(0..0), said(finding))],
        }
    }
}

/// What a document says wrongly about itself, at the line where it says so.
pub(crate) fn fault(error: &InputError, text: &Text) -> Diagnostic {
    let line = error.fault.as_ref().map_or(0, |fault| fault.line.saturating_sub(1));
    Diagnostic {
        range: Range::new(Position::new(line, 0), text.end_of_line(line)),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message: error.message.clone(),
        ..Diagnostic::default()
    }
}

/// Words that may simply go are shown faded.
fn is_superfluous(finding: &Finding) -> bool {
    finding.suggestions.first().is_some_and(|suggestion| {
        suggestion.applicability == Applicability::Safe && suggestion.replacement.is_empty()
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
        for related in diagnostic.related_information.iter().flatten() {
            related.message.hash(&mut hasher);
        }
        diagnostic.code_description.as_ref().map(|page| page.href.as_str()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
