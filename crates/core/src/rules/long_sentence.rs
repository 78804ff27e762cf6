//! Sentences over the language's limit of words.

use super::{Context, RawFinding};

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    for passage in &context.analysis.passages {
        let Some((number, pack)) =
            passage.pack.and_then(|number| Some((number, context.analysis.pack(number)?)))
        else {
            continue;
        };
        if !context.speaks(pack) {
            continue;
        }
        for sentence in &context.analysis.sentences[passage.sentences.clone()] {
            if sentence.tokens.len() > pack.sentence_words as usize {
                out.push(context.finding(None, sentence.range.clone(), number));
            }
        }
    }
}
