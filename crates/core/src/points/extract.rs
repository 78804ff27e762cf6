//! From a customer's message to its points: questions, requests, complaints and list items.

use std::ops::Range;

use super::meaning::{Cue, Meaning};
use super::topic::Topic;
use crate::analysis::Analysis;
use crate::text::TokenKind;
use crate::{Answer, PointKind};

/// A point before the reply was looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawPoint {
    /// Its bytes in the message.
    pub span: Range<usize>,
    pub kind: PointKind,
    pub asks: Option<Answer>,
    /// What it is about.
    pub topic: Topic,
    /// Whether its own words say nothing of that: "What can I do?"
    is_vague: bool,
    /// What the sentences before it are about, which led to it.
    pub context: Topic,
    /// Whether it says of itself that it is another one: "also", an item of a list.
    pub stands_alone: bool,
    /// Number of its sentence.
    sentence: usize,
}

/// Sentences of one matter stand no further from each other than this.
const MOST_APART: usize = 2;

/// A part of a sentence that may be a point.
struct Segment {
    tokens: Range<usize>,
    sentence: usize,
    kind: Option<PointKind>,
    asks: Option<Answer>,
    is_addition: bool,
    is_item: bool,
}

/// The points of a message, in order.
pub(crate) fn points(analysis: &Analysis<'_>, text: &str) -> Vec<RawPoint> {
    let cues = cues(analysis);
    let mut segments = Vec::new();
    for number in 0..analysis.sentences.len() {
        cut(analysis, text, number, &cues, &mut segments);
    }
    // Two items make a list; one dash is a dash.
    let is_list = segments.iter().filter(|segment| segment.is_item).count() >= 2;
    let mut points: Vec<RawPoint> = Vec::new();
    let mut context = Topic::default();
    for segment in segments {
        let topic = Topic::of(analysis, segment.tokens.clone());
        // A number alone is the beginning of an item that follows.
        let is_item = segment.is_item && segment.tokens.len() > 1;
        let kind = segment.kind.or((is_list && is_item).then_some(PointKind::Request));
        let Some(kind) = kind else {
            context.add(&topic);
            continue;
        };
        let mut point = RawPoint {
            span: span(analysis, text, &segment),
            kind,
            asks: segment.asks,
            is_vague: topic.is_empty(),
            topic,
            context: std::mem::take(&mut context),
            stands_alone: segment.is_addition || segment.is_item,
            sentence: segment.sentence,
        };
        if is_read(analysis, segment.sentence) && point.is_vague {
            // "Any ideas?" says nothing of its own: it asks about what was said before.
            if points.last_mut().is_some_and(|last| last.takes_in(&point)) {
                continue;
            }
            let before = points.last().map(|last| &last.topic).unwrap_or(&point.context);
            point.topic = before.clone();
        }
        add(&mut points, point);
    }
    points
}

/// Whether a sentence is in a language that can be read.
fn is_read(analysis: &Analysis<'_>, sentence: usize) -> bool {
    let at = analysis.passages.partition_point(|passage| passage.sentences.end <= sentence);
    analysis.passages.get(at).is_some_and(|passage| passage.pack.is_some())
}

impl RawPoint {
    /// Takes in a point that says nothing of its own, unless it asks for something else than this one does.
    fn takes_in(&mut self, other: &RawPoint) -> bool {
        let asks = other.asks.filter(|asks| *asks != Answer::YesNo);
        if other.sentence > self.sentence + MOST_APART || self.kind == PointKind::Question && asks.is_some() {
            return false;
        }
        if self.kind == PointKind::Complaint && other.kind != PointKind::Complaint {
            self.kind = other.kind;
            self.asks = other.asks;
            self.span.end = other.span.end;
        }
        self.sentence = other.sentence;
        true
    }
}

/// Adds a point, unless it belongs to the one before: a complaint to the request that it leads to, a question asked
/// again to itself.
fn add(points: &mut Vec<RawPoint>, mut point: RawPoint) {
    if let Some(last) = points.last_mut() {
        let follows = point.sentence <= last.sentence + MOST_APART;
        if last.kind == PointKind::Complaint && follows && !point.stands_alone {
            // What the customer wants is said last; a second complaint goes on with the first.
            if point.kind == PointKind::Complaint {
                last.span.end = point.span.end;
                last.sentence = point.sentence;
                last.topic.add(&point.topic);
                last.is_vague &= point.is_vague;
                return;
            }
            point.context.add(&last.context);
            point.context.add(&last.topic);
            *last = point;
            return;
        }
        if follows && !point.stands_alone && asks_the_same(last, &point) {
            last.topic.add(&point.topic);
            last.is_vague &= point.is_vague;
            last.sentence = point.sentence;
            last.asks = last.asks.or(point.asks);
            return;
        }
    }
    points.push(point);
}

/// Whether the second of two neighbours says again what the first asks.
fn asks_the_same(first: &RawPoint, second: &RawPoint) -> bool {
    let shared = second.topic.stems.iter().filter(|stem| first.topic.stems.contains(stem)).count();
    let all = second.topic.stems.len();
    let is_plea = second.kind == PointKind::Request && all == 0;
    is_plea || all > 0 && shared * 5 >= all * 3 && (first.asks == second.asks || second.asks.is_none())
}

/// All cues of the message by place.
fn cues(analysis: &Analysis<'_>) -> Vec<(Range<usize>, Cue)> {
    let mut cues: Vec<(Range<usize>, Cue)> = analysis
        .hits
        .iter()
        .filter_map(|found| match analysis.meaning(found) {
            Meaning::Cue(cue) => Some((found.hit.tokens.start as usize..found.hit.tokens.end as usize, cue)),
            _ => None,
        })
        .collect();
    cues.sort_by_key(|(tokens, _)| tokens.start);
    cues
}

/// Cuts a sentence where a second question or request begins, and says what each part is.
fn cut(
    analysis: &Analysis<'_>,
    text: &str,
    number: usize,
    cues: &[(Range<usize>, Cue)],
    out: &mut Vec<Segment>,
) {
    let sentence = &analysis.sentences[number];
    let first = cues.partition_point(|(tokens, _)| tokens.start < sentence.tokens.start);
    let cues = &cues[first..];
    let cues = &cues[..cues.partition_point(|(tokens, _)| tokens.start < sentence.tokens.end)];
    let within = |range: &Range<usize>| {
        let range = range.clone();
        cues.iter().filter(move |(tokens, _)| range.contains(&tokens.start)).map(|(_, cue)| *cue)
    };

    let from = analysis.clauses.partition_point(|start| (*start as usize) <= sentence.tokens.start);
    let mut starts = vec![sentence.tokens.start];
    let mut has_point = false;
    let mut clause_start = sentence.tokens.start;
    let ends = analysis.clauses[from..]
        .iter()
        .map(|start| *start as usize)
        .take_while(|start| *start < sentence.tokens.end)
        .chain([sentence.tokens.end]);
    for end in ends {
        if within(&(clause_start..end)).any(Cue::makes_point) {
            // "Tell me when it comes": the question is what is asked for, not a second point. What merely ends where
            // the clause begins asks for it only if nothing else is said before.
            let part = starts.last().copied().unwrap_or(clause_start);
            let is_asked_for = cues.iter().any(|(tokens, cue)| {
                let asked_until = if *cue == Cue::Question { tokens.start } else { clause_start };
                cue.makes_point()
                    && tokens.start < clause_start
                    && (tokens.end > clause_start
                        || tokens.end == clause_start && Topic::of(analysis, part..asked_until).is_empty())
            });
            if has_point && !is_asked_for {
                starts.push(clause_start);
            }
            has_point = true;
        }
        clause_start = end;
    }
    let is_item = begins_item(text, sentence.range.start);
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(sentence.tokens.end);
        let tokens = *start..end;
        let is_last = end == sentence.tokens.end;
        let found: Vec<Cue> = within(&tokens).collect();
        let asks = found.iter().find_map(|cue| match cue {
            Cue::Asks(answer) => Some(*answer),
            _ => None,
        });
        let is_question = sentence.question && is_last;
        let kind = if found.contains(&Cue::NoPoint) {
            None
        } else if found.contains(&Cue::Question) || is_question {
            Some(PointKind::Question)
        } else if found.contains(&Cue::Request) {
            Some(PointKind::Request)
        } else if found.contains(&Cue::Complaint) {
            Some(PointKind::Complaint)
        } else {
            None
        };
        out.push(Segment {
            asks: asks.or((is_question && kind.is_some()).then_some(Answer::YesNo)),
            is_addition: at > 0 || found.contains(&Cue::Addition),
            is_item: is_item && at == 0,
            tokens,
            sentence: number,
            kind,
        });
    }
}

/// Whether the line in which a sentence begins is an item of a list, and the sentence is its first.
fn begins_item(text: &str, start: usize) -> bool {
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line..start].trim_start();
    let marker = before.trim_end();
    // The item's number is a word of the sentence: "1) Where is it?"
    let numbered = {
        let rest = text[start..].trim_start_matches(char::is_numeric);
        rest.len() < text.len() - start && rest.starts_with([')', '.'])
    };
    matches!(marker, "-" | "*" | "•" | "–" | "—" | "·" | "▪") || numbered
}

/// The bytes of a segment, without its number in a list and with the question mark that follows it.
fn span(analysis: &Analysis<'_>, text: &str, segment: &Segment) -> Range<usize> {
    let mut tokens = segment.tokens.clone();
    let first = &analysis.text.tokens[tokens.start];
    // An order number is no number of an item.
    let is_number = first.kind != TokenKind::Code && text[first.range()].starts_with(char::is_numeric);
    if segment.is_item && tokens.len() > 1 && is_number {
        tokens.start += 1;
    }
    let bytes = analysis.bytes(&(tokens.start as u32..tokens.end as u32));
    let after = &text[bytes.end..];
    let marks = after.len() - after.trim_start_matches(['?', '!', '؟', '？']).len();
    bytes.start..bytes.end + marks
}
