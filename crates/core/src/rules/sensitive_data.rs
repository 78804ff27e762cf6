//! Card numbers, account numbers and passwords.

use super::{Context, RawFinding};
use crate::text::TokenKind;

/// Neither a card nor an account has fewer digits and letters.
const LEAST_SIGNS: usize = 13;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    super::phrases(context, out);
    let Some((pack, _)) = context.main_pack() else { return };
    let text = context.thread.draft.text.as_str();
    let bytes = text.as_bytes();
    let mut at = 0;
    // Both have digits, so they begin in a number or a code.
    let tokens = &context.analysis.text.tokens;
    for (number, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind != TokenKind::Word) {
        // They are long, or have more groups beside the first.
        let goes_on = tokens.get(number + 1).is_some_and(|next| {
            next.start <= token.end + 1 && (next.kind != TokenKind::Word || next.word.is_capitals)
        });
        if token.range().len() < LEAST_SIGNS && !goes_on {
            continue;
        }
        at = at.max(token.range().start);
        while at < token.range().end {
            let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
            let found = if begins && bytes[at].is_ascii_digit() {
                card(&text[at..]).map(|length| ("card", length))
            } else if begins && bytes[at].is_ascii_uppercase() {
                iban(&text[at..]).map(|length| ("iban", length))
            } else {
                None
            };
            match found {
                Some((kind, length)) => {
                    out.push(context.finding(Some(kind), at..at + length, pack));
                    at += length;
                }
                None => at += 1,
            }
        }
    }
}

/// The length of the card number that `text` begins with: 13 to 19 digits, single spaces or hyphens between them,
/// whose check digit is right (Luhn).
fn card(text: &str) -> Option<usize> {
    // The first group of a card has four digits or more.
    if !text.as_bytes().get(..4)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (digits, length) = run_of(text, |byte| byte.is_ascii_digit());
    if !(LEAST_SIGNS..=19).contains(&digits.len())
        || text.as_bytes().get(length).is_some_and(u8::is_ascii_alphanumeric)
    {
        return None;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * (1 + at as u32 % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    // Zeros in a row pass the check and are no card.
    (sum.is_multiple_of(10) && digits[0] != b'0').then_some(length)
}

/// The length of the account number that `text` begins with: two letters, two digits, 11 to 30 letters or digits,
/// whose remainder is right (ISO 13616, mod 97).
fn iban(text: &str) -> Option<usize> {
    if !text.as_bytes().get(2..4)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (signs, length) = run_of(text, |byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let shape = (15..=34).contains(&signs.len())
        && signs[..2].iter().all(u8::is_ascii_uppercase)
        && signs[2..4].iter().all(u8::is_ascii_digit);
    if !shape {
        return None;
    }
    let remainder = signs[4..].iter().chain(&signs[..4]).fold(0u32, |remainder, sign| match sign {
        b'0'..=b'9' => (remainder * 10 + u32::from(sign - b'0')) % 97,
        _ => (remainder * 100 + u32::from(sign - b'A') + 10) % 97,
    });
    (remainder == 1).then_some(length)
}

/// The signs that pass, with single spaces or hyphens between them left out, and the bytes they take.
fn run_of(text: &str, passes: impl Fn(u8) -> bool) -> (Vec<u8>, usize) {
    /// Longer runs are neither cards nor accounts.
    const LONGEST: usize = 40;
    let bytes = text.as_bytes();
    let mut signs = Vec::new();
    let mut length = 0;
    let mut at = 0;
    while at < bytes.len() && signs.len() < LONGEST {
        if passes(bytes[at]) {
            signs.push(bytes[at]);
            length = at + 1;
        } else if !matches!(bytes[at], b' ' | b'-') || !bytes.get(at + 1).is_some_and(|next| passes(*next)) {
            break;
        }
        at += 1;
    }
    (signs, length)
}

#[cfg(test)]
mod tests {
    use super::{card, iban};

    #[test]
    fn check_digits_decide() {
        assert_eq!(card("4111 1111 1111 1111 is yours"), Some(19));
        assert_eq!(card("4111-1111-1111-1112"), None);
        assert_eq!(card("0000000000000000"), None);
        assert_eq!(iban("DE89 3704 0044 0532 0130 00."), Some(27));
        assert_eq!(iban("RO49AAAA1B31007593840000"), Some(24));
        assert_eq!(iban("DE88370400440532013000"), None);
        assert_eq!(iban("ORDER 48211"), None);
    }
}
