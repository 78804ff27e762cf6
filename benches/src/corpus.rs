//! Replies and threads in all languages, the same for the same seed.
//!
//! A sentence is one or two clauses of neutral text with names, places, things, times and numbers drawn anew, or one
//! such clause and an example of the packs. So sentences seldom repeat, and a batch has as much to find as replies have.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use replylint::coverage;
use serde::Deserialize;
use unicode_segmentation::UnicodeSegmentation;

/// One sentence in so many holds an example that is fine.
const GOOD: usize = 4;
/// One sentence in so many holds an example with a fault.
const BAD: usize = 12;
/// Longer examples are texts of their own.
const LONGEST_EXAMPLE: usize = 160;
/// One short reply in so many has a fault.
const BAD_REPLY: usize = 3;
/// In short replies one long word in so many is a new one.
const NEW: usize = 3;
/// Words of so many letters are long.
const LONG: usize = 6;
/// What a new word has of another's end, in letters.
const END: usize = 3;

/// Why there is no corpus.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// A file of neutral text cannot be read.
    Read(PathBuf, io::Error),
    /// A file of neutral text is broken.
    Broken(PathBuf, toml::de::Error),
    /// There is no text in this language.
    Unknown(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Read(path, error) => write!(f, "{}: {error}", path.display()),
            Failure::Broken(path, error) => write!(f, "{}: {error}", path.display()),
            Failure::Unknown(code) => write!(f, "there is no text in the language `{code}`"),
        }
    }
}

impl std::error::Error for Failure {}

/// Neutral text of a language: `benches/corpus/<language>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Neutral {
    names: Vec<String>,
    surnames: Vec<String>,
    places: Vec<String>,
    things: Vec<String>,
    times: Vec<String>,
    joints: Vec<String>,
    openings: Vec<String>,
    closings: Vec<String>,
    clauses: Vec<String>,
    questions: Vec<String>,
}

#[derive(Debug)]
struct Language {
    neutral: Neutral,
    good: Vec<String>,
    bad: Vec<String>,
    /// The long words of the examples.
    long: Vec<String>,
}

/// The source of all text that is measured.
#[derive(Debug)]
pub struct Corpus {
    languages: BTreeMap<String, Language>,
}

/// Replies in one language.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Sample {
    /// The replies, of about a kilobyte each.
    pub replies: Vec<String>,
    /// The share of the sentences that are like no other, from 0 to 1; greetings and closings do not count.
    pub distinct: f64,
}

impl Corpus {
    /// Reads the neutral text and the packs' examples.
    ///
    /// # Errors
    /// Where a file cannot be read or is broken.
    ///
    /// ```
    /// let corpus = replylint_benches::Corpus::new()?;
    /// let code = corpus.languages().next().unwrap_or_default();
    /// assert_eq!(corpus.sample(code, 4000, 1)?.replies, corpus.sample(code, 4000, 1)?.replies);
    /// # Ok::<(), replylint_benches::Failure>(())
    /// ```
    pub fn new() -> Result<Self, Failure> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let failed = |error| Failure::Read(folder.clone(), error);
        let mut languages = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let Some(code) = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else {
                continue;
            };
            let text = fs::read_to_string(&path).map_err(|error| Failure::Read(path.clone(), error))?;
            let neutral = toml::from_str(&text).map_err(|error| Failure::Broken(path, error))?;
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            for example in coverage(&code).into_iter().flat_map(|rule| rule.examples) {
                // Braces are the generator's own marks.
                if example.text.len() <= LONGEST_EXAMPLE && !example.text.contains(['\n', '{', '}']) {
                    if example.is_bad { bad.push(example.text) } else { good.push(example.text) }
                }
            }
            let words = good.iter().chain(&bad).flat_map(|text| text.unicode_words());
            let long = words.filter(|word| is_long(word)).map(str::to_owned).collect();
            languages.insert(code, Language { neutral, good, bad, long });
        }
        Ok(Corpus { languages })
    }

    /// The codes of the languages, sorted.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.keys().map(String::as_str)
    }

    /// Replies of `bytes` bytes in sum, or a little more.
    ///
    /// # Errors
    /// Where there is no text in the language.
    pub fn sample(&self, code: &str, bytes: usize, seed: u64) -> Result<Sample, Failure> {
        let mut writer = self.writer(code, seed)?;
        let mut replies = Vec::new();
        let mut held = 0;
        while held < bytes {
            let sentences = 8 + writer.numbers.below(5);
            let reply = writer.reply(sentences);
            held += reply.len();
            replies.push(reply);
        }
        Ok(Sample { replies, distinct: writer.distinct() })
    }

    /// Short replies of `bytes` bytes in sum, or a little more: one or two examples of the packs, in which some long words
    /// are new: they begin like one word of the examples and end like another. So there are many words, and new ones keep
    /// coming, as in what people write.
    ///
    /// # Errors
    /// Where there is no text in the language.
    pub fn short(&self, code: &str, bytes: usize, seed: u64) -> Result<Vec<String>, Failure> {
        let mut writer = self.writer(code, seed)?;
        let mut replies = Vec::new();
        let mut held = 0;
        while held < bytes {
            let reply = writer.short_reply();
            held += reply.len();
            replies.push(reply);
        }
        Ok(replies)
    }

    /// One text of exactly so many bytes, or a few less where a character would be cut.
    ///
    /// # Errors
    /// Where there is no text in the language.
    pub fn text(&self, code: &str, bytes: usize, seed: u64) -> Result<String, Failure> {
        Ok(cut(&self.sample(code, bytes, seed)?.replies.join("\n\n"), bytes).to_owned())
    }

    /// Threads as JSON lines of `bytes` bytes in sum or a little more, in one language or in all in turn: a customer's
    /// message and the reply.
    ///
    /// # Errors
    /// Where there is no text in the language.
    pub fn threads(
        &self,
        code: Option<&str>,
        bytes: usize,
        seed: u64,
        mut out: impl FnMut(&str),
    ) -> Result<(), Failure> {
        let codes: Vec<&str> = match code {
            Some(code) => vec![code],
            None => self.languages().collect(),
        };
        let mut writers = Vec::new();
        for code in codes {
            writers.push(self.writer(code, seed)?);
        }
        let mut held = 0;
        for number in 0.. {
            if held >= bytes {
                break;
            }
            let at = number % writers.len();
            let writer = &mut writers[at];
            let customer = writer.customer();
            let reply = writer.reply(5);
            let thread = serde_json::json!({
                "id": number.to_string(),
                "messages": [{"role": "customer", "text": customer}],
                "draft": {"text": reply},
            });
            let line = format!("{thread}\n");
            held += line.len();
            out(&line);
        }
        Ok(())
    }

    fn writer(&self, code: &str, seed: u64) -> Result<Writer<'_>, Failure> {
        let language = self.languages.get(code).ok_or_else(|| Failure::Unknown(code.to_owned()))?;
        Ok(Writer { language, numbers: Numbers::new(seed), seen: HashSet::new(), sentences: 0 })
    }
}

/// The first so many bytes of a text, or a few less where a character would be cut.
///
/// ```
/// assert_eq!(replylint_benches::cut("őz", 1), "");
/// assert_eq!(replylint_benches::cut("őz", 2), "ő");
/// assert_eq!(replylint_benches::cut("őz", 9), "őz");
/// ```
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A generator of numbers; all that matters is that the seed settles them and that they look drawn.
#[derive(Debug)]
struct Numbers(u64);

impl Numbers {
    fn new(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }

    fn of<'l>(&mut self, list: &'l [String]) -> &'l str {
        list.get(self.below(list.len())).map(String::as_str).unwrap_or_default()
    }
}

struct Writer<'c> {
    language: &'c Language,
    numbers: Numbers,
    /// Hashes of the sentences so far.
    seen: HashSet<u64>,
    sentences: usize,
}

impl Writer<'_> {
    fn reply(&mut self, sentences: usize) -> String {
        let neutral = &self.language.neutral;
        let opening = self.numbers.of(&neutral.openings);
        let mut reply = self.filled(opening);
        reply.push_str("\n\n");
        for number in 0..sentences {
            let sentence = self.sentence();
            reply.push_str(&sentence);
            reply.push_str(if number % 4 == 3 && number + 1 < sentences { "\n\n" } else { " " });
        }
        reply.truncate(reply.trim_end().len());
        reply.push_str("\n\n");
        let closing = self.numbers.of(&neutral.closings);
        reply.push_str(&self.filled(closing));
        reply
    }

    fn short_reply(&mut self) -> String {
        let mut reply = String::new();
        for _ in 0..=self.numbers.below(2) {
            let is_bad = self.numbers.below(BAD_REPLY) == 0;
            let examples = if is_bad { &self.language.bad } else { &self.language.good };
            let example = self.numbers.of(examples);
            if !reply.is_empty() {
                reply.push(' ');
            }
            for part in example.split_word_bounds() {
                if is_long(part) && self.numbers.below(NEW) == 0 {
                    let other = self.numbers.of(&self.language.long);
                    reply.extend(part.chars().take(part.chars().count() - END));
                    reply.extend(other.chars().skip(other.chars().count() - END));
                } else {
                    reply.push_str(part);
                }
            }
        }
        reply
    }

    fn customer(&mut self) -> String {
        let questions = &self.language.neutral.questions;
        let first = self.numbers.of(questions);
        let first = capitalised(&self.filled(first));
        let statement = self.sentence();
        let last = self.numbers.of(questions);
        format!("{first} {statement} {}", capitalised(&self.filled(last)))
    }

    fn sentence(&mut self) -> String {
        let neutral = &self.language.neutral;
        let clause = self.numbers.of(&neutral.clauses);
        let mut sentence = capitalised(&self.filled(clause));
        let drawn = self.numbers.below(GOOD * BAD);
        let examples = match drawn {
            _ if drawn.is_multiple_of(BAD) => &self.language.bad,
            _ if drawn % GOOD == 1 => &self.language.good,
            _ => &Vec::new(),
        };
        if !examples.is_empty() {
            let example = self.numbers.of(examples);
            // The example keeps its own beginning; what rules look for there is found.
            sentence.push_str(": ");
            sentence.push_str(example);
        } else {
            if self.numbers.below(2) == 0 {
                let clause = self.numbers.of(&neutral.clauses);
                sentence.push_str(self.numbers.of(&neutral.joints));
                sentence.push_str(&self.filled(clause));
            }
            sentence.push('.');
        }
        self.sentences += 1;
        self.seen.insert(hash(&sentence));
        sentence
    }

    fn distinct(&self) -> f64 {
        self.seen.len() as f64 / self.sentences.max(1) as f64
    }

    /// The template with everything in braces drawn.
    fn filled(&mut self, template: &str) -> String {
        let neutral = &self.language.neutral;
        let mut text = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            match slot {
                "name" => text.push_str(self.numbers.of(&neutral.names)),
                "surname" => text.push_str(self.numbers.of(&neutral.surnames)),
                "place" => text.push_str(self.numbers.of(&neutral.places)),
                "thing" => text.push_str(self.numbers.of(&neutral.things)),
                "time" => {
                    let time = self.numbers.of(&neutral.times);
                    let hour = 1 + self.numbers.below(12);
                    text.push_str(&time.replace("{n}", &hour.to_string()));
                }
                "code" => {
                    let letter = |number: usize| char::from(b'A' + (number % 26) as u8);
                    let (one, two) = (letter(self.numbers.below(26)), letter(self.numbers.below(26)));
                    text.push_str(&format!("{one}{two}-{}", 10_000 + self.numbers.below(90_000)));
                }
                _ => text.push_str(&(2 + self.numbers.below(400)).to_string()),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

fn is_long(word: &str) -> bool {
    word.chars().nth(LONG - 1).is_some() && word.chars().all(char::is_alphabetic)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Corpus;

    #[test]
    fn the_seed_settles_the_text_and_sentences_seldom_repeat() {
        let corpus = Corpus::new().unwrap();
        assert!(corpus.languages().count() >= 6);
        for code in corpus.languages() {
            let sample = corpus.sample(code, 500_000, 1).unwrap();
            assert_eq!(sample.replies, corpus.sample(code, 500_000, 1).unwrap().replies);
            assert_ne!(sample.replies, corpus.sample(code, 500_000, 2).unwrap().replies);
            assert!(sample.distinct > 0.98, "{code}: {}", sample.distinct);
            let short = corpus.short(code, 100_000, 1).unwrap();
            assert_eq!(short, corpus.short(code, 100_000, 1).unwrap());
            let text = corpus.text(code, 1000, 1).unwrap();
            assert!((997..=1000).contains(&text.len()), "{code}: {}", text.len());
            assert!(!sample.replies.iter().any(|reply| reply.contains(['{', '}'])), "{code}: a slot is left");
        }
        let mut lines = 0;
        corpus
            .threads(None, 20_000, 1, |line| {
                lines += 1;
                let thread: serde_json::Value = serde_json::from_str(line).unwrap();
                assert_eq!(thread["messages"][0]["role"], "customer");
            })
            .unwrap();
        assert!(lines > 10);
        assert!(corpus.sample("xx", 1, 1).is_err());
    }
}
