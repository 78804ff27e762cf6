//! Sentences over the language's limit of words.

use super::{Context, RawFinding};

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    for (number, pack, passage) in context.passages() {
        for sentence in &context.analysis.sentences[passage.sentences.clone()] {
            if sentence.tokens.len() > pack.sentence_words as usize {
                out.push(context.finding(None, sentence.range.clone(), number));
            }
        }
    }
}
