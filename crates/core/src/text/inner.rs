use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Word,
    Number,
    Code,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    Space,
    Join,
    Soft,
    Clause,
    Sentence,
    Paragraph,
}
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub start: u32,
    pub end: u32,
    pub fold: Range<u32>,
    pub kind: TokenKind,
    pub gap: Gap,
    pub question: bool,
}
impl Token {
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    pub list: Vec<Token>,
    pub folded: String,
}
impl Tokens {
    pub fn folded_of(&self, t: &Token) -> &str {
        &self.folded[t.fold.start as usize..t.fold.end as usize]
    }
    pub fn of(text: &str) -> Tokens {
        let mut t = Tokens::default();
        for (i, w) in text.unicode_word_indices() {
            if let Some(last) = t.list.last_mut() {
                let between = &text[last.end as usize..i];
                last.gap = if between.contains("\n\n") {
                    Gap::Paragraph
                } else if between.contains(['.', '!', '?', '؟', '\n', '…']) {
                    Gap::Sentence
                } else if between.contains([',', ';', ':', '–', '—', '،', '؛']) && between.contains(' ')
                {
                    Gap::Clause
                } else {
                    Gap::Space
                };
                last.question = between.contains(['?', '؟']);
            }
            let s = t.folded.len() as u32;
            replylint_pack::fold_into(w, &mut t.folded);
            let kind = if w.chars().all(|c| c.is_numeric()) {
                TokenKind::Number
            } else if w.chars().any(|c| c.is_numeric()) {
                TokenKind::Code
            } else {
                TokenKind::Word
            };
            t.list.push(Token {
                start: i as u32,
                end: (i + w.len()) as u32,
                fold: s..t.folded.len() as u32,
                kind,
                gap: Gap::Paragraph,
                question: false,
            });
        }
        if let Some(last) = t.list.last_mut() {
            last.question = text[last.end as usize..].contains(['?', '؟']);
        }
        t
    }
    pub fn contains(&self, other: &Tokens) -> bool {
        let a: Vec<&str> = self.list.iter().map(|t| self.folded_of(t)).collect();
        let b: Vec<&str> = other.list.iter().map(|t| other.folded_of(t)).collect();
        !b.is_empty() && a.windows(b.len()).any(|w| w == b)
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZoneKind {
    Prose,
}
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    pub range: Range<usize>,
    pub kind: ZoneKind,
}
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    pub tokens: Range<usize>,
    pub range: Range<usize>,
    pub question: bool,
}
#[derive(Debug, Clone)]
pub(crate) struct Paragraph {
    pub range: Range<usize>,
    pub tokens: Range<usize>,
}
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub zones: Vec<Zone>,
    pub tokens: Tokens,
    pub paragraphs: Vec<Paragraph>,
}
impl Text {
    pub fn new(text: &str) -> Text {
        let tokens = Tokens::of(text);
        let mut paragraphs = Vec::new();
        let mut s = 0;
        for i in 0..tokens.list.len() {
            if tokens.list[i].gap == Gap::Paragraph {
                paragraphs.push(Paragraph {
                    range: tokens.list[s].start as usize..tokens.list[i].end as usize,
                    tokens: s..i + 1,
                });
                s = i + 1;
            }
        }
        Text { zones: vec![Zone { range: 0..text.len(), kind: ZoneKind::Prose }], tokens, paragraphs }
    }
}
