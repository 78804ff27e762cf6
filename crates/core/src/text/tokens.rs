//! Words, numbers and codes, each with its folded form and with what stands between it and the next.

use std::ops::Range;

use replylint_pack::ABOUT;
use unicode_segmentation::UnicodeSegmentation;

use super::{Zone, ZoneKind};
use crate::vocabulary::{LONGEST_CODE, Vocabulary, Word};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A word of letters.
    Word,
    /// A plain number, with a decimal point or grouping at most.
    Number,
    /// Digits with something else: a date, a time, an order number, a version, an address.
    Code,
}

/// What stands between a token and the next, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Space, or marks that part nothing (quotation marks).
    Space,
    /// A hyphen, slash or apostrophe without a space.
    Join,
    /// A comma, semicolon, colon, spaced dash or bracket.
    Clause,
    /// The end of a sentence.
    Sentence,
    /// The end of a paragraph or of a zone.
    Paragraph,
}

/// A word, number or code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub start: u32,
    pub end: u32,
    /// What it is in the vocabulary that the text was read with.
    pub word: Word,
    pub kind: TokenKind,
    pub gap: Gap,
    /// Whether a question mark stands between it and the next.
    pub question: bool,
}

impl Token {
    /// Its bytes in the text.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The tokens of a text that is all prose.
pub(crate) fn tokens_of(text: &str, vocabulary: &mut Vocabulary) -> Vec<Token> {
    let mut tokens = Vec::new();
    tokens_in(text, &[Zone { range: 0..text.len(), kind: ZoneKind::Prose }], vocabulary, &mut tokens);
    tokens
}

/// Appends the tokens of a text's prose. An address in it is one code.
pub(crate) fn tokens_in(text: &str, zones: &[Zone], vocabulary: &mut Vocabulary, list: &mut Vec<Token>) {
    list.reserve(text.len() / BYTES_PER_WORD);
    let mut cutter = Cutter { text, vocabulary, list };
    for zone in zones {
        match zone.kind {
            ZoneKind::Prose => cutter.prose(zone.range.clone()),
            ZoneKind::Url | ZoneKind::Email => cutter.push(zone.range.clone(), TokenKind::Code),
            // Code within a line is a gap in its sentence, on lines of its own it ends the paragraph.
            ZoneKind::Code if !text[zone.range.clone()].contains('\n') => {
                cutter.push(zone.range.clone(), TokenKind::Code);
            }
            _ => cutter.end_paragraph(zone.range.start),
        }
    }
    cutter.end_paragraph(text.len());
}

/// About how many bytes a word takes with the space behind it, at the least.
const BYTES_PER_WORD: usize = 5;

/// Cuts the prose of a text.
struct Cutter<'t> {
    text: &'t str,
    vocabulary: &'t mut Vocabulary,
    list: &'t mut Vec<Token>,
}

impl Cutter<'_> {
    fn push(&mut self, range: Range<usize>, kind: TokenKind) {
        self.close_gap(range.start);
        let word = self.vocabulary.word(self.text, range.clone(), kind);
        self.push_word(range, word, kind);
    }

    fn push_word(&mut self, range: Range<usize>, word: Word, kind: TokenKind) {
        self.list.push(Token {
            start: range.start as u32,
            end: range.end as u32,
            word,
            kind,
            gap: Gap::Space,
            question: false,
        });
    }

    /// Notes what stands between the last token and the next, which begins at `start`.
    fn close_gap(&mut self, start: usize) {
        if let Some(last) = self.list.last_mut() {
            let end = last.end as usize;
            let is_space = start == end + 1 && self.text.as_bytes()[end] == b' ';
            if !is_space && last.gap == Gap::Space && end <= start {
                let (gap, question) = gap(self.text, last, end..start, start);
                last.gap = gap;
                last.question |= question;
                if numbers_item(self.text, last, start) {
                    // No amount, so that "1) 5 May" is one date and no range.
                    let written = &self.text[last.range()];
                    (last.word, last.kind) =
                        (self.vocabulary.word_of(written, TokenKind::Word), TokenKind::Word);
                    // Within a line it belongs to no sentence: neither to its own nor to the one before, unless that one
                    // says what the list is of.
                    if gap == Gap::Sentence
                        && let [.., before, last] = self.list.as_mut_slice()
                        && !self.text[before.end as usize..last.start as usize].contains(':')
                    {
                        before.gap = before.gap.max(Gap::Sentence);
                    }
                }
            }
        }
    }

    /// Words, plain numbers and codes with nothing but a mark and a space between them, from `at` on: what most of most
    /// texts are. Where they end.
    fn plain_run(&mut self, mut at: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut gap = None;
        while let Some(chunk) = bytes[at..].first_chunk() {
            let (length, kind) = plain_token(chunk, &bytes[at..end.max(at)]);
            let after = at + length;
            if length == 0 || after >= end {
                break;
            }
            let is_space = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
            let is_blank = bytes.get(after + 1) == Some(&b' ');
            let (behind, next) = match bytes[after] {
                b' ' => (Some(Gap::Space), after + 1),
                b',' | b';' | b':' if is_blank => (Some(Gap::Clause), after + 2),
                // A dot behind less may be one of an initial or of an ordinal.
                b'.' if is_blank && length > 2 && kind == TokenKind::Word => (Some(Gap::Sentence), after + 2),
                b'.' | b'!' | b'?' | b';' | b':' if is_space(after + 1) => (None, after + 2),
                b'\n' => (None, after + 1),
                _ if bytes[after..].starts_with("، ".as_bytes()) => (Some(Gap::Clause), after + 3),
                _ => break,
            };
            // What was between the last word and this one.
            match gap {
                None => self.close_gap(at),
                Some(gap) => {
                    if let Some(last) = self.list.last_mut() {
                        last.gap = gap;
                    }
                }
            }
            let word = match kind {
                TokenKind::Code => self.code(at..after),
                _ if length <= Vocabulary::SHORT => {
                    self.vocabulary.short_of(self.text, at..after, chunk, kind)
                }
                _ => self.vocabulary.word(self.text, at..after, kind),
            };
            self.push_word(at..after, word, kind);
            gap = behind;
            at = next.min(end);
        }
        at
    }

    /// A code of ASCII letters and digits, which are all that counts of it.
    fn code(&mut self, range: Range<usize>) -> Word {
        let mut folded = [0; LONGEST_CODE];
        let signs = self.text.as_bytes()[range].iter().filter(|sign| sign.is_ascii_alphanumeric());
        let length = folded.iter_mut().zip(signs).map(|(to, sign)| *to = sign.to_ascii_lowercase()).count();
        let folded = str::from_utf8(&folded[..length]).unwrap_or_default();
        self.vocabulary.word_of(folded, TokenKind::Code)
    }

    fn end_paragraph(&mut self, at: usize) {
        if let Some(last) = self.list.last_mut().filter(|last| last.gap != Gap::Paragraph) {
            last.question |= self.text[last.end as usize..at].contains(QUESTION_MARKS);
            last.gap = Gap::Paragraph;
        }
    }

    fn prose(&mut self, zone: Range<usize>) {
        let bytes = self.text.as_bytes();
        let mut at = zone.start;
        while at < zone.end {
            if bytes[at].is_ascii_whitespace() {
                at += 1;
                continue;
            }
            let behind = self.plain_run(at, zone.end);
            if behind > at {
                at = behind;
                continue;
            }
            // The last word of a text stands alone.
            let word = letters(&bytes[at..zone.end]);
            let digits = if word == 0 { digits(&bytes[at..zone.end]) } else { 0 };
            let after = at + word + digits;
            let mark = usize::from(after < zone.end && is_closing_byte(bytes[after]));
            if after > at && bytes[..zone.end].get(after + mark).is_none_or(u8::is_ascii_whitespace) {
                self.push(at..after, if word > 0 { TokenKind::Word } else { TokenKind::Number });
                at = after + mark;
                continue;
            }
            let length = memchr::memchr3(b' ', b'\n', b'\t', &bytes[at..zone.end]).unwrap_or(zone.end - at);
            self.chunk(at..at + length, word);
            at += length;
        }
    }

    /// What stands between two spaces, and begins with so many bytes of letters.
    fn chunk(&mut self, chunk: Range<usize>, mut letters: usize) {
        let mut at = chunk.start;
        while let Some(sign) = about_sign(&self.text[at..chunk.end], &self.text[chunk.end..]) {
            let (start, end) = (at + sign.start, at + sign.end);
            if start > at {
                self.part_of_chunk(at..start, letters);
            }
            self.close_gap(start);
            let word = self.vocabulary.word_of(ABOUT, TokenKind::Word);
            self.push_word(start..end, word, TokenKind::Word);
            (at, letters) = (end, 0);
        }
        self.part_of_chunk(at..chunk.end, letters);
    }

    /// The same without signs that say "about".
    fn part_of_chunk(&mut self, chunk: Range<usize>, letters: usize) {
        let first = self.list.len();
        let written = &self.text[chunk.clone()];
        if letters > 0 && written[letters..].chars().all(is_closing) {
            self.push(chunk.start..chunk.start + letters, TokenKind::Word);
            return;
        }
        if written.chars().all(is_plain) {
            self.plain_words(chunk.clone());
        } else {
            for (at, word) in written.unicode_word_indices() {
                self.word(chunk.start + at..chunk.start + at + word.len());
            }
        }
        self.merge_codes(first);
    }

    /// The words of a chunk by the rules of UAX #29, as far as they are about plain signs.
    fn plain_words(&mut self, chunk: Range<usize>) {
        let text = self.text;
        let mut start = None;
        let mut before = Class::Other;
        let mut signs = text[chunk.clone()].char_indices();
        while let Some((at, sign)) = signs.next() {
            let class = class(sign);
            match class {
                Class::Letter | Class::Digit | Class::Joiner => {
                    start.get_or_insert(at);
                    before = class;
                }
                // Marks and invisible signs belong to what they stand on.
                Class::Extend => {}
                Class::Mid { letters, digits } => {
                    let after = signs
                        .clone()
                        .map(|(_, next)| self::class(next))
                        .find(|class| *class != Class::Extend);
                    let joins = match (before, after) {
                        (Class::Letter, Some(Class::Letter)) => letters,
                        (Class::Digit, Some(Class::Digit)) => digits,
                        _ => false,
                    };
                    if !joins && let Some(start) = start.take() {
                        self.word(chunk.start + start..chunk.start + at);
                    }
                }
                Class::Other => {
                    if let Some(start) = start.take() {
                        self.word(chunk.start + start..chunk.start + at);
                    }
                }
            }
        }
        if let Some(start) = start {
            self.word(chunk.start + start..chunk.end);
        }
    }

    /// A word without digits, cut at its dots where a space was forgotten: "Thanks.We" is two words, "e.g" and "p.m"
    /// are one.
    fn glued_words(&mut self, range: Range<usize>) {
        let text = self.text;
        let mut start = range.start;
        let mut before = 0;
        let mut at = range.start;
        for part in text[range.clone()].split(['.', ':']) {
            let letters = part.chars().filter(|sign| sign.is_alphabetic()).count();
            if before > 1 && letters > 1 {
                self.push(start..at - 1, TokenKind::Word);
                start = at;
                before = 0;
            }
            before += letters;
            at += part.len() + 1;
        }
        self.push(start..range.end, TokenKind::Word);
    }

    /// A word of UAX #29, cut further where its parts are words or numbers of their own.
    fn word(&mut self, range: Range<usize>) {
        let written = &self.text[range.clone()];
        if !written.chars().any(char::is_alphanumeric) {
            return;
        }
        if !written.chars().any(char::is_numeric) {
            self.glued_words(range);
            return;
        }
        let letters = written.chars().filter(|sign| sign.is_alphabetic()).count();
        if letters == 0 {
            let kind = if is_number(written) { TokenKind::Number } else { TokenKind::Code };
            self.push(range, kind);
            return;
        }
        // "10h", "24órás": a number with its unit. Capitals ("5G") and digits after letters ("24x7") make a code.
        let split = written.find(char::is_alphabetic).unwrap_or(written.len());
        let (number, unit) = written.split_at(split);
        if is_number(number) && unit.chars().all(|sign| sign.is_alphabetic() && !sign.is_uppercase()) {
            self.push(range.start..range.start + split, TokenKind::Number);
            self.push(range.start + split..range.end, TokenKind::Word);
        } else {
            self.push(range, TokenKind::Code);
        }
    }

    /// Makes one code of tokens that a hyphen, slash, colon or dot joins, where they are a date, a time, a phone or an
    /// order number. Two plain numbers joined once stay a range, and a word in small letters ("10:30-kor") stays apart.
    fn merge_codes(&mut self, first: usize) {
        let text = self.text;
        if self.list.len() < first + 2 || self.list[first..].iter().all(|token| token.kind == TokenKind::Word)
        {
            return;
        }
        // Where the next run begins, and where it goes to.
        let (mut start, mut to) = (first, first);
        while start < self.list.len() {
            let parts = &self.list[start..];
            let joins = |pair: &[Token]| {
                is_code_part(text, &parts[0])
                    && is_code_part(text, &pair[1])
                    && matches!(
                        &text[pair[0].range().end..pair[1].range().start],
                        "-" | "–" | "/" | ":" | "." | "−" | "‑"
                    )
            };
            let length = 1 + parts.windows(2).take_while(|pair| joins(pair)).count();
            let run = &parts[..length];
            if length > 1 && is_code(text, run) {
                let folded = run.iter().map(|part| self.vocabulary.folded(part.word.id)).collect::<String>();
                let word = self.vocabulary.word_of(&folded, TokenKind::Code);
                let last = run[length - 1];
                self.list[to] = Token { start: run[0].start, word, kind: TokenKind::Code, ..last };
                to += 1;
            } else {
                self.list.copy_within(start..start + length, to);
                to += length;
            }
            start += length;
        }
        self.list.truncate(to);
    }
}

/// Whether a token may be a part of a code: it has digits or is in capitals.
fn is_code_part(text: &str, token: &Token) -> bool {
    let word = &text[token.range()];
    token.kind != TokenKind::Word
        || word.chars().all(|sign| !sign.is_lowercase()) && word.chars().any(char::is_uppercase)
}

/// Whether parts that stand side by side without a space are one code.
fn is_code(text: &str, run: &[Token]) -> bool {
    let short = |token: &Token| token.kind == TokenKind::Number && token.end - token.start <= 8;
    match run {
        [a, b] if short(a) && short(b) => text.as_bytes()[a.end as usize] == b':',
        _ => run.iter().any(|part| part.kind != TokenKind::Word),
    }
}

const QUESTION_MARKS: [char; 3] = ['?', '؟', '？'];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// "_" joins whatever it stands between.
    Joiner,
    Extend,
    /// Joins letters, or digits, where it stands between two.
    Mid {
        letters: bool,
        digits: bool,
    },
    Other,
}

/// Bytes of the letters that a text begins with, as far as they are of scripts that most texts are in.
fn letters(bytes: &[u8]) -> usize {
    // A word does not begin with a mark.
    if bytes.first_chunk().is_some_and(|pair| is_mark(*pair)) { 0 } else { letters_from(bytes, 0) }
}

/// Where the letters end that go on at `at`.
fn letters_from(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at += ascii_letters(&bytes[at..]);
        let before = at;
        let (pairs, _) = bytes[at..].as_chunks();
        at += 2 * pairs.iter().take_while(|pair| is_letter_of_two_bytes(**pair)).count();
        // The half-space belongs to the word that it stands in.
        if at > 0 && bytes.get(at) == Some(&0xe2) && bytes[at..].starts_with("\u{200c}".as_bytes()) {
            at += 3;
        }
        if at == before {
            return at;
        }
    }
}

/// The length of the word, number or code that a text begins with, if it is one of those that most are: letters, with an
/// apostrophe at most; digits; capitals and digits with a hyphen between them, or a time. `chunk` is how the text begins.
fn plain_token(chunk: &[u8; 16], bytes: &[u8]) -> (usize, TokenKind) {
    let digits_from = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = ascii_word(chunk);
    // How long a word is cannot be foreseen: what follows looks at all of the chunk, without a branch for each letter.
    match chunk.get(length) {
        Some(0xc3..=0xc8) => length = latin_word(chunk),
        Some(0xd0..=0xd1) if length == 0 => {
            length = cyrillic_letters(chunk);
            if length == chunk.len()
                && let Some(next) = bytes.get(length..).and_then(<[u8]>::first_chunk)
            {
                length += cyrillic_letters(next);
            }
        }
        Some(0xd8..=0xdb) if length == 0 => length = arabic_word(chunk),
        _ => {}
    }
    length = length.min(bytes.len());
    match bytes.get(length) {
        Some(0x80..) if length > 0 => length = letters_from(bytes, length),
        Some(0x80..) => {
            length = letters(bytes);
            if length == 0 {
                let (pairs, _) = bytes.as_chunks();
                let digits = pairs.iter().take_while(|pair| is_digit_of_two_bytes(**pair)).count();
                return (2 * digits * usize::from(digits <= MOST_DIGITS), TokenKind::Number);
            }
        }
        Some(_) if length == chunk.len() => length = letters_from(bytes, length),
        Some(b'\'') if length > 0 => {
            length += match letters(&bytes[length + 1..]) {
                0 => 0,
                letters => 1 + letters,
            };
        }
        Some(b'-') if bytes[..length].iter().all(u8::is_ascii_uppercase) && length > 0 => {
            let digits = digits_from(length + 1);
            if digits > 0 && length + digits <= LONGEST_CODE {
                return (length + 1 + digits, TokenKind::Code);
            }
        }
        Some(b'0'..=b'9') if length == 0 => {
            let digits = digits(bytes);
            let more = if bytes.get(digits) == Some(&b':') { digits_from(digits + 1) } else { 0 };
            let is_time = more > 0 && digits.max(more) <= 2;
            return if is_time { (digits + 1 + more, TokenKind::Code) } else { (digits, TokenKind::Number) };
        }
        _ => {}
    }
    (length, TokenKind::Word)
}

/// How many ASCII letters a text begins with.
fn ascii_letters(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk() {
        let others = not_letters(*chunk);
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
}

/// How many ASCII letters 16 bytes begin with.
fn ascii_word(chunk: &[u8; 16]) -> usize {
    let ([first, second], []) = chunk.as_chunks() else { return 0 };
    let others = not_letters(*first);
    if others != 0 {
        return others.trailing_zeros() as usize / 8;
    }
    8 + not_letters(*second).trailing_zeros() as usize / 8
}

/// How many bytes of letters 16 bytes begin with, where these are ASCII or Latin letters of two bytes, without one that is
/// cut off.
fn latin_word(chunk: &[u8; 16]) -> usize {
    const EACH: u128 = u128::MAX / 0xff;
    const HIGH: u128 = 0x80 * EACH;
    let ([first, second], []) = chunk.as_chunks() else { return 0 };
    let not_ascii = u128::from(not_letters(*first)) | u128::from(not_letters(*second)) << 64;
    let bytes = u128::from_le_bytes(*chunk);
    // The high bits of those bytes above ASCII whose lower bits are from one to another, compared as in `not_letters`.
    let between = |first: u8, last: u8| {
        let from = |least: u8| (bytes | HIGH) - u128::from(least) * EACH;
        from(first) & !from(last + 1) & bytes & HIGH
    };
    let firsts = between(0x43, 0x48);
    // "×" and "÷" stand among the letters.
    let signs = between(0x17, 0x17) | between(0x37, 0x37);
    let before_signs = between(0x43, 0x43) & signs >> 8;
    let cut_off = firsts & 1 << 127;
    let others = not_ascii & !(firsts | firsts << 8) | before_signs | cut_off;
    others.trailing_zeros() as usize / 8
}

/// How many bytes of the letters of Russian and its relatives 16 bytes begin with.
fn cyrillic_letters(chunk: &[u8; 16]) -> usize {
    // Each is one of two first bytes with any second.
    const EACH: u128 = u128::MAX / 0xffff;
    let others = u128::from_le_bytes(*chunk) & (0xc0fe * EACH) ^ (0x80d0 * EACH);
    2 * (others.trailing_zeros() as usize / 16)
}

/// How many bytes of letters of two bytes 16 bytes begin with: those of the Arabic script lie scattered.
fn arabic_word(chunk: &[u8; 16]) -> usize {
    let (pairs, _) = chunk.as_chunks();
    if pairs.first().is_some_and(|pair| is_mark(*pair)) {
        return 0;
    }
    let others = pairs
        .iter()
        .enumerate()
        .fold(0, |others, (at, pair)| others | u32::from(!is_letter_of_two_bytes(*pair)) << at);
    2 * (others | 1 << pairs.len()).trailing_zeros() as usize
}

/// The high bits of those of eight bytes that are no ASCII letters.
fn not_letters(chunk: [u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // The high bit of a byte tells whether it is a letter; it is set in all before they are compared, so that no byte borrows
    // from the next.
    let chunk = u64::from_le_bytes(chunk);
    let small = chunk | (0x20 * EACH) | HIGH;
    let from_a = small - u64::from(b'a') * EACH;
    let behind_z = small - u64::from(b'z' + 1) * EACH;
    !(from_a & !behind_z & !chunk) & HIGH
}

/// Whether these are a letter of two bytes, or a mark that stands on one.
fn is_letter_of_two_bytes([first, second]: [u8; 2]) -> bool {
    matches!(first, 0xc3..=0xdb) & (TWO_BYTE_LETTERS[usize::from(first & 0x1f)] >> (second & 0x3f) & 1 == 1)
}

/// Whether these are a mark that stands on a letter.
fn is_mark([first, second]: [u8; 2]) -> bool {
    first == 0xd9 && (MARKS.0 & 0x3f..=MARKS.1 & 0x3f).contains(&usize::from(second & 0x3f))
}

/// Whether these are a digit of the Arabic script.
fn is_digit_of_two_bytes(pair: [u8; 2]) -> bool {
    matches!(pair, [0xd9, 0xa0..=0xa9] | [0xdb, 0xb0..=0xb9])
}

/// Vowel marks and others of the Arabic script, which stand on the letter before them.
const MARKS: (usize, usize) = (0x64b, 0x65f);

/// Letters of two bytes: a bit for each second byte, by the first.
const TWO_BYTE_LETTERS: [u64; 32] = {
    const RANGES: [(usize, usize); 9] = [
        (0xc0, 0xd6),
        (0xd8, 0xf6),
        (0xf8, 0x24f),
        (0x400, 0x481),
        (0x48a, 0x52f),
        (0x620, 0x63f),
        (0x641, 0x64a),
        (MARKS.0, MARKS.1),
        (0x671, 0x6d3),
    ];
    let mut letters = [0; 32];
    let mut range = 0;
    while range < RANGES.len() {
        let (mut code, last) = RANGES[range];
        while code <= last {
            letters[code >> 6] |= 1 << (code & 0x3f);
            code += 1;
        }
        range += 1;
    }
    letters
};

/// Bytes of the digits that a text begins with, if they are no more than those of a plain number.
fn digits(bytes: &[u8]) -> usize {
    let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count <= MOST_DIGITS { count } else { 0 }
}

/// A plain number has no more digits before its decimal sign.
const MOST_DIGITS: usize = 9;

/// Marks of one byte that [`is_closing`] knows.
fn is_closing_byte(byte: u8) -> bool {
    matches!(byte, b'.' | b',' | b'!' | b'?' | b';' | b':' | b')' | b'"')
}

/// Marks that may close a chunk and are no part of a word when no letter follows.
fn is_closing(sign: char) -> bool {
    matches!(sign, '.' | ',' | '!' | '?' | ';' | ':' | ')' | '"' | '”' | '»' | '…' | '،' | '؛' | '؟')
}

/// Signs whose place in UAX #29 [`class`] knows.
fn is_plain(sign: char) -> bool {
    matches!(sign, '\u{0}'..='\u{7f}' | '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{ae}' | '\u{b0}' | '\u{b7}' | '\u{bb}' | '\u{bf}'..='\u{24f}'
        | '\u{300}'..='\u{36f}' | '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3c9}' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}'
        | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{620}'..='\u{65f}' | '\u{660}'..='\u{669}' | '\u{66a}' | '\u{671}'..='\u{6d3}'
        | '\u{6f0}'..='\u{6f9}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2010}'..='\u{2014}' | '\u{2018}'..='\u{201e}'
        | '\u{2022}' | '\u{2026}' | '\u{20ac}')
}

fn class(sign: char) -> Class {
    match sign {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => Class::Digit,
        '_' => Class::Joiner,
        '\'' | '.' | '\u{2018}' | '\u{2019}' => Class::Mid { letters: true, digits: true },
        ':' | '\u{b7}' => Class::Mid { letters: true, digits: false },
        ',' | ';' | '\u{60c}' => Class::Mid { letters: false, digits: true },
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200e}' | '\u{200f}' => Class::Extend,
        _ if sign.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

/// A plain number: digits, with one decimal sign or with groups of three.
fn is_number(written: &str) -> bool {
    let mut groups = written.split(['.', ',', '\'', '’', '،', '٫', '٬']);
    let first = groups.next().unwrap_or_default();
    let is_digits = |part: &str| !part.is_empty() && part.chars().all(char::is_numeric);
    let is_group = |part: &str| part.chars().count() == 3;
    is_digits(first)
        && first.chars().count() <= MOST_DIGITS
        && groups.clone().all(is_digits)
        && (groups.clone().nth(1).is_none() || groups.all(is_group))
}

/// The signs that say "about" before a number.
pub(crate) const ABOUT_SIGNS: [char; 2] = ['~', '≈'];

/// Where a sign that says "about" stands before a number, which may stand behind a space.
fn about_sign(written: &str, behind: &str) -> Option<Range<usize>> {
    let (at, sign) = written.match_indices(ABOUT_SIGNS).next()?;
    let after = &written[at + sign.len()..];
    let after = if after.is_empty() { behind.strip_prefix(' ').unwrap_or_default() } else { after };
    let is_sign = after.starts_with(char::is_numeric) && !written[..at].ends_with(char::is_alphanumeric);
    is_sign.then_some(at..at + sign.len())
}

/// What stands between a token and the one that begins at `next`.
fn gap(text: &str, before: &Token, between: Range<usize>, next: usize) -> (Gap, bool) {
    let written = &text[between.clone()];
    // Most gaps are a mark and a space.
    match written.as_bytes() {
        b" " => return (Gap::Space, false),
        b", " | b"; " | b": " => return (Gap::Clause, false),
        b". " => return (full_stop(text, before, written, next), false),
        b"? " => return (Gap::Sentence, true),
        b"! " => return (Gap::Sentence, false),
        _ => {}
    }
    let question = written.contains(QUESTION_MARKS);
    if let Some(line_end) = written.find('\n') {
        return (line_gap(text, between.start, &written[..line_end], &written[line_end..], next), question);
    }
    let mut gap = Gap::Space;
    let spaced = written.contains(char::is_whitespace);
    for (at, sign) in written.char_indices() {
        gap = gap.max(match sign {
            '!' | '?' | '؟' | '！' | '？' | '。' | '।' | '۔' => Gap::Sentence,
            // The first dot of a row speaks for all of them.
            '.' | '…' if written[..at].ends_with(['.', '…']) => Gap::Space,
            '.' | '…' => full_stop(text, before, &written[at..], next),
            ')' if at == 0 && is_list_number(text, before) && !begins_line(text, before) => Gap::Sentence,
            ',' | ';' | ':' | '،' | '؛' | '(' | ')' | '[' | ']' | '•' | '|' => Gap::Clause,
            '–' | '—' if spaced || sign == '—' => Gap::Clause,
            '-' if spaced => Gap::Clause,
            '\'' | '’' if spaced => Gap::Space,
            '-' | '–' | '/' | '\'' | '’' | '‑' => Gap::Join,
            // A picture closes what it stands behind.
            _ if is_picture(sign) => {
                if begins_with(text, next, char::is_uppercase) {
                    Gap::Sentence
                } else {
                    Gap::Clause
                }
            }
            _ => Gap::Space,
        });
    }
    (gap, question)
}

/// Whether a token is the number of a list's item: "1) 5 May", and at the beginning of a line "1. 5 May", but not the date
/// "1. 5. 2027".
fn numbers_item(text: &str, token: &Token, next: usize) -> bool {
    let after = &text[token.end as usize..];
    let is_plain_number = || {
        let behind = text[next..].trim_start_matches(char::is_numeric);
        behind.len() < text.len() - next && behind.starts_with(' ')
    };
    token.kind == TokenKind::Number
        && (after.starts_with(')')
            || after.starts_with(". ") && begins_line(text, token) && is_plain_number())
        && is_list_number(text, token)
}

/// Whether a token before a bracket is the number of a list's item, "1) 5 May, 2) 8 May", and no part of what stands in
/// brackets.
fn is_list_number(text: &str, token: &Token) -> bool {
    let before = &text[..token.start as usize];
    token.kind == TokenKind::Number
        && text[token.range()].chars().count() <= 2
        && (before.is_empty() || before.ends_with([' ', '\t', '\n']))
        // Only as far as the last bracket, so that a long line of such numbers takes no longer than others.
        && before.rfind(['\n', '(', ')']).is_none_or(|at| !before[at..].starts_with('('))
}

/// Whether a token is the first of its line.
fn begins_line(text: &str, token: &Token) -> bool {
    let before = text[..token.start as usize].trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with('\n')
}

/// What a full stop, or a row of them, means here.
fn full_stop(text: &str, before: &Token, from: &str, next: usize) -> Gap {
    let small = begins_with(text, next, char::is_lowercase);
    if from.starts_with("..") || from.starts_with('…') {
        return if small { Gap::Clause } else { Gap::Sentence };
    }
    let closed = from[1..].starts_with(|sign: char| sign.is_whitespace() || ")]»”\"'".contains(sign));
    if !closed {
        // "v.2", "settings.json", but "Thanks.We" and "sorry.we".
        let glued = small
            && before.kind == TokenKind::Word
            && before.end - before.start > 3
            && !FILE_ENDINGS.iter().any(|ending| is_word(text, next, ending));
        let ends = begins_with(text, next, char::is_uppercase) || glued || !small && from.len() > 1;
        return if ends { Gap::Sentence } else { Gap::Join };
    }
    let word = &text[before.range()];
    let initial =
        before.kind == TokenKind::Word && word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let line_start = || {
        text[..before.start as usize].trim_end_matches([' ', '\t', '(']).ends_with('\n') || before.start == 0
    };
    match before.kind {
        // A list's number, or an ordinal: "1. Open", "am 3. Mai", "12. május".
        TokenKind::Number if word.len() <= 3 && line_start() => Gap::Clause,
        TokenKind::Number if small && word.len() <= 4 => Gap::Space,
        // A date and its time, where dates end with a dot: "08.06. 23:59-ig".
        TokenKind::Code if is_dotted(word) && begins_with(text, next, char::is_numeric) => Gap::Space,
        _ if initial => Gap::Space,
        _ => Gap::Sentence,
    }
}

/// What names of files end with.
const FILE_ENDINGS: [&str; 32] = [
    "apk", "bat", "cfg", "conf", "config", "css", "csv", "dll", "doc", "docx", "exe", "html", "ini", "jpeg",
    "jpg", "js", "json", "log", "md", "mp4", "pdf", "php", "png", "py", "sql", "toml", "txt", "xls", "xlsx",
    "xml", "yaml", "yml",
];

/// Whether this word stands at a place.
fn is_word(text: &str, at: usize, word: &str) -> bool {
    text[at..].strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether this is nothing but digits and dots.
fn is_dotted(word: &str) -> bool {
    word.contains('.') && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// What a line break means: the end of a sentence, unless the text is wrapped at a width.
fn line_gap(text: &str, end: usize, before: &str, after: &str, next: usize) -> Gap {
    if after[1..].contains('\n') {
        return Gap::Paragraph;
    }
    let marker = after.trim_start();
    let begins_item = marker.starts_with(['-', '*', '•', '–', '—', '·', '▪', '✓', '✔'])
        || text[next..].starts_with(|sign: char| sign.is_numeric())
            && text[next..].trim_start_matches(char::is_numeric).starts_with(['.', ')']);
    let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
    let width = text[start..end].chars().count();
    let wrapped = width >= WRAPPED && !begins_item && !begins_with(text, next, char::is_uppercase);
    match before.trim_end().chars().next_back() {
        Some(',' | ';' | '،' | '-' | '–') if wrapped => Gap::Clause,
        None if wrapped => Gap::Space,
        _ => Gap::Sentence,
    }
}

/// Lines of at least so many signs may have been broken because the window was full.
const WRAPPED: usize = 55;

fn begins_with(text: &str, at: usize, passes: impl Fn(char) -> bool) -> bool {
    text[at..].chars().next().is_some_and(passes)
}

fn is_picture(sign: char) -> bool {
    matches!(sign, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::{Cutter, Gap, Token, TokenKind, letters, plain_token, tokens_of};
    use crate::vocabulary::Vocabulary;

    fn words(text: &str) -> Vec<String> {
        tokens_of(text, &mut Vocabulary::default())
            .iter()
            .map(|token| {
                let mark = match token.kind {
                    TokenKind::Word => "",
                    TokenKind::Number => "#",
                    TokenKind::Code => "=",
                };
                format!("{mark}{}", &text[token.range()])
            })
            .collect()
    }

    fn gaps(text: &str) -> Vec<Gap> {
        let mut gaps: Vec<Gap> =
            tokens_of(text, &mut Vocabulary::default()).iter().map(|token| token.gap).collect();
        gaps.pop();
        gaps
    }

    #[test]
    fn words_numbers_and_codes() {
        assert_eq!(words("Don't wait 2-3 days"), ["Don't", "wait", "#2", "#3", "days"]);
        assert_eq!(words("două-trei zile, ۲ تا ۳ روز"), ["două", "trei", "zile", "#۲", "تا", "#۳", "روز"]);
        assert_eq!(words("on 12.05.2026 at 10:30"), ["on", "=12.05.2026", "at", "=10:30"]);
        assert_eq!(
            words("order RO-48211 or 1-800-555-0199"),
            ["order", "=RO-48211", "or", "=1-800-555-0199"]
        );
        assert_eq!(
            words("24h, 5-ig, 5G, 24x7, 1,200.50 1.5"),
            ["#24", "h", "#5", "ig", "=5G", "=24x7", "=1,200.50", "#1.5"]
        );
        assert_eq!(
            words("in ~3 weeks (≈ 2–3) 2~3 ~/bin ~ Jo"),
            ["in", "~", "#3", "weeks", "≈", "#2", "#3", "#2", "#3", "bin", "Jo"]
        );
        assert_eq!(words("1) 5 May 2) 8 (at 9) 10"), ["1", "#5", "May", "2", "#8", "at", "#9", "#10"]);
        assert_eq!(words("1. 5 May\n2. 8 May"), ["1", "#5", "May", "2", "#8", "May"]);
        assert_eq!(words("1. 5. 2027\nby 3. 5 May"), ["#1", "#5", "#2027", "by", "#3", "#5", "May"]);
        assert_eq!(words("Thanks.We e.g. p.m. т.е."), ["Thanks", "We", "e.g", "p.m", "т.е"]);
        assert_eq!(words("می‌توانیم l'ordine"), ["می‌توانیم", "l'ordine"]);
        assert_eq!(words("see https://example.com/soon"), ["see", "https", "example", "com", "soon"]);
        assert_eq!(
            words("at 10:30,or 10:30-kor, 12.5.2026-án"),
            ["at", "=10:30", "or", "=10:30", "kor", "=12.5.2026", "án"]
        );
        assert_eq!(words("iPhone 15, COVID-19; 2-3-day"), ["iPhone", "#15", "=COVID-19", "#2", "#3", "day"]);
        assert_eq!(
            words("10–14 and 3/4 and 12/05/2026"),
            ["#10", "#14", "and", "#3", "#4", "and", "=12/05/2026"]
        );
    }

    #[test]
    fn gaps_between_words() {
        use Gap::*;
        assert_eq!(gaps("a, b c-d"), [Clause, Space, Join]);
        assert_eq!(gaps("One. Two! three"), [Sentence, Sentence]);
        assert_eq!(gaps("the customers' choice 24/7"), [Space, Space, Space, Join]);
        assert_eq!(gaps("Well... yes … No… No"), [Clause, Sentence, Sentence]);
        assert_eq!(gaps("J. Smith"), [Space]);
        assert_eq!(gaps("am 3. Mai"), [Space, Sentence]);
        assert_eq!(gaps("az 12. május"), [Space, Space]);
        assert_eq!(gaps("2026.08.06. 23:59-ig. Kész"), [Space, Join, Sentence]);
        assert_eq!(gaps("2026.08.06. Kész"), [Sentence]);
        assert_eq!(gaps("the settings.json, sorry.we"), [Space, Join, Clause, Sentence]);
        assert_eq!(gaps("1. Open"), [Clause]);
        assert_eq!(gaps("so: 1) 5 May 2) June"), [Clause, Sentence, Space, Sentence, Sentence]);
        assert_eq!(gaps("1) Open"), [Clause]);
        assert_eq!(gaps("a\n 2) b"), [Sentence, Clause]);
        assert_eq!(gaps("(see point 3) we (2) go"), [Space, Space, Clause, Clause, Clause]);
        assert_eq!(gaps("(pay=0). We"), [Space, Sentence]);
        assert_eq!(gaps("a\n\nb\r\n\r\nc\nd"), [Paragraph, Paragraph, Sentence]);
        assert_eq!(gaps("Thanks 😊 We"), [Sentence]);
        assert_eq!(gaps("«да» нет"), [Space]);
        assert_eq!(gaps("سلام، خوبی؟ بله"), [Clause, Sentence]);
        let wrapped = "This line goes on and on until the mail program wraps it at\nsome width of its own.";
        assert!(gaps(wrapped).iter().all(|gap| *gap == Space));
    }

    /// The tokens, each chunk between two spaces cut by itself and slowly.
    fn slowly(text: &str, vocabulary: &mut Vocabulary) -> Vec<Token> {
        let mut list = Vec::new();
        let mut cutter = Cutter { text, vocabulary, list: &mut list };
        for chunk in text.split_ascii_whitespace() {
            let start = chunk.as_ptr() as usize - text.as_ptr() as usize;
            cutter.chunk(start..start + chunk.len(), 0);
        }
        cutter.end_paragraph(text.len());
        list
    }

    #[test]
    fn every_letter_of_two_bytes_is_known_at_every_place() {
        for code in 0xc0..=0x6ff {
            let Some(letter) = char::from_u32(code) else { continue };
            for before in 0..20 {
                for filler in ["a", "é", "и", "ش"] {
                    let text = format!("{}{letter} {}", filler.repeat(before), "b".repeat(16));
                    let bytes = text.as_bytes();
                    let Some(chunk) = bytes.first_chunk() else { continue };
                    if let (length, TokenKind::Word) = plain_token(chunk, bytes) {
                        assert_eq!(length, letters(bytes), "{text}");
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn the_fast_path_agrees_with_the_slow_one(
            text in "([a-zA-Zăи]{1,2}|[a-z]{15,20}|[A-Z]{1,3}-[0-9]{1,5}|[0-9]{1,3}|[0-9]{1,2}:[0-9]{1,3}|[۰-۹٠-٩]{1,10}|['’.,:;!?،-]|[ \n]|[.,:;!?] |[~≈(] ?|[0-9]{1,2}\\) ){0,30}"
        ) {
            let mut vocabulary = Vocabulary::default();
            let fast = tokens_of(&text, &mut vocabulary);
            prop_assert_eq!(fast, slowly(&text, &mut vocabulary));
        }

        #[test]
        fn no_letter_is_lost(text in "[a-cA-C0-3:/.,\\-' é]{0,30}") {
            let tokens = tokens_of(&text, &mut Vocabulary::default());
            let mut covered = vec![false; text.len()];
            tokens.iter().for_each(|token| covered[token.range()].fill(true));
            for (at, sign) in text.char_indices().filter(|(_, sign)| sign.is_alphanumeric()) {
                prop_assert!(covered[at], "{} at {}", sign, at);
            }
        }

        #[test]
        fn tokens_lie_on_boundaries_in_order(text in "\\PC{0,60}|[a-z0-9.,:;'’\\-–/ \\n?!éß😀ا۲\u{200c}]{0,60}") {
            let tokens = tokens_of(&text, &mut Vocabulary::default());
            let mut last = 0;
            for token in &tokens {
                prop_assert!(text.get(token.range()).is_some());
                prop_assert!(token.start as usize >= last && token.end > token.start);
                last = token.end as usize;
            }
        }

        #[test]
        fn the_fast_path_agrees_with_uax_29(
            text in "([a-zA-Zéßșăőжщёا-يپچژگکیẞ][\u{64e}\u{654}\u{301}]{0,1}|[a-zéا-ي]{3}|[ '’_\u{200c}\u{301}«»\\-–()!×÷]|\\. |, |، |\n){0,40}"
        ) {
            let expected: Vec<&str> = text.unicode_words().collect();
            let tokens = tokens_of(&text, &mut Vocabulary::default());
            let found: Vec<&str> = tokens.iter().map(|token| &text[token.range()]).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
