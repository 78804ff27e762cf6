//! What is special to a language in how words and sentences are cut.

use std::ops::Range;

use replylint_pack::WordRules;

use super::{Gap, Paragraph, Text, Token, TokenKind};
use crate::vocabulary::{Vocabulary, print};

/// Cuts the words of each paragraph as its language does; `rules_of` gives the rules of a paragraph's language.
pub(crate) fn adjust<'r>(
    text: &mut Text,
    source: &str,
    vocabulary: &mut Vocabulary,
    rules_of: impl Fn(usize) -> Option<&'r WordRules>,
) {
    for paragraph in 0..text.paragraphs.len() {
        if let Some(rules) = rules_of(paragraph) {
            let range = text.paragraphs[paragraph].tokens.clone();
            abbreviations(text, source, range.clone(), rules);
            if rules.accent_apostrophe {
                accents(text, source, range, vocabulary);
            }
        }
    }
    let changes = |rules: &WordRules| {
        rules.split_apostrophe || !rules.join_prefixes.is_empty() || !rules.join_suffixes.is_empty()
    };
    if !(0..text.paragraphs.len()).any(|paragraph| rules_of(paragraph).is_some_and(changes)) {
        return;
    }
    let mut list = Vec::with_capacity(text.tokens.list.len());
    let mut paragraphs = Vec::with_capacity(text.paragraphs.len());
    for paragraph in 0..text.paragraphs.len() {
        let start = list.len();
        let range = text.paragraphs[paragraph].tokens.clone();
        match rules_of(paragraph).filter(|rules| changes(rules)) {
            None => list.extend_from_slice(&text.tokens.list[range]),
            Some(rules) => {
                let joining = prints(&rules.join_prefixes) | prints(&rules.join_suffixes);
                for at in range {
                    let token = text.tokens.list[at].clone();
                    if rules.split_apostrophe && split(text, source, &token, &mut list, vocabulary) {
                        continue;
                    }
                    let may_join = list.len() > start && {
                        let before = list.last().map_or(0, |before| 1u64 << before.print);
                        joining & (before | 1 << token.print) != 0
                    };
                    match list.last().filter(|_| may_join && joins(text, &list, &token, rules)) {
                        Some(_) => join(text, &mut list, &token, vocabulary),
                        None => list.push(token),
                    }
                }
            }
        }
        paragraphs.push(Paragraph { tokens: start..list.len() });
    }
    text.tokens.list = list;
    text.paragraphs = paragraphs;
}

/// The prints of words, as bits.
fn prints(words: &[String]) -> u64 {
    words.iter().fold(0, |prints, word| prints | 1 << print(word))
}

/// A dot after an abbreviation ends no sentence, unless what follows looks like a new one.
fn abbreviations(text: &mut Text, source: &str, range: Range<usize>, rules: &WordRules) {
    for at in range.clone() {
        let token = &text.tokens.list[at];
        if token.gap != Gap::Sentence || at + 1 >= range.end || token.question {
            continue;
        }
        let next = text.tokens.list[at + 1].range().start;
        let between = &source[token.range().end..next];
        let folded = text.tokens.folded_of(token);
        let known = rules.abbreviations.iter().any(|abbreviation| abbreviation == folded);
        if known && between.starts_with('.') && !between.contains(['!', '?', '\n']) {
            text.tokens.list[at].gap = Gap::Space;
        }
    }
}

/// "e'" typed for "è": the apostrophe after a final vowel is the accent.
fn accents(text: &mut Text, source: &str, range: Range<usize>, vocabulary: &mut Vocabulary) {
    const ACCENTED: [(char, char); 5] = [('a', 'à'), ('e', 'è'), ('i', 'ì'), ('o', 'ò'), ('u', 'ù')];
    for at in range {
        let token = &text.tokens.list[at];
        // Most words have no apostrophe behind them and no accent: bytes tell that fast.
        let is_followed = matches!(source.as_bytes().get(token.end as usize), Some(b'\'' | b'`' | 0xe2));
        let is_accented = memchr::memchr(0xc3, text.tokens.folded_of(token).as_bytes()).is_some();
        if token.kind != TokenKind::Word || !is_followed && !is_accented {
            continue;
        }
        let after = &source[token.range().end..];
        let apostrophe = after.chars().next().filter(|sign| matches!(sign, '\'' | '’' | '`'));
        let closes = apostrophe
            .is_some_and(|sign| !after[sign.len_utf8()..].starts_with(|next: char| next.is_alphanumeric()));
        let opens = source[..token.range().start].ends_with(['\'', '‘', '’']);
        let folded = text.tokens.folded_of(token).to_owned();
        let accented = folded
            .chars()
            .next_back()
            .and_then(|last| ACCENTED.iter().find(|(plain, _)| *plain == last))
            .filter(|_| closes && !opens);
        let spelled = match (accented, apostrophe) {
            (Some((plain, accented)), Some(sign)) => {
                text.tokens.list[at].end += sign.len_utf8() as u32;
                format!("{}{accented}", &folded[..folded.len() - plain.len_utf8()])
            }
            _ if folded.contains('é') => folded.replace('é', "è"),
            _ => continue,
        };
        let mut token = text.tokens.list[at].clone();
        text.tokens.respell(&mut token, &spelled, vocabulary);
        text.tokens.list[at] = token;
    }
}

/// "l'ordine" becomes "l'" and "ordine". Whether it did.
fn split(
    text: &mut Text,
    source: &str,
    token: &Token,
    list: &mut Vec<Token>,
    vocabulary: &mut Vocabulary,
) -> bool {
    let written = &source[token.range()];
    if memchr::memchr2(b'\'', 0xe2, written.as_bytes()).is_none() {
        return false;
    }
    let Some((at, sign)) = written.char_indices().find(|(_, sign)| matches!(sign, '\'' | '’' | '‘'))
    else {
        return false;
    };
    let cut = at + sign.len_utf8();
    if token.kind != TokenKind::Word || at == 0 || cut >= written.len() {
        return false;
    }
    let folded = text.tokens.folded_of(token).to_owned();
    let Some((elided, rest)) = folded.split_once('\'') else { return false };
    for (range, spelled, gap) in [
        (token.start..token.start + cut as u32, format!("{elided}'"), Gap::Join),
        (token.start + cut as u32..token.end, rest.to_owned(), token.gap),
    ] {
        let mut part = Token {
            start: range.start,
            end: range.end,
            gap,
            question: gap == token.gap && token.question,
            ..token.clone()
        };
        text.tokens.respell(&mut part, &spelled, vocabulary);
        list.push(part);
    }
    true
}

/// Whether a token and the one before it are one word that was typed with a space.
fn joins(text: &Text, list: &[Token], token: &Token, rules: &WordRules) -> bool {
    let Some(before) = list.last() else { return false };
    let is_one_of =
        |words: &[String], token: &Token| words.iter().any(|word| word == text.tokens.folded_of(token));
    before.gap == Gap::Space
        && before.kind == TokenKind::Word
        && token.kind == TokenKind::Word
        && (is_one_of(&rules.join_prefixes, before) || is_one_of(&rules.join_suffixes, token))
}

fn join(text: &mut Text, list: &mut [Token], token: &Token, vocabulary: &mut Vocabulary) {
    let Some(before) = list.last_mut() else { return };
    let spelled = format!("{}{}", text.tokens.folded_of(before), text.tokens.folded_of(token));
    text.tokens.respell(before, &spelled, vocabulary);
    before.end = token.end;
    before.gap = token.gap;
    before.question = token.question;
}

#[cfg(test)]
mod tests {
    use replylint_pack::WordRules;

    use super::super::{Text, sentences::sentences};
    use super::adjust;
    use crate::vocabulary::Vocabulary;

    fn words(source: &str, rules: &WordRules) -> Vec<String> {
        let mut vocabulary = Vocabulary::default();
        let mut text = Text::new(source, &mut vocabulary);
        adjust(&mut text, source, &mut vocabulary, |_| Some(rules));
        text.tokens.list.iter().map(|token| text.tokens.folded_of(token).to_owned()).collect()
    }

    #[test]
    fn elided_words_part_and_accents_are_read() {
        let rules = WordRules { split_apostrophe: true, accent_apostrophe: true, ..WordRules::default() };
        assert_eq!(words("L'ordine e' gia' perché", &rules), ["l'", "ordine", "è", "già", "perchè"]);
        assert_eq!(words("dell’app 'note' po'", &rules), ["dell'", "app", "note", "pò"]);
    }

    #[test]
    fn parts_of_a_word_typed_with_a_space_join() {
        let rules = WordRules {
            join_prefixes: vec!["نمی".into(), "می".into()],
            join_suffixes: vec!["ها".into()],
            ..WordRules::default()
        };
        assert_eq!(words("نمی توانیم سفارش ها", &rules), ["نمیتوانیم", "سفارشها"]);
        assert_eq!(words("نمی‌توانیم. می", &rules), ["نمیتوانیم", "می"]);
    }

    #[test]
    fn a_dot_after_an_abbreviation_ends_no_sentence() {
        let rules = WordRules { abbreviations: vec!["nr".into(), "т.е".into()], ..WordRules::default() };
        let count = |source: &str| {
            let mut vocabulary = Vocabulary::default();
            let mut text = Text::new(source, &mut vocabulary);
            adjust(&mut text, source, &mut vocabulary, |_| Some(&rules));
            sentences(&text, 0).len()
        };
        assert_eq!(count("Comanda nr. 5 e aici. Da."), 2);
        assert_eq!(count("Завтра, т.е. в пятницу."), 1);
    }
}
