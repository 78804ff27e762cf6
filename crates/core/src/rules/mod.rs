//! The rules: from the phrases that were found to raw findings.
//!
//! Most rules are made of phrases only and run through [`phrases`]. A rule that needs code has a file here and a line
//! in [`ENGINES`].

mod acknowledgement;
mod ambiguous_estimate;
mod asks_known_info;
mod attachment;
mod canned_phrase;
mod form;
mod formality;
mod jargon;
mod length;
mod long_sentence;
mod mismatched_detail;
mod negative_framing;
mod placeholder;
mod repetition;
mod sensitive_data;
mod shouting;
mod timing;
mod unanswered_point;
mod wall_of_text;
mod wrong_language;

pub(crate) use form::is_letter;

use std::ops::Range;

use replylint_pack::{Card, Pack, Role, Tier};

use crate::analysis::{Analysis, Found, Passage};
use crate::conversation::Conversation;
use crate::{Channel, Excused, Options, Point, Target, Thread};

/// What a rule sees.
pub(crate) struct Context<'c> {
    pub thread: &'c Thread,
    pub analysis: &'c Analysis<'c>,
    pub options: &'c Options,
    /// The channel, where it is known.
    pub channel: Option<Channel>,
    /// The place of the card in the catalogue.
    pub rule: usize,
    /// What was written before.
    pub conversation: &'c Conversation<'c>,
    /// The points of the customer's messages; empty where nobody asks for them.
    pub points: &'c [Point],
}

/// A finding before it has words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawFinding {
    /// The place of the rule in the catalogue.
    pub rule: usize,
    /// Its kind.
    pub kind: Option<String>,
    /// Where the span lies.
    pub target: Target,
    /// Bytes of the target.
    pub span: Range<usize>,
    /// Number of the pack whose language the finding speaks.
    pub pack: usize,
    /// A safe fix.
    pub replacement: Option<String>,
    /// What the message says besides the flagged words.
    pub detail: Option<String>,
    /// The tokens of the span, where phrases found it.
    pub words: Option<Range<u32>>,
}

/// Something that finds the faults of one rule.
pub(crate) type Engine = fn(&Context<'_>, &mut Vec<RawFinding>);

/// The rules written in Rust, by the name that their card gives as `engine`.
const ENGINES: &[(&str, Engine)] = &[
    ("phrases", phrases),
    ("ambiguous-estimate", ambiguous_estimate::run),
    ("asks-known-info", asks_known_info::run),
    ("broken-promise", timing::broken_promise),
    ("canned-phrase", canned_phrase::run),
    ("inconsistent-formality", formality::run),
    ("jargon", jargon::run),
    ("late-reply", timing::late_reply),
    ("length", length::run),
    ("long-sentence", long_sentence::run),
    ("mismatched-detail", mismatched_detail::run),
    ("missing-acknowledgement", acknowledgement::run),
    ("missing-attachment", attachment::run),
    ("missing-closing", form::missing_closing),
    ("missing-greeting", form::missing_greeting),
    ("negative-framing", negative_framing::run),
    ("repetition", repetition::run),
    ("sensitive-data", sensitive_data::run),
    ("shouting", shouting::run),
    ("unanswered-point", unanswered_point::run),
    ("unfilled-placeholder", placeholder::run),
    ("wall-of-text", wall_of_text::run),
    ("wrong-language", wrong_language::run),
];

/// The engine that a card names.
pub(crate) fn engine(card: &Card) -> Option<Engine> {
    ENGINES.iter().find(|(name, _)| *name == card.engine).map(|(_, engine)| *engine)
}

impl Context<'_> {
    /// Whether the rule exists in a language. A pack without the rule's file keeps it silent.
    fn speaks(&self, pack: usize) -> bool {
        self.analysis.rule_number(pack, self.rule).is_some()
    }

    /// A finding in the draft.
    fn finding(&self, kind: Option<&str>, span: Range<usize>, pack: usize) -> RawFinding {
        RawFinding {
            rule: self.rule,
            kind: kind.map(str::to_owned),
            target: Target::Draft,
            span,
            pack,
            replacement: None,
            detail: None,
            words: None,
        }
    }

    /// The language that most of the reply is in, where the rule exists in it.
    fn main_pack(&self) -> Option<(usize, &Pack)> {
        let number = self.analysis.main?;
        let pack = self.analysis.pack(number)?;
        self.speaks(number).then_some((number, pack))
    }

    /// The passages in languages in which the rule exists, each with its pack and the pack's number.
    fn passages(&self) -> impl Iterator<Item = (usize, &Pack, &Passage)> {
        self.analysis.passages.iter().filter_map(|passage| {
            let number = passage.pack?;
            let pack = self.analysis.pack(number)?;
            self.speaks(number).then_some((number, pack, passage))
        })
    }

    /// The customer's name, where it can be told.
    fn customer_name(&self) -> Option<&str> {
        self.conversation.customer_name(self.thread)
    }

    /// Whether evidence of this name was found for the rule anywhere in the reply.
    fn has_evidence(&self, name: &str) -> bool {
        self.evidence(name).next().is_some()
    }

    /// The places where evidence of this name was found for the rule in the reply, as bytes, with the sentence's number.
    fn evidence<'s>(&'s self, name: &'s str) -> impl Iterator<Item = (Range<usize>, usize)> {
        self.evidence_in(self.analysis, name)
    }

    /// The same in a message of the thread.
    fn evidence_in<'s>(
        &'s self,
        message: &'s Analysis<'_>,
        name: &'s str,
    ) -> impl Iterator<Item = (Range<usize>, usize)> {
        message.evidence(self.rule, name)
    }
}

/// Rules made of phrases: each hit that no excuse takes back is a finding.
fn phrases(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    // The pack of the last fault, and the rule's number in it.
    let mut known: Option<(usize, Option<(&Pack, u16)>)> = None;
    for found in &context.analysis.faults {
        if known.is_none_or(|(number, _)| number != found.pack) {
            let pack = context.analysis.pack(found.pack);
            let number = context.analysis.rule_number(found.pack, context.rule);
            known = Some((found.pack, pack.zip(number)));
        }
        let Some((_, Some((pack, number)))) = known else { continue };
        if found.rule != Some(number) {
            continue;
        }
        let Role::Finding { kind, tier, excuses, replacement, .. } =
            &pack.groups[usize::from(found.hit.group)].role
        else {
            continue;
        };
        if (*tier == Tier::Strict && !context.options.strict)
            || excuses.iter().any(|excuse| context.analysis.excuse(pack, found, *excuse).is_some())
        {
            continue;
        }
        out.push(RawFinding {
            replacement: replacement.clone(),
            words: Some(found.hit.tokens.clone()),
            ..context.finding(kind.as_deref(), context.analysis.bytes(&found.hit.tokens), found.pack)
        });
    }
}

/// What phrases found and excuses took back, of all rules.
pub(crate) fn excused(analysis: &Analysis<'_>) -> Vec<Excused> {
    let excused = |found: &Found| {
        let pack = analysis.pack(found.pack)?;
        let Role::Finding { rule, kind, excuses, .. } = &pack.groups[usize::from(found.hit.group)].role
        else {
            return None;
        };
        let (group, by) =
            excuses.iter().find_map(|excuse| Some((*excuse, analysis.excuse(pack, found, *excuse)?)))?;
        let Role::Excuse { name, .. } = &pack.groups[usize::from(group)].role else { return None };
        Some(Excused {
            rule: pack.rules[usize::from(*rule)].id.clone(),
            kind: kind.clone(),
            span: analysis.bytes(&found.hit.tokens),
            excuse: name.clone(),
            by: analysis.bytes(by),
        })
    };
    analysis.faults.iter().filter_map(excused).collect()
}
