//! The form of a letter: a greeting at its head, a closing at its end.

use super::{Context, RawFinding};
use crate::{Channel, Role, Thread};

pub(super) fn missing_greeting(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    if needs_form(context) && !context.evidence("greeting").any(|(_, sentence)| sentence <= 1) {
        out.push(context.finding(None, 0..0, pack));
    }
}

pub(super) fn missing_closing(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    if needs_form(context) && !context.has_evidence("closing") {
        out.push(context.finding(None, 0..0, pack));
    }
}

fn needs_form(context: &Context<'_>) -> bool {
    is_letter(context.thread, context.channel) && context.analysis.words() > 0
}

/// What is known to be an email has a form, until the conversation has gone back and forth.
pub(crate) fn is_letter(thread: &Thread, channel: Option<Channel>) -> bool {
    channel == Some(Channel::Email) && !thread.messages.iter().any(|message| message.role == Role::Agent)
}
