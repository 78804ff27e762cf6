//! Words in capitals for stress, and rows of marks.

use super::{Context, RawFinding};
use crate::text::{Gap, Token, TokenKind};

/// A word of this many capitals may be stress; shorter ones are mostly acronyms.
const SHORTEST: usize = 4;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let text = context.thread.draft.text.as_str();
    for (number, _, passage) in context.passages() {
        for sentence in &context.analysis.sentences[passage.sentences.clone()] {
            capitals(context, sentence.tokens.clone(), number, out);
        }
    }
    let Some((pack, _)) = context.main_pack() else { return };
    for zone in context.analysis.prose() {
        marks(context, text, zone, pack, out);
    }
}

/// Runs of words in capitals. One lone word may be an acronym, a code or a product: it counts only where the pack
/// knows it as a word in small letters, which a text without a dictionary cannot tell; so a run has two words or more.
fn capitals(context: &Context<'_>, tokens: std::ops::Range<usize>, pack: usize, out: &mut Vec<RawFinding>) {
    let text = context.thread.draft.text.as_str();
    let list = &context.analysis.text.tokens;
    let is_loud = |token: &Token| token.word.is_capitals && token.kind == TokenKind::Word;
    let loud = |at: usize| is_loud(&list[at]);
    // The names of buttons stand in quotation marks; "SPF/DKIM" is a list of acronyms.
    let is_quoted = |at: usize| {
        let before = text[..list[at].range().start].chars().next_back();
        before.is_some_and(|sign| matches!(sign, '«' | '“' | '„' | '"' | '‘' | '\'' | '[' | '‹'))
    };
    let mut at = tokens.start;
    while let Some(found) = list[at..tokens.end].iter().position(is_loud) {
        at += found;
        if is_quoted(at) {
            while at < tokens.end && loud(at) {
                at += 1;
            }
            continue;
        }
        let start = at;
        while at + 1 < tokens.end && loud(at + 1) && list[at].gap == Gap::Space {
            at += 1;
        }
        let long = (start..=at).filter(|at| text[list[*at].range()].chars().count() >= SHORTEST).count();
        if at > start && long >= 2 {
            let span = list[start].range().start..list[at].range().end;
            out.push(context.finding(Some("capitals"), span, pack));
        }
        at += 1;
    }
}

/// Where the next mark begins. Most bytes are none, so it looks at bytes, not at characters.
fn next_mark(bytes: &[u8]) -> Option<usize> {
    /// The last byte of "؟": the first is that of half of the Arabic letters.
    const ARABIC: u8 = 0x9f;
    /// The first byte of "！" and "？".
    const WIDE: u8 = 0xef;
    let mut from = 0;
    let mut wide = memchr::memchr(WIDE, bytes).unwrap_or(bytes.len());
    loop {
        let near = memchr::memchr3(b'!', b'?', ARABIC, &bytes[from..]).map_or(bytes.len(), |at| from + at);
        if wide < from {
            wide = memchr::memchr(WIDE, &bytes[from..]).map_or(bytes.len(), |at| from + at);
        }
        let found = near.min(wide);
        let start = if *bytes.get(found)? == ARABIC { found.saturating_sub(1) } else { found };
        let is_mark =
            ["!", "?", "؟", "！", "？"].iter().any(|mark| bytes[start..].starts_with(mark.as_bytes()));
        if is_mark {
            return Some(start);
        }
        from = found + 1;
    }
}

/// Two or more `!`, or `?` with another mark, in a row.
fn marks(
    context: &Context<'_>,
    text: &str,
    zone: std::ops::Range<usize>,
    pack: usize,
    out: &mut Vec<RawFinding>,
) {
    let is_mark = |sign: char| matches!(sign, '!' | '?' | '؟' | '！' | '？');
    let mut rest = zone.start;
    while let Some(found) = next_mark(&text.as_bytes()[rest..zone.end]) {
        let start = rest + found;
        let length = text[start..zone.end]
            .chars()
            .take_while(|sign| is_mark(*sign))
            .map(char::len_utf8)
            .sum::<usize>();
        let run = &text[start..start + length];
        let signs = run.chars().count();
        if signs >= 3 || signs == 2 && !run.contains('!') || run == "!!" {
            let kept = if run.contains(['?', '؟', '？']) {
                run.chars().find(|sign| !matches!(sign, '!' | '！'))
            } else {
                run.chars().next()
            };
            out.push(RawFinding {
                replacement: kept.map(String::from),
                ..context.finding(Some("marks"), start..start + length, pack)
            });
        }
        rest = start + length;
    }
}
