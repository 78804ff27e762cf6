//! Which sentences of the reply answer which point, and how sure that is.

use replylint_pack::Role;
use rustc_hash::FxHashMap;

use super::extract::{RULE, RawPoint};
use super::topic;
use crate::analysis::Analysis;
use crate::text::ZoneKind;
use crate::{Act, Answer, Evidence};

/// From this score on a point counts as answered.
pub(crate) const ANSWERED: f64 = 0.5;

/// Stems that begin with so many same letters, which are most of both, are forms of one word, …
const ALIKE_LETTERS: usize = 4;
/// … and so are those with so many same letters, if they differ in no more than the letters below; else they are
/// related.
const RELATED_LETTERS: usize = 5;
const UNLIKE_LETTERS: usize = 3;
/// How much of a related word counts.
const RELATED: f64 = 0.7;
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
    /// For each point, the share of its words that the sentence has …
    shares: Vec<f64>,
    /// … and the share where words that other points have as well, and short ones, count less.
    weighted: Vec<f64>,
}

impl Sentence {
    /// Whether it can answer anything.
    fn is_substantial(&self) -> bool {
        !self.is_form && self.words >= 2
    }
}

/// The evidence for each point.
pub(crate) fn evidence(points: &[&RawPoint], reply: &Analysis<'_>, text: &str) -> Vec<Evidence> {
    if points.is_empty() {
        return Vec::new();
    }
    let index = Index::new(points);
    let sentences = read(&index, reply, text);
    // Thanks and farewells answer nothing.
    let substance: Vec<usize> = (0..sentences.len()).filter(|at| sentences[*at].is_substantial()).collect();
    let words: usize = substance.iter().map(|at| sentences[*at].words).sum();
    let contexts =
        index.contexts(reply, text, substance.iter().map(|at| reply.sentences[*at].tokens.clone()));
    let links = index.links(reply, text);
    let near: Vec<Vec<f64>> = sentences
        .iter()
        .map(|sentence| points.iter().enumerate().map(|(at, point)| nearness(point, at, sentence)).collect())
        .collect();
    // A sentence belongs to the point that it is nearest to; one that is near none is free for all.
    let owner: Vec<Option<usize>> = sentences
        .iter()
        .zip(&near)
        .map(|(sentence, near)| {
            let best = (0..near.len()).rev().max_by(|a, b| near[*a].total_cmp(&near[*b]))?;
            (!sentence.is_form && near[best] >= NEAR).then_some(best)
        })
        .collect();
    let free = substance.iter().filter(|at| owner[**at].is_none()).count();

    points
        .iter()
        .enumerate()
        .map(|(number, point)| {
            let own = owner.iter().filter(|owner| **owner == Some(number)).count();
            let best = near.iter().map(|near| near[number]).fold(0.0, f64::max);
            let share = substance.iter().map(|at| sentences[*at].weighted[number]).fold(0.0, f64::max);
            // What the sentences of the point do, and those right after them.
            let mut acts: Vec<Act> = (0..sentences.len())
                .filter(|at| {
                    !sentences[*at].is_form
                        && (owner[*at] == Some(number)
                            || owner[*at].is_none() && *at > 0 && owner[*at - 1] == Some(number)
                            || owner[*at].is_none() && own == 0)
                })
                .flat_map(|at| sentences[at].acts.iter().copied())
                .collect();
            acts.sort_unstable();
            acts.dedup();
            let is_open_to = |at: usize| owner[at].is_none_or(|owner| owner == number);
            let answer_given = point.asks.map(|asks| {
                (0..sentences.len())
                    .any(|at| !sentences[at].is_form && is_open_to(at) && sentences[at].gives.contains(&asks))
            });
            let mut evidence = Evidence {
                content_words: point.topic.stems.len(),
                nearness: best,
                words: share,
                concepts: concept_share(point, &sentences),
                context: contexts[number],
                links,
                answer_given,
                acts,
                own_sentences: own,
                free_sentences: free,
                score: 0.0,
            };
            if !substance.is_empty() {
                evidence.score = score(&evidence, point, points.len(), substance.len(), words);
            }
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
        .filter(|concept| {
            let has = |sentence: &Sentence| sentence.is_substantial() && sentence.concepts.contains(concept);
            sentences.iter().any(has)
        })
        .count();
    shared as f64 / all.len().max(1) as f64
}

/// How sure it is that a point is answered, from 0 to 1: a logistic function whose weights were fitted to labelled replies
/// and to replies that belong to other customers' messages. A single point is nearly always what the reply is about,
/// unless the reply is long and has nothing of it; the more a reply says for each point, the more of it must be about
/// this one.
fn score(evidence: &Evidence, point: &RawPoint, points: usize, sentences: usize, words: usize) -> f64 {
    let is = |condition: bool| if condition { 1.0 } else { 0.0 };
    let single = is(points == 1);
    let length = (1.0 + words as f64).ln() / 5.0;
    let sentences = (sentences as f64 / points as f64).min(4.0) / 4.0;
    let asks_for_more_than_yes = point.asks.is_some_and(|asks| asks != Answer::YesNo);
    let sum = -0.6 + 1.65 * single + 0.13 * (points as f64).ln() - 0.75 * sentences - 1.51 * single * length
        + 4.11 * evidence.words
        + 1.75 * evidence.concepts
        + 3.94 * evidence.context
        + 1.56 * evidence.links
        - 0.63 * is(asks_for_more_than_yes && evidence.answer_given == Some(false))
        + 0.86 * is(evidence.content_words <= 1 && point.topic.concepts.is_empty());
    1.0 / (1.0 + (-sum).exp())
}

/// Reads the reply's sentences.
fn read(index: &Index<'_>, reply: &Analysis<'_>, text: &str) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = reply
        .sentences
        .iter()
        .map(|sentence| {
            let (shares, weighted) = index.shares(reply, text, sentence.tokens.clone());
            let acts = if sentence.question { vec![Act::AsksBack] } else { Vec::new() };
            Sentence { words: sentence.tokens.len(), shares, weighted, acts, ..Sentence::default() }
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

/// A content word of a point or of what led to it.
struct Place<'p> {
    stem: &'p str,
    letters: usize,
    point: usize,
    /// Its number among the point's words; `None` in what led to the point.
    word: Option<usize>,
    /// Its number among the words that led to the point.
    context: Option<usize>,
}

/// Where the words of the points are found again.
struct Index<'p> {
    places: Vec<Place<'p>>,
    /// Places by the first letters of their stems, or all of shorter ones.
    beginnings: FxHashMap<&'p str, Vec<usize>>,
    /// How much each word of each point counts, …
    weights: Vec<Vec<f64>>,
    /// … and how many words led to it.
    contexts: Vec<usize>,
}

/// A word of fewer letters says less.
const LONG: usize = 5;
const SHORT_WORD: f64 = 0.7;
/// So does one that another point has too.
const SHARED_WORD: f64 = 0.4;
/// So many words of a long point in one sentence are as much as one can hope for.
const ENOUGH_WORDS: usize = 4;
/// The same for what led to a point, in the whole reply; what has fewer words than the least is weak evidence.
const ENOUGH_CONTEXT: (usize, usize) = (3, 6);

impl<'p> Index<'p> {
    fn new(points: &[&'p RawPoint]) -> Self {
        let mut owners: FxHashMap<&str, (usize, bool)> = FxHashMap::default();
        for (number, point) in points.iter().enumerate() {
            for stem in &point.topic.stems {
                let (owner, is_shared) = owners.entry(stem).or_insert((number, false));
                *is_shared |= *owner != number;
            }
        }
        let weight = |stem: &String| {
            let is_long =
                stem.chars().nth(LONG - 1).is_some() || stem.contains(|sign: char| sign.is_ascii_digit());
            let is_shared = owners.get(stem.as_str()).is_some_and(|(_, is_shared)| *is_shared);
            (if is_long { 1.0 } else { SHORT_WORD }) * if is_shared { SHARED_WORD } else { 1.0 }
        };
        let mut index = Index {
            places: Vec::new(),
            beginnings: FxHashMap::default(),
            weights: points.iter().map(|point| point.topic.stems.iter().map(weight).collect()).collect(),
            contexts: Vec::new(),
        };
        for (number, point) in points.iter().enumerate() {
            for (at, stem) in point.topic.stems.iter().enumerate() {
                index.place(stem, number, Some(at), None);
            }
            let context = point.context.stems.iter().filter(|stem| !point.topic.stems.contains(stem));
            index.contexts.push(context.clone().count());
            for (at, stem) in context.enumerate() {
                index.place(stem, number, None, Some(at));
            }
        }
        index
    }

    fn place(&mut self, stem: &'p str, point: usize, word: Option<usize>, context: Option<usize>) {
        self.beginnings.entry(beginning(stem)).or_default().push(self.places.len());
        self.places.push(Place { stem, letters: stem.chars().count(), point, word, context });
    }

    /// The places of words that are like this one, and how much so.
    fn alike<'i>(&'i self, stem: &str) -> impl Iterator<Item = (&'i Place<'p>, f64)> {
        let letters = stem.chars().count();
        let places = self.beginnings.get(beginning(stem)).into_iter().flatten();
        places.filter_map(move |at| {
            let place = &self.places[*at];
            let alike = likeness(stem, letters, place.stem, place.letters);
            (alike > 0.0).then_some((place, alike))
        })
    }

    /// For each point, the share of its words in a part of the reply, plain and weighted.
    fn shares(
        &self,
        reply: &Analysis<'_>,
        text: &str,
        tokens: std::ops::Range<usize>,
    ) -> (Vec<f64>, Vec<f64>) {
        let mut found: Vec<Vec<f64>> = self.weights.iter().map(|weights| vec![0.0; weights.len()]).collect();
        topic::stems(reply, text, tokens, |stem| {
            for (place, alike) in self.alike(stem) {
                if let Some(at) = place.word {
                    let known = &mut found[place.point][at];
                    *known = known.max(alike);
                }
            }
        });
        let plain = found.iter().map(|found| {
            let enough = found.len().clamp(1, ENOUGH_WORDS) as f64;
            (found.iter().sum::<f64>() / enough).min(1.0)
        });
        let weighted = found.iter().zip(&self.weights).map(|(found, weights)| {
            let mut greatest = weights.clone();
            greatest.sort_unstable_by(|a, b| b.total_cmp(a));
            let enough: f64 = greatest.iter().take(ENOUGH_WORDS).sum();
            let sum: f64 = found.iter().zip(weights).map(|(found, weight)| found * weight).sum();
            if enough > 0.0 { (sum / enough).min(1.0) } else { 0.0 }
        });
        (plain.collect(), weighted.collect())
    }

    /// For each point, the share of what led to it in the reply.
    fn contexts(
        &self,
        reply: &Analysis<'_>,
        text: &str,
        sentences: impl Iterator<Item = std::ops::Range<usize>>,
    ) -> Vec<f64> {
        let mut found: Vec<Vec<f64>> = self.contexts.iter().map(|words| vec![0.0; *words]).collect();
        for tokens in sentences {
            topic::stems(reply, text, tokens, |stem| {
                for (place, alike) in self.alike(stem) {
                    if let Some(at) = place.context {
                        let known = &mut found[place.point][at];
                        *known = known.max(alike);
                    }
                }
            });
        }
        let (least, most) = ENOUGH_CONTEXT;
        found
            .iter()
            .map(|found| (found.iter().sum::<f64>() / found.len().clamp(least, most) as f64).min(1.0))
            .collect()
    }

    /// How much a link or an address in the reply is named for something that the customer speaks about.
    fn links(&self, reply: &Analysis<'_>, text: &str) -> f64 {
        let zones = reply.text.zones.iter();
        let links = zones.filter(|zone| matches!(zone.kind, ZoneKind::Url | ZoneKind::Email));
        links
            .flat_map(|zone| text[zone.range.clone()].split(|sign: char| !sign.is_alphanumeric()))
            .map(str::to_lowercase)
            .filter(|part| {
                part.chars().nth(ALIKE_LETTERS - 1).is_some() && !OF_ALL_LINKS.contains(&part.as_str())
            })
            .flat_map(|part| self.alike(&part).map(|(_, alike)| alike).fold(None, larger))
            .fold(0.0, f64::max)
    }
}

fn larger(known: Option<f64>, next: f64) -> Option<f64> {
    Some(known.map_or(next, |known| known.max(next)))
}

/// Parts of addresses that name nothing.
const OF_ALL_LINKS: [&str; 6] = ["http", "https", "html", "help", "support", "questions"];

/// How much two stems with the same beginning are one word, from 0 to 1.
fn likeness(a: &str, a_letters: usize, b: &str, b_letters: usize) -> f64 {
    if a == b {
        return 1.0;
    }
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let is_most = common * 5 >= a_letters.max(b_letters) * 3;
    if common >= ALIKE_LETTERS && is_most
        || common >= RELATED_LETTERS && a_letters.abs_diff(b_letters) <= UNLIKE_LETTERS
    {
        1.0
    } else if common >= RELATED_LETTERS {
        RELATED
    } else {
        0.0
    }
}

fn beginning(stem: &str) -> &str {
    let end = stem.char_indices().nth(ALIKE_LETTERS).map_or(stem.len(), |(at, _)| at);
    stem.get(..end).unwrap_or(stem)
}
