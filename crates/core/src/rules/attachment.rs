//! "Attached" where nothing is attached, as far as the input can tell.

use super::{Context, RawFinding};

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    if context.thread.draft.attachments.as_ref().is_some_and(Vec::is_empty) {
        super::phrases(context, out);
    }
}
