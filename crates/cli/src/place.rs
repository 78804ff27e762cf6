//! Lines and columns of byte offsets.

use std::ops::Range;

/// Characters are counted up to each so many bytes, so that a column far along a line is found without reading it all.
const STRIDE: usize = 1024;

/// The lines of a text. Its bytes need not be UTF-8.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
    /// The characters before every [`STRIDE`] bytes.
    counts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t (impl AsRef<[u8]> + ?Sized)) -> Self {
        let text = text.as_ref();
        let breaks = memchr::memchr_iter(b'\n', text).map(|at| at + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        let counts = text
            .chunks(STRIDE)
            .scan(0, |count, chunk| {
                let before = *count;
                *count += characters(chunk);
                Some(before)
            })
            .collect();
        Lines { text, starts, counts }
    }

    /// The 1-based line and column, the column in characters.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        (line, self.characters_before(at) - self.characters_before(start) + 1)
    }

    fn characters_before(&self, at: usize) -> usize {
        let whole = (at / STRIDE).min(self.counts.len().saturating_sub(1));
        self.counts.get(whole).map_or(0, |count| count + characters(&self.text[whole * STRIDE..at]))
    }

    /// The bytes of the lines that a span touches, without the last line break.
    pub fn around(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.place(span.start).0;
        let last = self.place(span.end.max(span.start)).0;
        let start = self.starts.get(first - 1).copied().unwrap_or(0);
        let end = self.starts.get(last).map_or(self.text.len(), |next| next - 1);
        start..end.max(start)
    }
}

/// The bytes that begin a character.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0b1100_0000) != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::{Lines, STRIDE};

    #[test]
    fn columns_are_characters_however_far_along() {
        let text = format!("a\n{}é😀b\nc", "é".repeat(STRIDE * 3));
        let lines = Lines::new(&text);
        let at = text.find('b').unwrap();
        assert_eq!(lines.place(at), (2, STRIDE * 3 + 3));
        assert_eq!(lines.place(text.len()), (3, 2));
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(&text[lines.around(&(0..1))], "a");
        assert_eq!(Lines::new("").place(0), (1, 1));
    }
}
