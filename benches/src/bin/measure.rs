//! Measures the library in one process against a pass of Unicode word bounds over the same text, and prints JSON:
//! `measure [ROUNDS]`, or `measure ROUNDS FILE` for conversations of your own (JSON lines, as `check` reads them). Times are processor time; the variants of a round follow each other, so that what slows the machine
//! for a while slows them all.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::hint::black_box;

use replylint::{Linter, Options, PackFile, RuleSetting, Thread, built_in_files, catalogue, coverage};
use replylint_benches::{Corpus, cpu_time, cut};
use replylint_input::read_thread;
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

/// The replies that throughput is measured on, in bytes.
const REPLIES: usize = 1_000_000;
/// The same of short ones.
const SHORT_REPLIES: usize = 500_000;
/// Lengths of single texts, in bytes.
const LENGTHS: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// Short texts are checked so often that about so many bytes are read.
const LEAST: usize = 1_000_000;
/// How many times the phrases of the pack there are.
const FACTORS: [usize; 3] = [1, 3, 10];
/// A rule that is cheap, looks at no phrase and runs in any language.
const CHEAP_RULE: &str = "shouting";

#[derive(Serialize)]
struct Language {
    bytes: usize,
    replies: usize,
    /// Shares from 0 to 1.
    distinct_sentences: f64,
    distinct_words: usize,
    findings: usize,
    /// Seconds for all replies.
    times: BTreeMap<&'static str, Spread>,
    /// How many times the yardstick's time, round by round.
    ratios: BTreeMap<&'static str, Spread>,
    lengths: Vec<Point>,
    phrases: Vec<Point>,
    short: Again,
}

/// Conversations that are read for the first time and then again.
#[derive(Serialize)]
struct Again {
    /// Of the texts in them, without the names of their fields.
    bytes: usize,
    replies: usize,
    words: usize,
    distinct_words: usize,
    /// Seconds with a linter that has read nothing before, and with one that has read them all.
    first: Spread,
    again: Spread,
    unicode_words: Spread,
    first_ratio: Spread,
    again_ratio: Spread,
}

/// Seconds for one text of a length, or for all replies with a number of phrases.
#[derive(Serialize)]
struct Point {
    size: usize,
    seconds: Spread,
}

#[derive(Serialize)]
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |at: usize| values.get(at).copied().unwrap_or_default();
        Spread { median: at(values.len() / 2), least: at(0), most: at(values.len().saturating_sub(1)) }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let rounds: usize = std::env::args().nth(1).map_or(Ok(5), |rounds| rounds.parse())?;
    if let Some(file) = std::env::args().nth(2) {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
        let mut threads = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let read = read_thread(line).map_err(|error| format!("{file}:{number}: {}", error.message))?;
            threads.push(read.thread);
        }
        if threads.is_empty() {
            return Err(format!("{file}: there is no conversation in it").into());
        }
        println!("{}", serde_json::to_string_pretty(&again(&threads, rounds)?)?);
        return Ok(());
    }
    let corpus = Corpus::new()?;
    let mut languages = BTreeMap::new();
    for code in corpus.languages() {
        eprintln!("measure: {code}");
        languages.insert(code.to_owned(), language(&corpus, code, rounds)?);
    }
    println!("{}", serde_json::to_string_pretty(&languages)?);
    Ok(())
}

fn language(corpus: &Corpus, code: &str, rounds: usize) -> Result<Language, Box<dyn Error>> {
    let sample = corpus.sample(code, REPLIES, 1)?;
    let threads: Vec<Thread> = sample.replies.iter().map(Thread::new).collect();
    let words: BTreeSet<&str> = sample.replies.iter().flat_map(|reply| reply.unicode_words()).collect();
    let pass = || {
        for reply in &sample.replies {
            black_box(reply.unicode_words().count());
        }
    };
    let variants = variants(code)?;
    let check = |linter: &Linter| {
        for thread in &threads {
            black_box(linter.check(thread));
        }
    };
    let mut times: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    let mut ratios: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for round in 0..=rounds {
        let yardstick = seconds(pass);
        let round_times: Vec<(&'static str, f64)> =
            variants.iter().map(|(name, linter)| (*name, seconds(|| check(linter)))).collect();
        // The first round opens packs and makes the words known.
        if round > 0 {
            times.entry("unicode_words").or_default().push(yardstick);
            for (name, time) in round_times {
                times.entry(name).or_default().push(time);
                ratios.entry(name).or_default().push(time / yardstick);
            }
        }
    }
    let strict = &variants.iter().find(|(name, _)| *name == "all_rules").ok_or("no variant")?.1;
    let findings = threads.iter().map(|thread| strict.check(thread).findings.len()).sum();
    Ok(Language {
        bytes: sample.replies.iter().map(String::len).sum(),
        replies: sample.replies.len(),
        distinct_sentences: corpus.sample(code, 10_000_000, 1)?.distinct,
        distinct_words: words.len(),
        findings,
        times: spreads(times),
        ratios: spreads(ratios),
        lengths: lengths(corpus, code, strict, rounds)?,
        phrases: phrases(code, &check, rounds)?,
        short: {
            let replies = corpus.short(code, SHORT_REPLIES, 1)?;
            again(&replies.iter().map(Thread::new).collect::<Vec<_>>(), rounds)?
        },
    })
}

/// The time for conversations that nobody has read before, and for the same ones again.
fn again(threads: &[Thread], rounds: usize) -> Result<Again, Box<dyn Error>> {
    let texts = || {
        threads.iter().flat_map(|thread| {
            thread.messages.iter().map(|message| &message.text).chain([&thread.draft.text])
        })
    };
    let check = |linter: &Linter| {
        for thread in threads {
            black_box(linter.check(thread));
        }
    };
    let [mut first, mut again, mut words, mut first_ratios, mut again_ratios] = [const { Vec::new() }; 5];
    for _ in 0..rounds.max(1) {
        let linter = Linter::new(Options::default())?;
        let times = [
            seconds(|| {
                for text in texts() {
                    black_box(text.unicode_words().count());
                }
            }),
            seconds(|| check(&linter)),
            seconds(|| check(&linter)),
        ];
        words.push(times[0]);
        first.push(times[1]);
        again.push(times[2]);
        first_ratios.push(times[1] / times[0]);
        again_ratios.push(times[2] / times[0]);
    }
    let kinds: BTreeSet<&str> = texts().flat_map(|text| text.unicode_words()).collect();
    Ok(Again {
        bytes: texts().map(String::len).sum(),
        replies: threads.len(),
        words: texts().map(|text| text.unicode_words().count()).sum(),
        distinct_words: kinds.len(),
        first: Spread::of(first),
        again: Spread::of(again),
        unicode_words: Spread::of(words),
        first_ratio: Spread::of(first_ratios),
        again_ratio: Spread::of(again_ratios),
    })
}

fn spreads(values: BTreeMap<&'static str, Vec<f64>>) -> BTreeMap<&'static str, Spread> {
    values.into_iter().map(|(name, values)| (name, Spread::of(values))).collect()
}

fn seconds(work: impl FnOnce()) -> f64 {
    let begun = cpu_time();
    work();
    (cpu_time() - begun).as_secs_f64()
}

/// What is measured on the replies. What a stage costs is the difference between a linter with it and one without.
fn variants(code: &str) -> Result<Vec<(&'static str, Linter)>, Box<dyn Error>> {
    let all = || {
        let mut options = Options::default();
        options.strict = true;
        options
    };
    let named = |mut options: Options| {
        options.language = Some(code.to_owned());
        options
    };
    let one_rule = |mut options: Options| {
        for card in catalogue().iter().filter(|card| card.id != CHEAP_RULE) {
            options.rules.insert(card.id.clone(), RuleSetting::Off);
        }
        options
    };
    let mut no_phrases = one_rule(named(all()));
    no_phrases.only_user_packs = true;
    let kept = [format!("{code}/language.toml"), format!("{code}/{CHEAP_RULE}.toml")];
    no_phrases.packs = built_in_files().into_iter().filter(|file| kept.contains(&file.path)).collect();
    [
        ("all_rules", all()),
        ("default_rules", Options::default()),
        ("all_rules_named", named(all())),
        ("one_rule_named", one_rule(named(all()))),
        ("no_phrases_named", no_phrases),
    ]
    .into_iter()
    .map(|(name, options)| Ok((name, Linter::new(options)?)))
    .collect()
}

/// The time for one text against its length.
fn lengths(
    corpus: &Corpus,
    code: &str,
    linter: &Linter,
    rounds: usize,
) -> Result<Vec<Point>, Box<dyn Error>> {
    let text = corpus.text(code, LENGTHS[LENGTHS.len() - 1], 2)?;
    let mut points = Vec::new();
    for size in LENGTHS {
        // Different parts of the text, so that short texts are not the same one again and again.
        let mut rest = text.as_str();
        let mut threads = Vec::new();
        while threads.len() * size < LEAST.min(text.len()) && !rest.is_empty() {
            let part = cut(rest, size);
            threads.push(Thread::new(part));
            rest = &rest[part.len()..];
        }
        let count = threads.len();
        let times = (0..rounds.min(3)).map(|_| {
            seconds(|| {
                for thread in &threads {
                    black_box(linter.check(thread));
                }
            }) / count as f64
        });
        points.push(Point { size, seconds: Spread::of(times.collect()) });
    }
    Ok(points)
}

/// The time for all replies against the number of phrases: the pack's own, and more that are made of the words of its
/// examples in another order.
fn phrases(code: &str, check: &dyn Fn(&Linter), rounds: usize) -> Result<Vec<Point>, Box<dyn Error>> {
    let own: usize = coverage(code).iter().map(|rule| rule.phrases).sum();
    let file = built_in_files()
        .into_iter()
        .find(|file| file.path.starts_with(&format!("{code}/")) && file.text.contains("\n[[phrases]]"))
        .ok_or("there are no phrases in this language")?;
    let more = made_up(code, own * FACTORS[FACTORS.len() - 1]);
    let mut linters = Vec::new();
    for factor in FACTORS {
        let added = own * (factor - 1);
        let lines: String = more.iter().take(added).map(|phrase| format!("  \"<{phrase}>\",\n")).collect();
        let text = match added {
            0 => file.text.clone(),
            _ => format!("{}\n[[phrases]]\nmatch = [\n{lines}]\n", file.text),
        };
        let mut options = Options::default();
        options.strict = true;
        options.packs = vec![PackFile { path: file.path.clone(), text }];
        linters.push((own + added.min(more.len()), Linter::new(options)?, Vec::new()));
    }
    for round in 0..=rounds {
        for (_, linter, times) in &mut linters {
            let time = seconds(|| check(linter));
            if round > 0 {
                times.push(time);
            }
        }
    }
    Ok(linters.into_iter().map(|(size, _, times)| Point { size, seconds: Spread::of(times) }).collect())
}

/// Phrases of three or four words that stand together in examples, in another order.
fn made_up(code: &str, count: usize) -> Vec<String> {
    let examples: Vec<String> = coverage(code)
        .into_iter()
        .flat_map(|rule| rule.examples)
        .map(|example| example.text.to_lowercase())
        .collect();
    let is_plain = |word: &&str| word.chars().all(char::is_alphabetic);
    let mut seen = BTreeSet::new();
    let mut made = Vec::new();
    for order in
        [[2, 0, 1, 3], [1, 0, 2, 3], [2, 1, 0, 3], [3, 1, 0, 2], [1, 3, 2, 0], [3, 2, 1, 0], [0, 2, 1, 3]]
    {
        for example in &examples {
            let words: Vec<&str> = example.unicode_words().filter(is_plain).collect();
            for four in words.windows(4) {
                if made.len() == count {
                    return made;
                }
                let three = &order[..if order[3] == 3 { 3 } else { 4 }];
                let phrase = three.iter().map(|at| four[*at]).collect::<Vec<_>>().join(" ");
                if seen.insert(phrase.clone()) {
                    made.push(phrase);
                }
            }
        }
    }
    made
}
