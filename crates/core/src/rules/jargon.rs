//! Words that a customer need not know, unless they used them first.

use super::{Context, RawFinding};
use crate::Role;
use crate::text::{Token, TokenKind, tokens_of};
use crate::vocabulary::Vocabulary;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let first = out.len();
    super::phrases(context, out);
    if out.len() == first {
        return;
    }
    let mut vocabulary = Vocabulary::default();
    let mut words = |text: &str| -> Vec<u32> {
        let tokens = tokens_of(text, &mut vocabulary);
        let folded = |token: &Token| vocabulary.folded(token.word.id).to_owned();
        let folded: Vec<String> = tokens.iter().map(folded).collect();
        folded.iter().map(|word| vocabulary.word_of(word, TokenKind::Word).id).collect()
    };
    let said: Vec<Vec<u32>> = context
        .thread
        .messages
        .iter()
        .filter(|message| message.role == Role::Customer)
        .map(|message| words(&message.text))
        .collect();
    let mut at = first;
    while at < out.len() {
        let term = words(&context.thread.draft.text[out[at].span.clone()]);
        let is_said = |said: &Vec<u32>| said.windows(term.len()).any(|window| window == term);
        if !term.is_empty() && said.iter().any(is_said) {
            out.remove(at);
        } else {
            at += 1;
        }
    }
}
