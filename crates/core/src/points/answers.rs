//! Which sentences of the reply answer which point, and how sure that is.

use replylint_pack::Role;
use rustc_hash::FxHashMap;

use super::extract::{RULE, RawPoint};
use super::topic;
use crate::analysis::Analysis;
use crate::{Act, Answer, Evidence};

/// From this score on a point counts as answered.
pub(crate) const ANSWERED: f64 = 0.5;

/// Stems that begin with the same letters are forms of one word, if they are at least this long …
const ALIKE_LETTERS: usize = 5;
/// … and differ in no more letters than this.
const UNLIKE_LETTERS: usize = 3;
/// A sentence is about a point from this nearness on.
const NEAR: f64 = 0.2;

/// A sentence of the reply.
#[derive(Debug, Default)]
struct Sentence {
    acts: Vec<Act>,
    gives: Vec<Answer>,
    concepts: Vec<u16>,
    /// A greeting, a closing, thanks: no answer to anything.
    is_form: bool,
    /// Short, and it greets.
    is_greeting: bool,
    words: usize,
    /// For each point, the share of its words that the sentence has.
    shares: Vec<f64>,
}

/// The evidence for each point.
pub(crate) fn evidence(points: &[&RawPoint], reply: &Analysis<'_>) -> Vec<Evidence> {
    if points.is_empty() {
        return Vec::new();
    }
    let sentences = read(points, reply);
    // Thanks and farewells answer nothing.
    let says_something = sentences.iter().any(|sentence| !sentence.is_form);
    let near: Vec<Vec<f64>> = sentences
        .iter()
        .map(|sentence| points.iter().enumerate().map(|(at, point)| nearness(point, at, sentence)).collect())
        .collect();
    // A sentence belongs to the point that it is nearest to; one that is near none goes on with what was said before
    // it, if that has an owner, and is free for all points besides.
    let owner: Vec<Option<usize>> = sentences
        .iter()
        .zip(&near)
        .map(|(sentence, near)| {
            let best = (0..near.len()).max_by(|a, b| near[*a].total_cmp(&near[*b]))?;
            (!sentence.is_form && near[best] >= NEAR).then_some(best)
        })
        .collect();
    let substantial = |at: &usize| !sentences[*at].is_form && sentences[*at].words >= 2;
    let free: Vec<usize> =
        (0..sentences.len()).filter(|at| owner[*at].is_none()).filter(substantial).collect();

    points
        .iter()
        .enumerate()
        .map(|(number, point)| {
            let own: Vec<usize> = (0..sentences.len()).filter(|at| owner[*at] == Some(number)).collect();
            let best = near.iter().map(|near| near[number]).fold(0.0, f64::max);
            let words = sentences.iter().map(|sentence| sentence.shares[number]).fold(0.0, f64::max);
            let concepts = concept_share(point, &sentences);
            // What the sentences of the point do, and those right after them.
            let mut acts: Vec<Act> = Vec::new();
            let mut gives: Vec<Answer> = Vec::new();
            let speaks_for_it = |at: usize| {
                owner[at] == Some(number)
                    || owner[at].is_none() && at > 0 && owner[at - 1] == Some(number)
                    || owner[at].is_none() && own.is_empty()
            };
            for at in (0..sentences.len()).filter(|at| !sentences[*at].is_form && speaks_for_it(*at)) {
                acts.extend(&sentences[at].acts);
                gives.extend(&sentences[at].gives);
            }
            acts.sort_unstable();
            acts.dedup();
            let answer_given = point.asks.map(|asks| gives.contains(&asks));
            let mut evidence = Evidence {
                content_words: point.topic.stems.len(),
                nearness: best,
                words,
                concepts,
                answer_given,
                acts,
                own_sentences: own.len(),
                free_sentences: free.len(),
                score: 0.0,
            };
            evidence.score = if says_something {
                score(&evidence, !point.topic.concepts.is_empty(), points.len(), reply.words())
            } else {
                0.0
            };
            evidence
        })
        .collect()
}

/// How near a sentence is to a point, from 0 to about 1.
fn nearness(point: &RawPoint, number: usize, sentence: &Sentence) -> f64 {
    let shared = point.topic.concepts.iter().filter(|concept| sentence.concepts.contains(concept)).count();
    let concepts = shared as f64 / point.topic.concepts.len().max(1) as f64;
    let asked = point.asks.is_some_and(|asks| asks != Answer::YesNo && sentence.gives.contains(&asks));
    0.7 * sentence.shares[number] + 0.4 * concepts + if asked { 0.15 } else { 0.0 }
}

/// The share of the point's concepts that the reply has anywhere.
fn concept_share(point: &RawPoint, sentences: &[Sentence]) -> f64 {
    let all = &point.topic.concepts;
    let shared = all
        .iter()
        .filter(|concept| sentences.iter().any(|sentence| sentence.concepts.contains(concept)))
        .count();
    shared as f64 / all.len().max(1) as f64
}

/// How sure it is that a point is answered, from 0 to 1: a logistic function whose weights were fitted to labelled replies
/// and to replies that belong to other customers' messages. A single point is nearly always what the reply is about,
/// unless the reply is long and has nothing of it.
fn score(evidence: &Evidence, has_concepts: bool, points: usize, reply_words: usize) -> f64 {
    let is = |condition: bool| if condition { 1.0 } else { 0.0 };
    let single = is(points == 1);
    // No sentence of the reply is about it.
    let orphan = is(evidence.own_sentences == 0);
    let length = (1.0 + reply_words as f64).ln().min(5.0);
    let sum = -0.3 + 2.48 * single + 0.27 * orphan - 0.09 * orphan * length - 0.67 * single * length
        + 0.98 * evidence.nearness.min(1.2)
        + 3.19 * evidence.words
        + 0.75 * evidence.concepts
        - 0.54 * is(evidence.answer_given == Some(false))
        - 0.13 * orphan * is(!evidence.acts.is_empty())
        + 0.4 * is(evidence.content_words <= 1 && !has_concepts);
    1.0 / (1.0 + (-sum).exp())
}

/// Reads the reply's sentences.
fn read(points: &[&RawPoint], reply: &Analysis<'_>) -> Vec<Sentence> {
    let index = Index::new(points);
    let mut sentences: Vec<Sentence> = reply
        .sentences
        .iter()
        .map(|sentence| Sentence {
            words: sentence.tokens.len(),
            shares: index.shares(reply, sentence.tokens.clone()),
            acts: if sentence.question { vec![Act::AsksBack] } else { Vec::new() },
            ..Sentence::default()
        })
        .collect();
    for found in reply.hits.iter().chain(&reply.faults) {
        let Some(pack) = reply.pack(found.pack) else { continue };
        let Some(sentence) = sentences.get_mut(found.hit.sentence as usize) else { continue };
        let id = |rule: u16| pack.rules[usize::from(rule)].id.as_str();
        match &pack.groups[usize::from(found.hit.group)].role {
            Role::Concept(concept) => sentence.concepts.push(*concept),
            Role::Evidence { rule, name } => match (id(*rule), name.as_str()) {
                (RULE, name) => {
                    if let Some((_, act)) = Act::NAMES.iter().find(|(known, _)| *known == name) {
                        sentence.acts.push(*act);
                    } else if let Some((_, answer)) = GIVES.iter().find(|(known, _)| *known == name) {
                        sentence.gives.push(*answer);
                    } else if name == "form" {
                        sentence.is_form = true;
                    }
                }
                ("missing-greeting", "greeting") => {
                    sentence.is_greeting |= sentence.words <= GREETING_WORDS;
                }
                _ => {}
            },
            Role::Finding { rule, kind, .. } => match id(*rule) {
                "negative-framing" | "deflection" | "unexplained-policy" => sentence.acts.push(Act::Refuses),
                "unknown-without-follow-up" => sentence.acts.push(Act::Unknown),
                "unowned-promise" | "escalation-phrase" => sentence.acts.push(Act::TakesOn),
                "ambiguous-estimate" => sentence.gives.push(Answer::Time),
                "canned-phrase" | "hollow-apology" => {
                    sentence.is_form |=
                        kind.as_deref() != Some("impersonal") || sentence.words <= GREETING_WORDS;
                }
                _ => {}
            },
            _ => {}
        }
    }
    for sentence in &mut sentences {
        // "Hi Ana, it starts on Friday" says more than hello.
        sentence.is_form |= sentence.is_greeting && sentence.gives.is_empty() && sentence.acts.is_empty();
    }
    sentences
}

/// A sentence of more words is no mere greeting.
const GREETING_WORDS: usize = 6;

/// What a sentence gives, by the name of the pack's evidence.
const GIVES: [(&str, Answer); 7] = [
    ("gives-time", Answer::Time),
    ("gives-amount", Answer::Amount),
    ("gives-place", Answer::Place),
    ("gives-reason", Answer::Reason),
    ("gives-way", Answer::Way),
    ("gives-person", Answer::Person),
    ("gives-yes-no", Answer::YesNo),
];

impl Act {
    const NAMES: [(&'static str, Act); 4] = [
        ("refuses", Act::Refuses),
        ("takes-on", Act::TakesOn),
        ("asks-back", Act::AsksBack),
        ("has-done", Act::HasDone),
    ];
}

/// Where the words of the points are found again.
struct Index<'p> {
    /// Stem, and its beginning, to points and the number of the stem in the point's topic.
    whole: FxHashMap<&'p str, Vec<(usize, usize)>>,
    beginnings: FxHashMap<&'p str, Vec<(usize, usize, &'p str)>>,
    /// How many stems each point has.
    sizes: Vec<usize>,
}

impl<'p> Index<'p> {
    fn new(points: &[&'p RawPoint]) -> Self {
        let mut index =
            Index { whole: FxHashMap::default(), beginnings: FxHashMap::default(), sizes: Vec::new() };
        for (number, point) in points.iter().enumerate() {
            for (at, stem) in point.topic.stems.iter().enumerate() {
                index.whole.entry(stem).or_default().push((number, at));
                if let Some(beginning) = beginning(stem) {
                    index.beginnings.entry(beginning).or_default().push((number, at, stem));
                }
            }
            index.sizes.push(point.topic.stems.len());
        }
        index
    }

    /// For each point, the share of its stems among the words of a sentence.
    fn shares(&self, reply: &Analysis<'_>, tokens: std::ops::Range<usize>) -> Vec<f64> {
        let mut found = vec![0u64; self.sizes.len()];
        topic::stems(reply, tokens, |stem| {
            for (point, at) in self.whole.get(stem).into_iter().flatten() {
                found[*point] |= 1 << at;
            }
            let alike = beginning(stem).and_then(|beginning| self.beginnings.get(beginning));
            for (point, at, other) in alike.into_iter().flatten() {
                if other.chars().count().abs_diff(stem.chars().count()) <= UNLIKE_LETTERS {
                    found[*point] |= 1 << at;
                }
            }
        });
        found
            .iter()
            .zip(&self.sizes)
            // Two words of a long point in one sentence are as much as one can hope for.
            .map(|(bits, size)| f64::from(bits.count_ones()) / (*size).clamp(1, 4) as f64)
            .map(|share| share.min(1.0))
            .collect()
    }
}

fn beginning(stem: &str) -> Option<&str> {
    let end = stem.char_indices().nth(ALIKE_LETTERS - 1).map(|(at, sign)| at + sign.len_utf8())?;
    stem.get(..end)
}
