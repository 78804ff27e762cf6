//! How a suggestion fits in with the words around those that it replaces.
//!
//! “It comes in ‹4 to 8 weeks›” becomes “It comes by Friday” and not “in by Friday”: a template names the words beside
//! the flagged ones which it replaces too, and those beside which it is meant.

use std::ops::Range;

use replylint_pack::{SuggestionTemplate, bare};

use crate::text::ABOUT_SIGNS;

/// Entries are taken so many times on each side: “within about ‹a week›”.
const MOST_TAKEN: usize = 3;

/// Whether a template is meant for these flagged words.
pub(crate) fn suits(template: &SuggestionTemplate, text: &str, flagged: &Range<usize>) -> bool {
    let except = || {
        let words: Vec<Range<usize>> =
            words_after(text, flagged.start).take_while(|it| it.end <= flagged.end).collect();
        template.except.iter().any(|entry| {
            let is_at = |at: usize| last_of(text, entry.split_whitespace(), words[at..].iter().cloned());
            (0..words.len()).any(|at| is_at(at).is_some())
        })
    };
    if template.beside.is_empty() {
        return template.except.is_empty() || !except();
    }
    let span = replaced(template, text, flagged);
    let stands = |entry: &String| {
        begin_of(text, entry, span.start).is_some() || end_of(text, entry, span.end).is_some()
    };
    template.beside.iter().any(stands) && !except()
}

/// The words that a template replaces: the flagged ones and those beside them which go with them.
pub(crate) fn replaced(template: &SuggestionTemplate, text: &str, flagged: &Range<usize>) -> Range<usize> {
    let mut span = flagged.clone();
    // "in ~2-3 weeks": a sign that says "about" goes along.
    span.start = text[..span.start].trim_end_matches(ABOUT_SIGNS).len();
    for _ in 0..MOST_TAKEN {
        let Some(start) =
            template.takes_before.iter().filter_map(|entry| begin_of(text, entry, span.start)).min()
        else {
            break;
        };
        span.start = start;
    }
    for _ in 0..MOST_TAKEN {
        let Some(end) = template.takes_after.iter().filter_map(|entry| end_of(text, entry, span.end)).max()
        else {
            break;
        };
        span.end = end;
    }
    span
}

/// A replacement as it stands in a place: with a capital where it begins a sentence that began with one.
pub(crate) fn in_place(replacement: &str, text: &str, span: &Range<usize>) -> String {
    let was_capital = text[span.clone()].chars().next().is_some_and(char::is_uppercase);
    let line = text[..span.start].rsplit('\n').next().unwrap_or_default();
    let begins =
        !line.contains(char::is_alphanumeric) || line.trim_end().ends_with(['.', '!', '?', '…', '؟', ':']);
    match replacement.chars().next() {
        Some(first) if was_capital && begins && first.is_lowercase() => {
            first.to_uppercase().chain(replacement[first.len_utf8()..].chars()).collect()
        }
        _ => replacement.to_owned(),
    }
}

/// Where an entry begins that ends right before `end`.
fn begin_of(text: &str, entry: &str, end: usize) -> Option<usize> {
    last_of(text, entry.split_whitespace().rev(), words_before(text, end)).map(|word| word.start)
}

/// Where an entry ends that begins right after `start`. The dot of an ordinal (“10. és 15. között”) parts nothing.
fn end_of(text: &str, entry: &str, start: usize) -> Option<usize> {
    let is_ordinal = text[..start].ends_with(char::is_numeric) && text[start..].starts_with(". ");
    let start = start + usize::from(is_ordinal);
    last_of(text, entry.split_whitespace(), words_after(text, start)).map(|word| word.end)
}

/// The last of the words of an entry, which are bare, if these words begin with them. `*` at the end of a word stands for
/// any ending.
fn last_of<'e>(
    text: &str,
    entry: impl Iterator<Item = &'e str>,
    mut words: impl Iterator<Item = Range<usize>>,
) -> Option<Range<usize>> {
    let mut last = None;
    for wanted in entry {
        let word = words.next()?;
        let is_it = match wanted.strip_suffix('*') {
            Some(stem) => is_word(&text[word.clone()], stem, true),
            None => is_word(&text[word.clone()], wanted, false),
        };
        if !is_it {
            return None;
        }
        last = Some(word);
    }
    last
}

/// Whether a word is, as agents may type it in haste, the bare word that is wanted, or begins with it.
fn is_word(word: &str, wanted: &str, may_go_on: bool) -> bool {
    let is = |word: &[u8]| {
        word.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted.as_bytes()))
            && (may_go_on || word.len() == wanted.len())
    };
    match word.as_bytes().first() {
        // Most words have nothing to be taken off.
        _ if word.is_ascii() => is(word.as_bytes()),
        // Most of the others begin with another letter, from which nothing is taken.
        Some(first) if first.is_ascii() && !is_same_letter(*first, wanted) => false,
        _ => is(bare(word).as_bytes()),
    }
}

/// Whether an entry begins with a letter.
fn is_same_letter(letter: u8, wanted: &str) -> bool {
    wanted.as_bytes().first().is_none_or(|first| first.eq_ignore_ascii_case(&letter))
}

/// What may stand between words of one clause; hyphens because of “într-o”.
fn is_gap(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\u{a0}' | '-' | '\u{200c}')
}

/// Half-spaces, apostrophes, accents and vowel marks stand inside words.
fn is_of_word(sign: char) -> bool {
    sign.is_alphanumeric()
        || matches!(sign, '\'' | '’' | '\u{200c}' | '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}')
}

/// The words before a place, the nearest first, up to the first sign between them that parts clauses.
fn words_before(text: &str, end: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = end;
    std::iter::from_fn(move || {
        let end = text[..at].trim_end_matches(is_gap).len();
        let start = text[..end].trim_end_matches(is_of_word).len();
        at = start;
        (start < end).then_some(start..end)
    })
}

/// The words after a place, up to the first sign between them that parts clauses.
fn words_after(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = start;
    std::iter::from_fn(move || {
        let start = text.len() - text[at..].trim_start_matches(is_gap).len();
        let end = text.len() - text[start..].trim_start_matches(is_of_word).len();
        at = end;
        (start < end).then_some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use replylint_pack::{Applicability, SuggestionTemplate, bare};

    use super::{in_place, replaced, suits};

    fn template() -> SuggestionTemplate {
        let list = |words: &[&str]| words.iter().map(|word| bare(word)).collect();
        SuggestionTemplate {
            title: String::new(),
            replacement: String::new(),
            kinds: Vec::new(),
            register: None,
            applicability: Applicability::Template,
            takes_before: list(&["in", "in the course of", "într", "ظرف"]),
            takes_after: list(&["múlva"]),
            beside: Vec::new(),
            except: list(&["won't be"]),
        }
    }

    fn taken(text: &str, words: &str) -> String {
        let start = text.find(words).unwrap();
        text[replaced(&template(), text, &(start..start + words.len()))].to_owned()
    }

    #[test]
    fn words_beside_go_along() {
        assert_eq!(taken("It comes in 4 weeks.", "4 weeks"), "in 4 weeks");
        assert_eq!(taken("It comes In  4 weeks.", "4 weeks"), "In  4 weeks");
        assert_eq!(taken("It comes in the course of May.", "May"), "in the course of May");
        assert_eq!(taken("It comes in: 4 weeks.", "4 weeks"), "4 weeks", "a colon parts");
        assert_eq!(taken("It comes in ~2-4 weeks.", "2-4 weeks"), "in ~2-4 weeks");
        assert_eq!(taken("Berlin 4 weeks.", "4 weeks"), "4 weeks");
        assert_eq!(taken("intr-o zi sau doua", "o zi sau doua"), "intr-o zi sau doua");
        assert_eq!(taken("május 10. és 15. múlva jön", "május 10. és 15"), "május 10. és 15. múlva");
        assert_eq!(taken("két hét mulva jön", "két hét"), "két hét mulva");
        assert_eq!(taken("سفارش شما ظرف ۴ تا ۸ هفته می‌رسد.", "۴ تا ۸ هفته"), "ظرف ۴ تا ۸ هفته");
    }

    #[test]
    fn templates_are_for_the_words_beside_them() {
        let mut of_verbs = template();
        of_verbs.beside = vec!["tak*".to_owned()];
        assert!(suits(&of_verbs, "It takes days.", &(9..13)));
        assert!(!suits(&of_verbs, "It is days.", &(6..10)));
        assert!(!suits(&template(), "It won't be long.", &(3..16)));
        assert!(suits(&template(), "It won't be long.", &(12..16)));
    }

    #[test]
    fn sentences_keep_their_capital() {
        let at = |text: &str, words: &str| {
            let start = text.find(words).unwrap();
            in_place("by [date]", text, &(start..start + words.len()))
        };
        assert_eq!(at("Soon it comes.", "Soon"), "By [date]");
        assert_eq!(at("Hi.\n- Soon.", "Soon"), "By [date]");
        assert_eq!(at("Good news! Soon.", "Soon"), "By [date]");
        assert_eq!(at("On Monday or so", "Monday"), "by [date]");
        assert_eq!(at("soon it comes.", "soon"), "by [date]");
    }

    proptest! {
        #[test]
        fn spans_stay_on_characters(text in "(in |a|é|-|،|\u{200c}|ظرف | |\n|\\.|múlva|İ|ß){0,30}", a in 0usize..60, b in 0usize..60) {
            let floor = |mut at: usize| { at = at.min(text.len()); while !text.is_char_boundary(at) { at -= 1; } at };
            let (a, b) = (floor(a.min(b)), floor(a.max(b)));
            let span = replaced(&template(), &text, &(a..b));
            prop_assert!(span.start <= a && b <= span.end && text.get(span.clone()).is_some());
            suits(&template(), &text, &(a..b));
            in_place("by x", &text, &span);
        }
    }
}
