//! Lines and columns of byte offsets.

use std::ops::Range;

/// The lines of a text. Its bytes need not be UTF-8: what is none counts as one character a byte group, as people see
/// it.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t (impl AsRef<[u8]> + ?Sized)) -> Self {
        let text = text.as_ref();
        let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        Lines { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The 1-based line and column, the column in characters.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default();
        (line, String::from_utf8_lossy(before).chars().count() + 1)
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
