//! Why a finding is one, and what to write instead.

use std::ops::Range;

use replylint::catalogue;
use tower_lsp::lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};

use crate::actions::touched;
use crate::client::Client;
use crate::diagnostics::{code, page, place};
use crate::documents::Checked;

/// What is shown over a place.
pub(crate) fn hover(checked: &Checked, at: usize, client: &Client, docs_url: Option<&str>) -> Option<Hover> {
    let cursor: Range<usize> = at..at;
    let mut parts = Vec::new();
    let mut range = None;
    for (_, finding) in touched(checked, &cursor) {
        let Some(card) = catalogue().iter().find(|card| card.id == finding.rule) else { continue };
        range.get_or_insert_with(|| checked.text.range(&place(finding, &checked.source)));
        let mut lines = vec![
            format!("**{}** ({})", card.title, code(finding)),
            finding.message.clone(),
            format!("**What** {}", card.what),
            format!("**Why** {}", card.why),
            format!("**Instead** {}", card.instead),
        ];
        if let Some(page) = page(docs_url, &finding.rule) {
            lines.push(format!("[More on this rule]({page})"));
        }
        parts.push(lines.join("\n\n"));
    }
    if parts.is_empty() {
        return None;
    }
    let text = parts.join("\n\n---\n\n");
    let contents = if client.markdown_hover {
        MarkupContent { kind: MarkupKind::Markdown, value: text }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: text.replace("**", "") }
    };
    Some(Hover { contents: HoverContents::Markup(contents), range })
}
