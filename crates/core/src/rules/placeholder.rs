//! Template leftovers, by their shape, and notes to colleagues, by the pack's phrases.

use super::{Context, RawFinding};

/// The longest name of a gap, in bytes; what is longer in brackets is prose.
const LONGEST: usize = 60;

/// A Cyrillic letter that looks like an X.
const LIKE_X: [u8; 2] = [0xd0, 0xa5];

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    super::phrases(context, out);
    let Some((pack, _)) = context.main_pack() else { return };
    let text = context.thread.draft.text.as_str();
    for zone in context.analysis.prose() {
        let mut openings = Openings { bytes: &text.as_bytes()[..zone.end], next: [None; 3] };
        let mut at = zone.start;
        while let Some(found) = openings.next(at) {
            at = found;
            match placeholder(&text[at..zone.end]) {
                Some(length) => {
                    out.push(context.finding(Some("placeholder"), at..at + length, pack));
                    at += length;
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
    }
}

/// The places at which a placeholder may begin.
struct Openings<'t> {
    bytes: &'t [u8],
    /// The next place of each kind, so that none is searched for again before it was passed.
    next: [Option<usize>; 3],
}

/// Finds the first place of a kind.
type Find = fn(&[u8]) -> Option<usize>;

impl Openings<'_> {
    const KINDS: [Find; 3] = [
        |bytes| memchr::memchr3(b'{', b'[', b'<', bytes),
        |bytes| memchr::memchr3(b'%', b'_', b'X', bytes),
        |bytes| {
            let [first, second] = LIKE_X;
            let mut found = memchr::memchr_iter(second, bytes).filter_map(|at| at.checked_sub(1));
            found.find(|at| bytes[*at] == first)
        },
    ];

    /// The next place from `at` on.
    fn next(&mut self, at: usize) -> Option<usize> {
        for (next, find) in self.next.iter_mut().zip(Self::KINDS) {
            if next.is_none_or(|next| next < at) {
                let found = find(&self.bytes[at..]).map_or(self.bytes.len(), |found| at + found);
                *next = Some(found);
            }
        }
        self.next.into_iter().flatten().min().filter(|next| *next < self.bytes.len())
    }
}

/// The length of the placeholder that `text` begins with.
fn placeholder(text: &str) -> Option<usize> {
    let closed = |open: &str, close: &str| {
        let inner = text.strip_prefix(open)?;
        let end = inner.find(close)?;
        (end <= LONGEST).then_some((&inner[..end], open.len() + end + close.len()))
    };
    let is_name = |inner: &str| {
        inner.chars().any(char::is_alphabetic)
            && inner.chars().all(|sign| sign.is_alphanumeric() || " _-.'’/\u{200c}".contains(sign))
    };
    match *text.as_bytes().first()? {
        b'{' => {
            let (inner, length) = closed("{{", "}}").or_else(|| closed("{", "}"))?;
            is_name(inner.trim().trim_matches(['%', '#'])).then_some(length)
        }
        b'[' => {
            let (inner, length) = closed("[", "]")?;
            // "[text](address)" is a link and "[1]" a note; a list's "[x]" is a tick.
            let is_link = text[length..].starts_with('(');
            (is_name(inner) && !is_link && inner.chars().count() > 1).then_some(length)
        }
        b'<' => {
            let (inner, length) = closed("<", ">")?;
            let has_space_or_underscore = inner.contains([' ', '_']);
            (is_name(inner) && has_space_or_underscore && !inner.contains('/')).then_some(length)
        }
        b'%' => {
            let (inner, length) = closed("%", "%")?;
            let is_variable =
                inner.chars().count() > 2 && inner.chars().all(|sign| sign.is_alphanumeric() || sign == '_');
            // "%APPDATA%" is a folder of the customer's computer.
            let is_folder = inner.bytes().all(|byte| byte.is_ascii_uppercase());
            (is_variable && !is_folder && inner.chars().any(char::is_alphabetic)).then_some(length)
        }
        // The Cyrillic letter looks the same.
        0xd0 if text.starts_with("ХХХ") => {
            let length = text.len() - text.trim_start_matches('Х').len();
            (!text[length..].starts_with(char::is_alphanumeric)).then_some(length)
        }
        b'X' | b'_' => {
            let sign = text.as_bytes()[0];
            let length = text.bytes().take_while(|byte| *byte == sign).count();
            let stands_alone =
                !text[length..].starts_with(|next: char| next.is_alphanumeric() || next == '-');
            (length >= 3 && stands_alone).then_some(length)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::placeholder;

    #[test]
    fn shapes_of_templates() {
        for text in [
            "{{name}}",
            "{name}",
            "{{ customer.first_name }}",
            "[ORDER NUMBER]",
            "[dată]",
            "<insert name>",
            "%first_name%",
            "XXX",
            "ХХХХ",
            "%имя%",
            "____",
        ] {
            assert_eq!(placeholder(text), Some(text.len()), "{text}");
        }
        for text in [
            "[1]",
            "[x]",
            "[our page](https://example.com)",
            "<b>",
            "5 % of 10 %",
            "%APPDATA%",
            "ХХL",
            "XXL",
            "{}",
            "<3",
            "%20%",
        ] {
            assert_eq!(placeholder(text), None, "{text}");
        }
    }
}
