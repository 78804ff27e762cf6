//! Words that a customer need not know, unless they used them first.

use super::{Context, RawFinding};
use crate::Role;
use crate::text::Tokens;
use crate::vocabulary::Vocabulary;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let first = out.len();
    super::phrases(context, out);
    if out.len() == first {
        return;
    }
    let mut vocabulary = Vocabulary::default();
    let said: Vec<Tokens> = context
        .thread
        .messages
        .iter()
        .filter(|message| message.role == Role::Customer)
        .map(|message| Tokens::of(&message.text, &mut vocabulary))
        .collect();
    let mut at = first;
    while at < out.len() {
        let term = Tokens::of(&context.thread.draft.text[out[at].span.clone()], &mut vocabulary);
        if said.iter().any(|said| said.contains(&term)) {
            out.remove(at);
        } else {
            at += 1;
        }
    }
}
