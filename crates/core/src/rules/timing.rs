//! Rules that need to know when things were written: late replies and promises whose time has passed.

use jiff::{SignedDuration, Timestamp};

use super::{Context, RawFinding};
use crate::time::deadline;
use crate::{Channel, Role};

/// How long a customer may wait, in hours.
fn limit(channel: Option<Channel>) -> i64 {
    match channel {
        Some(Channel::Chat) => 1,
        _ => 24,
    }
}

pub(super) fn late_reply(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let Some(sent) = sent(context) else { return };
    let waits_since =
        context.conversation.open(context.thread).find_map(|(at, _)| context.thread.messages.get(at)?.at);
    let Some(since) = waits_since else { return };
    let is_late = sent.duration_since(since) > SignedDuration::from_hours(limit(context.channel));
    if is_late && !context.has_evidence("acknowledges-wait") {
        out.push(context.finding(None, 0..0, pack));
    }
}

pub(super) fn broken_promise(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let Some(sent) = sent(context) else { return };
    let is_broken = context.conversation.of(context.thread, Role::Agent).any(|(at, message)| {
        let Some(written) = context.thread.messages.get(at).and_then(|message| message.at) else {
            return false;
        };
        context
            .evidence_in(message, "promise")
            .any(|(_, sentence)| deadline(message, sentence, written).is_some_and(|deadline| deadline < sent))
    });
    if is_broken && !context.has_evidence("mentions-promise") {
        out.push(context.finding(None, 0..0, pack));
    }
}

fn sent(context: &Context<'_>) -> Option<Timestamp> {
    context.thread.draft.at.or(context.options.now)
}
