//! Names at the end of messages.

/// A last line of one to three capitalised words, without a mark at its end, in a message of several lines: how people
/// sign.
fn signed_name(text: &str) -> Option<&str> {
    let (before, last) = text.trim_end().rsplit_once('\n')?;
    let last = last.trim().trim_start_matches(['-', '–', '—', ' ']);
    let may_begin = |first: char| first.is_uppercase() || !first.is_lowercase() && first.is_alphabetic();
    (!before.trim().is_empty() && is_name(last, 1, may_begin)).then_some(last)
}

/// What may be a name at the end of a message, for those who can tell it from thanks: as on a line of its own, or two or
/// three capitalised words behind the end of a sentence.
pub(crate) fn name_at_end(text: &str) -> Option<&str> {
    signed_name(text).or_else(|| {
        let text = text.trim_end();
        let (_, last) = text.rsplit_once(['.', '!', '?', '؟'])?;
        let name = last.trim_start();
        (name.len() < last.len() && is_name(name, 2, char::is_uppercase)).then_some(name)
    })
}

/// Whether these are so many to three words that begin like names.
fn is_name(words: &str, least: usize, may_begin: impl Fn(char) -> bool) -> bool {
    let is_part = |word: &str| {
        word.starts_with(&may_begin)
            && word.chars().all(|sign| sign.is_alphabetic() || ".'’-\u{200c}".contains(sign))
    };
    (least..=3).contains(&words.split_whitespace().count())
        && words.chars().count() <= 40
        && words.split_whitespace().all(is_part)
        && !words.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::{name_at_end, signed_name};

    #[test]
    fn names_under_messages_are_found() {
        assert_eq!(signed_name("Where is my parcel?\nThanks,\nAnna Smith"), Some("Anna Smith"));
        assert_eq!(signed_name("Где заказ?\n— Ольга"), Some("Ольга"));
        assert_eq!(signed_name("Where is my parcel?"), None);
        assert_eq!(signed_name("Where is it?\nPlease answer soon."), None);
        assert_eq!(signed_name(""), None);
        assert_eq!(signed_name("Where is my parcel? Anna Smith"), None);
        assert_eq!(name_at_end("Where is my parcel? Anna Smith"), Some("Anna Smith"));
        assert_eq!(name_at_end("Where is my parcel? Thanks"), None);
        assert_eq!(name_at_end("It broke. My Lamp is new"), None);
    }
}
