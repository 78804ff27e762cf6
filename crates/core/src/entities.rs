//! Details that a text names: order numbers, amounts, dates, emails, phone numbers. Found once, here, for all rules
//! that compare them.

use std::borrow::Cow;
use std::ops::Range;

use crate::analysis::Analysis;
use crate::packs;
use crate::text::{TokenKind, ZoneKind};

/// What a detail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntityKind {
    /// A number that identifies: an order, a ticket, a parcel.
    Reference,
    /// An amount of money.
    Amount,
    /// A day with its year.
    Date,
    Email,
    Phone,
}

/// A detail at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entity {
    pub kind: EntityKind,
    pub span: Range<usize>,
    /// Its value in a form that compares: digits and capitals, `year-month-day`, a small-letter address.
    pub value: String,
}

/// Signs of currencies; their words are in the packs.
const CURRENCY_SIGNS: [char; 8] = ['€', '$', '£', '₽', '¥', '₺', '₴', '﷼'];
/// A number of fewer digits identifies nothing.
const LEAST_DIGITS: usize = 5;
/// Phone numbers have so many digits.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
/// More details than this of one text are not compared, so that time stays linear.
const MOST: usize = 64;

impl Entity {
    /// The details of a text, in order.
    pub fn all(text: &str, analysis: &Analysis<'_>) -> Vec<Entity> {
        let mut entities: Vec<Entity> = analysis
            .text
            .zones
            .iter()
            .filter(|zone| zone.kind == ZoneKind::Email)
            .map(|zone| Entity {
                kind: EntityKind::Email,
                span: zone.range.clone(),
                value: text[zone.range.clone()].to_lowercase(),
            })
            .collect();
        let tokens = &analysis.text.tokens;
        let is_digits = |at: usize| is_digits(analysis.folded(&tokens[at]));
        let currencies = currencies(analysis);
        let mut at = 0;
        while entities.len() < MOST
            && let Some(words) = tokens[at..].iter().position(|token| token.kind != TokenKind::Word)
        {
            at += words;
            if let Some((span, value)) = spaced_date(text, analysis, at) {
                entities.push(Entity { kind: EntityKind::Date, span, value });
                at += 3;
                continue;
            }
            // Groups of digits with spaces between them are one number: a phone, a parcel.
            let mut end = at + 1;
            while end < tokens.len()
                && is_digits(end - 1)
                && is_digits(end)
                && is_one_sign(between(text, analysis, end))
            {
                end += 1;
            }
            let span = tokens[at].range().start..tokens[end - 1].range().end;
            if !entities.iter().any(|entity| entity.span.start < span.end && span.start < entity.span.end)
                && let Some((kind, value)) = read(text, analysis, &currencies, at, end)
            {
                entities.push(Entity { kind, span, value });
            }
            at = end;
        }
        entities.sort_by_key(|entity| entity.span.start);
        entities
    }
}

/// The words that name a currency, in order.
fn currencies(analysis: &Analysis<'_>) -> Vec<u32> {
    let hits = analysis.found(packs::place_in_catalogue("mismatched-detail"), "currency");
    let mut words: Vec<u32> = hits.flat_map(|hit| hit.tokens.clone()).collect();
    words.sort_unstable();
    words
}

/// What stands between a token and the one before it.
fn between<'t>(text: &'t str, analysis: &Analysis<'_>, at: usize) -> &'t str {
    let list = &analysis.text.tokens;
    &text[list[at - 1].range().end..list[at].range().start]
}

/// Whether there is one sign, and no letter.
fn is_one_sign(between: &str) -> bool {
    let mut signs = between.chars();
    signs.next().is_some_and(|sign| !sign.is_alphanumeric()) && signs.next().is_none()
}

/// A date in groups of digits with its year first: "2024. 03. 05."
fn spaced_date(text: &str, analysis: &Analysis<'_>, at: usize) -> Option<(Range<usize>, String)> {
    let parts = analysis.text.tokens.get(at..at + 3)?;
    if parts[0].kind != TokenKind::Number || parts[0].end - parts[0].start < 4 {
        return None;
    }
    let [year, month, day] = [0, 1, 2].map(|number| analysis.folded(&parts[number]));
    let is_spaced = |at: usize| matches!(between(text, analysis, at), ". " | ".\u{a0}");
    if year.len() != 4 || !is_spaced(at + 1) || !is_spaced(at + 2) {
        return None;
    }
    Some((parts[0].range().start..parts[2].range().end, date(&format!("{year}-{month}-{day}"))?))
}

/// What a run of tokens is, if it is a detail.
fn read(
    text: &str,
    analysis: &Analysis<'_>,
    currencies: &[u32],
    at: usize,
    end: usize,
) -> Option<(EntityKind, String)> {
    let tokens = &analysis.text.tokens;
    let span = tokens[at].range().start..tokens[end - 1].range().end;
    let parts = &tokens[at..end];
    let folded: Cow<'_, str> = match parts {
        [part] => Cow::Borrowed(analysis.folded(part)),
        _ => Cow::Owned(parts.iter().map(|part| analysis.folded(part)).collect()),
    };
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    if let Some(date) = date(&folded) {
        return Some((EntityKind::Date, date));
    }
    let before = text[..span.start].trim_end_matches(' ').chars().next_back();
    let after = text[span.end..].trim_start_matches([' ', '\u{a0}']).chars().next();
    let has_sign = [before, after].into_iter().flatten().any(|sign| CURRENCY_SIGNS.contains(&sign));
    let is_currency = |at: usize| currencies.binary_search(&(at as u32)).is_ok();
    if has_sign || end < tokens.len() && is_currency(end) || at > 0 && is_currency(at - 1) {
        return Some((EntityKind::Amount, amount(&folded)?));
    }
    let is_phone = PHONE_DIGITS.contains(&digits)
        && folded.bytes().all(|sign| sign.is_ascii_digit() || b"-./()".contains(&sign))
        && (before == Some('+') || folded.starts_with('0'));
    let value = || {
        let mut value = String::with_capacity(folded.len());
        value.extend(folded.chars().filter(char::is_ascii_alphanumeric));
        value
    };
    if is_phone {
        return Some((EntityKind::Phone, value()));
    }
    // A time of day, a fraction, an address.
    let is_other = || folded.bytes().any(|sign| matches!(sign, b':' | b'/' | b'@'));
    (digits >= LEAST_DIGITS && !is_other()).then(|| (EntityKind::Reference, value()))
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// An amount in its smallest parts: "1.299,50" is "1299.50".
fn amount(folded: &str) -> Option<String> {
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    let decimals =
        folded.rsplit(['.', ',']).next().filter(|part| part.len() < folded.len() && part.len() <= 2);
    Some(match decimals {
        Some(part) => format!("{}.{part:0<2}", &digits[..digits.len() - part.len()]),
        None => format!("{digits}.00"),
    })
}

/// A date in digits with its year, as year-month-day; the day comes first unless the year does.
fn date(folded: &str) -> Option<String> {
    let mut parts = folded.split(['.', '-', '/']).filter(|part| !part.is_empty());
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    if ![a, b, c].into_iter().all(is_digits) {
        return None;
    }
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    let in_range =
        |part: &str, most: u32| part.len() <= 2 && part.parse().is_ok_and(|n| (1..=most).contains(&n));
    (matches!(year.len(), 2 | 4) && in_range(month, 31) && in_range(day, 31))
        .then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Whether one letter must be changed, left out, put in or swapped with its neighbour to make one word of the other.
pub(crate) fn is_one_edit(a: &str, b: &str) -> bool {
    // What is the same at both ends needs no edit.
    let pairs = a.chars().zip(b.chars());
    let common: usize = pairs.take_while(|(a, b)| a == b).map(|(sign, _)| sign.len_utf8()).sum();
    let (a, b) = (&a[common..], &b[common..]);
    let pairs = a.chars().rev().zip(b.chars().rev());
    let common: usize = pairs.take_while(|(a, b)| a == b).map(|(sign, _)| sign.len_utf8()).sum();
    let (mut a, mut b) = (a[..a.len() - common].chars(), b[..b.len() - common].chars());
    match ([a.next(), a.next(), a.next()], [b.next(), b.next(), b.next()]) {
        ([a @ Some(_), b @ Some(_), None], [c, d, None]) => (a, b) == (d, c),
        ([a, None, None], [b, None, None]) => a != b,
        _ => false,
    }
}

/// How many letters must be changed, left out, put in or swapped with their neighbour to make one word of the other;
/// more than 2 is 3.
pub(crate) fn edits(a: &str, b: &str) -> usize {
    const MOST: usize = 3;
    /// Longer words are not names and not addresses that anybody types.
    const LONGEST: usize = 80;
    let a: Vec<char> = a.chars().take(LONGEST).collect();
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    if a.len().abs_diff(b.len()) >= MOST {
        return MOST;
    }
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()].min(MOST)
}

#[cfg(test)]
mod tests {
    use super::{amount, date, edits, is_one_edit};

    #[test]
    fn slips_are_counted() {
        assert_eq!(edits("48211", "48211"), 0);
        assert_eq!(edits("48211", "48121"), 1);
        assert_eq!(edits("48211", "4821"), 1);
        assert_eq!(edits("48211", "48312"), 2);
        assert_eq!(edits("anna", "meg"), 3);
        assert_eq!(edits("", "abcd"), 3);
    }

    /// The same, as the words say it.
    fn edits_by_trying(a: &[char], b: &[char]) -> usize {
        match (a, b) {
            ([], rest) | (rest, []) => rest.len(),
            ([first, a @ ..], [other, b @ ..]) if first == other => edits_by_trying(a, b),
            ([first, a_rest @ ..], [other, b_rest @ ..]) => {
                let one = [(a_rest, b_rest), (a_rest, b), (a, b_rest)];
                let mut best = one.into_iter().map(|(a, b)| edits_by_trying(a, b)).min().unwrap_or_default();
                if let ([second, a @ ..], [another, b @ ..]) = (a_rest, b_rest)
                    && (first, second) == (another, other)
                {
                    best = best.min(edits_by_trying(a, b));
                }
                best + 1
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn slips_are_counted_as_if_all_ways_were_tried(a in "[a-cé]{0,7}", b in "[a-cé]{0,7}") {
            let [first, second] = [&a, &b].map(|word| word.chars().collect::<Vec<char>>());
            let least = edits_by_trying(&first, &second);
            proptest::prop_assert_eq!(edits(&a, &b), least.min(3));
            proptest::prop_assert_eq!(is_one_edit(&a, &b), least == 1);
        }
    }

    #[test]
    fn values_compare() {
        assert_eq!(amount("1.299,50").as_deref(), Some("1299.50"));
        assert_eq!(amount("1,299.5").as_deref(), Some("1299.50"));
        assert_eq!(amount("12.990").as_deref(), Some("12990.00"));
        assert_eq!(amount("49").as_deref(), Some("49.00"));
        assert_eq!(date("12.05.2026").as_deref(), Some("2026-05-12"));
        assert_eq!(date("2026-5-12").as_deref(), Some("2026-05-12"));
        assert_eq!(date("10:30"), None);
        assert_eq!(date("1-800-555-0199"), None);
    }
}
