//! Paragraphs over the language's limit of words with no break.

use super::{Context, RawFinding};

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let text = &context.thread.draft.text;
    for (number, pack, passage) in context.passages() {
        let sentences = &context.analysis.sentences[passage.sentences.clone()];
        let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { continue };
        let span = first.range.start..last.range.end;
        let words: usize = sentences.iter().map(|sentence| sentence.tokens.len()).sum();
        // Lines of a list or an address are breaks, though no blank line stands between them.
        let lines = || text[span.clone()].lines().count();
        if words > pack.paragraph_words as usize && words > lines() * 25 {
            out.push(context.finding(None, span, number));
        }
    }
}
