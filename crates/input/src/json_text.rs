//! Strings of JSON that know their place.

use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

use crate::SourceMap;

/// A string with the characters that it was written with.
#[derive(Debug, Clone)]
pub(crate) struct JsonText<'a> {
    pub text: String,
    raw: &'a str,
}

impl<'de: 'a, 'a> Deserialize<'de> for JsonText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let kind = match raw.as_bytes().first() {
            Some(b'"') => {
                let text =
                    serde_json::from_str(raw).map_err(|_| Error::custom("invalid escape in a string"))?;
                return Ok(JsonText { text, raw });
            }
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        };
        Err(Error::custom(format_args!("invalid type: {kind}, expected a string")))
    }
}

impl JsonText<'_> {
    /// Where the string stands in the JSON that it was read from, with its quotes.
    pub fn range_in(&self, json: &str) -> Range<usize> {
        range_in(self.raw, json)
    }

    /// The way from the string's characters to the JSON that it was read from.
    pub fn map_in(&self, json: &str) -> SourceMap {
        map(self.raw, self.range_in(json).start)
    }
}

/// Where a part of a text stands in it.
pub(crate) fn range_in(part: &str, whole: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    if start <= whole.len() && part.len() <= whole.len() - start { start..start + part.len() } else { 0..0 }
}

/// The map of a string with its quotes, which stands at `start` of its source.
pub(crate) fn map(raw: &str, start: usize) -> SourceMap {
    let mut map = SourceMap::default();
    let bytes = raw.as_bytes();
    let end = raw.len().saturating_sub(1);
    let (mut at, mut text) = (1, 0);
    while at < end {
        let plain = memchr::memchr(b'\\', &bytes[at..end]).unwrap_or(end - at);
        map.push(text..text + plain, start + at..start + at + plain);
        at += plain;
        text += plain;
        if at >= end {
            break;
        }
        let unit = |at: usize| {
            raw.get(at + 2..at + 6)
                .filter(|_| bytes.get(at) == Some(&b'\\') && bytes.get(at + 1) == Some(&b'u'))
                .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        };
        let (written, length) = match unit(at) {
            Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => (12, 4),
            Some(unit) => (6, char::from_u32(unit).map_or(3, char::len_utf8)),
            None => (2, 1),
        };
        map.push(text..text + length, start + at..start + (at + written).min(end));
        at += written;
        text += length;
    }
    map
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::map;

    #[test]
    fn escapes_are_counted() {
        let raw = r#""a\n\u00e9\ud83d\ude00b""#;
        let text: String = serde_json::from_str(raw).unwrap();
        assert_eq!(text, "a\né😀b");
        let map = map(raw, 10);
        assert_eq!(map.to_source(&(1..2)), 12..14);
        assert_eq!(map.to_source(&(2..4)), 14..20);
        assert_eq!(map.to_source(&(4..8)), 20..32);
        assert_eq!(map.to_source(&(8..9)), 32..33);
    }

    proptest! {
        #[test]
        fn every_character_leads_to_what_it_was_written_with(text in "\\PC{0,20}|[a\"\\\\\n\té😀]{0,20}", ascii: bool) {
            let mut raw = serde_json::to_string(&text).unwrap();
            if ascii {
                raw = raw
                    .chars()
                    .map(|sign| {
                        if sign.is_ascii() {
                            return sign.to_string();
                        }
                        let mut units = [0; 2];
                        sign.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
                    })
                    .collect();
            }
            let map = map(&raw, 0);
            for (at, sign) in text.char_indices() {
                let source = map.to_source(&(at..at + sign.len_utf8()));
                let back: String = serde_json::from_str(&format!("\"{}\"", &raw[source])).unwrap();
                prop_assert_eq!(back, sign.to_string());
            }
        }

        #[test]
        fn broken_strings_are_read_to_their_end(raw in "[\\\\u0-9a-f\"é]{0,30}") {
            map(&raw, 0);
        }
    }
}
