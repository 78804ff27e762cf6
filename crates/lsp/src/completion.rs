//! What a reply needs again and again: the customer's name, their numbers, how it begins and how it ends.

use std::collections::BTreeSet;
use std::ops::Range;

use replylint::{Completion, Completions, Register, Role, Thread, quoted_parts};
use tower_lsp::lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat, TextEdit,
};

use crate::actions::snippet;
use crate::documents::Checked;

/// A label is one line and not longer than this, in characters.
const LONGEST_LABEL: usize = 80;

/// What the offers depend on beside the document.
pub(crate) struct Offers<'o> {
    /// The customer's name, where it is known.
    pub name: Option<&'o str>,
    /// The texts of the reply's language, where it is known.
    pub texts: Option<&'o Completions>,
    /// The form of address that the configuration asks for.
    pub register: Option<Register>,
    /// The client takes gaps that one jumps to.
    pub takes_snippets: bool,
}

/// What can stand at a place: openings where the reply begins, closings in its last paragraph's place, and everywhere
/// what the customer wrote.
pub(crate) fn completions(checked: &Checked, at: usize, offers: &Offers<'_>) -> Vec<CompletionItem> {
    let known = Known::of(&checked.source.thread, offers.name);
    let mut items = Vec::new();
    if let Some(texts) = offers.texts
        && let Some((place, typed)) = spot(checked, at)
    {
        let (list, detail) = match place {
            Spot::Start => (&texts.openings, "an opening"),
            Spot::End => (&texts.closings, "a closing"),
        };
        let suits = |text: &&Completion| offers.register.is_none_or(|register| register.suits(text));
        for text in list.iter().filter(suits) {
            items.push(offered(text, detail, texts, &known, checked, &typed, offers.takes_snippets));
        }
    }
    let value = |label: &str, detail: &str| CompletionItem {
        label: label.to_owned(),
        kind: Some(CompletionItemKind::VALUE),
        detail: Some(detail.to_owned()),
        ..CompletionItem::default()
    };
    if let Some(name) = known.name {
        items.push(value(name, "the customer's name"));
        if let Some((first, _)) = name.split_once(' ') {
            items.push(value(first, "the customer's first name"));
        }
    }
    items.extend(known.numbers.iter().map(|number| value(number, "from the customer's message")));
    for (order, item) in items.iter_mut().enumerate() {
        item.sort_text = Some(format!("{order:03}"));
    }
    items
}

/// Where whole texts can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// The first line.
    Start,
    /// The beginning of a paragraph after which nothing follows.
    End,
}

/// What kind of place a cursor is at, and what was typed there already; `None` in the middle of a reply.
fn spot(checked: &Checked, at: usize) -> Option<(Spot, Range<usize>)> {
    let source = &checked.source;
    let whole = checked.text.as_str();
    let draft = source.place(replylint::Target::Draft, &(0..source.thread.draft.text.len()))?;
    let (before, after) = (whole.get(draft.start..at)?, whole.get(at..draft.end)?);
    // What is quoted below an answer is not the answer.
    let quote = quoted_parts(whole.get(draft.clone())?)
        .into_iter()
        .map(|part| part.attribution.map_or(part.range.start, |attribution| attribution.start));
    let end = quote.map(|quote| draft.start + quote).find(|quote| *quote >= at).unwrap_or(draft.end);
    let is_last = whole.get(at..end)?.trim().is_empty();
    if after.lines().next().is_some_and(|rest| !rest.trim().is_empty()) {
        return None;
    }
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let typed = at - before[line..].trim_start().len()..at;
    let above = &before[..line];
    if above.trim().is_empty() {
        return Some((Spot::Start, typed));
    }
    let begins_paragraph = above.ends_with("\n\n") || above.ends_with("\n\r\n");
    (is_last && begins_paragraph).then_some((Spot::End, typed))
}

/// What is known of the customer.
struct Known<'t> {
    name: Option<&'t str>,
    /// The newest message's first.
    numbers: Vec<&'t str>,
}

impl<'t> Known<'t> {
    fn of(thread: &'t Thread, name: Option<&'t str>) -> Self {
        let mut seen = BTreeSet::new();
        let messages = thread.messages.iter().rev().filter(|message| message.role == Role::Customer);
        let numbers =
            messages.flat_map(|message| numbers(&message.text)).filter(|number| seen.insert(*number));
        Known { numbers: numbers.collect(), name }
    }

    /// The text with what is known in its gaps.
    fn fill(&self, text: &str, texts: &Completions) -> String {
        let first = self.name.and_then(|name| name.split_whitespace().next());
        let gaps = [
            (&texts.name, self.name),
            (&texts.first_name, first),
            (&texts.number, self.numbers.first().copied()),
        ];
        let mut filled = text.to_owned();
        for (gap, value) in gaps {
            if let (Some(gap), Some(value)) = (gap, value) {
                filled = filled.replace(&format!("[{gap}]"), value);
            }
        }
        filled
    }
}

fn offered(
    text: &Completion,
    detail: &str,
    texts: &Completions,
    known: &Known<'_>,
    checked: &Checked,
    typed: &Range<usize>,
    takes_snippets: bool,
) -> CompletionItem {
    let filled = known.fill(&text.text, texts);
    let one_line = filled.split_whitespace().collect::<Vec<_>>().join(" ");
    let label = match one_line.char_indices().nth(LONGEST_LABEL) {
        Some((end, _)) => format!("{}…", one_line[..end].trim_end()),
        None => one_line.clone(),
    };
    let new_text = if takes_snippets { snippet(&filled) } else { filled.clone() };
    CompletionItem {
        label,
        kind: Some(if takes_snippets { CompletionItemKind::SNIPPET } else { CompletionItemKind::TEXT }),
        detail: Some(detail.to_owned()),
        documentation: filled.contains('\n').then_some(Documentation::String(filled)),
        filter_text: Some(one_line),
        insert_text_format: takes_snippets.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: checked.text.range(typed), new_text })),
        ..CompletionItem::default()
    }
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
    use std::sync::Arc;

    use replylint::{Linter, Message, Options, Role};
    use replylint_input::Form;

    use super::{Offers, Spot, completions, spot};
    use crate::convert::{Encoding, Text};
    use crate::documents::{About, Checked};
    use crate::source::Source;

    fn checked(text: &str, messages: Vec<Message>) -> Checked {
        let text = Arc::new(Text::new(text.to_owned(), Encoding::Utf16));
        let about = About { messages, ..About::default() };
        Checked {
            revision: 0,
            version: 0,
            source: Source::read(&text, Form::Markdown, &about).unwrap().unwrap(),
            text,
            language: None,
            findings: Vec::new(),
            points: Vec::new(),
            score: None,
            diagnostics: Vec::new(),
            result_id: String::new(),
            quotes: std::sync::OnceLock::new(),
        }
    }

    fn customer() -> Vec<Message> {
        let text = "Order #12345 and invoice RO-2044 of 2026-05-04, call +40722000111 at 10:30.\nAnna Smith";
        vec![Message::new(Role::Customer, text), Message::new(Role::Agent, "Case 99999")]
    }

    #[test]
    fn names_and_numbers_come_from_the_customer() {
        let offers = |name| Offers { name, texts: None, register: None, takes_snippets: true };
        assert!(completions(&checked("Hello ", Vec::new()), 6, &offers(None)).is_empty());
        let items = completions(&checked("Hello ", customer()), 6, &offers(Some("Anna Smith")));
        let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
        assert_eq!(labels, ["Anna Smith", "Anna", "12345", "RO-2044"]);
    }

    #[test]
    fn openings_are_filled_with_what_is_known() {
        let linter = Linter::new(Options::default()).unwrap();
        let texts = &linter.pack("en").unwrap().completions;
        let of = |takes_snippets, messages| {
            let checked = checked("Hi", messages);
            let name = linter.customer_name(&checked.source.thread);
            let offers = Offers { name, texts: Some(texts), register: None, takes_snippets };
            let items = completions(&checked, 2, &offers);
            items
                .into_iter()
                .filter_map(|item| match item.text_edit? {
                    tower_lsp::lsp_types::CompletionTextEdit::Edit(edit) => Some(edit.new_text),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(of(true, Vec::new())[0], "Hi ${1:[first name]},");
        assert_eq!(of(false, Vec::new())[0], "Hi [first name],");
        let filled = of(true, customer());
        assert_eq!(filled[0], "Hi Anna,");
        assert!(filled.contains(&"Dear Anna Smith,".to_owned()), "{filled:?}");
        assert!(filled.iter().any(|text| text.contains("order 12345. This")), "{filled:?}");
    }

    #[test]
    fn texts_are_offered_where_they_can_stand() {
        let at = |marked: &str| {
            let at = marked.find('‸').unwrap();
            spot(&checked(&marked.replace('‸', ""), Vec::new()), at)
                .map(|(spot, typed)| (spot, at - typed.start))
        };
        assert_eq!(at("‸"), Some((Spot::Start, 0)));
        assert_eq!(at("\n  ‸\n"), Some((Spot::Start, 0)));
        assert_eq!(at("Hi A‸"), Some((Spot::Start, 4)));
        assert_eq!(at("‸\n\nIt is here.\n"), Some((Spot::Start, 0)));
        assert_eq!(at("---\nchannel: chat\n---\n\nHi‸\n\nIt is here.\n"), Some((Spot::Start, 2)));
        assert_eq!(at("Hi ‸Ana,\n"), None);
        assert_eq!(at("Hi Ana,\n\nIt is‸ here.\n"), None);
        assert_eq!(at("Hi Ana,\n\nKi‸\n\n"), Some((Spot::End, 2)));
        assert_eq!(at("Hi Ana,\nKi‸\n\n"), None);
        assert_eq!(at("Hi Ana,\n\nKi‸\n\nIt is here.\n"), None);
        let quoted = "Hi Ana,\n\nKi‸\n\nOn 4 May 2026 at 10:12, Ana <a@example.com> wrote:\n> Where is it?\n";
        assert_eq!(at(quoted), Some((Spot::End, 2)));
    }
}
