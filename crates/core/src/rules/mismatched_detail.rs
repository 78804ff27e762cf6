//! Details of the reply that nearly, but not quite, are those of the thread: a digit off, two swapped, another name.

use replylint_pack::bare;

use super::{Context, RawFinding};
use crate::Role;
use crate::entities::{Entity, EntityKind, edits, is_one_edit};
use crate::packs;
use crate::text::tokens_of;
use crate::vocabulary::Vocabulary;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    for entity in context.analysis.entities(&context.thread.draft.text) {
        let alike = || known_entities(context).filter(|known| known.kind == entity.kind);
        let is_known = || alike().any(|known| known.value == entity.value);
        if alike().any(|known| is_slip(entity, known)) && !is_known() {
            let kind = match entity.kind {
                EntityKind::Amount => "amount",
                EntityKind::Date => "date",
                EntityKind::Email => "email",
                EntityKind::Reference | EntityKind::Phone => "number",
            };
            out.push(context.finding(Some(kind), entity.span.clone(), pack));
        }
    }
    if let Some(span) = wrong_name(context) {
        out.push(context.finding(Some("name"), span, pack));
    }
}

/// The details that the thread names.
fn known_entities<'c>(context: &'c Context<'_>) -> impl Iterator<Item = &'c Entity> {
    [Role::Customer, Role::Agent]
        .into_iter()
        .flat_map(|role| context.conversation.of(context.thread, role))
        .filter_map(|(at, message)| Some(message.entities(&context.thread.messages.get(at)?.text)))
        .flatten()
}

/// Whether somebody who meant the second may have typed the first.
fn is_slip(written: &Entity, meant: &Entity) -> bool {
    let (a, b) = (written.value.as_str(), meant.value.as_str());
    let length = a.chars().count().min(b.chars().count());
    match written.kind {
        // Short numbers are near each other by chance.
        EntityKind::Reference | EntityKind::Phone => length >= 5 && is_one_edit(a, b),
        EntityKind::Amount => a.len() == b.len() && length >= 4 && is_one_edit(a, b),
        // Another day is mostly another day; the same digits in another order, or another year, are slips.
        EntityKind::Date => {
            let (Some((year, day)), Some((other_year, other_day))) = (a.split_once('-'), b.split_once('-'))
            else {
                return false;
            };
            let swapped = day.split_once('-').map(|(month, day)| format!("{day}-{month}"));
            year == other_year && swapped.as_deref() == Some(other_day)
                || year != other_year && day == other_day
        }
        EntityKind::Email => (1..=2).contains(&edits(a, b)),
    }
}

/// The name in the greeting, where the customer has another.
fn wrong_name(context: &Context<'_>) -> Option<std::ops::Range<usize>> {
    let name = context.customer_name()?;
    let pack = context.analysis.pack(context.analysis.main?)?;
    let text = context.thread.draft.text.as_str();
    let greeting = context
        .analysis
        .evidence(packs::place_in_catalogue("missing-greeting"), "greeting")
        .find(|(_, sentence)| *sentence == 0)?;
    let tokens = &context.analysis.text.tokens;
    let sentence = context.analysis.sentences.first()?;
    let after = tokens[sentence.tokens.clone()]
        .iter()
        .filter(|token| token.range().start >= greeting.0.end)
        .take_while(|token| token.range().start < greeting.0.end + LONGEST_NAME);
    let mut words = Vec::new();
    for token in after {
        let written = &text[token.range()];
        let is_name = written.chars().next().is_some_and(char::is_uppercase) && written.chars().count() > 2;
        let folded = context.analysis.folded(token);
        if is_name && pack.function_words.binary_search_by(|word| word.as_str().cmp(folded)).is_err() {
            words.push((token.range(), folded));
        }
        if token.gap >= crate::text::Gap::Clause {
            break;
        }
    }
    let (first, last) = (words.first()?, words.last()?);
    let mut vocabulary = Vocabulary::default();
    let own = tokens_of(name, &mut vocabulary);
    let own: Vec<&str> = own.iter().map(|token| vocabulary.folded(token.word.id)).collect();
    // Who writes "Zoltan" is called "Zoltán".
    let is_same = |word: &str| own.iter().any(|own| bare(own) == bare(word));
    let meets = |word: &str| own.iter().any(|own| *own == word || is_akin(own, word));
    let is_slip = |word: &str| own.iter().any(|own| own.chars().count() >= 3 && is_one_edit(own, word));
    if let Some((span, _)) = words.iter().find(|(_, word)| !is_same(word) && is_slip(word)) {
        // "Andrea" and "Andrei" are two people, "Olga" and "Olgą" one.
        return (!own.iter().any(|own| words.iter().any(|(_, word)| own == word))).then(|| span.clone());
    }
    let same_script = own.iter().all(|own| own.is_ascii()) == words.iter().all(|(_, word)| word.is_ascii());
    let is_other = same_script && !words.iter().any(|(_, word)| meets(word));
    is_other.then_some(first.0.start..last.0.end)
}

/// Greetings are short; names further on are of somebody else.
const LONGEST_NAME: usize = 40;

/// Cases and short forms have letters of the name in a row: Liz is Elizabeth, Bill is William.
fn is_akin(a: &str, b: &str) -> bool {
    let pairs = |word: &str| word.chars().zip(word.chars().skip(1)).collect::<Vec<_>>();
    let others = pairs(b);
    pairs(a).iter().any(|pair| others.contains(pair))
}
