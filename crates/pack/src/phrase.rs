//! The phrase language: text in, a tree out. `rules/README.md` describes it for those who write phrases.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::WordRules;
use crate::fold::fold_into;

/// A condition on one word, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// The folded word.
    Word(String),
    /// A folded beginning.
    Stem(String),
    /// A folded ending.
    Ending(String),
    /// A word of a class; the range is the name's place in the phrase.
    Class(String, Range<usize>),
    /// A number in digits or in words.
    Number,
    /// Any word.
    Any,
    /// All of these; `false` asks that the test does not hold.
    All(Vec<(bool, Test)>),
    /// One of these.
    OneOf(Vec<Test>),
}

/// A phrase as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Test(Test),
    Seq(Vec<Node>),
    Alt(Vec<Node>),
    Opt(Box<Node>),
    /// Up to `max` words; in one clause unless `crosses`.
    Gap {
        max: u8,
        crosses: bool,
    },
    /// The next word is none of these.
    NotNext(Test),
    /// The word before is none of these.
    NotBefore(Test),
    SentenceStart,
    SentenceEnd,
    ClauseEnd,
    MarkOpen,
    MarkClose,
}

/// What is wrong with a phrase and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhraseError {
    pub at: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl PhraseError {
    pub fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        PhraseError { at, message: message.into(), help: None }
    }

    fn help(mut self, help: &str) -> Self {
        self.help = Some(help.to_owned());
        self
    }
}

const MAX_UNORDERED: usize = 4;
const UNORDERED_GAP: u8 = 8;
const SHORT_GAP: u8 = 3;
const MAX_GAP: u8 = 9;
const LONG_GAP: u8 = 12;
/// Nesting deeper than this is a mistake, and the parser recurses once per level.
const MAX_DEPTH: usize = 16;

/// Parses one phrase; its words are cut as the language cuts them.
pub(crate) fn parse(text: &str, rules: &WordRules) -> Result<Node, PhraseError> {
    let mut parser = Parser { text, rules, at: 0, depth: 0, marks: 0 };
    let node = parser.sequence(&[])?;
    if parser.at < text.len() {
        let found = parser.rest().chars().next().map_or(0, char::len_utf8);
        return Err(PhraseError::new(
            parser.at..parser.at + found,
            format!("`{}` closes nothing", &text[parser.at..parser.at + found]),
        ));
    }
    if parser.marks % 2 == 1 {
        return Err(PhraseError::new(0..text.len(), "the mark `<` is never closed by `>`"));
    }
    check_edges(&node, text)?;
    Ok(node)
}

fn check_edges(node: &Node, text: &str) -> Result<(), PhraseError> {
    let Node::Seq(items) = node else { return Ok(()) };
    let mut words = items.iter().filter(|item| !matches!(item, Node::MarkOpen | Node::MarkClose));
    let first = words.clone().next();
    let last = words.next_back();
    if [first, last].iter().any(|item| matches!(item, Some(Node::Gap { .. }))) {
        return Err(PhraseError::new(0..text.len(), "a phrase may not begin or end with a gap"));
    }
    if first.is_none() {
        return Err(PhraseError::new(0..text.len(), "the phrase is empty"));
    }
    Ok(())
}

struct Parser<'t> {
    text: &'t str,
    rules: &'t WordRules,
    at: usize,
    depth: usize,
    /// Mark signs seen; odd inside a mark.
    marks: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    /// Items up to the end or one of the closing signs, which is left in place.
    fn sequence(&mut self, until: &[&str]) -> Result<Node, PhraseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(PhraseError::new(self.at..self.text.len(), "brackets are nested too deeply"));
        }
        let mut items = Vec::new();
        loop {
            self.skip_spaces();
            let rest = self.rest();
            if rest.is_empty()
                || until.iter().any(|sign| rest.starts_with(sign))
                || rest.starts_with([')', ']', '}'])
            {
                break;
            }
            self.item(&mut items)?;
        }
        self.depth -= 1;
        Ok(Node::Seq(items))
    }

    fn item(&mut self, items: &mut Vec<Node>) -> Result<(), PhraseError> {
        let start = self.at;
        if self.eat("(") {
            items.push(self.alternatives(")", start)?);
        } else if self.eat("[") {
            let inner = self.alternatives("]", start)?;
            items.push(Node::Opt(Box::new(inner)));
        } else if self.eat("{") {
            items.push(self.unordered(start)?);
        } else if self.eat("<") {
            if self.marks > 0 {
                return Err(PhraseError::new(
                    start..self.at,
                    "a phrase has one mark; a second `<` stands here",
                )
                .help("put each alternative that is marked differently on a line of its own"));
            }
            self.marks += 1;
            items.push(Node::MarkOpen);
        } else if self.eat(">") {
            if self.marks != 1 {
                return Err(PhraseError::new(start..self.at, "`>` without a `<` before it"));
            }
            self.marks += 1;
            items.push(Node::MarkClose);
        } else if self.eat("...") {
            items.push(Node::Gap { max: LONG_GAP, crosses: true });
        } else if self.eat("..") {
            let digits =
                self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let max = match &self.text[self.at..self.at + digits] {
                "" => SHORT_GAP,
                written => {
                    written.parse().ok().filter(|max| (1..=MAX_GAP).contains(max)).ok_or_else(|| {
                        PhraseError::new(start..self.at + digits, format!("a gap takes 1 to {MAX_GAP} words"))
                            .help("use `...` for a gap that crosses clauses")
                    })?
                }
            };
            self.at += digits;
            items.push(Node::Gap { max, crosses: false });
        } else if self.eat("^") {
            items.push(Node::SentenceStart);
        } else if self.eat("$") {
            items.push(Node::SentenceEnd);
        } else if self.eat(",") {
            items.push(Node::ClauseEnd);
        } else if self.eat("!") {
            items.push(Node::NotNext(self.word_or_list()?));
        } else if self.eat("~") {
            items.push(Node::NotBefore(self.word_or_list()?));
        } else {
            self.words(items)?;
        }
        Ok(())
    }

    /// `a|b c)`, the opening sign already eaten.
    fn alternatives(&mut self, close: &str, open: usize) -> Result<Node, PhraseError> {
        let mut branches = vec![self.sequence(&["|"])?];
        while self.eat("|") {
            branches.push(self.sequence(&["|"])?);
        }
        self.close(close, open)?;
        if branches.iter().any(|branch| matches!(branch, Node::Seq(items) if items.is_empty())) {
            return Err(PhraseError::new(open..self.at, "an alternative is empty")
                .help("write `[…]` around what may be left out"));
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Alt(branches) })
    }

    fn close(&mut self, close: &str, open: usize) -> Result<(), PhraseError> {
        if self.eat(close) {
            return Ok(());
        }
        let opened = &self.text[open..=open];
        Err(PhraseError::new(open..open + 1, format!("`{opened}` is never closed by `{close}`")))
    }

    /// `{a & b}`: every order of the parts, with a gap in between.
    fn unordered(&mut self, open: usize) -> Result<Node, PhraseError> {
        let mut parts = vec![self.sequence(&["&"])?];
        while self.eat("&") {
            parts.push(self.sequence(&["&"])?);
        }
        self.close("}", open)?;
        if !(2..=MAX_UNORDERED).contains(&parts.len()) {
            return Err(PhraseError::new(
                open..self.at,
                format!("`{{a & b}}` takes 2 to {MAX_UNORDERED} parts, this one has {}", parts.len()),
            ));
        }
        let mut orders = Vec::new();
        permutations(&mut parts, 0, &mut orders);
        Ok(Node::Alt(
            orders
                .into_iter()
                .map(|order| {
                    let mut items = Vec::new();
                    for part in order {
                        if !items.is_empty() {
                            items.push(Node::Gap { max: UNORDERED_GAP, crosses: false });
                        }
                        items.push(part);
                    }
                    Node::Seq(items)
                })
                .collect(),
        ))
    }

    /// What `!` and `~` take: one word test, or several in round brackets.
    fn word_or_list(&mut self) -> Result<Test, PhraseError> {
        let start = self.at;
        if !self.eat("(") {
            return self.single();
        }
        let mut tests = Vec::new();
        loop {
            self.skip_spaces();
            tests.push(self.single()?);
            self.skip_spaces();
            if self.eat(")") {
                return Ok(Test::OneOf(tests));
            }
            if !self.eat("|") {
                return Err(PhraseError::new(
                    start..self.at,
                    "a list after `!` or `~` holds single words: `!(a|b)`",
                ));
            }
        }
    }

    fn single(&mut self) -> Result<Test, PhraseError> {
        let start = self.at;
        let mut items = Vec::new();
        self.words(&mut items)?;
        match items.pop() {
            Some(Node::Test(test)) if items.is_empty() => Ok(test),
            _ => Err(PhraseError::new(start..self.at, "one single word is expected here")),
        }
    }

    /// One run of characters up to a space or an operator: a word (or several, where it is hyphenated) with its `&`.
    fn words(&mut self, items: &mut Vec<Node>) -> Result<(), PhraseError> {
        let start = self.at;
        let mut tests = Vec::new();
        loop {
            let negated = !tests.is_empty() && self.eat("!");
            let mut found = match self.rest().starts_with('(') {
                true if !tests.is_empty() => vec![self.word_or_list()?],
                _ => self.atom()?,
            };
            // "two-three" is two words; only a lone word can be joined with `&`.
            if tests.is_empty() && found.len() > 1 {
                items.extend(found.into_iter().map(Node::Test));
                return Ok(());
            }
            match found.pop() {
                Some(test) if found.is_empty() => tests.push((!negated, test)),
                _ => return Err(PhraseError::new(start..self.at, "`&` joins single words")),
            }
            if !self.rest().starts_with('&') || self.rest()[1..].starts_with([' ', '\t']) {
                break;
            }
            self.at += 1;
        }
        match tests.len() {
            1 => items.extend(tests.into_iter().map(|(_, test)| Node::Test(test))),
            _ => items.push(Node::Test(Test::All(tests))),
        }
        Ok(())
    }

    fn atom(&mut self) -> Result<Vec<Test>, PhraseError> {
        let start = self.at;
        if self.eat("#") {
            return Ok(vec![Test::Number]);
        }
        if self.eat("_") {
            return Ok(vec![Test::Any]);
        }
        if self.eat("@") {
            let name: String =
                self.rest().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            self.at += name.len();
            if name.is_empty() {
                return Err(PhraseError::new(start..self.at, "the name of a class is expected after `@`"));
            }
            return Ok(vec![Test::Class(name, start..self.at)]);
        }
        let length: usize = self.rest().chars().take_while(|c| !is_operator(*c)).map(char::len_utf8).sum();
        if length == 0 {
            let found = self.rest().chars().next();
            return Err(PhraseError::new(
                start..start + found.map_or(0, char::len_utf8),
                match found {
                    Some(sign) => format!("a word is expected here, not `{sign}`"),
                    None => "a word is expected here".to_owned(),
                },
            ));
        }
        self.at += length;
        word_tests(&self.text[start..self.at], self.rules)
            .map_err(|message| PhraseError::new(start..self.at, message))
    }
}

fn is_operator(sign: char) -> bool {
    sign.is_whitespace() || "()[]{}<>|&!~^$,#@_".contains(sign)
}

/// The word that "~" and "≈" before a number are: they say "about" in any language.
pub const ABOUT: &str = "≈";

/// The tests of one written run: `refund*`, `*unk`, `don't`, `two-three`.
fn word_tests(written: &str, rules: &WordRules) -> Result<Vec<Test>, String> {
    let (ending, body) = match written.strip_prefix('*') {
        Some(body) => (true, body),
        None => (false, written),
    };
    let (stem, body) = match body.strip_suffix('*') {
        Some(body) => (true, body),
        None => (false, body),
    };
    if body.contains('*') || ending && stem {
        return Err("`*` stands at the beginning or at the end of a word, not at both".to_owned());
    }
    if body.starts_with("..") || body.ends_with("..") {
        return Err("write a space before and after a gap".to_owned());
    }
    if body == ABOUT && !ending && !stem {
        return Ok(vec![Test::Word(ABOUT.to_owned())]);
    }
    let mut folded: Vec<String> = Vec::new();
    for word in body.unicode_words() {
        let mut out = String::new();
        fold_into(word, &mut out);
        if rules.accent_apostrophe {
            out = out.replace('é', "è");
        }
        match out.split_once('\'') {
            Some((elided, word)) if rules.split_apostrophe && !word.is_empty() => {
                folded.extend([format!("{elided}'"), word.to_owned()]);
            }
            _ if out.is_empty() => {}
            _ => folded.push(out),
        }
    }
    // A trailing apostrophe is part of an elided word ("l'") and of no UAX #29 word.
    if let (Some(last), true) = (folded.last_mut(), body.ends_with(['\'', '’'])) {
        last.push('\'');
    }
    if folded.is_empty() {
        return Err(format!("`{written}` holds no word"));
    }
    let last = folded.len() - 1;
    Ok(folded
        .into_iter()
        .enumerate()
        .map(|(at, word)| match (ending && at == 0, stem && at == last) {
            (true, _) => Test::Ending(word),
            (_, true) => Test::Stem(word),
            _ => Test::Word(word),
        })
        .collect())
}

fn permutations(parts: &mut Vec<Node>, from: usize, out: &mut Vec<Vec<Node>>) {
    if from == parts.len() {
        out.push(parts.clone());
        return;
    }
    for at in from..parts.len() {
        parts.swap(from, at);
        permutations(parts, from + 1, out);
        parts.swap(from, at);
    }
}
