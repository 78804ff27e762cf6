//! Zones: what is the agent's prose and what is not.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZoneKind {
    /// Written by the agent for the customer.
    Prose,
    /// Quoted from an earlier message.
    Quote,
    /// The line above a quote that says who wrote it, and when.
    Attribution,
    /// From the signature's mark to the end.
    Signature,
    /// Code, in a block or within a line.
    Code,
    /// An address on the web.
    Url,
    /// An email address.
    Email,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ZoneKind,
}

/// A part of a text that was written before it, by somebody else: quoted lines, or what a mail program put below the
/// answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotedPart {
    /// The line above that says who wrote it and when, where there is one.
    pub attribution: Option<Range<usize>>,
    /// The bytes of the quoted lines, with their marks (`>`).
    pub range: Range<usize>,
}

/// The quoted parts of a text, in order.
///
/// ```
/// let text = "On 4 May 2026 at 10:12, Ana <a@b.ro> wrote:\n> Where is it?\nIt arrives tomorrow.";
/// let parts = replylint::quoted_parts(text);
/// assert_eq!(&text[parts[0].range.clone()], "> Where is it?\n");
/// assert!(parts[0].attribution.is_some());
/// ```
pub fn quoted_parts(text: &str) -> Vec<QuotedPart> {
    let mut parts: Vec<QuotedPart> = Vec::new();
    let mut attribution: Option<Range<usize>> = None;
    for zone in zones_of(text) {
        match zone.kind {
            ZoneKind::Attribution => attribution = Some(zone.range),
            ZoneKind::Quote => parts.push(QuotedPart { attribution: attribution.take(), range: zone.range }),
            // Blank lines may stand between an attribution and its quote.
            _ if text[zone.range.clone()].trim().is_empty() => {}
            _ => attribution = None,
        }
    }
    parts
}

/// Takes ranges out of the prose, as code. Ranges must be in order; those that overlap or that cut a character are left
/// alone.
pub(crate) fn take_out(zones: &mut Vec<Zone>, text: &str, ranges: &[Range<usize>]) {
    let mut out = Vec::new();
    let mut ranges = ranges
        .iter()
        .filter(|range| range.start < range.end && text.get((*range).clone()).is_some())
        .peekable();
    for zone in zones.drain(..) {
        let mut start = zone.range.start;
        while let Some(range) = ranges.peek() {
            if range.start >= zone.range.end {
                break;
            }
            let from = range.start.max(start);
            let to = range.end.min(zone.range.end);
            if from < to && zone.kind == ZoneKind::Prose {
                push(&mut out, start..from, zone.kind);
                push(&mut out, from..to, ZoneKind::Code);
                start = to;
            }
            if range.end > zone.range.end {
                break;
            }
            ranges.next();
        }
        push(&mut out, start..zone.range.end, zone.kind);
    }
    *zones = out;
}

/// The first byte of dashes, which may mark a signature.
const DASHES: u8 = 0xe2;
/// The first byte of the wide colon.
const COLONS: u8 = 0xef;

/// The zones of a text, in order and without gaps.
fn zones_of(text: &str) -> Vec<Zone> {
    let mut list = Vec::new();
    zones(text, &mut list);
    list
}

/// The same, in place of what is in `list`.
pub(crate) fn zones(text: &str, list: &mut Vec<Zone>) {
    let mut zones = Zones { list: std::mem::take(list), marks: Marks::new(text) };
    zones.list.clear();
    let mut lines = Lines { text, at: 0 };
    let has_quotes = memchr::memchr(b'>', text.as_bytes()).is_some();
    let has_wide_colons = memchr::memchr(COLONS, text.as_bytes()).is_some();
    while let Some(line) = lines.next() {
        // Most lines begin with a letter, and not as marks do.
        let bytes = &text.as_bytes()[line.clone()];
        let begins_plainly =
            bytes.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte > 0x7f && *byte != DASHES);
        // Headers and the lines above quotes have a colon, but for those that are wrapped.
        let may_have_colon = has_wide_colons || zones.marks.mark(line.start) < line.end;
        let has_colon = may_have_colon && memchr::memchr2(b':', COLONS, bytes).is_some();
        let written = if begins_plainly { "" } else { text[line.clone()].trim() };
        if begins_plainly && !has_colon && !has_quotes {
            zones.prose(line);
        } else if let Some(fence) = fence(written) {
            let mut end = line.end;
            for inner in lines.by_ref() {
                end = inner.end;
                if text[inner].trim().starts_with(fence) {
                    break;
                }
            }
            zones.push(line.start..end, ZoneKind::Code);
        } else if written.starts_with('>') {
            zones.push(line, ZoneKind::Quote);
        } else if !begins_plainly && is_signature_mark(&text[line.clone()]) {
            // A quote may follow a signature: mail programs put the answer above it.
            zones.push(line, ZoneKind::Signature);
            while let Some(next) = lines.next() {
                let rest = text[next.clone()].trim();
                if rest.starts_with('>')
                    || is_separator(rest)
                    || has_quotes && is_attribution(text, &next, &lines)
                {
                    lines.at = next.start;
                    break;
                }
                zones.push(next, ZoneKind::Signature);
            }
        } else if is_separator(written) || is_header_block(text, &line) {
            zones.push(line.start..line.end, ZoneKind::Attribution);
            zones.push(line.end..text.len(), ZoneKind::Quote);
            break;
        } else if let Some(end) = names_its_writer(text, &line) {
            zones.push(line.start..end, ZoneKind::Attribution);
            zones.push(end..text.len(), ZoneKind::Quote);
            break;
        } else if has_quotes && is_attribution(text, &line, &lines) {
            let wrapped = !ends_with_colon(&text[line.clone()]);
            let rest = if wrapped { lines.next() } else { None };
            zones.push(line.start..rest.map_or(line.end, |rest| rest.end), ZoneKind::Attribution);
        } else {
            zones.prose(line);
        }
    }
    *list = zones.list;
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    /// The next line with its line break.
    fn next(&mut self) -> Option<Range<usize>> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        self.at = memchr::memchr(b'\n', &self.text.as_bytes()[start..])
            .map_or(self.text.len(), |found| start + found + 1);
        Some(start..self.at)
    }
}

struct Zones<'t> {
    list: Vec<Zone>,
    marks: Marks<'t>,
}

impl Zones<'_> {
    fn push(&mut self, range: Range<usize>, kind: ZoneKind) {
        push(&mut self.list, range, kind);
    }

    /// A line of prose with the code and the addresses in it.
    fn prose(&mut self, line: Range<usize>) {
        let text = self.marks.text;
        let mut start = line.start;
        let mut at = line.start;
        while at < line.end {
            let sign = self.marks.mark(at).min(self.marks.inner_dot(at));
            let special = match text.as_bytes().get(sign).filter(|_| sign < line.end) {
                None => break,
                Some(b'`') => inline_code(text, sign, line.end).map(|range| (range, ZoneKind::Code)),
                Some(b'@') => email(text, sign, start, line.end).map(|range| (range, ZoneKind::Email)),
                Some(b':') => url(text, sign, start, line.end).map(|range| (range, ZoneKind::Url)),
                Some(_) => domain(text, sign, start, line.end).map(|range| (range, ZoneKind::Url)),
            };
            match special {
                Some((range, kind)) => {
                    self.push(start..range.start, ZoneKind::Prose);
                    at = range.end;
                    start = range.end;
                    self.push(range, kind);
                }
                None => at = sign + 1,
            }
        }
        self.push(start..line.end, ZoneKind::Prose);
    }
}

/// Appends a zone, or makes the last one longer where it is of the same kind.
fn push(list: &mut Vec<Zone>, range: Range<usize>, kind: ZoneKind) {
    if range.is_empty() {
        return;
    }
    match list.last_mut() {
        Some(last) if last.kind == kind && !matches!(kind, ZoneKind::Url | ZoneKind::Email) => {
            last.range.end = range.end;
        }
        _ => list.push(Zone { range, kind }),
    }
}

/// The signs of a text that code and addresses are told by, each looked for once.
struct Marks<'t> {
    text: &'t str,
    /// The last that were found, if they are not behind.
    mark: usize,
    dot: usize,
}

impl<'t> Marks<'t> {
    fn new(text: &'t str) -> Self {
        let mut marks = Marks { text, mark: 0, dot: 0 };
        marks.mark = marks.next_mark(0);
        marks.dot = marks.next_inner_dot(0);
        marks
    }

    /// The first mark from `at` on; the end of the text where there is none. `at` must not go back.
    fn mark(&mut self, at: usize) -> usize {
        if self.mark < at {
            self.mark = self.next_mark(at);
        }
        self.mark
    }

    /// The first dot from `at` on between letters or digits, as in a bare domain; as [`Marks::mark`].
    fn inner_dot(&mut self, at: usize) -> usize {
        if self.dot < at {
            self.dot = self.next_inner_dot(at);
        }
        self.dot
    }

    fn next_mark(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        memchr::memchr3(b'`', b'@', b':', rest).map_or(self.text.len(), |found| at + found)
    }

    fn next_inner_dot(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let is_inner = |dot: &usize| {
            *dot > 0
                && bytes[dot - 1].is_ascii_alphanumeric()
                && bytes.get(dot + 1).is_some_and(u8::is_ascii_alphabetic)
        };
        let mut dots = memchr::memchr_iter(b'.', &bytes[at..]).map(|found| at + found);
        dots.find(is_inner).unwrap_or(bytes.len())
    }
}

fn fence(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence))
}

/// The mark that mail programs put above a signature: two hyphens and, at most, a space.
fn is_signature_mark(line: &str) -> bool {
    matches!(line.trim_end_matches(['\r', '\n']), "--" | "-- " | "—" | "__")
}

/// "-----Original Message-----" in any language: words between runs of at least four dashes.
fn is_separator(line: &str) -> bool {
    if !line.starts_with(['-', '_']) {
        return false;
    }
    let inner = line.trim_matches(['-', '_', ' ']);
    let dashes = line.len() - line.trim_start_matches(['-', '_']).len();
    let closing = line.len() - line.trim_end_matches(['-', '_']).len();
    !inner.is_empty() && inner.chars().count() < 60 && dashes >= 4 && closing >= 4
}

/// A block of mail headers: this line and the next two have the shape "Word: …"; among them and the line after, one
/// holds an address and one a time of day. Less would take a list of the customer's data for it.
fn is_header_block(text: &str, line: &Range<usize>) -> bool {
    let is_header = |line: &str| {
        line.split_once(':').is_some_and(|(name, value)| {
            let name = name.trim_matches(['*', ' ']);
            !name.is_empty()
                && name.len() <= 4 * 12
                && name.chars().count() <= 12
                && name.chars().all(|sign| sign.is_alphabetic() || sign == ' ' || sign == '\u{200c}')
                && !value.trim().is_empty()
        })
    };
    if !is_header(&text[line.clone()]) {
        return false;
    }
    let block = text[line.start..].lines().take(4);
    block.clone().take_while(|line| is_header(line)).count() >= 3
        && block.clone().any(|line| line.contains('@'))
        && block.clone().any(has_time_of_day)
}

/// "10:12", in the digits of any script.
fn has_time_of_day(line: &str) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || !byte.is_ascii());
    let bytes = line.as_bytes();
    memchr::memchr_iter(b':', bytes).any(|at| {
        at > 0
            && is_digit(bytes.get(at - 1))
            && is_digit(bytes.get(at + 1))
            && line[..at].ends_with(char::is_numeric)
            && line[at + 1..].chars().take(2).filter(|sign| sign.is_numeric()).count() == 2
    })
}

fn has_time(line: &str) -> bool {
    has_time_of_day(line) || line.chars().filter(|sign| sign.is_numeric()).count() >= 4
}

/// "On Monday, 4 May 2026 at 10:12, Ana wrote:", in any language: a line that ends with a colon, holds a time or an
/// email address, and has a quoted line after it (blank lines may stand between). Mail programs wrap it: then the
/// line holds a time, and the next one is the rest.
fn is_attribution(text: &str, line: &Range<usize>, after: &Lines<'_>) -> bool {
    let first = text[line.clone()].trim();
    let mut rest = text[after.at.max(line.end)..].lines();
    let names = |written: &str| has_time(written) || written.contains('@');
    let closed = if ends_with_colon(first) {
        names(first)
    } else {
        has_time(first)
            && first.chars().count() >= WRAPPED
            && rest.next().is_some_and(|second| ends_with_colon(second) && names(second))
    };
    closed && rest.find(|next| !next.trim().is_empty()).is_some_and(|next| next.trim_start().starts_with('>'))
}

/// How attribution lines end, before the colon: `wrote` of `rules/mail.toml`.
static WROTE: LazyLock<Vec<String>> = LazyLock::new(|| {
    // A test reads the file, so that it cannot be broken here.
    let words: BTreeMap<String, Vec<String>> =
        replylint_pack::read_toml("mail.toml", include_str!("../../../../rules/mail.toml"))
            .unwrap_or_default();
    words.into_iter().find(|(key, _)| key == "wrote").map(|(_, words)| words).unwrap_or_default()
});

/// Where an attribution ends that has no quoted line after it: some programs put the earlier message below it as it
/// is. Without the mark of a quote, more is asked for: it ends with "wrote", in some language, and names an address or
/// a whole date with the time of day, as only programs write it.
fn names_its_writer(text: &str, line: &Range<usize>) -> Option<usize> {
    let first = text[line.clone()].trim_end();
    let closes = |line: &str| {
        ends_with_colon(line) && {
            let line = line.trim_end().trim_end_matches([':', '：', ' ', '\u{a0}']).to_lowercase();
            // The date may stand in brackets behind the verb.
            let before = line.strip_suffix(')').and_then(|rest| rest.rfind('(')).map_or("", |at| &line[..at]);
            WROTE
                .iter()
                .any(|word| line.ends_with(word.as_str()) || before.trim_end().ends_with(word.as_str()))
        }
    };
    let is_whole = |written: &str| {
        has_time_of_day(written)
            && (written.contains('@') || written.chars().filter(|sign| sign.is_numeric()).count() >= 7)
    };
    let end = if ends_with_colon(first) {
        (is_whole(first) && closes(first)).then_some(line.end)?
    } else {
        if !has_time_of_day(first) || first.chars().count() < WRAPPED {
            return None;
        }
        let second = text[line.end..].split_inclusive('\n').next()?;
        let end = line.end + second.len();
        (closes(second) && is_whole(&text[line.start..end])).then_some(end)?
    };
    // Where a quoted line follows, the quote says itself how far it reaches.
    let rest = &text[end..];
    (!rest.trim().is_empty() && !rest.lines().any(|line| line.trim_start().starts_with('>'))).then_some(end)
}

fn ends_with_colon(line: &str) -> bool {
    line.trim_end().ends_with([':', '：'])
}

/// Mail programs wrap an attribution that is about as long as a line of theirs.
const WRAPPED: usize = 40;

fn inline_code(text: &str, open: usize, end: usize) -> Option<Range<usize>> {
    let close = text[open + 1..end].find('`')?;
    (close > 0).then(|| open..open + 1 + close + 1)
}

fn email(text: &str, at: usize, from: usize, end: usize) -> Option<Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let bytes = text.as_bytes();
    let before = bytes[from..at].iter().rev().take_while(|byte| is_part(byte)).count();
    let after = bytes[at + 1..end].iter().take_while(|byte| is_part(byte)).count();
    let host = text[at + 1..at + 1 + after].trim_end_matches(['.', '-']);
    (before > 0 && host.contains('.')).then(|| at - before..at + 1 + host.len())
}

/// An address with its scheme; `colon` is the place of the colon.
fn url(text: &str, colon: usize, from: usize, end: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let scheme = bytes[from..colon]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'+')
        .count();
    let is_mail = text[colon - scheme..colon].eq_ignore_ascii_case("mailto");
    if scheme < 2 || !(text[colon..end].starts_with("://") || is_mail) {
        return None;
    }
    Some(colon - scheme..address_end(text, colon, end))
}

/// No host name is longer. The bound keeps the time for a row of dots linear.
const LONGEST_HOST: usize = 253;

/// An address without a scheme: "www.example.com", "example.com/help".
fn domain(text: &str, dot: usize, from: usize, end: usize) -> Option<Range<usize>> {
    /// Ends of bare domains that need no path to be told from a missing space after a full stop.
    const ENDS: [&str; 16] = [
        "com", "org", "net", "eu", "io", "info", "app", "gov", "ro", "ru", "it", "ir", "hu", "de", "uk", "co",
    ];
    let bytes = text.as_bytes();
    let before = bytes[from..dot]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    let start = dot - before;
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-.".contains(byte);
    let after = bytes[start..end].iter().take(LONGEST_HOST + 1).take_while(is_part).count();
    if after > LONGEST_HOST {
        return None;
    }
    let host = text[start..start + after].trim_end_matches(['.', '-']);
    let stop = start + host.len();
    let last = host.rsplit('.').next()?;
    let is_path = bytes.get(stop) == Some(&b'/') && stop < end;
    let known = ENDS.contains(&last.to_ascii_lowercase().as_str())
        && host.bytes().all(|byte| !byte.is_ascii_uppercase());
    if !(host.len() > 4 && host[..4].eq_ignore_ascii_case("www.") || (is_path || known) && last.len() >= 2) {
        return None;
    }
    Some(start..if is_path { address_end(text, stop, end) } else { stop })
}

/// Where an address ends: before a space, and before the marks that close its sentence or its brackets.
fn address_end(text: &str, from: usize, end: usize) -> usize {
    let written = &text[from..end];
    let stop = written
        .find(|sign: char| sign.is_whitespace() || "<>\"'«»“”()[]{}،؛؟".contains(sign))
        .unwrap_or(written.len());
    from + written[..stop].trim_end_matches(['.', ',', ';', ':', '!', '?', '…', '*', '_']).len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ZoneKind, zones_of};

    fn kinds(text: &str) -> Vec<(ZoneKind, &str)> {
        zones_of(text).into_iter().map(|zone| (zone.kind, &text[zone.range])).collect()
    }

    #[test]
    fn quotes_signatures_and_code() {
        use ZoneKind::*;
        assert_eq!(
            kinds(
                "Hi,\nOn Mon, 4 May 2026 at 10:12, Ana <a@b.ro> wrote:\n> soon?\n>> yes\nNo.\n-- \nBob\nSales"
            ),
            [
                (Prose, "Hi,\n"),
                (Attribution, "On Mon, 4 May 2026 at 10:12, Ana <a@b.ro> wrote:\n"),
                (Quote, "> soon?\n>> yes\n"),
                (Prose, "No.\n"),
                (Signature, "-- \nBob\nSales"),
            ]
        );
        assert_eq!(kinds("a\n```\nsoon\n```\nb"), [(Prose, "a\n"), (Code, "```\nsoon\n```\n"), (Prose, "b")]);
        assert_eq!(kinds("run `soon` now"), [(Prose, "run "), (Code, "`soon`"), (Prose, " now")]);
        assert_eq!(
            kinds("Da.\r\n\r\n-----Messaggio originale-----\r\nsoon"),
            [(Prose, "Da.\r\n\r\n"), (Attribution, "-----Messaggio originale-----\r\n"), (Quote, "soon")]
        );
        assert_eq!(kinds("OK\nFrom: Ana <a@b.ro>\nSent: 4 May 2026 10:12\nTo: us\n\nsoon")[1].0, Attribution);
        assert_eq!(kinds("В пн, 4 мая 2026 г. в 10:12, Ана пишет:\n\n> скоро")[0].0, Attribution);
        assert_eq!(kinds("در ۴ مه ۲۰۲۶، آنا نوشت:\n> زود")[0].0, Attribution);
        let wrapped =
            "Il giorno lun 4 mag 2026 alle ore 10:12 Anna Rossi\n<anna.rossi@example.com> ha scritto:\n";
        assert_eq!(
            kinds(&format!("Sì.\n\n{wrapped}> presto"))[1..],
            [(Attribution, wrapped), (Quote, "> presto")]
        );
        assert_eq!(
            kinds(
                "Igen.\n\nFeladó: Anna\nElküldve: 2026. május 4. 10:12\nCímzett: segito@example.com\n\nHamar"
            )[1]
            .0,
            Attribution
        );
    }

    #[test]
    fn the_agents_own_words_stay_prose() {
        let is_prose = |text: &str| {
            kinds(text).iter().all(|(kind, _)| matches!(kind, ZoneKind::Prose | ZoneKind::Email))
        };
        assert!(is_prose("We have:\nEmail: a@b.ro\nPhone: 0721 123 456\nTown: Cluj\nIs that right?"));
        assert!(is_prose("We open at 10:30:\n\nthe main hall"));
        assert!(is_prose("Two ways - by mail -- or by phone ---"));
        assert!(is_prose("5 > 3, and a lone ` stays"));
        assert_eq!(kinds(""), []);
    }

    #[test]
    fn an_unquoted_message_below_its_attribution_is_no_prose() {
        use ZoneKind::*;
        assert!(!super::WROTE.is_empty());
        for attribution in [
            "On Mon, 4 May 2026 at 10:12, Ana Pop <ana@example.com> wrote:\n",
            "On 5/4/26 9:12, Ana wrote:\n",
            "În lun., 4 mai 2026 la 10:12, Ana Pop <ana@example.com> a scris:\n",
            "пн, 4 мая 2026 г. в 10:12, Анна <a@example.com>:\n",
            "04.05.2026 10:12, Анна пишет:\n",
            "Il giorno lun 4 mag 2026 alle ore 10:12 Anna Rossi <a@example.com> ha scritto:\n",
            "Il 04/05/2026 10:12, Anna Rossi ha scritto:\n",
            "در تاریخ دوشنبه ۴ مهٔ ۲۰۲۶،‏ ساعت ۱۰:۱۲ آنا نوشت:\n",
            "Anna <a@example.com> ezt írta (időpont: 2026. máj. 4., H, 10:12):\n",
            "2026. 05. 04. 10:12 keltezéssel, Anna írta:\n",
        ] {
            let text = format!("OK.\n\n{attribution}\nIs it here?");
            assert_eq!(
                kinds(&text),
                [(Prose, "OK.\n\n"), (Attribution, attribution), (Quote, "\nIs it here?")],
                "{attribution}"
            );
            let quoted = super::quoted_parts(&text);
            assert_eq!((quoted.len(), &text[quoted[0].range.clone()]), (1, "\nIs it here?"));
        }
        let own = "On 12 May at 10:12 you wrote:\n\n“Is it here?”\n\nIt is.";
        assert!(super::quoted_parts(own).is_empty());
    }

    #[test]
    fn ranges_are_taken_out_of_the_prose() {
        use ZoneKind::*;
        let text = "see [it](a b) now\n> [q](x)";
        let mut list = zones_of(text);
        super::take_out(&mut list, text, &[4..5, 7..13, 900..901, 8..8]);
        let found: Vec<_> = list.into_iter().map(|zone| (zone.kind, &text[zone.range])).collect();
        assert_eq!(
            found,
            [
                (Prose, "see "),
                (Code, "["),
                (Prose, "it"),
                (Code, "](a b)"),
                (Prose, " now\n"),
                (Quote, "> [q](x)")
            ]
        );
    }

    #[test]
    fn addresses() {
        use ZoneKind::*;
        let special = |text: &'static str| -> Vec<(ZoneKind, &str)> {
            kinds(text).into_iter().filter(|(kind, _)| *kind != Prose).collect()
        };
        assert_eq!(special("see https://example.com/a?b=c, or"), [(Url, "https://example.com/a?b=c")]);
        assert_eq!(special("(www.example.com)"), [(Url, "www.example.com")]);
        assert_eq!(special("on faq.example.uk/create-case/ & more"), [(Url, "faq.example.uk/create-case/")]);
        assert_eq!(special("write to ana.pop@example.co.uk."), [(Email, "ana.pop@example.co.uk")]);
        assert_eq!(special("Thanks.We will see. 10:30 at 5.5 @dan note: x"), []);
        assert_eq!(special("سلام، example.com را ببینید"), [(Url, "example.com")]);
    }

    proptest! {
        #[test]
        fn zones_are_the_whole_text(text in "[a-z@:/.`> \\n\\-é😀ا]{0,80}|\\PC{0,60}") {
            let zones = zones_of(&text);
            let joined: String = zones.iter().map(|zone| &text[zone.range.clone()]).collect();
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn taking_out_leaves_the_whole_text(
            text in "[a-z>\\n é😀]{0,40}",
            cuts in proptest::collection::vec((0usize..60, 0usize..9), 0..6),
        ) {
            let mut cuts: Vec<_> = cuts.into_iter().map(|(start, length)| start..start + length).collect();
            cuts.sort_by_key(|cut| cut.start);
            let mut list = zones_of(&text);
            super::take_out(&mut list, &text, &cuts);
            let joined: String = list.iter().map(|zone| &text[zone.range.clone()]).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
