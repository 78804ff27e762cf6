//! Lines of a stream, with a limit on their length.

use std::io::{self, BufRead};

use crate::{InputError, not_utf8};

/// A line may have so many bytes unless the caller says otherwise.
pub const DEFAULT_LINE_LIMIT: usize = 16 * 1024 * 1024;

/// Reads a stream line by line. A line that is too long or no UTF-8 is an error of its own; the lines after it are
/// read all the same.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    limit: usize,
    number: usize,
    buffer: Vec<u8>,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// Lines of `input` of at most `limit` bytes.
    pub fn new(input: R, limit: usize) -> Self {
        Lines { input, limit, number: 0, buffer: Vec::new(), ended: false }
    }

    /// The next line that is not blank, with its 1-based number and without its line break; `None` at the end.
    ///
    /// # Errors
    /// Where the stream itself cannot be read any further.
    pub fn next_line(&mut self) -> io::Result<Option<(usize, Result<&str, InputError>)>> {
        loop {
            self.buffer.clear();
            if self.ended {
                return Ok(None);
            }
            let Some(complete) = self.fill()? else { return Ok(None) };
            self.number += 1;
            if !complete {
                let message = format!("the line is longer than {} bytes", self.limit);
                return Ok(Some((self.number, Err(InputError::new(message)))));
            }
            // A byte order mark before the first line is no part of it.
            let start = if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            if self.buffer[start..].iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let line = std::str::from_utf8(&self.buffer[start..]).map_err(not_utf8);
            return Ok(Some((self.number, line)));
        }
    }

    /// Reads no further: the next line is the end.
    pub fn stop(&mut self) {
        self.ended = true;
    }

    /// Reads one line into the buffer: `None` at the end, `Some(false)` where it was too long and was passed over.
    fn fill(&mut self) -> io::Result<Option<bool>> {
        let mut read_any = false;
        let mut fits = true;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(read_any.then_some(fits));
            }
            read_any = true;
            let end = memchr::memchr(b'\n', available);
            let part = &available[..end.unwrap_or(available.len())];
            if fits && self.buffer.len() + part.len() <= self.limit {
                self.buffer.extend_from_slice(part);
            } else {
                fits = false;
                self.buffer = Vec::new();
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                return Ok(Some(fits));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::Lines;

    fn read(bytes: &[u8], limit: usize) -> Vec<(usize, Result<String, String>)> {
        let mut lines = Lines::new(Cursor::new(bytes), limit);
        let mut out = Vec::new();
        while let Some((number, line)) = lines.next_line().unwrap() {
            out.push((number, line.map(str::to_owned).map_err(|error| error.message)));
        }
        out
    }

    #[test]
    fn long_and_broken_lines_do_not_stop_the_others() {
        let found = read(b"\xef\xbb\xbfone\r\n\n123456789\ntw\xffo\nend", 8);
        assert_eq!(
            found,
            [
                (1, Ok("one\r".into())),
                (3, Err("the line is longer than 8 bytes".into())),
                (4, Err("not valid UTF-8: the byte at offset 2 is wrong".into())),
                (5, Ok("end".into())),
            ]
        );
        assert!(read(b"", 8).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..200), limit in 0usize..40) {
            let count = read(&bytes, limit).len();
            prop_assert!(count <= bytes.iter().filter(|byte| **byte == b'\n').count() + 1);
        }
    }
}
