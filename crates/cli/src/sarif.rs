//! SARIF 2.1.0, for code-scanning pages. Written as it comes: a head, the results, a foot.

use replylint::{Applicability, Card, DefaultSeverity, Finding, Severity, catalogue};
use replylint_workspace::fingerprint;
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Location, Message, MultiformatMessageString,
    PhysicalLocation, Region, Replacement, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, SCHEMA_URL, Sarif, Tool, ToolComponent, Version,
};

use crate::shown::Shown;

/// Where the results go in the document.
const RESULTS: &str = "\"results\":[";

/// The document as it would be without results, cut where they go.
fn document() -> (String, String) {
    let driver = ToolComponent::builder()
        .name("replylint")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(catalogue().iter().map(rule).collect::<Vec<_>>())
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(serde_json::json!("unicodeCodePoints"))
        .results(Vec::new())
        .build();
    let document = Sarif::builder()
        .version(serde_json::json!(Version::V2_1_0.to_string()))
        .schema(SCHEMA_URL)
        .runs(vec![run])
        .build();
    let json = serde_json::to_string(&document).unwrap_or_default();
    match json.split_once(RESULTS) {
        Some((head, foot)) => (format!("{head}{RESULTS}"), foot.to_owned()),
        None => (json, String::new()),
    }
}

/// What stands before the results.
pub(crate) fn head() -> String {
    document().0
}

/// What stands after the results.
pub(crate) fn foot() -> String {
    format!("\n{}\n", document().1)
}

fn rule(card: &Card) -> ReportingDescriptor {
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    let level = match card.severity {
        DefaultSeverity::Error => "error",
        DefaultSeverity::Warning => "warning",
        _ => "note",
    };
    ReportingDescriptor::builder()
        .id(card.id.clone())
        .name(card.title.clone())
        .short_description(text(&card.title))
        .full_description(text(&card.what))
        .help(text(&format!("{}\n\n{}\n\nInstead: {}", card.what, card.why, card.instead)))
        .default_configuration(ReportingConfiguration::builder().level(serde_json::json!(level)).build())
        .build()
}

/// One finding. Its places are those of the source; replacements are given where the source can be edited as it is.
pub(crate) fn result(finding: &Finding, shown: &Shown<'_>) -> SarifResult {
    let place = shown.place_in_source(finding);
    let region = Region::builder()
        .start_line(place.line as i64)
        .start_column(place.column as i64)
        .end_line(place.end.0 as i64)
        .end_column(place.end.1 as i64)
        .build();
    let artifact = || ArtifactLocation::builder().uri(uri(shown.name)).build();
    let location = PhysicalLocation::builder().artifact_location(artifact()).region(region.clone()).build();
    let level = match finding.severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        _ => ResultLevel::Note,
    };
    let rule_id = match &finding.kind {
        // A part of a rule's id below it, as the standard has it.
        Some(kind) => format!("{}/{kind}", finding.rule),
        None => finding.rule.clone(),
    };
    let rule_index = catalogue().iter().position(|card| card.id == finding.rule).unwrap_or_default();
    let fingerprints = [("replylint/v1".to_owned(), fingerprint(finding, &shown.input.thread))];
    let result = SarifResult::builder()
        .rule_id(rule_id)
        .rule_index(rule_index as i64)
        .level(level)
        .message(Message::builder().text(finding.message.clone()).build())
        .locations(vec![Location::builder().physical_location(location).build()])
        .partial_fingerprints(fingerprints.into_iter().collect::<std::collections::BTreeMap<_, _>>());
    if shown.readable(finding).is_none() {
        return result.build();
    }
    let fixes: Vec<Fix> = finding
        .suggestions
        .iter()
        // A template must be filled in before it can stand in a text.
        .filter(|suggestion| {
            suggestion.applicability == Applicability::Safe && suggestion.span == finding.span
        })
        .map(|suggestion| {
            let content = ArtifactContent::builder().text(suggestion.replacement.clone()).build();
            let replacement =
                Replacement::builder().deleted_region(region.clone()).inserted_content(content).build();
            let change = ArtifactChange::builder()
                .artifact_location(artifact())
                .replacements(vec![replacement])
                .build();
            Fix::builder()
                .description(Message::builder().text(suggestion.title.clone()).build())
                .artifact_changes(vec![change])
                .build()
        })
        .collect();
    result.fixes(fixes).build()
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
