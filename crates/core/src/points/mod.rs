//! The points of a customer's message, and what in the reply answers them.

mod answers;
mod extract;
mod meaning;
mod topic;

use std::ops::Range;

use crate::analysis::Analysis;
use crate::conversation::Conversation;
use crate::packs;
use crate::{Point, Thread};

pub(crate) use meaning::Meaning;

/// The rule whose pack files tell what points and answers are.
pub(crate) const RULE: &str = "unanswered-point";

/// More points than this are not told apart; nobody answers so many in one reply, and time stays linear.
const MOST_POINTS: usize = 40;

/// The points of the messages that the draft answers, in order, with the evidence for each.
pub(crate) fn points(thread: &Thread, conversation: &Conversation<'_>, reply: &Analysis<'_>) -> Vec<Point> {
    let mut found = Vec::new();
    for (message, analysis) in conversation.open(thread) {
        let text = thread.messages.get(message).map(|message| message.text.as_str()).unwrap_or_default();
        found.extend(extract::points(analysis, text).into_iter().map(|raw| (message, raw)));
    }
    found.truncate(MOST_POINTS);
    let raw: Vec<&extract::RawPoint> = found.iter().map(|(_, raw)| raw).collect();
    let evidence = answers::evidence(&raw, reply, &thread.draft.text);
    let name = |concept: &u16| packs::concepts().get(usize::from(*concept)).cloned();
    found
        .iter()
        .zip(evidence)
        .map(|((message, raw), evidence)| Point {
            message_index: *message,
            span: raw.span.clone(),
            kind: raw.kind,
            asks: raw.asks,
            concepts: raw.topic.concepts.iter().filter_map(name).collect(),
            is_answered: answers::is_answered(&evidence),
            evidence,
        })
        .collect()
}

/// Whether two ranges of tokens or bytes have something in common.
fn overlap<T: PartialOrd>(a: &Range<T>, b: &Range<T>) -> bool {
    a.start < b.end && b.start < a.end
}
