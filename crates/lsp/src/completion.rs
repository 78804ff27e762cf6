//! What the customer wrote and the reply needs again: their name, their numbers.

use std::collections::BTreeSet;

use replylint::{Role, Thread};
use tower_lsp::lsp_types::{CompletionItem, CompletionItemKind};

/// Completions from the thread; none where it is not known.
pub(crate) fn completions(thread: &Thread) -> Vec<CompletionItem> {
    let item = |label: &str, detail: &str, order: usize| CompletionItem {
        label: label.to_owned(),
        kind: Some(CompletionItemKind::VALUE),
        detail: Some(detail.to_owned()),
        sort_text: Some(format!("{order:03}")),
        ..CompletionItem::default()
    };
    let mut items = Vec::new();
    if let Some(name) = thread.customer_name() {
        items.push(item(name, "the customer's name", 0));
        if let Some((first, _)) = name.split_once(' ') {
            items.push(item(first, "the customer's first name", 1));
        }
    }
    let mut seen = BTreeSet::new();
    for message in thread.messages.iter().rev().filter(|message| message.role == Role::Customer) {
        for number in numbers(&message.text) {
            if seen.insert(number) {
                items.push(item(number, "from the customer's message", 1 + seen.len()));
            }
        }
    }
    items
}

/// Numbers of orders, tickets and invoices: words of at least four digits, maybe with capital letters and hyphens.
/// Numbers with a plus sign, dots or colons are telephone numbers, amounts and times.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter_map(|word| {
        let number = word.trim_matches(|sign: char| !sign.is_alphanumeric() && sign != '+');
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let is_number = digits >= 4
            && number.len() <= 32
            && number.chars().all(|sign| sign.is_ascii_digit() || sign.is_ascii_uppercase() || sign == '-');
        let is_date = number.split('-').count() == 3 && number.len() == 10 && digits == 8;
        (is_number && !is_date).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use replylint::{Message, Role, Thread};

    use super::completions;

    #[test]
    fn names_and_numbers_come_from_the_customer() {
        let mut thread = Thread::new("Hello ");
        assert!(completions(&thread).is_empty());
        let text = "Order #12345 and invoice RO-2044 of 2026-05-04, call +40722000111 at 10:30.\nAnna Smith";
        thread.messages.push(Message::new(Role::Customer, text));
        thread.messages.push(Message::new(Role::Agent, "Case 99999"));
        let labels: Vec<String> = completions(&thread).into_iter().map(|item| item.label).collect();
        assert_eq!(labels, ["Anna Smith", "Anna", "12345", "RO-2044"]);
    }
}
