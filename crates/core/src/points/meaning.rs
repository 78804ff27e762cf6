//! What phrases say about points and answers.

use replylint_pack::{Group, Pack, Role};

use super::RULE;
use crate::{Act, Answer};

/// What the hit of a group says about points and answers. Told once for each group of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Nothing,
    /// What a customer writes about, by its number.
    Concept(u16),
    /// What a place of a message is.
    Cue(Cue),
    /// What a sentence of the reply does.
    Does(Act),
    /// The kind of answer that a sentence of the reply gives.
    Gives(Answer),
    /// Thanks, an apology, a farewell: no answer to anything.
    Form,
    /// The same where the sentence is short.
    ShortForm,
    Greeting,
}

/// What the pack's phrases say about a place of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cue {
    Question,
    Request,
    Complaint,
    /// "Also", "another thing": what follows is a point of its own.
    Addition,
    /// A greeting, thanks, a rhetorical question.
    NoPoint,
    Asks(Answer),
}

impl Cue {
    /// Whether it makes a point of the words around it.
    pub fn makes_point(self) -> bool {
        matches!(self, Cue::Question | Cue::Request)
    }
}

/// The evidence of [`RULE`] by its name.
const NAMES: [(&str, Meaning); 24] = [
    ("question", Meaning::Cue(Cue::Question)),
    ("request", Meaning::Cue(Cue::Request)),
    ("complaint", Meaning::Cue(Cue::Complaint)),
    ("addition", Meaning::Cue(Cue::Addition)),
    ("no-point", Meaning::Cue(Cue::NoPoint)),
    ("asks-time", Meaning::Cue(Cue::Asks(Answer::Time))),
    ("asks-amount", Meaning::Cue(Cue::Asks(Answer::Amount))),
    ("asks-place", Meaning::Cue(Cue::Asks(Answer::Place))),
    ("asks-reason", Meaning::Cue(Cue::Asks(Answer::Reason))),
    ("asks-way", Meaning::Cue(Cue::Asks(Answer::Way))),
    ("asks-person", Meaning::Cue(Cue::Asks(Answer::Person))),
    ("asks-yes-no", Meaning::Cue(Cue::Asks(Answer::YesNo))),
    ("gives-time", Meaning::Gives(Answer::Time)),
    ("gives-amount", Meaning::Gives(Answer::Amount)),
    ("gives-place", Meaning::Gives(Answer::Place)),
    ("gives-reason", Meaning::Gives(Answer::Reason)),
    ("gives-way", Meaning::Gives(Answer::Way)),
    ("gives-person", Meaning::Gives(Answer::Person)),
    ("gives-yes-no", Meaning::Gives(Answer::YesNo)),
    ("refuses", Meaning::Does(Act::Refuses)),
    ("takes-on", Meaning::Does(Act::TakesOn)),
    ("asks-back", Meaning::Does(Act::AsksBack)),
    ("has-done", Meaning::Does(Act::HasDone)),
    ("form", Meaning::Form),
];

impl Meaning {
    /// The meanings of a pack's groups, by their number.
    pub fn of_groups(pack: &Pack) -> Box<[Meaning]> {
        pack.groups.iter().map(|group| Meaning::of(pack, group)).collect()
    }

    fn of(pack: &Pack, group: &Group) -> Meaning {
        let id = |rule: u16| pack.rules[usize::from(rule)].id.as_str();
        match &group.role {
            Role::Concept(concept) => Meaning::Concept(*concept),
            Role::Evidence { rule, name } if id(*rule) == RULE => NAMES
                .iter()
                .find(|(known, _)| known == name)
                .map_or(Meaning::Nothing, |(_, meaning)| *meaning),
            Role::Evidence { rule, name } if id(*rule) == "missing-greeting" && name == "greeting" => {
                Meaning::Greeting
            }
            Role::Finding { rule, kind, .. } => match id(*rule) {
                "negative-framing" | "deflection" | "unexplained-policy" => Meaning::Does(Act::Refuses),
                "unknown-without-follow-up" => Meaning::Does(Act::Unknown),
                "unowned-promise" | "escalation-phrase" => Meaning::Does(Act::TakesOn),
                "ambiguous-estimate" => Meaning::Gives(Answer::Time),
                "canned-phrase" | "hollow-apology" if kind.as_deref() == Some("impersonal") => {
                    Meaning::ShortForm
                }
                "canned-phrase" | "hollow-apology" => Meaning::Form,
                _ => Meaning::Nothing,
            },
            _ => Meaning::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Meaning, NAMES, Pack, RULE};
    use crate::Options;
    use crate::packs::{catalogue, load};

    #[test]
    fn every_name_of_evidence_means_something_and_the_card_says_where_it_is_looked_for() {
        let card = catalogue().iter().find(|card| card.id == RULE).unwrap();
        let mut of_card: Vec<&str> =
            card.evidence_of_sentences.iter().chain(&card.evidence_of_messages).map(String::as_str).collect();
        let mut names = NAMES.map(|(name, _)| name);
        of_card.sort_unstable();
        names.sort_unstable();
        assert_eq!(of_card, names);
        for (name, meaning) in NAMES {
            let is_of_message = card.evidence_of_messages.iter().any(|known| known == name);
            assert_eq!(is_of_message, matches!(meaning, Meaning::Cue(_)), "{name}");
        }
        let languages = load(&Options::default()).unwrap();
        for card in catalogue() {
            let listed = card.evidence_of_sentences.iter().chain(&card.evidence_of_messages);
            for name in listed {
                let is_known = |pack: &Pack| {
                    let number = pack.rule_number(&card.id);
                    number.is_some_and(|number| !pack.evidence_groups(number, name).is_empty())
                };
                assert!(languages.iter().any(|language| language.open().is_some_and(is_known)), "{name}");
            }
        }
        for language in languages {
            let pack = language.open().unwrap();
            let rule = pack.rules.iter().find(|rule| rule.id == RULE).unwrap();
            for (name, _) in &rule.evidence {
                assert!(names.contains(&name.as_str()), "{}: {name}", language.code);
            }
        }
    }
}
