//! The reply is in another language than the customer's last message.

use super::{Context, RawFinding};
use crate::Role;

/// Fewer words than this may be a name, a code or a greeting that people use in any language.
const LEAST_WORDS: usize = 4;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let Some((_, message)) = context.conversation.of(context.thread, Role::Customer).next_back() else {
        return;
    };
    if message.words() < LEAST_WORDS || context.analysis.words() < LEAST_WORDS {
        return;
    }
    // A message in a language that is none of ours has words but no language.
    if message.main != Some(pack) && message.is_told {
        out.push(context.finding(None, 0..0, pack));
    }
}
