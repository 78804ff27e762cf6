//! A refusal is a dead end where the reply offers nothing anywhere.

use super::{Context, RawFinding};

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let first = out.len();
    super::phrases(context, out);
    if out.len() > first && !context.has_evidence("next-step") {
        for finding in &mut out[first..] {
            finding.kind = Some("dead-end".to_owned());
        }
    }
}
