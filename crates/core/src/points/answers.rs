//! Which sentences of the reply answer which point, and how sure that is.

use std::ops::Range;

use super::extract::RawPoint;
use super::meaning::Meaning;
use crate::analysis::Analysis;
use crate::stems::{ALIKE_LETTERS, Beginning, beginning, number_of};
use crate::text::ZoneKind;
use crate::{Act, Answer, Evidence, PointKind};

/// From this score on a point counts as answered.
const ANSWERED: f64 = 0.5;

/// Whether a point with this evidence counts as answered.
pub(crate) fn is_answered(evidence: &Evidence) -> bool {
    evidence.score >= ANSWERED
}

/// Stems with so many same letters, if they differ in no more than the letters below, are forms of one word; else they
/// are related.
const RELATED_LETTERS: usize = 5;
const UNLIKE_LETTERS: usize = 3;
/// How much of a related word counts.
const RELATED: f64 = 0.7;
/// A sentence is about a point from this nearness on.
const NEAR: f64 = 0.2;

/// A sentence of the reply.
#[derive(Debug, Default)]
struct Sentence {
    /// What it does and what it gives, as bits.
    acts: u8,
    gives: u8,
    /// Those of the points' concepts that it has.
    concepts: Vec<u16>,
    /// A greeting, a closing, thanks: no answer to anything.
    is_form: bool,
    /// Short, and it greets.
    is_greeting: bool,
    words: usize,
}

impl Sentence {
    /// Whether it can answer anything.
    fn is_substantial(&self) -> bool {
        !self.is_form && self.words >= 2
    }
}

/// How much of the points' words the reply has.
#[derive(Debug)]
struct Shares {
    /// For each sentence and point, the share of its words that the sentence has.
    of_sentences: Vec<f64>,
    /// For each point, the share of its words that the whole reply has …
    words: Vec<f64>,
    /// … and the share of what led to it.
    contexts: Vec<f64>,
}

/// The evidence for each point.
pub(crate) fn evidence(points: &[&RawPoint], reply: &Analysis<'_>, text: &str) -> Vec<Evidence> {
    let count = points.len();
    if count == 0 {
        return Vec::new();
    }
    let index = Index::new(points, reply);
    let mut concepts: Vec<u16> =
        points.iter().flat_map(|point| point.topic.concepts.iter().copied()).collect();
    concepts.sort_unstable();
    let sentences = read(reply, &concepts);
    let shares = index.shares(reply, &sentences);
    // Thanks and farewells answer nothing.
    let substance: Vec<usize> = (0..sentences.len()).filter(|at| sentences[*at].is_substantial()).collect();
    let words: usize = substance.iter().map(|at| sentences[*at].words).sum();
    let links = index.links(reply, text);
    let near: Vec<f64> = (0..sentences.len() * count)
        .map(|at| nearness(points[at % count], shares.of_sentences[at], &sentences[at / count]))
        .collect();
    // A sentence belongs to the point that it is nearest to; one that is near none is free for all.
    let owner: Vec<Option<usize>> = sentences
        .iter()
        .zip(near.chunks(count))
        .map(|(sentence, near)| {
            let best = (0..near.len()).rev().max_by(|a, b| near[*a].total_cmp(&near[*b]))?;
            (!sentence.is_form && near[best] >= NEAR).then_some(best)
        })
        .collect();
    let free = substance.iter().filter(|at| owner[**at].is_none()).count();
    let asks = sentences.iter().any(|read| !read.is_form && read.acts & Act::AsksBack.bit() != 0);
    let is_short = reply.words() <= SHORT_REPLY;
    // "Yes!" is an answer all the same.
    let says_yes_or_no = || sentences.iter().any(|read| read.gives & Answer::YesNo.bit() != 0);

    points
        .iter()
        .enumerate()
        .map(|(number, point)| {
            let own = owner.iter().filter(|owner| **owner == Some(number)).count();
            let best = near.iter().skip(number).step_by(count).copied().fold(0.0, f64::max);
            // What the sentences of the point do, and those right after them.
            let acts = (0..sentences.len())
                .filter(|at| {
                    !sentences[*at].is_form
                        && (owner[*at] == Some(number)
                            || owner[*at].is_none() && *at > 0 && owner[*at - 1] == Some(number)
                            || owner[*at].is_none() && own == 0)
                })
                .fold(0, |acts, at| acts | sentences[at].acts);
            let is_open_to = |at: usize| owner[at].is_none_or(|owner| owner == number);
            let answer_given = point.asks.map(|asks| {
                (0..sentences.len()).any(|at| {
                    !sentences[at].is_form && is_open_to(at) && sentences[at].gives & asks.bit() != 0
                })
            });
            let mut evidence = Evidence {
                content_words: point.topic.stems.len(),
                nearness: best,
                words: shares.words[number],
                concepts: concept_share(point, &sentences),
                context: shares.contexts[number],
                links,
                answer_given,
                acts: Act::ALL.into_iter().filter(|act| acts & act.bit() != 0).collect(),
                own_sentences: own,
                free_sentences: free,
                score: 0.0,
            };
            let before = number.checked_sub(1).map(|before| points[before].kind);
            let setting = Setting {
                points: count,
                number,
                follows_wish: before.is_some_and(|kind| kind != PointKind::Complaint),
                words,
                asks,
                is_short,
                speaks_of_others: owner.iter().flatten().any(|owner| *owner != number),
            };
            evidence.score = if substance.is_empty() {
                is(point.asks == Some(Answer::YesNo) && says_yes_or_no())
            } else {
                logistic(likely(&evidence, point, setting))
            };
            evidence
        })
        .collect()
}

/// How near a sentence is to a point, from 0 to about 1.
fn nearness(point: &RawPoint, share: f64, sentence: &Sentence) -> f64 {
    let shared = point.topic.concepts.iter().filter(|concept| sentence.concepts.contains(concept)).count();
    let concepts = shared as f64 / point.topic.concepts.len().max(1) as f64;
    let asked = point.asks.is_some_and(|asks| asks != Answer::YesNo && sentence.gives & asks.bit() != 0);
    0.7 * share + 0.4 * concepts + if asked { 0.15 } else { 0.0 }
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

/// A reply of more words is not short.
const SHORT_REPLY: usize = 20;

/// A reply as a whole, and a point among the others that it may answer.
#[derive(Debug, Clone, Copy)]
struct Setting {
    /// How many points there are, and the number of this one among them.
    points: usize,
    number: usize,
    /// The point before it is a question or a request.
    follows_wish: bool,
    /// Words of the sentences that may answer something.
    words: usize,
    /// The reply asks something.
    asks: bool,
    /// It has few words.
    is_short: bool,
    /// It has sentences about another point.
    speaks_of_others: bool,
}

/// How likely it is that a reply answers a point: a sum for [`logistic`], whose weights were fitted to labelled replies, most of
/// them real ones, and to replies that belong to other messages. Real ones often take a matter up in words of their own, so
/// that a missing word tells little: a single point is nearly always what the reply is about, unless the reply is long and
/// has nothing of it; a short one may mean all points, and so may one that refuses or asks back. What a customer says last
/// is forgotten most.
fn likely(evidence: &Evidence, point: &RawPoint, setting: Setting) -> f64 {
    let Setting { points, number, follows_wish, words, asks, is_short, speaks_of_others } = setting;
    let single = is(points == 1);
    let length = (1.0 + words as f64).ln();
    let lateness = number as f64 / (points - 1).max(1) as f64;
    let has_concepts = !point.topic.concepts.is_empty();
    let asks_for_more_than_yes = point.asks.is_some_and(|asks| asks != Answer::YesNo);
    1.08 + 2.76 * single - 0.74 * single * length - 1.28 * lateness
        + 4.44 * evidence.words
        + 1.38 * evidence.concepts
        + 2.14 * evidence.context
        + 1.29 * evidence.links
        + match evidence.answer_given {
            Some(true) if asks_for_more_than_yes => 0.16,
            Some(false) if asks_for_more_than_yes => -0.97,
            Some(false) => -0.37,
            _ => 0.0,
        }
        + 0.19 * is(evidence.acts.contains(&Act::Refuses))
        + 0.31 * is(asks)
        + 0.38 * is(is_short && points > 1 && !speaks_of_others)
        // A complaint behind what is asked for mostly says why it is.
        + 0.95 * is(follows_wish && point.kind == PointKind::Complaint && !point.stands_alone)
        // What is about a matter that we know would be taken up in words that we know; what says little of its own is hard
        // to find again.
        - 0.65 * is(has_concepts)
        + 0.88 * is(evidence.content_words <= 1 && !has_concepts)
}

/// 1 where a condition holds, else 0.
fn is(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

fn logistic(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp())
}

/// Reads the reply's sentences; of concepts only those of the points, which are sorted, count.
fn read(reply: &Analysis<'_>, concepts: &[u16]) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = reply
        .sentences
        .iter()
        .map(|sentence| {
            let acts = if sentence.question { Act::AsksBack.bit() } else { 0 };
            let words = sentence.tokens.len();
            Sentence { words, acts, ..Sentence::default() }
        })
        .collect();
    for found in reply.hits.iter().chain(&reply.faults) {
        let Some(sentence) = sentences.get_mut(found.hit.sentence as usize) else { continue };
        match reply.meaning(found) {
            Meaning::Concept(concept) if concepts.binary_search(&concept).is_ok() => {
                sentence.concepts.push(concept);
            }
            Meaning::Does(act) => sentence.acts |= act.bit(),
            Meaning::Gives(answer) => sentence.gives |= answer.bit(),
            Meaning::Form => sentence.is_form |= found.hit.tokens.len() * FORM_SHARE >= sentence.words,
            Meaning::ShortForm => sentence.is_form |= sentence.words <= GREETING_WORDS,
            Meaning::Greeting => sentence.is_greeting |= sentence.words <= GREETING_WORDS,
            Meaning::Nothing | Meaning::Concept(_) | Meaning::Cue(_) => {}
        }
    }
    for sentence in &mut sentences {
        // "Hi Ana, it starts on Friday" says more than hello.
        sentence.is_form |= sentence.is_greeting && sentence.gives | sentence.acts == 0;
    }
    sentences
}

/// A sentence of which thanks and the like are a smaller part than one of so many says something else as well.
const FORM_SHARE: usize = 3;

/// A sentence of more words is no mere greeting.
const GREETING_WORDS: usize = 6;

impl Act {
    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Answer {
    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Act {
    /// All of them, in their order.
    const ALL: [Act; 5] = [Act::Refuses, Act::TakesOn, Act::AsksBack, Act::HasDone, Act::Unknown];
}

/// A content word of a point or of what led to it.
struct Place<'p> {
    stem: &'p str,
    letters: usize,
    /// The first letters of the stem, or all of a shorter one.
    beginning: Beginning,
    part: Part,
}

/// What a place is a part of.
#[derive(Clone, Copy)]
enum Part {
    /// The points, with the number among the words of all of them.
    Point(usize),
    /// What led to the points, with the number among its words.
    Context(usize),
}

/// A point's words among those of all points, and those that led to it.
struct Words {
    words: Range<usize>,
    contexts: Range<usize>,
}

/// Where the words of the points are found again.
struct Index<'p> {
    places: Vec<Place<'p>>,
    /// The numbers of the beginnings that the places have, as bits: most words of a reply begin like none of them.
    beginnings: [u64; 4],
    points: Vec<Words>,
    /// How many words the points have, and how many led to them.
    words: usize,
    contexts: usize,
}

/// So many words of a long point in one sentence are as much as one can hope for.
const ENOUGH_WORDS: usize = 4;
/// The same for what led to a point, in the whole reply; what has fewer words than the least is weak evidence.
const ENOUGH_CONTEXT: (usize, usize) = (3, 6);

impl<'p> Index<'p> {
    fn new(points: &[&RawPoint], reply: &Analysis<'p>) -> Self {
        let of_points: usize = points.iter().map(|point| point.topic.stems.len()).sum();
        let of_contexts: usize = points.iter().map(|point| point.context.stems.len()).sum();
        let mut index = Index {
            places: Vec::with_capacity(of_points + of_contexts),
            beginnings: [0; 4],
            points: Vec::with_capacity(points.len()),
            words: 0,
            contexts: 0,
        };
        for point in points {
            let (words, contexts) = (index.words, index.contexts);
            for stem in &point.topic.stems {
                index.place(reply.stem(*stem), Part::Point(index.words));
                index.words += 1;
            }
            for stem in point.context.stems.iter().filter(|stem| !point.topic.stems.contains(stem)) {
                index.place(reply.stem(*stem), Part::Context(index.contexts));
                index.contexts += 1;
            }
            index.points.push(Words { words: words..index.words, contexts: contexts..index.contexts });
        }
        index
    }

    fn place(&mut self, stem: &'p str, part: Part) {
        let (letters, beginning) = (stem.chars().count(), beginning(stem));
        let begins = number_of(&beginning);
        self.beginnings[usize::from(begins / 64)] |= 1 << (begins % 64);
        self.places.push(Place { stem, letters, beginning, part });
    }

    /// Whether a word whose beginning has this number may be like one of the places.
    fn may_be(&self, begins: u8) -> bool {
        self.beginnings[usize::from(begins / 64)] >> (begins % 64) & 1 == 1
    }

    /// The places of words that are like this one, and how much so.
    fn alike<'i>(&'i self, stem: &'i str) -> impl Iterator<Item = (&'i Place<'p>, f64)> {
        let begins = beginning(stem);
        self.places.iter().filter(move |place| place.beginning == begins).filter_map(move |place| {
            let alike = likeness(stem, stem.chars().count(), place.stem, place.letters);
            (alike > 0.0).then_some((place, alike))
        })
    }

    /// How much of the points' words the reply's sentences have.
    fn shares(&self, reply: &Analysis<'_>, sentences: &[Sentence]) -> Shares {
        let mut of_sentences = Vec::with_capacity(sentences.len() * self.points.len());
        let mut words = vec![0.0f64; self.words];
        // The same in any sentence that may answer something.
        let mut of_reply = vec![0.0f64; self.words];
        let mut contexts = vec![0.0f64; self.contexts];
        for (sentence, of) in reply.sentences.iter().zip(sentences) {
            words.fill(0.0);
            let stems = reply.stems(sentence.tokens.clone());
            for stem in stems.filter(|stem| self.may_be(stem.begins)) {
                for (place, alike) in self.alike(reply.stem(stem.word)) {
                    match place.part {
                        Part::Point(at) => words[at] = words[at].max(alike),
                        Part::Context(at) if of.is_substantial() => contexts[at] = contexts[at].max(alike),
                        Part::Context(_) => {}
                    }
                }
            }
            if of.is_substantial() {
                of_reply.iter_mut().zip(&words).for_each(|(known, found)| *known = known.max(*found));
            }
            of_sentences.extend(
                self.points.iter().map(|point| share(&words[point.words.clone()], (1, ENOUGH_WORDS))),
            );
        }
        let of_reply = |point: &Words| share(&of_reply[point.words.clone()], (1, usize::MAX));
        let of_context = |point: &Words| share(&contexts[point.contexts.clone()], ENOUGH_CONTEXT);
        Shares {
            of_sentences,
            words: self.points.iter().map(of_reply).collect(),
            contexts: self.points.iter().map(of_context).collect(),
        }
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

/// The share of words that were found, of no fewer and no more of them than these.
fn share(found: &[f64], (least, most): (usize, usize)) -> f64 {
    // The sum of nothing would be a negative zero.
    let sum = found.iter().fold(0.0, |sum, share| sum + share);
    (sum / found.len().clamp(least, most) as f64).min(1.0)
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
