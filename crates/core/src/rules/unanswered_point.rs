//! Points of the customer's messages that the draft leaves open: one finding at the customer's words, and one at the
//! reply's start that lists them.

use super::{Context, RawFinding};
use crate::Target;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let open: Vec<_> = context.points.iter().filter(|point| !point.is_answered).collect();
    if open.is_empty() {
        return;
    }
    let quotes: Vec<String> = open
        .iter()
        .filter_map(|point| context.thread.messages.get(point.message_index)?.text.get(point.span.clone()))
        .map(|words| format!("“{}”", words.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect();
    out.extend(open.iter().map(|point| RawFinding {
        target: Target::Message(point.message_index),
        ..context.finding(Some("point"), point.span.clone(), pack)
    }));
    out.push(RawFinding {
        detail: Some(quotes.join(" · ")), ..context.finding(Some("summary"), 0..0, pack)
    });
}
