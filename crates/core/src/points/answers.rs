//! Which sentences of the reply answer which point, and how sure that is.

use std::ops::Range;

use rustc_hash::FxHashMap;

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
    is_question: bool,
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
    /// For each sentence and point, the share of its words that the sentence has …
    plain: Vec<f64>,
    /// … and the share where words that other points have as well, and short ones, count less.
    weighted: Vec<f64>,
    /// For each point, the share of what led to it in the whole reply.
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
        .map(|at| nearness(points[at % count], shares.plain[at], &sentences[at / count]))
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

    let mut evidence: Vec<Evidence> = points
        .iter()
        .enumerate()
        .map(|(number, point)| {
            let own = owner.iter().filter(|owner| **owner == Some(number)).count();
            let best = near.iter().skip(number).step_by(count).copied().fold(0.0, f64::max);
            let share = substance.iter().map(|at| shares.weighted[at * count + number]).fold(0.0, f64::max);
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
            Evidence {
                content_words: point.topic.stems.len(),
                nearness: best,
                words: share,
                concepts: concept_share(point, &sentences),
                context: shares.contexts[number],
                links,
                answer_given,
                acts: Act::ALL.into_iter().filter(|act| acts & act.bit() != 0).collect(),
                own_sentences: own,
                free_sentences: free,
                score: 0.0,
            }
        })
        .collect();
    if substance.is_empty() {
        // "Yes!" is an answer all the same.
        let says_yes_or_no = sentences.iter().any(|read| read.gives & Answer::YesNo.bit() != 0);
        for (evidence, point) in evidence.iter_mut().zip(points) {
            evidence.score = if says_yes_or_no && point.asks == Some(Answer::YesNo) { 1.0 } else { 0.0 };
        }
        return evidence;
    }
    let pairs = evidence.iter().zip(points);
    let likeness: Vec<f64> =
        pairs.map(|(evidence, point)| likely(evidence, point, count, substance.len(), words)).collect();
    let manner = Manner {
        asks: substance.iter().any(|at| sentences[*at].is_question),
        is_short: sentences.iter().map(|sentence| sentence.words).sum::<usize>() <= SHORT_REPLY,
    };
    for (number, evidence) in evidence.iter_mut().enumerate() {
        let others = likeness.iter().enumerate().filter(|(other, _)| *other != number);
        let company = match count {
            1 => Company::None,
            _ if others.map(|(_, sum)| logistic(*sum)).any(|other| other >= PLAIN) => Company::Answered,
            _ => Company::Open,
        };
        evidence.score = logistic(likeness[number] + benefit(evidence, points[number], manner, company));
    }
    evidence
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

/// From this on a reply plainly speaks about a point.
const PLAIN: f64 = 0.65;

/// How much the reply looks like an answer to a point: a sum for [`logistic`], whose weights were fitted to labelled replies
/// and to replies that belong to other customers' messages. A single point is nearly always what the reply is about,
/// unless the reply is long and has nothing of it; the more a reply says for each point, the more of it must be about
/// this one.
fn likely(evidence: &Evidence, point: &RawPoint, points: usize, sentences: usize, words: usize) -> f64 {
    let single = is(points == 1);
    let length = (1.0 + words as f64).ln() / 5.0;
    let sentences = (sentences as f64 / points as f64).min(4.0) / 4.0;
    let asks_for_more_than_yes = point.asks.is_some_and(|asks| asks != Answer::YesNo);
    -0.6 + 1.65 * single + 0.13 * (points as f64).ln() - 0.75 * sentences - 1.51 * single * length
        + 4.11 * evidence.words
        + 1.75 * evidence.concepts
        + 3.94 * evidence.context
        + 1.56 * evidence.links
        - 0.63 * is(asks_for_more_than_yes && evidence.answer_given == Some(false))
        + 0.86 * is(evidence.content_words <= 1 && point.topic.concepts.is_empty())
        // "What can I do?" has no words that an answer should have.
        + 1.5 * is(point.is_vague)
}

/// The points beside one.
#[derive(Debug, Clone, Copy)]
enum Company {
    None,
    /// The reply plainly speaks about none of them.
    Open,
    /// It plainly speaks about one of them at least.
    Answered,
}

/// How a reply as a whole answers.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// It asks something.
    asks: bool,
    /// It has few words.
    is_short: bool,
}

/// A reply of more words is not short.
const SHORT_REPLY: usize = 20;

/// The benefit of the doubt. Real replies often take a matter up in words of their own. That a point's words are missing
/// tells little in a short reply, unless it plainly speaks about another point in the customer's words, and less where the
/// reply refuses or asks back, which it may do about everything, or where the point is a complaint, which is often the
/// story that leads to a question.
fn benefit(evidence: &Evidence, point: &RawPoint, manner: Manner, company: Company) -> f64 {
    let of_company = match company {
        Company::None if manner.is_short => 0.5,
        Company::None => 0.2,
        Company::Open if manner.is_short => 0.9,
        Company::Open | Company::Answered => 0.0,
    };
    of_company
        + is(manner.asks)
        + 0.2 * is(evidence.acts.contains(&Act::Refuses))
        + 0.3 * is(point.kind == PointKind::Complaint)
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
            Sentence { words, acts, is_question: sentence.question, ..Sentence::default() }
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
    /// What the words that one can hope for in one sentence weigh.
    enough: f64,
    contexts: Range<usize>,
}

/// Where the words of the points are found again.
struct Index<'p> {
    places: Vec<Place<'p>>,
    /// The numbers of the beginnings that the places have, as bits: most words of a reply begin like none of them.
    beginnings: [u64; 4],
    /// How much each word of the points counts.
    weights: Vec<f64>,
    points: Vec<Words>,
    /// How many words led to the points.
    contexts: usize,
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
    fn new(points: &[&RawPoint], reply: &Analysis<'p>) -> Self {
        let mut owners: FxHashMap<u32, (usize, bool)> = FxHashMap::default();
        // A point that is the only one shares its words with none.
        for (number, point) in points.iter().enumerate().filter(|_| points.len() > 1) {
            for stem in &point.topic.stems {
                let (owner, is_shared) = owners.entry(*stem).or_insert((number, false));
                *is_shared |= *owner != number;
            }
        }
        let weight = |stem: &u32| {
            let written = reply.stem(*stem);
            let is_long = written.chars().nth(LONG - 1).is_some()
                || written.contains(|sign: char| sign.is_ascii_digit());
            let is_shared = owners.get(stem).is_some_and(|(_, is_shared)| *is_shared);
            (if is_long { 1.0 } else { SHORT_WORD }) * if is_shared { SHARED_WORD } else { 1.0 }
        };
        let words = points.iter().map(|point| point.topic.stems.len()).sum();
        let of_contexts: usize = points.iter().map(|point| point.context.stems.len()).sum();
        let mut index = Index {
            places: Vec::with_capacity(words + of_contexts),
            beginnings: [0; 4],
            weights: Vec::with_capacity(words),
            points: Vec::with_capacity(points.len()),
            contexts: 0,
        };
        for point in points {
            let (words, contexts) = (index.weights.len(), index.contexts);
            for stem in &point.topic.stems {
                index.place(reply.stem(*stem), Part::Point(index.weights.len()));
                index.weights.push(weight(stem));
            }
            for stem in point.context.stems.iter().filter(|stem| !point.topic.stems.contains(stem)) {
                index.place(reply.stem(*stem), Part::Context(index.contexts));
                index.contexts += 1;
            }
            let mut greatest = index.weights[words..].to_vec();
            greatest.sort_unstable_by(|a, b| b.total_cmp(a));
            index.points.push(Words {
                words: words..index.weights.len(),
                enough: greatest.iter().take(ENOUGH_WORDS).sum(),
                contexts: contexts..index.contexts,
            });
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
        let of_all = || Vec::with_capacity(sentences.len() * self.points.len());
        let mut shares = Shares { plain: of_all(), weighted: of_all(), contexts: Vec::new() };
        let mut words = vec![0.0f64; self.weights.len()];
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
            for point in &self.points {
                let (found, weights) = (&words[point.words.clone()], &self.weights[point.words.clone()]);
                let enough = found.len().clamp(1, ENOUGH_WORDS) as f64;
                shares.plain.push((found.iter().sum::<f64>() / enough).min(1.0));
                let sum: f64 = found.iter().zip(weights).map(|(found, weight)| found * weight).sum();
                shares.weighted.push(if point.enough > 0.0 { (sum / point.enough).min(1.0) } else { 0.0 });
            }
        }
        let (least, most) = ENOUGH_CONTEXT;
        let share = |point: &Words| {
            let found = &contexts[point.contexts.clone()];
            (found.iter().sum::<f64>() / found.len().clamp(least, most) as f64).min(1.0)
        };
        shares.contexts = self.points.iter().map(share).collect();
        shares
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
