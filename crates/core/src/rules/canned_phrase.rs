//! Stamped text. "Dear customer" is one only where the thread tells the customer's name, and "Dear Madam" where the name does
//! not follow.

use super::{Context, RawFinding};

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let first = out.len();
    super::phrases(context, out);
    let is_impersonal = |finding: &RawFinding| finding.kind.as_deref() == Some("impersonal");
    if !out[first..].iter().any(is_impersonal) {
        return;
    }
    let name = context.customer_name();
    let is_named = |finding: &RawFinding| {
        let behind = context.thread.draft.text[finding.span.end..].lines().next().unwrap_or_default();
        name.is_some_and(|name| name.split_whitespace().any(|word| behind.contains(word)))
    };
    let mut at = first;
    while at < out.len() {
        if is_impersonal(&out[at]) && (name.is_none() || is_named(&out[at])) {
            out.remove(at);
        } else {
            at += 1;
        }
    }
}
