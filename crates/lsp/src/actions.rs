//! What an agent can do about a finding with one key.
//!
//! Written as JSON: snippets are newer than the typed protocol at hand.

use std::ops::Range;

use replylint::{Applicability, Finding, Suggestion};
use replylint_workspace::fingerprint;
use serde_json::{Map, Value, json};
use tower_lsp::lsp_types::Url;

use crate::client::{Client, Snippets};
use crate::diagnostics::{code, place};
use crate::documents::Checked;

/// The kind of the action that applies every safe fix.
pub(crate) const FIX_ALL: &str = "source.fixAll.replylint";

/// What is asked for.
pub(crate) struct Wanted {
    /// The selection or cursor.
    pub span: Range<usize>,
    /// Kinds that are asked for; empty for all.
    pub only: Vec<String>,
}

impl Wanted {
    /// Whether actions of this kind are asked for: `source` asks for `source.fixAll` as well.
    fn wants(&self, kind: &str) -> bool {
        self.only.is_empty()
            || self.only.iter().any(|only| {
                kind == only || kind.strip_prefix(only.as_str()).is_some_and(|rest| rest.starts_with('.'))
            })
    }
}

/// The actions for a place.
pub(crate) fn actions(
    checked: &Checked,
    uri: &Url,
    client: &Client,
    wanted: &Wanted,
    can_ignore: bool,
) -> Vec<Value> {
    let mut out = Vec::new();
    if wanted.wants("quickfix") {
        let here: Vec<(usize, &Finding)> = touched(checked, &wanted.span).collect();
        for (at, finding) in &here {
            // Words that are written in some code (in a mail, for example) are not to be replaced by plain ones.
            let fixes = finding.suggestions.iter().filter(|fix| checked.source.is_verbatim(&fix.span));
            for (number, suggestion) in fixes.enumerate() {
                let is_preferred = number == 0 && suggestion.applicability == Applicability::Safe;
                let mut action = json!({
                    "title": title(suggestion),
                    "kind": "quickfix",
                    "diagnostics": [checked.diagnostics[*at]],
                    "edit": edit(checked, uri, client, &[suggestion]),
                });
                if is_preferred && client.preferred_actions {
                    action["isPreferred"] = json!(true);
                }
                out.push(action);
            }
        }
        if can_ignore {
            for (at, finding) in &here {
                let words = fingerprint(finding, &checked.source.thread);
                let title = format!("Accept this finding ({})", code(finding));
                out.push(json!({
                    "title": title,
                    "kind": "quickfix",
                    "diagnostics": [checked.diagnostics[*at]],
                    "command": {
                        "title": title,
                        "command": "replylint.ignore",
                        "arguments": [{"uri": uri, "rule": finding.rule, "text": words}],
                    },
                }));
            }
        }
    }
    if wanted.wants(FIX_ALL) {
        let fixes = safe_fixes(checked);
        if !fixes.is_empty() {
            out.push(json!({
                "title": "Apply all safe fixes",
                "kind": FIX_ALL,
                "edit": edit(checked, uri, client, &fixes),
            }));
        }
    }
    out
}

/// Findings that a span touches, with their numbers.
pub(crate) fn touched<'c>(
    checked: &'c Checked,
    span: &'c Range<usize>,
) -> impl Iterator<Item = (usize, &'c Finding)> {
    checked.findings.iter().enumerate().filter(move |(_, finding)| {
        let place = place(finding, &checked.source);
        place.start <= span.end && span.start <= place.end
    })
}

/// The first safe fix of each finding, where it does not touch the one before.
fn safe_fixes(checked: &Checked) -> Vec<&Suggestion> {
    let mut fixes: Vec<&Suggestion> = checked
        .findings
        .iter()
        .filter(|finding| finding.target == replylint::Target::Draft)
        .filter_map(|finding| finding.suggestions.iter().find(|it| it.applicability == Applicability::Safe))
        .filter(|fix| checked.source.is_verbatim(&fix.span))
        .collect();
    fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
    let mut end = 0;
    fixes.retain(|fix| {
        let fits = fix.span.start >= end && !fix.span.is_empty();
        if fits {
            end = fix.span.end;
        }
        fits
    });
    fixes
}

fn title(suggestion: &Suggestion) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if suggestion.replacement.is_empty() && suggestion.title.is_empty() {
        "Leave these words out".to_owned()
    } else if suggestion.replacement.is_empty() {
        one_line(&suggestion.title)
    } else if suggestion.title == suggestion.replacement {
        format!("→ {}", one_line(&suggestion.replacement))
    } else {
        format!("{}: {}", one_line(&suggestion.title), one_line(&suggestion.replacement))
    }
}

fn edit(checked: &Checked, uri: &Url, client: &Client, fixes: &[&Suggestion]) -> Value {
    let edits: Vec<Value> = fixes
        .iter()
        .map(|fix| {
            let place = checked.source.place(replylint::Target::Draft, &fix.span).unwrap_or(0..0);
            let range = checked.text.range(&place);
            let is_template = fix.applicability == Applicability::Template;
            match client.snippets {
                Snippets::Standard if is_template && client.document_changes => {
                    json!({"range": range, "snippet": {"kind": "snippet", "value": snippet(&fix.replacement)}})
                }
                Snippets::Experimental if is_template && client.document_changes => {
                    json!({"range": range, "newText": snippet(&fix.replacement), "insertTextFormat": 2})
                }
                _ => json!({"range": range, "newText": fix.replacement}),
            }
        })
        .collect();
    if client.document_changes {
        json!({"documentChanges": [{
            "textDocument": {"uri": uri, "version": checked.version},
            "edits": edits,
        }]})
    } else {
        json!({"changes": Map::from_iter([(uri.to_string(), Value::from(edits))])})
    }
}

/// A template as a snippet: one jumps from gap to gap. A gap keeps its brackets, so that one that stays unfilled is
/// seen by the agent and found by the rule for placeholders.
pub(crate) fn snippet(template: &str) -> String {
    let mut out = String::new();
    let mut gap = 0;
    let mut is_open = false;
    for sign in template.chars() {
        if sign == '[' && !is_open {
            gap += 1;
            is_open = true;
            out.push_str(&format!("${{{gap}:["));
            continue;
        }
        if matches!(sign, '$' | '}' | '\\') {
            out.push('\\');
        }
        out.push(sign);
        if sign == ']' && is_open {
            is_open = false;
            out.push('}');
        }
    }
    if is_open {
        out.push('}');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Wanted, snippet};

    #[test]
    fn gaps_become_tab_stops() {
        assert_eq!(snippet("by [date]"), "by ${1:[date]}");
        assert_eq!(snippet("[name]: $5 {x} [a\\b]"), "${1:[name]}: \\$5 {x\\} ${2:[a\\\\b]}");
        assert_eq!(snippet("none"), "none");
    }

    #[test]
    fn kinds_ask_for_what_is_below_them() {
        let wants = |only: &str, kind: &str| Wanted { span: 0..0, only: vec![only.into()] }.wants(kind);
        assert!(
            wants("source", "source.fixAll.replylint") && wants("source.fixAll", "source.fixAll.replylint")
        );
        assert!(
            !wants("source.fix", "source.fixAll.replylint") && !wants("source.fixAll.replylint", "source")
        );
        assert!(Wanted { span: 0..0, only: Vec::new() }.wants("quickfix"));
    }
}
