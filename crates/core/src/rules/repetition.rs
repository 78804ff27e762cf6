//! Sentences that say again, nearly word for word, what the reply said before.

use rustc_hash::FxHashMap;

use super::{Context, RawFinding};

/// Shorter sentences repeat by chance or for a reason ("Thank you!").
const SHORTEST: usize = 6;
/// Share of the words that two sentences must have in common.
const ALIKE: f64 = 0.8;
/// Only so many earlier sentences with a word in common are compared, so that time stays linear.
const COMPARED: usize = 16;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let tokens = &context.analysis.text.tokens;
    // For each word, the latest sentences that hold it.
    let mut holders: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for passage in &context.analysis.passages {
        let Some((number, pack)) =
            passage.pack.and_then(|number| Some((number, context.analysis.pack(number)?)))
        else {
            continue;
        };
        if !context.speaks(pack) {
            continue;
        }
        for at in passage.sentences.clone() {
            let sentence = &context.analysis.sentences[at];
            if sentence.tokens.len() < SHORTEST {
                continue;
            }
            let words: Vec<&str> =
                tokens.list[sentence.tokens.clone()].iter().map(|token| tokens.folded_of(token)).collect();
            let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
            for word in &words {
                for holder in holders.get(word).into_iter().flatten().rev().take(COMPARED) {
                    *shared.entry(*holder).or_default() += 1;
                }
            }
            let repeated = shared.iter().any(|(other, common)| {
                let longer = words.len().max(context.analysis.sentences[*other].tokens.len());
                *common as f64 >= ALIKE * longer as f64
            });
            if repeated {
                out.push(context.finding(None, sentence.range.clone(), number));
            }
            for word in words {
                let list = holders.entry(word).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
            }
        }
    }
}
