//! The reply asks for what the customer has already given.

use super::{Context, RawFinding};
use crate::Role;
use crate::analysis::Analysis;
use crate::entities::EntityKind;

/// What can be asked for, by the name of the reply's evidence, and the evidence in the customer's words that it was
/// given, where no shape tells.
const ASKED: [(&str, &[EntityKind], &str); 9] = [
    ("asks-reference", &[EntityKind::Reference], "gives-reference"),
    ("asks-email", &[EntityKind::Email], "gives-email"),
    ("asks-phone", &[EntityKind::Phone], "gives-phone"),
    ("asks-date", &[EntityKind::Date], "gives-date"),
    ("asks-amount", &[EntityKind::Amount], "gives-amount"),
    ("asks-address", &[], "gives-address"),
    ("asks-device", &[], "gives-device"),
    ("asks-version", &[], "gives-version"),
    ("asks-photo", &[], "gives-photo"),
];

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let customer = || context.conversation.of(context.thread, Role::Customer);
    let names = |(at, message): (usize, &Analysis<'_>), kinds: &[EntityKind]| {
        let text = context.thread.messages.get(at).map_or("", |message| message.text.as_str());
        message.entities(text).iter().any(|entity| kinds.contains(&entity.kind))
    };
    for (asked, kinds, given) in ASKED {
        let is_known = || {
            customer().any(|message| names(message, kinds))
                || customer().any(|(_, message)| context.evidence_in(message, given).next().is_some())
        };
        report(context, asked, is_known, pack, out);
    }
    report(context, "asks-name", || context.customer_name().is_some(), pack, out);
}

fn report(
    context: &Context<'_>,
    asked: &str,
    is_known: impl Fn() -> bool,
    pack: usize,
    out: &mut Vec<RawFinding>,
) {
    let mut places = context.evidence(asked).peekable();
    if places.peek().is_some() && is_known() {
        out.extend(places.map(|(span, _)| context.finding(None, span, pack)));
    }
}
