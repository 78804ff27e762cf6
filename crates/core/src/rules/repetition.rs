//! Sentences that say again, nearly word for word, what the reply said before.

use std::ops::Range;

use super::{Context, RawFinding};

/// Shorter sentences repeat by chance or for a reason ("Thank you!").
const SHORTEST: usize = 6;
/// Two sentences must have so many of so many words in common.
const ALIKE: (usize, usize) = (4, 5);
/// A sentence is compared with so many before it, so that time stays linear.
const COMPARED: usize = 64;

/// A sentence with a print of its words: one bit of 64 for each.
struct Printed {
    tokens: Range<usize>,
    print: u64,
}

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let mut before: Vec<Printed> = Vec::with_capacity(context.analysis.sentences.len());
    for (number, _, passage) in context.passages() {
        for sentence in &context.analysis.sentences[passage.sentences.clone()] {
            if sentence.tokens.len() < SHORTEST {
                continue;
            }
            let printed =
                Printed { tokens: sentence.tokens.clone(), print: print(context, &sentence.tokens) };
            if before.iter().rev().take(COMPARED).any(|other| are_alike(context, other, &printed)) {
                out.push(context.finding(None, sentence.range.clone(), number));
            }
            before.push(printed);
        }
    }
}

fn print(context: &Context<'_>, tokens: &Range<usize>) -> u64 {
    let all = &context.analysis.text.tokens;
    all[tokens.clone()].iter().fold(0, |print, token| print | 1 << (token.word.print % 64))
}

fn are_alike(context: &Context<'_>, a: &Printed, b: &Printed) -> bool {
    let longer = a.tokens.len().max(b.tokens.len());
    let is_enough = |common: usize| common * ALIKE.1 >= ALIKE.0 * longer;
    // Each word that only one of them has adds at most one bit that only one of them has.
    let unlike = (a.print ^ b.print).count_ones() as usize;
    if unlike * ALIKE.1 > 2 * (ALIKE.1 - ALIKE.0) * longer {
        return false;
    }
    let all = &context.analysis.text.tokens;
    // They have no more words in common than prints. A sentence has less than 256.
    let mut prints = [0u8; 256];
    for token in &all[a.tokens.clone()] {
        prints[usize::from(token.word.print)] += 1;
    }
    let common = all[b.tokens.clone()].iter().filter(|token| {
        let left = &mut prints[usize::from(token.word.print)];
        let is_there = *left > 0;
        *left -= u8::from(is_there);
        is_there
    });
    if !is_enough(common.count()) {
        return false;
    }
    let words = |tokens: &Range<usize>| {
        // Prints first: they are nearer than letters.
        let mut words: Vec<(u8, &str)> = all[tokens.clone()]
            .iter()
            .map(|token| (token.word.print, context.analysis.folded(token)))
            .collect();
        words.sort_unstable();
        words
    };
    let (first, second) = (words(&a.tokens), words(&b.tokens));
    let (mut at, mut common) = (0, 0);
    for word in first {
        while at < second.len() && second[at] < word {
            at += 1;
        }
        if second.get(at) == Some(&word) {
            common += 1;
            at += 1;
        }
    }
    is_enough(common)
}
