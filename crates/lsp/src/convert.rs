//! Between byte offsets, which the core speaks, and positions, which editors speak.
//!
//! The only place that knows of UTF-16. A line ends with `\n`, `\r\n` or a lone `\r` and with nothing else; a position
//! beyond the end of its line or text means that end.

use std::ops::Range;

use tower_lsp::lsp_types::{Position, PositionEncodingKind, Range as LspRange};

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what the protocol means unless something else was agreed on.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best of what a client offers: bytes need no counting, and UTF-16 is always allowed.
    pub fn negotiate(offered: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let offered: Vec<_> = offered.into_iter().collect();
        let has = |name: &str| offered.iter().any(|offer| offer.as_ref() == name);
        if has("utf-8") {
            Encoding::Utf8
        } else if has("utf-32") && !has("utf-16") {
            Encoding::Utf32
        } else {
            Encoding::Utf16
        }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
            Encoding::Utf32 => text.chars().count(),
        }
    }

    fn width(self, sign: char) -> usize {
        match self {
            Encoding::Utf8 => sign.len_utf8(),
            Encoding::Utf16 => sign.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
}

/// Units are counted from the last mark; there is one each so many bytes, so that one long line costs no more than
/// many short ones.
const MARK_EVERY: usize = 128;

/// A text with what is needed to find positions in it.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    text: String,
    encoding: Encoding,
    /// Where each line starts.
    lines: Vec<usize>,
    /// Units before each mark; empty where a unit is a byte.
    marks: Vec<usize>,
}

impl Text {
    pub fn new(text: String, encoding: Encoding) -> Self {
        let mut new = Text { text, encoding, lines: Vec::new(), marks: Vec::new() };
        new.index();
        new
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The position of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.floor(offset);
        let line = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let content = self.line(line);
        let column = self.units_before(offset.min(content.end)) - self.units_before(content.start);
        Position::new(small(line), small(column))
    }

    /// The byte offset of a position. A position inside a character means its start.
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        if line >= self.lines.len() {
            return self.text.len();
        }
        let content = self.line(line);
        let wanted = self.units_before(content.start).saturating_add(position.character as usize);
        if wanted >= self.units_before(content.end) {
            return content.end;
        }
        if self.marks.is_empty() {
            return self.floor(wanted);
        }
        let mark = self.marks.partition_point(|units| *units <= wanted).saturating_sub(1);
        let mut at = self.floor(mark * MARK_EVERY);
        let mut units = self.marks[mark];
        for sign in self.text[at..].chars() {
            units += self.encoding.width(sign);
            if units > wanted {
                break;
            }
            at += sign.len_utf8();
        }
        at
    }

    /// The end of a line, before its break.
    pub fn end_of_line(&self, line: u32) -> Position {
        self.position(self.line(line as usize).end)
    }

    /// The positions of a span.
    pub fn range(&self, span: &Range<usize>) -> LspRange {
        LspRange::new(self.position(span.start), self.position(span.end))
    }

    /// The span of two positions; the earlier one is its start, whatever their order.
    pub fn span(&self, range: &LspRange) -> Range<usize> {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        start.min(end)..start.max(end)
    }

    /// Puts `new` in place of a range, or of everything.
    pub fn edit(&mut self, range: Option<&LspRange>, new: &str) {
        match range {
            Some(range) => {
                let span = self.span(range);
                self.text.replace_range(span, new);
            }
            None => new.clone_into(&mut self.text),
        }
        self.index();
    }

    /// The bytes of a line without its break.
    fn line(&self, line: usize) -> Range<usize> {
        let start = self.lines.get(line).copied().unwrap_or(self.text.len());
        let end = match self.lines.get(line + 1) {
            None => self.text.len(),
            Some(next) if self.text[..*next].ends_with("\r\n") => next - 2,
            Some(next) => next - 1,
        };
        start..end.max(start)
    }

    fn index(&mut self) {
        let bytes = self.text.as_bytes();
        self.lines.clear();
        self.lines.push(0);
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        self.lines.extend(
            ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).map(|at| at + 1),
        );
        self.marks.clear();
        if self.encoding == Encoding::Utf8 || self.text.is_ascii() {
            return;
        }
        let mut units = 0;
        let mut at = 0;
        for mark in (0..=self.text.len()).step_by(MARK_EVERY) {
            let mark = self.floor(mark);
            units += self.encoding.units(&self.text[at..mark]);
            at = mark;
            self.marks.push(units);
        }
    }

    /// Units from the start of the text to an offset on a character boundary.
    fn units_before(&self, offset: usize) -> usize {
        match self.marks.get(offset / MARK_EVERY) {
            None => offset,
            Some(units) => {
                let mark = self.floor(offset / MARK_EVERY * MARK_EVERY);
                units + self.encoding.units(&self.text[mark..offset])
            }
        }
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tower_lsp::lsp_types::{Position, Range as LspRange};

    use super::{Encoding, Text};

    const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn columns_count_what_was_agreed_on() {
        // An emoji, a combining mark and a zero-width non-joiner before the word.
        let text = "a\r\n👩‍💻 e\u{301} می\u{200c}شود word";
        let at = text.find("word").unwrap();
        for (encoding, column) in [(Encoding::Utf8, 30), (Encoding::Utf16, 16), (Encoding::Utf32, 14)] {
            let text = Text::new(text.to_owned(), encoding);
            assert_eq!(text.position(at), Position::new(1, column), "{encoding:?}");
            assert_eq!(text.offset(Position::new(1, column)), at, "{encoding:?}");
        }
    }

    #[test]
    fn positions_beyond_the_end_mean_the_end() {
        let text = Text::new("👍a\rb\r\n\n".to_owned(), Encoding::Utf16);
        assert_eq!(text.lines.len(), 4);
        assert_eq!(text.offset(Position::new(0, 99)), 5);
        assert_eq!(text.offset(Position::new(0, 1)), 0, "inside the pair means before it");
        assert_eq!(text.offset(Position::new(1, 99)), 7);
        assert_eq!(text.offset(Position::new(99, 0)), text.as_str().len());
        assert_eq!(text.offset(Position::new(u32::MAX, u32::MAX)), text.as_str().len());
        assert_eq!(text.span(&LspRange::new(Position::new(1, 1), Position::new(0, 0))), 0..7);
    }

    #[test]
    fn encodings_are_negotiated() {
        assert_eq!(Encoding::negotiate(["utf-16", "utf-8"]), Encoding::Utf8);
        assert_eq!(Encoding::negotiate(["utf-32", "utf-16"]), Encoding::Utf16);
        assert_eq!(Encoding::negotiate(["utf-32"]), Encoding::Utf32);
        assert_eq!(Encoding::negotiate([""; 0]), Encoding::Utf16);
    }

    fn texts() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "a",
            "word ",
            "é",
            "e\u{301}",
            "👍",
            "👩‍💻",
            "🇷🇴",
            "می\u{200c}شود",
            "ش",
            "\n",
            "\r\n",
            "\r",
            "\u{2028}",
            "\u{85}",
            "\t",
            "ő",
            "Ж",
        ]);
        prop::collection::vec(pieces, 0..120).prop_map(|pieces| pieces.concat())
    }

    /// Lines as the protocol has them, counted the slow way.
    fn slow_position(text: &str, offset: usize, encoding: Encoding) -> Position {
        let before = text[..offset].replace("\r\n", "\n").replace('\r', "\n");
        let line = before.matches('\n').count();
        let column = encoding.units(before.rsplit('\n').next().unwrap());
        Position::new(u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(text in texts()) {
            for encoding in ENCODINGS {
                let indexed = Text::new(text.clone(), encoding);
                for offset in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                    if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') {
                        continue;
                    }
                    let position = indexed.position(offset);
                    prop_assert_eq!(position, slow_position(&text, offset, encoding));
                    prop_assert_eq!(indexed.offset(position), offset);
                }
            }
        }

        #[test]
        fn any_position_is_a_place_in_the_text(text in texts(), line in 0u32..60, column in 0u32..400) {
            for encoding in ENCODINGS {
                let indexed = Text::new(text.clone(), encoding);
                let offset = indexed.offset(Position::new(line, column));
                prop_assert!(text.is_char_boundary(offset));
                prop_assert_eq!(indexed.offset(indexed.position(offset)), offset);
            }
        }

        #[test]
        fn edits_are_those_of_a_plain_text(text in texts(), new in texts(), a in 0usize..500, b in 0usize..500) {
            for encoding in ENCODINGS {
                let mut indexed = Text::new(text.clone(), encoding);
                let at = |wanted: usize| {
                    let offset = indexed.floor(wanted);
                    indexed.offset(indexed.position(offset))
                };
                let (start, end) = (at(a.min(b)), at(a.max(b)));
                let range = indexed.range(&(start..end));
                let mut plain = text.clone();
                plain.replace_range(start..end, &new);
                indexed.edit(Some(&range), &new);
                let fresh = Text::new(plain.clone(), encoding);
                prop_assert_eq!(indexed.as_str(), plain.as_str());
                prop_assert_eq!(&indexed.lines, &fresh.lines);
                prop_assert_eq!(&indexed.marks, &fresh.marks);
            }
        }
    }
}
