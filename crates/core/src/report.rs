//! From raw findings to findings: precedence, overlaps, words, order.

use std::ops::Range;

use jiff::civil::Date;
use replylint_pack::{Applicability as PackApplicability, Card, Register, RulePack, SuggestionTemplate};

use crate::analysis::Analysis;
use crate::options;
use crate::packs;
use crate::rules::RawFinding;
use crate::time::{Estimate, write_day};
use crate::wording;
use crate::{Applicability, Finding, Severity, Suggestion, Target, Thread};

/// What the wording of suggestions depends on.
pub(crate) struct Setting {
    /// The day of the reply.
    pub sent: Option<Date>,
    /// How the options say that the customer is addressed.
    pub register: Option<options::Register>,
}

/// How a reply addresses the customer: as its words do, and formally where they do not tell.
fn register_of(analysis: &Analysis<'_>, wanted: Option<options::Register>) -> Register {
    let count = |address: &str| {
        analysis.evidence(packs::place_in_catalogue("inconsistent-formality"), address).count()
    };
    match wanted {
        Some(options::Register::Formal) => Register::Formal,
        Some(options::Register::Informal) => Register::Informal,
        None if count("informal") > count("formal") => Register::Informal,
        None => Register::Formal,
    }
}

/// Gives the findings their words, in the order in which a reader meets them.
pub(crate) fn findings(
    raw: Vec<RawFinding>,
    thread: &Thread,
    analysis: &Analysis<'_>,
    catalogue: &[Card],
    severity: impl Fn(usize) -> Severity,
    setting: &Setting,
) -> Vec<Finding> {
    if raw.is_empty() {
        return Vec::new();
    }
    let raw = settle_overlaps(raw, catalogue);
    let register = register_of(analysis, setting.register);
    let mut findings: Vec<Finding> = raw
        .into_iter()
        .filter_map(|raw| {
            let pack = analysis.pack(raw.pack)?;
            let rule = &pack.rules[usize::from(analysis.rule_number(raw.pack, raw.rule)?)];
            Some(Finding {
                severity: severity(raw.rule),
                message: message(rule, &raw, thread),
                suggestions: suggestions(
                    rule,
                    &raw,
                    thread,
                    last_day(&raw, analysis, setting.sent).as_deref(),
                    register,
                ),
                rule: catalogue[raw.rule].id.clone(),
                kind: raw.kind,
                target: raw.target,
                span: raw.span,
            })
        })
        .collect();
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            (finding.target == Target::Draft, finding.target, finding.span.start, finding.span.end)
        };
        key(a).cmp(&key(b)).then_with(|| a.rule.cmp(&b.rule))
    });
    findings
}

/// One fault, one finding: of overlapping findings of one rule the longest stays, and a rule that yields to another
/// gives up the words that both mean.
pub(crate) fn settle_overlaps(mut raw: Vec<RawFinding>, catalogue: &[Card]) -> Vec<RawFinding> {
    // By place; the longer one first where two begin together.
    raw.sort_by(|a, b| {
        let key =
            |finding: &RawFinding| (finding.target, finding.span.start, std::cmp::Reverse(finding.span.end));
        key(a).cmp(&key(b)).then_with(|| (a.rule, &a.kind).cmp(&(b.rule, &b.kind)))
    });
    let mut kept: Vec<RawFinding> = Vec::with_capacity(raw.len());
    for finding in raw {
        match kept
            .iter_mut()
            .rev()
            .take(MOST_NEIGHBOURS)
            .find(|other| same_words(other, &finding) && other.rule == finding.rule)
        {
            Some(other) if finding.span.len() > other.span.len() => *other = finding,
            Some(_) => {}
            None => kept.push(finding),
        }
    }
    let gives_way: Vec<bool> = (0..kept.len())
        .map(|at| {
            let yields_to = &catalogue[kept[at].rule].yields_to;
            !yields_to.is_empty()
                && kept[at.saturating_sub(MOST_NEIGHBOURS)..(at + MOST_NEIGHBOURS).min(kept.len())]
                    .iter()
                    .any(|other| {
                        yields_to.contains(&catalogue[other.rule].id) && same_words(other, &kept[at])
                    })
        })
        .collect();
    let mut gives_way = gives_way.into_iter();
    kept.retain(|_| !gives_way.next().unwrap_or(false));
    kept
}

/// Findings that overlap stand close together in the order of places, so only so many neighbours are compared.
const MOST_NEIGHBOURS: usize = 24;

fn same_words(a: &RawFinding, b: &RawFinding) -> bool {
    let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end || a == b;
    a.target == b.target && overlap(&a.span, &b.span)
}

fn flagged<'t>(raw: &RawFinding, thread: &'t Thread) -> &'t str {
    let text = match raw.target {
        Target::Draft => Some(&thread.draft.text),
        Target::Message(at) => thread.messages.get(at).map(|message| &message.text),
    };
    text.and_then(|text| text.get(raw.span.clone())).unwrap_or_default()
}

fn message(rule: &RulePack, raw: &RawFinding, thread: &Thread) -> String {
    let points = raw.detail.as_deref().unwrap_or("{points}");
    fill(rule.message(raw.kind.as_deref()), &[("{text}", flagged(raw, thread)), ("{points}", points)])
}

/// A template with its gaps filled.
fn fill(template: &str, gaps: &[(&str, &str)]) -> String {
    let mut out =
        String::with_capacity(template.len() + gaps.iter().map(|(_, value)| value.len()).sum::<usize>());
    let mut rest = template;
    while let Some(at) = memchr::memchr(b'{', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match gaps.iter().find(|(gap, _)| rest.starts_with(gap)) {
            Some((gap, value)) => {
                out.push_str(value);
                rest = &rest[gap.len()..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The date that the flagged words end on, in the language of the reply, where the reply's own date is known.
fn last_day(raw: &RawFinding, analysis: &Analysis<'_>, sent: Option<Date>) -> Option<String> {
    let sent = sent?;
    let words = raw.words.as_ref()?;
    let estimate = Estimate::read(analysis, raw.pack, words.start as usize..words.end as usize)?;
    let code = &analysis.pack(raw.pack)?.code;
    write_day(estimate.last_day(sent, code)?, code)
}

/// The flagged words with one of the gaps around them, so that taking them out leaves no double space.
fn with_gap(raw: &RawFinding, thread: &Thread) -> Range<usize> {
    let (Target::Draft, text) = (raw.target, thread.draft.text.as_str()) else { return raw.span.clone() };
    let Range { start, end } = raw.span;
    let before = text[..start].chars().next_back();
    let gap_after = text[end..].len() - text[end..].trim_start_matches([' ', '\u{a0}']).len();
    let gap_before = text[..start].len() - text[..start].trim_end_matches([' ', '\u{a0}']).len();
    if gap_after > 0 && before.is_none_or(char::is_whitespace) {
        start..end + gap_after
    } else {
        start - gap_before..end
    }
}

fn suggestions(
    rule: &RulePack,
    raw: &RawFinding,
    thread: &Thread,
    date: Option<&str>,
    register: Register,
) -> Vec<Suggestion> {
    let mut out = Vec::new();
    if let Some(replacement) = &raw.replacement {
        out.push(Suggestion {
            title: replacement.clone(),
            replacement: replacement.clone(),
            span: if replacement.is_empty() { with_gap(raw, thread) } else { raw.span.clone() },
            applicability: Applicability::Safe,
        });
    }
    // Templates are about words of the draft; what is flagged in a message has no better wording.
    let text = if raw.target == Target::Draft { thread.draft.text.as_str() } else { return out };
    let fits = |template: &&SuggestionTemplate| {
        let is_for_kind =
            template.kinds.is_empty() || raw.kind.as_ref().is_some_and(|kind| template.kinds.contains(kind));
        is_for_kind
            && template.register.is_none_or(|wanted| wanted == register)
            && (date.is_some() || !template.replacement.contains("{date}"))
            && wording::suits(template, text, &raw.span)
    };
    let mut templates: Vec<&SuggestionTemplate> = rule.suggestions.iter().filter(fits).collect();
    if templates.iter().any(|template| !template.beside.is_empty()) {
        templates.retain(|template| !template.beside.is_empty());
    }
    for template in templates {
        let span = wording::replaced(template, text, &raw.span);
        let gaps = [("{text}", flagged(raw, thread)), ("{date}", date.unwrap_or_default())];
        let replacement = fill(&template.replacement, &gaps);
        out.push(Suggestion {
            title: template.title.clone(),
            replacement: wording::in_place(&replacement, text, &span),
            span,
            applicability: match template.applicability {
                PackApplicability::Safe => Applicability::Safe,
                PackApplicability::Template => Applicability::Template,
            },
        });
    }
    out
}
