//! The customer is upset or was harmed, and the reply begins as if nothing had happened.

use super::{Context, RawFinding};
use crate::packs;

/// So many sentences after the greeting may hold the acknowledgement.
const SENTENCES: usize = 2;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let upset = context
        .conversation
        .open(context.thread)
        .any(|(_, message)| context.evidence_in(message, "upset").next().is_some());
    if !upset {
        return;
    }
    let greetings = context
        .analysis
        .evidence(packs::place_in_catalogue("missing-greeting"), "greeting")
        .map(|(_, sentence)| sentence)
        .filter(|sentence| *sentence <= 1)
        .max();
    let first = greetings.unwrap_or(0);
    // A greeting that is a sentence of its own is not counted.
    let last = first + SENTENCES - usize::from(greetings.is_none());
    if !context.evidence("acknowledges").any(|(_, sentence)| sentence <= last) {
        out.push(context.finding(None, 0..0, pack));
    }
}
