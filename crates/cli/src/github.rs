//! Annotations for GitHub Actions, one line a finding.

use replylint::{Finding, Severity};

use crate::shown::Shown;

/// A finding as a workflow command.
pub(crate) fn annotation(finding: &Finding, shown: &Shown<'_>) -> String {
    let place = shown.place_in_source(finding);
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        _ => "notice",
    };
    let id = match &finding.kind {
        Some(kind) => format!("{}:{kind}", finding.rule),
        None => finding.rule.clone(),
    };
    let mut properties = format!("file={},line={}", property(shown.name), place.line);
    // GitHub marks columns within one line only.
    if place.end.0 == place.line {
        properties.push_str(&format!(",col={},endColumn={}", place.column, place.end.1));
    } else {
        properties.push_str(&format!(",endLine={}", place.end.0));
    }
    format!("::{level} {properties},title={}::{}\n", property(&id), data(&finding.message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
