//! Where a text stands in the file that it was read from.

use std::borrow::Cow;
use std::ops::Range;

/// A part of a text and the bytes of the source that it came from. Parts of equal length are the same bytes; otherwise
/// the part as a whole stands for its source (an escape, a decoded character).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: Range<usize>,
    source: Range<usize>,
}

impl Piece {
    fn is_verbatim(&self) -> bool {
        self.text.len() == self.source.len()
    }
}

/// Byte ranges of a text → byte ranges of its source. Monotone: what stands later in the text stands later in the
/// source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceMap {
    pieces: Vec<Piece>,
}

impl SourceMap {
    /// The map of a text that is a part of its source as it is, from byte `start` on.
    pub fn verbatim(start: usize, length: usize) -> Self {
        let mut map = SourceMap::default();
        map.push(0..length, start..start + length);
        map
    }

    /// The map of a text of which only is known that it came from these bytes.
    pub fn whole(length: usize, source: Range<usize>) -> Self {
        let mut map = SourceMap::default();
        map.push(0..length, source);
        map
    }

    /// The bytes of the source that a range of the text came from; an empty range where the map is empty.
    pub fn to_source(&self, range: &Range<usize>) -> Range<usize> {
        let at = self.pieces.partition_point(|piece| piece.text.end <= range.start);
        let start = match self.pieces.get(at) {
            Some(piece) if piece.is_verbatim() => {
                piece.source.start + range.start.saturating_sub(piece.text.start)
            }
            Some(piece) => piece.source.start,
            None => self.pieces.last().map_or(0, |piece| piece.source.end),
        };
        if range.end <= range.start {
            return start..start;
        }
        let after = self.pieces.partition_point(|piece| piece.text.start < range.end);
        let end = match after.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            Some(piece) if piece.is_verbatim() => {
                piece.source.start + (range.end.min(piece.text.end) - piece.text.start)
            }
            Some(piece) => piece.source.end,
            None => start,
        };
        start..end.max(start)
    }

    /// The map to the source's own source.
    pub(crate) fn through(&self, source: &SourceMap) -> SourceMap {
        let mut out = SourceMap::default();
        for piece in &self.pieces {
            if !piece.is_verbatim() {
                out.push(piece.text.clone(), source.to_source(&piece.source));
                continue;
            }
            let first = source.pieces.partition_point(|below| below.text.end <= piece.source.start);
            for below in source.pieces[first..].iter().take_while(|below| below.text.start < piece.source.end)
            {
                let from = below.text.start.max(piece.source.start);
                let to = below.text.end.min(piece.source.end);
                let text =
                    piece.text.start + from - piece.source.start..piece.text.start + to - piece.source.start;
                out.push(text, source.to_source(&(from..to)));
            }
        }
        out
    }

    /// Adds the next part. Parts that go back in the text or the source are left out, so that the map stays monotone.
    pub(crate) fn push(&mut self, text: Range<usize>, source: Range<usize>) {
        if text.is_empty() || source.start > source.end {
            return;
        }
        let next = Piece { text, source };
        match self.pieces.last_mut() {
            Some(last) if last.text.end > next.text.start || last.source.end > next.source.start => {}
            Some(last)
                if last.is_verbatim()
                    && next.is_verbatim()
                    && last.text.end == next.text.start
                    && last.source.end == next.source.start =>
            {
                last.text.end = next.text.end;
                last.source.end = next.source.end;
            }
            _ => self.pieces.push(next),
        }
    }
}

/// A text that is put together from parts of another one which has a map itself.
#[derive(Debug, Default)]
pub(crate) struct TextBuilder {
    pub text: String,
    pub map: SourceMap,
}

impl TextBuilder {
    /// Appends a range of a text with what its map says about it.
    pub fn push(&mut self, text: &str, map: &SourceMap, range: Range<usize>) {
        let Some(words) = text.get(range.clone()) else { return };
        let base = self.text.len();
        self.text.push_str(words);
        let first = map.pieces.partition_point(|piece| piece.text.end <= range.start);
        for piece in map.pieces[first..].iter().take_while(|piece| piece.text.start < range.end) {
            let from = piece.text.start.max(range.start);
            let to = piece.text.end.min(range.end);
            let source = if piece.is_verbatim() {
                let shift = from - piece.text.start;
                piece.source.start + shift..piece.source.start + shift + (to - from)
            } else {
                piece.source.clone()
            };
            self.map.push(base + from - range.start..base + to - range.start, source);
        }
    }

    /// Appends something that has no place in the source.
    pub fn push_new(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The text without white space at its ends.
    pub fn trimmed(self) -> TextBuilder {
        let start = self.text.len() - self.text.trim_start().len();
        let end = self.text.trim_end().len().max(start);
        if start == 0 && end == self.text.len() {
            return self;
        }
        let mut out = TextBuilder::default();
        out.push(&self.text, &self.map, start..end);
        out
    }
}

/// The map of a text whose lines stand in the source one after the other, but for indents and marks between them; the
/// text as a whole where a line is not found.
pub(crate) fn align_lines(text: &str, source: &str, within: Range<usize>) -> SourceMap {
    let mut map = SourceMap::default();
    let mut cursor = within.start;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end();
        if !words.is_empty() {
            let Some(found) = source.get(cursor..within.end).and_then(|rest| rest.find(words)) else {
                return SourceMap::whole(text.len(), within);
            };
            let start = cursor + found;
            map.push(at..at + words.len(), start..start + words.len());
            cursor = start + words.len();
        }
        at += line.len();
    }
    map
}

/// Where a text of a thread stands in the source that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    kind: PlaceKind,
    is_readable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PlaceKind {
    Map(SourceMap),
    /// A string of JSON with its quotes. Its escapes are counted when somebody asks, as most are never asked about.
    Json(Range<usize>),
}

impl Place {
    /// The place of a text whose source people read as it is: a text file, a plain mail.
    pub(crate) fn readable(map: SourceMap) -> Self {
        Place { kind: PlaceKind::Map(map), is_readable: true }
    }

    /// The place of a text that is written in some code in its source.
    pub(crate) fn coded(map: SourceMap) -> Self {
        Place { kind: PlaceKind::Map(map), is_readable: false }
    }

    /// The place of a string of JSON.
    pub(crate) fn json(string: Range<usize>) -> Self {
        Place { kind: PlaceKind::Json(string), is_readable: false }
    }

    /// Moves the place by so many bytes, for a source that is a part of a longer one.
    pub(crate) fn shift(&mut self, by: usize) {
        let shift = |range: &mut Range<usize>| *range = range.start + by..range.end + by;
        match &mut self.kind {
            PlaceKind::Map(map) => map.pieces.iter_mut().for_each(|piece| shift(&mut piece.source)),
            PlaceKind::Json(string) => shift(string),
        }
    }

    /// Whether the source's own lines can be shown to a person in place of the text's.
    pub fn is_readable(&self) -> bool {
        self.is_readable
    }

    /// The way from the text to its source.
    pub fn map(&self, source: &[u8]) -> Cow<'_, SourceMap> {
        match &self.kind {
            PlaceKind::Map(map) => Cow::Borrowed(map),
            PlaceKind::Json(string) => {
                Cow::Owned(match source.get(string.clone()).map(std::str::from_utf8) {
                    Some(Ok(raw)) => crate::json_text::map(raw, string.start),
                    _ => SourceMap::default(),
                })
            }
        }
    }

    /// The bytes of the source that a range of the text came from. For many ranges, [`Place::map`] is faster.
    pub fn to_source(&self, source: &[u8], range: &Range<usize>) -> Range<usize> {
        self.map(source).to_source(range)
    }
}

/// The places of a thread's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The draft's.
    pub draft: Place,
    /// The messages', in their order.
    pub messages: Vec<Place>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SourceMap, TextBuilder, align_lines};

    #[test]
    fn parts_lead_back() {
        let source = "> ab\n> cd\n";
        let whole = SourceMap::verbatim(0, source.len());
        let mut builder = TextBuilder::default();
        builder.push(source, &whole, 2..5);
        builder.push(source, &whole, 7..10);
        assert_eq!(builder.text, "ab\ncd\n");
        assert_eq!(builder.map.to_source(&(1..4)), 3..8);
        assert_eq!(builder.map.to_source(&(3..5)), 7..9);
        assert_eq!(builder.map.to_source(&(6..6)), 10..10);
        let trimmed = builder.trimmed();
        assert_eq!(trimmed.map.to_source(&(3..5)), 7..9);
        assert_eq!(SourceMap::default().to_source(&(3..5)), 0..0);
        assert_eq!(SourceMap::whole(9, 5..7).to_source(&(3..5)), 5..7);
    }

    #[test]
    fn indented_lines_are_found() {
        let source = "customer: |\n  one\n\n  two\nx: y";
        let map = align_lines("one\n\ntwo\n", source, 12..source.len());
        assert_eq!(&source[map.to_source(&(5..8))], "two");
        assert_eq!(align_lines("three", source, 3..9).to_source(&(1..2)), 3..9);
    }

    proptest! {
        #[test]
        fn later_in_the_text_is_later_in_the_source(
            parts in proptest::collection::vec((0usize..4, 0usize..6, 0usize..6, any::<bool>()), 0..12),
            a in 0usize..40, b in 0usize..40,
        ) {
            let mut map = SourceMap::default();
            let (mut text, mut source) = (0, 0);
            for (gap, length, other, same) in parts {
                text += gap;
                source += gap;
                let coded = if same { length } else { other };
                map.push(text..text + length, source..source + coded);
                text += length;
                source += coded;
            }
            let (a, b) = (a.min(b), a.max(b));
            let (first, second) = (map.to_source(&(a..a + 3)), map.to_source(&(b..b + 3)));
            prop_assert!(first.start <= second.start && first.end <= second.end, "{first:?} {second:?}");
            prop_assert!(first.start <= first.end);
        }
    }
}
