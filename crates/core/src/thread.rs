//! What the thread tells about the customer.

use crate::{Role, Thread};

impl Thread {
    /// The customer's name, from the channel or from the end of one of their messages, where it can be told.
    pub fn customer_name(&self) -> Option<&str> {
        customer_name(self)
    }
}

/// The customer's name, from the channel or from the end of one of their messages.
pub(crate) fn customer_name(thread: &Thread) -> Option<&str> {
    thread.messages.iter().rev().filter(|message| message.role == Role::Customer).find_map(|message| {
        message.from.as_deref().filter(|name| !name.trim().is_empty()).or_else(|| signed_name(&message.text))
    })
}

/// A last line of one to three capitalised words, without a mark at its end, in a message of several lines or after a
/// sentence's end: how people sign.
fn signed_name(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let (before, last) = text.rsplit_once('\n')?;
    let last = last.trim().trim_start_matches(['-', '–', '—', ' ']);
    let is_name = |word: &str| {
        word.chars()
            .next()
            .is_some_and(|first| first.is_uppercase() || !first.is_lowercase() && first.is_alphabetic())
            && word.chars().all(|sign| sign.is_alphabetic() || ".'’-\u{200c}".contains(sign))
    };
    let words = last.split_whitespace().count();
    (!before.trim().is_empty()
        && (1..=3).contains(&words)
        && last.chars().count() <= 40
        && last.split_whitespace().all(is_name)
        && !last.ends_with(['.', '!', '?', '؟']))
    .then_some(last)
}

#[cfg(test)]
mod tests {
    use super::signed_name;

    #[test]
    fn names_under_messages_are_found() {
        assert_eq!(signed_name("Where is my parcel?\nThanks,\nAnna Smith"), Some("Anna Smith"));
        assert_eq!(signed_name("Где заказ?\n— Ольга"), Some("Ольга"));
        assert_eq!(signed_name("Where is my parcel?"), None);
        assert_eq!(signed_name("Where is it?\nPlease answer soon."), None);
        assert_eq!(signed_name(""), None);
    }
}
