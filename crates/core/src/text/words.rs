//! What is special to a language in how words and sentences are cut.

use replylint_pack::{WordRules, has_bit};

use super::{Gap, Text, Token, TokenKind};
use crate::vocabulary::{Vocabulary, print};

/// Cuts the words of each paragraph as its language does; `rules_of` gives the rules of a paragraph's language, with their
/// prints.
pub(crate) fn adjust<'r>(
    text: &mut Text,
    source: &str,
    vocabulary: &mut Vocabulary,
    rules_of: impl Fn(usize) -> Option<(&'r WordRules, &'r WordPrints)>,
) {
    for paragraph in 0..text.paragraphs.len() {
        if let Some((rules, prints)) = rules_of(paragraph) {
            let tokens = &mut text.tokens[text.paragraphs[paragraph].tokens.clone()];
            abbreviations(tokens, source, vocabulary, rules, &prints.abbreviations);
            if rules.accent_apostrophe {
                accents(tokens, source, vocabulary);
            }
        }
    }
    let changes = |(rules, _): &(&WordRules, &WordPrints)| {
        rules.split_apostrophe || !rules.join_prefixes.is_empty() || !rules.join_suffixes.is_empty()
    };
    if !(0..text.paragraphs.len()).any(|paragraph| rules_of(paragraph).is_some_and(|rules| changes(&rules))) {
        return;
    }
    let mut list = Vec::with_capacity(text.tokens.len() + text.tokens.len() / 8);
    for (number, paragraph) in text.paragraphs.iter_mut().enumerate() {
        let start = list.len();
        let tokens = &text.tokens[paragraph.tokens.clone()];
        match rules_of(number).filter(changes) {
            None => list.extend_from_slice(tokens),
            Some((rules, WordPrints { prefixes, suffixes, .. })) => {
                for token in tokens {
                    if rules.split_apostrophe && split(source, token, &mut list, vocabulary) {
                        continue;
                    }
                    if list.len() > start
                        && let Some(before) = list.last_mut()
                        && (prefixes.has(before.word.print) || suffixes.has(token.word.print))
                        && joins(before, token, vocabulary, rules)
                    {
                        join(before, token, vocabulary);
                    } else {
                        list.push(*token);
                    }
                }
            }
        }
        paragraph.tokens = start..list.len();
    }
    text.tokens = list;
}

/// The prints of the words that a language's rules name.
#[derive(Debug)]
pub(crate) struct WordPrints {
    abbreviations: Prints,
    prefixes: Prints,
    suffixes: Prints,
}

impl WordPrints {
    pub fn of(rules: &WordRules) -> Self {
        WordPrints {
            abbreviations: Prints::of(rules.abbreviations.iter().chain(&rules.closing_abbreviations)),
            prefixes: Prints::of(&rules.join_prefixes),
            suffixes: Prints::of(&rules.join_suffixes),
        }
    }
}

/// The prints of words, as bits: what is not among them is none of the words.
#[derive(Debug)]
struct Prints([u64; 4]);

impl Prints {
    fn of<'w>(words: impl IntoIterator<Item = &'w String>) -> Self {
        let mut prints = Prints([0; 4]);
        for word in words {
            let print = print(word);
            prints.0[usize::from(print / 64)] |= 1 << (print % 64);
        }
        prints
    }

    fn has(&self, print: u8) -> bool {
        has_bit(&self.0, u16::from(print))
    }
}

/// A dot after an abbreviation ends no sentence, unless it often closes one and what follows begins like one.
fn abbreviations(
    tokens: &mut [Token],
    source: &str,
    vocabulary: &Vocabulary,
    rules: &WordRules,
    prints: &Prints,
) {
    for at in 1..tokens.len() {
        let (token, next) = (tokens[at - 1], tokens[at]);
        if token.gap != Gap::Sentence || token.question || !prints.has(token.word.print) {
            continue;
        }
        let between = &source[token.range().end..next.range().start];
        if !between.starts_with('.') || between.contains(['!', '?', '\n']) {
            continue;
        }
        let folded = vocabulary.folded(token.word.id);
        let is_one = |list: &[String]| list.iter().any(|abbreviation| abbreviation == folded);
        let opens_sentence =
            || next.kind == TokenKind::Word && source[next.range()].starts_with(char::is_uppercase);
        if is_one(&rules.abbreviations) || is_one(&rules.closing_abbreviations) && !opens_sentence() {
            tokens[at - 1].gap = Gap::Space;
        }
    }
}

/// "e'" typed for "è": the apostrophe after a final vowel is the accent.
fn accents(tokens: &mut [Token], source: &str, vocabulary: &mut Vocabulary) {
    const ACCENTED: [(char, char); 5] = [('a', 'à'), ('e', 'è'), ('i', 'ì'), ('o', 'ò'), ('u', 'ù')];
    for token in tokens {
        // Most words have no accent and no apostrophe behind them.
        let is_followed = matches!(source.as_bytes().get(token.end as usize), Some(b'\'' | b'`' | 0xe2));
        if token.kind != TokenKind::Word || !is_followed && token.word.is_plain {
            continue;
        }
        let after = &source[token.range().end..];
        let apostrophe = after.chars().next().filter(|sign| matches!(sign, '\'' | '’' | '`'));
        let closes = apostrophe
            .is_some_and(|sign| !after[sign.len_utf8()..].starts_with(|next: char| next.is_alphanumeric()));
        let opens = source[..token.range().start].ends_with(['\'', '‘', '’']);
        let folded = vocabulary.folded(token.word.id);
        let accented = folded
            .chars()
            .next_back()
            .and_then(|last| ACCENTED.iter().find(|(plain, _)| *plain == last))
            .filter(|_| closes && !opens);
        let spelled = match (accented, apostrophe) {
            (Some((plain, accented)), Some(sign)) => {
                token.end += sign.len_utf8() as u32;
                format!("{}{accented}", &folded[..folded.len() - plain.len_utf8()])
            }
            _ if folded.contains('é') => folded.replace('é', "è"),
            _ => continue,
        };
        token.word = vocabulary.respelled(token.word, &spelled);
    }
}

/// "l'ordine" becomes "l'" and "ordine". Whether it did.
fn split(source: &str, token: &Token, list: &mut Vec<Token>, vocabulary: &mut Vocabulary) -> bool {
    if token.word.is_plain {
        return false;
    }
    let written = &source[token.range()];
    let Some((at, sign)) = written.char_indices().find(|(_, sign)| matches!(sign, '\'' | '’' | '‘'))
    else {
        return false;
    };
    let cut = at + sign.len_utf8();
    if token.kind != TokenKind::Word || at == 0 || cut >= written.len() {
        return false;
    }
    let Some((elided, rest)) = vocabulary.folded(token.word.id).split_once('\'') else { return false };
    let (elided, rest) = (format!("{elided}'"), rest.to_owned());
    let middle = token.start + cut as u32;
    list.push(Token {
        end: middle,
        word: vocabulary.respelled(token.word, &elided),
        gap: Gap::Join,
        question: false,
        ..*token
    });
    list.push(Token { start: middle, word: vocabulary.respelled(token.word, &rest), ..*token });
    true
}

/// Whether two tokens are one word that was typed with a space.
fn joins(before: &Token, token: &Token, vocabulary: &Vocabulary, rules: &WordRules) -> bool {
    let is_one_of = |words: &[String], token: &Token| {
        let folded = vocabulary.folded(token.word.id);
        words.iter().any(|word| word == folded)
    };
    before.gap == Gap::Space
        && before.kind == TokenKind::Word
        && token.kind == TokenKind::Word
        && (is_one_of(&rules.join_prefixes, before) || is_one_of(&rules.join_suffixes, token))
}

fn join(before: &mut Token, token: &Token, vocabulary: &mut Vocabulary) {
    let [first, second] = [before, token].map(|token| vocabulary.folded(token.word.id));
    let spelled = format!("{first}{second}");
    *before = Token { start: before.start, word: vocabulary.respelled(before.word, &spelled), ..*token };
}

#[cfg(test)]
mod tests {
    use replylint_pack::WordRules;

    use super::super::{Text, sentences::sentences};
    use super::{WordPrints, adjust};
    use crate::vocabulary::Vocabulary;

    fn words(source: &str, rules: &WordRules) -> Vec<String> {
        let mut vocabulary = Vocabulary::default();
        let mut text = Text::new(source, &mut vocabulary);
        let prints = WordPrints::of(rules);
        adjust(&mut text, source, &mut vocabulary, |_| Some((rules, &prints)));
        text.tokens.iter().map(|token| vocabulary.folded(token.word.id).to_owned()).collect()
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
        let rules = WordRules {
            abbreviations: vec!["nr".into(), "т.е".into(), "dl".into()],
            closing_abbreviations: vec!["etc".into(), "no".into(), "руб".into()],
            ..WordRules::default()
        };
        let count = |source: &str| {
            let mut vocabulary = Vocabulary::default();
            let mut text = Text::new(source, &mut vocabulary);
            let prints = WordPrints::of(&rules);
            adjust(&mut text, source, &mut vocabulary, |_| Some((&rules, &prints)));
            let mut list = Vec::new();
            sentences(&text, 0, &mut list);
            list.len()
        };
        assert_eq!(count("Comanda nr. 5 e aici. Da."), 2);
        assert_eq!(count("Завтра, т.е. в пятницу."), 1);
        assert_eq!(count("Îl caută pe dl. Popescu."), 1);
        assert_eq!(count("Photos, dates etc. are in the mail."), 1);
        assert_eq!(count("Photos, dates etc. We send them."), 2);
        assert_eq!(count("Order no. 5, box no. AB-77."), 1);
        assert_eq!(count("No. We do not."), 2);
        assert_eq!(count("Это 500 руб. Мы вернули их."), 2);
    }
}
