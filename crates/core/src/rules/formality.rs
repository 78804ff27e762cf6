//! Formal and informal address mixed in one reply.

use super::{Context, RawFinding};
use crate::options::Register;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let formal: Vec<_> = context.evidence("formal").map(|(span, _)| span).collect();
    let informal: Vec<_> = context.evidence("informal").map(|(span, _)| span).collect();
    let wrong = match context.options.register {
        Some(Register::Formal) => informal,
        Some(Register::Informal) => formal,
        None if formal.is_empty() || informal.is_empty() => return,
        None if informal.len() <= formal.len() => informal,
        None => formal,
    };
    out.extend(wrong.into_iter().map(|span| context.finding(None, span, pack)));
}
