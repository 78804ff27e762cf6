//! The folded form of words: what two spellings of one word have in common.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

/// Appends the folded form of a word to `out`: small letters, one kind of apostrophe and dash, comma-below letters for
/// their cedilla twins, one spelling of the Arabic-script letters that keyboards mix up, ё as е, ASCII digits, composed
/// accents, and none of the invisible signs (half-spaces, soft hyphens, stretching, vowel marks).
///
/// ```
/// let mut folded = String::new();
/// replylint_pack::fold_into("Ştiţi", &mut folded);
/// assert_eq!(folded, "știți");
/// ```
pub fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        let start = out.len();
        out.push_str(word);
        out[start..].make_ascii_lowercase();
        if word.contains('`') {
            let folded = out[start..].replace('`', "'");
            out.truncate(start);
            out.push_str(&folded);
        }
        return;
    }
    let start = out.len();
    for sign in word.chars() {
        if sign.is_ascii() {
            out.push(if sign == '`' { '\'' } else { sign.to_ascii_lowercase() });
            continue;
        }
        if let Some(small) = fold_common(sign) {
            out.push(small);
            continue;
        }
        for small in sign.to_lowercase() {
            match fold_sign(small) {
                Folded::Keep(sign) => push_composed(out, start, sign),
                Folded::Drop => {}
            }
        }
    }
}

/// The folded form of a letter that most texts are made of; the others go the long way.
fn fold_common(sign: char) -> Option<char> {
    match sign {
        'а'..='я' | 'ß'..='ö' | 'ø'..='ÿ' | 'ă' | 'ő' | 'ű' | 'ș' | 'ț' => Some(sign),
        'А'..='Я' => char::from_u32(u32::from(sign) + 0x20),
        'ك' | 'ة' => None,
        'آ' | 'ا'..='غ' | 'ف'..='و' | 'پ' | 'چ' | 'ژ' | 'ک' | 'گ' | 'ی' => Some(sign),
        _ => None,
    }
}

enum Folded {
    Keep(char),
    Drop,
}

fn fold_sign(sign: char) -> Folded {
    Folded::Keep(match sign {
        // Apostrophes and dashes.
        '’' | '‘' | 'ʼ' | '´' | '′' | '＇' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        'ş' => 'ș',
        'ţ' => 'ț',
        'ё' => 'е',
        // Letters that Arabic and Persian keyboards mix up.
        'ي' | 'ى' | 'ې' => 'ی',
        'ك' => 'ک',
        'ة' | 'ۀ' => 'ه',
        'أ' | 'إ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        // Half-spaces, soft hyphens, joiners, marks of direction, stretching, vowel marks.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => {
            return Folded::Drop;
        }
        '\u{640}' | '\u{64b}'..='\u{652}' | '\u{654}' | '\u{670}' => return Folded::Drop,
        _ => match digit(sign) {
            Some(digit) => digit,
            None => sign,
        },
    })
}

/// The ASCII digit of a digit in another script.
fn digit(sign: char) -> Option<char> {
    /// Where the ten digits of a script begin.
    const ZEROS: [u32; 12] =
        [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xe50, 0xff10, 0x17e0];
    let code = u32::from(sign);
    if code < ZEROS[0] {
        return None;
    }
    ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))
        .and_then(|zero| char::from_digit(code - zero, 10))
}

/// Appends a sign; a combining mark joins the letter before it, so that decomposed text equals composed text.
fn push_composed(out: &mut String, start: usize, sign: char) {
    if is_combining_mark(sign)
        && let Some(base) = out[start..].chars().next_back()
        && let Some(joined) = compose(base, sign)
    {
        out.pop();
        // What composes may have a folded form of its own ("s" and a cedilla, "е" and a diaeresis).
        if let Folded::Keep(joined) = fold_sign(joined) {
            out.push(joined);
        }
        return;
    }
    out.push(sign);
}

/// A word as people type it in haste: folded, and without its diacritics.
///
/// ```
/// assert_eq!(replylint_pack::bare("Határidő"), "hatarido");
/// ```
pub fn bare(word: &str) -> String {
    strip(&fold(word))
}

/// The folded form of a word.
pub(crate) fn fold(word: &str) -> String {
    let mut folded = String::new();
    fold_into(word, &mut folded);
    folded
}

/// A folded word without its diacritics.
pub(crate) fn strip(folded: &str) -> String {
    let mut stripped = String::new();
    strip_diacritics_into(folded, &mut stripped);
    stripped
}

/// Appends a folded word without its Latin diacritics, and without what is left out of Persian letters; letters of other
/// scripts stay as they are.
///
/// ```
/// let mut plain = String::new();
/// replylint_pack::strip_diacritics_into("határidő", &mut plain);
/// assert_eq!(plain, "hatarido");
/// plain.clear();
/// replylint_pack::strip_diacritics_into("آینده", &mut plain);
/// assert_eq!(plain, "اینده");
/// ```
pub fn strip_diacritics_into(folded: &str, out: &mut String) {
    for sign in folded.chars() {
        match undivided(sign) {
            Some(plain) => out.push_str(plain),
            None if is_latin(sign) => out.extend(sign.nfd().filter(|part| !is_combining_mark(*part))),
            None => out.push(sign),
        }
    }
}

/// What stands for a letter whose diacritics are part of it.
fn undivided(sign: char) -> Option<&'static str> {
    Some(match sign {
        'ß' => "ss",
        'ł' => "l",
        'ø' => "o",
        'đ' => "d",
        'æ' => "ae",
        'œ' => "oe",
        'ı' => "i",
        'آ' => "ا",
        'ئ' => "ی",
        _ => return None,
    })
}

/// Latin letters with diacritics lie below the Greek block and in Latin Extended Additional.
fn is_latin(sign: char) -> bool {
    matches!(sign, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Whether [`strip_diacritics_into`] leaves a folded word as it is.
///
/// ```
/// assert!(replylint_pack::is_bare("hatarido") && replylint_pack::is_bare("йод"));
/// assert!(!replylint_pack::is_bare("határidő"));
/// ```
pub fn is_bare(folded: &str) -> bool {
    let is_plain = |sign: char| undivided(sign).is_none() && (!is_latin(sign) || sign.nfd().eq([sign]));
    folded.is_ascii() || folded.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(word: &str) -> String {
        let mut out = String::new();
        fold_into(word, &mut out);
        out
    }

    #[test]
    fn spellings_of_one_word_fold_alike() {
        for (a, b) in [
            ("DON’T", "don't"),
            ("don`t", "don't"),
            ("Ştiţi", "știți"),
            ("Ещё", "еще"),
            ("كتابي", "کتابی"),
            ("می‌توانیم", "میتوانیم"),
            ("۱۲", "12"),
            ("٤", "4"),
            ("cafe\u{301}", "café"),
            ("s\u{327}i", "și"),
            ("co\u{ad}operate", "cooperate"),
            ("İ", "i\u{307}"),
            ("مُدیر", "مدیر"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
    }

    #[test]
    fn stripping_leaves_other_scripts_alone() {
        let strip = |word: &str| {
            let mut out = String::new();
            strip_diacritics_into(word, &mut out);
            out
        };
        assert_eq!(strip("întâi"), "intai");
        assert_eq!(strip("őrült"), "orult");
        assert_eq!(strip("straße"), "strasse");
        assert_eq!(strip("йод"), "йод");
        assert_eq!(strip("مدیر"), "مدیر");
    }

    #[test]
    fn letters_are_bare_where_stripping_leaves_them() {
        for sign in ('\0'..='\u{2fff}').map(String::from) {
            assert_eq!(is_bare(&sign), strip(&sign) == sign, "{sign:?}");
        }
    }
}
